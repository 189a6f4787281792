// The gap: pairs that are too near move apart; what stays short is for lift.c.
#include "layout/layout_impl.h"

#include <math.h>
#include <string.h>

enum { passes_max = 30, stall = 4, grain = 1024 };

// Aimed above the gap, tested at the gap: floats, rounding and a last half step need room.
static const float aim = 1.002f, enough = 1.0002f;
// Share of the way a dot goes for a pair; over a half, because pulls of several pairs cancel
// (0.5: 40 passes, 0.7: 24 for the same).
static const float mine = 0.7f;
static const float skin = 0.24f; // of lists, in 1/sqrt(density); half of it may be used up

// Gap that goes with a regularity, in hexagonal spacings.
double smp_regular_gap(const struct smp_work *w, bool of_prefix)
{
    if (w->hard_only)
        return 0;
    const double r = w->params->regularity;
    double even = 0.40;
    if (w->params->sessions > 1) // the smaller prefixes yield where fixed points narrow the room
        even = !of_prefix ? 0.35 : w->held ? 0.20 : 0.347;
    return 0.30 + 0.10 * r + even * r * r * r;
}

double smp_pair_gap(const struct smp_work *w, double density_a, double density_b)
{
    const double rel = smp_regular_gap(w, false) * SMP_HEX * sqrt(2 / (density_a + density_b));
    return rel > w->params->min_gap_mm ? rel : w->params->min_gap_mm;
}

struct gap_job {
    struct smp_work *w;
    const struct smp_prefix *p;
    const bool *active;
    float rel2, hard2; // of distances: (rel × hex)², mm²
    bool last;
};

static void push_short(void *context, size_t begin, size_t end)
{
    const struct gap_job *job = context;
    struct smp_work *w = job->w;
    const struct smp_prefix *p = job->p;
    for (size_t k = begin; k < end; k++) {
        const uint32_t i = p->member[k];
        if (!job->active[i])
            continue;
        const struct smp_site *self = &p->sites[k];
        const uint32_t *near = p->lists.near + k * SMP_LIST_CAP;
        for (unsigned n = 0; n < p->lists.count[k]; n++) {
            const struct smp_site *other = &p->sites[near[n]];
            const float d[3] = { self->x - other->x, self->y - other->y, self->z - other->z };
            const float d2 = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
            float gap2 = job->rel2 * 2 / (self->density + other->density);
            gap2 = gap2 > job->hard2 ? gap2 : job->hard2;
            if (d2 >= gap2 * (enough * enough) || near[n] == k)
                continue;
            const uint32_t j = p->member[near[n]];
            if (!job->last && w->session[i] != p->session && w->session[j] != p->session)
                continue; // held to the gap of an earlier prefix
            const float distance = sqrtf(d2), gap = sqrtf(gap2) * aim;
            const float by = (gap - distance) * (w->session[j] ? mine : 1.0f);
            const float scale = distance > 0 ? by / distance : 0;
            for (int x = 0; x < 3; x++)
                w->push[i][x] += d[x] * scale;
        }
    }
}

static void move_pushed(void *context, size_t begin, size_t end)
{
    const struct gap_job *job = context;
    struct smp_work *w = job->w;
    for (size_t i = begin; i < end; i++) {
        const float *push = w->push[i];
        if (i + 8 < end && w->push[i + 8][0] != 0) {
            __builtin_prefetch(&w->s->planes[w->face[i + 8]]);
            __builtin_prefetch(&w->field.slope[w->face[i + 8]]);
        }
        if (push[0] == 0 && push[1] == 0 && push[2] == 0)
            continue;
        float q[3], length2 = 0;
        const float limit = 0.35f / sqrtf(w->density[i]);
        for (int x = 0; x < 3; x++)
            length2 += push[x] * push[x];
        const float scale = length2 > limit * limit ? limit / sqrtf(length2) : 1;
        for (int x = 0; x < 3; x++)
            q[x] = w->at[i][x] + push[x] * scale;
        smp_move(w, i, q);
    }
}

// Next to look at: dots moved in this pass and their neighbours. Clears the pushes and
// returns how many moved (in sessions a dot counts once a prefix).
static size_t mark_active(struct smp_work *w, bool *active)
{
    size_t moved = 0;
    memset(active, 0, w->free_count * sizeof *active);
    for (int p = 0; p < w->prefixes; p++) {
        const struct smp_prefix *prefix = &w->prefix[p];
        for (size_t k = 0; k < prefix->free_count; k++) {
            const uint32_t i = prefix->member[k];
            const float *push = w->push[i];
            if (push[0] == 0 && push[1] == 0 && push[2] == 0)
                continue;
            moved++;
            active[i] = true;
            const uint32_t *near = prefix->lists.near + k * SMP_LIST_CAP;
            for (unsigned n = 0; n < prefix->lists.count[k]; n++)
                if (prefix->member[near[n]] < w->free_count)
                    active[prefix->member[near[n]]] = true;
        }
    }
    memset(w->push, 0, w->free_count * sizeof *w->push);
    return moved;
}

static enum smp_code build_all(struct smp_work *w, float (*anchor)[3])
{
    float highest = 0;
    for (size_t i = 0; i < w->count; i++)
        highest = w->density[i] > highest ? w->density[i] : highest;
    for (int p = 0; p < w->prefixes; p++) {
        struct smp_prefix *prefix = &w->prefix[p];
        smp_prefix_refresh(w, prefix);
        const bool last = p == w->prefixes - 1;
        float reach = (float)(smp_regular_gap(w, !last) * SMP_HEX);
        const float hard = last ? (float)w->params->min_gap_mm * sqrtf(highest) : 0;
        reach = (reach > hard ? reach : hard) * aim + skin;
        const enum smp_code code =
            smp_lists_build(w, prefix, reach, last && w->params->min_gap_mm > 0);
        if (code)
            return code;
    }
    memcpy(anchor, w->at, w->free_count * sizeof *anchor);
    return SMP_OK;
}

// Has a dot left its place at the last build by half the skin?
static bool drifted(const struct smp_work *w, const float (*anchor)[3])
{
    for (size_t i = 0; i < w->free_count; i++) {
        float far2 = 0;
        for (int x = 0; x < 3; x++)
            far2 += (w->at[i][x] - anchor[i][x]) * (w->at[i][x] - anchor[i][x]);
        if (far2 * w->density[i] > 0.25f * skin * skin)
            return true;
    }
    return false;
}

enum smp_code smp_project(struct smp_work *w, struct smp_err *err)
{
    bool *active = smp_new(w->scratch, bool, w->free_count);
    float(*anchor)[3] = (float(*)[3])smp_alloc(w->scratch, w->free_count, sizeof *anchor);
    enum smp_code code = active && anchor ? build_all(w, anchor) : SMP_E_NOMEM;
    if (!code)
        memset(active, 1, w->free_count * sizeof *active);
    const bool fixed = w->count > w->free_count;
    size_t moved[passes_max];
    for (int pass = 0; pass < passes_max && !code; pass++) {
        struct gap_job job = { .w = w, .active = active };
        for (int p = 0; p < w->prefixes; p++) {
            job.p = &w->prefix[p];
            job.last = p == w->prefixes - 1;
            const double rel = smp_regular_gap(w, !job.last) * SMP_HEX;
            job.rel2 = (float)(rel * rel);
            job.hard2 = job.last ? (float)(w->params->min_gap_mm * w->params->min_gap_mm) : 0;
            if (pass > 0)
                smp_prefix_refresh(w, &w->prefix[p]);
            smp_pool_for(w->pool, job.p->free_count, grain, push_short, &job);
        }
        smp_pool_for(w->pool, w->free_count, grain, move_pushed, &job);
        moved[pass] = mark_active(w, active);
        if (moved[pass] == 0)
            break;
        // Dots trapped between fixed ones do not come free by pushing: lift them soon.
        if (fixed && pass > stall && moved[pass] * 7 > moved[pass - stall] * 6)
            break;
        // Lists a little out of date do no harm under way; at the end they must be right.
        if (pass % stall == stall - 1 && drifted(w, (const float(*)[3])anchor))
            code = build_all(w, anchor);
    }
    if (!code && drifted(w, (const float(*)[3])anchor))
        code = build_all(w, anchor);
    if (!code)
        for (int p = 0; p < w->prefixes; p++)
            smp_prefix_refresh(w, &w->prefix[p]);
    return code ? smp_fail(err, code, "no room to keep the gap of %zu dots", w->free_count)
                : SMP_OK;
}
