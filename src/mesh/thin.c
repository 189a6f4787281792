// Fewer triangles by clusters of points (Rossignac and Borrel 1993): points of one cell of a grid
// become their mean, triangles that lose a corner go. Crude beside edge collapse, but one pass over
// the points, and on a mesh far finer than the cells the mean lies on the surface.
#include "mesh/mesh.h"

#include <math.h>
#include <string.h>

enum { tries = 12 };

struct clusters {
    uint64_t *keys;  // of the table's slots; 0: free
    uint32_t *slots; // cluster of the slot
    size_t mask;
    uint32_t *of_point;
    struct smp_vec3 *sums;
    uint32_t *members;
    size_t count;
};

static enum smp_code make_room(struct clusters *c, size_t points, struct smp_arena *arena,
                               struct smp_err *err)
{
    *c = (struct clusters){ .mask = 63 };
    while (c->mask + 1 < points + points / 2)
        c->mask = c->mask * 2 + 1;
    c->of_point = smp_new(arena, uint32_t, points);
    c->sums = smp_new(arena, struct smp_vec3, points);
    c->members = smp_new(arena, uint32_t, points);
    c->keys = smp_new(arena, uint64_t, c->mask + 1);
    c->slots = smp_new(arena, uint32_t, c->mask + 1);
    if (!c->of_point || !c->sums || !c->members || !c->keys || !c->slots)
        return smp_fail(err, SMP_E_NOMEM, "no room to thin out %zu points", points);
    return SMP_OK;
}

static uint32_t cluster_at(struct clusters *c, uint64_t key)
{
    size_t slot = (size_t)smp_hash64(key, 0) & c->mask;
    while (c->keys[slot] && c->keys[slot] != key)
        slot = (slot + 1) & c->mask;
    if (!c->keys[slot]) {
        c->keys[slot] = key;
        c->slots[slot] = (uint32_t)c->count++;
    }
    return c->slots[slot];
}

static enum smp_code gather(struct clusters *c, const struct smp_mesh *mesh, double cell,
                            struct smp_err *err)
{
    struct smp_vec3 low, high;
    smp_mesh_bounds(&low, &high, mesh);
    const uint64_t first = (uint64_t)1 << 63; // no key is 0
    for (size_t i = 0; i < mesh->point_count; i++) {
        const struct smp_vec3 d = smp_sub(mesh->points[i], low);
        const double x = floor(d.x / cell), y = floor(d.y / cell), z = floor(d.z / cell);
        if (!(x < 2097152 && y < 2097152 && z < 2097152)) // 21 bits each; not a number neither
            return smp_fail(err, SMP_E_INPUT,
                            "point %zu of the mesh is not a finite position near the others", i);
        const uint64_t key = first | (uint64_t)x << 42 | (uint64_t)y << 21 | (uint64_t)z;
        const uint32_t at = cluster_at(c, key);
        c->of_point[i] = at;
        c->sums[at] = smp_add(c->sums[at], mesh->points[i]);
        c->members[at]++;
    }
    for (size_t k = 0; k < c->count; k++)
        c->sums[k] = smp_scale(c->sums[k], 1.0 / c->members[k]);
    return SMP_OK;
}

static bool whole(const struct clusters *c, const uint32_t t[3])
{
    const uint32_t p = c->of_point[t[0]], q = c->of_point[t[1]], r = c->of_point[t[2]];
    return p != q && q != r && r != p;
}

static size_t count_whole(const struct clusters *c, const struct smp_mesh *mesh)
{
    size_t count = 0;
    for (size_t t = 0; t < mesh->triangle_count; t++)
        count += whole(c, mesh->triangles[t]);
    return count;
}

static enum smp_code take(struct smp_mesh *thin, const struct clusters *c,
                          const struct smp_mesh *mesh, size_t count, struct smp_arena *arena,
                          struct smp_err *err)
{
    struct smp_mesh made = { .points = c->sums,
                             .point_count = c->count,
                             .triangle_count = 0,
                             .part_count = mesh->part_count };
    made.triangles = smp_alloc(arena, count, sizeof *made.triangles);
    made.uvs = mesh->uvs ? smp_alloc(arena, count, sizeof *made.uvs) : NULL;
    made.parts = mesh->parts ? smp_new(arena, uint16_t, count) : NULL;
    if (!made.triangles || (mesh->uvs && !made.uvs) || (mesh->parts && !made.parts))
        return smp_fail(err, SMP_E_NOMEM, "no room for %zu triangles", count);
    for (size_t t = 0; t < mesh->triangle_count; t++) {
        if (!whole(c, mesh->triangles[t]))
            continue;
        const size_t n = made.triangle_count++;
        for (int k = 0; k < 3; k++)
            made.triangles[n][k] = c->of_point[mesh->triangles[t][k]];
        if (made.uvs)
            memcpy(made.uvs[n], mesh->uvs[t], sizeof *made.uvs);
        if (made.parts)
            made.parts[n] = mesh->parts[t];
    }
    *thin = made;
    return SMP_OK;
}

enum smp_code smp_mesh_thin(struct smp_mesh *thin, double *cell, const struct smp_mesh *mesh,
                            size_t most_triangles, struct smp_arena *arena, struct smp_err *err)
{
    const double area = smp_mesh_area(mesh);
    if (!(area > 0) || !isfinite(area))
        return smp_fail(err, SMP_E_INPUT, "the mesh has no area, or corners that are not finite");
    // A surface meets 1.5 cells for each cell's face of area, in the mean over directions, and has
    // two triangles for each point.
    *cell = sqrt(3 * area / (double)most_triangles);
    for (int i = 0; i < tries; i++) {
        const struct smp_mark mark = smp_arena_mark(arena);
        struct clusters c;
        enum smp_code code = make_room(&c, mesh->point_count, arena, err);
        if (!code)
            code = gather(&c, mesh, *cell, err);
        if (code)
            return code;
        const size_t count = count_whole(&c, mesh);
        if (count <= most_triangles)
            return take(thin, &c, mesh, count, arena, err);
        smp_arena_reset(arena, mark);
        *cell *= 1.2;
    }
    return smp_fail(err, SMP_E_LIMIT,
                    "%zu triangles, that could not be thinned out to %zu: most of them lie on one "
                    "another",
                    mesh->triangle_count, most_triangles);
}
