// What cameras do to a field besides blur and noise (hair_field.h, struct made_real): defocus away
// from one place, shake, fringes; spots of noise, sharpening, colours; masks and rulers.
#include "hair_field_impl.h"

#include <math.h>
#include <string.h>

static bool copy_of(struct smp_image *copy, const struct smp_image *image, struct smp_arena *arena)
{
    if (smp_image_make(copy, image->width_px, image->height_px, arena, NULL))
        return false;
    memcpy(copy->px_lin, image->px_lin, image->width_px * image->height_px * sizeof *image->px_lin);
    return true;
}

// ---- Lens ------------------------------------------------------------------------------------

// The scalp curves away from the plane in focus: the farther, the softer.
static bool defocus(struct smp_image *image, const struct made_field_settings *s,
                    struct smp_arena *arena)
{
    struct smp_image soft[2];
    const double sigma = s->real.defocus_mm * s->px_per_mm;
    if (smp_image_blur(&soft[0], image, 0.5 * sigma, NULL, arena, NULL) ||
        smp_image_blur(&soft[1], image, sigma, NULL, arena, NULL))
        return false;
    struct smp_rng rng = smp_rng_make(smp_hash64(s->seed, 111), 111);
    const double w = (double)image->width_px, h = (double)image->height_px;
    const double cx = w * smp_rng_unit(&rng), cy = h * smp_rng_unit(&rng);
    for (size_t y = 0; y < image->height_px; y++)
        for (size_t x = 0; x < image->width_px; x++) {
            const double d = 2 * hypot((double)x - cx, (double)y - cy) / w; // up to about 2
            struct smp_rgb *at = smp_image_at(image, x, y);
            const struct smp_rgb half = *smp_image_at(&soft[0], x, y);
            *at = d < 1 ? made_mix(*at, half, d)
                        : made_mix(half, *smp_image_at(&soft[1], x, y), fmin(1, d - 1));
        }
    return true;
}

static bool shake(struct smp_image *image, const struct made_field_settings *s,
                  struct smp_arena *arena)
{
    struct smp_image still;
    struct smp_rng rng = smp_rng_make(smp_hash64(s->seed, 112), 112);
    const double way = 2 * SMP_PI * smp_rng_unit(&rng), length = s->real.motion_mm * s->px_per_mm;
    if (!copy_of(&still, image, arena))
        return false;
    enum { moments = 7 };
    for (size_t y = 0; y < image->height_px; y++)
        for (size_t x = 0; x < image->width_px; x++) {
            struct smp_rgb sum = { 0, 0, 0 };
            for (int k = 0; k < moments; k++) {
                const double off = length * ((k + 0.5) / moments - 0.5);
                const struct smp_rgb c = smp_image_sample(&still, (double)x + 0.5 + off * cos(way),
                                                          (double)y + 0.5 + off * sin(way));
                sum = (struct smp_rgb){ sum.r + c.r, sum.g + c.g, sum.b + c.b };
            }
            *smp_image_at(image, x, y) = made_dim(sum, 1.0 / moments, 1.0 / moments, 1.0 / moments);
        }
    return true;
}

// Red is magnified, blue reduced, by so many pixels at the corner.
static bool fringe(struct smp_image *image, double px, struct smp_arena *arena)
{
    struct smp_image pure;
    if (!copy_of(&pure, image, arena))
        return false;
    const double w = (double)image->width_px, h = (double)image->height_px;
    const double by = px / hypot(w / 2, h / 2);
    for (size_t y = 0; y < image->height_px; y++)
        for (size_t x = 0; x < image->width_px; x++) {
            const double a = (double)x + 0.5, b = (double)y + 0.5;
            const double dx = by * (a - w / 2), dy = by * (b - h / 2);
            struct smp_rgb *at = smp_image_at(image, x, y);
            at->r = smp_image_sample(&pure, a + dx, b + dy).r;
            at->b = smp_image_sample(&pure, a - dx, b - dy).b;
        }
    return true;
}

bool made_real_lens(struct smp_image *image, const struct made_field_settings *s,
                    struct smp_arena *arena)
{
    const struct made_real *r = &s->real;
    return (!(r->defocus_mm > 0) || defocus(image, s, arena)) &&
           (!(r->motion_mm > 0) || shake(image, s, arena)) &&
           (!(r->fringe_px > 0) || fringe(image, r->fringe_px, arena));
}

// ---- The camera's arithmetic -------------------------------------------------------------------

static float rooted(float v)
{
    return sqrtf(fmaxf(0, v));
}

// Unsharp mask on codes (by the square root), as cameras do it: bright and dark halos.
static bool sharpen(struct smp_image *image, const struct made_field_settings *s,
                    struct smp_arena *arena)
{
    struct smp_image soft;
    const size_t count = image->width_px * image->height_px;
    for (size_t i = 0; i < count; i++) {
        struct smp_rgb *c = &image->px_lin[i];
        *c = (struct smp_rgb){ rooted(c->r), rooted(c->g), rooted(c->b) };
    }
    const double sigma = fmax(1, 0.006 * s->px_per_mm);
    if (smp_image_blur(&soft, image, sigma, NULL, arena, NULL))
        return false;
    for (size_t i = 0; i < count; i++) {
        float *v = &image->px_lin[i].r;
        const float *b = &soft.px_lin[i].r;
        for (int k = 0; k < 3; k++) {
            const float code = fmaxf(0, v[k] + (float)s->real.sharpen * (v[k] - b[k]));
            v[k] = code * code;
        }
    }
    return true;
}

static float on_curve(float v, double contrast)
{
    const double code = sqrt(smp_clamp((double)v, 0, 1)), s = code * code * (3 - 2 * code);
    const double bent = code + contrast * (s - code);
    return (float)(bent * bent);
}

static void colours(struct smp_image *image, const struct made_real *r)
{
    const double red = exp(0.5 * r->warm), blue = exp(-0.5 * r->warm);
    for (size_t i = 0; i < image->width_px * image->height_px; i++) {
        struct smp_rgb c = made_dim(image->px_lin[i], red, 1, blue);
        const float grey = 0.3F * c.r + 0.6F * c.g + 0.1F * c.b;
        c = made_mix((struct smp_rgb){ grey, grey, grey }, c, 1 + r->saturation);
        image->px_lin[i] = r->contrast > 0 ? (struct smp_rgb){ on_curve(c.r, r->contrast),
                                                               on_curve(c.g, r->contrast),
                                                               on_curve(c.b, r->contrast) }
                                           : c;
    }
}

bool made_real_process(struct smp_image *image, const struct made_field_settings *s,
                       struct smp_arena *arena)
{
    const struct made_real *r = &s->real;
    if (r->grain > 0) {
        struct smp_image spots;
        if (smp_image_blur(&spots, image, r->grain, NULL, arena, NULL))
            return false;
        memcpy(image->px_lin, spots.px_lin,
               image->width_px * image->height_px * sizeof *image->px_lin);
    }
    if (r->sharpen > 0 && !sharpen(image, s, arena))
        return false;
    if (r->warm != 0 || r->saturation != 0 || r->contrast > 0)
        colours(image, r);
    return true;
}

// ---- Around the picture ------------------------------------------------------------------------

// A ruler in the picture's lowest strip: a tick each tenth of a millimetre, longer ones each half.
static void ruler(struct smp_image *image, double px_per_mm)
{
    const struct smp_rgb black = { 0.01F, 0.01F, 0.01F };
    const double thick = fmax(1, 0.012 * px_per_mm), base = 0.06 * px_per_mm;
    for (size_t y = 0; y < image->height_px; y++)
        for (size_t x = 0; x < image->width_px; x++) {
            const double up = (double)(image->height_px - y);
            const double tick = floor(((double)x + 0.5) / (0.1 * px_per_mm));
            const double off = (double)x + 0.5 - tick * 0.1 * px_per_mm;
            const double tall = (fmod(tick, 5) == 0 ? 0.16 : 0.08) * px_per_mm;
            if (off < thick && up > base && up < base + tall)
                *smp_image_at(image, x, y) = black;
        }
}

void made_real_frame(struct smp_image *image, const struct made_field_settings *s)
{
    if (s->real.ruler)
        ruler(image, s->px_per_mm);
    const double w = (double)image->width_px, h = (double)image->height_px;
    for (size_t y = 0; y < image->height_px && s->real.round_mask; y++)
        for (size_t x = 0; x < image->width_px; x++) {
            const double d = hypot((double)x + 0.5 - w / 2, (double)y + 0.5 - h / 2);
            if (d > made_round_field * w)
                *smp_image_at(image, x, y) = (struct smp_rgb){ 0.002F, 0.002F, 0.002F };
        }
}
