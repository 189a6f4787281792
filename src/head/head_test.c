#include "head/head_impl.h"

#include "harness.h"

#include <math.h>

struct fixture {
    struct smp_arena arena;
    struct smp_head head;
    struct smp_rays *rays;
    struct smp_err err;
};

static void make(struct fixture *f, enum smp_sex sex, const struct smp_tape_wish *wish)
{
    memset(f, 0, sizeof *f);
    smp_arena_make(&f->arena, 0);
    const enum smp_code code = smp_head_from_tape(&f->head, sex, wish, NULL, &f->arena, &f->err);
    ck_assert_msg(code == SMP_OK, "%s", f->err.msg);
    ck_assert_int_eq(smp_rays_make(&f->rays, &f->head.mesh, &f->err), SMP_OK);
}

static void drop(struct fixture *f)
{
    smp_rays_drop(f->rays);
    smp_arena_drop(&f->arena);
}

START_TEST(the_median_heads_hit_their_tape_and_scalp_area)
{
    static const double want[2][4] = { { 574, 200, 154, 518 }, { 560, 190, 147, 471 } };
    for (int sex = 0; sex < 2; sex++) {
        struct fixture f;
        make(&f, (enum smp_sex)sex, NULL);
        ck_assert_double_eq_tol(f.head.tape.circumference_mm, want[sex][0], 1);
        ck_assert_double_eq_tol(f.head.tape.length_mm, want[sex][1], 1);
        ck_assert_double_eq_tol(f.head.tape.breadth_mm, want[sex][2], 1);
        ck_assert_double_eq_tol(f.head.tape.scalp_cm2, want[sex][3], 0.08 * want[sex][3]);
        ck_assert_double_ge(f.head.tape.nasion_inion_mm, 325);
        ck_assert_double_le(f.head.tape.nasion_inion_mm, 370);
        ck_assert_double_ge(f.head.tape.preauricular_mm, 330);
        ck_assert_double_le(f.head.tape.preauricular_mm, 370);
        drop(&f);
    }
}
END_TEST

START_TEST(zone_areas_sum_to_the_scalp_and_mirror)
{
    struct fixture f;
    make(&f, SMP_SEX_MALE, NULL);
    const double *cm2 = f.head.tape.zone_cm2;
    double sum = 0;
    for (int z = 0; z < SMP_ZONE_COUNT; z++)
        sum += cm2[z];
    ck_assert_double_eq_tol(sum, f.head.tape.scalp_cm2, 1e-9);
    ck_assert_double_eq(cm2[SMP_ZONE_NONE], 0);
    for (int z = SMP_ZONE_TEMPLE_LEFT; z < SMP_ZONE_OCCIPUT; z += 2)
        ck_assert_double_eq_tol(cm2[z], cm2[z + 1], 0.02 * cm2[z]);
    for (int z = SMP_ZONE_FRONTAL; z < SMP_ZONE_COUNT; z++)
        ck_assert_double_gt(cm2[z], 3);
    drop(&f);
}
END_TEST

START_TEST(a_chart_address_leads_back_to_its_point)
{
    struct fixture f;
    make(&f, SMP_SEX_FEMALE, NULL);
    size_t tried = 0;
    for (size_t i = 0; i < f.head.mesh.point_count; i += 37) {
        if (f.head.zones[i] == SMP_ZONE_NONE)
            continue;
        struct smp_vec3 p;
        ck_assert(smp_chart_point(&f.head, f.rays, f.head.chart[i], &p, NULL));
        ck_assert_double_le(smp_length(smp_sub(p, f.head.mesh.points[i])), 0.1);
        tried++;
    }
    ck_assert_uint_gt(tried, 1000);
    drop(&f);
}
END_TEST

START_TEST(every_loss_class_has_its_area)
{
    static const double ranges[SMP_LOSS_CLASS_COUNT][2] = {
        [SMP_LOSS_II] = { 5, 30 },
        [SMP_LOSS_IIA] = { 15, 30 },
        [SMP_LOSS_III] = { 30, 60 },
        [SMP_LOSS_IIIA] = { 50, 80 },
        [SMP_LOSS_III_VERTEX] = { 58, 110 }, // 30–60 and a disc of 28–50
        [SMP_LOSS_IV] = { 90, 130 },
        [SMP_LOSS_IVA] = { 90, 130 },
        [SMP_LOSS_V] = { 130, 180 },
        [SMP_LOSS_VA] = { 130, 180 },
        [SMP_LOSS_VI] = { 195, 245 },
        [SMP_LOSS_VII] = { 245, 320 },
        [SMP_LOSS_LUDWIG_I] = { 0, 0 },
        [SMP_LOSS_LUDWIG_II] = { 60, 160 },
        [SMP_LOSS_LUDWIG_III] = { 100, 200 },
        [SMP_LOSS_TOTALIS] = { 476, 560 },
    };
    struct fixture f;
    make(&f, SMP_SEX_MALE, NULL);
    double *field = smp_new(&f.arena, double, f.head.mesh.point_count);
    for (int kind = 0; kind < SMP_LOSS_CLASS_COUNT; kind++) {
        const struct smp_loss loss = { .kind = (enum smp_loss_class)kind, .native_fu_per_cm2 = 80 };
        double bald;
        ck_assert_int_eq(smp_loss_field(field, &bald, &f.head, &loss, &f.err), SMP_OK);
        ck_assert_msg(bald >= ranges[kind][0] && bald <= ranges[kind][1], "class %s: %.1f cm2",
                      smp_loss_names[kind], bald);
        for (size_t i = 0; i < f.head.mesh.point_count; i++)
            ck_assert(field[i] >= 0 && field[i] <= 80);
    }
    drop(&f);
}
END_TEST

START_TEST(a_tape_that_contradicts_itself_is_refused)
{
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    struct smp_head head;
    struct smp_err err = { 0 };
    struct smp_tape_wish wish = { 640, 190, 150 };
    ck_assert_int_eq(smp_head_from_tape(&head, SMP_SEX_MALE, &wish, NULL, &arena, &err),
                     SMP_E_INPUT);
    ck_msg_has(err,
               "head.measurements: a head 190 mm long and 150 mm broad has a circumference of");
    ck_msg_has(err, "not 640 mm; the nearest possible is");
    err = (struct smp_err){ 0 };
    wish = (struct smp_tape_wish){ .length_mm = 20 };
    ck_assert_int_eq(smp_head_from_tape(&head, SMP_SEX_MALE, &wish, NULL, &arena, &err),
                     SMP_E_INPUT);
    ck_msg_eq(err, "head.measurements.length_mm must be 160 to 235 mm, not 20");
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("head", the_median_heads_hit_their_tape_and_scalp_area,
              zone_areas_sum_to_the_scalp_and_mirror, a_chart_address_leads_back_to_its_point,
              every_loss_class_has_its_area, a_tape_that_contradicts_itself_is_refused)
