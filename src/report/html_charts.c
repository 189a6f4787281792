// Charts as SVG in the page: every option is drawn in one way and one colour, on one axis.
#include "report/report_impl.h"

#include <math.h>
#include <stdio.h>

// ---- Pictures ---------------------------------------------------------------------------------

static void put_base64(struct smp_buffer *out, struct smp_bytes bytes)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < bytes.length; i += 3) {
        const size_t left = bytes.length - i;
        const uint32_t b = left > 1 ? bytes.data[i + 1] : 0, c = left > 2 ? bytes.data[i + 2] : 0;
        const uint32_t word = (uint32_t)bytes.data[i] << 16 | b << 8 | c;
        const char four[4] = { letters[word >> 18], letters[word >> 12 & 63],
                               left > 1 ? letters[word >> 6 & 63] : '=',
                               left > 2 ? letters[word & 63] : '=' };
        smp_buffer_add(out, four, 4);
    }
}

static void put_shot(struct smp_buffer *out, const struct smp_part_shot *shot, const char *name,
                     const char *head)
{
    smp_buffer_text(out, "<figure>");
    if (shot->jpeg.length) {
        smp_buffer_print(out, "<img width=\"%zu\" height=\"%zu\" alt=\"", shot->image->width_px,
                         shot->image->height_px);
        smp_html_text(out, name);
        smp_buffer_text(out, ". ");
        smp_html_text(out, head);
        smp_buffer_text(out, ": ");
        smp_html_text(out, shot->says);
        smp_buffer_text(out, "\" src=\"data:image/jpeg;base64,");
        put_base64(out, shot->jpeg);
        smp_buffer_text(out, "\">");
    } else {
        smp_buffer_text(out, "<div class=\"empty\">No picture</div>");
    }
    smp_buffer_text(out, "<figcaption><b>");
    smp_html_text(out, head);
    smp_buffer_text(out, "</b>");
    smp_html_text(out, shot->says);
    smp_buffer_text(out, "</figcaption></figure>\n");
}

void smp_html_gallery(struct smp_buffer *out, const struct smp_part_gallery *gallery)
{
    for (size_t r = 0; r < gallery->rows; r++) {
        smp_buffer_text(out, "<h3>");
        smp_html_text(out, gallery->names[r]);
        smp_buffer_text(out, "</h3>\n");
        if (gallery->none[r]) {
            smp_buffer_text(out, "<p>");
            smp_html_text(out, gallery->none[r]);
            smp_buffer_text(out, "</p>\n");
            continue;
        }
        smp_buffer_text(out, "<div class=\"shots\">\n");
        for (size_t c = 0; c < gallery->columns; c++)
            put_shot(out, &gallery->shots[r * gallery->columns + c], gallery->names[r],
                     gallery->heads[c]);
        smp_buffer_text(out, "</div>\n");
    }
}

// ---- Small multiples --------------------------------------------------------------------------

enum { PANEL_W = 300, PANEL_H = 104, LEFT = 44, RIGHT = 8, TOP = 8, FOOT = 18 };

struct panel {
    const struct smp_part_axis *axis;
    size_t years;
};

static double panel_x(const struct panel *p, double year)
{
    return LEFT + (PANEL_W - LEFT - RIGHT) * year / (double)p->years;
}

static double panel_y(const struct panel *p, double value)
{
    const double share = smp_clamp(value / p->axis->top, 0, 1);
    return PANEL_H - FOOT - (PANEL_H - FOOT - TOP) * share;
}

static void put_xy(struct smp_buffer *out, const char *before, double x, double y)
{
    smp_buffer_text(out, before);
    smp_buffer_fixed(out, x, 1);
    smp_buffer_text(out, " ");
    smp_buffer_fixed(out, y, 1);
}

static void put_axes(struct smp_buffer *out, const struct panel *p)
{
    const int steps = (int)lround(p->axis->top / p->axis->step);
    for (int i = 0; i <= steps; i++) {
        const double value = p->axis->step * i, y = panel_y(p, value);
        put_xy(out, i ? "<path class=\"grid\" d=\"M" : "<path class=\"base\" d=\"M", LEFT, y);
        smp_buffer_print(out, "H%d\"/><text x=\"%d\" y=\"", PANEL_W - RIGHT, LEFT - 6);
        smp_buffer_fixed(out, y + 4, 1);
        char number[32];
        smp_report_short(number, value);
        smp_buffer_print(out, "\" text-anchor=\"end\">%s</text>", number);
    }
    const size_t step = p->years > 12 ? 10 : p->years > 4 ? 5 : 1;
    for (size_t year = 0; year <= p->years; year += step) {
        smp_buffer_text(out, "<text text-anchor=\"middle\" x=\"");
        smp_buffer_fixed(out, panel_x(p, (double)year), 1);
        smp_buffer_print(out, "\" y=\"%d\">%zu</text>", PANEL_H - 4, year);
    }
}

static void put_panel(struct smp_buffer *out, const struct panel *p, const struct smp_band *bands)
{
    smp_buffer_print(out, "<svg viewBox=\"0 0 %d %d\" aria-hidden=\"true\">", PANEL_W, PANEL_H);
    put_axes(out, p);
    for (size_t i = 0; i <= p->years; i++)
        put_xy(out, i ? "L" : "<path class=\"band\" d=\"M", panel_x(p, (double)i),
               panel_y(p, bands[i].high));
    for (size_t i = p->years + 1; i-- > 0;)
        put_xy(out, "L", panel_x(p, (double)i), panel_y(p, bands[i].low));
    smp_buffer_text(out, "Z\"/>");
    for (size_t i = 0; i <= p->years; i++)
        put_xy(out, i ? "L" : "<path class=\"mid\" d=\"M", panel_x(p, (double)i),
               panel_y(p, bands[i].median));
    smp_buffer_text(out, "\"/></svg>");
}

void smp_html_panels(struct smp_buffer *out, const struct smp_part_panels *panels)
{
    smp_buffer_text(out, "<table class=\"panels\">\n<caption>");
    smp_html_text(out, panels->caption);
    smp_buffer_text(out, "</caption>\n<thead><tr><th scope=\"col\">Option</th>");
    for (size_t c = 0; c < panels->columns; c++) {
        smp_buffer_text(out, "<th scope=\"col\">");
        smp_html_text(out, panels->axes[c].head);
        smp_buffer_text(out, "</th>");
    }
    smp_buffer_text(out, "</tr></thead>\n<tbody>\n");
    for (size_t r = 0; r < panels->rows; r++) {
        smp_buffer_text(out, "<tr><th scope=\"row\">");
        smp_html_text(out, panels->names[r]);
        if (panels->notes[r]) {
            smp_buffer_text(out, "</th><td colspan=\"3\"><div class=\"empty\">");
            smp_html_text(out, panels->notes[r]);
            smp_buffer_text(out, "</div></td></tr>\n");
            continue;
        }
        smp_buffer_text(out, "</th>");
        for (size_t c = 0; c < panels->columns; c++) {
            const struct panel p = { &panels->axes[c], panels->years };
            smp_buffer_text(out, "<td data-head=\"");
            smp_html_text(out, panels->axes[c].head);
            smp_buffer_text(out, "\">");
            put_panel(out, &p, &panels->bands[(r * panels->columns + c) * (panels->years + 1)]);
            smp_buffer_text(out, "<span class=\"says\">");
            smp_html_lines(out, panels->says[r * panels->columns + c], "", "<br>");
            smp_buffer_text(out, "</span></td>");
        }
        smp_buffer_text(out, "</tr>\n");
    }
    smp_buffer_text(out, "</tbody></table>\n");
}

// ---- Of 1,000 people --------------------------------------------------------------------------

enum { ACROSS = 50, DOWN = 20, PITCH = 5 };

// Marks from one number to another, row by row.
static void put_marks(struct smp_buffer *out, const char *kind, int from, int to)
{
    if (to <= from)
        return;
    smp_buffer_print(out, "<path class=\"%s\" stroke-dasharray=\"3.8 1.2\" d=\"", kind);
    for (int row = from / ACROSS; row * ACROSS < to; row++) {
        const int first = row * ACROSS > from ? row * ACROSS : from;
        const int last = (row + 1) * ACROSS < to ? (row + 1) * ACROSS : to;
        put_xy(out, "M", (first - row * ACROSS) * PITCH + 0.6, row * PITCH + 2.5);
        smp_buffer_print(out, "h%d", (last - first) * PITCH - 1);
    }
    smp_buffer_text(out, "\"/>");
}

static void put_array(struct smp_buffer *out, const struct smp_part_harm *harm)
{
    smp_buffer_print(out, "<svg viewBox=\"0 0 %d %d\" aria-hidden=\"true\">", ACROSS * PITCH,
                     DOWN * PITCH);
    smp_buffer_text(out, "<path class=\"off\" stroke-dasharray=\"0 5\" d=\"");
    for (int row = 0; row < DOWN; row++)
        smp_buffer_print(out, "M2.5 %.1fh%d", row * PITCH + 2.5, (ACROSS - 1) * PITCH + 1);
    smp_buffer_text(out, "\"/>");
    const int mid = (int)lround(smp_clamp(harm->per_1000.median, 0, 1000));
    const int high = (int)lround(smp_clamp(harm->per_1000.high, 0, 1000));
    put_marks(out, "most", mid, high);
    put_marks(out, "on", 0, mid);
    smp_buffer_text(out, "</svg>");
}

static void put_harm(struct smp_buffer *out, const struct smp_part_harm *harm)
{
    smp_buffer_text(out, "<figure>");
    if (harm->known)
        put_array(out, harm);
    else
        smp_buffer_text(out, "<div class=\"empty\">No number known</div>");
    smp_buffer_text(out, "<figcaption><b>");
    smp_html_text(out, harm->what);
    smp_buffer_text(out, "</b>");
    smp_html_text(out, harm->says);
    smp_buffer_print(out, " <span class=\"tag%s\">", harm->weak ? " weak" : "");
    smp_html_text(out, harm->source);
    smp_buffer_text(out, "</span></figcaption></figure>\n");
}

void smp_html_icons(struct smp_buffer *out, const struct smp_part_icons *icons)
{
    for (size_t g = 0; g < icons->groups; g++) {
        smp_buffer_text(out, "<h3>");
        smp_html_text(out, icons->names[g]);
        smp_buffer_text(out, "</h3>\n");
        if (icons->begin[g] == icons->begin[g + 1]) {
            smp_buffer_text(out, "<p>");
            smp_html_text(out, icons->none[g]);
            smp_buffer_text(out, "</p>\n");
            continue;
        }
        smp_buffer_text(out, "<div class=\"harms\">\n");
        for (size_t i = icons->begin[g]; i < icons->begin[g + 1]; i++)
            put_harm(out, &icons->items[i]);
        smp_buffer_text(out, "</div>\n");
    }
}

// ---- Bars -------------------------------------------------------------------------------------

static double bar_x(const struct smp_part_bars *bars, double value)
{
    return 1000 * smp_clamp((value - bars->from) / (bars->to - bars->from), 0, 1);
}

static void put_bar(struct smp_buffer *out, const struct smp_part_bars *bars,
                    const struct smp_part_bar *bar)
{
    if (isnan(bar->at.low)) // nothing to show
        return;
    const double x0 = bar_x(bars, bar->at.low), x1 = bar_x(bars, bar->at.high);
    const double w = fmax(x1 - x0, 6);
    smp_buffer_text(out, "<svg viewBox=\"0 0 1000 18\" preserveAspectRatio=\"none\" "
                         "aria-hidden=\"true\"><path class=\"grid\" d=\"M0 17.5H1000\"/>"
                         "<rect class=\"bar\" y=\"3\" height=\"12\" x=\"");
    smp_buffer_fixed(out, fmin(x0, 1000 - w), 1);
    smp_buffer_text(out, "\" width=\"");
    smp_buffer_fixed(out, w, 1);
    smp_buffer_text(out, "\"/>");
    const double at[2] = { bar->tick ? bar->at.median : (double)NAN, bars->mark };
    for (int i = 0; i < 2; i++) {
        if (isnan(at[i]))
            continue;
        smp_buffer_text(out, "<path class=\"tick\" vector-effect=\"non-scaling-stroke\" d=\"M");
        smp_buffer_fixed(out, bar_x(bars, at[i]), 1);
        smp_buffer_text(out, " 0V18\"/>");
    }
    smp_buffer_text(out, "</svg>");
}

void smp_html_bars(struct smp_buffer *out, const struct smp_part_bars *bars)
{
    char from[32], to[32];
    smp_report_short(from, bars->from);
    smp_report_short(to, bars->to);
    smp_buffer_text(out, "<div class=\"scroll\"><table class=\"bars stack\">\n<caption>");
    smp_html_text(out, bars->caption);
    smp_buffer_text(out, "</caption>\n<thead><tr><th scope=\"col\">");
    smp_html_text(out, bars->name_head);
    smp_buffer_text(out, "</th><th scope=\"col\">");
    smp_html_text(out, bars->axis);
    smp_buffer_print(out, "<span class=\"ends\"><span>%s</span><span>%s</span></span></th>", from,
                     to);
    smp_buffer_text(out, "<th scope=\"col\">");
    smp_html_text(out, bars->says_head);
    smp_buffer_text(out, "</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < bars->rows; i++) {
        smp_buffer_text(out, "<tr><th scope=\"row\">");
        smp_html_text(out, bars->bars[i].name);
        smp_buffer_text(out, "</th><td class=\"b\">");
        put_bar(out, bars, &bars->bars[i]);
        smp_buffer_text(out, "</td><td>");
        smp_html_text(out, bars->bars[i].says);
        smp_buffer_text(out, "</td></tr>\n");
    }
    smp_buffer_text(out, "</tbody></table></div>\n");
}
