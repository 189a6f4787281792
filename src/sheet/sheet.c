// One file a call: the sheets in memory, then written whole.
#include "sheet/sheet_impl.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SHEET_NAME(name, text) text,
const char *const smp_sheet_names[] = { SMP_SHEETS(SHEET_NAME) NULL };
const char *const smp_paper_names[] = { "a4", "letter", NULL };

// From what every dot is, so that an edited plan has another id.
void smp_plan_id(char id[12], const struct smp_plan *plan)
{
    uint64_t hash = smp_hash64(plan->from->seed, plan->dot_count);
    for (size_t i = 0; i < plan->dot_count; i++) {
        const struct smp_dot *d = &plan->dots[i];
        const double p[3] = { d->position_mm.x, d->position_mm.y, d->position_mm.z };
        for (int k = 0; k < 3; k++)
            hash = smp_hash64(hash, (uint64_t)llround(p[k] * 1e4));
        hash = smp_hash64(hash, (uint64_t)d->zone << 32 | (uint64_t)d->session);
    }
    snprintf(id, 12, "%04X-%04X", (unsigned)(hash >> 48), (unsigned)(hash >> 32 & 0xffff));
}

// ---- Checks -----------------------------------------------------------------------------------

static enum smp_code check_plan(const struct smp_plan *plan, struct smp_err *err)
{
    if (!plan->from || !plan->head || !plan->design || !plan->design->zones ||
        !plan->design->density_per_cm2)
        return smp_fail(err, SMP_E_INPUT, "the plan lacks its case, head or design");
    if (plan->dot_count == 0)
        return smp_fail(err, SMP_E_INPUT, "the plan has no dots: there is nothing to print");
    if (plan->sessions < 1 || plan->sessions > SMP_SESSIONS_MAX)
        return smp_fail(err, SMP_E_INPUT, "the plan's sessions must be 1 to %d, not %d",
                        SMP_SESSIONS_MAX, plan->sessions);
    for (size_t i = 0; i < plan->dot_count; i++) {
        const struct smp_dot *d = &plan->dots[i];
        if (d->session < 1 || d->session > plan->sessions)
            return smp_fail(err, SMP_E_INPUT, "dot %u has session %d; it must be 1 to %d", d->id,
                            d->session, plan->sessions);
        if ((int)d->zone < 0 || d->zone >= SMP_ZONE_COUNT)
            return smp_fail(err, SMP_E_INPUT, "dot %u lies in no known zone", d->id);
        if (!isfinite(d->position_mm.x + d->position_mm.y + d->position_mm.z) ||
            !isfinite(d->chart.x + d->chart.y) || !(fabs(d->chart.x) < 10 && fabs(d->chart.y) < 10))
            return smp_fail(err, SMP_E_INPUT, "dot %u has no place that can be drawn", d->id);
        if (!(d->diameter_um > 0 && d->diameter_um < 5000))
            return smp_fail(err, SMP_E_INPUT,
                            "dot %u has a diameter of %g µm; it must be above 0 and below 5000",
                            d->id, d->diameter_um);
    }
    return SMP_OK;
}

// ---- Pages ------------------------------------------------------------------------------------

static enum smp_code draw_pages(struct smp_page *page, enum smp_sheet_kind kind,
                                struct smp_err *err)
{
    enum smp_code code = SMP_OK;
    if (!code && (kind == SMP_SHEET_SUMMARY || kind == SMP_SHEET_ALL))
        code = smp_draw_summary(page, err);
    if (!code && (kind == SMP_SHEET_WORK || kind == SMP_SHEET_ALL))
        code = smp_draw_work(page, err);
    if (!code && (kind == SMP_SHEET_SWATCHES || kind == SMP_SHEET_ALL))
        code = smp_draw_swatches(page, err);
    if (!code && kind == SMP_SHEET_SHADES)
        code = smp_draw_shades(page, err);
    if (!code && (kind == SMP_SHEET_STENCIL || kind == SMP_SHEET_ALL) &&
        !(kind == SMP_SHEET_ALL && page->plan->design->line_count < 10))
        code = smp_draw_stencil(page, err);
    return code;
}

// One pass over the pages; the first only counts them, so that each can say "n of m".
static enum smp_code run_pass(struct smp_page *page, struct smp_buffer *out,
                              enum smp_sheet_kind kind, struct smp_err *err)
{
    enum smp_code code = smp_page_open(page, out, err);
    if (!code)
        code = draw_pages(page, kind, err);
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

static enum smp_code render_pdf(struct smp_buffer *out, struct smp_sheet_facts *facts,
                                struct smp_page *page, enum smp_sheet_kind kind,
                                struct smp_err *err)
{
    struct smp_buffer counting = { 0 };
    enum smp_code code = run_pass(page, &counting, kind, err);
    smp_buffer_drop(&counting);
    if (code)
        return code;
    page->count = page->number;
    page->number = 0;
    page->overflows = 0;
    code = run_pass(page, out, kind, err);
    if (!code)
        smp_pdf_tag_srgb(out);
    if (!code && out->failed)
        code = smp_fail(err, SMP_E_NOMEM, "no memory for the pages");
    if (facts)
        *facts = (struct smp_sheet_facts){ page->number, page->overflows };
    return code;
}

static enum smp_code render(struct smp_buffer *out, struct smp_sheet_facts *facts,
                            struct smp_page *page, enum smp_sheet_kind kind, struct smp_err *err)
{
    struct smp_chart_data *chart = smp_new(page->arena, struct smp_chart_data, 1);
    if (!chart)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the chart");
    enum smp_code code = smp_chart_make(chart, page->plan, page->arena, err);
    if (code)
        return code;
    page->chart = chart;
    if (kind == SMP_SHEET_SVG)
        code = smp_write_svg(out, page->plan, chart);
    else if (kind == SMP_SHEET_DXF)
        code = smp_write_dxf(out, page->plan, chart);
    else
        return render_pdf(out, facts, page, kind, err);
    if (code)
        return smp_fail(err, code, "no memory for the drawing");
    return SMP_OK;
}

enum smp_code smp_sheet_render(struct smp_buffer *out, struct smp_sheet_facts *facts,
                               const struct smp_plan *plan, enum smp_sheet_kind kind,
                               enum smp_paper paper, const struct smp_sheet_pictures *pictures,
                               struct smp_err *err)
{
    enum smp_code code = check_plan(plan, err);
    if (code)
        return code;
    if (kind == SMP_SHEET_CSV) {
        smp_write_csv(out, plan);
        return out->failed ? smp_fail(err, SMP_E_NOMEM, "no memory for the list of dots") : SMP_OK;
    }
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    const bool letter = paper == SMP_PAPER_LETTER;
    struct smp_page page = { .plan = plan,
                             .pictures = pictures,
                             .arena = &arena,
                             .paper_w_mm = letter ? 215.9 : 210,
                             .paper_h_mm = letter ? 279.4 : 297 };
    smp_plan_id(page.id, plan);
    code = render(out, facts, &page, kind, err);
    smp_arena_drop(&arena);
    return code;
}

enum smp_code smp_sheet_write(const char *path, const struct smp_plan *plan,
                              enum smp_sheet_kind kind, enum smp_paper paper,
                              const struct smp_sheet_pictures *pictures, struct smp_err *err)
{
    struct smp_buffer out = { 0 };
    enum smp_code code = smp_sheet_render(&out, NULL, plan, kind, paper, pictures, err);
    if (!code)
        code = smp_file_write(path, out.data, out.length, err);
    smp_buffer_drop(&out);
    return code;
}
