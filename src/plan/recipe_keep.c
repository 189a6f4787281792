// The match as it was found, in plan.json: a plan read again takes it from there and seeks nothing,
// unless the request differs (the case was edited, or an older program kept none).
#include "plan/plan_impl.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- What was asked -----------------------------------------------------------------------------

uint64_t smp_key_number(uint64_t key, double value)
{
    uint64_t bits = 0x7ff8; // one for every NAN: what is left open
    if (!isnan(value))
        memcpy(&bits, &value, sizeof bits);
    return smp_hash64(key, bits);
}

uint64_t smp_key_bytes(uint64_t key, const void *data, size_t length)
{
    const unsigned char *bytes = data;
    for (size_t i = 0; i < length; i++)
        key = (key ^ bytes[i]) * 0x100000001b3; // FNV-1a
    return smp_hash64(key, length);
}

// ---- Fields -------------------------------------------------------------------------------------

static const struct smp_field numbers[] = {
    SMP_FIELD(smp_recipe, parts_water, "", 0, 1000, "dilution"),
    SMP_FIELD(smp_recipe, top_mm, "mm", 0.08, 1, "healed"),
    SMP_FIELD(smp_recipe, diameter_mm, "mm", 0.05, 0.8, "healed"),
    SMP_FIELD(smp_recipe, dots_per_cm2, "per cm²", 1, 400, "density"),
    SMP_FIELD(smp_recipe, strength_cv, "", 0, 1, "spread of strengths"),
    SMP_FIELD(smp_recipe, dots_low_per_cm2, "per cm²", 1, 1000, "as good from"),
    SMP_FIELD(smp_recipe, dots_high_per_cm2, "per cm²", 1, 1000, "as good to"),
    SMP_FIELD(smp_recipe, delta_e00, "ΔE00", 0, 200, "healed"),
    SMP_FIELD(smp_recipe, texture_jnd, "", 0, 1000, "healed"),
    SMP_FIELD(smp_recipe, doubled_delta_e00, "ΔE00", 0, 200, "by twice the pigment"),
    SMP_FIELD(smp_recipe, touch_up.years.low, "years", 0, 100, "touch-up"),
    SMP_FIELD(smp_recipe, touch_up.years.median, "years", 0, 100, "touch-up"),
    SMP_FIELD(smp_recipe, touch_up.years.high, "years", 0, 100, "touch-up"),
    SMP_FIELD(smp_recipe, touch_up.share_beyond, "", 0, 1, "never"),
    SMP_FIELD(smp_recipe, touch_up.share_at_once, "", 0, 1, "at once"),
};
enum { NUMBERS = sizeof numbers / sizeof numbers[0], OUTLOOK = 12 };

// An outlook as a row: three spans (low, value, high) and a colour.
static void list_outlook(double *row[OUTLOOK], struct smp_outlook *at)
{
    struct smp_span *spans[3] = { &at->delta_e00, &at->side_by_side_mm, &at->casual_mm };
    for (int i = 0; i < 3; i++) {
        row[3 * i] = &spans[i]->low;
        row[3 * i + 1] = &spans[i]->value;
        row[3 * i + 2] = &spans[i]->high;
    }
    row[9] = &at->lab.l;
    row[10] = &at->lab.a;
    row[11] = &at->lab.b;
}

// ---- Out ----------------------------------------------------------------------------------------

static json_t *lab_out(struct smp_lab lab)
{
    return json_pack("[f,f,f]", lab.l, lab.a, lab.b);
}

static json_t *ages_out(const struct smp_recipe *found)
{
    json_t *ages = json_object();
    for (int i = 0; i < SMP_MATCH_AGE_COUNT; i++) {
        struct smp_outlook at = found->at[i];
        double *row[OUTLOOK];
        json_t *list = json_array();
        list_outlook(row, &at);
        for (int k = 0; k < OUTLOOK; k++) // null: never
            json_array_append_new(list, isfinite(*row[k]) ? json_real(*row[k]) : json_null());
        json_object_set_new(
            ages, smp_match_age_names[i],
            json_pack("{s:o, s:s}", "values", list, "limited_by", smp_limit_names[at.limited_by]));
    }
    return ages;
}

json_t *smp_recipe_keep(const struct smp_plan_recipe *recipe)
{
    char key[20];
    snprintf(key, sizeof key, "%016" PRIx64, recipe->request);
    json_t *kept =
        json_pack("{s:s, s:o, s:o, s:o}", "request", key, "bare_lab", lab_out(recipe->bare_lab),
                  "stubble_lab", lab_out(recipe->stubble_lab), "impossible",
                  recipe->impossible ? json_string(recipe->impossible) : json_null());
    if (!recipe->found)
        return kept;
    json_t *values = json_object();
    for (size_t i = 0; i < NUMBERS; i++)
        json_object_set_new(values, numbers[i].name,
                            json_real(*(const double *)(const void *)((const char *)recipe->found +
                                                                      numbers[i].offset)));
    json_object_set_new(kept, "pigment", json_string(recipe->pigment));
    json_object_set_new(kept, "numbers", values);
    json_object_set_new(kept, "warnings", json_integer(recipe->found->warnings));
    json_object_set_new(kept, "ages", ages_out(recipe->found));
    return kept;
}

// ---- In -----------------------------------------------------------------------------------------

static enum smp_code need(struct smp_json *child, const struct smp_json *at, const char *name,
                          struct smp_err *err)
{
    return smp_json_child(at, name, child)
               ? SMP_OK
               : smp_fail(err, SMP_E_INPUT, "%s: %s has no %s", at->file, at->path, name);
}

static enum smp_code read_lab(struct smp_lab *lab, const struct smp_json *at, const char *name,
                              struct smp_err *err)
{
    struct smp_json child;
    const enum smp_code code = need(&child, at, name, err);
    return code ? code : smp_case_lab(&child, lab, err);
}

static enum smp_code read_outlook(struct smp_outlook *at, const struct smp_json *age,
                                  struct smp_err *err)
{
    struct smp_json values, child, item;
    double *row[OUTLOOK];
    int limit = 0;
    enum smp_code code = need(&values, age, "values", err);
    if (!code)
        code = smp_json_array(&values, OUTLOOK, OUTLOOK, err);
    if (!code)
        code = need(&child, age, "limited_by", err);
    if (!code)
        code = smp_json_choice(&child, smp_limit_names, &limit, err);
    list_outlook(row, at);
    at->limited_by = (enum smp_limit)limit;
    for (size_t k = 0; k < OUTLOOK && !code; k++) {
        *row[k] = (double)INFINITY;
        const bool never = k >= 3 && k < 9 && json_is_null(json_array_get(values.node, k));
        if (!never && smp_json_item(&values, k, &item))
            code = smp_json_number(&item, -200, 10000, "", row[k], err);
    }
    return code;
}

static enum smp_code read_recipe(struct smp_kept *kept, const struct smp_json *at,
                                 struct smp_arena *arena, struct smp_err *err)
{
    struct smp_recipe *found = &kept->found;
    struct smp_json child, age;
    const char *pigment = NULL;
    int64_t warnings = 0;
    enum smp_code code = need(&child, at, "pigment", err);
    if (!code)
        code = smp_case_text(&child, 200, &pigment, arena, err);
    if (!code)
        code = need(&child, at, "warnings", err);
    if (!code)
        code = smp_json_integer(&child, 0, (1 << SMP_MATCH_WARNING_COUNT) - 1, &warnings, err);
    for (size_t i = 0; i < NUMBERS && !code; i++) {
        struct smp_json values;
        code = need(&values, at, "numbers", err);
        if (!code)
            code = need(&child, &values, numbers[i].name, err);
        if (!code)
            code = smp_json_number(&child, numbers[i].min, numbers[i].max, numbers[i].unit,
                                   (double *)(void *)((char *)found + numbers[i].offset), err);
    }
    if (!code)
        code = need(&child, at, "ages", err);
    for (int i = 0; i < SMP_MATCH_AGE_COUNT && !code; i++) {
        code = need(&age, &child, smp_match_age_names[i], err);
        if (!code)
            code = read_outlook(&found->at[i], &age, err);
    }
    found->warnings = (unsigned)warnings;
    kept->pigment = pigment;
    return code;
}

enum smp_code smp_kept_read(struct smp_kept *kept, const struct smp_json *recipe,
                            struct smp_arena *arena, struct smp_err *err)
{
    struct smp_json at, child;
    const char *key = NULL;
    *kept = (struct smp_kept){ 0 };
    if (!smp_json_child(recipe, "kept", &at))
        return SMP_OK; // of an older program
    if (smp_json_child(&at, "numbers", &child) && !smp_json_child(&child, "top_mm", &child))
        return SMP_OK; // of a program that knew one depth only
    enum smp_code code = need(&child, &at, "request", err);
    if (!code)
        code = smp_json_text(&child, &key, err);
    if (!code && (strlen(key) != 16 || strspn(key, "0123456789abcdef") != 16))
        code = smp_fail(err, SMP_E_INPUT, "%s: %s must be 16 hexadecimal digits, not \"%.20s\"",
                        child.file, child.path, key);
    if (!code)
        kept->request = strtoull(key, NULL, 16);
    if (!code)
        code = read_lab(&kept->bare_lab, &at, "bare_lab", err);
    if (!code)
        code = read_lab(&kept->stubble_lab, &at, "stubble_lab", err);
    if (!code && smp_json_child(&at, "impossible", &child))
        code = smp_case_text(&child, 1000, &kept->impossible, arena, err);
    else if (!code)
        code = read_recipe(kept, &at, arena, err);
    kept->there = !code;
    return code;
}
