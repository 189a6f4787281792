// Markers: the dictionary, and markers found in made pictures however they lie.
#include "harness.h"
#include "made_card.h"

#include <math.h>

static struct smp_arena arena;

static unsigned turned(unsigned bits)
{
    unsigned out = 0;
    for (int k = 0; k < 16; k++) // row k / 4, column k % 4 from row 3 - k % 4, column k / 4
        out |= (bits >> (15 - (4 * (3 - k % 4) + k / 4)) & 1) << (15 - k);
    return out;
}

static int differ(unsigned a, unsigned b)
{
    int n = 0;
    for (unsigned v = a ^ b; v; v >>= 1)
        n += v & 1;
    return n;
}

START_TEST(any_two_codes_differ_in_four_bits_however_turned)
{
    for (int i = 0; i < SMP_MARKER_IDS; i++) {
        unsigned bits = smp_marker_bits(i);
        for (int turn = 0; turn < 4; turn++, bits = turned(bits))
            for (int k = 0; k < SMP_MARKER_IDS; k++)
                ck_assert_msg((k == i && turn == 0) || differ(bits, smp_marker_bits(k)) >= 4,
                              "%d turned %d times is like %d", i, turn, k);
    }
    ck_assert_uint_eq(smp_marker_bits(-1), 0);
    ck_assert_uint_eq(smp_marker_bits(50), 0);
}
END_TEST

static void find(struct smp_marker **markers, size_t *count, const struct smp_image *image)
{
    struct smp_err err = { 0 };
    ck_assert_msg(smp_markers_find(markers, count, image, NULL, &arena, &err) == SMP_OK, "%s",
                  err.msg);
}

static void see_four(const struct made_card_params *params)
{
    struct made_card made;
    struct smp_marker *markers;
    size_t count;
    made_card(&made, params, &arena);
    find(&markers, &count, &made.image);
    ck_assert_msg(count == 4, "%zu markers at %g deg, tilt %g", count, params->turn_deg,
                  params->tilt_deg);
    for (int id = 0; id < 4; id++)
        ck_assert_int_eq(markers[id].id, id);
    // Their middle on the left and on the right of the card: as far apart as in the plane.
    double px_per_mm = 1;
    for (int id = 0; id < 4; id++)
        px_per_mm *= smp_marker_px_per_mm(&markers[id], params->marker_mm);
    const double seen = params->px_per_mm * sqrt(cos(params->tilt_deg * SMP_PI / 180));
    ck_assert_double_eq_tol(pow(px_per_mm, 0.25) / seen, 1, params->tilt_deg > 0 ? 0.03 : 0.005);
}

START_TEST(four_markers_are_read_however_they_lie)
{
    struct made_card_params params = made_card_defaults;
    smp_arena_make(&arena, 0);
    params.markers = true;
    params.ground = MADE_WOOD;
    for (int i = 0; i < 6; i++) {
        const struct smp_mark mark = smp_arena_mark(&arena);
        params.turn_deg = (double[]){ 0, 90, 180, 270, 33, 201 }[i];
        params.px_per_mm = i == 1 || i == 3 ? 0.9 : 1.1;
        params.tilt_deg = i < 4 ? 0 : 25;
        params.towards_deg = 40 * i;
        params.jpeg = i == 2 ? 60 : 0;
        see_four(&params);
        smp_arena_reset(&arena, mark);
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(one_stained_cell_is_mended_and_two_are_not)
{
    struct made_card_params params = made_card_defaults;
    struct made_card made;
    struct smp_marker *markers;
    size_t count;
    smp_arena_make(&arena, 0);
    params.markers = true;
    made_card(&made, &params, &arena);
    find(&markers, &count, &made.image);
    ck_assert_uint_eq(count, 4);
    const struct smp_vec2 from = markers[0].corner_px[0], to = markers[0].corner_px[2];
    for (int stains = 1; stains <= 2;
         stains++) {                          // bits 1 (black) and 2, 3 (white) of the first row
        const int cell = stains == 1 ? 2 : 3; // columns of the frame's six
        const double side = (to.x - from.x) / 6;
        for (int y = 0; y < (int)side; y++)
            for (int x = 0; x < (int)side; x++) {
                struct smp_rgb *px = smp_image_at(&made.image, (size_t)(from.x + cell * side) + x,
                                                  (size_t)(from.y + side) + y);
                const float v = px->r > 0.3F ? 0.03F : 0.7F;
                *px = (struct smp_rgb){ v, v, v };
            }
        find(&markers, &count, &made.image);
        ck_assert_uint_eq(count, stains == 1 ? 4 : 3);
        ck_assert_int_eq(markers[0].id, stains == 1 ? 0 : 1);
        ck_assert_int_eq(markers[0].bits_mended, stains == 1 ? 1 : 0);
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(markers_of_photos_are_found_and_none_where_none_are)
{
    SKIP_WITHOUT("../shared/data/charts/jtvd-classic-1.jpg");
    static const struct {
        const char *file;
        size_t count;
    } photos[] = { { "charts/jtvd-classic-1.jpg", 4 }, { "charts/jtvd-classic-10.jpg", 4 },
                   { "charts/jtvd-classic-3.jpg", 4 }, { "charts/jtvd-mini-1.jpg", 4 },
                   { "charts/jtvd-mini-5.jpg", 4 },    { "photos/bioskin-2.jpg", 0 },
                   { "dots/skin-dots-a.jpg", 0 },      { "dots/skin-no-dots-1.jpg", 0 } };
    smp_arena_make(&arena, 0);
    for (size_t i = 0; i < sizeof photos / sizeof *photos; i++) {
        const struct smp_mark mark = smp_arena_mark(&arena);
        char path[200];
        struct smp_image image;
        struct smp_marker *markers;
        size_t count;
        snprintf(path, sizeof path, "../shared/data/%s", photos[i].file);
        ck_assert(smp_image_load(&image, path, NULL, &arena, NULL) == SMP_OK);
        find(&markers, &count, &image);
        ck_assert_msg(count == photos[i].count, "%s: %zu", photos[i].file, count);
        for (size_t k = 0; k < count; k++)
            ck_assert_int_eq(markers[k].id, (int)k);
        smp_arena_reset(&arena, mark);
    }
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("marker", any_two_codes_differ_in_four_bits_however_turned,
              four_markers_are_read_however_they_lie, one_stained_cell_is_mended_and_two_are_not,
              markers_of_photos_are_found_and_none_where_none_are)
