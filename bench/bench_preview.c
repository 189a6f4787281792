// Preview of the demo client: seconds for the scene, for each view (before and healed together),
// for a close-up, for the stages of one view; memory. One JSON object on stdout.
#include "plan/plan.h"
#include "preview/preview_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double cpu_s(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static void must(enum smp_code code, const struct smp_err *err)
{
    if (code == SMP_OK)
        return;
    fprintf(stderr, "bench_preview: %s\n", err->msg);
    exit(1);
}

static void stages(struct smp_scene *scene, struct smp_pool *pool, struct smp_arena *arena)
{
    struct smp_err err = { 0 };
    const struct smp_mark mark = smp_arena_mark(arena);
    const struct smp_preview_params params = smp_preview_defaults;
    const struct smp_viewer camera = smp_viewer_of_view(scene->head, SMP_VIEW_FRONT, &params);
    const size_t count = params.width_px * params.height_px;
    struct smp_gbuffer g;
    struct smp_tint tint;
    struct smp_image image = { smp_new(arena, struct smp_rgb, count), params.width_px,
                               params.height_px };
    struct smp_rgb *diffuse = smp_new(arena, struct smp_rgb, count);
    if (!image.px_lin || !diffuse)
        exit(1);
    const struct smp_work work = { pool, arena, &err };
    double t[8] = { now_s() };
    const struct smp_rig rig = smp_light_rig(&camera);
    must(smp_gbuffer_make(&g, scene, &camera, &rig, &work), &err);
    t[1] = now_s();
    must(smp_shadow_filter(&g, &work), &err);
    must(smp_subsurface(diffuse, &g, camera.px_per_mm, &work), &err);
    t[2] = now_s();
    must(smp_tint_make(&tint, &camera, &work), &err);
    const struct smp_ground ground = { .camera = &camera, .depth = g.depth };
    must(smp_splat(&tint, scene->hairs, scene->hair_count, &ground, &work), &err);
    t[3] = now_s();
    struct smp_age healed;
    const struct smp_dots *dots;
    must(smp_age_read(&healed, "healed", SMP_EDGE_MEDIAN, "age", &err), &err);
    const double before = now_s();
    must(smp_dots_at(&dots, scene, &healed, &work), &err);
    const double looks = now_s() - before;
    must(smp_splat(&tint, dots->spots, dots->count, &ground, &work), &err);
    smp_tint_finish(&tint, work.pool);
    t[4] = now_s();
    const struct smp_exposure exposure = { &g, diffuse, tint.px, scene->exposure, 1, NULL };
    must(smp_film(&image, &exposure, &work), &err);
    t[5] = now_s();
    printf("\"stages_front_s\":{\"rays_and_shading\":%.3f,\"light_under_skin\":%.3f,"
           "\"stubble\":%.3f,\"looks\":%.3f,\"dots\":%.3f,\"film\":%.3f},",
           t[1] - t[0], t[2] - t[1], t[3] - t[2], looks, t[4] - t[3] - looks, t[5] - t[4]);
    smp_arena_reset(arena, mark);
}

int main(void)
{
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    struct smp_pool *pool = smp_pool_make(0);
    struct smp_err err = { 0 };
    struct smp_case from;
    struct smp_head head;
    struct smp_plan plan;
    must(smp_case_demo(&from, &arena, &err), &err);
    must(smp_case_head(&head, &from, NULL, pool, &arena, &err), &err);
    must(smp_plan_make(&plan, &from, &head, pool, NULL, &arena, &err), &err);

    struct smp_scene *scene = NULL;
    double start = now_s();
    must(smp_scene_make(&scene, &plan, pool, &arena, &err), &err);
    printf("{\"threads\":%u,\"triangles\":%zu,\"dots\":%zu,\"scene_s\":%.3f,",
           smp_pool_threads(pool), head.mesh.triangle_count, plan.dot_count, now_s() - start);
    stages(scene, pool, &arena);

    struct smp_age ages[2];
    must(smp_age_read(&ages[0], "before", SMP_EDGE_MEDIAN, "age", &err), &err);
    must(smp_age_read(&ages[1], "healed", SMP_EDGE_MEDIAN, "age", &err), &err);
    struct smp_image images[2];
    double sum = 0, cpu = cpu_s();
    printf("\"views_s\":{");
    for (int v = 0; v < SMP_VIEW_COUNT; v++) {
        const struct smp_mark mark = smp_arena_mark(&arena);
        start = now_s();
        must(smp_preview_view(images, ages, 2, scene, (enum smp_view)v, &smp_preview_defaults, pool,
                              &arena, &err),
             &err);
        const double took = now_s() - start;
        printf("%s\"%s\":%.3f", v ? "," : "", smp_view_names[v], took);
        sum += took;
        smp_arena_reset(&arena, mark);
    }
    cpu = (cpu_s() - cpu) / SMP_VIEW_COUNT;
    start = now_s();
    must(smp_preview_zoom(images, ages, 2, scene, SMP_ZONE_HAIRLINE, &smp_preview_defaults, pool,
                          &arena, &err),
         &err);
    const double zoom = now_s() - start;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("},\"mean_view_s\":%.3f,\"mean_view_cpu_s\":%.3f,\"zoom_s\":%.3f,\"max_mb\":%ld}\n",
           sum / SMP_VIEW_COUNT, cpu, zoom, usage.ru_maxrss / 1024);
    smp_scene_drop(scene);
    smp_pool_drop(pool);
    smp_arena_drop(&arena);
    return 0;
}
