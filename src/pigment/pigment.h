// Pigments: what they are, how they absorb and scatter in skin, diluted in water; and the recipe
// whose healed dots read as stubble.
#ifndef SMP_PIGMENT_H
#define SMP_PIGMENT_H

#include "base/base.h"
#include "skin/skin.h"

// ---- Single particles: Lorenz–Mie ---------------------------------------------------------------

struct smp_mie {
    double q_ext, q_sca, g; // efficiencies and mean cosine
};
// Sphere of size parameter x = π·diameter/wavelength_in_medium and relative index n − i·k
// (Bohren & Huffman 1983; Wiscombe 1980 for the number of terms). x 1e-6 to 1e4.
struct smp_mie smp_mie_sphere(double x, double n, double k);

// ---- Catalogue ----------------------------------------------------------------------------------

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

// ---- A bottle of the user's own, from a drop chart ----------------------------------------------

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

// ---- Stubble: what the dots are to look like ----------------------------------------------------

struct smp_stubble {
    double fu_per_cm2;       // 1 to 300
    double share[4];         // of units with 1 to 4 hairs; sums to 1
    double calibre_mm;       // of a shaft, 0.03 to 0.12
    double stubble_mm;       // above the skin, 0 to 2
    double exit_deg;         // between shaft and skin, 20 to 90
    double jitter;           // of the pattern: SD along an axis in lattice spacings, 0 to 0.5
    struct smp_lab hair_lab; // of the hair itself, cut (a tress), CIELAB D65
};
// 75 units/cm² of 20/45/30/5 %, 70 µm, 0.3 mm, 45°, dark brown. Sources: docs/match.md.
struct smp_stubble smp_stubble_default(void);
enum smp_code smp_stubble_check(const struct smp_stubble *stubble, const char *where,
                                struct smp_err *err);
// Absorption of a shaft, per mm, from the hair's lightness.
double smp_hair_mua_per_mm(const struct smp_stubble *stubble, double wavelength_nm);
// Spread (SD over mean) of hairs per unit: the strength spread that dots should have.
double smp_stubble_spread(const struct smp_stubble *stubble);

// ---- Match: the recipe whose healed dots read as that stubble -----------------------------------

struct smp_viewing {  // how a viewer looks
    double light_lux; // 500
    double field_mm;  // 100
    double weber;     // 0.2: how strong texture saturates
};
struct smp_viewing smp_viewing_default(void);

// What is given beforehand and not searched for. NAN (pigment: SIZE_MAX) is left open.
struct smp_match_hold {
    size_t pigment; // in the catalogue
    double parts_water, diameter_mm, dots_per_cm2, strength_cv;
};
struct smp_match_request {
    struct smp_skin skin; // fitted to the client's own
    struct smp_stubble stubble;
    const struct smp_lab *sides_lab; // area colour of the client's own shaved sides, or NULL
    double top_mm; // healed deposit's top, 0.08 to 1; 0: the recipe's own choice, 0.1 to 0.15
    double diameter_min_mm, diameter_max_mm; // healed, that the needle can do
    double dots_max_per_cm2;
    double distance_mm;        // for which texture is ranked
    double age_years;          // of the client, 0: not given
    double touch_up_delta_e00; // at which the match is called lost, 1 to 10
    struct smp_viewing viewing;
    struct smp_wear wear;
    const struct smp_catalogue *catalogue;
    const struct smp_healing *healing;
    const struct smp_match_hold *hold; // NULL: all is searched for
    // Of the mean spacing, what the pattern keeps between its nearest dots, which must be two
    // diameters; 0: 1, a lattice. A density and a diameter that are both held are not refused.
    double gap_share;
    size_t recipes_max; // 0: SMP_RECIPES_MAX
};
// Without skin, catalogue and healing: depth open, 0.15 to 0.4 mm wide, seen from 0.6 m.
struct smp_match_request smp_match_request_default(void);

// Ages told for each recipe.
#define SMP_MATCH_AGES(X)                                                                          \
    X(SMP_AT_FRESH, "fresh", 0)                                                                    \
    X(SMP_AT_HEALED, "healed", 0.115)                                                              \
    X(SMP_AT_1Y, "1y", 1)                                                                          \
    X(SMP_AT_3Y, "3y", 3)                                                                          \
    X(SMP_AT_5Y, "5y", 5)                                                                          \
    X(SMP_AT_8Y, "8y", 8)
#define SMP_MATCH_AGE_ENUM(name, text, years) name,
enum smp_match_age { SMP_MATCH_AGES(SMP_MATCH_AGE_ENUM) SMP_MATCH_AGE_COUNT };

enum smp_limit { SMP_LIMIT_NONE, SMP_LIMIT_COLOUR, SMP_LIMIT_TEXTURE, SMP_LIMIT_POLARITY };
extern const char *const smp_limit_names[]; // "none", "colour", "texture", "polarity"

struct smp_span { // nominal, and the extremes over the stated errors
    double low, value, high;
};
struct smp_outlook { // at one age
    struct smp_span delta_e00;
    struct smp_span side_by_side_mm, casual_mm; // illusion distances; INFINITY: never within 5 m
    enum smp_limit limited_by;                  // of the side-by-side distance
    struct smp_lab lab;                         // of the area
};

// Bits of a recipe's warnings; the words are smp_match_warning_text's.
#define SMP_MATCH_WARNINGS(X)                                                                      \
    X(SMP_MW_COLOUR, "colour", "the colour of the area stays off by more than 2 ΔE00")             \
    X(SMP_MW_HELMET, "helmet", "darker than the stubble beside it: it will read as a cap")         \
    X(SMP_MW_TOO_LIGHT, "too-light",                                                               \
      "lighter than the stubble beside it at the densities allowed")                               \
    X(SMP_MW_BLUE, "blue-shift", "bluer than the stubble: dots under skin lose red last")          \
    X(SMP_MW_DEEP, "too-deep", "too deep to look like hair from closer than a metre")              \
    X(SMP_MW_SATURATED, "saturated",                                                               \
      "the shade is saturated: more pigment will not show, a wider dot will")                      \
    X(SMP_MW_COVER, "cover", "dots tint more than a fifth of the skin")                            \
    X(SMP_MW_GREY, "sides-grey",                                                                   \
      "the hair is greying: dark dots will stand out as the sides turn grey")                      \
    X(SMP_MW_SHALLOW, "shallow",                                                                   \
      "too shallow for a hand to be sure of: the epidermis sheds, deeper is softer and bluer")
#define SMP_MATCH_WARNING_ENUM(name, id, text) name,
enum smp_match_warning { SMP_MATCH_WARNINGS(SMP_MATCH_WARNING_ENUM) SMP_MATCH_WARNING_COUNT };
extern const char *const smp_match_warning_ids[];
extern const char *const smp_match_warning_texts[];
extern const char *const smp_match_age_names[];
extern const double smp_match_age_years[];

struct smp_recipe {
    size_t pigment; // in the catalogue
    double parts_water;
    double top_mm, diameter_mm, dots_per_cm2, strength_cv;
    double dots_low_per_cm2, dots_high_per_cm2; // as good within 0.3 JND, all else equal
    double delta_e00, texture_jnd;              // healed; texture at the distance asked for
    struct smp_outlook at[SMP_MATCH_AGE_COUNT];
    struct smp_touch_up touch_up; // when the match passes touch_up_delta_e00; the first only
    double doubled_delta_e00;     // that twice the pigment would make
    unsigned warnings;            // 1u << enum smp_match_warning
};
enum { SMP_RECIPES_MAX = 6 };
struct smp_match {
    struct smp_lab bare_lab, stubble_lab;
    double stubble_delta_e00;                   // stubble against bare skin
    struct smp_recipe recipes[SMP_RECIPES_MAX]; // best first, a pigment each
    size_t count;
    const char *impossible; // why there is none, or NULL
};
// Errors: SMP_E_INPUT for a request out of range, SMP_E_NOMEM.
enum smp_code smp_match_find(struct smp_match *match, const struct smp_match_request *request,
                             struct smp_pool *pool, struct smp_arena *scratch, struct smp_err *err);

// When the match of one of its recipes is lost, by an ensemble of the caller's.
enum smp_code smp_match_touch_up(struct smp_touch_up *touch_up,
                                 const struct smp_match_request *request,
                                 const struct smp_recipe *recipe,
                                 const struct smp_ensemble *ensemble, struct smp_pool *pool,
                                 struct smp_arena *scratch, struct smp_err *err);

// ---- What follow-up photos say of the dots' course of events ------------------------------------

// A dot whose contrast photos measure.
struct smp_photo_dot {
    const struct smp_pigment *pigment;
    double parts_water, retained;
    struct smp_skin skin;
};
// ln of bare skin over the dot's middle in a camera's red, as photos are measured: the value of a
// question (skin/skin.h) whose context is a smp_photo_dot.
double smp_photo_contrast(const void *photo_dot, const struct smp_aged *aged);
// The question of that dot, of a deposit that is meant to be so wide and to have its top there.
struct smp_question smp_photo_question(const struct smp_photo_dot *dot,
                                       const struct smp_healing *healing, double top_mm,
                                       double diameter_mm);
// SMP_DRAWS courses of events weighed by the contrasts that photos show of it; model_sd as
// common_sd of smp_ensemble_observe_ratios, whose errors these are too.
struct smp_photos_of_dots {
    const struct smp_observation *seen;
    size_t count;
    double model_sd;
};
enum smp_code smp_photo_ensemble(struct smp_ensemble *ensemble, const struct smp_healing *healing,
                                 const struct smp_wear *wear, const struct smp_question *question,
                                 const struct smp_photos_of_dots *photos, struct smp_pool *pool,
                                 struct smp_arena *arena, struct smp_err *err);

#endif
