// `stubble fade` from outside: bands, repeatability, exit codes, sentences.
#include "program.h"

#include <jansson.h>

static int run(char said[16384], const char *arguments, const char *stream)
{
    char command[800];
    snprintf(command, sizeof command, "\"%s/stubble\" fade %s %s", getenv("STUBBLE_BUILD_ROOT"),
             arguments, stream);
    return said_by(command, said, 16384);
}

static const char *const out = "2>/dev/null", *const errors = "2>&1 >/dev/null";

static double value(const json_t *root, size_t age, const char *name, size_t which)
{
    const json_t *row = json_array_get(json_object_get(root, "ages"), age);
    return json_number_value(json_array_get(json_object_get(row, name), which));
}

START_TEST(bands_fade_widen_and_sink_with_age)
{
    char said[16384];
    ck_assert_int_eq(run(said, "--json", out), 0);
    json_t *root = json_loads(said, 0, NULL);
    ck_assert_ptr_nonnull(root);
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
    char said[16384];
    ck_assert_int_eq(run(said, "--json --pigment soft-brown", out), 0);
    json_t *brown = json_loads(said, 0, NULL);
    ck_assert_int_eq(run(said, "--json --pigment carbon-200", out), 0);
    json_t *black = json_loads(said, 0, NULL);
    ck_assert_double_gt(value(brown, 1, "warmth", 1), 1.2 * value(brown, 5, "warmth", 1));
    ck_assert_double_eq_tol(value(black, 1, "warmth", 1), value(black, 5, "warmth", 1), 1e-9);
    json_decref(brown);
    json_decref(black);
}
END_TEST

START_TEST(the_same_seed_prints_the_same_on_any_threads)
{
    char one[16384], four[16384], other[16384];
    ck_assert_int_eq(run(one, "--json --threads 1", out), 0);
    ck_assert_int_eq(run(four, "--json --threads 4", out), 0);
    ck_assert_int_eq(run(other, "--json --seed 2", out), 0);
    ck_assert_str_eq(one, four);
    ck_assert_str_ne(one, other);
}
END_TEST

START_TEST(bad_input_is_one_sentence_and_exit_2)
{
    static const struct {
        const char *arguments, *sentence;
    } faults[] = {
        { "--pigment no-such", "--pigment must be an id of pigments.json, not \"no-such\"" },
        { "--pigment yellow-oxide", "cannot be used in a match: no optical constants of goethite" },
        { "--parts-water -1", "--parts-water must be" },
        { "--parts-water nan", "--parts-water must be" },
        { "--top-mm 0", "--top-mm must be" },
        { "--diameter-mm 5", "--diameter-mm must be" },
        { "--sun 2", "--sun must be" },
        { "--draws 10", "--draws must be" },
        { "--catalogue none.json", "none.json cannot be read" },
        { "extra", "stubble: " },
    };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        char said[16384];
        ck_assert_int_eq(run(said, faults[i].arguments, errors), 2);
        ck_assert_msg(strstr(said, faults[i].sentence) != NULL, "\"%s\" lacks \"%s\"", said,
                      faults[i].sentence);
    }
}
END_TEST

SMP_TEST_MAIN("fade command", bands_fade_widen_and_sink_with_age,
              the_warm_part_of_a_brown_is_lost_and_black_keeps_its_hue,
              the_same_seed_prints_the_same_on_any_threads, bad_input_is_one_sentence_and_exit_2)
