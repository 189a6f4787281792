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

// The number in "N more on the next page" (or "N warnings …", where none had room), or 0.
static int told_as_left(const struct word *words, size_t count)
{
    for (size_t i = 1; i + 4 < count; i++)
        if ((strcmp(words[i].text, "more") == 0 || strcmp(words[i].text, "warnings") == 0) &&
            strcmp(words[i + 1].text, "on") == 0 && strcmp(words[i + 4].text, "page") == 0)
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

// ---- A plan that goes on ------------------------------------------------------------------------

// A session of three is done.
static void go_on(struct fake *f)
{
    fake_make(f, 3);
    fake_thin(f, 8);
    struct smp_continued *c = &f->plan.continued;
    *c = (struct smp_continued){ .sessions_done = 1, .years = 0.2 };
    for (size_t i = 0; i < f->plan.dot_count; i++)
        c->came[SMP_ZONE_NONE][SMP_CAME_DONE] += f->plan.dots[i].session == 1 && i % 2;
    c->follow = (struct smp_follow){
        .photos = { { "a", 0.115, 0.5, 0.1, 200 }, { "b", 3, 0.3, 0.1, 200 } },
        .photo_count = 2,
        .model_sd = 0.35,
        .effective_draws = 500,
        .after = { .years = { 2.2, 4, 7.8 }, .share_beyond = 0.01, .share_at_once = 0.01 },
    };
    c->follow.ages[SMP_FOLLOW_5Y].narrower_percent = 38;
}

static char *text_of(const struct fake *f, enum smp_sheet_kind kind)
{
    char path[200], command[300];
    write_ok(path, "goes-on.pdf", f, kind, SMP_PAPER_A4);
    snprintf(command, sizeof command, "pdftotext %s - | tr '\\n' ' '", path);
    return output_of(command);
}

static void says(char *text, const char *const *wanted)
{
    for (int i = 0; wanted[i]; i++)
        ck_assert_msg(strstr(text, wanted[i]) != NULL, "no \"%s\" in: %s", wanted[i], text);
    free(text);
}

START_TEST(the_summary_of_a_plan_that_goes_on_tells_what_is_left_and_what_photos_foretell)
{
    if (!has_tool("pdftotext"))
        return;
    static struct fake f;
    go_on(&f);
    says(text_of(&f, SMP_SHEET_SUMMARY),
         (const char *const[]){
             "session 2 of 3 is next", "dots to come, of", "sessions left, of 3",
             "Black: dots to come; grey: done.",
             "1 of 3 sessions is done:", "of them seen in photos, the rest taken as done.",
             "(the last after 3 years): how dark the dots will be after 5 years "
             "is now known 38 % more closely.",
             "a touch-up is due after about 4 years, at worst after 2 years, at best "
             "after 8.",
             NULL });
    struct smp_follow *follow = &f.plan.continued.follow;
    follow->photo_count = 1;
    follow->ages[SMP_FOLLOW_5Y].narrower_percent = -3;
    follow->after.share_at_once = follow->after.share_beyond = 0.2;
    says(text_of(&f, SMP_SHEET_SUMMARY),
         (const char *const[]){
             "(the last after 6 weeks): they do not make the forecast any closer.",
             "due after about 4 years, at worst from the start, at best after more "
             "than 8. Another photo later on will say more.",
             NULL });
    follow->after.share_beyond = 0.6;
    follow->after.years.high = 10;
    says(text_of(&f, SMP_SHEET_SUMMARY),
         (const char *const[]){ "due after more than 10 years, at worst from the start.", NULL });
    follow->not_used = "no draw explains it";
    char *text = text_of(&f, SMP_SHEET_SUMMARY);
    ck_assert_ptr_null(strstr(text, "Measured in photos"));
    free(text);
    fake_drop(&f);
}
END_TEST

// Pixels of the grey that done dots are drawn in, on the first page of the work sheet.
static size_t grey_pixels(const struct fake *f)
{
    char path[200], command[600], out[200];
    write_ok(path, "work.pdf", f, SMP_SHEET_WORK, SMP_PAPER_A4);
    scratch_path(out, "work");
    snprintf(command, sizeof command, "pdftoppm -r 200 -f 1 -l 1 -singlefile -gray %s %s", path,
             out);
    ck_assert_int_eq(system(command), 0);
    snprintf(path, sizeof path, "%.190s.pgm", out);
    struct grey g = read_pgm(path);
    size_t count = 0;
    for (int y = g.h / 10; y < g.h / 2; y++)
        for (int x = 0; x < g.w * 6 / 10; x++)
            count += abs((int)g.px[y * g.w + x] - 173) < 3;
    free(g.px);
    return count;
}

START_TEST(the_work_sheet_draws_what_is_done_in_grey_and_has_no_page_for_it)
{
    if (!has_tool("pdftotext") || !has_tool("pdftoppm"))
        return;
    static struct fake f;
    go_on(&f);
    const size_t grey = grey_pixels(&f);
    char *text = text_of(&f, SMP_SHEET_WORK);
    ck_assert_ptr_null(strstr(text, "Work sheet, session 1 of 3"));
    says(text, (const char *const[]){ "grey: done", "S1, done", "Session 2", "1 of 3, done",
                                      "Work sheet, session 2 of 3", NULL });
    f.plan.continued.sessions_done = 0;
    const size_t none = grey_pixels(&f);
    printf("# %zu pixels of the grey of what is done, %zu where nothing is\n", grey, none);
    ck_assert_uint_gt(grey, none + 200);
    fake_drop(&f);
}
END_TEST

SMP_TEST_MAIN("sheet summary",
              the_summary_of_a_plan_that_goes_on_tells_what_is_left_and_what_photos_foretell,
              the_work_sheet_draws_what_is_done_in_grey_and_has_no_page_for_it,
              the_line_that_more_warnings_follow_stands_free_and_none_is_lost)
