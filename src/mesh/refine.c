#include "mesh/mesh_impl.h"

#include <math.h>
#include <string.h>

// Where a corner of a fine triangle lies on its parent: barycentric.
struct corner {
    double bary[3];
};

struct work {
    struct smp_mesh mesh; // grows by whole passes
    struct corner (*corners)[3];
    uint32_t *parents;
};

// Control net of a curved PN triangle (Vlachos, Peters, Boyd, Mitchell 2001, eq. 1–3): the three
// corners, two points an edge, one in the middle. Evaluated at (u, v, w).
static struct smp_vec3 on_edge(struct smp_vec3 p, struct smp_vec3 q, struct smp_vec3 normal_p)
{
    const struct smp_vec3 third = smp_scale(smp_add(smp_scale(p, 2), q), 1.0 / 3);
    return smp_sub(third, smp_scale(normal_p, smp_dot(smp_sub(q, p), normal_p) / 3));
}

static struct smp_vec3 pn_at(const struct smp_mesh *mesh, const struct smp_vec3 *normals,
                             uint32_t triangle, const double bary[3])
{
    struct smp_vec3 p[3], n[3], sum = { 0 }, edges = { 0 };
    for (int k = 0; k < 3; k++) {
        p[k] = mesh->points[mesh->triangles[triangle][k]];
        n[k] = normals[mesh->triangles[triangle][k]];
        sum = smp_add(sum, smp_scale(p[k], bary[k] * bary[k] * bary[k]));
    }
    for (int k = 0; k < 3; k++) {
        const int m = (k + 1) % 3;
        const double a = bary[k], b = bary[m];
        const struct smp_vec3 near_k = on_edge(p[k], p[m], n[k]);
        const struct smp_vec3 near_m = on_edge(p[m], p[k], n[m]);
        sum = smp_add(sum, smp_scale(near_k, 3 * a * a * b));
        sum = smp_add(sum, smp_scale(near_m, 3 * a * b * b));
        edges = smp_add(edges, smp_add(near_k, near_m));
    }
    const struct smp_vec3 e = smp_scale(edges, 1.0 / 6);
    const struct smp_vec3 v = smp_scale(smp_add(smp_add(p[0], p[1]), p[2]), 1.0 / 3);
    const struct smp_vec3 middle = smp_add(e, smp_scale(smp_sub(e, v), 0.5));
    return smp_add(sum, smp_scale(middle, 6 * bary[0] * bary[1] * bary[2]));
}

// Points to be set on edges in this pass: slot.sides[0] holds the new point's index + 1.
static double edge_length(const struct smp_mesh *mesh, uint32_t a, uint32_t b)
{
    return smp_length(smp_sub(mesh->points[a], mesh->points[b]));
}

static size_t mark_edges(struct smp_edges *edges, const struct work *work, const double *max_edge)
{
    size_t marked = 0;
    for (size_t t = 0; t < work->mesh.triangle_count; t++) {
        const double limit = max_edge[work->parents[t]];
        for (int k = 0; k < 3; k++) {
            const uint32_t a = work->mesh.triangles[t][k], b = work->mesh.triangles[t][(k + 1) % 3];
            if (edge_length(&work->mesh, a, b) <= limit)
                continue;
            struct smp_edge *edge = smp_edges_at(edges, a, b);
            if (edge->count != UINT32_MAX) {
                edge->count = UINT32_MAX; // wanted
                marked++;
            }
        }
    }
    return marked;
}

static void midpoint(struct corner *c, const struct corner *a, const struct corner *b)
{
    for (int i = 0; i < 3; i++)
        c->bary[i] = 0.5 * (a->bary[i] + b->bary[i]);
}

struct pass {
    const struct smp_mesh *base;
    const struct smp_vec3 *normals;
    struct smp_edges edges;
    struct work *from, *to;
};

// Index of the point on the edge from corner k, made when first asked for; UINT32_MAX: not split.
static uint32_t split_point(struct pass *pass, size_t t, int k)
{
    const struct work *from = pass->from;
    struct smp_edge *edge = smp_edges_at(&pass->edges, from->mesh.triangles[t][k],
                                         from->mesh.triangles[t][(k + 1) % 3]);
    if (edge->count != UINT32_MAX)
        return UINT32_MAX;
    if (edge->sides[1] != UINT64_MAX) {
        struct corner c;
        midpoint(&c, &from->corners[t][k], &from->corners[t][(k + 1) % 3]);
        edge->sides[0] = pass->to->mesh.point_count;
        edge->sides[1] = UINT64_MAX;
        pass->to->mesh.points[pass->to->mesh.point_count++] =
            pn_at(pass->base, pass->normals, from->parents[t], c.bary);
    }
    return (uint32_t)edge->sides[0];
}

// Corners 0–2 are the triangle's own, 3–5 the middles of its edges.
static void emit(struct work *to, const struct work *from, size_t t, const uint32_t *points,
                 const int pick[3])
{
    const size_t at = to->mesh.triangle_count++;
    for (int k = 0; k < 3; k++) {
        const int c = pick[k], e = c - 3;
        to->mesh.triangles[at][k] = points[c];
        if (c < 3)
            to->corners[at][k] = from->corners[t][c];
        else
            midpoint(&to->corners[at][k], &from->corners[t][e], &from->corners[t][(e + 1) % 3]);
        if (!to->mesh.uvs)
            continue;
        struct smp_uv *uv = &to->mesh.uvs[at][k];
        const struct smp_uv *own = from->mesh.uvs[t];
        if (c < 3)
            *uv = own[c];
        else
            *uv = (struct smp_uv){ 0.5f * (own[e].u + own[(e + 1) % 3].u),
                                   0.5f * (own[e].v + own[(e + 1) % 3].v) };
    }
    if (to->mesh.parts)
        to->mesh.parts[at] = from->mesh.parts[t];
    to->parents[at] = from->parents[t];
}

// 1, 2, 3 or 4 triangles for one, so that neighbours always fit.
static void split(struct pass *pass, size_t t)
{
    uint32_t points[6];
    int split_edges = 0, first = 0;
    for (int k = 0; k < 3; k++) {
        points[k] = pass->from->mesh.triangles[t][k];
        points[3 + k] = split_point(pass, t, k);
        split_edges += points[3 + k] != UINT32_MAX;
    }
    struct work *to = pass->to;
    const struct work *from = pass->from;
    if (split_edges == 0) {
        emit(to, from, t, points, (const int[]){ 0, 1, 2 });
    } else if (split_edges == 3) {
        emit(to, from, t, points, (const int[]){ 0, 3, 5 });
        emit(to, from, t, points, (const int[]){ 3, 1, 4 });
        emit(to, from, t, points, (const int[]){ 5, 4, 2 });
        emit(to, from, t, points, (const int[]){ 3, 4, 5 });
    } else if (split_edges == 1) {
        while (points[3 + first] == UINT32_MAX)
            first++;
        const int a = first, b = (first + 1) % 3, c = (first + 2) % 3, m = 3 + first;
        emit(to, from, t, points, (const int[]){ a, m, c });
        emit(to, from, t, points, (const int[]){ m, b, c });
    } else {
        while (points[3 + (first + 2) % 3] != UINT32_MAX) // edge c–a is whole
            first++;
        const int a = first, b = (first + 1) % 3, c = (first + 2) % 3;
        const int ab = 3 + a, bc = 3 + b;
        emit(to, from, t, points, (const int[]){ ab, b, bc });
        // The quad a, ab, bc, c is cut along its shorter diagonal.
        if (edge_length(&to->mesh, points[a], points[bc]) <=
            edge_length(&to->mesh, points[ab], points[c])) {
            emit(to, from, t, points, (const int[]){ a, ab, bc });
            emit(to, from, t, points, (const int[]){ a, bc, c });
        } else {
            emit(to, from, t, points, (const int[]){ a, ab, c });
            emit(to, from, t, points, (const int[]){ ab, bc, c });
        }
    }
}

static enum smp_code room_for(struct work *work, const struct smp_mesh *like, size_t points,
                              size_t triangles, struct smp_arena *arena, struct smp_err *err)
{
    *work = (struct work){ 0 };
    work->mesh.part_count = like->part_count;
    work->mesh.points = smp_new(arena, struct smp_vec3, points);
    work->mesh.triangles = smp_alloc(arena, triangles, sizeof *work->mesh.triangles);
    work->mesh.uvs = like->uvs ? smp_alloc(arena, triangles, sizeof *work->mesh.uvs) : NULL;
    work->mesh.parts = like->parts ? smp_new(arena, uint16_t, triangles) : NULL;
    work->corners = smp_alloc(arena, triangles, sizeof *work->corners);
    work->parents = smp_new(arena, uint32_t, triangles);
    if (!work->mesh.points || !work->mesh.triangles || (like->uvs && !work->mesh.uvs) ||
        (like->parts && !work->mesh.parts) || !work->corners || !work->parents)
        return smp_fail(err, SMP_E_NOMEM, "no room to refine to %zu triangles", triangles);
    return SMP_OK;
}

static enum smp_code start(struct work *work, const struct smp_mesh *mesh, struct smp_arena *arena,
                           struct smp_err *err)
{
    const enum smp_code code =
        room_for(work, mesh, mesh->point_count, mesh->triangle_count, arena, err);
    if (code)
        return code;
    const size_t n = mesh->triangle_count;
    work->mesh.point_count = mesh->point_count;
    work->mesh.triangle_count = n;
    memcpy(work->mesh.points, mesh->points, mesh->point_count * sizeof *mesh->points);
    memcpy(work->mesh.triangles, mesh->triangles, n * sizeof *mesh->triangles);
    if (mesh->uvs)
        memcpy(work->mesh.uvs, mesh->uvs, n * sizeof *mesh->uvs);
    if (mesh->parts)
        memcpy(work->mesh.parts, mesh->parts, n * sizeof *mesh->parts);
    for (size_t t = 0; t < n; t++) {
        work->parents[t] = (uint32_t)t;
        for (int k = 0; k < 3; k++)
            work->corners[t][k].bary[k] = 1;
    }
    return SMP_OK;
}

// Splits what is too long; *more tells whether anything was.
static enum smp_code run_pass(struct pass *pass, const double *max_edge, size_t max_triangles,
                              bool *more, struct smp_arena *arena, struct smp_err *err)
{
    struct work *now = pass->from, next;
    const size_t marked = mark_edges(&pass->edges, now, max_edge);
    *more = marked > 0;
    if (!marked)
        return SMP_OK;
    size_t triangles = now->mesh.triangle_count; // and one more for every split side
    for (size_t t = 0; t < now->mesh.triangle_count; t++) {
        const uint32_t *c = now->mesh.triangles[t];
        for (int k = 0; k < 3; k++)
            triangles += smp_edges_at(&pass->edges, c[k], c[(k + 1) % 3])->count == UINT32_MAX;
    }
    if (triangles > max_triangles)
        return smp_fail(err, SMP_E_LIMIT, "refining needs more than %zu triangles", max_triangles);
    const enum smp_code code =
        room_for(&next, &now->mesh, now->mesh.point_count + marked, triangles, arena, err);
    if (code)
        return code;
    memcpy(next.mesh.points, now->mesh.points, now->mesh.point_count * sizeof *now->mesh.points);
    next.mesh.point_count = now->mesh.point_count;
    pass->to = &next;
    for (size_t t = 0; t < now->mesh.triangle_count; t++)
        split(pass, t);
    pass->to = NULL;
    *now = next;
    return SMP_OK;
}

static enum smp_code run_passes(struct work *now, const struct smp_mesh *mesh,
                                const struct smp_vec3 *normals, const double *max_edge,
                                size_t max_triangles, struct smp_arena *hold, struct smp_err *err)
{
    struct smp_arena scratch;
    smp_arena_make(&scratch, 0);
    enum smp_code code = start(now, mesh, &hold[0], err);
    bool more = true;
    for (int pass_count = 1; !code && more; pass_count++) {
        struct pass pass = { .base = mesh, .normals = normals, .from = now };
        const struct smp_mark mark = smp_arena_mark(&scratch);
        code = smp_edges_make(&pass.edges, &now->mesh, &scratch, err);
        if (!code)
            code = run_pass(&pass, max_edge, max_triangles, &more, &hold[pass_count & 1], err);
        smp_arena_reset(&scratch, mark);
        if (!code && more) { // what the pass was made from is done with
            smp_arena_drop(&hold[~pass_count & 1]);
            smp_arena_make(&hold[~pass_count & 1], 0);
        }
    }
    smp_arena_drop(&scratch);
    return code;
}

static enum smp_code keep(struct smp_refined *fine, const struct work *work,
                          struct smp_arena *arena, struct smp_err *err)
{
    struct work own;
    const size_t points = work->mesh.point_count, triangles = work->mesh.triangle_count;
    const enum smp_code code = room_for(&own, &work->mesh, points, triangles, arena, err);
    if (code)
        return code;
    own.mesh.point_count = points;
    own.mesh.triangle_count = triangles;
    memcpy(own.mesh.points, work->mesh.points, points * sizeof *own.mesh.points);
    memcpy(own.mesh.triangles, work->mesh.triangles, triangles * sizeof *own.mesh.triangles);
    if (own.mesh.uvs && work->mesh.uvs)
        memcpy(own.mesh.uvs, work->mesh.uvs, triangles * sizeof *own.mesh.uvs);
    if (own.mesh.parts && work->mesh.parts)
        memcpy(own.mesh.parts, work->mesh.parts, triangles * sizeof *own.mesh.parts);
    memcpy(own.corners, work->corners, triangles * sizeof *own.corners);
    memcpy(own.parents, work->parents, triangles * sizeof *own.parents);
    fine->mesh = own.mesh;
    fine->parents = own.parents;
    fine->bary = (double(*)[3][3])(void *)own.corners;
    return SMP_OK;
}

enum smp_code smp_mesh_refine_by(struct smp_refined *fine, const struct smp_mesh *mesh,
                                 const struct smp_vec3 *normals, const double *max_edge,
                                 size_t max_triangles, struct smp_arena *arena, struct smp_err *err)
{
    struct work work;
    struct smp_arena hold[2]; // passes take turns, so that only the last is kept
    smp_arena_make(&hold[0], 0);
    smp_arena_make(&hold[1], 0);
    enum smp_code code = run_passes(&work, mesh, normals, max_edge, max_triangles, hold, err);
    if (!code)
        code = keep(fine, &work, arena, err);
    smp_arena_drop(&hold[0]);
    smp_arena_drop(&hold[1]);
    return code;
}

enum smp_code smp_mesh_refine(struct smp_mesh *fine, const struct smp_mesh *mesh, double max_edge,
                              struct smp_arena *arena, struct smp_err *err)
{
    if (!(max_edge > 0))
        return smp_fail(err, SMP_E_INPUT, "max_edge must be above 0, not %g", max_edge);
    struct smp_vec3 *normals = smp_new(arena, struct smp_vec3, mesh->point_count);
    double *limits = smp_new(arena, double, mesh->triangle_count);
    if (!normals || !limits)
        return smp_fail(err, SMP_E_NOMEM, "no room to refine %zu triangles", mesh->triangle_count);
    enum smp_code code = smp_mesh_normals(normals, mesh, err);
    if (code)
        return code;
    for (size_t t = 0; t < mesh->triangle_count; t++)
        limits[t] = max_edge;
    struct smp_refined refined;
    if ((code = smp_mesh_refine_by(&refined, mesh, normals, limits, 24000000, arena, err)))
        return code;
    *fine = refined.mesh;
    return SMP_OK;
}
