// `stubble measure chart` and `measure skin` from outside: what they print, what they refuse.
#include "program_json.h"

#include "made_card.h"

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

START_TEST(the_card_is_told_as_promised)
{
    struct made_card_params params = made_card_defaults;
    char path[200], overlay[300];
    smp_arena_make(&arena, 0);
    params.markers = true;
    save(path, "card", &params);
    snprintf(overlay, sizeof overlay, "%s-overlay.png", path);
    json_t *root = json_of("measure chart '%s' --overlay '%s'", path, overlay);
    ck_assert_double_eq(number(root, "patches"), 24);
    ck_assert_double_eq_tol(number(root, "px_per_mm") / params.px_per_mm, 1, 0.005);
    const json_t *errors = json_object_get(root, "delta_e00");
    const double before = number_in(errors, "before", "mean"),
                 after = number_in(errors, "after", "mean"),
                 alone = number_in(errors, "leave_one_out", "mean");
    ck_assert(before > alone && alone >= after && alone < 1.5);
    ck_assert(number_in(errors, "leave_one_out", "max") >= alone);
    ck_assert_uint_eq(json_array_size(json_object_get(root, "markers")), 4);
    ck_assert_uint_eq(json_array_size(json_object_get(root, "colours")), 24);
    ck_assert_str_eq(json_string_value(json_object_get(root, "card")), "classic");
    struct smp_image image;
    ck_assert(smp_image_load(&image, overlay, NULL, &arena, NULL) == SMP_OK);
    ck_assert_uint_eq(image.width_px, params.width_px);
    json_decref(root);
    root = json_of("measure chart '%s' --marker 35 --threads 2", path);
    ck_assert_double_eq_tol(number(root, "px_per_mm") / params.px_per_mm, 1, 0.01);
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
    // The scale of the other kinds: 1.1 px/mm, too coarse for dots.
    snprintf(call, sizeof call, "measure dots '%s' --chart", path);
    refuse(call, 2, "mm_per_px must be 0.0005 to 0.17 mm, not 0.9");
    params.no_card = true;
    save(path, "paper", &params);
    snprintf(call, sizeof call, "measure dots '%s' --chart", path);
    refuse(call, 2, "no colour card with 24 patches was found");
    snprintf(call, sizeof call, "measure dots '%s' --marker 35", path);
    refuse(call, 2, "no square marker");
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

static void region_of(char region[80], const struct made_card *made, int swatch)
{
    const int half = (int)(0.4 * made->swatch_side_px);
    snprintf(region, 80, "%d,%d,%d,%d", (int)made->swatch_px[swatch].x - half,
             (int)made->swatch_px[swatch].y - half, 2 * half, 2 * half);
}

START_TEST(skin_beside_the_card_is_told_light_and_dark)
{
    struct made_card_params params = made_card_defaults;
    struct made_card made;
    char path[200], paper[200], region[80];
    smp_arena_make(&arena, 0);
    params.falloff = 0.05;
    save(path, "card", &params);
    made_card(&made, &params, &arena);
    for (int i = 0; i < MADE_SWATCHES; i++) {
        region_of(region, &made, i);
        json_t *root = json_of("measure skin '%s' --region %s --chart", path, region);
        const struct smp_lab lab = { item(root, "lab", 0), item(root, "lab", 1),
                                     item(root, "lab", 2) };
        const double doubt = number(root, "doubt_delta_e00");
        ck_assert_double_lt(smp_delta_e00(lab, made.swatch_lab[i]), fmax(1, 2.5 * doubt));
        ck_assert_double_eq_tol(number(root, "ita_deg"), smp_ita_deg(lab), 1e-6);
        ck_assert_double_gt(number(root, "melanin"), i < 4 ? 0.005 : 0.05);
        ck_assert_double_gt(number(root, "blood"), 0);
        ck_assert_double_lt(number(root, "model_delta_e00"), 4);
        ck_assert_double_ge(number(root, "ita_doubt_deg"), 0);
        ck_assert_double_lt(item(root, "lab_sd", 0), 2);
        const json_t *given = json_object_get(json_object_get(root, "case"), "skin");
        ck_assert_double_eq_tol(item(given, "lab", 0), lab.l, 0.051);
        json_decref(root);
    }
    json_t *hair = json_of("measure skin '%s' --region %s --as hair", path, region);
    ck_assert_ptr_nonnull(json_object_get(json_object_get(hair, "case"), "hair"));
    ck_assert_ptr_null(json_object_get(hair, "melanin"));
    json_decref(hair);
    params.no_card = true; // the card in another picture of the same light
    save(paper, "no-card", &params);
    json_decref(
        json_of("measure skin '%s' --region 20,20,60,60 --as hair --card-from '%s'", paper, path));
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(no_colour_is_told_without_a_card)
{
    struct made_card_params params = made_card_defaults;
    char path[200], call[600];
    smp_arena_make(&arena, 0);
    params.no_card = true;
    save(path, "bare", &params);
    snprintf(call, sizeof call, "measure skin '%s' --region 20,20,60,60", path);
    refuse(call, 2, "no colour card with 24 patches was found");
    refuse(call, 2, "without one no colour is told");
    snprintf(call, sizeof call, "measure skin '%s'", path);
    refuse(call, 2, "--region must say where to look");
    snprintf(call, sizeof call, "measure skin '%s' --region 20,20,60,60 --as nail", path);
    refuse(call, 2, "--as must be one of skin, hair, not 'nail'");
    params.no_card = false;
    save(path, "card", &params);
    snprintf(call, sizeof call, "measure skin '%s' --region 300,220,40,40", path);
    refuse(call, 2, "--region lies on the colour card of");
    snprintf(call, sizeof call, "measure skin '%s' --region 5,5,8,8", path);
    refuse(call, 2, "the region must have at least 100 px, not 64");
    snprintf(call, sizeof call, "measure skin '%s' --region 5,5,60,60", path);
    refuse(call, 2, "no skin of the model has the colour");
    snprintf(call, sizeof call, "measure skin '%s' --region 5,5,6000,60", path);
    refuse(call, 2, "--region must be X,Y,W,H within the picture of 640 x 480 px");
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("chart command", the_card_is_told_as_promised, what_cannot_be_used_has_its_sentence,
              skin_beside_the_card_is_told_light_and_dark, no_colour_is_told_without_a_card)
