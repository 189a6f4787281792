// From photos to millimetres: the camera of a photo and the head in it.
//
// A camera is a pinhole: x_cam = R x_head + t (x right, y down, z forward, millimetres), then
// pixels by K, with (0, 0) the top left corner of the picture and (0.5, 0.5) the centre of its
// first pixel. Head coordinates are those of head.h. Nothing here does I/O.
#ifndef SMP_PHOTO_H
#define SMP_PHOTO_H

#include "base/base.h"
#include "head/head.h"

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
// Focal length in pixels of a lens by its 35 mm equivalent, which is told by the picture's diagonal
// (CIPA DCG-001: 43.27 mm of film).
double smp_camera_focal_px(double focal_35mm, size_t width_px, size_t height_px);

// ---- Landmarks marked on photos -----------------------------------------------------------------

enum { SMP_PHOTOS_MAX = 16, SMP_FOCAL_MIN = 8, SMP_FOCAL_MAX = 1000 }; // mm, 35 mm equivalent

// A photo as it lies upright (EXIF orientation applied), not cropped: the principal point is taken
// to be in the middle.
struct smp_photo {
    const char *file;           // for messages
    size_t width_px, height_px; // 0: not known yet
    double focal_35mm;          // 0: not known, then found with a prior of 35 mm (21 to 58)
    bool seen[SMP_PLACE_COUNT];
    double at_px[SMP_PLACE_COUNT][2];
};

// One item of `photos` in case.json or in a file of landmarks: file, landmarks, width_px,
// height_px, focal_35mm. Strings go to the arena.
enum smp_code smp_photo_read(struct smp_photo *photo, const struct smp_json *at,
                             struct smp_arena *arena, struct smp_err *err);
// A whole file of landmarks: {"photos": [item, …]}; for one photo also an item, or its landmarks
// alone (`file` is then "").
enum smp_code smp_photos_read(struct smp_photo **photos, size_t *count, const char *file,
                              struct smp_bytes text, struct smp_arena *arena, struct smp_err *err);

// ---- Cameras of photos, and the head in them ----------------------------------------------------

struct smp_pose {
    struct smp_camera camera;
    double rms_px;                    // over the landmarks that count
    double error_px[SMP_PLACE_COUNT]; // from the mark to where the fit has it
    bool wrong[SMP_PLACE_COUNT];      // lies where no head could have it: left out
    double turn_sd_deg, distance_sd_percent, focal_sd_percent;
};

// The cameras of photos of a head whose landmarks are known (a scan). poses: `count` of the
// caller's. Errors: SMP_E_INPUT (fewer than four landmarks, all in one line or plane, left and
// right exchanged, not those of a head, outside of the picture).
enum smp_code smp_photo_pose(struct smp_pose *poses, const struct smp_photo *photos, size_t count,
                             const struct smp_places *places, struct smp_arena *scratch,
                             struct smp_err *err);

enum smp_scale_kind {
    SMP_SCALE_NONE,      // by the spread of heads alone
    SMP_SCALE_IPD,       // between the middles of the eyes' corners, mm
    SMP_SCALE_DISTANCE,  // between two landmarks, straight, mm
    SMP_SCALE_PX_PER_MM, // of a card, marker or ruler in the first photo, as far away as landmark a
};
struct smp_scale {
    enum smp_scale_kind kind;
    double value, sd;    // mm, or px/mm
    enum smp_place a, b; // b: DISTANCE only
};
// The text of an option or field (docs/photos.md): "ipd", "ipd:63", "lpa,rpa:146",
// "px-per-mm:4.2@glabella", "two-points:X,Y,X,Y:100@glabella". `where` is for messages.
enum smp_code smp_scale_read(struct smp_scale *scale, const char *text, enum smp_sex sex,
                             const char *where, struct smp_err *err);

struct smp_photo_fit {
    struct smp_shape shape;
    double breadth_sd_percent, length_sd_percent, height_sd_percent; // with the scale's own
    double scale_sd_percent;                                         // of all three together
    double view_deg;  // between the two views farthest apart; 0 for one photo
    const char *note; // what makes the head uncertain, in a sentence, or ""
};

// The head in photos of one person: the mould bent so that all its landmarks fall on the marks, by
// least squares with the spread of heads (ANSUR II) as the prior. *head and the cameras share one
// frame. Errors as smp_photo_pose, and SMP_E_INPUT where the head would be none.
enum smp_code smp_photo_head(struct smp_head *head, struct smp_photo_fit *fit,
                             struct smp_pose *poses, const struct smp_photo *photos, size_t count,
                             const struct smp_mould *mould, const struct smp_scale *scale,
                             struct smp_arena *arena, struct smp_err *err);

#endif
