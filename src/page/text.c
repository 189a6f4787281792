// Text on a page, set in Inter by pango. Lines shrink, paragraphs wrap: nothing leaves its box.
#include "page/page.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const double mm_per_pt = 25.4 / 72;

// What Inter lacks comes from DejaVu Sans, then from whatever fontconfig knows.
static const char families[] = "Inter,DejaVu Sans,Noto Sans";

static PangoLayout *make_layout(struct smp_page *page, struct smp_type style, double width_mm,
                                const char *text)
{
    static const PangoWeight weights[] = { PANGO_WEIGHT_NORMAL, PANGO_WEIGHT_MEDIUM,
                                           PANGO_WEIGHT_SEMIBOLD };
    PangoLayout *layout = pango_layout_new(page->text);
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family_static(font, families);
    pango_font_description_set_weight(font, weights[style.weight]);
    pango_font_description_set_absolute_size(font, style.size_pt * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    PangoAttrList *attributes = pango_attr_list_new(); // figures of one width, so columns align
    pango_attr_list_insert(attributes, pango_attr_font_features_new("tnum=1"));
    pango_layout_set_attributes(layout, attributes);
    pango_attr_list_unref(attributes);
    if (width_mm > 0) {
        pango_layout_set_width(layout, (int)floor(width_mm / mm_per_pt * PANGO_SCALE));
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    } else {
        pango_layout_set_single_paragraph_mode(layout, TRUE);
    }
    pango_layout_set_auto_dir(layout, TRUE);
    pango_layout_set_alignment(layout, style.align == SMP_CENTRE  ? PANGO_ALIGN_CENTER
                                       : style.align == SMP_RIGHT ? PANGO_ALIGN_RIGHT
                                                                  : PANGO_ALIGN_LEFT);
    pango_layout_set_text(layout, text, -1);
    return layout;
}

static double layout_width_mm(PangoLayout *layout)
{
    PangoRectangle logical;
    pango_layout_get_extents(layout, NULL, &logical);
    return (double)logical.width / PANGO_SCALE * mm_per_pt;
}

static double layout_height_mm(PangoLayout *layout)
{
    PangoRectangle logical;
    pango_layout_get_extents(layout, NULL, &logical);
    return (double)logical.height / PANGO_SCALE * mm_per_pt;
}

static void show(struct smp_page *page, PangoLayout *layout, double x, double y, double grey)
{
    static const char *const tags[] = { "P", "H1", "H2", "H3" };
    const char *tag = tags[page->heading];
    cairo_t *cr = page->cr;
    cairo_save(cr);
    cairo_translate(cr, x, y);
    cairo_scale(cr, mm_per_pt, mm_per_pt);
    cairo_set_source_rgb(cr, grey, grey, grey);
    cairo_move_to(cr, 0, 0);
    cairo_tag_begin(cr, tag, NULL); // so that a screen reader finds text in the order of drawing
    pango_cairo_show_layout(cr, layout);
    cairo_tag_end(cr, tag);
    cairo_restore(cr);
    cairo_new_path(cr); // text leaves a current point behind
}

double smp_text_box(struct smp_page *page, double x, double y, double width, struct smp_type style,
                    const char *text)
{
    PangoLayout *layout = make_layout(page, style, width, text);
    pango_layout_set_line_spacing(layout, 1.12F);
    if (layout_width_mm(layout) > width + 0.05)
        page->overflows++;
    const double height = layout_height_mm(layout);
    show(page, layout, x, y, style.grey);
    g_object_unref(layout);
    return height;
}

double smp_text_height(struct smp_page *page, double width, struct smp_type style, const char *text)
{
    PangoLayout *layout = make_layout(page, style, width, text);
    pango_layout_set_line_spacing(layout, 1.12F);
    const double height = layout_height_mm(layout);
    g_object_unref(layout);
    return height;
}

double smp_text_width(struct smp_page *page, struct smp_type style, const char *text)
{
    PangoLayout *layout = make_layout(page, style, 0, text);
    const double width = layout_width_mm(layout);
    g_object_unref(layout);
    return width;
}

double smp_text_line(struct smp_page *page, double x, double baseline, double width,
                     struct smp_type style, const char *text)
{
    PangoLayout *layout = make_layout(page, style, 0, text);
    double used = layout_width_mm(layout);
    if (used > width) {
        const double shrink = fmax(0.7, width / used * 0.995);
        g_object_unref(layout);
        style.size_pt *= shrink;
        layout = make_layout(page, style, 0, text);
        used = layout_width_mm(layout);
    }
    if (used > width) {
        pango_layout_set_width(layout, (int)floor(width / mm_per_pt * PANGO_SCALE));
        pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
        pango_layout_set_alignment(layout, PANGO_ALIGN_LEFT);
        used = layout_width_mm(layout);
        if (used > width + 0.05)
            page->overflows++;
    }
    const double rise = (double)pango_layout_get_baseline(layout) / PANGO_SCALE * mm_per_pt;
    const double free_mm = fmax(0, width - used);
    const double shift = style.align == SMP_RIGHT    ? free_mm
                         : style.align == SMP_CENTRE ? free_mm / 2
                                                     : 0;
    show(page, layout, x + shift, baseline - rise, style.grey);
    g_object_unref(layout);
    return used;
}

void smp_rule(struct smp_page *page, double x0, double y, double x1, double width_mm, double grey)
{
    cairo_set_source_rgb(page->cr, grey, grey, grey);
    cairo_set_line_width(page->cr, width_mm);
    cairo_move_to(page->cr, x0, y);
    cairo_line_to(page->cr, x1, y);
    cairo_stroke(page->cr);
}

void smp_frame(struct smp_page *page, struct smp_rect box, double radius_mm, double line_mm,
               double grey)
{
    cairo_t *cr = page->cr;
    const double r = radius_mm, x1 = box.x + box.w, y1 = box.y + box.h;
    cairo_new_sub_path(cr);
    cairo_arc(cr, x1 - r, box.y + r, r, -SMP_PI / 2, 0);
    cairo_arc(cr, x1 - r, y1 - r, r, 0, SMP_PI / 2);
    cairo_arc(cr, box.x + r, y1 - r, r, SMP_PI / 2, SMP_PI);
    cairo_arc(cr, box.x + r, box.y + r, r, SMP_PI, 1.5 * SMP_PI);
    cairo_close_path(cr);
    cairo_set_source_rgb(cr, grey, grey, grey);
    cairo_set_line_width(cr, line_mm);
    cairo_stroke(cr);
}

const char *smp_say(struct smp_page *page, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    const char *kept = smp_strdup(page->arena, text);
    if (!kept)
        page->code = SMP_E_NOMEM;
    return kept ? kept : "";
}

const char *smp_thousands(struct smp_page *page, size_t count)
{
    char plain[32], text[48];
    const int length = snprintf(plain, sizeof plain, "%zu", count);
    int at = 0;
    for (int i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0)
            text[at++] = ',';
        text[at++] = plain[i];
    }
    text[at] = 0;
    return smp_say(page, "%s", text);
}

const char *smp_upper_first(struct smp_page *page, const char *text)
{
    char *kept = smp_strdup(page->arena, text);
    if (!kept) {
        page->code = SMP_E_NOMEM;
        return text;
    }
    if (kept[0] >= 'a' && kept[0] <= 'z')
        kept[0] = (char)(kept[0] - 'a' + 'A');
    return kept;
}

void smp_table_head(struct smp_page *page, const struct smp_column *columns, int count,
                    double baseline)
{
    for (int i = 0; i < count; i++)
        smp_text_line(page, columns[i].x, baseline, columns[i].w,
                      (struct smp_type){ 7.4, SMP_MEDIUM, 0.27, columns[i].align },
                      columns[i].head);
}

void smp_cell(struct smp_page *page, const struct smp_column *column, double baseline,
              enum smp_weight weight, const char *text)
{
    smp_text_line(page, column->x, baseline, column->w,
                  (struct smp_type){ 8.4, weight, 0.07, column->align }, text);
}
