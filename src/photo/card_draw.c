// The card as found, drawn into its picture.
#include "photo/card_impl.h"

#include <math.h>

static void put(struct smp_image *image, struct smp_vec2 at_px, long half, struct smp_rgb colour)
{
    const long x = (long)floor(at_px.x), y = (long)floor(at_px.y);
    for (long j = y - half; j <= y + half; j++)
        for (long i = x - half; i <= x + half; i++)
            if (i >= 0 && j >= 0 && i < (long)image->width_px && j < (long)image->height_px)
                *smp_image_at(image, (size_t)i, (size_t)j) = colour;
}

static struct smp_vec2 between(struct smp_vec2 a, struct smp_vec2 b, double part)
{
    return (struct smp_vec2){ a.x + part * (b.x - a.x), a.y + part * (b.y - a.y) };
}

static void draw_line(struct smp_image *image, struct smp_vec2 from, struct smp_vec2 to, long half,
                      struct smp_rgb colour)
{
    const int steps = (int)(2 * hypot(to.x - from.x, to.y - from.y)) + 1;
    for (int i = 0; i <= steps; i++)
        put(image, between(from, to, (double)i / steps), half, colour);
}

// A square of a fifth of the patch's side.
static void fill_middle(struct smp_image *image, const struct smp_card_patch *patch,
                        struct smp_rgb colour)
{
    const struct smp_vec2 *c = patch->corner_px;
    const int steps = (int)(0.6 * hypot(c[2].x - c[0].x, c[2].y - c[0].y)) + 2;
    for (int j = 0; j <= steps; j++)
        for (int i = 0; i <= steps; i++) {
            const double u = 0.4 + 0.2 * i / steps, v = 0.4 + 0.2 * j / steps;
            put(image, between(between(c[0], c[1], u), between(c[3], c[2], u), v), 0, colour);
        }
}

void smp_card_draw(struct smp_image *image, const struct smp_card *card,
                   const struct smp_lab reference[SMP_CARD_PATCHES])
{
    static const struct smp_rgb light = { 0.9F, 0.9F, 0.9F }, dark = { 0.02F, 0.02F, 0.02F };
    for (int i = 0; i < SMP_CARD_PATCHES; i++) {
        const struct smp_card_patch *patch = &card->patch[i];
        const struct smp_rgb_lin c = smp_rgb_from_lab(reference[i]);
        const long half = (long)(hypot(patch->corner_px[1].x - patch->corner_px[0].x,
                                       patch->corner_px[1].y - patch->corner_px[0].y) /
                                 80);
        for (int k = 0; k < 4; k++)
            draw_line(image, patch->corner_px[k], patch->corner_px[(k + 1) & 3], half,
                      reference[i].l > 60 ? dark : light);
        fill_middle(
            image, patch,
            (struct smp_rgb){ (float)fmax(c.r, 0), (float)fmax(c.g, 0), (float)fmax(c.b, 0) });
    }
}
