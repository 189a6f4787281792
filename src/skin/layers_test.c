// A file of layers: what is read, what is refused.
#include "skin/skin.h"

#include "harness.h"
#include "replay.h"

#include <math.h>

START_TEST(layers_are_read_as_written)
{
    static const char text[] =
        "{\"n_outside\": 1.33, \"layers\": [{\"n\": 1.4, \"mua_per_mm\": 0.1, \"mus_per_mm\": 10, "
        "\"g\": 0.8, \"thickness_mm\": 0.08}, {\"n\": 1.4, \"mua_per_mm\": 0.2, \"mus_per_mm\": 0, "
        "\"g\": -0.5, \"thickness_mm\": null}]}";
    struct smp_stack stack;
    struct smp_err err = { 0 };
    ck_assert_int_eq(smp_stack_read(&stack, "a.json", text, sizeof text - 1, &err), SMP_OK);
    ck_assert_int_eq(stack.count, 2);
    ck_assert_double_eq(stack.n_outside, 1.33);
    ck_assert_double_eq(stack.layer[0].n, 1.4);
    ck_assert_double_eq(stack.layer[0].mus_per_mm, 10);
    ck_assert_double_eq(stack.layer[0].thickness_mm, 0.08);
    ck_assert_double_eq(stack.layer[1].g, -0.5);
    ck_assert(isinf(stack.layer[1].thickness_mm));
}
END_TEST

#define ONE(rest) "{\"layers\": [{\"n\": 1.4, \"mua_per_mm\": 1, \"mus_per_mm\": 1, " rest "}]}"

START_TEST(each_fault_has_its_sentence)
{
    static const char *const faults[][2] = {
        { "", "a.json is not valid JSON" },
        { "[]", "a.json: the document must be an object, not an array" },
        { "{}", "a.json: layers must be given" },
        { "{\"layers\": []}", "a.json: layers must hold 1 to 16" },
        { "{\"layers\": [{}], \"depth\": 1}", "a.json: unknown field depth" },
        { "{\"layers\": [{}]}", "a.json: layers[0].n must be given" },
        { "{\"n_outside\": 0.9, \"layers\": [{}]}", "a.json: n_outside must be 1 to 3, not 0.9" },
        { ONE("\"g\": 0.8, \"thicknes_mm\": 1"), "a.json: unknown field layers[0].thicknes_mm" },
        { ONE("\"g\": \"high\""), "a.json: layers[0].g must be a number, not \"high\"" },
        { ONE("\"g\": 1, \"thickness_mm\": 1"),
          "a.json: layers[0].g must lie between -1 and 1 (neither reached), not 1" },
        { ONE("\"g\": 0, \"thickness_mm\": 0"),
          "a.json: layers[0].thickness_mm must be more than 0 mm, not 0" },
        { "{\"layers\": [{\"n\": 1.4, \"mua_per_mm\": -1, \"mus_per_mm\": 1, \"g\": 0}]}",
          "a.json: layers[0].mua_per_mm must be 0 to 1e+06 per mm, not -1" },
        { "{\"layers\": [{\"n\": 1.4, \"mua_per_mm\": 1, \"mus_per_mm\": 1, \"g\": 0}, "
          "{\"n\": 1.4, \"mua_per_mm\": 1, \"mus_per_mm\": 1, \"g\": 0}]}",
          "a.json: layers[0].thickness_mm may be null in the last layer only" },
    };
    for (size_t k = 0; k < sizeof faults / sizeof *faults; k++) {
        struct smp_stack stack = { .count = -3 };
        struct smp_err err = { 0 };
        ck_assert_int_ne(smp_stack_read(&stack, "a.json", faults[k][0], strlen(faults[k][0]), &err),
                         SMP_OK);
        ck_msg_has(err, faults[k][1]);
        ck_assert_int_eq(smp_exit_status(err.code), 2);
        ck_assert_int_eq(stack.count, -3);
    }
}
END_TEST

START_TEST(the_fuzz_corpus_is_taken_or_refused_without_a_crash)
{
    smp_replay("layers", 5);
}
END_TEST

SMP_TEST_MAIN("layers", layers_are_read_as_written, each_fault_has_its_sentence,
              the_fuzz_corpus_is_taken_or_refused_without_a_crash)
