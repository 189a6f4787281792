// Hair as strands on the demo client's head, 600 × 750 px, front: seconds a view with about 60,000
// strands and with a full head of hair; what a scene's first picture adds. One JSON object.
#include "clock.h"
#include "demo.h"
#include "preview/strands_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

enum { ROUNDS = 7 };

struct studio {
    struct smp_arena arena;
    struct smp_pool *pool;
    struct demo demo;
    struct smp_scene *scene;
};

static size_t strands_of(struct studio *s, const struct smp_hair_field *field)
{
    struct smp_err err = { 0 };
    const struct smp_work work = { s->pool, &s->arena, &err };
    const struct smp_mark mark = smp_arena_mark(&s->arena);
    const struct smp_strand_scene *own;
    struct smp_strands strands;
    const struct smp_worn worn = { .field = field,
                                   .hairs_per_fu = smp_hair_per_fu(s->scene),
                                   .calibre_um = 70,
                                   .seed = s->demo.plan.from->seed };
    must(smp_strands_prepare(&own, s->scene, &work), &err);
    must(smp_strands_grow(&strands, own, s->scene, &worn, &work), &err);
    smp_arena_reset(&s->arena, mark);
    return strands.count;
}

static void picture(struct studio *s, const struct smp_hair_shot *shot)
{
    struct smp_err err = { 0 };
    const struct smp_preview_params params = { .width_px = 600, .height_px = 750, .seed = 1 };
    const struct smp_mark mark = smp_arena_mark(&s->arena);
    struct smp_image image;
    must(smp_preview_hair(&image, shot, 1, s->scene, SMP_VIEW_FRONT, &params, s->pool, &s->arena,
                          &err),
         &err);
    smp_arena_reset(&s->arena, mark);
}

static void time_view(const char *name, struct studio *s, const struct smp_hair_shot *shot)
{
    double wall[ROUNDS], cpu[ROUNDS];
    for (int k = 0; k < ROUNDS; k++) {
        const double start = seconds(CLOCK_MONOTONIC), used = seconds(CLOCK_PROCESS_CPUTIME_ID);
        picture(s, shot);
        wall[k] = seconds(CLOCK_MONOTONIC) - start;
        cpu[k] = seconds(CLOCK_PROCESS_CPUTIME_ID) - used;
    }
    qsort(wall, ROUNDS, sizeof *wall, by_value);
    qsort(cpu, ROUNDS, sizeof *cpu, by_value);
    printf("\"%s\":{\"strands\":%zu,\"view_s\":%.3f,\"best_view_s\":%.3f,\"view_cpu_s\":%.3f},",
           name, strands_of(s, &shot->field), wall[ROUNDS / 2], wall[0], cpu[ROUNDS / 2]);
}

int main(void)
{
    struct smp_err err = { 0 };
    static struct studio s;
    s.pool = smp_pool_make(0);
    smp_arena_make(&s.arena, 0);
    demo_make(&s.demo, false, s.pool, &s.arena);
    const struct smp_head *head = &s.demo.head;
    must(smp_scene_make(&s.scene, &s.demo.plan, s.pool, &s.arena, &err), &err);

    const struct smp_loss none = { .native_fu_per_cm2 = s.demo.from.loss.native_fu_per_cm2 };
    double *full = smp_new(&s.arena, double, head->mesh.point_count);
    double *less = smp_new(&s.arena, double, head->mesh.point_count);
    if (!full || !less)
        return 1;
    must(smp_loss_field(full, NULL, head, &none, &err), &err);
    struct smp_hair_shot shot = { .age = { .before = true, .label = "before" },
                                  .field = smp_hair_field_defaults };
    shot.field.fu_per_cm2 = full;
    const double start = seconds(CLOCK_MONOTONIC);
    const size_t all = strands_of(&s, &shot.field);
    printf("{\"threads\":%u,\"first_s\":%.3f,", smp_pool_threads(s.pool),
           seconds(CLOCK_MONOTONIC) - start);
    for (size_t i = 0; i < head->mesh.point_count; i++)
        less[i] = full[i] * fmin(1, 60000 / (double)all);
    time_view("full", &s, &shot);
    shot.field.fu_per_cm2 = less;
    time_view("sixty_thousand", &s, &shot);
    shot.field = (struct smp_hair_field){ 0 };
    time_view("shaved", &s, &shot);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("\"max_mb\":%ld}\n", usage.ru_maxrss / 1024);
    smp_scene_drop(s.scene);
    smp_pool_drop(s.pool);
    smp_arena_drop(&s.arena);
    return 0;
}
