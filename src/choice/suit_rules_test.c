// The file of rules: what is built in, the user's own, and the one sentence for every way that it
// can be wrong.
#include "choice/choice.h"
#include "harness.h"

#include <sys/stat.h>

// A file of the fuzz corpus must be refused with this sentence.
static void refused(const char *name, const char *sentence)
{
    struct smp_arena arena;
    struct smp_err err = { 0 };
    struct smp_rules rules = { 0 };
    struct smp_bytes text;
    char path[200];
    smp_arena_make(&arena, 0);
    snprintf(path, sizeof path, "tests/corpus/rules/%s", name);
    ck_assert_int_eq(smp_file_read(&text, path, 1 << 20, &arena, NULL), SMP_OK);
    ck_assert_msg(smp_rules_read(&rules, "suitability.json", (const char *)text.data, text.length,
                                 &arena, &err) != SMP_OK,
                  "%s is taken", name);
    ck_msg_has(err, sentence);
    ck_assert_ptr_null(rules.rules);
    smp_arena_drop(&arena);
}

START_TEST(every_fault_of_a_rules_file_is_one_sentence)
{
    refused("not-json.txt", "suitability.json is not valid JSON");
    refused("unknown-top.json", "suitability.json: unknown field rule (known: about, rules)");
    refused("no-rules.json", "suitability.json has no rules");
    refused("empty-list.json", "rules must hold 1 to 500 items, not 0");
    refused("unknown-field.json", "unknown field rules[0].wait (known: id, when, result");
    refused("bad-id.json", "rules[0].id must be of small letters, digits, dots and hyphens");
    refused("no-when.json", "rules[0] has no when");
    refused("empty-when.json", "rules[0].when must hold 1 to 4 items, not 0");
    refused("five-conditions.json", "rules[0].when must hold 1 to 4 items, not 5");
    refused("no-fact.json", "rules[0].when[0] has no fact");
    refused("unknown-fact.json", "rules[0].when[0].fact must be one that docs/suitability.md "
                                 "lists, not \"health.hats\"");
    refused("flag-number.json", "unknown field rules[0].when[0].below (known: fact, is)");
    refused("flag-word.json", "rules[0].when[0].is must be true or false, not \"yes\"");
    refused("word-unknown.json", "rules[0].when[0].is[1] must be one of shaved, density, long");
    refused("no-is.json", "rules[0].when[0] has no is");
    refused("no-span.json", "rules[0].when[0] must have at_least or below: client.age is a number");
    refused("span-backwards.json",
            "rules[0].when[0] must have at_least below below, not 40 and 30");
    refused("span-range.json", "rules[0].when[0].below must be 0 to 110 years, not 300");
    refused("endless.json", "rules[0] has no end, however many months health.laser is: it must "
                            "have below");
    refused("short-wait.json", "rules[0].wait_months must be 3 or more, the months that "
                               "health.laser must be below");
    refused("wait-of-no.json", "rules[0].wait_months belongs to the results later and ask a "
                               "doctor first only");
    refused("wait-range.json", "rules[0].wait_months must be 0.1 to 120 months, not 0");
    refused("bad-result.json", "rules[0].result must be one of suitable, later, ask a doctor "
                               "first, not this");
    refused("not-known.json", "rules[0].result must be one of suitable, later");
    refused("no-why.json", "rules[0] has no why");
    refused("long-why.json", "rules[0].why must be a text of 1 to 400 bytes without control");
    refused("control-why.json", "rules[0].why must be a text of 1 to 400 bytes without control");
    refused("bad-grade.json", "rules[0].grade must be A, B, C, D or U, not \"E\"");
    refused("twice.json", "rules[1].id \"a\" is there twice");
}
END_TEST

// Rules of one's own: a copy of the built-in file put through sed.
static enum smp_code own(struct smp_rules *rules, const char *change, struct smp_arena *arena,
                         struct smp_err *err)
{
    char folder[160], command[600];
    snprintf(folder, sizeof folder, "%.150s/own", smp_test_folder());
    mkdir(folder, 0700);
    snprintf(command, sizeof command, "sed '%s' data/suitability.json > '%s/suitability.json'",
             change, folder);
    ck_assert_int_eq(system(command), 0);
    return smp_rules_load(rules, folder, arena, err);
}

START_TEST(rules_of_ones_own_may_change_a_rule_but_not_drop_it)
{
    struct smp_arena arena;
    struct smp_err err = { 0 };
    struct smp_rules rules = { 0 };
    smp_arena_make(&arena, 0);
    ck_assert_msg(!own(&rules, "s/\"wait_months\": 3/\"wait_months\": 4/", &arena, &err), "%s",
                  err.msg);
    size_t changed = 0;
    for (size_t i = 0; i < rules.count; i++)
        changed += strcmp(rules.rules[i].id, "laser") == 0 && rules.rules[i].wait_months == 4;
    ck_assert_uint_eq(changed, 1);
    ck_assert_int_eq(own(&rules, "s/\"keloid.own\"/\"keloid.mine\"/", &arena, &err), SMP_E_INPUT);
    ck_msg_has(err, "own/suitability.json: the rule keloid.own is missing");
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_rules_load(&rules, "none/such", &arena, &err), SMP_E_FILE);
    ck_msg_has(err, "none/such: the folder of your own numbers is not there");
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("suitability rules", every_fault_of_a_rules_file_is_one_sentence,
              rules_of_ones_own_may_change_a_rule_but_not_drop_it)
