// JPEG by libjpeg-turbo: quality 92. A large picture is encoded in strips, on as many threads as
// there are, whose scans are then joined by restart markers (ITU-T T.81, B.2.1): at each of them a
// decoder begins anew, as each strip's encoder did. setjmp is how libjpeg reports errors; it stays
// inside this file.
#include "image_impl.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

enum { quality = 92, strip_mcu_rows = 16, largest_interval = 65535 };
enum { sof0 = 0xc0, rst0 = 0xd0, eoi = 0xd9, sos = 0xda };

struct failure {
    struct jpeg_error_mgr mgr; // first: libjpeg hands back a pointer to it
    jmp_buf out;
};

static void give_up(j_common_ptr jpeg)
{
    struct failure *failure = (struct failure *)(void *)jpeg->err;
    longjmp(failure->out, 1);
}

static void quiet(j_common_ptr jpeg)
{
    (void)jpeg;
}

static void add_notes(struct jpeg_compress_struct *jpeg, const struct smp_image_note *notes)
{
    for (; notes && notes->key; notes++) {
        char text[1024];
        const int length = snprintf(text, sizeof text, "%s: %s", notes->key, notes->text);
        if (length < 0)
            continue;
        const size_t kept = (size_t)length < sizeof text ? (size_t)length : sizeof text - 1;
        jpeg_write_marker(jpeg, JPEG_COM, (const JOCTET *)text, (unsigned)kept);
    }
}

// ---- A strip -----------------------------------------------------------------------------------

struct strip {
    unsigned char *data; // a JPEG of its own; libjpeg's malloc
    unsigned long length;
    bool good;
};

struct encoding {
    const struct smp_image8 *image;
    const struct smp_jpeg_look *look;
    size_t strip_rows, count; // pixel rows of each strip but the last; strips
    unsigned interval;        // MCUs of a strip; 0: there is but one strip
    struct strip *strips;
};

static void set_up(struct jpeg_compress_struct *jpeg, const struct encoding *job)
{
    const struct smp_jpeg_look *look = job->look;
    jpeg->input_components = 3;
    jpeg->in_color_space = JCS_RGB;
    jpeg_set_defaults(jpeg);
    jpeg_set_quality(jpeg, quality, TRUE);
    jpeg->dct_method = JDCT_ISLOW;
    jpeg->restart_interval = job->interval;
    for (int i = 0; i < 3; i++) {
        jpeg->comp_info[i].h_samp_factor = i == 0 && look->halved_across ? 2 : 1;
        jpeg->comp_info[i].v_samp_factor = i == 0 && look->halved_down ? 2 : 1;
    }
    if (look->dpi > 0) {
        jpeg->density_unit = 1; // dots per inch
        jpeg->X_density = jpeg->Y_density = (UINT16)(look->dpi + 0.5);
    }
}

static void write_strip(struct jpeg_compress_struct *jpeg, const struct encoding *job, size_t which)
{
    const struct smp_image8 *image = job->image;
    const size_t first = which * job->strip_rows, left = image->height_px - first;
    jpeg->image_width = (JDIMENSION)image->width_px;
    jpeg->image_height = (JDIMENSION)(left < job->strip_rows ? left : job->strip_rows);
    set_up(jpeg, job);
    jpeg_start_compress(jpeg, TRUE);
    if (which == 0) { // the only head that is kept
        uint8_t profile[SMP_SRGB_PROFILE_BYTES];
        smp_image_srgb_profile(profile);
        jpeg_write_icc_profile(jpeg, profile, sizeof profile);
        add_notes(jpeg, job->look->notes);
    }
    while (jpeg->next_scanline < jpeg->image_height) {
        JSAMPROW rows[1] = { smp_image8_at(image, 0, first + jpeg->next_scanline) };
        jpeg_write_scanlines(jpeg, rows, 1);
    }
    jpeg_finish_compress(jpeg);
}

static void encode_strip(struct strip *strip, const struct encoding *job, size_t which)
{
    struct jpeg_compress_struct jpeg = { 0 };
    struct failure failure;
    jpeg.err = jpeg_std_error(&failure.mgr);
    failure.mgr.error_exit = give_up;
    failure.mgr.output_message = quiet;
    if (setjmp(failure.out) == 0) {
        jpeg_create_compress(&jpeg);
        jpeg_mem_dest(&jpeg, &strip->data, &strip->length);
        write_strip(&jpeg, job, which);
        strip->good = true;
    }
    jpeg_destroy_compress(&jpeg);
}

static void encode_strips(void *context, size_t begin, size_t end)
{
    const struct encoding *job = context;
    for (size_t which = begin; which < end; which++)
        encode_strip(&job->strips[which], job, which);
}

// ---- Joined ------------------------------------------------------------------------------------

// Where the entropy-coded data begin; the frame's height is made that of the whole on the way. 0
// where this is no JPEG of ours.
static size_t scan_begin(struct strip *strip, size_t height_px)
{
    unsigned char *data = strip->data;
    for (size_t at = 2; at + 9 <= strip->length && data[at] == 0xff;) {
        const int marker = data[at + 1];
        const size_t length = (size_t)data[at + 2] << 8 | data[at + 3];
        if (marker == sof0) { // precision, then the height
            data[at + 5] = (unsigned char)(height_px >> 8);
            data[at + 6] = (unsigned char)(height_px & 0xff);
        }
        at += 2 + length;
        if (marker == sos)
            return at + 2 <= strip->length ? at : 0;
    }
    return 0;
}

static bool join(struct smp_sink *sink, const struct encoding *job)
{
    size_t all = sink->length;
    bool good = true;
    for (size_t i = 0; i < job->count; i++) {
        good = good && job->strips[i].good;
        all += job->strips[i].length;
    }
    if (good && all > sink->room) { // one piece, not doubled again and again
        uint8_t *grown = realloc(sink->data, all);
        good = grown != NULL;
        sink->data = good ? grown : sink->data;
        sink->room = good ? all : sink->room;
    }
    for (size_t i = 0; i < job->count && good; i++) {
        struct strip *strip = &job->strips[i];
        const size_t begin = scan_begin(strip, job->image->height_px);
        const size_t from = i ? begin : 0;
        const unsigned char mark[2] = { 0xff, (unsigned char)(rst0 + (i + 7) % 8) };
        good = begin > 0 && (i == 0 || smp_sink_add(sink, mark, 2)) &&
               smp_sink_add(sink, strip->data + from, strip->length - 2 - from);
    }
    const unsigned char end[2] = { 0xff, eoi };
    return good && smp_sink_add(sink, end, 2);
}

bool smp_jpeg_encode(struct smp_sink *sink, const struct smp_image8 *image,
                     const struct smp_jpeg_look *look, struct smp_pool *pool)
{
    const size_t mcu_width = look->halved_across ? 16 : 8, mcu_height = look->halved_down ? 16 : 8;
    const size_t across = (image->width_px + mcu_width - 1) / mcu_width;
    const size_t most = largest_interval / across; // a JPEG's sides are limited: at least 8
    const size_t rows = most < strip_mcu_rows ? most : strip_mcu_rows;
    struct encoding job = { .image = image, .look = look, .strip_rows = rows * mcu_height };
    job.count = (image->height_px + job.strip_rows - 1) / job.strip_rows;
    job.interval = job.count > 1 ? (unsigned)(across * rows) : 0;
    job.strips = calloc(job.count, sizeof *job.strips);
    if (!job.strips)
        return false;
    smp_pool_for(pool, job.count, 1, encode_strips, &job);
    const bool good = join(sink, &job);
    for (size_t i = 0; i < job.count; i++)
        free(job.strips[i].data);
    free(job.strips);
    return good;
}
