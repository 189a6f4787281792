#include "scan_made.h"

#include "sandbox/sandbox.h"

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
        { "headless.ply", "ply\nformat ascii 1.0\n", SMP_E_FORMAT,
          ": not a whole PLY file (its header: no end)" },
        { "odd.ply", "ply\nformat runes 1.0\nend_header\n", SMP_E_FORMAT,
          ": not a whole PLY file (its header: an unknown format)" },
        { "noform.ply", "ply\nend_header\n", SMP_E_FORMAT,
          ": not a whole PLY file (its header: no format)" },
        { "flat.ply",
          "ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nproperty float y\n"
          "end_header\n0 0\n",
          SMP_E_FORMAT, ": not a whole PLY file (its header: vertices without x, y and z)" },
        { "type.ply", "ply\nformat ascii 1.0\nelement vertex 1\nproperty quad x\nend_header\n",
          SMP_E_FORMAT, ": not a whole PLY file (its header: a property of no known type)" },
        { "stray.ply", "ply\nformat ascii 1.0\nproperty float x\nend_header\n", SMP_E_FORMAT,
          ": not a whole PLY file (its header: a property without an element, or more than 64)" },
        { "count.ply", "ply\nformat ascii 1.0\nelement vertex -1\nend_header\n", SMP_E_FORMAT,
          ": not a whole PLY file (its header: an element without name and count)" },
        { "twice.ply", "ply\nformat ascii 1.0\nelement vertex 1\nelement vertex 1\nend_header\n0\n",
          SMP_E_FORMAT, ": not a whole PLY file (its header: two elements of vertices)" },
        { "short.ply",
          "ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\n"
          "property float z\nend_header\n0 0 0 1 1\n",
          SMP_E_FORMAT, ": not a whole PLY file (it ends early)" },
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
    must_fail("huge.ply", SMP_E_FORMAT, ": not a whole PLY file (it ends early)");

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

// ---- A reader that lies -------------------------------------------------------------------------

// Stands in for the reader: answers with a header that is wrong in one number.
static void answer_with(struct smp_reply_mesh reply)
{
    struct text bytes = { .length = 0 };
    static const double points[3][3] = { { 0, 0, 0 }, { 1, 0, 0 }, { 0, 1, 0 } };
    static const uint32_t triangle[4] = { 0, 1, 2, 0 };
    static const struct smp_reply_part part = { .texture = -1 };
    reply.head.magic = smp_reply_magic;
    add_bytes(&bytes, &reply, sizeof reply);
    while (bytes.length < 1024)
        add_bytes(&bytes, "", 1);
    add_bytes(&bytes, points, sizeof points);     // at 1024
    add_bytes(&bytes, triangle, sizeof triangle); // at 1096
    add_bytes(&bytes, "\0\0\0\0\0\0\0", 8);       // at 1112: its part
    add_bytes(&bytes, &part, sizeof part);        // at 1120
    put_bytes("answer", bytes.data, bytes.length);
    const char *script = smp_format(&arena,
                                    "#!/bin/sh\ncat %s >&5\n"
                                    "printf '\\002\\000\\000\\000\\000\\000\\000\\000' >&3\n"
                                    "read x <&3\n",
                                    in_folder("answer"));
    put("reader", script);
    chmod(in_folder("reader"), 0700);
    setenv("STUBBLE_LOADER", in_folder("reader"), 1);
}

static const struct smp_reply_mesh honest = { .point_count = 3,
                                              .triangle_count = 1,
                                              .points_at = 1024,
                                              .triangles_at = 1096,
                                              .parts_at = 1112,
                                              .part_names_at = 1120,
                                              .textures_at = 1120,
                                              .part_count = 1 };

static void must_be_caught(struct smp_reply_mesh reply, const char *what)
{
    answer_with(reply);
    ck_assert_int_eq(load("a.obj", 0), SMP_E_FORMAT);
    ck_msg_eq(err,
              smp_format(&arena, "%s could not be read: the reader's answer breaks a rule (%s)",
                         in_folder("a.obj"), what));
}

START_TEST(no_number_of_the_readers_answer_is_trusted)
{
    begin();
    put("a.obj", "v 0 0 0\n");
    answer_with(honest);
    ck_assert_int_eq(load("a.obj", 0), SMP_OK);
    scan = (struct smp_scan){ 0 };
    struct smp_reply_mesh lie = honest;
    lie.triangle_count = UINT64_MAX / 12;
    must_be_caught(lie, "a count");
    lie = honest;
    lie.point_count = (uint64_t)1 << 60;
    must_be_caught(lie, "a count");
    lie = honest;
    lie.part_count = 0;
    must_be_caught(lie, "a count");
    lie = honest;
    lie.texture_count = 1000;
    must_be_caught(lie, "a count");
    lie = honest;
    lie.points_at = UINT64_MAX - 7;
    must_be_caught(lie, "points");
    lie = honest;
    lie.triangles_at = 1097;
    must_be_caught(lie, "triangles");
    lie = honest;
    lie.parts_at = 0;
    must_be_caught(lie, "triangles");
    lie = honest;
    lie.point_count = 2;
    must_be_caught(lie, "a corner");
    lie = honest;
    lie.uvs_at = 8;
    must_be_caught(lie, "texture coordinates");
    lie = honest;
    lie.part_names_at = (uint64_t)1 << 40;
    must_be_caught(lie, "parts");
    end();
}
END_TEST

SMP_TEST_MAIN("scan-faults", each_fault_of_a_scan_has_its_sentence,
              damaged_ply_stl_and_glb_are_refused,
              more_triangles_than_allowed_are_refused_by_number,
              draco_compression_is_refused_in_one_sentence,
              no_number_of_the_readers_answer_is_trusted)
