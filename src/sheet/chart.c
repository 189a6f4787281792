// The flat chart as data: dots, borders between zones, hairline, labels, and how true it is.
#include "sheet/sheet_impl.h"

#include <math.h>
#include <stdlib.h>

static const double treated_per_cm2 = 0.5; // a place counts as treated above this density

// A border crosses an edge between two points of different zones, or a triangle of three zones.
struct node {
    uint64_t key; // edge: low point in the high half; triangle: above all edges
    struct smp_vec2 at;
    uint32_t next[3]; // neighbours along the border
    uint8_t degree;
    bool seen;
};

struct pair {
    uint64_t a, b;
};

struct net {
    struct node *nodes;
    size_t node_count;
    struct pair *pairs;
    size_t pair_count;
};

static uint64_t edge_key(uint32_t a, uint32_t b)
{
    return a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
}

static int by_key(const void *a, const void *b)
{
    const struct node *p = a, *q = b;
    return p->key < q->key ? -1 : p->key > q->key;
}

static struct smp_vec2 middle(struct smp_vec2 a, struct smp_vec2 b)
{
    return (struct smp_vec2){ (a.x + b.x) / 2, (a.y + b.y) / 2 };
}

static void add_triangle(struct net *net, const struct smp_head *head, const uint8_t *zones,
                         size_t triangle)
{
    const uint32_t *p = head->mesh.triangles[triangle];
    uint64_t keys[3];
    int crossed = 0;
    for (int k = 0; k < 3; k++) {
        const uint32_t a = p[k], b = p[(k + 1) % 3];
        if (zones[a] == zones[b])
            continue;
        keys[crossed++] = edge_key(a, b);
        net->nodes[net->node_count++] =
            (struct node){ .key = edge_key(a, b), .at = middle(head->chart[a], head->chart[b]) };
    }
    if (crossed == 2)
        net->pairs[net->pair_count++] = (struct pair){ keys[0], keys[1] };
    if (crossed != 3)
        return;
    const struct smp_vec2 *c = head->chart;
    const struct node centre = { .key = UINT64_MAX - triangle,
                                 .at = { (c[p[0]].x + c[p[1]].x + c[p[2]].x) / 3,
                                         (c[p[0]].y + c[p[1]].y + c[p[2]].y) / 3 } };
    net->nodes[net->node_count++] = centre;
    for (int k = 0; k < 3; k++)
        net->pairs[net->pair_count++] = (struct pair){ keys[k], centre.key };
}

// Borders are drawn where dots go: elsewhere they would tell nothing.
static bool is_mixed(const uint32_t *p, const struct smp_design *design)
{
    const uint8_t *zones = design->zones;
    if (zones[p[0]] == zones[p[1]] && zones[p[1]] == zones[p[2]])
        return false;
    const double *density = design->density_per_cm2;
    return fmax(density[p[0]], fmax(density[p[1]], density[p[2]])) > treated_per_cm2;
}

static struct node *find_node(const struct net *net, uint64_t key)
{
    const struct node wanted = { .key = key };
    return bsearch(&wanted, net->nodes, net->node_count, sizeof *net->nodes, by_key);
}

static void link_nodes(struct net *net)
{
    size_t kept = 0;
    qsort(net->nodes, net->node_count, sizeof *net->nodes, by_key);
    for (size_t i = 0; i < net->node_count; i++) {
        if (kept == 0 || net->nodes[i].key != net->nodes[kept - 1].key)
            net->nodes[kept++] = net->nodes[i];
    }
    net->node_count = kept;
    for (size_t i = 0; i < net->pair_count; i++) {
        struct node *a = find_node(net, net->pairs[i].a), *b = find_node(net, net->pairs[i].b);
        if (!a || !b || a->degree == 3 || b->degree == 3)
            continue;
        a->next[a->degree++] = (uint32_t)(b - net->nodes);
        b->next[b->degree++] = (uint32_t)(a - net->nodes);
    }
}

// Three-point averages with the ends held: the mesh's steps go, the border stays.
static void smooth(struct smp_vec2 *at, size_t count, bool closed)
{
    for (int pass = 0; pass < 24; pass++) {
        struct smp_vec2 before = closed ? at[count - 2] : at[0];
        const struct smp_vec2 first = at[0];
        for (size_t i = closed ? 0 : 1; i + 1 < count; i++) {
            const struct smp_vec2 now = at[i], after = i + 2 == count && closed ? first : at[i + 1];
            at[i] = (struct smp_vec2){ (before.x + 2 * now.x + after.x) / 4,
                                       (before.y + 2 * now.y + after.y) / 4 };
            before = now;
        }
        if (closed)
            at[count - 1] = at[0];
    }
}

// Follows the border from `start` over its k-th neighbour to a junction, an end, or around.
static enum smp_code follow(struct smp_polyline *line, struct net *net, uint32_t start, int k,
                            struct smp_arena *arena)
{
    uint32_t before = start, now = net->nodes[start].next[k];
    size_t count = 2;
    for (uint32_t b = before, n = now;
         net->nodes[n].degree == 2 && n != start && count <= net->node_count; count++) {
        const uint32_t next = net->nodes[n].next[net->nodes[n].next[0] == b];
        b = n;
        n = next;
    }
    line->at = smp_new(arena, struct smp_vec2, count);
    if (!line->at)
        return SMP_E_NOMEM;
    line->at[line->count++] = net->nodes[before].at;
    while (line->count < count) {
        line->at[line->count++] = net->nodes[now].at;
        net->nodes[now].seen = true;
        const uint32_t next = net->nodes[now].next[net->nodes[now].next[0] == before];
        before = now;
        now = next;
    }
    smooth(line->at, count, before == start);
    return SMP_OK;
}

static enum smp_code chain(struct smp_chart_data *chart, struct net *net, struct smp_arena *arena)
{
    chart->borders = smp_new(arena, struct smp_polyline, net->pair_count + 1);
    if (!chart->borders)
        return SMP_E_NOMEM;
    for (int loops = 0; loops < 2; loops++) { // first from junctions and ends, then closed ones
        for (uint32_t i = 0; i < net->node_count; i++) {
            struct node *node = &net->nodes[i];
            if (loops ? node->seen || node->degree != 2 : node->degree == 2)
                continue;
            for (int k = 0; k < (loops ? 1 : node->degree); k++) {
                const struct node *other = &net->nodes[node->next[k]];
                // a chain between two junctions is met from both: the lower index draws it
                if (!loops && other->degree == 2 && other->seen)
                    continue;
                if (!loops && other->degree != 2 && node->next[k] < i)
                    continue;
                if (follow(&chart->borders[chart->border_count++], net, i, k, arena))
                    return SMP_E_NOMEM;
            }
        }
    }
    return SMP_OK;
}

static enum smp_code make_borders(struct smp_chart_data *chart, const struct smp_plan *plan,
                                  struct smp_arena *arena)
{
    const struct smp_head *head = plan->head;
    const uint8_t *zones = plan->design->zones;
    size_t mixed = 0;
    for (size_t t = 0; t < head->mesh.triangle_count; t++)
        mixed += head->outer[t] && is_mixed(head->mesh.triangles[t], plan->design);
    struct net net = { .nodes = smp_new(arena, struct node, 4 * mixed + 1),
                       .pairs = smp_new(arena, struct pair, 3 * mixed + 1) };
    if (!net.nodes || !net.pairs)
        return SMP_E_NOMEM;
    for (size_t t = 0; t < head->mesh.triangle_count; t++) {
        if (head->outer[t] && is_mixed(head->mesh.triangles[t], plan->design))
            add_triangle(&net, head, zones, t);
    }
    link_nodes(&net);
    return chain(chart, &net, arena);
}

static void widen(struct smp_chart_data *chart, struct smp_vec2 p)
{
    chart->low.x = fmin(chart->low.x, p.x);
    chart->low.y = fmin(chart->low.y, p.y);
    chart->high.x = fmax(chart->high.x, p.x);
    chart->high.y = fmax(chart->high.y, p.y);
}

// The dot nearest to the mean of the zone's dots: a label that lies inside the zone.
static void place_labels(struct smp_chart_data *chart, const struct smp_plan *plan)
{
    struct smp_vec2 sum[SMP_ZONE_COUNT] = { 0 };
    size_t count[SMP_ZONE_COUNT] = { 0 };
    double best[SMP_ZONE_COUNT];
    for (size_t i = 0; i < plan->dot_count; i++) {
        const enum smp_zone z = plan->dots[i].zone;
        sum[z].x += chart->dots[i].x;
        sum[z].y += chart->dots[i].y;
        count[z]++;
        best[z] = HUGE_VAL;
    }
    for (size_t i = 0; i < plan->dot_count; i++) {
        const enum smp_zone z = plan->dots[i].zone;
        const double n = (double)count[z];
        const double d = hypot(chart->dots[i].x - sum[z].x / n, chart->dots[i].y - sum[z].y / n);
        if (d < best[z]) {
            best[z] = d;
            chart->label[z] = chart->dots[i];
        }
    }
}

struct share {
    double ratio, mm2;
};

static int by_ratio(const void *a, const void *b)
{
    const struct share *p = a, *q = b;
    return p->ratio < q->ratio ? -1 : p->ratio > q->ratio;
}

static double flat_area(const struct smp_head *head, size_t t)
{
    const uint32_t *p = head->mesh.triangles[t];
    const struct smp_vec2 a = head->chart[p[0]], b = head->chart[p[1]], c = head->chart[p[2]];
    return fabs((b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y)) / 2;
}

static double skin_area(const struct smp_head *head, size_t t)
{
    const uint32_t *p = head->mesh.triangles[t];
    const struct smp_vec3 *q = head->mesh.points;
    return smp_length(smp_cross(smp_sub(q[p[1]], q[p[0]]), smp_sub(q[p[2]], q[p[0]]))) / 2;
}

// Chooses the unit so that the treated skin has its true area on the flat chart, and finds how
// far single places are off.
static enum smp_code measure_scale(struct smp_chart_data *chart, const struct smp_plan *plan,
                                   struct smp_arena *arena)
{
    const struct smp_head *head = plan->head;
    const uint8_t *zones = plan->design->zones;
    struct share *shares = smp_new(arena, struct share, head->mesh.triangle_count + 1);
    if (!shares)
        return SMP_E_NOMEM;
    size_t count = 0;
    double skin_mm2 = 0, flat = 0;
    for (size_t t = 0; t < head->mesh.triangle_count; t++) {
        const uint32_t *p = head->mesh.triangles[t];
        const double mm2 = skin_area(head, t), units = flat_area(head, t);
        if (!head->outer[t] || !chart->treated[zones[p[0]]] || !chart->treated[zones[p[1]]] ||
            !chart->treated[zones[p[2]]] || !(mm2 > 1e-9) || !(units > 0))
            continue;
        if (!(plan->design->density_per_cm2[p[0]] > treated_per_cm2))
            continue;
        shares[count++] = (struct share){ units / mm2, mm2 };
        skin_mm2 += mm2;
        flat += units;
    }
    chart->unit_mm = flat > 0 ? sqrt(skin_mm2 / flat) : 100;
    qsort(shares, count, sizeof *shares, by_ratio);
    double sum = 0;
    const double to_share = chart->unit_mm * chart->unit_mm;
    for (size_t i = 0; i < count; i++) {
        if (sum <= 0.05 * skin_mm2)
            chart->area_error_low = shares[i].ratio * to_share - 1;
        if (sum <= 0.95 * skin_mm2)
            chart->area_error_high = shares[i].ratio * to_share - 1;
        sum += shares[i].mm2;
    }
    return SMP_OK;
}

static struct smp_vec3 normal_near(const struct smp_head *head, struct smp_vec3 point)
{
    double best = HUGE_VAL;
    struct smp_vec3 normal = { 0, 0, 1 };
    for (size_t i = 0; i < head->mesh.point_count; i++) {
        const struct smp_vec3 d = smp_sub(head->mesh.points[i], point);
        if (smp_dot(d, d) < best) {
            best = smp_dot(d, d);
            normal = head->normals[i];
        }
    }
    return normal;
}

// A disc on the skin as seen on the chart, with its margin.
static void trace_disc(struct smp_polyline *line, const struct smp_head *head,
                       const struct smp_area *area, size_t count)
{
    const struct smp_vec3 n = normal_near(head, area->centre_mm);
    const struct smp_vec3 aside = fabs(n.x) < 0.8 ? smp_vec3(1, 0, 0) : smp_vec3(0, 1, 0);
    const struct smp_vec3 e1 = smp_unit(smp_cross(n, aside)), e2 = smp_cross(n, e1);
    const double r = area->radius_mm + area->margin_mm;
    for (size_t i = 0; i < count; i++) {
        const double a = 2 * SMP_PI * (double)i / (double)(count - 1);
        const struct smp_vec3 off = smp_add(smp_scale(e1, r * cos(a)), smp_scale(e2, r * sin(a)));
        line->at[line->count++] = smp_chart_address(head, smp_add(area->centre_mm, off));
    }
}

static enum smp_code make_areas(struct smp_chart_data *chart, const struct smp_plan *plan,
                                struct smp_arena *arena)
{
    enum { AROUND = 49 };
    const struct smp_design_params *design = &plan->from->design;
    chart->areas = smp_new(arena, struct smp_polyline, design->area_count);
    if (!chart->areas)
        return SMP_E_NOMEM;
    for (size_t i = 0; i < design->area_count; i++) {
        const struct smp_area *area = &design->areas[i];
        const bool disc = area->radius_mm > 0;
        struct smp_polyline *line = &chart->areas[chart->area_count];
        line->at = smp_new(arena, struct smp_vec2, disc ? AROUND : area->outline_count + 1);
        if (!line->at)
            return SMP_E_NOMEM;
        if (disc)
            trace_disc(line, plan->head, area, AROUND);
        for (size_t k = 0; !disc && k <= area->outline_count && area->outline_count > 0; k++)
            line->at[line->count++] = area->outline[k % area->outline_count];
        chart->area_count++;
    }
    return SMP_OK;
}

enum smp_code smp_chart_make(struct smp_chart_data *chart, const struct smp_plan *plan,
                             struct smp_arena *arena, struct smp_err *err)
{
    *chart =
        (struct smp_chart_data){ .low = { HUGE_VAL, HUGE_VAL }, .high = { -HUGE_VAL, -HUGE_VAL } };
    const struct smp_design *design = plan->design;
    chart->dots = smp_new(arena, struct smp_vec2, plan->dot_count);
    chart->hairline.at = smp_new(arena, struct smp_vec2, design->line_count);
    if (!chart->dots || !chart->hairline.at)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the chart of %zu dots", plan->dot_count);
    for (size_t i = 0; i < plan->dot_count; i++) {
        chart->dots[i] = plan->dots[i].chart;
        chart->treated[plan->dots[i].zone] = true;
        widen(chart, chart->dots[i]);
    }
    chart->hairline.count = design->line_count;
    for (size_t i = 0; i < design->line_count; i++) {
        chart->hairline.at[i] = smp_chart_address(plan->head, design->line_mm[i]);
        if (i >= design->corner_left && i <= design->corner_right)
            widen(chart, chart->hairline.at[i]);
    }
    for (int z = 1; z < SMP_ZONE_COUNT; z++)
        chart->number[z] = chart->treated[z] ? ++chart->zone_count : 0;
    place_labels(chart, plan);
    if (make_borders(chart, plan, arena) || measure_scale(chart, plan, arena) ||
        make_areas(chart, plan, arena))
        return smp_fail(err, SMP_E_NOMEM, "no memory for the zones of the chart");
    return SMP_OK;
}
