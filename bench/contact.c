// contact OUT.jpg|OUT.png [STUBBLE_MM]: stubble (0.3 mm) beside a recipe and the three faults
// (lattice, too deep, helmet) on three skins, sharp and as the eye has them from 0.6 and 1.2 m. To
// be looked at; docs/match.md shows it.
#include "plan/plan.h"
#include "shade/shade.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Means of 100 measured people of three classes (NIST, docs/optics.md).
static const struct smp_lab skins[] = { { 67.3, 9.4, 14.8 },
                                        { 56.3, 11.1, 16.6 },
                                        { 37.8, 9.2, 12.3 } };
static const struct smp_lab hairs[] = { { 23, 4, 4.9 }, { 20, 2.5, 3 }, { 18.2, 1, 1.5 } };
enum { SKINS = 3, PATCHES = 5, ROWS = 3, PATCH_PX = 160, GAP_PX = 6 };
enum { LEFT_PX = 104, TOP_PX = 30, SKIN_PX = 26, FOOT_PX = 30 };     // room for words
static const double px_per_mm = 8, afar_mm[ROWS] = { 0, 600, 1200 }; // 0: sharp
static const char *const columns[PATCHES] = { "stubble", "recipe, healed", "lattice", "too deep",
                                              "helmet" };
static const char *const rows[ROWS] = { "sharp", "from 0.6 m", "from 1.2 m" };

struct tools {
    struct smp_catalogue catalogue;
    struct smp_healing healing;
    struct smp_pool *pool;
    struct smp_arena arena;
    double stubble_mm; // above the skin
};

static enum smp_code read_data(struct tools *t, struct smp_err *err)
{
    const struct smp_bytes pigments = smp_data_file("pigments.json");
    const struct smp_bytes healing = smp_data_file("healing.json");
    const enum smp_code code =
        smp_catalogue_read(&t->catalogue, "pigments.json", (const char *)pigments.data,
                           pigments.length, &t->arena, err);
    return code ? code
                : smp_healing_read(&t->healing, "healing.json", (const char *)healing.data,
                                   healing.length, &t->arena, err);
}

static void put(const struct smp_image *sheet, const struct smp_image *patch, size_t x0, size_t y0)
{
    for (size_t y = 0; y < patch->height_px; y++)
        memcpy(smp_image_at(sheet, x0, y0 + y), smp_image_at(patch, 0, y),
               patch->width_px * sizeof(struct smp_rgb));
}

// Where a patch begins: stubble and recipe touch, so that a difference shows at the seam.
static size_t column_px(int patch)
{
    return LEFT_PX + (size_t)patch * PATCH_PX + (patch > 1 ? (size_t)(patch - 1) * GAP_PX : 0);
}

static size_t skin_px(int skin)
{
    return TOP_PX + (size_t)skin * (SKIN_PX + ROWS * (PATCH_PX + GAP_PX));
}

// Black words on the white sheet, from (x, y); bold where said.
static void write_words(const struct smp_image *sheet, size_t x0, size_t y0, bool bold,
                        const char *words)
{
    enum { WIDE = 900, HIGH = 40 };
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, WIDE, HIGH);
    cairo_t *cr = cairo_create(surface);
    PangoLayout *layout = pango_cairo_create_layout(cr);
    PangoFontDescription *font = pango_font_description_from_string(
        bold ? "Inter, DejaVu Sans Bold 10" : "Inter, DejaVu Sans 10");
    pango_layout_set_font_description(layout, font);
    pango_layout_set_text(layout, words, -1);
    pango_cairo_show_layout(cr, layout);
    cairo_surface_flush(surface);
    const unsigned char *ink = cairo_image_surface_get_data(surface);
    const size_t stride = (size_t)cairo_image_surface_get_stride(surface);
    for (size_t y = 0; y < HIGH && y0 + y < sheet->height_px; y++)
        for (size_t x = 0; x < WIDE && x0 + x < sheet->width_px; x++) {
            const float left = 1 - (float)ink[y * stride + x] / 255;
            struct smp_rgb *px = smp_image_at(sheet, x0 + x, y0 + y);
            *px = (struct smp_rgb){ px->r * left, px->g * left, px->b * left };
        }
    pango_font_description_free(font);
    g_object_unref(layout);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
}

// The recipe, and what goes wrong with it.
static struct smp_shade_dots dots_of(int patch, const struct smp_match_request *request,
                                     const struct smp_recipe *recipe)
{
    struct smp_shade_dots dots;
    smp_shade_recipe(&dots, request, recipe, SMP_HEALED_YEARS);
    if (patch == 2)
        dots.jitter = dots.strength_cv = 0;
    if (patch == 3) {
        dots.shape.top_mm += 0.5;
        dots.shape.bottom_mm += 0.5;
    }
    if (patch == 4)
        dots.per_cm2 *= 2;
    return dots;
}

static enum smp_code draw_patches(const struct smp_image *sheet, int row, struct tools *t,
                                  const struct smp_match_request *request,
                                  const struct smp_recipe *recipe, struct smp_err *err)
{
    struct smp_shade_skin skin;
    enum smp_code code = smp_shade_skin_make(&skin, request, &t->arena, err);
    for (int p = 0; p < PATCHES && !code; p++) {
        const struct smp_shade_frame frame = { PATCH_PX, PATCH_PX, px_per_mm, 7 + (uint64_t)p };
        const struct smp_shade_dots dots = dots_of(p, request, recipe);
        struct smp_image sharp, seen;
        code = p ? smp_shade_draw_dots(&sharp, &skin, &dots, &frame, t->pool, &t->arena, err)
                 : smp_shade_draw_stubble(&sharp, &skin, &frame, t->pool, &t->arena, err);
        for (int k = 0; k < ROWS && !code; k++) {
            seen = sharp;
            if (afar_mm[k] > 0)
                code = smp_shade_from_afar(&seen, &sharp, px_per_mm, afar_mm[k], t->pool, &t->arena,
                                           err);
            if (!code)
                put(sheet, &seen, column_px(p),
                    skin_px(row) + SKIN_PX + (size_t)k * (PATCH_PX + GAP_PX));
        }
    }
    for (int k = 0; k < ROWS; k++)
        write_words(sheet, GAP_PX, skin_px(row) + SKIN_PX + (size_t)k * (PATCH_PX + GAP_PX) + 70,
                    false, rows[k]);
    return code;
}

static enum smp_code draw_skin(const struct smp_image *sheet, int row, struct tools *t,
                               struct smp_err *err)
{
    struct smp_match_request request = smp_match_request_default();
    struct smp_match *match = smp_new(&t->arena, struct smp_match, 1);
    double fit;
    request.catalogue = &t->catalogue;
    request.healing = &t->healing;
    request.stubble.hair_lab = hairs[row];
    request.stubble.stubble_mm = t->stubble_mm;
    request.skin = smp_skin_default();
    if (!match)
        return smp_fail(err, SMP_E_NOMEM, "no memory");
    enum smp_code code = smp_skin_fit(&request.skin, &fit, skins[row], "the skin", &t->arena, err);
    if (!code)
        code = smp_match_find(match, &request, t->pool, &t->arena, err);
    if (!code && match->impossible)
        code = smp_fail(err, SMP_E_INPUT, "%s", match->impossible);
    if (code)
        return code;
    const struct smp_recipe *r = &match->recipes[0];
    char words[200];
    snprintf(words, sizeof words,
             "skin L* %.0f, stubble %g mm: %s 1 : %g, %.0f dots/cm² of %.2f mm; area ΔE00 %.1f, "
             "texture %.1f JND at 0.6 m",
             skins[row].l, t->stubble_mm, t->catalogue.pigments[r->pigment].id, r->parts_water,
             r->dots_per_cm2, r->diameter_mm, r->delta_e00, r->texture_jnd);
    printf("%s\n", words);
    write_words(sheet, LEFT_PX, skin_px(row), false, words);
    return draw_patches(sheet, row, t, &request, r, err);
}

int main(int argc, char **argv)
{
    static const struct smp_image_note notes[] = {
        { "Description", "SIMULATED: stubble, recipe, lattice, too deep, helmet on three skins" },
        { NULL, NULL }
    };
    struct tools t = { 0 };
    struct smp_err err = { 0 };
    struct smp_image sheet;
    smp_arena_make(&t.arena, 0);
    t.pool = smp_pool_make(0);
    t.stubble_mm = argc == 3 ? strtod(argv[2], NULL) : smp_stubble_default().stubble_mm;
    enum smp_code code = argc == 2 || argc == 3
                             ? read_data(&t, &err)
                             : smp_fail(&err, SMP_E_INPUT, "usage: contact OUT.jpg [STUBBLE_MM]");
    if (!code)
        code = smp_image_make(&sheet, column_px(PATCHES), skin_px(SKINS) + FOOT_PX, &t.arena, &err);
    for (size_t i = 0; !code && i < sheet.width_px * sheet.height_px; i++)
        sheet.px_lin[i] = (struct smp_rgb){ 1, 1, 1 };
    for (int row = 0; row < SKINS && !code; row++)
        code = draw_skin(&sheet, row, &t, &err);
    for (int p = 0; p < PATCHES && !code; p++)
        write_words(&sheet, column_px(p), GAP_PX, true, columns[p]);
    if (!code)
        write_words(&sheet, LEFT_PX, skin_px(SKINS) + 4, true,
                    "SIMULATED: 20 mm squares of skin, computed; no photograph, no result of work");
    if (!code)
        code = smp_image_save(argv[1], &sheet, notes, px_per_mm * 25.4, &err);
    if (code)
        fprintf(stderr, "contact: %s\n", err.msg);
    smp_pool_drop(t.pool);
    smp_arena_drop(&t.arena);
    return code != 0;
}
