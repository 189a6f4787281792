#include "harness.h"
#include "skin/trace_radial_test.h"

#include <math.h>

// Skin of optics.md §1.8: epidermis 0.08 mm, M 2 %, B 0.5 %; 450, 550, 650 nm.
static const struct smp_stack skins[] = {
    { 1,
      2,
      { { 1.4, 1.54335, 40.2022, 0.8, 0.08 }, { 1.4, 0.242809, 27.2695, 0.8, (double)INFINITY } } },
    { 1,
      2,
      { { 1.4, 0.82488, 28.7793, 0.8, 0.08 }, { 1.4, 0.139427, 18.296, 0.8, (double)INFINITY } } },
    { 1,
      2,
      { { 1.4, 0.50103, 23.149, 0.8, 0.08 }, { 1.4, 0.013971, 14.2281, 0.8, (double)INFINITY } } },
};

static struct smp_trace_deposit ball(double top_mm, double diameter_mm, double mua_per_mm)
{
    return (struct smp_trace_deposit){ 0,           0,          top_mm, top_mm + diameter_mm,
                                       diameter_mm, mua_per_mm, 0,      0 };
}

static struct smp_trace_look look(const struct smp_stack *stack,
                                  const struct smp_trace_deposit *deposits, int count, double x_mm,
                                  uint64_t photons)
{
    struct smp_arena scratch;
    smp_arena_make(&scratch, 0);
    struct smp_pool *pool = smp_pool_make(2);
    struct smp_err err = { 0 };
    const struct smp_trace_scene scene = { stack, deposits, count, SMP_LIGHT_COLLIMATED };
    const struct smp_trace trace = { photons, 4, pool };
    const struct smp_vec2 point = { x_mm, 0 };
    struct smp_trace_look result;
    ck_assert_msg(!smp_stack_trace_deposits(&result, &scene, &point, 1, &trace, &scratch, &err),
                  "%s", err.msg);
    smp_pool_drop(pool);
    smp_arena_drop(&scratch);
    return result;
}

START_TEST(without_pigment_contrast_is_exactly_0)
{
    const struct smp_trace_deposit none = ball(0.1, 0.3, 0);
    const struct smp_trace_look seen = look(&skins[1], &none, 1, 0, 2000);
    ck_assert_double_eq(seen.contrast, 0);
    ck_assert_double_eq(seen.contrast_error, 0);
}
END_TEST

START_TEST(opaque_and_weak_balls_have_the_contrast_of_the_reference_table)
{
    static const struct {
        int skin;
        double top_mm, mua_per_mm, percent;
    } rows[] = {
        { 0, 0.1, 3, 20.8 }, { 0, 0.1, 50, 43.8 }, { 0, 0.3, 3, 3.6 },  { 0, 0.3, 50, 7.7 },
        { 1, 0.1, 3, 28.0 }, { 1, 0.1, 50, 56.5 }, { 1, 0.3, 3, 6.8 },  { 1, 0.3, 50, 14.4 },
        { 2, 0.1, 3, 34.8 }, { 2, 0.1, 50, 67.7 }, { 2, 0.3, 3, 11.5 }, { 2, 0.3, 50, 23.8 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct smp_trace_deposit dot = ball(rows[i].top_mm, 0.3, rows[i].mua_per_mm);
        const struct smp_trace_look seen =
            look(&skins[rows[i].skin], &dot, 1, 0, rows[i].skin == 2 ? 3000 : 8000);
        const double off = fabs(100 * seen.contrast - rows[i].percent);
        ck_assert_msg(off < 0.05 * rows[i].percent + 300 * seen.contrast_error,
                      "row %zu: %.2f ± %.2f, not %.1f", i, 100 * seen.contrast,
                      100 * seen.contrast_error, rows[i].percent);
    }
}
END_TEST

START_TEST(a_column_as_wide_as_the_skin_is_a_layer)
{
    // Independent of all that deposits do: the packets know layers only. It scatters too.
    static const struct smp_trace_deposit sea = { 0, 0, 0.08, 0.2, 90, 0.4, 25, 0.8 };
    const struct smp_trace_look seen = look(&skins[1], &sea, 1, 0, 20000);
    struct smp_stack layered = skins[1];
    layered.count = 3;
    layered.layer[2] = layered.layer[1];
    layered.layer[1].mua_per_mm += 0.4;
    layered.layer[1].mus_per_mm += 25;
    layered.layer[1].thickness_mm = 0.12;
    struct smp_arena scratch;
    smp_arena_make(&scratch, 0);
    const struct smp_trace trace = { 200000, 8, NULL };
    struct smp_flux bare, dyed;
    ck_assert(!smp_stack_trace(&bare, &skins[1], &trace, &scratch, NULL));
    ck_assert(!smp_stack_trace(&dyed, &layered, &trace, &scratch, NULL));
    const double truth = 1 - dyed.diffuse_reflectance / bare.diffuse_reflectance;
    ck_assert_double_eq_tol(seen.contrast, truth, 4 * seen.contrast_error + 0.008);
    ck_assert_double_eq_tol(seen.reflectance, bare.diffuse_reflectance, 0.008);
    smp_arena_drop(&scratch);
}
END_TEST

START_TEST(pigment_that_only_scatters_brightens)
{
    struct smp_trace_deposit white = ball(0.1, 0.3, 0);
    white.mus_per_mm = 100;
    white.g = 0.5;
    const struct smp_trace_look seen = look(&skins[1], &white, 1, 0, 10000);
    ck_assert_double_lt(seen.contrast, -4 * seen.contrast_error);
}
END_TEST

START_TEST(a_column_takes_more_than_the_ball_in_it_and_a_cluster_more_than_a_column)
{
    const struct smp_trace_deposit one = ball(0.2, 0.2, 10);
    struct smp_trace_deposit columns[4];
    for (int i = 0; i < 4; i++) {
        columns[i] = one;
        columns[i].bottom_mm = 1;
        columns[i].x_mm = i == 1 ? 0.25 : i == 2 ? -0.25 : 0;
        columns[i].y_mm = i == 3 ? 0.25 : 0;
    }
    const struct smp_trace_look a = look(&skins[1], &one, 1, 0, 10000);
    const struct smp_trace_look b = look(&skins[1], columns, 1, 0, 10000);
    const struct smp_trace_look c = look(&skins[1], columns, 4, 0, 8000);
    ck_assert_double_gt(b.contrast, a.contrast);
    ck_assert_double_gt(c.contrast, b.contrast + 3 * b.contrast_error);
}
END_TEST

START_TEST(ratios_of_neighbouring_dots_multiply)
{
    // The rule for dense fields, by a direct run with both dots.
    struct smp_trace_deposit dots[2] = { ball(0.2, 0.3, 10), ball(0.2, 0.3, 10) };
    dots[0].x_mm = -0.25;
    dots[1].x_mm = 0.25;
    const struct smp_trace_look one = look(&skins[1], dots, 1, 0, 25000);
    const struct smp_trace_look both = look(&skins[1], dots, 2, 0, 25000);
    const double kept = 1 - one.contrast, error = 2 * kept * one.contrast_error;
    ck_assert_double_eq_tol(1 - both.contrast, kept * kept,
                            0.01 + 3 * (error + both.contrast_error));
}
END_TEST

// Weight that pigmented skin gives back of light from a disc to a disc, all directions.
static double exchange(const struct smp_walk_bed *bed, double from_mm, double to_mm, int photons,
                       uint64_t seed, double *error)
{
    struct smp_walker walker = { .rng = smp_rng_make(seed, 0) };
    double sum = 0, square = 0;
    for (int i = 0; i < photons; i++) {
        struct smp_walk_end end;
        const double radius = from_mm * sqrt(smp_rng_unit(&walker.rng));
        smp_walker_launch(&walker, bed, (struct smp_vec2){ radius, 0 }, SMP_LIGHT_DIFFUSE);
        smp_walk_pigmented(&end, &walker, bed);
        const bool hit = hypot(end.place_mm.x, end.place_mm.y) < to_mm;
        const double weight = hit ? end.weight : 0;
        sum += weight;
        square += weight * weight;
    }
    const double area = SMP_PI * from_mm * from_mm;
    *error = area * sqrt(square) / photons;
    return area * sum / photons;
}

START_TEST(forward_and_adjoint_runs_agree)
{
    struct smp_trace_deposit dot = ball(0.1, 0.3, 20);
    dot.mus_per_mm = 10;
    const struct smp_trace_scene scene = { &skins[1], &dot, 1, SMP_LIGHT_DIFFUSE };
    struct smp_walk_bed bed;
    smp_walk_bed_make(&bed, &scene);
    double a_error, b_error;
    const double a = exchange(&bed, 1.2, 0.3, 24000, 5, &a_error);
    const double b = exchange(&bed, 0.3, 1.2, 6000, 6, &b_error);
    ck_assert_double_eq_tol(a, b, 3 * hypot(a_error, b_error));
    ck_assert_double_lt(a_error, 0.08 * a);
}
END_TEST

START_TEST(light_returns_at_the_distances_of_the_reference_run)
{
    double share[TRACE_RADII], error[TRACE_RADII];
    trace_radial(share, error, 12000, 3);
    for (int k = 0; k < TRACE_RADII; k++)
        ck_assert_double_eq_tol(share[k], 1, 0.03 + 3 * error[k]);
}
END_TEST

START_TEST(threads_change_no_byte)
{
    struct smp_arena scratch;
    smp_arena_make(&scratch, 0);
    struct smp_pool *pool = smp_pool_make(2);
    const struct smp_trace_deposit dot = ball(0.1, 0.3, 5);
    const struct smp_trace_scene scene = { &skins[0], &dot, 1, SMP_LIGHT_DIFFUSE };
    const struct smp_vec2 points[2] = { { 0, 0 }, { 0.2, 0.1 } };
    struct smp_trace_look a[2], b[2];
    struct smp_trace trace = { 3000, 4, NULL };
    ck_assert(!smp_stack_trace_deposits(a, &scene, points, 2, &trace, &scratch, NULL));
    trace.pool = pool;
    ck_assert(!smp_stack_trace_deposits(b, &scene, points, 2, &trace, &scratch, NULL));
    ck_assert_mem_eq(a, b, sizeof a);
    smp_pool_drop(pool);
    smp_arena_drop(&scratch);
}
END_TEST

static void refused(const struct smp_trace_scene *scene, size_t cap, const char *text)
{
    struct smp_arena scratch;
    smp_arena_make(&scratch, cap);
    struct smp_err err = { 0 };
    struct smp_trace_look seen = { 42, 0, 0 };
    const struct smp_trace trace = { 10, 1, NULL };
    const struct smp_vec2 point = { 0, 0 };
    ck_assert(smp_stack_trace_deposits(&seen, scene, &point, 1, &trace, &scratch, &err));
    ck_msg_eq(err, text);
    ck_assert_double_eq(seen.reflectance, 42);
    smp_arena_drop(&scratch);
}

START_TEST(bad_input_is_refused_in_one_sentence)
{
    struct smp_stack stack = skins[0];
    struct smp_trace_deposit dot = ball(0.1, 0.3, 5);
    struct smp_trace_scene scene = { &stack, &dot, 1, SMP_LIGHT_COLLIMATED };
    refused(&scene, 16, "no memory for 1 batches of photons");
    dot.g = -1;
    refused(&scene, 0, "deposits[0].g must lie between -1 and 1 (neither reached), not -1");
    dot = ball(0.1, 0.3, -5);
    refused(&scene, 0, "deposits[0].mua_per_mm must be 0 to 1e+06 per mm, not -5");
    dot = ball(0.1, 0.3, 5);
    dot.bottom_mm = 0.1;
    refused(&scene, 0, "deposits[0].bottom_mm must be more than top_mm (0.1), not 0.1");
    scene.count = 65;
    refused(&scene, 0, "deposits must be 0 to 64, not 65");
    stack.layer[1].n = 1.33;
    refused(&scene, 0,
            "stack.layers[1].n must equal stack.layers[0].n (1.4) where deposits are traced, not "
            "1.33");
    stack.count = 0;
    refused(&scene, 0, "stack.layers must hold 1 to 16 layers, not 0");
}
END_TEST

SMP_TEST_MAIN("deposits", without_pigment_contrast_is_exactly_0,
              opaque_and_weak_balls_have_the_contrast_of_the_reference_table,
              a_column_as_wide_as_the_skin_is_a_layer, pigment_that_only_scatters_brightens,
              a_column_takes_more_than_the_ball_in_it_and_a_cluster_more_than_a_column,
              ratios_of_neighbouring_dots_multiply, forward_and_adjoint_runs_agree,
              light_returns_at_the_distances_of_the_reference_run, threads_change_no_byte,
              bad_input_is_refused_in_one_sentence)
