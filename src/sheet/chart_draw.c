// Draws the flat chart: face at the foot of the page, as the operator stands before the client.
#include "sheet/sheet_impl.h"

#include <math.h>
#include <string.h>

// Hues after Okabe and Ito 2008, with falling darkness so that grey prints tell them apart too.
const struct smp_session_mark smp_session_marks[SMP_SESSIONS_MAX] = {
    { 0.05, 0.05, 0.05, SMP_MARK_DISC },     { 0.84, 0.37, 0.00, SMP_MARK_SQUARE },
    { 0.34, 0.71, 0.91, SMP_MARK_TRIANGLE }, { 0.00, 0.45, 0.70, SMP_MARK_DIAMOND },
    { 0.00, 0.62, 0.45, SMP_MARK_RING },     { 0.80, 0.47, 0.65, SMP_MARK_PLUS },
};

void smp_mark_path(cairo_t *cr, int session, double x, double y, double size_mm)
{
    const double r = size_mm / 2;
    switch (smp_session_marks[session - 1].shape) {
    case SMP_MARK_SQUARE:
        cairo_rectangle(cr, x - 0.89 * r, y - 0.89 * r, 1.78 * r, 1.78 * r);
        return;
    case SMP_MARK_TRIANGLE:
        cairo_move_to(cr, x, y - 1.3 * r);
        cairo_line_to(cr, x + 1.15 * r, y + 0.7 * r);
        cairo_line_to(cr, x - 1.15 * r, y + 0.7 * r);
        cairo_close_path(cr);
        return;
    case SMP_MARK_DIAMOND:
        cairo_move_to(cr, x, y - 1.3 * r);
        cairo_line_to(cr, x + 1.3 * r, y);
        cairo_line_to(cr, x, y + 1.3 * r);
        cairo_line_to(cr, x - 1.3 * r, y);
        cairo_close_path(cr);
        return;
    case SMP_MARK_PLUS:
        cairo_rectangle(cr, x - 1.3 * r, y - 0.35 * r, 2.6 * r, 0.7 * r);
        cairo_rectangle(cr, x - 0.35 * r, y - 1.3 * r, 0.7 * r, 2.6 * r);
        return;
    default:
        cairo_new_sub_path(cr);
        cairo_arc(cr, x, y, r, 0, 2 * SMP_PI);
    }
}

void smp_mark_fill(cairo_t *cr, int session, double size_mm)
{
    const struct smp_session_mark *mark = &smp_session_marks[session - 1];
    cairo_set_source_rgb(cr, mark->r, mark->g, mark->b);
    if (mark->shape == SMP_MARK_RING) {
        cairo_set_line_width(cr, 0.35 * size_mm);
        cairo_stroke(cr);
    } else {
        cairo_fill(cr);
    }
}

static const double mark_mm = 0.32;

struct view {
    double scale, x, y; // page = (x − u·scale, y + v·scale)
};

static struct view view_of(const struct smp_chart_data *chart, struct smp_rect box)
{
    const double half = 1.05 * fmax(fabs(chart->low.x), fabs(chart->high.x));
    const double tall = 1.16 * (chart->high.y - chart->low.y);
    const double sides_mm = 16; // for the words Right and Left
    const double scale = fmin((box.w - sides_mm) / (2 * half), box.h / tall);
    return (struct view){ scale, box.x + box.w / 2,
                          box.y + box.h / 2 - scale * (chart->high.y + chart->low.y) / 2 };
}

double smp_chart_scale(const struct smp_page *page, struct smp_rect box)
{
    return view_of(smp_of(page)->chart, box).scale;
}

static struct smp_vec2 on_page(const struct view *view, struct smp_vec2 address)
{
    return (struct smp_vec2){ view->x - address.x * view->scale,
                              view->y + address.y * view->scale };
}

static void draw_rings(cairo_t *cr, const struct view *view, struct smp_rect box)
{
    for (int i = 1; i <= 5; i++) {
        cairo_new_sub_path(cr);
        cairo_arc(cr, view->x, view->y, 0.25 * i * view->scale, 0, 2 * SMP_PI);
    }
    cairo_move_to(cr, view->x, box.y);
    cairo_line_to(cr, view->x, box.y + box.h);
    cairo_move_to(cr, box.x, view->y);
    cairo_line_to(cr, box.x + box.w, view->y);
    cairo_set_source_rgb(cr, 0.8, 0.8, 0.8);
    cairo_set_line_width(cr, 0.15);
    cairo_stroke(cr);
}

static void line_path(cairo_t *cr, const struct view *view, const struct smp_polyline *line)
{
    for (size_t i = 0; i < line->count; i++) {
        const struct smp_vec2 p = on_page(view, line->at[i]);
        if (i == 0)
            cairo_move_to(cr, p.x, p.y);
        else
            cairo_line_to(cr, p.x, p.y);
    }
}

// A round cap on a line of no length is a disc, at a tenth of the bytes of four curves.
static void add_disc(cairo_t *cr, struct smp_vec2 at)
{
    cairo_move_to(cr, at.x, at.y);
    cairo_line_to(cr, at.x, at.y);
}

// All dots of a session are one path and one fill: small files. Those that are done are grey.
static void draw_dots(struct smp_page *page, const struct view *view, int session)
{
    const struct smp_plan *plan = smp_of(page)->plan;
    cairo_t *cr = page->cr;
    cairo_save(cr);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    for (int s = 1; s <= plan->sessions && (session <= 0 || s <= session); s++) {
        const bool done = s <= plan->continued.sessions_done || (session > 0 && s < session);
        const bool discs = session != SMP_CHART_MARKS || s == 1 || done;
        cairo_new_path(cr);
        for (size_t i = 0; i < plan->dot_count; i++) {
            if (plan->dots[i].session != s)
                continue;
            const struct smp_vec2 p = on_page(view, smp_of(page)->chart->dots[i]);
            if (discs)
                add_disc(cr, p);
            else
                smp_mark_path(cr, s, p.x, p.y, mark_mm);
        }
        if (!discs) {
            smp_mark_fill(cr, s, mark_mm);
            continue;
        }
        const double grey = done ? 0.68 : 0.03;
        cairo_set_line_width(cr, session > 0 && done ? 0.24 : mark_mm);
        cairo_set_source_rgb(cr, grey, grey, grey);
        cairo_stroke(cr);
    }
    cairo_restore(cr);
}

// Labels nearer than two discs push each other apart.
static void spread(struct smp_vec2 *at, const int *number, struct smp_rect box, double gap_mm)
{
    for (int pass = 0; pass < 60; pass++) {
        for (int a = 1; a < SMP_ZONE_COUNT; a++) {
            for (int b = a + 1; b < SMP_ZONE_COUNT; b++) {
                const double dx = at[b].x - at[a].x, dy = at[b].y - at[a].y;
                const double d = hypot(dx, dy), push = (gap_mm - d) / 2;
                if (!number[a] || !number[b] || push <= 0)
                    continue;
                const double ux = d > 1e-6 ? dx / d : 0, uy = d > 1e-6 ? dy / d : 1;
                at[a].x -= ux * push;
                at[a].y -= uy * push;
                at[b].x += ux * push;
                at[b].y += uy * push;
            }
        }
        for (int z = 1; z < SMP_ZONE_COUNT; z++) {
            at[z].x = smp_clamp(at[z].x, box.x + 3, box.x + box.w - 3);
            at[z].y = smp_clamp(at[z].y, box.y + 3, box.y + box.h - 3);
        }
    }
}

static void draw_labels(struct smp_page *page, const struct view *view, struct smp_rect box)
{
    struct smp_vec2 at[SMP_ZONE_COUNT] = { 0 };
    for (int z = 1; z < SMP_ZONE_COUNT; z++)
        at[z] = on_page(view, smp_of(page)->chart->label[z]);
    spread(at, smp_of(page)->chart->number, box, 5.2);
    for (int z = 1; z < SMP_ZONE_COUNT; z++) {
        if (!smp_of(page)->chart->number[z])
            continue;
        cairo_new_path(page->cr);
        cairo_arc(page->cr, at[z].x, at[z].y, 2.2, 0, 2 * SMP_PI);
        cairo_set_source_rgb(page->cr, 1, 1, 1);
        cairo_fill_preserve(page->cr);
        cairo_set_source_rgb(page->cr, 0.07, 0.07, 0.07);
        cairo_set_line_width(page->cr, 0.22);
        cairo_stroke(page->cr);
        smp_text_line(page, at[z].x - 2, at[z].y + 0.95, 4,
                      (struct smp_type){ 7.6, SMP_SEMIBOLD, 0.07, SMP_CENTRE },
                      smp_say(page, "%d", smp_of(page)->chart->number[z]));
    }
}

static void draw_sides(struct smp_page *page, const struct view *view, struct smp_rect box)
{
    const struct smp_type s = { 7, SMP_MEDIUM, 0.27, SMP_LEFT };
    smp_text_line(page, view->x + 1.5, box.y + 2.8, 12, s, "Back");
    smp_text_line(page, view->x + 1.5, box.y + box.h - 1, 12, s, "Face");
    const double y = smp_clamp(view->y, box.y + 8, box.y + box.h - 4) - 1.2;
    smp_text_line(page, box.x, y, 12, s, "Right");
    smp_text_line(page, box.x + box.w - 12, y, 12,
                  (struct smp_type){ 7, SMP_MEDIUM, 0.27, SMP_RIGHT }, "Left");
}

// Outlines of keep-outs and scars, a cross in each keep-out.
static void draw_areas(struct smp_page *page, const struct view *view)
{
    cairo_t *cr = page->cr;
    for (size_t i = 0; i < smp_of(page)->chart->area_count; i++) {
        const struct smp_polyline *line = &smp_of(page)->chart->areas[i];
        if (line->count < 3)
            continue;
        struct smp_vec2 middle = { 0, 0 };
        for (size_t k = 0; k + 1 < line->count; k++) {
            const struct smp_vec2 p = on_page(view, line->at[k]);
            middle.x += p.x / (double)(line->count - 1);
            middle.y += p.y / (double)(line->count - 1);
        }
        line_path(cr, view, line);
        if (smp_of(page)->plan->from->design.areas[i].kind == SMP_AREA_KEEP_OUT) {
            for (int k = -1; k < 2; k += 2) {
                cairo_move_to(cr, middle.x - 0.9, middle.y - 0.9 * k);
                cairo_line_to(cr, middle.x + 0.9, middle.y + 0.9 * k);
            }
        }
    }
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_set_line_width(cr, 0.8);
    cairo_stroke_preserve(cr);
    cairo_set_source_rgb(cr, 0.07, 0.07, 0.07);
    cairo_set_line_width(cr, 0.3);
    cairo_stroke(cr);
}

const char *smp_chart_legend(struct smp_page *page)
{
    const char *text =
        "Scalp chart, centred on the vertex; numbers are zones, the bold line is the "
        "hairline. Rings: quarters of the way from vertex to ear level.";
    const struct smp_design_params *design = &smp_of(page)->plan->from->design;
    const char *names[2] = { "", "" };
    for (size_t i = 0; i < smp_of(page)->chart->area_count; i++) {
        const struct smp_area *area = &design->areas[i];
        const char **list = &names[area->kind == SMP_AREA_SCAR];
        const char *what = area->what && area->what[0] ? area->what : "place";
        if (!strstr(*list, what))
            *list = smp_say(page, "%s%s%s", *list, (*list)[0] ? ", " : "", what);
    }
    if (names[0][0])
        text = smp_say(page, "%s Crossed out: keep out (%s).", text, names[0]);
    if (names[1][0])
        text = smp_say(page, "%s Outlined: %s.", text, names[1]);
    return text;
}

void smp_chart_draw(struct smp_page *page, struct smp_rect box, int session)
{
    cairo_t *cr = page->cr;
    const struct view view = view_of(smp_of(page)->chart, box);
    if (page->count) { // the counting pass needs no ink
        cairo_save(cr);
        cairo_rectangle(cr, box.x, box.y, box.w, box.h);
        cairo_clip(cr);
        draw_rings(cr, &view, box);
        draw_dots(page, &view, session);
        cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
        for (size_t i = 0; i < smp_of(page)->chart->border_count; i++)
            line_path(cr, &view, &smp_of(page)->chart->borders[i]);
        cairo_set_source_rgb(cr, 1, 1, 1); // a white casing lifts the borders off the dots
        cairo_set_line_width(cr, 0.7);
        cairo_stroke_preserve(cr);
        const double dashes[2] = { 1.1, 0.7 };
        cairo_set_dash(cr, dashes, 2, 0);
        cairo_set_source_rgb(cr, 0.07, 0.07, 0.07);
        cairo_set_line_width(cr, 0.22);
        cairo_stroke(cr);
        cairo_set_dash(cr, NULL, 0, 0);
        line_path(cr, &view, &smp_of(page)->chart->hairline);
        cairo_set_line_width(cr, 0.5);
        cairo_stroke(cr);
        draw_areas(page, &view);
        cairo_restore(cr);
    }
    draw_sides(page, &view, box);
    draw_labels(page, &view, box);
}
