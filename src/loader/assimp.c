// GLB, glTF and STL through Assimp's C interface, its file system replaced by requests.
#include "loader_impl.h"

#include <assimp/cfileio.h>
#include <assimp/cimport.h>
#include <assimp/material.h>
#include <assimp/postprocess.h>
#include <assimp/scene.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { deepest_node = 256 };

struct reader {
    struct ldr_mesh *mesh;
    const struct ldr_job *job;
    const struct aiScene *scene;
    size_t points, triangles; // counted, then filled
    bool has_uvs;
    struct painting *paintings; // one a material
};

// How a material's picture lies on the faces.
struct painting {
    unsigned set;        // which texture coordinates of the mesh
    double m[2][3];      // KHR_texture_transform, v down
    bool wanted, mapped; // has a picture; a face has coordinates for it
};

// ---- Files as Assimp sees them ------------------------------------------------------------------

struct open_file {
    struct aiFile calls;
    struct smp_bytes bytes;
    size_t at;
};

struct file_system {
    struct aiFileIO calls;
    struct smp_bytes scan;
    const char *name;
    const struct ldr_job *job;
};

static struct open_file *opened(struct aiFile *file)
{
    return (struct open_file *)(void *)file->UserData;
}

static size_t on_read(struct aiFile *file, char *to, size_t size, size_t count)
{
    struct open_file *open = opened(file);
    if (size == 0 || open->at >= open->bytes.length)
        return 0;
    const size_t whole = (open->bytes.length - open->at) / size;
    const size_t got = count < whole ? count : whole;
    memcpy(to, open->bytes.data + open->at, got * size);
    open->at += got * size;
    return got;
}

static size_t on_write(struct aiFile *file, const char *from, size_t size, size_t count)
{
    (void)file;
    (void)from;
    (void)size;
    (void)count;
    return 0;
}

static size_t on_tell(struct aiFile *file)
{
    return opened(file)->at;
}

static size_t on_size(struct aiFile *file)
{
    return opened(file)->bytes.length;
}

static enum aiReturn on_seek(struct aiFile *file, size_t offset, enum aiOrigin origin)
{
    struct open_file *open = opened(file);
    const size_t base = origin == aiOrigin_CUR   ? open->at
                        : origin == aiOrigin_END ? open->bytes.length
                                                 : 0;
    // Assimp passes offsets back from the end as huge unsigned numbers; the sum wraps as it means.
    const size_t to = base + offset;
    if (to > open->bytes.length)
        return aiReturn_FAILURE;
    open->at = to;
    return aiReturn_SUCCESS;
}

static void on_flush(struct aiFile *file)
{
    (void)file;
}

static struct aiFile *on_open(struct aiFileIO *io, const char *name, const char *mode)
{
    const struct file_system *files = (const struct file_system *)(void *)io->UserData;
    struct smp_bytes bytes = files->scan;
    if (strchr(mode, 'w') || strchr(mode, 'a'))
        return NULL;
    if (strncmp(name, "./", 2) == 0)
        name += 2;
    if (strcmp(name, files->name) != 0 && !files->job->ask(files->job, name, &bytes))
        return NULL;
    struct open_file *open = malloc(sizeof *open);
    if (!open)
        return NULL;
    *open = (struct open_file){ .calls = { .ReadProc = on_read,
                                           .WriteProc = on_write,
                                           .TellProc = on_tell,
                                           .FileSizeProc = on_size,
                                           .SeekProc = on_seek,
                                           .FlushProc = on_flush },
                                .bytes = bytes };
    open->calls.UserData = (aiUserData)(void *)open;
    return &open->calls;
}

static void on_close(struct aiFileIO *io, struct aiFile *file)
{
    (void)io;
    free(opened(file));
}

// ---- The scene into arrays ----------------------------------------------------------------------

typedef enum smp_code visit_fn(struct reader *reader, const struct aiMesh *from,
                               const struct aiMatrix4x4 *place, struct smp_err *err);

static enum smp_code visit(struct reader *reader, const struct aiNode *node,
                           struct aiMatrix4x4 place, int depth, visit_fn *each, struct smp_err *err)
{
    if (depth > deepest_node)
        return smp_fail(err, SMP_E_LIMIT, "nodes are nested more than %d deep", deepest_node);
    aiMultiplyMatrix4(&place, &node->mTransformation);
    enum smp_code code = SMP_OK;
    for (unsigned i = 0; !code && i < node->mNumMeshes; i++)
        if (node->mMeshes[i] < reader->scene->mNumMeshes)
            code = each(reader, reader->scene->mMeshes[node->mMeshes[i]], &place, err);
    for (unsigned i = 0; !code && i < node->mNumChildren; i++)
        code = visit(reader, node->mChildren[i], place, depth + 1, each, err);
    return code;
}

// Texture coordinates of the mesh that its material's picture uses; NULL: none.
static const struct aiVector3D *coordinates(const struct reader *reader, const struct aiMesh *from)
{
    const unsigned set = from->mMaterialIndex < reader->scene->mNumMaterials
                             ? reader->paintings[from->mMaterialIndex].set
                             : 0;
    return set < AI_MAX_NUMBER_OF_TEXTURECOORDS ? from->mTextureCoords[set] : NULL;
}

static bool is_triangle(const struct aiMesh *from, unsigned face)
{
    return from->mFaces[face].mNumIndices == 3;
}

static bool is_whole(const struct aiMesh *from, unsigned face)
{
    const struct aiFace *f = &from->mFaces[face];
    for (unsigned k = 0; k < f->mNumIndices; k++)
        if (f->mIndices[k] >= from->mNumVertices)
            return false;
    return true;
}

static enum smp_code count_mesh(struct reader *reader, const struct aiMesh *from,
                                const struct aiMatrix4x4 *place, struct smp_err *err)
{
    (void)place;
    for (unsigned i = 0; i < from->mNumFaces; i++) {
        if (!is_whole(from, i))
            return smp_fail(err, SMP_E_FORMAT, "face %u names a vertex that the file does not have",
                            i + 1);
        reader->triangles += is_triangle(from, i);
    }
    reader->points += from->mNumVertices;
    reader->has_uvs |= coordinates(reader, from) != NULL;
    if (reader->triangles > reader->job->max_items)
        return smp_fail(err, SMP_E_LIMIT, "more than %zu triangles", reader->job->max_items);
    return SMP_OK;
}

// In double, so that the identity keeps every bit.
static bool transform(double to[3], const struct aiMatrix4x4 *m, struct aiVector3D p)
{
    const double x = (double)p.x, y = (double)p.y, z = (double)p.z;
    to[0] = (double)m->a1 * x + (double)m->a2 * y + (double)m->a3 * z + (double)m->a4;
    to[1] = (double)m->b1 * x + (double)m->b2 * y + (double)m->b3 * z + (double)m->b4;
    to[2] = (double)m->c1 * x + (double)m->c2 * y + (double)m->c3 * z + (double)m->c4;
    return isfinite(to[0]) && isfinite(to[1]) && isfinite(to[2]);
}

static bool mirrors(const struct aiMatrix4x4 *m)
{
    const struct smp_vec3 x = smp_vec3((double)m->a1, (double)m->b1, (double)m->c1),
                          y = smp_vec3((double)m->a2, (double)m->b2, (double)m->c2),
                          z = smp_vec3((double)m->a3, (double)m->b3, (double)m->c3);
    return smp_dot(smp_cross(x, y), z) < 0;
}

static void paint(float to[2], struct aiVector3D uv, const struct painting *painting)
{
    const float v = 1 - uv.y; // Assimp counts v from the bottom, whatever the file does
    to[0] = uv.x;
    to[1] = v;
    for (int i = 0; i < 2; i++) {
        const double *m = painting ? painting->m[i] : NULL;
        if (m && painting->wanted)
            to[i] = (float)(m[0] * (double)uv.x + m[1] * (double)v + m[2]);
        if (!isfinite(to[i]))
            to[i] = 0;
    }
}

static void fill_triangle(struct reader *reader, const struct aiMesh *from, unsigned face,
                          size_t first_point, bool mirrored)
{
    struct ldr_mesh *mesh = reader->mesh;
    const size_t t = reader->triangles++;
    const struct aiVector3D *uvs = coordinates(reader, from);
    const bool painted = from->mMaterialIndex < reader->scene->mNumMaterials;
    if (uvs && painted)
        reader->paintings[from->mMaterialIndex].mapped = true;
    for (int k = 0; k < 3; k++) {
        const unsigned corner = from->mFaces[face].mIndices[mirrored ? 2 - k : k];
        mesh->triangles[t][k] = (uint32_t)(first_point + corner);
        if (uvs)
            paint(mesh->uvs[t][k], uvs[corner],
                  painted ? &reader->paintings[from->mMaterialIndex] : NULL);
    }
    mesh->parts[t] = (uint16_t)from->mMaterialIndex;
}

static enum smp_code fill_mesh(struct reader *reader, const struct aiMesh *from,
                               const struct aiMatrix4x4 *place, struct smp_err *err)
{
    const size_t first = reader->points;
    for (unsigned i = 0; i < from->mNumVertices; i++)
        if (!transform(reader->mesh->points[reader->points++], place, from->mVertices[i]))
            return smp_fail(err, SMP_E_FORMAT, "vertex %u is not three finite numbers", i + 1);
    const bool mirrored = mirrors(place);
    for (unsigned i = 0; i < from->mNumFaces; i++)
        if (is_triangle(from, i))
            fill_triangle(reader, from, i, first, mirrored);
    return SMP_OK;
}

// ---- Materials ----------------------------------------------------------------------------------

static bool picture_of(const struct aiMaterial *material, struct aiString *name,
                       enum aiTextureType *kind, unsigned *set)
{
    static const enum aiTextureType kinds[] = { aiTextureType_BASE_COLOR, aiTextureType_DIFFUSE };
    for (size_t i = 0; i < 2; i++) {
        *set = 0;
        *kind = kinds[i];
        if (aiGetMaterialTexture(material, kinds[i], 0, name, NULL, set, NULL, NULL, NULL, NULL) ==
            aiReturn_SUCCESS)
            return name->length > 0;
    }
    return false;
}

// Undoes what Assimp makes of KHR_texture_transform (it turns about the picture's middle, with v
// up), then offset × rotation × scale as the extension defines it: v runs down, so the turn by r
// counter-clockwise takes (u, v) to (u cos r + v sin r, v cos r - u sin r).
static void read_transform(struct painting *painting, const struct aiMaterial *material,
                           enum aiTextureType kind)
{
    struct aiUVTransform t;
    *painting = (struct painting){ painting->set, { { 1, 0, 0 }, { 0, 1, 0 } }, true, false };
    if (aiGetMaterialUVTransform(material, AI_MATKEY_UVTRANSFORM(kind, 0), &t) != aiReturn_SUCCESS)
        return;
    const double sx = (double)t.mScaling.x, sy = (double)t.mScaling.y, r = -(double)t.mRotation;
    const double c = cos(r), s = sin(r);
    const double x = (double)t.mTranslation.x - 0.5 * sx * (1 + s - c);
    const double y = 0.5 * sy * (s + c - 1) + 1 - sy - (double)t.mTranslation.y;
    *painting = (struct painting){
        painting->set, { { sx * c, sy * s, x }, { -sx * s, sy * c, y } }, true, false
    };
}

static enum smp_code read_paintings(struct reader *reader, struct smp_err *err)
{
    const struct aiScene *scene = reader->scene;
    reader->paintings = smp_new(reader->job->arena, struct painting, scene->mNumMaterials);
    if (!reader->paintings)
        return ldr_no_memory(reader->job, err);
    for (unsigned i = 0; i < scene->mNumMaterials; i++) {
        struct aiString name;
        enum aiTextureType kind;
        unsigned set;
        if (!picture_of(scene->mMaterials[i], &name, &kind, &set))
            continue;
        reader->paintings[i].set = set;
        read_transform(&reader->paintings[i], scene->mMaterials[i], kind);
    }
    return SMP_OK;
}

static int32_t texture_of(struct reader *reader, const struct aiMaterial *material)
{
    struct aiString name;
    enum aiTextureType kind;
    unsigned set;
    if (!picture_of(material, &name, &kind, &set))
        return -1;
    const struct aiTexture *inside = NULL;
    if (name.data[0] == '*') {
        const long index = strtol(name.data + 1, NULL, 10);
        if (index >= 0 && index < (long)reader->scene->mNumTextures)
            inside = reader->scene->mTextures[index];
    }
    const int32_t index = ldr_texture_named(reader->mesh, name.data, reader->job);
    if (index < 0 || !inside)
        return index;
    if (inside->mHeight != 0) // pixels, not a picture file: no format here does that
        return -1;
    reader->mesh->textures[index].bytes =
        (struct smp_bytes){ (const uint8_t *)inside->pcData, inside->mWidth };
    return index;
}

static enum smp_code fill_materials(struct reader *reader, struct smp_err *err)
{
    struct ldr_mesh *mesh = reader->mesh;
    if (reader->scene->mNumMaterials > ldr_most_parts)
        return smp_fail(err, SMP_E_LIMIT, "more than %d materials", ldr_most_parts);
    for (unsigned i = 0; i < reader->scene->mNumMaterials; i++) {
        struct smp_reply_part *part = &mesh->part_list[mesh->part_count++];
        part->texture = -1;
        struct aiString name;
        if (aiGetMaterialString(reader->scene->mMaterials[i], AI_MATKEY_NAME, &name) ==
            aiReturn_SUCCESS)
            ldr_rest_as_name((struct ldr_span){ name.data, name.data + name.length }, part->name);
        if (reader->paintings[i].mapped)
            part->texture = texture_of(reader, reader->scene->mMaterials[i]);
        else if (reader->paintings[i].wanted)
            snprintf(mesh->note, sizeof mesh->note,
                     "a picture was left out, for no face has the texture coordinates TEXCOORD_%u "
                     "that it uses",
                     reader->paintings[i].set);
    }
    for (size_t i = 0; i < mesh->texture_count; i++)
        if (mesh->textures[i].bytes.data)
            mesh->textures[i].sibling[0] = 0;
    for (size_t t = 0; t < mesh->triangle_count; t++)
        if (mesh->parts[t] >= mesh->part_count)
            return smp_fail(err, SMP_E_FORMAT, "a face names a material that is not there");
    return SMP_OK;
}

static enum smp_code take_scene(struct reader *reader, struct smp_err *err)
{
    struct aiMatrix4x4 place;
    aiIdentityMatrix4(&place);
    enum smp_code code = read_paintings(reader, err);
    if (!code)
        code = visit(reader, reader->scene->mRootNode, place, 0, count_mesh, err);
    if (!code)
        code = ldr_mesh_make(reader->mesh, reader->points, reader->triangles, reader->has_uvs,
                             reader->job, err);
    if (code)
        return code;
    reader->mesh->parts = smp_new(reader->job->arena, uint16_t, reader->triangles);
    if (!reader->mesh->parts)
        return ldr_no_memory(reader->job, err);
    reader->points = reader->triangles = 0;
    code = visit(reader, reader->scene->mRootNode, place, 0, fill_mesh, err);
    return code ? code : fill_materials(reader, err);
}

// Copies of pictures that lie inside the scene, which is about to go.
static enum smp_code keep_pictures(struct ldr_mesh *mesh, const struct ldr_job *job,
                                   struct smp_err *err)
{
    for (size_t i = 0; i < mesh->texture_count; i++) {
        struct smp_bytes *bytes = &mesh->textures[i].bytes;
        uint8_t *copy = smp_new(job->arena, uint8_t, bytes->length);
        if (!copy)
            return ldr_no_memory(job, err);
        if (bytes->length)
            memcpy(copy, bytes->data, bytes->length);
        bytes->data = copy;
    }
    return SMP_OK;
}

static enum smp_code read_failed(const char *kind, const struct ldr_job *job, struct smp_err *err)
{
    char why[200];
    smp_sandbox_clean_text(why, sizeof why, aiGetErrorString(), 400);
    if (strstr(why, "bad_alloc") || strstr(why, "no memory"))
        return ldr_no_memory(job, err);
    if (!*why || strstr(why, "scan.")) // Assimp's name for it means nothing to the user
        return smp_fail(err, SMP_E_FORMAT, "not a whole %s file", kind);
    return smp_fail(err, SMP_E_FORMAT, "not a whole %s file (%s)", kind, why);
}

enum smp_code ldr_assimp_read(struct ldr_mesh *mesh, struct smp_bytes file, const char *kind,
                              const struct ldr_job *job, struct smp_err *err)
{
    char name[32];
    snprintf(name, sizeof name, "scan.%s", kind); // Assimp chooses by suffix too, in any case
    struct file_system files = { .calls = { .OpenProc = on_open, .CloseProc = on_close },
                                 .scan = file,
                                 .name = name,
                                 .job = job };
    files.calls.UserData = (aiUserData)(void *)&files;
    // No further steps: sorting by primitive type, for one, would give vertices a new order. Points
    // and lines are left out below.
    const struct aiScene *scene = aiImportFileEx(name, aiProcess_Triangulate, &files.calls);
    if (!scene)
        return read_failed(kind, job, err);
    struct reader reader = { .mesh = mesh, .job = job, .scene = scene };
    enum smp_code code =
        scene->mRootNode ? take_scene(&reader, err) : smp_fail(err, SMP_E_FORMAT, "no scene in it");
    if (!code)
        code = keep_pictures(mesh, job, err);
    aiReleaseImport(scene);
    return code;
}
