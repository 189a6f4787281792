#include "pigment/pigment.h"

#include "harness.h"

#include <math.h>

static struct smp_catalogue read_own(struct smp_arena *arena)
{
    struct smp_catalogue catalogue = { 0 };
    struct smp_bytes bytes;
    smp_arena_make(arena, 0);
    ck_assert(!smp_file_read(&bytes, "data/pigments.json", 1 << 20, arena, NULL));
    ck_assert(!smp_catalogue_read(&catalogue, "p.json", (const char *)bytes.data, bytes.length,
                                  arena, NULL));
    return catalogue;
}

static const struct smp_lab paper = { 95, 0.5, -2 };

static struct smp_swatch film_of(const struct smp_pigment *pigment, double loading, double slope)
{
    struct smp_swatch swatch = { .white_lab = paper, .thickness_um = 40, .parts_water = 20 };
    swatch.lab = smp_film_lab(pigment, loading, slope, &swatch);
    return swatch;
}

START_TEST(no_ink_looks_like_the_ground_and_more_of_it_is_darker)
{
    struct smp_arena arena;
    const struct smp_catalogue catalogue = read_own(&arena);
    const struct smp_pigment *black = smp_pigment_find(&catalogue, "carbon-100");
    const struct smp_swatch none = film_of(black, 0, 0);
    ck_assert_double_lt(smp_delta_e00(none.lab, paper), 0.05);
    double before = none.lab.l;
    for (double loading = 1e-4; loading < 0.7; loading *= 2) {
        const double l = film_of(black, loading, 0).lab.l;
        ck_assert_double_lt(l, before);
        before = l;
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(loading_and_slope_come_back_from_the_colour_of_a_made_up_film)
{
    struct smp_arena arena;
    const struct smp_catalogue catalogue = read_own(&arena);
    static const char *const ids[] = { "carbon-100", "carbon-400", "warm-black", "soft-brown" };
    static const double loadings[] = { 0.01, 0.03, 0.06 }, slopes[] = { -0.8, 0, 0.6, 1.7 };
    for (size_t i = 0; i < 4; i++) {
        const struct smp_pigment *base = smp_pigment_find(&catalogue, ids[i]);
        for (size_t k = 0; k < 12; k++) {
            const double loading = loadings[k % 3], slope = slopes[k / 3];
            const struct smp_swatch swatch = film_of(base, loading, slope);
            struct smp_pigment bottle;
            struct smp_swatch_fit fit;
            struct smp_err err = { 0 };
            ck_assert_msg(!smp_pigment_from_swatch(&bottle, &fit, &swatch, base, "mine", &err),
                          "%s", err.msg);
            ck_assert_double_lt(fit.delta_e00, 0.02);
            ck_assert_double_eq_tol(fit.loading, loading, 0.01 * loading);
            ck_assert_double_eq_tol(fit.slope, slope, 0.02);
            ck_assert_str_eq(bottle.id, "mine");
            ck_assert_uint_gt(strlen(fit.assumed), 20);
            ck_assert_double_eq_tol(bottle.mua_per_mm[15], base->mua_per_mm[15], 1e-9);
            ck_assert_double_eq_tol(bottle.mua_per_mm[0],
                                    base->mua_per_mm[0] * pow(400.0 / 550, -fit.slope), 1e-9 * 1e3);
        }
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_grey_and_a_brown_film_differ_in_slope)
{
    struct smp_arena arena;
    const struct smp_catalogue catalogue = read_own(&arena);
    const struct smp_pigment *black = smp_pigment_find(&catalogue, "carbon-400");
    struct smp_swatch grey = { { 50, 0.3, -1 }, paper, 40, 20 }, brown = grey;
    brown.lab = (struct smp_lab){ 50, 7, 15 };
    struct smp_pigment bottle;
    struct smp_swatch_fit a, b;
    ck_assert(!smp_pigment_from_swatch(&bottle, &a, &grey, black, "grey", NULL));
    ck_assert(!smp_pigment_from_swatch(&bottle, &b, &brown, black, "brown", NULL));
    ck_assert_double_lt(fabs(a.slope), 0.4);
    ck_assert_double_gt(b.slope, 1);
    smp_arena_drop(&arena);
}
END_TEST

static void refuse(const struct smp_swatch *swatch, const struct smp_pigment *base,
                   const char *sentence)
{
    struct smp_pigment bottle = { .id = "untouched" };
    struct smp_swatch_fit fit = { .loading = 7 };
    struct smp_err err = { 0 };
    ck_assert_int_eq(smp_pigment_from_swatch(&bottle, &fit, swatch, base, "mine", &err),
                     SMP_E_INPUT);
    ck_msg_has(err, sentence);
    ck_assert_str_eq(bottle.id, "untouched");
    ck_assert_double_eq(fit.loading, 7);
}

START_TEST(swatches_that_tell_nothing_are_refused)
{
    struct smp_arena arena;
    const struct smp_catalogue catalogue = read_own(&arena);
    const struct smp_pigment *black = smp_pigment_find(&catalogue, "carbon-100");
    const struct smp_swatch good = film_of(black, 0.05, 0);
    struct smp_swatch bad = good;
    bad.lab.l = 94.5;
    refuse(&bad, black, "swatch.lab.l must be at least 1 below the ground's 95, not 94.5");
    bad.lab.l = 3;
    refuse(&bad, black, "swatch.lab.l must be 12 or more to read a strength from, not 3");
    bad = good, bad.thickness_um = 0;
    refuse(&bad, black, "swatch.thickness_um must be 1 to 1000 um, not 0");
    bad = good, bad.parts_water = (double)NAN;
    refuse(&bad, black, "swatch.parts_water must be 0 to 1000");
    bad = good, bad.white_lab.l = 20;
    refuse(&bad, black, "swatch.white_lab.l must be 50 to 100, not 20");
    bad = good, bad.lab = (struct smp_lab){ 60, -60, 40 };
    refuse(&bad, black, "dE00 away; choose another base");
    bad = good, bad.lab.l = 20;
    refuse(&bad, smp_pigment_find(&catalogue, "white-200"),
           "no loading of \"white-200\" is as dark");
    refuse(&good, smp_pigment_find(&catalogue, "yellow-oxide"),
           "swatch: the pigment \"yellow-oxide\" cannot be used in a match");
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("swatch", no_ink_looks_like_the_ground_and_more_of_it_is_darker,
              loading_and_slope_come_back_from_the_colour_of_a_made_up_film,
              a_grey_and_a_brown_film_differ_in_slope, swatches_that_tell_nothing_are_refused)
