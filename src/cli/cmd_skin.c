// stubble skin: colour and spectrum of a skin; melanin and blood of a colour.
#include "cli/cli.h"
#include "cli/optics.h"
#include "skin/skin.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

int smp_cmd_skin(int argc, char **argv);

struct call {
    const char *lab, *json;
    const char *field[SMP_SKIN_FIELDS]; // in the order of smp_skin_fields
};

struct answer {
    struct smp_skin skin;
    double reflectance[SMP_WAVELENGTHS];
    struct smp_lab lab;
    double delta_e00; // of a fit
};

static enum smp_code read_fields(struct smp_skin *skin, const struct call *c, struct smp_err *err)
{
    static const char *const options[SMP_SKIN_FIELDS] = {
        "melanin",      "blood",        "saturation", "scattering",     "melanin-exponent",
        "epidermis-mm", "papillary-mm", "dermis-mm",  "papillary-blood"
    };
    for (int k = 0; k < SMP_SKIN_FIELDS; k++) {
        const struct smp_field *f = &smp_skin_fields[k];
        double *value = (double *)(void *)((char *)skin + f->offset);
        if (!c->field[k])
            continue;
        if (c->lab && k < 2)
            return smp_fail(err, SMP_E_INPUT, "--lab and --%s exclude each other", options[k]);
        const enum smp_code code =
            smp_cli_number(c->field[k], options[k], f->min, f->max, value, err);
        if (code)
            return code;
    }
    return SMP_OK;
}

static enum smp_code run(struct answer *a, const struct call *c, struct smp_err *err)
{
    struct smp_lab wanted = { 0 };
    a->skin = smp_skin_default();
    enum smp_code code = read_fields(&a->skin, c, err);
    if (!code && c->lab)
        code = smp_cli_lab(c->lab, "lab", &wanted, err);
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    if (!code && c->lab)
        code = smp_skin_fit(&a->skin, &a->delta_e00, wanted, "--lab", &arena, err);
    if (!code)
        code = smp_skin_spectrum(a->reflectance, &a->skin, &arena, err);
    smp_arena_drop(&arena);
    a->lab = smp_skin_lab(a->reflectance);
    return code;
}

static void print_json(const struct answer *a, bool fitted)
{
    json_t *wavelengths = json_array(), *reflectance = json_array();
    for (int i = 0; i < SMP_WAVELENGTHS; i++) {
        json_array_append_new(wavelengths, json_integer((json_int_t)smp_wavelength_nm(i)));
        json_array_append_new(reflectance, json_real(a->reflectance[i]));
    }
    const double ita_deg = smp_ita_deg(a->lab);
    json_t *object = json_pack("{s:f,s:f,s:o,s:o,s:[f,f,f],s:f,s:s}", "melanin", a->skin.melanin,
                               "blood", a->skin.blood, "wavelength_nm", wavelengths, "reflectance",
                               reflectance, "lab", a->lab.l, a->lab.a, a->lab.b, "ita_deg", ita_deg,
                               "phototype", smp_cli_phototypes[smp_ita_class(ita_deg) - 1]);
    if (fitted)
        json_object_update_new(object, json_pack("{s:f,s:f}", "delta_e00", a->delta_e00,
                                                 "melanin_exponent", a->skin.melanin_exponent));
    smp_cli_print_json(object);
}

static void print_text(const struct answer *a, bool fitted)
{
    const double ita_deg = smp_ita_deg(a->lab);
    printf("melanin %.4f (exponent %.2f), blood %.4f\n", a->skin.melanin, a->skin.melanin_exponent,
           a->skin.blood);
    printf("L*a*b* %.1f %.1f %.1f (D65, 2°, without shine)\n", a->lab.l, a->lab.a, a->lab.b);
    if (fitted)
        printf("ΔE00 %.2f from the colour given\n", a->delta_e00);
    printf("ITA %.0f°, phototype %s by convention\n", ita_deg,
           smp_cli_phototypes[smp_ita_class(ita_deg) - 1]);
    puts("  nm  reflectance");
    for (int i = 0; i < SMP_WAVELENGTHS; i++)
        printf(" %.0f  %.4f %.*s\n", smp_wavelength_nm(i), a->reflectance[i],
               (int)(50 * a->reflectance[i] + 0.5),
               "##################################################");
}

int smp_cmd_skin(int argc, char **argv)
{
    struct call c = { 0 };
    const struct smp_option options[] = {
        { "melanin", "M", "share of melanosomes in the epidermis (default 0.02)", &c.field[0], 0 },
        { "blood", "B", "share of blood in the dermis (default 0.005)", &c.field[1], 0 },
        { "saturation", "S", "oxygenated share of the blood (default 0.7)", &c.field[2], 0 },
        { "scattering", "X", "factor on scattering (default 1)", &c.field[3], 0 },
        { "melanin-exponent", "E", "melanin absorbs as wavelength^-E (default 3)", &c.field[4], 0 },
        { "epidermis-mm", "MM", "thickness (default 0.08)", &c.field[5], 0 },
        { "papillary-mm", "MM", "thickness of the papillary dermis (default 0.15)", &c.field[6],
          0 },
        { "dermis-mm", "MM", "thickness of the dermis below it (default 1.85)", &c.field[7], 0 },
        { "papillary-blood", "X", "its blood, times the dermis's (default 2)", &c.field[8], 0 },
        { "lab", "L,a,b", "find melanin and blood of this colour (D65, 2°)", &c.lab, 0 },
        { "json", NULL, "print one JSON object", &c.json, 0 },
        { 0 },
    };
    int count;
    const char *none;
    const int status = smp_cli_parse(
        argc, argv, "skin [--melanin M] [--blood B] [OPTIONS] | skin --lab L,a,b [OPTIONS]",
        options, &none, 0, 0, &count);
    if (status)
        return status < 0 ? 0 : status;
    struct answer answer = { 0 };
    struct smp_err err = { 0 };
    if (run(&answer, &c, &err))
        return smp_cli_fail(&err);
    (c.json ? print_json : print_text)(&answer, c.lab != NULL);
    return 0;
}
