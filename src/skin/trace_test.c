#include "harness.h"
#include "skin/trace_cases_test.h"
#include "skin/trace_impl.h"

static struct smp_flux trace(const struct smp_stack *stack, uint64_t photons, uint64_t seed,
                             struct smp_pool *pool, struct smp_trace_stats *stats)
{
    struct smp_arena scratch;
    smp_arena_make(&scratch, 0);
    struct smp_err err = { 0 };
    struct smp_flux flux;
    const struct smp_trace run = { photons, seed, pool };
    ck_assert_msg(!smp_stack_trace_stats(&flux, stats, stack, &run, &scratch, &err), "%s", err.msg);
    smp_arena_drop(&scratch);
    return flux;
}

static double energy(const struct smp_flux *flux, int layers)
{
    double sum = flux->specular + flux->diffuse_reflectance + flux->transmittance;
    for (int i = 0; i < layers; i++)
        sum += flux->absorbed[i];
    return sum;
}

START_TEST(published_totals_within_four_standard_errors_and_a_thousandth)
{
    for (int i = 0; i < trace_cases_count; i++) {
        const struct trace_case *one = &trace_cases[i];
        struct smp_trace_stats stats;
        const struct smp_flux flux = trace(&one->stack, 600000, 11, NULL, &stats);
        const double off = fabs(flux.diffuse_reflectance - one->reflectance);
        ck_assert_msg(off < 0.001 && off < 4 * flux.standard_error + 1e-5, "%s: Rd %.5f ± %.5f",
                      one->name, flux.diffuse_reflectance, flux.standard_error);
        if (isnan(one->transmittance))
            continue;
        const double off_t = fabs(flux.transmittance - one->transmittance);
        ck_assert_msg(off_t < 0.001 && off_t <= 4 * stats.transmittance_error + 1e-5,
                      "%s: T %.5f ± %.5f", one->name, flux.transmittance,
                      stats.transmittance_error);
    }
}
END_TEST

START_TEST(light_that_never_scattered_follows_lambert_and_beer)
{
    const struct smp_flux flux = trace(&trace_cases[0].stack, 1000000, 3, NULL, NULL);
    ck_assert_double_eq_tol(flux.unscattered, exp(-2), 0.0014); // 4 standard errors
}
END_TEST

START_TEST(energy_sums_to_one)
{
    for (int i = 0; i < trace_cases_count; i++) {
        const struct smp_flux flux = trace(&trace_cases[i].stack, 50001, 5, NULL, NULL);
        ck_assert_double_eq_tol(energy(&flux, trace_cases[i].stack.count), 1, 1e-12);
    }
}
END_TEST

START_TEST(absorption_in_each_layer_is_what_the_light_of_that_layer_says)
{
    // A clear, unscattering glass over an absorber of one index: Lambert and Beer by hand.
    const struct smp_stack stack = {
        1, 3, { { 1, 0, 0, 0, 5 }, { 1, 1.5, 0, 0, 0.4 }, { 1, 0.5, 0, 0.9, (double)INFINITY } }
    };
    const struct smp_flux flux = trace(&stack, 400000, 5, NULL, NULL);
    ck_assert_double_eq(flux.absorbed[0], 0);
    ck_assert_double_eq_tol(flux.absorbed[1], 1 - exp(-0.6), 0.004);
    ck_assert_double_eq_tol(flux.absorbed[2], exp(-0.6), 0.004);
}
END_TEST

START_TEST(a_clear_pane_reflects_between_its_two_faces)
{
    // One face sends back F = 0.04 of straight light; behind the first, F (1 − F)² / (1 − F²).
    const struct smp_stack stack = { 1, 2, { { 1.5, 0, 0, 0, 1 }, { 1.5, 0, 0, 0, 1 } } };
    const struct smp_flux flux = trace(&stack, 400000, 5, NULL, NULL);
    ck_assert_double_eq_tol(flux.specular, 0.04, 1e-12);
    ck_assert_double_eq_tol(flux.diffuse_reflectance, 0.04 * 0.96 * 0.96 / (1 - 0.0016), 0.0013);
    ck_assert_double_eq(flux.unscattered, flux.transmittance);
}
END_TEST

START_TEST(steps_of_index_between_layers_keep_energy_and_reciprocity)
{
    // A stack without absorption gives back all; turned upside down it lets as much straight
    // light through, when that light is not scattered.
    const struct smp_stack stack = {
        1, 3, { { 1.5, 0, 2, 0.5, 0.3 }, { 1.33, 0, 5, -0.4, 0.3 }, { 1.6, 0, 0, 0, 0.5 } }
    };
    const struct smp_flux flux = trace(&stack, 100000, 5, NULL, NULL);
    ck_assert_double_eq_tol(flux.specular + flux.diffuse_reflectance + flux.transmittance, 1,
                            1e-12);
    struct smp_stack over = stack;
    over.layer[0] = stack.layer[2];
    over.layer[2] = stack.layer[0];
    const struct smp_flux turned = trace(&over, 100000, 6, NULL, NULL);
    ck_assert_double_eq_tol(turned.unscattered, flux.unscattered, 0.005);
}
END_TEST

START_TEST(scattering_shared_between_two_layers_is_one_layer)
{
    const struct smp_stack one = { 1, 1, { { 1.4, 0.1, 20, 0.8, 1 } } };
    struct smp_stack two = { 1, 2, { { 1.4, 0.1, 20, 0.8, 0.25 }, { 1.4, 0.1, 20, 0.8, 0.75 } } };
    const struct smp_flux a = trace(&one, 50000, 9, NULL, NULL);
    const struct smp_flux b = trace(&two, 50000, 9, NULL, NULL);
    ck_assert_double_eq(a.diffuse_reflectance, b.diffuse_reflectance);
    ck_assert_double_eq_tol(a.absorbed[0], b.absorbed[0] + b.absorbed[1], 1e-12);
}
END_TEST

START_TEST(random_stacks_agree_with_adding_and_doubling)
{
    struct smp_arena scratch;
    smp_arena_make(&scratch, 0);
    struct smp_rng rng = smp_rng_make(2024, 1);
    for (int k = 0; k < 8; k++) {
        struct smp_stack stack = { .n_outside = 1, .count = 2 + k % 3 };
        for (int i = 0; i < stack.count; i++)
            stack.layer[i] = (struct smp_layer){
                .n = 1.33 + 0.05 * floor(4 * smp_rng_unit(&rng)),
                .mua_per_mm = 0.05 + smp_rng_unit(&rng),
                .mus_per_mm = 20 * smp_rng_unit(&rng),
                .g = 1.2 * smp_rng_unit(&rng) - 0.4,
                .thickness_mm = 0.05 + 0.3 * smp_rng_unit(&rng),
            };
        struct smp_trace_stats stats;
        struct smp_flux exact;
        struct smp_flux flux = trace(&stack, 150000, 40 + k, NULL, &stats);
        ck_assert(!smp_stack_reflect(&exact, &stack, SMP_LIGHT_COLLIMATED, 32, &scratch, NULL));
        ck_assert_double_eq_tol(flux.specular, exact.specular, 1e-9);
        ck_assert_double_eq_tol(flux.diffuse_reflectance, exact.diffuse_reflectance,
                                4 * flux.standard_error + 5e-4);
        ck_assert_double_eq_tol(flux.transmittance, exact.transmittance,
                                4 * stats.transmittance_error + 5e-4);
        ck_assert_double_eq_tol(flux.unscattered, exact.unscattered, 0.006);
        for (int i = 0; i < stack.count; i++) // standard error at most ½ / √photons
            ck_assert_double_eq_tol(flux.absorbed[i], exact.absorbed[i], 2 / sqrt(150000) + 5e-4);
    }
    smp_arena_drop(&scratch);
}
END_TEST

START_TEST(threads_change_no_byte_and_seeds_do)
{
    struct smp_pool *pool = smp_pool_make(2);
    const struct smp_flux a = trace(&trace_cases[4].stack, 30000, 1, NULL, NULL);
    const struct smp_flux b = trace(&trace_cases[4].stack, 30000, 1, pool, NULL);
    const struct smp_flux c = trace(&trace_cases[4].stack, 30000, 2, pool, NULL);
    ck_assert_mem_eq(&a, &b, sizeof a);
    ck_assert(memcmp(&a, &c, sizeof a) != 0);
    smp_pool_drop(pool);
}
END_TEST

START_TEST(every_instruction_set_gives_the_same_sums)
{
#ifdef SMP_TRACE_X86
    struct smp_trace_bed bed;
    smp_trace_bed_make(&bed, &trace_cases[2].stack);
    struct smp_trace_sums a, b;
    smp_trace_baseline(&a, &bed, 5000, 77);
    if (__builtin_cpu_supports("avx2")) {
        smp_trace_avx2(&b, &bed, 5000, 77);
        ck_assert_mem_eq(&a, &b, sizeof a);
    }
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
        smp_trace_avx512(&b, &bed, 5000, 77);
        ck_assert_mem_eq(&a, &b, sizeof a);
    }
#endif
}
END_TEST

START_TEST(the_same_photons_give_the_same_bytes_for_ever)
{
    // Compilers, options and machines may not change this; a change of the method may.
    struct smp_trace_bed bed;
    smp_trace_bed_make(&bed, &trace_cases[3].stack);
    struct smp_trace_sums sums;
    smp_trace_baseline(&sums, &bed, 2000, 1);
    ck_assert_uint_eq(sums.up, 4346386136);
    ck_assert_uint_eq(sums.absorbed[1], 6256004504);
}
END_TEST

START_TEST(standard_error_tells_the_spread_of_runs)
{
    double sum = 0, square = 0, told = 0;
    enum { runs = 60 };
    for (uint64_t i = 0; i < runs; i++) {
        const struct smp_flux flux = trace(&trace_cases[0].stack, 2000, 100 + i, NULL, NULL);
        sum += flux.diffuse_reflectance;
        square += flux.diffuse_reflectance * flux.diffuse_reflectance;
        told += flux.standard_error / runs;
    }
    const double spread = sqrt((square - sum * sum / runs) / (runs - 1));
    ck_assert_double_gt(spread / told, 0.7);
    ck_assert_double_lt(spread / told, 1.3);
}
END_TEST

static void refused(struct smp_stack stack, uint64_t photons, const char *text)
{
    struct smp_arena scratch;
    smp_arena_make(&scratch, 0);
    struct smp_err err = { 0 };
    struct smp_flux flux = { .specular = 42 };
    const struct smp_trace run = { photons, 1, NULL };
    ck_assert(smp_stack_trace(&flux, &stack, &run, &scratch, &err) == SMP_E_INPUT);
    ck_msg_eq(err, text);
    ck_assert_double_eq(flux.specular, 42);
    smp_arena_drop(&scratch);
}

START_TEST(bad_input_is_refused_in_one_sentence)
{
    struct smp_stack stack = trace_cases[0].stack;
    refused(stack, 0, "photons must be 1 to 1e12, not 0");
    refused(stack, UINT64_C(1000000000001), "photons must be 1 to 1e12, not 1000000000001");
    stack.layer[0].g = 1;
    refused(stack, 1, "stack.layers[0].g must lie between -1 and 1 (neither reached), not 1");
    stack = trace_cases[1].stack;
    stack.layer[0].mua_per_mm = 0;
    refused(stack, 1,
            "stack.layers[0].mua_per_mm must be at least 1e-6 of mus_per_mm in a semi-infinite "
            "layer, or photons wander in it for ever");
}
END_TEST

START_TEST(no_memory_is_an_error)
{
    struct smp_arena scratch;
    smp_arena_make(&scratch, 64);
    struct smp_err err = { 0 };
    struct smp_flux flux;
    const struct smp_trace run = { 100000, 1, NULL };
    ck_assert(smp_stack_trace(&flux, &trace_cases[0].stack, &run, &scratch, &err) == SMP_E_NOMEM);
    ck_msg_eq(err, "no memory for 65 batches of photons");
    smp_arena_drop(&scratch);
}
END_TEST

SMP_TEST_MAIN("trace", published_totals_within_four_standard_errors_and_a_thousandth,
              light_that_never_scattered_follows_lambert_and_beer, energy_sums_to_one,
              absorption_in_each_layer_is_what_the_light_of_that_layer_says,
              a_clear_pane_reflects_between_its_two_faces,
              steps_of_index_between_layers_keep_energy_and_reciprocity,
              scattering_shared_between_two_layers_is_one_layer,
              random_stacks_agree_with_adding_and_doubling, threads_change_no_byte_and_seeds_do,
              every_instruction_set_gives_the_same_sums,
              the_same_photons_give_the_same_bytes_for_ever,
              standard_error_tells_the_spread_of_runs, bad_input_is_refused_in_one_sentence,
              no_memory_is_an_error)
