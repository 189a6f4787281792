// One homogeneous slab by doubling (Prahl 1995, "The adding–doubling method"), in symmetric form.
//
// With u = down + up and v = down − up in the streams' amplitudes, transport is u' = −P v,
// v' = −Q u, where P and Q are symmetric: P = c/μ − s·odd, Q = c/μ − s·even (odd and even parts of
// the phase function). Light from both sides alike (or opposite) makes the middle of the slab a
// mirror, and R ± T follow from a matrix tanh of half the thickness.
#include "skin/skin_impl.h"

#include <math.h>
#include <string.h>

// Largest half thickness of the first slab, in optical depths of the most slanting stream: the
// series below is cut after its fifth order, an error of 17/315·x⁶ = 2e-7.
static const double first_depth = 0.125;
// Reflection of a slab that lets less than this through is that of a semi-infinite one.
static const double opaque = 1e-11;
enum { doublings_max = 100 };

// Phase function in streams, delta-M scaled (Wiscombe 1977) with as many moments as there are
// streams in this medium, and normalised on the diagonal (Prahl 1995) so that scattering loses no
// light.
void smp_medium_make(struct smp_medium *medium, const struct smp_streams *streams, double n,
                     double g)
{
    const int count = streams->count;
    double before[SMP_STREAMS_MAX], last[SMP_STREAMS_MAX], scale[SMP_STREAMS_MAX];
    medium->n = n;
    medium->g = g;
    medium->cosine_min = 1;
    int present = 0;
    for (int i = 0; i < count; i++) {
        const double mu = medium->cosine[i] = smp_stream_cosine(streams, i, n);
        // √(weight/μ): the weight of a stream here is share / (2 μ n²)
        scale[i] = mu > 0 ? streams->root_share[i] * sqrt(0.5) / (n * mu) : 0;
        if (mu > 0 && mu < medium->cosine_min)
            medium->cosine_min = mu;
        present += mu > 0;
        before[i] = 0;
        last[i] = 1;
    }
    const int moments = present - present % 2; // more than the streams here cannot be told apart
    medium->forward = pow(g, moments);
    memset(medium->even, 0, (size_t)count * count * sizeof(double));
    memset(medium->odd, 0, (size_t)count * count * sizeof(double));
    for (int k = 0; k < moments; k++) {
        double *sum = k % 2 ? medium->odd : medium->even;
        const double moment = (2 * k + 1) * (pow(g, k) - medium->forward) / (1 - medium->forward);
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < count; j++)
                sum[i * count + j] += moment * last[i] * last[j] * scale[i] * scale[j];
        }
        for (int i = 0; i < count; i++) {
            const double next =
                ((2 * k + 1) * medium->cosine[i] * last[i] - k * before[i]) / (k + 1);
            before[i] = last[i];
            last[i] = next;
        }
    }
    for (int j = 0; j < count; j++) {
        double sum = 0; // of weight_i × phase_ij, which is even_ij / scale_i scale_j
        for (int i = 0; i < count; i++)
            sum += scale[i] * medium->cosine[i] * medium->even[i * count + j];
        const double lack =
            scale[j] > 0 ? (1 / medium->cosine[j] - sum / (scale[j] * medium->cosine[j])) : 0;
        medium->even[j * count + j] += lack;
        medium->odd[j * count + j] += lack;
    }
}

// m ← h·A − h³/3·A B A + 2h⁵/15·A B A B A: tanh of half a slab, for A, B = Q, P or P, Q.
static void half_slab(double *m, const double *a, const double *ba, double h, double *work, int n)
{
    double *aba = work;
    smp_mat_multiply(aba, a, ba, n);
    smp_mat_multiply(m, aba, ba, n);
    for (int i = 0; i < n * n; i++)
        m[i] = h * a[i] - h * h * h / 3 * aba[i] + 2 * pow(h, 5) / 15 * m[i];
}

// c ← (1 + m)⁻¹; m is lost.
static void inverse_of_one_plus(double *c, double *m, double *work, int n)
{
    for (int i = 0; i < n; i++)
        m[i * n + i] += 1;
    smp_mat_cholesky(m, n);
    memset(work, 0, (size_t)n * n * sizeof *work);
    for (int i = 0; i < n; i++)
        work[i * n + i] = 1;
    smp_mat_forward(work, m, n);
    smp_mat_square(c, work, n);
}

// Streams that do not exist here neither reflect nor pass: their half slabs are set to 1.
static void mask_absent(double *m, const struct smp_medium *medium, int n)
{
    for (int i = 0; i < n; i++) {
        if (medium->cosine[i] > 0)
            continue;
        for (int j = 0; j < n; j++)
            m[i * n + j] = m[j * n + i] = 0;
        m[i * n + i] = 1;
    }
}

struct thin {
    double absorption, extinction, scattering; // delta-M scaled, per unit of half
    double half;
};

// A slab's light: all streams of one side, as amplitudes of equal radiance; what of it is lost.
struct balance {
    double all[SMP_STREAMS_MAX], lost[SMP_STREAMS_MAX];
};

// Rounding in R + T acts like absorption and doubles with each doubling: without absorption R would
// pass 1. The light lost is therefore followed by itself, as a sum of positive terms, and R's
// diagonal mended by what the sums lack.
static void mend(double *r, const double *t, const struct balance *b, int n)
{
    for (int j = 0; j < n; j++) {
        double lack = b->all[j] - b->lost[j];
        for (int i = 0; i < n; i++)
            lack -= b->all[i] * (r[j * n + i] + t[j * n + i]);
        if (b->all[j] > 0)
            r[j * n + j] += lack / b->all[j];
    }
}

// Light lost in the thin slab: 2 (1 + G)⁻¹ G·all, and Q·all = absorption/μ·all exactly.
static void thin_loss(struct balance *b, const double *inverse, const double *pq,
                      const struct smp_medium *medium, const struct thin *thin, int n)
{
    const double h = thin->half;
    double x[SMP_STREAMS_MAX], y[SMP_STREAMS_MAX], z[SMP_STREAMS_MAX];
    for (int i = 0; i < n; i++)
        x[i] = b->all[i] > 0 ? thin->absorption / medium->cosine[i] * b->all[i] : 0;
    for (int i = 0; i < n; i++) {
        y[i] = 0;
        for (int k = 0; k < n; k++)
            y[i] += pq[k * n + i] * x[k]; // QP is the transpose of PQ
    }
    for (int i = 0; i < n; i++) {
        z[i] = 0;
        for (int k = 0; k < n; k++)
            z[i] += pq[k * n + i] * y[k];
    }
    for (int i = 0; i < n; i++)
        z[i] =
            b->all[i] > 0 ? 2 * (h * x[i] - h * h * h / 3 * y[i] + 2 * pow(h, 5) / 15 * z[i]) : 0;
    smp_mat_vector(b->lost, inverse, z, n);
}

static void thin_slab(double *r, double *t, struct balance *balance,
                      const struct smp_medium *medium, const struct thin *thin,
                      const struct smp_slab_work *work, int n)
{
    double *p = work->block[0], *q = work->block[1], *product = work->block[2];
    double *m = work->block[3], *spare = work->block[4], *both = work->block[5];
    for (int i = 0; i < n * n; i++) {
        p[i] = -thin->scattering * medium->odd[i];
        q[i] = -thin->scattering * medium->even[i];
    }
    for (int i = 0; i < n; i++) {
        const double along = medium->cosine[i] > 0 ? thin->extinction / medium->cosine[i] : 0;
        p[i * n + i] += along;
        q[i * n + i] += along;
    }
    smp_mat_multiply(product, p, q, n);
    half_slab(m, q, product, thin->half, spare, n);
    mask_absent(m, medium, n);
    inverse_of_one_plus(both, m, spare, n);
    thin_loss(balance, both, product, medium, thin, n);
    smp_mat_multiply(product, q, p, n);
    half_slab(m, p, product, thin->half, spare, n);
    mask_absent(m, medium, n);
    inverse_of_one_plus(product, m, spare, n);
    for (int i = 0; i < n * n; i++) { // R + T = 2(1 + G)⁻¹ − 1, R − T = 1 − 2(1 + G')⁻¹
        r[i] = both[i] - product[i];
        t[i] = both[i] + product[i];
    }
    for (int i = 0; i < n; i++)
        t[i * n + i] -= 1;
    mend(r, t, balance, n);
}

// lost ← lost + T (1 − R)⁻¹ lost, from the factor of 1 − R and y = U⁻ᵀ T.
static void double_loss(struct balance *b, const double *factor, const double *y, int n)
{
    double x[SMP_STREAMS_MAX];
    for (int i = 0; i < n; i++) {
        x[i] = b->lost[i];
        for (int k = 0; k < i; k++)
            x[i] -= factor[k * n + i] * x[k];
        x[i] *= factor[i * n + i];
    }
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++)
            b->lost[j] += y[i * n + j] * x[i];
    }
}

// R ± T of two equal slabs: R ± T(1 ∓ R)⁻¹T, by one factorisation each.
static void double_slab(double *r, double *t, struct balance *balance,
                        const struct smp_slab_work *work, int n)
{
    double *factor = work->block[0], *y = work->block[1];
    double *plus = work->block[2], *minus = work->block[3];
    for (int sign = -1; sign <= 1; sign += 2) {
        for (int i = 0; i < n * n; i++)
            factor[i] = sign * r[i];
        for (int i = 0; i < n; i++)
            factor[i * n + i] += 1;
        memcpy(y, t, (size_t)n * n * sizeof *y);
        smp_mat_cholesky(factor, n);
        smp_mat_forward(y, factor, n);
        smp_mat_square(sign < 0 ? plus : minus, y, n);
        if (sign < 0)
            double_loss(balance, factor, y, n);
    }
    for (int i = 0; i < n * n; i++) {
        r[i] += (plus[i] - minus[i]) / 2;
        t[i] = (plus[i] + minus[i]) / 2;
    }
    mend(r, t, balance, n);
}

static double largest(const double *m, int n)
{
    double v = 0;
    for (int i = 0; i < n * n; i++)
        v = fmax(v, fabs(m[i]));
    return v;
}

static void clear_slab(double *r, double *t, const struct smp_medium *medium,
                       const struct smp_layer *layer, int n)
{
    memset(r, 0, (size_t)n * n * sizeof *r);
    memset(t, 0, (size_t)n * n * sizeof *t);
    for (int i = 0; i < n; i++) {
        const double mu = medium->cosine[i];
        if (mu > 0 && !isinf(layer->thickness_mm))
            t[i * n + i] = exp(-layer->mua_per_mm * layer->thickness_mm / mu);
    }
}

void smp_slab(double *r, double *t, const struct smp_streams *streams,
              const struct smp_medium *medium, const struct smp_layer *layer,
              const struct smp_slab_work *work)
{
    const int n = streams->count;
    struct balance balance;
    struct thin thin = { .absorption = layer->mua_per_mm,
                         .scattering = layer->mus_per_mm * (1 - medium->forward) };
    thin.extinction = layer->mua_per_mm + thin.scattering;
    if (thin.scattering <= 1e-200) {
        clear_slab(r, t, medium, layer, n);
        return;
    }
    // From here on lengths are optical depths.
    const double rate = thin.extinction, depth = fmin(layer->thickness_mm * rate, 1e300);
    thin.absorption /= rate;
    thin.scattering /= rate;
    thin.extinction = 1;
    thin.half = first_depth * medium->cosine_min;
    int doublings = doublings_max;
    const bool endless = isinf(layer->thickness_mm);
    if (!endless) {
        const double ratio = depth / (2 * thin.half);
        doublings = ratio > 1 ? (int)ceil(log2(ratio)) : 0;
        thin.half = ldexp(depth, -doublings - 1);
    }
    for (int i = 0; i < n; i++)
        balance.all[i] = medium->cosine[i] > 0 ? streams->root_share[i] : 0;
    thin_slab(r, t, &balance, medium, &thin, work, n);
    for (int k = 0; k < doublings && largest(t, n) > opaque; k++)
        double_slab(r, t, &balance, work, n);
    if (endless)
        memset(t, 0, (size_t)n * n * sizeof *t);
}
