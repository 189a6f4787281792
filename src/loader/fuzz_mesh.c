// Fuzz target: a scan's bytes into arrays, as in the child. Built with -DFUZZ_ASSIMP=0 it gives
// Assimp nothing (what is ours is tested); with 1 it takes every format.
#include "loader_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length);

// What stands after this line is the file beside the scan, whatever it is asked for by.
static const char divider[] = "\n---- beside ----\n";

static _Thread_local struct smp_bytes beside;

static bool give_beside(const struct ldr_job *job, const char *name, struct smp_bytes *bytes)
{
    (void)name;
    *bytes = ldr_copy(beside.data, beside.length, job->arena);
    return bytes->length > 0;
}

static bool starts(struct smp_bytes file, const char *text)
{
    return file.length >= strlen(text) && memcmp(file.data, text, strlen(text)) == 0;
}

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void check(const struct ldr_mesh *mesh, const struct ldr_job *job)
{
    must(mesh->triangle_count > 0 && mesh->triangle_count <= job->max_items);
    must(mesh->part_count > 0 && mesh->part_count <= ldr_most_parts);
    for (size_t i = 0; i < mesh->point_count; i++)
        for (int k = 0; k < 3; k++)
            must(isfinite(mesh->points[i][k]));
    for (size_t t = 0; t < mesh->triangle_count; t++) {
        for (int k = 0; k < 3; k++) {
            must(mesh->triangles[t][k] < mesh->point_count);
            must(!mesh->uvs || (isfinite(mesh->uvs[t][k][0]) && isfinite(mesh->uvs[t][k][1])));
        }
        must(mesh->parts[t] < mesh->part_count);
    }
    for (size_t i = 0; i < mesh->part_count; i++)
        must(mesh->part_list[i].texture >= -1 &&
             mesh->part_list[i].texture < (int32_t)mesh->texture_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
    struct smp_bytes file = { data, length };
    const uint8_t *cut = memmem(data, length, divider, sizeof divider - 1);
    beside = (struct smp_bytes){ 0 };
    if (cut) {
        file.length = (size_t)(cut - data);
        beside.data = cut + sizeof divider - 1;
        beside.length = length - file.length - (sizeof divider - 1);
    }
    const char *suffix = starts(file, "{") ? "gltf" : starts(file, "solid") ? "stl" : "obj";
    uint32_t facets = 0;
    if (length >= 84)
        memcpy(&facets, data + 80, sizeof facets);
    const bool ours =
        suffix[0] == 'o' && !starts(file, "glTF") && length != 84 + (uint64_t)facets * 50;
    if (!FUZZ_ASSIMP && !ours)
        return 0;

    struct smp_arena arena;
    smp_arena_make(&arena, 256 << 20);
    const struct ldr_job job = {
        .suffix = suffix, .max_items = 100000, .arena = &arena, .ask = give_beside
    };
    struct ldr_mesh mesh;
    struct smp_err err = { 0 };
    if (ldr_mesh_read(&mesh, file, &job, &err) == SMP_OK)
        check(&mesh, &job);
    else
        must(err.msg[0]);
    smp_arena_drop(&arena);
    return 0;
}
