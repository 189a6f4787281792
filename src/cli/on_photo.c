// The preview on the client's own photo: what `stubble pose` found is read, dots are drawn.
#include "cli/on_photo.h"

#include "colour/colour.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { POSE_MAX_BYTES = 16 << 20, MASK_BITS = 255 };

// ---- The camera --------------------------------------------------------------------------------

// Three rows of three numbers.
static enum smp_code read_matrix(double values[9], const struct smp_json *photo, const char *name,
                                 double limit, struct smp_err *err)
{
    struct smp_json matrix, row;
    if (!smp_json_child(photo, name, &matrix))
        return smp_fail(err, SMP_E_INPUT, "%s: %s.%s is missing: three rows of three numbers",
                        photo->file, photo->path, name);
    enum smp_code code = smp_json_array(&matrix, 3, 3, err);
    for (size_t i = 0; i < 3 && !code && smp_json_item(&matrix, i, &row); i++) {
        struct smp_vec3 v;
        code = smp_json_vec3(&row, -limit, limit, "", &v, err);
        if (!code)
            memcpy(&values[3 * i], (double[3]){ v.x, v.y, v.z }, 3 * sizeof *values);
    }
    return code;
}

// A rotation keeps lengths and does not mirror.
static enum smp_code check_rotation(const double r[9], const struct smp_json *photo,
                                    struct smp_err *err)
{
    const struct smp_vec3 a = smp_vec3(r[0], r[1], r[2]), b = smp_vec3(r[3], r[4], r[5]);
    const struct smp_vec3 c = smp_vec3(r[6], r[7], r[8]);
    const struct smp_vec3 off = smp_sub(smp_cross(a, b), c);
    if (fabs(smp_length(a) - 1) > 1e-3 || fabs(smp_length(b) - 1) > 1e-3 ||
        fabs(smp_dot(a, b)) > 1e-3 || smp_length(off) > 3e-3)
        return smp_fail(err, SMP_E_INPUT,
                        "%s: %s.R must be a rotation (rows of length 1, square "
                        "to each other, not mirrored)",
                        photo->file, photo->path);
    return SMP_OK;
}

static enum smp_code read_camera(struct smp_camera *camera, const struct smp_json *photo,
                                 struct smp_err *err)
{
    double k[9] = { 0 };
    struct smp_json t;
    struct smp_vec3 t_mm;
    *camera = (struct smp_camera){ 0 };
    enum smp_code code = read_matrix(k, photo, "K", 1e6, err);
    if (!code)
        code = read_matrix(camera->rotation, photo, "R", 1.001, err);
    if (!code)
        code = check_rotation(camera->rotation, photo, err);
    if (code)
        return code;
    if (!(k[0] > 1) || fabs(k[4] / k[0] - 1) > 1e-3 || k[1] != 0)
        return smp_fail(err, SMP_E_INPUT,
                        "%s: %s.K must be of square pixels, a focal length above 1 px, no skew",
                        photo->file, photo->path);
    if (!smp_json_child(photo, "t_mm", &t))
        return smp_fail(err, SMP_E_INPUT, "%s: %s.t_mm is missing: three numbers", photo->file,
                        photo->path);
    code = smp_json_vec3(&t, -1e5, 1e5, "mm", &t_mm, err);
    camera->focal_px = k[0];
    camera->centre_px[0] = k[2];
    camera->centre_px[1] = k[5];
    memcpy(camera->t_mm, (double[3]){ t_mm.x, t_mm.y, t_mm.z }, sizeof camera->t_mm);
    return code;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

// The item of `photos` whose file has the photo's name; the only one, where it is one.
static enum smp_code find_photo(struct smp_json *found, const struct smp_json *root,
                                const char *photo, struct smp_err *err)
{
    struct smp_json photos, file;
    if (!smp_json_child(root, "photos", &photos) || smp_json_count(&photos) == 0)
        return smp_fail(err, SMP_E_INPUT, "%s: photos is missing: give what stubble pose printed",
                        root->file);
    for (size_t i = 0; smp_json_item(&photos, i, found); i++) {
        const char *name;
        if (smp_json_child(found, "file", &file) && smp_json_text(&file, &name, NULL) == SMP_OK &&
            strcmp(base_name(name), base_name(photo)) == 0)
            return SMP_OK;
    }
    if (smp_json_count(&photos) == 1 && smp_json_item(&photos, 0, found))
        return SMP_OK;
    return smp_fail(err, SMP_E_INPUT, "%s: photos has %zu items and none with the file %s",
                    root->file, smp_json_count(&photos), base_name(photo));
}

static enum smp_code read_pose(struct smp_camera *camera, const char *path, const char *photo,
                               struct smp_arena *arena, struct smp_err *err)
{
    struct smp_bytes text;
    struct smp_json root, item;
    enum smp_code code = smp_file_read(&text, path, POSE_MAX_BYTES, arena, err);
    if (!code)
        code = smp_json_parse(&root, path, (const char *)text.data, text.length, err);
    if (code)
        return code;
    code = find_photo(&item, &root, photo, err);
    if (!code)
        code = read_camera(camera, &item, err);
    smp_json_close(&root);
    return code;
}

// By the landmarks that the plan's own case has of the photo, on the plan's head.
static enum smp_code pose_by_case(struct smp_camera *camera, const struct smp_on_photo *wish,
                                  const struct smp_plan *plan, struct smp_arena *arena,
                                  struct smp_err *err)
{
    const struct smp_case *from = plan->from;
    size_t i = 0;
    while (i < from->photo_count &&
           strcmp(base_name(from->photos[i].file), base_name(wish->photo)) != 0)
        i++;
    if (i == from->photo_count)
        return smp_fail(err, SMP_E_INPUT,
                        "--photo needs --pose POSE.json (what stubble pose --json prints of it): "
                        "the plan's case has no landmarks of a photo %s",
                        base_name(wish->photo));
    struct smp_case with_poses = *from;
    const struct smp_scan_options options = { .no_sandbox = wish->no_sandbox };
    const enum smp_code code = smp_case_poses(&with_poses, plan->head, &options, arena, err);
    if (code)
        return code;
    *camera = with_poses.poses[i].camera;
    if (!(camera->focal_px > 0))
        return smp_fail(err, SMP_E_INPUT, "the plan's case has no landmarks on %s",
                        base_name(wish->photo));
    return SMP_OK;
}

// ---- Masks -------------------------------------------------------------------------------------

static enum smp_code load_mask(struct smp_photo_mask *mask, const struct smp_on_photo *wish,
                               struct smp_arena *arena, struct smp_err *err)
{
    struct smp_image image;
    const struct smp_image_options options = { .no_sandbox = wish->no_sandbox };
    const enum smp_code code = smp_image_load(&image, wish->mask, &options, arena, err);
    if (code)
        return code;
    const size_t count = image.width_px * image.height_px;
    uint8_t *share = smp_new(arena, uint8_t, count);
    if (!share)
        return smp_fail(err, SMP_E_NOMEM, "no room for the mask %s", wish->mask);
    for (size_t i = 0; i < count; i++) // as the eye and the drawing program have it: half is half
        share[i] = (uint8_t)lrint(MASK_BITS *
                                  smp_clamp(smp_srgb_from_lin((double)image.px_lin[i].g), 0, 1));
    *mask = (struct smp_photo_mask){ share, image.width_px, image.height_px };
    return SMP_OK;
}

static enum smp_code save_mask(const char *path, const struct smp_photo_ground *ground,
                               struct smp_arena *arena, struct smp_err *err)
{
    struct smp_photo_mask mask;
    struct smp_image image;
    enum smp_code code = smp_photo_mask_of(&mask, ground, arena, err);
    if (!code)
        code = smp_image_make(&image, mask.width_px, mask.height_px, arena, err);
    if (code)
        return code;
    float grey[MASK_BITS + 1];
    for (int i = 0; i <= MASK_BITS; i++)
        grey[i] = (float)smp_lin_from_srgb((double)i / MASK_BITS);
    for (size_t i = 0; i < mask.width_px * mask.height_px; i++) {
        const float v = grey[mask.share[i]];
        image.px_lin[i] = (struct smp_rgb){ v, v, v };
    }
    return smp_image_save(path, &image, NULL, 0, err);
}

// ---- The picture -------------------------------------------------------------------------------

static enum smp_code draw(struct smp_image *image, struct smp_photo_told *told,
                          const struct smp_on_photo *wish, const struct smp_camera *camera,
                          struct smp_scene *scene, const struct smp_age *age, struct smp_pool *pool,
                          struct smp_arena *arena, struct smp_err *err)
{
    struct smp_photo_mask drawn;
    struct smp_photo_ground *ground;
    enum smp_code code = wish->mask ? load_mask(&drawn, wish, arena, err) : SMP_OK;
    if (!code)
        code = smp_photo_ground_make(&ground, told, scene, image, camera,
                                     wish->mask ? &drawn : NULL, pool, arena, err);
    if (!code && wish->save_mask)
        code = save_mask(wish->save_mask, ground, arena, err);
    if (!code)
        code = smp_photo_draw(image, ground, age, pool, arena, err);
    return code;
}

enum smp_code smp_on_photo_pose(struct smp_camera *camera, const struct smp_on_photo *wish,
                                struct smp_arena *arena, struct smp_err *err)
{
    *camera = (struct smp_camera){ 0 };
    return wish->pose ? read_pose(camera, wish->pose, wish->photo, arena, err) : SMP_OK;
}

enum smp_code smp_draw_on_photo(struct smp_image *image, struct smp_photo_told *told,
                                const struct smp_on_photo *wish, const struct smp_camera *given,
                                const struct smp_plan *plan, const struct smp_age *age,
                                struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err)
{
    struct smp_camera camera = *given;
    struct smp_scene *scene;
    const struct smp_image_options options = { .no_sandbox = wish->no_sandbox, .pool = pool };
    enum smp_code code = wish->pose ? SMP_OK : pose_by_case(&camera, wish, plan, arena, err);
    if (!code)
        code = smp_image_load(image, wish->photo, &options, arena, err);
    if (!code)
        code = smp_scene_make_bare(&scene, plan, pool, arena, err);
    if (code)
        return code;
    camera.width_px = image->width_px;
    camera.height_px = image->height_px;
    code = draw(image, told, wish, &camera, scene, age, pool, arena, err);
    smp_scene_drop(scene);
    return code;
}
