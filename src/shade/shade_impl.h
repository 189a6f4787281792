// Private to the module: where the objects of a field lie.
#ifndef SMP_SHADE_IMPL_H
#define SMP_SHADE_IMPL_H

#include "shade/shade.h"

struct smp_strewn {
    struct smp_vec2 at_mm; // from the window's upper left corner
    double turn_rad;
    int hairs;
};
// How far beyond the window objects are still strewn, and how far their looks reach.
#define SMP_SHADE_REACH_MM 3.2

// On a hexagonal lattice with jitter, over the window and its surroundings; arena-owned. Turn and
// hairs are left 0.
enum smp_code smp_shade_strew(struct smp_strewn **strewn, size_t *count, double per_cm2,
                              double jitter, const struct smp_shade_frame *frame,
                              struct smp_arena *arena, struct smp_err *err);
struct smp_rgb_lin smp_shade_rgb(const double reflectance[SMP_WAVELENGTHS]);

#endif
