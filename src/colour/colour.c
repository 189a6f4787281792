#include "colour/colour.h"

#include <math.h>

// D65 white of the sRGB standard (IEC 61966-2-1: x 0.3127, y 0.3290).
static const struct smp_xyz white = { 0.95045592705, 1.0, 1.08905775076 };

struct smp_xyz smp_white_d65(void)
{
    return white;
}

double smp_srgb_from_lin(double lin)
{
    return lin <= 0.0031308 ? 12.92 * lin : 1.055 * pow(lin, 1 / 2.4) - 0.055;
}

double smp_lin_from_srgb(double srgb)
{
    return srgb <= 0.04045 ? srgb / 12.92 : pow((srgb + 0.055) / 1.055, 2.4);
}

struct smp_xyz smp_xyz_from_rgb(struct smp_rgb_lin c)
{
    return (struct smp_xyz){
        0.41239079926595934 * c.r + 0.357584339383878 * c.g + 0.1804807884018343 * c.b,
        0.21263900587151027 * c.r + 0.715168678767756 * c.g + 0.07219231536073371 * c.b,
        0.01933081871559182 * c.r + 0.11919477979462598 * c.g + 0.9505321522496607 * c.b,
    };
}

struct smp_rgb_lin smp_rgb_from_xyz(struct smp_xyz c)
{
    return (struct smp_rgb_lin){
        3.2409699419045226 * c.x - 1.537383177570094 * c.y - 0.4986107602930034 * c.z,
        -0.9692436362808796 * c.x + 1.8759675015077202 * c.y + 0.04155505740717559 * c.z,
        0.05563007969699366 * c.x - 0.20397695888897652 * c.y + 1.0569715142428786 * c.z,
    };
}

// CIE 15: cube root with a straight line near black.
static double lab_curve(double t)
{
    const double d = 6.0 / 29;
    return t > d * d * d ? cbrt(t) : t / (3 * d * d) + 4.0 / 29;
}

static double lab_curve_inverse(double t)
{
    const double d = 6.0 / 29;
    return t > d ? t * t * t : 3 * d * d * (t - 4.0 / 29);
}

struct smp_lab smp_lab_from_xyz(struct smp_xyz c)
{
    const double x = lab_curve(c.x / white.x), y = lab_curve(c.y / white.y),
                 z = lab_curve(c.z / white.z);
    return (struct smp_lab){ 116 * y - 16, 500 * (x - y), 200 * (y - z) };
}

struct smp_xyz smp_xyz_from_lab(struct smp_lab lab)
{
    const double y = (lab.l + 16) / 116, x = y + lab.a / 500, z = y - lab.b / 200;
    return (struct smp_xyz){ white.x * lab_curve_inverse(x), white.y * lab_curve_inverse(y),
                             white.z * lab_curve_inverse(z) };
}

struct smp_lab smp_lab_from_rgb(struct smp_rgb_lin rgb)
{
    return smp_lab_from_xyz(smp_xyz_from_rgb(rgb));
}

struct smp_rgb_lin smp_rgb_from_lab(struct smp_lab lab)
{
    return smp_rgb_from_xyz(smp_xyz_from_lab(lab));
}

static double hue_deg(double a, double b)
{
    if (a == 0 && b == 0)
        return 0;
    const double h = atan2(b, a) * 180 / SMP_PI;
    return h < 0 ? h + 360 : h;
}

static double cos_deg(double angle_deg)
{
    return cos(angle_deg * SMP_PI / 180);
}

// Sharma, Wu, Dalal 2005, equations 2–22.
double smp_delta_e00(struct smp_lab p, struct smp_lab q)
{
    const double c_mean7 = pow((hypot(p.a, p.b) + hypot(q.a, q.b)) / 2, 7), pow25_7 = 6103515625.0;
    const double g = 0.5 * (1 - sqrt(c_mean7 / (c_mean7 + pow25_7)));
    const double a1 = p.a * (1 + g), a2 = q.a * (1 + g);
    const double c1 = hypot(a1, p.b), c2 = hypot(a2, q.b);
    const double h1 = hue_deg(a1, p.b), h2 = hue_deg(a2, q.b);
    const bool grey = c1 * c2 == 0;
    // Opposite hues are 180° apart exactly, whatever the last bit of atan2 says (pairs 9 to 15 of
    // Sharma's table flip by 0.06 otherwise).
    const bool opposite = a1 * q.b == a2 * p.b && a1 * a2 + p.b * q.b < 0;
    double turn = grey ? 0 : opposite ? (h2 > h1 ? 180 : -180) : h2 - h1;
    turn += turn > 180 ? -360 : turn < -180 ? 360 : 0;
    const double dl = q.l - p.l, dc = c2 - c1;
    const double dh = 2 * sqrt(c1 * c2) * sin(turn / 2 * SMP_PI / 180);
    const double l = (p.l + q.l) / 2, c = (c1 + c2) / 2;
    double h = h1 + h2;
    if (!grey)
        h = opposite || fabs(h1 - h2) <= 180 ? h / 2 : (h < 360 ? (h + 360) / 2 : (h - 360) / 2);
    const double t = 1 - 0.17 * cos_deg(h - 30) + 0.24 * cos_deg(2 * h) +
                     0.32 * cos_deg(3 * h + 6) - 0.20 * cos_deg(4 * h - 63);
    const double l50 = (l - 50) * (l - 50), c7 = pow(c, 7);
    const double sl = 1 + 0.015 * l50 / sqrt(20 + l50), sc = 1 + 0.045 * c, sh = 1 + 0.015 * c * t;
    const double around = (h - 275) / 25;
    const double rt =
        -2 * sqrt(c7 / (c7 + pow25_7)) * sin(60 * exp(-around * around) * SMP_PI / 180);
    const double u = dl / sl, v = dc / sc, w = dh / sh;
    return sqrt(u * u + v * v + w * w + rt * v * w);
}

void smp_lab_residuals(double r[3], struct smp_lab lab, struct smp_lab want)
{
    const double chroma = hypot(want.a, want.b);
    const double cos_h = chroma > 0 ? want.a / chroma : 1, sin_h = chroma > 0 ? want.b / chroma : 0;
    const double da = lab.a - want.a, db = lab.b - want.b, l50 = (want.l - 50) * (want.l - 50);
    r[0] = (lab.l - want.l) / (1 + 0.015 * l50 / sqrt(20 + l50));
    r[1] = (cos_h * da + sin_h * db) / (1 + 0.045 * chroma);
    r[2] = (cos_h * db - sin_h * da) / (1 + 0.015 * chroma);
}

double smp_ita_deg(struct smp_lab skin)
{
    return atan2(skin.l - 50, skin.b) * 180 / SMP_PI;
}

int smp_ita_class(double ita_deg)
{
    static const double limits_deg[] = { 55, 41, 28, 10, -30 };
    int class = 1;
    while (class < 6 && ita_deg <= limits_deg[class - 1])
        class ++;
    return class;
}
