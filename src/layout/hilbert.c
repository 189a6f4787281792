// Order along a Hilbert curve in space: neighbours on the curve are neighbours on the surface.
#include "layout/layout_impl.h"

#include <string.h>

enum { bits = 10, lanes = 256, radix_bits = 10, radix = 1 << radix_bits };

struct key_job {
    const struct smp_vec3 *at;
    struct smp_vec3 low;
    double cells_per_mm;
    uint32_t *keys;
};

// Skilling, "Programming the Hilbert curve", AIP Conf. Proc. 707 (2004): coordinates to the
// transposed index, here for many points at a time so that the compiler can use wide registers.
static void to_transposed(uint32_t x[3][lanes], size_t n)
{
    for (uint32_t q = 1u << (bits - 1); q > 1; q >>= 1) {
        const uint32_t p = q - 1;
        for (int i = 0; i < 3; i++) {
            for (size_t k = 0; k < n; k++) {
                const uint32_t set = 0u - (uint32_t)((x[i][k] & q) != 0);
                const uint32_t swap = (x[0][k] ^ x[i][k]) & p & ~set;
                x[0][k] ^= swap ^ (p & set);
                x[i][k] ^= swap;
            }
        }
    }
    for (size_t k = 0; k < n; k++) {
        x[1][k] ^= x[0][k];
        x[2][k] ^= x[1][k];
        uint32_t t = 0;
        for (uint32_t q = 1u << (bits - 1); q > 1; q >>= 1)
            t ^= (x[2][k] & q) ? q - 1 : 0;
        x[0][k] ^= t;
        x[1][k] ^= t;
        x[2][k] ^= t;
    }
}

static uint32_t spread(uint32_t v)
{
    v = (v | v << 16) & 0x030000ff;
    v = (v | v << 8) & 0x0300f00f;
    v = (v | v << 4) & 0x030c30c3;
    return (v | v << 2) & 0x09249249;
}

static uint32_t cell_of(double v, double low, double cells_per_mm)
{
    const double c = (v - low) * cells_per_mm;
    return c <= 0 ? 0 : c >= (1 << bits) - 1 ? (1 << bits) - 1 : (uint32_t)c;
}

static void make_keys(void *context, size_t begin, size_t end)
{
    const struct key_job *job = context;
    uint32_t x[3][lanes];
    for (size_t from = begin; from < end; from += lanes) {
        const size_t n = end - from < lanes ? end - from : lanes;
        for (size_t k = 0; k < n; k++) {
            const struct smp_vec3 p = job->at[from + k];
            x[0][k] = cell_of(p.x, job->low.x, job->cells_per_mm);
            x[1][k] = cell_of(p.y, job->low.y, job->cells_per_mm);
            x[2][k] = cell_of(p.z, job->low.z, job->cells_per_mm);
        }
        to_transposed(x, n);
        for (size_t k = 0; k < n; k++)
            job->keys[from + k] = spread(x[0][k]) << 2 | spread(x[1][k]) << 1 | spread(x[2][k]);
    }
}

// Stable sort by keys of 3 × radix_bits bits.
static void radix_sort(uint32_t *order, uint32_t *other, const uint32_t *keys, size_t count)
{
    for (size_t i = 0; i < count; i++)
        order[i] = (uint32_t)i;
    for (int pass = 0; pass < 3; pass++) {
        size_t start[radix + 1] = { 0 };
        const int shift = pass * radix_bits;
        for (size_t i = 0; i < count; i++)
            start[(keys[i] >> shift & (radix - 1)) + 1]++;
        for (size_t d = 0; d < radix; d++)
            start[d + 1] += start[d];
        for (size_t i = 0; i < count; i++)
            other[start[keys[order[i]] >> shift & (radix - 1)]++] = order[i];
        uint32_t *swap = order;
        order = other;
        other = swap;
    }
}

enum smp_code smp_curve_order(uint32_t *order, const struct smp_vec3 *at, size_t count,
                              struct smp_vec3 low, double extent, struct smp_pool *pool,
                              struct smp_arena *scratch)
{
    uint32_t *keys = smp_new(scratch, uint32_t, count);
    uint32_t *other = smp_new(scratch, uint32_t, count);
    if (!keys || !other)
        return SMP_E_NOMEM;
    struct key_job job = { at, low, extent > 0 ? (1 << bits) / extent : 0, keys };
    smp_pool_for(pool, count, 4096, make_keys, &job);
    radix_sort(order, other, keys, count);
    memcpy(order, other, count * sizeof *order); // three passes: the result is in the other
    return SMP_OK;
}
