// The card as found, drawn into its picture.
#include "photo/card_impl.h"

#include <math.h>

static void put(struct smp_image *image, double x_px, double y_px, double half,
                struct smp_rgb colour)
{
    for (double y = floor(y_px - half); y <= y_px + half; y++)
        for (double x = floor(x_px - half); x <= x_px + half; x++)
            if (x >= 0 && y >= 0 && x < (double)image->width_px && y < (double)image->height_px)
                *smp_image_at(image, (size_t)x, (size_t)y) = colour;
}

static void draw_line(struct smp_image *image, struct smp_vec2 from, struct smp_vec2 to,
                      double half, struct smp_rgb colour)
{
    const double steps = ceil(2 * hypot(to.x - from.x, to.y - from.y)) + 1;
    for (double i = 0; i <= steps; i++)
        put(image, from.x + (to.x - from.x) * i / steps, from.y + (to.y - from.y) * i / steps, half,
            colour);
}

static struct smp_vec2 between(struct smp_vec2 a, struct smp_vec2 b, double part)
{
    return (struct smp_vec2){ a.x + part * (b.x - a.x), a.y + part * (b.y - a.y) };
}

// A square of a fifth of the patch's side.
static void fill_middle(struct smp_image *image, const struct smp_card_patch *patch,
                        struct smp_rgb colour)
{
    const struct smp_vec2 *c = patch->corner_px;
    const double side = hypot(c[2].x - c[0].x, c[2].y - c[0].y), steps = ceil(0.6 * side) + 1;
    for (double j = 0; j <= steps; j++)
        for (double i = 0; i <= steps; i++) {
            const double u = 0.4 + 0.2 * i / steps, v = 0.4 + 0.2 * j / steps;
            const struct smp_vec2 at = between(between(c[0], c[1], u), between(c[3], c[2], u), v);
            put(image, at.x, at.y, 0, colour);
        }
}

void smp_card_draw(struct smp_image *image, const struct smp_card *card,
                   const struct smp_lab reference[SMP_CARD_PATCHES])
{
    static const struct smp_rgb light = { 0.9F, 0.9F, 0.9F }, dark = { 0.02F, 0.02F, 0.02F };
    for (int i = 0; i < SMP_CARD_PATCHES; i++) {
        const struct smp_card_patch *patch = &card->patch[i];
        const struct smp_rgb_lin c = smp_rgb_from_lab(reference[i]);
        const double half = hypot(patch->corner_px[1].x - patch->corner_px[0].x,
                                  patch->corner_px[1].y - patch->corner_px[0].y) /
                            80;
        for (int k = 0; k < 4; k++)
            draw_line(image, patch->corner_px[k], patch->corner_px[(k + 1) & 3], half,
                      reference[i].l > 60 ? dark : light);
        fill_middle(
            image, patch,
            (struct smp_rgb){ (float)fmax(c.r, 0), (float)fmax(c.g, 0), (float)fmax(c.b, 0) });
    }
}
