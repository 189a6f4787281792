// PNG by libpng. setjmp is how libpng reports errors; it stays inside this file.
#include "image_impl.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

// Level 1 with the "up" filter: a zoomed preview of 1600 x 2000 px takes 104 ms and 3.5 MB, against
// 267 ms and 3.2 MB (level 4, Paeth) or 898 ms and 3.1 MB (level 6, Paeth).
enum { zlib_level = 1, largest_notes = 32 };

static void take(png_structp png, png_bytep data, size_t length)
{
    if (!smp_sink_add(png_get_io_ptr(png), data, length))
        png_error(png, "out of memory");
}

static void flush(png_structp png)
{
    (void)png;
}

static void quiet(png_structp png, png_const_charp text)
{
    (void)png;
    (void)text;
}

static void give_up(png_structp png, png_const_charp text)
{
    (void)text;
    png_longjmp(png, 1);
}

static bool is_ascii(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text > 126)
            return false;
    return true;
}

// tEXt is Latin-1; what is not plain ASCII goes into iTXt, which is UTF-8.
static void add_notes(png_structp png, png_infop info, const struct smp_image_note *notes)
{
    png_text texts[largest_notes];
    memset(texts, 0, sizeof texts);
    int count = 0;
    for (; notes && notes->key && count < largest_notes; notes++, count++) {
        texts[count].compression =
            is_ascii(notes->text) ? PNG_TEXT_COMPRESSION_NONE : PNG_ITXT_COMPRESSION_NONE;
        texts[count].key = (char *)(uintptr_t)notes->key; // libpng only reads it
        texts[count].text = (char *)(uintptr_t)notes->text;
    }
    if (count)
        png_set_text(png, info, texts, count);
}

static void write_all(png_structp png, png_infop info, const struct smp_image8 *image,
                      const struct smp_image_note *notes, double dpi)
{
    png_set_IHDR(png, info, (png_uint_32)image->width_px, (png_uint_32)image->height_px, 8,
                 PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_set_sRGB(png, info, PNG_sRGB_INTENT_PERCEPTUAL);
    if (dpi > 0) {
        const png_uint_32 per_metre = (png_uint_32)(dpi / 0.0254 + 0.5);
        png_set_pHYs(png, info, per_metre, per_metre, PNG_RESOLUTION_METER);
    }
    add_notes(png, info, notes);
    png_set_compression_level(png, zlib_level);
    png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_UP);
    png_write_info(png, info);
    for (size_t y = 0; y < image->height_px; y++)
        png_write_row(png, smp_image8_at(image, 0, y));
    png_write_end(png, info);
}

bool smp_png_encode(struct smp_sink *sink, const struct smp_image8 *image,
                    const struct smp_image_note *notes, double dpi)
{
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, give_up, quiet);
    if (!png)
        return false;
    png_infop info = png_create_info_struct(png);
    if (!info || setjmp(png_jmpbuf(png))) {
        png_destroy_write_struct(&png, &info);
        return false;
    }
    png_set_write_fn(png, sink, take, flush);
    png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX); // our own pictures
    write_all(png, info, image, notes, dpi);
    png_destroy_write_struct(&png, &info);
    return true;
}
