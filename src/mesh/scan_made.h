// For the tests of scan files: a folder of made-up files, and a cube in every format.
#ifndef SMP_SCAN_MADE_H
#define SMP_SCAN_MADE_H

#include "mesh/mesh.h"

#include "harness.h"

#include <sys/stat.h>

#define LPS "../shared/data/heads/lee-perry-smith/"
#define ICT "../shared/data/heads/ict-facekit/generic_neutral_mesh.obj"

static struct smp_arena arena;
static struct smp_err err;
static struct smp_scan scan;
static char folder[200];

static inline void begin(void)
{
    smp_arena_make(&arena, 0);
    err = (struct smp_err){ 0 };
    scan = (struct smp_scan){ 0 };
    snprintf(folder, sizeof folder, "%s/scan-XXXXXX", smp_test_folder());
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static inline void end(void)
{
    char command[240];
    snprintf(command, sizeof command, "rm -r %s", folder);
    ck_assert_int_eq(system(command), 0);
    smp_arena_drop(&arena);
}

static inline const char *in_folder(const char *name)
{
    return smp_format(&arena, "%s/%s", folder, name);
}

static inline void put_bytes(const char *name, const void *data, size_t length)
{
    ck_assert_int_eq(smp_file_write(in_folder(name), data, length, &err), SMP_OK);
}

static inline void put(const char *name, const char *text)
{
    put_bytes(name, text, strlen(text));
}

static inline enum smp_code load(const char *name, size_t max_triangles)
{
    const struct smp_scan_options options = { .max_triangles = max_triangles };
    err = (struct smp_err){ 0 };
    return smp_scan_load(&scan, in_folder(name), &options, &arena, &err);
}

// The load must fail with this code and sentence (after the file's name).
static inline void must_fail(const char *name, enum smp_code code, const char *rest)
{
    const char *whole = smp_format(&arena, "%s%s", in_folder(name), rest);
    ck_assert_msg(load(name, 0) == code && strcmp(err.msg, whole) == 0, "%s: \"%s\", not \"%s\"",
                  smp_code_name(err.code), err.msg, whole);
    ck_assert_ptr_null(scan.mesh.points);
}

// ---- A cube ------------------------------------------------------------------------------------

static const double corners[8][3] = { { 0, 0, 0 }, { 1, 0, 0 }, { 1, 1, 0 }, { 0, 1, 0 },
                                      { 0, 0, 1 }, { 1, 0, 1 }, { 1, 1, 1 }, { 0, 1, 1 } };
static const int sides[6][4] = { { 0, 3, 2, 1 }, { 4, 5, 6, 7 }, { 0, 1, 5, 4 },
                                 { 1, 2, 6, 5 }, { 2, 3, 7, 6 }, { 3, 0, 4, 7 } };

// Text made of pieces.
struct text {
    char data[8192];
    size_t length;
};

static inline void add_bytes(struct text *text, const void *data, size_t length)
{
    ck_assert_uint_le(text->length + length, sizeof text->data);
    memcpy(text->data + text->length, data, length);
    text->length += length;
}

#define add(text, ...)                                                                             \
    do {                                                                                           \
        char piece[256];                                                                           \
        const int n = snprintf(piece, sizeof piece, __VA_ARGS__);                                  \
        add_bytes(text, piece, (size_t)n);                                                         \
    } while (0)

static inline void add_triangle_of_cube(struct text *text, int side, int half,
                                        void (*each)(struct text *, int corner))
{
    each(text, sides[side][0]);
    each(text, sides[side][half ? 2 : 1]);
    each(text, sides[side][half ? 3 : 2]);
}

// Area 6 and volume 1: every face there, once, and outward.
static inline void must_be_cube(void)
{
    const struct smp_mesh *mesh = &scan.mesh;
    ck_assert_uint_eq(mesh->triangle_count, 12);
    double area = 0, volume = 0;
    for (size_t t = 0; t < 12; t++) {
        const struct smp_vec3 a = mesh->points[mesh->triangles[t][0]],
                              b = mesh->points[mesh->triangles[t][1]],
                              c = mesh->points[mesh->triangles[t][2]];
        area += smp_length(smp_cross(smp_sub(b, a), smp_sub(c, a))) / 2;
        volume += smp_dot(a, smp_cross(b, c)) / 6;
    }
    ck_assert_double_eq_tol(area, 6, 1e-6);
    ck_assert_double_eq_tol(volume, 1, 1e-6);
}

static inline void must_keep_corners(void)
{
    ck_assert_uint_eq(scan.mesh.point_count, 8);
    for (int i = 0; i < 8; i++) {
        ck_assert_double_eq(scan.mesh.points[i].x, corners[i][0]);
        ck_assert_double_eq(scan.mesh.points[i].y, corners[i][1]);
        ck_assert_double_eq(scan.mesh.points[i].z, corners[i][2]);
    }
}

static inline void add_obj(struct text *text)
{
    add(text, "# cube\nmtllib cube.mtl\n");
    for (int i = 0; i < 8; i++)
        add(text, "v %g %g %g\n", corners[i][0], corners[i][1], corners[i][2]);
    add(text, "vt 0 0\nvt 1 0\nvt 1 0.75\nvt 0 1\nusemtl skin\n");
    for (int i = 0; i < 6; i++) {
        if (i == 3)
            add(text, "usemtl back of head\r\n");
        add(text, "f %d/1/1 %d/2/1 %d/-2 %d/4\n", sides[i][0] + 1, sides[i][1] + 1, sides[i][2] - 8,
            sides[i][3] + 1);
    }
}

static inline void add_ply_head(struct text *ply, const char *format, int vertices, int faces)
{
    add(ply, "ply\nformat %s 1.0\ncomment made up\nelement vertex %d\nproperty float x\n", format,
        vertices);
    add(ply, "property float y\nproperty float z\nproperty uchar red\nproperty uchar green\n"
             "property uchar blue\n");
    if (faces)
        add(ply, "element face %d\nproperty list uchar int vertex_indices\n", faces);
    add(ply, "end_header\n");
}

static inline void add_stl_text(struct text *stl, int corner)
{
    add(stl, "vertex %g %g %g\n", corners[corner][0], corners[corner][1], corners[corner][2]);
}

static inline void add_stl_bytes(struct text *stl, int corner)
{
    const float xyz[3] = { (float)corners[corner][0], (float)corners[corner][1],
                           (float)corners[corner][2] };
    add_bytes(stl, xyz, sizeof xyz);
}

static inline void add_stl(struct text *stl, bool bytes)
{
    const char head[80] = "solid but binary, as some programs write it";
    const uint32_t count = 12;
    if (bytes) {
        add_bytes(stl, head, sizeof head);
        add_bytes(stl, &count, sizeof count);
    } else {
        add(stl, "solid cube\n");
    }
    for (int i = 0; i < 12; i++) {
        const float normal[3] = { 0, 0, 0 };
        if (bytes)
            add_bytes(stl, normal, sizeof normal);
        else
            add(stl, "facet normal 0 0 0\nouter loop\n");
        add_triangle_of_cube(stl, i / 2, i % 2, bytes ? add_stl_bytes : add_stl_text);
        if (bytes)
            add_bytes(stl, "\0\0", 2);
        else
            add(stl, "endloop\nendfacet\n");
    }
    if (!bytes)
        add(stl, "endsolid cube\n");
}

// ---- glTF ---------------------------------------------------------------------------------------

static const uint16_t cube_indices[36] = { 0, 3, 2, 0, 2, 1, 4, 5, 6, 4, 6, 7, 0, 1, 5, 0, 5, 4,
                                           1, 2, 6, 1, 6, 5, 2, 3, 7, 2, 7, 6, 3, 0, 4, 3, 4, 7 };

static inline void add_gltf_buffer(struct text *bin)
{
    for (int i = 0; i < 8; i++)
        add_stl_bytes(bin, i);
    for (int i = 0; i < 8; i++) {
        const float uv[2] = { 0.125f * (float)i, 0.25f };
        add_bytes(bin, uv, sizeof uv);
    }
    add_bytes(bin, cube_indices, sizeof cube_indices);
}

// A mirrored and doubled cube: the winding must be turned back.
static inline void add_gltf_json(struct text *json, const char *buffer, const char *image)
{
    add(json, "{\"asset\":{\"version\":\"2.0\"},\"scene\":0,\"scenes\":[{\"nodes\":[0]}],");
    add(json, "\"nodes\":[{\"children\":[1],\"scale\":[-2,1,1]},{\"mesh\":0,\"scale\":[0.5,1,1],"
              "\"translation\":[3,0,0]}],");
    add(json, "\"meshes\":[{\"primitives\":[{\"attributes\":{\"POSITION\":0,\"TEXCOORD_0\":1},"
              "\"indices\":2,\"material\":0}]}],");
    add(json,
        "\"materials\":[{\"name\":\"skin\",\"pbrMetallicRoughness\":{\"baseColorTexture\":"
        "{\"index\":0}}}],\"textures\":[{\"source\":0}],\"images\":[{%s}],",
        image);
    add(json, "\"accessors\":[{\"bufferView\":0,\"componentType\":5126,\"count\":8,\"type\":"
              "\"VEC3\",\"min\":[0,0,0],\"max\":[1,1,1]},");
    add(json, "{\"bufferView\":1,\"componentType\":5126,\"count\":8,\"type\":\"VEC2\"},");
    add(json, "{\"bufferView\":2,\"componentType\":5123,\"count\":36,\"type\":\"SCALAR\"}],");
    add(json, "\"bufferViews\":[{\"buffer\":0,\"byteLength\":96},{\"buffer\":0,\"byteOffset\":96,"
              "\"byteLength\":64},{\"buffer\":0,\"byteOffset\":160,\"byteLength\":72},");
    add(json,
        "{\"buffer\":0,\"byteOffset\":232,\"byteLength\":8}],\"buffers\":[{%s"
        "\"byteLength\":240}]}",
        buffer);
}

static inline void must_be_textured_cube(void)
{
    must_be_cube();
    ck_assert_uint_eq(scan.mesh.point_count, 8);
    ck_assert_double_eq(scan.mesh.points[1].x, -7); // -2 (0.5 * 1 + 3)
    ck_assert_uint_eq(scan.mesh.part_count, 1);
    ck_assert_str_eq(scan.part_names[0], "skin");
    ck_assert_int_eq(scan.part_textures[0], 0);
    ck_assert_mem_eq(scan.textures[0].data, "PICTURE!", 8);
    for (int k = 0; k < 3; k++) {
        ck_assert(scan.mesh.uvs[0][k].v == 0.25f); // down already
        ck_assert(scan.mesh.uvs[0][k].u == 0.125f * (float)scan.mesh.triangles[0][k]);
    }
}

static inline void add_glb(struct text *glb)
{
    struct text json = { .length = 0 }, bin = { .length = 0 };
    add_gltf_json(&json, "", "\"bufferView\":3,\"mimeType\":\"image/png\"");
    while (json.length % 4)
        add(&json, " ");
    add_gltf_buffer(&bin);
    add_bytes(&bin, "PICTURE!", 8);
    const uint32_t head[5] = { 0x46546c67, 2, (uint32_t)(28 + json.length + bin.length),
                               (uint32_t)json.length, 0x4e4f534a };
    const uint32_t chunk[2] = { (uint32_t)bin.length, 0x004e4942 };
    add_bytes(glb, head, sizeof head);
    add_bytes(glb, json.data, json.length);
    add_bytes(glb, chunk, sizeof chunk);
    add_bytes(glb, bin.data, bin.length);
}

#endif
