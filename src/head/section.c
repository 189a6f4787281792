#include "head/head_impl.h"

#include <math.h>
#include <stdlib.h>

struct smp_plane smp_plane_through(struct smp_vec3 a, struct smp_vec3 b, struct smp_vec3 c)
{
    struct smp_plane plane = { .normal = smp_unit(smp_cross(smp_sub(b, a), smp_sub(c, a))) };
    plane.offset = smp_dot(plane.normal, a);
    return plane;
}

static size_t cut(struct smp_vec3 *points, const struct smp_mesh *mesh, const bool *outer,
                  struct smp_plane plane)
{
    size_t count = 0;
    for (size_t t = 0; t < mesh->triangle_count; t++) {
        if (outer && !outer[t])
            continue;
        double d[3];
        for (int k = 0; k < 3; k++)
            d[k] = smp_dot(plane.normal, mesh->points[mesh->triangles[t][k]]) - plane.offset;
        for (int k = 0; k < 3; k++) {
            const int m = (k + 1) % 3;
            if ((d[k] >= 0) == (d[m] >= 0))
                continue;
            const struct smp_vec3 a = mesh->points[mesh->triangles[t][k]];
            const struct smp_vec3 b = mesh->points[mesh->triangles[t][m]];
            if (points)
                points[count] = smp_add(a, smp_scale(smp_sub(b, a), d[k] / (d[k] - d[m])));
            count++;
        }
    }
    return count;
}

enum smp_code smp_section_cut(struct smp_section *section, const struct smp_mesh *mesh,
                              const bool *outer, struct smp_plane plane, struct smp_arena *arena,
                              struct smp_err *err)
{
    const size_t count = cut(NULL, mesh, outer, plane);
    struct smp_vec3 *points = smp_new(arena, struct smp_vec3, count);
    if (!points)
        return smp_fail(err, SMP_E_NOMEM, "no room for a section of %zu points", count);
    section->count = cut(points, mesh, outer, plane);
    section->points = points;
    return SMP_OK;
}

// ---- Hull (monotone chain, Andrew 1979) ---------------------------------------------------------

static int by_x_then_y(const void *a, const void *b)
{
    const struct smp_vec2 *p = a, *q = b;
    if (p->x != q->x)
        return p->x < q->x ? -1 : 1;
    return p->y < q->y ? -1 : p->y > q->y;
}

static double turn(struct smp_vec2 o, struct smp_vec2 a, struct smp_vec2 b)
{
    return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
}

// hull has room for count + 1 points.
static double hull_girth(struct smp_vec2 *flat, size_t count, struct smp_vec2 *hull)
{
    if (count < 3)
        return 0;
    qsort(flat, count, sizeof *flat, by_x_then_y);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        while (n >= 2 && turn(hull[n - 2], hull[n - 1], flat[i]) <= 0)
            n--;
        hull[n++] = flat[i];
    }
    const size_t lower = n + 1;
    for (size_t i = count - 1; i-- > 0;) {
        while (n >= lower && turn(hull[n - 2], hull[n - 1], flat[i]) <= 0)
            n--;
        hull[n++] = flat[i];
    }
    double girth = 0;
    for (size_t i = 0; i + 1 < n; i++)
        girth += hypot(hull[i + 1].x - hull[i].x, hull[i + 1].y - hull[i].y);
    return girth;
}

struct flat_frame {
    struct smp_vec3 origin, x, y;
};

static struct flat_frame lay_flat(struct smp_plane plane)
{
    const struct smp_vec3 n = plane.normal;
    const struct smp_vec3 side = fabs(n.x) < 0.6 ? smp_vec3(1, 0, 0) : smp_vec3(0, 1, 0);
    struct flat_frame f = { .origin = smp_scale(n, plane.offset) };
    f.x = smp_unit(smp_cross(side, n));
    f.y = smp_cross(n, f.x);
    return f;
}

static struct smp_vec2 flatten(const struct flat_frame *f, struct smp_vec3 p)
{
    const struct smp_vec3 d = smp_sub(p, f->origin);
    return (struct smp_vec2){ smp_dot(d, f->x), smp_dot(d, f->y) };
}

enum smp_code smp_section_girth(double *girth, const struct smp_section *section,
                                struct smp_plane plane, struct smp_arena *scratch,
                                struct smp_err *err)
{
    const struct smp_mark mark = smp_arena_mark(scratch);
    struct smp_vec2 *flat = smp_new(scratch, struct smp_vec2, section->count);
    struct smp_vec2 *hull = smp_new(scratch, struct smp_vec2, 2 * section->count + 2);
    if (!flat || !hull)
        return smp_fail(err, SMP_E_NOMEM, "no room for a hull of %zu points", section->count);
    const struct flat_frame frame = lay_flat(plane);
    for (size_t i = 0; i < section->count; i++)
        flat[i] = flatten(&frame, section->points[i]);
    *girth = hull_girth(flat, section->count, hull);
    smp_arena_reset(scratch, mark);
    return SMP_OK;
}

enum smp_code smp_section_arc(double *arc, const struct smp_section *section,
                              struct smp_plane plane, struct smp_vec3 a, struct smp_vec3 b,
                              struct smp_vec3 side, struct smp_arena *scratch, struct smp_err *err)
{
    const struct smp_mark mark = smp_arena_mark(scratch);
    struct smp_vec2 *flat = smp_new(scratch, struct smp_vec2, section->count + 2);
    struct smp_vec2 *hull = smp_new(scratch, struct smp_vec2, 2 * section->count + 8);
    if (!flat || !hull)
        return smp_fail(err, SMP_E_NOMEM, "no room for an arc of %zu points", section->count);
    const struct flat_frame frame = lay_flat(plane);
    // Toward the side, square to the chord: what lies above the chord is under the tape.
    const struct smp_vec3 chord = smp_unit(smp_sub(b, a));
    const struct smp_vec3 rise = smp_sub(side, smp_scale(chord, smp_dot(side, chord)));
    size_t count = 0;
    flat[count++] = flatten(&frame, a);
    flat[count++] = flatten(&frame, b);
    for (size_t i = 0; i < section->count; i++) {
        if (smp_dot(smp_sub(section->points[i], a), rise) > 0)
            flat[count++] = flatten(&frame, section->points[i]);
    }
    *arc = hull_girth(flat, count, hull) - smp_length(smp_sub(b, a));
    smp_arena_reset(scratch, mark);
    return SMP_OK;
}
