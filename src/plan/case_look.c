// What the case says of skin and hair, and what of the recipe it holds fixed.
#include "plan/plan_impl.h"

#include <math.h>

enum smp_code smp_case_lab(const struct smp_json *at, struct smp_lab *lab, struct smp_err *err)
{
    static const double min[3] = { 0, -128, -128 }, max[3] = { 100, 127, 127 };
    double v[3] = { 0 };
    enum smp_code code = smp_json_array(at, 3, 3, err);
    for (size_t i = 0; i < 3 && !code; i++) {
        struct smp_json item;
        smp_json_item(at, i, &item);
        code = smp_json_number(&item, min[i], max[i], "", &v[i], err);
    }
    if (!code)
        *lab = (struct smp_lab){ v[0], v[1], v[2] };
    return code;
}

enum smp_code smp_case_numbers(const struct smp_json *at, const struct smp_case_number *rows,
                               size_t count, struct smp_err *err)
{
    enum smp_code code = SMP_OK;
    for (size_t i = 0; i < count && !code; i++) {
        struct smp_json child;
        if (smp_json_child(at, rows[i].name, &child))
            code =
                smp_json_number(&child, rows[i].min, rows[i].max, rows[i].unit, rows[i].value, err);
    }
    return code;
}

const char *const smp_curl_names[] = { "straight", "wavy", "curly", "coily", NULL };

enum smp_code smp_case_hair(struct smp_case *out, const struct smp_json *at, struct smp_err *err)
{
    static const char *const known[] = { "lab",        "fu_per_cm2", "stubble_mm", "exit_deg",
                                         "calibre_um", "sides_lab",  "curl",       NULL };
    const struct smp_case_number numbers[] = {
        { "fu_per_cm2", "per cm²", 20, 130, &out->loss.native_fu_per_cm2 },
        { "stubble_mm", "mm", 0, 3, &out->stubble_mm },
        { "exit_deg", "degrees", 20, 90, &out->exit_deg },
        { "calibre_um", "µm", 30, 120, &out->calibre_um },
    };
    struct smp_json child;
    enum smp_code code = smp_json_object(at, known, err);
    out->hair_given = !code && smp_json_child(at, "lab", &child);
    if (out->hair_given)
        code = smp_case_lab(&child, &out->hair_lab, err);
    out->sides_given = !code && smp_json_child(at, "sides_lab", &child);
    if (out->sides_given)
        code = smp_case_lab(&child, &out->sides_lab, err);
    if (!code)
        code = smp_case_numbers(at, numbers, sizeof numbers / sizeof *numbers, err);
    int curl = (int)out->curl;
    if (!code && smp_json_child(at, "curl", &child))
        code = smp_json_choice(&child, smp_curl_names, &curl, err);
    out->curl = (enum smp_curl)curl;
    out->fu_given = !code && smp_json_child(at, "fu_per_cm2", &child);
    out->stubble_given = !code && smp_json_child(at, "stubble_mm", &child);
    return code;
}

enum smp_code smp_case_skin(struct smp_case *out, const struct smp_json *at, struct smp_err *err)
{
    static const char *const known[] = { "lab", "sun", "oily", NULL };
    const struct smp_case_number numbers[] = {
        { "sun", "", 0, 1, &out->sun },
        { "oily", "", 0, 1, &out->oily },
    };
    struct smp_json child;
    enum smp_code code = smp_json_object(at, known, err);
    out->skin_given = !code && smp_json_child(at, "lab", &child);
    if (out->skin_given)
        code = smp_case_lab(&child, &out->skin_lab, err);
    return code ? code : smp_case_numbers(at, numbers, sizeof numbers / sizeof *numbers, err);
}

static enum smp_code read_catalogue(struct smp_case *out, const struct smp_json *at,
                                    const char *folder, struct smp_arena *arena,
                                    struct smp_err *err)
{
    const char *name = NULL;
    enum smp_code code = smp_case_text(at, 1000, &name, arena, err);
    if (code)
        return code;
    if (!*name)
        return smp_fail(err, SMP_E_INPUT, "%s: %s must name a file", at->file, at->path);
    out->wish.catalogue =
        *name == '/' || !*folder ? name : smp_format(arena, "%s/%s", folder, name);
    return out->wish.catalogue ? SMP_OK : smp_fail(err, SMP_E_NOMEM, "no memory for a file name");
}

enum smp_code smp_case_wish(struct smp_case *out, const struct smp_json *at, const char *folder,
                            struct smp_arena *arena, struct smp_err *err)
{
    static const char *const known[] = { "pigment",     "dilution", "diameter_um", "dots_per_cm2",
                                         "strength_cv", "top_mm",   "catalogue",   NULL };
    struct smp_recipe_wish *wish = &out->wish;
    const struct smp_case_number numbers[] = {
        { "dilution", "parts of water", 0, 1000, &wish->dilution },
        { "diameter_um", "µm", 100, 600, &wish->diameter_um },
        { "dots_per_cm2", "per cm²", 20, 300, &wish->dots_per_cm2 },
        { "strength_cv", "", 0, 0.5, &wish->strength_cv },
        { "top_mm", "mm", 0.08, 1, &wish->top_mm },
    };
    struct smp_json child;
    enum smp_code code = smp_json_object(at, known, err);
    if (!code)
        code = smp_case_numbers(at, numbers, sizeof numbers / sizeof *numbers, err);
    if (!code && smp_json_child(at, "pigment", &child))
        code = smp_case_text(&child, 60, &wish->pigment, arena, err);
    if (!code && smp_json_child(at, "catalogue", &child))
        code = read_catalogue(out, &child, folder, arena, err);
    if (!code && out->dots_given && !isnan(wish->dots_per_cm2))
        code = smp_fail(err, SMP_E_INPUT,
                        "%s: %s.dots_per_cm2 and design.dots_per_cm2 must not both be given",
                        at->file, at->path);
    if (!code && out->diameter_um > 0 && !isnan(wish->diameter_um))
        code = smp_fail(err, SMP_E_INPUT,
                        "%s: %s.diameter_um and design.diameter_um must not both be given",
                        at->file, at->path);
    return code;
}
