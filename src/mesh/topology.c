#include "mesh/mesh_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// ---- Table of edges -----------------------------------------------------------------------------

struct smp_edge *smp_edges_at(const struct smp_edges *edges, uint32_t a, uint32_t b)
{
    const uint32_t low = a < b ? a : b, high = a < b ? b : a;
    struct smp_edge *table = edges->slots + edges->begin[low];
    const size_t size = edges->begin[low + 1] - edges->begin[low];
    size_t slot = (high * UINT32_C(2654435769)) % size; // Knuth's multiplier
    while (table[slot].count && table[slot].high != high)
        slot = slot + 1 == size ? 0 : slot + 1;
    return &table[slot];
}

// Room for each point's table: a slot a side, twice what a closed mesh needs and never too few.
static enum smp_code make_tables(struct smp_edges *edges, const struct smp_mesh *mesh,
                                 struct smp_arena *arena)
{
    edges->begin = smp_new(arena, size_t, mesh->point_count + 2);
    if (!edges->begin)
        return SMP_E_NOMEM;
    for (size_t t = 0; t < mesh->triangle_count; t++) {
        for (int k = 0; k < 3; k++) {
            const uint32_t a = mesh->triangles[t][k], b = mesh->triangles[t][(k + 1) % 3];
            edges->begin[(a < b ? a : b) + 1]++;
        }
    }
    for (size_t i = 1; i <= mesh->point_count; i++)
        edges->begin[i] += edges->begin[i - 1];
    edges->slots = smp_new(arena, struct smp_edge, edges->begin[mesh->point_count]);
    return edges->slots ? SMP_OK : SMP_E_NOMEM;
}

enum smp_code smp_edges_make(struct smp_edges *edges, const struct smp_mesh *mesh,
                             struct smp_arena *arena, struct smp_err *err)
{
    if (make_tables(edges, mesh, arena))
        return smp_fail(err, SMP_E_NOMEM, "no room for the edges of %zu triangles",
                        mesh->triangle_count);
    for (size_t t = 0; t < mesh->triangle_count; t++) {
        for (uint32_t k = 0; k < 3; k++) {
            const uint32_t a = mesh->triangles[t][k], b = mesh->triangles[t][(k + 1) % 3];
            struct smp_edge *edge = smp_edges_at(edges, a, b);
            edge->high = a < b ? b : a;
            if (edge->count < 2)
                edge->sides[edge->count] = (uint64_t)t * 4 + k;
            edge->count++;
        }
    }
    return SMP_OK;
}

// ---- Neighbours and pieces ----------------------------------------------------------------------

enum smp_code smp_mesh_neighbours(uint32_t (*neighbours)[3], const struct smp_mesh *mesh,
                                  struct smp_arena *scratch, struct smp_err *err)
{
    const struct smp_mark mark = smp_arena_mark(scratch);
    struct smp_edges edges;
    const enum smp_code code = smp_edges_make(&edges, mesh, scratch, err);
    if (code)
        return code;
    for (size_t t = 0; t < mesh->triangle_count; t++) {
        for (uint32_t k = 0; k < 3; k++) {
            const struct smp_edge *edge =
                smp_edges_at(&edges, mesh->triangles[t][k], mesh->triangles[t][(k + 1) % 3]);
            const uint64_t own = (uint64_t)t * 4 + k;
            neighbours[t][k] = SMP_NO_TRIANGLE;
            if (edge->count == 2)
                neighbours[t][k] =
                    (uint32_t)((edge->sides[0] == own ? edge->sides[1] : edge->sides[0]) / 4);
        }
    }
    smp_arena_reset(scratch, mark);
    return SMP_OK;
}

struct piece {
    double area;
    uint32_t label;
};

static int by_falling_area(const void *a, const void *b)
{
    const struct piece *p = a, *q = b;
    if (p->area != q->area)
        return p->area > q->area ? -1 : 1;
    return p->label < q->label ? -1 : 1;
}

// Labels in order of the first triangle; returns the count.
static size_t flood(uint32_t *labels, uint32_t *stack, uint32_t (*neighbours)[3], size_t count)
{
    size_t pieces = 0;
    memset(labels, 0xff, count * sizeof *labels);
    for (size_t seed = 0; seed < count; seed++) {
        if (labels[seed] != UINT32_MAX)
            continue;
        size_t depth = 0;
        labels[seed] = (uint32_t)pieces;
        stack[depth++] = (uint32_t)seed;
        while (depth) {
            const uint32_t t = stack[--depth];
            for (int k = 0; k < 3; k++) {
                const uint32_t n = neighbours[t][k];
                if (n != SMP_NO_TRIANGLE && labels[n] == UINT32_MAX) {
                    labels[n] = (uint32_t)pieces;
                    stack[depth++] = n;
                }
            }
        }
        pieces++;
    }
    return pieces;
}

enum smp_code smp_mesh_pieces(uint32_t *labels, size_t *count, const struct smp_mesh *mesh,
                              struct smp_arena *scratch, struct smp_err *err)
{
    const struct smp_mark mark = smp_arena_mark(scratch);
    const size_t triangles = mesh->triangle_count;
    uint32_t(*neighbours)[3] = smp_alloc(scratch, triangles, sizeof *neighbours);
    uint32_t *stack = smp_new(scratch, uint32_t, triangles);
    if (!neighbours || !stack)
        return smp_fail(err, SMP_E_NOMEM, "no room for the pieces of %zu triangles", triangles);
    enum smp_code code = smp_mesh_neighbours(neighbours, mesh, scratch, err);
    if (code)
        return code;
    const size_t pieces = flood(labels, stack, neighbours, triangles);
    struct piece *list = smp_new(scratch, struct piece, pieces);
    uint32_t *rank = smp_new(scratch, uint32_t, pieces);
    if (!list || !rank)
        return smp_fail(err, SMP_E_NOMEM, "no room for %zu pieces", pieces);
    for (size_t p = 0; p < pieces; p++)
        list[p].label = (uint32_t)p;
    for (size_t t = 0; t < triangles; t++)
        list[labels[t]].area += smp_length(smp_mesh_area_vector(mesh, t));
    qsort(list, pieces, sizeof *list, by_falling_area);
    for (size_t p = 0; p < pieces; p++)
        rank[list[p].label] = (uint32_t)p;
    for (size_t t = 0; t < triangles; t++)
        labels[t] = rank[labels[t]];
    *count = pieces;
    smp_arena_reset(scratch, mark);
    return SMP_OK;
}

// ---- Selecting ----------------------------------------------------------------------------------

static enum smp_code room_for(struct smp_mesh *out, const struct smp_mesh *mesh, size_t points,
                              size_t triangles, struct smp_arena *arena, struct smp_err *err)
{
    *out = (struct smp_mesh){ .point_count = points,
                              .triangle_count = triangles,
                              .part_count = mesh->part_count };
    out->points = smp_new(arena, struct smp_vec3, points);
    out->triangles = smp_alloc(arena, triangles, sizeof *out->triangles);
    out->uvs = mesh->uvs ? smp_alloc(arena, triangles, sizeof *out->uvs) : NULL;
    out->parts = mesh->parts ? smp_new(arena, uint16_t, triangles) : NULL;
    if (!out->points || !out->triangles || (mesh->uvs && !out->uvs) || (mesh->parts && !out->parts))
        return smp_fail(err, SMP_E_NOMEM, "no room for a mesh of %zu triangles", triangles);
    return SMP_OK;
}

enum smp_code smp_mesh_select(struct smp_mesh *part, const struct smp_mesh *mesh, const bool *keep,
                              struct smp_arena *arena, struct smp_err *err)
{
    uint32_t *place = smp_new(arena, uint32_t, mesh->point_count); // new index + 1
    if (!place)
        return smp_fail(err, SMP_E_NOMEM, "no room for %zu points", mesh->point_count);
    size_t points = 0, triangles = 0;
    for (size_t t = 0; t < mesh->triangle_count; t++) {
        if (!keep[t])
            continue;
        triangles++;
        for (int k = 0; k < 3; k++)
            place[mesh->triangles[t][k]] = 1;
    }
    for (size_t i = 0; i < mesh->point_count; i++) {
        if (place[i])
            place[i] = (uint32_t)++points;
    }
    struct smp_mesh out;
    const enum smp_code code = room_for(&out, mesh, points, triangles, arena, err);
    if (code)
        return code;
    for (size_t i = 0; i < mesh->point_count; i++) {
        if (place[i])
            out.points[place[i] - 1] = mesh->points[i];
    }
    size_t to = 0;
    for (size_t t = 0; t < mesh->triangle_count; t++) {
        if (!keep[t])
            continue;
        for (int k = 0; k < 3; k++)
            out.triangles[to][k] = place[mesh->triangles[t][k]] - 1;
        if (out.uvs)
            memcpy(out.uvs[to], mesh->uvs[t], sizeof *out.uvs);
        if (out.parts)
            out.parts[to] = mesh->parts[t];
        to++;
    }
    *part = out;
    return SMP_OK;
}
