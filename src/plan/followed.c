// What plan.json says of follow-up photos and of the forecast that they narrowed.
#include "plan/plan_impl.h"

#include <jansson.h>
#include <math.h>

static json_t *band_json(const struct smp_band *band)
{
    return json_pack("[f,f,f]", band->low, band->median, band->high);
}

static json_t *touch_up_json(const struct smp_touch_up *t)
{
    return json_pack("{s:f, s:f, s:f, s:f, s:f}", "low", t->years.low, "median", t->years.median,
                     "high", t->years.high, "share_beyond_horizon", t->share_beyond,
                     "share_at_once", t->share_at_once);
}

json_t *smp_follow_document(const struct smp_follow *follow)
{
    json_t *photos = json_array(), *ages = json_array();
    for (size_t i = 0; i < follow->photo_count; i++) {
        const struct smp_follow_photo *p = &follow->photos[i];
        json_array_append_new(photos,
                              json_pack("{s:s, s:f, s:f, s:f, s:I}", "file", p->file, "years",
                                        p->years, "contrast", p->contrast, "contrast_sd_share",
                                        p->sd, "dots", (json_int_t)p->dots));
    }
    json_t *root =
        json_pack("{s:o, s:f, s:o}", "photos", photos, "model_sd", follow->model_sd, "not_used",
                  follow->not_used ? json_string(follow->not_used) : json_null());
    if (!smp_follow_narrows(follow)) {
        json_decref(ages);
        return root;
    }
    for (int i = 0; i < SMP_FOLLOW_AGES; i++) {
        const struct smp_follow_age *age = &follow->ages[i];
        json_array_append_new(ages,
                              json_pack("{s:f, s:o, s:o, s:f}", "years", age->years, "before",
                                        band_json(&age->before), "after", band_json(&age->after),
                                        "narrower_percent", age->narrower_percent));
    }
    json_object_set_new(root, "effective_draws", json_real(follow->effective_draws));
    json_object_set_new(root, "draws", json_integer(SMP_DRAWS));
    json_object_set_new(root, "contrast", ages);
    json_object_set_new(root, "touch_up_years_before", touch_up_json(&follow->before));
    json_object_set_new(root, "touch_up_years", touch_up_json(&follow->after));
    return root;
}

// ---- Reading ------------------------------------------------------------------------------------

static enum smp_code find(struct smp_json *child, const struct smp_json *at, const char *name,
                          struct smp_err *err)
{
    return smp_json_child(at, name, child)
               ? SMP_OK
               : smp_fail(err, SMP_E_INPUT, "%s: %s.%s is missing", at->file, at->path, name);
}

static enum smp_code need(const struct smp_json *at, const char *name, double min, double max,
                          const char *unit, double *value, struct smp_err *err)
{
    struct smp_json child;
    const enum smp_code code = find(&child, at, name, err);
    return code ? code : smp_json_number(&child, min, max, unit, value, err);
}

static enum smp_code read_photos(struct smp_follow *follow, const struct smp_json *at,
                                 struct smp_arena *arena, struct smp_err *err)
{
    struct smp_json list, item, name;
    enum smp_code code = find(&list, at, "photos", err);
    if (!code)
        code = smp_json_array(&list, 0, SMP_FOLLOW_PHOTOS, err);
    for (size_t i = 0; !code && smp_json_item(&list, i, &item); i++) {
        struct smp_follow_photo *p = &follow->photos[i];
        double dots = 0;
        p->file = "a photo";
        if (smp_json_child(&item, "file", &name))
            code = smp_case_text(&name, 4000, &p->file, arena, err);
        if (!code)
            code = need(&item, "years", 0, SMP_AGE_MAX_YEARS, "years", &p->years, err);
        if (!code)
            code = need(&item, "contrast", 1e-6, 10, "", &p->contrast, err);
        if (!code)
            code = need(&item, "contrast_sd_share", 1e-6, 100, "", &p->sd, err);
        if (!code)
            code = need(&item, "dots", 0, 1e8, "", &dots, err);
        p->dots = (size_t)dots;
        follow->photo_count = i + 1;
    }
    return code;
}

static enum smp_code read_band(struct smp_band *band, const struct smp_json *at, const char *name,
                               struct smp_err *err)
{
    struct smp_json list, item;
    double *values[3] = { &band->low, &band->median, &band->high };
    enum smp_code code = find(&list, at, name, err);
    if (!code)
        code = smp_json_array(&list, 3, 3, err);
    for (size_t i = 0; i < 3 && !code && smp_json_item(&list, i, &item); i++)
        code = smp_json_number(&item, -10, 100, "", values[i], err);
    return code;
}

static enum smp_code read_touch_up(struct smp_touch_up *t, const struct smp_json *at,
                                   const char *name, struct smp_err *err)
{
    struct smp_json row;
    const struct {
        const char *name;
        double max, *value;
    } fields[] = { { "low", 100, &t->years.low },
                   { "median", 100, &t->years.median },
                   { "high", 100, &t->years.high },
                   { "share_beyond_horizon", 1.000001, &t->share_beyond },
                   { "share_at_once", 1.000001, &t->share_at_once } };
    enum smp_code code = find(&row, at, name, err);
    for (size_t i = 0; i < sizeof fields / sizeof *fields && !code; i++)
        code = need(&row, fields[i].name, 0, fields[i].max, "", fields[i].value, err);
    return code;
}

static enum smp_code read_ages(struct smp_follow *follow, const struct smp_json *at,
                               struct smp_err *err)
{
    struct smp_json list, item;
    enum smp_code code = find(&list, at, "contrast", err);
    if (!code)
        code = smp_json_array(&list, SMP_FOLLOW_AGES, SMP_FOLLOW_AGES, err);
    for (size_t i = 0; !code && smp_json_item(&list, i, &item); i++) {
        struct smp_follow_age *age = &follow->ages[i];
        code = need(&item, "years", 0, SMP_AGE_MAX_YEARS, "years", &age->years, err);
        if (!code)
            code = need(&item, "narrower_percent", -1000, 100, "", &age->narrower_percent, err);
        if (!code)
            code = read_band(&age->before, &item, "before", err);
        if (!code)
            code = read_band(&age->after, &item, "after", err);
    }
    return code;
}

enum smp_code smp_follow_read(struct smp_follow *follow, const struct smp_json *at,
                              struct smp_arena *arena, struct smp_err *err)
{
    struct smp_follow f = { 0 };
    struct smp_json child;
    enum smp_code code = read_photos(&f, at, arena, err);
    if (!code)
        code = need(at, "model_sd", 1e-6, 1e3, "", &f.model_sd, err);
    if (!code && smp_json_child(at, "not_used", &child) && !json_is_null(child.node))
        code = smp_case_text(&child, 1000, &f.not_used, arena, err);
    if (!code && smp_follow_narrows(&f)) {
        code = need(at, "effective_draws", 1, SMP_DRAWS, "", &f.effective_draws, err);
        if (!code)
            code = read_ages(&f, at, err);
        if (!code)
            code = read_touch_up(&f.before, at, "touch_up_years_before", err);
        if (!code)
            code = read_touch_up(&f.after, at, "touch_up_years", err);
    }
    if (!code)
        *follow = f;
    return code;
}
