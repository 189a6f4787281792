// Fuzz target: a picture's bytes into linear light, as in the child.
#include "loader_impl.h"

#include <math.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length);

static void must(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
    struct smp_arena arena;
    smp_arena_make(&arena, 256 << 20);
    const struct ldr_job job = { .suffix = "", .max_items = 1 << 18, .arena = &arena };
    struct ldr_image image;
    struct smp_err err = { 0 };
    if (ldr_image_read(&image, (struct smp_bytes){ data, length }, &job, &err) == SMP_OK) {
        must(image.width_px > 0 && image.width_px <= job.max_items / image.height_px);
        for (size_t i = 0; i < image.width_px * image.height_px; i++)
            for (int k = 0; k < 3; k++)
                must(fabsf(image.px[i][k]) <= 1000);
    } else {
        must(err.msg[0]);
    }
    smp_arena_drop(&arena);
    return 0;
}
