// The screening for micropigmentation, as a section.
#include "report/words.h"

#include <math.h>

const char *smp_say_screened(struct smp_doc *doc, const struct smp_report *report)
{
    const struct smp_suitability *made = report->suitability;
    if (!made || made->result < SMP_SUIT_LATER)
        return NULL;
    return smp_doc_say(doc, "Scalp micropigmentation: %s. %s", smp_suit_names[made->result],
                       smp_suit_sentence(made->result));
}

static void put_reasons(struct smp_doc *doc, const struct smp_suitability *made)
{
    static const struct smp_part_column column[] = { { "Result", 0.2, false },
                                                     { "Why", 0.5, false },
                                                     { "Source", 0.3, false } };
    struct smp_part_table *table = smp_doc_table(doc, "What your answers say, the gravest first.",
                                                 column, 3, made->reason_count);
    for (size_t i = 0; i < table->rows; i++) {
        const struct smp_reason *reason = &made->reasons[i];
        const struct smp_rule *rule = reason->rule;
        char from[128] = "";
        if (rule->result == SMP_SUIT_LATER || !isnan(reason->from_months))
            smp_suit_from(from, reason->from_months, reason->after_end, NULL);
        smp_doc_cell(doc, table, i, 0, "%s%s%s",
                     rule->result == SMP_SUIT_YES
                         ? "Good to know"
                         : smp_say_first(doc, smp_suit_names[rule->result]),
                     *from ? ", " : "", from);
        smp_doc_cell(doc, table, i, 1, "%s", rule->why);
        smp_doc_cell(doc, table, i, 2, "%s (grade %c)", rule->source, rule->grade);
    }
}

void smp_report_suitability(struct smp_doc *doc, const struct smp_report *report)
{
    const struct smp_suitability *made = report->suitability;
    if (!made)
        return;
    char from[128];
    smp_suit_from(from, made->from_months, made->from_open, NULL);
    const bool later = made->result == SMP_SUIT_LATER && *from;
    smp_doc_section(doc, "suitability", "Would dots suit your skin and health?");
    smp_doc_text(
        doc, SMP_VOICE_PLAIN,
        "This check is for scalp micropigmentation only. It goes by your answers and finds "
        "no disease. For the other options a doctor does the same.");
    smp_doc_text(doc, SMP_VOICE_CARE, "%s%s%s. %s",
                 smp_say_first(doc, smp_suit_names[made->result]), later ? ", " : "",
                 later ? from : "", smp_suit_sentence(made->result));
    if (made->reason_count)
        put_reasons(doc, made);
    if (made->not_asked_count == 0)
        return;
    const char **questions = smp_doc_new(doc, made->not_asked_count, sizeof *questions);
    if (!questions)
        return;
    for (size_t i = 0; i < made->not_asked_count; i++)
        questions[i] = smp_facts[made->not_asked[i]].question;
    smp_doc_heading(doc, "Not asked yet");
    smp_doc_text(doc, SMP_VOICE_PLAIN,
                 "An answer to one of these could change the result. No answer is not a no.");
    smp_doc_list(doc, questions, made->not_asked_count);
}
