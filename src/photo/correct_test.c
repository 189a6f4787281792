// True colours from a card: what a made camera did is undone; what cannot be undone is refused.
#include "harness.h"
#include "made_card.h"
#include "replay.h"

#include <math.h>

static struct smp_arena arena;
static struct smp_lab reference[SMP_CARD_PATCHES];

static void begin(void)
{
    smp_arena_make(&arena, 0);
    made_card_reference(reference, &arena);
}

static enum smp_code fit_of(struct smp_card_fit *fit, const struct smp_image *image,
                            struct smp_err *err)
{
    struct smp_card card;
    ck_assert_msg(smp_card_find(&card, image, reference, "made", NULL, &arena, err) == SMP_OK, "%s",
                  err->msg);
    return smp_card_correct(fit, &card, reference, "made", err);
}

// Worst ΔE00 of the swatches of skin beside the card, by the correction.
static double worst_skin(const struct made_card *made, const struct smp_card_fit *fit)
{
    double worst = 0;
    for (int i = 0; i < MADE_SWATCHES; i++) {
        struct smp_rgb_lin sum = { 0, 0, 0 };
        for (int k = 0; k < 81; k++) {
            const struct smp_rgb c =
                smp_image_sample(&made->image, made->swatch_px[i].x + 2 * (k % 9 - 4),
                                 made->swatch_px[i].y + 2 * (k / 9 - 4));
            sum.r += (double)c.r / 81;
            sum.g += (double)c.g / 81;
            sum.b += (double)c.b / 81;
        }
        const struct smp_lab lab = smp_lab_from_rgb(smp_correct(&fit->correction, sum));
        worst = fmax(worst, smp_delta_e00(lab, made->swatch_lab[i]));
    }
    return worst;
}

START_TEST(light_and_dark_skin_beside_the_card_get_their_true_colours)
{
    struct made_card_params params = made_card_defaults;
    begin();
    params.falloff = 0;
    for (int i = 0; i < 6; i++) {
        struct made_card made;
        struct smp_card_fit fit;
        struct smp_err err = { 0 };
        params.tone = i % 2;
        params.colours = i % 3 > 0;
        params.exposure = i < 3 ? 0.75 : 0.4;
        params.jpeg = i == 4 ? 92 : 0;
        made_card(&made, &params, &arena);
        ck_assert_msg(fit_of(&fit, &made.image, &err) == SMP_OK, "%s", err.msg);
        printf(
            "# tone %g colours %g exposure %g: before %.2f after %.2f leave one out %.2f (%.2f), "
            "skin %.2f\n",
            params.tone, params.colours, params.exposure, fit.before.mean, fit.after.mean,
            fit.leave_one_out.mean, fit.leave_one_out.max, worst_skin(&made, &fit));
        ck_assert_double_lt(fit.after.mean, 1);
        ck_assert_double_lt(fit.leave_one_out.mean, 1.5);
        ck_assert_double_lt(worst_skin(&made, &fit), 1.5);
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(half_the_light_keeps_hue_and_saturation)
{
    struct made_card_params params = made_card_defaults;
    struct made_card made;
    struct smp_card_fit fit;
    struct smp_err err = { 0 };
    begin();
    params.tone = 0; // a camera without a curve: the correction must find none
    made_card(&made, &params, &arena);
    ck_assert(fit_of(&fit, &made.image, &err) == SMP_OK);
    // Straight tone assumed, the polynomials scale with the light exactly.
    struct smp_correction straight = fit.correction;
    memset(straight.tone, 0, sizeof straight.tone);
    const struct smp_rgb_lin seen = { 0.3, 0.2, 0.1 }, half = { 0.15, 0.1, 0.05 };
    const struct smp_rgb_lin a = smp_correct(&straight, seen), b = smp_correct(&straight, half);
    ck_assert_double_eq_tol(b.r / a.r, 0.5, 1e-12);
    ck_assert_double_eq_tol(b.g / a.g, 0.5, 1e-12);
    ck_assert_double_eq_tol(b.b / a.b, 0.5, 1e-12);
    // And the curve found is nearly straight.
    const struct smp_rgb_lin c = smp_correct(&fit.correction, seen),
                             d = smp_correct(&fit.correction, half);
    ck_assert_double_eq_tol(d.r / c.r, 0.5, 0.03);
    ck_assert_double_eq_tol(d.g / c.g, 0.5, 0.03);
    ck_assert_double_eq_tol(d.b / c.b, 0.5, 0.03);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_picture_is_corrected_as_its_pixels_are)
{
    struct smp_correction correction = { .tone = { 0.1, 1.5, -1 },
                                         .root = { { 1.2, -0.1, 0, 0.05, 0, -0.02 },
                                                   { 0, 0.9, 0.05, 0, 0.01, 0 },
                                                   { 0.02, 0, 1.1, 0, 0, 0.1 } },
                                         .smallest_lin = 1e-4 };
    struct smp_image image;
    smp_arena_make(&arena, 0);
    ck_assert(smp_image_make(&image, 257, 3, &arena, NULL) == SMP_OK);
    for (size_t i = 0; i < 771; i++) {
        const float v = (float)i / 700;
        image.px_lin[i] = (struct smp_rgb){ v * v, v * 0.5F, i % 50 ? v : -0.001F };
    }
    struct smp_image copy = image;
    copy.px_lin = smp_new(&arena, struct smp_rgb, 771);
    memcpy(copy.px_lin, image.px_lin, 771 * sizeof *copy.px_lin);
    ck_assert(smp_correct_image(&image, &correction, NULL, &arena, NULL) == SMP_OK);
    for (size_t i = 0; i < 771; i++) {
        const struct smp_rgb c = copy.px_lin[i];
        const struct smp_rgb_lin want =
            smp_correct(&correction, (struct smp_rgb_lin){ (double)c.r, (double)c.g, (double)c.b });
        ck_assert_double_eq_tol((double)image.px_lin[i].r, want.r, 2e-6);
        ck_assert_double_eq_tol((double)image.px_lin[i].g, want.g, 2e-6);
        ck_assert_double_eq_tol((double)image.px_lin[i].b, want.b, 2e-6);
    }
    smp_arena_drop(&arena);
}
END_TEST

static void is_refused(const struct made_card_params *params, const char *sentence)
{
    struct made_card made;
    struct smp_card_fit fit;
    struct smp_err err = { 0 };
    made_card(&made, params, &arena);
    ck_assert_msg(fit_of(&fit, &made.image, &err) == SMP_E_INPUT, "not refused: %s", sentence);
    ck_msg_has(err, sentence);
    ck_msg_has(err, "made: ");
}

START_TEST(cards_that_cannot_be_used_are_refused_with_their_patches)
{
    struct made_card_params params = made_card_defaults;
    begin();
    params.exposure = 1.15;
    is_refused(&params, "overexposed, patches 16 and 19");
    params.exposure = 0.04;
    is_refused(&params, "too dark");
    params = made_card_defaults;
    params.glare_patch = 24;
    params.glare = 0.1;
    is_refused(&params, "glare or a shadow on patch 24 of the colour card");
    params.glare_patch = 3;
    params.glare = 0.15;
    params.half_glare = true;
    is_refused(&params, "glare or a shadow on patch 3 of the colour card");
    params = made_card_defaults;
    params.falloff = 1;
    params.exposure = 0.5;
    is_refused(&params, "falls off by a factor of");
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(cards_in_two_lights_are_refused)
{
    static const double lights[3][3] = { { 1.1, 1, 0.75 }, { 0.5, 0.5, 0.6 }, { 0.6, 0.6, 0.6 } };
    struct made_card_params params = made_card_defaults;
    begin();
    for (int i = 0; i < 3; i++) {
        memcpy(params.second, lights[i], sizeof params.second);
        is_refused(&params,
                   "lies in two lights: on patches 4, 5, 6, 10, 11, 12, 16, 17, 18, 22, 23 "
                   "and 24");
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_reference_of_another_card_is_refused)
{
    struct made_card_params params = made_card_defaults;
    struct made_card made;
    struct smp_card card;
    struct smp_card_fit fit;
    struct smp_err err = { 0 };
    begin();
    made_card(&made, &params, &arena);
    ck_assert(smp_card_find(&card, &made.image, reference, "made", NULL, &arena, &err) == SMP_OK);
    struct smp_lab other[SMP_CARD_PATCHES];
    for (int i = 0; i < SMP_CARD_PATCHES; i++) // row by row from below
        other[i] = reference[(SMP_CARD_ROWS - 1 - i / 6) * 6 + i % 6];
    ck_assert(smp_card_correct(&fit, &card, other, "made", &err) == SMP_E_INPUT);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(d50_becomes_d65_by_bradford)
{
    const struct smp_lab white = smp_lab_d65_from_d50((struct smp_lab){ 100, 0, 0 });
    ck_assert_double_eq_tol(white.l, 100, 1e-5);
    ck_assert_double_eq_tol(white.a, 0, 2e-4);
    ck_assert_double_eq_tol(white.b, 0, 2e-4);
    // sRGB red of the ICC profile (D50 XYZ 0.43607 0.22249 0.01392) is sRGB red under D65.
    const struct smp_lab red = smp_lab_d65_from_d50((struct smp_lab){ 54.2917, 80.8125, 69.8851 });
    const struct smp_lab want = smp_lab_from_rgb((struct smp_rgb_lin){ 1, 0, 0 });
    ck_assert_double_lt(smp_delta_e00(red, want), 0.05);
}
END_TEST

static enum smp_code read_text(const char *text, struct smp_err *err)
{
    struct smp_lab out[SMP_CARD_PATCHES];
    *err = (struct smp_err){ 0 };
    return smp_card_reference_read(out, "own.csv", text, strlen(text), &arena, err);
}

static void append(char *text, size_t room, const char *more)
{
    const size_t used = strlen(text);
    snprintf(text + used, room - used, "%s", more);
}

START_TEST(references_are_read_in_both_forms_and_faults_named)
{
    char one[2048] = "patch,L,a,b\n", other[2048] = "id,square,Lab_l,Lab_a,Lab_b\n", row[64];
    struct smp_lab a[SMP_CARD_PATCHES], b[SMP_CARD_PATCHES];
    struct smp_err err = { 0 };
    begin();
    for (int i = 0; i < 24; i++) {
        snprintf(row, sizeof row, "%d,%d,%d,%g\n", i + 1, 4 * i, i - 12, 0.5 * i);
        append(one, sizeof one, row);
        const int k = 23 - i; // any order
        snprintf(row, sizeof row, "%d,A1,%d,%d,%g\n", k, 4 * k, k - 12, 0.5 * k);
        append(other, sizeof other, row);
    }
    ck_assert(smp_card_reference_read(a, "a", one, strlen(one), &arena, &err) == SMP_OK);
    ck_assert(smp_card_reference_read(b, "b", other, strlen(other), &arena, &err) == SMP_OK);
    ck_assert_int_eq(memcmp(a, b, sizeof a), 0);
    ck_assert(read_text("", &err) == SMP_E_FORMAT);
    ck_assert(read_text("patch,L,a\n1,2,3\n", &err) == SMP_E_FORMAT);
    ck_msg_eq(err, "own.csv, line 1: the first line must name a column b");
    ck_assert(read_text("patch,L,a,b\n1,50,0,0\n", &err) == SMP_E_INPUT);
    ck_msg_eq(err, "own.csv must have a row for each of 24 patches, not 1 rows");
    char *two = strstr(one, "\n2,4,");
    two[1] = '1';
    ck_assert(read_text(one, &err) == SMP_E_INPUT);
    ck_msg_eq(err, "own.csv: patch 1 is there twice");
    two[1] = '0';
    ck_assert(read_text(one, &err) == SMP_E_INPUT);
    ck_msg_eq(err, "own.csv.patch must be 1 to 24, not 0");
    two[1] = '2';
    two[3] = '-';
    ck_assert(read_text(one, &err) == SMP_E_FORMAT);
    ck_msg_has(err, "own.csv, line 3: L must be a number, not '-'");
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(the_fuzz_corpus_of_references_is_taken_or_refused)
{
    smp_replay("card", 9);
}
END_TEST

SMP_TEST_MAIN("card colours", light_and_dark_skin_beside_the_card_get_their_true_colours,
              half_the_light_keeps_hue_and_saturation, a_picture_is_corrected_as_its_pixels_are,
              cards_that_cannot_be_used_are_refused_with_their_patches,
              cards_in_two_lights_are_refused, a_reference_of_another_card_is_refused,
              the_fuzz_corpus_of_references_is_taken_or_refused, d50_becomes_d65_by_bradford,
              references_are_read_in_both_forms_and_faults_named)
