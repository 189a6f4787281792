// Torn and crumpled surfaces, as scans cut at the scalp are: walks end on their faces, the gap is
// kept to places that dots have, no dot is lost.
#include "harness.h"
#include "layout/layout_impl.h"
#include "layout/layout_test_mesh.h"

static struct smp_arena arena;
static struct smp_mesh mesh;
static struct smp_surface *surface;

// A head with points shaken by `shake` mm and about a tenth of its triangles gone from the lower
// half: jagged borders with sharp corners, single faces, folds.
static void begin(size_t n, double shake)
{
    smp_arena_make(&arena, 0);
    ck_assert(make_head(&mesh, n, &arena));
    struct smp_rng rng = smp_rng_make(3, n);
    for (size_t i = 0; i < mesh.point_count; i++) {
        // Points at one place must stay at one place.
        uint64_t h = 0;
        const double v[3] = { mesh.points[i].x, mesh.points[i].y, mesh.points[i].z };
        for (int x = 0; x < 3; x++)
            h = smp_hash64(h, (uint64_t)(int64_t)floor(v[x] * 1e6 + 0.5));
        struct smp_rng own = smp_rng_make(h, 1);
        mesh.points[i].x += shake * (2 * smp_rng_unit(&own) - 1);
        mesh.points[i].y += shake * (2 * smp_rng_unit(&own) - 1);
        mesh.points[i].z += shake * (2 * smp_rng_unit(&own) - 1);
    }
    size_t kept = 0;
    for (size_t t = 0; t < mesh.triangle_count; t++) {
        const double z = mesh.points[mesh.triangles[t][0]].z;
        if (z > 0 || (z > -60 && smp_rng_unit(&rng) < 0.9))
            memmove(mesh.triangles[kept++], mesh.triangles[t], sizeof mesh.triangles[t]);
    }
    mesh.triangle_count = kept;
    struct smp_err err = { 0 };
    ck_assert_msg(smp_surface_make(&surface, &mesh, NULL, &arena, &err) == SMP_OK, "%s", err.msg);
    ck_assert(surface->has_border);
}

START_TEST(a_walk_ends_on_the_face_it_names)
{
    for (int k = 0; k < 3; k++) {
        begin(40, 1.2 * k);
        struct smp_rng rng = smp_rng_make(8, 8);
        double worst = 0;
        for (int trial = 0; trial < 100000; trial++) {
            const uint32_t from = smp_rng_u32(&rng) % (uint32_t)surface->count;
            const struct smp_vec3 p = surface->points[surface->corners[from][0]];
            float q[3] = { (float)(p.x - surface->centre.x), (float)(p.y - surface->centre.y),
                           (float)(p.z - surface->centre.z) };
            const double step = trial % 2 ? 3 : 25;
            for (int x = 0; x < 3; x++)
                q[x] += (float)(step * (2 * smp_rng_unit(&rng) - 1));
            const uint32_t face = smp_walk(surface, from, q);
            ck_assert_uint_lt(face, surface->count);
            const struct smp_vec3 at =
                smp_add(surface->centre, smp_vec3((double)q[0], (double)q[1], (double)q[2]));
            const struct smp_vec3 off = smp_sub(smp_nearest_on_face(surface, face, at), at);
            worst = fmax(worst, smp_length(off));
        }
        printf("# farthest from its face: %.6f mm\n", worst);
        ck_assert_double_le(worst, 1e-3);
        smp_arena_drop(&arena);
    }
}
END_TEST

// Fixed points on every eighth face.
static size_t make_fixed(struct smp_vec3 *fixed)
{
    size_t count = 0;
    for (size_t t = 0; t < mesh.triangle_count; t += 8) {
        const uint32_t *c = mesh.triangles[t];
        fixed[count++] = smp_scale(
            smp_add(smp_add(mesh.points[c[0]], mesh.points[c[1]]), mesh.points[c[2]]), 1.0 / 3);
    }
    return count;
}

static struct smp_layout lay(const struct smp_layout_input *input, double regularity, int sessions,
                             uint64_t seed)
{
    struct smp_layout_params params = smp_layout_defaults;
    params.regularity = regularity;
    params.sessions = sessions;
    params.seed = seed;
    params.min_gap_mm = 1.2; // the spacing is 2.4 mm
    struct smp_layout layout;
    struct smp_err err = { 0 };
    ck_assert_msg(smp_layout_make(&layout, surface, input, &params, NULL, &arena, &err) == SMP_OK,
                  "regularity %g, %d sessions, seed %d: %s", regularity, sessions, (int)seed,
                  err.msg);
    return layout;
}

START_TEST(no_dot_is_lost_on_a_torn_surface)
{
    begin(50, 0.3);
    double *density = smp_new(&arena, double, mesh.point_count);
    for (size_t i = 0; i < mesh.point_count; i++) // an outline among the holes
        density[i] = mesh.points[i].z > -30 ? 20 : 0;
    struct smp_vec3 *fixed = smp_new(&arena, struct smp_vec3, mesh.triangle_count);
    const size_t fixed_count = make_fixed(fixed);
    for (uint64_t seed = 1; seed <= 10; seed++) {
        for (int k = 0; k < 4; k++) {
            const struct smp_layout_input input = { .density_per_cm2 = density,
                                                    .fixed_mm = fixed,
                                                    .fixed_count = k / 2 ? fixed_count : 0 };
            const struct smp_mark mark = smp_arena_mark(&arena);
            const struct smp_layout layout = lay(&input, seed % 2 ? 1 : 0.5, k % 2 ? 3 : 1, seed);
            ck_assert_uint_eq(layout.dropped, 0);
            ck_assert_double_ge(layout.min_gap_mm, 1.2);
            smp_arena_reset(&arena, mark);
        }
    }
    smp_arena_drop(&arena);
}
END_TEST

// A feather that ends in a step: relaxing in sessions pushes dots over the outline into skin where
// few were laid.
START_TEST(no_dot_is_lost_over_an_outline)
{
    smp_arena_make(&arena, 0);
    ck_assert(make_square(&mesh, 100, 100, &arena));
    ck_assert_int_eq(smp_surface_make(&surface, &mesh, NULL, &arena, NULL), SMP_OK);
    double *density = smp_new(&arena, double, mesh.point_count);
    for (int narrow = 0; narrow < 2; narrow++) {
        for (size_t i = 0; i < mesh.point_count; i++) {
            const struct smp_vec3 p = mesh.points[i];
            const double feather = smp_clamp((70 - p.x) / 20, 0.1, 1);
            const bool in = p.x < 70 && (narrow ? fabs(p.y - 50) < 2 : true);
            density[i] = in ? 40 * feather : 0;
        }
        const struct smp_layout_input input = { .density_per_cm2 = density };
        for (uint64_t seed = 1; seed <= 12; seed++) {
            const struct smp_mark mark = smp_arena_mark(&arena);
            const struct smp_layout layout =
                lay(&input, 0.5 * (double)(seed % 3), 1 + (int)seed % 6, seed);
            ck_assert_msg(layout.dropped == 0, "%zu of %zu dropped, seed %d", layout.dropped,
                          layout.count, (int)seed);
            smp_arena_reset(&arena, mark);
        }
    }
    smp_arena_drop(&arena);
}
END_TEST

// The same number from gcc and clang, -O0 to -O3 -march=native: a change of the method changes it,
// a compiler must not. The mesh is made by exact operations alone.
START_TEST(bytes_are_those_of_every_other_compiler)
{
    smp_arena_make(&arena, 0);
    ck_assert(make_square(&mesh, 120, 150, &arena));
    double *density = smp_new(&arena, double, mesh.point_count);
    for (size_t i = 0; i < mesh.point_count; i++) {
        struct smp_vec3 *p = &mesh.points[i];
        const double x = p->x / 150 - 0.5, y = p->y / 150 - 0.5;
        p->z = -60 * (x * x + y * y);
        density[i] = p->x > 110 ? 0 : 40 + p->y / 4;
    }
    ck_assert_int_eq(smp_surface_make(&surface, &mesh, NULL, &arena, NULL), SMP_OK);
    const struct smp_layout_input input = { .density_per_cm2 = density };
    uint64_t hash = 0;
    for (int k = 0; k < 6; k++) {
        struct smp_layout_params params = smp_layout_defaults;
        params.regularity = k % 3 * 0.5;
        params.sessions = k < 3 ? 1 : 3;
        params.min_gap_mm = k % 2 ? 0.6 : 0;
        struct smp_layout layout;
        ck_assert_int_eq(smp_layout_make(&layout, surface, &input, &params, NULL, &arena, NULL),
                         SMP_OK);
        for (size_t i = 0; i < layout.count; i++) {
            uint64_t bits[3];
            memcpy(bits, &layout.dots[i].position_mm, sizeof bits);
            for (int x = 0; x < 3; x++)
                hash = smp_hash64(hash, bits[x]);
            hash = smp_hash64(hash, (uint64_t)layout.dots[i].session);
        }
    }
    ck_assert_uint_eq(hash, UINT64_C(0xf31e5a7e2307431b));
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("layout_jagged", a_walk_ends_on_the_face_it_names, no_dot_is_lost_on_a_torn_surface,
              no_dot_is_lost_over_an_outline, bytes_are_those_of_every_other_compiler)
