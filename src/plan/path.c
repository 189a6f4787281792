// Shortens a path through points: stretches are turned round (2-opt; Croes 1958) and short runs
// moved elsewhere (Or 1976), both looked for among near neighbours only (Bentley 1992). The first
// better move is taken, in the order of the path, so the result depends on nothing else.
#include "plan/plan_impl.h"

#include <math.h>
#include <stdlib.h>

enum { neighbours = 8, rounds_max = 30, turn_max = 1500, run_max = 3 };

struct path {
    const struct smp_vec3 *points;
    uint32_t *at;    // point by place
    uint32_t *place; // place by point
    size_t count;
    uint32_t (*near)[neighbours]; // UINT32_MAX: fewer
};

static double leg(const struct path *p, size_t i, size_t j)
{
    return smp_length(smp_sub(p->points[p->at[i]], p->points[p->at[j]]));
}

// ---- Near neighbours ----------------------------------------------------------------------------

static void find_near(struct path *p, const struct smp_cell *cells, double size_mm, uint32_t i)
{
    double mm[neighbours];
    size_t found = 0;
    for (int d = 0; d < 9; d++) {
        const uint64_t from = smp_cell_key(p->points[i], size_mm, d / 3 - 1, d % 3 - 1, -1);
        size_t k = smp_cell_first(cells, p->count, from);
        for (; k < p->count && cells[k].key <= from + 2; k++) {
            const uint32_t j = cells[k].point;
            const double distance = smp_length(smp_sub(p->points[i], p->points[j]));
            if (j == i || (found == neighbours && distance >= mm[found - 1]))
                continue;
            size_t slot = found < neighbours ? found++ : found - 1;
            for (; slot > 0 && mm[slot - 1] > distance; slot--) {
                mm[slot] = mm[slot - 1];
                p->near[i][slot] = p->near[i][slot - 1];
            }
            mm[slot] = distance;
            p->near[i][slot] = j;
        }
    }
    for (; found < neighbours; found++)
        p->near[i][found] = UINT32_MAX;
}

// ---- Moves --------------------------------------------------------------------------------------

static void turn(struct path *p, size_t begin, size_t end)
{
    for (; begin < end; begin++, end--) {
        const uint32_t keep = p->at[begin];
        p->at[begin] = p->at[end];
        p->at[end] = keep;
        p->place[p->at[begin]] = (uint32_t)begin;
        p->place[p->at[end]] = (uint32_t)end;
    }
}

// Turns i+1 … j round where the two new legs are shorter than the two old ones.
static bool try_turn(struct path *p, size_t i, size_t j)
{
    if (j <= i + 1 || j - i > turn_max)
        return false;
    const bool last = j + 1 == p->count;
    const double before = leg(p, i, i + 1) + (last ? 0 : leg(p, j, j + 1));
    const double after = leg(p, i, j) + (last ? 0 : leg(p, i + 1, j + 1));
    if (after >= before - 1e-9)
        return false;
    turn(p, i + 1, j);
    return true;
}

// Moves the run i … i+length−1 to between k and k+1, turned round; both lie inside the path.
static bool try_move(struct path *p, size_t i, size_t length, size_t k)
{
    const size_t end = i + length - 1;
    if (i == 0 || end + 1 >= p->count || k + 1 >= p->count)
        return false;
    if ((k + 1 >= i && k <= end) || (k > end ? k - i : i - k) > turn_max)
        return false;
    const double before = leg(p, i - 1, i) + leg(p, end, end + 1) + leg(p, k, k + 1);
    const double after = leg(p, i - 1, end + 1) + leg(p, k, end) + leg(p, i, k + 1);
    if (after >= before - 1e-9)
        return false;
    if (k > end) { // … i-1 | run | end+1 … k | k+1 …: turn both, then the middle back
        turn(p, i, k);
        turn(p, i, i + (k - end) - 1);
    } else { // … k | k+1 … i-1 | run | end+1 …
        turn(p, k + 1, end);
        turn(p, k + 1 + length, end);
    }
    return true;
}

static bool improve_at(struct path *p, uint32_t point)
{
    for (size_t n = 0; n < neighbours && p->near[point][n] != UINT32_MAX; n++) {
        const size_t i = p->place[point], j = p->place[p->near[point][n]];
        if (i + 1 < p->count && j > i && try_turn(p, i, j))
            return true;
        if (i > 0 && j > 0 && j < i && try_turn(p, j - 1, i - 1))
            return true;
        if (j > 0 && i > 0 && j > i && try_turn(p, i - 1, j - 1))
            return true;
        for (size_t length = 1; length <= run_max; length++) {
            if (try_move(p, i, length, j))
                return true;
            if (j > 0 && i + 1 >= length && try_move(p, i + 1 - length, length, j - 1))
                return true;
        }
    }
    return false;
}

enum smp_code smp_path_shorten(uint32_t *at, const struct smp_vec3 *points, size_t count,
                               double spacing_mm, struct smp_arena *scratch, struct smp_err *err)
{
    const struct smp_mark mark = smp_arena_mark(scratch);
    struct path p = { points, at, smp_new(scratch, uint32_t, count), count, NULL };
    struct smp_cell *cells = smp_new(scratch, struct smp_cell, count);
    p.near = smp_alloc(scratch, count, sizeof *p.near);
    if (!p.place || !cells || !p.near)
        return smp_fail(err, SMP_E_NOMEM, "no memory for a path of %zu dots", count);
    const double size_mm = 2 * spacing_mm;
    for (size_t i = 0; i < count; i++) {
        cells[i] = (struct smp_cell){ smp_cell_key(points[i], size_mm, 0, 0, 0), (uint32_t)i };
        p.place[at[i]] = (uint32_t)i;
    }
    qsort(cells, count, sizeof *cells, smp_cell_order);
    for (size_t i = 0; i < count; i++)
        find_near(&p, cells, size_mm, (uint32_t)i);
    bool better = true;
    for (int round = 0; round < rounds_max && better; round++) {
        better = false;
        for (size_t i = 0; i < count; i++)
            better |= improve_at(&p, (uint32_t)i);
    }
    smp_arena_reset(scratch, mark);
    return SMP_OK;
}
