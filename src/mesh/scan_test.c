#include "mesh/mesh.h"

#include "harness.h"

#include <math.h>
#include <sys/stat.h>

#define LPS "../shared/data/heads/lee-perry-smith/"
#define ICT "../shared/data/heads/ict-facekit/generic_neutral_mesh.obj"

static struct smp_arena arena;
static struct smp_err err;
static struct smp_scan scan;
static char folder[64];

static void begin(void)
{
    smp_arena_make(&arena, 0);
    err = (struct smp_err){ 0 };
    scan = (struct smp_scan){ 0 };
    snprintf(folder, sizeof folder, "/tmp/stubble-scan-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void end(void)
{
    char command[100];
    snprintf(command, sizeof command, "rm -r %s", folder);
    ck_assert_int_eq(system(command), 0);
    smp_arena_drop(&arena);
}

static const char *in_folder(const char *name)
{
    return smp_format(&arena, "%s/%s", folder, name);
}

static void put_bytes(const char *name, const void *data, size_t length)
{
    ck_assert_int_eq(smp_file_write(in_folder(name), data, length, &err), SMP_OK);
}

static void put(const char *name, const char *text)
{
    put_bytes(name, text, strlen(text));
}

static enum smp_code load(const char *name, size_t max_triangles)
{
    const struct smp_scan_options options = { .max_triangles = max_triangles };
    err = (struct smp_err){ 0 };
    return smp_scan_load(&scan, in_folder(name), &options, &arena, &err);
}

// The load must fail with this code and sentence (after the file's name).
static void must_fail(const char *name, enum smp_code code, const char *rest)
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

static void add_bytes(struct text *text, const void *data, size_t length)
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

static void add_triangle_of_cube(struct text *text, int side, int half,
                                 void (*each)(struct text *, int corner))
{
    each(text, sides[side][0]);
    each(text, sides[side][half ? 2 : 1]);
    each(text, sides[side][half ? 3 : 2]);
}

// Area 6 and volume 1: every face there, once, and outward.
static void must_be_cube(void)
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

static void must_keep_corners(void)
{
    ck_assert_uint_eq(scan.mesh.point_count, 8);
    for (int i = 0; i < 8; i++) {
        ck_assert_double_eq(scan.mesh.points[i].x, corners[i][0]);
        ck_assert_double_eq(scan.mesh.points[i].y, corners[i][1]);
        ck_assert_double_eq(scan.mesh.points[i].z, corners[i][2]);
    }
}

static void add_obj(struct text *text)
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

START_TEST(an_obj_keeps_its_vertices_and_finds_its_materials)
{
    begin();
    struct text obj = { .length = 0 };
    add_obj(&obj);
    put_bytes("cube.obj", obj.data, obj.length);
    put("cube.mtl", "newmtl skin\nmap_Kd -bm 1 -o 0 0 tex\\skin.png\nnewmtl back of head\n"
                    "Kd 1 1 1\nmap_Kd ../outside.png\n");
    ck_assert_int_eq(mkdir(in_folder("tex"), 0700), 0);
    put("tex/skin.png", "not looked at here");
    ck_assert_int_eq(load("cube.obj", 0), SMP_OK);
    must_be_cube();
    must_keep_corners();
    ck_assert_uint_eq(scan.mesh.part_count, 2);
    ck_assert_str_eq(scan.part_names[0], "skin");
    ck_assert_str_eq(scan.part_names[1], "back of head");
    ck_assert_int_eq(scan.part_textures[0], 0);
    ck_assert_int_eq(scan.part_textures[1], -1);
    ck_assert_uint_eq(scan.texture_count, 1);
    ck_assert_mem_eq(scan.textures[0].data, "not looked at here", scan.textures[0].length);
    ck_assert_uint_eq(scan.source_count, 3);
    ck_assert_str_eq(scan.sources[0], in_folder("cube.obj"));
    ck_assert_str_eq(scan.sources[2], in_folder("tex/skin.png"));
    ck_assert_uint_eq(scan.missing_count, 1);
    ck_assert_str_eq(scan.missing[0], in_folder("../outside.png"));
    // v is turned: the file's third coordinate is 1, 0.75 from the bottom.
    ck_assert(scan.mesh.uvs[0][2].u == 1 && scan.mesh.uvs[0][2].v == 0.25f);
    ck_assert_int_eq(scan.mesh.parts[5], 0);
    ck_assert_int_eq(scan.mesh.parts[6], 1);
    end();
}
END_TEST

START_TEST(a_concave_face_is_cut_inside_its_outline)
{
    begin();
    // An arrow head and an L; the shoelace areas are 2 and 3.
    put("dart.obj", "v 0 0 0\nv 2 -1 0\nv 0 3 0\nv -2 -1 0\nf 1 2 3 4\n");
    ck_assert_int_eq(load("dart.obj", 0), SMP_OK);
    ck_assert_uint_eq(scan.mesh.triangle_count, 2);
    put("l.obj", "v 0 0 1\nv 2 0 1\nv 2 1 1\nv 1 1 1\nv 1 2 1\nv 0 2 1\nf 3 4 5 6 1 2\n");
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(load(i ? "l.obj" : "dart.obj", 0), SMP_OK);
        double sum = 0;
        for (size_t t = 0; t < scan.mesh.triangle_count; t++) {
            const uint32_t *c = scan.mesh.triangles[t];
            const struct smp_vec3 *p = scan.mesh.points;
            const double area =
                smp_cross(smp_sub(p[c[1]], p[c[0]]), smp_sub(p[c[2]], p[c[0]])).z / 2;
            ck_assert_double_gt(area, 0);
            sum += area;
        }
        ck_assert_double_eq_tol(sum, i ? 3 : 6, 1e-12);
    }
    end();
}
END_TEST

static void add_ply_head(struct text *ply, const char *format, int vertices, int faces)
{
    add(ply, "ply\nformat %s 1.0\ncomment made up\nelement vertex %d\nproperty float x\n", format,
        vertices);
    add(ply, "property float y\nproperty float z\nproperty uchar red\nproperty uchar green\n"
             "property uchar blue\n");
    if (faces)
        add(ply, "element face %d\nproperty list uchar int vertex_indices\n", faces);
    add(ply, "end_header\n");
}

START_TEST(a_ply_keeps_its_vertices_as_text_and_as_bytes)
{
    begin();
    struct text ply = { .length = 0 };
    add_ply_head(&ply, "ascii", 8, 6);
    for (int i = 0; i < 8; i++)
        add(&ply, "%g %g %g 1 2 3\n", corners[i][0], corners[i][1], corners[i][2]);
    for (int i = 0; i < 6; i++)
        add(&ply, "4 %d %d %d %d\n", sides[i][0], sides[i][1], sides[i][2], sides[i][3]);
    put_bytes("cube.ply", ply.data, ply.length);
    ck_assert_int_eq(load("cube.ply", 0), SMP_OK);
    must_be_cube();
    must_keep_corners();
    ck_assert_ptr_null(scan.mesh.uvs);

    ply.length = 0;
    add_ply_head(&ply, "binary_little_endian", 8, 6);
    for (int i = 0; i < 8; i++) {
        const float xyz[3] = { (float)corners[i][0], (float)corners[i][1], (float)corners[i][2] };
        add_bytes(&ply, xyz, sizeof xyz);
        add_bytes(&ply, "rgb", 3);
    }
    for (int i = 0; i < 6; i++) {
        add_bytes(&ply, "\4", 1);
        add_bytes(&ply, sides[i], sizeof sides[i]);
    }
    put_bytes("cube2.ply", ply.data, ply.length);
    ck_assert_int_eq(load("cube2.ply", 0), SMP_OK);
    must_be_cube();
    must_keep_corners();
    end();
}
END_TEST

static void add_stl_text(struct text *stl, int corner)
{
    add(stl, "vertex %g %g %g\n", corners[corner][0], corners[corner][1], corners[corner][2]);
}

static void add_stl_bytes(struct text *stl, int corner)
{
    const float xyz[3] = { (float)corners[corner][0], (float)corners[corner][1],
                           (float)corners[corner][2] };
    add_bytes(stl, xyz, sizeof xyz);
}

static void add_stl(struct text *stl, bool bytes)
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

START_TEST(an_stl_is_read_as_text_and_as_bytes)
{
    begin();
    for (int bytes = 0; bytes < 2; bytes++) {
        struct text stl = { .length = 0 };
        add_stl(&stl, bytes);
        put_bytes("cube.stl", stl.data, stl.length);
        ck_assert_int_eq(load("cube.stl", 0), SMP_OK);
        must_be_cube();
        ck_assert_uint_eq(scan.mesh.point_count, 36);
    }
    end();
}
END_TEST

// ---- glTF --------------------------------------------------------------------------------------

static const uint16_t cube_indices[36] = { 0, 3, 2, 0, 2, 1, 4, 5, 6, 4, 6, 7, 0, 1, 5, 0, 5, 4,
                                           1, 2, 6, 1, 6, 5, 2, 3, 7, 2, 7, 6, 3, 0, 4, 3, 4, 7 };

static void add_gltf_buffer(struct text *bin)
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
static void add_gltf_json(struct text *json, const char *buffer, const char *image)
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

static void must_be_textured_cube(void)
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

static void add_glb(struct text *glb)
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

START_TEST(a_glb_has_its_nodes_applied_and_its_picture_inside)
{
    begin();
    struct text glb = { .length = 0 };
    add_glb(&glb);
    put_bytes("cube.glb", glb.data, glb.length);
    ck_assert_int_eq(load("cube.glb", 0), SMP_OK);
    must_be_textured_cube();
    end();
}
END_TEST

START_TEST(a_gltf_is_given_the_files_beside_it)
{
    begin();
    struct text json = { .length = 0 }, bin = { .length = 0 };
    add_gltf_json(&json, "\"uri\":\"cube.bin\",", "\"uri\":\"skin.png\"");
    add_gltf_buffer(&bin);
    add_bytes(&bin, "        ", 8);
    put_bytes("cube.gltf", json.data, json.length);
    put("skin.png", "PICTURE!");
    ck_assert_int_eq(load("cube.gltf", 0), SMP_E_FORMAT); // without its buffer
    ck_msg_has(err, "cube.gltf: not a whole glTF file");
    put_bytes("cube.bin", bin.data, bin.length);
    ck_assert_int_eq(load("cube.gltf", 0), SMP_OK);
    must_be_textured_cube();
    ck_assert_uint_eq(scan.source_count, 3);
    end();
}
END_TEST

// ---- Refusals
// --------------------------------------------------------------------------------------

START_TEST(each_fault_of_a_scan_has_its_sentence)
{
    begin();
    static const struct {
        const char *name, *text;
        enum smp_code code;
        const char *rest;
    } faults[] = {
        { "empty.obj", "", SMP_E_FORMAT, ": the file is empty" },
        { "points.obj", "v 0 0 0\nv 1 0 0\nv 0 1 0\n", SMP_E_FORMAT,
          ": no faces, only 3 points: a point cloud is not a surface" },
        { "none.obj", "# nothing\n", SMP_E_FORMAT, ": no faces and no points" },
        { "lines.obj", "v 0 0 0\nv 1 0 0\nf 1 2\n", SMP_E_FORMAT,
          ": no faces, only 2 points: a point cloud is not a surface" },
        { "nan.obj", "v 0 0 0\nv 1 0 nan\nv 0 1 0\nf 1 2 3\n", SMP_E_FORMAT,
          ": line 2: a vertex needs three finite numbers" },
        { "inf.obj", "v 0 0 1e999\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", SMP_E_FORMAT,
          ": line 1: a vertex needs three finite numbers" },
        { "far.obj", "v 0 0 1e13\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", SMP_E_FORMAT,
          ": vertex 1 is not within 1e12 of the origin" },
        { "uv.obj", "v 0 0 0\nv 1 0 0\nv 0 1 0\nvt x\nf 1 2 3\n", SMP_E_FORMAT,
          ": line 4: a texture coordinate needs finite numbers" },
        { "index.obj", "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 4\n", SMP_E_FORMAT,
          ": line 4: a face names a vertex that the file does not have" },
        { "zero.obj", "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 0 1 2\n", SMP_E_FORMAT,
          ": line 4: a face names a vertex that the file does not have" },
        { "scan.xyz", "1 2 3\n", SMP_E_UNSUPPORTED, ": not a GLB, glTF, OBJ, PLY or STL file" },
        { "scan", "1 2 3\n", SMP_E_UNSUPPORTED, ": not a GLB, glTF, OBJ, PLY or STL file" },
        { "packed.gltf", "{\"extensionsRequired\":[\"EXT_meshopt_compression\"]}",
          SMP_E_UNSUPPORTED,
          ": uses meshopt compression, which is not supported: save the scan without it" },
        { "small.gltf", "{\"extensionsUsed\":[\"KHR_mesh_quantization\"]}", SMP_E_UNSUPPORTED,
          ": uses quantised coordinates, which is not supported: save the scan without it" },
    };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        put(faults[i].name, faults[i].text);
        must_fail(faults[i].name, faults[i].code, faults[i].rest);
    }
    must_fail("absent.obj", SMP_E_FILE, " cannot be read: No such file or directory");
    ck_assert_int_eq(mkdir(in_folder("dir.obj"), 0700), 0);
    must_fail("dir.obj", SMP_E_FILE, " is not a regular file");
    end();
}
END_TEST

START_TEST(damaged_ply_stl_and_glb_are_refused)
{
    begin();
    struct text ply = { .length = 0 };
    add_ply_head(&ply, "ascii", 2, 0);
    add(&ply, "0 0 0 1 2 3\n1 1 1 1 2 3\n");
    put_bytes("cloud.ply", ply.data, ply.length);
    ck_assert_int_eq(load("cloud.ply", 0), SMP_E_FORMAT);
    ck_msg_has(err, "point cloud");

    ply.length = 0;
    add_ply_head(&ply, "binary_little_endian", 2000000000, 2000000000);
    put_bytes("huge.ply", ply.data, ply.length);
    ck_assert_int_ne(load("huge.ply", 0), SMP_OK);
    ck_msg_has(err, "huge.ply");

    ply.length = 0;
    add_ply_head(&ply, "ascii", 3, 1);
    add(&ply, "0 0 0 1 2 3\nnan 1 1 1 2 3\n1 0 0 1 2 3\n3 0 1 2\n");
    put_bytes("nan.ply", ply.data, ply.length);
    must_fail("nan.ply", SMP_E_FORMAT, ": vertex 2 is not three finite numbers");

    ply.length = 0;
    add_ply_head(&ply, "ascii", 3, 1);
    add(&ply, "0 0 0 1 2 3\n0 1 1 1 2 3\n1 0 0 1 2 3\n3 0 1 3\n");
    put_bytes("index.ply", ply.data, ply.length);
    must_fail("index.ply", SMP_E_FORMAT, ": face 1 names a vertex that the file does not have");

    struct text glb = { .length = 0 };
    add_glb(&glb);
    for (size_t length = 4; length < glb.length; length += 37) {
        put_bytes("cut.glb", glb.data, length);
        const enum smp_code code = load("cut.glb", 0);
        ck_assert_int_eq(smp_exit_status(code), 2);
        ck_msg_has(err, "cut.glb");
    }
    struct text stl = { .length = 0 };
    add_stl(&stl, true);
    put_bytes("cut.stl", stl.data, stl.length - 20);
    ck_assert_int_eq(smp_exit_status(load("cut.stl", 0)), 2);
    end();
}
END_TEST

START_TEST(more_triangles_than_allowed_are_refused_by_number)
{
    begin();
    struct text obj = { .length = 0 };
    add_obj(&obj);
    put_bytes("cube.obj", obj.data, obj.length);
    ck_assert_int_eq(load("cube.obj", 11), SMP_E_LIMIT);
    ck_msg_has(err, "cube.obj: 12 triangles; at most 11 are allowed");
    ck_assert_int_eq(load("cube.obj", 12), SMP_OK);
    struct text stl = { .length = 0 };
    add_stl(&stl, true);
    put_bytes("cube.stl", stl.data, stl.length);
    ck_assert_int_eq(load("cube.stl", 11), SMP_E_LIMIT);
    ck_msg_has(err, "triangles");
    end();
}
END_TEST

// ---- A reader that lies
// ------------------------------------------------------------------------------

START_TEST(real_heads_come_with_vertices_parts_and_texture)
{
    SKIP_WITHOUT(LPS "LeePerrySmith-textured.glb");
    begin();
    ck_assert_int_eq(smp_scan_load(&scan, LPS "LeePerrySmith-textured.glb", NULL, &arena, &err),
                     SMP_OK);
    ck_assert_uint_eq(scan.mesh.triangle_count, 17684);
    ck_assert_uint_eq(scan.texture_count, 1);
    ck_assert_int_eq(scan.part_textures[scan.mesh.parts[0]], 0);
    ck_assert_int_eq(smp_scan_load(&scan, ICT, NULL, &arena, &err), SMP_OK);
    ck_assert_uint_eq(scan.mesh.point_count, 26719); // its v lines
    ck_assert_uint_eq(scan.mesh.part_count, 12);
    ck_assert_str_eq(scan.part_names[0], "M_Face");
    end();
}
END_TEST

START_TEST(draco_compression_is_refused_in_one_sentence)
{
    SKIP_WITHOUT(LPS "LeePerrySmith-draco.glb");
    begin();
    ck_assert_int_eq(smp_scan_load(&scan, LPS "LeePerrySmith-draco.glb", NULL, &arena, &err),
                     SMP_E_UNSUPPORTED);
    ck_msg_eq(err, LPS "LeePerrySmith-draco.glb: uses Draco compression, which is not supported: "
                       "save the scan without it");
    end();
}
END_TEST

SMP_TEST_MAIN("scan", an_obj_keeps_its_vertices_and_finds_its_materials,
              a_concave_face_is_cut_inside_its_outline,
              a_ply_keeps_its_vertices_as_text_and_as_bytes, an_stl_is_read_as_text_and_as_bytes,
              a_glb_has_its_nodes_applied_and_its_picture_inside,
              a_gltf_is_given_the_files_beside_it, each_fault_of_a_scan_has_its_sentence,
              damaged_ply_stl_and_glb_are_refused,
              more_triangles_than_allowed_are_refused_by_number,
              real_heads_come_with_vertices_parts_and_texture,
              draco_compression_is_refused_in_one_sentence)
