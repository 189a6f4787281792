// Pictures as linear light: read through the sandboxed child, resampled, blurred, written.
//
// Pixels are float RGB, linear light, sRGB (BT.709) primaries, 1 = diffuse white, row-major from
// the top left. Arrays live in the arena passed in. All but load and save are pure.
#ifndef SMP_IMAGE_H
#define SMP_IMAGE_H

#include "base/base.h"

struct smp_rgb {
    float r, g, b; // linear light
};

struct smp_image {
    struct smp_rgb *px_lin;
    size_t width_px, height_px;
};

enum smp_code smp_image_make(struct smp_image *image, size_t width_px, size_t height_px,
                             struct smp_arena *arena, struct smp_err *err);
static inline struct smp_rgb *smp_image_at(const struct smp_image *image, size_t x, size_t y)
{
    return &image->px_lin[y * image->width_px + x];
}
// Bilinear sample at pixel coordinates (0.5, 0.5 is the centre of the first pixel), clamped.
struct smp_rgb smp_image_sample(const struct smp_image *image, double x_px, double y_px);
// Gaussian blur, separable, edge-clamped.
enum smp_code smp_image_blur(struct smp_image *blurred, const struct smp_image *image,
                             double sigma_px, struct smp_pool *pool, struct smp_arena *arena,
                             struct smp_err *err);

// The same as files have it: sRGB, 8 bits, three bytes a pixel, rows without padding. What is not
// drawn on is passed on byte for byte, in a quarter of the memory.
struct smp_image8 {
    uint8_t *srgb8;
    size_t width_px, height_px;
    struct smp_bytes held; // a reader's answer that the bytes lie in: smp_image8_drop
};
static inline uint8_t *smp_image8_at(const struct smp_image8 *image, size_t x, size_t y)
{
    return image->srgb8 + 3 * (y * image->width_px + x);
}
void smp_image8_drop(struct smp_image8 *image); // also one of zeroes
// Each value to its nearest code and back; arena-owned. A code comes back as itself.
enum smp_code smp_image8_of(struct smp_image8 *codes, const struct smp_image *image,
                            struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err);
enum smp_code smp_image_of8(struct smp_image *image, const struct smp_image8 *codes,
                            struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err);

struct smp_image_options {
    bool no_sandbox;
    size_t max_px;         // 0: 100 million
    struct smp_pool *pool; // NULL: this thread only
};

// What a file says of its picture and the pixels do not. Names of maker, owner and place are never
// read.
struct smp_photo_facts {
    double focal_35mm; // focal length as on 24 x 36 mm film (EXIF); 0: unknown
    size_t stored_width_px, stored_height_px; // before it was turned upright
    int orientation;                          // EXIF's, 1 to 8, as applied; 1 where none was to do
    int bits;                                 // of a channel as decoded, 8 to 16
    int jpeg_quality; // 1 to 100, nearest in libjpeg's scale by its luminance table; 0: no JPEG
    bool halved_across, halved_down; // a JPEG whose colours are kept at half the resolution
    bool has_icc;                    // a colour profile was in the file and was followed
    bool spoilt_icc; // one was, and could not be read: colours are taken as sRGB; tell the user
};

// Decodes JPEG, PNG, WebP or HEIC in a sandboxed child; `name` is for messages. Colour profiles and
// orientation are applied. facts may be NULL. The same pixels for any number of threads.
// Errors: SMP_E_FORMAT, SMP_E_UNSUPPORTED, SMP_E_LIMIT (bombs), SMP_E_SANDBOX, SMP_E_NOMEM.
enum smp_code smp_photo_decode(struct smp_image *image, struct smp_photo_facts *facts,
                               struct smp_bytes encoded, const char *name,
                               const struct smp_image_options *options, struct smp_arena *arena,
                               struct smp_err *err);
enum smp_code smp_photo_load(struct smp_image *image, struct smp_photo_facts *facts,
                             const char *path, const struct smp_image_options *options,
                             struct smp_arena *arena, struct smp_err *err);
// The same as codes: a file of 8-bit sRGB comes byte for byte; else each value's nearest code, cut
// off at the end of sRGB. Drop it with smp_image8_drop, before the arena.
enum smp_code smp_photo8_decode(struct smp_image8 *image, struct smp_photo_facts *facts,
                                struct smp_bytes encoded, const char *name,
                                const struct smp_image_options *options, struct smp_arena *arena,
                                struct smp_err *err);
enum smp_code smp_photo8_load(struct smp_image8 *image, struct smp_photo_facts *facts,
                              const char *path, const struct smp_image_options *options,
                              struct smp_arena *arena, struct smp_err *err);
// The same as light, without facts.
enum smp_code smp_image_decode(struct smp_image *image, struct smp_bytes encoded, const char *name,
                               const struct smp_image_options *options, struct smp_arena *arena,
                               struct smp_err *err);
enum smp_code smp_image_load(struct smp_image *image, const char *path,
                             const struct smp_image_options *options, struct smp_arena *arena,
                             struct smp_err *err);

struct smp_image_note {
    const char *key, *text; // PNG tEXt / JPEG comment, e.g. {"Description", "SIMULATED …"}
};
// Encodes as sRGB 8 bit by the path's suffix (.png, .jpg, .jpeg; anything else is SMP_E_INPUT).
// Same pixels, same bytes. Notes end with a NULL key. dpi 0: not said.
enum smp_code smp_image_save(const char *path, const struct smp_image *image,
                             const struct smp_image_note *notes, double dpi, struct smp_err *err);
// The same of codes, in a JPEG with colours as fine as those of the photo it was made from (`like`,
// or NULL: of each pixel).
enum smp_code smp_image8_save(const char *path, const struct smp_image8 *image,
                              const struct smp_photo_facts *like,
                              const struct smp_image_note *notes, struct smp_pool *pool,
                              struct smp_err *err);
enum smp_code smp_image8_jpeg(struct smp_bytes *bytes, const struct smp_image8 *image,
                              const struct smp_photo_facts *like,
                              const struct smp_image_note *notes, struct smp_pool *pool,
                              struct smp_arena *arena, struct smp_err *err);
// The same as a JPEG in memory, for pages that hold pictures; arena-owned.
enum smp_code smp_image_jpeg(struct smp_bytes *bytes, const struct smp_image *image,
                             const struct smp_image_note *notes, struct smp_arena *arena,
                             struct smp_err *err);
// The ICC profile of sRGB, which every JPEG written here carries; always the same bytes.
enum { SMP_SRGB_PROFILE_BYTES = 520 };
void smp_image_srgb_profile(uint8_t profile[SMP_SRGB_PROFILE_BYTES]);

#endif
