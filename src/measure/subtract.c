// Of spots that lie on each other the stronger stays; what is accepted is taken out of the picture,
// so that what is left is skin.
#include "dots_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { GRID_PX = 32, TABLE = 512 };
static const double edge_sigma_px = 1.6, nearest = 0.9, touching_px = 1.5, least_of_touched = 0.4;

static int by_strength(const void *a, const void *b)
{
    const struct dots_spot *p = a, *q = b;
    if (p->elongated != q->elongated)
        return p->elongated - q->elongated;
    if (p->response != q->response)
        return p->response > q->response ? -1 : 1;
    if (p->y_px != q->y_px)
        return p->y_px < q->y_px ? -1 : 1;
    if (p->x_px != q->x_px)
        return p->x_px < q->x_px ? -1 : 1;
    return p->level - q->level;
}

// Chains of accepted spots by square of the picture: first + 1 of a square, next + 1 of a spot.
struct grid {
    size_t width, height;
    uint32_t *first, *next;
};

static bool is_crowded(const struct grid *grid, const struct dots_spot *spots, size_t i)
{
    const struct dots_spot *s = &spots[i];
    const long cx = (long)s->x_px / GRID_PX, cy = (long)s->y_px / GRID_PX;
    for (long y = cy - 1; y <= cy + 1; y++)
        for (long x = cx - 1; x <= cx + 1; x++) {
            if (x < 0 || y < 0 || x >= (long)grid->width || y >= (long)grid->height)
                continue;
            uint32_t at = grid->first[(size_t)y * grid->width + (size_t)x];
            for (; at; at = grid->next[at - 1]) {
                const struct dots_spot *o = &spots[at - 1];
                const double far = hypot((double)(o->x_px - s->x_px), (double)(o->y_px - s->y_px));
                if (far < nearest * (double)fmaxf(s->radius_px, o->radius_px))
                    return true;
                // The rim of a dot that was not taken out to the last bit.
                if (s->round_no > o->round_no &&
                    far < (double)(s->radius_px + o->radius_px) + touching_px &&
                    (double)s->contrast < least_of_touched * (double)o->contrast)
                    return true;
            }
        }
    return false;
}

static void enter(struct grid *grid, const struct dots_spot *spots, size_t i)
{
    const size_t square =
        (size_t)spots[i].y_px / GRID_PX * grid->width + (size_t)spots[i].x_px / GRID_PX;
    grid->next[i] = grid->first[square];
    grid->first[square] = (uint32_t)i + 1;
}

void dots_suppress(struct dots_work *work, size_t from)
{
    struct dots_spot *spots = work->found.spot;
    struct grid grid = { .width = work->width / GRID_PX + 1, .height = work->height / GRID_PX + 1 };
    const struct smp_mark mark = smp_arena_mark(work->arena);
    grid.first = smp_new(work->arena, uint32_t, grid.width * grid.height);
    grid.next = smp_new(work->arena, uint32_t, work->found.count);
    size_t kept = from;
    if (grid.first && grid.next) {
        qsort(spots + from, work->found.count - from, sizeof *spots, by_strength);
        for (size_t i = 0; i < work->found.count; i++) {
            if (i >= from && !spots[i].elongated && is_crowded(&grid, spots, i))
                continue;
            const size_t to = i < from ? i : kept++;
            spots[to] = spots[i];
            if (!spots[to].elongated)
                enter(&grid, spots, to);
        }
    }
    work->found.count = kept;
    smp_arena_reset(work->arena, mark);
}

float dots_edge_share(double outside_px)
{
    return (float)(0.5 * erfc(outside_px / (edge_sigma_px * sqrt(2))));
}

static void subtract_one(struct dots_work *work, const struct dots_spot *spot,
                         const float edge[TABLE + 1])
{
    const double cx = (double)spot->x_px, cy = (double)spot->y_px, r = (double)spot->radius_px;
    const long reach = (long)ceil(r + 4 * edge_sigma_px);
    for (long y = (long)cy - reach; y <= (long)cy + reach; y++)
        for (long x = (long)cx - reach; x <= (long)cx + reach; x++) {
            if (!dots_inside(work, x, y))
                continue;
            const double dx = (double)x + 0.5 - cx, dy = (double)y + 0.5 - cy;
            const double at = ((sqrt(dx * dx + dy * dy) - r) / edge_sigma_px + 4) * TABLE / 8;
            if (at < TABLE)
                work->a[(size_t)y * work->width + (size_t)x] -=
                    spot->contrast * edge[at < 0 ? 0 : (int)at];
        }
}

void dots_subtract(struct dots_work *work, size_t from)
{
    float edge[TABLE + 1]; // at (distance − radius) / sigma from −4 to 4
    for (int i = 0; i <= TABLE; i++)
        edge[i] = dots_edge_share(edge_sigma_px * (8.0 * i / TABLE - 4));
    for (size_t n = from; n < work->found.count; n++)
        if (!work->found.spot[n].elongated)
            subtract_one(work, &work->found.spot[n], edge);
}
