// Cameras: 1.5 m away with a long lens, as portraits are taken (docs/preview.md "Camera").
#include "preview/preview_impl.h"

const char *const smp_view_names[] = {
#define NAME(name, text) text,
    SMP_VIEWS(NAME) NULL
#undef NAME
};

enum { FRAME_MM = 280, LOW_MM = 50 };
static const double distance_mm = 1500;

// Turn about the head (to the person's left is positive) and height above the horizon, degrees.
static const struct {
    double turn_deg, height_deg;
} places[SMP_VIEW_COUNT] = {
    [SMP_VIEW_FRONT] = { 0, 14 },
    [SMP_VIEW_THREE_QUARTER_LEFT] = { 42, 12 },
    [SMP_VIEW_THREE_QUARTER_RIGHT] = { -42, 12 },
    [SMP_VIEW_LEFT] = { 92, 8 },
    [SMP_VIEW_RIGHT] = { -92, 8 },
    [SMP_VIEW_TOP] = { 0, 68 },
    [SMP_VIEW_CROWN] = { 172, 46 },
    [SMP_VIEW_BACK] = { 180, 14 },
};

// The sitter bows the head a little, as clients are asked to: looking straight ahead, a hairline
// 80 mm over the glabella lies on the horizon of the head and cannot be judged.
static const double bow_rad = 0.14;

static struct smp_viewer make(struct smp_vec3 target, struct smp_vec3 back, struct smp_vec3 up,
                              double px_per_mm, const struct smp_preview_params *params)
{
    struct smp_viewer camera = { .target = target, .back = smp_unit(back) };
    camera.right = smp_unit(smp_cross(up, camera.back));
    camera.up = smp_cross(camera.back, camera.right);
    camera.eye = smp_add(target, smp_scale(camera.back, distance_mm));
    camera.px_per_mm = px_per_mm;
    camera.focal_px = px_per_mm * distance_mm;
    camera.width_px = params->width_px;
    camera.height_px = params->height_px;
    camera.centre_x_px = 0.5 * (double)params->width_px;
    camera.centre_y_px = 0.5 * (double)params->height_px;
    return camera;
}

// Puts what lies above the mouth in the middle, its top below the upper edge; returns the scale.
static double aim(struct smp_viewer *camera, const struct smp_head *head)
{
    double left = 0, right = 0, top = 0;
    for (size_t i = 0; i < head->mesh.point_count; i++) {
        const struct smp_vec3 p = head->mesh.points[i];
        if (p.z < -LOW_MM)
            continue;
        const double x = smp_dot(p, camera->right);
        left = fmin(left, x);
        right = fmax(right, x);
        top = fmax(top, smp_dot(p, camera->up));
    }
    const double px_per_mm = fmin((double)camera->height_px / (double)FRAME_MM,
                                  (double)camera->width_px / fmax(right - left + 22, 100));
    const double high_mm = (double)camera->height_px / px_per_mm;
    const double x = 0.5 * (left + right), y = top + 0.085 * high_mm - 0.5 * high_mm;
    camera->target = smp_add(smp_scale(camera->right, x), smp_scale(camera->up, y));
    return px_per_mm;
}

struct smp_viewer smp_viewer_of_view(const struct smp_head *head, enum smp_view view,
                                     const struct smp_preview_params *params)
{
    const double gaze = SMP_HEAD_PITCH_RAD - bow_rad;
    const struct smp_vec3 ahead = smp_vec3(0, cos(gaze), -sin(gaze));
    const struct smp_vec3 above = smp_vec3(0, sin(gaze), cos(gaze));
    const struct smp_vec3 left = smp_vec3(-1, 0, 0);

    const double turn = places[view].turn_deg * SMP_PI / 180;
    const double height = places[view].height_deg * SMP_PI / 180;
    const struct smp_vec3 flat = smp_add(smp_scale(ahead, cos(turn)), smp_scale(left, sin(turn)));
    const struct smp_vec3 back =
        smp_add(smp_scale(flat, cos(height)), smp_scale(above, sin(height)));
    struct smp_viewer camera = make(smp_vec3(0, 0, 0), back, above, 1, params);
    const double px_per_mm = aim(&camera, head);
    return make(camera.target, back, above, px_per_mm, params);
}

struct smp_viewer smp_viewer_of_place(struct smp_vec3 place, struct smp_vec3 normal,
                                      const struct smp_preview_params *params)
{
    // Up in the picture is up on the head, or to the back of it where the skin lies flat.
    const struct smp_vec3 up = fabs(normal.z) < 0.9 ? smp_vec3(0, 0, 1) : smp_vec3(0, -1, 0);
    return make(place, normal, up, SMP_ZOOM_PX_PER_MM, params);
}

struct smp_camera smp_camera_of_viewer(const struct smp_viewer *viewer)
{
    struct smp_camera camera = { .focal_px = viewer->focal_px,
                                 .centre_px = { viewer->centre_x_px, viewer->centre_y_px },
                                 .width_px = viewer->width_px,
                                 .height_px = viewer->height_px };
    const struct smp_vec3 rows[3] = { viewer->right, smp_scale(viewer->up, -1),
                                      smp_scale(viewer->back, -1) };
    for (int i = 0; i < 3; i++) {
        camera.rotation[3 * i] = rows[i].x;
        camera.rotation[3 * i + 1] = rows[i].y;
        camera.rotation[3 * i + 2] = rows[i].z;
        camera.t_mm[i] = -smp_dot(rows[i], viewer->eye);
    }
    return camera;
}
