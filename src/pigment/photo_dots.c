// Dots as photos measure them, and what such measurements say of their course of events.
#include "pigment/pigment.h"

#include <math.h>

double smp_photo_contrast(const void *photo_dot, const struct smp_aged *aged)
{
    enum { red = 21 }; // 610 nm
    const struct smp_photo_dot *dot = photo_dot;
    double mua_per_mm[SMP_WAVELENGTHS], mus_per_mm[SMP_WAVELENGTHS];
    smp_pigment_at_age(mua_per_mm, mus_per_mm, dot->pigment, dot->parts_water, dot->retained, aged);
    const double darker =
        smp_look_contrast(&aged->shape, &dot->skin, 610, mua_per_mm[red], mus_per_mm[red], 0);
    return -log1p(-smp_clamp(darker, -1, 0.999));
}

struct smp_question smp_photo_question(const struct smp_photo_dot *dot,
                                       const struct smp_healing *healing, double top_mm,
                                       double diameter_mm)
{
    return (struct smp_question){ smp_photo_contrast, dot,
                                  smp_deposit_planned(top_mm, diameter_mm,
                                                      healing->constant[SMP_HEAL_HEIGHT].value) };
}

enum smp_code smp_photo_ensemble(struct smp_ensemble *ensemble, const struct smp_healing *healing,
                                 const struct smp_wear *wear, const struct smp_question *question,
                                 const struct smp_photos_of_dots *photos, struct smp_pool *pool,
                                 struct smp_arena *arena, struct smp_err *err)
{
    struct smp_ensemble made;
    enum smp_code code = smp_ensemble_make(&made, healing, wear, 1, SMP_DRAWS, arena, err);
    if (!code)
        code = smp_ensemble_observe_ratios(&made, question, photos->seen, photos->count,
                                           photos->model_sd, pool, arena, err);
    if (!code)
        *ensemble = made;
    return code;
}
