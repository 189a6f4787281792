// What scalps have that a plain field has not (hair_field.h, struct made_real): rings and scale
// around openings, yellow dots, redness, scabs; oil's edge and the lamps on top.
#include "hair_field_impl.h"

#include <math.h>

static double between(struct smp_rng *rng, double low, double high)
{
    return low + (high - low) * smp_rng_unit(rng);
}

static bool chance(struct smp_rng *rng, double share)
{
    return smp_rng_unit(rng) < share;
}

// ---- Settings --------------------------------------------------------------------------------

static void draw_scalp(struct made_field_settings *s, struct smp_rng *rng)
{
    struct made_real *r = &s->real;
    r->thin = chance(rng, 0.6) ? between(rng, 0, 0.25) : 0;
    r->grey = chance(rng, 0.15) ? between(rng, 0.05, 0.4) : 0;
    r->spacing_mm = between(rng, 0.12, 0.2);
    r->length_spread = chance(rng, 0.5) ? between(rng, 0, 0.4) : 0;
    r->taper = chance(rng, 0.3) ? between(rng, 0, 0.5) : 0;
    r->buried = between(rng, 0.25, 1.2);
    r->halo = chance(rng, 0.4) ? between(rng, 0.2, 1) : 0;
    r->collar = chance(rng, 0.25) ? between(rng, 0.2, 1) : 0;
    r->redness = chance(rng, 0.4) ? between(rng, 0.2, 1) : 0;
    r->yellow_dots_per_mm2 = chance(rng, 0.2) ? between(rng, 0.1, 0.5) : 0;
    r->scabs_per_mm2 = chance(rng, 0.08) ? between(rng, 0.05, 0.15) : 0;
}

// Oil and polarisers take shine away; naked lamps show on hairs, skin and lens.
static void draw_light(struct made_field_settings *s, struct smp_rng *rng)
{
    struct made_real *r = &s->real;
    const double kind = smp_rng_unit(rng);
    if (kind < 0.3) { // oil
        r->film = chance(rng, 0.5) ? 1 : 0;
        s->shine *= 0.15;
        s->bubbles_per_mm2 = chance(rng, 0.7) ? between(rng, 0.05, 0.7) : 0;
    } else if (kind < 0.6) { // polarised
        s->shine *= 0.1;
        s->bubbles_per_mm2 = 0;
    } else {
        s->bubbles_per_mm2 = 0;
        r->streak = between(rng, 0, 1);
        r->lamps = chance(rng, 0.25) ? between(rng, 0.3, 1) : 0;
    }
    r->warm = 0.22 * smp_rng_normal(rng);
}

static void draw_camera(struct made_field_settings *s, struct smp_rng *rng)
{
    struct made_real *r = &s->real;
    const double px_mm = 1 / s->px_per_mm;
    s->blur_mm = hypot(between(rng, 0.003, 0.012), between(rng, 0.5, 1) * px_mm);
    r->defocus_mm = chance(rng, 0.3) ? between(rng, 0.005, 0.025) : 0;
    r->motion_mm = chance(rng, 0.15) ? between(rng, 0.01, 0.05) : 0;
    r->fringe_px = chance(rng, 0.4) ? between(rng, 0.2, 2) * s->px_per_mm / 360 : 0;
    r->sharpen = chance(rng, 0.6) ? between(rng, 0.3, 1.8) : 0;
    r->grain = between(rng, 0.3, 1.2);
    r->saturation = between(rng, -0.25, 0.4);
    r->contrast = chance(rng, 0.5) ? between(rng, 0.1, 0.6) : 0;
    r->round_mask = chance(rng, 0.12);
    r->ruler = chance(rng, 0.12);
    s->graphics = chance(rng, 0.3);
    s->jpeg = chance(rng, 0.9) ? (int)between(rng, 60, 96) : 0;
}

bool made_field_is_low_power(uint64_t seed)
{
    return seed / MADE_TONES % 3 == 2;
}

struct made_field_settings made_field_real(uint64_t seed, double px_per_mm)
{
    struct smp_rng rng = smp_rng_make(smp_hash64(seed, 0x4ea1), 0);
    const bool low = made_field_is_low_power(seed);
    const double drawn = low                ? between(&rng, 50, 200)
                         : chance(&rng, .5) ? 360
                                            : between(&rng, 200, 400);
    const double scale = px_per_mm > 0 ? px_per_mm : drawn;
    struct made_field_settings s = made_field_hard(seed, scale);
    if (low) {
        s.width_px = (size_t)lround(5 * scale);
        s.height_px = (size_t)lround(4 * scale);
    }
    if (s.tone < 2 && chance(&rng, 0.15))
        s.colour = 3;
    s.fu_per_cm2 = between(&rng, 35, 95);
    s.calibre_um = between(&rng, 55, 90);
    s.length_mm = chance(&rng, 0.2) ? between(&rng, 0.7, 1.8) : between(&rng, 0.25, 0.65);
    s.crossing *= 0.6;
    s.bend *= s.length_mm > 0.7 ? 1.5 : 1;
    s.flakes_per_mm2 *= chance(&rng, 0.4) ? 1 : 0.15;
    draw_scalp(&s, &rng);
    draw_light(&s, &rng);
    draw_camera(&s, &rng);
    return s;
}

// ---- Skin ------------------------------------------------------------------------------------

struct patch { // a round place with a ragged edge
    double x, y, r, ragged;
    uint64_t seed;
};

// 1 well inside, 0 outside; in between over `soft` of the radius.
static double inside_patch(const struct patch *p, double x, double y, double soft)
{
    const double d = hypot(x - p->x, y - p->y) / p->r;
    if (d > 2.2)
        return 0;
    const double edge = 1 + p->ragged * made_noise(x, y, 0.6 * p->r, p->seed);
    return 0.5 + 0.5 * tanh((edge - d) / soft);
}

typedef struct smp_rgb patch_colour(struct smp_rgb was, double in, const struct patch *p, double d);

static void paint_patch(struct smp_image *image, const struct patch *p, double soft,
                        patch_colour *colour)
{
    const double reach = 2.2 * p->r, w = (double)image->width_px, h = (double)image->height_px;
    const size_t x1 = (size_t)smp_clamp(p->x + reach + 1, 0, w);
    const size_t y1 = (size_t)smp_clamp(p->y + reach + 1, 0, h);
    for (size_t y = (size_t)smp_clamp(p->y - reach, 0, h); y < y1; y++)
        for (size_t x = (size_t)smp_clamp(p->x - reach, 0, w); x < x1; x++) {
            const double a = (double)x + 0.5, b = (double)y + 0.5;
            struct smp_rgb *at = smp_image_at(image, x, y);
            *at = colour(*at, inside_patch(p, a, b, soft), p, hypot(a - p->x, b - p->y) / p->r);
        }
}

static struct smp_rgb yellowed(struct smp_rgb was, double in, const struct patch *p, double d)
{
    const double a = in * (0.6 + 0.4 * p->ragged);
    (void)d;
    return made_dim(was, exp(-0.06 * a), exp(-0.16 * a), exp(-0.55 * a));
}

static struct smp_rgb browned(struct smp_rgb was, double in, const struct patch *p, double d)
{
    const double a = in * p->ragged * exp(-pow((d - 0.7) / 0.4, 2));
    return made_dim(was, exp(-0.45 * a), exp(-0.75 * a), exp(-1.1 * a));
}

static struct smp_rgb scabbed(struct smp_rgb was, double in, const struct patch *p, double d)
{
    const struct smp_rgb crust = { 0.085F, 0.03F, 0.016F };
    (void)p, (void)d;
    return made_mix(was, crust, 0.8 * in);
}

static struct smp_rgb whitened(struct smp_rgb was, double in, const struct patch *p, double d)
{
    const double a = in * exp(-pow((d - 0.75) / 0.3, 2)) * p->ragged * 1.4;
    return made_mix(was, (struct smp_rgb){ 0.72F, 0.68F, 0.6F }, smp_clamp(a, 0, 0.85));
}

static void strew(struct made_field *field, const struct made_field_settings *s, double per_mm2,
                  double low_mm, double high_mm, double soft, uint64_t stream, patch_colour *colour)
{
    struct smp_rng rng = smp_rng_make(smp_hash64(s->seed, stream), stream);
    const double w = (double)s->width_px, h = (double)s->height_px, k = s->px_per_mm;
    const size_t count = (size_t)(per_mm2 * w * h / k / k + 0.5);
    for (size_t i = 0; i < count; i++) {
        const struct patch p = { w * smp_rng_unit(&rng), h * smp_rng_unit(&rng),
                                 k * between(&rng, low_mm, high_mm), between(&rng, 0.15, 0.4),
                                 s->seed + 900 + i };
        paint_patch(&field->image, &p, soft, colour);
    }
}

// Rings around the openings of some units; the first hair of a unit has its place.
static void ring(struct made_field *field, const struct made_field_settings *s, double strength,
                 double low_mm, double high_mm, uint64_t stream, patch_colour *colour)
{
    size_t done = SIZE_MAX;
    for (size_t i = 0; i < field->count && strength > 0; i++) {
        const struct made_hair *h = &field->hairs[i];
        struct smp_rng rng = smp_rng_make(smp_hash64(s->seed, stream), h->unit);
        if (h->unit == done || !chance(&rng, 0.3 + 0.5 * strength))
            continue;
        done = h->unit;
        const struct patch p = { h->root_px.x, h->root_px.y,
                                 s->px_per_mm * between(&rng, low_mm, high_mm),
                                 strength * between(&rng, 0.3, 1) * 0.6, s->seed + 700 + h->unit };
        paint_patch(&field->image, &p, 0.25, colour);
    }
}

static void redden(struct made_field *field, const struct made_field_settings *s)
{
    const double k = s->px_per_mm;
    for (size_t y = 0; y < s->height_px && s->real.redness > 0; y++)
        for (size_t x = 0; x < s->width_px; x++) {
            const double px = (double)x + 0.5, py = (double)y + 0.5;
            const double at = made_noise(px, py, 0.8 * k, s->seed + 91) +
                              0.5 * made_noise(px, py, 0.2 * k, s->seed + 92);
            const double a = 0.25 * s->real.redness * smp_clamp(0.5 + at, 0, 2.5);
            struct smp_rgb *c = smp_image_at(&field->image, x, y);
            *c = made_dim(*c, exp(-0.08 * a), exp(-a), exp(-0.8 * a));
        }
}

void made_real_skin(struct made_field *field, const struct made_field_settings *s)
{
    redden(field, s);
    strew(field, s, s->real.yellow_dots_per_mm2, 0.07, 0.15, 0.2, 101, yellowed);
    ring(field, s, s->real.halo, 0.12, 0.3, 102, browned);
    ring(field, s, s->real.collar, 0.08, 0.16, 103, whitened);
}

// ---- On top ----------------------------------------------------------------------------------

// The edge of the oil: a bright and a dark line side by side; beyond it the skin is dry and paler.
static void edge_of_oil(struct made_field *field, const struct made_field_settings *s)
{
    struct smp_rng rng = smp_rng_make(smp_hash64(s->seed, 105), 105);
    const double way = 2 * SMP_PI * smp_rng_unit(&rng), k = s->px_per_mm;
    const double off = k * between(&rng, 0.3, 1.2), thick = k * between(&rng, 0.012, 0.03);
    const double w = (double)s->width_px, h = (double)s->height_px;
    for (size_t y = 0; y < s->height_px; y++)
        for (size_t x = 0; x < s->width_px; x++) {
            const double px = (double)x + 0.5, py = (double)y + 0.5;
            const double along = (px - w / 2) * cos(way) + (py - h / 2) * sin(way);
            const double d = along - off - 0.12 * k * made_noise(px, py, 0.9 * k, s->seed + 93);
            const double dark = 0.4 * exp(-d * d / thick / thick);
            const double lit = 0.35 * exp(-pow(d / thick - 1.8, 2));
            const double dry = d > 0 ? 0.04 : 0;
            struct smp_rgb *c = smp_image_at(&field->image, x, y);
            *c = made_dim(*c, 1 - dark, 1 - dark, 1 - dark);
            *c = made_mix(*c, (struct smp_rgb){ 0.9F, 0.9F, 0.9F }, lit + dry);
        }
}

static void mirror_lamps(struct made_field *field, const struct made_field_settings *s)
{
    struct smp_rng rng = smp_rng_make(smp_hash64(s->seed, 106), 106);
    const double w = (double)s->width_px, h = (double)s->height_px;
    const double cx = w * between(&rng, 0.3, 0.7), cy = h * between(&rng, 0.3, 0.7);
    const double r = h * between(&rng, 0.15, 0.4), own = h * between(&rng, 0.012, 0.03);
    const int count = 6 + (int)(6 * smp_rng_unit(&rng));
    for (size_t y = 0; y < s->height_px; y++)
        for (size_t x = 0; x < s->width_px; x++) {
            double lit =
                0.08 * exp(-pow((hypot((double)x - cx, (double)y - cy) - r) / (4 * own), 2));
            for (int i = 0; i < count; i++) {
                const double a = 2 * SMP_PI * i / count;
                const double d = hypot((double)x - cx - r * cos(a), (double)y - cy - r * sin(a));
                lit += 0.8 * exp(-pow(d / own, 4));
            }
            struct smp_rgb *c = smp_image_at(&field->image, x, y);
            *c =
                made_mix(*c, (struct smp_rgb){ 1, 1, 1.02F }, smp_clamp(s->real.lamps * lit, 0, 1));
        }
}

void made_real_top(struct made_field *field, const struct made_field_settings *s)
{
    ring(field, s, 0.4 * s->real.collar, 0.05, 0.1, 107, whitened);
    strew(field, s, s->real.scabs_per_mm2, 0.1, 0.3, 0.12, 104, scabbed);
    if (s->real.film > 0)
        edge_of_oil(field, s);
    if (s->real.lamps > 0)
        mirror_lamps(field, s);
}
