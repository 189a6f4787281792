// How even a set of points is: nearest neighbours over the local hexagonal spacing.
#include "layout/layout_impl.h"

#include <math.h>
#include <stdlib.h>

struct line_point {
    double key; // along the longest side
    uint32_t i;
};

static int by_key(const void *a, const void *b)
{
    const struct line_point *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->i < y->i ? -1 : x->i > y->i;
}

static double axis_of(struct smp_vec3 p, int axis)
{
    return axis == 0 ? p.x : axis == 1 ? p.y : p.z;
}

static int longest_axis(const struct smp_vec3 *p, size_t count)
{
    int best = 0;
    double length = -1;
    for (int x = 0; x < 3; x++) {
        double low = 1e300, high = -1e300;
        for (size_t i = 0; i < count; i++) {
            const double v = axis_of(p[i], x);
            low = v < low ? v : low;
            high = v > high ? v : high;
        }
        if (high - low > length) {
            length = high - low;
            best = x;
        }
    }
    return best;
}

// Nearest neighbour by a sweep from the point both ways along the line until the line alone is
// farther. Slow beside a grid, free of cell sizes and exact.
static double nearest_mm(const struct line_point *line, size_t count, size_t at,
                         const struct smp_vec3 *p)
{
    const struct smp_vec3 from = p[line[at].i];
    double best2 = 1e300;
    for (int way = -1; way <= 1; way += 2) {
        for (size_t k = at + (size_t)way; k < count; k += (size_t)way) {
            const double off = line[k].key - line[at].key;
            if (off * off >= best2)
                break;
            const struct smp_vec3 d = smp_sub(p[line[k].i], from);
            best2 = smp_dot(d, d) < best2 ? smp_dot(d, d) : best2;
        }
    }
    return sqrt(best2);
}

enum smp_code smp_layout_evenness(struct smp_evenness *evenness, const struct smp_vec3 *points_mm,
                                  const double *density_per_cm2, size_t count,
                                  struct smp_arena *scratch, struct smp_err *err)
{
    if (count < 2)
        return smp_fail(err, SMP_E_INPUT, "evenness needs 2 points or more, not %zu", count);
    for (size_t i = 0; i < count; i++) {
        if (!(density_per_cm2[i] > 0))
            return smp_fail(err, SMP_E_INPUT,
                            "density of point %zu must be above 0 dots/cm², not %g", i,
                            density_per_cm2[i]);
    }
    struct line_point *line = smp_new(scratch, struct line_point, count);
    if (!line)
        return smp_fail(err, SMP_E_NOMEM, "no room to measure %zu points", count);
    const int axis = longest_axis(points_mm, count);
    for (size_t i = 0; i < count; i++)
        line[i] = (struct line_point){ axis_of(points_mm[i], axis), (uint32_t)i };
    qsort(line, count, sizeof *line, by_key);
    double sum = 0, sum2 = 0, least = 1e300;
    for (size_t k = 0; k < count; k++) {
        const double mm = nearest_mm(line, count, k, points_mm);
        const double hex_mm = 10 * SMP_HEX / sqrt(density_per_cm2[line[k].i]);
        sum += mm / hex_mm;
        sum2 += mm / hex_mm * (mm / hex_mm);
        least = mm < least ? mm : least;
    }
    const double n = (double)count, mean = sum / n;
    const double variance = sum2 / n - mean * mean;
    *evenness = (struct smp_evenness){
        .cv = mean > 0 && variance > 0 ? sqrt(variance) / mean : 0,
        .mean = mean,
        .clark_evans = 2 * mean * SMP_HEX, // over 0.5/sqrt(density), the mean of random points
        .min_mm = least,
    };
    return SMP_OK;
}
