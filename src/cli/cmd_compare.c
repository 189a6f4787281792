// stubble compare CASE.json: SMP beside a transplant, medication, a hairpiece and nothing.
#include "choice/choice.h"
#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int smp_cmd_compare(int argc, char **argv);

struct call {
    const char *years, *persons, *seed, *weights, *data, *threads, *no_sandbox, *json;
};

// ---- Options ------------------------------------------------------------------------------------

static enum smp_code read_weight(double *weights, const char *text, size_t length,
                                 struct smp_err *err)
{
    char part[64], *equals = NULL;
    int which = 0;
    if (length < sizeof part) {
        memcpy(part, text, length);
        part[length] = 0;
        equals = strchr(part, '=');
    }
    if (!equals)
        return smp_fail(err, SMP_E_INPUT, "--weights must be NAME=NUMBER,…, not '%.*s'",
                        (int)(length < 60 ? length : 60), text);
    *equals = 0;
    const enum smp_code code = smp_cli_choice(part, "weights", smp_concern_names, &which, err);
    return code ? code : smp_cli_number(equals + 1, "weights", 0, 1000, &weights[which], err);
}

// What is named counts, the rest does not; without the option all count alike.
static enum smp_code read_weights(double *weights, const char *text, struct smp_err *err)
{
    enum smp_code code = SMP_OK;
    double sum = 0;
    if (!text)
        return SMP_OK;
    for (int w = 0; w < SMP_CONCERN_COUNT; w++)
        weights[w] = 0;
    while (!code) {
        const size_t length = strcspn(text, ",");
        code = read_weight(weights, text, length, err);
        text += length;
        if (!*text)
            break;
        text++;
    }
    for (int w = 0; w < SMP_CONCERN_COUNT; w++)
        sum += weights[w];
    if (!code && !(sum > 0))
        code = smp_fail(err, SMP_E_INPUT, "--weights must have one above 0");
    return code;
}

static enum smp_code read_options(struct smp_compare_params *params, int64_t *threads,
                                  const struct call *call, struct smp_err *err)
{
    int64_t years = params->years, persons = (int64_t)params->persons, seed = (int64_t)params->seed;
    enum smp_code code = SMP_OK;
    if (call->years)
        code = smp_cli_integer(call->years, "years", 1, SMP_COMPARE_YEARS_MAX, &years, err);
    if (!code && call->persons)
        code = smp_cli_integer(call->persons, "persons", SMP_PERSONS_MIN, SMP_COMPARE_PERSONS_MAX,
                               &persons, err);
    if (!code && call->seed)
        code = smp_cli_integer(call->seed, "seed", 0, INT64_C(9007199254740992), &seed, err);
    if (!code && call->threads)
        code = smp_cli_integer(call->threads, "threads", 0, 256, threads, err);
    if (!code)
        code = read_weights(params->weights, call->weights, err);
    params->years = (int)years;
    params->persons = (size_t)persons;
    params->seed = (uint64_t)seed;
    return code;
}

// ---- Text ---------------------------------------------------------------------------------------

static void print_outcome(const struct smp_comparison *made, const struct smp_outcome *o)
{
    printf("\n%zu. %s\n", o->rank, smp_choice_words[o->choice]);
    if (!o->possible) {
        printf("   not for this person: %s\n", o->why_not);
        return;
    }
    const int shown[3] = { 1, made->years / 2 > 1 ? made->years / 2 : 0, made->years };
    for (size_t i = 0; i < 3; i++) {
        const struct smp_year *y = &o->years[shown[i]];
        if (shown[i] == 0 || (i && shown[i] == 1))
            continue;
        printf("   year %2d: covered %3.0f %% (%.0f to %.0f); %s %.0f (%.0f to %.0f); %.0f h (%.0f "
               "to %.0f), %.0f days off\n",
               shown[i], 100 * y->cover_share.median, 100 * y->cover_share.low,
               100 * y->cover_share.high, made->currency, y->cost.median, y->cost.low, y->cost.high,
               y->hours.median, y->hours.low, y->hours.high, y->days_off.median);
    }
    for (size_t i = 0; i < o->cant_count; i++)
        printf("   - %s\n", o->cant_do[i]);
}

static void print_text(const struct smp_comparison *made)
{
    printf("General information, not medical advice: consult a qualified technician or a doctor.\n"
           "Of %zu persons who start like this one: median (5 to 95 %%). Scalp %.0f cm2, without "
           "cover by own hair %.0f cm2.\n",
           made->persons, made->scalp_cm2, made->bald_cm2);
    for (size_t i = 0; i < made->count; i++)
        print_outcome(made, &made->outcomes[made->order[i]]);
    printf("\nWhat moves the answer most (5 to 95 %% of the input; ! weak evidence):\n");
    for (size_t i = 0; i < made->sensitivity_count; i++) {
        const struct smp_sensitivity *s = &made->sensitivities[i];
        printf(" %s %s, %.3g to %.3g %s: %s scores %.2f to %.2f%s\n", s->weak ? "!" : " ", s->input,
               s->low, s->high, s->unit, smp_choice_names[s->choice], s->score_low, s->score_high,
               s->first_changes ? "; another option comes first" : "");
    }
    for (size_t i = 0; i < made->note_count; i++)
        printf("%s%s\n", i ? "" : "\n", made->notes[i]);
}

// ---- The work -----------------------------------------------------------------------------------

// A plan whose dots the comparison takes; without an area to treat it has none.
static enum smp_code plan_dots(struct smp_dots_course *dots, struct smp_head *head,
                               struct smp_case *from, bool no_sandbox, struct smp_pool *pool,
                               struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_scan_options scan = { .no_sandbox = no_sandbox };
    const struct smp_progress progress = { smp_cli_progress, NULL };
    struct smp_plan *plan = smp_new(arena, struct smp_plan, 1);
    if (!plan)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the plan");
    enum smp_code code = smp_case_head(head, from, &scan, pool, arena, err);
    smp_cli_warn_scan(from->scan_warning);
    if (!code)
        code = smp_case_recipe(from, pool, arena, err);
    if (!code)
        code = smp_plan_make(plan, from, head, pool, &progress, arena, err);
    return code ? code : smp_dots_course(dots, plan, err);
}

static enum smp_code run(const char *path, const struct call *call,
                         struct smp_compare_params *params, struct smp_pool *pool,
                         struct smp_arena *arena, struct smp_err *err)
{
    const char *data = call->data ? call->data : getenv("STUBBLE_DATA");
    struct smp_settings settings;
    struct smp_case from;
    struct smp_head head;
    struct smp_dots_course dots;
    struct smp_evidence evidence;
    struct smp_comparison made;
    if (data && !*data)
        data = NULL;
    enum smp_code code = smp_settings_read(&settings, data, arena, err);
    if (!code)
        code = smp_evidence_load(&evidence, data, arena, err);
    if (!code)
        code = smp_case_read_with(&from, &settings, path, arena, err);
    if (!code && !(from.age > 0)) // before the long work
        code = smp_fail(err, SMP_E_INPUT,
                        "%s: client.age must be given, for loss and grey go by age", from.file);
    if (!code)
        code = plan_dots(&dots, &head, &from, call->no_sandbox != NULL, pool, arena, err);
    params->from = &from;
    params->head = &head;
    params->dots = &dots;
    params->evidence = &evidence;
    if (!code)
        code = smp_compare(&made, params, pool, arena, err);
    if (code)
        return code;
    const char *text = call->json ? smp_comparison_json(&made, true, arena) : "";
    if (!text)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the JSON");
    if (call->json)
        puts(text);
    else
        print_text(&made);
    return SMP_OK;
}

int smp_cmd_compare(int argc, char **argv)
{
    struct call call = { 0 };
    const struct smp_option options[] = {
        { "years", "N", "how far ahead, 1 to 30 (10)", &call.years, 0 },
        { "weights", "W",
          "what matters: cover=,budget=,time=,surgery=,upkeep=,reversible= (all "
          "alike); what is not named does not count",
          &call.weights, 0 },
        { "persons", "N", "persons drawn, 100 to 100,000 (10,000)", &call.persons, 0 },
        { "seed", "N", "of the random numbers (1)", &call.seed, 0 },
        { "data", "DIR", "own evidence/*.json, prices.json and the other numbers", &call.data, 0 },
        { "threads", "T", "threads to use; 0: one a core", &call.threads, 0 },
        { "no-sandbox", NULL, "read scans without confinement", &call.no_sandbox, 0 },
        { "json", NULL, "print one JSON object", &call.json, 0 },
        { NULL, NULL, NULL, NULL, 0 },
    };
    const char *positional[1];
    int count = 0;
    int64_t threads = 0;
    struct smp_err err = { 0 };
    struct smp_compare_params params = smp_compare_defaults();
    const int status =
        smp_cli_parse(argc, argv, "compare CASE.json [--years 10] [--weights W] [--json]", options,
                      positional, 1, 1, &count);
    if (status)
        return status < 0 ? 0 : status;
    if (read_options(&params, &threads, &call, &err))
        return smp_cli_fail(&err);
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    struct smp_pool *pool = smp_pool_make((unsigned)threads);
    const enum smp_code code = run(positional[0], &call, &params, pool, &arena, &err);
    smp_pool_drop(pool);
    smp_arena_drop(&arena);
    return code ? smp_cli_fail(&err) : 0;
}
