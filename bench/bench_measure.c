// Times of measuring pictures: one JSON object on stdout. A made picture of 12 MP with 20,000 dots,
// hairs and pores, on two threads and on one; memory is what the answer keeps (tiles are given back
// before).
#include "measure/measure.h"

#include "clock.h"
#include "scalp.h"

#include <stdio.h>

enum { RUNS = 3 };

static void time_dots(const struct scalp *scalp, unsigned threads, bool last)
{
    double best_s = 1e9, cpu_s = 1e9;
    size_t count = 0, bytes = 0;
    struct smp_pool *pool = smp_pool_make(threads);
    for (int run = 0; run < RUNS; run++) {
        struct smp_arena arena;
        struct smp_found_dots dots;
        const struct smp_subject subject = { scalp->image, NULL, 0.05, 92 };
        smp_arena_make(&arena, 0);
        const double start = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
        if (smp_dots_find(&dots, &subject, "made", pool, &arena, NULL))
            return;
        const double took = seconds(CLOCK_MONOTONIC) - start;
        const double used = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
        best_s = took < best_s ? took : best_s;
        cpu_s = used < cpu_s ? used : cpu_s;
        count = dots.count;
        bytes = arena.used_bytes;
        smp_arena_drop(&arena);
    }
    smp_pool_drop(pool);
    printf("\"dots_12_mp_%u_threads\": {\"best_s\": %.3f, \"processor_s\": %.3f, \"dots\": %zu, "
           "\"kept_mib\": %.0f, \"runs\": %d}%s",
           threads, best_s, cpu_s, count, (double)bytes / 1048576, RUNS, last ? "}\n" : ", ");
}

int main(void)
{
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    struct scalp_params params = scalp_defaults;
    params.width_px = 4000;
    params.height_px = 3000;
    params.dots = 20000;
    params.gap_px = 17;
    params.contrast_min = 0.2;
    params.contrast_max = 0.6;
    params.radius_px_max = 6;
    params.texture = 0.005;
    params.hairs = 60;
    params.pores = 500;
    struct scalp scalp;
    if (!scalp_make(&scalp, &params, &arena))
        return 1;
    printf("{\"true_dots\": %zu, ", scalp.dot_count);
    time_dots(&scalp, 2, false);
    time_dots(&scalp, 1, true);
    smp_arena_drop(&arena);
    return 0;
}
