// The head of a case: a scan with its unit and fiducials, a tape's numbers, or photos.
#include "plan/plan_impl.h"

#include <stdio.h>
#include <string.h>

static enum smp_code read_unit(struct smp_case *out, const struct smp_json *at, struct smp_err *err)
{
    static const char *const units[] = { "mm", "cm", "m", "inch", NULL };
    static const double mm[] = { 1, 10, 1000, 25.4 };
    struct smp_json child;
    int unit = 0;
    enum smp_code code = SMP_OK;
    const bool has_unit = smp_json_child(at, "unit", &child);
    if (has_unit)
        code = smp_json_choice(&child, units, &unit, err);
    double scale = 1;
    const bool has_scale = smp_json_child(at, "scale", &child);
    if (!code && has_scale)
        code = smp_json_number(&child, 1e-6, 1e6, "", &scale, err);
    if (!code && !has_unit && !has_scale)
        return smp_fail(err, SMP_E_INPUT,
                        "%s: %s.unit or scale must be given with a scan: the file does not tell "
                        "what one unit is in millimetres",
                        at->file, at->path);
    out->unit_given = has_unit;
    out->mm_per_unit = mm[unit] * scale;
    return code;
}

static enum smp_code read_fiducials(struct smp_case *out, const struct smp_json *head,
                                    struct smp_err *err)
{
    static const char *const known[] = { "nasion", "lpa", "rpa", NULL };
    struct smp_vec3 *points[] = { &out->fiducials.nasion, &out->fiducials.lpa,
                                  &out->fiducials.rpa };
    struct smp_json at, child;
    if (!smp_json_child(head, "fiducials", &at))
        return smp_fail(err, SMP_E_INPUT,
                        "%s: no fiducials: %s.fiducials must give nasion, lpa and rpa, in the "
                        "scan's units",
                        head->file, head->path);
    enum smp_code code = smp_json_object(&at, known, err);
    for (size_t i = 0; i < 3 && !code; i++) {
        if (!smp_json_child(&at, known[i], &child))
            return smp_fail(err, SMP_E_INPUT, "%s: no fiducials: %s.%s must be given", at.file,
                            at.path, known[i]);
        code = smp_json_vec3(&child, -1e7, 1e7, "", points[i], err);
    }
    return code;
}

// Landmarks of the scan that are known, in its own units.
static enum smp_code read_places(struct smp_case *out, const struct smp_json *head,
                                 struct smp_err *err)
{
    struct smp_json at, child;
    if (!smp_json_child(head, "landmarks", &at))
        return SMP_OK;
    enum smp_code code = smp_json_object(&at, smp_place_names, err);
    for (size_t m = 0; m < SMP_PLACE_COUNT && !code; m++) {
        if (!smp_json_child(&at, smp_place_names[m], &child))
            continue;
        out->places.sd_mm[m] = smp_vec3(1, 1, 1);
        code = smp_json_vec3(&child, -1e7, 1e7, "", &out->places.at[m], err);
    }
    return code;
}

static enum smp_code read_scan(struct smp_case *out, const struct smp_json *head,
                               const struct smp_json *scan, const char *folder,
                               struct smp_arena *arena, struct smp_err *err)
{
    const char *name = NULL;
    enum smp_code code = smp_case_text(scan, 1000, &name, arena, err);
    if (code)
        return code;
    if (!*name)
        return smp_fail(err, SMP_E_INPUT, "%s: %s must name a file", scan->file, scan->path);
    out->scan = *name == '/' || !*folder ? name : smp_format(arena, "%s/%s", folder, name);
    if (!out->scan)
        return smp_fail(err, SMP_E_NOMEM, "no memory for a file name");
    code = read_fiducials(out, head, err);
    if (!code)
        code = read_places(out, head, err);
    if (!code)
        code = read_unit(out, head, err);
    return code;
}

static enum smp_code read_photo_scale(struct smp_case *out, const struct smp_json *at,
                                      struct smp_err *err)
{
    const char *text;
    char where[300];
    const enum smp_code code = smp_json_text(at, &text, err);
    if (code)
        return code;
    snprintf(where, sizeof where, "%.100s: %s", at->file, at->path);
    return smp_scale_read(&out->photo_scale, text, out->sex, where, err);
}

enum smp_code smp_case_read_head(struct smp_case *out, const struct smp_json *at,
                                 const char *folder, struct smp_arena *arena, struct smp_err *err)
{
    static const char *const known[] = { "scan",        "unit",          "scale",
                                         "fiducials",   "landmarks",     "measurements",
                                         "photo_scale", "photo_outline", NULL };
    static const char *const of_photos[] = { "photo_scale", "photo_outline" };
    static const char *const of_scan[] = { "unit", "scale", "fiducials", "landmarks" };
    static const char *const tape[] = { "circumference_mm", "length_mm", "breadth_mm", NULL };
    struct smp_json scan, measurements, child;
    enum smp_code code = smp_json_object(at, known, err);
    if (code)
        return code;
    const bool has_scan = smp_json_child(at, "scan", &scan);
    const bool has_tape = smp_json_child(at, "measurements", &measurements);
    if (has_scan && has_tape)
        return smp_fail(err, SMP_E_INPUT, "%s: %s must have either scan or measurements, not both",
                        at->file, at->path);
    for (size_t i = 0; i < sizeof of_photos / sizeof *of_photos; i++)
        if ((has_scan || has_tape) && smp_json_child(at, of_photos[i], &child))
            return smp_fail(err, SMP_E_INPUT,
                            "%s: %s.%s belongs to a head from photos alone, and %s.%s is given",
                            at->file, at->path, of_photos[i], at->path,
                            has_scan ? "scan" : "measurements");
    if (has_scan)
        return read_scan(out, at, &scan, folder, arena, err);
    for (size_t i = 0; i < sizeof of_scan / sizeof *of_scan; i++) {
        if (smp_json_child(at, of_scan[i], &child))
            return smp_fail(err, SMP_E_INPUT, "%s: %s.%s belongs to a scan, and %s.scan is absent",
                            at->file, at->path, of_scan[i], at->path);
    }
    if (smp_json_child(at, "photo_scale", &child))
        code = read_photo_scale(out, &child, err);
    if (!code && smp_json_child(at, "photo_outline", &child))
        code = smp_json_bool(&child, &out->photo_outline, err);
    if (has_tape && !code)
        code = smp_json_object(&measurements, tape, err);
    if (has_tape && !code)
        code = smp_json_fields(&measurements, smp_tape_fields, 3, &out->tape, err);
    return code;
}

enum smp_code smp_case_read_photos(struct smp_case *out, const struct smp_json *at,
                                   const char *folder, struct smp_arena *arena, struct smp_err *err)
{
    enum smp_code code = smp_json_array(at, 0, SMP_PHOTOS_MAX, err);
    struct smp_photo *photos = smp_new(arena, struct smp_photo, smp_json_count(at));
    if (!photos)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the photos");
    for (size_t i = 0; i < smp_json_count(at) && !code; i++) {
        struct smp_json item;
        smp_json_item(at, i, &item);
        code = smp_photo_read(&photos[i], &item, arena, err);
        if (!code && !*photos[i].file)
            return smp_fail(err, SMP_E_INPUT, "%s: %s.file must be given", item.file, item.path);
        if (!code && *photos[i].file != '/' && *folder)
            photos[i].file = smp_format(arena, "%s/%s", folder, photos[i].file);
        if (!code && !photos[i].file)
            return smp_fail(err, SMP_E_NOMEM, "no memory for the photos");
    }
    out->photos = photos;
    out->photo_count = smp_json_count(at);
    return code;
}
