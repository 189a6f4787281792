// What benchmarks and makers of pictures of the demo client share: its plan, and an end on any
// error.
#ifndef SMP_BENCH_DEMO_H
#define SMP_BENCH_DEMO_H

#include "plan/plan.h"

#include <stdio.h>
#include <stdlib.h>

static inline void must(enum smp_code code, const struct smp_err *err)
{
    if (code == SMP_OK)
        return;
    fprintf(stderr, "%s\n", err->msg);
    exit(1);
}

// Of the demo client; the plan points into the others, so this must stay where it is.
struct demo {
    struct smp_case from;
    struct smp_head head;
    struct smp_plan plan;
};

// With the recipe that a match finds, or the defaults; results in the arena.
static inline void demo_make(struct demo *demo, bool match, struct smp_pool *pool,
                             struct smp_arena *arena)
{
    struct smp_err err = { 0 };
    must(smp_case_demo(&demo->from, arena, &err), &err);
    must(smp_case_head(&demo->head, &demo->from, NULL, pool, arena, &err), &err);
    if (match)
        must(smp_case_recipe(&demo->from, pool, arena, &err), &err);
    must(smp_plan_make(&demo->plan, &demo->from, &demo->head, pool, NULL, arena, &err), &err);
}

#endif
