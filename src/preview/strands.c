// Hair of some length on a picture: which hairs a field has, their strands, their shade on the
// skin (docs/preview.md "Hair of some length").
#include "preview/strands_impl.h"

#include "colour/colour.h"
#include "design/design.h"

const struct smp_hair_field smp_hair_field_defaults = { .length_mm = 30 };

static const struct smp_lab grey_lab = { 66, 0, 3 }; // of a hair that has lost its colour [E]

// ---- What is asked for -------------------------------------------------------------------------

static enum smp_code check_points(const double *values, const char *name, const char *unit,
                                  double min, double max, const struct smp_scene *scene,
                                  struct smp_err *err)
{
    for (size_t i = 0; values && i < scene->head->mesh.point_count; i++)
        if (!(values[i] >= min && values[i] <= max))
            return smp_check_number(values[i], name, unit, min, max, "hair", err);
    return SMP_OK;
}

enum smp_code smp_hair_field_check(const struct smp_hair_field *field,
                                   const struct smp_scene *scene, struct smp_err *err)
{
    enum smp_code code = SMP_OK;
    if (field->length_mm != 0)
        code = smp_check_number(field->length_mm, "length_mm", "mm", 2, 60, "hair", err);
    if (!code)
        code = smp_check_number(field->grey_share, "grey_share", "", 0, 1, "hair", err);
    if (!code)
        code = check_points(field->fu_per_cm2, "fu_per_cm2", "per cm2", 0, SMP_HAIR_FU_MAX, scene,
                            err);
    if (!code)
        code = check_points(field->hairs_per_fu, "hairs_per_fu", "", 1, SMP_HAIRS_MAX, scene, err);
    if (!code)
        code = check_points(field->calibre_um, "calibre_um", "um", 10, 150, scene, err);
    if (!code && field->hairpiece && !scene->plan->design)
        code = smp_fail(err, SMP_E_INPUT, "hair.hairpiece needs a plan with a designed hairline");
    return code;
}

double smp_hair_per_fu(const struct smp_scene *scene)
{
    double sum = 0;
    for (int k = 0; k < SMP_HAIRS_MAX; k++)
        sum += (k + 1) * scene->looks->stubble.share[k];
    return sum;
}

// ---- The scene's own ---------------------------------------------------------------------------

enum smp_code smp_strands_prepare(const struct smp_strand_scene **made, struct smp_scene *scene,
                                  const struct smp_work *work)
{
    if (!scene->strands) {
        struct smp_strand_scene *own = smp_new(&scene->own, struct smp_strand_scene, 1);
        if (!own)
            return smp_fail(work->err, SMP_E_NOMEM, "no room for the hair of a scene");
        enum smp_code code = smp_room_make(&own->room, scene, &scene->own, work);
        if (!code)
            code = smp_follicles_make(own, scene, &scene->own, work);
        if (code)
            return code;
        scene->strands = own;
    }
    *made = scene->strands;
    return SMP_OK;
}

// The plan's density of dots at a point, as a share of its greatest.
static double dots_most(const struct smp_plan *plan)
{
    double most = 1e-9;
    for (size_t i = 0; i < plan->head->mesh.point_count; i++)
        most = fmax(most, plan->design->density_per_cm2[i]);
    return most;
}

// Where a hairpiece lies: where the plan sets dots, with a soft edge of a few millimetres.
static enum smp_code piece_of(const double **piece, const struct smp_scene *scene,
                              const struct smp_work *work)
{
    const size_t points = scene->head->mesh.point_count;
    double *share = smp_new(work->arena, double, points);
    if (!share)
        return smp_fail(work->err, SMP_E_NOMEM, "no room for a hairpiece");
    const double most = dots_most(scene->plan);
    for (size_t i = 0; i < points; i++)
        share[i] = smp_smoothstep(0.05, 0.5, scene->plan->design->density_per_cm2[i] / most);
    *piece = share;
    return SMP_OK;
}

void smp_hair_graft(double *fu_per_cm2, double *hairs_per_fu, const struct smp_plan *plan,
                    double units_per_cm2)
{
    const double single_mm[2] = { 1, 9 };
    const double most = dots_most(plan);
    for (size_t i = 0; i < plan->head->mesh.point_count; i++) {
        const double set = units_per_cm2 * fmin(1, 1.25 * plan->design->density_per_cm2[i] / most);
        if (!(set > 0))
            continue;
        const double deep = smp_smoothstep(single_mm[0], single_mm[1], plan->design->behind_mm[i]);
        const double each = 1.05 + deep * (hairs_per_fu[i] - 1.05);
        const double sum = fu_per_cm2[i] + set;
        hairs_per_fu[i] = (fu_per_cm2[i] * hairs_per_fu[i] + set * fmax(each, 1)) / sum;
        fu_per_cm2[i] = fmin(sum, SMP_HAIR_FU_MAX);
    }
}

static enum smp_code worn_of(struct smp_worn *worn, const struct smp_hair_field *field,
                             const struct smp_scene *scene, const struct smp_work *work)
{
    const struct smp_stubble *own = &scene->looks->stubble;
    *worn = (struct smp_worn){ .field = field,
                               .calibre_um = 1000 * own->calibre_mm,
                               .seed = scene->plan->from->seed };
    worn->hairs_per_fu = smp_hair_per_fu(scene);
    return field->hairpiece ? piece_of(&worn->piece, scene, work) : SMP_OK;
}

// ---- Shade on the skin -------------------------------------------------------------------------

struct shading {
    const struct smp_hair_view *view;
    const struct smp_hair_shade *shade;
    const struct smp_room *room;
    struct smp_gbuffer *g; // with planes of its own
    float passes;          // share of light that a hair lets by
    float roots_mm2[3];    // D of one hair's shaft under the skin
    struct smp_rgb *diffuse;
};

// The place that a pixel sees.
static struct smp_f3 place_of(const struct smp_viewer *camera, float x_px, float y_px, float depth)
{
    const float u = (x_px - (float)camera->centre_x_px) / (float)camera->focal_px;
    const float v = ((float)camera->centre_y_px - y_px) / (float)camera->focal_px;
    struct smp_f3 p = smp_f3_add(smp_f3_of(camera->eye), smp_f3_of(camera->back), -depth);
    p = smp_f3_add(p, smp_f3_of(camera->right), u * depth);
    return smp_f3_add(p, smp_f3_of(camera->up), v * depth);
}

static void shade_rows(void *context, size_t begin, size_t end)
{
    const struct shading *s = context;
    struct smp_gbuffer *g = s->g;
    for (size_t y = begin; y < end; y++)
        for (size_t x = 0; x < g->width_px; x++) {
            const size_t i = y * g->width_px + x;
            if (!(g->cover[i] > 0))
                continue;
            const struct smp_f3 p =
                place_of(s->view->camera, (float)x + 0.5f, (float)y + 0.5f, g->depth[i]);
            // From just below the skin: all of the hair over it lies above.
            struct smp_f3 out;
            smp_room_at(s->room, p, &out);
            float depth[2];
            smp_hair_shade_at(depth, s->shade, smp_f3_add(p, out, -1.2f));
            const float key = expf(-(1 - s->passes) * depth[0]);
            const float open = expf(-(1 - s->passes) * depth[1]);
            g->seen[i] *= key;
            g->shine_sky[i] *= open;
            g->ambient[i] *= 0.12f + 0.88f * open;
        }
}

// Shafts under the skin darken it as they do where it is shaved.
static void root_rows(void *context, size_t begin, size_t end)
{
    const struct shading *s = context;
    const struct smp_gbuffer *g = s->g;
    for (size_t y = begin; y < end; y++)
        for (size_t x = 0; x < g->width_px; x++) {
            const size_t i = y * g->width_px + x;
            if (!(g->cover[i] > 0))
                continue;
            const float hairs = smp_hairs_per_cm2(
                s->shade, place_of(s->view->camera, (float)x + 0.5f, (float)y + 0.5f, g->depth[i]));
            if (!(hairs > 0))
                continue;
            s->diffuse[i].r *= expf(-0.01f * hairs * s->roots_mm2[0]);
            s->diffuse[i].g *= expf(-0.01f * hairs * s->roots_mm2[1]);
            s->diffuse[i].b *= expf(-0.01f * hairs * s->roots_mm2[2]);
        }
}

static bool copy_planes(struct smp_gbuffer *g, struct smp_arena *arena)
{
    float **planes[] = { &g->seen, &g->ambient, &g->shine_sky };
    const size_t count = g->width_px * g->height_px;
    for (size_t k = 0; k < sizeof planes / sizeof *planes; k++) {
        float *own = smp_new(arena, float, count);
        if (!own)
            return false;
        for (size_t i = 0; i < count; i++)
            own[i] = (*planes[k])[i];
        *planes[k] = own;
    }
    return true;
}

static enum smp_code shade_skin(struct smp_hair_worn *worn, struct shading *s,
                                const struct smp_scene *scene, const struct smp_work *work)
{
    s->diffuse = smp_new(work->arena, struct smp_rgb, worn->g.width_px * worn->g.height_px);
    if (!s->diffuse || !copy_planes(&worn->g, work->arena))
        return smp_fail(work->err, SMP_E_NOMEM, "no room for the shade of hair on the skin");
    s->g = &worn->g;
    double pair_mm2[3];
    smp_root_area(pair_mm2, scene, 2);
    for (int c = 0; c < 3; c++)
        s->roots_mm2[c] = 0.5f * (float)pair_mm2[c];
    smp_pool_for(work->pool, worn->g.height_px, 8, shade_rows, s);
    const enum smp_code code =
        smp_subsurface(s->diffuse, &worn->g, s->view->camera->px_per_mm, work);
    if (!code)
        smp_pool_for(work->pool, worn->g.height_px, 8, root_rows, s);
    worn->diffuse = s->diffuse;
    return code;
}

// ---- Worn --------------------------------------------------------------------------------------

static struct smp_rgb rgb_of(struct smp_lab lab)
{
    const struct smp_rgb_lin c = smp_rgb_from_lab(lab);
    return (struct smp_rgb){ (float)smp_clamp(c.r, 0.004, 1), (float)smp_clamp(c.g, 0.004, 1),
                             (float)smp_clamp(c.b, 0.004, 1) };
}

// Much of a white tress's light goes from hair to hair; among dark ones a white hair lacks it [E].
static struct smp_rgb grey_among(float share)
{
    const struct smp_rgb tress = rgb_of(grey_lab);
    const float own = 0.32f + 0.68f * share;
    return (struct smp_rgb){ own * tress.r, own * tress.g, own * tress.b };
}

static struct smp_rgb mixed(struct smp_rgb a, struct smp_rgb b, float share)
{
    return (struct smp_rgb){ a.r + share * (b.r - a.r), a.g + share * (b.g - a.g),
                             a.b + share * (b.b - a.b) };
}

static enum smp_code wear_long(struct smp_hair_worn *worn, const struct smp_worn *hair,
                               struct smp_scene *scene, const struct smp_hair_view *view,
                               const struct smp_work *work)
{
    const struct smp_strand_scene *own;
    struct smp_strands strands;
    struct smp_hair_shade shade;
    const struct smp_lab *lab = hair->field->lab ? hair->field->lab : &scene->plan->from->hair_lab;
    enum smp_code code = smp_strands_prepare(&own, scene, work);
    if (!code)
        code = smp_strands_grow(&strands, own, scene, hair, work);
    if (!code)
        code = smp_hair_shade_make(&shade, &strands, own, view->rig, work);
    const float grey = (float)hair->field->grey_share;
    struct smp_strand_look look = { .colour = { rgb_of(*lab), grey_among(grey) },
                                    .rig = view->rig,
                                    .camera = view->camera,
                                    .room = &own->room,
                                    .shade = &shade };
    look.mass = mixed(look.colour[0], look.colour[1], grey);
    if (!code)
        code = shade_skin(worn,
                          &(struct shading){ .view = view,
                                             .shade = &shade,
                                             .room = &own->room,
                                             .passes = 0.75f * sqrtf(look.mass.g) },
                          scene, work);
    if (!code)
        code = smp_strands_draw(&worn->veil, &strands, &look, worn->g.depth, work);
    return code;
}

static enum smp_code wear_shaved(struct smp_hair_worn *worn, const struct smp_worn *hair,
                                 struct smp_scene *scene, const struct smp_work *work)
{
    const struct smp_hair_field *field = hair->field;
    worn->spots = scene->hairs;
    worn->spot_count = scene->hair_count;
    if (!field->fu_per_cm2 && !field->hairs_per_fu && !field->hairpiece)
        return SMP_OK; // as the plan found it
    const struct smp_strand_scene *own;
    enum smp_code code = smp_strands_prepare(&own, scene, work);
    if (code)
        return code;
    struct smp_fu *units = smp_new(work->arena, struct smp_fu, own->count);
    uint8_t *each = smp_new(work->arena, uint8_t, own->count);
    uint32_t *ids = smp_new(work->arena, uint32_t, own->count);
    size_t count = 0;
    if (!units || !each || !ids)
        return smp_fail(work->err, SMP_E_NOMEM, "no room for %zu units of hair", own->count);
    for (size_t i = 0; i < own->count; i++) {
        const struct smp_follicle *f = &own->follicles[i];
        double calibre_um;
        const int hairs = smp_hairs_of(&calibre_um, hair, scene, f, (uint32_t)i);
        if (hairs == 0)
            continue;
        units[count] = (struct smp_fu){ smp_vec3((double)f->at.x, (double)f->at.y, (double)f->at.z),
                                        smp_vec3((double)f->normal.x, (double)f->normal.y,
                                                 (double)f->normal.z) };
        ids[count] = (uint32_t)i;
        each[count++] = (uint8_t)hairs;
    }
    return smp_stubs_make(&worn->spots, &worn->spot_count, scene,
                          &(struct smp_stubs){ units, each, ids, count }, work);
}

enum smp_code smp_hair_wear(struct smp_hair_worn *worn, const struct smp_hair_field *field,
                            struct smp_scene *scene, const struct smp_hair_view *view,
                            const struct smp_work *work)
{
    struct smp_worn hair;
    enum smp_code code = worn_of(&hair, field, scene, work);
    hair.camera = view->camera;
    if (!code)
        code = field->length_mm > 0 ? wear_long(worn, &hair, scene, view, work)
                                    : wear_shaved(worn, &hair, scene, work);
    return code;
}
