// Spots drawn on the picture as elliptical Gaussians (EWA: Zwicker et al. 2001), area-true at any
// size and tilt: a spot smaller than a pixel grows to the pixel's blur and pales by as much.
//
// Spots are sorted into tiles of the picture and each tile draws its own in the order of the list,
// so that products and sums do not depend on the number of threads. Glows are wide and are drawn
// at a fraction of the resolution.
#include "preview/preview_impl.h"

#include <string.h>

enum { TILE_PX = 64 };
static const double blur_px2 = 0.55 * 0.55 + 1.0 / 12; // lens and pixel
static const double min_facing = 0.03;

// A spot on the picture: exp(−½ (a dx² + 2 b dx dy + c dy²)).
struct ellipse {
    float x, y, a, b, c;
    float reach_x, reach_y;
    float depth, slope_x, slope_y; // of the skin, mm a pixel
    float gain[3];
    float radius_mm; // how far from the skin's plane a pixel may lie
};

// Projected tangents, from head millimetres to pixels.
struct projection {
    double x, y, depth;
    double jx[2], jy[2]; // picture x and y for a step along either tangent
    double slope_x, slope_y;
    struct smp_vec3 t[2];
};

static bool project(struct projection *p, const struct smp_camera *camera, const struct smp_spot *s)
{
    const struct smp_vec3 place =
        smp_vec3((double)s->place.x, (double)s->place.y, (double)s->place.z);
    const struct smp_vec3 n =
        smp_vec3((double)s->normal.x, (double)s->normal.y, (double)s->normal.z);
    const struct smp_vec3 view = smp_unit(smp_sub(camera->eye, place));
    if (smp_dot(n, view) < min_facing)
        return false;
    p->depth = smp_camera_project(camera, place, &p->x, &p->y);
    const double margin = 64;
    if (p->x < -margin || p->y < -margin || p->x > (double)camera->width_px + margin ||
        p->y > (double)camera->height_px + margin)
        return false;
    p->t[0] = s->along_mm > 0
                  ? smp_vec3((double)s->axis.x, (double)s->axis.y, (double)s->axis.z)
                  : smp_unit(fabs(n.x) < 0.6 ? smp_vec3(0, n.z, -n.y) : smp_vec3(-n.z, 0, n.x));
    p->t[1] = smp_cross(n, p->t[0]);
    const double scale = camera->focal_px / p->depth;
    const double u = (p->x - camera->centre_x_px) / camera->focal_px;
    const double v = (camera->centre_y_px - p->y) / camera->focal_px;
    for (int k = 0; k < 2; k++) {
        const double along = -smp_dot(p->t[k], camera->back); // gain of depth
        p->jx[k] = scale * (smp_dot(p->t[k], camera->right) - u * along);
        p->jy[k] = -scale * (smp_dot(p->t[k], camera->up) - v * along);
    }
    // Depth over the picture, from the plane of the skin.
    const double det = p->jx[0] * p->jy[1] - p->jx[1] * p->jy[0];
    const double d0 = -smp_dot(p->t[0], camera->back), d1 = -smp_dot(p->t[1], camera->back);
    p->slope_x = (d0 * p->jy[1] - d1 * p->jy[0]) / det;
    p->slope_y = (d1 * p->jx[0] - d0 * p->jx[1]) / det;
    return true;
}

// Gaussian of σ along the two tangents, plus the blur; the gain keeps the volume in mm².
static void shape(struct ellipse *e, const struct projection *p, const double sigma_mm[2],
                  double blur, double sigmas)
{
    const double s0 = sigma_mm[0] * sigma_mm[0], s1 = sigma_mm[1] * sigma_mm[1];
    const double xx = p->jx[0] * p->jx[0] * s0 + p->jx[1] * p->jx[1] * s1;
    const double xy = p->jx[0] * p->jy[0] * s0 + p->jx[1] * p->jy[1] * s1;
    const double yy = p->jy[0] * p->jy[0] * s0 + p->jy[1] * p->jy[1] * s1;
    const double bare = xx * yy - xy * xy;
    const double wx = xx + blur, wy = yy + blur;
    const double det = wx * wy - xy * xy;
    e->x = (float)p->x;
    e->y = (float)p->y;
    e->a = (float)(wy / det);
    e->b = (float)(-xy / det);
    e->c = (float)(wx / det);
    e->reach_x = (float)(sigmas * sqrt(wx));
    e->reach_y = (float)(sigmas * sqrt(wy));
    e->depth = (float)p->depth;
    e->slope_x = (float)p->slope_x;
    e->slope_y = (float)p->slope_y;
    const double gain = sqrt(fmax(bare, 0) / det);
    e->gain[0] = e->gain[1] = e->gain[2] = (float)gain;
}

// ---- Tiles -------------------------------------------------------------------------------------

struct tiles {
    size_t across, down;
    uint32_t *first; // per tile: where its list begins; one more at the end
    uint32_t *items;
};

static void tile_range(const struct ellipse *e, const struct tiles *t, size_t range[4])
{
    const float size = TILE_PX;
    const float low_x = floorf((e->x - e->reach_x) / size);
    const float low_y = floorf((e->y - e->reach_y) / size);
    const float high_x = floorf((e->x + e->reach_x) / size);
    const float high_y = floorf((e->y + e->reach_y) / size);
    range[0] = low_x < 0 ? 0 : (size_t)low_x;
    range[1] = high_x < 0 ? 0 : (size_t)high_x + 1;
    range[2] = low_y < 0 ? 0 : (size_t)low_y;
    range[3] = high_y < 0 ? 0 : (size_t)high_y + 1;
    if (range[1] > t->across)
        range[1] = t->across;
    if (range[3] > t->down)
        range[3] = t->down;
}

static bool sort_into_tiles(struct tiles *t, const struct ellipse *e, size_t count, size_t width,
                            size_t height, struct smp_arena *arena)
{
    t->across = (width + TILE_PX - 1) / TILE_PX;
    t->down = (height + TILE_PX - 1) / TILE_PX;
    t->first = smp_new(arena, uint32_t, t->across * t->down + 1);
    if (!t->first)
        return false;
    size_t total = 0, range[4];
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < count; i++) {
            tile_range(&e[i], t, range);
            for (size_t y = range[2]; y < range[3]; y++)
                for (size_t x = range[0]; x < range[1]; x++) {
                    uint32_t *slot = &t->first[y * t->across + x];
                    if (pass)
                        t->items[*slot] = (uint32_t)i;
                    ++*slot;
                    total++;
                }
        }
        if (pass == 0) {
            t->items = smp_new(arena, uint32_t, total);
            if (!t->items)
                return false;
            uint32_t sum = 0;
            for (size_t k = 0; k <= t->across * t->down; k++) {
                const uint32_t own = t->first[k];
                t->first[k] = sum;
                sum += own;
            }
        } else { // each slot has run on to the next one's beginning
            for (size_t k = t->across * t->down; k > 0; k--)
                t->first[k] = t->first[k - 1];
            t->first[0] = 0;
        }
    }
    return true;
}

// exp(−q/2) for 0 ≤ q ≤ 12.3, by a table with linear steps: error below 2e-5.
enum { STEPS = 2048 };
struct falloff {
    float table[STEPS + 2];
};
static const float table_scale = STEPS / 12.5f;

static void make_falloff(struct falloff *f)
{
    for (int i = 0; i < STEPS + 2; i++)
        f->table[i] = expf(-0.5f * (float)i / table_scale);
}
static inline float fall(const struct falloff *f, float q)
{
    const float x = q * table_scale;
    const int i = (int)x;
    return f->table[i] + (x - (float)i) * (f->table[i + 1] - f->table[i]);
}

struct draw {
    const struct ellipse *e;
    struct tiles tiles;
    size_t width, height;
    const float *depth;
    struct smp_rgb *out; // spots: multiplied; glows: summed
    struct falloff fall;
    const struct smp_spot *spots; // zoom: for profile and wobble
    const uint32_t *source;
    bool glow, close;
    float px_per_mm;
};

struct box {
    size_t x0, x1, y0, y1;
};

static struct box box_of(const struct ellipse *e, const struct draw *d, size_t tile)
{
    const size_t tx = tile % d->tiles.across * TILE_PX, ty = tile / d->tiles.across * TILE_PX;
    struct box b = { tx, tx + TILE_PX, ty, ty + TILE_PX };
    if (b.x1 > d->width)
        b.x1 = d->width;
    if (b.y1 > d->height)
        b.y1 = d->height;
    const float x0 = ceilf(e->x - e->reach_x - 0.5f), x1 = floorf(e->x + e->reach_x - 0.5f) + 1;
    const float y0 = ceilf(e->y - e->reach_y - 0.5f), y1 = floorf(e->y + e->reach_y - 0.5f) + 1;
    if (x0 > (float)b.x0)
        b.x0 = (size_t)x0;
    if (y0 > (float)b.y0)
        b.y0 = (size_t)y0;
    if (x1 < (float)b.x1)
        b.x1 = x1 > 0 ? (size_t)x1 : 0;
    if (y1 < (float)b.y1)
        b.y1 = y1 > 0 ? (size_t)y1 : 0;
    return b;
}

static void draw_one(const struct draw *d, const struct ellipse *e, size_t tile)
{
    const struct box b = box_of(e, d, tile);
    const float limit = 12.3f;
    for (size_t y = b.y0; y < b.y1; y++) {
        const float dy = (float)y + 0.5f - e->y;
        for (size_t x = b.x0; x < b.x1; x++) {
            const float dx = (float)x + 0.5f - e->x;
            const float q = dx * (e->a * dx + 2 * e->b * dy) + e->c * dy * dy;
            if (q > limit)
                continue;
            const size_t i = y * d->width + x;
            const float plane = e->depth + e->slope_x * dx + e->slope_y * dy;
            if (!(fabsf(d->depth[i] - plane) < e->radius_mm))
                continue;
            const float w = fall(&d->fall, q);
            struct smp_rgb *o = &d->out[i];
            if (d->glow) {
                o->r += e->gain[0] * w;
                o->g += e->gain[1] * w;
                o->b += e->gain[2] * w;
            } else {
                o->r *= 1 - e->gain[0] * w;
                o->g *= 1 - e->gain[1] * w;
                o->b *= 1 - e->gain[2] * w;
            }
        }
    }
}

// Close up a spot is flatter inside than a Gaussian and its outline is not quite round.
static void draw_close(const struct draw *d, const struct ellipse *e, const struct smp_spot *s,
                       size_t tile)
{
    const struct box b = box_of(e, d, tile);
    struct smp_rng rng = smp_rng_make(s->id, 0x0b1);
    float turn[3], wobble[3];
    static const float modes[3] = { 2, 3, 5 };
    for (int k = 0; k < 3; k++) {
        turn[k] = (float)(2 * SMP_PI * smp_rng_unit(&rng));
        wobble[k] = (float)(0.03 + 0.05 * smp_rng_unit(&rng)) / (1 + 0.4f * (float)k);
    }
    for (size_t y = b.y0; y < b.y1; y++) {
        const float dy = (float)y + 0.5f - e->y;
        for (size_t x = b.x0; x < b.x1; x++) {
            const float dx = (float)x + 0.5f - e->x;
            const float q = dx * (e->a * dx + 2 * e->b * dy) + e->c * dy * dy;
            const size_t i = y * d->width + x;
            const float plane = e->depth + e->slope_x * dx + e->slope_y * dy;
            if (q > 12.3f || !(fabsf(d->depth[i] - plane) < e->radius_mm))
                continue;
            const float angle = atan2f(dy, dx);
            float r = 1;
            for (int k = 0; k < 3; k++)
                r += wobble[k] * cosf(modes[k] * angle + turn[k]);
            // q = 2 ln 2 at the half width
            const float v = sqrtf(q / 1.3863f) / r;
            const float w = expf(-0.6931f * powf(v, s->profile));
            struct smp_rgb *o = &d->out[i];
            o->r *= 1 - e->gain[0] * w;
            o->g *= 1 - e->gain[1] * w;
            o->b *= 1 - e->gain[2] * w;
        }
    }
}

static void draw_tiles(void *context, size_t begin, size_t end)
{
    const struct draw *d = context;
    for (size_t t = begin; t < end; t++) {
        for (uint32_t k = d->tiles.first[t]; k < d->tiles.first[t + 1]; k++) {
            const uint32_t item = d->tiles.items[k];
            const struct smp_spot *s = d->spots ? &d->spots[d->source[item]] : NULL;
            if (s && s->profile > 2.05f)
                draw_close(d, &d->e[item], s, t);
            else
                draw_one(d, &d->e[item], t);
        }
    }
}

static enum smp_code no_room(struct smp_err *err, size_t count)
{
    return smp_fail(err, SMP_E_NOMEM, "no room to draw %zu spots", count);
}

// ---- Spots -------------------------------------------------------------------------------------

static const double depth_slack_mm = 2.5;

static void spot_ellipse(struct ellipse *e, const struct projection *p, const struct smp_spot *s,
                         bool close)
{
    const double sigma = (double)s->half_mm / 1.17741;
    const double sigmas[2] = { s->along_mm > 0 ? (double)s->along_mm : sigma, sigma };
    shape(e, p, sigmas, close ? 0.12 : blur_px2, 3.4);
    // A profile other than a Gaussian has another volume; at a distance the Gaussian stands in.
    const float other = s->profile > 2.05f && !close ? smp_spot_volume(s->profile) / 1.1331f : 1;
    for (int c = 0; c < 3; c++)
        e->gain[c] = fminf(e->gain[c] * s->core[c] * other, 0.97f);
    e->radius_mm = (float)depth_slack_mm;
}

static enum smp_code draw_spots(struct smp_rgb *tint, const struct smp_spot *spots, size_t count,
                                const struct projection *p, const uint32_t *source, bool close,
                                const struct smp_gbuffer *g, struct smp_pool *pool,
                                struct smp_arena *arena, struct smp_err *err)
{
    struct draw *d = smp_new(arena, struct draw, 1);
    struct ellipse *e = smp_new(arena, struct ellipse, count);
    if (!d || !e)
        return no_room(err, count);
    for (size_t i = 0; i < count; i++)
        spot_ellipse(&e[i], &p[i], &spots[source[i]], close);
    *d = (struct draw){ .e = e,
                        .width = g->width_px,
                        .height = g->height_px,
                        .depth = g->depth,
                        .out = tint,
                        .spots = close ? spots : NULL,
                        .source = source };
    make_falloff(&d->fall);
    if (!sort_into_tiles(&d->tiles, e, count, d->width, d->height, arena))
        return no_room(err, count);
    smp_pool_for(pool, d->tiles.across * d->tiles.down, 1, draw_tiles, d);
    return SMP_OK;
}

// ---- Glows -------------------------------------------------------------------------------------

struct apply {
    struct smp_tint *tint;
    int which;
};

static void apply_rows(void *context, size_t begin, size_t end)
{
    const struct apply *job = context;
    const struct smp_tint *tint = job->tint;
    const size_t wide = tint->glow_width[job->which], high = tint->glow_height[job->which];
    const float s = 1 / (float)tint->factor[job->which];
    for (size_t y = begin; y < end; y++) {
        const float v = smp_clampf(((float)y + 0.5f) * s - 0.5f, 0, (float)high - 1);
        const size_t y0 = (size_t)v, y1 = y0 + (y0 + 1 < high);
        const float fy = v - (float)y0;
        const struct smp_rgb *r0 = tint->glow[job->which] + y0 * wide;
        const struct smp_rgb *r1 = tint->glow[job->which] + y1 * wide;
        for (size_t x = 0; x < tint->width_px; x++) {
            const float u = smp_clampf(((float)x + 0.5f) * s - 0.5f, 0, (float)wide - 1);
            const size_t x0 = (size_t)u, x1 = x0 + (x0 + 1 < wide);
            const float fx = u - (float)x0;
            const float w[4] = { (1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy };
            const struct smp_rgb *q[4] = { &r0[x0], &r0[x1], &r1[x0], &r1[x1] };
            float sum[3] = { 0, 0, 0 };
            for (int k = 0; k < 4; k++) {
                sum[0] += w[k] * q[k]->r;
                sum[1] += w[k] * q[k]->g;
                sum[2] += w[k] * q[k]->b;
            }
            if (sum[0] + sum[1] + sum[2] <= 0)
                continue;
            struct smp_rgb *t = &tint->px[y * tint->width_px + x];
            t->r *= expf(-sum[0]);
            t->g *= expf(-sum[1]);
            t->b *= expf(-sum[2]);
        }
    }
}

void smp_tint_finish(struct smp_tint *tint, struct smp_pool *pool)
{
    for (int which = 0; which < SMP_GLOWS; which++)
        smp_pool_for(pool, tint->height_px, 32, apply_rows, &(struct apply){ tint, which });
}

enum smp_code smp_tint_make(struct smp_tint *tint, const struct smp_camera *camera,
                            struct smp_arena *arena, struct smp_err *err)
{
    const double scale = camera->px_per_mm;
    struct smp_tint made = { .width_px = camera->width_px, .height_px = camera->height_px };
    // Resolutions that hold the Gaussians of either glow.
    made.factor[0] = scale > 12 ? 4 : scale > 4 ? 2 : 1;
    made.factor[1] = scale > 12 ? 8 : scale > 2.5 ? 4 : 2;
    made.px = smp_new(arena, struct smp_rgb, made.width_px * made.height_px);
    for (int k = 0; k < SMP_GLOWS; k++) {
        made.glow_width[k] = (made.width_px + made.factor[k] - 1) / made.factor[k];
        made.glow_height[k] = (made.height_px + made.factor[k] - 1) / made.factor[k];
        made.glow[k] = smp_new(arena, struct smp_rgb, made.glow_width[k] * made.glow_height[k]);
    }
    if (!made.px || !made.glow[0] || !made.glow[1])
        return smp_fail(err, SMP_E_NOMEM, "no room for what is drawn on %zu × %zu px",
                        made.width_px, made.height_px);
    for (size_t i = 0; i < made.width_px * made.height_px; i++)
        made.px[i] = (struct smp_rgb){ 1, 1, 1 };
    *tint = made;
    return SMP_OK;
}

void smp_tint_copy(struct smp_tint *to, const struct smp_tint *from)
{
    memcpy(to->px, from->px, from->width_px * from->height_px * sizeof *from->px);
    for (int k = 0; k < SMP_GLOWS; k++)
        memcpy(to->glow[k], from->glow[k],
               from->glow_width[k] * from->glow_height[k] * sizeof *from->glow[k]);
}

// Depth at the coarse picture: that of the pixel in the middle.
static void coarse_depth(float *depth, size_t width, size_t height, size_t factor,
                         const struct smp_gbuffer *g)
{
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++) {
            size_t sx = x * factor + factor / 2, sy = y * factor + factor / 2;
            sx = sx < g->width_px ? sx : g->width_px - 1;
            sy = sy < g->height_px ? sy : g->height_px - 1;
            depth[y * width + x] = g->depth[sy * g->width_px + sx];
        }
}

static enum smp_code draw_glow(struct smp_tint *tint, const struct smp_spot *spots, size_t count,
                               const struct projection *p, const uint32_t *source, int which,
                               const struct smp_gbuffer *g, struct smp_pool *pool,
                               struct smp_arena *arena, struct smp_err *err)
{
    const size_t factor = tint->factor[which];
    const size_t width = tint->glow_width[which], height = tint->glow_height[which];
    struct draw *d = smp_new(arena, struct draw, 1);
    struct ellipse *e = smp_new(arena, struct ellipse, 3 * count);
    float *depth = smp_new(arena, float, width *height);
    if (!d || !e || !depth)
        return no_room(err, count);
    coarse_depth(depth, width, height, factor, g);
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        const struct smp_spot *s = &spots[source[i]];
        for (int c = 0; c < 3; c++) { // one ellipse a colour: the widths differ
            if (s->glow[which][c] <= 0)
                continue;
            struct ellipse *q = &e[used++];
            struct projection small = p[i];
            const double f = 1 / (double)factor;
            small.x *= f;
            small.y *= f;
            for (int k = 0; k < 2; k++) {
                small.jx[k] *= f;
                small.jy[k] *= f;
            }
            small.slope_x *= (double)factor;
            small.slope_y *= (double)factor;
            const double sigma = (double)s->glow_sigma[which][c];
            // What bilinear enlargement adds is taken off beforehand.
            shape(q, &small, (double[2]){ sigma, sigma }, 0.20, 3.0);
            const float amount = s->glow[which][c] / (float)(2 * SMP_PI * sigma * sigma) / 0.9889f;
            const float gain = q->gain[0] * amount;
            q->gain[0] = q->gain[1] = q->gain[2] = 0;
            q->gain[c] = gain;
            q->radius_mm = (float)(depth_slack_mm + 2 * sigma);
        }
    }
    *d = (struct draw){ .e = e,
                        .width = width,
                        .height = height,
                        .depth = depth,
                        .out = tint->glow[which],
                        .glow = true };
    make_falloff(&d->fall);
    if (!sort_into_tiles(&d->tiles, e, used, width, height, arena))
        return no_room(err, count);
    smp_pool_for(pool, d->tiles.across * d->tiles.down, 1, draw_tiles, d);
    return SMP_OK;
}

enum smp_code smp_splat(struct smp_tint *tint, const struct smp_spot *spots, size_t count,
                        const struct smp_gbuffer *g, const struct smp_camera *camera,
                        struct smp_pool *pool, struct smp_arena *scratch, struct smp_err *err)
{
    const struct smp_mark mark = smp_arena_mark(scratch);
    struct projection *p = smp_new(scratch, struct projection, count);
    uint32_t *source = smp_new(scratch, uint32_t, count);
    if (!p || !source)
        return no_room(err, count);
    size_t seen = 0;
    for (size_t i = 0; i < count; i++) {
        if (!project(&p[seen], camera, &spots[i]))
            continue;
        source[seen++] = (uint32_t)i;
    }
    const bool close = camera->px_per_mm > 12;
    enum smp_code code = draw_spots(tint->px, spots, seen, p, source, close, g, pool, scratch, err);
    for (int which = 0; which < SMP_GLOWS && !code; which++)
        code = draw_glow(tint, spots, seen, p, source, which, g, pool, scratch, err);
    smp_arena_reset(scratch, mark);
    return code;
}
