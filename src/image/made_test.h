// Pictures made by the encoders themselves, for tests of reading them.
#ifndef SMP_IMAGE_MADE_TEST_H
#define SMP_IMAGE_MADE_TEST_H

#include "image/image.h"

#include "harness.h"

#include <lcms2.h>
#include <math.h>
#include <png.h>

// Check's own float macro promotes, which the compiler complains of.
#define ck_near(got, want, tolerance) ck_assert(fabsf((got) - (want)) <= (tolerance))

enum { most_bytes = 4 << 20 };

static struct smp_arena arena;
static struct smp_err err;

static inline void begin(void)
{
    smp_arena_make(&arena, (size_t)1 << 30);
    err = (struct smp_err){ 0 };
}

struct made {
    uint8_t data[most_bytes];
    size_t length;
};

static inline void add(struct made *made, const void *data, size_t length)
{
    ck_assert_uint_le(made->length + length, most_bytes);
    memcpy(made->data + made->length, data, length);
    made->length += length;
}

static inline void on_write(png_structp png, png_bytep data, size_t length)
{
    add(png_get_io_ptr(png), data, length);
}

static inline void on_flush(png_structp png)
{
    (void)png;
}

struct png {
    size_t width, height;
    int bits, colour; // bits a channel, libpng's colour type
    const void *rows; // without padding; NULL: the header only
    struct smp_bytes icc, exif;
    double encoding;       // gAMA; 0: none
    const double (*xy)[2]; // cHRM: red, green, blue, white; or NULL
};

static inline void make_png(struct made *made, const struct png *want)
{
    made->length = 0;
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    const png_color palette[4] = { { 0, 0, 0 }, { 255, 0, 0 }, { 0, 255, 0 }, { 10, 20, 30 } };
    png_set_write_fn(png, made, on_write, on_flush);
    png_set_IHDR(png, info, (png_uint_32)want->width, (png_uint_32)want->height, want->bits,
                 want->colour, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    if (want->colour == PNG_COLOR_TYPE_PALETTE)
        png_set_PLTE(png, info, palette, 4);
    if (want->icc.length)
        png_set_iCCP(png, info, "profile", PNG_COMPRESSION_TYPE_BASE, want->icc.data,
                     (png_uint_32)want->icc.length);
    if (want->exif.length)
        png_set_eXIf_1(png, info, (png_uint_32)want->exif.length,
                       (png_bytep)(uintptr_t)want->exif.data);
    if (want->encoding > 0)
        png_set_gAMA(png, info, want->encoding);
    if (want->xy)
        png_set_cHRM(png, info, want->xy[3][0], want->xy[3][1], want->xy[0][0], want->xy[0][1],
                     want->xy[1][0], want->xy[1][1], want->xy[2][0], want->xy[2][1]);
    png_write_info(png, info);
    if (want->bits == 16)
        png_set_swap(png);
    const size_t row_bytes = png_get_rowbytes(png, info);
    for (size_t y = 0; want->rows && y < want->height; y++)
        png_write_row(png, (const uint8_t *)want->rows + y * row_bytes);
    if (want->rows)
        png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
}

static inline enum smp_code decode(struct smp_image *image, const struct made *made, size_t max_px)
{
    const struct smp_image_options options = { .max_px = max_px };
    err = (struct smp_err){ 0 };
    return smp_image_decode(image, (struct smp_bytes){ made->data, made->length }, "front.jpg",
                            &options, &arena, &err);
}

static inline struct smp_bytes profile_bytes(cmsHPROFILE profile)
{
    cmsUInt32Number length = 0;
    ck_assert(cmsSaveProfileToMem(profile, NULL, &length));
    uint8_t *data = smp_new(&arena, uint8_t, length);
    ck_assert(cmsSaveProfileToMem(profile, data, &length));
    cmsCloseProfile(profile);
    return (struct smp_bytes){ data, length };
}

// A JPEG made by smp_image_save, of a size that codes well.
static inline void make_jpeg(struct made *made)
{
    struct smp_image image;
    ck_assert_int_eq(smp_image_make(&image, 64, 48, &arena, &err), SMP_OK);
    for (size_t y = 0; y < 48; y++)
        for (size_t x = 0; x < 64; x++)
            *smp_image_at(&image, x, y) = (struct smp_rgb){ (float)x / 64, (float)y / 48, 0.25f };
    const char *path = smp_format(&arena, "%s/decode-%ld.jpg", smp_test_folder(), (long)getpid());
    struct smp_bytes bytes;
    ck_assert_int_eq(smp_image_save(path, &image, NULL, 0, &err), SMP_OK);
    ck_assert_int_eq(smp_file_read(&bytes, path, most_bytes, &arena, &err), SMP_OK);
    unlink(path);
    made->length = 0;
    add(made, bytes.data, bytes.length);
}

// The JPEG with a marker of its own that holds these EXIF bytes.
static inline void add_exif(struct made *with, const struct made *jpeg, struct smp_bytes exif)
{
    const uint8_t marker[10] = { 0xff, 0xe1, 0, (uint8_t)(exif.length + 8), 'E', 'x', 'i', 'f' };
    with->length = 0;
    add(with, jpeg->data, 2);
    add(with, marker, sizeof marker);
    add(with, exif.data, exif.length);
    add(with, jpeg->data + 2, jpeg->length - 2);
}

#endif
