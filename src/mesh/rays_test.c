// Rays and nearest points against a plain loop over all triangles.
#include "mesh/mesh.h"

#include "harness.h"

#include <math.h>

// A closed, bumpy ball: rings × segments quads cut in two.
static struct smp_mesh bumpy_ball(struct smp_arena *arena, size_t rings, size_t segments,
                                  struct smp_vec3 centre)
{
    struct smp_mesh mesh = { .part_count = 1 };
    mesh.points = smp_new(arena, struct smp_vec3, (rings + 1) * segments);
    mesh.triangles = smp_alloc(arena, 2 * rings * segments, sizeof *mesh.triangles);
    ck_assert(mesh.points && mesh.triangles);
    for (size_t i = 0; i <= rings; i++) {
        for (size_t j = 0; j < segments; j++) {
            const double theta = SMP_PI * (double)i / (double)rings;
            const double phi = 2 * SMP_PI * (double)j / (double)segments;
            const double r = 90 + 4 * sin(3 * theta) * cos(5 * phi);
            mesh.points[mesh.point_count++] =
                smp_add(centre, smp_vec3(r * sin(theta) * cos(phi), r * sin(theta) * sin(phi),
                                         r * cos(theta)));
        }
    }
    for (size_t i = 0; i < rings; i++) {
        for (size_t j = 0; j < segments; j++) {
            const uint32_t a = (uint32_t)(i * segments + j);
            const uint32_t b = (uint32_t)(i * segments + (j + 1) % segments);
            const uint32_t c = (uint32_t)(a + segments), d = (uint32_t)(b + segments);
            memcpy(mesh.triangles[mesh.triangle_count++], (uint32_t[3]){ a, c, d }, 12);
            memcpy(mesh.triangles[mesh.triangle_count++], (uint32_t[3]){ a, d, b }, 12);
        }
    }
    return mesh;
}

static struct smp_vec3 corner(const struct smp_mesh *mesh, size_t t, int k)
{
    return mesh->points[mesh->triangles[t][k]];
}

static struct smp_vec3 place(const struct smp_mesh *mesh, const struct smp_hit *hit)
{
    struct smp_vec3 p = { 0, 0, 0 };
    for (int k = 0; k < 3; k++)
        p = smp_add(p, smp_scale(corner(mesh, hit->triangle, k), hit->bary[k]));
    return p;
}

static struct smp_vec3 random_unit(struct smp_rng *rng)
{
    const double z = 2 * smp_rng_unit(rng) - 1, a = 2 * SMP_PI * smp_rng_unit(rng);
    const double s = sqrt(1 - z * z);
    return smp_vec3(s * cos(a), s * sin(a), z);
}

// Distance along the ray to the nearest triangle by plane and inside test; INFINITY for none.
static double slow_first(const struct smp_mesh *mesh, struct smp_vec3 o, struct smp_vec3 d)
{
    double best = (double)INFINITY;
    for (size_t t = 0; t < mesh->triangle_count; t++) {
        const struct smp_vec3 a = corner(mesh, t, 0), b = corner(mesh, t, 1),
                              c = corner(mesh, t, 2);
        const struct smp_vec3 n = smp_cross(smp_sub(b, a), smp_sub(c, a));
        const double distance = smp_dot(smp_sub(a, o), n) / smp_dot(d, n);
        if (!(distance > 0 && distance < best))
            continue;
        const struct smp_vec3 p = smp_add(o, smp_scale(d, distance));
        const double wa = smp_dot(n, smp_cross(smp_sub(b, p), smp_sub(c, p)));
        const double wb = smp_dot(n, smp_cross(smp_sub(c, p), smp_sub(a, p)));
        const double wc = smp_dot(n, smp_cross(smp_sub(a, p), smp_sub(b, p)));
        const double tolerance = -1e-12 * smp_dot(n, n);
        if (wa >= tolerance && wb >= tolerance && wc >= tolerance)
            best = distance;
    }
    return best;
}

// Nearest point by the foot on the plane and on the three edges.
static double slow_nearest(const struct smp_mesh *mesh, struct smp_vec3 q)
{
    double best = (double)INFINITY;
    for (size_t t = 0; t < mesh->triangle_count; t++) {
        struct smp_vec3 p[3];
        for (int k = 0; k < 3; k++)
            p[k] = corner(mesh, t, k);
        const struct smp_vec3 n = smp_unit(smp_cross(smp_sub(p[1], p[0]), smp_sub(p[2], p[0])));
        const double height = smp_dot(smp_sub(q, p[0]), n);
        const struct smp_vec3 foot = smp_sub(q, smp_scale(n, height));
        bool inside = smp_dot(n, n) > 0;
        for (int k = 0; k < 3; k++) {
            const struct smp_vec3 e = smp_sub(p[(k + 1) % 3], p[k]);
            inside = inside && smp_dot(smp_cross(e, smp_sub(foot, p[k])), n) >= 0;
            const double l = smp_dot(e, e);
            const double s = l > 0 ? smp_clamp(smp_dot(smp_sub(q, p[k]), e) / l, 0, 1) : 0;
            best = fmin(best, smp_length(smp_sub(q, smp_add(p[k], smp_scale(e, s)))));
        }
        if (inside)
            best = fmin(best, fabs(height));
    }
    return best;
}

START_TEST(first_hit_is_the_nearest_of_all_triangles)
{
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    const struct smp_vec3 centre = smp_vec3(500, -300, 200);
    const struct smp_mesh mesh = bumpy_ball(&arena, 40, 60, centre);
    struct smp_rays *rays = NULL;
    ck_assert_int_eq(smp_rays_make(&rays, &mesh, NULL), SMP_OK);
    size_t met = 0;
    for (uint64_t i = 0; i < 2000; i++) {
        struct smp_rng rng = smp_rng_make(7, i);
        const struct smp_vec3 from = smp_add(centre, smp_scale(random_unit(&rng), 300));
        const struct smp_vec3 to =
            smp_add(centre, smp_scale(random_unit(&rng), 110 * smp_rng_unit(&rng)));
        const struct smp_vec3 d = smp_unit(smp_sub(to, from));
        const double slow = slow_first(&mesh, from, d);
        const struct smp_hit hit = smp_rays_first(rays, from, d, 0, 1000);
        ck_assert_msg((hit.triangle != SMP_NO_TRIANGLE) == isfinite(slow), "ray %d", (int)i);
        ck_assert(smp_rays_blocked(rays, from, d, 0, 1000) == isfinite(slow));
        if (!isfinite(slow))
            continue;
        met++;
        ck_assert_double_eq_tol(hit.distance, slow, 1e-6);
        const struct smp_vec3 on_ray = smp_add(from, smp_scale(d, hit.distance));
        ck_assert_double_lt(smp_length(smp_sub(place(&mesh, &hit), on_ray)), 1e-4);
        ck_assert_double_eq_tol(hit.bary[0] + hit.bary[1] + hit.bary[2], 1, 1e-12);
    }
    ck_assert_uint_gt(met, 500);
    smp_rays_drop(rays);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(many_rays_at_once_meet_what_each_meets_alone)
{
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    const struct smp_mesh mesh = bumpy_ball(&arena, 40, 60, smp_vec3(0, 0, 0));
    struct smp_rays *rays = NULL;
    ck_assert_int_eq(smp_rays_make(&rays, &mesh, NULL), SMP_OK);
    enum { COUNT = 1003 };
    struct smp_ray ray[COUNT];
    struct smp_hit hits[COUNT];
    bool blocked[COUNT];
    for (uint64_t i = 0; i < COUNT; i++) {
        struct smp_rng rng = smp_rng_make(17, i);
        const struct smp_vec3 from = smp_scale(random_unit(&rng), 300);
        const struct smp_vec3 to = smp_scale(random_unit(&rng), 110 * smp_rng_unit(&rng));
        ray[i] = (struct smp_ray){ from, smp_unit(smp_sub(to, from)), 0, 1000 };
    }
    smp_rays_first_many(rays, hits, ray, COUNT);
    smp_rays_blocked_many(rays, blocked, ray, COUNT);
    for (int i = 0; i < COUNT; i++) {
        const struct smp_hit alone = smp_rays_first(rays, ray[i].from, ray[i].direction, 0, 1000);
        ck_assert((hits[i].triangle == SMP_NO_TRIANGLE) == (alone.triangle == SMP_NO_TRIANGLE));
        ck_assert(blocked[i] == smp_rays_blocked(rays, ray[i].from, ray[i].direction, 0, 1000));
        if (alone.triangle != SMP_NO_TRIANGLE)
            ck_assert_double_eq_tol(hits[i].distance, alone.distance, 1e-6);
    }
    smp_rays_drop(rays);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(near_and_far_bound_the_search)
{
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    const struct smp_mesh mesh = bumpy_ball(&arena, 20, 30, smp_vec3(0, 0, 0));
    struct smp_rays *rays = NULL;
    ck_assert_int_eq(smp_rays_make(&rays, &mesh, NULL), SMP_OK);
    const struct smp_vec3 from = smp_vec3(200, 1, 2), d = smp_vec3(-1, 0, 0);
    const struct smp_hit front = smp_rays_first(rays, from, d, 0, 1000);
    const struct smp_hit back = smp_rays_first(rays, from, d, front.distance + 1, 1000);
    ck_assert_uint_ne(front.triangle, SMP_NO_TRIANGLE);
    ck_assert_double_gt(back.distance, front.distance + 100);
    const struct smp_hit none = smp_rays_first(rays, from, d, 0, front.distance - 1);
    ck_assert_uint_eq(none.triangle, SMP_NO_TRIANGLE);
    ck_assert(!smp_rays_blocked(rays, from, d, 0, front.distance - 1));
    ck_assert(smp_rays_blocked(rays, from, d, 0, front.distance + 1));
    smp_rays_drop(rays);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(no_ray_from_within_slips_through_a_closed_mesh)
{
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    const struct smp_mesh mesh = bumpy_ball(&arena, 60, 90, smp_vec3(0, 0, 0));
    struct smp_rays *rays = NULL;
    ck_assert_int_eq(smp_rays_make(&rays, &mesh, NULL), SMP_OK);
    for (uint64_t i = 0; i < 50000; i++) {
        struct smp_rng rng = smp_rng_make(11, i);
        struct smp_vec3 d = random_unit(&rng);
        if (i < 5000) // aimed at corners and middles of edges
            d = smp_unit(i % 2 ? mesh.points[i]
                               : smp_add(corner(&mesh, i, 0), corner(&mesh, i, 1)));
        ck_assert_uint_ne(smp_rays_first(rays, smp_vec3(0, 0, 0), d, 0, 1000).triangle,
                          SMP_NO_TRIANGLE);
    }
    smp_rays_drop(rays);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(nearest_point_is_the_nearest_of_all_triangles)
{
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    const struct smp_mesh mesh = bumpy_ball(&arena, 30, 40, smp_vec3(40, 0, 0));
    struct smp_rays *rays = NULL;
    ck_assert_int_eq(smp_rays_make(&rays, &mesh, NULL), SMP_OK);
    for (uint64_t i = 0; i < 1000; i++) {
        struct smp_rng rng = smp_rng_make(3, i);
        const struct smp_vec3 q =
            smp_add(smp_vec3(40, 0, 0), smp_scale(random_unit(&rng), 60 + 80 * smp_rng_unit(&rng)));
        const double slow = slow_nearest(&mesh, q);
        const struct smp_hit hit = smp_rays_nearest(rays, q, 1000);
        ck_assert_uint_ne(hit.triangle, SMP_NO_TRIANGLE);
        ck_assert_double_eq_tol(hit.distance, slow, 1e-9);
        ck_assert_double_eq_tol(smp_length(smp_sub(place(&mesh, &hit), q)), slow, 1e-9);
        // the same within a reach that just holds it, nothing within one that does not
        ck_assert_uint_eq(smp_rays_nearest(rays, q, slow + 1e-6).triangle, hit.triangle);
        ck_assert_uint_eq(smp_rays_nearest(rays, q, slow - 1e-6).triangle, SMP_NO_TRIANGLE);
    }
    smp_rays_drop(rays);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(of_equally_near_triangles_the_first_is_named)
{
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    const struct smp_mesh mesh = bumpy_ball(&arena, 30, 40, smp_vec3(0, 0, 0));
    struct smp_rays *rays = NULL;
    ck_assert_int_eq(smp_rays_make(&rays, &mesh, NULL), SMP_OK);
    for (uint32_t i = 200; i < 400; i++) { // corners: six triangles meet
        uint32_t lowest = SMP_NO_TRIANGLE;
        for (uint32_t t = 0; t < mesh.triangle_count && lowest == SMP_NO_TRIANGLE; t++)
            for (int k = 0; k < 3; k++)
                if (mesh.triangles[t][k] == i)
                    lowest = t;
        const struct smp_hit hit = smp_rays_nearest(rays, mesh.points[i], 5);
        ck_assert_uint_eq(hit.triangle, lowest);
        ck_assert_double_eq(hit.distance, 0);
    }
    smp_rays_drop(rays);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(slivers_and_points_without_area_are_coped_with)
{
    struct smp_vec3 points[] = { { 0, 0, 0 }, { 10, 0, 0 }, { 0, 10, 0 }, { 5, 0, 0 } };
    uint32_t triangles[][3] = { { 0, 3, 1 }, { 0, 0, 0 }, { 0, 1, 2 } };
    const struct smp_mesh mesh = {
        .points = points, .point_count = 4, .triangles = triangles, .triangle_count = 3
    };
    struct smp_rays *rays = NULL;
    ck_assert_int_eq(smp_rays_make(&rays, &mesh, NULL), SMP_OK);
    const struct smp_hit hit = smp_rays_first(rays, smp_vec3(2, 2, 5), smp_vec3(0, 0, -1), 0, 100);
    ck_assert_uint_eq(hit.triangle, 2);
    ck_assert_double_eq_tol(hit.distance, 5, 1e-12);
    const struct smp_hit near = smp_rays_nearest(rays, smp_vec3(-3, -4, 0), 10);
    ck_assert_double_eq_tol(near.distance, 5, 1e-12);
    smp_rays_drop(rays);
}
END_TEST

START_TEST(bad_meshes_are_refused_in_one_sentence)
{
    struct smp_vec3 points[] = { { 0, 0, 0 }, { 10, 0, 0 }, { 0, (double)NAN, 0 } };
    uint32_t triangles[][3] = { { 0, 1, 2 } };
    struct smp_mesh mesh = { .points = points, .point_count = 3, .triangles = triangles };
    struct smp_rays *rays = NULL;
    struct smp_err err = { 0 };
    ck_assert_int_eq(smp_rays_make(&rays, &mesh, &err), SMP_E_INPUT);
    ck_msg_eq(err, "the mesh has no triangles to meet rays");

    mesh.triangle_count = 1;
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_rays_make(&rays, &mesh, &err), SMP_E_INPUT);
    ck_msg_eq(err, "point 2 of the mesh is not a finite number");

    mesh.point_count = 2;
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_rays_make(&rays, &mesh, &err), SMP_E_INPUT);
    ck_msg_eq(err, "triangle 0 of the mesh names point 2, but there are 2 points");

    mesh.triangle_count = SMP_NO_TRIANGLE;
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_rays_make(&rays, &mesh, &err), SMP_E_LIMIT);
    ck_msg_eq(err, "the mesh has 4294967295 triangles, more than rays can number");
    ck_assert_ptr_null(rays);
    smp_rays_drop(NULL);
}
END_TEST

SMP_TEST_MAIN("rays", first_hit_is_the_nearest_of_all_triangles,
              many_rays_at_once_meet_what_each_meets_alone, near_and_far_bound_the_search,
              no_ray_from_within_slips_through_a_closed_mesh,
              nearest_point_is_the_nearest_of_all_triangles,
              of_equally_near_triangles_the_first_is_named,
              slivers_and_points_without_area_are_coped_with,
              bad_meshes_are_refused_in_one_sentence)
