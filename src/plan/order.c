// The order of the hand: session by session, zone by zone, and in a zone along strips of the scalp
// chart, to and fro, then shortened.
#include "plan/plan_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct stop {
    double x, y; // chart, in millimetres of this zone
    uint32_t dot;
    uint32_t strip;
};

static int by_strip(const void *p, const void *q)
{
    const struct stop *a = p, *b = q;
    if (a->strip != b->strip)
        return a->strip < b->strip ? -1 : 1;
    const int forward =
        a->x != b->x ? (a->x < b->x ? -1 : 1) : (a->dot > b->dot) - (a->dot < b->dot);
    return a->strip % 2 ? -forward : forward;
}

// Millimetres a chart unit: one radius is about 150 mm of skin (head.h).
static const double chart_mm = 150;

// Strips along the longer side of the group, √3 spacings wide (the best width for a path through
// random points: Daganzo 1984).
static void cut_strips(const struct smp_plan *plan, struct stop *stops, size_t count,
                       double spacing_mm)
{
    double low[2] = { HUGE_VAL, HUGE_VAL }, high[2] = { -HUGE_VAL, -HUGE_VAL };
    for (size_t i = 0; i < count; i++) {
        const struct smp_vec2 c = plan->dots[stops[i].dot].chart;
        low[0] = fmin(low[0], c.x);
        low[1] = fmin(low[1], c.y);
        high[0] = fmax(high[0], c.x);
        high[1] = fmax(high[1], c.y);
    }
    const bool wide = high[0] - low[0] >= high[1] - low[1];
    for (size_t i = 0; i < count; i++) {
        const struct smp_vec2 c = plan->dots[stops[i].dot].chart;
        const double u = (c.x - low[0]) * chart_mm, v = (high[1] - c.y) * chart_mm;
        stops[i].x = wide ? u : v;
        stops[i].y = wide ? v : u;
        stops[i].strip = (uint32_t)(stops[i].y / (sqrt(3) * spacing_mm));
    }
    qsort(stops, count, sizeof *stops, by_strip);
}

static size_t take_group(struct stop *stops, const struct smp_plan *plan, int session,
                         enum smp_zone zone)
{
    size_t count = 0;
    for (size_t i = 0; i < plan->dot_count; i++) {
        if (plan->dots[i].session == session && plan->dots[i].zone == zone)
            stops[count++] = (struct stop){ .dot = (uint32_t)i };
    }
    return count;
}

struct work {
    struct stop *stops;
    struct smp_vec3 *points;
    uint32_t *path;
};

static enum smp_code order_group(struct smp_plan *plan, const struct work *work, size_t count,
                                 double cm2, uint32_t *order, struct smp_arena *scratch,
                                 struct smp_err *err)
{
    const double spacing_mm = smp_clamp(10 * sqrt(cm2 / (double)count), 0.3, 10);
    enum smp_code code = SMP_OK;
    cut_strips(plan, work->stops, count, spacing_mm);
    for (size_t i = 0; i < count; i++) {
        work->points[i] = plan->dots[work->stops[i].dot].position_mm;
        work->path[i] = (uint32_t)i;
    }
    if (count > 3)
        code = smp_path_shorten(work->path, work->points, count, spacing_mm, scratch, err);
    for (size_t i = 0; i < count; i++)
        plan->dots[work->stops[work->path[i]].dot].order = ++*order;
    return code;
}

static double treated_cm2(const struct smp_plan *plan, enum smp_zone zone)
{
    const struct smp_mesh *mesh = &plan->head->mesh;
    double cm2 = 0;
    for (size_t t = 0; t < mesh->triangle_count; t++) {
        const uint32_t corner = mesh->triangles[t][0];
        if (plan->design->zones[corner] == zone && plan->design->density_per_cm2[corner] >= 0.5)
            cm2 += smp_length(smp_mesh_area_vector(mesh, t)) / 100;
    }
    return cm2;
}

enum smp_code smp_plan_order(struct smp_plan *plan, struct smp_arena *scratch, struct smp_err *err)
{
    const struct smp_mark mark = smp_arena_mark(scratch);
    const struct work work = { smp_new(scratch, struct stop, plan->dot_count),
                               smp_new(scratch, struct smp_vec3, plan->dot_count),
                               smp_new(scratch, uint32_t, plan->dot_count) };
    if (!work.stops || !work.points || !work.path)
        return smp_fail(err, SMP_E_NOMEM, "no memory to order %zu dots", plan->dot_count);
    uint32_t order[SMP_SESSIONS_MAX] = { 0 };
    enum smp_code code = SMP_OK;
    for (int zone = 1; zone < SMP_ZONE_COUNT && !code; zone++) {
        const double cm2 = treated_cm2(plan, (enum smp_zone)zone);
        for (int session = 1; session <= plan->sessions && !code; session++) {
            const size_t count = take_group(work.stops, plan, session, (enum smp_zone)zone);
            if (count)
                code = order_group(plan, &work, count, cm2, &order[session - 1], scratch, err);
        }
    }
    smp_arena_reset(scratch, mark);
    return code;
}

// ---- How far the hand moves ---------------------------------------------------------------------

static int by_value(const void *p, const void *q)
{
    const double a = *(const double *)p, b = *(const double *)q;
    return (a > b) - (a < b);
}

static int by_order(const void *p, const void *q)
{
    const struct smp_dot *const *a = p, *const *b = q;
    return ((*a)->order > (*b)->order) - ((*a)->order < (*b)->order);
}

enum smp_code smp_plan_steps(struct smp_plan *plan, struct smp_arena *scratch, struct smp_err *err)
{
    const struct smp_mark mark = smp_arena_mark(scratch);
    const struct smp_dot **path = smp_new(scratch, const struct smp_dot *, plan->dot_count);
    double *steps = smp_new(scratch, double, plan->dot_count);
    if (!path || !steps)
        return smp_fail(err, SMP_E_NOMEM, "no memory to measure %zu steps", plan->dot_count);
    for (int session = 1; session <= plan->sessions; session++) {
        struct smp_session_total *total = &plan->session[session - 1];
        size_t count = 0;
        for (size_t i = 0; i < plan->dot_count; i++) {
            if (plan->dots[i].session == session)
                path[count++] = &plan->dots[i];
        }
        // NOLINTNEXTLINE(bugprone-sizeof-expression): pointers are what is sorted
        qsort(path, count, sizeof *path, by_order);
        double sum = 0;
        for (size_t i = 1; i < count; i++) {
            steps[i - 1] = smp_length(smp_sub(path[i]->position_mm, path[i - 1]->position_mm));
            sum += steps[i - 1];
        }
        if (count < 2)
            continue;
        qsort(steps, count - 1, sizeof *steps, by_value);
        total->step_mm = sum / (double)(count - 1);
        total->step_p99_mm = steps[(size_t)(0.99 * (double)(count - 2) + 0.5)];
    }
    smp_arena_reset(scratch, mark);
    return SMP_OK;
}
