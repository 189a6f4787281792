// Areas, counts, minutes, price and evenness, all from the dots as they are.
#include "plan/plan_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double treated_per_cm2 = 0.5; // a place counts as treated above this density

static void add_areas(struct smp_plan *plan)
{
    const struct smp_mesh *mesh = &plan->head->mesh;
    const struct smp_design *design = plan->design;
    for (size_t t = 0; t < mesh->triangle_count; t++) {
        const uint32_t *corner = mesh->triangles[t];
        const double third_cm2 = smp_length(smp_mesh_area_vector(mesh, t)) / 300;
        for (size_t k = 0; k < 3; k++) {
            const uint8_t zone = design->zones[corner[k]];
            plan->zones[zone].cm2 += third_cm2;
            if (design->density_per_cm2[corner[k]] < treated_per_cm2)
                continue;
            plan->zones[zone].treated_cm2 += third_cm2;
            plan->treated_cm2 += third_cm2;
        }
    }
}

static void add_dots(struct smp_plan *plan)
{
    double tinted_cm2[SMP_ZONE_COUNT] = { 0 };
    for (size_t i = 0; i < plan->dot_count; i++) {
        const struct smp_dot *dot = &plan->dots[i];
        const double radius_mm = dot->diameter_um / 2000;
        plan->zones[dot->zone].dots[0]++;
        plan->zones[dot->zone].dots[dot->session]++;
        plan->session[dot->session - 1].dots++;
        tinted_cm2[dot->zone] += SMP_PI * radius_mm * radius_mm / 100;
    }
    double sum_cm2 = 0;
    for (int zone = 0; zone < SMP_ZONE_COUNT; zone++) {
        struct smp_zone_total *total = &plan->zones[zone];
        const struct smp_needle *needle =
            &plan->from->settings->needles[zone ? zone : SMP_ZONE_HAIRLINE];
        total->needle = needle->name;
        total->depth_setting_mm_low = needle->depth_setting_low_mm.value;
        total->depth_setting_mm_high = needle->depth_setting_high_mm.value;
        total->diameter_um = smp_plan_diameter_um(plan->from, (enum smp_zone)zone);
        total->tinted_share = total->treated_cm2 > 0.5 ? tinted_cm2[zone] / total->treated_cm2 : 0;
        sum_cm2 += tinted_cm2[zone];
    }
    plan->tinted_share = plan->treated_cm2 > 0 ? sum_cm2 / plan->treated_cm2 : 0;
}

// Time with the needle, and a break each time the limit has passed with work still to do.
static void add_minutes(struct smp_plan *plan)
{
    const struct smp_number *numbers = plan->from->settings->numbers;
    for (int s = 0; s < plan->sessions; s++) {
        struct smp_session_total *total = &plan->session[s];
        const double work = (double)total->dots / plan->from->dots_per_min;
        const double stretches = ceil(work / numbers[SMP_N_BREAK_AFTER_MIN].value);
        total->breaks = stretches > 1 ? (int)stretches - 1 : 0;
        total->minutes = work + total->breaks * numbers[SMP_N_BREAK_MIN].value;
    }
}

static void add_price(struct smp_plan *plan)
{
    const struct smp_settings *settings = plan->from->settings;
    for (size_t i = 0; i < settings->price_count; i++) {
        const struct smp_price *price = &settings->prices[i];
        if (strcmp(price->currency, plan->from->currency) != 0 ||
            plan->treated_cm2 > price->up_to_cm2)
            continue;
        const double times = price->per_session ? plan->sessions : 1;
        plan->price_per_session = price->per_session;
        plan->price_low = price->low * times;
        plan->price_high = price->high * times;
        plan->price_source = price->source;
        plan->price_grade = price->grade;
        return;
    }
    plan->price_source = "no row of the price list covers this";
    plan->price_grade = "U";
}

// ---- Neighbours ---------------------------------------------------------------------------------

struct crowd {
    const struct smp_cell *cells; // of all dots
    double size_mm, diameters;
    bool *merging; // per dot
};

// Neighbours of a point: the smallest gap, and with a dot (`own` its number) those that merge.
// With a hair `own` is the count of the dots.
static void meet_neighbours(struct smp_plan *plan, const struct crowd *crowd, struct smp_vec3 p,
                            size_t own)
{
    for (int d = 0; d < 9; d++) {
        // three cubes in a row of z are neighbours in the list
        const uint64_t from = smp_cell_key(p, crowd->size_mm, d / 3 - 1, d % 3 - 1, -1);
        size_t k = smp_cell_first(crowd->cells, plan->dot_count, from);
        for (; k < plan->dot_count && crowd->cells[k].key <= from + 2; k++) {
            const uint32_t other = crowd->cells[k].point;
            const struct smp_dot *b = &plan->dots[other];
            if (other == own)
                continue;
            const double gap_mm = smp_length(smp_sub(p, b->position_mm));
            plan->min_gap_mm = fmin(plan->min_gap_mm, gap_mm);
            if (own == plan->dot_count || other < own)
                continue;
            const double limit_mm =
                crowd->diameters * (plan->dots[own].diameter_um + b->diameter_um) / 2000;
            if (gap_mm >= limit_mm - 2e-5) // positions are written with five decimals
                continue;
            plan->merging_pairs++;
            crowd->merging[own] = crowd->merging[other] = true;
        }
    }
}

// Dots whose centres stand nearer than `diameters` of their mean diameter, and the smallest gap
// between dots and between dots and hairs.
static enum smp_code count_merging(struct smp_plan *plan, struct smp_arena *scratch,
                                   struct smp_err *err)
{
    struct smp_cell *cells = smp_new(scratch, struct smp_cell, plan->dot_count);
    struct crowd crowd = { .cells = cells,
                           .diameters = plan->from->settings->numbers[SMP_N_GAP_DIAMETERS].value,
                           .merging = smp_new(scratch, bool, plan->dot_count) };
    if (!cells || !crowd.merging)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the neighbours of %zu dots",
                        plan->dot_count);
    double largest_mm = 0.3;
    for (size_t i = 0; i < plan->dot_count; i++)
        largest_mm = fmax(largest_mm, plan->dots[i].diameter_um / 1000);
    crowd.size_mm = crowd.diameters * largest_mm + 0.4;
    for (size_t i = 0; i < plan->dot_count; i++)
        cells[i] =
            (struct smp_cell){ smp_cell_key(plan->dots[i].position_mm, crowd.size_mm, 0, 0, 0),
                               (uint32_t)i };
    qsort(cells, plan->dot_count, sizeof *cells, smp_cell_order);
    plan->min_gap_mm = crowd.size_mm; // farther ones are not looked for
    for (size_t i = 0; i < plan->dot_count; i++)
        meet_neighbours(plan, &crowd, plan->dots[i].position_mm, i);
    for (size_t i = 0; i < plan->hair_count; i++)
        meet_neighbours(plan, &crowd, plan->hairs[i].position_mm, plan->dot_count);
    size_t involved = 0;
    for (size_t i = 0; i < plan->dot_count; i++)
        involved += crowd.merging[i];
    plan->merging_share = plan->dot_count ? (double)involved / (double)plan->dot_count : 0;
    return SMP_OK;
}

// ---- Evenness -----------------------------------------------------------------------------------

enum { bare_least = 500 }; // dots on bare skin that are enough to judge the pattern by

struct sample {
    struct smp_vec3 *points;
    double *density;
    bool *bare; // next to no hair there, and the density full: nothing but the dots' own pattern
    size_t count, bare_count;
};

static void take_sample(struct sample *sample, struct smp_plan *plan,
                        const struct smp_points *index)
{
    const struct smp_design *design = plan->design;
    for (size_t i = 0; i < plan->dot_count + plan->hair_count; i++) {
        const bool is_dot = i < plan->dot_count;
        const struct smp_vec3 p =
            is_dot ? plan->dots[i].position_mm : plan->hairs[i - plan->dot_count].position_mm;
        const size_t at = smp_points_nearest(index, p);
        if (at == SIZE_MAX || design->density_per_cm2[at] < treated_per_cm2)
            continue;
        const double total = design->total_per_cm2[at];
        const bool bare = design->hair_per_cm2[at] < 0.03 * total &&
                          design->behind_mm[at] > plan->from->design.feather_mm;
        sample->bare[sample->count] = bare;
        sample->bare_count += bare;
        sample->points[sample->count] = p;
        sample->density[sample->count++] = total;
        if (!is_dot)
            plan->zones[design->zones[at]].hairs++;
    }
}

// On bare skin where there is enough of it; else of dots and the hairs between them, against the
// density of both together.
static enum smp_code measure_evenness(struct smp_plan *plan, struct smp_arena *scratch,
                                      struct smp_err *err)
{
    const size_t most = plan->dot_count + plan->hair_count;
    struct sample sample = { smp_new(scratch, struct smp_vec3, most),
                             smp_new(scratch, double, most), smp_new(scratch, bool, most), 0, 0 };
    struct smp_points index;
    enum smp_code code = smp_points_index(&index, plan, scratch, err);
    if (code)
        return code;
    if (!sample.points || !sample.density || !sample.bare)
        return smp_fail(err, SMP_E_NOMEM, "no memory to measure %zu dots", most);
    take_sample(&sample, plan, &index);
    size_t count = 0;
    for (size_t i = 0; i < sample.count; i++) {
        if (sample.bare_count >= bare_least && !sample.bare[i])
            continue;
        sample.points[count] = sample.points[i];
        sample.density[count++] = sample.density[i];
    }
    if (count < 20)
        return SMP_OK;
    return smp_layout_evenness(&plan->evenness, sample.points, sample.density, count, scratch, err);
}

enum smp_code smp_plan_totals(struct smp_plan *plan, struct smp_arena *scratch, struct smp_err *err)
{
    const struct smp_mark mark = smp_arena_mark(scratch);
    add_areas(plan);
    add_dots(plan);
    add_minutes(plan);
    add_price(plan);
    enum smp_code code = count_merging(plan, scratch, err);
    if (!code)
        code = measure_evenness(plan, scratch, err);
    smp_arena_reset(scratch, mark);
    return code;
}
