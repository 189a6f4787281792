// WebP by libwebp, on one thread.
#include "loader_impl.h"

#include <string.h>
#include <webp/decode.h>
#include <webp/demux.h>

static struct smp_bytes find_chunk(const WebPDemuxer *demux, const char *name,
                                   struct smp_arena *arena)
{
    WebPChunkIterator at;
    struct smp_bytes chunk = { 0 };
    if (WebPDemuxGetChunk(demux, name, 1, &at)) {
        if (at.chunk.size <= ldr_most_icc_bytes)
            chunk = ldr_copy(at.chunk.bytes, at.chunk.size, arena);
        WebPDemuxReleaseChunkIterator(&at);
    }
    return chunk;
}

static void find_extras(struct ldr_pixels *pixels, struct smp_bytes file, struct smp_arena *arena)
{
    const WebPData data = { file.data, file.length };
    WebPDemuxer *demux = WebPDemux(&data);
    if (!demux)
        return;
    pixels->icc = find_chunk(demux, "ICCP", arena);
    pixels->exif = find_chunk(demux, "EXIF", arena);
    // Some writers put JPEG's marker before the TIFF header.
    if (pixels->exif.length > 6 && memcmp(pixels->exif.data, "Exif\0", 6) == 0) {
        pixels->exif.data += 6;
        pixels->exif.length -= 6;
    }
    WebPDemuxDelete(demux);
}

enum smp_code ldr_webp_read(struct ldr_pixels *pixels, struct smp_bytes file,
                            const struct ldr_job *job, struct smp_err *err)
{
    WebPBitstreamFeatures features;
    if (WebPGetFeatures(file.data, file.length, &features) != VP8_STATUS_OK)
        return smp_fail(err, SMP_E_FORMAT, "a damaged WebP (its header)");
    if (features.has_animation)
        return smp_fail(err, SMP_E_UNSUPPORTED, "an animated WebP is not a photo");
    const int channels = features.has_alpha ? 4 : 3;
    const enum smp_code code = ldr_pixels_make(pixels, (size_t)features.width,
                                               (size_t)features.height, channels, 8, job, err);
    if (code)
        return code;
    const int stride = features.width * channels;
    const size_t size = (size_t)stride * pixels->height_px;
    const uint8_t *got =
        features.has_alpha ? WebPDecodeRGBAInto(file.data, file.length, pixels->data, size, stride)
                           : WebPDecodeRGBInto(file.data, file.length, pixels->data, size, stride);
    if (!got)
        return smp_fail(err, SMP_E_FORMAT, "a damaged WebP (it ends early or breaks a rule)");
    find_extras(pixels, file, job->arena);
    return SMP_OK;
}
