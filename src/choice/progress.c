// Loss that climbs the ladder of classes, and hair that turns grey, between persons.
#include "choice/choice_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// ---- Ladders ------------------------------------------------------------------------------------

static const struct {
    enum smp_loss_class classes[SMP_STEPS_MAX];
    size_t count;
} ladders[] = {
    { { SMP_LOSS_I, SMP_LOSS_II, SMP_LOSS_III, SMP_LOSS_IV, SMP_LOSS_V, SMP_LOSS_VI, SMP_LOSS_VII },
      7 },
    { { SMP_LOSS_I, SMP_LOSS_II, SMP_LOSS_III_VERTEX, SMP_LOSS_IV, SMP_LOSS_V, SMP_LOSS_VI,
        SMP_LOSS_VII },
      7 },
    { { SMP_LOSS_I, SMP_LOSS_IIA, SMP_LOSS_IIIA, SMP_LOSS_IVA, SMP_LOSS_VA, SMP_LOSS_VI,
        SMP_LOSS_VII },
      7 },
    { { SMP_LOSS_NONE, SMP_LOSS_LUDWIG_I, SMP_LOSS_LUDWIG_II, SMP_LOSS_LUDWIG_III }, 4 },
    { { SMP_LOSS_TOTALIS }, 1 },
};

struct smp_ladder smp_ladder_of(enum smp_loss_class kind, enum smp_sex sex)
{
    struct smp_ladder ladder = { { SMP_LOSS_I }, 1, 0 };
    for (size_t i = 0; i < sizeof ladders / sizeof *ladders; i++) {
        for (size_t k = 0; k < ladders[i].count; k++) {
            const bool none =
                kind == SMP_LOSS_NONE && sex == SMP_SEX_MALE && ladders[i].classes[k] == SMP_LOSS_I;
            if (ladders[i].classes[k] != kind && !none)
                continue;
            memcpy(ladder.classes, ladders[i].classes, sizeof ladder.classes);
            ladder.count = ladders[i].count;
            ladder.now = (double)k;
            return ladder;
        }
    }
    return ladder;
}

// ---- The population -----------------------------------------------------------------------------

static double below(double z) // standard normal
{
    return 0.5 * erfc(-z / sqrt(2));
}

enum { SPEEDS = 32 }; // of the population, equally many persons at each

static double speed_of_slice(const struct smp_progress_fit *fit, int slice)
{
    return exp(fit->mean + fit->sigma * smp_normal_quantile((slice + 0.5) / SPEEDS));
}

// Whose line has climbed so far by an age, of persons of a speed who lose hair at all.
static double climbed(const struct smp_progress_fit *fit, double steps, double age, double speed)
{
    return below((age - steps / speed - fit->foot_age) / fit->foot_sd);
}

double smp_progress_share(const struct smp_progress_fit *fit, double steps, double age_from,
                          double age_to)
{
    enum { SLICES = 6 };
    double sum = 0;
    for (int k = 0; k < SPEEDS; k++) {
        const double speed = speed_of_slice(fit, k);
        for (int i = 0; i < SLICES; i++)
            sum += climbed(fit, steps, age_from + (age_to - age_from) * (i + 0.5) / SLICES, speed);
    }
    return (1 - fit->never) * sum / SLICES / SPEEDS;
}

// At a spread of the feet, their mean at which the older are as many as seen.
static void meet_older(struct smp_progress_fit *fit, double steps, const double age[2], double seen)
{
    double low = -200, high = 400;
    for (int i = 0; i < 30; i++) {
        fit->foot_age = (low + high) / 2;
        *(smp_progress_share(fit, steps, age[0], age[1]) < seen ? &high : &low) = fit->foot_age;
    }
}

// Speed: of the untreated men of the long trial, median and spread; women are taken to go as they.
static enum smp_code take_speed(struct smp_progress_fit *fit, const struct smp_evidence *evidence,
                                struct smp_err *err)
{
    struct smp_medication trials;
    enum smp_code code = SMP_OK;
    const double median =
        smp_figure_need(evidence, SMP_TOPIC_LOSS, "speed.median", &code, err)->value;
    if (!code)
        code = smp_medication_fit(&trials, evidence, err);
    if (!code && !(median > 0))
        code = smp_fail(err, SMP_E_INPUT,
                        "speed.median of evidence/loss.json must be above 0, not %g", median);
    if (code)
        return code;
    fit->mean = log(median);
    fit->sigma = trials.loss_sigma;
    return SMP_OK;
}

// The younger grow more with the spread of the feet, the older held as seen.
static void meet_both(struct smp_progress_fit *fit, double steps, const double ages[2][2],
                      const double seen[2])
{
    double low = 1, high = 100;
    for (int i = 0; i < 24; i++) {
        fit->foot_sd = (low + high) / 2;
        meet_older(fit, steps, ages[1], seen[1]);
        const double young = smp_progress_share(fit, steps, ages[0][0], ages[0][1]);
        *(young < seen[0] ? &low : &high) = fit->foot_sd;
    }
}

enum smp_code smp_progress_fit(struct smp_progress_fit *fit, const struct smp_evidence *evidence,
                               bool women, struct smp_err *err)
{
    // men of Norwood III and more, women with any loss; of men, how many have any when old
    static const double ages[2][2][2] = { { { 18, 30 }, { 40, 50 } }, { { 18, 30 }, { 70, 80 } } };
    static const char *const ids[2][2] = {
        { "men.norwood-3-up.18-29", "men.norwood-3-up.40-49" },
        { "women.any.under-30", "women.any.age-70" },
    };
    const double steps = women ? 1 : 2;
    struct smp_progress_fit made = { 0 };
    double seen[2];
    enum smp_code code = take_speed(&made, evidence, err);
    for (size_t k = 0; k < 2; k++)
        seen[k] = smp_figure_need(evidence, SMP_TOPIC_LOSS, ids[women][k], &code, err)->value / 100;
    const double old =
        smp_figure_need(evidence, SMP_TOPIC_LOSS, "men.any.age-70", &code, err)->value / 100;
    if (code)
        return code;
    meet_both(&made, steps, ages[women], seen);
    for (int i = 0; i < 5 && !women; i++) { // those who never lose any: the rest is as many at 70
        const double losing = smp_progress_share(&made, steps, 70, 70) / (1 - made.never);
        made.never = smp_clamp(1 - old / losing, 0, 0.9);
        meet_both(&made, steps, ages[women], seen);
    }
    if (!(made.foot_sd > 1.1 && made.foot_sd < 99))
        return smp_fail(err, SMP_E_INPUT,
                        "%s and %s of evidence/loss.json do not go together: %g and %g %%",
                        ids[women][0], ids[women][1], 100 * seen[0], 100 * seen[1]);
    *fit = made;
    return SMP_OK;
}

// ---- One person ---------------------------------------------------------------------------------

// Odds of loss, by parents, as a step of the normal that they are drawn from: logit / 1.7.
static double family_shift(enum smp_family family, const struct smp_evidence *evidence,
                           enum smp_code *code, struct smp_err *err)
{
    const double one =
        log(smp_figure_need(evidence, SMP_TOPIC_LOSS, "family.one-side.ratio", code, err)->value);
    const double both =
        log(smp_figure_need(evidence, SMP_TOPIC_LOSS, "family.both-sides.ratio", code, err)->value);
    const double none = -0.5 * one; // half of men have a balding father
    if (*code || family == SMP_FAMILY_UNKNOWN)
        return 0;
    return (family == SMP_FAMILY_NONE  ? none
            : family == SMP_FAMILY_ONE ? none + one
                                       : none + both) /
           1.7;
}

// A speed, and how many persons like this one have it.
struct weighed {
    double speed, weight;
};

static int by_speed(const void *a, const void *b)
{
    const struct weighed *x = a, *y = b;
    return (x->speed > y->speed) - (x->speed < y->speed);
}

static void take_quantiles(struct smp_speed *speed, struct weighed *list, size_t count)
{
    double all = 0, sum = 0;
    size_t i = 0;
    qsort(list, count, sizeof *list, by_speed);
    for (size_t k = 0; k < count; k++)
        all += list[k].weight;
    for (size_t k = 0; k < SMP_SPEEDS; k++) {
        const double wanted = ((double)k + 0.5) / SMP_SPEEDS * all;
        while (i + 1 < count && sum + list[i].weight < wanted)
            sum += list[i++].weight;
        speed->at[k] = list[i].speed;
    }
}

// Of a class half of which lies to either side, and an onset that is told: the way so far, known as
// well as these are.
static double told_weight(double now, double years, double error_years, double speed)
{
    const double seen = log(now / years);
    const double error = hypot(0.29 / now, error_years / fmax(years, error_years));
    const double z = (log(speed) - seen) / error;
    return exp(-z * z / 2);
}

enum { FINE = 511, FEET = 24 };       // one more: who never loses any
static const double ahead_years = 10; // who has no loss yet may start so late

struct way_so_far {
    const struct smp_progress_fit *fit;
    double age, now;    // step of the ladder
    double onset_years; // since an onset that is told; NAN: not told
    double error_years;
    bool top; // the ladder ends there
};

// Persons of that speed who are like this one.
static double weight_of(const struct way_so_far *way, double speed)
{
    if (!isnan(way->onset_years))
        return told_weight(way->now, way->onset_years, way->error_years, speed);
    const double least = climbed(way->fit, way->now - 0.5, way->age, speed);
    return way->top ? least : least - climbed(way->fit, way->now + 0.5, way->age, speed);
}

// Who has climbed: half a class to either side, from wherever the line's foot may be.
static size_t weigh_climber(struct weighed *list, const struct way_so_far *way, double mean)
{
    for (int k = 0; k < FINE; k++) {
        const double z = smp_normal_quantile((k + 0.5) / FINE);
        const double speed = exp(mean + way->fit->sigma * z);
        list[k] = (struct weighed){ speed, weight_of(way, speed) };
    }
    return FINE;
}

// Who has no loss yet: less than half a class so far, and what comes within ten years, evenly.
static size_t weigh_starter(struct weighed *list, const struct way_so_far *way, double mean)
{
    const struct smp_progress_fit *fit = way->fit;
    enum { COARSE = FINE / FEET };
    size_t count = 0;
    for (int k = 0; k < COARSE; k++) {
        const double z = smp_normal_quantile((k + 0.5) / COARSE);
        const double speed = exp(mean + fit->sigma * z);
        const double gone = climbed(fit, 0.5, way->age, speed);
        for (int j = 0; j < FEET; j++) {
            const double share = gone + (1 - gone) * (j + 0.5) / FEET;
            const double foot = fit->foot_age + fit->foot_sd * smp_normal_quantile(share);
            const double wait = fmax(foot - way->age, 0);
            list[count++] = (struct weighed){ speed * fmax(1 - wait / ahead_years, 0),
                                              (1 - gone) * (1 - fit->never) };
        }
    }
    list[count] = (struct weighed){ 0, fit->never * (double)count };
    return count + 1;
}

enum smp_code smp_speed_of(struct smp_speed *speed, const struct smp_case *from,
                           const struct smp_ladder *ladder, const struct smp_evidence *evidence,
                           struct smp_err *err)
{
    struct smp_progress_fit fit;
    const bool women = ladder->classes[ladder->count - 1] == SMP_LOSS_LUDWIG_III;
    enum smp_code code = smp_progress_fit(&fit, evidence, women, err);
    if (code)
        return code;
    const double shift = family_shift(from->person.family, evidence, &code, err);
    const double off = smp_figure_need(evidence, SMP_TOPIC_LOSS, "onset.error", &code, err)->value;
    if (code)
        return code;
    const double years =
        isnan(from->person.onset_age) ? (double)NAN : fmax(from->age - from->person.onset_age, 1);
    const struct way_so_far way = { .fit = &fit,
                                    .age = from->age,
                                    .now = ladder->now,
                                    .onset_years = years,
                                    .error_years = off,
                                    .top = ladder->now + 1 >= (double)ladder->count };
    struct weighed list[FINE + 1];
    const double mean = fit.mean + shift * fit.sigma;
    *speed = (struct smp_speed){ { 0 } };
    if (ladder->count < 2)
        return SMP_OK;
    const size_t count =
        ladder->now > 0 ? weigh_climber(list, &way, mean) : weigh_starter(list, &way, mean);
    take_quantiles(speed, list, count);
    return SMP_OK;
}

double smp_speed_at(const struct smp_speed *speed, double z)
{
    const double place = smp_clamp(below(z) * SMP_SPEEDS - 0.5, 0, SMP_SPEEDS - 1);
    const size_t k = (size_t)place, next = k + 1 < SMP_SPEEDS ? k + 1 : k;
    return speed->at[k] + (place - (double)k) * (speed->at[next] - speed->at[k]);
}

// ---- Grey ---------------------------------------------------------------------------------------

enum smp_code smp_grey_fit(struct smp_grey *grey, const struct smp_evidence *evidence,
                           struct smp_err *err)
{
    static const struct {
        const char *any, *extent;
        double age;
    } rows[] = { { "grey.any.45-50", NULL, 47.5 },
                 { "grey.any.51-55", "grey.extent.51-55", 53 },
                 { "grey.any.56-60", "grey.extent.56-60", 58 },
                 { "grey.any.61-65", "grey.extent.61-65", 63 } };
    enum { ROWS = sizeof rows / sizeof *rows };
    enum smp_code code = SMP_OK;
    double z[ROWS] = { 0 }, mean_age = 0, mean_z = 0, az = 0, zz = 0;
    for (size_t i = 0; i < ROWS; i++) {
        const double any =
            smp_figure_need(evidence, SMP_TOPIC_LOSS, rows[i].any, &code, err)->value / 100;
        z[i] = smp_normal_quantile(any);
        mean_age += rows[i].age / ROWS;
        mean_z += z[i] / ROWS;
    }
    for (size_t i = 0; i < ROWS; i++) {
        az += (rows[i].age - mean_age) * (z[i] - mean_z);
        zz += (z[i] - mean_z) * (z[i] - mean_z);
    }
    struct smp_grey made = { .sd_age = zz > 0 ? az / zz : 0 };
    made.mean_age = mean_age - made.sd_age * mean_z;
    double xy = 0,
           xx = 0; // extent = share a year × mean years since the onset of those who have it
    for (size_t i = 1; i < ROWS && made.sd_age > 0; i++) {
        const double at = (rows[i].age - made.mean_age) / made.sd_age;
        const double years = made.sd_age * (at + exp(-at * at / 2) / sqrt(2 * SMP_PI) / below(at));
        const double extent =
            smp_figure_need(evidence, SMP_TOPIC_LOSS, rows[i].extent, &code, err)->value / 100;
        xy += years * extent;
        xx += years * years;
    }
    made.share_a_year = xx > 0 ? xy / xx : 0;
    if (!code && !(made.sd_age > 0 && made.share_a_year > 0))
        code = smp_fail(err, SMP_E_INPUT,
                        "the figures grey.any and grey.extent of evidence/loss.json must rise with "
                        "age");
    if (!code)
        *grey = made;
    return code;
}

double smp_grey_onset(const struct smp_grey *grey, double age, double grey_percent, double z)
{
    if (grey_percent > 0)
        return age - grey_percent / 100 / grey->share_a_year;
    const double drawn = grey->mean_age + grey->sd_age * z;
    if (isnan(grey_percent))
        return drawn;
    const double now = below((age - grey->mean_age) / grey->sd_age); // none yet: it is to come
    const double later = now + (1 - now) * below(z);
    return grey->mean_age + grey->sd_age * smp_normal_quantile(later);
}

double smp_grey_share(const struct smp_grey *grey, double onset_age, double age)
{
    return smp_clamp((age - onset_age) * grey->share_a_year, 0, 1);
}
