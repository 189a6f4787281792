// Screening of a case by rules, in three-valued logic: a fact that was not given is neither yes
// nor no (Kleene 1952, Introduction to Metamathematics, §64).
#include "choice/choice_impl.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum truth { NO, UNKNOWN, YES };

static const struct smp_fact_value *answer_of(const struct smp_case *from, size_t fact)
{
    static const struct smp_fact_value none = { false, 0 };
    return from->answers ? &from->answers[fact] : &none;
}

static enum truth holds(const struct smp_condition *condition, const struct smp_case *from)
{
    const struct smp_fact *fact = &smp_facts[condition->fact];
    const struct smp_fact_value *answer = answer_of(from, condition->fact);
    if (!answer->given)
        return UNKNOWN;
    if (fact->kind == SMP_FACT_FLAG || fact->kind == SMP_FACT_WORD)
        return condition->words >> (int)answer->value & 1U ? YES : NO;
    // Of what never was, "at least" holds for any number of months and "below" for none.
    const bool under = isinf(condition->below) || answer->value < condition->below;
    return under && answer->value >= condition->at_least ? YES : NO;
}

static enum truth rule_holds(const struct smp_rule *rule, const struct smp_case *from)
{
    enum truth all = YES;
    for (size_t i = 0; i < rule->when_count; i++) {
        const enum truth one = holds(&rule->when[i], from);
        all = one < all ? one : all;
    }
    return all;
}

// How long still to wait: from the fact whose months the rule counts, else from the end of what
// goes on.
static struct smp_reason reason_of(const struct smp_rule *rule, const struct smp_case *from)
{
    struct smp_reason reason = { rule, rule->wait_months, true };
    for (size_t i = 0; i < rule->when_count; i++) {
        const struct smp_fact *fact = &smp_facts[rule->when[i].fact];
        const double months = answer_of(from, rule->when[i].fact)->value;
        if (strcmp(fact->unit, "months") != 0 || isinf(rule->when[i].below))
            continue;
        reason.from_months = rule->wait_months - months;
        reason.after_end = fact->kind == SMP_FACT_SPELL && months == 0;
        break;
    }
    return reason;
}

// Marks the facts that would decide a rule.
static void ask_for(bool *ask, const struct smp_rule *rule, const struct smp_case *from)
{
    for (size_t i = 0; i < rule->when_count; i++)
        ask[rule->when[i].fact] =
            ask[rule->when[i].fact] || !answer_of(from, rule->when[i].fact)->given;
}

static void add_reason(struct smp_suitability *made, struct smp_reason *reasons,
                       const struct smp_reason *reason)
{
    size_t at = made->reason_count++;
    for (; at > 0 && reasons[at - 1].rule->result < reason->rule->result; at--)
        reasons[at] = reasons[at - 1];
    reasons[at] = *reason;
    if (reason->rule->result > made->result)
        made->result = reason->rule->result;
    if (reason->rule->result != SMP_SUIT_LATER)
        return;
    made->from_open = made->from_open || reason->after_end;
    if (!isnan(reason->from_months) && !(reason->from_months <= made->from_months))
        made->from_months = reason->from_months;
}

enum smp_code smp_suit(struct smp_suitability *made, const struct smp_rules *rules,
                       const struct smp_case *from, struct smp_arena *arena, struct smp_err *err)
{
    struct smp_suitability out = { .result = SMP_SUIT_YES, .from_months = (double)NAN };
    struct smp_reason *reasons = smp_new(arena, struct smp_reason, rules->count);
    bool *ask[2]; // facts that decide, facts of what is good to know
    ask[0] = smp_new(arena, bool, smp_fact_count);
    ask[1] = smp_new(arena, bool, smp_fact_count);
    size_t *not_asked = smp_new(arena, size_t, smp_fact_count);
    if (!reasons || !ask[0] || !ask[1] || !not_asked)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu rules", rules->count);
    for (size_t i = 0; i < rules->count; i++) {
        const struct smp_rule *rule = &rules->rules[i];
        const enum truth truth = rule_holds(rule, from);
        if (truth == YES) {
            const struct smp_reason reason = reason_of(rule, from);
            add_reason(&out, reasons, &reason);
        } else if (truth == UNKNOWN) {
            ask_for(ask[rule->result == SMP_SUIT_YES], rule, from);
        }
    }
    for (size_t pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < smp_fact_count; i++) {
            if (ask[pass][i] && !(pass && ask[0][i]))
                not_asked[out.not_asked_count++] = i;
        }
        if (!pass)
            out.deciding_count = out.not_asked_count;
    }
    if (out.result == SMP_SUIT_YES && out.deciding_count)
        out.result = SMP_SUIT_OPEN;
    out.reasons = reasons;
    out.not_asked = not_asked;
    *made = out;
    return SMP_OK;
}

// ---- In words and as JSON -----------------------------------------------------------------------

void smp_suit_from(char text[128], double from_months, bool open, const struct smp_date *today)
{
    char date[16] = "";
    if (today && !isnan(from_months)) {
        const struct smp_date from = smp_date_after(today, from_months);
        smp_date_print(date, &from);
    }
    if (isnan(from_months))
        snprintf(text, 128, "%s", open ? "once it is over" : "");
    else if (today)
        snprintf(text, 128, "from %s at the earliest%s", date,
                 open ? ", counted from the day that it ends" : "");
    else
        snprintf(text, 128, "%.3g month%s from now at the earliest%s", from_months,
                 from_months == 1 ? "" : "s", open ? ", counted from the day that it ends" : "");
}

static void set_from(json_t *object, double months, bool open, const struct smp_date *today)
{
    char date[16];
    json_object_set_new(object, "from_months", isnan(months) ? json_null() : json_real(months));
    json_object_set_new(object, "from_open", json_boolean(open));
    if (!today || isnan(months))
        return;
    const struct smp_date from = smp_date_after(today, months);
    smp_date_print(date, &from);
    json_object_set_new(object, "from_date", json_string(date));
}

static json_t *reason_json(const struct smp_reason *reason, const struct smp_date *today)
{
    const struct smp_rule *rule = reason->rule;
    const char grade[2] = { rule->grade, 0 };
    json_t *row = json_object();
    json_object_set_new(row, "rule", json_string(rule->id));
    json_object_set_new(row, "result", json_string(smp_suit_names[rule->result]));
    json_object_set_new(row, "why", json_string(rule->why));
    if (rule->result == SMP_SUIT_LATER || !isnan(reason->from_months))
        set_from(row, reason->from_months, reason->after_end, today);
    json_object_set_new(row, "source", json_string(rule->source));
    json_object_set_new(row, "grade", json_string(grade));
    json_object_set_new(row, "weak", json_boolean(rule->grade == 'D' || rule->grade == 'U'));
    return row;
}

json_t *smp_suit_json(const struct smp_suitability *made, const struct smp_date *today)
{
    json_t *object = json_object(), *reasons = json_array(), *asked = json_array();
    json_object_set_new(object, "result", json_string(smp_suit_names[made->result]));
    set_from(object, made->from_months, made->from_open, today);
    for (size_t i = 0; i < made->reason_count; i++)
        json_array_append_new(reasons, reason_json(&made->reasons[i], today));
    for (size_t i = 0; i < made->not_asked_count; i++) {
        const struct smp_fact *fact = &smp_facts[made->not_asked[i]];
        json_array_append_new(asked, json_pack("{s:s, s:s, s:b}", "field", fact->field, "question",
                                               fact->question, "decides",
                                               (int)(i < made->deciding_count)));
    }
    json_object_set_new(object, "reasons", reasons);
    json_object_set_new(object, "not_asked", asked);
    return object;
}

const char *smp_suit_sentence(enum smp_suit result)
{
    switch (result) {
    case SMP_SUIT_YES:
        return "Nothing that was asked speaks against scalp micropigmentation.";
    case SMP_SUIT_OPEN:
        return "Nothing given speaks against it, but not all was asked. What was not asked is not "
               "taken for a no.";
    case SMP_SUIT_LATER:
        return "Not now: something has to pass or heal first.";
    case SMP_SUIT_DOCTOR:
        return "A doctor should say yes before any needle.";
    default:
        return "Scalp micropigmentation is not the right thing here, for the reason below.";
    }
}
