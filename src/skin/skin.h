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

// "WHERE.layers[2].g must be …" for the first value out of range (WHERE may be "").
enum smp_code smp_stack_check(const struct smp_stack *stack, const char *where,
                              struct smp_err *err);
// From JSON text: {"n_outside": 1.0, "layers": [{"n", "mua_per_mm", "mus_per_mm", "g",
// "thickness_mm"}, …]}; n_outside may be absent (1), thickness_mm null in the last layer. Errors
// name file and field.
enum smp_code smp_stack_read(struct smp_stack *stack, const char *file, const char *text,
                             size_t length, struct smp_err *err);
// Adding–doubling (Prahl 1995): exact but for the number of streams (even, 4 to 64; 16 gives 3e-4).
enum smp_code smp_stack_reflect(struct smp_flux *flux, const struct smp_stack *stack,
                                enum smp_light light, int streams, struct smp_arena *scratch,
                                struct smp_err *err);

// ---- Photon transport ---------------------------------------------------------------------------

struct smp_trace {
    uint64_t photons; // 1 to 1e12
    uint64_t seed;
    struct smp_pool *pool; // or NULL; changes nothing but the time
};
// Monte Carlo in the same layers, collimated light. One random stream a batch of photons.
enum smp_code smp_stack_trace(struct smp_flux *flux, const struct smp_stack *stack,
                              const struct smp_trace *trace, struct smp_arena *scratch,
                              struct smp_err *err);
// The same with more to tell.
struct smp_trace_stats {
    double transmittance_error; // standard error of transmittance
    double steps;               // free paths a photon, empty lanes included: what a run costs
};
enum smp_code smp_stack_trace_stats(struct smp_flux *flux, struct smp_trace_stats *stats,
                                    const struct smp_stack *stack, const struct smp_trace *trace,
                                    struct smp_arena *scratch, struct smp_err *err);

// Direct runs with deposits inside, to hold tables and rules of overlap against. Deposits may
// overlap; what they hold adds to the skin's own coefficients.
struct smp_trace_deposit {
    double x_mm, y_mm;                     // of the axis
    double top_mm, bottom_mm, diameter_mm; // a ball where bottom = top + diameter, else a column
    double mua_per_mm, mus_per_mm, g;      // of the pigment
};
enum { SMP_TRACE_DEPOSITS_MAX = 64 };
struct smp_trace_scene {
    const struct smp_stack *stack; // all layers of one refractive index
    const struct smp_trace_deposit *deposits;
    int count; // 0 to SMP_TRACE_DEPOSITS_MAX
    // Uniform diffuse light, seen straight from above (COLLIMATED) or from all sides (DIFFUSE).
    enum smp_light seen;
};
struct smp_trace_look {
    double reflectance;    // of bare skin by these photons, without the specular part
    double contrast;       // 1 − ρ, exactly 0 without pigment
    double contrast_error; // standard error
};
// looks[i] at points[i]; `trace->photons` photons for each, launched there and followed out: by
// reciprocity the weight that leaves is what the point shows under uniform light.
enum smp_code smp_stack_trace_deposits(struct smp_trace_look *looks,
                                       const struct smp_trace_scene *scene,
                                       const struct smp_vec2 *points_mm, size_t count,
                                       const struct smp_trace *trace, struct smp_arena *scratch,
                                       struct smp_err *err);

// ---- The skin model -----------------------------------------------------------------------------

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
enum { SMP_SKIN_FIELDS = 9 };
extern const struct smp_field smp_skin_fields[SMP_SKIN_FIELDS];
// The literature's defaults (optics.md §1.1–1.5): light skin, melanin 0.02, blood 0.005.
struct smp_skin smp_skin_default(void);
enum smp_code smp_skin_check(const struct smp_skin *skin, const char *where, struct smp_err *err);
// The layers at any wavelength of 380 to 780 nm.
void smp_skin_stack(struct smp_stack *stack, const struct smp_skin *skin, double wavelength_nm);
// Diffuse reflectance without specular, at the 31 wavelengths.
enum smp_code smp_skin_spectrum(double reflectance[SMP_WAVELENGTHS], const struct smp_skin *skin,
                                struct smp_arena *scratch, struct smp_err *err);
// Colour of such a spectrum (D65, 2°).
struct smp_lab smp_skin_lab(const double reflectance[SMP_WAVELENGTHS]);
// Melanin and blood whose colour is nearest to a CIELAB, and the melanin exponent, which is held
// softly to the one given; the rest as given in *skin. *delta_e00 tells how near. Colours that no
// skin of the model has (more than ΔE00 4 from every fit) are refused, SMP_E_INPUT: *skin is
// untouched then and *delta_e00 tells how far.
enum smp_code smp_skin_fit(struct smp_skin *skin, double *delta_e00, struct smp_lab lab,
                           const char *where, struct smp_arena *scratch, struct smp_err *err);

// Melanin, blood, melanin exponent and scattering nearest to a measured spectrum (specular light
// left out); *rms is what is left, in reflectance.
enum smp_code smp_skin_fit_spectrum(struct smp_skin *skin, double *rms,
                                    const double reflectance[SMP_WAVELENGTHS], const char *where,
                                    struct smp_arena *scratch, struct smp_err *err);

// ---- A deposit's look ---------------------------------------------------------------------------

// Pigment in the dermis: a ball (bottom = top + diameter) or an upright column.
struct smp_deposit_shape {
    double top_mm;      // below the surface, 0.08 to 2
    double bottom_mm;   // above top_mm
    double diameter_mm; // 0.05 to 0.8
};
// Contrast 1 − ρ(r): how much darker the skin looks at distance r_mm from the deposit's axis, as a
// share of bare skin, at one wavelength; and its integral over the plane, D in mm².
// From a shipped table of adjoint photon runs (tools/make_looks.c), interpolated in depth,
// diameter, column height, pigment absorption, and the skin's own coefficients. A ball is what is
// as high as wide; all else is a column. mus_per_mm: scattering coefficient of the pigment with g
// 0.8, so its reduced one is a fifth; a white deposit can have a contrast below 0.
double smp_look_contrast(const struct smp_deposit_shape *shape, const struct smp_skin *skin,
                         double wavelength_nm, double mua_per_mm, double mus_per_mm, double r_mm);
double smp_look_area_mm2(const struct smp_deposit_shape *shape, const struct smp_skin *skin,
                         double wavelength_nm, double mua_per_mm, double mus_per_mm);
// The same for 1 to 4 hair shafts in one follicle, leaning exit_deg from the surface (90 =
// upright): x from the mouth to where the shafts lie under the skin, y across.
struct smp_shafts {
    int count;         // 1 to 4
    double calibre_mm; // diameter of one shaft, 0.03 to 0.12
    double exit_deg;   // 20 to 90
};
double smp_shaft_contrast(const struct smp_shafts *shafts, const struct smp_skin *skin,
                          double wavelength_nm, double mua_per_mm, double x_mm, double y_mm);
double smp_shaft_area_mm2(const struct smp_shafts *shafts, const struct smp_skin *skin,
                          double wavelength_nm, double mua_per_mm);

// ---- The same compiled, for searches and pictures -----------------------------------------------

// A skin made ready at the 31 wavelengths (about 1 ms): then a look costs some 10 µs.
struct smp_look_skin;
struct smp_look_skin *smp_look_skin_make(const struct smp_skin *skin, struct smp_arena *arena);

enum { SMP_LOOK_RINGS = 18 };
struct smp_look {
    double r_mm[SMP_LOOK_RINGS];                      // 0 to 3.2 mm
    double contrast[SMP_WAVELENGTHS][SMP_LOOK_RINGS]; // 1 − ρ on those rings
    double area_mm2[SMP_WAVELENGTHS];                 // D
};
// mua and mus of the pigment at the 31 wavelengths; mus (with g 0.8, as the skin's) may be NULL
// for 0.
void smp_look_compile(struct smp_look *look, const struct smp_look_skin *skin,
                      const struct smp_deposit_shape *shape, const double *mua_per_mm,
                      const double *mus_per_mm);
// At some of the wavelengths only; the rest of *look is left as it was.
struct smp_every {
    int first, last, step;
};
void smp_look_compile_some(struct smp_look *look, const struct smp_look_skin *skin,
                           const struct smp_deposit_shape *shape, const double *mua_per_mm,
                           const double *mus_per_mm, struct smp_every wavelengths);
double smp_look_at(const struct smp_look *look, int wavelength, double r_mm);
// The same at many distances, in one go.
void smp_look_profile(double *contrast, const struct smp_look *look, int wavelength,
                      const double *r_mm, size_t count);
// The same look where light deeper than 3 mm is lost, as in runs whose skin ends there (optics.md
// §1.8), by factors for a ball of 0.3 mm: red light of deep dots is up to a fifth less.
void smp_look_lose_depth(struct smp_look *look, const struct smp_look_skin *skin, double top_mm);
// What an object takes of the light of a whole field: D, and the contrast at its middle.
struct smp_takes {
    double area_mm2[SMP_WAVELENGTHS], centre[SMP_WAVELENGTHS];
};
// Without the rest of the look: about 1 µs a wavelength.
void smp_look_takes(struct smp_takes *takes, const struct smp_look_skin *skin,
                    const struct smp_deposit_shape *shape, const double *mua_per_mm,
                    const double *mus_per_mm);
// Middle of shafts: 0.06 mm from the mouth, where they lie just below the surface.
void smp_shaft_takes(struct smp_takes *takes, const struct smp_look_skin *skin,
                     const struct smp_shafts *shafts, const double *mua_per_mm);

// ---- Fields: many objects overlap ---------------------------------------------------------------

// Share of the bare skin's light (diffuse reflectance given) that a field leaves whose objects
// alone would take n_area = n·D of it, with that contrast at their middles, on a jittered hexagon
// lattice (0.155). Right within 0.01 up to n·D = 1: fits to direct runs (docs/optics.md "Overlap").
double smp_dots_keep(double n_area, double contrast, double reflectance);
// The same for follicles whose shafts lean exit_deg from the surface.
double smp_shafts_keep(double n_area, double contrast, double reflectance, double exit_deg);
// Mean reflectance of a field of dots.
void smp_field_seen(double seen[SMP_WAVELENGTHS], const double bare[SMP_WAVELENGTHS],
                    const struct smp_takes *takes, double per_mm2);

// The shafts of one follicle on a grid around its mouth, for callers who look at many places.
enum { SMP_SHAFT_ALONG = 18, SMP_SHAFT_ACROSS = 12 };
struct smp_shaft_look {
    double along_mm[SMP_SHAFT_ALONG], across_mm[SMP_SHAFT_ACROSS];
    double log_contrast[SMP_WAVELENGTHS][SMP_SHAFT_ACROSS][SMP_SHAFT_ALONG];
};
void smp_shaft_compile(struct smp_shaft_look *look, const struct smp_look_skin *skin,
                       const struct smp_shafts *shafts, const double *mua_per_mm);
double smp_shaft_at(const struct smp_shaft_look *look, int wavelength, double x_mm, double y_mm);

// A look in linear sRGB for one skin: factors on the skin's own light, by distance. Factors of
// several dots multiply (match.md §1: right within 0.01 to 35 % darkening).
enum { SMP_SPLAT_STEPS = 128 };
struct smp_splat {
    double step_mm;                 // distance of neighbouring rows
    float keep[SMP_SPLAT_STEPS][3]; // factor at i · step_mm, at most 1; last row: 1
    double area_mm2[3];             // ∫(1 − factor) dA
};
// reflectance: of the bare skin (smp_skin_spectrum).
void smp_splat_make(struct smp_splat *splat, const struct smp_look *look,
                    const double reflectance[SMP_WAVELENGTHS]);

// ---- Healing and fading -------------------------------------------------------------------------

// Kinds of colourant by how they leave the skin.
#define SMP_FADINGS(X)                                                                             \
    X(SMP_FADING_CARBON, "carbon")                                                                 \
    X(SMP_FADING_OXIDE, "oxide")                                                                   \
    X(SMP_FADING_ORGANIC, "organic")                                                               \
    X(SMP_FADING_WHITE, "white")
#define SMP_FADING_ENUM(name, text) name,
enum smp_fading { SMP_FADINGS(SMP_FADING_ENUM) SMP_FADING_COUNT };
extern const char *const smp_fading_names[]; // NULL-ended

// A constant of data/healing.json: half of the draws lie between min and value, half between value
// and max.
struct smp_constant {
    double value, min, max;
    const char *unit, *source, *grade;
};
#define SMP_HEALING_CONSTANTS(X)                                                                   \
    X(SMP_HEAL_INK_SHARE, "healed.ink_share")                                                      \
    X(SMP_HEAL_DAYS, "healing.days")                                                               \
    X(SMP_HEAL_STRENGTH, "healed.strength")                                                        \
    X(SMP_HEAL_UPTAKE, "healed.uptake")                                                            \
    X(SMP_HEAL_GROWTH, "fresh.growth_mm")                                                          \
    X(SMP_HEAL_DIAMETER, "healed.diameter_factor")                                                 \
    X(SMP_HEAL_TOP, "healed.top_offset_mm")                                                        \
    X(SMP_HEAL_EPIDERMAL, "fresh.epidermal_share")                                                 \
    X(SMP_HEAL_REDNESS, "fresh.blood_factor")                                                      \
    X(SMP_HEAL_REDNESS_DAYS, "fresh.redness_days")                                                 \
    X(SMP_HEAL_LIFE_CARBON, "life_years.carbon")                                                   \
    X(SMP_HEAL_LIFE_OXIDE, "life_years.oxide")                                                     \
    X(SMP_HEAL_LIFE_ORGANIC, "life_years.organic")                                                 \
    X(SMP_HEAL_LIFE_WHITE, "life_years.white")                                                     \
    X(SMP_HEAL_SPREAD, "spread.mm2_per_year")                                                      \
    X(SMP_HEAL_DRIFT, "drift.mm_per_year")                                                         \
    X(SMP_HEAL_SUN, "sun.rate_factor")                                                             \
    X(SMP_HEAL_SUN_CARBON, "sun.share_carbon")                                                     \
    X(SMP_HEAL_SUN_OXIDE, "sun.share_oxide")                                                       \
    X(SMP_HEAL_SUN_ORGANIC, "sun.share_organic")                                                   \
    X(SMP_HEAL_SUN_WHITE, "sun.share_white")                                                       \
    X(SMP_HEAL_OIL, "oil.rate_factor")                                                             \
    X(SMP_HEAL_OIL_SPREAD, "oil.spread_factor")                                                    \
    X(SMP_HEAL_SCAR, "scar.rate_factor")                                                           \
    X(SMP_HEAL_SCAR_SPREAD, "scar.spread_factor")                                                  \
    X(SMP_HEAL_HEIGHT, "healed.height_ratio")
#define SMP_HEALING_ENUM(name, text) name,
enum smp_healing_constant { SMP_HEALING_CONSTANTS(SMP_HEALING_ENUM) SMP_HEALING_COUNT };

struct smp_healing {
    struct smp_constant constant[SMP_HEALING_COUNT];
};
// From JSON text (data/healing.json or the user's own); texts are arena-owned. Every constant must
// be there, with min <= value <= max and within what the model can work with; but for
// healed.height_ratio, which older files do not have: 1, a ball.
enum smp_code smp_healing_read(struct smp_healing *healing, const char *file, const char *text,
                               size_t length, struct smp_arena *arena, struct smp_err *err);

// What wears a client's dots. All zero: little sun, neither oily nor scarred.
struct smp_wear {
    double sun;  // 0 little, 1 heavy (outdoors daily without cover)
    double oily; // 0 no, 1 very
    bool scarred;
};

// The age of "healed" in years: 6 weeks. By definition the state that a recipe is made for.
#define SMP_HEALED_YEARS (42.0 / 365.25)
enum { SMP_AGE_MAX_YEARS = 30 };
// "fresh", "healed", "3y", "2.5y", "10d", "6w" as years. Error (SMP_E_INPUT): anything else.
enum smp_code smp_age_years(double *years, const char *text, const char *where,
                            struct smp_err *err);

// One possible course of events: every constant drawn, or (smp_fate_median) the working value.
struct smp_fate {
    double drawn[SMP_HEALING_COUNT];
    double median_strength; // the working value of healed.strength, to which the plan refers
    double median_height;   // that of healed.height_ratio
    struct smp_wear wear;
};
struct smp_fate smp_fate_median(const struct smp_healing *healing, const struct smp_wear *wear);
// Draw `index` of the stream of `seed`; depends on nothing else.
struct smp_fate smp_fate_draw(const struct smp_healing *healing, const struct smp_wear *wear,
                              uint64_t seed, uint64_t index);

// The healed deposit that a plan means: a column `height_ratio` (healed.height_ratio) times as high
// as wide; 1: a ball.
static inline struct smp_deposit_shape smp_deposit_planned(double top_mm, double diameter_mm,
                                                           double height_ratio)
{
    return (struct smp_deposit_shape){ top_mm, top_mm + height_ratio * diameter_mm, diameter_mm };
}

// A deposit at an age. Strengths are factors on the absorption (and scattering) that the planned
// deposit has, healed, in the median.
struct smp_aged {
    double years;
    struct smp_deposit_shape shape;
    double strength[SMP_FADING_COUNT]; // of the coefficients per mm: amount over volume
    double amount[SMP_FADING_COUNT];   // of the pigment itself
    double epidermal_share; // of the pigment that still lies in the epidermis and will be shed
    double blood_factor;    // redness: on the blood of the papillary dermis round the dot
};
// `planned` is the deposit as the recipe means it: healed, median. years 0 (fresh) to 30.
struct smp_aged smp_aged_at(const struct smp_fate *fate, const struct smp_deposit_shape *planned,
                            double years);

// A skin with `factor` times the blood in its papillary dermis, as much of it as a skin can hold:
// what blood_factor makes of it.
struct smp_skin smp_skin_redder(const struct smp_skin *skin, double factor);

// Many fates with weights that sum to 1.
struct smp_ensemble {
    size_t count;
    struct smp_fate *fates;
    double *weights;
};
enum { SMP_DRAWS = 2000, SMP_DRAWS_MIN = 100, SMP_DRAWS_MAX = 200000 };
enum smp_code smp_ensemble_make(struct smp_ensemble *ensemble, const struct smp_healing *healing,
                                const struct smp_wear *wear, uint64_t seed, size_t draws,
                                struct smp_arena *arena, struct smp_err *err);
// A value of one of its draws, to be put in order with the others: smallest first, equal ones by
// index, so that the order is the same everywhere.
struct smp_ranked {
    double value, weight;
    size_t index;
};
void smp_rank(struct smp_ranked *ranked, size_t count);
// Draws that still count: 1 / Σ weight².
double smp_ensemble_effective(const struct smp_ensemble *ensemble);

// What is asked of a deposit at an age: a contrast, a ΔE00, a diameter. Called from several
// threads; must be finite and depend on its arguments alone.
struct smp_question {
    double (*value)(const void *context, const struct smp_aged *aged);
    const void *context;
    struct smp_deposit_shape planned;
};
struct smp_band { // weighted quantiles: 5, 50 and 95 %
    double low, median, high;
};
enum smp_code smp_age_band(struct smp_band *band, const struct smp_ensemble *ensemble,
                           const struct smp_question *question, double years, struct smp_pool *pool,
                           struct smp_arena *scratch, struct smp_err *err);

// The age at which a value (ΔE00 of the match) first passes a limit.
struct smp_touch_up {
    struct smp_band years; // the horizon itself where it is not reached by then
    double share_beyond;   // of the fates, by weight, that keep within the limit to the horizon
    double share_at_once;  // that are past it when healed
};
// Sought from healed to `horizon_years` in steps of half a year, then halved to 0.03 years.
enum smp_code smp_touch_up_forecast(struct smp_touch_up *forecast,
                                    const struct smp_ensemble *ensemble,
                                    const struct smp_question *question, double limit,
                                    double horizon_years, struct smp_pool *pool,
                                    struct smp_arena *scratch, struct smp_err *err);

// A follow-up photo gave `measured` ± `sd` for the question at an age: the weights are multiplied
// by the normal likelihood, so bands narrow. Errors (SMP_E_INPUT, weights untouched): values out of
// range; a measurement that fewer than 20 of the draws can explain (make more draws, or doubt it).
struct smp_observation {
    double years, measured, sd;
};
enum smp_code smp_ensemble_observe(struct smp_ensemble *ensemble,
                                   const struct smp_question *question,
                                   const struct smp_observation *seen, struct smp_pool *pool,
                                   struct smp_arena *scratch, struct smp_err *err);
// The same for photos that tell a value only up to a factor, alike in all of them (lens, skin, how
// the model itself is off): its logarithm is known to `common_sd`, and each measurement's own error
// is `sd` of it (0.1: a tenth). One photo then says little, two say how much has faded. Values and
// measurements must be above 0.
enum smp_code smp_ensemble_observe_ratios(struct smp_ensemble *ensemble,
                                          const struct smp_question *question,
                                          const struct smp_observation *seen, size_t count,
                                          double common_sd, struct smp_pool *pool,
                                          struct smp_arena *scratch, struct smp_err *err);

#endif
