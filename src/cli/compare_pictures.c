// One head under each option of a comparison: hair as the middle person's, dots where SMP sets
// them.
#include "cli/cli.h"
#include "cli/compare_folder.h"
#include "preview/preview.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

// How the head is worn with an option.
struct wear {
    double length_mm;
    bool dots, piece;
};

static struct wear wear_of(enum smp_choice choice, const struct smp_case *from)
{
    const bool dots = choice == SMP_CHOICE_SMP || choice == SMP_CHOICE_SMP_FUE ||
                      choice == SMP_CHOICE_SMP_MEDICATION;
    return (struct wear){ smp_report_worn_mm(dots, from), dots, choice == SMP_CHOICE_HAIRPIECE };
}

// Dots are as old as the last touch-up; at a touch-up they are healed.
static struct smp_age age_of(const struct wear *wear, const struct smp_dots_course *dots, int year)
{
    struct smp_age age = { .before = !wear->dots || year == 0 };
    const double every = dots ? fmax(1, round(dots->touch_up_years.value)) : 1;
    const double since = fmod(year, every);
    age.years = since < SMP_HEALED_YEARS ? SMP_HEALED_YEARS : since;
    if (year == 0)
        snprintf(age.label, sizeof age.label, "today");
    else
        snprintf(age.label, sizeof age.label, "year %d", year);
    return age;
}

struct album {
    const struct smp_compare_work *work;
    struct smp_report_times times;
    struct smp_scene *scene;
    struct smp_pool *pool;
};

// Pixels that stay when the scratch arena goes.
static enum smp_code keep(struct smp_image *kept, const struct smp_image *drawn,
                          struct smp_arena *arena, struct smp_err *err)
{
    const enum smp_code code = smp_image_make(kept, drawn->width_px, drawn->height_px, arena, err);
    if (!code)
        memcpy(kept->px_lin, drawn->px_lin,
               drawn->width_px * drawn->height_px * sizeof *drawn->px_lin);
    return code;
}

static enum smp_code field_at(struct smp_hair_field *field, const struct album *album,
                              const struct smp_outcome *outcome, const struct wear *wear, int year,
                              struct smp_arena *scratch, struct smp_err *err)
{
    const struct smp_plan *plan = album->work->plan;
    const size_t points = plan->head->mesh.point_count;
    double *fu = smp_new(scratch, double, points);
    if (!fu)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the hair of %zu points", points);
    smp_compare_field(fu, NULL, album->work->report.made, outcome->choice, year,
                      wear->dots && !(wear->length_mm > 0));
    for (size_t i = 0; i < points; i++)
        fu[i] = smp_clamp(fu[i], 0, SMP_HAIR_FU_MAX);
    *field = smp_hair_field_defaults;
    field->fu_per_cm2 = fu;
    field->length_mm = wear->length_mm;
    field->grey_share = smp_clamp(outcome->years[year].grey_share.median, 0, 1);
    field->hairpiece = wear->piece && year > 0;
    return SMP_OK;
}

// Pictures of one option from the time `first` on.
static enum smp_code draw_option(struct smp_image *shots, const struct album *album,
                                 const struct smp_outcome *outcome, size_t first,
                                 struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_preview_params params = { 400, 500, album->work->report.made->seed };
    const struct wear wear = wear_of(outcome->choice, album->work->report.from);
    struct smp_hair_shot wanted[SMP_REPORT_TIMES_MAX] = { 0 };
    struct smp_image drawn[SMP_REPORT_TIMES_MAX] = { 0 };
    struct smp_arena scratch;
    smp_arena_make(&scratch, 0);
    const size_t count = album->times.count - first;
    enum smp_code code = SMP_OK;
    for (size_t i = 0; i < count && !code; i++) {
        const int year = album->times.years[first + i];
        wanted[i].age = age_of(&wear, album->work->dots, year);
        code = field_at(&wanted[i].field, album, outcome, &wear, year, &scratch, err);
    }
    if (!code)
        code = smp_preview_hair(drawn, wanted, count, album->scene, SMP_VIEW_THREE_QUARTER_LEFT,
                                &params, album->pool, &scratch, err);
    for (size_t i = 0; i < count && !code; i++)
        code = keep(&shots[first + i], &drawn[i], arena, err);
    smp_arena_drop(&scratch);
    return code;
}

// Today's picture is the same for all options that are worn alike: the first of them has it drawn.
static const struct smp_image *today_of(const struct album *album, const struct smp_image *shots,
                                        size_t option)
{
    const struct smp_comparison *made = album->work->report.made;
    const struct smp_case *from = album->work->report.from;
    const double length_mm = wear_of(made->outcomes[option].choice, from).length_mm;
    for (size_t i = 0; i < option; i++) {
        const struct smp_image *today = &shots[i * album->times.count];
        if (today->px_lin &&
            fabs(wear_of(made->outcomes[i].choice, from).length_mm - length_mm) < 1)
            return today;
    }
    return NULL;
}

static enum smp_code draw_all(struct smp_image *shots, const struct album *album,
                              struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_comparison *made = album->work->report.made;
    enum smp_code code = SMP_OK;
    for (size_t i = 0; i < made->count && !code; i++) {
        smp_cli_progress(NULL, "pictures", ((double)i + 0.1) / (double)made->count);
        if (!made->outcomes[i].possible)
            continue;
        struct smp_image *row = &shots[i * album->times.count];
        const struct smp_image *today = today_of(album, shots, i);
        if (today)
            row[0] = *today;
        code = draw_option(row, album, &made->outcomes[i], today ? 1 : 0, arena, err);
    }
    smp_cli_progress(NULL, "pictures", 1);
    return code;
}

enum smp_code smp_compare_pictures(struct smp_image **shots, const struct smp_compare_work *work,
                                   struct smp_pool *pool, struct smp_arena *arena,
                                   struct smp_err *err)
{
    struct album album = { .work = work,
                           .times = smp_report_times(work->report.made->years),
                           .pool = pool };
    *shots = smp_new(arena, struct smp_image, work->report.made->count * album.times.count);
    if (!*shots)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the pictures");
    enum smp_code code = smp_scene_make(&album.scene, work->plan, pool, arena, err);
    if (code)
        return code;
    code = draw_all(*shots, &album, arena, err);
    smp_scene_drop(album.scene);
    return code;
}
