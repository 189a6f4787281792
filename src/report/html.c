// A document as one page of HTML that needs nothing else: no script, no network, pictures in it.
#include "report/report_impl.h"

#include <math.h>
#include <string.h>

static void put_span(struct smp_buffer *out, const char *text, size_t length)
{
    for (const char *c = text; c < text + length; c++) {
        const unsigned char byte = (unsigned char)*c;
        if (*c == '&')
            smp_buffer_text(out, "&amp;");
        else if (*c == '<')
            smp_buffer_text(out, "&lt;");
        else if (*c == '>')
            smp_buffer_text(out, "&gt;");
        else if (*c == '"')
            smp_buffer_text(out, "&quot;");
        else if (*c == '\'')
            smp_buffer_text(out, "&#39;");
        else if (byte < 32 || byte == 127)
            smp_buffer_text(out, " ");
        else
            smp_buffer_add(out, c, 1);
    }
}

void smp_html_text(struct smp_buffer *out, const char *text)
{
    put_span(out, text, strlen(text));
}

// <name class="…">text</name>
static void element(struct smp_buffer *out, const char *name, const char *kind, const char *text)
{
    smp_buffer_print(out, kind ? "<%s class=\"%s\">" : "<%s>", name, kind);
    smp_html_text(out, text);
    smp_buffer_print(out, "</%s>\n", name);
}

// ---- Tables -----------------------------------------------------------------------------------

void smp_html_lines(struct smp_buffer *out, const char *text, const char *before, const char *after)
{
    for (const char *line = text; line;) {
        const char *end = strchr(line, '\n');
        smp_buffer_text(out, before);
        put_span(out, line, end ? (size_t)(end - line) : strlen(line));
        smp_buffer_text(out, after);
        line = end ? end + 1 : NULL;
    }
}

// Lines of a cell, as a list where there are several.
static void put_lines(struct smp_buffer *out, const char *text)
{
    if (!strchr(text, '\n')) {
        smp_html_text(out, text);
        return;
    }
    smp_buffer_text(out, "<ul>");
    smp_html_lines(out, text, "<li>", "</li>");
    smp_buffer_text(out, "</ul>");
}

static void put_cell(struct smp_buffer *out, const struct smp_part_table *table, size_t row,
                     size_t column)
{
    const struct smp_part_column *c = &table->column[column];
    if (column == 0) {
        smp_buffer_text(out, "<tr><th scope=\"row\">");
    } else {
        smp_buffer_print(out, "<td%s", c->number ? " class=\"num\"" : "");
        if (table->columns > 2) { // for narrow screens, where rows are stacked
            smp_buffer_text(out, " data-head=\"");
            smp_html_text(out, c->head);
            smp_buffer_text(out, "\"");
        }
        smp_buffer_text(out, ">");
    }
    put_lines(out, table->cells[row * table->columns + column]);
    smp_buffer_text(out, column == 0 ? "</th>" : "</td>");
}

static void put_table(struct smp_buffer *out, const struct smp_part_table *table)
{
    smp_buffer_text(out, "<div class=\"scroll\"><table class=\"stack\">\n");
    element(out, "caption", NULL, table->caption);
    smp_buffer_text(out, "<thead><tr>");
    for (size_t c = 0; c < table->columns; c++) {
        smp_buffer_print(out, "<th scope=\"col\"%s style=\"width:%.0f%%\">",
                         table->column[c].number ? " class=\"num\"" : "",
                         100 * table->column[c].share);
        smp_html_text(out, table->column[c].head);
        smp_buffer_text(out, "</th>");
    }
    smp_buffer_text(out, "</tr></thead>\n<tbody>\n");
    for (size_t r = 0; r < table->rows; r++) {
        for (size_t c = 0; c < table->columns; c++)
            put_cell(out, table, r, c);
        smp_buffer_text(out, "</tr>\n");
    }
    smp_buffer_text(out, "</tbody></table></div>\n");
}

// ---- The page ---------------------------------------------------------------------------------

static void put_list(struct smp_buffer *out, const struct smp_part *part)
{
    if (part->count == 0)
        return;
    smp_buffer_text(out,
                    part->count > 12 ? "<ul class=\"points many\">\n" : "<ul class=\"points\">\n");
    for (size_t i = 0; i < part->count; i++)
        element(out, "li", NULL, part->items[i]);
    smp_buffer_text(out, "</ul>\n");
}

static void put_section(struct smp_buffer *out, const struct smp_part *part, bool first)
{
    if (!first)
        smp_buffer_text(out, "</section>\n");
    smp_buffer_print(out, "<section id=\"%s\" aria-labelledby=\"%s-h\">\n<h2 id=\"%s-h\">",
                     part->id, part->id, part->id);
    smp_html_text(out, part->text);
    smp_buffer_text(out, "</h2>\n");
}

static void put_part(struct smp_buffer *out, const struct smp_part *part, bool first)
{
    static const char *const voices[] = { NULL, "small", "care" };
    switch (part->kind) {
    case SMP_PART_SECTION:
        put_section(out, part, first);
        break;
    case SMP_PART_HEADING:
        element(out, "h3", NULL, part->text);
        break;
    case SMP_PART_TEXT:
        element(out, "p", voices[part->voice], part->text);
        break;
    case SMP_PART_LIST:
        put_list(out, part);
        break;
    case SMP_PART_TABLE:
        put_table(out, &part->as.table);
        break;
    case SMP_PART_GALLERY:
        smp_html_gallery(out, &part->as.gallery);
        break;
    case SMP_PART_PANELS:
        smp_html_panels(out, &part->as.panels);
        break;
    case SMP_PART_ICONS:
        smp_html_icons(out, &part->as.icons);
        break;
    case SMP_PART_BARS:
        smp_html_bars(out, &part->as.bars);
        break;
    }
}

static void put_head(struct smp_buffer *out, const struct smp_doc *doc)
{
    smp_buffer_text(
        out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<meta name=\"color-scheme\" content=\"light dark\">\n"
             "<meta name=\"referrer\" content=\"no-referrer\">\n"
             // whatever else may come to stand here, a browser loads nothing
             "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
             "img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'\">\n"
             "<title>");
    smp_html_text(out, doc->title);
    smp_buffer_text(out, ": ");
    smp_html_text(out, doc->client);
    smp_buffer_text(out, "</title>\n<style>\n");
    smp_buffer_text(out, smp_html_style);
    smp_buffer_text(out, "</style>\n</head>\n");
}

static void put_contents(struct smp_buffer *out, const struct smp_doc *doc)
{
    smp_buffer_text(out, "<nav aria-label=\"Contents\"><b>On this page</b>\n<ol>\n");
    for (size_t i = 0; i < doc->count; i++) {
        if (doc->parts[i].kind != SMP_PART_SECTION)
            continue;
        smp_buffer_print(out, "<li><a href=\"#%s\">", doc->parts[i].id);
        smp_html_text(out, doc->parts[i].text);
        smp_buffer_text(out, "</a></li>\n");
    }
    smp_buffer_text(out, "</ol></nav>\n</header>\n<main id=\"main\">\n");
}

enum smp_code smp_doc_html(struct smp_buffer *out, const struct smp_doc *doc, struct smp_err *err)
{
    put_head(out, doc);
    smp_buffer_text(out, "<body>\n<a class=\"skip\" href=\"#main\">Skip to content</a>\n"
                         "<div class=\"page\">\n<header>\n");
    element(out, "span", "stamp", doc->stamp);
    element(out, "h1", NULL, doc->title);
    element(out, "p", "lead", doc->subtitle);
    element(out, "p", "care", doc->disclaimer);
    smp_buffer_text(out, "<p class=\"made\">");
    smp_html_text(out, doc->client);
    smp_buffer_text(out, " · ");
    smp_html_text(out, doc->id);
    smp_buffer_text(out, " · ");
    smp_html_text(out, doc->made_by);
    smp_buffer_text(out, "</p>\n");
    put_contents(out, doc);
    bool first = true;
    for (size_t i = 0; i < doc->count; i++) {
        put_part(out, &doc->parts[i], first);
        first = first && doc->parts[i].kind != SMP_PART_SECTION;
    }
    smp_buffer_text(out, first ? "</main>\n<footer>\n" : "</section>\n</main>\n<footer>\n");
    element(out, "p", NULL, doc->disclaimer);
    element(out, "p", "made", doc->stamp);
    smp_buffer_text(out, "</footer>\n</div>\n</body>\n</html>\n");
    if (doc->failed || out->failed)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the page");
    return SMP_OK;
}
