// What two views of one plan show, put together.
#include "plan/plan_impl.h"

#include "harness.h"

#include <math.h>

enum { DOTS = 40 };
static struct smp_arena arena;
static struct smp_dot dots[DOTS];

static void begin(void)
{
    smp_arena_make(&arena, 0);
    for (uint32_t i = 0; i < DOTS; i++) // a row, a millimetre apart; ids with gaps
        dots[i] = (struct smp_dot){ .id = 3 * i + 1, .position_mm = smp_vec3(i, 0, 100) };
}

static struct smp_survey view_of(double seen_px_per_mm, size_t from, size_t to, double off_mm)
{
    struct smp_survey v;
    ck_assert(!smp_survey_make(&v, dots, DOTS, &arena, NULL));
    v.real = smp_new(&arena, struct smp_real_dot, DOTS + 4);
    ck_assert_ptr_nonnull(v.real);
    for (size_t i = from; i < to; i++) {
        v.states[i] = (struct smp_dot_state){ SMP_HELD_DONE, NULL, off_mm, seen_px_per_mm };
        v.real[v.real_count++] =
            (struct smp_real_dot){ .position_mm = smp_vec3((double)i + off_mm, 0, 100),
                                   .id = dots[i].id,
                                   .diameter_mm = seen_px_per_mm,
                                   .seen_px_per_mm = seen_px_per_mm };
    }
    return v;
}

static void put_extra(struct smp_survey *v, double x_mm, double seen_px_per_mm)
{
    v->real[v->real_count++] = (struct smp_real_dot){ .position_mm = smp_vec3(x_mm, 0.5, 100),
                                                      .seen_px_per_mm = seen_px_per_mm };
}

static struct smp_survey both(const struct smp_survey *a, const struct smp_survey *b)
{
    struct smp_survey all;
    ck_assert(!smp_survey_make(&all, dots, DOTS, &arena, NULL));
    ck_assert(!smp_survey_add(&all, a, &arena, NULL));
    ck_assert(!smp_survey_add(&all, b, &arena, NULL));
    return all;
}

START_TEST(one_place_is_counted_once_and_the_better_view_wins)
{
    begin();
    struct smp_survey a = view_of(10, 0, 25, 0.1), b = view_of(16, 15, DOTS, -0.1);
    put_extra(&a, 18.5, 10);
    put_extra(&b, 18.7, 16); // the same, measured a little off
    put_extra(&b, 30.5, 16);
    for (int turned = 0; turned < 2; turned++) {
        const struct smp_survey all = turned ? both(&b, &a) : both(&a, &b);
        size_t extra = 0;
        ck_assert_uint_eq(all.real_count, DOTS + 2);
        for (size_t i = 0; i < all.real_count; i++) {
            const struct smp_real_dot *r = &all.real[i];
            extra += r->id == 0;
            ck_assert_double_eq(r->seen_px_per_mm, r->position_mm.x < 14.5 ? 10 : 16);
        }
        ck_assert_uint_eq(extra, 2);
        for (size_t i = 0; i < DOTS; i++)
            ck_assert_int_eq(all.states[i].kind, SMP_HELD_DONE);
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_better_view_that_sees_nothing_takes_the_dot_away_and_doubt_never_wins)
{
    begin();
    struct smp_survey a = view_of(10, 0, DOTS, 0), b = view_of(16, 0, DOTS, 0);
    b.states[7].kind = SMP_HELD_NOT_DONE; // and no dot there
    b.real[7] = b.real[--b.real_count];
    b.states[9].kind = SMP_HELD_DOUBTFUL;
    b.real[9].id = 0; // the better view has it as one that nobody planned
    const struct smp_survey all = both(&a, &b);
    ck_assert_int_eq(all.states[7].kind, SMP_HELD_NOT_DONE);
    ck_assert_int_eq(all.states[9].kind, SMP_HELD_DOUBTFUL);
    ck_assert_str_eq(all.states[9].why, "the photos do not agree");
    ck_assert_uint_eq(all.real_count, DOTS - 1);
    for (size_t i = 0; i < all.real_count; i++)
        ck_assert_uint_ne(all.real[i].id, dots[7].id);
    const struct smp_survey other = both(&b, &a); // the worse view does not bring it back
    ck_assert_int_eq(other.states[7].kind, SMP_HELD_NOT_DONE);
    ck_assert_uint_eq(other.real_count, DOTS - 1);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_dot_is_done_where_and_only_where_a_real_one_bears_its_id)
{
    begin();
    struct smp_rng rng = smp_rng_make(5, 5);
    for (int round = 0; round < 200; round++) {
        struct smp_survey views[3], all;
        ck_assert(!smp_survey_make(&all, dots, DOTS, &arena, NULL));
        for (int k = 0; k < 3; k++) {
            struct smp_survey *v = &views[k];
            *v = view_of(5 + 10 * smp_rng_unit(&rng), 0, DOTS, 0.3 * (smp_rng_unit(&rng) - 0.5));
            size_t kept = 0;
            for (size_t i = 0; i < DOTS; i++) { // each photo sees its own part of it
                const enum smp_held_kind kind = (enum smp_held_kind)(4 * smp_rng_unit(&rng));
                v->states[i].kind = kind;
                if (kind == SMP_HELD_DONE)
                    v->real[kept++] = v->real[i];
            }
            v->real_count = kept;
            put_extra(v, 40 * smp_rng_unit(&rng), 8);
            ck_assert(!smp_survey_add(&all, v, &arena, NULL));
        }
        size_t borne[DOTS] = { 0 };
        for (size_t i = 0; i < all.real_count; i++)
            if (all.real[i].id)
                borne[smp_dot_of_id(dots, DOTS, all.real[i].id)]++;
        for (size_t i = 0; i < DOTS; i++)
            ck_assert_msg(borne[i] == (all.states[i].kind == SMP_HELD_DONE), "round %d, dot %zu",
                          round, i);
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_plan_is_told_from_others_by_ids_places_and_sessions)
{
    begin();
    struct smp_plan plan = { .dots = dots, .dot_count = DOTS };
    const uint64_t key = smp_plan_key(&plan);
    ck_assert_uint_eq(smp_plan_key(&plan), key);
    dots[3].position_mm.y += 2e-5;
    ck_assert_uint_ne(smp_plan_key(&plan), key);
    dots[3].position_mm.y = 0;
    dots[3].session++;
    ck_assert_uint_ne(smp_plan_key(&plan), key);
    dots[3].session--;
    plan.dot_count--;
    ck_assert_uint_ne(smp_plan_key(&plan), key);
    ck_assert_uint_eq(smp_dot_of_id(dots, DOTS, 7), 2);
    ck_assert_uint_eq(smp_dot_of_id(dots, DOTS, 8), SIZE_MAX);
    ck_assert_uint_eq(smp_dot_of_id(dots, DOTS, 4000), SIZE_MAX);
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("survey", one_place_is_counted_once_and_the_better_view_wins,
              a_better_view_that_sees_nothing_takes_the_dot_away_and_doubt_never_wins,
              a_dot_is_done_where_and_only_where_a_real_one_bears_its_id,
              a_plan_is_told_from_others_by_ids_places_and_sessions)
