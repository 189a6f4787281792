// A calendar by day, in words, and as JSON.
#include "recovery/recovery_impl.h"

#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

// ---- Text ---------------------------------------------------------------------------------------

static int column_width(int topic)
{
    const int width = (int)strlen(smp_recovery_topic_words[topic]);
    return width > 9 ? width : 9;
}

static void put_downtimes(struct smp_buffer *out, const struct smp_calendar *calendar)
{
    smp_buffer_text(out, "\nDays after one session, operation or first dose, lowest to highest of "
                         "the sources (-: none):\n");
    smp_buffer_print(out, "%-38s", "");
    for (int t = 0; t < SMP_REC_REST; t++)
        smp_buffer_print(out, "  %-*s", column_width(t), smp_recovery_topic_words[t]);
    smp_buffer_text(out, "\n");
    for (size_t i = 0; i < calendar->choice_count; i++) {
        smp_buffer_print(out, "%-38s", smp_choice_words[calendar->choices[i]]);
        for (int t = 0; t < SMP_REC_REST; t++) {
            const struct smp_downtime days = calendar->downtimes[calendar->choices[i]][t];
            char text[32] = "-";
            if (days.high_days)
                snprintf(text, sizeof text, "%d to %d", days.low_days, days.high_days);
            smp_buffer_print(out, "  %-*s", column_width(t), text);
        }
        smp_buffer_text(out, "\n");
    }
}

static void put_day(struct smp_buffer *out, const char *before, int day)
{
    const int days[] = { day, day };
    char text[40];
    smp_calendar_span(text, days);
    smp_buffer_text(out, before);
    smp_buffer_text(out, text);
}

static void put_date(struct smp_buffer *out, const struct smp_calendar_entry *entry)
{
    const int best[] = { entry->from[1], entry->until[0] };
    char span[40];
    if (entry->from[0] < entry->from[1])
        put_day(out, " Earliest ", entry->from[0]);
    if (best[0] <= best[1]) {
        smp_calendar_span(span, best);
        smp_buffer_print(out, entry->from[0] < best[0] ? ", best %s" : " Best %s", span);
    }
    put_day(out, ", at the latest ", entry->until[1]);
    smp_buffer_text(out, ".\n");
}

// What begins on a day.
static void put_entry(struct smp_buffer *out, const struct smp_calendar_entry *entry)
{
    char whose[80], span[40];
    smp_calendar_whose(whose, entry);
    smp_buffer_print(out, "  %-7s %s: ", smp_recovery_kind_names[entry->line->kind], whose);
    smp_buffer_text(out, entry->what);
    if (entry->until[0] == INT_MAX) {
        smp_buffer_text(out, " Goes on.\n");
    } else if (entry->line->kind == SMP_RECOVERY_DATE) {
        put_date(out, entry);
    } else {
        smp_calendar_span(span, entry->from);
        if (entry->from[0] < entry->from[1])
            smp_buffer_print(out, " Begins %s.", span);
        smp_calendar_span(span, entry->until);
        smp_buffer_print(out, " Until %s.\n", span);
    }
}

// Whether its end is news.
static bool ends(const struct smp_calendar_entry *entry)
{
    return entry->until[0] != INT_MAX &&
           (entry->line->kind == SMP_RECOVERY_EXPECT || entry->line->kind == SMP_RECOVERY_AVOID);
}

// What is over on a day, by its first sentence.
static void put_ended(struct smp_buffer *out, const struct smp_calendar *calendar, int day)
{
    for (size_t i = 0; i < calendar->count; i++) {
        const struct smp_calendar_entry *entry = &calendar->entries[i];
        char whose[80];
        if (!ends(entry) || entry->until[1] + 1 != day)
            continue;
        smp_calendar_whose(whose, entry);
        const char *end = strstr(entry->what, ". ");
        const size_t length = end ? (size_t)(end - entry->what) + 1 : strlen(entry->what);
        smp_buffer_print(out, "  %-7s %s: ", "over", whose);
        smp_buffer_print(out, "%.*s\n", (int)length, entry->what);
    }
}

// The first day after `day` on which something begins or is over; INT_MAX: none.
static int next_day(const struct smp_calendar *calendar, int day)
{
    int next = INT_MAX;
    for (size_t i = 0; i < calendar->count; i++) {
        const struct smp_calendar_entry *entry = &calendar->entries[i];
        const int end = ends(entry) ? entry->until[1] + 1 : INT_MAX;
        if (entry->from[0] > day && entry->from[0] < next)
            next = entry->from[0];
        if (end > day && end < next)
            next = end;
    }
    return next;
}

static void put_sources(struct smp_buffer *out, const struct smp_calendar *calendar)
{
    smp_buffer_text(out, "\nSources (A paper, law; B professional body, label; C practitioner, "
                         "vendor; D forum, marketing; U working knowledge):\n");
    for (size_t i = 0; i < calendar->count; i++) {
        const struct smp_recovery_line *line = calendar->entries[i].line;
        bool told = false;
        for (size_t k = 0; k < i && !told; k++)
            told = calendar->entries[k].line == line;
        if (told)
            continue;
        smp_buffer_print(out, "  %s, %s (%c): ", smp_choice_names[line->choice], line->id,
                         line->grade);
        smp_buffer_text(out, line->source);
        smp_buffer_text(out, "\n");
    }
}

void smp_calendar_text(struct smp_buffer *out, const struct smp_calendar *calendar)
{
    static const char *const weekdays[] = { "Monday", "Tuesday",  "Wednesday", "Thursday",
                                            "Friday", "Saturday", "Sunday" };
    smp_buffer_text(out, "Recovery calendar");
    smp_buffer_text(out, *calendar->title ? ": " : "");
    smp_buffer_text(out, calendar->title);
    smp_buffer_text(out, "\n" SMP_RECOVERY_NOTE "\n");
    put_downtimes(out, calendar);
    for (size_t i = 0; i < calendar->note_count; i++) {
        smp_buffer_text(out, i ? "! " : "\n! ");
        smp_buffer_text(out, calendar->notes[i]);
        smp_buffer_text(out, "\n");
    }
    for (int day = next_day(calendar, INT_MIN); day < INT_MAX; day = next_day(calendar, day)) {
        char text[16];
        const struct smp_date date = smp_date_of(day);
        smp_date_print(text, &date);
        smp_buffer_print(out, "\n%s %s (day %d)\n", text, weekdays[((day + 3) % 7 + 7) % 7],
                         day - calendar->first);
        for (size_t i = 0; i < calendar->count; i++) {
            if (calendar->entries[i].from[0] == day)
                put_entry(out, &calendar->entries[i]);
        }
        put_ended(out, calendar, day);
    }
    put_sources(out, calendar);
}

// ---- JSON ---------------------------------------------------------------------------------------

static json_t *days_json(const int days[2])
{
    json_t *pair = json_array();
    for (size_t i = 0; i < 2; i++) {
        char text[16];
        const struct smp_date date = smp_date_of(days[i]);
        smp_date_print(text, &date);
        json_array_append_new(pair, json_string(text));
    }
    return pair;
}

static json_t *entry_json(const struct smp_calendar_entry *entry)
{
    const struct smp_recovery_line *line = entry->line;
    const char grade[2] = { line->grade, 0 };
    json_t *row = json_object();
    json_object_set_new(row, "id", json_string(line->id));
    json_object_set_new(row, "session", json_integer((json_int_t)entry->session));
    json_object_set_new(row, "kind", json_string(smp_recovery_kind_names[line->kind]));
    json_object_set_new(row, "topic", json_string(smp_recovery_topic_names[line->topic]));
    json_object_set_new(row, "what", json_string(entry->what));
    json_object_set_new(row, "from", days_json(entry->from));
    json_object_set_new(row, "until",
                        entry->until[0] == INT_MAX ? json_null() : days_json(entry->until));
    json_object_set_new(row, "source", json_string(line->source));
    json_object_set_new(row, "grade", json_string(grade));
    json_object_set_new(row, "weak", json_boolean(line->grade == 'D' || line->grade == 'U'));
    return row;
}

json_t *smp_calendar_object(const struct smp_calendar *calendar)
{
    json_t *object = json_object(), *options = json_array(), *notes = json_array();
    json_object_set_new(object, "note", json_string(SMP_RECOVERY_NOTE));
    json_object_set_new(object, "title", json_string(calendar->title));
    for (size_t i = 0; i < calendar->note_count; i++)
        json_array_append_new(notes, json_string(calendar->notes[i]));
    json_object_set_new(object, "notes", notes);
    for (size_t i = 0; i < calendar->choice_count; i++) {
        const enum smp_choice choice = calendar->choices[i];
        json_t *option = json_object(), *downtime = json_object(), *lines = json_array();
        for (int t = 0; t < SMP_REC_REST; t++) {
            const struct smp_downtime days = calendar->downtimes[choice][t];
            json_object_set_new(downtime, smp_recovery_topic_names[t],
                                json_pack("[i, i]", days.low_days, days.high_days));
        }
        for (size_t k = 0; k < calendar->count; k++) {
            if (calendar->entries[k].line->choice == choice)
                json_array_append_new(lines, entry_json(&calendar->entries[k]));
        }
        json_object_set_new(option, "option", json_string(smp_choice_names[choice]));
        json_object_set_new(option, "words", json_string(smp_choice_words[choice]));
        json_object_set_new(option, "downtime_days", downtime);
        json_object_set_new(option, "lines", lines);
        json_array_append_new(options, option);
    }
    json_object_set_new(object, "options", options);
    return object;
}
