// stubble recovery: the client's own calendar after sessions, an operation or a first dose, for one
// option or for several beside one another.
#include "cli/cli.h"
#include "recovery/recovery.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int smp_cmd_recovery(int argc, char **argv);

// One item of a list parted by commas; false at its end.
static bool next_item(const char **at, char item[64])
{
    if (!**at)
        return false;
    const size_t length = strcspn(*at, ",");
    snprintf(item, 64, "%.*s", (int)(length < 63 ? length : 63), *at);
    *at += length + ((*at)[length] == ',');
    return true;
}

static enum smp_code read_options(enum smp_choice *choices, size_t *count, const char *text,
                                  struct smp_err *err)
{
    char item[64];
    int choice = 0;
    for (const char *at = text; next_item(&at, item);) {
        const enum smp_code code = smp_cli_choice(item, "option", smp_choice_names, &choice, err);
        if (code)
            return code;
        for (size_t i = 0; i < *count; i++) {
            if (choices[i] == (enum smp_choice)choice)
                return smp_fail(err, SMP_E_INPUT, "--option must name %s only once", item);
        }
        choices[(*count)++] = (enum smp_choice)choice;
    }
    return *count ? SMP_OK : smp_fail(err, SMP_E_INPUT, "--option must name an option");
}

static enum smp_code read_dates(struct smp_date *dates, size_t *count, const char *text,
                                struct smp_err *err)
{
    char item[64];
    for (const char *at = text; next_item(&at, item);) {
        if (*count == SMP_DATES_MAX)
            return smp_fail(err, SMP_E_INPUT, "--session must give at most %d dates",
                            SMP_DATES_MAX);
        const enum smp_code code = smp_date_read(&dates[(*count)++], item, "--session", err);
        if (code)
            return code;
    }
    return *count ? SMP_OK : smp_fail(err, SMP_E_INPUT, "--session must give a date");
}

static bool is_folder(const char *path)
{
    struct stat info;
    return path && stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

// Title and number of sessions, of a case or of the case in a plan's folder, which has own numbers
// of its maker in data/, where there were any.
static enum smp_code read_case(struct smp_calendar_params *params, const char *path,
                               const char *data, struct smp_arena *arena, struct smp_err *err)
{
    struct smp_settings settings;
    struct smp_case from;
    const char *of_plan = NULL;
    if (is_folder(path)) {
        of_plan = smp_format(arena, "%s/data", path);
        path = smp_format(arena, "%s/case.json", path);
        if (!path || !of_plan)
            return smp_fail(err, SMP_E_NOMEM, "no memory for a file name");
    }
    enum smp_code code =
        smp_settings_read(&settings, !data && is_folder(of_plan) ? of_plan : data, arena, err);
    if (!code)
        code = smp_case_read_with(&from, &settings, path, arena, err);
    if (code)
        return code;
    params->title = from.title;
    params->sessions = from.sessions;
    return SMP_OK;
}

static enum smp_code choose_form(enum smp_calendar_form *form, const char *out, bool json,
                                 struct smp_err *err)
{
    static const char *const ends[] = { ".txt", ".json", ".ics", ".svg" };
    static const enum smp_calendar_form forms[] = { SMP_CALENDAR_TEXT, SMP_CALENDAR_JSON,
                                                    SMP_CALENDAR_ICS, SMP_CALENDAR_SVG };
    *form = json ? SMP_CALENDAR_JSON : SMP_CALENDAR_TEXT;
    if (!out)
        return SMP_OK;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        const size_t length = strlen(out), end = strlen(ends[i]);
        if (length > end && strcmp(out + length - end, ends[i]) == 0) {
            *form = forms[i];
            return SMP_OK;
        }
    }
    return smp_fail(err, SMP_E_INPUT, "-o must end in .ics, .txt, .svg or .json, not \"%.200s\"",
                    out);
}

// ---- All lines, as in docs/recovery.md ----------------------------------------------------------

static void print_times(const struct smp_recovery_line *line)
{
    static const char *const units[] = { "days", "weeks", "months" };
    const char *unit = units[line->unit];
    if (line->from[0] == line->from[1])
        printf("%d", line->from[0]);
    else
        printf("%d to %d", line->from[0], line->from[1]);
    if (line->until[0] < 0)
        printf(" | goes on");
    else
        printf(" | %d to %d %s", line->until[0], line->until[1], unit);
}

static void print_lines(const struct smp_recovery *recovery)
{
    bool printed = false;
    for (int c = 0; c < SMP_CHOICE_COUNT; c++) {
        bool first = true;
        for (size_t i = 0; i < recovery->count; i++) {
            const struct smp_recovery_line *line = &recovery->lines[i];
            if (line->choice != (enum smp_choice)c)
                continue;
            if (first)
                printf("%s## %s: %s\n\n| line | kind | from | until | what | source | grade |\n"
                       "| --- | --- | --- | --- | --- | --- | --- |\n",
                       printed ? "\n" : "", smp_choice_names[c], smp_choice_words[c]);
            first = false;
            printed = true;
            printf("| `%s` | %s | ", line->id, smp_recovery_kind_names[line->kind]);
            print_times(line);
            printf(" | ");
            smp_cli_put_cell(line->what);
            printf(" | ");
            smp_cli_put_cell(line->source);
            printf(" | %c |\n", line->grade);
        }
    }
}

// ---- The command --------------------------------------------------------------------------------

struct wish {
    const char *path, *option, *session, *data, *out, *lines;
    bool json;
};

static enum smp_code work(const struct wish *wish, struct smp_arena *arena, struct smp_err *err)
{
    enum smp_choice choices[SMP_CHOICE_COUNT];
    struct smp_date dates[SMP_DATES_MAX];
    struct smp_recovery recovery = { 0 };
    struct smp_calendar_params params = { .recovery = &recovery,
                                          .choices = choices,
                                          .dates = dates };
    struct smp_calendar calendar = { 0 };
    struct smp_bytes bytes = { 0 };
    enum smp_calendar_form form = SMP_CALENDAR_TEXT;
    enum smp_code code = SMP_OK;
    if (wish->lines) {
        code = smp_recovery_load(&recovery, wish->data, arena, err);
        if (!code)
            print_lines(&recovery);
        return code;
    }
    if (!wish->option || !wish->session)
        return smp_fail(err, SMP_E_INPUT, "--%s must be given",
                        wish->option ? "session" : "option");
    code = read_options(choices, &params.choice_count, wish->option, err);
    if (!code)
        code = read_dates(dates, &params.date_count, wish->session, err);
    if (!code)
        code = choose_form(&form, wish->out, wish->json, err);
    if (!code && wish->path)
        code = read_case(&params, wish->path, wish->data, arena, err);
    if (!code)
        code = smp_recovery_load(&recovery, wish->data, arena, err);
    if (!code)
        code = smp_calendar_make(&calendar, &params, arena, err);
    if (!code)
        code = smp_calendar_write(&bytes, &calendar, form, arena, err);
    if (!code && wish->out)
        return smp_file_write(wish->out, bytes.data, bytes.length, err);
    if (!code)
        fwrite(bytes.data, 1, bytes.length, stdout);
    return code;
}

int smp_cmd_recovery(int argc, char **argv)
{
    struct wish wish = { .data = getenv("STUBBLE_DATA") };
    const char *json = NULL;
    const struct smp_option options[] = {
        { "option", "NAME", "smp, fut, fue, minoxidil, finasteride, hairpiece …; several by commas",
          &wish.option, 0 },
        { "session", "DATE",
          "YYYY-MM-DD of the session, operation or first dose; several by commas", &wish.session,
          0 },
        { "out", "FILE", "write .ics (calendar), .txt, .svg (strip) or .json", &wish.out, 'o' },
        { "data", "DIR", "folder with your own recovery.json and numbers", &wish.data, 0 },
        { "json", NULL, "print one JSON object", &json, 0 },
        { "lines", NULL, "print all lines as Markdown, and no calendar", &wish.lines, 0 },
        { NULL, NULL, NULL, NULL, 0 },
    };
    int count = 0;
    const int status =
        smp_cli_parse(argc, argv, "recovery [CASE.json|PLAN] --option NAME --session DATE[,DATE…]",
                      options, &wish.path, 0, 1, &count);
    if (status)
        return status < 0 ? 0 : status;
    struct smp_err err = { 0 };
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    wish.json = json != NULL;
    const enum smp_code code = work(&wish, &arena, &err);
    smp_arena_drop(&arena);
    return code ? smp_cli_fail(&err) : 0;
}
