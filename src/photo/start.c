// A first pose: scaled orthography from many views (each in closed form), the best of them refined
// with perspective by Levenberg–Marquardt. No start is needed and no four points are special.
#include "photo/photo_impl.h"

#include <cminpack.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { AZIMUTHS = 16, ELEVATIONS = 7, VIEWS = AZIMUTHS * ELEVATIONS, KEPT = 10 };
static const double elevations_deg[ELEVATIONS] = { -60, -35, -12, 12, 35, 60, 85 };
static const double hidden_misfit = 9, hidden_cosine = -0.4;
static const double usual_35mm = 35, usual_log_sd = 0.5; // phones and portraits: 21 to 58 mm
static const double rounding_mm = 0.29;                  // EXIF gives whole millimetres

struct view {
    double rotation[9], t_mm[3];
    double score;
};

struct target {
    size_t count;
    struct smp_vec3 at[SMP_PLACE_COUNT], facing[SMP_PLACE_COUNT];
    double px[SMP_PLACE_COUNT][2]; // from the picture's middle
    double sd_mm[SMP_PLACE_COUNT], weight[SMP_PLACE_COUNT];
    double focal_px;
    double rotation[9]; // the refinement turns it
};

static void set_lens(struct smp_start *start, const struct smp_photo *photo)
{
    const bool told = photo->focal_35mm > 0;
    const double mm = told ? photo->focal_35mm : usual_35mm;
    start->focal_px = smp_camera_focal_px(mm, photo->width_px, photo->height_px);
    start->focal_log_sd = told ? rounding_mm / mm : usual_log_sd;
    start->mark_px = fmax(1.5, 0.001 * fmax((double)photo->width_px, (double)photo->height_px));
}

static void set_target(struct target *target, const struct smp_start *start,
                       const struct smp_photo *photo, const struct smp_places *places,
                       bool mirrored)
{
    *target = (struct target){ .focal_px = start->focal_px };
    for (int m = 0; m < SMP_PLACE_COUNT; m++) {
        if (!photo->seen[m])
            continue;
        const enum smp_place own = (enum smp_place)m, as = mirrored ? smp_place_mirror(own) : own;
        const size_t i = target->count++;
        target->at[i] = places->at[as];
        target->facing[i] = smp_place_facing(as);
        target->sd_mm[i] = smp_length(places->sd_mm[as]) / sqrt(3);
        target->px[i][0] = photo->at_px[m][0] - (double)photo->width_px / 2;
        target->px[i][1] = photo->at_px[m][1] - (double)photo->height_px / 2;
    }
}

static int hidden(const struct target *target, const double rotation[9], const double t_mm[3])
{
    int count = 0;
    const double *r = rotation;
    const struct smp_vec3 eye = smp_vec3(-(r[0] * t_mm[0] + r[3] * t_mm[1] + r[6] * t_mm[2]),
                                         -(r[1] * t_mm[0] + r[4] * t_mm[1] + r[7] * t_mm[2]),
                                         -(r[2] * t_mm[0] + r[5] * t_mm[1] + r[8] * t_mm[2]));
    for (size_t i = 0; i < target->count; i++) {
        const struct smp_vec3 to = smp_unit(smp_sub(eye, target->at[i]));
        count += smp_dot(to, target->facing[i]) < hidden_cosine;
    }
    return count;
}

// Scaled orthography along one view: turn in the plane, scale and shift in closed form (points as
// complex numbers).
static struct view view_along(const struct target *target, struct smp_vec3 forward)
{
    const struct smp_vec3 some = fabs(forward.z) < 0.9 ? smp_vec3(0, 0, 1) : smp_vec3(0, 1, 0);
    const struct smp_vec3 x = smp_unit(smp_cross(forward, some)), y = smp_cross(forward, x);
    struct smp_vec3 middle = { 0 };
    double middle_px[2] = { 0 }, re = 0, im = 0, size = 0, spread_px = 0;
    const double share = 1 / (double)target->count;
    for (size_t i = 0; i < target->count; i++) {
        middle = smp_add(middle, smp_scale(target->at[i], share));
        middle_px[0] += share * target->px[i][0];
        middle_px[1] += share * target->px[i][1];
    }
    for (size_t i = 0; i < target->count; i++) {
        const struct smp_vec3 d = smp_sub(target->at[i], middle);
        const double u = smp_dot(d, x), v = smp_dot(d, y);
        const double p = target->px[i][0] - middle_px[0], q = target->px[i][1] - middle_px[1];
        re += u * p + v * q;
        im += u * q - v * p;
        size += u * u + v * v;
        spread_px += p * p + q * q;
    }
    const double length = hypot(re, im), scale = fmax(length / fmax(size, 1e-9), 1e-6);
    const double c = re / fmax(length, 1e-9), s = im / fmax(length, 1e-9);
    const struct smp_vec3 rows[3] = { smp_sub(smp_scale(x, c), smp_scale(y, s)),
                                      smp_add(smp_scale(x, s), smp_scale(y, c)), forward };
    struct view view = { .score = (spread_px - length * scale) / (scale * scale) };
    const double at[3] = { middle_px[0] / scale, middle_px[1] / scale, target->focal_px / scale };
    for (int k = 0; k < 3; k++) {
        memcpy(&view.rotation[3 * k], &rows[k], sizeof rows[k]);
        view.t_mm[k] = at[k] - smp_dot(rows[k], middle);
    }
    view.t_mm[2] = fmax(view.t_mm[2], 150); // the camera is outside of the head
    view.score += 64 * hidden(target, view.rotation, view.t_mm); // mm²
    return view;
}

// ---- Refinement ---------------------------------------------------------------------------------

static struct smp_camera camera_of(const struct target *target, const double *x)
{
    struct smp_camera camera = { .focal_px = target->focal_px };
    smp_turn(camera.rotation, x, target->rotation);
    camera.t_mm[2] = exp(x[DEPTH]);
    camera.t_mm[0] = x[ASIDE] * camera.t_mm[2];
    camera.t_mm[1] = x[ASIDE + 1] * camera.t_mm[2];
    return camera;
}

static int misfits(void *context, int rows, int params, const double *x, double *out, int flag)
{
    (void)rows, (void)params, (void)flag;
    const struct target *target = context;
    const struct smp_camera camera = camera_of(target, x);
    for (size_t i = 0; i < target->count; i++)
        smp_misfit(&out[2 * i], &camera, target->at[i], target->px[i], target->weight[i], true);
    return 0;
}

static enum smp_code refine(struct view *view, struct target *target, struct smp_err *err)
{
    enum { PARAMS = 6, ROWS = 2 * SMP_PLACE_COUNT };
    double x[PARAMS] = { 0 }, out[ROWS], fjac[ROWS * PARAMS], diag[PARAMS], qtf[PARAMS];
    double wa[3][PARAMS], wa4[ROWS];
    int ipvt[PARAMS], evaluations;
    x[ASIDE] = view->t_mm[0] / view->t_mm[2];
    x[ASIDE + 1] = view->t_mm[1] / view->t_mm[2];
    x[DEPTH] = log(view->t_mm[2]);
    memcpy(target->rotation, view->rotation, sizeof view->rotation);
    const int rows = 2 * (int)target->count;
    const int info = lmdif(misfits, target, rows, PARAMS, x, out, 1e-9, 1e-9, 0, 800, 0, diag, 1, 1,
                           0, &evaluations, fjac, rows, ipvt, qtf, wa[0], wa[1], wa[2], wa4);
    if (info == 0)
        return smp_fail(err, SMP_E_INTERNAL, "the fit of a camera was called wrongly");
    const struct smp_camera camera = camera_of(target, x);
    memcpy(view->rotation, camera.rotation, sizeof view->rotation);
    memcpy(view->t_mm, camera.t_mm, sizeof view->t_mm);
    view->score = hidden_misfit * hidden(target, camera.rotation, camera.t_mm);
    for (int i = 0; i < rows; i++)
        view->score += out[i] * out[i];
    return SMP_OK;
}

static int by_score(const void *p, const void *q)
{
    const double a = ((const struct view *)p)->score, b = ((const struct view *)q)->score;
    return a < b ? -1 : a > b;
}

enum smp_code smp_start_find(struct smp_start *start, double *misfit, const struct smp_photo *photo,
                             const struct smp_places *places, bool mirrored, struct smp_err *err)
{
    struct smp_start made = { 0 };
    struct target target;
    struct view views[VIEWS];
    set_lens(&made, photo);
    set_target(&target, &made, photo, places, mirrored);
    for (int v = 0; v < VIEWS; v++) {
        const double across = 2 * SMP_PI * (v % AZIMUTHS) / AZIMUTHS;
        const double up = elevations_deg[v / AZIMUTHS] * SMP_PI / 180;
        views[v] =
            view_along(&target, smp_vec3(-cos(up) * sin(across), -cos(up) * cos(across), -sin(up)));
    }
    qsort(views, VIEWS, sizeof *views, by_score);
    for (int v = 0; v < KEPT; v++) {
        // What a mark may be off: the hand's part, and the person's own at that distance.
        for (size_t i = 0; i < target.count; i++)
            target.weight[i] =
                1 / hypot(made.mark_px, target.sd_mm[i] * made.focal_px / views[v].t_mm[2]);
        const enum smp_code code = refine(&views[v], &target, err);
        if (code)
            return code;
    }
    qsort(views, KEPT, sizeof *views, by_score);
    memcpy(made.rotation, views[0].rotation, sizeof made.rotation);
    memcpy(made.t_mm, views[0].t_mm, sizeof made.t_mm);
    *start = made;
    *misfit = views[0].score;
    return SMP_OK;
}
