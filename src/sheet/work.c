// Work sheet, first page: all sessions on the chart, the line, zones and sessions as tables.
#include "sheet/sheet_impl.h"

#include <math.h>

static const struct smp_type h2 = { 9.5, SMP_SEMIBOLD, 0.07, SMP_LEFT };
static const struct smp_type note = { 7.4, SMP_REGULAR, 0.27, SMP_LEFT };
static const double fact_mm = 5.1; // height of a row beside the chart
static const double chart_mm = 112;

static double minutes_of(const struct smp_plan *plan, size_t dots)
{
    return plan->from->dots_per_min > 0 ? (double)dots / plan->from->dots_per_min : 0;
}

// ---- The line, seen from the front ------------------------------------------------------------

struct front {
    double scale, x, y; // page = (x − X·scale, y − Z·scale): facing the client
};

static struct smp_vec2 front_at(const struct front *f, struct smp_vec3 p)
{
    return (struct smp_vec2){ f->x - p.x * f->scale, f->y - p.z * f->scale };
}

static struct front front_view(const struct smp_plan *plan, struct smp_rect box)
{
    const struct smp_design *d = plan->design;
    const struct smp_vec3 glabella = plan->head->landmarks.glabella;
    double low = glabella.z, high = glabella.z, half = 1;
    for (size_t i = 0; i < d->line_count; i++) {
        low = fmin(low, d->line_mm[i].z);
        high = fmax(high, d->line_mm[i].z);
        half = fmax(half, fabs(d->line_mm[i].x));
    }
    const double scale = fmin(box.w / (2 * half), box.h / fmax(1, high - low));
    return (struct front){ scale, box.x + box.w / 2, box.y + (box.h + (high + low) * scale) / 2 };
}

static void draw_front(struct smp_page *page, struct smp_rect box)
{
    const struct smp_design *d = smp_of(page)->plan->design;
    if (d->line_count < 2)
        return;
    cairo_t *cr = page->cr;
    const struct front f = front_view(
        smp_of(page)->plan, (struct smp_rect){ box.x + 4, box.y + 5, box.w - 8, box.h - 9 });
    for (size_t i = 0; i < d->line_count; i++) {
        const struct smp_vec2 p = front_at(&f, d->line_mm[i]);
        cairo_line_to(cr, p.x, p.y);
    }
    cairo_set_source_rgb(cr, 0.07, 0.07, 0.07);
    cairo_set_line_width(cr, 0.5);
    cairo_stroke(cr);
    const struct smp_vec2 mid = front_at(&f, d->line_mm[d->middle]);
    const struct smp_vec2 glabella = front_at(&f, smp_of(page)->plan->head->landmarks.glabella);
    cairo_move_to(cr, glabella.x, mid.y);
    cairo_line_to(cr, glabella.x, glabella.y);
    cairo_move_to(cr, glabella.x - 4, glabella.y);
    cairo_line_to(cr, glabella.x + 4, glabella.y);
    cairo_set_line_width(cr, 0.2);
    cairo_stroke(cr);
    const size_t marks[3] = { d->middle, d->corner_left, d->corner_right };
    for (int i = 0; i < 3; i++) {
        const struct smp_vec2 p = front_at(&f, d->line_mm[marks[i]]);
        cairo_new_sub_path(cr);
        cairo_arc(cr, p.x, p.y, 0.8, 0, 2 * SMP_PI);
    }
    cairo_fill(cr);
    const struct smp_type tag = { 7.2, SMP_MEDIUM, 0.07, SMP_LEFT };
    smp_text_line(page, glabella.x + 1.5, (mid.y + glabella.y) / 2 + 1, 20, tag,
                  smp_say(page, "%.1f mm", d->glabella_mm));
    smp_text_line(page, glabella.x + 5, glabella.y + 1, 20,
                  (struct smp_type){ 7.2, SMP_REGULAR, 0.27, SMP_LEFT }, "glabella");
    smp_text_line(page, box.x, box.y + 5, 20, (struct smp_type){ 7, SMP_MEDIUM, 0.27, SMP_LEFT },
                  "Right");
    smp_text_line(page, box.x + box.w - 20, box.y + 5, 20,
                  (struct smp_type){ 7, SMP_MEDIUM, 0.27, SMP_RIGHT }, "Left");
}

static double draw_facts(struct smp_page *page, double x, double y, double w,
                         const char *const (*rows)[2], int count)
{
    for (int i = 0; i < count; i++) {
        const double base = y + fact_mm * i + 3.6;
        if (i)
            smp_rule(page, x, y + fact_mm * i, x + w, 0.12, 0.73);
        const double used =
            smp_text_line(page, x, base, w * 0.66,
                          (struct smp_type){ 8.2, SMP_REGULAR, 0.07, SMP_LEFT }, rows[i][0]);
        smp_text_line(page, x + used + 2, base, w - used - 2,
                      (struct smp_type){ 8.2, SMP_MEDIUM, 0.07, SMP_RIGHT }, rows[i][1]);
    }
    return y + fact_mm * count;
}

static double draw_line_facts(struct smp_page *page, double x, double y, double w)
{
    const struct smp_plan *plan = smp_of(page)->plan;
    const struct smp_design *d = plan->design;
    if (d->line_count < 2)
        return y;
    const double *arc = d->line_arc_mm;
    const char *const rows[6][2] = {
        { "Mid-front above glabella", smp_say(page, "%.1f mm", d->glabella_mm) },
        { "Corner along the line: right, left",
          smp_say(page, "%.1f, %.1f mm", fabs(arc[d->corner_right] - arc[d->middle]),
                  fabs(arc[d->middle] - arc[d->corner_left])) },
        { "Corner angle: right, left",
          smp_say(page, "%.0f°, %.0f°", d->corner_angle_deg_right, d->corner_angle_deg_left) },
        { "Right against left (RMS)", smp_say(page, "%.1f mm", d->asymmetry_mm) },
        { "Feather", smp_say(page, "%.1f mm", plan->from->design.feather_mm) },
        { "Line length", smp_say(page, "%.0f mm", arc[d->line_count - 1] - arc[0]) },
    };
    return draw_facts(page, x, y, w, rows, 6);
}

// ---- Legend -----------------------------------------------------------------------------------

static double draw_legend(struct smp_page *page, double x, double y, double w)
{
    smp_text_line(page, x, y + 3, w, h2, "Marks");
    const int columns = 3;
    const int rows = (smp_of(page)->plan->sessions + columns - 1) / columns;
    for (int s = 1; s <= smp_of(page)->plan->sessions; s++) {
        const int row = (s - 1) / columns, column = (s - 1) % columns;
        const double cx = x + column * (w / columns) + 1.2, cy = y + 6.6 + 4.6 * row;
        const bool done = s <= smp_of(page)->plan->continued.sessions_done;
        cairo_new_path(page->cr);
        if (done) { // as the chart has it
            cairo_arc(page->cr, cx, cy, 0.85, 0, 2 * SMP_PI);
            cairo_set_source_rgb(page->cr, 0.68, 0.68, 0.68);
            cairo_fill(page->cr);
        } else {
            smp_mark_path(page->cr, s, cx, cy, 1.9);
            smp_mark_fill(page->cr, s, 1.9);
        }
        smp_text_line(page, cx + 2.2, cy + 1, w / columns - 4,
                      (struct smp_type){ 8, SMP_REGULAR, 0.07, SMP_LEFT },
                      smp_say(page, done ? "S%d, done" : "Session %d", s));
    }
    return y + 6.4 + 4.6 * rows;
}

// ---- Tables -----------------------------------------------------------------------------------

enum {
    COL_NO,
    COL_ZONE,
    COL_CM2,
    COL_DENSITY,
    COL_DOTS,
    COL_S1,
    COL_MAX = COL_S1 + SMP_SESSIONS_MAX + 3
};

static int zone_columns(struct smp_page *page, struct smp_column *c)
{
    const int n = smp_of(page)->plan->sessions;
    const double left = SMP_MARGIN_MM, inner = smp_page_inner_mm(page), fixed = 139;
    const double each = (inner - fixed) / n;
    const double s = fmin(each, 14);
    double x = left;
    int i = 0;
    const struct {
        const char *head;
        double w;
        enum smp_align align;
    } first[] = {
        { "No", 6, SMP_LEFT },     { "Zone", 33 + (inner - fixed - s * n), SMP_LEFT },
        { "cm²", 12, SMP_RIGHT },  { "dots/cm²", 15, SMP_RIGHT },
        { "Dots", 15, SMP_RIGHT },
    };
    for (; i < 5; i++) {
        c[i] = (struct smp_column){ first[i].head, x, first[i].w - 1.5, first[i].align };
        x += first[i].w;
    }
    for (int k = 1; k <= n; k++) {
        c[i++] = (struct smp_column){ smp_say(page, "S%d", k), x, s - 1.2, SMP_RIGHT };
        x += s;
    }
    c[i++] = (struct smp_column){ "Minutes", x, 13.5, SMP_RIGHT };
    c[i++] = (struct smp_column){ "Needle", x + 19, 17, SMP_LEFT };
    c[i++] = (struct smp_column){ "Setting*, mm", x + 37, 21, SMP_LEFT };
    return i;
}

static void zone_row(struct smp_page *page, const struct smp_column *c, double base, int zone)
{
    const struct smp_plan *plan = smp_of(page)->plan;
    const struct smp_zone_total *z = &plan->zones[zone];
    const int n = plan->sessions;
    smp_cell(page, &c[COL_NO], base, SMP_SEMIBOLD,
             smp_say(page, "%d", smp_of(page)->chart->number[zone]));
    smp_cell(page, &c[COL_ZONE], base, SMP_REGULAR,
             smp_upper_first(page, smp_zone_name((enum smp_zone)zone)));
    smp_cell(page, &c[COL_CM2], base, SMP_REGULAR, smp_say(page, "%.1f", z->treated_cm2));
    smp_cell(page, &c[COL_DENSITY], base, SMP_REGULAR,
             z->treated_cm2 > 0 ? smp_say(page, "%.0f", (double)z->dots[0] / z->treated_cm2) : "?");
    smp_cell(page, &c[COL_DOTS], base, SMP_SEMIBOLD, smp_thousands(page, z->dots[0]));
    for (int k = 1; k <= n; k++)
        smp_cell(page, &c[COL_S1 + k - 1], base, SMP_REGULAR, smp_thousands(page, z->dots[k]));
    smp_cell(page, &c[COL_S1 + n], base, SMP_REGULAR,
             smp_whole_minutes(page, minutes_of(plan, z->dots[0])));
    smp_cell(page, &c[COL_S1 + n + 1], base, SMP_REGULAR, z->needle ? z->needle : "?");
    smp_cell(page, &c[COL_S1 + n + 2], base, SMP_REGULAR,
             smp_say(page, "%.1f–%.1f", z->depth_setting_mm_low, z->depth_setting_mm_high));
}

static void zone_sum(struct smp_page *page, const struct smp_column *c, double base)
{
    const struct smp_plan *plan = smp_of(page)->plan;
    const int n = plan->sessions;
    double cm2 = 0;
    for (int z = 1; z < SMP_ZONE_COUNT; z++)
        cm2 += smp_of(page)->chart->number[z] ? plan->zones[z].treated_cm2 : 0;
    smp_cell(page, &c[COL_ZONE], base, SMP_SEMIBOLD, "All");
    smp_cell(page, &c[COL_CM2], base, SMP_SEMIBOLD, smp_say(page, "%.1f", cm2));
    smp_cell(page, &c[COL_DENSITY], base, SMP_SEMIBOLD,
             cm2 > 0 ? smp_say(page, "%.0f", (double)plan->dot_count / cm2) : "?");
    smp_cell(page, &c[COL_DOTS], base, SMP_SEMIBOLD, smp_thousands(page, plan->dot_count));
    for (int k = 1; k <= n; k++)
        smp_cell(page, &c[COL_S1 + k - 1], base, SMP_SEMIBOLD,
                 smp_thousands(page, plan->session[k - 1].dots));
    smp_cell(page, &c[COL_S1 + n], base, SMP_SEMIBOLD,
             smp_say(page, "%.0f", minutes_of(plan, plan->dot_count)));
}

static double draw_zone_table(struct smp_page *page, double y, double row_mm)
{
    struct smp_column c[COL_MAX];
    const int count = zone_columns(page, c);
    const double right = page->w_mm - SMP_MARGIN_MM;
    smp_table_head(page, c, count, y + 3);
    y += 4.6;
    for (int z = 1; z < SMP_ZONE_COUNT; z++) {
        if (!smp_of(page)->chart->number[z])
            continue;
        smp_rule(page, SMP_MARGIN_MM, y, right, 0.12, 0.73);
        zone_row(page, c, y + 3.7, z);
        y += row_mm;
    }
    smp_rule(page, SMP_MARGIN_MM, y, right, 0.4, 0.07);
    zone_sum(page, c, y + 3.9);
    y += row_mm + 0.8;
    const char *pigment = smp_of(page)->plan->from->recipe.words;
    return y +
           smp_text_box(
               page, SMP_MARGIN_MM, y, right - SMP_MARGIN_MM, note,
               smp_say(page,
                       "%s%s%s* Machine setting (needle travel), not depth in skin: start low, go "
                       "by the "
                       "skin. Minutes: at %.0f dots a minute, without breaks. cm²: skin where "
                       "dots go, on the curved surface.",
                       pigment ? "Pigment: " : "", pigment ? pigment : "",
                       pigment ? " (proposed by the model; the first healed session "
                                 "decides).\n"
                               : "",
                       smp_of(page)->plan->from->dots_per_min));
}

static const char *clock_of(struct smp_page *page, double minutes)
{
    const int whole = (int)lround(minutes);
    if (whole < 60)
        return smp_say(page, "%d min", whole);
    return smp_say(page, "%d h %02d min", whole / 60, whole % 60);
}

static double draw_session_table(struct smp_page *page, double y, double row_mm)
{
    const struct smp_plan *plan = smp_of(page)->plan;
    const double left = SMP_MARGIN_MM, right = page->w_mm - left;
    const double w = (right - left) / 5;
    const struct smp_column c[5] = {
        { "Session", left, w, SMP_LEFT },
        { "Dots", left + 0.8 * w, w - 4, SMP_RIGHT },
        { "Share done after it", left + 1.8 * w, 1.1 * w - 2, SMP_RIGHT },
        { "Breaks", left + 2.9 * w, w, SMP_RIGHT },
        { "Time with breaks", left + 3.9 * w, 1.1 * w, SMP_RIGHT },
    };
    smp_table_head(page, c, 5, y + 3);
    y += 4.6;
    size_t sum = 0;
    double minutes = 0;
    for (int k = 0; k < plan->sessions; k++) {
        const struct smp_session_total *s = &plan->session[k];
        sum += s->dots;
        minutes += s->minutes;
        smp_rule(page, left, y, right, 0.12, 0.73);
        smp_cell(page, &c[0], y + 3.7, SMP_SEMIBOLD,
                 smp_say(page, "%d of %d%s", k + 1, plan->sessions,
                         k < plan->continued.sessions_done ? ", done" : ""));
        smp_cell(page, &c[1], y + 3.7, SMP_REGULAR, smp_thousands(page, s->dots));
        smp_cell(page, &c[2], y + 3.7, SMP_REGULAR,
                 smp_say(page, "%.0f %%",
                         plan->dot_count ? 100.0 * (double)sum / (double)plan->dot_count : 0));
        smp_cell(page, &c[3], y + 3.7, SMP_REGULAR, smp_say(page, "%d", s->breaks));
        smp_cell(page, &c[4], y + 3.7, SMP_REGULAR, clock_of(page, s->minutes));
        y += row_mm;
    }
    smp_rule(page, left, y, right, 0.4, 0.07);
    smp_cell(page, &c[0], y + 3.9, SMP_SEMIBOLD, "All");
    smp_cell(page, &c[1], y + 3.9, SMP_SEMIBOLD, smp_thousands(page, sum));
    smp_cell(page, &c[4], y + 3.9, SMP_SEMIBOLD, clock_of(page, minutes));
    return y + row_mm + 0.8;
}

static void draw_overview(struct smp_page *page)
{
    const struct smp_plan *plan = smp_of(page)->plan;
    smp_page_begin(page, "Work sheet",
                   plan->continued.sessions_done
                       ? smp_say(page, "All %d sessions, %s dots; grey: done", plan->sessions,
                                 smp_thousands(page, plan->dot_count))
                       : smp_say(page, "All %d session%s, %s dots", plan->sessions,
                                 plan->sessions == 1 ? "" : "s",
                                 smp_thousands(page, plan->dot_count)),
                   false);
    const double bottom = smp_page_bottom_mm(page), left = SMP_MARGIN_MM;
    const char *legend = smp_chart_legend(page);
    const double legend_mm = smp_text_height(page, chart_mm, note, legend) + 1.5;
    const double fixed = legend_mm + 3 + 4.6 + 9.5 + 4 + 4.6 + 2; // heads, notes, gaps
    const int rows = smp_of(page)->chart->zone_count + plan->sessions + 2;
    const double row = smp_clamp((bottom - SMP_TOP_MM - chart_mm - fixed) / rows, 4.9, 6);
    const double tall = fmin(chart_mm, bottom - SMP_TOP_MM - fixed - row * rows);
    const struct smp_rect box = { left, SMP_TOP_MM, chart_mm, tall };
    smp_chart_draw(page, box, SMP_CHART_MARKS);
    smp_text_box(page, left, SMP_TOP_MM + tall + 0.5, chart_mm, note, legend);
    const double x = left + chart_mm + 6, w = page->w_mm - left - x;
    double y = draw_legend(page, x, SMP_TOP_MM, w) + 1.5;
    const double facts = 6 * fact_mm;
    const double sketch = fmin(64, SMP_TOP_MM + tall + legend_mm - y - facts - 4);
    smp_text_line(page, x, y + 3, w, h2, "Line");
    draw_front(page, (struct smp_rect){ x, y + 3, w, sketch });
    y = draw_line_facts(page, x, y + sketch + 4, w);
    y = fmax(y, SMP_TOP_MM + tall + legend_mm) + 3;
    y = draw_zone_table(page, y, row) + 4;
    y = draw_session_table(page, y, row);
    smp_page_check(page, y);
    smp_page_end(page);
}

enum smp_code smp_draw_work(struct smp_page *page, struct smp_err *err)
{
    (void)err;
    draw_overview(page);
    const struct smp_plan *plan = smp_of(page)->plan; // those done need no page to work from
    for (int s = plan->continued.sessions_done + 1; s <= plan->sessions; s++)
        smp_draw_session(page, s);
    return SMP_OK;
}
