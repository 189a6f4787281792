// Square markers: a black frame round 4 × 4 cells.
#include "photo/card_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Codes of DICT_4X4_50 as OpenCV defines it (its documentation of predefined dictionaries; the
// same in every reader of these markers). Any two differ in 4 bits or more, however turned.
static const uint16_t codes[SMP_MARKER_IDS] = {
    0xb532, 0x0f9a, 0x332d, 0x9946, 0x549e, 0x79cd, 0x9e2e, 0xc4f2, 0xfeda, 0xcf56,
    0xf991, 0x11a7, 0x0eb7, 0x2a0f, 0x24b1, 0x263e, 0x4665, 0x6600, 0x6c5e, 0x76af,
    0x868b, 0xb02b, 0xccd5, 0xdd82, 0xfe47, 0x9471, 0xace4, 0xa554, 0x2123, 0x346f,
    0x4415, 0x57b2, 0x9ecf, 0xf0cb, 0x08ae, 0x0929, 0x1875, 0x04ff, 0x0df6, 0x1c5a,
    0x1718, 0x2a28, 0x328c, 0x38b2, 0x24e8, 0x2eeb, 0x2d3f, 0x4b64, 0x502e, 0x5013,
};

enum { cells = 6, ring = 8, dots = 3, quads_room = 4096 };

unsigned smp_marker_bits(int id)
{
    return id >= 0 && id < SMP_MARKER_IDS ? codes[id] : 0;
}

// ---- Dark squares -----------------------------------------------------------------------------

static float grey_of(const float *code)
{
    return 0.3F * code[0] + 0.59F * code[1] + 0.11F * code[2];
}

struct darkness {
    const struct smp_shrunk *sight;
    const double *sum; // (width + 1) × (height + 1): of all above and left
    uint8_t *mask;
    size_t half; // of the window
};

// Dark is what is darker than the mean around it.
static void mark_dark(void *context, size_t begin, size_t end)
{
    const struct darkness *d = context;
    const size_t width = d->sight->width, height = d->sight->height, stride = width + 1;
    for (size_t y = begin; y < end; y++) {
        const size_t top = y > d->half ? y - d->half : 0,
                     bottom = y + d->half + 1 < height ? y + d->half + 1 : height;
        for (size_t x = 0; x < width; x++) {
            const size_t left = x > d->half ? x - d->half : 0,
                         right = x + d->half + 1 < width ? x + d->half + 1 : width;
            const double sum = d->sum[bottom * stride + right] - d->sum[bottom * stride + left] -
                               d->sum[top * stride + right] + d->sum[top * stride + left];
            const double mean = sum / (double)((bottom - top) * (right - left));
            const float grey = grey_of(d->sight->code + (y * width + x) * shrunk_channels);
            d->mask[y * width + x] = (double)grey < mean - 0.03 - 0.05 * mean;
        }
    }
}

static enum smp_code dark_quads(struct smp_quads *quads, const struct smp_shrunk *sight,
                                struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err)
{
    static const size_t halves[] = { 9, 40 };
    const size_t width = sight->width, height = sight->height, pixels = width * height;
    double *sum = smp_new(arena, double, (width + 1) * (height + 1));
    uint8_t *mask = smp_new(arena, uint8_t, pixels);
    if (!sum || !mask)
        return smp_fail(err, SMP_E_NOMEM, "no memory to look for markers");
    for (size_t y = 0; y < height; y++) {
        double row = 0;
        for (size_t x = 0; x < width; x++) {
            row += (double)grey_of(sight->code + (y * width + x) * shrunk_channels);
            sum[(y + 1) * (width + 1) + x + 1] = sum[y * (width + 1) + x + 1] + row;
        }
    }
    const struct smp_quad_rule rule = { 60, pixels / 4, 0.15, 0.9 };
    enum smp_code code = SMP_OK;
    for (size_t k = 0; !code && k < sizeof halves / sizeof *halves; k++) {
        struct darkness d = { sight, sum, mask, halves[k] };
        smp_pool_for(pool, height, 16, mark_dark, &d);
        code = smp_quads_add(quads, mask, sight, &rule, arena, err);
    }
    return code;
}

// ---- Reading ----------------------------------------------------------------------------------

// Grey of nine points of each cell, and of the ring of white around.
struct cells_seen {
    double cell[ring][ring][dots * dots];
};

static bool look(struct cells_seen *seen, const struct smp_quad *quad,
                 const struct smp_image *image)
{
    static const struct smp_vec2 square[4] = {
        { 0, 0 }, { cells, 0 }, { cells, cells }, { 0, cells }
    };
    struct smp_homography h;
    if (!smp_homography_fit(&h, square, quad->corner_px, 4))
        return false;
    for (int j = 0; j < ring; j++) {
        for (int i = 0; i < ring; i++) {
            for (int k = 0; k < dots * dots; k++) {
                const int row = k / dots, column = k - row * dots;
                const struct smp_vec2 p = { i - 0.75 + 0.25 * column, j - 0.75 + 0.25 * row };
                const struct smp_vec2 at = smp_homography_map(&h, p);
                const struct smp_rgb c = smp_image_sample(image, at.x, at.y);
                seen->cell[j][i][k] =
                    sqrt(fmax(0.3 * (double)c.r + 0.59 * (double)c.g + 0.11 * (double)c.b, 0));
            }
        }
    }
    return true;
}

static bool is_rim(int i, int j, int first, int last)
{
    return i == first || i == last || j == first || j == last;
}

// The 16 bits of the cells; false where frame, surround or cells are not clearly black and white.
static bool read_bits(unsigned *bits, const struct cells_seen *seen)
{
    double dark = 0, light = 0;
    for (int j = 0; j < ring; j++) {
        for (int i = 0; i < ring; i++) {
            for (int k = 0; k < dots * dots; k++) {
                if (is_rim(i, j, 0, ring - 1))
                    light += seen->cell[j][i][k] / (28 * 9);
                else if (is_rim(i, j, 1, ring - 2))
                    dark += seen->cell[j][i][k] / (20 * 9);
            }
        }
    }
    if (!(light - dark > 0.12))
        return false;
    const double middle = (light + dark) / 2;
    int torn = 0, stained = 0;
    *bits = 0;
    for (int j = 0; j < ring; j++) {
        for (int i = 0; i < ring; i++) {
            int white = 0;
            for (int k = 0; k < dots * dots; k++)
                white += seen->cell[j][i][k] > middle;
            torn += white < 5 ? white : 9 - white;
            const bool rim = is_rim(i, j, 0, ring - 1), frame = !rim && is_rim(i, j, 1, ring - 2);
            stained += (rim && white < 5) || (frame && white > 4);
            if (!rim && !frame)
                *bits = *bits << 1 | (white > 4);
        }
    }
    return torn <= 30 && stained <= 3;
}

// The same cells with the square turned so that its next corner comes first.
static unsigned turned(unsigned bits)
{
    unsigned out = 0;
    for (int j = 0; j < 4; j++)
        for (int i = 0; i < 4; i++) // what is now at (i, j) stood at (3 − j, i)
            out = out << 1 | (bits >> (15 - (4 * i + 3 - j)) & 1);
    return out;
}

static int bits_set(unsigned v)
{
    int n = 0;
    for (; v; v &= v - 1)
        n++;
    return n;
}

static bool decode(struct smp_marker *marker, unsigned bits, const struct smp_quad *quad)
{
    int best = 2;
    for (int turn = 0; turn < 4; turn++, bits = turned(bits)) {
        for (int id = 0; id < SMP_MARKER_IDS; id++) {
            const int wrong = bits_set(bits ^ codes[id]);
            if (wrong >= best)
                continue;
            best = wrong;
            marker->id = id;
            marker->bits_mended = wrong;
            for (int i = 0; i < 4; i++)
                marker->corner_px[i] = quad->corner_px[(i + turn) & 3];
        }
    }
    return best < 2;
}

static double side_px(const struct smp_quad *quad)
{
    return sqrt(quad->area_px2);
}

static bool read_marker(struct smp_marker *marker, struct smp_quad *quad,
                        const struct smp_image *image)
{
    const double side = side_px(quad);
    if (side < 12)
        return false;
    struct cells_seen seen;
    unsigned bits;
    // Rough sides serve as they are where the fine ones cannot be had.
    smp_quad_refine(quad, image, fmax(2, 0.07 * side));
    smp_quad_refine(quad, image, fmax(1.5, 0.02 * side));
    return look(&seen, quad, image) && read_bits(&bits, &seen) && decode(marker, bits, quad);
}

static struct smp_vec2 middle_of(const struct smp_marker *marker)
{
    struct smp_vec2 sum = { 0, 0 };
    for (int i = 0; i < 4; i++) {
        sum.x += marker->corner_px[i].x / 4;
        sum.y += marker->corner_px[i].y / 4;
    }
    return sum;
}

static int by_id(const void *a, const void *b)
{
    const struct smp_marker *p = a, *q = b;
    if (p->id != q->id)
        return p->id < q->id ? -1 : 1;
    const struct smp_vec2 m = middle_of(p), n = middle_of(q);
    return m.y != n.y ? (m.y < n.y ? -1 : 1) : m.x < n.x ? -1 : m.x > n.x;
}

static bool is_known(const struct smp_marker *markers, size_t count, const struct smp_marker *next)
{
    const struct smp_vec2 at = middle_of(next);
    const double side = hypot(next->corner_px[1].x - next->corner_px[0].x,
                              next->corner_px[1].y - next->corner_px[0].y);
    for (size_t i = 0; i < count; i++) {
        const struct smp_vec2 m = middle_of(&markers[i]);
        if (hypot(m.x - at.x, m.y - at.y) < 0.5 * side)
            return true;
    }
    return false;
}

enum smp_code smp_markers_find(struct smp_marker **markers, size_t *count,
                               const struct smp_image *image, struct smp_pool *pool,
                               struct smp_arena *arena, struct smp_err *err)
{
    struct smp_marker *found = smp_new(arena, struct smp_marker, quads_room);
    struct smp_quads quads = { .room = quads_room };
    size_t n = 0;
    const struct smp_mark mark = smp_arena_mark(arena);
    quads.quad = smp_new(arena, struct smp_quad, quads_room);
    if (!found || !quads.quad)
        return smp_fail(err, SMP_E_NOMEM, "no memory to look for markers");
    struct smp_shrunk sight;
    enum smp_code code = smp_shrunk_make(&sight, image, 1200, pool, arena, err);
    if (!code)
        code = dark_quads(&quads, &sight, pool, arena, err);
    for (size_t i = 0; !code && i < quads.count; i++) {
        struct smp_marker next;
        if (read_marker(&next, &quads.quad[i], image) && !is_known(found, n, &next))
            found[n++] = next;
    }
    smp_arena_reset(arena, mark);
    if (code)
        return code;
    qsort(found, n, sizeof *found, by_id);
    *markers = found;
    *count = n;
    return SMP_OK;
}

double smp_marker_px_per_mm(const struct smp_marker *marker, double side_mm)
{
    const struct smp_vec2 square[4] = {
        { 0, 0 }, { side_mm, 0 }, { side_mm, side_mm }, { 0, side_mm }
    };
    struct smp_homography h;
    if (!smp_homography_fit(&h, square, marker->corner_px, 4))
        return 0;
    return smp_homography_scale(&h, (struct smp_vec2){ side_mm / 2, side_mm / 2 });
}
