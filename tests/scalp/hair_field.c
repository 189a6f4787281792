// Where the hairs of a made field stand, and how found ones are scored.
#include "hair_field_impl.h"

#include <math.h>
#include <string.h>

struct made_field_settings made_field_plain(uint64_t seed, double px_per_mm)
{
    return (struct made_field_settings){ .seed = seed,
                                         .width_px = (size_t)lround(3.556 * px_per_mm),
                                         .height_px = (size_t)lround(2.844 * px_per_mm),
                                         .px_per_mm = px_per_mm,
                                         .tone = 1,
                                         .colour = 0,
                                         .fu_per_cm2 = 65,
                                         .length_mm = 0.45,
                                         .calibre_um = 75,
                                         .touching = 0.3,
                                         .crossing = 0.2,
                                         .bend = 0.02,
                                         .texture = 0.05,
                                         .shine = 0.1,
                                         .blur_mm = 0.006,
                                         .noise = 0.01,
                                         .vignette = 0.1,
                                         .exposure = 1 };
}

static double between(struct smp_rng *rng, double low, double high)
{
    return low + (high - low) * smp_rng_unit(rng);
}

struct made_field_settings made_field_hard(uint64_t seed, double px_per_mm)
{
    struct smp_rng rng = smp_rng_make(smp_hash64(seed, 0x4a1d), 0);
    struct made_field_settings s = made_field_plain(seed, px_per_mm);
    s.tone = (int)(seed % MADE_TONES);
    s.colour = (int)(smp_rng_unit(&rng) * (s.tone > 3 ? 1 : 2.999)); // fair hair: a test of its own
    s.fu_per_cm2 = between(&rng, 47, 87);
    s.length_mm = between(&rng, 0.22, 0.7);
    s.calibre_um = between(&rng, 58, 100);
    s.touching = between(&rng, 0.2, 1);
    s.crossing = between(&rng, 0, 1);
    s.bend = between(&rng, 0, 0.06);
    s.vellus = between(&rng, 0, 0.15);
    s.texture = between(&rng, 0.04, 0.12);
    s.shine = between(&rng, 0, 0.9);
    s.flakes_per_mm2 = between(&rng, 0, 2.5);
    s.bubbles_per_mm2 = smp_rng_unit(&rng) < 0.3 ? between(&rng, 0.2, 0.8) : 0;
    s.pores_per_mm2 = between(&rng, 0, 1.5);
    s.vessels_per_mm2 = between(&rng, 0, 1);
    s.blur_mm = between(&rng, 0.004, 0.018);
    s.noise = between(&rng, 0.005, 0.03);
    s.vignette = between(&rng, 0, 0.5);
    s.interlace_px = smp_rng_unit(&rng) < 0.15 ? between(&rng, 0.5, 2) * px_per_mm / 360 : 0;
    s.exposure = between(&rng, 0.6, 1.25);
    s.graphics = smp_rng_unit(&rng) < 0.5;
    s.jpeg = smp_rng_unit(&rng) < 0.7 ? (int)between(&rng, 70, 95) : 0;
    return s;
}

// ---- Standing --------------------------------------------------------------------------------

static const double margin_mm = 1.2;
enum { most_units = 6000, most_in_unit = 5 };

// A soft hard core: each unit keeps others out by its own share of the mean spacing. Right meets
// left and top bottom, so that the margin is no denser than the rest.
static size_t place_units(struct smp_vec2 *at_mm, const struct made_field_settings *s,
                          const struct smp_vec2 *size_mm, struct smp_rng *rng)
{
    const double margin = margin_mm, w = size_mm->x + 2 * margin, h = size_mm->y + 2 * margin;
    const double spacing = 10 / sqrt(s->fu_per_cm2);
    const size_t wanted = (size_t)fmin(most_units, w * h * s->fu_per_cm2 / 100 + 0.5);
    size_t count = 0;
    for (size_t tries = 0; count < wanted && tries < 400 * wanted; tries++) {
        const struct smp_vec2 p = { between(rng, -margin, w - margin),
                                    between(rng, -margin, h - margin) };
        const double relent = tries > 200 * wanted ? 0.85 : 1;
        const double gap = spacing * relent * between(rng, 0.5, 0.74);
        bool free = true;
        for (size_t i = 0; i < count && free; i++)
            free = hypot(remainder(at_mm[i].x - p.x, w), remainder(at_mm[i].y - p.y, h)) > gap;
        if (free)
            at_mm[count++] = p;
    }
    return count;
}

static size_t draw_size(struct smp_rng *rng)
{
    static const double up_to[] = { 0.37, 0.79, 0.96, 0.99 };
    const double u = smp_rng_unit(rng);
    size_t size = 1;
    while (size < most_in_unit && u > up_to[size - 1])
        size++;
    return size;
}

// Roots of one unit: side by side at most of the calibre, apart by up to 0.3 mm.
static void place_roots(struct smp_vec2 *root_mm, size_t size, const struct made_field_settings *s,
                        double lean, struct smp_rng *rng)
{
    const double row = lean + SMP_PI / 2 + 0.6 * smp_rng_normal(rng);
    for (size_t k = 1; k < size; k++) {
        const double near_mm = s->calibre_um * 1e-3 * between(rng, 0.85, 1.3);
        const double far_mm = between(rng, 0.12, 0.26);
        double apart = smp_rng_unit(rng) < s->touching ? near_mm : far_mm;
        if (s->real.spacing_mm > 0)
            apart = smp_clamp(s->real.spacing_mm * exp(0.5 * smp_rng_normal(rng)), 0.05, 0.4);
        const double way = (k % 2 ? 1 : -1) * (k > 2 ? 1.9 : 1);
        const double turn = 0.35 * smp_rng_normal(rng);
        root_mm[k] = (struct smp_vec2){ root_mm[0].x + way * apart * cos(row + turn),
                                        root_mm[0].y + way * apart * sin(row + turn) };
    }
}

static bool inside(struct smp_vec2 p, const struct made_field_settings *s, double margin_px)
{
    return p.x >= margin_px && p.y >= margin_px && p.x <= (double)s->width_px - margin_px &&
           p.y <= (double)s->height_px - margin_px;
}

// Within the guard of the score from the black around a round field.
static bool masked(struct smp_vec2 p, const struct made_field_settings *s)
{
    const double w = (double)s->width_px, h = (double)s->height_px;
    return s->real.round_mask &&
           hypot(p.x - w / 2, p.y - h / 2) > made_round_field * w - 0.22 * s->px_per_mm;
}

static struct made_hair grow(struct smp_vec2 root_mm, double lean, size_t unit,
                             const struct made_field_settings *s, struct smp_rng *rng)
{
    struct made_hair h = { .unit = unit };
    const double scale = s->px_per_mm;
    h.vellus = smp_rng_unit(rng) < s->vellus;
    h.calibre_um = h.vellus ? between(rng, 18, 34)
                            : s->calibre_um * smp_clamp(1 + 0.15 * smp_rng_normal(rng), 0.6, 1.5);
    if (!h.vellus && s->real.thin > 0 && smp_rng_unit(rng) < s->real.thin)
        h.calibre_um = between(rng, 30, 55);
    if (s->real.grey > 0 && smp_rng_unit(rng) < s->real.grey)
        h.grey = h.vellus = true;
    if (s->real.taper > 0 && smp_rng_unit(rng) < s->real.taper)
        h.taper = between(rng, 0.3, 0.85);
    double length = s->length_mm * exp(hypot(0.18, s->real.length_spread) * smp_rng_normal(rng));
    length = fmax(length, 1.7e-3 * h.calibre_um) * scale;
    const double angle =
        lean + (0.1 + 0.25 * s->crossing * smp_rng_unit(rng)) * smp_rng_normal(rng);
    h.root_px = (struct smp_vec2){ root_mm.x * scale, root_mm.y * scale };
    h.tip_px =
        (struct smp_vec2){ h.root_px.x + length * cos(angle), h.root_px.y + length * sin(angle) };
    h.bow_px = length * smp_clamp(s->bend * smp_rng_normal(rng), -0.15, 0.15);
    const double reach = 0.5e-3 * h.calibre_um * scale;
    h.cut = !inside(h.root_px, s, reach) || !inside(h.tip_px, s, reach) || masked(h.root_px, s) ||
            masked(h.tip_px, s);
    return h;
}

bool made_field_stand(struct made_field *field, const struct made_field_settings *s,
                      struct smp_arena *arena)
{
    struct smp_rng rng = smp_rng_make(smp_hash64(s->seed, 1), 1);
    const struct smp_vec2 size_mm = { (double)s->width_px / s->px_per_mm,
                                      (double)s->height_px / s->px_per_mm };
    struct smp_vec2 *units = smp_new(arena, struct smp_vec2, most_units);
    field->hairs = smp_new(arena, struct made_hair, (size_t)most_units * most_in_unit);
    if (!units || !field->hairs)
        return false;
    field->mm_per_px = 1 / s->px_per_mm;
    field->planted_mm2 = (size_mm.x + 2 * margin_mm) * (size_mm.y + 2 * margin_mm);
    field->units = place_units(units, s, &size_mm, &rng);
    const double lean = 2 * SMP_PI * smp_rng_unit(&rng), swirl = 0.06 * smp_rng_normal(&rng);
    for (size_t u = 0; u < field->units; u++) {
        const double here = lean + swirl * (units[u].x - units[u].y) + 0.05 * smp_rng_normal(&rng);
        struct smp_vec2 roots[most_in_unit] = { units[u] };
        const size_t size = draw_size(&rng);
        place_roots(roots, size, s, here, &rng);
        for (size_t k = 0; k < size; k++) {
            const struct made_hair h = grow(roots[k], here, u, s, &rng);
            field->planted_hairs++;
            const double far_px = -0.3 * s->px_per_mm;
            if (inside(h.root_px, s, far_px) || inside(h.tip_px, s, far_px))
                field->hairs[field->count++] = h;
        }
    }
    return true;
}

bool made_field_draw(struct made_field *field, const struct made_field_settings *settings,
                     struct smp_arena *arena)
{
    *field = (struct made_field){ 0 };
    return made_field_stand(field, settings, arena) && made_field_paint(field, settings, arena) &&
           made_field_camera(field, settings, arena);
}
