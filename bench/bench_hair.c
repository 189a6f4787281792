// Hairs and follicular units found in made fields of stubble: how well, and how fast on a picture
// of 1280 × 1024 px. Prints one JSON object. bench_hair [FIELDS [PX_PER_MM]]: 40 and 180.
#include "clock.h"
#include "hair_field.h"
#include "measure/measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static enum smp_code find(struct smp_found_hairs *found, const struct made_field *field,
                          struct smp_arena *arena)
{
    const struct smp_subject subject = { .image = field->image, .mm_per_px = field->mm_per_px };
    return smp_hair_find(found, &subject, arena, NULL);
}

static int score_fields(struct made_score *score,
                        struct made_field_settings (*settings)(uint64_t seed, double px_per_mm),
                        int fields, double px_per_mm)
{
    *score = (struct made_score){ 0 };
    for (int i = 0; i < fields; i++) {
        struct smp_arena arena;
        smp_arena_make(&arena, 0);
        const struct made_field_settings s = settings((uint64_t)i + 1, px_per_mm);
        struct made_field field;
        struct smp_found_hairs found;
        if (!made_field_draw(&field, &s, &arena) || find(&found, &field, &arena))
            return 1;
        struct smp_vec2 *roots = smp_new(&arena, struct smp_vec2, found.count);
        struct smp_vec2 *tips = smp_new(&arena, struct smp_vec2, found.count);
        for (size_t k = 0; roots && tips && k < found.count; k++) {
            roots[k] = found.hairs[k].root_px;
            tips[k] = found.hairs[k].tip_px;
        }
        if (!roots || !tips)
            return 1;
        made_score_add(score, &field, roots, tips, found.count);
        smp_arena_drop(&arena);
    }
    return 0;
}

static void print_score(const char *name, const struct made_score *s)
{
    printf("\"%s\":{\"fields\":%zu,\"hairs\":%zu,\"precision\":%.3f,\"recall\":%.3f,"
           "\"root_error_mm\":%.3f,\"ends_swapped\":%zu,\"hairs_counted_over_true\":%.3f,"
           "\"count_error_a_field\":%.2f,\"fu_precision\":%.3f,\"fu_recall\":%.3f,"
           "\"fu_size_right\":%.3f},",
           name, s->pictures, s->truths, (double)s->hits / (double)s->founds,
           (double)s->hits / (double)s->truths, s->root_error_mm / (double)s->hits, s->swapped,
           s->found_hairs / s->true_hairs, s->count_error / (double)s->pictures,
           (double)s->unit_hits / (double)s->unit_founds,
           (double)s->unit_hits / (double)s->unit_truths,
           (double)s->sizes_right / (double)s->unit_hits);
}

// Processor time, the least and the middle of five runs over five pictures, in ms.
static int time_picture(double ms[2], size_t *arena_bytes)
{
    double times[5];
    *arena_bytes = 0;
    for (uint64_t run = 0; run < 5; run++) {
        struct smp_arena arena;
        smp_arena_make(&arena, 0);
        const struct made_field_settings s = made_field_hard(run + 1, 360);
        struct made_field field;
        struct smp_found_hairs found;
        if (!made_field_draw(&field, &s, &arena))
            return 1;
        const size_t before = arena.used_bytes;
        const double start = seconds(CLOCK_PROCESS_CPUTIME_ID);
        if (find(&found, &field, &arena))
            return 1;
        times[run] = 1e3 * (seconds(CLOCK_PROCESS_CPUTIME_ID) - start);
        if (arena.used_bytes - before > *arena_bytes)
            *arena_bytes = arena.used_bytes - before;
        smp_arena_drop(&arena);
    }
    qsort(times, 5, sizeof *times, by_value);
    ms[0] = times[0];
    ms[1] = times[2];
    return 0;
}

int main(int argc, char **argv)
{
    const int fields = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 40;
    const double px_per_mm = argc > 2 ? strtod(argv[2], NULL) : 180;
    struct made_score plain, hard;
    double ms[2];
    size_t bytes;
    if (fields < 1 || !(px_per_mm >= 60 && px_per_mm <= 1000) ||
        score_fields(&plain, made_field_plain, fields, px_per_mm) ||
        score_fields(&hard, made_field_hard, fields, px_per_mm) || time_picture(ms, &bytes)) {
        fputs("bench_hair: a field could not be made or searched\n", stderr);
        return 1;
    }
    putchar('{');
    print_score("plain", &plain);
    print_score("hard", &hard);
    printf("\"px_1280x1024\":{\"cpu_ms_best\":%.0f,\"cpu_ms_median\":%.0f,\"kept_mb\":%.1f}}\n",
           ms[0], ms[1], (double)bytes / 1e6);
    return 0;
}
