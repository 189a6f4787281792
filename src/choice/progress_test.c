// Loss and grey over the years against figures that their fits never read; the donor.
#include "choice/choice_impl.h"
#include "harness.h"

#include <math.h>

static struct smp_arena arena;
static struct smp_evidence evidence;

static void load(void)
{
    struct smp_err err = { 0 };
    smp_arena_make(&arena, 0);
    ck_assert_msg(!smp_evidence_load(&evidence, NULL, &arena, &err), "%s", err.msg);
}

static const struct smp_figure *figure(const char *id)
{
    const struct smp_figure *found = smp_figure_find(&evidence, SMP_TOPIC_LOSS, id);
    ck_assert_msg(found != NULL, "%s", id);
    return found;
}

// Steps are classes of Norwood less one: II is 1, VI is 5.
START_TEST(how_many_men_are_bald_at_an_age)
{
    struct smp_progress_fit fit;
    struct smp_err err = { 0 };
    load();
    ck_assert_msg(!smp_progress_fit(&fit, &evidence, false, &err), "%s", err.msg);
    printf("# men: median speed %.3f classes a year, sigma %.2f; foot at %.1f (sd %.1f); "
           "%.0f %% lose none\n",
           exp(fit.mean), fit.sigma, fit.foot_age, fit.foot_sd, 100 * fit.never);
    const struct {
        const char *id;
        double steps, from, to;
        bool fitted, within; // within its band
    } rows[] = {
        { "men.norwood-3-up.18-29", 2, 18, 30, true, true },
        { "men.norwood-3-up.40-49", 2, 40, 50, true, true },
        { "men.norwood-3-up.18-49", 2, 18, 50, false, true },
        { "men.any.age-30", 2, 29.5, 30.5, false, true },
        { "men.any.age-50", 2, 49.5, 50.5, false, true },
        { "men.any.age-65.two-counts", 2, 64.5, 65.5, false, true },
        { "men.any.age-70", 2, 69.5, 70.5, true, true },
        { "men.norwood-6-7.age-70", 5, 69.5, 70.5, false, false },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct smp_figure *f = figure(rows[i].id);
        const struct smp_figure_band band = smp_figure_band(f);
        const double told = 100 * smp_progress_share(&fit, rows[i].steps, rows[i].from, rows[i].to);
        printf("# %s: %.1f %% told, %.1f (%.1f to %.1f) seen\n", rows[i].id, told, f->value,
               band.low, band.high);
        if (rows[i].fitted)
            ck_assert_double_eq_tol(told, f->value, 0.1);
        ck_assert_msg(!rows[i].within || (told >= band.low && told <= band.high), "%s", rows[i].id);
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(how_many_women_thin_at_an_age)
{
    struct smp_progress_fit fit;
    struct smp_err err = { 0 };
    load();
    ck_assert_msg(!smp_progress_fit(&fit, &evidence, true, &err), "%s", err.msg);
    ck_assert_double_eq_tol(100 * smp_progress_share(&fit, 1, 18, 30),
                            figure("women.any.under-30")->value, 0.1);
    const double past_50 = 100 * smp_progress_share(&fit, 1, 50, 80);
    printf("# women past 50: %.1f %% told, about 30 seen (Norwood 2001)\n", past_50);
    ck_assert_double_eq_tol(past_50, 30, 7.5);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(grey_hair_comes_as_it_was_counted)
{
    struct smp_grey grey;
    struct smp_err err = { 0 };
    load();
    ck_assert_msg(!smp_grey_fit(&grey, &evidence, &err), "%s", err.msg);
    enum { persons = 4000 };
    double half = 0, any = 0;
    for (int i = 0; i < persons; i++) {
        const double z = smp_normal_quantile((i + 0.5) / persons);
        const double onset = smp_grey_onset(&grey, 30, (double)NAN, z);
        half += smp_grey_share(&grey, onset, 50) >= 0.5;
        any += smp_grey_share(&grey, onset, 58) > 0;
    }
    printf("# grey from %.1f (sd %.1f), %.2f %% a year; at least half at 50: %.1f %% told, 14.5 (6 "
           "to 23) seen\n",
           grey.mean_age, grey.sd_age, 100 * grey.share_a_year, 100 * half / persons);
    ck_assert_double_ge(100 * half / persons, figure("grey.half.age-50")->low);
    ck_assert_double_le(100 * half / persons, figure("grey.half.age-50")->high);
    ck_assert_double_eq_tol(any / persons, 0.86, 0.02);
    // a person's own grey is met, and none so far stays none today
    ck_assert_double_eq_tol(smp_grey_share(&grey, smp_grey_onset(&grey, 60, 30, 1.3), 60), 0.3,
                            1e-9);
    for (double z = -2; z <= 2; z += 1)
        ck_assert_double_eq(smp_grey_share(&grey, smp_grey_onset(&grey, 60, 0, z), 60), 0);
    smp_arena_drop(&arena);
}
END_TEST

static struct smp_speed speed_of(const char *json)
{
    const struct smp_case_source source = { "case.json",
                                            "",
                                            { (const uint8_t *)json, strlen(json) } };
    struct smp_case from;
    struct smp_err err = { 0 };
    struct smp_speed speed;
    ck_assert_msg(!smp_case_parse(&from, &source, NULL, &arena, &err), "%s", err.msg);
    const struct smp_ladder ladder = smp_ladder_of(from.loss.kind, from.sex);
    ck_assert_msg(!smp_speed_of(&speed, &from, &ladder, &evidence, &err), "%s", err.msg);
    return speed;
}

#define CASE(age, loss, person)                                                                    \
    "{\"stubble\": 1, \"client\": {\"age\": " age "}, \"loss\": {" loss "}, \"person\": {" person  \
    "}}"

START_TEST(loss_goes_on_as_it_went_and_family_weighs)
{
    load();
    struct smp_speed a = speed_of(CASE("28", "\"norwood\": \"6\"", ""));
    struct smp_speed b = speed_of(CASE("45", "\"norwood\": \"3\"", ""));
    ck_assert_double_gt(smp_speed_at(&a, 0), 1.5 * smp_speed_at(&b, 0));
    // and yet not as fast as that: who has come so far was helped by an early start, too
    ck_assert_double_lt(smp_speed_at(&a, 0), 5.0 / (28 - 12));
    // loss first seen late went fast
    struct smp_speed late = speed_of(CASE("45", "\"norwood\": \"3\"", "\"years_of_loss\": 6"));
    ck_assert_double_gt(smp_speed_at(&late, 0), 1.5 * smp_speed_at(&b, 0));
    struct smp_speed none = speed_of(CASE("30", "\"norwood\": \"2\"", "\"family\": \"none\""));
    struct smp_speed both =
        speed_of(CASE("30", "\"norwood\": \"2\"", "\"family\": \"both sides\""));
    ck_assert_double_gt(smp_speed_at(&both, 0), smp_speed_at(&none, 0));
    // no loss so far: half of them lose next to none within ten years, the others may still begin
    struct smp_speed full = speed_of(CASE("57", "\"norwood\": \"1\"", ""));
    ck_assert_double_lt(smp_speed_at(&full, 0), 0.03);
    ck_assert_double_lt(smp_speed_at(&full, 1.6), smp_speed_at(&none, 1.6));
    ck_assert_double_le(smp_speed_at(&full, -1), smp_speed_at(&full, 1));
    for (double z = -3; z < 3; z += 0.5)
        ck_assert_double_le(smp_speed_at(&full, z), smp_speed_at(&full, z + 0.5));
    // no pattern, no way to go
    struct smp_speed totalis = speed_of(CASE("30", "\"totalis\": true", ""));
    ck_assert_double_eq(smp_speed_at(&totalis, 2), 0);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(every_class_stands_on_a_ladder)
{
    for (int kind = 0; kind < SMP_LOSS_CLASS_COUNT; kind++) {
        const struct smp_ladder ladder = smp_ladder_of((enum smp_loss_class)kind, SMP_SEX_MALE);
        const enum smp_loss_class now = ladder.classes[(size_t)ladder.now];
        ck_assert(now == (enum smp_loss_class)kind || (kind == SMP_LOSS_NONE && now == SMP_LOSS_I));
        ck_assert(ladder.count >= 1 && ladder.count <= SMP_STEPS_MAX);
    }
    ck_assert_int_eq(smp_ladder_of(SMP_LOSS_NONE, SMP_SEX_FEMALE).classes[3], SMP_LOSS_LUDWIG_III);
}
END_TEST

SMP_TEST_MAIN("progress", how_many_men_are_bald_at_an_age, how_many_women_thin_at_an_age,
              grey_hair_comes_as_it_was_counted, loss_goes_on_as_it_went_and_family_weighs,
              every_class_stands_on_a_ladder)
