// How sharp the sharpest edges of a photo are: a step blurred by a Gaussian of σ has its greatest
// slope at step / (σ √2π). Smooth skin alone cannot be told from a blurred photo of skin; an edge
// can, so no place is taken to be blurred many times more than the photo's sharpest edges.
#include "preview/on_photo_impl.h"

#include <string.h>

// Rows are looked at here and there, some hundreds of a photo, in pieces of a fixed number.
enum { LEAST_STEP_ROWS = 6, ROWS = 256, PIECE_ROWS = 16, PIECES = ROWS / PIECE_ROWS + 1 };
enum { REACH_PX = 12, BLOCK_PX = 40, PIECE_EDGES = 2000, EDGES_MIN = 60 };
static const float least_step = 0.35f; // of ln light
static const float share_of_peak = 0.15f;
static const double own_px2 = 0.5; // variance of the slope's own two-pixel difference and pixels

struct looking {
    const struct smp_image8 *photo;
    size_t every; // rows
    float ln_light[256];
    float *rows;          // per piece: ln light and its slope
    float *found;         // per piece: σ of edges
    size_t count[PIECES]; // of them
};

// Step about the slope at x, from where the slope begins to where it ends; 0 where it runs on.
static float step_at(const float *light, const float *slope, size_t width, size_t x)
{
    size_t low = x, high = x;
    const float side = slope[x] > 0 ? 1.0f : -1.0f, least = share_of_peak * fabsf(slope[x]);
    while (low > 1 && x - low < REACH_PX && side * slope[low] > least)
        low--;
    while (high + 2 < width && high - x < REACH_PX && side * slope[high] > least)
        high++;
    return x - low == REACH_PX || high - x == REACH_PX ? 0 : fabsf(light[high] - light[low]);
}

// Whether light varies enough for an edge at one of the pixels from x on: a step lies within
// REACH_PX of it.
static bool may_have_edge(const float *light, size_t width, size_t x)
{
    const size_t begin = x > REACH_PX ? x - REACH_PX : 0;
    const size_t end = x + BLOCK_PX + REACH_PX < width ? x + BLOCK_PX + REACH_PX : width;
    float low = light[begin], high = low;
    for (size_t i = begin; i < end; i++) {
        low = light[i] < low ? light[i] : low;
        high = light[i] > high ? light[i] : high;
    }
    return high - low >= least_step;
}

static size_t edges_of_row(float *sigma_px, size_t room, const float *light, const float *slope,
                           size_t width)
{
    size_t found = 0;
    for (size_t x = 2; x + 3 < width && found < room; x++) {
        if ((x - 2) % BLOCK_PX == 0 && !may_have_edge(light, width, x)) {
            x += BLOCK_PX - 1; // smooth skin is most of a photo
            continue;
        }
        const float here = fabsf(slope[x]);
        if (here < 0.02f || here < fabsf(slope[x - 1]) || here <= fabsf(slope[x + 1]))
            continue;
        const float step = step_at(light, slope, width, x);
        if (step < least_step)
            continue;
        const double raw = (double)step / ((double)here * sqrt(2 * SMP_PI));
        sigma_px[found++] = (float)sqrt(fmax(raw * raw - own_px2, 0.04));
    }
    return found;
}

static void look(void *context, size_t begin, size_t end)
{
    struct looking *job = context;
    const size_t width = job->photo->width_px;
    for (size_t piece = begin; piece < end; piece++) {
        float *light = job->rows + 2 * piece * width, *slope = light + width;
        float *found = job->found + piece * PIECE_EDGES;
        size_t count = 0;
        for (size_t i = piece * PIECE_ROWS; i < (piece + 1) * PIECE_ROWS; i++) {
            if (i * job->every >= job->photo->height_px)
                break;
            const uint8_t *row = smp_image8_at(job->photo, 0, i * job->every);
            for (size_t x = 0; x < width; x++)
                light[x] = job->ln_light[row[3 * x + 1]];
            for (size_t x = 1; x + 1 < width; x++)
                slope[x] = 0.5f * (light[x + 1] - light[x - 1]);
            count += edges_of_row(found + count, PIECE_EDGES - count, light, slope, width);
        }
        job->count[piece] = count;
    }
}

enum smp_code smp_sharpest_edges(double *sigma_px, const struct smp_image8 *photo,
                                 const struct smp_work *work)
{
    const struct smp_mark mark = smp_arena_mark(work->arena);
    struct looking *job = smp_new(work->arena, struct looking, 1);
    float *rows = smp_new(work->arena, float, 2 * PIECES * photo->width_px);
    float *found = smp_new(work->arena, float, PIECES *PIECE_EDGES);
    if (!job || !rows || !found)
        return smp_fail(work->err, SMP_E_NOMEM, "no room to measure the photo's sharpness");
    *job = (struct looking){ .photo = photo, .rows = rows, .found = found };
    const size_t every = (photo->height_px + ROWS - 1) / ROWS;
    job->every = every > LEAST_STEP_ROWS ? every : LEAST_STEP_ROWS;
    smp_light_of_codes(job->ln_light);
    for (int k = 0; k < 256; k++)
        job->ln_light[k] = logf(job->ln_light[k] + 0.01f);
    smp_pool_for(work->pool, PIECES, 1, look, job);
    size_t count = 0;
    for (size_t piece = 0; piece < PIECES; piece++) {
        memmove(found + count, found + piece * PIECE_EDGES, job->count[piece] * sizeof *found);
        count += job->count[piece];
    }
    // A head against its background has one on either side of nearly every row; what is left of a
    // photo out of focus are the seams of its JPEG.
    const size_t rows_seen = photo->height_px / job->every;
    // Slanted and soft edges are wide: the sharp ones tell.
    *sigma_px =
        count < EDGES_MIN || count < rows_seen ? 0 : (double)smp_select(found, count, count / 5);
    smp_arena_reset(work->arena, mark);
    return SMP_OK;
}
