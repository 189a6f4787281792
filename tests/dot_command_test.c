// `stubble dot` from outside: what it prints, how it changes with depth, its sentences.
#include "program_json.h"

#include <math.h>

START_TEST(json_holds_31_wavelengths_and_a_profile_beyond_2_mm)
{
    json_t *root = json_of("dot --melanin 0.02 --blood 0.005 --top-mm 0.15 --diameter-mm 0.3 "
                           "--mua-per-mm 10");
    const char *const lists[] = { "wavelength_nm", "contrast", "fwhm_mm", "profile", "area_mm2" };
    for (size_t i = 0; i < 5; i++)
        ck_assert_uint_eq(json_array_size(json_object_get(root, lists[i])), 31);
    const json_t *radius = json_object_get(root, "radius_mm");
    const size_t radii = json_array_size(radius);
    ck_assert_double_ge(json_number_value(json_array_get(radius, radii - 1)), 2.2);
    for (size_t w = 0; w < 31; w++) {
        const json_t *row = json_array_get(json_object_get(root, "profile"), w);
        ck_assert_uint_eq(json_array_size(row), radii);
        ck_assert_double_eq_tol(json_number_value(json_array_get(row, 0)),
                                item(root, "contrast", w), 1e-6);
        for (size_t i = 1; i < radii; i++)
            ck_assert_double_le(json_number_value(json_array_get(row, i)),
                                json_number_value(json_array_get(row, i - 1)));
    }
    ck_assert_double_gt(number(root, "delta_e00"), 5);
    json_decref(root);
}
END_TEST

// optics.md §1.8, last table: ΔL, Δa, Δb of an opaque ball of 0.3 mm, ΔE00 of four strengths.
static void colours_as_measured(const char *skin, const double tops[], const double measured[][7],
                                size_t count)
{
    static const double mua[4] = { 1, 3, 10, 50 };
    for (size_t t = 0; t < count; t++)
        for (size_t m = 0; m < 4; m++) {
            json_t *root =
                json_of("dot %s --blood 0.005 --papillary-blood 1 --top-mm %g --diameter-mm 0.3 "
                        "--mua-per-mm %g",
                        skin, tops[t], mua[m]);
            const double e = number(root, "delta_e00");
            ck_assert_msg(fabs(e - measured[t][3 + m]) < 0.1 * measured[t][3 + m] + 0.1,
                          "top %g, mua %g: dE %g against %g", tops[t], mua[m], e,
                          measured[t][3 + m]);
            for (size_t i = 0; m == 3 && i < 3; i++) {
                const double d = item(root, "delta_lab", i);
                ck_assert_msg(fabs(d - measured[t][i]) < -0.1 * measured[t][i] + 0.8,
                              "top %g: delta %zu is %g, not %g", tops[t], i, d, measured[t][i]);
            }
            json_decref(root);
        }
}

START_TEST(colours_on_light_and_dark_skin_are_as_measured)
{
    const double tops[] = { 0.1, 0.2, 0.3, 0.5 };
    const double light[][7] = { { -21.3, -5.1, -13.7, 3.4, 8.8, 17.9, 22.7 },
                                { -9.6, -3.8, -7.9, 1.8, 4.4, 8.3, 10.2 },
                                { -4.8, -2.6, -4.4, 1.0, 2.4, 4.4, 5.4 },
                                { -1.6, -1.2, -1.6, 0.4, 0.9, 1.6, 1.9 } };
    const double dark[][7] = { { -11.8, -7.7, -13.8, 2.1, 5.3, 10.5, 12.9 },
                               { -5.6, -4.6, -6.8, 1.1, 2.7, 5.1, 6.3 },
                               { -2.8, -2.8, -3.6, 0.6, 1.5, 2.7, 3.3 } };
    colours_as_measured("--melanin 0.02", tops, light, 4);
    colours_as_measured("--melanin 0.2", tops, dark, 3);
}
END_TEST

START_TEST(tables_of_cut_runs_come_out_with_their_cut)
{
    // optics.md §1.8, 450, 550, 650 nm, opaque ball of 0.3 mm: all tops, %.
    static const double tops[] = { 0.1, 0.2, 0.3, 0.5, 0.8, 1.2 };
    static const double measured[6][3] = { { 43.8, 56.5, 67.7 }, { 17.6, 27.8, 40.5 },
                                           { 7.7, 14.4, 23.8 },  { 1.9, 4.5, 9.3 },
                                           { 0.35, 1.2, 3.4 },   { 0.06, 0.29, 1.3 } };
    for (size_t t = 0; t < 6; t++) {
        json_t *root = json_of(
            "dot --melanin 0.02 --blood 0.005 --papillary-blood 1 --top-mm %g --diameter-mm 0.3 "
            "--mua-per-mm 50 --lost-below-3mm",
            tops[t]);
        for (size_t k = 0; k < 3; k++) {
            const double c = 100 * item(root, "contrast", 5 + 10 * k);
            // And half a unit of the last digit given; of 0.02 % neither count can tell.
            const double digit = measured[t][k] < 1 ? 0.005 : 0.05;
            ck_assert_msg(fabs(c - measured[t][k]) <= fmax(0.1 * measured[t][k] + digit, 0.02),
                          "top %g, %zu nm: %g, not %g", tops[t], 450 + 100 * k, c, measured[t][k]);
        }
        json_decref(root);
    }
}
END_TEST

START_TEST(deeper_is_bluer_and_fainter_on_four_phototypes)
{
    const char *const melanin[] = { "0.01", "0.05", "0.12", "0.25" };
    for (size_t k = 0; k < 4; k++) {
        double ratio = 0, darker = 0;
        for (int t = 1; t <= 4; t++) {
            json_t *root = json_of(
                "dot --melanin %s --blood 0.006 --top-mm %g --diameter-mm 0.3 --mua-per-mm 50",
                melanin[k], 0.1 * t);
            const double l = item(root, "delta_lab", 0), b = item(root, "delta_lab", 2);
            ck_assert_double_lt(l, 0);
            ck_assert_double_gt(b / l, ratio);
            if (t > 1)
                ck_assert_double_gt(l, darker);
            ratio = b / l;
            darker = l;
            json_decref(root);
        }
    }
}
END_TEST

START_TEST(white_pigment_lightens_and_hides_black)
{
    const char *const black = "--melanin 0.05 --blood 0.005 --top-mm 0.12 --diameter-mm 0.3 "
                              "--mua-per-mm 5";
    json_t *plain = json_of("dot %s", black);
    json_t *mixed = json_of("dot %s --mus-per-mm 200", black);
    ck_assert_double_lt(item(mixed, "contrast", 15), item(plain, "contrast", 15));
    json_decref(plain);
    json_decref(mixed);
    json_t *white = json_of("dot --melanin 0.05 --blood 0.005 --top-mm 0.12 --diameter-mm 0.3 "
                            "--mua-per-mm 0 --mus-per-mm 200");
    ck_assert_double_lt(item(white, "contrast", 15), 0);
    ck_assert_double_gt(item(white, "delta_lab", 0), 0);
    json_decref(white);
}
END_TEST

START_TEST(text_is_for_people)
{
    char said[4000], command[600];
    snprintf(command, sizeof command,
             "\"%s/stubble\" dot --melanin 0.1 --blood 0.01 --top-mm 0.2 --bottom-mm 0.6 "
             "--diameter-mm 0.2 --mua-per-mm 20",
             getenv("STUBBLE_BUILD_ROOT"));
    ck_assert_int_eq(said_by(command, said, sizeof said), 0);
    ck_assert_ptr_nonnull(strstr(said, "centre of the dot"));
    ck_assert_ptr_nonnull(strstr(said, "550 nm"));
}
END_TEST

START_TEST(bad_input_is_told_in_one_sentence)
{
    const char *const good = "--melanin 0.02 --blood 0.005 --top-mm 0.2 --diameter-mm 0.3 "
                             "--mua-per-mm 10";
    const struct {
        const char *more, *sentence;
    } bad[] = {
        { "--melanin 0", "--melanin must be a number from 0.001 to 0.6, not '0'" },
        { "--melanin nan", "--melanin must be a number from 0.001 to 0.6, not 'nan'" },
        { "--blood=-0.1", "--blood must be a number from 0 to 0.2, not '-0.1'" },
        { "--saturation 2", "--saturation must be a number from 0 to 1, not '2'" },
        { "--scattering 0.1", "--scattering must be a number from 0.3 to 3, not '0.1'" },
        { "--papillary-blood x", "--papillary-blood must be a number from 0 to 10, not 'x'" },
        { "--top-mm 0.05", "--top-mm must be a number from 0.08 to 2, not '0.05'" },
        { "--bottom-mm 5", "--bottom-mm must be a number from 0.09 to 4, not '5'" },
        { "--bottom-mm 0.2", "--bottom-mm must be more than --top-mm (0.2 mm), not 0.2" },
        { "--diameter-mm 1", "--diameter-mm must be a number from 0.05 to 0.8, not '1'" },
        { "--mua-per-mm=-1", "--mua-per-mm must be a number from 0 to 1000, not '-1'" },
        { "--mus-per-mm inf", "--mus-per-mm must be a number from 0 to 1000, not 'inf'" },
        { "--colour red", "unknown option '--colour'" },
        { "more", "unexpected argument 'more'" },
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char arguments[400];
        snprintf(arguments, sizeof arguments, "dot %s %s", good, bad[i].more);
        refuse(arguments, 2, bad[i].sentence);
    }
    refuse("dot --blood 0.005 --top-mm 0.2 --diameter-mm 0.3 --mua-per-mm 1", 2,
           "--melanin must be given");
    refuse("dot --melanin 0.02 --top-mm 0.2 --diameter-mm 0.3 --mua-per-mm 1", 2,
           "--blood must be given");
    refuse("dot --melanin 0.02 --blood 0.005 --diameter-mm 0.3 --mua-per-mm 1", 2,
           "--top-mm must be given");
    refuse("dot --melanin 0.02 --blood 0.005 --top-mm 0.2 --mua-per-mm 1", 2,
           "--diameter-mm must be given");
    refuse("dot --melanin 0.02 --blood 0.005 --top-mm 0.2 --diameter-mm 0.3", 2,
           "--mua-per-mm must be given");
}
END_TEST

SMP_TEST_MAIN("dot command", json_holds_31_wavelengths_and_a_profile_beyond_2_mm,
              colours_on_light_and_dark_skin_are_as_measured,
              tables_of_cut_runs_come_out_with_their_cut,
              deeper_is_bluer_and_fainter_on_four_phototypes,
              white_pigment_lightens_and_hides_black, text_is_for_people,
              bad_input_is_told_in_one_sentence)
