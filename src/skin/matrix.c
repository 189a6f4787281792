// Small dense matrices for adding–doubling. Inner loops run along rows, so that compilers can use
// vectors without changing the order of any sum.
#include "skin/skin_impl.h"

#include <math.h>
#include <string.h>

void smp_mat_multiply(double *restrict c, const double *restrict a, const double *restrict b, int n)
{
    memset(c, 0, (size_t)n * n * sizeof *c);
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < n; k++) {
            const double v = a[i * n + k];
            for (int j = 0; j < n; j++)
                c[i * n + j] += v * b[k * n + j];
        }
    }
}

void smp_mat_vector(double *restrict y, const double *restrict a, const double *restrict x, int n)
{
    for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int j = 0; j < n; j++)
            sum += a[i * n + j] * x[j];
        y[i] = sum;
    }
}

void smp_mat_cholesky(double *a, int n)
{
    for (int k = 0; k < n; k++) {
        // A thick slab without absorption comes as near to 0 as rounding lets it.
        const double inverse = 1 / sqrt(fmax(a[k * n + k], 1e-18));
        a[k * n + k] = inverse;
        for (int j = k + 1; j < n; j++)
            a[k * n + j] *= inverse;
        for (int i = k + 1; i < n; i++) {
            const double v = a[k * n + i];
            for (int j = i; j < n; j++)
                a[i * n + j] -= v * a[k * n + j];
        }
    }
}

void smp_mat_forward(double *restrict y, const double *restrict u, int n)
{
    for (int i = 0; i < n; i++) {
        double *row = y + i * n;
        for (int k = 0; k < i; k++) {
            const double v = u[k * n + i];
            for (int j = 0; j < n; j++)
                row[j] -= v * y[k * n + j];
        }
        const double inverse = u[i * n + i];
        for (int j = 0; j < n; j++)
            row[j] *= inverse;
    }
}

void smp_mat_square(double *restrict c, const double *restrict y, int n)
{
    for (int i = 0; i < n; i++) {
        double *row = c + i * n;
        const int from = i & ~3; // whole vectors; what lies left of the diagonal is set below
        for (int j = from; j < n; j++)
            row[j] = 0;
        for (int k = 0; k < n; k++) {
            const double v = y[k * n + i];
            for (int j = from; j < n; j++)
                row[j] += v * y[k * n + j];
        }
    }
    for (int i = 1; i < n; i++) {
        for (int j = 0; j < i; j++)
            c[i * n + j] = c[j * n + i];
    }
}

void smp_mat_lu(double *a, int n)
{
    for (int k = 0; k < n; k++) {
        // Between layers that lose nothing the last pivot is 0 but for rounding.
        a[k * n + k] = fmax(a[k * n + k], 1e-14);
        const double inverse = 1 / a[k * n + k];
        for (int i = k + 1; i < n; i++) {
            const double v = a[i * n + k] *= inverse;
            for (int j = k + 1; j < n; j++)
                a[i * n + j] -= v * a[k * n + j];
        }
    }
}

void smp_mat_lu_solve(double *restrict b, const double *restrict lu, int n)
{
    for (int i = 1; i < n; i++) {
        for (int k = 0; k < i; k++) {
            const double v = lu[i * n + k];
            for (int j = 0; j < n; j++)
                b[i * n + j] -= v * b[k * n + j];
        }
    }
    for (int i = n - 1; i >= 0; i--) {
        for (int k = i + 1; k < n; k++) {
            const double v = lu[i * n + k];
            for (int j = 0; j < n; j++)
                b[i * n + j] -= v * b[k * n + j];
        }
        const double inverse = 1 / lu[i * n + i];
        for (int j = 0; j < n; j++)
            b[i * n + j] *= inverse;
    }
}

void smp_mat_lu_solve_left(double *restrict b, const double *restrict lu, int n)
{
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < i; k++)
            b[i] -= lu[k * n + i] * b[k];
        b[i] /= lu[i * n + i];
    }
    for (int i = n - 2; i >= 0; i--) {
        for (int k = i + 1; k < n; k++)
            b[i] -= lu[k * n + i] * b[k];
    }
}
