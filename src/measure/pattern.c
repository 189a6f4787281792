// How the dots lie: density with its error and as a map, distances of neighbours, gaps, dots that
// touch or are larger than the rest.
#include "dots_impl.h"

#include <math.h>
#include <stdlib.h>

enum { GAPS_MAX = 100, RING = 8 };
static const double cell_mm = 5, gap_factor = 1.5, oversize_factor = 1.6;
// Natural spacing at density d per cm² (reference/layout.md): 10.7 / √d mm.
static const double natural_mm = 10.7;

struct plan_of_dots {
    struct smp_found_dots *dots;
    const struct dots_work *work;
    double square_px; // of the subject's picture
    size_t width, height;
    uint32_t *first, *next; // chains of dots by square, numbers + 1
};

static bool make_plan(struct plan_of_dots *plan, double square_px)
{
    struct smp_found_dots *dots = plan->dots;
    const double scale = plan->work->shrink;
    plan->square_px = square_px;
    plan->width = (size_t)((double)plan->work->width * scale / square_px) + 1;
    plan->height = (size_t)((double)plan->work->height * scale / square_px) + 1;
    plan->first = smp_new(plan->work->arena, uint32_t, plan->width * plan->height);
    plan->next = smp_new(plan->work->arena, uint32_t, dots->count);
    if (!plan->first || !plan->next)
        return false;
    for (size_t i = 0; i < dots->count; i++) {
        const size_t square = (size_t)fmax(dots->dots[i].y_px / square_px, 0) * plan->width +
                              (size_t)fmax(dots->dots[i].x_px / square_px, 0);
        plan->next[i] = plan->first[square];
        plan->first[square] = (uint32_t)i + 1;
    }
    return true;
}

// Distance to the nearest dot but `but`, looked for up to three squares away; number in *which.
static double nearest_px(const struct plan_of_dots *plan, double x_px, double y_px, size_t but,
                         size_t *which)
{
    const long cx = (long)(x_px / plan->square_px), cy = (long)(y_px / plan->square_px);
    double least = (double)INFINITY;
    for (long ring = 0; ring <= 3 && least > (double)(ring - 1) * plan->square_px; ring++)
        for (long y = cy - ring; y <= cy + ring; y++)
            for (long x = cx - ring; x <= cx + ring; x++) {
                if (labs(x - cx) != ring && labs(y - cy) != ring)
                    continue;
                if (x < 0 || y < 0 || x >= (long)plan->width || y >= (long)plan->height)
                    continue;
                uint32_t at = plan->first[(size_t)y * plan->width + (size_t)x];
                for (; at; at = plan->next[at - 1]) {
                    const struct smp_found_dot *d = &plan->dots->dots[at - 1];
                    const double far = hypot(d->x_px - x_px, d->y_px - y_px);
                    if (at - 1 == but || far >= least)
                        continue;
                    least = far;
                    *which = at - 1;
                }
            }
    return least;
}

// ---- Neighbours --------------------------------------------------------------------------------

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool measure_neighbours(struct plan_of_dots *plan)
{
    struct smp_found_dots *dots = plan->dots;
    double *diameters = smp_new(plan->work->arena, double, dots->count), sum = 0, squares = 0;
    size_t n = 0;
    if (!diameters)
        return false;
    for (size_t i = 0; i < dots->count; i++)
        diameters[i] = dots->dots[i].diameter_px;
    qsort(diameters, dots->count, sizeof *diameters, by_value);
    const double typical = dots->count ? diameters[dots->count / 2] : 0;
    for (size_t i = 0; i < dots->count; i++) {
        struct smp_found_dot *d = &dots->dots[i];
        size_t other = i;
        const double far = nearest_px(plan, d->x_px, d->y_px, i, &other);
        d->oversized = d->diameter_px > oversize_factor * typical;
        d->merged = other != i && far < (d->diameter_px + dots->dots[other].diameter_px) / 2;
        dots->oversized_count += d->oversized;
        dots->merged_count += d->merged;
        if (d->edge || !isfinite(far))
            continue;
        sum += far;
        squares += far * far;
        n++;
    }
    dots->diameter_px = typical;
    dots->nearest_mm = n ? sum / (double)n * dots->mm_per_px : 0;
    const double mean = n ? sum / (double)n : 1;
    dots->nearest_cv = n > 1 ? sqrt(fmax(squares / (double)n - mean * mean, 0)) / mean : 0;
    return true;
}

// ---- Map ---------------------------------------------------------------------------------------

static bool make_map(struct smp_found_dots *dots, const struct dots_work *work)
{
    const double cell_px = cell_mm / (dots->mm_per_px * work->shrink); // of the working picture
    dots->map_cell_mm = cell_mm;
    dots->map_width = (size_t)ceil((double)work->width / cell_px);
    dots->map_height = (size_t)ceil((double)work->height / cell_px);
    const size_t cells = dots->map_width * dots->map_height;
    dots->map = smp_new(work->arena, struct smp_density, cells);
    if (!dots->map)
        return false;
    const double px_cm2 = pow(dots->mm_per_px * work->shrink / 10, 2);
    for (size_t y = 0; y < work->height; y++)
        for (size_t x = 0; x < work->width; x++) {
            if (!work->mask[y * work->width + x])
                continue;
            const size_t cell =
                (size_t)((double)y / cell_px) * dots->map_width + (size_t)((double)x / cell_px);
            dots->map[cell].area_cm2 += px_cm2;
        }
    for (size_t i = 0; i < dots->count; i++) {
        const double x = dots->dots[i].x_px / work->shrink, y = dots->dots[i].y_px / work->shrink;
        const size_t cx = (size_t)smp_clamp(x / cell_px, 0, (double)dots->map_width - 1);
        const size_t cy = (size_t)smp_clamp(y / cell_px, 0, (double)dots->map_height - 1);
        dots->map[cy * dots->map_width + cx].count++;
    }
    return true;
}

// ---- Gaps --------------------------------------------------------------------------------------

static int by_size(const void *a, const void *b)
{
    const struct smp_gap *p = a, *q = b;
    if (p->radius_px != q->radius_px)
        return p->radius_px > q->radius_px ? -1 : 1;
    if (p->y_px != q->y_px)
        return p->y_px < q->y_px ? -1 : 1;
    return (p->x_px > q->x_px) - (p->x_px < q->x_px);
}

static bool lies_on_skin(const struct dots_work *work, const struct smp_gap *gap)
{
    for (int i = 0; i <= RING; i++) {
        const double reach = i < RING ? gap->radius_px : 0, angle = i * 2 * SMP_PI / RING;
        if (!dots_inside(work, (long)floor((gap->x_px + reach * cos(angle)) / work->shrink),
                         (long)floor((gap->y_px + reach * sin(angle)) / work->shrink)))
            return false;
    }
    return true;
}

// Of the circles found, the largest first, those that do not lie on larger ones.
static void keep_apart(struct smp_found_dots *dots, struct smp_gap *gaps, size_t count)
{
    qsort(gaps, count, sizeof *gaps, by_size);
    for (size_t i = 0; i < count && dots->gap_count < GAPS_MAX; i++) {
        bool apart = true;
        for (size_t j = 0; j < dots->gap_count && apart; j++)
            apart = hypot(gaps[i].x_px - gaps[j].x_px, gaps[i].y_px - gaps[j].y_px) >
                    gaps[i].radius_px + 0.5 * gaps[j].radius_px;
        if (apart)
            gaps[dots->gap_count++] = gaps[i];
    }
    dots->gaps = gaps;
}

static bool find_gaps(struct plan_of_dots *plan, double spacing_px)
{
    struct smp_found_dots *dots = plan->dots;
    const struct dots_work *work = plan->work;
    const double step = spacing_px / 3;
    const size_t across = (size_t)((double)work->width * work->shrink / step);
    const size_t down = (size_t)((double)work->height * work->shrink / step);
    struct smp_gap *gaps = smp_new(work->arena, struct smp_gap, across * down + 1);
    size_t count = 0, which;
    if (!gaps)
        return false;
    for (size_t y = 0; y < down; y++)
        for (size_t x = 0; x < across; x++) {
            struct smp_gap gap = { ((double)x + 0.5) * step, ((double)y + 0.5) * step, 0 };
            if (!dots_inside(work, (long)(gap.x_px / work->shrink),
                             (long)(gap.y_px / work->shrink)))
                continue;
            gap.radius_px =
                fmin(nearest_px(plan, gap.x_px, gap.y_px, SIZE_MAX, &which), 3 * spacing_px);
            if (gap.radius_px > gap_factor * spacing_px && lies_on_skin(work, &gap))
                gaps[count++] = gap;
        }
    keep_apart(dots, gaps, count);
    return true;
}

bool dots_pattern(struct smp_found_dots *dots, const struct dots_work *work)
{
    dots->area_cm2 = dots->area_px * pow(dots->mm_per_px / 10, 2);
    dots->density_per_cm2 = dots->area_cm2 > 0 ? (double)dots->count / dots->area_cm2 : 0;
    dots->density_sd_per_cm2 = dots->area_cm2 > 0 ? dots->count_sd / dots->area_cm2 : 0;
    struct plan_of_dots plan = { .dots = dots, .work = work };
    const double spacing_mm = natural_mm / sqrt(fmax(dots->density_per_cm2, 1));
    const double spacing_px = fmax(spacing_mm / dots->mm_per_px, 4);
    if (!make_plan(&plan, spacing_px) || !measure_neighbours(&plan) || !make_map(dots, work))
        return false;
    return dots->count < 3 || find_gaps(&plan, spacing_px);
}
