// The match against the numbers of a numerical prototype (docs/match.md tells where they differ and
// why), invariants of the texture model, and what must never be matched.
#include "pigment/match_impl.h"

#include "harness.h"

#include <math.h>

static struct smp_arena arena;
static const struct smp_hankel *hankel;

// Phototypes I, III, V, VI by convention: melanin and blood.
enum { SKINS = 4 };
static const double skins[SKINS][2] = {
    { .01, .005 }, { .035, .008 }, { .10, .008 }, { .20, .012 }
};
static const struct smp_lab light_brown = { 32, 7, 12 }, dark_brown = { 23, 4, 4.9 },
                            black = { 18.2, 0, -0.9 };

struct scalp {
    struct smp_skin skin;
    double bare[SMP_WAVELENGTHS];
    const struct smp_look_skin *look;
    struct smp_stubble stubble;
    struct smp_scalp_view hair;
};

static struct scalp scalp_of(double melanin, double blood, struct smp_lab hair, double exit_deg)
{
    struct scalp s = { .skin = smp_skin_default(), .stubble = smp_stubble_default() };
    struct smp_err err = { 0 };
    s.skin.melanin = melanin;
    s.skin.blood = blood;
    s.stubble.hair_lab = hair;
    s.stubble.exit_deg = exit_deg;
    ck_assert_int_eq(smp_skin_spectrum(s.bare, &s.skin, &arena, &err), SMP_OK);
    s.look = smp_look_skin_make(&s.skin, &arena);
    ck_assert_int_eq(smp_stubble_view(&s.hair, &s.stubble, &s.skin, s.bare, &arena, &err), SMP_OK);
    return s;
}

struct field {
    double dots_per_cm2, diameter_mm, top_mm, mua_per_mm, slope, cv, jitter;
};
static const struct field nominal = { 90, 0.35, 0.1, 30, 0, 0.37, 0.155 };

static struct smp_scalp_view field_on(const struct scalp *s, struct field f)
{
    double mua[SMP_WAVELENGTHS], mus[SMP_WAVELENGTHS] = { 0 };
    for (int i = 0; i < SMP_WAVELENGTHS; i++)
        mua[i] = f.mua_per_mm * pow(smp_wavelength_nm(i) / 550, -f.slope);
    const struct smp_deposit_shape shape = { f.top_mm, f.top_mm + f.diameter_mm, f.diameter_mm };
    struct smp_dot_sight dot;
    struct smp_scalp_view view;
    smp_dot_sight(&dot, &shape, s->look, mua, mus);
    smp_dots_view(&view, &dot, s->bare, f.dots_per_cm2, f.cv, f.jitter, hankel);
    return view;
}

static double colour_off(const struct scalp *s, struct field f)
{
    const struct smp_scalp_view view = field_on(s, f);
    return smp_delta_e00(smp_lab_from_xyz(view.xyz), smp_lab_from_xyz(s->hair.xyz));
}

static double texture_off(const struct scalp *s, struct field f, double distance_mm)
{
    const struct smp_viewing viewing = smp_viewing_default();
    const struct smp_scalp_view view = field_on(s, f);
    struct smp_sight sight;
    smp_sight_make(&sight, &viewing, distance_mm, s->hair.xyz.y);
    return smp_texture_difference(&view.texture, &s->hair.texture, &sight);
}

static void begin(void)
{
    smp_arena_make(&arena, 0);
    hankel = smp_hankel_make(&arena);
}

START_TEST(the_eye_is_keenest_at_a_few_cycles_per_degree)
{
    // Barten 1999, fig. 3.9 (100 cd/m², field 10°): near 650 at the peak, 20 at 32, < 2 at 48 cpd.
    double best = 0, at = 0;
    for (double cpd = 0.5; cpd < 60; cpd *= 1.1) {
        const double csf = smp_contrast_sensitivity(cpd, 100, 10);
        if (csf > best)
            best = csf, at = cpd;
    }
    ck_assert(at > 2 && at < 6 && best > 500 && best < 800);
    ck_assert_double_lt(smp_contrast_sensitivity(48, 100, 10), 2);
    ck_assert_double_lt(smp_contrast_sensitivity(8, 1, 10), smp_contrast_sensitivity(8, 100, 10));
}
END_TEST

START_TEST(equal_textures_do_not_differ_and_all_fade_with_distance)
{
    begin();
    for (int k = 0; k < SKINS; k++) {
        const struct scalp s = scalp_of(skins[k][0], skins[k][1], dark_brown, 60);
        const struct smp_viewing viewing = smp_viewing_default();
        struct smp_sight sight;
        smp_sight_make(&sight, &viewing, 600, s.hair.xyz.y);
        ck_assert_double_eq(smp_texture_difference(&s.hair.texture, &s.hair.texture, &sight), 0);
        ck_assert_double_lt(texture_off(&s, nominal, 3000), texture_off(&s, nominal, 200));
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_random_field_has_the_spectrum_of_shot_noise)
{
    // Independent reference: variance of contrast = n ∫|A|² 2πf df for random places; with a flat
    // eye the bands sum to it.
    struct smp_texture t = { .per_mm2 = 1.3, .jitter = -1 };
    const struct smp_viewing viewing = smp_viewing_default();
    struct smp_sight sight;
    smp_sight_make(&sight, &viewing, 600, 0.3);
    double sum = 0, bands[SMP_BANDS];
    for (int i = 0; i < SMP_FREQUENCIES; i++) {
        const double f = smp_frequency_per_mm(i), cpd = f * 600 * SMP_PI / 180;
        const double a = 0.05 * exp(-f * f / 4); // Gaussian spots
        t.amplitude2[i] = t.mean_amplitude2[i] = a * a;
        sight.csf2[i] = cpd > 0.5 && cpd < 64 ? 1 : 0;
    }
    smp_texture_bands(bands, &t, &sight);
    for (int b = 0; b < SMP_BANDS; b++)
        sum += bands[b] * bands[b] / 2;
    // ∫ 0.0025 exp(−f²/2) 2πf df = 2π · 0.0025 between the ends of the window
    const double low = 0.5 / (600 * SMP_PI / 180), high = 64 / (600 * SMP_PI / 180);
    const double whole = 1.3 * 2 * SMP_PI * 0.0025 * (exp(-low * low / 2) - exp(-high * high / 2));
    ck_assert_double_eq_tol(sum, whole, 0.03 * whole);
}
END_TEST

START_TEST(strong_fields_have_the_prototypes_lightness)
{
    begin();
    // n 150, d 0.3, t 0.15, µa 0.3 … 30 on light skin: L* 66.8 65.6 63.4 60.6 59.5 where bare skin
    // has 67.3; ours starts from 67.1 and, by the finer table of depth, ends 0.6 darker.
    static const double mua[] = { 0.3, 1, 3, 10, 30 }, falls[] = { .5, 1.7, 3.9, 6.7, 7.8 };
    const struct scalp s = scalp_of(0.02, 0.005, dark_brown, 60);
    const double bare = smp_lab_from_xyz(smp_xyz_of(s.bare)).l;
    for (int i = 0; i < 5; i++) {
        const struct smp_scalp_view v =
            field_on(&s, (struct field){ 150, .3, .15, mua[i], 0, .4, .155 });
        ck_assert_double_eq_tol(bare - smp_lab_from_xyz(v.xyz).l, falls[i], 0.2 + 0.1 * falls[i]);
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(darker_hair_wants_a_stronger_dot)
{
    begin();
    static const struct smp_lab *const hairs[] = { &light_brown, &dark_brown, &black };
    static const double low[] = { 3.1, 5.7, 39 }, high[] = { 5.1, 9.5, 51 };
    for (int k = 0; k < SKINS; k++)
        for (int h = 0; h < 3; h++) {
            const struct scalp s = scalp_of(skins[k][0], skins[k][1], *hairs[h], 60);
            double best = (double)INFINITY, at = 0;
            for (double mua = 1; mua <= 50; mua *= 1.12) {
                const double off = colour_off(&s, (struct field){ 150, .3, .15, mua, 1, .4, .155 });
                if (off < best)
                    best = off, at = mua;
            }
            ck_assert_msg(at > low[h] && at < high[h], "skin %d hair %d: best at %g per mm", k, h,
                          at);
        }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(double_strength_shows_until_the_dot_is_saturated)
{
    begin();
    const struct scalp s = scalp_of(0.02, 0.005, dark_brown, 60);
    for (double mua = 2; mua <= 30; mua *= 1.4) {
        struct field f = { 150, .3, .15, mua, 0, .4, .155 };
        const struct smp_lab once = smp_lab_from_xyz(field_on(&s, f).xyz);
        f.mua_per_mm = 2 * mua;
        const double twice = smp_delta_e00(once, smp_lab_from_xyz(field_on(&s, f).xyz));
        f.mua_per_mm = mua / 2;
        const double half = smp_delta_e00(once, smp_lab_from_xyz(field_on(&s, f).xyz));
        if (mua <= 5)
            ck_assert_double_ge(twice, 1.3);
        if (mua <= 10)
            ck_assert_double_ge(half, 1.1);
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(dots_are_best_as_unequal_as_hair_is)
{
    begin();
    const struct scalp s = scalp_of(0.02, 0.005, dark_brown, 60);
    ck_assert_double_eq_tol(smp_stubble_spread(&s.stubble), 0.369, 0.001);
    double best = (double)INFINITY, at = 0;
    for (double cv = 0; cv <= 0.8; cv += 0.02) {
        struct field f = nominal;
        f.cv = cv;
        const double t = texture_off(&s, f, 600);
        if (t < best)
            best = t, at = cv;
    }
    ck_assert_msg(fabs(at - 0.37) <= 0.08, "best spread %g", at);
    struct field equal = nominal, wild = nominal;
    equal.cv = 0;
    wild.cv = 0.7;
    ck_assert_double_gt(texture_off(&s, equal, 600), best + 1.5);
    ck_assert_double_gt(texture_off(&s, wild, 600), best + 1.5);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_pattern_is_best_as_irregular_as_hairs)
{
    begin();
    const struct scalp s = scalp_of(0.02, 0.005, dark_brown, 60);
    struct field f = nominal;
    const double own = texture_off(&s, f, 600);
    double best = own, at = f.jitter;
    for (double jitter = 0; jitter <= 0.3; jitter += 0.01) {
        f.jitter = jitter;
        const double t = texture_off(&s, f, 600);
        if (t < best)
            best = t, at = jitter;
    }
    ck_assert_msg(fabs(at - 0.155) <= 0.055 && own < best + 0.25, "best jitter %g", at);
    f.jitter = f.cv = 0; // a lattice of equal dots
    ck_assert_double_gt(texture_off(&s, f, 600), own + 1.5);
    f.cv = nominal.cv;
    f.jitter = 0.3;
    ck_assert_double_gt(texture_off(&s, f, 600), own + 0.8);
    f.jitter = -1;
    ck_assert_double_gt(texture_off(&s, f, 600), own + 3);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(depth_sends_the_viewer_back_as_far_as_the_prototype_says)
{
    // Test 9 of match.md: beyond 0.35, 0.60, 1.1 m the difference is below three thresholds. The
    // stub's own share of the fine texture is larger here, hence the tolerance.
    begin();
    static const double tops_mm[] = { 0.1, 0.15, 0.2 }, told_mm[] = { 350, 600, 1100 };
    const struct scalp s = scalp_of(0.02, 0.005, dark_brown, 60);
    double last_mm = 0;
    for (int i = 0; i < 3; i++) {
        struct field f = nominal;
        f.top_mm = tops_mm[i];
        double from_mm = 5000;
        while (from_mm > 150 && texture_off(&s, f, from_mm) < 3)
            from_mm *= 0.97;
        ck_assert_double_eq_tol(from_mm, told_mm[i], 0.3 * told_mm[i]);
        ck_assert_double_gt(from_mm, last_mm);
        last_mm = from_mm;
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(stubble_darkens_with_all_that_makes_it)
{
    begin();
    for (int k = 0; k < SKINS; k++) {
        const struct scalp base = scalp_of(skins[k][0], skins[k][1], dark_brown, 45);
        struct smp_stubble more[4] = { base.stubble, base.stubble, base.stubble, base.stubble };
        more[0].fu_per_cm2 = 90;
        more[1].calibre_mm = 0.085;
        more[2].stubble_mm = 0.6;
        more[3].exit_deg = 30;
        struct smp_err err = { 0 };
        for (int i = 0; i < 4; i++) {
            struct smp_scalp_view v;
            ck_assert_int_eq(smp_stubble_view(&v, &more[i], &base.skin, base.bare, &arena, &err),
                             SMP_OK);
            ck_assert_msg(v.xyz.y < base.hair.xyz.y, "skin %d change %d", k, i);
        }
        // The shafts inside the skin make at least 65 % of it.
        struct smp_stubble shaved = base.stubble;
        struct smp_scalp_view v;
        shaved.stubble_mm = 0;
        smp_stubble_view(&v, &shaved, &base.skin, base.bare, &arena, &err);
        ck_assert_double_gt(v.ln_darkening, 0.65 * base.hair.ln_darkening);
        const double l[3] = {
            smp_lab_from_xyz(scalp_of(skins[k][0], skins[k][1], black, 45).hair.xyz).l,
            smp_lab_from_xyz(base.hair.xyz).l,
            smp_lab_from_xyz(scalp_of(skins[k][0], skins[k][1], light_brown, 45).hair.xyz).l
        };
        ck_assert(l[0] < l[1] && l[1] < l[2]);
    }
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("match", the_eye_is_keenest_at_a_few_cycles_per_degree,
              equal_textures_do_not_differ_and_all_fade_with_distance,
              a_random_field_has_the_spectrum_of_shot_noise,
              strong_fields_have_the_prototypes_lightness, darker_hair_wants_a_stronger_dot,
              double_strength_shows_until_the_dot_is_saturated, dots_are_best_as_unequal_as_hair_is,
              a_pattern_is_best_as_irregular_as_hairs,
              depth_sends_the_viewer_back_as_far_as_the_prototype_says,
              stubble_darkens_with_all_that_makes_it)
