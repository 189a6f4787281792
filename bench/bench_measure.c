// Times of measuring pictures: one JSON object on stdout. A made picture of 12 MP with 20,000 dots,
// hairs and pores, on two threads and on one. Memory: what the answer keeps (tiles are given back
// before), and the most that was in use above the picture itself.
#include "measure/measure.h"

#include "clock.h"
#include "scalp.h"

#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

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

// Resident memory at its highest in a child that looks for dots (threads > 0) or does nothing.
static double peak_mib(const struct scalp *scalp, unsigned threads)
{
    struct rusage usage = { 0 };
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        const struct smp_subject subject = { scalp->image, NULL, 0.05, 92 };
        struct smp_arena arena;
        struct smp_found_dots dots;
        smp_arena_make(&arena, 0);
        struct smp_pool *pool = threads ? smp_pool_make(threads) : NULL;
        _exit(threads && smp_dots_find(&dots, &subject, "made", pool, &arena, NULL));
    }
    int status = 1;
    if (child < 0 || wait4(child, &status, 0, &usage) < 0 || status)
        return 0;
    return (double)usage.ru_maxrss / 1024;
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
    printf("{\"true_dots\": %zu, \"peak_mib_2_threads\": %.0f, ", scalp.dot_count,
           peak_mib(&scalp, 2) - peak_mib(&scalp, 0));
    time_dots(&scalp, 2, false);
    time_dots(&scalp, 1, true);
    smp_arena_drop(&arena);
    return 0;
}
