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

// One substance of a pigment. Coefficients at 1 % by volume of it, at the 31 wavelengths.
struct smp_component {
    const char *name;
    double share;           // of the solids, by volume; the shares of a pigment sum to 1
    enum smp_fading fading; // how it leaves the skin
    double mua_per_mm[SMP_WAVELENGTHS];
    double mus_reduced_per_mm[SMP_WAVELENGTHS];
};
enum { SMP_COMPONENTS_MAX = 6 };

// Optical coefficients at 1 % by volume in skin, at the 31 wavelengths.
struct smp_pigment {
    const char *id, *name, *source, *grade; // grade A to D as in the references, U: working figure
    double mua_per_mm[SMP_WAVELENGTHS];     // sum of the components by their shares
    double mus_reduced_per_mm[SMP_WAVELENGTHS];
    double loading; // volume fraction of solids in the bottle, undiluted
    const char *loading_source, *loading_grade;
    bool known;              // false: optics unknown (goethite), never used in a match
    const char *unknown_why; // then: one sentence
    size_t component_count;  // 1 for all but mixtures
    struct smp_component component[SMP_COMPONENTS_MAX];
};
struct smp_catalogue {
    struct smp_pigment *pigments;
    size_t count;
};
// From JSON text (data/pigments.json or the user's own); arena-owned. Spectra of particles are
// computed here from n and k. Errors name file and field.
enum smp_code smp_catalogue_read(struct smp_catalogue *catalogue, const char *file,
                                 const char *text, size_t length, struct smp_arena *arena,
                                 struct smp_err *err);
// By id; NULL where there is none.
const struct smp_pigment *smp_pigment_find(const struct smp_catalogue *catalogue, const char *id);
// Refuses a pigment whose optics are unknown, with a sentence (SMP_E_INPUT).
enum smp_code smp_pigment_matchable(const struct smp_pigment *pigment, const char *where,
                                    struct smp_err *err);

// Coefficients of what is left in the skin: 1 part pigment in `parts_water` parts water (parts by
// volume, as the trade writes shades), and the share of the deposit's volume that is ink
// (`retained`: smp_healing's healed.ink_share is the working figure). Scattering is told for the
// skin's own g of 0.8, so that mus·(1 − g) is the pigment's reduced scattering.
void smp_pigment_in_skin(double mua_per_mm[SMP_WAVELENGTHS], double mus_per_mm[SMP_WAVELENGTHS],
                         const struct smp_pigment *pigment, double parts_water, double retained);
// The same at an age: `retained` is that of the healed median; each component is held to what its
// kind has lost by then, and all to the larger volume of a deposit that has spread.
void smp_pigment_at_age(double mua_per_mm[SMP_WAVELENGTHS], double mus_per_mm[SMP_WAVELENGTHS],
                        const struct smp_pigment *pigment, double parts_water, double retained,
                        const struct smp_aged *aged);

// Pigment packed in macrophages absorbs less than the same pigment spread out (sieve effect).
struct smp_clumping {
    double cluster_um; // diameter of a packed cell or granule, 0 (none) to 50
    double packing;    // volume fraction of pigment inside it, 0 to 0.74
};
// (1 − e^−τ)/τ with τ = mua · chord, chord = 2/3 of the diameter: 1 for none, falling to 0.
double smp_sieve_factor(double mua_cluster_per_mm, double cluster_um);
// Multiplies mua_per_mm by the factor of this pigment's clusters.
void smp_pigment_clump(double mua_per_mm[SMP_WAVELENGTHS], const struct smp_pigment *pigment,
                       const struct smp_clumping *clumping);

// ---- A bottle of the user's own, from a drop chart
// -----------------------------------------------

// A film of ink on a white ground, both measured in a calibrated photo.
struct smp_swatch {
    struct smp_lab lab;       // of the film
    struct smp_lab white_lab; // of the bare ground beside it
    double thickness_um;      // of the film, 1 to 1000
    double parts_water;       // how the ink was diluted, 0 to 1000
};
struct smp_swatch_fit {
    double loading;      // volume fraction of solids in the bottle
    double slope;        // the base spectrum was multiplied by (wavelength / 550)^-slope
    struct smp_lab lab;  // of the film as then computed
    double delta_e00;    // from the measured one
    const char *assumed; // what the figure leans on
};
// Scales a base spectrum so that the film has the measured colour: *pigment is the base with the
// loading and slope found, under the id given. Errors (SMP_E_INPUT): values out of range, a film
// lighter than its ground, one so dark that its strength cannot be read, a colour that no slope
// reaches within 6 ΔE00.
enum smp_code smp_pigment_from_swatch(struct smp_pigment *pigment, struct smp_swatch_fit *fit,
                                      const struct smp_swatch *swatch,
                                      const struct smp_pigment *base, const char *id,
                                      struct smp_err *err);
// Colour of a film of ink on a ground, as smp_pigment_from_swatch computes it.
struct smp_lab smp_film_lab(const struct smp_pigment *pigment, double loading, double slope,
                            const struct smp_swatch *film);

#endif
