// Points of a picture in squares, to be asked for by place.
#include "hold_impl.h"

#include <math.h>

static size_t cell_of(double at, double from, double cell_px, size_t count)
{
    const double k = floor((at - from) / cell_px);
    return k < 0 ? 0 : k >= (double)count ? count - 1 : (size_t)k;
}

bool points_make(struct points *p, const struct smp_vec2 *at, size_t count, double cell_px,
                 struct smp_arena *arena)
{
    enum { CELLS_MAX = 4096 };
    double x1 = -HUGE_VAL, y1 = -HUGE_VAL;
    *p = (struct points){ .at = at, .count = count, .x0 = HUGE_VAL, .y0 = HUGE_VAL };
    for (size_t i = 0; i < count; i++) {
        p->x0 = fmin(p->x0, at[i].x);
        p->y0 = fmin(p->y0, at[i].y);
        x1 = fmax(x1, at[i].x);
        y1 = fmax(y1, at[i].y);
    }
    const double size = count ? fmax(x1 - p->x0, y1 - p->y0) : 0;
    p->cell_px = fmax(cell_px, size / CELLS_MAX);
    p->across = count ? (size_t)((x1 - p->x0) / p->cell_px) + 1 : 1;
    p->down = count ? (size_t)((y1 - p->y0) / p->cell_px) + 1 : 1;
    p->first = smp_new(arena, uint32_t, p->across * p->down);
    p->next = smp_new(arena, uint32_t, count);
    if (!p->first || !p->next)
        return false;
    for (size_t i = count; i-- > 0;) {
        const size_t cell = cell_of(at[i].y, p->y0, p->cell_px, p->down) * p->across +
                            cell_of(at[i].x, p->x0, p->cell_px, p->across);
        p->next[i] = p->first[cell];
        p->first[cell] = (uint32_t)i + 1;
    }
    return true;
}

size_t points_near(uint32_t *list, size_t room, const struct points *p, struct smp_vec2 at,
                   double reach_px)
{
    const size_t x0 = cell_of(at.x - reach_px, p->x0, p->cell_px, p->across);
    const size_t x1 = cell_of(at.x + reach_px, p->x0, p->cell_px, p->across);
    const size_t y0 = cell_of(at.y - reach_px, p->y0, p->cell_px, p->down);
    const size_t y1 = cell_of(at.y + reach_px, p->y0, p->cell_px, p->down);
    size_t n = 0;
    for (size_t y = y0; y <= y1; y++)
        for (size_t x = x0; x <= x1; x++)
            for (uint32_t k = p->first[y * p->across + x]; k && n < room; k = p->next[k - 1])
                if (hypot(p->at[k - 1].x - at.x, p->at[k - 1].y - at.y) <= reach_px)
                    list[n++] = k - 1;
    return n;
}

size_t points_nearest(const struct points *p, struct smp_vec2 at, double reach_px, const bool *skip,
                      double *distance_px)
{
    enum { ROOM = 256 };
    uint32_t list[ROOM];
    size_t best = SIZE_MAX;
    double least = HUGE_VAL;
    const size_t n = points_near(list, ROOM, p, at, reach_px);
    for (size_t k = 0; k < n; k++) {
        const double far = hypot(p->at[list[k]].x - at.x, p->at[list[k]].y - at.y);
        if (far < least && !(skip && skip[list[k]])) {
            least = far;
            best = list[k];
        }
    }
    if (distance_px)
        *distance_px = least;
    return best;
}
