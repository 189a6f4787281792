// `stubble fade` from outside: bands, repeatability, exit codes, sentences.
#include "program_json.h"

#include <math.h>

static int run(char said[16384], const char *arguments)
{
    char command[800];
    snprintf(command, sizeof command, "\"%s/stubble\" fade %s 2>/dev/null",
             getenv("STUBBLE_BUILD_ROOT"), arguments);
    return said_by(command, said, 16384);
}

static double value(const json_t *root, size_t age, const char *name, size_t which)
{
    const json_t *row = json_array_get(json_object_get(root, "ages"), age);
    return json_number_value(json_array_get(json_object_get(row, name), which));
}

START_TEST(bands_fade_widen_and_sink_with_age)
{
    json_t *root = json_of("fade --draws 500");
    ck_assert_uint_eq(json_array_size(json_object_get(root, "ages")), 8);
    for (size_t a = 1; a < 8; a++) {
        for (size_t which = 0; which < 3; which++) {
            ck_assert_double_lt(value(root, a, "mua_550_per_mm", which),
                                value(root, a - 1, "mua_550_per_mm", which));
            if (a > 1)
                ck_assert_double_gt(value(root, a, "diameter_mm", which),
                                    value(root, a - 1, "diameter_mm", which));
            ck_assert_double_ge(value(root, a, "top_mm", which),
                                value(root, a - 1, "top_mm", which));
        }
    }
    json_decref(root);
}
END_TEST

START_TEST(the_warm_part_of_a_brown_is_lost_and_black_keeps_its_hue)
{
    json_t *brown = json_of("fade --draws 300 --pigment soft-brown");
    json_t *black = json_of("fade --draws 300 --pigment carbon-200");
    ck_assert_double_gt(value(brown, 1, "warmth", 1), 1.2 * value(brown, 5, "warmth", 1));
    ck_assert_double_eq_tol(value(black, 1, "warmth", 1), value(black, 5, "warmth", 1), 1e-9);
    json_decref(brown);
    json_decref(black);
}
END_TEST

START_TEST(the_same_seed_prints_the_same_on_any_threads)
{
    char one[16384], four[16384], other[16384];
    ck_assert_int_eq(run(one, "--json --draws 300 --threads 1"), 0);
    ck_assert_int_eq(run(four, "--json --draws 300 --threads 4"), 0);
    ck_assert_int_eq(run(other, "--json --draws 300 --seed 2"), 0);
    ck_assert_str_eq(one, four);
    ck_assert_str_ne(one, other);
}
END_TEST

// What stubble check would print of 60 dots of a contrast at an age.
static const char *measured(const char *name, double years, double contrast, int dots)
{
    static char path[240];
    snprintf(path, sizeof path, "%.150s/%s", smp_test_folder(), name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fprintf(file,
            "{\"stubble_check\":1,\"plan_key\":\"0123456789abcdef\",\"session\":3,\"years\":%g,"
            "\"widening\":1,\"dots\":[],\"measured\":[",
            years);
    for (int i = 0; i < dots; i++)
        fprintf(file,
                "%s{\"id\":%d,\"x_mm\":%d,\"y_mm\":0,\"z_mm\":100,\"nx\":0,\"ny\":0,\"nz\":1,"
                "\"zone\":\"crown\",\"diameter_mm\":0.3,\"contrast\":%g,\"seen_px_per_mm\":18}",
                i ? "," : "", i + 1, i, contrast * (1 + 0.004 * (i - dots / 2)));
    fputs("]}", file);
    ck_assert_int_eq(fclose(file), 0);
    return path;
}

static json_t *forecast(const char *first, const char *second)
{
    return json_of("fade --draws 800 %s%s %s", first ? "--measured " : "", first ? first : "",
                   second ? second : "");
}

START_TEST(photos_when_healed_and_after_three_years_narrow_what_comes)
{
    const size_t at_8y = 6;
    char healed[240];
    snprintf(healed, sizeof healed, "%s", measured("healed.json", 0.115, 0.5, 60));
    json_t *wide = forecast(NULL, NULL), *one = forecast(healed, NULL);
    json_t *kept = forecast(healed, measured("kept.json", 3, 0.42, 60));
    json_t *gone = forecast(healed, measured("gone.json", 3, 0.26, 60));
    json_t *const all[] = { wide, one, kept, gone };
    double width[4], median[4];
    for (int i = 0; i < 4; i++) {
        const double low = value(all[i], at_8y, "contrast", 0);
        median[i] = value(all[i], at_8y, "contrast", 1) / value(all[i], 1, "contrast", 1);
        width[i] = log(value(all[i], at_8y, "contrast", 2) / low);
    }
    printf("# contrast at 8 years over healed: %.2f, one photo %.2f, kept %.2f, gone %.2f; widths "
           "(ln) %.2f, %.2f, %.2f, %.2f\n",
           median[0], median[1], median[2], median[3], width[0], width[1], width[2], width[3]);
    ck_assert_double_gt(median[2], median[0] + 0.05);
    ck_assert_double_lt(median[3], median[0] - 0.02);
    ck_assert_double_lt(width[2], 0.8 * width[0]);
    ck_assert_double_lt(width[3], 0.9 * width[0]);
    ck_assert_double_gt(width[1], 0.7 * width[0]); // one photo says little
    ck_assert_uint_eq(json_array_size(json_object_get(kept, "measured")), 2);
    ck_assert_ptr_null(json_object_get(wide, "measured"));
    for (int i = 0; i < 4; i++)
        json_decref(all[i]);
}
END_TEST

START_TEST(photos_that_cannot_be_used_are_refused)
{
    char call[400];
    snprintf(call, sizeof call, "fade --measured %s", measured("few.json", 1, 0.4, 12));
    refuse(call, 2, "12 sound dots were measured; a forecast needs 20 or more");
    snprintf(call, sizeof call, "fade --draws 200 --measured %s", measured("dark.json", 10, 9, 40));
    refuse(call, 2, "observation: what the photos show is explained by");
    refuse("fade --measured no.json", 2, "no.json");
}
END_TEST

START_TEST(bad_input_is_one_sentence_and_exit_2)
{
    static const struct wrong_call faults[] = {
        { "--pigment no-such", "--pigment must be an id of pigments.json, not \"no-such\"" },
        { "--pigment yellow-oxide", "cannot be used in a match: no optical constants of goethite" },
        { "--parts-water -1", "--parts-water must be" },
        { "--parts-water nan", "--parts-water must be" },
        { "--top-mm 0", "--top-mm must be" },
        { "--diameter-mm 5", "--diameter-mm must be" },
        { "--sun 2", "--sun must be" },
        { "--draws 10", "--draws must be" },
        { "--catalogue none.json", "none.json cannot be read" },
        { "extra", "fade takes files behind --measured M.json only, not 'extra'" },
    };
    refuse_all("fade", faults, sizeof faults / sizeof *faults);
}
END_TEST

SMP_TEST_MAIN("fade command", bands_fade_widen_and_sink_with_age,
              the_warm_part_of_a_brown_is_lost_and_black_keeps_its_hue,
              the_same_seed_prints_the_same_on_any_threads,
              photos_when_healed_and_after_three_years_narrow_what_comes,
              photos_that_cannot_be_used_are_refused, bad_input_is_one_sentence_and_exit_2)
