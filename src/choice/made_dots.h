// Dots for tests and the benchmark of the comparison, without a plan: where hair is gone.
#ifndef SMP_MADE_DOTS_H
#define SMP_MADE_DOTS_H

#include "choice/choice.h"

// On all scalp that lost more than two fifths of its hair; they match from 0.5 m when healed and
// are lost slowly.
static inline enum smp_code made_dots(struct smp_dots_course *dots, const struct smp_head *head,
                                      const struct smp_case *from, struct smp_arena *arena,
                                      struct smp_err *err)
{
    const size_t points = head->mesh.point_count;
    double *now = smp_new(arena, double, points), *natural = smp_new(arena, double, points);
    double *per_cm2 = smp_new(arena, double, points), bald_cm2 = 0;
    const struct smp_loss none = { .native_fu_per_cm2 = from->loss.native_fu_per_cm2 };
    if (!now || !natural || !per_cm2)
        return smp_fail(err, SMP_E_NOMEM, "no memory for made dots");
    enum smp_code code = smp_loss_field(now, &bald_cm2, head, &from->loss, err);
    if (!code)
        code = smp_loss_field(natural, NULL, head, &none, err);
    for (size_t i = 0; i < points; i++)
        per_cm2[i] = now[i] < 0.6 * natural[i] ? 100 : 0;
    *dots = (struct smp_dots_course){ .per_cm2 = per_cm2,
                                      .treated_cm2 = bald_cm2,
                                      .sessions = 3,
                                      .minutes = 2 * bald_cm2,
                                      .price_low = 1500,
                                      .price_high = 3000,
                                      .currency = "USD",
                                      .touch_up_years = { 2, 4, 8 } };
    for (int i = 0; i < SMP_MATCH_AGE_COUNT; i++)
        dots->casual_mm[i] = (struct smp_span){ 300, 500 + 40 * smp_match_age_years[i], 1500 };
    return code;
}

#endif
