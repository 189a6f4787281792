// Hairline stencil 1:1: the line unrolled, also mirrored, with the marks to lay it by.
#include "sheet/sheet_impl.h"

#include <math.h>
#include <stdlib.h>

static const double beside_mm = 10;  // where the distortion is stated
static const double canthus_mm = 14; // length of the dashes that stand for a vertical

// ---- Marks ------------------------------------------------------------------------------------

static void add_mark(struct smp_stencil *s, size_t index, int kind, const char *name)
{
    s->marks[s->mark_count].index = index;
    s->marks[s->mark_count].name = name;
    s->marks[s->mark_count++].kind = kind;
}

// Mean over some millimetres of the line, so that small waves do not count.
static struct smp_vec3 smoothed(const struct smp_vec3 *line, size_t i, size_t low, size_t high)
{
    const size_t a = i > low + 12 ? i - 12 : low, b = i + 12 < high ? i + 12 : high;
    struct smp_vec3 sum = { 0, 0, 0 };
    for (size_t k = a; k <= b; k++)
        sum = smp_add(sum, line[k]);
    return smp_scale(sum, 1 / (double)(b - a + 1));
}

// How far the line stands out to the face before the chord from its corner to its end, so many
// steps out from the corner.
static double out_mm(const struct smp_vec3 *line, size_t corner, size_t end, size_t steps)
{
    const size_t low = corner < end ? corner : end, high = corner < end ? end : corner;
    const size_t i = end > corner ? corner + steps : corner - steps;
    const struct smp_vec3 chord = smp_unit(smp_sub(line[end], line[corner]));
    const struct smp_vec3 d = smp_sub(smoothed(line, i, low, high), line[corner]);
    return d.y - smp_dot(d, chord) * chord.y;
}

// Temporal peaks: where the line stands out most, by both sides together, so that the waves of one
// do not move its mark. Steps out from either corner; 0: there is no peak.
static size_t find_peak(const struct smp_design *d)
{
    const size_t end = d->line_count - 1, right = end - d->corner_right;
    const size_t steps = d->corner_left < right ? d->corner_left : right;
    double best = 2; // mm: less is no peak
    size_t peak = 0;
    for (size_t k = 1; k < steps; k++) {
        const double out = (out_mm(d->line_mm, d->corner_left, 0, k) +
                            out_mm(d->line_mm, d->corner_right, end, k)) /
                           2;
        if (out > best) {
            best = out;
            peak = k;
        }
    }
    return peak;
}

// Where the line, going out from the middle, first reaches the vertical of the lateral canthus.
static bool find_canthus(size_t *index, const struct smp_vec3 *line, size_t count, size_t middle,
                         double canthus_x, int step)
{
    if (!(fabs(canthus_x) > 1))
        return false;
    for (size_t i = middle; i > 0 && i + 1 < count; i = step > 0 ? i + 1 : i - 1) {
        if (line[i].x * canthus_x > 0 && fabs(line[i].x) >= fabs(canthus_x)) {
            *index = i;
            return true;
        }
    }
    return false;
}

static void find_marks(struct smp_stencil *s, const struct smp_plan *plan)
{
    const struct smp_design *d = plan->design;
    const struct smp_landmarks *l = &plan->head->landmarks;
    size_t i;
    if (find_canthus(&i, d->line_mm, d->line_count, d->middle, l->canthus_left.x, -1))
        add_mark(s, i, SMP_AT_CANTHUS, "canthus vertical, left");
    if (find_canthus(&i, d->line_mm, d->line_count, d->middle, l->canthus_right.x, 1))
        add_mark(s, i, SMP_AT_CANTHUS, "canthus vertical, right");
    const size_t peak = find_peak(d);
    if (peak) {
        add_mark(s, d->corner_left - peak, SMP_AT_PEAK, "peak, left");
        add_mark(s, d->corner_right + peak, SMP_AT_PEAK, "peak, right");
    }
    add_mark(s, d->corner_left, SMP_AT_CORNER, "corner, left");
    add_mark(s, d->corner_right, SMP_AT_CORNER, "corner, right");
    add_mark(s, d->middle, SMP_AT_MIDDLE, "middle");
}

// Straight from the middle to each mark: on paper, and by a tape on the skin. The tape takes a
// route of its own, the section of the skin's mesh, so it checks the unrolling as well.
static enum smp_code measure_tape(struct smp_stencil *s, const struct smp_plan *plan,
                                  struct smp_err *err)
{
    const struct smp_vec3 *line = plan->design->line_mm;
    struct smp_rays *rays = NULL;
    enum smp_code code = smp_rays_make(&rays, &plan->head->mesh, err);
    if (code)
        return code;
    for (int i = 0; i < s->mark_count; i++) {
        const size_t k = s->marks[i].index;
        const double paper = hypot(s->flat.at[k].x, s->flat.at[k].y);
        const double chord = smp_length(smp_sub(line[k], line[s->middle]));
        const double tape = smp_head_distance_mm(plan->head, rays, line[s->middle], line[k]);
        // a section that runs around the far side of the head is no tape
        if (chord > 5 && tape > 0.99 * chord && tape < 1.4 * chord)
            s->tape_share = fmax(s->tape_share, fabs(paper / tape - 1));
    }
    smp_rays_drop(rays);
    return SMP_OK;
}

enum smp_code smp_stencil_make(struct smp_stencil *s, struct smp_page *page, struct smp_err *err)
{
    const struct smp_plan *plan = smp_of(page)->plan;
    const struct smp_design *d = plan->design;
    struct smp_vec3 *normals = smp_new(page->arena, struct smp_vec3, d->line_count);
    if (!normals)
        return smp_fail(err, SMP_E_NOMEM, "no memory for a hairline of %zu points", d->line_count);
    enum smp_code code =
        smp_line_normals(normals, plan->head, d->line_mm, d->line_count, page->arena, err);
    if (!code)
        code = smp_unroll(&s->flat, d->line_mm, normals, d->line_count, page->arena, err);
    if (!code)
        code = smp_strip_stretch(&s->stretch, plan->head, d->line_mm, normals, d->line_count,
                                 beside_mm, page->arena, err);
    if (code)
        return code;
    s->beside_mm = beside_mm;
    s->middle = d->middle;
    s->glabella_mm = d->glabella_mm;
    const struct smp_vec2 below =
        smp_unroll_beside(&s->flat, d->line_mm, normals, d->middle, plan->head->landmarks.glabella,
                          fmax(d->glabella_mm, 1));
    smp_unroll_place(&s->flat, d->middle, below);
    find_marks(s, plan);
    double x0 = 0, x1 = 0, y0 = -s->glabella_mm, y1 = 0;
    for (size_t i = 0; i < s->flat.count; i++) {
        x0 = fmin(x0, s->flat.at[i].x);
        x1 = fmax(x1, s->flat.at[i].x);
        y0 = fmin(y0, s->flat.at[i].y);
        y1 = fmax(y1, s->flat.at[i].y);
    }
    // alike on both sides, so that the mirrored copy needs the same room
    const double half = fmax(-x0, x1) + 3;
    s->bounds = (struct smp_rect){ -half, y0 - 5, 2 * half, y1 - y0 + 15 };
    return page->count ? measure_tape(s, plan, err) : SMP_OK;
}

// ---- Drawing; page = (ox + x, oy − y) ---------------------------------------------------------

static struct smp_vec2 put(const struct smp_stencil_place *p, struct smp_vec2 at)
{
    return (struct smp_vec2){ p->ox + (p->mirrored ? -at.x : at.x), p->oy - at.y };
}

// Direction to the back of the head at a point of the line, on paper (x right, y up).
static struct smp_vec2 backward(const struct smp_unrolled *flat, size_t i)
{
    // over some millimetres, so that the small waves do not turn the ticks
    const size_t a = i > 14 ? i - 15 : 0, b = i + 15 < flat->count ? i + 15 : flat->count - 1;
    const double dx = flat->at[b].x - flat->at[a].x, dy = flat->at[b].y - flat->at[a].y;
    const double length = fmax(hypot(dx, dy), 1e-9);
    return (struct smp_vec2){ dy / length, -dx / length }; // the line runs to the left of the page
}

static void tick(struct smp_page *page, const struct smp_stencil *s,
                 const struct smp_stencil_place *p, size_t i, double from_mm, double to_mm)
{
    const struct smp_vec2 b = backward(&s->flat, i), at = s->flat.at[i];
    const struct smp_vec2 u =
        put(p, (struct smp_vec2){ at.x + from_mm * b.x, at.y + from_mm * b.y });
    const struct smp_vec2 v = put(p, (struct smp_vec2){ at.x + to_mm * b.x, at.y + to_mm * b.y });
    cairo_move_to(page->cr, u.x, u.y);
    cairo_line_to(page->cr, v.x, v.y);
}

static void draw_ticks(struct smp_page *page, const struct smp_stencil *s,
                       const struct smp_stencil_place *p)
{
    const double *arc = s->flat.arc_mm, middle = arc[s->middle];
    for (size_t i = 1; i < s->flat.count; i++) {
        const double a = (arc[i - 1] - middle) / 10, b = (arc[i] - middle) / 10;
        if (floor(a) != floor(b))
            tick(page, s, p, i, 0, (int)floor(fmax(a, b)) % 5 == 0 ? 3 : 1.6);
    }
    cairo_set_line_width(page->cr, 0.15);
    cairo_stroke(page->cr);
}

// Places on the page that labels must leave free.
struct room {
    struct smp_rect taken[24];
    int count;
};

static void take(struct room *room, struct smp_rect rect)
{
    if (room->count < 24)
        room->taken[room->count++] = rect;
}

static bool overlaps(struct smp_rect a, struct smp_rect b, double gap)
{
    return a.x < b.x + b.w + gap && b.x < a.x + a.w + gap && a.y < b.y + b.h + gap &&
           b.y < a.y + a.h + gap;
}

static bool is_free(const struct room *room, const struct smp_stencil *s,
                    const struct smp_stencil_place *p, struct smp_rect rect)
{
    for (int i = 0; i < room->count; i++) {
        if (overlaps(rect, room->taken[i], 0.8))
            return false;
    }
    for (size_t i = 0; i < s->flat.count; i++) {
        const struct smp_vec2 at = put(p, s->flat.at[i]);
        if (overlaps(rect, (struct smp_rect){ at.x, at.y, 0, 0 }, 1.6))
            return false;
    }
    return true;
}

// The nearest free place for a label around a mark, in the wished direction first.
static struct smp_rect find_place(const struct room *room, const struct smp_stencil *s,
                                  const struct smp_stencil_place *p, struct smp_vec2 at,
                                  double angle, double w)
{
    const double h = 3;
    struct smp_rect rect = { at.x, at.y, w, h };
    for (int ring = 3; ring < 20; ring++) {
        for (int k = 0; k < 13; k++) {
            const double r = 2 * ring;
            const int step = (k % 2 ? 1 : -1) * ((k + 1) / 2);
            const double turned = angle + step * SMP_PI / 12;
            const double c = cos(turned), d = sin(turned);
            rect.x = at.x + r * c + (c - 1) * w / 2;
            rect.y = at.y + r * d + (d - 1) * h / 2;
            if (is_free(room, s, p, rect))
                return rect;
        }
    }
    return rect;
}

static void draw_label(struct smp_page *page, const struct smp_stencil *s,
                       const struct smp_stencil_place *p, struct room *room,
                       const struct smp_stencil_mark *mark)
{
    cairo_t *cr = page->cr;
    struct smp_vec2 at = put(p, s->flat.at[mark->index]);
    const struct smp_vec2 b = backward(&s->flat, mark->index), flat = s->flat.at[mark->index];
    double angle = atan2(-b.y, p->mirrored ? -b.x : b.x);
    if (mark->kind == SMP_AT_CANTHUS) {
        at.y += canthus_mm;
        angle = at.x > p->ox ? 0.3 : SMP_PI - 0.3;
    }
    const char *text = mark->kind == SMP_AT_MIDDLE
                           ? mark->name
                           : smp_say(page, "%s %.1f", mark->name, hypot(flat.x, flat.y));
    const struct smp_type type = { 7, SMP_MEDIUM, 0.07, SMP_LEFT };
    const double w = smp_text_width(page, type, text) + 0.2;
    const struct smp_rect rect = find_place(room, s, p, at, angle, w);
    take(room, rect);
    const double x = smp_clamp(at.x, rect.x, rect.x + rect.w);
    const double y = smp_clamp(at.y, rect.y - 0.3, rect.y + rect.h + 0.3);
    if (hypot(x - at.x, y - at.y) > 7) { // a leader where the label had to go far
        cairo_move_to(cr, at.x, at.y);
        cairo_line_to(cr, x, y);
        cairo_set_source_rgb(cr, 0.5, 0.5, 0.5);
        cairo_set_line_width(cr, 0.12);
        cairo_stroke(cr);
    }
    smp_text_line(page, rect.x, rect.y + 2.4, rect.w + 0.5, type, text);
}

static void draw_mark(struct smp_page *page, const struct smp_stencil *s,
                      const struct smp_stencil_place *p, struct room *room,
                      const struct smp_stencil_mark *mark)
{
    cairo_t *cr = page->cr;
    const struct smp_vec2 at = put(p, s->flat.at[mark->index]);
    cairo_set_source_rgb(cr, 0, 0, 0);
    if (mark->kind == SMP_AT_CANTHUS) {
        const double dashes[2] = { 1.2, 0.8 };
        cairo_set_dash(cr, dashes, 2, 0);
        cairo_move_to(cr, at.x, at.y - 3);
        cairo_line_to(cr, at.x, at.y + canthus_mm);
        cairo_set_line_width(cr, 0.2);
        cairo_stroke(cr);
        cairo_set_dash(cr, NULL, 0, 0);
        take(room, (struct smp_rect){ at.x, at.y, 0, canthus_mm });
        return;
    }
    tick(page, s, p, mark->index, -4, 4);
    cairo_set_line_width(cr, 0.3);
    cairo_stroke(cr);
    cairo_new_sub_path(cr);
    cairo_arc(cr, at.x, at.y, 0.9, 0, 2 * SMP_PI);
    cairo_fill(cr);
    take(room, (struct smp_rect){ at.x - 3, at.y - 3, 6, 6 });
}

static void draw_glabella(struct smp_page *page, const struct smp_stencil *s,
                          const struct smp_stencil_place *p, struct room *room, bool left)
{
    cairo_t *cr = page->cr;
    const struct smp_vec2 g = put(p, (struct smp_vec2){ 0, -s->glabella_mm });
    const double dashes[2] = { 2, 1 };
    cairo_set_source_rgb(cr, 0, 0, 0);
    cairo_set_dash(cr, dashes, 2, 0);
    cairo_move_to(cr, g.x, g.y);
    cairo_line_to(cr, g.x, g.y - s->glabella_mm + 4.5);
    cairo_set_line_width(cr, 0.15);
    cairo_stroke(cr);
    cairo_set_dash(cr, NULL, 0, 0);
    cairo_move_to(cr, g.x - 5, g.y);
    cairo_line_to(cr, g.x + 5, g.y);
    cairo_move_to(cr, g.x, g.y - 3);
    cairo_line_to(cr, g.x, g.y + 3);
    cairo_set_line_width(cr, 0.25);
    cairo_stroke(cr);
    take(room, (struct smp_rect){ g.x, p->oy, 0, s->glabella_mm });
    const char *text = smp_say(page, "glabella, %.1f mm below the middle", s->glabella_mm);
    smp_text_line(page, left ? g.x - 56.5 : g.x + 6.5, g.y + 1, 50,
                  (struct smp_type){ 7, SMP_MEDIUM, 0.07, left ? SMP_RIGHT : SMP_LEFT }, text);
    const struct smp_type side = { 11, SMP_SEMIBOLD, 0.45, SMP_CENTRE };
    const double y = g.y - 12, out = fmin(0.35 * s->bounds.w, 48);
    smp_text_line(page, p->ox - out - 12, y, 24, side, p->mirrored ? "LEFT" : "RIGHT");
    smp_text_line(page, p->ox + out - 12, y, 24, side, p->mirrored ? "RIGHT" : "LEFT");
}

void smp_stencil_draw_line(struct smp_page *page, const struct smp_stencil *s,
                           const struct smp_stencil_place *p)
{
    cairo_t *cr = page->cr;
    cairo_set_source_rgb(cr, 0, 0, 0);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    for (size_t i = 0; i < s->flat.count; i++) {
        const struct smp_vec2 at = put(p, s->flat.at[i]);
        cairo_line_to(cr, at.x, at.y);
    }
    cairo_set_line_width(cr, 0.35);
    cairo_stroke(cr);
    draw_ticks(page, s, p);
}

void smp_stencil_draw(struct smp_page *page, const struct smp_stencil *s,
                      const struct smp_stencil_place *p, bool left)
{
    struct room room = { .count = 0 };
    smp_stencil_draw_line(page, s, p);
    for (int i = 0; i < s->mark_count; i++)
        draw_mark(page, s, p, &room, &s->marks[i]);
    draw_glabella(page, s, p, &room, left);
    for (int i = s->mark_count; i-- > 0;) // the middle first: it has the least room to give way
        draw_label(page, s, p, &room, &s->marks[i]);
}
