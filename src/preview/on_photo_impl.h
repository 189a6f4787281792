// Private to on_photo.c, sharpness.c and skin_mask.c: the part of a photo that dots come into.
#ifndef SMP_ON_PHOTO_IMPL_H
#define SMP_ON_PHOTO_IMPL_H

#include "preview/cells_impl.h"

enum { SMP_CELL_PX = 8 }; // masks are kept for cells of so many pixels

struct smp_photo_part {
    const struct smp_image8 *photo;
    size_t left_px, top_px, width_px, height_px;
    struct smp_viewer camera; // of the part
    size_t cells_across, cells_down;
    float *body;  // per cell: share of it that is the head as seen and of skin's or hair's colour
    float *may;   // per cell: 0…1, how far skin is bare there
    uint8_t *dot; // per cell: whether a dot is to come there
};

struct smp_photo_ground {
    struct smp_scene *scene;
    struct smp_photo_part part;
    struct smp_sharpness sharpness;
    uint8_t *shown; // per dot of the plan
};

// Three codes a pixel.
static inline const uint8_t *smp_photo_row(const struct smp_photo_part *part, size_t y)
{
    return smp_image8_at(part->photo, part->left_px, part->top_px + y);
}
void smp_light_of_codes(float light[256]);

// The camera's film behind a photo (on_photo_draw.c): the light that made each code, and back.
// Cameras hold back bright light as the preview's own film does; dots take from what lies behind
// that [E].
enum { SMP_FILM_BINS = 16384 };
struct smp_photo_film {
    float light[256];
    float least[257]; // light whose nearest code is k begins here
    uint8_t first[SMP_FILM_BINS];
};
void smp_photo_film_make(struct smp_photo_film *film);
uint8_t smp_photo_film_code(const struct smp_photo_film *film, float light);
// Between the middles of the part's own cells.
float smp_cell_at(const struct smp_photo_part *part, const float *values, float x_px, float y_px);

// body and may from the head's outline and the photo's colours (skin_mask.c). `drawn`, where not
// NULL, is a user's own mask of the whole photo, 0…1, and stands for `may`.
enum smp_code smp_skin_mask(struct smp_photo_part *part, const struct smp_scene *scene,
                            const struct smp_photo_mask *drawn, const struct smp_work *work);
// σ of the sharpest fifth of the photo's edges; 0 where it has too few (edges.c).
enum smp_code smp_sharpest_edges(double *sigma_px, const struct smp_image8 *photo,
                                 const struct smp_work *work);
enum smp_code smp_sharpness_measure(struct smp_sharpness *map, const struct smp_photo_part *part,
                                    const struct smp_work *work);

#endif
