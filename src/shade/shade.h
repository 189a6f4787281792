// Pictures of flat skin with dots or shaved hair in it, under even light, as the models of skin and
// pigment have them: for shade cards and for looking at a match.
//
// Pure; pictures live in the arena passed in. The same seed gives the same picture on any number of
// threads.
#ifndef SMP_SHADE_H
#define SMP_SHADE_H

#include "image/image.h"
#include "pigment/pigment.h"

// A request's skin made ready, with the spectrum and the colour of bare skin.
struct smp_shade_skin {
    const struct smp_match_request *request;
    const struct smp_look_skin *look;
    double bare[SMP_WAVELENGTHS]; // reflectance
    struct smp_rgb_lin bare_rgb;
};
enum smp_code smp_shade_skin_make(struct smp_shade_skin *skin,
                                  const struct smp_match_request *request, struct smp_arena *arena,
                                  struct smp_err *err);

// The same skin round fresh dots: redder, by the request's healing.
enum smp_code smp_shade_skin_redden(struct smp_shade_skin *red, const struct smp_shade_skin *skin,
                                    struct smp_arena *arena, struct smp_err *err);

// The window on the skin.
struct smp_shade_frame {
    size_t width_px, height_px;
    double px_per_mm; // 2 to 100
    uint64_t seed;
};

// Dots all of one deposit, strewn on a hexagonal lattice with jitter; strengths spread by cv.
struct smp_shade_dots {
    struct smp_deposit_shape shape;
    double mua_per_mm[SMP_WAVELENGTHS], mus_per_mm[SMP_WAVELENGTHS];
    double per_cm2;     // 1 to 400
    double jitter;      // SD along an axis in lattice spacings; 0: a lattice
    double strength_cv; // SD over mean
};
// The dots of a recipe at an age in years (0: fresh), by the median course of events and the
// stubble's own jitter.
void smp_shade_recipe(struct smp_shade_dots *dots, const struct smp_match_request *request,
                      const struct smp_recipe *recipe, double years);
// Errors: SMP_E_INPUT (a picture of no size), SMP_E_NOMEM.
enum smp_code smp_shade_draw_dots(struct smp_image *image, const struct smp_shade_skin *skin,
                                  const struct smp_shade_dots *dots,
                                  const struct smp_shade_frame *frame, struct smp_pool *pool,
                                  struct smp_arena *arena, struct smp_err *err);
// The request's stubble: shafts under the skin, the stubs above it and their shade.
enum smp_code smp_shade_draw_stubble(struct smp_image *image, const struct smp_shade_skin *skin,
                                     const struct smp_shade_frame *frame, struct smp_pool *pool,
                                     struct smp_arena *arena, struct smp_err *err);

// What the eye's own optics leave of a picture at a distance.
enum smp_code smp_shade_from_afar(struct smp_image *seen, const struct smp_image *image,
                                  double px_per_mm, double distance_mm, struct smp_pool *pool,
                                  struct smp_arena *arena, struct smp_err *err);

// ---- The shade card -----------------------------------------------------------------------------

enum { SMP_CARD_MM = 20, SMP_CARD_PX_PER_MM = 20 };
// Recipes for a request, with a square of 20 mm of the stubble, and of each at every age.
struct smp_shade_card {
    const struct smp_match_request *request;
    struct smp_match match;
    double skin_delta_e00; // of the model's skin from the client's own; the caller's to fill in
    struct smp_image stubble;
    struct smp_image field[SMP_RECIPES_MAX][SMP_MATCH_AGE_COUNT]; // [recipe][age]
};
// Errors: those of smp_match_find; where the match is impossible there are no fields.
enum smp_code smp_shade_card_make(struct smp_shade_card *card,
                                  const struct smp_match_request *request, uint64_t seed,
                                  struct smp_pool *pool, struct smp_arena *arena,
                                  struct smp_err *err);

#endif
