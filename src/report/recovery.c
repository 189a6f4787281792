// Recovery under each option, side by side.
#include "recovery/recovery.h"
#include "report/words.h"

static const char *const unit_names[] = { "day", "week", "month" };

// Longest of the steps that an option is made of.
static struct smp_downtime downtime_of(const struct smp_recovery *recovery, enum smp_choice choice,
                                       enum smp_recovery_topic topic)
{
    enum smp_choice parts[2];
    const size_t count = smp_recovery_parts(parts, choice);
    struct smp_downtime longest = { 0, 0 };
    for (size_t i = 0; i < count; i++) {
        const struct smp_downtime one = smp_recovery_downtime(recovery, parts[i], topic);
        if (one.low_days > longest.low_days)
            longest.low_days = one.low_days;
        if (one.high_days > longest.high_days)
            longest.high_days = one.high_days;
    }
    return longest;
}

static const char *days_words(struct smp_doc *doc, struct smp_downtime downtime)
{
    if (downtime.high_days == 0)
        return "0";
    if (downtime.low_days == downtime.high_days)
        return smp_doc_say(doc, "%d", downtime.high_days);
    return smp_doc_say(doc, "%d to %d", downtime.low_days, downtime.high_days);
}

static void put_downtimes(struct smp_doc *doc, const struct smp_report *report)
{
    static const struct smp_part_column column[] = {
        { "Option", 0.28, false },
        { "Off work", 0.11, false },
        { "Others can see it", 0.14, false },
        { "No gym", 0.11, false },
        { "No pool or sauna", 0.13, false },
        { "No sun", 0.11, false },
        { "No shaving", 0.12, false },
    };
    const struct smp_comparison *made = report->made;
    struct smp_part_table *table = smp_doc_table(
        doc,
        "Days after one session, one operation or the first dose, from the shortest to the longest "
        "that sources say. Three sessions have it three times. Of an option in two steps, the "
        "longer one.",
        column, 7, made->count);
    for (size_t i = 0; i < table->rows; i++) {
        const enum smp_choice choice = made->outcomes[i].choice;
        smp_doc_cell(doc, table, i, 0, "%s", smp_say_name(doc, choice));
        for (int t = 0; t < SMP_REC_REST; t++)
            smp_doc_cell(
                doc, table, i, (size_t)t + 1, "%s",
                days_words(doc, downtime_of(report->recovery, choice, (enum smp_recovery_topic)t)));
    }
}

// "Day 2 to 10: …": from the earliest begin to the latest end.
static const char *line_words(struct smp_doc *doc, const struct smp_recovery_line *line)
{
    const char *unit = unit_names[line->unit];
    const char *weak = line->grade == 'D' || line->grade == 'U' ? " (weak source)" : "";
    if (line->until[0] < 0)
        return smp_doc_say(doc, "From %s %d on: %s%s", unit, line->from[0], line->what, weak);
    return smp_doc_say(doc, "%s %d to %d: %s%s", smp_say_first(doc, unit), line->from[0],
                       line->until[1], line->what, weak);
}

static const char *course_words(struct smp_doc *doc, const struct smp_recovery *recovery,
                                enum smp_choice choice)
{
    enum smp_choice parts[2];
    const size_t count = smp_recovery_parts(parts, choice);
    if (count == 2)
        return smp_doc_say(doc, "As told for %s, and as told for %s.", smp_choice_words[parts[0]],
                           smp_choice_words[parts[1]]);
    const char *all = "";
    for (size_t i = 0; i < recovery->count && count; i++) {
        const struct smp_recovery_line *line = &recovery->lines[i];
        if (line->choice != parts[0] || line->kind != SMP_RECOVERY_EXPECT)
            continue;
        all = smp_doc_say(doc, *all ? "%s\n%s" : "%s%s", all, line_words(doc, line));
    }
    return *all ? all : "Nothing to heal.";
}

void smp_report_recovery(struct smp_doc *doc, const struct smp_report *report)
{
    static const struct smp_part_column column[] = { { "Option", 0.26, false },
                                                     { "What you feel and see", 0.74, false } };
    const struct smp_comparison *made = report->made;
    if (!report->recovery)
        return;
    smp_doc_section(doc, "recovery", "Healing and time out");
    smp_doc_text(doc, SMP_VOICE_PLAIN,
                 "What your technician or surgeon says comes first. The days below are what "
                 "clinics tell their clients. They do not all agree, so each has a range.");
    put_downtimes(doc, report);
    struct smp_part_table *table =
        smp_doc_table(doc, "What is felt and seen, and when.", column, 2, made->count);
    for (size_t i = 0; i < table->rows; i++) {
        const enum smp_choice choice = made->outcomes[i].choice;
        smp_doc_cell(doc, table, i, 0, "%s", smp_say_name(doc, choice));
        smp_doc_cell(doc, table, i, 1, "%s", course_words(doc, report->recovery, choice));
    }
}
