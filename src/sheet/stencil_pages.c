// Pages of the hairline stencil: the front in one piece where the paper takes it, else tiles.
#include "sheet/sheet_impl.h"

#include <math.h>

static const struct smp_type note = { 7.6, SMP_REGULAR, 0.27, SMP_LEFT };
static const double overlap_mm = 12; // of neighbouring pieces

static const char *what_it_is(struct smp_page *page, const struct smp_stencil *s, bool mirrored)
{
    return smp_say(page,
                   "%s The line is unrolled along the skin: %.1f mm long, lengths along it are "
                   "true (0.0 %% distortion); %.0f mm beside it paper and skin differ by up to "
                   "%.1f %%. Figures: mm from the middle, straight; a tape on the skin agrees "
                   "within %.1f %%. Ticks: every 10 mm along the line. Lay it down from the middle "
                   "outwards.",
                   mirrored ? "Mirrored, for transfer with the inked side on the skin."
                            : "As seen when you face the client.",
                   s->flat.arc_mm[s->flat.count - 1], s->beside_mm, 100 * s->stretch,
                   100 * s->tape_share);
}

static void draw_register(struct smp_page *page, double x, double y, const char *name)
{
    cairo_t *cr = page->cr;
    cairo_set_source_rgb(cr, 0, 0, 0);
    cairo_move_to(cr, x - 4, y);
    cairo_line_to(cr, x + 4, y);
    cairo_move_to(cr, x, y - 4);
    cairo_line_to(cr, x, y + 4);
    cairo_new_sub_path(cr);
    cairo_arc(cr, x, y, 2, 0, 2 * SMP_PI);
    cairo_set_line_width(cr, 0.15);
    cairo_stroke(cr);
    smp_text_line(page, x + 1, y + 4.6, 10, (struct smp_type){ 6.5, SMP_MEDIUM, 0.2, SMP_LEFT },
                  name);
}

struct tiling {
    bool landscape;
    int columns, rows;
    double w, h; // of the room for one tile
};

static struct tiling choose_tiling(const struct smp_page *page, const struct smp_stencil *s,
                                   double text_mm)
{
    struct tiling best = { 0 };
    for (int turn = 0; turn < 2; turn++) {
        const double pw = turn ? page->paper_h_mm : page->paper_w_mm;
        const double ph = turn ? page->paper_w_mm : page->paper_h_mm;
        struct tiling t = { turn, 1, 1, pw - 2 * SMP_MARGIN_MM, ph - 25 - SMP_TOP_MM - text_mm };
        if (s->bounds.w > t.w)
            t.columns = (int)ceil((s->bounds.w - overlap_mm) / (t.w - overlap_mm));
        if (s->bounds.h > t.h)
            t.rows = (int)ceil((s->bounds.h - overlap_mm) / (t.h - overlap_mm));
        if (turn == 0 || t.columns * t.rows < best.columns * best.rows)
            best = t;
    }
    return best;
}

static void draw_tile(struct smp_page *page, const struct smp_stencil *s, const struct tiling *t,
                      int column, int row, bool mirrored)
{
    const bool many = t->columns * t->rows > 1;
    const char *what = mirrored ? "Hairline stencil 1 : 1, mirrored" : "Hairline stencil 1 : 1";
    smp_page_begin(page, what,
                   many ? smp_say(page,
                                  "Tile %c%d of %d: lay the crosses of the same name on each other",
                                  'A' + row, column + 1, t->columns * t->rows)
                        : "One piece",
                   t->landscape);
    const double text_mm = smp_text_box(page, SMP_MARGIN_MM, SMP_TOP_MM, smp_page_inner_mm(page),
                                        note, what_it_is(page, s, mirrored));
    const double top = page->h_mm - 25 - t->h, step_x = t->w - overlap_mm,
                 step_y = t->h - overlap_mm;
    smp_page_check(page, SMP_TOP_MM + text_mm + (page->h_mm - 25 - top) - t->h);
    // whole drawing centred in the whole of the tiles
    const double all_w = t->w + (t->columns - 1) * step_x, all_h = t->h + (t->rows - 1) * step_y;
    const double x0 = SMP_MARGIN_MM + (all_w - s->bounds.w) / 2 - column * step_x;
    const double y0 = top + fmin(6, (all_h - s->bounds.h) / 2) - row * step_y;
    const struct smp_stencil_place p = { x0 - s->bounds.x, y0 + s->bounds.y + s->bounds.h,
                                         mirrored };
    cairo_save(page->cr);
    cairo_rectangle(page->cr, SMP_MARGIN_MM - 1, top - 1, t->w + 2, t->h + 2);
    cairo_clip(page->cr);
    // where two tiles meet in the middle, each has its words on its own side
    smp_stencil_draw(page, s, &p, t->columns == 2 && column == 0);
    for (int k = 0; k < 2; k++) {
        const double x = SMP_MARGIN_MM + t->w * (k ? 0.75 : 0.25),
                     y = top + t->h * (k ? 0.75 : 0.25);
        if (column > 0)
            draw_register(page, SMP_MARGIN_MM + overlap_mm / 2, y,
                          smp_say(page, "%c%d%c", 'A' + row, column, 'a' + k));
        if (column + 1 < t->columns)
            draw_register(page, SMP_MARGIN_MM + t->w - overlap_mm / 2, y,
                          smp_say(page, "%c%d%c", 'A' + row, column + 1, 'a' + k));
        if (row > 0)
            draw_register(page, x, top + overlap_mm / 2,
                          smp_say(page, "%c%d%c", 'A' + row - 1, column + 1, 'p' + k));
        if (row + 1 < t->rows)
            draw_register(page, x, top + t->h - overlap_mm / 2,
                          smp_say(page, "%c%d%c", 'A' + row, column + 1, 'p' + k));
    }
    cairo_restore(page->cr);
    smp_page_end(page);
}

// ---- One page: the front in one piece, the ends beside the glabella --------------------------

// From the middle of the line: where an end piece lies, below the line and clear of all words.
static const double ends_from_mm = 64, ends_to_mm = 118, ends_top_mm = -36, ends_tall_mm = 40;

// The front must be in one piece between the cuts, corners and peaks within it, and the ends must
// find their room.
static bool fits_one_page(const struct smp_page *page, const struct smp_stencil *s, double text_mm)
{
    const double cut = page->paper_h_mm / 2 - SMP_MARGIN_MM;
    const double room = page->paper_w_mm - 25 - SMP_TOP_MM - text_mm;
    if (s->bounds.w / 2 - (cut - overlap_mm) > ends_to_mm - ends_from_mm || s->bounds.h > room ||
        s->glabella_mm < -ends_top_mm + ends_tall_mm)
        return false;
    for (int i = 0; i < s->mark_count; i++) {
        if (fabs(s->flat.at[s->marks[i].index].x) > cut - overlap_mm - 4)
            return false;
    }
    double low = 0, high = -HUGE_VAL; // of the line beyond the cuts
    for (size_t i = 0; i < s->flat.count; i++) {
        const struct smp_vec2 at = s->flat.at[i];
        const double x = fabs(at.x);
        if (x > ends_from_mm - 4 && x < ends_to_mm + 4 && at.y < ends_top_mm + 3)
            return false;
        if (x > cut - overlap_mm) {
            low = fmin(low, at.y);
            high = fmax(high, at.y);
        }
    }
    return high - low < ends_tall_mm - 12;
}

static double line_at(const struct smp_stencil *s, double x)
{
    size_t best = 0;
    for (size_t i = 0; i < s->flat.count; i++) {
        if (fabs(s->flat.at[i].x - x) < fabs(s->flat.at[best].x - x))
            best = i;
    }
    return s->flat.at[best].y;
}

// The piece beyond the cut, moved into the free room; its crosses lie on those of the front.
static void draw_end(struct smp_page *page, const struct smp_stencil *s,
                     const struct smp_stencil_place *front, int side, double cut)
{
    const int out = front->mirrored ? -side : side; // on the line: +1 is where x > 0
    const double seam = cut - overlap_mm / 2, y = line_at(s, out * seam);
    const double down = y - (ends_top_mm - 8), in = cut - overlap_mm - ends_from_mm;
    const struct smp_stencil_place p = { front->ox - side * in, front->oy + down, front->mirrored };
    const double x0 = front->ox + side * ends_from_mm, x1 = front->ox + side * ends_to_mm;
    const struct smp_rect box = { fmin(x0, x1), front->oy - ends_top_mm, fabs(x1 - x0),
                                  ends_tall_mm };
    cairo_save(page->cr);
    cairo_rectangle(page->cr, box.x, box.y, box.w, box.h);
    cairo_clip(page->cr);
    smp_stencil_draw_line(page, s, &p);
    cairo_restore(page->cr);
    const double dashes[2] = { 1, 1 };
    cairo_set_dash(page->cr, dashes, 2, 0);
    smp_frame(page, box, 0, 0.12, 0.6);
    cairo_set_dash(page->cr, NULL, 0, 0);
    const char *name = out > 0 ? "L" : "R";
    const double cross = y - 7; // below the line
    draw_register(page, front->ox + side * seam, front->oy - cross, name);
    draw_register(page, p.ox + side * seam, p.oy - cross, name);
    smp_text_line(page, box.x + 1.5, box.y + box.h - 1.8, box.w - 3, note,
                  smp_say(page, "end, %s: cut out, cross %s on cross %s",
                          out > 0 ? "left" : "right", name, name));
}

static void draw_one_page(struct smp_page *page, const struct smp_stencil *s, double text_mm,
                          bool mirrored)
{
    smp_page_begin(page, mirrored ? "Hairline stencil 1 : 1, mirrored" : "Hairline stencil 1 : 1",
                   "The front in one piece; the ends, beyond the edge of the paper, lie below it",
                   true);
    smp_page_check(page, smp_text_box(page, SMP_MARGIN_MM, SMP_TOP_MM, smp_page_inner_mm(page),
                                      note, what_it_is(page, s, mirrored)) +
                             SMP_TOP_MM);
    const double top = SMP_TOP_MM + text_mm, tall = smp_page_bottom_mm(page) - top;
    const double y0 = top + fmin(6, (tall - s->bounds.h) / 2);
    const struct smp_stencil_place p = { page->w_mm / 2, y0 + s->bounds.y + s->bounds.h, mirrored };
    const double cut = page->w_mm / 2 - SMP_MARGIN_MM;
    cairo_save(page->cr);
    cairo_rectangle(page->cr, SMP_MARGIN_MM, top - 1, 2 * cut, tall + 1);
    cairo_clip(page->cr);
    smp_stencil_draw(page, s, &p, false);
    cairo_restore(page->cr);
    draw_end(page, s, &p, -1, cut);
    draw_end(page, s, &p, 1, cut);
    smp_page_end(page);
}

enum smp_code smp_draw_stencil(struct smp_page *page, struct smp_err *err)
{
    if (smp_of(page)->plan->design->line_count < 10)
        return smp_fail(err, SMP_E_INPUT, "the plan has no hairline to make a stencil of");
    struct smp_stencil s = { 0 };
    enum smp_code code = smp_stencil_make(&s, page, err);
    if (code)
        return code;
    const double text_mm = 13;
    const struct tiling t = choose_tiling(page, &s, text_mm);
    if (t.columns * t.rows > 1 && fits_one_page(page, &s, text_mm)) {
        draw_one_page(page, &s, text_mm, false);
        draw_one_page(page, &s, text_mm, true);
        return SMP_OK;
    }
    for (int mirrored = 0; mirrored < 2; mirrored++) {
        for (int row = 0; row < t.rows; row++) {
            for (int column = 0; column < t.columns; column++)
                draw_tile(page, &s, &t, column, row, mirrored);
        }
    }
    return SMP_OK;
}
