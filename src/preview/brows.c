// Brows and lashes of the template, hair by hair: painted ones look painted. They are drawn as
// the stubble is, a chain of short strokes that bend with the skin.
#include "preview/preview_impl.h"

#include "colour/colour.h"

enum { STROKES = 5 };
static const double brow_per_mm2 = 3.0, lash_per_mm2 = 1.0;
static const double brow_mm = 6.5, lash_mm = 3.6;
static const double shaft_mm = 0.095;

// A hair where it leaves the skin. The lids' edge faces down: lashes leave it forward.
struct root {
    struct smp_vec3 at, normal;
    double weight; // of the paint there, 0 … 1
    bool lash;
};

static struct smp_vec3 mean_at(const struct smp_vec3 *values, const uint32_t corner[3],
                               const double share[3])
{
    struct smp_vec3 sum = smp_scale(values[corner[0]], share[0]);
    sum = smp_add(sum, smp_scale(values[corner[1]], share[1]));
    return smp_add(sum, smp_scale(values[corner[2]], share[2]));
}

// Brow hairs stand up at the nose, lie down toward the temple, and sink at the upper edge; lashes
// of a closed eye hang and fan out.
static double rise_rad(const struct root *root, double side_mm, struct smp_rng *rng)
{
    const double loose = smp_rng_normal(rng);
    if (root->lash)
        return -1.15 + 0.16 * loose;
    const double in = smp_smoothstep(30, 8, side_mm), out = smp_smoothstep(34, 56, side_mm);
    return 0.30 + 0.75 * in - 0.75 * out + 0.17 * loose;
}

static size_t make_hair(struct smp_spot *spots, const struct root *root, const float contrast[3],
                        struct smp_rng *rng)
{
    const double side = root->at.x < 0 ? -1 : 1;
    const struct smp_vec3 n = smp_unit(root->normal);
    double rise = rise_rad(root, fabs(root->at.x), rng);
    const double bend = (root->lash ? 0.10 : -0.11) * (0.6 + 0.8 * smp_rng_unit(rng));
    const double length = (root->lash ? lash_mm : brow_mm) * (0.55 + 0.7 * smp_rng_unit(rng)) *
                          (0.6 + 0.4 * root->weight);
    const double strong = 0.7 + 0.3 * smp_rng_unit(rng), step = length / STROKES;
    // Sideways and up within the skin.
    struct smp_vec3 wide = smp_vec3(side, 0, 0);
    wide = smp_unit(smp_sub(wide, smp_scale(n, smp_dot(wide, n))));
    const struct smp_vec3 high = smp_scale(smp_cross(n, wide), side);
    struct smp_vec3 at = root->at;
    for (int k = 0; k < STROKES; k++) {
        const struct smp_vec3 way = smp_add(smp_scale(wide, cos(rise)), smp_scale(high, sin(rise)));
        const double taper = 1 - 0.55 * k / (STROKES - 1);
        const struct smp_vec3 middle = smp_add(at, smp_scale(way, 0.5 * step));
        spots[k] = (struct smp_spot){ .place = smp_f3_of(middle),
                                      .normal = smp_f3_of(n),
                                      .axis = smp_f3_of(way),
                                      .half_mm = (float)(0.5 * shaft_mm * (0.5 + 0.5 * taper)),
                                      .along_mm = (float)(0.42 * step) };
        for (int c = 0; c < 3; c++)
            spots[k].core[c] = (float)(strong * (0.45 + 0.55 * taper)) * contrast[c];
        at = smp_add(at, smp_scale(way, step));
        rise += bend;
    }
    return STROKES;
}

// Hairs that leave one triangle; with `spots` NULL they are only counted.
static size_t of_triangle(struct smp_spot *spots, const struct smp_scene *scene, size_t t,
                          bool lash, const float contrast[3])
{
    const struct smp_mesh *mesh = &scene->head->mesh;
    const uint8_t *paint = lash ? scene->head->lash : scene->head->brow;
    const uint32_t *corner = mesh->triangles[t];
    const double weight = (paint[corner[0]] + paint[corner[1]] + paint[corner[2]]) / (3 * 255.0);
    if (weight < 0.04)
        return 0;
    struct smp_rng rng = smp_rng_make(smp_hash64(t, lash ? 0x1a54 : 0xb203), 1);
    const double area = smp_length(smp_mesh_area_vector(mesh, t));
    const double mean = area * pow(weight, 1.4) * (lash ? lash_per_mm2 : brow_per_mm2);
    const size_t hairs = (size_t)(mean + smp_rng_unit(&rng));
    size_t count = 0;
    for (size_t h = 0; h < hairs && spots; h++) {
        const double a = smp_rng_unit(&rng), b = smp_rng_unit(&rng);
        const double share[3] = { 1 - sqrt(a), sqrt(a) * (1 - b), sqrt(a) * b };
        const struct root root = { .at = mean_at(mesh->points, corner, share),
                                   .normal = lash ? smp_vec3(0, 0.94, 0.34)
                                                  : mean_at(scene->head->normals, corner, share),
                                   .weight = weight,
                                   .lash = lash };
        count += make_hair(spots + count, &root, contrast, &rng);
    }
    return spots ? count : hairs * STROKES;
}

static size_t all(struct smp_spot *spots, const struct smp_scene *scene, const float contrast[3])
{
    size_t count = 0;
    for (int lash = 0; lash < 2; lash++) {
        if (!(lash ? scene->head->lash : scene->head->brow))
            continue;
        for (size_t t = 0; t < scene->head->mesh.triangle_count; t++)
            count += of_triangle(spots ? spots + count : NULL, scene, t, lash, contrast);
    }
    return count;
}

enum smp_code smp_brows_make(struct smp_scene *scene, const struct smp_work *work)
{
    const struct smp_rgb hair = scene->skin.hair, skin = scene->skin.base;
    const float contrast[3] = { 1 - fminf(0.8f * hair.r / skin.r, 0.32f),
                                1 - fminf(0.8f * hair.g / skin.g, 0.32f),
                                1 - fminf(0.8f * hair.b / skin.b, 0.32f) };
    const size_t room = all(NULL, scene, contrast);
    scene->brow_count = 0;
    if (room == 0)
        return SMP_OK;
    scene->brows = smp_new(work->arena, struct smp_spot, room);
    if (!scene->brows)
        return smp_fail(work->err, SMP_E_NOMEM, "no room for brows of %zu strokes", room);
    scene->brow_count = all(scene->brows, scene, contrast);
    return SMP_OK;
}
