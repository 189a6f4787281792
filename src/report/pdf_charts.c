// The charts of a document on paper: as in the page of HTML, one way and one colour for all.
#include "report/report_impl.h"

#include <math.h>

static const double text_w_mm = 165;
static const struct smp_type name_type = { 8.8, SMP_SEMIBOLD, 0.07, SMP_LEFT };
static const struct smp_type says_type = { 7.6, SMP_REGULAR, 0.2, SMP_LEFT };
static const struct smp_type axis_type = { 6.4, SMP_REGULAR, 0.33, SMP_LEFT };

// Okabe and Ito's colours (2008) in sRGB.
static void ink_data(cairo_t *cr)
{
    cairo_set_source_rgb(cr, 0, 0.447, 0.698);
}

static void caption(struct smp_flow *flow, const char *text, double next_mm)
{
    const struct smp_type style = { 8, SMP_REGULAR, 0.28, SMP_LEFT };
    const double h = smp_text_height(flow->page, text_w_mm, style, text);
    smp_flow_need(flow, h + 2 + next_mm);
    smp_text_box(flow->page, SMP_MARGIN_MM, flow->y, text_w_mm, style, text);
    flow->y += h + 2;
}

// A box for what there is no picture or number of, its words in it.
static void put_empty(struct smp_page *page, struct smp_rect box, const char *text)
{
    const double dashes[2] = { 1, 0.8 };
    cairo_set_dash(page->cr, dashes, 2, 0);
    smp_frame(page, box, 1, 0.2, 0.5);
    cairo_set_dash(page->cr, NULL, 0, 0);
    const double h = smp_text_height(page, box.w - 4, says_type, text);
    smp_text_box(page, box.x + 2, box.y + fmax(0.5, (box.h - h) / 2), box.w - 4, says_type, text);
}

// ---- Pictures ---------------------------------------------------------------------------------

static const double gap_mm = 4;

static void put_shot(struct smp_page *page, const struct smp_part_shot *shot, const char *head,
                     struct smp_rect box)
{
    if (shot->image)
        smp_picture_put(page, shot->image, box, 200);
    else
        put_empty(page, box, "No picture");
    smp_text_line(page, box.x, box.y + box.h + 4, box.w,
                  (struct smp_type){ 8, SMP_SEMIBOLD, 0.07, SMP_LEFT }, head);
    smp_text_box(page, box.x, box.y + box.h + 5, box.w, says_type, shot->says);
}

static void gallery_row(struct smp_flow *flow, const struct smp_part_gallery *gallery, size_t row,
                        struct smp_rect box)
{
    struct smp_page *page = flow->page;
    const struct smp_part_shot *shots = &gallery->shots[row * gallery->columns];
    const char *none = gallery->none[row];
    double words = none ? smp_text_height(page, text_w_mm, says_type, none) : 0;
    for (size_t c = 0; c < gallery->columns && !none; c++)
        words = fmax(words, smp_text_height(page, box.w, says_type, shots[c].says));
    const double tall = none ? 7 + words : 7 + box.h + 5 + words;
    if (!smp_flow_need(flow, tall) && row > 0)
        flow->y += 1.5;
    page->heading = 3;
    smp_text_line(page, SMP_MARGIN_MM, flow->y + 4, smp_page_inner_mm(page),
                  (struct smp_type){ 10.5, SMP_SEMIBOLD, 0.07, SMP_LEFT }, gallery->names[row]);
    page->heading = 0;
    if (none)
        smp_text_box(page, SMP_MARGIN_MM, flow->y + 6.5, text_w_mm, says_type, none);
    for (size_t c = 0; c < gallery->columns && !none; c++)
        put_shot(page, &shots[c], gallery->heads[c],
                 (struct smp_rect){ SMP_MARGIN_MM + (double)c * (box.w + gap_mm), flow->y + 6.5,
                                    box.w, box.h });
    flow->y += tall + 3;
    smp_page_check(page, flow->y - 3);
}

void smp_pdf_gallery(struct smp_flow *flow, const struct smp_part_gallery *gallery)
{
    const double columns = (double)gallery->columns;
    const double w = fmin(43.5, (smp_page_inner_mm(flow->page) - gap_mm * (columns - 1)) / columns);
    double ratio = 1.25;
    for (size_t i = 0; i < gallery->rows * gallery->columns; i++) {
        const struct smp_image *image = gallery->shots[i].image;
        if (image)
            ratio = (double)image->height_px / (double)image->width_px;
    }
    for (size_t r = 0; r < gallery->rows; r++)
        gallery_row(flow, gallery, r, (struct smp_rect){ 0, 0, w, w * ratio });
}

// ---- Small multiples --------------------------------------------------------------------------

struct panel {
    const struct smp_part_axis *axis;
    size_t years;
    struct smp_rect box; // of the plot
};

static double panel_x(const struct panel *p, double year)
{
    return p->box.x + p->box.w * year / (double)p->years;
}

static double panel_y(const struct panel *p, double value)
{
    return p->box.y + p->box.h * (1 - smp_clamp(value / p->axis->top, 0, 1));
}

static void put_axes(struct smp_page *page, const struct panel *p)
{
    const int steps = (int)lround(p->axis->top / p->axis->step);
    struct smp_type style = axis_type;
    for (int i = 0; i <= steps; i++) {
        const double value = p->axis->step * i, y = panel_y(p, value);
        smp_rule(page, p->box.x, y, p->box.x + p->box.w, 0.12, i ? 0.83 : 0.45);
        char number[32];
        smp_report_short(number, value);
        style.align = SMP_RIGHT;
        smp_text_line(page, p->box.x - 9.5, y + 0.8, 8.7, style, number);
    }
    style.align = SMP_CENTRE;
    const size_t step = p->years > 12 ? 10 : p->years > 4 ? 5 : 1;
    for (size_t year = 0; year <= p->years; year += step)
        smp_text_line(page, panel_x(p, (double)year) - 4, p->box.y + p->box.h + 2.9, 8, style,
                      smp_say(page, "%zu", year));
}

static void put_panel(struct smp_page *page, const struct panel *p, const struct smp_band *bands)
{
    cairo_t *cr = page->cr;
    put_axes(page, p);
    cairo_new_path(cr);
    for (size_t i = 0; i <= p->years; i++)
        cairo_line_to(cr, panel_x(p, (double)i), panel_y(p, bands[i].high));
    for (size_t i = p->years + 1; i-- > 0;)
        cairo_line_to(cr, panel_x(p, (double)i), panel_y(p, bands[i].low));
    cairo_close_path(cr);
    cairo_set_source_rgb(cr, 0.75, 0.86, 0.925); // no alpha: some printers make dots of it
    cairo_fill(cr);
    for (size_t i = 0; i <= p->years; i++)
        cairo_line_to(cr, panel_x(p, (double)i), panel_y(p, bands[i].median));
    ink_data(cr);
    cairo_set_line_width(cr, 0.5);
    cairo_stroke(cr);
}

static const double panel_name_mm = 36, panel_h_mm = 17;

static double panels_w(const struct smp_flow *flow, const struct smp_part_panels *panels)
{
    return (smp_page_inner_mm(flow->page) - panel_name_mm) / (double)panels->columns;
}

static void panels_head(struct smp_flow *flow, const struct smp_part_panels *panels)
{
    const double w = panels_w(flow, panels);
    for (size_t c = 0; c < panels->columns; c++)
        smp_text_line(flow->page, SMP_MARGIN_MM + panel_name_mm + (double)c * w, flow->y + 3, w - 3,
                      (struct smp_type){ 8, SMP_SEMIBOLD, 0.07, SMP_LEFT }, panels->axes[c].head);
    flow->y += 4.5;
    smp_rule(flow->page, SMP_MARGIN_MM, flow->y, flow->page->w_mm - SMP_MARGIN_MM, 0.3, 0.4);
    flow->y += 1.5;
}

static void panels_row(struct smp_flow *flow, const struct smp_part_panels *panels, size_t row)
{
    struct smp_page *page = flow->page;
    const double w = panels_w(flow, panels);
    const char *note = panels->notes[row];
    double words = 0;
    for (size_t c = 0; c < panels->columns && !note; c++)
        words = fmax(words, smp_text_height(page, w - 4, says_type,
                                            panels->says[row * panels->columns + c]));
    const double name_h = smp_text_height(page, panel_name_mm - 4, name_type, panels->names[row]);
    const double note_w = smp_page_inner_mm(page) - panel_name_mm;
    const double note_h = note ? smp_text_height(page, note_w - 4, says_type, note) + 3 : 0;
    const double tall = fmax(name_h, note ? note_h : panel_h_mm + 4 + words);
    if (smp_flow_need(flow, tall))
        panels_head(flow, panels);
    smp_text_box(page, SMP_MARGIN_MM, flow->y, panel_name_mm - 4, name_type, panels->names[row]);
    const double x0 = SMP_MARGIN_MM + panel_name_mm;
    if (note)
        put_empty(page, (struct smp_rect){ x0, flow->y, note_w, note_h }, note);
    for (size_t c = 0; c < panels->columns && !note; c++) {
        const double x = x0 + (double)c * w;
        const struct panel p = { &panels->axes[c],
                                 panels->years,
                                 { x + 9.5, flow->y + 1, w - 14, panel_h_mm - 1 } };
        put_panel(page, &p, &panels->bands[(row * panels->columns + c) * (panels->years + 1)]);
        smp_text_box(page, x, flow->y + panel_h_mm + 3.6, w - 4, says_type,
                     panels->says[row * panels->columns + c]);
    }
    flow->y += tall + 1.6;
    smp_page_check(page, flow->y - 1.6);
    smp_rule(page, SMP_MARGIN_MM, flow->y, page->w_mm - SMP_MARGIN_MM, 0.1, 0.75);
    flow->y += 1.6;
}

void smp_pdf_panels(struct smp_flow *flow, const struct smp_part_panels *panels)
{
    caption(flow, panels->caption, 40);
    panels_head(flow, panels);
    for (size_t r = 0; r < panels->rows; r++)
        panels_row(flow, panels, r);
    flow->y += 2;
}

// ---- Of 1,000 people --------------------------------------------------------------------------

enum { ACROSS = 50, DOWN = 20, HARM_COLUMNS = 3 };
static const double pitch_mm = 1.1, harm_w_mm = 62;

static void put_marks(struct smp_page *page, double x, double y, int from, int to)
{
    for (int row = from / ACROSS; row * ACROSS < to; row++) {
        const int first = row * ACROSS > from ? row * ACROSS : from;
        const int last = (row + 1) * ACROSS < to ? (row + 1) * ACROSS : to;
        const double at = y + (row + 0.5) * pitch_mm;
        if (last > first) {
            cairo_move_to(page->cr, x + (first - row * ACROSS) * pitch_mm + 0.15, at);
            cairo_line_to(page->cr, x + (last - row * ACROSS) * pitch_mm - 0.15, at);
        }
    }
    const double dashes[2] = { 0.8, pitch_mm - 0.8 };
    cairo_set_dash(page->cr, dashes, 2, 0);
    cairo_set_line_cap(page->cr, CAIRO_LINE_CAP_BUTT);
    cairo_set_line_width(page->cr, 0.8);
    cairo_stroke(page->cr);
}

static void put_array(struct smp_page *page, double x, double y, const struct smp_part_harm *harm)
{
    cairo_t *cr = page->cr;
    const double dots[2] = { 0, pitch_mm };
    for (int row = 0; row < DOWN; row++) {
        cairo_move_to(cr, x + pitch_mm / 2, y + (row + 0.5) * pitch_mm);
        cairo_line_to(cr, x + (ACROSS - 0.4) * pitch_mm, y + (row + 0.5) * pitch_mm);
    }
    cairo_set_dash(cr, dots, 2, 0);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_width(cr, 0.36);
    cairo_set_source_rgb(cr, 0.68, 0.68, 0.68);
    cairo_stroke(cr);
    const int mid = (int)lround(smp_clamp(harm->per_1000.median, 0, 1000));
    const int high = (int)lround(smp_clamp(harm->per_1000.high, 0, 1000));
    cairo_set_source_rgb(cr, 0.902, 0.624, 0);
    put_marks(page, x, y, mid, high);
    cairo_set_source_rgb(cr, 0.757, 0.29, 0);
    put_marks(page, x, y, 0, mid);
    cairo_set_dash(cr, NULL, 0, 0);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_BUTT);
}

static const char *harm_words(struct smp_page *page, const struct smp_part_harm *harm)
{
    return smp_say(page, "%s [%s]", harm->says, harm->source);
}

static double harm_height(struct smp_page *page, const struct smp_part_harm *harm)
{
    const double w = harm_w_mm - 7;
    return (harm->known ? DOWN * pitch_mm : 9) + 1.5 +
           smp_text_height(page, w, name_type, harm->what) +
           smp_text_height(page, w, says_type, harm_words(page, harm));
}

static void put_harm(struct smp_page *page, double x, double y, const struct smp_part_harm *harm)
{
    const double w = harm_w_mm - 7;
    if (harm->known)
        put_array(page, x, y, harm);
    else
        put_empty(page, (struct smp_rect){ x, y, w, 9 }, "No number known");
    y += (harm->known ? DOWN * pitch_mm : 9) + 1;
    y += smp_text_box(page, x, y, w, name_type, harm->what);
    smp_text_box(page, x, y, w, says_type, harm_words(page, harm));
}

static void harm_group(struct smp_flow *flow, const struct smp_part_icons *icons, size_t g)
{
    struct smp_page *page = flow->page;
    const size_t begin = icons->begin[g], end = icons->begin[g + 1];
    bool headed = false;
    for (size_t i = begin; i < end || !headed; i += HARM_COLUMNS) {
        double tall = begin == end ? 6 : 0;
        for (size_t k = i; k < end && k < i + HARM_COLUMNS; k++)
            tall = fmax(tall, harm_height(page, &icons->items[k]));
        smp_flow_need(flow, tall + (headed ? 0 : 7));
        if (!headed) {
            page->heading = 3;
            smp_text_line(page, SMP_MARGIN_MM, flow->y + 4, smp_page_inner_mm(page),
                          (struct smp_type){ 10.5, SMP_SEMIBOLD, 0.07, SMP_LEFT }, icons->names[g]);
            page->heading = 0;
            flow->y += 6.5;
            headed = true;
        }
        if (begin == end)
            smp_text_box(page, SMP_MARGIN_MM, flow->y, smp_page_inner_mm(page), says_type,
                         icons->none[g]);
        for (size_t k = i; k < end && k < i + HARM_COLUMNS; k++)
            put_harm(page, SMP_MARGIN_MM + (double)(k - i) * harm_w_mm, flow->y, &icons->items[k]);
        flow->y += tall + 3;
        smp_page_check(page, flow->y - 3);
    }
}

void smp_pdf_icons(struct smp_flow *flow, const struct smp_part_icons *icons)
{
    for (size_t g = 0; g < icons->groups; g++)
        harm_group(flow, icons, g);
}

// ---- Bars -------------------------------------------------------------------------------------

static const double bar_name_mm = 62, bar_w_mm = 50;

static double bar_x(const struct smp_part_bars *bars, double value)
{
    const double share = smp_clamp((value - bars->from) / (bars->to - bars->from), 0, 1);
    return SMP_MARGIN_MM + bar_name_mm + bar_w_mm * share;
}

static void bars_head(struct smp_flow *flow, const struct smp_part_bars *bars)
{
    struct smp_page *page = flow->page;
    const struct smp_type style = { 7.8, SMP_SEMIBOLD, 0.2, SMP_LEFT };
    const double x = SMP_MARGIN_MM + bar_name_mm;
    char number[32];
    smp_text_line(page, SMP_MARGIN_MM, flow->y + 3, bar_name_mm - 3, style, bars->name_head);
    smp_text_line(page, x, flow->y + 3, bar_w_mm, style, bars->axis);
    smp_text_line(page, x + bar_w_mm + 5, flow->y + 3, 60, style, bars->says_head);
    smp_report_short(number, bars->from);
    smp_text_line(page, x, flow->y + 6.4, 12, axis_type, number);
    smp_report_short(number, bars->to);
    struct smp_type right = axis_type;
    right.align = SMP_RIGHT;
    smp_text_line(page, x + bar_w_mm - 12, flow->y + 6.4, 12, right, number);
    flow->y += 7.5;
    smp_rule(page, SMP_MARGIN_MM, flow->y, page->w_mm - SMP_MARGIN_MM, 0.3, 0.4);
    flow->y += 1.2;
}

static void tick(struct smp_page *page, double x, double y, double h)
{
    cairo_set_source_rgb(page->cr, 0.07, 0.07, 0.07);
    cairo_rectangle(page->cr, x - 0.2, y, 0.4, h);
    cairo_fill(page->cr);
}

static void bars_row(struct smp_flow *flow, const struct smp_part_bars *bars,
                     const struct smp_part_bar *bar)
{
    struct smp_page *page = flow->page;
    const double says_w = smp_page_inner_mm(page) - bar_name_mm - bar_w_mm - 5;
    const double tall = fmax(fmax(smp_text_height(page, bar_name_mm - 4, name_type, bar->name),
                                  smp_text_height(page, says_w, says_type, bar->says)),
                             4);
    if (smp_flow_need(flow, tall + 1))
        bars_head(flow, bars);
    smp_text_box(page, SMP_MARGIN_MM, flow->y, bar_name_mm - 4, name_type, bar->name);
    if (!isnan(bar->at.low)) {
        const double x0 = bar_x(bars, bar->at.low), x1 = bar_x(bars, bar->at.high);
        ink_data(page->cr);
        cairo_rectangle(page->cr, x0, flow->y + 0.6, fmax(x1 - x0, 0.4), 2.6);
        cairo_fill(page->cr);
    }
    if (bar->tick)
        tick(page, bar_x(bars, bar->at.median), flow->y + 0.1, 3.6);
    if (!isnan(bars->mark))
        tick(page, bar_x(bars, bars->mark), flow->y - 0.8, tall + 1.6);
    smp_text_box(page, SMP_MARGIN_MM + bar_name_mm + bar_w_mm + 5, flow->y, says_w, says_type,
                 bar->says);
    flow->y += tall + 1;
    smp_rule(page, SMP_MARGIN_MM, flow->y, page->w_mm - SMP_MARGIN_MM, 0.1, 0.75);
    flow->y += 1.2;
}

void smp_pdf_bars(struct smp_flow *flow, const struct smp_part_bars *bars)
{
    caption(flow, bars->caption, 24);
    bars_head(flow, bars);
    for (size_t i = 0; i < bars->rows; i++)
        bars_row(flow, bars, &bars->bars[i]);
    flow->y += 2;
}
