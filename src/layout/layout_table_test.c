// The table of acceptance: 20,000 dots on a head of 101,568 triangles, measured from outside.
#include "harness.h"
#include "layout/layout.h"
#include "layout/layout_measure_test.h"
#include "layout/layout_test_mesh.h"

static struct smp_arena arena;
static struct smp_mesh head;
static struct smp_surface *surface;
static double low_z, high_z;

static double even(struct smp_vec3 p)
{
    (void)p;
    return 1;
}

static double ramp(struct smp_vec3 p) // 10:1 from the top to the bottom
{
    return 0.1 + 0.9 * (p.z - low_z) / (high_z - low_z);
}

static void begin(void)
{
    smp_arena_make(&arena, 0);
    ck_assert(make_head(&head, 92, &arena));
    struct smp_err err = { 0 };
    ck_assert_msg(smp_surface_make(&surface, &head, NULL, &arena, &err) == SMP_OK, "%s", err.msg);
    low_z = 1e9, high_z = -1e9;
    for (size_t i = 0; i < head.point_count; i++) {
        low_z = fmin(low_z, head.points[i].z);
        high_z = fmax(high_z, head.points[i].z);
    }
}

struct wish {
    size_t count;
    double regularity, gap_mm;
    int sessions;
    uint64_t seed;
    const struct smp_vec3 *fixed;
    size_t fixed_count;
};

static struct smp_layout lay(const struct wish *wish, shape_fn shape)
{
    double *density = smp_new(&arena, double, head.point_count);
    for (size_t i = 0; i < head.point_count; i++)
        density[i] = 100 * shape(head.points[i]);
    struct smp_layout_params params = smp_layout_defaults;
    params.count = wish->count ? wish->count : 20000;
    params.regularity = wish->regularity;
    params.min_gap_mm = wish->gap_mm;
    params.sessions = wish->sessions ? wish->sessions : 1;
    params.seed = wish->seed ? wish->seed : 1;
    const struct smp_layout_input input = { .density_per_cm2 = density,
                                            .fixed_mm = wish->fixed,
                                            .fixed_count = wish->fixed_count };
    struct smp_layout layout;
    struct smp_err err = { 0 };
    ck_assert_msg(smp_layout_make(&layout, surface, &input, &params, NULL, &arena, &err) == SMP_OK,
                  "%s", err.msg);
    return layout;
}

static struct measures score(const struct smp_layout *layout, const struct smp_vec3 *more,
                             size_t more_count, size_t first, shape_fn shape)
{
    const struct smp_mark mark = smp_arena_mark(&arena);
    const size_t dots = first ? first : layout->count, count = dots + more_count;
    struct smp_vec3 *points = smp_new(&arena, struct smp_vec3, count);
    for (size_t i = 0; i < dots; i++)
        points[i] = layout->dots[i].position_mm;
    for (size_t i = 0; i < more_count; i++)
        points[dots + i] = more[i];
    const struct scene scene = make_scene(&head, shape, count, &arena);
    const struct measures m = measure_all(&scene, points, count, &arena);
    smp_arena_reset(&arena, mark);
    printf(
        "# mean %.3f cv %.4f least %.3f p1 %.3f psi6 %.3f g1 %.2f F6 %.4f prof %.4f cover %.3f\n",
        m.mean, m.cv, m.least, m.p1, m.psi6, m.g1, m.f6, m.prof, m.cover);
    return m;
}

START_TEST(random_and_hexagonal_sets_measure_as_known)
{
    begin();
    struct smp_rng rng = smp_rng_make(3, 3);
    const struct scene scene = make_scene(&head, even, 20000, &arena);
    struct smp_vec3 *points = smp_new(&arena, struct smp_vec3, 20000);
    double sum = 0;
    for (size_t i = 0, n = 0; i < scene.spot_count && n < 20000; i++) {
        sum += scene.spot_mass[i];
        (void)sum;
        const size_t pick = (size_t)(smp_rng_unit(&rng) * (double)scene.spot_count);
        const double top = 0.2; // of a quarter's mass
        if (smp_rng_unit(&rng) * top > scene.spot_mass[pick])
            continue;
        const uint32_t *c = head.triangles[pick / 4];
        double a = smp_rng_unit(&rng), b = smp_rng_unit(&rng);
        if (a + b > 1)
            a = 1 - a, b = 1 - b;
        points[n++] = smp_add(head.points[c[0]],
                              smp_add(smp_scale(smp_sub(head.points[c[1]], head.points[c[0]]), a),
                                      smp_scale(smp_sub(head.points[c[2]], head.points[c[0]]), b)));
        if (i + 1 == scene.spot_count)
            i = 0;
    }
    const struct measures m = measure_all(&scene, points, 20000, &arena);
    printf("# random: mean %.3f cv %.3f psi6 %.3f F6 %.3f\n", m.mean, m.cv, m.psi6, m.f6);
    ck_assert_double_eq_tol(m.mean, 0.466, 0.012);
    ck_assert_double_eq_tol(m.cv, 0.522, 0.02);
    ck_assert_double_eq_tol(m.psi6, 0.365, 0.01);
    ck_assert_double_eq_tol(m.f6, 1.0, 0.15);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(cv_falls_strictly_with_regularity)
{
    begin();
    double before = 1;
    for (int k = 0; k <= 10; k++) {
        const struct wish wish = { .regularity = k / 10.0 };
        const struct smp_layout layout = lay(&wish, even);
        ck_assert_uint_eq(layout.count, 20000);
        const struct measures m = score(&layout, NULL, 0, 0, even);
        ck_assert_double_lt(m.cv, before);
        before = m.cv;
        if (k == 0)
            ck_assert(m.cv >= 0.28 && m.cv <= 0.32);
        if (k == 5) { // the scalp as measured
            ck_assert(m.cv >= 0.19 && m.cv <= 0.22);
            ck_assert(m.mean >= 0.65 && m.mean <= 0.71);
            ck_assert_double_le(m.psi6, 0.40);
            ck_assert_double_le(m.g1, 1.9);
            ck_assert_double_le(m.f6, 0.055);
        }
    }
    ck_assert_double_le(before, 0.045);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(full_regularity_keeps_its_gap_without_crystals_or_holes)
{
    begin();
    const struct wish wish = { .regularity = 1 };
    const struct smp_layout layout = lay(&wish, even);
    const struct measures m = score(&layout, NULL, 0, 0, even);
    ck_assert_double_ge(m.least, 0.80 - 1e-4);
    ck_assert_double_ge(m.p1, 0.80);
    ck_assert_double_le(m.psi6, 0.48);
    ck_assert_double_le(m.cover, 1.10);
    ck_assert_double_le(m.f6, 0.040);
    smp_arena_drop(&arena);
}
END_TEST

static void profile(shape_fn shape, double one, double ten)
{
    begin();
    double sum = 0;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        const struct wish wish = { .regularity = 1, .seed = seed };
        const struct smp_layout layout = lay(&wish, shape);
        const struct measures m = score(&layout, NULL, 0, 0, shape);
        ck_assert_double_le(m.prof, one);
        ck_assert_double_le(m.f6, 0.040);
        sum += m.prof;
    }
    ck_assert_double_le(sum / 10, ten);
    smp_arena_drop(&arena);
}

START_TEST(an_even_density_is_kept_along_the_head)
{
    profile(even, 0.012, 0.009);
}
END_TEST

START_TEST(a_ramp_of_ten_to_one_is_kept)
{
    profile(ramp, 0.014, 0.010);
}
END_TEST

// Fixed points: a layout thinned to 0.8 of the density at the bottom, 0 from two thirds up.
static size_t thin(struct smp_vec3 *fixed, const struct smp_layout *from)
{
    struct smp_rng rng = smp_rng_make(9, 9);
    size_t n = 0;
    for (size_t i = 0; i < from->count && n < 5000; i++) {
        const struct smp_vec3 p = from->dots[i].position_mm;
        const double u = (p.z - low_z) / (high_z - low_z);
        if (smp_rng_unit(&rng) < 0.8 * (1 - 1.5 * u))
            fixed[n++] = p;
    }
    return n;
}

START_TEST(five_thousand_fixed_points_are_filled_up_around)
{
    begin();
    const struct wish first = { .regularity = 0.5, .seed = 7 };
    const struct smp_layout from = lay(&first, even);
    struct smp_vec3 *fixed = smp_new(&arena, struct smp_vec3, 20000);
    const size_t n = thin(fixed, &from);
    for (int sessions = 1; sessions <= 4; sessions += 3) {
        for (int k = 1; k <= 2; k++) {
            const struct wish wish = { .regularity = k * 0.5,
                                       .gap_mm = 1.87,
                                       .sessions = sessions,
                                       .fixed = fixed,
                                       .fixed_count = n };
            const struct smp_layout layout = lay(&wish, even);
            ck_assert_uint_eq(layout.dropped, 0);
            ck_assert_uint_eq(layout.count + n, 20000);
            ck_assert_double_ge(layout.min_gap_mm, 1.87);
            const struct measures m = score(&layout, fixed, n, 0, even);
            ck_assert_double_le(m.f6, 0.052);
        }
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(fixed_points_at_random_are_filled_up_around)
{
    begin();
    struct smp_vec3 fixed[5000];
    struct smp_rng rng = smp_rng_make(11, 11);
    for (size_t n = 0; n < 5000;) {
        const uint32_t *c = head.triangles[smp_rng_u32(&rng) % head.triangle_count];
        const double a = smp_rng_unit(&rng) / 2, b = smp_rng_unit(&rng) / 2;
        const struct smp_vec3 o = head.points[c[0]];
        const struct smp_vec3 p = smp_add(o, smp_add(smp_scale(smp_sub(head.points[c[1]], o), a),
                                                     smp_scale(smp_sub(head.points[c[2]], o), b)));
        if (smp_rng_unit(&rng) < 0.8 * (1 - 1.5 * (p.z - low_z) / (high_z - low_z)))
            fixed[n++] = p;
    }
    for (int sessions = 1; sessions <= 4; sessions += 3) {
        const struct wish wish = { .regularity = 0.5,
                                   .gap_mm = 1.87,
                                   .sessions = sessions,
                                   .fixed = fixed,
                                   .fixed_count = 5000 };
        const struct smp_layout layout = lay(&wish, even);
        ck_assert_uint_eq(layout.dropped, 0);
        ck_assert_uint_eq(layout.count + 5000, 20000);
        ck_assert_double_ge(layout.min_gap_mm, 1.87);
        ck_assert_double_le(score(&layout, fixed, 5000, 0, even).f6, 0.080);
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(every_prefix_of_four_sessions_is_spread)
{
    begin();
    for (int k = 1; k <= 2; k++) {
        const struct wish wish = { .regularity = k * 0.5, .sessions = 4 };
        const struct smp_layout layout = lay(&wish, even);
        for (size_t prefix = 5000; prefix <= 20000; prefix += 5000) {
            ck_assert_int_eq(layout.dots[prefix - 1].session, (int)(prefix / 5000));
            const struct measures m = score(&layout, NULL, 0, prefix, even);
            ck_assert_double_le(m.f6, k == 2 ? 0.048 : 0.055);
            if (k == 2) {
                ck_assert_double_le(m.cv, 0.075);
                ck_assert_double_ge(m.p1, 0.74);
            }
        }
    }
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("layout_table", random_and_hexagonal_sets_measure_as_known,
              cv_falls_strictly_with_regularity,
              full_regularity_keeps_its_gap_without_crystals_or_holes,
              an_even_density_is_kept_along_the_head, a_ramp_of_ten_to_one_is_kept,
              five_thousand_fixed_points_are_filled_up_around,
              fixed_points_at_random_are_filled_up_around, every_prefix_of_four_sessions_is_spread)
