// Dots are unequal on purpose: a field of equal dots reads as printed, one whose strengths spread
// as the hairs of a follicular unit do reads as stubble (docs/design-rules.md). A dot's strength is
// how much it darkens the area; it is carried by its diameter and by one of the recipe's shades.
#include "plan/plan_impl.h"

#include <math.h>
#include <stdlib.h>

static const double least_um = 60, most_um = 780; // of the table; looks are known from 50 to 800

// ---- The table ----------------------------------------------------------------------------------

// What a dot of the recipe is made of.
struct maker {
    const struct smp_skin *skin;
    const struct smp_look_skin *look;
    const struct smp_pigment *pigment;
    double ink_share, height_ratio, top_mm, dots_per_mm2;
    double own_mm; // diameter of the recipe's own dot
    double bare[SMP_WAVELENGTHS];
};

static double luminance(const double reflectance[SMP_WAVELENGTHS])
{
    return smp_xyz_from_lab(smp_skin_lab(reflectance)).y;
}

// −ln of the luminance that a field of such dots leaves.
static double darkening(const struct maker *maker, double parts_water, double diameter_mm)
{
    const struct smp_deposit_shape shape =
        smp_deposit_planned(maker->top_mm, diameter_mm, maker->height_ratio);
    double mua[SMP_WAVELENGTHS], mus[SMP_WAVELENGTHS], seen[SMP_WAVELENGTHS];
    struct smp_takes takes;
    smp_pigment_in_skin(mua, mus, maker->pigment, parts_water, maker->ink_share);
    smp_look_takes(&takes, maker->look, &shape, mua, mus);
    smp_field_seen(seen, maker->bare, &takes, maker->dots_per_mm2);
    return -log(luminance(seen) / luminance(maker->bare));
}

// As a bottle is mixed: to half a part below ten, to whole parts above.
static double mixable(double parts)
{
    return parts < 10 ? round(parts * 2) / 2 : round(parts);
}

// Parts of water at which a dot darkens `share` times as much as the recipe's; the nearest end of
// [low, high] where none does.
static double parts_for(const struct maker *maker, const struct smp_plan_recipe *recipe,
                        double share, double low, double high)
{
    const double diameter_mm = maker->own_mm;
    const double wanted = share * darkening(maker, recipe->dilution, diameter_mm);
    for (int k = 0; k < 30; k++) {
        const double middle = sqrt((1 + low) * (1 + high)) - 1;
        *(darkening(maker, middle, diameter_mm) > wanted ? &low : &high) = middle;
    }
    return mixable(low);
}

// A lighter and a darker bottle beside the recipe's own, where there is one.
static void list_shades(struct smp_plan_recipe *recipe, const struct maker *maker)
{
    static const double lighter = 0.7, darker = 1.3, told_apart = 1.05;
    const double diameter_mm = maker->own_mm;
    const double own = darkening(maker, recipe->dilution, diameter_mm);
    const double light = parts_for(maker, recipe, lighter, recipe->dilution, 1000);
    const double dark = parts_for(maker, recipe, darker, 0, recipe->dilution);
    if (light > recipe->dilution)
        recipe->shades[recipe->shade_count++] = (struct smp_shade){ "light", light };
    recipe->middle_shade = recipe->shade_count;
    recipe->shades[recipe->shade_count++] = (struct smp_shade){ "medium", recipe->dilution };
    if (dark < recipe->dilution && darkening(maker, dark, diameter_mm) > told_apart * own)
        recipe->shades[recipe->shade_count++] = (struct smp_shade){ "dark", dark };
}

static double table_um(int i)
{
    return least_um * pow(most_um / least_um, (double)i / (SMP_STRENGTHS - 1));
}

enum smp_code smp_recipe_strengths(struct smp_plan_recipe *recipe, const struct smp_strength_of *of,
                                   struct smp_arena *scratch, struct smp_err *err)
{
    struct maker maker = { of->skin,
                           smp_look_skin_make(of->skin, scratch),
                           of->pigment,
                           of->ink_share,
                           of->height_ratio,
                           recipe->top_mm,
                           recipe->dots_per_cm2 / 100,
                           fmin(recipe->diameter_um, most_um) / 1000,
                           { 0 } };
    if (!maker.look)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the looks of the recipe's dots");
    enum smp_code code = smp_skin_spectrum(maker.bare, of->skin, scratch, err);
    if (code)
        return code;
    recipe->shade_count = 0;
    if (of->one_bottle) {
        recipe->middle_shade = 0;
        recipe->shades[recipe->shade_count++] = (struct smp_shade){ "medium", recipe->dilution };
    } else
        list_shades(recipe, &maker);
    const double own = darkening(&maker, recipe->dilution, maker.own_mm);
    if (!(own > 0)) // a pigment that lightens: its strength cannot be spread
        recipe->shade_count = 0;
    for (size_t shade = 0; shade < recipe->shade_count; shade++) {
        for (int i = 0; i < SMP_STRENGTHS; i++) {
            const double dark =
                darkening(&maker, recipe->shades[shade].parts_water, table_um(i) / 1000);
            recipe->strength[shade][i] = fmax(1e-9, dark / own);
        }
    }
    return SMP_OK;
}

double smp_recipe_strength(const struct smp_plan_recipe *recipe, size_t shade, double diameter_um)
{
    const double at = log(smp_clamp(diameter_um, least_um, most_um) / least_um) /
                      log(most_um / least_um) * (SMP_STRENGTHS - 1);
    const int i = at < SMP_STRENGTHS - 2 ? (int)at : SMP_STRENGTHS - 2;
    const double *row = recipe->strength[shade];
    const double part = at - i;
    return exp((1 - part) * log(row[i]) + part * log(row[i + 1])); // nearly a power of the diameter
}

double smp_recipe_diameter_um(const struct smp_plan_recipe *recipe, size_t shade, double strength)
{
    const double *row = recipe->strength[shade];
    int i = 0;
    while (i < SMP_STRENGTHS - 2 && row[i + 1] < strength)
        i++;
    const double part = smp_clamp(log(strength / row[i]) / log(row[i + 1] / row[i]), 0, 1);
    return table_um(0) * pow(most_um / least_um, (i + part) / (SMP_STRENGTHS - 1));
}

// ---- The dots -----------------------------------------------------------------------------------

struct draw {
    double unit;          // −1 to 1, spread evenly over every stretch of skin
    double base, base_um; // of an equal field
    double cap_um;
};
// A spread of equal chance: SD over mean is width/√3.
struct spread {
    double mean, width;
};

// Nearest other dot; `far_mm` where none is nearer.
static double nearest_mm(const struct smp_plan *plan, const struct smp_cell *cells, size_t own,
                         double far_mm)
{
    const struct smp_vec3 p = plan->dots[own].position_mm;
    double nearest = far_mm;
    for (int d = 0; d < 9; d++) {
        const uint64_t from = smp_cell_key(p, far_mm, d / 3 - 1, d % 3 - 1, -1);
        size_t k = smp_cell_first(cells, plan->dot_count, from);
        for (; k < plan->dot_count && cells[k].key <= from + 2; k++) {
            if (cells[k].point != own)
                nearest =
                    fmin(nearest, smp_length(smp_sub(p, plan->dots[cells[k].point].position_mm)));
        }
    }
    return nearest;
}

// ---- Strengths laid evenly ----------------------------------------------------------------------

// Strengths drawn for each dot on its own gather here and there, and the eye sees patches (low
// frequencies of a few mm are what it sees best, docs/match.md). So they are dealt out along a
// curve that fills space: by the golden ratio every stretch of it gets weak and strong alike.
struct place {
    uint64_t along; // Morton's curve
    uint32_t dot;
};

static int by_place(const void *a, const void *b)
{
    const struct place *p = a, *q = b;
    if (p->along != q->along)
        return p->along < q->along ? -1 : 1;
    return p->dot < q->dot ? -1 : p->dot > q->dot;
}

// Bits of a coordinate three apart; the grid is half a millimetre.
static uint64_t spread_bits(double mm)
{
    const uint64_t v = (uint64_t)smp_clamp((mm + 1000) * 2, 0, 4095);
    uint64_t bits = 0;
    for (int k = 0; k < 12; k++)
        bits |= (v >> k & 1) << (3 * k);
    return bits;
}

static enum smp_code deal(struct draw *draws, const struct smp_plan *plan,
                          struct smp_arena *scratch, struct smp_err *err)
{
    enum { stream_strength = 3 };
    static const double golden = 0.61803398874989485, jitter = 0.1;
    struct place *places = smp_new(scratch, struct place, plan->dot_count);
    if (!places)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the strengths of %zu dots",
                        plan->dot_count);
    for (size_t i = 0; i < plan->dot_count; i++) {
        const struct smp_vec3 p = plan->dots[i].position_mm;
        places[i] =
            (struct place){ spread_bits(p.x) | spread_bits(p.y) << 1 | spread_bits(p.z) << 2,
                            (uint32_t)i };
    }
    qsort(places, plan->dot_count, sizeof *places, by_place);
    struct smp_rng first = smp_rng_make(smp_hash64(plan->from->seed, stream_strength), 0);
    const double start = smp_rng_unit(&first);
    for (size_t k = 0; k < plan->dot_count; k++) {
        const size_t i = places[k].dot;
        struct smp_rng rng =
            smp_rng_make(smp_hash64(plan->from->seed, stream_strength), plan->dots[i].id);
        const double turn = start + golden * (double)k, share = turn - floor(turn);
        const double near = fabs(share + jitter * (smp_rng_unit(&rng) - 0.5));
        draws[i].unit = 2 * (near > 1 ? 2 - near : near) - 1;
    }
    return SMP_OK;
}

// No dot grows until it would stand nearer than the rule's two diameters to another; and with both
// at most half their distance, no pair does.
static enum smp_code prepare(struct draw *draws, const struct smp_plan *plan,
                             struct smp_arena *scratch, struct smp_err *err)
{
    const struct smp_plan_recipe *recipe = &plan->from->recipe;
    const struct smp_number *numbers = plan->from->settings->numbers;
    const double diameters = numbers[SMP_N_GAP_DIAMETERS].value;
    const double widest_um =
        numbers[SMP_N_DOT_MM].value * 1000; // beyond it a dot reads as blown out
    struct smp_cell *cells = smp_new(scratch, struct smp_cell, plan->dot_count);
    double largest_um = 0;
    if (!cells)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the neighbours of %zu dots",
                        plan->dot_count);
    for (size_t i = 0; i < plan->dot_count; i++)
        largest_um = fmax(largest_um, plan->dots[i].diameter_um);
    const double far_mm = diameters * 2 * largest_um / 1000; // no dot is to grow beyond twice
    for (size_t i = 0; i < plan->dot_count; i++)
        cells[i] = (struct smp_cell){ smp_cell_key(plan->dots[i].position_mm, far_mm, 0, 0, 0),
                                      (uint32_t)i };
    qsort(cells, plan->dot_count, sizeof *cells, smp_cell_order);
    for (size_t i = 0; i < plan->dot_count; i++) {
        const struct smp_dot *dot = &plan->dots[i];
        const double room_um = 1000 * nearest_mm(plan, cells, i, far_mm) / diameters;
        draws[i] = (struct draw){
            .base = smp_recipe_strength(recipe, recipe->middle_shade, dot->diameter_um),
            .base_um = dot->diameter_um,
            .cap_um = fmax(dot->diameter_um, fmin(widest_um, floor(room_um - 0.5))),
        };
    }
    return deal(draws, plan, scratch, err);
}

// Shade and diameter for a wish of strength; returns the strength that came of it.
static double set_dot(struct smp_dot *dot, const struct smp_plan_recipe *recipe,
                      const struct draw *draw, const struct spread *spread)
{
    static const double light_below = 0.8, dark_above = 1.2, finest_um = 100;
    const double wish = fmax(0.1, spread->mean * (1 + spread->width * draw->unit));
    size_t shade = recipe->middle_shade;
    if (wish < light_below && shade > 0)
        shade--;
    else if (wish > dark_above && shade + 1 < recipe->shade_count)
        shade++;
    double um = smp_recipe_diameter_um(recipe, shade, wish * draw->base);
    while (um > draw->cap_um && shade + 1 < recipe->shade_count) // no room: darker instead
        um = smp_recipe_diameter_um(recipe, ++shade, wish * draw->base);
    um = round(smp_clamp(um, fmin(finest_um, draw->base_um), draw->cap_um));
    dot->diameter_um = um;
    dot->pigment = (uint8_t)shade;
    return smp_recipe_strength(recipe, shade, um) / draw->base;
}

enum smp_code smp_plan_vary(struct smp_plan *plan, struct smp_arena *scratch, struct smp_err *err)
{
    enum { rounds = 10 };
    const struct smp_plan_recipe *recipe = &plan->from->recipe;
    const struct smp_mark mark = smp_arena_mark(scratch);
    struct draw *draws = smp_new(scratch, struct draw, plan->dot_count);
    if (!draws)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the strengths of %zu dots",
                        plan->dot_count);
    enum smp_code code = prepare(draws, plan, scratch, err);
    struct spread spread = { 1, sqrt(3) * recipe->strength_cv };
    const double count = (double)plan->dot_count;
    for (int k = 0; k < rounds && !code; k++) {
        double sum = 0, squares = 0;
        for (size_t i = 0; i < plan->dot_count; i++) {
            const double s = set_dot(&plan->dots[i], recipe, &draws[i], &spread);
            sum += s;
            squares += s * s;
        }
        plan->strength_mean = sum / count;
        plan->strength_cv =
            sqrt(fmax(0, squares / count - plan->strength_mean * plan->strength_mean)) /
            plan->strength_mean;
        if (k + 1 == rounds)
            break;
        // Caps cut the strongest, which lowers mean and spread: ask for a little more.
        spread.mean = smp_clamp(spread.mean / plan->strength_mean, 0.5, 1.5);
        if (plan->strength_cv > 0)
            spread.width = smp_clamp(spread.width * recipe->strength_cv / plan->strength_cv, 0, 1);
    }
    smp_arena_reset(scratch, mark);
    return code;
}
