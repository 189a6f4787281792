// Meshes for the tests and the benchmark of layout: a bumpy ball of the size of a head, and a
// flat patch. Values of the caller; points and triangles live in the arena passed in.
#ifndef SMP_LAYOUT_TEST_MESH_H
#define SMP_LAYOUT_TEST_MESH_H

#include "mesh/mesh.h"

#include <math.h>

// A cube of six n × n squares blown up to a bumpy ellipsoid of 150 × 190 × 220 mm: 12 n² closed
// triangles of like size. n = 92 is as fine as a scan (101,568 triangles).
static inline struct smp_vec3 bump(double x, double y, double z)
{
    const double l = sqrt(x * x + y * y + z * z);
    x /= l, y /= l, z /= l;
    const double r = 1 + 0.03 * sin(3 * x + 1) * cos(4 * y) + 0.02 * sin(5 * z + 2 * x);
    return smp_vec3(75 * r * x, 95 * r * y, 110 * r * z);
}

static inline size_t cube_point(size_t n, size_t side, size_t i, size_t j)
{
    return side * (n + 1) * (n + 1) + i * (n + 1) + j;
}

// Points along the cube's edges come twice or three times, as in files split by texture seams.
static inline bool make_head(struct smp_mesh *mesh, size_t n, struct smp_arena *arena)
{
    const size_t points = 6 * (n + 1) * (n + 1), triangles = 12 * n * n;
    struct smp_mesh m = { .points = smp_new(arena, struct smp_vec3, points) };
    m.triangles = (uint32_t(*)[3])smp_alloc(arena, triangles, sizeof *m.triangles);
    if (!m.points || !m.triangles)
        return false;
    for (size_t side = 0; side < 6; side++) {
        for (size_t i = 0; i <= n; i++) {
            for (size_t j = 0; j <= n; j++) {
                // Equal angles rather than equal steps; edges of the cube agree to the bit.
                const double q = SMP_PI / 4;
                const double a = 2 * i == n ? 0 : tan(q * (2 * (double)i / (double)n - 1));
                const double b = 2 * j == n ? 0 : tan(q * (2 * (double)j / (double)n - 1));
                const double u = i == 0 ? -1 : i == n ? 1 : a, v = j == 0 ? -1 : j == n ? 1 : b;
                const struct smp_vec3 p = side == 0   ? smp_vec3(1, u, v)
                                          : side == 1 ? smp_vec3(-1, v, u)
                                          : side == 2 ? smp_vec3(v, 1, u)
                                          : side == 3 ? smp_vec3(u, -1, v)
                                          : side == 4 ? smp_vec3(u, v, 1)
                                                      : smp_vec3(v, u, -1);
                m.points[cube_point(n, side, i, j)] = bump(p.x, p.y, p.z);
            }
        }
        for (size_t i = 0; i < n; i++) {
            for (size_t j = 0; j < n; j++) {
                const uint32_t a = (uint32_t)cube_point(n, side, i, j);
                const uint32_t b = (uint32_t)cube_point(n, side, i + 1, j);
                const uint32_t c = b + 1, d = a + 1;
                const uint32_t two[2][3] = { { a, b, c }, { a, c, d } };
                for (int k = 0; k < 2; k++, m.triangle_count++)
                    for (int x = 0; x < 3; x++)
                        m.triangles[m.triangle_count][x] = two[k][x];
            }
        }
    }
    m.point_count = points;
    *mesh = m;
    return true;
}

// A flat square of side_mm in n × n cells, with open borders.
static inline bool make_square(struct smp_mesh *mesh, size_t n, double side_mm,
                               struct smp_arena *arena)
{
    struct smp_mesh m = { .points = smp_new(arena, struct smp_vec3, (n + 1) * (n + 1)) };
    m.triangles = (uint32_t(*)[3])smp_alloc(arena, 2 * n * n, sizeof *m.triangles);
    if (!m.points || !m.triangles)
        return false;
    for (size_t i = 0; i <= n; i++)
        for (size_t j = 0; j <= n; j++)
            m.points[m.point_count++] =
                smp_vec3(side_mm * (double)i / (double)n, side_mm * (double)j / (double)n, 0);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            const uint32_t a = (uint32_t)(i * (n + 1) + j), b = a + (uint32_t)n + 1;
            const uint32_t two[2][3] = { { a, b, b + 1 }, { a, b + 1, a + 1 } };
            for (int k = 0; k < 2; k++, m.triangle_count++)
                for (int x = 0; x < 3; x++)
                    m.triangles[m.triangle_count][x] = two[k][x];
        }
    }
    *mesh = m;
    return true;
}

// A closed slab, side × side × thick mm: two sheets back to back with a rim.
static inline bool make_slab(struct smp_mesh *mesh, size_t n, double side_mm, double thick_mm,
                             struct smp_arena *arena)
{
    struct smp_mesh top;
    if (!make_square(&top, n, side_mm, arena))
        return false;
    const size_t half = top.point_count, faces = top.triangle_count;
    struct smp_mesh m = { .points = smp_new(arena, struct smp_vec3, 2 * half) };
    m.triangles = (uint32_t(*)[3])smp_alloc(arena, 2 * faces + 8 * n, sizeof *m.triangles);
    if (!m.points || !m.triangles)
        return false;
    for (size_t i = 0; i < half; i++) {
        m.points[i] = top.points[i];
        m.points[i].z = thick_mm;
        m.points[half + i] = top.points[i];
    }
    m.point_count = 2 * half;
    for (size_t t = 0; t < faces; t++) {
        const uint32_t *c = top.triangles[t];
        const uint32_t h = (uint32_t)half;
        const uint32_t two[2][3] = { { c[0], c[1], c[2] }, { h + c[0], h + c[2], h + c[1] } };
        for (int k = 0; k < 2; k++, m.triangle_count++)
            for (int x = 0; x < 3; x++)
                m.triangles[m.triangle_count][x] = two[k][x];
    }
    for (size_t side = 0; side < 4; side++) {
        for (size_t i = 0; i < n; i++) {
            const size_t e[4][2] = { { i * (n + 1), (i + 1) * (n + 1) },
                                     { n * (n + 1) + i, n * (n + 1) + i + 1 },
                                     { (i + 1) * (n + 1) + n, i * (n + 1) + n },
                                     { i + 1, i } };
            const uint32_t a = (uint32_t)e[side][0], b = (uint32_t)e[side][1];
            const uint32_t h = (uint32_t)half;
            const uint32_t two[2][3] = { { h + a, h + b, b }, { h + a, b, a } };
            for (int k = 0; k < 2; k++, m.triangle_count++)
                for (int x = 0; x < 3; x++)
                    m.triangles[m.triangle_count][x] = two[k][x];
        }
    }
    *mesh = m;
    return true;
}

// Every third triangle gets a point just inside its first edge: a sliver and two others.
static inline bool add_slivers(struct smp_mesh *mesh, const struct smp_mesh *from, double height_mm,
                               struct smp_arena *arena)
{
    const size_t n = from->triangle_count;
    struct smp_mesh m = { .points = smp_new(arena, struct smp_vec3, from->point_count + n) };
    m.triangles = (uint32_t(*)[3])smp_alloc(arena, 3 * n, sizeof *m.triangles);
    if (!m.points || !m.triangles)
        return false;
    for (; m.point_count < from->point_count; m.point_count++)
        m.points[m.point_count] = from->points[m.point_count];
    for (size_t t = 0; t < n; t++) {
        const uint32_t *c = from->triangles[t];
        const uint32_t p = (uint32_t)m.point_count;
        const uint32_t whole[3][3] = { { c[0], c[1], c[2] } };
        const uint32_t split[3][3] = { { c[0], c[1], p }, { c[1], c[2], p }, { c[2], c[0], p } };
        const bool cut = t % 3 == 0;
        if (cut) {
            const struct smp_vec3 a = m.points[c[0]], b = m.points[c[1]];
            const struct smp_vec3 middle = smp_scale(smp_add(a, b), 0.5);
            const struct smp_vec3 in = smp_unit(smp_sub(m.points[c[2]], middle));
            m.points[m.point_count++] = smp_add(middle, smp_scale(in, height_mm));
        }
        for (int k = 0; k < (cut ? 3 : 1); k++, m.triangle_count++)
            for (int x = 0; x < 3; x++)
                m.triangles[m.triangle_count][x] = cut ? split[k][x] : whole[k][x];
    }
    *mesh = m;
    return true;
}

#endif
