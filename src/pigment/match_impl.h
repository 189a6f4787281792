// Private to the match: what the eye makes of a field of dots or hairs.
#ifndef SMP_MATCH_IMPL_H
#define SMP_MATCH_IMPL_H

#include "pigment/pigment.h"

// ---- The eye ------------------------------------------------------------------------------------

// Contrast sensitivity (Barten 1999) at `cpd` cycles per degree, for a field of field_deg at a mean
// luminance in cd/m². 1 / the contrast that is just seen.
double smp_contrast_sensitivity(double cpd, double luminance_cd_per_m2, double field_deg);

// ---- Ensemble spectra ---------------------------------------------------------------------------

// Radial frequencies, cycles per mm on the skin: six an octave from 0.005.
enum { SMP_FREQUENCIES = 76 };
double smp_frequency_per_mm(int i);

// A field of like objects strewn on a jittered hexagon lattice: what is needed of it to know the
// luminance spectrum. An object's amplitude A(f) is the Fourier transform of how it lowers
// luminance, as a share of the field's mean; rings are averaged over direction.
struct smp_texture {
    double per_mm2; // objects
    double jitter;  // SD of the Gaussian jitter along each axis, in lattice spacings; < 0: random
    double mean_amplitude2[SMP_FREQUENCIES]; // |<A>|², mm⁴
    double amplitude2[SMP_FREQUENCIES];      // <|A|²>, mm⁴
    double third_moment; // sign of the skewness: > 0 darker specks on lighter ground
};

enum { SMP_BANDS = 8 }; // octaves centred at 0.5, 1 … 64 cycles per degree

// The eye at one distance: squared contrast sensitivity at the grid's frequencies (0 where unseen).
struct smp_sight {
    double distance_mm, weber;
    double csf2[SMP_FREQUENCIES];
    struct smp_band_share { // of the octave below it; the rest is the next one's
        int band;
        double share;
    } octave[SMP_FREQUENCIES];
};
// luminance_y: of the area looked at, white = 1.
void smp_sight_make(struct smp_sight *sight, const struct smp_viewing *viewing, double distance_mm,
                    double luminance_y);
// Contrast by band in units of the threshold.
void smp_texture_bands(double bands[SMP_BANDS], const struct smp_texture *texture,
                       const struct smp_sight *sight);
// Texture difference in just-noticeable differences, of two textures or of their bands.
double smp_texture_difference(const struct smp_texture *a, const struct smp_texture *b,
                              const struct smp_sight *sight);
double smp_bands_difference(const double a[SMP_BANDS], const double b[SMP_BANDS], double weber);
double smp_hexagon_spacing_mm(double per_mm2);

// ---- Fields: what is seen of stubble, and of dots -----------------------------------------------

// Colour of a spectrum at the 31 wavelengths.
struct smp_xyz smp_xyz_of(const double reflectance[SMP_WAVELENGTHS]);
// Shares of luminance by wavelength: Y of a spectrum is Σ weight · reflectance (D65, 2°).
void smp_luminance_weights(double weight[SMP_WAVELENGTHS]);

struct smp_scalp_view { // an area from afar, and its texture
    struct smp_xyz xyz;
    double ln_darkening; // ln of bare skin's luminance over the area's
    struct smp_texture texture;
};

// Stubble in the skin. Errors: SMP_E_NOMEM.
enum smp_code smp_stubble_view(struct smp_scalp_view *view, const struct smp_stubble *stubble,
                               const struct smp_skin *skin,
                               const double bare[SMP_WAVELENGTHS], // reflectance
                               struct smp_arena *scratch, struct smp_err *err);

// One dot's look, from which every field of such dots follows.
enum { SMP_RADII = 22, SMP_PROFILES = 13 };
struct smp_dot_sight {
    struct smp_takes takes;
    double contrast[SMP_PROFILES][SMP_RADII]; // at 440, 460 … 680 nm
};
struct smp_hankel; // from radii to frequencies; opaque
struct smp_hankel *smp_hankel_make(struct smp_arena *arena);
void smp_dot_sight(struct smp_dot_sight *sight, const struct smp_deposit_shape *shape,
                   const struct smp_look_skin *skin, const double mua_per_mm[SMP_WAVELENGTHS],
                   const double mus_per_mm[SMP_WAVELENGTHS]);
// n dots/cm² whose strengths spread by strength_cv (SD over mean).
void smp_dots_view(struct smp_scalp_view *view, const struct smp_dot_sight *dot,
                   const double bare[SMP_WAVELENGTHS], double dots_per_cm2, double strength_cv,
                   double jitter, const struct smp_hankel *hankel);

// ---- The search ---------------------------------------------------------------------------------

struct smp_target { // what is fixed for one match
    const struct smp_match_request *request;
    double bare[SMP_WAVELENGTHS];
    double red[SMP_WAVELENGTHS];      // bare skin on the day of the session
    const struct smp_look_skin *skin; // the request's, made ready
    double ink_share;                 // of a healed deposit's volume, in the median
    double height_ratio;              // of a healed deposit
    struct smp_scalp_view stubble;
    struct smp_lab lab; // of the area to be matched
    const struct smp_hankel *hankel;
    struct smp_sight sight; // the eye at the distance asked for
    double stubble_bands[SMP_BANDS];
};
struct smp_candidate {
    size_t pigment;
    double parts_water, top_mm, diameter_mm, dots_per_cm2, strength_cv;
    double delta_e00, texture_jnd;
};
// How a deposit may differ from what was meant.
struct smp_error_in { // of the deposit
    double top_mm;    // added to the top
    double pigment;   // factor on its amount
};
// The healed deposit meant.
struct smp_deposit_shape smp_candidate_shape(const struct smp_candidate *candidate,
                                             const struct smp_target *target, double deeper_mm);
// Looks of one dot of a recipe: as meant, healed; and by a course of events at an age.
void smp_candidate_dot(struct smp_dot_sight *dot, const struct smp_candidate *candidate,
                       const struct smp_target *target, struct smp_error_in error);
void smp_candidate_aged(struct smp_dot_sight *dot, const struct smp_candidate *candidate,
                        const struct smp_target *target, struct smp_error_in error,
                        const struct smp_fate *fate, double years);
// Colour and texture differences of its field from the stubble, into candidate.
void smp_candidate_judge(struct smp_candidate *candidate, const struct smp_dot_sight *dot,
                         const struct smp_target *target);
// √(ΔE00² + T²).
double smp_candidate_cost(const struct smp_candidate *candidate);

// The gate and ranking of docs/match.md over the whole grid of recipes, best first: at most `max`
// (arena-owned), each pigment's best among them.
struct smp_search {
    struct smp_candidate *best;
    size_t count;
    double delta_e00_min; // of all
};
enum smp_code smp_match_search(struct smp_search *search, size_t max,
                               const struct smp_target *target, struct smp_pool *pool,
                               struct smp_arena *scratch, struct smp_err *err);

// ---- Illusion distance --------------------------------------------------------------------------

enum { SMP_DISTANCES = 30 };
struct smp_distances { // log-spaced, 0.15 to 5 m
    struct smp_sight sight[SMP_DISTANCES];
    double stubble[SMP_DISTANCES][SMP_BANDS];
};
void smp_distances_make(struct smp_distances *distances, const struct smp_target *target);
struct smp_seen {
    double delta_e00, side_by_side_mm, casual_mm;
    struct smp_lab lab;
    enum smp_limit limited_by;
};
struct smp_seen smp_seen_field(const struct smp_scalp_view *view, const struct smp_target *target,
                               const struct smp_distances *distances);

#endif
