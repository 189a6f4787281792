// The tint of a picture: what is drawn on the skin, as a factor of the diffuse light.
#include "preview/cells_impl.h"

#include <string.h>

bool smp_tint_glow_over(const struct smp_tile *tile, const struct smp_tint *tint)
{
    bool any = false;
    struct smp_cells cells[SMP_GLOWS];
    for (int k = 0; k < SMP_GLOWS; k++)
        cells[k] = (struct smp_cells){ &tint->glow[k]->r, tint->glow_width[k], tint->glow_height[k],
                                       tint->factor[k], 3 };
    for (size_t at = 0; at < tile->width_px; at += SMP_STRETCH_PX) {
        const size_t left = tile->width_px - at;
        const size_t count = left < SMP_STRETCH_PX ? left : SMP_STRETCH_PX;
        struct smp_stretch stretch[SMP_GLOWS];
        for (int k = 0; k < SMP_GLOWS; k++)
            smp_stretch_begin(&stretch[k], &cells[k], tile->left_px + at, count);
        for (size_t y = 0; y < tile->height_px; y++) {
            float depth[3 * SMP_STRETCH_PX] = { 0 }, *px = &tile->px[y * tile->stride + at].r;
            bool glows = false;
            for (int k = 0; k < SMP_GLOWS; k++)
                glows |= smp_stretch_add(depth, &stretch[k], tile->top_px + y);
            for (size_t i = 0; glows && i < 3 * count; i++)
                px[i] *= smp_thin(depth[i]);
            any |= glows;
        }
    }
    return any;
}

static void finish_rows(void *context, size_t begin, size_t end)
{
    const struct smp_tint *tint = context;
    const struct smp_tile rows = { .top_px = begin,
                                   .width_px = tint->width_px,
                                   .height_px = end - begin,
                                   .px = &tint->px[begin * tint->width_px],
                                   .stride = tint->width_px };
    smp_tint_glow_over(&rows, tint);
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
