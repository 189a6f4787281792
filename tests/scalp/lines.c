// Long things: hairs and wrinkles, as curves of short straight pieces.
#include "scalp.h"

#include <math.h>
#include <string.h>

enum { PIECES = 40 };

struct curve {
    double x[PIECES + 1], y[PIECES + 1];
};

// An arc that starts at a random place.
static void make_curve(struct curve *c, const struct scalp_params *params, double length_px,
                       double bend_rad, struct smp_rng *rng)
{
    double angle = scalp_between(rng, 0, 2 * SMP_PI);
    c->x[0] = scalp_between(rng, 0, params->width_px);
    c->y[0] = scalp_between(rng, 0, params->height_px);
    const double turn = scalp_between(rng, -bend_rad, bend_rad) / PIECES;
    for (int i = 1; i <= PIECES; i++, angle += turn) {
        c->x[i] = c->x[i - 1] + length_px / PIECES * cos(angle);
        c->y[i] = c->y[i - 1] + length_px / PIECES * sin(angle);
    }
}

// Distance of a pixel's centre from the curve's nearest piece, signed by the side.
struct stroke {
    long x0, y0, width, height;
    float *distance;
};

static bool make_stroke(struct stroke *s, const struct curve *c, double reach_px,
                        struct smp_arena *scratch)
{
    double min_x = c->x[0], max_x = min_x, min_y = c->y[0], max_y = min_y;
    for (int i = 1; i <= PIECES; i++) {
        min_x = fmin(min_x, c->x[i]);
        max_x = fmax(max_x, c->x[i]);
        min_y = fmin(min_y, c->y[i]);
        max_y = fmax(max_y, c->y[i]);
    }
    s->x0 = (long)floor(min_x - reach_px);
    s->y0 = (long)floor(min_y - reach_px);
    s->width = (long)ceil(max_x + reach_px) - s->x0 + 1;
    s->height = (long)ceil(max_y + reach_px) - s->y0 + 1;
    const size_t count = (size_t)(s->width * s->height);
    s->distance = smp_new(scratch, float, count);
    for (size_t i = 0; s->distance && i < count; i++)
        s->distance[i] = 1e6F;
    return s->distance != NULL;
}

static void draw_piece(struct stroke *s, const struct curve *c, int i, double reach_px)
{
    const double dx = c->x[i + 1] - c->x[i], dy = c->y[i + 1] - c->y[i];
    const double square = fmax(dx * dx + dy * dy, 1e-12);
    const long x0 = (long)floor(fmin(c->x[i], c->x[i + 1]) - reach_px) - s->x0;
    const long x1 = (long)ceil(fmax(c->x[i], c->x[i + 1]) + reach_px) - s->x0;
    const long y0 = (long)floor(fmin(c->y[i], c->y[i + 1]) - reach_px) - s->y0;
    const long y1 = (long)ceil(fmax(c->y[i], c->y[i + 1]) + reach_px) - s->y0;
    for (long y = y0 < 0 ? 0 : y0; y <= y1 && y < s->height; y++)
        for (long x = x0 < 0 ? 0 : x0; x <= x1 && x < s->width; x++) {
            const double px = (double)(x + s->x0) + 0.5 - c->x[i],
                         py = (double)(y + s->y0) + 0.5 - c->y[i];
            const double t = smp_clamp((px * dx + py * dy) / square, 0, 1);
            const double far = hypot(px - t * dx, py - t * dy);
            float *to = &s->distance[y * s->width + x];
            if (far < fabs((double)*to))
                *to = (float)(px * dy - py * dx < 0 ? -far : far);
        }
}

static bool draw_curve(struct stroke *s, const struct curve *c, double reach_px,
                       struct smp_arena *scratch)
{
    if (!make_stroke(s, c, reach_px, scratch))
        return false;
    for (int i = 0; i < PIECES; i++)
        draw_piece(s, c, i, reach_px);
    return true;
}

// Dark, a little browner than grey, 1.5 to 4 px wide.
void scalp_draw_hairs(struct scalp_canvas *canvas, const struct scalp_params *params,
                      struct smp_arena *scratch)
{
    for (uint64_t i = 0; i < (uint64_t)params->hairs; i++) {
        const struct smp_mark mark = smp_arena_mark(scratch);
        struct smp_rng rng = scalp_rng(params, 31, i);
        struct curve curve;
        struct stroke s;
        make_curve(&curve, params, scalp_between(&rng, 60, 250), 1.2, &rng);
        const double half = scalp_between(&rng, 0.75, 2), c = scalp_between(&rng, 0.4, 1.2);
        if (!draw_curve(&s, &curve, half + 1, scratch))
            return;
        for (long y = 0; y < s.height; y++)
            for (long x = 0; x < s.width; x++) {
                const double far = fabs((double)s.distance[y * s.width + x]);
                const double m = smp_clamp(half + 0.5 - far, 0, 1);
                if (m > 0)
                    scalp_add(canvas, x + s.x0, y + s.y0, (struct smp_rgb){ 1, 1.1F, 1.2F }, c * m);
            }
        smp_arena_reset(scratch, mark);
    }
}

// Relief: one flank dark, the other light, the floor a little dark.
void scalp_draw_wrinkles(struct scalp_canvas *canvas, const struct scalp_params *params)
{
    struct smp_arena scratch;
    smp_arena_make(&scratch, 0);
    for (uint64_t i = 0; i < (uint64_t)params->wrinkles; i++) {
        const struct smp_mark mark = smp_arena_mark(&scratch);
        struct smp_rng rng = scalp_rng(params, 32, i);
        struct curve curve;
        struct stroke s;
        make_curve(&curve, params, scalp_between(&rng, 100, 500), 0.8, &rng);
        const double sigma = scalp_between(&rng, 2, 5), c = scalp_between(&rng, 0.02, 0.08);
        if (!draw_curve(&s, &curve, 3.5 * sigma, &scratch))
            break;
        for (long y = 0; y < s.height; y++)
            for (long x = 0; x < s.width; x++) {
                const double t = (double)s.distance[y * s.width + x] / sigma;
                if (fabs(t) < 3.5)
                    scalp_add(canvas, x + s.x0, y + s.y0, (struct smp_rgb){ 1, 1, 1 },
                              c * (t + 0.5) * exp(-0.5 * t * t));
            }
        smp_arena_reset(&scratch, mark);
    }
    smp_arena_drop(&scratch);
}
