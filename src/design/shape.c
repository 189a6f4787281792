// What is measured on a hairline: how straight, how open the corners, how alike the two sides.
#include "design/design_impl.h"

#include <math.h>

void smp_line_smooth(struct smp_vec3 *smooth, const struct smp_vec3 *line, size_t count,
                     size_t half_window)
{
    for (size_t i = 0; i < count; i++) {
        size_t half = half_window;
        if (half > i)
            half = i;
        if (half > count - 1 - i)
            half = count - 1 - i;
        struct smp_vec3 sum = { 0, 0, 0 };
        for (size_t k = i - half; k <= i + half; k++)
            sum = smp_add(sum, line[k]);
        smooth[i] = smp_scale(sum, 1.0 / (double)(2 * half + 1));
    }
}

static double line_length(const struct smp_vec3 *line, size_t begin, size_t end)
{
    double sum = 0;
    for (size_t i = begin; i < end; i++)
        sum += smp_length(smp_sub(line[i + 1], line[i]));
    return sum;
}

// Mean of the points between two arc distances of one.
static struct smp_vec3 mean_of(const struct smp_design *d, size_t at, double from_mm, double to_mm)
{
    struct smp_vec3 sum = { 0, 0, 0 };
    double count = 0;
    for (size_t i = 0; i < d->line_count; i++) {
        const double arc = d->line_arc_mm[i] - d->line_arc_mm[at];
        if (arc < from_mm || arc > to_mm)
            continue;
        sum = smp_add(sum, d->line_mm[i]);
        count++;
    }
    return count > 0 ? smp_scale(sum, 1 / count) : d->line_mm[at];
}

// Between the arms of a corner, each the mean of 20 to 60 mm of line, so that no wave counts:
// 180° is no corner at all.
static double angle_at_deg(const struct smp_design *design, size_t at)
{
    const struct smp_vec3 corner = mean_of(design, at, -4, 4);
    const struct smp_vec3 u = smp_unit(smp_sub(mean_of(design, at, -60, -20), corner));
    const struct smp_vec3 v = smp_unit(smp_sub(mean_of(design, at, 20, 60), corner));
    return acos(smp_clamp(smp_dot(u, v), -1, 1)) * 180 / SMP_PI;
}

// RMS distance of the left half, mirrored, from the right half.
static enum smp_code mirrored_rms(double *rms_mm, const struct smp_vec3 *line, size_t begin,
                                  size_t middle, size_t end, struct smp_arena *arena,
                                  struct smp_err *err)
{
    struct smp_lines right;
    const size_t count = end - middle;
    enum smp_code code =
        smp_lines_make(&right, &line[middle], &line[middle + 1], count, arena, err);
    if (code)
        return code;
    double sum = 0;
    size_t used = 0;
    for (size_t i = begin; i < middle; i++) {
        const struct smp_vec3 mirrored = { -line[i].x, line[i].y, line[i].z };
        const struct smp_near near = smp_lines_nearest(&right, mirrored, 50);
        sum += near.distance_mm * near.distance_mm;
        used++;
    }
    *rms_mm = used ? sqrt(sum / (double)used) : 0;
    return SMP_OK;
}

enum smp_code smp_line_measure(struct smp_design *design, struct smp_arena *arena,
                               struct smp_err *err)
{
    const size_t count = design->line_count;
    struct smp_vec3 *smooth = smp_new(arena, struct smp_vec3, count);
    if (!smooth)
        return smp_fail(err, SMP_E_NOMEM, "no memory for a hairline of %zu points", count);
    const size_t left = design->corner_left, right = design->corner_right;
    smp_line_smooth(smooth, design->line_mm, count, 30); // ± 15 mm
    const double own = line_length(design->line_mm, left, right);
    design->straightness = own > 0 ? smp_clamp(line_length(smooth, left, right) / own, 0, 1) : 1;
    enum smp_code code =
        mirrored_rms(&design->asymmetry_mm, smooth, left, design->middle, right, arena, err);
    design->corner_angle_deg_left = angle_at_deg(design, left);
    design->corner_angle_deg_right = angle_at_deg(design, right);
    return code;
}
