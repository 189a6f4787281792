// `stubble measure chart` from outside: what it prints, what it refuses.
#include "program.h"

#include "made_card.h"

#include <jansson.h>
#include <math.h>

static struct smp_arena arena;

// A made picture as a PNG in the tests' folder.
static void save(char path[200], const char *name, const struct made_card_params *params)
{
    struct made_card made;
    static const struct smp_image_note none[] = { { NULL, NULL } };
    made_card(&made, params, &arena);
    snprintf(path, 200, "%.100s/%s.png", smp_test_folder(), name);
    ck_assert(smp_image_save(path, &made.image, none, 0, NULL) == SMP_OK);
}

static json_t *run(const char *arguments)
{
    static char said[65536];
    char command[900];
    snprintf(command, sizeof command, "\"%s/stubble\" measure %s --json 2>/dev/null",
             getenv("STUBBLE_BUILD_ROOT"), arguments);
    ck_assert_int_eq(said_by(command, said, sizeof said), 0);
    json_t *root = json_loads(said, 0, NULL);
    ck_assert_ptr_nonnull(root);
    return root;
}

static double number(const json_t *root, const char *outer, const char *inner)
{
    const json_t *value = json_object_get(root, outer);
    if (inner)
        value = json_object_get(value, inner);
    ck_assert_msg(json_is_number(value), "%s is no number", outer);
    return json_number_value(value);
}

START_TEST(the_card_is_told_as_promised)
{
    struct made_card_params params = made_card_defaults;
    char path[200], call[800], overlay[300];
    smp_arena_make(&arena, 0);
    params.markers = true;
    save(path, "card", &params);
    snprintf(overlay, sizeof overlay, "%s-overlay.png", path);
    snprintf(call, sizeof call, "chart '%s' --overlay '%s'", path, overlay);
    json_t *root = run(call);
    ck_assert_double_eq(number(root, "patches", NULL), 24);
    ck_assert_double_eq_tol(number(root, "px_per_mm", NULL) / params.px_per_mm, 1, 0.005);
    const json_t *errors = json_object_get(root, "delta_e00");
    const double before = number(errors, "before", "mean"), after = number(errors, "after", "mean"),
                 alone = number(errors, "leave_one_out", "mean");
    ck_assert(before > alone && alone >= after && alone < 1.5);
    ck_assert(number(errors, "leave_one_out", "max") >= alone);
    ck_assert_uint_eq(json_array_size(json_object_get(root, "markers")), 4);
    ck_assert_uint_eq(json_array_size(json_object_get(root, "colours")), 24);
    ck_assert_str_eq(json_string_value(json_object_get(root, "card")), "classic");
    struct smp_image image;
    ck_assert(smp_image_load(&image, overlay, NULL, &arena, NULL) == SMP_OK);
    ck_assert_uint_eq(image.width_px, params.width_px);
    json_decref(root);
    snprintf(call, sizeof call, "chart '%s' --marker 35 --threads 2", path);
    root = run(call);
    ck_assert_double_eq_tol(number(root, "px_per_mm", NULL) / params.px_per_mm, 1, 0.01);
    ck_assert_str_eq(json_string_value(json_object_get(root, "px_per_mm_from")), "marker");
    json_decref(root);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(what_cannot_be_used_has_its_sentence)
{
    struct made_card_params params = made_card_defaults;
    char path[200], call[600], own[200];
    smp_arena_make(&arena, 0);
    refuse("measure chart", 2, "too few arguments");
    refuse("measure chart none.jpg", 2, "none.jpg cannot be read");
    save(path, "card", &params);
    snprintf(call, sizeof call, "measure chart '%s' --marker 35", path);
    refuse(call, 2, "no square marker (ArUco 4x4, ids 0 to 49) was found");
    snprintf(call, sizeof call, "measure chart '%s' --marker 0", path);
    refuse(call, 2, "--marker must be a number from 1 to 1000, not '0'");
    snprintf(own, sizeof own, "%.100s/own.csv", smp_test_folder());
    ck_assert(smp_file_write(own, "patch,L,a,b\n1,50,0,0\n", 21, NULL) == SMP_OK);
    snprintf(call, sizeof call, "measure chart '%s' --reference '%s'", path, own);
    refuse(call, 2, "own.csv must have a row for each of 24 patches, not 1 rows");
    snprintf(call, sizeof call, "measure chart '%s' --reference none.csv", path);
    refuse(call, 2, "none.csv cannot be read");
    snprintf(call, sizeof call, "measure chart '%s' --overlay '%.100s/o.gif'", path,
             smp_test_folder());
    refuse(call, 2, "a picture's name must end in .png, .jpg or .jpeg");
    params.no_card = true;
    save(path, "paper", &params);
    snprintf(call, sizeof call, "measure chart '%s'", path);
    refuse(call, 2, "no colour card with 24 patches was found");
    params.no_card = false;
    params.exposure = 1.3;
    save(path, "light", &params);
    snprintf(call, sizeof call, "measure chart '%s'", path);
    refuse(call, 2, "the colour card is overexposed, patches ");
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("chart command", the_card_is_told_as_promised, what_cannot_be_used_has_its_sentence)
