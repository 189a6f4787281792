// A calendar as a strip: one row a line, a bar a session; dark where all sources agree, pale where
// some do. The axis is stretched at the start, log(1 + days), so that days and years go on one
// page.
#include "recovery/recovery_impl.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const double width = 1200, label_width = 450, margin = 20, row = 19, top = 64;
enum { LABEL_MAX = 66 };

// By kind. Told apart by hue for most eyes (Okabe and Ito 2008), and by the row's first word.
static const char *const dark[] = { "#0072b2", "#d55e00", "#009e73", "#6b4c8a" };
static const char *const pale[] = { "#a3cbe4", "#f2c4a6", "#a3d9c7", "#c9bcd8" };

static double x_of(const struct smp_calendar *calendar, double day)
{
    const double span = log1p(calendar->last - calendar->first + 1);
    const double days = smp_clamp(day, 0, calendar->last - calendar->first + 1);
    return label_width + (width - label_width - margin) * log1p(days) / span;
}

static void put_number(struct smp_buffer *out, const char *name, double value)
{
    smp_buffer_print(out, " %s=\"", name);
    smp_buffer_fixed(out, value, 1);
    smp_buffer_text(out, "\"");
}

static void put_text(struct smp_buffer *out, double x, double y, const char *style,
                     const char *text)
{
    smp_buffer_text(out, "<text");
    put_number(out, "x", x);
    put_number(out, "y", y);
    smp_buffer_print(out, "%s>", style);
    smp_buffer_xml(out, text);
    smp_buffer_text(out, "</text>\n");
}

static void put_bar(struct smp_buffer *out, const struct smp_calendar *calendar, const int days[2],
                    double y, const char *colour)
{
    const double x0 = x_of(calendar, days[0] - calendar->first);
    const double x1 =
        days[1] == INT_MAX ? width - margin : x_of(calendar, days[1] + 1 - calendar->first);
    smp_buffer_text(out, "<rect");
    put_number(out, "x", x0);
    put_number(out, "y", y - 12);
    put_number(out, "width", fmax(x1 - x0, 1));
    smp_buffer_print(out, " height=\"14\" fill=\"%s\"/>\n", colour);
}

// The first sentence, cut at a word where it is long.
static void short_label(char text[128], const struct smp_recovery_line *line)
{
    char whole[128];
    const size_t sentence = strcspn(line->what, ".:;");
    snprintf(whole, sizeof whole, "%s: %.*s", smp_recovery_kind_names[line->kind],
             (int)(sentence < 100 ? sentence : 100), line->what);
    size_t end = strlen(whole);
    if (end > LABEL_MAX) {
        end = LABEL_MAX;
        while (end > 0 && whole[end] != ' ')
            end--;
    }
    snprintf(text, 128, "%.*s%s", (int)end, whole, end < strlen(whole) ? " …" : "");
}

static bool first_of_line(const struct smp_calendar *calendar, size_t index)
{
    for (size_t k = 0; k < index; k++) {
        if (calendar->entries[k].line == calendar->entries[index].line)
            return false;
    }
    return true;
}

static void put_row(struct smp_buffer *out, const struct smp_calendar *calendar, size_t index,
                    double y)
{
    const struct smp_recovery_line *line = calendar->entries[index].line;
    char label[128];
    short_label(label, line);
    smp_buffer_text(out, "<g><title>");
    smp_buffer_xml(out, line->what);
    smp_buffer_text(out, " (");
    smp_buffer_xml(out, line->source);
    smp_buffer_print(out, "; grade %c)</title>\n", line->grade);
    put_text(out, margin + 12, y, " font-size=\"12\"", label);
    for (int pass = 0; pass < 2; pass++) { // what is sure lies over what is not
        for (size_t k = index; k < calendar->count; k++) {
            const struct smp_calendar_entry *entry = &calendar->entries[k];
            const int widest[] = { entry->from[0], entry->until[1] };
            const int sure[] = { entry->from[1], entry->until[0] };
            if (entry->line != line)
                continue;
            if (pass == 0)
                put_bar(out, calendar, widest, y, pale[line->kind]);
            else if (sure[0] <= sure[1])
                put_bar(out, calendar, sure, y, dark[line->kind]);
        }
    }
    smp_buffer_text(out, "</g>\n");
}

static void put_axis(struct smp_buffer *out, const struct smp_calendar *calendar, double bottom)
{
    static const struct {
        int day;
        const char *text;
    } ticks[] = { { 0, "day 0" },    { 1, "1" },         { 3, "3" },         { 7, "7" },
                  { 14, "14" },      { 30, "30 days" },  { 91, "3 months" }, { 183, "6" },
                  { 365, "1 year" }, { 730, "2 years" }, { 1826, "5" } };
    for (size_t i = 0; i < sizeof ticks / sizeof *ticks; i++) {
        if (ticks[i].day > calendar->last - calendar->first)
            break;
        const double x = x_of(calendar, ticks[i].day);
        smp_buffer_text(out, "<line");
        put_number(out, "x1", x);
        put_number(out, "x2", x);
        put_number(out, "y1", top - 8);
        put_number(out, "y2", bottom);
        smp_buffer_text(out, " stroke=\"#bbb\" stroke-width=\"0.7\"/>\n");
        put_text(out, x + 2, top - 10, " font-size=\"11\" fill=\"#333\"", ticks[i].text);
    }
}

static double height_of(const struct smp_calendar *calendar)
{
    size_t rows = 0;
    for (size_t i = 0; i < calendar->count; i++)
        rows += first_of_line(calendar, i);
    return top + row * ((double)rows + 1.5 * (double)calendar->choice_count) + 3.2 * row;
}

static void put_head(struct smp_buffer *out, const struct smp_calendar *calendar, double height)
{
    char title[300], from[16];
    const struct smp_date first = smp_date_of(calendar->first);
    smp_date_print(from, &first);
    snprintf(title, sizeof title, "Recovery from %s%s%.200s", from, *calendar->title ? ": " : "",
             calendar->title);
    smp_buffer_print(out,
                     "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" "
                     "viewBox=\"0 0 %.0f %.0f\" font-family=\"Inter, DejaVu Sans, sans-serif\" "
                     "role=\"img\">\n<title>",
                     width, height, width, height);
    smp_buffer_xml(out, title);
    smp_buffer_text(out, "</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
    put_text(out, margin, 26, " font-size=\"17\" font-weight=\"600\"", title);
}

void smp_calendar_svg(struct smp_buffer *out, const struct smp_calendar *calendar)
{
    const double height = height_of(calendar);
    double y = top + row;
    put_head(out, calendar, height);
    put_axis(out, calendar, height - 3 * row);
    for (size_t c = 0; c < calendar->choice_count; c++) {
        put_text(out, margin, y, " font-size=\"13\" font-weight=\"600\"",
                 smp_choice_words[calendar->choices[c]]);
        y += row;
        for (size_t i = 0; i < calendar->count; i++) {
            if (calendar->entries[i].line->choice != calendar->choices[c] ||
                !first_of_line(calendar, i))
                continue;
            put_row(out, calendar, i, y);
            y += row;
        }
        y += 0.5 * row;
    }
    put_text(
        out, margin, height - 1.7 * row, " font-size=\"11\" fill=\"#333\"",
        "Dark: all sources agree. Pale: some of them. The axis is stretched at the start: later "
        "days are drawn narrower. A bar that reaches the right edge may go on.");
    put_text(out, margin, height - 0.7 * row, " font-size=\"11\" fill=\"#333\"", SMP_RECOVERY_NOTE);
    smp_buffer_text(out, "</svg>\n");
}
