// Macro pictures of stubble with the truth about every hair: what a dermatoscope shows of a
// shaved scalp, drawn to be as awkward as the real thing. For tests, benchmarks and documents.
//
// Units stand as measured on 413 people (reference/layout.md §2b): hard core, sizes, distances
// inside a unit, length and direction of the stumps.
#ifndef SMP_MADE_HAIR_FIELD_H
#define SMP_MADE_HAIR_FIELD_H

#include "image/image.h"

struct made_hair {
    struct smp_vec2 root_px, tip_px; // where it leaves the skin, where it is cut
    double calibre_um;
    double bow_px; // how far the middle lies off the straight line
    size_t unit;
    float contrast; // of the shaft to the skin in red, ln
    bool cut;       // by the frame of the picture
    bool vellus;    // thin and pale: finding it is neither asked nor wrong
    bool grey;      // no pigment (vellus too)
    double taper;   // share of the width that is lost towards the tip
};

enum { MADE_TONES = 6, MADE_COLOURS = 5 };

// What microscopes, cameras and scalps add to it; all 0: nothing. Shares and strengths 0–1.
struct made_real {
    double thin;          // share of thinned hairs (30–55 µm) that count as hairs
    double grey;          // share of hairs without pigment: neither asked nor wrong
    double spacing_mm;    // of the roots of a unit, median; 0: by `touching`
    double length_spread; // SD of ln length, added to a stump's own 0.18
    double taper;         // share of hairs that grow thin to the tip
    double streak;        // bright line along the shafts, of unpolarised light
    double buried;        // shaft under the skin, 1: as it shows in a dry picture; 0: same
    double halo, collar;  // brown rings and white scale around openings
    double redness;       // patches
    double yellow_dots_per_mm2, scabs_per_mm2;
    double film;            // immersion oil's edge across the picture
    double lamps;           // ring of the lamps' mirror images
    double defocus_mm;      // blur that is added away from one place
    double motion_mm;       // length of the shake
    double fringe_px;       // red against blue at the corner
    double sharpen, grain;  // unsharp mask's strength; noise comes in spots of this many pixels
    double saturation;      // of the camera, added to 1
    double warm;            // red over blue of the lamp, ln
    double contrast;        // S-curve of the camera
    bool round_mask, ruler; // black around a round field; ticks of a ruler
};

struct made_field_settings {
    uint64_t seed;
    size_t width_px, height_px;
    double px_per_mm;
    int tone;   // 0 very light … 5 very dark skin
    int colour; // of the hair: 0 black, dark brown, brown, blond, 4 grey
    double fu_per_cm2;
    double length_mm;  // of a stump, in projection
    double calibre_um; // mean width as it shows
    double touching;   // 0–1: how close the hairs of a unit stand
    double crossing;   // 0–1: how far their directions differ
    double bend;       // bow over length, standard deviation
    double vellus;     // share of thin hairs
    double texture;    // of the skin, ln
    double shine;      // 0–1, on skin and hair
    double flakes_per_mm2, bubbles_per_mm2, pores_per_mm2, vessels_per_mm2;
    double blur_mm, noise;
    double vignette; // 0–1, light lost at the corner
    double interlace_px;
    double exposure;
    bool graphics; // scale bar, caption, circle, frame
    int jpeg;      // quality, 0: 8 bits but no JPEG
    struct made_real real;
};

struct made_field {
    struct smp_image image;
    struct made_hair *hairs;
    size_t count, units; // all whose root or tip lies in the picture, and the units drawn
    double mm_per_px;
    double planted_mm2;   // with a margin around the picture, in which the units stand …
    size_t planted_hairs; // … and all their hairs
};

// An easy field of 3.56 × 2.84 mm at so many pixels per mm.
struct made_field_settings made_field_plain(uint64_t seed, double px_per_mm);
// A hard one: everything drawn at random, touching, crossing, bent, pale, flaky, shiny, blurred;
// the tones of skin take turns with the seed.
struct made_field_settings made_field_hard(uint64_t seed, double px_per_mm);
// As real ones are (reference/detection.md §3 and 6, layout.md §2b): thinned hairs that count,
// mixed lengths, streaks of light along the shafts, films, rings and scale around openings; cameras
// that sharpen, smear, shift colours. px_per_mm 0: drawn at random, at low power 50–200
// (a field of 5 mm), else 200–400.
struct made_field_settings made_field_real(uint64_t seed, double px_per_mm);
// Every third turn of tones is at low power, so that each tone is seen at both.
bool made_field_is_low_power(uint64_t seed);
// Only the hairs, without a picture. False when out of memory, as below.
bool made_field_stand(struct made_field *field, const struct made_field_settings *settings,
                      struct smp_arena *arena);
bool made_field_draw(struct made_field *field, const struct made_field_settings *settings,
                     struct smp_arena *arena);

// ---- Score -----------------------------------------------------------------------------------

struct made_score {
    size_t truths, founds, hits; // hairs, roots within 0.15 mm
    size_t unit_truths, unit_founds, unit_hits, sizes_right;
    double count_error;             // sum of |found − true| hairs over pictures
    double root_error_mm;           // sum over the hits
    double found_hairs, true_hairs; // all that lie whole in the picture
    size_t swapped;                 // true hairs whose tip a found root took
    size_t pictures;
};
// Adds a picture's found roots and tips. Hairs whose root lies within 0.22 mm of the picture's
// edge, cut ones and vellus neither count as missed nor, where found, as wrong.
void made_score_add(struct made_score *score, const struct made_field *field,
                    const struct smp_vec2 *roots_px, const struct smp_vec2 *tips_px, size_t count);

#endif
