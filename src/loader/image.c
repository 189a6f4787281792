// Which decoder for which picture, and what follows decoding: linear light, sRGB primaries,
// transparent parts laid on white, upright by the EXIF orientation.
#include "loader_impl.h"

#include <string.h>

struct smp_bytes ldr_copy(const void *data, size_t length, struct smp_arena *arena)
{
    uint8_t *copy = smp_new(arena, uint8_t, length);
    if (!copy)
        return (struct smp_bytes){ 0 };
    memcpy(copy, data, length);
    return (struct smp_bytes){ copy, length };
}

enum smp_code ldr_pixels_make(struct ldr_pixels *pixels, size_t width_px, size_t height_px,
                              int channels, int bits, const struct ldr_job *job,
                              struct smp_err *err)
{
    if (width_px < 1 || height_px < 1)
        return smp_fail(err, SMP_E_FORMAT, "a picture of %zu x %zu px", width_px, height_px);
    if (width_px > job->max_items / height_px)
        return smp_fail(err, SMP_E_LIMIT, "%zu x %zu px; at most %zu px in all are allowed",
                        width_px, height_px, job->max_items);
    pixels->data =
        smp_alloc(job->arena, width_px * height_px, (size_t)channels * (size_t)(bits / 8));
    if (!pixels->data)
        return ldr_no_memory(job, err);
    pixels->width_px = width_px;
    pixels->height_px = height_px;
    pixels->channels = channels;
    pixels->bits = bits;
    return SMP_OK;
}

// ---- Linear light
// ------------------------------------------------------------------------------------

static void make_linear(float to[3], const struct ldr_pixels *pixels, size_t index,
                        const struct ldr_profile *profile)
{
    const size_t at = index * (size_t)pixels->channels;
    const uint8_t *bytes = (const uint8_t *)pixels->data + at;
    const uint16_t *words = (const uint16_t *)pixels->data + at;
    float c[3];
    for (int k = 0; k < 3; k++)
        c[k] = profile->curves[k][pixels->bits == 8 ? bytes[k] : words[k]];
    if (!profile->same_primaries) {
        const double r = (double)c[0], g = (double)c[1], b = (double)c[2];
        for (int k = 0; k < 3; k++)
            c[k] = (float)(profile->matrix[k][0] * r + profile->matrix[k][1] * g +
                           profile->matrix[k][2] * b);
    }
    if (pixels->channels == 4) {
        const float cover =
            pixels->bits == 8 ? (float)bytes[3] / 255.0f : (float)words[3] / 65535.0f;
        for (int k = 0; k < 3; k++)
            c[k] = c[k] * cover + (1 - cover);
    }
    memcpy(to, c, sizeof c);
}

// EXIF 2.32 table 6: the picture's place of each stored pixel, as start and steps.
struct turn {
    bool swap;           // rows become columns
    bool flip_x, flip_y; // of the result
};

static struct turn turn_of(int orientation)
{
    static const struct turn turns[9] = {
        [2] = { false, true, false }, [3] = { false, true, true }, [4] = { false, false, true },
        [5] = { true, false, false }, [6] = { true, true, false }, [7] = { true, true, true },
        [8] = { true, false, true },
    };
    return turns[orientation];
}

static void place_all(struct ldr_image *image, const struct ldr_pixels *pixels,
                      const struct ldr_profile *profile, struct turn turn)
{
    for (size_t y = 0; y < pixels->height_px; y++)
        for (size_t x = 0; x < pixels->width_px; x++) {
            size_t to_x = turn.swap ? y : x, to_y = turn.swap ? x : y;
            to_x = turn.flip_x ? image->width_px - 1 - to_x : to_x;
            to_y = turn.flip_y ? image->height_px - 1 - to_y : to_y;
            make_linear(image->px[to_y * image->width_px + to_x], pixels, y * pixels->width_px + x,
                        profile);
        }
}

static enum smp_code finish(struct ldr_image *image, const struct ldr_pixels *pixels,
                            const struct ldr_job *job, struct smp_err *err)
{
    struct ldr_profile profile;
    const enum smp_code code = ldr_profile_make(&profile, pixels->icc, pixels->bits, job, err);
    if (code)
        return code;
    const struct turn turn = turn_of(ldr_exif_orientation(pixels->exif));
    const size_t count = pixels->width_px * pixels->height_px;
    image->width_px = turn.swap ? pixels->height_px : pixels->width_px;
    image->height_px = turn.swap ? pixels->width_px : pixels->height_px;
    image->px = job->room ? job->room : smp_alloc(job->arena, count, sizeof *image->px);
    if (!image->px)
        return ldr_no_memory(job, err);
    place_all(image, pixels, &profile, turn);
    return SMP_OK;
}

static bool has(struct smp_bytes file, size_t at, const char *text, size_t length)
{
    return file.length >= at + length && memcmp(file.data + at, text, length) == 0;
}

enum smp_code ldr_image_read(struct ldr_image *image, struct smp_bytes file,
                             const struct ldr_job *job, struct smp_err *err)
{
    struct ldr_pixels pixels = { 0 };
    enum smp_code code;
    if (file.length == 0)
        return smp_fail(err, SMP_E_FORMAT, "the file is empty");
    if (has(file, 0, "\xff\xd8\xff", 3))
        code = ldr_jpeg_read(&pixels, file, job, err);
    else if (has(file, 0, "\x89PNG\r\n\x1a\n", 8))
        code = ldr_png_read(&pixels, file, job, err);
    else if (has(file, 0, "RIFF", 4) && has(file, 8, "WEBP", 4))
        code = ldr_webp_read(&pixels, file, job, err);
    else if (has(file, 4, "ftyphei", 7) || has(file, 4, "ftypmif1", 8))
        code = smp_fail(err, SMP_E_UNSUPPORTED,
                        "HEIC pictures are not supported: save it as JPEG or PNG");
    else
        code = smp_fail(err, SMP_E_UNSUPPORTED, "not a JPEG, PNG or WebP picture");
    return code ? code : finish(image, &pixels, job, err);
}
