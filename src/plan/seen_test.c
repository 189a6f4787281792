// What photos showed of the dots goes with a plan that goes on.
#include "plan/continue_scene_test.h"

// What the photos show is kept: how dark each dot is among the others, and at what age.
START_TEST(what_was_seen_of_a_dot_is_kept_until_a_photo_shows_it_again)
{
    struct wish wish = usual;
    struct smp_measured m = measure(&plan, &wish);
    m.years = 0.2;
    for (size_t i = 0; i < m.real_count; i++)
        m.real[i].contrast = i % 2 ? 0.4 : 0.5;
    const struct smp_plan next = go_on(&m, 1, 0, NULL);
    ck_assert_double_eq_tol(next.continued.years, 0.2, 1e-12);
    ck_assert_uint_eq(next.continued.seen_count, m.real_count);
    size_t uneven = 0;
    for (size_t i = 0; i < m.real_count; i++) {
        if (!m.real[i].id)
            continue;
        const double strength = smp_seen_of(&next.continued, m.real[i].id);
        ck_assert(strength > 0);
        uneven += fabs(strength - 1) > 0.05;
    }
    ck_assert_uint_gt(uneven, m.real_count / 3);
    ck_assert_uint_lt(uneven, m.real_count * 2 / 3);
    ck_assert(smp_seen_of(&next.continued, 999999) <= 0);
    // no recipe, no forecast; but what was measured is told
    ck_assert_uint_eq(next.continued.follow.photo_count, 1);
    ck_assert_str_eq(next.continued.follow.not_used, "the plan has no recipe, and so no forecast");
    // the second photos show half of the head: the rest keeps what the first showed
    wish.session = 2;
    wish.half = true;
    m = measure(&next, &wish);
    struct smp_plan last;
    struct smp_err err = { 0 };
    ck_assert_msg(!smp_plan_go_on(&last, &next, &ground, &m, 1, 0, NULL, &shared, &err), "%s",
                  err.msg);
    size_t kept = 0;
    for (size_t i = 0; i < next.continued.seen_count; i++) {
        const struct smp_seen_dot *seen = &next.continued.seen[i];
        const size_t dot = smp_dot_of_id(next.dots, next.dot_count, seen->id);
        if (next.dots[dot].position_mm.x >= 0)
            continue;
        ck_assert(smp_seen_of(&last.continued, seen->id) == seen->strength);
        kept++;
    }
    ck_assert_uint_gt(kept, 100);
}
END_TEST

// Two files of different ages: a dot's width is taken back to that when healed by its own file.
START_TEST(widths_are_taken_back_to_those_when_healed_by_the_age_of_their_own_photo)
{
    const struct wish left = { .session = 1, .half = true };
    struct smp_measured m[2] = { measure(&plan, &left), measure(&plan, &left) };
    m[0].real_count = m[0].real_count / 2;
    m[1].widening = 1.2;
    m[1].years = 3;
    m[1].real += m[0].real_count;
    m[1].real_count -= m[0].real_count;
    for (size_t i = 0; i < m[1].real_count; i++)
        m[1].real[i].diameter_mm *= 1.2 / 1.1;
    m[1].dots = m[0].dots + m[0].real_count; // all were done: one for one
    m[1].dot_count = m[0].dot_count - m[0].real_count;
    m[0].dot_count = m[0].real_count;
    const struct smp_plan next = go_on(m, 2, 0, NULL);
    ck_assert_double_eq_tol(next.continued.years, 3, 1e-12);
    for (int k = 0; k < 2; k++)
        for (size_t i = 0; i < m[k].real_count; i++) {
            const uint32_t id = m[k].real[i].id;
            const struct smp_dot *was = &plan.dots[smp_dot_of_id(plan.dots, plan.dot_count, id)];
            const struct smp_dot *is = &next.dots[smp_dot_of_id(next.dots, next.dot_count, id)];
            ck_assert_double_eq_tol(is->diameter_um, was->diameter_um, 1);
        }
}
END_TEST

static void spoilt(struct smp_plan *of, const char *text, const char *sentence)
{
    struct smp_err err = { 0 };
    const struct smp_bytes bytes = { (const uint8_t *)text, strlen(text) };
    ck_assert(smp_seen_read(of, "seen.csv", bytes, &shared, &err) == SMP_E_FORMAT);
    ck_assert_msg(strstr(err.msg, sentence) != NULL, "\"%s\" lacks \"%s\"", err.msg, sentence);
}

START_TEST(a_folder_of_an_older_program_loads_and_one_that_was_tampered_with_is_refused)
{
    struct smp_err err = { 0 };
    char where[300], command[1200];
    snprintf(where, sizeof where, "%s-old", folder);
    mkdir(where, 0777);
    const struct smp_measured m = measure(&plan, &usual);
    struct smp_plan next = go_on(&m, 1, 0, NULL);
    ck_assert(!smp_plan_save(&next, where, &shared, &err));
    spoilt(&next, "id\n", "seen.csv");
    spoilt(&next, "id,strength\n999999,1\n",
           "line 2: id must be of a dot of dots.csv that is done, not 999999");
    uint32_t later = 0;
    for (size_t i = 0; i < next.dot_count; i++)
        later = next.dots[i].session > 1 ? next.dots[i].id : later;
    char text[200], id[80];
    snprintf(text, sizeof text, "id,strength\n%u,1\n", later);
    snprintf(id, sizeof id, "that is done, not %u", later);
    spoilt(&next, text, id);
    snprintf(text, sizeof text, "id,strength\n%u,1\n%u,1\n", next.continued.seen[0].id,
             next.continued.seen[0].id);
    spoilt(&next, text, "line 3: id must be above the id before it, not ");
    snprintf(text, sizeof text, "id,strength\n%u,11\n", next.continued.seen[0].id);
    spoilt(&next, text, "line 2: strength must be a number from 0.1 to 10, not 11");
    // an older program's folder has neither the file nor the fields
    snprintf(command, sizeof command,
             "rm %s/seen.csv && python3 -c 'import json; p = \"%s/plan.json\"; j = "
             "json.load(open(p)); c = j[\"continued\"]; del c[\"years\"], c[\"forecast\"]; "
             "json.dump(j, open(p, \"w\"))'",
             where, where);
    ck_assert_int_eq(system(command), 0);
    struct smp_plan read;
    ck_assert_msg(!smp_plan_load(&read, where, NULL, NULL, &shared, &err), "%s", err.msg);
    ck_assert_uint_eq(read.continued.seen_count, 0);
    ck_assert_uint_eq(read.continued.follow.photo_count, 0);
    ck_assert_double_eq_tol(read.continued.years, SMP_HEALED_YEARS, 1e-12);
}
END_TEST

int main(void)
{
    make_shared();
    const TTest *const tests[] = {
        what_was_seen_of_a_dot_is_kept_until_a_photo_shows_it_again,
        widths_are_taken_back_to_those_when_healed_by_the_age_of_their_own_photo,
        a_folder_of_an_older_program_loads_and_one_that_was_tampered_with_is_refused,
    };
    const int status = smp_test_main("seen", tests, sizeof tests / sizeof *tests);
    smp_arena_drop(&shared);
    return status;
}
