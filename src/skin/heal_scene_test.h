// What the tests of healing and of follow-up photos share.
#ifndef SMP_HEAL_SCENE_TEST_H
#define SMP_HEAL_SCENE_TEST_H

#include "skin/skin.h"

#include "harness.h"

#include <math.h>

static const struct smp_deposit_shape ball = { 0.15, 0.45, 0.3 };
static const struct smp_wear plain = { 0, 0, false };

static inline struct smp_healing read_own(struct smp_arena *arena)
{
    struct smp_healing healing = { 0 };
    struct smp_bytes bytes;
    struct smp_err err = { 0 };
    smp_arena_make(arena, 0);
    ck_assert_msg(!smp_file_read(&bytes, "data/healing.json", 1 << 20, arena, &err), "%s", err.msg);
    ck_assert_msg(!smp_healing_read(&healing, "data/healing.json", (const char *)bytes.data,
                                    bytes.length, arena, &err),
                  "%s", err.msg);
    return healing;
}

static inline struct smp_ensemble draws(const struct smp_healing *healing,
                                        const struct smp_wear *wear, uint64_t seed, size_t count,
                                        struct smp_arena *arena)
{
    struct smp_ensemble ensemble;
    struct smp_err err = { 0 };
    ck_assert_msg(!smp_ensemble_make(&ensemble, healing, wear, seed, count, arena, &err), "%s",
                  err.msg);
    return ensemble;
}

// A stand-in for the contrast of a carbon dot: grows and saturates with absorption times diameter,
// halves with 0.14 mm of depth.
static inline double contrast(const void *context, const struct smp_aged *aged)
{
    const double mua_per_mm = *(const double *)context * aged->strength[SMP_FADING_CARBON];
    return 0.9 * -expm1(-mua_per_mm * aged->shape.diameter_mm) * exp2(-aged->shape.top_mm / 0.14);
}

static inline struct smp_band band_at(const struct smp_ensemble *e, const struct smp_question *q,
                                      double years, struct smp_pool *pool)
{
    struct smp_arena scratch = { 0 };
    struct smp_band band;
    struct smp_err err = { 0 };
    smp_arena_make(&scratch, 0);
    ck_assert_msg(!smp_age_band(&band, e, q, years, pool, &scratch, &err), "%s", err.msg);
    smp_arena_drop(&scratch);
    return band;
}

#endif
