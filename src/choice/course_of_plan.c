// What a comparison takes of a plan.
#include "choice/choice_impl.h"

enum smp_code smp_dots_course(struct smp_dots_course *course, const struct smp_plan *plan,
                              struct smp_err *err)
{
    const struct smp_plan_recipe *recipe = &plan->from->recipe;
    struct smp_dots_course made = {
        .impossible = recipe->impossible,
        .per_cm2 = plan->design->density_per_cm2,
        .hair_per_cm2 = plan->design->hair_per_cm2,
        .treated_cm2 = plan->treated_cm2,
        .sessions = plan->sessions,
        .price_low = plan->price_low,
        .price_high = plan->price_high,
        .currency = plan->from->currency,
    };
    for (int s = 0; s < plan->sessions; s++)
        made.minutes += plan->session[s].minutes;
    if (!recipe->impossible) {
        if (!recipe->found)
            return smp_fail(err, SMP_E_INPUT,
                            "the plan has no recipe, so nothing is known of how its dots match");
        for (int i = 0; i < SMP_MATCH_AGE_COUNT; i++)
            made.casual_mm[i] = recipe->found->at[i].casual_mm;
        const struct smp_band years = smp_plan_touch_up(plan)->years;
        made.touch_up_years = (struct smp_span){ years.low, years.median, years.high };
    }
    *course = made;
    return SMP_OK;
}
