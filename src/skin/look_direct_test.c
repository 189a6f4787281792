// The table of looks against direct runs by the other photon code (smp_stack_trace_deposits),
// which shares nothing with the runs the table was made from: absorbing and scattering pigment.
#include "harness.h"
#include "skin/skin.h"

#include <math.h>

// Phototypes I, III, V and VI (optics.md §1.4).
static const double phototypes[4][2] = {
    { 0.01, 0.005 }, { 0.05, 0.008 }, { 0.12, 0.008 }, { 0.25, 0.012 }
};

struct seen {
    double nm, top, height, diameter, mua, mus, r;
};

static void agrees(const struct seen *s, int phototype, double share, uint64_t photons)
{
    struct smp_arena scratch;
    smp_arena_make(&scratch, 0);
    struct smp_skin skin = smp_skin_default();
    skin.melanin = phototypes[phototype][0];
    skin.blood = phototypes[phototype][1];
    struct smp_stack stack;
    smp_skin_stack(&stack, &skin, s->nm);
    const struct smp_deposit_shape shape = { s->top, s->top + s->height, s->diameter };
    const struct smp_trace_deposit deposit = { 0,           0,      shape.top_mm, shape.bottom_mm,
                                               s->diameter, s->mua, s->mus,       0.8 };
    const struct smp_trace_scene scene = { &stack, &deposit, 1, SMP_LIGHT_COLLIMATED };
    struct smp_pool *pool = smp_pool_make(2);
    const struct smp_trace trace = { photons, 11, pool };
    const struct smp_vec2 point = { s->r, 0 };
    struct smp_trace_look look;
    struct smp_err err = { 0 };
    ck_assert_msg(!smp_stack_trace_deposits(&look, &scene, &point, 1, &trace, &scratch, &err), "%s",
                  err.msg);
    const double c = smp_look_contrast(&shape, &skin, s->nm, s->mua, s->mus, s->r);
    ck_assert_msg(fabs(c - look.contrast) < share * fabs(look.contrast) + 3 * look.contrast_error,
                  "%g nm, top %g, mua %g, mus %g: %g, direct %g ± %g", s->nm, s->top, s->mua,
                  s->mus, c, look.contrast, look.contrast_error);
    smp_pool_drop(pool);
    smp_arena_drop(&scratch);
}

START_TEST(black_pigment_looks_as_in_direct_runs_on_four_phototypes)
{
    agrees(&(struct seen){ 550, 0.13, 0.27, 0.27, 6, 0, 0 }, 0, 0.05, 40000);
    agrees(&(struct seen){ 610, 0.1, 0.5, 0.2, 20, 0, 0.1 }, 1, 0.05, 40000);
    agrees(&(struct seen){ 650, 0.22, 0.4, 0.4, 12, 0, 0.15 }, 2, 0.05, 40000);
    agrees(&(struct seen){ 680, 0.16, 0.33, 0.33, 40, 0, 0.3 }, 3, 0.05, 40000);
}
END_TEST

// The coarse branch: a fifth of what scattering changes.
START_TEST(pigment_that_scatters_looks_nearly_as_in_direct_runs)
{
    agrees(&(struct seen){ 550, 0.12, 0.3, 0.3, 5, 60, 0 }, 0, 0.1, 40000);
    agrees(&(struct seen){ 600, 0.2, 0.25, 0.25, 10, 120, 0 }, 1, 0.1, 40000);
    agrees(&(struct seen){ 650, 0.12, 0.3, 0.3, 3, 30, 0.1 }, 2, 0.1, 40000);
    agrees(&(struct seen){ 550, 0.12, 0.3, 0.3, 0, 100, 0 }, 1, 0.2, 40000);
}
END_TEST

SMP_TEST_MAIN("looks direct", black_pigment_looks_as_in_direct_runs_on_four_phototypes,
              pigment_that_scatters_looks_nearly_as_in_direct_runs)
