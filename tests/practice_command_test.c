// `stubble check --practice` from outside: how a trainee's dots on practice skin are scored.
#include "program_json.h"
#include "scalp.h"

static struct smp_arena arena;
static char folder[160];

static const char *path_of(const char *name)
{
    return smp_format(&arena, "%s/%s", folder, name);
}

static void begin(void)
{
    smp_arena_make(&arena, 0);
    scratch(folder, "practice");
    mkdir(folder, 0777);
}

// Dots on a square lattice with so much scatter (of the pitch), on plain skin.
static void practise(double scatter, double wide_share)
{
    enum { ACROSS = 24, DOWN = 16 };
    struct scalp_dot dots[ACROSS * DOWN];
    struct scalp_params params = scalp_defaults;
    struct scalp scalp;
    struct smp_rng rng = smp_rng_make(3, 3);
    params.width_px = 600;
    params.height_px = 420;
    params.texture = 0.003;
    params.moles = params.pores = params.hairs = params.wrinkles = params.dots = 0;
    for (int i = 0; i < ACROSS * DOWN; i++) {
        const double x = 25 + 24 * (i % ACROSS), y = 25 + 24 * (i / ACROSS);
        dots[i] = (struct scalp_dot){ x + 24 * scatter * smp_rng_normal(&rng),
                                      y + 24 * scatter * smp_rng_normal(&rng),
                                      smp_rng_unit(&rng) < wide_share ? 7 : 3.5, 0.5 };
    }
    ck_assert(scalp_make_with(&scalp, &params, dots, ACROSS * DOWN, &arena));
    ck_assert(!smp_file_write(path_of("practice.jpg"), scalp.jpeg.data, scalp.jpeg.length, NULL));
}

static json_t *score(const char *options)
{
    return json_of("check --practice %s --mm-per-px 0.05 %s", path_of("practice.jpg"), options);
}

static bool good(const json_t *root, const char *name)
{
    return json_is_true(
        json_object_get(json_object_get(json_object_get(root, "points"), name), "good"));
}

static const char *says(const json_t *root, const char *name)
{
    return json_string_value(
        json_object_get(json_object_get(json_object_get(root, "points"), name), "says"));
}

START_TEST(practice_is_scored_grid_dirt_and_what_lies_between)
{
    begin();
    practise(0.02, 0);
    json_t *root = score("--wish-diameter-mm 0.35 --wish-per-cm2 69");
    ck_assert(!good(root, "spacing"));
    ck_assert_ptr_nonnull(strstr(says(root, "spacing"), "reads as a grid"));
    ck_assert(good(root, "size") && good(root, "density") && good(root, "evenness") &&
              good(root, "roundness") && good(root, "merged"));
    ck_assert_double_eq(number(root, "good"), 5);
    json_decref(root);
    practise(0.14, 0);
    root = score(smp_format(&arena, "--overlay %s", path_of("practice.png")));
    ck_assert_msg(good(root, "spacing"), "%s", says(root, "spacing"));
    ck_assert_int_eq(access(path_of("practice.png"), F_OK), 0);
    json_decref(root);
    practise(1, 0);
    root = score("");
    ck_assert_msg(!good(root, "spacing"), "%s", says(root, "spacing"));
    ck_assert_msg(!good(root, "merged"), "%s", says(root, "merged"));
    json_decref(root);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(practice_tells_wide_dots_a_missed_wish_and_too_few_dots)
{
    begin();
    practise(0.12, 0.08);
    json_t *root = score("--wish-diameter-mm 0.25 --wish-per-cm2 100");
    ck_assert(!good(root, "size"));
    ck_assert_msg(strstr(says(root, "size"), "larger than wished") &&
                      strstr(says(root, "size"), "are too big"),
                  "%s", says(root, "size"));
    ck_assert(!good(root, "density"));
    ck_assert_ptr_nonnull(strstr(says(root, "density"), "fewer than wished"));
    ck_assert_double_ge(number(root, "too_big"), 20);
    json_decref(root);
    refuse(smp_format(&arena, "check --practice %s --mm-per-px 0.05 --region 0,0,60,60",
                      path_of("practice.jpg")),
           2, "whole dots were found and a score needs 20 or more");
    refuse(smp_format(&arena, "check --practice %s", path_of("practice.jpg")), 2,
           "the scale must be given");
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("practice command", practice_is_scored_grid_dirt_and_what_lies_between,
              practice_tells_wide_dots_a_missed_wish_and_too_few_dots)
