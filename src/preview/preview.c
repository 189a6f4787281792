// One view at several ages: the picture of the head is made once, what is drawn on the skin once
// an age.
#include "preview/preview_impl.h"

#include <stdio.h>
#include <string.h>

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
    for (size_t i = 0; !code && i < age_count; i++) {
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
    const struct smp_hair_shot *shots; // hair of some length, by age; NULL: as the plan found it
};

static enum smp_code no_room(const struct order *order, struct smp_err *err)
{
    return smp_fail(err, SMP_E_NOMEM, "no room for a preview of %zu × %zu px",
                    order->camera.width_px, order->camera.height_px);
}

// What all pictures of a call share.
struct stage {
    const struct order *order;
    struct smp_rig rig;
    struct smp_gbuffer g; // the head in its light
    struct smp_rgb *diffuse;
    struct smp_tint hair, tint; // what is the same at all ages, and what is drawn on
    struct smp_ground ground;
};

// The head in its light, before anything is drawn on it.
static enum smp_code light_up(struct stage *stage, const struct smp_work *work)
{
    const struct order *order = stage->order;
    stage->rig = smp_light_rig(&order->camera);
    enum smp_code code =
        smp_gbuffer_make(&stage->g, order->scene, &order->camera, &stage->rig, work);
    if (!code)
        code = smp_shadow_filter(&stage->g, work);
    const struct smp_mark mark = smp_arena_mark(work->arena);
    if (!code)
        code = smp_subsurface(stage->diffuse, &stage->g, order->camera.px_per_mm, work);
    smp_arena_reset(work->arena, mark);
    return code;
}

// Stubble and brows.
static enum smp_code draw_hairs(struct smp_tint *tint, const struct smp_spot *hairs, size_t count,
                                const struct stage *stage, const struct smp_work *work)
{
    const struct smp_scene *scene = stage->order->scene;
    enum smp_code code = smp_splat(tint, hairs, count, &stage->ground, work);
    if (!code)
        code = smp_splat(tint, scene->brows, scene->brow_count, &stage->ground, work);
    return code;
}

static enum smp_code set_stage(struct stage *stage, const struct smp_work *work)
{
    const struct order *order = stage->order;
    const size_t count = order->camera.width_px * order->camera.height_px;
    stage->diffuse = smp_new(work->arena, struct smp_rgb, count);
    if (!stage->diffuse)
        return no_room(order, work->err);
    stage->ground = (struct smp_ground){ .camera = &order->camera };
    enum smp_code code = light_up(stage, work);
    stage->ground.depth = stage->g.depth;
    if (!code)
        code = smp_tint_make(&stage->hair, &order->camera, work);
    if (!code)
        code = smp_tint_make(&stage->tint, &order->camera, work);
    if (!code && !order->shots)
        code = draw_hairs(&stage->hair, order->scene->hairs, order->scene->hair_count, stage, work);
    return code;
}

// "SIMULATED | front | before session 2".
static void write_stamp(char text[96], const struct order *order, size_t i)
{
    const struct smp_age *age = &order->ages[i];
    const int done = order->scene->plan->continued.sessions_done;
    const double mm = order->shots ? order->shots[i].field.length_mm : 0;
    const bool plain = strcmp(age->label, "before") == 0;
    char label[48];
    if (plain && done)
        snprintf(label, sizeof label, "before session %d", done + 1);
    else
        snprintf(label, sizeof label, "%s", age->label);
    // "before" says nothing where no dots are meant.
    if (mm > 0 && plain && !done)
        snprintf(text, 96, "SIMULATED | %s | hair %.0f mm", order->what, mm);
    else if (mm > 0)
        snprintf(text, 96, "SIMULATED | %s | hair %.0f mm | %s", order->what, mm, label);
    else
        snprintf(text, 96, "SIMULATED | %s | %s", order->what, label);
}

static enum smp_code draw_one(struct smp_image *image, struct stage *stage, size_t i,
                              const struct smp_work *work)
{
    const struct order *order = stage->order;
    const struct smp_age *age = &order->ages[i];
    const int done = order->scene->plan->continued.sessions_done;
    struct smp_age shown = *age;
    if (age->before) // as those that are done were last seen
        shown.years = order->scene->plan->continued.years;
    const struct smp_dots *dots = NULL;
    struct smp_hair_worn worn = { .g = stage->g, .diffuse = stage->diffuse };
    enum smp_code code = SMP_OK;
    smp_tint_copy(&stage->tint, &stage->hair);
    if (order->shots) {
        const struct smp_hair_view view = { &order->camera, &stage->rig, order->seed };
        code = smp_hair_wear(&worn, &order->shots[i].field, order->scene, &view, work);
        if (!code)
            code = draw_hairs(&stage->tint, worn.spots, worn.spot_count, stage, work);
    }
    if (!code && (!age->before || done))
        code = smp_dots_at(&dots, order->scene, &shown, work);
    if (!code && dots)
        code = smp_splat(&stage->tint, dots->spots, dots->count, &stage->ground, work);
    if (!code)
        smp_tint_finish(&stage->tint, work->pool);
    const struct smp_exposure exposure = { &worn.g,        worn.diffuse,
                                           stage->tint.px, order->scene->exposure,
                                           order->seed,    worn.veil.light ? &worn.veil : NULL };
    if (!code)
        code = smp_film(image, &exposure, work);
    char text[96];
    write_stamp(text, order, i);
    if (!code)
        smp_stamp(image, text);
    return code;
}

static enum smp_code render(struct smp_image *images, const struct order *order,
                            const struct smp_work *work)
{
    struct stage stage = { .order = order };
    enum smp_code code = set_stage(&stage, work);
    for (size_t i = 0; i < order->age_count && !code; i++) {
        const struct smp_mark mark = smp_arena_mark(work->arena);
        code = draw_one(&images[i], &stage, i, work);
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

static enum smp_code render_view(struct smp_image *images, struct order *order, enum smp_view view,
                                 const struct smp_preview_params *params,
                                 const struct smp_work *work)
{
    const enum smp_code code = check_params(params, order->ages, order->age_count, work->err);
    if (code)
        return code;
    if ((unsigned)view >= SMP_VIEW_COUNT)
        return smp_fail(work->err, SMP_E_INPUT, "preview.view must be 0 to %d, not %d",
                        SMP_VIEW_COUNT - 1, (int)view);
    order->camera = smp_viewer_of_view(order->scene->head, view, params);
    order->what = smp_view_names[view];
    order->seed = params->seed;
    return render_kept(images, order, work);
}

enum smp_code smp_preview_view(struct smp_image *images, const struct smp_age *ages,
                               size_t age_count, struct smp_scene *scene, enum smp_view view,
                               const struct smp_preview_params *params, struct smp_pool *pool,
                               struct smp_arena *arena, struct smp_err *err)
{
    struct order order = { .ages = ages, .age_count = age_count, .scene = scene };
    return render_view(images, &order, view, params, &(struct smp_work){ pool, arena, err });
}

enum smp_code smp_preview_hair(struct smp_image *images, const struct smp_hair_shot *shots,
                               size_t shot_count, struct smp_scene *scene, enum smp_view view,
                               const struct smp_preview_params *params, struct smp_pool *pool,
                               struct smp_arena *arena, struct smp_err *err)
{
    struct smp_age ages[SMP_AGES_MAX];
    for (size_t i = 0; i < shot_count && i < SMP_AGES_MAX; i++) {
        ages[i] = shots[i].age;
        const enum smp_code code = smp_hair_field_check(&shots[i].field, scene, err);
        if (code)
            return code;
    }
    struct order order = { .ages = ages, .age_count = shot_count, .scene = scene, .shots = shots };
    return render_view(images, &order, view, params, &(struct smp_work){ pool, arena, err });
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
    const struct order order = { ages, age_count, scene, camera, what, params->seed, NULL };
    return render_kept(images, &order, &(struct smp_work){ pool, arena, err });
}
