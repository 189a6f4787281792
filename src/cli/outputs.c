// A case becomes a folder: plan, dots, pictures, sheets; whole or not at all.
#include "cli/outputs.h"
#include "cli/cli.h"
#include "cli/compare_folder.h"
#include "pigment/pigment.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

// All that a plan folder is made of, first the file it is known by.
static const char *const plan_names[] = { "plan.json",      "dots.csv", "seen.csv", "case.json",
                                          "catalogue.json", "scan",     "data",     "preview",
                                          "sheets",         "compare",  NULL };

struct run {
    const struct smp_output_flags *flags;
    const struct smp_plan_source *source;
    struct smp_arena arena;
    struct smp_settings settings;
    struct smp_case from;
    struct smp_head head;
    struct smp_plan plan;
    struct smp_picture_set pictures;
    struct smp_outdir dir;
    double head_s, recipe_s, plan_s, save_s, pictures_s, sheets_s, compare_s;
};

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

// Seconds since the last call.
static double lap(double *since)
{
    const double now = now_s(), passed = now - *since;
    *since = now;
    return passed;
}

// ---- Steps --------------------------------------------------------------------------------------

// The user's folder of numbers; NULL: none.
static const char *data_of(const struct run *run)
{
    const char *data = run->flags->data ? run->flags->data : getenv("STUBBLE_DATA");
    return data && *data ? data : NULL;
}

static enum smp_code read_inputs(struct run *run, struct smp_err *err)
{
    const char *data = data_of(run);
    struct stat info;
    if (data && (stat(data, &info) || !S_ISDIR(info.st_mode)))
        return smp_fail(err, SMP_E_INPUT, "--data must name a folder, not '%.200s'", data);
    enum smp_code code = smp_settings_read(&run->settings, data, &run->arena, err);
    if (code)
        return code;
    if (run->source->continues)
        return SMP_OK;
    if (!run->source->case_path)
        return smp_case_demo_with(&run->from, &run->settings, &run->arena, err);
    return smp_case_read_with(&run->from, &run->settings, run->source->case_path, &run->arena, err);
}

static enum smp_code write_sheets(struct run *run, struct smp_err *err)
{
    const struct smp_image *front = run->pictures.front;
    struct smp_sheet_pictures pictures = { 0 };
    if (run->pictures.count) {
        pictures.before = &front[0];
        pictures.after = &front[1];
        pictures.worn_mm = run->pictures.worn_mm;
        static const char *const names[4] = { "Three-quarter, left", "Left", "Top", "Back" };
        for (size_t i = 0; i < 4; i++) {
            pictures.more[i] = &run->pictures.more[i];
            pictures.more_names[i] = names[i];
        }
    }
    static const struct {
        const char *file;
        enum smp_sheet_kind kind;
    } sheets[] = {
        // sheets.pdf holds summary, work sheet, stencil and swatches
        { "sheets.pdf", SMP_SHEET_ALL },
        { "dots.svg", SMP_SHEET_SVG },
        { "dots.dxf", SMP_SHEET_DXF },
        { "dots.csv", SMP_SHEET_CSV },
    };
    const size_t count = sizeof sheets / sizeof *sheets;
    char path[1400];
    snprintf(path, sizeof path, "%s/sheets", run->dir.temp);
    if (mkdir(path, 0777))
        return smp_fail(err, SMP_E_IO, "%s cannot be made: %s", path, strerror(errno));
    for (size_t i = 0; i < count; i++) {
        smp_cli_progress(NULL, "sheets", ((double)i + 0.2) / (double)count);
        snprintf(path, sizeof path, "%s/sheets/%s", run->dir.temp, sheets[i].file);
        enum smp_code code =
            smp_sheet_write(path, &run->plan, sheets[i].kind, SMP_PAPER_A4, &pictures, err);
        if (code)
            return code;
    }
    smp_cli_progress(NULL, "sheets", 1);
    return SMP_OK;
}

static bool compares(const struct smp_output_flags *flags)
{
    return flags->compares && !flags->no_compare;
}

static enum smp_code write_comparison(struct run *run, struct smp_pool *pool, struct smp_err *err)
{
    const char *folder = smp_format(&run->arena, "%s/compare", run->dir.temp);
    if (!folder)
        return smp_fail(err, SMP_E_NOMEM, "no memory for a file name");
    return smp_compare_beside_plan(folder, &run->plan, data_of(run), !run->flags->no_pictures, pool,
                                   &run->arena, err);
}

// A case, from its head to its plan.
static enum smp_code make_plan(struct run *run, double *since, struct smp_pool *pool,
                               struct smp_err *err)
{
    const struct smp_scan_options options = { .no_sandbox = run->flags->no_sandbox != NULL };
    const struct smp_progress progress = { smp_cli_progress, NULL };
    smp_cli_progress(NULL, "head", 0.1);
    enum smp_code code = smp_case_head(&run->head, &run->from, &options, pool, &run->arena, err);
    run->head_s = lap(since);
    smp_cli_warn_scan(run->from.scan_warning);
    if (!code)
        code = smp_case_recipe(&run->from, pool, &run->arena, err);
    run->recipe_s = lap(since);
    return code ? code
                : smp_plan_make(&run->plan, &run->from, &run->head, pool, &progress, &run->arena,
                                err);
}

// An earlier plan and what is there of it: case and head are those of the plan.
static enum smp_code continue_plan(struct run *run, struct smp_pool *pool, struct smp_err *err)
{
    smp_cli_progress(NULL, "what is there", 0.1);
    const enum smp_code code = smp_continuing_plan(
        &run->plan, run->source, run->flags->no_sandbox != NULL, pool, &run->arena, err);
    if (code)
        return code;
    run->from = *run->plan.from;
    run->head = *run->plan.head;
    return SMP_OK;
}

static enum smp_code make_all(void *context, struct smp_pool *pool, struct smp_err *err)
{
    struct run *run = context;
    double since = now_s();
    enum smp_code code =
        run->source->continues ? continue_plan(run, pool, err) : make_plan(run, &since, pool, err);
    run->plan_s = lap(&since);
    if (!code)
        code = smp_plan_save(&run->plan, run->dir.temp, &run->arena, err);
    run->save_s = lap(&since);
    if (!code && !run->flags->no_pictures)
        code =
            smp_pictures_write(&run->pictures, &run->plan, run->dir.temp, pool, &run->arena, err);
    run->pictures_s = lap(&since);
    if (!code && !run->flags->no_sheets)
        code = write_sheets(run, err);
    run->sheets_s = lap(&since);
    if (!code && compares(run->flags))
        code = write_comparison(run, pool, err);
    run->compare_s = lap(&since);
    return code;
}

// ---- Telling ------------------------------------------------------------------------------------

static double total_minutes(const struct smp_plan *plan)
{
    double minutes = 0;
    for (int s = 0; s < plan->sessions; s++)
        minutes += plan->session[s].minutes;
    return minutes;
}

// In few words; plan.json has all of it.
static json_t *recipe_json(const struct run *run)
{
    const struct smp_plan_recipe *recipe = &run->from.recipe;
    if (recipe->impossible)
        return json_pack("{s:s}", "impossible", recipe->impossible);
    json_t *shades = json_array();
    for (size_t i = 0; i < recipe->shade_count; i++)
        json_array_append_new(shades, json_real(recipe->shades[i].parts_water));
    return json_pack("{s:n, s:s, s:s, s:f, s:o, s:f, s:f, s:f, s:f, s:f, s:f}", "impossible",
                     "pigment", recipe->pigment, "name", recipe->pigment_name, "dilution",
                     recipe->dilution, "shades", shades, "diameter_um", recipe->diameter_um,
                     "dots_per_cm2", recipe->dots_per_cm2, "strength_cv", recipe->strength_cv,
                     "top_mm", recipe->top_mm, "delta_e00", recipe->found->delta_e00, "texture_jnd",
                     recipe->found->texture_jnd);
}

// Forecasts end at ten years.
static const char *years_text(char text[32], double years)
{
    if (years > 9.95)
        return "over 10";
    if (years < 0.95)
        return "under 1";
    snprintf(text, 32, "%.0f", years);
    return text;
}

static void print_touch_up(const struct smp_touch_up *touch_up)
{
    char median[32], low[32], high[32];
    const char *middle = years_text(median, touch_up->years.median);
    const char *from = years_text(low, touch_up->years.low);
    const char *to = years_text(high, touch_up->years.high);
    if (strcmp(from, to) == 0)
        printf("; touch up after %s years (all of it modelled)\n", middle);
    else
        printf("; touch up after %s years (5 to 95 %%: %s to %s; all of it modelled)\n", middle,
               from, to);
}

static void print_recipe(const struct run *run)
{
    const struct smp_plan_recipe *recipe = &run->from.recipe;
    if (recipe->impossible) {
        printf("recipe: none; %s\n", recipe->impossible);
        return;
    }
    const struct smp_recipe *found = recipe->found;
    const struct smp_outlook *healed = &found->at[SMP_AT_HEALED];
    printf("recipe: %s; %.0f dots/cm² of %.2f mm where hair is gone\n", recipe->words,
           recipe->dots_per_cm2, recipe->diameter_um / 1000);
    printf("        healed it is ΔE00 %.1f (%.1f to %.1f) off the stubble; ", found->delta_e00,
           healed->delta_e00.low, healed->delta_e00.high);
    if (healed->casual_mm.value < 5001)
        printf("a casual look is fooled from %.2g m on", healed->casual_mm.value / 1000);
    else
        printf("a casual look is never quite fooled");
    const struct smp_touch_up *touch_up = smp_plan_touch_up(&run->plan);
    if (touch_up->share_at_once > 0.5)
        puts("; the match is lost from the start (all of it modelled)");
    else
        print_touch_up(touch_up);
}

static void print_json(const struct run *run)
{
    const struct smp_plan *plan = &run->plan;
    json_t *warnings = json_array();
    for (size_t i = 0; i < plan->warning_count; i++)
        json_array_append_new(warnings,
                              json_pack("{s:s, s:s, s:f, s:f}", "id", plan->warnings[i].id, "zone",
                                        plan->warnings[i].zone, "value", plan->warnings[i].value,
                                        "limit", plan->warnings[i].limit));
    json_t *object = json_pack(
        "{s:s, s:b, s:I, s:I, s:i, s:f, s:f, s:{s:f, s:f, s:s}, s:I, s:o, s:o, s:{s:f, s:f, s:f, "
        "s:f, s:f, s:f, s:f}}",
        "folder", run->dir.target, "made_up", run->from.made_up, "dots",
        (json_int_t)plan->dot_count, "dropped", (json_int_t)plan->dropped, "sessions",
        plan->sessions, "minutes", total_minutes(plan), "treated_cm2", plan->treated_cm2, "price",
        "low", plan->price_low, "high", plan->price_high, "currency", run->from.currency,
        "pictures", (json_int_t)run->pictures.count, "warnings", warnings, "recipe",
        recipe_json(run), "seconds", "head", run->head_s, "recipe", run->recipe_s, "plan",
        run->plan_s, "save", run->save_s, "pictures", run->pictures_s, "sheets", run->sheets_s,
        "compare", run->compare_s);
    json_t *continued = smp_continuing_json(plan);
    if (continued)
        json_object_set_new(object, "continued", continued);
    smp_cli_print_json(object);
}

// No powers of ten where a whole number says it.
static const char *three_digits(char text[32], double value)
{
    snprintf(text, 32, value >= 100 || value <= -100 ? "%.0f" : "%.3g", value);
    return text;
}

static void print_text(const struct run *run)
{
    const struct smp_plan *plan = &run->plan;
    const char *folder = run->dir.target;
    if (run->from.made_up)
        puts("A made-up client, not a person.");
    printf("%zu dots on %.0f cm² in %d session%s, about %.0f min with breaks; %s %.0f to %.0f "
           "(an estimate: %s)\n",
           plan->dot_count, plan->treated_cm2, plan->sessions, plan->sessions == 1 ? "" : "s",
           total_minutes(plan), run->from.currency, plan->price_low, plan->price_high,
           plan->price_source);
    smp_continuing_print(plan);
    print_recipe(run);
    if (run->head.note && *run->head.note)
        printf("head: %s\n", run->head.note);
    if (run->pictures.note && *run->pictures.note)
        printf("pictures: %s\n", run->pictures.note);
    for (size_t i = 0; i < plan->warning_count; i++) {
        const struct smp_warning *w = &plan->warnings[i];
        char value[32], limit[32];
        printf("warning: %s%s%s: %s %s, limit %s. %s\n", w->id, *w->zone ? ", " : "", w->zone,
               three_digits(value, w->value), w->unit, three_digits(limit, w->limit), w->advice);
    }
    printf("plan:     %s/plan.json, %s/dots.csv\n", folder, folder);
    if (run->pictures.count)
        printf("pictures: %s/preview (%zu)\n", folder, run->pictures.count);
    if (run->pictures.worn_mm > 0)
        printf("          with hair of %.0f mm where the name says \"worn\", else shaved\n",
               run->pictures.worn_mm);
    if (!run->flags->no_sheets)
        printf("sheets:   %s/sheets/sheets.pdf\n", folder);
    if (compares(run->flags))
        printf("choice:   %s/compare/compare.html, %s/compare/compare.pdf: SMP beside the other "
               "options\n",
               folder, folder);
    puts("General information, not medical advice: consult a qualified technician.");
}

int smp_outputs_run(const struct smp_output_flags *flags, const struct smp_plan_source *source)
{
    struct run run = { .flags = flags, .source = source, .pictures.note = "" };
    struct smp_err err = { 0 };
    int64_t threads = 0;
    enum smp_code code = SMP_OK;
    if (flags->threads)
        code = smp_cli_integer(flags->threads, "threads", 0, 256, &threads, &err);
    smp_arena_make(&run.arena, 0);
    if (!code)
        code = read_inputs(&run, &err);
    if (!code)
        code = smp_outdir_begin(&run.dir, flags->out, plan_names, &err);
    if (!code)
        code = smp_watched_work(&run.dir, make_all, &run, (unsigned)threads, &err);
    if (!code && flags->json)
        print_json(&run);
    else if (!code)
        print_text(&run);
    smp_arena_drop(&run.arena);
    return code ? smp_cli_fail(&err) : 0;
}
