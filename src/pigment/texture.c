// Spectra of strewn objects, and how far two textures are apart to the eye: ensemble averages, so
// that no patch's own noise enters. The model is written out in docs/match.md.
#include "pigment/match_impl.h"

#include <math.h>

enum { PER_OCTAVE = 6 };
static const double lowest_per_mm = 0.005;

double smp_frequency_per_mm(int i)
{
    return lowest_per_mm * exp2(i / (double)PER_OCTAVE);
}

double smp_hexagon_spacing_mm(double per_mm2)
{
    return sqrt(2 / (sqrt(3.0) * per_mm2));
}

// Value between the grid's frequencies, in the logarithm of frequency; 0 beyond the highest.
static double at_frequency(const double values[SMP_FREQUENCIES], double f_per_mm)
{
    const double at = PER_OCTAVE * log2(f_per_mm / lowest_per_mm);
    if (at <= 0)
        return values[0];
    const int i = (int)at;
    if (i >= SMP_FREQUENCIES - 1)
        return 0;
    return values[i] + (values[i + 1] - values[i]) * (at - i);
}

static double cpd_of(double f_per_mm, double distance_mm)
{
    return f_per_mm * distance_mm * SMP_PI / 180;
}

// The octaves that a frequency lies between, by a raised cosine in its logarithm: nothing jumps as
// the viewer steps back.
static struct smp_band_share octave_of(double cpd)
{
    const double octave = log2(cpd / 0.5);
    const int lower = (int)floor(octave);
    return (struct smp_band_share){ lower, 0.5 * (1 + cos(SMP_PI * (octave - lower))) };
}

void smp_sight_make(struct smp_sight *sight, const struct smp_viewing *viewing, double distance_mm,
                    double luminance_y)
{
    const double luminance_cd_per_m2 = viewing->light_lux * luminance_y / SMP_PI;
    const double field_deg = 2 * atan(viewing->field_mm / 2 / distance_mm) * 180 / SMP_PI;
    sight->distance_mm = distance_mm;
    sight->weber = viewing->weber;
    for (int i = 0; i < SMP_FREQUENCIES; i++) {
        const double cpd = cpd_of(smp_frequency_per_mm(i), distance_mm);
        const double csf = cpd < 0.25 || cpd > 128
                               ? 0
                               : smp_contrast_sensitivity(cpd, luminance_cd_per_m2, field_deg);
        sight->csf2[i] = csf * csf;
        sight->octave[i] = octave_of(cpd);
    }
}

// Adds a piece of the spectrum (variance of contrast, seen) at one frequency.
static void add(double energy[SMP_BANDS], struct smp_band_share at, double seen)
{
    if (!(seen > 0))
        return;
    if (at.band >= 0 && at.band < SMP_BANDS)
        energy[at.band] += at.share * seen;
    if (at.band >= -1 && at.band < SMP_BANDS - 1)
        energy[at.band + 1] += (1 - at.share) * seen;
}

// The rings of a hexagonal lattice: n² Σ |A(G)|² exp(−(Gσ)²) over reciprocal vectors G.
static void add_rings(double energy[SMP_BANDS], const struct smp_texture *t,
                      const struct smp_sight *s)
{
    // Reciprocal vectors by h² + hk + k², and how many there are of each.
    static const struct {
        int norm, count;
    } rings[] = { { 1, 6 },   { 3, 6 },   { 4, 6 },   { 7, 12 },  { 9, 6 },  { 12, 6 },
                  { 13, 12 }, { 16, 6 },  { 19, 12 }, { 21, 12 }, { 25, 6 }, { 27, 6 },
                  { 28, 12 }, { 31, 12 }, { 36, 6 },  { 37, 12 }, { 39, 12 } };
    const double spacing = smp_hexagon_spacing_mm(t->per_mm2);
    const double sigma = t->jitter * spacing;
    for (size_t i = 0; i < sizeof rings / sizeof rings[0]; i++) {
        const double f = 2 / (sqrt(3.0) * spacing) * sqrt(rings[i].norm);
        const double a = 2 * SMP_PI * f * sigma;
        if (a > 4)
            break; // nothing of the lattice is left
        const double variance = t->per_mm2 * t->per_mm2 * rings[i].count * exp(-a * a) *
                                at_frequency(t->mean_amplitude2, f);
        add(energy, octave_of(cpd_of(f, s->distance_mm)), variance * at_frequency(s->csf2, f));
    }
}

void smp_texture_bands(double bands[SMP_BANDS], const struct smp_texture *texture,
                       const struct smp_sight *sight)
{
    const bool lattice = texture->jitter >= 0;
    const double sigma = lattice ? texture->jitter * smp_hexagon_spacing_mm(texture->per_mm2) : 0;
    double energy[SMP_BANDS] = { 0 };
    for (int i = 0; i < SMP_FREQUENCIES; i++) {
        if (!(sight->csf2[i] > 0))
            continue;
        const double f = smp_frequency_per_mm(i);
        const double a = 2 * SMP_PI * f * sigma;
        const double order = lattice ? exp(-a * a) : 0; // what the lattice takes from randomness
        const double psd =
            texture->per_mm2 * (texture->amplitude2[i] - order * texture->mean_amplitude2[i]);
        const double ring_per_mm2 = 2 * SMP_PI * f * f * log(2.0) / PER_OCTAVE; // of 2πf df
        add(energy, sight->octave[i], psd * ring_per_mm2 * sight->csf2[i]);
    }
    if (lattice)
        add_rings(energy, texture, sight);
    for (int b = 0; b < SMP_BANDS; b++)
        bands[b] = sqrt(2 * energy[b]);
}

double smp_bands_difference(const double a[SMP_BANDS], const double b[SMP_BANDS], double weber)
{
    double sum = 0;
    for (int i = 0; i < SMP_BANDS; i++) {
        const double d = (log1p(weber * a[i]) - log1p(weber * b[i])) / weber;
        sum += d * d;
    }
    return sqrt(sum);
}

double smp_texture_difference(const struct smp_texture *a, const struct smp_texture *b,
                              const struct smp_sight *sight)
{
    double ka[SMP_BANDS], kb[SMP_BANDS];
    smp_texture_bands(ka, a, sight);
    smp_texture_bands(kb, b, sight);
    return smp_bands_difference(ka, kb, sight->weber);
}
