// The page: paper, frame, 100 mm bar, and the file's facts. Text helpers are in text.c.
#include "page/page.h"

#include <cairo-pdf.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#ifndef STUBBLE_VERSION
#define STUBBLE_VERSION "0"
#endif

static const double mm_per_pt = 25.4 / 72;

double smp_page_bottom_mm(const struct smp_page *page)
{
    return page->h_mm - (page->frame->bar ? 25 : 15);
}

double smp_page_inner_mm(const struct smp_page *page)
{
    return page->w_mm - 2 * SMP_MARGIN_MM;
}

void smp_page_check(struct smp_page *page, double y_mm)
{
    if (y_mm > smp_page_bottom_mm(page) + 0.01)
        page->overflows++;
}

enum smp_code smp_font_check(PangoContext *text, const char *family, struct smp_err *err)
{
    PangoFontDescription *wish = pango_font_description_new();
    pango_font_description_set_family(wish, family);
    PangoFont *font = pango_context_load_font(text, wish);
    PangoFontDescription *got = font ? pango_font_describe(font) : NULL;
    const char *name = got ? pango_font_description_get_family(got) : "no font";
    enum smp_code code = SMP_OK;
    if (!name || strcmp(name, family) != 0)
        code = smp_fail(err, SMP_E_FILE,
                        "the font %.60s is not installed (fontconfig offers %.60s instead); "
                        "on Debian it is the package fonts-inter",
                        family, name ? name : "no font");
    if (got)
        pango_font_description_free(got);
    if (font)
        g_object_unref(font);
    pango_font_description_free(wish);
    return code;
}

static cairo_status_t take_bytes(void *closure, const unsigned char *data, unsigned int length)
{
    struct smp_buffer *out = closure;
    smp_buffer_add(out, data, length);
    return out->failed ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

static void set_metadata(struct smp_page *page)
{
    cairo_surface_t *s = page->surface;
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_TITLE, page->frame->title);
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_AUTHOR, "stubble " STUBBLE_VERSION);
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_SUBJECT, page->frame->subject);
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATOR, "stubble " STUBBLE_VERSION);
    // Not a date, so cairo leaves the date out: the same pages give the same bytes.
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATE_DATE, "");
}

enum smp_code smp_page_open(struct smp_page *page, struct smp_buffer *out, struct smp_err *err)
{
    page->fonts = pango_cairo_font_map_new();
    page->text = pango_font_map_create_context(page->fonts);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(page->text, options);
    cairo_font_options_destroy(options);
    pango_cairo_context_set_resolution(page->text, 72);
    pango_context_set_round_glyph_positions(page->text, FALSE);
    enum smp_code code = smp_font_check(page->text, "Inter", err);
    if (code)
        return code;
    page->surface = cairo_pdf_surface_create_for_stream(
        take_bytes, out, page->paper_w_mm / mm_per_pt, page->paper_h_mm / mm_per_pt);
    cairo_pdf_surface_restrict_to_version(page->surface, CAIRO_PDF_VERSION_1_5);
    set_metadata(page);
    page->cr = cairo_create(page->surface);
    if (cairo_status(page->cr))
        return smp_fail(err, SMP_E_NOMEM, "the page cannot be made: %s",
                        cairo_status_to_string(cairo_status(page->cr)));
    return SMP_OK;
}

void smp_page_close(struct smp_page *page)
{
    if (page->cr)
        cairo_destroy(page->cr);
    if (page->surface) {
        cairo_surface_finish(page->surface);
        cairo_surface_destroy(page->surface);
    }
    if (page->text)
        g_object_unref(page->text);
    if (page->fonts)
        g_object_unref(page->fonts);
    page->cr = NULL;
    page->surface = NULL;
    page->text = NULL;
    page->fonts = NULL;
}

// The mark: a hairline made of dots.
static void draw_logo(cairo_t *cr, double x, double y, double size)
{
    static const double dots[16][3] = {
        { 16, 4, 2.6 },     { 8.5, 7, 2.3 }, { 23.5, 7, 2.3 }, { 16, 11, 2.5 },
        { 4.5, 13.5, 1.9 }, { 10, 14, 2.2 }, { 22, 14, 2.2 },  { 27.5, 13.5, 1.9 },
        { 16, 18, 2 },      { 11, 21, 1.6 }, { 21, 21, 1.6 },  { 6, 20, 1.3 },
        { 26, 20, 1.3 },    { 16, 25, 1.3 }, { 12, 28, 0.9 },  { 20, 28, 0.9 },
    };
    for (int i = 0; i < 16; i++) {
        cairo_new_sub_path(cr);
        cairo_arc(cr, x + dots[i][0] * size / 32, y + dots[i][1] * size / 32,
                  dots[i][2] * size / 32, 0, 2 * SMP_PI);
    }
    cairo_set_source_rgb(cr, 0.07, 0.07, 0.07);
    cairo_fill(cr);
}

static void draw_header(struct smp_page *page, const char *title, const char *subtitle)
{
    const struct smp_page_frame *frame = page->frame;
    const struct smp_type label = { 8, SMP_REGULAR, 0.33, SMP_LEFT };
    const struct smp_type value = { 8, SMP_MEDIUM, 0.07, SMP_LEFT };
    const double right = page->w_mm - SMP_MARGIN_MM;
    const char *rows[3][2] = {
        { "Client", frame->client },
        { frame->id_label, frame->id },
        { "Made by", frame->made_by },
    };
    double widest = 0;
    for (int i = 0; i < 3; i++)
        widest = fmin(58, fmax(widest, smp_text_width(page, value, rows[i][1]) + 0.1));
    const double split = right - widest - 15;
    page->heading = 1; // first on the page, for a screen reader too
    smp_text_line(page, 25, 16.2, split - 31, (struct smp_type){ 15, SMP_SEMIBOLD, 0.07, SMP_LEFT },
                  title);
    page->heading = 0;
    for (int i = 0; i < 3; i++) {
        const double y = 13.4 + 4 * i;
        smp_text_line(page, split, y, 14, label, rows[i][0]);
        smp_text_line(page, split + 15, y, widest, value, rows[i][1]);
    }
    draw_logo(page->cr, SMP_MARGIN_MM, 11, 9.5);
    smp_text_line(page, 25, 20.9, split - 31, (struct smp_type){ 8.6, SMP_REGULAR, 0.25, SMP_LEFT },
                  subtitle);
    smp_rule(page, SMP_MARGIN_MM, 25.5, right, 0.5, 0.07);
}

// 100 mm from the middle of the first tall tick to the middle of the last.
static void draw_bar(struct smp_page *page, double x, double y)
{
    cairo_t *cr = page->cr;
    for (int i = 0; i <= 100; i++) {
        const double tall = i % 100 == 0 ? 3.6 : i % 50 == 0 ? 2.8 : i % 10 == 0 ? 2.2 : 1.0;
        cairo_move_to(cr, x + i, y);
        cairo_line_to(cr, x + i, y - tall);
    }
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_BUTT);
    cairo_set_source_rgb(cr, 0, 0, 0);
    cairo_set_line_width(cr, 0.12);
    cairo_stroke(cr);
    cairo_move_to(cr, x, y);
    cairo_line_to(cr, x + 100, y);
    cairo_stroke(cr);
    const struct smp_type tiny = { 6.2, SMP_REGULAR, 0.27, SMP_CENTRE };
    for (int i = 20; i <= 80; i += 20)
        smp_text_line(page, x + i - 5, y + 2.7, 10, tiny, smp_say(page, "%d", i));
    smp_text_line(page, x, y + 2.7, 8, (struct smp_type){ 6.2, SMP_REGULAR, 0.27, SMP_LEFT }, "0");
    smp_text_line(page, x + 86, y + 2.7, 14, (struct smp_type){ 6.2, SMP_REGULAR, 0.27, SMP_RIGHT },
                  "100 mm");
    const double beside = x + 106, w = page->w_mm - SMP_MARGIN_MM - beside;
    smp_text_line(page, beside, y - 2, w, (struct smp_type){ 7.4, SMP_SEMIBOLD, 0.07, SMP_LEFT },
                  "Print at 100 %, no fitting to the page.");
    smp_text_line(page, beside, y + 1.4, w, (struct smp_type){ 7.4, SMP_REGULAR, 0.27, SMP_LEFT },
                  "Check the bar with a ruler: 100.0 mm.");
}

static void draw_footer(struct smp_page *page)
{
    const double right = page->w_mm - SMP_MARGIN_MM, h = page->h_mm;
    smp_rule(page, SMP_MARGIN_MM, h - (page->frame->bar ? 22 : 12), right, 0.2, 0.6);
    if (page->frame->bar)
        draw_bar(page, SMP_MARGIN_MM, h - 15.6);
    const struct smp_type small = { 6.8, SMP_REGULAR, 0.27, SMP_LEFT };
    const char *pages = page->count ? smp_say(page, "Page %d of %d", page->number, page->count)
                                    : smp_say(page, "Page %d", page->number);
    smp_text_line(page, SMP_MARGIN_MM, h - 7.6, right - SMP_MARGIN_MM - 66, small,
                  page->frame->disclaimer);
    smp_text_line(page, right - 64, h - 7.6, 64,
                  (struct smp_type){ 6.8, SMP_SEMIBOLD, 0.07, SMP_RIGHT },
                  smp_say(page, "%s · %s", page->frame->stamp, pages));
}

void smp_page_begin(struct smp_page *page, const char *title, const char *subtitle, bool landscape)
{
    page->number++;
    page->w_mm = landscape ? page->paper_h_mm : page->paper_w_mm;
    page->h_mm = landscape ? page->paper_w_mm : page->paper_h_mm;
    cairo_pdf_surface_set_size(page->surface, page->w_mm / mm_per_pt, page->h_mm / mm_per_pt);
    cairo_identity_matrix(page->cr);
    cairo_scale(page->cr, 1 / mm_per_pt, 1 / mm_per_pt);
    char target[32];
    snprintf(target, sizeof target, "page=%d", page->number);
    if (!page->frame->own_outline)
        cairo_pdf_surface_add_outline(page->surface, CAIRO_PDF_OUTLINE_ROOT, title, target, 0);
    draw_header(page, title, subtitle);
    draw_footer(page);
}

void smp_page_end(struct smp_page *page)
{
    cairo_show_page(page->cr);
}

static enum smp_code run_pass(struct smp_page *page, struct smp_buffer *out, smp_page_draw *draw,
                              struct smp_err *err)
{
    enum smp_code code = smp_page_open(page, out, err);
    if (!code)
        code = draw(page, err);
    if (!code && page->code)
        code = smp_fail(err, page->code, "no memory for the pages");
    if (!code && cairo_status(page->cr))
        code = smp_fail(
            err, cairo_status(page->cr) == CAIRO_STATUS_NO_MEMORY ? SMP_E_NOMEM : SMP_E_INTERNAL,
            "the pages cannot be drawn: %s", cairo_status_to_string(cairo_status(page->cr)));
    smp_page_close(page);
    if (!code && out->failed)
        code = smp_fail(err, SMP_E_NOMEM, "no memory for the pages");
    return code;
}

enum smp_code smp_page_render(struct smp_buffer *out, struct smp_page *page, smp_page_draw *draw,
                              struct smp_err *err)
{
    struct smp_buffer counting = { 0 };
    enum smp_code code = run_pass(page, &counting, draw, err);
    smp_buffer_drop(&counting);
    if (code)
        return code;
    page->count = page->number;
    page->number = 0;
    page->overflows = 0;
    code = run_pass(page, out, draw, err);
    if (!code)
        smp_pdf_tag_srgb(out);
    if (!code && out->failed)
        code = smp_fail(err, SMP_E_NOMEM, "no memory for the pages");
    return code;
}
