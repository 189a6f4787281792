// PNG by libpng. setjmp is how libpng reports errors; it stays inside this file.
#include "loader_impl.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

// Texts that inflate without end are not looked at.
static const png_byte not_read[] = "tEXt\0zTXt\0iTXt\0sPLT";

struct source {
    struct smp_bytes left;
    char text[128]; // why libpng gave up
    bool warned_icc;
};

static void on_read(png_structp png, png_bytep to, size_t length)
{
    struct source *source = png_get_io_ptr(png);
    if (length > source->left.length)
        png_error(png, "it ends early");
    memcpy(to, source->left.data, length);
    source->left.data += length;
    source->left.length -= length;
}

static void on_warning(png_structp png, png_const_charp text)
{
    struct source *source = png_get_error_ptr(png);
    source->warned_icc = source->warned_icc || strncmp(text, "iCCP", 4) == 0;
}

static void give_up(png_structp png, png_const_charp text)
{
    struct source *source = png_get_error_ptr(png);
    snprintf(source->text, sizeof source->text, "%s", text);
    png_longjmp(png, 1);
}

// Whatever the file holds becomes RGB or RGBA of 8 or 16 bits.
static void unify(png_structp png, png_infop info)
{
    const int colour = png_get_color_type(png, info);
    png_set_expand(png); // palette to RGB, grey to 8 bits, transparent colours to opacity
    if (!(colour & PNG_COLOR_MASK_COLOR))
        png_set_gray_to_rgb(png);
    if (png_get_bit_depth(png, info) == 16 && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
        png_set_swap(png);
    png_set_interlace_handling(png);
    png_read_update_info(png, info);
}

static void find_extras(struct ldr_pixels *pixels, png_structp png, png_infop info,
                        struct smp_arena *arena)
{
    png_charp name = NULL;
    png_bytep data = NULL;
    png_uint_32 length = 0;
    int method = 0;
    if (png_get_iCCP(png, info, &name, &method, &data, &length))
        pixels->icc = ldr_copy(data, length, arena);
    else // a warning alone, of a profile that is kept, is none of ours
        pixels->spoilt_icc = ((const struct source *)png_get_error_ptr(png))->warned_icc;
    if (png_get_eXIf_1(png, info, &length, &data))
        pixels->exif = ldr_copy(data, length, arena);
}

// Colours said by the chunks gAMA and cHRM, where neither a profile nor sRGB is (PNG 1.2, 4.2.2).
static void find_colours(struct ldr_pixels *pixels, png_structp png, png_infop info,
                         struct smp_arena *arena)
{
    double xy[4][2] = { { 0.64, 0.33 }, { 0.3, 0.6 }, { 0.15, 0.06 }, { 0.3127, 0.329 } };
    double encoding = 0;
    if (png_get_valid(png, info, PNG_INFO_sRGB | PNG_INFO_iCCP))
        return;
    bool is_described = png_get_cHRM(png, info, &xy[3][0], &xy[3][1], &xy[0][0], &xy[0][1],
                                     &xy[1][0], &xy[1][1], &xy[2][0], &xy[2][1]);
    double gamma = 0; // sRGB's own curve is written as 1/2.2
    if (png_get_gAMA(png, info, &encoding) && encoding >= 0.1 && encoding <= 10 &&
        (encoding < 0.44 || encoding > 0.47)) {
        gamma = 1 / encoding;
        is_described = true;
    }
    if (is_described)
        pixels->icc = ldr_icc_make((const double(*)[2])xy, gamma, arena);
}

static enum smp_code read_all(struct ldr_pixels *pixels, png_structp png, png_infop info,
                              const struct ldr_job *job, struct smp_err *err)
{
    png_read_info(png, info);
    const size_t width = png_get_image_width(png, info), height = png_get_image_height(png, info);
    unify(png, info);
    const enum smp_code code = ldr_pixels_make(pixels, width, height, png_get_channels(png, info),
                                               png_get_bit_depth(png, info), job, err);
    if (code)
        return code;
    const size_t row_bytes = png_get_rowbytes(png, info);
    png_bytep *rows = smp_new(job->arena, png_bytep, height);
    if (!rows || row_bytes != width * (size_t)pixels->channels * (size_t)(pixels->bits / 8))
        return ldr_no_memory(job, err);
    for (size_t y = 0; y < height; y++)
        rows[y] = (png_bytep)pixels->data + y * row_bytes;
    png_read_image(png, rows);
    png_read_end(png, info); // EXIF may follow the pixels
    find_extras(pixels, png, info, job->arena);
    find_colours(pixels, png, info, job->arena);
    return SMP_OK;
}

// The header comes first and says all; libpng looks at it only after every chunk before the pixels.
static enum smp_code check_header(struct smp_bytes file, const struct ldr_job *job,
                                  struct smp_err *err)
{
    if (file.length < 24)
        return smp_fail(err, SMP_E_FORMAT, "a damaged PNG (it ends early)");
    size_t size[2] = { 0, 0 };
    for (int i = 0; i < 8; i++)
        size[i / 4] = size[i / 4] << 8 | file.data[16 + i];
    if (size[0] > job->max_items / (size[1] ? size[1] : 1))
        return smp_fail(err, SMP_E_LIMIT, "%zu x %zu px; at most %zu px in all are allowed",
                        size[0], size[1], job->max_items);
    return SMP_OK;
}

enum smp_code ldr_png_read(struct ldr_pixels *pixels, struct smp_bytes file,
                           const struct ldr_job *job, struct smp_err *err)
{
    enum smp_code code = check_header(file, job, err);
    if (code)
        return code;
    struct source source = { .left = file };
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &source, give_up, on_warning);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (!info) {
        png_destroy_read_struct(&png, NULL, NULL);
        return ldr_no_memory(job, err);
    }
    if (setjmp(png_jmpbuf(png))) {
        png_destroy_read_struct(&png, &info, NULL);
        return smp_fail(err, SMP_E_FORMAT, "a damaged PNG (%s)", source.text);
    }
    png_set_read_fn(png, &source, on_read);
    png_set_user_limits(png, 1 << 20, 1 << 20);
    png_set_chunk_malloc_max(png, ldr_most_icc_bytes);
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, not_read, sizeof not_read / 5);
    png_set_benign_errors(png, 1);
    code = read_all(pixels, png, info, job, err);
    png_destroy_read_struct(&png, &info, NULL);
    return code;
}
