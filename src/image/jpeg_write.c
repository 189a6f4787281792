// JPEG by libjpeg-turbo: quality 92, no chroma subsampling. setjmp is how libjpeg reports errors;
// it stays inside this file.
#include "image_impl.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

enum { quality = 92, largest_comment_bytes = 65000 };

struct failure {
    struct jpeg_error_mgr mgr; // first: libjpeg hands back a pointer to it
    jmp_buf out;
};

static void give_up(j_common_ptr jpeg)
{
    struct failure *failure = (struct failure *)(void *)jpeg->err;
    longjmp(failure->out, 1);
}

static void quiet(j_common_ptr jpeg)
{
    (void)jpeg;
}

static void add_notes(struct jpeg_compress_struct *jpeg, const struct smp_image_note *notes)
{
    for (; notes && notes->key; notes++) {
        char text[1024];
        const int length = snprintf(text, sizeof text, "%s: %s", notes->key, notes->text);
        if (length < 0)
            continue;
        const size_t kept = (size_t)length < sizeof text ? (size_t)length : sizeof text - 1;
        jpeg_write_marker(jpeg, JPEG_COM, (const JOCTET *)text, (unsigned)kept);
    }
}

static void write_all(struct jpeg_compress_struct *jpeg, const struct smp_image8 *image,
                      const struct smp_image_note *notes, double dpi)
{
    jpeg->image_width = (JDIMENSION)image->width_px;
    jpeg->image_height = (JDIMENSION)image->height_px;
    jpeg->input_components = 3;
    jpeg->in_color_space = JCS_RGB;
    jpeg_set_defaults(jpeg);
    jpeg_set_quality(jpeg, quality, TRUE);
    jpeg->dct_method = JDCT_ISLOW;
    for (int i = 0; i < 3; i++) {
        jpeg->comp_info[i].h_samp_factor = 1;
        jpeg->comp_info[i].v_samp_factor = 1;
    }
    if (dpi > 0) {
        jpeg->density_unit = 1; // dots per inch
        jpeg->X_density = jpeg->Y_density = (UINT16)(dpi + 0.5);
    }
    jpeg_start_compress(jpeg, TRUE);
    uint8_t profile[SMP_SRGB_PROFILE_BYTES];
    smp_image_srgb_profile(profile);
    jpeg_write_icc_profile(jpeg, profile, sizeof profile);
    add_notes(jpeg, notes);
    while (jpeg->next_scanline < jpeg->image_height) {
        const uint8_t *row = image->bytes_srgb8 + (size_t)jpeg->next_scanline * image->width_px * 3;
        JSAMPROW rows[1] = { (JSAMPROW)(uintptr_t)row }; // libjpeg only reads it
        jpeg_write_scanlines(jpeg, rows, 1);
    }
    jpeg_finish_compress(jpeg);
}

bool smp_jpeg_encode(struct smp_sink *sink, const struct smp_image8 *image,
                     const struct smp_image_note *notes, double dpi)
{
    struct jpeg_compress_struct jpeg = { 0 };
    struct failure failure;
    unsigned char *volatile_data = NULL;
    unsigned char **data = &volatile_data; // libjpeg grows the block; read after longjmp too
    unsigned long length = 0;
    jpeg.err = jpeg_std_error(&failure.mgr);
    failure.mgr.error_exit = give_up;
    failure.mgr.output_message = quiet;
    if (setjmp(failure.out)) {
        jpeg_destroy_compress(&jpeg);
        free(*data);
        return false;
    }
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, data, &length);
    write_all(&jpeg, image, notes, dpi);
    jpeg_destroy_compress(&jpeg);
    const bool good = smp_sink_add(sink, *data, length);
    free(*data);
    return good;
}
