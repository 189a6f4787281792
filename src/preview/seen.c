// Dots that photos have shown, as they are now: of the measured width, and of as much pigment as
// makes the model's dot as much darker than the median one as the photo has it.
#include "preview/preview_impl.h"

static const double strong_most = 2; // ln of the pigment, either way
enum { halvings = 16 };

struct seeing {
    const struct smp_looks *looks;
    const struct smp_plan *plan;
    struct smp_fate fate;
    double middle; // contrast of a dot of middle width with the recipe's pigment
    float *strong;
};

static double contrast(const struct seeing *s, double diameter_mm, double strong)
{
    const struct smp_looks *looks = s->looks;
    const struct smp_photo_dot dot = { looks->pigment, looks->parts_water, looks->retained * strong,
                                       looks->skin };
    const struct smp_deposit_shape planned = smp_planned_shape(looks, diameter_mm, looks->top_mm);
    const struct smp_aged aged = smp_aged_at(&s->fate, &planned, s->plan->continued.years);
    return smp_photo_contrast(&dot, &aged);
}

static double diameter_of(const struct smp_dot *dot)
{
    return smp_clamp(dot->diameter_um / 1000, 0.05, 0.8);
}

static void see(void *context, size_t begin, size_t end)
{
    const struct seeing *s = context;
    for (size_t i = begin; i < end; i++) {
        const struct smp_dot *dot = &s->plan->dots[i];
        const double strength = smp_seen_of(&s->plan->continued, dot->id);
        double low = -strong_most, high = strong_most;
        s->strong[i] = (float)NAN;
        if (!(strength > 0))
            continue;
        for (int k = 0; k < halvings; k++) {
            const double ln = 0.5 * (low + high);
            const bool paler = contrast(s, diameter_of(dot), exp(ln)) < strength * s->middle;
            *(paler ? &low : &high) = ln;
        }
        s->strong[i] = (float)(0.5 * (low + high));
    }
}

enum smp_code smp_looks_seen(struct smp_looks *looks, const struct smp_plan *plan,
                             struct smp_arena *own, const struct smp_work *work)
{
    const struct smp_continued *c = &plan->continued;
    struct seeing s = { .looks = looks, .plan = plan };
    double sum = 0;
    if (!c->seen_count)
        return SMP_OK;
    s.strong = smp_new(own, float, plan->dot_count);
    if (!s.strong)
        return smp_fail(work->err, SMP_E_NOMEM, "no room for the look of %zu dots", c->seen_count);
    for (size_t i = 0; i < c->seen_count; i++) {
        const size_t dot = smp_dot_of_id(plan->dots, plan->dot_count, c->seen[i].id);
        sum += dot == SIZE_MAX ? log(0.25) : log(diameter_of(&plan->dots[dot]));
    }
    const double mean_mm = exp(sum / (double)c->seen_count);
    const struct smp_deposit_shape planned = smp_planned_shape(looks, mean_mm, looks->top_mm);
    const struct smp_age now = { .years = c->years };
    const enum smp_code code = smp_fate_at(&s.fate, looks, &planned, &now, work);
    if (code)
        return code;
    s.middle = contrast(&s, mean_mm, 1);
    smp_pool_for(work->pool, plan->dot_count, 64, see, &s);
    looks->seen_strong = s.strong;
    return SMP_OK;
}
