// From light to a file and back: gloss, fall-off of light, lens, noise, 8 bits, JPEG.
#include "scalp.h"

#include "colour/colour.h"

#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

// ---- Light -------------------------------------------------------------------------------------

// A few soft patches of the lamp's own colour.
static void add_shine(struct smp_image *light, const struct scalp_params *params)
{
    for (uint64_t i = 0; i < 5 && params->shine > 0; i++) {
        struct smp_rng rng = scalp_rng(params, 41, i);
        const double cx = scalp_between(&rng, 0, params->width_px),
                     cy = scalp_between(&rng, 0, params->height_px);
        const double sigma = scalp_between(&rng, 0.05, 0.2) * params->width_px;
        const double strength = params->shine * scalp_between(&rng, 0.4, 1);
        for (size_t y = 0; y < light->height_px; y++)
            for (size_t x = 0; x < light->width_px; x++) {
                const double dx = ((double)x - cx) / sigma, dy = ((double)y - cy) / sigma;
                const float s = (float)(strength * exp(-0.5 * (dx * dx + dy * dy)));
                struct smp_rgb *px = smp_image_at(light, x, y);
                *px = (struct smp_rgb){ px->r + s, px->g + s, px->b + s };
            }
    }
}

static void add_noise(struct smp_image *light, const struct scalp_params *params)
{
    const double from = params->exposure * 2 / (1 + params->gradient);
    for (size_t y = 0; y < light->height_px; y++) {
        struct smp_rng rng = scalp_rng(params, 42, y);
        for (size_t x = 0; x < light->width_px; x++) {
            const double part = (double)x / (double)light->width_px;
            const double level = from * (1 + (params->gradient - 1) * part);
            float *px = &smp_image_at(light, x, y)->r;
            for (int k = 0; k < 3; k++) {
                const double grain =
                    params->noise > 0 ? exp(params->noise * smp_rng_normal(&rng)) : 1;
                px[k] = (float)((double)px[k] * level * grain);
            }
        }
    }
}

bool scalp_expose(struct scalp *scalp, struct smp_image *light, const struct scalp_params *params,
                  struct smp_arena *arena)
{
    struct smp_arena scratch;
    smp_arena_make(&scratch, 0);
    struct smp_image blurred;
    add_shine(light, params);
    bool good = !smp_image_blur(&blurred, light, params->blur_px, NULL, &scratch, NULL);
    if (good) {
        add_noise(&blurred, params);
        good = scalp_develop(scalp, &blurred, (int)params->jpeg, arena);
    }
    smp_arena_drop(&scratch);
    return good;
}

// ---- JPEG --------------------------------------------------------------------------------------

struct failure {
    struct jpeg_error_mgr mgr; // first: libjpeg hands back a pointer to it
    jmp_buf out;
};

static void give_up(j_common_ptr jpeg)
{
    struct failure *failure = (struct failure *)(void *)jpeg->err;
    longjmp(failure->out, 1);
}

static bool encode(unsigned char **out, unsigned long *length, uint8_t *srgb8, size_t width,
                   size_t height, int quality)
{
    struct jpeg_compress_struct jpeg;
    struct failure failure;
    jpeg.err = jpeg_std_error(&failure.mgr);
    failure.mgr.error_exit = give_up;
    if (setjmp(failure.out)) {
        jpeg_destroy_compress(&jpeg);
        return false;
    }
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, out, length);
    jpeg.image_width = (JDIMENSION)width;
    jpeg.image_height = (JDIMENSION)height;
    jpeg.input_components = 3;
    jpeg.in_color_space = JCS_RGB;
    jpeg_set_defaults(&jpeg); // chroma at half size, as phones do
    jpeg_set_quality(&jpeg, quality, TRUE);
    jpeg_start_compress(&jpeg, TRUE);
    while (jpeg.next_scanline < height) {
        JSAMPROW row = srgb8 + (size_t)jpeg.next_scanline * width * 3;
        jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    return true;
}

static bool decode(uint8_t *srgb8, const unsigned char *file, unsigned long length, size_t width)
{
    struct jpeg_decompress_struct jpeg;
    struct failure failure;
    jpeg.err = jpeg_std_error(&failure.mgr);
    failure.mgr.error_exit = give_up;
    if (setjmp(failure.out)) {
        jpeg_destroy_decompress(&jpeg);
        return false;
    }
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, file, length);
    jpeg_read_header(&jpeg, TRUE);
    jpeg_start_decompress(&jpeg);
    while (jpeg.output_scanline < jpeg.output_height) {
        JSAMPROW row = srgb8 + (size_t)jpeg.output_scanline * width * 3;
        jpeg_read_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_decompress(&jpeg);
    jpeg_destroy_decompress(&jpeg);
    return true;
}

static bool through_jpeg(struct scalp *scalp, uint8_t *back, int quality, struct smp_arena *arena)
{
    unsigned char *file = NULL;
    unsigned long length = 0;
    const size_t width = scalp->image.width_px;
    bool good = encode(&file, &length, scalp->srgb8, width, scalp->image.height_px, quality) &&
                decode(back, file, length, width);
    uint8_t *kept = good ? smp_new(arena, uint8_t, length) : NULL;
    if (kept) {
        memcpy(kept, file, length);
        scalp->jpeg = (struct smp_bytes){ kept, length };
    }
    free(file);
    return kept != NULL;
}

// ---- 8 bits ------------------------------------------------------------------------------------

bool scalp_develop(struct scalp *scalp, const struct smp_image *light, int quality,
                   struct smp_arena *arena)
{
    const size_t count = 3 * light->width_px * light->height_px;
    float lin[256];
    for (int i = 0; i < 256; i++)
        lin[i] = (float)smp_lin_from_srgb(i / 255.0);
    scalp->srgb8 = smp_new(arena, uint8_t, count);
    uint8_t *back = smp_new(arena, uint8_t, count);
    if (!scalp->srgb8 || !back ||
        smp_image_make(&scalp->image, light->width_px, light->height_px, arena, NULL))
        return false;
    for (size_t i = 0; i < count; i++) {
        const double v = smp_clamp((double)(&light->px_lin->r)[i], 0, 1);
        scalp->srgb8[i] = (uint8_t)lround(255 * smp_srgb_from_lin(v));
    }
    if (!quality)
        memcpy(back, scalp->srgb8, count);
    else if (!through_jpeg(scalp, back, quality, arena))
        return false;
    for (size_t i = 0; i < count; i++)
        (&scalp->image.px_lin->r)[i] = lin[back[i]];
    return true;
}

bool scalp_put_dots(struct scalp *scalp, const struct smp_image *image,
                    const struct scalp_dot *dots, size_t dot_count, double blur_px, int quality,
                    struct smp_arena *arena)
{
    *scalp = (struct scalp){ 0 };
    struct smp_arena scratch;
    smp_arena_make(&scratch, 0);
    struct scalp_canvas canvas = { 0 };
    struct smp_image blurred = { 0 };
    bool good = !smp_image_make(&canvas.a, image->width_px, image->height_px, &scratch, NULL);
    if (good) {
        scalp_draw_dots(&canvas, dots, dot_count, 1);
        for (size_t i = 0; i < 3 * image->width_px * image->height_px; i++)
            (&canvas.a.px_lin->r)[i] = expf(-(&canvas.a.px_lin->r)[i]);
        good = !smp_image_blur(&blurred, &canvas.a, blur_px, NULL, &scratch, NULL);
    }
    for (size_t i = 0; good && i < 3 * image->width_px * image->height_px; i++)
        (&blurred.px_lin->r)[i] *= (&image->px_lin->r)[i];
    good = good && scalp_develop(scalp, &blurred, quality, arena);
    smp_arena_drop(&scratch);
    scalp->dots = smp_new(arena, struct scalp_dot, dot_count);
    if (!good || !scalp->dots)
        return false;
    memcpy(scalp->dots, dots, dot_count * sizeof *dots);
    scalp->dot_count = dot_count;
    return true;
}
