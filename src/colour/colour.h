// Colour arithmetic: spectra, sRGB, XYZ, CIELAB (D65, 2°), CIEDE2000, ITA°. Pure.
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
// White of D65 with which all of this works (IEC 61966-2-1).
struct smp_xyz smp_white_d65(void);
// CIEDE2000 (Sharma, Wu, Dalal 2005), k = 1.
double smp_delta_e00(struct smp_lab p, struct smp_lab q);
// What a least-squares fit of a colour makes small: differences of lightness, chroma and hue, with
// the weights of CIE94 (lightness: of CIEDE2000) about the colour that is wanted; their root sum of
// squares is near CIEDE2000, and smooth where that is not.
void smp_lab_residuals(double r[3], struct smp_lab lab, struct smp_lab want);
// Individual typology angle, degrees: atan2(L* − 50, b*) (Chardon 1991).
double smp_ita_deg(struct smp_lab skin);
// The six classes of ITA° (Chardon 1991; Del Bino 2013) as 1 to 6, very light (> 55°) to dark
// (<= -30°). By convention, and no more, they are read as Fitzpatrick phototypes I to VI.
int smp_ita_class(double ita_deg);

// ---- Spectra ------------------------------------------------------------------------------------

// Wavelengths first_nm, first_nm + step_nm, … (count of them), all multiples of 5 in 380 to 780.
struct smp_grid {
    int first_nm, step_nm, count;
};
bool smp_grid_is_known(const struct smp_grid *grid);
// XYZ of the perfect white under D65 as summed on this grid, Y = 1. The grid must be known.
struct smp_xyz smp_white_of_grid(const struct smp_grid *grid);
// Colour of a reflectance (0 to 1) under D65, 2° observer. The perfect white becomes D65's white
// on every grid. The grid must be known.
struct smp_xyz smp_xyz_from_reflectance(const double *reflectance, const struct smp_grid *grid);
struct smp_lab smp_lab_from_reflectance(const double *reflectance, const struct smp_grid *grid);

#endif
