#include "colour/colour.h"

#include "harness.h"

#include <lcms2.h>
#include <math.h>

// Four of the pairs of Sharma, Wu, Dalal 2005, table 1, that meet every branch.
START_TEST(delta_e00_gives_published_pairs)
{
    static const struct {
        struct smp_lab p, q;
        double want;
    } pairs[] = {
        { { 50, 2.6772, -79.7751 }, { 50, 0, -82.7485 }, 2.0425 },
        { { 50, 0, 0 }, { 50, -1, 2 }, 2.3669 },
        { { 50, 2.5, 0 }, { 50, 0, -2.5 }, 4.3065 },
        { { 50, -0.001, 2.49 }, { 50, 0.0011, -2.49 }, 4.7461 },
        { { 2.0776, 0.0795, -1.135 }, { 0.9033, -0.0636, -0.5514 }, 0.9082 },
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        ck_assert_double_eq_tol(smp_delta_e00(pairs[i].p, pairs[i].q), pairs[i].want, 5e-5);
        ck_assert_double_eq_tol(smp_delta_e00(pairs[i].q, pairs[i].p), pairs[i].want, 5e-5);
    }
}
END_TEST

START_TEST(delta_e00_gives_all_34_pairs_of_the_file)
{
    const char *path = "../shared/data/optics/ciede2000_sharma34.csv";
    SKIP_WITHOUT(path);
    FILE *file = fopen(path, "r");
    char line[256];
    int pairs = 0;
    while (fgets(line, sizeof line, file)) {
        struct smp_lab p, q;
        double want;
        if (sscanf(line, "%*d,%lf,%lf,%lf,%lf,%lf,%lf,%lf", &p.l, &p.a, &p.b, &q.l, &q.a, &q.b,
                   &want) != 7)
            continue;
        ck_assert_double_eq_tol(smp_delta_e00(p, q), want, 5.1e-5);
        ck_assert_double_eq_tol(smp_delta_e00(q, p), want, 5.1e-5);
        pairs++;
    }
    fclose(file);
    ck_assert_int_eq(pairs, 34);
}
END_TEST

START_TEST(colours_survive_the_round_trip)
{
    for (int i = 0; i < 512; i++) {
        const struct smp_rgb_lin in = { (i & 7) / 7.0, (i >> 3 & 7) / 7.0, (i >> 6) / 7.0 };
        const struct smp_rgb_lin out = smp_rgb_from_lab(smp_lab_from_rgb(in));
        ck_assert_double_eq_tol(out.r, in.r, 1e-9);
        ck_assert_double_eq_tol(out.g, in.g, 1e-9);
        ck_assert_double_eq_tol(out.b, in.b, 1e-9);
        ck_assert_double_eq_tol(smp_lin_from_srgb(smp_srgb_from_lin(in.r)), in.r, 1e-9);
    }
}
END_TEST

START_TEST(white_has_no_hue_and_red_is_where_it_belongs)
{
    const struct smp_lab white = smp_lab_from_rgb((struct smp_rgb_lin){ 1, 1, 1 });
    ck_assert_double_eq_tol(white.l, 100, 1e-6);
    ck_assert_double_eq_tol(hypot(white.a, white.b), 0, 1e-3);
    const struct smp_lab red = smp_lab_from_rgb((struct smp_rgb_lin){ 1, 0, 0 });
    ck_assert_double_eq_tol(red.l, 53.24, 0.01); // sRGB red in Lab D65: 53.24, 80.09, 67.20
    ck_assert_double_eq_tol(red.a, 80.09, 0.02);
    ck_assert_double_eq_tol(red.b, 67.20, 0.02);
}
END_TEST

START_TEST(ita_falls_from_light_to_dark)
{
    ck_assert_double_eq_tol(smp_ita_deg((struct smp_lab){ 66, 9, 15 }), 46.85, 0.01);
    ck_assert_double_lt(smp_ita_deg((struct smp_lab){ 35, 10, 15 }), -40);
}
END_TEST

START_TEST(the_residuals_of_a_fit_are_near_ciede2000_and_zero_where_it_is_met)
{
    static const struct smp_lab skins[] = {
        { 68, 9, 14 }, { 55, 11, 19 }, { 33, 9, 11 }, { 50, 0, 0 }
    };
    for (size_t i = 0; i < sizeof skins / sizeof *skins; i++) {
        double r[3];
        smp_lab_residuals(r, skins[i], skins[i]);
        ck_assert(r[0] == 0 && r[1] == 0 && r[2] == 0);
        for (int k = 0; k < 12; k++) {
            const struct smp_lab near = { skins[i].l + cos(k), skins[i].a + sin(k),
                                          skins[i].b + cos(2.0 * k) };
            const double delta = smp_delta_e00(near, skins[i]);
            smp_lab_residuals(r, near, skins[i]);
            ck_assert_double_eq_tol(sqrt(r[0] * r[0] + r[1] * r[1] + r[2] * r[2]) / delta, 1, 0.35);
        }
    }
}
END_TEST

// Sharma's pairs 9 to 14: hues 180° apart to 0.02°. The exact one must not depend on the last bit.
START_TEST(opposite_hues_take_the_plain_mean_hue)
{
    for (int k = 1; k <= 2000; k++) {
        const double a = 2.5 * cos(k * 0.00314), b = 2.5 * sin(k * 0.00314);
        const struct smp_lab p = { 50, a, b }, q = { 50, -a, -b };
        ck_assert_double_eq_tol(smp_delta_e00(p, q), smp_delta_e00(q, p), 1e-12);
    }
    const struct smp_lab p = { 50, -0.001, 2.49 }, q = { 50, 0.001, -2.49 };
    ck_assert_double_eq_tol(smp_delta_e00(p, q), 4.8045, 5.1e-5);
    ck_assert_double_eq_tol(smp_delta_e00(q, p), 4.8045, 5.1e-5);
}
END_TEST

START_TEST(delta_e00_agrees_with_littlecms)
{
    struct smp_rng rng = smp_rng_make(11, 0);
    for (int k = 0; k < 20000; k++) {
        const double near = k % 2 ? 1 : 0.05; // far apart, and near each other
        const struct smp_lab p = { 100 * smp_rng_unit(&rng), 160 * smp_rng_unit(&rng) - 80,
                                   160 * smp_rng_unit(&rng) - 80 };
        const struct smp_lab q = { p.l + near * (100 * smp_rng_unit(&rng) - p.l),
                                   p.a + near * 80 * (smp_rng_unit(&rng) - 0.5),
                                   p.b + near * 80 * (smp_rng_unit(&rng) - 0.5) };
        const cmsCIELab cp = { p.l, p.a, p.b }, cq = { q.l, q.a, q.b };
        ck_assert_double_eq_tol(smp_delta_e00(p, q), cmsCIE2000DeltaE(&cp, &cq, 1, 1, 1), 1e-5);
    }
}
END_TEST

START_TEST(lab_agrees_with_littlecms)
{
    const struct smp_xyz white = smp_white_d65();
    const cmsCIEXYZ cms_white = { white.x, white.y, white.z };
    struct smp_rng rng = smp_rng_make(12, 0);
    for (int k = 0; k < 2000; k++) {
        const struct smp_xyz c = { smp_rng_unit(&rng), smp_rng_unit(&rng), smp_rng_unit(&rng) };
        const cmsCIEXYZ cms_c = { c.x, c.y, c.z };
        cmsCIELab want;
        cmsXYZ2Lab(&cms_white, &want, &cms_c);
        const struct smp_lab lab = smp_lab_from_xyz(c);
        ck_assert_double_eq_tol(lab.l, want.L, 1e-3);
        ck_assert_double_eq_tol(lab.a, want.a, 1e-3);
        ck_assert_double_eq_tol(lab.b, want.b, 1e-3);
    }
}
END_TEST

START_TEST(white_points_are_those_of_their_grid)
{
    const struct smp_grid fine = { 380, 5, 81 }, coarse = { 400, 10, 31 };
    const struct smp_xyz a = smp_white_of_grid(&fine), b = smp_white_of_grid(&coarse);
    ck_assert_double_eq_tol(100 * a.x, 95.0430, 5e-4);
    ck_assert_double_eq_tol(100 * a.z, 108.8801, 5e-4);
    ck_assert_double_eq_tol(100 * b.x, 94.940, 1e-3);
    ck_assert_double_eq_tol(100 * b.z, 108.709, 1e-3);
}
END_TEST

START_TEST(a_grey_spectrum_is_grey_on_every_grid)
{
    double grey[81];
    for (int i = 0; i < 81; i++)
        grey[i] = 0.1842;
    const struct smp_grid grids[] = { { 380, 5, 81 }, { 400, 10, 31 }, { 400, 20, 16 } };
    for (int k = 0; k < 3; k++) {
        const struct smp_lab lab = smp_lab_from_reflectance(grey, &grids[k]);
        ck_assert_double_eq_tol(lab.l, 116 * cbrt(0.1842) - 16, 1e-9);
        ck_assert_double_eq_tol(hypot(lab.a, lab.b), 0, 1e-9);
    }
}
END_TEST

START_TEST(grids_that_the_tables_lack_are_known_as_such)
{
    static const struct smp_grid bad[] = {
        { 375, 5, 3 }, { 400, 7, 3 }, { 400, 10, 0 }, { 700, 10, 10 }, { 402, 5, 3 }, { 400, 0, 3 },
    };
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
        ck_assert(!smp_grid_is_known(&bad[k]));
    const struct smp_grid good[] = { { 380, 5, 81 }, { 400, 10, 31 }, { 780, 5, 1 } };
    for (int k = 0; k < 3; k++)
        ck_assert(smp_grid_is_known(&good[k]));
}
END_TEST

// Measured spectra and Lab of 100 people (NIST 2017; Lab on the 379 to 781 nm grid of 3 nm): on
// the 10 nm grid the colour is the same within 0.3.
START_TEST(measured_skin_has_its_published_colour)
{
    const char *spectra = "../shared/data/optics/nist_skin_reflectance_100subjects_379_781nm.csv";
    const char *labs = "../shared/data/optics/nist_skin_lab_d65_2deg_computed.csv";
    SKIP_WITHOUT(spectra);
    static double r[140][101], nm[140];
    static char line[4096];
    int rows = 0;
    FILE *file = fopen(spectra, "r");
    ck_assert_ptr_nonnull(fgets(line, sizeof line, file));
    while (rows < 140 && fgets(line, sizeof line, file)) {
        char *at = line;
        nm[rows] = strtod(at, &at);
        for (int k = 0; k < 100; k++)
            r[rows][k] = strtod(at + 1, &at);
        rows++;
    }
    fclose(file);
    ck_assert_int_eq(rows, 135);
    file = fopen(labs, "r");
    ck_assert_ptr_nonnull(fgets(line, sizeof line, file));
    const struct smp_grid grid = { 400, 10, 31 };
    for (int k = 0; k < 100; k++) {
        double mine[31];
        for (int i = 0; i < 31; i++) {
            const double at = 400 + 10 * i;
            const int row = (int)((at - 379) / 3);
            const double t = (at - nm[row]) / 3;
            mine[i] = r[row][k] * (1 - t) + r[row + 1][k] * t;
        }
        struct smp_lab want;
        ck_assert_ptr_nonnull(fgets(line, sizeof line, file));
        ck_assert_int_eq(sscanf(line, "%*[^,],%lf,%lf,%lf", &want.l, &want.a, &want.b), 3);
        ck_assert_double_lt(smp_delta_e00(smp_lab_from_reflectance(mine, &grid), want), 0.3);
    }
    fclose(file);
}
END_TEST

START_TEST(ita_classes_have_the_published_limits)
{
    static const double ita_deg[] = { 55.1, 55, 41, 28, 10, -30, -90 };
    static const int want[] = { 1, 2, 3, 4, 5, 6, 6 };
    for (int k = 0; k < 7; k++)
        ck_assert_int_eq(smp_ita_class(ita_deg[k]), want[k]);
}
END_TEST

SMP_TEST_MAIN("colour", the_residuals_of_a_fit_are_near_ciede2000_and_zero_where_it_is_met,
              delta_e00_gives_published_pairs, delta_e00_gives_all_34_pairs_of_the_file,
              colours_survive_the_round_trip, white_has_no_hue_and_red_is_where_it_belongs,
              ita_falls_from_light_to_dark, opposite_hues_take_the_plain_mean_hue,
              delta_e00_agrees_with_littlecms, lab_agrees_with_littlecms,
              white_points_are_those_of_their_grid, a_grey_spectrum_is_grey_on_every_grid,
              grids_that_the_tables_lack_are_known_as_such, measured_skin_has_its_published_colour,
              ita_classes_have_the_published_limits)
