// What all readers share: memory, the want of it, and room for pixels.
#include "loader_impl.h"

#include <string.h>

enum smp_code ldr_no_memory(const struct ldr_job *job, struct smp_err *err)
{
    return smp_fail(err, SMP_E_LIMIT,
                    "needs more than the %zu MiB of memory that a reader is given",
                    job->memory_mib);
}

struct smp_bytes ldr_copy(const void *data, size_t length, struct smp_arena *arena)
{
    uint8_t *copy = smp_new(arena, uint8_t, length);
    if (!copy)
        return (struct smp_bytes){ 0 };
    if (length) // of nothing, data may be NULL
        memcpy(copy, data, length);
    return (struct smp_bytes){ copy, length };
}

enum smp_code ldr_pixels_make(struct ldr_pixels *pixels, size_t width_px, size_t height_px,
                              int channels, int bits, const struct ldr_job *job,
                              struct smp_err *err)
{
    if (width_px < 1 || height_px < 1)
        return smp_fail(err, SMP_E_FORMAT, "a picture of %zu x %zu px", width_px, height_px);
    if (width_px > job->max_items / height_px)
        return smp_fail(err, SMP_E_LIMIT, "%zu x %zu px; at most %zu px in all are allowed",
                        width_px, height_px, job->max_items);
    pixels->data = job->room ? job->room
                             : smp_alloc(job->arena, width_px * height_px,
                                         (size_t)channels * (bits > 8 ? 2 : 1));
    if (!pixels->data)
        return ldr_no_memory(job, err);
    pixels->width_px = width_px;
    pixels->height_px = height_px;
    pixels->channels = channels;
    pixels->bits = bits;
    return SMP_OK;
}
