// Follow-up photos that know contrast up to a factor: what they say of the years to come.
#include "heal_scene_test.h"

// Two photos that know contrast up to a common factor, made up of a truth: how much has faded is
// what they tell.
START_TEST(two_photos_known_up_to_a_factor_narrow_the_band_round_the_truth)
{
    struct smp_arena arena;
    const struct smp_healing healing = read_own(&arena);
    const double mua_per_mm = 8, sd = 0.07, factor = 1.35, common_sd = 0.35;
    const struct smp_question q = { contrast, &mua_per_mm, ball };
    const struct smp_ensemble prior = draws(&healing, &plain, 1, 3000, &arena);
    struct smp_ensemble e = draws(&healing, &plain, 1, 3000, &arena);
    const struct smp_band wide = band_at(&prior, &q, 8, NULL);
    size_t clients = 0, inside = 0;
    double width = 0, width_one = 0;
    for (uint64_t c = 0; c < 120; c++) {
        const struct smp_fate fate = smp_fate_draw(&healing, &plain, 999, c);
        struct smp_rng rng = smp_rng_make(78, c);
        struct smp_observation seen[2] = { { 0.115, 0, sd }, { 3, 0, sd } };
        for (int k = 0; k < 2; k++) {
            const struct smp_aged then = smp_aged_at(&fate, &ball, seen[k].years);
            seen[k].measured =
                factor * contrast(&mua_per_mm, &then) * exp(sd * smp_rng_normal(&rng));
        }
        for (size_t photos = 1; photos <= 2; photos++) {
            memcpy(e.weights, prior.weights, e.count * sizeof *e.weights);
            if (smp_ensemble_observe_ratios(&e, &q, seen, photos, common_sd, NULL, &arena, NULL))
                continue;
            const struct smp_band band = band_at(&e, &q, 8, NULL);
            const struct smp_aged at_8 = smp_aged_at(&fate, &ball, 8);
            const double truth = contrast(&mua_per_mm, &at_8);
            *(photos == 1 ? &width_one : &width) += band.high - band.low;
            clients += photos == 2;
            inside += photos == 2 && truth >= band.low && truth <= band.high;
        }
    }
    width /= (double)clients * (wide.high - wide.low);
    width_one /= (double)clients * (wide.high - wide.low);
    printf("# %zu clients: band at 8 years %.2f as wide by two photos, %.2f by one; %.3f of the "
           "truths inside\n",
           clients, width, width_one, (double)inside / (double)clients);
    ck_assert_uint_ge(clients, 110);
    ck_assert_double_lt(width, 0.75);
    ck_assert_double_gt(width_one, 0.85);
    ck_assert_double_ge((double)inside, 0.82 * (double)clients);
    ck_assert_double_le((double)inside, 0.97 * (double)clients);
    struct smp_err err = { 0 };
    const struct smp_observation none = { 1, 0, 0.1 };
    ck_assert_int_eq(smp_ensemble_observe_ratios(&e, &q, &none, 1, 0.3, NULL, &arena, &err),
                     SMP_E_INPUT);
    ck_assert_str_eq(err.msg, "observation.measured must be above 0, not 0");
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("follow", two_photos_known_up_to_a_factor_narrow_the_band_round_the_truth)
