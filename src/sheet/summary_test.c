// The client summary: warnings that do not fit go on, and the line that says so stands free.
#include "sheet/tools_test.h"

enum { WORDS_MAX = 4000 };

struct word {
    double left, top, right, bottom; // pt
    char text[64];
};

// The words of a page, as pdftotext -bbox has them.
static size_t read_words(struct word *words, const char *path, int page)
{
    char command[300];
    snprintf(command, sizeof command, "pdftotext -bbox -f %d -l %d %s -", page, page, path);
    char *text = output_of(command);
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, "<word ")) && count < WORDS_MAX; at++) {
        struct word *w = &words[count];
        count += sscanf(at, "<word xMin=\"%lf\" yMin=\"%lf\" xMax=\"%lf\" yMax=\"%lf\">%63[^<]",
                        &w->left, &w->top, &w->right, &w->bottom, w->text) == 5;
    }
    free(text);
    return count;
}

// The middle of each box counts: neighbouring lines of sound text share some of their leading.
static bool cross(const struct word *a, const struct word *b)
{
    const double shrink = 0.15 * (a->bottom - a->top + b->bottom - b->top);
    return a->left < b->right && b->left < a->right && a->top + shrink < b->bottom &&
           b->top + shrink < a->bottom;
}

static bool some_cross(const struct word *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = i + 1; k < count; k++)
            if (cross(&words[i], &words[k])) {
                printf("# %s lies on %s\n", words[i].text, words[k].text);
                return true;
            }
    return false;
}

// The number in "N more on the next page", or 0.
static int told_as_left(const struct word *words, size_t count)
{
    for (size_t i = 1; i + 4 < count; i++)
        if (strcmp(words[i].text, "more") == 0 && strcmp(words[i + 1].text, "on") == 0 &&
            strcmp(words[i + 4].text, "page") == 0)
            return (int)strtol(words[i - 1].text, NULL, 10);
    return 0;
}

static int titles_on(const struct word *words, size_t count)
{
    int sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += strncmp(words[i].text, "Probe", 5) == 0;
    return sum;
}

// Warnings of one to six lines, so that the last one ends at every height.
static void give_warnings(struct fake *f, size_t count, size_t sentences)
{
    const char *advice = "";
    for (size_t i = 0; i < sentences; i++)
        advice =
            smp_format(&f->arena, "%sLook at this place again and set fewer dots there. ", advice);
    ck_assert_ptr_nonnull(advice);
    for (size_t i = 0; i < count; i++)
        f->warnings[i] = (struct smp_warning){ .id = "probe",
                                               .zone = i ? "" : "hairline",
                                               .value = 4,
                                               .limit = 3,
                                               .unit = "mm",
                                               .source = i % 3 ? "" : "a source, grade D",
                                               .advice = advice };
    f->plan.warning_count = count;
}

START_TEST(the_line_that_more_warnings_follow_stands_free_and_none_is_lost)
{
    if (!has_tool("pdftotext"))
        return;
    static struct fake f;
    static struct word words[WORDS_MAX];
    fake_make(&f, 3);
    fake_thin(&f, 12);
    int went_on = 0;
    for (size_t count = 2; count <= 24; count += 2) {
        char path[200];
        give_warnings(&f, count, 1 + count * 5 % 7);
        write_ok(path, "warned.pdf", &f, SMP_SHEET_SUMMARY, SMP_PAPER_A4);
        int seen = 0, left = 1;
        for (int page = 1; left; page++) {
            const size_t word_count = read_words(words, path, page);
            ck_assert_uint_gt(word_count, 20);
            ck_assert_msg(!some_cross(words, word_count), "page %d of %zu warnings", page, count);
            seen += titles_on(words, word_count);
            left = told_as_left(words, word_count);
            ck_assert_msg(seen + left == (int)count, "%d and %d of %zu warnings", seen, left,
                          count);
            went_on += left > 0;
        }
        unlink(path);
    }
    ck_assert_int_ge(went_on, 5);
    fake_drop(&f);
}
END_TEST

SMP_TEST_MAIN("sheet summary", the_line_that_more_warnings_follow_stands_free_and_none_is_lost)
