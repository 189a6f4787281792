// The effect of each drug over no treatment, fitted to arms of trials.
#include "choice/choice.h"

#include <math.h>
#include <string.h>

static const double weeks_a_month = 365.25 / 12 / 7;

// ---- What the fit reads -------------------------------------------------------------------------

struct reader {
    const struct smp_evidence *evidence;
    struct smp_err *err;
    enum smp_code code;
};

static const struct smp_figure *figure(struct reader *r, enum smp_topic topic, const char *id)
{
    static const struct smp_figure absent = { .unit = "" };
    const struct smp_figure *found = smp_figure_find(r->evidence, topic, id);
    if (!found && !r->code)
        r->code = smp_fail(r->err, SMP_E_INPUT, "the figure %s of evidence/%s.json is missing", id,
                           smp_topic_names[topic]);
    return found ? found : &absent;
}

static double value(struct reader *r, enum smp_topic topic, const char *id)
{
    return figure(r, topic, id)->value;
}

// Of a time that figures give in weeks or months.
static double months_of(struct reader *r, const char *id)
{
    const struct smp_figure *f = figure(r, SMP_TOPIC_MEDICATION, id);
    return strcmp(f->unit, "weeks") == 0 ? f->value / weeks_a_month : f->value;
}

// ---- The untreated ------------------------------------------------------------------------------

// Persons' rates are log-normal with the mean of the untreated; their spread is the one at which
// as many lose what can be noticed in five years as were visibly worse.
static void fit_loss(struct smp_medication *fit, struct reader *r)
{
    const double worse = value(r, SMP_TOPIC_LOSS, "men.untreated.worse.60-months") / 100;
    const double noticed = value(r, SMP_TOPIC_LOSS, "noticed.self") / 100;
    fit->loss_rate = value(r, SMP_TOPIC_LOSS, "untreated.rate") / 100;
    fit->trial_per_cm2 = value(r, SMP_TOPIC_MEDICATION, "finasteride.men.baseline");
    if (r->code)
        return;
    const double least = 1 - pow(1 - noticed, 1.0 / 5);
    // P(rate > least) falls with sigma where the mean is above least: bisect.
    double low = 1e-3, high = 2;
    for (int i = 0; i < 60; i++) {
        const double sigma = (low + high) / 2;
        const double z = (log(least / fit->loss_rate) + sigma * sigma / 2) / sigma;
        *(0.5 * erfc(z / sqrt(2)) > worse ? &low : &high) = sigma;
    }
    fit->loss_sigma = (low + high) / 2;
    if (!(fit->loss_rate > least && fit->loss_rate < 1 && fit->trial_per_cm2 > 0 &&
          fit->loss_sigma > 0.01 && fit->loss_sigma < 1.99))
        r->code = smp_fail(r->err, SMP_E_INPUT,
                           "untreated.rate, men.untreated.worse.60-months and noticed.self of "
                           "evidence/loss.json do not go together: %g %% a year, %g %% worse, "
                           "noticed from %g %%",
                           100 * fit->loss_rate, 100 * worse, 100 * noticed);
}

// ---- The drugs ----------------------------------------------------------------------------------

// What a drug had over placebo: of two arms, or as the source gives it (placebo NULL); or over
// another drug that is fitted before it (or that drug over this one: below).
struct contrast {
    const char *active, *placebo;
    double weeks;
    enum smp_treatment base; // SMP_TREAT_PLACEBO: none
    bool below;
};

struct recipe {
    enum smp_treatment treatment;
    double held;
    const char *tau, *lost, *dropped, *stop;
    struct contrast contrasts[3]; // active NULL ends
};

#define TABLET                                                                                     \
    "course.time-constant", "finasteride.stopping", "course.tablet.dropped",                       \
        "course.tablet.stop-months"
#define LOTION                                                                                     \
    "course.time-constant.topical", "minoxidil.stopping", "minoxidil.dropped",                     \
        "course.minoxidil.stop-months"
#define ORAL                                                                                       \
    "course.time-constant.topical", "minoxidil.stopping", "course.tablet.dropped",                 \
        "course.tablet.stop-months"
static const struct recipe recipes[] = {
    { SMP_TREAT_FINASTERIDE,
      1,
      TABLET,
      { { .active = "finasteride.men.over-placebo.12-months", .weeks = 52 },
        { .active = "finasteride.men.over-placebo.24-months", .weeks = 104 },
        { .active = "finasteride.men.over-placebo.60-months", .weeks = 260 } } },
    { SMP_TREAT_DUTASTERIDE,
      1,
      TABLET,
      { { .active = "dutasteride-0.5.men.24-weeks.2014",
          .placebo = "placebo.men.24-weeks.2014",
          .weeks = 24 },
        { .active = "dutasteride-0.5.men.24-weeks.2006",
          .placebo = "placebo.men.24-weeks.2006",
          .weeks = 24 },
        { .active = "dutasteride-0.5.men.24-weeks.2010",
          .placebo = "placebo.men.24-weeks.2010",
          .weeks = 24 } } },
    { SMP_TREAT_MINOXIDIL_5,
      0,
      LOTION,
      { { .active = "minoxidil-5-foam.men.16-weeks",
          .placebo = "placebo-foam.men.16-weeks",
          .weeks = 16 },
        { .active = "minoxidil-5.men.26-weeks",
          .placebo = "placebo.men.26-weeks",
          .weeks = 26 } } },
    { SMP_TREAT_MINOXIDIL_2,
      0,
      LOTION,
      { { .active = "minoxidil-2.men.48-weeks",
          .placebo = "placebo.men.48-weeks",
          .weeks = 48 } } },
    { SMP_TREAT_BOTH,
      1,
      LOTION,
      { { "both.over-minoxidil", NULL, 24, SMP_TREAT_MINOXIDIL_5, false } } },
    { SMP_TREAT_ORAL_MINOXIDIL,
      0,
      ORAL,
      { { "oral-minoxidil-5.over-topical.vertex", NULL, 24, SMP_TREAT_MINOXIDIL_5, false },
        { "dutasteride.over-oral-minoxidil-5", NULL, 24, SMP_TREAT_DUTASTERIDE, true } } },
};

// A contrast as over no treatment, in hairs/cm2.
static double seen_over(const struct smp_medication *fit, const struct contrast *c,
                        struct reader *r)
{
    const struct smp_drug *base = &fit->drugs[c->base];
    const double months = c->weeks / weeks_a_month;
    double over = value(r, SMP_TOPIC_MEDICATION, c->active);
    if (c->placebo)
        over -= value(r, SMP_TOPIC_MEDICATION, c->placebo);
    if (c->base == SMP_TREAT_PLACEBO || r->code)
        return over;
    return (c->below ? -over : over) + base->gain_per_cm2 * (1 - exp(-months / base->tau_months)) +
           base->held * fit->trial_per_cm2 * (1 - pow(1 - fit->loss_rate, months / 12));
}

// Standard error of a contrast: of its arms' spread and persons, or a quarter of the figure as the
// half-width of its band where a source gives neither; and of the drug that it is over.
static double error_of(const struct smp_medication *fit, const struct contrast *c, struct reader *r)
{
    const char *const ids[] = { c->active, c->placebo };
    double variance = 0;
    if (c->base != SMP_TREAT_PLACEBO)
        variance = pow(fit->drugs[c->base].gain_se_per_cm2, 2);
    for (size_t i = 0; i < 2 && ids[i]; i++) {
        const struct smp_figure *f = figure(r, SMP_TOPIC_MEDICATION, ids[i]);
        if (f->spread == SMP_SPREAD_CI95)
            variance += pow((f->high - f->low) / 2 / 1.96, 2);
        else if (f->spread == SMP_SPREAD_SD && f->n)
            variance += f->sd * f->sd / (double)f->n;
        else
            variance += pow(0.25 * f->value / 1.96, 2);
    }
    return sqrt(variance);
}

// Least squares of one number, the gain; its error by the residuals or by the contrasts' own,
// whichever is larger.
static void fit_drug(struct smp_medication *fit, const struct recipe *from, struct reader *r)
{
    struct smp_drug *drug = &fit->drugs[from->treatment];
    drug->held = from->held;
    drug->tau_months = months_of(r, from->tau);
    drug->lost_months = months_of(r, from->lost);
    drug->stop_share = value(r, SMP_TOPIC_MEDICATION, from->dropped) / 100;
    drug->stop_months = months_of(r, from->stop);
    double shape[3], over[3], xy = 0, xx = 0, rest = 0, own = 0;
    size_t count = 0;
    for (; count < 3 && from->contrasts[count].active && !r->code; count++) {
        const struct contrast *c = &from->contrasts[count];
        const double months = c->weeks / weeks_a_month;
        over[count] = seen_over(fit, c, r) -
                      drug->held * fit->trial_per_cm2 * (1 - pow(1 - fit->loss_rate, months / 12));
        shape[count] = 1 - exp(-months / drug->tau_months);
        xy += shape[count] * over[count];
        xx += shape[count] * shape[count];
        own += pow(shape[count] * error_of(fit, c, r), 2);
    }
    if (r->code)
        return;
    drug->gain_per_cm2 = xy / xx;
    for (size_t i = 0; i < count; i++)
        rest += pow(over[i] - shape[i] * drug->gain_per_cm2, 2);
    const double scatter = count > 1 ? sqrt(rest / (double)(count - 1) / xx) : 0;
    drug->gain_se_per_cm2 = fmax(scatter, sqrt(own) / xx);
    if (!(drug->gain_per_cm2 > 0 && drug->tau_months > 0 && drug->lost_months > 0 &&
          drug->stop_months > 0))
        r->code = smp_fail(r->err, SMP_E_INPUT,
                           "the figures of %s in evidence/medication.json give no gain over no "
                           "treatment: %g hairs/cm2",
                           smp_treatment_names[from->treatment], drug->gain_per_cm2);
}

// An arm's spread beyond its placebo's is that of the response; both hold the counting error.
static void fit_response(struct smp_medication *fit, struct reader *r)
{
    const struct smp_figure *active =
        figure(r, SMP_TOPIC_MEDICATION, "minoxidil-5-foam.men.16-weeks");
    const struct smp_figure *placebo = figure(r, SMP_TOPIC_MEDICATION, "placebo-foam.men.16-weeks");
    const struct smp_drug *drug = &fit->drugs[SMP_TREAT_MINOXIDIL_5];
    if (r->code)
        return;
    const double gained = drug->gain_per_cm2 * (1 - exp(-16 / weeks_a_month / drug->tau_months));
    const double beyond = active->sd * active->sd - placebo->sd * placebo->sd;
    if (!(beyond > 0))
        r->code = smp_fail(r->err, SMP_E_INPUT,
                           "evidence/medication.json: the sd of %s must be above that of %s",
                           active->id, placebo->id);
    else
        fit->response_cv = sqrt(beyond) / gained;
}

enum smp_code smp_medication_fit(struct smp_medication *fit, const struct smp_evidence *evidence,
                                 struct smp_err *err)
{
    struct smp_medication made = { 0 };
    struct reader r = { evidence, err, SMP_OK };
    fit_loss(&made, &r);
    for (size_t i = 0; i < sizeof recipes / sizeof *recipes && !r.code; i++)
        fit_drug(&made, &recipes[i], &r);
    fit_response(&made, &r);
    if (!r.code)
        *fit = made;
    return r.code;
}
