// The plan: sessions, order, totals and where the dots stand, on the demo client.
#include "harness.h"
#include "plan/plan_impl.h"

#include <math.h>

static struct smp_arena shared;
static struct smp_case from;
static struct smp_head head;
static struct smp_plan plan;

static void make_shared(void)
{
    struct smp_err err = { 0 };
    smp_arena_make(&shared, 0);
    if (smp_case_demo(&from, &shared, &err) ||
        smp_case_head(&head, &from, NULL, NULL, &shared, &err) ||
        smp_plan_make(&plan, &from, &head, NULL, NULL, &shared, &err))
        printf("# %s\n", err.msg);
}

START_TEST(dots_have_ids_from_one_and_all_that_a_dot_needs)
{
    ck_assert_uint_gt(plan.dot_count, 10000);
    for (size_t i = 0; i < plan.dot_count; i++) {
        const struct smp_dot *d = &plan.dots[i];
        ck_assert_uint_eq(d->id, i + 1);
        ck_assert(d->session >= 1 && d->session <= plan.sessions);
        ck_assert(d->zone > SMP_ZONE_NONE && d->zone < SMP_ZONE_COUNT);
        ck_assert_double_eq_tol(smp_length(d->normal), 1, 1e-6);
        ck_assert(d->diameter_um >= 200 && d->diameter_um <= 300); // one to three points
        ck_assert_int_eq(d->pigment, 0);
    }
}
END_TEST

START_TEST(diameters_change_without_a_step)
{
    // Neighbours within 1.5 mm differ by little, though the needles' dots differ by 100 µm.
    double most_um = 0, smallest_um = 1000, largest_um = 0;
    for (size_t i = 0; i < plan.dot_count; i += 17) {
        smallest_um = fmin(smallest_um, plan.dots[i].diameter_um);
        largest_um = fmax(largest_um, plan.dots[i].diameter_um);
        for (size_t k = 0; k < plan.dot_count; k++) {
            if (smp_length(smp_sub(plan.dots[i].position_mm, plan.dots[k].position_mm)) < 1.5)
                most_um = fmax(most_um, fabs(plan.dots[i].diameter_um - plan.dots[k].diameter_um));
        }
    }
    ck_assert_msg(most_um < 25, "%g µm", most_um);
    ck_assert_double_gt(largest_um - smallest_um, 60);
}
END_TEST

START_TEST(sessions_hold_30_40_and_30_percent)
{
    ck_assert_int_eq(plan.sessions, 3);
    const double all = (double)plan.dot_count;
    ck_assert_double_eq_tol((double)plan.session[0].dots / all, 0.3, 0.005);
    ck_assert_double_eq_tol((double)plan.session[1].dots / all, 0.4, 0.005);
    ck_assert_double_eq_tol((double)plan.session[2].dots / all, 0.3, 0.005);
}
END_TEST

START_TEST(order_counts_every_dot_of_a_session_once_zone_by_zone)
{
    for (int session = 1; session <= plan.sessions; session++) {
        const size_t count = plan.session[session - 1].dots;
        uint8_t *zone_at = calloc(count + 1, 1);
        for (size_t i = 0; i < plan.dot_count; i++) {
            const struct smp_dot *d = &plan.dots[i];
            if (d->session != session)
                continue;
            ck_assert(d->order >= 1 && d->order <= count);
            ck_assert_uint_eq(zone_at[d->order], 0);
            zone_at[d->order] = (uint8_t)d->zone;
        }
        for (size_t k = 2; k <= count; k++)
            ck_assert_uint_ge(zone_at[k], zone_at[k - 1]);
        free(zone_at);
    }
}
END_TEST

START_TEST(the_hand_moves_far_less_than_in_random_order)
{
    struct smp_plan other = plan;
    other.dots = malloc(plan.dot_count * sizeof *plan.dots);
    memcpy(other.dots, plan.dots, plan.dot_count * sizeof *plan.dots);
    for (size_t i = 0; i < plan.dot_count; i++) // any order that forgets the place
        other.dots[i].order = (uint32_t)(smp_hash64(7, i) >> 33) + 1;
    ck_assert_int_eq(smp_plan_steps(&other, &shared, NULL), SMP_OK);
    for (int s = 0; s < 3; s++) {
        const double spacing_mm =
            10 * sqrt(plan.treated_cm2 / (double)plan.session[s].dots); // of the session alone
        ck_assert_double_lt(plan.session[s].step_mm, 1.0 * spacing_mm);
        ck_assert_double_lt(plan.session[s].step_p99_mm, 4 * spacing_mm);
        ck_assert_double_gt(other.session[s].step_mm, 20 * plan.session[s].step_mm);
    }
    free(other.dots);
}
END_TEST

START_TEST(a_path_is_shortened_to_near_the_best_known)
{
    // Random points in a square: the shortest path is about 0.7124 √(area × count) (Johnson and
    // McGeoch 1996) and a border's share more; strips alone give about 0.92.
    enum { count = 2000 };
    struct smp_vec3 points[count];
    uint32_t at[count];
    struct smp_rng rng = smp_rng_make(1, 1);
    for (size_t i = 0; i < count; i++) {
        points[i] = smp_vec3(smp_rng_unit(&rng) * 100, smp_rng_unit(&rng) * 100, 0);
        at[i] = (uint32_t)i;
    }
    // from strips
    for (size_t i = 1; i < count; i++) {
        for (size_t k = i; k > 0; k--) {
            const struct smp_vec3 a = points[at[k - 1]], b = points[at[k]];
            const int sa = (int)(a.y / 3.87), sb = (int)(b.y / 3.87);
            const bool after = sa != sb ? sa > sb : (sa % 2 ? a.x < b.x : a.x > b.x);
            if (!after)
                break;
            const uint32_t keep = at[k];
            at[k] = at[k - 1];
            at[k - 1] = keep;
        }
    }
    ck_assert_int_eq(smp_path_shorten(at, points, count, 2.2, &shared, NULL), SMP_OK);
    double length = 0;
    bool seen[count] = { false };
    for (size_t i = 0; i < count; i++) {
        ck_assert(!seen[at[i]]);
        seen[at[i]] = true;
        if (i)
            length += smp_length(smp_sub(points[at[i]], points[at[i - 1]]));
    }
    const double unit = length / sqrt(100.0 * 100.0 * count);
    ck_assert_msg(unit < 0.80, "%g", unit);
}
END_TEST

START_TEST(zones_and_sessions_add_up)
{
    size_t dots = 0;
    double cm2 = 0, treated = 0;
    for (int zone = 1; zone < SMP_ZONE_COUNT; zone++) {
        const struct smp_zone_total *t = &plan.zones[zone];
        dots += t->dots[0];
        cm2 += t->cm2;
        treated += t->treated_cm2;
        ck_assert_uint_eq(t->dots[0], t->dots[1] + t->dots[2] + t->dots[3]);
        ck_assert_double_le(t->treated_cm2, t->cm2 + 1e-9);
        ck_assert_ptr_nonnull(strstr(t->needle, "RL"));
        ck_assert_double_lt(t->depth_setting_mm_low, t->depth_setting_mm_high);
    }
    ck_assert_uint_eq(dots, plan.dot_count);
    ck_assert_double_eq_tol(treated, plan.treated_cm2, 1e-6);
    ck_assert_double_gt(cm2, 480);
    ck_assert_double_lt(cm2, 600);
    ck_assert_double_gt(plan.treated_cm2, plan.bald_cm2 * 0.8);
}
END_TEST

START_TEST(density_is_met_in_every_zone)
{
    // The integral of the design's density over a zone against its dots.
    double wanted[SMP_ZONE_COUNT] = { 0 };
    for (size_t t = 0; t < head.mesh.triangle_count; t++) {
        const double third_cm2 = smp_length(smp_mesh_area_vector(&head.mesh, t)) / 300;
        for (size_t k = 0; k < 3; k++) {
            const uint32_t i = head.mesh.triangles[t][k];
            wanted[plan.design->zones[i]] += plan.design->density_per_cm2[i] * third_cm2;
        }
    }
    for (int zone = 1; zone < SMP_ZONE_COUNT; zone++) {
        const double dots = (double)plan.zones[zone].dots[0];
        // a border's dots may fall to either side; hair stands at random, so the fill varies
        ck_assert_msg(fabs(dots - wanted[zone]) < 25 + 0.04 * wanted[zone] + 2 * sqrt(wanted[zone]),
                      "%s: %g dots for %g", smp_zone_name((enum smp_zone)zone), dots, wanted[zone]);
    }
}
END_TEST

// Dots within reach of a place, and how many the density asks for there.
static size_t dots_within(struct smp_vec3 place, double reach_mm)
{
    size_t count = 0;
    for (size_t i = 0; i < plan.dot_count; i++)
        count += smp_length(smp_sub(plan.dots[i].position_mm, place)) < reach_mm;
    return count;
}

static double asked_within(struct smp_vec3 place, double reach_mm)
{
    const struct smp_mesh *mesh = &head.mesh;
    double sum = 0;
    for (size_t t = 0; t < mesh->triangle_count; t++) {
        const uint32_t *c = mesh->triangles[t];
        const double third[3] = { 1.0 / 3, 1.0 / 3, 1.0 / 3 };
        if (smp_length(smp_sub(smp_mesh_at(mesh, t, third), place)) >= reach_mm)
            continue;
        const double *d = plan.design->density_per_cm2;
        sum += smp_length(smp_mesh_area_vector(mesh, t)) * (d[c[0]] + d[c[1]] + d[c[2]]) / 300;
    }
    return sum;
}

START_TEST(nowhere_is_a_hole_or_a_clot)
{
    const double reach_mm = 6;
    double worst = 0, best = 0;
    for (size_t i = 0; i < head.mesh.point_count; i += 101) {
        if (plan.design->density_per_cm2[i] < 15)
            continue;
        const struct smp_vec3 place = head.mesh.points[i];
        const double asked = asked_within(place, reach_mm);
        const double off = ((double)dots_within(place, reach_mm) - asked) / sqrt(asked);
        worst = fmin(worst, off);
        best = fmax(best, off);
        ck_assert_msg(fabs(off) < 1.6,
                      "%.1f standard deviations of chance at (%.1f, %.1f, %.1f): "
                      "%.1f dots asked for",
                      off, place.x, place.y, place.z, asked);
    }
    ck_assert_msg(worst < 0 && best > 0, "from %g to %g", worst, best); // that it measured at all
}
END_TEST

START_TEST(minutes_are_dots_by_the_minute_and_breaks)
{
    for (int s = 0; s < plan.sessions; s++) {
        const double work = (double)plan.session[s].dots / 80;
        const int breaks = work > 75 ? work > 150 ? 2 : 1 : 0;
        ck_assert_int_eq(plan.session[s].breaks, breaks);
        ck_assert_double_eq_tol(plan.session[s].minutes, work + 10 * breaks, 1e-9);
    }
}
END_TEST

START_TEST(the_price_is_a_range_from_the_list)
{
    ck_assert_double_eq(plan.price_low, 3 * 800);
    ck_assert_double_eq(plan.price_high, 3 * 1200);
    ck_assert_str_eq(plan.price_grade, "C");
    ck_assert_ptr_nonnull(strstr(plan.price_source, "grafto"));
}
END_TEST

START_TEST(dots_keep_two_diameters_from_each_other_and_from_hairs)
{
    ck_assert_double_ge(plan.min_gap_mm, 0.6 - 1e-9);
    ck_assert_uint_eq(plan.merging_pairs, 0);
    ck_assert_uint_eq(plan.dropped, 0);
    // By brute force for a few.
    for (size_t i = 0; i < plan.dot_count; i += 501) {
        for (size_t k = 0; k < plan.dot_count; k++) {
            if (k != i)
                ck_assert_double_ge(
                    smp_length(smp_sub(plan.dots[i].position_mm, plan.dots[k].position_mm)),
                    0.6 - 1e-9);
        }
        for (size_t k = 0; k < plan.hair_count; k++)
            ck_assert_double_ge(
                smp_length(smp_sub(plan.dots[i].position_mm, plan.hairs[k].position_mm)),
                0.6 - 1e-9);
    }
}
END_TEST

START_TEST(the_pattern_is_that_of_a_scalp)
{
    ck_assert_msg(plan.evenness.cv > 0.14 && plan.evenness.cv < 0.24, "%g", plan.evenness.cv);
    ck_assert_double_gt(plan.evenness.clark_evans, 1.38);
    ck_assert_double_lt(plan.evenness.clark_evans, 1.6);
}
END_TEST

START_TEST(hairs_follow_what_the_loss_left)
{
    double wanted = 0;
    for (size_t t = 0; t < head.mesh.triangle_count; t++) {
        for (size_t k = 0; k < 3; k++)
            wanted += plan.fu_per_cm2[head.mesh.triangles[t][k]] *
                      smp_length(smp_mesh_area_vector(&head.mesh, t)) / 300;
    }
    ck_assert_double_eq_tol((double)plan.hair_count, wanted, 0.01 * wanted);
}
END_TEST

START_TEST(the_demo_has_no_warnings)
{
    for (size_t i = 0; i < plan.warning_count; i++)
        printf("# %s %s %g\n", plan.warnings[i].id, plan.warnings[i].zone, plan.warnings[i].value);
    ck_assert_uint_eq(plan.warning_count, 0);
}
END_TEST

START_TEST(full_regularity_is_told_as_a_grid)
{
    SKIP_UNDER_SANITIZERS();
    struct smp_case even = from;
    even.regularity = 1;
    struct smp_plan grid;
    ck_assert_int_eq(smp_plan_make(&grid, &even, &head, NULL, NULL, &shared, NULL), SMP_OK);
    ck_assert_msg(grid.evenness.cv < 0.08, "%g", grid.evenness.cv);
    bool told = false;
    for (size_t i = 0; i < grid.warning_count; i++)
        told = told || strcmp(grid.warnings[i].id, "grid") == 0;
    ck_assert(told);
}
END_TEST

START_TEST(a_gap_that_cannot_be_had_is_refused_with_the_largest_that_can)
{
    struct smp_case wide = from;
    wide.min_gap_mm = 2.5;
    struct smp_err err = { 0 };
    struct smp_plan none = { .dot_count = 77 };
    ck_assert_int_eq(smp_plan_make(&none, &wide, &head, NULL, NULL, &shared, &err), SMP_E_INPUT);
    ck_msg_has(err, "demo.json: design.min_gap_mm: 2.5 mm cannot be had at ");
    ck_msg_has(err, "the largest gap that can is ");
    ck_assert_uint_eq(none.dot_count, 77);
}
END_TEST

START_TEST(a_full_head_of_hair_has_nothing_to_plan)
{
    struct smp_case full = from;
    full.loss.kind = SMP_LOSS_NONE;
    full.design.dots_per_cm2 = 60;
    struct smp_err err = { 0 };
    struct smp_plan none = { .dot_count = 77 };
    ck_assert_int_eq(smp_plan_make(&none, &full, &head, NULL, NULL, &shared, &err), SMP_E_INPUT);
    ck_msg_eq(err, "demo.json: there is nothing to plan: behind the hairline no hair is missing "
                   "(loss is none)");
    ck_assert_uint_eq(none.dot_count, 77);
}
END_TEST

START_TEST(a_little_loss_gets_the_few_dots_that_its_density_asks_for)
{
    struct smp_case little = from;
    little.loss.kind = SMP_LOSS_II;
    struct smp_plan small = { 0 };
    ck_assert_int_eq(smp_plan_make(&small, &little, &head, NULL, NULL, &shared, NULL), SMP_OK);
    double asked = 0;
    for (size_t t = 0; t < head.mesh.triangle_count; t++) {
        const uint32_t *c = head.mesh.triangles[t];
        const double *d = small.design->density_per_cm2;
        asked +=
            smp_length(smp_mesh_area_vector(&head.mesh, t)) * (d[c[0]] + d[c[1]] + d[c[2]]) / 300;
    }
    ck_assert_uint_gt(small.dot_count, 0);
    ck_assert_msg(fabs((double)small.dot_count - asked) < 0.25 * asked + 5,
                  "%zu dots, %.1f asked for", small.dot_count, asked);
}
END_TEST

START_TEST(no_dot_is_lost_where_all_hair_is)
{
    SKIP_UNDER_SANITIZERS();
    struct smp_case bare = from;
    bare.loss.kind = SMP_LOSS_TOTALIS;
    bare.regularity = 1;
    bare.min_gap_mm = 0.6;
    struct smp_plan all = { 0 };
    struct smp_err err = { 0 };
    ck_assert_msg(smp_plan_make(&all, &bare, &head, NULL, NULL, &shared, &err) == SMP_OK, "%s",
                  err.msg);
    ck_assert_uint_gt(all.dot_count, 30000);
    ck_assert_uint_eq(all.dropped, 0);
    ck_assert_double_ge(all.min_gap_mm, 0.6);
}
END_TEST

// Dots a cm² of the ring between two distances from a point, on a scalp that is nearly flat there.
static double ring_per_cm2(const struct smp_plan *of, struct smp_vec3 middle, double from_mm,
                           double to_mm)
{
    size_t count = 0;
    for (size_t i = 0; i < of->dot_count; i++) {
        const double mm = smp_length(smp_sub(of->dots[i].position_mm, middle));
        count += mm > from_mm && mm <= to_mm;
    }
    return (double)count / (SMP_PI * (to_mm * to_mm - from_mm * from_mm) / 100);
}

START_TEST(a_keep_out_ends_where_it_was_drawn)
{
    enum { moles = 9 };
    struct smp_area mole[moles];
    struct smp_rays *rays = NULL;
    ck_assert_int_eq(smp_rays_make(&rays, &head.mesh, NULL), SMP_OK);
    for (int i = 0; i < moles; i++) {
        const struct smp_vec2 at = { 0.25 * (i % 3 - 1), 0.25 * (double)(i / 3) - 0.1 };
        mole[i] = (struct smp_area){
            .kind = SMP_AREA_KEEP_OUT, .radius_mm = 6, .margin_mm = 2, .what = "mole"
        };
        ck_assert(smp_chart_point(&head, rays, at, &mole[i].centre_mm, NULL));
    }
    smp_rays_drop(rays);
    struct smp_case with = from;
    with.design.areas = mole;
    with.design.area_count = moles;
    struct smp_plan kept;
    ck_assert_int_eq(smp_plan_make(&kept, &with, &head, NULL, NULL, &shared, NULL), SMP_OK);
    double rim = 0, around = 0, before = 0, mean_nearest = 0;
    for (int i = 0; i < moles; i++) {
        double nearest = HUGE_VAL;
        for (size_t k = 0; k < kept.dot_count; k++)
            nearest =
                fmin(nearest, smp_length(smp_sub(kept.dots[k].position_mm, mole[i].centre_mm)));
        ck_assert_msg(nearest > 8 && nearest <= 8.6, "mole %d: nearest dot %.3f mm", i, nearest);
        mean_nearest += nearest / moles;
        rim += ring_per_cm2(&kept, mole[i].centre_mm, 8, 9) / moles;
        around += ring_per_cm2(&kept, mole[i].centre_mm, 9, 14) / moles;
        before += ring_per_cm2(&plan, mole[i].centre_mm, 0, 8) / moles;
    }
    ck_assert_double_lt(mean_nearest, 8.2);
    // Full up to the edge: no bare ring, no crowd on it.
    ck_assert_double_gt(before, 20);
    ck_assert_msg(fabs(rim / around - 1) < 0.15, "%.1f dots/cm2 at the edge, %.1f around", rim,
                  around);
    for (size_t i = 0; i < kept.dot_count; i++)
        ck_assert_uint_eq(kept.dots[i].id, i + 1);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        dots_have_ids_from_one_and_all_that_a_dot_needs,
        diameters_change_without_a_step,
        sessions_hold_30_40_and_30_percent,
        order_counts_every_dot_of_a_session_once_zone_by_zone,
        the_hand_moves_far_less_than_in_random_order,
        a_path_is_shortened_to_near_the_best_known,
        zones_and_sessions_add_up,
        density_is_met_in_every_zone,
        nowhere_is_a_hole_or_a_clot,
        minutes_are_dots_by_the_minute_and_breaks,
        the_price_is_a_range_from_the_list,
        dots_keep_two_diameters_from_each_other_and_from_hairs,
        the_pattern_is_that_of_a_scalp,
        hairs_follow_what_the_loss_left,
        the_demo_has_no_warnings,
        full_regularity_is_told_as_a_grid,
        a_gap_that_cannot_be_had_is_refused_with_the_largest_that_can,
        a_full_head_of_hair_has_nothing_to_plan,
        a_little_loss_gets_the_few_dots_that_its_density_asks_for,
        no_dot_is_lost_where_all_hair_is,
        a_keep_out_ends_where_it_was_drawn,
    };
    make_shared();
    const int status = smp_test_main("plan", tests, sizeof tests / sizeof *tests);
    smp_arena_drop(&shared);
    return status;
}
