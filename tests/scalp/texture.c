// Texture without a scale of its own: octaves of smooth noise of equal strength, as real skin has
// (difference of Gaussians 0.0045 to 0.006 in red from 1 to 6 px).
#include "scalp.h"

#include <math.h>

enum { OCTAVES = 8 };

struct lattice {
    size_t width, height;
    double step_px;
    float *value;
};

static bool make_lattice(struct lattice *l, const struct scalp_params *params, unsigned kind,
                         int octave, struct smp_arena *scratch)
{
    l->step_px = 1.5 * pow(2, octave);
    l->width = (size_t)(params->width_px / l->step_px) + 4;
    l->height = (size_t)(params->height_px / l->step_px) + 4;
    l->value = smp_new(scratch, float, l->width * l->height);
    if (!l->value)
        return false;
    struct smp_rng rng = scalp_rng(params, kind, (uint64_t)octave);
    for (size_t i = 0; i < l->width * l->height; i++)
        l->value[i] = (float)smp_rng_normal(&rng);
    return true;
}

// Weights of a quadratic B-spline at part 0 to 1 of a cell.
static void spline(float weight[3], float part)
{
    weight[0] = 0.5F * (1 - part) * (1 - part);
    weight[2] = 0.5F * part * part;
    weight[1] = 1 - weight[0] - weight[2];
}

static void add_lattice(struct scalp_canvas *canvas, const struct lattice *l, struct smp_rgb value,
                        float *row, float (*across)[3], size_t *cell)
{
    const size_t width = canvas->a.width_px, height = canvas->a.height_px;
    for (size_t x = 0; x < width; x++) {
        const double at = (double)x / l->step_px;
        cell[x] = (size_t)at;
        spline(across[x], (float)(at - floor(at)));
    }
    for (size_t y = 0; y < height; y++) {
        const double at = (double)y / l->step_px;
        float down[3];
        spline(down, (float)(at - floor(at)));
        const float *from = l->value + (size_t)at * l->width;
        for (size_t i = 0; i < l->width; i++)
            row[i] =
                down[0] * from[i] + down[1] * from[i + l->width] + down[2] * from[i + 2 * l->width];
        struct smp_rgb *px = smp_image_at(&canvas->a, 0, y);
        for (size_t x = 0; x < width; x++) {
            const float *r = row + cell[x];
            const float v = across[x][0] * r[0] + across[x][1] * r[1] + across[x][2] * r[2];
            px[x].r += v * value.r;
            px[x].g += v * value.g;
            px[x].b += v * value.b;
        }
    }
}

static void add_field(struct scalp_canvas *canvas, const struct scalp_params *params, unsigned kind,
                      struct smp_rgb value, struct smp_arena *scratch)
{
    const struct smp_mark mark = smp_arena_mark(scratch);
    const size_t width = canvas->a.width_px;
    float *row = smp_new(scratch, float, width + 8);
    float(*across)[3] = smp_alloc(scratch, width, sizeof *across);
    size_t *cell = smp_new(scratch, size_t, width);
    for (int octave = 0; octave < OCTAVES && row && across && cell; octave++) {
        struct lattice lattice;
        if (make_lattice(&lattice, params, kind, octave, scratch))
            add_lattice(canvas, &lattice, value, row, across, cell);
    }
    smp_arena_reset(scratch, mark);
}

static struct smp_rgb times(struct smp_rgb v, float s)
{
    return (struct smp_rgb){ s * v.r, s * v.g, s * v.b };
}

void scalp_draw_texture(struct scalp_canvas *canvas, const struct scalp_params *params,
                        struct smp_arena *scratch)
{
    if (!(params->texture > 0))
        return;
    // A unit of each field has a difference of Gaussians of 0.18; relief, melanin and blood share
    // red light as 0.8 : 0.5 : 0.33, in squares 1.
    const float unit = (float)(params->texture / 0.18);
    add_field(canvas, params, 11, times((struct smp_rgb){ 1, 1, 1 }, 0.8F * unit), scratch);
    add_field(canvas, params, 12, times(canvas->melanin, 0.5F * unit / canvas->melanin.r), scratch);
    add_field(canvas, params, 13, times(canvas->blood, 0.33F * unit / canvas->blood.r), scratch);
}
