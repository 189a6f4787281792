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

// Look-ups of one row, for each width of a channel.
static void look_up_8(float (*to)[3], const uint8_t *from, size_t count, int channels,
                      const struct ldr_profile *profile)
{
    for (size_t i = 0; i < count; i++, from += channels)
        for (int k = 0; k < 3; k++)
            to[i][k] = profile->curves[k][from[k]];
}

static void look_up_16(float (*to)[3], const uint16_t *from, size_t count, int channels,
                       const struct ldr_profile *profile)
{
    for (size_t i = 0; i < count; i++, from += channels)
        for (int k = 0; k < 3; k++)
            to[i][k] = profile->curves[k][from[k]];
}

static void change_primaries(float (*row)[3], size_t count, const double (*m)[3])
{
    for (size_t i = 0; i < count; i++) {
        const double r = (double)row[i][0], g = (double)row[i][1], b = (double)row[i][2];
        for (int k = 0; k < 3; k++)
            row[i][k] = (float)(m[k][0] * r + m[k][1] * g + m[k][2] * b);
    }
}

static void make_linear(float (*to)[3], const struct ldr_pixels *pixels, size_t y,
                        const struct ldr_profile *profile)
{
    const size_t count = pixels->width_px, channels = (size_t)pixels->channels;
    const uint8_t *bytes = (const uint8_t *)pixels->data + y * count * channels;
    const uint16_t *words = (const uint16_t *)pixels->data + y * count * channels;
    if (pixels->bits == 8)
        look_up_8(to, bytes, count, pixels->channels, profile);
    else
        look_up_16(to, words, count, pixels->channels, profile);
    if (!profile->same_primaries)
        change_primaries(to, count, (const double(*)[3])profile->matrix);
    for (size_t i = 0; channels == 4 && i < count; i++) { // on white
        const float cover = pixels->bits == 8 ? (float)bytes[4 * i + 3] / 255.0f
                                              : (float)words[4 * i + 3] / 65535.0f;
        for (int k = 0; k < 3; k++)
            to[i][k] = to[i][k] * cover + (1 - cover);
    }
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

static void place_row(struct ldr_image *image, const float (*row)[3], size_t y, size_t count,
                      struct turn turn)
{
    for (size_t x = 0; x < count; x++) {
        size_t to_x = turn.swap ? y : x, to_y = turn.swap ? x : y;
        to_x = turn.flip_x ? image->width_px - 1 - to_x : to_x;
        to_y = turn.flip_y ? image->height_px - 1 - to_y : to_y;
        memcpy(image->px[to_y * image->width_px + to_x], row[x], sizeof row[x]);
    }
}

static enum smp_code place_all(struct ldr_image *image, const struct ldr_pixels *pixels,
                               const struct ldr_profile *profile, const struct ldr_job *job,
                               struct smp_err *err)
{
    const struct turn turn = turn_of(image->orientation);
    const size_t width = pixels->width_px, height = pixels->height_px;
    image->width_px = turn.swap ? height : width;
    image->height_px = turn.swap ? width : height;
    image->px = job->room ? job->room : smp_alloc(job->arena, width * height, sizeof *image->px);
    float(*row)[3] = smp_alloc(job->arena, width, sizeof *row);
    if (!image->px || !row)
        return ldr_no_memory(job, err);
    const bool upright = !turn.swap && !turn.flip_x && !turn.flip_y;
    for (size_t y = 0; y < height; y++) {
        make_linear(upright ? image->px + y * width : row, pixels, y, profile);
        if (!upright)
            place_row(image, (const float(*)[3])row, y, width, turn);
    }
    return SMP_OK;
}

static enum smp_code finish(struct ldr_image *image, const struct ldr_pixels *pixels,
                            const struct ldr_job *job, struct smp_err *err)
{
    struct ldr_profile profile;
    const enum smp_code code = ldr_profile_make(&profile, pixels->icc, pixels->bits, job, err);
    const struct ldr_exif exif = ldr_exif_read(pixels->exif);
    *image = (struct ldr_image){ .stored_width_px = pixels->width_px,
                                 .stored_height_px = pixels->height_px,
                                 .focal_35mm = exif.focal_35mm,
                                 .orientation = exif.orientation,
                                 .bits = pixels->bits,
                                 .jpeg_quality = pixels->jpeg_quality,
                                 .has_icc = profile.from_file };
    return code ? code : place_all(image, pixels, &profile, job, err);
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
