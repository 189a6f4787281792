// Hair over the years of one person, and bands over many.
#include "choice/choice.h"

#include <math.h>
#include <stdlib.h>

// A log-normal factor of mean 1 whose logarithm has this sigma.
static double factor(double sigma, double normal)
{
    return exp(sigma * normal - sigma * sigma / 2);
}

struct smp_person smp_person_middle(const struct smp_medication *fit)
{
    return (struct smp_person){ fit->loss_rate, 1, (double)INFINITY, 0 };
}

struct smp_person smp_person_draw(const struct smp_medication *fit, enum smp_treatment treatment,
                                  uint64_t seed, uint64_t number)
{
    const struct smp_drug *drug = &fit->drugs[treatment];
    struct smp_rng rng = smp_rng_make(smp_hash64(seed, number), 1);
    struct smp_person person = smp_person_middle(fit);
    person.loss_rate *= factor(fit->loss_sigma, smp_rng_normal(&rng));
    person.loss_rate = fmin(person.loss_rate, 0.9);
    const double sigma = sqrt(log1p(fit->response_cv * fit->response_cv));
    person.response = factor(sigma, smp_rng_normal(&rng));
    person.gain_off = smp_rng_normal(&rng);
    const double stops = smp_rng_unit(&rng), when = smp_rng_unit(&rng);
    if (stops < drug->stop_share)
        person.stops_months = -drug->stop_months * log1p(-when);
    return person;
}

// What a drug taken so long without a break has over no treatment.
static double effect(const struct smp_medication *fit, const struct smp_drug *drug,
                     const struct smp_person *person, double start_per_cm2, double months)
{
    const double gain = fmax(drug->gain_per_cm2 + person->gain_off * drug->gain_se_per_cm2, 0);
    const double there = fmin(start_per_cm2 / fit->trial_per_cm2, 1);
    const double loss = start_per_cm2 * (1 - pow(1 - person->loss_rate, months / 12));
    return gain * there * person->response * (1 - exp(-months / drug->tau_months)) +
           drug->held * loss;
}

double smp_hairs_after(const struct smp_medication *fit, enum smp_treatment treatment,
                       const struct smp_person *person, double start_per_cm2, double full_per_cm2,
                       double months)
{
    const struct smp_drug *drug = &fit->drugs[treatment];
    const double untreated = start_per_cm2 * pow(1 - person->loss_rate, months / 12);
    if (!(drug->gain_per_cm2 > 0))
        return untreated;
    const double taken = fmin(months, person->stops_months);
    double over = effect(fit, drug, person, start_per_cm2, taken);
    if (months > taken)
        over *= exp(-3 * (months - taken) / drug->lost_months);
    return fmin(untreated + over, fmax(full_per_cm2, untreated));
}

// ---- Bands --------------------------------------------------------------------------------------

struct run {
    const struct smp_medication *fit;
    enum smp_treatment treatment;
    double start_per_cm2, full_per_cm2, months;
    uint64_t seed;
    double *hairs;
};

static void run_persons(void *context, size_t begin, size_t end)
{
    const struct run *run = context;
    for (size_t i = begin; i < end; i++) {
        const struct smp_person person = smp_person_draw(run->fit, run->treatment, run->seed, i);
        run->hairs[i] = smp_hairs_after(run->fit, run->treatment, &person, run->start_per_cm2,
                                        run->full_per_cm2, run->months);
    }
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(const double *sorted, size_t count, double share)
{
    const double at = share * (double)(count - 1);
    const size_t below = (size_t)at;
    const size_t above = below + 1 < count ? below + 1 : below;
    return sorted[below] + (at - (double)below) * (sorted[above] - sorted[below]);
}

static enum smp_code check(const double *months, size_t count, double start_per_cm2,
                           double full_per_cm2, size_t persons, struct smp_err *err)
{
    enum smp_code code = smp_check_number(start_per_cm2, "start", "hairs/cm2", 0, 500, "hair", err);
    if (!code)
        code = smp_check_number(full_per_cm2, "full", "hairs/cm2", 0, 500, "hair", err);
    if (!code)
        code = smp_check_number((double)persons, "persons", "", SMP_PERSONS_MIN, SMP_PERSONS_MAX,
                                "hair", err);
    for (size_t i = 0; i < count && !code; i++)
        code = smp_check_number(months[i], "months", "", 0, 1200, "hair", err);
    return code;
}

enum smp_code smp_hair_bands(struct smp_hair_band *bands, const double *months, size_t count,
                             const struct smp_medication *fit, enum smp_treatment treatment,
                             double start_per_cm2, double full_per_cm2, size_t persons,
                             uint64_t seed, struct smp_pool *pool, struct smp_arena *arena,
                             struct smp_err *err)
{
    const enum smp_code code = check(months, count, start_per_cm2, full_per_cm2, persons, err);
    if (code)
        return code;
    if (treatment != SMP_TREAT_PLACEBO && !(fit->drugs[treatment].gain_per_cm2 > 0))
        return smp_fail(err, SMP_E_INPUT,
                        "hair.treatment must be placebo or a drug of the model, not %s",
                        smp_treatment_names[treatment]);
    const struct smp_mark mark = smp_arena_mark(arena);
    double *hairs = smp_new(arena, double, persons);
    if (!hairs)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu persons", persons);
    for (size_t m = 0; m < count; m++) {
        struct run run = { fit, treatment, start_per_cm2, full_per_cm2, months[m], seed, hairs };
        smp_pool_for(pool, persons, 256, run_persons, &run);
        double sum = 0;
        for (size_t i = 0; i < persons; i++)
            sum += hairs[i];
        qsort(hairs, persons, sizeof *hairs, by_value);
        bands[m] =
            (struct smp_hair_band){ sum / (double)persons, quantile(hairs, persons, 0.05),
                                    quantile(hairs, persons, 0.5), quantile(hairs, persons, 0.95) };
    }
    smp_arena_reset(arena, mark);
    return SMP_OK;
}
