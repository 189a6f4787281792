// Vectors, random streams and range checks.
#include "base/base.h"

#include <math.h>

double smp_length(struct smp_vec3 a)
{
    return sqrt(smp_dot(a, a));
}

struct smp_vec3 smp_unit(struct smp_vec3 a)
{
    const double length = smp_length(a);
    return length > 0 ? smp_scale(a, 1 / length) : a;
}

double smp_smoothstep(double a, double b, double v)
{
    const double t = smp_clamp((v - a) / (b - a), 0, 1);
    return t * t * (3 - 2 * t);
}

struct smp_rng smp_rng_make(uint64_t seed, uint64_t stream)
{
    struct smp_rng rng = { .state = 0, .inc = (smp_hash64(stream, 0x5eed) << 1) | 1 };
    smp_rng_u32(&rng);
    rng.state += smp_hash64(seed, stream);
    smp_rng_u32(&rng);
    return rng;
}

uint32_t smp_rng_u32(struct smp_rng *rng)
{
    const uint64_t old = rng->state;
    rng->state = old * 6364136223846793005ull + rng->inc;
    const uint32_t shifted = (uint32_t)(((old >> 18) ^ old) >> 27);
    const uint32_t turn = (uint32_t)(old >> 59);
    return (shifted >> turn) | (shifted << ((32 - turn) & 31));
}

double smp_rng_unit(struct smp_rng *rng)
{
    const uint64_t high = smp_rng_u32(rng) >> 5, low = smp_rng_u32(rng) >> 6;
    return (double)(high << 26 | low) * 0x1p-53;
}

double smp_normal_quantile(double p)
{
    static const double a[6] = { -3.969683028665376e+01, 2.209460984245205e+02,
                                 -2.759285104469687e+02, 1.383577518672690e+02,
                                 -3.066479806614716e+01, 2.506628277459239e+00 };
    static const double b[5] = { -5.447609879822406e+01, 1.615858368580409e+02,
                                 -1.556989798598866e+02, 6.680131188771972e+01,
                                 -1.328068155288572e+01 };
    static const double c[6] = { -7.784894002430293e-03, -3.223964580411365e-01,
                                 -2.400758277161838e+00, -2.549732539343734e+00,
                                 4.374664141464968e+00,  2.938163982698783e+00 };
    static const double d[4] = { 7.784695709041462e-03, 3.224671290700398e-01,
                                 2.445134137142996e+00, 3.754408661907416e+00 };
    const double tail = 0.02425;
    p = smp_clamp(p, 0x1p-54, 1 - 0x1p-53);
    if (p < tail || p > 1 - tail) {
        const double q = sqrt(-2 * log(p < tail ? p : 1 - p));
        const double z = (((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5]) /
                         ((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1);
        return p < tail ? z : -z;
    }
    const double q = p - 0.5, r = q * q;
    return (((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5]) * q /
           (((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + 1);
}

double smp_rng_normal(struct smp_rng *rng)
{
    return smp_normal_quantile(smp_rng_unit(rng));
}

static uint64_t mix64(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
}

uint64_t smp_hash64(uint64_t a, uint64_t b)
{
    return mix64(mix64(a + 0x9e3779b97f4a7c15ull) + b * 0xd1342543de82ef95ull + 1);
}

enum smp_code smp_check_number(double value, const char *name, const char *unit, double min,
                               double max, const char *where, struct smp_err *err)
{
    if (value >= min && value <= max) // phrased so that NaN fails
        return SMP_OK;
    const char *dot = where && *where ? "." : "";
    return smp_fail(err, SMP_E_INPUT, "%s%s%s must be %g to %g%s%s, not %g", where ? where : "",
                    dot, name, min, max, *unit ? " " : "", unit, value);
}

enum smp_code smp_check(const struct smp_field *fields, size_t count, const void *params,
                        const char *where, struct smp_err *err)
{
    for (size_t i = 0; i < count; i++) {
        const struct smp_field *f = &fields[i];
        const double value = *(const double *)(const void *)((const char *)params + f->offset);
        enum smp_code code = smp_check_number(value, f->name, f->unit, f->min, f->max, where, err);
        if (code)
            return code;
    }
    return SMP_OK;
}

float smp_select(float *values, size_t count, size_t k)
{
    for (size_t low = 0, high = count - 1; low < high;) { // Hoare's
        const float pivot = values[low + (high - low) / 2];
        size_t i = low, j = high;
        for (;;) {
            while (values[i] < pivot)
                i++;
            while (values[j] > pivot)
                j--;
            if (i >= j)
                break;
            const float swap = values[i];
            values[i++] = values[j];
            values[j--] = swap;
        }
        if (k <= j)
            high = j;
        else
            low = j + 1;
    }
    return values[k];
}
