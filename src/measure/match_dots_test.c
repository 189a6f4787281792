// Dots of two pictures of one place are told apart: kept, faded, spread, vanished, new.
#include "dots_scored_test.h"

struct change {
    double turn_rad, scale, stretch, lost, bend_px;
    uint64_t seed;
};

// Where a point of the earlier picture lies in the later one: turned about the middle, stretched,
// and bent by a slow wave.
static void moved(double to[2], const struct change *c, double x, double y, double w, double h)
{
    const double dx = c->scale * c->stretch * (x - w / 2), dy = c->scale / c->stretch * (y - h / 2);
    to[0] = w / 2 + cos(c->turn_rad) * dx - sin(c->turn_rad) * dy + c->bend_px * sin(y / 120);
    to[1] = h / 2 + sin(c->turn_rad) * dx + cos(c->turn_rad) * dy + c->bend_px * cos(x / 150);
}

struct scene {
    struct scalp before, after;
    size_t *number; // of each true dot of the earlier picture in the later one, SIZE_MAX: lost
    double *contrast_ratio, *diameter_ratio;
};

static struct scene make_scene(const struct change *c)
{
    struct scene s;
    struct scalp_params params = scalp_defaults;
    params.seed = (double)c->seed;
    params.dots = 400;
    params.radius_px_max = 6;
    params.gap_px = 24;
    params.texture = 0.003;
    params.contrast_min = 0.3;
    params.contrast_max = 0.5;
    s.before = made(&params);
    const size_t count = s.before.dot_count;
    struct scalp_dot *later = smp_new(&arena, struct scalp_dot, count);
    s.number = smp_new(&arena, size_t, count);
    s.contrast_ratio = smp_new(&arena, double, count);
    s.diameter_ratio = smp_new(&arena, double, count);
    struct smp_rng rng = smp_rng_make(c->seed, 77);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        const struct scalp_dot *d = &s.before.dots[i];
        double at[2];
        moved(at, c, d->x_px, d->y_px, params.width_px, params.height_px);
        const double fate = smp_rng_unit(&rng);
        s.contrast_ratio[i] = fate < 0.2 ? 0.55 : 1;
        s.diameter_ratio[i] = fate > 0.85 ? 1.5 : 1;
        s.number[i] = SIZE_MAX;
        if (smp_rng_unit(&rng) < c->lost)
            continue;
        s.number[i] = kept;
        later[kept++] =
            (struct scalp_dot){ at[0], at[1], d->radius_px * c->scale * s.diameter_ratio[i],
                                d->contrast * s.contrast_ratio[i] };
    }
    params.seed += 1000; // other skin, noise and light
    params.exposure = 0.7;
    params.noise = 0.02;
    ck_assert(scalp_make_with(&s.after, &params, later, kept, &arena));
    return s;
}

// Number of the found dot at a true one, SIZE_MAX for none.
static size_t found_at(const struct smp_found_dots *dots, double x, double y, double within)
{
    for (size_t i = 0; i < dots->count; i++)
        if (hypot(dots->dots[i].x_px - x, dots->dots[i].y_px - y) < within)
            return i;
    return SIZE_MAX;
}

// Share of the found dots whose fate is told right: the right partner, or rightly none.
static double share_right(const struct change *c, size_t *wrong_kinds, size_t *kinds)
{
    const struct scene s = make_scene(c);
    const struct smp_found_dots before = find(&s.before.image, 92),
                                after = find(&s.after.image, 92);
    struct smp_dot_fates fates;
    const enum smp_code code =
        smp_dots_match(&fates, &before, &after, &s.after.image, "later", &arena, &err);
    ck_assert_msg(code == SMP_OK, "turn %g: %s", c->turn_rad, err.msg);
    size_t right = 0, all = 0;
    for (size_t i = 0; i < s.before.dot_count; i++) {
        const struct scalp_dot *d = &s.before.dots[i];
        const size_t a = found_at(&before, d->x_px, d->y_px, d->radius_px);
        if (a == SIZE_MAX)
            continue;
        size_t b = SIZE_MAX;
        if (s.number[i] != SIZE_MAX) {
            const struct scalp_dot *e = &s.after.dots[s.number[i]];
            b = found_at(&after, e->x_px, e->y_px, e->radius_px);
        }
        all++;
        right += fates.fates[a].after == b;
        if (b == SIZE_MAX || fates.fates[a].after != b)
            continue;
        const enum smp_dot_kind kind = s.contrast_ratio[i] < 0.7   ? SMP_DOT_FADED
                                       : s.diameter_ratio[i] > 1.4 ? SMP_DOT_SPREAD
                                                                   : SMP_DOT_KEPT;
        ++*kinds;
        *wrong_kinds += fates.fates[a].kind != kind;
    }
    return (double)right / (double)all;
}

START_TEST(dots_are_matched_though_a_third_is_lost)
{
    static const struct change changes[] = {
        { 0.1, 1, 1, 0.3, 0, 1 },       { 0.5, 0.9, 1.02, 0.3, 2, 2 }, { 1.6, 1.1, 1, 0.3, 3, 3 },
        { 3.1, 1.05, 0.98, 0.3, 3, 4 }, { -0.8, 1, 1.03, 0.3, 4, 5 },
    };
    begin();
    size_t wrong_kinds = 0, kinds = 0;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        const double share = share_right(&changes[i], &wrong_kinds, &kinds);
        ck_assert_msg(share >= 0.99, "change %zu: %.4f right", i, share);
    }
    ck_assert_msg(wrong_kinds <= kinds / 20, "%zu of %zu fates are wrong", wrong_kinds, kinds);
    end();
}
END_TEST

START_TEST(vanished_and_unseen_dots_are_told_apart)
{
    begin();
    const struct change c = { 0, 1.2, 1, 0.3, 0, 9 }; // the border of the earlier leaves the later
    const struct scene s = make_scene(&c);
    const struct smp_found_dots before = find(&s.before.image, 92),
                                after = find(&s.after.image, 92);
    struct smp_dot_fates fates;
    ck_assert(!smp_dots_match(&fates, &before, &after, &s.after.image, "later", &arena, &err));
    size_t vanished = 0, unseen = 0;
    for (size_t i = 0; i < fates.count; i++) {
        const double x = (before.dots[i].x_px - 500) * 1.2 + 500;
        const double y = (before.dots[i].y_px - 350) * 1.2 + 350;
        const bool outside = x < 0 || y < 0 || x > 1000 || y > 700;
        vanished += fates.fates[i].kind == SMP_DOT_VANISHED;
        unseen += fates.fates[i].kind == SMP_DOT_UNSEEN;
        if (outside)
            ck_assert_int_eq(fates.fates[i].kind, SMP_DOT_UNSEEN);
        ck_assert_double_eq_tol(fates.fates[i].x_px, x, 3);
    }
    ck_assert_uint_gt(vanished, 60);
    ck_assert_uint_gt(unseen, 60);
    ck_assert_double_eq_tol(fates.map[0], 1.2, 0.005);
    ck_assert_double_eq_tol(fates.map[1], 0, 0.005);
    end();
}
END_TEST

START_TEST(other_places_and_too_few_dots_are_refused)
{
    begin();
    struct scalp_params params = scalp_defaults;
    params.dots = 200;
    params.gap_px = 24;
    const struct scalp one = made(&params);
    params.seed = 2;
    const struct scalp other = made(&params);
    struct smp_found_dots a = find(&one.image, 92), b = find(&other.image, 92);
    struct smp_dot_fates fates;
    ck_assert_int_eq(smp_dots_match(&fates, &a, &b, &other.image, "b.jpg", &arena, &err),
                     SMP_E_INPUT);
    ck_msg_eq(err, "b.jpg shows no part of the same dots (or too few of them are left)");
    err = (struct smp_err){ 0 };
    b = a; // mirrored
    b.dots = smp_new(&arena, struct smp_found_dot, a.count);
    for (size_t i = 0; i < a.count; i++) {
        b.dots[i] = a.dots[i];
        b.dots[i].x_px = 1000 - a.dots[i].x_px;
    }
    ck_assert_int_eq(smp_dots_match(&fates, &a, &b, &one.image, "b.jpg", &arena, &err),
                     SMP_E_INPUT);
    err = (struct smp_err){ 0 };
    b.count = 19;
    ck_assert_int_eq(smp_dots_match(&fates, &a, &b, &one.image, "b.jpg", &arena, &err),
                     SMP_E_INPUT);
    ck_msg_has(err, "b.jpg: pictures can be matched by 20 dots or more in each, not ");
    end();
}
END_TEST

SMP_TEST_MAIN("match dots", dots_are_matched_though_a_third_is_lost,
              vanished_and_unseen_dots_are_told_apart, other_places_and_too_few_dots_are_refused)
