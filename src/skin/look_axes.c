// Axes of the table of looks, the layers it was made in, and its interpolants.
#include "skin/look_impl.h"

#include <math.h>

static double node(double first, double ratio, int i)
{
    return first * pow(ratio, i);
}

static double place(double value, double first, double ratio)
{
    return log(value / first) / log(ratio);
}

double look_scatter_per_mm(int i)
{
    return node(1.6, 1.5, i);
}

double look_scatter_at(double per_mm)
{
    return place(per_mm, 1.6, 1.5);
}

double look_pigment_per_mm(int i)
{
    return node(0.1, 3.3, i);
}

double look_pigment_at(double per_mm)
{
    return place(per_mm, 0.1, 3.3);
}

double look_dermis_per_mm(int i)
{
    return node(0.04, 2.8, i) - 0.02;
}

double look_dermis_at(double per_mm)
{
    return place(per_mm + 0.02, 0.04, 2.8);
}

double look_epidermis_per_mm(int i)
{
    return node(1, 2.7, i) - 1;
}

double look_epidermis_at(double per_mm)
{
    return place(per_mm + 1, 1, 2.7);
}

double look_height_mm(int i)
{
    return node(0.08, 2, i);
}

double look_height_at(double mm)
{
    return place(mm, 0.08, 2);
}

double look_top_mm(int i)
{
    return node(0.08, 1.414, i);
}

double look_top_at(double mm)
{
    return place(mm, 0.08, 1.414);
}

double look_diameter_mm(int i)
{
    return node(0.065, 1.6, i);
}

double look_diameter_at(double mm)
{
    return place(mm, 0.065, 1.6);
}

double look_calibre_mm(int i)
{
    return node(0.03, 1.6, i);
}

double look_calibre_at(double mm)
{
    return place(mm, 0.03, 1.6);
}

const double look_exit_deg[LOOK_EXITS] = { 20, 30, 45, 60, 90 };
const double look_along_mm[LOOK_ALONG] = { -2.4, -1.4, -0.8, -0.45, -0.25, -0.13, -0.06, 0,   0.06,
                                           0.13, 0.22, 0.34, 0.5,   0.75,  1.05,  1.45,  2.1, 3.2 };

double look_offset_mm(double diameter_mm, int i)
{
    // Around the edge in radii; beyond, evenly in the logarithm to 3.2 mm.
    static const double near[] = { 0, 0.35, 0.65, 0.85, 1, 1.15, 1.4, 1.8 };
    enum { count = sizeof near / sizeof near[0] };
    const double radius = 0.5 * diameter_mm;
    if (i < count)
        return radius * near[i];
    const double last = radius * near[count - 1];
    return last * pow(3.2 / last, (double)(i - count + 1) / (LOOK_OFFSETS - count));
}

double look_across_mm(double calibre_mm, int count, int i)
{
    static const double near[] = { 0, 0.7, 1, 1.3, 1.9 };
    static const double far[] = { 0.18, 0.27, 0.42, 0.65, 1, 1.5, 2.4 };
    const double radius = 0.5 * calibre_mm + (count > 1 ? 0.04 : 0);
    return i < 5 ? radius * near[i] : far[i - 5];
}

double look_floor(int offset)
{
    return offset < 8 ? LOOK_FLOOR : node(LOOK_FLOOR, 0.6, offset - 7);
}

double look_row_floor(enum look_part part, size_t row)
{
    if (part == LOOK_PART_AREAS)
        return LOOK_AREA_FLOOR_MM2;
    return part == LOOK_PART_DEPOSITS ? look_floor((int)(row % LOOK_OFFSETS)) : LOOK_FLOOR;
}

// Jacques 2013 eq. 2 with the table's rows of Salomatina 2006, and of fat; per mm.
static double reduced(double a_per_cm, double rayleigh, double mie, double nm)
{
    const double x = nm / 500;
    return 0.1 * a_per_cm * (rayleigh * pow(x, -4) + (1 - rayleigh) * pow(x, -mie));
}

struct smp_bed look_bed(double scatter_per_mm)
{
    // The wavelength at which average dermis scatters so; beyond 400 to 700 nm all layers alike.
    double low = 400, high = 700;
    for (int i = 0; i < 50; i++) {
        const double nm = 0.5 * (low + high);
        *(reduced(43.6, 0.41, 0.562, nm) > scatter_per_mm ? &low : &high) = nm;
    }
    const double share = scatter_per_mm / reduced(43.6, 0.41, 0.562, low);
    const double dermis = scatter_per_mm / 0.2;
    return (struct smp_bed){
        .bottom_mm = { LOOK_EPIDERMIS_MM, LOOK_EPIDERMIS_MM + 0.15, LOOK_EPIDERMIS_MM + 2.15 },
        .mus_per_mm = { reduced(66.7, 0.29, 0.689, low) * share / 0.2, dermis, dermis,
                        reduced(19.3, 0.174, 0.447, low) * share / 0.2 },
        .g = 0.8,
        .n = 1.4,
    };
}

static double slope(const double *x, const double *y, int count, int i, bool flat_start)
{
    if (i == 0)
        return flat_start ? 0 : (y[1] - y[0]) / (x[1] - x[0]);
    if (i == count - 1)
        return (y[i] - y[i - 1]) / (x[i] - x[i - 1]);
    const double h0 = x[i] - x[i - 1], h1 = x[i + 1] - x[i];
    const double s0 = (y[i] - y[i - 1]) / h0, s1 = (y[i + 1] - y[i]) / h1;
    if (s0 * s1 <= 0)
        return 0;
    const double w = (h0 + 2 * h1) / (3 * (h0 + h1));
    return s0 * s1 / (w * s1 + (1 - w) * s0);
}

double look_cubic(const double *x, const double *y, int count, double at, bool flat_start)
{
    if (at <= x[0])
        return y[0];
    if (at >= x[count - 1])
        return y[count - 1];
    int i = 0;
    while (at >= x[i + 1])
        i++;
    const double h = x[i + 1] - x[i], t = (at - x[i]) / h, u = 1 - t;
    const double m0 = slope(x, y, count, i, flat_start) * h;
    const double m1 = slope(x, y, count, i + 1, flat_start) * h;
    return u * u * ((1 + 2 * t) * y[i] + t * m0) + t * t * ((1 + 2 * u) * y[i + 1] - u * m1);
}

double look_ring_integral(const double *r_mm, const double *contrast, int count)
{
    enum { parts = 12 };
    double log_c[32] = { 0 }, sum = 0;
    if (count < 2 || count > 32)
        return 0;
    for (int i = 0; i < count; i++)
        log_c[i] = log(fmax(contrast[i], 1e-9));
    for (int i = 0; i + 1 < count; i++) {
        const double step = (r_mm[i + 1] - r_mm[i]) / parts;
        for (int k = 0; k < parts; k++) {
            const double r = r_mm[i] + (k + 0.5) * step;
            sum += exp(look_cubic(r_mm, log_c, count, r, true)) * r * step;
        }
    }
    return 2 * SMP_PI * sum;
}

// ---- Pigment that scatters ---------------------------------------------------------------------

const double look_veil_mus_per_mm[LOOK_VEIL_MUS] = { 0, 8, 32, 128, 512 };
const double look_veil_mua_per_mm[LOOK_VEIL_MUA] = { 0, 0.3, 1, 3, 10, 30, 100 };

double look_veil_dermis_per_mm(int i)
{
    return node(0.014, 8, i);
}

double look_veil_top_mm(int i)
{
    return node(0.12, 2.5, i);
}

double look_veil_diameter_mm(int i)
{
    return node(0.1, 2, i);
}

// Absorption and scattering as logarithms that begin at 0: the axes, and where a pigment stands.
struct veil_axes {
    double x[LOOK_VEIL_MUA], y[LOOK_VEIL_MUS], at_x, at_y;
};

static struct veil_axes veil_axes_of(struct look_pigment pigment)
{
    struct veil_axes a = { .at_x = log1p(pigment.mua_per_mm / 0.3),
                           .at_y = log1p(pigment.mus_per_mm / 8) };
    for (int i = 0; i < LOOK_VEIL_MUA; i++)
        a.x[i] = log1p(look_veil_mua_per_mm[i] / 0.3);
    for (int j = 0; j < LOOK_VEIL_MUS; j++)
        a.y[j] = log1p(look_veil_mus_per_mm[j] / 8);
    return a;
}

// Over absorption, then scattering.
static double veil_at(const float share[LOOK_VEIL_MUS][LOOK_VEIL_MUA], const struct veil_axes *a)
{
    double line[LOOK_VEIL_MUA], column[LOOK_VEIL_MUS];
    for (int j = 0; j < LOOK_VEIL_MUS; j++) {
        for (int i = 0; i < LOOK_VEIL_MUA; i++)
            line[i] = (double)share[j][i];
        column[j] = look_cubic(a->x, line, LOOK_VEIL_MUA, a->at_x, false);
    }
    return look_cubic(a->y, column, LOOK_VEIL_MUS, a->at_y, false);
}

// Two neighbours on an axis, the coordinate held inside it: the first, and the share of the second.
static int neighbours(double at, int count, double *share)
{
    const double inside = smp_clamp(at, 0, count - 1);
    const int first = inside < count - 2 ? (int)inside : count - 2;
    *share = inside - first;
    return first;
}

double look_veil_ball_mm(const struct smp_deposit_shape *shape)
{
    const double height = shape->bottom_mm - shape->top_mm, d = shape->diameter_mm;
    return fabs(height / d - 1) < 0.1 ? d : cbrt(1.5 * d * d * height);
}

double look_veil(const struct look_header *header, const struct smp_deposit_shape *shape,
                 double dermis_per_mm, struct look_pigment pigment)
{
    if (!(pigment.mus_per_mm > 0))
        return 0;
    const double ball = look_veil_ball_mm(shape);
    const struct veil_axes axes = veil_axes_of(pigment);
    double x, y, z, sum = 0;
    const int i = neighbours(place(fmax(dermis_per_mm, 1e-4), 0.014, 8), LOOK_VEIL_DERMES, &x);
    const int j = neighbours(place(shape->top_mm, 0.12, 2.5), LOOK_VEIL_TOPS, &y);
    const int k = neighbours(place(ball, 0.1, 2), LOOK_VEIL_DIAMETERS, &z);
    for (int n = 0; n < 8; n++) {
        const int a = n & 1, b = n >> 1 & 1, c = n >> 2;
        sum += (a ? x : 1 - x) * (b ? y : 1 - y) * (c ? z : 1 - z) *
               veil_at(header->veil[i + a][j + b][k + c], &axes);
    }
    return sum;
}

// ---- Light lost in the depth -------------------------------------------------------------------

const double look_deep_r_mm[LOOK_DEEP_RINGS] = { 0, 0.3, 0.7, 1.2, 2, 3.2 };

double look_deep(const struct look_header *header, const struct look_states *skin, double top_mm,
                 double r_mm)
{
    double x, y, z, sum = 0;
    int ring = 0;
    while (ring < LOOK_DEEP_RINGS - 2 && r_mm >= look_deep_r_mm[ring + 1])
        ring++;
    const double w = smp_clamp(
        (r_mm - look_deep_r_mm[ring]) / (look_deep_r_mm[ring + 1] - look_deep_r_mm[ring]), 0, 1);
    const int i = neighbours(look_scatter_at(skin->scatter_per_mm), LOOK_SCATTERS, &x);
    const int j = neighbours(look_dermis_at(skin->dermis_per_mm), LOOK_DERMES, &y);
    const int k = neighbours(look_top_at(top_mm), LOOK_TOPS, &z);
    for (int n = 0; n < 8; n++) {
        const int a = n & 1, b = n >> 1 & 1, c = n >> 2;
        const float *share = header->deep[i + a][j + b][k + c] + ring;
        sum += (a ? x : 1 - x) * (b ? y : 1 - y) * (c ? z : 1 - z) *
               ((1 - w) * (double)share[0] + w * (double)share[1]);
    }
    return sum;
}
