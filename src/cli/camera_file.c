// Cameras of photos, as `stubble pose` prints them.
#include "cli/camera_file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { POSE_MAX_BYTES = 16 << 20 };

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

const char *smp_cli_base_name(const char *path)
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
            strcmp(smp_cli_base_name(name), smp_cli_base_name(photo)) == 0)
            return SMP_OK;
    }
    if (smp_json_count(&photos) == 1 && smp_json_item(&photos, 0, found))
        return SMP_OK;
    return smp_fail(err, SMP_E_INPUT, "%s: photos has %zu items and none with the file %s",
                    root->file, smp_json_count(&photos), smp_cli_base_name(photo));
}

enum smp_code smp_cli_camera(struct smp_camera *camera, const char *path, const char *photo,
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
