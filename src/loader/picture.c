// The answer of a decoder of pictures to the parent.
#include "loader_impl.h"

#include <string.h>

static enum smp_code describe(struct smp_reply_image *reply, struct ldr_output *output,
                              const struct ldr_pixels *pixels, const struct ldr_job *job,
                              struct smp_err *err)
{
    struct ldr_profile profile;
    const enum smp_code code = ldr_profile_make(&profile, pixels->icc, pixels->bits, job, err);
    if (code)
        return code;
    const size_t curves_bytes = ((size_t)3 << pixels->bits) * sizeof(float);
    const size_t side = (size_t)profile.grid_side;
    const struct ldr_exif exif = ldr_exif_read(pixels->exif);
    *reply = (struct smp_reply_image){ .stored_width_px = pixels->width_px,
                                       .stored_height_px = pixels->height_px,
                                       .px_at = smp_reply_px_at,
                                       .focal_35mm = exif.focal_35mm,
                                       .grid_side = profile.grid_side,
                                       .has_matrix = profile.has_matrix,
                                       .channels = pixels->channels,
                                       .bits = pixels->bits,
                                       .orientation = pixels->upright ? 1 : exif.orientation,
                                       .jpeg_quality = pixels->jpeg_quality,
                                       .has_icc = profile.from_file,
                                       .halved_across = pixels->halved_across,
                                       .halved_down = pixels->halved_down,
                                       .spoilt_icc = profile.spoilt || pixels->spoilt_icc };
    memcpy(reply->matrix, profile.matrix, sizeof reply->matrix);
    output->used = sizeof *reply;
    reply->curves_at = ldr_put(output, profile.curves, curves_bytes);
    if (side)
        reply->grid_at = ldr_put(output, profile.grid, side * side * side * 3 * sizeof(float));
    if (!reply->curves_at || (side && !reply->grid_at) || output->used > smp_reply_px_at)
        return smp_fail(err, SMP_E_INTERNAL, "the output is too small");
    return SMP_OK;
}

enum smp_code
ldr_answer_picture(struct ldr_output *output, struct smp_bytes file,
                   enum smp_code (*read)(struct ldr_pixels *pixels, struct smp_bytes file,
                                         const struct ldr_job *job, struct smp_err *err),
                   const struct ldr_job *job, struct smp_err *err)
{
    struct ldr_pixels pixels = { 0 };
    struct ldr_job into = *job;
    if (output->size < smp_reply_px_at || (output->size - smp_reply_px_at) / 8 < job->max_items)
        return smp_fail(err, SMP_E_INTERNAL, "the output is too small");
    into.room = output->data + smp_reply_px_at;
    struct smp_reply_image reply = { .px_at = 0 };
    enum smp_code code = read(&pixels, file, &into, err);
    if (!code)
        code = describe(&reply, output, &pixels, job, err);
    memcpy(output->data, &reply, sizeof reply);
    return code;
}
