// Directions for adding–doubling: Gauss and Radau nodes between the critical angles.
#include "skin/skin_impl.h"

#include <math.h>

// Legendre polynomial of order n and the one before it.
static void legendre(int n, double x, double *last, double *before)
{
    double a = 1, b = x;
    for (int k = 2; k <= n; k++) {
        const double c = ((2 * k - 1) * x * b - (k - 1) * a) / k;
        a = b;
        b = c;
    }
    *last = n == 0 ? 1 : b;
    *before = n == 0 ? 0 : a;
}

static double slope(int n, double x, double last, double before)
{
    return n * (before - x * last) / (1 - x * x);
}

// Gauss–Legendre on (from, to) (Abramowitz & Stegun 25.4.29).
static void gauss(double *node, double *weight, int n, double from, double to)
{
    for (int i = 0; i < n; i++) {
        double x = cos(SMP_PI * (i + 0.75) / (n + 0.5)), p, q;
        for (int k = 0; k < 12; k++) {
            legendre(n, x, &p, &q);
            x -= p / slope(n, x, p, q);
        }
        legendre(n, x, &p, &q);
        const double d = slope(n, x, p, q);
        node[i] = from + (to - from) * (1 + x) / 2;
        weight[i] = (to - from) / ((1 - x * x) * d * d);
    }
}

// Gauss–Radau on (0, 1] with 1 as the first node (Abramowitz & Stegun 25.4.31, mirrored).
static void radau(double *node, double *weight, int n)
{
    node[0] = 1;
    weight[0] = 1.0 / (n * n);
    for (int i = 1; i < n; i++) {
        double x = -cos(2 * SMP_PI * i / (2 * n - 1)), p, q, r;
        for (int k = 0; k < 12; k++) {
            legendre(n, x, &p, &q);
            const double d = slope(n, x, p, q);
            legendre(n - 1, x, &q, &r);
            x -= (p + q) / (d + slope(n - 1, x, q, r));
        }
        legendre(n - 1, x, &q, &r);
        node[i] = (1 - x) / 2;
        weight[i] = (1 - x) / (2 * n * n * q * q);
    }
}

// Indices of the stack in rising order, each once.
static int distinct_indices(double *n, const struct smp_stack *stack)
{
    int count = 1;
    n[0] = stack->n_outside;
    for (int k = 0; k < stack->count; k++) {
        const double v = stack->layer[k].n;
        int at = 0;
        while (at < count && n[at] < v)
            at++;
        if (at < count && n[at] == v)
            continue;
        for (int j = count++; j > at; j--)
            n[j] = n[j - 1];
        n[at] = v;
    }
    return count;
}

// Between two critical angles the nodes stand in the cosine of the rarer medium: there Fresnel's
// formulas and all cosines of denser media are smooth, and quadrature converges fast.
void smp_streams_make(struct smp_streams *streams, const struct smp_stack *stack, int wanted)
{
    double n[SMP_LAYERS_MAX + 1], node[SMP_STREAMS_MAX], weight[SMP_STREAMS_MAX];
    const int pieces = distinct_indices(n, stack);
    const int most = SMP_STREAMS_MAX / pieces, even = wanted / pieces;
    const int each = even < 3 ? 3 : even > most ? most : even;
    streams->count = 0;
    streams->beam = 0;
    for (int k = 0; k < pieces; k++) {
        const int spare = k == 0 && wanted > pieces * each ? wanted - pieces * each : 0;
        const int count = each + spare;
        if (k == 0)
            radau(node, weight, count);
        else
            gauss(node, weight, count, 0, sqrt(1 - n[k - 1] * n[k - 1] / (n[k] * n[k])));
        for (int i = 0; i < count; i++) {
            const int s = streams->count++;
            streams->p2[s] = n[k] * n[k] * (1 - node[i]) * (1 + node[i]);
            streams->root_share[s] = n[k] * sqrt(2 * node[i] * weight[i]);
        }
    }
}

double smp_stream_cosine(const struct smp_streams *streams, int i, double n)
{
    const double c2 = 1 - streams->p2[i] / (n * n);
    return c2 > 0 ? sqrt(c2) : 0;
}

double smp_stream_fresnel(const struct smp_streams *streams, int i, double n_from, double n_to)
{
    const double a = smp_stream_cosine(streams, i, n_from), b = smp_stream_cosine(streams, i, n_to);
    if (a == 0 || b == 0)
        return 1;
    const double s = (n_from * a - n_to * b) / (n_from * a + n_to * b);
    const double p = (n_from * b - n_to * a) / (n_from * b + n_to * a);
    return (s * s + p * p) / 2;
}
