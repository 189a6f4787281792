#include "pigment/pigment.h"

#include "harness.h"

#include <math.h>

// Wiscombe's test cases (NCAR/TN-140+STR 1979 and the MIEV0 test program), to the digits printed.
static const struct {
    double n, k, x, q_ext, q_sca, g, tolerance;
} published[] = {
    { 1.5, 1, 0.055, 0.101491, 0.000011, 0.000491, 6e-7 },
    { 1.5, 1, 0.056, 0.103347, 0.000012, 0.000509, 6e-7 },
    { 1.5, 1, 1, 2.336321, 0.663454, 0.192136, 6e-7 },
    { 1.5, 1, 100, 2.097502, 1.283697, 0.850252, 6e-7 },
    { 1.5, 1, 10000, 2.004368, 1.236574, 0.846310, 6e-7 },
    { 10, 10, 1, 2.532993, 2.049405, -0.110664, 6e-7 },
    { 10, 10, 100, 2.071124, 1.836785, 0.556215, 6e-7 },
    { 10, 10, 10000, 2.005914, 1.795393, 0.548194, 6e-7 },
    { 1.33, 1e-5, 1, 0.093952, 0.093923, 0.184517, 6e-7 },
    { 1.33, 1e-5, 100, 2.101321, 2.096594, 0.868959, 6e-7 },
    { 1.33, 1e-5, 10000, 2.004089, 1.723857, 0.907840, 6e-7 },
    { 0.75, 0, 0.099, 0.000007, 0.000007, 0.001448, 6e-7 },
    { 0.75, 0, 0.101, 0.000008, 0.000008, 0.001507, 6e-7 },
    { 0.75, 0, 10, 2.232265, 2.232265, 0.896473, 6e-7 },
    { 0.75, 0, 1000, 1.997908, 1.997908, 0.844944, 6e-7 },
    { 1.5, 0, 10, 2.8820, 2.8820, 0.742913, 6e-5 },
    { 1.5, 0, 100, 2.0944, 2.0944, 0.818246, 6e-5 },
    { 1.5, 0, 1000, 2.0139, 2.0139, 0.827882, 6e-5 },
};

START_TEST(wiscombe_s_spheres_come_out_to_six_digits)
{
    for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
        const struct smp_mie mie = smp_mie_sphere(published[i].x, published[i].n, published[i].k);
        ck_assert_double_eq_tol(mie.q_ext, published[i].q_ext, published[i].tolerance);
        ck_assert_double_eq_tol(mie.q_sca, published[i].q_sca, published[i].tolerance);
        ck_assert_double_eq_tol(mie.g, published[i].g, 6e-7);
    }
}
END_TEST

START_TEST(a_clear_sphere_absorbs_nothing_and_an_absorbing_one_never_less_than_nothing)
{
    for (double x = 0.02; x < 500; x *= 1.37) {
        const struct smp_mie clear = smp_mie_sphere(x, 1.9, 0), dark = smp_mie_sphere(x, 1.2, 0.5);
        ck_assert_double_eq_tol(clear.q_ext, clear.q_sca, 1e-9 * clear.q_ext + 1e-15);
        ck_assert_double_gt(dark.q_ext, dark.q_sca);
        ck_assert_double_lt(fabs(clear.g), 1);
        ck_assert_double_lt(fabs(dark.g), 1);
    }
}
END_TEST

START_TEST(tiny_spheres_follow_electrostatics_without_a_step)
{
    // The two ways meet at |m|·x = 0.01.
    const double m = hypot(1.13, 0.33), below = 0.00999999 / m, above = 0.01000001 / m;
    const struct smp_mie a = smp_mie_sphere(below, 1.13, 0.33),
                         b = smp_mie_sphere(above, 1.13, 0.33);
    ck_assert_double_eq_tol((a.q_ext - a.q_sca) / below, (b.q_ext - b.q_sca) / above, 1e-6);
    ck_assert_double_eq_tol(a.q_sca / pow(below, 4), b.q_sca / pow(above, 4), 1e-3);
    // Absorption per volume does not depend on size there, and scattering grows with its cube.
    const struct smp_mie p = smp_mie_sphere(1e-6, 1.13, 0.33), q = smp_mie_sphere(1e-3, 1.13, 0.33);
    ck_assert_double_eq_tol(p.q_ext / 1e-6, q.q_ext / 1e-3, 1e-5 * q.q_ext / 1e-3);
}
END_TEST

START_TEST(a_large_sphere_takes_out_twice_its_shadow)
{
    ck_assert_double_eq_tol(smp_mie_sphere(9000, 1.4, 0.2).q_ext, 2, 0.01); // extinction paradox
}
END_TEST

SMP_TEST_MAIN("mie", wiscombe_s_spheres_come_out_to_six_digits,
              a_clear_sphere_absorbs_nothing_and_an_absorbing_one_never_less_than_nothing,
              tiny_spheres_follow_electrostatics_without_a_step,
              a_large_sphere_takes_out_twice_its_shadow)
