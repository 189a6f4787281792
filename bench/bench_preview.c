// Preview of the demo client: seconds for the scene, for each view (before and healed together),
// for a close-up, for the stages of one view; memory. One JSON object on stdout.
#include "clock.h"
#include "demo.h"
#include "preview/preview_impl.h"

#include <sys/resource.h>

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
    double t[8] = { seconds(CLOCK_MONOTONIC) };
    const struct smp_rig rig = smp_light_rig(&camera);
    must(smp_gbuffer_make(&g, scene, &camera, &rig, &work), &err);
    t[1] = seconds(CLOCK_MONOTONIC);
    must(smp_shadow_filter(&g, &work), &err);
    must(smp_subsurface(diffuse, &g, camera.px_per_mm, &work), &err);
    t[2] = seconds(CLOCK_MONOTONIC);
    must(smp_tint_make(&tint, &camera, &work), &err);
    const struct smp_ground ground = { .camera = &camera, .depth = g.depth };
    must(smp_splat(&tint, scene->hairs, scene->hair_count, &ground, &work), &err);
    t[3] = seconds(CLOCK_MONOTONIC);
    struct smp_age healed;
    const struct smp_dots *dots;
    must(smp_age_read(&healed, "healed", SMP_EDGE_MEDIAN, "age", &err), &err);
    const double before = seconds(CLOCK_MONOTONIC);
    must(smp_dots_at(&dots, scene, &healed, &work), &err);
    const double looks = seconds(CLOCK_MONOTONIC) - before;
    must(smp_splat(&tint, dots->spots, dots->count, &ground, &work), &err);
    smp_tint_finish(&tint, work.pool);
    t[4] = seconds(CLOCK_MONOTONIC);
    const struct smp_exposure exposure = { &g, diffuse, tint.px, scene->exposure, 1, NULL };
    must(smp_film(&image, &exposure, &work), &err);
    t[5] = seconds(CLOCK_MONOTONIC);
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
    static struct demo demo;
    demo_make(&demo, false, pool, &arena);

    struct smp_scene *scene = NULL;
    double start = seconds(CLOCK_MONOTONIC);
    must(smp_scene_make(&scene, &demo.plan, pool, &arena, &err), &err);
    printf("{\"threads\":%u,\"triangles\":%zu,\"dots\":%zu,\"scene_s\":%.3f,",
           smp_pool_threads(pool), demo.head.mesh.triangle_count, demo.plan.dot_count,
           seconds(CLOCK_MONOTONIC) - start);
    stages(scene, pool, &arena);

    struct smp_age ages[2];
    must(smp_age_read(&ages[0], "before", SMP_EDGE_MEDIAN, "age", &err), &err);
    must(smp_age_read(&ages[1], "healed", SMP_EDGE_MEDIAN, "age", &err), &err);
    struct smp_image images[2];
    double sum = 0, cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    printf("\"views_s\":{");
    for (int v = 0; v < SMP_VIEW_COUNT; v++) {
        const struct smp_mark mark = smp_arena_mark(&arena);
        start = seconds(CLOCK_MONOTONIC);
        must(smp_preview_view(images, ages, 2, scene, (enum smp_view)v, &smp_preview_defaults, pool,
                              &arena, &err),
             &err);
        const double took = seconds(CLOCK_MONOTONIC) - start;
        printf("%s\"%s\":%.3f", v ? "," : "", smp_view_names[v], took);
        sum += took;
        smp_arena_reset(&arena, mark);
    }
    cpu = (seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu) / SMP_VIEW_COUNT;
    start = seconds(CLOCK_MONOTONIC);
    must(smp_preview_zoom(images, ages, 2, scene, SMP_ZONE_HAIRLINE, &smp_preview_defaults, pool,
                          &arena, &err),
         &err);
    const double zoom = seconds(CLOCK_MONOTONIC) - start;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("},\"mean_view_s\":%.3f,\"mean_view_cpu_s\":%.3f,\"zoom_s\":%.3f,\"max_mb\":%ld}\n",
           sum / SMP_VIEW_COUNT, cpu, zoom, usage.ru_maxrss / 1024);
    smp_scene_drop(scene);
    smp_pool_drop(pool);
    smp_arena_drop(&arena);
    return 0;
}
