// From codes to linear light: a look-up for each channel, then a matrix or a table of colours, the
// opacity, and the EXIF orientation. A band of rows of the upright picture at a time.
#include "image_impl.h"

#include <string.h>

enum { band_rows = 16, block_px = 128 };

// EXIF 2.32 table 6: the upright picture's place of each stored pixel.
struct turn {
    bool swap;           // rows become columns
    bool flip_x, flip_y; // of the result
};

static struct turn turn_of(int orientation)
{
    static const struct turn turns[9] = {
        [2] = { false, true, false }, [3] = { false, true, true }, [4] = { false, false, true },
        [5] = { true, false, false }, [6] = { true, true, false }, [7] = { true, true, true },
        [8] = { true, false, true },
    };
    return turns[orientation];
}

// Of a picture of either kind.
struct work {
    const struct smp_encoded *from;
    size_t width_px, height_px; // upright
    struct turn turn;
    struct smp_rgb *px_lin; // light; or NULL:
    uint8_t *srgb8;         // codes, by the curve or, where each channel goes alone, the maps
    struct smp_code_curve curve;
    uint8_t maps[3][256];
    bool alone, same; // `same`: all maps leave codes as they are
};

// ---- Colours ------------------------------------------------------------------------------------

// Of a block of pixels, each channel in a row of its own.
struct block {
    float rgb[3][block_px], cover[block_px];
};

static void look_up(struct block *block, const void *px, size_t count,
                    const struct smp_encoded *from)
{
    const size_t channels = (size_t)from->channels;
    const size_t last = ((size_t)1 << from->bits) - 1;
    for (size_t k = 0; k < 3; k++) {
        const float *curve = from->curves[k];
        if (from->bits == 8) {
            const uint8_t *codes = (const uint8_t *)px + k;
            for (size_t i = 0; i < count; i++)
                block->rgb[k][i] = curve[codes[i * channels]];
        } else {
            const uint16_t *codes = (const uint16_t *)px + k;
            for (size_t i = 0; i < count; i++) {
                const size_t code = codes[i * channels];
                block->rgb[k][i] = curve[code < last ? code : last];
            }
        }
    }
    if (channels < 4)
        return;
    for (size_t i = 0; i < count; i++) {
        const size_t code =
            from->bits == 8 ? ((const uint8_t *)px)[4 * i + 3] : ((const uint16_t *)px)[4 * i + 3];
        block->cover[i] = (float)(code < last ? code : last) / (float)last;
    }
}

static void change_primaries(struct block *block, size_t count, const float (*m)[3])
{
    for (size_t i = 0; i < count; i++) {
        const float r = block->rgb[0][i], g = block->rgb[1][i], b = block->rgb[2][i];
        for (int k = 0; k < 3; k++)
            block->rgb[k][i] = m[k][0] * r + m[k][1] * g + m[k][2] * b;
    }
}

// Tetrahedral interpolation between the corners of the grid's cell: from its first corner along
// the axes in the order of the parts, the largest first.
static void through_grid(float rgb[3], const float *grid, int side)
{
    const size_t step[3] = { (size_t)side * side * 3, (size_t)side * 3, 3 };
    float part[3];
    size_t at = 0;
    for (int k = 0; k < 3; k++) {
        const float place = rgb[k] * (float)(side - 1);
        int cell = (int)place;
        cell = cell < side - 1 ? cell : side - 2;
        part[k] = place - (float)cell;
        at += (size_t)cell * step[k];
    }
    int order[3] = { 0, 1, 2 };
    for (int pass = 0; pass < 3; pass++) { // three compares sort three
        const int i = pass == 1 ? 1 : 0;
        if (part[order[i]] < part[order[i + 1]]) {
            const int other = order[i];
            order[i] = order[i + 1];
            order[i + 1] = other;
        }
    }
    float root[3] = { grid[at], grid[at + 1], grid[at + 2] };
    for (int i = 0; i < 3; i++) {
        const size_t next = at + step[order[i]];
        for (int k = 0; k < 3; k++)
            root[k] += part[order[i]] * (grid[next + (size_t)k] - grid[at + (size_t)k]);
        at = next;
    }
    for (int k = 0; k < 3; k++)
        rgb[k] = root[k] * root[k] * root[k];
}

static void lay_on_white(struct block *block, size_t count)
{
    for (int k = 0; k < 3; k++)
        for (size_t i = 0; i < count; i++)
            block->rgb[k][i] = block->rgb[k][i] * block->cover[i] + (1 - block->cover[i]);
}

static void make_linear(struct smp_rgb *to, const void *px, size_t count,
                        const struct smp_encoded *from)
{
    struct block block;
    look_up(&block, px, count, from);
    for (size_t i = 0; from->grid && i < count; i++) {
        float rgb[3] = { block.rgb[0][i], block.rgb[1][i], block.rgb[2][i] };
        through_grid(rgb, from->grid, from->grid_side);
        for (int k = 0; k < 3; k++)
            block.rgb[k][i] = rgb[k];
    }
    if (from->has_matrix)
        change_primaries(&block, count, from->matrix);
    if (from->channels == 4)
        lay_on_white(&block, count);
    for (size_t i = 0; i < count; i++)
        to[i] = (struct smp_rgb){ block.rgb[0][i], block.rgb[1][i], block.rgb[2][i] };
}

// What nearly every photo is: 8 bits, sRGB.
static void make_linear_plain(struct smp_rgb *to, const uint8_t *px, size_t count,
                              const float *const curves[3])
{
    const float *red = curves[0], *green = curves[1], *blue = curves[2];
    for (size_t i = 0; i < count; i++, px += 3)
        to[i] = (struct smp_rgb){ red[px[0]], green[px[1]], blue[px[2]] };
}

// ---- Places -------------------------------------------------------------------------------------

// Stored pixels of a stretch of an upright row, gathered so that they stand side by side: from the
// first of them on in steps along or across the stored rows. Rows of a band read the same lines of
// memory one after another.
static void gather(uint8_t *px, size_t x, size_t y, size_t count, const struct work *work)
{
    const struct smp_encoded *from = work->from;
    const struct turn turn = work->turn;
    const size_t px_bytes = (size_t)from->channels * (from->bits > 8 ? 2 : 1);
    const ptrdiff_t row_bytes = (ptrdiff_t)(from->width_px * px_bytes);
    const size_t to_x = turn.flip_x ? work->width_px - 1 - x : x;
    const size_t to_y = turn.flip_y ? work->height_px - 1 - y : y;
    const size_t stored_x = turn.swap ? to_y : to_x, stored_y = turn.swap ? to_x : to_y;
    const ptrdiff_t along = turn.swap ? row_bytes : (ptrdiff_t)px_bytes;
    const ptrdiff_t step = turn.flip_x ? -along : along;
    ptrdiff_t at = (ptrdiff_t)stored_y * row_bytes + (ptrdiff_t)(stored_x * px_bytes);
    const uint8_t *data = from->data;
    if (px_bytes == 3) { // spelled out: three times as fast
        for (size_t i = 0; i < count; i++, at += step) {
            px[3 * i] = data[at];
            px[3 * i + 1] = data[at + 1];
            px[3 * i + 2] = data[at + 2];
        }
        return;
    }
    for (size_t i = 0; i < count; i++, at += step)
        memcpy(px + i * px_bytes, data + at, px_bytes);
}

static void pass_on(uint8_t *codes, const uint8_t *px, size_t count, const struct work *work)
{
    if (work->same) {
        memcpy(codes, px, 3 * count);
        return;
    }
    for (size_t i = 0; i < 3 * count; i += 3)
        for (size_t k = 0; k < 3; k++)
            codes[i + k] = work->maps[k][px[i + k]];
}

static void make_stretch(size_t x, size_t y, size_t count, const struct work *work)
{
    const struct smp_encoded *from = work->from;
    _Alignas(8) uint8_t gathered[block_px * 8];
    const size_t px_bytes = (size_t)from->channels * (from->bits > 8 ? 2 : 1);
    const void *px = (const uint8_t *)from->data + (y * from->width_px + x) * px_bytes;
    if (work->turn.swap || work->turn.flip_x || work->turn.flip_y) {
        gather(gathered, x, y, count, work);
        px = gathered;
    }
    struct smp_rgb block[block_px];
    struct smp_rgb *to = work->px_lin ? work->px_lin + y * work->width_px + x : block;
    uint8_t *codes = work->srgb8 ? work->srgb8 + 3 * (y * work->width_px + x) : NULL;
    if (codes && work->alone) {
        pass_on(codes, px, count, work);
        return;
    }
    if (work->alone)
        make_linear_plain(to, px, count, from->curves);
    else
        make_linear(to, px, count, from);
    for (size_t i = 0; codes && i < count; i++) {
        codes[3 * i] = smp_nearest_code(&work->curve, to[i].r);
        codes[3 * i + 1] = smp_nearest_code(&work->curve, to[i].g);
        codes[3 * i + 2] = smp_nearest_code(&work->curve, to[i].b);
    }
}

static void make_bands(void *context, size_t begin, size_t end)
{
    const struct work *work = context;
    const size_t width = work->width_px, height = work->height_px;
    for (size_t first = begin * band_rows; first < end * band_rows && first < height;
         first += band_rows)
        for (size_t x = 0; x < width; x += block_px)
            for (size_t y = first; y < height && y < first + band_rows; y++)
                make_stretch(x, y, width - x < block_px ? width - x : block_px, work);
}

static struct work work_of(const struct smp_encoded *from)
{
    struct work work = { .from = from, .turn = turn_of(from->orientation) };
    work.width_px = work.turn.swap ? from->height_px : from->width_px;
    work.height_px = work.turn.swap ? from->width_px : from->height_px;
    work.alone = from->bits == 8 && from->channels == 3 && !from->has_matrix && !from->grid;
    return work;
}

static void run(struct work *work, struct smp_pool *pool)
{
    smp_pool_for(pool, (work->height_px + band_rows - 1) / band_rows, 1, make_bands, work);
}

enum smp_code smp_image_linear(struct smp_image *image, const struct smp_encoded *encoded,
                               struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err)
{
    struct work work = work_of(encoded);
    struct smp_image made;
    const enum smp_code code = smp_image_make(&made, work.width_px, work.height_px, arena, err);
    if (code)
        return code;
    work.px_lin = made.px_lin;
    run(&work, pool);
    *image = made;
    return SMP_OK;
}

enum smp_code smp_image_codes(struct smp_image8 *image, const struct smp_encoded *encoded,
                              struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err)
{
    struct work work = work_of(encoded);
    struct smp_image8 made = { .width_px = work.width_px, .height_px = work.height_px };
    smp_code_curve_make(&work.curve);
    work.same = work.alone;
    for (size_t i = 0; work.alone && i < 3 * 256; i++) {
        const size_t k = i / 256, code = i % 256;
        work.maps[k][code] = smp_nearest_code(&work.curve, encoded->curves[k][code]);
        work.same = work.same && work.maps[k][code] == code;
    }
    if (work.same && encoded->orientation == 1) {
        made.srgb8 = (uint8_t *)(uintptr_t)encoded->data; // whoever gave it holds it
    } else {
        made.srgb8 = smp_alloc(arena, made.width_px * made.height_px, 3);
        if (!made.srgb8)
            return smp_fail(err, SMP_E_NOMEM, "no memory for a picture of %zu x %zu px",
                            made.width_px, made.height_px);
        work.srgb8 = made.srgb8;
        run(&work, pool);
    }
    *image = made;
    return SMP_OK;
}
