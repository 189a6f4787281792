// The colour card found: turned, tilted, small, noisy, through JPEG; and not where there is none.
#include "harness.h"
#include "made_card.h"

#include <math.h>

static struct smp_arena arena;
static struct smp_lab reference[SMP_CARD_PATCHES];

static void begin(void)
{
    smp_arena_make(&arena, 0);
    made_card_reference(reference, &arena);
}

// The card of a made picture is found, each patch within a share of its pitch, and its scale.
static void is_found(const struct made_card_params *params, double scale_tolerance)
{
    const struct smp_mark mark = smp_arena_mark(&arena);
    struct made_card made;
    struct smp_card card;
    struct smp_err err = { 0 };
    made_card(&made, params, &arena);
    ck_assert_msg(smp_card_find(&card, &made.image, reference, "made", NULL, &arena, &err) ==
                      SMP_OK,
                  "turn %g tilt %g scale %g jpeg %d: %s", params->turn_deg, params->tilt_deg,
                  params->px_per_mm, params->jpeg, err.msg);
    ck_assert_int_eq(card.kind, params->kind);
    double worst = 0;
    for (int i = 0; i < SMP_CARD_PATCHES; i++)
        worst = fmax(worst, hypot(card.patch[i].centre_px.x - made.patch_px[i].x,
                                  card.patch[i].centre_px.y - made.patch_px[i].y));
    ck_assert_msg(worst < 0.5, "turn %g tilt %g: a patch is off by %.2f px", params->turn_deg,
                  params->tilt_deg, worst);
    const double seen = made.px_per_mm * sqrt(cos(params->tilt_deg * SMP_PI / 180));
    ck_assert_double_eq_tol(card.px_per_mm / seen, 1, scale_tolerance);
    smp_arena_reset(&arena, mark);
}

START_TEST(the_card_is_found_however_it_is_turned)
{
    struct made_card_params params = made_card_defaults;
    begin();
    for (int i = 0; i < 8; i++) {
        params.turn_deg = (double[]){ 0, 90, 180, 270, 17, 45, 138, 301 }[i];
        params.ground = i % 3;
        params.markers = i % 2;
        is_found(&params, 0.005);
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(the_card_is_found_tilted)
{
    struct made_card_params params = made_card_defaults;
    begin();
    for (int i = 0; i < 5; i++) {
        params.turn_deg = 70 * i;
        params.tilt_deg = i < 3 ? 25 : 40;
        params.towards_deg = 73 * i;
        is_found(&params, 0.01);
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(the_mini_is_told_from_the_classic)
{
    struct made_card_params params = made_card_defaults;
    begin();
    params.kind = SMP_CARD_MINI;
    params.marker_mm = 17;
    params.px_per_mm = 3.2;
    is_found(&params, 0.01);
    params.turn_deg = 222;
    params.tilt_deg = 20;
    is_found(&params, 0.01);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(the_card_is_found_small_noisy_and_through_jpeg)
{
    struct made_card_params params = made_card_defaults;
    begin();
    params.turn_deg = 12;
    params.jpeg = 60;
    is_found(&params, 0.01);
    params.noise = 0.02;
    is_found(&params, 0.01);
    params.jpeg = 0;
    params.px_per_mm = 0.55; // half the size
    params.noise = 0.01;
    is_found(&params, 0.01);
    params.width_px = 320;
    params.height_px = 240;
    params.at_px[0] = 160;
    params.at_px[1] = 120;
    params.jpeg = 60;
    params.noise = 0.004;
    is_found(&params, 0.02);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(blur_that_hides_the_kind_hides_the_scale)
{
    struct made_card_params params = made_card_defaults;
    struct made_card made;
    struct smp_card card;
    begin();
    params.kind = SMP_CARD_MINI;
    params.px_per_mm = 2;
    for (params.blur_px = 1; params.blur_px < 5; params.blur_px += 1) {
        made_card(&made, &params, &arena);
        if (smp_card_find(&card, &made.image, reference, "made", NULL, &arena, NULL))
            continue; // too blurred for a card
        ck_assert(card.kind == SMP_CARD_MINI || card.px_per_mm == 0);
        smp_card_set_kind(&card, SMP_CARD_MINI);
        ck_assert_double_eq_tol(card.px_per_mm, 2, 0.03);
    }
    smp_arena_drop(&arena);
}
END_TEST

static void is_not_found(const struct smp_image *image, const char *name)
{
    struct smp_card card;
    struct smp_err err = { 0 };
    ck_assert_msg(smp_card_find(&card, image, reference, name, NULL, &arena, &err) == SMP_E_INPUT,
                  "a card in %s", name);
    ck_msg_has(err, "no colour card with 24 patches was found");
}

START_TEST(no_card_is_found_where_none_is_whole)
{
    struct made_card_params params = made_card_defaults;
    struct made_card made;
    begin();
    params.no_card = true; // paper with six swatches of skin
    params.jpeg = 80;
    made_card(&made, &params, &arena);
    is_not_found(&made.image, "swatches");
    params.no_card = false;
    params.at_px[0] = 40; // the left half is outside
    made_card(&made, &params, &arena);
    is_not_found(&made.image, "half a card");
    for (size_t i = 0; i < made.image.width_px * made.image.height_px; i++)
        made.image.px_lin[i] = (struct smp_rgb){ 0.2F, 0.2F, 0.2F };
    is_not_found(&made.image, "grey");
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_card_of_other_colours_is_none)
{
    struct made_card_params params = made_card_defaults;
    struct made_card made;
    begin();
    made_card(&made, &params, &arena);
    for (size_t i = 0; i < made.image.width_px * made.image.height_px; i++) {
        const struct smp_rgb c = made.image.px_lin[i];
        made.image.px_lin[i] = (struct smp_rgb){ c.g, c.g, c.g }; // black and white film
    }
    is_not_found(&made.image, "grey card");
    made_card(&made, &params, &arena);
    for (size_t y = 0; y < made.image.height_px; y++) // seen in a mirror
        for (size_t x = 0; x < made.image.width_px / 2; x++) {
            struct smp_rgb *a = smp_image_at(&made.image, x, y),
                           *b = smp_image_at(&made.image, made.image.width_px - 1 - x, y);
            const struct smp_rgb c = *a;
            *a = *b;
            *b = c;
        }
    is_not_found(&made.image, "mirror");
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(threads_change_nothing)
{
    struct made_card_params params = made_card_defaults;
    struct made_card made;
    struct smp_card one, four;
    begin();
    made_card(&made, &params, &arena);
    struct smp_pool *pool = smp_pool_make(4);
    ck_assert(smp_card_find(&one, &made.image, reference, "made", NULL, &arena, NULL) == SMP_OK);
    ck_assert(smp_card_find(&four, &made.image, reference, "made", pool, &arena, NULL) == SMP_OK);
    ck_assert_int_eq(memcmp(one.patch, four.patch, sizeof one.patch), 0);
    smp_pool_drop(pool);
    smp_arena_drop(&arena);
}
END_TEST

// Paints over what lies outside the card: paper's colour from beside it.
static void paint_markers_out(struct smp_image *image)
{
    struct smp_marker *markers;
    size_t count;
    ck_assert(smp_markers_find(&markers, &count, image, NULL, &arena, NULL) == SMP_OK);
    ck_assert_uint_eq(count, 4);
    for (size_t k = 0; k < count; k++) {
        double left = 1e9, top = 1e9, right = 0, bottom = 0;
        for (int i = 0; i < 4; i++) {
            left = fmin(left, markers[k].corner_px[i].x);
            right = fmax(right, markers[k].corner_px[i].x);
            top = fmin(top, markers[k].corner_px[i].y);
            bottom = fmax(bottom, markers[k].corner_px[i].y);
        }
        const struct smp_rgb paper = smp_image_sample(image, left - 6, top - 6);
        for (size_t y = (size_t)top - 4; y < (size_t)bottom + 4; y++)
            for (size_t x = (size_t)left - 4; x < (size_t)right + 4; x++)
                *smp_image_at(image, x, y) = paper;
    }
    ck_assert(smp_markers_find(&markers, &count, image, NULL, &arena, NULL) == SMP_OK);
    ck_assert_uint_eq(count, 0);
}

// Mean leave-one-out error of the card in a photo.
static double photo_error(const struct smp_image *image, const char *name, enum smp_card_kind kind)
{
    struct smp_card card;
    struct smp_card_fit fit;
    struct smp_err err = { 0 };
    ck_assert_msg(smp_card_find(&card, image, reference, name, NULL, &arena, &err) == SMP_OK, "%s",
                  err.msg);
    ck_assert_int_eq(card.kind, kind);
    ck_assert_msg(smp_card_correct(&fit, &card, reference, name, &err) == SMP_OK, "%s", err.msg);
    printf("# %s: %.2f px/mm, mean (max) before %.2f (%.2f), after %.2f (%.2f), leave one out "
           "%.2f (%.2f)\n",
           name, card.px_per_mm, fit.before.mean, fit.before.max, fit.after.mean, fit.after.max,
           fit.leave_one_out.mean, fit.leave_one_out.max);
    return fit.leave_one_out.mean;
}

START_TEST(five_photos_of_cards_with_and_without_markers)
{
    SKIP_WITHOUT("../shared/data/charts/jtvd-classic-1.jpg");
    static const char *const names[] = { "classic-1", "classic-10", "classic-3", "mini-1",
                                         "mini-5" };
    begin();
    double sum = 0;
    for (int i = 0; i < 5; i++) {
        const struct smp_mark mark = smp_arena_mark(&arena);
        char path[200];
        struct smp_image image;
        snprintf(path, sizeof path, "../shared/data/charts/jtvd-%s.jpg", names[i]);
        ck_assert(smp_image_load(&image, path, NULL, &arena, NULL) == SMP_OK);
        sum += photo_error(&image, names[i], i < 3 ? SMP_CARD_CLASSIC : SMP_CARD_MINI) / 10;
        paint_markers_out(&image);
        sum += photo_error(&image, names[i], i < 3 ? SMP_CARD_CLASSIC : SMP_CARD_MINI) / 10;
        smp_arena_reset(&arena, mark);
    }
    ck_assert_double_le(sum, 3);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(no_card_in_pictures_of_people_and_skin)
{
    SKIP_WITHOUT("../shared/data/photos/bioskin-2.jpg");
    static const char *const files[] = { "photos/bioskin-2.jpg", "dots/skin-dots-a.jpg",
                                         "dots/skin-dots-b-faint-dense.jpg",
                                         "dots/skin-no-dots-1.jpg" };
    begin();
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const struct smp_mark mark = smp_arena_mark(&arena);
        char path[200];
        struct smp_image image;
        snprintf(path, sizeof path, "../shared/data/%s", files[i]);
        ck_assert(smp_image_load(&image, path, NULL, &arena, NULL) == SMP_OK);
        is_not_found(&image, files[i]);
        smp_arena_reset(&arena, mark);
    }
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("card", blur_that_hides_the_kind_hides_the_scale,
              the_card_is_found_however_it_is_turned, the_card_is_found_tilted,
              the_mini_is_told_from_the_classic, the_card_is_found_small_noisy_and_through_jpeg,
              no_card_is_found_where_none_is_whole, a_card_of_other_colours_is_none,
              threads_change_nothing, five_photos_of_cards_with_and_without_markers,
              no_card_in_pictures_of_people_and_skin)
