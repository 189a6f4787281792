// Which points of a head a photo shows.
#include "photo/photo.h"

static const double skin_clearance_mm = 0.6; // where rays to the camera start

struct smp_vec3 smp_camera_eye(const struct smp_camera *camera)
{
    double origin_mm[3], direction[3];
    smp_camera_ray(camera, camera->centre_px, origin_mm, direction);
    return smp_vec3(origin_mm[0], origin_mm[1], origin_mm[2]);
}

struct smp_sight smp_sight_of(const struct smp_camera *camera, const struct smp_rays *rays,
                              struct smp_vec3 position_mm, struct smp_vec3 normal)
{
    struct smp_sight sight = { .kind = SMP_SIGHT_AWAY };
    double px[2];
    const struct smp_vec3 to = smp_sub(smp_camera_eye(camera), position_mm);
    const double away_mm = smp_length(to);
    const struct smp_vec3 d = smp_unit(to);
    sight.facing = smp_dot(d, normal);
    if (!(sight.facing > 0) ||
        !smp_camera_project(camera, (double[]){ position_mm.x, position_mm.y, position_mm.z }, px))
        return sight;
    const double *axis = &camera->rotation[6];
    const double depth_mm = -smp_dot(to, smp_vec3(axis[0], axis[1], axis[2]));
    sight.x_px = px[0];
    sight.y_px = px[1];
    sight.px_per_mm = camera->focal_px / depth_mm;
    if (!(px[0] >= 0 && px[1] >= 0 && px[0] < (double)camera->width_px &&
          px[1] < (double)camera->height_px))
        sight.kind = SMP_SIGHT_OUTSIDE;
    else
        sight.kind =
            smp_rays_blocked(rays, smp_add(position_mm, smp_scale(normal, skin_clearance_mm)), d,
                             skin_clearance_mm, away_mm)
                ? SMP_SIGHT_HIDDEN
                : SMP_SIGHT_SEEN;
    return sight;
}
