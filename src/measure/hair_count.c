// From roots to units, densities and distances, free of bias from the picture's edges.
//
// Hairs: roots in the picture less a guard of 0.2 mm, over its area. Units: the roots in the
// picture less a guard of 0.35 mm, each as one over the hairs of its unit; a unit that straddles
// the line counts for the part of it inside, which is right on average for any shape (each unit
// counts 1 in all, wherever the line lies). Distances: a unit's next one is certain where the
// edge is farther, weighted by the area in which it would have been (Hanisch 1984).
#include "measure/hair_impl.h"

#include <math.h>
#include <stdlib.h>

static const double link_mm = 0.35, hair_guard_mm = 0.2, unit_guard_mm = 0.35;
enum { rays = 24, fewest_distances = 12 };

// ---- Room to the edge --------------------------------------------------------------------------

static bool outside(const struct smp_subject *s, double x, double y)
{
    const double w = (double)s->image.width_px, h = (double)s->image.height_px;
    return !(x >= 0 && y >= 0 && x < w && y < h) ||
           (s->region && !s->region[(size_t)y * s->image.width_px + (size_t)x]);
}

// Distance to the nearest edge, up to `most_px`.
static double room_px(const struct smp_subject *s, double x, double y, double most_px)
{
    const double w = (double)s->image.width_px, h = (double)s->image.height_px;
    double room = fmin(most_px, fmin(fmin(x, y), fmin(w - x, h - y)));
    if (outside(s, x, y))
        return 0;
    for (int i = 0; s->region && i < rays; i++) {
        const double c = cos(2 * SMP_PI * i / rays), d = sin(2 * SMP_PI * i / rays);
        const double step = fmax(1, 0.01 / s->mm_per_px);
        for (int k_r = 0; step + k_r * (step) < room; k_r++) {
            const double r = step + k_r * (step);
            if (outside(s, x + r * c, y + r * d))
                room = r;
        }
    }
    return room;
}

// Area of the places with at least this room.
static double area_mm2(const struct smp_subject *s, double guard_px)
{
    const double w = (double)s->image.width_px, h = (double)s->image.height_px;
    const double mm2 = s->mm_per_px * s->mm_per_px;
    if (!s->region)
        return fmax(0, w - 2 * guard_px) * fmax(0, h - 2 * guard_px) * mm2;
    const double step = fmax(1, sqrt(w * h) / 300);
    double inside = 0;
    for (int k_y = 0; 0.5 * step + k_y * (step) < h; k_y++) {
        const double y = 0.5 * step + k_y * (step);
        for (int k_x = 0; 0.5 * step + k_x * (step) < w; k_x++) {
            const double x = 0.5 * step + k_x * (step);
            inside += room_px(s, x, y, guard_px + 1) >= guard_px;
        }
    }
    return inside * step * step * mm2;
}

// ---- Units -------------------------------------------------------------------------------------

static double apart_px(struct smp_vec2 a, struct smp_vec2 b)
{
    return hypot(a.x - b.x, a.y - b.y);
}

static size_t head_of(const size_t *linked, size_t i)
{
    while (linked[i] != i)
        i = linked[i];
    return i;
}

// Single linkage. Units come in the order of their first hair.
static void link_roots(struct smp_found_hairs *f, size_t all, double link_px, size_t *linked)
{
    for (size_t i = 0; i < all; i++)
        linked[i] = i;
    for (size_t i = 0; i < all; i++)
        for (size_t j = 0; j < i; j++) {
            if (f->hairs[i].rootless || f->hairs[j].rootless ||
                apart_px(f->hairs[i].root_px, f->hairs[j].root_px) > link_px)
                continue;
            const size_t a = head_of(linked, i), b = head_of(linked, j);
            linked[a > b ? a : b] = a > b ? b : a;
        }
    for (size_t i = 0; i < all; i++)
        linked[i] = head_of(linked, i);
}

static void gather_units(struct smp_found_hairs *f, size_t all, const size_t *linked,
                         size_t *unit_of)
{
    f->unit_count = 0;
    for (size_t i = 0; i < all; i++) {
        struct smp_hair *h = &f->hairs[i];
        h->unit = SIZE_MAX;
        if (h->rootless)
            continue;
        if (linked[i] == i) {
            unit_of[i] = f->unit_count;
            f->units[f->unit_count++] = (struct smp_hair_unit){ 0 };
        }
        h->unit = unit_of[linked[i]];
        struct smp_hair_unit *u = &f->units[h->unit];
        u->at_px.x += h->root_px.x;
        u->at_px.y += h->root_px.y;
        u->hairs++;
    }
    for (size_t i = 0; i < f->unit_count; i++) {
        f->units[i].at_px.x /= (double)f->units[i].hairs;
        f->units[i].at_px.y /= (double)f->units[i].hairs;
    }
}

void smp_hair_sizes(size_t sizes[SMP_HAIR_SIZES], const struct smp_found_hairs *field)
{
    for (int k = 0; k < SMP_HAIR_SIZES; k++)
        sizes[k] = 0;
    for (size_t i = 0; i < field->unit_count; i++) {
        const size_t n = field->units[i].hairs;
        sizes[(n < SMP_HAIR_SIZES ? n : SMP_HAIR_SIZES) - 1]++;
    }
}

// ---- Densities and distances -------------------------------------------------------------------

static void measure_densities(struct smp_found_hairs *f, const struct smp_subject *s, size_t all)
{
    const double hair_px = hair_guard_mm / s->mm_per_px, unit_px = unit_guard_mm / s->mm_per_px;
    double hairs = 0, units = 0;
    for (size_t i = 0; i < all; i++) {
        const struct smp_vec2 p = f->hairs[i].root_px;
        if (f->hairs[i].rootless)
            continue;
        const double room = room_px(s, p.x, p.y, unit_px + 1);
        hairs += room >= hair_px;
        units += room >= unit_px ? 1 / (double)f->units[f->hairs[i].unit].hairs : 0;
    }
    f->hairs_area_mm2 = area_mm2(s, hair_px);
    f->units_area_mm2 = area_mm2(s, unit_px);
    // Counts vary from field to field of one head by 0.24 of their mean (units; hairs by the
    // square of 1.89 hairs a unit and its spread), and each is missed or doubled now and then.
    if (f->hairs_area_mm2 > 0.5) {
        f->hairs_per_cm2 = 100 * hairs / f->hairs_area_mm2;
        f->hairs_per_cm2_sd = 100 * sqrt(hairs * (0.8 + 0.2) + 0.5) / f->hairs_area_mm2;
    }
    if (f->units_area_mm2 > 0.5) {
        f->fu_per_cm2 = 100 * units / f->units_area_mm2;
        f->fu_per_cm2_sd = 100 * sqrt(units * (0.24 + 0.15) + 0.3) / f->units_area_mm2;
    }
}

// docs/layout.md: CV of the nearest neighbour at regularity 0, 0.1 … 1.
static double regularity_of(double cv)
{
    static const double cvs[] = {
        .300, .289, .274, .255, .232, .204, .169, .131, .094, .060, .041
    };
    if (cv >= cvs[0])
        return 0;
    for (int i = 1; i <= 10; i++)
        if (cv >= cvs[i])
            return 0.1 * (i - (cv - cvs[i]) / (cvs[i - 1] - cvs[i]));
    return 1;
}

static void measure_distances(struct smp_found_hairs *f, const struct smp_subject *s)
{
    double sum = 0, square = 0, total = 0;
    for (size_t i = 0; i < f->unit_count; i++) {
        struct smp_hair_unit *u = &f->units[i];
        double nearest = (double)INFINITY;
        for (size_t j = 0; j < f->unit_count; j++)
            if (j != i)
                nearest = fmin(nearest, apart_px(u->at_px, f->units[j].at_px));
        const double most_px = 5 / s->mm_per_px;
        if (!(nearest < room_px(s, u->at_px.x, u->at_px.y, most_px)))
            continue;
        const double area = area_mm2(s, nearest), d = nearest * s->mm_per_px;
        if (area <= 0)
            continue;
        u->nearest_mm = d;
        sum += d / area;
        square += d * d / area;
        total += 1 / area;
        f->nearest_count++;
    }
    f->regularity = -1;
    if (f->nearest_count < fewest_distances)
        return;
    f->nearest_mm = sum / total;
    const double n = (double)f->nearest_count;
    const double variance = (square / total - f->nearest_mm * f->nearest_mm) * n / (n - 1);
    f->nearest_cv = sqrt(fmax(0, variance)) / f->nearest_mm;
    f->regularity = regularity_of(f->nearest_cv);
}

enum smp_code smp_hair_count(struct smp_found_hairs *field, const struct smp_subject *subject,
                             struct smp_arena *arena, struct smp_err *err)
{
    const size_t all = field->count + field->cut;
    size_t *linked = smp_new(arena, size_t, 2 * all);
    field->units = smp_new(arena, struct smp_hair_unit, all);
    if (!linked || !field->units)
        return smp_fail(err, SMP_E_NOMEM, "no memory to count %zu hairs", all);
    link_roots(field, all, link_mm / subject->mm_per_px, linked);
    gather_units(field, all, linked, linked + all);
    field->nearest_count = 0;
    measure_densities(field, subject, all);
    measure_distances(field, subject);
    return SMP_OK;
}
