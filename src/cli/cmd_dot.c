// stubble dot: what one deposit of pigment looks like from outside.
#include "cli/cli.h"
#include "skin/skin.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>

struct call {
    const char *melanin, *blood, *saturation, *scattering, *papillary;
    const char *top, *bottom, *diameter, *mua, *mus, *cut, *json;
};

struct dot {
    struct smp_skin skin;
    struct smp_deposit_shape shape;
    double mua_per_mm, mus_per_mm;
    bool cut; // light below 3 mm is lost
    double reflectance[SMP_WAVELENGTHS], fwhm_mm[SMP_WAVELENGTHS];
    struct smp_look look;
    struct smp_lab bare, centre;
    double delta_e00;
};

static const struct smp_grid grid = { 400, 10, SMP_WAVELENGTHS };

static enum smp_code read_numbers(struct dot *dot, const struct call *c, struct smp_err *err)
{
    const struct {
        const char *text, *name;
        double min, max, *value;
    } numbers[] = {
        { c->melanin, "melanin", 0.001, 0.6, &dot->skin.melanin },
        { c->blood, "blood", 0, 0.2, &dot->skin.blood },
        { c->saturation, "saturation", 0, 1, &dot->skin.saturation },
        { c->scattering, "scattering", 0.3, 3, &dot->skin.scattering },
        { c->papillary, "papillary-blood", 0, 10, &dot->skin.papillary_blood },
        { c->top, "top-mm", 0.08, 2, &dot->shape.top_mm },
        { c->bottom, "bottom-mm", 0.09, 4, &dot->shape.bottom_mm },
        { c->diameter, "diameter-mm", 0.05, 0.8, &dot->shape.diameter_mm },
        { c->mua, "mua-per-mm", 0, 1000, &dot->mua_per_mm },
        { c->mus, "mus-per-mm", 0, 1000, &dot->mus_per_mm },
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        const enum smp_code code =
            numbers[i].text ? smp_cli_number(numbers[i].text, numbers[i].name, numbers[i].min,
                                             numbers[i].max, numbers[i].value, err)
                            : SMP_OK;
        if (code)
            return code;
    }
    return SMP_OK;
}

static enum smp_code read_call(struct dot *dot, const struct call *c, struct smp_err *err)
{
    const struct {
        const char *text, *name;
    } wanted[] = { { c->melanin, "melanin" },
                   { c->blood, "blood" },
                   { c->top, "top-mm" },
                   { c->diameter, "diameter-mm" },
                   { c->mua, "mua-per-mm" } };
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        if (!wanted[i].text)
            return smp_fail(err, SMP_E_INPUT, "--%s must be given", wanted[i].name);
    }
    const enum smp_code code = read_numbers(dot, c, err);
    if (code)
        return code;
    dot->cut = c->cut != NULL;
    if (!c->bottom)
        dot->shape.bottom_mm = dot->shape.top_mm + dot->shape.diameter_mm;
    if (!(dot->shape.bottom_mm > dot->shape.top_mm))
        return smp_fail(err, SMP_E_INPUT, "--bottom-mm must be more than --top-mm (%g mm), not %g",
                        dot->shape.top_mm, dot->shape.bottom_mm);
    return smp_skin_check(&dot->skin, "skin", err);
}

// Width at half the contrast of the centre; 0 where there is none.
static double width_mm(const struct smp_look *look, int w)
{
    const double half = 0.5 * look->contrast[w][0];
    double low = 0, high = look->r_mm[SMP_LOOK_RINGS - 1];
    if (!(half > 1e-7))
        return 0;
    for (int i = 0; i < 40; i++) {
        const double r = 0.5 * (low + high);
        *(smp_look_at(look, w, r) > half ? &low : &high) = r;
    }
    return low + high;
}

static enum smp_code look_at(struct dot *dot, struct smp_arena *arena, struct smp_err *err)
{
    double mua[SMP_WAVELENGTHS], mus[SMP_WAVELENGTHS], under[SMP_WAVELENGTHS];
    const enum smp_code code = smp_skin_spectrum(dot->reflectance, &dot->skin, arena, err);
    if (code)
        return code;
    struct smp_look_skin *skin = smp_look_skin_make(&dot->skin, arena);
    if (!skin)
        return smp_fail(err, SMP_E_NOMEM, "no room for the skin's looks");
    for (int w = 0; w < SMP_WAVELENGTHS; w++) {
        mua[w] = dot->mua_per_mm;
        mus[w] = dot->mus_per_mm;
    }
    smp_look_compile(&dot->look, skin, &dot->shape, mua, mus);
    if (dot->cut)
        smp_look_lose_depth(&dot->look, skin, dot->shape.top_mm);
    for (int w = 0; w < SMP_WAVELENGTHS; w++) {
        under[w] = dot->reflectance[w] * (1 - dot->look.contrast[w][0]);
        dot->fwhm_mm[w] = width_mm(&dot->look, w);
    }
    dot->bare = smp_lab_from_reflectance(dot->reflectance, &grid);
    dot->centre = smp_lab_from_reflectance(under, &grid);
    dot->delta_e00 = smp_delta_e00(dot->bare, dot->centre);
    return SMP_OK;
}

static double figures(double value) // to 6 digits
{
    const double scale = value == 0 ? 1 : pow(10, 5 - floor(log10(fabs(value))));
    return round(value * scale) / scale;
}

static void put_list(json_t *object, const char *name, const double *values)
{
    json_t *list = json_array();
    for (int w = 0; w < SMP_WAVELENGTHS; w++)
        json_array_append_new(list, json_real(figures(values[w])));
    json_object_set_new(object, name, list);
}

static void put_profile(json_t *object, const struct smp_look *look)
{
    json_t *radii = json_array(), *profile = json_array(), *row;
    enum { count = 37 };
    double r[count]; // by 0.025 mm to 0.3, by 0.05 to 0.9, by 0.2 to 3.1
    for (int i = 0; i < count; i++) {
        r[i] = i < 13 ? 0.025 * i : i < 25 ? 0.3 + 0.05 * (i - 12) : 0.9 + 0.2 * (i - 24);
        r[i] = figures(fmin(r[i], 3.2));
        json_array_append_new(radii, json_real(r[i]));
    }
    for (int w = 0; w < SMP_WAVELENGTHS; w++) {
        row = json_array();
        for (int i = 0; i < count; i++)
            json_array_append_new(row, json_real(figures(smp_look_at(look, w, r[i]))));
        json_array_append_new(profile, row);
    }
    json_object_set_new(object, "radius_mm", radii);
    json_object_set_new(object, "profile", profile);
}

static json_t *lab_json(double l, double a, double b)
{
    return json_pack("[f,f,f]", figures(l), figures(a), figures(b));
}

static void print_json(const struct dot *dot)
{
    json_t *object = json_object();
    double nm[SMP_WAVELENGTHS], contrast[SMP_WAVELENGTHS];
    for (int w = 0; w < SMP_WAVELENGTHS; w++) {
        nm[w] = smp_wavelength_nm(w);
        contrast[w] = dot->look.contrast[w][0];
    }
    put_list(object, "wavelength_nm", nm);
    put_list(object, "contrast", contrast);
    put_list(object, "fwhm_mm", dot->fwhm_mm);
    put_profile(object, &dot->look);
    json_object_set_new(object, "skin_lab", lab_json(dot->bare.l, dot->bare.a, dot->bare.b));
    json_object_set_new(object, "delta_lab",
                        lab_json(dot->centre.l - dot->bare.l, dot->centre.a - dot->bare.a,
                                 dot->centre.b - dot->bare.b));
    json_object_set_new(object, "delta_e00", json_real(figures(dot->delta_e00)));
    put_list(object, "area_mm2", dot->look.area_mm2);
    smp_cli_print_json(object);
}

static void print_text(const struct dot *dot)
{
    printf("skin                 L* %5.1f  a* %5.1f  b* %5.1f\n", dot->bare.l, dot->bare.a,
           dot->bare.b);
    printf("centre of the dot    L* %5.1f  a* %5.1f  b* %5.1f   (dE00 %.1f)\n", dot->centre.l,
           dot->centre.a, dot->centre.b, dot->delta_e00);
    puts("wavelength   contrast   width at half   area taken");
    for (int w = 0; w < SMP_WAVELENGTHS; w += 5)
        printf("%7.0f nm   %6.1f %%       %6.2f mm   %7.4f mm2\n", smp_wavelength_nm(w),
               100 * dot->look.contrast[w][0], dot->fwhm_mm[w], dot->look.area_mm2[w]);
}

int smp_cmd_dot(int argc, char **argv);

int smp_cmd_dot(int argc, char **argv)
{
    struct call c = { 0 };
    const struct smp_option options[] = {
        { "melanin", "M", "melanosomes in the epidermis by volume, 0.001 to 0.6", &c.melanin, 0 },
        { "blood", "B", "blood in the dermis by volume, 0 to 0.2", &c.blood, 0 },
        { "saturation", "S", "share of oxygenated blood, 0 to 1", &c.saturation, 0 },
        { "scattering", "F", "factor on the skin's scattering, 0.3 to 3", &c.scattering, 0 },
        { "papillary-blood", "K", "blood below the epidermis against --blood", &c.papillary, 0 },
        { "top-mm", "T", "top of the deposit below the surface, 0.08 to 2", &c.top, 0 },
        { "bottom-mm", "U", "bottom of a column (without it: a ball)", &c.bottom, 0 },
        { "diameter-mm", "D", "diameter of the deposit, 0.05 to 0.8", &c.diameter, 0 },
        { "mua-per-mm", "A", "absorption of the deposit, 0 to 1000", &c.mua, 0 },
        { "mus-per-mm", "S", "scattering of the deposit (g 0.8), 0 to 1000", &c.mus, 0 },
        { "lost-below-3mm", NULL, "light deeper than 3 mm is lost, as in cut runs", &c.cut, 0 },
        { "json", NULL, "print one JSON object", &c.json, 0 },
        { NULL, NULL, NULL, NULL, 0 },
    };
    int count = 0;
    const int status = smp_cli_parse(
        argc, argv, "dot --melanin M --blood B --top-mm T --diameter-mm D --mua-per-mm A [--json]",
        options, NULL, 0, 0, &count);
    if (status)
        return status < 0 ? 0 : status;
    struct dot dot = { .skin = smp_skin_default() };
    struct smp_err err = { 0 };
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    enum smp_code code = read_call(&dot, &c, &err);
    if (!code)
        code = look_at(&dot, &arena, &err);
    if (!code)
        (c.json ? print_json : print_text)(&dot);
    smp_arena_drop(&arena);
    return code ? smp_cli_fail(&err) : 0;
}
