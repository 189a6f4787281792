// What benchmarks share: clocks, and order for medians.
#ifndef SMP_BENCH_CLOCK_H
#define SMP_BENCH_CLOCK_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline double seconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static inline int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

// Rows of a JSON object: middle and best of the runs, wall and processor time; puts them in order.
static inline void print_middle_and_best(double *wall_s, double *cpu_s, size_t runs)
{
    qsort(wall_s, runs, sizeof *wall_s, by_value);
    qsort(cpu_s, runs, sizeof *cpu_s, by_value);
    printf("\"median_s\": %.3f, \"best_s\": %.3f, \"cpu_median_s\": %.3f, \"cpu_best_s\": %.3f, "
           "\"runs\": %zu",
           wall_s[runs / 2], wall_s[0], cpu_s[runs / 2], cpu_s[0], runs);
}

#endif
