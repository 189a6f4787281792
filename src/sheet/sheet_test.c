#include "sheet/tools_test.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

// ---- The bar, fonts, metadata -----------------------------------------------------------------

START_TEST(the_bar_measures_100_mm_on_every_page_when_rendered)
{
    if (!has_tool("pdftoppm"))
        return;
    static struct fake f;
    fake_make(&f, 2);
    for (int paper = 0; paper < 2; paper++) {
        char path[200], command[600], page[260];
        write_ok(path, "bar.pdf", &f, SMP_SHEET_STENCIL, (enum smp_paper)paper);
        snprintf(command, sizeof command, "pdftoppm -gray -r 600 -f 1 -l 1 -singlefile %s %s", path,
                 path);
        ck_assert_int_eq(system(command), 0);
        snprintf(page, sizeof page, "%s.pgm", path);
        struct grey g = read_pgm(page);
        const double mm = bar_px(&g, 600 / 25.4) * 25.4 / 600;
        printf("# bar on %s: %.3f mm\n", smp_paper_names[paper], mm);
        ck_assert_msg(fabs(mm - 100) <= 0.1, "the bar measures %g mm", mm);
        free(g.px);
        unlink(page);
        unlink(path);
    }
    fake_drop(&f);
}
END_TEST

START_TEST(fonts_are_embedded_and_the_file_is_sound)
{
    if (!has_tool("pdffonts") || !has_tool("qpdf") || !has_tool("pdfinfo"))
        return;
    static struct fake f;
    fake_make(&f, 3);
    char path[200], command[500];
    write_ok(path, "fonts.pdf", &f, SMP_SHEET_ALL, SMP_PAPER_A4);
    snprintf(command, sizeof command, "pdffonts %s | tail -n +3", path);
    char *fonts = output_of(command);
    int inter = 0;
    for (char *line = fonts; *line;) {
        char *end = strchr(line, '\n');
        *end = 0;
        ck_assert_msg(strstr(line, " yes yes ") != NULL, "not embedded as a subset: %s", line);
        inter += strstr(line, "Inter") != NULL;
        line = end + 1;
    }
    ck_assert_int_ge(inter, 3);
    free(fonts);
    snprintf(command, sizeof command, "qpdf --check %s 2>&1", path);
    char *check = output_of(command);
    ck_assert_ptr_nonnull(strstr(check, "No syntax or stream encoding errors"));
    free(check);
    snprintf(command, sizeof command,
             "qpdf --qdf --object-streams=disable %s - | grep -a -A3 "
             "-e OutputIntents -e sRGB",
             path);
    char *intent = output_of(command); // colours are said to be sRGB, with the profile
    ck_assert_ptr_nonnull(strstr(intent, "/OutputConditionIdentifier (sRGB IEC61966-2.1)"));
    ck_assert_ptr_nonnull(strstr(intent, "/DestOutputProfile"));
    free(intent);
    snprintf(command, sizeof command, "pdfinfo %s", path);
    char *info = output_of(command);
    ck_assert_ptr_nonnull(strstr(info, "PDF version:     1.5"));
    ck_assert_ptr_nonnull(strstr(info, "(simulated)"));
    ck_assert_ptr_nonnull(strstr(info, "SIMULATED scalp micropigmentation plan, not a record"));
    ck_assert_ptr_nonnull(strstr(info, "stubble"));
    ck_assert_ptr_null(strstr(info, "CreationDate"));
    free(info);
    unlink(path);
    fake_drop(&f);
}
END_TEST

START_TEST(a_missing_font_is_told_in_one_sentence)
{
    PangoFontMap *map = pango_cairo_font_map_new();
    PangoContext *context = pango_font_map_create_context(map);
    struct smp_err err = { 0 };
    ck_assert_int_eq(smp_font_check(context, "No Such Font", &err), SMP_E_FILE);
    ck_msg_has(err, "the font No Such Font is not installed (fontconfig offers ");
    ck_msg_has(err, "on Debian it is the package fonts-inter");
    ck_assert_int_eq(smp_font_check(context, "Inter", NULL), SMP_OK);
    g_object_unref(context);
    g_object_unref(map);
}
END_TEST

START_TEST(the_same_plan_gives_the_same_bytes)
{
    static struct fake f;
    fake_make(&f, 3);
    for (int kind = SMP_SHEET_ALL; kind < SMP_SHEET_COUNT; kind++) { // ALL holds the other pages
        struct smp_buffer a, b;
        render_ok(&a, NULL, &f, (enum smp_sheet_kind)kind, SMP_PAPER_A4);
        render_ok(&b, NULL, &f, (enum smp_sheet_kind)kind, SMP_PAPER_A4);
        ck_assert_msg(a.length == b.length && memcmp(a.data, b.data, a.length) == 0, "%s differs",
                      smp_sheet_names[kind]);
        smp_buffer_drop(&a);
        smp_buffer_drop(&b);
    }
    fake_drop(&f);
}
END_TEST

START_TEST(an_edited_plan_has_another_id)
{
    static struct fake f;
    fake_make(&f, 2);
    char before[12], after[12];
    smp_plan_id(before, &f.plan);
    f.plan.dots[17].position_mm.x += 0.01;
    smp_plan_id(after, &f.plan);
    ck_assert_str_ne(before, after);
    ck_assert_uint_eq(strlen(before), 9);
    fake_drop(&f);
}
END_TEST

// ---- Text -------------------------------------------------------------------------------------

START_TEST(pages_say_what_they_must)
{
    if (!has_tool("pdftotext"))
        return;
    static struct fake f;
    fake_make(&f, 3);
    fake_areas(&f);
    char path[200], command[500];
    write_ok(path, "text.pdf", &f, SMP_SHEET_ALL, SMP_PAPER_LETTER);
    snprintf(command, sizeof command, "pdftotext -layout %s -", path);
    char *text = output_of(command);
    char id[12];
    smp_plan_id(id, &f.plan);
    const char *const wanted[] = { "Marek V. (made up)",
                                   "Page 1 of 8",
                                   "Page 8 of 8",
                                   "20,268",
                                   id,
                                   "SIMULATED plan, not a record",
                                   "not medical advice",
                                   "consult a qualified technician",
                                   "62.8 mm",
                                   "Hairline low",
                                   "grade C to D",
                                   "EUR 1,400–2,600",
                                   "Print at 100 %",
                                   "seed 1",
                                   "Machine setting (needle travel), not depth in skin",
                                   "Work sheet, session 3 of 3",
                                   "Pigment, lot, expiry",
                                   "Initials",
                                   "keep out (mole)",
                                   "Outlined: strip",
                                   "Temple left",
                                   "1RL 0.20",
                                   "0.5–0.8",
                                   "after S1",
                                   "mirrored",
                                   "10 mm beside it paper and skin differ by up to 0.6 %",
                                   NULL };
    for (int i = 0; wanted[i]; i++)
        ck_assert_msg(strstr(text, wanted[i]) != NULL, "no \"%s\" on the pages", wanted[i]);
    free(text);
    unlink(path);
    fake_drop(&f);
}
END_TEST

static void fill_awkward(struct fake *f)
{
    static const char *const titles[3] = {
        "Bartholomew Featherstonehaugh-Cholmondeley the Third of Upper Nether Wallop, second visit",
        "Владимир Ильюшенков · Παπαδόπουλος · 山田太郎 · عبد الرحمن",
        "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW"
    };
    static const struct smp_warning long_one = {
        "left-right-difference-of-the-frontotemporal-corner",
        "temporal peak right",
        1234.5678,
        0.0001234,
        "dots per square centimetre",
        "a source whose name is much longer than any list of names has room for on a printed page "
        "that has other things to say as well, grade D",
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsraum: "
        "look at the corners again and move the one that stands lower until both agree."
    };
    f->from.title = titles[f->plan.sessions % 3];
    f->from.currency = "Schweizer Franken";
    f->plan.price_high = 123456789;
    for (int i = 0; i < 24; i++)
        f->warnings[i] = long_one;
    f->plan.warning_count = 24;
    for (int z = 0; z < SMP_ZONE_COUNT; z++)
        f->plan.zones[z].needle = "7RL 0.35 mm long taper, changed every 2 h";
}

START_TEST(nothing_overflows_whatever_the_text_and_the_number_of_sessions)
{
    static struct fake f;
    static const int counts[] = { 1, 2, 3, 6 };
    for (int i = 0; i < 4; i++) {
        for (int paper = 0; paper < 2; paper++) {
            const int sessions = counts[i];
            fake_make(&f, sessions);
            fake_thin(&f, 12); // text and boxes are the matter here
            if (paper)
                fill_awkward(&f);
            struct smp_buffer out;
            struct smp_sheet_facts facts;
            render_ok(&out, &facts, &f, SMP_SHEET_ALL, (enum smp_paper)paper);
            ck_assert_msg(facts.overflows == 0, "%zu overflows with %d sessions on %s",
                          facts.overflows, sessions, smp_paper_names[paper]);
            ck_assert_int_ge(facts.pages, 5 + sessions);
            smp_buffer_drop(&out);
            fake_drop(&f);
        }
    }
}
END_TEST

START_TEST(a_session_says_how_many_dots_come_from_each_bottle)
{
    if (!has_tool("pdftotext"))
        return;
    static struct fake f;
    fake_make(&f, 2);
    f.from.recipe.shade_count = 2;
    f.from.recipe.shades[0] = (struct smp_shade){ "light", 19 };
    f.from.recipe.shades[1] = (struct smp_shade){ "medium", 0 };
    size_t light = 0;
    for (size_t i = 0; i < f.plan.dot_count; i++) {
        f.plan.dots[i].pigment = i % 5 == 0 ? 0 : 1;
        light += f.plan.dots[i].session == 1 && i % 5 == 0;
    }
    char path[200], command[400], count[32];
    for (int paper = 0; paper < 2; paper++) {
        struct smp_buffer out;
        struct smp_sheet_facts facts;
        render_ok(&out, &facts, &f, SMP_SHEET_WORK, (enum smp_paper)paper);
        ck_assert_uint_eq(facts.overflows, 0);
        smp_buffer_drop(&out);
    }
    write_ok(path, "bottles.pdf", &f, SMP_SHEET_WORK, SMP_PAPER_A4);
    snprintf(command, sizeof command, "pdftotext -layout -f 2 -l 2 %s - | tr -d ,", path);
    char *text = output_of(command);
    const char *row = strstr(text, "Light 1 : 19");
    ck_assert_ptr_nonnull(row);
    ck_assert_ptr_nonnull(strstr(text, "Medium undiluted"));
    snprintf(count, sizeof count, " %zu\n", light);
    const char *found = strstr(row, count);
    ck_assert_msg(found && found < strchr(row, '\n') + 1, "not %zu in %.60s", light, row);
    free(text);
    fake_drop(&f);
}
END_TEST

static void make_picture(struct smp_image *image, size_t w, size_t h, struct smp_arena *arena)
{
    *image = (struct smp_image){ smp_new(arena, struct smp_rgb, w * h), w, h };
    for (size_t i = 0; i < w * h; i++)
        image->px_lin[i] = (struct smp_rgb){ 0.2140411F, 1.5F, -1.0F }; // sRGB 128, over, under
}

START_TEST(pictures_keep_their_colour_and_are_called_simulated)
{
    if (!has_tool("pdftoppm") || !has_tool("pdftotext"))
        return;
    static struct fake f;
    fake_make(&f, 1);
    struct smp_image big, tiny;
    make_picture(&big, 400, 500, &f.arena);
    make_picture(&tiny, 1, 1, &f.arena);
    struct smp_sheet_pictures pictures = { &big, &big, { &big, &tiny }, { "Left" }, 0, NULL };
    char path[200], command[600], page[260];
    scratch_path(path, "pictures.pdf");
    struct smp_err err = { 0 };
    ck_assert_msg(!smp_sheet_write(path, &f.plan, SMP_SHEET_SUMMARY, SMP_PAPER_A4, &pictures, &err),
                  "%s", err.msg);
    snprintf(command, sizeof command, "pdftotext %s -", path);
    char *text = output_of(command);
    ck_assert_ptr_nonnull(strstr(text, "Before: simulated"));
    ck_assert_ptr_nonnull(strstr(text, "Left, healed: simulated"));
    ck_assert_ptr_nonnull(strstr(text, "Page 2 of 2"));
    free(text);
    snprintf(command, sizeof command, "pdfinfo -struct-text %s", path);
    text = output_of(command);
    ck_assert_ptr_nonnull(strstr(text, "H1"));
    ck_assert_ptr_nonnull(strstr(text, "\"Your plan\""));
    ck_assert_ptr_nonnull(strstr(text, "Figure"));
    free(text);
    // pictures are JPEG streams
    snprintf(command, sizeof command, "grep -c -a DCTDecode %s", path);
    text = output_of(command);
    ck_assert_str_eq(text, "4\n");
    free(text);
    snprintf(command, sizeof command, "pdftoppm -r 25.4 -f 1 -l 1 -singlefile %s %s", path, path);
    ck_assert_int_eq(system(command), 0);
    snprintf(page, sizeof page, "%s.ppm", path);
    FILE *file = fopen(page, "rb");
    int w, h, max;
    ck_assert_int_eq(fscanf(file, "P6 %d %d %d", &w, &h, &max), 3);
    unsigned char px[3];
    fseek(file, 1 + 3 * (80 * w + 50), SEEK_CUR); // 50 mm from the left, 80 mm from the top
    ck_assert_uint_eq(fread(px, 1, 3, file), 3);
    fclose(file);
    ck_assert_msg(abs(px[0] - 128) < 4 && px[1] > 251 && px[2] < 4, "%d %d %d", px[0], px[1],
                  px[2]); // poppler rounds down when it shrinks
    unlink(page);
    // hair as it is worn: said of the first two, and what dots do under it
    pictures.worn_mm = 60;
    ck_assert_msg(!smp_sheet_write(path, &f.plan, SMP_SHEET_SUMMARY, SMP_PAPER_A4, &pictures, &err),
                  "%s", err.msg);
    snprintf(command, sizeof command, "pdftotext %s - | tr '\\n' ' '", path);
    text = output_of(command);
    ck_assert_ptr_nonnull(strstr(text, "Before, from above, hair of 60 mm: simulated"));
    ck_assert_ptr_nonnull(strstr(text, "After, healed, from above, hair of 60 mm: simulated"));
    ck_assert_ptr_nonnull(strstr(text, "Left, shaved, healed: simulated"));
    ck_assert_ptr_nonnull(strstr(text, "Give length or volume: under hair, dots make thin places"));
    ck_assert_ptr_null(strstr(text, "kept that short"));
    free(text);
    unlink(path);
    fake_drop(&f);
}
END_TEST

START_TEST(the_same_pictures_give_the_same_bytes)
{
    static struct fake f;
    fake_make(&f, 2);
    struct smp_image first, second; // the same picture at two addresses
    make_picture(&first, 400, 500, &f.arena);
    make_picture(&second, 400, 500, &f.arena);
    const struct smp_sheet_pictures a = { &first, &second, { &first }, { "Left" }, 0, NULL };
    const struct smp_sheet_pictures b = { &second, &first, { &second }, { "Left" }, 0, NULL };
    struct smp_buffer one = { 0 }, two = { 0 };
    const enum smp_sheet_kind kind = SMP_SHEET_SUMMARY;
    ck_assert_int_eq(smp_sheet_render(&one, NULL, &f.plan, kind, SMP_PAPER_A4, &a, NULL), SMP_OK);
    ck_assert_int_eq(smp_sheet_render(&two, NULL, &f.plan, kind, SMP_PAPER_A4, &b, NULL), SMP_OK);
    ck_assert(one.length > 0 && one.length == two.length);
    ck_assert_mem_eq(one.data, two.data, one.length);
    smp_buffer_drop(&one);
    smp_buffer_drop(&two);
    fake_drop(&f);
}
END_TEST

// ---- Swatches ---------------------------------------------------------------------------------

START_TEST(a_swatch_holds_exactly_the_dots_of_the_plan_in_its_window)
{
    static struct fake f;
    fake_make(&f, 3);
    struct smp_cutting s;
    ck_assert_int_eq(smp_swatch_make(&s, &f.plan, SMP_ZONE_MIDSCALP, &f.arena, NULL), SMP_OK);
    // on a ball the window is what lies within 10 mm of the centre along both axes: recount
    size_t count[3] = { 0 };
    const struct smp_vec3 n = fake_normal(s.centre);
    ck_assert_double_le(fabs(smp_dot(s.across, s.down)) + fabs(smp_dot(s.across, n)) +
                            fabs(smp_dot(s.down, n)) + fabs(smp_length(s.across) - 1),
                        1e-9);
    for (size_t i = 0; i < f.plan.dot_count; i++) {
        const struct smp_vec3 d = smp_sub(f.plan.dots[i].position_mm, s.centre);
        const double x = smp_dot(d, s.across), y = smp_dot(d, s.down);
        if (smp_length(d) > 30 || x < -10 || x >= 10 || y < -10 || y >= 10)
            continue;
        for (int k = f.plan.dots[i].session; k <= 3; k++)
            count[k - 1]++;
    }
    for (int k = 0; k < 3; k++)
        ck_assert_uint_eq(s.count[k], count[k]);
    ck_assert_uint_eq(s.dot_count, count[2]);
    ck_assert(count[0] < count[1] && count[1] < count[2]);
    const double per_cm2 = (double)count[2] / 4; // seen flat: a little denser than on the ball
    ck_assert_double_ge(per_cm2, 95);
    ck_assert_double_le(per_cm2, 130);
    fake_drop(&f);
}
END_TEST

START_TEST(a_zone_without_dots_has_no_swatch)
{
    static struct fake f;
    fake_make(&f, 1);
    struct smp_err err = { 0 };
    struct smp_cutting s;
    ck_assert_int_eq(smp_swatch_make(&s, &f.plan, SMP_ZONE_NAPE, &f.arena, &err), SMP_E_INPUT);
    ck_msg_eq(err, "the zone nape holds no dots to cut a swatch from");
    fake_drop(&f);
}
END_TEST

// ---- Bad input, bad disks ---------------------------------------------------------------------

static void refuses(const struct fake *f, enum smp_sheet_kind kind, const char *sentence)
{
    struct smp_err err = { 0 };
    struct smp_buffer out = { 0 };
    ck_assert_int_eq(smp_sheet_render(&out, NULL, &f->plan, kind, SMP_PAPER_A4, NULL, &err),
                     SMP_E_INPUT);
    ck_msg_eq(err, sentence);
    smp_buffer_drop(&out);
}

START_TEST(plans_that_cannot_be_drawn_are_refused_with_a_sentence)
{
    static struct fake f;
    fake_make(&f, 2);
    const struct smp_dot good = f.plan.dots[4];
    struct smp_dot *dot = &f.plan.dots[4];
    dot->session = 3;
    refuses(&f, SMP_SHEET_ALL, "dot 5 has session 3; it must be 1 to 2");
    *dot = good;
    dot->zone = (enum smp_zone)99;
    refuses(&f, SMP_SHEET_CSV, "dot 5 lies in no known zone");
    *dot = good;
    dot->chart.x = (double)NAN;
    refuses(&f, SMP_SHEET_SVG, "dot 5 has no place that can be drawn");
    *dot = good;
    dot->diameter_um = 0;
    refuses(&f, SMP_SHEET_DXF, "dot 5 has a diameter of 0 µm; it must be above 0 and below 5000");
    *dot = good;
    f.design.line_count = 3;
    refuses(&f, SMP_SHEET_STENCIL, "the plan has no hairline to make a stencil of");
    f.plan.sessions = 7;
    refuses(&f, SMP_SHEET_ALL, "the plan's sessions must be 1 to 6, not 7");
    f.plan.dot_count = 0;
    refuses(&f, SMP_SHEET_ALL, "the plan has no dots: there is nothing to print");
    f.plan.design = NULL;
    refuses(&f, SMP_SHEET_ALL, "the plan lacks its case, head or design");
    fake_drop(&f);
}
END_TEST

START_TEST(a_full_disk_leaves_the_old_file_and_says_so)
{
    static struct fake f;
    fake_make(&f, 1);
    char path[200];
    scratch_path(path, "full.pdf");
    struct smp_err err = { 0 };
    ck_assert_int_eq(smp_file_write(path, "old", 3, &err), SMP_OK);
    struct rlimit old, small = { 4096, RLIM_INFINITY };
    getrlimit(RLIMIT_FSIZE, &old);
    small.rlim_max = old.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    const enum smp_code code =
        smp_sheet_write(path, &f.plan, SMP_SHEET_CSV, SMP_PAPER_A4, NULL, &err);
    setrlimit(RLIMIT_FSIZE, &old);
    ck_assert_int_eq(code, SMP_E_IO);
    ck_msg_has(err, "full.pdf cannot be written: ");
    struct stat info;
    ck_assert_int_eq(stat(path, &info), 0);
    ck_assert_int_eq(info.st_size, 3);
    unlink(path);
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(
        smp_sheet_write("/no/such/folder/x.pdf", &f.plan, SMP_SHEET_CSV, SMP_PAPER_A4, NULL, &err),
        SMP_E_INPUT);
    ck_msg_eq(err,
              "/no/such/folder/x.pdf cannot be written: the folder to put it in does not exist");
    fake_drop(&f);
}
END_TEST

SMP_TEST_MAIN("sheet", the_bar_measures_100_mm_on_every_page_when_rendered,
              fonts_are_embedded_and_the_file_is_sound, a_missing_font_is_told_in_one_sentence,
              the_same_plan_gives_the_same_bytes, an_edited_plan_has_another_id,
              pages_say_what_they_must,
              nothing_overflows_whatever_the_text_and_the_number_of_sessions,
              a_swatch_holds_exactly_the_dots_of_the_plan_in_its_window,
              a_session_says_how_many_dots_come_from_each_bottle,
              pictures_keep_their_colour_and_are_called_simulated,
              the_same_pictures_give_the_same_bytes, a_zone_without_dots_has_no_swatch,
              plans_that_cannot_be_drawn_are_refused_with_a_sentence,
              a_full_disk_leaves_the_old_file_and_says_so)
