// stubble pigments: the catalogue, and what its dilutions look like on white paper.
#include "cli/cli.h"
#include "cli/optics.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

int smp_cmd_pigments(int argc, char **argv);

enum { dilutions = 5 };
static const double waters[dilutions] = { 0, 5, 10, 20, 40 };
static const double film_um = 20; // of a drop spread on white paper, wet

static struct smp_lab film_lab(const struct smp_pigment *pigment, double parts_water)
{
    const struct smp_swatch film = { .white_lab = { 95, 0, 0 },
                                     .thickness_um = film_um,
                                     .parts_water = parts_water };
    return smp_film_lab(pigment, pigment->loading, 0, &film);
}

// A colour in two or three words.
static void colour_words(char text[48], struct smp_lab lab)
{
    static const struct {
        double below;
        const char *word;
    } lightness[] = { { 12, "" },     { 30, "very dark " }, { 48, "dark " },
                      { 68, "mid " }, { 84, "light " },     { 101, "pale " } };
    const double chroma = hypot(lab.a, lab.b), hue_deg = atan2(lab.b, lab.a) * 180 / SMP_PI;
    const char *hue = "grey";
    if (lab.l < 5 || (lab.l < 12 && chroma < 10))
        hue = "black"; // below 5 no eye tells a hue
    else if (chroma >= 10)
        hue = hue_deg < -30 || hue_deg > 130 ? "blue"
              : hue_deg < 40                 ? "red"
              : hue_deg < 65                 ? "red brown"
                                             : "yellow brown";
    else if (chroma >= 2.5)
        hue = hue_deg > -30 && hue_deg < 130 ? "warm grey" : "cool grey";
    size_t i = 0;
    while (lab.l >= lightness[i].below && i < 5)
        i++;
    snprintf(text, 48, "%s%s", lightness[i].word, hue);
}

static json_t *rounded(double value, const char *format)
{
    char text[32];
    snprintf(text, sizeof text, format, value);
    return json_real(strtod(text, NULL));
}

static json_t *lab_json(struct smp_lab lab)
{
    json_t *list = json_array();
    json_array_append_new(list, rounded(lab.l, "%.2f"));
    json_array_append_new(list, rounded(lab.a, "%.2f"));
    json_array_append_new(list, rounded(lab.b, "%.2f"));
    return list;
}

static json_t *spectrum_json(const double values[SMP_WAVELENGTHS])
{
    json_t *list = json_array();
    for (int i = 0; i < SMP_WAVELENGTHS; i++)
        json_array_append_new(list, rounded(values[i], "%.5g"));
    return list;
}

static json_t *components_json(const struct smp_pigment *pigment)
{
    json_t *list = json_array();
    for (size_t c = 0; c < pigment->component_count; c++) {
        const struct smp_component *part = &pigment->component[c];
        json_t *row = json_object();
        json_object_set_new(row, "name", json_string(part->name));
        json_object_set_new(row, "share", rounded(part->share, "%.6g"));
        json_object_set_new(row, "fading", json_string(smp_fading_names[part->fading]));
        json_array_append_new(list, row);
    }
    return list;
}

static json_t *dilutions_json(const struct smp_pigment *pigment)
{
    json_t *list = json_array();
    for (int d = 0; d < dilutions; d++) {
        char words[48];
        const struct smp_lab lab = film_lab(pigment, waters[d]);
        colour_words(words, lab);
        json_t *row = json_object();
        json_object_set_new(row, "parts_water", json_real(waters[d]));
        json_object_set_new(row, "lab", lab_json(lab));
        json_object_set_new(row, "colour", json_string(words));
        json_array_append_new(list, row);
    }
    return list;
}

static json_t *pigment_json(const struct smp_pigment *pigment)
{
    json_t *row = json_object();
    json_object_set_new(row, "id", json_string(pigment->id));
    json_object_set_new(row, "name", json_string(pigment->name));
    json_object_set_new(row, "source", json_string(pigment->source));
    json_object_set_new(row, "grade", json_string(pigment->grade));
    json_object_set_new(row, "loading", rounded(pigment->loading, "%.6g"));
    json_object_set_new(row, "loading_source", json_string(pigment->loading_source));
    json_object_set_new(row, "loading_grade", json_string(pigment->loading_grade));
    json_object_set_new(row, "known", json_boolean(pigment->known));
    if (!pigment->known) {
        json_object_set_new(row, "unknown_why", json_string(pigment->unknown_why));
        return row;
    }
    json_object_set_new(row, "components", components_json(pigment));
    json_object_set_new(row, "mua_per_mm_at_1_percent", spectrum_json(pigment->mua_per_mm));
    json_object_set_new(row, "mus_reduced_per_mm_at_1_percent",
                        spectrum_json(pigment->mus_reduced_per_mm));
    json_object_set_new(row, "film_on_white", dilutions_json(pigment));
    return row;
}

static void print_json(const struct smp_catalogue *catalogue)
{
    json_t *object = json_object(), *list = json_array(), *nm = json_array();
    for (int i = 0; i < SMP_WAVELENGTHS; i++)
        json_array_append_new(nm, json_real(smp_wavelength_nm(i)));
    for (size_t p = 0; p < catalogue->count; p++)
        json_array_append_new(list, pigment_json(&catalogue->pigments[p]));
    json_object_set_new(object, "wavelength_nm", nm);
    json_object_set_new(object, "film_um", json_real(film_um));
    json_object_set_new(object, "pigments", list);
    smp_cli_print_json(object);
}

// No powers of ten where a whole number says it.
static const char *two_digits(char text[32], double value)
{
    snprintf(text, 32, value >= 10 ? "%.0f" : "%.2g", value);
    return text;
}

// Never -0.0.
static double tenth(double value)
{
    return round(10 * value) / 10 + 0.0;
}

static void print_text(const struct smp_catalogue *catalogue)
{
    printf("Colour of a %g um film on white paper, by parts of water to 1 part of the bottle.\n"
           "The film absorbs and is taken not to scatter: white shows in skin, not here.\n"
           "Substances, not brands; loadings are working figures (stubble pigments --json).\n",
           film_um);
    for (size_t p = 0; p < catalogue->count; p++) {
        const struct smp_pigment *pigment = &catalogue->pigments[p];
        printf("\n%s: %s\n", pigment->id, pigment->name);
        if (!pigment->known) {
            printf("  optics unknown, never used in a match: %s\n", pigment->unknown_why);
            continue;
        }
        char text[3][32];
        printf("  %.1f %% solids by volume (grade %s); at 1 %%: absorbs %.3g / %.3g / %.3g, "
               "scatters %s / %s / %s per mm at 450 / 550 / 650 nm\n",
               100 * pigment->loading, pigment->loading_grade, pigment->mua_per_mm[5],
               pigment->mua_per_mm[15], pigment->mua_per_mm[25],
               two_digits(text[0], pigment->mus_reduced_per_mm[5]),
               two_digits(text[1], pigment->mus_reduced_per_mm[15]),
               two_digits(text[2], pigment->mus_reduced_per_mm[25]));
        for (int d = 0; d < dilutions; d++) {
            char words[48];
            const struct smp_lab lab = film_lab(pigment, waters[d]);
            colour_words(words, lab);
            printf("  1 : %-3g  L* %5.1f  a* %5.1f  b* %5.1f  %s\n", waters[d], lab.l, tenth(lab.a),
                   tenth(lab.b), words);
        }
    }
}

static enum smp_code run(const char *path, bool json, struct smp_arena *arena, struct smp_err *err)
{
    struct smp_catalogue catalogue;
    const enum smp_code code = smp_cli_catalogue(&catalogue, &path, NULL, arena, err);
    if (!code)
        (json ? print_json : print_text)(&catalogue);
    return code;
}

int smp_cmd_pigments(int argc, char **argv)
{
    const char *path = NULL, *json = NULL;
    const struct smp_option options[] = {
        { "catalogue", "FILE", "pigments of your own (a copy of data/pigments.json, edited)", &path,
          0 },
        { "json", NULL, "print one JSON object", &json, 0 },
        { NULL, NULL, NULL, NULL, 0 },
    };
    int count = 0;
    const int status = smp_cli_parse(argc, argv, "pigments [--catalogue FILE] [--json]", options,
                                     NULL, 0, 0, &count);
    if (status)
        return status < 0 ? 0 : status;
    struct smp_err err = { 0 };
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    const enum smp_code code = run(path, json != NULL, &arena, &err);
    smp_arena_drop(&arena);
    return code ? smp_cli_fail(&err) : 0;
}
