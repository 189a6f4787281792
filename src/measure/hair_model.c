// All shafts of a picture: added where dark lines are left over, split and joined as long as the
// whole explains the picture better for its cost.
#include "measure/hair_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const size_t none = SIZE_MAX;

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

// ---- What is typical ---------------------------------------------------------------------------

// Width of a single hair: of what is found, at the share `rank` (touching hairs read as wide ones,
// so the first guess is taken low); held by what human hair is, worth three finds.
static void learn_width(struct smp_shaft_model *m, double rank, double *scratch)
{
    static const double usual_mm = 0.080;
    size_t count = 0;
    for (size_t i = 0; i < m->count; i++)
        if (m->shafts[i].dark > 0.5 * m->contrast && m->shafts[i].gain > 1)
            scratch[count++] = m->shafts[i].width;
    double at = log(usual_mm * m->view->px_per_mm);
    if (count) {
        qsort(scratch, count, sizeof *scratch, by_value);
        const double n = (double)count;
        at = (3 * at + n * log(scratch[(size_t)(rank * (n - 1) + 0.5)])) / (3 + n);
    }
    m->width = smp_clamp(exp(at), 0.035 * m->view->px_per_mm, 0.14 * m->view->px_per_mm);
}

static void learn_axis(struct smp_shaft_model *m)
{
    double c = 0, s = 0, total = 0;
    for (size_t i = 0; i < m->count; i++) {
        const struct smp_shaft *h = &m->shafts[i];
        const double w = fmin(h->length, 6 * m->width) * h->dark;
        c += w * cos(2 * h->angle);
        s += w * sin(2 * h->angle);
        total += w;
    }
    m->axis = 0.5 * atan2(s, c);
    const double along = total > 0 ? hypot(c, s) / total : 0;
    const double n = (double)m->count;
    m->sureness = along * along * n / (n + 4);
}

static int by_darkness(const void *a, const void *b)
{
    const struct smp_shaft *p = a, *q = b;
    return (p->dark > q->dark) - (p->dark < q->dark);
}

// Of the middle of what is explained, so that many pale scraps do not outvote the hairs.
static void learn_contrast(struct smp_shaft_model *m, struct smp_shaft *scratch)
{
    size_t count = 0;
    double all = 0, below = 0;
    for (size_t i = 0; i < m->count; i++)
        if (m->shafts[i].gain > 1) {
            scratch[count++] = m->shafts[i];
            all += m->shafts[i].gain;
        }
    if (count < 3)
        return;
    qsort(scratch, count, sizeof *scratch, by_darkness);
    size_t middle = 0;
    while (middle + 1 < count && (below += scratch[middle].gain) < 0.5 * all)
        middle++;
    m->contrast = scratch[middle].dark;
    m->tolerance = fmax(0.5 * m->contrast, 2 * m->view->noise);
}

static double misfit_of_all(struct smp_shaft_model *m, double soft)
{
    const struct smp_hair_view *view = m->view;
    const size_t cells = view->dark.width * view->dark.height;
    memset(m->others.v, 0, cells * sizeof *m->others.v);
    for (size_t i = 0; i < m->count; i++)
        smp_shaft_draw(&m->others, &m->shafts[i], soft);
    double sum = 0;
    for (size_t i = 0; i < cells; i++) {
        const double off = (double)(view->dark.v[i] - m->others.v[i]) / m->tolerance;
        sum += (double)view->weight.v[i] * fmin(off * off, 1);
    }
    return sum;
}

static void learn_softness(struct smp_shaft_model *m)
{
    static const double softs_um[] = { 7, 11, 16, 23, 33 };
    double best = (double)INFINITY;
    for (int k = 0; k < 5; k++) {
        const double soft = 1e-3 * softs_um[k] * m->view->px_per_mm;
        const double misfit = misfit_of_all(m, soft);
        if (misfit < best) {
            best = misfit;
            m->soft = soft;
        }
    }
}

// ---- Adding and dropping -----------------------------------------------------------------------

void smp_shaft_drop(struct smp_shaft_model *m, size_t i)
{
    memmove(m->shafts + i, m->shafts + i + 1, (m->count - i - 1) * sizeof *m->shafts);
    m->count--;
}

static void add_from_ridges(struct smp_shaft_model *m, struct smp_hair_plane *left,
                            struct smp_shaft *found, struct smp_arena *arena)
{
    const struct smp_hair_view *view = m->view;
    const size_t cells = view->dark.width * view->dark.height;
    memset(m->others.v, 0, cells * sizeof *m->others.v);
    for (size_t i = 0; i < m->count; i++)
        smp_shaft_draw(&m->others, &m->shafts[i], m->soft);
    for (size_t i = 0; i < cells; i++)
        left->v[i] = fmaxf(0, view->dark.v[i] - m->others.v[i]);
    const size_t count = smp_hair_ridges(found, m->room, m, left, arena);
    for (size_t i = 0; i < count && m->count < m->room; i++) {
        struct smp_shaft s = found[i];
        smp_shaft_draw_others(m, &s, none, none);
        smp_shaft_settle(&s, m, 3);
        if (s.gain < -1)
            continue; // far from it: most candidates are texture
        smp_shaft_settle(&s, m, 8);
        if (s.gain > 0)
            m->shafts[m->count++] = s;
    }
}

static void settle_all(struct smp_shaft_model *m, int rounds)
{
    for (size_t i = 0; i < m->count;) {
        smp_shaft_draw_others(m, &m->shafts[i], i, none);
        smp_shaft_settle(&m->shafts[i], m, rounds);
        if (m->shafts[i].gain <= 0)
            smp_shaft_drop(m, i);
        else
            i++;
    }
}

// ---- Splitting ---------------------------------------------------------------------------------

// What two shafts explain together, each settled beside the other.
static double settle_pair(struct smp_shaft_model *m, size_t i, size_t j)
{
    for (int round = 0; round < 2; round++) {
        smp_shaft_draw_others(m, &m->shafts[i], i, round ? none : j);
        smp_shaft_settle(&m->shafts[i], m, round ? 6 : 9);
        smp_shaft_draw_others(m, &m->shafts[j], j, none);
        smp_shaft_settle(&m->shafts[j], m, round ? 6 : 9);
    }
    smp_shaft_draw_others(m, &m->shafts[i], i, j);
    const double first = smp_shaft_gain(&m->shafts[i], m);
    smp_shaft_draw_others(m, &m->shafts[j], j, none);
    return first + smp_shaft_gain(&m->shafts[j], m);
}

enum { ways_to_split = 6 };

// Two shafts instead of one: side by side, spread at either end, crossed, one behind the other.
static bool halves(struct smp_shaft *a, struct smp_shaft *b, const struct smp_shaft *s, int way,
                   const struct smp_shaft_model *m)
{
    const bool wide = s->width > 1.15 * m->width;
    const double ux = cos(s->angle), uy = sin(s->angle);
    *a = *b = *s;
    if (way < 4) {
        if (!wide)
            return false;
        static const double middle[4] = { 0.25, 0.2, 0.2, 0 }, spread[4] = { 0, 0.3, -0.3, 0.5 };
        const double off = middle[way] * s->width, turn = spread[way] * s->width / s->length;
        a->width = b->width = fmax(0.5 * s->width, 0.6 * m->width);
        a->x -= off * uy;
        a->y += off * ux;
        b->x += off * uy;
        b->y -= off * ux;
        a->angle += turn;
        b->angle -= turn;
        a->bow = b->bow = 0;
        return true;
    }
    if (s->length < 5 * m->width && fabs(s->bow) < 0.05 * s->length)
        return false;
    const double part = way == 4 ? 0.5 : 0.35, bend = 4 * s->bow / s->length;
    a->length = (1 - part) * s->length;
    b->length = part * s->length;
    a->x += 0.5 * part * s->length * ux;
    a->y += 0.5 * part * s->length * uy;
    b->x -= 0.5 * (1 - part) * s->length * ux;
    b->y -= 0.5 * (1 - part) * s->length * uy;
    a->angle -= 0.5 * bend;
    b->angle += 0.5 * bend;
    a->bow = b->bow = 0;
    return true;
}

static bool like(double a, double b)
{
    return fabs(a - b) < 0.04 * b;
}

// Whether all splits of a shaft were tried in vain when it was about as now.
static bool known_whole(const struct smp_shaft *s, const struct smp_shaft_model *m)
{
    return like(s->whole.length, s->length) && like(s->whole.width, s->width) &&
           like(s->whole.typical, m->width);
}

static void split_where_better(struct smp_shaft_model *m)
{
    const size_t count = m->count;
    for (size_t i = 0; i < count && m->count < m->room; i++) {
        if (known_whole(&m->shafts[i], m))
            continue;
        smp_shaft_draw_others(m, &m->shafts[i], i, none);
        double best = smp_shaft_gain(&m->shafts[i], m);
        const struct smp_shaft one = m->shafts[i];
        struct smp_shaft pair[2] = { one };
        bool split = false;
        for (int way = 0; way < ways_to_split; way++) {
            struct smp_shaft a, b;
            if (!halves(&a, &b, &one, way, m))
                continue;
            const size_t j = m->count++;
            m->shafts[i] = a;
            m->shafts[j] = b;
            const double gain = settle_pair(m, i, j);
            if (gain > best && m->shafts[i].gain > 0 && m->shafts[j].gain > 0) {
                best = gain;
                pair[0] = m->shafts[i];
                pair[1] = m->shafts[j];
                split = true;
            }
            m->count--;
            m->shafts[i] = one;
        }
        if (split) {
            m->shafts[i] = pair[0];
            m->shafts[m->count++] = pair[1];
        } else {
            struct smp_shaft *s = &m->shafts[i];
            s->whole.length = s->length;
            s->whole.width = s->width;
            s->whole.typical = m->width;
        }
    }
}

// ---- Bending -----------------------------------------------------------------------------------

// The bow is a valley apart: a straight shaft in a bent hair does not find it step by step.
static void bend_where_better(struct smp_shaft_model *m)
{
    for (size_t i = 0; i < m->count; i++) {
        const struct smp_shaft straight = m->shafts[i];
        if (straight.length < 3.5 * m->width)
            continue;
        smp_shaft_draw_others(m, &m->shafts[i], i, none);
        double best = smp_shaft_gain(&m->shafts[i], m);
        for (int way = -1; way <= 1; way += 2) {
            struct smp_shaft bent = straight;
            bent.bow = smp_clamp(bent.bow + 0.08 * way * bent.length, -0.19 * bent.length,
                                 0.19 * bent.length);
            if (smp_shaft_gain(&bent, m) < best)
                continue; // half the way is better already where the whole is
            smp_shaft_settle(&bent, m, 8);
            if (bent.gain > best) {
                best = bent.gain;
                m->shafts[i] = bent;
            }
        }
    }
}

// ---- Joining -----------------------------------------------------------------------------------

// One shaft over two that lie beside each other; false where they are far from that.
static bool joined_beside(struct smp_shaft *s, const struct smp_shaft *a, const struct smp_shaft *b,
                          const struct smp_shaft_model *m)
{
    double turn = b->angle - a->angle;
    turn -= SMP_PI * floor(turn / SMP_PI + 0.5);
    if (fabs(turn) > 0.6)
        return false;
    const double share = b->length / (a->length + b->length), angle = a->angle + share * turn;
    const double ux = cos(angle), uy = sin(angle);
    const double x = a->x + share * (b->x - a->x), y = a->y + share * (b->y - a->y);
    const double ua = (a->x - x) * ux + (a->y - y) * uy, ub = (b->x - x) * ux + (b->y - y) * uy;
    const double va = (a->y - y) * ux - (a->x - x) * uy, vb = (b->y - y) * ux - (b->x - x) * uy;
    const double gap = fabs(ub - ua) - 0.5 * (a->length + b->length);
    if (gap > 0.22 * m->view->px_per_mm || fabs(vb - va) > 1.1 * m->width)
        return false;
    const double low = fmin(ua - 0.5 * a->length, ub - 0.5 * b->length);
    const double high = fmax(ua + 0.5 * a->length, ub + 0.5 * b->length);
    const bool beside = gap < -0.5 * fmin(a->length, b->length);
    *s = (struct smp_shaft){ .angle = angle, .length = high - low };
    s->width = beside ? fabs(vb - va) + 0.5 * (a->width + b->width) : fmax(a->width, b->width);
    s->x = x + 0.5 * (low + high) * ux;
    s->y = y + 0.5 * (low + high) * uy;
    return true;
}

// One bowed shaft over two that meet end to end, or nearly.
static bool joined_bowed(struct smp_shaft *s, const struct smp_shaft *a, const struct smp_shaft *b,
                         const struct smp_shaft_model *m)
{
    const int way = cos(a->angle - b->angle) >= 0 ? 1 : -1; // b turned to point as a does
    double turn = b->angle - a->angle;
    turn -= SMP_PI * floor(turn / SMP_PI + 0.5);
    if (fabs(turn) > 1)
        return false;
    const double ax = cos(a->angle), ay = sin(a->angle);
    const double bx = way * cos(b->angle), by = way * sin(b->angle);
    const int ahead = (b->x - a->x) * ax + (b->y - a->y) * ay >= 0 ? 1 : -1;
    const double half_a = 0.5 * ahead * a->length, half_b = 0.5 * ahead * b->length;
    const struct smp_vec2 meet = { 0.5 * (a->x + half_a * ax + b->x - half_b * bx),
                                   0.5 * (a->y + half_a * ay + b->y - half_b * by) };
    const double gap =
        hypot(a->x + half_a * ax - b->x + half_b * bx, a->y + half_a * ay - b->y + half_b * by);
    const struct smp_vec2 from = { a->x - half_a * ax, a->y - half_a * ay };
    const struct smp_vec2 to = { b->x + half_b * bx, b->y + half_b * by };
    const double length = hypot(to.x - from.x, to.y - from.y);
    if (gap > fmax(0.22 * m->view->px_per_mm, 0.5 * fmin(a->length, b->length)) ||
        length < 1.2 * fmax(a->length, b->length))
        return false;
    *s = (struct smp_shaft){ .x = 0.5 * (from.x + to.x), .y = 0.5 * (from.y + to.y) };
    s->angle = atan2(to.y - from.y, to.x - from.x);
    s->length = length;
    s->width = fmax(a->width, b->width);
    const double ux = cos(s->angle), uy = sin(s->angle);
    const double t = 2 * ((meet.x - s->x) * ux + (meet.y - s->y) * uy) / length;
    const double off = (meet.y - s->y) * ux - (meet.x - s->x) * uy;
    s->bow = smp_clamp(off / fmax(0.4, 1 - t * t), -0.19 * length, 0.19 * length);
    return true;
}

static void join_where_better(struct smp_shaft_model *m)
{
    static bool (*const ways[])(struct smp_shaft *, const struct smp_shaft *,
                                const struct smp_shaft *,
                                const struct smp_shaft_model *) = { joined_beside, joined_bowed };
    for (size_t i = 0; i < m->count; i++)
        for (size_t j = i + 1; j < m->count; j++)
            for (int way = 0; way < 2; way++) {
                struct smp_shaft one;
                if (!ways[way](&one, &m->shafts[i], &m->shafts[j], m))
                    continue;
                smp_shaft_draw_others(m, &m->shafts[i], i, j);
                double two = smp_shaft_gain(&m->shafts[i], m);
                smp_shaft_draw_others(m, &m->shafts[j], j, none);
                two += smp_shaft_gain(&m->shafts[j], m);
                smp_shaft_draw_others(m, &one, i, j);
                if (way == 1 && smp_shaft_gain(&one, m) < 0.4 * two)
                    continue; // far from it
                smp_shaft_settle(&one, m, 10);
                if (one.gain > two) {
                    m->shafts[i] = one;
                    smp_shaft_drop(m, j);
                    j = i;
                    break;
                }
            }
}

// ---- The whole -------------------------------------------------------------------------------

bool smp_hair_model_build(struct smp_shaft_model *m, const struct smp_hair_view *view,
                          struct smp_arena *arena)
{
    const size_t w = view->dark.width, h = view->dark.height;
    const double area_mm2 = (double)(w * h) / view->px_per_mm / view->px_per_mm;
    *m = (struct smp_shaft_model){ .view = view, .room = (size_t)fmin(20000, 40 + 15 * area_mm2) };
    struct smp_hair_plane left;
    m->shafts = smp_new(arena, struct smp_shaft, m->room);
    struct smp_shaft *found = smp_new(arena, struct smp_shaft, m->room);
    double *scratch = smp_new(arena, double, m->room);
    if (!m->shafts || !found || !scratch || !smp_hair_plane_make(&left, w, h, arena) ||
        !smp_hair_plane_make(&m->others, w, h, arena))
        return false;
    m->contrast = 0.85 * smp_hair_darkest_hundredth(view, left.v);
    if (m->contrast < fmax(0.06, 2.5 * view->noise))
        return true; // nothing as dark as a hair
    m->tolerance = fmax(0.5 * m->contrast, 2 * view->noise);
    m->soft = 0.011 * view->px_per_mm;
    learn_width(m, 0.5, scratch);
    for (int sweep = 0; sweep < 3; sweep++) {
        add_from_ridges(m, &left, found, arena);
        learn_contrast(m, found);
        learn_axis(m);
        learn_width(m, sweep ? 0.5 : 0.35, scratch);
        learn_softness(m);
        settle_all(m, 8);
        bend_where_better(m);
        split_where_better(m);
        join_where_better(m);
        settle_all(m, 6);
    }
    learn_axis(m);
    smp_hair_judge(m);
    return true;
}
