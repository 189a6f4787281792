// Shade in and under hair: how much of it lies on the way to the key and to the open, from the
// hair's own density in cubes of space. The soft box is 30° wide, so that the shadow of one hair is
// gone a few millimetres behind it; what is left is the density's.
#include "preview/strands_impl.h"

static const float cube_mm = 2.5f, margin_mm = 5;
enum { MARCH = 10 };                // cubes: no hair lies higher
static const float across = 0.785f; // of a hair's length, seen from any side: mean of the sine

struct marching {
    struct smp_hair_shade *shade;
    const float *density; // projected area a volume, 1/mm
    const struct smp_room *room;
    struct smp_f3 key;
};

static size_t index_of(const struct smp_hair_shade *s, size_t x, size_t y, size_t z)
{
    return (z * s->size[1] + y) * s->size[0] + x;
}

// The cell at or below a place; false outside.
static bool cell_at(size_t cell[3], float t[3], const struct smp_hair_shade *s, struct smp_f3 p)
{
    const float at[3] = { (p.x - s->low.x) / s->cube_mm, (p.y - s->low.y) / s->cube_mm,
                          (p.z - s->low.z) / s->cube_mm };
    for (int k = 0; k < 3; k++) {
        if (!(at[k] >= 0) || at[k] >= (float)(s->size[k] - 1))
            return false;
        cell[k] = (size_t)at[k];
        t[k] = at[k] - (float)cell[k];
    }
    return true;
}

static float read_at(const struct smp_hair_shade *s, const float *grid, const size_t cell[3],
                     const float t[3])
{
    const size_t down = s->size[0], deep = down * s->size[1];
    const float *g = grid + index_of(s, cell[0], cell[1], cell[2]);
    const float a = g[0] + t[0] * (g[1] - g[0]);
    const float b = g[down] + t[0] * (g[down + 1] - g[down]);
    const float c = g[deep] + t[0] * (g[deep + 1] - g[deep]);
    const float d = g[deep + down] + t[0] * (g[deep + down + 1] - g[deep + down]);
    const float low = a + t[1] * (b - a), high = c + t[1] * (d - c);
    return low + t[2] * (high - low);
}

static void put(float *density, const struct smp_hair_shade *s, struct smp_f3 p, float amount)
{
    size_t cell[3];
    float t[3];
    if (!cell_at(cell, t, s, p))
        return;
    for (size_t k = 0; k < 8; k++) {
        const float w =
            (k & 1 ? t[0] : 1 - t[0]) * (k & 2 ? t[1] : 1 - t[1]) * (k & 4 ? t[2] : 1 - t[2]);
        density[index_of(s, cell[0] + (k & 1), cell[1] + (k >> 1 & 1), cell[2] + (k >> 2))] +=
            w * amount;
    }
}

// One after the other: sums of floats keep their order.
static void fill(float *density, const struct smp_hair_shade *s, const struct smp_strands *strands)
{
    const float volume = s->cube_mm * s->cube_mm * s->cube_mm;
    for (size_t i = 0; i < strands->count; i++) {
        const struct smp_f3 *p = strands->points + i * (strands->steps + 1);
        for (size_t k = 0; k < strands->steps; k++) {
            const struct smp_f3 d = smp_f3_add(p[k + 1], p[k], -1);
            const float length = sqrtf(smp_f3_dot(d, d));
            put(density, s, smp_f3_add(p[k], d, 0.5f),
                across * length * strands->calibre_mm[i] / volume);
        }
    }
}

// Optical depth from a place on along a direction.
static float march(const struct marching *m, struct smp_f3 from, struct smp_f3 way)
{
    const struct smp_hair_shade *s = m->shade;
    float sum = 0;
    for (int k = 0; k < MARCH; k++) {
        size_t cell[3];
        float t[3];
        if (!cell_at(cell, t, s, smp_f3_add(from, way, ((float)k + 0.5f) * s->cube_mm)))
            break;
        sum += read_at(s, m->density, cell, t) * s->cube_mm;
    }
    return sum;
}

static void march_layers(void *context, size_t begin, size_t end)
{
    const struct marching *m = context;
    const struct smp_hair_shade *s = m->shade;
    const size_t down = s->size[0], deep = down * s->size[1];
    for (size_t z = begin; z < end; z++)
        for (size_t y = 1; y + 1 < s->size[1]; y++)
            for (size_t x = 1; x + 1 < s->size[0]; x++) {
                const size_t i = index_of(s, x, y, z);
                const float *d = m->density + i;
                float any = d[0] + d[1] + *(d - 1) + d[down] + *(d - down);
                if (z > 0)
                    any += *(d - deep);
                if (z + 1 < s->size[2])
                    any += d[deep];
                if (!(any > 0))
                    continue;
                const struct smp_f3 p = { s->low.x + s->cube_mm * (float)x,
                                          s->low.y + s->cube_mm * (float)y,
                                          s->low.z + s->cube_mm * (float)z };
                struct smp_f3 out;
                smp_room_at(m->room, p, &out);
                const struct smp_f3 key = smp_f3_unit(smp_f3_add(m->key, p, -1));
                s->to_key[i] = march(m, p, key);
                s->to_open[i] = march(m, p, out);
            }
}

static void bounds(struct smp_f3 *low, struct smp_f3 *high, const struct smp_strands *strands)
{
    *low = (struct smp_f3){ HUGE_VALF, HUGE_VALF, HUGE_VALF };
    *high = (struct smp_f3){ -HUGE_VALF, -HUGE_VALF, -HUGE_VALF };
    for (size_t i = 0; i < strands->count * (strands->steps + 1); i++) {
        const struct smp_f3 p = strands->points[i];
        *low = (struct smp_f3){ fminf(low->x, p.x), fminf(low->y, p.y), fminf(low->z, p.z) };
        *high = (struct smp_f3){ fmaxf(high->x, p.x), fmaxf(high->y, p.y), fmaxf(high->z, p.z) };
    }
    if (strands->count == 0)
        *low = *high = (struct smp_f3){ 0, 0, 0 };
}

enum smp_code smp_hair_shade_make(struct smp_hair_shade *shade, const struct smp_strands *strands,
                                  const struct smp_strand_scene *own, const struct smp_rig *rig,
                                  const struct smp_work *work)
{
    struct smp_f3 low, high;
    bounds(&low, &high, strands);
    const float wide[3] = { high.x - low.x, high.y - low.y, high.z - low.z };
    *shade =
        (struct smp_hair_shade){ .low = { low.x - margin_mm, low.y - margin_mm, low.z - margin_mm },
                                 .cube_mm = cube_mm };
    size_t count = 1;
    for (int k = 0; k < 3; k++) {
        shade->size[k] = (size_t)((wide[k] + 2 * margin_mm) / cube_mm) + 2;
        count *= shade->size[k];
    }
    float *density = smp_new(work->arena, float, count);
    shade->to_key = smp_new(work->arena, float, count);
    shade->to_open = smp_new(work->arena, float, count);
    shade->roots = smp_new(work->arena, float, count);
    shade->follicles = smp_new(work->arena, float, count);
    if (!density || !shade->to_key || !shade->to_open || !shade->roots || !shade->follicles)
        return smp_fail(work->err, SMP_E_NOMEM, "no room for the shade of hair");
    fill(density, shade, strands);
    for (size_t i = 0; i < own->count; i++)
        put(shade->follicles, shade, own->follicles[i].at, 1);
    for (size_t i = 0; i < strands->count; i++)
        put(shade->roots, shade, strands->points[i * (strands->steps + 1)], 1);
    const struct marching m = { shade, density, &own->room, smp_f3_of(rig->key_mm) };
    smp_pool_for(work->pool, shade->size[2], 1, march_layers, (void *)&m);
    return SMP_OK;
}

void smp_hair_shade_at(float depth[2], const struct smp_hair_shade *shade, struct smp_f3 p)
{
    size_t cell[3];
    float t[3];
    depth[0] = depth[1] = 0;
    if (!cell_at(cell, t, shade, p))
        return;
    depth[0] = read_at(shade, shade->to_key, cell, t);
    depth[1] = read_at(shade, shade->to_open, cell, t);
}

float smp_hairs_per_cm2(const struct smp_hair_shade *shade, struct smp_f3 p)
{
    size_t cell[3];
    float t[3];
    if (!cell_at(cell, t, shade, p))
        return 0;
    const float units = read_at(shade, shade->follicles, cell, t);
    return (float)SMP_HAIR_FU_MAX * read_at(shade, shade->roots, cell, t) / fmaxf(units, 1);
}
