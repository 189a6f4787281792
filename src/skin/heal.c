// What time does to a deposit. Every constant is drawn from the range its source allows; sources
// and grades are in data/healing.json, the model in docs/pigments.md.
#include "skin/skin.h"

#include <math.h>

enum { stream_of_fates = 0x6865616c }; // keeps these draws apart from others of the same seed

struct smp_fate smp_fate_median(const struct smp_healing *healing, const struct smp_wear *wear)
{
    struct smp_fate fate = { .wear = *wear };
    for (int i = 0; i < SMP_HEALING_COUNT; i++)
        fate.drawn[i] = healing->constant[i].value;
    fate.median_strength = healing->constant[SMP_HEAL_STRENGTH].value;
    fate.median_height = healing->constant[SMP_HEAL_HEIGHT].value;
    return fate;
}

struct smp_fate smp_fate_draw(const struct smp_healing *healing, const struct smp_wear *wear,
                              uint64_t seed, uint64_t index)
{
    struct smp_fate fate = { .wear = *wear };
    struct smp_rng rng = smp_rng_make(smp_hash64(seed, stream_of_fates), index);
    for (int i = 0; i < SMP_HEALING_COUNT; i++) {
        // Half of the draws on each side of the working value, evenly: it stays the median.
        const struct smp_constant *c = &healing->constant[i];
        const double u = smp_rng_unit(&rng);
        fate.drawn[i] = u < 0.5 ? c->min + 2 * u * (c->value - c->min)
                                : c->value + (2 * u - 1) * (c->max - c->value);
    }
    fate.median_strength = healing->constant[SMP_HEAL_STRENGTH].value;
    fate.median_height = healing->constant[SMP_HEAL_HEIGHT].value;
    return fate;
}

// Factor for a thing that is present to a degree (0 none … 1 full).
static double to_degree(double factor, double degree)
{
    return 1 + (factor - 1) * degree;
}

static double loss_per_year(const struct smp_fate *fate, int fading)
{
    const double *d = fate->drawn;
    const double sun = to_degree(d[SMP_HEAL_SUN], fate->wear.sun * d[SMP_HEAL_SUN_CARBON + fading]);
    const double oil = to_degree(d[SMP_HEAL_OIL], fate->wear.oily);
    const double scar = fate->wear.scarred ? d[SMP_HEAL_SCAR] : 1;
    return sun * oil * scar / d[SMP_HEAL_LIFE_CARBON + fading];
}

static double spread_mm2_per_year(const struct smp_fate *fate)
{
    const double *d = fate->drawn;
    const double scar = fate->wear.scarred ? d[SMP_HEAL_SCAR_SPREAD] : 1;
    return d[SMP_HEAL_SPREAD] * to_degree(d[SMP_HEAL_OIL_SPREAD], fate->wear.oily) * scar;
}

// The look of a deposit is known up to this width (struct smp_deposit_shape): one that has spread
// farther is told as so wide, with all its pigment in it.
static const double widest_mm = 0.8;

// A column that was higher than wide stays one, whatever it gains in width: looks pass into those
// of a ball between 1.1 and 1.
static void keep_column(struct smp_deposit_shape *shape, const struct smp_deposit_shape *healed)
{
    static const double least_ratio = 1.1;
    if (healed->bottom_mm - healed->top_mm > least_ratio * healed->diameter_mm)
        shape->bottom_mm = fmax(shape->bottom_mm, shape->top_mm + least_ratio * shape->diameter_mm);
}

// Variance grows by 2Dt along each axis. An even ball of diameter d has the variance d²/20 along
// an axis, an upright column d²/16 across and h²/12 along; each is held to its own shape. Growth
// is sideways and down: the basement membrane is above.
static struct smp_deposit_shape spread_shape(const struct smp_deposit_shape *healed,
                                             double variance_mm2, double drift_mm)
{
    const double height_mm = healed->bottom_mm - healed->top_mm, d_mm = healed->diameter_mm;
    const bool ball = fabs(height_mm - d_mm) < 1e-6;
    struct smp_deposit_shape shape = *healed;
    shape.diameter_mm = fmin(widest_mm, sqrt(d_mm * d_mm + (ball ? 20 : 16) * variance_mm2));
    shape.top_mm = fmin(2, shape.top_mm + drift_mm);
    const double spread_mm = sqrt(height_mm * height_mm + (ball ? 20 : 12) * variance_mm2);
    shape.bottom_mm = shape.top_mm + (ball ? shape.diameter_mm : spread_mm);
    keep_column(&shape, healed);
    return shape;
}

static double volume(const struct smp_deposit_shape *s)
{
    return s->diameter_mm * s->diameter_mm * (s->bottom_mm - s->top_mm); // but for a constant
}

// The deposit of this fate when healed: the planned one, a little wider or narrower, higher or
// lower, never in the epidermis (what lies there is shed).
static struct smp_deposit_shape healed_shape(const struct smp_fate *fate,
                                             const struct smp_deposit_shape *planned)
{
    const bool ball = fabs(planned->bottom_mm - planned->top_mm - planned->diameter_mm) < 1e-6;
    struct smp_deposit_shape shape = *planned;
    shape.diameter_mm = fmin(widest_mm, shape.diameter_mm * fate->drawn[SMP_HEAL_DIAMETER]);
    const double height_mm = (planned->bottom_mm - planned->top_mm) * shape.diameter_mm /
                             planned->diameter_mm * fate->drawn[SMP_HEAL_HEIGHT] /
                             fate->median_height;
    shape.top_mm = smp_clamp(planned->top_mm + fate->drawn[SMP_HEAL_TOP], 0.08, 2);
    shape.bottom_mm = shape.top_mm + (ball ? shape.diameter_mm : height_mm);
    return shape;
}

struct smp_aged smp_aged_at(const struct smp_fate *fate, const struct smp_deposit_shape *planned,
                            double years)
{
    const double *d = fate->drawn;
    const double days = years * 365.25, since_healed = fmax(0, years - SMP_HEALED_YEARS);
    struct smp_aged aged = { .years = years };

    // 1 when fresh, 0 from the day of "healed" on.
    const double tail = exp(-SMP_HEALED_YEARS * 365.25 / d[SMP_HEAL_DAYS]);
    const double fresh = fmax(0, (exp(-days / d[SMP_HEAL_DAYS]) - tail) / (1 - tail));
    const double loss = d[SMP_HEAL_STRENGTH] / fate->median_strength;
    const double taken_up =
        d[SMP_HEAL_UPTAKE] * (loss + (1 / fate->median_strength - loss) * fresh);

    const struct smp_deposit_shape healed = healed_shape(fate, planned);
    aged.shape = spread_shape(&healed, 2 * spread_mm2_per_year(fate) * since_healed,
                              d[SMP_HEAL_DRIFT] * since_healed);
    const double thinned = volume(&healed) / volume(&aged.shape);
    if (fresh > 0) {
        const bool ball = fabs(healed.bottom_mm - healed.top_mm - healed.diameter_mm) < 1e-6;
        aged.shape.diameter_mm =
            fmin(widest_mm, aged.shape.diameter_mm + d[SMP_HEAL_GROWTH] * fresh);
        if (ball)
            aged.shape.bottom_mm = aged.shape.top_mm + aged.shape.diameter_mm;
        keep_column(&aged.shape, &healed);
    }
    for (int f = 0; f < SMP_FADING_COUNT; f++) {
        const double kept = taken_up * exp(-since_healed * loss_per_year(fate, f));
        aged.strength[f] = kept * thinned;
        aged.amount[f] = aged.strength[f] * volume(&aged.shape) / volume(planned);
    }
    aged.epidermal_share = d[SMP_HEAL_EPIDERMAL] * fresh;
    aged.blood_factor = 1 + (d[SMP_HEAL_REDNESS] - 1) * exp(-days / d[SMP_HEAL_REDNESS_DAYS]);
    return aged;
}

struct smp_skin smp_skin_redder(const struct smp_skin *skin, double factor)
{
    static const double most_blood = 0.34; // beside the water of the dermis
    struct smp_skin red = *skin;
    const double most = fmin(10, most_blood / fmax(red.blood, 1e-6));
    red.papillary_blood = fmax(red.papillary_blood, fmin(most, red.papillary_blood * factor));
    return red;
}
