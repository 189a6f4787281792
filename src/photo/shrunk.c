// The picture made small, in square roots of light: steps there look about even to the eye.
#include "photo/card_impl.h"

#include <math.h>

struct shrinking {
    const struct smp_shrunk *sight;
    const struct smp_image *image;
};

static void shrink_rows(void *context, size_t begin, size_t end)
{
    const struct shrinking *s = context;
    const size_t k = s->sight->shrink, width = s->sight->width;
    const float part = 1 / (float)(k * k);
    for (size_t y = begin; y < end; y++) {
        float *out = s->sight->code + y * width * shrunk_channels;
        for (size_t x = 0; x < width; x++, out += shrunk_channels) {
            struct smp_rgb sum = { 0, 0, 0 };
            for (size_t j = 0; j < k; j++) {
                const struct smp_rgb *from = smp_image_at(s->image, x * k, y * k + j);
                for (size_t i = 0; i < k; i++) {
                    sum.r += from[i].r;
                    sum.g += from[i].g;
                    sum.b += from[i].b;
                }
            }
            out[0] = sqrtf(fmaxf(sum.r * part, 0));
            out[1] = sqrtf(fmaxf(sum.g * part, 0));
            out[2] = sqrtf(fmaxf(sum.b * part, 0));
        }
    }
}

enum smp_code smp_shrunk_make(struct smp_shrunk *sight, const struct smp_image *image,
                              size_t side_max, struct smp_pool *pool, struct smp_arena *arena,
                              struct smp_err *err)
{
    const size_t longer = image->width_px > image->height_px ? image->width_px : image->height_px;
    struct smp_shrunk made = { .shrink = (longer + side_max - 1) / side_max };
    made.width = image->width_px / made.shrink;
    made.height = image->height_px / made.shrink;
    if (made.width < 8 || made.height < 8)
        return smp_fail(err, SMP_E_INPUT, "a picture of %zu x %zu px is too small to search",
                        image->width_px, image->height_px);
    made.code = smp_new(arena, float, made.width *made.height *shrunk_channels);
    if (!made.code)
        return smp_fail(err, SMP_E_NOMEM, "no memory to look at a picture of %zu x %zu px",
                        image->width_px, image->height_px);
    *sight = made;
    struct shrinking s = { sight, image };
    smp_pool_for(pool, made.height, 16, shrink_rows, &s);
    return SMP_OK;
}
