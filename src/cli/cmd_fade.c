// stubble fade: what time does to a dot, as bands.
#include "cli/cli.h"
#include "cli/fade_measured.h"
#include "cli/optics.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

int smp_cmd_fade(int argc, char **argv);

enum { ages = 8 };
static const char *const age_names[ages] = {
    "fresh", "healed", "1y", "2y", "3y", "5y", "8y", "10y"
};

struct request {
    const char *catalogue, *data, *pigment;
    double parts_water, top_mm, diameter_mm;
    struct smp_wear wear;
    int64_t seed, draws, threads;
    const char *measured[SMP_FADE_FILES]; // what stubble check printed of the dots, if anything
    size_t measured_count;
};

// What is told of a dot at an age; each a question to the ensemble.
static void coefficients(double mua_per_mm[SMP_WAVELENGTHS], const struct smp_photo_dot *dot,
                         const struct smp_aged *aged)
{
    double mus_per_mm[SMP_WAVELENGTHS];
    smp_pigment_at_age(mua_per_mm, mus_per_mm, dot->pigment, dot->parts_water, dot->retained, aged);
}

static double absorption(const void *context, const struct smp_aged *aged)
{
    double mua_per_mm[SMP_WAVELENGTHS];
    coefficients(mua_per_mm, context, aged);
    return mua_per_mm[15]; // 550 nm
}

static double warmth(const void *context, const struct smp_aged *aged)
{
    double mua_per_mm[SMP_WAVELENGTHS];
    coefficients(mua_per_mm, context, aged);
    return mua_per_mm[5] / (mua_per_mm[25] + 1e-12); // 450 over 650 nm: 1 is neutral
}

static double diameter(const void *context, const struct smp_aged *aged)
{
    (void)context;
    return aged->shape.diameter_mm;
}

static double top(const void *context, const struct smp_aged *aged)
{
    (void)context;
    return aged->shape.top_mm;
}

static const struct {
    const char *name, *head;
    double (*value)(const void *, const struct smp_aged *);
} told[] = { { "mua_550_per_mm", "absorbs at 550, per mm", absorption },
             { "warmth", "450 over 650 nm", warmth },
             { "diameter_mm", "diameter, mm", diameter },
             { "top_mm", "top, mm", top },
             { "contrast", "ln of skin over dot, red", smp_photo_contrast } };
enum { told_count = sizeof told / sizeof *told };

struct outcome {
    double years[ages];
    struct smp_band band[ages][told_count];
    struct smp_follow_photo seen[SMP_FADE_FILES];
    double effective; // draws that still count
};

static json_t *number_json(double value)
{
    char text[32];
    snprintf(text, sizeof text, "%.5g", value);
    return json_real(strtod(text, NULL));
}

static void print_json(const struct outcome *out, const struct request *r,
                       const struct smp_pigment *pigment)
{
    json_t *object = json_object(), *list = json_array();
    json_object_set_new(object, "pigment", json_string(pigment->id));
    json_object_set_new(object, "parts_water", number_json(r->parts_water));
    json_object_set_new(object, "draws", json_integer(r->draws));
    json_object_set_new(object, "seed", json_integer(r->seed));
    json_object_set_new(object, "note",
                        json_string("bands of 5, 50 and 95 %; constants are assumptions with "
                                    "sources (data/healing.json), not measurements"));
    for (int a = 0; a < ages; a++) {
        json_t *row = json_object();
        json_object_set_new(row, "age", json_string(age_names[a]));
        json_object_set_new(row, "years", number_json(out->years[a]));
        for (size_t t = 0; t < told_count; t++) {
            const struct smp_band *band = &out->band[a][t];
            json_t *values = json_array();
            json_array_append_new(values, number_json(band->low));
            json_array_append_new(values, number_json(band->median));
            json_array_append_new(values, number_json(band->high));
            json_object_set_new(row, told[t].name, values);
        }
        json_array_append_new(list, row);
    }
    json_object_set_new(object, "ages", list);
    if (r->measured_count) {
        json_object_set_new(object, "measured", smp_fade_seen_json(out->seen, r->measured_count));
        json_object_set_new(object, "effective_draws", number_json(out->effective));
    }
    smp_cli_print_json(object);
}

static void print_text(const struct outcome *out, const struct request *r,
                       const struct smp_pigment *pigment)
{
    printf("%s, 1 part in %g parts of water; bands of 5, 50 and 95 %% over %lld draws.\n"
           "Assumptions with sources (data/healing.json), not measurements.\n\n%-7s",
           pigment->name, r->parts_water, (long long)r->draws, "");
    for (size_t t = 0; t < told_count; t++)
        printf("  %-24s", told[t].head);
    for (int a = 0; a < ages; a++) {
        printf("\n%-7s", age_names[a]);
        for (size_t t = 0; t < told_count; t++) {
            const struct smp_band *band = &out->band[a][t];
            printf("  %6.2f  %6.2f  %6.2f  ", band->low, band->median, band->high);
        }
    }
    printf("\n");
    if (r->measured_count)
        smp_fade_seen_print(out->seen, r->measured_count, out->effective);
}

static enum smp_code read_pigment(const struct smp_pigment **pigment, const struct request *r,
                                  struct smp_arena *arena, struct smp_err *err)
{
    struct smp_catalogue catalogue;
    const char *path = r->catalogue;
    const enum smp_code code = smp_cli_catalogue(&catalogue, &path, r->data, arena, err);
    if (code)
        return code;
    *pigment = smp_pigment_find(&catalogue, r->pigment);
    if (!*pigment)
        return smp_fail(err, SMP_E_INPUT, "--pigment must be an id of %s, not \"%.60s\"", path,
                        r->pigment);
    return smp_pigment_matchable(*pigment, "--pigment", err);
}

static struct smp_question question_of(size_t told_at, const struct smp_photo_dot *dot,
                                       const struct request *r, const struct smp_healing *healing)
{
    return (struct smp_question){ told[told_at].value, dot,
                                  smp_deposit_planned(r->top_mm, r->diameter_mm,
                                                      healing->constant[SMP_HEAL_HEIGHT].value) };
}

static enum smp_code ask_all(struct outcome *out, const struct request *r,
                             const struct smp_photo_dot *dot, const struct smp_healing *healing,
                             struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err)
{
    struct smp_ensemble ensemble;
    enum smp_code code = smp_ensemble_make(&ensemble, healing, &r->wear, (uint64_t)r->seed,
                                           (size_t)r->draws, arena, err);
    const struct smp_question looks = question_of(told_count - 1, dot, r, healing);
    if (!code && r->measured_count)
        code = smp_fade_observe(
            &ensemble, &looks,
            &(struct smp_fade_photos){ r->measured, r->measured_count, r->data, out->seen }, pool,
            arena, err);
    for (int a = 0; a < ages && !code; a++) {
        code = smp_age_years(&out->years[a], age_names[a], "age", err);
        for (size_t t = 0; t < told_count && !code; t++) {
            const struct smp_question question = question_of(t, dot, r, healing);
            code = smp_age_band(&out->band[a][t], &ensemble, &question, out->years[a], pool, arena,
                                err);
        }
    }
    out->effective = code ? 0 : smp_ensemble_effective(&ensemble);
    return code;
}

static enum smp_code forecast(struct outcome *out, const struct request *r,
                              const struct smp_pigment *pigment, const struct smp_healing *healing,
                              struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_photo_dot dot = { pigment, r->parts_water,
                                       healing->constant[SMP_HEAL_INK_SHARE].value,
                                       smp_skin_default() };
    struct smp_pool *pool = smp_pool_make((unsigned)r->threads);
    const enum smp_code code = ask_all(out, r, &dot, healing, pool, arena, err);
    smp_pool_drop(pool);
    return code;
}

static enum smp_code run(const struct request *r, bool json, struct smp_arena *arena,
                         struct smp_err *err)
{
    struct smp_healing healing;
    const struct smp_pigment *pigment;
    struct outcome out;
    enum smp_code code = smp_cli_healing(&healing, r->data, arena, err);
    if (!code)
        code = read_pigment(&pigment, r, arena, err);
    if (!code)
        code = forecast(&out, r, pigment, &healing, arena, err);
    if (!code)
        (json ? print_json : print_text)(&out, r, pigment);
    return code;
}

// An option's number where it was given; its default stays otherwise.
struct wanted {
    const char *text, *name;
    double min, max;
    double *value;
};

// Whole numbers of the call, and its files.
static enum smp_code read_counts(struct request *r, const char *seed, const char *draws,
                                 const char *threads, int files, struct smp_err *err)
{
    enum smp_code code = SMP_OK;
    if (seed)
        code = smp_cli_integer(seed, "seed", 0, INT64_MAX, &r->seed, err);
    if (!code && draws)
        code = smp_cli_integer(draws, "draws", SMP_DRAWS_MIN, SMP_DRAWS_MAX, &r->draws, err);
    if (!code && threads)
        code = smp_cli_integer(threads, "threads", 0, 256, &r->threads, err);
    if (!code && files && !r->measured[0])
        code = smp_fail(err, SMP_E_INPUT,
                        "fade takes files behind --measured M.json only, not '%s'", r->measured[1]);
    r->measured_count = r->measured[0] ? (size_t)files + 1 : 0;
    return code;
}

int smp_cmd_fade(int argc, char **argv)
{
    struct request r = { .pigment = "carbon-100",
                         .parts_water = 20,
                         .top_mm = 0.15,
                         .diameter_mm = 0.3,
                         .seed = 1,
                         .draws = SMP_DRAWS };
    const char *json = NULL, *scarred = NULL, *seed = NULL, *draws = NULL, *threads = NULL;
    struct wanted wanted[] = { { NULL, "parts-water", 0, 1000, &r.parts_water },
                               { NULL, "top-mm", 0.08, 2, &r.top_mm },
                               { NULL, "diameter-mm", 0.05, 0.8, &r.diameter_mm },
                               { NULL, "sun", 0, 1, &r.wear.sun },
                               { NULL, "oily", 0, 1, &r.wear.oily } };
    const struct smp_option options[] = {
        { "pigment", "ID", "a pigment of the catalogue (carbon-100)", &r.pigment, 0 },
        { "parts-water", "N", "parts of water to 1 part pigment (20)", &wanted[0].text, 0 },
        { "top-mm", "T", "top of the healed deposit (0.15)", &wanted[1].text, 0 },
        { "diameter-mm", "D", "of the healed deposit (0.3)", &wanted[2].text, 0 },
        { "sun", "S", "0 little to 1 heavy", &wanted[3].text, 0 },
        { "oily", "O", "0 dry to 1 very oily skin", &wanted[4].text, 0 },
        { "scarred", NULL, "scar tissue", &scarred, 0 },
        { "catalogue", "FILE", "pigments of your own", &r.catalogue, 0 },
        { "data", "DIR", "own numbers (healing.json, pigments.json)", &r.data, 0 },
        { "measured", "M.json", "what stubble check --json printed of these dots; more may follow",
          &r.measured[0], 0 },
        { "draws", "N", "courses of events to draw (2000)", &draws, 0 },
        { "seed", "N", "of the draws (1)", &seed, 0 },
        { "threads", "T", "threads to use; 0: one a core", &threads, 0 },
        { "json", NULL, "print one JSON object", &json, 0 },
        { NULL, NULL, NULL, NULL, 0 },
    };
    int count = 0;
    const int status =
        smp_cli_parse(argc, argv, "fade [--pigment ID] [--measured M.json [MORE.json…]] [--json]",
                      options, &r.measured[1], 0, SMP_FADE_FILES - 1, &count);
    if (status)
        return status < 0 ? 0 : status;
    struct smp_err err = { 0 };
    enum smp_code code = SMP_OK;
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted && !code; i++) {
        if (wanted[i].text)
            code = smp_cli_number(wanted[i].text, wanted[i].name, wanted[i].min, wanted[i].max,
                                  wanted[i].value, &err);
    }
    if (!code)
        code = read_counts(&r, seed, draws, threads, count, &err);
    if (code)
        return smp_cli_fail(&err);
    r.wear.scarred = scarred != NULL;
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    code = run(&r, json != NULL, &arena, &err);
    smp_arena_drop(&arena);
    return code ? smp_cli_fail(&err) : 0;
}
