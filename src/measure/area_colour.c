// Colour of what a region mostly shows. The middle of L* is sought by the shortest half (Rousseeuw
// and Leroy 1988), which, unlike the median, does not move towards hairs that are all on one side.
#include "measure/measure.h"

#include <math.h>
#include <stdlib.h>

enum { pixels_min = 100, pixels_most = 200000 };

struct pixel {
    struct smp_rgb_lin lin;
    struct smp_lab lab;
};

static int by_lightness(const void *a, const void *b)
{
    const double x = ((const struct pixel *)a)->lab.l, y = ((const struct pixel *)b)->lab.l;
    return x < y ? -1 : x > y;
}

struct span {
    double low, high;
};

// Lightness that belongs to the colour: the shortest half, widened to 2.5 standard deviations. The
// list is sorted by L*.
static struct span core_of(const struct pixel *list, size_t count)
{
    const size_t half = (count + 1) / 2;
    size_t best = 0;
    for (size_t i = 0; i + half <= count; i++)
        if (list[i + half - 1].lab.l - list[i].lab.l <
            list[best + half - 1].lab.l - list[best].lab.l)
            best = i;
    const double low = list[best].lab.l, high = list[best + half - 1].lab.l;
    const double sd = fmax((high - low) / 1.349, 0.1); // half of a normal lies within ± 0.6745 SD
    return (struct span){ (low + high) / 2 - 2.5 * sd, (low + high) / 2 + 2.5 * sd };
}

static bool belongs(const struct pixel *p, const struct span *core, const double chroma_limit[4])
{
    return p->lab.l >= core->low && p->lab.l <= core->high &&
           fabs(p->lab.a - chroma_limit[0]) <= chroma_limit[1] &&
           fabs(p->lab.b - chroma_limit[2]) <= chroma_limit[3];
}

// Means of a* and b* where the lightness fits, and three standard deviations about them.
static void chroma_limits(double limit[4], const struct pixel *list, size_t count,
                          const struct span *core)
{
    for (int round = 0; round < 2; round++) {
        double n = 0, a = 0, b = 0, aa = 0, bb = 0;
        for (size_t i = 0; i < count; i++) {
            const struct pixel *p = &list[i];
            if (round ? !belongs(p, core, limit) : p->lab.l < core->low || p->lab.l > core->high)
                continue;
            n++;
            a += p->lab.a;
            b += p->lab.b;
            aa += p->lab.a * p->lab.a;
            bb += p->lab.b * p->lab.b;
        }
        limit[0] = a / n;
        limit[1] = 3 * sqrt(fmax(aa / n - limit[0] * limit[0], 0.01));
        limit[2] = b / n;
        limit[3] = 3 * sqrt(fmax(bb / n - limit[2] * limit[2], 0.01));
    }
}

static void sum_up(struct smp_area_colour *colour, const struct pixel *list, size_t count)
{
    const struct span core = core_of(list, count);
    double limit[4], n = 0;
    struct smp_rgb_lin mean = { 0, 0, 0 };
    chroma_limits(limit, list, count, &core);
    for (size_t i = 0; i < count; i++) {
        if (!belongs(&list[i], &core, limit))
            continue;
        n++;
        mean.r += list[i].lin.r;
        mean.g += list[i].lin.g;
        mean.b += list[i].lin.b;
    }
    colour->lab = smp_lab_from_rgb((struct smp_rgb_lin){ mean.r / n, mean.g / n, mean.b / n });
    for (size_t i = 0; i < count; i++) {
        if (!belongs(&list[i], &core, limit))
            continue;
        colour->sd.l += pow(list[i].lab.l - colour->lab.l, 2) / n;
        colour->sd.a += pow(list[i].lab.a - colour->lab.a, 2) / n;
        colour->sd.b += pow(list[i].lab.b - colour->lab.b, 2) / n;
    }
    colour->sd = (struct smp_lab){ sqrt(colour->sd.l), sqrt(colour->sd.a), sqrt(colour->sd.b) };
    colour->left_out = 1 - n / (double)count;
}

// Every step-th pixel of the region (both ways); how many, and how many of them are at their end.
static size_t take_pixels(struct pixel *list, size_t *clipped, struct smp_area_colour *colour,
                          const struct smp_subject *subject,
                          const struct smp_correction *correction, size_t step)
{
    const struct smp_image *image = &subject->image;
    size_t n = 0;
    *clipped = 0;
    for (size_t y = 0; y < image->height_px; y += step) {
        for (size_t x = 0; x < image->width_px; x += step) {
            if (subject->region && !subject->region[y * image->width_px + x])
                continue;
            const struct smp_rgb c = *smp_image_at(image, x, y);
            *clipped += c.r >= 0.985F || c.g >= 0.985F || c.b >= 0.985F;
            colour->centre_px.x += (double)x + 0.5;
            colour->centre_px.y += (double)y + 0.5;
            list[n].lin = smp_correct(
                correction, (struct smp_rgb_lin){ (double)c.r, (double)c.g, (double)c.b });
            list[n].lab = smp_lab_from_rgb(list[n].lin);
            n++;
        }
    }
    return n;
}

enum smp_code smp_area_colour(struct smp_area_colour *colour, const struct smp_subject *subject,
                              const struct smp_correction *correction, const char *name,
                              struct smp_arena *scratch, struct smp_err *err)
{
    const size_t inside = smp_subject_area_px(subject);
    if (inside < pixels_min)
        return smp_fail(err, SMP_E_INPUT, "%s: the region must have at least %d px, not %zu", name,
                        pixels_min, inside);
    size_t step = 1, clipped;
    while (inside / (step * step) > pixels_most)
        step++;
    const size_t columns = subject->image.width_px / step + 1,
                 rows = subject->image.height_px / step + 1;
    const struct smp_mark mark = smp_arena_mark(scratch);
    struct pixel *list =
        smp_new(scratch, struct pixel, inside < columns * rows ? inside : columns * rows);
    if (!list)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the colours of %zu px", inside);
    struct smp_area_colour made = { 0 };
    const size_t count = take_pixels(list, &clipped, &made, subject, correction, step);
    enum smp_code code = SMP_OK;
    if (count < pixels_min) // a mask of thin lines, between which the steps fall
        code = smp_fail(err, SMP_E_INPUT, "%s: the region is too thin to be measured", name);
    else if (clipped > count / 5)
        code =
            smp_fail(err, SMP_E_INPUT,
                     "%s: %.0f %% of the region is overexposed (at most 20 %%): take the picture "
                     "again with less exposure or without shine",
                     name, 100 * (double)clipped / (double)count);
    if (!code) {
        made.pixels = count;
        made.centre_px.x /= (double)count;
        made.centre_px.y /= (double)count;
        qsort(list, count, sizeof *list, by_lightness);
        sum_up(&made, list, count);
        *colour = made;
    }
    smp_arena_reset(scratch, mark);
    return code;
}
