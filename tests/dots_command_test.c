// `stubble measure dots` from outside: what it prints, exit codes, sentences, the overlay.
#include "program_json.h"
#include "scalp.h"

#include <math.h>
#include <sys/stat.h>

static struct smp_arena arena;
static char folder[160];

static void begin(void)
{
    smp_arena_make(&arena, 0);
    scratch(folder, "dots");
    mkdir(folder, 0777);
}

static struct scalp_params small(void)
{
    struct scalp_params params = scalp_defaults;
    params.width_px = 480;
    params.height_px = 320;
    params.dots = 60;
    params.texture = 0.004;
    params.contrast_min = 0.25;
    params.contrast_max = 0.5;
    return params;
}

static const char *path_of(const char *name)
{
    return smp_format(&arena, "%s/%s", folder, name);
}

static struct scalp write_made(const struct scalp_params *params, const char *name)
{
    struct scalp scalp;
    ck_assert(scalp_make(&scalp, params, &arena));
    ck_assert(!smp_file_write(path_of(name), scalp.jpeg.data, scalp.jpeg.length, NULL));
    return scalp;
}

static json_t *measure(const char *name, const char *options)
{
    return json_of("measure dots %s/%s %s", folder, name, options);
}

static void has_note(const json_t *root, const char *text)
{
    size_t i;
    json_t *said;
    json_array_foreach(json_object_get(root, "notes"), i,
                       said) if (strstr(json_string_value(said), text)) return;
    ck_abort_msg("no note says \"%s\"", text);
}

START_TEST(json_holds_every_dot_and_what_it_rests_on)
{
    begin();
    const struct scalp_params params = small();
    const struct scalp scalp = write_made(&params, "dots.jpg");
    json_t *root = measure(
        "dots.jpg", smp_format(&arena, "--mm-per-px 0.05 --overlay %s", path_of("overlay.png")));
    ck_assert_double_eq_tol(number(root, "count"), (double)scalp.dot_count, 1);
    const json_t *dots = json_object_get(root, "dots");
    ck_assert_double_eq((double)json_array_size(dots), number(root, "count"));
    static const char *const numbers[] = { "x_px",     "y_px",      "diameter_px",
                                           "contrast", "roundness", "z" };
    for (size_t i = 0; i < json_array_size(dots); i++)
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
            ck_assert_double_gt(number(json_array_get(dots, i), numbers[k]), 0);
    ck_assert_double_eq_tol(number(root, "area_cm2"), 24 * 16 / 100.0, 1e-6);
    ck_assert_double_eq_tol(number(root, "density_per_cm2"), number(root, "count") / 3.84, 1e-6);
    ck_assert_double_eq(number(root, "px_per_mm"), 20);
    ck_assert_double_eq_tol(number(root, "blur_px"), 1.5, 0.5);
    static const char *const more[] = { "count_sd",    "c_lim",      "code_floor", "noise",
                                        "diameter_mm", "nearest_mm", "nearest_cv" };
    for (size_t k = 0; k < sizeof more / sizeof *more; k++)
        ck_assert_double_gt(number(root, more[k]), 0);
    const json_t *map = json_object_get(root, "density_map");
    ck_assert_uint_eq(json_array_size(json_object_get(map, "per_cm2")), 4);
    ck_assert_uint_eq(json_array_size(json_array_get(json_object_get(map, "per_cm2"), 0)), 5);
    ck_assert_uint_eq(json_array_size(json_object_get(root, "notes")), 0);
    json_decref(root);
    struct smp_image overlay;
    ck_assert(!smp_image_load(&overlay, path_of("overlay.png"), NULL, &arena, NULL));
    ck_assert_uint_eq(overlay.width_px, 480);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(what_cannot_be_seen_is_said_and_not_invented)
{
    begin();
    struct scalp_params params = small();
    params.dots = 0;
    params.seed = 3;
    write_made(&params, "bare.jpg");
    json_t *root = measure("bare.jpg", "--mm-per-px 0.05");
    ck_assert_double_le(number(root, "count"), 1);
    if (number(root, "count") < 1)
        has_note(root, "nothing was found: a dot that darkens the skin by less than");
    json_decref(root);
    params.dots = 60;
    params.exposure = 0.01;
    write_made(&params, "dark.jpg");
    root = measure("dark.jpg", "--mm-per-px 0.05");
    has_note(root, "the picture is dark");
    ck_assert_double_gt(number(root, "code_floor"), 0.2);
    json_decref(root);
    params.exposure = 1;
    params.blur_px = 12;
    params.texture = 0.02;
    write_made(&params, "blurred.jpg");
    root = measure("blurred.jpg", "--mm-per-px 0.05");
    ck_assert_double_le(number(root, "count"), 3);
    has_note(root, "the picture is blurred");
    json_decref(root);
    params = small();
    params.jpeg = 40;
    write_made(&params, "copy.jpg");
    root = measure("copy.jpg", "--mm-per-px 0.05");
    has_note(root, "JPEG of quality 40 (a messenger's copy?)");
    json_decref(root);
    // No skin: a sky.
    struct smp_image sky;
    ck_assert(!smp_image_make(&sky, 90, 60, &arena, NULL));
    for (size_t i = 0; i < 90 * 60; i++)
        sky.px_lin[i] = (struct smp_rgb){ 0.2F, 0.4F, 0.8F };
    ck_assert(!smp_image_save(path_of("sky.png"), &sky, NULL, 0, NULL));
    root = measure("sky.png", "--mm-per-px 0.05");
    ck_assert_double_eq(number(root, "count"), 0);
    has_note(root, "nothing was found: nothing in the region has the colour of skin");
    json_decref(root);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_region_is_a_rectangle_or_a_picture)
{
    begin();
    const struct scalp_params params = small();
    write_made(&params, "dots.jpg");
    json_t *left = measure("dots.jpg", "--mm-per-px 0.05 --region 0,0,240,320");
    struct smp_image mask;
    ck_assert(!smp_image_make(&mask, 480, 320, &arena, NULL));
    for (size_t i = 0; i < 480 * 320; i++)
        mask.px_lin[i] = i % 480 < 240 ? (struct smp_rgb){ 1, 1, 1 } : (struct smp_rgb){ 0 };
    ck_assert(!smp_image_save(path_of("mask.png"), &mask, NULL, 0, NULL));
    json_t *masked = measure(
        "dots.jpg", smp_format(&arena, "--mm-per-px 0.05 --region %s", path_of("mask.png")));
    ck_assert(json_equal(left, masked));
    ck_assert_double_eq_tol(number(left, "area_cm2"), 1.92, 1e-6);
    json_decref(left);
    json_decref(masked);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(dots_of_two_pictures_are_matched)
{
    begin();
    struct scalp_params params = small();
    params.width_px = 640;
    params.dots = 120;
    const struct scalp before = write_made(&params, "before.jpg");
    struct scalp_dot *later = smp_new(&arena, struct scalp_dot, before.dot_count);
    size_t kept = 0;
    for (size_t i = 0; i < before.dot_count; i++) {
        if (i % 5 == 0)
            continue;
        later[kept] = before.dots[i];
        later[kept].x_px = before.dots[i].y_px; // a quarter turn
        later[kept++].y_px = 640 - before.dots[i].x_px;
    }
    params.width_px = 320;
    params.height_px = 640;
    params.seed = 2;
    struct scalp after;
    ck_assert(scalp_make_with(&after, &params, later, kept, &arena));
    ck_assert(!smp_file_write(path_of("after.jpg"), after.jpeg.data, after.jpeg.length, NULL));
    json_t *root = json_of("measure match %s %s --mm-per-px 0.05 --overlay %s",
                           path_of("before.jpg"), path_of("after.jpg"), path_of("match.png"));
    const json_t *counts = json_object_get(root, "counts");
    ck_assert_double_eq_tol(number(counts, "vanished"), (double)(before.dot_count - kept), 2);
    ck_assert_double_eq_tol(number(root, "matched"), (double)kept, 3);
    ck_assert_double_le(number(counts, "new"), 3);
    ck_assert_double_eq((double)json_array_size(json_object_get(root, "dots")),
                        number(root, "before"));
    json_decref(root);
    ck_assert_int_eq(access(path_of("match.png"), R_OK), 0);
    params.dots = 5;
    write_made(&params, "few.jpg");
    refuse(smp_format(&arena, "measure match %s %s --mm-per-px 0.05", path_of("before.jpg"),
                      path_of("few.jpg")),
           2, "few.jpg: pictures can be matched by 20 dots or more in each, not ");
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(wrong_calls_are_refused_with_a_sentence)
{
    begin();
    const struct scalp_params params = small();
    write_made(&params, "dots.jpg");
    const char *picture = path_of("dots.jpg");
#define REFUSE(options, sentence)                                                                  \
    refuse(smp_format(&arena, "measure dots %s %s", picture, options), 2, sentence)
    REFUSE("", "the scale must be given: --mm-per-px S, --chart or --marker MM");
    REFUSE("--mm-per-px x", "--mm-per-px must be a number from 0.0005 to 2, not 'x'");
    REFUSE("--mm-per-px 1", "dots.jpg.mm_per_px must be 0.0005 to 0.17 mm, not 1");
    REFUSE("--mm-per-px 0.05 --chart", "--mm-per-px, --chart and --marker exclude each other");
    REFUSE("--mm-per-px 0.05 --region 0,0,481,10",
           "--region must be X,Y,W,H within the picture of 480 x 320 px, not '0,0,481,10'");
    REFUSE("--mm-per-px 0.05 --region none.png", "none.png");
    REFUSE("--mm-per-px 0.05 --overlay o.gif",
           "o.gif: a picture's name must end in .png, .jpg or .jpeg");
    REFUSE("--mm-per-px 0.05 --threads -1", "--threads must be a whole number from 0 to 256");
    refuse("measure dots none.jpg --mm-per-px 0.05", 2, "none.jpg");
    refuse("measure", 2, "what to measure must be named");
    refuse("measure cats", 2, "nothing called 'cats' can be measured");
    struct smp_image mask;
    ck_assert(!smp_image_make(&mask, 48, 32, &arena, NULL));
    ck_assert(!smp_image_save(path_of("mask.png"), &mask, NULL, 0, NULL));
    REFUSE(smp_format(&arena, "--mm-per-px 0.05 --region %s", path_of("mask.png")),
           "mask.png must be of the picture's size, 480 x 320 px, not 48 x 32");
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("dots command", json_holds_every_dot_and_what_it_rests_on,
              what_cannot_be_seen_is_said_and_not_invented, a_region_is_a_rectangle_or_a_picture,
              dots_of_two_pictures_are_matched, wrong_calls_are_refused_with_a_sentence)
