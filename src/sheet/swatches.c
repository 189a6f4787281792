// Density swatches at true size: 20 × 20 mm of the plan itself, so that the eye can be set on
// paper.
#include "sheet/sheet_impl.h"

#include <math.h>

static const struct smp_type note = { 7.4, SMP_REGULAR, 0.27, SMP_LEFT };

// ---- Cutting ----------------------------------------------------------------------------------

static void set_frame(struct smp_cutting *swatch, const struct smp_dot *dot)
{
    const struct smp_vec3 n = smp_unit(dot->normal);
    // "down" is the chart's way to the face: forward on top, downward on the forehead
    const struct smp_vec3 wish =
        fabs(n.y) <= 0.8 ? smp_vec3(0, 1, 0) : smp_vec3(0, 0, n.y > 0 ? -1 : 1);
    swatch->centre = dot->position_mm;
    swatch->normal = n;
    swatch->down = smp_unit(smp_sub(wish, smp_scale(n, smp_dot(wish, n))));
    swatch->across = smp_cross(n, swatch->down);
}

// Where a point of the skin falls in the window, mm from its upper left corner; false outside it.
static bool in_window(const struct smp_cutting *swatch, struct smp_vec3 position,
                      struct smp_vec3 normal, struct smp_vec2 *at)
{
    const struct smp_vec3 d = smp_sub(position, swatch->centre);
    const double half = SMP_SWATCH_MM / 2;
    const double x = smp_dot(d, swatch->across) + half, y = smp_dot(d, swatch->down) + half;
    if (!(x >= 0 && x < SMP_SWATCH_MM && y >= 0 && y < SMP_SWATCH_MM))
        return false;
    // the same skin, not what lies below it or folds away
    if (fabs(smp_dot(d, swatch->normal)) > 12 || smp_dot(normal, swatch->normal) < 0.3)
        return false;
    *at = (struct smp_vec2){ x, y };
    return true;
}

static size_t count_zone(const struct smp_cutting *swatch, const struct smp_plan *plan,
                         enum smp_zone zone)
{
    size_t count = 0;
    struct smp_vec2 at;
    for (size_t i = 0; i < plan->dot_count; i++)
        count += plan->dots[i].zone == zone &&
                 in_window(swatch, plan->dots[i].position_mm, plan->dots[i].normal, &at);
    return count;
}

enum smp_code smp_swatch_make(struct smp_cutting *swatch, const struct smp_plan *plan,
                              enum smp_zone zone, struct smp_arena *arena, struct smp_err *err)
{
    enum { CANDIDATES = 96 };
    size_t own = 0, seen = 0, best = 0;
    for (size_t i = 0; i < plan->dot_count; i++)
        own += plan->dots[i].zone == zone;
    const size_t stride = own / CANDIDATES + 1;
    struct smp_cutting made = { 0 };
    // the window that holds most dots of the zone is dense and lies well inside it
    for (size_t i = 0; i < plan->dot_count; i++) {
        if (plan->dots[i].zone != zone || seen++ % stride != 0)
            continue;
        struct smp_cutting trial = { 0 };
        set_frame(&trial, &plan->dots[i]);
        const size_t count = count_zone(&trial, plan, zone);
        if (count > best) {
            best = count;
            made = trial;
        }
    }
    if (best == 0)
        return smp_fail(err, SMP_E_INPUT, "the zone %s holds no dots to cut a swatch from",
                        smp_zone_name(zone));
    made.dots = smp_new(arena, uint32_t, plan->dot_count);
    made.at = smp_new(arena, struct smp_vec2, plan->dot_count);
    if (!made.dots || !made.at)
        return smp_fail(err, SMP_E_NOMEM, "no memory for a swatch");
    for (size_t i = 0; i < plan->dot_count; i++) {
        const struct smp_dot *dot = &plan->dots[i];
        if (!in_window(&made, dot->position_mm, dot->normal, &made.at[made.dot_count]))
            continue;
        made.dots[made.dot_count++] = (uint32_t)i;
        for (int s = plan->dots[i].session; s <= plan->sessions; s++)
            made.count[s - 1]++;
    }
    *swatch = made;
    return SMP_OK;
}

// ---- Drawing ----------------------------------------------------------------------------------

// Own hair that is left, as the tips of stubble: lighter, so that the dots can be told apart.
static void draw_hairs(struct smp_page *page, const struct smp_cutting *swatch, double x, double y)
{
    static const double tip_mm = 0.12;
    cairo_t *cr = page->cr;
    struct smp_vec2 at;
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    for (size_t i = 0; i < smp_of(page)->plan->hair_count; i++) {
        const struct smp_fu *fu = &smp_of(page)->plan->hairs[i];
        if (!in_window(swatch, fu->position_mm, fu->normal, &at))
            continue;
        cairo_move_to(cr, x + at.x, y + at.y);
        cairo_line_to(cr, x + at.x, y + at.y);
    }
    cairo_set_source_rgb(cr, 0.6, 0.6, 0.6);
    cairo_set_line_width(cr, tip_mm);
    cairo_stroke(cr);
}

static void draw_square(struct smp_page *page, const struct smp_cutting *swatch, double x, double y,
                        int session)
{
    cairo_t *cr = page->cr;
    cairo_rectangle(cr, x, y, SMP_SWATCH_MM, SMP_SWATCH_MM);
    cairo_set_source_rgb(cr, 0.6, 0.6, 0.6);
    cairo_set_line_width(cr, 0.12);
    cairo_stroke(cr);
    if (!page->count)
        return;
    cairo_save(cr);
    cairo_rectangle(cr, x, y, SMP_SWATCH_MM, SMP_SWATCH_MM);
    cairo_clip(cr);
    draw_hairs(page, swatch, x, y);
    for (size_t i = 0; i < swatch->dot_count; i++) {
        const struct smp_dot *dot = &smp_of(page)->plan->dots[swatch->dots[i]];
        if (dot->session > session)
            continue;
        cairo_new_sub_path(cr);
        cairo_arc(cr, x + swatch->at[i].x, y + swatch->at[i].y, dot->diameter_um / 2000, 0,
                  2 * SMP_PI);
    }
    cairo_set_source_rgb(cr, 0.13, 0.13, 0.13);
    cairo_fill(cr);
    cairo_restore(cr);
}

static double mean_diameter_mm(const struct smp_plan *plan, const struct smp_cutting *swatch)
{
    double sum = 0;
    for (size_t i = 0; i < swatch->dot_count; i++)
        sum += plan->dots[swatch->dots[i]].diameter_um / 1000;
    return swatch->dot_count ? sum / (double)swatch->dot_count : 0;
}

static enum smp_code draw_block(struct smp_page *page, double x, double y, double w, int zone,
                                struct smp_err *err)
{
    const struct smp_plan *plan = smp_of(page)->plan;
    struct smp_cutting swatch;
    const struct smp_mark mark = smp_arena_mark(page->arena);
    enum smp_code code = smp_swatch_make(&swatch, plan, (enum smp_zone)zone, page->arena, err);
    if (code)
        return code;
    const double name_w = smp_text_line(
        page, x, y + 3.2, w * 0.55, (struct smp_type){ 9.2, SMP_SEMIBOLD, 0.07, SMP_LEFT },
        smp_say(page, "%d  %s", smp_of(page)->chart->number[zone],
                smp_upper_first(page, smp_zone_name((enum smp_zone)zone))));
    const struct smp_zone_total *z = &plan->zones[zone];
    smp_text_line(page, x + name_w + 3, y + 3.2, w - name_w - 3, note,
                  smp_say(page, "%s, %.2f mm healed, mean of the zone %.0f /cm²",
                          z->needle ? z->needle : "needle ?", mean_diameter_mm(plan, &swatch),
                          z->treated_cm2 > 0 ? (double)z->dots[0] / z->treated_cm2 : 0));
    const int gaps = plan->sessions > 1 ? plan->sessions - 1 : 1;
    const double gap = fmin(10, (w - plan->sessions * SMP_SWATCH_MM) / gaps);
    for (int s = 1; s <= plan->sessions; s++) {
        const double sx = x + (s - 1) * (SMP_SWATCH_MM + gap);
        draw_square(page, &swatch, sx, y + 5.2, s);
        const double per_cm2 = (double)swatch.count[s - 1] / (SMP_SWATCH_MM * SMP_SWATCH_MM / 100);
        smp_text_line(page, sx, y + 28.6, SMP_SWATCH_MM,
                      (struct smp_type){ 7.6, SMP_SEMIBOLD, 0.07, SMP_CENTRE },
                      smp_say(page, "%.0f /cm²", per_cm2));
        smp_text_line(page, sx, y + 32, SMP_SWATCH_MM,
                      (struct smp_type){ 7, SMP_REGULAR, 0.27, SMP_CENTRE },
                      s == plan->sessions ? smp_say(page, "S%d, complete", s)
                                          : smp_say(page, "after S%d", s));
    }
    smp_arena_reset(page->arena, mark);
    return SMP_OK;
}

static double begin_swatches(struct smp_page *page)
{
    smp_page_begin(page, "Density swatches 1 : 1", "20 × 20 mm of this plan, by zone and session",
                   false);
    const double h = smp_text_box(page, SMP_MARGIN_MM, SMP_TOP_MM, smp_page_inner_mm(page), note,
                                  "Hold beside the skin at arm's length. Each square is cut out of "
                                  "the plan at the densest place of its zone "
                                  "and laid flat; it holds all planned dots there, at the size "
                                  "they are to have when healed, after the "
                                  "session named. Grey: own hair that is left. Figures are counted "
                                  "in the whole square; fresh dots look larger and darker.");
    return SMP_TOP_MM + h + 4;
}

enum smp_code smp_draw_swatches(struct smp_page *page, struct smp_err *err)
{
    const struct smp_plan *plan = smp_of(page)->plan;
    const double need = plan->sessions * SMP_SWATCH_MM + (plan->sessions - 1) * 4;
    double y = begin_swatches(page);
    const int columns = 2 * need + 12 <= smp_page_inner_mm(page) ? 2 : 1;
    const double pitch = (smp_page_inner_mm(page) + 12) / columns;
    const int rows = (smp_of(page)->chart->zone_count + columns - 1) / columns;
    const double block_h = smp_clamp((smp_page_bottom_mm(page) - y) / rows, 38.5, 50);
    int column = 0;
    for (int z = 1; z < SMP_ZONE_COUNT; z++) {
        if (!smp_of(page)->chart->number[z])
            continue;
        if (column == columns) {
            column = 0;
            y += block_h;
        }
        if (y + 33 > smp_page_bottom_mm(page)) {
            smp_page_end(page);
            y = begin_swatches(page);
        }
        enum smp_code code =
            draw_block(page, SMP_MARGIN_MM + column * pitch, y, pitch - 12, z, err);
        if (code)
            return code;
        smp_page_check(page, y + 33);
        column++;
    }
    smp_page_end(page);
    return SMP_OK;
}
