// Flat things seen by a camera: homographies (Hartley and Zisserman, Multiple View Geometry, 2nd
// ed., §4.1), and the small linear systems behind them.
#include "photo/card_impl.h"

#include <math.h>
#include <string.h>

bool smp_solve_positive(double *a, double *b, size_t n)
{
    for (size_t k = 0; k < n; k++) { // LDLᵀ; a keeps L below the diagonal and D on it
        const double least = 1e-13 * fabs(a[k * n + k]);
        for (size_t j = 0; j < k; j++)
            a[k * n + k] -= a[k * n + j] * a[k * n + j] * a[j * n + j];
        if (!(a[k * n + k] > least))
            return false;
        for (size_t i = k + 1; i < n; i++) {
            for (size_t j = 0; j < k; j++)
                a[i * n + k] -= a[i * n + j] * a[k * n + j] * a[j * n + j];
            a[i * n + k] /= a[k * n + k];
        }
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            b[i] -= a[i * n + j] * b[j];
    for (size_t i = 0; i < n; i++)
        b[i] /= a[i * n + i];
    for (size_t i = n; i-- > 0;)
        for (size_t j = i + 1; j < n; j++)
            b[i] -= a[j * n + i] * b[j];
    return true;
}

struct smp_vec2 smp_homography_map(const struct smp_homography *h, struct smp_vec2 p)
{
    const double *m = h->m, w = m[6] * p.x + m[7] * p.y + m[8];
    return (struct smp_vec2){ (m[0] * p.x + m[1] * p.y + m[2]) / w,
                              (m[3] * p.x + m[4] * p.y + m[5]) / w };
}

bool smp_homography_invert(struct smp_homography *inverse, const struct smp_homography *h)
{
    const double *m = h->m;
    const double c0 = m[4] * m[8] - m[5] * m[7], c1 = m[5] * m[6] - m[3] * m[8],
                 c2 = m[3] * m[7] - m[4] * m[6], det = m[0] * c0 + m[1] * c1 + m[2] * c2;
    if (!(fabs(det) > 0))
        return false;
    const double adjoint[9] = { c0, m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
                                c1, m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
                                c2, m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3] };
    for (int i = 0; i < 9; i++)
        inverse->m[i] = adjoint[i] / det;
    return true;
}

// Moves points to a mean of 0 and a mean distance near 1: q = (p − centre) × factor.
struct frame {
    struct smp_vec2 centre;
    double factor;
};

static struct frame frame_of(const struct smp_vec2 *p, size_t count)
{
    struct frame f = { { 0, 0 }, 0 };
    double far = 0;
    for (size_t i = 0; i < count; i++) {
        f.centre.x += p[i].x / (double)count;
        f.centre.y += p[i].y / (double)count;
    }
    for (size_t i = 0; i < count; i++)
        far += hypot(p[i].x - f.centre.x, p[i].y - f.centre.y) / (double)count;
    f.factor = far > 0 ? 1 / far : 1;
    return f;
}

static void add_row(double a[64], double b[8], const double row[8], double value)
{
    for (int i = 0; i < 8; i++) {
        for (int j = 0; j < 8; j++)
            a[8 * i + j] += row[i] * row[j];
        b[i] += row[i] * value;
    }
}

bool smp_homography_fit(struct smp_homography *h, const struct smp_vec2 *from,
                        const struct smp_vec2 *to, size_t count)
{
    const struct frame f = frame_of(from, count), t = frame_of(to, count);
    double a[64] = { 0 }, b[8] = { 0 };
    for (size_t i = 0; i < count; i++) {
        const double x = (from[i].x - f.centre.x) * f.factor,
                     y = (from[i].y - f.centre.y) * f.factor, u = (to[i].x - t.centre.x) * t.factor,
                     v = (to[i].y - t.centre.y) * t.factor;
        add_row(a, b, (double[]){ x, y, 1, 0, 0, 0, -u * x, -u * y }, u);
        add_row(a, b, (double[]){ 0, 0, 0, x, y, 1, -v * x, -v * y }, v);
    }
    if (!smp_solve_positive(a, b, 8))
        return false;
    // Back out of the frames: T⁻¹ N F.
    const double n[9] = { b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], 1 };
    double nf[9];
    for (int i = 0; i < 3; i++) {
        nf[3 * i] = n[3 * i] * f.factor;
        nf[3 * i + 1] = n[3 * i + 1] * f.factor;
        nf[3 * i + 2] = n[3 * i + 2] - nf[3 * i] * f.centre.x - nf[3 * i + 1] * f.centre.y;
    }
    for (int j = 0; j < 3; j++) {
        h->m[j] = nf[j] / t.factor + t.centre.x * nf[6 + j];
        h->m[3 + j] = nf[3 + j] / t.factor + t.centre.y * nf[6 + j];
        h->m[6 + j] = nf[6 + j];
    }
    return true;
}

double smp_homography_scale(const struct smp_homography *h, struct smp_vec2 at)
{
    const double *m = h->m;
    const double w = m[6] * at.x + m[7] * at.y + m[8];
    const struct smp_vec2 p = smp_homography_map(h, at);
    const double xx = (m[0] - p.x * m[6]) / w, xy = (m[1] - p.x * m[7]) / w,
                 yx = (m[3] - p.y * m[6]) / w, yy = (m[4] - p.y * m[7]) / w;
    return sqrt(fabs(xx * yy - xy * yx));
}
