// Dots that pushing cannot free are lifted and set again where there is room; what finds none
// is dropped and reported. Ends with every place final: on the surface, rounded, in double.
#include "layout/layout_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { rounds_max = 8, trials_far = 40, trials_near = 20 };

// ---- Final places -----------------------------------------------------------------------------

static double round_um(double v)
{
    return floor(v * 1e5 + 0.5) / 1e5; // the double nearest to the five decimals written
}

static void settle_dots(void *context, size_t begin, size_t end)
{
    struct smp_work *w = context;
    for (size_t i = begin; i < end; i++) {
        const struct smp_vec3 at = { (double)w->at[i][0], (double)w->at[i][1],
                                     (double)w->at[i][2] };
        const struct smp_vec3 p = smp_nearest_on_face(w->s, w->face[i], smp_add(at, w->s->centre));
        w->final[i] = smp_vec3(round_um(p.x), round_um(p.y), round_um(p.z));
    }
}

static struct smp_vec3 place_of(const struct smp_work *w, uint32_t i)
{
    return i < w->free_count ? w->final[i] : w->fixed_mm[i - w->free_count];
}

// ---- Who is near, exactly -----------------------------------------------------------------------

// A hash of cells with chains: dots come and go.
struct chains {
    float per_cell;
    uint32_t mask;
    uint32_t *head, *next; // index + 1
};

static uint32_t chain_of(const struct chains *c, int32_t x, int32_t y, int32_t z)
{
    const uint32_t h = (uint32_t)x * 73856093u ^ (uint32_t)y * 19349663u ^ (uint32_t)z * 83492791u;
    return (h ^ h >> 15) & c->mask;
}

static int32_t cell_of(const struct chains *c, float v)
{
    return (int32_t)floorf(v * c->per_cell);
}

static void chain_in(struct chains *c, const struct smp_work *w, uint32_t i)
{
    const float *p = w->at[i];
    uint32_t *head = &c->head[chain_of(c, cell_of(c, p[0]), cell_of(c, p[1]), cell_of(c, p[2]))];
    c->next[i] = *head;
    *head = i + 1;
}

static void chain_out(struct chains *c, const struct smp_work *w, uint32_t i)
{
    const float *p = w->at[i];
    uint32_t *link = &c->head[chain_of(c, cell_of(c, p[0]), cell_of(c, p[1]), cell_of(c, p[2]))];
    while (*link != i + 1)
        link = &c->next[*link - 1];
    *link = c->next[i];
}

static bool chains_make(struct chains *c, const struct smp_work *w, struct smp_arena *scratch)
{
    float highest = 0;
    for (size_t i = 0; i < w->count; i++)
        highest = w->density[i] > highest ? w->density[i] : highest;
    c->per_cell = (float)(1 / (1.27 * smp_pair_gap(w, (double)highest, (double)highest)));
    size_t size = 1024;
    while (size < w->count)
        size *= 2;
    c->mask = (uint32_t)size - 1;
    c->head = smp_new(scratch, uint32_t, size);
    c->next = smp_new(scratch, uint32_t, w->count);
    if (!c->head || !c->next)
        return false;
    for (size_t i = w->count; i-- > 0;)
        chain_in(c, w, (uint32_t)i);
    return true;
}

// ---- What is short ----------------------------------------------------------------------------

struct shorts {
    uint32_t (*pair)[2];
    size_t count, room;
    uint16_t *conflicts;
};

static void note_short(struct shorts *s, uint32_t i, uint32_t j)
{
    if (s->count == s->room)
        return;
    s->pair[s->count][0] = i;
    s->pair[s->count++][1] = j;
    s->conflicts[i]++;
    s->conflicts[j]++;
}

// Pairs under the gap by the lists of the whole: the hard gap to the letter, the regular one with
// a hair of grace.
static void find_listed(const struct smp_work *w, struct shorts *s, bool hard_only)
{
    const struct smp_prefix *p = &w->prefix[w->prefixes - 1];
    const double hard = w->params->min_gap_mm;
    const double rel = smp_regular_gap(w, false) * SMP_HEX;
    s->count = 0;
    memset(s->conflicts, 0, w->count * sizeof *s->conflicts);
    for (size_t k = 0; k < p->free_count; k++) {
        const uint32_t i = p->member[k];
        for (unsigned n = 0; n < p->lists.count[k]; n++) {
            const uint32_t j = p->member[p->lists.near[k * SMP_LIST_CAP + n]];
            if (j <= i && j < w->free_count)
                continue;
            const struct smp_vec3 d = smp_sub(place_of(w, i), place_of(w, j));
            const double d2 = smp_dot(d, d);
            const double regular2 =
                rel * rel * 2 / ((double)w->density[i] + (double)w->density[j]) * 0.9996;
            if (d2 >= hard * hard && (hard_only || d2 >= regular2))
                continue;
            note_short(s, i, j);
        }
    }
}

// Pairs under the hard gap around a dot whose list is full: crowds on crumpled surfaces.
static void find_crowded(const struct smp_work *w, struct shorts *s, const struct chains *c,
                         uint32_t i)
{
    const float *q = w->at[i];
    const double gap = w->params->min_gap_mm;
    const float far = (float)gap * 1.001f;
    for (int32_t z = cell_of(c, q[2] - far); z <= cell_of(c, q[2] + far); z++) {
        for (int32_t y = cell_of(c, q[1] - far); y <= cell_of(c, q[1] + far); y++) {
            for (int32_t x = cell_of(c, q[0] - far); x <= cell_of(c, q[0] + far); x++) {
                for (uint32_t k = c->head[chain_of(c, x, y, z)]; k; k = c->next[k - 1]) {
                    const struct smp_vec3 d = smp_sub(place_of(w, i), place_of(w, k - 1));
                    if (k - 1 != i && smp_dot(d, d) < gap * gap && !smp_other_sheet(w, i, k - 1))
                        note_short(s, i, k - 1);
                }
            }
        }
    }
}

static bool find_shorts(const struct smp_work *w, struct shorts *s, bool hard_only)
{
    const struct smp_prefix *p = &w->prefix[w->prefixes - 1];
    find_listed(w, s, hard_only);
    if (!(w->params->min_gap_mm > 0))
        return true;
    struct smp_arena scratch;
    struct chains c = { .head = NULL };
    smp_arena_make(&scratch, 0);
    for (size_t k = 0; k < p->free_count; k++) {
        if (p->lists.count[k] < SMP_LIST_CAP)
            continue;
        if (!c.head && !chains_make(&c, w, &scratch)) {
            smp_arena_drop(&scratch);
            return false;
        }
        find_crowded(w, s, &c, p->member[k]);
    }
    smp_arena_drop(&scratch);
    return true;
}

// Of each pair still whole the dot with more conflicts; never a fixed one.
static size_t pick_lifted(const struct smp_work *w, const struct shorts *s, bool *lifted,
                          uint32_t *list)
{
    size_t count = 0;
    memset(lifted, 0, w->count * sizeof *lifted);
    for (size_t k = 0; k < s->count; k++) {
        const uint32_t i = s->pair[k][0], j = s->pair[k][1];
        if (lifted[i] || lifted[j])
            continue;
        const bool second = j < w->free_count && s->conflicts[j] > s->conflicts[i];
        const uint32_t one = second ? j : i;
        lifted[one] = true;
        list[count++] = one;
    }
    return count;
}

// ---- Setting again ----------------------------------------------------------------------------

// Smallest distance to another dot over the gap of the pair, up to 1.15.
static float clearance(const struct chains *c, const struct smp_work *w, const float q[3],
                       float density, float at_least)
{
    const float best = 1.15f;
    const float far = best * 1.1f * (float)smp_pair_gap(w, (double)density, (double)density);
    float least2 = best * best;
    const double rel = smp_regular_gap(w, false) * SMP_HEX;
    const float rel2 = (float)(2 * rel * rel);
    const float hard2 = (float)(w->params->min_gap_mm * w->params->min_gap_mm);
    for (int32_t z = cell_of(c, q[2] - far); z <= cell_of(c, q[2] + far); z++) {
        for (int32_t y = cell_of(c, q[1] - far); y <= cell_of(c, q[1] + far); y++) {
            for (int32_t x = cell_of(c, q[0] - far); x <= cell_of(c, q[0] + far); x++) {
                for (uint32_t i = c->head[chain_of(c, x, y, z)]; i; i = c->next[i - 1]) {
                    const float *p = w->at[i - 1];
                    const float a = p[0] - q[0], b = p[1] - q[1], d = p[2] - q[2];
                    const float gap2 = rel2 / (w->density[i - 1] + density);
                    const float ratio2 = (a * a + b * b + d * d) / (gap2 > hard2 ? gap2 : hard2);
                    least2 = ratio2 < least2 ? ratio2 : least2;
                }
                if (least2 <= at_least * at_least)
                    return at_least; // no better than what is known
            }
        }
    }
    return sqrtf(least2);
}

struct site_trial {
    float at[3];
    uint32_t face;
    float clearance;
};

// A random place within `spacings` of another on the surface; kept if it is freer.
static void try_site(const struct chains *c, const struct smp_work *w, struct smp_rng *rng,
                     const float from[3], uint32_t face, float spacings, struct site_trial *best)
{
    float d[3], n[3], dot = 0, q[3];
    smp_face_normal(w->s, face, n);
    const float local = smp_spacing_density(&w->field, face, from);
    const float radius = spacings / sqrtf(local);
    for (int x = 0; x < 3; x++) {
        d[x] = (float)(2 * smp_rng_unit(rng) - 1) * radius;
        dot += d[x] * n[x];
    }
    for (int x = 0; x < 3; x++)
        q[x] = from[x] + d[x] - dot * n[x];
    const uint32_t on = smp_walk(w->s, face, q);
    if (smp_density_at(&w->field.slope[on], q) <= 0)
        return;
    const float density = smp_spacing_density(&w->field, on, q);
    const float clear = clearance(c, w, q, density, best->clearance);
    if (clear > best->clearance) {
        memcpy(best->at, q, sizeof q);
        best->face = on;
        best->clearance = clear;
    }
}

static struct site_trial freest_site(const struct chains *c, const struct smp_work *w, uint32_t i,
                                     int round)
{
    struct smp_rng rng =
        smp_rng_make(w->params->seed ^ 0x11f7, smp_hash64(w->id[i], (uint64_t)round));
    struct site_trial best = { .face = w->face[i], .clearance = 0 };
    memcpy(best.at, w->at[i], sizeof best.at);
    const float wide = round < 2 ? 6 : 10;
    const int far = trials_far << (round < 4 ? round : 4);
    for (int k = 0; k < far && best.clearance < 1.15f; k++)
        try_site(c, w, &rng, w->at[i], w->face[i], wide, &best);
    const int near = trials_near << (round < 4 ? round : 4);
    for (int k = 0; k < near && best.clearance < 1.15f; k++) {
        const struct site_trial from = best;
        try_site(c, w, &rng, from.at, from.face, k < near / 2 ? 0.5f : 0.2f, &best);
    }
    return best;
}

static void set_at(struct chains *c, struct smp_work *w, uint32_t i, const struct site_trial *site)
{
    memcpy(w->at[i], site->at, sizeof site->at);
    w->face[i] = site->face;
    w->density[i] = smp_spacing_density(&w->field, site->face, site->at);
    chain_in(c, w, i);
}

struct spare {
    float clearance; // of the freest site found
    uint32_t i;
};

static int by_clearance(const void *a, const void *b)
{
    const struct spare *x = a, *y = b;
    if (x->clearance != y->clearance)
        return x->clearance > y->clearance ? -1 : 1;
    return x->i < y->i ? -1 : x->i > y->i;
}

// Brings `missing` dots back of those that are gone, each to the freest site near its place that
// wants dots; those first that find most room.
enum smp_code smp_bring_back(struct smp_work *w, bool *gone, size_t missing)
{
    struct smp_arena scratch;
    struct chains c;
    smp_arena_make(&scratch, 0);
    struct spare *spare = smp_new(&scratch, struct spare, w->free_count);
    if (!spare || !chains_make(&c, w, &scratch)) {
        smp_arena_drop(&scratch);
        return SMP_E_NOMEM;
    }
    size_t spares = 0;
    for (size_t i = 0; i < w->free_count; i++) {
        if (gone[i])
            chain_out(&c, w, (uint32_t)i);
    }
    for (size_t i = 0; i < w->free_count; i++) {
        if (gone[i])
            spare[spares++] =
                (struct spare){ freest_site(&c, w, (uint32_t)i, 0).clearance, (uint32_t)i };
    }
    qsort(spare, spares, sizeof *spare, by_clearance);
    for (size_t k = 0; k < spares && missing > 0; k++) {
        const struct site_trial site = freest_site(&c, w, spare[k].i, 1);
        if (!(site.clearance > 0)) // nothing near wants dots
            continue;
        set_at(&c, w, spare[k].i, &site);
        gone[spare[k].i] = false;
        missing--;
    }
    smp_arena_drop(&scratch);
    return SMP_OK;
}

// ---- Dropping ---------------------------------------------------------------------------------

static void drop_lifted(struct smp_work *w, const bool *lifted)
{
    size_t kept = 0;
    for (size_t i = 0; i < w->free_count; i++) {
        if (lifted[i])
            continue;
        memcpy(w->at[kept], w->at[i], sizeof w->at[kept]);
        w->face[kept] = w->face[i];
        w->id[kept] = w->id[i];
        w->session[kept] = w->session[i];
        w->density[kept] = w->density[i];
        w->final[kept] = w->final[i];
        kept++;
    }
    w->dropped += w->free_count - kept;
    w->count -= w->free_count - kept;
    w->free_count = kept;
}

static enum smp_code lift_round(struct smp_work *w, const struct shorts *s, bool *lifted,
                                uint32_t *list, int round)
{
    struct smp_arena scratch;
    smp_arena_make(&scratch, 0);
    struct chains c;
    if (!chains_make(&c, w, &scratch)) {
        smp_arena_drop(&scratch);
        return SMP_E_NOMEM;
    }
    const size_t count = pick_lifted(w, s, lifted, list);
    for (size_t k = 0; k < count; k++)
        chain_out(&c, w, list[k]);
    for (size_t k = 0; k < count; k++) {
        const struct site_trial site = freest_site(&c, w, list[k], round);
        set_at(&c, w, list[k], &site);
    }
    smp_arena_drop(&scratch);
    return SMP_OK;
}

enum smp_code smp_settle(struct smp_work *w, struct smp_err *err)
{
    struct shorts s = { .room = w->free_count * 4 };
    s.pair = (uint32_t(*)[2])smp_alloc(w->scratch, s.room, sizeof *s.pair);
    s.conflicts = smp_new(w->scratch, uint16_t, w->count);
    bool *lifted = smp_new(w->scratch, bool, w->count);
    uint32_t *list = smp_new(w->scratch, uint32_t, w->free_count);
    if (!s.pair || !s.conflicts || !lifted || !list)
        return smp_fail(err, SMP_E_NOMEM, "no room to settle %zu dots", w->free_count);
    // The regular gap is not worth lifting for where it is one of several wishes.
    size_t before = SIZE_MAX;
    bool hard_only =
        w->params->sessions > 1 || (w->params->min_gap_mm > 0 && w->count > w->free_count);
    for (int round = 0;; round++) {
        smp_pool_for(w->pool, w->free_count, 1024, settle_dots, w);
        bool room = find_shorts(w, &s, round >= rounds_max || hard_only);
        // On folds and between sheets the regular gap cannot always be had: let it go there.
        if (!hard_only && s.count > before / 2) {
            hard_only = true;
            room = find_shorts(w, &s, true) && room;
        }
        if (!room)
            return smp_fail(err, SMP_E_NOMEM, "no room to look at %zu dots", w->free_count);
        before = s.count;
        if (s.count == 0)
            return SMP_OK;
        if (round >= rounds_max)
            break;
        w->hard_only = round >= 2 && w->params->min_gap_mm > 0;
        enum smp_code code = lift_round(w, &s, lifted, list, round);
        if (code)
            return smp_fail(err, code, "no room to set %zu dots again", s.count);
        code = smp_project(w, err);
        if (code)
            return code;
    }
    pick_lifted(w, &s, lifted, list);
    drop_lifted(w, lifted);
    return SMP_OK;
}
