// Nobody's thumb on the scale: order, weights, threads, and the sentence for every wrong question.
#include "compare_test_case.h"

#include <math.h>

static struct stage s;
static const char man[] =
    "{\"stubble\": 1, \"client\": {\"age\": 38}, \"loss\": {\"norwood\": \"4\"}}";

START_TEST(options_asked_for_in_another_order_get_the_same_answers)
{
    enum smp_choice turned[SMP_CHOICE_COUNT];
    for (int i = 0; i < SMP_CHOICE_COUNT; i++)
        turned[i] = (enum smp_choice)((7 * i + 5) % SMP_CHOICE_COUNT);
    stage_set(&s, man);
    stage_run(&s);
    const struct smp_comparison first = s.made;
    s.params.choices = turned;
    s.params.choice_count = SMP_CHOICE_COUNT;
    stage_run(&s);
    for (size_t i = 0; i < first.count; i++) {
        const struct smp_outcome *a = &first.outcomes[i], *b = stage_option(&s, a->choice);
        ck_assert_int_eq(s.made.outcomes[i].choice, turned[i]);
        ck_assert_mem_eq(a->years, b->years, 11 * sizeof *a->years);
        ck_assert_uint_eq(a->rank, b->rank);
        ck_assert_double_eq(a->score, b->score);
        ck_assert_uint_eq(a->harm_count, b->harm_count);
        ck_assert_int_eq(first.outcomes[first.order[i]].choice,
                         s.made.outcomes[s.made.order[i]].choice);
    }
    for (size_t i = 0; i < first.sensitivity_count; i++) {
        ck_assert_str_eq(first.sensitivities[i].input, s.made.sensitivities[i].input);
        ck_assert_int_eq(first.sensitivities[i].choice, s.made.sensitivities[i].choice);
    }
    // fewer options: what is told of each is the same
    s.params.choice_count = 3;
    stage_run(&s);
    ck_assert_uint_eq(s.made.count, 3);
    for (size_t i = 0; i < 3; i++)
        ck_assert_mem_eq(s.made.outcomes[i].years, first.outcomes[turned[i]].years,
                         11 * sizeof *s.made.outcomes[i].years);
    smp_arena_drop(&s.arena);
}
END_TEST

START_TEST(threads_do_not_matter_and_the_seed_does)
{
    struct smp_err err = { 0 };
    stage_set(&s, man);
    stage_run(&s);
    const char *one = smp_comparison_json(&s.made, false, &s.arena);
    struct smp_pool *pool = smp_pool_make(3);
    struct smp_comparison three, other;
    ck_assert(!smp_compare(&three, &s.params, pool, &s.arena, &err));
    smp_pool_drop(pool);
    ck_assert_str_eq(one, smp_comparison_json(&three, false, &s.arena));
    s.params.seed = 2;
    ck_assert(!smp_compare(&other, &s.params, NULL, &s.arena, &err));
    ck_assert_str_ne(one, smp_comparison_json(&other, false, &s.arena));
    smp_arena_drop(&s.arena);
}
END_TEST

START_TEST(one_weight_alone_orders_by_that_concern_and_ties_go_by_name)
{
    static const enum smp_concern alone[] = { SMP_CONCERN_COVER, SMP_CONCERN_SURGERY };
    stage_set(&s, man);
    for (size_t a = 0; a < 2; a++) {
        const int w = (int)alone[a];
        for (int v = 0; v < SMP_CONCERN_COUNT; v++)
            s.params.weights[v] = v == w ? 3 : 0;
        stage_run(&s);
        for (size_t k = 0; k < s.made.count; k++) {
            const struct smp_outcome *o = &s.made.outcomes[s.made.order[k]];
            ck_assert_uint_eq(o->rank, k + 1);
            ck_assert_double_eq_tol(o->score, o->criteria[w], 1e-12);
            ck_assert(o->criteria[w] >= 0 && o->criteria[w] <= 1);
            if (k == 0)
                continue;
            const struct smp_outcome *before = &s.made.outcomes[s.made.order[k - 1]];
            ck_assert_double_ge(before->score, o->score - 1e-9);
            if (fabs(before->score - o->score) < 1e-10)
                ck_assert_int_lt(
                    strcmp(smp_choice_names[before->choice], smp_choice_names[o->choice]), 0);
        }
    }
    smp_arena_drop(&s.arena);
}
END_TEST

// Labels do not count: an option's score is that of its numbers, wherever it stands.
START_TEST(scores_are_of_the_numbers_alone)
{
    struct smp_raw raw[4] = { 0 };
    double scores[4], criteria[4][SMP_CONCERN_COUNT];
    static const double weights[SMP_CONCERN_COUNT] = { 1, 1, 1, 1, 1, 1 };
    for (int i = 0; i < 4; i++) {
        raw[i].counts = i != 3;
        for (int w = 0; w < SMP_CONCERN_COUNT; w++)
            raw[i].value[w] = i == 2 ? 10 : 4;
    }
    struct smp_concern_scale scale = smp_scale_of(raw, 4);
    smp_score(scores, criteria, raw, 4, weights, &scale);
    ck_assert_double_eq(scores[0], scores[1]);
    ck_assert_double_eq(criteria[2][SMP_CONCERN_COVER], 1);  // more is better
    ck_assert_double_eq(criteria[2][SMP_CONCERN_BUDGET], 0); // less is better
    ck_assert_double_eq(criteria[0][SMP_CONCERN_BUDGET], 1);
    ck_assert_double_eq(scores[3], 0); // impossible: neither scored nor a measure for others
    raw[2] = raw[0];
    scale = smp_scale_of(raw, 4);
    smp_score(scores, criteria, raw, 4, weights, &scale);
    ck_assert_double_eq_tol(scores[0], 1, 1e-12); // all alike: nobody is behind
    ck_assert_double_eq(scores[0], scores[2]);
}
END_TEST

START_TEST(the_inputs_that_move_the_answer_are_ten_and_told_in_order)
{
    stage_set(&s, man);
    stage_run(&s);
    ck_assert_uint_eq(s.made.sensitivity_count, 10);
    for (size_t i = 0; i < 10; i++) {
        const struct smp_sensitivity *t = &s.made.sensitivities[i];
        ck_assert(*t->input && t->low < t->high && isfinite(t->score_low));
        ck_assert_ptr_null(strstr(t->unit, "deviation")); // nor a share of persons
        ck_assert_ptr_null(strstr(t->unit, "share"));
        ck_assert(fabs(t->score_low - t->score_high) > 0 && isfinite(t->score_high));
        for (size_t k = 0; k < i; k++)
            ck_assert_str_ne(t->input, s.made.sensitivities[k].input);
    }
    // a concern that does not count moves nothing: with surgery alone no number matters
    for (int w = 0; w < SMP_CONCERN_COUNT; w++)
        s.params.weights[w] = w == SMP_CONCERN_SURGERY;
    stage_run(&s);
    ck_assert_uint_eq(s.made.sensitivity_count, 0);
    // cost alone: prices are among them, viewing distance is not
    for (int w = 0; w < SMP_CONCERN_COUNT; w++)
        s.params.weights[w] = w == SMP_CONCERN_BUDGET;
    stage_run(&s);
    bool price = false;
    for (size_t i = 0; i < s.made.sensitivity_count; i++)
        price = price || (strstr(s.made.sensitivities[i].input, "price") &&
                          strcmp(s.made.sensitivities[i].unit, "USD") == 0);
    ck_assert(price);
    smp_arena_drop(&s.arena);
}
END_TEST

// Each input in its own unit on every option that it acts on; its low end is the lower.
START_TEST(an_input_is_told_in_its_own_unit)
{
    static const struct {
        enum smp_input input;
        enum smp_choice choice;
        const char *unit;
        double least, most; // of both ends
    } rows[] = {
        { SMP_IN_RESPONSE, SMP_CHOICE_FINASTERIDE, "hairs/cm2", 1, 30 },
        { SMP_IN_GAIN, SMP_CHOICE_MINOXIDIL, "hairs/cm2", 5, 30 },
        { SMP_IN_STOP, SMP_CHOICE_MINOXIDIL, "years", 0.1, 10 },
        { SMP_IN_STOP_WHEN, SMP_CHOICE_FINASTERIDE, "years", 0.01, 10 },
        { SMP_IN_DRUG_HOURS, SMP_CHOICE_MINOXIDIL, "hours/year", 10, 50 },
        { SMP_IN_DRUG_PRICE, SMP_CHOICE_DUTASTERIDE, "USD", 500, 1300 },
        { SMP_IN_LIFETIME, SMP_CHOICE_FUE, "percent", 29, 50 },
        { SMP_IN_SURVIVAL, SMP_CHOICE_FUT, "percent", 85, 95 },
        { SMP_IN_GRAFT_PRICE, SMP_CHOICE_FUT, "USD", 4, 8 },
        { SMP_IN_DOTS, SMP_CHOICE_SMP, "m", 0.1, 5 },
        { SMP_IN_SMP_HOURS, SMP_CHOICE_SMP, "hours", 1, 40 },
        { SMP_IN_SPEED, SMP_CHOICE_NOTHING, "classes/year", 0.01, 1 },
        { SMP_IN_GREY, SMP_CHOICE_NOTHING, "years", 10, 80 },
        { SMP_IN_CALIBRE, SMP_CHOICE_FUE, "um", 40, 100 },
        { SMP_IN_STRIP, SMP_CHOICE_FUT, "cm2", 20, 50 },
    };
    struct smp_err err = { 0 };
    struct smp_prospect at;
    stage_set(&s, man);
    ck_assert_msg(!smp_prospect_make(&at, &s.params, &s.arena, &err), "%s", err.msg);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct smp_parts parts = smp_parts_of(&at, rows[i].choice);
        double told[2];
        for (int k = 0; k < 2; k++) {
            const char *unit = "";
            const double x = smp_input_at(&at, rows[i].input, k ? 0.95 : 0.05);
            told[k] = smp_input_told(&unit, &at, rows[i].input, x, &parts);
            ck_assert_str_eq(unit, rows[i].unit);
            ck_assert_msg(told[k] >= rows[i].least && told[k] <= rows[i].most, "row %zu: %g", i,
                          told[k]);
        }
        ck_assert_double_lt(told[0], told[1]);
    }
    smp_arena_drop(&s.arena);
}
END_TEST

// Cover counts as much as the five burdens together, so that neither getting nothing nor getting
// most wins by the number of its concerns; the other orders are told beside it.
START_TEST(what_is_got_weighs_as_much_as_what_it_takes)
{
    const struct smp_compare_params plain = smp_compare_defaults();
    double burdens = 0;
    for (int w = 0; w < SMP_CONCERN_COUNT; w++)
        burdens += w == SMP_CONCERN_COVER ? 0 : plain.weights[w];
    ck_assert_double_eq(plain.weights[SMP_CONCERN_COVER], burdens);
    stage_set(&s, man);
    stage_run(&s);
    for (size_t v = 0; v < SMP_WEIGHINGS; v++) {
        size_t seen = 0;
        double before = HUGE_VAL, sum = 0;
        for (int w = 0; w < SMP_CONCERN_COUNT; w++)
            sum += smp_weighings[v].weights[w];
        for (size_t k = 0; k < s.made.count; k++) {
            const struct smp_outcome *o = &s.made.outcomes[s.made.other_order[v][k]];
            double score = 0;
            for (int w = 0; w < SMP_CONCERN_COUNT; w++)
                score += smp_weighings[v].weights[w] * o->criteria[w] / sum;
            ck_assert_double_le(score, before + 1e-9);
            before = score;
            seen |= (size_t)1 << s.made.other_order[v][k];
        }
        ck_assert_uint_eq(seen, ((size_t)1 << s.made.count) - 1); // none is hidden
    }
    for (size_t k = 0; k < s.made.count; k++)
        ck_assert_uint_eq(s.made.order[k], s.made.other_order[0][k]);
    smp_arena_drop(&s.arena);
}
END_TEST

static void refuse(const struct smp_compare_params *params, const char *sentence)
{
    struct smp_err err = { 0 };
    struct smp_comparison made = { .years = -7 };
    ck_assert_int_eq(smp_compare(&made, params, NULL, &s.arena, &err), SMP_E_INPUT);
    ck_msg_has(err, sentence);
    ck_assert_int_eq(made.years, -7);
}

START_TEST(wrong_questions_are_refused_with_a_sentence)
{
    static const enum smp_choice twice[] = { SMP_CHOICE_SMP, SMP_CHOICE_SMP };
    static const enum smp_choice unknown[] = { SMP_CHOICE_COUNT };
    stage_set(&s, man);
    struct smp_compare_params p = s.params;
    p.years = 0;
    refuse(&p, "compare.years must be 1 to 30, not 0");
    p = s.params;
    p.persons = 99;
    refuse(&p, "compare.persons must be 100 to 100000, not 99");
    p = s.params;
    p.weights[SMP_CONCERN_TIME] = -1;
    refuse(&p, "weights.time must be 0 to 1000, not -1");
    p.weights[SMP_CONCERN_TIME] = (double)NAN;
    refuse(&p, "weights.time must be 0 to 1000, not nan");
    for (int w = 0; w < SMP_CONCERN_COUNT; w++)
        p.weights[w] = 0;
    refuse(&p, "weights must not all be 0");
    p = s.params;
    p.choices = twice;
    p.choice_count = 2;
    refuse(&p, "the option smp is asked for twice");
    p.choice_count = 0;
    refuse(&p, "options must be at least one");
    p.choices = unknown;
    p.choice_count = 1;
    refuse(&p, "options must be known ones");
    p = s.params;
    s.from.age = 0;
    refuse(&p, "case.json: client.age must be given, for loss and grey go by age");
    smp_arena_drop(&s.arena);
}
END_TEST

// One figure changed or taken away.
static void with_figure(const char *id, double value, const char *sentence)
{
    struct smp_figure *own = smp_new(&s.arena, struct smp_figure, s.evidence.count);
    struct smp_evidence changed = s.evidence;
    struct smp_compare_params p = s.params;
    changed.figures = own;
    for (size_t i = 0; i < s.evidence.count; i++) {
        own[i] = s.evidence.figures[i];
        if (strcmp(own[i].id, id) != 0)
            continue;
        own[i].value = value;
        if (isnan(value)) {
            own[i].id = "another";
            own[i].cost.is = false;
        }
    }
    p.evidence = &changed;
    refuse(&p, sentence);
}

START_TEST(figures_that_cannot_be_used_are_named)
{
    stage_set(&s, man);
    with_figure("coverage.least", (double)NAN,
                "the figure coverage.least of evidence/transplant.json is missing");
    with_figure("onset.error", (double)NAN,
                "the figure onset.error of evidence/loss.json is missing");
    with_figure("speed.median", (double)NAN,
                "the figure speed.median of evidence/loss.json is missing");
    with_figure("speed.median", 0, "speed.median of evidence/loss.json must be above 0, not 0");
    with_figure("growth.final", 5, "growth.final of evidence/transplant.json must be above 6 ");
    with_figure(
        "men.norwood-3-up.18-29", 99.9,
        "men.norwood-3-up.18-29 and men.norwood-3-up.40-49 of evidence/loss.json do not go");
    with_figure("grey.any.61-65", 1, "grey.extent of evidence/loss.json must rise with age");
    with_figure("dutasteride.year.us", (double)NAN,
                "evidence/costs.json has no price of dutasteride per year");
    s.from.currency = "GBP";
    with_figure("usd.per.gbp", (double)NAN,
                "the figure usd.per.gbp of evidence/costs.json is missing");
    with_figure("usd.per.gbp", 0, "usd.per.gbp of evidence/costs.json must be above 0, not 0");
    smp_arena_drop(&s.arena);
}
END_TEST

START_TEST(prices_follow_country_and_currency)
{
    stage_set(&s, man);
    stage_run(&s);
    const double fue_us = stage_option(&s, SMP_CHOICE_FUE)->years[1].cost.median;
    const double drug_us = stage_option(&s, SMP_CHOICE_FINASTERIDE)->years[1].cost.median;
    s.from.person.country = "TR"; // an operation as a whole
    stage_run(&s);
    const double fue_tr = stage_option(&s, SMP_CHOICE_FUE)->years[1].cost.median;
    ck_assert_double_lt(fue_tr, 0.6 * fue_us);
    ck_assert(fue_tr > 2900 && fue_tr < 5100);
    s.from.person.country = NULL;
    s.from.currency = "GBP";
    stage_run(&s);
    ck_assert_str_eq(s.made.currency, "GBP");
    ck_assert_double_eq_tol(stage_option(&s, SMP_CHOICE_FINASTERIDE)->years[1].cost.median,
                            drug_us / 1.27, 0.5);
    smp_arena_drop(&s.arena);
}
END_TEST

STAGE_TEST_MAIN("compare rules", options_asked_for_in_another_order_get_the_same_answers,
                threads_do_not_matter_and_the_seed_does,
                one_weight_alone_orders_by_that_concern_and_ties_go_by_name,
                scores_are_of_the_numbers_alone,
                the_inputs_that_move_the_answer_are_ten_and_told_in_order,
                an_input_is_told_in_its_own_unit, what_is_got_weighs_as_much_as_what_it_takes,
                wrong_questions_are_refused_with_a_sentence, figures_that_cannot_be_used_are_named,
                prices_follow_country_and_currency)
