// From how far dots pass for stubble, now and in years.
#include "pigment/match_impl.h"

#include <math.h>

static const double nearest_mm = 150, farthest_mm = 5000;

void smp_distances_make(struct smp_distances *d, const struct smp_target *target)
{
    for (int i = 0; i < SMP_DISTANCES; i++) {
        const double t = (double)i / (SMP_DISTANCES - 1);
        const double mm = nearest_mm * exp(t * log(farthest_mm / nearest_mm));
        smp_sight_make(&d->sight[i], &target->request->viewing, mm, target->stubble.xyz.y);
        smp_texture_bands(d->stubble[i], &target->stubble.texture, &d->sight[i]);
    }
}

// The smallest distance from which on T stays below q; T is not monotone, hence "from which on".
static double passes_from_mm(const double texture_jnd[SMP_DISTANCES], const struct smp_distances *d,
                             double q)
{
    int i = SMP_DISTANCES - 1;
    if (texture_jnd[i] >= q)
        return (double)INFINITY;
    while (i > 0 && texture_jnd[i - 1] < q)
        i--;
    if (i == 0)
        return nearest_mm;
    const double t = (texture_jnd[i - 1] - q) / (texture_jnd[i - 1] - texture_jnd[i]);
    const double near = d->sight[i - 1].distance_mm, far = d->sight[i].distance_mm;
    return near * exp(t * log(far / near));
}

struct smp_seen smp_seen_field(const struct smp_scalp_view *view, const struct smp_target *target,
                               const struct smp_distances *d)
{
    double texture_jnd[SMP_DISTANCES], bands[SMP_BANDS];
    for (int i = 0; i < SMP_DISTANCES; i++) {
        smp_texture_bands(bands, &view->texture, &d->sight[i]);
        texture_jnd[i] = smp_bands_difference(bands, d->stubble[i], d->sight[i].weber);
    }
    const struct smp_lab lab = smp_lab_from_xyz(view->xyz);
    struct smp_seen seen = { .delta_e00 = smp_delta_e00(lab, target->lab), .lab = lab };
    const bool same_polarity =
        view->texture.third_moment * target->stubble.texture.third_moment > 0;
    // Side by side: 1 JND of texture and ΔE00 1; casual: 3 and 2.
    seen.side_by_side_mm = seen.casual_mm = (double)INFINITY;
    if (same_polarity && seen.delta_e00 < 1)
        seen.side_by_side_mm = passes_from_mm(texture_jnd, d, 1);
    if (same_polarity && seen.delta_e00 < 2)
        seen.casual_mm = passes_from_mm(texture_jnd, d, 3);
    seen.limited_by = !same_polarity                ? SMP_LIMIT_POLARITY
                      : seen.delta_e00 >= 1         ? SMP_LIMIT_COLOUR
                      : isinf(seen.side_by_side_mm) ? SMP_LIMIT_TEXTURE
                                                    : SMP_LIMIT_NONE;
    return seen;
}
