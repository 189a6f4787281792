// The target: shaved hair as it is seen, the stub above the skin, its shadow, and (most of the
// colour) the shafts inside the follicle seen through the skin. Model and numbers: docs/match.md.
#include "pigment/match_impl.h"

#include <math.h>

// Offsets at which shafts are sampled: x along the lean, y across (mirrored); mm.
enum { XS = 40, YS = 18, LOOKS = 4, DIRECTIONS = 12 };
static const int look_at[LOOKS] = { 10, 14, 18, 22 }; // 500 to 620 nm, about the eye's peak

static double node(int i, int count, double reach) // fine near 0, even in the square root
{
    const double s = (double)i / (count - 1);
    return reach * (0.1 * s + 0.9 * s * s * s);
}

struct grid {
    double x[XS], wx[XS], y[YS], wy[YS];
    double c[4][XS][YS]; // contrast in luminance, by hairs of the unit
};

static void trapezoid(double *weight, const double *at, int count)
{
    for (int i = 0; i < count; i++)
        weight[i] = ((i + 1 < count ? at[i + 1] : at[i]) - (i ? at[i - 1] : at[i])) / 2;
}

static void lay_out(struct grid *g)
{
    for (int i = 0; i < XS / 2; i++) {
        g->x[XS / 2 + i] = node(i, XS / 2, 4.0) + 0.008;
        g->x[XS / 2 - 1 - i] = -g->x[XS / 2 + i];
    }
    for (int j = 0; j < YS; j++)
        g->y[j] = node(j, YS, 2.5);
    trapezoid(g->wx, g->x, XS);
    trapezoid(g->wy, g->y, YS);
    for (int j = 0; j < YS; j++)
        g->wy[j] *= 2; // both sides of the lean
}

struct smp_stubble smp_stubble_default(void)
{
    return (struct smp_stubble){ .fu_per_cm2 = 75,
                                 .share = { 0.20, 0.45, 0.30, 0.05 },
                                 .calibre_mm = 0.070,
                                 .stubble_mm = 0.3,
                                 .exit_deg = 45,
                                 .jitter = 0.155,
                                 .hair_lab = { 23, 4, 4.9 } };
}

enum smp_code smp_stubble_check(const struct smp_stubble *s, const char *where, struct smp_err *err)
{
    static const struct smp_field fields[] = {
        SMP_FIELD(smp_stubble, fu_per_cm2, "per cm²", 1, 300, "follicular units"),
        SMP_FIELD(smp_stubble, calibre_mm, "mm", 0.03, 0.12, "diameter of a shaft"),
        SMP_FIELD(smp_stubble, stubble_mm, "mm", 0, 2, "length above the skin"),
        SMP_FIELD(smp_stubble, exit_deg, "°", 20, 90, "angle between shaft and skin"),
        SMP_FIELD(smp_stubble, jitter, "", 0, 0.5, "irregularity of the pattern"),
    };
    const enum smp_code code = smp_check(fields, sizeof fields / sizeof fields[0], s, where, err);
    if (code != SMP_OK)
        return code;
    const double sum = s->share[0] + s->share[1] + s->share[2] + s->share[3];
    for (int k = 0; k < 4; k++)
        if (!(s->share[k] >= 0 && fabs(sum - 1) < 1e-6))
            return smp_fail(err, SMP_E_INPUT,
                            "%s.share must be four shares from 0 that sum to 1, not %g", where,
                            sum);
    return smp_check_number(s->hair_lab.l, "hair_lab[0]", "", 5, 90, where, err);
}

double smp_stubble_spread(const struct smp_stubble *s)
{
    double mean = 0, square = 0;
    for (int k = 0; k < 4; k++) {
        mean += s->share[k] * (k + 1);
        square += s->share[k] * (k + 1) * (k + 1);
    }
    return sqrt(fmax(0, square - mean * mean)) / mean;
}

double smp_hair_mua_per_mm(const struct smp_stubble *stubble, double wavelength_nm)
{
    // L* of hair as cut against absorption of its shaft at 550 nm (d'Eon 2011 by eumelanin of
    // black, dark brown, light brown and grey hair at 35 µm radius), in ln; slope −4.4. Grade C.
    static const double l_star[] = { 18.2, 23, 32, 65, 75 };
    static const double per_mm[] = { 159, 26, 14.5, 0.4, 0.2 };
    const double l = smp_clamp(stubble->hair_lab.l, l_star[0], l_star[4]);
    int i = 0;
    while (i < 3 && l > l_star[i + 1])
        i++;
    const double t = (l - l_star[i]) / (l_star[i + 1] - l_star[i]);
    const double at_550 = exp(log(per_mm[i]) * (1 - t) + log(per_mm[i + 1]) * t);
    // The same melanin in a thinner shaft is denser (d'Eon's coefficients are per radius).
    return at_550 * 0.070 / stubble->calibre_mm * pow(wavelength_nm / 550, -4.4);
}

// What one stub above the skin covers, and what flux it blocks around it (mm²).
static double cover_mm2(const struct smp_stubble *s)
{
    const double exit_rad = s->exit_deg * SMP_PI / 180, d = s->calibre_mm;
    return d * s->stubble_mm * cos(exit_rad) + SMP_PI / 4 * d * d * sin(exit_rad);
}

static double shadow_mm2(const struct smp_stubble *s, double mua_per_mm)
{
    const double d = s->calibre_mm;
    return SMP_PI / 2 * d * s->stubble_mm * (1 - exp(-mua_per_mm * SMP_PI * d / 4));
}

static double hairs_per_unit(const struct smp_stubble *s)
{
    double sum = 0;
    for (int k = 0; k < 4; k++)
        sum += s->share[k] * (k + 1);
    return sum;
}

// What the shafts are looked up in: the skin made ready, room for a look, the hair's absorption.
struct under {
    const struct smp_look_skin *skin;
    struct smp_shaft_look *look;
    double mua_per_mm[SMP_WAVELENGTHS];
};

static bool look_into(struct under *under, const struct smp_stubble *s, const struct smp_skin *skin,
                      struct smp_arena *scratch)
{
    under->skin = smp_look_skin_make(skin, scratch);
    under->look = smp_new(scratch, struct smp_shaft_look, 1);
    for (int i = 0; i < SMP_WAVELENGTHS; i++)
        under->mua_per_mm[i] = smp_hair_mua_per_mm(s, smp_wavelength_nm(i));
    return under->skin && under->look;
}

// Reflectance between the stubs, and the share of the area that stubs cover.
static double mean_colour(double mean[SMP_WAVELENGTHS], const struct smp_stubble *s,
                          const struct under *under, const double bare[SMP_WAVELENGTHS])
{
    const double per_mm2 = s->fu_per_cm2 / 100;
    struct smp_takes sum = { { 0 }, { 0 } }, one;
    for (int k = 0; k < 4; k++) {
        const struct smp_shafts shafts = { k + 1, s->calibre_mm, s->exit_deg };
        smp_shaft_takes(&one, under->skin, &shafts, under->mua_per_mm);
        for (int i = 0; i < SMP_WAVELENGTHS; i++) {
            sum.area_mm2[i] += s->share[k] * one.area_mm2[i];
            sum.centre[i] += s->share[k] * one.centre[i];
        }
    }
    for (int i = 0; i < SMP_WAVELENGTHS; i++) {
        const double shade_mm2 = hairs_per_unit(s) * shadow_mm2(s, under->mua_per_mm[i]);
        mean[i] = bare[i] * exp(-per_mm2 * shade_mm2) *
                  smp_shafts_keep(per_mm2 * sum.area_mm2[i], sum.centre[i], bare[i], s->exit_deg);
    }
    return 1 - exp(-per_mm2 * hairs_per_unit(s) * cover_mm2(s));
}

static void sample(struct grid *g, const struct smp_stubble *s, const struct under *under,
                   const double seen[SMP_WAVELENGTHS], double total)
{
    double sum = 0, w[LOOKS];
    for (int l = 0; l < LOOKS; l++)
        sum += w[l] = seen[look_at[l]];
    for (int k = 0; k < 4; k++) {
        const struct smp_shafts shafts = { k + 1, s->calibre_mm, s->exit_deg };
        if (!(s->share[k] > 0))
            continue;
        smp_shaft_compile(under->look, under->skin, &shafts, under->mua_per_mm);
        for (int i = 0; i < XS; i++)
            for (int j = 0; j < YS; j++)
                for (int l = 0; l < LOOKS; l++)
                    g->c[k][i][j] += w[l] / sum * total *
                                     smp_shaft_at(under->look, look_at[l], g->x[i], g->y[j]);
    }
}

struct stub { // above the skin, as it enters the spectrum
    double length_mm, width_mm, cover_mm2, cover_contrast, shadow_mm2;
    double foot_mm;  // how far from its foot the stub shades
    double under[4]; // contrast of the skin below it, by hairs of the unit
};

// What the shafts have already taken where the stubs lie.
static void look_under(struct stub *stub, const struct grid *g)
{
    for (int k = 0; k < 4; k++) {
        double sum = 0, area = 0;
        for (int i = 0; i < XS; i++)
            for (int j = 0; j < YS && g->y[j] < stub->width_mm; j++)
                if (g->x[i] <= 0 && g->x[i] >= -stub->length_mm) {
                    sum += g->wx[i] * g->wy[j] * g->c[k][i][j];
                    area += g->wx[i] * g->wy[j];
                }
        stub->under[k] = area > 0 ? sum / area : 0;
    }
}

// Transform at (fx, fy) of one unit of `hairs`, real and imaginary: shafts from the grid, stubs and
// their shadows by formula.
static struct smp_vec2 amplitude(const struct grid *g, int hairs, struct smp_vec2 f,
                                 const struct stub *stub)
{
    struct smp_vec2 sum = { 0, 0 };
    double ey[YS];
    for (int j = 0; j < YS; j++)
        ey[j] = g->wy[j] * cos(2 * SMP_PI * f.y * g->y[j]);
    for (int i = 0; i < XS; i++) {
        const double phase = -2 * SMP_PI * f.x * g->x[i];
        double line = 0;
        for (int j = 0; j < YS; j++)
            line += ey[j] * g->c[hairs - 1][i][j];
        sum.x += g->wx[i] * line * cos(phase);
        sum.y += g->wx[i] * line * sin(phase);
    }
    const double ax = SMP_PI * f.x * stub->length_mm, ay = SMP_PI * f.y * stub->width_mm;
    const double sinc = (fabs(ax) < 1e-9 ? 1 : sin(ax) / ax) * (fabs(ay) < 1e-9 ? 1 : sin(ay) / ay);
    // Light taken at the stub's foot spreads as exp(−r/0.63 mm)/r: 27 % of it within 0.2 mm.
    const double k = 2 * SMP_PI * hypot(f.x, f.y) * 0.63;
    // A stub takes only the light that the shafts under it have left.
    const double more = stub->cover_contrast - stub->under[hairs - 1];
    double one = stub->cover_mm2 * more * sinc + stub->shadow_mm2 / sqrt(1 + k * k);
    double side_by_side = 0; // stubs of a unit stand 0.08 mm apart, across the lean
    for (int h = 0; h < hairs; h++)
        side_by_side += cos(2 * SMP_PI * f.y * 0.08 * (h - (hairs - 1) / 2.0));
    one *= side_by_side;
    sum.x += one * cos(ax); // the stub leans away from the buried shaft: its middle lies behind
    sum.y += one * sin(ax);
    return sum;
}

static void spectrum(struct smp_texture *t, const struct grid *g, const struct smp_stubble *s,
                     const struct stub *stub)
{
    for (int i = 0; i < SMP_FREQUENCIES; i++)
        for (int d = 0; d < DIRECTIONS; d++) {
            const double angle = (d + 0.5) * SMP_PI / 2 / DIRECTIONS, f = smp_frequency_per_mm(i);
            struct smp_vec2 mean = { 0, 0 };
            for (int k = 0; k < 4; k++) {
                if (!(s->share[k] > 0))
                    continue;
                const struct smp_vec2 a =
                    amplitude(g, k + 1, (struct smp_vec2){ f * cos(angle), f * sin(angle) }, stub);
                mean.x += s->share[k] * a.x;
                mean.y += s->share[k] * a.y;
                t->amplitude2[i] += s->share[k] * (a.x * a.x + a.y * a.y) / DIRECTIONS;
            }
            t->mean_amplitude2[i] += (mean.x * mean.x + mean.y * mean.y) / DIRECTIONS;
        }
}

static double third_moment(const struct grid *g, const struct smp_stubble *s,
                           const struct stub *stub)
{
    double sum = 0;
    for (int k = 0; k < 4; k++) {
        for (int i = 0; i < XS; i++)
            for (int j = 0; j < YS; j++)
                sum += s->share[k] * g->wx[i] * g->wy[j] * pow(g->c[k][i][j], 3);
        sum += s->share[k] * (k + 1) * stub->cover_mm2 *
               pow(stub->cover_contrast * (1 - stub->under[k]), 3);
    }
    return sum;
}

enum smp_code smp_stubble_view(struct smp_scalp_view *view, const struct smp_stubble *stubble,
                               const struct smp_skin *skin, const double bare[SMP_WAVELENGTHS],
                               struct smp_arena *scratch, struct smp_err *err)
{
    const struct smp_mark mark = smp_arena_mark(scratch);
    struct grid *g = smp_new(scratch, struct grid, 1);
    struct under under;
    if (!g || !look_into(&under, stubble, skin, scratch))
        return smp_fail(err, SMP_E_NOMEM, "out of memory for the stubble's look");
    double mean[SMP_WAVELENGTHS], weight[SMP_WAVELENGTHS], seen[SMP_WAVELENGTHS];
    const double covered = mean_colour(mean, stubble, &under, bare);
    const struct smp_xyz between = smp_xyz_of(mean);
    const struct smp_xyz hair = smp_xyz_from_lab(stubble->hair_lab);
    *view = (struct smp_scalp_view){ 0 };
    view->xyz = (struct smp_xyz){ between.x + covered * (hair.x - between.x),
                                  between.y + covered * (hair.y - between.y),
                                  between.z + covered * (hair.z - between.z) };
    view->ln_darkening = log(smp_xyz_of(bare).y / view->xyz.y);

    smp_luminance_weights(weight);
    for (int i = 0; i < SMP_WAVELENGTHS; i++)
        seen[i] = weight[i] * mean[i];
    lay_out(g);
    sample(g, stubble, &under, seen, between.y / view->xyz.y * (1 - covered));
    const double cut = cos(stubble->exit_deg * SMP_PI / 180);
    struct stub stub = { .length_mm = stubble->stubble_mm * cut + 0.5 * stubble->calibre_mm,
                         .width_mm = stubble->calibre_mm,
                         .cover_mm2 = cover_mm2(stubble),
                         .cover_contrast = (between.y - hair.y) / view->xyz.y,
                         .shadow_mm2 = shadow_mm2(stubble, smp_hair_mua_per_mm(stubble, 560)) *
                                       between.y / view->xyz.y };
    stub.foot_mm = 0.5 * stubble->stubble_mm * sin(stubble->exit_deg * SMP_PI / 180);
    look_under(&stub, g);
    struct smp_texture *t = &view->texture;
    t->per_mm2 = stubble->fu_per_cm2 / 100;
    t->jitter = stubble->jitter;
    spectrum(t, g, stubble, &stub);
    t->third_moment = third_moment(g, stubble, &stub);
    smp_arena_reset(scratch, mark);
    return SMP_OK;
}
