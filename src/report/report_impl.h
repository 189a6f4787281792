// Private to the module: a comparison as a document of parts, which is then drawn twice, as HTML
// and as PDF, so that both say the same.
#ifndef SMP_REPORT_IMPL_H
#define SMP_REPORT_IMPL_H

#include "page/page.h"
#include "report/report.h"

// ---- A document -------------------------------------------------------------------------------

// All texts are plain UTF-8, arena-owned; escaping is up to who draws.
enum smp_part_kind {
    SMP_PART_SECTION, // a heading with a place in the contents
    SMP_PART_HEADING, // below a section
    SMP_PART_TEXT,
    SMP_PART_LIST,
    SMP_PART_TABLE,
    SMP_PART_GALLERY,
    SMP_PART_PANELS,
    SMP_PART_ICONS,
    SMP_PART_BARS,
};

enum smp_voice { SMP_VOICE_PLAIN, SMP_VOICE_NOTE, SMP_VOICE_CARE }; // body, small print, boxed

// The first cell of each row names the row. Lines of a cell are parted by '\n'.
struct smp_part_column {
    const char *head;
    double share; // of the width; all together 1
    bool number;  // set flush right
};
struct smp_part_table {
    const char *caption;
    const struct smp_part_column *column;
    size_t columns, rows;
    const char **cells; // rows × columns
};

// Pictures of one head: a row an option, a column a time.
struct smp_part_shot {
    const struct smp_image *image; // NULL: none, and `says` tells why
    struct smp_bytes jpeg;
    const char *says; // what is to be seen, beside the picture and in place of it
};
struct smp_part_gallery {
    const char *const *names; // a row
    const char *const *none;  // a row's words where it has no pictures; NULL: it has
    const char *const *heads; // a column
    size_t rows, columns;
    const struct smp_part_shot *shots; // rows × columns
};

// Small multiples: a row an option, a column a quantity over the years; one axis a column.
struct smp_part_axis {
    const char *head, *unit;
    double top; // 0 to top
    double step;
};
struct smp_part_panels {
    const char *caption;
    const char *const *names, *const *notes; // a row; a note may be NULL
    size_t rows, columns;
    const struct smp_part_axis *axes;
    size_t years;                 // 0 to years
    const struct smp_band *bands; // [row][column][year]
    const char **says;            // [row][column]: the last year in words
};

// Of 1,000 people: so many marks, of a group a row.
struct smp_part_harm {
    const char *what, *says, *source;
    struct smp_band per_1000;
    bool known, weak;
};
struct smp_part_icons {
    const char *const *names; // a group
    const char *const *none;  // a group's words where it has no item
    size_t groups;
    const size_t *begin; // items of group g: [begin[g], begin[g + 1])
    const struct smp_part_harm *items;
};

// Bars on one axis: from low to high, with a tick at the median; NAN: no bar.
struct smp_part_bar {
    const char *name, *says;
    struct smp_band at;
    bool tick;
};
struct smp_part_bars {
    const char *caption, *name_head, *says_head, *axis; // axis: what the bars are in
    double from, to, mark;                              // mark: a line through all, NAN: none
    size_t rows;
    const struct smp_part_bar *bars;
};

struct smp_part {
    enum smp_part_kind kind;
    enum smp_voice voice;
    const char *id, *text;    // section, heading, text
    const char *const *items; // list
    size_t count;
    union {
        struct smp_part_table table;
        struct smp_part_gallery gallery;
        struct smp_part_panels panels;
        struct smp_part_icons icons;
        struct smp_part_bars bars;
    } as;
};

enum { SMP_PARTS_MAX = 512 };
struct smp_doc {
    const char *title, *subtitle, *client, *id, *made_by, *stamp, *disclaimer;
    struct smp_part *parts;
    size_t count;
    struct smp_part spare; // stands in for a part that there is no room for
    struct smp_arena *arena;
    bool failed; // sticky: no memory, or too many parts
};

void smp_doc_open(struct smp_doc *doc, struct smp_arena *arena);
// The next part, for the caller to fill; never NULL (a spare one after a failure).
struct smp_part *smp_doc_part(struct smp_doc *doc, enum smp_part_kind kind);
void smp_doc_section(struct smp_doc *doc, const char *id, const char *title);
void smp_doc_heading(struct smp_doc *doc, const char *text);
void smp_doc_text(struct smp_doc *doc, enum smp_voice voice, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void smp_doc_list(struct smp_doc *doc, const char *const *items, size_t count);
// A table to be filled by smp_doc_cell, rows known.
struct smp_part_table *smp_doc_table(struct smp_doc *doc, const char *caption,
                                     const struct smp_part_column *column, size_t columns,
                                     size_t rows);
void smp_doc_cell(struct smp_doc *doc, struct smp_part_table *table, size_t row, size_t column,
                  const char *format, ...) __attribute__((format(printf, 5, 6)));
// Text that the document owns; "" after a failure.
const char *smp_doc_say(struct smp_doc *doc, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void *smp_doc_new(struct smp_doc *doc, size_t count, size_t size); // never NULL unless failed

// ---- Drawing it -------------------------------------------------------------------------------

// A page of HTML, whole. Errors: SMP_E_NOMEM.
enum smp_code smp_doc_html(struct smp_buffer *out, const struct smp_doc *doc, struct smp_err *err);
struct smp_pdf_facts { // for tests
    int pages;
    size_t overflows;
};
enum smp_code smp_doc_pdf(struct smp_buffer *out, struct smp_pdf_facts *facts,
                          const struct smp_doc *doc, struct smp_err *err);

// Text in an element or in a quoted attribute: nothing in it is markup; control characters go.
void smp_html_text(struct smp_buffer *out, const char *text);
// Each line of it between two marks.
void smp_html_lines(struct smp_buffer *out, const char *text, const char *before,
                    const char *after);
void smp_html_panels(struct smp_buffer *out, const struct smp_part_panels *panels);
void smp_html_icons(struct smp_buffer *out, const struct smp_part_icons *icons);
void smp_html_bars(struct smp_buffer *out, const struct smp_part_bars *bars);
void smp_html_gallery(struct smp_buffer *out, const struct smp_part_gallery *gallery);
extern const char smp_html_style[];

// Where the document is on the page; y is where the next part begins.
struct smp_flow {
    struct smp_page *page;
    const struct smp_doc *doc;
    double y;
    const char *section; // title of the one being drawn
};
// A new page, unless so much room is left; true where a new one was begun.
bool smp_flow_need(struct smp_flow *flow, double height_mm);
void smp_pdf_panels(struct smp_flow *flow, const struct smp_part_panels *panels);
void smp_pdf_icons(struct smp_flow *flow, const struct smp_part_icons *icons);
void smp_pdf_bars(struct smp_flow *flow, const struct smp_part_bars *bars);
void smp_pdf_gallery(struct smp_flow *flow, const struct smp_part_gallery *gallery);

// A round number that is no less: 1, 2 or 5 times a power of ten, and a fifth to a half of it.
struct smp_nice {
    double top, step;
};
struct smp_nice smp_nice_above(double value);
// "0.5", "20", "12,500": up to 3 digits after the point where they say something.
void smp_report_short(char text[32], double value);

#endif
