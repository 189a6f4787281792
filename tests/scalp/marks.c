// Round things: dots of pigment, moles, pores.
#include "scalp.h"

#include <math.h>

// Share of a pixel at this distance that a disc covers, its edge a pixel wide.
static double cover(double distance_px, double radius_px)
{
    return smp_clamp(radius_px + 0.5 - distance_px, 0, 1);
}

void scalp_draw_dots(struct scalp_canvas *canvas, const struct scalp_dot *dots, size_t count,
                     double tint)
{
    for (size_t i = 0; i < count; i++) {
        const struct scalp_dot *d = &dots[i];
        // Light falls in proportion to what is covered; blue and green by the tint.
        const double c[3] = { d->contrast, d->contrast * (1 + 1 / tint) / 2, d->contrast / tint };
        const long reach = (long)ceil(d->radius_px + 1);
        for (long y = (long)d->y_px - reach; y <= (long)d->y_px + reach; y++)
            for (long x = (long)d->x_px - reach; x <= (long)d->x_px + reach; x++) {
                const double m = cover(hypot((double)x + 0.5 - d->x_px, (double)y + 0.5 - d->y_px),
                                       d->radius_px);
                const struct smp_rgb a = { (float)-log(1 - m * (1 - exp(-c[0]))),
                                           (float)-log(1 - m * (1 - exp(-c[1]))),
                                           (float)-log(1 - m * (1 - exp(-c[2]))) };
                scalp_add(canvas, x, y, a, 1);
            }
    }
}

// A brown patch with a wavy, soft outline.
static void draw_mole(struct scalp_canvas *canvas, const struct scalp_params *params,
                      struct smp_rng *rng)
{
    const double cx = scalp_between(rng, 0, params->width_px),
                 cy = scalp_between(rng, 0, params->height_px);
    const double radius = scalp_between(rng, 3, 16), soft = scalp_between(rng, 0.5, 2);
    const double wave = scalp_between(rng, 0.05, 0.2), turn = scalp_between(rng, 0, 2 * SMP_PI);
    const double stretch = scalp_between(rng, 1, 1.5);
    const double strength = scalp_between(rng, 0.08, 0.35) / (double)canvas->melanin.r;
    const long reach = (long)ceil(1.3 * stretch * radius + 3 * soft);
    for (long y = (long)cy - reach; y <= (long)cy + reach; y++)
        for (long x = (long)cx - reach; x <= (long)cx + reach; x++) {
            const double dx = ((double)x + 0.5 - cx) / stretch, dy = (double)y + 0.5 - cy;
            const double angle = atan2(dy, dx) + turn;
            const double edge = radius * (1 + wave * sin(2 * angle) + 0.5 * wave * sin(3 * angle));
            scalp_add(canvas, x, y, canvas->melanin,
                      strength * 0.5 * erfc((hypot(dx, dy) - edge) / (SMP_PI / 2 * soft)));
        }
}

void scalp_draw_moles(struct scalp_canvas *canvas, const struct scalp_params *params)
{
    for (uint64_t i = 0; i < (uint64_t)params->moles; i++) {
        struct smp_rng rng = scalp_rng(params, 21, i);
        draw_mole(canvas, params, &rng);
    }
}

// Shaded pits: small, a little brown.
void scalp_draw_pores(struct scalp_canvas *canvas, const struct scalp_params *params)
{
    for (uint64_t i = 0; i < (uint64_t)params->pores; i++) {
        struct smp_rng rng = scalp_rng(params, 22, i);
        const double cx = scalp_between(&rng, 0, params->width_px),
                     cy = scalp_between(&rng, 0, params->height_px);
        const double sigma = scalp_between(&rng, 0.8, 1.4), c = scalp_between(&rng, 0.1, 0.3);
        for (long y = (long)cy - 5; y <= (long)cy + 5; y++)
            for (long x = (long)cx - 5; x <= (long)cx + 5; x++) {
                const double r = hypot((double)x + 0.5 - cx, (double)y + 0.5 - cy) / sigma;
                scalp_add(canvas, x, y, (struct smp_rgb){ 0.75F, 0.9F, 1 }, c * exp(-0.5 * r * r));
            }
    }
}

// ---- Where dots go -----------------------------------------------------------------------------

// Cells so small that each holds one dot at most.
struct cells {
    double size_px;
    long width, height;
    uint32_t *dot; // number + 1
};

static bool is_free(const struct cells *cells, const struct scalp_dot *dots, double x, double y,
                    double gap)
{
    const long cx = (long)(x / cells->size_px), cy = (long)(y / cells->size_px);
    for (long j = cy - 2; j <= cy + 2; j++)
        for (long i = cx - 2; i <= cx + 2; i++) {
            if (i < 0 || j < 0 || i >= cells->width || j >= cells->height)
                continue;
            const uint32_t n = cells->dot[j * cells->width + i];
            if (n && hypot(dots[n - 1].x_px - x, dots[n - 1].y_px - y) < gap)
                return false;
        }
    return true;
}

bool scalp_strew(struct scalp_dot **dots, size_t *count, const struct scalp_params *params,
                 const uint8_t *allowed, struct smp_arena *arena)
{
    const size_t wanted = (size_t)params->dots;
    const double gap = fmax(params->gap_px, 1), border = 12;
    struct cells cells = { .size_px = gap / sqrt(2) };
    cells.width = (long)(params->width_px / cells.size_px) + 1;
    cells.height = (long)(params->height_px / cells.size_px) + 1;
    cells.dot = smp_new(arena, uint32_t, (size_t)(cells.width * cells.height));
    *dots = smp_new(arena, struct scalp_dot, wanted);
    *count = 0;
    if (!*dots || !cells.dot)
        return false;
    struct smp_rng rng = scalp_rng(params, 23, 0);
    for (size_t tries = 0; *count < wanted && tries < 60 * wanted; tries++) {
        struct scalp_dot d = { .x_px = scalp_between(&rng, border, params->width_px - border),
                               .y_px = scalp_between(&rng, border, params->height_px - border) };
        d.radius_px = scalp_between(&rng, params->radius_px_min, params->radius_px_max);
        d.contrast = scalp_between(&rng, params->contrast_min, params->contrast_max);
        if (d.x_px < 0 || d.y_px < 0)
            continue;
        if (allowed && !allowed[(size_t)d.y_px * (size_t)params->width_px + (size_t)d.x_px])
            continue;
        if (!is_free(&cells, *dots, d.x_px, d.y_px, gap))
            continue;
        (*dots)[(*count)++] = d;
        cells.dot[(long)(d.y_px / cells.size_px) * cells.width + (long)(d.x_px / cells.size_px)] =
            (uint32_t)*count;
    }
    return true;
}
