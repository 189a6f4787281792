// `stubble pigments` from outside: what it prints, exit codes, sentences.
#include "program_json.h"

static char said[400000];

static int run(const char *arguments)
{
    char command[800];
    snprintf(command, sizeof command, "\"%s/stubble\" pigments %s 2>/dev/null",
             getenv("STUBBLE_BUILD_ROOT"), arguments);
    return said_by(command, said, sizeof said);
}

static double lightness(const json_t *film, size_t index)
{
    return json_number_value(
        json_array_get(json_object_get(json_array_get(film, index), "lab"), 0));
}

START_TEST(json_holds_every_pigment_with_its_source_and_dilutions_that_lighten)
{
    json_t *root = json_of("pigments"), *row;
    ck_assert_uint_eq(json_array_size(json_object_get(root, "wavelength_nm")), 31);
    size_t i, unknown = 0;
    ck_assert_uint_gt(json_array_size(json_object_get(root, "pigments")), 12);
    json_array_foreach(json_object_get(root, "pigments"), i, row)
    {
        ck_assert_uint_gt(json_string_length(json_object_get(row, "source")), 10);
        ck_assert_uint_eq(json_string_length(json_object_get(row, "grade")), 1);
        if (json_is_false(json_object_get(row, "known"))) {
            ck_assert_uint_gt(json_string_length(json_object_get(row, "unknown_why")), 10);
            ck_assert_ptr_null(json_object_get(row, "film_on_white"));
            unknown++;
            continue;
        }
        const json_t *film = json_object_get(row, "film_on_white");
        ck_assert_uint_eq(json_array_size(json_object_get(row, "mua_per_mm_at_1_percent")), 31);
        ck_assert_uint_eq(json_array_size(film), 5);
        for (size_t d = 1; d < 5; d++)
            ck_assert_double_ge(lightness(film, d), lightness(film, d - 1));
    }
    ck_assert_uint_eq(unknown, 2); // goethite and what holds it
    json_decref(root);
}
END_TEST

START_TEST(text_tells_colours_in_words_and_what_is_unknown)
{
    ck_assert_int_eq(run(""), 0);
    ck_assert_ptr_nonnull(strstr(said, "carbon-100: carbon black, 100 nm"));
    ck_assert_ptr_nonnull(strstr(said, "1 : 20"));
    ck_assert_ptr_nonnull(strstr(said, "brown"));
    ck_assert_ptr_nonnull(strstr(said, "optics unknown, never used in a match: no optical"));
}
END_TEST

START_TEST(a_catalogue_of_the_users_own_is_read_instead)
{
    ck_assert_int_eq(run("--catalogue data/pigments.json --json"), 0);
    const size_t length = strlen(said);
    ck_assert_int_eq(run("--json"), 0);
    ck_assert_uint_eq(strlen(said), length);
}
END_TEST

START_TEST(bad_input_is_one_sentence_and_exit_2)
{
    static const struct wrong_call faults[] = {
        { "--catalogue none.json", "stubble: none.json cannot be read" },
        { "--catalogue tests", "tests is not a regular file" },
        { "--catalogue tests/corpus/catalogue/fault-06.json",
          "fault-06.json: pigments[0] (\"x\") has no spectrum: give particle, mixture or "
          "spectrum" },
        { "--catalogue tests/corpus/catalogue/fault-00.json", "fault-00.json is not valid JSON" },
        { "extra", "stubble: " },
        { "--colour", "stubble: " },
    };
    refuse_all("pigments", faults, sizeof faults / sizeof *faults);
}
END_TEST

SMP_TEST_MAIN("pigments command",
              json_holds_every_pigment_with_its_source_and_dilutions_that_lighten,
              text_tells_colours_in_words_and_what_is_unknown,
              a_catalogue_of_the_users_own_is_read_instead, bad_input_is_one_sentence_and_exit_2)
