// Planned dots are laid over found ones. The camera is known to some millimetres, so nothing but
// small shifts, turns and changes of scale is tried: the displacement on which most pairs of a
// patch agree is its seed. From there matches spread, each place by the affine map of the matches
// around it, so that a fitted head may differ from the real one.
#include "hold_impl.h"

#include <math.h>
#include <stdlib.h>

enum { SEEDS = 12, NEAR_MAX = 2048, ROUNDS_MAX = 400, LEAST_FOUND = 20, BINS_MAX = 64 };
static const double patch_mm = 14, window_mm = 4, bin_mm = 0.15;
static const double turn_step_deg = 0.5, scale_step = 0.01;
enum { TURNS = 4, SCALES = 4 };          // steps to either side
static const double least_chance_sd = 7; // best of some 200,000 tries
static const double sure_chance_sd = 14; // no better seed is sought
static const double tolerance = 0.55;    // of the spacing; less for a hand that is truer
static const double hand_sds = 2.8, least_tolerance = 0.25; // of rms; of the spacing
static const double least_close = 0.4; // by chance a quarter lie within half the tolerance
static const double around_mm = 7, around_spacings = 6; // twice that where few are matched
// Variance of a place told by the matches around it, as a share of that of one match: held low, or
// the rim of what is matched would be led astray by the hand's own scatter.
static const double most_leverage = 0.15;
enum { LEAST_AROUND = 12, AROUND_MAX = 1024 };

// x' = x0 + m0 x + m1 y and the same for y, about a centre.
struct affine {
    struct smp_vec2 centre;
    double x[3], y[3];
};

static struct smp_vec2 mapped(const struct affine *a, struct smp_vec2 p)
{
    const double dx = p.x - a->centre.x, dy = p.y - a->centre.y;
    return (struct smp_vec2){ p.x + a->x[0] + a->x[1] * dx + a->x[2] * dy,
                              p.y + a->y[0] + a->y[1] * dx + a->y[2] * dy };
}

static void add_pair(struct sums *s, struct smp_vec2 centre, struct smp_vec2 from,
                     struct smp_vec2 to)
{
    const double x = from.x - centre.x, y = from.y - centre.y;
    const double u = to.x - from.x, v = to.y - from.y, one[3] = { 1, x, y };
    s->n++;
    s->x += x;
    s->y += y;
    s->xx += x * x;
    s->xy += x * y;
    s->yy += y * y;
    for (int k = 0; k < 3; k++) {
        s->u[k] += u * one[k];
        s->v[k] += v * one[k];
    }
}

static struct affine solved(const struct sums *s, struct smp_vec2 centre, double ridge_px2,
                            double *leverage)
{
    const double a = s->xx + ridge_px2, b = s->xy, c = s->yy + ridge_px2;
    // the middle taken out, 2 x 2 are left
    const double mx = s->x / s->n, my = s->y / s->n;
    const double pxx = a - s->n * mx * mx, pxy = b - s->n * mx * my, pyy = c - s->n * my * my;
    const double det = pxx * pyy - pxy * pxy;
    if (leverage)
        *leverage = 1 / s->n + (pyy * mx * mx - 2 * pxy * mx * my + pxx * my * my) / det;
    struct affine map = { .centre = centre };
    const double *sum[2] = { s->u, s->v };
    double *out[2] = { map.x, map.y };
    for (int k = 0; k < 2; k++) {
        const double gx = sum[k][1] - sum[k][0] * mx, gy = sum[k][2] - sum[k][0] * my;
        out[k][1] = (pyy * gx - pxy * gy) / det;
        out[k][2] = (pxx * gy - pxy * gx) / det;
        out[k][0] = sum[k][0] / s->n - out[k][1] * mx - out[k][2] * my;
    }
    return map;
}

// ---- The seed ----------------------------------------------------------------------------------

struct seed {
    double chance_sd, peak, pairs;
    struct affine map;
};

struct vote {
    uint16_t bin[BINS_MAX * BINS_MAX];
    size_t across;
    double bin_px, half_px;
};

static void count_pairs(struct vote *v, size_t *pairs, const struct align *a,
                        const struct affine *map, const uint32_t *patch, size_t n, uint32_t *near)
{
    for (size_t i = 0; i < v->across * v->across; i++)
        v->bin[i] = 0;
    *pairs = 0;
    for (size_t i = 0; i < n; i++) {
        const struct smp_vec2 to = mapped(map, a->planned.at[patch[i]]);
        const size_t m = points_near(near, NEAR_MAX, &a->found, to, 1.4143 * v->half_px);
        for (size_t k = 0; k < m; k++) {
            const double x = (a->found.at[near[k]].x - to.x + v->half_px) / v->bin_px;
            const double y = (a->found.at[near[k]].y - to.y + v->half_px) / v->bin_px;
            if (!(x >= 0 && y >= 0 && x < (double)v->across && y < (double)v->across))
                continue;
            v->bin[(size_t)y * v->across + (size_t)x]++;
            ++*pairs;
        }
    }
}

// The box of 3 x 3 bins that holds most pairs.
static void take_peak(struct seed *best, const struct vote *v, size_t pairs,
                      const struct affine *map)
{
    const double expected = 9 * (double)pairs / (double)(v->across * v->across);
    for (size_t y = 1; y + 1 < v->across; y++)
        for (size_t x = 1; x + 1 < v->across; x++) {
            unsigned sum = 0;
            for (size_t dy = y - 1; dy <= y + 1; dy++)
                for (size_t dx = x - 1; dx <= x + 1; dx++)
                    sum += v->bin[dy * v->across + dx];
            const double sd = (sum - expected) / sqrt(expected + 1);
            if (sd <= best->chance_sd)
                continue;
            *best = (struct seed){ sd, sum, (double)pairs, *map };
            best->map.x[0] = ((double)x + 0.5) * v->bin_px - v->half_px;
            best->map.y[0] = ((double)y + 0.5) * v->bin_px - v->half_px;
        }
}

static void try_patch(struct seed *best, const struct align *a, struct smp_vec2 centre,
                      struct vote *v, uint32_t *patch, uint32_t *near)
{
    const size_t n = points_near(patch, NEAR_MAX, &a->planned, centre, patch_mm * a->px_per_mm);
    for (int turn = -TURNS; turn <= TURNS; turn++)
        for (int scale = -SCALES; scale <= SCALES; scale++) {
            const double angle = turn * turn_step_deg * SMP_PI / 180;
            const double size = 1 + scale * scale_step;
            const struct affine map = { centre,
                                        { 0, size * cos(angle) - 1, -size * sin(angle) },
                                        { 0, size * sin(angle), size * cos(angle) - 1 } };
            size_t pairs;
            count_pairs(v, &pairs, a, &map, patch, n, near);
            take_peak(best, v, pairs, &map);
        }
}

// Patches with most found dots first, not too near to one another.
static size_t choose_patches(struct smp_vec2 centres[SEEDS], const struct align *a, uint32_t *near)
{
    const double reach = patch_mm * a->px_per_mm;
    size_t chosen = 0;
    for (; chosen < SEEDS; chosen++) {
        size_t most = 0;
        const size_t step = a->found.count / 500 + 1;
        for (size_t i = 0; i < a->found.count; i += step) {
            bool apart = true;
            for (size_t k = 0; k < chosen && apart; k++)
                apart = hypot(a->found.at[i].x - centres[k].x, a->found.at[i].y - centres[k].y) >
                        1.5 * reach;
            const size_t n =
                apart ? points_near(near, NEAR_MAX, &a->found, a->found.at[i], reach) : 0;
            if (n > most) {
                most = n;
                centres[chosen] = a->found.at[i];
            }
        }
        if (most < LEAST_FOUND / 2)
            break;
    }
    return chosen;
}

static enum smp_code find_seed(struct seed *seed, const struct align *a, const char *name,
                               struct smp_arena *arena, struct smp_err *err)
{
    struct smp_vec2 centres[SEEDS];
    uint32_t *patch = smp_new(arena, uint32_t, NEAR_MAX),
             *near = smp_new(arena, uint32_t, NEAR_MAX);
    struct vote *v = smp_new(arena, struct vote, 1);
    if (!patch || !near || !v)
        return smp_fail(err, SMP_E_NOMEM, "no memory to lay a plan over a photo");
    v->bin_px = bin_mm * a->px_per_mm;
    v->across = (size_t)(2 * window_mm / bin_mm);
    v->half_px = (double)v->across * v->bin_px / 2;
    *seed = (struct seed){ 0 };
    const size_t count = choose_patches(centres, a, near);
    for (size_t i = 0; i < count && seed->chance_sd < sure_chance_sd; i++)
        try_patch(seed, a, centres[i], v, patch, near);
    if (!(seed->chance_sd >= least_chance_sd))
        return smp_fail(err, SMP_E_INPUT,
                        "%s: the %zu dots found do not fit the plan: of all shifts up to %g mm "
                        "the best stands %.1f SD above chance and %g are needed; is it the right "
                        "photo, pose, plan and --session?",
                        name, a->found.count, window_mm, seed->chance_sd, least_chance_sd);
    return SMP_OK;
}

static void sum_all(struct align *a)
{
    a->all = (struct sums){ 0 };
    for (size_t i = 0; i < a->planned.count; i++)
        if (a->found_of[i] != SIZE_MAX)
            add_pair(&a->all, (struct smp_vec2){ 0, 0 }, a->planned.at[i],
                     a->found.at[a->found_of[i]]);
}

// The same sums about another centre.
static struct sums about(const struct sums *s, struct smp_vec2 c)
{
    struct sums to = *s;
    to.x = s->x - s->n * c.x;
    to.y = s->y - s->n * c.y;
    to.xx = s->xx - 2 * c.x * s->x + s->n * c.x * c.x;
    to.yy = s->yy - 2 * c.y * s->y + s->n * c.y * c.y;
    to.xy = s->xy - c.x * s->y - c.y * s->x + s->n * c.x * c.y;
    to.u[1] = s->u[1] - c.x * s->u[0];
    to.u[2] = s->u[2] - c.y * s->u[0];
    to.v[1] = s->v[1] - c.x * s->v[0];
    to.v[2] = s->v[2] - c.y * s->v[0];
    return to;
}

// ---- Growing -----------------------------------------------------------------------------------

// Where a planned dot should be, by the matches around it but itself; false where there are few.
static bool predict(struct smp_vec2 *to, const struct align *a, size_t dot)
{
    uint32_t near[AROUND_MAX];
    const struct smp_vec2 at = a->planned.at[dot];
    for (int wide = 0; wide < 3; wide++) {
        const double near_px = fmax(around_mm * a->px_per_mm, around_spacings * a->spacing_px);
        const double reach = wide ? 2 * near_px : near_px;
        struct sums sums = { 0 };
        const size_t n = wide < 2 ? points_near(near, AROUND_MAX, &a->planned, at, reach) : 0;
        for (size_t k = 0; k < n; k++)
            if (near[k] != dot && a->found_of[near[k]] != SIZE_MAX)
                add_pair(&sums, at, a->planned.at[near[k]], a->found.at[a->found_of[near[k]]]);
        if (wide == 2) // an island of dots: by all that are matched elsewhere
            sums = about(&a->all, at);
        if (sums.n < LEAST_AROUND)
            continue;
        double leverage;
        const struct affine map = solved(&sums, at, 4 * a->px_per_mm * a->px_per_mm, &leverage);
        if (leverage > most_leverage)
            continue;
        *to = mapped(&map, at);
        return true;
    }
    return false;
}

struct claim {
    size_t dot;
    double far_px;
};

// Each dot not yet matched takes the nearest free found one; of two the nearer has it.
static size_t grow(struct align *a, const struct affine *seed, bool *taken, struct claim *claim)
{
    size_t more = 0;
    sum_all(a);
    for (size_t f = 0; f < a->found.count; f++)
        claim[f] = (struct claim){ SIZE_MAX, HUGE_VAL };
    for (size_t i = 0; i < a->planned.count; i++) {
        struct smp_vec2 to;
        double far;
        if (a->found_of[i] != SIZE_MAX)
            continue;
        if (seed) {
            const struct smp_vec2 p = a->planned.at[i];
            if (hypot(p.x - seed->centre.x, p.y - seed->centre.y) > patch_mm * a->px_per_mm)
                continue;
            to = mapped(seed, p);
        } else if (!predict(&to, a, i))
            continue;
        const size_t f = points_nearest(&a->found, to, a->tolerance_px, taken, &far);
        if (f != SIZE_MAX && far < claim[f].far_px)
            claim[f] = (struct claim){ i, far };
    }
    for (size_t f = 0; f < a->found.count; f++)
        if (claim[f].dot != SIZE_MAX) {
            a->found_of[claim[f].dot] = f;
            taken[f] = true;
            more++;
        }
    return more;
}

// Lets go of matches that the others around them do not bear out; a seed's first ones above all.
static size_t prune(struct align *a, bool *taken)
{
    size_t gone = 0;
    for (size_t i = 0; i < a->planned.count; i++) {
        const size_t f = a->found_of[i];
        struct smp_vec2 to;
        if (f == SIZE_MAX ||
            (predict(&to, a, i) &&
             hypot(to.x - a->found.at[f].x, to.y - a->found.at[f].y) <= a->tolerance_px))
            continue;
        a->found_of[i] = SIZE_MAX;
        taken[f] = false;
        gone++;
    }
    return gone;
}

// ---- What came out -----------------------------------------------------------------------------

static void conclude(struct align *a)
{
    for (size_t f = 0; f < a->found.count; f++)
        a->planned_of[f] = SIZE_MAX;
    struct smp_vec2 centre = { 0 };
    size_t close = 0;
    double square = 0;
    a->matched = 0;
    for (size_t i = 0; i < a->planned.count; i++)
        if (a->found_of[i] != SIZE_MAX) {
            centre.x += a->planned.at[i].x;
            centre.y += a->planned.at[i].y;
            a->matched++;
        }
    centre.x /= fmax(1, (double)a->matched);
    centre.y /= fmax(1, (double)a->matched);
    sum_all(a);
    const struct sums all = about(&a->all, centre);
    const struct affine map = solved(&all, centre, 4 * a->px_per_mm * a->px_per_mm, NULL);
    for (size_t i = 0; i < a->planned.count; i++) {
        const size_t f = a->found_of[i];
        a->local[i] = predict(&a->to[i], a, i);
        if (!a->local[i])
            a->to[i] = mapped(&map, a->planned.at[i]);
        if (f == SIZE_MAX)
            continue;
        const double far = hypot(a->to[i].x - a->found.at[f].x, a->to[i].y - a->found.at[f].y);
        square += far * far;
        close += far < a->tolerance_px / 2;
        a->planned_of[f] = i;
    }
    a->rms_px = sqrt(square / fmax(1, (double)a->matched));
    a->close = (double)close / fmax(1, (double)a->matched);
    a->shift_px = hypot(map.x[0], map.y[0]);
    a->turn_deg = atan2(map.y[1] - map.x[2], 2 + map.x[1] + map.y[2]) * 180 / SMP_PI;
    a->scale = 1 + (map.x[1] + map.y[2]) / 2;
}

static double spacing_of(const struct points *p, double px_per_mm, struct smp_arena *arena)
{
    double *nearest = smp_new(arena, double, p->count);
    bool *self = smp_new(arena, bool, p->count);
    size_t n = 0;
    for (size_t i = 0; nearest && self && i < p->count; i++) {
        double far;
        self[i] = true;
        if (points_nearest(p, p->at[i], 5 * px_per_mm, self, &far) != SIZE_MAX)
            nearest[n++] = far;
        self[i] = false;
    }
    return nearest && self ? judge_median(nearest, n) : 0;
}

static bool make_room(struct align *a, bool **taken, struct claim **claim, struct smp_arena *arena)
{
    a->found_of = smp_new(arena, size_t, a->planned.count);
    a->planned_of = smp_new(arena, size_t, a->found.count);
    a->to = smp_new(arena, struct smp_vec2, a->planned.count);
    a->local = smp_new(arena, bool, a->planned.count);
    *taken = smp_new(arena, bool, a->found.count);
    *claim = smp_new(arena, struct claim, a->found.count);
    if (!a->found_of || !a->planned_of || !a->to || !a->local || !*taken || !*claim)
        return false;
    for (size_t i = 0; i < a->planned.count; i++)
        a->found_of[i] = SIZE_MAX;
    for (size_t f = 0; f < a->found.count; f++)
        a->planned_of[f] = SIZE_MAX;
    return true;
}

enum smp_code align_dots(struct align *a, const char *name, struct smp_arena *arena,
                         struct smp_err *err)
{
    struct seed seed;
    bool *taken;
    struct claim *claim;
    if (a->found.count < LEAST_FOUND || a->planned.count < LEAST_FOUND)
        return smp_fail(err, SMP_E_INPUT,
                        "%s: a plan can be laid over a photo by %d dots or more, not by the %zu "
                        "found and %zu planned in its part of the head",
                        name, LEAST_FOUND, a->found.count, a->planned.count);
    a->spacing_px = spacing_of(&a->planned, a->px_per_mm, arena);
    a->tolerance_px = tolerance * a->spacing_px;
    if (!make_room(a, &taken, &claim, arena) || !(a->spacing_px > 0))
        return smp_fail(err, SMP_E_NOMEM, "no memory to lay a plan over a photo");
    const enum smp_code code = find_seed(&seed, a, name, arena, err);
    if (code)
        return code;
    a->chance_sd = seed.chance_sd;
    grow(a, &seed.map, taken, claim);
    prune(a, taken);
    for (int round = 0; round < ROUNDS_MAX && grow(a, NULL, taken, claim); round++)
        ;
    conclude(a);
    a->tolerance_px =
        smp_clamp(hand_sds * a->rms_px, least_tolerance * a->spacing_px, a->tolerance_px);
    for (int round = 0; round < 3 && prune(a, taken); round++)
        grow(a, NULL, taken, claim);
    conclude(a);
    if (a->matched < LEAST_FOUND || !(a->close >= least_close))
        return smp_fail(err, SMP_E_INPUT,
                        "%s: the dots found do not fit the plan: %zu of %zu lie near a planned "
                        "one, %.0f %% of these as near as they should (%.0f %% are needed, 25 %% "
                        "come by chance)",
                        name, a->matched, a->found.count, 100 * a->close, 100 * least_close);
    return SMP_OK;
}
