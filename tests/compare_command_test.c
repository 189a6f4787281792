// stubble compare as a user runs it: its numbers, and the sentence for every wrong call.
#include "program_json.h"

static char folder[160];

static const char *case_of(const char *name, const char *text)
{
    static char path[300];
    char command[200];
    scratch(folder, "compare");
    snprintf(command, sizeof command, "mkdir -p '%s'", folder);
    ck_assert_int_eq(system(command), 0);
    snprintf(path, sizeof path, "%s/%s.json", folder, name);
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
    return path;
}

static void refuse_case(const char *text, const char *options, const char *sentence)
{
    char arguments[600];
    snprintf(arguments, sizeof arguments, "compare '%s' %s", case_of("case", text), options);
    refuse(arguments, 2, sentence);
}

START_TEST(the_json_holds_every_option_year_and_its_sources)
{
    const char *path = case_of("man", "{\"stubble\": 1, \"client\": {\"age\": 45}, \"loss\": "
                                      "{\"norwood\": \"3\"}, \"person\": {\"country\": \"GB\"}, "
                                      "\"currency\": \"GBP\"}");
    json_t *root =
        json_of("compare '%s' --years 2 --persons 100 --weights budget=2,surgery=1", path);
    ck_assert_str_eq(json_string_value(json_object_get(root, "currency")), "GBP");
    const json_t *outcomes = json_object_get(root, "outcomes"), *row, *harm;
    ck_assert_uint_eq(json_array_size(outcomes), 13);
    ck_assert_uint_eq(json_array_size(json_object_get(root, "order")), 13);
    ck_assert_double_eq(number_in(root, "weights", "budget"), 2);
    ck_assert_double_eq(number_in(root, "weights", "cover"), 0);
    size_t i, h;
    json_array_foreach(outcomes, i, row)
    {
        ck_assert(json_is_true(json_object_get(row, "possible")));
        const json_t *years = json_object_get(row, "years");
        ck_assert_uint_eq(json_array_size(years), 3);
        const json_t *last = json_array_get(years, 2);
        static const char *const bands[] = { "cover_share", "grey_share", "cost", "hours",
                                             "days_off" };
        for (size_t b = 0; b < 5; b++)
            ck_assert(json_is_number(json_object_get(json_object_get(last, bands[b]), "median")));
        ck_assert_uint_eq(json_object_size(json_object_get(last, "hairs_per_cm2")), 5);
        json_array_foreach(json_object_get(row, "harms"), h, harm)
            ck_assert_uint_gt(json_string_length(json_object_get(harm, "source")), 0);
    }
    ck_assert_uint_gt(json_array_size(json_object_get(root, "sensitivity")), 3);
    json_decref(root);
}
END_TEST

START_TEST(wrong_calls_are_one_sentence_and_exit_2)
{
    static const char man[] =
        "{\"stubble\": 1, \"client\": {\"age\": 38}, \"loss\": {\"norwood\": \"4\"}}";
    refuse_case(man, "--weights budget", "--weights must be NAME=NUMBER,…, not 'budget'");
    refuse_case(man, "--weights budget=0,time=0", "--weights must have one above 0");
    refuse_case(man, "--weights budget=1,budget=2", "--weights names 'budget' twice");
    refuse_case(man, "--weights ''", "--weights must be NAME=NUMBER,…, not ''");
    refuse_case(man, "--persons 99", "--persons must be ");
    refuse_case(man, "--seed -1", "--seed must be ");
    refuse_case(man, "--data none/such", "none/such");
    refuse_case("{\"stubble\": 1}", "",
                "case.json: client.age must be given, for loss and grey go by age");
    refuse_case("{\"stubble\": 1, \"client\": {\"age\": 12}}", "",
                "client.age must be 18 to 110 years, not 12");
    refuse_case("{\"stubble\": 1, \"client\": {\"age\": 130}}", "",
                "client.age must be 18 to 110 years, not 130");
    refuse_case("{\"stubble\": 1, \"client\": {\"age\": 40}, \"loss\": {\"norwood\": \"7\"}, "
                "\"person\": {\"years_of_loss\": 0}}",
                "",
                "person.years_of_loss says that no loss was seen before now, and loss is of "
                "class 7");
    refuse("compare", 2, "stubble: ");
    // a price below 0 in a file of one's own
    char command[900], options[300];
    scratch(folder, "compare-own");
    snprintf(command, sizeof command,
             "mkdir -p '%s/evidence' && sed 's/\"value\": 480,/\"value\": -480,/' "
             "data/evidence/costs.json > '%s/evidence/costs.json'",
             folder, folder);
    ck_assert_int_eq(system(command), 0);
    snprintf(options, sizeof options, "--data '%s'", folder);
    refuse_case(man, options,
                "evidence/costs.json: evidence[9].value must be 0 to 1e+09, not -480");
}
END_TEST

SMP_TEST_MAIN("compare command", the_json_holds_every_option_year_and_its_sources,
              wrong_calls_are_one_sentence_and_exit_2)
