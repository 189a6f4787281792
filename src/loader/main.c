// stubble-loader: reads scans and pictures (but HEIC) for stubble.
#include "loader_impl.h"

#include <assimp/cimport.h>
#include <stdio.h>
#include <string.h>

static bool put_textures(struct ldr_output *output, const struct ldr_mesh *mesh,
                         struct smp_reply_mesh *reply)
{
    struct smp_reply_texture list[256];
    memset(list, 0, sizeof list);
    for (size_t i = 0; i < mesh->texture_count; i++) {
        memcpy(list[i].sibling, mesh->textures[i].sibling, smp_name_bytes);
        list[i].length = mesh->textures[i].bytes.length;
        if (list[i].length) {
            list[i].at = ldr_put(output, mesh->textures[i].bytes.data, list[i].length);
            if (!list[i].at)
                return false;
        }
    }
    reply->texture_count = (uint32_t)mesh->texture_count;
    reply->textures_at = ldr_put(output, list, mesh->texture_count * sizeof *list);
    return reply->textures_at != 0;
}

static enum smp_code answer_mesh(struct ldr_output *output, struct smp_bytes file,
                                 const struct ldr_job *job, struct smp_err *err)
{
    struct ldr_mesh mesh;
    const enum smp_code code = ldr_mesh_read(&mesh, file, job, err);
    if (code)
        return code;
    struct smp_reply_mesh reply = { .point_count = mesh.point_count,
                                    .triangle_count = mesh.triangle_count,
                                    .part_count = (uint32_t)mesh.part_count };
    output->used = sizeof reply;
    reply.points_at = ldr_put(output, mesh.points, mesh.point_count * sizeof *mesh.points);
    reply.triangles_at =
        ldr_put(output, mesh.triangles, mesh.triangle_count * sizeof *mesh.triangles);
    bool good = reply.points_at && reply.triangles_at;
    if (mesh.uvs)
        good = (reply.uvs_at = ldr_put(output, mesh.uvs, mesh.triangle_count * sizeof *mesh.uvs)) &&
               good;
    reply.parts_at = ldr_put(output, mesh.parts, mesh.triangle_count * sizeof *mesh.parts);
    reply.part_names_at = ldr_put(output, mesh.part_list, mesh.part_count * sizeof *mesh.part_list);
    good = good && reply.parts_at && reply.part_names_at && put_textures(output, &mesh, &reply);
    if (!good)
        return smp_fail(err, SMP_E_LIMIT, "mesh and textures are larger than allowed");
    snprintf(reply.note, sizeof reply.note, "%s", mesh.note);
    memcpy(output->data, &reply, sizeof reply);
    return SMP_OK;
}

static enum smp_code answer_picture(struct ldr_output *output, struct smp_bytes file,
                                    const struct ldr_job *job, struct smp_err *err)
{
    return ldr_answer_picture(output, file, ldr_image_read, job, err);
}

// What Assimp sets up on first use (its list of formats) is set up while files and memory are
// still free.
static void warm_up_mesh(void)
{
    static const char tetrahedron[] = "solid a\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\n"
                                      "vertex 1 0 0\nvertex 0 1 0\nendloop\nendfacet\nendsolid\n";
    const struct aiScene *scene =
        aiImportFileFromMemory(tetrahedron, sizeof tetrahedron - 1, 0, "stl");
    if (scene)
        aiReleaseImport(scene);
}

int main(int argc, char **argv)
{
    static const struct ldr_reader readers[] = { { "mesh", answer_mesh, warm_up_mesh },
                                                 { "image", answer_picture, ldr_profile_warm_up },
                                                 { NULL, NULL, NULL } };
    return ldr_child_main(argc, argv, readers);
}
