// Inputs in units that a person knows: what a place among persons stands for on one option.
#include "choice/choice_impl.h"

#include <math.h>

struct told {
    double value;
    const char *unit;
};

static struct told of_drug(const struct smp_prospect *at, enum smp_input input, double x,
                           const struct smp_parts *parts)
{
    const struct smp_drug *drug = &at->medication.drugs[parts->drug];
    const double years = at->params.years;
    switch (input) {
    case SMP_IN_RESPONSE:
        return (struct told){ smp_drug_response(&at->medication, x) * drug->gain_per_cm2,
                              "hairs/cm2" };
    case SMP_IN_GAIN:
        return (struct told){ fmax(drug->gain_per_cm2 + x * drug->gain_se_per_cm2, 0),
                              "hairs/cm2" };
    case SMP_IN_STOP: // stopped by the middle of those who stop, or kept up all the years
        return (struct told){ x < drug->stop_share ? fmin(smp_stop_years(drug, 0.5), years) : years,
                              "years" };
    case SMP_IN_STOP_WHEN:
        return (struct told){ fmin(smp_stop_years(drug, x), years), "years" };
    case SMP_IN_DRUG_HOURS:
        return (struct told){ smp_span_at(at->drug_hours[parts->drug], x), "hours/year" };
    default:
        return (struct told){ smp_span_at(at->drug_price[parts->drug], x), NULL };
    }
}

static struct told of_surgery(const struct smp_prospect *at, enum smp_input input, double x,
                              const struct smp_parts *parts)
{
    const int surgery = parts->surgery == SMP_SURGERY_FUT ? SMP_SURGERY_FUT : SMP_SURGERY_FUE;
    const double low = at->survival_low[surgery];
    switch (input) {
    case SMP_IN_LIFETIME:
        return (struct told){ 100 * (at->lifetime_low + x * (at->lifetime_high - at->lifetime_low)),
                              "percent" };
    case SMP_IN_SURVIVAL:
        return (struct told){ 100 * (low + x * (fmax(at->survival_high, low) - low)), "percent" };
    default:
        return (struct told){ smp_span_at(at->graft_price[surgery], x), NULL };
    }
}

// Distance from which the healed dots read as stubble.
static struct told of_dots(const struct smp_prospect *at, double z)
{
    const struct smp_dots_course *dots = at->params.dots;
    if (!dots || dots->impossible)
        return (struct told){ 0, "m" };
    return (struct told){ smp_casual_mm(dots, SMP_AT_HEALED, z) / 1000, "m" };
}

static struct told of_person(const struct smp_prospect *at, enum smp_input input, double x)
{
    const struct smp_case *from = at->params.from;
    if (input == SMP_IN_SPEED)
        return (struct told){ smp_speed_at(&at->speed, x), "classes/year" };
    return (struct told){ smp_grey_onset(&at->grey, from->age, from->person.grey_percent, x),
                          "years" };
}

static struct told of_figure(const struct smp_prospect *at, enum smp_input input, double x)
{
    const struct smp_figure *figure = smp_input_figure(at, input);
    const bool placed = smp_input_kind(input) != SMP_IN_FIGURE;
    return (struct told){ placed ? smp_span_at(at->spans[input], x) : x,
                          figure ? figure->unit : "" };
}

double smp_input_told(const char **unit, const struct smp_prospect *prospect, enum smp_input input,
                      double x, const struct smp_parts *parts)
{
    struct told told;
    switch (input) {
    case SMP_IN_SPEED:
    case SMP_IN_GREY:
        told = of_person(prospect, input, x);
        break;
    case SMP_IN_RESPONSE:
    case SMP_IN_GAIN:
    case SMP_IN_STOP:
    case SMP_IN_STOP_WHEN:
    case SMP_IN_DRUG_HOURS:
    case SMP_IN_DRUG_PRICE:
        told = of_drug(prospect, input, x, parts);
        break;
    case SMP_IN_LIFETIME:
    case SMP_IN_SURVIVAL:
    case SMP_IN_GRAFT_PRICE:
        told = of_surgery(prospect, input, x, parts);
        break;
    case SMP_IN_DOTS:
        told = of_dots(prospect, x);
        break;
    case SMP_IN_SMP_PRICE:
        told = (struct told){ smp_span_at(prospect->course_price, x), NULL };
        break;
    case SMP_IN_TOUCH_UP_PRICE:
        told = (struct told){ smp_span_at(prospect->touch_up_price, x), NULL };
        break;
    case SMP_IN_PIECE_PRICE:
        told = (struct told){ smp_span_at(prospect->piece_price, x), NULL };
        break;
    case SMP_IN_SMP_HOURS:
        told = (struct told){ smp_course_hours(prospect, x), "hours" };
        break;
    default:
        told = of_figure(prospect, input, x);
        break;
    }
    *unit = told.unit ? told.unit : prospect->params.from->currency;
    return told.value;
}
