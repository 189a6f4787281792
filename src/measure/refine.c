// Centre, radius and contrast of an accepted dot by least squares: a disc blurred by the picture's
// own blur on a tilted plane of linear light. It changes no decision but that on the least radius.
#include "dots_impl.h"

#include <math.h>
#include <stdlib.h>

// P(rho, r) of a unit disc of radius r blurred by a Gaussian of SD 1, as a table over
// d = rho − r and r.
enum { D_STEPS = 72, R_STEPS = 100, UNKNOWNS = 7, ROUNDS = 3, JUDGES = 60, PATCH_MAX = 900 };
static const double d_max = 4.5, r_step = 0.2, margin_px = 4.5;
static const double blurs_px[] = { 0.6, 0.9, 1.2, 1.5, 1.9, 2.4, 3.0, 3.8 };
enum { BLURS = sizeof blurs_px / sizeof *blurs_px };

struct profile {
    float share[R_STEPS + 1][D_STEPS + 1];
};

// Strips of the disc across the line from its centre to the point.
static double blurred_disc(double rho, double r)
{
    enum { strips = 32 };
    const double from = fmax(-r, rho - 4.5), to = fmin(r, rho + 4.5);
    double sum = 0;
    for (int i = 0; i < strips && to > from; i++) {
        const double x = from + (to - from) * (i + 0.5) / strips;
        sum += exp(-0.5 * (x - rho) * (x - rho)) * erf(sqrt((r * r - x * x) / 2));
    }
    return sum * (to - from) / strips / sqrt(2 * SMP_PI);
}

static void fill_profile(void *context, size_t begin, size_t end)
{
    struct profile *profile = context;
    for (size_t j = begin; j < end; j++)
        for (int i = 0; i <= D_STEPS; i++) {
            const double r = (double)j * r_step, rho = r + d_max * (2.0 * i / D_STEPS - 1);
            profile->share[j][i] = (float)(j ? blurred_disc(fabs(rho), r) : 0);
        }
}

// Share and its slopes along rho and r.
static void look_up(double share[3], const struct profile *profile, double rho, double r)
{
    const double at_d = (rho - r + d_max) * D_STEPS / (2 * d_max);
    const double at_r = smp_clamp(r / r_step, 0, R_STEPS - 1e-6);
    if (at_d >= D_STEPS || at_d < 0) {
        share[0] = at_d < 0;
        share[1] = share[2] = 0;
        return;
    }
    const int i = (int)at_d, j = (int)at_r;
    const double pd = at_d - i, pr = at_r - j;
    const float *low = &profile->share[j][i], *high = &profile->share[j + 1][i];
    const double a = (double)low[0], b = (double)low[1], c = (double)high[0], d = (double)high[1];
    const double along_d = (1 - pr) * (b - a) + pr * (d - c);
    share[0] = (1 - pr) * (a + pd * (b - a)) + pr * (c + pd * (d - c));
    share[1] = along_d * D_STEPS / (2 * d_max);
    share[2] = ((1 - pd) * (c - a) + pd * (d - b)) / r_step - share[1];
}

// ---- One dot -----------------------------------------------------------------------------------

struct fit {
    double x_px, y_px, radius_px;
    double skin, fall;     // linear light, of units of the light around
    double tilt_x, tilt_y; // of the skin, per px
    double misfit;         // mean square
};

// Solves the symmetric system in place; false where it is singular.
static bool solve(double m[UNKNOWNS][UNKNOWNS + 1])
{
    for (int i = 0; i < UNKNOWNS; i++) {
        if (!(m[i][i] > 1e-12))
            return false;
        for (int j = 0; j < UNKNOWNS; j++) {
            const double share = m[j][i] / m[i][i];
            for (int k = i; j != i && k <= UNKNOWNS; k++)
                m[j][k] -= share * m[i][k];
        }
    }
    for (int i = 0; i < UNKNOWNS; i++)
        m[i][UNKNOWNS] /= m[i][i];
    return true;
}

// The pixels around a dot, with the dot itself put back.
struct patch {
    int count;
    float x_px[PATCH_MAX], y_px[PATCH_MAX], light[PATCH_MAX];
};

static void take_patch(struct patch *patch, const struct dots_work *work,
                       const struct dots_spot *spot)
{
    const double cx = (double)spot->x_px, cy = (double)spot->y_px, r = (double)spot->radius_px;
    const double reach = r + margin_px;
    patch->count = 0;
    for (long y = (long)floor(cy - reach); (double)y <= cy + reach; y++)
        for (long x = (long)floor(cx - reach); (double)x <= cx + reach; x++) {
            const double dx = (double)x + 0.5 - cx, dy = (double)y + 0.5 - cy;
            const double far = sqrt(dx * dx + dy * dy);
            if (far > reach || patch->count == PATCH_MAX || !dots_inside(work, x, y))
                continue;
            const float own = spot->contrast * dots_edge_share(far - r);
            const float a = work->a[(size_t)y * work->width + (size_t)x] + own;
            patch->x_px[patch->count] = (float)x + 0.5F;
            patch->y_px[patch->count] = (float)y + 0.5F;
            patch->light[patch->count++] = expf(-a);
        }
}

static void add_pixel(double m[UNKNOWNS][UNKNOWNS + 1], const double j[UNKNOWNS], double off)
{
    for (int a = 0; a < UNKNOWNS; a++) {
        for (int b = a; b < UNKNOWNS; b++)
            m[a][b] += j[a] * j[b];
        m[a][UNKNOWNS] += j[a] * off;
    }
}

static bool step(struct fit *fit, const struct patch *patch, const struct profile *profile,
                 double blur_px)
{
    double m[UNKNOWNS][UNKNOWNS + 1] = { { 0 } }, misfit = 0;
    for (int i = 0; i < patch->count; i++) {
        const double dx = (double)patch->x_px[i] - fit->x_px,
                     dy = (double)patch->y_px[i] - fit->y_px;
        const double rho = sqrt(dx * dx + dy * dy);
        double share[3];
        look_up(share, profile, rho / blur_px, fit->radius_px / blur_px);
        const double inward = rho > 1e-6 ? fit->fall * share[1] / (blur_px * rho) : 0;
        const double j[UNKNOWNS] = {
            1, dx, dy, -share[0], -fit->fall * share[2] / blur_px, inward * dx, inward * dy
        };
        const double off = (double)patch->light[i] -
                           (fit->skin + fit->tilt_x * dx + fit->tilt_y * dy - fit->fall * share[0]);
        add_pixel(m, j, off);
        misfit += off * off;
    }
    fit->misfit = patch->count ? misfit / patch->count : 1;
    for (int a = 0; a < UNKNOWNS; a++)
        for (int b = 0; b < a; b++)
            m[a][b] = m[b][a];
    if (patch->count < 2 * UNKNOWNS || !solve(m))
        return false;
    fit->skin += m[0][UNKNOWNS];
    fit->tilt_x += m[1][UNKNOWNS];
    fit->tilt_y += m[2][UNKNOWNS];
    fit->fall += m[3][UNKNOWNS];
    fit->radius_px += smp_clamp(m[4][UNKNOWNS], -0.8, 0.8);
    fit->x_px += smp_clamp(m[5][UNKNOWNS], -0.7, 0.7);
    fit->y_px += smp_clamp(m[6][UNKNOWNS], -0.7, 0.7);
    return fit->radius_px > 0.5;
}

static bool fit_spot(struct fit *fit, const struct patch *patch, const struct dots_spot *spot,
                     const struct profile *profile, double blur_px, int rounds)
{
    *fit = (struct fit){ (double)spot->x_px,
                         (double)spot->y_px,
                         (double)spot->radius_px,
                         1,
                         1 - exp((double)-spot->contrast),
                         0,
                         0,
                         1 };
    for (int i = 0; i < rounds; i++)
        if (!step(fit, patch, profile, blur_px))
            return false;
    const double moved = hypot(fit->x_px - (double)spot->x_px, fit->y_px - (double)spot->y_px);
    const double change = fit->radius_px / (double)spot->radius_px;
    return fit->fall > 0 && fit->fall < 0.98 * fit->skin && moved < 0.5 * (double)spot->radius_px &&
           change > 0.5 && change < 1.6;
}

// ---- The picture's blur ------------------------------------------------------------------------

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double misfit_at(int blur, const struct patch *patch, const struct dots_spot *spot,
                        const struct profile *profile)
{
    struct fit fit;
    return fit_spot(&fit, patch, spot, profile, blurs_px[blur], ROUNDS + 1) ? fit.misfit : 1e30;
}

// The blur that fits a dot best, downhill from where the last dot's lay; false where none fits.
static bool best_blur(int *blur, const struct patch *patch, const struct dots_spot *spot,
                      const struct profile *profile)
{
    double least = misfit_at(*blur, patch, spot, profile);
    for (int way = -1; way <= 1; way += 2)
        for (int k = *blur + way; k >= 0 && k < BLURS; k += way) {
            const double here = misfit_at(k, patch, spot, profile);
            if (here >= least && least < 1e30)
                break;
            least = here;
            *blur = k;
        }
    return least < 1e30;
}

// Median over dots, from the top, of the blur that fits each best.
static double find_blur(const struct dots_work *work, const struct profile *profile)
{
    double best[JUDGES];
    struct patch patch;
    int judges = 0, blur = BLURS / 2;
    for (size_t i = 0; i < work->found.count && judges < JUDGES; i++) {
        const struct dots_spot *spot = &work->found.spot[i];
        if (spot->elongated || spot->radius_px < 3)
            continue;
        take_patch(&patch, work, spot);
        if (best_blur(&blur, &patch, spot, profile))
            best[judges++] = blurs_px[blur];
    }
    if (!judges)
        return 1.5;
    qsort(best, (size_t)judges, sizeof *best, by_value);
    return best[judges / 2];
}

struct refining {
    struct dots_work *work;
    const struct profile *profile;
};

static void refine_some(void *context, size_t begin, size_t end)
{
    const struct refining *r = context;
    for (size_t i = begin; i < end; i++) {
        struct dots_spot *spot = &r->work->found.spot[i];
        struct patch patch;
        struct fit fit;
        spot->fine = (struct dots_fine){ spot->x_px, spot->y_px, spot->radius_px, spot->contrast };
        if (spot->elongated)
            continue;
        take_patch(&patch, r->work, spot);
        if (!fit_spot(&fit, &patch, spot, r->profile, r->work->blur_px, ROUNDS))
            continue;
        // The fit's light holds the floor of absorbance (flatten.c), which is no light.
        const double floor_share = (double)(DOTS_LIGHT_FLOOR / (DOTS_LIGHT_FLOOR + spot->skin_lin));
        const double left = 1 - fit.fall / (fit.skin * (1 - floor_share));
        spot->fine = (struct dots_fine){ (float)fit.x_px, (float)fit.y_px, (float)fit.radius_px,
                                         (float)-log(fmax(left, 0.02)) };
    }
}

bool dots_refine(struct dots_work *work)
{
    const struct smp_mark mark = smp_arena_mark(work->arena);
    struct profile *profile = smp_new(work->arena, struct profile, 1);
    if (!profile)
        return false;
    smp_pool_for(work->pool, R_STEPS + 1, 8, fill_profile, profile);
    work->blur_px = find_blur(work, profile);
    struct refining refining = { work, profile };
    smp_pool_for(work->pool, work->found.count, 64, refine_some, &refining);
    smp_arena_reset(work->arena, mark);
    return true;
}
