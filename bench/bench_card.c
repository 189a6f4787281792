// Times of the colour card in a picture of 12 MP: one JSON object on stdout. Wall and processor
// time, median and best, and the scratch memory that suffices.
#include "made_card.h"

#include "clock.h"

#include <stdio.h>
#include <stdlib.h>

enum { runs = 7 };

struct times {
    double wall_ms[runs], cpu_ms[runs], wall, cpu;
};

static void begin(struct times *t)
{
    t->wall = seconds(CLOCK_MONOTONIC);
    t->cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
}

static void end(struct times *t, int run)
{
    t->wall_ms[run] = 1e3 * (seconds(CLOCK_MONOTONIC) - t->wall);
    t->cpu_ms[run] = 1e3 * (seconds(CLOCK_PROCESS_CPUTIME_ID) - t->cpu);
}

static void print_times(const char *name, struct times *t)
{
    qsort(t->wall_ms, runs, sizeof *t->wall_ms, by_value);
    qsort(t->cpu_ms, runs, sizeof *t->cpu_ms, by_value);
    printf("\"%s\": {\"median_ms\": %.2f, \"best_ms\": %.2f, \"cpu_median_ms\": %.2f, "
           "\"cpu_best_ms\": %.2f, \"runs\": %d}, ",
           name, t->wall_ms[runs / 2], t->wall_ms[0], t->cpu_ms[runs / 2], t->cpu_ms[0], runs);
}

static void need(enum smp_code code, const struct smp_err *err)
{
    if (!code)
        return;
    fprintf(stderr, "bench_card: %s\n", err->msg);
    exit(1);
}

// Least scratch memory, in steps of 4 MiB, with which the card is found.
static int scratch_mib(const struct smp_image *image, const struct smp_lab *reference)
{
    for (int mib = 4;; mib += 4) {
        struct smp_arena arena;
        struct smp_card card;
        smp_arena_make(&arena, (size_t)mib << 20);
        const enum smp_code code =
            smp_card_find(&card, image, reference, "made", NULL, &arena, NULL);
        smp_arena_drop(&arena);
        if (!code)
            return mib;
    }
}

int main(void)
{
    struct made_card_params params = made_card_defaults;
    struct smp_lab reference[SMP_CARD_PATCHES];
    struct made_card made;
    struct smp_arena arena;
    struct smp_err err = { 0 };
    struct times find = { 0 }, markers = { 0 }, fit = { 0 }, correct = { 0 };
    smp_arena_make(&arena, 0);
    params.width_px = 4000;
    params.height_px = 3000;
    params.at_px[0] = 2000;
    params.at_px[1] = 1500;
    params.px_per_mm = 6;
    params.turn_deg = 20;
    params.markers = true;
    params.jpeg = 90;
    made_card_reference(reference, &arena);
    made_card(&made, &params, &arena);
    struct smp_pool *pool = smp_pool_make(0);
    for (int run = 0; run < runs; run++) {
        struct smp_card card;
        struct smp_card_fit fitted;
        struct smp_marker *found;
        size_t count;
        begin(&find);
        need(smp_card_find(&card, &made.image, reference, "made", pool, &arena, &err), &err);
        end(&find, run);
        begin(&markers);
        need(smp_markers_find(&found, &count, &made.image, pool, &arena, &err), &err);
        end(&markers, run);
        begin(&fit);
        need(smp_card_correct(&fitted, &card, reference, "made", &err), &err);
        end(&fit, run);
        if (run + 1 < runs)
            continue;
        for (int k = 0; k < runs; k++) {
            begin(&correct);
            need(smp_correct_image(&made.image, &fitted.correction, pool, &arena, &err), &err);
            end(&correct, k);
        }
    }
    params.seed = 2;
    made_card(&made, &params, &arena);
    printf("{");
    print_times("find_card_12mp", &find);
    print_times("find_markers_12mp", &markers);
    print_times("fit_and_judge", &fit);
    print_times("correct_12mp", &correct);
    printf("\"find_card_scratch_mib\": %d, \"threads\": %u}\n", scratch_mib(&made.image, reference),
           smp_pool_threads(pool));
    smp_pool_drop(pool);
    smp_arena_drop(&arena);
    return 0;
}
