// Found against true dots.
#include "scalp.h"

#include <math.h>
#include <stdlib.h>

struct pair {
    double distance_px;
    size_t found, dot;
};

static int nearer(const void *a, const void *b)
{
    const struct pair *p = a, *q = b;
    if (p->distance_px != q->distance_px)
        return p->distance_px < q->distance_px ? -1 : 1;
    return p->found != q->found ? (p->found < q->found ? -1 : 1) : (p->dot < q->dot ? -1 : 1);
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(double *values, size_t count, double part)
{
    if (!count)
        return 0;
    qsort(values, count, sizeof *values, by_value);
    return values[(size_t)(part * (double)(count - 1) + 0.5)];
}

static int by_x(const void *a, const void *b)
{
    const struct pair *p = a, *q = b; // distance_px holds x here
    return (p->distance_px > q->distance_px) - (p->distance_px < q->distance_px);
}

// All pairs within the true dot's radius; found dots sorted by x make it quick.
static size_t list_pairs(struct pair *pairs, size_t room, const struct pair *sorted,
                         const struct scalp_found *found, size_t found_count,
                         const struct scalp_dot *dots, size_t dot_count)
{
    size_t count = 0;
    for (size_t d = 0; d < dot_count; d++) {
        size_t low = 0, high = found_count;
        while (low < high) {
            const size_t middle = (low + high) / 2;
            if (sorted[middle].distance_px < dots[d].x_px - dots[d].radius_px)
                low = middle + 1;
            else
                high = middle;
        }
        for (; low < found_count && sorted[low].distance_px <= dots[d].x_px + dots[d].radius_px;
             low++) {
            const struct scalp_found *f = &found[sorted[low].found];
            const double far = hypot(f->x_px - dots[d].x_px, f->y_px - dots[d].y_px);
            if (far <= dots[d].radius_px && count < room)
                pairs[count++] = (struct pair){ far, sorted[low].found, d };
        }
    }
    qsort(pairs, count, sizeof *pairs, nearer);
    return count;
}

static void spread(double *bias, double *scatter, double *ratio, size_t count)
{
    *bias = quantile(ratio, count, 0.5) - 1;
    *scatter = (quantile(ratio, count, 0.84) - quantile(ratio, count, 0.16)) / 2;
}

bool scalp_score(struct scalp_score *score, const struct scalp_found *found, size_t found_count,
                 const struct scalp_dot *dots, size_t dot_count, struct smp_arena *scratch)
{
    *score = (struct scalp_score){ 0 };
    const size_t room = 8 * (found_count + dot_count) + 8;
    struct pair *pairs = smp_new(scratch, struct pair, room);
    struct pair *sorted = smp_new(scratch, struct pair, found_count);
    bool *found_used = smp_new(scratch, bool, found_count);
    bool *dot_used = smp_new(scratch, bool, dot_count);
    double *far = smp_new(scratch, double, dot_count),
           *radius = smp_new(scratch, double, dot_count),
           *contrast = smp_new(scratch, double, dot_count);
    if (!pairs || !sorted || !found_used || !dot_used || !far || !radius || !contrast)
        return false;
    for (size_t i = 0; i < found_count; i++)
        sorted[i] = (struct pair){ found[i].x_px, i, 0 };
    qsort(sorted, found_count, sizeof *sorted, by_x);
    const size_t count = list_pairs(pairs, room, sorted, found, found_count, dots, dot_count);
    size_t hits = 0;
    for (size_t i = 0; i < count; i++) {
        const struct pair *p = &pairs[i];
        if (found_used[p->found] || dot_used[p->dot])
            continue;
        found_used[p->found] = dot_used[p->dot] = true;
        far[hits] = p->distance_px;
        radius[hits] = found[p->found].radius_px / dots[p->dot].radius_px;
        contrast[hits++] = found[p->found].contrast / dots[p->dot].contrast;
    }
    score->hits = hits;
    score->misses = dot_count - hits;
    score->false_hits = found_count - hits;
    score->precision = found_count ? (double)hits / (double)found_count : 1;
    score->recall = dot_count ? (double)hits / (double)dot_count : 1;
    const double sum = score->precision + score->recall;
    score->f1 = sum > 0 ? 2 * score->precision * score->recall / sum : 0;
    score->centre_median_px = quantile(far, hits, 0.5);
    score->centre_p95_px = quantile(far, hits, 0.95);
    spread(&score->radius_bias, &score->radius_scatter, radius, hits);
    spread(&score->contrast_bias, &score->contrast_scatter, contrast, hits);
    return true;
}
