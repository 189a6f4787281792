// Private to the module: what the sheets share.
#ifndef SMP_SHEET_IMPL_H
#define SMP_SHEET_IMPL_H

#include "page/page.h"
#include "sheet/sheet.h"

// ---- What the pages are of --------------------------------------------------------------------

// The treated skin on the flat chart, made once a file.
struct smp_chart_data;

struct smp_sheet_of {
    const struct smp_plan *plan;
    const struct smp_sheet_pictures *pictures; // may be NULL
    const struct smp_chart_data *chart;
    const char *id; // of the plan
    enum smp_sheet_kind kind;
};
static inline const struct smp_sheet_of *smp_of(const struct smp_page *page)
{
    return page->of;
}
const char *smp_whole_minutes(struct smp_page *page, double minutes); // "12", "< 1"; arena-owned

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
