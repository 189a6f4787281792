// stubble suit as a user runs it.
#include "program.h"

#include <jansson.h>

enum { ROOM = 1 << 16 };
static char said[ROOM], path[200];

static void write_case(const char *text)
{
    snprintf(path, sizeof path, "%s/case.json", smp_test_folder());
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

static void suit(const char *text, const char *options)
{
    char command[800];
    write_case(text);
    snprintf(command, sizeof command, "\"%s/stubble\" suit '%s' %s 2>/dev/null",
             getenv("STUBBLE_BUILD_ROOT"), path, options);
    ck_assert_int_eq(said_by(command, said, ROOM), 0);
}

START_TEST(a_layman_reads_the_result_first_then_why)
{
    suit("{\"stubble\": 1, \"client\": {\"age\": 30, \"phototype\": 6}, "
         "\"health\": {\"transplant\": 2}}",
         "--date 2027-10-31");
    ck_assert_int_eq(strncmp(said, "later, from 2028-02-29 at the earliest\nNot now: ", 48), 0);
    ck_assert_ptr_nonnull(strstr(said, "\n- later, from 2028-02-29 at the earliest\n  After a "
                                       "transplant or surgery of the scalp, wait six months"));
    ck_assert_ptr_nonnull(strstr(said, "(rule transplant; grade C; scalpmethod.co)"));
    ck_assert_ptr_nonnull(strstr(said, "Not asked; an answer could change the result"));
    ck_assert_ptr_nonnull(strstr(said, "  health.keloid_own "));
    ck_assert_ptr_null(strstr(said, "  health.transplant "));
    ck_assert_ptr_nonnull(strstr(said, "never a diagnosis"));
    suit("{\"stubble\": 1}", "");
    ck_assert_int_eq(strncmp(said, "not known yet\n", 14), 0);
    suit("{\"stubble\": 1, \"client\": {\"age\": 16}}", "");
    ck_assert_int_eq(strncmp(said, "not this\n", 9), 0);
    suit("{\"stubble\": 1, \"health\": {\"heart\": true}}", "");
    ck_assert_int_eq(strncmp(said, "ask a doctor first\n", 19), 0);
}
END_TEST

START_TEST(the_json_is_one_object)
{
    suit("{\"stubble\": 1, \"health\": {\"keloid_own\": true}}", "--json --date 2027-10-31");
    json_t *root = json_loads(said, 0, NULL);
    ck_assert_str_eq(json_string_value(json_object_get(root, "result")), "not this");
    ck_assert_str_eq(json_string_value(json_object_get(root, "date")), "2027-10-31");
    ck_assert_uint_eq(json_array_size(json_object_get(root, "reasons")), 1);
    ck_assert_uint_gt(json_array_size(json_object_get(root, "not_asked")), 30);
    json_decref(root);
}
END_TEST

START_TEST(a_folder_of_ones_own_counts_for_rules_and_for_the_case)
{
    char command[900], folder[160];
    scratch(folder, "own");
    snprintf(command, sizeof command,
             "mkdir -p '%s' && sed 's/USD/XYZ/' data/prices.json > '%s/prices.json' && "
             "sed '/\"age.under-18\"/,/grade/s/Nobody under 18/No minor/' data/suitability.json > "
             "'%s/suitability.json'",
             folder, folder, folder);
    ck_assert_int_eq(system(command), 0);
    write_case("{\"stubble\": 1, \"currency\": \"XYZ\", \"client\": {\"age\": 3}}");
    snprintf(command, sizeof command, "suit '%s'", path);
    refuse(command, 2, "currency must be one of");
    snprintf(command, sizeof command, "\"%s/stubble\" suit '%s' --data '%s'",
             getenv("STUBBLE_BUILD_ROOT"), path, folder);
    ck_assert_int_eq(said_by(command, said, ROOM), 0);
    ck_assert_ptr_nonnull(strstr(said, "No minor should have this done."));
}
END_TEST

START_TEST(the_page_is_what_the_program_prints)
{
    page_is_printed("suitability.md", "suit --rules");
}
END_TEST

START_TEST(wrong_calls_are_one_sentence_and_exit_2)
{
    char command[700];
    write_case("{\"stubble\": 1, \"health\": {\"hart\": true}}");
    snprintf(command, sizeof command, "suit '%s'", path);
    refuse(command, 2, "case.json: unknown field health.hart");
    write_case("{\"stubble\": 1}");
    snprintf(command, sizeof command, "suit '%s' --date 2027-02-30", path);
    refuse(command, 2, "--date must be a day that there is, not 2027-02-30");
    snprintf(command, sizeof command, "suit '%s' --data none/such", path);
    refuse(command, 2, "none/such: the folder of your own numbers is not there");
    refuse("suit", 2, "suit needs CASE.json, or --rules");
    refuse("suit no-such.json", 2, "no-such.json");
}
END_TEST

SMP_TEST_MAIN("suit command", a_layman_reads_the_result_first_then_why, the_json_is_one_object,
              a_folder_of_ones_own_counts_for_rules_and_for_the_case,
              the_page_is_what_the_program_prints, wrong_calls_are_one_sentence_and_exit_2)
