// A document as A4 pages: parts flow from top to bottom; a row, a picture and a heading with what
// follows it are never parted.
#include "report/report_impl.h"

#include <cairo-pdf.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct smp_type h2 = { 14, SMP_SEMIBOLD, 0.07, SMP_LEFT };
static const struct smp_type h3 = { 10.5, SMP_SEMIBOLD, 0.07, SMP_LEFT };
static const struct smp_type body = { 9.2, SMP_REGULAR, 0.1, SMP_LEFT };
static const struct smp_type small = { 8, SMP_REGULAR, 0.28, SMP_LEFT };
static const double text_w_mm = 165; // a line that the eye can follow

// ---- The flow ---------------------------------------------------------------------------------

static void begin_page(struct smp_flow *flow)
{
    smp_page_begin(flow->page, flow->doc->title, flow->section, false);
    flow->y = SMP_TOP_MM;
}

bool smp_flow_need(struct smp_flow *flow, double height_mm)
{
    if (flow->y + height_mm <= smp_page_bottom_mm(flow->page))
        return false;
    if (flow->y <= SMP_TOP_MM) // taller than a page: drawn all the same, and told of
        return false;
    smp_page_end(flow->page);
    begin_page(flow);
    return true;
}

// ---- Texts ------------------------------------------------------------------------------------

// What must at least stand on the page of a heading: the texts after it, and the head of what they
// speak of.
static double head_of(const struct smp_doc *doc, size_t i)
{
    double texts = 0;
    for (; i < doc->count && doc->parts[i].kind == SMP_PART_TEXT; i++)
        texts += 14;
    if (i == doc->count)
        return texts;
    switch (doc->parts[i].kind) {
    case SMP_PART_GALLERY:
        return texts + 78;
    case SMP_PART_PANELS:
        return texts + 48;
    case SMP_PART_ICONS:
        return texts + 50;
    case SMP_PART_TABLE:
    case SMP_PART_BARS:
        return texts + 34;
    case SMP_PART_LIST:
        return texts + 8;
    default:
        return texts + 2;
    }
}

static void put_section(struct smp_flow *flow, const struct smp_part *part, double next_mm)
{
    struct smp_page *page = flow->page;
    flow->section = part->text;
    const double gap = flow->y > SMP_TOP_MM ? 7 : 0;
    if (!smp_flow_need(flow, gap + 10 + next_mm))
        flow->y += gap;
    char target[80];
    // from the top of the page, in points, and so in the C locale's digits only
    snprintf(target, sizeof target, "page=%d pos=[0 %d]", page->number, (int)(flow->y / 25.4 * 72));
    cairo_pdf_surface_add_outline(page->surface, CAIRO_PDF_OUTLINE_ROOT, part->text, target, 0);
    page->heading = 2;
    smp_text_line(page, SMP_MARGIN_MM, flow->y + 5, smp_page_inner_mm(page), h2, part->text);
    page->heading = 0;
    flow->y += 8.5;
}

static void put_heading(struct smp_flow *flow, const char *text, double next_mm)
{
    struct smp_page *page = flow->page;
    if (!smp_flow_need(flow, 9 + next_mm))
        flow->y += 2.5;
    page->heading = 3;
    smp_text_line(page, SMP_MARGIN_MM, flow->y + 4, smp_page_inner_mm(page), h3, text);
    page->heading = 0;
    flow->y += 6.5;
}

static void put_text(struct smp_flow *flow, enum smp_voice voice, const char *text)
{
    struct smp_page *page = flow->page;
    const struct smp_type style = voice == SMP_VOICE_NOTE ? small : body;
    const double inset = voice == SMP_VOICE_CARE ? 4 : 0, pad = voice == SMP_VOICE_CARE ? 1.5 : 0;
    const double h = smp_text_height(page, text_w_mm - inset, style, text) + 2 * pad;
    smp_flow_need(flow, h);
    if (voice == SMP_VOICE_CARE) {
        cairo_set_source_rgb(page->cr, 0.49, 0.29, 0);
        cairo_rectangle(page->cr, SMP_MARGIN_MM, flow->y, 1, h);
        cairo_fill(page->cr);
    }
    smp_text_box(page, SMP_MARGIN_MM + inset, flow->y + pad, text_w_mm - inset, style, text);
    flow->y += h + 2.2;
    smp_page_check(page, flow->y - 2.2);
}

static void put_list(struct smp_flow *flow, const struct smp_part *part)
{
    struct smp_page *page = flow->page;
    for (size_t i = 0; i < part->count; i++) {
        const double h = smp_text_height(page, text_w_mm - 4, body, part->items[i]);
        smp_flow_need(flow, h);
        cairo_new_path(page->cr);
        cairo_arc(page->cr, SMP_MARGIN_MM + 1.2, flow->y + 2.1, 0.55, 0, 2 * SMP_PI);
        cairo_set_source_rgb(page->cr, 0.07, 0.07, 0.07);
        cairo_fill(page->cr);
        smp_text_box(page, SMP_MARGIN_MM + 4, flow->y, text_w_mm - 4, body, part->items[i]);
        flow->y += h + 1.2;
    }
    flow->y += 1.5;
}

// ---- Tables -----------------------------------------------------------------------------------

static const struct smp_type cell_type = { 8.2, SMP_REGULAR, 0.1, SMP_LEFT };

// Width of a column's text, and where it begins.
static double column_w(const struct smp_flow *flow, const struct smp_part_column *column)
{
    return smp_page_inner_mm(flow->page) * column->share - 4;
}

// Lines of a cell stand as points where there are several.
static const char *cell_text(struct smp_flow *flow, const char *text)
{
    if (!strchr(text, '\n'))
        return text;
    char all[2048] = "• ";
    size_t used = strlen(all);
    for (; *text && used < sizeof all - 8; text++) {
        all[used++] = *text;
        if (*text == '\n') {
            memcpy(all + used, "• ", strlen("• "));
            used += strlen("• ");
        }
    }
    all[used] = 0;
    return smp_say(flow->page, "%s", all);
}

static void table_head(struct smp_flow *flow, const struct smp_part_table *table)
{
    double x = SMP_MARGIN_MM, tall = 0;
    struct smp_type style = { 7.8, SMP_SEMIBOLD, 0.2, SMP_LEFT };
    for (size_t c = 0; c < table->columns; c++)
        tall = fmax(tall, smp_text_height(flow->page, column_w(flow, &table->column[c]), style,
                                          table->column[c].head));
    for (size_t c = 0; c < table->columns; c++) {
        const double w = column_w(flow, &table->column[c]);
        style.align = table->column[c].number ? SMP_RIGHT : SMP_LEFT;
        smp_text_box(flow->page, x, flow->y, w, style, table->column[c].head);
        x += w + 4;
    }
    flow->y += tall + 0.8;
    smp_rule(flow->page, SMP_MARGIN_MM, flow->y, flow->page->w_mm - SMP_MARGIN_MM, 0.3, 0.4);
    flow->y += 1.2;
}

static void table_row(struct smp_flow *flow, const struct smp_part_table *table, size_t row)
{
    struct smp_page *page = flow->page;
    double tall = 0, x = SMP_MARGIN_MM;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t c = 0; c < table->columns; c++) {
            const double w = column_w(flow, &table->column[c]);
            struct smp_type style = cell_type;
            style.weight = c == 0 ? SMP_SEMIBOLD : SMP_REGULAR;
            style.align = table->column[c].number ? SMP_RIGHT : SMP_LEFT;
            const char *text = cell_text(flow, table->cells[row * table->columns + c]);
            if (pass == 0) {
                tall = fmax(tall, smp_text_height(page, w, style, text));
            } else {
                smp_text_box(page, x, flow->y, w, style, text);
                x += w + 4;
            }
        }
        if (pass == 0 && smp_flow_need(flow, tall))
            table_head(flow, table);
    }
    flow->y += tall + 1.2;
    smp_page_check(page, flow->y - 1.2);
    smp_rule(page, SMP_MARGIN_MM, flow->y, page->w_mm - SMP_MARGIN_MM, 0.1, 0.75);
    flow->y += 1.2;
}

static void put_table(struct smp_flow *flow, const struct smp_part_table *table)
{
    if (table->rows == 0)
        return;
    put_text(flow, SMP_VOICE_NOTE, table->caption);
    smp_flow_need(flow, 22);
    table_head(flow, table);
    for (size_t r = 0; r < table->rows; r++)
        table_row(flow, table, r);
    flow->y += 2;
}

// ---- The file ---------------------------------------------------------------------------------

static void put_part(struct smp_flow *flow, size_t i)
{
    const struct smp_part *part = &flow->doc->parts[i];
    switch (part->kind) {
    case SMP_PART_SECTION:
        put_section(flow, part, head_of(flow->doc, i + 1));
        break;
    case SMP_PART_HEADING:
        put_heading(flow, part->text, head_of(flow->doc, i + 1));
        break;
    case SMP_PART_TEXT:
        put_text(flow, part->voice, part->text);
        break;
    case SMP_PART_LIST:
        put_list(flow, part);
        break;
    case SMP_PART_TABLE:
        put_table(flow, &part->as.table);
        break;
    case SMP_PART_GALLERY:
        smp_pdf_gallery(flow, &part->as.gallery);
        break;
    case SMP_PART_PANELS:
        smp_pdf_panels(flow, &part->as.panels);
        break;
    case SMP_PART_ICONS:
        smp_pdf_icons(flow, &part->as.icons);
        break;
    case SMP_PART_BARS:
        smp_pdf_bars(flow, &part->as.bars);
        break;
    }
}

static enum smp_code draw(struct smp_page *page, struct smp_err *err)
{
    (void)err;
    const struct smp_doc *doc = page->of;
    struct smp_flow flow = { .page = page, .doc = doc, .section = doc->subtitle };
    begin_page(&flow);
    put_text(&flow, SMP_VOICE_CARE, doc->disclaimer);
    for (size_t i = 0; i < doc->count; i++)
        put_part(&flow, i);
    smp_page_end(page);
    return SMP_OK;
}

enum smp_code smp_doc_pdf(struct smp_buffer *out, struct smp_pdf_facts *facts,
                          const struct smp_doc *doc, struct smp_err *err)
{
    if (doc->failed)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the pages");
    const struct smp_page_frame frame = {
        .client = doc->client,
        .id_label = "Case",
        .id = doc->id,
        .made_by = doc->made_by,
        .disclaimer = doc->disclaimer,
        .stamp = doc->stamp,
        .title = doc->title,
        .subject = doc->stamp,
        .own_outline = true,
    };
    struct smp_page page = {
        .of = doc, .frame = &frame, .arena = doc->arena, .paper_w_mm = 210, .paper_h_mm = 297
    };
    const enum smp_code code = smp_page_render(out, &page, draw, err);
    if (facts)
        *facts = (struct smp_pdf_facts){ page.number, page.overflows };
    return code;
}
