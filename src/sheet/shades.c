// Shade card: what the recipes look like on the client's own skin, fresh, healed and in years, as a
// flat colour and as dots at true size, beside the stubble they are to match.
#include "sheet/sheet_impl.h"

#include <math.h>

static const struct smp_type note = { 7.4, SMP_REGULAR, 0.27, SMP_LEFT };
static const struct smp_type figure = { 6.6, SMP_REGULAR, 0.13, SMP_CENTRE };
static const double flat_mm = 6, side_mm = SMP_CARD_MM;
enum { COLUMNS = 1 + SMP_MATCH_AGE_COUNT }; // the stubble first

static double column_x(const struct smp_page *page, int column)
{
    const double gap = (smp_page_inner_mm(page) - COLUMNS * side_mm) / (COLUMNS - 1);
    return SMP_MARGIN_MM + column * (side_mm + gap);
}

static double column_w(const struct smp_page *page)
{
    return column_x(page, 1) - column_x(page, 0) - 1;
}

// A figure under a square, centred on it; may be wider than the square, not than the column.
static void put_figure(struct smp_page *page, int column, double baseline, const char *text)
{
    const double w = column_w(page), x = column_x(page, column) + (side_mm - w) / 2;
    smp_text_line(page, x, baseline, w, figure, text);
}

// The area's colour as a flat strip, in sRGB.
static void draw_flat(struct smp_page *page, int column, double y, struct smp_lab lab)
{
    const struct smp_rgb_lin lin = smp_rgb_from_lab(lab);
    cairo_set_source_rgb(page->cr, smp_srgb_from_lin(smp_clamp(lin.r, 0, 1)),
                         smp_srgb_from_lin(smp_clamp(lin.g, 0, 1)),
                         smp_srgb_from_lin(smp_clamp(lin.b, 0, 1)));
    cairo_rectangle(page->cr, column_x(page, column), y, side_mm, flat_mm);
    cairo_fill(page->cr);
}

static const char *metres(struct smp_page *page, double mm)
{
    return isinf(mm) ? "never" : smp_say(page, "%.1f m", mm / 1000);
}

static const char *span_text(struct smp_page *page, const struct smp_span *span)
{
    if (isinf(span->low))
        return "never";
    return smp_say(page, "%s (%.1f–%s)", isinf(span->value) ? "never" : metres(page, span->value),
                   span->low / 1000, metres(page, span->high));
}

static void draw_square(struct smp_page *page, int column, double y, const struct smp_image *image,
                        struct smp_lab lab)
{
    draw_flat(page, column, y, lab);
    const struct smp_rect box = { column_x(page, column), y + flat_mm, side_mm, side_mm };
    smp_picture_put(page, image, box, 2.0 * SMP_CARD_PX_PER_MM * 25.4);
}

static void draw_age(struct smp_page *page, double y, size_t recipe, int age)
{
    const struct smp_shade_card *card = smp_of(page)->pictures->shades;
    const struct smp_outlook *at = &card->match.recipes[recipe].at[age];
    draw_square(page, 1 + age, y, &card->field[recipe][age], at->lab);
    y += flat_mm + side_mm;
    put_figure(page, 1 + age, y + 3.2,
               smp_say(page, "%.1f (%.1f–%.1f)", at->delta_e00.value, at->delta_e00.low,
                       at->delta_e00.high));
    put_figure(page, 1 + age, y + 6.1, span_text(page, &at->side_by_side_mm));
    put_figure(page, 1 + age, y + 9.0, span_text(page, &at->casual_mm));
}

static const char *warnings_of(struct smp_page *page, const struct smp_recipe *recipe)
{
    const char *text = "";
    for (int i = 0; i < SMP_MATCH_WARNING_COUNT; i++) {
        if (recipe->warnings & 1u << i)
            text = smp_say(page, "%s%s%s", text, text[0] ? "; " : "", smp_match_warning_texts[i]);
    }
    return text[0] ? smp_say(page, "Warnings: %s.", text) : "No warnings.";
}

static double row_mm(struct smp_page *page, const struct smp_recipe *recipe)
{
    return 5.5 + flat_mm + side_mm + 10.5 +
           smp_text_height(page, smp_page_inner_mm(page), note, warnings_of(page, recipe));
}

static void draw_recipe(struct smp_page *page, double y, size_t i)
{
    const struct smp_shade_card *card = smp_of(page)->pictures->shades;
    const struct smp_recipe *r = &card->match.recipes[i];
    const double inner = smp_page_inner_mm(page);
    const double used = smp_text_line(
        page, SMP_MARGIN_MM, y + 3.4, inner * 0.5,
        (struct smp_type){ 9.2, SMP_SEMIBOLD, 0.07, SMP_LEFT },
        smp_say(page, "%zu  %s, %s", i + 1,
                smp_upper_first(page, card->request->catalogue->pigments[r->pigment].name),
                r->parts_water > 0 ? smp_say(page, "1 : %g", r->parts_water) : "undiluted"));
    smp_text_line(page, SMP_MARGIN_MM + used + 4, y + 3.4, inner - used - 4, note,
                  smp_say(page,
                          "%.0f /cm² of %.2f mm healed, strengths ± %.0f %%; texture %.1f JND at "
                          "%.1f m, healed",
                          r->dots_per_cm2, r->diameter_mm, 100 * r->strength_cv, r->texture_jnd,
                          card->request->distance_mm / 1000));
    y += 5.5;
    draw_square(page, 0, y, &card->stubble, card->match.stubble_lab);
    for (int age = 0; age < SMP_MATCH_AGE_COUNT; age++)
        draw_age(page, y, i, age);
    static const char *const rows[] = { "colour off, ΔE00", "passes close from", "casually from" };
    for (int k = 0; k < 3; k++)
        smp_text_line(page, SMP_MARGIN_MM, y + flat_mm + side_mm + 3.2 + 2.9 * k, column_w(page),
                      (struct smp_type){ 6.6, SMP_MEDIUM, 0.13, SMP_LEFT }, rows[k]);
    smp_text_box(page, SMP_MARGIN_MM, y + flat_mm + side_mm + 10.5, inner, note,
                 warnings_of(page, r));
}

static double begin_card(struct smp_page *page)
{
    static const char *const words[SMP_MATCH_AGE_COUNT] = { "fresh",   "healed",  "1 year",
                                                            "3 years", "5 years", "8 years" };
    const struct smp_shade_card *card = smp_of(page)->pictures->shades;
    const double inner = smp_page_inner_mm(page);
    smp_page_begin(page, "Shade card",
                   "SIMULATED recipes on this skin, squares of 20 mm at true size", false);
    double y = SMP_TOP_MM;
    y += smp_text_box(
        page, SMP_MARGIN_MM, y, inner, note,
        smp_say(
            page,
            "Skin L*a*b* %.1f, %.1f, %.1f (the model's nearest, ΔE00 %.1f off the client's); "
            "stubble %s %.1f, %.1f, %.1f (ΔE00 %.1f from bare skin). "
            "Strip: colour of the area "
            "from afar; below it the dots. ΔE00: colour difference from the stubble. Close: from "
            "there on it passes side by side (1 just-noticeable difference, ΔE00 below 1); casual: "
            "in passing (3, and 2). Brackets: depth ± 0.1 mm and pigment ± 50 %%. Modelled, no "
            "study has tested it; a printer changes colours, judge them on a calibrated screen.",
            card->match.bare_lab.l, card->match.bare_lab.a, card->match.bare_lab.b,
            card->skin_delta_e00, card->request->sides_lab ? "as measured" : "as modelled",
            card->match.stubble_lab.l, card->match.stubble_lab.a, card->match.stubble_lab.b,
            card->match.stubble_delta_e00));
    y += 5;
    const struct smp_type head = { 7.8, SMP_SEMIBOLD, 0.07, SMP_CENTRE };
    const int heads = card->match.count ? COLUMNS : 1; // no ages where there is no recipe
    for (int i = 0; i < heads; i++)
        smp_text_line(page, column_x(page, i), y, side_mm, head, i ? words[i - 1] : "stubble");
    return y + 2;
}

// Where no recipe is honest, the card says why.
static void draw_impossible(struct smp_page *page, double y)
{
    const struct smp_shade_card *card = smp_of(page)->pictures->shades;
    draw_square(page, 0, y, &card->stubble, card->match.stubble_lab);
    const double x = column_x(page, 1), w = page->w_mm - SMP_MARGIN_MM - x;
    const double h =
        smp_text_box(page, x, y, w, (struct smp_type){ 10, SMP_SEMIBOLD, 0.07, SMP_LEFT },
                     "No recipe for this hair on this skin");
    smp_text_box(page, x, y + h + 2, w, (struct smp_type){ 8.4, SMP_REGULAR, 0.13, SMP_LEFT },
                 smp_say(page, "%s.", smp_upper_first(page, card->match.impossible)));
}

enum smp_code smp_draw_shades(struct smp_page *page, struct smp_err *err)
{
    const struct smp_shade_card *card =
        smp_of(page)->pictures ? smp_of(page)->pictures->shades : NULL;
    if (!card)
        return smp_fail(err, SMP_E_INPUT, "there is no match to make a shade card of");
    double y = begin_card(page);
    if (card->match.impossible || card->match.count == 0)
        draw_impossible(page, y);
    else
        for (size_t i = 0; i < card->match.count; i++) {
            const double tall = row_mm(page, &card->match.recipes[i]);
            if (i > 0 && y + tall > smp_page_bottom_mm(page)) {
                smp_page_end(page);
                y = begin_card(page);
            }
            draw_recipe(page, y, i);
            smp_page_check(page, y + tall);
            y += tall + 3;
        }
    smp_page_end(page);
    return SMP_OK;
}
