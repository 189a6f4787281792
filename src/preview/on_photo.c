// Dots on the client's own photo: projected by its camera, hidden by the head itself and by hair,
// multiplied into the photo's own light (reference/preview.md §3.12).
#include "preview/on_photo_impl.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double margin_mm = 5; // the part of the photo reaches so far past the dots
// Past this, cos of the angle to the viewer, a fitted head's outline is not to be trusted.
static const double edge_facing = 0.04, sure_facing = 0.12;

// ---- Which dots the camera sees ----------------------------------------------------------------

static struct smp_viewer view_of(const struct smp_camera *camera)
{
    const double *r = camera->rotation, *t = camera->t_mm;
    struct smp_viewer view = { .right = smp_vec3(r[0], r[1], r[2]),
                               .up = smp_vec3(-r[3], -r[4], -r[5]),
                               .back = smp_vec3(-r[6], -r[7], -r[8]),
                               .focal_px = camera->focal_px,
                               .centre_x_px = camera->centre_px[0],
                               .centre_y_px = camera->centre_px[1],
                               .width_px = camera->width_px,
                               .height_px = camera->height_px };
    view.eye = smp_vec3(-(r[0] * t[0] + r[3] * t[1] + r[6] * t[2]),
                        -(r[1] * t[0] + r[4] * t[1] + r[7] * t[2]),
                        -(r[2] * t[0] + r[5] * t[1] + r[8] * t[2]));
    return view;
}

struct seeing {
    const struct smp_plan *plan;
    const struct smp_camera *camera;
    const struct smp_viewer *view;
    const struct smp_rays *rays;
    uint8_t *seen;
    float (*px)[2];
};

static void see(void *context, size_t begin, size_t end)
{
    const struct seeing *job = context;
    for (size_t i = begin; i < end; i++) {
        const struct smp_dot *dot = &job->plan->dots[i];
        const struct smp_sight sight =
            smp_sight_of(job->camera, job->rays, dot->position_mm, dot->normal);
        struct smp_rng rng = smp_rng_make(job->plan->from->seed, smp_hash64(dot->id, 0xed6e));
        if (sight.kind != SMP_SIGHT_SEEN || sight.facing < edge_facing ||
            smp_rng_unit(&rng) > smp_smoothstep(edge_facing, sure_facing, sight.facing))
            continue;
        job->px[i][0] = (float)sight.x_px;
        job->px[i][1] = (float)sight.y_px;
        job->seen[i] = 1;
    }
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

// Of the dots seen; returns how many.
static size_t median_scale(double *px_per_mm, const struct seeing *job, double *scratch)
{
    size_t n = 0;
    double x, y;
    for (size_t i = 0; i < job->plan->dot_count; i++)
        if (job->seen[i])
            scratch[n++] = job->view->focal_px /
                           smp_viewer_project(job->view, job->plan->dots[i].position_mm, &x, &y);
    if (n > 0) {
        qsort(scratch, n, sizeof *scratch, by_size);
        *px_per_mm = scratch[n / 2];
    }
    return n;
}

// ---- The part of the photo ---------------------------------------------------------------------

static size_t inside(double v, size_t size)
{
    return v <= 0 ? 0 : v >= (double)size ? size : (size_t)v;
}

// The dots' box with a margin; the camera shifts with it.
static void frame(struct smp_photo_part *part, const struct seeing *job)
{
    double low[2] = { 1e300, 1e300 }, high[2] = { -1e300, -1e300 };
    for (size_t i = 0; i < job->plan->dot_count; i++)
        for (int k = 0; k < 2 && job->seen[i]; k++) {
            low[k] = fmin(low[k], (double)job->px[i][k]);
            high[k] = fmax(high[k], (double)job->px[i][k]);
        }
    const double margin = 24 + margin_mm * part->camera.px_per_mm;
    const size_t width = part->photo->width_px, height = part->photo->height_px;
    part->left_px = inside(low[0] - margin, width) / SMP_CELL_PX * SMP_CELL_PX;
    part->top_px = inside(low[1] - margin, height) / SMP_CELL_PX * SMP_CELL_PX;
    part->width_px = inside(high[0] + margin, width) - part->left_px;
    part->height_px = inside(high[1] + margin, height) - part->top_px;
    part->camera.centre_x_px -= (double)part->left_px;
    part->camera.centre_y_px -= (double)part->top_px;
    part->camera.width_px = part->width_px;
    part->camera.height_px = part->height_px;
    part->cells_across = (part->width_px + SMP_CELL_PX - 1) / SMP_CELL_PX;
    part->cells_down = (part->height_px + SMP_CELL_PX - 1) / SMP_CELL_PX;
}

static bool make_cells(struct smp_photo_part *part, const struct seeing *job,
                       struct smp_arena *arena)
{
    const size_t count = part->cells_across * part->cells_down;
    part->body = smp_new(arena, float, count);
    part->may = smp_new(arena, float, count);
    part->dot = smp_new(arena, uint8_t, count);
    if (!part->body || !part->may || !part->dot)
        return false;
    for (size_t i = 0; i < job->plan->dot_count; i++)
        if (job->seen[i]) {
            const size_t x = ((size_t)job->px[i][0] - part->left_px) / SMP_CELL_PX;
            const size_t y = ((size_t)job->px[i][1] - part->top_px) / SMP_CELL_PX;
            part->dot[y * part->cells_across + x] = 1;
        }
    return true;
}

// ---- The ground --------------------------------------------------------------------------------

static enum smp_code check(const struct smp_image8 *photo, const struct smp_camera *camera,
                           const struct smp_photo_mask *drawn, struct smp_err *err)
{
    if (camera->width_px != photo->width_px || camera->height_px != photo->height_px)
        return smp_fail(err, SMP_E_INPUT,
                        "the camera is of a photo of %zu × %zu px, this one has %zu × %zu",
                        camera->width_px, camera->height_px, photo->width_px, photo->height_px);
    if (drawn && (drawn->width_px != photo->width_px || drawn->height_px != photo->height_px))
        return smp_fail(err, SMP_E_INPUT,
                        "the mask must be of the photo's size, %zu × %zu px, not %zu × %zu",
                        photo->width_px, photo->height_px, drawn->width_px, drawn->height_px);
    return SMP_OK;
}

// Dots that the mask lets through, by each dot's own chance.
static void choose(struct smp_photo_ground *g, const struct seeing *job,
                   struct smp_photo_told *told)
{
    const struct smp_photo_part *part = &g->part;
    for (size_t i = 0; i < job->plan->dot_count; i++) {
        if (!job->seen[i])
            continue;
        struct smp_rng rng =
            smp_rng_make(job->plan->from->seed, smp_hash64(job->plan->dots[i].id, 0x5c1));
        const float may = smp_cell_at(part, part->may, job->px[i][0] - (float)part->left_px,
                                      job->px[i][1] - (float)part->top_px);
        g->shown[i] = (float)smp_rng_unit(&rng) < may;
        told->shown += g->shown[i];
        told->under_hair += !g->shown[i];
    }
}

__attribute__((format(printf, 2, 3))) static void note(struct smp_photo_told *told,
                                                       const char *format, ...)
{
    const size_t length = strlen(told->note);
    va_list args;
    va_start(args, format);
    const size_t joint = length ? 2 : 0;
    if (length + joint < sizeof told->note) {
        memcpy(told->note + length, "; ", joint);
        vsnprintf(told->note + length + joint, sizeof told->note - length - joint, format, args);
    }
    va_end(args);
}

static void tell(struct smp_photo_told *told, const struct smp_photo_ground *g)
{
    const struct smp_photo_part *part = &g->part;
    told->hidden = told->dots - told->shown - told->under_hair;
    told->px_per_mm = part->camera.px_per_mm;
    told->sigma_px =
        (double)smp_sharpness_at(&g->sharpness, g->sharpness.sigma_px, 0.5f * (float)part->width_px,
                                 0.5f * (float)part->height_px);
    if (told->shown == 0)
        note(told, "no bare skin was found where the photo should show dots: correct the mask "
                   "(--save-mask, --mask), or the pose");
    else if (2 * told->hidden > told->dots)
        note(told, "the photo shows %.0f %% of the dots: take one more with the head bowed",
             100 * (double)(told->dots - told->hidden) / (double)told->dots);
    if (2 * told->sigma_px > 0.4 * told->px_per_mm)
        note(told, "the photo is too blurred or too small to show single dots (σ %.2f mm)",
             told->sigma_px / told->px_per_mm);
    else if (!g->sharpness.has_edges)
        note(told,
             "the photo has hardly any sharp edge: if it is blurred, dots are drawn too sharp");
}

enum smp_code smp_photo_ground_make(struct smp_photo_ground **ground, struct smp_photo_told *told,
                                    struct smp_scene *scene, const struct smp_image8 *photo,
                                    const struct smp_camera *camera,
                                    const struct smp_photo_mask *drawn, struct smp_pool *pool,
                                    struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_plan *plan = scene->plan;
    enum smp_code code = check(photo, camera, drawn, err);
    if (code)
        return code;
    struct smp_photo_ground *g = smp_new(arena, struct smp_photo_ground, 1);
    uint8_t *seen = smp_new(arena, uint8_t, plan->dot_count);
    float(*px)[2] = smp_alloc(arena, plan->dot_count, sizeof *px);
    double *scratch = smp_new(arena, double, plan->dot_count);
    if (g)
        g->shown = smp_new(arena, uint8_t, plan->dot_count);
    if (!g || !g->shown || !seen || !px || !scratch)
        return smp_fail(err, SMP_E_NOMEM, "no room for %zu dots on a photo", plan->dot_count);
    g->scene = scene;
    g->part = (struct smp_photo_part){ .photo = photo, .camera = view_of(camera) };
    const struct smp_viewer view = g->part.camera;
    const struct seeing job = { plan, camera, &view, scene->rays, seen, px };
    smp_pool_for(pool, plan->dot_count, 256, see, (void *)&job);
    if (median_scale(&g->part.camera.px_per_mm, &job, scratch) == 0)
        return smp_fail(err, SMP_E_INPUT, "none of the %zu dots is to be seen in the photo",
                        plan->dot_count);
    frame(&g->part, &job);
    if (!make_cells(&g->part, &job, arena))
        return smp_fail(err, SMP_E_NOMEM, "no room for the masks of a photo");
    const struct smp_work work = { pool, arena, err };
    code = smp_skin_mask(&g->part, scene, drawn, &work);
    if (!code)
        code = smp_sharpness_measure(&g->sharpness, &g->part, &work);
    if (code)
        return code;
    *told = (struct smp_photo_told){ .dots = plan->dot_count };
    choose(g, &job, told);
    tell(told, g);
    *ground = g;
    return SMP_OK;
}

enum smp_code smp_photo_mask_of(struct smp_photo_mask *mask, const struct smp_photo_ground *ground,
                                struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_photo_part *part = &ground->part;
    const size_t width = part->photo->width_px, height = part->photo->height_px;
    uint8_t *share = smp_new(arena, uint8_t, width * height);
    if (!share)
        return smp_fail(err, SMP_E_NOMEM, "no room for a mask of %zu × %zu px", width, height);
    for (size_t y = 0; y < part->height_px; y++)
        for (size_t x = 0; x < part->width_px; x++)
            share[(part->top_px + y) * width + part->left_px + x] = (uint8_t)lrintf(
                255 * smp_cell_at(part, part->may, (float)x + 0.5f, (float)y + 0.5f));
    *mask = (struct smp_photo_mask){ share, width, height };
    return SMP_OK;
}
