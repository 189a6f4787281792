// Fuzz target: a picture's bytes into pixels and what turns them into light, as in the child.
#include "loader_impl.h"

#include <math.h>
#include <stdlib.h>

#if FUZZ_HEIC
#define READ ldr_heic_read
#else
#define READ ldr_image_read
#endif

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
    struct ldr_pixels pixels = { 0 };
    struct ldr_profile profile;
    struct smp_err err = { 0 };
    enum smp_code code = READ(&pixels, (struct smp_bytes){ data, length }, &job, &err);
    if (!code)
        code = ldr_profile_make(&profile, pixels.icc, pixels.bits, &job, &err);
    if (!code) {
        must(pixels.width_px > 0 && pixels.width_px <= job.max_items / pixels.height_px);
        must(pixels.channels == 3 || pixels.channels == 4);
        must(pixels.bits >= 8 && pixels.bits <= 16);
        for (size_t i = 0; i < (size_t)3 << pixels.bits; i++)
            must(fabsf(profile.curves[i]) <= 4);
        const struct ldr_exif exif = ldr_exif_read(pixels.exif);
        must(exif.orientation >= 1 && exif.orientation <= 8 && exif.focal_35mm <= 65535);
    } else {
        must(err.msg[0]);
    }
    smp_arena_drop(&arena);
    return 0;
}
