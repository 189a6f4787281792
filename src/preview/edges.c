// How sharp the sharpest edges of a photo are: a step blurred by a Gaussian of σ has its greatest
// slope at step / (σ √2π). Smooth skin alone cannot be told from a blurred photo of skin; an edge
// can, so no place is taken to be blurred many times more than the photo's sharpest edges.
#include "preview/on_photo_impl.h"

enum { EVERY_ROWS = 6, REACH_PX = 12, EDGES_MAX = 40000, EDGES_MIN = 60 };
static const float least_step = 0.35f; // of ln light
static const float share_of_peak = 0.15f;
static const double own_px2 = 0.5; // variance of the slope's own two-pixel difference and pixels

// Step about the slope at x, from where the slope begins to where it ends; 0 where it runs on.
static float step_at(const float *light, size_t width, size_t x, float peak)
{
    size_t low = x, high = x;
    const float least = share_of_peak * fabsf(peak);
    while (low > 1 && x - low < REACH_PX &&
           (light[low + 1] - light[low - 1]) * (peak > 0 ? 0.5f : -0.5f) > least)
        low--;
    while (high + 2 < width && high - x < REACH_PX &&
           (light[high + 1] - light[high - 1]) * (peak > 0 ? 0.5f : -0.5f) > least)
        high++;
    return x - low == REACH_PX || high - x == REACH_PX ? 0 : fabsf(light[high] - light[low]);
}

static size_t edges_of_row(float *sigma_px, size_t room, const float *light, size_t width)
{
    size_t found = 0;
    for (size_t x = 2; x + 3 < width && found < room; x++) {
        const float slope = 0.5f * (light[x + 1] - light[x - 1]);
        const float before = 0.5f * (light[x] - light[x - 2]);
        const float after = 0.5f * (light[x + 2] - light[x]);
        if (fabsf(slope) < 0.02f || fabsf(slope) < fabsf(before) || fabsf(slope) <= fabsf(after))
            continue;
        const float step = step_at(light, width, x, slope);
        if (step < least_step)
            continue;
        const double raw = (double)step / (fabs((double)slope) * sqrt(2 * SMP_PI));
        sigma_px[found++] = (float)sqrt(fmax(raw * raw - own_px2, 0.04));
    }
    return found;
}

enum smp_code smp_sharpest_edges(double *sigma_px, const struct smp_image *photo,
                                 const struct smp_work *work)
{
    const struct smp_mark mark = smp_arena_mark(work->arena);
    float *light = smp_new(work->arena, float, photo->width_px);
    float *found = smp_new(work->arena, float, EDGES_MAX);
    if (!light || !found)
        return smp_fail(work->err, SMP_E_NOMEM, "no room to measure the photo's sharpness");
    size_t count = 0;
    for (size_t y = 0; y < photo->height_px; y += EVERY_ROWS) {
        const struct smp_rgb *row = smp_image_at(photo, 0, y);
        for (size_t x = 0; x < photo->width_px; x++)
            light[x] = logf(fmaxf(row[x].g, 0) + 0.01f);
        count += edges_of_row(found + count, EDGES_MAX - count, light, photo->width_px);
    }
    // Slanted and soft edges are wide: the sharp ones tell.
    *sigma_px = count < EDGES_MIN ? 0 : (double)smp_select(found, count, count / 5);
    smp_arena_reset(work->arena, mark);
    return SMP_OK;
}
