// Light that goes into the skin and comes out beside: four Gaussians of the light on it, mixed per
// colour (red goes farthest). Blurred in the picture but with distances in space, so that light
// does not jump from the head to an ear in front of it; the wide ones at reduced resolution.
#include "preview/preview_impl.h"

enum { LEVELS = 4, MAX_TAPS = 9 };
static const double sigma_mm[LEVELS] = { 0.2, 0.5, 1.1, 2.4 };
static const float share[3][LEVELS] = {
    { 0.22f, 0.10f, 0.30f, 0.38f }, // R
    { 0.42f, 0.36f, 0.17f, 0.05f }, // G
    { 0.55f, 0.35f, 0.10f, 0.00f }, // B
};

// A picture of light, with cover and depth, at some resolution.
struct plane {
    size_t width, height;
    float *light, *cover, *depth; // light is not premultiplied; depth HUGE_VALF off the head
};

struct blur {
    const struct plane *from;
    struct plane *to;
    float taps[MAX_TAPS + 1];
    int radius;
    float per_mm2; // 1 / (4 σ²), for the distance in depth
    bool down;     // vertical pass
};

static bool plane_make(struct plane *p, size_t width, size_t height, struct smp_arena *arena)
{
    p->width = width;
    p->height = height;
    p->light = smp_new(arena, float, width *height);
    p->cover = smp_new(arena, float, width *height);
    p->depth = smp_new(arena, float, width *height);
    return p->light && p->cover && p->depth;
}

struct halve {
    const struct plane *from;
    struct plane *to;
};

static void halve_rows(void *context, size_t begin, size_t end)
{
    const struct halve *job = context;
    const struct plane *f = job->from;
    struct plane *t = job->to;
    for (size_t y = begin; y < end; y++) {
        for (size_t x = 0; x < t->width; x++) {
            float light = 0, cover = 0, depth = 0;
            for (size_t k = 0; k < 4; k++) {
                const size_t fx = 2 * x + (k & 1), fy = 2 * y + (k >> 1);
                if (fx >= f->width || fy >= f->height)
                    continue;
                const size_t i = fy * f->width + fx;
                const float c = f->cover[i];
                if (c <= 0)
                    continue;
                cover += c;
                light += c * f->light[i];
                depth += c * f->depth[i];
            }
            const size_t o = y * t->width + x;
            t->cover[o] = 0.25f * cover;
            t->light[o] = cover > 0 ? light / cover : 0;
            t->depth[o] = cover > 0 ? depth / cover : HUGE_VALF;
        }
    }
}

// One pass. A neighbour counts by its distance in the picture (taps) and in depth.
static void blur_rows(void *context, size_t begin, size_t end)
{
    const struct blur *job = context;
    const struct plane *f = job->from;
    const size_t step = job->down ? f->width : 1;
    for (size_t y = begin; y < end; y++) {
        for (size_t x = 0; x < f->width; x++) {
            const size_t i = y * f->width + x;
            const size_t place = job->down ? y : x, size = job->down ? f->height : f->width;
            const int low = place < (size_t)job->radius ? -(int)place : -job->radius;
            const int high =
                size - 1 - place < (size_t)job->radius ? (int)(size - 1 - place) : job->radius;
            const float depth = f->depth[i];
            const bool here = depth < HUGE_VALF;
            float sum = 0, weights = 0, depths = 0;
            for (int k = low; k <= high; k++) {
                const size_t j = i + (size_t)((ptrdiff_t)step * k);
                const float c = f->cover[j];
                if (c <= 0)
                    continue;
                const float dz = here ? f->depth[j] - depth : 0;
                const float q = 1 + dz * dz * job->per_mm2;
                const float w = job->taps[k < 0 ? -k : k] * c / (q * q);
                sum += w * f->light[j];
                weights += w;
                depths += w * f->depth[j];
            }
            job->to->light[i] = weights > 0 ? sum / weights : 0;
            // the vertical pass reads what the horizontal one found just off the head
            job->to->cover[i] = here ? f->cover[i] : weights;
            job->to->depth[i] = here ? depth : weights > 0 ? depths / weights : HUGE_VALF;
        }
    }
}

static void set_taps(struct blur *job, double sigma_px, double sigma)
{
    job->radius = (int)ceil(2.6 * sigma_px);
    job->radius = job->radius < 1 ? 1 : job->radius > MAX_TAPS ? MAX_TAPS : job->radius;
    for (int k = 0; k <= job->radius; k++)
        job->taps[k] = (float)exp(-0.5 * k * k / (sigma_px * sigma_px));
    job->per_mm2 = (float)(1 / (4 * sigma * sigma));
}

// ---- The mix -----------------------------------------------------------------------------------

struct mix {
    struct smp_rgb *out;
    const struct smp_gbuffer *g;
    struct plane level[LEVELS];
    size_t factor[LEVELS];
};

static float sample_plane(const struct plane *p, float x, float y)
{
    const float w = (float)p->width - 1, h = (float)p->height - 1;
    x = smp_clampf(x, 0, w);
    y = smp_clampf(y, 0, h);
    const size_t ix = (size_t)x, iy = (size_t)y;
    const size_t jx = ix + (ix + 1 < p->width), jy = iy + (iy + 1 < p->height);
    const float dx = x - (float)ix, dy = y - (float)iy;
    const float *a = p->light + iy * p->width, *b = p->light + jy * p->width;
    return (1 - dy) * ((1 - dx) * a[ix] + dx * a[jx]) + dy * ((1 - dx) * b[ix] + dx * b[jx]);
}

static void mix_rows(void *context, size_t begin, size_t end)
{
    const struct mix *job = context;
    const size_t width = job->g->width_px;
    for (size_t y = begin; y < end; y++) {
        for (size_t x = 0; x < width; x++) {
            const size_t i = y * width + x;
            const float cover = job->g->cover[i];
            if (cover <= 0)
                continue;
            float rgb[3] = { 0, 0, 0 };
            for (int l = 0; l < LEVELS; l++) {
                const float s = 1 / (float)job->factor[l];
                const float e = sample_plane(&job->level[l], ((float)x + 0.5f) * s - 0.5f,
                                             ((float)y + 0.5f) * s - 0.5f);
                for (int c = 0; c < 3; c++)
                    rgb[c] += share[c][l] * e;
            }
            const struct smp_rgb a = job->g->albedo[i];
            job->out[i] = (struct smp_rgb){ cover * a.r * rgb[0], cover * a.g * rgb[1],
                                            cover * a.b * rgb[2] };
        }
    }
}

struct first {
    const struct smp_gbuffer *g;
    struct plane *to;
};

static void first_rows(void *context, size_t begin, size_t end)
{
    const struct first *job = context;
    const struct smp_gbuffer *g = job->g;
    const size_t from = begin * g->width_px, to = end * g->width_px;
    for (size_t i = from; i < to; i++) {
        job->to->light[i] = g->key[i] * g->seen[i] + g->ambient[i];
    }
}

enum smp_code smp_subsurface(struct smp_rgb *out, const struct smp_gbuffer *g, double px_per_mm,
                             const struct smp_work *work)
{
    struct mix mix = { .out = out, .g = g };
    struct plane now = { 0 }, across = { 0 };
    now.width = g->width_px;
    now.height = g->height_px;
    now.cover = g->cover;
    now.depth = g->depth;
    now.light = smp_new(work->arena, float, now.width *now.height);
    if (!now.light)
        return smp_fail(work->err, SMP_E_NOMEM, "no room for light under the skin");
    smp_pool_for(work->pool, g->height_px, 64, first_rows, &(struct first){ g, &now });
    size_t factor = 1;
    for (int l = 0; l < LEVELS; l++) {
        // Down until the Gaussian is 1 to 2 pixels wide.
        while (sigma_mm[l] * px_per_mm / (double)factor > 2.2 && now.width > 8 && now.height > 8) {
            struct plane half;
            if (!plane_make(&half, (now.width + 1) / 2, (now.height + 1) / 2, work->arena))
                return smp_fail(work->err, SMP_E_NOMEM, "no room for light under the skin");
            smp_pool_for(work->pool, half.height, 32, halve_rows, &(struct halve){ &now, &half });
            now = half;
            factor *= 2;
        }
        mix.factor[l] = factor;
        mix.level[l] = now;
        if (sigma_mm[l] * px_per_mm / (double)factor < 1.6 && factor == 1)
            continue; // the picture is hardly finer than that
        if (!plane_make(&across, now.width, now.height, work->arena) ||
            !plane_make(&mix.level[l], now.width, now.height, work->arena))
            return smp_fail(work->err, SMP_E_NOMEM, "no room for light under the skin");
        struct blur blur = { .from = &now, .to = &across };
        set_taps(&blur, fmax(0.3, sigma_mm[l] * px_per_mm / (double)factor), sigma_mm[l]);
        smp_pool_for(work->pool, now.height, 32, blur_rows, &blur);
        blur.from = &across;
        blur.to = &mix.level[l];
        blur.down = true;
        smp_pool_for(work->pool, now.height, 32, blur_rows, &blur);
    }
    smp_pool_for(work->pool, g->height_px, 32, mix_rows, &mix);
    return SMP_OK;
}

// ---- Shadows -----------------------------------------------------------------------------------

struct shadow {
    struct smp_gbuffer *g;
    float *out;
};

// Weights ½ 1 1 1 ½ both ways hold each of the soft box's 16 parts once.
static void shadow_rows(void *context, size_t begin, size_t end)
{
    static const float tap[5] = { 0.5f, 1, 1, 1, 0.5f };
    const struct shadow *job = context;
    const struct smp_gbuffer *g = job->g;
    const ptrdiff_t w = (ptrdiff_t)g->width_px, h = (ptrdiff_t)g->height_px;
    for (ptrdiff_t y = (ptrdiff_t)begin; y < (ptrdiff_t)end; y++) {
        for (ptrdiff_t x = 0; x < w; x++) {
            const ptrdiff_t i = y * w + x;
            if (g->key[i] <= 0)
                continue;
            const float depth = g->depth[i];
            float sum = 0, weights = 0;
            for (ptrdiff_t b = -2; b <= 2; b++) {
                if (y + b < 0 || y + b >= h)
                    continue;
                for (ptrdiff_t a = -2; a <= 2; a++) {
                    if (x + a < 0 || x + a >= w)
                        continue;
                    const ptrdiff_t j = i + b * w + a;
                    if (g->key[j] <= 0 || !(fabsf(g->depth[j] - depth) < 2.5f))
                        continue;
                    const float weight = tap[a + 2] * tap[b + 2];
                    sum += weight * g->seen[j];
                    weights += weight;
                }
            }
            job->out[i] = sum / weights;
        }
    }
}

enum smp_code smp_shadow_filter(struct smp_gbuffer *g, const struct smp_work *work)
{
    struct shadow job = { g, smp_new(work->arena, float, g->width_px * g->height_px) };
    if (!job.out)
        return smp_fail(work->err, SMP_E_NOMEM, "no room for the shadows");
    smp_pool_for(work->pool, g->height_px, 16, shadow_rows, &job);
    g->seen = job.out;
    return SMP_OK;
}
