// A plan that goes on: before its next session what is done shows, as it was measured.
#include "preview/ball_test.h"

static const struct smp_age before = { .before = true, .label = "before" };
static const struct smp_age healed = { .years = SMP_HEALED_YEARS, .label = "healed" };
static const struct smp_lab skins[2] = { { 66, 9, 15 }, { 38, 11, 17 } }; // light and dark

// One session of three is done.
static void set_up_done(struct fixture *f, struct smp_lab skin)
{
    set_up(f, 250);
    f->from.skin_lab = skin;
    f->plan.continued = (struct smp_continued){ .sessions_done = 1, .years = SMP_HEALED_YEARS };
}

static struct smp_scene *scene_of(struct fixture *f)
{
    struct smp_scene *scene = NULL;
    struct smp_err err = { 0 };
    ck_assert_msg(!smp_scene_make_bare(&scene, &f->plan, NULL, &f->arena, &err), "%s", err.msg);
    return scene;
}

static const struct smp_dots *dots_at(struct fixture *f, struct smp_scene *scene,
                                      const struct smp_age *age)
{
    const struct smp_dots *dots = NULL;
    struct smp_age shown = *age;
    if (age->before)
        shown.years = f->plan.continued.years;
    ck_assert(!smp_dots_at(&dots, scene, &shown, &(struct smp_work){ NULL, &f->arena, NULL }));
    return dots;
}

// The dots done look as those of a plan that has no others, at their age.
START_TEST(before_the_next_session_the_dots_that_are_done_show_and_no_others)
{
    struct fixture f, alone;
    set_up_done(&f, skins[1]);
    set_up(&alone, 250);
    alone.from.skin_lab = skins[1];
    size_t count = 0;
    for (size_t i = 0; i < alone.plan.dot_count; i++)
        if (alone.plan.dots[i].session == 1)
            alone.plan.dots[count++] = alone.plan.dots[i];
    alone.plan.dot_count = count;
    alone.plan.sessions = 1;
    struct smp_scene *scene = scene_of(&f), *other = scene_of(&alone);
    const struct smp_dots *now = dots_at(&f, scene, &before);
    const struct smp_dots *same = dots_at(&alone, other, &healed);
    ck_assert_uint_eq(now->count, same->count);
    ck_assert_uint_gt(now->count, f.plan.dot_count * 3 / 10);
    ck_assert_mem_eq(now->spots, same->spots, now->count * sizeof *now->spots);
    ck_assert_uint_gt(dots_at(&f, scene, &healed)->count, 2 * now->count);
    smp_scene_drop(scene);
    smp_scene_drop(other);
    smp_arena_drop(&f.arena);
    smp_arena_drop(&alone.arena);
}
END_TEST

static double mean_light(const struct smp_image *image)
{
    double sum = 0;
    for (size_t y = 90; y < 130; y++)
        for (size_t x = 100; x < 140; x++)
            sum += (double)smp_image_at(image, x, y)->g;
    return sum / 1600;
}

START_TEST(the_picture_before_stands_between_bare_skin_and_all_sessions_healed)
{
    static const struct smp_preview_params small = { .width_px = 240, .height_px = 300, .seed = 1 };
    struct fixture f;
    struct smp_image bare, images[2];
    const struct smp_age ages[2] = { before, healed };
    set_up(&f, 280);
    struct smp_scene *scene = NULL;
    ck_assert(!smp_scene_make(&scene, &f.plan, NULL, &f.arena, NULL));
    ck_assert(!smp_preview_view(&bare, ages, 1, scene, SMP_VIEW_TOP, &small, NULL, &f.arena, NULL));
    f.plan.continued = (struct smp_continued){ .sessions_done = 1, .years = SMP_HEALED_YEARS };
    ck_assert(
        !smp_preview_view(images, ages, 2, scene, SMP_VIEW_TOP, &small, NULL, &f.arena, NULL));
    const double now = log(mean_light(&images[0]) / mean_light(&bare));
    const double then = log(mean_light(&images[1]) / mean_light(&bare));
    printf("# ln of light over bare skin's: %.3f before session 2, %.3f after session 3\n", now,
           then);
    ck_assert_double_lt(then, -0.03);
    ck_assert_double_gt(now / then, 0.2); // a third of the dots
    ck_assert_double_lt(now / then, 0.5);
    smp_scene_drop(scene);
    smp_arena_drop(&f.arena);
}
END_TEST

// What a camera makes of a spot's middle: ln of skin over dot in red.
static double darkness(const struct smp_spot *spot)
{
    return -log1p(-(double)spot->core[0]);
}

// Four of the dots done were seen: two as the median, one paler, one darker and one wider.
START_TEST(dots_that_photos_showed_have_the_width_and_the_darkness_that_were_measured)
{
    static const double strengths[] = { 1, 1, 0.7, 1.25, 1 };
    enum { SEEN = sizeof strengths / sizeof *strengths };
    for (int k = 0; k < 2; k++) {
        struct fixture f;
        struct smp_seen_dot seen[SEEN];
        const struct smp_spot *spots[SEEN] = { 0 };
        set_up_done(&f, skins[k]);
        for (size_t i = 0; i < SEEN; i++) // dots of session 1 are every third
            seen[i] = (struct smp_seen_dot){ f.plan.dots[300 * i].id, strengths[i] };
        f.plan.dots[300 * 4].diameter_um = 350;
        f.plan.continued.seen = seen;
        f.plan.continued.seen_count = SEEN;
        struct smp_scene *scene = scene_of(&f);
        const struct smp_dots *now = dots_at(&f, scene, &before);
        for (size_t i = 0; i < now->count; i++)
            for (size_t s = 0; s < SEEN; s++)
                if (now->spots[i].id == seen[s].id)
                    spots[s] = &now->spots[i];
        for (size_t s = 0; s < SEEN; s++)
            ck_assert_msg(spots[s] != NULL, "dot %zu is lost", s);
        printf("# darkness over the median's %.2f %.2f %.2f, width %.2f\n",
               darkness(spots[2]) / darkness(spots[0]), darkness(spots[3]) / darkness(spots[0]),
               darkness(spots[4]) / darkness(spots[0]),
               (double)(spots[4]->half_mm / spots[0]->half_mm));
        ck_assert_mem_eq(spots[0]->core, spots[1]->core, sizeof spots[0]->core);
        ck_assert(spots[0]->half_mm == spots[1]->half_mm);
        for (size_t s = 2; s < SEEN; s++) // within a class of looks
            ck_assert_double_eq_tol(darkness(spots[s]) / darkness(spots[0]), strengths[s], 0.12);
        ck_assert_double_gt((double)(spots[4]->half_mm / spots[0]->half_mm), 1.25);
        smp_scene_drop(scene);
        smp_arena_drop(&f.arena);
    }
}
END_TEST

// ---- Follow-up photos ---------------------------------------------------------------------------

static struct smp_recipe usual_recipe(void)
{
    return (struct smp_recipe){ .parts_water = 8, .top_mm = 0.12, .diameter_mm = 0.25 };
}

// Area that a mean dot takes from green light at an age.
static double taken_mm2(const struct smp_looks *looks, double years, enum smp_edge edge,
                        struct smp_arena *arena)
{
    const struct smp_deposit_shape planned = smp_planned_shape(looks, 0.25, looks->top_mm);
    const struct smp_age age = { .years = years, .edge = edge };
    struct smp_fate fate;
    struct smp_rings rings;
    ck_assert(!smp_fate_at(&fate, looks, &planned, &age, &(struct smp_work){ NULL, arena, NULL }));
    const struct smp_aged aged = smp_aged_at(&fate, &planned, years);
    smp_rings_of(&rings, looks, &aged, 1);
    return rings.contrast[1][0];
}

// Contrasts of two photos; NAN: none.
static void forecast(double told[SMP_EDGE_COUNT], double at_healed, double at_3_years)
{
    struct fixture f;
    const struct smp_recipe recipe = usual_recipe();
    set_up_done(&f, skins[0]);
    f.from.recipe.found = &recipe;
    f.from.recipe.pigment = "carbon-100";
    f.from.recipe.dilution = recipe.parts_water;
    f.from.recipe.top_mm = recipe.top_mm;
    if (!isnan(at_healed))
        f.plan.continued.follow = (struct smp_follow){
            .photos = { { "healed", SMP_HEALED_YEARS, at_healed, 0.07, 100 },
                        { "3y", 3, at_3_years, 0.07, 100 } },
            .photo_count = 2,
            .model_sd = 0.35,
        };
    struct smp_scene *scene = scene_of(&f);
    for (int edge = 0; edge < SMP_EDGE_COUNT; edge++)
        told[edge] = taken_mm2(scene->looks, 8, (enum smp_edge)edge, &f.arena);
    smp_scene_drop(scene);
    smp_arena_drop(&f.arena);
}

START_TEST(pictures_of_later_years_follow_what_photos_showed_of_the_fading)
{
    double model[SMP_EDGE_COUNT], kept[SMP_EDGE_COUNT], gone[SMP_EDGE_COUNT];
    forecast(model, (double)NAN, (double)NAN);
    forecast(kept, 0.9, 0.78);
    forecast(gone, 0.9, 0.52);
    const double *const all[] = { model, kept, gone };
    for (int i = 0; i < 3; i++)
        printf("# contrast at 8 years %.2f (%.2f to %.2f)\n", all[i][SMP_EDGE_MEDIAN],
               all[i][SMP_EDGE_LOW], all[i][SMP_EDGE_HIGH]);
    ck_assert_double_gt(kept[SMP_EDGE_MEDIAN], 1.1 * gone[SMP_EDGE_MEDIAN]);
    ck_assert_double_gt(kept[SMP_EDGE_LOW], gone[SMP_EDGE_LOW]);
    for (int i = 0; i < 3; i++) {
        ck_assert_double_lt(all[i][SMP_EDGE_LOW], all[i][SMP_EDGE_MEDIAN]);
        ck_assert_double_lt(all[i][SMP_EDGE_MEDIAN], all[i][SMP_EDGE_HIGH]);
        ck_assert_double_le(log(all[i][SMP_EDGE_HIGH] / all[i][SMP_EDGE_LOW]),
                            (i ? 0.8 : 1) * log(model[SMP_EDGE_HIGH] / model[SMP_EDGE_LOW]));
    }
}
END_TEST

SMP_TEST_MAIN("seen", before_the_next_session_the_dots_that_are_done_show_and_no_others,
              the_picture_before_stands_between_bare_skin_and_all_sessions_healed,
              dots_that_photos_showed_have_the_width_and_the_darkness_that_were_measured,
              pictures_of_later_years_follow_what_photos_showed_of_the_fading)
