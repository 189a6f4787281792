// How rough the skin is between the dots: medians of the sizes of differences of Gaussians, from
// histograms of blocks, for the whole picture and around each place.
#include "dots_impl.h"

#include <math.h>
#include <string.h>

// Bins are the exponent and four bits of the mantissa of a float, from 2^-14 up: within 6 % of
// each other and read between.
enum { FIRST_BIN = (127 - 14) << 4, LEAST_SAMPLES = 64 };

static const double normal_median = 0.67449, normal_quarter = 0.31864; // of |x|, SD 1

static unsigned bin_of(float v)
{
    uint32_t bits;
    memcpy(&bits, &v, sizeof bits);
    const int bin = (int)(bits << 1 >> 20) - FIRST_BIN;
    return bin < 0 ? 0 : bin >= DOTS_BINS ? DOTS_BINS - 1 : (unsigned)bin;
}

static double bin_edge(unsigned bin)
{
    const uint32_t bits = (uint32_t)(bin + FIRST_BIN) << 19;
    float v;
    memcpy(&v, &bits, sizeof v);
    return (double)v;
}

static double quantile(const uint32_t bins[DOTS_BINS], double part, uint32_t *samples)
{
    double all = 0, seen = 0;
    for (int i = 0; i < DOTS_BINS; i++)
        all += bins[i];
    *samples = (uint32_t)all;
    for (unsigned i = 0; i < DOTS_BINS; i++) {
        if (bins[i] && seen + bins[i] >= part * all) {
            const double low = i ? bin_edge(i) : 0;
            return low + (bin_edge(i + 1) - low) * (part * all - seen) / bins[i];
        }
        seen += bins[i];
    }
    return 0;
}

static uint16_t *bins_of(const struct dots_work *work, size_t block, int level)
{
    return work->sizes + (block * DOTS_LEVELS + (size_t)level) * DOTS_BINS;
}

static void count_block(struct dots_work *work, const struct dots_tile *tile, long bx, long by)
{
    const size_t block = (size_t)by * work->blocks_x + (size_t)bx;
    const long x0 = bx * DOTS_BLOCK, y0 = by * DOTS_BLOCK;
    memset(bins_of(work, block, 0), 0, DOTS_LEVELS * DOTS_BINS * sizeof(uint16_t));
    for (int k = 0; k < DOTS_LEVELS; k++) {
        const int half = dots_half(k);
        const long step = half ? 4 : 3, span = tile->span >> half;
        uint16_t *bins = bins_of(work, block, k);
        for (long y = y0; y < y0 + DOTS_BLOCK; y += step)
            for (long x = x0; x < x0 + DOTS_BLOCK; x += step) {
                if (!dots_inside(work, x, y))
                    continue;
                const long row = (y - tile->y0 + DOTS_HALO) >> half;
                const long column = (x - tile->x0 + DOTS_HALO) >> half;
                bins[bin_of(tile->level[k][row * span + column])]++;
            }
    }
}

void dots_noise_count(struct dots_work *work, const struct dots_tile *tile)
{
    for (long y = tile->y0; y < tile->y0 + tile->height; y += DOTS_BLOCK)
        for (long x = tile->x0; x < tile->x0 + tile->width; x += DOTS_BLOCK)
            count_block(work, tile, x / DOTS_BLOCK, y / DOTS_BLOCK);
}

static void add_bins(uint32_t sum[DOTS_BINS], const uint16_t *bins)
{
    for (int i = 0; i < DOTS_BINS; i++)
        sum[i] += bins[i];
}

double dots_noise_low(const struct dots_work *work, size_t block, int level)
{
    uint32_t bins[DOTS_BINS] = { 0 }, samples;
    add_bins(bins, bins_of(work, block, level));
    return quantile(bins, 0.25, &samples) / normal_quarter;
}

// ---- When all blocks are counted ---------------------------------------------------------------

static void settle_window(struct dots_work *work, size_t x, size_t y)
{
    for (int k = 0; k < DOTS_LEVELS; k++) {
        uint32_t bins[DOTS_BINS] = { 0 }, samples;
        for (size_t j = y; j < y + 2 && j < work->blocks_y; j++)
            for (size_t i = x; i < x + 2 && i < work->blocks_x; i++)
                add_bins(bins, bins_of(work, j * work->blocks_x + i, k));
        const double sd = quantile(bins, 0.5, &samples) / normal_median;
        work->local_noise[(y * work->blocks_x + x) * DOTS_LEVELS + (size_t)k] =
            samples < LEAST_SAMPLES ? 0 : (float)sd;
    }
}

static void settle_rows(void *context, size_t begin, size_t end)
{
    struct dots_work *work = context;
    for (size_t y = begin; y < end; y++)
        for (size_t x = 0; x < work->blocks_x; x++)
            settle_window(work, x, y);
}

void dots_noise_settle(struct dots_work *work)
{
    for (int k = 0; k < DOTS_LEVELS; k++) {
        uint32_t bins[DOTS_BINS] = { 0 }, samples;
        for (size_t b = 0; b < work->blocks_x * work->blocks_y; b++)
            add_bins(bins, bins_of(work, b, k));
        work->noise[k] = quantile(bins, 0.5, &samples) / normal_median;
    }
    smp_pool_for(work->pool, work->blocks_y, 4, settle_rows, work);
}

// The window of 2 x 2 blocks whose middle is nearest.
static size_t window_of(float at_px, size_t blocks)
{
    const long i = lroundf(at_px / DOTS_BLOCK) - 1, last = (long)blocks - 2;
    return (size_t)(i > last ? (last < 0 ? 0 : last) : i < 0 ? 0 : i);
}

// Where it is no rougher than elsewhere, the median of one window scatters by a tenth: the larger
// of it and the picture's would be too high on the whole.
static const double local_share = 0.9;

double dots_noise_at(const struct dots_work *work, float x_px, float y_px, int level)
{
    const size_t x = window_of(x_px, work->blocks_x), y = window_of(y_px, work->blocks_y);
    const float local = work->local_noise[(y * work->blocks_x + x) * DOTS_LEVELS + (size_t)level];
    return fmax(work->noise[level], local_share * (double)local);
}
