// What a file says besides its pixels.
#include "made_test.h"

#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

// The JPEG with its profile taken out, and in its place pieces of one that is none.
static void with_profile(struct made *to, const struct made *jpeg, int pieces, int said_pieces,
                         size_t length)
{
    const uint8_t *own = memmem(jpeg->data, jpeg->length, "ICC_PROFILE", 11);
    ck_assert_ptr_nonnull(own);
    const size_t at = (size_t)(own - jpeg->data) - 4;
    const size_t after = at + 2 + ((size_t)own[-2] << 8 | own[-1]);
    to->length = 0;
    add(to, jpeg->data, at);
    for (int i = 0; i < pieces; i++) {
        uint8_t piece[400] = { 0xff, 0xe2, 0, (uint8_t)(16 + length) };
        memcpy(piece + 4, "ICC_PROFILE", 12);
        piece[16] = (uint8_t)(i + 1);
        piece[17] = (uint8_t)said_pieces;
        memset(piece + 18, 'x', length);
        add(to, piece, 18 + length);
    }
    add(to, jpeg->data + after, jpeg->length - after);
}

static enum smp_code read_facts(struct smp_photo_facts *facts, const struct made *made)
{
    struct smp_image image;
    err = (struct smp_err){ 0 };
    return smp_photo_decode(&image, facts, (struct smp_bytes){ made->data, made->length },
                            "front.jpg", NULL, &arena, &err);
}

// A directory with orientation 6 and a pointer to a second, which holds the focal length and, as
// a trap, a pointer back to the first.
static struct smp_bytes exif_with_focal(int focal_mm)
{
    static uint8_t bytes[] = {
        'I',  'I',  42, 0, 8, 0, 0, 0,              // header
        2,    0,                                    // first directory at 8
        0x12, 1,    3,  0, 1, 0, 0, 0, 6,  0, 0, 0, // orientation
        0x69, 0x87, 4,  0, 1, 0, 0, 0, 38, 0, 0, 0, // second directory
        0,    0,    0,  0,                          // no next one
        2,    0,                                    // second directory at 38
        0x69, 0x87, 4,  0, 1, 0, 0, 0, 8,  0, 0, 0, // back to the first
        0x05, 0xa4, 3,  0, 1, 0, 0, 0, 0,  0, 0, 0, // focal length on film
        38,   0,    0,  0,                          // "next": itself
    };
    bytes[60] = (uint8_t)focal_mm;
    return (struct smp_bytes){ bytes, sizeof bytes };
}

START_TEST(focal_length_and_orientation_come_from_exif)
{
    begin();
    static struct made plain, made;
    struct smp_photo_facts facts;
    make_jpeg(&plain);
    ck_assert_int_eq(read_facts(&facts, &plain), SMP_OK);
    ck_assert(facts.focal_35mm == 0 && facts.orientation == 1);
    ck_assert(facts.stored_width_px == 64 && facts.stored_height_px == 48 && facts.bits == 8);
    ck_assert(facts.has_icc); // every JPEG written here holds sRGB's profile
    add_exif(&made, &plain, exif_with_focal(26));
    ck_assert_int_eq(read_facts(&facts, &made), SMP_OK);
    ck_assert(facts.focal_35mm == 26);
    ck_assert_int_eq(facts.orientation, 6);
    ck_assert(facts.stored_width_px == 64 && facts.stored_height_px == 48);
    // Cut off anywhere, or pointing anywhere, the same EXIF says less but breaks nothing.
    struct smp_bytes exif = exif_with_focal(26);
    for (size_t length = 0; length < exif.length; length++) {
        add_exif(&made, &plain, (struct smp_bytes){ exif.data, length });
        ck_assert_int_eq(read_facts(&facts, &made), SMP_OK);
        ck_assert(facts.focal_35mm == (length < 64 ? 0 : 26));
    }
    uint8_t wild[80];
    for (int at = 4; at < 42; at++) {
        memcpy(wild, exif.data, exif.length);
        wild[at] = 0xff;
        add_exif(&made, &plain, (struct smp_bytes){ wild, exif.length });
        ck_assert_int_eq(read_facts(&facts, &made), SMP_OK);
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(png_has_no_jpeg_quality_and_its_depth_is_told)
{
    begin();
    static struct made made;
    struct smp_photo_facts facts;
    const uint16_t px[6] = { 1, 2, 3, 4, 5, 6 };
    make_png(&made, &(struct png){ 2, 1, 16, PNG_COLOR_TYPE_RGB, px, .exif = exif_with_focal(50) });
    ck_assert_int_eq(read_facts(&facts, &made), SMP_OK);
    ck_assert(facts.jpeg_quality == 0 && facts.bits == 16 && !facts.has_icc);
    ck_assert(facts.focal_35mm == 50 && facts.stored_width_px == 2);
    smp_arena_drop(&arena);
}
END_TEST

static void make_jpeg_of_quality(struct made *made, int quality)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr mgr;
    jpeg.err = jpeg_std_error(&mgr);
    jpeg_create_compress(&jpeg);
    unsigned char *data = NULL;
    unsigned long length = 0;
    jpeg_mem_dest(&jpeg, &data, &length);
    jpeg.image_width = 16;
    jpeg.image_height = 1;
    jpeg.input_components = 3;
    jpeg.in_color_space = JCS_RGB;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, quality, TRUE);
    jpeg_start_compress(&jpeg, TRUE);
    uint8_t row[48];
    for (int i = 0; i < 48; i++)
        row[i] = (uint8_t)(5 * i);
    jpeg_write_scanlines(&jpeg, (JSAMPROW[1]){ row }, 1);
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    made->length = 0;
    add(made, data, length);
    free(data);
}

START_TEST(jpeg_quality_is_read_off_the_tables)
{
    begin();
    static struct made made;
    struct smp_photo_facts facts;
    for (int quality = 5; quality <= 100; quality += 5) {
        make_jpeg_of_quality(&made, quality);
        ck_assert_int_eq(read_facts(&facts, &made), SMP_OK);
        ck_assert_int_eq(facts.jpeg_quality, quality);
    }
    smp_arena_drop(&arena);
}
END_TEST

static bool holds(struct smp_bytes file, const char *text)
{
    return memmem(file.data, file.length, text, strlen(text)) != NULL;
}

START_TEST(what_is_written_has_no_exif_and_stands_upright_in_srgb)
{
    begin();
    static struct made plain, made;
    struct smp_image image, again;
    struct smp_photo_facts facts;
    struct smp_bytes written;
    make_jpeg(&plain);
    add_exif(&made, &plain, exif_with_focal(26));
    ck_assert(holds((struct smp_bytes){ made.data, made.length }, "Exif"));
    ck_assert_int_eq(decode(&image, &made, 0), SMP_OK);
    for (int png = 0; png < 2; png++) {
        const char *path =
            smp_format(&arena, "%s/written.%s", smp_test_folder(), png ? "png" : "jpg");
        ck_assert_int_eq(smp_image_save(path, &image, NULL, 0, &err), SMP_OK);
        ck_assert_int_eq(smp_file_read(&written, path, most_bytes, &arena, &err), SMP_OK);
        ck_assert(!holds(written, "Exif") && !holds(written, "eXIf"));
        ck_assert(holds(written, png ? "sRGB" : "ICC_PROFILE"));
        ck_assert_int_eq(smp_photo_load(&again, &facts, path, NULL, &arena, &err), SMP_OK);
        ck_assert(facts.orientation == 1 && facts.focal_35mm == 0 && facts.stored_width_px == 48);
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_cmyk_jpeg_is_refused_in_a_sentence)
{
    begin();
    struct smp_image image;
    ck_assert_int_eq(smp_image_load(&image, "tests/corpus/image/cmyk.jpg", NULL, &arena, &err),
                     SMP_E_UNSUPPORTED);
    ck_msg_eq(err, "tests/corpus/image/cmyk.jpg: a JPEG of 4 colours (CMYK) is not supported: save "
                   "it in sRGB");
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_profile_that_cannot_be_read_is_told)
{
    begin();
    static struct made plain, made;
    static const uint8_t rows[3 * 16] = { 0 };
    struct smp_photo_facts facts;
    make_jpeg(&plain);
    ck_assert_int_eq(read_facts(&facts, &plain), SMP_OK);
    ck_assert(facts.has_icc && !facts.spoilt_icc);
    static const struct {
        int pieces, said;
        size_t length;
    } spoilt[] = { { 1, 1, 20 }, { 1, 1, 200 }, { 1, 2, 200 }, { 2, 1, 60 } };
    for (size_t i = 0; i < sizeof spoilt / sizeof *spoilt; i++) {
        with_profile(&made, &plain, spoilt[i].pieces, spoilt[i].said, spoilt[i].length);
        ck_assert_int_eq(read_facts(&facts, &made), SMP_OK);
        ck_assert_msg(!facts.has_icc && facts.spoilt_icc, "spoilt %zu", i);
    }
    with_profile(&made, &plain, 0, 0, 0);
    ck_assert_int_eq(read_facts(&facts, &made), SMP_OK);
    ck_assert(!facts.has_icc && !facts.spoilt_icc);
    // a PNG's, which libpng itself passes over
    struct png want = { .width = 4, .height = 4, .bits = 8, .colour = PNG_COLOR_TYPE_RGB };
    want.rows = rows;
    want.icc = profile_bytes(cmsCreate_sRGBProfile());
    make_png(&made, &want);
    ck_assert_int_eq(read_facts(&facts, &made), SMP_OK);
    ck_assert(facts.has_icc && !facts.spoilt_icc);
    uint8_t *chunk = memmem(made.data, made.length, "iCCP", 4);
    ck_assert_ptr_nonnull(chunk);
    memset(chunk + 14, 0, 8); // of its compressed bytes
    ck_assert_int_eq(read_facts(&facts, &made), SMP_OK);
    ck_assert(!facts.has_icc && facts.spoilt_icc);
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("facts", a_profile_that_cannot_be_read_is_told,
              what_is_written_has_no_exif_and_stands_upright_in_srgb,
              a_cmyk_jpeg_is_refused_in_a_sentence, focal_length_and_orientation_come_from_exif,
              png_has_no_jpeg_quality_and_its_depth_is_told, jpeg_quality_is_read_off_the_tables)
