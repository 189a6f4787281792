// Short-range repulsion in the local metric: evens the spacing, moves dots by less than a spacing.
#include "layout/layout_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef float v4 __attribute__((vector_size(16)));
typedef int32_t v4i __attribute__((vector_size(16)));

enum { grain = 1024 };

// ---- Prefixes ---------------------------------------------------------------------------------

enum smp_code smp_prefixes_make(struct smp_work *w, struct smp_err *err)
{
    w->prefixes = w->params->sessions;
    for (int p = 0; p < w->prefixes; p++) {
        struct smp_prefix *prefix = &w->prefix[p];
        *prefix = (struct smp_prefix){ .session = p + 1, .share = w->params->shares[p] };
        size_t count = 0;
        for (size_t i = 0; i < w->count; i++)
            count += w->session[i] <= p + 1;
        prefix->member = smp_new(w->scratch, uint32_t, count);
        prefix->sites = smp_new(w->scratch, struct smp_site, count);
        if (!prefix->member || !prefix->sites)
            return smp_fail(err, SMP_E_NOMEM, "no room for %zu dots", count);
        for (size_t i = 0; i < w->count; i++) {
            if (w->session[i] > p + 1)
                continue;
            prefix->member[prefix->count++] = (uint32_t)i;
            prefix->free_count += i < w->free_count;
        }
    }
    return SMP_OK;
}

void smp_prefix_refresh(struct smp_work *w, struct smp_prefix *p)
{
    const float share = (float)p->share;
    for (size_t k = 0; k < p->count; k++) {
        const uint32_t i = p->member[k];
        const float held = w->held ? w->held[i] : 0;
        p->sites[k] = (struct smp_site){ w->at[i][0], w->at[i][1], w->at[i][2],
                                         w->density[i] * (held + share * (1 - held)) };
    }
}

// ---- Forces -----------------------------------------------------------------------------------

// Sum of (1 - s²/8σ²)^4 (x - y) over the list, s² = |x - y|² × mean density. Four at a time, in
// the same order on every machine.
static void sum_pushes(const struct smp_site *sites, const struct smp_site *self,
                       const uint32_t *near, unsigned count, float per_cut2, float push[3])
{
    v4 fx = { 0 }, fy = { 0 }, fz = { 0 };
    const float half = 0.5f * per_cut2;
    for (unsigned k = 0; k < count; k += 4) {
        const v4 a = *(const v4 *)&sites[near[k]], b = *(const v4 *)&sites[near[k + 1]];
        const v4 c = *(const v4 *)&sites[near[k + 2]], d = *(const v4 *)&sites[near[k + 3]];
        const v4 ab = __builtin_shufflevector(a, b, 0, 4, 1, 5);
        const v4 cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
        const v4 ab2 = __builtin_shufflevector(a, b, 2, 6, 3, 7);
        const v4 cd2 = __builtin_shufflevector(c, d, 2, 6, 3, 7);
        const v4 dx = self->x - __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
        const v4 dy = self->y - __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
        const v4 dz = self->z - __builtin_shufflevector(ab2, cd2, 0, 1, 4, 5);
        const v4 density = self->density + __builtin_shufflevector(ab2, cd2, 2, 3, 6, 7);
        v4 t = 1 - (dx * dx + dy * dy + dz * dz) * (density * half);
        t = (v4)((v4i)t & (t > 0));
        t = t * t;
        t = t * t;
        fx += t * dx;
        fy += t * dy;
        fz += t * dz;
    }
    push[0] = (fx[0] + fx[1]) + (fx[2] + fx[3]);
    push[1] = (fy[0] + fy[1]) + (fy[2] + fy[3]);
    push[2] = (fz[0] + fz[1]) + (fz[2] + fz[3]);
}

struct round_job {
    struct smp_work *w;
    const struct smp_prefix *p;
    float per_cut2, step;
    const struct smp_prefix *only; // the one prefix there is: moves at once
};

static const float longest_step = 0.35f; // of 1/sqrt(density)
// Weight of the whole against each smaller prefix: most dots are held by the whole alone.
static const float whole_weight = 1.5f;

static void push_dots(void *context, size_t begin, size_t end)
{
    const struct round_job *job = context;
    struct smp_work *w = job->w;
    const struct smp_prefix *p = job->p;
    for (size_t k = begin; k < end; k++) {
        float push[3];
        const struct smp_site *self = &p->sites[k];
        const uint32_t i = p->member[k];
        sum_pushes(p->sites, self, p->lists.near + k * SMP_LIST_CAP, p->lists.count[k],
                   job->per_cut2, push);
        if (w->border)
            smp_border_push(w->border, w->s, w->face[i], w->at[i], self->density, job->per_cut2,
                            push);
        const float holding = (float)(w->prefixes - w->session[i]) + whole_weight;
        const float weight = (p->session == w->prefixes ? whole_weight : 1) / holding;
        const float length2 = push[0] * push[0] + push[1] * push[1] + push[2] * push[2];
        const float limit2 = longest_step * longest_step / self->density;
        float scale = job->step;
        if (length2 * scale * scale > limit2)
            scale = sqrtf(limit2 / length2);
        for (int x = 0; x < 3; x++)
            w->push[i][x] += push[x] * (scale * weight);
    }
}

void smp_move(struct smp_work *w, size_t i, float q[3])
{
    const uint32_t face = smp_walk(w->s, w->face[i], q);
    if (smp_density_at(&w->field.slope[face], q) <= 0)
        return;
    memcpy(w->at[i], q, 3 * sizeof *q);
    w->face[i] = face;
    w->density[i] = smp_spacing_density(&w->field, face, q);
}

static void move_dots(void *context, size_t begin, size_t end)
{
    struct smp_work *w = ((struct round_job *)context)->w;
    for (size_t i = begin; i < end; i++) {
        if (i + 8 < end) { // the walk waits for memory most of its time
            __builtin_prefetch(&w->s->planes[w->face[i + 8]]);
            __builtin_prefetch(&w->field.slope[w->face[i + 8]]);
            __builtin_prefetch(&w->s->next[w->face[i + 8]]);
        }
        float q[3];
        for (int x = 0; x < 3; x++) {
            q[x] = w->at[i][x] + w->push[i][x];
            w->push[i][x] = 0;
        }
        if (w->field.still && w->field.still[w->face[i]])
            continue;
        smp_move(w, i, q);
    }
}

// ---- Rounds -----------------------------------------------------------------------------------

struct schedule {
    int rounds;
    double sigma_first, sigma_last, step_first, step_last;
};

// A hard gap asks for as much evenness as the regularity that brings the same gap: `tight` is the
// gap in hexagonal spacings.
static struct schedule make_schedule(const struct smp_layout_params *params, double tight)
{
    const double r = params->regularity;
    const double by_gap = smp_clamp((tight - 0.45) / 0.30, 0, 1);
    const double late = 2 * r - 1 > by_gap ? 2 * r - 1 : by_gap;
    struct schedule s;
    if (params->sessions > 1)
        s = (struct schedule){ 9 + (int)(9 * (r > by_gap ? r : by_gap) + 0.5), 0.80, 0.38, 2.0,
                               1.8 };
    else
        s = (struct schedule){ 4 + (int)ceil(4 * late - 1e-9), 0.60 - 0.07 * late,
                               0.42 - 0.03 * late, 1.2, 1.0 };
    return s;
}

enum smp_code smp_relax(struct smp_work *w, struct smp_err *err)
{
    const double hardest = w->params->min_gap_mm * sqrt((double)w->field.highest) / SMP_HEX;
    const struct schedule s = make_schedule(w->params, hardest);
    for (int round = 0; round < s.rounds; round++) {
        const double t = s.rounds > 1 ? (double)round / (s.rounds - 1) : 1;
        const double sigma = s.sigma_first + t * (s.sigma_last - s.sigma_first);
        struct round_job job = { .w = w };
        job.per_cut2 = (float)(1 / (8 * sigma * sigma));
        job.step = (float)(s.step_first + t * (s.step_last - s.step_first));
        const bool rebuild = round == 0 || round == 2 || round == 6 || round == 11;
        for (int p = 0; p < w->prefixes; p++) {
            struct smp_prefix *prefix = &w->prefix[p];
            smp_prefix_refresh(w, prefix);
            if (rebuild && smp_lists_build(w, prefix, (float)(2.829 * sigma + 0.25), false))
                return smp_fail(err, SMP_E_NOMEM, "no room for neighbours of %zu dots",
                                prefix->count);
            job.p = prefix;
            smp_pool_for(w->pool, prefix->free_count, grain, push_dots, &job);
        }
        smp_pool_for(w->pool, w->free_count, grain, move_dots, &job);
    }
    return SMP_OK;
}

// ---- Jitter -----------------------------------------------------------------------------------

// Near normal: the sum of four uniform numbers of 16 bits, variance 1. No logarithm, no sine.
static float bell(uint64_t bits)
{
    const int32_t sum = (int32_t)(bits & 0xffff) + (int32_t)(bits >> 16 & 0xffff) +
                        (int32_t)(bits >> 32 & 0xffff) + (int32_t)(bits >> 48);
    return (float)(sum - 131070) * (1.7320508f / 65536);
}

static void jitter_dots(void *context, size_t begin, size_t end)
{
    struct smp_work *w = ((struct round_job *)context)->w;
    const float amplitude = ((struct round_job *)context)->step;
    for (size_t i = begin; i < end; i++) {
        const uint64_t bits = smp_hash64(w->params->seed ^ 0x71773e, w->id[i]);
        const float root = sqrtf(w->density[i]);
        // Jitter beyond the room that the hard gap leaves would only be pushed out again.
        float room = 0.6f * (0.80f - (float)w->params->min_gap_mm * root / (float)SMP_HEX);
        room = room < 0 ? 0 : room < amplitude ? room : amplitude;
        const float scale = room / root;
        const float a = bell(bits) * scale, b = bell(smp_hash64(bits, 1)) * scale;
        float n[3], e[3] = { 0, 0, 0 }, f[3];
        smp_face_normal(w->s, w->face[i], n);
        const int least = fabsf(n[0]) < 0.6f ? 0 : 1;
        e[least] = 1;
        for (int x = 0; x < 3; x++)
            e[x] -= n[least] * n[x];
        const float length = sqrtf(e[0] * e[0] + e[1] * e[1] + e[2] * e[2]);
        for (int x = 0; x < 3; x++)
            e[x] /= length;
        f[0] = n[1] * e[2] - n[2] * e[1];
        f[1] = n[2] * e[0] - n[0] * e[2];
        f[2] = n[0] * e[1] - n[1] * e[0];
        for (int x = 0; x < 3; x++)
            w->push[i][x] = a * e[x] + b * f[x];
    }
}

void smp_jitter(struct smp_work *w)
{
    const double r = w->params->regularity;
    struct round_job job = { .w = w, .step = (float)(0.26 * (1 - r) * (1 + 0.61 * r)) };
    if (!(job.step > 0))
        return;
    smp_pool_for(w->pool, w->free_count, grain, jitter_dots, &job);
    smp_pool_for(w->pool, w->free_count, grain, move_dots, &job);
}

// ---- Crop -------------------------------------------------------------------------------------

struct edge_dot {
    float ratio; // wanted density over the density with ghosts
    uint32_t i;
};

static int by_ratio(const void *a, const void *b)
{
    const struct edge_dot *x = a, *y = b;
    if (x->ratio != y->ratio)
        return x->ratio > y->ratio ? -1 : 1;
    return x->i < y->i ? -1 : x->i > y->i;
}

static void copy_dot(struct smp_work *w, size_t to, size_t from)
{
    memcpy(w->at[to], w->at[from], sizeof w->at[to]);
    w->face[to] = w->face[from];
    w->id[to] = w->id[from];
    w->session[to] = w->session[from];
    w->density[to] = w->density[from];
    if (w->held)
        w->held[to] = w->held[from];
}

// Keeps the `wanted` dots that lie deepest inside the outline: the line is drawn near half the
// density, and the count is exact. From here on dots may not leave the wanted density.
enum smp_code smp_crop(struct smp_work *w, size_t wanted, struct smp_err *err)
{
    struct edge_dot *edge = smp_new(w->scratch, struct edge_dot, w->free_count);
    bool *gone = smp_new(w->scratch, bool, w->free_count);
    if (!edge || !gone)
        return smp_fail(err, SMP_E_NOMEM, "no room for %zu dots", w->free_count);
    size_t edges = 0, inside = 0;
    for (size_t i = 0; i < w->free_count; i++) {
        const float real = smp_density_at(&w->field.real[w->face[i]], w->at[i]);
        const float wide = smp_density_at(&w->field.slope[w->face[i]], w->at[i]);
        const float ratio = real > 0 && wide > 0 ? real / wide : 0;
        if (ratio >= 0.999f)
            inside++;
        else
            edge[edges++] = (struct edge_dot){ ratio, (uint32_t)i };
    }
    qsort(edge, edges, sizeof *edge, by_ratio);
    size_t staying = inside;
    for (size_t e = 0; e < edges; e++) {
        gone[edge[e].i] = edge[e].ratio <= 0 || staying >= wanted;
        staying += !gone[edge[e].i];
    }
    w->field.slope = w->field.real;
    // Rounds of relaxing may have pushed more of them over the outline than were laid beyond it.
    if (staying < wanted && smp_bring_back(w, gone, wanted - staying))
        return smp_fail(err, SMP_E_NOMEM, "no room for %zu dots", w->free_count);
    // More inside than wanted: one goes here and there along the curve, so that no hole is left.
    const size_t excess = inside > wanted ? inside - wanted : 0;
    size_t kept = 0, met = 0;
    for (size_t i = 0; i < w->free_count; i++) {
        if (gone[i])
            continue;
        met++;
        if (excess == 0 || met * excess / inside == (met - 1) * excess / inside)
            copy_dot(w, kept++, i);
    }
    for (size_t i = w->free_count; i < w->count; i++)
        copy_dot(w, kept + i - w->free_count, i);
    w->count -= w->free_count - kept;
    w->free_count = kept;
    return SMP_OK;
}
