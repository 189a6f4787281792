// Poses, and poses with the head: starts, the fit, and what speaks against it.
#include "photo/photo_impl.h"

#include <math.h>
#include <string.h>

static const double mirror_misfit = 9; // by so much the exchanged labels must fit better
static const double worst_misfit = 6;  // squares a degree of freedom; marks of no head give 50
const double smp_odd_head = 5;         // standard deviations of the heads' spread
static const double apart_deg = 35;    // views nearer than this are as one

static enum smp_code set_starts(struct smp_problem *problem, struct smp_err *err)
{
    for (size_t p = 0; p < problem->count; p++) {
        const struct smp_photo *photo = &problem->photos[p];
        struct smp_start exchanged;
        double misfit, other;
        enum smp_code code = smp_photo_check(photo, &problem->places, err);
        if (code ||
            (code = smp_start_find(&problem->start[p], &misfit, photo, &problem->places, false,
                                   err)) ||
            (code = smp_start_find(&exchanged, &other, photo, &problem->places, true, err)))
            return code;
        if (misfit > other + mirror_misfit)
            return smp_fail(err, SMP_E_INPUT,
                            "%s: left and right are exchanged: in landmarks, left is the person's "
                            "own left; a mirrored picture must be turned back first",
                            photo->file);
        memcpy(problem->counts[p], photo->seen, sizeof photo->seen);
    }
    return SMP_OK;
}

static enum smp_code check_fit(const struct smp_problem *problem,
                               const struct smp_solution *solution, const struct smp_pose *poses,
                               struct smp_err *err)
{
    const double freedom = (double)(problem->rows - problem->params);
    if (solution->cost <= worst_misfit * freedom)
        return SMP_OK;
    size_t photo = 0;
    int worst = 0;
    double most = -1;
    for (size_t p = 0; p < problem->count; p++) {
        for (int m = 0; m < SMP_PLACE_COUNT; m++) {
            const double error = poses[p].error_px[m] / problem->start[p].mark_px;
            if (problem->photos[p].seen[m] && error > most) {
                most = error;
                worst = m;
                photo = p;
            }
        }
    }
    return smp_fail(err, SMP_E_INPUT,
                    "%s: the landmarks are not those of a head: at best they are %.0f px off on "
                    "average, landmarks.%s most with %.0f px",
                    problem->photos[photo].file, poses[photo].rms_px, smp_place_names[worst],
                    poses[photo].error_px[worst]);
}

void smp_problem_pose(struct smp_pose *pose, const struct smp_problem *problem,
                      const struct smp_solution *solution, size_t p, double *weights)
{
    struct smp_places places;
    const struct smp_photo *photo = &problem->photos[p];
    const size_t column = problem->camera_column + CAMERA_PARAMS * p;
    double sum = 0, count = 0, turn = 0;
    if (problem->mould)
        smp_problem_places(&places, problem, solution->x);
    else
        places = problem->places; // a scan's are told as they are, not as the marks would have them
    *pose = (struct smp_pose){ .camera = smp_problem_camera(problem, solution->x, p) };
    for (int m = 0; m < SMP_PLACE_COUNT; m++) {
        if (!photo->seen[m])
            continue;
        double off[2];
        smp_misfit(off, &pose->camera, places.at[m], photo->at_px[m], 1, false);
        pose->error_px[m] = hypot(off[0], off[1]);
        pose->wrong[m] = !problem->counts[p][m];
        if (!pose->wrong[m]) {
            sum += off[0] * off[0] + off[1] * off[1];
            count++;
        }
    }
    pose->rms_px = sqrt(sum / count);
    for (size_t k = 0; k < CAMERA_PARAMS; k++) {
        memset(weights, 0, problem->params * sizeof *weights);
        weights[column + k] = 1;
        const double sd = smp_solution_sd(solution, problem->params, weights);
        if (k < ASIDE)
            turn += sd * sd;
        if (k == DEPTH)
            pose->distance_sd_percent = 100 * sd;
        if (k == FOCAL)
            pose->focal_sd_percent = 100 * sd * problem->start[p].focal_log_sd;
    }
    pose->turn_sd_deg = sqrt(turn) * 180 / SMP_PI;
}

static enum smp_code run(struct smp_pose *poses, struct smp_problem *problem,
                         struct smp_solution *solution, double **weights, struct smp_arena *scratch,
                         struct smp_err *err)
{
    if (problem->count < 1 || problem->count > SMP_PHOTOS_MAX)
        return smp_fail(err, SMP_E_INPUT, "photos must be 1 to %d, not %zu", SMP_PHOTOS_MAX,
                        problem->count);
    problem->robust = true;
    enum smp_code code = set_starts(problem, err);
    if (code || (code = smp_problem_solve_doubting(solution, problem, scratch, err)))
        return code;
    *weights = smp_new(scratch, double, problem->params);
    if (!*weights)
        return smp_fail(err, SMP_E_NOMEM, "no memory to fit landmarks");
    for (size_t p = 0; p < problem->count; p++)
        smp_problem_pose(&poses[p], problem, solution, p, *weights);
    return SMP_OK;
}

enum smp_code smp_photo_pose(struct smp_pose *poses, const struct smp_photo *photos, size_t count,
                             const struct smp_places *places, struct smp_arena *scratch,
                             struct smp_err *err)
{
    struct smp_problem problem = { .photos = photos, .count = count, .places = *places };
    struct smp_solution solution;
    double *weights;
    const struct smp_mark mark = smp_arena_mark(scratch);
    enum smp_code code = run(poses, &problem, &solution, &weights, scratch, err);
    if (!code)
        code = check_fit(&problem, &solution, poses, err);
    smp_arena_reset(scratch, mark);
    return code;
}

// ---- With the head ------------------------------------------------------------------------------

static enum smp_code check_scale(const struct smp_problem *problem, const struct smp_scale *scale,
                                 struct smp_err *err)
{
    static const enum smp_place eyes[] = { SMP_PLACE_OUTER_EYE_LEFT, SMP_PLACE_INNER_EYE_LEFT,
                                           SMP_PLACE_OUTER_EYE_RIGHT, SMP_PLACE_INNER_EYE_RIGHT };
    if (scale->kind != SMP_SCALE_IPD)
        return SMP_OK;
    for (size_t k = 0; k < 4; k++) {
        bool seen = false;
        for (size_t p = 0; p < problem->count; p++)
            seen = seen || problem->photos[p].seen[eyes[k]];
        if (!seen)
            return smp_fail(err, SMP_E_INPUT,
                            "%s: a scale by ipd needs landmarks.%s: both corners of both eyes",
                            problem->photos[0].file, smp_place_names[eyes[k]]);
    }
    return SMP_OK;
}

// By how much a scale may enlarge the head that the spread of heads alone gives.
static const double enlarged_least = 0.75, enlarged_most = 1.33;

// The fit again, with a scale that it can bear.
static enum smp_code take_scale(struct smp_problem *problem, struct smp_solution *solution,
                                const struct smp_scale *scale, struct smp_pose *poses,
                                double *weights, struct smp_arena *arena, struct smp_err *err)
{
    enum smp_code code = check_scale(problem, scale, err);
    if (code || (code = check_fit(problem, solution, poses, err)))
        return code;
    const double enlarged = smp_problem_enlarged(problem, scale, solution->x);
    if (!(enlarged >= enlarged_least && enlarged <= enlarged_most))
        return smp_fail(err, SMP_E_INPUT,
                        "%s: by the scale given the head would be %.2g times as large as heads "
                        "are, and must be %g to %g times: check the scale",
                        problem->photos[0].file, enlarged, enlarged_least, enlarged_most);
    problem->scale = scale;
    if ((code = smp_problem_solve_doubting(solution, problem, arena, err)))
        return code;
    for (size_t p = 0; p < problem->count; p++)
        smp_problem_pose(&poses[p], problem, solution, p, weights);
    return SMP_OK;
}

double smp_problem_oddness(const struct smp_solution *solution)
{
    double most = 0;
    for (int k = 0; k < SIZE_PARAMS; k++)
        most = fmax(most, fabs(solution->x[k]));
    return most;
}

static enum smp_code check_head(const struct smp_problem *problem,
                                const struct smp_solution *solution, struct smp_err *err)
{
    const struct smp_mould *mould = problem->mould;
    const struct smp_shape shape = smp_problem_shape(problem, solution->x);
    const double most = smp_problem_oddness(solution);
    if (most <= smp_odd_head)
        return SMP_OK;
    return smp_fail(err, SMP_E_INPUT,
                    "%s: no head is like this: %.0f mm broad, %.0f mm long and %.0f mm high over "
                    "the ears (%.0f standard deviations from the mean; %.0f are allowed): check "
                    "the scale and the landmarks",
                    problem->photos[0].file, mould->breadth_mm * shape.breadth,
                    mould->length_mm * shape.length, mould->height_mm * shape.height, most,
                    smp_odd_head);
}

static double widest_deg(const struct smp_pose *poses, size_t count)
{
    double widest = 0;
    for (size_t p = 0; p < count; p++) {
        for (size_t q = 0; q < p; q++) {
            const double *a = &poses[p].camera.rotation[6], *b = &poses[q].camera.rotation[6];
            const double c = smp_clamp(a[0] * b[0] + a[1] * b[1] + a[2] * b[2], -1, 1);
            widest = fmax(widest, acos(c) * 180 / SMP_PI);
        }
    }
    return widest;
}

static enum smp_code set_fit(struct smp_photo_fit *fit, const struct smp_problem *problem,
                             const struct smp_solution *solution, const struct smp_pose *poses,
                             double *weights, struct smp_arena *arena, struct smp_err *err)
{
    double *sds[] = { &fit->breadth_sd_percent, &fit->length_sd_percent, &fit->height_sd_percent,
                      &fit->scale_sd_percent };
    fit->shape = smp_problem_shape(problem, solution->x);
    for (size_t axis = 0; axis < 4; axis++) {
        memset(weights, 0, problem->params * sizeof *weights);
        for (size_t k = 0; k < 3; k++)
            weights[k] =
                axis < 3 ? smp_shape_row(axis)[k]
                         : (smp_shape_row(0)[k] + smp_shape_row(1)[k] + smp_shape_row(2)[k]) / 3;
        *sds[axis] = 100 * smp_solution_sd(solution, problem->params, weights);
    }
    fit->view_deg = widest_deg(poses, problem->count);
    fit->note = "";
    if (fit->view_deg < apart_deg)
        fit->note = smp_format(
            arena,
            "%s leaves the head's length open to %.1f %% and its height to %.1f %%: add a photo "
            "from %s",
            problem->count == 1 ? "one view" : "photos from one side", fit->length_sd_percent,
            fit->height_sd_percent,
            fabs(poses[0].camera.rotation[6]) > 0.7 ? "the front" : "the side");
    return fit->note ? SMP_OK : smp_fail(err, SMP_E_NOMEM, "no memory for a note");
}

// x_cam = R x + t with x = Tᵀ x' + o, where x' is the head's frame: R' = R Tᵀ, t' = t + R o.
static void move_camera(struct smp_camera *camera, const struct smp_reframe *moved)
{
    for (int i = 0; i < 3; i++) {
        double *row = &camera->rotation[3 * i];
        const double y = row[1], z = row[2];
        camera->t_mm[i] += y * moved->y_mm + z * moved->z_mm;
        row[1] = moved->cosine * y + moved->sine * z;
        row[2] = moved->cosine * z - moved->sine * y;
    }
}

enum smp_code smp_photo_head(struct smp_head *head, struct smp_photo_fit *fit,
                             struct smp_pose *poses, const struct smp_photo *photos, size_t count,
                             const struct smp_mould *mould, const struct smp_scale *scale,
                             struct smp_arena *arena, struct smp_err *err)
{
    struct smp_problem problem = { .photos = photos, .count = count, .mould = mould };
    struct smp_solution solution;
    struct smp_places places;
    struct smp_reframe moved;
    double *weights;
    smp_mould_places(&problem.places, mould, &smp_shape_median);
    enum smp_code code = run(poses, &problem, &solution, &weights, arena, err);
    if (!code && scale && scale->kind != SMP_SCALE_NONE)
        code = take_scale(&problem, &solution, scale, poses, weights, arena, err);
    if (code || (code = check_head(&problem, &solution, err)) ||
        (code = check_fit(&problem, &solution, poses, err)) ||
        (code = smp_problem_bend(&problem, &solution, poses, weights, arena, err)) ||
        (code = set_fit(fit, &problem, &solution, poses, weights, arena, err)))
        return code;
    smp_problem_places(&places, &problem, solution.x);
    const struct smp_fiducials own = { places.at[SMP_PLACE_NASION], places.at[SMP_PLACE_LPA],
                                       places.at[SMP_PLACE_RPA] };
    if ((code = smp_head_from_shape(head, &moved, mould, &fit->shape, &own, arena, err)))
        return code;
    for (int m = 0; m < SMP_PLACE_COUNT; m++)
        places.at[m] = smp_reframed(&moved, places.at[m]);
    fit->places = places;
    for (size_t p = 0; p < count; p++)
        move_camera(&poses[p].camera, &moved);
    return SMP_OK;
}
