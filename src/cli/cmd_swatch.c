// stubble swatch: a catalogue entry for a bottle of one's own, from a drop of it on white paper.
#include "cli/cli.h"
#include "cli/optics.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int smp_cmd_swatch(int argc, char **argv);

struct call {
    const char *lab, *white, *film_um, *parts_water, *base, *id, *catalogue, *json;
};

static enum smp_code read_call(struct smp_swatch *swatch, const struct call *c, struct smp_err *err)
{
    if (!c->lab || !c->white || !c->film_um || !c->parts_water || !c->id)
        return smp_fail(
            err, SMP_E_INPUT,
            "swatch needs --lab L,a,b --white L,a,b --film-um T --parts-water N --id NAME");
    if (!*c->id || strlen(c->id) > 60)
        return smp_fail(err, SMP_E_INPUT, "--id must be a text of 1 to 60 bytes, not %zu",
                        strlen(c->id));
    enum smp_code code = smp_cli_lab(c->lab, "lab", &swatch->lab, err);
    if (!code)
        code = smp_cli_lab(c->white, "white", &swatch->white_lab, err);
    if (!code)
        code = smp_cli_number(c->film_um, "film-um", 1, 1000, &swatch->thickness_um, err);
    if (!code)
        code = smp_cli_number(c->parts_water, "parts-water", 0, 1000, &swatch->parts_water, err);
    return code;
}

static json_t *rounded(double value)
{
    char text[32];
    snprintf(text, sizeof text, "%.6g", value);
    return json_real(strtod(text, NULL));
}

static json_t *list_json(const double *values, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, rounded(values[i]));
    return list;
}

// A spectrum has one kind of fading: that of the part which absorbs most.
static const char *main_fading(const struct smp_pigment *pigment)
{
    const struct smp_component *most = &pigment->component[0];
    for (size_t c = 1; c < pigment->component_count; c++) {
        const struct smp_component *part = &pigment->component[c];
        if (part->share * part->mua_per_mm[15] > most->share * most->mua_per_mm[15])
            most = part;
    }
    return smp_fading_names[most->fading];
}

static json_t *entry_json(const struct smp_pigment *pigment)
{
    json_t *entry = json_object(), *spectrum = json_object();
    double nm[SMP_WAVELENGTHS];
    for (int i = 0; i < SMP_WAVELENGTHS; i++)
        nm[i] = smp_wavelength_nm(i);
    json_object_set_new(spectrum, "wavelength_nm", list_json(nm, SMP_WAVELENGTHS));
    json_object_set_new(spectrum, "mua_per_mm", list_json(pigment->mua_per_mm, SMP_WAVELENGTHS));
    json_object_set_new(spectrum, "mus_reduced_per_mm",
                        list_json(pigment->mus_reduced_per_mm, SMP_WAVELENGTHS));
    json_object_set_new(spectrum, "fading", json_string(main_fading(pigment)));
    json_object_set_new(entry, "id", json_string(pigment->id));
    json_object_set_new(entry, "name", json_string(pigment->name));
    json_object_set_new(entry, "source", json_string(pigment->source));
    json_object_set_new(entry, "grade", json_string(pigment->grade));
    json_object_set_new(entry, "loading", rounded(pigment->loading));
    json_object_set_new(entry, "loading_source", json_string(pigment->loading_source));
    json_object_set_new(entry, "loading_grade", json_string(pigment->loading_grade));
    json_object_set_new(entry, "spectrum", spectrum);
    return entry;
}

static void print_json(const struct smp_pigment *pigment, const struct smp_swatch_fit *fit)
{
    json_t *object = json_object(), *told = json_object();
    const double lab[] = { fit->lab.l, fit->lab.a, fit->lab.b };
    json_object_set_new(told, "loading", rounded(fit->loading));
    json_object_set_new(told, "slope", rounded(fit->slope));
    json_object_set_new(told, "lab", list_json(lab, 3));
    json_object_set_new(told, "delta_e00", rounded(fit->delta_e00));
    json_object_set_new(told, "assumed", json_string(fit->assumed));
    json_object_set_new(object, "fit", told);
    json_object_set_new(object, "pigment", entry_json(pigment));
    smp_cli_print_json(object);
}

static void print_text(const struct smp_pigment *pigment, const struct smp_swatch_fit *fit)
{
    printf("%s: %.2f %% solids by volume, slope %.2f, %.2f dE00 from the measured colour\n"
           "assumed: %s\n"
           "--json prints the entry for a catalogue's list of pigments\n",
           pigment->id, 100 * fit->loading, fit->slope, fit->delta_e00, fit->assumed);
}

static enum smp_code run(const struct call *c, struct smp_arena *arena, struct smp_err *err)
{
    struct smp_swatch swatch;
    struct smp_catalogue catalogue;
    const char *path = c->catalogue;
    enum smp_code code = read_call(&swatch, c, err);
    if (!code)
        code = smp_cli_catalogue(&catalogue, &path, NULL, arena, err);
    if (code)
        return code;
    const struct smp_pigment *base = smp_pigment_find(&catalogue, c->base);
    if (!base)
        return smp_fail(err, SMP_E_INPUT, "--base must be an id of %s, not \"%.60s\"", path,
                        c->base);
    struct smp_pigment bottle;
    struct smp_swatch_fit fit;
    code = smp_pigment_from_swatch(&bottle, &fit, &swatch, base, c->id, err);
    if (!code)
        (c->json ? print_json : print_text)(&bottle, &fit);
    return code;
}

int smp_cmd_swatch(int argc, char **argv)
{
    struct call c = { .base = "carbon-100" };
    const struct smp_option options[] = {
        { "lab", "L,a,b", "colour of the film, from a calibrated photo", &c.lab, 0 },
        { "white", "L,a,b", "colour of the bare paper beside it", &c.white, 0 },
        { "film-um", "T", "thickness of the film", &c.film_um, 0 },
        { "parts-water", "N", "parts of water to 1 part of the bottle in the film", &c.parts_water,
          0 },
        { "id", "NAME", "what to call the bottle", &c.id, 0 },
        { "base", "ID", "the pigment whose spectrum is scaled (carbon-100)", &c.base, 0 },
        { "catalogue", "FILE", "pigments of your own", &c.catalogue, 0 },
        { "json", NULL, "print one JSON object, with the entry for a catalogue", &c.json, 0 },
        { NULL, NULL, NULL, NULL, 0 },
    };
    int count = 0;
    const int status = smp_cli_parse(
        argc, argv, "swatch --lab L,a,b --white L,a,b --film-um T --parts-water N --id NAME",
        options, NULL, 0, 0, &count);
    if (status)
        return status < 0 ? 0 : status;
    struct smp_err err = { 0 };
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    const enum smp_code code = run(&c, &arena, &err);
    smp_arena_drop(&arena);
    return code ? smp_cli_fail(&err) : 0;
}
