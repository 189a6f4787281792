// Bands over many possible courses of events, the touch-up forecast, and what a follow-up photo
// changes.
#include "skin/skin.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { grain = 32, halvings = 4, explained_min = 20 };
static const double step_years = 0.5;

enum smp_code smp_ensemble_make(struct smp_ensemble *ensemble, const struct smp_healing *healing,
                                const struct smp_wear *wear, uint64_t seed, size_t draws,
                                struct smp_arena *arena, struct smp_err *err)
{
    enum smp_code code = smp_check_number(wear->sun, "sun", "", 0, 1, "wear", err);
    if (!code)
        code = smp_check_number(wear->oily, "oily", "", 0, 1, "wear", err);
    if (!code)
        code = smp_check_number((double)draws, "draws", "", SMP_DRAWS_MIN, SMP_DRAWS_MAX,
                                "ensemble", err);
    if (code)
        return code;
    struct smp_ensemble made = { draws, smp_new(arena, struct smp_fate, draws),
                                 smp_new(arena, double, draws) };
    if (!made.fates || !made.weights)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu draws", draws);
    for (size_t i = 0; i < draws; i++) {
        made.fates[i] = smp_fate_draw(healing, wear, seed, i);
        made.weights[i] = 1 / (double)draws;
    }
    *ensemble = made;
    return SMP_OK;
}

double smp_ensemble_effective(const struct smp_ensemble *ensemble)
{
    double sum = 0;
    for (size_t i = 0; i < ensemble->count; i++)
        sum += ensemble->weights[i] * ensemble->weights[i];
    return 1 / sum;
}

// ---- Weighted quantiles -------------------------------------------------------------------------

static int by_value(const void *a, const void *b)
{
    const struct smp_ranked *p = a, *q = b;
    if (p->value != q->value)
        return p->value < q->value ? -1 : 1;
    return p->index < q->index ? -1 : 1;
}

void smp_rank(struct smp_ranked *ranked, size_t count)
{
    qsort(ranked, count, sizeof *ranked, by_value);
}

static double quantile(const struct smp_ranked *sorted, size_t count, double share)
{
    double below = 0;
    for (size_t i = 0; i < count; i++) {
        below += sorted[i].weight;
        if (below >= share)
            return sorted[i].value;
    }
    return sorted[count - 1].value;
}

static enum smp_code band_of(struct smp_band *band, const double *values,
                             const struct smp_ensemble *ensemble, struct smp_arena *scratch,
                             struct smp_err *err)
{
    const size_t count = ensemble->count;
    struct smp_ranked *ranked = smp_new(scratch, struct smp_ranked, count);
    if (!ranked)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu draws", count);
    for (size_t i = 0; i < count; i++) {
        if (isnan(values[i]))
            return smp_fail(err, SMP_E_INTERNAL, "the value asked for draw %zu is not a number", i);
        ranked[i] = (struct smp_ranked){ values[i], ensemble->weights[i], i };
    }
    smp_rank(ranked, count);
    *band = (struct smp_band){ quantile(ranked, count, 0.05), quantile(ranked, count, 0.5),
                               quantile(ranked, count, 0.95) };
    return SMP_OK;
}

// ---- One value for each draw --------------------------------------------------------------------

struct asking {
    const struct smp_ensemble *ensemble;
    const struct smp_question *question;
    double years, limit, horizon_years;
    double *values;
};

static double ask(const struct asking *a, size_t draw, double years)
{
    const struct smp_aged aged =
        smp_aged_at(&a->ensemble->fates[draw], &a->question->planned, years);
    return a->question->value(a->question->context, &aged);
}

static void ask_all(void *context, size_t begin, size_t end)
{
    const struct asking *a = context;
    for (size_t i = begin; i < end; i++)
        a->values[i] = ask(a, i, a->years);
}

// Age at which this draw first passes the limit; the horizon where it does not; 0 where it is past
// it when healed.
static double first_passing(const struct asking *a, size_t draw)
{
    double before = SMP_HEALED_YEARS;
    if (!(ask(a, draw, before) <= a->limit))
        return 0;
    while (before < a->horizon_years) {
        double after = fmin(before + step_years, a->horizon_years);
        if (!(ask(a, draw, after) <= a->limit)) {
            for (int i = 0; i < halvings; i++) {
                const double middle = 0.5 * (before + after);
                if (ask(a, draw, middle) <= a->limit)
                    before = middle;
                else
                    after = middle;
            }
            return after;
        }
        before = after;
    }
    return (double)INFINITY;
}

static void find_passings(void *context, size_t begin, size_t end)
{
    const struct asking *a = context;
    for (size_t i = begin; i < end; i++)
        a->values[i] = first_passing(a, i);
}

static enum smp_code run(struct asking *asking, void (*work)(void *, size_t, size_t),
                         struct smp_pool *pool, struct smp_arena *scratch, struct smp_err *err)
{
    asking->values = smp_new(scratch, double, asking->ensemble->count);
    if (!asking->values)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu draws", asking->ensemble->count);
    smp_pool_for(pool, asking->ensemble->count, grain, work, asking);
    return SMP_OK;
}

static enum smp_code check_years(double years, const char *name, struct smp_err *err)
{
    return smp_check_number(years, name, "years", 0, SMP_AGE_MAX_YEARS, "healing", err);
}

enum smp_code smp_age_band(struct smp_band *band, const struct smp_ensemble *ensemble,
                           const struct smp_question *question, double years, struct smp_pool *pool,
                           struct smp_arena *scratch, struct smp_err *err)
{
    struct asking asking = { .ensemble = ensemble, .question = question, .years = years };
    const struct smp_mark mark = smp_arena_mark(scratch);
    enum smp_code code = check_years(years, "age", err);
    if (!code)
        code = run(&asking, ask_all, pool, scratch, err);
    if (!code)
        code = band_of(band, asking.values, ensemble, scratch, err);
    smp_arena_reset(scratch, mark);
    return code;
}

enum smp_code smp_touch_up_forecast(struct smp_touch_up *forecast,
                                    const struct smp_ensemble *ensemble,
                                    const struct smp_question *question, double limit,
                                    double horizon_years, struct smp_pool *pool,
                                    struct smp_arena *scratch, struct smp_err *err)
{
    struct asking asking = {
        .ensemble = ensemble, .question = question, .limit = limit, .horizon_years = horizon_years
    };
    struct smp_touch_up made = { 0 };
    const struct smp_mark mark = smp_arena_mark(scratch);
    enum smp_code code = smp_check_number(limit, "limit", "", 0, 1e6, "touch-up", err);
    if (!code)
        code = smp_check_number(horizon_years, "horizon", "years", 0.5, SMP_AGE_MAX_YEARS,
                                "touch-up", err);
    if (!code)
        code = run(&asking, find_passings, pool, scratch, err);
    for (size_t i = 0; !code && i < ensemble->count; i++) {
        double *years = &asking.values[i];
        if (*years > horizon_years) {
            made.share_beyond += ensemble->weights[i];
            *years = horizon_years;
        } else if (*years <= 0) {
            made.share_at_once += ensemble->weights[i];
            *years = SMP_HEALED_YEARS;
        }
    }
    if (!code)
        code = band_of(&made.years, asking.values, ensemble, scratch, err);
    smp_arena_reset(scratch, mark);
    if (!code)
        *forecast = made;
    return code;
}

// ---- What a photo changes -----------------------------------------------------------------------

static enum smp_code check_seen(const struct smp_observation *seen, struct smp_err *err)
{
    enum smp_code code = check_years(seen->years, "age", err);
    if (!code)
        code = smp_check_number(seen->measured, "measured", "", -1e6, 1e6, "observation", err);
    if (!code)
        code = smp_check_number(seen->sd, "sd", "", 1e-9, 1e6, "observation", err);
    return code;
}

static double misfit(const struct smp_observation *seen, double value)
{
    const double z = (value - seen->measured) / seen->sd;
    return isfinite(z) ? 0.5 * z * z : (double)INFINITY;
}

// Weights times exp(−misfit), misfits by draw. Refused where too few draws are within 3 SD.
static enum smp_code reweigh(struct smp_ensemble *ensemble, double *misfits, const char *what,
                             struct smp_err *err)
{
    double sum = 0, squares = 0, least = (double)INFINITY;
    size_t explained = 0;
    for (size_t i = 0; i < ensemble->count; i++) {
        explained += misfits[i] <= 0.5 * 9 && ensemble->weights[i] > 0;
        least = fmin(least, misfits[i]);
    }
    if (explained < explained_min)
        return smp_fail(err, SMP_E_INPUT,
                        "observation: %s is explained by %zu of %zu draws only; doubt the "
                        "measurement or its sd",
                        what, explained, ensemble->count);
    for (size_t i = 0; i < ensemble->count; i++) {
        misfits[i] = ensemble->weights[i] * exp(least - misfits[i]);
        sum += misfits[i];
        squares += misfits[i] * misfits[i];
    }
    if (!(sum > 0 && squares > 0))
        return smp_fail(err, SMP_E_INPUT, "observation: no draw that still counts explains it");
    for (size_t i = 0; i < ensemble->count; i++)
        ensemble->weights[i] = misfits[i] / sum;
    return SMP_OK;
}

enum smp_code smp_ensemble_observe(struct smp_ensemble *ensemble,
                                   const struct smp_question *question,
                                   const struct smp_observation *seen, struct smp_pool *pool,
                                   struct smp_arena *scratch, struct smp_err *err)
{
    struct asking asking = { .ensemble = ensemble, .question = question, .years = seen->years };
    const struct smp_mark mark = smp_arena_mark(scratch);
    char what[120];
    enum smp_code code = check_seen(seen, err);
    if (!code)
        code = run(&asking, ask_all, pool, scratch, err);
    for (size_t i = 0; !code && i < ensemble->count; i++)
        asking.values[i] = misfit(seen, asking.values[i]);
    snprintf(what, sizeof what, "%g ± %g at %g years", seen->measured, seen->sd, seen->years);
    if (!code)
        code = reweigh(ensemble, asking.values, what, err);
    smp_arena_reset(scratch, mark);
    return code;
}

// ---- Photos that know it up to a factor ---------------------------------------------------------

// Of residuals r_k with errors of their own s_k and one in common: what is left of Σ r²/s² once the
// common factor is the likeliest.
struct residuals {
    double precision, linear, squares;
};

static enum smp_code add_residuals(struct residuals *of, const struct smp_observation *seen,
                                   const struct smp_ensemble *ensemble,
                                   const struct smp_question *question, struct smp_pool *pool,
                                   struct smp_arena *scratch, struct smp_err *err)
{
    struct asking asking = { .ensemble = ensemble, .question = question, .years = seen->years };
    enum smp_code code = check_seen(seen, err);
    if (!code && !(seen->measured > 0))
        code = smp_fail(err, SMP_E_INPUT, "observation.measured must be above 0, not %g",
                        seen->measured);
    if (!code)
        code = run(&asking, ask_all, pool, scratch, err);
    for (size_t i = 0; !code && i < ensemble->count; i++) {
        const double v = asking.values[i], weight = 1 / (seen->sd * seen->sd);
        const double r = v > 0 ? log(seen->measured / v) : (double)INFINITY;
        of[i].precision += weight;
        of[i].linear += weight * r;
        of[i].squares += weight * r * r;
    }
    return code;
}

enum smp_code smp_ensemble_observe_ratios(struct smp_ensemble *ensemble,
                                          const struct smp_question *question,
                                          const struct smp_observation *seen, size_t count,
                                          double common_sd, struct smp_pool *pool,
                                          struct smp_arena *scratch, struct smp_err *err)
{
    const struct smp_mark mark = smp_arena_mark(scratch);
    struct residuals *of = smp_new(scratch, struct residuals, ensemble->count);
    double *misfits = smp_new(scratch, double, ensemble->count);
    if (!of || !misfits)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu draws", ensemble->count);
    enum smp_code code =
        smp_check_number(common_sd, "common_sd", "", 1e-6, 1e3, "observation", err);
    for (size_t k = 0; k < count && !code; k++)
        code = add_residuals(of, &seen[k], ensemble, question, pool, scratch, err);
    for (size_t i = 0; !code && i < ensemble->count; i++) {
        const double common =
            of[i].linear * of[i].linear / (of[i].precision + 1 / (common_sd * common_sd));
        const double left = 0.5 * (of[i].squares - common);
        misfits[i] = isfinite(left) ? left : (double)INFINITY;
    }
    if (!code && count)
        code = reweigh(ensemble, misfits, "what the photos show", err);
    smp_arena_reset(scratch, mark);
    return code;
}
