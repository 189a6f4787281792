// Hairs and follicular units found in made fields of stubble: how well, and how fast on a picture
// of 1280 × 1024 px. Prints one JSON object. bench_hair [FIELDS [PX_PER_MM [FIRST_SEED [KIND]]]]:
// 42 hard, as many real and half as many plain ones, 180 (real ones have their own), seeds on which
// nothing was set; KIND real: those alone.
#include "clock.h"
#include "hair_field.h"
#include "measure/measure.h"

#include <math.h>
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

// How honest the errors are that the finder states: what was counted, less the truth, over the SD.
struct honesty {
    double sum, square;
    size_t within_1, within_2, count;
};

static void add_error(struct honesty *h, double error_in_sds)
{
    h->sum += error_in_sds;
    h->square += error_in_sds * error_in_sds;
    h->within_1 += fabs(error_in_sds) <= 1;
    h->within_2 += fabs(error_in_sds) <= 2;
    h->count++;
}

struct scores {
    struct made_score all, tones[MADE_TONES];
    struct honesty count, hairs_per_cm2, fu_per_cm2;
};

static int score_field(struct scores *score, const struct made_field_settings *s,
                       struct smp_arena *arena)
{
    struct made_field field;
    struct smp_found_hairs found;
    if (!made_field_draw(&field, s, arena) || find(&found, &field, arena))
        return 1;
    struct smp_vec2 *roots = smp_new(arena, struct smp_vec2, found.count);
    struct smp_vec2 *tips = smp_new(arena, struct smp_vec2, found.count);
    if (!roots || !tips)
        return 1;
    for (size_t k = 0; k < found.count; k++) {
        roots[k] = found.hairs[k].root_px;
        tips[k] = found.hairs[k].tip_px;
    }
    const double before = score->all.found_hairs - score->all.true_hairs;
    made_score_add(&score->all, &field, roots, tips, found.count);
    made_score_add(&score->tones[s->tone], &field, roots, tips, found.count);
    if (!found.nothing) {
        add_error(&score->count,
                  (score->all.found_hairs - score->all.true_hairs - before) / found.count_sd);
        const double per_cm2 = 100 / field.planted_mm2;
        const double asked = (1 - s->vellus) * (1 - s->real.grey);
        // Thin hairs count as hair where they are found; the bar is on the others.
        add_error(&score->hairs_per_cm2,
                  (found.hairs_per_cm2 - asked * (double)field.planted_hairs * per_cm2) /
                      found.hairs_per_cm2_sd);
        add_error(&score->fu_per_cm2,
                  (found.fu_per_cm2 - (double)field.units * per_cm2) / found.fu_per_cm2_sd);
    }
    return 0;
}

static struct made_field_settings plain_of_each_tone(uint64_t seed, double px_per_mm)
{
    struct made_field_settings s = made_field_plain(seed, px_per_mm);
    s.tone = (int)(seed % MADE_TONES);
    return s;
}

static int score_fields(struct scores *score,
                        struct made_field_settings (*settings)(uint64_t seed, double px_per_mm),
                        int fields, double px_per_mm, uint64_t first)
{
    *score = (struct scores){ 0 };
    for (int i = 0; i < fields; i++) {
        struct smp_arena arena;
        smp_arena_make(&arena, 0);
        const struct made_field_settings s = settings(first + (uint64_t)i, px_per_mm);
        if (score_field(score, &s, &arena))
            return 1;
        smp_arena_drop(&arena);
    }
    return 0;
}

// Real ones: of high power, of low power, and without any hair.
struct real_scores {
    struct scores high, low, bald;
};

static int score_real(struct real_scores *score, int fields, uint64_t first)
{
    *score = (struct real_scores){ 0 };
    for (int i = 0; i < 2 * fields; i++) {
        struct smp_arena arena;
        smp_arena_make(&arena, 0);
        const uint64_t seed = first + (uint64_t)(i / 2);
        const bool low = made_field_is_low_power(seed);
        struct made_field_settings s = made_field_real(seed, i % 2 && !low ? 180 : 0);
        if (i % 2)
            s.fu_per_cm2 = 0.01;
        if (score_field(i % 2 ? &score->bald : low ? &score->low : &score->high, &s, &arena))
            return 1;
        smp_arena_drop(&arena);
    }
    return 0;
}

static void print_score(const char *name, const struct made_score *s)
{
    printf("  \"%s\": {\"fields\":%zu,\"hairs\":%zu,\"precision\":%.3f,\"recall\":%.3f,"
           "\"root_error_mm\":%.3f,\"ends_swapped\":%zu,\"hairs_counted_over_true\":%.3f,"
           "\"count_error_a_field\":%.2f,\"fu_precision\":%.3f,\"fu_recall\":%.3f,"
           "\"fu_size_right\":%.3f},\n",
           name, s->pictures, s->truths, (double)s->hits / (double)s->founds,
           (double)s->hits / (double)s->truths, s->root_error_mm / (double)s->hits, s->swapped,
           s->found_hairs / s->true_hairs, s->count_error / (double)s->pictures,
           (double)s->unit_hits / (double)s->unit_founds,
           (double)s->unit_hits / (double)s->unit_truths,
           (double)s->sizes_right / (double)s->unit_hits);
}

static void print_scores(const char *name, const struct scores *s)
{
    char of_tone[40];
    print_score(name, &s->all);
    for (int tone = 0; tone < MADE_TONES; tone++) {
        if (!s->tones[tone].pictures)
            continue;
        snprintf(of_tone, sizeof of_tone, "%s_tone_%d", name, tone);
        print_score(of_tone, &s->tones[tone]);
    }
}

static void print_real(const struct real_scores *s)
{
    print_scores("real", &s->high);
    print_scores("real_low_power", &s->low);
    printf("  \"real_bald\": {\"fields\":%zu,\"hairs_found\":%zu},\n", s->bald.all.pictures,
           s->bald.all.founds);
}

static void print_honesty(const char *name, const struct honesty *h)
{
    const double n = (double)h->count;
    printf("  \"%s\": {\"mean_error_in_sds\":%.2f,\"rms\":%.2f,\"within_1_sd\":%.2f,"
           "\"within_2_sd\":%.2f},\n",
           name, h->sum / n, sqrt(h->square / n), (double)h->within_1 / n, (double)h->within_2 / n);
}

static void print_errors(const char *name, const struct scores *s)
{
    const struct honesty *of[] = { &s->count, &s->hairs_per_cm2, &s->fu_per_cm2 };
    static const char *const names[] = { "count_sd", "hairs_per_cm2_sd", "fu_per_cm2_sd" };
    char both[40];
    for (int k = 0; k < 3; k++) {
        snprintf(both, sizeof both, "%s_%s", name, names[k]);
        print_honesty(both, of[k]);
    }
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

// The finder was set on seeds below this one; those from here on were looked at in sums only.
static const uint64_t held_out = 1000001;

int main(int argc, char **argv)
{
    const int fields = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 42;
    const double px_per_mm = argc > 2 ? strtod(argv[2], NULL) : 180;
    const uint64_t first = argc > 3 ? strtoull(argv[3], NULL, 10) : held_out;
    const bool real_only = argc > 4 && strcmp(argv[4], "real") == 0;
    struct scores plain, hard;
    struct real_scores real;
    double ms[2];
    size_t bytes;
    if (fields < 1 || !(px_per_mm >= 60 && px_per_mm <= 1000) || (argc > 4 && !real_only) ||
        (!real_only &&
         (score_fields(&plain, plain_of_each_tone, (fields + 1) / 2, px_per_mm, first) ||
          score_fields(&hard, made_field_hard, fields, px_per_mm, first))) ||
        score_real(&real, fields, first) || time_picture(ms, &bytes)) {
        fputs("bench_hair: a field could not be made or searched\n", stderr);
        return 1;
    }
    puts("{");
    if (!real_only) {
        print_scores("plain", &plain);
        print_scores("hard", &hard);
        print_errors("hard", &hard);
    }
    print_real(&real);
    print_errors("real", &real.high);
    printf("  \"px_1280x1024\": {\"cpu_ms_best\":%.0f,\"cpu_ms_median\":%.0f,"
           "\"kept_mb\":%.1f}\n}\n",
           ms[0], ms[1], (double)bytes / 1e6);
    return 0;
}
