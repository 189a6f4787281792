// Dots on a photo of 12 megapixels, JPEG in and out, beside libjpeg-turbo's bare decoding and
// encoding of it in this process, with the same quality and colours as fine. Not in the time: the
// plan, its scene, the looks of its dots and the pose.
#include "clock.h"
#include "demo.h"
#include "preview/preview_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <jpeglib.h>

enum { width = 3024, height = 4032, rounds = 15 };

static void bare(struct smp_bytes file)
{
    struct jpeg_decompress_struct from;
    struct jpeg_compress_struct to;
    struct jpeg_error_mgr mgr;
    from.err = to.err = jpeg_std_error(&mgr);
    jpeg_create_decompress(&from);
    jpeg_mem_src(&from, file.data, file.length);
    jpeg_read_header(&from, TRUE);
    from.out_color_space = JCS_RGB;
    jpeg_start_decompress(&from);
    const size_t stride = 3 * (size_t)from.output_width, rows = from.output_height;
    uint8_t *pixels = malloc(stride * rows);
    while (pixels && from.output_scanline < rows)
        jpeg_read_scanlines(&from, (JSAMPROW[1]){ pixels + stride * from.output_scanline }, 1);
    unsigned char *data = NULL;
    unsigned long length = 0;
    jpeg_create_compress(&to);
    jpeg_mem_dest(&to, &data, &length);
    to.image_width = from.output_width;
    to.image_height = from.output_height;
    to.input_components = 3;
    to.in_color_space = JCS_RGB;
    jpeg_set_defaults(&to);
    jpeg_set_quality(&to, 92, TRUE); // colours at half the resolution, as phones have them
    jpeg_start_compress(&to, TRUE);
    while (pixels && to.next_scanline < rows)
        jpeg_write_scanlines(&to, (JSAMPROW[1]){ pixels + stride * to.next_scanline }, 1);
    jpeg_finish_compress(&to);
    jpeg_destroy_compress(&to);
    jpeg_finish_decompress(&from);
    jpeg_destroy_decompress(&from);
    free(pixels);
    free(data);
}

// Of this process and of the readers it has waited for.
static double processor_s(void)
{
    struct rusage children;
    getrusage(RUSAGE_CHILDREN, &children);
    return seconds(CLOCK_PROCESS_CPUTIME_ID) + (double)children.ru_utime.tv_sec +
           (double)children.ru_stime.tv_sec +
           1e-6 * (double)(children.ru_utime.tv_usec + children.ru_stime.tv_usec);
}

enum { steps = 4 }; // read, ground, draw, encode
struct times {
    double bare[rounds], all[rounds], step[steps][rounds];
};

struct mark {
    double clock_s, processor_s;
};
static struct mark now(void)
{
    return (struct mark){ seconds(CLOCK_MONOTONIC), processor_s() };
}

static void note(struct times *clock, struct times *processor, int round, const struct mark *at)
{
    clock->all[round] = at[steps].clock_s - at[0].clock_s;
    processor->all[round] = at[steps].processor_s - at[0].processor_s;
    for (int i = 0; i < steps; i++) {
        clock->step[i][round] = at[i + 1].clock_s - at[i].clock_s;
        processor->step[i][round] = at[i + 1].processor_s - at[i].processor_s;
    }
    clock->bare[round] = at[steps + 1].clock_s - at[steps].clock_s;
    processor->bare[round] = at[steps + 1].processor_s - at[steps].processor_s;
}

static void run(struct times *clock, struct times *processor, int round, struct smp_scene *scene,
                struct smp_bytes file, const struct smp_camera *camera, struct smp_pool *pool)
{
    struct smp_arena arena;
    struct smp_err err = { 0 };
    struct smp_image8 image;
    struct smp_photo_facts facts;
    struct smp_photo_ground *ground;
    struct smp_photo_told told;
    struct smp_bytes out;
    const struct smp_image_options options = { .pool = pool };
    const struct smp_age healed = { .years = SMP_HEALED_YEARS, .label = "healed" };
    smp_arena_make(&arena, 0);
    struct mark at[steps + 2] = { now() };
    must(smp_photo8_decode(&image, &facts, file, "photo.jpg", &options, &arena, &err), &err);
    at[1] = now();
    must(smp_photo_ground_make(&ground, &told, scene, &image, camera, NULL, pool, &arena, &err),
         &err);
    at[2] = now();
    must(smp_photo_draw(&image, ground, &healed, pool, &arena, &err), &err);
    at[3] = now();
    must(smp_image8_jpeg(&out, &image, &facts, NULL, pool, &arena, &err), &err);
    smp_image8_drop(&image);
    smp_arena_drop(&arena);
    at[4] = now();
    bare(file);
    at[5] = now();
    note(clock, processor, round, at);
}

static double median(double times_s[rounds])
{
    qsort(times_s, rounds, sizeof *times_s, by_value);
    return 1e3 * times_s[rounds / 2];
}

static void print(const char *name, struct times *times)
{
    double ratio[rounds];
    for (int i = 0; i < rounds; i++)
        ratio[i] = times->all[i] / times->bare[i];
    const double middle = 1e-3 * median(ratio), lowest_quarter = ratio[rounds / 4];
    printf("\"%s\":{\"bare\":%.1f,\"all\":%.1f,\"read\":%.1f,\"ground\":%.1f,\"draw\":%.1f,"
           "\"encode\":%.1f,\"ratio\":%.2f,\"ratio_lowest_quarter\":%.2f}",
           name, median(times->bare), median(times->all), median(times->step[0]),
           median(times->step[1]), median(times->step[2]), median(times->step[3]), middle,
           lowest_quarter);
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
    must(smp_scene_make(&scene, &demo.plan, pool, &arena, &err), &err);
    const struct smp_preview_params params = { .width_px = width, .height_px = height, .seed = 1 };
    const struct smp_viewer view = smp_viewer_of_view(&demo.head, SMP_VIEW_FRONT, &params);
    const struct smp_camera camera = smp_camera_of_viewer(&view);
    const struct smp_age before = { .before = true, .label = "before" };
    struct smp_image photo;
    struct smp_bytes file;
    must(smp_preview_view(&photo, &before, 1, scene, SMP_VIEW_FRONT, &params, pool, &arena, &err),
         &err);
    // A sensor's noise: the file is then about as large as a phone's.
    struct smp_rng rng = smp_rng_make(1, 1);
    for (size_t i = 0; i < (size_t)width * height; i++) {
        const float grain = 1 + 0.16f * ((float)smp_rng_unit(&rng) - 0.5f);
        photo.px_lin[i].r *= grain;
        photo.px_lin[i].g *= grain;
        photo.px_lin[i].b *= grain;
    }
    struct smp_image8 codes;
    const struct smp_photo_facts phone = { .halved_across = true, .halved_down = true };
    must(smp_image8_of(&codes, &photo, pool, &arena, &err), &err);
    must(smp_image8_jpeg(&file, &codes, &phone, NULL, pool, &arena, &err), &err);
    static struct times clock, processor;
    for (int i = 0; i < rounds; i++)
        run(&clock, &processor, i, scene, file, &camera, pool);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"threads\":%u,\"jpeg_bytes\":%zu,\"dots\":%zu,", smp_pool_threads(pool), file.length,
           demo.plan.dot_count);
    print("clock_ms", &clock);
    printf(",");
    print("processor_ms", &processor);
    printf(",\"max_mb\":%ld}\n", usage.ru_maxrss / 1024);
    smp_scene_drop(scene);
    smp_pool_drop(pool);
    smp_arena_drop(&arena);
    return 0;
}
