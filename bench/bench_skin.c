// Times of flat skin: one JSON object on stdout. Wall and processor time of one thread, best and
// median; a shared machine may run at a third of its speed for minutes.
#include "skin/skin.h"

#include "clock.h"

#include <stdio.h>
#include <stdlib.h>

enum { runs = 31 };

struct times {
    double wall_ms[runs], cpu_ms[runs], wall, cpu;
    int count;
};

static void begin(struct times *t)
{
    t->wall = seconds(CLOCK_MONOTONIC);
    t->cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
}

static void end(struct times *t)
{
    t->wall_ms[t->count] = 1e3 * (seconds(CLOCK_MONOTONIC) - t->wall);
    t->cpu_ms[t->count++] = 1e3 * (seconds(CLOCK_PROCESS_CPUTIME_ID) - t->cpu);
}

static void print_times(const char *name, struct times *t)
{
    qsort(t->wall_ms, (size_t)t->count, sizeof *t->wall_ms, by_value);
    qsort(t->cpu_ms, (size_t)t->count, sizeof *t->cpu_ms, by_value);
    printf("\"%s\": {\"median_ms\": %.2f, \"best_ms\": %.2f, \"cpu_median_ms\": %.2f, "
           "\"cpu_best_ms\": %.2f, \"runs\": %d}",
           name, t->wall_ms[t->count / 2], t->wall_ms[0], t->cpu_ms[t->count / 2], t->cpu_ms[0],
           t->count);
}

static void stop(const struct smp_err *err)
{
    fprintf(stderr, "bench_skin: %s\n", err->msg);
    exit(1);
}

int main(void)
{
    // Light, intermediate, brown and dark skin as measured (phototypes I, III, V, VI by
    // convention).
    static const struct smp_lab colours[] = {
        { 70.8, 8.4, 13.2 }, { 63.0, 10.2, 18.1 }, { 49.7, 11.1, 15.9 }, { 37.8, 9.2, 12.3 }
    };
    struct times spectrum = { 0 }, fit = { 0 }, fit_spectrum = { 0 }, layers = { 0 };
    struct smp_arena arena;
    struct smp_err err = { 0 };
    smp_arena_make(&arena, 0);
    for (int k = 0; k < runs; k++) {
        double reflectance[SMP_WAVELENGTHS], measure;
        struct smp_skin skin = smp_skin_default();
        struct smp_stack stack;
        struct smp_flux flux;
        begin(&spectrum);
        if (smp_skin_spectrum(reflectance, &skin, &arena, &err))
            stop(&err);
        end(&spectrum);
        smp_skin_stack(&stack, &skin, 550);
        begin(&layers);
        if (smp_stack_reflect(&flux, &stack, SMP_LIGHT_COLLIMATED, 16, &arena, &err))
            stop(&err);
        end(&layers);
        begin(&fit);
        if (smp_skin_fit(&skin, &measure, colours[k % 4], "colour", &arena, &err))
            stop(&err);
        end(&fit);
        skin = smp_skin_default();
        begin(&fit_spectrum);
        if (smp_skin_fit_spectrum(&skin, &measure, reflectance, "spectrum", &arena, &err))
            stop(&err);
        end(&fit_spectrum);
    }
    smp_arena_drop(&arena);
    printf("{\"bench\": \"skin\", \"threads\": 1,\n");
    print_times("spectrum_of_31_wavelengths", &spectrum);
    printf(",\n");
    print_times("four_layers_16_streams_with_all_parts", &layers);
    printf(",\n");
    print_times("fit_of_a_colour", &fit);
    printf(",\n");
    print_times("fit_of_a_spectrum", &fit_spectrum);
    puts("}");
    return 0;
}
