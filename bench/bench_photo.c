// Reading a photo of 12 megapixels into linear light, beside libjpeg-turbo's bare decoding with a
// look-up to float in this process; and how a bomb is refused.
#include "clock.h"
#include "colour/colour.h"
#include "image/image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <jpeglib.h>

enum { width = 4032, height = 3024, rounds = 9 };

// Skin with shine, pores and sensor noise: it codes to about the size that a phone's photo has.
static struct smp_bytes make_jpeg(int orientation)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr mgr;
    unsigned char *data = NULL;
    unsigned long length = 0;
    jpeg.err = jpeg_std_error(&mgr);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &data, &length);
    jpeg.image_width = width;
    jpeg.image_height = height;
    jpeg.input_components = 3;
    jpeg.in_color_space = JCS_RGB;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, 90, TRUE);
    jpeg_start_compress(&jpeg, TRUE);
    const uint8_t exif[32] = { 'E', 'x',  'i', 'f', 0,
                               0,   'I',  'I', 42,  0,
                               8,   0,    0,   0,   1,
                               0,   0x12, 1,   3,   0,
                               1,   0,    0,   0,   (uint8_t)orientation };
    jpeg_write_marker(&jpeg, JPEG_APP0 + 1, exif, sizeof exif);
    uint8_t *row = malloc(3 * width);
    struct smp_rng rng = smp_rng_make(1, 0);
    for (int y = 0; row && y < height; y++) {
        for (int x = 0; x < width; x++) {
            const double noise = 34 * (smp_rng_unit(&rng) - 0.5);
            const double shade = 30 * ((x / 37 + y / 23) % 5) / 5.0 + 60.0 * x / width;
            row[3 * x] = (uint8_t)(120 + shade + noise);
            row[3 * x + 1] = (uint8_t)(90 + shade + noise);
            row[3 * x + 2] = (uint8_t)(70 + shade * 0.8 + noise);
        }
        jpeg_write_scanlines(&jpeg, (JSAMPROW[1]){ row }, 1);
    }
    free(row);
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    return (struct smp_bytes){ data, length };
}

// Of this process and of the readers that have ended: on a machine with other work, fairer than the
// clock on the wall.
static double cpu_s(void)
{
    struct rusage children;
    getrusage(RUSAGE_CHILDREN, &children);
    return seconds(CLOCK_PROCESS_CPUTIME_ID) +
           (double)(children.ru_utime.tv_sec + children.ru_stime.tv_sec) +
           1e-6 * (double)(children.ru_utime.tv_usec + children.ru_stime.tv_usec);
}

static double bare_s(struct smp_bytes file)
{
    float curve[256];
    const double start = seconds(CLOCK_MONOTONIC);
    for (int i = 0; i < 256; i++)
        curve[i] = (float)smp_lin_from_srgb(i / 255.0);
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr mgr;
    jpeg.err = jpeg_std_error(&mgr);
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, file.data, file.length);
    jpeg_read_header(&jpeg, TRUE);
    jpeg.out_color_space = JCS_RGB;
    jpeg_start_decompress(&jpeg);
    float *lin = malloc((size_t)width * height * 3 * sizeof *lin);
    uint8_t *row = malloc(3 * width);
    float *to = lin;
    while (lin && row && jpeg.output_scanline < jpeg.output_height) {
        jpeg_read_scanlines(&jpeg, (JSAMPROW[1]){ row }, 1);
        for (int i = 0; i < 3 * width; i++)
            *to++ = curve[row[i]];
    }
    jpeg_finish_decompress(&jpeg);
    jpeg_destroy_decompress(&jpeg);
    const double time = seconds(CLOCK_MONOTONIC) - start;
    free(row);
    free(lin);
    return time;
}

static double read_s(struct smp_bytes file, struct smp_pool *pool)
{
    struct smp_arena arena;
    struct smp_err err = { 0 };
    struct smp_image image;
    const struct smp_image_options options = { .pool = pool };
    smp_arena_make(&arena, 0);
    const double start = seconds(CLOCK_MONOTONIC);
    const enum smp_code code = smp_image_decode(&image, file, "photo.jpg", &options, &arena, &err);
    const double time = seconds(CLOCK_MONOTONIC) - start;
    smp_arena_drop(&arena);
    if (code) {
        fprintf(stderr, "bench_photo: %s\n", err.msg);
        exit(1);
    }
    return time;
}

// Best and median of the rounds.
static void tell(const char *name, double times_s[rounds])
{
    qsort(times_s, rounds, sizeof *times_s, by_value);
    printf("\"%s_ms\": {\"best\": %.1f, \"median\": %.1f}, ", name, 1e3 * times_s[0],
           1e3 * times_s[rounds / 2]);
}

// A ratio of times that were taken one after the other: the machine's other work hits both alike.
static double median_ratio(const double *times_s, const double *bare_times_s)
{
    double ratios[rounds];
    for (int i = 0; i < rounds; i++)
        ratios[i] = times_s[i] / bare_times_s[i];
    qsort(ratios, rounds, sizeof *ratios, by_value);
    return ratios[rounds / 2];
}

// Time until a JPEG is refused that says it has 100 megapixels and holds none.
static double refuse_s(struct smp_bytes file)
{
    enum { kept = 1000, huge = 10000 };
    uint8_t bomb[kept];
    struct smp_arena arena;
    struct smp_err err = { 0 };
    struct smp_image image;
    memcpy(bomb, file.data, kept);
    for (int i = 0; i + 9 < kept; i++)
        if (bomb[i] == 0xff && bomb[i + 1] == 0xc0) {
            bomb[i + 5] = bomb[i + 7] = huge >> 8;
            bomb[i + 6] = bomb[i + 8] = huge & 0xff;
        }
    smp_arena_make(&arena, 0);
    const double start = seconds(CLOCK_MONOTONIC);
    const enum smp_code code =
        smp_image_decode(&image, (struct smp_bytes){ bomb, kept }, "bomb.jpg", NULL, &arena, &err);
    const double time = seconds(CLOCK_MONOTONIC) - start;
    smp_arena_drop(&arena);
    if (code != SMP_E_FORMAT) {
        fprintf(stderr, "bench_photo: the bomb was not refused\n");
        exit(1);
    }
    return time;
}

static double peak_mib(int who)
{
    struct rusage usage;
    return getrusage(who, &usage) ? 0 : (double)usage.ru_maxrss / 1024;
}

int main(void)
{
    struct smp_pool *pool = smp_pool_make(0);
    const struct smp_bytes file = make_jpeg(1), turned_file = make_jpeg(6);
    double bare[rounds], one[rounds], turned[rounds], all[rounds], refused[rounds];
    // First, while this process is small: a child begins with its parent's peak.
    for (int i = 0; i < rounds; i++)
        refused[i] = refuse_s(file);
    const double refuse_mib = peak_mib(RUSAGE_CHILDREN);
    read_s(file, NULL);
    const double reader_mib = peak_mib(RUSAGE_CHILDREN), own_mib = peak_mib(RUSAGE_SELF);
    double bare_cpu[rounds], one_cpu[rounds];
    for (int i = 0; i < rounds; i++) {
        const double start = cpu_s();
        bare[i] = bare_s(file);
        bare_cpu[i] = cpu_s() - start;
        one[i] = read_s(file, NULL);
        one_cpu[i] = cpu_s() - start - bare_cpu[i];
        turned[i] = read_s(turned_file, NULL);
        all[i] = read_s(file, pool);
    }
    const double ratio_one = median_ratio(one, bare), ratio_all = median_ratio(all, bare);
    const double ratio_cpu = median_ratio(one_cpu, bare_cpu);
    const double ratio_turned = median_ratio(turned, bare);
    printf("{\"jpeg_12mp_bytes\": %zu, ", file.length);
    tell("refuse_bomb", refused);
    tell("bare", bare);
    tell("read_one_thread", one);
    tell("read_turned_one_thread", turned);
    tell("read_all_cores", all);
    printf("\"ratio_cpu_one_thread\": %.3f, ", ratio_cpu);
    printf(
        "\"ratio_one_thread\": %.3f, \"ratio_turned\": %.3f, \"ratio_all_cores\": %.3f, "
        "\"threads\": %u, "
        "\"reader_peak_mib\": %.0f, \"own_peak_mib\": %.0f, \"reader_refusing_peak_mib\": %.0f}\n",
        ratio_one, ratio_turned, ratio_all, smp_pool_threads(pool), reader_mib, own_mib,
        refuse_mib);
    free((void *)(uintptr_t)file.data);
    free((void *)(uintptr_t)turned_file.data);
    smp_pool_drop(pool);
    return 0;
}
