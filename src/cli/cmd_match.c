// stubble match: the pigment, dilution, size and density whose healed dots read as the stubble.
#include "cli/cli.h"
#include "cli/optics.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

int smp_cmd_match(int argc, char **argv);

struct call {
    const char *skin, *hair, *sides, *fu, *stubble, *exit, *calibre, *top, *distance;
    const char *widest, *most, *age, *lost, *sun, *oily, *catalogue, *data, *threads, *json;
};

static const char *distance_text(char text[32], double mm)
{
    if (isinf(mm))
        return "never";
    snprintf(text, 32, "%.2g m", mm / 1000);
    return text;
}

// A distance to two digits; null where the illusion never holds.
static json_t *distance_json(double mm)
{
    if (isinf(mm))
        return json_null();
    const double scale = pow(10, floor(log10(mm)) - 1);
    return json_real(round(mm / scale) * scale);
}

static json_t *rounded(double value, int decimals)
{
    const double scale = pow(10, decimals);
    return isfinite(value) ? json_real(round(value * scale) / scale) : json_null();
}

static json_t *lab_json(struct smp_lab lab)
{
    return json_pack("[o,o,o]", rounded(lab.l, 2), rounded(lab.a, 2), rounded(lab.b, 2));
}

// One figure of every age: its nominal values under `name`, its extremes under `name`_band.
struct told {
    const char *name, *band;
    size_t offset; // of a span in an outlook
    json_t *(*value)(double);
};

static json_t *hundredth(double value)
{
    return rounded(value, 2);
}

static void set_ages(json_t *into, const struct smp_recipe *r, const struct told *told)
{
    json_t *values = json_object(), *bands = json_object();
    for (int i = 0; i < SMP_MATCH_AGE_COUNT; i++) {
        const void *at = (const char *)&r->at[i] + told->offset;
        const struct smp_span *span = at;
        json_object_set_new(values, smp_match_age_names[i], told->value(span->value));
        json_object_set_new(bands, smp_match_age_names[i],
                            json_pack("[o,o]", told->value(span->low), told->value(span->high)));
    }
    json_object_set_new(into, told->name, values);
    json_object_set_new(into, told->band, bands);
}

static json_t *recipe_json(const struct smp_recipe *r, const struct smp_catalogue *catalogue,
                           bool best)
{
    static const struct told told[] = {
        { "illusion_distance_mm", "illusion_distance_band_mm",
          offsetof(struct smp_outlook, side_by_side_mm), distance_json }, // 1 JND, dE00 under 1
        { "casual_distance_mm", "casual_distance_band_mm", offsetof(struct smp_outlook, casual_mm),
          distance_json }, // 3 JND, dE00 under 2
        { "delta_e00_at", "delta_e00_band", offsetof(struct smp_outlook, delta_e00), hundredth },
    };
    json_t *warnings = json_array();
    for (int i = 0; i < SMP_MATCH_WARNING_COUNT; i++)
        if (r->warnings & 1u << i)
            json_array_append_new(warnings, json_pack("{s:s,s:s}", "id", smp_match_warning_ids[i],
                                                      "advice", smp_match_warning_texts[i]));
    json_t *o = json_object();
    json_object_set_new(o, "pigment", json_string(catalogue->pigments[r->pigment].id));
    json_object_set_new(o, "dilution", rounded(r->parts_water, 2));
    json_object_set_new(o, "top_mm", rounded(r->top_mm, 3));
    json_object_set_new(o, "diameter_um", rounded(r->diameter_mm * 1000, 0));
    json_object_set_new(o, "dots_per_cm2", rounded(r->dots_per_cm2, 0));
    json_object_set_new(
        o, "dots_per_cm2_range",
        json_pack("[o,o]", rounded(r->dots_low_per_cm2, 0), rounded(r->dots_high_per_cm2, 0)));
    json_object_set_new(o, "strength_cv", rounded(r->strength_cv, 3));
    json_object_set_new(o, "delta_e00", rounded(r->delta_e00, 2));
    json_object_set_new(o, "texture_jnd", rounded(r->texture_jnd, 2));
    json_object_set_new(o, "lab", lab_json(r->at[SMP_AT_HEALED].lab));
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++)
        set_ages(o, r, &told[i]);
    json_object_set_new(o, "limited_by",
                        json_string(smp_limit_names[r->at[SMP_AT_HEALED].limited_by]));
    if (best)
        json_object_set_new(o, "touch_up_years",
                            json_pack("{s:o,s:o,s:o,s:o}", "low", rounded(r->touch_up.years.low, 1),
                                      "median", rounded(r->touch_up.years.median, 1), "high",
                                      rounded(r->touch_up.years.high, 1), "share_beyond_horizon",
                                      rounded(r->touch_up.share_beyond, 2)));
    json_object_set_new(o, "warnings", warnings);
    return o;
}

static void print_json(const struct smp_match *m, const struct smp_match_request *r, double fit)
{
    json_t *recipes = json_array(), *o = json_object();
    for (size_t i = 0; i < m->count; i++)
        json_array_append_new(recipes, recipe_json(&m->recipes[i], r->catalogue, i == 0));
    json_object_set_new(o, "recipes", recipes);
    json_object_set_new(o, "impossible", m->impossible ? json_string(m->impossible) : json_null());
    json_object_set_new(o, "skin",
                        json_pack("{s:o,s:o,s:o,s:o}", "melanin", rounded(r->skin.melanin, 4),
                                  "blood", rounded(r->skin.blood, 4), "lab", lab_json(m->bare_lab),
                                  "fit_delta_e00", rounded(fit, 2)));
    json_object_set_new(o, "stubble",
                        json_pack("{s:o,s:o,s:s}", "lab", lab_json(m->stubble_lab),
                                  "delta_e00_to_skin", rounded(m->stubble_delta_e00, 2), "colour",
                                  r->sides_lab
                                      ? "measured on the client's shaved sides"
                                      : "modelled: no measurement of shaved stubble exists; "
                                        "measure the sides where you can"));
    json_object_set_new(o, "top_mm", r->top_mm > 0 ? rounded(r->top_mm, 3) : json_null());
    json_object_set_new(o, "distance_mm", rounded(r->distance_mm, 0));
    smp_cli_print_json(o);
}

static const char *years_text(char text[32], double years)
{
    if (years > 9.95)
        return "over 10";
    snprintf(text, 32, "%.1f", years);
    return text;
}

static void print_recipe(const struct smp_recipe *r, const struct smp_catalogue *catalogue)
{
    char a[32], b[32], c[32], d[32];
    printf("\n%s, 1 part in %g part%s of water\n", catalogue->pigments[r->pigment].name,
           r->parts_water, r->parts_water > 1 ? "s" : "");
    printf(
        "  %.0f dots/cm2 (%.0f to %.0f do as well) of %.2f mm healed, top %.2g mm under the skin, "
        "strength spread %.2f\n",
        r->dots_per_cm2, r->dots_low_per_cm2, r->dots_high_per_cm2, r->diameter_mm, r->top_mm,
        r->strength_cv);
    printf("  healed: area colour off by %.1f dE00, texture by %.1f just-noticeable differences\n",
           r->delta_e00, r->texture_jnd);
    printf("  %-8s %-22s %-28s %s\n", "age", "colour off, dE00", "passes side by side from",
           "casually from");
    for (int i = 0; i < SMP_MATCH_AGE_COUNT; i++) {
        const struct smp_outlook *o = &r->at[i];
        const char *best = distance_text(b, o->side_by_side_mm.low);
        const char *worst = distance_text(c, o->side_by_side_mm.high);
        char band[80] = "";
        if (strcmp(best, worst) != 0)
            snprintf(band, sizeof band, "(%s to %s)", best, worst);
        printf("  %-8s %4.1f (%.1f to %.1f)%*s %-8s %-19s %s\n", smp_match_age_names[i],
               o->delta_e00.value, o->delta_e00.low, o->delta_e00.high, 4, "",
               distance_text(a, o->side_by_side_mm.value), band,
               distance_text(d, o->casual_mm.value));
    }
    for (int i = 0; i < SMP_MATCH_WARNING_COUNT; i++)
        if (r->warnings & 1u << i)
            printf("  ! %s\n", smp_match_warning_texts[i]);
}

static void print_text(const struct smp_match *m, const struct smp_match_request *r)
{
    printf(
        "skin L*a*b* %.1f %.1f %.1f; stubble as seen from afar %.1f %.1f %.1f (%.1f dE00 from bare "
        "skin, %s)\n",
        m->bare_lab.l, m->bare_lab.a, m->bare_lab.b, m->stubble_lab.l, m->stubble_lab.a,
        m->stubble_lab.b, m->stubble_delta_e00, r->sides_lab ? "measured" : "modelled");
    if (m->impossible) {
        printf("\n%s\n", m->impossible);
        return;
    }
    for (size_t i = 0; i < m->count; i++)
        print_recipe(&m->recipes[i], r->catalogue);
    const struct smp_touch_up *t = &m->recipes[0].touch_up;
    char low[32], median[32], high[32];
    printf("\nTouch-up, first recipe: %g dE00 from the stubble after %s years (5 to 95 %%: %s to "
           "%s).\n"
           "Bands: depth +-0.1 mm, pigment +-50 %%. Passing is modelled; no study has tested it.\n",
           r->touch_up_delta_e00, years_text(median, t->years.median),
           years_text(low, t->years.low), years_text(high, t->years.high));
}

static enum smp_code read_numbers(struct smp_match_request *r, const struct call *call,
                                  struct smp_err *err)
{
    double calibre_um = r->stubble.calibre_mm * 1000;
    const struct {
        const char *text, *option;
        double min, max, *value;
    } numbers[] = {
        { call->fu, "fu-per-cm2", 1, 300, &r->stubble.fu_per_cm2 },
        { call->stubble, "stubble-mm", 0, 2, &r->stubble.stubble_mm },
        { call->exit, "exit-deg", 20, 90, &r->stubble.exit_deg },
        { call->calibre, "calibre-um", 30, 120, &calibre_um },
        { call->top, "top-mm", 0.08, 1, &r->top_mm },
        { call->distance, "distance-mm", 150, 5000, &r->distance_mm },
        { call->widest, "diameter-max-mm", 0.15, 0.6, &r->diameter_max_mm },
        { call->most, "dots-max", 60, 400, &r->dots_max_per_cm2 },
        { call->age, "age", 0, 120, &r->age_years },
        { call->lost, "touch-up-de", 1, 10, &r->touch_up_delta_e00 },
        { call->sun, "sun", 0, 1, &r->wear.sun },
        { call->oily, "oily", 0, 1, &r->wear.oily },
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        const enum smp_code code =
            numbers[i].text ? smp_cli_number(numbers[i].text, numbers[i].option, numbers[i].min,
                                             numbers[i].max, numbers[i].value, err)
                            : SMP_OK;
        if (code != SMP_OK)
            return code;
    }
    r->stubble.calibre_mm = calibre_um / 1000;
    return SMP_OK;
}

static enum smp_code run(const struct call *call, struct smp_pool *pool, struct smp_arena *arena,
                         struct smp_err *err)
{
    struct smp_match_request r = smp_match_request_default();
    struct smp_lab skin_lab, sides_lab;
    struct smp_catalogue catalogue;
    struct smp_healing healing;
    struct smp_match match;
    const char *catalogue_path = call->catalogue;
    double fit;
    if (!call->skin || !call->hair)
        return smp_fail(
            err, SMP_E_INPUT,
            "match needs --skin-lab L,a,b and --hair-lab L,a,b (measured, not read off a "
            "photo without a colour card)");
    enum smp_code code = smp_cli_lab(call->skin, "skin-lab", &skin_lab, err);
    if (code || (code = smp_cli_lab(call->hair, "hair-lab", &r.stubble.hair_lab, err)) ||
        (code = read_numbers(&r, call, err)))
        return code;
    if (call->sides) {
        if ((code = smp_cli_lab(call->sides, "sides-lab", &sides_lab, err)))
            return code;
        r.sides_lab = &sides_lab;
    }
    r.skin = smp_skin_default();
    if ((code = smp_skin_fit(&r.skin, &fit, skin_lab, "--skin-lab", arena, err)) ||
        (code = smp_cli_catalogue(&catalogue, &catalogue_path, call->data, arena, err)) ||
        (code = smp_cli_healing(&healing, call->data, arena, err)))
        return code;
    r.catalogue = &catalogue;
    r.healing = &healing;
    if ((code = smp_match_find(&match, &r, pool, arena, err)))
        return code;
    if (call->json)
        print_json(&match, &r, fit);
    else
        print_text(&match, &r);
    return SMP_OK;
}

int smp_cmd_match(int argc, char **argv)
{
    struct call call = { 0 };
    const struct smp_option options[] = {
        { "skin-lab", "L,a,b", "colour of bare skin, CIELAB D65, measured", &call.skin, 0 },
        { "hair-lab", "L,a,b", "colour of cut hair (dark brown 23,4,4.9)", &call.hair, 0 },
        { "sides-lab", "L,a,b", "area colour of the client's own shaved sides", &call.sides, 0 },
        { "fu-per-cm2", "N", "follicular units (75)", &call.fu, 0 },
        { "stubble-mm", "MM", "stubble above the skin (0.3)", &call.stubble, 0 },
        { "exit-deg", "DEG", "angle between shaft and skin (45)", &call.exit, 0 },
        { "calibre-um", "UM", "diameter of a shaft (70)", &call.calibre, 0 },
        { "top-mm", "MM", "top of the healed deposit under the skin (0.1 to 0.15, chosen)",
          &call.top, 0 },
        { "distance-mm", "MM", "viewing distance for texture (600)", &call.distance, 0 },
        { "diameter-max-mm", "MM", "widest healed dot the needle makes (0.4)", &call.widest, 0 },
        { "dots-max", "N", "most dots per cm2 (260)", &call.most, 0 },
        { "age", "YEARS", "age of the client", &call.age, 0 },
        { "touch-up-de", "DE00", "colour difference at which the match is lost (3)", &call.lost,
          0 },
        { "sun", "0-1", "sun on the scalp: 0 little, 1 heavy", &call.sun, 0 },
        { "oily", "0-1", "oily skin: 0 no, 1 very", &call.oily, 0 },
        { "catalogue", "FILE", "your own pigments (JSON as data/pigments.json)", &call.catalogue,
          0 },
        { "data", "DIR", "folder with your own pigments.json, healing.json", &call.data, 0 },
        { "threads", "T", "threads to use; 0: one a core", &call.threads, 0 },
        { "json", NULL, "print one JSON object", &call.json, 0 },
        { NULL, NULL, NULL, NULL, 0 },
    };
    int count = 0;
    int64_t threads = 0;
    struct smp_err err = { 0 };
    const int status = smp_cli_parse(
        argc, argv, "match --skin-lab L,a,b --hair-lab L,a,b [--fu-per-cm2 N] [--stubble-mm MM] …",
        options, NULL, 0, 0, &count);
    if (status)
        return status < 0 ? 0 : status;
    if (call.threads && smp_cli_integer(call.threads, "threads", 0, 256, &threads, &err))
        return smp_cli_fail(&err);
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    struct smp_pool *pool = smp_pool_make((unsigned)threads);
    const enum smp_code code = run(&call, pool, &arena, &err);
    smp_pool_drop(pool);
    smp_arena_drop(&arena);
    return code ? smp_cli_fail(&err) : 0;
}
