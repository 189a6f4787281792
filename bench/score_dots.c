// How well dots are found, against the truth: one line of JSON a case. Cases are those of
// docs/measure.md; names as arguments choose some of them ("a", "b", "none" need ../shared).
#include "measure/measure.h"

#include "clock.h"
#include "scalp.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DATA "../shared/data/dots/"

static struct smp_pool *pool;

static struct scalp_score score_found(const struct smp_found_dots *dots,
                                      const struct scalp_dot *true_dots, size_t true_count,
                                      struct smp_arena *arena)
{
    struct scalp_score s = { 0 };
    struct scalp_found *found = smp_new(arena, struct scalp_found, dots->count);
    for (size_t i = 0; found && i < dots->count; i++)
        found[i] = (struct scalp_found){ dots->dots[i].x_px, dots->dots[i].y_px,
                                         dots->dots[i].diameter_px / 2, dots->dots[i].contrast };
    if (found)
        scalp_score(&s, found, dots->count, true_dots, true_count, arena);
    return s;
}

static void print_score(const char *name, const struct smp_found_dots *dots,
                        const struct scalp_dot *true_dots, size_t true_count, double took_s,
                        struct smp_arena *arena)
{
    const struct scalp_score s = score_found(dots, true_dots, true_count, arena);
    printf("{\"case\": \"%s\", \"true\": %zu, \"found\": %zu, \"false\": %zu, \"missed\": %zu, "
           "\"precision\": %.4f, "
           "\"recall\": %.4f, \"f1\": %.4f, \"centre_px\": [%.2f, %.2f], \"radius\": [%.3f, %.3f], "
           "\"contrast\": [%.3f, %.3f], \"blur\": %.1f, \"noise\": %.4f, \"c_lim\": %.3f, "
           "\"lines\": %zu, "
           "\"cpu_s\": %.3f}\n",
           name, true_count, dots->count, s.false_hits, s.misses, s.precision, s.recall, s.f1,
           s.centre_median_px, s.centre_p95_px, s.radius_bias, s.radius_scatter, s.contrast_bias,
           s.contrast_scatter, dots->blur_px, dots->noise, dots->c_lim, dots->lines, took_s);
    fflush(stdout);
}

static void find_and_score(const char *name, const struct smp_image *image,
                           const struct scalp_dot *true_dots, size_t true_count,
                           struct smp_arena *arena)
{
    const struct smp_subject subject = { .image = *image, .mm_per_px = 0.05 };
    struct smp_found_dots dots;
    struct smp_err err = { 0 };
    const double start = seconds(CLOCK_PROCESS_CPUTIME_ID);
    if (smp_dots_find(&dots, &subject, "made", pool, arena, &err)) {
        printf("{\"case\": \"%s\", \"error\": \"%s\"}\n", name, err.msg);
        return;
    }
    print_score(name, &dots, true_dots, true_count, seconds(CLOCK_PROCESS_CPUTIME_ID) - start,
                arena);
}

static struct scalp_score score_of(const struct smp_image *image, const struct scalp_dot *true_dots,
                                   size_t true_count, struct smp_arena *arena)
{
    const struct smp_subject subject = { .image = *image, .mm_per_px = 0.05 };
    struct smp_found_dots dots;
    struct scalp_score s = { 0 };
    if (!smp_dots_find(&dots, &subject, "made", pool, arena, NULL))
        s = score_found(&dots, true_dots, true_count, arena);
    return s;
}

static void score_made(const char *name, const struct scalp_params *params)
{
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    struct scalp scalp;
    if (scalp_make(&scalp, params, &arena))
        find_and_score(name, &scalp.image, scalp.dots, scalp.dot_count, &arena);
    smp_arena_drop(&arena);
}

static bool load(struct smp_image *image, struct scalp_dot **dots, size_t *count, const char *name,
                 struct smp_arena *arena)
{
    char path[200];
    struct smp_err err = { 0 };
    struct smp_bytes text;
    double *values;
    static const char *const columns[] = { "x_px", "y_px", "radius_px", "opacity" };
    snprintf(path, sizeof path, DATA "%s.jpg", name);
    if (smp_image_load(image, path, NULL, arena, &err))
        return fprintf(stderr, "%s\n", err.msg), false;
    snprintf(path, sizeof path, DATA "%s.csv", name);
    if (smp_file_read(&text, path, 1 << 20, arena, &err) ||
        smp_csv_numbers(&values, count, path, (const char *)text.data, text.length, columns, 4,
                        arena, &err))
        return fprintf(stderr, "%s\n", err.msg), false;
    *dots = smp_new(arena, struct scalp_dot, *count);
    for (size_t i = 0; i < *count; i++)
        // There (0, 0) is the first pixel's centre, and light falls by the opacity.
        (*dots)[i] = (struct scalp_dot){ values[4 * i] + 0.5, values[4 * i + 1] + 0.5,
                                         values[4 * i + 2], -log(1 - values[4 * i + 3]) };
    return true;
}

static void score_open(const char *name)
{
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    struct smp_image image;
    struct scalp_dot *dots;
    size_t count;
    if (load(&image, &dots, &count, name, &arena))
        find_and_score(name, &image, dots, count, &arena);
    smp_arena_drop(&arena);
}

// Where for 12 px around there is skin, by its colour.
static uint8_t *bare_skin(const struct smp_image *image, struct smp_arena *arena)
{
    const size_t width = image->width_px, height = image->height_px;
    uint8_t *skin = smp_new(arena, uint8_t, width * height);
    for (size_t y = 12; skin && y + 12 < height; y++)
        for (size_t x = 12; x + 12 < width; x++) {
            bool good = true;
            for (size_t j = y - 12; j <= y + 12; j += 4)
                for (size_t i = x - 12; i <= x + 12; i += 4) {
                    const struct smp_rgb *px = smp_image_at(image, i, j);
                    good = good && px->r > 0.15F && px->r > 1.5F * px->b;
                }
            skin[y * width + x] = good;
        }
    return skin;
}

static void score_put(double contrast)
{
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    struct smp_image image;
    struct scalp_dot *dots;
    size_t count;
    struct scalp scalp;
    char name[40];
    snprintf(name, sizeof name, "put-%g", contrast);
    if (load(&image, &dots, &count, "skin-no-dots-1", &arena)) {
        struct scalp_params params = scalp_defaults;
        params.width_px = (double)image.width_px;
        params.height_px = (double)image.height_px;
        params.dots = 300;
        params.contrast_min = params.contrast_max = contrast;
        if (scalp_strew(&dots, &count, &params, bare_skin(&image, &arena), &arena) &&
            scalp_put_dots(&scalp, &image, dots, count, params.blur_px, 92, &arena))
            find_and_score(name, &scalp.image, scalp.dots, scalp.dot_count, &arena);
    }
    smp_arena_drop(&arena);
}

static bool wanted(int argc, char **argv, const char *name)
{
    for (int i = 1; i < argc; i++)
        if (strncmp(argv[i], name, strlen(argv[i])) == 0)
            return true;
    return argc < 2;
}

// Four pictures put together.
static void score_pooled(const char *name, const struct scalp_params *from)
{
    size_t hits = 0, misses = 0, false_hits = 0;
    for (int seed = 1; seed <= 4; seed++) {
        struct smp_arena arena;
        struct scalp scalp;
        struct scalp_score s = { 0 };
        struct scalp_params p = *from;
        p.seed = seed;
        smp_arena_make(&arena, 0);
        if (scalp_make(&scalp, &p, &arena))
            s = score_of(&scalp.image, scalp.dots, scalp.dot_count, &arena);
        hits += s.hits;
        misses += s.misses;
        false_hits += s.false_hits;
        smp_arena_drop(&arena);
    }
    printf("{\"case\": \"%s\", \"false\": %zu, \"missed\": %zu, \"f1\": %.4f}\n", name, false_hits,
           misses, 2.0 * (double)hits / (double)(2 * hits + misses + false_hits));
    fflush(stdout);
}

static void score_tones(const char *kind, const struct scalp_params *from)
{
    for (int tone = 0; tone < SCALP_TONES; tone++) {
        struct scalp_params p = *from;
        char name[60];
        p.tone = tone;
        snprintf(name, sizeof name, "tone-%d-%s", tone, kind);
        score_pooled(name, &p);
    }
}

static void score_noise(int argc, char **argv)
{
    static const double snr[] = { 4, 2, 1.5, 1 };
    for (int i = 0; i < 4; i++) {
        struct scalp_params p = scalp_defaults;
        char name[60];
        p.noise = 0.2 / snr[i];
        p.seed = 10 + i;
        snprintf(name, sizeof name, "clean-snr-%g", snr[i]);
        if (wanted(argc, argv, name))
            score_pooled(name, &p);
        p.moles = 6;
        p.pores = 60;
        p.hairs = 12;
        snprintf(name, sizeof name, "full-snr-%g", snr[i]);
        if (wanted(argc, argv, name))
            score_pooled(name, &p);
    }
}

static void score_texture(int argc, char **argv)
{
    static const double rms[] = { 0.006, 0.009, 0.012, 0.02 };
    for (int i = 0; i < 4; i++) {
        struct scalp_params p = scalp_defaults;
        char name[60];
        p.texture = rms[i];
        p.seed = 20 + i;
        snprintf(name, sizeof name, "texture-%g", rms[i]);
        if (wanted(argc, argv, name))
            score_made(name, &p);
        p.dots = 0;
        snprintf(name, sizeof name, "bare-%g", rms[i]);
        if (wanted(argc, argv, name))
            score_made(name, &p);
    }
}

// Two pictures of one place, a tenth to three tenths of the dots gone in the later one, which has
// other light, blur, noise and hairs: how far the change that is counted is from the true one.
static void score_changes(void)
{
    enum { PAIRS = 18 };
    double sum = 0, most = 0, square = 0;
    for (int i = 0; i < PAIRS; i++) {
        struct smp_arena arena;
        struct scalp before, after;
        struct smp_found_dots first, second;
        struct scalp_params p = scalp_defaults;
        smp_arena_make(&arena, 0);
        p.seed = 500 + i;
        p.tone = i % SCALP_TONES;
        p.texture = 0.005;
        p.noise = 0.02;
        p.hairs = 6;
        p.moles = 3;
        p.pores = 30;
        p.contrast_min = p.tone > 3 ? 0.25 : 0.15;
        p.contrast_max = 0.5;
        if (!scalp_make(&before, &p, &arena))
            return;
        const size_t kept = before.dot_count * (size_t)(9 - i % 3) / 10;
        static const double lights[] = { 0.6, 0.8, 1.1 }, blurs[] = { 0.9, 1.3, 1.8 };
        p.seed += 1000;
        p.exposure = lights[i / 6];
        p.blur_px = blurs[i / 2 % 3];
        p.gradient = 1.3;
        if (!scalp_make_with(&after, &p, before.dots, kept, &arena))
            return;
        const struct smp_subject then = { .image = before.image, .mm_per_px = 0.05 };
        const struct smp_subject now = { .image = after.image, .mm_per_px = 0.05 };
        if (smp_dots_find(&first, &then, "then", pool, &arena, NULL) ||
            smp_dots_find(&second, &now, "now", pool, &arena, NULL))
            return;
        const double error =
            (double)second.count / (double)first.count - (double)kept / (double)before.dot_count;
        sum += error;
        square += error * error;
        most = fmax(most, fabs(error));
        smp_arena_drop(&arena);
    }
    printf("{\"case\": \"change\", \"pairs\": %d, \"mean_error\": %.4f, \"rms_error\": %.4f, "
           "\"most_error\": %.4f}\n",
           PAIRS, sum / PAIRS, sqrt(square / PAIRS), most);
}

int main(int argc, char **argv)
{
    pool = smp_pool_make(0);
    static const char *const open[] = { "skin-dots-a", "skin-dots-b-faint-dense",
                                        "skin-no-dots-1" };
    for (int i = 0; i < 3; i++)
        if (wanted(argc, argv, open[i]))
            score_open(open[i]);
    static const double put[] = { 0.3, 0.2, 0.15, 0.12, 0.1 };
    for (int i = 0; i < 5 && wanted(argc, argv, "put"); i++)
        score_put(put[i]);
    score_noise(argc, argv);
    score_texture(argc, argv);
    if (wanted(argc, argv, "change"))
        score_changes();
    if (wanted(argc, argv, "tone")) {
        struct scalp_params p = scalp_defaults;
        p.contrast_min = 0.3;
        p.contrast_max = 0.6;
        p.noise = 0.05;
        score_tones("noise", &p);
        p.texture = 0.006;
        p.moles = 6;
        p.pores = 60;
        p.hairs = 12;
        p.wrinkles = 6;
        p.shine = 0.05;
        p.noise = 0.02;
        score_tones("all", &p);
    }
    smp_pool_drop(pool);
    return 0;
}
