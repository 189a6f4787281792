// Times of the layout engine on a head of 101,568 triangles: one JSON object on stdout.
//
// Wall and processor time, median and best of the runs; a fixed loop as a yardstick is timed
// between them, because a shared machine may run at a third of its speed for minutes.
//     bench_layout [--quick]     (quick: without the million dots, fewer runs)
#include "layout/layout.h"
#include "layout/layout_test_mesh.h"

#include "clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { runs_max = 15 };

// About 15 ms on one core of the machine in docs/layout.md.
static double yardstick_ms(void)
{
    const double began = seconds(CLOCK_MONOTONIC);
    volatile double sink = 0;
    double v = 1;
    for (int i = 0; i < 2000000; i++)
        v = v * 0.999999 + 1 / (v + 2);
    sink = v;
    (void)sink;
    return 1e3 * (seconds(CLOCK_MONOTONIC) - began);
}

struct bench_case {
    const char *name;
    size_t count;
    double regularity, gap_mm;
    int sessions;
    bool fixed;
    int runs;
};

static const struct bench_case cases[] = {
    { "20k_regularity_1", 20000, 1, 0, 1, false, 15 },
    { "20k_regularity_0.5", 20000, 0.5, 0, 1, false, 15 },
    { "100k_regularity_1", 100000, 1, 0, 1, false, 7 },
    { "20k_4_sessions_regularity_1", 20000, 1, 0, 4, false, 7 },
    { "20k_4_sessions_regularity_0.5", 20000, 0.5, 0, 4, false, 7 },
    { "20k_5000_fixed_gap_0.75_hex", 20000, 0.5, 1.85, 1, true, 7 },
    { "20k_5000_fixed_gap_0.75_hex_4_sessions", 20000, 0.5, 1.85, 4, true, 7 },
    { "1M_regularity_1", 1000000, 1, 0, 1, false, 5 },
};

struct scene {
    struct smp_mesh head;
    double *density;
    struct smp_surface *surface;
    struct smp_vec3 *fixed;
    size_t fixed_count;
    struct smp_arena arena;
};

static void stop(const struct smp_err *err)
{
    fprintf(stderr, "bench_layout: %s\n", err->msg);
    exit(1);
}

struct times {
    double wall_ms[runs_max], cpu_ms[runs_max];
    int runs;
    size_t count, dropped;
};

static void print_times(const char *label, struct times *t)
{
    const int n = t->runs;
    qsort(t->wall_ms, (size_t)n, sizeof *t->wall_ms, by_value);
    qsort(t->cpu_ms, (size_t)n, sizeof *t->cpu_ms, by_value);
    printf("\"%s\": {\"median_ms\": %.1f, \"best_ms\": %.1f, \"cpu_median_ms\": %.1f, "
           "\"cpu_best_ms\": %.1f, \"runs\": %d}",
           label, t->wall_ms[n / 2], t->wall_ms[0], t->cpu_ms[n / 2], t->cpu_ms[0], n);
}

static struct times time_case(struct scene *s, const struct bench_case *c, struct smp_pool *pool,
                              int runs)
{
    struct times t = { .runs = runs };
    struct smp_layout_params params = smp_layout_defaults;
    params.count = c->count;
    params.regularity = c->regularity;
    params.min_gap_mm = c->gap_mm;
    params.sessions = c->sessions;
    const struct smp_layout_input input = { .density_per_cm2 = s->density,
                                            .fixed_mm = s->fixed,
                                            .fixed_count = c->fixed ? s->fixed_count : 0 };
    for (int k = 0; k < runs; k++) {
        struct smp_err err = { 0 };
        struct smp_arena out;
        struct smp_layout layout;
        smp_arena_make(&out, 0);
        const double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
        if (smp_layout_make(&layout, s->surface, &input, &params, pool, &out, &err))
            stop(&err);
        t.wall_ms[k] = 1e3 * (seconds(CLOCK_MONOTONIC) - wall);
        t.cpu_ms[k] = 1e3 * (seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu);
        t.count = layout.count;
        t.dropped = layout.dropped;
        smp_arena_drop(&out);
    }
    return t;
}

static struct times time_preparation(struct scene *s, struct smp_pool *pool, int runs)
{
    struct times t = { .runs = runs };
    for (int k = 0; k < runs; k++) {
        struct smp_err err = { 0 };
        struct smp_arena out;
        smp_arena_make(&out, 0);
        const double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
        if (smp_surface_make(&s->surface, &s->head, pool, &out, &err))
            stop(&err);
        t.wall_ms[k] = 1e3 * (seconds(CLOCK_MONOTONIC) - wall);
        t.cpu_ms[k] = 1e3 * (seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu);
        smp_arena_drop(&out);
    }
    return t;
}

// A layout at the default, thinned from 0.8 of the density at the bottom to 0 at two thirds.
static void make_fixed(struct scene *s)
{
    struct smp_layout_params params = smp_layout_defaults;
    params.count = 20000;
    params.seed = 7;
    const struct smp_layout_input input = { .density_per_cm2 = s->density };
    struct smp_layout layout;
    struct smp_err err = { 0 };
    if (smp_layout_make(&layout, s->surface, &input, &params, NULL, &s->arena, &err))
        stop(&err);
    s->fixed = smp_new(&s->arena, struct smp_vec3, layout.count);
    struct smp_rng rng = smp_rng_make(9, 9);
    for (size_t i = 0; i < layout.count && s->fixed_count < 5000; i++) {
        const double u = (layout.dots[i].position_mm.z + 110) / 220;
        if (smp_rng_unit(&rng) < 0.8 * (1 - 1.5 * u))
            s->fixed[s->fixed_count++] = layout.dots[i].position_mm;
    }
}

static long peak_mb(void)
{
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    return use.ru_maxrss / 1024;
}

int main(int argc, char **argv)
{
    const bool quick = argc > 1 && strcmp(argv[1], "--quick") == 0;
    struct scene s = { 0 };
    struct smp_err err = { 0 };
    smp_arena_make(&s.arena, 0);
    if (!make_head(&s.head, 92, &s.arena))
        return 1;
    s.density = smp_new(&s.arena, double, s.head.point_count);
    for (size_t i = 0; i < s.head.point_count; i++)
        s.density[i] = 100;
    struct smp_pool *pool = smp_pool_make(0);
    printf("{\"bench\": \"layout\", \"triangles\": %zu, \"threads\": %u, \"yardstick_ms\": [%.1f",
           s.head.triangle_count, smp_pool_threads(pool), yardstick_ms());
    for (int k = 0; k < 4; k++)
        printf(", %.1f", yardstick_ms());
    printf("],\n\"preparation\": {");
    struct times t = time_preparation(&s, NULL, quick ? 5 : 15);
    print_times("one_thread", &t);
    printf(", ");
    t = time_preparation(&s, pool, quick ? 5 : 15);
    print_times("all_threads", &t);
    if (smp_surface_make(&s.surface, &s.head, pool, &s.arena, &err))
        stop(&err);
    make_fixed(&s);
    printf("}");
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        if (quick && cases[c].count > 100000)
            continue;
        const int runs = quick ? 5 : cases[c].runs;
        t = time_case(&s, &cases[c], NULL, runs);
        printf(",\n\"%s\": {\"count\": %zu, \"dropped\": %zu, ", cases[c].name, t.count, t.dropped);
        print_times("one_thread", &t);
        printf(", ");
        t = time_case(&s, &cases[c], pool, runs);
        print_times("all_threads", &t);
        printf(", \"yardstick_ms\": %.1f, \"peak_mb\": %ld}", yardstick_ms(), peak_mb());
    }
    puts("}");
    smp_pool_drop(pool);
    smp_arena_drop(&s.arena);
    return 0;
}
