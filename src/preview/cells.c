// Coarse cells over fine pixels: bilinear between the middles of cells, clamped at the edges.
#include "preview/cells_impl.h"

#include <stdint.h>

// The two cells that a place lies between, along a row of cells or down a column.
struct between {
    size_t first, second;
    float share; // of the second
};

static struct between between(float at_px, size_t cell_px, size_t cells)
{
    const float u = at_px / (float)cell_px - 0.5f;
    const float at = smp_clampf(u, 0, (float)(cells - 1));
    const size_t first = (size_t)at;
    return (struct between){ first, first + (first + 1 < cells), at - (float)first };
}

void smp_stretch_begin(struct smp_stretch *stretch, const struct smp_cells *cells, size_t x0,
                       size_t count)
{
    stretch->cells = cells;
    stretch->count = count;
    stretch->held[0] = stretch->held[1] = SIZE_MAX;
    for (size_t x = 0; x < count; x++) {
        const struct between b = between((float)(x0 + x) + 0.5f, cells->cell_px, cells->across);
        const bool last = b.first == b.second && b.first > 0; // is then right of the pixel
        stretch->left[x] = (uint32_t)((b.first - last) * cells->channels);
        stretch->share[x] = last ? 1 : b.share;
    }
}

// Neighbouring rows of cells lie in either place.
static const float *hold(struct smp_stretch *stretch, size_t cell_row)
{
    const size_t place = cell_row % 2;
    float *row = stretch->row[place];
    if (stretch->held[place] == cell_row)
        return row;
    const struct smp_cells *cells = stretch->cells;
    const size_t channels = cells->channels, right = cells->across > 1 ? channels : 0;
    const float *from = cells->values + cell_row * cells->across * channels;
    for (size_t x = 0; x < stretch->count; x++) {
        const float *left = &from[stretch->left[x]], share = stretch->share[x];
        for (size_t c = 0; c < channels; c++)
            row[x * channels + c] = left[c] + share * (left[right + c] - left[c]);
    }
    bool any = false;
    for (size_t i = 0; i < stretch->count * channels; i++)
        any |= row[i] != 0;
    stretch->held[place] = cell_row;
    stretch->any[place] = any;
    return row;
}

bool smp_stretch_add(float *row, struct smp_stretch *stretch, size_t y)
{
    const struct between b =
        between((float)y + 0.5f, stretch->cells->cell_px, stretch->cells->down);
    const float *above = hold(stretch, b.first), *below = hold(stretch, b.second);
    if (!stretch->any[b.first % 2] && !stretch->any[b.second % 2])
        return false;
    const size_t count = stretch->count * stretch->cells->channels;
    for (size_t i = 0; i < count; i++)
        row[i] += (1 - b.share) * above[i] + b.share * below[i];
    return true;
}

float smp_cells_at(const float *values, size_t across, size_t down, size_t cell_px, float x_px,
                   float y_px)
{
    const struct between x = between(x_px, cell_px, across), y = between(y_px, cell_px, down);
    const float *r0 = values + y.first * across, *r1 = values + y.second * across;
    return (1 - y.share) * ((1 - x.share) * r0[x.first] + x.share * r0[x.second]) +
           y.share * ((1 - x.share) * r1[x.first] + x.share * r1[x.second]);
}
