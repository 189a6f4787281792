// The packet of photons that all layered runs share. Compiled once for each instruction set under
// the name SMP_TRACE_KERNEL; only + − × ÷ √ and whole numbers, so all give the same bytes.
#include "skin/trace_impl.h"

#include <math.h>
#include <string.h>

#ifndef SMP_TRACE_KERNEL
#define SMP_TRACE_KERNEL smp_trace_baseline
#endif

#define EACH_LANE for (int i = 0; i < SMP_LANES; i++)

struct packet {
    float depth[SMP_LANES], cosine[SMP_LANES], weight[SMP_LANES];
    float top[SMP_LANES], bottom[SMP_LANES]; // of the sheet
    float analogue[SMP_LANES];               // -1: an empty lane
    float reach[SMP_LANES];                  // depth at the end of this step
    float absorb[SMP_LANES], g[SMP_LANES], c0[SMP_LANES], c1[SMP_LANES], c2[SMP_LANES];
    int32_t end_below[SMP_LANES];
    uint32_t rng[4][SMP_LANES];
    uint32_t angle[SMP_LANES], azimuth[SMP_LANES], end[SMP_LANES];
    int32_t lost[SMP_LANES]; // absorbed in this step
    int32_t straight[SMP_LANES];
    int32_t absorbed[SMP_LAYERS_MAX][SMP_LANES]; // by the photon in flight
    int32_t happens[SMP_LANES];                  // 1: at a face, 2: absorbed whole
    uint8_t event[SMP_LANES];                    // the same, narrow
    int sheet[SMP_LANES];
    uint64_t left; // photons still to launch
};

static inline uint32_t rotate(uint32_t v, int bits)
{
    return (v << bits) | (v >> (32 - bits));
}

// xoshiro128++ (Blackman & Vigna 2019), one stream a lane.
static inline uint32_t draw(struct packet *p, int i)
{
    const uint32_t a = p->rng[0][i], b = p->rng[1][i];
    uint32_t c = p->rng[2][i], d = p->rng[3][i];
    const uint32_t drawn = rotate(a + d, 7) + a;
    c ^= a;
    d ^= b;
    p->rng[1][i] = b ^ c;
    p->rng[0][i] = a ^ d;
    p->rng[2][i] = c ^ (b << 9);
    p->rng[3][i] = rotate(d, 11);
    return drawn;
}

// −ln of a number of (0, 1]; relative error below 2e-7 (polynomial: Cephes, Moshier 1989).
static inline float minus_log(float v)
{
    int32_t bits;
    memcpy(&bits, &v, sizeof bits);
    const int32_t exponent = (bits - 0x3f3504f3) >> 23;
    bits -= (int32_t)((uint32_t)exponent << 23);
    float m;
    memcpy(&m, &bits, sizeof m);
    const float f = m - 1, z = f * f;
    float y = 7.0376836292e-2f;
    y = y * f - 1.1514610310e-1f;
    y = y * f + 1.1676998740e-1f;
    y = y * f - 1.2420140846e-1f;
    y = y * f + 1.4249322787e-1f;
    y = y * f - 1.6668057665e-1f;
    y = y * f + 2.0000714765e-1f;
    y = y * f - 2.4999993993e-1f;
    y = y * f + 3.3333331174e-1f;
    y = y * f * z - 0.5f * z;
    return -(f + y + (float)exponent * 0.69314718056f);
}

// sin(π v) for |v| ≤ ½, error below 1e-7 (Taylor).
static inline float sin_pi(float v)
{
    const float z = v * v;
    float y = -7.3704310e-3f;
    y = y * z + 8.2145887e-2f;
    y = y * z - 5.9926453e-1f;
    y = y * z + 2.5501640f;
    y = y * z - 5.1677128f;
    y = y * z + 3.1415927f;
    return y * v;
}

static inline float root(float v)
{
    return __builtin_sqrtf(v);
}

// Random numbers and free paths of one step.
static void fly(struct packet *restrict p)
{
    EACH_LANE
    {
        const uint32_t path = draw(p, i), angle = draw(p, i), end = draw(p, i);
        p->angle[i] = angle;
        p->end[i] = end;
        p->azimuth[i] = (angle & 0xff) << 8 | (end & 0xff);
        const float unit = (float)(int32_t)(path >> 1 | 1) * 0x1p-31f;
        p->reach[i] = p->depth[i] + minus_log(unit) * p->cosine[i];
    }
}

// What a collision does where each photon now is.
static void look_up(struct packet *restrict p, const struct smp_trace_bed *restrict bed)
{
    for (int k = 1; k < bed->layers; k++) {
        const float top = bed->top[k], absorb = bed->absorb[k];
        const int32_t end = bed->end_below[k];
        EACH_LANE
        {
            const bool below = p->reach[i] >= top;
            p->absorb[i] = below ? absorb : k == 1 ? bed->absorb[0] : p->absorb[i];
            p->end_below[i] = below ? end : k == 1 ? bed->end_below[0] : p->end_below[i];
        }
        if (bed->one_g)
            continue;
        const float g = bed->g[k], c0 = bed->c0[k], c1 = bed->c1[k], c2 = bed->c2[k];
        EACH_LANE
        {
            const bool below = p->reach[i] >= top;
            p->g[i] = below ? g : k == 1 ? bed->g[0] : p->g[i];
            p->c0[i] = below ? c0 : k == 1 ? bed->c0[0] : p->c0[i];
            p->c1[i] = below ? c1 : k == 1 ? bed->c1[0] : p->c1[i];
            p->c2[i] = below ? c2 : k == 1 ? bed->c2[0] : p->c2[i];
        }
    }
}

// Absorption: heavy photons lose a share, rounded up or down at random; light ones end.
static void absorb(struct packet *restrict p)
{
    EACH_LANE
    {
        const float reach = p->reach[i], weight = p->weight[i];
        // Whole numbers for truth: compilers see no branch, and move all lanes together.
        const int32_t above = reach<p->top[i], below = reach> p->bottom[i];
        const int32_t out = above | below, heavy = weight > p->analogue[i];
        const float unit = (float)(int32_t)(p->end[i] >> 8) * 0x1p-24f;
        const float share = weight * p->absorb[i] + unit; // rounding may lift it over the whole
        const int32_t lost = (int32_t)(share < weight ? share : weight);
        const int32_t ends = (int32_t)(p->end[i] ^ 0x80000000u) < p->end_below[i];
        const int32_t taken = lost & -((1 ^ out) & heavy);
        p->lost[i] = taken;
        p->weight[i] = weight - (float)taken;
        p->happens[i] = out | (2 & -((1 ^ out) & (1 ^ heavy) & ends));
    }
    EACH_LANE p->event[i] = (uint8_t)p->happens[i];
}

static void book(struct packet *restrict p, const struct smp_trace_bed *restrict bed)
{
    for (int k = 0; k < bed->layers; k++) {
        const float top = k > 0 ? bed->top[k] : -INFINITY;
        const float bottom = k + 1 < bed->layers ? bed->top[k + 1] : INFINITY;
        int32_t *restrict absorbed = p->absorbed[k];
        EACH_LANE
        {
            const bool here = (p->reach[i] >= top) & (p->reach[i] < bottom);
            absorbed[i] += here ? p->lost[i] : 0;
        }
    }
}

static void scatter(struct packet *restrict p)
{
    EACH_LANE
    {
        const bool stays = p->happens[i] != 1;
        const float s = (float)(int32_t)(p->angle[i] >> 8) * 0x1p-23f + (0x1p-24f - 1);
        const float d = 1 + p->g[i] * s;
        const float bend = (p->c0[i] + s * (p->c1[i] + s * p->c2[i])) / (d * d);
        const float around = sin_pi(((float)(int32_t)p->azimuth[i] + 0.5f) * 0x1p-16f - 0.5f);
        const float u = p->cosine[i];
        float side = (1 - u * u) * (1 - bend * bend);
        side = side > 0 ? side : 0;
        float turned = u * bend + root(side) * around;
        turned = turned > 1 ? 1 : turned;
        turned = turned < -1 ? -1 : turned;
        p->cosine[i] = stays ? turned : u;
        p->depth[i] = stays ? p->reach[i] : p->depth[i];
        p->straight[i] = stays ? 0 : p->straight[i];
    }
}

// ---- What happens to one photon at a time -------------------------------------------------------

static void enter(struct packet *p, const struct smp_trace_bed *bed, int i, int sheet)
{
    p->sheet[i] = sheet;
    p->top[i] = bed->sheet[sheet].top;
    p->bottom[i] = bed->sheet[sheet].bottom;
}

static void launch(struct packet *p, const struct smp_trace_bed *bed, int i)
{
    p->depth[i] = 0;
    p->cosine[i] = 1;
    p->straight[i] = 1;
    enter(p, bed, i, 0);
    const bool any = p->left > 0;
    p->left -= any;
    p->weight[i] = any ? SMP_WEIGHT_ONE : 0;
    p->analogue[i] = any ? bed->analogue : -1;
    if (!any) { // waits for the others where nothing can happen to it
        p->cosine[i] = 0;
        p->top[i] = -INFINITY;
        p->bottom[i] = INFINITY;
    }
}

// The photon's share of the sums is final; the next one takes its lane.
static void finish(struct packet *p, struct smp_trace_sums *sums, const struct smp_trace_bed *bed,
                   int i)
{
    for (int k = 0; k < bed->layers; k++) {
        sums->absorbed[k] += (uint32_t)p->absorbed[k][i];
        p->absorbed[k][i] = 0;
    }
    launch(p, bed, i);
}

static void leave(struct packet *p, struct smp_trace_sums *sums, const struct smp_trace_bed *bed,
                  int i, bool up)
{
    const uint64_t weight = (uint64_t)p->weight[i];
    const double part = (double)weight * (1.0 / SMP_WEIGHT_ONE);
    if (up) {
        sums->up += weight;
        sums->up_square += part * part;
    } else {
        sums->down += weight;
        sums->down_square += part * part;
        sums->straight += p->straight[i] ? weight : 0;
    }
    finish(p, sums, bed, i);
}

// Free paths have no memory: a photon stopped at a face starts a new one there.
static void meet_face(struct packet *p, struct smp_trace_sums *sums,
                      const struct smp_trace_bed *bed, int i)
{
    const bool up = p->reach[i] < p->top[i];
    const int sheet = p->sheet[i], next = up ? sheet - 1 : sheet + 1;
    const bool outside = next < 0 || next >= bed->sheets;
    const double n_to = next < 0 ? bed->n_above : outside ? bed->n_below : bed->sheet[next].n;
    const double cosine = fabs((double)p->cosine[i]);
    double refracted;
    const double back = smp_trace_fresnel(bed->sheet[sheet].n, n_to, cosine, &refracted);
    p->depth[i] = up ? p->top[i] : p->bottom[i];
    if (back > 0 && (double)draw(p, i) * 0x1p-32 < back) {
        p->cosine[i] = -p->cosine[i];
        return;
    }
    if (outside) {
        leave(p, sums, bed, i, up);
        return;
    }
    p->cosine[i] = (float)(up ? -refracted : refracted);
    enter(p, bed, i, next);
}

static void end_here(struct packet *p, struct smp_trace_sums *sums, const struct smp_trace_bed *bed,
                     int i)
{
    int layer = 0;
    while (layer + 1 < bed->layers && p->depth[i] >= bed->top[layer + 1])
        layer++;
    p->absorbed[layer][i] += (int32_t)p->weight[i];
    finish(p, sums, bed, i);
}

static void start(struct packet *p, const struct smp_trace_bed *bed, uint64_t photons,
                  uint64_t stream)
{
    memset(p, 0, sizeof *p);
    p->left = photons;
    EACH_LANE
    {
        const uint64_t a = smp_hash64(stream, 2 * (uint64_t)i);
        const uint64_t b = smp_hash64(stream, 2 * (uint64_t)i + 1);
        p->rng[0][i] = (uint32_t)a;
        p->rng[1][i] = (uint32_t)(a >> 32);
        p->rng[2][i] = (uint32_t)b;
        p->rng[3][i] = (uint32_t)(b >> 32) | 1;
        p->absorb[i] = bed->absorb[0];
        p->end_below[i] = bed->end_below[0];
        p->g[i] = bed->g[0];
        p->c0[i] = bed->c0[0];
        p->c1[i] = bed->c1[0];
        p->c2[i] = bed->c2[0];
        launch(p, bed, i);
    }
}

static uint64_t in_flight(const struct packet *p)
{
    uint64_t count = 0;
    EACH_LANE count += p->analogue[i] >= 0;
    return count;
}

void SMP_TRACE_KERNEL(struct smp_trace_sums *sums, const struct smp_trace_bed *bed,
                      uint64_t photons, uint64_t stream)
{
    _Alignas(64) struct packet packet;
    struct packet *p = &packet;
    memset(sums, 0, sizeof *sums);
    sums->photons = photons;
    start(p, bed, photons, stream);
    for (uint64_t step = 1;; step++) {
        fly(p);
        look_up(p, bed);
        absorb(p);
        if (bed->analogue < SMP_WEIGHT_ONE)
            book(p, bed);
        scatter(p);
        bool any = false;
        for (int word = 0; word < SMP_LANES; word += 8) {
            uint64_t events;
            memcpy(&events, p->event + word, sizeof events);
            while (events) {
                const int i = word + __builtin_ctzll(events) / 8;
                events &= events - 1;
                events &= ~(UINT64_C(0xff) << (8 * (i - word)));
                any = true;
                if (p->happens[i] == 1)
                    meet_face(p, sums, bed, i);
                else
                    end_here(p, sums, bed, i);
            }
        }
        if (any && p->left == 0 && in_flight(p) == 0) {
            sums->collisions = step * SMP_LANES;
            return;
        }
        if (step == SMP_TRACE_STEPS) {
            sums->gave_up = true;
            return;
        }
    }
}
