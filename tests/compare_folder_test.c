// stubble compare --out as a user runs it: the folder, its page held against its numbers.
#include "html.h"
#include "program_json.h"

#include <math.h>

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

// One comparison for all tests of this program, without pictures; its folder.
static const char *folder(void)
{
    static char made[200];
    char command[800], path[200], said[2048];
    scratch_path(path, "case.json");
    scratch_path(made, "choice");
    if (access(made, R_OK) == 0) // by an earlier test
        return made;
    write_text(path, "{\"stubble\": 1, \"title\": \"</title><script>alert(1)</script>\","
                     " \"client\": {\"age\": 45, \"sex\": \"male\", \"phototype\": 5},"
                     " \"loss\": {\"norwood\": \"5\"}, \"design\": {\"dots_per_cm2\": 30}}");
    snprintf(command, sizeof command,
             "compare '%s' --years 5 --persons 200 --weights cover=3,budget=1 --no-pictures --out "
             "'%s'",
             path, made);
    ck_assert_msg(run_program(said, command) == 0, "%s", said);
    return made;
}

static char *read_file(const char *name)
{
    char command[300];
    snprintf(command, sizeof command, "cat '%s/%s'", folder(), name);
    return output_of(command);
}

static json_t *read_numbers(void)
{
    char command[300];
    snprintf(command, sizeof command, "cat '%s/compare.json'", folder());
    return json_from(command);
}

START_TEST(the_folder_holds_what_is_promised_and_nothing_else)
{
    char command[300];
    snprintf(command, sizeof command, "ls -A '%s'", folder());
    char *list = output_of(command);
    ck_assert_str_eq(list, "compare.html\ncompare.json\ncompare.pdf\n");
    free(list);
}
END_TEST

START_TEST(the_page_is_whole_alone_and_easy_to_read)
{
    char *page = read_file("compare.html");
    html_is_well_formed(page);
    html_is_alone(page);
    html_ids_agree(page);
    ck_assert_ptr_nonnull(strstr(page, "&lt;script&gt;alert(1)"));
    ck_assert_ptr_nonnull(strstr(page, "General information, not medical advice"));
    ck_assert_ptr_nonnull(strstr(page, "SIMULATED"));
    const double grade = reading_grade(page);
    printf("# reading grade %.1f\n", grade);
    ck_assert_double_le(grade, 9);
    free(page);
}
END_TEST

// ---- Numbers ------------------------------------------------------------------------------------

// The three numbers that stand in text as "62 % (41 to 80)" or "415 (27 to 5,250)"; one alone
// stands for all. Returns where they end.
static const char *read_band(double band[3], const char *text)
{
    for (int i = 0; i < 3; i++) {
        double value = 0;
        ck_assert_msg(isdigit((unsigned char)*text), "no number: %.40s", text);
        for (; isdigit((unsigned char)*text) || (*text == ',' && isdigit((unsigned char)text[1]));
             text++)
            value = *text == ',' ? value : 10 * value + (*text - '0');
        band[i] = value;
        text += strncmp(text, " %", 2) == 0 ? 2 : 0;
        if (i == 0 && strncmp(text, " (", 2) != 0) {
            band[1] = band[2] = value;
            break;
        }
        text += i == 0 ? 2 : i == 1 ? 4 : 0; // " (", " to "
    }
    return text;
}

// As said, a number is rounded to 1, 5, 50 or 500 by its size.
static bool agrees(double said, double told)
{
    const double step = told >= 9999 ? 500 : told >= 999 ? 50 : told >= 99 ? 5 : 1;
    return fabs(said - told) <= step / 2 + 0.06;
}

static void check_band(const char *text, const json_t *band, double factor)
{
    double said[3];
    read_band(said, text);
    const char *const names[3] = { "median", "low", "high" };
    for (int i = 0; i < 3; i++) {
        const double told = factor * number(band, names[i]);
        ck_assert_msg(agrees(said[i], told), "%.40s: %s is %g", text, names[i], told);
    }
}

// The row of an option in the panels: cover, cost and hours at year 1 and at the end.
static const char *check_row(const char *at, const json_t *outcome, size_t years)
{
    static const char *const names[3] = { "cover_share", "cost", "hours" };
    const json_t *list = json_object_get(outcome, "years");
    ck_assert_uint_eq(json_array_size(list), years + 1);
    for (int c = 0; c < 3; c++) {
        at = strstr(at, "<span class=\"says\">1 year: ");
        ck_assert_ptr_nonnull(at);
        at = strchr(at, ':') + 2;
        const double factor = c == 0 ? 100 : 1;
        check_band(at, json_object_get(json_array_get(list, 1), names[c]), factor);
        at = strstr(at, "<br>5 years: ");
        ck_assert_ptr_nonnull(at);
        at += strlen("<br>5 years: ");
        check_band(at, json_object_get(json_array_get(list, years), names[c]), factor);
    }
    return at;
}

static json_t *outcome_of(const json_t *root, const char *name)
{
    size_t i;
    json_t *outcome;
    json_array_foreach(json_object_get(root, "outcomes"), i, outcome)
    {
        if (strcmp(json_string_value(json_object_get(outcome, "option")), name) == 0)
            return outcome;
    }
    return NULL;
}

START_TEST(numbers_on_the_page_are_those_of_the_file)
{
    json_t *root = read_numbers();
    char *page = read_file("compare.html");
    const char *at = strstr(page, "<section id=\"course\"");
    size_t i, rows = 0;
    const json_t *outcome;
    json_array_foreach(json_object_get(root, "outcomes"), i, outcome)
    {
        if (json_is_true(json_object_get(outcome, "possible"))) {
            at = check_row(at, outcome, 5);
            rows++;
        }
    }
    ck_assert_uint_gt(rows, 8);
    ck_assert_uint_eq(count_of(page, "<path class=\"band\""), 3 * rows);
    free(page);
    json_decref(root);
}
END_TEST

START_TEST(harms_and_their_grades_are_those_of_the_file)
{
    json_t *root = read_numbers();
    char *page = read_file("compare.html");
    size_t i, k;
    const json_t *outcome, *harm;
    const char *at = strstr(page, "<section id=\"harms\"");
    json_array_foreach(json_object_get(root, "outcomes"), i, outcome)
    {
        if (!json_is_true(json_object_get(outcome, "possible")))
            continue;
        json_array_foreach(json_object_get(outcome, "harms"), k, harm)
        {
            char grade[32];
            double said[3];
            at = strstr(at, "<figcaption><b>");
            ck_assert_ptr_nonnull(at);
            read_band(said, strstr(at, "</b>") + 4);
            ck_assert(agrees(said[0], number(harm, "per_1000")));
            ck_assert(agrees(said[1], number(harm, "low")));
            ck_assert(agrees(said[2], number(harm, "high")));
            snprintf(grade, sizeof grade, "grade %s</span>",
                     json_string_value(json_object_get(harm, "grade")));
            at = strstr(at, "<span class=\"tag");
            const bool weak = json_is_true(json_object_get(harm, "weak"));
            ck_assert_int_eq(strncmp(at, "<span class=\"tag weak", 21) == 0, weak);
            ck_assert(strstr(at, grade) < strstr(at, "</figcaption>"));
        }
    }
    free(page);
    json_decref(root);
}
END_TEST

START_TEST(order_is_that_of_the_file)
{
    json_t *root = read_numbers();
    char *page = read_file("compare.html");
    const char *at = strstr(page, "<section id=\"order\"");
    at = strstr(at, "The options in your order");
    size_t i;
    const json_t *name;
    json_array_foreach(json_object_get(root, "order"), i, name)
    {
        const json_t *outcome = outcome_of(root, json_string_value(name));
        const char *words = json_string_value(json_object_get(outcome, "words"));
        ck_assert_int_eq((int)json_integer_value(json_object_get(outcome, "rank")), (int)i + 1);
        at = strstr(at, "<th scope=\"row\">");
        ck_assert_ptr_nonnull(at);
        ck_assert_msg(strstr(at, words + 1) < strstr(at, "</th>"), "%s is not in place %zu", words,
                      i + 1);
        at++;
    }
    ck_assert_ptr_nonnull(strstr(page, "<td>75 %</td>")); // cover=3 of 4
    free(page);
    json_decref(root);
}
END_TEST

START_TEST(paper_can_be_read)
{
    if (!has_tool("pdftotext"))
        return;
    char command[300];
    snprintf(command, sizeof command, "pdftotext '%s/compare.pdf' -", folder());
    char *paper = output_of(command);
    static const char *const said[] = {
        "Your options for hair loss", "How your head may look",     "Cover, cost and time",
        "What can go wrong",          "What each option can't do",  "In the order of what matters",
        "Healing and time out",       "What moves the answer most", "Would dots suit",
        "Where the numbers come from"
    };
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        ck_assert_msg(strstr(paper, said[i]) != NULL, "the pages lack: %s", said[i]);
    free(paper);
}
END_TEST

// ---- Refusals -----------------------------------------------------------------------------------

static void refuse_with(const char *options, int status, const char *sentence)
{
    char arguments[800], path[200];
    folder();
    scratch_path(path, "case.json");
    snprintf(arguments, sizeof arguments, "compare '%s' %s", path, options);
    refuse(arguments, status, sentence);
}

START_TEST(bad_options_are_refused_before_any_work)
{
    char out[240];
    refuse_with("--no-pictures", 2, "--no-pictures goes with --out DIR");
    refuse_with("--years 0 --out x", 2, "--years must be a whole number from 1 to 30, not '0'");
    refuse_with("--years 100 --out x", 2, "--years must be a whole number from 1 to 30, not '100'");
    refuse_with("--weights cover=-1 --out x", 2, "--weights must be a number from 0 to 1000");
    refuse_with("--weights beauty=1 --out x", 2, "--weights must be one of cover, budget");
    refuse_with("--out", 2, "option '--out' needs a value");
    refuse_with("--out ''", 2, "the output folder's name must have 1 to");
    refuse_with("--out /proc/choice", 2, "/proc/choice");
    refuse_with("--out /nowhere/at/all", 2, "/nowhere/at/all");
    refuse("compare /nowhere.json --out x", 2, "/nowhere.json");
    // a folder of somebody's own stays as it is
    scratch_path(out, "own");
    char command[300], arguments[300];
    snprintf(command, sizeof command,
             "mkdir -p '%s' && echo mine > '%s/compare.json' && echo "
             "mine > '%s/note.txt'",
             out, out, out);
    ck_assert_int_eq(system(command), 0);
    snprintf(arguments, sizeof arguments, "--out '%s'", out);
    refuse_with(arguments, 2, "note.txt");
    snprintf(command, sizeof command, "grep -q mine '%s/compare.json'", out);
    ck_assert_int_eq(system(command), 0);
}
END_TEST

SMP_TEST_MAIN("compare folder", the_folder_holds_what_is_promised_and_nothing_else,
              the_page_is_whole_alone_and_easy_to_read, numbers_on_the_page_are_those_of_the_file,
              harms_and_their_grades_are_those_of_the_file, order_is_that_of_the_file,
              paper_can_be_read, bad_options_are_refused_before_any_work)
