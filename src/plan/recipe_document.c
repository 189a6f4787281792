// The recipe in plan.json: what was chosen, why, and what it will look like in years.
#include "plan/plan_impl.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

static json_t *rounded(double value, int decimals)
{
    const double scale = pow(10, decimals);
    return isfinite(value) ? json_real(round(value * scale) / scale) : json_null();
}

// A distance to two digits; null where the illusion never holds within 5 m.
static json_t *distance(double mm)
{
    if (!isfinite(mm) || !(mm > 0))
        return json_null();
    const double scale = pow(10, floor(log10(mm)) - 1);
    return json_real(round(mm / scale) * scale);
}

static json_t *distances(const struct smp_span *span)
{
    return json_pack("{s:o, s:o, s:o}", "value", distance(span->value), "low", distance(span->low),
                     "high", distance(span->high));
}

static json_t *lab(struct smp_lab lab)
{
    return json_pack("[o,o,o]", rounded(lab.l, 2), rounded(lab.a, 2), rounded(lab.b, 2));
}

static json_t *outlooks(const struct smp_recipe *found)
{
    json_t *list = json_object();
    for (int i = 0; i < SMP_MATCH_AGE_COUNT; i++) {
        const struct smp_outlook *at = &found->at[i];
        json_object_set_new(
            list, smp_match_age_names[i],
            json_pack("{s:o, s:o, s:{s:o, s:o, s:o}, s:s}", "side_by_side_mm",
                      distances(&at->side_by_side_mm), "casual_mm", distances(&at->casual_mm),
                      "delta_e00", "value", rounded(at->delta_e00.value, 2), "low",
                      rounded(at->delta_e00.low, 2), "high", rounded(at->delta_e00.high, 2),
                      "limited_by", smp_limit_names[at->limited_by]));
    }
    return list;
}

static json_t *fields(const struct smp_plan_recipe *recipe, bool given)
{
    json_t *list = json_array();
    for (size_t i = 0; i < recipe->field_count; i++) {
        const struct smp_recipe_field *field = &recipe->fields[i];
        if (given != (field->why == NULL))
            continue;
        json_t *row = json_pack("{s:s, s:o}", "field", field->name, "value",
                                field->text ? json_string(field->text) : rounded(field->number, 3));
        if (!given)
            json_object_set_new(row, "why", json_string(field->why));
        json_array_append_new(list, row);
    }
    return list;
}

static json_t *shades(const struct smp_plan_recipe *recipe)
{
    json_t *list = json_array();
    for (size_t i = 0; i < recipe->shade_count; i++)
        json_array_append_new(list,
                              json_pack("{s:s, s:o}", "name", recipe->shades[i].name, "dilution",
                                        rounded(recipe->shades[i].parts_water, 2)));
    return list;
}

static void add_found(json_t *into, const struct smp_plan *plan)
{
    const struct smp_plan_recipe *recipe = &plan->from->recipe;
    const struct smp_recipe *found = recipe->found;
    const struct smp_outlook *healed = &found->at[SMP_AT_HEALED];
    json_object_update_new(
        into,
        json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:[o,o], s:o, s:o, s:o, s:o, s:o, s:o, s:s}",
                  "pigment", recipe->pigment, "name", recipe->pigment_name, "dilution",
                  rounded(recipe->dilution, 2), "shades", shades(recipe), "diameter_um",
                  rounded(recipe->diameter_um, 0), "dots_per_cm2", rounded(recipe->dots_per_cm2, 1),
                  "dots_per_cm2_range", rounded(found->dots_low_per_cm2, 0),
                  rounded(found->dots_high_per_cm2, 0), "fu_dots", rounded(recipe->fu_dots, 3),
                  "strength_cv", rounded(recipe->strength_cv, 3), "lab", lab(healed->lab),
                  "delta_e00", rounded(found->delta_e00, 2), "texture_jnd",
                  rounded(found->texture_jnd, 2), "illusion_distance_mm", outlooks(found),
                  "limited_by", smp_limit_names[healed->limited_by]));
    const struct smp_touch_up *touch_up = smp_plan_touch_up(plan);
    json_object_set_new(
        into, "touch_up_years",
        json_pack("{s:o, s:o, s:o, s:o, s:o}", "low", rounded(touch_up->years.low, 1), "median",
                  rounded(touch_up->years.median, 1), "high", rounded(touch_up->years.high, 1),
                  "share_beyond_horizon", rounded(touch_up->share_beyond, 2), "share_at_once",
                  rounded(touch_up->share_at_once, 2)));
    if (plan->strength_mean > 0)
        json_object_set_new(into, "strengths_laid",
                            json_pack("{s:o, s:o}", "mean", rounded(plan->strength_mean, 3), "cv",
                                      rounded(plan->strength_cv, 3)));
}

json_t *smp_recipe_document(const struct smp_plan *plan)
{
    const struct smp_plan_recipe *recipe = &plan->from->recipe;
    if (!recipe->made)
        return json_null();
    json_t *object = json_object();
    if (!recipe->impossible)
        add_found(object, plan);
    json_object_set_new(object, "top_mm", rounded(recipe->top_mm, 3));
    json_object_set_new(object, "distance_mm", rounded(recipe->distance_mm, 0));
    if (!recipe->bad_skin) {
        json_object_set_new(object, "skin_lab", lab(recipe->bare_lab));
        json_object_set_new(object, "stubble_lab", lab(recipe->stubble_lab));
    }
    json_object_set_new(object, "chosen", fields(recipe, false));
    json_object_set_new(object, "given", fields(recipe, true));
    if (!recipe->bad_skin)
        json_object_set_new(object, "kept", smp_recipe_keep(recipe));
    json_object_set_new(object, "impossible",
                        recipe->impossible ? json_string(recipe->impossible) : json_null());
    json_object_set_new(
        object, "note",
        json_string("A forecast of models, with bands for depth ± 0.1 mm and pigment ± 50 %; no "
                    "study has tested it. The first healed session decides the shade."));
    return object;
}
