// Two corrections of the darkness by the places around. Dark places that are wider than any hair
// (scabs, brown rings around openings, shade) go, so that a hair on one is dark against it: a grey
// opening, the lightest of each square of 0.25 mm, and of the squares that hold a place the one
// whose lightest is darkest. And the lamp's streaks along shafts are filled.
#include "measure/hair_impl.h"

#include <math.h>

static const double side_mm = 0.25, reach_mm = 0.03;

static inline float lesser(float a, float b)
{
    return a < b ? a : b;
}
static inline float greater(float a, float b)
{
    return a > b ? a : b;
}

// Least of the `n` places from each on; where they do not all lie in the row or column, nothing.
static void erode(struct smp_hair_plane *p, size_t n)
{
    const size_t w = p->width, h = p->height;
    for (size_t span = 1, step; span < n; span += step) {
        step = span < n - span ? span : n - span;
        for (size_t y = 0; y < h; y++)
            for (size_t x = 0; x + step < w; x++)
                p->v[y * w + x] = lesser(p->v[y * w + x], p->v[y * w + x + step]);
        for (size_t y = 0; y + step < h; y++)
            for (size_t x = 0; x < w; x++)
                p->v[y * w + x] = lesser(p->v[y * w + x], p->v[(y + step) * w + x]);
    }
    for (size_t y = 0; y < h; y++)
        for (size_t x = 0; x < w; x++)
            if (x + n > w || y + n > h)
                p->v[y * w + x] = -1;
}

// Most of the `n` places up to each.
static void dilate(struct smp_hair_plane *p, size_t n)
{
    const size_t w = p->width, h = p->height;
    for (size_t span = 1, step; span < n; span += step) {
        step = span < n - span ? span : n - span;
        for (size_t y = 0; y < h; y++)
            for (size_t x = w; x-- > step;)
                p->v[y * w + x] = greater(p->v[y * w + x], p->v[y * w + x - step]);
        for (size_t y = h; y-- > step;)
            for (size_t x = 0; x < w; x++)
                p->v[y * w + x] = greater(p->v[y * w + x], p->v[(y - step) * w + x]);
    }
}

// What is seen is a share of the skin's colour and some white of the lamp; of a pixel of the shaft
// the share is small however much of the lamp it mirrors, of skin between hairs or wet skin it
// is 1.
bool smp_hair_fill_streaks(struct smp_hair_view *view, const double skin_lin[3], float *values,
                           struct smp_arena *arena)
{
    const double bar = 0.4 * smp_hair_darkest_hundredth(view, values);
    const double blue = skin_lin[2] / fmax(1e-6, skin_lin[0]);
    const size_t w = view->dark.width, h = view->dark.height;
    const size_t half = (size_t)(reach_mm * view->px_per_mm + 0.5), side = 2 * half + 1;
    struct smp_hair_plane near;
    const double sure = smp_hair_ramp(-blue, -0.6, -0.4); // the paler the skin, the less
    if (sure <= 0 || side >= w || side >= h)
        return true;
    const struct smp_mark mark = smp_arena_mark(arena);
    if (!smp_hair_plane_make(&near, w, h, arena))
        return false;
    for (size_t i = 0; i < w * h; i++)
        near.v[i] = view->weight.v[i] > 0 ? view->dark.v[i] : 0;
    dilate(&near, side);
    for (size_t y = 0; y + half < h; y++)
        for (size_t x = 0; x + half < w; x++) {
            const size_t at = y * w + x;
            const double beside = (double)near.v[(y + half) * w + x + half];
            if (beside <= (double)view->dark.v[at] || beside < bar)
                continue;
            const double red = exp(-(double)view->rgb[0].v[at]);
            const double skin = (red - blue * exp(-(double)view->rgb[2].v[at])) / (1 - blue);
            const double lost =
                smp_hair_ramp(1 - skin, 0.4, 0.75) * smp_hair_ramp(-red, -1.4, -1.1);
            view->dark.v[at] = fmaxf(view->dark.v[at], (float)(0.9 * sure * beside * lost));
        }
    smp_arena_reset(arena, mark);
    return true;
}

bool smp_hair_lift_blots(struct smp_hair_view *view, struct smp_arena *arena)
{
    struct smp_hair_plane blot;
    const size_t w = view->dark.width, h = view->dark.height;
    const size_t side = (size_t)(side_mm * view->px_per_mm + 0.5);
    const struct smp_mark mark = smp_arena_mark(arena);
    float *scratch = smp_new(arena, float, w *h);
    if (!scratch || !smp_hair_plane_make(&blot, w, h, arena))
        return false;
    if (side > 1 && side < w && side < h) {
        smp_hair_blur(&blot, &view->dark, 0.015 * view->px_per_mm, scratch);
        for (size_t i = 0; i < w * h; i++)
            blot.v[i] = view->weight.v[i] > 0 ? blot.v[i] : 0;
        erode(&blot, side);
        dilate(&blot, side);
        smp_hair_blur(&blot, &blot, 0.015 * view->px_per_mm, scratch);
        for (size_t i = 0; i < w * h; i++) {
            const float shade = lesser(greater(blot.v[i], 0), 0.9F);
            view->dark.v[i] = 1 - (1 - view->dark.v[i]) / (1 - shade);
        }
    }
    smp_arena_reset(arena, mark);
    return true;
}
