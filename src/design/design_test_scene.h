// A head with its loss, for the tests of the design module.
#ifndef SMP_DESIGN_TEST_SCENE_H
#define SMP_DESIGN_TEST_SCENE_H

#include "design/design_impl.h"
#include "harness.h"

#include <math.h>

struct scene {
    struct smp_arena arena;
    struct smp_head head;
    struct smp_rays *rays;
    double *fu, *native;
};

static struct scene shared; // head and rays, made once before the tests are forked

static void make_shared(void)
{
    struct smp_err err = { 0 };
    smp_arena_make(&shared.arena, 0);
    const struct smp_tape_wish wish = { 574, 200, 154 };
    if (smp_head_from_tape(&shared.head, SMP_SEX_MALE, &wish, NULL, &shared.arena, &err) ||
        smp_rays_make(&shared.rays, &shared.head.mesh, &err))
        printf("# %s\n", err.msg);
}

static void set_up(struct scene *s, enum smp_loss_class kind)
{
    struct smp_err err = { 0 };
    ck_assert_ptr_nonnull(shared.rays);
    *s = (struct scene){ .head = shared.head, .rays = shared.rays };
    smp_arena_make(&s->arena, 0);
    s->fu = smp_new(&s->arena, double, s->head.mesh.point_count);
    s->native = smp_new(&s->arena, double, s->head.mesh.point_count);
    const struct smp_loss loss = { .kind = kind, .native_fu_per_cm2 = 75 };
    const struct smp_loss none = { .kind = SMP_LOSS_NONE, .native_fu_per_cm2 = 75 };
    ck_assert_int_eq(smp_loss_field(s->fu, NULL, &s->head, &loss, &err), SMP_OK);
    ck_assert_int_eq(smp_loss_field(s->native, NULL, &s->head, &none, &err), SMP_OK);
}

static void tear_down(struct scene *s)
{
    smp_arena_drop(&s->arena);
}

static struct smp_design make(struct scene *s, const struct smp_design_params *params,
                              uint64_t seed)
{
    struct smp_err err = { 0 };
    struct smp_design design = { 0 };
    struct smp_design_params with = *params;
    with.native_per_cm2 = s->native;
    ck_assert_msg(
        smp_design_make(&design, &s->head, s->rays, s->fu, &with, seed, &s->arena, &err) == SMP_OK,
        "%s", err.msg);
    return design;
}

static struct smp_design_params of_style(enum smp_style style)
{
    struct smp_design_params params = smp_design_defaults;
    params.style = style;
    params.hairline = smp_hairline_defaults[style];
    return params;
}

#endif
