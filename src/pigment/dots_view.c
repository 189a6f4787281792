// A field of dots from afar: its mean colour (docs/optics.md "Overlap"), and the spectrum of its
// luminance from the Hankel transform of one dot's contrast.
#include "pigment/match_impl.h"

#include <math.h>

// Distances from the dot's axis, mm: fine inside the dot, to where its glow ends.
static const double radii_mm[SMP_RADII] = { 0,    0.03, 0.06, 0.09, 0.12, 0.15, 0.18, 0.21,
                                            0.25, 0.3,  0.36, 0.43, 0.5,  0.6,  0.72, 0.86,
                                            1.0,  1.2,  1.45, 1.75, 2.1,  2.5 };
// Wavelengths whose profiles stand for luminance: 440, 460 … 680 nm.
enum { FIRST = 4, LAST = 28, STEP = 2 };

struct smp_hankel {
    double weight[SMP_FREQUENCIES][SMP_RADII]; // K(f) = Σ weight · contrast, mm²
    double luminance[SMP_WAVELENGTHS];
};

struct smp_hankel *smp_hankel_make(struct smp_arena *arena)
{
    struct smp_hankel *hankel = smp_new(arena, struct smp_hankel, 1);
    if (!hankel)
        return NULL;
    enum { PIECES = 24 };
    for (int i = 0; i < SMP_FREQUENCIES; i++) {
        const double k = 2 * SMP_PI * smp_frequency_per_mm(i);
        for (int j = 0; j < SMP_RADII - 1; j++) { // contrast is linear between two radii
            const double a = radii_mm[j], step = (radii_mm[j + 1] - a) / PIECES;
            for (int p = 0; p < PIECES; p++) {
                const double share = (p + 0.5) / PIECES, r = a + (p + 0.5) * step;
                const double ring = 2 * SMP_PI * r * step * j0(k * r);
                hankel->weight[i][j] += ring * (1 - share);
                hankel->weight[i][j + 1] += ring * share;
            }
        }
    }
    smp_luminance_weights(hankel->luminance);
    return hankel;
}

struct smp_xyz smp_xyz_of(const double reflectance[SMP_WAVELENGTHS])
{
    static const struct smp_grid grid = { 400, 10, SMP_WAVELENGTHS };
    return smp_xyz_from_reflectance(reflectance, &grid);
}

void smp_luminance_weights(double weight[SMP_WAVELENGTHS])
{
    for (int i = 0; i < SMP_WAVELENGTHS; i++) {
        double one[SMP_WAVELENGTHS] = { 0 };
        one[i] = 1;
        weight[i] = smp_xyz_of(one).y;
    }
}

void smp_dot_sight(struct smp_dot_sight *sight, const struct smp_deposit_shape *shape,
                   const struct smp_look_skin *skin, const double mua_per_mm[SMP_WAVELENGTHS],
                   const double mus_per_mm[SMP_WAVELENGTHS])
{
    struct smp_look look;
    smp_look_takes(&sight->takes, skin, shape, mua_per_mm, mus_per_mm);
    smp_look_compile_some(&look, skin, shape, mua_per_mm, mus_per_mm,
                          (struct smp_every){ FIRST, LAST, STEP });
    for (int i = FIRST, k = 0; i <= LAST; i += STEP, k++)
        smp_look_profile(sight->contrast[k], &look, i, radii_mm, SMP_RADII);
}

void smp_dots_view(struct smp_scalp_view *view, const struct smp_dot_sight *dot,
                   const double bare[SMP_WAVELENGTHS], double dots_per_cm2, double strength_cv,
                   double jitter, const struct smp_hankel *hankel)
{
    const double *const weight = hankel->luminance;
    double mean[SMP_WAVELENGTHS], profile[SMP_RADII] = { 0 };
    smp_field_seen(mean, bare, &dot->takes, dots_per_cm2 / 100);
    view->xyz = smp_xyz_of(mean);
    view->ln_darkening = log(smp_xyz_of(bare).y / view->xyz.y);

    double sum = 0;
    for (int i = FIRST, k = 0; i <= LAST; i += STEP, k++) {
        sum += weight[i] * mean[i];
        for (int j = 0; j < SMP_RADII; j++)
            profile[j] += weight[i] * mean[i] * dot->contrast[k][j];
    }
    struct smp_texture *t = &view->texture;
    t->per_mm2 = dots_per_cm2 / 100;
    t->jitter = jitter;
    t->third_moment = 0;
    for (int j = 0; j < SMP_RADII; j++) {
        profile[j] /= sum;
        t->third_moment += hankel->weight[0][j] * pow(profile[j], 3);
    }
    for (int i = 0; i < SMP_FREQUENCIES; i++) {
        double k = 0;
        for (int j = 0; j < SMP_RADII; j++)
            k += hankel->weight[i][j] * profile[j];
        t->mean_amplitude2[i] = k * k;
        t->amplitude2[i] = k * k * (1 + strength_cv * strength_cv);
    }
}
