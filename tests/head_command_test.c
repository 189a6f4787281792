// `stubble head` from outside: what it prints, exit codes, sentences.
#include "program_json.h"

// Writes the case (nothing for NULL) and runs `stubble head` on it; the exit status, and what it
// said on stdout or stderr.
static int run(char said[8192], const char *text, const char *options, const char *stream)
{
    char path[200], command[1200];
    snprintf(path, sizeof path, "%s/case.json", smp_test_folder());
    if (text) {
        FILE *file = fopen(path, "w");
        ck_assert_ptr_nonnull(file);
        fputs(text, file);
        fclose(file);
    }
    snprintf(command, sizeof command, "\"%s/stubble\" head '%s' %s %s",
             getenv("STUBBLE_BUILD_ROOT"), path, options, stream);
    const int status = said_by(command, said, 8192);
    remove(path);
    return status;
}

static const char *const out = "2>/dev/null", *const errors = "2>&1 >/dev/null";

START_TEST(json_holds_what_a_tape_would_read)
{
    char said[8192];
    ck_assert_int_eq(run(said,
                         "{\"stubble\": 1, \"head\": {\"measurements\": {\"length_mm\": 204, "
                         "\"breadth_mm\": 158, \"circumference_mm\": 588}}, "
                         "\"loss\": {\"norwood\": \"6\"}}",
                         "--json", out),
                     0);
    json_t *root = json_loads(said, 0, NULL);
    ck_assert_ptr_nonnull(root);
    ck_assert_double_eq_tol(number(root, "length_mm"), 204, 1);
    ck_assert_double_eq_tol(number(root, "breadth_mm"), 158, 1);
    ck_assert_double_eq_tol(number(root, "circumference_mm"), 588, 1);
    json_t *zones = json_object_get(root, "zones_cm2");
    double sum = 0;
    for (void *at = json_object_iter(zones); at; at = json_object_iter_next(zones, at))
        sum += json_number_value(json_object_iter_value(at));
    ck_assert_double_eq_tol(sum, number(root, "scalp_cm2"), 0.1);
    ck_assert_double_gt(number(root, "nasion_inion_mm"), 330);
    ck_assert_double_gt(number(root, "preauricular_mm"), 330);
    ck_assert_double_gt(number(root, "bald_cm2"), 190);
    ck_assert_str_eq(json_string_value(json_object_get(root, "loss")), "6");
    ck_assert_uint_eq(
        json_array_size(json_object_get(json_object_get(root, "landmarks_mm"), "vertex")), 3);
    json_decref(root);
}
END_TEST

START_TEST(text_is_for_people)
{
    char said[8192];
    ck_assert_int_eq(run(said, "{\"stubble\": 1, \"client\": {\"sex\": \"female\"}}", "", out), 0);
    ck_assert_ptr_nonnull(strstr(said, "mean head bent to the tape, female"));
    ck_assert_ptr_nonnull(strstr(said, "nasion to inion over the vertex"));
    ck_assert_ptr_nonnull(strstr(said, "note: the median circumference of women"));
}
END_TEST

START_TEST(what_cannot_be_is_one_sentence_and_exit_2)
{
    char said[8192];
    ck_assert_int_eq(run(said, NULL, "", errors), 2);
    ck_assert_int_eq(run(said, "{\"stubble\": 1}", "--jason", errors), 2);
    ck_assert_ptr_nonnull(strstr(said, "unknown option '--jason'"));
    ck_assert_int_eq(run(said, "{\"stubble\": 1}", "--threads 1.5", errors), 2);
    ck_assert_ptr_nonnull(strstr(said, "--threads must be a whole number"));
    ck_assert_int_eq(run(said,
                         "{\"stubble\": 1, \"head\": {\"measurements\": {\"length_mm\": 180, "
                         "\"breadth_mm\": 145, \"circumference_mm\": 600}}}",
                         "", errors),
                     2);
    ck_assert_ptr_nonnull(strstr(said, "a head 180 mm long and 145 mm broad has a circumference"));
    ck_assert_ptr_nonnull(strstr(said, "the nearest possible is"));
    ck_assert_int_eq(run(said, "", "", errors), 2);
    ck_assert_ptr_nonnull(strstr(said, "case.json is not valid JSON: it is empty"));
    ck_assert_int_eq(run(said,
                         "{\"stubble\": 1, \"head\": {\"scan\": \"none.glb\", \"unit\": \"mm\", "
                         "\"fiducials\": {\"nasion\": [0, 90, 0], \"lpa\": [-70, 0, 0], "
                         "\"rpa\": [70, 0, 0]}}}",
                         "", errors),
                     2);
    ck_assert_ptr_nonnull(strstr(said, "/case.json: head.scan names "));
    ck_assert_ptr_nonnull(strstr(said, "/none.glb, which is not there\n"));
}
END_TEST

START_TEST(a_command_that_is_none_is_one_sentence)
{
    char said[2048];
    refuse("hed case.json", 2, "stubble: unknown command 'hed' (stubble --help lists them)\n");
    ck_assert_int_eq(run_program(said, "-h"), 0);
    ck_assert_str_eq(said, "");
}
END_TEST

SMP_TEST_MAIN("head command", json_holds_what_a_tape_would_read, text_is_for_people,
              what_cannot_be_is_one_sentence_and_exit_2, a_command_that_is_none_is_one_sentence)
