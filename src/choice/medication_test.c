// The medication model against arms of trials that its fit never read, and its own rules.
#include "choice/choice.h"
#include "harness.h"

#include <math.h>

static struct smp_arena arena;
static struct smp_evidence evidence;
static struct smp_medication fit;

static const double month_of_weeks = 7 * 12 / 365.25;

static void load(void)
{
    struct smp_err err = { 0 };
    smp_arena_make(&arena, 0);
    ck_assert_msg(!smp_evidence_load(&evidence, NULL, &arena, &err), "%s", err.msg);
    ck_assert_msg(!smp_medication_fit(&fit, &evidence, &err), "%s", err.msg);
}

static const struct smp_figure *arm(const char *id)
{
    const struct smp_figure *figure = smp_figure_find(&evidence, SMP_TOPIC_MEDICATION, id);
    ck_assert_msg(figure != NULL, "%s", id);
    return figure;
}

static double middle(enum smp_treatment treatment, double start_per_cm2, double months)
{
    const struct smp_person person = smp_person_middle(&fit);
    return smp_hairs_after(&fit, treatment, &person, start_per_cm2, 400, months);
}

// What the middle person has over no treatment at the trials' density.
static double over(enum smp_treatment treatment, double weeks)
{
    const double months = weeks * month_of_weeks, start = fit.trial_per_cm2;
    return middle(treatment, start, months) - middle(SMP_TREAT_PLACEBO, start, months);
}

START_TEST(arms_that_the_fit_never_read_lie_within_their_interval)
{
    load();
    // Minoxidil 5 %, 48 weeks (Olsen 2002).
    const struct smp_figure *active = arm("minoxidil-5.men.48-weeks"),
                            *placebo = arm("placebo.men.48-weeks");
    const double se = sqrt(active->sd * active->sd / (double)active->n +
                           placebo->sd * placebo->sd / (double)placebo->n);
    const double seen = active->value - placebo->value;
    const double told = over(SMP_TREAT_MINOXIDIL_5, 48);
    printf("# minoxidil 5 %% at 48 weeks: %.1f told, %.1f ± %.1f seen\n", told, seen, 1.96 * se);
    ck_assert_double_le(fabs(told - seen), 1.96 * se);
    // Dutasteride over finasteride, 24 weeks (network meta-analysis of 23 trials).
    const struct smp_figure *meta = arm("dutasteride.over-finasteride");
    const double more = over(SMP_TREAT_DUTASTERIDE, 24) - over(SMP_TREAT_FINASTERIDE, 24);
    printf("# dutasteride over finasteride at 24 weeks: %.1f told, %g to %g seen\n", more,
           meta->low, meta->high);
    ck_assert_double_ge(more, meta->low);
    ck_assert_double_le(more, meta->high);
    // Finasteride, 24 weeks: the arm is unverified, so its interval is the wide one.
    const struct smp_figure *fin = arm("finasteride.men.24-weeks.2014"),
                            *none = arm("placebo.men.24-weeks.2014");
    const double gained = over(SMP_TREAT_FINASTERIDE, 24);
    printf("# finasteride at 24 weeks: %.1f told, %.1f (%.1f to %.1f) seen\n", gained,
           fin->value - none->value, fin->low - none->value, fin->high - none->value);
    ck_assert_double_ge(gained, fin->low - none->value);
    ck_assert_double_le(gained, fin->high - none->value);
    smp_arena_drop(&arena);
}
END_TEST

// Trials that give no interval: told, and held to the right order of size only.
START_TEST(arms_without_an_interval_are_told)
{
    load();
    const double start = fit.trial_per_cm2;
    const struct {
        const char *what;
        double told, seen;
    } rows[] = {
        { "dutasteride over minoxidil 2 % at 24 weeks",
          over(SMP_TREAT_DUTASTERIDE, 24) - over(SMP_TREAT_MINOXIDIL_2, 24),
          arm("dutasteride.over-minoxidil-2")->value },
        { "dutasteride over placebo at 12 months, twins", over(SMP_TREAT_DUTASTERIDE, 52),
          arm("dutasteride-0.5.men.12-months")->value - arm("placebo.men.12-months.twins")->value },
        { "finasteride over placebo at 192 weeks, % of the start",
          100 * over(SMP_TREAT_FINASTERIDE, 192) / start,
          arm("finasteride.count.192-weeks")->value - arm("placebo.count.192-weeks")->value },
        { "finasteride from the start, 60 months", middle(SMP_TREAT_FINASTERIDE, start, 60) - start,
          arm("finasteride.men.60-months")->value },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        printf("# %s: %.1f told, %.1f seen\n", rows[i].what, rows[i].told, rows[i].seen);
        ck_assert_double_ge(rows[i].told, 0.6 * rows[i].seen);
        ck_assert_double_le(rows[i].told, 1.6 * rows[i].seen);
    }
    for (int t = 0; t < SMP_TREAT_COUNT; t++) {
        const struct smp_drug *drug = &fit.drugs[t];
        if (drug->gain_per_cm2 > 0)
            printf("# %s: gain %.1f (se %.1f), tau %g months\n", smp_treatment_names[t],
                   drug->gain_per_cm2, drug->gain_se_per_cm2, drug->tau_months);
    }
    printf("# response cv %.2f, loss %.1f %% a year, sigma %.2f\n", fit.response_cv,
           100 * fit.loss_rate, fit.loss_sigma);
    smp_arena_drop(&arena);
}
END_TEST

// Two of them are told a quarter too high. It is their own untreated that lost less than others'
// (3.7 and 2.2 % a year in place of 6): with the trial's own placebo the drugs' part is met.
START_TEST(what_is_told_too_high_is_the_untreated_loss_not_the_drug)
{
    load();
    const double start = fit.trial_per_cm2;
    const struct {
        const char *active, *placebo;
        enum smp_treatment treatment;
        double weeks, scale; // of the figures, to hairs/cm2
    } rows[] = {
        { "dutasteride-0.5.men.12-months", "placebo.men.12-months.twins", SMP_TREAT_DUTASTERIDE, 52,
          1 },
        { "finasteride.count.192-weeks", "placebo.count.192-weeks", SMP_TREAT_FINASTERIDE, 192,
          start / 100 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const double active = arm(rows[i].active)->value * rows[i].scale;
        const double placebo = arm(rows[i].placebo)->value * rows[i].scale;
        const double untreated =
            middle(SMP_TREAT_PLACEBO, start, rows[i].weeks * month_of_weeks) - start;
        const double told = over(rows[i].treatment, rows[i].weeks) + untreated - placebo;
        printf("# %s: untreated %.1f told, %.1f seen; over its own placebo %.1f told, %.1f seen\n",
               rows[i].active, untreated, placebo, told, active - placebo);
        ck_assert_double_lt(untreated, placebo);
        ck_assert_double_eq_tol(told, active - placebo, 0.15 * (active - placebo));
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(the_spread_of_an_arm_that_the_fit_never_read_is_met)
{
    load();
    // Of n persons an SD is known to ± 1.96 SD / sqrt(2 n).
    const struct smp_figure *active = arm("minoxidil-5.men.48-weeks"),
                            *placebo = arm("placebo.men.48-weeks");
    enum { persons = 20000 };
    double sum = 0, squares = 0;
    for (uint64_t i = 0; i < persons; i++) {
        struct smp_person person = smp_person_draw(&fit, SMP_TREAT_MINOXIDIL_5, 7, i);
        person.stops_months = (double)INFINITY;
        person.gain_off = 0;
        const double months = 48 * month_of_weeks;
        const double change =
            smp_hairs_after(&fit, SMP_TREAT_MINOXIDIL_5, &person, fit.trial_per_cm2, 400, months) -
            smp_hairs_after(&fit, SMP_TREAT_PLACEBO, &person, fit.trial_per_cm2, 400, months);
        sum += change;
        squares += change * change;
    }
    const double mean = sum / persons, variance = squares / persons - mean * mean;
    const double told = sqrt(variance + placebo->sd * placebo->sd);
    printf("# sd of minoxidil 5 %% at 48 weeks: %.1f told, %g seen\n", told, active->sd);
    ck_assert_double_le(fabs(told - active->sd), 1.96 * active->sd / sqrt(2 * (double)active->n));
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(the_untreated_go_as_those_of_the_trial)
{
    load();
    enum { persons = 20000 };
    double left = 0, worse = 0;
    for (uint64_t i = 0; i < persons; i++) {
        const struct smp_person person = smp_person_draw(&fit, SMP_TREAT_PLACEBO, 3, i);
        const double share = smp_hairs_after(&fit, SMP_TREAT_PLACEBO, &person, 100, 400, 60) / 100;
        left += share;
        worse += share < 0.85;
    }
    printf("# untreated after 5 years: %.1f %% left, %.1f %% of persons worse\n",
           100 * left / persons, 100 * worse / persons);
    ck_assert_double_eq_tol(left / persons, 1 - 0.263, 0.025);
    ck_assert_double_eq_tol(worse / persons, 0.75, 0.01);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(who_stops_is_back_where_the_untreated_are)
{
    static const enum smp_treatment drugs[] = { SMP_TREAT_MINOXIDIL_2, SMP_TREAT_MINOXIDIL_5,
                                                SMP_TREAT_FINASTERIDE, SMP_TREAT_DUTASTERIDE,
                                                SMP_TREAT_BOTH,        SMP_TREAT_ORAL_MINOXIDIL };
    load();
    for (size_t d = 0; d < sizeof drugs / sizeof *drugs; d++) {
        struct smp_person person = smp_person_middle(&fit);
        person.stops_months = 24;
        const double at = smp_hairs_after(&fit, drugs[d], &person, 120, 400, 24) -
                          middle(SMP_TREAT_PLACEBO, 120, 24);
        const double lost = 24 + fit.drugs[drugs[d]].lost_months;
        const double after = smp_hairs_after(&fit, drugs[d], &person, 120, 400, lost) -
                             middle(SMP_TREAT_PLACEBO, 120, lost);
        ck_assert_double_gt(at, 0);
        ck_assert_double_eq_tol(after / at, 0.05, 0.001);
        ck_assert_double_eq_tol(smp_hairs_after(&fit, drugs[d], &person, 120, 400, 12),
                                middle(drugs[d], 120, 12), 1e-12);
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(no_drug_grows_hair_on_bare_scalp_or_beyond_what_was_there)
{
    load();
    for (int t = 0; t < SMP_TREAT_COUNT; t++) {
        const enum smp_treatment treatment = (enum smp_treatment)t;
        const struct smp_person person = smp_person_middle(&fit);
        ck_assert_double_eq(middle(treatment, 0, 12), 0);
        ck_assert_double_eq(middle(treatment, 150, 0), 150);
        ck_assert_double_le(smp_hairs_after(&fit, treatment, &person, 195, 200, 12), 200);
        ck_assert_double_ge(middle(treatment, 20, 12), middle(SMP_TREAT_PLACEBO, 20, 12));
        ck_assert_double_lt(middle(treatment, 20, 12), 26);
        for (int month = 1; month < 120; month++)
            ck_assert(isfinite(middle(treatment, 150, month)) && middle(treatment, 150, month) > 0);
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(bands_are_the_same_on_any_threads_and_in_order)
{
    static const double months[] = { 0, 12, 60, 120 };
    struct smp_hair_band one[4], four[4], other[4];
    load();
    struct smp_pool *pool = smp_pool_make(4);
    ck_assert(!smp_hair_bands(one, months, 4, &fit, SMP_TREAT_MINOXIDIL_5, 120, 200, 10000, 5, NULL,
                              &arena, NULL));
    ck_assert(!smp_hair_bands(four, months, 4, &fit, SMP_TREAT_MINOXIDIL_5, 120, 200, 10000, 5,
                              pool, &arena, NULL));
    ck_assert(!smp_hair_bands(other, months, 4, &fit, SMP_TREAT_MINOXIDIL_5, 120, 200, 10000, 6,
                              pool, &arena, NULL));
    smp_pool_drop(pool);
    ck_assert_mem_eq(one, four, sizeof one);
    for (size_t m = 0; m < 4; m++) {
        ck_assert(one[m].low <= one[m].median && one[m].median <= one[m].high);
        ck_assert_double_eq_tol(one[m].mean, other[m].mean, 1.5);
    }
    ck_assert_double_eq(one[0].low, 120);
    ck_assert_double_lt(one[3].median, one[1].median);
    ck_assert_double_ne(one[2].mean, other[2].mean);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(bad_questions_are_refused_with_a_sentence)
{
    static const struct {
        double start, full, months;
        size_t persons;
        const char *sentence;
    } faults[] = {
        { -1, 200, 12, 1000, "hair.start must be 0 to 500 hairs/cm2, not -1" },
        { 120, (double)NAN, 12, 1000, "hair.full must be 0 to 500 hairs/cm2" },
        { 120, 200, 1201, 1000, "hair.months must be 0 to 1200, not 1201" },
        { 120, 200, 12, 99, "hair.persons must be 100 to 1e+06, not 99" },
    };
    load();
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct smp_err err = { 0 };
        struct smp_hair_band band;
        ck_assert_int_eq(smp_hair_bands(&band, &faults[i].months, 1, &fit, SMP_TREAT_FINASTERIDE,
                                        faults[i].start, faults[i].full, faults[i].persons, 1, NULL,
                                        &arena, &err),
                         SMP_E_INPUT);
        ck_msg_has(err, faults[i].sentence);
    }
    static const double year = 12;
    struct smp_hair_band band;
    struct smp_err err = { 0 };
    ck_assert_int_eq(
        smp_hair_bands(&band, &year, 1, &fit, SMP_TREAT_FUE, 120, 200, 1000, 1, NULL, &arena, &err),
        SMP_E_INPUT);
    ck_msg_has(err, "hair.treatment must be placebo or a drug of the model, not fue");
    smp_arena_drop(&arena);
}
END_TEST

// The shipped figures with one of them changed must be refused by the fit.
static void refuse_fit(const char *id, double value, double sd, const char *sentence)
{
    struct smp_figure *own = smp_new(&arena, struct smp_figure, evidence.count);
    struct smp_evidence changed = evidence;
    struct smp_err err = { 0 };
    struct smp_medication made;
    changed.figures = own;
    for (size_t i = 0; i < evidence.count; i++) {
        own[i] = evidence.figures[i];
        if (strcmp(own[i].id, id) == 0) {
            own[i].value = value;
            own[i].sd = sd;
            if (isnan(value))
                own[i].id = "another";
        }
    }
    ck_assert_int_eq(smp_medication_fit(&made, &changed, &err), SMP_E_INPUT);
    ck_msg_has(err, sentence);
}

START_TEST(figures_that_give_no_fit_are_refused)
{
    load();
    refuse_fit("minoxidil-5.men.26-weeks", (double)NAN, 0,
               "the figure minoxidil-5.men.26-weeks of evidence/medication.json is missing");
    refuse_fit("untreated.rate", 1, 0, "evidence/loss.json do not go together: 1 % a year");
    refuse_fit("minoxidil-2.men.48-weeks", 1, 20.7, "the figures of minoxidil-2 in");
    refuse_fit("minoxidil-5-foam.men.16-weeks", 20.9, 3,
               "the sd of minoxidil-5-foam.men.16-weeks must be above that of placebo-foam");
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("medication", arms_that_the_fit_never_read_lie_within_their_interval,
              arms_without_an_interval_are_told,
              what_is_told_too_high_is_the_untreated_loss_not_the_drug,
              the_spread_of_an_arm_that_the_fit_never_read_is_met,
              the_untreated_go_as_those_of_the_trial, who_stops_is_back_where_the_untreated_are,
              no_drug_grows_hair_on_bare_scalp_or_beyond_what_was_there,
              bands_are_the_same_on_any_threads_and_in_order,
              bad_questions_are_refused_with_a_sentence, figures_that_give_no_fit_are_refused)
