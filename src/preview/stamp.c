// Letters of strokes, for the stamp: no font file, the same pixels everywhere.
#include "preview/preview_impl.h"

#include <string.h>

// Polylines on a grid of 4 × 6 (x right, y down), two digits a point, a space between lines.
static const char *strokes(char letter)
{
    static const char *const letters[26] = {
        "062046 1434",
        "003041423303 334445360600",
        "4130100105163645",
        "00304145360600",
        "40000646 0333",
        "400006 0333",
        "41301001051636454323",
        "0006 4046 0343",
        "2026",
        "4045361605",
        "0006 400346",
        "000646",
        "0600234046",
        "06004640",
        "103041453616050110",
        "06003041423303",
        "103041453616050110 2446",
        "06003041423303 2346",
        "413010010213334445361605",
        "0040 2026",
        "000516364540",
        "002640",
        "0016233640",
        "0046 4006",
        "002340 2326",
        "00400646",
    };
    static const char *const digits[10] = {
        "103041453616050110",   "112026 1636", "01103041420646",
        "004023334445361605",   "36300444",    "4000033344453606",
        "40100105163645443303", "004016",      "103041423313020110 130405163645443313",
        "43130201103041453616"
    };
    if (letter >= 'a' && letter <= 'z')
        return letters[letter - 'a'];
    if (letter >= 'A' && letter <= 'Z')
        return letters[letter - 'A'];
    if (letter >= '0' && letter <= '9')
        return digits[letter - '0'];
    return letter == '-' ? "1333" : letter == '.' ? "2626" : letter == '|' ? "2323" : "";
}

static float distance_to(float x, float y, const char *from)
{
    const float ax = (float)(from[0] - '0'), ay = (float)(from[1] - '0');
    const float bx = (float)(from[2] - '0') - ax, by = (float)(from[3] - '0') - ay;
    const float l = bx * bx + by * by;
    const float t = l > 0 ? smp_clampf(((x - ax) * bx + (y - ay) * by) / l, 0, 1) : 0;
    const float dx = x - ax - t * bx, dy = y - ay - t * by;
    return sqrtf(dx * dx + dy * dy);
}

// Distance from a point to the letter, in grid units.
static float distance_to_letter(char letter, float x, float y)
{
    float nearest = 9;
    for (const char *s = strokes(letter); s[0] && s[1]; s += s[2] == ' ' || s[2] == 0 ? 3 : 2) {
        if (s[2] == 0 || s[2] == ' ') {
            if (s[2] == 0)
                break;
            continue;
        }
        nearest = fminf(nearest, distance_to(x, y, s));
    }
    return nearest;
}

static void mix_to(struct smp_rgb *px, float level, float share)
{
    px->r += share * (level - px->r);
    px->g += share * (level - px->g);
    px->b += share * (level - px->b);
}

// Letters of 1 % of the height, but never too small to read.
static float cell_of(size_t width_px, size_t height_px)
{
    const size_t short_side = width_px * 5 < height_px * 4 ? width_px * 5 / 4 : height_px;
    return fmaxf((float)short_side / 620, 1.15f);
}

void smp_stamp(struct smp_image *image, const char *text)
{
    smp_stamp_sized(image, text, cell_of(image->width_px, image->height_px), NULL);
}

enum smp_code smp_stamp8(struct smp_image8 *image, const char *text, const struct smp_work *work)
{
    struct smp_arena *arena = work->arena;
    const float cell = cell_of(image->width_px, image->height_px);
    const size_t taken = (size_t)ceilf(14 * cell);
    const size_t rows = taken < image->height_px ? taken : image->height_px;
    const struct smp_mark mark = smp_arena_mark(arena);
    struct smp_image8 foot = {
        smp_image8_at(image, 0, image->height_px - rows), image->width_px, rows, { 0 }
    };
    struct smp_image8 stamped;
    struct smp_image strip;
    enum smp_code code = smp_image_of8(&strip, &foot, work->pool, arena, work->err);
    if (!code)
        smp_stamp_sized(&strip, text, cell, work->pool);
    if (!code)
        code = smp_image8_of(&stamped, &strip, work->pool, arena, work->err);
    if (!code)
        memcpy(foot.srgb8, stamped.srgb8, 3 * rows * image->width_px);
    smp_arena_reset(arena, mark);
    return code;
}

struct stamping {
    struct smp_image *image;
    const char *text;
    float cell, left, top;
    size_t first;
};

static void stamp_rows(void *context, size_t begin, size_t end)
{
    const struct stamping *job = context;
    const float cell = job->cell, half = 0.42f * cell;
    const size_t length = strlen(job->text);
    for (size_t y = job->first + begin; y < job->first + end; y++)
        for (size_t x = 0; x < job->image->width_px; x++) {
            const float gx = ((float)x + 0.5f - job->left) / cell;
            const float gy = ((float)y + 0.5f - job->top) / cell;
            const float column = floorf((gx + 0.8f) / 5.6f);
            if (column < 0 || column >= (float)length)
                continue;
            const char letter = job->text[(size_t)column];
            const float d = distance_to_letter(letter, gx - 5.6f * column, gy) * cell;
            struct smp_rgb *px = smp_image_at(job->image, x, y);
            mix_to(px, 0.02f, 0.45f * smp_smoothf(half + 1.6f * cell, half, d));
            mix_to(px, 0.72f, 0.92f * smp_clampf(half + 0.5f - d, 0, 1));
        }
}

void smp_stamp_sized(struct smp_image *image, const char *text, float cell, struct smp_pool *pool)
{
    const float room = 0.96f * (float)image->width_px / (5.6f * (float)strlen(text) + 10);
    struct stamping job = { .image = image, .text = text, .cell = fminf(cell, room) };
    job.left = 5 * job.cell;
    job.top = (float)image->height_px - 12 * job.cell;
    job.first = job.top > 2 * job.cell ? (size_t)(job.top - 2 * job.cell) : 0;
    smp_pool_for(pool, image->height_px - job.first, 8, stamp_rows, &job);
}
