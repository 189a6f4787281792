// Cases for tests of the comparison: a case's JSON, the head it stands on, dots where hair is gone.
#ifndef SMP_COMPARE_TEST_CASE_H
#define SMP_COMPARE_TEST_CASE_H

#include "choice/choice_impl.h"
#include "harness.h"

struct stage {
    struct smp_arena arena;
    struct smp_case from;
    struct smp_head head;
    struct smp_dots_course dots;
    struct smp_evidence evidence;
    struct smp_compare_params params;
    struct smp_comparison made;
};

// Dots on all scalp that lost more than two fifths of its hair, as a plan would set them; they
// match from 0.5 m when healed and are lost slowly.
static inline void dot_all(struct stage *s)
{
    const size_t points = s->head.mesh.point_count;
    double *now = smp_new(&s->arena, double, points), *per_cm2 = smp_new(&s->arena, double, points);
    double *natural = smp_new(&s->arena, double, points);
    const struct smp_loss none = { .native_fu_per_cm2 = s->from.loss.native_fu_per_cm2 };
    struct smp_err err = { 0 };
    double bald_cm2 = 0;
    ck_assert(now && natural && per_cm2);
    ck_assert_msg(!smp_loss_field(now, &bald_cm2, &s->head, &s->from.loss, &err), "%s", err.msg);
    ck_assert(!smp_loss_field(natural, NULL, &s->head, &none, &err));
    for (size_t i = 0; i < points; i++)
        per_cm2[i] = now[i] < 0.6 * natural[i] ? 100 : 0;
    s->dots = (struct smp_dots_course){ .per_cm2 = per_cm2,
                                        .treated_cm2 = bald_cm2,
                                        .sessions = 3,
                                        .minutes = 10 * bald_cm2 / 5,
                                        .price_low = 1500,
                                        .price_high = 3000,
                                        .currency = "USD",
                                        .touch_up_years = { 2, 4, 8 } };
    for (int i = 0; i < SMP_MATCH_AGE_COUNT; i++)
        s->dots.casual_mm[i] = (struct smp_span){ 300, 500 + 40 * smp_match_age_years[i], 1500 };
}

// The case alone: its head, dots and figures.
static inline void stage_set(struct stage *s, const char *json)
{
    struct smp_err err = { 0 };
    const struct smp_case_source source = { "case.json",
                                            "",
                                            { (const uint8_t *)json, strlen(json) } };
    memset(s, 0, sizeof *s);
    smp_arena_make(&s->arena, 0);
    ck_assert_msg(!smp_case_parse(&s->from, &source, NULL, &s->arena, &err), "%s", err.msg);
    ck_assert_msg(!smp_case_head(&s->head, &s->from, NULL, NULL, &s->arena, &err), "%s", err.msg);
    ck_assert_msg(!smp_evidence_load(&s->evidence, NULL, &s->arena, &err), "%s", err.msg);
    dot_all(s);
    s->params = smp_compare_defaults();
    s->params.from = &s->from;
    s->params.head = &s->head;
    s->params.dots = &s->dots;
    s->params.evidence = &s->evidence;
    s->params.persons = 400;
}

static inline void stage_run(struct stage *s)
{
    struct smp_err err = { 0 };
    ck_assert_msg(!smp_compare(&s->made, &s->params, NULL, &s->arena, &err), "%s", err.msg);
}

static inline const struct smp_outcome *stage_option(const struct stage *s, enum smp_choice choice)
{
    for (size_t i = 0; i < s->made.count; i++) {
        if (s->made.outcomes[i].choice == choice)
            return &s->made.outcomes[i];
    }
    ck_abort_msg("no option %s", smp_choice_names[choice]);
    return NULL;
}

static inline bool says(const char *const *list, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++) {
        if (strstr(list[i], text))
            return true;
    }
    return false;
}

#endif
