// The search from end to end on the shipped catalogue: what it finds, what it refuses to find.
#include "pigment/pigment.h"

#include "harness.h"

#include <math.h>

static struct smp_arena arena;
static struct smp_catalogue catalogue;
static struct smp_healing healing;
static struct smp_pigment milky_grey;

static void begin(void)
{
    struct smp_err err = { 0 };
    struct smp_bytes text;
    smp_arena_make(&arena, 0);
    ck_assert_int_eq(smp_file_read(&text, "data/pigments.json", 1 << 20, &arena, &err), SMP_OK);
    ck_assert_int_eq(smp_catalogue_read(&catalogue, "pigments.json", (const char *)text.data,
                                        text.length, &arena, &err),
                     SMP_OK);
    // Two pigments stand for fourteen: a search takes as much less time.
    const struct smp_pigment two[] = { *smp_pigment_find(&catalogue, "carbon-100"),
                                       *smp_pigment_find(&catalogue, "soft-brown") };
    milky_grey = *smp_pigment_find(&catalogue, "milky-grey");
    catalogue.pigments[0] = two[0];
    catalogue.pigments[1] = two[1];
    catalogue.count = 2;
    ck_assert_int_eq(smp_file_read(&text, "data/healing.json", 1 << 20, &arena, &err), SMP_OK);
    ck_assert_int_eq(smp_healing_read(&healing, "healing.json", (const char *)text.data,
                                      text.length, &arena, &err),
                     SMP_OK);
}

// Light, tan, brown and dark skin (phototypes I to III, IV, V, VI by convention).
enum { SKINS = 4 };
static const double skins[SKINS][2] = {
    { .02, .005 }, { .05, .008 }, { .10, .008 }, { .20, .012 }
};
static const struct smp_lab dark_brown = { 23, 4, 4.9 }, black = { 18.2, 0, -0.9 },
                            grey = { 65, 0.5, 5 };

static struct smp_match_request request(int skin, struct smp_lab hair)
{
    struct smp_match_request r = smp_match_request_default();
    r.skin = smp_skin_default();
    r.skin.melanin = skins[skin][0];
    r.skin.blood = skins[skin][1];
    r.stubble.hair_lab = hair;
    r.stubble.exit_deg = 60;
    r.catalogue = &catalogue;
    r.healing = &healing;
    return r;
}

static struct smp_match found(const struct smp_match_request *r)
{
    struct smp_match match;
    struct smp_err err = { 0 };
    ck_assert_msg(smp_match_find(&match, r, NULL, &arena, &err) == SMP_OK, "%s", err.msg);
    return match;
}

// The prototype's deposits were balls.
static void begin_with_balls(void)
{
    begin();
    healing.constant[SMP_HEAL_HEIGHT].value = 1;
}

START_TEST(shallow_dots_number_about_as_many_as_units_and_deeper_ones_more)
{
    begin_with_balls();
    for (int k = 0; k < SKINS; k++) {
        struct smp_match_request r = request(k, dark_brown);
        r.top_mm = 0.1;
        const struct smp_match shallow = found(&r);
        ck_assert_ptr_null(shallow.impossible);
        const struct smp_recipe *best = &shallow.recipes[0];
        ck_assert_double_ge(best->dots_per_cm2, 75);
        ck_assert_double_le(best->dots_per_cm2, 120);
        ck_assert_double_le(best->delta_e00, 2);
        ck_assert_double_le(best->texture_jnd, 4);
        ck_assert_double_le(best->dots_low_per_cm2, best->dots_per_cm2);
        ck_assert_double_ge(best->dots_high_per_cm2, best->dots_per_cm2);
        if (k % 3)
            continue;
        // Deeper and narrower, on the lightest and the darkest: the prototype's 120 to 210, less
        // the tenth by which shafts standing together darken less than its product rule.
        r.top_mm = 0.15;
        r.diameter_max_mm = 0.3;
        const struct smp_match deep = found(&r);
        ck_assert_double_ge(deep.recipes[0].dots_per_cm2, 108);
        ck_assert_double_le(deep.recipes[0].dots_per_cm2, 210);
        ck_assert_double_gt(deep.recipes[0].texture_jnd, best->texture_jnd);
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(bands_hold_the_nominal_value_and_time_takes_the_illusion)
{
    begin();
    for (int k = 0; k < SKINS; k += 3) {
        const struct smp_match_request r = request(k, dark_brown);
        const struct smp_match m = found(&r);
        for (size_t i = 0; i < m.count; i++)
            for (int a = 0; a < SMP_MATCH_AGE_COUNT; a++) {
                const struct smp_outlook *o = &m.recipes[i].at[a];
                ck_assert(o->delta_e00.low <= o->delta_e00.value &&
                          o->delta_e00.value <= o->delta_e00.high);
                ck_assert(o->casual_mm.low <= o->casual_mm.value &&
                          o->casual_mm.value <= o->casual_mm.high);
                ck_assert(o->side_by_side_mm.value >= o->casual_mm.value);
            }
        const struct smp_outlook *at = m.recipes[0].at;
        ck_assert_double_ge(at[SMP_AT_8Y].casual_mm.value, at[SMP_AT_HEALED].casual_mm.value);
        ck_assert_double_eq_tol(at[SMP_AT_HEALED].delta_e00.value, m.recipes[0].delta_e00, 0.05);
        ck_assert_double_gt(at[SMP_AT_FRESH].delta_e00.value, at[SMP_AT_HEALED].delta_e00.value);
        // The skin round fresh dots is red.
        struct smp_healing pale = healing;
        pale.constant[SMP_HEAL_REDNESS].value = 1;
        struct smp_match_request calm = r;
        calm.healing = &pale;
        calm.recipes_max = 1;
        const struct smp_match c = found(&calm);
        ck_assert_double_gt(at[SMP_AT_FRESH].lab.a, c.recipes[0].at[SMP_AT_FRESH].lab.a + 0.5);
        ck_assert_double_eq(at[SMP_AT_HEALED].lab.a, c.recipes[0].at[SMP_AT_HEALED].lab.a);
        const struct smp_band *years = &m.recipes[0].touch_up.years;
        ck_assert(years->low <= years->median && years->median <= years->high);
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(depth_spoils_the_texture)
{
    begin();
    double last = 0;
    for (int i = 0; i < 3; i++) {
        struct smp_match_request r = request(0, dark_brown);
        r.top_mm = 0.1 + 0.05 * i;
        const struct smp_match m = found(&r);
        ck_assert_double_gt(m.recipes[0].texture_jnd, last);
        last = m.recipes[0].texture_jnd;
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(no_dot_a_little_wider_or_denser_would_do_better)
{
    begin();
    for (int k = 0; k < SKINS; k += 3) {
        struct smp_match_request r = request(k, dark_brown);
        r.top_mm = 0.1;
        r.recipes_max = 1;
        const struct smp_recipe best = found(&r).recipes[0];
        const double cost = hypot(best.delta_e00, best.texture_jnd);
        for (int i = 0; i < 4; i++) {
            const double way = i % 2 ? -1 : 1;
            const struct smp_match_hold near = { best.pigment, best.parts_water,
                                                 best.diameter_mm + (i < 2 ? way * 0.01 : 0),
                                                 best.dots_per_cm2 + (i < 2 ? 0 : way * 4),
                                                 best.strength_cv };
            r.hold = &near;
            const struct smp_recipe other = found(&r).recipes[0];
            ck_assert_double_eq(other.diameter_mm, near.diameter_mm); // what is held stays
            ck_assert_double_eq(other.dots_per_cm2, near.dots_per_cm2);
            ck_assert_msg(hypot(other.delta_e00, other.texture_jnd) > cost,
                          "skin %d: %g mm, %g per cm² is nearer", k, near.diameter_mm,
                          near.dots_per_cm2);
        }
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(beside_hair_shaved_close_the_recipe_passes_at_arms_length)
{
    // The skins and hairs of the contact sheet, 0.1 mm of stubble: T < 1 and ΔE00 < 1 from 0.6 m
    // on.
    static const struct smp_lab labs[3] = { { 67.3, 9.4, 14.8 },
                                            { 56.3, 11.1, 16.6 },
                                            { 37.8, 9.2, 12.3 } };
    static const struct smp_lab hairs[3] = { { 23, 4, 4.9 }, { 20, 2.5, 3 }, { 18.2, 1, 1.5 } };
    begin();
    catalogue.pigments[1] = milky_grey;
    for (int k = 0; k < 3; k++) {
        struct smp_match_request r = request(0, hairs[k]);
        struct smp_err err = { 0 };
        double fit;
        ck_assert(!smp_skin_fit(&r.skin, &fit, labs[k], "skin", &arena, &err));
        r.stubble.exit_deg = 45;
        r.stubble.stubble_mm = 0.1;
        r.recipes_max = 1;
        const struct smp_match m = found(&r);
        const struct smp_outlook *healed = &m.recipes[0].at[SMP_AT_HEALED];
        ck_assert_msg(healed->side_by_side_mm.value <= 600, "skin %d: %g mm", k,
                      healed->side_by_side_mm.value);
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(columns_of_the_usual_depth_number_as_many_as_the_trade_plans)
{
    begin();
    for (int k = 0; k < SKINS; k++) {
        struct smp_match_request r = request(k, dark_brown);
        r.top_mm = 0.15;
        r.recipes_max = 1;
        const struct smp_match m = found(&r);
        const struct smp_recipe *best = &m.recipes[0];
        ck_assert_double_ge(best->dots_per_cm2, 60);
        ck_assert_double_le(best->dots_per_cm2, 130);
        ck_assert_double_le(best->delta_e00, 1.6);
        ck_assert_double_le(best->texture_jnd, 4);
        ck_assert_double_le(best->at[SMP_AT_HEALED].casual_mm.value, 1000);
        static const unsigned wrong = 1u << SMP_MW_COLOUR | 1u << SMP_MW_HELMET |
                                      1u << SMP_MW_TOO_LIGHT | 1u << SMP_MW_DEEP |
                                      1u << SMP_MW_COVER | 1u << SMP_MW_GREY;
        ck_assert_uint_eq(best->warnings & wrong, 0);
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(no_match_is_invented)
{
    begin_with_balls();
    for (int k = 1; k < SKINS; k++) { // grey on tan to dark skin
        const struct smp_match_request r = request(k, grey);
        const struct smp_match m = found(&r);
        ck_assert_uint_eq(m.count, 0);
        ck_assert_ptr_nonnull(strstr(m.impossible, "lighter than the skin"));
    }
    const struct smp_match_request light = request(0, grey);
    ck_assert_ptr_nonnull(strstr(found(&light).impossible, "no dots needed"));
    // Black hair, no more dots than units, narrow and not shallow: too light, and said so.
    struct smp_match_request few = request(0, black);
    few.dots_max_per_cm2 = 75;
    few.diameter_max_mm = 0.3;
    const struct smp_match m = found(&few);
    ck_assert_double_gt(m.recipes[0].delta_e00, 2);
    ck_assert(m.recipes[0].warnings & 1u << SMP_MW_COLOUR);
    ck_assert(m.recipes[0].warnings & 1u << SMP_MW_TOO_LIGHT);
    // Sides measured lighter than the skin.
    const struct smp_lab pale = { 80, 5, 10 };
    struct smp_match_request r = request(0, dark_brown);
    r.sides_lab = &pale;
    ck_assert_ptr_nonnull(strstr(found(&r).impossible, "shaved sides are lighter"));
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(measured_sides_replace_the_model)
{
    begin();
    const struct smp_lab sides = { 62, 7, 12 };
    struct smp_match_request r = request(0, dark_brown);
    r.sides_lab = &sides;
    const struct smp_match m = found(&r);
    ck_assert_double_eq_tol(m.stubble_lab.l, 62, 1e-6);
    ck_assert_double_eq_tol(m.stubble_lab.b, 12, 1e-6);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(threads_change_nothing)
{
    begin();
    const struct smp_match_request r = request(2, black);
    struct smp_pool *pool = smp_pool_make(2);
    struct smp_err err = { 0 };
    struct smp_match one = found(&r), two;
    ck_assert_int_eq(smp_match_find(&two, &r, pool, &arena, &err), SMP_OK);
    smp_pool_drop(pool);
    ck_assert_uint_eq(one.count, two.count);
    for (size_t i = 0; i < one.count; i++) {
        ck_assert_uint_eq(one.recipes[i].pigment, two.recipes[i].pigment);
        ck_assert(one.recipes[i].texture_jnd == two.recipes[i].texture_jnd);
        ck_assert(one.recipes[i].at[SMP_AT_8Y].delta_e00.high ==
                  two.recipes[i].at[SMP_AT_8Y].delta_e00.high);
    }
    ck_assert(one.recipes[0].touch_up.years.low == two.recipes[0].touch_up.years.low);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(each_rule_has_its_sentence)
{
    begin();
    struct smp_match_request bad[8];
    for (int i = 0; i < 8; i++)
        bad[i] = request(0, dark_brown);
    bad[0].top_mm = (double)NAN;
    bad[1].distance_mm = 20;
    bad[2].diameter_max_mm = 0.1;
    bad[3].stubble.fu_per_cm2 = 0;
    bad[4].stubble.share[0] = 0.9;
    bad[5].skin.melanin = 2;
    bad[6].stubble.hair_lab.l = 99;
    bad[7].dots_max_per_cm2 = 10;
    static const char *const said[8] = { "match.top_mm must be 0.08 to 1 mm, not nan",
                                         "match.distance_mm must be 150 to 5000 mm, not 20",
                                         "match.diameter_min_mm must be at most diameter_max_mm",
                                         "match.stubble.fu_per_cm2 must be 1 to 300",
                                         "match.stubble.share must be four shares",
                                         "match.skin.melanin must be",
                                         "match.stubble.hair_lab[0] must be 5 to 90",
                                         "match.dots_max_per_cm2 must be 60 to 400" };
    for (int i = 0; i < 8; i++) {
        struct smp_match match;
        struct smp_err err = { 0 };
        ck_assert_int_eq(smp_match_find(&match, &bad[i], NULL, &arena, &err), SMP_E_INPUT);
        ck_assert_msg(strstr(err.msg, said[i]), "%s", err.msg);
    }
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("match find", shallow_dots_number_about_as_many_as_units_and_deeper_ones_more,
              columns_of_the_usual_depth_number_as_many_as_the_trade_plans,
              no_dot_a_little_wider_or_denser_would_do_better,
              beside_hair_shaved_close_the_recipe_passes_at_arms_length,
              bands_hold_the_nominal_value_and_time_takes_the_illusion, depth_spoils_the_texture,
              no_match_is_invented, measured_sides_replace_the_model, threads_change_nothing,
              each_rule_has_its_sentence)
