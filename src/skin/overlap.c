// What a field of like objects leaves of the skin's light: paths are long or short, and a long one
// meets several objects, each of which has less left to take. docs/optics.md "Overlap".
#include "skin/skin.h"

#include <math.h>

// Where what the objects would take of a path, one by one, has the mean y and spreads as a gamma
// distribution of variance v·y², the light that is left is its Laplace transform. A lattice keeps
// objects apart, so that a path near one meets no other: y is n·D and a little more.
static double left_by(double y, double variance)
{
    return y > 0 ? exp(-log1p(variance * y) / variance) : exp(-y);
}

// Constants: fits to fields run directly (overlap_test holds them), n·D up to 1.

double smp_dots_keep(double n_area, double contrast, double reflectance)
{
    const double c = smp_clamp(contrast, 0.01, 1);
    return left_by(n_area * (1 + 0.234 * c),
                   0.653 * pow(smp_clamp(reflectance, 0.01, 1), -0.137) * pow(c, -0.321));
}

double smp_shafts_keep(double n_area, double contrast, double reflectance, double exit_deg)
{
    const double lean = sin(smp_clamp(exit_deg, 20, 90) * SMP_PI / 180);
    return left_by(n_area * (1 + 0.153 * smp_clamp(contrast, 0, 1)),
                   1.667 * pow(smp_clamp(reflectance, 0.01, 1), -0.189) * pow(lean, 0.881));
}

void smp_field_seen(double seen[SMP_WAVELENGTHS], const double bare[SMP_WAVELENGTHS],
                    const struct smp_takes *takes, double per_mm2)
{
    for (int w = 0; w < SMP_WAVELENGTHS; w++)
        seen[w] = bare[w] * smp_dots_keep(per_mm2 * takes->area_mm2[w], takes->centre[w], bare[w]);
}
