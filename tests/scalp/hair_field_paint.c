// Skin and hairs of a made field: what light comes back from each place.
#include "hair_field_impl.h"

#include <math.h>

static const struct smp_rgb tones_lin[MADE_TONES] = {
    { 0.64F, 0.44F, 0.36F },  { 0.55F, 0.36F, 0.27F },   { 0.44F, 0.27F, 0.185F },
    { 0.31F, 0.175F, 0.11F }, { 0.20F, 0.105F, 0.063F }, { 0.11F, 0.058F, 0.037F },
};
static const struct smp_rgb colours_lin[MADE_COLOURS] = {
    { 0.016F, 0.013F, 0.012F }, { 0.035F, 0.024F, 0.018F }, { 0.085F, 0.052F, 0.032F },
    { 0.27F, 0.17F, 0.085F },   { 0.42F, 0.40F, 0.37F },
};

static double lattice(int64_t x, int64_t y, uint64_t seed)
{
    const uint64_t h = smp_hash64(seed, ((uint64_t)x << 32) ^ (uint64_t)(uint32_t)y);
    return (double)(h >> 11) * 0x1p-52 - 1;
}

double made_noise(double x, double y, double period, uint64_t seed)
{
    const double u = x / period, v = y / period, fu = floor(u), fv = floor(v);
    const double a = u - fu, b = v - fv, p = a * a * (3 - 2 * a), q = b * b * (3 - 2 * b);
    const int64_t i = (int64_t)fu, j = (int64_t)fv;
    const double top = lattice(i, j, seed) * (1 - p) + lattice(i + 1, j, seed) * p;
    const double low = lattice(i, j + 1, seed) * (1 - p) + lattice(i + 1, j + 1, seed) * p;
    return 2.3 * (top * (1 - q) + low * q);
}

struct canvas {
    struct smp_image *image;
    const struct made_field_settings *s;
    double scale; // px per mm
    struct smp_rgb hair_lin;
    double light_mm[2]; // shadows fall this way, per mm of height
};

// Calls paint for each pixel of a box, with its centre.
struct box {
    size_t x0, y0, x1, y1;
};

static struct box box_around(const struct canvas *c, struct smp_vec2 a, struct smp_vec2 b,
                             double reach)
{
    const double w = (double)c->image->width_px, h = (double)c->image->height_px;
    return (struct box){ (size_t)smp_clamp(fmin(a.x, b.x) - reach, 0, w),
                         (size_t)smp_clamp(fmin(a.y, b.y) - reach, 0, h),
                         (size_t)smp_clamp(fmax(a.x, b.x) + reach + 1, 0, w),
                         (size_t)smp_clamp(fmax(a.y, b.y) + reach + 1, 0, h) };
}

static double soft_step(double distance, double softness) // 0 outside to 1 inside
{
    return 0.5 + 0.5 * tanh(distance / softness);
}

// ---- Skin ------------------------------------------------------------------------------------

static void paint_skin(const struct canvas *c)
{
    const struct made_field_settings *s = c->s;
    const struct smp_rgb base = tones_lin[s->tone];
    const double k = c->scale;
    for (size_t y = 0; y < c->image->height_px; y++)
        for (size_t x = 0; x < c->image->width_px; x++) {
            const double px = (double)x + 0.5, py = (double)y + 0.5;
            double melanin = 0, blood = 0, relief = 0;
            for (int octave = 0; octave < 4; octave++) {
                const double period = 0.9 * k / (1 << (2 * octave));
                melanin += made_noise(px, py, period, s->seed + 11 + (unsigned)octave) * 0.5;
                blood += made_noise(px, py, 1.7 * period, s->seed + 31 + (unsigned)octave) * 0.5;
            }
            // Furrows: the zero lines of a smooth noise, drawn out one way.
            for (int way = 0; way < 2; way++) {
                const double f = made_noise(px + (way ? 0.5 : -0.4) * py, py, 0.42 * k,
                                            s->seed + 51 + (unsigned)way);
                relief += exp(-f * f / 0.01);
            }
            const double t = s->texture;
            const double grey = t * (0.3 * melanin + 0.5 * relief);
            *smp_image_at(c->image, x, y) =
                made_dim(base, exp(-grey - t * (0.3 * melanin + 0.15 * blood)),
                         exp(-grey - t * (0.6 * melanin + 1.2 * blood)),
                         exp(-grey - t * (1.0 * melanin + 0.9 * blood)));
        }
}

// Round spots: pores (dark, grey) and freckles (brown).
static void paint_spots(const struct canvas *c, struct smp_rng *rng)
{
    const double area =
        (double)c->image->width_px * (double)c->image->height_px / c->scale / c->scale;
    const size_t count = (size_t)(c->s->pores_per_mm2 * area);
    for (size_t i = 0; i < count; i++) {
        const struct smp_vec2 p = { smp_rng_unit(rng) * (double)c->image->width_px,
                                    smp_rng_unit(rng) * (double)c->image->height_px };
        const bool freckle = smp_rng_unit(rng) < 0.3;
        const double r = c->scale * (freckle ? 0.05 + 0.12 * smp_rng_unit(rng)
                                             : 0.02 + 0.03 * smp_rng_unit(rng));
        const double a = (freckle ? 0.15 : 0.35) * (0.5 + smp_rng_unit(rng));
        const struct box b = box_around(c, p, p, 3 * r);
        for (size_t y = b.y0; y < b.y1; y++)
            for (size_t x = b.x0; x < b.x1; x++) {
                const double d = hypot((double)x + 0.5 - p.x, (double)y + 0.5 - p.y);
                const double g = a * exp(-d * d / (r * r));
                struct smp_rgb *at = smp_image_at(c->image, x, y);
                *at = made_dim(*at, exp(-g * (freckle ? 0.5 : 1)), exp(-g),
                               exp(-g * (freckle ? 1.7 : 1)));
            }
    }
}

// Thin branching blood vessels: dark in green and blue, hardly in red.
static void paint_vessels(const struct canvas *c, struct smp_rng *rng)
{
    const double area =
        (double)c->image->width_px * (double)c->image->height_px / c->scale / c->scale;
    const size_t count = (size_t)(c->s->vessels_per_mm2 * area);
    for (size_t i = 0; i < count; i++) {
        struct smp_vec2 p = { smp_rng_unit(rng) * (double)c->image->width_px,
                              smp_rng_unit(rng) * (double)c->image->height_px };
        const double r = c->scale * (0.008 + 0.015 * smp_rng_unit(rng));
        const double a = 0.15 + 0.25 * smp_rng_unit(rng);
        double way = 2 * SMP_PI * smp_rng_unit(rng);
        const size_t steps = (size_t)(30 + 60 * smp_rng_unit(rng));
        for (size_t k = 0; k < steps; k++) {
            way += 0.25 * smp_rng_normal(rng);
            p.x += r * cos(way);
            p.y += r * sin(way);
            const struct box b = box_around(c, p, p, 2 * r);
            for (size_t y = b.y0; y < b.y1; y++)
                for (size_t x = b.x0; x < b.x1; x++) {
                    const double d = hypot((double)x + 0.5 - p.x, (double)y + 0.5 - p.y);
                    const double g = a * 0.55 * exp(-d * d / (r * r));
                    struct smp_rgb *at = smp_image_at(c->image, x, y);
                    *at = made_dim(*at, exp(-0.12 * g), exp(-g), exp(-0.8 * g));
                }
        }
    }
}

// ---- Hairs -----------------------------------------------------------------------------------

// Place on a bowed hair: u 0 at the root to 1 at the tip (beyond them too), v across in pixels.
struct on_hair {
    double u, v;
};

static struct on_hair locate(const struct made_hair *h, double x, double y, double *length)
{
    const double dx = h->tip_px.x - h->root_px.x, dy = h->tip_px.y - h->root_px.y;
    *length = hypot(dx, dy);
    const double ex = dx / *length, ey = dy / *length;
    const double px = x - h->root_px.x, py = y - h->root_px.y;
    struct on_hair o = { (px * ex + py * ey) / *length, py * ex - px * ey };
    const double t = smp_clamp(o.u, 0, 1);
    o.v -= 4 * h->bow_px * t * (1 - t);
    return o;
}

// The shaft in the follicle: seen through the skin, wider and bluer the deeper, and the dark
// funnel around the root.
static void paint_buried(const struct canvas *c, const struct made_hair *h)
{
    const double w = 1e-3 * h->calibre_um * c->scale, reach = 0.75 * c->scale;
    const struct box b = box_around(c, h->root_px, h->root_px, reach);
    const double steep = 0.45 + 0.5 * (double)(smp_hash64(c->s->seed, h->unit) % 1000) / 1000;
    for (size_t y = b.y0; y < b.y1; y++)
        for (size_t x = b.x0; x < b.x1; x++) {
            double length;
            const struct on_hair o = locate(h, (double)x + 0.5, (double)y + 0.5, &length);
            const double back = -o.u * length / c->scale; // mm behind the root
            if (back < -0.08)
                continue;
            const double depth = fmax(0, back) * steep, sigma = (0.02 + 0.55 * depth) * c->scale;
            const double across =
                0.5 * (soft_step(w / 2 - o.v, sigma) - soft_step(-w / 2 - o.v, sigma));
            const double shown = soft_step(back + 0.02, 0.02) * across * (double)h->contrast *
                                 (c->s->real.buried > 0 ? 2.2 * c->s->real.buried : 2.2);
            struct smp_rgb *at = smp_image_at(c->image, x, y);
            *at = made_dim(*at, exp(-0.42 * shown * exp(-depth / 0.25)),
                           exp(-0.3 * shown * exp(-depth / 0.14)),
                           exp(-0.22 * shown * exp(-depth / 0.09)));
        }
}

static void paint_shadow(const struct canvas *c, const struct made_hair *h)
{
    const double w = 1e-3 * h->calibre_um * c->scale;
    const double lift = 0.12 * c->scale;
    const struct box b = box_around(c, h->root_px, h->tip_px, 2 * w + lift);
    for (size_t y = b.y0; y < b.y1; y++)
        for (size_t x = b.x0; x < b.x1; x++) {
            double length;
            const struct on_hair o = locate(h, (double)x + 0.5, (double)y + 0.5, &length);
            if (o.u < -0.1 || o.u > 1.15)
                continue;
            const double off = c->light_mm[0] * o.u * lift, soft = w * (0.25 + 0.5 * fmax(0, o.u));
            const double in =
                soft_step(w / 2 - fabs(o.v - off), soft) * soft_step((1 - o.u) * length, soft);
            struct smp_rgb *at = smp_image_at(c->image, x, y);
            const double g = 0.25 * (double)h->contrast / 2 * in;
            *at = made_dim(*at, exp(-g), exp(-1.05 * g), exp(-1.1 * g));
        }
}

// Bright streak of the lamp along the shaft, broken by its scales.
static struct smp_rgb shaft_lin(const struct canvas *c, const struct made_hair *h,
                                const struct on_hair *o, double w, double length)
{
    const struct made_field_settings *s = c->s;
    const double side = 0.25 * w * c->light_mm[1];
    const double across = (o->v - side) / (0.13 * w);
    const double along = made_noise(o->u * length + 977 * (double)h->unit, h->root_px.x,
                                    0.12 * c->scale, s->seed + 71);
    const double shine =
        s->shine * 0.3 * exp(-across * across) * smp_clamp(0.4 + 0.5 * along, 0, 1);
    const double mottle =
        exp(0.12 * made_noise(o->u * length, o->v + h->root_px.y, 0.05 * c->scale, s->seed + 72));
    const double rim = o->v / (0.5 * w);
    const double lit = mottle * (1.15 - 0.3 * rim * rim);
    const struct smp_rgb own = h->grey ? colours_lin[4] : c->hair_lin;
    struct smp_rgb hair = made_dim(own, lit, lit, lit);
    if (o->u * length > length - 0.12 * w) // the cut end, lighter
        hair = made_mix(hair, (struct smp_rgb){ 0.10F, 0.085F, 0.07F }, 0.3);
    const double streak = s->real.streak * exp(-across * across / 1.7) * (0.75 + 0.25 * along);
    return made_mix(hair, (struct smp_rgb){ 0.9F, 0.9F, 0.92F }, fmax(shine, 0.4 * streak));
}

static void paint_shaft(const struct canvas *c, const struct made_hair *h, struct smp_rng *rng)
{
    const double w = 1e-3 * h->calibre_um * c->scale;
    const double oblique = 0.5 * smp_rng_normal(rng), lift = smp_rng_unit(rng);
    const double cover = h->vellus && !h->grey ? 0.45 + 0.3 * smp_rng_unit(rng) : 0.97;
    const struct box b = box_around(c, h->root_px, h->tip_px, 1.5 * w + fabs(h->bow_px));
    for (size_t y = b.y0; y < b.y1; y++)
        for (size_t x = b.x0; x < b.x1; x++) {
            double length;
            const struct on_hair o = locate(h, (double)x + 0.5, (double)y + 0.5, &length);
            if (o.u < -0.5 || o.u > 1.5)
                continue;
            const double soft = 0.004 * c->scale + 0.12 * w * lift * smp_clamp(o.u, 0, 1);
            const double taper =
                1 - (h->vellus && !h->grey ? 0.5 : h->taper) * smp_clamp(o.u, 0, 1);
            const double tip = (1 - o.u) * length - oblique * smp_clamp(o.v, -w, w) * 0.5;
            const double root = o.u * length / (0.028 * c->scale);
            const double in = soft_step(taper * w / 2 - fabs(o.v), soft) * soft_step(tip, soft) *
                              (0.5 + 0.5 * tanh(root));
            struct smp_rgb *at = smp_image_at(c->image, x, y);
            *at = made_mix(*at, shaft_lin(c, h, &o, w, length), cover * in);
        }
}

// ---- What lies on top ------------------------------------------------------------------------

static void paint_flakes(const struct canvas *c, struct smp_rng *rng)
{
    const double area =
        (double)c->image->width_px * (double)c->image->height_px / c->scale / c->scale;
    const size_t count = (size_t)(c->s->flakes_per_mm2 * area);
    for (size_t i = 0; i < count; i++) {
        const struct smp_vec2 p = { smp_rng_unit(rng) * (double)c->image->width_px,
                                    smp_rng_unit(rng) * (double)c->image->height_px };
        const double r = c->scale * (0.03 + 0.13 * smp_rng_unit(rng) * smp_rng_unit(rng));
        const double whole = 0.35 + 0.55 * smp_rng_unit(rng), lobes = 2 + 4 * smp_rng_unit(rng);
        const double phase = 7 * smp_rng_unit(rng), flat = 0.4 + 0.6 * smp_rng_unit(rng);
        const struct box b = box_around(c, p, p, 2 * r);
        for (size_t y = b.y0; y < b.y1; y++)
            for (size_t x = b.x0; x < b.x1; x++) {
                const double dx = (double)x + 0.5 - p.x, dy = ((double)y + 0.5 - p.y) / flat;
                const double edge =
                    r * (1 + 0.25 * sin(lobes * atan2(dy, dx) + phase)) - hypot(dx, dy);
                const double in = soft_step(edge, 0.006 * c->scale);
                const double rim = exp(-edge * edge / pow(0.012 * c->scale, 2)) * (edge < 0) * 0.3;
                struct smp_rgb *at = smp_image_at(c->image, x, y);
                *at = made_dim(*at, 1 - rim, 1 - rim, 1 - rim);
                *at = made_mix(*at, (struct smp_rgb){ 0.75F, 0.70F, 0.62F }, whole * in * 0.8);
            }
    }
}

// Bubbles of the immersion oil: a dark ring, a bright spot.
static void paint_bubbles(const struct canvas *c, struct smp_rng *rng)
{
    const double area =
        (double)c->image->width_px * (double)c->image->height_px / c->scale / c->scale;
    const size_t count = (size_t)(c->s->bubbles_per_mm2 * area);
    for (size_t i = 0; i < count; i++) {
        const struct smp_vec2 p = { smp_rng_unit(rng) * (double)c->image->width_px,
                                    smp_rng_unit(rng) * (double)c->image->height_px };
        const double r = c->scale * (0.06 + 0.2 * smp_rng_unit(rng)), thick = 0.15 * r;
        const struct box b = box_around(c, p, p, 1.5 * r);
        for (size_t y = b.y0; y < b.y1; y++)
            for (size_t x = b.x0; x < b.x1; x++) {
                const double dx = (double)x + 0.5 - p.x, dy = (double)y + 0.5 - p.y,
                             d = hypot(dx, dy);
                const double ring = 0.5 * exp(-pow((d - r) / thick, 2));
                const double spot =
                    0.9 * exp(-(pow(dx + 0.45 * r, 2) + pow(dy + 0.45 * r, 2)) / pow(0.14 * r, 2));
                struct smp_rgb *at = smp_image_at(c->image, x, y);
                *at = made_dim(*at, 1 - ring, 1 - ring, 1 - ring);
                *at = made_mix(*at, (struct smp_rgb){ 1.2F, 1.2F, 1.2F }, spot);
            }
    }
}

static void paint_shine(const struct canvas *c)
{
    const struct made_field_settings *s = c->s;
    for (size_t y = 0; y < c->image->height_px; y++)
        for (size_t x = 0; x < c->image->width_px; x++) {
            const double px = (double)x + 0.5, py = (double)y + 0.5, k = c->scale;
            const double broad = made_noise(px, py, 0.8 * k, s->seed + 81);
            const double grain = made_noise(px, py, 0.035 * k, s->seed + 82);
            const double glint = smp_clamp(grain + 0.8 * broad - 2.5, 0, 1);
            const double film = 0.09 * (double)tones_lin[s->tone].r * s->shine *
                                smp_clamp(0.5 + 0.5 * broad, 0, 1.5);
            struct smp_rgb *at = smp_image_at(c->image, x, y);
            *at = made_mix(*at, (struct smp_rgb){ 1, 1, 1 },
                           s->shine * smp_clamp(glint * 1.2 + film, 0, 1));
        }
}

static void paint_hairs(const struct canvas *c, const struct made_field *field, struct smp_rng *rng)
{
    for (size_t i = 0; i < field->count; i++)
        paint_buried(c, &field->hairs[i]);
    for (size_t i = 0; i < field->count; i++)
        paint_shadow(c, &field->hairs[i]);
    for (size_t i = 0; i < field->count; i++)
        paint_shaft(c, &field->hairs[i], rng);
}

bool made_field_paint(struct made_field *field, const struct made_field_settings *s,
                      struct smp_arena *arena)
{
    if (smp_image_make(&field->image, s->width_px, s->height_px, arena, NULL))
        return false;
    struct smp_rng rng = smp_rng_make(smp_hash64(s->seed, 2), 2);
    struct canvas c = { &field->image,
                        s,
                        s->px_per_mm,
                        colours_lin[s->colour],
                        { smp_rng_normal(&rng), 2 * smp_rng_unit(&rng) - 1 } };
    const double skin = (double)tones_lin[s->tone].r;
    for (size_t i = 0; i < field->count; i++) {
        struct made_hair *h = &field->hairs[i];
        h->contrast = (float)fmax(0, log(skin / (double)c.hair_lin.r));
        if (h->vellus)
            h->contrast *= h->grey ? 0.1F : 0.25F;
    }
    paint_skin(&c);
    paint_spots(&c, &rng);
    paint_vessels(&c, &rng);
    made_real_skin(field, s);
    paint_hairs(&c, field, &rng);
    paint_flakes(&c, &rng);
    paint_bubbles(&c, &rng);
    paint_shine(&c);
    made_real_top(field, s);
    return true;
}
