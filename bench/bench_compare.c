// Time and memory of a whole comparison, all options, 10 years, 10,000 persons: one thread and all
// cores; one JSON object on stdout.
#include "choice/choice.h"
#include "choice/made_dots.h"
#include "clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { RUNS = 5 };
static const char text[] =
    "{\"stubble\": 1, \"client\": {\"age\": 38}, \"loss\": {\"norwood\": \"5\"}}";

static void stop(const struct smp_err *err)
{
    fprintf(stderr, "bench_compare: %s\n", err->msg);
    exit(1);
}

static void time_compare(const char *name, const struct smp_compare_params *params,
                         struct smp_pool *pool, struct smp_arena *arena)
{
    double wall_s[RUNS], cpu_s[RUNS];
    struct smp_err err = { 0 };
    for (int i = 0; i < RUNS; i++) {
        struct smp_comparison made;
        const struct smp_mark mark = smp_arena_mark(arena);
        const double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
        if (smp_compare(&made, params, pool, arena, &err))
            stop(&err);
        wall_s[i] = seconds(CLOCK_MONOTONIC) - wall;
        cpu_s[i] = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
        smp_arena_reset(arena, mark);
    }
    printf("\"%s\": {\"threads\": %u, \"persons\": %zu, \"options\": %d, \"years\": %d, ", name,
           smp_pool_threads(pool), params->persons, SMP_CHOICE_COUNT, params->years);
    print_middle_and_best(wall_s, cpu_s, RUNS);
    printf("}, ");
}

int main(void)
{
    const struct smp_case_source source = { "case.json",
                                            "",
                                            { (const uint8_t *)text, strlen(text) } };
    struct smp_compare_params params = smp_compare_defaults();
    struct smp_arena arena;
    struct smp_err err = { 0 };
    struct smp_case from;
    struct smp_head head;
    struct smp_dots_course dots;
    struct smp_evidence evidence;
    smp_arena_make(&arena, 0);
    if (smp_case_parse(&from, &source, NULL, &arena, &err) ||
        smp_case_head(&head, &from, NULL, NULL, &arena, &err) ||
        smp_evidence_load(&evidence, NULL, &arena, &err) ||
        made_dots(&dots, &head, &from, &arena, &err))
        stop(&err);
    params.from = &from;
    params.head = &head;
    params.dots = &dots;
    params.evidence = &evidence;
    struct smp_pool *pool = smp_pool_make(0);
    struct rusage usage;
    printf("{");
    time_compare("compare_one_thread", &params, NULL, &arena);
    time_compare("compare_all_cores", &params, pool, &arena);
    getrusage(RUSAGE_SELF, &usage);
    printf("\"peak_mib\": %.1f}\n", (double)usage.ru_maxrss / 1024);
    smp_pool_drop(pool);
    smp_arena_drop(&arena);
    return 0;
}
