// Ten million triangles: read within the limits of docs/security.md, and refused beyond them.
#include "mesh/mesh.h"

#include "harness.h"

enum { side = 2237 }; // 2 side^2 = 10,008,338 triangles

static void write_or_die(FILE *file, const void *data, size_t size)
{
    ck_assert_uint_eq(fwrite(data, 1, size, file), size);
}

// A sheet of side x side squares, each cut in two.
static void write_ply(const char *path, size_t rows)
{
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    fprintf(file,
            "ply\nformat binary_little_endian 1.0\nelement vertex %zu\nproperty float x\n"
            "property float y\nproperty float z\nelement face %zu\n"
            "property list uchar int vertex_indices\nend_header\n",
            (rows + 1) * (side + 1), 2 * rows * side);
    static float points[side + 1][3];
    static uint8_t faces[2 * side][13];
    for (size_t y = 0; y <= rows; y++) {
        for (size_t x = 0; x <= side; x++)
            memcpy(points[x], (float[3]){ (float)x, (float)y, 0 }, sizeof points[x]);
        write_or_die(file, points, sizeof points);
    }
    for (size_t y = 0; y < rows; y++) {
        for (size_t x = 0; x < side; x++) {
            const int32_t a = (int32_t)(y * (side + 1) + x), up = side + 1;
            const int32_t corners[2][3] = { { a, a + 1, a + up + 1 }, { a, a + up + 1, a + up } };
            for (int i = 0; i < 2; i++) {
                faces[2 * x + i][0] = 3;
                memcpy(&faces[2 * x + i][1], corners[i], sizeof corners[i]);
            }
        }
        write_or_die(file, faces, sizeof faces);
    }
    ck_assert_int_eq(fclose(file), 0);
}

START_TEST(ten_million_triangles_are_read_or_refused_by_number)
{
    char path[200];
    struct smp_arena arena;
    struct smp_scan scan;
    struct smp_err err = { 0 };
    smp_arena_make(&arena, 0);
    snprintf(path, sizeof path, "%s/large.ply", smp_test_folder());
    write_ply(path, side);
    ck_assert_msg(smp_scan_load(&scan, path, NULL, &arena, &err) == SMP_OK, "%s", err.msg);
    ck_assert_uint_eq(scan.mesh.triangle_count, (size_t)2 * side * side);
    ck_assert_uint_eq(scan.mesh.point_count, (size_t)(side + 1) * (side + 1));
    ck_assert_double_eq(scan.mesh.points[side + 1].y, 1);
    const struct smp_scan_options fewer = { .max_triangles = 10000000 };
    ck_assert_int_eq(smp_scan_load(&scan, path, &fewer, &arena, &err), SMP_E_LIMIT);
    ck_msg_has(err, "10008338 triangles; at most 10000000 are allowed");
    unlink(path);
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("scan-large", ten_million_triangles_are_read_or_refused_by_number)
