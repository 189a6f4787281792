// The screening: every rule by a case that meets it and one that just does not, known answers, and
// what holds whatever the rules are.
#include "choice/choice.h"
#include "replay.h"

#include <jansson.h>
#include <math.h>

static struct smp_arena arena;
static struct smp_rules rules;
static struct smp_fact_value answers[128];
static struct smp_suitability made;

// "field=value …": a word, true, false, never, ? (not given) or a number.
static void set(const char *text)
{
    for (const char *at = text; *at; at += *at == ' ') {
        char field[80] = "", value[40] = "";
        const size_t name = strcspn(at, "="), length = strcspn(at + name + 1, " ");
        snprintf(field, sizeof field, "%.*s", (int)name, at);
        snprintf(value, sizeof value, "%.*s", (int)length, at + name + 1);
        at += name + 1 + length;
        const size_t fact = smp_fact_find(field);
        ck_assert_msg(fact < smp_fact_count, "%s", field);
        struct smp_fact_value *answer = &answers[fact];
        *answer = (struct smp_fact_value){ strcmp(value, "?") != 0, strtod(value, NULL) };
        if (strcmp(value, "never") == 0)
            answer->value = (double)INFINITY;
        if (strcmp(value, "true") == 0)
            answer->value = 1;
        for (int w = 0; smp_facts[fact].words && smp_facts[fact].words[w]; w++) {
            if (strcmp(smp_facts[fact].words[w], value) == 0)
                answer->value = w;
        }
    }
}

// A healthy man of 35 with pattern loss who wants the shaved look: every question answered.
static void healthy(void)
{
    ck_assert_uint_le(smp_fact_count, sizeof answers / sizeof *answers);
    for (size_t i = 0; i < smp_fact_count; i++) {
        const bool months =
            smp_facts[i].kind == SMP_FACT_SPELL || smp_facts[i].kind == SMP_FACT_EVENT;
        answers[i] = (struct smp_fact_value){ true, months ? (double)INFINITY : 0 };
    }
    set("client.age=35 client.sex=male client.phototype=3 health.loss_type=pattern "
        "health.bare_skin=true health.scar_months=? health.scar_flat=? health.patch_test=clear "
        "wishes.hair=shaved wishes.clips_often=true wishes.hairline_mm=80");
}

static void screen(void)
{
    struct smp_err err = { 0 };
    const struct smp_case from = { .answers = answers };
    ck_assert_msg(!smp_suit(&made, &rules, &from, &arena, &err), "%s", err.msg);
}

static const struct smp_reason *reason(const char *id)
{
    for (size_t i = 0; i < made.reason_count; i++) {
        if (strcmp(made.reasons[i].rule->id, id) == 0)
            return &made.reasons[i];
    }
    return NULL;
}

static void begin(void)
{
    struct smp_err err = { 0 };
    smp_arena_make(&arena, 0);
    ck_assert_msg(!smp_rules_load(&rules, NULL, &arena, &err), "%s", err.msg);
    healthy();
}

static void is(enum smp_suit result)
{
    screen();
    ck_assert_msg(made.result == result, "%s, not %s", smp_suit_names[made.result],
                  smp_suit_names[result]);
}

// ---- Every rule ---------------------------------------------------------------------------------

#define YESNO(id, field)                                                                           \
    {                                                                                              \
        id, field "=true", field "=false"                                                          \
    }
static const struct {
    const char *id, *fires, *misses;
} rows[] = {
    { "age.under-18", "client.age=17.9", "client.age=18" },
    { "loss.unknown", "health.loss_type=unknown", "health.loss_type=pattern" },
    { "areata.active", "health.loss_type=areata health.loss_active=5.9",
      "health.loss_type=areata health.loss_active=6" },
    { "areata.quiet", "health.loss_type=areata health.loss_active=6",
      "health.loss_type=areata health.loss_active=12" },
    { "areata.stable", "health.loss_type=areata health.loss_active=12",
      "health.loss_type=areata health.loss_active=11.9" },
    { "totalis.recent", "health.loss_type=totalis health.loss_active=11.9",
      "health.loss_type=totalis health.loss_active=12" },
    { "totalis.stable", "health.loss_type=totalis health.loss_active=never",
      "health.loss_type=totalis health.loss_active=11.9" },
    { "scarring.active", "health.loss_type=scarring health.loss_active=0",
      "health.loss_type=scarring health.loss_active=12" },
    { "scarring.quiet", "health.loss_type=scarring health.loss_active=12",
      "health.loss_type=scarring health.loss_active=11.9" },
    { "diffuse.active", "health.loss_type=diffuse health.loss_active=5.9",
      "health.loss_type=diffuse health.loss_active=6" },
    { "pulled.active", "health.loss_type=pulled health.loss_active=0",
      "health.loss_type=pulled health.loss_active=6" },
    { "scar.young", "health.scar=strip health.scar_months=8.9 health.scar_flat=true",
      "health.scar=strip health.scar_months=9 health.scar_flat=true" },
    { "scar.raised", "health.scar=dots health.scar_months=60 health.scar_flat=false",
      "health.scar=dots health.scar_months=60 health.scar_flat=true" },
    { "scar.ready", "health.scar=other health.scar_months=9 health.scar_flat=true",
      "health.scar=other health.scar_months=9 health.scar_flat=false" },
    YESNO("keloid.own", "health.keloid_own"),
    { "keloid.family.dark", "health.keloid_family=true client.phototype=4",
      "health.keloid_family=true client.phototype=3" },
    { "keloid.family.light", "health.keloid_family=true client.phototype=3",
      "health.keloid_family=true client.phototype=4" },
    { "psoriasis.scalp", "health.psoriasis=scalp", "health.psoriasis=elsewhere" },
    { "psoriasis.elsewhere", "health.psoriasis=elsewhere", "health.psoriasis=no" },
    YESNO("dermatitis", "health.dermatitis"),
    YESNO("vitiligo", "health.vitiligo"),
    YESNO("infection", "health.infection"),
    YESNO("mole.changing", "health.mole_changing"),
    YESNO("mole.present", "health.moles"),
    YESNO("skin-cancer", "health.skin_cancer"),
    YESNO("sunburn", "health.sunburn"),
    YESNO("wound", "health.wound"),
    YESNO("anticoagulant", "health.anticoagulant"),
    YESNO("painkillers", "health.painkillers"),
    { "isotretinoin", "health.isotretinoin=5.9", "health.isotretinoin=6" },
    { "retinoid-cream", "health.retinoid_cream=0", "health.retinoid_cream=1" },
    YESNO("steroids", "health.steroids"),
    { "chemotherapy", "health.chemotherapy=11.9", "health.chemotherapy=12" },
    YESNO("pregnant", "health.pregnant"),
    YESNO("nursing", "health.nursing"),
    { "diabetes.controlled", "health.diabetes=controlled", "health.diabetes=no" },
    { "diabetes.uncontrolled", "health.diabetes=uncontrolled", "health.diabetes=controlled" },
    YESNO("bleeding", "health.bleeding"),
    YESNO("heart", "health.heart"),
    YESNO("blood-pressure", "health.blood_pressure"),
    YESNO("epilepsy", "health.epilepsy"),
    YESNO("liver", "health.liver"),
    YESNO("autoimmune", "health.autoimmune"),
    YESNO("weak-immunity", "health.weak_immunity"),
    YESNO("hiv-hepatitis", "health.hiv_hepatitis"),
    YESNO("sarcoid", "health.sarcoid"),
    YESNO("allergy.pigment", "health.allergy_pigment"),
    YESNO("allergy.anaesthetic", "health.allergy_anaesthetic"),
    { "patch.reaction", "health.patch_test=reaction", "health.patch_test=clear" },
    { "patch.none", "health.patch_test=none", "health.patch_test=clear" },
    { "work.smp", "health.earlier_work=smp", "health.earlier_work=none" },
    { "work.tattoo", "health.earlier_work=tattoo", "health.earlier_work=smp" },
    { "laser", "health.laser=2.9", "health.laser=3" },
    { "transplant", "health.transplant=5.9", "health.transplant=6" },
    { "filler", "health.filler=0.9", "health.filler=1" },
    { "hair.long", "wishes.hair=long", "wishes.hair=long health.bare_skin=false" },
    { "hair.density.bare", "wishes.hair=density", "wishes.hair=density health.bare_skin=false" },
    { "hair.density.thin", "wishes.hair=density health.bare_skin=false",
      "wishes.hair=shaved health.bare_skin=false" },
    { "hair.long.thin", "wishes.hair=long health.bare_skin=false", "wishes.hair=long" },
    { "hair.clip", "wishes.clips_often=false", "wishes.clips_often=false wishes.hair=long" },
    { "hairline.low.man", "wishes.hairline_mm=64.9", "wishes.hairline_mm=65" },
    { "hairline.low.woman", "client.sex=female wishes.hairline_mm=46.9",
      "client.sex=female wishes.hairline_mm=47" },
    { "hairline.young", "client.age=24.9 wishes.hairline_mm=79.9",
      "client.age=25 wishes.hairline_mm=79.9" },
    { "hairline.older", "client.age=40 wishes.hairline_mm=69.9",
      "client.age=39.9 wishes.hairline_mm=69.9" },
    { "hairline.mature", "client.age=40 wishes.hairline_mm=84.9",
      "client.age=40 wishes.hairline_mm=85" },
    YESNO("growth", "wishes.growth"),
    YESNO("undoable", "wishes.undoable"),
    YESNO("distress", "wishes.distress"),
};
enum { ROWS = sizeof rows / sizeof *rows };

START_TEST(every_rule_is_met_by_one_case_and_missed_by_its_neighbour)
{
    begin();
    ck_assert_uint_eq(rules.count, ROWS);
    for (size_t i = 0; i < ROWS; i++) {
        ck_assert_msg(strcmp(rules.rules[i].id, rows[i].id) == 0, "%s", rules.rules[i].id);
        healthy();
        set(rows[i].fires);
        screen();
        ck_assert_msg(reason(rows[i].id) != NULL, "%s does not fire", rows[i].id);
        ck_assert_msg(made.result >= rules.rules[i].result, "%s", rows[i].id);
        ck_assert_msg(made.not_asked_count == 0, "%s", rows[i].id);
        healthy();
        set(rows[i].misses);
        screen();
        ck_assert_msg(reason(rows[i].id) == NULL, "%s fires on its near miss", rows[i].id);
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(the_text_of_every_rule_is_plain_and_has_an_origin)
{
    begin();
    for (size_t i = 0; i < rules.count; i++) {
        const struct smp_rule *rule = &rules.rules[i];
        size_t words = 0, letters = 0;
        for (const char *c = rule->why; *c; c++) {
            words += *c == ' ' || !c[1];
            letters += *c != ' ';
        }
        // About grade 8: short words; none speaks of a diagnosis.
        ck_assert_msg((double)letters / (double)words < 5.8, "%s: %zu letters in %zu words",
                      rule->id, letters, words);
        ck_assert_msg(!strstr(rule->why, "diagnos") && !strstr(rule->why, "suffer"), "%s",
                      rule->id);
        ck_assert_msg(*rule->source, "%s", rule->id);
        // Whoever must wait is told for how long, or until what.
        ck_assert_msg(rule->result != SMP_SUIT_LATER || !isnan(rule->wait_months) ||
                          smp_facts[rule->when[0].fact].kind == SMP_FACT_FLAG,
                      "%s", rule->id);
    }
    smp_arena_drop(&arena);
}
END_TEST

// ---- Known answers ------------------------------------------------------------------------------

START_TEST(a_healthy_client_is_suitable_and_all_was_asked)
{
    begin();
    is(SMP_SUIT_YES);
    ck_assert_uint_eq(made.reason_count, 0);
    ck_assert_uint_eq(made.not_asked_count, 0);
    ck_assert(isnan(made.from_months) && !made.from_open);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(known_cases_have_their_known_answers)
{
    begin();
    set("health.loss_type=areata health.loss_active=0"); // active: later, from six months on
    is(SMP_SUIT_LATER);
    ck_assert_double_eq(made.from_months, 6);
    ck_assert(made.from_open);
    healthy();
    set("health.keloid_own=true");
    is(SMP_SUIT_NO);
    healthy();
    set("health.keloid_family=true client.phototype=6");
    is(SMP_SUIT_DOCTOR);
    set("client.phototype=1");
    is(SMP_SUIT_YES);
    ck_assert_ptr_nonnull(reason("keloid.family.light"));
    healthy(); // a strip scar alone, on a head with no loss
    set("health.loss_type=none health.bare_skin=false health.scar=strip health.scar_months=14 "
        "health.scar_flat=true wishes.hair=long wishes.clips_often=?");
    is(SMP_SUIT_YES);
    ck_assert_ptr_nonnull(reason("scar.ready"));
    set("health.scar_months=3");
    is(SMP_SUIT_LATER);
    ck_assert_double_eq(made.from_months, 6);
    ck_assert(!made.from_open);
    healthy();
    set("wishes.hair=long"); // on bare skin: SMP alone cannot
    is(SMP_SUIT_NO);
    ck_assert_ptr_nonnull(strstr(made.reasons[0].rule->why, "SMP alone"));
    healthy();
    set("client.age=16");
    is(SMP_SUIT_NO);
    healthy();
    set("client.sex=female health.pregnant=true wishes.hairline_mm=65");
    is(SMP_SUIT_LATER);
    ck_assert(isnan(made.from_months) && made.from_open);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(the_gravest_reason_decides_and_comes_first)
{
    begin();
    set("health.sunburn=true health.transplant=2 health.moles=true health.heart=true");
    is(SMP_SUIT_DOCTOR);
    ck_assert_uint_eq(made.reason_count, 4);
    for (size_t i = 1; i < made.reason_count; i++)
        ck_assert(made.reasons[i - 1].rule->result >= made.reasons[i].rule->result);
    ck_assert_double_eq(made.from_months, 4); // the longest of the waits: 1 and 6 - 2
    ck_assert(made.from_open);                // the burn is not over yet
    set("health.skin_cancer=true");
    is(SMP_SUIT_NO);
    ck_assert_str_eq(made.reasons[0].rule->id, "skin-cancer");
    smp_arena_drop(&arena);
}
END_TEST

// ---- What was not asked -------------------------------------------------------------------------

START_TEST(nothing_asked_is_nothing_known)
{
    begin();
    memset(answers, 0, sizeof answers);
    is(SMP_SUIT_OPEN);
    ck_assert_uint_eq(made.reason_count, 0);
    const size_t asked = made.not_asked_count;
    ck_assert_uint_gt(asked, 40);
    for (size_t i = 0; i < asked; i++) {
        for (size_t k = 0; k < i; k++)
            ck_assert_uint_ne(made.not_asked[i], made.not_asked[k]);
    }
    const struct smp_case bare = { .age = 40 }; // a case that was never read
    ck_assert_int_eq(smp_suit(&made, &rules, &bare, &arena, NULL), SMP_OK);
    ck_assert_int_eq(made.result, SMP_SUIT_OPEN);
    ck_assert_uint_eq(made.not_asked_count, asked);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(no_fact_left_out_is_taken_for_a_no)
{
    begin();
    // Of each rule that is met: without any one of its facts the client is not called suitable.
    for (size_t i = 0; i < ROWS; i++) {
        const struct smp_rule *rule = &rules.rules[i];
        for (size_t k = 0; k < rule->when_count && rule->result != SMP_SUIT_YES; k++) {
            healthy();
            set(rows[i].fires);
            answers[rule->when[k].fact].given = false;
            screen();
            bool listed = false;
            for (size_t n = 0; n < made.deciding_count; n++)
                listed = listed || made.not_asked[n] == rule->when[k].fact;
            ck_assert_msg(made.result != SMP_SUIT_YES && listed, "%s", rule->id);
        }
    }
    // What only adds a remark is listed, after what decides, and leaves the client suitable.
    healthy();
    set("health.moles=?");
    is(SMP_SUIT_YES);
    ck_assert(made.not_asked_count == 1 && made.deciding_count == 0);
    set("wishes.distress=?");
    is(SMP_SUIT_OPEN);
    ck_assert(made.not_asked_count == 2 && made.deciding_count == 1);
    ck_assert_str_eq(smp_facts[made.not_asked[0]].field, "wishes.distress");
    // What cannot matter any more is not asked: the age of a scar where there is none.
    healthy();
    set("health.scar=none health.scar_months=? health.scar_flat=?");
    is(SMP_SUIT_YES);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(an_answer_more_takes_no_reason_away)
{
    begin();
    struct smp_rng rng = smp_rng_make(7, 1);
    for (int round = 0; round < 300; round++) {
        struct smp_fact_value whole[128];
        healthy();
        for (int k = 0; k < 6; k++)
            set(rows[smp_rng_u32(&rng) % ROWS].fires);
        memcpy(whole, answers, sizeof whole);
        for (size_t f = 0; f < smp_fact_count; f++)
            answers[f].given = answers[f].given && smp_rng_u32(&rng) % 3;
        screen();
        const struct smp_suitability part = made;
        memcpy(answers, whole, sizeof whole);
        screen();
        for (size_t i = 0; i < part.reason_count; i++)
            ck_assert_msg(reason(part.reasons[i].rule->id) != NULL, "round %d: %s", round,
                          part.reasons[i].rule->id);
        ck_assert(part.result == SMP_SUIT_OPEN || made.result >= part.result);
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(whoever_waits_as_told_is_not_told_to_wait_again)
{
    begin();
    for (size_t i = 0; i < ROWS; i++) {
        healthy();
        set(rows[i].fires);
        screen();
        const struct smp_reason *first = reason(rows[i].id);
        if (isnan(first->from_months) || first->after_end)
            continue;
        for (size_t k = 0; k < first->rule->when_count; k++) {
            struct smp_fact_value *answer = &answers[first->rule->when[k].fact];
            if (strcmp(smp_facts[first->rule->when[k].fact].unit, "months") == 0)
                answer->value += first->from_months;
        }
        screen();
        ck_assert_msg(reason(rows[i].id) == NULL, "%s", rows[i].id);
    }
    smp_arena_drop(&arena);
}
END_TEST

// ---- Words, JSON --------------------------------------------------------------------------------

START_TEST(waits_are_told_as_dates_or_as_months)
{
    const struct smp_date today = { 2027, 8, 31 };
    char text[128];
    smp_suit_from(text, 6, false, &today);
    ck_assert_str_eq(text, "from 2028-02-29 at the earliest");
    smp_suit_from(text, 1, true, &today);
    ck_assert_str_eq(text, "from 2027-09-30 at the earliest, counted from the day that it ends");
    smp_suit_from(text, 3.5, false, NULL);
    ck_assert_str_eq(text, "3.5 months from now at the earliest");
    smp_suit_from(text, 1, false, NULL);
    ck_assert_str_eq(text, "1 month from now at the earliest");
    smp_suit_from(text, (double)NAN, true, &today);
    ck_assert_str_eq(text, "once it is over");
    smp_suit_from(text, (double)NAN, false, NULL);
    ck_assert_str_eq(text, "");
}
END_TEST

START_TEST(the_json_says_the_same)
{
    begin();
    const struct smp_date today = { 2027, 1, 31 };
    set("health.transplant=5 health.moles=true health.heart=?");
    screen();
    json_t *object = smp_suit_json(&made, &today);
    ck_assert_str_eq(json_string_value(json_object_get(object, "result")), "later");
    ck_assert_str_eq(json_string_value(json_object_get(object, "from_date")), "2027-02-28");
    const json_t *first = json_array_get(json_object_get(object, "reasons"), 0);
    ck_assert_str_eq(json_string_value(json_object_get(first, "rule")), "transplant");
    ck_assert_double_eq(json_number_value(json_object_get(first, "from_months")), 1);
    const json_t *asked = json_array_get(json_object_get(object, "not_asked"), 0);
    ck_assert_str_eq(json_string_value(json_object_get(asked, "field")), "health.heart");
    json_decref(object);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(the_corpus_of_rules_is_read_again)
{
    smp_replay("rules", 20);
}
END_TEST

SMP_TEST_MAIN("suitability", every_rule_is_met_by_one_case_and_missed_by_its_neighbour,
              the_text_of_every_rule_is_plain_and_has_an_origin,
              a_healthy_client_is_suitable_and_all_was_asked, known_cases_have_their_known_answers,
              the_gravest_reason_decides_and_comes_first, nothing_asked_is_nothing_known,
              no_fact_left_out_is_taken_for_a_no, an_answer_more_takes_no_reason_away,
              whoever_waits_as_told_is_not_told_to_wait_again, waits_are_told_as_dates_or_as_months,
              the_json_says_the_same, the_corpus_of_rules_is_read_again)
