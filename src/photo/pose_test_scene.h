// Views of a head whose landmarks are known, marked with a hand's error.
#ifndef SMP_POSE_TEST_SCENE_H
#define SMP_POSE_TEST_SCENE_H

#include "photo/photo.h"

#include <math.h>
#include <string.h>

struct view {
    const char *name;
    double yaw_deg, pitch_deg, roll_deg; // from the front to the person's left, up, in the picture
    double distance_mm, focal_35mm;
};

enum { VIEW_COUNT = 6, WIDE_PX = 3000, HIGH_PX = 4000 };
// A phone or a portrait lens at arm's length: the head fills half of the picture.
static const struct view views[VIEW_COUNT] = {
    { "front", 0, 0, 2, 420, 26 },    { "three-quarter", 40, 5, 2, 500, 35 },
    { "side", 90, 0, 2, 650, 50 },    { "front, long lens", 0, 0, 2, 1100, 85 },
    { "crown", 165, 50, 2, 500, 35 }, { "top", 0, 80, 2, 420, 24 },
};

// A camera that looks at the middle of a head held upright.
static inline struct smp_camera camera_of(const struct view *view)
{
    const double rad = SMP_PI / 180, yaw = view->yaw_deg * rad, pitch = view->pitch_deg * rad;
    const double s = sin(SMP_HEAD_PITCH_RAD), c = cos(SMP_HEAD_PITCH_RAD),
                 roll = view->roll_deg * rad;
    const struct smp_vec3 up = smp_vec3(0, s, c), ahead = smp_vec3(0, c, -s);
    const struct smp_vec3 level = smp_add(smp_scale(ahead, cos(yaw)), smp_vec3(-sin(yaw), 0, 0));
    const struct smp_vec3 out = smp_add(smp_scale(up, sin(pitch)), smp_scale(level, cos(pitch)));
    const struct smp_vec3 forward = smp_scale(out, -1);
    const struct smp_vec3 x = smp_unit(smp_cross(forward, up)), y = smp_cross(forward, x);
    const struct smp_vec3 rows[3] = { smp_add(smp_scale(x, cos(roll)), smp_scale(y, sin(roll))),
                                      smp_sub(smp_scale(y, cos(roll)), smp_scale(x, sin(roll))),
                                      forward };
    const struct smp_vec3 eye = smp_add(smp_scale(up, 40), smp_scale(out, view->distance_mm));
    struct smp_camera camera = { .width_px = WIDE_PX,
                                 .height_px = HIGH_PX,
                                 .centre_px = { WIDE_PX / 2.0, HIGH_PX / 2.0 } };
    camera.focal_px = smp_camera_focal_px(view->focal_35mm, WIDE_PX, HIGH_PX);
    for (int i = 0; i < 3; i++) {
        memcpy(&camera.rotation[3 * i], &rows[i], sizeof rows[i]);
        camera.t_mm[i] = -smp_dot(rows[i], eye);
    }
    return camera;
}

// Landmarks that face the camera, or stand on the head's outline, each off by a normal error.
static inline struct smp_photo shoot(const struct smp_camera *camera,
                                     const struct smp_places *places, const struct view *view,
                                     double off_px, uint64_t seed)
{
    struct smp_photo photo = { .file = "photo.jpg",
                               .width_px = WIDE_PX,
                               .height_px = HIGH_PX,
                               .focal_35mm = view->focal_35mm };
    struct smp_rng rng = smp_rng_make(seed, (uint64_t)(1000 + view->yaw_deg + view->pitch_deg));
    double middle[3], along[3];
    smp_camera_ray(camera, camera->centre_px, middle, along);
    const struct smp_vec3 eye = smp_vec3(middle[0], middle[1], middle[2]);
    for (int m = 0; m < SMP_PLACE_COUNT; m++) {
        const struct smp_vec3 p = places->at[m], to = smp_unit(smp_sub(eye, p));
        double *px = photo.at_px[m];
        if (smp_dot(to, smp_place_facing((enum smp_place)m)) < -0.2 ||
            !smp_camera_project(camera, (double[]){ p.x, p.y, p.z }, px))
            continue;
        px[0] += off_px * smp_rng_normal(&rng);
        px[1] += off_px * smp_rng_normal(&rng);
        photo.seen[m] = px[0] > 0 && px[0] < WIDE_PX && px[1] > 0 && px[1] < HIGH_PX;
    }
    return photo;
}

static inline double turn_deg(const struct smp_camera *a, const struct smp_camera *b)
{
    double square = 0; // |A − B|² = 8 sin²(angle / 2): exact for small angles too
    for (int i = 0; i < 9; i++)
        square += (a->rotation[i] - b->rotation[i]) * (a->rotation[i] - b->rotation[i]);
    return 2 * asin(fmin(1, sqrt(square / 8))) * 180 / SMP_PI;
}

static inline double distance_mm(const struct smp_camera *camera)
{
    return smp_length(smp_vec3(camera->t_mm[0], camera->t_mm[1], camera->t_mm[2]));
}

#endif
