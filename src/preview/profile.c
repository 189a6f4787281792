// Rings into what is drawn: a sharp spot and a glow of two Gaussians a colour, by least squares
// with no negative part. D is kept exactly, so that areas have their tone at any size.
#include "preview/preview_impl.h"

// Volume of a spot of contrast 1 and width 1, exp(−ln 2 (2r/w)^m): 1.133 for a Gaussian.
float smp_spot_volume(float profile)
{
    const double m = (double)profile;
    return (float)(SMP_PI / 4 * tgamma(1 + 2 / m) / pow(log(2), 2 / m));
}

enum { PARTS = 3, RINGS = SMP_LOOK_RINGS };

struct basis {
    double part[PARTS][RINGS]; // spot, near glow, far glow; 1 at the centre
    double weight[RINGS];
};

static void weights_of(double weight[RINGS], const double *r_mm)
{
    for (int i = 0; i < RINGS; i++) {
        const double next = i + 1 < RINGS ? r_mm[i + 1] : r_mm[i];
        weight[i] = 0.5 * (next - (i > 0 ? r_mm[i - 1] : 0)) + (i == 0 ? 0.02 : 0);
    }
}

static void spot_part(double part[RINGS], const double *r_mm, double width_mm, double profile)
{
    for (int i = 0; i < RINGS; i++)
        part[i] = exp(-0.693147 * pow(2 * r_mm[i] / width_mm, profile));
}

static void glow_part(double part[RINGS], const double *r_mm, double sigma_mm)
{
    for (int i = 0; i < RINGS; i++)
        part[i] = exp(-0.5 * r_mm[i] * r_mm[i] / (sigma_mm * sigma_mm));
}

// Solves the parts in `use` (bits) for least squares; false where one is negative.
static bool solve(double x[PARTS], double g[PARTS][PARTS], const double *h, int use)
{
    double a[PARTS][PARTS + 1];
    int at[PARTS], n = 0;
    for (int i = 0; i < PARTS; i++) {
        x[i] = 0;
        if (use >> i & 1)
            at[n++] = i;
    }
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++)
            a[i][j] = g[at[i]][at[j]];
        a[i][i] *= 1 + 1e-9;
        a[i][n] = h[at[i]];
    }
    for (int k = 0; k < n; k++)
        for (int i = k + 1; i < n; i++) {
            const double f = a[i][k] / a[k][k];
            for (int j = k; j <= n; j++)
                a[i][j] -= f * a[k][j];
        }
    for (int k = n - 1; k >= 0; k--) {
        double sum = a[k][n];
        for (int j = k + 1; j < n; j++)
            sum -= a[k][j] * x[at[j]];
        x[at[k]] = sum / a[k][k];
        if (!(x[at[k]] >= 0))
            return false;
    }
    return true;
}

// Non-negative amplitudes of the parts; returns what is left of the squares.
static double fit(double x[PARTS], const struct basis *b, const double *contrast)
{
    double g[PARTS][PARTS] = { { 0 } }, h[PARTS] = { 0 }, squares = 0;
    for (int k = 0; k < RINGS; k++) {
        squares += b->weight[k] * contrast[k] * contrast[k];
        for (int i = 0; i < PARTS; i++) {
            h[i] += b->weight[k] * b->part[i][k] * contrast[k];
            for (int j = 0; j <= i; j++)
                g[i][j] += b->weight[k] * b->part[i][k] * b->part[j][k];
        }
    }
    for (int i = 0; i < PARTS; i++)
        for (int j = i + 1; j < PARTS; j++)
            g[i][j] = g[j][i];
    double best = squares;
    x[0] = x[1] = x[2] = 0;
    for (int use = 1; use < 1 << PARTS; use++) {
        double y[PARTS], left = squares;
        if (!solve(y, g, h, use))
            continue;
        for (int i = 0; i < PARTS; i++)
            left -= y[i] * h[i];
        if (left < best) {
            best = left;
            for (int i = 0; i < PARTS; i++)
                x[i] = y[i];
        }
    }
    return best;
}

// Width and profile of the spot: one for all colours, by what is left of green and red.
struct form {
    double width_mm, profile;
};

static double try_form(const struct form *form, const struct smp_rings *rings,
                       const struct smp_glow_widths *widths, struct basis *b)
{
    double left = 0, x[PARTS];
    spot_part(b->part[0], rings->r_mm, form->width_mm, form->profile);
    for (int c = 0; c < 2; c++) {
        glow_part(b->part[1], rings->r_mm, widths->sigma_mm[0][c]);
        glow_part(b->part[2], rings->r_mm, widths->sigma_mm[1][c]);
        left += fit(x, b, rings->contrast[c]);
    }
    return left;
}

static const double form_step = 1.12; // of the widths tried

// Of all widths and exponents, or of the widths near the shared one.
static struct form best_form(const struct smp_rings *rings, const struct smp_glow_widths *widths,
                             double diameter_mm, bool all)
{
    static const double profiles[] = { 2, 2.6, 3.4 };
    struct form best = { diameter_mm, 2 };
    struct basis b;
    double least = HUGE_VAL;
    weights_of(b.weight, rings->r_mm);
    for (int m = 0; m < (all ? 3 : 1); m++)
        for (int k = all ? 0 : -2; k < (all ? 12 : 3); k++) {
            const double share = (all ? 0.75 : widths->spot_share) * pow(form_step, k);
            const struct form form = { share * diameter_mm, all ? profiles[m] : widths->profile };
            const double left = try_form(&form, rings, widths, &b);
            if (left < least) {
                least = left;
                best = form;
            }
        }
    return best;
}

void smp_glow_widths_of(struct smp_glow_widths *widths, const struct smp_rings *rings,
                        double diameter_mm)
{
    static const double near[] = { 0.2, 0.26, 0.34, 0.44 }, far[] = { 0.5, 0.7, 1.0, 1.4 };
    struct smp_glow_widths made = { .sigma_mm = { { 0.34, 0.34, 0.26 }, { 1.4, 0.7, 0.5 } } };
    const struct form form = best_form(rings, &made, diameter_mm, true);
    struct basis b;
    weights_of(b.weight, rings->r_mm);
    spot_part(b.part[0], rings->r_mm, form.width_mm, form.profile);
    for (int c = 0; c < 3; c++) {
        double least = HUGE_VAL;
        for (int i = 0; i < 4; i++)
            for (int k = 0; k < 4; k++) {
                double x[PARTS];
                glow_part(b.part[1], rings->r_mm, near[i]);
                glow_part(b.part[2], rings->r_mm, far[k]);
                const double left = fit(x, &b, rings->contrast[c]);
                if (left < least) {
                    least = left;
                    made.sigma_mm[0][c] = near[i];
                    made.sigma_mm[1][c] = far[k];
                }
            }
    }
    made.spot_share = form.width_mm / diameter_mm;
    made.profile = form.profile;
    *widths = made;
}

void smp_spot_of_rings(struct smp_spot *spot, const struct smp_rings *rings,
                       const struct smp_glow_widths *widths, double diameter_mm)
{
    struct basis b;
    const struct form form = best_form(rings, widths, diameter_mm, false);
    const double volume =
        (double)smp_spot_volume((float)form.profile) * form.width_mm * form.width_mm;
    weights_of(b.weight, rings->r_mm);
    spot_part(b.part[0], rings->r_mm, form.width_mm, form.profile);
    *spot = (struct smp_spot){ .half_mm = (float)(0.5 * form.width_mm),
                               .profile = (float)form.profile };
    for (int c = 0; c < 3; c++) {
        double x[PARTS], share[2];
        for (int k = 0; k < 2; k++)
            glow_part(b.part[k + 1], rings->r_mm, widths->sigma_mm[k][c]);
        fit(x, &b, rings->contrast[c]);
        // The picture multiplies spot and glow: at the centre they make what the sum was.
        const double area = rings->area_mm2[c], both = x[1] + x[2];
        double core = 1 - (1 - fmin(x[0] + both, 0.97)) * exp(both);
        core = smp_clamp(core, 0, fmin(0.95, area / volume));
        for (int k = 0; k < 2; k++)
            share[k] = x[k + 1] * widths->sigma_mm[k][c] * widths->sigma_mm[k][c];
        const double sum = share[0] + share[1], glow = area - core * volume;
        spot->core[c] = (float)core;
        for (int k = 0; k < 2; k++) {
            spot->glow[k][c] = (float)(sum > 0 ? glow * share[k] / sum : 0.5 * glow);
            spot->glow_sigma[k][c] = (float)widths->sigma_mm[k][c];
        }
    }
}
