// Rules of the screening: data/suitability.json or the user's own.
#include "choice/choice_impl.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

enum { RULES_MAX = 500 };

#define SUIT_NAME(name, text) text,
const char *const smp_suit_names[] = { SMP_SUITS(SUIT_NAME) NULL };

// Facts whose months a wait can be counted from.
static bool in_months(const struct smp_fact *fact)
{
    return strcmp(fact->unit, "months") == 0;
}

// ---- Conditions ---------------------------------------------------------------------------------

static enum smp_code add_word(struct smp_condition *condition, const struct smp_fact *fact,
                              const struct smp_json *at, struct smp_err *err)
{
    bool flag = false;
    int word = 0;
    const enum smp_code code = fact->kind == SMP_FACT_FLAG
                                   ? smp_json_bool(at, &flag, err)
                                   : smp_json_choice(at, fact->words, &word, err);
    if (!code)
        condition->words |= 1U << (fact->kind == SMP_FACT_FLAG ? (int)flag : word);
    return code;
}

static enum smp_code read_is(struct smp_condition *condition, const struct smp_fact *fact,
                             const struct smp_json *at, struct smp_err *err)
{
    struct smp_json is, item;
    enum smp_code code = smp_json_need(&is, at, "is", err);
    if (code)
        return code;
    if (!json_is_array(is.node))
        return add_word(condition, fact, &is, err);
    code = smp_json_array(&is, 1, 16, err);
    for (size_t i = 0; !code && smp_json_item(&is, i, &item); i++)
        code = add_word(condition, fact, &item, err);
    return code;
}

static enum smp_code read_span(struct smp_condition *condition, const struct smp_fact *fact,
                               const struct smp_json *at, struct smp_err *err)
{
    struct smp_json at_least, below;
    const bool has_low = smp_json_child(at, "at_least", &at_least);
    const bool has_high = smp_json_child(at, "below", &below);
    enum smp_code code = SMP_OK;
    condition->at_least = -(double)INFINITY;
    condition->below = (double)INFINITY;
    if (!has_low && !has_high)
        return smp_fail(err, SMP_E_INPUT, "%s: %s must have at_least or below: %s is a number",
                        at->file, at->path, fact->field);
    if (has_low)
        code =
            smp_json_number(&at_least, fact->min, fact->max, fact->unit, &condition->at_least, err);
    if (!code && has_high)
        code = smp_json_number(&below, fact->min, fact->max, fact->unit, &condition->below, err);
    if (!code && !(condition->at_least < condition->below))
        code = smp_fail(err, SMP_E_INPUT, "%s: %s must have at_least below below, not %g and %g",
                        at->file, at->path, condition->at_least, condition->below);
    return code;
}

static enum smp_code read_condition(struct smp_condition *condition, const struct smp_json *at,
                                    struct smp_err *err)
{
    static const char *const of_words[] = { "fact", "is", NULL };
    static const char *const of_numbers[] = { "fact", "at_least", "below", NULL };
    struct smp_json child;
    const char *field = NULL;
    enum smp_code code = smp_json_need(&child, at, "fact", err);
    if (!code)
        code = smp_json_text(&child, &field, err);
    if (code)
        return code;
    condition->fact = smp_fact_find(field);
    if (condition->fact == smp_fact_count)
        return smp_fail(err, SMP_E_INPUT,
                        "%s: %s must be one that docs/suitability.md lists, not \"%.60s\"",
                        child.file, child.path, field);
    const struct smp_fact *fact = &smp_facts[condition->fact];
    const bool words = fact->kind == SMP_FACT_FLAG || fact->kind == SMP_FACT_WORD;
    code = smp_json_object(at, words ? of_words : of_numbers, err);
    if (code)
        return code;
    return words ? read_is(condition, fact, at, err) : read_span(condition, fact, at, err);
}

static enum smp_code read_when(struct smp_rule *rule, const struct smp_json *at,
                               struct smp_err *err)
{
    struct smp_json when, item;
    enum smp_code code = smp_json_need(&when, at, "when", err);
    if (!code)
        code = smp_json_array(&when, 1, SMP_CONDITIONS_MAX, err);
    for (size_t i = 0; !code && smp_json_item(&when, i, &item); i++) {
        code = read_condition(&rule->when[i], &item, err);
        rule->when_count = i + 1;
    }
    return code;
}

// ---- Rules --------------------------------------------------------------------------------------

static enum smp_code read_result(struct smp_rule *rule, const struct smp_json *at,
                                 struct smp_err *err)
{
    static const char *const names[] = { "suitable", "later", "ask a doctor first", "not this",
                                         NULL };
    static const enum smp_suit results[] = { SMP_SUIT_YES, SMP_SUIT_LATER, SMP_SUIT_DOCTOR,
                                             SMP_SUIT_NO };
    struct smp_json wait;
    int result = 0;
    enum smp_code code = smp_json_need_choice(at, "result", names, &result, err);
    rule->result = results[result];
    rule->wait_months = (double)NAN;
    if (code || !smp_json_child(at, "wait_months", &wait))
        return code;
    if (rule->result != SMP_SUIT_LATER && rule->result != SMP_SUIT_DOCTOR)
        return smp_fail(err, SMP_E_INPUT,
                        "%s: %s belongs to the results later and ask a doctor first only",
                        wait.file, wait.path);
    return smp_json_number(&wait, 0.1, 120, "months", &rule->wait_months, err);
}

// Whoever is told to wait must not be told so again when the wait is over.
static enum smp_code check_wait(const struct smp_rule *rule, const struct smp_json *at,
                                struct smp_err *err)
{
    for (size_t i = 0; i < rule->when_count; i++) {
        const struct smp_condition *c = &rule->when[i];
        if ((rule->result != SMP_SUIT_LATER && isnan(rule->wait_months)) ||
            !in_months(&smp_facts[c->fact]))
            continue;
        if (isinf(c->below))
            return smp_fail(err, SMP_E_INPUT,
                            "%s: %s has no end, however many months %s is: it must have below",
                            at->file, at->path, smp_facts[c->fact].field);
        if (!(rule->wait_months >= c->below))
            return smp_fail(err, SMP_E_INPUT,
                            "%s: %s.wait_months must be %g or more, the months that %s must be "
                            "below",
                            at->file, at->path, c->below, smp_facts[c->fact].field);
    }
    return SMP_OK;
}

static enum smp_code read_rule(struct smp_rule *rule, const struct smp_json *at,
                               struct smp_arena *arena, struct smp_err *err)
{
    static const char *const known[] = { "id",  "when",   "result", "wait_months",
                                         "why", "source", "grade",  NULL };
    enum smp_code code = smp_json_object(at, known, err);
    if (!code)
        code = smp_json_need_id(at, &rule->id, arena, err);
    if (!code)
        code = read_when(rule, at, err);
    if (!code)
        code = read_result(rule, at, err);
    if (!code)
        code = check_wait(rule, at, err);
    if (!code)
        code = smp_json_need_text(at, "why", &rule->why, arena, err);
    return code ? code : smp_json_need_origin(at, &rule->source, &rule->grade, arena, err);
}

static bool has_rule(const struct smp_rule *rules, size_t count, const char *id)
{
    size_t i = 0;
    while (i < count && strcmp(rules[i].id, id) != 0)
        i++;
    return i < count;
}

static enum smp_code read_list(struct smp_rules *out, const struct smp_json *root,
                               struct smp_arena *arena, struct smp_err *err)
{
    struct smp_json list, row;
    enum smp_code code = smp_json_need_list(&list, root, "rules", RULES_MAX, err);
    if (code)
        return code;
    const size_t count = smp_json_count(&list);
    struct smp_rule *rules = smp_new(arena, struct smp_rule, count);
    if (!rules)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu rules", count);
    for (size_t i = 0; i < count; i++) {
        smp_json_item(&list, i, &row);
        code = read_rule(&rules[i], &row, arena, err);
        if (!code && has_rule(rules, i, rules[i].id))
            code = smp_fail(err, SMP_E_INPUT, "%s: %s.id \"%s\" is there twice", row.file, row.path,
                            rules[i].id);
        if (code)
            return code;
    }
    *out = (struct smp_rules){ rules, count };
    return SMP_OK;
}

enum smp_code smp_rules_read(struct smp_rules *rules, const char *file, const char *text,
                             size_t length, struct smp_arena *arena, struct smp_err *err)
{
    struct smp_json root;
    enum smp_code code = smp_json_parse(&root, file, text, length, err);
    if (code)
        return code;
    code = read_list(rules, &root, arena, err);
    smp_json_close(&root);
    return code;
}

static enum smp_code check_whole(const struct smp_rules *own, const struct smp_rules *built_in,
                                 const char *file, struct smp_err *err)
{
    for (size_t i = 0; i < built_in->count; i++)
        if (!has_rule(own->rules, own->count, built_in->rules[i].id))
            return smp_fail(err, SMP_E_INPUT, "%s: the rule %s is missing", file,
                            built_in->rules[i].id);
    return SMP_OK;
}

enum smp_code smp_rules_load(struct smp_rules *rules, const char *folder, struct smp_arena *arena,
                             struct smp_err *err)
{
    static const char name[] = "suitability.json";
    struct smp_rules built_in, made;
    struct smp_bytes text;
    const char *path;
    enum smp_code code = smp_data_find(folder, name, &path, &text, arena, err);
    if (!code)
        code = smp_rules_read(&made, path, (const char *)text.data, text.length, arena, err);
    if (!code && path != name) {
        text = smp_data_file(name);
        code = smp_rules_read(&built_in, name, (const char *)text.data, text.length, arena, err);
        if (!code)
            code = check_whole(&made, &built_in, path, err);
    }
    if (!code)
        *rules = made;
    return code;
}
