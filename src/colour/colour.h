// Colour arithmetic: sRGB, XYZ, CIELAB (D65, 2°), CIEDE2000, ITA°. Pure.
#ifndef SMP_COLOUR_H
#define SMP_COLOUR_H

#include "base/base.h"

struct smp_lab {
    double l, a, b; // CIELAB, D65, 2° observer
};
struct smp_xyz {
    double x, y, z; // Y = 1 for the white
};
struct smp_rgb_lin {
    double r, g, b; // linear light, sRGB primaries
};

// IEC 61966-2-1 transfer curves, 0…1.
double smp_srgb_from_lin(double lin);
double smp_lin_from_srgb(double srgb);
struct smp_xyz smp_xyz_from_rgb(struct smp_rgb_lin rgb);
struct smp_rgb_lin smp_rgb_from_xyz(struct smp_xyz xyz); // may leave 0…1
struct smp_lab smp_lab_from_xyz(struct smp_xyz xyz);
struct smp_xyz smp_xyz_from_lab(struct smp_lab lab);
struct smp_lab smp_lab_from_rgb(struct smp_rgb_lin rgb);
struct smp_rgb_lin smp_rgb_from_lab(struct smp_lab lab);
// CIEDE2000 (Sharma, Wu, Dalal 2005), k = 1.
double smp_delta_e00(struct smp_lab p, struct smp_lab q);
// Individual typology angle, degrees: atan2(L* − 50, b*) (Chardon 1991).
double smp_ita_deg(struct smp_lab skin);

#endif
