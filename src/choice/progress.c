// Loss that climbs the ladder of classes, and hair that turns grey, between persons.
#include "choice/choice_impl.h"

#include <math.h>
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

double smp_progress_share(const struct smp_progress_fit *fit, double steps, double age_from,
                          double age_to)
{
    enum { SLICES = 24 };
    double sum = 0;
    for (int i = 0; i < SLICES; i++) {
        const double age = age_from + (age_to - age_from) * (i + 0.5) / SLICES;
        const double years = age - fit->onset_age;
        if (years > 0)
            sum += below((fit->mean - log(steps / years)) / fit->sigma);
    }
    return sum / SLICES;
}

// At a sigma, the mean at which the older are as many as seen.
static void meet_older(struct smp_progress_fit *fit, double steps, const double age[2], double seen)
{
    double low = -20, high = 5;
    for (int i = 0; i < 60; i++) {
        fit->mean = (low + high) / 2;
        *(smp_progress_share(fit, steps, age[0], age[1]) < seen ? &low : &high) = fit->mean;
    }
}

enum smp_code smp_progress_fit(struct smp_progress_fit *fit, const struct smp_evidence *evidence,
                               bool women, struct smp_err *err)
{
    // two figures: men of Norwood III and more; women with any loss
    static const double ages[2][2][2] = { { { 18, 30 }, { 40, 50 } }, { { 18, 30 }, { 70, 80 } } };
    static const char *const ids[2][2] = {
        { "men.norwood-3-up.18-29", "men.norwood-3-up.40-49" },
        { "women.any.under-30", "women.any.age-70" },
    };
    const double steps = women ? 1 : 2;
    enum smp_code code = SMP_OK;
    struct smp_progress_fit made = { 0 };
    double seen[2];
    for (size_t k = 0; k < 2; k++)
        seen[k] = smp_figure_need(evidence, SMP_TOPIC_LOSS, ids[women][k], &code, err)->value / 100;
    made.onset_age = smp_figure_need(evidence, SMP_TOPIC_LOSS, "onset.age", &code, err)->value;
    if (code)
        return code;
    double low = 0.05, high = 4; // the younger grow more with sigma, the older held as seen
    for (int i = 0; i < 50; i++) {
        made.sigma = (low + high) / 2;
        meet_older(&made, steps, ages[women][1], seen[1]);
        const double young = smp_progress_share(&made, steps, ages[women][0][0], ages[women][0][1]);
        *(young < seen[0] ? &low : &high) = made.sigma;
    }
    if (!(made.sigma > 0.06 && made.sigma < 3.9))
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

// Speed of the population, moved by the family, and by the person's own way so far: both are
// weighed by how well they are known.
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
    const double future =
        smp_figure_need(evidence, SMP_TOPIC_LOSS, "speed.future", &code, err)->value;
    if (code)
        return code;
    const bool told = !isnan(from->person.onset_age);
    const double onset = told ? from->person.onset_age : fit.onset_age;
    const double years = fmax(from->age - onset, 1);
    const double mean = fit.mean + shift * fit.sigma;
    struct smp_speed made = { ladder->count < 2, mean, fit.sigma, 1 };
    if (ladder->now > 0) {
        const double seen = log(ladder->now / years);
        const double error = hypot(0.29 / ladder->now, off / fmax(years, off)); // half a class
        const double own = 1 / (error * error), all = 1 / (fit.sigma * fit.sigma);
        made.mean = (seen * own + mean * all) / (own + all);
        made.sigma = hypot(sqrt(1 / (own + all)), future);
    } else // slower than half a step since the onset
        made.cut = below((log(0.5 / years) - mean) / fit.sigma);
    *speed = made;
    return SMP_OK;
}

double smp_speed_at(const struct smp_speed *speed, double z)
{
    if (speed->none)
        return 0;
    if (speed->cut < 1)
        z = smp_normal_quantile(below(z) * speed->cut);
    return exp(speed->mean + speed->sigma * z);
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
