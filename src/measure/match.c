// Which dot of one picture is which of another: triangles of neighbours are compared by shape, the
// first whose surroundings agree as well is the seed, and from there matches spread, each place by
// the affine map of the matches around it (so that skin may stretch).
#include "measure/measure.h"

#include <math.h>
#include <stdlib.h>

enum { NEAR = 8, AROUND = 30, LEAST_AROUND = 15, LOCAL = 12, TRIES_MAX = 4000, GROW_ROUNDS = 60 };
static const double shape_tolerance = 0.05, seed_tolerance = 0.18, tolerance = 0.3;
// A true match is off by a few hundredths of the spacing, a chance one by up to the tolerance.
static const double close_by = 0.1, least_close = 0.7;
static const double faded_below = 0.75, spread_above = 1.25;

// ---- Points in squares --------------------------------------------------------------------------

struct field {
    const struct smp_found_dot *dots;
    size_t count;
    double spacing_px, x0, y0;
    size_t width, height;
    uint32_t *first, *next; // numbers + 1
};

static bool make_field(struct field *f, const struct smp_found_dots *dots, struct smp_arena *arena)
{
    double x1 = -(double)INFINITY, y1 = -(double)INFINITY;
    *f = (struct field){
        .dots = dots->dots, .count = dots->count, .x0 = (double)INFINITY, .y0 = (double)INFINITY
    };
    for (size_t i = 0; i < f->count; i++) {
        f->x0 = fmin(f->x0, f->dots[i].x_px);
        f->y0 = fmin(f->y0, f->dots[i].y_px);
        x1 = fmax(x1, f->dots[i].x_px);
        y1 = fmax(y1, f->dots[i].y_px);
    }
    f->spacing_px = fmax(sqrt((x1 - f->x0) * (y1 - f->y0) / (double)f->count), 1);
    f->width = (size_t)((x1 - f->x0) / f->spacing_px) + 1;
    f->height = (size_t)((y1 - f->y0) / f->spacing_px) + 1;
    f->first = smp_new(arena, uint32_t, f->width * f->height);
    f->next = smp_new(arena, uint32_t, f->count);
    for (size_t i = 0; f->first && f->next && i < f->count; i++) {
        const size_t square = (size_t)((f->dots[i].y_px - f->y0) / f->spacing_px) * f->width +
                              (size_t)((f->dots[i].x_px - f->x0) / f->spacing_px);
        f->next[i] = f->first[square];
        f->first[square] = (uint32_t)i + 1;
    }
    return f->first && f->next;
}

struct neighbour {
    double far_px;
    size_t dot;
};

// Up to `most` nearest dots, nearest first, among squares up to `rings` away.
static size_t look_near(struct neighbour *near, size_t most, const struct field *f, double x,
                        double y, long rings)
{
    const long cx = (long)floor((x - f->x0) / f->spacing_px);
    const long cy = (long)floor((y - f->y0) / f->spacing_px);
    size_t n = 0;
    for (long j = cy - rings; j <= cy + rings; j++)
        for (long i = cx - rings; i <= cx + rings; i++) {
            if (i < 0 || j < 0 || i >= (long)f->width || j >= (long)f->height)
                continue;
            uint32_t at = f->first[(size_t)j * f->width + (size_t)i];
            for (; at; at = f->next[at - 1]) {
                const double dx = f->dots[at - 1].x_px - x, dy = f->dots[at - 1].y_px - y;
                const double far = sqrt(dx * dx + dy * dy); // hypot was a quarter of the time
                if (n == most && far >= near[n - 1].far_px)
                    continue;
                size_t to = n < most ? n++ : n - 1;
                for (; to > 0 && near[to - 1].far_px > far; to--)
                    near[to] = near[to - 1];
                near[to] = (struct neighbour){ far, at - 1 };
            }
        }
    return n;
}

// ---- Triangles ---------------------------------------------------------------------------------

struct triangle {
    double middle, small; // sides over the longest
    bool left;            // the way round
    size_t corner[3];     // opposite the longest side, the middle, the small one
};

static struct triangle triangle_of(const struct field *f, size_t i, size_t j, size_t k)
{
    struct triangle t = { .corner = { i, j, k } };
    double side[3]; // opposite each corner
    for (int n = 0; n < 3; n++) {
        const struct smp_found_dot *p = &f->dots[t.corner[(n + 1) % 3]];
        const struct smp_found_dot *q = &f->dots[t.corner[(n + 2) % 3]];
        side[n] = hypot(p->x_px - q->x_px, p->y_px - q->y_px);
    }
    for (int n = 0; n < 2; n++) // longest first
        for (int m = 0; m < 2; m++)
            if (side[m] < side[m + 1]) {
                const double s = side[m];
                const size_t c = t.corner[m];
                side[m] = side[m + 1];
                side[m + 1] = s;
                t.corner[m] = t.corner[m + 1];
                t.corner[m + 1] = c;
            }
    const struct smp_found_dot *a = &f->dots[t.corner[0]], *b = &f->dots[t.corner[1]],
                               *c = &f->dots[t.corner[2]];
    t.left = (b->x_px - a->x_px) * (c->y_px - a->y_px) > (b->y_px - a->y_px) * (c->x_px - a->x_px);
    t.middle = side[1] / side[0];
    t.small = side[2] / side[0];
    return t;
}

static int by_shape(const void *a, const void *b)
{
    const struct triangle *p = a, *q = b;
    return (p->middle > q->middle) - (p->middle < q->middle);
}

static size_t list_triangles(struct triangle *list, const struct field *f, size_t dot)
{
    struct neighbour near[NEAR + 1];
    const size_t n = look_near(near, NEAR + 1, f, f->dots[dot].x_px, f->dots[dot].y_px, 3);
    size_t count = 0;
    for (size_t j = 1; j < n; j++) // the nearest is the dot itself
        for (size_t k = j + 1; k < n; k++)
            list[count++] = triangle_of(f, dot, near[j].dot, near[k].dot);
    return count;
}
enum { TRIANGLES = NEAR * (NEAR - 1) / 2 };

// ---- Maps --------------------------------------------------------------------------------------

struct affine {
    double m[6]; // x' = m0 x + m1 y + m2, y' = m3 x + m4 y + m5
};

static void apply(double to[2], const struct affine *t, double x, double y)
{
    to[0] = t->m[0] * x + t->m[1] * y + t->m[2];
    to[1] = t->m[3] * x + t->m[4] * y + t->m[5];
}

struct pair {
    const struct smp_found_dot *a, *b;
};

// Least squares: with `shears` an affine map (six pairs or more), else turn, scale and shift.
static bool fit(struct affine *t, const struct pair *pairs, size_t n, bool shears)
{
    double ax = 0, ay = 0, bx = 0, by = 0, xx = 0, xy = 0, yy = 0, c[4] = { 0 };
    for (size_t i = 0; i < n; i++) {
        ax += pairs[i].a->x_px / (double)n;
        ay += pairs[i].a->y_px / (double)n;
        bx += pairs[i].b->x_px / (double)n;
        by += pairs[i].b->y_px / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        const double x = pairs[i].a->x_px - ax, y = pairs[i].a->y_px - ay;
        const double u = pairs[i].b->x_px - bx, v = pairs[i].b->y_px - by;
        xx += x * x;
        xy += x * y;
        yy += y * y;
        c[0] += u * x;
        c[1] += u * y;
        c[2] += v * x;
        c[3] += v * y;
    }
    const double det = xx * yy - xy * xy, sum = xx + yy;
    if (!(sum > 0) || (shears && !(det > 0.01 * sum * sum / 4)))
        return false;
    double m[4];
    if (shears) {
        m[0] = (c[0] * yy - c[1] * xy) / det;
        m[1] = (c[1] * xx - c[0] * xy) / det;
        m[2] = (c[2] * yy - c[3] * xy) / det;
        m[3] = (c[3] * xx - c[2] * xy) / det;
    } else {
        m[0] = m[3] = (c[0] + c[3]) / sum;
        m[2] = (c[2] - c[1]) / sum;
        m[1] = -m[2];
    }
    *t = (struct affine){ { m[0], m[1], bx - m[0] * ax - m[1] * ay, m[2], m[3],
                            by - m[2] * ax - m[3] * ay } };
    return true;
}

// ---- Seed --------------------------------------------------------------------------------------

struct work {
    struct field a, b;
    struct triangle *shapes; // of b, by the middle side
    size_t shape_count;
    size_t *of_a, *of_b; // matches, SIZE_MAX: none
    struct affine map;   // of the seed, then of all
};

// How many of the dots around fall on dots of b. Gives up early where few do.
static bool agrees_around(const struct work *w, const struct affine *map,
                          const struct neighbour *around, size_t n, double scale)
{
    const double reach = seed_tolerance * fmin(w->a.spacing_px * scale, w->b.spacing_px);
    size_t hits = 0;
    for (size_t i = 0; i < n; i++) {
        double at[2];
        struct neighbour near;
        const struct smp_found_dot *d = &w->a.dots[around[i].dot];
        apply(at, map, d->x_px, d->y_px);
        hits += look_near(&near, 1, &w->b, at[0], at[1], 1) && near.far_px < reach;
        if (i == 9 && hits < 4)
            return false;
    }
    return hits >= LEAST_AROUND && 2 * hits >= n;
}

static bool try_triangle(struct work *w, const struct triangle *t, const struct neighbour *around,
                         size_t n)
{
    size_t low = 0, high = w->shape_count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (w->shapes[middle].middle < t->middle - shape_tolerance)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < w->shape_count && w->shapes[low].middle <= t->middle + shape_tolerance; low++) {
        const struct triangle *s = &w->shapes[low];
        struct pair pairs[3];
        if (s->left != t->left || fabs(s->small - t->small) > shape_tolerance)
            continue;
        for (int k = 0; k < 3; k++)
            pairs[k] = (struct pair){ &w->a.dots[t->corner[k]], &w->b.dots[s->corner[k]] };
        struct affine map;
        if (!fit(&map, pairs, 3, false))
            continue;
        const double scale = hypot(map.m[0], map.m[3]);
        // Where half of the dots are lost, or were added, the spacing changes by √2.
        const double dilution = w->b.spacing_px / (w->a.spacing_px * scale);
        if (dilution > 0.65 && dilution < 1.55 && agrees_around(w, &map, around, n, scale)) {
            w->map = map;
            for (int k = 0; k < 3; k++) {
                w->of_a[t->corner[k]] = s->corner[k];
                w->of_b[s->corner[k]] = t->corner[k];
            }
            return true;
        }
    }
    return false;
}

static bool find_seed(struct work *w)
{
    struct triangle list[TRIANGLES];
    struct neighbour around[AROUND];
    int tries = 0;
    // Dots all over the picture: steps of a golden section of the list.
    size_t dot = w->a.count / 2, step = (size_t)(0.618 * (double)w->a.count) | 1;
    for (size_t i = 0; i < w->a.count && tries < TRIES_MAX; i++, dot = (dot + step) % w->a.count) {
        const struct smp_found_dot *d = &w->a.dots[dot];
        const size_t n = look_near(around, AROUND, &w->a, d->x_px, d->y_px, 4);
        const size_t count = list_triangles(list, &w->a, dot);
        for (size_t k = 0; k < count; k++, tries++)
            if (list[k].small > 0.3 && try_triangle(w, &list[k], around, n))
                return true;
    }
    return false;
}

// ---- Growth ------------------------------------------------------------------------------------

// The map at a place of a by the nearest matched dots there.
static struct affine local_map(const struct work *w, double x, double y, size_t but)
{
    struct neighbour near[3 * LOCAL];
    struct pair pairs[LOCAL];
    const size_t n = look_near(near, 3 * LOCAL, &w->a, x, y, 4);
    size_t used = 0;
    for (size_t i = 0; i < n && used < LOCAL; i++) {
        const size_t dot = near[i].dot;
        if (dot != but && w->of_a[dot] != SIZE_MAX)
            pairs[used++] = (struct pair){ &w->a.dots[dot], &w->b.dots[w->of_a[dot]] };
    }
    struct affine map = { { 0 } };
    if (used >= 6 && fit(&map, pairs, used, true)) {
        const double det = map.m[0] * map.m[4] - map.m[1] * map.m[3];
        const double whole = w->map.m[0] * w->map.m[4] - w->map.m[1] * w->map.m[3];
        if (det > 0.5 * whole && det < 2 * whole)
            return map;
    }
    return used >= 3 && fit(&map, pairs, used, false) ? map : w->map;
}

// Three of the sixteen around: with half of the dots lost that many are still matched at a front.
static bool has_matched_neighbours(const struct work *w, size_t dot)
{
    struct neighbour near[17];
    const size_t n = look_near(near, 17, &w->a, w->a.dots[dot].x_px, w->a.dots[dot].y_px, 3);
    size_t matched = 0;
    for (size_t i = 1; i < n; i++)
        matched += w->of_a[near[i].dot] != SIZE_MAX;
    return matched >= 3;
}

// One round: each unmatched dot beside matched ones takes the free dot nearest to where it should
// be. New matches are entered when the round is over, the closer claim first served.
static size_t grow(struct work *w, struct neighbour *claim)
{
    size_t added = 0;
    for (size_t i = 0; i < w->a.count; i++) {
        claim[i] = (struct neighbour){ (double)INFINITY, SIZE_MAX };
        if (w->of_a[i] != SIZE_MAX || !has_matched_neighbours(w, i))
            continue;
        const struct affine map = local_map(w, w->a.dots[i].x_px, w->a.dots[i].y_px, i);
        double at[2];
        struct neighbour near;
        apply(at, &map, w->a.dots[i].x_px, w->a.dots[i].y_px);
        const double scale = sqrt(fabs(map.m[0] * map.m[4] - map.m[1] * map.m[3]));
        if (look_near(&near, 1, &w->b, at[0], at[1], 1) &&
            near.far_px < tolerance * w->a.spacing_px * scale && w->of_b[near.dot] == SIZE_MAX)
            claim[i] = near;
    }
    for (size_t i = 0; i < w->a.count; i++) {
        const size_t b = claim[i].dot;
        if (b == SIZE_MAX)
            continue;
        const size_t rival = w->of_b[b];
        if (rival != SIZE_MAX && claim[rival].far_px <= claim[i].far_px)
            continue;
        if (rival != SIZE_MAX)
            w->of_a[rival] = SIZE_MAX;
        else
            added++;
        w->of_a[i] = b;
        w->of_b[b] = i;
    }
    return added;
}

// How far a matched dot is from where those around it have it, in units of the spacing.
static double off_by(const struct work *w, size_t i)
{
    const struct smp_found_dot *d = &w->a.dots[i], *e = &w->b.dots[w->of_a[i]];
    const struct affine map = local_map(w, d->x_px, d->y_px, i);
    const double scale = sqrt(fabs(map.m[0] * map.m[4] - map.m[1] * map.m[3]));
    double at[2];
    apply(at, &map, d->x_px, d->y_px);
    return hypot(at[0] - e->x_px, at[1] - e->y_px) / (w->a.spacing_px * scale);
}

// Drops matches that the others around them do not bear out; false where most are such.
static bool prune(struct work *w)
{
    size_t matched = 0, near = 0;
    for (size_t i = 0; i < w->a.count; i++) {
        if (w->of_a[i] == SIZE_MAX)
            continue;
        const double off = off_by(w, i);
        matched++;
        near += off < close_by;
        if (off < 0.75 * tolerance)
            continue;
        w->of_b[w->of_a[i]] = SIZE_MAX;
        w->of_a[i] = SIZE_MAX;
    }
    return matched >= 12 && (double)near > least_close * (double)matched;
}

// ---- What comes out ----------------------------------------------------------------------------

static bool fit_all(struct work *w, struct smp_arena *arena, size_t *count)
{
    struct pair *pairs = smp_new(arena, struct pair, w->a.count);
    *count = 0;
    for (size_t i = 0; pairs && i < w->a.count; i++)
        if (w->of_a[i] != SIZE_MAX)
            pairs[(*count)++] = (struct pair){ &w->a.dots[i], &w->b.dots[w->of_a[i]] };
    return pairs && *count >= 6 && fit(&w->map, pairs, *count, true);
}

static void describe(struct smp_dot_fate *fate, const struct work *w, size_t i,
                     const struct smp_image *after)
{
    const struct smp_found_dot *d = &w->a.dots[i];
    const struct affine map = local_map(w, d->x_px, d->y_px, i);
    const double scale = sqrt(fabs(map.m[0] * map.m[4] - map.m[1] * map.m[3]));
    double at[2];
    apply(at, &map, d->x_px, d->y_px);
    *fate = (struct smp_dot_fate){ .after = w->of_a[i], .x_px = at[0], .y_px = at[1] };
    if (w->of_a[i] == SIZE_MAX) {
        const double margin = d->diameter_px * scale;
        const bool seen = at[0] >= margin && at[1] >= margin &&
                          at[0] <= (double)after->width_px - margin &&
                          at[1] <= (double)after->height_px - margin;
        fate->kind = seen ? SMP_DOT_VANISHED : SMP_DOT_UNSEEN;
        return;
    }
    const struct smp_found_dot *e = &w->b.dots[w->of_a[i]];
    fate->contrast_ratio = e->contrast / d->contrast;
    fate->diameter_ratio = e->diameter_px / (d->diameter_px * scale);
    fate->kind = fate->contrast_ratio < faded_below    ? SMP_DOT_FADED
                 : fate->diameter_ratio > spread_above ? SMP_DOT_SPREAD
                                                       : SMP_DOT_KEPT;
}

enum smp_code smp_dots_match(struct smp_dot_fates *fates, const struct smp_found_dots *before,
                             const struct smp_found_dots *after,
                             const struct smp_image *after_image, const char *name,
                             struct smp_arena *arena, struct smp_err *err)
{
    struct work w = { 0 };
    *fates = (struct smp_dot_fates){ .count = before->count };
    if (before->count < 20 || after->count < 20)
        return smp_fail(err, SMP_E_INPUT,
                        "%s: pictures can be matched by 20 dots or more in each, not %zu and %zu",
                        name, before->count, after->count);
    fates->fates = smp_new(arena, struct smp_dot_fate, before->count);
    w.of_a = smp_new(arena, size_t, before->count);
    w.of_b = smp_new(arena, size_t, after->count);
    w.shapes = smp_new(arena, struct triangle, after->count * TRIANGLES);
    struct neighbour *claim = smp_new(arena, struct neighbour, before->count);
    if (!fates->fates || !w.of_a || !w.of_b || !w.shapes || !claim ||
        !make_field(&w.a, before, arena) || !make_field(&w.b, after, arena))
        return smp_fail(err, SMP_E_NOMEM, "no memory to match dots");
    for (size_t i = 0; i < before->count; i++)
        w.of_a[i] = SIZE_MAX;
    for (size_t i = 0; i < after->count; i++) {
        w.of_b[i] = SIZE_MAX;
        w.shape_count += list_triangles(w.shapes + w.shape_count, &w.b, i);
    }
    qsort(w.shapes, w.shape_count, sizeof *w.shapes, by_shape);
    bool good = find_seed(&w);
    for (int round = 0; good && round < GROW_ROUNDS && grow(&w, claim); round++)
        ;
    good = good && prune(&w);
    if (good) {
        grow(&w, claim);
        good = fit_all(&w, arena, &fates->matched);
    }
    if (!good)
        return smp_fail(err, SMP_E_INPUT,
                        "%s shows no part of the same dots (or too few of them are left)", name);
    for (size_t i = 0; i < before->count; i++)
        describe(&fates->fates[i], &w, i, after_image);
    for (int k = 0; k < 6; k++)
        fates->map[k] = w.map.m[k];
    fates->is_new = smp_new(arena, bool, after->count);
    if (!fates->is_new)
        return smp_fail(err, SMP_E_NOMEM, "no memory to match dots");
    for (size_t i = 0; i < after->count; i++)
        fates->is_new[i] = w.of_b[i] == SIZE_MAX;
    return SMP_OK;
}
