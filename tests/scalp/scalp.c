// The scene, in the order in which things lie on each other.
#include "scalp.h"

#include "skin/skin.h"

#include <math.h>
#include <string.h>

const struct scalp_params scalp_defaults = {
    .width_px = 1000,
    .height_px = 700,
    .seed = 1,
    .tone = 2,
    .dots = 300,
    .radius_px_min = 3,
    .radius_px_max = 8,
    .contrast_min = 0.2,
    .contrast_max = 0.2,
    .gap_px = 18,
    .tint = 1,
    .blur_px = 1.3,
    .gradient = 1,
    .exposure = 1,
    .jpeg = 92,
};

#define FIELD(member, unit, min, max, help) SMP_FIELD(scalp_params, member, unit, min, max, help)

const struct smp_field scalp_fields[SCALP_FIELDS] = {
    FIELD(width_px, "px", 1, 20000, "width of the picture"),
    FIELD(height_px, "px", 1, 20000, "height of the picture"),
    FIELD(seed, "", 0, 1e15, "seed"),
    FIELD(tone, "", 0, 5, "tone of the skin, 0: lightest"),
    FIELD(dots, "", 0, 1e6, "dots wanted"),
    FIELD(radius_px_min, "px", 0.5, 100, "smallest radius of a dot"),
    FIELD(radius_px_max, "px", 0.5, 100, "largest radius of a dot"),
    FIELD(contrast_min, "", 0, 4, "least contrast of a dot"),
    FIELD(contrast_max, "", 0, 4, "most contrast of a dot"),
    FIELD(gap_px, "px", 0, 1000, "least distance between centres"),
    FIELD(tint, "", 0.3, 3, "contrast in red over that in blue"),
    FIELD(moles, "", 0, 1e5, "moles"),
    FIELD(pores, "", 0, 1e6, "pores"),
    FIELD(hairs, "", 0, 1e5, "hairs"),
    FIELD(wrinkles, "", 0, 1e4, "wrinkles"),
    FIELD(texture, "", 0, 1, "texture in red light at the scale of dots"),
    FIELD(shine, "", 0, 1, "strongest gloss"),
    FIELD(gradient, "", 0.05, 20, "light at the right over that at the left"),
    FIELD(blur_px, "px", 0, 20, "blur of the lens"),
    FIELD(noise, "", 0, 1, "noise a pixel, in ln light"),
    FIELD(exposure, "", 0.001, 10, "exposure"),
    FIELD(jpeg, "", 0, 100, "quality of the JPEG, 0: none"),
};

struct smp_rng scalp_rng(const struct scalp_params *params, unsigned kind, uint64_t item)
{
    return smp_rng_make(smp_hash64((uint64_t)params->seed, kind), item);
}

double scalp_between(struct smp_rng *rng, double min, double max)
{
    return min + (max - min) * smp_rng_unit(rng);
}

// ---- Bare skin ---------------------------------------------------------------------------------

static struct smp_rgb log_light(double melanin, double blood, struct smp_arena *scratch)
{
    static const struct smp_grid grid = { 400, 10, SMP_WAVELENGTHS };
    double reflectance[SMP_WAVELENGTHS];
    struct smp_skin skin = smp_skin_default();
    skin.melanin = melanin;
    skin.blood = blood;
    smp_skin_spectrum(reflectance, &skin, scratch, NULL);
    const struct smp_rgb_lin rgb = smp_rgb_from_xyz(smp_xyz_from_reflectance(reflectance, &grid));
    return (struct smp_rgb){ (float)-log(fmax(rgb.r, 1e-3)), (float)-log(fmax(rgb.g, 1e-3)),
                             (float)-log(fmax(rgb.b, 1e-3)) };
}

static struct smp_rgb slope(struct smp_rgb from, struct smp_rgb to, float step)
{
    return (struct smp_rgb){ (to.r - from.r) / step, (to.g - from.g) / step,
                             (to.b - from.b) / step };
}

static bool begin(struct scalp_canvas *canvas, const struct scalp_params *params,
                  struct smp_arena *scratch)
{
    static const double melanin[SCALP_TONES] = { 0.006, 0.015, 0.03, 0.07, 0.15, 0.3 };
    const double m = melanin[(int)params->tone], blood = 0.005, step = 0.2;
    const size_t width = (size_t)params->width_px, height = (size_t)params->height_px;
    if (smp_image_make(&canvas->a, width, height, scratch, NULL))
        return false;
    canvas->skin = log_light(m, blood, scratch);
    canvas->melanin = slope(canvas->skin, log_light(m * exp(step), blood, scratch), (float)step);
    canvas->blood = slope(canvas->skin, log_light(m, blood * exp(step), scratch), (float)step);
    for (size_t i = 0; i < width * height; i++)
        canvas->a.px_lin[i] = canvas->skin;
    return true;
}

void scalp_add(struct scalp_canvas *canvas, long x, long y, struct smp_rgb value, double weight)
{
    if (x < 0 || y < 0 || x >= (long)canvas->a.width_px || y >= (long)canvas->a.height_px)
        return;
    struct smp_rgb *px = smp_image_at(&canvas->a, (size_t)x, (size_t)y);
    const float w = (float)weight;
    px->r += w * value.r;
    px->g += w * value.g;
    px->b += w * value.b;
}

// ---- The whole ---------------------------------------------------------------------------------

bool scalp_make_with(struct scalp *scalp, const struct scalp_params *params,
                     const struct scalp_dot *dots, size_t dot_count, struct smp_arena *arena)
{
    *scalp = (struct scalp){ 0 };
    struct smp_arena scratch;
    smp_arena_make(&scratch, 0);
    struct scalp_canvas canvas;
    bool good = begin(&canvas, params, &scratch);
    if (good) {
        scalp_draw_texture(&canvas, params, &scratch);
        scalp_draw_wrinkles(&canvas, params);
        scalp_draw_pores(&canvas, params);
        scalp_draw_moles(&canvas, params);
        scalp_draw_dots(&canvas, dots, dot_count, params->tint);
        scalp_draw_hairs(&canvas, params, &scratch);
        for (size_t i = 0; i < 3 * canvas.a.width_px * canvas.a.height_px; i++)
            (&canvas.a.px_lin->r)[i] = expf(-(&canvas.a.px_lin->r)[i]);
        good = scalp_expose(scalp, &canvas.a, params, arena);
    }
    smp_arena_drop(&scratch);
    scalp->dots = good ? smp_new(arena, struct scalp_dot, dot_count) : NULL;
    if (!scalp->dots)
        return false;
    if (dot_count)
        memcpy(scalp->dots, dots, dot_count * sizeof *dots);
    scalp->dot_count = dot_count;
    return true;
}

bool scalp_make(struct scalp *scalp, const struct scalp_params *params, struct smp_arena *arena)
{
    struct smp_arena scratch;
    smp_arena_make(&scratch, 0);
    struct scalp_dot *dots;
    size_t count;
    const bool good = scalp_strew(&dots, &count, params, NULL, &scratch) &&
                      scalp_make_with(scalp, params, dots, count, arena);
    smp_arena_drop(&scratch);
    return good;
}
