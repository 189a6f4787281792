// Time of a whole match (12,000 and more recipes judged, ages, bands, touch-up forecast) on one
// thread and on all cores: one JSON object on stdout.
#include "pigment/pigment.h"

#include "clock.h"

#include <stdio.h>
#include <stdlib.h>

enum { RUNS = 5 };

static void stop(const struct smp_err *err)
{
    fprintf(stderr, "bench_match: %s\n", err->msg);
    exit(1);
}

static void time_match(const char *name, const struct smp_match_request *r, struct smp_pool *pool,
                       struct smp_arena *arena)
{
    double wall_s[RUNS], cpu_s[RUNS];
    struct smp_err err = { 0 };
    for (int i = 0; i < RUNS; i++) {
        struct smp_match match;
        const struct smp_mark mark = smp_arena_mark(arena);
        const double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
        if (smp_match_find(&match, r, pool, arena, &err) != SMP_OK)
            stop(&err);
        wall_s[i] = seconds(CLOCK_MONOTONIC) - wall;
        cpu_s[i] = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
        smp_arena_reset(arena, mark);
    }
    printf("\"%s\": {\"threads\": %u, ", name, smp_pool_threads(pool));
    print_middle_and_best(wall_s, cpu_s, RUNS);
    printf("}");
}

int main(void)
{
    struct smp_arena arena;
    struct smp_err err = { 0 };
    struct smp_bytes text;
    struct smp_catalogue catalogue;
    struct smp_healing healing;
    smp_arena_make(&arena, 0);
    if (smp_file_read(&text, "data/pigments.json", 1 << 20, &arena, &err) ||
        smp_catalogue_read(&catalogue, "pigments.json", (const char *)text.data, text.length,
                           &arena, &err) ||
        smp_file_read(&text, "data/healing.json", 1 << 20, &arena, &err) ||
        smp_healing_read(&healing, "healing.json", (const char *)text.data, text.length, &arena,
                         &err))
        stop(&err);
    struct smp_match_request r = smp_match_request_default();
    r.skin = smp_skin_default();
    r.catalogue = &catalogue;
    r.healing = &healing;
    struct smp_pool *pool = smp_pool_make(0);
    printf("{");
    time_match("match_one_thread", &r, NULL, &arena);
    printf(", ");
    time_match("match_all_cores", &r, pool, &arena);
    printf("}\n");
    smp_pool_drop(pool);
    smp_arena_drop(&arena);
    return 0;
}
