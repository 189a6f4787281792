// The photo's side of `stubble check`: dots found, held against the planned ones, drawn.
#include "cli/camera_file.h"
#include "cli/check.h"
#include "cli/colour_card.h"
#include "cli/measuring.h"
#include "preview/preview.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double reach_mm = 3; // round planned dots that is searched
// The finder of dots takes a picture at the scale at which such dots are well seen.
static const double found_best_mm = 0.58;

// All that belongs to one photo.
struct view {
    struct smp_check *check;
    const char *file;
    struct smp_measuring m;
    struct smp_camera camera;
    struct smp_sight *sights;
    size_t count, in_sight; // of planned dots
    double diameter_mm;     // expected, median of those in sight
    struct smp_found_dots found;
    struct smp_held held;
    double card_delta_e00; // once corrected
};

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static bool well_seen(const struct smp_sight *s)
{
    return s->kind == SMP_SIGHT_SEEN && s->facing >= SMP_HELD_FACING;
}

static enum smp_code find_scale(struct view *v, struct smp_err *err)
{
    double *scales = smp_new(&v->m.arena, double, v->count);
    double *widths = smp_new(&v->m.arena, double, v->count);
    if (!scales || !widths)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", v->count);
    for (size_t i = 0; i < v->count; i++)
        if (well_seen(&v->sights[i])) {
            widths[v->in_sight] = smp_check_diameter_mm(v->check, i);
            scales[v->in_sight++] = v->sights[i].px_per_mm;
        }
    if (!v->in_sight)
        return smp_fail(err, SMP_E_INPUT,
                        "%s: none of the %zu planned dots is to be seen in the photo", v->file,
                        v->count);
    qsort(scales, v->in_sight, sizeof *scales, by_size);
    qsort(widths, v->in_sight, sizeof *widths, by_size);
    const double px_per_mm = scales[v->in_sight / 2];
    v->diameter_mm = fmin(widths[v->in_sight / 2], found_best_mm);
    const double least = found_best_mm / v->diameter_mm / SMP_DOTS_MM_PER_PX_MAX;
    if (px_per_mm < least)
        return smp_fail(err, SMP_E_INPUT,
                        "%s: a millimetre of scalp is %.1f px; dots of %.2f mm need %.1f: come "
                        "nearer",
                        v->file, px_per_mm, v->diameter_mm, least);
    v->m.subject.mm_per_px = 1 / px_per_mm;
    return SMP_OK;
}

// The surroundings of planned dots, as far as the user's region has them.
static enum smp_code bound(struct view *v, struct smp_err *err)
{
    const struct smp_image *image = &v->m.subject.image;
    const uint8_t *wanted = v->m.subject.region;
    uint8_t *region = smp_new(&v->m.arena, uint8_t, image->width_px * image->height_px);
    if (!region)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the region");
    const long reach = (long)(reach_mm / v->m.subject.mm_per_px);
    for (size_t i = 0; i < v->count; i++) {
        const long cx = (long)v->sights[i].x_px, cy = (long)v->sights[i].y_px;
        if (!well_seen(&v->sights[i]))
            continue;
        for (long y = cy - reach < 0 ? 0 : cy - reach;
             y <= cy + reach && y < (long)image->height_px; y++)
            for (long x = cx - reach < 0 ? 0 : cx - reach;
                 x <= cx + reach && x < (long)image->width_px; x++)
                if ((x - cx) * (x - cx) + (y - cy) * (y - cy) <= reach * reach)
                    region[(size_t)y * image->width_px + (size_t)x] = 1;
    }
    for (size_t i = 0; wanted && i < image->width_px * image->height_px; i++)
        region[i] = region[i] && wanted[i];
    v->m.subject.region = region;
    return SMP_OK;
}

// In the picture, or so near to it that it may show it: cameras are off by a millimetre or two.
static bool may_be_seen(const struct view *v, const struct smp_sight *s)
{
    const double margin_px = reach_mm * s->px_per_mm;
    return s->kind == SMP_SIGHT_SEEN ||
           (s->kind == SMP_SIGHT_OUTSIDE && s->x_px > -margin_px && s->y_px > -margin_px &&
            s->x_px < (double)v->camera.width_px + margin_px &&
            s->y_px < (double)v->camera.height_px + margin_px);
}

static enum smp_code hold(struct view *v, struct smp_err *err)
{
    struct smp_planned_dot *planned = smp_new(&v->m.arena, struct smp_planned_dot, v->count);
    if (!planned)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", v->count);
    for (size_t i = 0; i < v->count; i++) {
        const struct smp_sight *s = &v->sights[i];
        planned[i] = (struct smp_planned_dot){
            s->x_px,          s->y_px, s->px_per_mm, s->facing, smp_check_diameter_mm(v->check, i),
            may_be_seen(v, s)
        };
    }
    struct smp_subject subject = v->m.subject;
    subject.mm_per_px *= found_best_mm / v->diameter_mm;
    const double limit_mm =
        v->check->wider * v->check->plan.from->settings->numbers[SMP_N_DOT_MM].value;
    enum smp_code code = smp_dots_find(&v->found, &subject, v->file, v->m.pool, &v->m.arena, err);
    v->found.mm_per_px = v->m.subject.mm_per_px;
    if (!code)
        code = smp_dots_hold(&v->held, &v->m.subject, &v->found, planned, v->count, limit_mm,
                             v->file, v->m.pool, &v->m.arena, err);
    return code;
}

// ---- What the photo adds -----------------------------------------------------------------------

static double seen_px_per_mm(const struct view *v, size_t planned)
{
    return v->sights[planned].px_per_mm * v->sights[planned].facing;
}

static void take_real(struct smp_survey *survey, const struct view *v)
{
    const struct smp_check *check = v->check;
    for (size_t i = 0; i < v->found.count; i++) {
        const struct smp_found_look *look = &v->held.found[i];
        const double px[2] = { look->as_planned_x_px, look->as_planned_y_px };
        struct smp_real_dot real = { .diameter_mm = look->diameter_mm,
                                     .contrast = v->found.dots[i].contrast,
                                     .merged = look->merged,
                                     .too_big = look->too_big,
                                     .too_deep = look->too_deep,
                                     .too_dark = look->too_dark };
        if (!look->counted ||
            !smp_check_place(&real.position_mm, &real.normal, check, &v->camera, px))
            continue;
        real.zone = smp_check_dot(check, look->nearest)->zone;
        real.id = look->planned == SIZE_MAX ? 0 : smp_check_dot(check, look->planned)->id;
        real.seen_px_per_mm = seen_px_per_mm(v, look->nearest);
        survey->real[survey->real_count++] = real;
    }
}

// What this photo shows goes to what the others do.
static enum smp_code add_survey(struct view *v, struct smp_err *err)
{
    struct smp_check *check = v->check;
    const struct smp_plan *plan = &check->plan;
    struct smp_survey view;
    enum smp_code code = smp_survey_make(&view, plan->dots, plan->dot_count, &v->m.arena, err);
    if (code)
        return code;
    for (size_t i = 0; i < v->count; i++) {
        const struct smp_held_dot *d = &v->held.planned[i];
        view.states[check->number[i]] =
            (struct smp_dot_state){ d->kind, d->why, d->off_mm, seen_px_per_mm(v, i) };
    }
    view.real = smp_new(&v->m.arena, struct smp_real_dot, v->found.count);
    if (!view.real)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", v->found.count);
    take_real(&view, v);
    return smp_survey_add(&check->survey, &view, check->arena, err);
}

static void add_photo(struct view *v)
{
    struct smp_check_photo *photo = &v->check->photos[v->check->photo_count++];
    *photo = (struct smp_check_photo){ .file = v->file,
                                       .found = v->found.count,
                                       .in_sight = v->in_sight,
                                       .count_sd = v->found.count_sd,
                                       .c_lim = fmax(v->found.c_lim, v->found.code_floor),
                                       .blurred = v->found.blurred,
                                       .card_delta_e00 = v->card_delta_e00,
                                       .held = v->held };
    photo->held.planned = NULL; // of this photo's arena
    photo->held.found = NULL;
}

// Green: done; red: not done; yellow: doubtful; blue: not planned; a wider magenta ring: merged or
// too big; a wider cyan one: too deep; a wider white one: too dark.
static enum smp_code draw(struct view *v, const char *path, struct smp_err *err)
{
    static const struct smp_rgb green = { 0, 0.7F, 0 }, red = { 1, 0, 0 }, yellow = { 1, 0.7F, 0 },
                                blue = { 0, 0.15F, 1 }, magenta = { 1, 0, 0.8F },
                                cyan = { 0, 0.8F, 0.9F }, white = { 1, 1, 1 };
    struct smp_image *image = &v->m.subject.image;
    const double size = fmax(0.25 / v->m.subject.mm_per_px, 3);
    for (size_t i = 0; i < v->count; i++) {
        const struct smp_held_dot *d = &v->held.planned[i];
        if (d->kind == SMP_HELD_NOT_DONE || d->kind == SMP_HELD_DOUBTFUL)
            smp_overlay_ring(image, d->x_px, d->y_px, size, 1.4,
                             d->kind == SMP_HELD_DOUBTFUL ? yellow : red);
    }
    for (size_t i = 0; i < v->found.count; i++) {
        const struct smp_found_look *look = &v->held.found[i];
        const struct smp_found_dot *d = &v->found.dots[i];
        const double radius = d->diameter_px / 2 + 2;
        if (!look->counted)
            continue;
        smp_overlay_ring(image, d->x_px, d->y_px, radius, 1.2,
                         look->planned == SIZE_MAX ? blue : green);
        if (look->merged || look->too_big || look->too_deep || look->too_dark)
            smp_overlay_ring(image, d->x_px, d->y_px, radius + 2.5, 1.6,
                             look->merged || look->too_big ? magenta
                             : look->too_deep              ? cyan
                                                           : white);
    }
    smp_stamp(image, SMP_CHECK_STAMP);
    const struct smp_image_note notes[] = { { "Description", "photo marked by stubble check" },
                                            { NULL, NULL } };
    return smp_image_save(path, image, notes, 0, err);
}

static enum smp_code look(struct view *v, struct smp_err *err)
{
    struct smp_check *check = v->check;
    enum smp_code code = smp_cli_camera(&v->camera, check->pose, v->file, &v->m.arena, err);
    v->camera.width_px = v->m.subject.image.width_px;
    v->camera.height_px = v->m.subject.image.height_px;
    v->count = check->count;
    if (!code && check->card)
        code = smp_cli_correct(&v->m.subject.image, &v->card_delta_e00, v->file, v->m.pool,
                               &v->m.arena, err);
    if (!code)
        code = smp_check_see(&v->sights, check, &v->camera, &v->m.arena, err);
    if (!code)
        code = find_scale(v, err);
    if (!code)
        code = bound(v, err);
    if (!code)
        code = hold(v, err);
    if (!code)
        code = add_survey(v, err);
    if (code)
        return code;
    add_photo(v);
    smp_check_add_area(check, &v->camera, v->m.subject.region);
    return check->overlay ? draw(v, check->overlay, err) : SMP_OK;
}

enum smp_code smp_check_photo(struct smp_check *check, const char *file, struct smp_err *err)
{
    const struct smp_measuring_flags flags = { .region = check->region,
                                               .threads = check->threads,
                                               .no_sandbox = check->no_sandbox ? "" : NULL };
    struct view v = { .check = check, .file = file };
    enum smp_code code = smp_measuring_open(&v.m, &flags, file, err);
    if (!code)
        code = look(&v, err);
    smp_measuring_close(&v.m);
    return code;
}
