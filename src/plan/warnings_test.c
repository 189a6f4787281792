// Every warning has a plan that brings it up and one that does not. The plans are made up number
// by number: warnings look at nothing else.
#include "harness.h"
#include "plan/plan_impl.h"

#include <math.h>

struct made {
    struct smp_arena arena;
    struct smp_settings settings;
    struct smp_case from;
    struct smp_design design;
    struct smp_dot dots[2];
    struct smp_plan plan;
};

// A plan with nothing wrong.
static void make(struct made *m)
{
    struct smp_err err = { 0 };
    *m = (struct made){ 0 };
    smp_arena_make(&m->arena, 0);
    ck_assert_int_eq(smp_settings_read(&m->settings, NULL, &m->arena, &err), SMP_OK);
    m->from = (struct smp_case){ .settings = &m->settings, .age = 35, .sex = SMP_SEX_MALE };
    m->design = (struct smp_design){ .glabella_mm = 80,
                                     .straightness = 0.75,
                                     .recession_mm_left = 20,
                                     .recession_mm_right = 19,
                                     .asymmetry_mm = 1 };
    m->dots[0] = (struct smp_dot){ .zone = SMP_ZONE_HAIRLINE, .session = 1, .diameter_um = 200 };
    m->dots[1] = (struct smp_dot){ .zone = SMP_ZONE_CROWN, .session = 1, .diameter_um = 300 };
    m->plan = (struct smp_plan){ .from = &m->from,
                                 .design = &m->design,
                                 .dots = m->dots,
                                 .dot_count = 2,
                                 .sessions = 1,
                                 .evenness.cv = 0.2 };
    for (int zone = 1; zone < SMP_ZONE_COUNT; zone++)
        m->plan.zones[zone] = (struct smp_zone_total){
            .cm2 = 30, .treated_cm2 = 20, .dots = { 2000, 2000 }, .tinted_share = 0.07
        };
    m->plan.session[0].minutes = 120;
}

static const struct smp_warning *find(struct made *m, const char *id)
{
    for (size_t i = 0; i < m->plan.warning_count; i++) {
        if (strcmp(m->plan.warnings[i].id, id) == 0)
            return &m->plan.warnings[i];
    }
    return NULL;
}

static void warn(struct made *m)
{
    struct smp_err err = { 0 };
    ck_assert_msg(smp_plan_warn(&m->plan, NULL, 0, &m->arena, &err) == SMP_OK, "%s", err.msg);
}

// The warning is there, with its numbers, a source, a grade and a sentence of advice.
static void expect(struct made *m, const char *id, const char *zone, double value, double limit)
{
    warn(m);
    ck_assert_uint_eq(m->plan.warning_count, 1);
    const struct smp_warning *w = find(m, id);
    ck_assert_msg(w != NULL, "%s instead of %s", m->plan.warnings[0].id, id);
    ck_assert_str_eq(w->zone, zone);
    ck_assert_double_eq_tol(w->value, value, 1e-9);
    ck_assert_double_eq_tol(w->limit, limit, 1e-9);
    ck_assert_ptr_nonnull(strstr(w->source, "(grade "));
    ck_assert_uint_gt(strlen(w->advice), 30);
    ck_assert_int_eq(w->advice[strlen(w->advice) - 1], '.');
    smp_arena_drop(&m->arena);
}

START_TEST(a_sound_plan_has_no_warning)
{
    struct made m;
    make(&m);
    warn(&m);
    ck_assert_uint_eq(m.plan.warning_count, 0);
    smp_arena_drop(&m.arena);
}
END_TEST

START_TEST(tint_is_warned_of_above_20_percent_and_called_a_helmet_above_30)
{
    struct made m;
    make(&m);
    m.plan.zones[SMP_ZONE_CROWN].tinted_share = 0.25;
    expect(&m, "tinted", "crown", 0.25, 0.2);
    make(&m);
    m.plan.zones[SMP_ZONE_CROWN].tinted_share = 0.35;
    expect(&m, "helmet", "crown", 0.35, 0.3);
    make(&m);
    m.plan.zones[SMP_ZONE_CROWN].tinted_share = 0.35;
    m.plan.zones[SMP_ZONE_CROWN].treated_cm2 = 1; // too small to judge
    m.plan.zones[SMP_ZONE_CROWN].dots[0] = 100;
    warn(&m);
    ck_assert_uint_eq(m.plan.warning_count, 0);
    smp_arena_drop(&m.arena);
}
END_TEST

START_TEST(a_grid_is_warned_of)
{
    struct made m;
    make(&m);
    struct smp_dot *many = smp_new(&m.arena, struct smp_dot, 300);
    for (size_t i = 0; i < 300; i++)
        many[i] = m.dots[0];
    m.plan.dots = many;
    m.plan.dot_count = 300;
    m.plan.evenness.cv = 0.05;
    expect(&m, "grid", "", 0.05, 0.08);
}
END_TEST

START_TEST(dots_above_600_um_are_warned_of)
{
    struct made m;
    make(&m);
    m.dots[1].diameter_um = 700;
    expect(&m, "dot-size", "crown", 0.7, 0.6);
}
END_TEST

START_TEST(merging_dots_are_warned_of)
{
    struct made m;
    make(&m);
    m.plan.merging_share = 0.2;
    expect(&m, "merging", "", 0.2, 0.01);
}
END_TEST

START_TEST(a_low_hairline_is_warned_of_more_strongly_below_65_mm)
{
    struct made m;
    make(&m);
    m.design.glabella_mm = 68;
    expect(&m, "hairline-low", "hairline", 68, 70);
    make(&m);
    m.design.glabella_mm = 60;
    expect(&m, "hairline-very-low", "hairline", 60, 65);
    make(&m);
    m.design.glabella_mm = 60;
    m.from.sex = SMP_SEX_FEMALE; // 64 mm is the mean of women
    warn(&m);
    ck_assert_uint_eq(m.plan.warning_count, 0);
    smp_arena_drop(&m.arena);
    make(&m);
    m.design.glabella_mm = 50;
    m.from.sex = SMP_SEX_FEMALE;
    expect(&m, "hairline-low", "hairline", 50, 55);
    make(&m);
    m.design.glabella_mm = 60;
    m.plan.zones[SMP_ZONE_HAIRLINE].dots[0] = 10; // a crown alone draws no hairline
    warn(&m);
    ck_assert_uint_eq(m.plan.warning_count, 0);
    smp_arena_drop(&m.arena);
}
END_TEST

START_TEST(a_ruled_line_is_warned_of)
{
    struct made m;
    make(&m);
    m.design.straightness = 0.98;
    expect(&m, "hairline-straight", "hairline", 0.98, 0.93);
}
END_TEST

START_TEST(a_filled_corner_is_warned_of_in_men)
{
    struct made m;
    make(&m);
    m.design.recession_mm_right = 2;
    expect(&m, "corner-closed", "hairline", 2, 5);
    make(&m);
    m.design.recession_mm_right = 2;
    m.from.sex = SMP_SEX_FEMALE;
    warn(&m);
    ck_assert_uint_eq(m.plan.warning_count, 0);
    smp_arena_drop(&m.arena);
}
END_TEST

START_TEST(uneven_sides_are_warned_of)
{
    struct made m;
    make(&m);
    m.design.asymmetry_mm = 5;
    expect(&m, "left-right", "hairline", 5, 3);
    make(&m);
    m.plan.zones[SMP_ZONE_PARIETAL_RIGHT].dots[0] = 1000;
    expect(&m, "left-right-density", "parietal left", 0.5, 0.25);
}
END_TEST

START_TEST(a_step_in_density_is_warned_of)
{
    struct made m;
    make(&m);
    const struct smp_border borders[] = {
        { SMP_ZONE_FRONTAL, SMP_ZONE_MIDSCALP, 5, 5, 100, 90, 1, 1 }, // 10 % do not show
        { SMP_ZONE_MIDSCALP, SMP_ZONE_CROWN, 5, 5, 100, 50, 1, 1 },
        { SMP_ZONE_CROWN, SMP_ZONE_OCCIPUT, 1, 5, 100, 10, 1, 1 },         // too small to judge
        { SMP_ZONE_OCCIPUT, SMP_ZONE_NAPE, 8, 8, 51.4, 29.6, 0.72, 0.46 }, // so does hair itself
    };
    ck_assert_int_eq(smp_plan_warn(&m.plan, borders, 4, &m.arena, NULL), SMP_OK);
    ck_assert_uint_eq(m.plan.warning_count, 1);
    ck_assert_str_eq(m.plan.warnings[0].id, "density-step");
    ck_assert_str_eq(m.plan.warnings[0].zone, "midscalp to crown");
    ck_assert_double_eq_tol(m.plan.warnings[0].value, 0.5, 1e-9);
    smp_arena_drop(&m.arena);
}
END_TEST

START_TEST(a_session_over_300_minutes_is_warned_of)
{
    struct made m;
    make(&m);
    m.plan.session[0].minutes = 320;
    expect(&m, "session-long", "session 1", 320, 300);
}
END_TEST

START_TEST(more_dots_than_the_skin_has_room_for_are_warned_of)
{
    struct made m;
    make(&m);
    m.plan.zones[SMP_ZONE_MIDSCALP].dots[0] = 6000;
    expect(&m, "too-many-dots", "midscalp", 300, 250);
    make(&m);
    m.plan.dropped = 2;
    expect(&m, "dots-dropped", "", 0.5, 0.001);
}
END_TEST

START_TEST(a_rough_scan_is_warned_of)
{
    struct made m;
    make(&m);
    struct smp_head head = { .rough_share = 0.054 };
    m.plan.head = &head;
    expect(&m, "scan-rough", "", 0.054, 0.02);
    make(&m);
    head.rough_share = 0.0021; // as a clean scan has
    m.plan.head = &head;
    warn(&m);
    ck_assert_uint_eq(m.plan.warning_count, 0);
    smp_arena_drop(&m.arena);
}
END_TEST

START_TEST(holes_in_the_scalp_of_a_scan_are_warned_of)
{
    struct made m;
    make(&m);
    struct smp_head head = { .open_mm = 120 };
    m.plan.head = &head;
    expect(&m, "scan-holes", "", 120, 20);
    make(&m);
    head.open_mm = 15; // a triangle or two
    m.plan.head = &head;
    warn(&m);
    ck_assert_uint_eq(m.plan.warning_count, 0);
    smp_arena_drop(&m.arena);
}
END_TEST

START_TEST(age_brings_notes_on_weak_evidence)
{
    struct made m;
    make(&m);
    m.from.age = 50;
    expect(&m, "hairline-mature", "hairline", 80, 85);
    make(&m);
    m.from.age = 50;
    m.design.glabella_mm = 86;
    warn(&m);
    ck_assert_uint_eq(m.plan.warning_count, 0);
    smp_arena_drop(&m.arena);
    make(&m);
    m.from.age = 22;
    expect(&m, "young-client", "", 22, 25);
    make(&m);
    m.from.age = 0; // not given
    warn(&m);
    ck_assert_uint_eq(m.plan.warning_count, 0);
    smp_arena_drop(&m.arena);
}
END_TEST

// A plan whose recipe has one of the match's warnings.
static void make_recipe(struct made *m, struct smp_recipe *found, unsigned warnings)
{
    make(m);
    *found = (struct smp_recipe){ .delta_e00 = 2.6, .doubled_delta_e00 = 0.1 };
    found->warnings = warnings;
    found->at[SMP_AT_HEALED].lab = (struct smp_lab){ 50, 6, 10 };
    found->at[SMP_AT_HEALED].casual_mm = (struct smp_span){ 1500, 2500, (double)INFINITY };
    m->from.recipe = (struct smp_plan_recipe){ .made = true,
                                               .found = found,
                                               .diameter_um = 400,
                                               .dots_per_cm2 = 200,
                                               .top_mm = 0.1,
                                               .bare_lab = { 60, 9, 15 },
                                               .stubble_lab = { 53, 6, 12 } };
}

START_TEST(what_the_match_warns_of_is_told_with_its_number)
{
    // L* 50 beside 53: light goes as the cube of (L* + 16) / 116
    const double darker = 300 * log((53.0 + 16) / (50.0 + 16));
    const struct {
        enum smp_match_warning bit;
        const char *id;
        double value, limit;
    } rows[] = {
        { SMP_MW_COLOUR, "recipe-colour", 2.6, 2 },
        { SMP_MW_HELMET, "recipe-helmet", darker, 8 },
        { SMP_MW_TOO_LIGHT, "recipe-too-light", -darker, 8 },
        { SMP_MW_BLUE, "recipe-blue-shift", -2, -2.5 },
        { SMP_MW_DEEP, "recipe-too-deep", 2500, 1000 },
        { SMP_MW_SATURATED, "recipe-saturated", 0.1, 0.5 },
        { SMP_MW_COVER, "recipe-cover", 2 * SMP_PI / 4 * 0.16, 0.2 },
        { SMP_MW_GREY, "recipe-sides-grey", 35, 45 },
        { SMP_MW_SHALLOW, "recipe-shallow", 0.1, 0.12 },
    };
    ck_assert_uint_eq(sizeof rows / sizeof *rows, SMP_MATCH_WARNING_COUNT);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct made m;
        struct smp_recipe found;
        make_recipe(&m, &found, 1u << rows[i].bit);
        expect(&m, rows[i].id, "", rows[i].value, rows[i].limit);
    }
    struct made m;
    struct smp_recipe found;
    make_recipe(&m, &found, 0);
    m.plan.strength_mean = 0.8;
    expect(&m, "recipe-not-reached", "", 0.8, 0.93);
    make_recipe(&m, &found, 0);
    m.plan.strength_mean = 0.99;
    warn(&m);
    ck_assert_uint_eq(m.plan.warning_count, 0);
    smp_arena_drop(&m.arena);
    // Saturated is no fault where the program chose the shade and its colour fits.
    make_recipe(&m, &found, 1u << SMP_MW_SATURATED);
    m.from.wish.dilution = (double)NAN;
    warn(&m);
    ck_assert_uint_eq(m.plan.warning_count, 0);
    smp_arena_drop(&m.arena);
    make_recipe(&m, &found, 1u << SMP_MW_SATURATED | 1u << SMP_MW_TOO_LIGHT);
    m.from.wish.dilution = (double)NAN;
    warn(&m);
    ck_assert_uint_eq(m.plan.warning_count, 2);
    smp_arena_drop(&m.arena);
}
END_TEST

START_TEST(a_case_without_a_recipe_is_warned_of)
{
    struct made m;
    struct smp_recipe found;
    make_recipe(&m, &found, 0);
    m.from.recipe.impossible = "no honest match: this hair is lighter than the skin";
    m.from.recipe.stubble_lab.l = 61.5;
    expect(&m, "no-honest-match", "", 1.5, 0);
    make_recipe(&m, &found, 0);
    m.from.recipe.impossible = "no dots needed";
    m.from.recipe.not_needed = true;
    m.from.recipe.stubble_lab = m.from.recipe.bare_lab;
    expect(&m, "no-dots-needed", "", 0, 0.5);
    make_recipe(&m, &found, 0);
    m.from.recipe.impossible = "skin.lab is not a colour of skin";
    m.from.recipe.bad_skin = true;
    m.from.recipe.skin_delta_e00 = 4.6;
    expect(&m, "skin-unknown", "", 4.6, 4);
}
END_TEST

SMP_TEST_MAIN("warnings", a_sound_plan_has_no_warning,
              tint_is_warned_of_above_20_percent_and_called_a_helmet_above_30, a_grid_is_warned_of,
              dots_above_600_um_are_warned_of, merging_dots_are_warned_of,
              a_low_hairline_is_warned_of_more_strongly_below_65_mm, a_ruled_line_is_warned_of,
              a_filled_corner_is_warned_of_in_men, uneven_sides_are_warned_of,
              a_step_in_density_is_warned_of, a_session_over_300_minutes_is_warned_of,
              more_dots_than_the_skin_has_room_for_are_warned_of, a_rough_scan_is_warned_of,
              holes_in_the_scalp_of_a_scan_are_warned_of, age_brings_notes_on_weak_evidence,
              what_the_match_warns_of_is_told_with_its_number, a_case_without_a_recipe_is_warned_of)
