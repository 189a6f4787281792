// `stubble reflect` and `stubble skin` from outside: what they print, exit codes, sentences.
#include "program_json.h"

#include <math.h>

START_TEST(reflect_prints_all_parts)
{
    json_t *root = json_of("reflect tests/corpus/layers/skin-550.json");
    ck_assert_double_eq_tol(number(root, "diffuse_reflectance"), 0.31987, 5e-5);
    ck_assert_double_eq_tol(number(root, "specular"), 0.02778, 1e-5);
    ck_assert_double_eq(number(root, "standard_error"), 0);
    double sum = number(root, "specular") + number(root, "diffuse_reflectance") +
                 number(root, "transmittance");
    ck_assert_uint_eq(json_array_size(json_object_get(root, "absorbed")), 3);
    for (size_t k = 0; k < 3; k++)
        sum += item(root, "absorbed", k);
    ck_assert_double_eq_tol(sum, 1, 1e-9);
    json_decref(root);
}
END_TEST

START_TEST(photons_agree_with_adding_doubling_on_any_threads)
{
    json_t *one = json_of("reflect tests/corpus/layers/slab-1995.json --method mc --photons 200000 "
                          "--seed 3 --threads 1");
    json_t *two = json_of("reflect tests/corpus/layers/slab-1995.json --method mc --photons 200000 "
                          "--seed 3 --threads 2");
    ck_assert(json_equal(one, two));
    const double error = number(one, "standard_error");
    ck_assert_double_gt(error, 0);
    ck_assert_double_eq_tol(number(one, "diffuse_reflectance"), 0.09739, 4 * error);
    json_decref(one);
    json_decref(two);
}
END_TEST

START_TEST(skin_prints_spectrum_and_colour_and_finds_its_way_back)
{
    static const double melanin[] = { 0.008, 0.03, 0.1, 0.25 };
    static const char *const phototype[] = { "I", "III", "V", "VI" };
    for (int k = 0; k < 4; k++) {
        json_t *skin = json_of("skin --melanin %g --blood 0.004", melanin[k]);
        ck_assert_str_eq(json_string_value(json_object_get(skin, "phototype")), phototype[k]);
        ck_assert_uint_eq(json_array_size(json_object_get(skin, "wavelength_nm")), 31);
        ck_assert_uint_eq(json_array_size(json_object_get(skin, "reflectance")), 31);
        ck_assert_double_eq(item(skin, "wavelength_nm", 30), 700);
        ck_assert_double_gt(number(skin, "ita_deg"), -91);
        json_t *back = json_of("skin --lab %.9f,%.9f,%.9f", item(skin, "lab", 0),
                               item(skin, "lab", 1), item(skin, "lab", 2));
        ck_assert_double_eq_tol(number(back, "melanin") / melanin[k], 1, 2e-3);
        ck_assert_double_eq_tol(number(back, "blood") / 0.004, 1, 2e-3);
        ck_assert_double_lt(number(back, "delta_e00"), 1e-3);
        json_decref(skin);
        json_decref(back);
    }
}
END_TEST

START_TEST(wrong_calls_have_their_sentence)
{
    refuse("reflect", 2, "too few arguments");
    refuse("reflect none.json", 2, "none.json cannot be read");
    refuse("reflect tests/corpus/layers/fault-null.json", 2,
           "fault-null.json: layers[0].thickness_mm may be null in the last layer only");
    refuse("reflect tests/corpus/layers/clear.json --method km", 2,
           "--method must be one of ad, mc, not 'km'");
    refuse("reflect tests/corpus/layers/clear.json --photons 10", 2,
           "--photons and --seed are for --method mc only");
    refuse("reflect tests/corpus/layers/clear.json --method mc --light diffuse", 2,
           "--light diffuse is for --method ad only");
    refuse("reflect tests/corpus/layers/clear.json --method mc --photons 0", 2,
           "--photons must be a whole number from 1 to 1000000000000, not '0'");
    refuse("skin --melanin 2", 2, "--melanin must be a number from 0.001 to 0.6, not '2'");
    refuse("skin --blood nan", 2, "--blood must be a number from 0 to 0.2, not 'nan'");
    refuse("skin --lab 60,9", 2, "--lab must be L,a,b, not '60,9'");
    refuse("skin --lab 60,9,15 --blood 0.01", 2, "--lab and --blood exclude each other");
    refuse("skin --lab 50,-60,40", 2, "--lab: no skin of the model has the colour 50,-60,40");
    refuse("skin --lab nan,0,0", 2, "--lab must be a number from 0 to 100, not 'nan'");
    refuse("skin --blood 0.2 --papillary-blood 9", 2, "skin.papillary_blood makes 1.8");
    refuse("skin face.jpg", 2, "unexpected argument 'face.jpg'");
}
END_TEST

SMP_TEST_MAIN("skin command", reflect_prints_all_parts,
              photons_agree_with_adding_doubling_on_any_threads,
              skin_prints_spectrum_and_colour_and_finds_its_way_back,
              wrong_calls_have_their_sentence)
