// Recovery: the built-in lines, faults of a file, calendars on real dates, and the forms they are
// written in.
#include "program.h"
#include "recovery/recovery.h"
#include "replay.h"

#include <jansson.h>
#include <limits.h>

static struct smp_arena arena;
static struct smp_recovery recovery;
static struct smp_calendar calendar;
static struct smp_date dates[SMP_DATES_MAX];
static enum smp_choice choices[SMP_CHOICE_COUNT];
static struct smp_calendar_params params;

static void begin(void)
{
    struct smp_err err = { 0 };
    smp_arena_make(&arena, 0);
    ck_assert_msg(!smp_recovery_load(&recovery, NULL, &arena, &err), "%s", err.msg);
    params = (struct smp_calendar_params){
        .recovery = &recovery, .choices = choices, .choice_count = 1, .dates = dates
    };
}

static enum smp_code make(struct smp_err *err, enum smp_choice choice, const char *sessions)
{
    params.date_count = 0;
    for (const char *at = sessions; *at; at += at[10] ? 11 : 10) {
        char day[11];
        snprintf(day, sizeof day, "%.10s", at);
        ck_assert_int_eq(smp_date_read(&dates[params.date_count++], day, "day", NULL), SMP_OK);
    }
    if (params.choice_count == 1)
        choices[0] = choice;
    return smp_calendar_make(&calendar, &params, &arena, err);
}

static void made(enum smp_choice choice, const char *sessions)
{
    struct smp_err err = { 0 };
    ck_assert_msg(!make(&err, choice, sessions), "%s", err.msg);
}

static const struct smp_calendar_entry *entry(const char *id, size_t session)
{
    for (size_t i = 0; i < calendar.count; i++) {
        if (strcmp(calendar.entries[i].line->id, id) == 0 && calendar.entries[i].session == session)
            return &calendar.entries[i];
    }
    return NULL;
}

// "from0 from1 until0 until1" of a line of the calendar.
static void spans(const char *id, size_t session, const char *wanted)
{
    const struct smp_calendar_entry *e = entry(id, session);
    ck_assert_msg(e != NULL, "%s of session %zu is absent", id, session);
    const int days[] = { e->from[0], e->from[1], e->until[0], e->until[1] };
    char text[80] = "";
    for (size_t i = 0; i < 4; i++) {
        char day[16];
        const struct smp_date date = smp_date_of(days[i]);
        smp_date_print(day, &date);
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", i ? " " : "", day);
    }
    ck_assert_str_eq(text, wanted);
}

static const char *written(enum smp_calendar_form form)
{
    struct smp_bytes bytes = { 0 };
    ck_assert_int_eq(smp_calendar_write(&bytes, &calendar, form, &arena, NULL), SMP_OK);
    ck_assert_uint_eq(strlen((const char *)bytes.data), bytes.length);
    return (const char *)bytes.data;
}

// ---- Data ---------------------------------------------------------------------------------------

START_TEST(every_option_has_lines_that_are_ranges_with_an_origin)
{
    size_t counts[SMP_CHOICE_COUNT] = { 0 };
    begin();
    for (size_t i = 0; i < recovery.count; i++) {
        const struct smp_recovery_line *line = &recovery.lines[i];
        counts[line->choice]++;
        ck_assert(*line->source && *line->what);
        ck_assert(line->until[0] < 0 || line->until[0] < line->until[1]);
        ck_assert_msg(line->what[strlen(line->what) - 1] == '.', "%s", line->what);
    }
    for (int c = 0; c < SMP_CHOICE_COUNT; c++) {
        enum smp_choice parts[2];
        const bool single =
            smp_recovery_parts(parts, (enum smp_choice)c) == 1 && parts[0] == (enum smp_choice)c;
        ck_assert_msg((counts[c] > 0) == (single && c != SMP_CHOICE_NOTHING), "%s",
                      smp_choice_names[c]);
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(downtimes_can_be_held_beside_one_another)
{
    begin();
    const struct smp_downtime smp = smp_recovery_downtime(&recovery, SMP_CHOICE_SMP, SMP_REC_WORK);
    const struct smp_downtime fut = smp_recovery_downtime(&recovery, SMP_CHOICE_FUT, SMP_REC_WORK);
    const struct smp_downtime sun = smp_recovery_downtime(&recovery, SMP_CHOICE_SMP, SMP_REC_SUN);
    const struct smp_downtime fue = smp_recovery_downtime(&recovery, SMP_CHOICE_FUE, SMP_REC_SUN);
    ck_assert(smp.low_days == 0 && smp.high_days == 2);
    ck_assert(fut.low_days == 4 && fut.high_days == 7);
    ck_assert(sun.low_days == 28 && sun.high_days == 30);
    ck_assert(fue.low_days == 14 && fue.high_days == 21); // where SMP asks more, it is told
    for (int t = 0; t < SMP_RECOVERY_TOPIC_COUNT; t++) {
        const struct smp_downtime none =
            smp_recovery_downtime(&recovery, SMP_CHOICE_NOTHING, (enum smp_recovery_topic)t);
        ck_assert(none.low_days == 0 && none.high_days == 0);
    }
    smp_arena_drop(&arena);
}
END_TEST

static void refused(const char *name, const char *sentence)
{
    struct smp_err err = { 0 };
    struct smp_recovery none = { 0 };
    struct smp_bytes text;
    char path[200];
    snprintf(path, sizeof path, "tests/corpus/recovery/%s", name);
    ck_assert_int_eq(smp_file_read(&text, path, 1 << 20, &arena, NULL), SMP_OK);
    ck_assert_msg(smp_recovery_read(&none, "recovery.json", (const char *)text.data, text.length,
                                    &arena, &err) != SMP_OK,
                  "%s is taken", name);
    ck_msg_has(err, sentence);
    ck_assert_ptr_null(none.lines);
}

START_TEST(every_fault_of_a_file_is_one_sentence)
{
    begin();
    refused("not-json.txt", "recovery.json is not valid JSON");
    refused("unknown-top.json", "unknown field lines (known: about, recovery)");
    refused("no-list.json", "recovery.json has no recovery");
    refused("empty-list.json", "recovery must hold 1 to 500 items, not 0");
    refused("unknown-field.json", "unknown field recovery[0].day (known: option, id");
    refused("no-option.json", "recovery[0] has no option");
    refused("bad-option.json", "recovery[0].option must be one of nothing, smp, fut");
    refused("combined-option.json",
            "recovery[0].option must be a single option: both is made of others");
    refused("no-id.json", "recovery[0] has no id");
    refused("bad-id.json", "recovery[0].id must be of small letters");
    refused("bad-kind.json", "recovery[0].kind must be one of expect, avoid, care, date");
    refused("bad-topic.json", "recovery[0].topic must be one of work, look, sweat, water, sun");
    refused("bad-after.json", "recovery[0].after must be one of each, first, last, next");
    refused("bad-unit.json", "recovery[0].unit must be one of days, weeks, months");
    refused("no-from.json", "recovery[0] has no from");
    refused("from-single.json", "recovery[0].from must hold 2 to 2 items, not 1");
    refused("from-falls.json", "recovery[0].from must rise, not be 3 and 1 days");
    refused("from-real.json", "recovery[0].from[0] must be a whole number, not 0.5");
    refused("from-range.json", "recovery[0].from[1] must be 0 to 1200, not 1201");
    refused("until-point.json", "recovery[0].until must be a range, not 7 days alone");
    refused("ends-early.json", "recovery[0] must not end before it begins: from 5 to 8, until 4 "
                               "to 9 days");
    refused("no-what.json", "recovery[0] has no what");
    refused("bad-grade.json", "recovery[0].grade must be A, B, C, D or U, not \"E\"");
    refused("twice.json", "recovery[1].id \"a\" of smp is there twice");
    smp_arena_drop(&arena);
}
END_TEST

// ---- Dates --------------------------------------------------------------------------------------

START_TEST(lines_fall_on_the_days_that_a_calendar_shows)
{
    begin();
    made(SMP_CHOICE_SMP, "2028-02-20"); // over the leap day
    spans("redness", 1, "2028-02-20 2028-02-20 2028-02-22 2028-02-27");
    spans("shave", 1, "2028-02-20 2028-02-20 2028-02-24 2028-03-01");
    spans("water", 1, "2028-02-20 2028-02-20 2028-03-19 2028-03-21");
    spans("next", 1, "2028-02-27 2028-03-01 2028-03-05 2028-03-21");
    spans("touch-up", 1, "2030-02-20 2031-02-20 2033-02-20 2036-02-20");
    made(SMP_CHOICE_FUT, "2027-08-31"); // months that are shorter
    spans("stitches", 1, "2027-09-07 2027-09-10 2027-09-10 2027-09-14");
    spans("growth", 1, "2027-11-30 2027-12-31 2028-02-29 2028-05-31");
    made(SMP_CHOICE_MINOXIDIL, "2027-01-01"); // weeks
    spans("shedding", 1, "2027-01-08 2027-01-15 2027-02-12 2027-03-26");
    ck_assert_int_eq(entry("daily", 1)->until[0], INT_MAX);
    for (size_t i = 1; i < calendar.count; i++)
        ck_assert_int_ge(calendar.entries[i].from[0], calendar.entries[i - 1].from[0]);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(sessions_that_are_planned_are_told_of)
{
    begin();
    made(SMP_CHOICE_SMP, "2027-03-01"); // nobody knows how many
    ck_assert_ptr_nonnull(strstr(entry("next", 1)->what, "if one is planned."));
    params.sessions = 3;
    made(SMP_CHOICE_SMP, "2027-03-01");
    size_t next = 0;
    for (size_t i = 0; i < calendar.count; i++)
        next += strcmp(calendar.entries[i].line->id, "next") == 0;
    ck_assert_uint_eq(next, 2);
    ck_assert_ptr_null(entry("touch-up", 1));
    ck_assert_uint_eq(calendar.note_count, 1);
    ck_assert_str_eq(calendar.notes[0], "3 sessions of SMP are planned and 1 have a date: check-up "
                                        "and touch-up are told once all have.");
    made(SMP_CHOICE_SMP, "2027-03-01,2027-03-15,2027-03-29");
    ck_assert_ptr_null(entry("next", 3));
    ck_assert_ptr_nonnull(entry("touch-up", 3));
    ck_assert_ptr_nonnull(entry("redness", 2));
    ck_assert_uint_eq(calendar.note_count, 0);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_session_too_early_is_told_of)
{
    begin();
    made(SMP_CHOICE_SMP, "2027-03-01,2027-03-08");
    ck_assert_uint_eq(calendar.note_count, 0); // seven days are the earliest
    made(SMP_CHOICE_SMP, "2027-03-01,2027-03-07");
    ck_assert_uint_eq(calendar.note_count, 1);
    ck_assert_ptr_nonnull(strstr(calendar.notes[0], "the session of 2027-03-07 is 6 days after the "
                                                    "one before it; the earliest is 2027-03-08."));
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(options_made_of_two_have_both_calendars)
{
    begin();
    made(SMP_CHOICE_BOTH, "2027-03-01");
    ck_assert_uint_eq(calendar.choice_count, 2);
    made(SMP_CHOICE_SMP_FUE, "2027-03-01");
    ck_assert_uint_eq(calendar.choice_count, 2);
    ck_assert_ptr_null(entry("tender", 1)); // SMP has no date yet
    ck_assert_str_eq(calendar.notes[0],
                     "SMP comes no earlier than 2027-09-01: six months after the operation.");
    made(SMP_CHOICE_FUT_SCAR_SMP, "2027-03-01,2027-12-01");
    spans("tender", 1, "2027-12-01 2027-12-01 2027-12-02 2027-12-04");
    ck_assert_uint_eq(calendar.note_count, 0);
    made(SMP_CHOICE_FUT_SCAR_SMP, "2027-03-01,2027-11-30");
    ck_assert_str_eq(calendar.notes[0],
                     "SMP comes no earlier than 2027-12-01: nine months after the operation.");
    made(SMP_CHOICE_SMP_MEDICATION, "2027-03-01");
    ck_assert_str_eq(calendar.notes[0],
                     "The medication has a calendar of its own: ask for it by its name.");
    // Beside SMP the other options begin on its first session, once.
    params.choice_count = 2;
    choices[0] = SMP_CHOICE_SMP;
    choices[1] = SMP_CHOICE_FUE;
    made(SMP_CHOICE_SMP, "2027-03-01,2027-03-15");
    ck_assert_ptr_nonnull(entry("tender", 2));
    ck_assert_ptr_null(entry("swelling", 2));
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(wrong_dates_are_refused)
{
    struct smp_err err = { 0 };
    begin();
    ck_assert_int_eq(make(&err, SMP_CHOICE_SMP, ""), SMP_E_INPUT);
    ck_msg_eq(err, "a calendar must have 1 to 12 sessions, not 0");
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(make(&err, SMP_CHOICE_SMP, "2027-03-01,2027-03-01"), SMP_E_INPUT);
    ck_msg_eq(err, "session 2 must be after session 1, not 2027-03-01 after 2027-03-01");
    err = (struct smp_err){ 0 };
    params.choice_count = 0;
    ck_assert_int_eq(make(&err, SMP_CHOICE_SMP, "2027-03-01"), SMP_E_INPUT);
    ck_msg_eq(err, "a calendar needs an option");
    smp_arena_drop(&arena);
}
END_TEST

// ---- Forms --------------------------------------------------------------------------------------

// Lines of RFC 5545: each ends in CRLF and is of at most 75 octets; unfolded they are as wanted.
static void check_ics(const char *text, size_t events)
{
    size_t begun = 0, ended = 0, uids = 0;
    static char seen[200][64];
    for (const char *at = text; *at;) {
        const char *end = strstr(at, "\r\n");
        ck_assert_ptr_nonnull(end);
        ck_assert_msg(end - at <= 75, "%.80s", at);
        ck_assert(!memchr(at, '\n', (size_t)(end - at)));
        ck_assert(((unsigned char)*at & 0xc0) != 0x80);
        ck_assert(*at != ' ' || ((unsigned char)at[1] & 0xc0) != 0x80);
        begun += strncmp(at, "BEGIN:VEVENT", 12) == 0;
        ended += strncmp(at, "END:VEVENT", 10) == 0;
        if (strncmp(at, "UID:", 4) == 0) {
            ck_assert_uint_lt(uids, 200);
            snprintf(seen[uids], 64, "%.*s", (int)(end - at), at);
            for (size_t i = 0; i < uids; i++)
                ck_assert_str_ne(seen[i], seen[uids]);
            uids++;
        }
        at = end + 2;
    }
    ck_assert_uint_eq(begun, events);
    ck_assert_uint_eq(ended, events);
    ck_assert_uint_eq(uids, events);
}

START_TEST(an_icalendar_file_keeps_to_rfc_5545)
{
    begin();
    params.title = "A; B, \\C\nGrößenwahn Größenwahn Größenwahn Größenwahn Größenwahn Größenwahn";
    params.sessions = 4;
    made(SMP_CHOICE_SMP, "2027-03-01,2027-03-15");
    const char *title = params.title; // folds within a character of three octets, unless kept whole
    calendar.title = "日本語のとても長い題名日本語のとても長い題名日本語のとても長い題名";
    check_ics(written(SMP_CALENDAR_ICS), calendar.count);
    calendar.title = title;
    const char *text = written(SMP_CALENDAR_ICS);
    check_ics(text, calendar.count);
    ck_assert_int_eq(strncmp(text, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:", 37), 0);
    ck_assert_str_eq(text + strlen(text) - 15, "END:VCALENDAR\r\n");
    ck_assert_ptr_nonnull(strstr(text, "X-WR-CALNAME:A\\; B\\, \\\\C\\nGrö"));
    ck_assert_ptr_nonnull(strstr(text, "DTSTAMP:20270301T000000Z\r\n"));
    // Redness of the second session: to the 22nd, and the end of an event is the day after.
    ck_assert_ptr_nonnull(strstr(text,
                                 "DTSTART;VALUE=DATE:20270315\r\nDTEND;VALUE=DATE:20270323\r\n"
                                 "SUMMARY:SMP session 2\\, expect: Redness shows\\; "));
    ck_assert_str_eq(text, written(SMP_CALENDAR_ICS));
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_strip_is_one_row_a_line_and_well_formed)
{
    char path[200], command[300], said[200];
    begin();
    params.title = "<b>K. & \"Söhne\"</b>";
    params.choice_count = 3;
    choices[0] = SMP_CHOICE_HAIRPIECE;
    choices[1] = SMP_CHOICE_NOTHING;
    choices[2] = SMP_CHOICE_SMP;
    made(SMP_CHOICE_HAIRPIECE, "2027-03-01,2027-03-15");
    const char *text = written(SMP_CALENDAR_SVG);
    size_t rows = 0, lines = 0;
    for (const char *at = text; (at = strstr(at, "<g><title>")); at++)
        rows++;
    for (size_t i = 0; i < recovery.count; i++)
        lines += recovery.lines[i].choice == SMP_CHOICE_SMP ||
                 recovery.lines[i].choice == SMP_CHOICE_HAIRPIECE;
    ck_assert_uint_eq(rows, lines);
    ck_assert_ptr_nonnull(strstr(text, "&lt;b&gt;K. &amp; &quot;Söhne&quot;&lt;/b&gt;"));
    ck_assert_ptr_null(strstr(text, "nan"));
    ck_assert_ptr_null(strstr(text, "width=\"-"));
    // Options stand in the order asked for.
    ck_assert(strstr(text, ">hairpiece or wig<") < strstr(text, ">no treatment<"));
    ck_assert(strstr(text, ">no treatment<") < strstr(text, ">scalp micropigmentation (SMP)<"));
    snprintf(path, sizeof path, "%s/strip.svg", smp_test_folder());
    ck_assert_int_eq(smp_file_write(path, text, strlen(text), NULL), SMP_OK);
    snprintf(command, sizeof command, "command -v xmllint >/dev/null || exit 0; xmllint --noout %s",
             path);
    ck_assert_int_eq(said_by(command, said, sizeof said), 0);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(the_text_tells_day_by_day_and_the_json_the_same)
{
    begin();
    params.title = "A. Client";
    made(SMP_CHOICE_SMP, "2027-03-01");
    const char *text = written(SMP_CALENDAR_TEXT);
    ck_assert_int_eq(strncmp(text, "Recovery calendar: A. Client\nGeneral information", 48), 0);
    ck_assert_ptr_nonnull(
        strstr(text, "scalp micropigmentation (SMP)           0 to 2     7 to 10 "));
    ck_assert_ptr_nonnull(strstr(text, "\n2027-03-01 Monday (day 0)\n"));
    ck_assert_ptr_nonnull(strstr(text, "  avoid   SMP session 1: No pool, sea, sauna, steam or hot "
                                       "tub. Until 2027-03-29 to 2027-03-31.\n"));
    ck_assert_ptr_nonnull(strstr(text, "\n2027-03-05 Friday (day 4)\n"));
    const char *fifth = strstr(text, "\n2027-03-05 Friday (day 4)\n");
    const char *over = strstr(text, "  over    SMP session 1: The scalp is tender.\n");
    ck_assert(fifth && over && over > fifth &&
              over < strstr(text, "\n2027-03-08 Monday (day 7)\n"));
    ck_assert_ptr_nonnull(strstr(text, "The next session, if one is planned. Earliest 2027-03-08, "
                                       "best 2027-03-11 to 2027-03-15, at the latest 2027-03-31."));
    ck_assert_ptr_nonnull(strstr(text, "  smp, redness (C): hishairclinic.co.uk"));
    json_t *root = json_loads(written(SMP_CALENDAR_JSON), 0, NULL);
    const json_t *option = json_array_get(json_object_get(root, "options"), 0);
    ck_assert_str_eq(json_string_value(json_object_get(option, "option")), "smp");
    ck_assert_uint_eq(json_array_size(json_object_get(option, "lines")), calendar.count);
    const json_t *sun = json_object_get(json_object_get(option, "downtime_days"), "sun");
    ck_assert_int_eq(json_integer_value(json_array_get(sun, 1)), 30);
    const json_t *line = json_array_get(json_object_get(option, "lines"), 0);
    ck_assert_str_eq(json_string_value(json_array_get(json_object_get(line, "from"), 0)),
                     "2027-03-01");
    json_decref(root);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(the_corpus_of_lines_is_read_again)
{
    smp_replay("recovery", 25);
}
END_TEST

SMP_TEST_MAIN("recovery", every_option_has_lines_that_are_ranges_with_an_origin,
              downtimes_can_be_held_beside_one_another, every_fault_of_a_file_is_one_sentence,
              lines_fall_on_the_days_that_a_calendar_shows, sessions_that_are_planned_are_told_of,
              a_session_too_early_is_told_of, options_made_of_two_have_both_calendars,
              wrong_dates_are_refused, an_icalendar_file_keeps_to_rfc_5545,
              a_strip_is_one_row_a_line_and_well_formed,
              the_text_tells_day_by_day_and_the_json_the_same, the_corpus_of_lines_is_read_again)
