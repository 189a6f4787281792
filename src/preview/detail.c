// Detail that skin carries of its own: blotches of blood and melanin, pores, relief. Noise in head
// millimetres, so that it stays in place from view to view. Scales and strengths: docs/preview.md.
#include "preview/preview_impl.h"

static inline uint32_t mix(uint32_t h)
{
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

static inline float lerp(float a, float b, float t)
{
    return a + t * (b - a);
}

// Gradient noise (Perlin 2002) with quintic weights and its exact derivative; RMS about 0.21.
float smp_noise3(struct smp_f3 p, uint32_t seed, struct smp_f3 *gradient)
{
    const float fx = floorf(p.x), fy = floorf(p.y), fz = floorf(p.z);
    const uint32_t ix = (uint32_t)(int32_t)fx, iy = (uint32_t)(int32_t)fy,
                   iz = (uint32_t)(int32_t)fz;
    const float x = p.x - fx, y = p.y - fy, z = p.z - fz;
    const float u = x * x * x * (x * (x * 6 - 15) + 10), du = 30 * x * x * (x * (x - 2) + 1);
    const float v = y * y * y * (y * (y * 6 - 15) + 10), dv = 30 * y * y * (y * (y - 2) + 1);
    const float w = z * z * z * (z * (z * 6 - 15) + 10), dw = 30 * z * z * (z * (z - 2) + 1);
    float n[8];
    struct smp_f3 g[8];
    for (uint32_t k = 0; k < 8; k++) {
        const uint32_t a = k & 1, b = (k >> 1) & 1, c = k >> 2;
        const uint32_t h = mix(seed ^ ((ix + a) * 0x8da6b343u) ^ ((iy + b) * 0xd8163841u) ^
                               ((iz + c) * 0xcb1ab31fu));
        n[k] = slope_at(h, &g[k], x - (float)a, y - (float)b, z - (float)c);
    }
    // along x, then y, then z
    float nx[4], gx[4], gy[4], gz[4];
    for (int k = 0; k < 4; k++) {
        nx[k] = lerp(n[2 * k], n[2 * k + 1], u);
        gx[k] = lerp(g[2 * k].x, g[2 * k + 1].x, u) + du * (n[2 * k + 1] - n[2 * k]);
        gy[k] = lerp(g[2 * k].y, g[2 * k + 1].y, u);
        gz[k] = lerp(g[2 * k].z, g[2 * k + 1].z, u);
    }
    float ny[2], hx[2], hy[2], hz[2];
    for (int k = 0; k < 2; k++) {
        ny[k] = lerp(nx[2 * k], nx[2 * k + 1], v);
        hx[k] = lerp(gx[2 * k], gx[2 * k + 1], v);
        hy[k] = lerp(gy[2 * k], gy[2 * k + 1], v) + dv * (nx[2 * k + 1] - nx[2 * k]);
        hz[k] = lerp(gz[2 * k], gz[2 * k + 1], v);
    }
    gradient->x = lerp(hx[0], hx[1], w);
    gradient->y = lerp(hy[0], hy[1], w);
    gradient->z = lerp(hz[0], hz[1], w) + dw * (ny[1] - ny[0]);
    return lerp(ny[0], ny[1], w);
}

struct octave {
    float length_mm, blood, melanin, pores, relief;
};

// Strengths are for a noise of RMS 0.21.
static void add_octave(struct smp_detail *detail, struct smp_f3 place, const struct octave *o,
                       uint32_t seed, float keep)
{
    // Turned out of the head's axes: where skin lies along the lattice, noise shows its planes.
    const float s = 1 / o->length_mm;
    const struct smp_f3 q = { s * (0.36f * place.x + 0.48f * place.y - 0.80f * place.z),
                              s * (-0.80f * place.x + 0.60f * place.y),
                              s * (0.48f * place.x + 0.64f * place.y + 0.60f * place.z) };
    struct smp_f3 t;
    const float n = smp_noise3(q, seed, &t);
    const struct smp_f3 g = { 0.36f * t.x - 0.80f * t.y + 0.48f * t.z,
                              0.48f * t.x + 0.60f * t.y + 0.64f * t.z, -0.80f * t.x + 0.60f * t.z };
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
        { 0.2f, 0, 0.04f, 0, 0.26f },
    };
    *detail = (struct smp_detail){ 0 };
    for (uint32_t k = 0; k < sizeof octaves / sizeof *octaves; k++) {
        const float keep = smp_smoothf(0.75f, 0.3f, footprint_mm / octaves[k].length_mm);
        if (keep > 0.08f)
            add_octave(detail, place_mm, &octaves[k], 0x51u + 0x9e3779b9u * k, keep);
    }
}
