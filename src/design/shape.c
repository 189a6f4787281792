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

static size_t step_along(const double *arc_mm, size_t count, size_t from, double by_mm)
{
    size_t i = from;
    const double goal = arc_mm[from] + by_mm;
    while (by_mm < 0 && i > 0 && arc_mm[i] > goal)
        i--;
    while (by_mm > 0 && i + 1 < count && arc_mm[i] < goal)
        i++;
    return i;
}

// Between the directions to the points 20 mm before and after: 180° is a straight line.
static double angle_at_deg(const struct smp_design *design, const struct smp_vec3 *line, size_t at)
{
    const size_t before = step_along(design->line_arc_mm, design->line_count, at, -20);
    const size_t after = step_along(design->line_arc_mm, design->line_count, at, 20);
    const struct smp_vec3 u = smp_unit(smp_sub(line[before], line[at]));
    const struct smp_vec3 v = smp_unit(smp_sub(line[after], line[at]));
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
    smp_line_smooth(smooth, design->line_mm, count, 8); // ± 4 mm
    design->corner_angle_deg_left = angle_at_deg(design, smooth, left);
    design->corner_angle_deg_right = angle_at_deg(design, smooth, right);
    return code;
}
