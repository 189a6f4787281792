// The order by what matters: criteria of the options, scores by weights, and the same options seen
// with other weights.
#include "choice/choice_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double hours_a_day_off = 8;

// One concern is what the person gets, five are what it takes: alike, they would outvote it five to
// one, and doing nothing would come first by that alone. So cover weighs as much as all the others.
#define WEIGHTS(cover, budget, time, surgery, upkeep, reversible)                                  \
    {                                                                                              \
        [SMP_CONCERN_COVER] = cover, [SMP_CONCERN_BUDGET] = budget, [SMP_CONCERN_TIME] = time,     \
        [SMP_CONCERN_SURGERY] = surgery, [SMP_CONCERN_UPKEEP] = upkeep,                            \
        [SMP_CONCERN_REVERSIBLE] = reversible                                                      \
    }
const struct smp_weighing smp_weighings[SMP_WEIGHINGS] = {
    { "balanced", "cover counts half, all else together half", WEIGHTS(5, 1, 1, 1, 1, 1) },
    { "cover", "cover matters most", WEIGHTS(15, 1, 1, 1, 1, 1) },
    { "cost-and-time", "cost and time matter most", WEIGHTS(3, 3, 3, 1, 1, 1) },
    { "no-surgery", "no surgery and cover matter most", WEIGHTS(4, 0.5, 0.5, 4, 0.5, 0.5) },
    { "alike", "all six things count alike", WEIGHTS(1, 1, 1, 1, 1, 1) },
};

// ---- Scores -------------------------------------------------------------------------------------

struct smp_concern_scale smp_scale_of(const struct smp_raw *raw, size_t count)
{
    struct smp_concern_scale scale;
    for (int w = 0; w < SMP_CONCERN_COUNT; w++) {
        scale.low[w] = HUGE_VAL;
        scale.high[w] = -HUGE_VAL;
        for (size_t i = 0; i < count; i++) {
            scale.low[w] = raw[i].counts ? fmin(scale.low[w], raw[i].value[w]) : scale.low[w];
            scale.high[w] = raw[i].counts ? fmax(scale.high[w], raw[i].value[w]) : scale.high[w];
        }
    }
    return scale;
}

void smp_score(double *scores, double (*criteria)[SMP_CONCERN_COUNT], const struct smp_raw *raw,
               size_t count, const double *weights, const struct smp_concern_scale *scale)
{
    static const bool more_is_better[SMP_CONCERN_COUNT] = {
        [SMP_CONCERN_COVER] = true, [SMP_CONCERN_REVERSIBLE] = true
    };
    double sum = 0;
    for (int w = 0; w < SMP_CONCERN_COUNT; w++)
        sum += weights[w];
    for (size_t i = 0; i < count; i++) {
        scores[i] = 0;
        for (int w = 0; w < SMP_CONCERN_COUNT; w++) {
            const double span = scale->high[w] - scale->low[w];
            double part = span > 0 ? (raw[i].value[w] - scale->low[w]) / span : 1;
            if (!more_is_better[w] && span > 0)
                part = 1 - part;
            criteria[i][w] = raw[i].counts ? part : 0;
            scores[i] += raw[i].counts ? part * weights[w] / sum : 0;
        }
    }
}

// From cover by year, and cost, hours and days off so far.
struct sums {
    double cover, cost, hours, days_off, first_hours;
};

static struct smp_raw raw_of(const struct sums *sums, const struct smp_outcome *outcome, int years)
{
    return (struct smp_raw){
        .counts = true,
        .value = { [SMP_CONCERN_COVER] = sums->cover,
                   [SMP_CONCERN_BUDGET] = sums->cost,
                   [SMP_CONCERN_TIME] = sums->hours + hours_a_day_off * sums->days_off,
                   [SMP_CONCERN_SURGERY] = outcome->surgery,
                   [SMP_CONCERN_UPKEEP] = (sums->hours - sums->first_hours) / fmax(years - 1, 1),
                   [SMP_CONCERN_REVERSIBLE] = outcome->reversible },
    };
}

struct smp_raw smp_raw_of_course(const struct smp_course *course, const struct smp_outcome *outcome,
                                 int years)
{
    const double *last = course->at[years];
    struct sums sums = { 0, last[SMP_M_COST], last[SMP_M_HOURS], last[SMP_M_DAYS],
                         course->at[1][SMP_M_HOURS] };
    for (int year = 1; year <= years; year++)
        sums.cover += course->at[year][SMP_M_COVER] / years;
    return raw_of(&sums, outcome, years);
}

static struct smp_raw raw_of_bands(const struct smp_outcome *outcome, int years)
{
    if (!outcome->possible)
        return (struct smp_raw){ 0 };
    const struct smp_year *last = &outcome->years[years];
    struct sums sums = { 0, last->cost.median, last->hours.median, last->days_off.median,
                         outcome->years[1].hours.median };
    for (int year = 1; year <= years; year++)
        sums.cover += outcome->years[year].cover_share.median / years;
    return raw_of(&sums, outcome, years);
}

// ---- Ranks --------------------------------------------------------------------------------------

// Best first; what is equal to nine digits by name, what is impossible last.
struct ranked {
    const struct smp_outcome *outcome;
    double score;
};

static int by_rank(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->outcome->possible != y->outcome->possible)
        return x->outcome->possible ? -1 : 1;
    const long long p = llround(x->score * 1e9), q = llround(y->score * 1e9);
    return p != q
               ? (p > q ? -1 : 1)
               : strcmp(smp_choice_names[x->outcome->choice], smp_choice_names[y->outcome->choice]);
}

// Indices of the options, best first.
static void sort_options(size_t *order, const struct smp_comparison *made, const double *scores)
{
    struct ranked sorted[SMP_CHOICE_COUNT];
    for (size_t i = 0; i < made->count; i++)
        sorted[i] = (struct ranked){ &made->outcomes[i], scores[i] };
    qsort(sorted, made->count, sizeof *sorted, by_rank);
    for (size_t k = 0; k < made->count; k++)
        order[k] = (size_t)(sorted[k].outcome - made->outcomes);
}

enum smp_code smp_comparison_order(struct smp_comparison *made, struct smp_arena *arena,
                                   struct smp_err *err)
{
    const size_t count = made->count;
    struct smp_raw raw[SMP_CHOICE_COUNT];
    double scores[SMP_CHOICE_COUNT], criteria[SMP_CHOICE_COUNT][SMP_CONCERN_COUNT];
    made->order = smp_new(arena, size_t, count * (1 + SMP_WEIGHINGS));
    if (!made->order)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the order");
    for (size_t i = 0; i < count; i++)
        raw[i] = raw_of_bands(&made->outcomes[i], made->years);
    const struct smp_concern_scale scale = smp_scale_of(raw, count);
    for (size_t v = 0; v < SMP_WEIGHINGS; v++) {
        made->other_order[v] = made->order + (1 + v) * count;
        smp_score(scores, criteria, raw, count, smp_weighings[v].weights, &scale);
        sort_options(made->other_order[v], made, scores);
    }
    smp_score(scores, criteria, raw, count, made->weights, &scale);
    sort_options(made->order, made, scores);
    for (size_t i = 0; i < count; i++) {
        made->outcomes[i].score = scores[i];
        memcpy(made->outcomes[i].criteria, criteria[i], sizeof criteria[i]);
    }
    for (size_t k = 0; k < count; k++)
        made->outcomes[made->order[k]].rank = k + 1;
    return SMP_OK;
}
