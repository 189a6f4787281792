// From linear light to a file: 8-bit sRGB without dithering (each value is the nearest code), so
// that the same pixels give the same bytes and flat areas stay flat.
#include "image_impl.h"

#include "colour/colour.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { bins = 4096 };

// least_lin[k] is the smallest linear value whose nearest code is k; first[b] is the code of the
// bin's lower end. One table look-up and at most two steps replace a pow() for each channel.
struct curve {
    float least_lin[257];
    uint8_t first[bins];
};

static void make_curve(struct curve *curve)
{
    for (int k = 0; k < 256; k++)
        curve->least_lin[k] = k ? (float)smp_lin_from_srgb((k - 0.5) / 255) : 0;
    curve->least_lin[256] = 2; // never reached
    int code = 0;
    for (int bin = 0; bin < bins; bin++) {
        while ((float)bin / bins >= curve->least_lin[code + 1])
            code++;
        curve->first[bin] = (uint8_t)code;
    }
}

static uint8_t nearest_code(const struct curve *curve, float lin)
{
    if (!(lin > 0)) // NaN too
        return 0;
    if (lin >= 1)
        return 255;
    int code = curve->first[(int)(lin * bins)];
    while (lin >= curve->least_lin[code + 1])
        code++;
    return (uint8_t)code;
}

bool smp_sink_add(struct smp_sink *sink, const void *data, size_t length)
{
    if (length > sink->room - sink->length) {
        size_t room = sink->room ? sink->room : 64 << 10;
        while (room - sink->length < length) {
            if (room > SIZE_MAX / 2)
                return false;
            room *= 2;
        }
        uint8_t *grown = realloc(sink->data, room);
        if (!grown)
            return false;
        sink->data = grown;
        sink->room = room;
    }
    memcpy(sink->data + sink->length, data, length);
    sink->length += length;
    return true;
}

enum kind { kind_none, kind_png, kind_jpeg };

static enum kind kind_of(const char *path)
{
    const char *dot = strrchr(path, '.');
    if (!dot || strchr(dot, '/'))
        return kind_none;
    if (strcasecmp(dot, ".png") == 0)
        return kind_png;
    return strcasecmp(dot, ".jpg") == 0 || strcasecmp(dot, ".jpeg") == 0 ? kind_jpeg : kind_none;
}

// Free sink->data, whatever comes back; false when out of memory.
static bool encode(struct smp_sink *sink, enum kind kind, const struct smp_image *image,
                   const struct smp_image_note *notes, double dpi)
{
    const size_t count = image->width_px * image->height_px * 3;
    uint8_t *bytes = malloc(count);
    struct curve *curve = malloc(sizeof *curve);
    bool good = bytes && curve;
    if (good) {
        make_curve(curve);
        const float *lin = &image->px_lin->r;
        for (size_t i = 0; i < count; i++)
            bytes[i] = nearest_code(curve, lin[i]);
        const struct smp_image8 image8 = { bytes, image->width_px, image->height_px };
        good = kind == kind_png ? smp_png_encode(sink, &image8, notes, dpi)
                                : smp_jpeg_encode(sink, &image8, notes, dpi);
    }
    free(curve);
    free(bytes);
    return good;
}

static enum smp_code check_jpeg(const char *name, const struct smp_image *image,
                                struct smp_err *err)
{
    if (image->width_px > 65500 || image->height_px > 65500)
        return smp_fail(err, SMP_E_LIMIT, "%s: a JPEG has at most 65500 px a side, not %zu x %zu",
                        name, image->width_px, image->height_px);
    return SMP_OK;
}

static enum smp_code no_memory(const char *name, const struct smp_image *image, struct smp_err *err)
{
    return smp_fail(err, SMP_E_NOMEM, "no memory to encode %s (%zu x %zu px)", name,
                    image->width_px, image->height_px);
}

enum smp_code smp_image_save(const char *path, const struct smp_image *image,
                             const struct smp_image_note *notes, double dpi, struct smp_err *err)
{
    const enum kind kind = kind_of(path);
    if (!kind)
        return smp_fail(err, SMP_E_INPUT, "%s: a picture's name must end in .png, .jpg or .jpeg",
                        path);
    enum smp_code code = smp_check_number(dpi, "dpi", "", 0, 65535, path, err);
    if (!code && kind == kind_jpeg)
        code = check_jpeg(path, image, err);
    if (code)
        return code;
    struct smp_sink sink = { 0 };
    code = encode(&sink, kind, image, notes, dpi)
               ? smp_file_write(path, sink.data, sink.length, err)
               : no_memory(path, image, err);
    free(sink.data);
    return code;
}

enum smp_code smp_image_jpeg(struct smp_bytes *bytes, const struct smp_image *image,
                             const struct smp_image_note *notes, struct smp_arena *arena,
                             struct smp_err *err)
{
    static const char name[] = "a picture of the page";
    enum smp_code code = check_jpeg(name, image, err);
    if (code)
        return code;
    struct smp_sink sink = { 0 };
    uint8_t *kept = NULL;
    if (encode(&sink, kind_jpeg, image, notes, 0))
        kept = smp_alloc(arena, sink.length, 1);
    if (kept) {
        memcpy(kept, sink.data, sink.length);
        *bytes = (struct smp_bytes){ kept, sink.length };
    }
    free(sink.data);
    return kept ? SMP_OK : no_memory(name, image, err);
}
