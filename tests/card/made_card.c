#include "made_card.h"

#include "scalp.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { columns = SMP_CARD_COLUMNS, rows = SMP_CARD_ROWS, patches = SMP_CARD_PATCHES, grain = 2 };

const struct made_card_params made_card_defaults = {
    .width_px = 640,
    .height_px = 480,
    .kind = SMP_CARD_CLASSIC,
    .marker_mm = 35,
    .at_px = { 320, 240 },
    .px_per_mm = 1.1,
    .exposure = 0.75,
    .tone = 1,
    .colours = 1,
    .falloff = 0.1,
    .second = { 1, 1, 1 },
    .blur_px = 0.6,
    .noise = 0.004,
    .seed = 1,
};

// Skin of the six classes of ITA°, light to dark.
static const struct smp_lab skins[MADE_SWATCHES] = {
    { 71, 8, 13 }, { 66, 10, 15 }, { 62, 10, 18 }, { 56, 11, 17 }, { 48, 11, 17 }, { 36, 10, 13 }
};

static void need(bool good)
{
    if (!good) {
        fprintf(stderr, "a made card could not be made\n");
        exit(EXIT_FAILURE);
    }
}

void made_card_reference(struct smp_lab reference[SMP_CARD_PATCHES], struct smp_arena *arena)
{
    struct smp_bytes text;
    char path[600];
    struct smp_err err = { 0 };
    snprintf(path, sizeof path, "%.500s/data/colour_card.csv",
             getenv("STUBBLE_SOURCE_ROOT") ? getenv("STUBBLE_SOURCE_ROOT") : ".");
    need(smp_file_read(&text, path, 1 << 20, arena, &err) == SMP_OK);
    need(smp_card_reference_read(reference, path, (const char *)text.data, text.length, arena,
                                 &err) == SMP_OK);
}

struct scene {
    const struct made_card_params *params;
    struct smp_rgb_lin patch[patches], skin[MADE_SWATCHES];
    double pitch, side, half_wide, half_high; // mm; the card's half sizes
};

static struct smp_vec2 patch_mm(const struct scene *s, int i)
{
    return (struct smp_vec2){ (i % columns - 2.5) * s->pitch, (i / columns - 1.5) * s->pitch };
}

static struct smp_vec2 swatch_mm(const struct scene *s, int i)
{
    return (struct smp_vec2){ (i - 2.5) * s->pitch, s->half_high + 1.1 * s->pitch };
}

static bool within(struct smp_vec2 p, struct smp_vec2 centre, double side)
{
    return fabs(p.x - centre.x) <= side / 2 && fabs(p.y - centre.y) <= side / 2;
}

// 1 white, 0 black, -1 none: the markers 0 to 3 at the card's corners.
static int marker_at(const struct scene *s, struct smp_vec2 p)
{
    const double cell = s->params->marker_mm / 6;
    for (int id = 0; id < 4; id++) {
        const struct smp_vec2 centre = {
            (id & 1 ? 1 : -1) * (s->half_wide + 0.8 * s->params->marker_mm),
            (id & 2 ? 1 : -1) * (s->half_high - 0.5 * s->params->marker_mm)
        };
        const double x = (p.x - centre.x) / cell + 3, y = (p.y - centre.y) / cell + 3;
        if (x < -1 || y < -1 || x > 7 || y > 7)
            continue;
        if (x < 0 || y < 0 || x > 6 || y > 6)
            return 1;
        const int i = (int)floor(x) - 1, j = (int)floor(y) - 1;
        if (i < 0 || j < 0 || i > 3 || j > 3)
            return 0;
        return smp_marker_bits(id) >> (15 - (4 * j + i)) & 1;
    }
    return -1;
}

static struct smp_rgb_lin ground_at(const struct scene *s, struct smp_vec2 p)
{
    switch (s->params->ground) {
    case MADE_PAPER:
        return (struct smp_rgb_lin){ 0.82, 0.83, 0.86 };
    case MADE_WOOD: {
        const double grain_of = 1 + 0.25 * sin(0.9 * p.y + 2 * sin(0.05 * p.x)) * sin(0.31 * p.y);
        return (struct smp_rgb_lin){ 0.42 * grain_of, 0.3 * grain_of, 0.19 * grain_of };
    }
    default:
        return (struct smp_rgb_lin){ 0.03, 0.03, 0.035 };
    }
}

// Skin with hairs (slanting bars, one a lattice cell), gloss and a mole; at: place in the swatch, 0
// to 1.
static struct smp_rgb_lin swatch_light(const struct scene *s, int i, struct smp_vec2 at)
{
    enum { cells = 9 };
    const struct made_card_params *params = s->params;
    const double x = at.x * cells, y = at.y * cells;
    const uint64_t cell = (uint64_t)floor(y) * cells + (uint64_t)floor(x);
    const double chance = (double)(smp_hash64(cell, (uint64_t)i) >> 11) / 9007199254740992.0;
    const double across = fabs(x - floor(x) - 0.5 + 0.3 * (y - floor(y) - 0.5));
    struct smp_rgb_lin c = s->skin[i];
    if (params->mole && hypot(at.x - 0.75, at.y - 0.3) < 0.16)
        c = (struct smp_rgb_lin){ c.r * 0.45, c.g * 0.33, c.b * 0.3 };
    if (across < params->stubble / 2) // a bar in every cell covers that share of it
        c = (struct smp_rgb_lin){ 0.03 * c.r, 0.03 * c.g, 0.03 * c.b };
    if (chance < params->shine)
        c = (struct smp_rgb_lin){ c.r + 0.25, c.g + 0.25, c.b + 0.25 };
    return c;
}

// Reflected light of the plane at a point in mm from the card's middle.
static struct smp_rgb_lin light_at(const struct scene *s, struct smp_vec2 p)
{
    const struct made_card_params *params = s->params;
    struct smp_rgb_lin c = ground_at(s, p);
    if (params->no_card)
        return c;
    if (params->markers && marker_at(s, p) >= 0) {
        const double v = marker_at(s, p) ? 0.85 : 0.035;
        c = (struct smp_rgb_lin){ v, v, v };
    }
    if (fabs(p.x) <= s->half_wide && fabs(p.y) <= s->half_high)
        c = (struct smp_rgb_lin){ 0.034, 0.033, 0.034 };
    const int column = (int)lround(p.x / s->pitch + 2.5), row = (int)lround(p.y / s->pitch + 1.5);
    const int i = row * columns + column;
    if (column >= 0 && column < columns && row >= 0 && row < rows &&
        within(p, patch_mm(s, i), s->side)) {
        c = s->patch[i];
        if (params->glare_patch == i + 1 && (!params->half_glare || p.x > patch_mm(s, i).x))
            c = (struct smp_rgb_lin){ c.r + params->glare, c.g + params->glare,
                                      c.b + params->glare };
    }
    if (column >= 0 && column < MADE_SWATCHES && within(p, swatch_mm(s, column), 0.9 * s->pitch))
        c = swatch_light(
            s, column,
            (struct smp_vec2){ (p.x - swatch_mm(s, column).x) / (0.9 * s->pitch) + 0.5,
                               (p.y - swatch_mm(s, column).y) / (0.9 * s->pitch) + 0.5 });
    const double light = 1 - params->falloff * (p.x / (2 * s->half_wide));
    const double *second = params->second;
    const bool right = p.x > 0;
    return (struct smp_rgb_lin){ c.r * light * (right ? second[0] : 1),
                                 c.g * light * (right ? second[1] : 1),
                                 c.b * light * (right ? second[2] : 1) };
}

static double toned(double v, double tone)
{
    const double p = pow(fmax(v, 0), 1 + 0.2 * tone), k = tone > 0 ? 1.5 / tone : 1e9;
    return (1 + k) * p / (p + k);
}

static struct smp_rgb seen(const struct made_card_params *params, struct smp_rgb_lin c)
{
    static const double camera[3][3] = { { 0.84, 0.13, 0.03 },
                                         { 0.07, 0.88, 0.05 },
                                         { 0.01, 0.15, 0.84 } };
    static const double balance[3] = { 1.12, 1, 0.86 };
    const double in[3] = { c.r, c.g, c.b };
    double out[3];
    for (int k = 0; k < 3; k++) {
        const double mixed =
            (camera[k][0] * in[0] + camera[k][1] * in[1] + camera[k][2] * in[2]) * balance[k];
        const double v = params->colours * mixed + (1 - params->colours) * in[k];
        out[k] = toned(v * params->exposure, params->tone);
    }
    return (struct smp_rgb){ (float)out[0], (float)out[1], (float)out[2] };
}

// From pixels to millimetres of the plane: a pinhole over a plane that is turned and tilted.
static struct smp_homography plane_to_px(const struct made_card_params *params)
{
    const double turn = params->turn_deg * SMP_PI / 180, tilt = params->tilt_deg * SMP_PI / 180,
                 towards = params->towards_deg * SMP_PI / 180;
    const double focal =
        1.2 * (double)(params->width_px > params->height_px ? params->width_px : params->height_px);
    const double far = focal / params->px_per_mm;
    const double c = cos(turn), s = sin(turn), ct = cos(towards), st = sin(towards);
    struct smp_homography h;
    // Axes of the plane in the camera: turned, then foreshortened along `towards`.
    const double axis[2][2] = { { c, s }, { -s, c } };
    for (int k = 0; k < 2; k++) {
        const double along = axis[k][0] * ct + axis[k][1] * st,
                     across = -axis[k][0] * st + axis[k][1] * ct;
        const double x = along * cos(tilt) * ct - across * st,
                     y = along * cos(tilt) * st + across * ct, z = along * sin(tilt);
        h.m[k] = focal * x + params->at_px[0] * z;
        h.m[3 + k] = focal * y + params->at_px[1] * z;
        h.m[6 + k] = z;
    }
    h.m[2] = params->at_px[0] * far;
    h.m[5] = params->at_px[1] * far;
    h.m[8] = far;
    return h;
}

static void draw(struct smp_image *image, const struct scene *s, const struct smp_homography *to_px)
{
    struct smp_homography back;
    need(smp_homography_invert(&back, to_px));
    for (size_t y = 0; y < image->height_px; y++) {
        for (size_t x = 0; x < image->width_px; x++) {
            struct smp_rgb_lin sum = { 0, 0, 0 };
            for (int k = 0; k < grain * grain; k++) {
                const struct smp_vec2 at = { (double)x + (k % grain + 0.5) / grain,
                                             (double)y + (k / grain + 0.5) / grain };
                const struct smp_rgb_lin c = light_at(s, smp_homography_map(&back, at));
                sum.r += c.r / (grain * grain);
                sum.g += c.g / (grain * grain);
                sum.b += c.b / (grain * grain);
            }
            struct smp_rgb *px = smp_image_at(image, x, y);
            *px = seen(s->params, sum);
        }
    }
}

static void add_noise(struct smp_image *image, const struct made_card_params *params)
{
    for (size_t y = 0; y < image->height_px; y++) {
        struct smp_rng rng = smp_rng_make((uint64_t)params->seed, y);
        float *v = &smp_image_at(image, 0, y)->r;
        for (size_t i = 0; i < 3 * image->width_px; i++) {
            const double root = sqrt((double)v[i]) + params->noise * smp_rng_normal(&rng);
            v[i] = root > 0 ? (float)(root * root) : 0;
        }
    }
}

void made_card(struct made_card *made, const struct made_card_params *params,
               struct smp_arena *arena)
{
    struct scene s = { .params = params,
                       .pitch = smp_card_pitch_mm(params->kind),
                       .side = smp_card_patch_mm(params->kind) };
    struct smp_lab reference[patches];
    s.half_wide = 3.1 * s.pitch;
    s.half_high = 2.2 * s.pitch;
    made_card_reference(reference, arena);
    for (int i = 0; i < patches; i++)
        s.patch[i] = smp_rgb_from_lab(reference[i]);
    for (int i = 0; i < MADE_SWATCHES; i++)
        s.skin[i] = smp_rgb_from_lab(skins[i]);
    const struct smp_homography to_px = plane_to_px(params);
    struct smp_image light;
    struct scalp developed = { 0 };
    need(smp_image_make(&light, params->width_px, params->height_px, arena, NULL) == SMP_OK);
    draw(&light, &s, &to_px);
    if (params->blur_px > 0)
        need(smp_image_blur(&light, &light, params->blur_px, NULL, arena, NULL) == SMP_OK);
    add_noise(&light, params);
    need(scalp_develop(&developed, &light, params->jpeg, arena));
    *made = (struct made_card){ .image = developed.image,
                                .jpeg = developed.jpeg,
                                .px_per_mm = params->px_per_mm };
    for (int i = 0; i < patches; i++)
        made->patch_px[i] = smp_homography_map(&to_px, patch_mm(&s, i));
    for (int i = 0; i < MADE_SWATCHES; i++) {
        made->swatch_px[i] = smp_homography_map(&to_px, swatch_mm(&s, i));
        made->swatch_lab[i] = skins[i];
    }
    made->swatch_side_px = 0.9 * s.pitch * params->px_per_mm;
}
