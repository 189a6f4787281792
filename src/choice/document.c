// A comparison as JSON.
#include "choice/choice_impl.h"

#include <jansson.h>
#include <math.h>

static json_t *rounded(double value, int decimals)
{
    const double scale = pow(10, decimals);
    return json_real(round(value * scale) / scale);
}

static json_t *band(struct smp_band b, int decimals)
{
    return json_pack("{s:o, s:o, s:o}", "low", rounded(b.low, decimals), "median",
                     rounded(b.median, decimals), "high", rounded(b.high, decimals));
}

static json_t *texts(const char *const *list, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, json_string(list[i]));
    return array;
}

static json_t *regions(const struct smp_band *bands)
{
    json_t *object = json_object();
    for (int r = 0; r < SMP_REGION_COUNT; r++)
        json_object_set_new(object, smp_region_names[r], band(bands[r], 1));
    return object;
}

static json_t *years(const struct smp_outcome *outcome, int last)
{
    json_t *array = json_array();
    for (int y = 0; outcome->years && y <= last; y++) {
        const struct smp_year *year = &outcome->years[y];
        json_t *row = json_object();
        json_object_set_new(row, "year", json_integer(y));
        json_object_set_new(row, "cover_share", band(year->cover_share, 3));
        json_object_set_new(row, "fu_per_cm2", regions(year->fu_per_cm2));
        json_object_set_new(row, "hairs_per_cm2", regions(year->hairs_per_cm2));
        json_object_set_new(row, "grey_share", band(year->grey_share, 3));
        json_object_set_new(row, "cost", band(year->cost, 0));
        json_object_set_new(row, "hours", band(year->hours, 1));
        json_object_set_new(row, "days_off", band(year->days_off, 1));
        json_array_append_new(array, row);
    }
    return array;
}

static json_t *harms(const struct smp_outcome *outcome)
{
    json_t *array = json_array();
    for (size_t i = 0; i < outcome->harm_count; i++) {
        const struct smp_harm *harm = &outcome->harms[i];
        const char grade[2] = { harm->figure->grade, 0 };
        json_array_append_new(
            array,
            json_pack("{s:s, s:o, s:o, s:o, s:b, s:s, s:s, s:s, s:s}", "what", harm->what,
                      "per_1000", rounded(harm->per_1000, 2), "low", rounded(harm->low, 2), "high",
                      rounded(harm->high, 2), "weak", harm->weak, "note", harm->note, "figure",
                      harm->figure->id, "source", harm->figure->source, "grade", grade));
    }
    return array;
}

static json_t *outcome_json(const struct smp_outcome *o, int last)
{
    json_t *row = json_object(), *criteria = json_object();
    json_object_set_new(row, "option", json_string(smp_choice_names[o->choice]));
    json_object_set_new(row, "words", json_string(smp_choice_words[o->choice]));
    json_object_set_new(row, "drug",
                        o->drug == SMP_TREAT_PLACEBO ? json_null()
                                                     : json_string(smp_treatment_names[o->drug]));
    json_object_set_new(row, "possible", json_boolean(o->possible));
    json_object_set_new(row, "why_not", o->why_not ? json_string(o->why_not) : json_null());
    json_object_set_new(row, "rank", json_integer((json_int_t)o->rank));
    json_object_set_new(row, "score", rounded(o->score, 4));
    for (int w = 0; w < SMP_CONCERN_COUNT; w++)
        json_object_set_new(criteria, smp_concern_names[w], rounded(o->criteria[w], 4));
    json_object_set_new(row, "criteria", criteria);
    json_object_set_new(row, "surgery", json_boolean(o->surgery));
    json_object_set_new(row, "reversible", rounded(o->reversible, 2));
    json_object_set_new(row, "reversible_words", json_string(o->reversible_words));
    json_object_set_new(row, "cant_do", texts(o->cant_do, o->cant_count));
    json_object_set_new(row, "notes", texts(o->notes, o->note_count));
    json_object_set_new(row, "harms", harms(o));
    if (o->possible) {
        json_object_set_new(row, "full_cover_share", rounded(o->full_cover_share, 3));
        json_object_set_new(row, "sessions", band(o->sessions, 0));
        if (o->surgery) {
            json_object_set_new(row, "donor_enough_share", rounded(o->donor_enough_share, 3));
            json_object_set_new(row, "grafts", band(o->grafts, 0));
            json_object_set_new(row, "donor_grafts", band(o->donor_grafts, 0));
            json_object_set_new(row, "needed_grafts", band(o->needed_grafts, 0));
        }
    }
    json_object_set_new(row, "years", years(o, last));
    return row;
}

static json_t *sensitivities(const struct smp_comparison *made)
{
    json_t *array = json_array();
    for (size_t i = 0; i < made->sensitivity_count; i++) {
        const struct smp_sensitivity *s = &made->sensitivities[i];
        json_array_append_new(
            array,
            json_pack("{s:s, s:s, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:b, s:b}", "input", s->input,
                      "unit", s->unit, "low", rounded(s->low, 4), "high", rounded(s->high, 4),
                      "option", smp_choice_names[s->choice], "score_low", rounded(s->score_low, 4),
                      "score_high", rounded(s->score_high, 4), "cover_share_low",
                      rounded(s->cover_low, 3), "cover_share_high", rounded(s->cover_high, 3),
                      "first_changes", s->first_changes, "weak", s->weak));
    }
    return array;
}

static json_t *weighings_json(const struct smp_comparison *made)
{
    json_t *array = json_array();
    for (size_t v = 0; v < SMP_WEIGHINGS; v++) {
        json_t *weights = json_object(), *order = json_array();
        for (int w = 0; w < SMP_CONCERN_COUNT; w++)
            json_object_set_new(weights, smp_concern_names[w],
                                json_real(smp_weighings[v].weights[w]));
        for (size_t k = 0; k < made->count; k++)
            json_array_append_new(
                order,
                json_string(smp_choice_names[made->outcomes[made->other_order[v][k]].choice]));
        json_array_append_new(
            array, json_pack("{s:s, s:s, s:o, s:o}", "view", smp_weighings[v].name, "words",
                             smp_weighings[v].words, "weights", weights, "order", order));
    }
    return array;
}

char *smp_comparison_json(const struct smp_comparison *made, bool indent, struct smp_arena *arena)
{
    json_t *root = json_object(), *outcomes = json_array(), *order = json_array();
    json_t *weights = json_object(), *areas = json_object();
    json_object_set_new(
        root, "note",
        json_string("General information, not medical advice: consult a qualified technician or a "
                    "doctor. Bands are 5, 50 and 95 % of persons who start like this one."));
    json_object_set_new(root, "years", json_integer(made->years));
    json_object_set_new(root, "persons", json_integer((json_int_t)made->persons));
    json_object_set_new(root, "seed", json_integer((json_int_t)made->seed));
    json_object_set_new(root, "currency", json_string(made->currency));
    json_object_set_new(root, "country", json_string(made->country));
    json_object_set_new(root, "scalp_cm2", rounded(made->scalp_cm2, 1));
    json_object_set_new(root, "bald_cm2", rounded(made->bald_cm2, 1));
    for (int r = 0; r < SMP_REGION_COUNT; r++)
        json_object_set_new(areas, smp_region_names[r], rounded(made->region_cm2[r], 1));
    json_object_set_new(root, "region_cm2", areas);
    for (int w = 0; w < SMP_CONCERN_COUNT; w++)
        json_object_set_new(weights, smp_concern_names[w], json_real(made->weights[w]));
    json_object_set_new(root, "weights", weights);
    json_object_set_new(root, "notes", texts(made->notes, made->note_count));
    for (size_t i = 0; i < made->count; i++) {
        json_array_append_new(outcomes, outcome_json(&made->outcomes[i], made->years));
        json_array_append_new(order,
                              json_string(smp_choice_names[made->outcomes[made->order[i]].choice]));
    }
    json_object_set_new(root, "order", order);
    json_object_set_new(root, "views", weighings_json(made));
    json_object_set_new(root, "outcomes", outcomes);
    json_object_set_new(root, "sensitivity", sensitivities(made));
    char *text = smp_json_dump(root, indent, arena);
    json_decref(root);
    return text;
}
