// Private to image: the encoders behind smp_image_save, and what follows decoding.
#ifndef SMP_IMAGE_IMPL_H
#define SMP_IMAGE_IMPL_H

#include "image/image.h"

#include "sandbox/sandbox.h"

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
// The same bytes for any number of threads. Colours at half the resolution where asked for.
struct smp_jpeg_look {
    const struct smp_image_note *notes;
    double dpi;
    bool halved_across, halved_down;
};
bool smp_jpeg_encode(struct smp_sink *sink, const struct smp_image8 *image,
                     const struct smp_jpeg_look *look, struct smp_pool *pool);

// From light to the nearest code: least_lin[k] is the smallest linear value whose nearest code is
// k; first[b] is the code of the bin's lower end. One look-up and at most two steps replace a pow()
// for each channel.
enum { SMP_CODE_BINS = 4096 };
struct smp_code_curve {
    float least_lin[257];
    uint8_t first[SMP_CODE_BINS];
};
void smp_code_curve_make(struct smp_code_curve *curve);
static inline uint8_t smp_nearest_code(const struct smp_code_curve *curve, float lin)
{
    if (!(lin > 0)) // NaN too
        return 0;
    if (lin >= 1)
        return 255;
    int code = curve->first[(int)(lin * SMP_CODE_BINS)];
    while (lin >= curve->least_lin[code + 1])
        code++;
    return (uint8_t)code;
}

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
// The same as nearest codes of sRGB; in place where the codes are sRGB's already.
enum smp_code smp_image_codes(struct smp_image8 *image, const struct smp_encoded *encoded,
                              struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err);
// Checks every number of a reader's answer, then makes the picture of it. facts may be NULL.
enum smp_code smp_image_take(struct smp_image *image, struct smp_photo_facts *facts,
                             struct smp_bytes reply, const char *name, size_t max_px,
                             struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err);
// The same, as codes; where they lie in the answer itself, it is held from then on: *reply is
// emptied.
enum smp_code smp_image8_take(struct smp_image8 *image, struct smp_photo_facts *facts,
                              struct smp_bytes *reply, const char *name, size_t max_px,
                              struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err);

#endif
