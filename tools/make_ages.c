// Makes docs/pictures/ages.jpg: the demo client's hairline and temple on day 0, healed, and after
// 3 and 8 years, side by side. make_ages OUT.jpg
#include "../bench/demo.h"
#include "preview/preview_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AGES = 4, WIDE = 440, HIGH = 400, GAP = 6, LEFT = 450, TOP = 90 };

int main(int argc, char **argv)
{
    static const char *const names[AGES] = { "fresh", "healed", "3y", "8y" };
    static const char *const labels[AGES] = { "SIMULATED | day 0", "SIMULATED | healed",
                                              "SIMULATED | year 3", "SIMULATED | year 8" };
    if (argc != 2)
        return 2;
    struct smp_err err = { 0 };
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    struct smp_pool *pool = smp_pool_make(0);
    static struct demo demo;
    struct smp_scene *scene = NULL;
    demo_make(&demo, true, pool, &arena);
    must(smp_scene_make(&scene, &demo.plan, pool, &arena, &err), &err);
    struct smp_age ages[AGES];
    for (int i = 0; i < AGES; i++)
        must(smp_age_read(&ages[i], names[i], SMP_EDGE_MEDIAN, "age", &err), &err);
    struct smp_image images[AGES], row;
    const struct smp_preview_params params = { .width_px = 1200, .height_px = 1500, .seed = 1 };
    must(smp_preview_view(images, ages, AGES, scene, SMP_VIEW_THREE_QUARTER_LEFT, &params, pool,
                          &arena, &err),
         &err);
    must(smp_image_make(&row, AGES * WIDE + (AGES - 1) * GAP, HIGH, &arena, &err), &err);
    for (size_t i = 0; i < row.width_px * row.height_px; i++)
        row.px_lin[i] = (struct smp_rgb){ 1, 1, 1 };
    for (size_t i = 0; i < AGES; i++) {
        struct smp_image crop;
        must(smp_image_make(&crop, WIDE, HIGH, &arena, &err), &err);
        for (size_t y = 0; y < HIGH; y++)
            memcpy(smp_image_at(&crop, 0, y), smp_image_at(&images[i], LEFT, TOP + y),
                   WIDE * sizeof *crop.px_lin);
        smp_stamp_sized(&crop, labels[i], 2.2f, NULL);
        for (size_t y = 0; y < HIGH; y++)
            memcpy(smp_image_at(&row, i * (WIDE + GAP), y), smp_image_at(&crop, 0, y),
                   WIDE * sizeof *crop.px_lin);
    }
    static const struct smp_image_note notes[] = {
        { "Description", "SIMULATED pictures (day 0, healed, year 3, year 8), computed by stubble "
                         "" STUBBLE_VERSION "; not photographs of a result" },
        { NULL, NULL },
    };
    must(smp_image_save(argv[1], &row, notes, 0, &err), &err);
    smp_scene_drop(scene);
    smp_pool_drop(pool);
    smp_arena_drop(&arena);
    return 0;
}
