// From photos to millimetres: the camera of a photo and the head in it.
//
// A camera is a pinhole: x_cam = R x_head + t (x right, y down, z forward, millimetres), then
// pixels by K, with (0, 0) the top left corner of the picture and (0.5, 0.5) the centre of its
// first pixel. Head coordinates are those of head.h. Nothing here does I/O.
#ifndef SMP_PHOTO_H
#define SMP_PHOTO_H

#include "base/base.h"

struct smp_camera {
    double focal_px;     // of square pixels
    double centre_px[2]; // where the optical axis meets the picture
    double rotation[9];  // R, row-major
    double t_mm[3];      // the head's origin in camera coordinates
    size_t width_px, height_px;
};

// Where a point of the head falls in the picture; false where it lies behind the camera.
bool smp_camera_project(const struct smp_camera *camera, const double head_mm[3], double px[2]);
// The ray of a pixel position: the camera's own place and a unit direction, in head coordinates.
void smp_camera_ray(const struct smp_camera *camera, const double px[2], double origin_mm[3],
                    double direction[3]);

#endif
