// Made pictures of skin with exact truth, for tests, benchmarks and tools: six tones from the skin
// model, texture of all sizes, wrinkles, shine, moles, pores, hairs, dots of pigment; then the
// camera: blur, noise, 8 bits, JPEG. Linear light until then. Same parameters, same bytes.
//
// One file a kind of thing: texture.c, marks.c (dots, moles, pores), lines.c (hairs, wrinkles),
// camera.c, score.c. A new kind adds a file, its parameters and its call in scalp.c.
#ifndef SMP_SCALP_H
#define SMP_SCALP_H

#include "image/image.h"

enum { SCALP_TONES = 6 };

// Numbers of things are doubles too, so that one table of fields serves them all.
struct scalp_params {
    double width_px, height_px;
    double seed;
    double tone; // 0 (lightest) to 5
    double dots; // wanted; fewer where the gap leaves no room
    double radius_px_min, radius_px_max;
    double contrast_min, contrast_max; // ln of skin over dot in red light
    double gap_px;                     // least distance between centres
    double tint;                       // contrast in red over that in blue; 1: grey, above: bluish
    double moles, pores, hairs, wrinkles;
    double texture;  // SD in red light at the scale of dots (difference of Gaussians 3.2 and 4 px)
    double shine;    // strongest gloss, in units of diffuse white
    double gradient; // light at the right edge over that at the left
    double blur_px;  // of the lens
    double noise;    // SD of ln light a pixel and channel, white
    double exposure; // 1: skin as bright as its reflectance
    double jpeg;     // quality, 0: 8 bits but no JPEG
};

extern const struct scalp_params scalp_defaults;
enum { SCALP_FIELDS = 22 };
extern const struct smp_field scalp_fields[SCALP_FIELDS];

struct scalp_dot {
    double x_px, y_px, radius_px;
    double contrast; // ln of skin over dot in red light
};

struct scalp {
    struct smp_image image; // as a reader of the file would have it
    struct scalp_dot *dots;
    size_t dot_count;
    uint8_t *srgb8;        // the picture before JPEG, three bytes a pixel
    struct smp_bytes jpeg; // empty for quality 0
};

// All in the arena. False where there is no memory (or libjpeg failed).
bool scalp_make(struct scalp *scalp, const struct scalp_params *params, struct smp_arena *arena);
// The same with dots of the caller's instead of strewn ones.
bool scalp_make_with(struct scalp *scalp, const struct scalp_params *params,
                     const struct scalp_dot *dots, size_t dot_count, struct smp_arena *arena);
// Puts dots into a picture that exists (light falls by the contrast in all three channels, edges
// blurred by blur_px), then 8 bits and JPEG (0: none) again.
bool scalp_put_dots(struct scalp *scalp, const struct smp_image *image,
                    const struct scalp_dot *dots, size_t dot_count, double blur_px, int quality,
                    struct smp_arena *arena);
// Dots strewn by the parameters over a picture of that size, where allowed (a byte a pixel) is not
// 0; NULL: everywhere.
bool scalp_strew(struct scalp_dot **dots, size_t *count, const struct scalp_params *params,
                 const uint8_t *allowed, struct smp_arena *arena);

// ---- How well were they found ------------------------------------------------------------------

struct scalp_found {
    double x_px, y_px, radius_px, contrast;
};
struct scalp_score {
    size_t hits, misses, false_hits;
    double precision, recall, f1;
    double centre_median_px, centre_p95_px; // of the hits
    double radius_bias, radius_scatter;     // found over true: median − 1; half of p16 to p84
    double contrast_bias, contrast_scatter;
};
// Nearest pairs first, each dot once, within the true dot's radius.
bool scalp_score(struct scalp_score *score, const struct scalp_found *found, size_t found_count,
                 const struct scalp_dot *dots, size_t dot_count, struct smp_arena *scratch);

// ---- Between the files -------------------------------------------------------------------------

// What is drawn on: −ln of linear light, three channels.
struct scalp_canvas {
    struct smp_image a;
    struct smp_rgb skin;           // −ln of the bare skin's light
    struct smp_rgb melanin, blood; // what an e-fold more of each adds
};
void scalp_draw_texture(struct scalp_canvas *canvas, const struct scalp_params *params,
                        struct smp_arena *scratch);
void scalp_draw_wrinkles(struct scalp_canvas *canvas, const struct scalp_params *params);
void scalp_draw_hairs(struct scalp_canvas *canvas, const struct scalp_params *params,
                      struct smp_arena *scratch);
void scalp_draw_moles(struct scalp_canvas *canvas, const struct scalp_params *params);
void scalp_draw_pores(struct scalp_canvas *canvas, const struct scalp_params *params);
void scalp_draw_dots(struct scalp_canvas *canvas, const struct scalp_dot *dots, size_t count,
                     double tint);
// From light to scalp->image, srgb8 and jpeg.
bool scalp_expose(struct scalp *scalp, struct smp_image *light, const struct scalp_params *params,
                  struct smp_arena *arena);
bool scalp_develop(struct scalp *scalp, const struct smp_image *light, int quality,
                   struct smp_arena *arena);
// Adds value × weight at a pixel; pixels outside the picture are left alone.
void scalp_add(struct scalp_canvas *canvas, long x, long y, struct smp_rgb value, double weight);
// A random stream of its own for each kind of thing and each item.
struct smp_rng scalp_rng(const struct scalp_params *params, unsigned kind, uint64_t item);
double scalp_between(struct smp_rng *rng, double min, double max);

#endif
