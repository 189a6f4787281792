// The order of the hand: session by session, zone by zone, and in a zone along strips of the scalp
// chart, to and fro, shortened by exchanging legs (2-opt; Croes 1958) within a short window.
#include "plan/plan_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { window = 40, rounds_max = 12 };

struct stop {
    struct smp_vec3 at_mm;
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

static double leg_mm(const struct stop *a, const struct stop *b)
{
    return smp_length(smp_sub(a->at_mm, b->at_mm));
}

static void reverse(struct stop *stops, size_t begin, size_t end)
{
    while (begin < end) {
        const struct stop keep = stops[begin];
        stops[begin++] = stops[end];
        stops[end--] = keep;
    }
}

// Turns stretches of the path round where that shortens it. The window keeps it linear and the
// path near its strips.
static void shorten(struct stop *stops, size_t count)
{
    bool better = true;
    for (int round = 0; round < rounds_max && better; round++) {
        better = false;
        for (size_t i = 0; i + 3 < count; i++) {
            const double leg = leg_mm(&stops[i], &stops[i + 1]);
            const size_t last = i + window < count - 1 ? i + window : count - 2;
            for (size_t j = i + 2; j <= last; j++) {
                const double to = leg_mm(&stops[i], &stops[j]);
                if (to >= leg)
                    continue;
                const double gain = leg + leg_mm(&stops[j], &stops[j + 1]) - to -
                                    leg_mm(&stops[i + 1], &stops[j + 1]);
                if (gain > 1e-9) {
                    reverse(stops, i + 1, j);
                    better = true;
                    break;
                }
            }
        }
    }
}

// Millimetres a chart unit in this group, from neighbours in the list of dots as laid.
static double chart_scale_mm(const struct smp_plan *plan, const struct stop *stops, size_t count)
{
    double mm = 0, chart = 0;
    const size_t stride = count / 400 + 1;
    for (size_t i = stride; i < count; i += stride) {
        const struct smp_dot *a = &plan->dots[stops[i - stride].dot];
        const struct smp_dot *b = &plan->dots[stops[i].dot];
        mm += smp_length(smp_sub(a->position_mm, b->position_mm));
        chart += hypot(a->chart.x - b->chart.x, a->chart.y - b->chart.y);
    }
    return chart > 0 ? mm / chart : 100;
}

// Strips along the longer side of the group, √3 spacings wide (the best width for a path through
// random points: Daganzo 1984).
static void cut_strips(const struct smp_plan *plan, struct stop *stops, size_t count)
{
    const double scale = chart_scale_mm(plan, stops, count);
    double low[2] = { INFINITY, INFINITY }, high[2] = { -INFINITY, -INFINITY };
    for (size_t i = 0; i < count; i++) {
        const struct smp_vec2 c = plan->dots[stops[i].dot].chart;
        low[0] = fmin(low[0], c.x);
        low[1] = fmin(low[1], c.y);
        high[0] = fmax(high[0], c.x);
        high[1] = fmax(high[1], c.y);
    }
    const bool wide = high[0] - low[0] >= high[1] - low[1];
    const double spacing =
        sqrt((high[0] - low[0]) * (high[1] - low[1]) * scale * scale / (double)count);
    const double strip_mm = spacing > 0 ? sqrt(3) * fmin(spacing, 4) : 1;
    for (size_t i = 0; i < count; i++) {
        const struct smp_vec2 c = plan->dots[stops[i].dot].chart;
        const double u = (c.x - low[0]) * scale, v = (high[1] - c.y) * scale;
        stops[i].x = wide ? u : v;
        stops[i].y = wide ? v : u;
        stops[i].strip = (uint32_t)(stops[i].y / strip_mm);
    }
    qsort(stops, count, sizeof *stops, by_strip);
}

static size_t take_group(struct stop *stops, const struct smp_plan *plan, int session,
                         enum smp_zone zone)
{
    size_t count = 0;
    for (size_t i = 0; i < plan->dot_count; i++) {
        if (plan->dots[i].session == session && plan->dots[i].zone == zone)
            stops[count++] =
                (struct stop){ .at_mm = plan->dots[i].position_mm, .dot = (uint32_t)i };
    }
    return count;
}

enum smp_code smp_plan_order(struct smp_plan *plan, struct smp_arena *scratch, struct smp_err *err)
{
    const struct smp_mark mark = smp_arena_mark(scratch);
    struct stop *stops = smp_new(scratch, struct stop, plan->dot_count);
    if (!stops)
        return smp_fail(err, SMP_E_NOMEM, "no memory to order %zu dots", plan->dot_count);
    for (int session = 1; session <= plan->sessions; session++) {
        uint32_t order = 0;
        for (int zone = 1; zone < SMP_ZONE_COUNT; zone++) {
            const size_t count = take_group(stops, plan, session, (enum smp_zone)zone);
            if (count > 2) {
                cut_strips(plan, stops, count);
                shorten(stops, count);
            }
            for (size_t i = 0; i < count; i++)
                plan->dots[stops[i].dot].order = ++order;
        }
    }
    smp_arena_reset(scratch, mark);
    return SMP_OK;
}

// ---- How far the hand moves
// --------------------------------------------------------------------------

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
