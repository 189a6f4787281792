// The person's section of the case: what it gives, and the sentence for every way it can be wrong.
#include "harness.h"
#include "plan/plan.h"

#include <math.h>

static struct smp_arena arena;

static enum smp_code parse(struct smp_case *out, const char *text, struct smp_err *err)
{
    const struct smp_case_source source = { "case.json",
                                            "",
                                            { (const uint8_t *)text, strlen(text) } };
    return smp_case_parse(out, &source, NULL, &arena, err);
}

START_TEST(a_person_is_read_and_need_not_be_there)
{
    struct smp_case c;
    struct smp_err err = { 0 };
    smp_arena_make(&arena, 0);
    ck_assert_msg(!parse(&c, "{\"stubble\": 1}", &err), "%s", err.msg);
    ck_assert(isnan(c.person.onset_age) && isnan(c.person.donor_fu_per_cm2));
    ck_assert_int_eq(c.person.family, SMP_FAMILY_UNKNOWN);
    ck_assert_ptr_null(c.person.country);
    ck_assert_msg(!parse(&c,
                         "{\"stubble\": 1, \"client\": {\"age\": 44, \"sex\": \"female\"},"
                         "\"loss\": {\"ludwig\": \"2\"}, \"person\": {\"family\": \"one side\","
                         "\"years_of_loss\": 9, \"grey_percent\": 20, \"length_mm\": 250,"
                         "\"donor\": {\"fu_per_cm2\": 62, \"hairs_per_fu\": 1.9, \"calibre_um\": "
                         "58, \"area_cm2\": 150}, \"pregnancy_possible\": true, \"country\": "
                         "\"GB\", \"medication\": \"minoxidil\"}}",
                         &err),
                  "%s", err.msg);
    ck_assert_int_eq(c.person.family, SMP_FAMILY_ONE);
    ck_assert_double_eq(c.person.onset_age, 35);
    ck_assert_double_eq(c.person.grey_percent, 20);
    ck_assert_double_eq(c.person.length_mm, 250);
    ck_assert_double_eq(c.person.donor_fu_per_cm2, 62);
    ck_assert_double_eq(c.person.donor_hairs_per_fu, 1.9);
    ck_assert_double_eq(c.person.donor_calibre_um, 58);
    ck_assert_double_eq(c.person.donor_area_cm2, 150);
    ck_assert(c.person.pregnancy_given && c.person.pregnancy_possible);
    ck_assert_str_eq(c.person.country, "GB");
    ck_assert_str_eq(c.person.medication, "minoxidil");
    smp_arena_drop(&arena);
}
END_TEST

static const struct {
    const char *client, *loss, *person, *message;
} faults[] = {
    { "", "", "\"hat\": 1", "unknown field person.hat (known: family, onset_age, years_of_loss, " },
    { "", "", "\"family\": \"all\"", "person.family must be one of none, one side, both sides" },
    { "\"age\": 30", "", "\"onset_age\": 20, \"years_of_loss\": 10",
      "person must have one of onset_age and years_of_loss, not both" },
    { "", "", "\"onset_age\": 20", "person.onset_age needs client.age, which is not given" },
    { "\"age\": 30", "", "\"onset_age\": 31",
      "person.onset_age must go with client.age, 30, and is 31" },
    { "\"age\": 30", "", "\"years_of_loss\": 26",
      "person.years_of_loss must go with client.age, 30, and is 26" },
    { "\"age\": 30", "", "\"years_of_loss\": -1",
      "person.years_of_loss must be 0 to 100 years, not -1" },
    { "\"age\": 30", "\"norwood\": \"7\"", "\"years_of_loss\": 0",
      "person.years_of_loss says that no loss was seen before now, and loss is of class 7" },
    { "\"age\": 30", "\"ludwig\": \"2\"", "\"onset_age\": 30",
      "person.onset_age says that no loss was seen before now, and loss is of class ludwig 2" },
    { "", "", "\"grey_percent\": 101", "person.grey_percent must be 0 to 100 %, not 101" },
    { "", "", "\"length_mm\": -3", "person.length_mm must be 0 to 1000 mm, not -3" },
    { "", "", "\"donor\": {\"fu\": 1}", "unknown field person.donor.fu (known: fu_per_cm2, " },
    { "", "", "\"donor\": {\"fu_per_cm2\": 9}",
      "person.donor.fu_per_cm2 must be 10 to 150 per cm²" },
    { "", "", "\"donor\": {\"hairs_per_fu\": 5}", "person.donor.hairs_per_fu must be 1 to 4" },
    { "", "", "\"donor\": {\"calibre_um\": 5}", "person.donor.calibre_um must be 30 to 120 µm" },
    { "", "", "\"donor\": {\"area_cm2\": 500}", "person.donor.area_cm2 must be 0 to 300 cm²" },
    { "", "", "\"country\": \"gb\"", "person.country must be two capital letters (ISO 3166), not" },
    { "", "", "\"pregnancy_possible\": true",
      "person.pregnancy_possible must be false where client.sex is male" },
    { "", "", "\"medication\": \"tea\"", "person.medication must be one of none, minoxidil, " },
    { "\"age\": 12", "", "", "client.age must be 18 to 110 years, not 12" },
    { "\"age\": 130", "", "", "client.age must be 18 to 110 years, not 130" },
};

START_TEST(every_fault_of_a_person_is_one_sentence)
{
    smp_arena_make(&arena, 0);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct smp_case c;
        struct smp_err err = { 0 };
        const char *text = smp_format(
            &arena, "{\"stubble\": 1, \"client\": {%s}, \"loss\": {%s}, \"person\": {%s}}",
            faults[i].client, faults[i].loss, faults[i].person);
        ck_assert_msg(parse(&c, text, &err) == SMP_E_INPUT, "%s", text);
        ck_msg_has(err, faults[i].message);
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_woman_has_a_rounded_line_unless_told_otherwise)
{
    static const struct {
        const char *text;
        enum smp_style style;
        double recession_mm, glabella_mm;
    } cases[] = {
        { "\"client\": {\"sex\": \"female\"}", SMP_STYLE_ROUNDED, 4, 70 },
        { "\"client\": {\"sex\": \"female\"}, \"design\": {\"hairline\": {\"glabella_mm\": 66}}",
          SMP_STYLE_ROUNDED, 4, 66 },
        { "\"client\": {\"sex\": \"female\"}, \"design\": {\"hairline\": {\"style\": \"soft\"}}",
          SMP_STYLE_SOFT, 22, 82 },
        { "\"client\": {\"sex\": \"male\"}", SMP_STYLE_NATURAL, 20, 80 },
    };
    smp_arena_make(&arena, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct smp_case c;
        const char *text = smp_format(&arena, "{\"stubble\": 1, %s}", cases[i].text);
        ck_assert_int_eq(parse(&c, text, NULL), SMP_OK);
        ck_assert_int_eq(c.design.style, cases[i].style);
        ck_assert_double_eq(c.design.hairline.recession_mm, cases[i].recession_mm);
        ck_assert_double_eq(c.design.hairline.glabella_mm, cases[i].glabella_mm);
    }
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("case person", a_person_is_read_and_need_not_be_there,
              every_fault_of_a_person_is_one_sentence,
              a_woman_has_a_rounded_line_unless_told_otherwise)
