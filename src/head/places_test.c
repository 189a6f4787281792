// Landmarks of the template bent, and of a scan.
#include "harness.h"
#include "head/head.h"

#include <math.h>

static struct smp_arena arena;
static struct smp_mould mould;

static void set_up(enum smp_sex sex)
{
    struct smp_err err = { 0 };
    smp_arena_make(&arena, 0);
    ck_assert_msg(smp_mould_make(&mould, sex, &arena, &err) == SMP_OK, "%s", err.msg);
}

static const struct smp_shape shapes[] = { { 1, 1, 1, 0, 0, { 0 } },
                                           { 1.08, 0.95, 1.03, 0, 0, { 0 } },
                                           { 0.92, 1.06, 0.94, 0, 0, { 0 } } };

START_TEST(left_and_right_are_mirror_images)
{
    set_up(SMP_SEX_MALE);
    struct smp_places places;
    smp_mould_places(&places, &mould, &shapes[1]);
    for (int m = 0; m < SMP_PLACE_COUNT; m++) {
        const enum smp_place other = smp_place_mirror((enum smp_place)m);
        ck_assert_int_eq((int)smp_place_mirror(other), m);
        ck_assert_double_eq_tol(places.at[m].x, -places.at[other].x, 0.02);
        ck_assert_double_eq_tol(places.at[m].z, places.at[other].z, 0.02);
        ck_assert_double_eq_tol(smp_place_facing((enum smp_place)m).x, -smp_place_facing(other).x,
                                1e-12);
        ck_assert_double_gt(fmin(places.sd_mm[m].x, fmin(places.sd_mm[m].y, places.sd_mm[m].z)),
                            0.5);
    }
    smp_arena_drop(&arena);
}
END_TEST

// Whatever the bend, landmarks stay on the skin, and the head's own finder agrees.
START_TEST(landmarks_move_with_the_bend)
{
    for (int sex = 0; sex < 2; sex++) {
        set_up((enum smp_sex)sex);
        for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
            struct smp_places places;
            struct smp_head head;
            struct smp_rays *rays;
            struct smp_err err = { 0 };
            smp_mould_places(&places, &mould, &shapes[i]);
            const struct smp_fiducials own = { places.at[SMP_PLACE_NASION],
                                               places.at[SMP_PLACE_LPA], places.at[SMP_PLACE_RPA] };
            ck_assert_msg(
                smp_head_from_shape(&head, NULL, &mould, &shapes[i], &own, &arena, &err) == SMP_OK,
                "%s", err.msg);
            ck_assert_int_eq(smp_rays_make(&rays, &head.mesh, &err), SMP_OK);
            for (int m = 0; m < SMP_PLACE_COUNT; m++) {
                const double off = smp_rays_nearest(rays, places.at[m], 50).distance;
                ck_assert_msg(off < 1.2, "%s lies %.2f mm off the skin", smp_place_names[m], off);
            }
            smp_rays_drop(rays);
            ck_assert_double_lt(
                smp_length(smp_sub(places.at[SMP_PLACE_GLABELLA], head.landmarks.glabella)), 4);
            ck_assert_double_lt(smp_length(smp_sub(places.at[SMP_PLACE_OUTER_EYE_LEFT],
                                                   head.landmarks.canthus_left)),
                                0.1);
            ck_assert_double_eq_tol(head.tape.breadth_mm, mould.breadth_mm * shapes[i].breadth, 1);
            ck_assert_double_eq_tol(head.tape.length_mm, mould.length_mm * shapes[i].length, 2);
        }
        smp_arena_drop(&arena);
    }
}
END_TEST

// A person's own fiducials make the frame: the ears lie between the preauricular points, the
// nasion at height 0, and the skin keeps its size.
START_TEST(the_persons_own_fiducials_make_the_frame)
{
    set_up(SMP_SEX_MALE);
    struct smp_places places;
    struct smp_head head, plain;
    struct smp_reframe moved;
    const struct smp_shape ears = { 1, 1, 1, 8, -5, { 0 } };
    smp_mould_places(&places, &mould, &ears);
    const struct smp_fiducials own = { places.at[SMP_PLACE_NASION], places.at[SMP_PLACE_LPA],
                                       places.at[SMP_PLACE_RPA] };
    ck_assert_int_eq(smp_head_from_shape(&head, &moved, &mould, &ears, &own, &arena, NULL), SMP_OK);
    const struct smp_vec3 nasion = smp_reframed(&moved, own.nasion);
    const struct smp_vec3 ear = smp_reframed(&moved, own.lpa);
    ck_assert_double_eq_tol(nasion.z, 0, 1e-9);
    ck_assert_double_eq_tol(ear.y, 0, 1e-9);
    ck_assert_double_eq_tol(ear.z, 0, 1e-9);
    ck_assert_double_eq_tol(nasion.y, hypot(own.nasion.y - own.lpa.y, own.nasion.z - own.lpa.z),
                            1e-9);
    ck_assert_double_lt(smp_length(smp_sub(head.landmarks.nasion, nasion)), 1e-9);
    ck_assert_int_eq(smp_head_from_tape(&plain, SMP_SEX_MALE, NULL, NULL, &arena, NULL), SMP_OK);
    ck_assert_double_eq_tol(head.tape.length_mm, plain.tape.length_mm, 1.5);
    smp_arena_drop(&arena);
}
END_TEST

#define ICT "../shared/data/heads/ict-facekit/generic_neutral_mesh.obj"

// The mean head as a scan: its landmarks are vertices known by number.
START_TEST(landmarks_of_a_scan_are_found_where_they_are_known)
{
    SKIP_WITHOUT(ICT);
    set_up(SMP_SEX_MALE);
    struct smp_scan scan;
    struct smp_head head;
    struct smp_places found, given = { .sd_mm[SMP_PLACE_CHIN] = { 1, 1, 1 } };
    struct smp_err err = { 0 };
    const struct smp_scan_frame frame = {
        10, { { 0, 4.40, 10.64 }, { 7.35, 0.7, 1.83 }, { -7.35, 0.7, 1.83 } }
    };
    static const struct {
        enum smp_place place;
        size_t vertex;
        double within_mm;
    } known[] = {
        { SMP_PLACE_NOSE_TIP, 4857, 3 },
        { SMP_PLACE_SUBNASALE, 1147, 3 },
        { SMP_PLACE_CHIN, 966, 3 },
        { SMP_PLACE_INNER_EYE_RIGHT, 1528, 3 },
        { SMP_PLACE_INNER_EYE_LEFT, 3742, 3 },
        { SMP_PLACE_EAR_TOP_LEFT, 6844, 3 },
        { SMP_PLACE_OUTER_EYE_LEFT, 3721, 3 },
    };
    ck_assert_msg(smp_scan_load(&scan, ICT, NULL, &arena, &err) == SMP_OK, "%s", err.msg);
    ck_assert_msg(smp_head_from_mesh(&head, &scan.mesh, &frame, SMP_SEX_MALE, ICT, NULL, &arena,
                                     &err) == SMP_OK,
                  "%s", err.msg);
    ck_assert_int_eq(smp_head_places(&found, &head, NULL, &arena, &err), SMP_OK);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const struct smp_vec3 at = smp_head_from_file(&head, scan.mesh.points[known[i].vertex]);
        const double off = smp_length(smp_sub(found.at[known[i].place], at));
        ck_assert_msg(off < known[i].within_mm, "%s lies %.1f mm off",
                      smp_place_names[known[i].place], off);
    }
    ck_assert_str_eq(found.how[SMP_PLACE_NOSE_TIP], "found");
    ck_assert_str_eq(found.how[SMP_PLACE_LPA], "fiducial");
    ck_assert_str_eq(found.how[SMP_PLACE_EAR_TOP_LEFT], "drawn");
    given.at[SMP_PLACE_CHIN] = smp_add(found.at[SMP_PLACE_CHIN], smp_vec3(0, 3, 0));
    ck_assert_int_eq(smp_head_places(&found, &head, &given, &arena, &err), SMP_OK);
    ck_assert_str_eq(found.how[SMP_PLACE_CHIN], "given");
    ck_assert_double_eq(found.at[SMP_PLACE_CHIN].y, given.at[SMP_PLACE_CHIN].y);
    given.at[SMP_PLACE_CHIN].y += 400;
    ck_assert_int_eq(smp_head_places(&found, &head, &given, &arena, &err), SMP_E_INPUT);
    ck_msg_has(err, "head.landmarks.chin lies 35");
    ck_msg_has(err, " mm off the surface, and must be within 10 mm of it");
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("places", left_and_right_are_mirror_images, landmarks_move_with_the_bend,
              the_persons_own_fiducials_make_the_frame,
              landmarks_of_a_scan_are_found_where_they_are_known)
