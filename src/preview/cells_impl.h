// Private to preview: values of coarse square cells (masks, glows, noise), between their middles.
#ifndef SMP_CELLS_IMPL_H
#define SMP_CELLS_IMPL_H

#include "preview/preview_impl.h"

struct smp_cells {
    const float *values;                    // rows of `across` cells, each of `channels` values
    size_t across, down, cell_px, channels; // 1 or 3 channels
};

// A stretch of pixels over them, row by row: a row of cells is spread over its pixels only once,
// and neighbouring rows are then mixed.
enum { SMP_STRETCH_PX = 256 };
struct smp_stretch {
    const struct smp_cells *cells;
    size_t count;
    uint32_t left[SMP_STRETCH_PX]; // of each pixel: the value left of it in a row of cells
    float share[SMP_STRETCH_PX];   // and what the one right of it counts
    size_t held[2];                // which rows of cells are spread
    bool any[2];                   // whether one has values other than 0
    float row[2][3 * SMP_STRETCH_PX];
};
// From pixel x0 on, `count` of them, at most SMP_STRETCH_PX.
void smp_stretch_begin(struct smp_stretch *stretch, const struct smp_cells *cells, size_t x0,
                       size_t count);
// Adds the values at row y of pixels; false where they are all 0.
bool smp_stretch_add(float *row, struct smp_stretch *stretch, size_t y);

// At one place.
float smp_cells_at(const float *values, size_t across, size_t down, size_t cell_px, float x_px,
                   float y_px);

#endif
