// Dark places that are wider than any hair: scabs, brown rings around openings, shade. A hair that
// lies on one is dark against it. By a grey opening: the lightest of each square of 0.25 mm, and of
// the squares that hold a place the one whose lightest is darkest.
#include "measure/hair_impl.h"

#include <math.h>

static const double side_mm = 0.25;

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
