// Skin as light sees it: layers, their flat colour, a deposit inside them, and what time does to
// it.
//
// Everything here is pure. Lengths are in mm, coefficients per mm, angles in degrees where the name
// says so. Wavelengths are the 31 of SMP_WAVELENGTHS: 400, 410 … 700 nm. Sources: docs/optics.md.
#ifndef SMP_SKIN_H
#define SMP_SKIN_H

#include "base/base.h"
#include "colour/colour.h"

// ---- Layers ------------------------------------------------------------------------------------

enum { SMP_LAYERS_MAX = 16 };

struct smp_layer {
    double n;            // refractive index, 1 to 3
    double mua_per_mm;   // absorption coefficient, >= 0
    double mus_per_mm;   // scattering coefficient, >= 0
    double g;            // mean cosine of scattering (Henyey–Greenstein), -1 < g < 1
    double thickness_mm; // > 0; INFINITY for the last layer: semi-infinite
};
struct smp_stack {
    double n_outside; // above and, where the last layer is finite, below
    int count;
    struct smp_layer layer[SMP_LAYERS_MAX];
};
// What becomes of 1 unit of light from above. The parts sum to 1.
struct smp_flux {
    double specular;            // mirrored by the outer face
    double diffuse_reflectance; // all else that comes back (without the specular part)
    double transmittance;       // all that leaves below, the unscattered part included
    double unscattered;         // of that, what was never scattered
    double absorbed[SMP_LAYERS_MAX];
    double standard_error; // of diffuse_reflectance; 0 for adding–doubling
};
enum smp_light { SMP_LIGHT_COLLIMATED, SMP_LIGHT_DIFFUSE };

// "WHERE.layers[2].g must be …" for the first value out of range.
enum smp_code smp_stack_check(const struct smp_stack *stack, const char *where,
                              struct smp_err *err);
// Adding–doubling (Prahl 1995): exact but for the number of streams (even, 4 to 64; 16 gives 3e-4).
enum smp_code smp_stack_reflect(struct smp_flux *flux, const struct smp_stack *stack,
                                enum smp_light light, int streams, struct smp_arena *scratch,
                                struct smp_err *err);

// ---- Photon transport
// ----------------------------------------------------------------------------

struct smp_trace {
    uint64_t photons; // 1 to 1e12
    uint64_t seed;
    struct smp_pool *pool; // or NULL; changes nothing but the time
};
// Monte Carlo in the same layers, collimated light. One random stream a batch of photons.
enum smp_code smp_stack_trace(struct smp_flux *flux, const struct smp_stack *stack,
                              const struct smp_trace *trace, struct smp_arena *scratch,
                              struct smp_err *err);

// ---- The skin model
// --------------------------------------------------------------------------------

enum { SMP_WAVELENGTHS = 31 };
static inline double smp_wavelength_nm(int i)
{
    return 400.0 + 10.0 * i;
}
// Parameters of the layered skin: epidermis, papillary dermis, dermis, fat.
struct smp_skin {
    double melanin;          // volume fraction of melanosomes in the epidermis, 0.001 to 0.6
    double blood;            // volume fraction of blood in the dermis, 0 to 0.2
    double saturation;       // share of oxygenated blood, 0 to 1
    double scattering;       // factor on the reduced scattering coefficient, 0.3 to 3
    double melanin_exponent; // mua of melanosomes ∝ wavelength^-exponent, 2 to 4.5
    double epidermis_mm, papillary_mm, dermis_mm;
    double papillary_blood; // blood of the papillary dermis as a multiple of `blood`
};
// The literature's defaults (optics.md §1.1–1.5): light skin, melanin 0.02, blood 0.005.
struct smp_skin smp_skin_default(void);
enum smp_code smp_skin_check(const struct smp_skin *skin, const char *where, struct smp_err *err);
// The layers at any wavelength of 380 to 780 nm.
void smp_skin_stack(struct smp_stack *stack, const struct smp_skin *skin, double wavelength_nm);
// Diffuse reflectance without specular, at the 31 wavelengths.
enum smp_code smp_skin_spectrum(double reflectance[SMP_WAVELENGTHS], const struct smp_skin *skin,
                                struct smp_arena *scratch, struct smp_err *err);
// Melanin and blood (the rest as given in *skin) whose colour is nearest to a CIELAB; *delta_e00
// tells how near. Colours that no skin has (far from every fit) are refused: SMP_E_INPUT.
enum smp_code smp_skin_fit(struct smp_skin *skin, double *delta_e00, struct smp_lab lab,
                           const char *where, struct smp_arena *scratch, struct smp_err *err);

// ---- A deposit's look
// --------------------------------------------------------------------------------

// Pigment in the dermis: a ball (bottom = top + diameter) or an upright column.
struct smp_deposit_shape {
    double top_mm;      // below the surface, 0.08 to 2
    double bottom_mm;   // above top_mm
    double diameter_mm; // 0.05 to 0.8
};
// Contrast 1 − ρ(r): how much darker the skin looks at distance r_mm from the deposit's axis, as a
// share of bare skin, at one wavelength; and its integral over the plane, D in mm².
// From a shipped table of adjoint photon runs (tools/looks), interpolated in depth, diameter,
// column height, pigment absorption, pigment scattering, and the skin's own coefficients.
double smp_look_contrast(const struct smp_deposit_shape *shape, const struct smp_skin *skin,
                         double wavelength_nm, double mua_per_mm, double mus_per_mm, double r_mm);
double smp_look_area_mm2(const struct smp_deposit_shape *shape, const struct smp_skin *skin,
                         double wavelength_nm, double mua_per_mm, double mus_per_mm);
// The same for 1 to 4 hair shafts in one follicle, leaning exit_deg from the surface (90 =
// upright): x along the lean, y across.
struct smp_shafts {
    int count;         // 1 to 4
    double calibre_mm; // diameter of one shaft, 0.03 to 0.12
    double exit_deg;   // 20 to 90
};
double smp_shaft_contrast(const struct smp_shafts *shafts, const struct smp_skin *skin,
                          double wavelength_nm, double mua_per_mm, double x_mm, double y_mm);
double smp_shaft_area_mm2(const struct smp_shafts *shafts, const struct smp_skin *skin,
                          double wavelength_nm, double mua_per_mm);

#endif
