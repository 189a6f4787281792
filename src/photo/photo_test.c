// The pinhole camera.
#include "harness.h"
#include "photo/photo.h"

#include <math.h>

// Camera 500 mm before the face, upright, looking along -y of the head. Seen from
// the front the head's right ear (+x) is on the left of the picture.
static struct smp_camera front(void)
{
    return (struct smp_camera){ .focal_px = 1000,
                                .centre_px = { 400, 500 },
                                .rotation = { -1, 0, 0, 0, 0, -1, 0, -1, 0 },
                                .t_mm = { 0, 0, 500 },
                                .width_px = 800,
                                .height_px = 1000 };
}

START_TEST(right_ear_is_left_and_up_is_up)
{
    const struct smp_camera camera = front();
    double px[2];
    ck_assert(smp_camera_project(&camera, (double[]){ 75, 0, 50 }, px));
    ck_assert_double_eq_tol(px[0], 400 - 150, 1e-9);
    ck_assert_double_eq_tol(px[1], 500 - 100, 1e-9);
    ck_assert(!smp_camera_project(&camera, (double[]){ 0, 600, 0 }, px));
}
END_TEST

START_TEST(a_ray_leads_back_to_the_point)
{
    const struct smp_camera camera = front();
    const double point[3] = { 33, 80, 61 };
    double px[2], from[3], along[3], off = 0;
    ck_assert(smp_camera_project(&camera, point, px));
    smp_camera_ray(&camera, px, from, along);
    double reach = 0;
    for (int i = 0; i < 3; i++)
        reach += (point[i] - from[i]) * along[i];
    for (int i = 0; i < 3; i++)
        off = fmax(off, fabs(from[i] + reach * along[i] - point[i]));
    ck_assert_double_lt(off, 1e-9);
}
END_TEST

// Two squares: one of 2 m at z = 0, one of 20 mm at z = 50 that hides its middle.
static struct smp_mesh two_squares(struct smp_vec3 points[8], uint32_t triangles[4][3])
{
    for (uint32_t k = 0; k < 8; k++) {
        const double half = k < 4 ? 1000 : 10, z = k < 4 ? 0 : 50;
        points[k] = smp_vec3(k % 4 == 0 || k % 4 == 3 ? -half : half, k % 4 < 2 ? -half : half, z);
    }
    for (uint32_t k = 0; k < 4; k++) {
        const uint32_t first = 4 * (k / 2);
        triangles[k][0] = first;
        triangles[k][1] = first + 1 + k % 2;
        triangles[k][2] = first + 2 + k % 2;
    }
    return (struct smp_mesh){
        .points = points, .point_count = 8, .triangles = triangles, .triangle_count = 4
    };
}

START_TEST(a_sight_tells_what_is_seen_turned_away_hidden_or_outside)
{
    struct smp_vec3 points[8];
    uint32_t triangles[4][3];
    const struct smp_mesh mesh = two_squares(points, triangles);
    struct smp_rays *rays;
    ck_assert_int_eq(smp_rays_make(&rays, &mesh, NULL), SMP_OK);
    const struct smp_camera camera = { .focal_px = 600, // 300 mm above, looking down
                                       .centre_px = { 320, 240 },
                                       .rotation = { 1, 0, 0, 0, -1, 0, 0, 0, -1 },
                                       .t_mm = { 0, 0, 300 },
                                       .width_px = 640,
                                       .height_px = 480 };
    const struct smp_vec3 up = smp_vec3(0, 0, 1), eye = smp_camera_eye(&camera);
    ck_assert_double_eq_tol(smp_length(smp_sub(eye, smp_vec3(0, 0, 300))), 0, 1e-9);
    const struct smp_sight seen = smp_sight_of(&camera, rays, smp_vec3(40, 30, 0), up);
    ck_assert_int_eq(seen.kind, SMP_SIGHT_SEEN);
    ck_assert_double_eq_tol(seen.x_px, 400, 1e-9);
    ck_assert_double_eq_tol(seen.y_px, 180, 1e-9);
    ck_assert_double_eq_tol(seen.px_per_mm, 2, 1e-9);
    ck_assert_double_eq_tol(seen.facing, 300 / sqrt(300 * 300 + 50 * 50), 1e-9);
    ck_assert_int_eq(smp_sight_of(&camera, rays, smp_vec3(40, 30, 0), smp_scale(up, -1)).kind,
                     SMP_SIGHT_AWAY);
    ck_assert_int_eq(smp_sight_of(&camera, rays, smp_vec3(1, 2, 0), up).kind, SMP_SIGHT_HIDDEN);
    ck_assert_int_eq(smp_sight_of(&camera, rays, smp_vec3(1, 2, 50), up).kind, SMP_SIGHT_SEEN);
    ck_assert_int_eq(smp_sight_of(&camera, rays, smp_vec3(700, 0, 0), up).kind, SMP_SIGHT_OUTSIDE);
    ck_assert_int_eq(smp_sight_of(&camera, rays, smp_vec3(0, 0, 400), smp_scale(up, -1)).kind,
                     SMP_SIGHT_AWAY); // behind the camera
    smp_rays_drop(rays);
}
END_TEST

SMP_TEST_MAIN("photo", a_sight_tells_what_is_seen_turned_away_hidden_or_outside,
              right_ear_is_left_and_up_is_up, a_ray_leads_back_to_the_point)
