// Every recipe of the grid judged: colour is the gate, texture the ranking, steadiness the
// tie-break (docs/match.md).
#include "pigment/match_impl.h"

#include <math.h>
#include <stdlib.h>

enum { WATERS = 12, DIAMETERS = 8, DENSITIES = 16, SPREADS = 3, STEADY = 32 };
static const double waters[WATERS] = { 0, 1, 2, 3, 5, 8, 12, 20, 30, 45, 70, 100 };
static const double densities_per_cm2[DENSITIES] = { 60,  67,  75,  82,  90,  100, 110, 120,
                                                     135, 150, 165, 180, 200, 220, 240, 260 };

// Depths of a recipe that may choose its own. Texture is best in the shallowest (match_find_test),
// which is therefore searched; a deeper one that does as well is then preferred.
static const double own_tops_mm[] = { 0.1, 0.125, 0.15 };

struct smp_deposit_shape smp_candidate_shape(const struct smp_candidate *candidate,
                                             const struct smp_target *target, double deeper_mm)
{
    const double top_mm = fmax(0.08, candidate->top_mm + deeper_mm); // not in the epidermis
    return smp_deposit_planned(top_mm, candidate->diameter_mm, target->height_ratio);
}

void smp_candidate_dot(struct smp_dot_sight *dot, const struct smp_candidate *candidate,
                       const struct smp_target *target, struct smp_error_in error)
{
    const struct smp_match_request *r = target->request;
    const struct smp_deposit_shape shape = smp_candidate_shape(candidate, target, error.top_mm);
    double mua_per_mm[SMP_WAVELENGTHS], mus_per_mm[SMP_WAVELENGTHS];
    smp_pigment_in_skin(mua_per_mm, mus_per_mm, &r->catalogue->pigments[candidate->pigment],
                        candidate->parts_water, error.pigment * target->ink_share);
    smp_dot_sight(dot, &shape, target->skin, mua_per_mm, mus_per_mm);
}

void smp_candidate_aged(struct smp_dot_sight *dot, const struct smp_candidate *candidate,
                        const struct smp_target *target, struct smp_error_in error,
                        const struct smp_fate *fate, double years)
{
    const struct smp_deposit_shape meant = smp_candidate_shape(candidate, target, error.top_mm);
    const struct smp_aged aged = smp_aged_at(fate, &meant, years);
    double mua_per_mm[SMP_WAVELENGTHS], mus_per_mm[SMP_WAVELENGTHS];
    smp_pigment_at_age(mua_per_mm, mus_per_mm,
                       &target->request->catalogue->pigments[candidate->pigment],
                       candidate->parts_water, target->ink_share * error.pigment, &aged);
    smp_dot_sight(dot, &aged.shape, target->skin, mua_per_mm, mus_per_mm);
}

void smp_candidate_judge(struct smp_candidate *candidate, const struct smp_dot_sight *dot,
                         const struct smp_target *target)
{
    struct smp_scalp_view view;
    double bands[SMP_BANDS];
    smp_dots_view(&view, dot, target->bare, candidate->dots_per_cm2, candidate->strength_cv,
                  target->request->stubble.jitter, target->hankel);
    candidate->delta_e00 = smp_delta_e00(smp_lab_from_xyz(view.xyz), target->lab);
    smp_texture_bands(bands, &view.texture, &target->sight);
    candidate->texture_jnd =
        smp_bands_difference(bands, target->stubble_bands, target->sight.weber);
}

double smp_candidate_cost(const struct smp_candidate *candidate)
{
    return hypot(candidate->delta_e00, candidate->texture_jnd);
}

struct work {
    const struct smp_target *target;
    struct smp_candidate *all; // [pigment][water][diameter][density][spread]
    size_t water_count, diameter_count, density_count, spread_count;
    double waters[WATERS], diameters_mm[DIAMETERS], densities[DENSITIES], spreads[SPREADS];
};

static bool wanted_pigment(const struct smp_match_request *r, size_t pigment)
{
    return !r->hold || r->hold->pigment == SIZE_MAX || r->hold->pigment == pigment;
}

// No denser than the needle's rule, and never nearer than two diameters.
static bool has_room(const struct smp_match_request *r, const struct smp_candidate *c)
{
    const bool density_held = r->hold && !isnan(r->hold->dots_per_cm2);
    if (density_held && !isnan(r->hold->diameter_mm))
        return true;
    const double kept = r->gap_share > 0 ? r->gap_share : 1;
    // where hair thins, what is left of it stands between the dots
    const double packed =
        r->gap_share > 0 ? fmax(c->dots_per_cm2, r->stubble.fu_per_cm2) : c->dots_per_cm2;
    return (density_held || c->dots_per_cm2 <= r->dots_max_per_cm2) &&
           smp_hexagon_spacing_mm(packed / 100) * kept >= 2 * c->diameter_mm;
}

static void judge_looks(void *context, size_t begin, size_t end)
{
    const struct work *w = context;
    const struct smp_match_request *r = w->target->request;
    for (size_t at = begin; at < end; at++) {
        const size_t fields = w->density_count * w->spread_count;
        struct smp_candidate c = {
            .pigment = at / (w->water_count * w->diameter_count),
            .parts_water = w->waters[at / w->diameter_count % w->water_count],
            .top_mm = r->top_mm > 0 ? r->top_mm : own_tops_mm[0],
            .diameter_mm = w->diameters_mm[at % w->diameter_count],
        };
        struct smp_candidate *out = w->all + at * fields;
        const bool known = r->catalogue->pigments[c.pigment].known && wanted_pigment(r, c.pigment);
        struct smp_dot_sight dot;
        if (known)
            smp_candidate_dot(&dot, &c, w->target, (struct smp_error_in){ 0, 1 });
        for (size_t i = 0; i < fields; i++) {
            c.dots_per_cm2 = w->densities[i / w->spread_count];
            c.strength_cv = w->spreads[i % w->spread_count];
            c.delta_e00 = c.texture_jnd = (double)INFINITY;
            if (known && has_room(r, &c))
                smp_candidate_judge(&c, &dot, w->target);
            out[i] = c;
        }
    }
}

static int by_texture(const void *a, const void *b)
{
    const struct smp_candidate *p = a, *q = b;
    if (p->texture_jnd != q->texture_jnd)
        return p->texture_jnd < q->texture_jnd ? -1 : 1;
    return p->pigment != q->pigment ? (p->pigment < q->pigment ? -1 : 1) : 0;
}

static int by_cost(const void *a, const void *b)
{
    const double p = smp_candidate_cost(a), q = smp_candidate_cost(b);
    return p < q ? -1 : p > q;
}

static int by_number(const void *a, const void *b)
{
    const double p = *(const double *)a, q = *(const double *)b;
    return p < q ? -1 : p > q;
}

// How bad a recipe gets when depth and pigment miss by what is usual: the 90th percentile of its
// cost over five depths and three amounts.
static double unsteadiness(const struct smp_candidate *candidate, const struct smp_target *target)
{
    static const double tops_mm[] = { -0.1, -0.05, 0, 0.05, 0.1 }, amounts[] = { 0.5, 1, 1.5 };
    double cost[15];
    for (int i = 0; i < 15; i++) {
        struct smp_candidate c = *candidate;
        struct smp_dot_sight dot;
        smp_candidate_dot(&dot, &c, target,
                          (struct smp_error_in){ tops_mm[i / 3], amounts[i % 3] });
        smp_candidate_judge(&c, &dot, target);
        cost[i] = smp_candidate_cost(&c);
    }
    qsort(cost, 15, sizeof cost[0], by_number);
    return cost[13];
}

struct steady {
    const struct smp_target *target;
    const struct smp_candidate *of;
    double *cost;
};

static void judge_steadiness(void *context, size_t begin, size_t end)
{
    const struct steady *s = context;
    for (size_t i = begin; i < end; i++)
        s->cost[i] = unsteadiness(&s->of[i], s->target);
}

// Among recipes whose texture is as good as the best's (within 0.2 JND): the steadiest first, then
// the weaker and fewer.
static void settle_ties(struct smp_candidate *c, size_t count, const struct smp_target *target,
                        struct smp_pool *pool)
{
    size_t tied = 0;
    while (tied < count && tied < STEADY && c[tied].texture_jnd <= c[0].texture_jnd + 0.2)
        tied++;
    double cost[STEADY];
    struct steady s = { target, c, cost };
    smp_pool_for(pool, tied, 1, judge_steadiness, &s);
    for (size_t i = 1; i < tied; i++) // insertion: few, and stable
        for (size_t j = i; j > 0; j--) {
            const bool even = fabs(cost[j] - cost[j - 1]) < 0.05;
            const bool first =
                even ? c[j].dots_per_cm2 < c[j - 1].dots_per_cm2 : cost[j] < cost[j - 1];
            if (!first)
                break;
            const struct smp_candidate t = c[j];
            const double k = cost[j];
            c[j] = c[j - 1], cost[j] = cost[j - 1];
            c[j - 1] = t, cost[j - 1] = k;
        }
}

struct kept { // a pigment's recipe, and how it does when things go wrong and with the years
    struct smp_candidate recipe;
    double cost;
};

// Moves what passes the gate to the front; returns how many.
static size_t gate(struct smp_candidate *all, size_t count, double delta_e00_max)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (isfinite(all[i].delta_e00) && all[i].delta_e00 <= delta_e00_max)
            all[kept++] = all[i];
    return kept;
}

static size_t collect(struct kept best[SMP_RECIPES_MAX], const struct smp_candidate *passed,
                      size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count && kept < SMP_RECIPES_MAX; i++) {
        bool seen = false; // a recipe for each pigment
        for (size_t j = 0; j < kept; j++)
            seen |= best[j].recipe.pigment == passed[i].pigment;
        if (!seen)
            best[kept++].recipe = passed[i];
    }
    return kept;
}

// ---- Which shade lasts --------------------------------------------------------------------------

// Mean cost over the years: a saturated dot darkens and turns bluer as it spreads, a weak one
// fades.
static double wear_of(const struct smp_candidate *candidate, const struct smp_target *target)
{
    static const double years[] = { SMP_HEALED_YEARS, 1, 3, 5, 8 };
    const struct smp_fate fate = smp_fate_median(target->request->healing, &target->request->wear);
    double sum = 0;
    for (int i = 0; i < 5; i++) {
        struct smp_candidate c = *candidate;
        struct smp_dot_sight dot;
        smp_candidate_aged(&dot, &c, target, (struct smp_error_in){ 0, 1 }, &fate, years[i]);
        smp_candidate_judge(&c, &dot, target);
        sum += smp_candidate_cost(&c);
    }
    return sum / 5;
}

static struct kept judged(const struct smp_candidate *c, const struct smp_target *target)
{
    return (struct kept){ *c, 0.5 * (unsteadiness(c, target) + wear_of(c, target)) };
}

// Among weaker shades of the same dots that keep the colour within the gate and cost less than one
// just-noticeable difference of texture: those that do best when depth and pigment miss and years
// pass, and of equals (within 0.25) the weakest, for that is corrected at a later visit.
static void thin_out(struct kept *best, const struct work *w, double delta_e00_max)
{
    static const double even = 0.25;
    struct kept shades[WATERS + 1] = { judged(&best->recipe, w->target) };
    const struct smp_candidate strong = best->recipe;
    size_t count = 1;
    double least = shades[0].cost;
    for (size_t i = 0; i < w->water_count; i++) { // from strong to weak
        struct smp_candidate c = strong;
        struct smp_dot_sight dot;
        c.parts_water = w->waters[i];
        if (!(c.parts_water > strong.parts_water))
            continue;
        smp_candidate_dot(&dot, &c, w->target, (struct smp_error_in){ 0, 1 });
        smp_candidate_judge(&c, &dot, w->target);
        if (c.delta_e00 > delta_e00_max || c.texture_jnd > strong.texture_jnd + 1)
            break;
        shades[count++] = judged(&c, w->target);
        least = fmin(least, shades[count - 1].cost);
    }
    while (shades[count - 1].cost > least + even)
        count--;
    *best = shades[count - 1];
}

// The deepest top that does as well: less of it can come to lie in the epidermis and be shed.
static void deepen(struct kept *best, const struct smp_target *target, double delta_e00_max)
{
    static const double even = 0.25;
    const struct kept shallow = *best;
    for (size_t i = 1; i < sizeof own_tops_mm / sizeof own_tops_mm[0]; i++) {
        struct smp_candidate c = shallow.recipe;
        struct smp_dot_sight dot;
        c.top_mm = own_tops_mm[i];
        smp_candidate_dot(&dot, &c, target, (struct smp_error_in){ 0, 1 });
        smp_candidate_judge(&c, &dot, target);
        if (c.delta_e00 > delta_e00_max || c.texture_jnd > shallow.recipe.texture_jnd + even)
            break;
        const struct kept deeper = judged(&c, target);
        if (deeper.cost <= shallow.cost + even)
            *best = deeper;
    }
}

// ---- Between the nodes of the grid --------------------------------------------------------------

// One step along an axis of the recipe, where it may go; false where it may not.
static bool stepped(struct smp_candidate *c, const struct work *w, int axis, double step)
{
    const struct smp_match_request *r = w->target->request;
    const double own = smp_stubble_spread(&r->stubble);
    const struct {
        double *value, size, low, high;
        bool open;
    } axes[] = {
        { &c->diameter_mm, 0.02, r->diameter_min_mm, r->diameter_max_mm, w->diameter_count > 1 },
        { &c->dots_per_cm2, 8, densities_per_cm2[0], r->dots_max_per_cm2, w->density_count > 1 },
        { &c->strength_cv, 0.04, 0.5 * own, own, w->spread_count > 1 },
    };
    const double to = *axes[axis].value + step * axes[axis].size;
    *axes[axis].value = to;
    return axes[axis].open && to >= axes[axis].low && to <= axes[axis].high && has_room(r, c);
}

// Diameter, density and spread moved for as long as colour and texture together come nearer: steps
// of 20 µm, 8 per cm² and 0.04, three times halved. A colour that passes side by side stays one
// that does.
static void polish(struct smp_candidate *best, const struct work *w, double delta_e00_max)
{
    enum { AXES = 3, HALVINGS = 3, ROUNDS = 6 };
    const struct smp_error_in meant = { 0, 1 };
    const double limit = best->delta_e00 < 1 ? nextafter(1, 0) : delta_e00_max;
    struct smp_dot_sight dot, other;
    smp_candidate_dot(&dot, best, w->target, meant);
    for (int halved = 0; halved <= HALVINGS; halved++) {
        bool moved = true;
        for (int round = 0; round < ROUNDS && moved; round++) {
            moved = false;
            for (int way = 0; way < 2 * AXES; way++) {
                struct smp_candidate c = *best;
                if (!stepped(&c, w, way / 2, (way % 2 ? -1.0 : 1.0) / (1 << halved)))
                    continue;
                const bool wider = c.diameter_mm != best->diameter_mm; // another look
                if (wider)
                    smp_candidate_dot(&other, &c, w->target, meant);
                smp_candidate_judge(&c, wider ? &other : &dot, w->target);
                if (c.delta_e00 > limit || smp_candidate_cost(&c) >= smp_candidate_cost(best))
                    continue;
                *best = c;
                if (wider)
                    dot = other;
                moved = true;
            }
        }
    }
}

struct thinning {
    const struct work *work;
    struct kept *best;
    double delta_e00_max;
};

static void thin_all(void *context, size_t begin, size_t end)
{
    const struct thinning *t = context;
    for (size_t i = begin; i < end; i++) {
        thin_out(&t->best[i], t->work, t->delta_e00_max);
        if (!(t->work->target->request->top_mm > 0))
            deepen(&t->best[i], t->work->target, t->delta_e00_max);
        polish(&t->best[i].recipe, t->work, t->delta_e00_max);
        t->best[i] = judged(&t->best[i].recipe, t->work->target);
    }
}

static int by_kept_cost(const void *a, const void *b)
{
    const struct kept *p = a, *q = b;
    if (fabs(p->cost - q->cost) > 1e-9)
        return p->cost < q->cost ? -1 : 1;
    return p->recipe.pigment < q->recipe.pigment ? -1 : p->recipe.pigment > q->recipe.pigment;
}

// One axis of the grid: the values of the list, or the one that is held.
static size_t axis(double *values, const double *list, size_t count, double held)
{
    for (size_t i = 0; i < count; i++)
        values[i] = list[i];
    if (isnan(held))
        return count;
    values[0] = held;
    return 1;
}

static void list_axes(struct work *w, const struct smp_match_request *r)
{
    static const struct smp_match_hold open = { SIZE_MAX, (double)NAN, (double)NAN, (double)NAN,
                                                (double)NAN };
    const struct smp_match_hold *hold = r->hold ? r->hold : &open;
    const double own = smp_stubble_spread(&r->stubble); // more reads as blotches close up
    const double spreads[SPREADS] = { 0.5 * own, 0.75 * own, own };
    double diameters_mm[DIAMETERS];
    for (int i = 0; i < DIAMETERS; i++)
        diameters_mm[i] =
            r->diameter_min_mm + (r->diameter_max_mm - r->diameter_min_mm) * i / (DIAMETERS - 1);
    w->water_count = axis(w->waters, waters, WATERS, hold->parts_water);
    w->diameter_count = axis(w->diameters_mm, diameters_mm, DIAMETERS, hold->diameter_mm);
    w->density_count = axis(w->densities, densities_per_cm2, DENSITIES, hold->dots_per_cm2);
    w->spread_count = axis(w->spreads, spreads, SPREADS, hold->strength_cv);
}

enum smp_code smp_match_search(struct smp_search *search, size_t max,
                               const struct smp_target *target, struct smp_pool *pool,
                               struct smp_arena *scratch, struct smp_err *err)
{
    const struct smp_match_request *r = target->request;
    struct work w = { .target = target };
    list_axes(&w, r);
    const size_t looks = r->catalogue->count * w.water_count * w.diameter_count;
    const size_t count = looks * w.density_count * w.spread_count;
    search->best = smp_new(scratch, struct smp_candidate, max);
    w.all = smp_new(scratch, struct smp_candidate, count);
    if (!w.all || !search->best)
        return smp_fail(err, SMP_E_NOMEM, "out of memory for %zu recipes", count);
    smp_pool_for(pool, looks, 4, judge_looks, &w);

    search->delta_e00_min = (double)INFINITY;
    for (size_t i = 0; i < count; i++)
        search->delta_e00_min = fmin(search->delta_e00_min, w.all[i].delta_e00);
    const double delta_e00_max = fmax(1, search->delta_e00_min + 0.3);
    const size_t passed = gate(w.all, count, delta_e00_max);
    qsort(w.all, passed, sizeof w.all[0], search->delta_e00_min > 2 ? by_cost : by_texture);
    settle_ties(w.all, passed, target, pool);
    struct kept best[SMP_RECIPES_MAX];
    const size_t kept = collect(best, w.all, passed);
    const struct thinning t = { &w, best, delta_e00_max };
    smp_pool_for(pool, kept, 1, thin_all, (void *)&t);
    qsort(best, kept, sizeof best[0], by_kept_cost);
    search->count = kept < max ? kept : max;
    for (size_t i = 0; i < search->count; i++)
        search->best[i] = best[i].recipe;
    return SMP_OK;
}
