// Values of zones, melted together where zones meet.
#include "design/design_impl.h"

static const double blend_mm = 8; // standard deviation, about

struct edges {
    uint32_t (*ends)[2]; // of the scalp's triangles, each side once a triangle
    size_t count;
};

static enum smp_code list_edges(struct edges *edges, const struct smp_mesh *mesh,
                                const uint8_t *zones, struct smp_arena *arena, struct smp_err *err)
{
    for (int pass = 0; pass < 2; pass++) {
        size_t count = 0;
        for (size_t t = 0; t < mesh->triangle_count; t++) {
            for (size_t k = 0; k < 3; k++) {
                const uint32_t a = mesh->triangles[t][k], b = mesh->triangles[t][(k + 1) % 3];
                if (!zones[a] || !zones[b])
                    continue;
                if (pass) {
                    edges->ends[count][0] = a;
                    edges->ends[count][1] = b;
                }
                count++;
            }
        }
        edges->count = count;
        if (!pass)
            edges->ends = smp_alloc(arena, count, sizeof *edges->ends);
        if (!edges->ends)
            return smp_fail(err, SMP_E_NOMEM, "no memory for %zu edges", count);
    }
    return SMP_OK;
}

// Averages over neighbours, again and again: n rounds spread by about edge × √n.
static enum smp_code spread(double *values, const struct smp_mesh *mesh, const uint8_t *zones,
                            struct smp_arena *arena, struct smp_err *err)
{
    const size_t count = mesh->point_count;
    double *sum = smp_new(arena, double, count), *weight = smp_new(arena, double, count);
    struct edges edges = { 0 };
    enum smp_code code = list_edges(&edges, mesh, zones, arena, err);
    if (code)
        return code;
    if (!sum || !weight)
        return smp_fail(err, SMP_E_NOMEM, "no memory to blend %zu points", count);
    for (size_t e = 0; e < edges.count; e++) {
        weight[edges.ends[e][0]] += 1;
        weight[edges.ends[e][1]] += 1;
    }
    const int rounds = (int)((blend_mm / 1.2) * (blend_mm / 1.2));
    for (int round = 0; round < rounds; round++) {
        for (size_t i = 0; i < count; i++)
            sum[i] = 0;
        for (size_t e = 0; e < edges.count; e++) {
            const uint32_t a = edges.ends[e][0], b = edges.ends[e][1];
            sum[a] += values[b];
            sum[b] += values[a];
        }
        for (size_t i = 0; i < count; i++) {
            if (weight[i] > 0)
                values[i] = 0.5 * values[i] + 0.5 * sum[i] / weight[i];
        }
    }
    return SMP_OK;
}

enum smp_code smp_design_blend(double *blended, const struct smp_head *head, const uint8_t *zones,
                               const double *by_zone, struct smp_arena *scratch,
                               struct smp_err *err)
{
    const struct smp_mark mark = smp_arena_mark(scratch);
    for (size_t i = 0; i < head->mesh.point_count; i++)
        blended[i] = by_zone[zones[i]];
    enum smp_code code = spread(blended, &head->mesh, zones, scratch, err);
    smp_arena_reset(scratch, mark);
    return code;
}
