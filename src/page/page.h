// Pages in true millimetres: a PDF with a frame, text that wraps or shrinks, tables, pictures; and
// bytes that grow, for whoever writes files. The same drawing gives the same bytes.
//
// A struct smp_page belongs to one thread at a time; results are in its arena.
#ifndef SMP_PAGE_H
#define SMP_PAGE_H

#include "base/base.h"
#include "image/image.h"

#include <cairo.h>
#include <pango/pangocairo.h>

// ---- Bytes that grow; the status is sticky ----------------------------------------------------

struct smp_buffer {
    char *data;
    size_t length, capacity;
    bool failed;
};
void smp_buffer_add(struct smp_buffer *buffer, const void *data, size_t length);
void smp_buffer_text(struct smp_buffer *buffer, const char *text);
// The same for XML and SVG: < > & \" as entities, no control characters.
void smp_buffer_xml(struct smp_buffer *out, const char *text);
void smp_buffer_print(struct smp_buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
// A number with a fixed count of decimals, always with a point, never "-0".
void smp_buffer_fixed(struct smp_buffer *buffer, double value, int decimals);
void smp_buffer_drop(struct smp_buffer *buffer);

// ---- The page ---------------------------------------------------------------------------------

enum smp_weight { SMP_REGULAR, SMP_MEDIUM, SMP_SEMIBOLD };
enum smp_align { SMP_LEFT, SMP_CENTRE, SMP_RIGHT };

struct smp_type {
    double size_pt;
    enum smp_weight weight;
    double grey; // 0 black … 1 white
    enum smp_align align;
};

struct smp_rect {
    double x, y, w, h; // mm
};

// What every page of a file says of itself: lines at the upper right, the foot, the file's facts.
struct smp_page_frame {
    const char *client;             // at the upper right
    const char *id_label, *id;      // "Plan", "1A2B-3C4D"
    const char *made_by;            // "stubble 0.1.0, seed 1"
    const char *disclaimer, *stamp; // at the foot: the rule, and what this is ("SIMULATED plan")
    const char *title, *subject;    // of the file
    bool bar;                       // 100 mm to hold a ruler to
    bool own_outline;               // pages are not listed in the file's outline: who draws does it
};

struct smp_page {
    const void *of; // what the pages are of: for who draws them; nothing here looks at it
    const struct smp_page_frame *frame;
    struct smp_arena *arena;
    cairo_surface_t *surface;
    cairo_t *cr;
    PangoFontMap *fonts;
    PangoContext *text;
    double paper_w_mm, paper_h_mm; // upright
    double w_mm, h_mm;             // as turned now
    int heading;                   // level of the heading that text drawn now is, 0: none
    int number, count;             // count 0: the counting pass, which draws only text
    size_t overflows;              // text or blocks that did not fit (a test wants 0)
    enum smp_code code;            // sticky
};

// Left and right margin, and where content may begin and must end.
#define SMP_MARGIN_MM 12.0
#define SMP_TOP_MM 31.0
double smp_page_bottom_mm(const struct smp_page *page);
double smp_page_inner_mm(const struct smp_page *page); // width between the margins

// Fails where the family that fontconfig gives is not the one asked for.
enum smp_code smp_font_check(PangoContext *text, const char *family, struct smp_err *err);
enum smp_code smp_page_open(struct smp_page *page, struct smp_buffer *out, struct smp_err *err);
void smp_page_close(struct smp_page *page);
// Says in the finished file that its colours are sRGB.
void smp_pdf_tag_srgb(struct smp_buffer *pdf);
// A whole PDF: draws twice, first to count the pages, so that each can say "n of m". The caller
// fills of, frame, arena and paper; afterwards number and overflows are those of the file.
// Errors: what draw says, SMP_E_NOMEM, SMP_E_INTERNAL (cairo).
typedef enum smp_code smp_page_draw(struct smp_page *page, struct smp_err *err);
enum smp_code smp_page_render(struct smp_buffer *out, struct smp_page *page, smp_page_draw *draw,
                              struct smp_err *err);
// Frame of a page: logo, title, who and which plan; 100 mm bar, disclaimer, page number.
void smp_page_begin(struct smp_page *page, const char *title, const char *subtitle, bool landscape);
void smp_page_end(struct smp_page *page);
// Notes an overflow where y lies below the room for content.
void smp_page_check(struct smp_page *page, double y_mm);

// Paragraph from its top left corner, wrapped at the width; returns its height.
double smp_text_box(struct smp_page *page, double x, double y, double width, struct smp_type style,
                    const char *text);
double smp_text_height(struct smp_page *page, double width, struct smp_type style,
                       const char *text);
// One line on a baseline, inside [x, x + width]: shrinks to 70 %, then ends in an ellipsis.
// Returns the width used.
double smp_text_line(struct smp_page *page, double x, double baseline, double width,
                     struct smp_type style, const char *text);
double smp_text_width(struct smp_page *page, struct smp_type style, const char *text);
void smp_rule(struct smp_page *page, double x0, double y, double x1, double width_mm, double grey);
void smp_frame(struct smp_page *page, struct smp_rect box, double radius_mm, double line_mm,
               double grey);
// A picture that fills a box, at no more than `dpi` pixels an inch.
void smp_picture_put(struct smp_page *page, const struct smp_image *image, struct smp_rect box,
                     double dpi);
const char *smp_thousands(struct smp_page *page, size_t count); // "18,230", arena-owned
const char *smp_say(struct smp_page *page, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
const char *smp_upper_first(struct smp_page *page, const char *text);
// A table's column: where it stands and how it is set.
struct smp_column {
    const char *head;
    double x, w; // mm
    enum smp_align align;
};
void smp_table_head(struct smp_page *page, const struct smp_column *columns, int count,
                    double baseline);
void smp_cell(struct smp_page *page, const struct smp_column *column, double baseline,
              enum smp_weight weight, const char *text);

#endif
