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

static enum smp_code write_encoded(const char *path, enum kind kind, const struct smp_image8 *image,
                                   const struct smp_image_note *notes, double dpi,
                                   struct smp_err *err)
{
    struct smp_sink sink = { 0 };
    const bool good = kind == kind_png ? smp_png_encode(&sink, image, notes, dpi)
                                       : smp_jpeg_encode(&sink, image, notes, dpi);
    enum smp_code code = good ? smp_file_write(path, sink.data, sink.length, err)
                              : smp_fail(err, SMP_E_NOMEM, "no memory to encode %s (%zu x %zu px)",
                                         path, image->width_px, image->height_px);
    free(sink.data);
    return code;
}

enum smp_code smp_image_save(const char *path, const struct smp_image *image,
                             const struct smp_image_note *notes, double dpi, struct smp_err *err)
{
    const enum kind kind = kind_of(path);
    if (!kind)
        return smp_fail(err, SMP_E_INPUT, "%s: a picture's name must end in .png, .jpg or .jpeg",
                        path);
    enum smp_code code = smp_check_number(dpi, "dpi", "", 0, 65535, path, err);
    if (code)
        return code;
    if (kind == kind_jpeg && (image->width_px > 65500 || image->height_px > 65500))
        return smp_fail(err, SMP_E_LIMIT, "%s: a JPEG has at most 65500 px a side, not %zu x %zu",
                        path, image->width_px, image->height_px);

    const size_t count = image->width_px * image->height_px * 3;
    uint8_t *bytes = malloc(count);
    struct curve *curve = malloc(sizeof *curve);
    if (bytes && curve) {
        make_curve(curve);
        const float *lin = &image->px_lin->r;
        for (size_t i = 0; i < count; i++)
            bytes[i] = nearest_code(curve, lin[i]);
        const struct smp_image8 image8 = { bytes, image->width_px, image->height_px };
        code = write_encoded(path, kind, &image8, notes, dpi, err);
    } else {
        code = smp_fail(err, SMP_E_NOMEM, "no memory to encode %s", path);
    }
    free(curve);
    free(bytes);
    return code;
}
