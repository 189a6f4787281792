// Files made to cost much more than they weigh: refused in a sentence, and at little memory.
#include "made_test.h"

#include <sys/resource.h>
#include <zlib.h>

enum { huge_px = 10000, most_extra_kib = 64 << 10 };

// The largest reader of this test so far, and this process.
static long peak_kib(void)
{
    struct rusage children, self;
    getrusage(RUSAGE_CHILDREN, &children);
    getrusage(RUSAGE_SELF, &self);
    return children.ru_maxrss > self.ru_maxrss ? children.ru_maxrss : self.ru_maxrss;
}

static long begin_measured(void)
{
    begin();
    static struct made plain;
    struct smp_image image;
    make_jpeg(&plain);
    ck_assert_int_eq(decode(&image, &plain, 0), SMP_OK);
    return peak_kib();
}

static void end_measured(long before_kib)
{
    const long extra_kib = peak_kib() - before_kib;
    ck_assert_msg(ASAN || extra_kib < most_extra_kib, "%ld KiB more than for a small picture",
                  extra_kib);
    smp_arena_drop(&arena);
}

static void must_end(const struct made *made, enum smp_code code, const char *msg)
{
    struct smp_image image = { 0 };
    const enum smp_code got = decode(&image, made, 0);
    ck_assert_msg(got == code && strcmp(err.msg, msg) == 0, "%s \"%s\", not \"%s\"",
                  smp_code_name(got), err.msg, msg);
    ck_assert(code == SMP_OK || !image.px_lin);
}

static void put32(uint8_t *to, size_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (uint8_t)(value >> (24 - 8 * i));
}

// ---- PNG ----------------------------------------------------------------------------------------

static void add_chunk(struct made *made, const char *name, const void *data, size_t length)
{
    uint8_t number[4];
    put32(number, length);
    add(made, number, 4);
    add(made, name, 4);
    add(made, data, length);
    put32(number, crc32(crc32(0, (const Bytef *)name, 4), data, (uInt)length));
    add(made, number, 4);
}

static void begin_png(struct made *made, size_t width, size_t height)
{
    uint8_t header[13] = { [8] = 8, [9] = 2 }; // 8 bits, RGB
    put32(header, width);
    put32(header + 4, height);
    made->length = 0;
    add(made, "\x89PNG\r\n\x1a\n", 8);
    add_chunk(made, "IHDR", header, sizeof header);
}

// Zeros by the hundred million, in a few hundred thousand bytes; the first 132 as given.
static struct smp_bytes inflatable(const uint8_t *head, size_t head_bytes)
{
    enum { zeros = 200 << 20, step = 1 << 20 };
    static uint8_t packed[1 << 20], block[step];
    z_stream z = { .next_out = packed, .avail_out = sizeof packed };
    ck_assert_int_eq(deflateInit(&z, 1), Z_OK);
    memcpy(block, head, head_bytes);
    for (int i = 0; i < zeros / step; i++) {
        z.next_in = block;
        z.avail_in = step;
        ck_assert_int_eq(deflate(&z, Z_NO_FLUSH), Z_OK);
        memset(block, 0, head_bytes);
    }
    ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    return (struct smp_bytes){ packed, z.total_out };
}

START_TEST(a_png_costs_no_more_than_it_holds)
{
    const long before_kib = begin_measured();
    static struct made made;
    static uint8_t pixel[32];
    uLongf pixel_bytes = sizeof pixel;
    compress(pixel, &pixel_bytes, (const Bytef *)"\0\0\0\0", 4);
    begin_png(&made, 1 << 30, 1 << 30);
    must_end(&made, SMP_E_LIMIT,
             "front.jpg: 1073741824 x 1073741824 px; at most 100000000 px in all are allowed");
    begin_png(&made, huge_px, huge_px); // allowed, but nothing follows
    add_chunk(&made, "IDAT", pixel, pixel_bytes);
    add_chunk(&made, "IEND", "", 0);
    must_end(&made, SMP_E_FORMAT, "front.jpg: a damaged PNG (Not enough image data)");
    // A profile and two texts that inflate to 200 MiB each, beside a picture of one pixel.
    uint8_t head[132] = { 0 };
    put32(head, 200 << 20);
    memcpy(head + 12, "mntrRGB XYZ ", 12);
    memcpy(head + 36, "acsp", 4);
    const struct smp_bytes zeros = inflatable(head, sizeof head);
    static uint8_t named[1 << 20] = "x";
    ck_assert_uint_lt(zeros.length + 3, sizeof named);
    memcpy(named + 3, zeros.data, zeros.length); // "x", its end, the method 0
    begin_png(&made, 1, 1);
    add_chunk(&made, "iCCP", named, zeros.length + 3);
    add_chunk(&made, "IDAT", pixel, pixel_bytes);
    add_chunk(&made, "IEND", "", 0);
    must_end(&made, SMP_OK, "");
    begin_png(&made, 1, 1);
    add_chunk(&made, "zTXt", named, zeros.length + 3);
    add_chunk(&made, "zTXt", named, zeros.length + 3);
    add_chunk(&made, "IDAT", pixel, pixel_bytes);
    add_chunk(&made, "IEND", "", 0);
    must_end(&made, SMP_OK, "");
    end_measured(before_kib);
}
END_TEST

// ---- JPEG ---------------------------------------------------------------------------------------

// The place of a marker's two bytes in a JPEG made here.
static size_t marker_at(const struct made *made, int marker)
{
    for (size_t at = 0; at + 1 < made->length; at++)
        if (made->data[at] == 0xff && made->data[at + 1] == marker)
            return at;
    ck_abort_msg("no marker %x", (unsigned)marker);
    return 0;
}

static void claim_size(struct made *jpeg, size_t width, size_t height)
{
    uint8_t *size = jpeg->data + marker_at(jpeg, 0xc0) + 5;
    size[0] = (uint8_t)(height >> 8);
    size[1] = (uint8_t)height;
    size[2] = (uint8_t)(width >> 8);
    size[3] = (uint8_t)width;
}

START_TEST(a_jpeg_costs_no_more_than_it_holds)
{
    const long before_kib = begin_measured();
    static struct made jpeg, made;
    make_jpeg(&jpeg);
    claim_size(&jpeg, 65000, 65000);
    must_end(&jpeg, SMP_E_LIMIT,
             "front.jpg: 65000 x 65000 px; at most 100000000 px in all are allowed");
    claim_size(&jpeg, huge_px, huge_px);
    must_end(&jpeg, SMP_E_FORMAT, "front.jpg: a damaged JPEG (it ends early)");
    // The same as a progressive file, whose coefficients are all kept.
    jpeg.data[marker_at(&jpeg, 0xc0) + 1] = 0xc2;
    made = jpeg;
    made.data[marker_at(&made, 0xda) + 12] = 0; // the first scan: DC only
    must_end(&made, SMP_E_FORMAT, "front.jpg: a damaged JPEG (it ends early)");
    // Scans without end, each of which would pass over all pixels.
    const size_t scan = marker_at(&made, 0xda);
    made.length = scan + 14;
    for (int i = 0; i < 5000; i++)
        add(&made, made.data + scan, 14);
    must_end(&made, SMP_E_FORMAT, "front.jpg: a damaged JPEG (more than 100 scans)");
    end_measured(before_kib);
}
END_TEST

START_TEST(markers_of_a_jpeg_that_lie_or_pile_up_are_harmless)
{
    const long before_kib = begin_measured();
    static struct made jpeg;
    static uint8_t file[40 << 20];
    struct smp_image image;
    make_jpeg(&jpeg);
    // Piece 3 of 255 of a profile, and no other.
    static struct made made;
    made.length = 0;
    add(&made, jpeg.data, 2);
    add(&made,
        "\xff\xe2\x00\x14"
        "ICC_PROFILE\0\x03\xff"
        "abcd",
        22);
    add(&made, jpeg.data + 2, jpeg.length - 2);
    must_end(&made, SMP_OK, "");
    // 40 MiB of EXIF, a marker at a time.
    size_t length = 0;
    memcpy(file, jpeg.data, 2);
    for (length = 2; length + 65537 < sizeof file; length += 65537)
        memcpy(file + length,
               "\xff\xe1\xff\xff"
               "Exif",
               8);
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_image_decode(&image, (struct smp_bytes){ file, length }, "front.jpg", NULL,
                                      &arena, &err),
                     SMP_E_LIMIT);
    ck_msg_eq(err, "front.jpg: more than 16 MiB of EXIF and colour profiles are not allowed");
    end_measured(before_kib + (40 << 10)); // the file itself
}
END_TEST

// ---- WebP and profiles --------------------------------------------------------------------------

START_TEST(a_webp_costs_no_more_than_it_holds)
{
    const long before_kib = begin_measured();
    static struct made made;
    // VP8L: 14 bits of width - 1, 14 of height - 1, then nothing.
    const uint32_t size = (9999U) | (9999U << 14);
    uint8_t file[] = { 'R',
                       'I',
                       'F',
                       'F',
                       30,
                       0,
                       0,
                       0,
                       'W',
                       'E',
                       'B',
                       'P',
                       'V',
                       'P',
                       '8',
                       'L',
                       10,
                       0,
                       0,
                       0,
                       0x2f,
                       (uint8_t)size,
                       (uint8_t)(size >> 8),
                       (uint8_t)(size >> 16),
                       (uint8_t)(size >> 24),
                       0,
                       0,
                       0,
                       0,
                       0 };
    add(&made, file, sizeof file);
    must_end(&made, SMP_E_FORMAT, "front.jpg: a damaged WebP (it ends early or breaks a rule)");
    file[23] = 0xff;
    file[24] = 0x0f; // 16384 high
    made.length = 0;
    add(&made, file, sizeof file);
    must_end(&made, SMP_E_LIMIT,
             "front.jpg: 10000 x 16384 px; at most 100000000 px in all are allowed");
    end_measured(before_kib);
}
END_TEST

// The JPEG with this profile in the place of its own.
static void exchange_profile(struct made *made, const struct made *jpeg, struct smp_bytes icc)
{
    uint8_t head[18] = { 0xff, 0xe2, 0,   0,   'I', 'C', 'C', '_', 'P',
                         'R',  'O',  'F', 'I', 'L', 'E', 0,   1,   1 };
    head[2] = (uint8_t)((icc.length + 16) >> 8);
    head[3] = (uint8_t)(icc.length + 16);
    const size_t own = marker_at(jpeg, 0xe2);
    const size_t own_end = own + 2 + ((size_t)jpeg->data[own + 2] << 8 | jpeg->data[own + 3]);
    made->length = 0;
    add(made, jpeg->data, own);
    add(made, head, sizeof head);
    add(made, icc.data, icc.length);
    add(made, jpeg->data + own_end, jpeg->length - own_end);
}

START_TEST(profiles_that_lie_are_refused_or_left_out)
{
    const long before_kib = begin_measured();
    static const char refusal[] =
        "front.jpg: its colour profile is damaged or not for RGB: save the picture in sRGB";
    static struct made jpeg, made;
    struct smp_image image;
    uint8_t spoilt[4096];
    make_jpeg(&jpeg);
    const struct smp_bytes good = profile_bytes(cmsCreate_sRGBProfile());
    ck_assert_uint_lt(good.length, sizeof spoilt);
    exchange_profile(&made, &jpeg, good);
    must_end(&made, SMP_OK, "");
    // Bytes of its header and its table of tags turned over: kinds, places, lengths, counts.
    int refused = 0;
    for (size_t at = 0; at < 132 + 12 * (size_t)good.data[131]; at += at < 128 ? 9 : 3) {
        memcpy(spoilt, good.data, good.length);
        spoilt[at] ^= 0xff;
        exchange_profile(&made, &jpeg, (struct smp_bytes){ spoilt, good.length });
        if (decode(&image, &made, 0) == SMP_OK)
            continue;
        ck_assert_int_eq(err.code, SMP_E_UNSUPPORTED);
        ck_msg_eq(err, refusal);
        refused++;
    }
    ck_assert_int_gt(refused, 3);
    // A profile for other things than pictures.
    exchange_profile(&made, &jpeg, profile_bytes(cmsCreateLab4Profile(NULL)));
    must_end(&made, SMP_E_UNSUPPORTED, refusal);
    end_measured(before_kib);
}
END_TEST

SMP_TEST_MAIN("bomb", a_png_costs_no_more_than_it_holds, a_jpeg_costs_no_more_than_it_holds,
              markers_of_a_jpeg_that_lie_or_pile_up_are_harmless,
              a_webp_costs_no_more_than_it_holds, profiles_that_lie_are_refused_or_left_out)
