// stubble check --practice: a trainee's dots on practice skin, scored by what makes dots look like
// hair follicles.
#include "cli/check.h"
#include "cli/measuring.h"
#include "preview/preview.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { LEAST_DOTS = 20, ITEMS = 6, LEAST_CELLS = 4 };

struct item {
    const char *name;
    bool good;
    double value, limit;
    char says[240];
};
struct marks {
    const struct smp_number *limit; // of data/limits.json
    struct item items[ITEMS];
    size_t good;
    double diameter_mm, diameter_cv, roundness, unevenness;
};

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

// Dots whose surroundings are all in the picture.
static size_t take(double *values, const struct smp_found_dots *dots, double of_diameter)
{
    size_t n = 0;
    for (size_t i = 0; i < dots->count; i++)
        if (!dots->dots[i].edge)
            values[n++] =
                of_diameter > 0 ? of_diameter * dots->dots[i].diameter_px : dots->dots[i].roundness;
    qsort(values, n, sizeof *values, by_size);
    return n;
}

// How much more the cells of the density map differ than a field as regular as a scalp's would by
// itself (variance over mean of counts: CV² of the spacing, times 2).
static double unevenness(const struct smp_found_dots *dots, double human_cv)
{
    double sum = 0, square = 0;
    size_t n = 0;
    const double whole_cm2 = dots->map_cell_mm * dots->map_cell_mm / 100;
    for (size_t i = 0; i < dots->map_width * dots->map_height; i++) {
        if (dots->map[i].area_cm2 < 0.6 * whole_cm2)
            continue;
        const double d = (double)dots->map[i].count / dots->map[i].area_cm2;
        sum += d;
        square += d * d;
        n++;
    }
    if (n < LEAST_CELLS || !(sum > 0))
        return (double)NAN;
    const double mean = sum / (double)n;
    const double variance = fmax(0, (square - (double)n * mean * mean) / (double)(n - 1));
    const double own = 2 * human_cv * human_cv * mean / whole_cm2;
    return sqrt(fmax(0, variance - own)) / mean;
}

static void size_item(struct marks *m, const struct smp_practice_wish *wish,
                      const struct smp_held *held, size_t count)
{
    struct item *it = &m->items[0];
    const double size_cv = m->limit[SMP_N_SIZE_CV].value, limit_mm = m->limit[SMP_N_DOT_MM].value;
    const double size_off = m->limit[SMP_N_OFF_WISH].value;
    const double off = wish->diameter_mm > 0 ? m->diameter_mm / wish->diameter_mm - 1 : 0;
    *it = (struct item){ "size",
                         m->diameter_cv <= size_cv && fabs(off) <= size_off && held->too_big == 0,
                         m->diameter_cv, size_cv, "" };
    int n = snprintf(it->says, sizeof it->says,
                     "dots are %.2f mm wide (median), differing by %.0f %% (steady: up to %.0f %%)",
                     m->diameter_mm, 100 * m->diameter_cv, 100 * size_cv);
    if (wish->diameter_mm > 0)
        n += snprintf(it->says + n, sizeof it->says - (size_t)n, "; %.0f %% %s than wished",
                      100 * fabs(off), off < 0 ? "smaller" : "larger");
    if (held->too_big)
        snprintf(it->says + n, sizeof it->says - (size_t)n,
                 "; %zu of %zu are too big (over %.1f mm or 1.6 times the median)", held->too_big,
                 count, limit_mm);
}

static void spacing_item(struct marks *m, const struct smp_found_dots *dots)
{
    const double grid_cv = m->limit[SMP_N_GRID_CV].value, dirt_cv = m->limit[SMP_N_DIRT_CV].value;
    const double cv = dots->nearest_cv;
    struct item *it = &m->items[1];
    *it = (struct item){ "spacing", cv >= grid_cv && cv <= dirt_cv, cv, dirt_cv, "" };
    snprintf(it->says, sizeof it->says,
             "the nearest dot is %.2f mm away, differing by %.2f: %s (a scalp: %.2f; below %.2f a "
             "grid, above %.2f dirt)",
             dots->nearest_mm, cv,
             cv < grid_cv   ? "reads as a grid"
             : cv > dirt_cv ? "reads as dirt"
                            : "between grid and dirt",
             m->limit[SMP_N_HUMAN_CV].value, grid_cv, dirt_cv);
}

static void even_items(struct marks *m, const struct smp_found_dots *dots,
                       const struct smp_practice_wish *wish)
{
    const double step = m->limit[SMP_N_DENSITY_STEP].value;
    struct item *even = &m->items[2], *density = &m->items[3];
    const bool known = isfinite(m->unevenness);
    *even = (struct item){ "evenness", !known || m->unevenness <= step / 2,
                           known ? m->unevenness : 0, step / 2, "" };
    if (known)
        snprintf(even->says, sizeof even->says,
                 "from place to place (squares of %.0f mm) density differs by %.0f %% (even: up to "
                 "%.0f %%)",
                 dots->map_cell_mm, 100 * m->unevenness, 50 * step);
    else
        snprintf(even->says, sizeof even->says,
                 "too small a patch to tell whether the dots are even");
    const double off = wish->per_cm2 > 0 ? dots->density_per_cm2 / wish->per_cm2 - 1 : 0;
    const double doubt = 2 * dots->density_sd_per_cm2 / fmax(wish->per_cm2, 1);
    *density = (struct item){ "density", fabs(off) <= m->limit[SMP_N_OFF_WISH].value + doubt,
                              dots->density_per_cm2, wish->per_cm2, "" };
    const int n = snprintf(density->says, sizeof density->says, "%.0f ± %.0f dots a cm²",
                           dots->density_per_cm2, dots->density_sd_per_cm2);
    if (wish->per_cm2 > 0)
        snprintf(density->says + n, sizeof density->says - (size_t)n, ", %.0f %% %s than wished",
                 100 * fabs(off), off < 0 ? "fewer" : "more");
}

static void shape_items(struct marks *m, const struct smp_held *held, size_t count,
                        double misshapen)
{
    const double round_enough = m->limit[SMP_N_ROUND].value;
    const double round_share = m->limit[SMP_N_ROUND_SHARE].value;
    const double merging = m->limit[SMP_N_MERGING].value;
    struct item *round = &m->items[4], *merged = &m->items[5];
    *round = (struct item){ "roundness", misshapen <= round_share, misshapen, round_share, "" };
    snprintf(round->says, sizeof round->says,
             "roundness is %.2f (median); %.0f %% of the dots are below %.1f (up to %.0f %%)",
             m->roundness, 100 * misshapen, round_enough, 100 * round_share);
    const double share = (double)held->merged / (double)count;
    *merged = (struct item){ "merged", share <= merging, share, merging, "" };
    snprintf(merged->says, sizeof merged->says,
             "%zu of %zu dots run into another: %.1f %% (up to %.1f %%)", held->merged, count,
             100 * share, 100 * merging);
}

static enum smp_code mark(struct marks *m, const struct smp_found_dots *dots,
                          const struct smp_held *held, const struct smp_practice_wish *wish,
                          const struct smp_number *limit, struct smp_arena *arena, const char *name,
                          struct smp_err *err)
{
    double *values = smp_new(arena, double, dots->count);
    if (!values)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", dots->count);
    size_t n = take(values, dots, dots->mm_per_px), flat = 0;
    if (n < LEAST_DOTS)
        return smp_fail(err, SMP_E_INPUT,
                        "%s: %zu whole dots were found and a score needs %d or more (dots fainter "
                        "than a contrast of %.2f are missed)",
                        name, n, LEAST_DOTS, fmax(dots->c_lim, dots->code_floor));
    *m = (struct marks){ .limit = limit, .diameter_mm = values[n / 2] };
    // half of the 16th to 84th percentile: merged dots do not count as an unsteady hand
    m->diameter_cv = (values[n * 84 / 100] - values[n * 16 / 100]) / 2 / m->diameter_mm;
    n = take(values, dots, 0);
    m->roundness = values[n / 2];
    while (flat < n && values[flat] < limit[SMP_N_ROUND].value)
        flat++;
    m->unevenness = unevenness(dots, limit[SMP_N_HUMAN_CV].value);
    size_item(m, wish, held, n);
    spacing_item(m, dots);
    even_items(m, dots, wish);
    shape_items(m, held, n, (double)flat / (double)n);
    for (int i = 0; i < ITEMS; i++)
        m->good += m->items[i].good;
    return SMP_OK;
}

static void print(const struct marks *m, const struct smp_found_dots *dots,
                  const struct smp_held *held, bool json)
{
    if (!json) {
        printf("%zu dots ± %.0f on %.1f cm²; %zu of %d points are good\n", dots->count,
               dots->count_sd, dots->area_cm2, m->good, ITEMS);
        for (int i = 0; i < ITEMS; i++)
            printf("  %-10s %-8s %s\n", m->items[i].name, m->items[i].good ? "good" : "improve",
                   m->items[i].says);
        printf("%zu look too deep, %zu too dark beside the others\n", held->too_deep,
               held->too_dark);
        return;
    }
    json_t *items = json_object();
    for (int i = 0; i < ITEMS; i++)
        json_object_set_new(items, m->items[i].name,
                            json_pack("{s:b,s:f,s:f,s:s}", "good", m->items[i].good, "value",
                                      m->items[i].value, "limit", m->items[i].limit, "says",
                                      m->items[i].says));
    smp_cli_print_json(json_pack(
        "{s:I,s:f,s:f,s:f,s:f,s:f,s:f,s:f,s:f,s:f,s:I,s:I,s:I,s:I,s:I,s:I,s:o}", "count",
        (json_int_t)dots->count, "count_sd", dots->count_sd, "area_cm2", dots->area_cm2,
        "density_per_cm2", dots->density_per_cm2, "density_sd_per_cm2", dots->density_sd_per_cm2,
        "diameter_mm", m->diameter_mm, "diameter_cv", m->diameter_cv, "roundness", m->roundness,
        "nearest_mm", dots->nearest_mm, "nearest_cv", dots->nearest_cv, "merged",
        (json_int_t)held->merged, "too_big", (json_int_t)held->too_big, "too_deep",
        (json_int_t)held->too_deep, "too_dark", (json_int_t)held->too_dark, "good",
        (json_int_t)m->good, "of", (json_int_t)ITEMS, "points", items));
}

static enum smp_code draw(struct smp_image *image, const struct smp_found_dots *dots,
                          const struct smp_held *held, double round_enough, const char *path,
                          struct smp_err *err)
{
    static const struct smp_rgb green = { 0, 0.7F, 0 }, magenta = { 1, 0, 0.8F },
                                cyan = { 0, 0.8F, 0.9F }, yellow = { 1, 0.7F, 0 };
    for (size_t i = 0; i < dots->count; i++) {
        const struct smp_found_look *f = &held->found[i];
        const struct smp_found_dot *d = &dots->dots[i];
        smp_overlay_ring(image, d->x_px, d->y_px, d->diameter_px / 2 + 2, 1.3,
                         f->merged || f->too_big       ? magenta
                         : f->too_deep || f->too_dark  ? cyan
                         : d->roundness < round_enough ? yellow
                                                       : green);
    }
    smp_stamp(image, SMP_CHECK_STAMP);
    const struct smp_image_note notes[] = {
        { "Description", "practice skin marked by stubble check" }, { NULL, NULL }
    };
    return smp_image_save(path, image, notes, 0, err);
}

int smp_check_practice(const struct smp_practice_wish *wish, const char *image, bool json)
{
    const struct smp_measuring_flags flags = { .region = wish->region,
                                               .mm_per_px = wish->mm_per_px,
                                               .chart = wish->chart,
                                               .marker = wish->marker,
                                               .threads = wish->threads,
                                               .no_sandbox = wish->no_sandbox };
    struct smp_err err = { 0 };
    struct smp_measuring m;
    struct smp_settings settings;
    struct smp_found_dots dots;
    struct smp_held held;
    struct marks marks;
    enum smp_code code = smp_measuring_open(&m, &flags, image, &err);
    if (!code)
        code = smp_measuring_need_scale(&m, &err);
    if (!code)
        code = smp_settings_read(&settings, NULL, &m.arena, &err);
    if (!code)
        code = smp_dots_find(&dots, &m.subject, image, m.pool, &m.arena, &err);
    if (!code)
        code = smp_dots_look(&held, &m.subject, &dots, settings.numbers[SMP_N_DOT_MM].value, m.pool,
                             &m.arena, &err);
    if (!code)
        code = mark(&marks, &dots, &held, wish, settings.numbers, &m.arena, image, &err);
    if (!code && wish->overlay)
        code = draw(&m.subject.image, &dots, &held, settings.numbers[SMP_N_ROUND].value,
                    wish->overlay, &err);
    if (!code)
        print(&marks, &dots, &held, json);
    smp_measuring_close(&m);
    return code ? smp_cli_fail(&err) : 0;
}
