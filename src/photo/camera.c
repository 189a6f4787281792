// The pinhole camera (Hartley and Zisserman, Multiple View Geometry, 2nd ed., §6.1).
#include "photo/photo_impl.h"

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

double smp_camera_focal_px(double focal_35mm, size_t width_px, size_t height_px)
{
    return focal_35mm * hypot((double)width_px, (double)height_px) / hypot(36, 24);
}

// exp of the cross-product matrix of `by`, times the rotation (Rodrigues).
void smp_turn(double out[9], const double by[3], const double rotation[9])
{
    const double angle = sqrt(by[0] * by[0] + by[1] * by[1] + by[2] * by[2]);
    const double a = angle < 1e-9 ? 1 : sin(angle) / angle;
    const double b = angle < 1e-9 ? 0.5 : (1 - cos(angle)) / (angle * angle);
    const double k[9] = { 0, -by[2], by[1], by[2], 0, -by[0], -by[1], by[0], 0 };
    double e[9];
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
            double square = 0;
            for (int m = 0; m < 3; m++)
                square += k[3 * i + m] * k[3 * m + j];
            e[3 * i + j] = (i == j) + a * k[3 * i + j] + b * square;
        }
    }
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++)
            out[3 * i + j] = e[3 * i] * rotation[j] + e[3 * i + 1] * rotation[3 + j] +
                             e[3 * i + 2] * rotation[6 + j];
    }
}

void smp_misfit(double out[2], const struct smp_camera *camera, struct smp_vec3 at,
                const double px[2], double weight, bool robust)
{
    static const double limit = 3; // beyond, a mark pulls less and less
    static const double behind = 1e3;
    double seen[2];
    if (!smp_camera_project(camera, (double[]){ at.x, at.y, at.z }, seen)) {
        out[0] = out[1] = behind;
        return;
    }
    out[0] = weight * (seen[0] - px[0]);
    out[1] = weight * (seen[1] - px[1]);
    const double square = (out[0] * out[0] + out[1] * out[1]) / (limit * limit);
    if (!robust || square < 1e-12)
        return;
    const double less = sqrt(log1p(square) / square); // Cauchy's loss as a smaller residual
    out[0] *= less;
    out[1] *= less;
}
