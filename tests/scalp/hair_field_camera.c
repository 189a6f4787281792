// What camera and software of a microscope do to a made field: vignette, blur, noise, interlace,
// drawings, codes.
#include "hair_field_impl.h"
#include "scalp.h"

#include <math.h>
#include <string.h>

// ---- Drawings of the software ------------------------------------------------------------------

static void fill(struct smp_image *image, double x0, double y0, double w, double h,
                 struct smp_rgb c)
{
    for (double y = fmax(0, y0); y < fmin(y0 + h, (double)image->height_px); y++)
        for (double x = fmax(0, x0); x < fmin(x0 + w, (double)image->width_px); x++)
            *smp_image_at(image, (size_t)x, (size_t)y) = c;
}

// Letters enough for a caption: strokes on a 3 × 5 grid, a bit a cell.
static void letters(struct smp_image *image, double x, double y, double cell, struct smp_rgb c,
                    uint64_t seed)
{
    static const unsigned shapes[] = { 075557, 026227, 071747, 071717, 055711, 074717, 074757,
                                       071122, 075757, 075717, 057755, 067655, 047444 };
    for (int k = 0; k < 7; k++) {
        const unsigned shape = shapes[smp_hash64(seed, (uint64_t)k) % 13];
        for (int i = 0; i < 15; i++)
            if (shape >> (14 - i) & 1)
                fill(image, x + (4 * k + i % 3) * cell, y + (i / 3) * cell, cell, cell, c);
    }
}

static void circle(struct smp_image *image, double x0, double y0, double r, double thick,
                   struct smp_rgb c)
{
    for (size_t y = 0; y < image->height_px; y++)
        for (size_t x = 0; x < image->width_px; x++) {
            const double d = fabs(hypot((double)x + 0.5 - x0, (double)y + 0.5 - y0) - r);
            if (d < thick)
                *smp_image_at(image, x, y) =
                    made_mix(c, *smp_image_at(image, x, y), smp_clamp(2 * d / thick - 1, 0, 1));
        }
}

static void draw_graphics(struct smp_image *image, const struct made_field_settings *s)
{
    struct smp_rng rng = smp_rng_make(smp_hash64(s->seed, 3), 3);
    static const struct smp_rgb inks[] = { { 0, 0, 0 }, { 0, 0, 0 },       { 1, 1, 1 },
                                           { 1, 0, 0 }, { 0, 0.6F, 0.1F }, { 0.1F, 0.1F, 0.1F } };
    const struct smp_rgb ink = inks[smp_rng_u32(&rng) % 6];
    const double w = (double)image->width_px, h = (double)image->height_px, u = w / 1280;
    const double thick = fmax(1, floor((1 + 3 * smp_rng_unit(&rng)) * u + 0.5));
    const unsigned what = smp_rng_u32(&rng);
    if (what & 1) { // scale bar with ends and a caption
        const double x = floor((0.05 + 0.5 * smp_rng_unit(&rng)) * w), y = floor(0.93 * h);
        fill(image, x, y, floor(s->px_per_mm * 0.5), thick, ink);
        fill(image, x, y - 6 * u, thick, 12 * u + thick, ink);
        fill(image, x + floor(s->px_per_mm * 0.5), y - 6 * u, thick, 12 * u + thick, ink);
        letters(image, x, y - 40 * u, fmax(1, floor(4 * u)), ink, s->seed);
    }
    if (what & 2)
        circle(image, w * (0.3 + 0.4 * smp_rng_unit(&rng)), h * (0.3 + 0.4 * smp_rng_unit(&rng)),
               h * (0.2 + 0.2 * smp_rng_unit(&rng)), fmax(0.8, thick / 2), ink);
    if (what & 4) { // frame
        const struct smp_rgb grey = { 0.2F, 0.2F, 0.2F };
        const double edge = floor((6 + 20 * smp_rng_unit(&rng)) * u);
        fill(image, 0, 0, w, edge, grey);
        fill(image, 0, h - edge, w, edge, grey);
        fill(image, 0, 0, edge, h, grey);
        fill(image, w - edge, 0, edge, h, grey);
    }
    if (what & 8) { // a label with text
        fill(image, floor(0.7 * w), floor(0.03 * h), 150 * u, 40 * u, (struct smp_rgb){ 1, 1, 1 });
        letters(image, floor(0.71 * w), floor(0.035 * h), fmax(1, floor(4 * u)),
                (struct smp_rgb){ 0, 0, 0 }, s->seed + 1);
    }
}

// ---- Camera ----------------------------------------------------------------------------------

static void expose(struct smp_image *image, const struct made_field_settings *s)
{
    static const double to_bright[MADE_TONES] = { 1, 1, 1.1, 1.3, 1.6, 2.2 };
    struct smp_rng rng = smp_rng_make(smp_hash64(s->seed, 4), 4);
    const double w = (double)image->width_px, h = (double)image->height_px;
    const double r = 1 + 0.08 * smp_rng_normal(&rng), b = 1 + 0.08 * smp_rng_normal(&rng);
    for (size_t y = 0; y < image->height_px; y++)
        for (size_t x = 0; x < image->width_px; x++) {
            const double dx = ((double)x + 0.5) / w - 0.5, dy = ((double)y + 0.5) / h - 0.5;
            const double light =
                s->exposure * to_bright[s->tone] *
                (1 - 2 * s->vignette * (dx * dx + dy * dy) + 0.15 * s->vignette * dx);
            struct smp_rgb *at = smp_image_at(image, x, y);
            *at = made_dim(*at, light * r, light, light * b);
        }
}

static void grain(struct smp_image *image, const struct made_field_settings *s)
{
    struct smp_rng rng = smp_rng_make(smp_hash64(s->seed, 5), 5);
    float *v = &image->px_lin->r;
    for (size_t i = 0; i < 3 * image->width_px * image->height_px; i++) {
        const double u = smp_rng_unit(&rng) + smp_rng_unit(&rng) + smp_rng_unit(&rng) - 1.5;
        v[i] += (float)(2 * u * s->noise * sqrt(0.02 + fmax(0, (double)v[i])));
    }
}

// Every other line comes from a moment later.
static bool interlace(struct smp_image *image, double shift_px, struct smp_arena *arena)
{
    struct smp_image still;
    if (smp_image_make(&still, image->width_px, image->height_px, arena, NULL))
        return false;
    memcpy(still.px_lin, image->px_lin, image->width_px * image->height_px * sizeof *image->px_lin);
    for (size_t y = 1; y < image->height_px; y += 2)
        for (size_t x = 0; x < image->width_px; x++)
            *smp_image_at(image, x, y) =
                smp_image_sample(&still, (double)x + 0.5 + shift_px, (double)y + 0.5);
    return true;
}

bool made_field_camera(struct made_field *field, const struct made_field_settings *s,
                       struct smp_arena *arena)
{
    struct smp_image *image = &field->image, sharp = field->image;
    expose(&sharp, s);
    if (smp_image_blur(image, &sharp, s->blur_mm * s->px_per_mm, NULL, arena, NULL))
        return false;
    if (!made_real_lens(image, s, arena))
        return false;
    grain(image, s);
    if (!made_real_process(image, s, arena))
        return false;
    if (s->interlace_px > 0 && !interlace(image, s->interlace_px, arena))
        return false;
    if (s->graphics)
        draw_graphics(image, s);
    made_real_frame(image, s);
    struct scalp seen;
    if (!scalp_develop(&seen, image, s->jpeg, arena))
        return false;
    *image = seen.image;
    return true;
}
