// Pigments: what they are, how they absorb and scatter in skin, diluted in water; and the recipe
// whose healed dots read as stubble.
#ifndef SMP_PIGMENT_H
#define SMP_PIGMENT_H

#include "base/base.h"
#include "skin/skin.h"

// ---- Single particles: Lorenz–Mie
// ------------------------------------------------------------------

struct smp_mie {
    double q_ext, q_sca, g; // efficiencies and mean cosine
};
// Sphere of size parameter x = π·diameter/wavelength_in_medium and relative index n − i·k
// (Bohren & Huffman 1983; Wiscombe 1980 for the number of terms). x 1e-6 to 1e4.
struct smp_mie smp_mie_sphere(double x, double n, double k);

// ---- Catalogue
// -----------------------------------------------------------------------------------

// Optical coefficients at 1 % by volume in skin, at the 31 wavelengths.
struct smp_pigment {
    const char *id, *name, *source, *grade; // grade A to D as in the references
    double mua_per_mm[SMP_WAVELENGTHS];
    double mus_reduced_per_mm[SMP_WAVELENGTHS];
    double loading; // volume fraction in the bottle, undiluted
    bool known;     // false: optics unknown (goethite), never used in a match
};
struct smp_catalogue {
    struct smp_pigment *pigments;
    size_t count;
};
// From JSON text (data/pigments.json or the user's own); arena-owned. Errors name file and field.
enum smp_code smp_catalogue_read(struct smp_catalogue *catalogue, const char *file,
                                 const char *text, size_t length, struct smp_arena *arena,
                                 struct smp_err *err);
// Coefficients of what is left in the skin: 1 part pigment in `parts_water` parts water, and the
// share of the bottle's loading that stays once healed (`retained`, by volume of the deposit).
void smp_pigment_in_skin(double mua_per_mm[SMP_WAVELENGTHS], double mus_per_mm[SMP_WAVELENGTHS],
                         const struct smp_pigment *pigment, double parts_water, double retained);

#endif
