// Candidates: peaks of the differences of Gaussians in place and scale, told from lines by the two
// curvatures there, then by the star test.
#include "dots_impl.h"

#include <math.h>

// A peak of 0.12 × 0.05, what the faintest disc worth reporting gives; and what noise alone
// seldom passes: the last gate is five SDs, this one only spares stars.
static const double least_response = 0.006;
static const double noise_factor[3] = { 0, 2.0, 3.5 }; // by round
static const double least_curvature_ratio = 0.35, least_colour_ratio = 0.65;
static const double least_line_noise = 5;
enum { EDGE_PX = 4 };

struct peak {
    const struct dots_tile *tile;
    int level;
    long x, y; // in the buffer of its level
    float value;
};

static bool is_highest(const float *level, long span, long x, long y, long reach, float value,
                       bool itself)
{
    for (long j = -reach; j <= reach; j++) {
        const float *row = level + (y + j) * span + x;
        for (long i = -reach; i <= reach; i++)
            if (row[i] > value || (itself && row[i] == value && (j < 0 || (j == 0 && i < 0))))
                return false;
    }
    return true;
}

static bool is_peak(const struct peak *p)
{
    const long span = p->tile->span >> dots_half(p->level);
    if (!is_highest(p->tile->level[p->level], span, p->x, p->y, 2, p->value, true))
        return false;
    for (int other = p->level - 1; other <= p->level + 1; other += 2) {
        if (other < 0 || other >= DOTS_LEVELS)
            continue;
        const int change = dots_half(other) - dots_half(p->level);
        const long x = change > 0 ? p->x / 2 : change < 0 ? p->x * 2 : p->x;
        const long y = change > 0 ? p->y / 2 : change < 0 ? p->y * 2 : p->y;
        if (!is_highest(p->tile->level[other], p->tile->span >> dots_half(other), x, y,
                        change > 0 ? 1 : 2, p->value, false))
            return false;
    }
    return true;
}

// Place between pixels, and curvatures: weak over strong, 0 where it is no hill.
static double refine(const struct peak *p, struct dots_spot *spot)
{
    const long span = p->tile->span >> dots_half(p->level);
    const float *at = p->tile->level[p->level] + p->y * span + p->x;
    const double centre = (double)at[0], left = (double)at[-1], right = (double)at[1];
    const double up = (double)at[-span], down = (double)at[span];
    const double gx = (right - left) / 2, gy = (down - up) / 2;
    const double xx = right + left - 2 * centre, yy = down + up - 2 * centre;
    const double xy = (double)(at[span + 1] - at[span - 1] - at[1 - span] + at[-span - 1]) / 4;
    const double det = xx * yy - xy * xy;
    const double middle = (xx + yy) / 2, apart = hypot((xx - yy) / 2, xy);
    const double scale = dots_half(p->level) ? 2 : 1;
    double dx = 0, dy = 0;
    if (det > 0) {
        dx = smp_clamp(-(yy * gx - xy * gy) / det, -0.6, 0.6);
        dy = smp_clamp(-(xx * gy - xy * gx) / det, -0.6, 0.6);
    }
    spot->x_px = (float)(((double)p->x + dx) * scale + (double)(p->tile->x0 - DOTS_HALO) + 0.5);
    spot->y_px = (float)(((double)p->y + dy) * scale + (double)(p->tile->y0 - DOTS_HALO) + 0.5);
    spot->level = p->level;
    spot->response = p->value;
    // Along the line: across the direction of strongest curvature.
    spot->angle_rad = (float)(0.5 * atan2(2 * xy, xx - yy));
    return middle + apart >= 0 ? 0 : (middle + apart) / (middle - apart);
}

static bool is_well_inside(const struct dots_work *work, const struct dots_spot *spot)
{
    const long x = (long)floorf(spot->x_px), y = (long)floorf(spot->y_px);
    for (long j = -EDGE_PX; j <= EDGE_PX; j += EDGE_PX)
        for (long i = -EDGE_PX; i <= EDGE_PX; i += EDGE_PX)
            if (!dots_inside(work, x + i, y + j))
                return false;
    return true;
}

static void keep(struct dots_work *work, const struct dots_spot *spot)
{
    const size_t at = __atomic_fetch_add(&work->found.count, 1, __ATOMIC_RELAXED);
    if (at < work->found.room)
        work->found.spot[at] = *spot;
}

static void judge(struct dots_work *work, const struct peak *peak, double low_noise, int round_no)
{
    struct dots_spot spot = { .round_no = round_no };
    if (!is_peak(peak))
        return;
    const double ratio = refine(peak, &spot);
    if (!is_well_inside(work, &spot))
        return;
    if (ratio < least_curvature_ratio) {
        spot.elongated = true;
        if (round_no == 1 && (double)peak->value > least_line_noise * low_noise)
            keep(work, &spot);
        return;
    }
    spot.radius_px = (float)(1.6 * dots_sigma_px(peak->level));
    if (!dots_star(&spot, peak->tile) || dots_colour_ratio(work, &spot) < least_colour_ratio)
        return;
    keep(work, &spot);
}

static void search_block(struct dots_work *work, const struct dots_tile *tile, long x0, long y0,
                         int round_no)
{
    const size_t block = (size_t)(y0 / DOTS_BLOCK) * work->blocks_x + (size_t)(x0 / DOTS_BLOCK);
    const long right = tile->x0 + tile->width, below = tile->y0 + tile->height;
    const long x1 = x0 + DOTS_BLOCK < right ? x0 + DOTS_BLOCK : right;
    const long y1 = y0 + DOTS_BLOCK < below ? y0 + DOTS_BLOCK : below;
    for (int k = 0; k < DOTS_LEVELS; k++) {
        const int half = dots_half(k);
        const double low = dots_noise_low(work, block, k);
        const float least = (float)fmax(least_response, noise_factor[round_no] * low);
        const long span = tile->span >> half;
        const long left = (x0 - tile->x0 + DOTS_HALO) >> half;
        const long last = (x1 - tile->x0 + DOTS_HALO + half) >> half;
        for (long y = (y0 - tile->y0 + DOTS_HALO) >> half;
             y < (y1 - tile->y0 + DOTS_HALO + half) >> half; y++) {
            const float *row = tile->level[k] + y * span;
            for (long x = left; x < last; x++) {
                if (row[x] <= least || row[x] < row[x - 1] || row[x] < row[x + 1])
                    continue;
                const struct peak peak = { tile, k, x, y, row[x] };
                judge(work, &peak, low, round_no);
            }
        }
    }
}

// ---- What a dot would give alone ---------------------------------------------------------------

double dots_own_response(double radius_px, int level)
{
    const double near = dots_sigma_px(level), far = dots_sigma_px(level + 1), step = 0.25;
    const int steps = (int)((radius_px + 7) / step);
    double sum = 0;
    for (int i = 0; i < steps; i++) {
        const double rho = (i + 0.5) * step;
        sum += step * rho * (double)dots_edge_share(rho - radius_px) *
               (exp(-0.5 * rho * rho / (near * near)) / (near * near) -
                exp(-0.5 * rho * rho / (far * far)) / (far * far));
    }
    return sum;
}

// The dots of the first round are measured again where their neighbours have been taken out.
static void measure_again(struct dots_work *work, const struct dots_tile *tile)
{
    for (size_t i = 0; i < work->first_round; i++) {
        struct dots_spot *spot = &work->found.spot[i];
        const long x = (long)spot->x_px - tile->x0, y = (long)spot->y_px - tile->y0;
        if (x < 0 || y < 0 || x >= tile->width || y >= tile->height)
            continue;
        const int half = dots_half(spot->level);
        const long span = tile->span >> half;
        const double scale = half ? 2 : 1;
        const double at_x = ((double)spot->x_px - 0.5 - (double)(tile->x0 - DOTS_HALO)) / scale;
        const double at_y = ((double)spot->y_px - 0.5 - (double)(tile->y0 - DOTS_HALO)) / scale;
        const float left = dots_between(tile->level[spot->level], span, (float)at_x, (float)at_y);
        spot->response =
            (float)((double)left + (double)spot->contrast *
                                       dots_own_response((double)spot->radius_px, spot->level));
    }
}

void dots_search(struct dots_work *work, const struct dots_tile *tile, int round_no)
{
    for (long y = tile->y0; y < tile->y0 + tile->height; y += DOTS_BLOCK)
        for (long x = tile->x0; x < tile->x0 + tile->width; x += DOTS_BLOCK)
            search_block(work, tile, x, y, round_no);
    if (round_no == 2)
        measure_again(work, tile);
}
