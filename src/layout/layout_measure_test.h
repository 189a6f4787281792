// Measures of a set of dots on a mesh, for tests: plain, slow, sharing no code with layout.
// Definitions as in docs/layout.md; distances over the local hexagonal spacing.
#ifndef SMP_LAYOUT_MEASURE_TEST_H
#define SMP_LAYOUT_MEASURE_TEST_H

#include "mesh/mesh.h"

#include <math.h>
#include <stdlib.h>

struct measures {
    double mean, cv, least, p1; // nearest neighbour
    double psi6;                // bond order of the six nearest
    double g1;                  // peak of the pair correlation
    double f6;                  // variance over mean of counts in balls of six spacings
    double prof;                // rms relative error of counts in 20 bands along z
    double cover;               // largest empty ball
};

typedef double (*shape_fn)(struct smp_vec3 p); // density up to a factor

struct bins { // points by cells of a box
    const struct smp_vec3 *at;
    const double *mass; // NULL: 1 each
    size_t count;
    struct smp_vec3 low;
    double cell;
    size_t n[3];
    uint32_t *start, *order;
};

static inline size_t bin_axis(const struct bins *b, double v, double low, int axis)
{
    const double c = floor((v - low) / b->cell);
    return c < 0 ? 0 : c >= (double)b->n[axis] ? b->n[axis] - 1 : (size_t)c;
}

static inline size_t bin_of(const struct bins *b, struct smp_vec3 p)
{
    return (bin_axis(b, p.z, b->low.z, 2) * b->n[1] + bin_axis(b, p.y, b->low.y, 1)) * b->n[0] +
           bin_axis(b, p.x, b->low.x, 0);
}

static inline struct bins make_bins(const struct smp_vec3 *at, const double *mass, size_t count,
                                    struct smp_vec3 low, struct smp_vec3 high, double cell,
                                    struct smp_arena *arena)
{
    struct bins b = { at, mass, count, low, cell, { 0 }, NULL, NULL };
    b.n[0] = (size_t)((high.x - low.x) / cell) + 1;
    b.n[1] = (size_t)((high.y - low.y) / cell) + 1;
    b.n[2] = (size_t)((high.z - low.z) / cell) + 1;
    const size_t cells = b.n[0] * b.n[1] * b.n[2];
    b.start = smp_new(arena, uint32_t, cells + 2);
    b.order = smp_new(arena, uint32_t, count);
    for (size_t i = 0; i < count; i++)
        b.start[bin_of(&b, at[i]) + 2]++;
    for (size_t c = 0; c < cells; c++)
        b.start[c + 2] += b.start[c + 1];
    for (size_t i = 0; i < count; i++)
        b.order[b.start[bin_of(&b, at[i]) + 1]++] = (uint32_t)i;
    return b;
}

// Calls see(context, index, distance²) for all points within r.
static inline void within(const struct bins *b, struct smp_vec3 p, double r,
                          void (*see)(void *, uint32_t, double), void *context)
{
    const size_t x0 = bin_axis(b, p.x - r, b->low.x, 0), x1 = bin_axis(b, p.x + r, b->low.x, 0);
    const size_t y0 = bin_axis(b, p.y - r, b->low.y, 1), y1 = bin_axis(b, p.y + r, b->low.y, 1);
    const size_t z0 = bin_axis(b, p.z - r, b->low.z, 2), z1 = bin_axis(b, p.z + r, b->low.z, 2);
    for (size_t z = z0; z <= z1; z++)
        for (size_t y = y0; y <= y1; y++)
            for (size_t x = x0; x <= x1; x++) {
                const size_t c = (z * b->n[1] + y) * b->n[0] + x;
                for (uint32_t k = b->start[c]; k < b->start[c + 1]; k++) {
                    const struct smp_vec3 d = smp_sub(b->at[b->order[k]], p);
                    if (smp_dot(d, d) <= r * r)
                        see(context, b->order[k], smp_dot(d, d));
                }
            }
}

struct around { // what is seen from one place
    const struct bins *b;
    uint32_t self;
    size_t count;
    double mass, near2[256];
    struct smp_vec3 at[256];
};

static inline void see_near(void *context, uint32_t i, double d2)
{
    struct around *a = context;
    if (i == a->self || a->count == 256)
        return;
    size_t k = a->count++;
    for (; k > 0 && a->near2[k - 1] > d2; k--) {
        a->near2[k] = a->near2[k - 1];
        a->at[k] = a->at[k - 1];
    }
    a->near2[k] = d2;
    a->at[k] = a->b->at[i];
}

static inline void see_mass(void *context, uint32_t i, double d2)
{
    (void)d2;
    struct around *a = context;
    a->mass += a->b->mass ? a->b->mass[i] : 1;
}

static inline int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

// |mean of e^(6iθ)| over the six nearest, seen along their common normal.
static inline double bond_order(const struct around *a, struct smp_vec3 p)
{
    struct smp_vec3 n = { 0, 0, 0 };
    for (int i = 0; i < 6; i++)
        for (int k = i + 1; k < 6; k++) {
            struct smp_vec3 c = smp_cross(smp_sub(a->at[i], p), smp_sub(a->at[k], p));
            if (smp_dot(c, n) < 0)
                c = smp_scale(c, -1);
            n = smp_add(n, c);
        }
    n = smp_unit(n);
    const struct smp_vec3 t = fabs(n.x) < 0.6 ? smp_vec3(1, 0, 0) : smp_vec3(0, 1, 0);
    const struct smp_vec3 e = smp_unit(smp_cross(n, t)), f = smp_cross(n, e);
    double x = 0, y = 0;
    for (int i = 0; i < 6; i++) {
        const struct smp_vec3 d = smp_sub(a->at[i], p);
        const double six_times = 6 * atan2(smp_dot(d, f), smp_dot(d, e));
        x += cos(six_times);
        y += sin(six_times);
    }
    return hypot(x, y) / 6;
}

struct scene {
    const struct smp_mesh *mesh;
    shape_fn shape;
    double factor; // dots/mm² per unit of shape
    struct smp_vec3 low, high;
    struct smp_vec3 *spots; // quarters of triangles
    double *spot_mass;
    size_t spot_count;
};

static inline double hex_at(const struct scene *s, struct smp_vec3 p)
{
    return sqrt(2 / (sqrt(3) * s->shape(p) * s->factor));
}

static inline struct scene make_scene(const struct smp_mesh *mesh, shape_fn shape, size_t dots,
                                      struct smp_arena *arena)
{
    struct scene s = { mesh,        shape, 1,    { 0, 0, 0 },
                       { 0, 0, 0 }, NULL,  NULL, 4 * mesh->triangle_count };
    s.low = s.high = mesh->points[0];
    for (size_t i = 0; i < mesh->point_count; i++) {
        const struct smp_vec3 p = mesh->points[i];
        s.low = smp_vec3(fmin(s.low.x, p.x), fmin(s.low.y, p.y), fmin(s.low.z, p.z));
        s.high = smp_vec3(fmax(s.high.x, p.x), fmax(s.high.y, p.y), fmax(s.high.z, p.z));
    }
    s.spots = smp_new(arena, struct smp_vec3, s.spot_count);
    s.spot_mass = smp_new(arena, double, s.spot_count);
    static const double w[4][3] = { { 1, 1, 1 }, { 4, 1, 1 }, { 1, 4, 1 }, { 1, 1, 4 } };
    double total = 0;
    for (size_t t = 0; t < mesh->triangle_count; t++) {
        const struct smp_vec3 a = mesh->points[mesh->triangles[t][0]],
                              b = mesh->points[mesh->triangles[t][1]],
                              c = mesh->points[mesh->triangles[t][2]];
        const double area = smp_length(smp_cross(smp_sub(b, a), smp_sub(c, a))) / 2;
        for (int k = 0; k < 4; k++) {
            const double sum = w[k][0] + w[k][1] + w[k][2];
            const struct smp_vec3 p =
                smp_scale(smp_add(smp_add(smp_scale(a, w[k][0]), smp_scale(b, w[k][1])),
                                  smp_scale(c, w[k][2])),
                          1 / sum);
            s.spots[4 * t + k] = p;
            s.spot_mass[4 * t + k] = area / 4 * shape(p);
            total += s.spot_mass[4 * t + k];
        }
    }
    s.factor = (double)dots / total;
    for (size_t i = 0; i < s.spot_count; i++)
        s.spot_mass[i] *= s.factor;
    return s;
}

static inline void measure_spacing(struct measures *m, const struct scene *s, const struct bins *b,
                                   struct smp_arena *arena)
{
    double *nn = smp_new(arena, double, b->count), sum = 0, sum2 = 0, psi = 0, g[120] = { 0 };
    for (size_t i = 0; i < b->count; i++) {
        const struct smp_vec3 p = b->at[i];
        const double hex = hex_at(s, p);
        struct around a = { .b = b, .self = (uint32_t)i };
        for (double r = 3; a.count < 6; r *= 1.5) {
            a.count = 0;
            within(b, p, r * hex, see_near, &a);
        }
        nn[i] = sqrt(a.near2[0]) / hex;
        sum += nn[i];
        sum2 += nn[i] * nn[i];
        psi += bond_order(&a, p);
        for (size_t k = 0; k < a.count; k++) {
            const double d = sqrt(a.near2[k]) / hex;
            if (d < 3)
                g[(size_t)(d * 40)]++;
        }
    }
    const double n = (double)b->count;
    m->mean = sum / n;
    m->cv = sqrt(sum2 / n - m->mean * m->mean) / m->mean;
    m->psi6 = psi / n;
    m->g1 = 0;
    for (int k = 0; k < 120; k++) {
        const double ring = SMP_PI * (2 * k + 1) / 1600 * 2 / sqrt(3);
        m->g1 = fmax(m->g1, g[k] / (n * ring));
    }
    qsort(nn, b->count, sizeof *nn, by_value);
    m->least = nn[0];
    m->p1 = nn[b->count / 100];
}

static inline void measure_density(struct measures *m, const struct scene *s, const struct bins *b,
                                   struct smp_arena *arena)
{
    const struct bins spots =
        make_bins(s->spots, s->spot_mass, s->spot_count, s->low, s->high, b->cell, arena);
    double variance = 0, mean = 0;
    m->cover = 0;
    for (size_t i = 0; i < s->spot_count; i += s->spot_count / 3000 + 1) {
        const struct smp_vec3 p = s->spots[i];
        struct around have = { .b = b, .self = UINT32_MAX }, want = { .b = &spots };
        within(b, p, 6 * hex_at(s, p), see_mass, &have);
        within(&spots, p, 6 * hex_at(s, p), see_mass, &want);
        variance += (have.mass - want.mass) * (have.mass - want.mass);
        mean += want.mass;
    }
    m->f6 = variance / mean;
    for (size_t i = 0; i < s->spot_count; i++) {
        const struct smp_vec3 p = s->spots[i];
        struct around a = { .b = b, .self = UINT32_MAX };
        for (double r = 1.2; a.count < 1; r *= 1.5)
            within(b, p, r * hex_at(s, p), see_near, &a);
        m->cover = fmax(m->cover, sqrt(a.near2[0]) / hex_at(s, p));
    }
    double have[20] = { 0 }, want[20] = { 0 }, sum = 0;
    const double per_band = 20 / (s->high.z - s->low.z);
    for (size_t i = 0; i < b->count; i++)
        have[(size_t)fmin(19, (b->at[i].z - s->low.z) * per_band)]++;
    for (size_t i = 0; i < s->spot_count; i++)
        want[(size_t)fmin(19, (s->spots[i].z - s->low.z) * per_band)] += s->spot_mass[i];
    for (int k = 0; k < 20; k++)
        sum += (have[k] / want[k] - 1) * (have[k] / want[k] - 1);
    m->prof = sqrt(sum / 20);
}

static inline struct measures measure_all(const struct scene *s, const struct smp_vec3 *points,
                                          size_t count, struct smp_arena *arena)
{
    struct measures m;
    const double area_cell = sqrt(2 / (sqrt(3) * s->factor)); // spacing where shape is 1
    const struct bins b = make_bins(points, NULL, count, s->low, s->high, 1.5 * area_cell, arena);
    measure_spacing(&m, s, &b, arena);
    measure_density(&m, s, &b, arena);
    return m;
}

#endif
