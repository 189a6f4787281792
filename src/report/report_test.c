// The page and the pages of a made-up comparison: whole, alone, fair, easy to read.
#include "html.h"
#include "program.h"
#include "report/made_report_test.h"

// The page as text, of the caller (smp_buffer_drop).
static struct smp_buffer page_of(struct made *m)
{
    struct smp_doc doc;
    struct smp_buffer page = { 0 };
    struct smp_err err = { 0 };
    smp_doc_open(&doc, &m->arena);
    smp_report_compose(&doc, &m->report);
    ck_assert_msg(!smp_doc_html(&page, &doc, &err), "%s", err.msg);
    smp_buffer_add(&page, "", 1);
    page.length--;
    return page;
}

static void check_page(struct made *m)
{
    struct smp_buffer page = page_of(m);
    html_is_well_formed(page.data);
    html_is_alone(page.data);
    html_ids_agree(page.data);
    smp_buffer_drop(&page);
}

START_TEST(page_is_well_formed_and_needs_nothing_else)
{
    static const int years[] = { 1, 30 };
    for (size_t i = 0; i < 2; i++) {
        struct made m;
        make_report(&m, years[i], NULL, 0);
        check_page(&m);
        drop_report(&m);
    }
}
END_TEST

START_TEST(hostile_words_stay_words)
{
    struct made m;
    const enum smp_choice only[] = { SMP_CHOICE_FUE };
    make_report(&m, 10, only, 1);
    m.from.title =
        "</title><script>alert('1')</script>\"><img src=x onerror=\"a\"> &amp; \x01 日本";
    m.comparison.notes[0] = "<b>bold</b> & \"quoted\" 'words'";
    m.comparison.outcomes[0].cant_do[0] = "</td></table><svg onload=a>";
    m.comparison.outcomes[0].harms[0].what = "<i>harm</i>";
    m.comparison.currency = "<u>";
    m.comparison.sensitivities[0].input = "<a href=\"x\">";
    struct smp_buffer page = page_of(&m);
    html_is_well_formed(page.data);
    ck_assert_ptr_null(strstr(page.data, "<script"));
    ck_assert_ptr_null(strstr(page.data, "<img src=x"));
    ck_assert_ptr_null(strstr(page.data, "<b>bold"));
    ck_assert_ptr_null(strstr(page.data, "<svg onload"));
    ck_assert_ptr_null(strstr(page.data, "<i>harm"));
    ck_assert_ptr_null(strstr(page.data, "<u>"));
    ck_assert_ptr_nonnull(strstr(page.data, "&lt;/title&gt;&lt;script&gt;alert(&#39;1&#39;)"));
    ck_assert_ptr_nonnull(strstr(page.data, "日本"));
    smp_buffer_drop(&page);
    drop_report(&m);
}
END_TEST

// Where a section begins and ends; it must be there.
static const char *section(const char *page, const char *id, const char **end)
{
    char mark[80];
    snprintf(mark, sizeof mark, "<section id=\"%s\"", id);
    const char *begin = strstr(page, mark);
    ck_assert_msg(begin != NULL, "there is no section %s", id);
    *end = strstr(begin, "</section>");
    ck_assert_ptr_nonnull(*end);
    return begin;
}

// Each option heads one row or one group of a section, in the order asked for.
static void options_in_order(struct made *m, const char *page, const char *id)
{
    struct smp_doc doc;
    smp_doc_open(&doc, &m->arena);
    const char *end, *at = section(page, id, &end);
    const bool ranked = strcmp(id, "order") == 0;
    for (size_t i = 0; i < m->comparison.count; i++) {
        const struct smp_outcome *o = &m->comparison.outcomes[i];
        const char *name = smp_say_name(&doc, o->choice);
        char row[2][200];
        snprintf(row[0], 200,
                 ranked && o->possible ? "<th scope=\"row\">%zu. %s<"
                                       : "<th scope=\"row\">%.0zu%s<",
                 ranked && o->possible ? o->rank : 0, name);
        snprintf(row[1], 200, "<h3>%s<", name);
        const char *found = strstr(at, row[0]);
        const int kind = !found || found > end;
        found = strstr(at, row[kind]);
        ck_assert_msg(found && found < end, "%s lacks %s, or has it out of order", id, name);
        const char *again = strstr(found + 1, row[kind]);
        if (strcmp(id, "recovery") == 0) // two tables
            again = again ? strstr(again + 1, row[kind]) : NULL;
        ck_assert_msg(!again || again > end, "%s has %s too often", id, name);
        at = found + 1;
    }
}

START_TEST(every_section_has_every_option_once_in_the_order_asked)
{
    static const char *const ids[] = { "summary", "pictures", "course", "harms",
                                       "limits",  "order",    "views" };
    static const enum smp_choice turned[] = { SMP_CHOICE_HAIRPIECE, SMP_CHOICE_SMP,
                                              SMP_CHOICE_DUTASTERIDE, SMP_CHOICE_NOTHING };
    for (int k = 0; k < 2; k++) {
        struct made m;
        make_report(&m, 10, k ? turned : NULL, 4);
        struct smp_buffer page = page_of(&m);
        for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
            options_in_order(&m, page.data, ids[i]);
        smp_buffer_drop(&page);
        drop_report(&m);
    }
}
END_TEST

START_TEST(bands_pictures_and_texts_stand_together)
{
    struct made m;
    make_report(&m, 10, NULL, 0);
    struct smp_buffer page = page_of(&m);
    const size_t possible = SMP_CHOICE_COUNT - 1, drawn = possible - 1;
    ck_assert_uint_eq(count_of(page.data, "<path class=\"band\""), 3 * possible);
    ck_assert_uint_eq(count_of(page.data, "<path class=\"mid\""), 3 * possible);
    ck_assert_uint_eq(count_of(page.data, "<img "), 4 * drawn);
    ck_assert_uint_eq(count_of(page.data, " alt=\""), 4 * drawn);
    ck_assert_uint_eq(count_of(page.data, "alt=\"\""), 0);
    ck_assert_uint_eq(count_of(page.data, "<figure>"), count_of(page.data, "<figcaption>"));
    ck_assert_uint_eq(count_of(page.data, "<table"), count_of(page.data, "<caption>"));
    ck_assert_uint_eq(count_of(page.data, "<h1>"), 1);
    ck_assert_uint_eq(count_of(page.data, "General information, not medical advice: consult a "
                                          "qualified technician or a doctor."),
                      2);
    ck_assert_uint_eq(count_of(page.data, "SIMULATED, not a record of a result"), 2);
    ck_assert_ptr_nonnull(strstr(page.data, "No pictures were made of this option."));
    ck_assert_ptr_nonnull(strstr(page.data, "weak source, grade"));
    // the screening says "later": at the head, and beside each option with dots
    ck_assert_ptr_nonnull(strstr(page.data, "Scalp micropigmentation: later. Not now"));
    ck_assert_uint_eq(count_of(page.data, "The check of your skin and health says: later."), 4);
    smp_buffer_drop(&page);
    drop_report(&m);
}
END_TEST

// Every colour of a chart is one for all options: no class or style names an option.
START_TEST(an_option_is_treated_as_any_other)
{
    static const enum smp_choice ways[2][3] = {
        { SMP_CHOICE_FUT, SMP_CHOICE_NOTHING, SMP_CHOICE_FUE },
        { SMP_CHOICE_FUE, SMP_CHOICE_NOTHING, SMP_CHOICE_FUT },
    };
    struct smp_buffer pages[2];
    for (int k = 0; k < 2; k++) {
        struct made m;
        make_report(&m, 10, ways[k], 3);
        struct smp_outcome *o = m.comparison.outcomes;
        const enum smp_choice last = o[2].choice;
        const enum smp_choice first = o[0].choice;
        make_outcome(&m, &o[0], SMP_CHOICE_SMP); // equal outcomes
        o[2] = o[0];
        o[0].choice = first;
        o[2].choice = last;
        m.comparison.sensitivity_count = 0;
        m.report.shots = NULL;
        m.report.recovery = NULL; // which differs
        pages[k] = page_of(&m);
        drop_report(&m);
    }
    // with the two names exchanged, the two pages are one
    static const char fut[] = "Hair transplant by strip (FUT)";
    static const char fue[] = "Hair transplant graft by graft (FUE)";
    const char *a = pages[0].data, *b = pages[1].data;
    size_t exchanged = 0;
    while (*a || *b) {
        const bool one = strncmp(a, fut, strlen(fut)) == 0 && strncmp(b, fue, strlen(fue)) == 0;
        const bool two = strncmp(a, fue, strlen(fue)) == 0 && strncmp(b, fut, strlen(fut)) == 0;
        if (one || two) {
            a += strlen(one ? fut : fue);
            b += strlen(one ? fue : fut);
            exchanged++;
            continue;
        }
        ck_assert_msg(*a == *b, "%.60s | %.60s", a, b);
        a++;
        b++;
    }
    ck_assert_uint_ge(exchanged, 14);
    smp_buffer_drop(&pages[0]);
    smp_buffer_drop(&pages[1]);
}
END_TEST

START_TEST(prose_is_of_grade_nine_at_most)
{
    // an example of the formula's with a known grade, 11.3
    static const char hard[] = "The Australian platypus is seemingly a hybrid of a mammal and "
                               "reptilian creature.";
    struct prose prose = { 0 };
    read_prose(&prose, hard, hard + strlen(hard));
    ck_assert_double_eq_tol(grade_of(&prose), 11.3, 1);
    struct made m;
    make_report(&m, 10, NULL, 0);
    struct smp_buffer page = page_of(&m);
    const double grade = reading_grade(page.data);
    printf("# reading grade %.1f\n", grade);
    ck_assert_double_le(grade, 9);
    smp_buffer_drop(&page);
    drop_report(&m);
}
END_TEST

// ---- Paper --------------------------------------------------------------------------------------

static struct smp_pdf_facts pdf_of(struct made *m, const char *path)
{
    struct smp_doc doc;
    struct smp_buffer pdf = { 0 };
    struct smp_pdf_facts facts;
    struct smp_err err = { 0 };
    smp_doc_open(&doc, &m->arena);
    smp_report_compose(&doc, &m->report);
    ck_assert_msg(!smp_doc_pdf(&pdf, &facts, &doc, &err), "%s", err.msg);
    ck_assert(!smp_file_write(path, pdf.data, pdf.length, NULL));
    smp_buffer_drop(&pdf);
    return facts;
}

// Without blanks and hyphens, for lines break anywhere; of the caller (free).
static char *squeezed(const char *text)
{
    char *made = malloc(strlen(text) + 1);
    size_t length = 0;
    for (; *text; text++) {
        if (!isspace((unsigned char)*text) && *text != '-')
            made[length++] = *text;
    }
    made[length] = 0;
    return made;
}

static void lacks_not(const char *paper, const char *said)
{
    for (const char *line = said; line;) {
        char one[2048];
        const size_t length = strcspn(line, "\n");
        snprintf(one, sizeof one, "%.*s", (int)length, line);
        char *looked_for = squeezed(one);
        ck_assert_msg(strstr(paper, looked_for) != NULL, "the pages lack: %s", one);
        free(looked_for);
        line = line[length] ? line + length + 1 : NULL;
    }
}

// All that the document says in so many words.
static void paper_says(const char *paper, const struct smp_part *part)
{
    const struct smp_part_table *table = &part->as.table;
    const struct smp_part_panels *panels = &part->as.panels;
    const struct smp_part_icons *icons = &part->as.icons;
    lacks_not(paper, part->text ? part->text : "");
    for (size_t i = 0; i < part->count; i++)
        lacks_not(paper, part->items[i]);
    for (size_t i = 0; part->kind == SMP_PART_TABLE && i < table->rows * table->columns; i++)
        lacks_not(paper, table->cells[i]);
    for (size_t i = 0; part->kind == SMP_PART_PANELS && i < panels->rows * panels->columns; i++)
        lacks_not(paper, panels->says[i] ? panels->says[i] : "");
    for (size_t i = 0; part->kind == SMP_PART_BARS && i < part->as.bars.rows; i++)
        lacks_not(paper, part->as.bars.bars[i].says);
    for (size_t i = 0; part->kind == SMP_PART_ICONS && i < icons->begin[icons->groups]; i++)
        lacks_not(paper, icons->items[i].says);
}

START_TEST(paper_says_what_the_page_says)
{
    struct made m;
    char path[200], command[300];
    make_report(&m, 10, NULL, 0);
    scratch_path(path, "compare.pdf");
    const struct smp_pdf_facts facts = pdf_of(&m, path);
    ck_assert_uint_eq(facts.overflows, 0);
    ck_assert_int_gt(facts.pages, 5);
    if (has_tool("pdftotext")) {
        snprintf(command, sizeof command, "pdftotext -raw '%s' -", path);
        char *raw = output_of(command), *paper = squeezed(raw);
        struct smp_doc doc;
        smp_doc_open(&doc, &m.arena);
        smp_report_compose(&doc, &m.report);
        for (size_t i = 0; i < doc.count; i++)
            paper_says(paper, &doc.parts[i]);
        char last[40];
        snprintf(last, sizeof last, "Page %d of %d", facts.pages, facts.pages);
        ck_assert_ptr_nonnull(strstr(raw, last));
        ck_assert_uint_ge(count_of(raw, doc.disclaimer), (size_t)facts.pages);
        ck_assert_uint_ge(count_of(raw, doc.stamp), (size_t)facts.pages);
        free(raw);
        free(paper);
    }
    drop_report(&m);
}
END_TEST

START_TEST(paper_holds_whatever_is_asked_for)
{
    static const enum smp_choice one[] = { SMP_CHOICE_DUTASTERIDE };
    for (int k = 0; k < 2; k++) {
        struct made m;
        char path[200];
        make_report(&m, k == 0 ? 1 : 30, k == 0 ? one : NULL, 1);
        if (k == 1) {
            m.report.shots = NULL;
            m.from.title =
                "A title that is much too long for the line that it stands on, and longer";
            m.comparison.sensitivity_count = 0;
        }
        scratch_path(path, "any.pdf");
        ck_assert_uint_eq(pdf_of(&m, path).overflows, 0);
        check_page(&m);
        drop_report(&m);
    }
}
END_TEST

START_TEST(same_comparison_same_bytes)
{
    struct smp_bytes files[2][2];
    struct made m[2];
    for (int k = 0; k < 2; k++) {
        make_report(&m[k], 10, NULL, 0);
        ck_assert(!smp_report_make(files[k], &m[k].report, &m[k].arena, NULL));
    }
    for (int i = 0; i < 2; i++) {
        ck_assert_uint_eq(files[0][i].length, files[1][i].length);
        ck_assert(memcmp(files[0][i].data, files[1][i].data, files[0][i].length) == 0);
    }
    drop_report(&m[0]);
    drop_report(&m[1]);
}
END_TEST

START_TEST(without_memory_it_says_so)
{
    struct made m;
    struct smp_bytes files[2];
    struct smp_arena small;
    struct smp_err err = { 0 };
    make_report(&m, 10, NULL, 0);
    smp_arena_make(&small, 1 << 20);
    ck_assert_int_eq(smp_report_make(files, &m.report, &small, &err), SMP_E_NOMEM);
    ck_msg_has(err, "no memory for the page");
    smp_arena_drop(&small);
    drop_report(&m);
}
END_TEST

START_TEST(folder_that_is_absent_is_told_of)
{
    struct made m;
    struct smp_err err = { 0 };
    const enum smp_choice one[] = { SMP_CHOICE_NOTHING };
    make_report(&m, 1, one, 1);
    ck_assert_int_eq(smp_report_write("/nowhere", &m.report, &m.arena, &err), SMP_E_INPUT);
    ck_msg_has(err, "/nowhere/compare.html");
    drop_report(&m);
}
END_TEST

// ---- Words --------------------------------------------------------------------------------------

START_TEST(times_follow_the_years)
{
    static const int wanted[][5] = {
        { 1, 0, 1 },       { 3, 0, 1, 3 },      { 5, 0, 1, 5 },
        { 7, 0, 1, 5, 7 }, { 10, 0, 1, 5, 10 }, { 30, 0, 1, 5, 10 },
    };
    static const size_t counts[] = { 2, 3, 3, 4, 4, 4 };
    for (size_t i = 0; i < 6; i++) {
        const struct smp_report_times times = smp_report_times(wanted[i][0]);
        ck_assert_uint_eq(times.count, counts[i]);
        for (size_t t = 0; t < times.count; t++)
            ck_assert_int_eq(times.years[t], wanted[i][t + 1]);
    }
}
END_TEST

START_TEST(numbers_are_said_as_a_person_does)
{
    static const double values[] = { 0, 0.5, 34, 999, 1000, 12500, 1234567, -1500 };
    static const char *const said[] = { "0",     "0.5",    "34",        "999",
                                        "1,000", "12,500", "1,234,567", "-1,500" };
    for (size_t i = 0; i < 8; i++) {
        char text[32];
        smp_report_short(text, values[i]);
        ck_assert_str_eq(text, said[i]);
    }
    struct smp_arena arena;
    struct smp_doc doc;
    smp_arena_make(&arena, 0);
    smp_doc_open(&doc, &arena);
    ck_assert_str_eq(smp_say_share(&doc, (struct smp_band){ 0.414, 0.62, 0.8 }), "62 % (41 to 80)");
    ck_assert_str_eq(smp_say_count(&doc, (struct smp_band){ 3412, 12345, 18777 }, ""),
                     "12,500 (3,400 to 19,000)");
    ck_assert_str_eq(smp_say_count(&doc, (struct smp_band){ 0, 0, 0 }, "hours"), "0 hours");
    ck_assert_str_eq(smp_say_years(&doc, 1), "1 year");
    smp_arena_drop(&arena);
    for (int i = 0; i < 80; i++) {
        const double v = 1e-3 * pow(1.37, i);
        const struct smp_nice nice = smp_nice_above(v);
        ck_assert(nice.top >= v * (1 - 1e-8) && nice.top < 2.01 * v);
        const double steps = nice.top / nice.step;
        ck_assert(steps > 1.9 && steps < 4.1 && fabs(steps - round(steps)) < 1e-9);
    }
}
END_TEST

SMP_TEST_MAIN("report", page_is_well_formed_and_needs_nothing_else, hostile_words_stay_words,
              every_section_has_every_option_once_in_the_order_asked,
              bands_pictures_and_texts_stand_together, an_option_is_treated_as_any_other,
              prose_is_of_grade_nine_at_most, paper_says_what_the_page_says,
              paper_holds_whatever_is_asked_for, same_comparison_same_bytes,
              without_memory_it_says_so, folder_that_is_absent_is_told_of, times_follow_the_years,
              numbers_are_said_as_a_person_does)
