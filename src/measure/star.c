// The star test: 16 rays from a candidate's centre find where light is half-way between the dot
// and the skin around it. A disc has the same radius on nearly all of them.
#include "colour/colour.h"
#include "dots_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS_MAX = 56, GOOD_RAYS = 11 };
static const double step_px = 0.5, radius_min_px = 1.8, radius_max_px = 10;
static const double contrast_min = 0.05, most_off = 0.35, most_spread = 0.30,
                    least_roundness = 0.66;

// cos of n sixteenths of a turn.
static double turn_cos(int n)
{
    static const double quarter[5] = { 1, 0.92387953251128674, 0.70710678118654752,
                                       0.38268343236508977, 0 };
    n &= 15;
    if (n > 8)
        n = 16 - n;
    return n > 4 ? -quarter[8 - n] : quarter[n];
}

struct star {
    float light[DOTS_RAYS][STEPS_MAX]; // absorbance along the rays
    int steps;
    double centre, around, half; // absorbance: of the dot, of the skin, half-way in light
    double radius[DOTS_RAYS], median;
};

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median_of(const double *values, int count)
{
    double sorted[DOTS_RAYS];
    memcpy(sorted, values, (size_t)count * sizeof *sorted);
    qsort(sorted, (size_t)count, sizeof *sorted, by_value);
    return count % 2 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
}

static void look_along_rays(struct star *s, const struct dots_spot *spot,
                            const struct dots_tile *tile)
{
    const double r = (double)spot->radius_px;
    const float *plane = tile->smooth[r < 4.3 ? 0 : r < 6 ? 1 : r < 7.6 ? 2 : 3];
    const float x = spot->x_px - 0.5F - (float)(tile->x0 - DOTS_HALO);
    const float y = spot->y_px - 0.5F - (float)(tile->y0 - DOTS_HALO);
    float raw[DOTS_RAYS][STEPS_MAX];
    s->steps = (int)(2.2 * r / step_px) + 1;
    if (s->steps > STEPS_MAX)
        s->steps = STEPS_MAX;
    for (int ray = 0; ray < DOTS_RAYS; ray++) {
        const float dx = (float)(step_px * turn_cos(ray)),
                    dy = (float)(step_px * turn_cos(ray - 4));
        for (int i = 0; i < s->steps; i++)
            raw[ray][i] = dots_between(plane, tile->span, x + (float)i * dx, y + (float)i * dy);
    }
    for (int ray = 0; ray < DOTS_RAYS; ray++) {
        const float *before = raw[(ray + 15) & 15], *after = raw[(ray + 1) & 15];
        for (int i = 0; i < s->steps; i++)
            s->light[ray][i] = (before[i] + raw[ray][i] + after[i]) / 3;
    }
}

static void judge_levels(struct star *s, double r)
{
    double sum = 0, around[DOTS_RAYS];
    int count = 0;
    for (int ray = 0; ray < DOTS_RAYS; ray++) {
        double ring[STEPS_MAX];
        int n = 0;
        for (int i = 0; i < s->steps; i++) {
            const double far = i * step_px, a = (double)s->light[ray][i];
            if (far <= 0.45 * r) {
                sum += a;
                count++;
            } else if (far >= 1.3 * r) {
                int at = n++;
                for (; at > 0 && ring[at - 1] > a; at--)
                    ring[at] = ring[at - 1];
                ring[at] = a;
            }
        }
        around[ray] = n ? ring[n / 4] : 0; // the lighter quarter: neighbours are dark
    }
    s->centre = sum / count;
    s->around = median_of(around, DOTS_RAYS);
    s->half = -log((exp(-s->centre) + exp(-s->around)) / 2);
}

static void find_radii(struct star *s)
{
    for (int ray = 0; ray < DOTS_RAYS; ray++) {
        const float *a = s->light[ray];
        int i = 1;
        while (i < s->steps && (double)a[i] > s->half)
            i++;
        s->radius[ray] = i * step_px;
        if (i < s->steps && a[i - 1] > a[i])
            s->radius[ray] -= step_px * (s->half - (double)a[i]) / (double)(a[i - 1] - a[i]);
    }
    s->median = median_of(s->radius, DOTS_RAYS);
}

// Short over long axis of the ellipse that fits the radii best.
static double roundness(const struct star *s)
{
    double even = 0, odd = 0, sum = 0;
    for (int ray = 0; ray < DOTS_RAYS; ray++) {
        const double r = smp_clamp(s->radius[ray], 0.5 * s->median, 1.5 * s->median);
        even += r * turn_cos(2 * ray);
        odd += r * turn_cos(2 * ray - 4);
        sum += r;
    }
    const double wave = smp_clamp(2 * hypot(even, odd) / sum, 0, 0.9);
    return (1 - wave) / (1 + wave);
}

bool dots_star(struct dots_spot *spot, const struct dots_tile *tile)
{
    struct star s;
    for (int again = 0; again < 2; again++) {
        look_along_rays(&s, spot, tile);
        judge_levels(&s, (double)spot->radius_px);
        if (s.centre - s.around < contrast_min)
            return false;
        find_radii(&s);
        const double change = s.median / (double)spot->radius_px;
        if (s.median < radius_min_px || s.median > radius_max_px)
            return false;
        spot->radius_px = (float)s.median;
        if (change > 0.8 && change < 1.25)
            break;
    }
    double off[DOTS_RAYS];
    int good = 0;
    for (int ray = 0; ray < DOTS_RAYS; ray++) {
        off[ray] = fabs(s.radius[ray] - s.median);
        good += off[ray] <= most_off * s.median;
    }
    if (good < GOOD_RAYS || 1.4826 * median_of(off, DOTS_RAYS) > most_spread * s.median)
        return false;
    spot->contrast = (float)(s.centre - s.around);
    spot->roundness = (float)roundness(&s);
    return (double)spot->roundness >= least_roundness;
}

// ---- Colour ------------------------------------------------------------------------------------

double dots_codes_contrast(double codes, double light_lin)
{
    return codes * 2.4 / (255 * (smp_srgb_from_lin(smp_clamp(light_lin, 0, 1)) + 0.055));
}

static void mean_light(double mean_lin[2], const struct dots_work *work,
                       const struct dots_spot *spot, double from_px, double to_px, double dx,
                       double dy)
{
    double red = 0, blue = 0;
    int n = 0;
    const int steps = (int)(to_px - from_px + 1e-9);
    for (int i = 0; i <= steps; i++) {
        const double far = from_px + i;
        const long x = (long)floor((double)spot->x_px + far * dx);
        const long y = (long)floor((double)spot->y_px + far * dy);
        if (!dots_inside(work, x, y))
            continue;
        const struct smp_rgb *px = smp_image_at(&work->image, (size_t)x, (size_t)y);
        red += fmax((double)px->r, 0);
        blue += fmax((double)px->b, 0);
        n++;
    }
    mean_lin[0] = n ? red / n : 0;
    mean_lin[1] = n ? blue / n : 0;
}

// Light of the inner 0.6 r and of those eight of sixteen rays around that are lightest in red
// (neighbours are dark). Means are taken of light, so that dark skin's few codes count as they are.
double dots_colour_ratio(const struct dots_work *work, struct dots_spot *spot)
{
    const double r = (double)spot->radius_px;
    double around[DOTS_RAYS][2], inner[2] = { 0, 0 }, outer[2] = { 0, 0 };
    for (int ray = 0; ray < DOTS_RAYS; ray++) {
        double mean[2];
        mean_light(mean, work, spot, 0, 0.6 * r, turn_cos(ray), turn_cos(ray - 4));
        inner[0] += mean[0] / DOTS_RAYS;
        inner[1] += mean[1] / DOTS_RAYS;
        mean_light(mean, work, spot, 1.3 * r, 2.2 * r, turn_cos(ray), turn_cos(ray - 4));
        int at = ray;
        for (; at > 0 && around[at - 1][0] < mean[0]; at--)
            memcpy(around[at], around[at - 1], sizeof around[at]);
        memcpy(around[at], mean, sizeof mean);
    }
    for (int ray = 0; 2 * ray < DOTS_RAYS; ray++) {
        outer[0] += 2 * around[ray][0] / DOTS_RAYS;
        outer[1] += 2 * around[ray][1] / DOTS_RAYS;
    }
    const double least = 0.0005; // less than two codes of 255
    const double red = log(fmax(outer[0], least) / fmax(inner[0], least));
    const double blue = log(fmax(outer[1], least) / fmax(inner[1], least));
    spot->skin_lin = (float)outer[0];
    const double sure = blue - dots_codes_contrast(4, outer[1]);
    return red <= 0 ? 0 : sure <= 0 ? 10 : red / sure;
}
