// A plan goes on where an earlier one was done: real dots stay, the rest keeps its distance,
// nothing is lost or counted twice.
#include "plan/continue_scene_test.h"

// ---- What must hold of every continued plan -----------------------------------------------------

static size_t came(const struct smp_plan *p, enum smp_came what)
{
    return p->continued.came[SMP_ZONE_NONE][what];
}

static void nothing_is_lost(const struct smp_plan *old, const struct smp_plan *next,
                            const struct smp_measured *m)
{
    size_t done = 0, extra = 0;
    for (size_t i = 0; i < m->real_count; i++) {
        done += m->real[i].id != 0;
        extra += m->real[i].id == 0;
    }
    size_t all = 0;
    for (int k = 0; k < SMP_CAME_COUNT; k++) {
        size_t zones = 0;
        for (int zone = 1; zone < SMP_ZONE_COUNT; zone++)
            zones += next->continued.came[zone][k];
        ck_assert_uint_eq(zones, came(next, (enum smp_came)k));
        all += zones;
    }
    ck_assert_uint_eq(came(next, SMP_CAME_DONE), done);
    ck_assert_uint_eq(came(next, SMP_CAME_EXTRA), extra);
    ck_assert_uint_eq(all - extra, old->dot_count);
    ck_assert_uint_eq(next->dot_count, all - came(next, SMP_CAME_LEFT_OUT));
    for (size_t i = 1; i < next->dot_count; i++)
        ck_assert_uint_lt(next->dots[i - 1].id, next->dots[i].id);
}

static void real_dots_stand_where_they_are(const struct smp_plan *next,
                                           const struct smp_measured *m)
{
    for (size_t i = 0; i < m->real_count; i++) {
        if (!m->real[i].id)
            continue;
        const size_t at = smp_dot_of_id(next->dots, next->dot_count, m->real[i].id);
        ck_assert_uint_ne(at, SIZE_MAX);
        const struct smp_dot *d = &next->dots[at];
        ck_assert_double_lt(smp_length(smp_sub(d->position_mm, m->real[i].position_mm)), 1e-9);
        ck_assert_double_eq_tol(d->diameter_um, 1000 * m->real[i].diameter_mm / m->widening, 0.51);
        ck_assert_int_le(d->session, next->continued.sessions_done);
    }
}

// An independent look at all pairs of which one is still to be set.
static void distances_hold(const struct smp_plan *next, double gap_mm)
{
    const int done = next->continued.sessions_done;
    for (size_t i = 0; i < next->dot_count; i++) {
        const struct smp_dot *a = &next->dots[i];
        bool spot = false;
        for (size_t k = 0; k < next->continued.spot_count && !spot; k++)
            spot = next->continued.spots[k].id == a->id;
        for (size_t k = 0; k < next->dot_count; k++) {
            const struct smp_dot *b = &next->dots[k];
            if (k == i || b->session <= done)
                continue;
            const double apart = smp_length(smp_sub(a->position_mm, b->position_mm));
            const double least =
                spot ? fmax(gap_mm, (a->diameter_um + b->diameter_um) / 1000) : gap_mm;
            if (apart < least - 3e-5)
                ck_abort_msg("dots %u and %u are %.4f mm apart, not %.4f", a->id, b->id, apart,
                             least);
        }
    }
}

static double planned_gap_mm(void)
{
    const struct smp_mesh *mesh = &plan.head->mesh;
    return smp_plan_gap_mm(plan.from, smp_plan_wanted(plan.design, mesh, &shared),
                           mesh->point_count);
}

START_TEST(real_dots_are_fixed_and_what_is_to_come_keeps_its_distance_from_them)
{
    static const double scatters_mm[] = { 0.05, 0.2 };
    for (size_t i = 0; i < 2; i++) {
        struct wish wish = usual;
        wish.scatter_mm = scatters_mm[i];
        wish.seed = i;
        const struct smp_measured m = measure(&plan, &wish);
        const struct smp_plan next = go_on(&m, 1, 0, NULL);
        nothing_is_lost(&plan, &next, &m);
        real_dots_stand_where_they_are(&next, &m);
        distances_hold(&next, planned_gap_mm());
        printf("# hand %.2f mm: %zu dots; %zu done, %zu not planned; %zu kept, %zu again, %zu "
               "moved, %zu replaced, %zu left out, %zu spots\n",
               wish.scatter_mm, plan.dot_count, came(&next, SMP_CAME_DONE),
               came(&next, SMP_CAME_EXTRA), came(&next, SMP_CAME_KEPT), came(&next, SMP_CAME_AGAIN),
               came(&next, SMP_CAME_MOVED), came(&next, SMP_CAME_REPLACED),
               came(&next, SMP_CAME_LEFT_OUT), next.continued.spot_count);
        // as many dots as were planned: each that nobody planned stands for one that was
        ck_assert_double_le(fabs((double)next.dot_count - (double)plan.dot_count),
                            0.004 * (double)plan.dot_count);
        ck_assert_uint_le(came(&next, SMP_CAME_LEFT_OUT),
                          came(&next, SMP_CAME_EXTRA) + next.continued.spot_count / 4 + 3);
        ck_assert_uint_gt(came(&next, SMP_CAME_KEPT), plan.dot_count / 2);
        ck_assert_uint_gt(next.continued.spot_count, 5);
    }
}
END_TEST

START_TEST(dots_that_stay_keep_id_place_width_and_bottle)
{
    const struct smp_measured m = measure(&plan, &usual);
    const struct smp_plan next = go_on(&m, 1, 0, NULL);
    size_t same = 0, beside_it = 0;
    for (size_t i = 0; i < plan.dot_count; i++) {
        const struct smp_dot *a = &plan.dots[i];
        const size_t at = smp_dot_of_id(next.dots, next.dot_count, a->id);
        if (at == SIZE_MAX || next.dots[at].session <= 1)
            continue;
        const struct smp_dot *b = &next.dots[at];
        const double moved = smp_length(smp_sub(a->position_mm, b->position_mm));
        ck_assert_double_lt(moved, 1.2);
        ck_assert(a->diameter_um == b->diameter_um && a->pigment == b->pigment);
        ck_assert_int_eq(b->session, a->session > 1 ? a->session : 2);
        same += moved <= 0;
        beside_it += moved > 0;
    }
    ck_assert_uint_eq(same, came(&next, SMP_CAME_KEPT) + came(&next, SMP_CAME_AGAIN));
    ck_assert_uint_eq(beside_it, came(&next, SMP_CAME_MOVED));
    const uint32_t last = plan.dots[plan.dot_count - 1].id;
    size_t fresh = 0;
    for (size_t i = 0; i < next.dot_count; i++)
        fresh += next.dots[i].id > last;
    ck_assert_uint_eq(fresh, came(&next, SMP_CAME_EXTRA) + came(&next, SMP_CAME_REPLACED));
}
END_TEST

START_TEST(what_no_photo_shows_is_taken_as_done_and_told)
{
    struct wish wish = usual;
    wish.half = true;
    const struct smp_measured m = measure(&plan, &wish);
    const struct smp_plan next = go_on(&m, 1, 0, NULL);
    size_t left = 0, warned = 0;
    for (size_t i = 0; i < plan.dot_count; i++)
        left += plan.dots[i].session == 1 && plan.dots[i].position_mm.x < 0;
    ck_assert_uint_eq(came(&next, SMP_CAME_ASSUMED), left);
    for (size_t i = 0; i < next.warning_count; i++)
        warned += strcmp(next.warnings[i].id, "taken-as-done") == 0;
    ck_assert_uint_eq(warned, 1);
    // the other half, from a second file
    wish.half = false;
    const struct smp_measured all = measure(&plan, &wish);
    struct smp_measured both[2] = { m, all };
    const struct smp_plan whole = go_on(both, 2, 0, NULL);
    ck_assert_uint_eq(came(&whole, SMP_CAME_ASSUMED), 0);
}
END_TEST

START_TEST(a_patch_that_was_forgotten_is_set_again)
{
    const struct wish wish = { .session = 1, .scatter_mm = 0.05 };
    struct smp_measured m = measure(&plan, &wish);
    const struct smp_vec3 middle = plan.dots[plan.dot_count / 2].position_mm;
    size_t kept = 0, patch = 0;
    for (size_t i = 0; i < m.dot_count; i++) {
        const struct smp_dot *d =
            &plan.dots[smp_dot_of_id(plan.dots, plan.dot_count, m.dots[i].id)];
        if (smp_length(smp_sub(d->position_mm, middle)) < 12) {
            m.dots[i].kind = SMP_HELD_NOT_DONE;
            patch++;
        } else
            m.real[kept++] = m.real[i];
    }
    m.real_count = kept;
    const struct smp_plan next = go_on(&m, 1, 0, NULL);
    ck_assert_uint_gt(patch, 20);
    ck_assert_uint_eq(came(&next, SMP_CAME_AGAIN) + came(&next, SMP_CAME_REPLACED) +
                          came(&next, SMP_CAME_LEFT_OUT),
                      patch + came(&next, SMP_CAME_REPLACED));
    ck_assert_uint_ge(came(&next, SMP_CAME_AGAIN), patch * 9 / 10);
    ck_assert_uint_eq(next.dot_count, plan.dot_count);
}
END_TEST

START_TEST(where_nothing_fits_beside_a_blown_out_patch_dots_are_set_elsewhere_under_new_ids)
{
    const struct wish wish = { .session = 1, .scatter_mm = 0.05 };
    struct smp_measured m = measure(&plan, &wish);
    const struct smp_vec3 middle = plan.dots[plan.dot_count / 2].position_mm;
    for (size_t i = 0; i < m.real_count; i++)
        if (smp_length(smp_sub(m.real[i].position_mm, middle)) < 9) {
            m.real[i].diameter_mm = 1.3;
            m.real[i].too_big = true;
        }
    const struct smp_plan next = go_on(&m, 1, 0, NULL);
    printf("# blown out: %zu spots; %zu moved, %zu replaced, %zu left out\n",
           next.continued.spot_count, came(&next, SMP_CAME_MOVED), came(&next, SMP_CAME_REPLACED),
           came(&next, SMP_CAME_LEFT_OUT));
    nothing_is_lost(&plan, &next, &m);
    distances_hold(&next, planned_gap_mm());
    ck_assert_uint_gt(next.continued.spot_count, 10);
    ck_assert_uint_gt(came(&next, SMP_CAME_REPLACED), 3);
    bool warned = false;
    for (size_t i = 0; i < next.warning_count; i++)
        warned = warned || strcmp(next.warnings[i].id, "spots-too-big") == 0;
    ck_assert(warned);
}
END_TEST

START_TEST(a_continued_plan_is_a_plan_it_loads_saves_the_same_and_goes_on)
{
    struct smp_err err = { 0 };
    char next_folder[300], again[300], last_folder[300];
    snprintf(next_folder, sizeof next_folder, "%s-next", folder);
    snprintf(again, sizeof again, "%s-again", folder);
    snprintf(last_folder, sizeof last_folder, "%s-last", folder);
    mkdir(next_folder, 0777);
    mkdir(again, 0777);
    mkdir(last_folder, 0777);
    const struct smp_measured m = measure(&plan, &usual);
    struct smp_pool *pool = smp_pool_make(3);
    const struct smp_plan next = go_on(&m, 1, 0, NULL), threads = go_on(&m, 1, 0, pool);
    smp_pool_drop(pool);
    ck_assert_uint_eq(smp_plan_key(&next), smp_plan_key(&threads));
    ck_assert(!smp_plan_save(&next, next_folder, &shared, &err));
    struct smp_plan read;
    ck_assert_msg(!smp_plan_load(&read, next_folder, NULL, NULL, &shared, &err), "%s", err.msg);
    ck_assert_uint_eq(smp_plan_key(&read), smp_plan_key(&next));
    ck_assert_mem_eq(read.continued.came, next.continued.came, sizeof read.continued.came);
    ck_assert_uint_eq(read.continued.spot_count, next.continued.spot_count);
    ck_assert_int_eq(read.sessions, 3);
    ck_assert(!smp_plan_save(&read, again, &shared, &err));
    char command[2000];
    snprintf(command, sizeof command,
             "cmp %s/plan.json %s/plan.json && cmp %s/dots.csv %s/dots.csv && cmp %s/seen.csv "
             "%s/seen.csv",
             next_folder, again, next_folder, again, next_folder, again);
    ck_assert_int_eq(system(command), 0);
    // all sessions done: one more for what is missing
    struct wish wish = usual;
    wish.session = 3;
    wish.seed = 5;
    wish.merged = wish.extra = 0;
    const struct smp_measured m3 = measure(&read, &wish);
    struct smp_plan last;
    ck_assert_msg(!smp_plan_continue(&last, next_folder, &m3, 1, 0, NULL, NULL, &shared, &err),
                  "%s", err.msg);
    ck_assert_int_eq(last.sessions, 4);
    ck_assert_int_eq(last.continued.sessions_done, 3);
    ck_assert_uint_gt(last.session[3].dots, read.dot_count / 20);
    nothing_is_lost(&read, &last, &m3);
    distances_hold(&last, planned_gap_mm());
    for (size_t i = 0; i < last.dot_count; i++) // no id is given twice over the plan's life
        if (last.dots[i].id >= read.continued.next_id)
            ck_assert_int_eq(last.dots[i].session, 4);
    ck_assert(!smp_plan_save(&last, last_folder, &shared, &err));
    ck_assert_msg(!smp_plan_load(&read, last_folder, NULL, NULL, &shared, &err), "%s", err.msg);
    ck_assert_int_eq(read.sessions, 4);
}
END_TEST

// ---- Refusals -----------------------------------------------------------------------------------

static void refused(const struct smp_measured *m, size_t count, int session, const char *sentence)
{
    struct smp_plan next;
    struct smp_err err = { 0 };
    ck_assert_int_eq(smp_plan_go_on(&next, &plan, &ground, m, count, session, NULL, &shared, &err),
                     SMP_E_INPUT);
    ck_assert_msg(strstr(err.msg, sentence) != NULL, "\"%s\" lacks \"%s\"", err.msg, sentence);
}

START_TEST(files_that_do_not_belong_and_sessions_that_make_no_sense_are_refused)
{
    const struct wish wish = { .session = 1 };
    const struct smp_measured good = measure(&plan, &wish);
    struct smp_measured m[2] = { good, good };
    m[0].plan_key++;
    refused(m, 1, 0, "m.json is of another plan (its plan_key is");
    m[0] = good;
    m[1].session = 2;
    refused(m, 2, 0,
            "m.json was held against session 1 and m.json against session 2: say by "
            "--session which was the last that was done");
    refused(m, 1, 2,
            "--session must be 1 to 1, up to which m.json was held against the plan, not "
            "2");
    m[0].session = 4;
    refused(m, 1, 0, "--session must be 1 to 3 for this plan, not 4");
    m[0] = good;
    m[0].dots[3].id += 1000000;
    refused(m, 1, 0, "m.json: dots[3].id is 100");
    m[0].dots[3].id -= 1000000;
    m[0].real[2].id += 1000000;
    refused(m, 1, 0, "m.json: measured[2].id is 100");
    m[0].real[2].id -= 1000000;
    m[0].real[5].position_mm.z += 4;
    refused(m, 1, 0, "m.json: measured[5] lies more than 2 mm off the head of the plan");
    m[0].real[5].position_mm.z -= 4;
    m[0].session = 3; // held against all sessions, only the first of which was done
    m[0].dots = smp_new(&shared, struct smp_dot_seen, plan.dot_count);
    m[0].dot_count = plan.dot_count;
    ck_assert_ptr_nonnull(m[0].dots);
    for (size_t i = 0; i < plan.dot_count; i++)
        m[0].dots[i] = (struct smp_dot_seen){
            plan.dots[i].id, plan.dots[i].session > 1 ? SMP_HELD_NOT_DONE : SMP_HELD_DONE, 18
        };
    refused(m, 1, 0, "of session 2 in the photos 0 were done: it was not held yet");
    const struct smp_plan next = go_on(m, 1, 1, NULL); // it says so
    ck_assert_int_eq(next.continued.sessions_done, 1);
    const struct wish whole = { .session = 3 };
    m[0] = measure(&plan, &whole);
    refused(m, 1, 0, "nothing is left to do: all");
}
END_TEST

int main(void)
{
    make_shared();
    const TTest *const tests[] = {
        real_dots_are_fixed_and_what_is_to_come_keeps_its_distance_from_them,
        dots_that_stay_keep_id_place_width_and_bottle,
        what_no_photo_shows_is_taken_as_done_and_told,
        a_patch_that_was_forgotten_is_set_again,
        where_nothing_fits_beside_a_blown_out_patch_dots_are_set_elsewhere_under_new_ids,
        a_continued_plan_is_a_plan_it_loads_saves_the_same_and_goes_on,
        files_that_do_not_belong_and_sessions_that_make_no_sense_are_refused,
    };
    const int status = smp_test_main("continue", tests, sizeof tests / sizeof *tests);
    smp_arena_drop(&shared);
    return status;
}
