// A bottle of the user's own: loading and slope of its absorption from the colour of a drop chart.
//
// The film absorbs and does not scatter; light comes at 45° and is seen at 90° (n 1.33 inside:
// 1.18 + 1 thicknesses), and what the film's upper face throws back (0.47 of diffuse light from
// inside, Duntley's figure for water) crosses it again, about 4 thicknesses a round (Williams and
// Clapper 1953 in short form). A clear film is taken to look like the bare ground, and the ground
// to be grey but for a cast that film and ground share.
#include "pigment/pigment.h"

#include <math.h>

static const struct smp_grid grid = { 400, 10, SMP_WAVELENGTHS };
static const double passes = 2.18, inner_passes = 4, inner_face = 0.47;
static const double slope_min = -3, slope_max = 4, loading_min = 1e-7, loading_max = 0.74;

static double slope_factor(int i, double slope)
{
    return pow(smp_wavelength_nm(i) / 550, -slope);
}

struct smp_lab smp_film_lab(const struct smp_pigment *pigment, double loading, double slope,
                            const struct smp_swatch *film)
{
    const struct smp_xyz ground = smp_xyz_from_lab(film->white_lab), white = smp_white_d65();
    const double per_mm = 100 * loading / (1 + film->parts_water);
    double reflectance[SMP_WAVELENGTHS];
    for (int i = 0; i < SMP_WAVELENGTHS; i++) {
        const double tau =
            per_mm * pigment->mua_per_mm[i] * slope_factor(i, slope) * film->thickness_um * 1e-3;
        const double thrown_back = ground.y * inner_face;
        reflectance[i] = ground.y * exp(-passes * tau) * (1 - thrown_back) /
                         (1 - thrown_back * exp(-inner_passes * tau));
    }
    struct smp_xyz seen = smp_xyz_from_reflectance(reflectance, &grid);
    seen.x *= ground.x / (ground.y * white.x); // the ground's cast
    seen.z *= ground.z / (ground.y * white.z);
    return smp_lab_from_xyz(seen);
}

// Loading at which the film is as light as measured: lightness falls with it.
static double loading_for(const struct smp_swatch *swatch, const struct smp_pigment *base,
                          double slope)
{
    double low = log(loading_min), high = log(loading_max);
    for (int i = 0; i < 50; i++) {
        const double middle = 0.5 * (low + high);
        if (smp_film_lab(base, exp(middle), slope, swatch).l > swatch->lab.l)
            low = middle;
        else
            high = middle;
    }
    return exp(0.5 * (low + high));
}

static double misfit(const struct smp_swatch *swatch, const struct smp_pigment *base, double slope)
{
    const double loading = loading_for(swatch, base, slope);
    return smp_delta_e00(smp_film_lab(base, loading, slope, swatch), swatch->lab);
}

// The best of a grid, then thirds round it: the misfit has one valley there.
static double best_slope(const struct smp_swatch *swatch, const struct smp_pigment *base)
{
    const double step = 0.25;
    double best = 0, least = misfit(swatch, base, 0);
    for (int i = 0; slope_min + i * step <= slope_max; i++) {
        const double slope = slope_min + i * step;
        const double m = misfit(swatch, base, slope);
        if (m < least) {
            least = m;
            best = slope;
        }
    }
    double low = fmax(slope_min, best - step), high = fmin(slope_max, best + step);
    for (int i = 0; i < 30; i++) {
        const double a = low + (high - low) / 3, b = high - (high - low) / 3;
        if (misfit(swatch, base, a) < misfit(swatch, base, b))
            high = b;
        else
            low = a;
    }
    return 0.5 * (low + high);
}

static enum smp_code check_swatch(const struct smp_swatch *s, struct smp_err *err)
{
    const struct {
        double value;
        const char *name, *unit;
        double min, max;
    } rules[] = { { s->white_lab.l, "white_lab.l", "", 50, 100 },
                  { s->white_lab.a, "white_lab.a", "", -15, 15 },
                  { s->white_lab.b, "white_lab.b", "", -15, 15 },
                  { s->lab.l, "lab.l", "", 0, 100 },
                  { s->lab.a, "lab.a", "", -128, 128 },
                  { s->lab.b, "lab.b", "", -128, 128 },
                  { s->thickness_um, "thickness_um", "um", 1, 1000 },
                  { s->parts_water, "parts_water", "", 0, 1000 } };
    enum smp_code code = SMP_OK;
    for (size_t i = 0; i < sizeof rules / sizeof *rules && !code; i++)
        code = smp_check_number(rules[i].value, rules[i].name, rules[i].unit, rules[i].min,
                                rules[i].max, "swatch", err);
    if (code)
        return code;
    if (s->lab.l > s->white_lab.l - 1)
        return smp_fail(err, SMP_E_INPUT,
                        "swatch.lab.l must be at least 1 below the ground's %g, not %g: nothing of "
                        "the ink is seen",
                        s->white_lab.l, s->lab.l);
    if (s->lab.l < 12)
        return smp_fail(err, SMP_E_INPUT,
                        "swatch.lab.l must be 12 or more to read a strength from, not %g: make the "
                        "film thinner or dilute the ink",
                        s->lab.l);
    return SMP_OK;
}

static void apply(struct smp_pigment *pigment, double slope)
{
    for (int i = 0; i < SMP_WAVELENGTHS; i++) {
        pigment->mua_per_mm[i] *= slope_factor(i, slope);
        for (size_t c = 0; c < pigment->component_count; c++)
            pigment->component[c].mua_per_mm[i] *= slope_factor(i, slope);
    }
}

enum smp_code smp_pigment_from_swatch(struct smp_pigment *pigment, struct smp_swatch_fit *fit,
                                      const struct smp_swatch *swatch,
                                      const struct smp_pigment *base, const char *id,
                                      struct smp_err *err)
{
    enum smp_code code = smp_pigment_matchable(base, "swatch", err);
    if (!code)
        code = check_swatch(swatch, err);
    if (code)
        return code;
    struct smp_swatch_fit made = {
        .assumed = "the shape of the base spectrum but for a slope; a film that absorbs and does "
                   "not scatter, lit at 45 degrees, on a grey ground; scattering and fading as the "
                   "base's"
    };
    if (smp_film_lab(base, loading_max, 0, swatch).l > swatch->lab.l)
        return smp_fail(
            err, SMP_E_INPUT,
            "swatch: no loading of \"%s\" is as dark as L* %g at %g um; the base or the "
            "thickness is wrong",
            base->id, swatch->lab.l, swatch->thickness_um);
    made.slope = best_slope(swatch, base);
    made.loading = loading_for(swatch, base, made.slope);
    made.lab = smp_film_lab(base, made.loading, made.slope, swatch);
    made.delta_e00 = smp_delta_e00(made.lab, swatch->lab);
    if (made.delta_e00 > 6)
        return smp_fail(err, SMP_E_INPUT,
                        "swatch: the nearest colour that \"%s\" can have is %.1f dE00 away; choose "
                        "another base",
                        base->id, made.delta_e00);
    struct smp_pigment out = *base;
    out.id = out.name = id;
    out.source = "a measured swatch, with the assumptions of docs/pigments.md";
    out.grade = "U";
    out.loading = made.loading;
    out.loading_source = out.source;
    out.loading_grade = "U";
    apply(&out, made.slope);
    *pigment = out;
    *fit = made;
    return SMP_OK;
}
