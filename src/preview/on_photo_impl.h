// Private to on_photo.c, sharpness.c and skin_mask.c: the part of a photo that dots come into.
#ifndef SMP_ON_PHOTO_IMPL_H
#define SMP_ON_PHOTO_IMPL_H

#include "preview/preview_impl.h"

enum { SMP_CELL_PX = 8 }; // masks are kept for cells of so many pixels

struct smp_photo_part {
    const struct smp_image *photo;
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

static inline const struct smp_rgb *smp_photo_row(const struct smp_photo_part *part, size_t y)
{
    return smp_image_at(part->photo, part->left_px, part->top_px + y);
}
// The k-th smallest of n values, which are put in another order.
float smp_select(float *values, size_t n, size_t k);
// A row of pixels between the middles of square cells of `cell_px`.
void smp_cells_row(float *row, size_t width_px, const float *values, size_t across, size_t down,
                   size_t cell_px, size_t y_px);
// Between the middles of square cells of `cell_px`; the same for the part's own masks.
float smp_cells_at(const float *values, size_t across, size_t down, size_t cell_px, float x_px,
                   float y_px);
float smp_cell_at(const struct smp_photo_part *part, const float *values, float x_px, float y_px);

// body and may from the head's outline and the photo's colours (skin_mask.c). `drawn`, where not
// NULL, is a user's own mask of the whole photo, 0…1, and stands for `may`.
enum smp_code smp_skin_mask(struct smp_photo_part *part, const struct smp_scene *scene,
                            const struct smp_photo_mask *drawn, const struct smp_work *work);
// σ of the sharpest fifth of the photo's edges; 0 where it has too few (edges.c).
enum smp_code smp_sharpest_edges(double *sigma_px, const struct smp_image *photo,
                                 const struct smp_work *work);
enum smp_code smp_sharpness_measure(struct smp_sharpness *map, const struct smp_photo_part *part,
                                    const struct smp_work *work);

#endif
