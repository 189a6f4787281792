#include "heal_scene_test.h"

static const struct smp_deposit_shape column = { 0.15, 0.65, 0.2 };

static double diameter(const void *context, const struct smp_aged *aged)
{
    (void)context;
    return aged->shape.diameter_mm;
}

static double carbon(const void *context, const struct smp_aged *aged)
{
    (void)context;
    return aged->strength[SMP_FADING_CARBON];
}

static double lost_carbon(const void *context, const struct smp_aged *aged)
{
    (void)context;
    return 1 - aged->strength[SMP_FADING_CARBON];
}

START_TEST(every_constant_has_range_source_and_grade)
{
    struct smp_arena arena;
    const struct smp_healing healing = read_own(&arena);
    for (int i = 0; i < SMP_HEALING_COUNT; i++) {
        const struct smp_constant *c = &healing.constant[i];
        ck_assert_double_le(c->min, c->value);
        ck_assert_double_le(c->value, c->max);
        ck_assert_double_lt(c->min, c->max);
        ck_assert_uint_gt(strlen(c->source), 20);
        ck_assert_uint_eq(strlen(c->grade), 1);
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(healed_in_the_median_is_the_plan_itself)
{
    struct smp_arena arena;
    const struct smp_healing healing = read_own(&arena);
    const struct smp_fate median = smp_fate_median(&healing, &plain);
    const struct smp_aged aged = smp_aged_at(&median, &ball, SMP_HEALED_YEARS);
    ck_assert_double_eq_tol(aged.shape.diameter_mm, ball.diameter_mm, 1e-12);
    ck_assert_double_eq_tol(aged.shape.top_mm, ball.top_mm, 1e-12);
    ck_assert_double_eq_tol(aged.shape.bottom_mm, ball.bottom_mm, 1e-12);
    for (int f = 0; f < SMP_FADING_COUNT; f++) {
        ck_assert_double_eq_tol(aged.strength[f], 1, 1e-12);
        ck_assert_double_eq_tol(aged.amount[f], 1, 1e-12);
    }
    ck_assert_double_eq(aged.epidermal_share, 0);
    ck_assert_double_eq_tol(aged.blood_factor, 1, 1e-6);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(fresh_is_darker_wider_and_redder)
{
    struct smp_arena arena;
    const struct smp_healing healing = read_own(&arena);
    const struct smp_fate median = smp_fate_median(&healing, &plain);
    const struct smp_aged fresh = smp_aged_at(&median, &ball, 0);
    ck_assert_double_eq_tol(fresh.strength[SMP_FADING_CARBON], 1 / 0.6, 1e-9);
    ck_assert_double_eq_tol(fresh.shape.diameter_mm, 0.4, 1e-9);
    ck_assert_double_eq_tol(fresh.blood_factor, 2, 1e-9);
    ck_assert_double_eq_tol(fresh.epidermal_share, 0.2, 1e-9);
    // And every course of events lightens and narrows steadily until healed.
    for (uint64_t i = 0; i < 200; i++) {
        const struct smp_fate fate = smp_fate_draw(&healing, &plain, 5, i);
        struct smp_aged before = smp_aged_at(&fate, &column, 0);
        for (double days = 3; days <= 42; days += 3) {
            const struct smp_aged aged = smp_aged_at(&fate, &column, days / 365.25);
            ck_assert_double_lt(aged.strength[0], before.strength[0]);
            ck_assert_double_lt(aged.shape.diameter_mm, before.shape.diameter_mm);
            ck_assert_double_le(aged.blood_factor, before.blood_factor);
            before = aged;
        }
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_spreading_dot_keeps_its_pigment_but_for_what_is_lost)
{
    struct smp_arena arena;
    struct smp_healing healing = read_own(&arena);
    struct smp_constant *life = &healing.constant[SMP_HEAL_LIFE_CARBON];
    life->min = life->value = life->max = 1000;
    const struct smp_fate median = smp_fate_median(&healing, &plain);
    const double spread = healing.constant[SMP_HEAL_SPREAD].value;
    const struct smp_deposit_shape *shapes[] = { &ball, &column };
    for (int s = 0; s < 2; s++) {
        for (double years = 1; years < 10; years += 2) {
            const double since = years - SMP_HEALED_YEARS, d = shapes[s]->diameter_mm;
            const struct smp_aged aged = smp_aged_at(&median, shapes[s], years);
            ck_assert_double_eq_tol(aged.amount[0], exp(-since / 1000), 1e-9);
            // Variance across: d²/20 of a ball, d²/16 of a column; it grows by 2Dt.
            const double per = s ? 16 : 20;
            ck_assert_double_eq_tol(aged.shape.diameter_mm * aged.shape.diameter_mm / per,
                                    d * d / per + 2 * spread * since, 1e-12);
        }
    }
    // A ball's absorption then falls as the third power of its diameter (match.md §5).
    const struct smp_aged aged = smp_aged_at(&median, &ball, 6);
    ck_assert_double_eq_tol(aged.strength[0] / aged.amount[0],
                            pow(ball.diameter_mm / aged.shape.diameter_mm, 3), 1e-9);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(after_healing_all_only_fades_spreads_and_sinks)
{
    struct smp_arena arena;
    const struct smp_healing healing = read_own(&arena);
    const struct smp_wear worn = { 0.7, 0.5, true };
    for (uint64_t i = 0; i < 300; i++) {
        const struct smp_fate fate = smp_fate_draw(&healing, i % 2 ? &plain : &worn, 11, i);
        struct smp_aged before = smp_aged_at(&fate, &ball, SMP_HEALED_YEARS);
        ck_assert_double_ge(before.shape.top_mm, 0.08);
        for (double years = 0.5; years <= 10; years += 0.5) {
            const struct smp_aged aged = smp_aged_at(&fate, &ball, years);
            for (int f = 0; f < SMP_FADING_COUNT; f++) {
                ck_assert_double_lt(aged.amount[f], before.amount[f]);
                ck_assert_double_lt(aged.strength[f], before.strength[f]);
            }
            ck_assert_double_ge(aged.shape.diameter_mm, before.shape.diameter_mm);
            ck_assert_double_le(aged.shape.diameter_mm, 0.8); // as wide as looks are known
            ck_assert_double_ge(aged.shape.top_mm, before.shape.top_mm);
            ck_assert_double_gt(aged.shape.bottom_mm, aged.shape.top_mm);
            before = aged;
        }
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(the_warm_part_of_a_mixture_goes_first)
{
    struct smp_arena arena;
    const struct smp_healing healing = read_own(&arena);
    for (uint64_t i = 0; i < 500; i++) {
        const struct smp_fate fate = smp_fate_draw(&healing, &plain, 3, i);
        const struct smp_aged aged = smp_aged_at(&fate, &ball, 5);
        ck_assert_double_lt(aged.amount[SMP_FADING_OXIDE], aged.amount[SMP_FADING_CARBON]);
        ck_assert_double_lt(aged.amount[SMP_FADING_ORGANIC], aged.amount[SMP_FADING_CARBON]);
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(sun_oil_and_scars_make_it_go_faster)
{
    struct smp_arena arena;
    const struct smp_healing healing = read_own(&arena);
    const struct smp_fate usual = smp_fate_median(&healing, &plain);
    const struct smp_aged base = smp_aged_at(&usual, &ball, 4);
    const struct smp_wear wears[] = { { 1, 0, false }, { 0, 1, false }, { 0, 0, true } };
    for (int w = 0; w < 3; w++) {
        const struct smp_fate fate = smp_fate_median(&healing, &wears[w]);
        const struct smp_aged aged = smp_aged_at(&fate, &ball, 4);
        ck_assert_double_lt(aged.amount[SMP_FADING_ORGANIC], base.amount[SMP_FADING_ORGANIC]);
        ck_assert_double_lt(aged.amount[SMP_FADING_CARBON], base.amount[SMP_FADING_CARBON]);
        if (w) // oil and scars let it spread as well
            ck_assert_double_gt(aged.shape.diameter_mm, base.shape.diameter_mm);
        else // and sun takes organics most
            ck_assert_double_lt(aged.amount[SMP_FADING_ORGANIC] / base.amount[SMP_FADING_ORGANIC],
                                aged.amount[SMP_FADING_CARBON] / base.amount[SMP_FADING_CARBON]);
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(bands_do_not_depend_on_threads_and_hold_the_working_value)
{
    struct smp_arena arena;
    const struct smp_healing healing = read_own(&arena);
    const struct smp_ensemble e = draws(&healing, &plain, 1, SMP_DRAWS, &arena);
    const struct smp_question q = { carbon, NULL, ball };
    struct smp_pool *pool = smp_pool_make(4);
    for (double years = 0; years <= 10; years += 1) {
        const struct smp_band one = band_at(&e, &q, years, NULL),
                              many = band_at(&e, &q, years, pool);
        ck_assert_mem_eq(&one, &many, sizeof one);
        ck_assert_double_lt(one.low, one.median);
        ck_assert_double_lt(one.median, one.high);
        const struct smp_fate fate = smp_fate_median(&healing, &plain);
        const struct smp_aged median = smp_aged_at(&fate, &ball, years);
        ck_assert_double_eq_tol(one.median, median.strength[0], 0.15 * median.strength[0]);
    }
    smp_pool_drop(pool);
    // Healed strength is good to about half up or down, as the match assumes of pigment.
    const struct smp_band healed = band_at(&e, &q, SMP_HEALED_YEARS, NULL);
    ck_assert_double_gt(healed.low, 0.5);
    ck_assert_double_lt(healed.low, 0.75);
    ck_assert_double_gt(healed.high, 1.3);
    ck_assert_double_lt(healed.high, 1.65);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(another_seed_gives_the_same_band_but_for_the_noise_of_its_draws)
{
    struct smp_arena arena;
    const struct smp_healing healing = read_own(&arena);
    const struct smp_ensemble e = draws(&healing, &plain, 1, SMP_DRAWS, &arena);
    const struct smp_ensemble f = draws(&healing, &plain, 2, SMP_DRAWS, &arena);
    const struct smp_question q = { diameter, NULL, ball };
    const struct smp_band a = band_at(&e, &q, 5, NULL), b = band_at(&f, &q, 5, NULL);
    ck_assert_double_ne(a.low, b.low);
    ck_assert_double_eq_tol(a.low, b.low, 0.02);
    ck_assert_double_eq_tol(a.median, b.median, 0.02);
    ck_assert_double_eq_tol(a.high, b.high, 0.02);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_touch_up_is_forecast_where_the_limit_is_passed)
{
    struct smp_arena arena;
    const struct smp_healing healing = read_own(&arena);
    const struct smp_ensemble e = draws(&healing, &plain, 1, SMP_DRAWS, &arena);
    const struct smp_question q = { lost_carbon, NULL, ball };
    struct smp_touch_up soon, late, never;
    struct smp_err err = { 0 };
    ck_assert_msg(!smp_touch_up_forecast(&soon, &e, &q, 0.5, 10, NULL, &arena, &err), "%s",
                  err.msg);
    ck_assert_msg(!smp_touch_up_forecast(&late, &e, &q, 0.8, 10, NULL, &arena, &err), "%s",
                  err.msg);
    ck_assert_msg(!smp_touch_up_forecast(&never, &e, &q, 1, 10, NULL, &arena, &err), "%s", err.msg);
    ck_assert_double_le(soon.years.low, soon.years.median);
    ck_assert_double_lt(soon.years.median, soon.years.high);
    ck_assert_double_lt(soon.years.median, late.years.median);
    ck_assert_double_eq_tol(never.share_beyond, 1, 1e-9);
    ck_assert_double_eq(never.years.low, 10);
    // The median age is where half of the draws have passed: ask for the band there.
    const struct smp_band there = band_at(&e, &q, soon.years.median, NULL);
    ck_assert_double_eq_tol(there.median, 0.5, 0.02);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_follow_up_photo_narrows_the_band_round_what_it_saw)
{
    struct smp_arena arena;
    const struct smp_healing healing = read_own(&arena);
    const double mua_per_mm = 8;
    const struct smp_question q = { contrast, &mua_per_mm, ball };
    struct smp_ensemble e = draws(&healing, &plain, 1, 4000, &arena);
    const struct smp_band before = band_at(&e, &q, 4, NULL), at_1 = band_at(&e, &q, 1, NULL);
    const struct smp_observation seen = { 1, at_1.low + 0.02, 0.02 };
    struct smp_err err = { 0 };
    ck_assert_msg(!smp_ensemble_observe(&e, &q, &seen, NULL, &arena, &err), "%s", err.msg);
    const struct smp_band after = band_at(&e, &q, 4, NULL), at_1_after = band_at(&e, &q, 1, NULL);
    ck_assert_double_lt(after.high - after.low, 0.6 * (before.high - before.low));
    ck_assert_double_lt(after.median, before.median);
    ck_assert_double_eq_tol(at_1_after.median, seen.measured, 0.02);
    ck_assert_double_gt(smp_ensemble_effective(&e), 100);
    double sum = 0;
    for (size_t i = 0; i < e.count; i++)
        sum += e.weights[i];
    ck_assert_double_eq_tol(sum, 1, 1e-9);
    smp_arena_drop(&arena);
}
END_TEST

// Clients made up from the same ranges: what a photo at one year lets us say of year five must be
// right as often as it claims.
START_TEST(nine_of_ten_truths_lie_in_the_90_percent_band)
{
    struct smp_arena arena;
    const struct smp_healing healing = read_own(&arena);
    const double mua_per_mm = 8, sd = 0.02;
    const struct smp_question q = { contrast, &mua_per_mm, ball };
    const struct smp_ensemble prior = draws(&healing, &plain, 1, 4000, &arena);
    struct smp_ensemble e = draws(&healing, &plain, 1, 4000, &arena);
    size_t clients = 0, inside = 0, inside_prior = 0, refused = 0;
    double narrower = 0;
    const struct smp_band wide = band_at(&prior, &q, 5, NULL);
    for (uint64_t c = 0; c < 400; c++) {
        const struct smp_fate fate = smp_fate_draw(&healing, &plain, 999, c);
        struct smp_rng rng = smp_rng_make(77, c);
        const struct smp_aged at_1 = smp_aged_at(&fate, &ball, 1),
                              at_5 = smp_aged_at(&fate, &ball, 5);
        const struct smp_observation seen = {
            1, contrast(&mua_per_mm, &at_1) + sd * smp_rng_normal(&rng), sd
        };
        memcpy(e.weights, prior.weights, e.count * sizeof *e.weights);
        if (smp_ensemble_observe(&e, &q, &seen, NULL, &arena, NULL)) {
            refused++;
            continue;
        }
        const double truth = contrast(&mua_per_mm, &at_5);
        const struct smp_band band = band_at(&e, &q, 5, NULL);
        clients++;
        inside += truth >= band.low && truth <= band.high;
        inside_prior += truth >= wide.low && truth <= wide.high;
        narrower += (band.high - band.low) / (wide.high - wide.low);
    }
    printf("# %zu clients, %zu refused; 90 %% band right in %.1f %% (before the photo %.1f %%), "
           "%.2f as wide\n",
           clients, refused, 100.0 * (double)inside / (double)clients,
           100.0 * (double)inside_prior / (double)clients, narrower / (double)clients);
    ck_assert_uint_le(refused, 4);
    ck_assert_double_ge((double)inside / (double)clients, 0.85);
    ck_assert_double_le((double)inside / (double)clients, 0.95);
    ck_assert_double_lt(narrower / (double)clients, 0.6);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_measurement_that_nothing_explains_is_refused_and_changes_nothing)
{
    struct smp_arena arena;
    const struct smp_healing healing = read_own(&arena);
    const struct smp_question q = { carbon, NULL, ball };
    struct smp_ensemble e = draws(&healing, &plain, 1, 200, &arena);
    struct smp_err err = { 0 };
    const struct smp_observation absurd = { 1, 40, 0.01 }, flat = { 1, 1, 0 }, early = { -1, 1, 1 };
    ck_assert_int_eq(smp_ensemble_observe(&e, &q, &absurd, NULL, &arena, &err), SMP_E_INPUT);
    ck_msg_eq(err, "observation: 40 ± 0.01 at 1 years is explained by 0 of 200 draws only; doubt "
                   "the measurement or its sd");
    for (size_t i = 0; i < e.count; i++)
        ck_assert_double_eq(e.weights[i], 1.0 / 200);
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_ensemble_observe(&e, &q, &flat, NULL, &arena, &err), SMP_E_INPUT);
    ck_msg_has(err, "sd must be");
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_ensemble_observe(&e, &q, &early, NULL, &arena, &err), SMP_E_INPUT);
    ck_msg_has(err, "age must be 0 to 30 years, not -1");
    smp_arena_drop(&arena);
}
END_TEST

static double not_a_number(const void *context, const struct smp_aged *aged)
{
    (void)context;
    return aged->years - aged->years + (double)NAN;
}

START_TEST(wrong_calls_are_one_sentence)
{
    struct smp_arena arena;
    const struct smp_healing healing = read_own(&arena);
    struct smp_ensemble e;
    struct smp_err err = { 0 };
    const struct smp_wear sunny = { 2, 0, false }, oily = { 0, (double)NAN, false };
    ck_assert_int_eq(smp_ensemble_make(&e, &healing, &sunny, 1, 200, &arena, &err), SMP_E_INPUT);
    ck_msg_eq(err, "wear.sun must be 0 to 1, not 2");
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_ensemble_make(&e, &healing, &oily, 1, 200, &arena, &err), SMP_E_INPUT);
    ck_msg_has(err, "wear.oily must be 0 to 1");
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_ensemble_make(&e, &healing, &plain, 1, 5, &arena, &err), SMP_E_INPUT);
    ck_msg_has(err, "draws must be 100 to 200000, not 5");
    e = draws(&healing, &plain, 1, 200, &arena);
    const struct smp_question q = { carbon, NULL, ball }, bad = { not_a_number, NULL, ball };
    struct smp_band band;
    struct smp_touch_up forecast;
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_age_band(&band, &e, &q, 31, NULL, &arena, &err), SMP_E_INPUT);
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_age_band(&band, &e, &bad, 3, NULL, &arena, &err), SMP_E_INTERNAL);
    ck_msg_has(err, "is not a number");
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_touch_up_forecast(&forecast, &e, &q, -1, 10, NULL, &arena, &err),
                     SMP_E_INPUT);
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_touch_up_forecast(&forecast, &e, &q, 1, 99, NULL, &arena, &err),
                     SMP_E_INPUT);
    ck_msg_has(err, "horizon must be 0.5 to 30 years, not 99");
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(redder_skin_holds_no_more_blood_than_fits)
{
    struct smp_skin skin = smp_skin_default();
    ck_assert_double_eq(smp_skin_redder(&skin, 2).papillary_blood, 2 * skin.papillary_blood);
    ck_assert_double_eq(smp_skin_redder(&skin, 1).papillary_blood, skin.papillary_blood);
    ck_assert_double_eq(smp_skin_redder(&skin, 100).papillary_blood, 10);
    skin.blood = 0.1;
    const struct smp_skin full = smp_skin_redder(&skin, 4);
    struct smp_err err = { 0 };
    ck_assert_double_eq_tol(full.papillary_blood, 3.4, 1e-12);
    ck_assert_int_eq(smp_skin_check(&full, "", &err), SMP_OK);
}
END_TEST

START_TEST(a_column_stays_one_whatever_it_gains)
{
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    const struct smp_healing h = read_own(&arena);
    const struct smp_deposit_shape planned = smp_deposit_planned(0.15, 0.3, 1.3);
    for (uint64_t k = 0; k < 200; k++) {
        const struct smp_fate fate = smp_fate_draw(&h, &plain, 5, k);
        for (double years = 0; years <= 30; years += 1.5) {
            const struct smp_aged aged = smp_aged_at(&fate, &planned, years);
            const double high = aged.shape.bottom_mm - aged.shape.top_mm;
            ck_assert_double_ge(high, 1.1 * aged.shape.diameter_mm - 1e-9);
        }
    }
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("heal", redder_skin_holds_no_more_blood_than_fits,
              a_column_stays_one_whatever_it_gains, every_constant_has_range_source_and_grade,
              healed_in_the_median_is_the_plan_itself, fresh_is_darker_wider_and_redder,
              a_spreading_dot_keeps_its_pigment_but_for_what_is_lost,
              after_healing_all_only_fades_spreads_and_sinks, the_warm_part_of_a_mixture_goes_first,
              sun_oil_and_scars_make_it_go_faster,
              bands_do_not_depend_on_threads_and_hold_the_working_value,
              another_seed_gives_the_same_band_but_for_the_noise_of_its_draws,
              a_touch_up_is_forecast_where_the_limit_is_passed,
              a_follow_up_photo_narrows_the_band_round_what_it_saw,
              nine_of_ten_truths_lie_in_the_90_percent_band,
              a_measurement_that_nothing_explains_is_refused_and_changes_nothing,
              wrong_calls_are_one_sentence)
