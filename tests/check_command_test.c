// `stubble check` from outside: made photos of a plan with known faults, by a camera a little off.
#include "check_photo.h"
#include "made_card.h"
#include "program_json.h"

#include <sys/stat.h>

static struct smp_arena arena;
static char folder[160];
static const struct made_wish usual = { .left_out = 10,
                                        .added = 3,
                                        .merged = 2,
                                        .turn_deg = 0.5,
                                        .nearer = 0.01,
                                        .tone = 1,
                                        .scatter_mm = 0.05,
                                        .diameter_factor = 1,
                                        .contrast = 0.45,
                                        .session = 3 };
static const double px_per_mm = 18;

static const char *path_of(const char *name)
{
    return smp_format(&arena, "%s/%s", folder, name);
}

// One plan serves all.
static void begin(void)
{
    smp_arena_make(&arena, 0);
    scratch(folder, "check");
    mkdir(folder, 0777);
    if (access(path_of("plan/dots.csv"), F_OK) != 0) // made by the first test, for all
        refuse(
            smp_format(&arena, "demo --out %s/plan --no-pictures --no-sheets --no-compare", folder),
            0, "");
}

static void make(struct made_photo *m, const struct made_wish *wish)
{
    ck_assert(made_photo(m, wish, path_of("plan"), path_of("photo.jpg"), path_of("pose.json"),
                         px_per_mm, &arena));
}

static json_t *check(const char *options)
{
    return json_of("check %s/plan %s/photo.jpg --pose %s/pose.json %s", folder, folder, folder,
                   options);
}

static const struct made_dot *planned(const struct made_photo *m, const json_t *dot)
{
    const unsigned id = (unsigned)number(dot, "id");
    for (size_t i = 0; i < m->planned; i++)
        if (m->dots[i].id == id)
            return &m->dots[i];
    ck_abort_msg("no dot %u in the plan", id);
}

struct score {
    size_t right, said, is;
};

static struct score score_not_done(const struct made_photo *m, const json_t *root)
{
    struct score s = { 0 };
    size_t i;
    json_t *dot;
    json_array_foreach(json_object_get(root, "dots"), i, dot)
    {
        const struct made_dot *d = planned(m, dot);
        const char *state = json_string_value(json_object_get(dot, "state"));
        const bool says = strcmp(state, "not done") == 0;
        if (!d->shown)
            continue;
        s.is += !d->drawn;
        s.said += says;
        s.right += says && !d->drawn;
    }
    return s;
}

// The second of a dot set twice: nobody planned it, and it is told as merged.
static bool is_second(const struct made_photo *m, struct smp_vec3 at_mm)
{
    for (size_t i = 0; i < m->planned; i++)
        if (m->dots[i].merged && smp_length(smp_sub(m->dots[i].set_mm, at_mm)) < 0.35)
            return true;
    return false;
}

static struct score score_extra(const struct made_photo *m, const json_t *root)
{
    struct score s = { .is = m->count - m->planned };
    size_t i;
    json_t *dot;
    json_array_foreach(json_object_get(root, "measured"), i, dot)
    {
        if (!json_is_null(json_object_get(dot, "id")))
            continue;
        const struct smp_vec3 at =
            smp_vec3(number(dot, "x_mm"), number(dot, "y_mm"), number(dot, "z_mm"));
        if (is_second(m, at))
            continue;
        s.said++;
        for (size_t k = m->planned; k < m->count; k++)
            if (smp_length(smp_sub(m->dots[k].set_mm, at)) < 0.3) {
                s.right++;
                break;
            }
    }
    return s;
}

static size_t merged_found(const struct made_photo *m, const json_t *root, size_t *of)
{
    size_t i, right = 0;
    json_t *dot;
    *of = 0;
    json_array_foreach(json_object_get(root, "measured"), i, dot)
    {
        if (json_is_null(json_object_get(dot, "id")) || !planned(m, dot)->merged)
            continue;
        ++*of;
        right += json_is_true(json_object_get(dot, "merged")) ||
                 json_is_true(json_object_get(dot, "too_big"));
    }
    return right;
}

static double share(size_t part, size_t whole)
{
    return whole ? (double)part / (double)whole : 1;
}

START_TEST(what_was_not_done_and_what_was_not_planned_is_told_for_a_camera_half_a_degree_off)
{
    begin();
    for (int tone = 4; tone < SCALP_TONES; tone += 4) {
        struct made_wish wish = usual;
        struct made_photo m;
        wish.tone = tone;
        make(&m, &wish);
        json_t *root = check(smp_format(&arena, "--overlay %s", path_of("overlay.png")));
        const struct score out = score_not_done(&m, root), more = score_extra(&m, root);
        size_t of;
        const size_t merged = merged_found(&m, root, &of);
        const json_t *lies =
            json_object_get(json_array_get(json_object_get(root, "photos"), 0), "registration");
        printf("# tone %d: planned %.0f, done %.0f, doubtful %.0f; not done P %.3f R %.3f of %zu; "
               "not planned P %.3f R %.3f of %zu; merged %zu of %zu; lies to %.3f mm, shift %.2f "
               "mm\n",
               tone, number(root, "planned"), number(root, "done"), number(root, "doubtful"),
               share(out.right, out.said), share(out.right, out.is), out.is,
               share(more.right, more.said), share(more.right, more.is), more.is, merged, of,
               number(lies, "rms_mm"), number(lies, "shift_mm"));
        ck_assert_uint_gt(out.is, 80);
        ck_assert_double_ge(share(out.right, out.said), 0.97);
        ck_assert_double_ge(share(out.right, out.is), 0.9);
        ck_assert_uint_le(more.said - more.right, (size_t)(0.008 * number(root, "done")));
        ck_assert_double_ge(share(more.right, more.is), 0.9);
        ck_assert_uint_ge(2 * merged, of);
        ck_assert_double_gt(number(lies, "shift_mm"), 0.3);
        const json_t *whole = json_object_get(root, "whole");
        const double per_cm2 = number(whole, "per_cm2"), sd = number(whole, "per_cm2_sd");
        const double made = (1 - usual.left_out / 100.0) * number(whole, "planned_per_cm2") +
                            (double)more.is / number(whole, "cm2");
        printf("# %.1f ± %.1f dots per cm² on %.1f cm², %.1f were made\n", per_cm2, sd,
               number(whole, "cm2"), made);
        ck_assert_double_gt(number(whole, "cm2"), 10);
        ck_assert_double_le(fabs(per_cm2 - made), 3 * sd);
        ck_assert_double_lt(sd, 0.1 * per_cm2);
        json_decref(root);
        struct smp_image overlay;
        ck_assert(!smp_image_load(&overlay, path_of("overlay.png"), NULL, &arena, NULL));
        ck_assert_uint_eq(overlay.width_px, MADE_WIDTH);
    }
    smp_arena_drop(&arena);
}
END_TEST

// The forecast of the next plan is narrowed by both files, and says so.
static void follows(const json_t *said)
{
    json_t *plan = json_load_file(path_of("next/plan.json"), 0, NULL);
    const json_t *kept = json_object_get(json_object_get(plan, "continued"), "forecast");
    const json_t *photos = json_object_get(kept, "photos");
    ck_assert_double_eq(number(said, "photos"), 2);
    ck_assert(json_is_null(json_object_get(said, "not_used")));
    ck_assert_double_lt(number(said, "effective_draws"), 1500);
    ck_assert_uint_eq(json_array_size(photos), 2);
    ck_assert_str_eq(json_string_value(json_object_get(json_array_get(photos, 1), "file")),
                     "healed.json");
    ck_assert_double_eq_tol(number(json_array_get(photos, 0), "years"), 3, 1e-9);
    for (size_t i = 1; i < 4; i++) { // after 3, 5 and 8 years
        const json_t *age = json_array_get(json_object_get(kept, "contrast"), i);
        const json_t *before = json_object_get(age, "before"),
                     *after = json_object_get(age, "after");
        double ln[2];
        for (int k = 0; k < 2; k++)
            ln[k] = log(json_number_value(json_array_get(k ? after : before, 2)) /
                        json_number_value(json_array_get(k ? after : before, 0)));
        printf("# %g years: the band is %.0f %% narrower\n", number(age, "years"),
               number(age, "narrower_percent"));
        ck_assert_double_eq_tol(number(age, "narrower_percent"), 100 * (1 - ln[1] / ln[0]), 0.51);
        ck_assert_double_gt(number(age, "narrower_percent"), 10);
    }
    const json_t *told = json_object_get(json_object_get(plan, "recipe"), "touch_up_years");
    const json_t *narrowed = json_object_get(kept, "touch_up_years");
    ck_assert_double_eq_tol(number(told, "median"), number(narrowed, "median"), 0.051);
    ck_assert_double_eq_tol(number(told, "share_beyond_horizon"),
                            number(narrowed, "share_beyond_horizon"), 0.0051);
    ck_assert_double_gt(
        fabs(number(narrowed, "share_beyond_horizon") -
             number(json_object_get(kept, "touch_up_years_before"), "share_beyond_horizon")),
        0.005);
    ck_assert_int_eq(access(path_of("next/seen.csv"), F_OK), 0);
    json_decref(plan);
}

// The next session's plan, by what the photo shows.
// That is after three years; a file of what the same dots looked like when healed goes with it.
static void goes_on(const json_t *measured)
{
    json_t *healed = json_deep_copy(measured), *dot;
    size_t i;
    json_object_set_new(healed, "years", json_real(0.115));
    json_object_set_new(healed, "widening", json_real(1));
    json_array_foreach(json_object_get(healed, "measured"), i, dot)
    {
        json_object_set_new(dot, "contrast", json_real(1.9 * number(dot, "contrast")));
        json_object_set_new(dot, "diameter_mm",
                            json_real(number(dot, "diameter_mm") / number(measured, "widening")));
    }
    ck_assert(!json_dump_file(healed, path_of("healed.json"), 0));
    json_decref(healed);
    json_t *root = json_of("plan --continue %s/plan --measured %s/m.json %s/healed.json --out "
                           "%s/next --no-pictures --no-sheets",
                           folder, folder, folder, folder);
    const json_t *said = json_object_get(root, "continued"), *dots = json_object_get(said, "dots");
    ck_assert_double_eq(number(said, "sessions_done"), 1);
    ck_assert_double_eq(number(said, "sessions_left"), 2);
    ck_assert_double_gt(number(said, "minutes_left"), 60);
    ck_assert_double_eq(number(dots, "done"), number(measured, "done"));
    ck_assert_double_eq(number(dots, "not_planned"), number(measured, "extra"));
    ck_assert_double_eq(number(dots, "taken_as_done"), number(measured, "not_in_the_photos"));
    ck_assert_double_gt(number(dots, "kept"), 9000);
    ck_assert_double_gt(number(dots, "again") + number(dots, "moved") + number(dots, "replaced"),
                        20);
    follows(json_object_get(said, "forecast"));
    json_decref(root);
    refuse(smp_format(&arena, "plan --continue %s/next --measured %s/m.json --out %s/no", folder,
                      folder, folder),
           2, "m.json is of another plan (its plan_key is");
    ck_assert_int_ne(access(path_of("no"), F_OK), 0);
    refuse(smp_format(&arena, "check %s/next %s/photo.jpg --pose %s/pose.json --session 4", folder,
                      folder, folder),
           2, "--session must be 1 to 3 for this plan, not 4");
}

START_TEST(only_the_region_and_the_sessions_done_are_held_even_wide_and_pale_after_three_years)
{
    begin();
    struct made_photo m;
    struct made_wish wish = usual;
    wish.session = 1;
    wish.diameter_factor = 1.25;
    wish.contrast = 0.3;
    make(&m, &wish);
    json_t *root = check("--age 3y --session 1 --region 200,150,500,400"), *dot;
    size_t i;
    json_array_foreach(json_object_get(root, "dots"), i, dot)
    {
        ck_assert_int_eq(planned(&m, dot)->session, 1);
        ck_assert(planned(&m, dot)->shown);
    }
    ck_assert_double_gt(number(root, "not_in_the_photos"), 1000);
    ck_assert_double_gt(number(root, "done"), 100);
    const json_t *whole = json_object_get(root, "whole");
    ck_assert_double_le(number(whole, "cm2"), 500 * 400 / 32400.0 * 1.5); // at 18 px/mm, tilted
    const struct score out = score_not_done(&m, root);
    ck_assert_double_ge(share(out.right, out.said), 0.97);
    ck_assert_double_eq_tol(number(root, "years"), 3, 1e-9);
    ck_assert_double_gt(number(root, "widening"), 1.05);
    ck_assert_uint_le((size_t)number(root, "too_big"), 2);
    ck_assert(!json_dump_file(root, path_of("m.json"), 0));
    goes_on(root);
    json_decref(root);
    smp_arena_drop(&arena);
}
END_TEST

// Two photos of one head that overlap, by cameras each a little off.
START_TEST(what_several_photos_show_is_counted_once_and_told_by_zone)
{
    static const double near_mm[2][3] = { { 10, 55, 105 }, { -12, 40, 112 } };
    const char *names[2], *poses[2];
    struct made_photo m = { 0 };
    struct made_wish wish = usual;
    begin();
    wish.merged = 0;
    bool *seen = NULL;
    for (int k = 0; k < 2; k++) {
        wish.turn_deg = 0.3 - 0.3 * k;
        names[k] = path_of(smp_format(&arena, "view%d.jpg", k));
        ck_assert(made_view(&m, &wish, path_of("plan"), names[k],
                            smp_vec3(near_mm[k][0], near_mm[k][1], near_mm[k][2]), px_per_mm,
                            &arena));
        poses[k] = made_pose_item(&m, names[k], &arena);
        if (!seen)
            seen = smp_new(&arena, bool, 2 * m.planned);
        ck_assert_ptr_nonnull(seen);
        for (size_t i = 0; i < m.count; i++)
            seen[i] = seen[i] || (m.dots[i].shown && m.dots[i].drawn);
        wish.added = 0; // those of the first photo are seen in the others too
    }
    size_t really = 0, twice = 0, i, k;
    for (i = 0; i < m.count; i++)
        really += seen[i];
    ck_assert(
        made_pose(path_of("poses.json"), smp_format(&arena, "%s,%s", poses[0], poses[1]), &arena));
    json_t *root =
        json_of("check %s/plan %s %s --pose %s/poses.json", folder, names[0], names[1], folder);
    json_t *measured = json_object_get(root, "measured"), *dot;
    const size_t count = json_array_size(measured);
    struct smp_vec3 *at = smp_new(&arena, struct smp_vec3, count);
    ck_assert_ptr_nonnull(at);
    json_array_foreach(measured, i, dot)
    {
        at[i] = smp_vec3(number(dot, "x_mm"), number(dot, "y_mm"), number(dot, "z_mm"));
        for (k = 0; k < i; k++)
            twice += smp_length(smp_sub(at[i], at[k])) < 0.25;
    }
    const struct score out = score_not_done(&m, root), more = score_extra(&m, root);
    size_t found = 0;
    json_t *photo, *zone;
    json_array_foreach(json_object_get(root, "photos"), i, photo) found +=
        (size_t)number(photo, "found");
    printf("# %zu found in two photos, %zu counted, %zu there; %zu nearer than 0.25 mm; not done "
           "P %.3f R %.3f\n",
           found, count, really, twice, share(out.right, out.said), share(out.right, out.is));
    ck_assert_uint_gt(found, really * 12 / 10);
    ck_assert_double_le(fabs((double)count - (double)really),
                        0.08 * (double)really); // the rim of the photos is counted too
    ck_assert_uint_le(twice, 3);
    ck_assert_double_ge(share(out.right, out.said), 0.97);
    ck_assert_uint_le(more.said - more.right, count / 100);
    json_array_foreach(json_object_get(root, "zones"), i, zone)
    {
        const double part = number(zone, "seen_share");
        ck_assert(part >= 0 && part <= 1.0001);
        if (strcmp(json_string_value(json_object_get(zone, "zone")), "frontal") == 0)
            ck_assert_double_gt(part, 0.5);
        if (strcmp(json_string_value(json_object_get(zone, "zone")), "occiput") == 0)
            ck_assert(part <= 0 && number(zone, "not_in_the_photos") > 500);
    }
    json_decref(root);
    smp_arena_drop(&arena);
}
END_TEST

// A colour card in the corner of the photo, as another camera's picture of it.
static void lay_card(void)
{
    struct smp_image photo;
    struct made_card card;
    struct made_card_params params = made_card_defaults;
    ck_assert(!smp_image_load(&photo, path_of("photo.jpg"), NULL, &arena, NULL));
    params.width_px = 420;
    params.height_px = 300;
    params.at_px[0] = 210;
    params.at_px[1] = 150;
    params.kind = SMP_CARD_MINI;
    params.px_per_mm = 4.2;
    params.tone = params.colours = 0.7;
    params.jpeg = 0;
    made_card(&card, &params, &arena);
    for (size_t y = 0; y < params.height_px; y++)
        memcpy(&photo.px_lin[y * photo.width_px], &card.image.px_lin[y * card.image.width_px],
               card.image.width_px * sizeof *photo.px_lin);
    ck_assert(!smp_image_save(path_of("photo.jpg"), &photo, NULL, 0, NULL));
}

START_TEST(a_card_in_the_photo_makes_its_light_true_before_it_is_measured)
{
    struct made_photo m;
    begin();
    make(&m, &usual);
    refuse(smp_format(&arena, "check %s/plan %s/photo.jpg --pose %s/pose.json --card", folder,
                      folder, folder),
           2, "; without a card leave --card away");
    lay_card();
    json_t *root = check("--region 450,320,600,440 --card");
    const struct score out = score_not_done(&m, root);
    const json_t *photo = json_array_get(json_object_get(root, "photos"), 0);
    printf("# card: %.1f ΔE00 off\n", number(photo, "card_delta_e00"));
    ck_assert(json_is_true(json_object_get(root, "card")));
    ck_assert_double_le(number(photo, "card_delta_e00"), 5);
    ck_assert_double_ge(share(out.right, out.said), 0.95);
    ck_assert_double_ge(share(out.right, out.is), 0.9);
    json_decref(root);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_photo_that_does_not_fit_is_refused_with_numbers_and_nothing_is_written)
{
    begin();
    struct made_photo m;
    struct made_wish wish = usual;
    make(&m, &wish);
    wish.turn_deg = 9; // 14 mm at the scalp
    m.told = made_other(&m.told, wish.turn_deg, 0);
    ck_assert(
        made_pose(path_of("pose.json"), made_pose_item(&m, path_of("photo.jpg"), &arena), &arena));
    refuse(smp_format(&arena, "check %s/plan %s/photo.jpg --pose %s/pose.json --overlay %s/no.png",
                      folder, folder, folder, folder),
           2, "dots found do not fit the plan: of all shifts up to 4 mm the best stands");
    ck_assert_int_ne(access(path_of("no.png"), F_OK), 0);
    m.told = made_camera(smp_vec3(0, 0, -200), smp_vec3(0, 0, -1), px_per_mm);
    ck_assert(
        made_pose(path_of("pose.json"), made_pose_item(&m, path_of("photo.jpg"), &arena), &arena));
    refuse(smp_format(&arena, "check %s/plan %s/photo.jpg --pose %s/pose.json", folder, folder,
                      folder),
           2, "planned dots is to be seen in the photo");
    m.told = made_camera(m.dots[0].at_mm, m.dots[0].normal, 3);
    ck_assert(
        made_pose(path_of("pose.json"), made_pose_item(&m, path_of("photo.jpg"), &arena), &arena));
    refuse(smp_format(&arena, "check %s/plan %s/photo.jpg --pose %s/pose.json", folder, folder,
                      folder),
           2, "a millimetre of scalp is 2.9 px; dots of 0.27 mm need 12.");
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_wrong_call_is_one_sentence_and_exit_2)
{
    refuse("check x", 2, "check needs a plan folder and a photo, or --practice IMAGE");
    refuse("check x y.jpg", 2, "--pose POSE.json is missing: what stubble pose --json printed");
    refuse("check x y.jpg --pose p.json --chart", 2, "go with --practice");
    refuse("check x y.jpg z.jpg --pose p.json --overlay o.png", 2,
           "--region and --overlay go with one photo, not 2");
    refuse("check x y.jpg --pose p.json --age old", 2, "--age");
    refuse("check x y.jpg --pose p.json --session 0", 2, "--session must be");
    refuse("check /no/such y.jpg --pose p.json", 2, "/no/such");
    refuse("check --practice a.jpg --pose p.json", 2,
           "--practice takes one picture and neither PLAN nor --pose, --age, --session");
    refuse("check --practice a.jpg --wish-diameter-mm 9", 2, "--wish-diameter-mm must be");
    refuse("check --practice a.jpg --wish-per-cm2 0", 2, "--wish-per-cm2 must be");
    refuse("plan --out o", 2, "plan takes one case, or --continue PLAN");
    refuse("plan c.json --measured m.json --out o", 2,
           "--measured and --session go with --continue PLAN");
    refuse("plan --continue x --out o", 2, "--measured M.json is missing: what stubble check");
    refuse("plan --continue x --measured m.json --data d --out o", 2, "--data goes with a case");
    refuse("plan --continue x --measured m.json --session 7 --out o", 2, "--session must be");
    refuse("plan --continue x --measured /no/such.json --out o", 2, "/no/such");
    refuse("check --practice /no/such.jpg --mm-per-px 0.05", 2, "/no/such.jpg");
}
END_TEST

SMP_TEST_MAIN("check command",
              what_was_not_done_and_what_was_not_planned_is_told_for_a_camera_half_a_degree_off,
              only_the_region_and_the_sessions_done_are_held_even_wide_and_pale_after_three_years,
              what_several_photos_show_is_counted_once_and_told_by_zone,
              a_card_in_the_photo_makes_its_light_true_before_it_is_measured,
              a_photo_that_does_not_fit_is_refused_with_numbers_and_nothing_is_written,
              a_wrong_call_is_one_sentence_and_exit_2)
