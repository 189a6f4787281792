// What each pixel sees: one ray a pixel, eight more where a neighbour sees something else; at each
// hit the skin's colour, the light that falls on it unspread, and the shine.
#include "preview/preview_impl.h"

enum { TILE_ROWS = 8, EDGE_SAMPLES = 8, TILE_PX = 16, TAKE_MAX = 8 };
static const double far_mm = 4000;

struct sample {
    bool hit;
    float depth, key, seen, ambient, shine_key, shine_sky;
    struct smp_rgb albedo;
};

struct job {
    const struct smp_scene *scene;
    const struct smp_viewer *camera;
    const struct smp_rig *rig;
    const float *ambient;
    struct smp_gbuffer *g;
    uint8_t *edge;
    uint8_t *tiles; // of TILE_PX: whether any triangle may show there
    size_t tiles_across, tiles_down;
    float footprint_mm, relief;
};

// ---- The place on the skin ---------------------------------------------------------------------

struct place {
    struct smp_f3 at, normal, view;
    float ambient, openness;
    struct smp_paint paint;
    struct smp_rgb smooth, plain; // of the texture, and what replaces it
    struct smp_uv uv;
};

static struct place place_of(const struct job *job, const struct smp_hit *hit, struct smp_vec3 at)
{
    const struct smp_scene *scene = job->scene;
    const uint32_t *corner = scene->mesh.triangles[hit->triangle];
    struct place p = { .at = smp_f3_of(at) };
    for (int k = 0; k < 3; k++) {
        const uint32_t i = corner[k];
        const float w = (float)hit->bary[k];
        p.normal = smp_f3_add(p.normal, scene->normals[i], w);
        p.ambient += w * job->ambient[i];
        p.openness += w * scene->openness[i];
        p.paint.blood += w * scene->paint[i].blood;
        p.paint.shadow += w * scene->paint[i].shadow;
        p.paint.beard += w * scene->paint[i].beard;
        p.paint.brow += w * scene->paint[i].brow;
        p.paint.lip += w * scene->paint[i].lip;
        p.paint.lash += w * scene->paint[i].lash;
        p.paint.cloth += w * scene->paint[i].cloth;
        p.paint.clean += w * scene->paint[i].clean;
        if (scene->smooth) {
            p.smooth.r += w * scene->smooth[i].r;
            p.smooth.g += w * scene->smooth[i].g;
            p.smooth.b += w * scene->smooth[i].b;
            p.plain.r += w * scene->plain[i].r;
            p.plain.g += w * scene->plain[i].g;
            p.plain.b += w * scene->plain[i].b;
            p.uv.u += w * scene->head->mesh.uvs[hit->triangle][k].u;
            p.uv.v += w * scene->head->mesh.uvs[hit->triangle][k].v;
        }
    }
    if (scene->head->is_template)
        p.paint.cloth = fmaxf(p.paint.cloth, smp_smoothf(0.3f, -0.3f, smp_collar_mm(p.at)));
    p.view = smp_f3_unit(smp_f3_of(smp_sub(job->camera->eye, at)));
    p.normal = smp_f3_unit(p.normal);
    return p;
}

// ---- Shine: GGX (Walter et al. 2007) for the key, the blurred surroundings for the rest
// ----------

static float ggx(float nl, float nv, float nh, float vh, float roughness)
{
    const float a = roughness * roughness + 0.09f; // the soft box is 30° wide
    const float a2 = a * a, q = nh * nh * (a2 - 1) + 1;
    const float d = a2 / (q * q); // × 1/π, which cancels against the diffuse light's
    const float k = 0.5f * a;
    const float visible = 1 / (4 * (nl * (1 - k) + k) * (nv * (1 - k) + k));
    const float m = 1 - vh, m2 = m * m;
    const float fresnel = 0.028f + 0.972f * m2 * m2 * m;
    return d * visible * fresnel * nl;
}

static void shine(struct sample *s, const struct job *job, const struct place *p, struct smp_f3 n,
                  struct smp_f3 to_key)
{
    const float nv = fmaxf(smp_f3_dot(n, p->view), 0.05f);
    const float nl = smp_f3_dot(n, to_key);
    if (nl > 0) {
        const struct smp_f3 h = smp_f3_unit(smp_f3_add(to_key, p->view, 1));
        const float nh = smp_f3_dot(n, h), vh = smp_f3_dot(p->view, h);
        s->shine_key =
            job->rig->key * (0.7f * ggx(nl, nv, nh, vh, 0.50f) + 0.3f * ggx(nl, nv, nh, vh, 0.32f));
    }
    struct smp_f3 r = { -p->view.x, -p->view.y, -p->view.z };
    r = smp_f3_add(r, n, 2 * nv);
    float sh[SMP_SH_COUNT], sky = 0;
    smp_sh_eval(sh, smp_f3_unit(r));
    for (int k = 0; k < SMP_SH_COUNT; k++)
        sky += job->rig->sky[k] * sh[k] * (k == 0 ? 1 : k < 4 ? 0.85f : 0.55f);
    const float m = 1 - nv, m2 = m * m;
    const float fresnel = 0.028f + 0.10f * m2 * m2;
    s->shine_sky = fmaxf(sky, 0.05f) * fresnel * p->openness * p->openness;
    const float skin = (1 - 0.85f * p->paint.cloth) * (1 - 0.7f * p->paint.brow);
    s->shine_key *= skin;
    s->shine_sky *= smp_smoothf(-0.05f, 0.35f, nv); // no pale rim around the head
    s->shine_sky *= skin;
}

// ---- Colour of the skin ------------------------------------------------------------------------

static struct smp_rgb texel(const struct smp_image *image, struct smp_uv uv)
{
    const float x = (uv.u - floorf(uv.u)) * (float)image->width_px - 0.5f;
    const float y = smp_clampf(uv.v, 0, 1) * (float)image->height_px - 0.5f;
    const float fx = floorf(x), fy = floorf(y);
    const float dx = x - fx, dy = y - fy;
    const ptrdiff_t w = (ptrdiff_t)image->width_px, h = (ptrdiff_t)image->height_px;
    struct smp_rgb sum = { 0, 0, 0 };
    for (int k = 0; k < 4; k++) {
        const ptrdiff_t ix = ((ptrdiff_t)fx + (k & 1) + w) % w;
        ptrdiff_t iy = (ptrdiff_t)fy + (k >> 1);
        iy = iy < 0 ? 0 : iy >= h ? h - 1 : iy;
        const float weight = ((k & 1) ? dx : 1 - dx) * ((k >> 1) ? dy : 1 - dy);
        const struct smp_rgb c = image->px_lin[iy * w + ix];
        sum.r += weight * c.r;
        sum.g += weight * c.g;
        sum.b += weight * c.b;
    }
    return sum;
}

static float replace(float texture, float smooth, float target, float share)
{
    // The fine structure is the texture over its own low-pass, at half strength: the rest of it is
    // shaved hair.
    const float fine = sqrtf(smp_clampf(texture / fmaxf(smooth, 0.01f), 0.5f, 1.6f));
    return texture + share * (target * fine - texture);
}

static void towards(struct smp_rgb *c, struct smp_rgb to, float share)
{
    c->r += share * (to.r - c->r);
    c->g += share * (to.g - c->g);
    c->b += share * (to.b - c->b);
}

// Skin under the brows and at the lids' edge is in the shade of hairs (brows.c draws these), and
// the shirt.
static void paint_over(struct smp_rgb *c, const struct place *p, const struct smp_complexion *skin)
{
    const struct smp_rgb hair = { fminf(skin->hair.r, 0.35f * skin->base.r),
                                  fminf(skin->hair.g, 0.35f * skin->base.g),
                                  fminf(skin->hair.b, 0.35f * skin->base.b) };
    towards(c, hair, 0.25f * p->paint.brow * p->paint.brow);
    towards(c, hair, 0.30f * p->paint.lash);
    static const struct smp_rgb shirt = { 0.030f, 0.031f, 0.036f };
    towards(c, shirt, p->paint.cloth);
}

static struct smp_rgb skin_colour(const struct job *job, const struct place *p,
                                  const struct smp_detail *detail)
{
    const struct smp_complexion *skin = &job->scene->skin;
    struct smp_rgb c = skin->base;
    if (job->scene->smooth) {
        c = texel(&job->scene->head->texture, p->uv);
        c.r = replace(c.r, p->smooth.r, p->plain.r, p->paint.clean);
        c.g = replace(c.g, p->smooth.g, p->plain.g, p->paint.clean);
        c.b = replace(c.b, p->smooth.b, p->plain.b, p->paint.clean);
    }
    const float blood = detail->blood + p->paint.blood + 0.45f * p->paint.lip;
    const float melanin = detail->melanin + p->paint.shadow;
    const float pores = 0.03f * detail->pores;
    // Shaved beard: .82/.87/.93 of the cheek (docs/preview.md "Hair"), uneven like its hairs.
    const float beard = p->paint.beard * (1 + 2.2f * detail->melanin + 2.5f * detail->blood);
    c.r *= expf(-0.22f * blood - 0.62f * melanin - pores - 0.20f * beard);
    c.g *= expf(-1.00f * blood - 0.80f * melanin - pores - 0.14f * beard);
    c.b *= expf(-0.78f * blood - 1.00f * melanin - pores - 0.07f * beard);
    paint_over(&c, p, skin);
    return c;
}

// ---- One sample --------------------------------------------------------------------------------

// The part of the soft box a pixel asks: 4 × 4 parts, all of them within any 4 × 4 pixels.
static struct smp_vec3 light_part(const struct smp_rig *rig, size_t x, size_t y, int turn)
{
    static const uint8_t order[16] = { 0, 10, 5, 15, 7, 13, 2, 8, 11, 1, 14, 4, 12, 6, 9, 3 };
    const int k = (order[(y & 3) * 4 + (x & 3)] + 5 * turn) & 15;
    const double u = ((k & 3) + 0.5) / 2 - 1, v = ((k >> 2) + 0.5) / 2 - 1;
    return smp_add(rig->key_mm, smp_add(smp_scale(rig->key_right, u), smp_scale(rig->key_up, v)));
}

static float soft_cosine(float c)
{
    const float s = 0.25f; // half the soft box, seen from the head
    return c > s ? c : c < -s ? 0 : (c + s) * (c + s) / (4 * s);
}

static struct smp_vec3 direction_of(const struct smp_viewer *camera, double x_px, double y_px)
{
    const double u = (x_px - camera->centre_x_px) / camera->focal_px;
    const double v = (camera->centre_y_px - y_px) / camera->focal_px;
    return smp_unit(
        smp_sub(smp_add(smp_scale(camera->right, u), smp_scale(camera->up, v)), camera->back));
}

// Where a sample looks, and which part of the soft box it asks.
struct look {
    double x_px, y_px;
    int turn;
};

// The ray to the soft box; false where none is needed: skin that faces away is in its own shade.
static bool shadow_ray(struct smp_ray *ray, const struct smp_rig *rig, const struct look *look,
                       struct smp_vec3 at, struct smp_f3 n)
{
    const struct smp_vec3 normal = smp_vec3((double)n.x, (double)n.y, (double)n.z);
    const struct smp_vec3 part =
        smp_sub(light_part(rig, (size_t)look->x_px, (size_t)look->y_px, look->turn), at);
    const double length = smp_length(part);
    *ray = (struct smp_ray){ smp_add(at, smp_scale(normal, 0.1)), smp_scale(part, 1 / length), 0,
                             length };
    return smp_dot(part, normal) > 0;
}

// All of a sample but the shadow; whether that needs the ray.
static bool shade(struct sample *s, struct smp_ray *ray, const struct job *job,
                  const struct look *look, const struct smp_hit *hit, struct smp_vec3 direction)
{
    const struct smp_viewer *camera = job->camera;
    const struct smp_vec3 at = smp_add(camera->eye, smp_scale(direction, hit->distance));
    struct place p = place_of(job, hit, at);
    *s = (struct sample){ .hit = true, .seen = 1 };
    s->depth = (float)(-hit->distance * smp_dot(direction, camera->back));
    if (smp_f3_dot(p.normal, p.view) < 0) { // the back of an open mesh
        p.normal = (struct smp_f3){ -p.normal.x, -p.normal.y, -p.normal.z };
        p.ambient *= 0.3f;
    }

    struct smp_detail detail;
    const float facing = fmaxf(smp_f3_dot(p.normal, p.view), 0.15f);
    smp_detail_fine(&detail, p.at, job->footprint_mm / sqrtf(facing));
    const float lean = smp_f3_dot(detail.slope, p.normal);
    const struct smp_f3 slope = smp_f3_add(detail.slope, p.normal, -lean);
    const struct smp_f3 bumpy = smp_f3_unit(smp_f3_add(p.normal, slope, -job->relief));

    const struct smp_f3 key = smp_f3_of(smp_sub(job->rig->key_mm, at));
    const float distance2 = smp_f3_dot(key, key);
    const struct smp_f3 to_key = smp_f3_unit(key);
    const float bumpy_cos = soft_cosine(
        smp_f3_dot(smp_f3_unit(smp_f3_add(p.normal, slope, -0.5f * job->relief)), to_key));
    s->key = job->rig->key * bumpy_cos * (1100.0f * 1100.0f / distance2);
    s->ambient = p.ambient;
    s->albedo = skin_colour(job, &p, &detail);
    shine(s, job, &p, bumpy, to_key);
    return soft_cosine(smp_f3_dot(p.normal, to_key)) > 0 &&
           shadow_ray(ray, job->rig, look, at, p.normal);
}

// Eight samples at once, or fewer.
static void take(struct sample *s, const struct job *job, const struct look *look, size_t count)
{
    struct smp_ray ray[TAKE_MAX] = { 0 }, shadow[TAKE_MAX] = { 0 };
    struct smp_hit hit[TAKE_MAX];
    bool blocked[TAKE_MAX];
    size_t whose[TAKE_MAX], shadows = 0;
    for (size_t k = 0; k < count; k++)
        ray[k] =
            (struct smp_ray){ job->camera->eye,
                              direction_of(job->camera, look[k].x_px, look[k].y_px), 0, far_mm };
    smp_rays_first_many(job->scene->rays, hit, ray, count);
    for (size_t k = 0; k < count; k++) {
        s[k] = (struct sample){ 0 };
        if (hit[k].triangle == SMP_NO_TRIANGLE)
            continue;
        if (shade(&s[k], &shadow[shadows], job, &look[k], &hit[k], ray[k].direction))
            whose[shadows++] = k;
    }
    smp_rays_blocked_many(job->scene->rays, blocked, shadow, shadows);
    for (size_t k = 0; k < shadows; k++)
        s[whose[k]].seen = blocked[k] ? 0 : 1;
}

// ---- The whole picture -------------------------------------------------------------------------

static void put(struct smp_gbuffer *g, size_t i, const struct sample *s)
{
    g->cover[i] = s->hit ? 1 : 0;
    g->depth[i] = s->hit ? s->depth : HUGE_VALF;
    g->key[i] = s->key;
    g->seen[i] = s->seen;
    g->ambient[i] = s->ambient;
    g->shine_key[i] = s->shine_key;
    g->shine_sky[i] = s->shine_sky;
    g->albedo[i] = s->albedo;
}

// Half of a portrait is background: rays go only where the box around a triangle's picture does.
static void mark_tiles(struct job *job)
{
    const struct smp_mesh *mesh = &job->scene->mesh;
    const double last_x = (double)job->tiles_across - 1, last_y = (double)job->tiles_down - 1;
    for (size_t t = 0; t < mesh->triangle_count; t++) {
        double low_x = HUGE_VAL, low_y = HUGE_VAL, high_x = -HUGE_VAL, high_y = -HUGE_VAL;
        for (int k = 0; k < 3; k++) {
            double x, y;
            smp_viewer_project(job->camera, mesh->points[mesh->triangles[t][k]], &x, &y);
            low_x = fmin(low_x, x);
            high_x = fmax(high_x, x);
            low_y = fmin(low_y, y);
            high_y = fmax(high_y, y);
        }
        low_x = floor((low_x - 1) / TILE_PX);
        high_x = floor((high_x + 1) / TILE_PX);
        low_y = floor((low_y - 1) / TILE_PX);
        high_y = floor((high_y + 1) / TILE_PX);
        if (high_x < 0 || high_y < 0 || low_x > last_x || low_y > last_y)
            continue;
        const size_t x1 = (size_t)fmin(high_x, last_x), y1 = (size_t)fmin(high_y, last_y);
        for (size_t y = (size_t)fmax(low_y, 0); y <= y1; y++)
            for (size_t x = (size_t)fmax(low_x, 0); x <= x1; x++)
                job->tiles[y * job->tiles_across + x] = 1;
    }
}

// Eight pixels of a row: a tile's width is a multiple of that.
static void take_run(const struct job *job, size_t x, size_t y)
{
    struct look look[TAKE_MAX];
    struct sample s[TAKE_MAX];
    size_t count = 0;
    for (; count < TAKE_MAX && x + count < job->g->width_px; count++)
        look[count] = (struct look){ (double)(x + count) + 0.5, (double)y + 0.5, 0 };
    const bool any = job->tiles[y / TILE_PX * job->tiles_across + x / TILE_PX];
    if (any)
        take(s, job, look, count);
    for (size_t k = 0; k < count; k++)
        put(job->g, y * job->g->width_px + x + k, any ? &s[k] : &(struct sample){ 0 });
}

static void first_rows(void *context, size_t begin, size_t end)
{
    const struct job *job = context;
    for (size_t y = begin; y < end; y++)
        for (size_t x = 0; x < job->g->width_px; x += TAKE_MAX)
            take_run(job, x, y);
}

// A pixel is on an edge where cover or depth jump against a neighbour.
static void mark_rows(void *context, size_t begin, size_t end)
{
    const struct job *job = context;
    const struct smp_gbuffer *g = job->g;
    const size_t w = g->width_px, h = g->height_px;
    const float jump = 1.5f + 6 * job->footprint_mm;
    for (size_t y = begin; y < end; y++) {
        for (size_t x = 0; x < w; x++) {
            const float d = g->depth[y * w + x];
            bool edge = false;
            for (int k = 0; k < 4 && !edge; k++) {
                const size_t nx = x + (k == 0) - (k == 1), ny = y + (k == 2) - (k == 3);
                if (nx >= w || ny >= h)
                    continue;
                const float o = g->depth[ny * w + nx];
                edge = (d < HUGE_VALF) != (o < HUGE_VALF) || fabsf(d - o) > jump;
            }
            job->edge[y * w + x] = edge;
        }
    }
}

static void average(struct smp_gbuffer *g, size_t i, const struct sample *s, int count)
{
    struct sample sum = { .depth = HUGE_VALF };
    int hits = 0;
    for (int k = 0; k < count; k++) {
        if (!s[k].hit)
            continue;
        hits++;
        sum.depth = fminf(sum.depth, s[k].depth);
        sum.key += s[k].key;
        sum.seen += s[k].seen * s[k].key; // where no key falls, no shadow does
        sum.ambient += s[k].ambient;
        sum.shine_key += s[k].shine_key;
        sum.shine_sky += s[k].shine_sky;
        sum.albedo.r += s[k].albedo.r;
        sum.albedo.g += s[k].albedo.g;
        sum.albedo.b += s[k].albedo.b;
    }
    const float share = hits ? 1 / (float)hits : 0;
    sum.hit = hits > 0;
    sum.seen = sum.key > 0 ? sum.seen / sum.key : 1;
    sum.key *= share;
    sum.ambient *= share;
    sum.shine_key *= share;
    sum.shine_sky *= share;
    sum.albedo.r *= share;
    sum.albedo.g *= share;
    sum.albedo.b *= share;
    put(g, i, &sum);
    g->cover[i] = (float)hits / (float)count;
}

static void edge_rows(void *context, size_t begin, size_t end)
{
    static const double offset[EDGE_SAMPLES][2] = {
        // eight rooks
        { 1 / 16.0, 7 / 16.0 },   { 3 / 16.0, 13 / 16.0 }, { 5 / 16.0, 1 / 16.0 },
        { 7 / 16.0, 9 / 16.0 },   { 9 / 16.0, 15 / 16.0 }, { 11 / 16.0, 3 / 16.0 },
        { 13 / 16.0, 11 / 16.0 }, { 15 / 16.0, 5 / 16.0 }
    };
    const struct job *job = context;
    const size_t w = job->g->width_px;
    for (size_t y = begin; y < end; y++) {
        for (size_t x = 0; x < w; x++) {
            if (!job->edge[y * w + x])
                continue;
            struct look look[EDGE_SAMPLES];
            struct sample s[EDGE_SAMPLES];
            for (int k = 0; k < EDGE_SAMPLES; k++)
                look[k] = (struct look){ (double)x + offset[k][0], (double)y + offset[k][1], k };
            take(s, job, look, EDGE_SAMPLES);
            average(job->g, y * w + x, s, EDGE_SAMPLES);
        }
    }
}

enum smp_code smp_gbuffer_make(struct smp_gbuffer *g, const struct smp_scene *scene,
                               const struct smp_viewer *camera, const struct smp_rig *rig,
                               const struct smp_work *work)
{
    const size_t count = camera->width_px * camera->height_px;
    struct smp_gbuffer made = { .width_px = camera->width_px, .height_px = camera->height_px };
    float **planes[] = { &made.depth,   &made.cover,     &made.key,      &made.seen,
                         &made.ambient, &made.shine_key, &made.shine_sky };
    bool room = true;
    for (size_t k = 0; k < sizeof planes / sizeof *planes; k++) {
        *planes[k] = smp_new(work->arena, float, count);
        room = room && *planes[k];
    }
    made.albedo = smp_new(work->arena, struct smp_rgb, count);
    uint8_t *edge = smp_new(work->arena, uint8_t, count);
    float *ambient = smp_new(work->arena, float, scene->mesh.point_count);
    const size_t across = (made.width_px + TILE_PX - 1) / TILE_PX;
    const size_t down = (made.height_px + TILE_PX - 1) / TILE_PX;
    uint8_t *tiles = smp_new(work->arena, uint8_t, across * down);
    if (!room || !made.albedo || !edge || !ambient || !tiles)
        return smp_fail(work->err, SMP_E_NOMEM, "no room for a preview of %zu × %zu px",
                        camera->width_px, camera->height_px);
    smp_light_ambient(ambient, scene, rig, work->pool);
    struct job job = { .scene = scene,
                       .camera = camera,
                       .rig = rig,
                       .ambient = ambient,
                       .g = &made,
                       .edge = edge,
                       .tiles = tiles,
                       .tiles_across = across,
                       .tiles_down = down,
                       .footprint_mm = (float)(1 / camera->px_per_mm) };
    // Relief looks deeper in macro photographs: their light is harder.
    job.relief = 0.17f + 0.13f * smp_smoothf(8, 18, (float)camera->px_per_mm);
    mark_tiles(&job);
    smp_pool_for(work->pool, made.height_px, TILE_ROWS, first_rows, &job);
    smp_pool_for(work->pool, made.height_px, 64, mark_rows, &job);
    smp_pool_for(work->pool, made.height_px, TILE_ROWS, edge_rows, &job);
    *g = made;
    return SMP_OK;
}
