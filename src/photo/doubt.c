// Which mark is wrong: each suspect is left out in turn, and held against where the others say it
// must lie, give or take what hand, person and fit leave open.
#include "photo/photo_impl.h"

#include <math.h>
#include <string.h>

enum { SUSPECTS = 4, WRONG_MAX = 3, JUDGES = 5 };          // five others must be left to judge by
static const double suspect_square = 5, wrong_square = 25; // five standard deviations

struct suspect {
    size_t photo;
    int place;
    double square;
};

static void project(double px[2], const struct smp_problem *problem, const double *x,
                    const struct suspect *of, const double off[3])
{
    struct smp_places places;
    smp_problem_places(&places, problem, x);
    const struct smp_camera camera = smp_problem_camera(problem, x, of->photo);
    const struct smp_vec3 p = places.at[of->place];
    if (!smp_camera_project(&camera, (double[]){ p.x + off[0], p.y + off[1], p.z + off[2] }, px))
        px[0] = px[1] = -1e6;
}

// Square of the mark's distance from where the others have it, in standard deviations.
static enum smp_code held_against(double *square, const struct smp_problem *problem,
                                  const struct smp_solution *solution, const struct suspect *of,
                                  struct smp_arena *arena, struct smp_err *err)
{
    static const double none[3] = { 0 }, step = 1e-4;
    const size_t n = problem->params;
    double px[2], near[2], v[3] = { 0 };
    double *slope = smp_new(arena, double, 2 * n), *x = smp_new(arena, double, n);
    if (!slope || !x)
        return smp_fail(err, SMP_E_NOMEM, "no memory to judge landmarks");
    memcpy(x, solution->x, n * sizeof *x);
    project(px, problem, x, of, none);
    for (size_t i = 0; i < n; i++) {
        x[i] += step;
        project(near, problem, x, of, none);
        x[i] = solution->x[i];
        for (int k = 0; k < 2; k++)
            slope[(size_t)k * n + i] = (near[k] - px[k]) / step;
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            const double c = solution->covariance[i * n + j];
            v[0] += slope[i] * c * slope[j];
            v[1] += slope[i] * c * slope[n + j];
            v[2] += slope[n + i] * c * slope[n + j];
        }
    }
    for (int axis = 0; axis < 3 && problem->offset_column[of->place] < 0; axis++) {
        const struct smp_vec3 sd = problem->places.sd_mm[of->place];
        const double off[3] = { axis == 0 ? sd.x : 0, axis == 1 ? sd.y : 0, axis == 2 ? sd.z : 0 };
        project(near, problem, x, of, off);
        v[0] += (near[0] - px[0]) * (near[0] - px[0]);
        v[1] += (near[0] - px[0]) * (near[1] - px[1]);
        v[2] += (near[1] - px[1]) * (near[1] - px[1]);
    }
    const double hand = problem->start[of->photo].mark_px;
    const double *mark = problem->photos[of->photo].at_px[of->place];
    const double a = v[0] + hand * hand, b = v[1], c = v[2] + hand * hand;
    const double dx = mark[0] - px[0], dy = mark[1] - px[1];
    *square = (c * dx * dx - 2 * b * dx * dy + a * dy * dy) / (a * c - b * b);
    return SMP_OK;
}

static enum smp_code leave_out(struct suspect *suspect, const struct smp_problem *problem,
                               struct smp_arena *arena, struct smp_err *err)
{
    struct smp_problem others = *problem;
    struct smp_solution solution;
    const struct smp_mark mark = smp_arena_mark(arena);
    others.counts[suspect->photo][suspect->place] = false;
    smp_problem_lay_out(&others);
    enum smp_code code = smp_problem_solve(&solution, &others, arena, err);
    if (!code)
        code = held_against(&suspect->square, &others, &solution, suspect, arena, err);
    smp_arena_reset(arena, mark);
    return code;
}

static size_t marks_of(const struct smp_problem *problem, size_t photo)
{
    size_t marks = 0;
    for (int m = 0; m < SMP_PLACE_COUNT; m++)
        marks += problem->counts[photo][m];
    return marks;
}

// The marks that lie farthest off or whose landmark was bent most.
static size_t find_suspects(struct suspect suspects[SUSPECTS], const struct smp_problem *problem,
                            const struct smp_solution *solution)
{
    size_t count = 0;
    struct smp_places places;
    smp_problem_places(&places, problem, solution->x);
    for (size_t p = 0; p < problem->count; p++) {
        const struct smp_camera camera = smp_problem_camera(problem, solution->x, p);
        for (int m = 0; m < SMP_PLACE_COUNT; m++) {
            if (!problem->counts[p][m] || marks_of(problem, p) <= JUDGES)
                continue;
            double out[2];
            smp_misfit(out, &camera, places.at[m], problem->photos[p].at_px[m],
                       1 / problem->start[p].mark_px, false);
            const double *own = &solution->x[problem->offset_column[m]];
            struct suspect s = { p, m, out[0] * out[0] + out[1] * out[1] };
            s.square += own[0] * own[0] + own[1] * own[1] + own[2] * own[2];
            if (s.square < suspect_square)
                continue;
            for (size_t i = 0; i < count; i++) { // the strongest first
                if (suspects[i].square < s.square) {
                    const struct suspect weaker = suspects[i];
                    suspects[i] = s;
                    s = weaker;
                }
            }
            if (count < SUSPECTS)
                suspects[count++] = s;
        }
    }
    return count;
}

enum smp_code smp_problem_solve_doubting(struct smp_solution *solution, struct smp_problem *problem,
                                         struct smp_arena *arena, struct smp_err *err)
{
    for (int round = 0;; round++) {
        struct suspect suspects[SUSPECTS];
        smp_problem_lay_out(problem);
        enum smp_code code = smp_problem_solve(solution, problem, arena, err);
        if (code || round == WRONG_MAX)
            return code;
        const size_t count = find_suspects(suspects, problem, solution);
        struct suspect worst = { 0, 0, wrong_square };
        for (size_t i = 0; i < count && !code; i++) {
            code = leave_out(&suspects[i], problem, arena, err);
            if (!code && suspects[i].square > worst.square)
                worst = suspects[i];
        }
        if (code || !(worst.square > wrong_square))
            return code;
        problem->counts[worst.photo][worst.place] = false;
    }
}
