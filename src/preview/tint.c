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

struct finishing {
    struct smp_tint *tint;
    float *rows; // per piece: two coarse rows' mix of each glow, and the sum at full width
    size_t room;
};
enum { PIECE_ROWS = 32 };

// Adds one glow's row of the picture to the optical depths; false where all of it is clear.
static bool add_glow(float *depth, float *mix, const struct smp_tint *tint, int which, size_t y)
{
    const size_t wide = tint->glow_width[which], high = tint->glow_height[which];
    const float s = 1 / (float)tint->factor[which];
    const float v = smp_clampf(((float)y + 0.5f) * s - 0.5f, 0, (float)high - 1);
    const size_t y0 = (size_t)v, y1 = y0 + (y0 + 1 < high);
    const float fy = v - (float)y0;
    const float *r0 = &tint->glow[which][y0 * wide].r, *r1 = &tint->glow[which][y1 * wide].r;
    float most = 0;
    for (size_t i = 0; i < 3 * wide; i++) {
        mix[i] = (1 - fy) * r0[i] + fy * r1[i];
        most = mix[i] > most ? mix[i] : most;
    }
    if (!(most > 0))
        return false;
    for (size_t x = 0; x < tint->width_px; x++) {
        const float u = smp_clampf(((float)x + 0.5f) * s - 0.5f, 0, (float)wide - 1);
        const size_t x0 = (size_t)u, x1 = x0 + (x0 + 1 < wide);
        const float fx = u - (float)x0;
        for (int c = 0; c < 3; c++)
            depth[3 * x + c] += (1 - fx) * mix[3 * x0 + c] + fx * mix[3 * x1 + c];
    }
    return true;
}

static void finish_rows(void *context, size_t begin, size_t end)
{
    const struct finishing *job = context;
    const struct smp_tint *tint = job->tint;
    float *depth = job->rows + begin / PIECE_ROWS * job->room, *mix = depth + 3 * tint->width_px;
    for (size_t y = begin; y < end; y++) {
        memset(depth, 0, 3 * tint->width_px * sizeof *depth);
        bool any = false;
        for (int which = 0; which < SMP_GLOWS; which++)
            any |= add_glow(depth, mix, tint, which, y);
        float *px = &tint->px[y * tint->width_px].r;
        for (size_t i = 0; any && i < 3 * tint->width_px; i++)
            px[i] *= thin(depth[i]);
    }
}

enum smp_code smp_tint_finish(struct smp_tint *tint, const struct smp_work *work)
{
    const struct smp_mark mark = smp_arena_mark(work->arena);
    size_t wide = 0;
    for (int which = 0; which < SMP_GLOWS; which++)
        wide = tint->glow_width[which] > wide ? tint->glow_width[which] : wide;
    struct finishing job = { .tint = tint, .room = 3 * (tint->width_px + wide) };
    const size_t pieces = (tint->height_px + PIECE_ROWS - 1) / PIECE_ROWS;
    job.rows = smp_new(work->arena, float, pieces *job.room);
    if (!job.rows)
        return smp_fail(work->err, SMP_E_NOMEM, "no room for what is drawn on %zu × %zu px",
                        tint->width_px, tint->height_px);
    smp_pool_for(work->pool, tint->height_px, PIECE_ROWS, finish_rows, &job);
    smp_arena_reset(work->arena, mark);
    return SMP_OK;
}

enum smp_code smp_tint_make(struct smp_tint *tint, const struct smp_viewer *camera,
                            const struct smp_work *work)
{
    const double scale = camera->px_per_mm;
    struct smp_tint made = { .width_px = camera->width_px, .height_px = camera->height_px };
    // Resolutions that hold the Gaussians of either glow.
    made.factor[0] = scale > 12 ? 4 : scale > 4 ? 2 : 1;
    made.factor[1] = scale > 12 ? 8 : scale > 2.5 ? 4 : 2;
    made.px = smp_new(work->arena, struct smp_rgb, made.width_px * made.height_px);
    for (int k = 0; k < SMP_GLOWS; k++) {
        made.glow_width[k] = (made.width_px + made.factor[k] - 1) / made.factor[k];
        made.glow_height[k] = (made.height_px + made.factor[k] - 1) / made.factor[k];
        made.glow[k] =
            smp_new(work->arena, struct smp_rgb, made.glow_width[k] * made.glow_height[k]);
    }
    if (!made.px || !made.glow[0] || !made.glow[1])
        return smp_fail(work->err, SMP_E_NOMEM, "no room for what is drawn on %zu × %zu px",
                        made.width_px, made.height_px);
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
