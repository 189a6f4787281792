// Light that returns at a distance from where a thin beam enters: R(r) of optics.md §2.3, for tests
// and benchmarks.
#ifndef SMP_TRACE_RADIAL_TEST_H
#define SMP_TRACE_RADIAL_TEST_H

#include "skin/trace_impl.h"

#include <math.h>

enum { TRACE_RADII = 5 };
static const double trace_radii_mm[TRACE_RADII] = { 0.5, 1, 2, 3, 5 };

// As shares of the tabled values, with their standard errors; rings of 0.2 mm. Per unit of light
// sent: µa 0.01, µs 10 per mm, g 0.9, n 1.4.
static inline void trace_radial(double share[TRACE_RADII], double error[TRACE_RADII], int photons,
                                uint64_t seed)
{
    static const double per_mm2[] = { 0.03770, 0.02022, 0.008713, 0.004315, 0.0013845 };
    const struct smp_stack stack = { 1, 1, { { 1.4, 0.01, 10, 0.9, (double)INFINITY } } };
    const struct smp_trace_scene scene = { &stack, NULL, 0, SMP_LIGHT_COLLIMATED };
    struct smp_walk_bed bed;
    smp_walk_bed_make(&bed, &scene);
    struct smp_walker walker = { .rng = smp_rng_make(seed, 0) };
    double sum[TRACE_RADII] = { 0 }, square[TRACE_RADII] = { 0 };
    for (int i = 0; i < photons; i++) {
        struct smp_walk_end end;
        struct smp_walker fork;
        smp_walker_launch(&walker, &bed, (struct smp_vec2){ 0, 0 }, SMP_LIGHT_COLLIMATED);
        smp_walk_bare(&end, &walker, &fork, &bed);
        const double r = hypot(end.place_mm.x, end.place_mm.y), weight = end.weight;
        for (int k = 0; k < TRACE_RADII; k++)
            if (fabs(r - trace_radii_mm[k]) < 0.1) {
                sum[k] += weight;
                square[k] += weight * weight;
            }
    }
    for (int k = 0; k < TRACE_RADII; k++) {
        const double tabled = per_mm2[k] * 0.4 * SMP_PI * trace_radii_mm[k] * photons;
        share[k] = sum[k] / tabled;
        error[k] = sqrt(square[k]) / tabled;
    }
}

#endif
