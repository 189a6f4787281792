// Private to the module: the page being drawn, its text styles, and what the sheets share.
#ifndef SMP_SHEET_IMPL_H
#define SMP_SHEET_IMPL_H

#include "sheet/sheet.h"

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

// The treated skin on the flat chart, made once a file.
struct smp_chart_data;

struct smp_page {
    const struct smp_plan *plan;
    const struct smp_sheet_pictures *pictures; // may be NULL
    struct smp_arena *arena;
    const struct smp_chart_data *chart;
    cairo_surface_t *surface;
    cairo_t *cr;
    PangoFontMap *fonts;
    PangoContext *text;
    char id[12];                   // of the plan
    double paper_w_mm, paper_h_mm; // upright
    double w_mm, h_mm;             // as turned now
    bool heading;                  // text drawn now is the page's title
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
const char *smp_thousands(struct smp_page *page, size_t count);       // "18,230", arena-owned
const char *smp_whole_minutes(struct smp_page *page, double minutes); // "12", "< 1"; arena-owned
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

// ---- Marks of the sessions: told apart by shape and by shade, not by hue alone ----------------

struct smp_session_mark {
    double r, g, b; // sRGB
    enum {
        SMP_MARK_DISC,
        SMP_MARK_SQUARE,
        SMP_MARK_TRIANGLE,
        SMP_MARK_DIAMOND,
        SMP_MARK_RING,
        SMP_MARK_PLUS
    } shape;
};
extern const struct smp_session_mark smp_session_marks[SMP_SESSIONS_MAX];
void smp_mark_path(cairo_t *cr, int session, double x, double y, double size_mm);
void smp_mark_fill(cairo_t *cr, int session, double size_mm);

// ---- Flat chart -------------------------------------------------------------------------------

struct smp_polyline {
    struct smp_vec2 *at; // chart addresses
    size_t count;
};

struct smp_chart_data {
    struct smp_vec2 *dots;        // per dot
    struct smp_polyline *borders; // between zones, smoothed
    size_t border_count;
    struct smp_polyline hairline;
    struct smp_polyline *areas; // keep-outs with their margin, scars; of plan->from->design.areas
    size_t area_count;
    struct smp_vec2 low, high; // of dots, and of the hairline between its corners
    double unit_mm;            // true mm of one chart unit: areas of the treated skin agree
    double area_error_low, area_error_high; // of the 5th and 95th percentile, as a share
    struct smp_vec2 label[SMP_ZONE_COUNT];
    bool treated[SMP_ZONE_COUNT];
    int number[SMP_ZONE_COUNT]; // as printed, 1 …; 0: not treated
    int zone_count;
};

enum smp_code smp_chart_make(struct smp_chart_data *chart, const struct smp_plan *plan,
                             struct smp_arena *arena, struct smp_err *err);
const char *smp_chart_legend(struct smp_page *page);
// A session in black with the earlier ones in grey, or all dots.
enum { SMP_CHART_BLACK = -1, SMP_CHART_MARKS = 0 };
void smp_chart_draw(struct smp_page *page, struct smp_rect box, int session);
double smp_chart_scale(const struct smp_page *page, struct smp_rect box); // page mm per unit

// ---- Swatches ---------------------------------------------------------------------------------

#define SMP_SWATCH_MM 20.0
struct smp_cutting {
    struct smp_vec3 centre, normal, across, down; // frame on the skin; `down` goes to the face
    size_t count[SMP_SESSIONS_MAX];               // dots inside, after session k + 1
    uint32_t *dots;                               // indices into plan->dots
    struct smp_vec2 *at;                          // mm from the upper left corner
    size_t dot_count;
};
enum smp_code smp_swatch_make(struct smp_cutting *swatch, const struct smp_plan *plan,
                              enum smp_zone zone, struct smp_arena *arena, struct smp_err *err);

// ---- Unrolling --------------------------------------------------------------------------------

// A line on the surface laid flat: every step keeps its length, every turn keeps the angle it has
// in the skin's tangent plane (geodesic curvature), so the strip along the line does not stretch.
struct smp_unrolled {
    struct smp_vec2 *at; // mm, as seen from outside: x to the right of the page, y up
    double *arc_mm;      // running length
    size_t count;
};
enum smp_code smp_unroll(struct smp_unrolled *flat, const struct smp_vec3 *line,
                         const struct smp_vec3 *normals, size_t count, struct smp_arena *arena,
                         struct smp_err *err);
// Where a point beside the line falls: in the direction it has in the tangent plane at line[index].
struct smp_vec2 smp_unroll_beside(const struct smp_unrolled *flat, const struct smp_vec3 *line,
                                  const struct smp_vec3 *normals, size_t index,
                                  struct smp_vec3 target, double distance_mm);
// Moves the origin to a point of the line and turns `below` straight down.
void smp_unroll_place(struct smp_unrolled *flat, size_t origin, struct smp_vec2 below);
// Normals of the head's surface at the points of a line.
enum smp_code smp_line_normals(struct smp_vec3 *normals, const struct smp_head *head,
                               const struct smp_vec3 *line, size_t count, struct smp_arena *scratch,
                               struct smp_err *err);
// Largest share by which skin and paper differ in length at beside_mm from the line.
enum smp_code smp_strip_stretch(double *share, const struct smp_head *head,
                                const struct smp_vec3 *line, const struct smp_vec3 *normals,
                                size_t count, double beside_mm, struct smp_arena *scratch,
                                struct smp_err *err);

// ---- Stencil ----------------------------------------------------------------------------------

struct smp_stencil_mark {
    size_t index; // on the line
    const char *name;
    enum { SMP_AT_MIDDLE, SMP_AT_CORNER, SMP_AT_PEAK, SMP_AT_CANTHUS } kind;
};

struct smp_stencil {
    struct smp_unrolled flat;
    struct smp_stencil_mark marks[8];
    int mark_count;
    size_t middle;
    double glabella_mm, stretch, beside_mm; // share by which lengths differ at beside_mm
    double tape_share;      // by which straight figures on paper and a tape on the skin differ most
    struct smp_rect bounds; // x, y of the lower left corner, y up; room for labels taken in
};

// On the page: (ox + x, oy − y), or (ox − x, oy − y) mirrored.
struct smp_stencil_place {
    double ox, oy;
    bool mirrored;
};
enum smp_code smp_stencil_make(struct smp_stencil *s, struct smp_page *page, struct smp_err *err);
void smp_stencil_draw_line(struct smp_page *page, const struct smp_stencil *s,
                           const struct smp_stencil_place *p);
// With marks and words; those of the glabella on its left or right.
void smp_stencil_draw(struct smp_page *page, const struct smp_stencil *s,
                      const struct smp_stencil_place *p, bool left);

// ---- The sheets; each draws its pages ---------------------------------------------------------

enum smp_code smp_draw_summary(struct smp_page *page, struct smp_err *err);
void smp_draw_session(struct smp_page *page, int session);
enum smp_code smp_draw_work(struct smp_page *page, struct smp_err *err);
enum smp_code smp_draw_stencil(struct smp_page *page, struct smp_err *err);
enum smp_code smp_draw_shades(struct smp_page *page, struct smp_err *err);
enum smp_code smp_draw_swatches(struct smp_page *page, struct smp_err *err);

enum smp_code smp_write_svg(struct smp_buffer *out, const struct smp_plan *plan,
                            const struct smp_chart_data *chart);
enum smp_code smp_write_dxf(struct smp_buffer *out, const struct smp_plan *plan,
                            const struct smp_chart_data *chart);
void smp_write_csv(struct smp_buffer *out, const struct smp_plan *plan);

void smp_plan_id(char id[12], const struct smp_plan *plan);

// What a rendering was like, for tests.
struct smp_sheet_facts {
    int pages;
    size_t overflows;
};
enum smp_code smp_sheet_render(struct smp_buffer *out, struct smp_sheet_facts *facts,
                               const struct smp_plan *plan, enum smp_sheet_kind kind,
                               enum smp_paper paper, const struct smp_sheet_pictures *pictures,
                               struct smp_err *err);

#endif
