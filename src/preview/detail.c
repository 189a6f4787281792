// Detail that skin carries of its own: blotches of blood and melanin, pores, relief. Noise in head
// millimetres, so that it stays in place from view to view. Scales and strengths: docs/preview.md.
#include "preview/preview_impl.h"

static inline uint32_t hash3(int32_t x, int32_t y, int32_t z, uint32_t seed)
{
    uint32_t h = seed ^ ((uint32_t)x * 0x8da6b343u) ^ ((uint32_t)y * 0xd8163841u) ^
                 ((uint32_t)z * 0xcb1ab31fu);
    h = (h ^ (h >> 15)) * 0x2c1b3c6du;
    h = (h ^ (h >> 12)) * 0x297a2d39u;
    return h ^ (h >> 15);
}

// Dot product of a lattice gradient (three bytes of the hash, −1…1) with an offset.
static inline float slope_at(uint32_t h, struct smp_f3 *g, float dx, float dy, float dz)
{
    const float s = 1.0f / 127.5f;
    g->x = (float)(int32_t)(h & 255) * s - 1;
    g->y = (float)(int32_t)((h >> 8) & 255) * s - 1;
    g->z = (float)(int32_t)((h >> 16) & 255) * s - 1;
    return g->x * dx + g->y * dy + g->z * dz;
}

// Gradient noise (Perlin 2002) with quintic weights and its exact derivative; RMS about 0.21.
float smp_noise3(struct smp_f3 p, uint32_t seed, struct smp_f3 *gradient)
{
    const float fx = floorf(p.x), fy = floorf(p.y), fz = floorf(p.z);
    const int32_t ix = (int32_t)fx, iy = (int32_t)fy, iz = (int32_t)fz;
    const float x = p.x - fx, y = p.y - fy, z = p.z - fz;
    const float u = x * x * x * (x * (x * 6 - 15) + 10), du = 30 * x * x * (x * (x - 2) + 1);
    const float v = y * y * y * (y * (y * 6 - 15) + 10), dv = 30 * y * y * (y * (y - 2) + 1);
    const float w = z * z * z * (z * (z * 6 - 15) + 10), dw = 30 * z * z * (z * (z - 2) + 1);
    float value = 0;
    struct smp_f3 sum = { 0, 0, 0 };
    for (int k = 0; k < 8; k++) {
        const int a = k & 1, b = (k >> 1) & 1, c = k >> 2;
        struct smp_f3 g;
        const float n = slope_at(hash3(ix + a, iy + b, iz + c, seed), &g, x - (float)a,
                                 y - (float)b, z - (float)c);
        const float wa = a ? u : 1 - u, wb = b ? v : 1 - v, wc = c ? w : 1 - w;
        const float weight = wa * wb * wc;
        value += weight * n;
        sum.x += weight * g.x + (a ? du : -du) * wb * wc * n;
        sum.y += weight * g.y + (b ? dv : -dv) * wa * wc * n;
        sum.z += weight * g.z + (c ? dw : -dw) * wa * wb * n;
    }
    *gradient = sum;
    return value;
}

struct octave {
    float length_mm, blood, melanin, pores, relief;
};

// Strengths are for a noise of RMS 0.21.
static void add_octave(struct smp_detail *detail, struct smp_f3 place, const struct octave *o,
                       uint32_t seed, float keep)
{
    const float s = 1 / o->length_mm;
    struct smp_f3 g;
    const float n = smp_noise3((struct smp_f3){ place.x * s, place.y * s, place.z * s }, seed, &g);
    detail->blood += keep * o->blood * n;
    detail->melanin += keep * o->melanin * n;
    detail->pores += keep * o->pores * smp_smoothf(0.22f, 0.55f, n);
    detail->slope = smp_f3_add(detail->slope, g, keep * o->relief);
}

// Blotches wider than the head's triangles are found once a point.
void smp_detail_broad(struct smp_detail *detail, struct smp_f3 place_mm)
{
    static const struct octave octaves[] = {
        { 14.0f, 0.00f, 0.085f, 0, 0 },
        { 9.0f, 0.080f, 0, 0, 0 },
        { 3.5f, 0.070f, 0.03f, 0, 0 },
    };
    *detail = (struct smp_detail){ 0 };
    for (uint32_t k = 0; k < sizeof octaves / sizeof *octaves; k++)
        add_octave(detail, place_mm, &octaves[k], 0x81u + 0x9e3779b9u * k, 1);
}

void smp_detail_fine(struct smp_detail *detail, struct smp_f3 place_mm, float footprint_mm)
{
    static const struct octave octaves[] = {
        { 2.2f, 0, 0.060f, 0, 0 },     { 1.25f, 0.060f, 0.03f, 0, 0.34f },
        { 0.70f, 0, 0.090f, 0, 0.1f }, { 0.45f, 0, 0, 1, 0.40f },
        { 0.2f, 0, 0.04f, 0, 0.32f },
    };
    *detail = (struct smp_detail){ 0 };
    for (uint32_t k = 0; k < sizeof octaves / sizeof *octaves; k++) {
        const float keep = smp_smoothf(0.75f, 0.3f, footprint_mm / octaves[k].length_mm);
        if (keep > 0.08f)
            add_octave(detail, place_mm, &octaves[k], 0x51u + 0x9e3779b9u * k, keep);
    }
}
