// The scene: everything that all views and ages of a plan share.
#include "preview/preview_impl.h"

#include "colour/colour.h"

#include <stdio.h>

static struct smp_rgb rgb_of_lab(struct smp_lab lab)
{
    const struct smp_rgb_lin c = smp_rgb_from_lab(lab);
    return (struct smp_rgb){ (float)smp_clamp(c.r, 0.01, 1), (float)smp_clamp(c.g, 0.01, 1),
                             (float)smp_clamp(c.b, 0.01, 1) };
}

// ---- Paint -------------------------------------------------------------------------------------

static float blob(struct smp_vec3 p, struct smp_vec3 at, double radius_mm)
{
    const struct smp_vec3 d = smp_sub(p, at);
    return (float)exp(-smp_dot(d, d) / (radius_mm * radius_mm));
}

void smp_scene_paint(struct smp_scene *scene)
{
    const struct smp_head *head = scene->head;
    const struct smp_landmarks *l = &head->landmarks;
    const bool painted = !scene->smooth; // a photograph has its own colours
    for (size_t i = 0; i < head->mesh.point_count; i++) {
        struct smp_paint *paint = &scene->paint[i];
        struct smp_detail broad;
        smp_detail_broad(&broad, scene->points[i]);
        // A texture has its own blotches; half of ours covers its want of resolution.
        paint->blood = (painted ? 1 : 0.4f) * broad.blood;
        paint->shadow = (painted ? 1 : 0.4f) * broad.melanin;
        if (!painted)
            continue;
        paint->brow = head->brow ? (float)head->brow[i] / 255 : 0;
        paint->lip = head->lip ? (float)head->lip[i] / 255 : 0;
        paint->lash = head->lash ? (float)head->lash[i] / 255 : 0;
        const struct smp_vec3 p = head->mesh.points[i];
        const struct smp_vec3 mirrored = smp_vec3(fabs(p.x), p.y, p.z);
        const double ear_x = fabs(l->rpa.x), face_y = l->nasion.y;
        const struct smp_vec3 cheek = smp_vec3(0.52 * ear_x, 0.84 * face_y, -0.45 * face_y);
        const struct smp_vec3 nose = smp_vec3(0, face_y + 22, -46);
        const struct smp_vec3 ear = smp_vec3(ear_x + 8, -16, 2);
        const struct smp_vec3 eye = smp_vec3(32, face_y - 12, -14);
        paint->blood += 0.24f * blob(mirrored, cheek, 27) + 0.32f * blob(mirrored, nose, 15) +
                        0.32f * blob(mirrored, ear, 30) + 0.10f * blob(mirrored, eye, 15);
        const struct smp_vec3 jaw = smp_vec3(0.35 * ear_x, 0.72 * face_y, -1.02 * face_y);
        paint->shadow += 0.10f * blob(mirrored, eye, 17) +
                         (head->sex == SMP_SEX_MALE ? 0.16f * blob(mirrored, jaw, 34) : 0);
    }
}

// ---- Making ------------------------------------------------------------------------------------

static bool make_room(struct smp_scene *scene, struct smp_arena *arena)
{
    const size_t count = scene->head->mesh.point_count;
    scene->points = smp_new(arena, struct smp_f3, count);
    scene->normals = smp_new(arena, struct smp_f3, count);
    scene->paint = smp_new(arena, struct smp_paint, count);
    return scene->points && scene->normals && scene->paint;
}

// Photographers open up for darker skin, but not all the way.
static float exposure_for(struct smp_rgb skin)
{
    const float luminance = 0.2126f * skin.r + 0.7152f * skin.g + 0.0722f * skin.b;
    return 0.86f * powf(0.36f / fmaxf(luminance, 0.03f), 0.35f);
}

enum smp_code smp_scene_make(struct smp_scene **scene, const struct smp_plan *plan,
                             struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_head *head = plan->head;
    struct smp_scene *made = smp_new(arena, struct smp_scene, 1);
    if (!made)
        return smp_fail(err, SMP_E_NOMEM, "no room for the preview's scene");
    made->plan = plan;
    made->head = head;
    if (!make_room(made, arena))
        return smp_fail(err, SMP_E_NOMEM, "no room for a scene of %zu points",
                        head->mesh.point_count);
    for (size_t i = 0; i < head->mesh.point_count; i++) {
        made->points[i] = smp_f3_of(head->mesh.points[i]);
        made->normals[i] = smp_f3_of(head->normals[i]);
    }
    made->skin.base = rgb_of_lab(plan->from->skin_lab);
    made->skin.target = made->skin.base;

    enum smp_code code = smp_rays_make(&made->rays, &head->mesh, err);
    if (!code)
        code = smp_light_bake(made, pool, arena, err);
    if (!code && head->texture.px_lin && head->mesh.uvs)
        code = smp_texture_clean(made, arena, err);
    if (!code)
        code = smp_dots_make(made, arena, err);
    if (!code)
        code = smp_hairs_make(made, arena, err);
    if (code) {
        smp_scene_drop(made);
        return code;
    }
    smp_scene_paint(made);
    made->exposure = exposure_for(made->skin.target);
    *scene = made;
    return SMP_OK;
}

void smp_scene_drop(struct smp_scene *scene)
{
    if (!scene)
        return;
    smp_rays_drop(scene->rays);
    scene->rays = NULL;
}

const char *smp_scene_note(const struct smp_scene *scene)
{
    return scene->note;
}
