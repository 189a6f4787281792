// The density: feathered, filled in between the hair that is left, and kept out where asked.
#include "design_test_scene.h"

// ---- The density --------------------------------------------------------------------------------

START_TEST(distance_behind_the_line_is_exact_and_signed)
{
    struct scene s;
    set_up(&s, SMP_LOSS_VI);
    const struct smp_design_params params = of_style(SMP_STYLE_NATURAL);
    const struct smp_design d = make(&s, &params, 1);
    size_t checked = 0;
    for (size_t i = 0; i < s.head.mesh.point_count; i += 97) {
        double nearest = HUGE_VAL; // by brute force over points 0.5 mm apart
        for (size_t k = 0; k < d.line_count; k++)
            nearest = fmin(nearest, smp_length(smp_sub(s.head.mesh.points[i], d.line_mm[k])));
        if (nearest > 40)
            continue;
        ck_assert_double_le(fabs(d.behind_mm[i]), nearest + 1e-9);
        ck_assert_double_gt(fabs(d.behind_mm[i]), nearest - 0.6);
        checked++;
    }
    ck_assert_uint_gt(checked, 100);
    // The glabella is ahead, the vertex behind.
    for (size_t i = 0; i < s.head.mesh.point_count; i++) {
        if (smp_length(smp_sub(s.head.mesh.points[i], s.head.landmarks.glabella)) < 10)
            ck_assert_double_lt(d.behind_mm[i], -50);
        if (smp_length(smp_sub(s.head.mesh.points[i], s.head.landmarks.vertex)) < 10)
            ck_assert_double_gt(d.behind_mm[i], 20);
    }
    tear_down(&s);
}
END_TEST

START_TEST(density_feathers_in_behind_the_line_and_strays_stand_ahead)
{
    struct scene s;
    set_up(&s, SMP_LOSS_VI);
    const struct smp_design_params params = of_style(SMP_STYLE_NATURAL);
    const struct smp_design d = make(&s, &params, 1);
    size_t strays = 0;
    for (size_t i = 0; i < s.head.mesh.point_count; i++) {
        const double behind = d.behind_mm[i], density = d.density_per_cm2[i];
        ck_assert(density >= 0 && density <= 110);
        if (behind < -params.hairline.stray_mm)
            ck_assert_double_eq(density, 0);
        if (d.zones[i] == SMP_ZONE_HAIRLINE && behind < 0) {
            ck_assert_double_lt(density, 25);
            strays += density > 0;
        }
        if (d.zones[i] == SMP_ZONE_HAIRLINE && behind > 1 && behind < 3)
            ck_assert_double_lt(density, 45);
        if (d.zones[i] == SMP_ZONE_MIDSCALP && fabs(s.head.mesh.points[i].x) < 30)
            ck_assert_double_gt(density, 85);
    }
    ck_assert_uint_gt(strays, 10);
    tear_down(&s);
}
END_TEST

START_TEST(dots_and_remaining_hair_make_an_even_field_at_the_sides)
{
    struct scene s;
    set_up(&s, SMP_LOSS_VI);
    const struct smp_design_params params = of_style(SMP_STYLE_NATURAL);
    const struct smp_design d = make(&s, &params, 1);
    // Along each edge of the mesh, well behind the line and inside the scalp, the sum changes
    // little, though dots and hair change much.
    double steepest = 0, most_dots = 0;
    for (size_t t = 0; t < s.head.mesh.triangle_count; t++) {
        const uint32_t a = s.head.mesh.triangles[t][0], b = s.head.mesh.triangles[t][1];
        if (!d.zones[a] || !d.zones[b] || d.behind_mm[a] < 12 || d.behind_mm[b] < 12 ||
            s.native[a] < 74 || s.native[b] < 74)
            continue;
        const double mm = smp_length(smp_sub(s.head.mesh.points[a], s.head.mesh.points[b]));
        if (mm < 0.3)
            continue;
        steepest = fmax(steepest, fabs(d.total_per_cm2[a] - d.total_per_cm2[b]) / mm);
        most_dots = fmax(most_dots, d.density_per_cm2[a]);
        ck_assert_double_eq_tol(d.total_per_cm2[a], d.density_per_cm2[a] + d.hair_per_cm2[a], 1e-9);
        ck_assert_double_gt(d.total_per_cm2[a], 55);
    }
    ck_assert_double_gt(most_dots, 90);
    ck_assert_msg(steepest < 5, "%g per cm² a mm", steepest); // 40 % would be 30 in 6 mm
    tear_down(&s);
}
END_TEST

START_TEST(a_full_head_gets_no_dots)
{
    struct scene s;
    set_up(&s, SMP_LOSS_NONE);
    struct smp_design_params params = of_style(SMP_STYLE_NATURAL);
    params.dots_per_cm2 = 70;
    const struct smp_design d = make(&s, &params, 1);
    for (size_t i = 0; i < s.head.mesh.point_count; i++)
        ck_assert_double_lt(d.density_per_cm2[i], 0.5);
    tear_down(&s);
}
END_TEST

START_TEST(a_wider_side_fade_reaches_farther_into_the_hair)
{
    struct scene s;
    set_up(&s, SMP_LOSS_VI);
    struct smp_design_params params = of_style(SMP_STYLE_NATURAL);
    double dots[2] = { 0 };
    for (int k = 0; k < 2; k++) {
        params.side_fade_mm = k ? 40 : 10;
        const struct smp_design d = make(&s, &params, 1);
        for (size_t i = 0; i < s.head.mesh.point_count; i++)
            dots[k] += s.fu[i] > 0.6 * s.native[i] ? d.density_per_cm2[i] : 0;
    }
    ck_assert_double_gt(dots[1], 1.2 * dots[0]);
    tear_down(&s);
}
END_TEST

START_TEST(keep_outs_hold_their_margin_and_scars_their_own_density)
{
    struct scene s;
    set_up(&s, SMP_LOSS_VI);
    struct smp_vec3 scar_at = { 0, 0, 0 };
    ck_assert(smp_chart_point(&s.head, s.rays, (struct smp_vec2){ 0.0, -0.3 }, &scar_at, NULL));
    const struct smp_vec2 outline[] = { { 0.1, 0.0 }, { 0.2, 0.0 }, { 0.2, 0.1 }, { 0.1, 0.1 } };
    const struct smp_area areas[] = {
        { .kind = SMP_AREA_KEEP_OUT,
          .centre_mm = s.head.landmarks.vertex,
          .radius_mm = 5,
          .margin_mm = 3,
          .what = "mole" },
        { .kind = SMP_AREA_KEEP_OUT,
          .outline = outline,
          .outline_count = 4,
          .margin_mm = 2,
          .what = "wound" },
        { .kind = SMP_AREA_SCAR,
          .centre_mm = scar_at,
          .radius_mm = 10,
          .dots_per_cm2 = 40,
          .what = "scar" },
    };
    struct smp_design_params params = of_style(SMP_STYLE_NATURAL);
    const struct smp_design without = make(&s, &params, 1);
    params.areas = areas;
    params.area_count = 3;
    const struct smp_design d = make(&s, &params, 1);
    size_t edge = 0, in_mole = 0, in_wound = 0, in_scar = 0, same = 0;
    for (size_t i = 0; i < s.head.mesh.point_count; i++) {
        const struct smp_vec3 p = s.head.mesh.points[i];
        const struct smp_vec2 c = s.head.chart[i];
        if (!d.zones[i])
            continue;
        const double from_mole = smp_length(smp_sub(p, s.head.landmarks.vertex));
        if (from_mole > 6.6 && from_mole < 9.5) { // within a triangle of the edge: laid as without
            ck_assert_double_eq(d.laid_per_cm2[i], without.density_per_cm2[i]);
            ck_assert_double_le(smp_design_outside_mm(&d, p, c), from_mole - 8 + 1e-9);
            edge += fabs(smp_design_outside_mm(&d, p, c) - (from_mole - 8)) < 1e-9;
        }
        if (from_mole <= 8) {
            ck_assert_double_eq(d.density_per_cm2[i], 0);
            in_mole++;
        } else if (c.x > 0.1 && c.x < 0.2 && c.y > 0 && c.y < 0.1) {
            ck_assert_double_eq(d.density_per_cm2[i], 0);
            ck_assert_double_lt(smp_design_outside_mm(&d, p, c), -2); // the margin
            in_wound++;
        } else if (smp_length(smp_sub(p, scar_at)) < 10) {
            ck_assert_double_eq(d.density_per_cm2[i], 40);
            ck_assert_double_eq(d.hair_per_cm2[i], 0);
            in_scar++;
        } else if (smp_length(smp_sub(p, scar_at)) > 60 && c.y > 0.3) {
            ck_assert_double_eq(d.density_per_cm2[i], without.density_per_cm2[i]);
            same++;
        }
    }
    ck_assert(edge > 20 && in_mole > 20 && in_wound > 20 && in_scar > 20 && same > 100);
    tear_down(&s);
}
END_TEST

// ---- Bad wishes ---------------------------------------------------------------------------------

START_TEST(wishes_out_of_range_are_refused_by_name)
{
    struct scene s;
    set_up(&s, SMP_LOSS_VI);
    struct smp_design design = { .line_count = 77 };
    struct smp_design_params params = smp_design_defaults;
    params.hairline.glabella_mm = 30;
    struct smp_err err = { 0 };
    ck_assert_int_eq(smp_design_make(&design, &s.head, s.rays, s.fu, &params, 1, &s.arena, &err),
                     SMP_E_INPUT);
    ck_msg_eq(err, "design.hairline.glabella_mm must be 50 to 110 mm, not 30");
    params = smp_design_defaults;
    params.feather_mm = (double)NAN;
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_design_make(&design, &s.head, s.rays, s.fu, &params, 1, &s.arena, &err),
                     SMP_E_INPUT);
    ck_msg_eq(err, "design.feather_mm must be 0 to 30 mm, not nan");
    params = smp_design_defaults;
    params.zone_share[SMP_ZONE_CROWN] = -1;
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_design_make(&design, &s.head, s.rays, s.fu, &params, 1, &s.arena, &err),
                     SMP_E_INPUT);
    ck_msg_eq(err, "design.zone_share.crown must be 0 to 2, not -1");
    const struct smp_area area = { .what = "mole", .radius_mm = 5, .margin_mm = 50 };
    params = smp_design_defaults;
    params.areas = &area;
    params.area_count = 1;
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_design_make(&design, &s.head, s.rays, s.fu, &params, 1, &s.arena, &err),
                     SMP_E_INPUT);
    ck_msg_eq(err, "mole.margin_mm must be 0 to 20 mm, not 50");
    ck_assert_uint_eq(design.line_count, 77);
    tear_down(&s);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = { distance_behind_the_line_is_exact_and_signed,
                                   density_feathers_in_behind_the_line_and_strays_stand_ahead,
                                   dots_and_remaining_hair_make_an_even_field_at_the_sides,
                                   a_full_head_gets_no_dots,
                                   a_wider_side_fade_reaches_farther_into_the_hair,
                                   keep_outs_hold_their_margin_and_scars_their_own_density,
                                   wishes_out_of_range_are_refused_by_name };
    make_shared();
    const int status = smp_test_main("design", tests, sizeof tests / sizeof *tests);
    smp_rays_drop(shared.rays);
    smp_arena_drop(&shared.arena);
    return status;
}
