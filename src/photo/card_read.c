// A card whose grid is roughly known: its sides to a fraction of a pixel, scale, kind, colours.
#include "photo/card_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { patches = SMP_CARD_PATCHES, samples_side = 32 };

// Not published; measured on pictures of both cards, by the Mini's own ruler and by markers of
// known side beside the Classic, to about 1 % (docs/photos.md).
static const struct {
    double patch_mm, pitch_mm;
} sizes[] = { [SMP_CARD_CLASSIC] = { 41.1, 46.6 }, [SMP_CARD_MINI] = { 11.6, 14.8 } };

// Side of a patch over the distance of centres: Mini 0.784, Classic 0.882. Strong blur moves both
// up; between these the kind is not told.
static const double unsure_from = 0.815, unsure_to = 0.86;

void smp_card_set_kind(struct smp_card *card, enum smp_card_kind kind)
{
    card->kind = kind;
    card->px_per_mm =
        smp_homography_scale(&card->to_px, (struct smp_vec2){ 2.5, 1.5 }) / smp_card_pitch_mm(kind);
}

double smp_card_patch_mm(enum smp_card_kind kind)
{
    return sizes[kind].patch_mm;
}

double smp_card_pitch_mm(enum smp_card_kind kind)
{
    return sizes[kind].pitch_mm;
}

static void square_at(struct smp_vec2 corner_px[4], const struct smp_homography *h,
                      struct smp_vec2 p, double side)
{
    static const double turn[4][2] = { { -0.5, -0.5 }, { 0.5, -0.5 }, { 0.5, 0.5 }, { -0.5, 0.5 } };
    for (int i = 0; i < 4; i++)
        corner_px[i] = smp_homography_map(
            h, (struct smp_vec2){ p.x + side * turn[i][0], p.y + side * turn[i][1] });
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, ascending);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

// The grid through centres, those dropped that lie off it; false where too few are left. The
// centres kept stay at the front of the list.
static bool fit_grid(struct smp_card *card, struct smp_vec2 *from, struct smp_vec2 *to,
                     size_t *count)
{
    double off[patches], sorted[patches];
    size_t n = *count;
    for (int round = 0; round < 3; round++) {
        if (n < 10 || !smp_homography_fit(&card->to_px, from, to, n))
            return false;
        double squares = 0;
        for (size_t i = 0; i < n; i++) {
            const struct smp_vec2 at = smp_homography_map(&card->to_px, from[i]);
            sorted[i] = off[i] = hypot(at.x - to[i].x, at.y - to[i].y);
            squares += off[i] * off[i] / (double)n;
        }
        card->rms_px = sqrt(squares);
        const double limit = fmax(2.5 * median(sorted, n), 0.1);
        size_t kept = 0;
        for (size_t i = 0; i < n; i++) {
            if (off[i] > limit)
                continue;
            from[kept] = from[i];
            to[kept++] = to[i];
        }
        if (kept == n)
            break;
        n = kept;
    }
    *count = n;
    return n >= 10;
}

// Sides of the patches that show them, and the grid through their centres; false where too few do.
static bool refine_grid(struct smp_card *card, const struct smp_image *image, double side,
                        double reach)
{
    struct smp_vec2 from[patches], to[patches];
    double ratio[patches];
    struct smp_homography back;
    size_t n = 0;
    if (!smp_homography_invert(&back, &card->to_px))
        return false;
    for (int i = 0; i < patches; i++) {
        struct smp_quad quad;
        square_at(quad.corner_px, &card->to_px, smp_card_place(i), side);
        const double pitch_px = smp_homography_scale(&card->to_px, smp_card_place(i));
        if (!smp_quad_refine(&quad, image, fmax(1.5, reach * pitch_px)))
            continue;
        struct smp_vec2 c[4];
        for (int k = 0; k < 4; k++)
            c[k] = smp_homography_map(&back, quad.corner_px[k]);
        const double area =
            ((c[2].x - c[0].x) * (c[3].y - c[1].y) - (c[3].x - c[1].x) * (c[2].y - c[0].y)) / 2;
        ratio[n] = sqrt(fmax(area, 0));
        from[n] = smp_card_place(i);
        to[n++] = quad.centre_px;
    }
    card->patch_to_pitch = n ? median(ratio, n) : 0;
    return fit_grid(card, from, to, &n);
}

// ---- Colours of a patch -----------------------------------------------------------------------

struct samples {
    double value[samples_side * samples_side];
};

// Mean of the middle half of the values, and the spread by the quartiles; values are sorted.
static double middle_mean(double *values, size_t count, double *spread)
{
    qsort(values, count, sizeof *values, ascending);
    double sum = 0;
    const size_t from = count / 4, to = count - count / 4;
    for (size_t i = from; i < to; i++)
        sum += values[i];
    if (spread)
        *spread = (sqrt(fmax(values[to - 1], 0)) - sqrt(fmax(values[from], 0))) / 1.349;
    return sum / (double)(to - from);
}

static void read_patch(struct smp_card_patch *patch, const struct smp_card *card, int index,
                       const struct smp_image *image, struct samples *channel)
{
    const struct smp_vec2 p = smp_card_place(index);
    const double side = 0.6 * card->patch_to_pitch;
    double quarter[3][4] = { { 0 } };
    size_t n = 0, clipped = 0;
    for (int j = 0; j < samples_side; j++) {
        for (int i = 0; i < samples_side; i++) {
            const struct smp_vec2 at = smp_homography_map(
                &card->to_px, (struct smp_vec2){ p.x + side * ((i + 0.5) / samples_side - 0.5),
                                                 p.y + side * ((j + 0.5) / samples_side - 0.5) });
            const size_t x = (size_t)smp_clamp(at.x, 0, (double)image->width_px - 1),
                         y = (size_t)smp_clamp(at.y, 0, (double)image->height_px - 1);
            const struct smp_rgb c = *smp_image_at(image, x, y);
            const double lin[3] = { (double)c.r, (double)c.g, (double)c.b };
            const int q = 2 * (j >= samples_side / 2) + (i >= samples_side / 2);
            bool at_end = false;
            for (int k = 0; k < 3; k++) {
                channel[k].value[n] = lin[k];
                quarter[k][q] += 4 * lin[k] / (samples_side * samples_side);
                at_end |= lin[k] >= 0.985;
            }
            clipped += at_end;
            n++;
        }
    }
    double mean[3], spread[3];
    patch->unlike = patch->spread = 0;
    for (int k = 0; k < 3; k++) {
        mean[k] = middle_mean(channel[k].value, n, &spread[k]);
        patch->spread = fmax(patch->spread, spread[k]);
        double low = (double)INFINITY, high = 0;
        for (int q = 0; q < 4; q++) {
            low = fmin(low, quarter[k][q]);
            high = fmax(high, quarter[k][q]);
        }
        patch->unlike = fmax(patch->unlike, sqrt(high) - sqrt(fmax(low, 0)));
    }
    patch->lin = (struct smp_rgb_lin){ mean[0], mean[1], mean[2] };
    patch->clipped = (double)clipped / (double)n;
}

enum smp_code smp_card_read(struct smp_card *card, const struct smp_image *image, const char *name,
                            struct smp_arena *arena, struct smp_err *err)
{
    if (!refine_grid(card, image, 0.84, 0.085) ||
        !refine_grid(card, image, card->patch_to_pitch, 0.05))
        return smp_fail(err, SMP_E_INPUT,
                        "%s: the edges of the colour card's patches are too blurred to be found",
                        name);
    const bool classic = card->patch_to_pitch > (unsure_from + unsure_to) / 2;
    smp_card_set_kind(card, classic ? SMP_CARD_CLASSIC : SMP_CARD_MINI);
    if (card->patch_to_pitch > unsure_from && card->patch_to_pitch < unsure_to)
        card->px_per_mm = 0;
    struct samples *channel = smp_new(arena, struct samples, 3);
    if (!channel)
        return smp_fail(err, SMP_E_NOMEM, "no memory to read a colour card");
    for (int i = 0; i < patches; i++) {
        struct smp_card_patch *patch = &card->patch[i];
        read_patch(patch, card, i, image, channel);
        patch->centre_px = smp_homography_map(&card->to_px, smp_card_place(i));
        square_at(patch->corner_px, &card->to_px, smp_card_place(i), card->patch_to_pitch);
    }
    return SMP_OK;
}
