// plan.json: parameters as used, what was planned, and what to be warned of.
#include "plan/document.h"

#include <jansson.h>
#include <math.h>

static const char disclaimer[] =
    "A simulation and a working plan. General information, not medical advice: consult a "
    "qualified technician, and a physician where the skin is not healthy.";

// To a fixed number of decimals: no digits that mean nothing.
static json_t *real(double value, int decimals)
{
    const double scale = pow(10, decimals);
    const double rounded = round(value * scale) / scale;
    return json_real(isfinite(rounded) ? (rounded == 0 ? 0 : rounded) : 0); // no −0
}

static json_t *number(double value)
{
    return value == floor(value) && fabs(value) < 1e15 ? json_integer((json_int_t)value)
                                                       : json_real(value);
}

static json_t *vec3(struct smp_vec3 v, int decimals)
{
    return json_pack("[o,o,o]", real(v.x, decimals), real(v.y, decimals), real(v.z, decimals));
}

static json_t *lab(struct smp_lab lab)
{
    return json_pack("[o,o,o]", number(lab.l), number(lab.a), number(lab.b));
}

static json_t *fields(const struct smp_field *rows, size_t count, const void *params)
{
    json_t *object = json_object();
    for (size_t i = 0; i < count; i++) {
        const double *value = (const void *)((const char *)params + rows[i].offset);
        json_object_set_new(object, rows[i].name, number(*value));
    }
    return object;
}

// ---- Parameters as used -------------------------------------------------------------------------

static json_t *head_parameters(const struct smp_plan *plan)
{
    const struct smp_case *from = plan->from;
    if (!from->scan)
        return json_pack("{s:s, s:o}", "kind", "template", "wished",
                         fields(smp_tape_fields, 3, &from->tape));
    return json_pack("{s:s, s:o, s:{s:o, s:o, s:o}}", "kind", "scan", "mm_per_unit",
                     number(from->mm_per_unit), "fiducials", "nasion",
                     vec3(from->fiducials.nasion, 6), "lpa", vec3(from->fiducials.lpa, 6), "rpa",
                     vec3(from->fiducials.rpa, 6));
}

static json_t *areas(const struct smp_design_params *design)
{
    json_t *list = json_array();
    for (size_t i = 0; i < design->area_count; i++) {
        const struct smp_area *area = &design->areas[i];
        json_t *row = json_pack("{s:s, s:s}", "what", area->what, "kind",
                                area->kind == SMP_AREA_SCAR ? "scar" : "keep-out");
        if (area->kind == SMP_AREA_SCAR)
            json_object_set_new(row, "dots_per_cm2", number(area->dots_per_cm2));
        else
            json_object_set_new(row, "margin_mm", number(area->margin_mm));
        if (area->outline_count)
            json_object_set_new(row, "outline_points",
                                json_integer((json_int_t)area->outline_count));
        else {
            json_object_set_new(row, "centre_mm", vec3(area->centre_mm, 3));
            json_object_set_new(row, "radius_mm", number(area->radius_mm));
        }
        json_array_append_new(list, row);
    }
    return list;
}

static json_t *design_parameters(const struct smp_case *from)
{
    const struct smp_design_params *design = &from->design;
    json_t *object = fields(smp_design_fields, 4, design);
    json_t *line = fields(smp_hairline_fields, 8, &design->hairline);
    json_object_set_new(line, "style", json_string(smp_style_names[design->style]));
    json_object_set_new(object, "hairline", line);
    json_t *shares = json_object();
    for (int zone = 1; zone < SMP_ZONE_COUNT; zone++)
        json_object_set_new(shares, smp_zone_name((enum smp_zone)zone),
                            number(design->zone_share[zone]));
    json_object_set_new(object, "zone_share", shares);
    json_object_set_new(object, "regularity", number(from->regularity));
    json_object_set_new(object, "min_gap_mm", number(from->min_gap_mm));
    json_object_set_new(object, "diameter_um", number(from->diameter_um));
    json_object_set_new(object, "areas", areas(design));
    return object;
}

static json_t *parameters(const struct smp_plan *plan)
{
    const struct smp_case *from = plan->from;
    json_t *shares = json_array();
    for (int s = 0; s < from->sessions; s++)
        json_array_append_new(shares, number(from->shares[s]));
    json_t *client = json_pack("{s:s}", "sex", smp_sex_names[from->sex]);
    if (from->age > 0)
        json_object_set_new(client, "age", number(from->age));
    if (from->phototype)
        json_object_set_new(client, "phototype", json_integer(from->phototype));
    return json_pack(
        "{s:o, s:o, s:{s:s, s:I, s:o}, s:{s:o, s:o}, s:{s:o}, s:o, s:o, s:o, s:s, s:I}", "client",
        client, "head", head_parameters(plan), "loss", "class", smp_loss_names[from->loss.kind],
        "patches", (json_int_t)from->loss.patch_count, "native_fu_per_cm2",
        number(from->loss.native_fu_per_cm2), "hair", "lab", lab(from->hair_lab), "stubble_mm",
        number(from->stubble_mm), "skin", "lab", lab(from->skin_lab), "design",
        design_parameters(from), "sessions", shares, "dots_per_min", number(from->dots_per_min),
        "currency", from->currency, "seed", (json_int_t)from->seed);
}

// ---- What was planned ---------------------------------------------------------------------------

static json_t *head_report(const struct smp_head *head)
{
    const struct smp_tape *tape = &head->tape;
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:s}", "circumference_mm",
                     real(tape->circumference_mm, 1), "length_mm", real(tape->length_mm, 1),
                     "breadth_mm", real(tape->breadth_mm, 1), "nasion_inion_mm",
                     real(tape->nasion_inion_mm, 1), "preauricular_mm",
                     real(tape->preauricular_mm, 1), "scalp_cm2", real(tape->scalp_cm2, 1), "note",
                     head->note ? head->note : "");
}

static json_t *hairline_report(const struct smp_design *design)
{
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "glabella_mm", real(design->glabella_mm, 1),
        "length_mm", real(design->line_arc_mm[design->line_count - 1], 0), "straightness",
        real(design->straightness, 3), "recession_mm_left", real(design->recession_mm_left, 1),
        "recession_mm_right", real(design->recession_mm_right, 1), "corner_angle_deg_left",
        real(design->corner_angle_deg_left, 0), "corner_angle_deg_right",
        real(design->corner_angle_deg_right, 0), "asymmetry_mm", real(design->asymmetry_mm, 2));
}

static json_t *zone_report(const struct smp_plan *plan)
{
    json_t *list = json_array();
    for (int zone = 1; zone < SMP_ZONE_COUNT; zone++) {
        const struct smp_zone_total *t = &plan->zones[zone];
        json_t *sessions = json_array();
        for (int s = 1; s <= plan->sessions; s++)
            json_array_append_new(sessions, json_integer((json_int_t)t->dots[s]));
        json_array_append_new(
            list,
            json_pack("{s:s, s:o, s:o, s:I, s:o, s:I, s:s, s:[o,o], s:o, s:o}", "name",
                      smp_zone_name((enum smp_zone)zone), "cm2", real(t->cm2, 1), "treated_cm2",
                      real(t->treated_cm2, 1), "dots", (json_int_t)t->dots[0], "dots_by_session",
                      sessions, "hairs_between", (json_int_t)t->hairs, "needle", t->needle,
                      "depth_setting_mm", number(t->depth_setting_mm_low),
                      number(t->depth_setting_mm_high), "diameter_um", number(t->diameter_um),
                      "tinted_share", real(t->tinted_share, 4)));
    }
    return list;
}

static json_t *session_report(const struct smp_plan *plan)
{
    json_t *list = json_array();
    for (int s = 0; s < plan->sessions; s++) {
        const struct smp_session_total *t = &plan->session[s];
        json_array_append_new(list,
                              json_pack("{s:i, s:I, s:o, s:i, s:o, s:o}", "session", s + 1, "dots",
                                        (json_int_t)t->dots, "minutes", real(t->minutes, 0),
                                        "breaks", t->breaks, "step_mm", real(t->step_mm, 2),
                                        "step_p99_mm", real(t->step_p99_mm, 2)));
    }
    return list;
}

static json_t *totals_report(const struct smp_plan *plan)
{
    double minutes = 0;
    for (int s = 0; s < plan->sessions; s++)
        minutes += plan->session[s].minutes;
    return json_pack("{s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:{s:o, s:o, s:o, s:o}}",
                     "dots", (json_int_t)plan->dot_count, "dropped", (json_int_t)plan->dropped,
                     "hairs_left", (json_int_t)plan->hair_count, "minutes", real(minutes, 0),
                     "treated_cm2", real(plan->treated_cm2, 1), "bald_cm2", real(plan->bald_cm2, 1),
                     "tinted_share", real(plan->tinted_share, 4), "min_gap_mm",
                     real(plan->min_gap_mm, 4), "merging_share", real(plan->merging_share, 4),
                     "evenness", "cv", real(plan->evenness.cv, 3), "mean",
                     real(plan->evenness.mean, 3), "clark_evans",
                     real(plan->evenness.clark_evans, 3), "min_mm", real(plan->evenness.min_mm, 3));
}

static json_t *warning_report(const struct smp_plan *plan)
{
    json_t *list = json_array();
    for (size_t i = 0; i < plan->warning_count; i++) {
        const struct smp_warning *w = &plan->warnings[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:o, s:o, s:s, s:s, s:s}", "id", w->id,
                                              "zone", w->zone, "value", real(w->value, 3), "limit",
                                              number(w->limit), "unit", w->unit, "source",
                                              w->source, "advice", w->advice));
    }
    return list;
}

char *smp_plan_document(const struct smp_plan *plan, struct smp_arena *arena)
{
    json_t *root = json_pack(
        "{s:i, s:s, s:b, s:s, s:{s:s, s:i}, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "stubble_plan", 1,
        "title", plan->from->title, "made_up", plan->from->made_up, "disclaimer", disclaimer,
        "versions", "stubble", STUBBLE_VERSION, "case", 1, "parameters", parameters(plan), "head",
        head_report(plan->head), "hairline", hairline_report(plan->design), "totals",
        totals_report(plan), "zones", zone_report(plan), "sessions", session_report(plan),
        "warnings", warning_report(plan));
    json_t *recipe = smp_recipe_document(plan);
    json_t *price = json_pack("{s:s, s:o, s:o, s:s, s:s}", "currency", plan->from->currency, "low",
                              number(plan->price_low), "high", number(plan->price_high), "grade",
                              plan->price_grade, "source", plan->price_source);
    char *text = NULL;
    if (root && json_object_set_new(root, "recipe", recipe) == 0 &&
        json_object_set_new(root, "price", price) == 0 &&
        (!plan->continued.sessions_done ||
         json_object_set_new(root, "continued", smp_continued_document(plan)) == 0))
        text = smp_json_dump(root, true, arena);
    json_decref(root);
    return text;
}
