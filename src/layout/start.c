// The start: a walk over the faces in curve order, a dot wherever the mass passed adds up to one
// more. Error O(1) dot over any stretch of the curve, so densities and long waves are right from
// here on; what follows moves dots by less than a spacing.
#include "layout/layout_impl.h"

#include <math.h>
#include <string.h>

static const double cell_mass = 0.25;    // cells of a face are split until they hold less
static const double start_jitter = 0.25; // of a share along the curve; 1: plain stratified
static const double debt_cap = 8;        // shares a crowd of fixed points can owe
enum { deepest = 40 };

struct walker {
    const struct smp_work *w;
    double scale;   // of masses, so that the count is met
    double passed;  // mass passed
    double next_at; // where the next dot comes
    double forgiven;
    size_t placed, room;
    float (*at)[3]; // NULL: only count
    uint32_t *face;
    uint32_t current;

    // Fixed points. Each takes the share of mass around its place on the curve, half of it before
    // and half behind, so that the new dots make room on both sides.
    const float (*fixed_at)[3];
    size_t fixed_count, met, paid; // those begun with and those done with, in curve order
    double paid_mass;              // shares of those done with
    const double *share_given;     // NULL: 1 each
    double *fixed_mass;            // mass passed at each, before scaling; in curve order
    double *fixed_share;           // of one dot; in curve order
    uint32_t *fixed_met;           // dots placed before each; in curve order
    bool noting;                   // this walk only notes fixed_mass
};

struct cell {
    float p[3][3]; // entry, exit, apex of the curve through it
    float d[3];    // densities there
    double mass;
};

static double threshold_jitter(const struct walker *k, size_t i)
{
    struct smp_rng rng = smp_rng_make(k->w->params->seed ^ 0x7a11, i);
    return start_jitter * (smp_rng_unit(&rng) - 0.5);
}

// A point of the cell, by its density (the cell is small: a few trials do).
static void place_in(struct walker *k, const struct cell *c)
{
    if (k->at && k->placed < k->room) {
        struct smp_rng rng = smp_rng_make(k->w->params->seed, k->placed);
        float top = c->d[0] > c->d[1] ? c->d[0] : c->d[1];
        top = top > c->d[2] ? top : c->d[2];
        float a = 0, b = 0;
        for (int trial = 0; trial < 12; trial++) {
            a = (float)smp_rng_unit(&rng);
            b = (float)smp_rng_unit(&rng);
            if (a + b > 1) {
                a = 1 - a;
                b = 1 - b;
            }
            const float d = c->d[0] + a * (c->d[1] - c->d[0]) + b * (c->d[2] - c->d[0]);
            if ((float)smp_rng_unit(&rng) * top <= d)
                break;
        }
        for (int x = 0; x < 3; x++)
            k->at[k->placed][x] =
                c->p[0][x] + a * (c->p[1][x] - c->p[0][x]) + b * (c->p[2][x] - c->p[0][x]);
        k->face[k->placed] = k->current;
    }
    k->placed++;
    k->next_at = (double)k->placed + 0.5 + threshold_jitter(k, k->placed);
}

// Where on the curve a fixed point's share begins.
static double share_begins(const struct walker *k, size_t i)
{
    return k->fixed_mass[i] * k->scale - 0.5 * k->fixed_share[i];
}

// Mass passed less what fixed points have taken of it.
static double left_over(struct walker *k)
{
    while (k->met < k->fixed_count && share_begins(k, k->met) < k->passed)
        k->fixed_met[k->met++] = (uint32_t)k->placed;
    while (k->paid < k->met && share_begins(k, k->paid) + k->fixed_share[k->paid] <= k->passed)
        k->paid_mass += k->fixed_share[k->paid++];
    double taken = k->paid_mass;
    for (size_t i = k->paid; i < k->met; i++) {
        const double part = k->passed - share_begins(k, i);
        taken += part < k->fixed_share[i] ? part : k->fixed_share[i];
    }
    const double left = k->passed - taken + k->forgiven;
    if ((double)k->placed - left > debt_cap)
        k->forgiven += (double)k->placed - left - debt_cap;
    return left;
}

// Does a point lie on the entry's side of the line from the apex to the middle of the cell?
static bool before_middle(const struct cell *c, const float middle[3], const float p[3])
{
    float along[3], line[3], off[3];
    for (int x = 0; x < 3; x++) {
        along[x] = c->p[1][x] - c->p[0][x];
        line[x] = middle[x] - c->p[2][x];
        off[x] = p[x] - c->p[2][x];
    }
    const float ll = line[0] * line[0] + line[1] * line[1] + line[2] * line[2];
    const float al = along[0] * line[0] + along[1] * line[1] + along[2] * line[2];
    const float ol = off[0] * line[0] + off[1] * line[1] + off[2] * line[2];
    const float oa = off[0] * along[0] + off[1] * along[1] + off[2] * along[2];
    return ll > 0 ? oa * ll < ol * al : oa < 0;
}

// Newest-vertex bisection: entry → apex, apex → exit, so the halves follow on each other as in
// Sierpinski's curve and their shapes stay sound.
static void walk_cell(struct walker *k, const struct cell *c, uint32_t *fixed, size_t fixed_count,
                      int depth)
{
    if (depth == deepest || (c->mass < cell_mass && fixed_count < 2)) {
        for (size_t i = 0; k->noting && i < fixed_count; i++) {
            k->fixed_share[k->met] = k->share_given ? k->share_given[fixed[i]] : 1;
            k->fixed_mass[k->met++] = k->passed + 0.5 * c->mass;
        }
        k->passed += c->mass;
        while (!k->noting && left_over(k) >= k->next_at)
            place_in(k, c);
        return;
    }
    struct cell half[2];
    float middle[3];
    const float d = 0.5f * (c->d[0] + c->d[1]);
    for (int x = 0; x < 3; x++)
        middle[x] = 0.5f * (c->p[0][x] + c->p[1][x]);
    for (int h = 0; h < 2; h++) {
        memcpy(half[h].p[0], c->p[h ? 2 : 0], sizeof middle);
        memcpy(half[h].p[1], c->p[h ? 1 : 2], sizeof middle);
        memcpy(half[h].p[2], middle, sizeof middle);
        half[h].d[0] = c->d[h ? 2 : 0];
        half[h].d[1] = c->d[h ? 1 : 2];
        half[h].d[2] = d;
    }
    const double first = (double)(c->d[0] + c->d[2] + d), second = (double)(c->d[1] + c->d[2] + d);
    const double share = first + second > 0 ? first / (first + second) : 0.5;
    half[0].mass = c->mass * share;
    half[1].mass = c->mass - half[0].mass;
    size_t split = 0;
    for (size_t i = 0; i < fixed_count; i++) {
        if (before_middle(c, middle, k->fixed_at[fixed[i]])) {
            const uint32_t swap = fixed[i];
            memmove(fixed + split + 1, fixed + split, (i - split) * sizeof *fixed);
            fixed[split++] = swap;
        }
    }
    walk_cell(k, &half[0], fixed, split, depth + 1);
    walk_cell(k, &half[1], fixed ? fixed + split : NULL, fixed_count - split, depth + 1);
}

// The curve runs along the longest edge, in the direction the faces are going.
static void face_cell(const struct walker *k, size_t t, struct cell *c)
{
    const struct smp_surface *s = k->w->s;
    struct smp_vec3 p[3];
    double longest = -1;
    int from = 0;
    for (int i = 0; i < 3; i++)
        p[i] = smp_sub(s->points[s->corners[t][i]], s->centre);
    for (int i = 0; i < 3; i++) {
        const struct smp_vec3 e = smp_sub(p[(i + 1) % 3], p[i]);
        if (smp_dot(e, e) > longest) {
            longest = smp_dot(e, e);
            from = i;
        }
    }
    int to = (from + 1) % 3;
    const size_t last = t > 0 ? t - 1 : t, next = t + 1 < s->count ? t + 1 : t;
    const struct smp_vec3 going =
        smp_sub(s->points[s->corners[next][0]], s->points[s->corners[last][0]]);
    const int apex = 3 - from - to;
    if (smp_dot(going, smp_sub(p[to], p[from])) < 0) {
        const int swap = from;
        from = to;
        to = swap;
    }
    const int corner[3] = { from, to, apex };
    for (int i = 0; i < 3; i++) {
        const struct smp_vec3 v = p[corner[i]];
        c->p[i][0] = (float)v.x;
        c->p[i][1] = (float)v.y;
        c->p[i][2] = (float)v.z;
        c->d[i] = k->w->field.corner[s->corners[t][corner[i]]];
    }
    c->mass = k->w->field.mass[t] * k->scale;
}

static void walk_faces(struct walker *k, uint32_t *by_face, const uint32_t *first)
{
    const struct smp_surface *s = k->w->s;
    k->passed = k->forgiven = k->paid_mass = 0;
    k->placed = k->met = k->paid = 0;
    k->next_at = 0.5 + threshold_jitter(k, 0);
    for (size_t t = 0; t < s->count; t++) {
        const size_t fixed = first ? first[t + 1] - first[t] : 0;
        const double mass = k->w->field.mass[t] * k->scale;
        if (fixed == 0 && mass < cell_mass) { // most faces of a fine mesh: nothing comes
            k->passed += mass;
            if (k->noting || (k->fixed_count ? left_over(k) : k->passed) < k->next_at)
                continue;
            k->passed -= mass;
        }
        if (fixed == 0 && mass <= 0)
            continue;
        struct cell c;
        face_cell(k, t, &c);
        k->current = (uint32_t)t;
        walk_cell(k, &c, by_face ? by_face + first[t] : NULL, fixed, 0);
    }
}

// Fixed points by face, each list in the order given.
static bool sort_fixed(uint32_t **by_face, uint32_t **first, const struct smp_surface *s,
                       const uint32_t *face, size_t count, struct smp_arena *scratch)
{
    *first = smp_new(scratch, uint32_t, s->count + 2);
    *by_face = smp_new(scratch, uint32_t, count);
    if (!*first || !*by_face)
        return false;
    for (size_t i = 0; i < count; i++)
        if (face[i] != SMP_NO_FACE)
            (*first)[face[i] + 2]++;
    for (size_t t = 0; t < s->count; t++)
        (*first)[t + 2] += (*first)[t + 1];
    for (size_t i = 0; i < count; i++)
        if (face[i] != SMP_NO_FACE)
            (*by_face)[(*first)[face[i] + 1]++] = (uint32_t)i;
    return true;
}

// Sessions: the whole is thinned to each smaller prefix along the curve, so every prefix has its
// error bounded along the curve as the whole has.
static void label_sessions(struct smp_work *w)
{
    const int sessions = w->params->sessions;
    memset(w->session, sessions, w->free_count);
    double whole = 1;
    for (int k = sessions - 1; k >= 1; k--) {
        const double share = w->params->shares[k - 1] / whole;
        struct smp_rng rng = smp_rng_make(w->params->seed ^ 0x5e55, (uint64_t)k);
        double sum = 0, next_at = 0.5 + start_jitter * (smp_rng_unit(&rng) - 0.5);
        size_t taken = 0;
        for (size_t i = 0; i < w->free_count; i++) {
            if (w->session[i] != k + 1)
                continue;
            sum += share;
            if (sum >= next_at) {
                w->session[i] = (uint8_t)k;
                taken++;
                next_at = (double)taken + 0.5 + start_jitter * (smp_rng_unit(&rng) - 0.5);
            }
        }
        whole = w->params->shares[k - 1];
    }
}

// Share of fixed points among those around each dot on the curve.
static void share_held(struct smp_work *w, const struct walker *k, const uint32_t *by_face)
{
    enum { window = 64 };
    size_t low = 0, high = 0; // fixed points met within half a window of dots
    for (size_t i = 0; i < w->free_count; i++) {
        while (high < k->fixed_count && k->fixed_met[high] <= i + window / 2)
            high++;
        while (low < high && k->fixed_met[low] + window / 2 < i)
            low++;
        const float f = (float)(high - low);
        w->held[i] = f / (f + (float)window);
    }
    for (size_t f = 0; f < k->fixed_count && w->free_count; f++) {
        const size_t near = k->fixed_met[f] < w->free_count ? k->fixed_met[f] : w->free_count - 1;
        w->held[w->free_count + by_face[f]] = w->held[near];
    }
}

enum smp_code smp_start(struct smp_work *w, const struct smp_layout_input *input,
                        const uint32_t *fixed_face, size_t fixed_paying, size_t wanted,
                        struct smp_err *err)
{
    const size_t fixed = input->fixed_count;
    uint32_t *by_face = NULL, *first = NULL;
    struct walker k = { .w = w, .fixed_at = (const float(*)[3])(w->at + w->free_count) };
    k.fixed_count = fixed_paying;
    k.share_given = input->fixed_share;
    k.fixed_mass = smp_new(w->scratch, double, fixed_paying);
    k.fixed_share = smp_new(w->scratch, double, fixed_paying);
    k.fixed_met = smp_new(w->scratch, uint32_t, fixed_paying);
    if (!k.fixed_mass || !k.fixed_share || !k.fixed_met ||
        (fixed_paying && !sort_fixed(&by_face, &first, w->s, fixed_face, fixed, w->scratch)))
        return smp_fail(err, SMP_E_NOMEM, "no room for %zu fixed points", fixed);
    k.scale = 1;
    k.noting = true;
    if (fixed_paying)
        walk_faces(&k, by_face, first);
    k.noting = false;
    double shares = 0;
    for (size_t i = 0; i < fixed_paying; i++)
        shares += k.fixed_share[i];
    k.scale = ((double)wanted + shares) / w->field.mass_total;
    // Where fixed points crowd they owe more than they can pay, and too many dots come elsewhere:
    // the shares are enlarged until the count fits.
    for (int pass = 0; fixed_paying && pass < 4; pass++) {
        walk_faces(&k, by_face, first);
        if (k.placed == wanted)
            break;
        k.scale *= 0.5 + 0.5 * (double)(wanted + 1) / (double)(k.placed + 1);
    }
    k.at = w->at;
    k.face = w->face;
    k.room = w->free_count;
    walk_faces(&k, by_face, first);
    w->free_count = k.placed < k.room ? k.placed : k.room;
    for (size_t i = 0; i < w->free_count; i++) {
        w->id[i] = (uint32_t)i;
        w->density[i] = smp_spacing_density(&w->field, w->face[i], w->at[i]);
    }
    label_sessions(w);
    if (w->held && fixed_paying)
        share_held(w, &k, by_face);
    return SMP_OK;
}
