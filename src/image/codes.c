// Light as 8-bit codes of sRGB, and back.
#include "image_impl.h"

#include "colour/colour.h"

enum { band_rows = 16 };

void smp_code_curve_make(struct smp_code_curve *curve)
{
    for (int k = 0; k < 256; k++)
        curve->least_lin[k] = k ? (float)smp_lin_from_srgb((k - 0.5) / 255) : 0;
    curve->least_lin[256] = 2; // never reached
    int code = 0;
    for (int bin = 0; bin < SMP_CODE_BINS; bin++) {
        while ((float)bin / SMP_CODE_BINS >= curve->least_lin[code + 1])
            code++;
        curve->first[bin] = (uint8_t)code;
    }
}

struct changing {
    float *lin;
    uint8_t *codes;
    size_t row; // values in one
    struct smp_code_curve curve;
    float lin_of[256];
};

static void to_codes(void *context, size_t begin, size_t end)
{
    const struct changing *job = context;
    for (size_t i = begin * job->row; i < end * job->row; i++)
        job->codes[i] = smp_nearest_code(&job->curve, job->lin[i]);
}

static void to_light(void *context, size_t begin, size_t end)
{
    const struct changing *job = context;
    for (size_t i = begin * job->row; i < end * job->row; i++)
        job->lin[i] = job->lin_of[job->codes[i]];
}

enum smp_code smp_image8_of(struct smp_image8 *codes, const struct smp_image *image,
                            struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err)
{
    const size_t width = image->width_px, height = image->height_px;
    uint8_t *bytes = smp_alloc(arena, width * height, 3);
    struct changing *job = smp_new(arena, struct changing, 1);
    if (!bytes || !job)
        return smp_fail(err, SMP_E_NOMEM, "no memory for a picture of %zu x %zu px", width, height);
    *job = (struct changing){ .lin = &image->px_lin->r, .codes = bytes, .row = 3 * width };
    smp_code_curve_make(&job->curve);
    smp_pool_for(pool, height, band_rows, to_codes, job);
    *codes = (struct smp_image8){ .srgb8 = bytes, .width_px = width, .height_px = height };
    return SMP_OK;
}

enum smp_code smp_image_of8(struct smp_image *image, const struct smp_image8 *codes,
                            struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err)
{
    struct changing *job = smp_new(arena, struct changing, 1);
    if (!job)
        return smp_fail(err, SMP_E_NOMEM, "no memory for a picture's light");
    const enum smp_code code = smp_image_make(image, codes->width_px, codes->height_px, arena, err);
    if (code)
        return code;
    *job = (struct changing){ .lin = &image->px_lin->r,
                              .codes = codes->srgb8,
                              .row = 3 * codes->width_px };
    for (int k = 0; k < 256; k++)
        job->lin_of[k] = (float)smp_lin_from_srgb(k / 255.0);
    smp_pool_for(pool, codes->height_px, band_rows, to_light, job);
    return SMP_OK;
}

void smp_image8_drop(struct smp_image8 *image)
{
    smp_sandbox_drop(&image->held);
    *image = (struct smp_image8){ 0 };
}
