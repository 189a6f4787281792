// A made head for tests of the preview: a ball of 90 mm with a cap of dots.
#ifndef SMP_PREVIEW_BALL_TEST_H
#define SMP_PREVIEW_BALL_TEST_H

#include "harness.h"
#include "preview/preview_impl.h"

#include <math.h>

enum { RINGS = 90, SEGMENTS = 180 };

struct fixture {
    struct smp_arena arena;
    struct smp_head head;
    struct smp_case from;
    struct smp_plan plan;
};

static inline void make_ball(struct fixture *f)
{
    struct smp_mesh *mesh = &f->head.mesh;
    const size_t points = (RINGS + 1) * SEGMENTS;
    mesh->points = smp_new(&f->arena, struct smp_vec3, points);
    mesh->triangles = smp_alloc(&f->arena, 2 * RINGS * SEGMENTS, sizeof *mesh->triangles);
    f->head.normals = smp_new(&f->arena, struct smp_vec3, points);
    f->head.zones = smp_new(&f->arena, uint8_t, points);
    ck_assert(mesh->points && mesh->triangles && f->head.normals && f->head.zones);
    for (size_t i = 0; i <= RINGS; i++) {
        for (size_t j = 0; j < SEGMENTS; j++) {
            const double theta = SMP_PI * (double)i / RINGS;
            const double phi = 2 * SMP_PI * (double)j / SEGMENTS;
            const struct smp_vec3 n =
                smp_vec3(sin(theta) * cos(phi), sin(theta) * sin(phi), cos(theta));
            f->head.normals[mesh->point_count] = n;
            f->head.zones[mesh->point_count] = theta < 1 ? SMP_ZONE_MIDSCALP : SMP_ZONE_NONE;
            mesh->points[mesh->point_count++] = smp_scale(n, 90);
        }
    }
    for (size_t i = 0; i < RINGS; i++) {
        for (size_t j = 0; j < SEGMENTS; j++) {
            const uint32_t a = (uint32_t)(i * SEGMENTS + j);
            const uint32_t b = (uint32_t)(i * SEGMENTS + (j + 1) % SEGMENTS);
            const uint32_t c = a + SEGMENTS, d = b + SEGMENTS;
            if (i + 1 < RINGS)
                memcpy(mesh->triangles[mesh->triangle_count++], (uint32_t[3]){ a, c, d }, 12);
            if (i > 0)
                memcpy(mesh->triangles[mesh->triangle_count++], (uint32_t[3]){ a, d, b }, 12);
        }
    }
    f->head.landmarks = (struct smp_landmarks){ .nasion = { 0, 90, 0 },
                                                .lpa = { -72, 0, 0 },
                                                .rpa = { 72, 0, 0 },
                                                .glabella = { 0, 89, 14 },
                                                .vertex = { 0, 0, 90 } };
}

// Dots 1 mm apart on the cap, on a spiral.
static inline void set_dots(struct fixture *f, double diameter_um)
{
    const double share = 0.23; // of the sphere's height
    const size_t count = (size_t)(4 * SMP_PI * 90 * 90 * 0.01 * share * 150);
    f->plan.dots = smp_new(&f->arena, struct smp_dot, count);
    ck_assert_ptr_nonnull(f->plan.dots);
    for (size_t i = 0; i < count; i++) {
        const double z = 1 - 2 * share * ((double)i + 0.5) / (double)count;
        const double a = 2.39996322972865332 * (double)i, r = sqrt(1 - z * z);
        const struct smp_vec3 n = smp_vec3(r * cos(a), r * sin(a), z);
        f->plan.dots[i] = (struct smp_dot){ .id = (uint32_t)i + 1,
                                            .position_mm = smp_scale(n, 90),
                                            .normal = n,
                                            .session = 1 + (int)(i % 3),
                                            .diameter_um = diameter_um };
    }
    f->plan.dot_count = count;
}

static inline void set_up(struct fixture *f, double diameter_um)
{
    *f = (struct fixture){ 0 };
    smp_arena_make(&f->arena, 0);
    make_ball(f);
    f->from = (struct smp_case){
        .skin_lab = { 66, 9, 15 }, .hair_lab = { 23, 4, 4.7 }, .stubble_mm = 0.3, .seed = 1
    };
    f->from.loss.native_fu_per_cm2 = 75;
    f->from.design.dots_per_cm2 = 150;
    f->plan.from = &f->from;
    f->plan.head = &f->head;
    f->plan.sessions = 3;
    set_dots(f, diameter_um);
}

#endif
