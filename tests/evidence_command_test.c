// stubble evidence as a user runs it, and the page that it prints.
#include "program_json.h"

enum { ROOM = 1 << 19 };
static char said[ROOM];

static int run(const char *arguments)
{
    char command[800];
    snprintf(command, sizeof command, "\"%s/stubble\" evidence %s 2>/dev/null",
             getenv("STUBBLE_BUILD_ROOT"), arguments);
    return said_by(command, said, ROOM);
}

START_TEST(the_json_holds_every_figure_with_its_origin)
{
    json_t *root = json_of("evidence");
    const json_t *list = json_object_get(root, "evidence");
    ck_assert_uint_gt(json_array_size(list), 200);
    size_t i;
    const json_t *row;
    json_array_foreach(list, i, row)
    {
        static const char *const texts[] = { "topic",      "id",     "what",  "unit",
                                             "population", "source", "grade", "date" };
        for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
            ck_assert_msg(json_string_length(json_object_get(row, texts[t])) > 0, "%zu %s", i,
                          texts[t]);
        const char *kind =
            json_string_value(json_object_get(json_object_get(row, "spread"), "kind"));
        ck_assert_ptr_nonnull(kind);
        ck_assert(json_is_true(json_object_get(row, "verified")) ||
                  (json_is_true(json_object_get(row, "weak")) && strcmp(kind, "range") == 0));
        ck_assert_uint_eq(json_array_size(json_object_get(row, "band95")), 2);
    }
    json_decref(root);
}
END_TEST

START_TEST(the_text_marks_what_is_weak)
{
    ck_assert_int_eq(run("--topic loss"), 0);
    ck_assert_ptr_nonnull(strstr(said, "!        110  55 to 165 "));
    ck_assert_ptr_nonnull(strstr(said, "       492.4  sd 31 "));
    ck_assert_ptr_nonnull(strstr(said, "not medical advice"));
    ck_assert_ptr_nonnull(strstr(said, "Kaufman 2008"));
    ck_assert_ptr_null(strstr(said, "ISHRS"));
}
END_TEST

START_TEST(the_page_is_what_the_program_prints)
{
    page_is_printed("evidence.md", "evidence --markdown");
}
END_TEST

START_TEST(wrong_calls_are_one_sentence_and_exit_2)
{
    refuse("evidence --topic hats", 2, "--topic must be one of loss, transplant, medication");
    refuse("evidence --json --markdown", 2, "--json and --markdown cannot be had at once");
    refuse("evidence extra", 2, "stubble: ");
    refuse("evidence --data none/such", 2,
           "none/such: the folder of your own numbers is not there");
    char folder[160], command[700];
    scratch(folder, "evidence");
    snprintf(command, sizeof command,
             "mkdir -p '%s/evidence' && sed 's/\"value\": 480,/\"value\": -480,/' "
             "data/evidence/costs.json > '%s/evidence/costs.json'",
             folder, folder);
    ck_assert_int_eq(system(command), 0);
    snprintf(command, sizeof command, "evidence --data '%s'", folder);
    refuse(command, 2, "evidence/costs.json: evidence[9].value must be 0 to 1e+09, not -480");
}
END_TEST

SMP_TEST_MAIN("evidence command", the_json_holds_every_figure_with_its_origin,
              the_text_marks_what_is_weak, the_page_is_what_the_program_prints,
              wrong_calls_are_one_sentence_and_exit_2)
