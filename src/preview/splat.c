// Spots drawn on the picture as elliptical Gaussians (EWA: Zwicker et al. 2001), area-true at any
// size and tilt: a spot smaller than a pixel grows to the pixel's blur and pales by as much.
// Glows are wide and are drawn at a fraction of the resolution.
#include "preview/splat_impl.h"

static const double lens_px2 = 0.55 * 0.55 + 1.0 / 12; // lens and pixel
static const double glow_blur_px2 = 0.20;              // what keeps a narrow glow from vanishing
static const double min_facing = 0.03;

// Projected tangents, from head millimetres to pixels.
struct projection {
    double x, y, depth;
    double jx[2], jy[2]; // picture x and y for a step along either tangent
    double slope_x, slope_y;
    double blur_px2, photo_px2; // of lens and pixel there; of it the photo's own
    struct smp_vec3 t[2];
};

static bool project(struct projection *p, const struct smp_viewer *camera, const struct smp_spot *s)
{
    const struct smp_vec3 place =
        smp_vec3((double)s->place.x, (double)s->place.y, (double)s->place.z);
    const struct smp_vec3 n =
        smp_vec3((double)s->normal.x, (double)s->normal.y, (double)s->normal.z);
    const struct smp_vec3 view = smp_unit(smp_sub(camera->eye, place));
    if (smp_dot(n, view) < min_facing)
        return false;
    p->depth = smp_viewer_project(camera, place, &p->x, &p->y);
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
static void shape(struct smp_ellipse *e, const struct projection *p, const double sigma_mm[2],
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

static void find_blur(struct projection *p, const struct smp_ground *ground)
{
    const struct smp_sharpness *map = ground->sharpness;
    const double sigma =
        map ? (double)smp_sharpness_at(map, map->sigma_px, (float)p->x, (float)p->y) : 0;
    p->photo_px2 = sigma * sigma;
    p->blur_px2 = map ? p->photo_px2 + 1.0 / 12 : lens_px2;
}

static enum smp_code no_room(struct smp_err *err, size_t count)
{
    return smp_fail(err, SMP_E_NOMEM, "no room to draw %zu spots", count);
}

// ---- Spots -------------------------------------------------------------------------------------

static const double depth_slack_mm = 2.5;

static void spot_ellipse(struct smp_ellipse *e, const struct projection *p,
                         const struct smp_spot *s, bool close)
{
    const double sigma = (double)s->half_mm / 1.17741;
    const double sigmas[2] = { s->along_mm > 0 ? (double)s->along_mm : sigma, sigma };
    shape(e, p, sigmas, close ? 0.12 : p->blur_px2, 3.4);
    // A profile other than a Gaussian has another volume; at a distance the Gaussian stands in.
    const float other = s->profile > 2.05f && !close ? smp_spot_volume(s->profile) / 1.1331f : 1;
    for (int c = 0; c < 3; c++)
        e->gain[c] = fminf(e->gain[c] * s->core[c] * other, 0.97f);
    e->radius_mm = (float)depth_slack_mm;
}

// What a list of spots is drawn from: those that face the camera, in the list's order.
struct seen {
    const struct smp_spot *spots;
    const uint32_t *source; // index into spots
    const struct projection *p;
    size_t count;
    const struct smp_ground *ground;
    const struct smp_taker *taker; // of a tint that has no px
};

static enum smp_code draw_spots(struct smp_tint *tint, const struct seen *seen, bool close,
                                const struct smp_work *work)
{
    struct smp_ellipse *e = smp_new(work->arena, struct smp_ellipse, seen->count);
    if (!e)
        return no_room(work->err, seen->count);
    for (size_t i = 0; i < seen->count; i++)
        spot_ellipse(&e[i], &seen->p[i], &seen->spots[seen->source[i]], close);
    const struct smp_canvas canvas = { .width_px = seen->ground->camera->width_px,
                                       .height_px = seen->ground->camera->height_px,
                                       .depth = seen->ground->depth,
                                       .out = tint->px,
                                       .glows = tint,
                                       .taker = seen->taker,
                                       .spots = close ? seen->spots : NULL,
                                       .source = seen->source };
    return smp_draw_ellipses(&canvas, e, seen->count, work);
}

// ---- Glows -------------------------------------------------------------------------------------

// Depth at the coarse picture: that of the pixel in the middle.
static void coarse_depth(float *depth, size_t width, size_t height, size_t factor,
                         const struct smp_ground *ground)
{
    const size_t full_width = ground->camera->width_px, full_height = ground->camera->height_px;
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++) {
            size_t sx = x * factor + factor / 2, sy = y * factor + factor / 2;
            sx = sx < full_width ? sx : full_width - 1;
            sy = sy < full_height ? sy : full_height - 1;
            depth[y * width + x] = ground->depth[sy * full_width + sx];
        }
}

// One ellipse a colour of a spot's glow, for the coarse picture: the widths differ. Returns how
// many.
static size_t glow_ellipses(struct smp_ellipse *e, const struct projection *p,
                            const struct smp_spot *s, int which, size_t factor)
{
    struct projection small = *p;
    const double f = 1 / (double)factor;
    small.x *= f;
    small.y *= f;
    for (int k = 0; k < 2; k++) {
        small.jx[k] *= f;
        small.jy[k] *= f;
    }
    small.slope_x *= (double)factor;
    small.slope_y *= (double)factor;
    size_t used = 0;
    for (int c = 0; c < 3; c++) {
        if (s->glow[which][c] <= 0)
            continue;
        struct smp_ellipse *q = &e[used++];
        const double sigma = (double)s->glow_sigma[which][c];
        shape(q, &small, (double[2]){ sigma, sigma }, glow_blur_px2 + p->photo_px2 * f * f, 3.0);
        // within 3 σ lie 98.89 % of a Gaussian
        const float amount = s->glow[which][c] / (float)(2 * SMP_PI * sigma * sigma) / 0.9889f;
        const float gain = q->gain[0] * amount;
        q->gain[0] = q->gain[1] = q->gain[2] = 0;
        q->gain[c] = gain;
        q->radius_mm = (float)(depth_slack_mm + 2 * sigma);
    }
    return used;
}

static enum smp_code draw_glow(struct smp_tint *tint, int which, const struct seen *seen,
                               const struct smp_work *work)
{
    const size_t width = tint->glow_width[which], height = tint->glow_height[which];
    struct smp_ellipse *e = smp_new(work->arena, struct smp_ellipse, 3 * seen->count);
    float *depth = seen->ground->depth ? smp_new(work->arena, float, width *height) : NULL;
    if (!e || (seen->ground->depth && !depth))
        return no_room(work->err, seen->count);
    if (depth)
        coarse_depth(depth, width, height, tint->factor[which], seen->ground);
    size_t used = 0;
    for (size_t i = 0; i < seen->count; i++)
        used += glow_ellipses(&e[used], &seen->p[i], &seen->spots[seen->source[i]], which,
                              tint->factor[which]);
    const struct smp_canvas canvas = { .width_px = width,
                                       .height_px = height,
                                       .depth = depth,
                                       .out = tint->glow[which],
                                       .glow = true };
    return smp_draw_ellipses(&canvas, e, used, work);
}

static enum smp_code splat(struct smp_tint *tint, const struct smp_taker *taker,
                           const struct smp_spot *spots, size_t count,
                           const struct smp_ground *ground, const struct smp_work *work)
{
    const struct smp_mark mark = smp_arena_mark(work->arena);
    struct projection *p = smp_new(work->arena, struct projection, count);
    uint32_t *source = smp_new(work->arena, uint32_t, count);
    if (!p || !source)
        return no_room(work->err, count);
    struct seen seen = {
        .spots = spots, .source = source, .p = p, .ground = ground, .taker = taker
    };
    for (size_t i = 0; i < count; i++) {
        if (!project(&p[seen.count], ground->camera, &spots[i]))
            continue;
        find_blur(&p[seen.count], ground);
        source[seen.count++] = (uint32_t)i;
    }
    // A photo's blur leaves nothing to see of a spot's outline.
    const bool close = ground->camera->px_per_mm > 12 && !ground->sharpness;
    enum smp_code code = SMP_OK;
    for (int which = 0; which < SMP_GLOWS && !code; which++)
        code = draw_glow(tint, which, &seen, work);
    if (!code)
        code = draw_spots(tint, &seen, close, work);
    smp_arena_reset(work->arena, mark);
    return code;
}

enum smp_code smp_splat(struct smp_tint *tint, const struct smp_spot *spots, size_t count,
                        const struct smp_ground *ground, const struct smp_work *work)
{
    return splat(tint, NULL, spots, count, ground, work);
}

enum smp_code smp_splat_tiles(const struct smp_taker *taker, const struct smp_spot *spots,
                              size_t count, const struct smp_ground *ground,
                              const struct smp_work *work)
{
    struct smp_tint tint;
    const enum smp_code code = smp_tint_make_glows(&tint, ground->camera, work);
    return code ? code : splat(&tint, taker, spots, count, ground, work);
}
