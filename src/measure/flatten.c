// Linear light becomes absorbance (−ln of red) less the mean of the skin around it; what is no
// skin, or not in the region, is masked and counts nowhere.
#include "dots_impl.h"

#include <math.h>
#include <string.h>

static const float least_share_of_median = 0.15F; // relative: dark skin must stay in

// −ln(x) to 2e-7, for x > 0; plain arithmetic, so that compilers can make vectors of it.
static inline float minus_log(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    const int32_t exponent = ((int32_t)bits - 0x3f3504f3) >> 23; // mantissa in [√½, √2)
    bits -= (uint32_t)exponent << 23;
    float m;
    memcpy(&m, &bits, sizeof m);
    const float s = (m - 1) / (m + 1), s2 = s * s;
    const float series =
        2 * s * (1 + s2 * (0.33333334F + s2 * (0.2F + s2 * (0.14285715F + s2 * 0.11111111F))));
    return -((float)exponent * 0.69314718F + series);
}

struct cells {
    struct dots_work *work;
    const uint8_t *region;
    size_t width, height;
    struct smp_image colour; // mean colour of each cell
    float *sum, *count;      // of absorbance in the mask
    float *mean;
    uint8_t *skin;
};

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

// ---- Skin --------------------------------------------------------------------------------------

static void take_means(void *context, size_t begin, size_t end)
{
    struct cells *c = context;
    const struct dots_work *w = c->work;
    for (size_t cy = begin; cy < end; cy++)
        for (size_t cx = 0; cx < c->width; cx++) {
            const size_t x1 = least((cx + 1) * DOTS_CELL, w->width);
            const size_t y1 = least((cy + 1) * DOTS_CELL, w->height);
            struct smp_rgb sum = { 0 };
            for (size_t y = cy * DOTS_CELL; y < y1; y++)
                for (size_t x = cx * DOTS_CELL; x < x1; x++) {
                    const struct smp_rgb *px = &w->image.px_lin[y * w->width + x];
                    sum.r += px->r;
                    sum.g += px->g;
                    sum.b += px->b;
                }
            const float n = (float)((x1 - cx * DOTS_CELL) * (y1 - cy * DOTS_CELL));
            *smp_image_at(&c->colour, cx, cy) = (struct smp_rgb){ sum.r / n, sum.g / n, sum.b / n };
        }
}

static bool has_colour_of_skin(const struct smp_rgb *px)
{
    return px->r > px->g && px->g > 0.85F * px->b && px->r < 4 * px->g && px->r > 0;
}

// Median red of the cells that could be skin, from a histogram over octaves of light.
static float median_red(const struct cells *c)
{
    enum { steps = 16, bins = 20 * steps };
    size_t hits[bins] = { 0 }, all = 0, seen = 0;
    for (size_t i = 0; i < c->width * c->height; i++) {
        if (!has_colour_of_skin(&c->colour.px_lin[i]))
            continue;
        const double octave = -log2((double)c->colour.px_lin[i].r + 1e-6);
        hits[(size_t)smp_clamp(octave * steps + steps, 0, bins - 1)]++;
        all++;
    }
    for (size_t bin = 0; bin < bins; bin++) {
        seen += hits[bin];
        if (2 * seen > all)
            return (float)exp2(-((double)bin - steps) / steps);
    }
    return 0;
}

static enum smp_code find_skin(struct cells *c, struct smp_err *err)
{
    struct dots_work *w = c->work;
    enum smp_code code = smp_image_make(&c->colour, c->width, c->height, w->arena, err);
    if (code)
        return code;
    smp_pool_for(w->pool, c->height, 16, take_means, c);
    struct smp_image smooth;
    if ((code = smp_image_blur(&smooth, &c->colour, 8.0 / DOTS_CELL, w->pool, w->arena, err)))
        return code;
    c->colour = smooth;
    const float median = median_red(c), least_red = least_share_of_median * median;
    w->skin_lin = (double)median;
    for (size_t i = 0; i < c->width * c->height; i++) {
        const struct smp_rgb *px = &c->colour.px_lin[i];
        c->skin[i] = has_colour_of_skin(px) && px->r > least_red;
    }
    return SMP_OK;
}

// ---- Background --------------------------------------------------------------------------------

static void take_absorbance(void *context, size_t begin, size_t end)
{
    struct cells *c = context;
    struct dots_work *w = c->work;
    for (size_t y = begin * DOTS_CELL; y < least(end * DOTS_CELL, w->height); y++) {
        const struct smp_rgb *px = &w->image.px_lin[y * w->width];
        float *a = &w->a[y * w->width];
        uint8_t *mask = &w->mask[y * w->width];
        const uint8_t *skin = &c->skin[y / DOTS_CELL * c->width];
        for (size_t x = 0; x < w->width; x++)
            a[x] = minus_log((px[x].r > 0 ? px[x].r : 0) + DOTS_LIGHT_FLOOR);
        for (size_t x = 0; x < w->width; x++)
            mask[x] = skin[x / DOTS_CELL];
        for (size_t x = 0; c->region && x < w->width; x++)
            mask[x] &= c->region[y * w->width + x] != 0;
        float *sum = &c->sum[y / DOTS_CELL * c->width];
        float *count = &c->count[y / DOTS_CELL * c->width];
        for (size_t x = 0; x < w->width; x++) {
            sum[x / DOTS_CELL] += mask[x] ? a[x] : 0;
            count[x / DOTS_CELL] += mask[x];
        }
    }
}

// Gaussian of 24 px (6 cells), in place, zero outside.
static void blur_cells(float *plane, size_t width, size_t height, float *row)
{
    enum { reach = 18 };
    float tap[reach + 1];
    for (int k = 0; k <= reach; k++)
        tap[k] = (float)exp(-0.5 * (k / 6.0) * (k / 6.0));
    for (int pass = 0; pass < 2; pass++) { // along rows, then columns
        const size_t count = pass ? height : width, step = pass ? width : 1;
        for (size_t line = 0; line < (pass ? width : height); line++) {
            float *at = plane + line * (pass ? 1 : width);
            for (size_t i = 0; i < count; i++)
                row[reach + i] = at[i * step];
            memset(row, 0, reach * sizeof *row);
            memset(row + reach + count, 0, reach * sizeof *row);
            for (size_t i = 0; i < count; i++) {
                float sum = tap[0] * row[reach + i];
                for (size_t k = 1; k <= reach; k++)
                    sum += tap[k] * (row[reach + i - k] + row[reach + i + k]);
                at[i * step] = sum;
            }
        }
    }
}

// Absorbance less its mean around: between the centres of four cells.
static void take_away_mean(void *context, size_t begin, size_t end)
{
    const struct cells *c = context;
    struct dots_work *w = c->work;
    for (size_t y = begin; y < end; y++) {
        const double at_y =
            smp_clamp(((double)y + 0.5) / DOTS_CELL - 0.5, 0, (double)c->height - 1);
        const size_t cy = (size_t)at_y, below = least(cy + 1, c->height - 1);
        const float py = (float)(at_y - (double)cy);
        const float *up = &c->mean[cy * c->width], *down = &c->mean[below * c->width];
        float *a = &w->a[y * w->width];
        const uint8_t *mask = &w->mask[y * w->width];
        for (size_t x = 0; x < w->width; x++) {
            const float at_x = ((float)x + 0.5F) / DOTS_CELL - 0.5F;
            const float clamped = at_x < 0 ? 0 : at_x;
            const size_t cx = least((size_t)clamped, c->width - 1);
            const size_t right = least(cx + 1, c->width - 1);
            const float px = clamped - (float)cx;
            const float left_mean = up[cx] + py * (down[cx] - up[cx]);
            const float right_mean = up[right] + py * (down[right] - up[right]);
            a[x] = mask[x] ? a[x] - (left_mean + px * (right_mean - left_mean)) : 0;
        }
    }
}

enum smp_code dots_flatten(struct dots_work *work, const uint8_t *region, struct smp_err *err)
{
    struct cells c = { .work = work, .region = region };
    c.width = (work->width + DOTS_CELL - 1) / DOTS_CELL;
    c.height = (work->height + DOTS_CELL - 1) / DOTS_CELL;
    const size_t count = c.width * c.height, pixels = work->width * work->height;
    work->a = smp_new(work->arena, float, pixels);
    work->mask = smp_new(work->arena, uint8_t, pixels);
    const struct smp_mark mark = smp_arena_mark(work->arena);
    c.skin = smp_new(work->arena, uint8_t, count);
    c.sum = smp_new(work->arena, float, count);
    c.count = smp_new(work->arena, float, count);
    c.mean = smp_new(work->arena, float, count);
    float *row = smp_new(work->arena, float, c.width + c.height + 64);
    if (!work->a || !work->mask || !c.skin || !c.sum || !c.count || !c.mean || !row)
        return smp_fail(err, SMP_E_NOMEM, "no memory to look for dots in %zu x %zu px", work->width,
                        work->height);
    enum smp_code code = find_skin(&c, err);
    if (code)
        return code;
    smp_pool_for(work->pool, c.height, 16, take_absorbance, &c);
    double area = 0;
    for (size_t i = 0; i < count; i++)
        area += (double)c.count[i];
    work->area_px = (size_t)area;
    blur_cells(c.sum, c.width, c.height, row);
    blur_cells(c.count, c.width, c.height, row);
    for (size_t i = 0; i < count; i++)
        c.mean[i] = c.count[i] > 1e-6F ? c.sum[i] / c.count[i] : 0;
    smp_pool_for(work->pool, work->height, 64, take_away_mean, &c);
    smp_arena_reset(work->arena, mark);
    return SMP_OK;
}
