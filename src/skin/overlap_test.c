// The rule of overlap: what a field of like objects leaves of the light (src/skin/overlap.c), held
// against runs with the whole field in the skin.
//
// One path under one field tells both what the field takes and, object by object, what each would
// take alone: its mean is n·D. So the rule's own error is known ten times better than either.
#include "harness.h"
#include "skin/adjoint_impl.h"
#include "skin/skin.h"

#include <math.h>

enum { batches = 8, shifts = 4, met_max = 2048 };

struct field {
    double per_cm2;
    double diameter_mm, top_mm, height_ratio; // of dots (1: balls); a shaft's calibre, 0, 0
    double exit_deg;                          // of shafts; 0: dots
    double mua_per_mm, nm;
    double jitter;   // of the hexagonal lattice; a tenth of the spacing and more as on scalps
    int phototype;   // 0 to 3: I, III, V, VI; 4: the light skin of match.md
    double measured; // darkening of a lattice of balls by the prototype of match.md; 0: none
};

static const double skins[5][2] = {
    { 0.01, 0.005 }, { 0.05, 0.008 }, { 0.12, 0.008 }, { 0.25, 0.012 }, { 0.02, 0.005 }
};
static const double hairs_share[4] = { 0.20, 0.45, 0.30, 0.05 }; // of units with 1 to 4 shafts

static struct smp_skin skin_of(const struct field *f)
{
    struct smp_skin skin = smp_skin_default();
    skin.papillary_blood = 1;
    skin.melanin = skins[f->phototype][0];
    skin.blood = skins[f->phototype][1];
    return skin;
}

struct met {
    int column, row;
    double length_mm;
};
struct meeting {
    struct met met[met_max];
    int count;
};

static void add(struct meeting *m, int column, int row, double length_mm)
{
    int k = m->count - 1;
    while (k >= 0 && (m->met[k].column != column || m->met[k].row != row))
        k--;
    if (k < 0 && m->count == met_max)
        return;
    if (k < 0)
        m->met[k = m->count++] = (struct met){ column, row, 0 };
    m->met[k].length_mm += length_mm;
}

static double inside_dot(const struct field *f, const struct smp_segment *s)
{
    const double r = 0.5 * f->diameter_mm, height = f->height_ratio * f->diameter_mm;
    const double flat = s->x * s->dx + s->y * s->dy, aside = s->x * s->x + s->y * s->y - r * r;
    double a, b;
    if (f->height_ratio == 1) {
        const double z = s->z - f->top_mm - r;
        smp_segment_inside(s->length * s->length, flat + z * s->dz, aside + z * z, &a, &b);
    } else {
        smp_segment_inside(s->dx * s->dx + s->dy * s->dy, flat, aside, &a, &b);
        if (a < b)
            smp_segment_between(s, f->top_mm, f->top_mm + height, &a, &b);
    }
    return a < b ? (b - a) * s->length : 0;
}

// In all shafts of a unit, which lean towards +x.
static double inside_unit(const struct field *f, const struct smp_segment *s, struct smp_rng *own)
{
    const double sine = sin(f->exit_deg * SMP_PI / 180), cosine = cos(f->exit_deg * SMP_PI / 180);
    const double r = 0.5 * f->diameter_mm;
    const struct smp_segment along = { .z = s->x * cosine + s->z * sine,
                                       .dz = s->dx * cosine + s->dz * sine };
    double draw = smp_rng_unit(own), length_mm = 0;
    int hairs = 1;
    while (hairs < 4 && draw >= hairs_share[hairs - 1])
        draw -= hairs_share[hairs++ - 1];
    const double turn = 2 * SMP_PI * smp_rng_unit(own);
    for (int k = 0; k < hairs; k++) {
        const struct smp_vec2 place = smp_shaft_place_mm(k, hairs, f->diameter_mm, turn);
        const double u = s->y - place.x, v = s->x * sine - s->z * cosine - place.y;
        const double dv = s->dx * sine - s->dz * cosine;
        double a, b;
        smp_segment_inside(s->dy * s->dy + dv * dv, u * s->dy + v * dv, u * u + v * v - r * r, &a,
                           &b);
        if (!(a < b))
            continue;
        smp_segment_between(&along, -1, SMP_SHAFT_LENGTH_MM, &a, &b);
        length_mm += a < b ? (b - a) * s->length : 0;
    }
    return length_mm;
}

// How the field lies for one path.
struct lie {
    struct smp_vec2 origin;
    double turn_rad;
    uint64_t seed;
};

static void meet_segment(struct meeting *m, const struct field *f, const struct smp_segment *s,
                         uint64_t seed)
{
    const double step = sqrt(2 / (sqrt(3.0) * f->per_cm2 / 100)), line = step * sqrt(0.75);
    const double strays = 2.5 * f->jitter * step;
    const double reach = 0.5 * f->diameter_mm + strays + (f->exit_deg > 0 ? 0.12 : 0);
    const double back = f->exit_deg > 0 ? 2.4 * cos(f->exit_deg * SMP_PI / 180) + 0.1 : 0;
    const int low = (int)ceil((fmin(s->y, s->y + s->dy) - reach) / line);
    const int high = (int)floor((fmax(s->y, s->y + s->dy) + reach) / line);
    for (int row = low; row <= high; row++) {
        const double odd = row % 2 ? 0.5 * step : 0;
        const int left = (int)ceil((fmin(s->x, s->x + s->dx) - reach - back - odd) / step);
        const int right = (int)floor((fmax(s->x, s->x + s->dx) + reach - odd) / step);
        for (int column = left; column <= right; column++) {
            struct smp_rng own =
                smp_rng_make(seed, (uint64_t)(uint32_t)column << 32 | (uint32_t)row);
            struct smp_segment at = *s;
            at.x -= column * step + odd;
            at.y -= row * line;
            if (f->jitter > 0) {
                at.x -= f->jitter * step * smp_clamp(smp_rng_normal(&own), -2.5, 2.5);
                at.y -= f->jitter * step * smp_clamp(smp_rng_normal(&own), -2.5, 2.5);
            }
            const double mm = f->exit_deg > 0 ? inside_unit(f, &at, &own) : inside_dot(f, &at);
            if (mm > 0)
                add(m, column, row, mm);
        }
    }
}

static void meet(struct meeting *m, const struct smp_path *path, const struct field *f,
                 const struct lie *lie)
{
    const double c = cos(lie->turn_rad), s = sin(lie->turn_rad);
    const double bottom = f->exit_deg > 0 ? 2.4 * sin(f->exit_deg * SMP_PI / 180) + 0.1
                                          : f->top_mm + f->height_ratio * f->diameter_mm;
    m->count = 0;
    for (int i = 0; i + 1 < path->count; i++) {
        const double x = (double)path->x[i], y = (double)path->y[i], z = (double)path->z[i];
        const double dx = (double)path->x[i + 1] - x, dy = (double)path->y[i + 1] - y;
        const double dz = (double)path->z[i + 1] - z;
        if (fmin(z, z + dz) > bottom || fmax(z, z + dz) < f->top_mm)
            continue;
        const struct smp_segment segment = { c * x - s * y + lie->origin.x,
                                             s * x + c * y + lie->origin.y,
                                             z,
                                             c * dx - s * dy,
                                             s * dx + c * dy,
                                             dz,
                                             sqrt(dx * dx + dy * dy + dz * dz) };
        meet_segment(m, f, &segment, lie->seed);
    }
}

struct seen {
    double darkening, rule; // of the field; by the rule, with n·D of the same paths
    double n_area;
    double darkening_error, rule_error, area_error; // standard errors
};

static double from_mean(double *error, const double values[batches])
{
    double sum = 0, square = 0;
    for (int k = 0; k < batches; k++)
        sum += values[k] / batches;
    for (int k = 0; k < batches; k++)
        square += (values[k] - sum) * (values[k] - sum);
    *error = sqrt(square / (batches * (batches - 1)));
    return sum;
}

static void walk(struct smp_path *path, const struct smp_stack *stack, const struct field *f,
                 struct smp_rng *rng, double sums[3])
{
    static struct meeting m;
    struct smp_bed bed = { .g = 0.8, .n = 1.4 };
    double bottom = 0, depth = 0;
    for (int l = 0; l < SMP_BED_LAYERS; l++) {
        bed.mus_per_mm[l] = stack->layer[l].mus_per_mm;
        bottom += stack->layer[l].thickness_mm;
        if (l < SMP_BED_LAYERS - 1)
            bed.bottom_mm[l] = bottom;
    }
    if (!smp_path_walk(path, &bed, rng))
        return;
    for (int l = 0; l < SMP_BED_LAYERS; l++)
        depth += (stack->layer[l].mua_per_mm - SMP_PATH_MUA_PER_MM) * path->length_mm[l];
    if (depth > 15)
        return;
    sums[0] += exp(-depth);
    for (int s = 0; s < shifts; s++) {
        const struct lie lie = { { 9 * smp_rng_unit(rng), 9 * smp_rng_unit(rng) },
                                 2 * SMP_PI * smp_rng_unit(rng),
                                 smp_rng_u32(rng) };
        meet(&m, path, f, &lie);
        double length_mm = 0, alone = 0;
        for (int k = 0; k < m.count; k++) {
            length_mm += m.met[k].length_mm;
            alone += 1 - exp(-f->mua_per_mm * m.met[k].length_mm);
        }
        sums[1] += exp(-depth) * (1 - exp(-f->mua_per_mm * length_mm)) / shifts;
        sums[2] += exp(-depth) * alone / shifts;
    }
}

// Contrast at an object's middle and D, by the table.
static double takes_of(double *area_mm2, const struct field *f, const struct smp_skin *skin)
{
    const struct smp_deposit_shape dot = { f->top_mm, f->top_mm + f->height_ratio * f->diameter_mm,
                                           f->diameter_mm };
    *area_mm2 = f->exit_deg > 0 ? 0 : smp_look_area_mm2(&dot, skin, f->nm, f->mua_per_mm, 0);
    if (!(f->exit_deg > 0))
        return smp_look_contrast(&dot, skin, f->nm, f->mua_per_mm, 0, 0);
    double contrast = 0;
    for (int k = 0; k < 4; k++) {
        const struct smp_shafts shafts = { k + 1, f->diameter_mm, f->exit_deg };
        contrast +=
            hairs_share[k] * smp_shaft_contrast(&shafts, skin, f->nm, f->mua_per_mm, 0.06, 0);
        *area_mm2 += hairs_share[k] * smp_shaft_area_mm2(&shafts, skin, f->nm, f->mua_per_mm);
    }
    return contrast;
}

static double left_by(const struct field *f, double n_area, double contrast, double bare)
{
    return f->exit_deg > 0 ? smp_shafts_keep(n_area, contrast, bare, f->exit_deg)
                           : smp_dots_keep(n_area, contrast, bare);
}

static double bare_of(const struct smp_stack *stack)
{
    struct smp_arena scratch;
    struct smp_flux flux;
    struct smp_err err = { 0 };
    smp_arena_make(&scratch, 0);
    ck_assert(!smp_stack_reflect(&flux, stack, SMP_LIGHT_COLLIMATED, 12, &scratch, &err));
    smp_arena_drop(&scratch);
    return flux.diffuse_reflectance;
}

static struct seen look_at(const struct field *f, double contrast)
{
    const struct smp_skin skin = skin_of(f);
    struct smp_stack stack;
    struct smp_path *path = calloc(1, sizeof *path);
    struct smp_rng rng = smp_rng_make(3, 0);
    double dark[batches], off[batches], area[batches];
    ck_assert_ptr_nonnull(path);
    smp_skin_stack(&stack, &skin, f->nm);
    const double bare = bare_of(&stack);
    for (int k = 0; k < batches; k++) {
        double sums[3] = { 0 };
        for (int i = 0; i < (f->nm > 620 ? 1200 : 600); i++) // red light strays farthest
            walk(path, &stack, f, &rng, sums);
        dark[k] = sums[1] / sums[0];
        area[k] = sums[2] / sums[0];
        off[k] = 1 - left_by(f, area[k], contrast, bare) - dark[k];
    }
    free(path);
    struct seen seen;
    seen.darkening = from_mean(&seen.darkening_error, dark);
    seen.n_area = from_mean(&seen.area_error, area);
    seen.rule = seen.darkening + from_mean(&seen.rule_error, off);
    return seen;
}

static void holds(const struct field *f)
{
    // The rule is for patterns as irregular as a scalp's; in a perfect lattice dots are kept apart
    // a little better.
    const double within = f->jitter > 0 ? 0.01 : 0.015;
    const struct smp_skin skin = skin_of(f);
    double area_mm2;
    const double contrast = takes_of(&area_mm2, f, &skin);
    const struct seen s = look_at(f, contrast);
    printf("# %g nm, %g per cm²: n·D %.3f ± %.3f, table %.3f; dark %.4f ± %.4f, rule %.4f ± %.4f\n",
           f->nm, f->per_cm2, s.n_area, s.area_error, f->per_cm2 / 100 * area_mm2, s.darkening,
           s.darkening_error, s.rule, s.rule_error);
    ck_assert_msg(s.rule_error < 0.004, "not counted well enough: %g", s.rule_error);
    ck_assert_msg(fabs(s.rule - s.darkening) < within + 2 * s.rule_error,
                  "%g nm, %g per cm²: rule %g, direct %g ± %g", f->nm, f->per_cm2, s.rule,
                  s.darkening, s.rule_error);
    // And with D as the table has it: within 5 %.
    ck_assert_msg(fabs(f->per_cm2 / 100 * area_mm2 - s.n_area) < 0.05 * s.n_area + 2 * s.area_error,
                  "%g nm: D %g, direct %g ± %g", f->nm, area_mm2, s.n_area / f->per_cm2 * 100,
                  s.area_error / f->per_cm2 * 100);
    // The reference's runs lost the light below 3 mm, which in the red darkens less and comes back
    // from far (docs/optics.md): there ours stay higher, by up to a twentieth.
    const double lost = f->nm > 600 ? 0.05 * f->measured : 0;
    if (f->measured > 0)
        ck_assert_msg(fabs(s.darkening - f->measured) < 0.01 + lost + 2 * s.darkening_error,
                      "direct %g, measured %g", s.darkening, f->measured);
}

START_TEST(the_rule_holds_for_the_fields_of_the_prototype)
{
    holds(&(struct field){ 100, 0.3, 0.1, 1, 0, 10, 550, 0, 4, 0.155 });
    holds(&(struct field){ 150, 0.2, 0.2, 1, 0, 10, 550, 0, 4, 0.086 });
    holds(&(struct field){ 150, 0.3, 0.1, 1, 0, 50, 550, 0, 4, 0.261 });
    holds(&(struct field){ 250, 0.3, 0.1, 1, 0, 10, 550, 0, 4, 0.329 });
    holds(&(struct field){ 150, 0.3, 0.1, 1, 0, 10, 650, 0, 4, 0.334 });
    holds(&(struct field){ 250, 0.4, 0.1, 1, 0, 10, 550, 0, 4, 0.456 });
}
END_TEST

START_TEST(the_rule_holds_for_columns_on_four_phototypes)
{
    for (int k = 0; k < 4; k++)
        holds(&(struct field){ 180, 0.26, 0.12, 1.3, 0, 20, 560, 0.155, k, 0 });
    holds(&(struct field){ 90, 0.32, 0.15, 1.3, 0, 15, 460, 0.155, 1, 0 });
    holds(&(struct field){ 250, 0.3, 0.1, 1, 0, 10, 550, 0.155, 4, 0 });
}
END_TEST

START_TEST(the_rule_holds_in_red_light_and_for_deep_dots)
{
    holds(&(struct field){ 120, 0.3, 0.15, 1.3, 0, 30, 640, 0.155, 0, 0 });
    holds(&(struct field){ 200, 0.3, 0.2, 1, 0, 10, 650, 0.155, 4, 0 });
    holds(&(struct field){ 90, 0.35, 0.4, 1.3, 0, 10, 620, 0.155, 2, 0 });
}
END_TEST

START_TEST(the_rule_holds_for_stubble_on_four_phototypes)
{
    static const double nm[4] = { 630, 550, 610, 660 }, exits[4] = { 45, 30, 60, 45 };
    for (int k = 0; k < 4; k++)
        holds(&(struct field){ 75, 0.07, 0, 0, exits[k], 26 * pow(nm[k] / 550, -4.4), nm[k], 0.155,
                               k, 0 });
    holds(&(struct field){ 90, 0.07, 0, 0, 45, 159, 520, 0.155, 0, 0 }); // black
}
END_TEST

START_TEST(nothing_is_taken_twice)
{
    // Few objects take n·D; more never leave more light, nor less than none; white ones give light.
    for (int k = 0; k < 4; k++) {
        const double bare = 0.6 - 0.18 * k;
        ck_assert_double_eq_tol(smp_dots_keep(1e-4, 0.4, bare), 1 - 1e-4, 2e-5);
        ck_assert_double_eq_tol(smp_shafts_keep(1e-4, 0.4, bare, 45), 1 - 1e-4, 2e-5);
        ck_assert(smp_dots_keep(0, 0.4, bare) == 1 && smp_dots_keep(-0.1, -0.1, bare) > 1);
        double dots = 1, shafts = 1;
        for (int i = 1; i < 60; i++) {
            const double d = smp_dots_keep(0.1 * i, 0.4, bare);
            const double s = smp_shafts_keep(0.1 * i, 0.4, bare, 45);
            ck_assert(d < dots && d > 0 && s < shafts && s > 0);
            dots = d;
            shafts = s;
        }
    }
}
END_TEST

SMP_TEST_MAIN("overlap", the_rule_holds_for_the_fields_of_the_prototype,
              the_rule_holds_for_columns_on_four_phototypes,
              the_rule_holds_in_red_light_and_for_deep_dots,
              the_rule_holds_for_stubble_on_four_phototypes, nothing_is_taken_twice)
