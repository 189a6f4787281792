// Letters of strokes, for the stamp: no font file, the same pixels everywhere.
#include "preview/preview_impl.h"

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

void smp_stamp(struct smp_image *image, const char *text)
{
    // Letters of 1 % of the height, but never too small to read.
    const size_t short_side =
        image->width_px * 5 < image->height_px * 4 ? image->width_px * 5 / 4 : image->height_px;
    smp_stamp_sized(image, text, fmaxf((float)short_side / 620, 1.15f));
}

void smp_stamp_sized(struct smp_image *image, const char *text, float cell)
{
    size_t length = 0;
    while (text[length])
        length++;
    const float room = 0.96f * (float)image->width_px / (5.6f * (float)length + 10);
    cell = fminf(cell, room);
    const float left = 5 * cell, top = (float)image->height_px - 12 * cell;
    const size_t first = top > 2 * cell ? (size_t)(top - 2 * cell) : 0;
    for (size_t y = first; y < image->height_px; y++) {
        for (size_t x = 0; x < image->width_px; x++) {
            const float gx = ((float)x + 0.5f - left) / cell, gy = ((float)y + 0.5f - top) / cell;
            const float column = floorf((gx + 0.8f) / 5.6f);
            if (column < 0 || column >= (float)length)
                continue;
            const float d = distance_to_letter(text[(size_t)column], gx - 5.6f * column, gy) * cell;
            const float half = 0.42f * cell;
            struct smp_rgb *px = smp_image_at(image, x, y);
            mix_to(px, 0.02f, 0.45f * smp_smoothf(half + 1.6f * cell, half, d));
            mix_to(px, 0.72f, 0.92f * smp_clampf(half + 0.5f - d, 0, 1));
        }
    }
}
