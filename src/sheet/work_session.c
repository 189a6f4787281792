// Work sheet of one session: what to set today, in which order, and room to write.
#include "sheet/sheet_impl.h"

#include <math.h>
#include <stdlib.h>

static const struct smp_type h2 = { 9.5, SMP_SEMIBOLD, 0.07, SMP_LEFT };
static const struct smp_type note = { 7.4, SMP_REGULAR, 0.27, SMP_LEFT };
static const double row_mm = 5.6;

// ---- Order ------------------------------------------------------------------------------------

struct stop {
    uint32_t first; // lowest order of the zone in this session
    size_t dots;
    int zone;
};

static int by_first(const void *a, const void *b)
{
    const struct stop *p = a, *q = b;
    return p->first < q->first ? -1 : p->first > q->first;
}

static int find_stops(struct stop stops[SMP_ZONE_COUNT], const struct smp_plan *plan, int session)
{
    struct stop all[SMP_ZONE_COUNT] = { 0 };
    for (size_t i = 0; i < plan->dot_count; i++) {
        const struct smp_dot *dot = &plan->dots[i];
        struct stop *stop = &all[dot->zone];
        if (dot->session != session)
            continue;
        if (stop->dots == 0 || dot->order < stop->first)
            stop->first = dot->order;
        stop->zone = (int)dot->zone;
        stop->dots++;
    }
    int count = 0;
    for (int z = 0; z < SMP_ZONE_COUNT; z++) {
        if (all[z].dots)
            stops[count++] = all[z];
    }
    qsort(stops, (size_t)count, sizeof *stops, by_first);
    return count;
}

static double draw_order(struct smp_page *page, struct smp_rect box, int session)
{
    struct stop stops[SMP_ZONE_COUNT];
    const int count = find_stops(stops, smp_of(page)->plan, session);
    double y = box.y;
    smp_text_line(page, box.x, y + 3, box.w, h2, "Order");
    y += 5.4;
    for (int i = 0; i < count; i++) {
        const struct smp_zone_total *zone = &smp_of(page)->plan->zones[stops[i].zone];
        smp_text_line(page, box.x, y + 2.9, 6,
                      (struct smp_type){ 8.2, SMP_SEMIBOLD, 0.07, SMP_LEFT },
                      smp_say(page, "%d", i + 1));
        smp_text_line(page, box.x + 6, y + 2.9, box.w - 20,
                      (struct smp_type){ 8.2, SMP_REGULAR, 0.07, SMP_LEFT },
                      smp_say(page, "%s, %s",
                              smp_upper_first(page, smp_zone_name((enum smp_zone)stops[i].zone)),
                              zone->needle ? zone->needle : "needle ?"));
        smp_text_line(page, box.x + box.w - 14, y + 2.9, 14,
                      (struct smp_type){ 8.2, SMP_REGULAR, 0.07, SMP_RIGHT },
                      smp_thousands(page, stops[i].dots));
        y += 4.5;
    }
    return y;
}

// ---- Facts and rules --------------------------------------------------------------------------

static double draw_today(struct smp_page *page, double x, double y, double w, int session)
{
    const struct smp_session_total *s = &smp_of(page)->plan->session[session - 1];
    const int minutes = (int)lround(s->minutes);
    const char *big[3] = { smp_thousands(page, s->dots),
                           smp_say(page, "%d:%02d", minutes / 60, minutes % 60),
                           smp_say(page, "%d", s->breaks) };
    const char *small[3] = { "dots", "h:min with breaks", "breaks" };
    const double widths[3] = { 0.38, 0.38, 0.24 };
    for (int i = 0; i < 3; i++) {
        smp_text_line(page, x, y + 5.4, w * widths[i] - 2,
                      (struct smp_type){ 16, SMP_SEMIBOLD, 0.07, SMP_LEFT }, big[i]);
        smp_text_line(page, x, y + 9.2, w * widths[i] - 2, note, small[i]);
        x += w * widths[i];
    }
    return y + 11;
}

static double draw_stop_rule(struct smp_page *page, double x, double y, double w)
{
    const char *text = "Pin-point blood: too deep. Lift, note the zone, go on 0.1 mm shallower. "
                       "Depth is a machine setting, not depth in skin.";
    const struct smp_type body = { 8, SMP_REGULAR, 0.07, SMP_LEFT };
    const double tall = smp_text_height(page, w - 6, body, text) + 8.6;
    smp_frame(page, (struct smp_rect){ x, y, w, tall }, 1, 0.4, 0.07);
    smp_text_line(page, x + 3, y + 4.7, w - 6,
                  (struct smp_type){ 8.2, SMP_SEMIBOLD, 0.07, SMP_LEFT }, "Stop rule");
    smp_text_box(page, x + 3, y + 6.2, w - 6, body, text);
    return y + tall;
}

// How many of today's dots come out of each bottle. Nothing where the plan has no recipe.
static double draw_bottles(struct smp_page *page, struct smp_rect box, int session)
{
    const struct smp_plan *plan = smp_of(page)->plan;
    const struct smp_plan_recipe *recipe = &plan->from->recipe;
    size_t dots[SMP_SHADES] = { 0 };
    const double need = 7.4 + 4.5 * (double)recipe->shade_count;
    if (recipe->shade_count == 0 || need > box.h)
        return box.y;
    for (size_t i = 0; i < plan->dot_count; i++)
        if (plan->dots[i].session == session && plan->dots[i].pigment < SMP_SHADES)
            dots[plan->dots[i].pigment]++;
    double y = box.y;
    smp_text_line(page, box.x, y + 3.4, box.w,
                  (struct smp_type){ 9.5, SMP_SEMIBOLD, 0.07, SMP_LEFT }, "Bottles, mixed");
    y += 5.4;
    for (size_t i = 0; i < recipe->shade_count; i++) {
        const double parts = recipe->shades[i].parts_water;
        const char *name = smp_upper_first(page, recipe->shades[i].name);
        smp_text_line(page, box.x, y + 2.9, box.w - 15,
                      (struct smp_type){ 8.2, SMP_REGULAR, 0.07, SMP_LEFT },
                      parts > 0 ? smp_say(page, "%s, 1 : %g", name, parts)
                                : smp_say(page, "%s, undiluted", name));
        smp_text_line(page, box.x + box.w - 14, y + 2.9, 14,
                      (struct smp_type){ 8.2, SMP_REGULAR, 0.07, SMP_RIGHT },
                      smp_thousands(page, dots[i]));
        y += 4.5;
    }
    return y;
}

// ---- Table ------------------------------------------------------------------------------------

enum { COLUMNS = 10 };

static void make_columns(struct smp_page *page, struct smp_column c[COLUMNS])
{
    const struct {
        const char *head;
        double w;
        enum smp_align align;
    } first[COLUMNS] = {
        { "No", 6, SMP_LEFT },           { "Zone", 0, SMP_LEFT },
        { "cm²", 12, SMP_RIGHT },        { "In skin before", 19, SMP_RIGHT },
        { "Set today", 18, SMP_RIGHT },  { "dots/cm² after", 25, SMP_RIGHT },
        { "Minutes", 14, SMP_RIGHT },    { "Needle", 21, SMP_LEFT },
        { "Setting, mm", 20, SMP_LEFT }, { "Done, initials", 21, SMP_LEFT },
    };
    double fixed = 0, x = SMP_MARGIN_MM;
    for (int i = 0; i < COLUMNS; i++)
        fixed += first[i].w;
    for (int i = 0; i < COLUMNS; i++) {
        const double w = i == 1 ? smp_page_inner_mm(page) - fixed : first[i].w;
        const double inset = i == 7 ? 3.5 : i == 9 ? 1.5 : 0;
        c[i] = (struct smp_column){ first[i].head, x + inset, w - inset - 1.5, first[i].align };
        x += w;
    }
}

static void table_row(struct smp_page *page, const struct smp_column *c, double y, int zone,
                      int session)
{
    const struct smp_plan *plan = smp_of(page)->plan;
    const struct smp_zone_total *z = &plan->zones[zone];
    size_t before = 0;
    for (int k = 1; k < session; k++)
        before += z->dots[k];
    const size_t today = z->dots[session];
    const double base = y + 3.9;
    smp_cell(page, &c[0], base, SMP_SEMIBOLD,
             smp_say(page, "%d", smp_of(page)->chart->number[zone]));
    smp_cell(page, &c[1], base, SMP_REGULAR,
             smp_upper_first(page, smp_zone_name((enum smp_zone)zone)));
    smp_cell(page, &c[2], base, SMP_REGULAR, smp_say(page, "%.1f", z->treated_cm2));
    smp_cell(page, &c[3], base, SMP_REGULAR, smp_thousands(page, before));
    smp_cell(page, &c[4], base, SMP_SEMIBOLD, smp_thousands(page, today));
    smp_cell(page, &c[5], base, SMP_REGULAR,
             z->treated_cm2 > 0 ? smp_say(page, "%.0f", (double)(before + today) / z->treated_cm2)
                                : "?");
    const double rate = plan->from->dots_per_min;
    smp_cell(page, &c[6], base, SMP_REGULAR,
             rate > 0 ? smp_whole_minutes(page, (double)today / rate) : "?");
    smp_cell(page, &c[7], base, SMP_REGULAR, z->needle ? z->needle : "?");
    smp_cell(page, &c[8], base, SMP_REGULAR,
             smp_say(page, "%.1f–%.1f", z->depth_setting_mm_low, z->depth_setting_mm_high));
}

static double draw_table(struct smp_page *page, double y, int session)
{
    struct smp_column c[COLUMNS];
    make_columns(page, c);
    const double left = SMP_MARGIN_MM, right = page->w_mm - left;
    const int rows = smp_of(page)->chart->zone_count;
    cairo_set_source_rgb(page->cr, 0.925, 0.925, 0.925);
    cairo_rectangle(page->cr, c[4].x + 1, y, c[4].w + 1.5, 4.6 + row_mm * (rows + 1));
    cairo_fill(page->cr);
    smp_table_head(page, c, COLUMNS, y + 3);
    y += 4.6;
    for (int z = 1; z < SMP_ZONE_COUNT; z++) {
        if (!smp_of(page)->chart->number[z])
            continue;
        smp_rule(page, left, y, right, 0.12, 0.73);
        table_row(page, c, y, z, session);
        smp_frame(page, (struct smp_rect){ c[9].x - 0.5, y, right - c[9].x + 0.5, row_mm }, 0, 0.2,
                  0.5);
        y += row_mm;
    }
    smp_rule(page, left, y, right, 0.4, 0.07);
    size_t before = 0;
    for (int k = 1; k < session; k++)
        before += smp_of(page)->plan->session[k - 1].dots;
    const double rate = smp_of(page)->plan->from->dots_per_min;
    const size_t today = smp_of(page)->plan->session[session - 1].dots;
    smp_cell(page, &c[1], y + 4, SMP_SEMIBOLD, "All");
    smp_cell(page, &c[3], y + 4, SMP_SEMIBOLD, smp_thousands(page, before));
    smp_cell(page, &c[4], y + 4, SMP_SEMIBOLD, smp_thousands(page, today));
    smp_cell(page, &c[6], y + 4, SMP_SEMIBOLD,
             rate > 0 ? smp_say(page, "%.0f", (double)today / rate) : "?");
    return y + row_mm;
}

// ---- Room to write ----------------------------------------------------------------------------

static double draw_fields(struct smp_page *page, double y)
{
    static const char *const names[2][4] = {
        { "Date", "Start, end", "Operator", "Initials" },
        { "Pigment, lot, expiry", "Dilution, water lot", "Needle lot, expiry",
          "Numbing: lot, %, g" },
    };
    const double gap = 4, w = (smp_page_inner_mm(page) - 3 * gap) / 4;
    for (int r = 0; r < 2; r++) {
        for (int i = 0; i < 4; i++) {
            const double x = SMP_MARGIN_MM + i * (w + gap);
            smp_text_line(page, x, y + 2.8, w, note, names[r][i]);
            smp_rule(page, x, y + 11, x + w, 0.3, 0.07);
        }
        y += 13;
    }
    return y;
}

static void draw_notes(struct smp_page *page, double y)
{
    const double bottom = smp_page_bottom_mm(page);
    if (bottom - y < 9)
        return;
    smp_text_line(page, SMP_MARGIN_MM, y + 2.8, smp_page_inner_mm(page), note,
                  "Notes: bleeding, skin that takes badly, changes to the plan");
    // the last line keeps off the rule at the foot of the page
    for (int i = 0; y + 10 + 7.5 * i <= bottom - 3.5; i++) {
        const double line = y + 10 + 7.5 * i;
        smp_rule(page, SMP_MARGIN_MM, line, page->w_mm - SMP_MARGIN_MM, 0.15, 0.6);
    }
}

void smp_draw_session(struct smp_page *page, int session)
{
    smp_page_begin(
        page, smp_say(page, "Work sheet, session %d of %d", session, smp_of(page)->plan->sessions),
        "Black: dots of this session. Grey: dots of earlier sessions.", false);
    const double left = SMP_MARGIN_MM, chart_w = 112;
    const char *legend = smp_chart_legend(page);
    const double legend_mm = smp_text_height(page, chart_w, note, legend) + 1.5;
    const double rest =
        legend_mm + 4.6 + row_mm * (smp_of(page)->chart->zone_count + 1) + 4 + 26 + 16 + 8;
    const double tall = fmin(112, smp_page_bottom_mm(page) - SMP_TOP_MM - rest);
    smp_chart_draw(page, (struct smp_rect){ left, SMP_TOP_MM, chart_w, tall }, session);
    smp_text_box(page, left, SMP_TOP_MM + tall + 0.5, chart_w, note, legend);
    const double x = left + chart_w + 6, w = page->w_mm - left - x;
    double y = draw_today(page, x, SMP_TOP_MM, w, session) + 3;
    y = draw_order(page, (struct smp_rect){ x, y, w, 0 }, session) + 3;
    y = draw_stop_rule(page, x, y, w) + 4;
    y = draw_bottles(page, (struct smp_rect){ x, y, w, SMP_TOP_MM + tall + legend_mm - y },
                     session);
    y = fmax(y, SMP_TOP_MM + tall + legend_mm) + 3;
    y = draw_table(page, y, session) + 4;
    y = draw_fields(page, y);
    smp_page_check(page, y);
    draw_notes(page, y + 1);
    smp_page_end(page);
}
