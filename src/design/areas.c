// Keep-outs and scars: what lies in them gets no dots, or a density of its own.
#include "design/design_impl.h"

#include <math.h>

// No triangle of a scalp is longer (head.h). Inside of a keep-out's edge the density that dots are
// laid by goes on for this far, so that it does not fall off before the edge; the dots on the wrong
// side are taken out one by one (smp_design_outside_mm), and the edge is where it was drawn.
static const double mesh_edge_mm = 1.5;
static const double far_mm = 1000;

static bool inside_outline(const struct smp_area *area, struct smp_vec2 p)
{
    bool inside = false;
    for (size_t i = 0, j = area->outline_count - 1; i < area->outline_count; j = i++) {
        const struct smp_vec2 a = area->outline[i], b = area->outline[j];
        if ((a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x)
            inside = !inside;
    }
    return inside;
}

// The outline on the skin, in pieces of a fiftieth of a chart unit (about 2 mm) or less.
static enum smp_code outline_lines(struct smp_lines *lines, const struct smp_area *area,
                                   const struct smp_front *front, struct smp_arena *arena,
                                   struct smp_err *err)
{
    size_t count = 0;
    for (size_t i = 0; i < area->outline_count; i++) {
        const struct smp_vec2 p = area->outline[i],
                              q = area->outline[(i + 1) % area->outline_count];
        count += (size_t)ceil(50 * hypot(q.x - p.x, q.y - p.y)) + 1;
    }
    struct smp_vec3 *a = smp_new(arena, struct smp_vec3, count + 1);
    if (!a)
        return smp_fail(err, SMP_E_NOMEM, "no memory for an outline of %zu pieces", count);
    size_t made = 0;
    for (size_t i = 0; i < area->outline_count; i++) {
        const struct smp_vec2 p = area->outline[i],
                              q = area->outline[(i + 1) % area->outline_count];
        const size_t pieces = (size_t)ceil(50 * hypot(q.x - p.x, q.y - p.y)) + 1;
        for (size_t k = 0; k < pieces; k++) {
            const double t = (double)k / (double)pieces;
            const struct smp_vec2 at = { p.x + (q.x - p.x) * t, p.y + (q.y - p.y) * t };
            if (smp_chart_point(front->head, front->rays, at, &a[made], NULL))
                made++;
        }
    }
    if (made == 0)
        return smp_fail(err, SMP_E_INPUT,
                        "design.%s: the outline of a %s must cross the head, and lies off it",
                        area->kind == SMP_AREA_SCAR ? "scars" : "keep_out", area->what);
    a[made] = a[0];
    return smp_lines_make(lines, a, a + 1, made, arena, err);
}

static enum smp_code make_fence(struct smp_fence *fence, const struct smp_area *area,
                                const struct smp_front *front, struct smp_arena *arena,
                                struct smp_err *err)
{
    *fence = (struct smp_fence){ .area = area };
    return area->outline_count ? outline_lines(&fence->lines, area, front, arena, err) : SMP_OK;
}

// Distance outside an area, 0 inside of an outline, below 0 inside of a disc; reach_mm where it is
// farther than that.
static double outside_area_mm(const struct smp_fence *fence, struct smp_vec3 point,
                              struct smp_vec2 chart, double reach_mm)
{
    const struct smp_area *area = fence->area;
    if (!area->outline_count)
        return fmin(smp_length(smp_sub(point, area->centre_mm)) - area->radius_mm, reach_mm);
    const double edge_mm = smp_lines_nearest(&fence->lines, point, reach_mm).distance_mm;
    return inside_outline(area, chart) ? -edge_mm : edge_mm;
}

// ---- Scars ------------------------------------------------------------------------------------

static enum smp_code apply_scar(struct smp_design *design, const struct smp_front *front,
                                const struct smp_area *area, struct smp_arena *arena,
                                struct smp_err *err)
{
    const struct smp_head *head = front->head;
    struct smp_fence fence;
    const enum smp_code code = make_fence(&fence, area, front, arena, err);
    if (code)
        return code;
    for (size_t i = 0; i < head->mesh.point_count; i++) {
        if (design->zones[i] == SMP_ZONE_NONE ||
            outside_area_mm(&fence, head->mesh.points[i], head->chart[i], 1) > 0)
            continue;
        design->hair_per_cm2[i] = 0;
        design->density_per_cm2[i] = area->dots_per_cm2;
        design->total_per_cm2[i] = area->dots_per_cm2;
    }
    return SMP_OK;
}

// ---- Keep-outs ----------------------------------------------------------------------------------

enum smp_code smp_fences_make(struct smp_design *design, const struct smp_front *front,
                              struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_design_params *params = front->params;
    struct smp_fence *fences = smp_new(arena, struct smp_fence, params->area_count);
    size_t count = 0;
    if (!fences)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu keep-outs", params->area_count);
    for (size_t k = 0; k < params->area_count; k++) {
        if (params->areas[k].kind != SMP_AREA_KEEP_OUT)
            continue;
        const enum smp_code code =
            make_fence(&fences[count++], &params->areas[k], front, arena, err);
        if (code)
            return code;
    }
    design->fences = fences;
    design->fence_count = count;
    return SMP_OK;
}

double smp_design_outside_mm(const struct smp_design *design, struct smp_vec3 point,
                             struct smp_vec2 chart)
{
    double least = far_mm;
    for (size_t k = 0; k < design->fence_count; k++) {
        const double margin_mm = design->fences[k].area->margin_mm;
        const double away =
            outside_area_mm(&design->fences[k], point, chart, margin_mm + 2 * mesh_edge_mm);
        least = fmin(least, away - margin_mm);
    }
    return least;
}

static void apply_fences(struct smp_design *design, const struct smp_head *head)
{
    for (size_t i = 0; i < head->mesh.point_count; i++) {
        const double outside_mm =
            design->fence_count && design->zones[i]
                ? smp_design_outside_mm(design, head->mesh.points[i], head->chart[i])
                : far_mm;
        const bool laid = outside_mm > -mesh_edge_mm;
        design->laid_per_cm2[i] = laid ? design->density_per_cm2[i] : 0;
        design->laid_total_per_cm2[i] =
            design->total_per_cm2[i] - (laid ? 0 : design->density_per_cm2[i]);
        if (outside_mm > 0)
            continue;
        design->total_per_cm2[i] -= design->density_per_cm2[i];
        design->density_per_cm2[i] = 0;
    }
}

// Scars first: a keep-out holds inside a scar too.
enum smp_code smp_areas_apply(struct smp_design *design, const struct smp_front *front,
                              struct smp_arena *arena, struct smp_err *err)
{
    for (size_t k = 0; k < front->params->area_count; k++) {
        if (front->params->areas[k].kind != SMP_AREA_SCAR)
            continue;
        const struct smp_mark mark = smp_arena_mark(arena);
        const enum smp_code code = apply_scar(design, front, &front->params->areas[k], arena, err);
        smp_arena_reset(arena, mark);
        if (code)
            return code;
    }
    apply_fences(design, front->head);
    return SMP_OK;
}
