// How a deposit looks from outside, from the tables of docs/preview.md (computed by Monte Carlo on
// a model of skin): a sharp spot, and a glow that holds most of the light the deposit takes.
//
// Everything the preview knows of skin optics is behind these functions.
#include "preview/preview_impl.h"

#include <string.h>

enum { TOPS = 5, STRENGTHS = 4 };
static const double tops_mm[TOPS] = { 0.1, 0.2, 0.3, 0.5, 0.8 };
static const double strengths_per_mm[STRENGTHS] = { 1, 3, 10, 50 };

// Contrast at the centre, ball of 0.3 mm; [top][colour][absorption], colours 650/550/450 nm.
static const double centre[TOPS][3][STRENGTHS] = {
    { { .151, .348, .589, .677 }, { .122, .280, .479, .565 }, { .091, .208, .359, .438 } },
    { { .086, .199, .344, .405 }, { .057, .132, .231, .278 }, { .036, .082, .143, .176 } },
    { { .049, .115, .200, .238 }, { .029, .068, .119, .144 }, { .016, .036, .062, .077 } },
    { { .019, .044, .077, .093 }, { .009, .021, .037, .045 }, { .004, .009, .016, .019 } },
    { { .007, .016, .029, .034 }, { .0023, .0054, .0096, .012 }, { .0007, .0016, .0028, .0035 } },
};
// Width of the spot at half depth, mm.
static const double width_mm[TOPS][3] = {
    { 0.32, 0.33, 0.34 }, { 0.40, 0.44, 0.47 }, { 0.51, 0.56, 0.59 },
    { 0.87, 0.90, 0.88 }, { 1.5, 1.4, 1.2 },
};
// Area average over bare skin for 100 columns/cm² of 0.25 mm from 0.1 to 0.5 mm deep, and how
// ln of it goes with depth, per 0.1 mm; absorptions 3, 10, 50 per mm.
static const double column[3][3] = { { .825, .718, .672 },
                                     { .897, .827, .793 },
                                     { .940, .899, .876 } };
static const double with_depth[3] = { 0.95, 0.80, 0.70 };

// What dark skin leaves of contrast and total: its own melanin scatters back blue light before the
// deposit is met (optics of docs/preview.md, top 0.3 mm: 23.6/13.1/4.1 of 23.8/14.4/7.7 %).
static const double in_dark_skin[3] = { 0.99, 0.91, 0.53 };

static double between(double a, double b, double t)
{
    return a + (b - a) * t;
}

// Cell and share of a value on an ascending scale; ends are held.
static int find(const double *scale, int count, double v, double *t)
{
    int i = 0;
    while (i < count - 2 && v > scale[i + 1])
        i++;
    *t = smp_clamp((v - scale[i]) / (scale[i + 1] - scale[i]), 0, 1);
    return i;
}

static int find_log(const double *scale, int count, double v, double *t)
{
    int i = 0;
    while (i < count - 2 && v > scale[i + 1])
        i++;
    *t = smp_clamp(log(v / scale[i]) / log(scale[i + 1] / scale[i]), 0, 1);
    return i;
}

static double centre_of(int colour, double top_mm, double absorption)
{
    double t, s;
    const int i = find(tops_mm, TOPS, top_mm, &t);
    const int k = find_log(strengths_per_mm, STRENGTHS, fmax(absorption, 1e-6), &s);
    const double a = between(centre[i][colour][k], centre[i][colour][k + 1], s);
    const double b = between(centre[i + 1][colour][k], centre[i + 1][colour][k + 1], s);
    const double inside = exp(between(log(a), log(b), t)); // contrast falls by a factor per depth
    return absorption < 1 ? inside * absorption : inside;
}

static double total_of(int colour, const struct smp_deposit *d)
{
    double s;
    const double mua = fmax(d->absorption_per_mm[colour], 1e-6);
    const int k = find_log(strengths_per_mm + 1, 3, mua, &s);
    const double ratio = between(column[colour][k], column[colour][k + 1], s);
    const double weak = mua < 3 ? mua / 3 : 1;
    return -log(ratio) * weak * pow(d->diameter_mm / 0.25, 1.25) *
           pow(with_depth[colour], (d->top_mm - 0.1) / 0.1);
}

void smp_look_of(struct smp_look *look, const struct smp_deposit *deposit)
{
    double t;
    const double top = smp_clamp(deposit->top_mm, 0.05, 1.2);
    const int i = find(tops_mm, TOPS, top, &t);
    // Near the skin the diameter sets contrast and width; deeper down the depth does.
    const double shallow = 1 - smp_smoothstep(0.1, 0.4, top);
    const double size = pow(deposit->diameter_mm / 0.3, between(1.0, 0.55, shallow));
    for (int c = 0; c < 3; c++) {
        const double skin = between(1, in_dark_skin[c], deposit->dark);
        const double contrast = skin * size * centre_of(c, top, deposit->absorption_per_mm[c]);
        const double table = between(width_mm[i][c], width_mm[i + 1][c], t);
        const double wide = fmax(deposit->diameter_mm, 1.75 * top);
        look->core[c] = (float)smp_clamp(contrast, 0, 0.9);
        look->fwhm_mm[c] = (float)fmax(wide, table + shallow * (deposit->diameter_mm - 0.3));
        look->total_mm2[c] = (float)(skin * total_of(c, deposit));
    }
    look->profile = (float)between(2.0, 2.7, smp_clamp((0.3 - top) / 0.2, 0, 1));
}

// Diameter × 1.8, contrast × 1/0.6, spot and glow alike (practice.md §2.1, "simulation default"),
// and skin that is red for a millimetre around.
void smp_look_fresh(struct smp_look *look, float redness_mm2[3])
{
    static const float red[3] = { 0.02f, 0.20f, 0.15f };
    // Pigment is still in the upper skin too, where nothing colours it.
    const float most = fminf(look->core[0] / 0.6f, 0.85f);
    for (int c = 0; c < 3; c++) {
        const float spot = 1.133f * look->core[c] * look->fwhm_mm[c] * look->fwhm_mm[c];
        const float glow = fmaxf(look->total_mm2[c] - spot, 0) / 0.6f;
        look->core[c] = fminf(look->core[c] / 0.6f, 0.85f);
        look->core[c] += 0.45f * fmaxf(most - look->core[c], 0);
        look->fwhm_mm[c] *= 1.45f; // the deposit is 1.8 times as wide, the blur of the skin is not
        look->total_mm2[c] = glow + 1.133f * look->core[c] * look->fwhm_mm[c] * look->fwhm_mm[c];
        redness_mm2[c] = red[c];
    }
    look->profile = 3.0f;
}

// Scalp shaved to the skin: .70/.80/.86 of bare skin at 75 FU/cm² of dark-brown hair, two hairs an
// FU (measured on photographs and a scan, docs/preview.md "Tone").
void smp_look_of_fu(float total_mm2[3], double hairs, double darkness, double dark)
{
    static const double ratio[3] = { 0.70, 0.80, 0.86 };
    for (int c = 0; c < 3; c++)
        total_mm2[c] = (float)(-log(ratio[c]) / 0.75 * pow(hairs / 2, 0.9) * darkness *
                               between(1, in_dark_skin[c], dark));
}
