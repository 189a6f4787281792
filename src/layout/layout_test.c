#include "harness.h"
#include "layout/layout_impl.h"
#include "layout/layout_test_mesh.h"

static struct smp_arena arena;
static struct smp_mesh head;
static struct smp_surface *surface;

static void prepare(void)
{
    struct smp_err err = { 0 };
    ck_assert_msg(smp_surface_make(&surface, &head, NULL, &arena, &err) == SMP_OK, "%s", err.msg);
}

static void begin(size_t n)
{
    smp_arena_make(&arena, 0);
    ck_assert(make_head(&head, n, &arena));
    prepare();
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
    const struct smp_layout_input input = { .density_per_cm2 = even_density(80) };
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
    const struct smp_layout_input input = { .density_per_cm2 = even_density(80) };
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
    const struct smp_layout_input input = { .density_per_cm2 = even_density(80) };
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
    const struct smp_layout_input input = { .density_per_cm2 = even_density(100) };
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

// All pairs, no grid: the nearest of dot–dot and dot–fixed.
static double nearest_pair(const struct smp_layout *layout, const struct smp_vec3 *fixed,
                           size_t fixed_count)
{
    double least2 = 1e300;
    for (size_t i = 0; i < layout->count; i++) {
        const struct smp_vec3 p = layout->dots[i].position_mm;
        for (size_t k = 0; k < i; k++) {
            const struct smp_vec3 d = smp_sub(layout->dots[k].position_mm, p);
            least2 = fmin(least2, smp_dot(d, d));
        }
        for (size_t k = 0; k < fixed_count; k++) {
            const struct smp_vec3 d = smp_sub(fixed[k], p);
            least2 = fmin(least2, smp_dot(d, d));
        }
    }
    return sqrt(least2);
}

// Random places on the surface, some of them crowded.
static struct smp_vec3 *random_fixed(size_t count)
{
    struct smp_vec3 *fixed = smp_new(&arena, struct smp_vec3, count);
    struct smp_rng rng = smp_rng_make(5, 5);
    for (size_t i = 0; i < count; i++) {
        const size_t t = smp_rng_u32(&rng) % (i % 4 ? head.triangle_count : 200);
        const uint32_t *c = head.triangles[t];
        const double a = smp_rng_unit(&rng) / 2, b = smp_rng_unit(&rng) / 2;
        const struct smp_vec3 o = head.points[c[0]];
        fixed[i] = smp_add(o, smp_add(smp_scale(smp_sub(head.points[c[1]], o), a),
                                      smp_scale(smp_sub(head.points[c[2]], o), b)));
    }
    return fixed;
}

START_TEST(the_gap_holds_over_all_pairs_with_fixed_points)
{
    begin(30);
    struct smp_vec3 *fixed = random_fixed(800);
    struct smp_layout_params params = smp_layout_defaults;
    params.count = 3000;
    const struct smp_layout_input input = { .density_per_cm2 = even_density(80),
                                            .fixed_mm = fixed,
                                            .fixed_count = 800 };
    for (int k = 0; k < 4; k++) {
        params.seed = (uint64_t)k;
        params.sessions = k % 2 ? 3 : 1;
        params.regularity = k * 0.25;
        params.min_gap_mm = 4.2;
        const struct smp_layout layout = lay(&input, &params, NULL);
        const double nearest = nearest_pair(&layout, fixed, 800);
        ck_assert_double_ge(nearest, 4.2);
        ck_assert_double_eq_tol(layout.min_gap_mm, nearest, 1e-12);
        ck_assert_uint_eq(layout.count + layout.dropped, 2200);
        ck_assert_uint_le(layout.dropped, 22);
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(the_audit_objects_when_the_search_for_faces_is_broken)
{
    begin(30);
    struct smp_vec3 *fixed = random_fixed(800);
    struct smp_layout_params params = smp_layout_defaults;
    params.count = 3000;
    params.min_gap_mm = 4.2;
    const struct smp_layout_input input = { .density_per_cm2 = even_density(80),
                                            .fixed_mm = fixed,
                                            .fixed_count = 800 };
    const struct smp_hooks hooks = { .wrong_faces = true };
    struct smp_layout layout = { .count = 77 };
    struct smp_err err = { 0 };
    ck_assert_int_eq(smp_layout_run(&layout, surface, &input, &params, &hooks, NULL, &arena, &err),
                     SMP_E_INTERNAL);
    ck_msg_has(err, "layout: the audit found ");
    ck_msg_has(err, " pairs nearer than min_gap_mm 4.2, the nearest at ");
    ck_assert_uint_eq(layout.count, 77);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(pairs_across_a_thin_sheet_are_counted_apart_and_the_rim_keeps_its_gap)
{
    smp_arena_make(&arena, 0);
    ck_assert(make_slab(&head, 40, 40, 0.5, &arena));
    prepare();
    for (uint32_t t = 0; t < surface->count; t++)
        for (int k = 0; k < 3; k++)
            ck_assert(surface->next[t][k] != SMP_NO_FACE);
    struct smp_layout_params params = smp_layout_defaults;
    params.count = 2000;
    params.min_gap_mm = 1.0;
    const struct smp_layout_input input = { .density_per_cm2 = even_density(80) };
    const struct smp_layout layout = lay(&input, &params, NULL);
    ck_assert_uint_gt(layout.sheet_pairs, 50);
    ck_assert_double_ge(layout.min_gap_mm, 1.0);
    for (size_t i = 0; i < layout.count; i++) {
        for (size_t k = 0; k < i; k++) {
            const struct smp_layout_dot *a = &layout.dots[i], *b = &layout.dots[k];
            const struct smp_vec3 d = smp_sub(a->position_mm, b->position_mm);
            if (smp_length(d) >= 1.0)
                continue;
            ck_assert(smp_dot(a->normal, b->normal) < 0);
            // Over a rim it is 0.5 mm from side to side: not that near to an edge of the slab.
            const struct smp_vec3 p = a->position_mm;
            const double edge = fmin(fmin(p.x, 40 - p.x), fmin(p.y, 40 - p.y));
            ck_assert_double_gt(edge, 0.1);
        }
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_hard_outline_is_kept_and_its_count_exact)
{
    smp_arena_make(&arena, 0);
    ck_assert(make_square(&head, 100, 100, &arena));
    prepare();
    double *density = smp_new(&arena, double, head.point_count);
    for (int k = 0; k < 3; k++) {
        const double wide = k == 0 ? 60 : k == 1 ? 20 : 4; // spacing is 2.4 mm
        for (size_t i = 0; i < head.point_count; i++) {
            const struct smp_vec3 p = head.points[i];
            density[i] = fabs(p.x - 50) < 30 && fabs(p.y - 50) < wide / 2 ? 20 : 0;
        }
        const struct smp_layout_input input = { .density_per_cm2 = density };
        for (int r = 0; r <= 2; r++) {
            struct smp_layout_params params = smp_layout_defaults;
            params.regularity = r * 0.5;
            params.count = (size_t)(60 * wide * 0.2);
            const struct smp_layout layout = lay(&input, &params, NULL);
            ck_assert_uint_eq(layout.count, params.count);
            for (size_t i = 0; i < layout.count; i++) {
                const struct smp_vec3 p = layout.dots[i].position_mm;
                ck_assert(fabs(p.x - 50) < 31 && fabs(p.y - 50) < wide / 2 + 1);
            }
        }
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(slivers_do_no_harm)
{
    smp_arena_make(&arena, 0);
    struct smp_mesh clean;
    ck_assert(make_head(&clean, 40, &arena));
    struct smp_layout_params params = smp_layout_defaults;
    params.count = 4000;
    params.regularity = 1;
    static const double height_mm[] = { 1e-3, 1e-4, 1e-6, 0 };
    for (int k = 0; k < 4; k++) {
        ck_assert(add_slivers(&head, &clean, height_mm[k], &arena));
        prepare();
        const struct smp_layout_input input = { .density_per_cm2 = even_density(80) };
        const struct smp_layout layout = lay(&input, &params, NULL);
        ck_assert_uint_eq(layout.count, 4000);
        struct smp_vec3 *points = smp_new(&arena, struct smp_vec3, layout.count);
        double *density = smp_new(&arena, double, layout.count);
        for (size_t i = 0; i < layout.count; i++) {
            points[i] = layout.dots[i].position_mm;
            density[i] = 4000 / layout.area_cm2;
        }
        struct smp_evenness even;
        ck_assert_int_eq(smp_layout_evenness(&even, points, density, layout.count, &arena, NULL),
                         SMP_OK);
        ck_assert_double_le(even.cv, 0.045);
        ck_assert_double_ge(even.min_mm, 0.799 * 10.7457 / sqrt(density[0]));
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(evenness_knows_the_hexagonal_lattice)
{
    smp_arena_make(&arena, 0);
    enum { side = 60 };
    struct smp_vec3 *points = smp_new(&arena, struct smp_vec3, side * side);
    double *density = smp_new(&arena, double, side *side);
    for (int i = 0; i < side * side; i++) {
        points[i] = smp_vec3(i % side + (i / side % 2) * 0.5, i / side * sqrt(0.75), 0);
        density[i] = 100 * 2 / sqrt(3);
    }
    struct smp_evenness e;
    ck_assert_int_eq(smp_layout_evenness(&e, points, density, side * side, &arena, NULL), SMP_OK);
    ck_assert_double_eq_tol(e.mean, 1, 1e-9);
    ck_assert_double_eq_tol(e.cv, 0, 1e-6);
    ck_assert_double_eq_tol(e.clark_evans, 2.1491, 1e-3);
    ck_assert_double_eq_tol(e.min_mm, 1, 1e-9);
    struct smp_err err = { 0 };
    ck_assert_int_eq(smp_layout_evenness(&e, points, density, 1, &arena, &err), SMP_E_INPUT);
    ck_msg_eq(err, "evenness needs 2 points or more, not 1");
    density[3] = 0;
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_layout_evenness(&e, points, density, 9, &arena, &err), SMP_E_INPUT);
    ck_msg_eq(err, "density of point 3 must be above 0 dots/cm², not 0");
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(any_prefix_of_the_order_is_spread)
{
    begin(40);
    struct smp_layout_params params = smp_layout_defaults;
    params.count = 6000;
    const struct smp_layout_input input = { .density_per_cm2 = even_density(80) };
    const struct smp_layout layout = lay(&input, &params, NULL);
    for (size_t n = 200; n <= 6000; n += 580) {
        int octant[8] = { 0 };
        for (size_t i = 0; i < n; i++) {
            const struct smp_vec3 p = layout.dots[i].position_mm;
            ck_assert_uint_eq(layout.dots[i].order, i);
            octant[(p.x > 0) + 2 * (p.y > 0) + 4 * (p.z > 0)]++;
        }
        for (int k = 0; k < 8; k++) // areas differ by a few percent
            ck_assert_double_eq_tol(octant[k] / (double)n, 0.125, 0.012 + 6 / (double)n);
    }
    smp_arena_drop(&arena);
}
END_TEST

static void refused(const struct smp_layout_input *input, struct smp_layout_params params,
                    const char *sentence)
{
    struct smp_layout layout;
    struct smp_err err = { 0 };
    ck_assert_int_eq(smp_layout_make(&layout, surface, input, &params, NULL, &arena, &err),
                     SMP_E_INPUT);
    ck_msg_eq(err, sentence);
}

START_TEST(each_wrong_input_has_its_sentence)
{
    begin(8);
    double *density = even_density(10);
    struct smp_vec3 fixed = { 0, 0, (double)NAN };
    struct smp_layout_input input = { .density_per_cm2 = density };
    const struct smp_layout_params good = smp_layout_defaults;
    struct smp_layout_params p = good;
    p.regularity = (double)NAN;
    refused(&input, p, "layout.regularity must be 0 to 1, not nan");
    p = good, p.min_gap_mm = -1;
    refused(&input, p, "layout.min_gap_mm must be 0 to 1000 mm, not -1");
    p = good, p.sessions = 7;
    refused(&input, p, "layout.sessions must be 1 to 6, not 7");
    p = good, p.count = 30000000;
    refused(&input, p, "layout.count must be 0 to 20000000, not 30000000");
    p = good, p.sessions = 2, p.shares[0] = 0.7, p.shares[1] = 0.5;
    refused(&input, p, "layout.shares[1] must be above 0.7 and up to 1, not 0.5");
    p = good, p.sessions = 2, p.shares[0] = 0.5, p.shares[1] = 0.9;
    refused(&input, p, "layout.shares[1] must be 1 (the last session), not 0.9");
    input.fixed_mm = &fixed, input.fixed_count = 1;
    refused(&input, good, "fixed point 0 is at (0, 0, nan) mm, which must be within 1e7 mm");
    input.fixed_count = 0;
    density[5] = -1;
    refused(&input, good, "density of point 5 must be 0 to 1e8 dots/cm², not -1");
    for (size_t i = 0; i < head.point_count; i++)
        density[i] = 0;
    refused(&input, good, "density: it is 0 everywhere on the surface");
    for (size_t i = 0; i < head.point_count; i++)
        density[i] = 1e7;
    struct smp_layout layout;
    struct smp_err err = { 0 };
    ck_assert_int_eq(smp_layout_make(&layout, surface, &input, &good, NULL, &arena, &err),
                     SMP_E_INPUT);
    ck_msg_has(err, "dots, which is more than 20000000");
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(each_mesh_without_a_surface_has_its_sentence)
{
    smp_arena_make(&arena, 0);
    struct smp_vec3 points[3] = { { 0, 0, 0 }, { 1, 1, 1 }, { 2, 2, 2 } };
    uint32_t triangle[1][3] = { { 0, 1, 2 } };
    struct smp_mesh mesh = { .points = points, .point_count = 3, .triangles = triangle };
    struct smp_err err = { 0 };
    ck_assert_int_eq(smp_surface_make(&surface, &mesh, NULL, &arena, &err), SMP_E_INPUT);
    ck_msg_eq(err, "mesh: it has no triangles, and dots need a surface");
    mesh.triangle_count = 1;
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_surface_make(&surface, &mesh, NULL, &arena, &err), SMP_E_INPUT);
    ck_msg_eq(err, "mesh: its 1 triangles have no area");
    triangle[0][2] = 9;
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_surface_make(&surface, &mesh, NULL, &arena, &err), SMP_E_INPUT);
    ck_msg_eq(err, "mesh: triangle 0 names point 9 of only 3");
    points[1].y = (double)INFINITY;
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_surface_make(&surface, &mesh, NULL, &arena, &err), SMP_E_INPUT);
    ck_msg_eq(err, "mesh: point 1 is at (1, inf, 1) mm, which must be within 1e7 mm");
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("layout", a_count_is_met_to_the_dot, dots_lie_on_the_surface_within_a_micrometre,
              threads_do_not_change_a_byte, a_gap_that_cannot_be_had_is_refused_with_the_largest,
              the_gap_holds_over_all_pairs_with_fixed_points,
              the_audit_objects_when_the_search_for_faces_is_broken,
              pairs_across_a_thin_sheet_are_counted_apart_and_the_rim_keeps_its_gap,
              a_hard_outline_is_kept_and_its_count_exact, slivers_do_no_harm,
              evenness_knows_the_hexagonal_lattice, any_prefix_of_the_order_is_spread,
              each_wrong_input_has_its_sentence, each_mesh_without_a_surface_has_its_sentence)
