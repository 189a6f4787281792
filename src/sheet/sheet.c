// One file a call: the sheets in memory, then written whole.
#include "sheet/sheet_impl.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#ifndef STUBBLE_VERSION
#define STUBBLE_VERSION "0"
#endif

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

const char *smp_whole_minutes(struct smp_page *page, double minutes)
{
    return minutes > 0 && minutes < 0.5 ? "< 1" : smp_say(page, "%.0f", minutes);
}

static enum smp_code draw_pages(struct smp_page *page, struct smp_err *err)
{
    const enum smp_sheet_kind kind = smp_of(page)->kind;
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
        !(kind == SMP_SHEET_ALL && smp_of(page)->plan->design->line_count < 10))
        code = smp_draw_stencil(page, err);
    return code;
}

static enum smp_code render_pdf(struct smp_buffer *out, struct smp_sheet_facts *facts,
                                const struct smp_sheet_of *of, enum smp_paper paper,
                                struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_case *from = of->plan->from;
    const char *client = from->title[0] ? from->title : "untitled";
    const struct smp_page_frame frame = {
        .client = client,
        .id_label = "Plan",
        .id = of->id,
        .made_by = smp_format(arena, "stubble %s, seed %llu", STUBBLE_VERSION,
                              (unsigned long long)from->seed),
        .disclaimer = "General information, not medical advice; consult a qualified technician.",
        .stamp = "SIMULATED plan, not a record",
        .title = smp_format(arena, "Plan %s, %.200s (simulated)", of->id, client),
        .subject = "SIMULATED scalp micropigmentation plan, not a record of a treatment",
        .bar = true,
    };
    if (!frame.made_by || !frame.title)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the pages");
    const bool letter = paper == SMP_PAPER_LETTER;
    struct smp_page page = { .of = of,
                             .frame = &frame,
                             .arena = arena,
                             .paper_w_mm = letter ? 215.9 : 210,
                             .paper_h_mm = letter ? 279.4 : 297 };
    const enum smp_code code = smp_page_render(out, &page, draw_pages, err);
    if (facts)
        *facts = (struct smp_sheet_facts){ page.number, page.overflows };
    return code;
}

static enum smp_code render(struct smp_buffer *out, struct smp_sheet_facts *facts,
                            struct smp_sheet_of *of, enum smp_paper paper, struct smp_arena *arena,
                            struct smp_err *err)
{
    struct smp_chart_data *chart = smp_new(arena, struct smp_chart_data, 1);
    if (!chart)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the chart");
    enum smp_code code = smp_chart_make(chart, of->plan, arena, err);
    if (code)
        return code;
    of->chart = chart;
    if (of->kind == SMP_SHEET_SVG)
        code = smp_write_svg(out, of->plan, chart);
    else if (of->kind == SMP_SHEET_DXF)
        code = smp_write_dxf(out, of->plan, chart);
    else
        return render_pdf(out, facts, of, paper, arena, err);
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
    char id[12];
    smp_plan_id(id, plan);
    struct smp_sheet_of of = { .plan = plan, .pictures = pictures, .id = id, .kind = kind };
    code = render(out, facts, &of, paper, &arena, err);
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
