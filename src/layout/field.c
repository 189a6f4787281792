// Density: from points of the mesh to slopes and masses of faces; ghosts beyond hard outlines.
#include "layout/layout_impl.h"

#include <math.h>
#include <string.h>

// Dots laid beyond a hard outline and cropped after relaxing keep the outline free of chains
// (docs/layout.md). This many spacings of skin beyond it are enough.
static const double ghost_spacings = 3.5;
// Those farther out than this stay where the walk put them: a free rim would form rows, and the
// rows would reach in to the outline.
static const double still_spacings = 2.0;
#define FLT_MAX_MM 1e30f // farther than anything

// Spacing is not followed below this share of the highest density.
static const float lowest_share = 1.0f / 1024;

static enum smp_code check_density(const struct smp_surface *s, const double *density,
                                   struct smp_err *err)
{
    for (size_t i = 0; i < s->point_count; i++) {
        if (!(density[i] >= 0 && density[i] <= 1e8))
            return smp_fail(err, SMP_E_INPUT,
                            "density of point %zu must be 0 to 1e8 dots/cm², not %g", i,
                            density[i]);
    }
    return SMP_OK;
}

static double face_mean(const struct smp_surface *s, size_t t, const float *v)
{
    const uint32_t *c = s->corners[t];
    return ((double)v[c[0]] + (double)v[c[1]] + (double)v[c[2]]) / 3;
}

// Linear interpolation of corner values as a slope. A sliver has no gradient worth the name.
static struct smp_slope make_slope(const struct smp_surface *s, size_t t, const float *v)
{
    const uint32_t *c = s->corners[t];
    const float a = v[c[0]], b = v[c[1]], d = v[c[2]];
    if (a == b && b == d)
        return (struct smp_slope){ 0, 0, 0, a };
    if (s->sliver[t])
        return (struct smp_slope){ 0, 0, 0, (float)face_mean(s, t, v) };
    const struct smp_planes *f = &s->planes[t];
    struct smp_slope slope = { 0, 0, 0, 0 };
    for (int k = 0; k < 3; k++) { // edge k is opposite to corner k + 2
        const struct smp_vec3 p = smp_sub(s->points[c[(k + 2) % 3]], s->centre);
        const float height =
            f->x[k] * (float)p.x + f->y[k] * (float)p.y + f->z[k] * (float)p.z + f->w[k];
        const float rate = height > 0 ? v[c[(k + 2) % 3]] / height : 0;
        slope.x += f->x[k] * rate;
        slope.y += f->y[k] * rate;
        slope.z += f->z[k] * rate;
        slope.w += f->w[k] * rate;
    }
    return slope;
}

// ---- Ghosts -----------------------------------------------------------------------------------

struct spread {
    const struct smp_surface *s;
    const float *real;
    float *wide;
    float *far;      // mm from the outline, per welded point
    uint32_t *queue; // ring of faces
    size_t head, tail, size;
    bool *queued;
};

static bool faces_by_point(const struct smp_surface *s, uint32_t **start, uint32_t **faces,
                           struct smp_arena *arena)
{
    *start = smp_new(arena, uint32_t, s->point_count + 2);
    *faces = smp_new(arena, uint32_t, 3 * s->count);
    if (!*start || !*faces)
        return false;
    for (size_t t = 0; t < s->count; t++)
        for (int k = 0; k < 3; k++)
            (*start)[s->weld[s->corners[t][k]] + 2]++;
    for (size_t i = 0; i < s->point_count; i++)
        (*start)[i + 2] += (*start)[i + 1];
    for (size_t t = 0; t < s->count; t++)
        for (int k = 0; k < 3; k++)
            (*faces)[(*start)[s->weld[s->corners[t][k]] + 1]++] = (uint32_t)t;
    return true;
}

static double longest_edge2(const struct smp_surface *s, size_t t)
{
    double longest2 = 0;
    for (int k = 0; k < 3; k++) {
        const struct smp_vec3 e =
            smp_sub(s->points[s->corners[t][(k + 1) % 3]], s->points[s->corners[t][k]]);
        longest2 = smp_dot(e, e) > longest2 ? smp_dot(e, e) : longest2;
    }
    return longest2;
}

// Is the end of the density steep, so that one spacing does not see it coming? Then the outline
// continues the density found just inside.
static void mark_outline(struct spread *g)
{
    const struct smp_surface *s = g->s;
    for (size_t t = 0; t < s->count; t++) {
        const uint32_t *c = s->corners[t];
        const float a = g->real[c[0]], b = g->real[c[1]], d = g->real[c[2]];
        if ((a > 0) == (b > 0) && (b > 0) == (d > 0))
            continue;
        const float top = a > b ? (a > d ? a : d) : (b > d ? b : d);
        if (longest_edge2(s, t) * (double)top > 2)
            continue; // over 1.4 spacings wide: a feather
        for (int k = 0; k < 3; k++) {
            const uint32_t v = s->weld[c[k]];
            if (g->real[c[k]] > 0) {
                g->far[v] = 0;
                if (g->wide[v] < top)
                    g->wide[v] = top;
            }
        }
    }
}

// Label correcting over faces: distances along edges from the outline, its density carried on.
static void carry_on(struct spread *g, const uint32_t *start, const uint32_t *faces)
{
    const struct smp_surface *s = g->s;
    while (g->head != g->tail) {
        const uint32_t t = g->queue[g->head++ % g->size];
        g->queued[t] = false;
        for (int k = 0; k < 6; k++) {
            const uint32_t from_corner = s->corners[t][k % 3];
            const uint32_t to_corner = s->corners[t][(k + 1 + k / 3) % 3];
            const uint32_t a = s->weld[from_corner], b = s->weld[to_corner];
            if (!(g->far[a] < FLT_MAX_MM) || g->real[b] > 0)
                continue;
            const double step = smp_length(smp_sub(s->points[a], s->points[b]));
            const float far = g->far[a] + (float)step;
            const double spacings = (double)far * sqrt((double)g->wide[a]);
            if (!(far < g->far[b]) || spacings > ghost_spacings + 1)
                continue;
            g->far[b] = far;
            g->wide[b] = g->wide[a];
            for (uint32_t i = start[b]; i < start[b + 1]; i++) {
                if (!g->queued[faces[i]]) {
                    g->queued[faces[i]] = true;
                    g->queue[g->tail++ % g->size] = faces[i];
                }
            }
        }
    }
}

static enum smp_code widen(float *wide, bool *still, const struct smp_surface *s, const float *real)
{
    struct smp_arena scratch;
    smp_arena_make(&scratch, 0);
    uint32_t *start, *faces;
    struct spread g = { .s = s, .real = real, .wide = wide, .size = s->count + 1 };
    g.far = smp_new(&scratch, float, s->point_count);
    g.queue = smp_new(&scratch, uint32_t, g.size);
    g.queued = smp_new(&scratch, bool, s->count);
    if (!g.far || !g.queue || !g.queued || !faces_by_point(s, &start, &faces, &scratch)) {
        smp_arena_drop(&scratch);
        return SMP_E_NOMEM;
    }
    for (size_t i = 0; i < s->point_count; i++)
        g.far[i] = FLT_MAX_MM;
    mark_outline(&g);
    for (size_t t = 0; t < s->count; t++) {
        bool edge = false;
        for (int k = 0; k < 3; k++)
            edge = edge || g.far[s->weld[s->corners[t][k]]] == 0;
        if (edge) {
            g.queued[t] = true;
            g.queue[g.tail++ % g.size] = (uint32_t)t;
        }
    }
    carry_on(&g, start, faces);
    for (size_t i = 0; i < s->point_count; i++)
        wide[i] = wide[s->weld[i]];
    for (size_t t = 0; t < s->count; t++) {
        for (int k = 0; k < 3; k++) {
            const uint32_t v = s->weld[s->corners[t][k]];
            still[t] = still[t] ||
                       (real[v] <= 0 && (double)g.far[v] * sqrt((double)wide[v]) > still_spacings);
        }
    }
    smp_arena_drop(&scratch);
    return SMP_OK;
}

// ---- The field --------------------------------------------------------------------------------

static void fill_faces(struct smp_density *f, const struct smp_surface *s, const float *real,
                       const float *wide)
{
    for (size_t t = 0; t < s->count; t++) {
        const double area = (double)s->area_mm2[t];
        f->slope[t] = make_slope(s, t, wide);
        f->mass[t] = area * face_mean(s, t, wide);
        f->mass_total += f->mass[t];
        if (f->has_ghosts)
            f->real[t] = make_slope(s, t, real);
        const double mean = face_mean(s, t, real);
        f->real_total += area * mean;
        if (mean > 0)
            f->area_mm2 += area;
        if ((float)mean > f->highest)
            f->highest = (float)mean;
    }
}

static enum smp_code scale_to(struct smp_density *f, float *real, const struct smp_surface *s,
                              const double *density_per_cm2, double count, struct smp_err *err)
{
    double total = 0;
    for (size_t t = 0; t < s->count; t++) {
        const uint32_t *c = s->corners[t];
        total += (double)s->area_mm2[t] *
                 (density_per_cm2[c[0]] + density_per_cm2[c[1]] + density_per_cm2[c[2]]) / 300;
    }
    if (!(total > 0))
        return smp_fail(err, SMP_E_INPUT, "density: it is 0 everywhere on the surface");
    const double scale = count > 0 ? count / total : 1;
    for (size_t i = 0; i < s->point_count; i++) {
        real[i] = (float)(density_per_cm2[i] / 100 * scale);
        f->has_ghosts = f->has_ghosts || real[i] == 0;
    }
    return SMP_OK;
}

enum smp_code smp_field_make(struct smp_density *field, const struct smp_surface *s,
                             const double *density_per_cm2, double count, struct smp_arena *arena,
                             struct smp_err *err)
{
    enum smp_code code = check_density(s, density_per_cm2, err);
    if (code)
        return code;
    struct smp_density f = { 0 };
    float *real = smp_new(arena, float, s->point_count);
    float *wide = real;
    f.slope = smp_new(arena, struct smp_slope, s->count);
    f.mass = smp_new(arena, double, s->count);
    if (!real || !f.slope || !f.mass)
        return smp_fail(err, SMP_E_NOMEM, "no room for the density of %zu triangles", s->count);
    f.real = f.slope;
    code = scale_to(&f, real, s, density_per_cm2, count, err);
    if (code)
        return code;
    if (f.has_ghosts) {
        wide = smp_new(arena, float, s->point_count);
        f.real = smp_new(arena, struct smp_slope, s->count);
        f.still = smp_new(arena, bool, s->count);
        if (!wide || !f.real || !f.still)
            return smp_fail(err, SMP_E_NOMEM, "no room for the density of %zu points",
                            s->point_count);
        memcpy(wide, real, s->point_count * sizeof *wide);
        if (widen(wide, f.still, s, real))
            return smp_fail(err, SMP_E_NOMEM, "no room for the outline of the density");
    }
    fill_faces(&f, s, real, wide);
    f.corner = wide;
    f.lowest = f.highest * lowest_share;
    *field = f;
    return SMP_OK;
}
