// A photo held against a plan: which dots were done, which were not, and what is wrong with those
// that are there.
#include "hold_impl.h"

#include <math.h>
#include <string.h>

static const double counted_mm = 3; // from a planned dot
// Deeper pigment is seen through more skin: fainter, wider at its edge, bluer (optics.md §1.8).
static const double deep_contrast = 0.75, deep_edge = 1.25, deep_edge_blue = 1.1, deep_blue = 1.3;
// Two dots nearer than a diameter are found as one, oblong and wide.
static const double oblong = 0.76, oblong_width = 1.12;
static const double dark_contrast = 1.6;
static const double trace_sds = 3;     // of bare places: something may be there
static const double trace_radii = 1.4; // looked at for a trace
// Where dots lie off their places by this share of the spacing, one that strays so far may be
// meant.
static const double loose_hand = 0.18, stray = 0.9;
static const double certain_share = 0.8; // of the fainter dots' contrast: the limit is below it

const char *const smp_held_names[] = { "done", "not done", "doubtful", "not in the photo", NULL };

// ---- The looks of found dots -------------------------------------------------------------------

// Medians of the dots that stand alone.
static bool medians(struct smp_held *held, const struct smp_found_dots *found, double *fainter,
                    struct smp_arena *arena)
{
    double *values = smp_new(arena, double, found->count);
    if (!values)
        return false;
    double *const to[4] = { &held->contrast, &held->edge_px, &held->red_over_blue,
                            &held->diameter_mm };
    for (int k = 0; k < 4; k++) {
        size_t n = 0;
        for (size_t i = 0; i < found->count; i++) {
            const struct smp_found_look *f = &held->found[i];
            const double v = k == 0   ? found->dots[i].contrast
                             : k == 1 ? f->edge_px
                             : k == 2 ? f->red_over_blue
                                      : f->diameter_mm;
            if (f->counted && !found->dots[i].edge && !found->dots[i].merged && v > 0)
                values[n++] = v;
        }
        *to[k] = judge_median(values, n);
        if (k == 0)
            *fainter = n ? values[n / 10] : 0;
    }
    return true;
}

static void judge(struct smp_held *held, const struct smp_found_dots *found, double dot_limit_mm)
{
    for (size_t i = 0; i < found->count; i++) {
        struct smp_found_look *f = &held->found[i];
        const struct smp_found_dot *d = &found->dots[i];
        if (!f->counted || d->edge)
            continue;
        const double contrast = d->contrast / held->contrast, edge = f->edge_px / held->edge_px;
        const double blue = f->red_over_blue / held->red_over_blue;
        f->merged = d->merged || (d->roundness < oblong * f->facing &&
                                  f->diameter_mm > oblong_width * held->diameter_mm);
        f->too_big = d->oversized || f->diameter_mm > dot_limit_mm;
        f->too_deep = contrast < deep_contrast && !f->merged &&
                      (edge > deep_edge || (edge > deep_edge_blue && blue > deep_blue));
        // where a small dot's width is taken too low, its contrast comes out too high
        const double wide = f->diameter_mm / held->diameter_mm;
        f->too_dark = contrast > dark_contrast && contrast * wide * wide > dark_contrast;
        held->merged += f->merged;
        held->too_big += f->too_big;
        held->too_deep += f->too_deep;
        held->too_dark += f->too_dark;
    }
}

static enum smp_code make_looks(struct smp_held *held, const struct smp_found_dots *found,
                                struct smp_arena *arena, struct smp_err *err)
{
    held->found = smp_new(arena, struct smp_found_look, found->count);
    held->found_count = found->count;
    held->px_per_mm = 1 / found->mm_per_px;
    if (!held->found)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", found->count);
    for (size_t i = 0; i < found->count; i++)
        held->found[i] =
            (struct smp_found_look){ .planned = SIZE_MAX,
                                     .nearest = SIZE_MAX,
                                     .counted = true,
                                     .facing = 1,
                                     .diameter_mm = found->dots[i].diameter_px * found->mm_per_px };
    return SMP_OK;
}

enum smp_code smp_dots_look(struct smp_held *held, const struct smp_subject *subject,
                            const struct smp_found_dots *found, double dot_limit_mm,
                            struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err)
{
    double fainter;
    *held = (struct smp_held){ 0 };
    const enum smp_code code = make_looks(held, found, arena, err);
    if (code)
        return code;
    judge_edges(held, subject, found, pool);
    if (!medians(held, found, &fainter, arena))
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", found->count);
    judge(held, found, dot_limit_mm);
    return SMP_OK;
}

// ---- Planned dots ------------------------------------------------------------------------------

struct holding {
    struct smp_held *held;
    const struct smp_subject *subject;
    const struct smp_found_dots *found;
    const struct smp_planned_dot *planned;
    const size_t *number; // of those in sight among all planned
    struct align align;
    bool *taken;    // found dots that are a planned one
    double fainter; // contrast of the fainter dots: 10 % are fainter still
    double trace;   // contrast at a place that bare skin hardly ever shows
};

static bool in_region(const struct smp_subject *subject, struct smp_vec2 at)
{
    const struct smp_image *image = &subject->image;
    if (!(at.x >= 0 && at.y >= 0 && at.x < (double)image->width_px &&
          at.y < (double)image->height_px))
        return false;
    return !subject->region || subject->region[(size_t)at.y * image->width_px + (size_t)at.x] != 0;
}

// Contrast over a planned dot's place and a little round it: a deep dot is wide.
static double trace_at(const struct holding *h, size_t i, struct smp_vec2 at)
{
    const struct smp_planned_dot *p = &h->planned[h->number[i]];
    return judge_contrast(&h->subject->image, at,
                          trace_radii * p->diameter_mm * p->px_per_mm * sqrt(p->facing) / 2);
}

// The same on bare skin: half a spacing beside planned dots, where nothing was found.
static bool measure_trace(struct holding *h, struct smp_arena *arena)
{
    const struct align *a = &h->align;
    double *bare = smp_new(arena, double, a->planned.count);
    size_t n = 0;
    if (!bare)
        return false;
    for (size_t i = 0; i < a->planned.count; i++) {
        const double angle = 2.399963 * (double)i; // the golden angle: all directions alike
        const struct smp_vec2 at = { a->to[i].x + 0.55 * a->spacing_px * cos(angle),
                                     a->to[i].y + 0.55 * a->spacing_px * sin(angle) };
        if (in_region(h->subject, at) &&
            points_nearest(&a->found, at, 0.5 * a->spacing_px, NULL, NULL) == SIZE_MAX)
            bare[n++] = trace_at(h, i, at);
    }
    const double middle = judge_median(bare, n);
    for (size_t i = 0; i < n; i++)
        bare[i] = fabs(bare[i] - middle);
    h->trace = middle + trace_sds * 1.4826 * judge_median(bare, n);
    return true;
}

// Why it cannot be told that a dot without a match is not there; NULL where it can.
static const char *doubt(const struct holding *h, size_t i, struct smp_vec2 at)
{
    const struct smp_planned_dot *p = &h->planned[h->number[i]];
    const struct align *a = &h->align;
    const double limit = fmax(h->found->c_lim, h->found->code_floor);
    const double radius_px = p->diameter_mm * p->px_per_mm * sqrt(p->facing) / 2;
    double far;
    if (limit > certain_share * h->fainter)
        return "done dots are as faint as what the photo can show";
    const size_t f = points_nearest(&a->found, at, 3 * p->px_per_mm, NULL, &far);
    if (f != SIZE_MAX && far < h->found->dots[f].diameter_px / 2 + radius_px / 2)
        return "another dot lies over its place";
    if (!a->local[i] && f != SIZE_MAX && far < a->spacing_px && a->planned_of[f] == SIZE_MAX)
        return "too few dots around it to know its place";
    if (a->rms_px > loose_hand * a->spacing_px &&
        points_nearest(&a->found, at, stray * a->spacing_px, h->taken, NULL) != SIZE_MAX)
        return "a dot lies near, but not where it was planned";
    if (trace_at(h, i, at) > h->trace)
        return "something is there that is no clear dot";
    return NULL;
}

static void hold_planned(struct holding *h)
{
    const struct align *a = &h->align;
    struct smp_held *held = h->held;
    for (size_t i = 0; i < a->planned.count; i++) {
        struct smp_held_dot *d = &held->planned[h->number[i]];
        const struct smp_vec2 to = a->to[i];
        if (!in_region(h->subject, to) || h->planned[h->number[i]].facing < SMP_HELD_FACING)
            continue;
        *d = (struct smp_held_dot){ SMP_HELD_DONE, NULL, a->found_of[i], to.x, to.y, 0 };
        if (d->found != SIZE_MAX) {
            const struct smp_vec2 at = a->found.at[d->found];
            d->off_mm = hypot(at.x - to.x, at.y - to.y) / h->planned[h->number[i]].px_per_mm;
        } else if ((d->why = doubt(h, i, to)))
            d->kind = SMP_HELD_DOUBTFUL;
        else
            d->kind = SMP_HELD_NOT_DONE;
    }
    for (size_t i = 0; i < held->planned_count; i++) {
        const enum smp_held_kind kind = held->planned[i].kind;
        held->done += kind == SMP_HELD_DONE;
        held->not_done += kind == SMP_HELD_NOT_DONE;
        held->doubtful += kind == SMP_HELD_DOUBTFUL;
        held->unseen += kind == SMP_HELD_UNSEEN;
    }
}

// Found dots get the planned one beside them: place, scale, zone.
static void place_found(struct holding *h)
{
    const struct align *a = &h->align;
    for (size_t f = 0; f < h->found->count; f++) {
        struct smp_found_look *look = &h->held->found[f];
        const struct smp_vec2 at = a->found.at[f];
        size_t near = a->planned_of[f];
        if (near != SIZE_MAX)
            look->planned = h->number[near];
        else // displacements are millimetres at most
            near = points_nearest(&a->planned, at, 2 * counted_mm * a->px_per_mm, NULL, NULL);
        look->counted = false;
        if (near == SIZE_MAX)
            continue;
        const struct smp_planned_dot *p = &h->planned[h->number[near]];
        look->as_planned_x_px = at.x - (a->to[near].x - a->planned.at[near].x);
        look->as_planned_y_px = at.y - (a->to[near].y - a->planned.at[near].y);
        look->counted =
            p->facing >= SMP_HELD_FACING && in_region(h->subject, at) &&
            hypot(a->to[near].x - at.x, a->to[near].y - at.y) < counted_mm * p->px_per_mm;
        look->nearest = h->number[near];
        look->facing = p->facing;
        look->diameter_mm =
            h->found->dots[f].diameter_px / (p->px_per_mm * sqrt(fmax(p->facing, 0.1)));
        h->taken[f] = look->planned != SIZE_MAX;
        h->held->extra += look->counted && look->planned == SIZE_MAX;
    }
}

static enum smp_code lay_over(struct holding *h, size_t count, const char *name,
                              struct smp_arena *arena, struct smp_err *err)
{
    struct align *a = &h->align;
    size_t *number = smp_new(arena, size_t, count), seen = 0;
    struct smp_vec2 *at = smp_new(arena, struct smp_vec2, count);
    struct smp_vec2 *spots = smp_new(arena, struct smp_vec2, h->found->count);
    h->taken = smp_new(arena, bool, h->found->count);
    if (!number || !at || !spots || !h->taken)
        return smp_fail(err, SMP_E_NOMEM, "no memory to lay a plan over a photo");
    for (size_t i = 0; i < count; i++)
        if (h->planned[i].in_sight) {
            number[seen] = i;
            at[seen++] = (struct smp_vec2){ h->planned[i].x_px, h->planned[i].y_px };
        }
    for (size_t f = 0; f < h->found->count; f++)
        spots[f] = (struct smp_vec2){ h->found->dots[f].x_px, h->found->dots[f].y_px };
    h->number = number;
    a->px_per_mm = 1 / h->found->mm_per_px;
    if (!points_make(&a->planned, at, seen, 1.5 * a->px_per_mm, arena) ||
        !points_make(&a->found, spots, h->found->count, 1.5 * a->px_per_mm, arena))
        return smp_fail(err, SMP_E_NOMEM, "no memory to lay a plan over a photo");
    return align_dots(a, name, arena, err);
}

enum smp_code smp_dots_hold(struct smp_held *held, const struct smp_subject *subject,
                            const struct smp_found_dots *found,
                            const struct smp_planned_dot *planned, size_t count,
                            double dot_limit_mm, const char *name, struct smp_pool *pool,
                            struct smp_arena *arena, struct smp_err *err)
{
    struct smp_held made = { .planned_count = count };
    struct holding h = { .held = &made, .subject = subject, .found = found, .planned = planned };
    enum smp_code code = make_looks(&made, found, arena, err);
    if (!code)
        code = lay_over(&h, count, name, arena, err);
    if (code)
        return code;
    made.planned = smp_new(arena, struct smp_held_dot, count);
    if (!made.planned)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", count);
    for (size_t i = 0; i < count; i++)
        made.planned[i] = (struct smp_held_dot){ .kind = SMP_HELD_UNSEEN, .found = SIZE_MAX };
    place_found(&h);
    judge_edges(&made, subject, found, pool);
    if (!medians(&made, found, &h.fainter, arena) || !measure_trace(&h, arena))
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", count);
    judge(&made, found, dot_limit_mm);
    hold_planned(&h);
    made.rms_mm = h.align.rms_px / h.align.px_per_mm;
    made.close = h.align.close;
    made.chance_sd = h.align.chance_sd;
    made.shift_mm = h.align.shift_px / h.align.px_per_mm;
    made.turn_deg = h.align.turn_deg;
    made.scale = h.align.scale;
    *held = made;
    return SMP_OK;
}
