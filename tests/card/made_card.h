// Made pictures of a colour card, with exact truth: a plane with the card, markers and swatches of
// skin beside it, seen by a camera with its own colours, tone curve, fall-off, noise, 8 bits, JPEG.
#ifndef SMP_MADE_CARD_H
#define SMP_MADE_CARD_H

#include "photo/photo.h"

enum made_ground { MADE_PAPER, MADE_WOOD, MADE_DARK };
enum { MADE_SWATCHES = 6 };

struct made_card_params {
    size_t width_px, height_px;
    enum smp_card_kind kind;
    bool no_card, markers;
    double marker_mm;
    enum made_ground ground;
    double at_px[2];                        // where the card's middle falls
    double px_per_mm;                       // there
    double turn_deg, tilt_deg, towards_deg; // in the plane; away from the lens, and which way
    double exposure;  // 1: white paper at 0.9 of full light before the tone curve
    double tone;      // 0: none, 1: a phone's
    double colours;   // 0: those of sRGB, 1: another camera's
    double falloff;   // light lost from the card's left end to its right, as a share
    double second[3]; // light in R, G, B to the right of the card's middle over that left of it
    int glare_patch;  // 0: none, 1 to 24
    double glare;     // light added there, of full light; half_glare: on half the patch only
    bool half_glare;
    double stubble, shine; // shares of each swatch under dark hairs, and under gloss
    bool mole;             // a dark brown one, on a twelfth of each swatch
    double blur_px, noise; // noise: SD in square roots of light
    double seed;
    int jpeg; // quality, 0: none
};
extern const struct made_card_params made_card_defaults;

struct made_card {
    struct smp_image image;
    struct smp_bytes jpeg;                      // as a file, where jpeg > 0
    struct smp_vec2 patch_px[SMP_CARD_PATCHES]; // centres
    double px_per_mm;                           // at the middle of the card
    struct smp_vec2 swatch_px[MADE_SWATCHES];
    struct smp_lab swatch_lab[MADE_SWATCHES]; // under D65
    double swatch_side_px;
};

// CIELAB D65 of the 24 patches, from data/colour_card.csv.
void made_card_reference(struct smp_lab reference[SMP_CARD_PATCHES], struct smp_arena *arena);
// In the arena; ends the program where there is no memory (tests and benchmarks only).
void made_card(struct made_card *made, const struct made_card_params *params,
               struct smp_arena *arena);

#endif
