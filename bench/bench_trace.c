// Photon transport on one thread: one JSON object on stdout. For each case photons per second, the
// time to a standard error of 0.001 of diffuse reflectance, and the same for MCML 1.2: its photons
// per second as measured elsewhere (docs/optics.md), its variance a photon from our own packets
// played by its rule (weights followed down to 1e-4).
#include "skin/trace_cases_test.h"
#include "skin/trace_impl.h"
#include "skin/trace_radial_test.h"

#include "clock.h"

#include <stdio.h>
#include <stdlib.h>

enum { runs = 5 };

static void stop(const struct smp_err *err)
{
    fprintf(stderr, "bench_trace: %s\n", err->msg);
    exit(1);
}

// Variance of one photon's part of the reflectance where weights are followed to 1e-4.
static double weighted_variance(const struct smp_stack *stack)
{
    struct smp_trace_bed bed;
    smp_trace_bed_make(&bed, stack);
    bed.analogue = 1e-4F * SMP_WEIGHT_ONE;
    struct smp_trace_sums sums;
    smp_trace_baseline(&sums, &bed, 100000, 5);
    const double photons = (double)sums.photons;
    const double mean = (double)sums.up / (photons * SMP_WEIGHT_ONE);
    const double r =
        (stack->n_outside - stack->layer[0].n) / (stack->n_outside + stack->layer[0].n);
    const double inside = 1 - r * r;
    return inside * inside * (sums.up_square / photons - mean * mean);
}

static void bench_case(const struct trace_case *one, struct smp_arena *scratch)
{
    const struct smp_trace trace = { 500000, 3, NULL };
    struct smp_flux flux = { 0 };
    struct smp_trace_stats stats;
    struct smp_err err = { 0 };
    double times[runs];
    for (int i = 0; i < runs; i++) {
        const double began = seconds(CLOCK_MONOTONIC);
        if (smp_stack_trace_stats(&flux, &stats, &one->stack, &trace, scratch, &err))
            stop(&err);
        times[i] = seconds(CLOCK_MONOTONIC) - began;
    }
    qsort(times, runs, sizeof *times, by_value);
    const double photons = (double)trace.photons;
    const double scale = flux.standard_error * flux.standard_error * 1e6;
    const double theirs = weighted_variance(&one->stack) * 1e6 / one->mcml_per_s;
    printf("  \"%s\": {\"photons\": %.0f, \"steps_per_photon\": %.1f, \"reflectance\": %.5f, "
           "\"standard_error\": %.5f, \"photons_per_s_best\": %.3g, \"photons_per_s_median\": "
           "%.3g, \"seconds_to_0.001_best\": %.3g, \"seconds_to_0.001_median\": %.3g, "
           "\"mcml_seconds_to_0.001\": %.3g, \"times_mcml_at_equal_error\": %.1f},\n",
           one->name, photons, stats.steps, flux.diffuse_reflectance, flux.standard_error,
           photons / times[0], photons / times[runs / 2], scale * times[0], scale * times[runs / 2],
           theirs, theirs / (scale * times[runs / 2]));
}

// A ball of 0.3 mm, 0.3 mm deep, at 550 nm, seen from above.
static void bench_deposit(struct smp_arena *scratch)
{
    const struct smp_trace_deposit dot = { 0, 0, 0.3, 0.6, 0.3, 10, 0, 0 };
    struct smp_stack stack = trace_cases[4].stack;
    stack.count = 2;
    stack.layer[1].thickness_mm = (double)INFINITY;
    const struct smp_trace_scene scene = { &stack, &dot, 1, SMP_LIGHT_COLLIMATED };
    const struct smp_vec2 point = { 0, 0 };
    const struct smp_trace trace = { 50000, 3, NULL };
    struct smp_trace_look look;
    struct smp_err err = { 0 };
    double times[3];
    for (int i = 0; i < 3; i++) {
        const double began = seconds(CLOCK_MONOTONIC);
        if (smp_stack_trace_deposits(&look, &scene, &point, 1, &trace, scratch, &err))
            stop(&err);
        times[i] = seconds(CLOCK_MONOTONIC) - began;
    }
    qsort(times, 3, sizeof *times, by_value);
    printf("  \"ball_top_0.3_550\": {\"photons_per_s_median\": %.3g, \"contrast\": %.4f, "
           "\"contrast_error\": %.4f},\n",
           (double)trace.photons / times[1], look.contrast, look.contrast_error);
}

// R(r) at five distances, as a share of the tabled value.
static void bench_radial(void)
{
    double share[TRACE_RADII], error[TRACE_RADII];
    trace_radial(share, error, 200000, 17);
    printf("  \"radial\": {");
    for (int k = 0; k < TRACE_RADII; k++)
        printf("\"r_%g_mm\": [%.4f, %.4f]%s", trace_radii_mm[k], share[k], error[k],
               k < TRACE_RADII - 1 ? ", " : "}\n");
}

int main(void)
{
    struct smp_arena scratch;
    smp_arena_make(&scratch, 0);
    printf("{\n");
    for (int i = 0; i < trace_cases_count; i++)
        bench_case(&trace_cases[i], &scratch);
    bench_deposit(&scratch);
    bench_radial();
    printf("}\n");
    smp_arena_drop(&scratch);
    return 0;
}
