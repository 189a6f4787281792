// The pinhole camera (Hartley and Zisserman, Multiple View Geometry, 2nd ed., §6.1).
#include "photo/photo.h"

#include <math.h>

bool smp_camera_project(const struct smp_camera *camera, const double head_mm[3], double px[2])
{
    double at[3];
    for (int i = 0; i < 3; i++) {
        const double *row = &camera->rotation[3 * i];
        at[i] = row[0] * head_mm[0] + row[1] * head_mm[1] + row[2] * head_mm[2] + camera->t_mm[i];
    }
    if (!(at[2] > 0))
        return false;
    px[0] = camera->centre_px[0] + camera->focal_px * at[0] / at[2];
    px[1] = camera->centre_px[1] + camera->focal_px * at[1] / at[2];
    return true;
}

void smp_camera_ray(const struct smp_camera *camera, const double px[2], double origin_mm[3],
                    double direction[3])
{
    const double across = (px[0] - camera->centre_px[0]) / camera->focal_px;
    const double down = (px[1] - camera->centre_px[1]) / camera->focal_px;
    const double length = sqrt(across * across + down * down + 1);
    const double *r = camera->rotation;
    for (int i = 0; i < 3; i++) { // by the transpose of R
        direction[i] = (r[i] * across + r[3 + i] * down + r[6 + i]) / length;
        origin_mm[i] =
            -(r[i] * camera->t_mm[0] + r[3 + i] * camera->t_mm[1] + r[6 + i] * camera->t_mm[2]);
    }
}
