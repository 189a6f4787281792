// Open borders: a still medium beyond the edge, so that dots neither line it nor shun it.
//
// Without it the dots of the rim are pushed against the edge and build a chain there; a medium of
// full density builds the chain half a spacing further in. Its force has a closed form.
#include "layout/layout_impl.h"

#include <math.h>

// Share of the density that the medium has (measured: bench and docs/layout.md).
static const float medium = 0.35f;

struct smp_border {
    uint32_t *edge; // per face: nearest border edge as face * 4 + side, or SMP_NO_FACE
};

static struct smp_vec3 corner(const struct smp_surface *s, uint32_t edge, uint32_t end)
{
    const uint32_t k = ((edge & 3) + end) % 3;
    return smp_sub(s->points[s->corners[edge >> 2][k]], s->centre);
}

// From the nearest point of an edge to p.
static struct smp_vec3 off_edge(const struct smp_surface *s, uint32_t edge, struct smp_vec3 p)
{
    const struct smp_vec3 a = corner(s, edge, 0), along = smp_sub(corner(s, edge, 1), a);
    const double length2 = smp_dot(along, along);
    const double t = length2 > 0 ? smp_clamp(smp_dot(smp_sub(p, a), along) / length2, 0, 1) : 0;
    return smp_sub(p, smp_add(a, smp_scale(along, t)));
}

static struct smp_vec3 middle_of(const struct smp_surface *s, uint32_t face)
{
    struct smp_vec3 sum = { 0, 0, 0 };
    for (int k = 0; k < 3; k++)
        sum = smp_add(sum, s->points[s->corners[face][k]]);
    return smp_sub(smp_scale(sum, 1.0 / 3), s->centre);
}

struct spread {
    const struct smp_surface *s;
    uint32_t *edge, *queue;
    double *far2;
    bool *queued;
    size_t head, tail, size;
};

static void offer(struct spread *g, uint32_t face, uint32_t edge, double reach2)
{
    const struct smp_vec3 d = off_edge(g->s, edge, middle_of(g->s, face));
    const double far2 = smp_dot(d, d);
    if (far2 >= g->far2[face] || far2 > reach2)
        return;
    g->far2[face] = far2;
    g->edge[face] = edge;
    if (!g->queued[face]) {
        g->queued[face] = true;
        g->queue[g->tail++ % g->size] = face;
    }
}

struct smp_border *smp_border_make(const struct smp_surface *s, double reach_mm,
                                   struct smp_arena *arena)
{
    struct smp_border *b = smp_new(arena, struct smp_border, 1);
    struct spread g = { .s = s, .size = s->count + 1 };
    g.edge = smp_new(arena, uint32_t, s->count);
    g.queue = smp_new(arena, uint32_t, g.size);
    g.far2 = smp_new(arena, double, s->count);
    g.queued = smp_new(arena, bool, s->count);
    if (!b || !g.edge || !g.queue || !g.far2 || !g.queued)
        return NULL;
    for (size_t t = 0; t < s->count; t++) {
        g.edge[t] = SMP_NO_FACE;
        g.far2[t] = 1e300;
    }
    for (uint32_t t = 0; t < s->count; t++)
        for (uint32_t k = 0; k < 3; k++)
            if (s->next[t][k] == SMP_NO_FACE)
                offer(&g, t, t * 4 + k, 1e299);
    while (g.head != g.tail) {
        const uint32_t face = g.queue[g.head++ % g.size];
        g.queued[face] = false;
        for (int k = 0; k < 3; k++)
            if (s->next[face][k] != SMP_NO_FACE)
                offer(&g, s->next[face][k], g.edge[face], reach_mm * reach_mm);
    }
    b->edge = g.edge;
    return b;
}

// For a straight edge at distance y and dots of density ρ pushing by (1 - s²/c²)^4, s² = ρ d²:
//   F = medium · B / (11 c^8) · (c² - ρ y²)^5.5 / sqrt(ρ),   B = ∫(1 - t²)^4 dt = 256 / 315.
void smp_border_push(const struct smp_border *b, const struct smp_surface *s, uint32_t face,
                     const float at[3], float density, float per_cut2, float push[3])
{
    const uint32_t edge = b->edge[face];
    if (edge == SMP_NO_FACE)
        return;
    const struct smp_vec3 d =
        off_edge(s, edge, smp_vec3((double)at[0], (double)at[1], (double)at[2]));
    const float y2 = (float)smp_dot(d, d) * density * per_cut2; // of c²
    if (y2 >= 1)
        return;
    const float rest = 1 - y2, rest2 = rest * rest;
    const float cut2 = 1 / per_cut2;
    const float force = medium * (256.0f / (315 * 11)) * cut2 * sqrtf(cut2) *
                        (rest2 * rest2 * rest * sqrtf(rest)) / sqrtf(density);
    const float y = (float)smp_length(d);
    if (y > 1e-4f) {
        push[0] += (float)d.x * (force / y);
        push[1] += (float)d.y * (force / y);
        push[2] += (float)d.z * (force / y);
        return;
    }
    const struct smp_planes *f = &s->planes[edge >> 2];
    push[0] += f->x[edge & 3] * force;
    push[1] += f->y[edge & 3] * force;
    push[2] += f->z[edge & 3] * force;
}
