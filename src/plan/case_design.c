// The design of a case: hairline, density, keep-outs and scars.
#include "plan/plan_impl.h"

#include <stdlib.h>
#include <string.h>

enum { areas_max = 500, outline_max = 10000 };

enum smp_code smp_case_text(const struct smp_json *at, size_t max_bytes, const char **text,
                            struct smp_arena *arena, struct smp_err *err)
{
    const char *borrowed = NULL;
    enum smp_code code = smp_json_text(at, &borrowed, err);
    if (code)
        return code;
    const size_t length = strlen(borrowed);
    if (length > max_bytes)
        return smp_fail(err, SMP_E_INPUT, "%s: %s must have at most %zu bytes, not %zu", at->file,
                        at->path, max_bytes, length);
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)borrowed[i] < 0x20 || borrowed[i] == 0x7f)
            return smp_fail(err, SMP_E_INPUT, "%s: %s must hold no control characters", at->file,
                            at->path);
    }
    const char *copy = smp_strdup(arena, borrowed);
    if (!copy)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %s", at->path);
    *text = copy;
    return SMP_OK;
}

static enum smp_code read_address(const struct smp_json *at, struct smp_vec2 *address,
                                  struct smp_err *err)
{
    double v[2] = { 0 };
    enum smp_code code = smp_json_array(at, 2, 2, err);
    for (size_t i = 0; i < 2 && !code; i++) {
        struct smp_json item;
        smp_json_item(at, i, &item);
        code = smp_json_number(&item, -2, 2, "", &v[i], err);
    }
    *address = (struct smp_vec2){ v[0], v[1] };
    return code;
}

enum smp_code smp_case_outline(const struct smp_json *at, const struct smp_vec2 **outline,
                               size_t *count, struct smp_arena *arena, struct smp_err *err)
{
    enum smp_code code = smp_json_array(at, 3, outline_max, err);
    if (code)
        return code;
    const size_t n = smp_json_count(at);
    struct smp_vec2 *points = smp_new(arena, struct smp_vec2, n);
    if (!points)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the %zu points of %s", n, at->path);
    double twice_area = 0;
    for (size_t i = 0; i < n && !code; i++) {
        struct smp_json item;
        smp_json_item(at, i, &item);
        code = read_address(&item, &points[i], err);
    }
    for (size_t i = 0; i < n && !code; i++) {
        const struct smp_vec2 p = points[i], q = points[(i + 1) % n];
        twice_area += p.x * q.y - p.y * q.x;
    }
    if (!code && !(twice_area < -1e-9 || twice_area > 1e-9))
        code = smp_fail(err, SMP_E_INPUT, "%s: %s encloses no area", at->file, at->path);
    if (code)
        return code;
    *outline = points;
    *count = n;
    return SMP_OK;
}

// ---- Keep-outs and scars ------------------------------------------------------------------------

static enum smp_code read_shape(const struct smp_json *at, struct smp_area *area,
                                struct smp_arena *arena, struct smp_err *err)
{
    struct smp_json centre, radius, outline;
    const bool has_centre = smp_json_child(at, "centre_mm", &centre);
    const bool has_radius = smp_json_child(at, "radius_mm", &radius);
    const bool has_outline = smp_json_child(at, "outline", &outline);
    if (has_outline == has_centre || has_centre != has_radius)
        return smp_fail(err, SMP_E_INPUT,
                        "%s: %s must have either centre_mm and radius_mm, or outline", at->file,
                        at->path);
    if (has_outline)
        return smp_case_outline(&outline, &area->outline, &area->outline_count, arena, err);
    enum smp_code code = smp_json_vec3(&centre, -400, 400, "mm", &area->centre_mm, err);
    if (!code)
        code = smp_json_number(&radius, 0.1, 150, "mm", &area->radius_mm, err);
    return code;
}

static enum smp_code read_area(const struct smp_json *at, bool scar, struct smp_area *area,
                               struct smp_arena *arena, struct smp_err *err)
{
    static const char *const keep_out[] = { "what",    "centre_mm", "radius_mm",
                                            "outline", "margin_mm", NULL };
    static const char *const scars[] = { "what",    "centre_mm",    "radius_mm",
                                         "outline", "dots_per_cm2", NULL };
    struct smp_json child;
    *area = (struct smp_area){ .kind = scar ? SMP_AREA_SCAR : SMP_AREA_KEEP_OUT,
                               .what = scar ? "scar" : "keep-out",
                               .margin_mm = scar ? 0 : 2 };
    enum smp_code code = smp_json_object(at, scar ? scars : keep_out, err);
    if (!code && smp_json_child(at, "what", &child))
        code = smp_case_text(&child, 60, &area->what, arena, err);
    if (!code && smp_json_child(at, "margin_mm", &child))
        code = smp_json_number(&child, 0, 20, "mm", &area->margin_mm, err);
    if (!code && scar) {
        if (!smp_json_child(at, "dots_per_cm2", &child))
            return smp_fail(err, SMP_E_INPUT, "%s: %s must have dots_per_cm2", at->file, at->path);
        code = smp_json_number(&child, 0, 300, "per cm²", &area->dots_per_cm2, err);
    }
    if (!code)
        code = read_shape(at, area, arena, err);
    return code;
}

static enum smp_code read_areas(struct smp_design_params *design, const struct smp_json *at,
                                struct smp_arena *arena, struct smp_err *err)
{
    struct smp_json lists[2];
    const bool has[2] = { smp_json_child(at, "keep_out", &lists[0]),
                          smp_json_child(at, "scars", &lists[1]) };
    size_t total = 0;
    for (size_t k = 0; k < 2; k++) {
        if (!has[k])
            continue;
        enum smp_code code = smp_json_array(&lists[k], 0, areas_max, err);
        if (code)
            return code;
        total += smp_json_count(&lists[k]);
    }
    struct smp_area *areas = smp_new(arena, struct smp_area, total);
    if (!areas)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu areas", total);
    size_t made = 0;
    for (size_t k = 0; k < 2; k++) {
        for (size_t i = 0; has[k] && i < smp_json_count(&lists[k]); i++) {
            struct smp_json item;
            smp_json_item(&lists[k], i, &item);
            enum smp_code code = read_area(&item, k == 1, &areas[made++], arena, err);
            if (code)
                return code;
        }
    }
    design->areas = areas;
    design->area_count = total;
    return SMP_OK;
}

// ---- Hairline and density -----------------------------------------------------------------------

void smp_case_usual_style(struct smp_case *out)
{
    if (out->sex != SMP_SEX_FEMALE)
        return;
    out->design.style = SMP_STYLE_ROUNDED;
    out->design.hairline = out->settings->hairline[SMP_STYLE_ROUNDED];
}

static enum smp_code read_hairline(struct smp_case *out, const struct smp_json *at,
                                   struct smp_err *err)
{
    static const char *const known[] = { "style",    "glabella_mm", "recession_mm",
                                         "peak_mm",  "macro_mm",    "macro_wave_mm",
                                         "micro_mm", "stray_share", "stray_mm",
                                         NULL };
    struct smp_json child;
    enum smp_code code = smp_json_object(at, known, err);
    if (!code && smp_json_child(at, "style", &child)) {
        int style = 0;
        code = smp_json_choice(&child, smp_style_names, &style, err);
        if (!code) {
            out->design.style = (enum smp_style)style;
            out->design.hairline = out->settings->hairline[style];
        }
    }
    if (!code)
        code = smp_json_fields(at, smp_hairline_fields, 8, &out->design.hairline, err);
    return code;
}

static enum smp_code read_zone_shares(struct smp_case *out, const struct smp_json *at,
                                      struct smp_err *err)
{
    const char *names[SMP_ZONE_COUNT] = { NULL }; // "none" left out, NULL-ended
    for (int zone = 1; zone < SMP_ZONE_COUNT; zone++)
        names[zone - 1] = smp_zone_name((enum smp_zone)zone);
    enum smp_code code = smp_json_object(at, names, err);
    for (int zone = 1; zone < SMP_ZONE_COUNT && !code; zone++) {
        struct smp_json child;
        if (smp_json_child(at, names[zone - 1], &child))
            code = smp_json_number(&child, 0, 2, "", &out->design.zone_share[zone], err);
    }
    return code;
}

enum smp_code smp_case_design(struct smp_case *out, const struct smp_json *at,
                              struct smp_arena *arena, struct smp_err *err)
{
    static const char *const known[] = { "hairline",     "dots_per_cm2", "feather_mm",
                                         "side_fade_mm", "fu_share",     "zone_share",
                                         "regularity",   "min_gap_mm",   "diameter_um",
                                         "keep_out",     "scars",        NULL };
    struct smp_json child;
    enum smp_code code = smp_json_object(at, known, err);
    if (!code && smp_json_child(at, "hairline", &child))
        code = read_hairline(out, &child, err);
    out->dots_given = smp_json_child(at, "dots_per_cm2", &child);
    if (!code)
        code = smp_json_fields(at, smp_design_fields, 4, &out->design, err);
    if (!code && smp_json_child(at, "zone_share", &child))
        code = read_zone_shares(out, &child, err);
    if (!code && smp_json_child(at, "regularity", &child))
        code = smp_json_number(&child, 0, 1, "", &out->regularity, err);
    if (!code && smp_json_child(at, "min_gap_mm", &child))
        code = smp_json_number(&child, 0, 3, "mm", &out->min_gap_mm, err);
    if (!code && smp_json_child(at, "diameter_um", &child))
        code = smp_json_number(&child, 50, 1500, "µm", &out->diameter_um, err);
    if (!code)
        code = read_areas(&out->design, at, arena, err);
    return code;
}
