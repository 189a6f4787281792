// stubble measure hair: hairs and follicular units of a macro picture of stubble.
#include "cli/measuring.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int smp_measure_hair(int argc, char **argv);

// ---- As JSON -----------------------------------------------------------------------------------

static json_t *point(struct smp_vec2 p)
{
    return json_pack("[f,f]", round(100 * p.x) / 100, round(100 * p.y) / 100);
}

// Units that hold a hair which lies whole in the picture, numbered anew; SIZE_MAX for others.
static void number_units(size_t *number, const struct smp_found_hairs *f)
{
    for (size_t i = 0; i < f->unit_count; i++)
        number[i] = SIZE_MAX;
    for (size_t i = 0; i < f->count; i++)
        number[f->hairs[i].unit] = 0;
    size_t next = 0;
    for (size_t i = 0; i < f->unit_count; i++)
        if (number[i] != SIZE_MAX)
            number[i] = next++;
}

static json_t *hairs_json(const struct smp_found_hairs *f, size_t from, size_t to,
                          const size_t *number, double mm_per_px)
{
    json_t *list = json_array();
    for (size_t i = from; i < to; i++) {
        const struct smp_hair *h = &f->hairs[i];
        const double length_mm =
            hypot(h->tip_px.x - h->root_px.x, h->tip_px.y - h->root_px.y) * mm_per_px;
        json_t *hair =
            json_pack("{s:o,s:o,s:f,s:f,s:f}", "root_px", point(h->root_px), "tip_px",
                      point(h->tip_px), "calibre_um", round(10 * h->calibre_um) / 10, "length_mm",
                      round(1000 * length_mm) / 1000, "contrast", round(1000 * h->contrast) / 1000);
        if (h->unit != SIZE_MAX && number[h->unit] != SIZE_MAX)
            json_object_set_new(hair, "unit", json_integer((json_int_t)number[h->unit]));
        json_array_append_new(list, hair);
    }
    return list;
}

static json_t *units_json(const struct smp_found_hairs *f, const size_t *number)
{
    json_t *list = json_array();
    for (size_t u = 0; u < f->unit_count; u++) {
        if (number[u] == SIZE_MAX)
            continue;
        json_t *members = json_array();
        struct smp_vec2 sum = { 0, 0 };
        size_t whole = 0;
        for (size_t i = 0; i < f->count; i++)
            if (f->hairs[i].unit == u) {
                json_array_append_new(members, json_integer((json_int_t)i));
                sum.x += f->hairs[i].root_px.x;
                sum.y += f->hairs[i].root_px.y;
                whole++;
            }
        const struct smp_vec2 centre = { sum.x / (double)whole, sum.y / (double)whole };
        json_t *unit =
            json_pack("{s:o,s:I,s:o,s:I}", "centre_px", point(centre), "size", (json_int_t)whole,
                      "hairs", members, "cut_by_edge", (json_int_t)(f->units[u].hairs - whole));
        if (f->units[u].nearest_mm > 0)
            json_object_set_new(unit, "nearest_mm",
                                json_real(round(1000 * f->units[u].nearest_mm) / 1000));
        json_array_append_new(list, unit);
    }
    return list;
}

static json_t *sizes_json(const struct smp_found_hairs *f)
{
    size_t sizes[SMP_HAIR_SIZES];
    smp_hair_sizes(sizes, f);
    json_t *list = json_array();
    for (int k = 0; k < SMP_HAIR_SIZES; k++)
        json_array_append_new(list, json_integer((json_int_t)sizes[k]));
    return list;
}

// What a case may take over: hair.fu_per_cm2 and design.regularity (docs/case.md).
static json_t *for_case(const struct smp_found_hairs *f)
{
    json_t *object = json_object();
    if (f->fu_per_cm2 >= 20 && f->fu_per_cm2 <= 130) // what a case allows
        json_object_set_new(object, "hair",
                            json_pack("{s:f}", "fu_per_cm2", round(10 * f->fu_per_cm2) / 10));
    if (f->regularity >= 0)
        json_object_set_new(object, "design",
                            json_pack("{s:f}", "regularity", round(100 * f->regularity) / 100));
    return object;
}

static void set_or_null(json_t *object, const char *name, bool known, double value)
{
    json_object_set_new(object, name, known ? json_real(value) : json_null());
}

// What is no skin can have a hair's shapes too. "" where the colours go with skin.
static const char *doubt(const struct smp_found_hairs *f, const struct smp_subject *subject)
{
    const double least_share = 0.4;
    return f->count && smp_subject_skin_share(subject) < least_share
               ? "most of the picture does not have the colour of skin: what was found may not be "
                 "hair"
               : "";
}

static json_t *result_json(const struct smp_found_hairs *f, const struct smp_measuring *m,
                           const char *path, size_t *number)
{
    number_units(number, f);
    const double mm_per_px = m->subject.mm_per_px;
    json_t *o = json_pack("{s:s,s:f,s:I,s:f}", "image", path, "mm_per_px", mm_per_px, "count",
                          (json_int_t)f->count, "count_sd", f->count_sd);
    const bool counted = f->hairs_area_mm2 > 0.5, some = f->count > 0;
    set_or_null(o, "hairs_per_cm2", counted, f->hairs_per_cm2);
    set_or_null(o, "hairs_per_cm2_sd", counted, f->hairs_per_cm2_sd);
    const bool placed = f->units_area_mm2 > 0.5, spread = f->regularity >= 0;
    set_or_null(o, "fu_per_cm2", placed, f->fu_per_cm2);
    set_or_null(o, "fu_per_cm2_sd", placed, f->fu_per_cm2_sd);
    json_object_set_new(o, "unit_sizes", sizes_json(f));
    set_or_null(o, "calibre_um", some, f->calibre_um);
    set_or_null(o, "calibre_sd_um", some, f->calibre_sd_um);
    set_or_null(o, "length_mm", some, f->length_mm);
    set_or_null(o, "direction_deg", some, f->direction_rad * 180 / SMP_PI);
    set_or_null(o, "alignment", some, f->alignment);
    set_or_null(o, "nearest_unit_mm", spread, f->nearest_mm);
    set_or_null(o, "nearest_unit_cv", spread, f->nearest_cv);
    json_object_set_new(o, "nearest_unit_count", json_integer((json_int_t)f->nearest_count));
    set_or_null(o, "regularity", spread, f->regularity);
    json_object_set_new(
        o, "counted_mm2",
        json_pack("{s:f,s:f}", "hairs", f->hairs_area_mm2, "units", f->units_area_mm2));
    json_object_set_new(o, "limits",
                        json_pack("{s:f,s:f,s:f}", "hair_contrast", f->contrast, "skin_noise",
                                  f->noise, "view_px_per_mm", f->view_px_per_mm));
    json_object_set_new(o, "for_case", for_case(f));
    json_object_set_new(o, "note", f->nothing ? json_string(f->nothing) : json_null());
    const char *warning = doubt(f, &m->subject);
    json_object_set_new(o, "warning", *warning ? json_string(warning) : json_null());
    json_object_set_new(o, "hairs", hairs_json(f, 0, f->count, number, mm_per_px));
    json_object_set_new(o, "units", units_json(f, number));
    json_object_set_new(o, "cut_by_edge",
                        hairs_json(f, f->count, f->count + f->cut, number, mm_per_px));
    return o;
}

// ---- As text -----------------------------------------------------------------------------------

static void print_text(const struct smp_found_hairs *f, const struct smp_measuring *m,
                       const char *path)
{
    if (f->nothing) {
        printf("%s: nothing found: %s\n", path, f->nothing);
        return;
    }
    const char *warning = doubt(f, &m->subject);
    if (*warning)
        printf("%s: %s\n", path, warning);
    size_t sizes[SMP_HAIR_SIZES];
    smp_hair_sizes(sizes, f);
    printf("%s: %zu hairs (± %.0f), %zu cut by the edge\n", path, f->count, f->count_sd, f->cut);
    printf("  %.0f ± %.0f hairs and %.0f ± %.0f follicular units per cm²\n", f->hairs_per_cm2,
           f->hairs_per_cm2_sd, f->fu_per_cm2, f->fu_per_cm2_sd);
    printf("  units of 1, 2, 3, 4, 5 hairs: %zu, %zu, %zu, %zu, %zu\n", sizes[0], sizes[1],
           sizes[2], sizes[3], sizes[4]);
    printf("  calibre %.0f ± %.0f µm, stumps of %.2f mm\n", f->calibre_um, f->calibre_sd_um,
           f->length_mm);
    if (f->regularity >= 0)
        printf("  nearest unit %.2f mm, CV %.2f (%zu units): regularity %.2f\n", f->nearest_mm,
               f->nearest_cv, f->nearest_count, f->regularity);
    else
        puts("  too few units for the regularity of their pattern");
    json_t *lines = for_case(f);
    char *text = json_object_size(lines) ? json_dumps(lines, JSON_REAL_PRECISION(4)) : NULL;
    if (text)
        printf("  for the case file: %.*s\n", (int)strlen(text) - 2, text + 1); // without braces
    free(text);
    json_decref(lines);
}

// ---- As a picture ------------------------------------------------------------------------------

static void spot(struct smp_image *image, double x, double y, double radius, struct smp_rgb ink)
{
    smp_overlay_ring(image, x, y, radius / 2, radius, ink);
}

static void line(struct smp_image *image, struct smp_vec2 a, struct smp_vec2 b, double thick,
                 struct smp_rgb ink)
{
    const double length = fmax(1, hypot(b.x - a.x, b.y - a.y));
    for (int k = 0; 0.5 * k <= length; k++) {
        const double t = 0.5 * k / length;
        spot(image, a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t, thick, ink);
    }
}

// Root to tip green (yellow: cut by the edge), roots red, units in white rings.
static void draw_found(struct smp_image *image, const struct smp_found_hairs *f, double mm_per_px)
{
    static const struct smp_rgb green = { 0, 1, 0 }, yellow = { 1, 0.8F, 0 }, red = { 1, 0, 0 },
                                white = { 1, 1, 1 };
    const double thin = fmax(0.7, 0.006 / mm_per_px);
    for (size_t i = 0; i < f->count + f->cut; i++) {
        const struct smp_hair *h = &f->hairs[i];
        line(image, h->root_px, h->tip_px, thin, h->cut ? yellow : green);
        if (!h->rootless)
            spot(image, h->root_px.x, h->root_px.y, 3 * thin, red);
    }
    for (size_t u = 0; u < f->unit_count; u++) {
        double reach = 0.1 / mm_per_px;
        for (size_t i = 0; i < f->count + f->cut; i++)
            if (f->hairs[i].unit == u)
                reach = fmax(reach,
                             0.06 / mm_per_px + hypot(f->hairs[i].root_px.x - f->units[u].at_px.x,
                                                      f->hairs[i].root_px.y - f->units[u].at_px.y));
        smp_overlay_ring(image, f->units[u].at_px.x, f->units[u].at_px.y, reach, 2 * thin, white);
    }
}

static enum smp_code write_overlay(const char *path, struct smp_measuring *m,
                                   const struct smp_found_hairs *f, struct smp_err *err)
{
    static const struct smp_image_note notes[] = {
        { "Description", "stubble measure hair: green hair, red root, white follicular unit" },
        { NULL, NULL },
    };
    draw_found(&m->subject.image, f, m->subject.mm_per_px);
    return smp_image_save(path, &m->subject.image, notes, 0, err);
}

int smp_measure_hair(int argc, char **argv)
{
    struct smp_measuring_flags flags = { 0 };
    const struct smp_option options[] = { SMP_PICTURE_OPTIONS(flags), { 0 } };
    int count;
    const char *path;
    const int status = smp_cli_parse(argc, argv, "measure hair IMAGE --mm-per-px S [OPTIONS]",
                                     options, &path, 1, 1, &count);
    if (status)
        return status < 0 ? 0 : status;
    struct smp_err err = { 0 };
    struct smp_measuring m;
    struct smp_found_hairs field;
    size_t *number = NULL;
    enum smp_code code = smp_measuring_open(&m, &flags, path, &err);
    if (!code)
        code = smp_measuring_need_scale(&m, &err);
    if (!code)
        code = smp_hair_find(&field, &m.subject, &m.arena, &err);
    if (!code && !(number = smp_new(&m.arena, size_t, field.unit_count)))
        code = smp_fail(&err, SMP_E_NOMEM, "no memory for the units");
    if (!code && flags.overlay)
        code = write_overlay(flags.overlay, &m, &field, &err);
    if (!code && flags.json)
        smp_cli_print_json(result_json(&field, &m, path, number));
    else if (!code)
        print_text(&field, &m, path);
    smp_measuring_close(&m);
    return code ? smp_cli_fail(&err) : 0;
}
