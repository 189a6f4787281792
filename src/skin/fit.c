// Skin from its colour or its spectrum: a coarse grid, then damped Gauss–Newton steps (Levenberg
// 1944, Marquardt 1963) on logarithms of the parameters.
#include "skin/skin_impl.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { unknowns_max = 4, residuals_max = SMP_WAVELENGTHS };

// Further than this in ΔE00 from every skin of the model is no skin's colour. Of 100 measured
// people the farthest is at 1.4, of eleven class means at 2.6 (docs/optics.md).
static const double farthest_skin = 4;
static const double doubtful_fit = 2; // beyond it other starts are tried

struct problem {
    int unknowns, residuals;
    double low[unknowns_max], high[unknowns_max];
    enum smp_code (*residual)(double *r, const double *x, struct problem *problem,
                              struct smp_err *err);
    struct smp_skin skin; // what is not fitted; at the end the answer
    struct smp_lab lab;
    const double *spectrum;
    struct smp_arena *scratch;
};

static double sum_of_squares(const double *r, int count)
{
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += r[i] * r[i];
    return sum;
}

// Solves a x = b for a symmetric positive matrix of n ≤ 4 rows; both are lost, b becomes x.
static void solve_small(double a[unknowns_max][unknowns_max], double *b, int n)
{
    for (int k = 0; k < n; k++) {
        for (int i = k + 1; i < n; i++) {
            const double v = a[k][k] > 0 ? a[i][k] / a[k][k] : 0;
            for (int j = k; j < n; j++)
                a[i][j] -= v * a[k][j];
            b[i] -= v * b[k];
        }
    }
    for (int i = n - 1; i >= 0; i--) {
        for (int j = i + 1; j < n; j++)
            b[i] -= a[i][j] * b[j];
        b[i] = a[i][i] > 0 ? b[i] / a[i][i] : 0;
    }
}

// step ← the damped step at x; r holds the residuals there, slopes their derivatives.
static void damped_step(double *step, const struct problem *p, const double *r,
                        double slopes[unknowns_max][residuals_max], double damping)
{
    double normal[unknowns_max][unknowns_max] = { 0 };
    for (int i = 0; i < p->unknowns; i++) {
        step[i] = 0;
        for (int k = 0; k < p->residuals; k++)
            step[i] -= slopes[i][k] * r[k];
        for (int j = 0; j < p->unknowns; j++) {
            for (int k = 0; k < p->residuals; k++)
                normal[i][j] += slopes[i][k] * slopes[j][k];
        }
    }
    for (int i = 0; i < p->unknowns; i++)
        normal[i][i] *= 1 + damping;
    solve_small(normal, step, p->unknowns);
}

static enum smp_code find_slopes(double slopes[unknowns_max][residuals_max], struct problem *p,
                                 const double *x, const double *r, struct smp_err *err)
{
    for (int i = 0; i < p->unknowns; i++) {
        double near[unknowns_max], there[residuals_max];
        memcpy(near, x, sizeof near);
        const double step = x[i] + 1e-3 > p->high[i] ? -1e-3 : 1e-3;
        near[i] += step;
        const enum smp_code code = p->residual(there, near, p, err);
        if (code)
            return code;
        for (int k = 0; k < p->residuals; k++)
            slopes[i][k] = (there[k] - r[k]) / step;
    }
    return SMP_OK;
}

// Improves x until a step no longer matters; *rest is the sum of squares left.
static enum smp_code improve(double *x, double *rest, struct problem *p, struct smp_err *err)
{
    enum { rounds = 25, tries = 6 };
    double r[residuals_max], slopes[unknowns_max][residuals_max], damping = 1e-3;
    enum smp_code code = p->residual(r, x, p, err);
    double now = sum_of_squares(r, p->residuals);
    bool moving = true;
    for (int round = 0; !code && moving && round < rounds; round++) {
        code = find_slopes(slopes, p, x, r, err);
        moving = false;
        for (int k = 0; !code && k < tries && !moving; k++) {
            double step[unknowns_max], next[unknowns_max] = { 0 }, there[residuals_max], moved = 0;
            damped_step(step, p, r, slopes, damping);
            for (int i = 0; i < p->unknowns; i++) {
                next[i] = smp_clamp(x[i] + step[i], p->low[i], p->high[i]);
                moved = fmax(moved, fabs(next[i] - x[i]));
            }
            if (moved < 1e-7)
                break;
            code = p->residual(there, next, p, err);
            const double then = sum_of_squares(there, p->residuals);
            damping *= then < now ? 0.2 : 10;
            if (code || !(then < now))
                continue;
            moving = now - then > 1e-5 * now && now > 1e-10;
            memcpy(x, next, sizeof next);
            memcpy(r, there, sizeof r);
            now = then;
            break;
        }
    }
    *rest = now;
    return code;
}

// ---- From a colour ------------------------------------------------------------------------------

static struct smp_skin with(const struct smp_skin *skin, double log_melanin, double log_blood)
{
    struct smp_skin made = *skin;
    made.melanin = exp(log_melanin);
    made.blood = exp(log_blood);
    return made;
}

// What it costs, in units of ΔE, to move the melanin exponent from the one given by a factor of e.
// Melanins differ (docs/optics.md): held at 3, the mean of
// dark skin in one data set is 6 off.
static const double exponent_weight = 1.5;

// CIE 1994 weights in place of CIEDE2000's: nearly the same around skin, and smooth.
static enum smp_code colour_residual(double *r, const double *x, struct problem *p,
                                     struct smp_err *err)
{
    struct smp_skin skin = with(&p->skin, x[0], x[1]);
    skin.melanin_exponent = exp(x[2]);
    double reflectance[SMP_WAVELENGTHS];
    const enum smp_code code = smp_skin_spectrum(reflectance, &skin, p->scratch, err);
    if (code)
        return code;
    smp_lab_residuals(r, smp_skin_lab(reflectance), p->lab);
    r[3] = exponent_weight * (x[2] - log(p->skin.melanin_exponent));
    return SMP_OK;
}

// Best of a coarse grid of skins, sampled every 20 nm in few streams.
static enum smp_code coarse(double *x, const struct problem *p, struct smp_err *err)
{
    static const double melanin[] = { 0.002, 0.008, 0.02, 0.04, 0.07, 0.12, 0.2, 0.35 };
    static const double blood[] = { 0.0005, 0.002, 0.005, 0.012, 0.03, 0.08 };
    const struct smp_grid grid = { 400, 20, 16 };
    double best = (double)INFINITY;
    for (int i = 0; i < 8; i++) {
        for (int j = 0; j < 6; j++) {
            const double at[2] = { log(melanin[i]), log(blood[j]) };
            const struct smp_skin skin = with(&p->skin, at[0], at[1]);
            double reflectance[16];
            const enum smp_code code =
                smp_skin_sample(reflectance, &skin, &grid, 6, p->scratch, err);
            if (code)
                return code;
            const double far = smp_delta_e00(smp_lab_from_reflectance(reflectance, &grid), p->lab);
            if (far < best) {
                best = far;
                memcpy(x, at, sizeof at);
            }
        }
    }
    return SMP_OK;
}

static enum smp_code check_lab(struct smp_lab lab, const char *where, struct smp_err *err)
{
    enum smp_code code = smp_check_number(lab.l, "L*", "", 0, 100, where, err);
    if (!code)
        code = smp_check_number(lab.a, "a*", "", -128, 128, where, err);
    if (!code)
        code = smp_check_number(lab.b, "b*", "", -128, 128, where, err);
    return code;
}

static void fitted_limits(struct problem *p, const struct smp_skin *skin)
{
    p->low[2] = log(2.0) + 1e-9;
    p->high[2] = log(4.5) - 1e-9;
    p->low[0] = log(0.002); // less of either is no living skin
    p->high[0] = log(0.6) - 1e-9;
    p->low[1] = log(3e-4);
    p->high[1] = log(fmin(0.2, 0.34 / skin->papillary_blood)) - 1e-9;
}

// The best fit from one start; the exponent starts where x[2] has it.
static enum smp_code fit_from(struct smp_skin *made, double *far, double *x, struct problem *p,
                              struct smp_err *err)
{
    double rest, reflectance[SMP_WAVELENGTHS];
    enum smp_code code = improve(x, &rest, p, err);
    *made = with(&p->skin, x[0], x[1]);
    made->melanin_exponent = exp(x[2]);
    if (!code)
        code = smp_skin_spectrum(reflectance, made, p->scratch, err);
    if (!code)
        *far = smp_delta_e00(smp_skin_lab(reflectance), p->lab);
    return code;
}

enum smp_code smp_skin_fit(struct smp_skin *skin, double *delta_e00, struct smp_lab lab,
                           const char *where, struct smp_arena *scratch, struct smp_err *err)
{
    struct problem p = { .unknowns = 3,
                         .residuals = 4,
                         .residual = colour_residual,
                         .skin = *skin,
                         .lab = lab,
                         .scratch = scratch };
    double start[unknowns_max] = { 0 }, x[unknowns_max], far = 0;
    struct smp_skin made;
    enum smp_code code = check_lab(lab, where, err);
    p.skin.melanin = 0.02; // these two are what is sought
    p.skin.blood = 0.005;
    if (!code)
        code = smp_skin_check(&p.skin, where, err);
    if (code)
        return code;
    fitted_limits(&p, skin);
    start[2] = log(skin->melanin_exponent);
    code = coarse(start, &p, err);
    memcpy(x, start, sizeof x);
    if (!code)
        code = fit_from(&made, &far, x, &p, err);
    // The darkest skins lie where the first start can end beside them: two more are tried.
    for (int i = 0; !code && far > doubtful_fit && i < 2; i++) {
        struct smp_skin other;
        double other_far = 0;
        memcpy(x, start, sizeof x);
        x[0] += i ? log(2) : 0;
        x[0] = smp_clamp(x[0], p.low[0], p.high[0]);
        x[2] = log(2.2);
        code = fit_from(&other, &other_far, x, &p, err);
        if (!code && other_far < far) {
            made = other;
            far = other_far;
        }
    }
    if (code)
        return code;
    *delta_e00 = far;
    if (!(far <= farthest_skin))
        return smp_fail(err, SMP_E_INPUT,
                        "%s: no skin of the model has the colour %.4g,%.4g,%.4g (the nearest "
                        "differs by ΔE00 %.1f, at most %g can be)",
                        where, lab.l, lab.a, lab.b, far, farthest_skin);
    *skin = made;
    return SMP_OK;
}

// ---- From a spectrum ----------------------------------------------------------------------------

static struct smp_skin with_all(const struct smp_skin *skin, const double *x)
{
    struct smp_skin made = with(skin, x[0], x[1]);
    made.melanin_exponent = exp(x[2]);
    made.scattering = exp(x[3]);
    return made;
}

static enum smp_code spectrum_residual(double *r, const double *x, struct problem *p,
                                       struct smp_err *err)
{
    const struct smp_skin skin = with_all(&p->skin, x);
    const enum smp_code code = smp_skin_spectrum(r, &skin, p->scratch, err);
    for (int i = 0; !code && i < SMP_WAVELENGTHS; i++)
        r[i] -= p->spectrum[i];
    return code;
}

enum smp_code smp_skin_fit_spectrum(struct smp_skin *skin, double *rms,
                                    const double reflectance[SMP_WAVELENGTHS], const char *where,
                                    struct smp_arena *scratch, struct smp_err *err)
{
    for (int i = 0; i < SMP_WAVELENGTHS; i++) {
        char name[32];
        snprintf(name, sizeof name, "reflectance at %g nm", smp_wavelength_nm(i));
        const enum smp_code bad = smp_check_number(reflectance[i], name, "", 0, 1, where, err);
        if (bad)
            return bad;
    }
    struct problem p = { .unknowns = 4,
                         .residuals = SMP_WAVELENGTHS,
                         .residual = spectrum_residual,
                         .skin = *skin,
                         .lab = smp_skin_lab(reflectance),
                         .spectrum = reflectance,
                         .scratch = scratch };
    p.skin.melanin = 0.02;
    p.skin.blood = 0.005;
    double x[unknowns_max] = { 0 }, rest;
    enum smp_code code = smp_skin_check(&p.skin, where, err);
    if (code)
        return code;
    fitted_limits(&p, skin);
    p.low[3] = log(0.3) + 1e-9;
    p.high[3] = log(3.0) - 1e-9;
    x[2] = log(skin->melanin_exponent);
    x[3] = log(skin->scattering);
    code = coarse(x, &p, err);
    if (!code)
        code = improve(x, &rest, &p, err);
    if (code)
        return code;
    *skin = with_all(skin, x);
    *rms = sqrt(rest / SMP_WAVELENGTHS);
    return SMP_OK;
}
