// The tint of a picture: what is drawn on the skin, as a factor of the diffuse light.
#include "preview/preview_impl.h"

#include <string.h>

// e^−x for optical depths, by squaring a series of x/16 twice twice: 1e-5 of it for x up to 4, and
// the same on every machine, as expf is not. Loops over it are vectorised.
static inline float thin(float x)
{
    const float y = 0.0625f * x;
    float t = 1 - y * (1 - y * (0.5f - y * (0.16666667f - y * (0.04166667f - y * 0.00833333f))));
    t *= t;
    t *= t;
    t *= t;
    return t * t;
}

// Rows are finished in stretches that the nearest memory holds.
enum { STRETCH_PX = 256 };

// Adds one glow over a stretch of a row of the picture to its optical depths; false where it is
// clear.
static bool add_glow(float *depth, const struct smp_tint *tint, int which, size_t x0, size_t count,
                     size_t y)
{
    const size_t wide = tint->glow_width[which], high = tint->glow_height[which];
    const float s = 1 / (float)tint->factor[which];
    const float v = smp_clampf(((float)y + 0.5f) * s - 0.5f, 0, (float)high - 1);
    const size_t y0 = (size_t)v, y1 = y0 + (y0 + 1 < high);
    const float fy = v - (float)y0;
    // what the stretch lies between, of the coarse row
    const size_t first = x0 / tint->factor[which] - (x0 >= tint->factor[which]);
    size_t end = (x0 + count) / tint->factor[which] + 2;
    end = end < wide ? end : wide;
    const float *r0 = &tint->glow[which][y0 * wide + first].r;
    const float *r1 = &tint->glow[which][y1 * wide + first].r;
    float mix[3 * (STRETCH_PX + 4)], most = 0;
    for (size_t i = 0; i < 3 * (end - first); i++) {
        mix[i] = (1 - fy) * r0[i] + fy * r1[i];
        most = mix[i] > most ? mix[i] : most;
    }
    if (!(most > 0))
        return false;
    for (size_t x = 0; x < count; x++) {
        const float u = smp_clampf(((float)(x0 + x) + 0.5f) * s - 0.5f, 0, (float)wide - 1);
        const size_t left = (size_t)u, right = left + (left + 1 < wide);
        const float fx = u - (float)left;
        const float *a = &mix[3 * (left - first)], *b = &mix[3 * (right - first)];
        for (int c = 0; c < 3; c++)
            depth[3 * x + c] += (1 - fx) * a[c] + fx * b[c];
    }
    return true;
}

bool smp_tint_glow_over(struct smp_rgb *row, const struct smp_tint *tint, size_t x0, size_t width,
                        size_t y)
{
    bool any = false;
    for (size_t at = 0; at < width; at += STRETCH_PX) {
        const size_t count = width - at < STRETCH_PX ? width - at : STRETCH_PX;
        float depth[3 * STRETCH_PX] = { 0 }, *px = &row[at].r;
        bool glows = false;
        for (int which = 0; which < SMP_GLOWS; which++)
            glows |= add_glow(depth, tint, which, x0 + at, count, y);
        for (size_t i = 0; glows && i < 3 * count; i++)
            px[i] *= thin(depth[i]);
        any |= glows;
    }
    return any;
}

static void finish_rows(void *context, size_t begin, size_t end)
{
    const struct smp_tint *tint = context;
    for (size_t y = begin; y < end; y++)
        smp_tint_glow_over(&tint->px[y * tint->width_px], tint, 0, tint->width_px, y);
}

void smp_tint_finish(struct smp_tint *tint, struct smp_pool *pool)
{
    smp_pool_for(pool, tint->height_px, 32, finish_rows, tint);
}

static enum smp_code no_room(const struct smp_tint *tint, struct smp_err *err)
{
    return smp_fail(err, SMP_E_NOMEM, "no room for what is drawn on %zu × %zu px", tint->width_px,
                    tint->height_px);
}

enum smp_code smp_tint_make_glows(struct smp_tint *tint, const struct smp_viewer *camera,
                                  const struct smp_work *work)
{
    const double scale = camera->px_per_mm;
    struct smp_tint made = { .width_px = camera->width_px, .height_px = camera->height_px };
    // Resolutions that hold the Gaussians of either glow.
    made.factor[0] = scale > 12 ? 4 : scale > 4 ? 2 : 1;
    made.factor[1] = scale > 12 ? 8 : scale > 2.5 ? 4 : 2;
    for (int k = 0; k < SMP_GLOWS; k++) {
        made.glow_width[k] = (made.width_px + made.factor[k] - 1) / made.factor[k];
        made.glow_height[k] = (made.height_px + made.factor[k] - 1) / made.factor[k];
        made.glow[k] =
            smp_new(work->arena, struct smp_rgb, made.glow_width[k] * made.glow_height[k]);
    }
    if (!made.glow[0] || !made.glow[1])
        return no_room(&made, work->err);
    *tint = made;
    return SMP_OK;
}

enum smp_code smp_tint_make(struct smp_tint *tint, const struct smp_viewer *camera,
                            const struct smp_work *work)
{
    struct smp_tint made;
    const enum smp_code code = smp_tint_make_glows(&made, camera, work);
    if (code)
        return code;
    made.px = smp_new(work->arena, struct smp_rgb, made.width_px * made.height_px);
    if (!made.px)
        return no_room(&made, work->err);
    for (size_t i = 0; i < made.width_px * made.height_px; i++)
        made.px[i] = (struct smp_rgb){ 1, 1, 1 };
    *tint = made;
    return SMP_OK;
}

void smp_tint_copy(struct smp_tint *to, const struct smp_tint *from)
{
    memcpy(to->px, from->px, from->width_px * from->height_px * sizeof *from->px);
    for (int k = 0; k < SMP_GLOWS; k++)
        memcpy(to->glow[k], from->glow[k],
               from->glow_width[k] * from->glow_height[k] * sizeof *from->glow[k]);
}
