// Cameras, a person's own landmarks and the head's shape, in one least-squares problem with priors:
// Levenberg–Marquardt by MINPACK (Moré 1978). Every landmark may lie off the model's place by its
// spread among people, alike in all photos; what several photos see is so triangulated.
#include "photo/photo_impl.h"

#include <cminpack.h>
#include <math.h>
#include <string.h>

// Cholesky factor of the covariance of the logs of breadth, length and height: ANSUR II men, SD
// 5.5/154.3, 7.0/199.5 and 6.2/131.1 (women 3.5, 3.9, 5.1 %), correlations 0.18, 0.31 and 0.29.
static const double heads[3][3] = { { 0.0356, 0, 0 },
                                    { 0.0063, 0.0345, 0 },
                                    { 0.0147, 0.0114, 0.0435 } };
static const double ears_sd_mm = 7; // of the ears against the skull, back and forth, up and down
// Of each swell of the skull: those of one scan are 0.9 mm RMS where its outlines, front and side,
// have them nearly free; no source gives them.
static const double swell_sd_mm = 1;
enum { SCALE_ROWS = 1, EVALUATIONS = 400 };

const double *smp_shape_row(size_t axis)
{
    return heads[axis];
}

void smp_problem_lay_out(struct smp_problem *problem)
{
    size_t marks = 0, tangents = 0;
    for (size_t p = 0; p < problem->count; p++)
        tangents += problem->outline[p] ? problem->outline[p]->count : 0;
    problem->shape_params = !problem->mould ? 0 : SIZE_PARAMS + (tangents ? SMP_SWELLS : 0);
    size_t column = problem->shape_params;
    for (int m = 0; m < SMP_PLACE_COUNT; m++) {
        bool any = false;
        for (size_t p = 0; p < problem->count; p++) {
            any = any || problem->counts[p][m];
            marks += problem->counts[p][m];
        }
        problem->offset_column[m] = any ? (int)column : -1;
        column += any ? 3 : 0;
    }
    problem->camera_column = column;
    problem->params = column + CAMERA_PARAMS * problem->count;
    // Priors of shape, offsets and focal lengths, the marks, the scale, the outlines.
    problem->rows = column + problem->count + 2 * marks + SCALE_ROWS + tangents;
}

struct smp_shape smp_problem_shape(const struct smp_problem *problem, const double *x)
{
    if (!problem->mould)
        return smp_shape_median;
    double size[3];
    for (int i = 0; i < 3; i++)
        size[i] = exp(heads[i][0] * x[0] + heads[i][1] * x[1] + heads[i][2] * x[2]);
    struct smp_shape shape = { .breadth = size[0],
                               .length = size[1],
                               .height = size[2],
                               .ears_y_mm = ears_sd_mm * x[3],
                               .ears_z_mm = ears_sd_mm * x[4] };
    for (size_t i = SIZE_PARAMS; i < problem->shape_params; i++)
        shape.swell_mm[i - SIZE_PARAMS] = swell_sd_mm * x[i];
    return shape;
}

void smp_problem_places(struct smp_places *places, const struct smp_problem *problem,
                        const double *x)
{
    *places = problem->places;
    if (problem->mould) {
        const struct smp_shape shape = smp_problem_shape(problem, x);
        smp_mould_places(places, problem->mould, &shape);
    }
    for (int m = 0; m < SMP_PLACE_COUNT; m++) {
        const int column = problem->offset_column[m];
        const struct smp_vec3 sd = places->sd_mm[m];
        if (column >= 0)
            places->at[m] = smp_add(places->at[m], smp_vec3(sd.x * x[column], sd.y * x[column + 1],
                                                            sd.z * x[column + 2]));
    }
}

struct smp_camera smp_problem_camera(const struct smp_problem *problem, const double *x,
                                     size_t photo)
{
    const struct smp_start *start = &problem->start[photo];
    const double *at = &x[problem->camera_column + CAMERA_PARAMS * photo];
    struct smp_camera camera = {
        .focal_px = start->focal_px * exp(start->focal_log_sd * at[FOCAL]),
        .centre_px = { (double)problem->photos[photo].width_px / 2,
                       (double)problem->photos[photo].height_px / 2 },
        .width_px = problem->photos[photo].width_px,
        .height_px = problem->photos[photo].height_px,
    };
    smp_turn(camera.rotation, at, start->rotation);
    camera.t_mm[2] = exp(at[DEPTH]);
    camera.t_mm[0] = at[ASIDE] * camera.t_mm[2];
    camera.t_mm[1] = at[ASIDE + 1] * camera.t_mm[2];
    return camera;
}

static struct smp_vec3 eye_middle(const struct smp_places *places, enum smp_place outer,
                                  enum smp_place inner)
{
    return smp_scale(smp_add(places->at[outer], places->at[inner]), 0.5);
}

// What the fit has where the scale has its value.
static double measured(const struct smp_problem *problem, const struct smp_scale *scale,
                       const double *x, const struct smp_places *places)
{
    if (scale->kind == SMP_SCALE_PX_PER_MM) {
        const struct smp_camera camera = smp_problem_camera(problem, x, 0);
        const struct smp_vec3 at = places->at[scale->a];
        const double *r = camera.rotation;
        const double depth = r[6] * at.x + r[7] * at.y + r[8] * at.z + camera.t_mm[2];
        return camera.focal_px / fmax(depth, 1);
    }
    const bool eyes = scale->kind == SMP_SCALE_IPD;
    const struct smp_vec3 a =
        eyes ? eye_middle(places, SMP_PLACE_OUTER_EYE_LEFT, SMP_PLACE_INNER_EYE_LEFT)
             : places->at[scale->a];
    const struct smp_vec3 b =
        eyes ? eye_middle(places, SMP_PLACE_OUTER_EYE_RIGHT, SMP_PLACE_INNER_EYE_RIGHT)
             : places->at[scale->b];
    return smp_length(smp_sub(a, b));
}

double smp_problem_enlarged(const struct smp_problem *problem, const struct smp_scale *scale,
                            const double *x)
{
    struct smp_places places;
    smp_problem_places(&places, problem, x);
    const double share = scale->value / measured(problem, scale, x, &places);
    return scale->kind == SMP_SCALE_PX_PER_MM ? 1 / share : share;
}

static double scale_misfit(const struct smp_problem *problem, const double *x,
                           const struct smp_places *places)
{
    const struct smp_scale *scale = problem->scale;
    if (!scale || scale->kind == SMP_SCALE_NONE)
        return 0;
    return log(measured(problem, scale, x, places) / scale->value) * scale->value / scale->sd;
}

// A skull differs from the bent mean skull by a few millimetres along its outline, in some eight
// places at once; tangents between them say the same again.
static const double skull_sd_mm = 5, places_apart = 8, pull_limit = 3;

// How far the skull's outline lies outside of each tangent; returns how many rows.
static size_t outline_misfits(double *out, const struct smp_problem *problem,
                              const struct smp_camera *camera, const struct smp_outline *outline)
{
    const struct smp_skin_seen *skull = &problem->skull;
    smp_outline_project(skull->px, skull->mm, skull->skull_count, camera);
    for (size_t k = 0; k < outline->count; k++) {
        size_t which;
        const double at =
            smp_outline_support(&which, skull->px, skull->skull_count, outline->tangent[k].out_deg);
        const double mm =
            (at - outline->tangent[k].at_px) / smp_outline_px_per_mm(camera, skull->mm[which]);
        out[k] = problem->outline_pull * mm / skull_sd_mm /
                 sqrt(fmax(1, (double)outline->count / places_apart));
        const double square = out[k] * out[k] / (pull_limit * pull_limit);
        if (problem->robust && square > 1e-12)
            out[k] *= sqrt(log1p(square) / square); // Cauchy's loss
    }
    return outline->count;
}

static int misfits(void *context, int rows, int params, const double *x, double *out, int flag)
{
    (void)params, (void)flag;
    const struct smp_problem *problem = context;
    struct smp_places places;
    size_t row = 0;
    smp_problem_places(&places, problem, x);
    if (problem->skull.count) {
        const struct smp_shape shape = smp_problem_shape(problem, x);
        smp_mould_skin(problem->skull.mm, problem->skull.skull_count, problem->mould, &shape);
    }
    for (; row < problem->camera_column; row++)
        out[row] = x[row]; // shape and offsets
    for (size_t p = 0; p < problem->count; p++) {
        const struct smp_photo *photo = &problem->photos[p];
        const struct smp_camera camera = smp_problem_camera(problem, x, p);
        out[row++] = x[problem->camera_column + CAMERA_PARAMS * p + FOCAL];
        for (int m = 0; m < SMP_PLACE_COUNT; m++) {
            if (!problem->counts[p][m])
                continue;
            smp_misfit(&out[row], &camera, places.at[m], photo->at_px[m],
                       1 / problem->start[p].mark_px, problem->robust);
            row += 2;
        }
        if (problem->outline[p])
            row += outline_misfits(&out[row], problem, &camera, problem->outline[p]);
    }
    out[row++] = scale_misfit(problem, x, &places);
    return row == (size_t)rows ? 0 : -1;
}

static void begin(double *x, const struct smp_problem *problem)
{
    for (size_t p = 0; p < problem->count; p++) {
        const struct smp_start *start = &problem->start[p];
        double *at = &x[problem->camera_column + CAMERA_PARAMS * p];
        at[ASIDE] = start->t_mm[0] / start->t_mm[2];
        at[ASIDE + 1] = start->t_mm[1] / start->t_mm[2];
        at[DEPTH] = log(start->t_mm[2]);
    }
}

// MINPACK's covar leaves the inverse of JᵀJ in the upper left of its matrix, by columns.
static void keep_covariance(struct smp_solution *solution, double *fjac, int rows, int params,
                            const int *ipvt, double *work)
{
    covar(params, fjac, rows, ipvt, 1e-12, work);
    for (int j = 0; j < params; j++) {
        for (int i = 0; i < params; i++)
            solution->covariance[i * params + j] = fjac[j * rows + i];
    }
}

enum smp_code smp_problem_solve(struct smp_solution *solution, const struct smp_problem *problem,
                                struct smp_arena *arena, struct smp_err *err)
{
    const size_t n = problem->params, m = problem->rows;
    struct smp_solution made = { .x = smp_new(arena, double, n),
                                 .covariance = smp_new(arena, double, n *n) };
    double *out = smp_new(arena, double, m), *fjac = smp_new(arena, double, m *n);
    double *work = smp_new(arena, double, 5 * n + m);
    int *ipvt = smp_new(arena, int, n), evaluations;
    if (!made.x || !made.covariance || !out || !fjac || !work || !ipvt)
        return smp_fail(err, SMP_E_NOMEM, "no memory to fit %zu landmarks", m);
    if (m < n)
        return smp_fail(err, SMP_E_INPUT, "%s: too few landmarks to fit a camera",
                        problem->photos[0].file);
    begin(made.x, problem);
    struct smp_problem copy = *problem; // MINPACK's context is not const
    const int info = lmdif(misfits, &copy, (int)m, (int)n, made.x, out, 1e-10, 1e-10, 0,
                           EVALUATIONS * (int)n, 0, work, 1, 1, 0, &evaluations, fjac, (int)m, ipvt,
                           work + n, work + 2 * n, work + 3 * n, work + 4 * n, work + 5 * n);
    if (info <= 0)
        return smp_fail(err, SMP_E_INTERNAL, "the fit of landmarks was called wrongly (%d)", info);
    keep_covariance(&made, fjac, (int)m, (int)n, ipvt, work);
    copy.robust = false;
    misfits(&copy, (int)m, (int)n, made.x, out, 1);
    for (size_t i = 0; i < m; i++)
        made.cost += out[i] * out[i];
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(made.x[i]))
            return smp_fail(err, SMP_E_INPUT, "%s: no camera fits these landmarks",
                            problem->photos[0].file);
    }
    *solution = made;
    return SMP_OK;
}

double smp_solution_sd(const struct smp_solution *solution, size_t params, const double *weights)
{
    double sum = 0;
    for (size_t i = 0; i < params; i++) {
        for (size_t j = 0; j < params; j++)
            sum += weights[i] * solution->covariance[i * params + j] * weights[j];
    }
    return sqrt(fmax(sum, 0));
}
