// Lorenz–Mie scattering by an absorbing sphere, after Bohren & Huffman, "Absorption and Scattering
// of Light by Small Particles" (1983), chapter 4: logarithmic derivatives downward, Riccati–Bessel
// functions upward. Their sign convention inside: index n + i·k.
#include "pigment/pigment.h"

#include <complex.h>
#include <math.h>

enum { terms_max = 10200 }; // of x = 1e4

// Wiscombe 1980 (Appl. Opt. 19:1505): enough terms for 1e-14 of the first.
static int term_count(double x)
{
    const double root = cbrt(x);
    if (x <= 8)
        return (int)(x + 4 * root + 1) + 1;
    return (int)(x + (x < 4200 ? 4.05 : 4) * root + 2) + 1;
}

// D_n(m·x) for n = 0 … terms, downward from where it no longer matters what it starts with: for a
// clear sphere that is some cube roots of |m·x| beyond it (with 16 more terms alone, x = 1e4 and
// m = 1.33 is wrong in the third digit). Only those that are needed are kept.
static void log_derivatives(double complex *kept, double complex mx, int terms)
{
    const double size = cabs(mx);
    double complex d = 0;
    const int start = (int)((size > terms ? size : terms) + 12 * cbrt(size)) + 16;
    for (int n = start; n > 0; n--) {
        const double complex ratio = n / mx;
        d = ratio - 1 / (d + ratio);
        if (n - 1 <= terms)
            kept[n - 1] = d;
    }
}

static double complex complex_of(double re, double im) // CMPLX is not in every C library
{
    return re + im * (double complex)I;
}

static double real_product(double complex a, double complex b) // Re(a·b*)
{
    return creal(a) * creal(b) + cimag(a) * cimag(b);
}

// Spheres far smaller than the wavelength, where the series loses its digits (Bohren & Huffman
// 5.1: electrostatics, with the first correction).
static struct smp_mie tiny_sphere(double x, double complex m)
{
    const double complex m2 = m * m, ratio = (m2 - 1) / (m2 + 2);
    const double complex inner = 1 + x * x / 15 * ratio * (m2 * m2 + 27 * m2 + 38) / (2 * m2 + 3);
    const double absorbed = 4 * x * cimag(ratio * inner);
    const double scattered = 8.0 / 3 * x * x * x * x * real_product(ratio, ratio);
    return (struct smp_mie){ absorbed + scattered, scattered, 0 };
}

struct smp_mie smp_mie_sphere(double x, double n_relative, double k_relative)
{
    const double complex m = complex_of(n_relative, k_relative);
    if (cabs(m) * x < 0.01)
        return tiny_sphere(x, m);
    double complex derivative[terms_max + 1];
    int terms = term_count(x);
    if (terms > terms_max)
        terms = terms_max;
    log_derivatives(derivative, m * x, terms);
    double psi0 = cos(x), psi1 = sin(x), chi0 = -sin(x), chi1 = cos(x);
    double extinction = 0, scattering = 0, forward = 0;
    double complex a_before = 0, b_before = 0;
    for (int n = 1; n <= terms; n++) {
        const double odd = 2 * n + 1;
        const double psi = (odd - 2) / x * psi1 - psi0, chi = (odd - 2) / x * chi1 - chi0;
        const double complex xi = complex_of(psi, -chi), xi1 = complex_of(psi1, -chi1);
        const double complex electric = derivative[n] / m + n / x;
        const double complex magnetic = derivative[n] * m + n / x;
        const double complex a = (electric * psi - psi1) / (electric * xi - xi1);
        const double complex b = (magnetic * psi - psi1) / (magnetic * xi - xi1);
        extinction += odd * creal(a + b);
        scattering += odd * (real_product(a, a) + real_product(b, b));
        forward += odd / (n * (n + 1.0)) * real_product(a, b);
        forward +=
            (n - 1.0) * (n + 1.0) / n * (real_product(a_before, a) + real_product(b_before, b));
        a_before = a;
        b_before = b;
        psi0 = psi1, psi1 = psi;
        chi0 = chi1, chi1 = chi;
    }
    return (struct smp_mie){ 2 / (x * x) * extinction, 2 / (x * x) * scattering,
                             2 * forward / scattering };
}
