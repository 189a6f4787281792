// Private to the photo module: one least-squares problem for poses alone and for poses with head.
#ifndef SMP_PHOTO_IMPL_H
#define SMP_PHOTO_IMPL_H

#include "photo/photo.h"

enum { SIZE_PARAMS = 5, CAMERA_PARAMS = 7 };    // and SMP_SWELLS, where there is an outline
enum { TURN, ASIDE = 3, DEPTH = 5, FOCAL = 6 }; // columns of a camera

// Where a photo's camera is thought to be before the fit.
struct smp_start {
    double rotation[9], t_mm[3];
    double focal_px, focal_log_sd;
    double mark_px; // how well a person marks, standard deviation along x and y
};

// A mould's skin, bent, and as a photo has it; the first skull_count points are of the skull.
struct smp_skin_seen {
    struct smp_vec3 *mm;
    struct smp_vec2 *px;
    size_t skull_count, count;
};

struct smp_problem {
    const struct smp_photo *photos;
    size_t count;
    const struct smp_mould *mould; // NULL: `places` are known and have no shape
    struct smp_places places;
    const struct smp_scale *scale; // may be NULL
    struct smp_start start[SMP_PHOTOS_MAX];
    bool counts[SMP_PHOTOS_MAX][SMP_PLACE_COUNT]; // marked and not wrong
    int offset_column[SMP_PLACE_COUNT];           // of a person's own offset; -1: in no photo
    size_t shape_params, camera_column, params, rows;
    bool robust;
    const struct smp_outline *outline[SMP_PHOTOS_MAX]; // NULL: none
    double outline_pull;                               // 1: as its error has it
    struct smp_skin_seen skull;                        // scratch for it; of its skull only
};

// Parameters, all near 1 in size: shape in standard deviations, offsets in theirs, cameras as turn
// (rad), aside (t_x/t_z, t_y/t_z), log of t_z, focal in standard deviations.
struct smp_solution {
    double *x;
    double *covariance; // params × params
    double cost;        // sum of squares, not robust
};

// ---- camera.c -----------------------------------------------------------------------------------

// rotation turned by a vector (rad).
void smp_turn(double out[9], const double by[3], const double rotation[9]);
// Where a place falls less where it was marked, times weight; robust: by Cauchy's loss.
void smp_misfit(double out[2], const struct smp_camera *camera, struct smp_vec3 at,
                const double px[2], double weight, bool robust);

// ---- start.c ------------------------------------------------------------------------------------

// The pose that fits the places best of all views, with perspective. *misfit: squares in standard
// deviations, each landmark that faces away counting as nine. mirrored: left and right exchanged.
enum smp_code smp_start_find(struct smp_start *start, double *misfit, const struct smp_photo *photo,
                             const struct smp_places *places, bool mirrored, struct smp_err *err);

// ---- solve.c ------------------------------------------------------------------------------------

void smp_problem_lay_out(struct smp_problem *problem);
enum smp_code smp_problem_solve(struct smp_solution *solution, const struct smp_problem *problem,
                                struct smp_arena *arena, struct smp_err *err);
struct smp_shape smp_problem_shape(const struct smp_problem *problem, const double *x);
void smp_problem_places(struct smp_places *places, const struct smp_problem *problem,
                        const double *x);
struct smp_camera smp_problem_camera(const struct smp_problem *problem, const double *x,
                                     size_t photo);
// How many times as large the head would be by a scale that the solution does not know of.
double smp_problem_enlarged(const struct smp_problem *problem, const struct smp_scale *scale,
                            const double *x);
// Standard deviation of a weighted sum of parameters.
double smp_solution_sd(const struct smp_solution *solution, size_t params, const double *weights);
// Share of a factor's log in the whitened shape: row of the Cholesky factor of the heads' spread.
const double *smp_shape_row(size_t axis);

// ---- outline.c ----------------------------------------------------------------------------------

// How far out points lie along a direction, and the farthest one's index.
double smp_outline_support(size_t *which, const struct smp_vec2 *px, size_t count, double out_deg);
// Fills in px of the first `count` points; what lies behind the camera is far away.
void smp_outline_project(struct smp_vec2 *px, const struct smp_vec3 *mm, size_t count,
                         const struct smp_camera *camera);
// Pixels a millimetre there, square to the line of sight.
double smp_outline_px_per_mm(const struct smp_camera *camera, struct smp_vec3 at_mm);
// Tangents of the skull's outline in a picture, near where the skin has it by the camera. False
// where too little of it stands out.
bool smp_outline_find(struct smp_outline *outline, const struct smp_image8 *picture,
                      const struct smp_camera *camera, const struct smp_skin_seen *skin);

// ---- bend.c -------------------------------------------------------------------------------------

// The solution bent to the outlines of the photos, and the poses by it; as they were where that
// cannot be.
enum smp_code smp_problem_bend(struct smp_problem *problem, struct smp_solution *solution,
                               struct smp_pose *poses, double *weights, struct smp_arena *arena,
                               struct smp_err *err);

// ---- fit.c --------------------------------------------------------------------------------------

void smp_problem_pose(struct smp_pose *pose, const struct smp_problem *problem,
                      const struct smp_solution *solution, size_t p, double *weights);
// The most that a shape's parameter is from the mean, standard deviations.
double smp_problem_oddness(const struct smp_solution *solution);
extern const double smp_odd_head; // and may be

// ---- doubt.c ------------------------------------------------------------------------------------

// Solves, and takes out marks that the others contradict (each named in `wrong`), a few at most.
enum smp_code smp_problem_solve_doubting(struct smp_solution *solution, struct smp_problem *problem,
                                         struct smp_arena *arena, struct smp_err *err);

// ---- check.c ------------------------------------------------------------------------------------

// Enough landmarks, in the picture, not in one line or plane.
enum smp_code smp_photo_check(const struct smp_photo *photo, const struct smp_places *places,
                              struct smp_err *err);

#endif
