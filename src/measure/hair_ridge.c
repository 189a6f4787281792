// Dark lines in what is left to explain: where shafts may begin.
#include "measure/hair_impl.h"

#include <math.h>
#include <stdlib.h>

struct ridge {
    struct smp_hair_plane strength, angle, width; // angle: along the line
};

static bool make_ridge(struct ridge *r, size_t width, size_t height, struct smp_arena *arena)
{
    return smp_hair_plane_make(&r->strength, width, height, arena) &&
           smp_hair_plane_make(&r->angle, width, height, arena) &&
           smp_hair_plane_make(&r->width, width, height, arena);
}

// Strength from the Hessian of a blurred plane: sharp across, flat along.
static void add_scale(struct ridge *r, const struct smp_hair_plane *p, double sigma)
{
    const size_t w = p->width, h = p->height;
    const float scale = (float)pow(sigma, 1.5);
    for (size_t y = 1; y + 1 < h; y++)
        for (size_t x = 1; x + 1 < w; x++) {
            const float *c = p->v + y * w + x, *up = c - w, *low = c + w;
            const float xx = c[-1] - 2 * c[0] + c[1], yy = up[0] - 2 * c[0] + low[0];
            const float xy = 0.25F * (up[-1] - up[1] - low[-1] + low[1]);
            const float mean = 0.5F * (xx + yy), half = 0.5F * (xx - yy);
            const float root = sqrtf(half * half + xy * xy);
            const float sharp = mean - root, flat = mean + root;
            const float s = (-sharp - 0.5F * fabsf(flat)) * scale;
            const size_t at = y * w + x;
            if (s <= r->strength.v[at])
                continue;
            r->strength.v[at] = s;
            r->angle.v[at] = 0.5F * atan2f(2 * xy, xx - yy);
            r->width.v[at] = (float)(3.2 * sigma);
        }
}

struct seed {
    float strength;
    size_t at;
};

static int by_strength(const void *a, const void *b)
{
    const struct seed *p = a, *q = b;
    if (p->strength != q->strength)
        return p->strength > q->strength ? -1 : 1;
    return p->at < q->at ? -1 : p->at > q->at;
}

static size_t find_seeds(struct seed *seeds, const struct ridge *r,
                         const struct smp_hair_plane *left, const struct smp_shaft_model *m)
{
    const size_t w = left->width, h = left->height;
    const float least = (float)fmax(0.2 * m->contrast, 1.5 * m->view->noise);
    size_t count = 0;
    for (size_t y = 1; y + 1 < h; y++)
        for (size_t x = 1; x + 1 < w; x++) {
            const float *s = r->strength.v + y * w + x;
            if (s[0] <= 0 || left->v[y * w + x] < least || m->view->weight.v[y * w + x] <= 0)
                continue;
            if (s[0] < s[-1] || s[0] < s[1] || s[0] < s[w] || s[0] < s[-(ptrdiff_t)w])
                continue;
            seeds[count++] = (struct seed){ s[0], y * w + x };
        }
    qsort(seeds, count, sizeof *seeds, by_strength);
    return count;
}

struct walk {
    double x, y, angle;
};

enum { most_steps = 400 };

struct path { // places of both walks from one seed, the second one's after the first's
    struct smp_vec2 at[2 * most_steps + 2];
    size_t count;
    double width, weight;
};

// Follows a line one way until it fades, turns or leaves; the last place on it.
static struct walk follow(struct walk at, const struct ridge *r, const struct smp_hair_plane *left,
                          const uint8_t *taken, struct path *path)
{
    const struct smp_hair_plane *s = &r->strength;
    double level = (double)smp_hair_at(left, at.x, at.y);
    const double first = at.angle;
    for (int step = 0; step < most_steps; step++) {
        struct walk n = { at.x + cos(at.angle), at.y + sin(at.angle), at.angle };
        if (!(n.x > 1 && n.y > 1 && n.x < (double)s->width - 1 && n.y < (double)s->height - 1))
            break;
        double best = -1, to = 0;
        for (int k = -1; k <= 1; k++) {
            const double v = (double)smp_hair_at(s, n.x - k * sin(n.angle), n.y + k * cos(n.angle));
            if (v > best) {
                best = v;
                to = k;
            }
        }
        n.x -= 0.5 * to * sin(n.angle);
        n.y += 0.5 * to * cos(n.angle);
        const size_t cell = (size_t)n.y * s->width + (size_t)n.x;
        const double here = (double)smp_hair_at(left, n.x, n.y);
        double turn = (double)r->angle.v[cell] - n.angle;
        turn -= SMP_PI * floor(turn / SMP_PI + 0.5);
        if (best <= 0 || taken[cell] || here < 0.5 * level || fabs(turn) > 0.6)
            break;
        n.angle += 0.3 * turn;
        if (cos(n.angle - first) < 0.6)
            break;
        level += 0.1 * (here - level);
        path->width += best * (double)r->width.v[cell];
        path->weight += best;
        path->at[path->count++] = (struct smp_vec2){ n.x, n.y };
        at = n;
    }
    return at;
}

// How far the path lies off the chord at its middle.
static double bow_of(const struct smp_shaft *s, const struct path *path)
{
    const double ux = cos(s->angle), uy = sin(s->angle);
    double nearest = 0.2 * s->length, bow = 0;
    for (size_t i = 0; i < path->count; i++) {
        const double dx = path->at[i].x - s->x, dy = path->at[i].y - s->y;
        if (fabs(dx * ux + dy * uy) < nearest) {
            nearest = fabs(dx * ux + dy * uy);
            bow = dy * ux - dx * uy;
        }
    }
    return smp_clamp(bow, -0.19 * s->length, 0.19 * s->length);
}

static void take(uint8_t *taken, const struct smp_hair_plane *p, const struct smp_shaft *s)
{
    const double ux = cos(s->angle), uy = sin(s->angle);
    for (int k_u = 0; - 0.5 * s->length + k_u * (0.7) <= 0.5 * s->length; k_u++) {
        const double u = -0.5 * s->length + k_u * (0.7);
        const double t = 2 * u / s->length, bow = s->bow * (1 - t * t);
        for (int k_v = 0; - 0.4 * s->width + k_v * (0.7) <= 0.4 * s->width; k_v++) {
            const double v = bow - 0.4 * s->width + k_v * (0.7);
            const double x = s->x + u * ux - v * uy, y = s->y + u * uy + v * ux;
            if (x >= 0 && y >= 0 && x < (double)p->width && y < (double)p->height)
                taken[(size_t)y * p->width + (size_t)x] = 1;
        }
    }
}

static size_t trace(struct smp_shaft *found, size_t room, const struct seed *seeds, size_t count,
                    const struct ridge *r, const struct smp_hair_plane *left, uint8_t *taken,
                    struct path *path, double px_per_mm)
{
    size_t made = 0;
    const size_t w = left->width;
    for (size_t i = 0; i < count && made < room; i++) {
        if (taken[seeds[i].at])
            continue;
        const double angle = (double)r->angle.v[seeds[i].at];
        const size_t across = seeds[i].at % w, down = seeds[i].at / w;
        const struct walk start = { (double)across + 0.5, (double)down + 0.5, angle };
        struct walk back = start;
        back.angle += SMP_PI;
        const double strength = (double)seeds[i].strength;
        path->count = 0;
        path->weight = strength;
        path->width = strength * (double)r->width.v[seeds[i].at];
        const struct walk a = follow(start, r, left, taken, path);
        const struct walk b = follow(back, r, left, taken, path);
        struct smp_shaft s = { .x = 0.5 * (a.x + b.x),
                               .y = 0.5 * (a.y + b.y),
                               .angle = atan2(a.y - b.y, a.x - b.x),
                               .length = hypot(a.x - b.x, a.y - b.y) + 1,
                               .width = path->width / path->weight };
        s.bow = bow_of(&s, path);
        take(taken, left, &s);
        if (s.length > 0.08 * px_per_mm)
            found[made++] = s;
    }
    return made;
}

size_t smp_hair_ridges(struct smp_shaft *found, size_t room, const struct smp_shaft_model *model,
                       const struct smp_hair_plane *left, struct smp_arena *arena)
{
    static const double sigmas_um[] = { 10, 17, 26 };
    const size_t w = left->width, h = left->height;
    struct ridge r;
    struct smp_hair_plane blurred;
    const struct smp_mark mark = smp_arena_mark(arena);
    float *scratch = smp_new(arena, float, w *h);
    struct seed *seeds = smp_new(arena, struct seed, w * h / 2 + 1);
    uint8_t *taken = smp_new(arena, uint8_t, w * h);
    struct path *path = smp_new(arena, struct path, 1);
    size_t made = 0;
    if (scratch && seeds && taken && path && make_ridge(&r, w, h, arena) &&
        smp_hair_plane_make(&blurred, w, h, arena)) {
        for (int k = 0; k < 3; k++) {
            const double sigma = 1e-3 * sigmas_um[k] * model->view->px_per_mm;
            smp_hair_blur(&blurred, left, sigma, scratch);
            add_scale(&r, &blurred, sigma);
        }
        const size_t count = find_seeds(seeds, &r, left, model);
        made = trace(found, room, seeds, count, &r, left, taken, path, model->view->px_per_mm);
    }
    smp_arena_reset(arena, mark);
    return made;
}
