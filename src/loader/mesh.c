// Which reader for which file, and what all readers share.
#include "loader_impl.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { most_textures = 256 };

enum smp_code ldr_mesh_make(struct ldr_mesh *mesh, size_t point_count, size_t triangle_count,
                            bool with_uvs, const struct ldr_job *job, struct smp_err *err)
{
    if (triangle_count == 0 && point_count == 0)
        return smp_fail(err, SMP_E_FORMAT, "no faces and no points");
    if (triangle_count == 0)
        return smp_fail(err, SMP_E_FORMAT,
                        "no faces, only %zu points: a point cloud is not a surface", point_count);
    if (triangle_count > job->max_items)
        return smp_fail(err, SMP_E_LIMIT, "%zu triangles; at most %zu are allowed", triangle_count,
                        job->max_items);
    if (point_count > 3 * job->max_items)
        return smp_fail(err, SMP_E_LIMIT, "%zu points; at most %zu are allowed", point_count,
                        3 * job->max_items);
    mesh->points = smp_alloc(job->arena, point_count, sizeof *mesh->points);
    mesh->triangles = smp_alloc(job->arena, triangle_count, sizeof *mesh->triangles);
    mesh->uvs = with_uvs ? smp_alloc(job->arena, triangle_count, sizeof *mesh->uvs) : NULL;
    mesh->part_list = smp_alloc(job->arena, ldr_most_parts, sizeof *mesh->part_list);
    mesh->textures = smp_alloc(job->arena, most_textures, sizeof *mesh->textures);
    if (!mesh->points || !mesh->triangles || (with_uvs && !mesh->uvs) || !mesh->part_list ||
        !mesh->textures)
        return ldr_no_memory(job, err);
    mesh->point_count = point_count;
    mesh->triangle_count = triangle_count;
    return SMP_OK;
}

int32_t ldr_texture_named(struct ldr_mesh *mesh, const char *name, const struct ldr_job *job)
{
    (void)job;
    for (size_t i = 0; i < mesh->texture_count; i++)
        if (strcmp(mesh->textures[i].sibling, name) == 0)
            return (int32_t)i;
    if (mesh->texture_count == most_textures || strlen(name) >= smp_name_bytes)
        return -1;
    struct ldr_texture *texture = &mesh->textures[mesh->texture_count++];
    memcpy(texture->sibling, name, strlen(name) + 1);
    return (int32_t)(mesh->texture_count - 1);
}

static bool starts(struct smp_bytes file, const char *text)
{
    return file.length >= strlen(text) && memcmp(file.data, text, strlen(text)) == 0;
}

static bool is_binary_stl(struct smp_bytes file)
{
    uint32_t count = 0;
    if (file.length < 84)
        return false;
    memcpy(&count, file.data + 80, sizeof count);
    return file.length == 84 + (uint64_t)count * 50;
}

// glTF: extensions whose meshes are packed in ways that nothing here unpacks.
static enum smp_code refuse_packed(struct smp_bytes file, struct smp_err *err)
{
    static const struct {
        const char *name, *words;
    } packed[] = {
        { "\"KHR_draco_mesh_compression\"", "Draco compression" },
        { "\"EXT_meshopt_compression\"", "meshopt compression" },
        { "\"KHR_mesh_quantization\"", "quantised coordinates" },
    };
    size_t length = file.length;
    if (starts(file, "glTF") && file.length >= 20) { // the JSON chunk only
        uint32_t json = 0;
        memcpy(&json, file.data + 12, sizeof json);
        length = json < file.length - 20 ? json + 20 : file.length;
    }
    for (size_t i = 0; i < sizeof packed / sizeof *packed; i++)
        if (memmem(file.data, length, packed[i].name, strlen(packed[i].name)))
            return smp_fail(err, SMP_E_UNSUPPORTED,
                            "uses %s, which is not supported: save the scan without it",
                            packed[i].words);
    return SMP_OK;
}

// KHR_texture_transform may name another set of coordinates than the picture itself does. Assimp
// does not tell, so pictures are left out rather than laid on wrongly.
static void leave_out_overridden(struct ldr_mesh *mesh, struct smp_bytes file)
{
    static const char name[] = "\"KHR_texture_transform\"", set[] = "\"texCoord\"";
    const uint8_t *at = file.data, *end = file.data + file.length;
    while ((at = memmem(at, (size_t)(end - at), name, sizeof name - 1))) {
        at += sizeof name - 1;
        const uint8_t *close = memchr(at, '}', (size_t)(end - at));
        const uint8_t *comma = memchr(at, '{', (size_t)(end - at));
        if (!close || !comma || comma > close)
            continue; // in a list of extensions
        if (!memmem(comma, (size_t)(close - comma), set, sizeof set - 1))
            continue;
        for (size_t i = 0; i < mesh->part_count; i++)
            mesh->part_list[i].texture = -1;
        snprintf(mesh->note, sizeof mesh->note,
                 "its pictures were left out, for KHR_texture_transform.texCoord is not supported: "
                 "save the scan with its textures baked in");
        return;
    }
}

// Takes out parts (such as Assimp's default material) that no triangle belongs to.
static enum smp_code drop_empty_parts(struct ldr_mesh *mesh, const struct ldr_job *job,
                                      struct smp_err *err)
{
    uint16_t *number = smp_new(job->arena, uint16_t, mesh->part_count);
    if (!number)
        return ldr_no_memory(job, err);
    for (size_t t = 0; t < mesh->triangle_count; t++)
        number[mesh->parts[t]] = 1;
    size_t kept = 0;
    for (size_t i = 0; i < mesh->part_count; i++) {
        if (!number[i])
            continue;
        number[i] = (uint16_t)kept;
        mesh->part_list[kept++] = mesh->part_list[i];
    }
    mesh->part_count = kept;
    for (size_t t = 0; t < mesh->triangle_count; t++)
        mesh->parts[t] = number[mesh->parts[t]];
    return SMP_OK;
}

static enum smp_code read_by_kind(struct ldr_mesh *mesh, struct smp_bytes file,
                                  const struct ldr_job *job, struct smp_err *err)
{
    if (file.length == 0)
        return smp_fail(err, SMP_E_FORMAT, "the file is empty");
    const bool gltf = strcasecmp(job->suffix, "gltf") == 0;
    if (starts(file, "glTF") || gltf) {
        enum smp_code code = refuse_packed(file, err);
        if (!code)
            code = ldr_assimp_read(mesh, file, starts(file, "glTF") ? "GLB" : "glTF", job, err);
        if (!code)
            leave_out_overridden(mesh, file);
        return code;
    }
    if (starts(file, "ply\n") || starts(file, "ply\r"))
        return ldr_ply_read(mesh, file, job, err);
    if (is_binary_stl(file) || strcasecmp(job->suffix, "stl") == 0)
        return ldr_assimp_read(mesh, file, "STL", job, err);
    if (strcasecmp(job->suffix, "obj") == 0)
        return ldr_obj_read(mesh, file, job, err);
    return smp_fail(err, SMP_E_UNSUPPORTED, "not a GLB, glTF, OBJ, PLY or STL file");
}

enum smp_code ldr_mesh_read(struct ldr_mesh *mesh, struct smp_bytes file, const struct ldr_job *job,
                            struct smp_err *err)
{
    *mesh = (struct ldr_mesh){ 0 };
    const enum smp_code code = read_by_kind(mesh, file, job, err);
    return code ? code : drop_empty_parts(mesh, job, err);
}
