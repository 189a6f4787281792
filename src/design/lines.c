// Nearest of many segments: short runs of the list, each with a sphere around it, tried in order
// of the list and passed over where the sphere is farther than the best so far.
#include "design/design_impl.h"

#include <math.h>
#include <stdlib.h>

enum { run_length = 16 };

enum smp_code smp_lines_make(struct smp_lines *lines, const struct smp_vec3 *a,
                             const struct smp_vec3 *b, size_t count, struct smp_arena *arena,
                             struct smp_err *err)
{
    const size_t runs = (count + run_length - 1) / run_length;
    struct smp_lines made = {
        a, b, count, smp_new(arena, struct smp_vec3, runs), smp_new(arena, double, runs), runs
    };
    if (!made.centre_mm || !made.radius_mm)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu segments", count);
    for (size_t r = 0; r < runs; r++) {
        const size_t begin = r * run_length;
        const size_t end = begin + run_length < count ? begin + run_length : count;
        struct smp_vec3 sum = { 0, 0, 0 };
        for (size_t i = begin; i < end; i++)
            sum = smp_add(sum, smp_add(a[i], b[i]));
        made.centre_mm[r] = smp_scale(sum, 0.5 / (double)(end - begin));
        for (size_t i = begin; i < end; i++) {
            const double to_a = smp_length(smp_sub(a[i], made.centre_mm[r]));
            const double to_b = smp_length(smp_sub(b[i], made.centre_mm[r]));
            const double far = to_a > to_b ? to_a : to_b;
            if (far > made.radius_mm[r])
                made.radius_mm[r] = far;
        }
    }
    *lines = made;
    return SMP_OK;
}

static double segment_distance(struct smp_vec3 p, struct smp_vec3 a, struct smp_vec3 b,
                               double *share)
{
    const struct smp_vec3 ab = smp_sub(b, a), ap = smp_sub(p, a);
    const double length2 = smp_dot(ab, ab);
    *share = length2 > 0 ? smp_clamp(smp_dot(ap, ab) / length2, 0, 1) : 0;
    return smp_length(smp_sub(ap, smp_scale(ab, *share)));
}

struct smp_near smp_lines_nearest(const struct smp_lines *lines, struct smp_vec3 point,
                                  double reach_mm)
{
    struct smp_near best = { 0, 0, reach_mm };
    for (size_t r = 0; r < lines->runs; r++) {
        const struct smp_vec3 d = smp_sub(point, lines->centre_mm[r]);
        const double limit = best.distance_mm + lines->radius_mm[r];
        if (smp_dot(d, d) >= limit * limit)
            continue;
        const size_t begin = r * run_length;
        const size_t end = begin + run_length < lines->count ? begin + run_length : lines->count;
        for (size_t i = begin; i < end; i++) {
            double share;
            const double distance = segment_distance(point, lines->a[i], lines->b[i], &share);
            if (distance < best.distance_mm)
                best = (struct smp_near){ i, share, distance };
        }
    }
    return best;
}

// ---- Where a field crosses a level --------------------------------------------------------------

struct crossing {
    struct smp_vec3 a, b;
    uint64_t key; // cell of 12 mm, then the triangle: near ones stand together
};

static int by_key(const void *p, const void *q)
{
    const uint64_t a = ((const struct crossing *)p)->key, b = ((const struct crossing *)q)->key;
    return (a > b) - (a < b);
}

static uint64_t cell_key(struct smp_vec3 p, size_t triangle)
{
    const uint64_t x = (uint64_t)(int64_t)floor(p.x / 12 + 64) & 127;
    const uint64_t y = (uint64_t)(int64_t)floor(p.y / 12 + 64) & 127;
    const uint64_t z = (uint64_t)(int64_t)floor(p.z / 12 + 64) & 127;
    return (x << 14 | y << 7 | z) << 32 | (uint64_t)triangle;
}

static bool crosses(struct crossing *out, const struct smp_mesh *mesh, size_t t,
                    const double *field)
{
    struct smp_vec3 ends[2];
    size_t found = 0;
    const uint32_t *corner = mesh->triangles[t];
    if (isnan(field[corner[0]]) || isnan(field[corner[1]]) || isnan(field[corner[2]]))
        return false;
    for (size_t k = 0; k < 3 && found < 2; k++) {
        const uint32_t i = corner[k], j = corner[(k + 1) % 3];
        const double u = field[i], v = field[j];
        if ((u < 0) == (v < 0))
            continue;
        ends[found++] = smp_add(smp_scale(mesh->points[i], v / (v - u)),
                                smp_scale(mesh->points[j], u / (u - v)));
    }
    if (found < 2)
        return false;
    *out = (struct crossing){ ends[0], ends[1], cell_key(ends[0], t) };
    return true;
}

enum smp_code smp_lines_crossing(struct smp_lines *lines, const struct smp_mesh *mesh,
                                 const double *field, struct smp_arena *arena, struct smp_err *err)
{
    size_t count = 0;
    struct crossing one;
    for (size_t t = 0; t < mesh->triangle_count; t++)
        count += crosses(&one, mesh, t, field);
    struct crossing *all = smp_new(arena, struct crossing, count);
    struct smp_vec3 *a = smp_new(arena, struct smp_vec3, count);
    struct smp_vec3 *b = smp_new(arena, struct smp_vec3, count);
    if (!all || !a || !b)
        return smp_fail(err, SMP_E_NOMEM, "no memory for a border of %zu pieces", count);
    size_t made = 0;
    for (size_t t = 0; t < mesh->triangle_count; t++) {
        if (crosses(&one, mesh, t, field))
            all[made++] = one;
    }
    qsort(all, made, sizeof *all, by_key);
    for (size_t i = 0; i < made; i++) {
        a[i] = all[i].a;
        b[i] = all[i].b;
    }
    return smp_lines_make(lines, a, b, made, arena, err);
}
