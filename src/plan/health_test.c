// Fields health and wishes of the case: what they give, what the rest of the case tells of the
// same, and the one sentence for every way they can be wrong.
#include "harness.h"
#include "plan/plan.h"

#include <math.h>

static struct smp_arena arena;
static struct smp_case from;

static enum smp_code parse(const char *fields, struct smp_err *err)
{
    const char *text = smp_format(&arena, "{\"stubble\": 1%s%s}", *fields ? ", " : "", fields);
    const struct smp_case_source source = { "case.json",
                                            "",
                                            { (const uint8_t *)text, strlen(text) } };
    return smp_case_parse(&from, &source, NULL, &arena, err);
}

static void take(const char *fields)
{
    struct smp_err err = { 0 };
    ck_assert_msg(!parse(fields, &err), "%s", err.msg);
}

static void refuse(const char *fields, const char *sentence)
{
    struct smp_err err = { 0 };
    ck_assert_int_eq(parse(fields, &err), SMP_E_INPUT);
    ck_msg_has(err, sentence);
}

static double value(const char *field)
{
    const size_t fact = smp_fact_find(field);
    ck_assert_msg(fact < smp_fact_count, "%s", field);
    return from.answers[fact].given ? from.answers[fact].value : -1;
}

START_TEST(every_kind_of_answer_is_read)
{
    smp_arena_make(&arena, 0);
    take("\"health\": {\"heart\": false, \"vitiligo\": true, \"isotretinoin\": true, "
         "\"chemotherapy\": 7.5, \"retinoid_cream\": false, \"laser\": false, \"transplant\": 14, "
         "\"diabetes\": \"controlled\", \"scar_months\": 9, \"sarcoid\": null}, "
         "\"wishes\": {\"hair\": \"long\", \"hairline_mm\": 61}");
    ck_assert_double_eq(value("health.heart"), 0);
    ck_assert_double_eq(value("health.vitiligo"), 1);
    ck_assert_double_eq(value("health.isotretinoin"), 0);
    ck_assert_double_eq(value("health.chemotherapy"), 7.5);
    ck_assert(isinf(value("health.retinoid_cream")) && isinf(value("health.laser")));
    ck_assert_double_eq(value("health.transplant"), 14);
    ck_assert_double_eq(value("health.diabetes"), 1);
    ck_assert_double_eq(value("health.scar_months"), 9);
    ck_assert_double_eq(value("wishes.hair"), 2);
    ck_assert_double_eq(value("wishes.hairline_mm"), 61);
    ck_assert_double_eq(value("health.sarcoid"), -1); // null is not an answer
    ck_assert_double_eq(value("health.liver"), -1);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(what_the_case_tells_elsewhere_need_not_be_told_twice)
{
    smp_arena_make(&arena, 0);
    take("");
    for (size_t i = 0; i < smp_fact_count; i++)
        ck_assert_msg(!from.answers[i].given, "%s", smp_facts[i].field);
    take("\"client\": {\"age\": 41, \"sex\": \"male\", \"phototype\": 6}, "
         "\"loss\": {\"norwood\": \"4\"}, \"design\": {\"hairline\": {\"glabella_mm\": 70}}");
    ck_assert_double_eq(value("client.age"), 41);
    ck_assert_double_eq(value("client.sex"), 0);
    ck_assert_double_eq(value("client.phototype"), 6);
    ck_assert_double_eq(value("health.pregnant"), 0); // not asked of a man
    ck_assert_double_eq(value("health.nursing"), 0);
    ck_assert_double_eq(value("health.loss_type"), 1); // pattern
    ck_assert_double_eq(value("health.bare_skin"), 1);
    ck_assert_double_eq(value("wishes.hairline_mm"), 70);
    take("\"client\": {\"sex\": \"female\"}, \"loss\": {\"ludwig\": \"2\"}");
    ck_assert_double_eq(value("health.pregnant"), -1);
    ck_assert_double_eq(value("health.bare_skin"), 0);
    ck_assert_double_eq(value("wishes.hairline_mm"), -1); // the default is nobody's wish
    take("\"person\": {\"length_mm\": 3}");
    ck_assert_double_eq(value("wishes.hair"), 0); // shaved
    take("\"person\": {\"length_mm\": 40}");
    ck_assert_double_eq(value("wishes.hair"), 2); // long
    take("\"person\": {\"length_mm\": 40}, \"wishes\": {\"hair\": \"density\"}");
    ck_assert_double_eq(value("wishes.hair"), 1);
    take("\"loss\": {\"norwood\": \"3\"}");
    ck_assert_double_eq(value("health.bare_skin"), 1);
    take("\"loss\": {\"norwood\": \"2a\"}");
    ck_assert_double_eq(value("health.bare_skin"), 0);
    take("\"loss\": {\"ludwig\": \"3\"}");
    ck_assert_double_eq(value("health.bare_skin"), 1);
    take("\"loss\": {\"totalis\": true}");
    ck_assert_double_eq(value("health.loss_type"), 4);
    ck_assert_double_eq(value("health.bare_skin"), 1);
    take("\"loss\": {\"norwood\": \"1\"}"); // no loss: its kind is open
    ck_assert_double_eq(value("health.loss_type"), -1);
    // What is told in health counts.
    take("\"client\": {\"sex\": \"male\"}, \"loss\": {\"norwood\": \"3\"}, "
         "\"health\": {\"loss_type\": \"scarring\", \"bare_skin\": false, \"pregnant\": true}");
    ck_assert_double_eq(value("health.loss_type"), 2);
    ck_assert_double_eq(value("health.bare_skin"), 0);
    ck_assert_double_eq(value("health.pregnant"), 1);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(every_wrong_answer_is_one_sentence)
{
    smp_arena_make(&arena, 0);
    refuse("\"health\": []", "case.json: health must be an object, not an array");
    refuse("\"health\": {\"hats\": true}", "case.json: unknown field health.hats (known: ");
    refuse("\"wishes\": {\"hats\": true}", "case.json: unknown field wishes.hats (known: hair, "
                                           "clips_often, hairline_mm, growth, undoable, distress)");
    refuse("\"health\": {\"heart\": 1}", "health.heart must be true or false, not 1");
    refuse("\"health\": {\"diabetes\": \"yes\"}",
           "health.diabetes must be one of no, controlled, uncontrolled, not \"yes\"");
    refuse("\"health\": {\"scar_months\": -1}",
           "health.scar_months must be 0 to 1200 months, not -1");
    refuse("\"health\": {\"isotretinoin\": \"no\"}",
           "health.isotretinoin must be false (never), true (now) or the months since it ended, "
           "not a text");
    refuse("\"health\": {\"isotretinoin\": []}",
           "the months since it ended, not an object or an array");
    refuse("\"health\": {\"isotretinoin\": -2}",
           "health.isotretinoin must be 0 to 1200 months, not -2");
    refuse("\"health\": {\"laser\": true}",
           "health.laser must be false (never) or the months since, not true");
    refuse("\"health\": {\"laser\": 2000}", "health.laser must be 0 to 1200 months, not 2000");
    refuse("\"wishes\": {\"hairline_mm\": 10}", "wishes.hairline_mm must be 20 to 150 mm, not 10");
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(answers_that_contradict_one_another_are_refused)
{
    smp_arena_make(&arena, 0);
    refuse("\"loss\": {\"norwood\": \"7\"}, \"health\": {\"loss_type\": \"none\"}",
           "case.json: health.loss_type is none, and loss says 7: both cannot be");
    refuse("\"loss\": {\"totalis\": true}, \"health\": {\"bare_skin\": false}",
           "case.json: health.bare_skin is false, and loss says totalis: both cannot be");
    refuse("\"health\": {\"scar\": \"none\", \"scar_months\": 12}",
           "case.json: health.scar_months must not be given where health.scar is none");
    refuse("\"health\": {\"scar\": \"none\", \"scar_flat\": true}",
           "case.json: health.scar_flat must not be given where health.scar is none");
    take("\"loss\": {\"norwood\": \"1\"}, \"health\": {\"loss_type\": \"none\"}");
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(only_the_screening_takes_a_client_under_18)
{
    char path[200];
    struct smp_err err = { 0 };
    smp_arena_make(&arena, 0);
    snprintf(path, sizeof path, "%s/young.json", smp_test_folder());
    const char text[] = "{\"stubble\": 1, \"client\": {\"age\": 12}}";
    ck_assert_int_eq(smp_file_write(path, text, sizeof text - 1, NULL), SMP_OK);
    ck_assert_int_eq(smp_case_read(&from, path, &arena, &err), SMP_E_INPUT);
    ck_msg_has(err, "client.age must be 18 to 110 years, not 12");
    ck_assert_int_eq(smp_case_read_screening(&from, NULL, path, &arena, NULL), SMP_OK);
    ck_assert_double_eq(value("client.age"), 12);
    const char old[] = "{\"stubble\": 1, \"client\": {\"age\": 130}}";
    ck_assert_int_eq(smp_file_write(path, old, sizeof old - 1, NULL), SMP_OK);
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_case_read_screening(&from, NULL, path, &arena, &err), SMP_E_INPUT);
    ck_msg_has(err, "client.age must be 0 to 110 years, not 130");
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("case health", every_kind_of_answer_is_read,
              what_the_case_tells_elsewhere_need_not_be_told_twice,
              every_wrong_answer_is_one_sentence, answers_that_contradict_one_another_are_refused,
              only_the_screening_takes_a_client_under_18)
