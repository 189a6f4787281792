// Pictures of dots and stubble against the models they stand for.
#include "harness.h"
#include "shade/shade_impl.h"

#include <math.h>

static struct smp_arena shared;
static struct smp_match_request request;
static struct smp_shade_skin skin;
static struct smp_healing healing;
static struct smp_catalogue catalogue;
static const struct smp_shade_frame frame = { 400, 400, 20, 5 };

static void read_data(void)
{
    struct smp_bytes text;
    struct smp_err err = { 0 };
    ck_assert(!smp_file_read(&text, "data/pigments.json", 1 << 22, &shared, &err) &&
              !smp_catalogue_read(&catalogue, "pigments.json", (const char *)text.data, text.length,
                                  &shared, &err));
    ck_assert(!smp_file_read(&text, "data/healing.json", 1 << 22, &shared, &err) &&
              !smp_healing_read(&healing, "healing.json", (const char *)text.data, text.length,
                                &shared, &err));
}

static void set_up(struct smp_lab lab)
{
    double fit;
    struct smp_err err = { 0 };
    smp_arena_make(&shared, 0);
    read_data();
    request = smp_match_request_default();
    request.catalogue = &catalogue;
    request.healing = &healing;
    request.recipes_max = 1;
    request.skin = smp_skin_default();
    ck_assert_msg(!smp_skin_fit(&request.skin, &fit, lab, "skin", &shared, &err) &&
                      !smp_shade_skin_make(&skin, &request, &shared, &err),
                  "%s", err.msg);
}

static struct smp_lab mean_lab(const struct smp_image *image)
{
    struct smp_rgb_lin sum = { 0, 0, 0 };
    const size_t count = image->width_px * image->height_px;
    for (size_t i = 0; i < count; i++) {
        sum.r += (double)image->px_lin[i].r;
        sum.g += (double)image->px_lin[i].g;
        sum.b += (double)image->px_lin[i].b;
    }
    return smp_lab_from_rgb((struct smp_rgb_lin){ sum.r / (double)count, sum.g / (double)count,
                                                  sum.b / (double)count });
}

// Light, tan and dark skin.
static const struct smp_lab skins[] = { { 67.3, 9.4, 14.8 },
                                        { 56.3, 11.1, 16.6 },
                                        { 37.8, 9.2, 12.3 } };

static struct smp_recipe some_recipe(void)
{
    return (struct smp_recipe){
        .parts_water = 8,
        .top_mm = 0.15,
        .diameter_mm = 0.3,
        .dots_per_cm2 = 100,
        .strength_cv = 0.37,
    };
}

static struct smp_shade_dots some_dots(void)
{
    const struct smp_recipe recipe = some_recipe();
    struct smp_shade_dots dots;
    smp_shade_recipe(&dots, &request, &recipe, SMP_HEALED_YEARS);
    return dots;
}

// Colour of the area as the match has it.
static struct smp_lab area_lab(const struct smp_shade_dots *dots)
{
    struct smp_takes takes;
    double mean[SMP_WAVELENGTHS];
    smp_look_takes(&takes, skin.look, &dots->shape, dots->mua_per_mm, dots->mus_per_mm);
    smp_field_seen(mean, skin.bare, &takes, dots->per_cm2 / 100);
    return smp_lab_from_rgb(smp_shade_rgb(mean));
}

START_TEST(from_afar_dots_have_the_colour_of_their_area)
{
    static const double years[] = { 0, SMP_HEALED_YEARS, 8 };
    for (int k = 0; k < 3; k++) {
        set_up(skins[k]);
        double worst = 0;
        for (int age = 0; age < 3; age++) {
            const struct smp_recipe recipe = some_recipe();
            struct smp_shade_dots dots;
            struct smp_image image;
            smp_shade_recipe(&dots, &request, &recipe, years[age]);
            ck_assert(!smp_shade_draw_dots(&image, &skin, &dots, &frame, NULL, &shared, NULL));

            worst = fmax(worst, smp_delta_e00(mean_lab(&image), area_lab(&dots)));
        }
        printf("# L* %.1f: dots off by up to %.2f\n", skins[k].l, worst);
        // unequal strengths saturate in the picture, not in the match's area
        ck_assert_msg(worst < 0.7, "dots off by %g", worst);
        smp_arena_drop(&shared);
    }
}
END_TEST

START_TEST(a_card_holds_the_stubble_and_every_recipe_at_every_age)
{
    set_up(skins[1]);
    struct smp_shade_card *card = smp_new(&shared, struct smp_shade_card, 1);
    struct smp_err err = { 0 };
    ck_assert_msg(!smp_shade_card_make(card, &request, 3, NULL, &shared, &err), "%s", err.msg);
    ck_assert_ptr_null(card->match.impossible);
    ck_assert_uint_ge(card->match.count, 1);
    const double stubble = smp_delta_e00(mean_lab(&card->stubble), card->match.stubble_lab);
    printf("# stubble off by %.2f\n", stubble);
    ck_assert_msg(stubble < 0.7, "stubble off by %g", stubble);
    for (size_t i = 0; i < card->match.count; i++)
        for (int age = 0; age < SMP_MATCH_AGE_COUNT; age++)
            ck_assert_double_lt(
                smp_delta_e00(mean_lab(&card->field[i][age]), card->match.recipes[i].at[age].lab),
                2);
    smp_arena_drop(&shared);
}
END_TEST

START_TEST(two_threads_draw_the_same_pixels_as_one)
{
    set_up(skins[0]);
    const struct smp_shade_dots dots = some_dots();
    struct smp_pool *pool = smp_pool_make(2);
    struct smp_image a, b;
    const size_t bytes = frame.width_px * frame.height_px * sizeof(struct smp_rgb);
    ck_assert(!smp_shade_draw_dots(&a, &skin, &dots, &frame, NULL, &shared, NULL) &&
              !smp_shade_draw_dots(&b, &skin, &dots, &frame, pool, &shared, NULL));
    ck_assert_mem_eq(a.px_lin, b.px_lin, bytes);
    for (int k = 0; k < 4; k++) // pairs only: a quarter of the work
        request.stubble.share[k] = k == 1;
    ck_assert(!smp_shade_draw_stubble(&a, &skin, &frame, NULL, &shared, NULL) &&
              !smp_shade_draw_stubble(&b, &skin, &frame, pool, &shared, NULL));
    ck_assert_mem_eq(a.px_lin, b.px_lin, bytes);
    smp_pool_drop(pool);
    smp_arena_drop(&shared);
}
END_TEST

START_TEST(as_many_dots_are_strewn_as_the_density_asks_for)
{
    smp_arena_make(&shared, 0);
    struct smp_strewn *at;
    size_t count, inside = 0;
    const struct smp_shade_frame wide = { 2000, 2000, 20, 1 };
    ck_assert(!smp_shade_strew(&at, &count, 90, 0.155, &wide, &shared, NULL));
    for (size_t i = 0; i < count; i++)
        inside +=
            at[i].at_mm.x >= 0 && at[i].at_mm.x < 100 && at[i].at_mm.y >= 0 && at[i].at_mm.y < 100;
    ck_assert_double_eq_tol((double)inside, 9000, 60);
    smp_arena_drop(&shared);
}
END_TEST

START_TEST(dots_of_one_strength_on_a_lattice_are_darkest_at_their_middles)
{
    set_up(skins[1]);
    struct smp_shade_dots dots = some_dots();
    dots.jitter = dots.strength_cv = 0;
    struct smp_image image;
    struct smp_strewn *at;
    size_t count;
    ck_assert(!smp_shade_draw_dots(&image, &skin, &dots, &frame, NULL, &shared, NULL) &&
              !smp_shade_strew(&at, &count, dots.per_cm2, 0, &frame, &shared, NULL));
    const double mean = smp_xyz_from_lab(mean_lab(&image)).y;
    for (size_t i = 0; i < count; i++) {
        const double x = at[i].at_mm.x * 20, y = at[i].at_mm.y * 20;
        if (!(x > 1 && x < 399 && y > 1 && y < 399))
            continue;
        const struct smp_rgb px = smp_image_sample(&image, x, y);
        ck_assert_double_lt((double)px.g, mean);
        ck_assert_double_lt((double)px.r, skin.bare_rgb.r);
    }
    smp_arena_drop(&shared);
}
END_TEST

START_TEST(a_picture_of_no_size_is_refused)
{
    set_up(skins[0]);
    const struct smp_shade_frame none = { 0, 10, 20, 1 };
    const struct smp_shade_dots dots = some_dots();
    struct smp_image image;
    struct smp_err err = { 0 };
    ck_assert_int_eq(smp_shade_draw_dots(&image, &skin, &dots, &none, NULL, &shared, &err),
                     SMP_E_INPUT);
    ck_assert_int_eq(smp_shade_draw_stubble(&image, &skin, &none, NULL, &shared, NULL),
                     SMP_E_INPUT);
    smp_arena_drop(&shared);
}
END_TEST

SMP_TEST_MAIN("shade", from_afar_dots_have_the_colour_of_their_area,
              a_card_holds_the_stubble_and_every_recipe_at_every_age,
              two_threads_draw_the_same_pixels_as_one,
              as_many_dots_are_strewn_as_the_density_asks_for,
              dots_of_one_strength_on_a_lattice_are_darkest_at_their_middles,
              a_picture_of_no_size_is_refused)
