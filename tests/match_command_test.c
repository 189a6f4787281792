// `stubble match` from outside: what it prints, exit codes, sentences.
#include "program_json.h"

START_TEST(a_recipe_is_told_with_its_ages_and_bands)
{
    json_t *root = json_of(
        "match --skin-lab 67.3,9.4,14.8 --hair-lab 23,4,4.9 --fu-per-cm2 75 --stubble-mm 0.3");
    ck_assert(json_is_null(json_object_get(root, "impossible")));
    const json_t *best = json_array_get(json_object_get(root, "recipes"), 0);
    static const char *const numbers[] = { "dilution",    "diameter_um", "dots_per_cm2",
                                           "strength_cv", "delta_e00",   "texture_jnd" };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        ck_assert_msg(json_is_number(json_object_get(best, numbers[i])), "%s", numbers[i]);
    ck_assert(json_is_string(json_object_get(best, "pigment")));
    ck_assert(json_is_string(json_object_get(best, "limited_by")));
    ck_assert(json_is_array(json_object_get(best, "warnings")));
    static const char *const ages[] = { "fresh", "healed", "1y", "3y", "5y", "8y" };
    for (size_t i = 0; i < 6; i++) {
        const json_t *value =
            json_object_get(json_object_get(best, "illusion_distance_mm"), ages[i]);
        ck_assert(value && (json_is_null(value) || json_real_value(value) >= 150));
        const json_t *band = json_object_get(json_object_get(best, "delta_e00_band"), ages[i]);
        ck_assert_double_le(json_number_value(json_array_get(band, 0)),
                            json_number_value(json_array_get(band, 1)));
    }
    json_decref(root);
}
END_TEST

START_TEST(grey_hair_on_dark_skin_has_no_recipe)
{
    json_t *root = json_of("match --skin-lab 37.8,9.2,12.3 --hair-lab 65,0.5,5");
    ck_assert_uint_eq(json_array_size(json_object_get(root, "recipes")), 0);
    ck_assert(json_is_string(json_object_get(root, "impossible")));
    json_decref(root);
}
END_TEST

START_TEST(wrong_calls_have_their_sentence)
{
    refuse("match --hair-lab 23,4,5", 2, "match needs --skin-lab L,a,b and --hair-lab L,a,b");
    refuse("match --skin-lab 67,9 --hair-lab 23,4,5", 2, "--skin-lab must be L,a,b, not '67,9'");
    refuse("match --skin-lab 67,nan,9 --hair-lab 23,4,5", 2,
           "--skin-lab must be a number from -128 to 127, not 'nan'");
    refuse("match --skin-lab 50,-60,40 --hair-lab 23,4,5", 2,
           "no skin of the model has the colour 50,-60,40");
    refuse("match --skin-lab 67,9,15 --hair-lab 23,4,5 --top-mm 0", 2,
           "--top-mm must be a number from 0.08 to 1, not '0'");
    refuse("match --skin-lab 67,9,15 --hair-lab 23,4,5 --fu-per-cm2 -5", 2,
           "--fu-per-cm2 must be a number from 1 to 300, not '-5'");
    refuse("match --skin-lab 67,9,15 --hair-lab 23,4,5 --catalogue absent.json", 2, "absent.json");
    refuse("match extra", 2, "unexpected argument 'extra'");
}
END_TEST

SMP_TEST_MAIN("match command", a_recipe_is_told_with_its_ages_and_bands,
              grey_hair_on_dark_skin_has_no_recipe, wrong_calls_have_their_sentence)
