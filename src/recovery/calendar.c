// Lines of recovery set on the client's own dates.
#include "recovery/recovery_impl.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NOTES_MAX = 32, CHAIN_MAX = 6 };
static const int days_of_unit[] = { 1, 7, 30 }; // of a downtime; dates count real months

struct smp_downtime smp_recovery_downtime(const struct smp_recovery *recovery,
                                          enum smp_choice choice, enum smp_recovery_topic topic)
{
    struct smp_downtime made = { 0, 0 };
    for (size_t i = 0; i < recovery->count; i++) {
        const struct smp_recovery_line *line = &recovery->lines[i];
        if (line->choice != choice || line->topic != topic || line->until[0] < 0 ||
            (line->kind != SMP_RECOVERY_EXPECT && line->kind != SMP_RECOVERY_AVOID))
            continue;
        const int days = days_of_unit[line->unit];
        made.low_days =
            line->until[0] * days > made.low_days ? line->until[0] * days : made.low_days;
        made.high_days =
            line->until[1] * days > made.high_days ? line->until[1] * days : made.high_days;
    }
    return made;
}

// The day so many units of the line after a session; times: of a chain of sessions.
static int day_after(const struct smp_date *session, const struct smp_recovery_line *line,
                     int count)
{
    if (line->unit != SMP_IN_MONTHS)
        return smp_date_number(session) + count * (line->unit == SMP_IN_WEEKS ? 7 : 1);
    const struct smp_date day = smp_date_after(session, count);
    return smp_date_number(&day);
}

// ---- Building -----------------------------------------------------------------------------------

struct builder {
    const struct smp_calendar_params *params;
    struct smp_calendar *made;
    struct smp_calendar_entry *entries;
    const char **notes;
    struct smp_arena *arena;
    bool sessions; // the dates are those of SMP: other options begin on the first
    bool failed;
};

static void note(struct builder *b, const char *text)
{
    if (!text)
        b->failed = true;
    else if (b->made->note_count < NOTES_MAX)
        b->notes[b->made->note_count++] = text;
}

static const char *day_text(struct smp_arena *arena, int day)
{
    char text[16];
    const struct smp_date date = smp_date_of(day);
    smp_date_print(text, &date);
    return smp_strdup(arena, text);
}

static void add(struct builder *b, const struct smp_recovery_line *line, size_t session,
                const struct smp_date *at, int times, const char *what)
{
    struct smp_calendar_entry *entry = &b->entries[b->made->count++];
    *entry = (struct smp_calendar_entry){ .line = line, .session = session, .what = what };
    for (size_t i = 0; i < 2; i++) {
        entry->from[i] = day_after(at, line, line->from[i] * times);
        entry->until[i] =
            line->until[0] < 0 ? INT_MAX : day_after(at, line, line->until[i] * times);
    }
    if (!what)
        b->failed = true;
    if (line->until[0] >= 0 && entry->until[1] > b->made->last)
        b->made->last = entry->until[1];
}

// After the last session that has a date: the ones that are still to come, or one if any is.
static void add_next(struct builder *b, const struct smp_recovery_line *line,
                     const struct smp_date *dates, size_t count)
{
    const bool smp = line->choice == SMP_CHOICE_SMP;
    const int total = smp ? b->params->sessions : 0;
    const int open = total > (int)count ? total - (int)count : 0;
    if (!total)
        add(b, line, count, &dates[count - 1], 1,
            smp_format(b->arena, "%.*s, if one is planned.", (int)strlen(line->what) - 1,
                       line->what));
    for (int k = 1; k <= open && k <= CHAIN_MAX; k++)
        add(b, line, count, &dates[count - 1], k,
            smp_format(b->arena, "%.*s: number %d of %d.", (int)strlen(line->what) - 1, line->what,
                       (int)count + k, total));
}

// A session that comes before the one before it has healed.
static void check_gaps(struct builder *b, const struct smp_recovery_line *line,
                       const struct smp_date *dates, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const int earliest = day_after(&dates[i - 1], line, line->from[0]);
        const int day = smp_date_number(&dates[i]);
        if (day < earliest)
            note(b, smp_format(b->arena,
                               "%s: the session of %s is %d days after the one before it; the "
                               "earliest is %s.",
                               smp_choice_words[line->choice], day_text(b->arena, day),
                               day - smp_date_number(&dates[i - 1]), day_text(b->arena, earliest)));
    }
}

static void add_option(struct builder *b, enum smp_choice choice, const struct smp_date *dates,
                       size_t count)
{
    const struct smp_recovery *recovery = b->params->recovery;
    const bool whole = choice != SMP_CHOICE_SMP || b->params->sessions <= (int)count;
    for (size_t i = 0; i < recovery->count; i++) {
        const struct smp_recovery_line *line = &recovery->lines[i];
        if (line->choice != choice)
            continue;
        if (line->after == SMP_AFTER_NEXT) {
            add_next(b, line, dates, count);
            check_gaps(b, line, dates, count);
        } else if (line->after == SMP_AFTER_FIRST) {
            add(b, line, 1, &dates[0], 1, line->what);
        } else if (line->after == SMP_AFTER_LAST && whole) {
            add(b, line, count, &dates[count - 1], 1, line->what);
        }
        for (size_t s = 0; s < count && line->after == SMP_AFTER_EACH; s++)
            add(b, line, s + 1, &dates[s], 1, line->what);
    }
    if (!whole)
        note(b, smp_format(b->arena,
                           "%d sessions of SMP are planned and %zu have a date: check-up and "
                           "touch-up are told once all have.",
                           b->params->sessions, count));
}

static void add_choice(struct builder *b, enum smp_choice choice)
{
    struct smp_calendar *made = b->made;
    enum smp_choice parts[2];
    const size_t part_count = smp_recovery_parts(parts, choice);
    const bool surgery = choice == SMP_CHOICE_SMP_FUE || choice == SMP_CHOICE_FUT_SCAR_SMP;
    const struct smp_date *dates = b->params->dates;
    const size_t count = b->params->date_count;
    for (size_t p = 0; p < part_count; p++) {
        bool there = false;
        for (size_t i = 0; i < made->choice_count; i++)
            there = there || made->choices[i] == parts[p];
        if (there)
            continue;
        made->choices[made->choice_count++] = parts[p];
        if (!surgery)
            add_option(b, parts[p], dates, b->sessions && parts[p] != SMP_CHOICE_SMP ? 1 : count);
        else if (p == 0)
            add_option(b, parts[p], dates, 1);
        else if (count > 1)
            add_option(b, parts[p], dates + 1, count - 1);
    }
    if (choice == SMP_CHOICE_SMP_MEDICATION)
        note(b, "The medication has a calendar of its own: ask for it by its name.");
    if (!surgery)
        return;
    // The screening's rules transplant and scar.young: six months, of a line scar nine.
    const struct smp_date from =
        smp_date_after(&dates[0], choice == SMP_CHOICE_FUT_SCAR_SMP ? 9 : 6);
    const int earliest = smp_date_number(&from);
    if (count == 1 || smp_date_number(&dates[1]) < earliest)
        note(b, smp_format(b->arena, "SMP comes no earlier than %s: %s after the operation.",
                           day_text(b->arena, earliest),
                           choice == SMP_CHOICE_FUT_SCAR_SMP ? "nine months" : "six months"));
}

static int by_day(const void *left, const void *right)
{
    const struct smp_calendar_entry *a = left, *b = right;
    if (a->from[0] != b->from[0])
        return a->from[0] < b->from[0] ? -1 : 1;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    return a->session < b->session ? -1 : a->session > b->session;
}

static enum smp_code check_dates(const struct smp_calendar_params *params, struct smp_err *err)
{
    char text[2][16];
    if (params->choice_count < 1)
        return smp_fail(err, SMP_E_INPUT, "a calendar needs an option");
    if (params->date_count < 1 || params->date_count > SMP_DATES_MAX)
        return smp_fail(err, SMP_E_INPUT, "a calendar must have 1 to %d sessions, not %zu",
                        SMP_DATES_MAX, params->date_count);
    for (size_t i = 1; i < params->date_count; i++) {
        if (smp_date_number(&params->dates[i - 1]) < smp_date_number(&params->dates[i]))
            continue;
        for (size_t k = 0; k < 2; k++)
            smp_date_print(text[k], &params->dates[i - 1 + k]);
        return smp_fail(err, SMP_E_INPUT, "session %zu must be after session %zu, not %s after %s",
                        i + 1, i, text[1], text[0]);
    }
    return SMP_OK;
}

enum smp_code smp_calendar_make(struct smp_calendar *made, const struct smp_calendar_params *params,
                                struct smp_arena *arena, struct smp_err *err)
{
    struct smp_calendar out = { .title = params->title ? params->title : "" };
    enum smp_code code = check_dates(params, err);
    if (code)
        return code;
    const size_t most = params->recovery->count * (SMP_DATES_MAX + CHAIN_MAX);
    struct builder b = { .params = params,
                         .made = &out,
                         .entries = smp_new(arena, struct smp_calendar_entry, most),
                         .notes = smp_new(arena, const char *, NOTES_MAX),
                         .arena = arena };
    if (!b.entries || !b.notes)
        return smp_fail(err, SMP_E_NOMEM, "no memory for a calendar of %zu lines", most);
    out.first = out.last = smp_date_number(&params->dates[0]);
    for (size_t i = 0; i < params->choice_count; i++) {
        enum smp_choice parts[2];
        const size_t count = smp_recovery_parts(parts, params->choices[i]);
        for (size_t p = 0; p < count; p++)
            b.sessions = b.sessions || parts[p] == SMP_CHOICE_SMP;
    }
    for (size_t i = 0; i < params->choice_count; i++)
        add_choice(&b, params->choices[i]);
    if (b.failed)
        return smp_fail(err, SMP_E_NOMEM, "no memory for a calendar of %zu lines", most);
    qsort(b.entries, out.count, sizeof *b.entries, by_day);
    for (size_t i = 0; i < out.choice_count; i++) {
        for (int t = 0; t < SMP_RECOVERY_TOPIC_COUNT; t++)
            out.downtimes[out.choices[i]][t] =
                smp_recovery_downtime(params->recovery, out.choices[i], (enum smp_recovery_topic)t);
    }
    out.entries = b.entries;
    out.notes = b.notes;
    *made = out;
    return SMP_OK;
}

// ---- Forms --------------------------------------------------------------------------------------

void smp_calendar_whose(char text[80], const struct smp_calendar_entry *entry)
{
    const enum smp_choice choice = entry->line->choice;
    if (choice == SMP_CHOICE_SMP)
        snprintf(text, 80, "SMP session %zu", entry->session);
    else if (choice == SMP_CHOICE_FUE || choice == SMP_CHOICE_FUT)
        snprintf(text, 80, entry->session > 1 ? "%s operation %zu" : "%s",
                 choice == SMP_CHOICE_FUE ? "FUE" : "FUT", entry->session);
    else
        snprintf(text, 80, "%s", smp_choice_words[choice]);
}

void smp_calendar_span(char text[40], const int days[2])
{
    char dates[2][16];
    for (size_t i = 0; i < 2; i++) {
        const struct smp_date date = smp_date_of(days[i]);
        smp_date_print(dates[i], &date);
    }
    snprintf(text, 40, days[0] == days[1] ? "%s" : "%s to %s", dates[0], dates[1]);
}

enum smp_code smp_calendar_write(struct smp_bytes *bytes, const struct smp_calendar *calendar,
                                 enum smp_calendar_form form, struct smp_arena *arena,
                                 struct smp_err *err)
{
    struct smp_buffer out = { 0 };
    if (form == SMP_CALENDAR_JSON) {
        struct smp_json root = { .node = smp_calendar_object(calendar) };
        const char *json = smp_json_dump(root.node, false, arena);
        smp_json_close(&root);
        smp_buffer_text(&out, json ? json : "");
        smp_buffer_text(&out, "\n");
        out.failed = out.failed || !json;
    }
    if (form == SMP_CALENDAR_TEXT)
        smp_calendar_text(&out, calendar);
    if (form == SMP_CALENDAR_ICS)
        smp_calendar_ics(&out, calendar);
    if (form == SMP_CALENDAR_SVG)
        smp_calendar_svg(&out, calendar);
    const char *text = out.failed ? NULL : smp_format(arena, "%.*s", (int)out.length, out.data);
    const size_t length = out.length;
    smp_buffer_drop(&out);
    if (!text)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the calendar");
    *bytes = (struct smp_bytes){ (const uint8_t *)text, length };
    return SMP_OK;
}
