// A case whose head comes from its photos alone, and its copy, which needs no pictures.
#include "harness.h"
#include "image/image.h"
#include "plan/plan_impl.h"

#include <jansson.h>

static const char marks[] =
    "\"nasion\": [743, 880], \"outer_eye_left\": [916, 916], \"outer_eye_right\": [578, 930], "
    "\"lpa\": [975, 1010], \"rpa\": [531, 1029], \"nose_tip\": [747, 1060], \"chin\": [752, 1330]";

static enum smp_code read_text(struct smp_case *from, const char *text, const char *folder,
                               struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_case_source source = { "case.json",
                                            folder,
                                            { (const uint8_t *)text, strlen(text) } };
    return smp_case_parse(from, &source, NULL, arena, err);
}

START_TEST(the_copy_of_the_case_gives_the_same_head_without_the_pictures)
{
    struct smp_arena arena;
    struct smp_image blank;
    struct smp_case from, again;
    struct smp_head head, same;
    struct smp_err err = { 0 };
    char path[300], text[2000];
    static const struct smp_image_note none[] = { { NULL, NULL } };
    smp_arena_make(&arena, 0);
    snprintf(path, sizeof path, "%s/front.png", smp_test_folder());
    ck_assert_int_eq(smp_image_make(&blank, 1500, 2000, &arena, &err), SMP_OK);
    ck_assert_int_eq(smp_image_save(path, &blank, none, 0, &err), SMP_OK);
    snprintf(text, sizeof text,
             "{\"stubble\": 1, \"photos\": [{\"file\": \"other.png\"}, {\"file\": \"front.png\", "
             "\"focal_35mm\": 26, \"landmarks\": {%s}}]}",
             marks);
    ck_assert_msg(read_text(&from, text, smp_test_folder(), &arena, &err) == SMP_OK, "%s", err.msg);
    ck_assert(smp_case_by_photos(&from));
    ck_assert_msg(smp_case_head(&head, &from, NULL, NULL, &arena, &err) == SMP_OK, "%s", err.msg);
    ck_assert(from.photos_used && head.is_template);
    ck_assert_ptr_nonnull(strstr(head.note, "from landmarks on 1 photo, its scale known to"));
    json_t *root = json_loads(from.text, 0, NULL);
    ck_assert(smp_case_note_photos(root, &from));
    char *copy = json_dumps(root, JSON_REAL_PRECISION(17));
    json_decref(root);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_msg(read_text(&again, copy, "nowhere", &arena, &err) == SMP_OK, "%s", err.msg);
    free(copy);
    ck_assert_msg(smp_case_head(&same, &again, NULL, NULL, &arena, &err) == SMP_OK, "%s", err.msg);
    ck_assert_uint_eq(same.mesh.point_count, head.mesh.point_count);
    ck_assert_mem_eq(same.mesh.points, head.mesh.points,
                     head.mesh.point_count * sizeof *head.mesh.points);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_tape_or_a_scan_goes_before_photos)
{
    struct smp_arena arena;
    struct smp_case from;
    struct smp_err err = { 0 };
    char text[2000];
    smp_arena_make(&arena, 0);
    snprintf(text, sizeof text,
             "{\"stubble\": 1, \"head\": {\"measurements\": {\"length_mm\": 200}}, \"photos\": "
             "[{\"file\": \"front.png\", \"landmarks\": {%s}}]}",
             marks);
    ck_assert_int_eq(read_text(&from, text, "", &arena, &err), SMP_OK);
    ck_assert(!smp_case_by_photos(&from));
    ck_assert_int_eq(
        read_text(&from, "{\"stubble\": 1, \"photos\": [{\"file\": \"a.png\"}]}", "", &arena, &err),
        SMP_OK);
    ck_assert(!smp_case_by_photos(&from));
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(photos_of_a_known_head_are_posed_on_it)
{
    struct smp_arena arena;
    struct smp_case from;
    struct smp_head head;
    struct smp_err err = { 0 };
    char text[2000];
    smp_arena_make(&arena, 0);
    snprintf(text, sizeof text,
             "{\"stubble\": 1, \"head\": {\"measurements\": {\"length_mm\": 200}}, \"photos\": "
             "[{\"file\": \"bare.png\"}, {\"file\": \"front.png\", \"width_px\": 1500, "
             "\"height_px\": 2000, \"focal_35mm\": 26, \"landmarks\": {%s}}]}",
             marks);
    ck_assert_int_eq(read_text(&from, text, "", &arena, &err), SMP_OK);
    ck_assert_msg(smp_case_head(&head, &from, NULL, NULL, &arena, &err) == SMP_OK, "%s", err.msg);
    ck_assert_ptr_null(from.poses);
    ck_assert_msg(smp_case_poses(&from, &head, NULL, &arena, &err) == SMP_OK, "%s", err.msg);
    ck_assert_double_eq(from.poses[0].camera.focal_px, 0);
    const struct smp_camera *camera = &from.poses[1].camera;
    const struct smp_vec3 nasion = head.landmarks.nasion;
    double px[2];
    ck_assert(smp_camera_project(camera, (double[]){ nasion.x, nasion.y, nasion.z }, px));
    ck_assert_double_eq_tol(px[0], 743, 40);
    ck_assert_double_eq_tol(px[1], 880, 40);
    ck_assert_double_eq_tol(camera->t_mm[2], 480, 150);
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("case photos", the_copy_of_the_case_gives_the_same_head_without_the_pictures,
              photos_of_a_known_head_are_posed_on_it, a_tape_or_a_scan_goes_before_photos)
