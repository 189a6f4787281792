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

SMP_TEST_MAIN("photo", right_ear_is_left_and_up_is_up, a_ray_leads_back_to_the_point)
