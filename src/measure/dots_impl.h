// Private to measure: the steps of finding dots (docs/measure.md). Contrast is the difference of
// −ln of linear red light; "absorbance" below means that.
#ifndef SMP_DOTS_IMPL_H
#define SMP_DOTS_IMPL_H

#include "measure/measure.h"

enum {
    DOTS_LEVELS = 7, // differences of Gaussians at 1.6 · 2^(k/3) px
    DOTS_FINE = 3,   // of them, those at full size; the rest at half
    DOTS_CELL = 4,   // px a side; skin and background are found on cells
    DOTS_BLOCK = 64, // px a side; noise is measured on 2 x 2 blocks
    DOTS_BINS = 256, // of a histogram of sizes
    DOTS_RAYS = 16,
    DOTS_UNDER_LINE = 2 // bit of the mask: a line was taken out here
};

// Added to light before its logarithm is taken; 1 of 255 codes is 0.0003.
#define DOTS_LIGHT_FLOOR 0.004F

static inline double dots_sigma_px(int level)
{
    static const double sigma[DOTS_LEVELS + 1] = { 1.6,    2.01587, 2.53984, 3.2,
                                                   4.0317, 5.07968, 6.4,     8.0635 };
    return sigma[level];
}

// A round dark spot, or (elongated) a piece of a line.
struct dots_spot {
    float x_px, y_px; // of the working picture
    float radius_px, contrast;
    float response; // of the difference of Gaussians at its peak
    float roundness;
    float skin_lin;  // red light around it
    float angle_rad; // of a line
    int level, round_no;
    bool elongated;
    struct dots_fine {
        float x_px, y_px, radius_px, contrast;
    } fine; // by least squares
};

struct dots_spots {
    struct dots_spot *spot;
    size_t count, room; // count may pass room: then there were too many
};

struct dots_work {
    const char *name;       // of the picture, for messages
    struct smp_image image; // resampled so that dots are 2 to 10 px in radius
    size_t width, height;
    double shrink; // pixels of the subject's picture a working pixel
    float *a;      // absorbance less its surroundings; accepted dots are taken out of it
    uint8_t *mask; // a byte a pixel: skin within the region; DOTS_UNDER_LINE beside
    size_t area_px;
    double skin_lin;    // median red light of the skin
    double least_codes; // that a contrast must make in the file
    // Sizes of the differences of Gaussians, [block][level][bin].
    size_t blocks_x, blocks_y;
    uint16_t *sizes;
    double noise[DOTS_LEVELS]; // of the whole picture
    float *local_noise;        // [block][level] of the 2 x 2 blocks around, the largest
    struct dots_spots found;   // accepted and elongated, in a fixed order after each round
    size_t lines;              // that were traced and taken out
    size_t first_round;        // so many of them were found by the first
    double blur_px;            // of the edges of dots, SD
    struct smp_pool *pool;
    struct smp_arena *arena;
};

// ---- resample.c: work->image, width, height, shrink and the region for them
enum smp_code dots_resample(struct dots_work *work, const uint8_t **region,
                            const struct smp_subject *subject, struct smp_err *err);

// ---- flatten.c: the picture becomes absorbance on a mask of skin
enum smp_code dots_flatten(struct dots_work *work, const uint8_t *region, struct smp_err *err);
static inline bool dots_inside(const struct dots_work *work, long x, long y)
{
    return x >= 0 && y >= 0 && x < (long)work->width && y < (long)work->height &&
           work->mask[(size_t)y * work->width + (size_t)x];
}

// ---- pyramid.c: differences of Gaussians of one tile
struct dots_tile {
    long x0, y0;               // of the tile's inside, px of the working picture
    long width, height;        // of the inside
    long span, rows;           // of the buffers: the inside and a halo all around
    float *smooth[5];          // absorbance blurred by 1.0, 1.6, 2.0, 2.5, 3.2 px
    float *level[DOTS_LEVELS]; // level[k][y * (span >> half) + (x >> half)], half = k >= DOTS_FINE
    float *half[5];            // working room at half size
    float *raw, *row;
};
enum { DOTS_TILE_X = 1024, DOTS_TILE_Y = 256, DOTS_HALO = 80 };
bool dots_tile_make(struct dots_tile *tile, struct smp_arena *arena);
void dots_tile_fill(struct dots_tile *tile, const struct dots_work *work, size_t index);
size_t dots_tile_count(const struct dots_work *work);
static inline int dots_half(int level)
{
    return level >= DOTS_FINE;
}

// Between four values of a plane; x and y are in it and well above 0.
static inline float dots_between(const float *plane, long span, float x, float y)
{
    const long ix = (long)x, iy = (long)y;
    const float px = x - (float)ix, py = y - (float)iy;
    const float *at = plane + iy * span + ix;
    const float top = at[0] + px * (at[1] - at[0]);
    const float bottom = at[span] + px * (at[span + 1] - at[span]);
    return top + py * (bottom - top);
}

// ---- noise.c
void dots_noise_count(struct dots_work *work, const struct dots_tile *tile);
// What a block of the tile's inside tells by itself: SD of the quieter part, for candidates.
double dots_noise_low(const struct dots_work *work, size_t block, int level);
void dots_noise_settle(struct dots_work *work);
double dots_noise_at(const struct dots_work *work, float x_px, float y_px, int level);

// ---- peaks.c: candidates of a tile; the good ones are added to work->found
void dots_search(struct dots_work *work, const struct dots_tile *tile, int round_no);
// Response at its centre to what dots_subtract takes out of the picture for a contrast of 1.
double dots_own_response(double radius_px, int level);

// ---- star.c: is it round, and how large
// False where it is no disc; fills radius, contrast and roundness.
bool dots_star(struct dots_spot *spot, const struct dots_tile *tile);
// Contrast in red over that in blue, of the picture itself.
// Notes the light around it, too.
double dots_colour_ratio(const struct dots_work *work, struct dots_spot *spot);
// Contrast that so many 8-bit codes make at this light.
double dots_codes_contrast(double codes, double light_lin);

// ---- subtract.c
// Sorts by place, drops spots too near a stronger one, from `from` on.
void dots_suppress(struct dots_work *work, size_t from);
void dots_subtract(struct dots_work *work, size_t from);
// Share of its contrast that a dot is taken to have so far outside its edge.
float dots_edge_share(double outside_px);

// ---- lines.c
// Takes lines out of work->a, and elongated spots and what lay on lines out of work->found.
bool dots_remove_lines(struct dots_work *work);

// ---- pattern.c
// Fills all that follows from dots->dots and the mask; false where there is no memory.
bool dots_pattern(struct smp_found_dots *dots, const struct dots_work *work);

// ---- refine.c
// Fills spot->fine of all and work->blur_px; false where there is no memory.
bool dots_refine(struct dots_work *work);

#endif
