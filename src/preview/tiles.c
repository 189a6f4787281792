// Ellipses sorted into tiles of the picture. Each tile draws its own in the order of the list, so
// that products and sums do not depend on the number of threads.
#include "preview/splat_impl.h"

enum { TILE_PX = SMP_TILE_PX };

// ---- Tiles -------------------------------------------------------------------------------------

struct tiles {
    size_t across, down;
    uint32_t *first; // per tile: where its list begins; one more at the end
    uint32_t *items;
};

static void tile_range(const struct smp_ellipse *e, const struct tiles *t, size_t range[4])
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

static bool sort_into_tiles(struct tiles *t, const struct smp_ellipse *e, size_t count,
                            const struct smp_canvas *canvas, struct smp_arena *arena)
{
    t->across = (canvas->width_px + TILE_PX - 1) / TILE_PX;
    t->down = (canvas->height_px + TILE_PX - 1) / TILE_PX;
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

struct draw {
    const struct smp_canvas *canvas;
    const struct smp_ellipse *e;
    struct tiles tiles;
};

struct box {
    size_t x0, x1, y0, y1;
};

// Where a tile is drawn: the picture, or a place of its own.
struct target {
    struct smp_rgb *px;
    size_t left, top, stride;
};
static struct smp_rgb *place(const struct target *to, size_t x, size_t y)
{
    return &to->px[(y - to->top) * to->stride + x - to->left];
}

static struct box box_of(const struct smp_ellipse *e, const struct draw *d, size_t tile)
{
    const size_t tx = tile % d->tiles.across * TILE_PX, ty = tile / d->tiles.across * TILE_PX;
    struct box b = { tx, tx + TILE_PX, ty, ty + TILE_PX };
    if (b.x1 > d->canvas->width_px)
        b.x1 = d->canvas->width_px;
    if (b.y1 > d->canvas->height_px)
        b.y1 = d->canvas->height_px;
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

// exp(−q/2) along a row of an ellipse, 0 past its reach; in whole groups of pixels, which suit
// wide registers.
static const float farthest_q = 12.3f;
enum { GROUP_PX = 8 };
static void fall_off(float w[TILE_PX + GROUP_PX], const struct smp_ellipse *e, float dx0, float dy,
                     size_t count)
{
    const float a = e->a, b = 2 * e->b * dy, c = e->c * dy * dy;
    const int whole = (int)((count + GROUP_PX - 1) / GROUP_PX * GROUP_PX);
    float q[TILE_PX + GROUP_PX];
    for (int i = 0; i < whole; i++) { // loops of their own: gcc vectorises each
        const float dx = dx0 + (float)i, own = dx * (a * dx + b) + c;
        q[i] = own < farthest_q ? own : farthest_q;
    }
    for (int i = 0; i < whole; i++)
        w[i] = smp_thin(0.5f * q[i]);
    for (int i = 0; i < whole; i++)
        w[i] = q[i] < farthest_q ? w[i] : 0;
}

// 0 too where the skin's plane at the ellipse is not what the picture shows.
static void hide(float *w, const float *depth, const struct smp_ellipse *e, float dx0, float dy,
                 size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const float plane = e->depth + e->slope_x * (dx0 + (float)(int)i) + e->slope_y * dy;
        w[i] = fabsf(depth[i] - plane) < e->radius_mm ? w[i] : 0;
    }
}

static void darken(struct smp_rgb *o, const float *w, const float gain[3], size_t count)
{
    const float r = gain[0], g = gain[1], b = gain[2];
    for (size_t i = 0; i < count; i++) {
        o[i].r *= 1 - r * w[i];
        o[i].g *= 1 - g * w[i];
        o[i].b *= 1 - b * w[i];
    }
}

static void add_glow(struct smp_rgb *o, const float *w, const float gain[3], size_t count)
{
    for (int k = 0; k < 3; k++) { // mostly of one colour: their widths differ
        const float own = gain[k];
        float *to = &o->r + k;
        for (size_t i = 0; own > 0 && i < count; i++)
            to[3 * i] += own * w[i];
    }
}

static void draw_one(const struct target *to, const struct draw *d, const struct smp_ellipse *e,
                     size_t tile)
{
    const struct box b = box_of(e, d, tile);
    if (b.x0 >= b.x1)
        return;
    const size_t count = b.x1 - b.x0;
    const float dx0 = (float)b.x0 + 0.5f - e->x, *depth = d->canvas->depth;
    float w[TILE_PX + GROUP_PX] = { 0 };
    for (size_t y = b.y0; y < b.y1; y++) {
        const float dy = (float)y + 0.5f - e->y;
        fall_off(w, e, dx0, dy, count);
        if (depth)
            hide(w, depth + y * d->canvas->width_px + b.x0, e, dx0, dy, count);
        struct smp_rgb *o = place(to, b.x0, y);
        if (d->canvas->glow)
            add_glow(o, w, e->gain, count);
        else
            darken(o, w, e->gain, count);
    }
}

// Close up a spot is flatter inside than a Gaussian and its outline is not quite round.
static void draw_close(const struct target *to, const struct draw *d, const struct smp_ellipse *e,
                       const struct smp_spot *s, size_t tile)
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
            const size_t i = y * d->canvas->width_px + x;
            const float plane = e->depth + e->slope_x * dx + e->slope_y * dy;
            if (q > farthest_q ||
                (d->canvas->depth && !(fabsf(d->canvas->depth[i] - plane) < e->radius_mm)))
                continue;
            const float angle = atan2f(dy, dx);
            float r = 1;
            for (int k = 0; k < 3; k++)
                r += wobble[k] * cosf(modes[k] * angle + turn[k]);
            // q = 2 ln 2 at the half width
            const float v = sqrtf(q / 1.3863f) / r;
            const float w = expf(-0.6931f * powf(v, s->profile));
            struct smp_rgb *o = place(to, x, y);
            o->r *= 1 - e->gain[0] * w;
            o->g *= 1 - e->gain[1] * w;
            o->b *= 1 - e->gain[2] * w;
        }
    }
}

static void draw_tile(const struct target *to, const struct draw *d, size_t t)
{
    for (uint32_t k = d->tiles.first[t]; k < d->tiles.first[t + 1]; k++) {
        const uint32_t item = d->tiles.items[k];
        const struct smp_spot *s =
            d->canvas->spots ? &d->canvas->spots[d->canvas->source[item]] : NULL;
        if (s && s->profile > 2.05f)
            draw_close(to, d, &d->e[item], s, t);
        else
            draw_one(to, d, &d->e[item], t);
    }
}

// Drawn in a place of its own, which the nearest memory holds, and handed on.
static void hand_on(const struct draw *d, size_t t)
{
    const struct smp_canvas *canvas = d->canvas;
    struct smp_rgb px[TILE_PX * TILE_PX];
    struct smp_tile tile = { .left_px = t % d->tiles.across * TILE_PX,
                             .top_px = t / d->tiles.across * TILE_PX,
                             .px = px,
                             .stride = TILE_PX };
    const size_t wide = canvas->width_px - tile.left_px, high = canvas->height_px - tile.top_px;
    tile.width_px = wide < TILE_PX ? wide : TILE_PX;
    tile.height_px = high < TILE_PX ? high : TILE_PX;
    for (size_t i = 0; i < TILE_PX * TILE_PX; i++)
        px[i] = (struct smp_rgb){ 1, 1, 1 };
    draw_tile(&(struct target){ px, tile.left_px, tile.top_px, TILE_PX }, d, t);
    const bool glows = smp_tint_glow_over(&tile, canvas->glows);
    if (glows || d->tiles.first[t] < d->tiles.first[t + 1])
        canvas->taker->take(canvas->taker->context, &tile);
}

static void draw_tiles(void *context, size_t begin, size_t end)
{
    const struct draw *d = context;
    const struct target picture = { d->canvas->out, 0, 0, d->canvas->width_px };
    for (size_t t = begin; t < end; t++)
        if (d->canvas->out)
            draw_tile(&picture, d, t);
        else
            hand_on(d, t);
}

enum smp_code smp_draw_ellipses(const struct smp_canvas *canvas, const struct smp_ellipse *e,
                                size_t count, const struct smp_work *work)
{
    struct draw *d = smp_new(work->arena, struct draw, 1);
    if (d)
        *d = (struct draw){ .canvas = canvas, .e = e };
    if (!d || !sort_into_tiles(&d->tiles, e, count, canvas, work->arena))
        return smp_fail(work->err, SMP_E_NOMEM, "no room to draw %zu spots", count);
    smp_pool_for(work->pool, d->tiles.across * d->tiles.down, 1, draw_tiles, d);
    return SMP_OK;
}
