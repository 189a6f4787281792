// stubble recovery as a user runs it.
#include "program.h"

#include <jansson.h>

enum { ROOM = 1 << 17 };
static char said[ROOM], folder[160];

static int run(const char *arguments)
{
    char command[900];
    snprintf(command, sizeof command, "\"%s/stubble\" recovery %s 2>/dev/null",
             getenv("STUBBLE_BUILD_ROOT"), arguments);
    return said_by(command, said, ROOM);
}

static void write_case(const char *text)
{
    char path[200], command[400];
    scratch(folder, "recovery");
    snprintf(command, sizeof command, "mkdir -p '%s'", folder);
    ck_assert_int_eq(system(command), 0);
    snprintf(path, sizeof path, "%s/case.json", folder);
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

START_TEST(a_case_or_a_folder_with_one_gives_title_and_sessions)
{
    char arguments[400];
    write_case("{\"stubble\": 1, \"title\": \"A. Client\", \"sessions\": 2}");
    for (int whole = 0; whole < 2; whole++) {
        snprintf(arguments, sizeof arguments, "'%s%s' --option smp --session 2027-03-01", folder,
                 whole ? "" : "/case.json");
        ck_assert_int_eq(run(arguments), 0);
        ck_assert_int_eq(strncmp(said, "Recovery calendar: A. Client\n", 29), 0);
        ck_assert_ptr_nonnull(strstr(said, "The next session: number 2 of 2."));
        ck_assert_ptr_nonnull(strstr(said, "! 2 sessions of SMP are planned and 1 have a date"));
    }
}
END_TEST

START_TEST(files_are_written_by_their_ending)
{
    static const char *const ends[] = { "txt", "json", "ics", "svg" };
    static const char *const heads[] = { "Recovery calendar\n", "{\"note\":", "BEGIN:VCALENDAR\r\n",
                                         "<svg " };
    char arguments[500], path[220], head[32];
    write_case("{}");
    for (size_t i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s/calendar.%s", folder, ends[i]);
        snprintf(arguments, sizeof arguments,
                 "--option fue,minoxidil,nothing --session 2027-03-01 -o '%s'", path);
        ck_assert_int_eq(run(arguments), 0);
        ck_assert_str_eq(said, "");
        FILE *file = fopen(path, "rb");
        ck_assert_ptr_nonnull(file);
        head[fread(head, 1, strlen(heads[i]), file)] = 0;
        fclose(file);
        ck_assert_str_eq(head, heads[i]);
    }
    ck_assert_int_eq(run("--option hairpiece --session 2027-03-01 --json"), 0);
    json_t *root = json_loads(said, 0, NULL);
    ck_assert_ptr_nonnull(root);
    json_decref(root);
}
END_TEST

START_TEST(wrong_calls_are_one_sentence_and_exit_2)
{
    char arguments[500];
    write_case("{\"stubble\": 1, \"client\": {\"age\": 12}}");
    refuse("recovery --session 2027-03-01", 2, "--option must be given");
    refuse("recovery --option smp", 2, "--session must be given");
    refuse("recovery --option hats --session 2027-03-01", 2,
           "--option must be one of nothing, smp");
    refuse("recovery --option smp,smp --session 2027-03-01", 2, "--option must name smp only once");
    refuse("recovery --option '' --session 2027-03-01", 2, "--option must name an option");
    refuse("recovery --option smp --session ''", 2, "--session must give a date");
    refuse("recovery --option smp --session 2027-02-29", 2,
           "--session must be a day that there is, not 2027-02-29");
    refuse("recovery --option smp --session 2027-03-09,2027-03-02", 2,
           "session 2 must be after session 1, not 2027-03-02 after 2027-03-09");
    refuse("recovery --option smp --session "
           "2027-01-01,2027-02-01,2027-03-01,2027-04-01,2027-05-01,2027-06-01,2027-07-01,"
           "2027-08-01,2027-09-01,2027-10-01,2027-11-01,2027-12-01,2028-01-01",
           2, "--session must give at most 12 dates");
    refuse("recovery --option smp --session 2027-03-01 -o a.doc", 2,
           "-o must end in .ics, .txt, .svg or .json, not \"a.doc\"");
    refuse("recovery --option smp --session 2027-03-01 --data none/such", 2,
           "none/such: the folder of your own numbers is not there");
    refuse("recovery no-such.json --option smp --session 2027-03-01", 2, "no-such.json");
    snprintf(arguments, sizeof arguments, "recovery '%s' --option smp --session 2027-03-01",
             folder);
    refuse(arguments, 2, "client.age must be 18 to 110 years, not 12");
    snprintf(arguments, sizeof arguments,
             "sed 's/\"id\": \"redness\"/\"id\": \"reddish\"/' data/recovery.json > "
             "'%s/recovery.json'",
             folder);
    ck_assert_int_eq(system(arguments), 0);
    snprintf(arguments, sizeof arguments, "recovery --option smp --session 2027-03-01 --data '%s'",
             folder);
    refuse(arguments, 2, "recovery.json: the line redness of smp is missing");
}
END_TEST

START_TEST(the_page_is_what_the_program_prints)
{
    page_is_printed("recovery.md", "recovery --lines");
}
END_TEST

SMP_TEST_MAIN("recovery command", a_case_or_a_folder_with_one_gives_title_and_sessions,
              files_are_written_by_their_ending, wrong_calls_are_one_sentence_and_exit_2,
              the_page_is_what_the_program_prints)
