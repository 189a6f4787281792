#include "choice/choice.h"
#include "replay.h"

#include <math.h>
#include <sys/stat.h>

static struct smp_arena arena;
static struct smp_evidence evidence;

static void load(const char *folder)
{
    struct smp_err err = { 0 };
    smp_arena_make(&arena, 0);
    ck_assert_msg(!smp_evidence_load(&evidence, folder, &arena, &err), "%s", err.msg);
}

START_TEST(every_figure_has_its_origin_and_a_band_round_it)
{
    load(NULL);
    for (int t = 0; t < SMP_TOPIC_COUNT; t++)
        ck_assert_uint_gt(evidence.begin[t + 1], evidence.begin[t]);
    ck_assert_uint_eq(evidence.begin[SMP_TOPIC_COUNT], evidence.count);
    for (size_t i = 0; i < evidence.count; i++) {
        const struct smp_figure *f = &evidence.figures[i];
        const struct smp_figure_band band = smp_figure_band(f);
        ck_assert_msg(band.low <= f->value && f->value <= band.high, "%s", f->id);
        ck_assert_msg(*f->source && *f->population && *f->unit, "%s", f->id);
        // costs, and rates of exchange among them
        ck_assert_msg(f->cost.is == (f->topic == SMP_TOPIC_COSTS && strcmp(f->unit, "ratio") != 0),
                      "%s", f->id);
        ck_assert_ptr_eq(smp_figure_find(&evidence, f->topic, f->id), f);
    }
    ck_assert_ptr_null(smp_figure_find(&evidence, SMP_TOPIC_LOSS, "no-such"));
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(what_nobody_saw_is_weak_and_wide)
{
    size_t unverified = 0;
    load(NULL);
    for (size_t i = 0; i < evidence.count; i++) {
        const struct smp_figure *f = &evidence.figures[i];
        if (f->verified)
            continue;
        unverified++;
        ck_assert_msg(smp_figure_weak(f), "%s", f->id);
        // From half to one and a half of it, but for shares that end at 100 %.
        const double far = f->value < 0 ? -f->low : f->high,
                     near = f->value < 0 ? -f->high : f->low;
        ck_assert_msg(near <= 0.5 * fabs(f->value) + 1e-9, "%s", f->id);
        ck_assert_msg(far >= 1.5 * fabs(f->value) - 1e-9 ||
                          (strcmp(f->unit, "percent") == 0 && f->high == 100),
                      "%s", f->id);
    }
    ck_assert_uint_gt(unverified, 20);
    smp_arena_drop(&arena);
}
END_TEST

// P(X >= k) of a binomial.
static double at_least(int64_t k, int64_t n, double p)
{
    double sum = 0;
    for (int64_t i = 0; i < k; i++)
        sum += exp(lgamma((double)n + 1) - lgamma((double)i + 1) - lgamma((double)(n - i) + 1) +
                   (double)i * log(p) + (double)(n - i) * log1p(-p));
    return 1 - sum;
}

START_TEST(intervals_computed_here_are_those_of_the_counts)
{
    size_t checked = 0;
    load(NULL);
    for (size_t i = 0; i < evidence.count; i++) {
        const struct smp_figure *f = &evidence.figures[i];
        if (!strstr(f->population, "interval computed here"))
            continue;
        const int64_t k = llround(f->value * (double)f->n / 100);
        // Ends are given to four digits: the tail is near 2.5 %, not at it.
        if (k > 0)
            ck_assert_double_eq_tol(at_least(k, f->n, f->low / 100), 0.025, 0.0008);
        else
            ck_assert_double_eq(f->low, 0);
        ck_assert_double_eq_tol(1 - at_least(k + 1, f->n, f->high / 100), 0.025, 0.0008);
        checked++;
    }
    ck_assert_uint_gt(checked, 20);
    smp_arena_drop(&arena);
}
END_TEST

static double value_of(enum smp_topic topic, const char *id)
{
    const struct smp_figure *figure = smp_figure_find(&evidence, topic, id);
    ck_assert_msg(figure != NULL, "%s", id);
    return figure->value;
}

START_TEST(figures_that_follow_from_others_do)
{
    load(NULL);
    // Hairs of the one-inch circle (5.07 cm2) of the finasteride trials.
    const double cm2 = SMP_PI * 1.27 * 1.27;
    static const struct {
        const char *id;
        double hairs;
    } counted[] = { { "finasteride.men.baseline", 876 },
                    { "finasteride.men.over-placebo.12-months", 107 },
                    { "finasteride.men.over-placebo.24-months", 138 },
                    { "finasteride.men.over-placebo.60-months", 277 },
                    { "finasteride.men.60-months", 38 },
                    { "placebo.men.60-months", -239 } };
    for (size_t i = 0; i < sizeof counted / sizeof *counted; i++)
        ck_assert_double_eq_tol(value_of(SMP_TOPIC_MEDICATION, counted[i].id),
                                counted[i].hairs / cm2, 0.25);
    ck_assert_double_eq_tol(
        value_of(SMP_TOPIC_MEDICATION, "finasteride.men.60-months") -
            value_of(SMP_TOPIC_MEDICATION, "placebo.men.60-months"),
        value_of(SMP_TOPIC_MEDICATION, "finasteride.men.over-placebo.60-months"), 0.15);
    const double rate = value_of(SMP_TOPIC_LOSS, "untreated.rate") / 100;
    ck_assert_double_eq_tol(100 * (pow(1 - rate, 5) - 1),
                            value_of(SMP_TOPIC_LOSS, "men.untreated.60-months"), 0.6);
    ck_assert_double_eq_tol(100 * (pow(1 - rate, 2) - 1),
                            value_of(SMP_TOPIC_LOSS, "untreated.density.24-months"), 0.6);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(bands_follow_the_rule_of_their_spread)
{
    struct smp_figure f = { .value = 10, .unit = "hairs/cm2", .grade = 'A', .verified = true };
    ck_assert_double_eq(smp_figure_band(&f).low, 7.5);
    f.grade = 'C';
    ck_assert_double_eq(smp_figure_band(&f).high, 15);
    ck_assert(!smp_figure_weak(&f));
    f.grade = 'D';
    ck_assert(smp_figure_weak(&f));
    f.spread = SMP_SPREAD_SD;
    f.sd = 20;
    ck_assert_double_eq_tol(smp_figure_band(&f).low, -29.2, 1e-9);
    f.unit = "percent/year"; // cannot be negative
    ck_assert_double_eq(smp_figure_band(&f).low, 0);
    f.spread = SMP_SPREAD_CI95;
    f.low = 9;
    f.high = 11.5;
    ck_assert_double_eq(smp_figure_band(&f).high, 11.5);
}
END_TEST

// ---- Faults -------------------------------------------------------------------------------------

static const char good[] =
    "{\"id\": \"a.b-1\", \"what\": \"w\", \"value\": 10, \"unit\": \"hairs/cm2\", "
    "\"spread\": {\"kind\": \"sd\", \"sd\": 2}, \"population\": \"p\", \"n\": 5, "
    "\"arm\": {\"treatment\": \"placebo\", \"weeks\": 24, \"sex\": \"male\"}, "
    "\"source\": \"s\", \"grade\": \"A\", \"date\": \"2002\", \"verified\": true}";
static const char cost[] =
    "{\"id\": \"c\", \"what\": \"w\", \"value\": 10, \"cost\": {\"treatment\": \"fue\", "
    "\"currency\": \"USD\", \"country\": \"US\", \"per\": \"graft\"}, "
    "\"spread\": {\"kind\": \"range\", \"low\": 5, \"high\": 15}, \"population\": \"p\", "
    "\"source\": \"s\", \"grade\": \"C\", \"date\": \"undated\", \"verified\": true}";

// The row with its first `from` replaced, in a file of its own.
static void altered(char text[4096], const char *row, const char *from, const char *to)
{
    const char *at = strstr(row, from);
    ck_assert_msg(at != NULL, "%s", from);
    snprintf(text, 4096, "{\"evidence\": [%.*s%s%s]}", (int)(at - row), row, to, at + strlen(from));
}

static enum smp_code read_text(enum smp_topic topic, const char *text, struct smp_err *err)
{
    const struct smp_figure *figures = NULL;
    size_t count = 0;
    struct smp_arena own;
    smp_arena_make(&own, 0);
    const enum smp_code code =
        smp_evidence_read(&figures, &count, topic, "f.json", text, strlen(text), &own, err);
    smp_arena_drop(&own);
    return code;
}

START_TEST(each_fault_is_one_sentence_with_its_field)
{
    static const struct {
        const char *row, *from, *to, *sentence;
    } faults[] = {
        { good, "\"what\"", "\"when\"", "f.json: unknown field evidence[0].when" },
        { good, "\"n\"", "\"cost\"", "unknown field evidence[0].cost" },
        { good, "\"id\": \"a.b-1\", ", "", "f.json: evidence[0] has no id" },
        { good, "\"what\": \"w\", ", "", "evidence[0] has no what" },
        { good, "\"value\": 10, ", "", "evidence[0] has no value" },
        { good, "\"unit\": \"hairs/cm2\", ", "", "evidence[0] has no unit" },
        { good, "\"spread\": {\"kind\": \"sd\", \"sd\": 2}, ", "", "evidence[0] has no spread" },
        { good, "\"population\": \"p\", ", "", "evidence[0] has no population" },
        { good, "\"source\": \"s\", ", "", "evidence[0] has no source" },
        { good, "\"grade\": \"A\", ", "", "evidence[0] has no grade" },
        { good, "\"date\": \"2002\", ", "", "evidence[0] has no date" },
        { good, ", \"verified\": true", "", "evidence[0] has no verified" },
        { good, "a.b-1", "A b", "evidence[0].id must be of small letters, digits" },
        { good, "a.b-1", "", "evidence[0].id must be a text of 1 to 400 bytes" },
        { good, "\"w\"", "\"a\\nb\"", "evidence[0].what must be a text of 1 to 400 bytes without" },
        { good, "\"w\"", "7", "evidence[0].what must be a text, not 7" },
        { good, "10", "\"10\"", "evidence[0].value must be a number, not" },
        { good, "10", "900", "evidence[0].value must be -500 to 500 hairs/cm2, not 900" },
        { good, "10", "NaN", "f.json" },
        { good, "10", "1e999", "f.json" },
        { good, "hairs/cm2", "hairs",
          "unit must be one that docs/evidence.md lists, not \"hairs\"" },
        { good, "hairs/cm2", "percent",
          "evidence[0].unit of an arm must be hairs/cm2, not percent" },
        { good, "\"kind\": \"sd\", ", "", "evidence[0].spread has no kind" },
        { good, "\"kind\": \"sd\"", "\"kind\": \"iqr\"",
          "evidence[0].spread.kind must be one of none, sd, range, ci95, not" },
        { good, "\"kind\": \"sd\"", "\"kind\": \"none\"", "unknown field evidence[0].spread.sd" },
        { good, "\"sd\": 2", "\"sd\": 0", "evidence[0].spread.sd must be 1e-09 to 500" },
        { good, "\"sd\": 2", "\"low\": 2", "unknown field evidence[0].spread.low" },
        { good, ", \"sd\": 2", "", "evidence[0].spread has no sd" },
        { good, "\"n\": 5", "\"n\": 0", "evidence[0].n must be 1 to 100000000, not 0" },
        { good, "\"n\": 5", "\"n\": 5.5", "evidence[0].n must be a whole number, not 5.5" },
        { good, "placebo", "sugar", "evidence[0].arm.treatment must be one of placebo" },
        { good, "\"male\"", "\"men\"", "evidence[0].arm.sex must be one of male, female, not" },
        { good, "\"weeks\": 24", "\"weeks\": 0", "evidence[0].arm.weeks must be 1 to 1040 weeks" },
        { good, "\"weeks\": 24, ", "", "evidence[0].arm has no weeks" },
        { good, "\"weeks\"", "\"months\"", "unknown field evidence[0].arm.months" },
        { good, "\"A\"", "\"E\"", "evidence[0].grade must be A, B, C, D or U, not \"E\"" },
        { good, "2002", "soon", "evidence[0].date must be a year or undated, not \"soon\"" },
        { good, "true", "1", "evidence[0].verified must be true or false, not 1" },
        { good, "true", "false", "evidence[0].grade of an unverified figure must be U, not A" },
        { good, "\"A\", \"date\": \"2002\", \"verified\": true",
          "\"U\", \"date\": \"2002\", \"verified\": false",
          "evidence[0].spread of an unverified figure must be a range from 5 or less to 15 or "
          "more" },
        { cost, "10", "-1", "evidence[0].value must be 0 to 1e+09, not -1" },
        { cost, "\"low\": 5", "\"low\": -5", "evidence[0].spread.low must be 0 to 1e+09, not -5" },
        { cost, "\"low\": 5", "\"low\": 12",
          "evidence[0] must have low <= value <= high, not 12, 10 and 15" },
        { cost, "\"high\": 15", "\"high\": 9", "must have low <= value <= high, not 5, 10 and 9" },
        { cost, "\"low\": 5, ", "", "evidence[0].spread has no low" },
        { cost, "USD", "usd", "evidence[0].cost.currency must be 3 capital letters, not \"usd\"" },
        { cost, "\"US\"", "\"USA\"",
          "evidence[0].cost.country must be 2 capital letters, not \"USA\"" },
        { cost, "graft\"", "hair\"", "evidence[0].cost.per must be one of graft, course, session" },
        { cost, "\"per\": \"graft\"", "\"pre\": 1", "unknown field evidence[0].cost.pre" },
        { cost, "\"cost\"", "\"unit\"", "evidence[0].unit must be a text, not an object" },
        { cost, "\"value\"", "\"unit\": \"ratio\", \"value\"", "unknown field evidence[0].unit" },
    };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        char text[4096];
        struct smp_err err = { 0 };
        altered(text, faults[i].row, faults[i].from, faults[i].to);
        const enum smp_code code =
            read_text(faults[i].row == cost ? SMP_TOPIC_COSTS : SMP_TOPIC_LOSS, text, &err);
        ck_assert_msg(smp_exit_status(code) == 2, "%s was taken", text);
        ck_msg_has(err, faults[i].sentence);
    }
}
END_TEST

START_TEST(files_that_are_not_evidence_are_refused)
{
    char twice[4096];
    snprintf(twice, sizeof twice, "{\"evidence\": [%s, %s]}", good, good);
    const struct {
        const char *text, *sentence;
    } faults[] = {
        { "{}", "f.json has no evidence" },
        { "[]", "f.json: the document must be an object, not an array" },
        { "{\"evidence\": []}", "f.json: evidence must hold 1 to 1000 items, not 0" },
        { "{\"evidence\": [1]}", "f.json: evidence[0] must be an object, not 1" },
        { "{\"evidence\": {}}", "f.json: evidence must be an array" },
        { "{\"evidences\": []}", "f.json: unknown field evidences" },
        { "", "f.json" },
        { twice, "f.json: evidence[1].id \"a.b-1\" is there twice" },
    };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct smp_err err = { 0 };
        ck_assert_int_eq(smp_exit_status(read_text(SMP_TOPIC_LOSS, faults[i].text, &err)), 2);
        ck_msg_has(err, faults[i].sentence);
    }
    struct smp_err err = { 0 };
    char text[4096];
    altered(text, good, "\"w\"", "\"w\"");
    ck_assert_int_eq(read_text(SMP_TOPIC_LOSS, text, &err), SMP_OK);
    altered(text, cost, "\"w\"", "\"w\"");
    ck_assert_int_eq(read_text(SMP_TOPIC_COSTS, text, &err), SMP_OK);
}
END_TEST

// ---- A user's own folder ------------------------------------------------------------------------

// DIR/evidence/<topic>.json: the shipped one with `from` replaced.
static void own_file(const char *folder, const char *topic, const char *from, const char *to)
{
    char path[300];
    struct smp_bytes bytes;
    struct smp_arena own;
    smp_arena_make(&own, 0);
    snprintf(path, sizeof path, "data/evidence/%s.json", topic);
    ck_assert(!smp_file_read(&bytes, path, 1 << 20, &own, NULL));
    char *text = smp_new(&own, char, bytes.length + 1);
    memcpy(text, bytes.data, bytes.length);
    const char *at = strstr(text, from);
    ck_assert_ptr_nonnull(at);
    const char *made = smp_format(&own, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    mkdir(folder, 0700);
    snprintf(path, sizeof path, "%s/evidence", folder);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/evidence/%s.json", folder, topic);
    ck_assert(!smp_file_write(path, made, strlen(made), NULL));
    smp_arena_drop(&own);
}

START_TEST(ones_own_folder_comes_first_and_must_be_whole)
{
    char folder[200];
    struct smp_err err = { 0 };
    snprintf(folder, sizeof folder, "%s/own", smp_test_folder());
    own_file(folder, "loss", "\"value\": 492.4", "\"value\": 500.5");
    own_file(folder, "costs", "fut.graft.us", "fut.graft.nz");
    load(folder);
    ck_assert_double_eq(value_of(SMP_TOPIC_LOSS, "scalp.area"), 500.5);
    ck_assert_double_eq(value_of(SMP_TOPIC_TRANSPLANT, "grafts.first"), 2347);
    ck_assert_double_eq(value_of(SMP_TOPIC_COSTS, "fut.graft.nz"), 6);
    ck_assert_ptr_null(smp_figure_find(&evidence, SMP_TOPIC_COSTS, "fut.graft.us"));
    own_file(folder, "loss", "\"scalp.area\"", "\"scalp.size\"");
    ck_assert_int_eq(smp_evidence_load(&evidence, folder, &arena, &err), SMP_E_INPUT);
    ck_msg_has(err, "own/evidence/loss.json: the figure scalp.area is missing");
    err = (struct smp_err){ 0 };
    own_file(folder, "loss", "\"value\": 492.4, \"unit\": \"cm2\"",
             "\"value\": 492.4, \"unit\": \"FU\"");
    ck_assert_int_eq(smp_evidence_load(&evidence, folder, &arena, &err), SMP_E_INPUT);
    ck_msg_has(err, "own/evidence/loss.json: the unit of scalp.area must be cm2, not FU");
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(the_corpus_is_taken_or_refused)
{
    smp_replay("evidence", 20);
}
END_TEST

SMP_TEST_MAIN("evidence", every_figure_has_its_origin_and_a_band_round_it,
              what_nobody_saw_is_weak_and_wide, intervals_computed_here_are_those_of_the_counts,
              figures_that_follow_from_others_do, bands_follow_the_rule_of_their_spread,
              each_fault_is_one_sentence_with_its_field, files_that_are_not_evidence_are_refused,
              ones_own_folder_comes_first_and_must_be_whole, the_corpus_is_taken_or_refused)
