#include "skin/skin.h"

#include "harness.h"
#include "replay.h"

START_TEST(ages_are_read_as_people_write_them)
{
    static const struct {
        const char *text;
        double years;
    } good[] = { { "fresh", 0 },
                 { "healed", SMP_HEALED_YEARS },
                 { "3y", 3 },
                 { "2.5y", 2.5 },
                 { "0y", 0 },
                 { "30y", 30 },
                 { "10d", 10 / 365.25 },
                 { "6w", SMP_HEALED_YEARS } };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        double years = -1;
        ck_assert_int_eq(smp_age_years(&years, good[i].text, "--age", NULL), SMP_OK);
        ck_assert_double_eq_tol(years, good[i].years, 1e-9);
    }
    static const char *const bad[] = {
        "",    "y", "3", "-1y", "31y", "3yy", "nan", "1e3y", "3 y", "0x3y", "99999999999999999999y",
        ".5y", "3."
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        double years = -1;
        struct smp_err err = { 0 };
        ck_assert_msg(smp_age_years(&years, bad[i], "--age", &err) == SMP_E_INPUT, "%s", bad[i]);
        ck_msg_has(err, "--age must be fresh, healed or an age up to 30y, as 10d, 6w or 3y, not");
        ck_assert_double_eq(years, -1);
    }
}
END_TEST

// The own file with one piece of text put in the place of another.
static void refused_with(const char *piece, const char *instead, const char *sentence)
{
    struct smp_arena arena;
    struct smp_bytes bytes;
    struct smp_err err = { 0 };
    struct smp_healing healing;
    smp_arena_make(&arena, 0);
    ck_assert(!smp_file_read(&bytes, "data/healing.json", 1 << 20, &arena, NULL));
    const char *text = smp_format(&arena, "%.*s", (int)bytes.length, (const char *)bytes.data);
    const char *at = strstr(text, piece);
    ck_assert_msg(at != NULL, "%s", piece);
    const char *changed =
        smp_format(&arena, "%.*s%s%s", (int)(at - text), text, instead, at + strlen(piece));
    const enum smp_code code =
        smp_healing_read(&healing, "h.json", changed, strlen(changed), &arena, &err);
    ck_assert_msg(code == SMP_E_INPUT || code == SMP_E_FORMAT, "%s", piece);
    ck_msg_has(err, sentence);
    ck_msg_has(err, "h.json");
    smp_arena_drop(&arena);
}

START_TEST(faults_in_the_constants_are_named)
{
    refused_with("\"healing.days\"", "\"healing.weeks\"", "unknown field healing.weeks");
    refused_with("\"healed.strength\": {\"value\": 0.6", "\"healed.strength\": {\"value\": 0.3",
                 "healed.strength must have min <= value <= max, not 0.4, 0.3 and 0.85");
    refused_with("\"healed.strength\": {\"value\": 0.6", "\"healed.strength\": {\"value\": 0",
                 "healed.strength.value must be 0.001 to 1, not 0");
    refused_with("\"healed.strength\": {\"value\": 0.6,", "\"healed.strength\": {",
                 "healed.strength has no value");
    refused_with("\"grade\": \"U\"", "\"grade\": \"Z\"",
                 "grade must be A, B, C, D or U, not \"Z\"");
    refused_with("\"healed.uptake\": {", "\"healed.uptake\": null, \"about\": {",
                 "h.json is not valid JSON");
    refused_with("\"unit\": \"days\"", "\"unit\": 3", "unit must be a text, not 3");
}
END_TEST

START_TEST(the_fuzz_corpus_is_taken_or_refused_without_a_crash)
{
    smp_replay("healing", 21);
}
END_TEST

SMP_TEST_MAIN("heal read", ages_are_read_as_people_write_them, faults_in_the_constants_are_named,
              the_fuzz_corpus_is_taken_or_refused_without_a_crash)
