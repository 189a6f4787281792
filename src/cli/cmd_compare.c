// stubble compare CASE.json: SMP beside a transplant, medication, a hairpiece and nothing; with
// --out as a page and pages to read.
#include "choice/choice.h"
#include "cli/cli.h"
#include "cli/compare_folder.h"
#include "cli/outputs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int smp_cmd_compare(int argc, char **argv);

struct call {
    const char *years, *persons, *seed, *weights, *out, *data, *threads;
    const char *no_pictures, *no_sandbox, *json; // NULL: not given
};

// ---- Options ------------------------------------------------------------------------------------

static const double not_given = -1;

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
    if (code)
        return code;
    if (weights[which] >= 0)
        return smp_fail(err, SMP_E_INPUT, "--weights names '%s' twice", part);
    return smp_cli_number(equals + 1, "weights", 0, 1000, &weights[which], err);
}

// What is named counts, the rest does not; without the option cover counts half.
static enum smp_code read_weights(double *weights, const char *text, struct smp_err *err)
{
    enum smp_code code = SMP_OK;
    double sum = 0;
    if (!text)
        return SMP_OK;
    for (int w = 0; w < SMP_CONCERN_COUNT; w++)
        weights[w] = not_given;
    while (!code) {
        const size_t length = strcspn(text, ",");
        code = read_weight(weights, text, length, err);
        text += length;
        if (!*text)
            break;
        text++;
    }
    for (int w = 0; w < SMP_CONCERN_COUNT; w++)
        sum += weights[w] = fmax(weights[w], 0);
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
           "Of %zu persons who start like this one: median (5 to 95 %%). Scalp %.0f cm², without "
           "cover by own hair %.0f cm².\n",
           made->persons, made->scalp_cm2, made->bald_cm2);
    for (size_t i = 0; i < made->count; i++)
        print_outcome(made, &made->outcomes[made->order[i]]);
    for (size_t v = 1; v < SMP_WEIGHINGS; v++) {
        printf("%sIf %s:", v == 1 ? "\n" : "", smp_weighings[v].words);
        for (size_t k = 0; k < 3 && k < made->count; k++)
            printf("%s %s", k ? "," : "",
                   smp_choice_words[made->outcomes[made->other_order[v][k]].choice]);
        puts(".");
    }
    printf("\nWhat moves the answer most (5 to 95 %% of the input; ! weak evidence):\n");
    for (size_t i = 0; i < made->sensitivity_count; i++) {
        const struct smp_sensitivity *s = &made->sensitivities[i];
        printf(" %s %s, %.4g to %.4g %s: %s scores %.2f to %.2f%s\n", s->weak ? "!" : " ", s->input,
               s->low, s->high, smp_unit_words(s->unit), smp_choice_names[s->choice], s->score_low,
               s->score_high, s->first_changes ? "; another option comes first" : "");
    }
    for (size_t i = 0; i < made->note_count; i++)
        printf("%s%s\n", i ? "" : "\n", made->notes[i]);
}

// ---- The work -----------------------------------------------------------------------------------

struct run {
    const struct call *call;
    struct smp_arena arena;
    struct smp_compare_params params;
    struct smp_settings settings;
    struct smp_evidence evidence;
    struct smp_rules rules;
    struct smp_recovery recovery;
    struct smp_case from;
    struct smp_head head;
    struct smp_plan plan;
    struct smp_dots_course dots;
    struct smp_comparison made;
    struct smp_suitability suitability;
    struct smp_outdir dir;
};

static enum smp_code read_inputs(struct run *run, const char *path, struct smp_err *err)
{
    const char *data = run->call->data ? run->call->data : getenv("STUBBLE_DATA");
    if (data && !*data)
        data = NULL;
    enum smp_code code = smp_settings_read(&run->settings, data, &run->arena, err);
    if (!code)
        code = smp_evidence_load(&run->evidence, data, &run->arena, err);
    if (!code)
        code = smp_rules_load(&run->rules, data, &run->arena, err);
    if (!code)
        code = smp_recovery_load(&run->recovery, data, &run->arena, err);
    if (!code)
        code = smp_case_read_with(&run->from, &run->settings, path, &run->arena, err);
    if (!code && !(run->from.age > 0)) // before the long work
        code =
            smp_fail(err, SMP_E_INPUT, "%s: client.age must be given, for loss and grey go by age",
                     run->from.file);
    if (!code && !run->call->out && run->call->no_pictures)
        code = smp_fail(err, SMP_E_INPUT, "--no-pictures goes with --out DIR");
    return code;
}

// A plan whose dots the comparison takes; without an area to treat it has none.
static enum smp_code plan_dots(struct run *run, struct smp_pool *pool, struct smp_err *err)
{
    const struct smp_scan_options scan = { .no_sandbox = run->call->no_sandbox != NULL };
    const struct smp_progress progress = { smp_cli_progress, NULL };
    enum smp_code code = smp_case_head(&run->head, &run->from, &scan, pool, &run->arena, err);
    smp_cli_warn_scan(run->from.scan_warning);
    if (!code)
        code = smp_case_recipe(&run->from, pool, &run->arena, err);
    if (!code)
        code = smp_plan_make(&run->plan, &run->from, &run->head, pool, &progress, &run->arena, err);
    return code ? code : smp_dots_course(&run->dots, &run->plan, err);
}

static enum smp_code fill_folder(struct run *run, struct smp_pool *pool, struct smp_err *err)
{
    struct smp_compare_work work = {
        .plan = &run->plan,
        .dots = &run->dots,
        .pictures = !run->call->no_pictures,
        .report = { .from = &run->from,
                    .made = &run->made,
                    .evidence = &run->evidence,
                    .suitability = &run->suitability,
                    .recovery = &run->recovery },
    };
    const enum smp_code code =
        smp_suit(&run->suitability, &run->rules, &run->from, &run->arena, err);
    return code ? code : smp_compare_folder_fill(run->dir.temp, &work, pool, &run->arena, err);
}

static enum smp_code work(void *context, struct smp_pool *pool, struct smp_err *err)
{
    struct run *run = context;
    enum smp_code code = plan_dots(run, pool, err);
    run->params.from = &run->from;
    run->params.head = &run->head;
    run->params.dots = &run->dots;
    run->params.evidence = &run->evidence;
    if (!code)
        code = smp_compare(&run->made, &run->params, pool, &run->arena, err);
    if (!code && run->call->out)
        code = fill_folder(run, pool, err);
    return code;
}

static enum smp_code tell(struct run *run, struct smp_err *err)
{
    const char *text = run->call->json ? smp_comparison_json(&run->made, true, &run->arena) : "";
    if (!text)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the JSON");
    if (run->call->json)
        puts(text);
    else
        print_text(&run->made);
    if (!run->call->json && run->call->out)
        printf("\nto read: %s/compare.html, %s/compare.pdf\n", run->dir.target, run->dir.target);
    return SMP_OK;
}

// Options that are understood, then the work.
static enum smp_code run_all(struct run *run, const char *path, unsigned threads,
                             struct smp_err *err)
{
    const char *out = run->call->out;
    enum smp_code code = read_inputs(run, path, err);
    if (!code && out)
        code = smp_outdir_begin(&run->dir, out, smp_compare_folder_names, err);
    if (!code)
        code = smp_watched_work(out ? &run->dir : NULL, work, run, threads, err);
    return code ? code : tell(run, err);
}

int smp_cmd_compare(int argc, char **argv)
{
    struct call call = { 0 };
    const struct smp_option options[] = {
        { "out", "DIR", "make this folder: compare.html, .pdf, .json, pictures", &call.out, 'o' },
        { "no-pictures", NULL, "draw no pictures for the folder", &call.no_pictures, 0 },
        { "years", "N", "how far ahead, 1 to 30 (10)", &call.years, 0 },
        { "weights", "W",
          "what matters: cover=,budget=,time=,surgery=,upkeep=,reversible= (cover half, the "
          "others together half); what is not named does not count",
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
    struct run run = { .call = &call, .params = smp_compare_defaults() };
    const int status = smp_cli_parse(
        argc, argv, "compare CASE.json [--years 10] [--weights W] [--out DIR | --json]", options,
        positional, 1, 1, &count);
    if (status)
        return status < 0 ? 0 : status;
    if (read_options(&run.params, &threads, &call, &err))
        return smp_cli_fail(&err);
    smp_arena_make(&run.arena, 0);
    const enum smp_code code = run_all(&run, positional[0], (unsigned)threads, &err);
    smp_arena_drop(&run.arena);
    return code ? smp_cli_fail(&err) : 0;
}
