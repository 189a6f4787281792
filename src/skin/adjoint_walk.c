// One photon from the pixel into the skin and out again: isotropic layers, Henyey–Greenstein.
#include "skin/adjoint_impl.h"

#include <math.h>

struct photon {
    double x, y, z, ux, uy, uz;
    int layer;
    bool inside; // the bed's ball
};

static double unit_open(struct smp_rng *rng) // (0, 1)
{
    return ((double)smp_rng_u32(rng) + 0.5) * 0x1p-32;
}

// A point on the unit circle, by rejection: no sine or cosine.
static void turn(struct smp_rng *rng, double *c, double *s)
{
    double x, y, d;
    do {
        x = 2 * unit_open(rng) - 1;
        y = 2 * unit_open(rng) - 1;
        d = x * x + y * y;
    } while (d > 1 || d < 1e-12);
    // The double angle needs no root (von Neumann 1951).
    *c = (x * x - y * y) / d;
    *s = 2 * x * y / d;
}

static void scatter(struct photon *p, double g, struct smp_rng *rng)
{
    const double xi = unit_open(rng);
    double cosine = 2 * xi - 1;
    if (g != 0) {
        const double f = (1 - g * g) / (1 - g + 2 * g * xi);
        cosine = smp_clamp((1 + g * g - f * f) / (2 * g), -1, 1);
    }
    const double sine = sqrt(1 - cosine * cosine);
    double c, s;
    turn(rng, &c, &s);
    const double ux = p->ux, uy = p->uy, uz = p->uz;
    if (fabs(uz) > 0.99999) {
        p->ux = sine * c;
        p->uy = sine * s;
        p->uz = uz > 0 ? cosine : -cosine;
    } else {
        const double across = sqrt(1 - uz * uz), k = sine / across;
        p->ux = k * (ux * uz * c - uy * s) + ux * cosine;
        p->uy = k * (uy * uz * c + ux * s) + uy * cosine;
        p->uz = -sine * c * across + uz * cosine;
    }
    const double norm = 1.5 - 0.5 * (p->ux * p->ux + p->uy * p->uy + p->uz * p->uz);
    p->ux *= norm;
    p->uy *= norm;
    p->uz *= norm;
}

// Share of light mirrored at the surface from inside (Fresnel, unpolarised).
static double mirrored(double n, double cosine)
{
    const double sine = n * sqrt(1 - cosine * cosine);
    if (sine >= 1)
        return 1;
    const double out = sqrt(1 - sine * sine);
    const double s = (n * cosine - out) / (n * cosine + out);
    const double p = (n * out - cosine) / (n * out + cosine);
    return 0.5 * (s * s + p * p);
}

static bool add_corner(struct smp_path *path, const struct photon *p)
{
    if (path->count == SMP_PATH_MAX)
        return false;
    path->x[path->count] = (float)p->x;
    path->y[path->count] = (float)p->y;
    path->z[path->count++] = (float)p->z;
    return true;
}

// Distance to the face of the bed's ball along the photon's way; INFINITY where it is not met.
static double to_ball(const struct photon *p, const struct smp_bed *bed)
{
    const double x = p->x - bed->ball_mm.x, y = p->y - bed->ball_mm.y, z = p->z - bed->ball_mm.z;
    const double along = x * p->ux + y * p->uy + z * p->uz;
    const double c = x * x + y * y + z * z - bed->ball_radius_mm * bed->ball_radius_mm;
    const double root = along * along - c;
    if (root <= 0)
        return p->inside ? 0 : (double)INFINITY;
    if (p->inside)
        return fmax(sqrt(root) - along, 0);
    const double near = -along - sqrt(root);
    return along < 0 && near > -1e-9 ? fmax(near, 0) : (double)INFINITY;
}

// Moves through `depth` mean free paths; true where the photon stopped at the surface.
static bool fly(struct smp_path *path, struct photon *p, const struct smp_bed *bed, double *depth)
{
    for (;;) {
        const bool ball = bed->ball_mus_per_mm > 0;
        const double mus = bed->mus_per_mm[p->layer] + (p->inside ? bed->ball_mus_per_mm : 0);
        double step = *depth / mus, border = (double)INFINITY;
        if (p->uz < 0)
            border = ((p->layer ? bed->bottom_mm[p->layer - 1] : 0) - p->z) / p->uz;
        else if (p->uz > 0 && p->layer < SMP_BED_LAYERS - 1)
            border = (bed->bottom_mm[p->layer] - p->z) / p->uz;
        const double face = ball ? to_ball(p, bed) : (double)INFINITY;
        const bool enters = face < border && face < step;
        border = enters ? face : border;
        const bool crosses = border < step;
        step = crosses ? fmax(border, 0) : step;
        p->x += step * p->ux;
        p->y += step * p->uy;
        p->z += step * p->uz;
        path->length_mm[p->layer] += step;
        path->inside_mm += p->inside ? step : 0;
        if (!crosses)
            return false;
        *depth -= step * mus;
        if (enters) {
            p->inside = !p->inside;
            continue;
        }
        if (p->uz > 0) {
            p->z = bed->bottom_mm[p->layer++];
        } else if (p->layer > 0) {
            p->z = bed->bottom_mm[--p->layer];
        } else {
            p->z = 0;
            return true;
        }
    }
}

bool smp_path_walk(struct smp_path *path, const struct smp_bed *bed, struct smp_rng *rng)
{
    struct photon p = { .uz = 1 };
    const double longest = -log(unit_open(rng)) / SMP_PATH_MUA_PER_MM;
    path->count = 0;
    path->inside_mm = 0;
    for (int i = 0; i < SMP_BED_LAYERS; i++)
        path->length_mm[i] = 0;
    add_corner(path, &p);
    double depth = -log(unit_open(rng));
    for (;;) {
        const bool surface = fly(path, &p, bed, &depth);
        double length = 0;
        for (int i = 0; i < SMP_BED_LAYERS; i++)
            length += path->length_mm[i];
        if (!add_corner(path, &p) || length > longest)
            return false;
        if (!surface) {
            scatter(&p, bed->g, rng);
            depth = -log(unit_open(rng));
        } else if (unit_open(rng) < mirrored(bed->n, -p.uz)) {
            p.uz = -p.uz;
        } else {
            return true;
        }
    }
}
