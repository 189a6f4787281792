// The photo's side of `stubble check`: dots found, held against the planned ones, drawn.
#include "cli/camera_file.h"
#include "cli/check.h"
#include "cli/measuring.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double reach_mm = 3;      // round planned dots that is searched
static const double same_dot_mm = 0.4; // two photos' unplanned dots nearer than this are one
// The finder of dots takes a picture at the scale at which such dots are well seen.
static const double found_best_mm = 0.58;

// All that belongs to one photo.
struct view {
    struct smp_check *check;
    const char *file;
    struct smp_measuring m;
    struct smp_camera camera;
    struct smp_sight *sights;
    const struct smp_check_dot *dots;
    size_t count, in_sight;
    double diameter_mm; // expected, median of those in sight
    struct smp_found_dots found;
    struct smp_held held;
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
            widths[v->in_sight] = v->dots[i].diameter_mm;
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

static enum smp_code hold(struct view *v, struct smp_err *err)
{
    struct smp_planned_dot *planned = smp_new(&v->m.arena, struct smp_planned_dot, v->count);
    if (!planned)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", v->count);
    for (size_t i = 0; i < v->count; i++) {
        const struct smp_sight *s = &v->sights[i];
        planned[i] = (struct smp_planned_dot){ s->x_px,
                                               s->y_px,
                                               s->px_per_mm,
                                               s->facing,
                                               v->dots[i].diameter_mm,
                                               s->kind == SMP_SIGHT_SEEN };
    }
    struct smp_subject subject = v->m.subject;
    subject.mm_per_px *= found_best_mm / v->diameter_mm;
    enum smp_code code = smp_dots_find(&v->found, &subject, v->file, v->m.pool, &v->m.arena, err);
    v->found.mm_per_px = v->m.subject.mm_per_px;
    if (!code)
        code = smp_dots_hold(&v->held, &v->m.subject, &v->found, planned, v->count,
                             smp_check_dot_limit_mm(v->check->plan), v->file, v->m.pool,
                             &v->m.arena, err);
    return code;
}

// ---- What the photo adds -----------------------------------------------------------------------

// Of two photos the one that is surer: done, not done, doubtful, unseen.
static void add_states(struct view *v)
{
    for (size_t i = 0; i < v->count; i++) {
        const struct smp_held_dot *d = &v->held.planned[i];
        struct smp_check_state *state = &v->check->states[i];
        if ((int)d->kind < state->kind)
            *state = (struct smp_check_state){ (int)d->kind, d->why, d->off_mm };
    }
}

static struct smp_check_found *same_as(struct smp_check *check, size_t before,
                                       const struct smp_check_found *f)
{
    for (size_t i = 0; i < before; i++) {
        struct smp_check_found *other = &check->found[i];
        const double apart = smp_length(smp_sub(other->position_mm, f->position_mm));
        if (f->id ? other->id == f->id : !other->id && apart < same_dot_mm)
            return other;
    }
    return NULL;
}

static enum smp_code add_found(struct view *v, struct smp_err *err)
{
    struct smp_check *check = v->check;
    const size_t before = check->found_count, room = before + v->found.count;
    struct smp_check_found *all = smp_new(check->arena, struct smp_check_found, room);
    if (!all)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", room);
    if (before)
        memcpy(all, check->found, before * sizeof *all);
    check->found = all;
    for (size_t i = 0; i < v->found.count; i++) {
        const struct smp_found_look *look = &v->held.found[i];
        struct smp_check_found f = { .diameter_mm = look->diameter_mm,
                                     .contrast = v->found.dots[i].contrast,
                                     .facing = look->facing,
                                     .merged = look->merged,
                                     .too_big = look->too_big,
                                     .too_deep = look->too_deep,
                                     .too_dark = look->too_dark };
        const double px[2] = { look->as_planned_x_px, look->as_planned_y_px };
        if (!look->counted ||
            !smp_check_plan_place(&f.position_mm, &f.normal, check->plan, &v->camera, px))
            continue;
        f.zone = v->dots[look->nearest].zone;
        f.id = look->planned == SIZE_MAX ? 0 : v->dots[look->planned].id;
        struct smp_check_found *same = same_as(check, before, &f);
        if (!same)
            check->found[check->found_count++] = f;
        else if (f.facing > same->facing)
            *same = f;
    }
    return SMP_OK;
}

static void add_photo(struct view *v)
{
    const struct smp_held *h = &v->held;
    v->check->photos[v->check->photo_count++] =
        (struct smp_check_photo){ .file = v->file,
                                  .found = v->found.count,
                                  .in_sight = v->in_sight,
                                  .px_per_mm = h->px_per_mm,
                                  .c_lim = fmax(v->found.c_lim, v->found.code_floor),
                                  .count_sd = v->found.count_sd,
                                  .contrast = h->contrast,
                                  .rms_mm = h->rms_mm,
                                  .close = h->close,
                                  .chance_sd = h->chance_sd,
                                  .shift_mm = h->shift_mm,
                                  .turn_deg = h->turn_deg,
                                  .scale = h->scale,
                                  .blurred = v->found.blurred };
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
    smp_check_stamp(image);
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
    v->dots = smp_check_plan_dots(check->plan, &v->count);
    if (!code)
        code = smp_check_plan_see(&v->sights, check->plan, &v->camera, v->m.pool, &v->m.arena, err);
    if (!code)
        code = find_scale(v, err);
    if (!code)
        code = bound(v, err);
    if (!code)
        code = hold(v, err);
    if (!code)
        code = add_found(v, err);
    if (code)
        return code;
    add_states(v);
    add_photo(v);
    smp_check_plan_add_area(check->plan, &v->camera, v->m.subject.region, SMP_HELD_FACING,
                            v->m.pool);
    return check->overlay ? draw(v, check->overlay, err) : SMP_OK;
}

enum smp_code smp_check_photo(struct smp_check *check, const char *file, struct smp_err *err)
{
    const struct smp_measuring_flags flags = { .region = check->region,
                                               .threads = check->threads,
                                               .no_sandbox = check->wish->no_sandbox ? "" : NULL };
    struct view v = { .check = check, .file = file };
    enum smp_code code = smp_measuring_open(&v.m, &flags, file, err);
    if (!code)
        code = look(&v, err);
    smp_measuring_close(&v.m);
    return code;
}
