// Mesh to surface: curve order, planes, neighbours, done once a mesh.
#include "layout/layout_impl.h"

#include <float.h>
#include <math.h>
#include <string.h>
#include <time.h>

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

// A triangle lower than this share of its longest edge, or than this height, has no normal worth
// the name (coordinates in scan files have six decimals).
static const double sliver_ratio = 1e-3, sliver_height_mm = 1e-3;

static uint64_t place_hash(struct smp_vec3 p)
{
    uint64_t b[3];
    const double v[3] = { p.x + 0.0, p.y + 0.0, p.z + 0.0 }; // -0 and 0 are one place
    memcpy(b, v, sizeof b);
    uint64_t h = b[0] * 0x9e3779b97f4a7c15ull;
    h = (h ^ (h >> 29) ^ b[1]) * 0xbf58476d1ce4e5b9ull;
    h = (h ^ (h >> 32) ^ b[2]) * 0x94d049bb133111ebull;
    return h ^ (h >> 31);
}

// First point at the same place, to the bit: scan formats split points along texture seams.
static bool weld_points(uint32_t *weld, const struct smp_vec3 *points, size_t count,
                        struct smp_arena *scratch)
{
    size_t size = 16;
    while (size < 2 * count)
        size *= 2;
    uint32_t *table = smp_new(scratch, uint32_t, size);
    if (!table)
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct smp_vec3 p = points[i];
        size_t slot = place_hash(p) & (size - 1);
        for (;; slot = (slot + 1) & (size - 1)) {
            if (!table[slot]) {
                table[slot] = (uint32_t)i + 1;
                weld[i] = (uint32_t)i;
                break;
            }
            const struct smp_vec3 q = points[table[slot] - 1];
            if (p.x == q.x && p.y == q.y && p.z == q.z) {
                weld[i] = table[slot] - 1;
                break;
            }
        }
    }
    return true;
}

struct rows_job {
    struct smp_surface *s;
};

static void set_lane(struct smp_planes *f, int lane, struct smp_vec3 n, struct smp_vec3 through)
{
    f->x[lane] = (float)n.x;
    f->y[lane] = (float)n.y;
    f->z[lane] = (float)n.z;
    f->w[lane] = (float)-smp_dot(n, through);
}

// Planes of a triangle under a given normal.
static void set_planes(struct smp_surface *s, size_t t, struct smp_vec3 normal)
{
    struct smp_vec3 p[3];
    for (int k = 0; k < 3; k++)
        p[k] = smp_sub(s->points[s->corners[t][k]], s->centre);
    struct smp_planes *f = &s->planes[t];
    for (int k = 0; k < 3; k++) {
        const struct smp_vec3 edge = smp_sub(p[(k + 1) % 3], p[k]);
        set_lane(f, k, smp_unit(smp_cross(normal, edge)), p[k]);
    }
    const struct smp_vec3 middle = smp_scale(smp_add(smp_add(p[0], p[1]), p[2]), 1.0 / 3);
    set_lane(f, 3, normal, middle);
}

static void make_rows(void *context, size_t begin, size_t end)
{
    struct smp_surface *s = ((struct rows_job *)context)->s;
    for (size_t t = begin; t < end; t++) {
        const uint32_t *c = s->corners[t];
        const struct smp_vec3 a = s->points[c[0]], b = s->points[c[1]], d = s->points[c[2]];
        const struct smp_vec3 u = smp_sub(b, a), v = smp_sub(d, a), e = smp_sub(d, b);
        const struct smp_vec3 cross = smp_cross(u, v);
        const double twice = smp_length(cross);
        double longest2 = smp_dot(u, u);
        longest2 = smp_dot(v, v) > longest2 ? smp_dot(v, v) : longest2;
        longest2 = smp_dot(e, e) > longest2 ? smp_dot(e, e) : longest2;
        const double longest = sqrt(longest2);
        s->area_mm2[t] = (float)(0.5 * twice);
        s->sliver[t] = !(twice > sliver_ratio * longest2 && twice > sliver_height_mm * longest);
        set_planes(s, t, twice > 0 ? smp_scale(cross, 1 / twice) : smp_vec3(0, 0, 1));
    }
}

// A sliver takes the normal of its largest neighbour; chains of slivers take a few rounds.
static void lend_normals(struct smp_surface *s)
{
    bool left = true;
    for (int round = 0; round < 8 && left; round++) {
        left = false;
        for (size_t t = 0; t < s->count; t++) {
            if (!s->sliver[t])
                continue;
            uint32_t best = SMP_NO_FACE;
            for (int k = 0; k < 3; k++) {
                const uint32_t o = s->next[t][k];
                if (o != SMP_NO_FACE && (best == SMP_NO_FACE || s->area_mm2[o] > s->area_mm2[best]))
                    best = o;
            }
            if (best == SMP_NO_FACE)
                continue;
            left = left || s->sliver[best];
            float n[3];
            smp_face_normal(s, best, n);
            set_planes(s, t, smp_vec3((double)n[0], (double)n[1], (double)n[2]));
        }
    }
}

static bool allocate(struct smp_surface *s, const struct smp_mesh *mesh, struct smp_arena *arena)
{
    const size_t n = mesh->triangle_count, points = mesh->point_count;
    s->points = smp_new(arena, struct smp_vec3, points);
    s->weld = smp_new(arena, uint32_t, points);
    s->corners = (uint32_t(*)[3])smp_alloc(arena, n, sizeof *s->corners);
    s->original = smp_new(arena, uint32_t, n);
    s->next = (uint32_t(*)[3])smp_alloc(arena, n, sizeof *s->next);
    s->planes = smp_new(arena, struct smp_planes, n);
    s->area_mm2 = smp_new(arena, float, n);
    s->sliver = smp_new(arena, bool, n);
    return s->points && s->weld && s->corners && s->original && s->next && s->planes &&
           s->area_mm2 && s->sliver;
}

static enum smp_code check_mesh(const struct smp_mesh *mesh, struct smp_err *err)
{
    if (mesh->triangle_count == 0 || mesh->point_count == 0)
        return smp_fail(err, SMP_E_INPUT, "mesh: it has no triangles, and dots need a surface");
    if (mesh->triangle_count >= UINT32_MAX / 4 || mesh->point_count >= UINT32_MAX / 4)
        return smp_fail(err, SMP_E_INPUT, "mesh: %zu triangles are more than %u",
                        mesh->triangle_count, UINT32_MAX / 4);
    for (size_t i = 0; i < mesh->point_count; i++) {
        const struct smp_vec3 p = mesh->points[i];
        if (!(fabs(p.x) < 1e7 && fabs(p.y) < 1e7 && fabs(p.z) < 1e7))
            return smp_fail(err, SMP_E_INPUT,
                            "mesh: point %zu is at (%g, %g, %g) mm, which must be within 1e7 mm", i,
                            p.x, p.y, p.z);
    }
    for (size_t t = 0; t < mesh->triangle_count; t++) {
        for (int k = 0; k < 3; k++) {
            if (mesh->triangles[t][k] >= mesh->point_count)
                return smp_fail(err, SMP_E_INPUT, "mesh: triangle %zu names point %u of only %zu",
                                t, mesh->triangles[t][k], mesh->point_count);
        }
    }
    return SMP_OK;
}

static enum smp_code order_triangles(struct smp_surface *s, const struct smp_mesh *mesh,
                                     struct smp_pool *pool, struct smp_arena *scratch)
{
    struct smp_vec3 low = mesh->points[0], high = low;
    for (size_t i = 0; i < mesh->point_count; i++) {
        const struct smp_vec3 p = mesh->points[i];
        low = smp_vec3(p.x < low.x ? p.x : low.x, p.y < low.y ? p.y : low.y,
                       p.z < low.z ? p.z : low.z);
        high = smp_vec3(p.x > high.x ? p.x : high.x, p.y > high.y ? p.y : high.y,
                        p.z > high.z ? p.z : high.z);
    }
    s->centre = smp_scale(smp_add(low, high), 0.5);
    double extent = high.x - low.x;
    extent = high.y - low.y > extent ? high.y - low.y : extent;
    extent = high.z - low.z > extent ? high.z - low.z : extent;

    struct smp_vec3 *middle = smp_new(scratch, struct smp_vec3, s->count);
    if (!middle)
        return SMP_E_NOMEM;
    for (size_t t = 0; t < s->count; t++) {
        const uint32_t *c = mesh->triangles[t];
        middle[t] = smp_scale(
            smp_add(smp_add(mesh->points[c[0]], mesh->points[c[1]]), mesh->points[c[2]]), 1.0 / 3);
    }
    const enum smp_code code =
        smp_curve_order(s->original, middle, s->count, low, extent, pool, scratch);
    if (code)
        return code;
    for (size_t t = 0; t < s->count; t++)
        memcpy(s->corners[t], mesh->triangles[s->original[t]], sizeof s->corners[t]);
    return SMP_OK;
}

enum smp_code smp_surface_make(struct smp_surface **surface, const struct smp_mesh *mesh,
                               struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err)
{
    const double began_s = now_s();
    enum smp_code code = check_mesh(mesh, err);
    if (code)
        return code;
    struct smp_surface *s = smp_new(arena, struct smp_surface, 1);
    if (!s || !allocate(s, mesh, arena))
        return smp_fail(err, SMP_E_NOMEM, "no room to prepare %zu triangles", mesh->triangle_count);
    s->count = mesh->triangle_count;
    s->point_count = mesh->point_count;
    memcpy(s->points, mesh->points, s->point_count * sizeof *s->points);

    struct smp_arena scratch;
    smp_arena_make(&scratch, 0);
    code = order_triangles(s, mesh, pool, &scratch);
    if (!code && !weld_points(s->weld, s->points, s->point_count, &scratch))
        code = SMP_E_NOMEM;
    if (!code) {
        struct rows_job job = { s };
        smp_pool_for(pool, s->count, 4096, make_rows, &job);
        smp_neighbours(s->next, s, &scratch, &code);
    }
    smp_arena_drop(&scratch);
    if (code)
        return smp_fail(err, code, "no room to prepare %zu triangles", mesh->triangle_count);
    double area = 0;
    for (size_t t = 0; t < s->count; t++) {
        area += (double)s->area_mm2[t];
        for (int k = 0; k < 3; k++)
            s->has_border = s->has_border || s->next[t][k] == SMP_NO_FACE;
    }
    if (!(area > 0))
        return smp_fail(err, SMP_E_INPUT, "mesh: its %zu triangles have no area",
                        mesh->triangle_count);
    lend_normals(s);
    s->prepare_s = now_s() - began_s;
    *surface = s;
    return SMP_OK;
}
