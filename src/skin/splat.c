// A look as factors on linear sRGB: what a picture multiplies its skin by.
#include "skin/skin.h"

#include <math.h>

static struct smp_rgb_lin rgb_of(const double *reflectance)
{
    static const struct smp_grid grid = { 400, 10, SMP_WAVELENGTHS };
    return smp_rgb_from_xyz(smp_xyz_from_reflectance(reflectance, &grid));
}

static void factor_at(double factor[3], const struct smp_look *look, double r_mm,
                      const double *reflectance, struct smp_rgb_lin bare)
{
    double under[SMP_WAVELENGTHS];
    for (int w = 0; w < SMP_WAVELENGTHS; w++)
        under[w] = reflectance[w] * (1 - smp_look_at(look, w, r_mm));
    const struct smp_rgb_lin rgb = rgb_of(under);
    const double pair[3][2] = { { rgb.r, bare.r }, { rgb.g, bare.g }, { rgb.b, bare.b } };
    // Very dark, warm skin can leave a primary near 0: nothing is divided by it.
    for (int i = 0; i < 3; i++)
        factor[i] = pair[i][1] > 1e-5 ? fmax(pair[i][0] / pair[i][1], 0) : 1;
}

void smp_splat_make(struct smp_splat *splat, const struct smp_look *look,
                    const double reflectance[SMP_WAVELENGTHS])
{
    const double last = look->r_mm[SMP_LOOK_RINGS - 1];
    const struct smp_rgb_lin bare = rgb_of(reflectance);
    splat->step_mm = last / (SMP_SPLAT_STEPS - 1);
    for (int i = 0; i < SMP_SPLAT_STEPS - 1; i++) {
        double factor[3];
        factor_at(factor, look, i * splat->step_mm, reflectance, bare);
        for (int k = 0; k < 3; k++)
            splat->keep[i][k] = (float)factor[k];
    }
    double under[SMP_WAVELENGTHS];
    for (int w = 0; w < SMP_WAVELENGTHS; w++)
        under[w] = reflectance[w] * look->area_mm2[w];
    const struct smp_rgb_lin area = rgb_of(under);
    const double pair[3][2] = { { area.r, bare.r }, { area.g, bare.g }, { area.b, bare.b } };
    for (int k = 0; k < 3; k++) {
        splat->keep[SMP_SPLAT_STEPS - 1][k] = 1;
        splat->area_mm2[k] = pair[k][1] > 1e-5 ? pair[k][0] / pair[k][1] : 0;
    }
}
