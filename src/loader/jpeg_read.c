// JPEG by libjpeg-turbo. setjmp is how libjpeg reports errors; it stays inside this file.
#include "loader_impl.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <jerror.h>
#include <jpeglib.h>

// Progressive files may say the same few pixels over and over: real ones have some ten scans.
enum { most_scans = 100, most_extra_bytes = ldr_most_icc_bytes };

struct failure {
    struct jpeg_error_mgr mgr; // first: libjpeg hands back a pointer to it
    jmp_buf out;
    char text[JMSG_LENGTH_MAX];
};

static struct failure *failure_of(j_common_ptr jpeg)
{
    return (struct failure *)(void *)jpeg->err;
}

static void give_up(j_common_ptr jpeg)
{
    struct failure *failure = failure_of(jpeg);
    failure->mgr.format_message(jpeg, failure->text);
    longjmp(failure->out, 1);
}

static void cut_short(j_common_ptr jpeg)
{
    snprintf(failure_of(jpeg)->text, JMSG_LENGTH_MAX, "it ends early");
    longjmp(failure_of(jpeg)->out, 1);
}

// Warnings: only the end before the end matters, libjpeg would fill the rest with grey. Ending at
// once makes the work as small as the file, whatever size it says it has.
static void on_message(j_common_ptr jpeg, int level)
{
    const int code = failure_of(jpeg)->mgr.msg_code;
    if (level < 0 && (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER))
        cut_short(jpeg);
}

static boolean on_empty(j_decompress_ptr jpeg)
{
    cut_short((j_common_ptr)jpeg);
    return FALSE;
}

static void on_progress(j_common_ptr jpeg)
{
    const struct jpeg_decompress_struct *from = (struct jpeg_decompress_struct *)(void *)jpeg;
    if (from->input_scan_number > most_scans) {
        snprintf(failure_of(jpeg)->text, JMSG_LENGTH_MAX, "more than %d scans", most_scans);
        longjmp(failure_of(jpeg)->out, 1);
    }
}

// The next marker at or after this place; entropy-coded data holds none but restarts.
static size_t find_marker(struct smp_bytes file, size_t at)
{
    while (at + 1 < file.length) {
        const uint8_t *found = memchr(file.data + at, 0xff, file.length - 1 - at);
        if (!found)
            return file.length;
        at = (size_t)(found - file.data);
        if (found[1] >= 0xc0 && found[1] != 0xff && (found[1] < 0xd0 || found[1] > 0xd8))
            return at;
        at++;
    }
    return file.length;
}

// Counts what libjpeg would work on, or keep, before it does: scans, and bytes of the markers that
// hold EXIF and profiles. As far as the first scan, or the last.
static enum smp_code check_markers(struct smp_bytes file, bool all, struct smp_err *err)
{
    enum { eoi = 0xd9, sos = 0xda, app1 = 0xe1, app2 = 0xe2 };
    int scans = 0;
    size_t extra_bytes = 0;
    for (size_t at = find_marker(file, 0); at + 4 <= file.length; at = find_marker(file, at)) {
        const int marker = file.data[at + 1];
        const size_t length = (size_t)file.data[at + 2] << 8 | file.data[at + 3];
        if (marker == eoi || (marker == sos && !all))
            break;
        scans += marker == sos;
        extra_bytes += marker == app1 || marker == app2 ? length : 0;
        if (scans > most_scans)
            return smp_fail(err, SMP_E_FORMAT, "a damaged JPEG (more than %d scans)", most_scans);
        if (extra_bytes > most_extra_bytes)
            return smp_fail(err, SMP_E_LIMIT,
                            "more than %d MiB of EXIF and colour profiles are not allowed",
                            most_extra_bytes >> 20);
        at += 2 + length;
    }
    return SMP_OK;
}

static void find_exif(struct ldr_pixels *pixels, const struct jpeg_decompress_struct *jpeg,
                      struct smp_arena *arena)
{
    for (jpeg_saved_marker_ptr m = jpeg->marker_list; m && !pixels->exif.data; m = m->next)
        if (m->marker == JPEG_APP0 + 1 && m->data_length > 6 && memcmp(m->data, "Exif\0", 6) == 0)
            pixels->exif = ldr_copy(m->data + 6, m->data_length - 6, arena);
}

static void find_profile(struct ldr_pixels *pixels, struct jpeg_decompress_struct *jpeg,
                         struct smp_arena *arena)
{
    JOCTET *data = NULL;
    unsigned length = 0;
    if (jpeg_read_icc_profile(jpeg, &data, &length)) {
        pixels->icc = ldr_copy(data, length, arena);
        free(data);
    }
    for (jpeg_saved_marker_ptr m = jpeg->marker_list; m && !pixels->icc.data; m = m->next)
        pixels->spoilt_icc =
            pixels->spoilt_icc || (m->marker == JPEG_APP0 + 2 && m->data_length >= 12 &&
                                   memcmp(m->data, "ICC_PROFILE", 12) == 0);
}

// Libjpeg's quality whose scaled table (ITU-T T.81 table K.1) is nearest to the picture's own, as
// the sum of differences; other encoders' scales differ, their tables tell the same.
static int nearest_quality(const JQUANT_TBL *table)
{
    static const uint8_t luminance[DCTSIZE2] = {
        16, 11, 10, 16, 24,  40,  51,  61,  12, 12, 14, 19, 26,  58,  60,  55,
        14, 13, 16, 24, 40,  57,  69,  56,  14, 17, 22, 29, 51,  87,  80,  62,
        18, 22, 37, 56, 68,  109, 103, 77,  24, 35, 55, 64, 81,  104, 113, 92,
        49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
    };
    int best = 0;
    long least = 0;
    for (int quality = 1; table && quality <= 100; quality++) {
        const int percent = quality < 50 ? 5000 / quality : 200 - 2 * quality;
        long off = 0;
        for (int i = 0; i < DCTSIZE2; i++) {
            int step = (luminance[i] * percent + 50) / 100;
            step = step < 1 ? 1 : step > 255 ? 255 : step;
            off += labs((long)step - (long)table->quantval[i]);
        }
        if (!best || off < least) {
            best = quality;
            least = off;
        }
    }
    return best;
}

struct ahead {
    size_t told, mapped; // bytes of the pixels
};

// Has the parent get ready what will be written next, and maps what comes now in one go. Not far
// ahead: a file that ends early has then cost little memory.
static void get_ready(struct ahead *ahead, const struct ldr_pixels *pixels, size_t at,
                      const struct ldr_job *job)
{
    enum { ahead_bytes = 8 << 20, step_bytes = 1 << 20, around_bytes = 16 * smp_page_bytes };
    if (!job->soon || !job->room || at < ahead->mapped)
        return;
    const size_t all = pixels->width_px * pixels->height_px * 3;
    uint8_t *data = pixels->data;
    if (at + ahead_bytes >= ahead->told + step_bytes) {
        ahead->told = at + ahead_bytes;
        job->soon(job, data + (ahead->told < all ? ahead->told : all));
    }
    // of pages that are there, the kernel maps those around one that is read along with it
    const size_t left = all - ahead->mapped, upto = left < step_bytes ? left : step_bytes;
    const volatile uint8_t *around = data + ahead->mapped;
    for (size_t i = 0; i < upto; i += around_bytes)
        (void)around[i];
    ahead->mapped += step_bytes;
}

static enum smp_code read_all(struct ldr_pixels *pixels, struct jpeg_decompress_struct *jpeg,
                              struct smp_bytes file, const struct ldr_job *job, struct smp_err *err)
{
    jpeg_save_markers(jpeg, JPEG_APP0 + 1, 0xffff);
    jpeg_save_markers(jpeg, JPEG_APP0 + 2, 0xffff);
    jpeg_read_header(jpeg, TRUE);
    if (jpeg->num_components != 1 && jpeg->num_components != 3)
        return smp_fail(err, SMP_E_UNSUPPORTED,
                        "a JPEG of %d colours (CMYK) is not supported: save it in sRGB",
                        jpeg->num_components);
    enum smp_code code =
        ldr_pixels_make(pixels, jpeg->image_width, jpeg->image_height, 3, 8, job, err);
    if (!code && jpeg_has_multiple_scans(jpeg))
        code = check_markers(file, true, err);
    if (code)
        return code;
    find_exif(pixels, jpeg, job->arena);
    find_profile(pixels, jpeg, job->arena);
    struct ahead ahead = { 0 };
    jpeg->out_color_space = JCS_RGB;
    jpeg->dct_method = JDCT_ISLOW;
    jpeg_start_decompress(jpeg);
    pixels->jpeg_quality = nearest_quality(jpeg->comp_info[0].quant_table);
    pixels->halved_across = jpeg->num_components == 3 &&
                            jpeg->comp_info[1].h_samp_factor < jpeg->comp_info[0].h_samp_factor;
    pixels->halved_down = jpeg->num_components == 3 &&
                          jpeg->comp_info[1].v_samp_factor < jpeg->comp_info[0].v_samp_factor;
    while (jpeg->output_scanline < jpeg->output_height) {
        const size_t at = (size_t)jpeg->output_scanline * pixels->width_px * 3;
        get_ready(&ahead, pixels, at, job);
        uint8_t *row = (uint8_t *)pixels->data + at;
        JSAMPROW rows[1] = { row };
        jpeg_read_scanlines(jpeg, rows, 1);
    }
    jpeg_finish_decompress(jpeg);
    return SMP_OK;
}

enum smp_code ldr_jpeg_read(struct ldr_pixels *pixels, struct smp_bytes file,
                            const struct ldr_job *job, struct smp_err *err)
{
    if (check_markers(file, false, err))
        return SMP_E_LIMIT;
    struct jpeg_decompress_struct jpeg = { 0 };
    struct jpeg_progress_mgr progress = { .progress_monitor = on_progress };
    struct failure failure = { .text = "" };
    jpeg.err = jpeg_std_error(&failure.mgr);
    failure.mgr.error_exit = give_up;
    failure.mgr.emit_message = on_message;
    if (setjmp(failure.out)) {
        jpeg_destroy_decompress(&jpeg);
        return smp_fail(err, SMP_E_FORMAT, "a damaged JPEG (%s)", failure.text);
    }
    jpeg_create_decompress(&jpeg);
    jpeg.progress = &progress;
    jpeg_mem_src(&jpeg, file.data, file.length);
    jpeg.src->fill_input_buffer = on_empty;
    const enum smp_code code = read_all(pixels, &jpeg, file, job, err);
    jpeg_destroy_decompress(&jpeg);
    return code;
}
