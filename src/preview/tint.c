// The tint of a picture: what is drawn on the skin, as a factor of the diffuse light.
#include "preview/preview_impl.h"

#include <string.h>

struct apply {
    struct smp_tint *tint;
    int which;
};

static void apply_rows(void *context, size_t begin, size_t end)
{
    const struct apply *job = context;
    const struct smp_tint *tint = job->tint;
    const size_t wide = tint->glow_width[job->which], high = tint->glow_height[job->which];
    const float s = 1 / (float)tint->factor[job->which];
    for (size_t y = begin; y < end; y++) {
        const float v = smp_clampf(((float)y + 0.5f) * s - 0.5f, 0, (float)high - 1);
        const size_t y0 = (size_t)v, y1 = y0 + (y0 + 1 < high);
        const float fy = v - (float)y0;
        const struct smp_rgb *r0 = tint->glow[job->which] + y0 * wide;
        const struct smp_rgb *r1 = tint->glow[job->which] + y1 * wide;
        for (size_t x = 0; x < tint->width_px; x++) {
            const float u = smp_clampf(((float)x + 0.5f) * s - 0.5f, 0, (float)wide - 1);
            const size_t x0 = (size_t)u, x1 = x0 + (x0 + 1 < wide);
            const float fx = u - (float)x0;
            const float w[4] = { (1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy };
            const struct smp_rgb *q[4] = { &r0[x0], &r0[x1], &r1[x0], &r1[x1] };
            float sum[3] = { 0, 0, 0 };
            for (int k = 0; k < 4; k++) {
                sum[0] += w[k] * q[k]->r;
                sum[1] += w[k] * q[k]->g;
                sum[2] += w[k] * q[k]->b;
            }
            if (sum[0] + sum[1] + sum[2] <= 0)
                continue;
            struct smp_rgb *t = &tint->px[y * tint->width_px + x];
            t->r *= expf(-sum[0]);
            t->g *= expf(-sum[1]);
            t->b *= expf(-sum[2]);
        }
    }
}

void smp_tint_finish(struct smp_tint *tint, struct smp_pool *pool)
{
    for (int which = 0; which < SMP_GLOWS; which++)
        smp_pool_for(pool, tint->height_px, 32, apply_rows, &(struct apply){ tint, which });
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
