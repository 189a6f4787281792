// Gaussian blur. Both passes run down columns and write what they find transposed, so that one
// routine serves both directions and a strip of columns is contiguous in every row it reads.
#include "image/image.h"

#include <math.h>
#include <string.h>

enum { strip_px = 16, lanes = strip_px * 3, largest_radius = 32 };

// Below this the kernel is summed tap by tap out to 4.5 sigma (what is cut off is 7e-6 of the
// whole); above it a recursive filter whose cost does not grow with sigma takes over.
static const double largest_direct_sigma_px = 6.0;

struct pass {
    const struct smp_rgb *from;
    struct smp_rgb *to; // width and height exchanged
    size_t width_px, height_px;
    int radius;
    float taps[largest_radius + 1]; // from the centre outward
    // Two complex poles: value = Re(weight[k] * state[k]), state = pole[k] * state + x.
    double pole[2][2], weight[2][2];
};

// ---- Direct sum ----------------------------------------------------------------------------

static void make_taps(struct pass *pass, double sigma_px)
{
    pass->radius = (int)ceil(4.5 * sigma_px);
    double tap[largest_radius + 1], sum = 0;
    for (int i = 0; i <= pass->radius; i++) {
        tap[i] = exp(-0.5 * (i / sigma_px) * (i / sigma_px));
        sum += i ? 2 * tap[i] : tap[i];
    }
    for (int i = 0; i <= pass->radius; i++)
        pass->taps[i] = (float)(tap[i] / sum);
}

static const float *strip_row(const struct pass *pass, ptrdiff_t y, size_t x)
{
    const ptrdiff_t last = (ptrdiff_t)pass->height_px - 1;
    const size_t row = (size_t)(y < 0 ? 0 : y > last ? last : y);
    return &pass->from[row * pass->width_px + x].r;
}

static void store(const struct pass *pass, const float *sum, size_t y, size_t x, size_t count)
{
    for (size_t i = 0; i < count; i++)
        memcpy(&pass->to[(x + i) * pass->height_px + y], &sum[3 * i], sizeof(struct smp_rgb));
}

static void direct_strip(const struct pass *pass, size_t x, size_t count)
{
    const size_t width = 3 * count;
    for (size_t y = 0; y < pass->height_px; y++) {
        float sum[lanes];
        const float *row = strip_row(pass, (ptrdiff_t)y, x);
        for (size_t i = 0; i < width; i++)
            sum[i] = pass->taps[0] * row[i];
        for (int k = 1; k <= pass->radius; k++) {
            const float *above = strip_row(pass, (ptrdiff_t)y - k, x);
            const float *below = strip_row(pass, (ptrdiff_t)y + k, x);
            const float tap = pass->taps[k];
            for (size_t i = 0; i < width; i++)
                sum[i] += tap * (above[i] + below[i]);
        }
        store(pass, sum, y, x, count);
    }
}

// ---- Recursive filter ------------------------------------------------------------------------

// Deriche 1993 (INRIA report 1893), fourth order: for x >= 0 the Gaussian is
// Re(sum of weight[k] exp((-decay[k] + i turn[k]) x / sigma)) to 1e-3 of its peak or better. A
// parallel form, so that an edge pixel repeated for ever is an exact starting state.
static void make_poles(struct pass *pass, double sigma_px)
{
    static const double cosine[2] = { 1.6800, -0.6803 }, sine[2] = { 3.7350, -0.2598 };
    static const double decay[2] = { 1.7830, 1.7230 }, turn[2] = { 0.6318, 1.9970 };
    double sum = 0; // of the kernel over all integers: twice the causal half less its first tap
    for (int k = 0; k < 2; k++) {
        const double size = exp(-decay[k] / sigma_px), angle = turn[k] / sigma_px;
        pass->pole[k][0] = size * cos(angle);
        pass->pole[k][1] = size * sin(angle);
        pass->weight[k][0] = cosine[k];
        pass->weight[k][1] = -sine[k];
        const double re = 1 - pass->pole[k][0], im = -pass->pole[k][1];
        sum += 2 * (cosine[k] * re - sine[k] * im) / (re * re + im * im) - cosine[k];
    }
    for (int k = 0; k < 2; k++) {
        pass->weight[k][0] /= sum;
        pass->weight[k][1] /= sum;
    }
}

struct strip_state {
    double re[2][lanes], im[2][lanes];
};

// The state that an endless run of this row would have left.
static void settle(struct strip_state *state, const struct pass *pass, const float *row,
                   size_t width)
{
    for (int k = 0; k < 2; k++) {
        const double re = 1 - pass->pole[k][0], im = -pass->pole[k][1];
        const double norm = re * re + im * im;
        for (size_t i = 0; i < width; i++) {
            state->re[k][i] = (double)row[i] * re / norm;
            state->im[k][i] = -(double)row[i] * im / norm;
        }
    }
}

// state = pole * state + row
static void advance(struct strip_state *state, const struct pass *pass, const float *row,
                    size_t width)
{
    for (int k = 0; k < 2; k++) {
        const double pole_re = pass->pole[k][0], pole_im = pass->pole[k][1];
        double *re = state->re[k], *im = state->im[k];
        for (size_t i = 0; i < width; i++) {
            const double next = pole_re * re[i] - pole_im * im[i] + (double)row[i];
            im[i] = pole_re * im[i] + pole_im * re[i];
            re[i] = next;
        }
    }
}

static void read_out(float *sum, const struct strip_state *state, const struct pass *pass,
                     size_t width)
{
    const double a = pass->weight[0][0], b = pass->weight[0][1];
    const double c = pass->weight[1][0], d = pass->weight[1][1];
    for (size_t i = 0; i < width; i++)
        sum[i] = (float)(a * state->re[0][i] - b * state->im[0][i] + c * state->re[1][i] -
                         d * state->im[1][i]);
}

static void recursive_strip(const struct pass *pass, size_t x, size_t count)
{
    const size_t width = 3 * count, height = pass->height_px;
    struct strip_state state;
    float sum[lanes];
    settle(&state, pass, strip_row(pass, 0, x), width);
    for (size_t y = 0; y < height; y++) {
        advance(&state, pass, strip_row(pass, (ptrdiff_t)y, x), width);
        read_out(sum, &state, pass, width);
        store(pass, sum, y, x, count);
    }
    // Upward: the pixel itself was counted on the way down, so a row enters after it was passed.
    settle(&state, pass, strip_row(pass, (ptrdiff_t)height - 1, x), width);
    for (size_t y = height; y-- > 0;) {
        struct strip_state turned = state;
        static const float nothing[lanes];
        advance(&turned, pass, nothing, width);
        read_out(sum, &turned, pass, width);
        for (size_t i = 0; i < count; i++) {
            struct smp_rgb *to = &pass->to[(x + i) * height + y];
            *to = (struct smp_rgb){ to->r + sum[3 * i], to->g + sum[3 * i + 1],
                                    to->b + sum[3 * i + 2] };
        }
        advance(&state, pass, strip_row(pass, (ptrdiff_t)y, x), width);
    }
}

// ---- Both passes -----------------------------------------------------------------------------

static void work_on_strips(void *context, size_t begin, size_t end)
{
    const struct pass *pass = context;
    for (size_t strip = begin; strip < end; strip++) {
        const size_t x = strip * strip_px, left = pass->width_px - x;
        const size_t count = left < strip_px ? left : strip_px;
        if (pass->radius)
            direct_strip(pass, x, count);
        else
            recursive_strip(pass, x, count);
    }
}

static void run_pass(struct pass *pass, const struct smp_rgb *from, struct smp_rgb *to,
                     size_t width_px, size_t height_px, struct smp_pool *pool)
{
    pass->from = from;
    pass->to = to;
    pass->width_px = width_px;
    pass->height_px = height_px;
    smp_pool_for(pool, (width_px + strip_px - 1) / strip_px, 1, work_on_strips, pass);
}

enum smp_code smp_image_blur(struct smp_image *blurred, const struct smp_image *image,
                             double sigma_px, struct smp_pool *pool, struct smp_arena *arena,
                             struct smp_err *err)
{
    enum smp_code code = smp_check_number(sigma_px, "sigma_px", "px", 0, 100000, "blur", err);
    if (code)
        return code;
    const size_t width = image->width_px, height = image->height_px;
    struct smp_image result, turned;
    if ((code = smp_image_make(&result, width, height, arena, err)))
        return code;
    if (sigma_px < 0.05) { // the next pixel's tap is below 1e-86
        memcpy(result.px_lin, image->px_lin, width * height * sizeof *image->px_lin);
        *blurred = result;
        return SMP_OK;
    }
    const struct smp_mark mark = smp_arena_mark(arena);
    if ((code = smp_image_make(&turned, height, width, arena, err)))
        return code;
    struct pass pass = { 0 };
    if (sigma_px <= largest_direct_sigma_px)
        make_taps(&pass, sigma_px);
    else
        make_poles(&pass, sigma_px);
    run_pass(&pass, image->px_lin, turned.px_lin, width, height, pool);
    run_pass(&pass, turned.px_lin, result.px_lin, height, width, pool);
    smp_arena_reset(arena, mark);
    *blurred = result;
    return SMP_OK;
}
