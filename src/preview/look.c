// How a dot looks from outside at an age: the pigment of the plan in the client's own skin, by the
// tables of skin/ and the course of healing, as contrast on rings in linear R/G/B.
//
// Everything the preview knows of skin optics is behind these functions.
#include "preview/preview_impl.h"

#include <stdlib.h>
#include <string.h>

// Where the plan has no recipe: plain black, its top where healed pigment is found.
static const char default_pigment[] = "carbon-100";
static const double default_top_mm = 0.12;
static const double least_water = 10, most_water = 60; // parts: dilutions in use

// ---- Making ready ------------------------------------------------------------------------------

static enum smp_code read_data(struct smp_looks *looks, const struct smp_scene *scene,
                               struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_settings *settings = scene->plan->from->settings;
    const char *folder = settings ? settings->folder : NULL, *path;
    const struct smp_plan_recipe *recipe = &scene->plan->from->recipe;
    struct smp_bytes text;
    struct smp_catalogue catalogue;
    enum smp_code code = smp_data_find(folder, "healing.json", &path, &text, arena, err);
    if (!code)
        code = smp_healing_read(&looks->healing, path, (const char *)text.data, text.length, arena,
                                err);
    if (recipe->found && recipe->catalogue.data) {
        text = recipe->catalogue;
        path = "the case's catalogue";
    } else if (!code) {
        code = smp_data_find(folder, "pigments.json", &path, &text, arena, err);
    }
    if (!code)
        code =
            smp_catalogue_read(&catalogue, path, (const char *)text.data, text.length, arena, err);
    if (code)
        return code;
    const char *id = recipe->found ? recipe->pigment : default_pigment;
    looks->pigment = smp_pigment_find(&catalogue, id);
    if (!looks->pigment)
        return smp_fail(err, SMP_E_INPUT, "%s must have the pigment \"%s\"", path, id);
    looks->retained = looks->healing.constant[SMP_HEAL_INK_SHARE].value;
    looks->top_mm = recipe->found ? recipe->top_mm : default_top_mm;
    return smp_pigment_matchable(looks->pigment, path, err);
}

// A colour that no skin of the model has (make-up, a lamp's tint in a scan) must not stop a
// picture: then melanin goes by lightness alone.
static enum smp_code fit_skin(struct smp_looks *looks, struct smp_lab lab, struct smp_arena *arena,
                              struct smp_err *err)
{
    double delta;
    looks->skin = smp_skin_default();
    const enum smp_code code = smp_skin_fit(&looks->skin, &delta, lab, "skin.lab", arena, NULL);
    if (code == SMP_E_INPUT) {
        looks->skin = smp_skin_default();
        looks->skin.melanin = smp_clamp(0.02 * exp(0.065 * (66 - lab.l)), 0.004, 0.3);
        return smp_skin_spectrum(looks->reflectance, &looks->skin, arena, err);
    }
    return code ? smp_fail(err, code, "no room for the fit of the skin")
                : smp_skin_spectrum(looks->reflectance, &looks->skin, arena, err);
}

static void rgb_of(double rgb[3], const double reflectance[SMP_WAVELENGTHS])
{
    static const struct smp_grid grid = { 400, 10, SMP_WAVELENGTHS };
    const struct smp_rgb_lin c = smp_rgb_from_xyz(smp_xyz_from_reflectance(reflectance, &grid));
    rgb[0] = c.r;
    rgb[1] = c.g;
    rgb[2] = c.b;
}

// The colour of a spectrum is linear in it: one column a wavelength.
static void weigh(struct smp_looks *looks)
{
    static const double luminance[3] = { 0.2126, 0.7152, 0.0722 };
    double bare[3], sum = 0;
    rgb_of(bare, looks->reflectance);
    for (int w = 0; w < SMP_WAVELENGTHS; w++) {
        double one[SMP_WAVELENGTHS] = { 0 }, rgb[3];
        one[w] = looks->reflectance[w];
        rgb_of(rgb, one);
        // Very dark, warm skin can leave a primary near 0: it then goes with its neighbours.
        for (int c = 0; c < 3; c++)
            looks->rgb[c][w] = rgb[c] / fmax(bare[c], 2e-3);
    }
    for (int c = 0; c < 3; c++) {
        looks->luminance[c] = luminance[c] * fmax(bare[c], 0);
        sum += looks->luminance[c];
    }
    for (int c = 0; c < 3; c++)
        looks->luminance[c] /= sum;
}

void smp_rgb_share(double rgb[3], const struct smp_looks *looks,
                   const double values[SMP_WAVELENGTHS])
{
    for (int c = 0; c < 3; c++) {
        rgb[c] = 0;
        for (int w = 0; w < SMP_WAVELENGTHS; w++)
            rgb[c] += looks->rgb[c][w] * values[w];
    }
}

double smp_luminance_share(const struct smp_looks *looks, const double rgb[3])
{
    return looks->luminance[0] * rgb[0] + looks->luminance[1] * rgb[1] +
           looks->luminance[2] * rgb[2];
}

// D of a dot among as many as the plan has.
static void together(double area_mm2[SMP_WAVELENGTHS], const double centre[SMP_WAVELENGTHS],
                     const struct smp_looks *looks)
{
    for (int w = 0; w < SMP_WAVELENGTHS; w++)
        area_mm2[w] = -log(smp_dots_keep(looks->dots_per_mm2 * area_mm2[w], centre[w],
                                         looks->reflectance[w])) /
                      looks->dots_per_mm2;
}

// The dilution at which the planned dots take as much light as the client's own shaved hair beside
// them: what a technician mixes for.
static double dilution(const struct smp_scene *scene, double mean_mm)
{
    const struct smp_looks *looks = scene->looks;
    double hair[3];
    smp_scalp_area(hair, scene);
    const double wanted = smp_luminance_share(looks, hair) / scene->plan->from->design.dots_per_cm2;
    const struct smp_deposit_shape shape = smp_planned_shape(looks, mean_mm, looks->top_mm);
    double low = log(1 + least_water), high = log(1 + most_water);
    for (int k = 0; k < 24; k++) {
        const double middle = 0.5 * (low + high);
        double mua[SMP_WAVELENGTHS], mus[SMP_WAVELENGTHS], rgb[3];
        struct smp_takes takes;
        smp_pigment_in_skin(mua, mus, looks->pigment, exp(middle) - 1, looks->retained);
        smp_look_takes(&takes, looks->compiled, &shape, mua, mus);
        together(takes.area_mm2, takes.centre, looks);
        smp_rgb_share(rgb, looks, takes.area_mm2);
        *(smp_luminance_share(looks, rgb) * SMP_DOTS_KEPT > wanted ? &low : &high) = middle;
    }
    return exp(0.5 * (low + high)) - 1;
}

// Dilutions of the recipe's bottles, or of the one that is mixed for the plan's dots.
static void take_recipe(struct smp_looks *looks, const struct smp_scene *scene)
{
    const struct smp_plan_recipe *recipe = &scene->plan->from->recipe;
    looks->by_recipe = recipe->found != NULL;
    looks->dots_per_mm2 = scene->plan->from->design.dots_per_cm2 / 100;
    looks->parts_water =
        looks->by_recipe ? recipe->dilution : dilution(scene, smp_mean_dot_mm(scene->plan));
    for (size_t i = 0; i < recipe->shade_count && looks->by_recipe; i++)
        looks->shade[i] =
            log((1 + looks->parts_water) / (1 + fmax(0, recipe->shades[i].parts_water)));
}

// The client's own hair, as the match has it.
static void take_hair(struct smp_looks *looks, const struct smp_case *from)
{
    looks->wear =
        (struct smp_wear){ .sun = smp_clamp(from->sun, 0, 1), .oily = smp_clamp(from->oily, 0, 1) };
    struct smp_stubble *stubble = &looks->stubble;
    *stubble = smp_stubble_default();
    stubble->fu_per_cm2 = from->loss.native_fu_per_cm2;
    stubble->stubble_mm = from->stubble_mm;
    stubble->hair_lab = from->hair_lab;
    if (from->exit_deg > 0)
        stubble->exit_deg = from->exit_deg;
    if (from->calibre_um > 0)
        stubble->calibre_mm = from->calibre_um / 1000;
}

double smp_mean_dot_mm(const struct smp_plan *plan)
{
    double sum = 0;
    for (size_t i = 0; i < plan->dot_count; i++)
        sum += plan->dots[i].diameter_um;
    return plan->dot_count ? smp_clamp(1e-3 * sum / (double)plan->dot_count, 0.05, 0.8) : 0.25;
}

enum smp_code smp_looks_make(struct smp_scene *scene, const struct smp_work *work)
{
    struct smp_arena *own = &scene->own;
    struct smp_looks *looks = smp_new(own, struct smp_looks, 1);
    if (!looks)
        return smp_fail(work->err, SMP_E_NOMEM, "no room for the looks of dots");
    enum smp_code code = read_data(looks, scene, own, work->err);
    if (!code)
        code = fit_skin(looks, scene->plan->from->skin_lab, own, work->err);
    if (code)
        return code;
    looks->compiled = smp_look_skin_make(&looks->skin, own);
    if (!looks->compiled)
        return smp_fail(work->err, SMP_E_NOMEM, "no room for the looks of dots");
    weigh(looks);
    scene->looks = looks;
    take_hair(looks, scene->plan->from);
    smp_hair_measure(scene);
    take_recipe(looks, scene);
    code = smp_looks_follow(looks, scene->plan, own, work);
    return code ? code : smp_looks_seen(looks, scene->plan, own, work);
}

// ---- A deposit ---------------------------------------------------------------------------------

// Pigment still in the epidermis lies over its own deposit as a thin screen. Light that comes out
// crosses it once; most has come in beside it, from skin it does not cover [E].
static const double screen_passes = 1.0, screen_edge_mm = 0.025;

static double screen_cover(double r_mm, double radius_mm)
{
    return 1 / (1 + exp((r_mm - radius_mm) / screen_edge_mm));
}

// Adds the screen of optical depth tau to the contrast on rings and to D.
static void add_screen(double *contrast, double *area_mm2, const double *r_mm, double radius_mm,
                       double tau)
{
    double last = 0;
    for (int i = 0; i < SMP_LOOK_RINGS; i++) {
        const double more = (1 - contrast[i]) * -expm1(-tau * screen_cover(r_mm[i], radius_mm));
        contrast[i] += more;
        if (i > 0)
            *area_mm2 += SMP_PI * (last * r_mm[i - 1] + more * r_mm[i]) * (r_mm[i] - r_mm[i - 1]);
        last = more;
    }
}

void smp_rings_of(struct smp_rings *rings, const struct smp_looks *looks,
                  const struct smp_aged *aged, double strong)
{
    double mua[SMP_WAVELENGTHS], mus[SMP_WAVELENGTHS], tau[SMP_WAVELENGTHS];
    smp_pigment_at_age(mua, mus, looks->pigment, looks->parts_water, looks->retained, aged);
    const double held = 1 - aged->epidermal_share, d_mm = aged->shape.diameter_mm;
    for (int w = 0; w < SMP_WAVELENGTHS; w++) {
        // a ball's pigment spread over its outline: 2/3 of the diameter of it
        tau[w] = screen_passes * aged->epidermal_share * strong * mua[w] * 2 / 3 * d_mm;
        mua[w] *= strong * held;
        mus[w] *= strong * held;
    }
    struct smp_look look;
    smp_look_compile(&look, looks->compiled, &aged->shape, mua, mus);
    if (aged->epidermal_share > 0)
        for (int w = 0; w < SMP_WAVELENGTHS; w++)
            add_screen(look.contrast[w], &look.area_mm2[w], look.r_mm, 0.5 * d_mm, tau[w]);
    memcpy(rings->r_mm, look.r_mm, sizeof rings->r_mm);
    for (int i = 0; i < SMP_LOOK_RINGS; i++) {
        double at[SMP_WAVELENGTHS], rgb[3];
        for (int w = 0; w < SMP_WAVELENGTHS; w++)
            at[w] = look.contrast[w][i];
        smp_rgb_share(rgb, looks, at);
        for (int c = 0; c < 3; c++)
            rings->contrast[c][i] = smp_clamp(rgb[c], 0, 0.97);
    }
    double centre[SMP_WAVELENGTHS];
    for (int w = 0; w < SMP_WAVELENGTHS; w++)
        centre[w] = look.contrast[w][0];
    together(look.area_mm2, centre, looks);
    smp_rgb_share(rings->area_mm2, looks, look.area_mm2);
    for (int c = 0; c < 3; c++)
        rings->area_mm2[c] = fmax(rings->area_mm2[c], 0);
}
