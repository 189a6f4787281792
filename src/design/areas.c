// Keep-outs and scars: what lies in them gets no dots, or a density of its own.
#include "design/design_impl.h"

#include <math.h>

// No triangle of a scalp is longer (head.h): a point this far outside a keep-out may share a
// triangle with one inside, so it must be empty for no dot to fall in.
static const double mesh_edge_mm = 1.5;

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
        return smp_fail(err, SMP_E_INPUT, "design: the outline of a %s lies off the head",
                        area->what);
    a[made] = a[0];
    return smp_lines_make(lines, a, a + 1, made, arena, err);
}

static void apply_at(struct smp_design *design, size_t i, const struct smp_area *area,
                     double outside_mm)
{
    if (area->kind == SMP_AREA_KEEP_OUT) {
        if (outside_mm > area->margin_mm + mesh_edge_mm)
            return;
        design->total_per_cm2[i] -= design->density_per_cm2[i];
        design->density_per_cm2[i] = 0;
    } else if (outside_mm <= 0) {
        design->hair_per_cm2[i] = 0;
        design->density_per_cm2[i] = area->dots_per_cm2;
        design->total_per_cm2[i] = area->dots_per_cm2;
    }
}

static enum smp_code apply(struct smp_design *design, const struct smp_front *front,
                           const struct smp_area *area, struct smp_arena *arena,
                           struct smp_err *err)
{
    const struct smp_head *head = front->head;
    const double reach_mm = area->margin_mm + mesh_edge_mm + 1;
    struct smp_lines lines = { 0 };
    if (area->outline_count) {
        enum smp_code code = outline_lines(&lines, area, front, arena, err);
        if (code)
            return code;
    }
    for (size_t i = 0; i < head->mesh.point_count; i++) {
        if (design->zones[i] == SMP_ZONE_NONE)
            continue;
        const struct smp_vec3 p = head->mesh.points[i];
        double outside_mm;
        if (!area->outline_count)
            outside_mm = smp_length(smp_sub(p, area->centre_mm)) - area->radius_mm;
        else if (inside_outline(area, head->chart[i]))
            outside_mm = 0;
        else
            outside_mm = smp_lines_nearest(&lines, p, reach_mm).distance_mm;
        // On the outline itself a scar's point is inside.
        apply_at(design, i, area, outside_mm);
    }
    return SMP_OK;
}

// Scars first: a keep-out holds inside a scar too.
enum smp_code smp_areas_apply(struct smp_design *design, const struct smp_front *front,
                              struct smp_arena *arena, struct smp_err *err)
{
    for (int pass = 0; pass < 2; pass++) {
        for (size_t k = 0; k < front->params->area_count; k++) {
            const struct smp_area *area = &front->params->areas[k];
            if ((area->kind == SMP_AREA_SCAR) != (pass == 0))
                continue;
            const struct smp_mark mark = smp_arena_mark(arena);
            enum smp_code code = apply(design, front, area, arena, err);
            smp_arena_reset(arena, mark);
            if (code)
                return code;
        }
    }
    return SMP_OK;
}
