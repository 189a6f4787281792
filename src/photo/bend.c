// A head from landmarks, bent further until its skull's outline falls on that of the pictures. The
// landmarks keep the say: where the outline would push them off their marks, it pulls less.
#include "photo/photo_impl.h"

#include <math.h>
#include <string.h>

static const double worse_share = 1.25, worse_marks = 0.5; // of the RMS, and of a mark's error
enum { ROUNDS = 3, SOFTER = 4 };
static const char no_contrast[] =
    "the head's outline does not stand out from the background: it was not used";
static const char contradiction[] =
    "landmarks and the head's outline contradict each other: the outline was not used";

struct bending {
    struct smp_problem *problem;
    struct smp_skin_seen skin; // of the whole mould
    struct smp_outline *outlines;
    struct smp_pose *before;
    const char **why; // a photo has none
};

// RMS between a photo's outline and the skull's own, px; and mm on the head.
static void measure(double *px, double *mm, const struct smp_skin_seen *skin,
                    const struct smp_camera *camera, const struct smp_outline *outline)
{
    double squares = 0, squares_mm = 0;
    smp_outline_project(skin->px, skin->mm, skin->skull_count, camera);
    for (size_t k = 0; k < outline->count; k++) {
        size_t which;
        const double off =
            smp_outline_support(&which, skin->px, skin->skull_count, outline->tangent[k].out_deg) -
            outline->tangent[k].at_px;
        const double off_mm = off / smp_outline_px_per_mm(camera, skin->mm[which]);
        squares += off * off;
        squares_mm += off_mm * off_mm;
    }
    *px = sqrt(squares / fmax(1, (double)outline->count));
    *mm = sqrt(squares_mm / fmax(1, (double)outline->count));
}

static void bend_skin(const struct bending *b, const struct smp_solution *solution)
{
    const struct smp_mould *mould = b->problem->mould;
    const struct smp_shape shape = smp_problem_shape(b->problem, solution->x);
    smp_mould_skin(b->skin.mm, mould->skin_count, mould, &shape);
}

// Where the head has its outline now, the pictures are looked at; says whether any shows it.
static bool look(const struct bending *b, const struct smp_solution *solution,
                 struct smp_pose *poses)
{
    struct smp_problem *problem = b->problem;
    bool any = false;
    bend_skin(b, solution);
    for (size_t p = 0; p < problem->count; p++) {
        const struct smp_photo *photo = &problem->photos[p];
        problem->outline[p] = NULL;
        if (photo->outline.count) {
            b->outlines[p] = photo->outline;
        } else if (photo->picture) {
            b->why[p] =
                smp_outline_find(&b->outlines[p], photo->picture, &poses[p].camera, &b->skin)
                    ? NULL
                    : no_contrast;
        }
        if (b->outlines[p].count) {
            problem->outline[p] = &b->outlines[p];
            any = true;
        }
    }
    return any;
}

static bool landmarks_bear(const struct bending *b, const struct smp_solution *solution,
                           const struct smp_pose *poses)
{
    const struct smp_problem *problem = b->problem;
    bool good = smp_problem_oddness(solution) <= smp_odd_head;
    for (size_t p = 0; p < problem->count; p++)
        good = good && poses[p].rms_px <= worse_share * b->before[p].rms_px +
                                              worse_marks * problem->start[p].mark_px;
    return good;
}

// Solved with the outlines as they are, ever less pulled by them until the landmarks bear it.
static enum smp_code pull(const struct bending *b, struct smp_solution *solution,
                          struct smp_pose *poses, bool *good, double *weights,
                          struct smp_arena *arena, struct smp_err *err)
{
    struct smp_problem *problem = b->problem;
    *good = false;
    smp_problem_lay_out(problem);
    for (int i = 0; i < SOFTER && !*good; i++) {
        problem->outline_pull = exp2(-i);
        const enum smp_code code = smp_problem_solve(solution, problem, arena, err);
        if (code)
            return code;
        for (size_t p = 0; p < problem->count; p++)
            smp_problem_pose(&poses[p], problem, solution, p, weights);
        *good = landmarks_bear(b, solution, poses);
    }
    return SMP_OK;
}

static void tell(const struct bending *b, const struct smp_solution *old,
                 const struct smp_solution *new, struct smp_pose *poses)
{
    const struct smp_problem *problem = b->problem;
    for (int after = 0; after < 2; after++) {
        bend_skin(b, after ? new : old);
        for (size_t p = 0; p < problem->count; p++) {
            if (!problem->outline[p])
                continue;
            struct smp_pose *pose = &poses[p];
            pose->outline = b->outlines[p];
            measure(after ? &pose->outline_px : &pose->bare_px,
                    after ? &pose->outline_mm : &pose->bare_mm, &b->skin,
                    after ? &pose->camera : &b->before[p].camera, &b->outlines[p]);
        }
    }
}

static enum smp_code bend(const struct bending *b, struct smp_solution *solution,
                          struct smp_pose *poses, double *weights, struct smp_arena *arena,
                          struct smp_err *err)
{
    struct smp_problem *problem = b->problem;
    struct smp_solution bent = *solution;
    bool good = false, given = true;
    for (size_t p = 0; p < problem->count; p++)
        given = given && !problem->photos[p].picture;
    for (int round = 0; round < (given ? 1 : ROUNDS); round++) {
        good = false;
        if (!look(b, &bent, poses))
            break;
        const enum smp_code code = pull(b, &bent, poses, &good, weights, arena, err);
        if (code)
            return code;
        if (!good) {
            for (size_t p = 0; p < problem->count; p++)
                b->why[p] = problem->outline[p] ? contradiction : b->why[p];
            break;
        }
    }
    if (good) {
        tell(b, solution, &bent, poses);
        *solution = bent;
    } else {
        memcpy(poses, b->before, problem->count * sizeof *poses);
    }
    for (size_t p = 0; p < problem->count; p++)
        poses[p].no_outline = b->why[p];
    return SMP_OK;
}

enum smp_code smp_problem_bend(struct smp_problem *problem, struct smp_solution *solution,
                               struct smp_pose *poses, double *weights, struct smp_arena *arena,
                               struct smp_err *err)
{
    const struct smp_mould *mould = problem->mould;
    bool asked = false;
    for (size_t p = 0; p < problem->count; p++)
        asked = asked || problem->photos[p].picture || problem->photos[p].outline.count;
    if (!asked)
        return SMP_OK;
    const size_t skull = mould->skull_count;
    struct bending b = { .problem = problem,
                         .skin = { smp_new(arena, struct smp_vec3, mould->skin_count),
                                   smp_new(arena, struct smp_vec2, mould->skin_count), skull,
                                   mould->skin_count },
                         .outlines = smp_new(arena, struct smp_outline, problem->count),
                         .before = smp_new(arena, struct smp_pose, problem->count),
                         .why = smp_new(arena, const char *, problem->count) };
    problem->skull = (struct smp_skin_seen){ smp_new(arena, struct smp_vec3, skull),
                                             smp_new(arena, struct smp_vec2, skull), skull, skull };
    if (!b.skin.mm || !b.skin.px || !b.outlines || !b.before || !b.why || !problem->skull.mm ||
        !problem->skull.px)
        return smp_fail(err, SMP_E_NOMEM, "no memory to bend a head to its outline");
    memcpy(b.before, poses, problem->count * sizeof *poses);
    const enum smp_code code = bend(&b, solution, poses, weights, arena, err);
    memset((void *)problem->outline, 0, sizeof problem->outline); // the scratch's
    problem->skull = (struct smp_skin_seen){ 0 };
    return code;
}
