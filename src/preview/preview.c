// One view at several ages: the picture of the head is made once, what is drawn on the skin once
// an age.
#include "preview/preview_impl.h"

#include <stdio.h>

const struct smp_preview_params smp_preview_defaults = { .width_px = 1600,
                                                         .height_px = 2000,
                                                         .seed = 1 };

static const char *const zone_names[] = {
#define NAME(name, text) text,
    SMP_ZONES(NAME)
#undef NAME
};

static enum smp_code check_params(const struct smp_preview_params *params,
                                  const struct smp_age *ages, size_t age_count, struct smp_err *err)
{
    enum smp_code code =
        smp_check_number((double)params->width_px, "width_px", "px", 64, 8000, "preview", err);
    if (!code)
        code = smp_check_number((double)params->height_px, "height_px", "px", 64, 8000, "preview",
                                err);
    if (!code && age_count > SMP_AGES_MAX)
        code = smp_fail(err, SMP_E_INPUT, "preview.ages must be 1 to %d, not %zu", SMP_AGES_MAX,
                        age_count);
    for (size_t i = 0; i < age_count && !code; i++) {
        code =
            smp_check_number(ages[i].years, "age", "years", 0, SMP_AGE_MAX_YEARS, "preview", err);
        if (!code && (unsigned)ages[i].edge >= SMP_EDGE_COUNT)
            code = smp_fail(err, SMP_E_INPUT, "preview.edge must be 0 to %d, not %d",
                            SMP_EDGE_COUNT - 1, (int)ages[i].edge);
    }
    return code;
}

// What a call asks for.
struct order {
    const struct smp_age *ages;
    size_t age_count;
    struct smp_scene *scene;
    struct smp_viewer camera;
    const char *what; // for the stamp
    uint64_t seed;
};

static enum smp_code no_room(const struct order *order, struct smp_err *err)
{
    return smp_fail(err, SMP_E_NOMEM, "no room for a preview of %zu × %zu px",
                    order->camera.width_px, order->camera.height_px);
}

// The head in its light, before anything is drawn on it.
static enum smp_code light_up(struct smp_gbuffer *g, struct smp_rgb *diffuse,
                              const struct order *order, const struct smp_work *work)
{
    const struct smp_rig rig = smp_light_rig(&order->camera);
    enum smp_code code = smp_gbuffer_make(g, order->scene, &order->camera, &rig, work);
    if (!code)
        code = smp_shadow_filter(g, work);
    const struct smp_mark mark = smp_arena_mark(work->arena);
    if (!code)
        code = smp_subsurface(diffuse, g, order->camera.px_per_mm, work);
    smp_arena_reset(work->arena, mark);
    return code;
}

static enum smp_code render(struct smp_image *images, const struct order *order,
                            const struct smp_work *work)
{
    struct smp_scene *scene = order->scene;
    const size_t count = order->camera.width_px * order->camera.height_px;
    struct smp_rgb *diffuse = smp_new(work->arena, struct smp_rgb, count);
    if (!diffuse)
        return no_room(order, work->err);
    struct smp_gbuffer g;
    struct smp_tint hair, tint; // stubble is the same at all ages
    struct smp_ground ground = { .camera = &order->camera };
    enum smp_code code = light_up(&g, diffuse, order, work);
    ground.depth = g.depth;
    if (!code)
        code = smp_tint_make(&hair, &order->camera, work);
    if (!code)
        code = smp_tint_make(&tint, &order->camera, work);
    if (!code)
        code = smp_splat(&hair, scene->hairs, scene->hair_count, &ground, work);
    if (!code)
        code = smp_splat(&hair, scene->brows, scene->brow_count, &ground, work);
    for (size_t i = 0; i < order->age_count && !code; i++) {
        const struct smp_age *age = &order->ages[i];
        const struct smp_mark mark = smp_arena_mark(work->arena);
        const struct smp_dots *dots = NULL;
        smp_tint_copy(&tint, &hair);
        if (!age->before)
            code = smp_dots_at(&dots, scene, age, work);
        if (!code && dots)
            code = smp_splat(&tint, dots->spots, dots->count, &ground, work);
        if (!code)
            code = smp_tint_finish(&tint, work);
        const struct smp_exposure exposure = { &g, diffuse, tint.px, scene->exposure, order->seed };
        if (!code)
            code = smp_film(&images[i], &exposure, work);
        char text[96];
        snprintf(text, sizeof text, "SIMULATED | %s | %s", order->what, age->label);
        if (!code)
            smp_stamp(&images[i], text);
        smp_arena_reset(work->arena, mark);
    }
    return code;
}

// Images first, so that all else can go when they are done.
static enum smp_code render_kept(struct smp_image *images, const struct order *order,
                                 const struct smp_work *work)
{
    const size_t width = order->camera.width_px, height = order->camera.height_px;
    struct smp_image made[SMP_AGES_MAX];
    const struct smp_mark start = smp_arena_mark(work->arena);
    bool room = true;
    for (size_t i = 0; i < order->age_count; i++) {
        made[i] = (struct smp_image){ .width_px = width, .height_px = height };
        made[i].px_lin = smp_new(work->arena, struct smp_rgb, width * height);
        room = room && made[i].px_lin;
    }
    const struct smp_mark mark = smp_arena_mark(work->arena);
    const enum smp_code code = room ? render(made, order, work) : no_room(order, work->err);
    smp_arena_reset(work->arena, code ? start : mark);
    for (size_t i = 0; i < order->age_count && !code; i++)
        images[i] = made[i];
    return code;
}

enum smp_code smp_preview_view(struct smp_image *images, const struct smp_age *ages,
                               size_t age_count, struct smp_scene *scene, enum smp_view view,
                               const struct smp_preview_params *params, struct smp_pool *pool,
                               struct smp_arena *arena, struct smp_err *err)
{
    const enum smp_code code = check_params(params, ages, age_count, err);
    if (code)
        return code;
    if ((unsigned)view >= SMP_VIEW_COUNT)
        return smp_fail(err, SMP_E_INPUT, "preview.view must be 0 to %d, not %d",
                        SMP_VIEW_COUNT - 1, (int)view);
    const struct order order = { ages,
                                 age_count,
                                 scene,
                                 smp_viewer_of_view(scene->head, view, params),
                                 smp_view_names[view],
                                 params->seed };
    return render_kept(images, &order, &(struct smp_work){ pool, arena, err });
}

// The hairline crosses the picture this share of its height below the middle: there is more to
// judge behind it than ahead.
static const double line_below = 0.20;

// Middle of a zone on the skin and the way the skin faces there; false where it has no points.
static bool middle_of(struct smp_vec3 *place, struct smp_vec3 *normal,
                      const struct smp_scene *scene, enum smp_zone zone, double high_mm)
{
    const struct smp_head *head = scene->head;
    const struct smp_design *design = scene->plan->design;
    const uint8_t *zones = design && design->zones ? design->zones : head->zones;
    struct smp_vec3 sum = { 0, 0, 0 };
    size_t count = 0;
    for (size_t i = 0; i < head->mesh.point_count; i++) {
        if (zones[i] != zone)
            continue;
        sum = smp_add(sum, head->mesh.points[i]);
        count++;
    }
    if (count == 0)
        return false;
    struct smp_vec3 middle = smp_scale(sum, 1 / (double)count);
    if (zone == SMP_ZONE_HAIRLINE && design && design->line_count)
        middle = smp_head_walk(head, scene->rays, design->line_mm[design->middle],
                               smp_vec3(0, -1, 0.3), line_below * high_mm);
    const struct smp_hit hit = smp_rays_nearest(scene->rays, middle, 200);
    if (hit.triangle == SMP_NO_TRIANGLE)
        return false;
    *place = (struct smp_vec3){ 0, 0, 0 };
    for (int k = 0; k < 3; k++)
        *place = smp_add(*place, smp_scale(head->mesh.points[head->mesh.triangles[hit.triangle][k]],
                                           hit.bary[k]));
    *normal = (struct smp_vec3){ 0, 0, 0 };
    for (size_t i = 0; i < head->mesh.point_count; i++)
        if (smp_length(smp_sub(head->mesh.points[i], *place)) < 25)
            *normal = smp_add(*normal, head->normals[i]);
    *normal = smp_unit(*normal);
    return smp_length(*normal) > 0;
}

bool smp_viewer_of_zone(struct smp_viewer *camera, const struct smp_scene *scene,
                        enum smp_zone zone, const struct smp_preview_params *params)
{
    struct smp_vec3 place, normal;
    if (!middle_of(&place, &normal, scene, zone, (double)params->height_px / SMP_ZOOM_PX_PER_MM))
        return false;
    *camera = smp_viewer_of_place(place, normal, params);
    return true;
}

enum smp_code smp_preview_zoom(struct smp_image *images, const struct smp_age *ages,
                               size_t age_count, struct smp_scene *scene, enum smp_zone zone,
                               const struct smp_preview_params *params, struct smp_pool *pool,
                               struct smp_arena *arena, struct smp_err *err)
{
    const enum smp_code code = check_params(params, ages, age_count, err);
    if (code)
        return code;
    struct smp_viewer camera;
    if ((unsigned)zone >= SMP_ZONE_COUNT || zone == SMP_ZONE_NONE)
        return smp_fail(err, SMP_E_INPUT, "preview.zone must be a zone of the scalp, not %d",
                        (int)zone);
    if (!smp_viewer_of_zone(&camera, scene, zone, params))
        return smp_fail(err, SMP_E_INPUT, "preview.zone must be on the head, but '%s' is empty",
                        zone_names[zone]);
    char what[64];
    snprintf(what, sizeof what, "%s | 20 px per mm", zone_names[zone]);
    const struct order order = { ages, age_count, scene, camera, what, params->seed };
    return render_kept(images, &order, &(struct smp_work){ pool, arena, err });
}
