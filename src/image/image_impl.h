// Private to image: the encoders behind smp_image_save, and what follows decoding.
#ifndef SMP_IMAGE_IMPL_H
#define SMP_IMAGE_IMPL_H

#include "image/image.h"

#include "sandbox/sandbox.h"

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

// Pixels as they were decoded, and what turns their codes into linear light.
struct smp_encoded {
    const void *data; // rows without padding, uint8_t or (bits > 8) uint16_t a channel
    size_t width_px, height_px;
    int channels; // 3: RGB, 4: RGB and opacity (linear; laid on white)
    int bits;     // 8 to 16
    int orientation;
    const float *curves[3]; // 2^bits values each
    const float *grid;      // as in smp_reply_image, or NULL
    int grid_side;
    bool has_matrix;
    float matrix[3][3];
};

// Room and pixels for an upright picture in linear light. The same for any number of threads.
enum smp_code smp_image_linear(struct smp_image *image, const struct smp_encoded *encoded,
                               struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err);
// Checks every number of a reader's answer, then makes the picture of it. facts may be NULL.
enum smp_code smp_image_take(struct smp_image *image, struct smp_photo_facts *facts,
                             struct smp_bytes reply, const char *name, size_t max_px,
                             struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err);

#endif
