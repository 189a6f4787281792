// The whole way on a real head: landmarks of a scan, marked on it by eye (tests/cases/
// lps_marked.json), projected by known cameras and found again.
#include "harness.h"
#include "photo/pose_test_scene.h"
#include "plan/plan.h"

#include <math.h>

#define SCAN "../shared/data/heads/lee-perry-smith/LeePerrySmith-textured.glb"

enum { SEEDS = 20 };
static struct smp_arena arena;
static struct smp_head scan;
static struct smp_places marked;

static void load(void)
{
    static struct smp_case from;
    struct smp_err err = { 0 };
    smp_arena_make(&arena, 0);
    if (smp_case_read(&from, "tests/cases/lps_marked.json", &arena, &err) ||
        smp_case_head(&scan, &from, NULL, NULL, &arena, &err))
        ck_abort_msg("%s", err.msg);
    struct smp_places given = from.places;
    for (int m = 0; m < SMP_PLACE_COUNT; m++)
        given.at[m] = smp_head_from_file(&scan, given.at[m]);
    ck_assert_int_eq(smp_head_places(&marked, &scan, &given, &arena, &err), SMP_OK);
    // There is no hairline on this head.
    marked.at[SMP_PLACE_TRICHION] = smp_vec3(0, 0, 1e9);
}

START_TEST(on_the_scan_a_camera_is_within_half_a_degree_and_one_percent)
{
    SKIP_WITHOUT(SCAN);
    load();
    struct smp_err err = { 0 };
    for (size_t v = 0; v < VIEW_COUNT; v++) {
        const struct smp_camera truth = camera_of(&views[v]);
        double turn = 0, far = 0, most = 0, most_far = 0;
        int marks = 0;
        for (uint64_t seed = 0; seed < SEEDS; seed++) {
            const struct smp_photo photo = shoot(&truth, &marked, &views[v], 3, seed);
            struct smp_pose found;
            ck_assert_msg(smp_photo_pose(&found, &photo, 1, &marked, &arena, &err) == SMP_OK, "%s",
                          err.msg);
            const double deg = turn_deg(&found.camera, &truth);
            const double percent = 100 * fabs(distance_mm(&found.camera) / distance_mm(&truth) - 1);
            turn += deg * deg / SEEDS;
            far += percent * percent / SEEDS;
            most = fmax(most, deg);
            most_far = fmax(most_far, percent);
            marks = 0;
            for (int m = 0; m < SMP_PLACE_COUNT; m++)
                marks += photo.seen[m];
        }
        printf("# %s, %g mm: %d marks, turn %.2f° RMS, %.2f° at most; distance %.2f %%, %.2f %% at "
               "most\n",
               views[v].name, views[v].focal_35mm, marks, sqrt(turn), most, sqrt(far), most_far);
        ck_assert_double_le(sqrt(turn), 0.5);
        ck_assert_double_le(most, 0.75);
        ck_assert_double_le(most_far, 1);
    }
    smp_arena_drop(&arena);
}
END_TEST

// RMS distance of the fitted head's scalp from the scan's skin, both in their head frames.
static double apart_mm(const struct smp_head *head, const struct smp_rays *rays)
{
    double sum = 0, count = 0;
    for (size_t i = 0; i < head->mesh.point_count; i += 5) {
        if (head->zones[i] == SMP_ZONE_NONE)
            continue;
        const double d = smp_rays_nearest(rays, head->mesh.points[i], 100).distance;
        sum += d * d;
        count++;
    }
    return sqrt(sum / count);
}

struct outcome {
    struct smp_photo_fit fit;
    double apart_mm, area_share;
};

// Photos from the views, marked with 3 px of error, and the head from them.
static struct outcome head_from(const size_t *of, size_t count, const struct smp_scale *scale,
                                const struct smp_mould *mould, const struct smp_rays *rays,
                                uint64_t seed)
{
    struct smp_photo photos[2];
    struct smp_pose poses[2];
    struct smp_head head;
    struct smp_err err = { 0 };
    struct outcome o;
    const struct smp_mark mark = smp_arena_mark(&arena);
    for (size_t i = 0; i < count; i++) {
        const struct smp_camera truth = camera_of(&views[of[i]]);
        photos[i] = shoot(&truth, &marked, &views[of[i]], 3, seed);
    }
    ck_assert_msg(smp_photo_head(&head, &o.fit, poses, photos, count, mould, scale, &arena, &err) ==
                      SMP_OK,
                  "%s", err.msg);
    o.apart_mm = apart_mm(&head, rays);
    o.area_share = head.tape.scalp_cm2 / scan.tape.scalp_cm2 - 1;
    printf("# %zu photos, seed %d: %.1f mm long (%.1f), %.1f broad (%.1f), area %+.1f %%, scalp "
           "%.2f mm RMS, scale ± %.1f %%, length ± %.1f %%\n",
           count, (int)seed, head.tape.length_mm, scan.tape.length_mm, head.tape.breadth_mm,
           scan.tape.breadth_mm, 100 * o.area_share, o.apart_mm, o.fit.scale_sd_percent,
           o.fit.length_sd_percent);
    o.fit.note = o.fit.note[0] ? "noted" : "";
    smp_arena_reset(&arena, mark);
    return o;
}

START_TEST(front_and_side_give_the_scalp_within_5_mm_and_8_percent_and_one_view_says_it_is_worse)
{
    SKIP_WITHOUT(SCAN);
    load();
    struct smp_err err = { 0 };
    struct smp_mould mould;
    struct smp_rays *rays;
    ck_assert_int_eq(smp_mould_make(&mould, SMP_SEX_MALE, &arena, &err), SMP_OK);
    ck_assert_int_eq(smp_rays_make(&rays, &scan.mesh, &err), SMP_OK);
    const struct smp_scale calliper = { SMP_SCALE_DISTANCE,
                                        scan.landmarks.rpa.x - scan.landmarks.lpa.x, 1,
                                        SMP_PLACE_LPA, SMP_PLACE_RPA };
    const size_t front_side[2] = { 0, 2 };
    for (uint64_t seed = 0; seed < 3; seed++) {
        const struct outcome free = head_from(front_side, 2, NULL, &mould, rays, seed);
        const struct outcome scaled = head_from(front_side, 2, &calliper, &mould, rays, seed);
        const struct outcome one = head_from(front_side, 1, &calliper, &mould, rays, seed);
        ck_assert_double_le(free.apart_mm, 5);
        ck_assert_double_le(scaled.apart_mm, 5);
        ck_assert_double_le(fabs(free.area_share), 0.08);
        ck_assert_double_le(fabs(scaled.area_share), 0.08);
        ck_assert_double_lt(scaled.fit.scale_sd_percent, free.fit.scale_sd_percent);
        ck_assert_double_gt(one.fit.length_sd_percent, 1.3 * scaled.fit.length_sd_percent);
        ck_assert_str_eq(scaled.fit.note, "");
        ck_assert_str_eq(one.fit.note, "noted");
    }
    smp_rays_drop(rays);
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("photo truth", on_the_scan_a_camera_is_within_half_a_degree_and_one_percent,
              front_and_side_give_the_scalp_within_5_mm_and_8_percent_and_one_view_says_it_is_worse)
