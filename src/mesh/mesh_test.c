#include "mesh/mesh.h"

#include "harness.h"

#include <math.h>

static struct smp_arena arena;
static struct smp_err err;

static void begin(void)
{
    smp_arena_make(&arena, 0);
    err = (struct smp_err){ 0 };
}

static void end(void)
{
    smp_arena_drop(&arena);
}

static struct smp_mesh blank(size_t points, size_t triangles)
{
    struct smp_mesh mesh = { .point_count = points, .triangle_count = triangles };
    mesh.points = smp_new(&arena, struct smp_vec3, points);
    mesh.triangles = smp_alloc(&arena, triangles, sizeof *mesh.triangles);
    ck_assert(mesh.points && mesh.triangles);
    return mesh;
}

static void set_triangle(struct smp_mesh *mesh, size_t t, uint32_t a, uint32_t b, uint32_t c)
{
    mesh->triangles[t][0] = a;
    mesh->triangles[t][1] = b;
    mesh->triangles[t][2] = c;
}

// A ball of latitude rings; flipped turns it inside out.
static struct smp_mesh ball(double radius, uint32_t rings, uint32_t sectors, bool flipped)
{
    struct smp_mesh m = blank(2 + (size_t)(rings - 1) * sectors, 2 * (size_t)(rings - 1) * sectors);
    const uint32_t top = 0, bottom = 1;
    m.points[top] = smp_vec3(0, 0, radius);
    m.points[bottom] = smp_vec3(0, 0, -radius);
    for (uint32_t r = 1; r < rings; r++) {
        for (uint32_t s = 0; s < sectors; s++) {
            const double theta = SMP_PI * r / rings, phi = 2 * SMP_PI * s / sectors;
            m.points[2 + (r - 1) * sectors + s] =
                smp_vec3(radius * sin(theta) * cos(phi), radius * sin(theta) * sin(phi),
                         radius * cos(theta));
        }
    }
    size_t t = 0;
    for (uint32_t s = 0; s < sectors; s++) {
        const uint32_t n = (s + 1) % sectors, last = 2 + (rings - 2) * sectors;
        set_triangle(&m, t++, top, 2 + s, 2 + n);
        set_triangle(&m, t++, bottom, last + n, last + s);
        for (uint32_t r = 0; r + 2 < rings; r++) {
            const uint32_t a = 2 + r * sectors, b = a + sectors;
            set_triangle(&m, t++, a + s, b + s, b + n);
            set_triangle(&m, t++, a + s, b + n, a + n);
        }
    }
    for (t = 0; flipped && t < m.triangle_count; t++)
        set_triangle(&m, t, m.triangles[t][0], m.triangles[t][2], m.triangles[t][1]);
    return m;
}

static struct smp_mesh joined(struct smp_mesh a, struct smp_mesh b)
{
    struct smp_mesh m = blank(a.point_count + b.point_count, a.triangle_count + b.triangle_count);
    memcpy(m.points, a.points, a.point_count * sizeof *a.points);
    memcpy(m.points + a.point_count, b.points, b.point_count * sizeof *b.points);
    memcpy(m.triangles, a.triangles, a.triangle_count * sizeof *a.triangles);
    for (size_t t = 0; t < b.triangle_count; t++) {
        for (int k = 0; k < 3; k++)
            m.triangles[a.triangle_count + t][k] = b.triangles[t][k] + (uint32_t)a.point_count;
    }
    return m;
}

static double volume(const struct smp_mesh *mesh)
{
    double v = 0;
    for (size_t t = 0; t < mesh->triangle_count; t++)
        v += smp_dot(smp_mesh_area_vector(mesh, t), mesh->points[mesh->triangles[t][0]]) / 3;
    return v;
}

static size_t open_edges(const struct smp_mesh *mesh)
{
    uint32_t(*n)[3] = smp_alloc(&arena, mesh->triangle_count, sizeof *n);
    ck_assert_int_eq(smp_mesh_neighbours(n, mesh, &arena, &err), SMP_OK);
    size_t open = 0;
    for (size_t t = 0; t < mesh->triangle_count; t++) {
        for (int k = 0; k < 3; k++)
            open += n[t][k] == SMP_NO_TRIANGLE;
    }
    return open;
}

// Every triangle with corners of its own, a third of them turned around, points jittered.
static struct smp_mesh torn(const struct smp_mesh *mesh, double jitter)
{
    struct smp_mesh m = blank(3 * mesh->triangle_count, mesh->triangle_count);
    struct smp_rng rng = smp_rng_make(7, 7);
    for (size_t t = 0; t < mesh->triangle_count; t++) {
        for (uint32_t k = 0; k < 3; k++) {
            const struct smp_vec3 p = mesh->points[mesh->triangles[t][k]];
            m.points[3 * t + k] = smp_vec3(p.x + jitter * (smp_rng_unit(&rng) - 0.5),
                                           p.y + jitter * (smp_rng_unit(&rng) - 0.5), p.z);
        }
        const uint32_t a = (uint32_t)(3 * t);
        const bool turned = smp_rng_u32(&rng) % 3 == 0;
        set_triangle(&m, t, a, a + (turned ? 2 : 1), a + (turned ? 1 : 2));
    }
    return m;
}

START_TEST(a_torn_ball_is_welded_closed_and_outward)
{
    begin();
    const struct smp_mesh whole = ball(10, 12, 20, false), pieces = torn(&whole, 1e-4);
    struct smp_mesh m;
    ck_assert_int_eq(smp_mesh_weld(&m, &pieces, 1e-3, &arena, &err), SMP_OK);
    ck_assert_uint_eq(m.point_count, whole.point_count);
    ck_assert_uint_eq(m.triangle_count, whole.triangle_count);
    ck_assert_uint_eq(open_edges(&m), 0);
    ck_assert_double_eq_tol(volume(&m), volume(&whole), 1e-2);
    end();
}
END_TEST

START_TEST(an_inside_out_ball_is_turned_and_an_open_one_too)
{
    begin();
    struct smp_mesh m, flipped = ball(10, 12, 20, true);
    ck_assert_int_eq(smp_mesh_weld(&m, &flipped, 0, &arena, &err), SMP_OK);
    ck_assert_double_gt(volume(&m), 0);
    flipped.triangle_count -= 30; // a bust without a floor
    ck_assert_int_eq(smp_mesh_weld(&m, &flipped, 0, &arena, &err), SMP_OK);
    ck_assert_double_gt(volume(&m), 0);
    ck_assert_uint_gt(open_edges(&m), 0);
    end();
}
END_TEST

START_TEST(collapsed_and_repeated_triangles_go)
{
    begin();
    struct smp_mesh m = blank(5, 5), w;
    m.points[1] = smp_vec3(1, 0, 0);
    m.points[2] = smp_vec3(0, 1, 0);
    m.points[3] = smp_vec3(1, 1, 0);
    m.points[4] = smp_vec3(1e-9, 0, 0); // the first point again
    set_triangle(&m, 0, 0, 1, 2);
    set_triangle(&m, 1, 1, 2, 0); // repeated
    set_triangle(&m, 2, 2, 1, 4); // repeated the other way round, by the double point
    set_triangle(&m, 3, 0, 4, 1); // collapsed
    set_triangle(&m, 4, 1, 3, 2);
    ck_assert_int_eq(smp_mesh_weld(&w, &m, 1e-6, &arena, &err), SMP_OK);
    ck_assert_uint_eq(w.triangle_count, 2);
    ck_assert_uint_eq(w.point_count, 4);
    m.points[3].y = (double)NAN;
    ck_assert_int_eq(smp_mesh_weld(&w, &m, 1e-6, &arena, &err), SMP_E_INPUT);
    ck_msg_eq(err, "point 3 of the mesh is not a finite position");
    end();
}
END_TEST

START_TEST(corner_attributes_follow_the_weld_and_the_turn)
{
    begin();
    struct smp_mesh m = blank(6, 2), w;
    const double at[6][2] = { { 0, 0 }, { 1, 0 }, { 0, 1 }, { 1, 0 }, { 0, 1 }, { 1, 1 } };
    m.uvs = smp_alloc(&arena, 2, sizeof *m.uvs);
    for (uint32_t i = 0; i < 6; i++) {
        m.points[i] = smp_vec3(at[i][0], at[i][1], 0);
        m.uvs[i / 3][i % 3] = (struct smp_uv){ (float)at[i][0], (float)at[i][1] };
    }
    set_triangle(&m, 0, 0, 1, 2);
    set_triangle(&m, 1, 3, 4, 5); // against the first
    ck_assert_int_eq(smp_mesh_weld(&w, &m, 1e-6, &arena, &err), SMP_OK);
    ck_assert_double_gt(smp_mesh_area_vector(&w, 0).z * smp_mesh_area_vector(&w, 1).z,
                        0); // same side
    for (size_t t = 0; t < 2; t++) {
        for (int k = 0; k < 3; k++) {
            const struct smp_vec3 p = w.points[w.triangles[t][k]];
            ck_assert_double_eq_tol(p.x, (double)w.uvs[t][k].u, 1e-6);
            ck_assert_double_eq_tol(p.y, (double)w.uvs[t][k].v, 1e-6);
        }
    }
    end();
}
END_TEST

START_TEST(a_fan_of_three_on_one_edge_has_no_neighbours_there)
{
    begin();
    struct smp_mesh m = blank(5, 3), w;
    m.points[1] = smp_vec3(0, 0, 1);
    m.points[2] = smp_vec3(1, 0, 0);
    m.points[3] = smp_vec3(-1, 1, 0);
    m.points[4] = smp_vec3(-1, -1, 0);
    for (uint32_t t = 0; t < 3; t++)
        set_triangle(&m, t, 0, 1, 2 + t);
    ck_assert_uint_eq(open_edges(&m), 9);
    ck_assert_int_eq(smp_mesh_weld(&w, &m, 1e-9, &arena, &err), SMP_OK);
    ck_assert_uint_eq(w.triangle_count, 3);
    uint32_t labels[3];
    size_t count;
    ck_assert_int_eq(smp_mesh_pieces(labels, &count, &w, &arena, &err), SMP_OK);
    ck_assert_uint_eq(count, 3);
    struct smp_mesh fine;
    ck_assert_int_eq(smp_mesh_refine(&fine, &w, 0.2, &arena, &err), SMP_OK);
    ck_assert_double_eq_tol(smp_mesh_area(&fine), smp_mesh_area(&w), 0.3);
    end();
}
END_TEST

START_TEST(pieces_come_by_falling_area_and_can_be_selected)
{
    begin();
    const struct smp_mesh m = joined(ball(2, 8, 12, false), ball(5, 8, 12, false));
    uint32_t *labels = smp_new(&arena, uint32_t, m.triangle_count);
    bool *keep = smp_new(&arena, bool, m.triangle_count);
    size_t count;
    ck_assert_int_eq(smp_mesh_pieces(labels, &count, &m, &arena, &err), SMP_OK);
    ck_assert_uint_eq(count, 2);
    ck_assert_uint_eq(labels[0], 1);
    ck_assert_uint_eq(labels[m.triangle_count - 1], 0);
    for (size_t t = 0; t < m.triangle_count; t++)
        keep[t] = labels[t] == 1;
    struct smp_mesh small;
    ck_assert_int_eq(smp_mesh_select(&small, &m, keep, &arena, &err), SMP_OK);
    ck_assert_uint_eq(small.point_count, 2 + 7 * 12);
    struct smp_vec3 low, high;
    smp_mesh_bounds(&low, &high, &small);
    ck_assert_double_eq_tol(low.z, -2, 1e-12);
    ck_assert_double_eq_tol(high.z, 2, 1e-12);
    end();
}
END_TEST

START_TEST(what_lies_within_is_not_outer)
{
    begin();
    const struct smp_mesh outside = ball(10, 16, 24, false);
    const struct smp_mesh m = joined(outside, ball(6, 12, 16, false));
    bool *outer = smp_new(&arena, bool, m.triangle_count);
    struct smp_pool *pool = smp_pool_make(2);
    ck_assert_int_eq(smp_mesh_outer(outer, &m, pool, &arena, &err), SMP_OK);
    smp_pool_drop(pool);
    for (size_t t = 0; t < m.triangle_count; t++)
        ck_assert_int_eq(outer[t], t < outside.triangle_count);
    end();
}
END_TEST

START_TEST(normals_point_outward_and_slivers_do_not_count)
{
    begin();
    struct smp_mesh m = ball(10, 24, 36, false);
    struct smp_vec3 *normals = smp_new(&arena, struct smp_vec3, m.point_count);
    ck_assert_int_eq(smp_mesh_normals(normals, &m, &err), SMP_OK);
    for (size_t i = 0; i < m.point_count; i++)
        ck_assert_double_gt(smp_dot(normals[i], m.points[i]), 9.95);

    struct smp_mesh s = blank(5, 3);
    s.points[1] = smp_vec3(1, 0, 0);
    s.points[2] = smp_vec3(0, 1, 0);
    s.points[3] = smp_vec3(0.5, 0, 1e-6); // a needle that stands up from the edge
    s.points[4] = smp_vec3(1, 1, 0);
    set_triangle(&s, 0, 0, 1, 2);
    set_triangle(&s, 1, 0, 3, 1);
    set_triangle(&s, 2, 1, 4, 2);
    ck_assert_int_eq(smp_mesh_normals(normals, &s, &err), SMP_OK);
    ck_assert_double_gt(normals[0].z, 1 - 1e-12);
    ck_assert_double_gt(normals[1].z, 1 - 1e-12);
    end();
}
END_TEST

START_TEST(refined_balls_stay_round_closed_and_short_edged)
{
    begin();
    const struct smp_mesh m = ball(80, 24, 36, false); // edges of about 14 mm
    struct smp_mesh fine;
    ck_assert_int_eq(smp_mesh_refine(&fine, &m, 2, &arena, &err), SMP_OK);
    ck_assert_uint_eq(open_edges(&fine), 0);
    for (size_t i = 0; i < fine.point_count; i++)
        ck_assert_double_eq_tol(smp_length(fine.points[i]), 80, 0.02);
    for (size_t t = 0; t < fine.triangle_count; t++) {
        for (int k = 0; k < 3; k++) {
            const struct smp_vec3 e = smp_sub(fine.points[fine.triangles[t][k]],
                                              fine.points[fine.triangles[t][(k + 1) % 3]]);
            ck_assert_double_le(smp_length(e), 2);
        }
    }
    ck_assert_double_eq_tol(smp_mesh_area(&fine) / (4 * SMP_PI * 6400), 1, 1e-3);
    end();
}
END_TEST

START_TEST(refined_planes_stay_flat_and_keep_uvs_and_parts)
{
    begin();
    struct smp_mesh m = blank(4, 2), fine;
    m.points[1] = smp_vec3(10, 0, 0);
    m.points[2] = smp_vec3(0, 6, 0);
    m.points[3] = smp_vec3(10, 6, 0);
    set_triangle(&m, 0, 0, 1, 2);
    set_triangle(&m, 1, 1, 3, 2);
    m.uvs = smp_alloc(&arena, 2, sizeof *m.uvs);
    m.parts = smp_new(&arena, uint16_t, 2);
    m.part_count = 2;
    m.parts[1] = 1;
    for (size_t t = 0; t < 2; t++) {
        for (int k = 0; k < 3; k++) {
            const struct smp_vec3 p = m.points[m.triangles[t][k]];
            m.uvs[t][k] = (struct smp_uv){ (float)(p.x / 10), (float)(p.y / 6) };
        }
    }
    ck_assert_int_eq(smp_mesh_refine(&fine, &m, 0.7, &arena, &err), SMP_OK);
    ck_assert_double_eq_tol(smp_mesh_area(&fine), 60, 1e-9);
    double of_second = 0;
    for (size_t t = 0; t < fine.triangle_count; t++) {
        ck_assert_double_gt(smp_mesh_area_vector(&fine, t).z, 0);
        of_second += fine.parts[t] * smp_mesh_area_vector(&fine, t).z;
        for (int k = 0; k < 3; k++) {
            const struct smp_vec3 p = fine.points[fine.triangles[t][k]];
            ck_assert_double_eq(p.z, 0);
            ck_assert_double_eq_tol((double)fine.uvs[t][k].u * 10, p.x, 1e-4);
            ck_assert_double_eq_tol((double)fine.uvs[t][k].v * 6, p.y, 1e-4);
        }
    }
    ck_assert_double_eq_tol(of_second, 30, 1e-9);
    end();
}
END_TEST

START_TEST(refining_tells_the_way_back_and_what_it_refuses)
{
    begin();
    const struct smp_mesh m = ball(10, 8, 12, false);
    struct smp_vec3 *normals = smp_new(&arena, struct smp_vec3, m.point_count);
    double *limits = smp_new(&arena, double, m.triangle_count);
    ck_assert_int_eq(smp_mesh_normals(normals, &m, &err), SMP_OK);
    for (size_t t = 0; t < m.triangle_count; t++)
        limits[t] = t % 3 ? 1 : HUGE_VAL; // neighbours of differing wishes still fit
    struct smp_refined fine;
    ck_assert_int_eq(smp_mesh_refine_by(&fine, &m, normals, limits, 100000, &arena, &err), SMP_OK);
    ck_assert_uint_eq(open_edges(&fine.mesh), 0);
    for (size_t t = 0; t < fine.mesh.triangle_count; t++) {
        for (int k = 0; k < 3; k++) {
            const double *b = fine.bary[t][k];
            ck_assert_double_eq_tol(b[0] + b[1] + b[2], 1, 1e-12);
            const struct smp_vec3 flat = smp_mesh_at(&m, fine.parents[t], b);
            const struct smp_vec3 p = fine.mesh.points[fine.mesh.triangles[t][k]];
            ck_assert_double_le(smp_length(smp_sub(flat, p)), 1.0); // under the dome
        }
    }
    ck_assert_int_eq(smp_mesh_refine_by(&fine, &m, normals, limits, 500, &arena, &err),
                     SMP_E_LIMIT);
    ck_msg_eq(err, "refining needs more than 500 triangles");
    err = (struct smp_err){ 0 };
    struct smp_mesh plain;
    ck_assert_int_eq(smp_mesh_refine(&plain, &m, 0, &arena, &err), SMP_E_INPUT);
    ck_msg_eq(err, "max_edge must be above 0, not 0");
    end();
}
END_TEST

// A sheet of 200 x 200 squares on a slope, thinned out: the border stays, the area too, and every
// point stays on the sheet.
START_TEST(a_thinned_mesh_keeps_its_surface)
{
    enum { side = 200 };
    struct smp_arena room;
    struct smp_err why = { 0 };
    smp_arena_make(&room, 0);
    struct smp_mesh sheet = { .point_count = (side + 1) * (side + 1),
                              .triangle_count = 2 * side * side },
                    thin;
    sheet.points = smp_new(&room, struct smp_vec3, sheet.point_count);
    sheet.triangles = smp_alloc(&room, sheet.triangle_count, sizeof *sheet.triangles);
    for (uint32_t y = 0; y <= side; y++) {
        for (uint32_t x = 0; x <= side; x++) {
            const uint32_t i = y * (side + 1) + x, up = side + 1;
            sheet.points[i] = smp_vec3(0.1 * x, 0.1 * y, 0.05 * x);
            if (x == side || y == side)
                continue;
            const uint32_t two[2][3] = { { i, i + 1, i + up + 1 }, { i, i + up + 1, i + up } };
            memcpy(sheet.triangles[2 * (y * side + x)], two, sizeof two);
        }
    }
    double cell = 0;
    ck_assert_int_eq(smp_mesh_thin(&thin, &cell, &sheet, 5000, &room, &why), SMP_OK);
    ck_assert_uint_le(thin.triangle_count, 5000);
    ck_assert_uint_ge(thin.triangle_count, 1500);
    ck_assert(cell > 0.3 && cell < 1);
    ck_assert_double_eq_tol(smp_mesh_area(&thin), smp_mesh_area(&sheet),
                            0.1 * smp_mesh_area(&sheet)); // half a cell a side goes
    for (size_t i = 0; i < thin.point_count; i++)
        ck_assert_double_eq_tol(thin.points[i].z, 0.5 * thin.points[i].x, 1e-9);
    for (size_t t = 0; t < thin.triangle_count; t++)
        ck_assert_double_ge(smp_mesh_area_vector(&thin, t).z, -1e-12); // none turned over
    sheet.points[7].y = (double)NAN;
    ck_assert_int_eq(smp_mesh_thin(&thin, &cell, &sheet, 5000, &room, &why), SMP_E_INPUT);
    ck_msg_has(why, "the mesh has no area, or corners that are not finite");
    smp_arena_drop(&room);
}
END_TEST

SMP_TEST_MAIN("mesh", a_torn_ball_is_welded_closed_and_outward,
              an_inside_out_ball_is_turned_and_an_open_one_too, collapsed_and_repeated_triangles_go,
              corner_attributes_follow_the_weld_and_the_turn,
              a_fan_of_three_on_one_edge_has_no_neighbours_there,
              pieces_come_by_falling_area_and_can_be_selected, what_lies_within_is_not_outer,
              normals_point_outward_and_slivers_do_not_count,
              refined_balls_stay_round_closed_and_short_edged,
              refined_planes_stay_flat_and_keep_uvs_and_parts,
              refining_tells_the_way_back_and_what_it_refuses, a_thinned_mesh_keeps_its_surface)
