// Squares in a picture: connected parts of a mask whose outline has four straight sides, and
// their sides found again in the full picture to a fraction of a pixel.
#include "photo/card_impl.h"

#include <math.h>
#include <string.h>

static double cross(struct smp_vec2 o, struct smp_vec2 a, struct smp_vec2 b)
{
    return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
}

static double polygon_area(const struct smp_vec2 *p, size_t count)
{
    double twice = 0;
    for (size_t i = 2; i < count; i++)
        twice += cross(p[0], p[i - 1], p[i]);
    return twice / 2;
}

static bool meet(struct smp_vec2 *at, struct smp_vec2 a, struct smp_vec2 along_a, struct smp_vec2 b,
                 struct smp_vec2 along_b)
{
    const double turn = along_a.x * along_b.y - along_a.y * along_b.x;
    if (!(fabs(turn) > 1e-9))
        return false;
    const double t = ((b.x - a.x) * along_b.y - (b.y - a.y) * along_b.x) / turn;
    *at = (struct smp_vec2){ a.x + t * along_a.x, a.y + t * along_a.y };
    return true;
}

static struct smp_vec2 minus(struct smp_vec2 a, struct smp_vec2 b)
{
    return (struct smp_vec2){ a.x - b.x, a.y - b.y };
}

bool smp_quad_finish(struct smp_quad *quad)
{
    const struct smp_vec2 *c = quad->corner_px;
    for (int i = 0; i < 4; i++)
        if (!(cross(c[i], c[(i + 1) & 3], c[(i + 2) & 3]) > 0))
            return false;
    quad->area_px2 = polygon_area(c, 4);
    return meet(&quad->centre_px, c[0], minus(c[2], c[0]), c[1], minus(c[3], c[1]));
}

// ---- Parts of a mask --------------------------------------------------------------------------

struct part { // one connected part: its size and, row by row, its ends
    size_t pixels, top, bottom;
    bool at_border;
};

struct search {
    const struct smp_shrunk *sight;
    uint8_t *mask;
    uint32_t *stack;          // pixels still to be looked at
    uint32_t *left, *right;   // of each row of the part
    struct smp_vec2 *outline; // two points a row, then the hull
};

static void flood(struct part *part, struct search *s, uint32_t start)
{
    const uint32_t width = (uint32_t)s->sight->width, height = (uint32_t)s->sight->height;
    size_t waiting = 1;
    *part = (struct part){ .top = start / width, .bottom = start / width };
    s->stack[0] = start;
    s->mask[start] = 0;
    s->left[part->top] = width;
    s->right[part->top] = 0;
    while (waiting) {
        const uint32_t at = s->stack[--waiting], x = at % width, y = at / width;
        while (y > part->bottom) {
            s->left[++part->bottom] = width;
            s->right[part->bottom] = 0;
        }
        while (y < part->top) {
            s->left[--part->top] = width;
            s->right[part->top] = 0;
        }
        if (x < s->left[y])
            s->left[y] = x;
        if (x > s->right[y])
            s->right[y] = x;
        part->pixels++;
        part->at_border |= x == 0 || y == 0 || x + 1 == width || y + 1 == height;
        const uint32_t next[4] = { x ? at - 1 : at, x + 1 < width ? at + 1 : at,
                                   y ? at - width : at, y + 1 < height ? at + width : at };
        for (int i = 0; i < 4; i++) {
            if (s->mask[next[i]]) {
                s->mask[next[i]] = 0;
                s->stack[waiting++] = next[i];
            }
        }
    }
}

// Convex hull of the row ends (clockwise as seen), by Andrew's monotone chain down the rows.
static size_t hull_of(struct search *s, const struct part *part)
{
    struct smp_vec2 *hull = s->outline;
    size_t n = 0;
    for (size_t y = part->top; y <= part->bottom; y++) { // right side, downwards
        for (int low = 0; low < 2; low++) {
            const struct smp_vec2 p = { (double)s->right[y] + 1, (double)y + low };
            while (n >= 2 && cross(hull[n - 2], hull[n - 1], p) <= 0)
                n--;
            hull[n++] = p;
        }
    }
    const size_t half = n;
    for (size_t y = part->bottom + 1; y-- > part->top;) { // left side, upwards
        for (int low = 1; low >= 0; low--) {
            const struct smp_vec2 p = { (double)s->left[y], (double)y + low };
            while (n >= half + 1 && n >= 2 && cross(hull[n - 2], hull[n - 1], p) <= 0)
                n--;
            hull[n++] = p;
        }
    }
    return n;
}

// Drops the side of the polygon whose going changes the area least, its neighbours running on to
// where they meet, until four sides are left: an outer square, whatever a rounded corner did.
static bool reduce_to_four(struct smp_vec2 *p, size_t *count)
{
    while (*count > 4) {
        size_t best = SIZE_MAX;
        double least = (double)INFINITY;
        struct smp_vec2 at_best = { 0, 0 };
        const size_t n = *count;
        for (size_t i = 0; i < n; i++) { // side i … i + 1
            const struct smp_vec2 before = p[(i + n - 1) % n], a = p[i], b = p[(i + 1) % n],
                                  after = p[(i + 2) % n];
            struct smp_vec2 at;
            if (!meet(&at, before, minus(a, before), after, minus(b, after)))
                continue;
            const double added = cross(a, at, b) / 2;
            if (added < 0 || cross(before, at, after) <= 0)
                continue;
            if (added < least) {
                least = added;
                best = i;
                at_best = at;
            }
        }
        if (best == SIZE_MAX)
            return false;
        p[best] = at_best;
        const size_t gone = (best + 1) % n;
        memmove(p + gone, p + gone + 1, (n - gone - 1) * sizeof *p);
        --*count;
    }
    return *count == 4;
}

// Sides neither slivers nor of very unlike lengths.
static bool square_like(const struct smp_vec2 *p)
{
    double least = (double)INFINITY, most = 0;
    for (int i = 0; i < 4; i++) {
        const double side = hypot(p[(i + 1) & 3].x - p[i].x, p[(i + 1) & 3].y - p[i].y);
        least = fmin(least, side);
        most = fmax(most, side);
    }
    const double area = polygon_area(p, 4);
    return least > 0.35 * most && area > 0.3 * least * most;
}

static bool quad_of(struct smp_quad *quad, struct search *s, const struct part *part,
                    const struct smp_quad_rule *rule)
{
    size_t count = hull_of(s, part);
    if (count < 4)
        return false;
    const double hull_area = polygon_area(s->outline, count);
    if ((double)part->pixels < rule->filled * hull_area || !reduce_to_four(s->outline, &count))
        return false;
    const double area = polygon_area(s->outline, 4);
    if (hull_area < rule->straight * area || !square_like(s->outline))
        return false;
    for (int i = 0; i < 4; i++)
        quad->corner_px[i] = (struct smp_vec2){ s->outline[i].x * (double)s->sight->shrink,
                                                s->outline[i].y * (double)s->sight->shrink };
    return smp_quad_finish(quad);
}

enum smp_code smp_quads_add(struct smp_quads *quads, uint8_t *mask, const struct smp_shrunk *sight,
                            const struct smp_quad_rule *rule, struct smp_arena *arena,
                            struct smp_err *err)
{
    const size_t pixels = sight->width * sight->height;
    const struct smp_mark mark = smp_arena_mark(arena);
    struct search s = { .sight = sight, .mask = mask };
    s.stack = smp_new(arena, uint32_t, pixels);
    s.left = smp_new(arena, uint32_t, sight->height);
    s.right = smp_new(arena, uint32_t, sight->height);
    s.outline = smp_new(arena, struct smp_vec2, 4 * sight->height + 8);
    if (!s.stack || !s.left || !s.right || !s.outline)
        return smp_fail(err, SMP_E_NOMEM, "no memory to look for squares");
    for (size_t i = 0; i < pixels && quads->count < quads->room; i++) {
        if (!mask[i])
            continue;
        struct part part;
        flood(&part, &s, (uint32_t)i);
        if (part.at_border || part.pixels < rule->area_min || part.pixels > rule->area_max)
            continue;
        quads->count += quad_of(&quads->quad[quads->count], &s, &part, rule);
    }
    smp_arena_reset(arena, mark);
    return SMP_OK;
}

// ---- Sides to a fraction of a pixel -----------------------------------------------------------

enum { side_samples = 24, profile_max = 33 };

// Where along the normal the colour changes most, by the centre of the change of light (a lens
// spreads light, so that the centre stays where the edge is; it would not in codes); false where
// it hardly changes to the eye.
static bool edge_near(double *offset, const struct smp_image *image, struct smp_vec2 at,
                      struct smp_vec2 normal, double reach_px)
{
    const int steps = (int)smp_clamp(ceil(4 * reach_px), 8, profile_max - 1);
    const double step = 2 * reach_px / steps;
    double change[profile_max] = { 0 }, light[profile_max] = { 0 };
    float before[6] = { 0 };
    int peak = 1;
    for (int i = 0; i <= steps; i++) {
        const double d = -reach_px + i * step;
        const struct smp_rgb c = smp_image_sample(image, at.x + d * normal.x, at.y + d * normal.y);
        const float now[6] = {
            c.r, c.g, c.b, sqrtf(fmaxf(c.r, 0)), sqrtf(fmaxf(c.g, 0)), sqrtf(fmaxf(c.b, 0))
        };
        for (int k = 0; k < 3 && i; k++) {
            light[i] += (double)fabsf(now[k] - before[k]);
            change[i] += (double)fabsf(now[3 + k] - before[3 + k]);
        }
        memcpy(before, now, sizeof before);
        peak = change[i] > change[peak] ? i : peak;
    }
    double weight = 0, sum = 0, seen = 0;
    const int wide = (int)fmax(2, 2 / step);
    for (int i = peak - wide; i <= peak + wide; i++) {
        if (i < 1 || i > steps)
            continue;
        seen += change[i];
        weight += light[i];
        sum += light[i] * (-reach_px + (i - 0.5) * step);
    }
    *offset = weight > 0 ? sum / weight : 0;
    return seen > 0.08;
}

struct line {
    struct smp_vec2 at, along;
};

// Line through the edges found along a side: offset = a + b t, outliers dropped twice.
static bool refine_side(struct line *line, const struct smp_image *image, struct smp_vec2 from,
                        struct smp_vec2 to, double reach_px)
{
    const struct smp_vec2 along = minus(to, from);
    const double length = hypot(along.x, along.y);
    const struct smp_vec2 normal = { along.y / length, -along.x / length };
    double t[side_samples], d[side_samples], a = 0, b = 0, limit = (double)INFINITY;
    size_t n = 0;
    for (int i = 0; i < side_samples; i++) {
        const double part = 0.12 + 0.76 * i / (side_samples - 1);
        const struct smp_vec2 at = { from.x + part * along.x, from.y + part * along.y };
        t[n] = part - 0.5;
        n += edge_near(&d[n], image, at, normal, reach_px);
    }
    if (n < side_samples / 2)
        return false;
    for (int round = 0; round < 3; round++) {
        double s0 = 0, s1 = 0, s2 = 0, d0 = 0, d1 = 0, off = 0;
        for (size_t i = 0; i < n; i++) {
            if (fabs(d[i] - a - b * t[i]) > limit)
                continue;
            s0 += 1;
            s1 += t[i];
            s2 += t[i] * t[i];
            d0 += d[i];
            d1 += d[i] * t[i];
        }
        const double det = s0 * s2 - s1 * s1;
        if (3 * s0 < side_samples || !(det > 1e-9))
            return false;
        a = (d0 * s2 - d1 * s1) / det;
        b = (d1 * s0 - d0 * s1) / det;
        for (size_t i = 0; i < n; i++)
            off += fmin(fabs(d[i] - a - b * t[i]), reach_px) / (double)n;
        limit = fmax(2 * off, 0.05);
    }
    const double ends[2] = { a - 0.5 * b, a + 0.5 * b };
    line->at = (struct smp_vec2){ from.x + ends[0] * normal.x, from.y + ends[0] * normal.y };
    line->along = (struct smp_vec2){ along.x + (ends[1] - ends[0]) * normal.x,
                                     along.y + (ends[1] - ends[0]) * normal.y };
    return true;
}

bool smp_quad_refine(struct smp_quad *quad, const struct smp_image *image, double reach_px)
{
    struct line side[4];
    struct smp_quad made;
    for (int i = 0; i < 4; i++)
        if (!refine_side(&side[i], image, quad->corner_px[i], quad->corner_px[(i + 1) & 3],
                         reach_px))
            return false;
    for (int i = 0; i < 4; i++)
        if (!meet(&made.corner_px[i], side[(i + 3) & 3].at, side[(i + 3) & 3].along, side[i].at,
                  side[i].along))
            return false;
    if (!smp_quad_finish(&made))
        return false;
    *quad = made;
    return true;
}
