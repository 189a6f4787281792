// stubble sheet: one sheet or drawing of a plan folder.
#include "cli/optics.h"
#include "cli/plan_folder.h"
#include "report/report.h"
#include "sheet/sheet.h"

#include <jansson.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

static const char usage[] = "sheet PLAN --kind KIND [--paper a4|letter] -o FILE";

// The pictures that `stubble plan` left in the folder, as the summary shows them.
struct pictures {
    struct smp_image images[6];
    struct smp_sheet_pictures sheet;
};

static enum smp_code load_pictures(struct pictures *pictures, const char *plan, double worn_mm,
                                   const struct smp_image_options *options, struct smp_arena *arena,
                                   struct smp_err *err)
{
    const char *names[6] = { "front-before", "front-healed", "three-quarter-left-healed",
                             "left-healed",  "top-healed",   "back-healed" };
    char worn[1300];
    snprintf(worn, sizeof worn, "%s/preview/top-worn-healed.jpg", plan);
    if (worn_mm > 0 && access(worn, F_OK) == 0) {
        names[0] = "top-worn-before";
        names[1] = "top-worn-healed";
        pictures->sheet.worn_mm = worn_mm;
    }
    static const char *const captions[6] = { "", "", "Three-quarter, left", "Left", "Top", "Back" };
    struct smp_sheet_pictures *sheet = &pictures->sheet;
    int more = 0;
    for (int i = 0; i < 6; i++) {
        char path[1300];
        snprintf(path, sizeof path, "%s/preview/%s.jpg", plan, names[i]);
        if (access(path, F_OK) != 0) {
            if (i < 2) // both or none
                return SMP_OK;
            continue;
        }
        enum smp_code code = smp_image_load(&pictures->images[i], path, options, arena, err);
        if (code)
            return code;
        if (i == 1) {
            sheet->before = &pictures->images[0];
            sheet->after = &pictures->images[1];
        } else if (i > 1) {
            sheet->more[more] = &pictures->images[i];
            sheet->more_names[more++] = captions[i];
        }
    }
    return SMP_OK;
}

// The client's skin and hair as a match wants them.
struct shades {
    struct smp_match_request request;
    struct smp_match_hold hold;
    struct smp_catalogue catalogue;
    struct smp_healing healing;
    struct smp_shade_card card;
};

// As the plan asks for its recipe, but with every bottle: a card is there to choose from. Where the
// plan has a recipe, its size, density, spread and depth stand, and bottle and dilution are sought.
static void set_request(struct shades *s, const struct smp_case *from)
{
    struct smp_match_request *r = &s->request;
    *r = smp_match_request_default();
    r->skin = smp_skin_default();
    r->stubble.hair_lab = from->hair_lab;
    r->stubble.stubble_mm = fmin(from->stubble_mm, 2); // longer is no stubble to the match
    r->stubble.fu_per_cm2 = from->loss.native_fu_per_cm2;
    if (!isnan(from->exit_deg))
        r->stubble.exit_deg = from->exit_deg;
    if (!isnan(from->calibre_um))
        r->stubble.calibre_mm = from->calibre_um / 1000;
    if (!isnan(from->wish.top_mm))
        r->top_mm = from->wish.top_mm;
    r->sides_lab = from->sides_given ? &from->sides_lab : NULL;
    r->age_years = from->age;
    r->wear = (struct smp_wear){ .sun = from->sun, .oily = from->oily };
    r->catalogue = &s->catalogue;
    r->healing = &s->healing;
    const struct smp_plan_recipe *plan = &from->recipe;
    s->hold = (struct smp_match_hold){ .pigment = SIZE_MAX,
                                       .parts_water = (double)NAN,
                                       .diameter_mm = (double)NAN,
                                       .dots_per_cm2 = (double)NAN,
                                       .strength_cv = smp_stubble_spread(&r->stubble) };
    if (plan->shade_count > 0) {
        r->top_mm = plan->top_mm;
        s->hold.diameter_mm = plan->diameter_um / 1000;
        s->hold.dots_per_cm2 = plan->dots_per_cm2;
        s->hold.strength_cv = plan->strength_cv;
    }
    r->hold = &s->hold;
}

static enum smp_code make_shades(struct shades *s, const struct smp_plan *plan, const char *data,
                                 struct smp_pool *pool, struct smp_arena *arena,
                                 struct smp_err *err)
{
    const struct smp_case *from = plan->from;
    const char *path = from->wish.catalogue;
    double fit = 0;
    struct smp_match_request *r = &s->request;
    set_request(s, from);
    enum smp_code code = smp_skin_fit(&r->skin, &fit, from->skin_lab, "skin.lab", arena, err);
    if (!code)
        code = smp_cli_catalogue(&s->catalogue, &path, data, arena, err);
    if (!code)
        code = smp_cli_healing(&s->healing, data, arena, err);
    s->card.skin_delta_e00 = fit;
    if (!code)
        code = smp_shade_card_make(&s->card, r, from->seed, pool, arena, err);
    return code;
}

struct wish {
    const char *plan, *out, *data;
    int kind, paper;
    bool no_sandbox;
};

static enum smp_code run(const void *context, struct smp_arena *arena, struct smp_err *err)
{
    const struct wish *wish = context;
    const struct smp_image_options image = { .no_sandbox = wish->no_sandbox };
    struct smp_plan plan;
    struct smp_pool *pool = smp_pool_make(0);
    enum smp_code code =
        smp_plan_folder_load(&plan, wish->plan, wish->no_sandbox, pool, arena, err);
    struct pictures pictures = { 0 };
    if (!code && (wish->kind == SMP_SHEET_SUMMARY || wish->kind == SMP_SHEET_ALL))
        code = load_pictures(&pictures, wish->plan, smp_report_worn_mm(true, plan.from), &image,
                             arena, err);
    struct shades *shades = smp_new(arena, struct shades, 1);
    if (!code && !shades)
        code = smp_fail(err, SMP_E_NOMEM, "no memory for a shade card");
    if (!code && wish->kind == SMP_SHEET_SHADES) {
        code = make_shades(shades, &plan, wish->data, pool, arena, err);
        pictures.sheet.shades = &shades->card;
    }
    smp_pool_drop(pool);
    if (!code)
        code = smp_sheet_write(wish->out, &plan, (enum smp_sheet_kind)wish->kind,
                               (enum smp_paper)wish->paper, &pictures.sheet, err);
    return code;
}

int smp_cmd_sheet(int argc, char **argv)
{
    const char *kind = "all", *paper = "a4", *out = NULL, *json = NULL;
    const char *no_sandbox = NULL, *data = NULL;
    const struct smp_option options[] = {
        { "kind", "KIND", "summary, work, stencil, swatches, shades, all (PDF), svg, dxf or csv",
          &kind, 'k' },
        { "paper", "SIZE", "a4 (default) or letter", &paper, 0 },
        { "out", "FILE", "file to write", &out, 'o' },
        { "data", "DIR", "your own pigments.json, healing.json for the shades", &data, 0 },
        { "no-sandbox", NULL, "read scans and pictures without confinement", &no_sandbox, 0 },
        { "json", NULL, "print what was written as JSON", &json, 0 },
        { 0 },
    };
    const char *positional[1];
    int count;
    const int status = smp_cli_parse(argc, argv, usage, options, positional, 1, 1, &count);
    if (status)
        return status < 0 ? 0 : status;
    struct smp_err err = { 0 };
    struct wish wish = {
        .plan = positional[0], .out = out, .data = data, .no_sandbox = no_sandbox != NULL
    };
    enum smp_code code = smp_cli_choice(kind, "kind", smp_sheet_names, &wish.kind, &err);
    if (!code)
        code = smp_cli_choice(paper, "paper", smp_paper_names, &wish.paper, &err);
    if (!code && !out)
        code = smp_fail(&err, SMP_E_INPUT, "--out FILE (or -o FILE) is missing");
    const int failed = smp_plan_folder_run(code, run, &wish, &err);
    if (!failed && json)
        smp_cli_print_json(json_pack("{s:s, s:s, s:s}", "kind", kind, "paper", paper, "file", out));
    return failed;
}
