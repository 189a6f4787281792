// From light to picture: background, film, lens and grain (docs/preview.md "Film").
#include "preview/preview_impl.h"

struct film {
    struct smp_image *image;
    const struct smp_gbuffer *g;
    const struct smp_rgb *diffuse, *tint;
    float exposure;
    uint64_t seed;
    const struct smp_veil *veil;
    struct smp_rgb *light;
};

static struct smp_rgb background(float x, float y)
{
    const float r = sqrtf((x - 0.08f) * (x - 0.08f) + (y + 0.05f) * (y + 0.05f));
    const float level = 0.034f + 0.150f * expf(-1.7f * r * r);
    return (struct smp_rgb){ 0.96f * level, level, 1.06f * level };
}

static void light_rows(void *context, size_t begin, size_t end)
{
    const struct film *f = context;
    const struct smp_gbuffer *g = f->g;
    const float half = 0.5f * (float)g->height_px;
    for (size_t y = begin; y < end; y++) {
        for (size_t x = 0; x < g->width_px; x++) {
            const size_t i = y * g->width_px + x;
            const float cover = g->cover[i];
            struct smp_rgb c = { 0, 0, 0 };
            if (cover < 1) {
                c = background(((float)x - 0.5f * (float)g->width_px) / half,
                               ((float)y - half) / half);
                c.r *= 1 - cover;
                c.g *= 1 - cover;
                c.b *= 1 - cover;
            }
            if (cover > 0) {
                const struct smp_rgb t = f->tint ? f->tint[i] : (struct smp_rgb){ 1, 1, 1 };
                const float shine = cover * (g->shine_key[i] * g->seen[i] + g->shine_sky[i]);
                c.r += f->exposure * (f->diffuse[i].r * t.r + shine);
                c.g += f->exposure * (f->diffuse[i].g * t.g + shine);
                c.b += f->exposure * (f->diffuse[i].b * t.b + shine);
            }
            if (f->veil) {
                const struct smp_rgb own = f->veil->light[i];
                const float clear = f->veil->clear[i];
                c.r = clear * c.r + f->exposure * own.r;
                c.g = clear * c.g + f->exposure * own.g;
                c.b = clear * c.b + f->exposure * own.b;
            }
            f->light[i] = c;
        }
    }
}

// About normal, from the bytes of a hash; RMS 1.
static float grain(uint64_t h)
{
    const int sum =
        (int)(h & 255) + (int)((h >> 8) & 255) + (int)((h >> 16) & 255) + (int)((h >> 24) & 255);
    return ((float)sum - 510) / 147.8f;
}

// The lens: a Gaussian of about half a pixel, first down, then across.
static const float lens[3] = { 0.09f, 0.82f, 0.09f };
enum { BLOCK = 256 };

static struct smp_rgb weighted(struct smp_rgb a, struct smp_rgb b, struct smp_rgb c)
{
    return (struct smp_rgb){ lens[0] * a.r + lens[1] * b.r + lens[2] * c.r,
                             lens[0] * a.g + lens[1] * b.g + lens[2] * c.g,
                             lens[0] * a.b + lens[1] * b.b + lens[2] * c.b };
}

static struct smp_rgb developed(const struct film *f, struct smp_rgb c, size_t x, size_t y)
{
    const size_t w = f->g->width_px;
    const float half = 0.5f * (float)f->g->height_px;
    const float u = ((float)x - 0.5f * (float)w) / half, v = ((float)y - half) / half;
    const float vignette = 1 - 0.10f * smp_clampf((u * u + v * v) / 1.64f, 0, 1);
    const uint64_t hash = smp_hash64(f->seed, y * w + x);
    const float coarse = grain(smp_hash64(f->seed ^ 0x6a, (y / 2) * w + x / 2));
    const float rough = 0.8f * grain(hash) + 0.6f * coarse;
    float *const channel[3] = { &c.r, &c.g, &c.b };
    for (int k = 0; k < 3; k++) {
        const float level = smp_shoulder(vignette * *channel[k]);
        const float own = grain(hash >> (16 + 8 * k));
        const float noise = 0.0025f * sqrtf(level + 0.01f) * (0.8f * rough + 0.6f * own);
        *channel[k] = smp_clampf(level + noise, 0, 1);
    }
    return c;
}

static void film_rows(void *context, size_t begin, size_t end)
{
    const struct film *f = context;
    const size_t w = f->g->width_px, h = f->g->height_px;
    for (size_t y = begin; y < end; y++) {
        const struct smp_rgb *mid = f->light + y * w;
        const struct smp_rgb *above = y > 0 ? mid - w : mid, *below = y + 1 < h ? mid + w : mid;
        for (size_t x0 = 0; x0 < w; x0 += BLOCK) {
            struct smp_rgb down[BLOCK + 2];
            const size_t n = w - x0 < BLOCK ? w - x0 : BLOCK;
            for (size_t k = 0; k < n + 2; k++) {
                const size_t x = x0 + k < 1 ? 0 : x0 + k - 1 >= w ? w - 1 : x0 + k - 1;
                down[k] = weighted(above[x], mid[x], below[x]);
            }
            for (size_t k = 0; k < n; k++)
                f->image->px_lin[y * w + x0 + k] =
                    developed(f, weighted(down[k], down[k + 1], down[k + 2]), x0 + k, y);
        }
    }
}

enum smp_code smp_film(struct smp_image *image, const struct smp_exposure *from,
                       const struct smp_work *work)
{
    struct film film = { .image = image,
                         .g = from->g,
                         .diffuse = from->diffuse,
                         .tint = from->tint,
                         .exposure = from->exposure,
                         .seed = smp_hash64(from->seed, 0xf11),
                         .veil = from->veil };
    const size_t width = from->g->width_px, height = from->g->height_px;
    film.light = smp_new(work->arena, struct smp_rgb, width * height);
    if (!film.light)
        return smp_fail(work->err, SMP_E_NOMEM, "no room for the finished preview");
    smp_pool_for(work->pool, height, 32, light_rows, &film);
    smp_pool_for(work->pool, height, 32, film_rows, &film);
    return SMP_OK;
}
