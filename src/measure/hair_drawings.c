// What the software of a microscope burns into its pictures: frames, the black around a round
// field, and ink. Ink has a pure colour and an edge that jumps from one pixel to the next, which
// no lens does.
#include "measure/hair_impl.h"

#include <math.h>
#include <string.h>

// Codes 0–255 by the square root: near enough to sRGB's to compare.
static uint8_t code_of(float lin)
{
    return (uint8_t)(lin <= 0 ? 0 : lin >= 1 ? 255 : (int)(255 * sqrtf(lin) + 0.5F));
}

struct coded { // a picture of codes, three a pixel
    uint8_t *v;
    size_t width_px, height_px;
};

struct codes {
    int v[3];
};

static inline struct codes codes_at(const struct coded *image, size_t x, size_t y)
{
    const uint8_t *v = image->v + 3 * (y * image->width_px + x);
    return (struct codes){ { v[0], v[1], v[2] } };
}

static int difference(struct codes a, struct codes b)
{
    int most = 0;
    for (int k = 0; k < 3; k++) {
        const int d = a.v[k] > b.v[k] ? a.v[k] - b.v[k] : b.v[k] - a.v[k];
        most = d > most ? d : most;
    }
    return most;
}

// ---- Frames ----------------------------------------------------------------------------------

// A line of the picture, across or down, that is one colour over seven tenths of its length.
static bool one_colour(const struct coded *image, size_t line, bool across)
{
    const size_t length = across ? image->width_px : image->height_px;
    unsigned counts[3][256] = { { 0 } };
    for (size_t i = 0; i < length; i++) {
        const struct codes c = across ? codes_at(image, i, line) : codes_at(image, line, i);
        for (int k = 0; k < 3; k++)
            counts[k][c.v[k]]++;
    }
    for (int k = 0; k < 3; k++) {
        size_t most = 0;
        for (int v = 0; v < 256; v++) {
            size_t near = 0;
            for (int d = v > 2 ? v - 2 : 0; d <= v + 2 && d < 256; d++)
                near += counts[k][d];
            most = near > most ? near : most;
        }
        if ((double)most < 0.7 * (double)length)
            return false;
    }
    return true;
}

static void clear_box(uint8_t *keep, const struct coded *image, size_t x0, size_t y0, size_t x1,
                      size_t y1)
{
    for (size_t y = y0; y < y1; y++)
        memset(keep + y * image->width_px + x0, 0, x1 - x0);
}

static void mask_frame(uint8_t *keep, const struct coded *image)
{
    const size_t w = image->width_px, h = image->height_px, skirt = 3;
    size_t top = 0, low = 0, left = 0, right = 0;
    while (top < h / 4 && one_colour(image, top, true))
        top++;
    while (low < h / 4 && one_colour(image, h - 1 - low, true))
        low++;
    while (left < w / 4 && one_colour(image, left, false))
        left++;
    while (right < w / 4 && one_colour(image, w - 1 - right, false))
        right++;
    top = top ? (top + skirt < h ? top + skirt : h) : 0;
    low = low ? (low + skirt < h ? low + skirt : h) : 0;
    left = left ? (left + skirt < w ? left + skirt : w) : 0;
    right = right ? (right + skirt < w ? right + skirt : w) : 0;
    clear_box(keep, image, 0, 0, w, top);
    clear_box(keep, image, 0, h - low, w, h);
    clear_box(keep, image, 0, 0, left, h);
    clear_box(keep, image, w - right, 0, w, h);
}

// ---- Ink -------------------------------------------------------------------------------------

// A colour of ink: each channel all or nothing (black, white, red, yellow …).
static bool pure(struct codes c)
{
    for (int k = 0; k < 3; k++)
        if (c.v[k] > 16 && c.v[k] < 247)
            return false;
    return true;
}

// A place whose neighbours on both sides, k pixels off, differ from it the same way and strongly:
// a line thinner than any hair.
static bool thin_line(const struct coded *image, size_t x, size_t y, size_t k)
{
    const size_t w = image->width_px, h = image->height_px;
    if (x < k || y < k || x + k >= w || y + k >= h)
        return false;
    const struct codes c = codes_at(image, x, y);
    static const int ways[4][2] = { { 1, 0 }, { 0, 1 }, { 1, 1 }, { 1, -1 } };
    for (int way = 0; way < 4; way++) {
        const ptrdiff_t dx = ways[way][0] * (ptrdiff_t)k, dy = ways[way][1] * (ptrdiff_t)k;
        const struct codes a =
            codes_at(image, (size_t)((ptrdiff_t)x - dx), (size_t)((ptrdiff_t)y - dy));
        const struct codes b =
            codes_at(image, (size_t)((ptrdiff_t)x + dx), (size_t)((ptrdiff_t)y + dy));
        for (int i = 0; i < 3; i++) {
            const int p = a.v[i] - c.v[i], q = b.v[i] - c.v[i];
            if ((p > 40 && q > 40) || (p < -40 && q < -40))
                return true;
        }
    }
    return false;
}

// An edge that jumps: most of the way from this ink to what lies three pixels off in one step.
static bool jumps(const struct coded *image, size_t x, size_t y)
{
    const size_t w = image->width_px, h = image->height_px;
    const struct codes c = codes_at(image, x, y);
    static const int ways[4][2] = { { 1, 0 }, { 0, 1 }, { -1, 0 }, { 0, -1 } };
    for (int way = 0; way < 4; way++) {
        const ptrdiff_t ax = (ptrdiff_t)x + ways[way][0], ay = (ptrdiff_t)y + ways[way][1];
        const ptrdiff_t bx = (ptrdiff_t)x + 3 * ways[way][0], by = (ptrdiff_t)y + 3 * ways[way][1];
        if (bx < 0 || by < 0 || bx >= (ptrdiff_t)w || by >= (ptrdiff_t)h)
            continue;
        const int far = difference(c, codes_at(image, (size_t)bx, (size_t)by));
        if (far > 50 && 5 * difference(c, codes_at(image, (size_t)ax, (size_t)ay)) > 3 * far)
            return true;
    }
    return false;
}

static void clear_around(uint8_t *keep, const struct coded *image, size_t x, size_t y, size_t r)
{
    const size_t x1 = x + r + 1, y1 = y + r + 1;
    clear_box(keep, image, x > r ? x - r : 0, y > r ? y - r : 0,
              x1 < image->width_px ? x1 : image->width_px,
              y1 < image->height_px ? y1 : image->height_px);
}

// Floods from an edge pixel through pure ink of about its colour and counts the jumps at its rim;
// what jumps at most of its rim is drawn. mark: 0 not seen, 1 in hand, 2 seen.
static void mask_ink(uint8_t *keep, const struct coded *image, uint8_t *mark)
{
    const size_t w = image->width_px, h = image->height_px;
    for (size_t y = 0; y < h; y++)
        for (size_t x = 0; x < w; x++) {
            const struct codes c = codes_at(image, x, y);
            mark[y * w + x] = pure(c) ? (uint8_t)(jumps(image, x, y) ? 2 : 1) : 0;
        }
    // Ink spreads from jumping edges over the pure pixels beside them, a few pixels far.
    for (int round = 0; round < 6; round++) {
        for (size_t y = 1; y + 1 < h; y++)
            for (size_t x = 1; x + 1 < w; x++) {
                uint8_t *m = &mark[y * w + x];
                if (*m == 1 && (m[-1] >= 2 || m[1] >= 2 || m[-(ptrdiff_t)w] >= 2 || m[w] >= 2))
                    *m = 3;
            }
        for (size_t i = 0; i < w * h; i++)
            mark[i] = mark[i] == 3 ? 2 : mark[i];
    }
    for (size_t y = 0; y < h; y++)
        for (size_t x = 0; x < w; x++)
            if (mark[y * w + x] == 2)
                clear_around(keep, image, x, y, 2);
}

static void mask_thin_lines(uint8_t *keep, const struct coded *image, double px_per_mm)
{
    const size_t k = (size_t)smp_clamp(floor(0.009 * px_per_mm), 1, 4);
    for (size_t y = 0; y < image->height_px; y++)
        for (size_t x = 0; x < image->width_px; x++)
            if (thin_line(image, x, y, k))
                keep[y * image->width_px + x] = 0;
}

// ---- The black around a round field
// --------------------------------------------------------------

struct cells { // squares of 0.12 mm, 1 where dark all over, 2 where the dark comes from the edge
    uint8_t *v;
    size_t width, height, px; // pixels a side
};

static bool dark_all_over(const struct coded *image, size_t x0, size_t y0, size_t px, int bar)
{
    size_t dark = 0, all = 0;
    for (size_t y = y0; y < y0 + px && y < image->height_px; y++)
        for (size_t x = x0; x < x0 + px && x < image->width_px; x++) {
            dark += codes_at(image, x, y).v[1] < bar;
            all++;
        }
    return 10 * dark >= 9 * all;
}

// A code far below that of the lighter half of the picture.
static int black_bar(const struct coded *image)
{
    size_t counts[256] = { 0 }, seen = 0;
    const size_t count = image->width_px * image->height_px;
    for (size_t i = 0; i < count; i++)
        counts[image->v[3 * i + 1]]++;
    int code = 0;
    while (code < 255 && (seen += counts[code]) < count * 3 / 4)
        code++;
    return (int)(0.3 * code);
}

// Spreads from a dark cell over its dark neighbours; how many. `queue` has room for all cells.
static size_t spread(struct cells *c, size_t from, size_t *queue)
{
    size_t count = 1;
    queue[0] = from;
    c->v[from] = 2;
    for (size_t next = 0; next < count; next++) {
        const size_t x = queue[next] % c->width, y = queue[next] / c->width;
        const size_t beside[4] = { x ? queue[next] - 1 : from,
                                   x + 1 < c->width ? queue[next] + 1 : from,
                                   y ? queue[next] - c->width : from,
                                   y + 1 < c->height ? queue[next] + c->width : from };
        for (int k = 0; k < 4; k++)
            if (c->v[beside[k]] == 1) {
                c->v[beside[k]] = 2;
                queue[count++] = beside[k];
            }
    }
    return count;
}

// What is black from a corner on, and with a skirt of a cell: no hair is as wide as a cell.
static void mask_surround(uint8_t *keep, const struct coded *image, double px_per_mm,
                          uint8_t *scratch, size_t *queue)
{
    struct cells c = { scratch, 0, 0, (size_t)fmax(4, 0.12 * px_per_mm + 0.5) };
    c.width = (image->width_px + c.px - 1) / c.px;
    c.height = (image->height_px + c.px - 1) / c.px;
    const int bar = black_bar(image);
    if (c.width == 0 || c.height == 0)
        return;
    for (size_t j = 0; j < c.height; j++)
        for (size_t i = 0; i < c.width; i++)
            c.v[j * c.width + i] = dark_all_over(image, i * c.px, j * c.px, c.px, bar);
    const size_t last = c.width * c.height - 1;
    const size_t corners[4] = { 0, c.width - 1, last + 1 - c.width, last };
    for (int k = 0; k < 4; k++) {
        if (c.v[corners[k]] != 1)
            continue;
        const size_t count = spread(&c, corners[k], queue);
        for (size_t i = 0; i < count && count >= 3; i++)
            clear_around(keep, image, queue[i] % c.width * c.px + c.px / 2,
                         queue[i] / c.width * c.px + c.px / 2, c.px + c.px / 2);
    }
}

void smp_hair_mask_drawings(const struct smp_subject *subject, const struct smp_hair_marks *marks)
{
    const struct coded coded = { marks->codes, subject->image.width_px, subject->image.height_px };
    const size_t count = coded.width_px * coded.height_px;
    uint8_t *keep = marks->keep;
    for (size_t i = 0; i < 3 * count; i++)
        coded.v[i] = code_of((&subject->image.px_lin->r)[i]);
    memset(keep, 1, count);
    mask_thin_lines(keep, &coded, 1 / subject->mm_per_px);
    mask_ink(keep, &coded, marks->scratch);
    mask_frame(keep, &coded);
    mask_surround(keep, &coded, 1 / subject->mm_per_px, marks->scratch, marks->queue);
    for (size_t i = 0; subject->region && i < count; i++)
        keep[i] = keep[i] && subject->region[i];
}
