// Heads from scans: the template, torn and turned, taken as a scan; real scans; every refusal.
#include "head/head_impl.h"

#include "harness.h"

#include <math.h>

static struct smp_arena arena;
static struct smp_err err;

// The template as a scanner would give it: in cm, y up and z to the front, moved, every triangle
// with corners of its own, and a ball within (an eye, say).
struct scan {
    struct smp_mesh mesh;
    struct smp_scan_frame frame;
};

static struct smp_vec3 out_of_frame(struct smp_vec3 p)
{
    return smp_vec3(3 - p.x / 10, 150 + p.z / 10, -4 + p.y / 10);
}

static void add_ball(struct smp_mesh *mesh, struct smp_vec3 middle, double radius)
{
    static const double corner[6][3] = { { 1, 0, 0 },  { -1, 0, 0 }, { 0, 1, 0 },
                                         { 0, -1, 0 }, { 0, 0, 1 },  { 0, 0, -1 } };
    static const int face[8][3] = { { 0, 2, 4 }, { 2, 1, 4 }, { 1, 3, 4 }, { 3, 0, 4 },
                                    { 2, 0, 5 }, { 1, 2, 5 }, { 3, 1, 5 }, { 0, 3, 5 } };
    for (int f = 0; f < 8; f++) {
        for (int k = 0; k < 3; k++) {
            const double *c = corner[face[f][k]];
            mesh->triangles[mesh->triangle_count][k] = (uint32_t)mesh->point_count;
            mesh->points[mesh->point_count++] =
                smp_add(middle, smp_vec3(radius * c[0], radius * c[1], radius * c[2]));
        }
        mesh->triangle_count++;
    }
}

static void make_scan(struct scan *scan)
{
    struct smp_template t;
    smp_arena_make(&arena, 0);
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_template_load(&t, &arena, &err), SMP_OK);
    struct smp_mesh *m = &scan->mesh;
    *m = (struct smp_mesh){ .point_count = 3 * t.mesh.triangle_count,
                            .triangle_count = t.mesh.triangle_count };
    m->points = smp_new(&arena, struct smp_vec3, m->point_count + 24);
    m->triangles = smp_alloc(&arena, m->triangle_count + 8, sizeof *m->triangles);
    for (size_t i = 0; i < m->triangle_count; i++) {
        for (uint32_t k = 0; k < 3; k++) {
            m->triangles[i][k] = (uint32_t)(3 * i + k);
            m->points[3 * i + k] = out_of_frame(t.mesh.points[t.mesh.triangles[i][k]]);
        }
    }
    add_ball(m, out_of_frame(smp_vec3(20, 30, 40)), 1);
    scan->frame =
        (struct smp_scan_frame){ 10,
                                 { out_of_frame(t.fiducials.nasion), out_of_frame(t.fiducials.lpa),
                                   out_of_frame(t.fiducials.rpa) } };
}

static enum smp_code take(struct smp_head *head, const struct scan *scan)
{
    err = (struct smp_err){ 0 };
    return smp_head_from_mesh(head, &scan->mesh, &scan->frame, SMP_SEX_MALE, "head.obj", NULL,
                              &arena, &err);
}

START_TEST(a_torn_and_turned_template_measures_as_the_template)
{
    struct scan scan;
    struct smp_head head;
    make_scan(&scan);
    ck_assert_msg(take(&head, &scan) == SMP_OK, "%s", err.msg);
    struct smp_template t;
    struct smp_tape tape;
    struct smp_profile profile;
    ck_assert_int_eq(smp_template_load(&t, &arena, &err), SMP_OK);
    ck_assert_int_eq(smp_tape_read(&tape, &profile, &t.mesh, NULL, &t.fiducials, &arena, &err),
                     SMP_OK);
    ck_assert_double_eq_tol(head.tape.circumference_mm, tape.circumference_mm, 0.2);
    ck_assert_double_eq_tol(head.tape.length_mm, tape.length_mm, 0.1);
    ck_assert_double_eq_tol(head.tape.breadth_mm, tape.breadth_mm, 0.1);
    ck_assert_double_eq_tol(head.tape.nasion_inion_mm, tape.nasion_inion_mm, 1);
    ck_assert_double_ge(head.tape.scalp_cm2, 450);
    ck_assert(!head.is_template && !head.brow && head.sex == SMP_SEX_MALE);
    // The estimated canthi lie within 5 mm of the known ones.
    ck_assert_double_le(smp_length(smp_sub(head.landmarks.canthus_left, t.canthus_left)), 5);
    ck_assert_double_le(smp_length(smp_sub(head.landmarks.canthus_right, t.canthus_right)), 5);
    ck_assert_ptr_nonnull(strstr(head.note, "lateral canthi are estimated"));
    ck_assert_ptr_nonnull(strstr(head.note, "inner or loose triangles get no dots"));
    // The ball within gets no dots: whatever lies in the scalp is near the surface.
    double nearest = HUGE_VAL;
    for (size_t i = 0; i < head.mesh.point_count; i++) {
        if (head.zones[i] != SMP_ZONE_NONE)
            nearest = fmin(nearest, smp_length(smp_sub(head.mesh.points[i], smp_vec3(0, 15, 20))));
    }
    ck_assert_double_ge(nearest, 60);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_hole_in_the_scalp_is_measured_along_its_border)
{
    struct scan scan;
    struct smp_head head;
    make_scan(&scan);
    ck_assert_msg(take(&head, &scan) == SMP_OK, "%s", err.msg);
    ck_assert_double_eq(head.open_mm, 0);
    const struct smp_vec3 middle = out_of_frame(head.landmarks.vertex);
    struct smp_mesh *m = &scan.mesh;
    size_t kept = 0;
    for (size_t t = 0; t < m->triangle_count; t++) { // a hole of 20 mm radius; units are cm
        const double off = smp_length(smp_sub(m->points[m->triangles[t][0]], middle));
        if (off > 2)
            memmove(m->triangles[kept++], m->triangles[t], sizeof *m->triangles);
    }
    m->triangle_count = kept;
    ck_assert_msg(take(&head, &scan) == SMP_OK, "%s", err.msg);
    ck_assert_double_ge(head.open_mm, 2 * SMP_PI * 18); // the edge is jagged: longer than a circle
    ck_assert_double_le(head.open_mm, 2 * SMP_PI * 40);
    ck_assert_ptr_nonnull(strstr(head.note, "the scalp has open borders"));
    smp_arena_drop(&arena);
}
END_TEST

// Every point of the scan moved by chance; points at one place (corners of a torn mesh) together.
static void shake(struct scan *scan, double noise_mm)
{
    struct smp_mesh welded;
    ck_assert_int_eq(smp_mesh_weld(&welded, &scan->mesh, 1e-6, &arena, &err), SMP_OK);
    for (size_t i = 0; i < welded.point_count; i++) {
        struct smp_rng rng = smp_rng_make(7, i);
        double off[3];
        for (int k = 0; k < 3; k++)
            off[k] = smp_rng_normal(&rng) * noise_mm / scan->frame.mm_per_unit;
        welded.points[i] = smp_add(welded.points[i], smp_vec3(off[0], off[1], off[2]));
    }
    scan->mesh = welded;
}

START_TEST(noise_is_measured_told_of_and_refused_in_the_end)
{
    static const double noise_mm[] = { 0, 1 };
    struct scan scan;
    struct smp_head head;
    double last = -1;
    for (int k = 0; k < 2; k++) {
        make_scan(&scan);
        shake(&scan, noise_mm[k]);
        ck_assert_msg(take(&head, &scan) == SMP_OK, "%s", err.msg);
        ck_assert_double_gt(head.rough_share, last);
        last = head.rough_share;
        if (k == 0) { // the curve of the skull over 10 mm
            ck_assert_double_le(head.rough_share, 0.003);
            ck_assert_ptr_null(strstr(head.note, "rough"));
        }
        if (k == 0)
            smp_arena_drop(&arena);
    }
    ck_assert_double_ge(last, 0.03);
    ck_assert_double_le(last, 0.08);
    ck_assert_ptr_nonnull(
        strstr(head.note, "; the scalp is rough and has 5 % more area than smooth skin"));
    smp_arena_drop(&arena);
    make_scan(&scan);
    shake(&scan, 3);
    ck_assert_int_eq(take(&head, &scan), SMP_E_INPUT);
    ck_msg_has(err, "head.obj: the scalp is so rough that it has ");
    ck_msg_has(
        err, " % more area than smooth skin, and must have 10 % at most for dots to be counted on "
             "it: smooth the scan, or scan again with the hair cropped");
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_wrong_unit_is_named_with_the_likely_one)
{
    struct scan scan;
    struct smp_head head;
    make_scan(&scan);
    scan.frame.mm_per_unit = 1;
    ck_assert_int_eq(take(&head, &scan), SMP_E_INPUT);
    ck_msg_eq(err,
              "head.obj: the distance of head.fiducials.lpa and rpa is 14.69 mm at 1 mm a unit, "
              "and must be 90 to 200 mm; head.unit is likely \"cm\"");
    scan.frame.mm_per_unit = 1000;
    ck_assert_int_eq(take(&head, &scan), SMP_E_INPUT);
    ck_msg_has(err, "head.unit is likely \"cm\"");
    scan.frame.mm_per_unit = (double)NAN;
    ck_assert_int_eq(take(&head, &scan), SMP_E_INPUT);
    ck_msg_has(err, "head.obj: millimetres a unit must be above 0, not");
    scan.frame.mm_per_unit = 10;
    scan.frame.mm_per_unit = 7.3; // fiducials still pass, the head does not
    ck_assert_int_eq(take(&head, &scan), SMP_E_INPUT);
    ck_msg_has(err, "head.obj: the head's length is ");
    ck_msg_has(err, "mm at 7.3 mm a unit, and must be 160 to 255 mm");
    smp_arena_drop(&arena);
}
END_TEST

// Every triangle cut into parts of a tenth of its sides: 2.75 million of them.
static void cut_up(struct smp_mesh *mesh)
{
    enum { side = 10 };
    struct smp_mesh fine = { 0 };
    fine.points = smp_new(&arena, struct smp_vec3, mesh->triangle_count * 3 * side * side);
    fine.triangles = smp_alloc(&arena, mesh->triangle_count * side * side, sizeof *fine.triangles);
    for (size_t t = 0; t < mesh->triangle_count; t++) {
        for (int r = 0; r < side; r++) {
            for (int k = 0; k < 2 * r + 1; k++) {
                const int i = k / 2, down = k % 2;
                const int at[3][2] = { { r, i }, { r + 1, i + down }, { r + !down, i + 1 } };
                for (uint32_t c = 0; c < 3; c++) {
                    const double p = (double)at[c][0] / side, q = (double)at[c][1] / side;
                    const double bary[3] = { 1 - p, p - q, q };
                    fine.triangles[fine.triangle_count][c] = (uint32_t)fine.point_count;
                    fine.points[fine.point_count++] = smp_mesh_at(mesh, t, bary);
                }
                fine.triangle_count++;
            }
        }
    }
    *mesh = fine;
}

START_TEST(a_scan_finer_than_need_be_is_thinned_out_and_measures_the_same)
{
    struct scan scan;
    struct smp_head coarse, head;
    make_scan(&scan);
    ck_assert_msg(take(&coarse, &scan) == SMP_OK, "%s", err.msg);
    ck_assert_ptr_null(strstr(coarse.note, "thinned"));
    const double area = smp_mesh_area(&scan.mesh);
    cut_up(&scan.mesh);
    ck_assert_uint_gt(scan.mesh.triangle_count, 2500000);
    ck_assert_double_eq_tol(smp_mesh_area(&scan.mesh), area, 1e-6 * area);
    ck_assert_msg(take(&head, &scan) == SMP_OK, "%s", err.msg);
    ck_assert_ptr_nonnull(strstr(head.note, " triangles were thinned out to "));
    ck_assert_double_eq_tol(head.tape.circumference_mm, coarse.tape.circumference_mm, 1);
    ck_assert_double_eq_tol(head.tape.length_mm, coarse.tape.length_mm, 0.5);
    ck_assert_double_eq_tol(head.tape.breadth_mm, coarse.tape.breadth_mm, 0.5);
    ck_assert_double_eq_tol(head.tape.scalp_cm2, coarse.tape.scalp_cm2, 8);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(fiducials_must_lie_on_the_skin_and_make_a_frame)
{
    struct scan scan;
    struct smp_head head;
    make_scan(&scan);
    const struct smp_fiducials good = scan.frame.fiducials;
    scan.frame.fiducials.lpa = good.rpa;
    scan.frame.fiducials.rpa = good.lpa;
    ck_assert_int_eq(take(&head, &scan), SMP_E_INPUT);
    ck_msg_eq(err,
              "head.obj: head.fiducials.lpa must be at the person's left ear and rpa at the right "
              "one, and they seem exchanged: the skull lies below them");
    scan.frame.fiducials = good;
    scan.frame.fiducials.nasion = smp_scale(smp_add(good.lpa, good.rpa), 0.5);
    ck_assert_int_eq(take(&head, &scan), SMP_E_INPUT);
    ck_msg_eq(err, "head.obj: the fiducials lie in one line: the nasion is 0.0 mm from the line of "
                   "LPA and RPA, and must be 50 to 150 mm");
    scan.frame.fiducials = good;
    scan.frame.fiducials.nasion.z += 2;
    ck_assert_int_eq(take(&head, &scan), SMP_E_INPUT);
    ck_msg_has(err, "head.obj: head.fiducials.nasion lies ");
    ck_msg_has(err, " mm off the surface, and must be within 8 mm of it");
    struct smp_template t;
    ck_assert_int_eq(smp_template_load(&t, &arena, &err), SMP_OK);
    scan.frame.fiducials = good;
    scan.frame.fiducials.nasion = out_of_frame(t.canthus_left);
    ck_assert_int_eq(take(&head, &scan), SMP_E_INPUT);
    ck_msg_eq(err, "head.obj: head.fiducials.nasion lies 44.6 mm beside the middle of lpa and rpa, "
                   "and must be within 15 mm of it");
    scan.frame.fiducials = good;
    scan.frame.fiducials.rpa.y = (double)INFINITY;
    ck_assert_int_eq(take(&head, &scan), SMP_E_INPUT);
    ck_msg_eq(err, "head.obj: head.fiducials.rpa must be a finite point");
    smp_arena_drop(&arena);
}
END_TEST

// Whatever is no head is refused in a sentence that names the file.
START_TEST(shapes_that_are_no_head_are_refused)
{
    struct scan scan;
    struct smp_head head;
    make_scan(&scan);
    const size_t count = scan.mesh.triangle_count;
    scan.mesh.triangle_count = 0;
    ck_assert_int_eq(take(&head, &scan), SMP_E_INPUT);
    ck_msg_eq(err, "head.obj: the scan has no triangles of any area");
    scan.mesh.triangle_count = 1;
    ck_assert_int_eq(take(&head, &scan), SMP_E_INPUT);
    ck_msg_has(err, "head.obj: ");
    // The ball alone, and fiducials on it.
    scan.mesh.triangles += count - 8;
    scan.mesh.triangle_count = 8;
    for (size_t i = scan.mesh.point_count - 24; i < scan.mesh.point_count; i++)
        scan.mesh.points[i] =
            smp_scale(smp_sub(scan.mesh.points[i], out_of_frame(smp_vec3(20, 30, 40))), 9);
    scan.frame.fiducials = (struct smp_fiducials){ { 0, 0, 9 }, { 9, 0, 0 }, { -9, 0, 0 } };
    ck_assert_int_eq(take(&head, &scan), SMP_E_INPUT);
    ck_msg_has(err, "head.obj: ");
    scan.mesh.points[5].x = (double)NAN;
    ck_assert_int_eq(take(&head, &scan), SMP_E_INPUT);
    ck_msg_eq(err, "head.obj: point 5 of the mesh is not a finite position");
    for (size_t i = 0; i < scan.mesh.point_count; i++)
        scan.mesh.points[i] = smp_vec3(1, 2, 3); // a cloud on one spot
    ck_assert_int_eq(take(&head, &scan), SMP_E_INPUT);
    ck_msg_eq(err, "head.obj: the scan has no triangles of any area");
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_mask_without_a_back_is_refused)
{
    struct scan scan;
    struct smp_head head;
    make_scan(&scan);
    size_t kept = 0;
    for (size_t t = 0; t < scan.mesh.triangle_count; t++) {
        if (scan.mesh.points[scan.mesh.triangles[t][0]].z > -5.5) // 15 mm behind the ears
            memcpy(scan.mesh.triangles[kept++], scan.mesh.triangles[t],
                   sizeof scan.mesh.triangles[t]);
    }
    scan.mesh.triangle_count = kept;
    ck_assert_int_eq(take(&head, &scan), SMP_E_INPUT);
    ck_msg_eq(err, "head.obj: the head has no back on the mid-sagittal plane");
    smp_arena_drop(&arena);
}
END_TEST

static void take_file(const char *path, struct smp_scan_frame frame, double low_cm2,
                      double high_cm2)
{
    smp_arena_make(&arena, 0);
    err = (struct smp_err){ 0 };
    struct smp_scan scan;
    struct smp_head head;
    ck_assert_msg(smp_scan_load(&scan, path, NULL, &arena, &err) == SMP_OK, "%s", err.msg);
    ck_assert_msg(smp_head_from_mesh(&head, &scan.mesh, &frame, SMP_SEX_MALE, path, NULL, &arena,
                                     &err) == SMP_OK,
                  "%s", err.msg);
    ck_assert_double_ge(head.tape.scalp_cm2, low_cm2);
    ck_assert_double_le(head.tape.scalp_cm2, high_cm2);
    ck_assert_double_ge(head.tape.nasion_inion_mm, 335);
    ck_assert_double_le(head.tape.nasion_inion_mm, 375);
    ck_assert_double_ge(head.tape.preauricular_mm, 335);
    ck_assert_double_le(head.tape.preauricular_mm, 375);
    for (int z = SMP_ZONE_FRONTAL; z < SMP_ZONE_COUNT; z++)
        ck_assert_double_gt(head.tape.zone_cm2[z], 3);
    // Ears stand out farther than the skull: none of the scalp does.
    double farthest = 0;
    for (size_t i = 0; i < head.mesh.point_count; i++) {
        if (head.zones[i] != SMP_ZONE_NONE)
            farthest = fmax(farthest, fabs(head.mesh.points[i].x));
    }
    ck_assert_double_le(farthest, head.tape.breadth_mm / 2 + 4);
    smp_arena_drop(&arena);
}

// The fiducials of the cases in tests/cases.
START_TEST(the_scan_of_a_man_becomes_a_head)
{
    const char *path = "../shared/data/heads/lee-perry-smith/LeePerrySmith-textured.glb";
    SKIP_WITHOUT(path);
    take_file(path,
              (struct smp_scan_frame){
                  48.2, { { -0.07, 1.96, 1.98 }, { 1.32, 1.22, 0.44 }, { -1.48, 1.22, 0.44 } } },
              480, 590);
}
END_TEST

START_TEST(the_mean_head_with_eyes_and_teeth_becomes_a_head)
{
    const char *path = "../shared/data/heads/ict-facekit/generic_neutral_mesh.obj";
    SKIP_WITHOUT(path);
    take_file(path,
              (struct smp_scan_frame){
                  10, { { 0, 4.40, 10.64 }, { 7.35, 0.7, 1.83 }, { -7.35, 0.7, 1.83 } } },
              480, 590);
}
END_TEST

SMP_TEST_MAIN("head scan", a_torn_and_turned_template_measures_as_the_template,
              a_hole_in_the_scalp_is_measured_along_its_border,
              noise_is_measured_told_of_and_refused_in_the_end,
              a_wrong_unit_is_named_with_the_likely_one,
              a_scan_finer_than_need_be_is_thinned_out_and_measures_the_same,
              fiducials_must_lie_on_the_skin_and_make_a_frame, shapes_that_are_no_head_are_refused,
              a_mask_without_a_back_is_refused, the_scan_of_a_man_becomes_a_head,
              the_mean_head_with_eyes_and_teeth_becomes_a_head)
