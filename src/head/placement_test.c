// Fiducials that lie on the skin of a head and yet not where they are said to be.
#include "head/head_impl.h"

#include "harness.h"

#include <math.h>

static struct smp_arena arena;
static struct smp_err err;
static struct smp_template mean; // in its head frame, as a scan in mm

static void start(void)
{
    smp_arena_make(&arena, 0);
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_template_load(&mean, &arena, &err), SMP_OK);
}

// The farthest point of the skin, seen from the origin, within 4 mm of a direction.
static struct smp_vec3 skin_toward(struct smp_vec3 way)
{
    const struct smp_vec3 unit = smp_unit(way);
    struct smp_vec3 best = { 0 };
    for (size_t i = 0; i < mean.mesh.point_count; i++) {
        const struct smp_vec3 p = mean.mesh.points[i];
        const double far = smp_dot(p, unit);
        if (far > smp_dot(best, unit) && smp_length(smp_sub(p, smp_scale(unit, far))) < 4)
            best = p;
    }
    ck_assert_double_gt(smp_length(best), 40);
    return best;
}

static struct smp_vec3 of_profile(double degrees)
{
    return skin_toward(smp_vec3(0, cos(degrees * SMP_PI / 180), sin(degrees * SMP_PI / 180)));
}

static enum smp_code take(const struct smp_fiducials *fiducials)
{
    const struct smp_scan_frame frame = { 1, *fiducials };
    struct smp_head head;
    err = (struct smp_err){ 0 };
    return smp_head_from_mesh(&head, &mean.mesh, &frame, SMP_SEX_FEMALE, "head.stl", NULL, &arena,
                              &err);
}

static void expect(const struct smp_fiducials *fiducials, const char *sentence)
{
    ck_assert_int_eq(take(fiducials), SMP_E_INPUT);
    ck_msg_eq(err, sentence);
}

START_TEST(a_nasion_elsewhere_on_the_face_is_refused)
{
    start();
    struct smp_fiducials f = mean.fiducials;
    f.nasion = of_profile(-26); // tip of the nose
    ck_assert_double_gt(smp_length(smp_sub(f.nasion, mean.fiducials.nasion)), 40);
    expect(&f, "head.stl: head.fiducials.nasion lies 50 mm below the nasion of this head's "
               "profile, and must be within 25 mm of it");
    for (int degrees = -60; degrees <= -20; degrees += 20) { // chin to the bridge of the nose
        f.nasion = of_profile(degrees);
        ck_assert_int_eq(take(&f), SMP_E_INPUT);
        ck_msg_has(err, "head.stl: head.fiducials.nasion lies ");
        ck_msg_has(err, " mm below the nasion of this head's profile");
    }
    for (int degrees = 20; degrees <= 50; degrees += 30) { // forehead
        f.nasion = of_profile(degrees);
        ck_assert_int_eq(take(&f), SMP_E_INPUT);
        ck_msg_has(err, " mm above the nasion of this head's profile");
    }
    f.nasion = mean.canthus_right;
    ck_assert_int_eq(take(&f), SMP_E_INPUT);
    ck_msg_has(err, " mm beside the middle of lpa and rpa, and must be within 15 mm of it");
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(one_ear_on_the_cheek_or_the_temple_is_refused)
{
    start();
    const struct smp_fiducials good = mean.fiducials;
    const struct smp_vec3 off[] = {
        { 0, 40, 0 }, { 0, 40, -20 }, { 0, -30, 0 }, { 0, 0, 40 }, { 0, 0, -40 }
    };
    for (size_t i = 0; i < sizeof off / sizeof *off; i++) {
        {
            const bool side = i % 2;
            struct smp_fiducials f = good;
            struct smp_vec3 *ear = side ? &f.rpa : &f.lpa;
            *ear = skin_toward(smp_add(*ear, off[i]));
            ck_assert_int_eq(take(&f), SMP_E_INPUT);
            ck_msg_has(err, "head.stl: ");
            ck_msg_has(err, "lpa");
            ck_msg_has(err, "rpa");
        }
    }
    struct smp_fiducials f = good;
    f.lpa = skin_toward(smp_add(f.lpa, smp_vec3(0, 0, -40)));
    ck_assert_int_eq(take(&f), SMP_E_INPUT);
    ck_msg_has(err, "head.stl: the two halves of the head differ by ");
    ck_msg_has(err, " mm about the middle of head.fiducials.lpa and rpa, and must by 5 mm at most: "
                    "one of them is not before its ear");
    f = good;
    f.rpa = skin_toward(smp_add(f.rpa, smp_vec3(0, 20, 0)));
    ck_assert_int_eq(take(&f), SMP_E_INPUT);
    ck_msg_has(err, "head.stl: head.fiducials.lpa lies 12");
    ck_msg_has(err, " mm from the nasion and rpa 10");
    ck_msg_has(err, " mm, and they must differ by 12 % at most: one of them is not before its ear");
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(both_ears_on_the_cheeks_or_the_neck_are_refused)
{
    start();
    static const struct {
        struct smp_vec3 off;
        const char *where;
    } cases[] = { { { 0, 35, 0 }, "before" },
                  { { 0, -45, 0 }, "behind" },
                  { { 0, 0, -40 }, "below" },
                  { { 0, 0, 40 }, "above" } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct smp_fiducials f = mean.fiducials;
        f.lpa = skin_toward(smp_add(f.lpa, cases[i].off));
        f.rpa = skin_toward(smp_add(f.rpa, cases[i].off));
        ck_assert_int_eq(take(&f), SMP_E_INPUT);
        ck_msg_has(err, "head.stl: head.fiducials.lpa and rpa lie ");
        ck_msg_has(err, cases[i].where);

        ck_msg_has(err, " the ears of this head's profile, and must be within 25 mm of them");
    }
    smp_arena_drop(&arena);
}
END_TEST

// A finger's breadth is a matter of taste and of faces, not a fault.
START_TEST(fiducials_a_centimetre_off_are_taken)
{
    start();
    for (int k = 0; k < 6; k++) {
        struct smp_fiducials f = mean.fiducials;
        const struct smp_vec3 off = smp_vec3(0, k % 2 ? 10 : 0, k % 2 ? 0 : 10 * (k - 2) / 2.0);
        if (k < 2)
            f.nasion = of_profile(k ? 6 : -6);
        else {
            f.lpa = skin_toward(smp_add(f.lpa, off));
            f.rpa = skin_toward(smp_add(f.rpa, off));
        }
        ck_assert_msg(take(&f) == SMP_OK, "%d: %s", k, err.msg);
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_flat_head_is_refused)
{
    start();
    for (size_t i = 0; i < mean.mesh.point_count; i++) {
        struct smp_vec3 *p = &mean.mesh.points[i];
        *p = smp_add(*p, smp_scale(smp_vec3(0, sin(SMP_HEAD_PITCH_RAD), cos(SMP_HEAD_PITCH_RAD)),
                                   -0.35 * smp_up_mm(*p)));
    }
    struct smp_fiducials f = mean.fiducials;
    f.nasion = of_profile(-5);
    ck_assert_int_eq(take(&f), SMP_E_INPUT);
    ck_msg_has(err, "head.stl: the top of the head is 8");
    ck_msg_has(err, " mm over head.fiducials.lpa and rpa, and must be 90 to 185 mm: check "
                    "head.unit, head.scale and the fiducials");
    smp_arena_drop(&arena);
}
END_TEST

// Whatever head a tape can describe has its own fiducials in the right place.
START_TEST(right_fiducials_of_every_head_a_tape_can_tell_are_taken)
{
    static const struct smp_tape_wish wishes[] = {
        { 0 },           { 480, 165, 130 }, { 680, 235, 185 }, { 555, 160, 185 },
        { 0, 235, 122 }, { 0, 185, 160 }
    };
    start();
    for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++) {
        const enum smp_sex sex = i % 2 ? SMP_SEX_FEMALE : SMP_SEX_MALE;
        struct smp_head head;
        ck_assert_msg(smp_head_from_tape(&head, sex, &wishes[i], NULL, &arena, &err) == SMP_OK,
                      "%zu: %s", i, err.msg);
        const struct smp_raw_head raw = {
            .mesh = head.mesh,
            .outer = head.outer,
            .fiducials = { head.landmarks.nasion, head.landmarks.lpa, head.landmarks.rpa },
        };
        ck_assert_msg(smp_check_fiducials("x", &raw.fiducials, 1, &err) == SMP_OK, "%zu: %s", i,
                      err.msg);
        ck_assert_msg(smp_check_placement("x", &raw, 0, &arena, &err) == SMP_OK, "%zu: %s", i,
                      err.msg);
    }
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("fiducials' places", a_nasion_elsewhere_on_the_face_is_refused,
              one_ear_on_the_cheek_or_the_temple_is_refused,
              both_ears_on_the_cheeks_or_the_neck_are_refused, fiducials_a_centimetre_off_are_taken,
              a_flat_head_is_refused, right_fiducials_of_every_head_a_tape_can_tell_are_taken)
