// The correction a card gives: tone curve and root polynomials, fitted by damped Gauss–Newton
// steps (Levenberg 1944, Marquardt 1963) to colour differences.
#include "photo/card_impl.h"

#include <math.h>
#include <string.h>

enum { patches = SMP_CARD_PATCHES, terms = 6 };
// Unknowns: the 18 of the root polynomials, two slopes of the light, three of the tone curve,
// three of a second light.
enum { at_slope = 18, at_tone = 20, at_second = correct_known };
enum { residuals_max = 3 * patches + 9 + 2 + 3 + 3 };

// What one unit of each unknown costs, in units of ΔE: holds what 24 patches cannot tell. Chosen
// once by the mean leave-one-out error over five pictures of cards (docs/photos.md).
static const double hold_root = 2, hold_slope = 1, hold_tone = 0.3, hold_second = 1;

static const double tone_middle = 0.6;

static double straightened(double v, const double tone[3], double smallest)
{
    const double low = fmax(v, smallest), d = sqrt(low) - tone_middle;
    const double y = low * exp(d * (tone[0] + d * (tone[1] + d * tone[2])));
    return v < smallest ? y * fmax(v, 0) / smallest : y;
}

static void root_terms(double f[terms], const double x[3])
{
    f[0] = x[0];
    f[1] = x[1];
    f[2] = x[2];
    f[3] = sqrt(x[0] * x[1]);
    f[4] = sqrt(x[0] * x[2]);
    f[5] = sqrt(x[1] * x[2]);
}

struct smp_lab smp_correct_patch(const double x[correct_all],
                                 const struct smp_correct_problem *problem, int i)
{
    const struct smp_rgb_lin *s = &problem->seen[i];
    const double seen[3] = { s->r, s->g, s->b };
    const struct smp_vec2 place = smp_card_place(i);
    const double right = (place.x - 2.5) / 2.5, down = (place.y - 1.5) / 1.5;
    const double light = x[at_slope] * right + x[at_slope + 1] * down;
    double lit[3], f[terms], out[3] = { 0, 0, 0 };
    for (int k = 0; k < 3; k++) {
        const double second =
            problem->second_light ? problem->second_light[i] * x[at_second + k] : 0;
        lit[k] = straightened(seen[k], x + at_tone, problem->smallest_lin) * exp(light + second);
    }
    root_terms(f, lit);
    for (int k = 0; k < 3; k++)
        for (int j = 0; j < terms; j++)
            out[k] += x[terms * k + j] * f[j];
    return smp_lab_from_rgb((struct smp_rgb_lin){ out[0], out[1], out[2] });
}

// All residuals, those of colours first; how many in *colours.
static size_t residuals(double *r, const double *x, const struct smp_correct_problem *p,
                        size_t *colours)
{
    size_t n = 0;
    for (int i = 0; i < patches; i++) {
        if (p->left_out[i])
            continue;
        smp_lab_residuals(r + n, smp_correct_patch(x, p, i), p->wanted[i]);
        n += 3;
    }
    *colours = n;
    for (int k = 0; k < 3; k++)
        for (int j = 3; j < terms; j++)
            r[n++] = hold_root * x[terms * k + j];
    r[n++] = hold_slope * x[at_slope];
    r[n++] = hold_slope * x[at_slope + 1];
    for (int k = 0; k < 3; k++)
        r[n++] = hold_tone * x[at_tone + k];
    for (int k = 0; k < 3 && p->second_light; k++)
        r[n++] = hold_second * x[at_second + k];
    return n;
}

static double squares(const double *r, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += r[i] * r[i];
    return sum;
}

void smp_correct_begin(double x[correct_all], const struct smp_correct_problem *problem)
{
    double a[9] = { 0 }, b[3][3] = { { 0 } };
    memset(x, 0, correct_all * sizeof *x);
    for (int i = 0; i < patches; i++) {
        if (problem->left_out[i])
            continue;
        const struct smp_rgb_lin w = smp_rgb_from_lab(problem->wanted[i]), s = problem->seen[i];
        const double wanted[3] = { w.r, w.g, w.b }, seen[3] = { s.r, s.g, s.b };
        const double weight = 1 / (0.04 + w.g);
        for (int j = 0; j < 3; j++) {
            for (int k = 0; k < 3; k++) {
                a[3 * j + k] += weight * seen[j] * seen[k];
                b[j][k] += weight * wanted[j] * seen[k];
            }
        }
    }
    for (int j = 0; j < 3; j++) {
        double copy[9];
        memcpy(copy, a, sizeof copy);
        x[terms * j + j] = 1;
        if (smp_solve_positive(copy, b[j], 3))
            memcpy(x + terms * j, b[j], sizeof b[j]);
    }
}

struct slopes {
    double of[correct_all][residuals_max];
};

static void find_slopes(struct slopes *s, const double *x, const double *r, size_t n,
                        size_t unknowns, const struct smp_correct_problem *p)
{
    static const double step = 1e-5;
    size_t colours;
    for (size_t i = 0; i < unknowns; i++) {
        double near[correct_all], there[residuals_max];
        memcpy(near, x, sizeof near);
        near[i] += step;
        residuals(there, near, p, &colours);
        for (size_t k = 0; k < n; k++)
            s->of[i][k] = (there[k] - r[k]) / step;
    }
}

static bool damped_step(double *step, const struct slopes *s, const double *r, size_t n,
                        size_t unknowns, double damping)
{
    double normal[correct_all * correct_all];
    for (size_t i = 0; i < unknowns; i++) {
        step[i] = 0;
        for (size_t k = 0; k < n; k++)
            step[i] -= s->of[i][k] * r[k];
        for (size_t j = 0; j <= i; j++) {
            double sum = 0;
            for (size_t k = 0; k < n; k++)
                sum += s->of[i][k] * s->of[j][k];
            normal[i * unknowns + j] = normal[j * unknowns + i] = sum;
        }
        normal[i * unknowns + i] *= 1 + damping;
        normal[i * unknowns + i] += 1e-9;
    }
    return smp_solve_positive(normal, step, unknowns);
}

double smp_correct_improve(double x[correct_all], const struct smp_correct_problem *problem)
{
    enum { rounds = 40, tries = 8 };
    const size_t unknowns = problem->second_light ? correct_all : correct_known;
    struct slopes s;
    double r[residuals_max], there[residuals_max], damping = 1e-2;
    size_t colours;
    const size_t n = residuals(r, x, problem, &colours);
    double now = squares(r, n);
    bool moving = true;
    for (int round = 0; moving && round < rounds; round++) {
        find_slopes(&s, x, r, n, unknowns, problem);
        moving = false;
        for (int k = 0; k < tries; k++) {
            double step[correct_all], next[correct_all];
            memcpy(next, x, sizeof next);
            if (damped_step(step, &s, r, n, unknowns, damping)) {
                for (size_t i = 0; i < unknowns; i++)
                    next[i] += step[i];
            }
            residuals(there, next, problem, &colours);
            const double then = squares(there, n);
            damping *= then < now ? 0.2 : 10;
            if (!(then < now))
                continue;
            moving = now - then > 1e-5 * now;
            memcpy(x, next, sizeof next);
            memcpy(r, there, sizeof r);
            now = then;
            break;
        }
    }
    return squares(r, colours);
}

void smp_correction_of(struct smp_correction *correction, const double x[correct_all],
                       const struct smp_correct_problem *problem)
{
    memcpy(correction->root, x, sizeof correction->root);
    memcpy(correction->slope, x + at_slope, sizeof correction->slope);
    memcpy(correction->tone, x + at_tone, sizeof correction->tone);
    correction->smallest_lin = problem->smallest_lin;
}

// ---- Using it ---------------------------------------------------------------------------------

static struct smp_rgb_lin by_roots(const struct smp_correction *c, const double x[3])
{
    double f[terms], out[3] = { 0, 0, 0 };
    root_terms(f, x);
    for (int k = 0; k < 3; k++)
        for (int j = 0; j < terms; j++)
            out[k] += c->root[k][j] * f[j];
    return (struct smp_rgb_lin){ out[0], out[1], out[2] };
}

struct smp_rgb_lin smp_correct(const struct smp_correction *correction, struct smp_rgb_lin seen)
{
    const double x[3] = { straightened(seen.r, correction->tone, correction->smallest_lin),
                          straightened(seen.g, correction->tone, correction->smallest_lin),
                          straightened(seen.b, correction->tone, correction->smallest_lin) };
    return by_roots(correction, x);
}

// The tone curve's factor at square roots of light 0 to 1, so that a pixel needs no exp.
enum { curve_bins = 2048 };
struct correcting {
    struct smp_image *image;
    const struct smp_correction *correction;
    double *factor; // curve_bins + 2
};

static double by_table(const struct correcting *c, double v)
{
    if (!(v > c->correction->smallest_lin) || v >= 1)
        return straightened(fmax(v, 0), c->correction->tone, c->correction->smallest_lin);
    const double at = sqrt(v) * curve_bins;
    const size_t i = (size_t)at;
    return v * (c->factor[i] + (at - (double)i) * (c->factor[i + 1] - c->factor[i]));
}

static void correct_rows(void *context, size_t begin, size_t end)
{
    const struct correcting *c = context;
    for (size_t y = begin; y < end; y++) {
        struct smp_rgb *p = smp_image_at(c->image, 0, y);
        for (size_t i = 0; i < c->image->width_px; i++) {
            const double x[3] = { by_table(c, (double)p[i].r), by_table(c, (double)p[i].g),
                                  by_table(c, (double)p[i].b) };
            const struct smp_rgb_lin out = by_roots(c->correction, x);
            p[i] = (struct smp_rgb){ (float)out.r, (float)out.g, (float)out.b };
        }
    }
}

enum smp_code smp_correct_image(struct smp_image *image, const struct smp_correction *correction,
                                struct smp_pool *pool, struct smp_arena *scratch,
                                struct smp_err *err)
{
    const struct smp_mark mark = smp_arena_mark(scratch);
    struct correcting c = { image, correction, smp_new(scratch, double, curve_bins + 2) };
    if (!c.factor)
        return smp_fail(err, SMP_E_NOMEM, "no memory to correct a picture");
    for (int i = 0; i < curve_bins + 2; i++) {
        const double d = (double)i / curve_bins - tone_middle, *t = correction->tone;
        c.factor[i] = exp(d * (t[0] + d * (t[1] + d * t[2])));
    }
    smp_pool_for(pool, image->height_px, 16, correct_rows, &c);
    smp_arena_reset(scratch, mark);
    return SMP_OK;
}
