// Cases for tests of the comparison: a case's JSON, the head it stands on, made dots, the figures.
#ifndef SMP_COMPARE_TEST_CASE_H
#define SMP_COMPARE_TEST_CASE_H

#include "choice/choice_impl.h"
#include "harness.h"
#include "made_dots.h"

struct stage {
    struct smp_arena arena;
    struct smp_case from;
    struct smp_head head;
    struct smp_dots_course dots;
    struct smp_evidence evidence;
    struct smp_compare_params params;
    struct smp_comparison made;
};

// The mean man's head, made once for all tests of a program (each runs in a process of its own).
static struct smp_arena stage_arena;
static struct smp_head stage_man;

static inline void stage_open(void)
{
    struct smp_err err = { 0 };
    const struct smp_tape_wish mean = { 0 };
    smp_arena_make(&stage_arena, 0);
    if (smp_head_from_tape(&stage_man, SMP_SEX_MALE, &mean, NULL, &stage_arena, &err))
        fprintf(stderr, "%s\n", err.msg);
}

static inline int stage_close(int status)
{
    smp_arena_drop(&stage_arena);
    return status;
}

#define STAGE_TEST_MAIN(name, ...)                                                                 \
    int main(void)                                                                                 \
    {                                                                                              \
        const TTest *const tests[] = { __VA_ARGS__ };                                              \
        stage_open();                                                                              \
        return stage_close(smp_test_main(name, tests, sizeof tests / sizeof *tests));              \
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
    s->head = stage_man;
    if (s->from.sex == SMP_SEX_FEMALE)
        ck_assert_msg(!smp_case_head(&s->head, &s->from, NULL, NULL, &s->arena, &err), "%s",
                      err.msg);
    ck_assert_msg(!smp_evidence_load(&s->evidence, NULL, &s->arena, &err), "%s", err.msg);
    ck_assert_msg(!made_dots(&s->dots, &s->head, &s->from, &s->arena, &err), "%s", err.msg);
    s->params = smp_compare_defaults();
    s->params.from = &s->from;
    s->params.head = &s->head;
    s->params.dots = &s->dots;
    s->params.evidence = &s->evidence;
    s->params.persons = 160;
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
