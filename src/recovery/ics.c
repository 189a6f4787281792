// A calendar as iCalendar (RFC 5545), to be taken into the client's own.
#include "recovery/recovery_impl.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

enum { OCTETS_MAX = 75 }; // of a line without its break (§3.1)

static bool continues(unsigned char byte) // inside a character of UTF-8
{
    return (byte & 0xc0) == 0x80;
}

// "name:value", the value a TEXT where `text` (§3.3.11), folded (§3.1).
static void put_line(struct smp_buffer *out, const char *name, const char *value, bool text)
{
    struct smp_buffer line = { 0 };
    smp_buffer_text(&line, name);
    smp_buffer_text(&line, ":");
    for (const char *c = value; *c; c++) {
        const unsigned char byte = (unsigned char)*c;
        if (text && (*c == '\\' || *c == ';' || *c == ','))
            smp_buffer_text(&line, "\\");
        if (text && *c == '\n')
            smp_buffer_text(&line, "\\n");
        else if (byte >= ' ' && byte != 0x7f)
            smp_buffer_add(&line, c, 1);
    }
    size_t at = 0, room = OCTETS_MAX;
    while (line.length - at > room) {
        size_t end = at + room;
        while (end > at + 1 && continues((unsigned char)line.data[end]))
            end--;
        smp_buffer_add(out, line.data + at, end - at);
        smp_buffer_text(out, "\r\n ");
        at = end;
        room = OCTETS_MAX - 1; // the blank counts
    }
    smp_buffer_add(out, line.data + at, line.length - at);
    smp_buffer_text(out, "\r\n");
    out->failed = out->failed || line.failed;
    smp_buffer_drop(&line);
}

static void put_day(struct smp_buffer *out, const char *name, int day, const char *time)
{
    char text[32];
    const struct smp_date date = smp_date_of(day);
    snprintf(text, sizeof text, "%04d%02d%02d%s", date.year % 10000, date.month % 100,
             date.day % 100, time);
    put_line(out, name, text, false);
}

static uint64_t hash_text(uint64_t hash, const char *text)
{
    for (const char *c = text; *c; c++)
        hash = smp_hash64(hash, (unsigned char)*c);
    return smp_hash64(hash, 0);
}

// The same for the same line of the same session, whenever it is written.
static void put_uid(struct smp_buffer *out, const struct smp_calendar *calendar,
                    const struct smp_calendar_entry *entry)
{
    char text[64];
    uint64_t hash = hash_text(1, calendar->title);
    hash = hash_text(hash, smp_choice_names[entry->line->choice]);
    hash = hash_text(hash, entry->line->id);
    hash = hash_text(hash, entry->what); // the sessions still to come differ in nothing else
    hash = smp_hash64(hash, entry->session);
    hash = smp_hash64(hash, (uint64_t)(int64_t)calendar->first);
    snprintf(text, sizeof text, "%016" PRIx64 "-%016" PRIx64 "@stubble", hash, smp_hash64(hash, 2));
    put_line(out, "UID", text, false);
}

static void put_event(struct smp_buffer *out, const struct smp_calendar *calendar,
                      const struct smp_calendar_entry *entry)
{
    const bool goes_on = entry->until[0] == INT_MAX;
    struct smp_buffer text = { 0 };
    char whose[80], from[40], until[40] = "";
    smp_calendar_whose(whose, entry);
    smp_calendar_span(from, entry->from);
    if (!goes_on)
        smp_calendar_span(until, entry->until);
    smp_buffer_text(out, "BEGIN:VEVENT\r\n");
    put_uid(out, calendar, entry);
    put_day(out, "DTSTAMP", calendar->first, "T000000Z");
    put_day(out, "DTSTART;VALUE=DATE", entry->from[0], "");
    put_day(out, "DTEND;VALUE=DATE", (goes_on ? entry->from[0] : entry->until[1]) + 1, "");
    smp_buffer_print(&text, "%s, %s: ", whose, smp_recovery_kind_names[entry->line->kind]);
    smp_buffer_text(&text, entry->what);
    smp_buffer_add(&text, "", 1);
    put_line(out, "SUMMARY", text.failed ? "" : text.data, true);
    text.length = 0;
    smp_buffer_print(&text, "From %s; %s%s.\nSource (grade %c): ", from,
                     goes_on ? "goes on" : "until ", until, entry->line->grade);
    smp_buffer_text(&text, entry->line->source);
    smp_buffer_text(&text, "\n" SMP_RECOVERY_NOTE);
    smp_buffer_add(&text, "", 1);
    put_line(out, "DESCRIPTION", text.failed ? "" : text.data, true);
    put_line(out, "CATEGORIES", smp_recovery_kind_names[entry->line->kind], true);
    smp_buffer_text(out, "CLASS:PRIVATE\r\nTRANSP:TRANSPARENT\r\nEND:VEVENT\r\n");
    out->failed = out->failed || text.failed;
    smp_buffer_drop(&text);
}

void smp_calendar_ics(struct smp_buffer *out, const struct smp_calendar *calendar)
{
    smp_buffer_text(out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
                         "PRODID:-//stubble//recovery calendar//EN\r\nCALSCALE:GREGORIAN\r\n");
    put_line(out, "X-WR-CALNAME", *calendar->title ? calendar->title : "Recovery", true);
    for (size_t i = 0; i < calendar->count; i++)
        put_event(out, calendar, &calendar->entries[i]);
    smp_buffer_text(out, "END:VCALENDAR\r\n");
}
