// Pictures to files: 8-bit sRGB without dithering (each value is the nearest code), so that the
// same pixels give the same bytes and flat areas stay flat.
#include "image_impl.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

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
static bool encode8(struct smp_sink *sink, enum kind kind, const struct smp_image8 *image,
                    const struct smp_jpeg_look *look, struct smp_pool *pool)
{
    return kind == kind_png ? smp_png_encode(sink, image, look->notes, look->dpi)
                            : smp_jpeg_encode(sink, image, look, pool);
}

static bool encode(struct smp_sink *sink, enum kind kind, const struct smp_image *image,
                   const struct smp_image_note *notes, double dpi)
{
    struct smp_arena arena;
    struct smp_image8 codes;
    const struct smp_jpeg_look look = { .notes = notes, .dpi = dpi };
    smp_arena_make(&arena, 0);
    const bool good = smp_image8_of(&codes, image, NULL, &arena, NULL) == SMP_OK &&
                      encode8(sink, kind, &codes, &look, NULL);
    smp_arena_drop(&arena);
    return good;
}

static enum smp_code check_jpeg(const char *name, size_t width_px, size_t height_px,
                                struct smp_err *err)
{
    if (width_px > 65500 || height_px > 65500)
        return smp_fail(err, SMP_E_LIMIT, "%s: a JPEG has at most 65500 px a side, not %zu x %zu",
                        name, width_px, height_px);
    return SMP_OK;
}

static enum smp_code check_kind(enum kind *kind, const char *path, size_t width_px,
                                size_t height_px, struct smp_err *err)
{
    *kind = kind_of(path);
    if (!*kind)
        return smp_fail(err, SMP_E_INPUT, "%s: a picture's name must end in .png, .jpg or .jpeg",
                        path);
    return *kind == kind_jpeg ? check_jpeg(path, width_px, height_px, err) : SMP_OK;
}

static enum smp_code no_memory(const char *name, size_t width_px, size_t height_px,
                               struct smp_err *err)
{
    return smp_fail(err, SMP_E_NOMEM, "no memory to encode %s (%zu x %zu px)", name, width_px,
                    height_px);
}

enum smp_code smp_image_save(const char *path, const struct smp_image *image,
                             const struct smp_image_note *notes, double dpi, struct smp_err *err)
{
    enum kind kind;
    const size_t width_px = image->width_px, height_px = image->height_px;
    enum smp_code code = check_kind(&kind, path, width_px, height_px, err);
    if (!code)
        code = smp_check_number(dpi, "dpi", "", 0, 65535, path, err);
    if (code)
        return code;
    struct smp_sink sink = { 0 };
    code = encode(&sink, kind, image, notes, dpi)
               ? smp_file_write(path, sink.data, sink.length, err)
               : no_memory(path, width_px, height_px, err);
    free(sink.data);
    return code;
}

static struct smp_jpeg_look look_like(const struct smp_photo_facts *like,
                                      const struct smp_image_note *notes)
{
    return (struct smp_jpeg_look){ .notes = notes,
                                   .halved_across = like && like->halved_across,
                                   .halved_down = like && like->halved_down };
}

enum smp_code smp_image8_save(const char *path, const struct smp_image8 *image,
                              const struct smp_photo_facts *like,
                              const struct smp_image_note *notes, struct smp_pool *pool,
                              struct smp_err *err)
{
    enum kind kind;
    const struct smp_jpeg_look look = look_like(like, notes);
    enum smp_code code = check_kind(&kind, path, image->width_px, image->height_px, err);
    if (code)
        return code;
    struct smp_sink sink = { 0 };
    code = encode8(&sink, kind, image, &look, pool)
               ? smp_file_write(path, sink.data, sink.length, err)
               : no_memory(path, image->width_px, image->height_px, err);
    free(sink.data);
    return code;
}

static const char in_memory[] = "a picture of the page";

// Into the arena where it was encoded; the sink is freed.
static enum smp_code keep(struct smp_bytes *bytes, struct smp_sink *sink, bool encoded,
                          size_t width_px, size_t height_px, struct smp_arena *arena,
                          struct smp_err *err)
{
    uint8_t *kept = encoded ? smp_alloc(arena, sink->length, 1) : NULL;
    if (kept) {
        memcpy(kept, sink->data, sink->length);
        *bytes = (struct smp_bytes){ kept, sink->length };
    }
    free(sink->data);
    return kept ? SMP_OK : no_memory(in_memory, width_px, height_px, err);
}

enum smp_code smp_image8_jpeg(struct smp_bytes *bytes, const struct smp_image8 *image,
                              const struct smp_photo_facts *like,
                              const struct smp_image_note *notes, struct smp_pool *pool,
                              struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_jpeg_look look = look_like(like, notes);
    const enum smp_code code = check_jpeg(in_memory, image->width_px, image->height_px, err);
    if (code)
        return code;
    struct smp_sink sink = { 0 };
    const bool good = smp_jpeg_encode(&sink, image, &look, pool);
    return keep(bytes, &sink, good, image->width_px, image->height_px, arena, err);
}

enum smp_code smp_image_jpeg(struct smp_bytes *bytes, const struct smp_image *image,
                             const struct smp_image_note *notes, struct smp_arena *arena,
                             struct smp_err *err)
{
    const enum smp_code code = check_jpeg(in_memory, image->width_px, image->height_px, err);
    if (code)
        return code;
    struct smp_sink sink = { 0 };
    const bool good = encode(&sink, kind_jpeg, image, notes, 0);
    return keep(bytes, &sink, good, image->width_px, image->height_px, arena, err);
}
