// For the tests of dots: find and score in one call.
#ifndef SMP_DOTS_SCORED_TEST_H
#define SMP_DOTS_SCORED_TEST_H

#include "measure/measure.h"

#include "harness.h"
#include "scalp.h"

#include <math.h>

static struct smp_arena arena;
static struct smp_err err;

static inline void begin(void)
{
    smp_arena_make(&arena, 0);
    err = (struct smp_err){ 0 };
}

static inline void end(void)
{
    smp_arena_drop(&arena);
}

static inline struct smp_found_dots find(const struct smp_image *image, int jpeg_quality)
{
    const struct smp_subject subject = { .image = *image,
                                         .mm_per_px = 0.05,
                                         .jpeg_quality = jpeg_quality };
    struct smp_found_dots dots;
    const enum smp_code code = smp_dots_find(&dots, &subject, "made", NULL, &arena, &err);
    ck_assert_msg(code == SMP_OK, "%s", err.msg);
    return dots;
}

static inline struct scalp_score score_dots(const struct smp_found_dots *dots,
                                            const struct scalp_dot *true_dots, size_t true_count)
{
    struct scalp_score score;
    struct scalp_found *found = smp_new(&arena, struct scalp_found, dots->count);
    ck_assert_ptr_nonnull(found);
    for (size_t i = 0; i < dots->count; i++)
        found[i] = (struct scalp_found){ dots->dots[i].x_px, dots->dots[i].y_px,
                                         dots->dots[i].diameter_px / 2, dots->dots[i].contrast };
    ck_assert(scalp_score(&score, found, dots->count, true_dots, true_count, &arena));
    return score;
}

static inline struct scalp made(const struct scalp_params *params)
{
    struct scalp scalp;
    ck_assert(scalp_make(&scalp, params, &arena));
    return scalp;
}

static inline struct scalp_score score_made(const struct scalp_params *params)
{
    const struct scalp scalp = made(params);
    const struct smp_found_dots dots = find(&scalp.image, (int)params->jpeg);
    return score_dots(&dots, scalp.dots, scalp.dot_count);
}

// F1 of several pictures together.
static inline double pooled_f1(struct scalp_params params, int pictures)
{
    size_t hits = 0, wrong = 0;
    for (int i = 0; i < pictures; i++) {
        const struct smp_mark mark = smp_arena_mark(&arena);
        params.seed += 1;
        const struct scalp_score score = score_made(&params);
        hits += score.hits;
        wrong += score.misses + score.false_hits;
        smp_arena_reset(&arena, mark);
    }
    return 2.0 * (double)hits / (double)(2 * hits + wrong);
}

#endif
