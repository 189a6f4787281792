#include "colour/colour.h"

#include "harness.h"

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
        ck_assert_double_eq_tol(smp_delta_e00(p, q), want, 5e-5);
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

SMP_TEST_MAIN("colour", delta_e00_gives_published_pairs, delta_e00_gives_all_34_pairs_of_the_file,
              colours_survive_the_round_trip, white_has_no_hue_and_red_is_where_it_belongs,
              ita_falls_from_light_to_dark)
