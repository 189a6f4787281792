// Colour of a region: the truth of made skin, whatever hairs, shine and moles lie on it.
#include "harness.h"
#include "made_card.h"
#include "measure/measure.h"

#include <math.h>

static struct smp_arena arena;

struct scene {
    struct made_card made;
    struct smp_card card;
    struct smp_card_fit fit;
    struct smp_lab reference[SMP_CARD_PATCHES];
};

static void make(struct scene *scene, const struct made_card_params *params)
{
    struct smp_err err = { 0 };
    made_card_reference(scene->reference, &arena);
    made_card(&scene->made, params, &arena);
    ck_assert_msg(smp_card_find(&scene->card, &scene->made.image, scene->reference, "made", NULL,
                                &arena, &err) == SMP_OK,
                  "%s", err.msg);
    ck_assert_msg(smp_card_correct(&scene->fit, &scene->card, scene->reference, "made", &err) ==
                      SMP_OK,
                  "%s", err.msg);
}

// A region of a share of a swatch's side about its middle.
static struct smp_subject swatch(const struct scene *scene, int i, double share)
{
    const struct smp_image *image = &scene->made.image;
    uint8_t *region = smp_new(&arena, uint8_t, image->width_px * image->height_px);
    const double half = share * scene->made.swatch_side_px / 2;
    const struct smp_vec2 at = scene->made.swatch_px[i];
    for (size_t y = (size_t)(at.y - half); y < (size_t)(at.y + half); y++)
        memset(region + y * image->width_px + (size_t)(at.x - half), 1, (size_t)(2 * half));
    return (struct smp_subject){ .image = *image, .region = region };
}

static double colour_error(struct smp_area_colour *colour, const struct scene *scene, int i)
{
    const struct smp_subject subject = swatch(scene, i, 0.8);
    struct smp_err err = { 0 };
    ck_assert_msg(smp_area_colour(colour, &subject, &scene->fit.correction, "made", &arena, &err) ==
                      SMP_OK,
                  "%s", err.msg);
    return smp_delta_e00(colour->lab, scene->made.swatch_lab[i]);
}

START_TEST(six_tones_have_their_colour_and_the_doubt_covers_the_error)
{
    struct made_card_params params = made_card_defaults;
    struct scene scene;
    struct smp_area_colour colour;
    smp_arena_make(&arena, 0);
    params.falloff = 0.15;
    make(&scene, &params);
    for (int i = 0; i < MADE_SWATCHES; i++) {
        const double error = colour_error(&colour, &scene, i);
        const double doubt =
            hypot(smp_card_doubt(&scene.fit, scene.reference, colour.lab),
                  smp_card_light_doubt_l(&scene.fit, &scene.card, colour.centre_px, colour.lab));
        ck_assert_msg(error < 2.5 * doubt, "swatch %d: off by %.2f, doubt %.2f", i, error, doubt);
        ck_assert_double_lt(fabs(smp_ita_deg(colour.lab) - smp_ita_deg(scene.made.swatch_lab[i])),
                            6);
        ck_assert_double_lt(colour.left_out, 0.1);
        ck_assert(!smp_card_covers(&scene.card, colour.centre_px));
    }
    ck_assert(smp_card_covers(&scene.card, scene.made.patch_px[0]));
    ck_assert(smp_card_covers(&scene.card, scene.made.patch_px[23]));
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(hairs_shine_and_moles_change_little_on_light_and_dark_skin)
{
    struct made_card_params params = made_card_defaults;
    struct scene plain, rough;
    struct smp_area_colour colour;
    smp_arena_make(&arena, 0);
    params.falloff = 0;
    params.px_per_mm = 1.3;
    params.height_px = 560;
    params.blur_px = 0.4;
    make(&plain, &params);
    params.stubble = 0.15;
    params.shine = 0.08;
    params.mole = true;
    make(&rough, &params);
    for (int i = 0; i < MADE_SWATCHES; i++) {
        const double clean = colour_error(&colour, &plain, i);
        const double error = colour_error(&colour, &rough, i);
        printf("# swatch %d: off by %.2f without and %.2f with hairs, shine, mole; left out %.2f\n",
               i, clean, error, colour.left_out);
        ck_assert_double_lt(clean, 1);
        ck_assert_double_lt(error, 2);
        ck_assert_double_gt(colour.left_out, 0.15);
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(regions_that_cannot_be_measured_are_refused)
{
    struct made_card_params params = made_card_defaults;
    struct scene scene;
    struct smp_area_colour colour;
    struct smp_err err = { 0 };
    smp_arena_make(&arena, 0);
    make(&scene, &params);
    struct smp_subject subject = swatch(&scene, 0, 0.15);
    ck_assert(smp_area_colour(&colour, &subject, &scene.fit.correction, "made", &arena, &err) ==
              SMP_E_INPUT);
    ck_msg_has(err, "made: the region must have at least 100 px, not ");
    subject = swatch(&scene, 0, 0.8);
    for (size_t i = 0; i < scene.made.image.width_px * scene.made.image.height_px; i++)
        subject.image.px_lin[i].r = 1;
    err = (struct smp_err){ 0 };
    ck_assert(smp_area_colour(&colour, &subject, &scene.fit.correction, "made", &arena, &err) ==
              SMP_E_INPUT);
    ck_msg_has(err, "made: 100 % of the region is overexposed (at most 20 %)");
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("area colour", six_tones_have_their_colour_and_the_doubt_covers_the_error,
              hairs_shine_and_moles_change_little_on_light_and_dark_skin,
              regions_that_cannot_be_measured_are_refused)
