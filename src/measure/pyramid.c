// Differences of Gaussians of one tile of the picture: three at full size, four at half.
#include "dots_impl.h"

#include <math.h>
#include <string.h>

enum {
    radius_max = 8,
    span_max = DOTS_TILE_X + 2 * DOTS_HALO,
    rows_max = DOTS_TILE_Y + 2 * DOTS_HALO
};

// What is blurred into what: each step adds the missing width, taps reach 3 of its sigma.
struct step {
    double sigma_px;
    int radius;
};
static const struct step fine_steps[5] = {
    { 1.0, 3 }, { 1.2490, 4 }, { 1.2263, 4 }, { 1.5450, 5 }, { 1.9466, 6 }
};
// At half size: from 3.2 px (1.6 here) to 4.03, 5.08, 6.4 and 8.06 px of the whole.
static const struct step half_steps[4] = {
    { 1.2263, 4 }, { 1.5450, 5 }, { 1.9466, 6 }, { 2.4526, 8 }
};

bool dots_tile_make(struct dots_tile *tile, struct smp_arena *arena)
{
    const size_t count = (size_t)span_max * rows_max;
    bool good = true;
    for (int i = 0; i < 5; i++) {
        tile->smooth[i] = smp_new(arena, float, count);
        tile->half[i] = smp_new(arena, float, count / 4);
        good = good && tile->smooth[i] && tile->half[i];
    }
    for (int k = 0; k < DOTS_LEVELS; k++) {
        tile->level[k] = smp_new(arena, float, dots_half(k) ? count / 4 : count);
        good = good && tile->level[k];
    }
    tile->raw = smp_new(arena, float, count);
    tile->row = smp_new(arena, float, span_max + 2 * radius_max + 16);
    return good && tile->raw && tile->row;
}

// One row, down and across, with the number of taps known to the compiler.
static inline __attribute__((always_inline)) void blur_row(float *restrict to,
                                                           const float *const *rows,
                                                           float *restrict row, long span,
                                                           const float *taps, const int radius)
{
    const float *restrict centre = rows[radius];
    for (long i = 0; i < span; i++) {
        float sum = taps[0] * centre[i];
        for (int k = 1; k <= radius; k++)
            sum += taps[k] * (rows[radius - k][i] + rows[radius + k][i]);
        row[radius_max + i] = sum;
    }
    const float *restrict from = row + radius_max;
    for (long i = 0; i < span; i++) {
        float sum = taps[0] * from[i];
        for (int k = 1; k <= radius; k++)
            sum += taps[k] * (from[i - k] + from[i + k]);
        to[i] = sum;
    }
}

static void blur(float *to, const float *from, long span, long rows, const struct step *step,
                 float *row)
{
    static const float nothing[span_max];
    float taps[radius_max + 1];
    double sum = 0, tap[radius_max + 1];
    for (int k = 0; k <= step->radius; k++) {
        tap[k] = exp(-0.5 * (k / step->sigma_px) * (k / step->sigma_px));
        sum += k ? 2 * tap[k] : tap[k];
    }
    for (int k = 0; k <= step->radius; k++)
        taps[k] = (float)(tap[k] / sum);
    memset(row, 0, radius_max * sizeof *row);
    memset(row + radius_max + span, 0, radius_max * sizeof *row);
    for (long y = 0; y < rows; y++) {
        const float *near[2 * radius_max + 1];
        for (int k = -step->radius; k <= step->radius; k++)
            near[step->radius + k] = y + k < 0 || y + k >= rows ? nothing : from + (y + k) * span;
        switch (step->radius) {
        case 3:
            blur_row(to + y * span, near, row, span, taps, 3);
            break;
        case 4:
            blur_row(to + y * span, near, row, span, taps, 4);
            break;
        case 5:
            blur_row(to + y * span, near, row, span, taps, 5);
            break;
        case 6:
            blur_row(to + y * span, near, row, span, taps, 6);
            break;
        default:
            blur_row(to + y * span, near, row, span, taps, 8);
        }
    }
}

static void subtract(float *restrict to, const float *restrict a, const float *restrict b,
                     long count)
{
    for (long i = 0; i < count; i++)
        to[i] = a[i] - b[i];
}

size_t dots_tile_count(const struct dots_work *work)
{
    return ((work->width + DOTS_TILE_X - 1) / DOTS_TILE_X) *
           ((work->height + DOTS_TILE_Y - 1) / DOTS_TILE_Y);
}

static void place(struct dots_tile *tile, const struct dots_work *work, size_t index)
{
    const size_t across = (work->width + DOTS_TILE_X - 1) / DOTS_TILE_X;
    tile->x0 = (long)(index % across) * DOTS_TILE_X;
    tile->y0 = (long)(index / across) * DOTS_TILE_Y;
    const long right = (long)work->width - tile->x0, below = (long)work->height - tile->y0;
    tile->width = right < DOTS_TILE_X ? right : DOTS_TILE_X;
    tile->height = below < DOTS_TILE_Y ? below : DOTS_TILE_Y;
    tile->span = (tile->width + 2 * DOTS_HALO + 1) & ~1L; // even, for half size
    tile->rows = (tile->height + 2 * DOTS_HALO + 1) & ~1L;
}

static void load(struct dots_tile *tile, const struct dots_work *work)
{
    const long left = tile->x0 - DOTS_HALO, top = tile->y0 - DOTS_HALO;
    const long first = left < 0 ? -left : 0;
    const long room = (long)work->width - left;
    const long last = room < tile->span ? room : tile->span;
    for (long y = 0; y < tile->rows; y++) {
        float *to = tile->raw + y * tile->span;
        const long from_y = top + y;
        if (from_y < 0 || from_y >= (long)work->height) {
            memset(to, 0, (size_t)tile->span * sizeof *to);
            continue;
        }
        memset(to, 0, (size_t)first * sizeof *to);
        memcpy(to + first, work->a + from_y * (long)work->width + left + first,
               (size_t)(last - first) * sizeof *to);
        memset(to + last, 0, (size_t)(tile->span - last) * sizeof *to);
    }
}

void dots_tile_fill(struct dots_tile *tile, const struct dots_work *work, size_t index)
{
    place(tile, work, index);
    load(tile, work);
    const long span = tile->span, rows = tile->rows, span2 = span / 2, rows2 = rows / 2;
    const float *from = tile->raw;
    for (int i = 0; i < 5; i++) {
        blur(tile->smooth[i], from, span, rows, &fine_steps[i], tile->row);
        from = tile->smooth[i];
    }
    for (int k = 0; k < DOTS_FINE; k++)
        subtract(tile->level[k], tile->smooth[k + 1], tile->smooth[k + 2], span * rows);
    for (long y = 0; y < rows2; y++)
        for (long x = 0; x < span2; x++)
            tile->half[0][y * span2 + x] = from[2 * y * span + 2 * x];
    for (int i = 0; i < 4; i++) {
        blur(tile->half[i + 1], tile->half[i], span2, rows2, &half_steps[i], tile->row);
        subtract(tile->level[DOTS_FINE + i], tile->half[i], tile->half[i + 1], span2 * rows2);
    }
}
