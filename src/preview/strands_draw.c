// Strands on the picture: lines thinner than a pixel cover the share of it that they cover, far
// ones first. Each tile sorts and draws its own, so the bytes do not depend on threads.
#include "preview/strands_impl.h"

#include <stdlib.h>

enum { TILE_PX = 48 };
static const float slack_mm = 0.8f; // a hair shows so far behind what the pixel saw of the skin

struct point {
    float x, y, depth, wide_px;
    struct smp_rgb light;
};

struct item {
    float depth;
    uint32_t point; // the first of the segment's two
};

struct drawing {
    const struct smp_strands *strands;
    const struct smp_strand_look *look;
    const float *depth;
    struct smp_veil *veil;
    struct point *points; // wide_px 0: not drawn
    size_t width_px, height_px, across, down;
    uint32_t *first; // per tile
    struct item *items;
};

// ---- Light on a hair ---------------------------------------------------------------------------

// Two highlights along the hair (Marschner et al. 2003, as Scheuermann 2004 draws them): one off
// the surface, white, toward the root; one through the hair, of its colour, toward the tip, wider.
struct lobes {
    float surface, through;
};

static float lobe(float sine, float shift, float width)
{
    const float d = (sine - shift) / width;
    return expf(-0.5f * d * d);
}

static struct lobes lobes_of(struct smp_f3 along, struct smp_f3 key, struct smp_f3 view)
{
    const struct smp_f3 half = smp_f3_unit(smp_f3_add(key, view, 1));
    const float sine = smp_f3_dot(along, half); // 0 at the mirror's angle
    return (struct lobes){ lobe(sine, -0.09f, 0.14f), lobe(sine, 0.14f, 0.26f) };
}

// Dark hair stops light, light hair passes much of it on.
static float passed(float mass, float depth)
{
    return expf(-0.95f * depth * (1 - 0.75f * sqrtf(mass)));
}

static float bump(uint32_t id, int byte)
{
    return (float)(id >> (8 * byte) & 255) / 255;
}

struct where {
    struct smp_f3 at, along;
    float share; // from root to tip
};

static struct smp_rgb light_of(const struct drawing *d, const struct where *w, size_t strand)
{
    const struct smp_strand_look *look = d->look;
    const struct smp_rig *rig = look->rig;
    const uint32_t id = d->strands->id[strand];
    struct smp_f3 out;
    smp_room_at(look->room, w->at, &out);
    const struct smp_f3 to_key = smp_f3_add(smp_f3_of(rig->key_mm), w->at, -1);
    const float distance2 = smp_f3_dot(to_key, to_key);
    const struct smp_f3 key = smp_f3_unit(to_key);
    const struct smp_f3 view = smp_f3_unit(smp_f3_add(smp_f3_of(look->camera->eye), w->at, -1));
    float depth[2], sh[SMP_SH_COUNT], around = 0;
    smp_hair_shade_at(depth, look->shade, w->at);
    smp_sh_eval(sh, out);
    for (int k = 0; k < SMP_SH_COUNT; k++)
        around += rig->sky[k] * sh[k] * (k == 0 ? 1 : k < 4 ? 2.0f / 3 : 0.25f);
    const float facing = smp_f3_dot(out, key), lengthwise = smp_f3_dot(w->along, key);
    const float sine = sqrtf(fmaxf(0, 1 - lengthwise * lengthwise));
    const float lit = smp_smoothf(-0.30f, 0.25f, facing); // the head's own shade
    const float strength = rig->key * (1100.0f * 1100.0f) / distance2;
    const float diffuse = 0.50f * fmaxf(0, (facing + 0.15f) / 1.15f) + 0.50f * sine * lit;
    const struct lobes lobes = lobes_of(w->along, key, view);
    // A hair below its neighbours is in their shade, which the cubes are too coarse for.
    const float thick = 1 - expf(-2 * depth[1]);
    const float under = 1 - 0.55f * thick * (1 - smp_clampf(1.3f * d->strands->high[strand], 0, 1));
    const struct smp_rgb base = look->colour[d->strands->grey[strand]];
    const float tone = under * (0.70f + 0.60f * bump(id, 0)) * (0.85f + 0.25f * w->share);
    const float colours[3] = { base.r * tone, base.g * tone, base.b * tone };
    const float masses[3] = { look->mass.r, look->mass.g, look->mass.b };
    const float shine = under * 0.085f * lobes.surface * (0.2f + 1.6f * bump(id, 1));
    float light[3];
    for (int c = 0; c < 3; c++) {
        const float seen = passed(masses[c], depth[0]) * strength;
        const float open = 0.15f + 0.85f * passed(masses[c], depth[1]);
        light[c] = colours[c] * (diffuse * seen + fmaxf(around, 0) * open) +
                   lit * sine * seen * (shine + 0.6f * colours[c] * lobes.through);
    }
    return (struct smp_rgb){ light[0], light[1], light[2] };
}

// ---- Onto the picture --------------------------------------------------------------------------

static void project_one(struct drawing *d, size_t i)
{
    const struct smp_strands *strands = d->strands;
    const struct smp_viewer *camera = d->look->camera;
    const size_t steps = strands->steps;
    const struct smp_f3 *p = strands->points + i * (steps + 1);
    struct point *to = d->points + i * (steps + 1);
    for (size_t k = 0; k <= steps; k++) {
        const struct smp_vec3 at = smp_vec3((double)p[k].x, (double)p[k].y, (double)p[k].z);
        double x, y;
        const double depth = smp_viewer_project(camera, at, &x, &y);
        const size_t before = k > 0 ? k - 1 : 0, after = k < steps ? k + 1 : k;
        const float share = (float)k / (float)steps;
        const struct where w = { p[k], smp_f3_unit(smp_f3_add(p[after], p[before], -1)), share };
        const float taper = 1 - 0.6f * share * share * share;
        to[k] = (struct point){
            .x = (float)x,
            .y = (float)y,
            .depth = (float)depth,
            .wide_px = taper * strands->calibre_mm[i] * (float)(camera->focal_px / depth),
            .light = light_of(d, &w, i),
        };
    }
}

static void project_some(void *context, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++)
        project_one(context, i);
}

// Tiles that a segment's box touches; false where none.
static bool tiles_of(size_t range[4], const struct drawing *d, const struct point *p)
{
    if (!(p[0].wide_px > 0) || !(p[1].wide_px > 0))
        return false;
    const float reach = 1 + p[0].wide_px;
    const float low_x = fminf(p[0].x, p[1].x) - reach, high_x = fmaxf(p[0].x, p[1].x) + reach;
    const float low_y = fminf(p[0].y, p[1].y) - reach, high_y = fmaxf(p[0].y, p[1].y) + reach;
    if (!(high_x >= 0) || !(high_y >= 0) || !(low_x < (float)d->width_px) ||
        !(low_y < (float)d->height_px))
        return false;
    range[0] = low_x < 0 ? 0 : (size_t)low_x / TILE_PX;
    range[2] = low_y < 0 ? 0 : (size_t)low_y / TILE_PX;
    range[1] = (size_t)fminf(high_x, (float)d->width_px - 1) / TILE_PX + 1;
    range[3] = (size_t)fminf(high_y, (float)d->height_px - 1) / TILE_PX + 1;
    return true;
}

// Lists each tile's segments; twice over all of them, to count and to fill.
static bool sort_into_tiles(struct drawing *d, struct smp_arena *arena)
{
    const size_t tiles = d->across * d->down, steps = d->strands->steps;
    d->first = smp_new(arena, uint32_t, tiles + 2);
    if (!d->first)
        return false;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < d->strands->count * (steps + 1); i++) {
            size_t range[4];
            if (i % (steps + 1) == steps || !tiles_of(range, d, &d->points[i]))
                continue;
            for (size_t y = range[2]; y < range[3]; y++)
                for (size_t x = range[0]; x < range[1]; x++) {
                    uint32_t *slot = &d->first[y * d->across + x + 1];
                    if (pass)
                        d->items[*slot] =
                            (struct item){ d->points[i].depth + d->points[i + 1].depth,
                                           (uint32_t)i };
                    ++*slot;
                }
        }
        if (pass)
            break;
        uint32_t sum = 0; // slot t + 1 runs from tile t's beginning to its end
        for (size_t t = 1; t <= tiles; t++) {
            const uint32_t own = d->first[t];
            d->first[t] = sum;
            sum += own;
        }
        d->items = smp_new(arena, struct item, sum);
        if (!d->items)
            return false;
    }
    return true;
}

static int farther_first(const void *a, const void *b)
{
    const struct item *p = a, *q = b;
    if (p->depth != q->depth)
        return p->depth > q->depth ? -1 : 1;
    return p->point < q->point ? -1 : p->point > q->point;
}

struct box {
    ptrdiff_t x0, x1, y0, y1;
};

static void blend(const struct drawing *d, ptrdiff_t x, ptrdiff_t y, float cover,
                  const struct point *a, const struct point *b, float t)
{
    const size_t i = (size_t)y * d->width_px + (size_t)x;
    const float depth = a->depth + t * (b->depth - a->depth);
    if (d->depth && depth > d->depth[i] + slack_mm)
        return;
    const float keep = 1 - fminf(cover, 1), own = 1 - keep;
    struct smp_rgb *o = &d->veil->light[i];
    o->r = keep * o->r + own * (a->light.r + t * (b->light.r - a->light.r));
    o->g = keep * o->g + own * (a->light.g + t * (b->light.g - a->light.g));
    o->b = keep * o->b + own * (a->light.b + t * (b->light.b - a->light.b));
    d->veil->clear[i] *= keep;
}

// A strip along its longer axis: of each column that it crosses it covers its thickness there,
// shared between the pixels that its middle lies between.
static void draw_segment(const struct drawing *d, const struct box *box, const struct point *a,
                         const struct point *b)
{
    const bool steep = fabsf(b->y - a->y) > fabsf(b->x - a->x);
    if ((steep ? b->y < a->y : b->x < a->x)) {
        const struct point *swap = a;
        a = b;
        b = swap;
    }
    const float u0 = steep ? a->y : a->x, v0 = steep ? a->x : a->y;
    const float u1 = steep ? b->y : b->x, v1 = steep ? b->x : b->y;
    const float run = u1 - u0;
    if (!(run > 1e-3f))
        return;
    const float slope = (v1 - v0) / run, lean = sqrtf(1 + slope * slope);
    const ptrdiff_t low = steep ? box->y0 : box->x0, high = steep ? box->y1 : box->x1;
    const ptrdiff_t under = steep ? box->x0 : box->y0, over = steep ? box->x1 : box->y1;
    const ptrdiff_t from = (ptrdiff_t)floorf(u0), to = (ptrdiff_t)floorf(u1);
    for (ptrdiff_t i = from > low ? from : low; i <= to && i < high; i++) {
        const float begin = fmaxf((float)i, u0), end = fminf((float)i + 1, u1);
        const float middle = 0.5f * (begin + end), t = (middle - u0) / run;
        const float thick = lean * (a->wide_px + t * (b->wide_px - a->wide_px));
        const float base = fmaxf(thick, 1), v = v0 + slope * (middle - u0);
        const float share = (end - begin) * thick / base, reach = 0.5f * (base + 1);
        const ptrdiff_t first = (ptrdiff_t)floorf(v - reach + 0.5f),
                        last = (ptrdiff_t)floorf(v + reach - 0.5f);
        for (ptrdiff_t j = first > under ? first : under; j <= last && j < over; j++) {
            const float near = smp_clampf(reach - fabsf((float)j + 0.5f - v), 0, 1);
            if (near > 0)
                blend(d, steep ? j : i, steep ? i : j, share * near, a, b, t);
        }
    }
}

static void draw_tiles(void *context, size_t begin, size_t end)
{
    const struct drawing *d = context;
    for (size_t t = begin; t < end; t++) {
        const uint32_t from = t ? d->first[t] : 0, to = d->first[t + 1];
        const ptrdiff_t x = (ptrdiff_t)(t % d->across * TILE_PX);
        const ptrdiff_t y = (ptrdiff_t)(t / d->across * TILE_PX);
        const ptrdiff_t wide = (ptrdiff_t)d->width_px, high = (ptrdiff_t)d->height_px;
        const struct box box = { x, x + TILE_PX < wide ? x + TILE_PX : wide, y,
                                 y + TILE_PX < high ? y + TILE_PX : high };
        qsort(d->items + from, to - from, sizeof *d->items, farther_first);
        for (uint32_t k = from; k < to; k++) {
            const struct point *p = &d->points[d->items[k].point];
            draw_segment(d, &box, &p[0], &p[1]);
        }
    }
}

enum smp_code smp_strands_draw(struct smp_veil *veil, const struct smp_strands *strands,
                               const struct smp_strand_look *look, const float *depth,
                               const struct smp_work *work)
{
    const size_t width = look->camera->width_px, height = look->camera->height_px;
    struct drawing d = { .strands = strands,
                         .look = look,
                         .depth = depth,
                         .veil = veil,
                         .width_px = width,
                         .height_px = height,
                         .across = (width + TILE_PX - 1) / TILE_PX,
                         .down = (height + TILE_PX - 1) / TILE_PX };
    veil->light = smp_new(work->arena, struct smp_rgb, width * height);
    veil->clear = smp_new(work->arena, float, width *height);
    d.points = smp_new(work->arena, struct point, strands->count * (strands->steps + 1));
    if (!veil->light || !veil->clear || !d.points)
        return smp_fail(work->err, SMP_E_NOMEM, "no room to draw %zu strands", strands->count);
    for (size_t i = 0; i < width * height; i++)
        veil->clear[i] = 1;
    smp_pool_for(work->pool, strands->count, 512, project_some, &d);
    if (!sort_into_tiles(&d, work->arena))
        return smp_fail(work->err, SMP_E_NOMEM, "no room to draw %zu strands", strands->count);
    smp_pool_for(work->pool, d.across * d.down, 1, draw_tiles, &d);
    return SMP_OK;
}
