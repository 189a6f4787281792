// What single dots look like: how sharp their edges are, how blue, how dark.
#include "hold_impl.h"

#include <math.h>
#include <stdlib.h>

enum { RAYS = 24, STEPS = 48 };
static const double reach_radii = 2.2, ring_radii = 1.7, least_ring_px = 2;

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

double judge_median(double *values, size_t count)
{
    if (!count)
        return 0;
    qsort(values, count, sizeof *values, by_size);
    return values[count / 2];
}

// Mean red and blue light on a circle; where bright: the mean of its brighter half, so that
// neighbours on it do not count.
static void circle(double *red, double *blue, const struct smp_image *image, struct smp_vec2 at,
                   double radius_px, bool bright)
{
    double r[RAYS], b[RAYS];
    for (int k = 0; k < RAYS; k++) {
        const double angle = 2 * SMP_PI * k / RAYS;
        const struct smp_rgb px =
            smp_image_sample(image, at.x + radius_px * cos(angle), at.y + radius_px * sin(angle));
        r[k] = (double)px.r;
        b[k] = (double)px.b;
    }
    const int from = bright ? RAYS / 2 : 0;
    if (bright) {
        qsort(r, RAYS, sizeof *r, by_size);
        qsort(b, RAYS, sizeof *b, by_size);
    }
    *red = *blue = 0;
    for (int k = from; k < RAYS; k++) {
        *red += r[k] / (RAYS - from);
        *blue += b[k] / (RAYS - from);
    }
}

double judge_contrast(const struct smp_image *image, struct smp_vec2 at, double radius_px)
{
    double skin, dot, second, blue;
    circle(&skin, &blue, image, at, fmax(ring_radii * radius_px, radius_px + least_ring_px), true);
    circle(&dot, &blue, image, at, 0.4 * radius_px, false);
    circle(&second, &blue, image, at, 0, false);
    return log(fmax(skin, 1e-4) / fmax((dot + second) / 2, 1e-4));
}

static void look_at(struct smp_found_look *look, const struct smp_image *image,
                    const struct smp_found_dot *dot)
{
    const double radius = dot->diameter_px / 2;
    const double reach = fmax(reach_radii * radius, radius + 2 * least_ring_px);
    const struct smp_vec2 at = { dot->x_px, dot->y_px };
    double skin_red, skin_blue, red, blue, rising[2] = { 0, 0 }, before = 1;
    circle(&skin_red, &skin_blue, image, at, reach, true);
    circle(&red, &blue, image, at, 0.3 * radius, false);
    const double depth = skin_red - red;
    const double c_red = log(fmax(skin_red, 1e-4) / fmax(red, 1e-4));
    const double c_blue = log(fmax(skin_blue, 1e-4) / fmax(blue, 1e-4));
    look->red_over_blue = c_blue > 0.02 ? c_red / c_blue : 0;
    for (int k = 1; k <= STEPS && depth > 0; k++) { // where 0.8, then 0.2 of the depth is left
        const double at_px = reach * k / STEPS;
        circle(&red, &blue, image, at, at_px, at_px > radius);
        const double left = (skin_red - red) / depth;
        for (int e = 0; e < 2; e++) {
            const double level = e ? 0.2 : 0.8;
            if (!(rising[e] > 0) && left < level)
                rising[e] = at_px - reach / STEPS * (level - left) / fmax(before - left, 1e-9);
        }
        before = left;
    }
    // of an edge blurred by a normal of SD 1, 1.683 lie between the two
    look->edge_px = rising[1] > rising[0] ? (rising[1] - rising[0]) / 1.683 : 0;
}

struct looking {
    struct smp_held *held;
    const struct smp_image *image;
    const struct smp_found_dots *found;
};

static void look_some(void *context, size_t begin, size_t end)
{
    const struct looking *job = context;
    for (size_t i = begin; i < end; i++)
        look_at(&job->held->found[i], job->image, &job->found->dots[i]);
}

void judge_edges(struct smp_held *held, const struct smp_subject *subject,
                 const struct smp_found_dots *found, struct smp_pool *pool)
{
    struct looking job = { held, &subject->image, found };
    smp_pool_for(pool, found->count, 64, look_some, &job);
}
