// The shade card: its measures, its colours, its bytes.
#include "sheet/tools_test.h"

// A made-up match for a skin whose pictures are flat: what is tested here is the page.
static void make_card(struct smp_shade_card *card, struct smp_match_request *request,
                      struct smp_catalogue *catalogue, struct smp_arena *arena)
{
    static struct smp_pigment pigments[2] = { { .id = "a", .name = "carbon black, 50 nm" },
                                              { .id = "b", .name = "a bottle of one's own" } };
    *catalogue = (struct smp_catalogue){ pigments, 2 };
    *request = smp_match_request_default();
    request->catalogue = catalogue;
    *card = (struct smp_shade_card){ .request = request };
    card->match.bare_lab = (struct smp_lab){ 67.3, 9.4, 14.8 };
    card->match.stubble_lab = (struct smp_lab){ 59.7, 5.1, 10.6 };
    card->match.count = SMP_RECIPES_MAX;
    const size_t side = SMP_CARD_MM * SMP_CARD_PX_PER_MM;
    ck_assert(!smp_image_make(&card->stubble, side, side, arena, NULL));
    for (size_t i = 0; i < SMP_RECIPES_MAX; i++) {
        struct smp_recipe *r = &card->match.recipes[i];
        *r = (struct smp_recipe){ .pigment = i % 2,
                                  .parts_water = 8,
                                  .diameter_mm = 0.33,
                                  .dots_per_cm2 = 110,
                                  .strength_cv = 0.5,
                                  .warnings = i == 1 ? (1u << SMP_MATCH_WARNING_COUNT) - 1 : 0 };
        for (int age = 0; age < SMP_MATCH_AGE_COUNT; age++) {
            r->at[age] = (struct smp_outlook){
                .delta_e00 = { 1, 10.2, 12.2 },
                .side_by_side_mm = { (double)INFINITY, (double)INFINITY, (double)INFINITY },
                .casual_mm = { 600, 1200, (double)INFINITY },
                .lab = { 48 + 6.0 * (double)i, 3 + 2.0 * age, 6 + 2.0 * age }
            };
            ck_assert(!smp_image_make(&card->field[i][age], side, side, arena, NULL));
        }
    }
}

struct card_of {
    struct fake f;
    struct smp_match_request request;
    struct smp_catalogue catalogue;
    struct smp_shade_card card;
    struct smp_sheet_pictures pictures;
};

static void set_up(struct card_of *c)
{
    fake_make(&c->f, 2);
    make_card(&c->card, &c->request, &c->catalogue, &c->f.arena);
    c->pictures = (struct smp_sheet_pictures){ .shades = &c->card };
}

static struct smp_sheet_facts render_card(struct smp_buffer *out, const struct card_of *c,
                                          int paper)
{
    struct smp_err err = { 0 };
    struct smp_sheet_facts facts = { 0 };
    *out = (struct smp_buffer){ 0 };
    ck_assert_msg(!smp_sheet_render(out, &facts, &c->f.plan, SMP_SHEET_SHADES,
                                    (enum smp_paper)paper, &c->pictures, &err),
                  "%s", err.msg);
    return facts;
}

START_TEST(six_recipes_take_two_pages_and_nothing_overflows)
{
    static struct card_of c;
    set_up(&c);
    for (int paper = 0; paper < 2; paper++) {
        struct smp_buffer out;
        const struct smp_sheet_facts facts = render_card(&out, &c, paper);
        ck_assert_int_eq(facts.pages, 2);
        ck_assert_uint_eq(facts.overflows, 0);
        smp_buffer_drop(&out);
    }
    fake_drop(&c.f);
}
END_TEST

START_TEST(the_same_card_gives_the_same_bytes)
{
    static struct card_of c;
    set_up(&c);
    struct smp_buffer one, two;
    render_card(&one, &c, SMP_PAPER_A4);
    render_card(&two, &c, SMP_PAPER_A4);
    ck_assert_uint_eq(one.length, two.length);
    ck_assert_mem_eq(one.data, two.data, one.length);
    smp_buffer_drop(&one);
    smp_buffer_drop(&two);
    fake_drop(&c.f);
}
END_TEST

// Rows of a rendered page whose pixel in one column is within ΔE00 0.5 of a colour.
static int rows_of(FILE *file, long start, int w, int h, int x, struct smp_lab lab)
{
    int rows = 0;
    for (int y = 0; y < h; y++) {
        unsigned char px[3];
        fseek(file, start + 3L * ((long)y * w + x), SEEK_SET);
        ck_assert_uint_eq(fread(px, 1, 3, file), 3);
        const struct smp_rgb_lin lin = { smp_lin_from_srgb(px[0] / 255.0),
                                         smp_lin_from_srgb(px[1] / 255.0),
                                         smp_lin_from_srgb(px[2] / 255.0) };
        rows += smp_delta_e00(smp_lab_from_rgb(lin), lab) <= 0.5;
    }
    return rows;
}

START_TEST(flat_areas_have_the_recipes_colours_and_the_bar_its_100_mm_as_rendered)
{
    if (!has_tool("pdftoppm"))
        return;
    static struct card_of c;
    set_up(&c);
    char path[200], command[600], page[260];
    scratch_path(path, "card.pdf");
    struct smp_err err = { 0 };
    ck_assert(!smp_sheet_write(path, &c.f.plan, SMP_SHEET_SHADES, SMP_PAPER_A4, &c.pictures, &err));
    snprintf(command, sizeof command, "pdftoppm -r 127 -f 1 -l 1 -singlefile %s %s", path, path);
    ck_assert_int_eq(system(command), 0); // 5 px a mm
    snprintf(page, sizeof page, "%s.ppm", path);
    FILE *file = fopen(page, "rb");
    int w, h, max;
    ck_assert_int_eq(fscanf(file, "P6 %d %d %d", &w, &h, &max), 3);
    const long start = ftell(file) + 1;
    for (int age = 0; age < SMP_MATCH_AGE_COUNT; age++) {
        const int x = (int)(5 * (12 + 10 + (1 + age) * (186.0 - 20) / 6)); // middle of its column
        for (int i = 0; i < 3; i++) {                                      // strips are 6 mm high
            const int rows = rows_of(file, start, w, h, x, c.card.match.recipes[i].at[age].lab);
            ck_assert_msg(rows >= 28 && rows <= 32, "recipe %d, age %d: %d rows", i, age, rows);
        }
    }
    fclose(file);
    snprintf(command, sizeof command, "pdftoppm -gray -r 600 -f 1 -l 1 -singlefile %s %s", path,
             path);
    ck_assert_int_eq(system(command), 0);
    snprintf(page, sizeof page, "%s.pgm", path);
    struct grey g = read_pgm(page);
    ck_assert_double_eq_tol(bar_px(&g, 600 / 25.4) * 25.4 / 600, 100, 0.1);
    free(g.px);
    fake_drop(&c.f);
}
END_TEST

START_TEST(a_card_says_what_it_must)
{
    if (!has_tool("pdftotext"))
        return;
    static struct card_of c;
    set_up(&c);
    char path[200], command[400];
    scratch_path(path, "words.pdf");
    struct smp_err err = { 0 };
    ck_assert(
        !smp_sheet_write(path, &c.f.plan, SMP_SHEET_SHADES, SMP_PAPER_LETTER, &c.pictures, &err));
    snprintf(command, sizeof command, "pdftotext %s -", path);
    char *text = output_of(command);
    static const char *const words[] = {
        "SIMULATED",       "Carbon black, 50 nm, 1 : 8",
        "8 years",         "1.2 m (0.6–never)",
        "10.2 (1.0–12.2)", "General information, not medical advice",
        "No warnings."
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        ck_assert_msg(strstr(text, words[i]) != NULL, "\"%s\" is not on the card", words[i]);
    free(text);
    c.card.match = (struct smp_match){ .impossible = "no honest match: grey hair on dark skin" };
    ck_assert(!smp_sheet_write(path, &c.f.plan, SMP_SHEET_SHADES, SMP_PAPER_A4, &c.pictures, &err));
    text = output_of(command);
    ck_assert_ptr_nonnull(strstr(text, "No honest match: grey hair on dark skin."));
    free(text);
    c.pictures.shades = NULL;
    ck_assert_int_eq(
        smp_sheet_write(path, &c.f.plan, SMP_SHEET_SHADES, SMP_PAPER_A4, &c.pictures, &err),
        SMP_E_INPUT);
    ck_msg_eq(err, "there is no match to make a shade card of");
    fake_drop(&c.f);
}
END_TEST

SMP_TEST_MAIN("sheet shades", six_recipes_take_two_pages_and_nothing_overflows,
              the_same_card_gives_the_same_bytes,
              flat_areas_have_the_recipes_colours_and_the_bar_its_100_mm_as_rendered,
              a_card_says_what_it_must)
