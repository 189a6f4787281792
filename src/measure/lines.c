// Hairs and other narrow dark lines are traced from pieces that the search met, and taken out of
// the picture: what lies under or beside them can then be seen, and nothing round is made of them.
#include "dots_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SIDE = 8, ACROSS = 2 * SIDE + 1, POINTS_MAX = 4096, AROUND = 12 };
static const double least_length_px = 30, most_turn_cos = 0.9, least_share = 0.5;
static const double least_contrast = 0.08;

struct point {
    double x, y, dx, dy;  // place and direction of the line
    float across[ACROSS]; // absorbance beside it, averaged along
};

struct line {
    struct point *points; // POINTS_MAX of them
    int count;
};

static double at(const struct dots_work *work, double x, double y)
{
    const long ix = (long)floor(x - 0.5), iy = (long)floor(y - 0.5);
    if (ix < 0 || iy < 0 || ix + 1 >= (long)work->width || iy + 1 >= (long)work->height)
        return 0;
    return (double)dots_between(work->a, (long)work->width, (float)(x - 0.5), (float)(y - 0.5));
}

static void look_across(struct point *p, const struct dots_work *work)
{
    for (int u = -SIDE; u <= SIDE; u++) {
        double sum = 0;
        for (int s = -2; s <= 2; s++)
            sum += at(work, p->x + s * p->dx - u * p->dy, p->y + s * p->dy + u * p->dx);
        p->across[u + SIDE] = (float)(sum / 5);
    }
}

// How far the middle stands above the darker of its two sides.
static double contrast(const struct point *p)
{
    float left = p->across[SIDE], right = left;
    for (int u = 2; u < SIDE; u++) {
        left = fminf(left, p->across[SIDE - u]);
        right = fminf(right, p->across[SIDE + u]);
    }
    return (double)(p->across[SIDE] - fmaxf(left, right));
}

// Moves the point across to the middle of the line, by 1.5 px at most.
static void recentre(struct point *p)
{
    double sum = 0, moment = 0;
    const float base = fminf(p->across[SIDE - 4], p->across[SIDE + 4]);
    for (int u = -3; u <= 3; u++) {
        const double w = fmax((double)(p->across[SIDE + u] - base), 0);
        sum += w * w;
        moment += w * w * u;
    }
    const double move = sum > 0 ? smp_clamp(moment / sum, -1.5, 1.5) : 0;
    p->x -= move * p->dy;
    p->y += move * p->dx;
}

static bool is_inside(const struct dots_work *work, const struct point *p)
{
    return dots_inside(work, (long)floor(p->x), (long)floor(p->y));
}

// Follows the line from its last point in the last point's direction.
static void follow(struct line *line, const struct dots_work *work, double least)
{
    while (line->count < POINTS_MAX) {
        const struct point *last = &line->points[line->count - 1];
        struct point next = { last->x + last->dx, last->y + last->dy, last->dx, last->dy, { 0 } };
        if (!is_inside(work, &next))
            return;
        look_across(&next, work);
        recentre(&next);
        look_across(&next, work);
        if (contrast(&next) < least)
            return;
        // Direction from six points back, so that a step's jitter does not turn it.
        const int back = line->count < 6 ? line->count : 6;
        const struct point *from = &line->points[line->count - back];
        const double dx = next.x - from->x, dy = next.y - from->y, length = hypot(dx, dy);
        if (length < 0.5 * back)
            return;
        if (back == 6) {
            if ((dx * last->dx + dy * last->dy) / length < most_turn_cos)
                return;
            next.dx = dx / length;
            next.dy = dy / length;
        }
        line->points[line->count++] = next;
    }
}

static void turn_round(struct line *line)
{
    for (int i = 0; i < line->count - 1 - i; i++) {
        const struct point kept = line->points[i];
        line->points[i] = line->points[line->count - 1 - i];
        line->points[line->count - 1 - i] = kept;
    }
    for (int i = 0; i < line->count; i++) {
        struct point *p = &line->points[i];
        p->dx = -p->dx;
        p->dy = -p->dy;
        for (int u = 0; u < SIDE; u++) {
            const float kept = p->across[u];
            p->across[u] = p->across[ACROSS - 1 - u];
            p->across[ACROSS - 1 - u] = kept;
        }
    }
}

static bool trace(struct line *line, const struct dots_work *work, const struct dots_spot *seed)
{
    struct point *first = &line->points[0];
    *first = (struct point){ (double)seed->x_px,
                             (double)seed->y_px,
                             cos((double)seed->angle_rad),
                             sin((double)seed->angle_rad),
                             { 0 } };
    look_across(first, work);
    recentre(first);
    look_across(first, work);
    const double start = contrast(first);
    if (start < least_contrast)
        return false;
    line->count = 1;
    follow(line, work, least_share * start);
    turn_round(line);
    follow(line, work, least_share * start);
    return line->count >= least_length_px;
}

// ---- Taking a line out -------------------------------------------------------------------------

static int by_value(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static float median(float *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, by_value);
    return values[count / 2];
}

// Absorbance beside the line where nothing but skin is.
static float skin_beside(const struct line *line, float *scratch)
{
    int n = 0;
    for (int i = 0; i < line->count; i += 2) {
        scratch[n++] = line->points[i].across[0];
        scratch[n++] = line->points[i].across[ACROSS - 1];
    }
    return median(scratch, n);
}

// What the line itself adds at point i: medians along it, which dots under it do not move, falling
// to both sides.
static void own_profile(float own[ACROSS], const struct line *line, int i, float skin)
{
    const int from = i < AROUND ? 0 : i - AROUND;
    const int to = i + AROUND >= line->count ? line->count - 1 : i + AROUND;
    float values[2 * AROUND + 1];
    for (int u = 0; u < ACROSS; u++) {
        for (int j = from; j <= to; j++)
            values[j - from] = line->points[j].across[u];
        own[u] = fmaxf(median(values, to - from + 1) - skin, 0);
    }
    for (int side = -1; side <= 1; side += 2)
        for (int u = 1; u <= SIDE; u++) {
            const float inner = own[SIDE + side * (u - 1)];
            float *here = &own[SIDE + side * u];
            *here = fminf(*here, inner);
            if (*here < 0.06F * own[SIDE] || u > 6)
                *here = 0;
        }
}

static void take_out_point(struct dots_work *work, const struct line *line, int i,
                           const float own[ACROSS])
{
    const struct point *p = &line->points[i];
    const struct point *before = i ? &line->points[i - 1] : NULL;
    const struct point *after = i + 1 < line->count ? &line->points[i + 1] : NULL;
    for (long y = (long)p->y - SIDE; y <= (long)p->y + SIDE; y++)
        for (long x = (long)p->x - SIDE; x <= (long)p->x + SIDE; x++) {
            const double ox = (double)x + 0.5 - p->x, oy = (double)y + 0.5 - p->y;
            const double u = p->dx * oy - p->dy * ox, along = p->dx * ox + p->dy * oy;
            if (fabs(u) >= SIDE - 1 || fabs(along) > 2 || !dots_inside(work, x, y))
                continue;
            // Each pixel belongs to the point that is nearest along the line.
            if (before &&
                hypot((double)x + 0.5 - before->x, (double)y + 0.5 - before->y) <= hypot(ox, oy))
                continue;
            if (after &&
                hypot((double)x + 0.5 - after->x, (double)y + 0.5 - after->y) < hypot(ox, oy))
                continue;
            const int low = (int)floor(u);
            const float part = (float)(u - low);
            const float own_here = own[SIDE + low] + part * (own[SIDE + low + 1] - own[SIDE + low]);
            const size_t i_px = (size_t)y * work->width + (size_t)x;
            work->a[i_px] -= own_here;
            if (own_here > 0.25F * own[SIDE])
                work->mask[i_px] |= DOTS_UNDER_LINE;
        }
}

static double half_width(const float own[ACROSS])
{
    int n = 0;
    for (int u = 0; u < ACROSS; u++)
        n += own[u] > 0;
    return n / 2.0;
}

// Dots that the search made of the line, or saw through it: the next round may find them again.
static void drop_spots_on(struct dots_work *work, const struct point *p, double within_px)
{
    for (size_t i = 0; i < work->found.count; i++) {
        struct dots_spot *s = &work->found.spot[i];
        const double dx = (double)s->x_px - p->x, dy = (double)s->y_px - p->y;
        const double reach = within_px + 0.7 * (double)s->radius_px;
        if (!s->elongated && dx * dx + dy * dy < reach * reach)
            s->radius_px = 0;
    }
}

static void take_out(struct dots_work *work, const struct line *line, float *scratch)
{
    const float skin = skin_beside(line, scratch);
    for (int i = 0; i < line->count; i++) {
        float own[ACROSS];
        own_profile(own, line, i, skin);
        take_out_point(work, line, i, own);
        if (i % 2 == 0)
            drop_spots_on(work, &line->points[i], half_width(own));
    }
}

static int by_response(const void *a, const void *b)
{
    const struct dots_spot *p = a, *q = b;
    if (p->response != q->response)
        return p->response > q->response ? -1 : 1;
    if (p->y_px != q->y_px)
        return p->y_px < q->y_px ? -1 : 1;
    return p->x_px < q->x_px ? -1 : p->x_px > q->x_px;
}

bool dots_remove_lines(struct dots_work *work)
{
    struct dots_spots *found = &work->found;
    const struct smp_mark mark = smp_arena_mark(work->arena);
    struct line line = { smp_new(work->arena, struct point, POINTS_MAX), 0 };
    float *scratch = smp_new(work->arena, float, POINTS_MAX + 2);
    struct dots_spot *seeds = smp_new(work->arena, struct dots_spot, found->count);
    if (!line.points || !scratch || !seeds)
        return false;
    size_t seed_count = 0, kept = 0;
    for (size_t i = 0; i < found->count; i++)
        if (found->spot[i].elongated)
            seeds[seed_count++] = found->spot[i];
    qsort(seeds, seed_count, sizeof *seeds, by_response);
    for (size_t i = 0; i < seed_count; i++) {
        if (!trace(&line, work, &seeds[i]))
            continue;
        take_out(work, &line, scratch);
        work->lines++;
    }
    for (size_t i = 0; i < found->count; i++)
        if (!found->spot[i].elongated && found->spot[i].radius_px > 0)
            found->spot[kept++] = found->spot[i];
    found->count = kept;
    smp_arena_reset(work->arena, mark);
    return true;
}
