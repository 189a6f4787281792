// The hairline: where the tape says, and irregular as stated.
#include "design_test_scene.h"

// ---- The hairline -------------------------------------------------------------------------------

START_TEST(the_mid_frontal_point_is_where_the_tape_puts_it)
{
    struct scene s;
    set_up(&s, SMP_LOSS_VI);
    for (double mm = 60; mm <= 105; mm += 15) {
        struct smp_design_params params = of_style(SMP_STYLE_NATURAL);
        params.hairline.glabella_mm = mm;
        const struct smp_design d = make(&s, &params, 3);
        ck_assert_double_eq_tol(d.glabella_mm, mm, 0.5);
        const double measured =
            smp_head_distance_mm(&s.head, s.rays, s.head.landmarks.glabella, d.line_mm[d.middle]);
        ck_assert_double_eq_tol(measured, mm, 0.5);
    }
    tear_down(&s);
}
END_TEST

START_TEST(the_corners_stand_on_the_vertical_of_the_lateral_canthus)
{
    struct scene s;
    set_up(&s, SMP_LOSS_VI);
    for (int style = 0; style < SMP_STYLE_COUNT; style++) {
        const struct smp_design_params params = of_style((enum smp_style)style);
        const struct smp_design d = make(&s, &params, 1);
        ck_assert_double_eq_tol(d.line_mm[d.corner_left].x, s.head.landmarks.canthus_left.x, 4);
        ck_assert_double_eq_tol(d.line_mm[d.corner_right].x, s.head.landmarks.canthus_right.x, 4);
        ck_assert_uint_lt(d.corner_left, d.middle);
        ck_assert_uint_lt(d.middle, d.corner_right);
    }
    tear_down(&s);
}
END_TEST

START_TEST(recession_moves_the_corners_back_by_as_much)
{
    struct scene s;
    set_up(&s, SMP_LOSS_VI);
    struct smp_design_params params = of_style(SMP_STYLE_EDGED); // hardly any waves
    params.hairline.macro_mm = params.hairline.micro_mm = 0;
    params.hairline.recession_mm = 5;
    const struct smp_design near = make(&s, &params, 1);
    params.hairline.recession_mm = 35;
    const struct smp_design far = make(&s, &params, 1);
    const double moved = smp_head_distance_mm(&s.head, s.rays, near.line_mm[near.corner_left],
                                              far.line_mm[far.corner_left]);
    ck_assert_double_eq_tol(moved, 30, 3); // the two sides differ by up to 1 mm by design
    ck_assert_double_eq_tol(near.recession_mm_left, 5, 2);
    ck_assert_double_eq_tol(far.recession_mm_left, 35, 2.5);
    ck_assert_double_eq_tol(far.recession_mm_right, 35, 2.5);
    tear_down(&s);
}
END_TEST

// Before each ear a strip of hair or dots runs down to mid-ear, not a wedge that ends over it.
START_TEST(the_sideburns_keep_their_width_down_to_mid_ear)
{
    struct scene s;
    set_up(&s, SMP_LOSS_TOTALIS);
    const struct smp_design_params params = of_style(SMP_STYLE_NATURAL);
    const struct smp_design d = make(&s, &params, 4);
    static const double heights_mm[] = { 22, 30, 38 }, least_mm[] = { 12, 16, 18 };
    for (int side = 0; side < 2; side++) {
        const struct smp_vec3 ear = side ? s.head.landmarks.rpa : s.head.landmarks.lpa;
        const struct smp_vec3 end = d.line_mm[side ? d.line_count - 1 : 0];
        ck_assert_double_eq_tol(smp_ahead_mm(smp_sub(end, ear)), 27, 3);
        ck_assert_double_eq_tol(smp_up_mm(smp_sub(end, ear)), 6, 8);
        for (int k = 0; k < 3; k++) {
            double first = HUGE_VAL, last = -HUGE_VAL, least = HUGE_VAL;
            for (size_t i = 0; i < s.head.mesh.point_count; i++) {
                const struct smp_vec3 p = smp_sub(s.head.mesh.points[i], ear);
                const double ahead = smp_ahead_mm(p);
                if (fabs(smp_up_mm(p) - heights_mm[k]) > 1 || fabs(p.x) > 30 || ahead < -2)
                    continue;
                if (d.density_per_cm2[i] > 15) {
                    first = fmin(first, ahead);
                    last = fmax(last, ahead);
                }
                if (ahead > 14 && ahead < 20) // the middle of the strip
                    least = fmin(least, d.density_per_cm2[i]);
            }
            ck_assert_msg(last - first >= least_mm[k], "%g mm up: %.1f to %.1f mm ahead",
                          heights_mm[k], first, last);
            if (heights_mm[k] < 35) // below the arch over the ear
                ck_assert_double_gt(first, 0);
            ck_assert_msg(least > 25, "%g mm up: %.1f", heights_mm[k], least);
        }
    }
    tear_down(&s);
}
END_TEST

START_TEST(the_line_lies_on_the_skin_in_even_steps)
{
    SKIP_UNDER_SANITIZERS();
    struct scene s;
    set_up(&s, SMP_LOSS_VI);
    for (int style = 0; style < SMP_STYLE_COUNT; style++) {
        const struct smp_design_params params = of_style((enum smp_style)style);
        const struct smp_design d = make(&s, &params, 9);
        double longest = 0;
        for (size_t i = 0; i < d.line_count; i++) {
            const struct smp_hit hit = smp_rays_nearest(s.rays, d.line_mm[i], 5);
            ck_assert_uint_ne(hit.triangle, SMP_NO_TRIANGLE);
            ck_assert_double_lt(hit.distance, 1e-3);
            if (i)
                longest = fmax(longest, d.line_arc_mm[i] - d.line_arc_mm[i - 1]);
        }
        ck_assert_double_lt(longest, 3.5);
        ck_assert_double_gt(d.line_mm[d.line_count - 1].x, 40);
        ck_assert_double_lt(d.line_mm[0].x, -40);
    }
    tear_down(&s);
}
END_TEST

// Offsets of a waved line from its smooth one, point by point (both have the same steps).
static double *offsets_of(struct scene *s, struct smp_design_params params, double macro_mm,
                          double micro_mm, size_t *begin, size_t *end, double **arc_mm)
{
    params.hairline.macro_mm = params.hairline.micro_mm = 0;
    const struct smp_design smooth = make(s, &params, 5);
    params.hairline.macro_mm = macro_mm;
    params.hairline.micro_mm = micro_mm;
    const struct smp_design waved = make(s, &params, 5);
    ck_assert_uint_eq(smooth.line_count, waved.line_count);
    double *offset = smp_new(&s->arena, double, smooth.line_count);
    for (size_t i = 0; i < smooth.line_count; i++) {
        const struct smp_vec3 d = smp_sub(waved.line_mm[i], smooth.line_mm[i]);
        // towards the vertex is behind
        const struct smp_vec3 up = smp_sub(s->head.landmarks.vertex, smooth.line_mm[i]);
        offset[i] = smp_dot(d, up) >= 0 ? smp_length(d) : -smp_length(d);
    }
    *begin = smooth.corner_left;
    *end = smooth.corner_right;
    *arc_mm = smooth.line_arc_mm;
    return offset;
}

static void measure(const double *offset, const double *arc_mm, size_t begin, size_t end,
                    double *amplitude_mm, double *wave_mm)
{
    double peak = 0, sum = 0, peaks = 0, crossings = 0;
    for (size_t i = begin + 1; i < end; i++) {
        if ((offset[i] >= 0) != (offset[i - 1] >= 0)) {
            sum += peak;
            peaks++;
            crossings++;
            peak = 0;
        }
        peak = fmax(peak, fabs(offset[i]));
    }
    *amplitude_mm = sum / peaks;
    *wave_mm = 2 * (arc_mm[end - 1] - arc_mm[begin]) / crossings;
}

START_TEST(macro_waves_have_the_stated_amplitude_and_length)
{
    struct scene s;
    set_up(&s, SMP_LOSS_VI);
    size_t begin, end;
    double *arc, amplitude, wave;
    struct smp_design_params params = of_style(SMP_STYLE_NATURAL);
    params.hairline.macro_wave_mm = 15;
    const double *offset = offsets_of(&s, params, 3, 0, &begin, &end, &arc);
    measure(offset, arc, begin, end, &amplitude, &wave);
    ck_assert_msg(amplitude > 2.1 && amplitude < 3.6, "amplitude %g", amplitude);
    ck_assert_msg(wave > 12 && wave < 19, "wave %g", wave);
    tear_down(&s);
}
END_TEST

START_TEST(micro_gaps_have_the_stated_amplitude_and_are_short)
{
    struct scene s;
    set_up(&s, SMP_LOSS_VI);
    size_t begin, end;
    double *arc, amplitude, wave;
    const double *offset = offsets_of(&s, of_style(SMP_STYLE_NATURAL), 0, 1, &begin, &end, &arc);
    measure(offset, arc, begin, end, &amplitude, &wave);
    ck_assert_msg(amplitude > 0.7 && amplitude < 1.2, "amplitude %g", amplitude);
    ck_assert_msg(wave > 3 && wave < 6, "wave %g", wave);
    tear_down(&s);
}
END_TEST

START_TEST(left_and_right_are_never_the_same_but_nearly)
{
    SKIP_UNDER_SANITIZERS();
    struct scene s;
    set_up(&s, SMP_LOSS_VI);
    for (uint64_t seed = 1; seed <= 5; seed++) {
        const struct smp_design_params params = of_style(SMP_STYLE_NATURAL);
        const struct smp_design d = make(&s, &params, seed);
        ck_assert_msg(d.asymmetry_mm > 0.1 && d.asymmetry_mm < 3, "seed %d: %g", (int)seed,
                      d.asymmetry_mm);
    }
    tear_down(&s);
}
END_TEST

START_TEST(the_six_styles_are_clearly_different)
{
    struct scene s;
    set_up(&s, SMP_LOSS_VI);
    struct smp_design d[SMP_STYLE_COUNT];
    for (int style = 0; style < SMP_STYLE_COUNT; style++) {
        const struct smp_design_params params = of_style((enum smp_style)style);
        d[style] = make(&s, &params, 1);
    }
    // Mean distance of the fronts, waves and all: none lies on another.
    for (int a = 0; a < SMP_STYLE_COUNT; a++) {
        for (int b = a + 1; b < SMP_STYLE_COUNT; b++) {
            struct smp_lines lines;
            ck_assert_int_eq(smp_lines_make(&lines, d[b].line_mm, d[b].line_mm + 1,
                                            d[b].line_count - 1, &s.arena, NULL),
                             SMP_OK);
            double sum = 0, count = 0;
            for (size_t i = d[a].corner_left; i < d[a].corner_right; i++, count++)
                sum += smp_lines_nearest(&lines, d[a].line_mm[i], 100).distance_mm;
            ck_assert_msg(sum / count > 0.9, "%s and %s: %g mm", smp_style_names[a],
                          smp_style_names[b], sum / count);
        }
    }
    ck_assert_double_gt(d[SMP_STYLE_EDGED].straightness, 0.93);
    ck_assert_double_lt(d[SMP_STYLE_NATURAL].straightness, 0.85);
    ck_assert_double_lt(d[SMP_STYLE_RECEDED].corner_angle_deg_left,
                        d[SMP_STYLE_ROUNDED].corner_angle_deg_left - 20);
    tear_down(&s);
}
END_TEST

START_TEST(the_same_seed_gives_the_same_line_and_another_another)
{
    SKIP_UNDER_SANITIZERS();
    struct scene s;
    set_up(&s, SMP_LOSS_VI);
    const struct smp_design_params params = of_style(SMP_STYLE_NATURAL);
    const struct smp_design a = make(&s, &params, 1), b = make(&s, &params, 1);
    const struct smp_design c = make(&s, &params, 2);
    ck_assert_uint_eq(a.line_count, b.line_count);
    ck_assert_mem_eq(a.line_mm, b.line_mm, a.line_count * sizeof *a.line_mm);
    ck_assert_mem_eq(a.density_per_cm2, b.density_per_cm2,
                     s.head.mesh.point_count * sizeof(double));
    ck_assert(a.line_count != c.line_count ||
              memcmp(a.line_mm, c.line_mm, a.line_count * sizeof *a.line_mm) != 0);
    tear_down(&s);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = { the_mid_frontal_point_is_where_the_tape_puts_it,
                                   the_corners_stand_on_the_vertical_of_the_lateral_canthus,
                                   recession_moves_the_corners_back_by_as_much,
                                   the_sideburns_keep_their_width_down_to_mid_ear,
                                   the_line_lies_on_the_skin_in_even_steps,
                                   macro_waves_have_the_stated_amplitude_and_length,
                                   micro_gaps_have_the_stated_amplitude_and_are_short,
                                   left_and_right_are_never_the_same_but_nearly,
                                   the_six_styles_are_clearly_different,
                                   the_same_seed_gives_the_same_line_and_another_another };
    make_shared();
    const int status = smp_test_main("hairline", tests, sizeof tests / sizeof *tests);
    smp_rays_drop(shared.rays);
    smp_arena_drop(&shared.arena);
    return status;
}
