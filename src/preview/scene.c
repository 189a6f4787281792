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

// A place of the face: mm from the middle, ahead of and above the ears, head upright, for a nasion
// 99 mm ahead; painted with a soft edge.
struct touch {
    double side, ahead, up, radius;
    float blood, shade, beard;
};

static const struct touch touches[] = {
    { 38, 86, 0, 24, 0.26f, 0, 0 },                                          // cheeks
    { 0, 117, -8, 14, 0.34f, 0, 0 },                                         // nose
    { 82, -10, -2, 30, 0.30f, 0, 0 },                                        // ears
    { 31, 86, 26, 15, 0.20f, -0.04f, 0 },                                    // around the eyes
    { 0, 96, -74, 22, 0.10f, 0, 0.55f },                                     // chin
    { 24, 90, -62, 20, 0, 0, 0.50f },     { 44, 66, -58, 22, 0, 0, 0.70f },  // jaw
    { 58, 36, -44, 22, 0, 0, 0.60f },     { 14, 106, -27, 10, 0, 0, 0.60f }, // upper lip
    { 22, 70, -84, 24, 0, 0, 0.50f },                                        // under the jaw
};

void smp_scene_paint(struct smp_scene *scene)
{
    const struct smp_head *head = scene->head;
    const double size = head->landmarks.nasion.y / 99;
    const bool painted = !scene->smooth; // a photograph has its own colours
    for (size_t i = head->mesh.point_count; i < scene->mesh.point_count; i++)
        scene->paint[i].cloth = 1;
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
        const struct smp_vec3 upright =
            smp_vec3(fabs(p.x), 0.927 * p.y - 0.375 * p.z, 0.375 * p.y + 0.927 * p.z);
        for (size_t k = 0; k < sizeof touches / sizeof *touches; k++) {
            const struct touch *t = &touches[k];
            const struct smp_vec3 d =
                smp_sub(upright, smp_scale(smp_vec3(t->side, t->ahead, t->up), size));
            const float share = (float)exp(-smp_dot(d, d) / (t->radius * t->radius * size * size));
            paint->blood += t->blood * share;
            paint->shadow += t->shade * share;
            if (head->sex == SMP_SEX_MALE)
                paint->beard += t->beard * share;
        }
        paint->beard = fminf(paint->beard, 1) * (1 - paint->lip);
    }
}

// ---- Making ------------------------------------------------------------------------------------

static bool make_room(struct smp_scene *scene, struct smp_arena *arena)
{
    const size_t count = scene->mesh.point_count;
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

static const double film_mm2 = 1200, eyes_mm = 65; // largest film, and how far from the nasion

// Modelled heads carry films over the eyes (lashes, tears, shades) that nothing but a texture makes
// look like what they are. Without one, small pieces there are not shown:
// their triangles become points, which no ray meets.
static enum smp_code hide_films(struct smp_mesh *shown, const struct smp_head *head,
                                struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_mesh *mesh = &head->mesh;
    if (head->is_template || (head->texture.px_lin && mesh->uvs))
        return SMP_OK;
    uint32_t(*triangles)[3] = smp_alloc(arena, mesh->triangle_count, sizeof *triangles);
    uint32_t *labels = smp_new(arena, uint32_t, mesh->triangle_count);
    if (!triangles || !labels)
        return smp_fail(err, SMP_E_NOMEM, "no room for the pieces of the head");
    size_t pieces;
    enum smp_code code = smp_mesh_pieces(labels, &pieces, mesh, arena, err);
    double *area_mm2 = code ? NULL : smp_new(arena, double, pieces);
    if (!code && !area_mm2)
        return smp_fail(err, SMP_E_NOMEM, "no room for %zu pieces of the head", pieces);
    if (code)
        return code;
    for (size_t t = 0; t < mesh->triangle_count; t++)
        area_mm2[labels[t]] += smp_length(smp_mesh_area_vector(mesh, t));
    for (size_t t = 0; t < mesh->triangle_count; t++) {
        const struct smp_vec3 away =
            smp_sub(mesh->points[mesh->triangles[t][0]], head->landmarks.nasion);
        const bool hidden = area_mm2[labels[t]] < film_mm2 && smp_length(away) < eyes_mm;
        for (int k = 0; k < 3; k++)
            triangles[t][k] = mesh->triangles[t][hidden ? 0 : k];
    }
    shown->triangles = triangles;
    return SMP_OK;
}

// The mesh that is shown, its points and normals.
static enum smp_code shape(struct smp_scene *scene, const struct smp_work *work)
{
    const struct smp_head *head = scene->head;
    scene->mesh = head->mesh;
    enum smp_code code = head->is_template ? smp_bust_make(&scene->mesh, head, work)
                                           : hide_films(&scene->mesh, head, work->arena, work->err);
    const size_t count = scene->mesh.point_count;
    struct smp_vec3 *normals = code ? NULL : smp_new(work->arena, struct smp_vec3, count);
    if (!code && (!make_room(scene, work->arena) || !normals))
        return smp_fail(work->err, SMP_E_NOMEM, "no room for a scene of %zu points", count);
    if (!code && head->is_template)
        code = smp_mesh_normals(normals, &scene->mesh, work->err);
    for (size_t i = 0; i < count && !code; i++) {
        scene->points[i] = smp_f3_of(scene->mesh.points[i]);
        scene->normals[i] = smp_f3_of(i < head->mesh.point_count ? head->normals[i] : normals[i]);
    }
    return code;
}

static struct smp_scene *begin(const struct smp_plan *plan, struct smp_arena *arena)
{
    struct smp_scene *made = smp_new(arena, struct smp_scene, 1);
    if (!made)
        return NULL;
    made->plan = plan;
    made->head = plan->head;
    smp_arena_make(&made->own, 0);
    made->skin.base = rgb_of_lab(plan->from->skin_lab);
    made->skin.target = made->skin.base;
    made->skin.hair = rgb_of_lab(plan->from->hair_lab);
    return made;
}

static enum smp_code furnish(struct smp_scene *made, const struct smp_work *work)
{
    const struct smp_head *head = made->head;
    enum smp_code code = smp_light_bake(made, work);
    if (!code && head->texture.px_lin && head->mesh.uvs)
        code = smp_texture_clean(made, work);
    if (!code)
        code = smp_looks_make(made, work);
    if (!code)
        code = smp_hairs_make(made, work);
    if (!code)
        code = smp_brows_make(made, work);
    if (code)
        return code;
    smp_scene_paint(made);
    made->exposure = exposure_for(made->skin.target);
    return SMP_OK;
}

static enum smp_code make(struct smp_scene **scene, const struct smp_plan *plan, bool bare,
                          const struct smp_work *work)
{
    struct smp_scene *made = begin(plan, work->arena);
    if (!made)
        return smp_fail(work->err, SMP_E_NOMEM, "no room for the preview's scene");
    enum smp_code code = shape(made, work);
    if (!code)
        code = smp_rays_make(&made->rays, &made->mesh, work->err);
    if (!code)
        code = bare ? smp_looks_make(made, work) : furnish(made, work);
    if (code) {
        smp_scene_drop(made);
        return code;
    }
    *scene = made;
    return SMP_OK;
}

enum smp_code smp_scene_make(struct smp_scene **scene, const struct smp_plan *plan,
                             struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err)
{
    return make(scene, plan, false, &(struct smp_work){ pool, arena, err });
}

enum smp_code smp_scene_make_bare(struct smp_scene **scene, const struct smp_plan *plan,
                                  struct smp_pool *pool, struct smp_arena *arena,
                                  struct smp_err *err)
{
    return make(scene, plan, true, &(struct smp_work){ pool, arena, err });
}

void smp_scene_drop(struct smp_scene *scene)
{
    if (!scene)
        return;
    smp_rays_drop(scene->rays);
    scene->rays = NULL;
    smp_arena_drop(&scene->own);
}

const char *smp_scene_note(const struct smp_scene *scene)
{
    return scene->note;
}
