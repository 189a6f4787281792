// Neighbours in space, by sorted lists of cube numbers.
#include "plan/plan_impl.h"

#include <math.h>
#include <stdlib.h>

int smp_cell_order(const void *p, const void *q)
{
    const struct smp_cell *a = p, *b = q;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return (a->point > b->point) - (a->point < b->point);
}

uint64_t smp_cell_key(struct smp_vec3 p, double size_mm, int dx, int dy, int dz)
{
    const uint64_t x = (uint64_t)((int64_t)floor(p.x / size_mm) + dx + (1 << 20));
    const uint64_t y = (uint64_t)((int64_t)floor(p.y / size_mm) + dy + (1 << 20));
    const uint64_t z = (uint64_t)((int64_t)floor(p.z / size_mm) + dz + (1 << 20));
    return x << 42 | y << 21 | z;
}

size_t smp_cell_first(const struct smp_cell *cells, size_t count, uint64_t key)
{
    size_t low = 0, high = count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (cells[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

enum smp_code smp_points_index(struct smp_points *index, const struct smp_plan *plan,
                               struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_mesh *mesh = &plan->head->mesh;
    *index =
        (struct smp_points){ smp_new(arena, struct smp_cell, mesh->point_count), 0, 2.0, mesh };
    if (!index->cells)
        return smp_fail(err, SMP_E_NOMEM, "no memory for an index of the head");
    for (size_t i = 0; i < mesh->point_count; i++) {
        if (plan->design->zones[i])
            index->cells[index->count++] =
                (struct smp_cell){ smp_cell_key(mesh->points[i], index->size_mm, 0, 0, 0),
                                   (uint32_t)i };
    }
    qsort(index->cells, index->count, sizeof *index->cells, smp_cell_order);
    return SMP_OK;
}

size_t smp_points_nearest(const struct smp_points *index, struct smp_vec3 p)
{
    size_t best = SIZE_MAX;
    double best_mm = HUGE_VAL;
    for (int d = 0; d < 9; d++) {
        const uint64_t from = smp_cell_key(p, index->size_mm, d / 3 - 1, d % 3 - 1, -1);
        size_t k = smp_cell_first(index->cells, index->count, from);
        for (; k < index->count && index->cells[k].key <= from + 2; k++) {
            const struct smp_vec3 q = index->mesh->points[index->cells[k].point];
            const double mm = smp_length(smp_sub(q, p));
            if (mm < best_mm) {
                best_mm = mm;
                best = index->cells[k].point;
            }
        }
    }
    return best;
}
