// Dots on a photo of 12 megapixels, JPEG in and out, beside libjpeg-turbo's bare decoding and
// encoding of it in this process.
#include "clock.h"
#include "plan/plan.h"
#include "preview/preview_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <jpeglib.h>

enum { width = 3024, height = 4032, rounds = 7 };

static void must(enum smp_code code, const struct smp_err *err)
{
    if (code == SMP_OK)
        return;
    fprintf(stderr, "bench_on_photo: %s\n", err->msg);
    exit(1);
}

static double bare_s(struct smp_bytes file)
{
    const double start = seconds(CLOCK_MONOTONIC);
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
    jpeg_set_quality(&to, 92, TRUE);
    jpeg_start_compress(&to, TRUE);
    while (pixels && to.next_scanline < rows)
        jpeg_write_scanlines(&to, (JSAMPROW[1]){ pixels + stride * to.next_scanline }, 1);
    jpeg_finish_compress(&to);
    jpeg_destroy_compress(&to);
    jpeg_finish_decompress(&from);
    jpeg_destroy_decompress(&from);
    free(pixels);
    free(data);
    return seconds(CLOCK_MONOTONIC) - start;
}

struct times {
    double bare[rounds], all[rounds], read[rounds], ground[rounds], draw[rounds], encode[rounds];
};

static void run(struct times *times, int i, struct smp_scene *scene, struct smp_bytes file,
                const struct smp_camera *camera, struct smp_pool *pool)
{
    struct smp_arena arena;
    struct smp_err err = { 0 };
    struct smp_image image;
    struct smp_photo_ground *ground;
    struct smp_photo_told told;
    struct smp_bytes out;
    const struct smp_image_options options = { .pool = pool };
    const struct smp_age healed = { .years = SMP_HEALED_YEARS, .label = "healed" };
    smp_arena_make(&arena, 0);
    double t[5] = { seconds(CLOCK_MONOTONIC) };
    must(smp_image_decode(&image, file, "photo.jpg", &options, &arena, &err), &err);
    t[1] = seconds(CLOCK_MONOTONIC);
    must(smp_photo_ground_make(&ground, &told, scene, &image, camera, NULL, pool, &arena, &err),
         &err);
    t[2] = seconds(CLOCK_MONOTONIC);
    must(smp_photo_draw(&image, ground, &healed, pool, &arena, &err), &err);
    t[3] = seconds(CLOCK_MONOTONIC);
    must(smp_image_jpeg(&out, &image, NULL, &arena, &err), &err);
    t[4] = seconds(CLOCK_MONOTONIC);
    smp_arena_drop(&arena);
    times->all[i] = t[4] - t[0];
    times->read[i] = t[1] - t[0];
    times->ground[i] = t[2] - t[1];
    times->draw[i] = t[3] - t[2];
    times->encode[i] = t[4] - t[3];
    times->bare[i] = bare_s(file);
}

static double median(double times_s[rounds])
{
    qsort(times_s, rounds, sizeof *times_s, by_value);
    return 1e3 * times_s[rounds / 2];
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
    must(smp_scene_make(&scene, &plan, pool, &arena, &err), &err);
    const struct smp_preview_params params = { .width_px = width, .height_px = height, .seed = 1 };
    const struct smp_viewer view = smp_viewer_of_view(&head, SMP_VIEW_FRONT, &params);
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
    must(smp_image_jpeg(&file, &photo, NULL, &arena, &err), &err);
    struct times times;
    double ratio[rounds];
    for (int i = 0; i < rounds; i++) {
        run(&times, i, scene, file, &camera, pool);
        ratio[i] = times.all[i] / times.bare[i];
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"threads\":%u,\"jpeg_bytes\":%zu,\"dots\":%zu,\"bare_ms\":%.1f,\"all_ms\":%.1f,"
           "\"read_ms\":%.1f,\"ground_ms\":%.1f,\"draw_ms\":%.1f,\"encode_ms\":%.1f,"
           "\"ratio\":%.2f,\"max_mb\":%ld}\n",
           smp_pool_threads(pool), file.length, plan.dot_count, median(times.bare),
           median(times.all), median(times.read), median(times.ground), median(times.draw),
           median(times.encode), 1e-3 * median(ratio), usage.ru_maxrss / 1024);
    smp_scene_drop(scene);
    smp_pool_drop(pool);
    smp_arena_drop(&arena);
    return 0;
}
