#include "harness.h"
#include "layout/layout_impl.h"
#include "layout/layout_test_mesh.h"

static struct smp_arena arena;
static struct smp_mesh head;
static struct smp_surface *surface;

static void begin(size_t n)
{
    smp_arena_make(&arena, 0);
    ck_assert(make_head(&head, n, &arena));
    struct smp_err err = { 0 };
    ck_assert_msg(smp_surface_make(&surface, &head, NULL, &arena, &err) == SMP_OK, "%s", err.msg);
}

static double *even_density(double per_cm2)
{
    double *d = smp_new(&arena, double, head.point_count);
    for (size_t i = 0; i < head.point_count; i++)
        d[i] = per_cm2;
    return d;
}

static struct smp_layout lay(const struct smp_layout_input *input,
                             const struct smp_layout_params *params, struct smp_pool *pool)
{
    struct smp_layout layout;
    struct smp_err err = { 0 };
    ck_assert_msg(smp_layout_make(&layout, surface, input, params, pool, &arena, &err) == SMP_OK,
                  "%s", err.msg);
    return layout;
}

START_TEST(a_count_is_met_to_the_dot)
{
    begin(30);
    struct smp_layout_params params = smp_layout_defaults;
    const struct smp_layout_input input = { even_density(80), NULL, 0 };
    for (size_t count = 1; count < 4000; count = count * 3 + 1) {
        params.count = count;
        const struct smp_layout layout = lay(&input, &params, NULL);
        ck_assert_uint_eq(layout.count, count);
        ck_assert_uint_eq(layout.dropped, 0);
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(dots_lie_on_the_surface_within_a_micrometre)
{
    begin(30);
    struct smp_layout_params params = smp_layout_defaults;
    params.count = 3000;
    const struct smp_layout_input input = { even_density(80), NULL, 0 };
    const struct smp_layout layout = lay(&input, &params, NULL);
    for (size_t i = 0; i < layout.count; i++) {
        double nearest = 1e9;
        for (uint32_t t = 0; t < surface->count; t++) {
            const struct smp_vec3 p = layout.dots[i].position_mm;
            const double d = smp_length(smp_sub(smp_nearest_on_face(surface, t, p), p));
            nearest = d < nearest ? d : nearest;
        }
        ck_assert_double_le(nearest, 1e-3);
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(threads_do_not_change_a_byte)
{
    begin(40);
    struct smp_layout_params params = smp_layout_defaults;
    params.count = 6000;
    params.sessions = 3;
    const struct smp_layout_input input = { even_density(80), NULL, 0 };
    const struct smp_layout one = lay(&input, &params, NULL);
    struct smp_pool *pool = smp_pool_make(3);
    const struct smp_layout three = lay(&input, &params, pool);
    smp_pool_drop(pool);
    ck_assert_uint_eq(one.count, three.count);
    ck_assert_mem_eq(one.dots, three.dots, one.count * sizeof *one.dots);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_gap_that_cannot_be_had_is_refused_with_the_largest)
{
    begin(20);
    struct smp_layout_params params = smp_layout_defaults;
    params.min_gap_mm = 3;
    const struct smp_layout_input input = { even_density(100), NULL, 0 };
    struct smp_layout layout = { .count = 77 };
    struct smp_err err = { 0 };
    ck_assert(smp_layout_make(&layout, surface, &input, &params, NULL, &arena, &err) ==
              SMP_E_INPUT);
    ck_msg_eq(err, "layout.min_gap_mm: 3 mm cannot be had at 100 dots/cm², the largest gap that "
                   "can is 0.881 mm");
    ck_assert_uint_eq(layout.count, 77);
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("layout", a_count_is_met_to_the_dot, dots_lie_on_the_surface_within_a_micrometre,
              threads_do_not_change_a_byte, a_gap_that_cannot_be_had_is_refused_with_the_largest)
