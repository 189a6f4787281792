// HEIC by libheif and libde265, on one thread. libheif turns and mirrors the picture itself (irot,
// imir); EXIF's orientation, which says the same again, is left alone.
#include "loader_impl.h"

#include <libheif/heif.h>
#include <math.h>
#include <string.h>

// libheif has libde265 start a worker thread, which a confined process may not. This definition
// stands in front of the library's; without workers libde265 decodes on the caller's thread.
int de265_start_worker_threads(void *decoder, int count);
int de265_start_worker_threads(void *decoder, int count)
{
    (void)decoder;
    (void)count;
    return 0; // DE265_OK
}

struct heic {
    struct heif_context *context;
    struct heif_image_handle *primary;
    struct heif_decoding_options *options;
    struct heif_image *image;
};

static void drop(struct heic *heic)
{
    if (heic->image)
        heif_image_release(heic->image);
    if (heic->options)
        heif_decoding_options_free(heic->options);
    if (heic->primary)
        heif_image_handle_release(heic->primary);
    if (heic->context)
        heif_context_free(heic->context);
}

static enum smp_code refuse(struct heif_error error, const struct ldr_job *job, struct smp_err *err)
{
    if (error.code == heif_error_Memory_allocation_error)
        return error.subcode == heif_suberror_Security_limit_exceeded
                   ? smp_fail(err, SMP_E_LIMIT, "a HEIC that breaks a limit (%s)", error.message)
                   : ldr_no_memory(job, err);
    if (error.code == heif_error_Unsupported_filetype ||
        error.code == heif_error_Unsupported_feature)
        return smp_fail(err, SMP_E_UNSUPPORTED, "a kind of HEIC that is not supported (%s)",
                        error.message);
    return smp_fail(err, SMP_E_FORMAT, "a damaged HEIC (%s)", error.message);
}

// ---- What stands beside the pixels --------------------------------------------------------------

static void find_exif(struct ldr_pixels *pixels, const struct heif_image_handle *handle,
                      struct smp_arena *arena)
{
    heif_item_id id = 0;
    if (heif_image_handle_get_list_of_metadata_block_IDs(handle, "Exif", &id, 1) != 1)
        return;
    const size_t length = heif_image_handle_get_metadata_size(handle, id);
    uint8_t *data = length > 4 && length <= 1 << 20 ? smp_new(arena, uint8_t, length) : NULL;
    if (!data || heif_image_handle_get_metadata(handle, id, data).code)
        return;
    // The length of what stands before the TIFF header comes first (ISO/IEC 23008-12 A.2.1).
    const size_t before =
        (size_t)data[0] << 24 | (size_t)data[1] << 16 | (size_t)data[2] << 8 | (size_t)data[3];
    if (before < length - 4)
        pixels->exif = (struct smp_bytes){ data + 4 + before, length - 4 - before };
}

// Colours said by numbers (ITU-T H.273) instead of a profile.
static enum smp_code read_numbers(struct ldr_pixels *pixels,
                                  const struct heif_color_profile_nclx *nclx,
                                  struct smp_arena *arena, struct smp_err *err)
{
    const int transfer = (int)nclx->transfer_characteristics;
    const int primaries = (int)nclx->color_primaries;
    if (transfer == 16 || transfer == 18)
        return smp_fail(err, SMP_E_UNSUPPORTED,
                        "high dynamic range (%s) is not supported: save the picture in sRGB",
                        transfer == 16 ? "PQ" : "HLG");
    double gamma = 0; // video's own curves are shown by sRGB's, as browsers do
    if (transfer == 4 || transfer == 5)
        gamma = transfer == 4 ? 2.2 : 2.8;
    else if (transfer == 8)
        gamma = 1;
    else if (transfer != 1 && transfer != 2 && transfer != 6 && transfer != 13 && transfer != 14 &&
             transfer != 15)
        return smp_fail(err, SMP_E_UNSUPPORTED,
                        "its transfer curve (H.273 number %d) is not supported: save the picture "
                        "in sRGB",
                        transfer);
    const bool same = primaries == 1 || primaries == 2;
    if (same && gamma == 0)
        return SMP_OK;
    double xy[4][2] = { { 0.64, 0.33 }, { 0.3, 0.6 }, { 0.15, 0.06 }, { 0.3127, 0.329 } };
    if (!same) {
        const float told[4][2] = { { nclx->color_primary_red_x, nclx->color_primary_red_y },
                                   { nclx->color_primary_green_x, nclx->color_primary_green_y },
                                   { nclx->color_primary_blue_x, nclx->color_primary_blue_y },
                                   { nclx->color_primary_white_x, nclx->color_primary_white_y } };
        for (int i = 0; i < 8; i++)
            xy[i / 2][i % 2] = (double)told[i / 2][i % 2];
    }
    if (xy[0][1] > 0 && xy[1][1] > 0 && xy[2][1] > 0 && xy[3][1] > 0)
        pixels->icc = ldr_icc_make((const double(*)[2])xy, gamma, arena);
    if (!pixels->icc.data)
        return smp_fail(err, SMP_E_UNSUPPORTED,
                        "its primary colours (H.273 number %d) are not supported: save the picture "
                        "in sRGB",
                        primaries);
    return SMP_OK;
}

static enum smp_code find_colours(struct ldr_pixels *pixels, const struct heif_image_handle *handle,
                                  const struct ldr_job *job, struct smp_err *err)
{
    const size_t length = heif_image_handle_get_raw_color_profile_size(handle);
    if (length) {
        uint8_t *data = length <= ldr_most_icc_bytes ? smp_new(job->arena, uint8_t, length) : NULL;
        if (!data)
            return smp_fail(err, SMP_E_LIMIT, "a colour profile of %zu bytes; at most %d allowed",
                            length, ldr_most_icc_bytes);
        if (heif_image_handle_get_raw_color_profile(handle, data).code == 0)
            pixels->icc = (struct smp_bytes){ data, length };
        else
            pixels->spoilt_icc = true;
        return SMP_OK;
    }
    struct heif_color_profile_nclx *nclx = NULL;
    if (heif_image_handle_get_nclx_color_profile(handle, &nclx).code || !nclx)
        return SMP_OK;
    const enum smp_code code = read_numbers(pixels, nclx, job->arena, err);
    heif_nclx_color_profile_free(nclx);
    return code;
}

// ---- Pixels -------------------------------------------------------------------------------------

static enum heif_chroma layout_of(int bits, bool alpha)
{
    if (bits == 8)
        return alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB;
    if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
        return alpha ? heif_chroma_interleaved_RRGGBBAA_LE : heif_chroma_interleaved_RRGGBB_LE;
    return alpha ? heif_chroma_interleaved_RRGGBBAA_BE : heif_chroma_interleaved_RRGGBB_BE;
}

static enum smp_code copy_pixels(struct ldr_pixels *pixels, const struct heif_image *image,
                                 bool alpha, const struct ldr_job *job, struct smp_err *err)
{
    int stride = 0;
    const uint8_t *plane = heif_image_get_plane_readonly(image, heif_channel_interleaved, &stride);
    const int width = heif_image_get_width(image, heif_channel_interleaved);
    const int height = heif_image_get_height(image, heif_channel_interleaved);
    const int bits = heif_image_get_bits_per_pixel_range(image, heif_channel_interleaved);
    if (!plane || width < 1 || height < 1 || bits < 8 || bits > 16)
        return smp_fail(err, SMP_E_FORMAT, "a damaged HEIC (no pixels)");
    const enum smp_code code =
        ldr_pixels_make(pixels, (size_t)width, (size_t)height, alpha ? 4 : 3, bits, job, err);
    if (code)
        return code;
    const size_t row_bytes = (size_t)width * (size_t)pixels->channels * (bits > 8 ? 2 : 1);
    if (stride < 0 || (size_t)stride < row_bytes)
        return smp_fail(err, SMP_E_FORMAT, "a damaged HEIC (short rows)");
    for (size_t y = 0; y < (size_t)height; y++)
        memcpy((uint8_t *)pixels->data + y * row_bytes, plane + y * (size_t)stride, row_bytes);
    return SMP_OK;
}

static enum smp_code check_primary(const struct heif_image_handle *primary,
                                   const struct ldr_job *job, struct smp_err *err)
{
    const int width = heif_image_handle_get_width(primary);
    const int height = heif_image_handle_get_height(primary);
    if (width < 1 || height < 1)
        return smp_fail(err, SMP_E_FORMAT, "a picture of %d x %d px", width, height);
    if ((size_t)width > job->max_items / (size_t)height)
        return smp_fail(err, SMP_E_LIMIT, "%d x %d px; at most %zu px in all are allowed", width,
                        height, job->max_items);
    if (heif_image_handle_is_premultiplied_alpha(primary))
        return smp_fail(err, SMP_E_UNSUPPORTED,
                        "premultiplied opacity is not supported: save the picture without it");
    return SMP_OK;
}

static enum smp_code read_all(struct heic *heic, struct ldr_pixels *pixels, struct smp_bytes file,
                              const struct ldr_job *job, struct smp_err *err)
{
    heic->context = heif_context_alloc();
    heic->options = heif_decoding_options_alloc();
    if (!heic->context || !heic->options)
        return ldr_no_memory(job, err);
    // libheif counts the pixels of a square of this side, and those of padding as well: ours, which
    // is exact, comes after.
    heif_context_set_maximum_image_size_limit(heic->context,
                                              64 + (int)ceil(sqrt(2 * (double)job->max_items)));
    heif_context_set_max_decoding_threads(heic->context, 0);
    heic->options->strict_decoding = 1;
    struct heif_error error =
        heif_context_read_from_memory_without_copy(heic->context, file.data, file.length, NULL);
    if (!error.code)
        error = heif_context_get_primary_image_handle(heic->context, &heic->primary);
    if (error.code)
        return refuse(error, job, err);
    enum smp_code code = check_primary(heic->primary, job, err);
    if (!code)
        code = find_colours(pixels, heic->primary, job, err);
    if (code)
        return code;
    find_exif(pixels, heic->primary, job->arena);
    const bool alpha = heif_image_handle_has_alpha_channel(heic->primary);
    const int bits = heif_image_handle_get_luma_bits_per_pixel(heic->primary);
    error = heif_decode_image(heic->primary, &heic->image, heif_colorspace_RGB,
                              layout_of(bits, alpha), heic->options);
    return error.code ? refuse(error, job, err) : copy_pixels(pixels, heic->image, alpha, job, err);
}

// AV1 in the same kind of box would bring decoders with threads of their own.
static bool is_avif(struct smp_bytes file)
{
    for (size_t at = 8; at + 4 <= file.length && at < 64; at += 4)
        if (memcmp(file.data + at, "avif", 4) == 0 || memcmp(file.data + at, "avis", 4) == 0)
            return true;
    return false;
}

enum smp_code ldr_heic_read(struct ldr_pixels *pixels, struct smp_bytes file,
                            const struct ldr_job *job, struct smp_err *err)
{
    if (is_avif(file))
        return smp_fail(err, SMP_E_UNSUPPORTED,
                        "AVIF pictures are not supported: save it as JPEG, PNG or HEIC");
    struct heic heic = { NULL, NULL, NULL, NULL };
    pixels->upright = true;
    enum smp_code code = ldr_heic_check(file, job, err);
    if (!code)
        code = read_all(&heic, pixels, file, job, err);
    drop(&heic);
    return code;
}
