// Options beside one another: many persons on each, bands by year, an order by what matters.
#include "choice/choice_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double full_share = 0.98; // of the scalp: then the cover is called full

struct smp_compare_params smp_compare_defaults(void)
{
    struct smp_compare_params params = { .years = 10, .persons = 10000, .seed = 1 };
    memcpy(params.weights, smp_weighings[0].weights, sizeof params.weights);
    return params;
}

// ---- Quantiles ----------------------------------------------------------------------------------

static double quantile(float *values, size_t count, double share)
{
    const size_t k = (size_t)(share * (double)(count - 1) + 0.5);
    return (double)smp_select(values, count, k);
}

static struct smp_band band_of(float *values, size_t count)
{
    return (struct smp_band){ quantile(values, count, 0.05), quantile(values, count, 0.5),
                              quantile(values, count, 0.95) };
}

// ---- Many persons on one option -----------------------------------------------------------------

struct crowd {
    const struct smp_prospect *prospect;
    struct smp_parts parts;
    size_t persons, rows; // rows: values kept of a person
    int years;
    uint64_t seed;
    float *values; // by row, then person
    struct smp_band *bands;
};

static void run_persons(void *context, size_t begin, size_t end)
{
    const struct crowd *crowd = context;
    struct smp_course course;
    for (size_t i = begin; i < end; i++) {
        const struct smp_draw draw = smp_draw_person(crowd->prospect, crowd->seed, i);
        smp_simulate(&course, crowd->prospect, &crowd->parts, &draw, crowd->years);
        float *value = crowd->values + i;
        for (int year = 0; year <= crowd->years; year++) {
            for (int m = 0; m < SMP_M_COUNT; m++, value += crowd->persons)
                *value = (float)course.at[year][m];
        }
        for (int t = 0; t < SMP_T_COUNT; t++, value += crowd->persons)
            *value = (float)course.total[t];
    }
}

static void run_bands(void *context, size_t begin, size_t end)
{
    const struct crowd *crowd = context;
    for (size_t row = begin; row < end; row++)
        crowd->bands[row] = band_of(crowd->values + row * crowd->persons, crowd->persons);
}

static double share_full(const struct crowd *crowd)
{
    const size_t row = (size_t)crowd->years * SMP_M_COUNT + SMP_M_COVER;
    size_t full = 0;
    for (size_t i = 0; i < crowd->persons; i++)
        full += (double)crowd->values[row * crowd->persons + i] >= full_share;
    return (double)full / (double)crowd->persons;
}

static double share_enough(const struct crowd *crowd)
{
    const float *totals = crowd->values + (size_t)(crowd->years + 1) * SMP_M_COUNT * crowd->persons;
    size_t enough = 0;
    for (size_t i = 0; i < crowd->persons; i++)
        enough +=
            totals[SMP_T_DONOR * crowd->persons + i] >= totals[SMP_T_NEEDED * crowd->persons + i];
    return (double)enough / (double)crowd->persons;
}

static void take_year(struct smp_year *year, const struct smp_band *bands)
{
    for (int r = 0; r < SMP_REGION_COUNT; r++) {
        year->fu_per_cm2[r] = bands[SMP_M_FU + r];
        year->hairs_per_cm2[r] = bands[SMP_M_HAIRS + r];
    }
    year->cover_share = bands[SMP_M_COVER];
    year->grey_share = bands[SMP_M_GREY];
    year->cost = bands[SMP_M_COST];
    year->hours = bands[SMP_M_HOURS];
    year->days_off = bands[SMP_M_DAYS];
}

static enum smp_code run_option(struct smp_outcome *outcome, struct crowd *crowd,
                                struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err)
{
    outcome->years = smp_new(arena, struct smp_year, (size_t)crowd->years + 1);
    if (!outcome->years)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %d years", crowd->years);
    smp_pool_for(pool, crowd->persons, 64, run_persons, crowd);
    outcome->full_cover_share = share_full(crowd);
    outcome->donor_enough_share = outcome->surgery ? share_enough(crowd) : 0;
    smp_pool_for(pool, crowd->rows, 4, run_bands, crowd);
    for (int year = 0; year <= crowd->years; year++)
        take_year(&outcome->years[year], crowd->bands + year * SMP_M_COUNT);
    const struct smp_band *totals = crowd->bands + (crowd->years + 1) * SMP_M_COUNT;
    outcome->grafts = totals[SMP_T_GRAFTS];
    outcome->sessions = totals[SMP_T_SESSIONS];
    outcome->donor_grafts = totals[SMP_T_DONOR];
    outcome->needed_grafts = totals[SMP_T_NEEDED];
    return SMP_OK;
}

// ---- Checks -------------------------------------------------------------------------------------

static enum smp_code check_weights(const double *weights, struct smp_err *err)
{
    double sum = 0;
    enum smp_code code = SMP_OK;
    for (int w = 0; w < SMP_CONCERN_COUNT && !code; w++) {
        code = smp_check_number(weights[w], smp_concern_names[w], "", 0, 1000, "weights", err);
        sum += weights[w];
    }
    return code || sum > 0
               ? code
               : smp_fail(err, SMP_E_INPUT, "weights must not all be 0: one must be above it");
}

static enum smp_code check_choices(const struct smp_compare_params *params, struct smp_err *err)
{
    bool there[SMP_CHOICE_COUNT] = { false };
    if (params->choices && params->choice_count == 0)
        return smp_fail(err, SMP_E_INPUT, "options must be at least one");
    for (size_t i = 0; params->choices && i < params->choice_count; i++) {
        const unsigned choice = (unsigned)params->choices[i];
        if (choice >= SMP_CHOICE_COUNT)
            return smp_fail(err, SMP_E_INPUT, "options must be known ones, not %u", choice);
        if (there[choice])
            return smp_fail(err, SMP_E_INPUT, "the option %s is asked for twice",
                            smp_choice_names[choice]);
        there[choice] = true;
    }
    return SMP_OK;
}

static enum smp_code check(const struct smp_compare_params *params, struct smp_err *err)
{
    enum smp_code code =
        smp_check_number(params->years, "years", "", 1, SMP_COMPARE_YEARS_MAX, "compare", err);
    if (!code)
        code = smp_check_number((double)params->persons, "persons", "", SMP_PERSONS_MIN,
                                SMP_COMPARE_PERSONS_MAX, "compare", err);
    if (!code)
        code = check_weights(params->weights, err);
    if (!code)
        code = check_choices(params, err);
    if (!code && !(params->from->age > 0))
        code =
            smp_fail(err, SMP_E_INPUT, "%s: client.age must be given, for loss and grey go by age",
                     params->from->file);
    return code;
}

// ---- The whole ----------------------------------------------------------------------------------

static enum smp_code run_all(struct smp_comparison *made, const struct smp_prospect *prospect,
                             struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err)
{
    struct crowd crowd = { .prospect = prospect,
                           .persons = made->persons,
                           .years = made->years,
                           .seed = made->seed,
                           .rows = (size_t)(made->years + 1) * SMP_M_COUNT + SMP_T_COUNT };
    struct smp_arena scratch;
    smp_arena_make(&scratch, 0);
    crowd.values = smp_new(&scratch, float, crowd.rows *crowd.persons);
    crowd.bands = smp_new(&scratch, struct smp_band, crowd.rows);
    enum smp_code code =
        crowd.values && crowd.bands
            ? SMP_OK
            : smp_fail(err, SMP_E_NOMEM, "no memory for %zu persons", made->persons);
    for (size_t i = 0; i < made->count && !code; i++) {
        struct smp_outcome *outcome = &made->outcomes[i];
        crowd.parts = smp_parts_of(prospect, outcome->choice);
        outcome->drug = crowd.parts.drug;
        outcome->surgery = crowd.parts.surgery != SMP_SURGERY_NONE;
        outcome->reversible = crowd.parts.reversible;
        outcome->reversible_words = crowd.parts.reversible_words;
        outcome->why_not = smp_choice_barred(prospect, &crowd.parts, arena);
        outcome->possible = !outcome->why_not;
        if (outcome->possible)
            code = run_option(outcome, &crowd, pool, arena, err);
        if (!code)
            smp_outcome_harms(outcome, prospect, &crowd.parts);
        if (!code)
            code = smp_outcome_words(outcome, prospect, &crowd.parts, arena, err);
    }
    smp_arena_drop(&scratch);
    return code;
}

static enum smp_code begin(struct smp_comparison *made, const struct smp_prospect *prospect,
                           struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_compare_params *params = &prospect->params;
    *made = (struct smp_comparison){
        .count = params->choices ? params->choice_count : SMP_CHOICE_COUNT,
        .years = params->years,
        .persons = params->persons,
        .seed = params->seed,
        .currency = params->from->currency,
        .country = params->from->person.country ? params->from->person.country : "US",
        .scalp_cm2 = prospect->scalp_cm2,
        .prospect = prospect,
    };
    memcpy(made->region_cm2, prospect->region_cm2, sizeof made->region_cm2);
    memcpy(made->weights, params->weights, sizeof made->weights);
    for (size_t c = 0; c < prospect->cell_count; c++) {
        const struct smp_cell_of_scalp *cell = &prospect->cells[c];
        if (!cell->scar && cell->left[(size_t)prospect->ladder.now] < 0.5)
            made->bald_cm2 += cell->cm2;
    }
    made->outcomes = smp_new(arena, struct smp_outcome, made->count);
    for (size_t i = 0; made->outcomes && i < made->count; i++)
        made->outcomes[i].choice = params->choices ? params->choices[i] : (enum smp_choice)i;
    return made->outcomes ? SMP_OK : smp_fail(err, SMP_E_NOMEM, "no memory for the options");
}

enum smp_code smp_compare(struct smp_comparison *made, const struct smp_compare_params *params,
                          struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err)
{
    enum smp_code code = check(params, err);
    if (code)
        return code;
    struct smp_comparison out;
    struct smp_prospect *prospect = smp_new(arena, struct smp_prospect, 1);
    if (!prospect)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the comparison");
    code = smp_prospect_make(prospect, params, arena, err);
    if (!code)
        code = begin(&out, prospect, arena, err);
    if (!code)
        code = run_all(&out, prospect, pool, arena, err);
    if (!code)
        code = smp_comparison_order(&out, arena, err);
    if (!code)
        code = smp_comparison_notes(&out, prospect, arena, err);
    if (code)
        return code;
    smp_comparison_sensitivity(&out, prospect);
    *made = out;
    return SMP_OK;
}

// Grafts are set, as dots are, behind the line that is designed, and where hair stood that went.
static bool grafted_at(const struct smp_prospect *at, size_t point, double lost)
{
    const struct smp_dots_course *dots = at->params.dots;
    return !dots || !dots->per_cm2 || dots->per_cm2[point] > 0 || lost > 0;
}

// Some dots stand where the plan had none.
static bool touched_up(const struct smp_prospect *at, const struct smp_course *course)
{
    for (size_t c = 0; c < at->cell_count; c++)
        if (course->dots[c] > at->cells[c].dots_share)
            return true;
    return false;
}

void smp_compare_field(double *fu_per_cm2, double *dots_share, const struct smp_comparison *made,
                       enum smp_choice choice, int year, bool among_dots)
{
    const struct smp_prospect *at = made->prospect;
    const struct smp_parts parts = smp_parts_of(at, choice);
    const struct smp_draw draw = smp_draw_middle(at);
    struct smp_course course;
    smp_simulate(&course, at, &parts, &draw, year);
    const size_t now = (size_t)at->ladder.now, k = (size_t)course.step;
    const size_t next = k + 1 < at->ladder.count ? k + 1 : k;
    const bool filled = among_dots && touched_up(at, &course);
    for (size_t i = 0; i < at->params.head->mesh.point_count; i++) {
        const size_t c = at->cell_of[i];
        const double today = at->fields[now][i];
        if (dots_share)
            dots_share[i] = c == UINT16_MAX ? 0 : course.dots[c];
        fu_per_cm2[i] = today;
        if (c == UINT16_MAX)
            continue;
        const struct smp_cell_of_scalp *cell = &at->cells[c];
        const double own =
            at->fields[k][i] + (course.step - (double)k) * (at->fields[next][i] - at->fields[k][i]);
        // what a drug gains is the cell's
        const double gain = course.left[c] - smp_cell_left(cell, &at->ladder, course.step);
        const double left = cell->scar ? 0 : own + gain * cell->native_fu;
        fu_per_cm2[i] = left;
        if (!among_dots && grafted_at(at, i, today - own))
            fu_per_cm2[i] += course.grafts[c];
        if (filled && !cell->scar && course.dots[c] > 0)
            fu_per_cm2[i] = fmax(left, today); // a touch-up's dots where hair went
    }
}
