// Private to image: the encoders behind smp_image_save.
#ifndef SMP_IMAGE_IMPL_H
#define SMP_IMAGE_IMPL_H

#include "image/image.h"

// sRGB 8 bit, three bytes a pixel, rows without padding.
struct smp_image8 {
    const uint8_t *bytes_srgb8;
    size_t width_px, height_px;
};

// A growing block of malloc'ed bytes that a library writes into; free(data) when done.
struct smp_sink {
    uint8_t *data;
    size_t length, room;
};

// False when out of memory.
bool smp_sink_add(struct smp_sink *sink, const void *data, size_t length);

// False when the library failed, which without files means out of memory.
bool smp_png_encode(struct smp_sink *sink, const struct smp_image8 *image,
                    const struct smp_image_note *notes, double dpi);
bool smp_jpeg_encode(struct smp_sink *sink, const struct smp_image8 *image,
                     const struct smp_image_note *notes, double dpi);

#endif
