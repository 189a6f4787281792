#include "mesh/mesh.h"

#include "harness.h"

#define LPS "../shared/data/heads/lee-perry-smith/"

START_TEST(a_real_head_comes_with_its_texture)
{
    SKIP_WITHOUT(LPS "LeePerrySmith-textured.glb");
    struct smp_arena arena;
    struct smp_scan scan;
    struct smp_err err = { 0 };
    smp_arena_make(&arena, 0);
    ck_assert_int_eq(smp_scan_load(&scan, LPS "LeePerrySmith-textured.glb", NULL, &arena, &err),
                     SMP_OK);
    ck_assert_uint_eq(scan.mesh.triangle_count, 17684);
    ck_assert_uint_eq(scan.texture_count, 1);
    ck_assert_int_eq(scan.part_textures[scan.mesh.parts[0]], 0);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(draco_compression_is_refused_in_one_sentence)
{
    SKIP_WITHOUT(LPS "LeePerrySmith-draco.glb");
    struct smp_arena arena;
    struct smp_scan scan;
    struct smp_err err = { 0 };
    smp_arena_make(&arena, 0);
    ck_assert_int_eq(smp_scan_load(&scan, LPS "LeePerrySmith-draco.glb", NULL, &arena, &err),
                     SMP_E_UNSUPPORTED);
    ck_msg_eq(err, LPS "LeePerrySmith-draco.glb: uses Draco compression, which is not supported: "
                       "save the scan without it");
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("scan", a_real_head_comes_with_its_texture,
              draco_compression_is_refused_in_one_sentence)
