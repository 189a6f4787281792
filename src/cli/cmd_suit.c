// stubble suit: is scalp micropigmentation right for this person? Suitable, later, ask a doctor
// first or not this, with every reason; never a diagnosis.
#include "choice/choice.h"
#include "cli/cli.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

int smp_cmd_suit(int argc, char **argv);

static const char note[] = "General information, never a diagnosis and not medical advice: consult "
                           "a qualified technician, "
                           "and a doctor where the skin is not healthy.";

static void print_json(const struct smp_suitability *made, const struct smp_date *today)
{
    json_t *object = json_object(), *rest = smp_suit_json(made, today);
    char date[16];
    json_object_set_new(object, "note", json_string(note));
    if (today) {
        smp_date_print(date, today);
        json_object_set_new(object, "date", json_string(date));
    }
    json_object_update(object, rest);
    json_decref(rest);
    smp_cli_print_json(object);
}

static void print_reasons(const struct smp_suitability *made, const struct smp_date *today)
{
    for (size_t i = 0; i < made->reason_count; i++) {
        const struct smp_reason *reason = &made->reasons[i];
        const struct smp_rule *rule = reason->rule;
        char from[128] = "";
        if (rule->result == SMP_SUIT_LATER || !isnan(reason->from_months))
            smp_suit_from(from, reason->from_months, reason->after_end, today);
        printf("\n- %s%s%s\n  %s\n  (rule %s; grade %c; %s)\n",
               rule->result == SMP_SUIT_YES ? "good to know" : smp_suit_names[rule->result],
               *from ? ", " : "", from, rule->why, rule->id, rule->grade, rule->source);
    }
}

static void print_text(const struct smp_suitability *made, const struct smp_date *today)
{
    char from[128];
    smp_suit_from(from, made->from_months, made->from_open, today);
    printf("%s%s%s\n%s\n", smp_suit_names[made->result],
           made->result == SMP_SUIT_LATER && *from ? ", " : "",
           made->result == SMP_SUIT_LATER ? from : "", smp_suit_sentence(made->result));
    print_reasons(made, today);
    if (made->not_asked_count)
        printf("\nNot asked; an answer could change the result or add a reason:\n");
    for (size_t i = 0; i < made->not_asked_count; i++) {
        const struct smp_fact *fact = &smp_facts[made->not_asked[i]];
        printf("  %-27s %s\n", fact->field, fact->question);
    }
    printf("\nGrades: A paper, law; B professional body; C practitioner, vendor; D forum, "
           "marketing; U working knowledge\nor proposed by this project.\n%s\n",
           note);
}

// ---- All questions and rules, as in docs/suitability.md -----------------------------------------

static void print_kind(const struct smp_fact *fact)
{
    switch (fact->kind) {
    case SMP_FACT_FLAG:
        printf("true, false");
        break;
    case SMP_FACT_SPELL:
        printf("false, true (now), months since it ended");
        break;
    case SMP_FACT_EVENT:
        printf("false, months since");
        break;
    case SMP_FACT_WORD:
        for (size_t w = 0; fact->words[w]; w++)
            printf("%s%s", w ? ", " : "", fact->words[w]);
        break;
    case SMP_FACT_NUMBER:
        printf("%g to %g%s%s", fact->min, fact->max, *fact->unit ? " " : "", fact->unit);
        break;
    }
}

static void print_condition(const struct smp_condition *condition)
{
    const struct smp_fact *fact = &smp_facts[condition->fact];
    printf("`%s`", fact->field);
    if (fact->kind == SMP_FACT_FLAG)
        printf(" is %s", condition->words & 2U ? "true" : "false");
    for (size_t w = 0, first = 1; fact->words && fact->words[w]; w++) {
        if (condition->words >> w & 1U) {
            printf("%s%s", first ? " is " : " or ", fact->words[w]);
            first = 0;
        }
    }
    if (fact->kind == SMP_FACT_FLAG || fact->kind == SMP_FACT_WORD)
        return;
    if (isfinite(condition->at_least))
        printf(" is %g or more", condition->at_least);
    if (isfinite(condition->below))
        printf("%s below %g", isfinite(condition->at_least) ? " and" : " is", condition->below);
}

static void print_rules(const struct smp_rules *rules)
{
    printf("## Questions\n\n| field | question | answers |\n| --- | --- | --- |\n");
    for (size_t i = 0; i < smp_fact_count; i++) {
        printf("| `%s` | ", smp_facts[i].field);
        smp_cli_put_cell(smp_facts[i].question);
        printf(" | ");
        print_kind(&smp_facts[i]);
        printf(" |\n");
    }
    printf("\n## Rules\n\n| rule | where | result | why | source | grade |\n"
           "| --- | --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < rules->count; i++) {
        const struct smp_rule *rule = &rules->rules[i];
        printf("| `%s` | ", rule->id);
        for (size_t k = 0; k < rule->when_count; k++) {
            printf("%s", k ? ", and " : "");
            print_condition(&rule->when[k]);
        }
        printf(" | %s",
               rule->result == SMP_SUIT_YES ? "good to know" : smp_suit_names[rule->result]);
        if (!isnan(rule->wait_months))
            printf(", %g month%s", rule->wait_months, rule->wait_months == 1 ? "" : "s");
        printf(" | ");
        smp_cli_put_cell(rule->why);
        printf(" | ");
        smp_cli_put_cell(rule->source);
        printf(" | %c |\n", rule->grade);
    }
}

// ---- The command --------------------------------------------------------------------------------

struct call {
    const char *path, *data;
    bool json;
    const struct smp_date *today; // NULL: not given
};

static enum smp_code screen(const struct call *call, const struct smp_rules *rules,
                            struct smp_arena *arena, struct smp_err *err)
{
    struct smp_case from;
    struct smp_settings settings;
    struct smp_suitability made;
    if (!call->path)
        return smp_fail(err, SMP_E_INPUT, "suit needs CASE.json, or --rules");
    enum smp_code code = smp_settings_read(&settings, call->data, arena, err);
    if (!code)
        code = smp_case_read_screening(&from, &settings, call->path, arena, err);
    if (!code)
        code = smp_suit(&made, rules, &from, arena, err);
    if (!code)
        (call->json ? print_json : print_text)(&made, call->today);
    return code;
}

int smp_cmd_suit(int argc, char **argv)
{
    const char *json = NULL, *date = NULL, *list = NULL;
    struct call call = { .data = getenv("STUBBLE_DATA") };
    const struct smp_option options[] = {
        { "date", "YYYY-MM-DD", "today, so that waits become dates (months from now)", &date, 0 },
        { "data", "DIR", "folder with your own suitability.json and numbers", &call.data, 0 },
        { "json", NULL, "print one JSON object", &json, 0 },
        { "rules", NULL, "print all questions and rules as Markdown, and screen nobody", &list, 0 },
        { NULL, NULL, NULL, NULL, 0 },
    };
    int count = 0;
    const int status = smp_cli_parse(argc, argv, "suit CASE.json [--date YYYY-MM-DD] [--json]",
                                     options, &call.path, 0, 1, &count);
    if (status)
        return status < 0 ? 0 : status;
    struct smp_err err = { 0 };
    struct smp_arena arena;
    struct smp_date today = { 0 };
    struct smp_rules rules = { 0 };
    smp_arena_make(&arena, 0);
    enum smp_code code = date ? smp_date_read(&today, date, "--date", &err) : SMP_OK;
    if (!code)
        code = smp_rules_load(&rules, call.data, &arena, &err);
    call.json = json != NULL;
    call.today = date ? &today : NULL;
    if (!code && list)
        print_rules(&rules);
    else if (!code)
        code = screen(&call, &rules, &arena, &err);
    smp_arena_drop(&arena);
    return code ? smp_cli_fail(&err) : 0;
}
