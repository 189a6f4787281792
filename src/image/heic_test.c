// HEIC, by way of its own confined child, of files made here by libheif's encoder.
#include "made_test.h"

#include "colour/colour.h"

#include <libheif/heif.h>

enum { wide = 64, high = 48 };

// What to make; bits 0 means 8.
struct heic {
    int bits, orientation, transfer, primaries;
    bool see_through, premultiplied; // opacity_at, 8 bits
    struct smp_bytes icc, exif;
};

static struct heif_error take(struct heif_context *context, const void *data, size_t length,
                              void *made)
{
    (void)context;
    add(made, data, length);
    return (struct heif_error){ heif_error_Ok, heif_suberror_Unspecified, "" };
}

static double code_at(int x, int y, int channel, int bits)
{
    const double parts[3] = { 0.2 + 0.6 * x / wide, 0.2 + 0.6 * y / high, 0.5 };
    return floor(parts[channel] * ((1 << bits) - 1) + 0.5);
}

// Opaque on the left, not on the right.
static int opacity_at(int x)
{
    return x < 32 ? 255 : 102;
}

static struct heif_image *make_see_through(void)
{
    struct heif_image *image = NULL;
    ck_assert_int_eq(
        heif_image_create(wide, high, heif_colorspace_RGB, heif_chroma_interleaved_RGBA, &image)
            .code,
        0);
    heif_image_add_plane(image, heif_channel_interleaved, wide, high, 8);
    int stride = 0;
    uint8_t *plane = heif_image_get_plane(image, heif_channel_interleaved, &stride);
    for (int y = 0; y < high; y++)
        for (int i = 0; i < 4 * wide; i++)
            plane[y * stride + i] =
                (uint8_t)(i % 4 < 3 ? (int)code_at(i / 4, y, i % 4, 8) : opacity_at(i / 4));
    return image;
}

static struct heif_image *make_pixels(int bits)
{
    struct heif_image *image = NULL;
    ck_assert_int_eq(heif_image_create(wide, high, heif_colorspace_RGB,
                                       bits == 8 ? heif_chroma_interleaved_RGB
                                                 : heif_chroma_interleaved_RRGGBB_LE,
                                       &image)
                         .code,
                     0);
    heif_image_add_plane(image, heif_channel_interleaved, wide, high, bits);
    int stride = 0;
    uint8_t *plane = heif_image_get_plane(image, heif_channel_interleaved, &stride);
    for (int y = 0; y < high; y++)
        for (int i = 0; i < 3 * wide; i++) {
            const int code = (int)code_at(i / 3, y, i % 3, bits);
            uint8_t *at = plane + y * stride + i * (bits == 8 ? 1 : 2);
            at[0] = (uint8_t)code;
            if (bits > 8)
                at[1] = (uint8_t)(code >> 8);
        }
    return image;
}

static void make_heic(struct made *made, const struct heic *want)
{
    const int bits = want->bits ? want->bits : 8;
    struct heif_context *context = heif_context_alloc();
    struct heif_encoder *encoder = NULL;
    ck_assert_int_eq(
        heif_context_get_encoder_for_format(context, heif_compression_HEVC, &encoder).code, 0);
    heif_encoder_set_lossy_quality(encoder, 100);
    heif_encoder_set_parameter_string(encoder, "chroma", "444");
    struct heif_image *image = want->see_through ? make_see_through() : make_pixels(bits);
    heif_image_set_premultiplied_alpha(image, want->premultiplied);
    if (want->icc.length)
        heif_image_set_raw_color_profile(image, "prof", want->icc.data, want->icc.length);
    struct heif_encoding_options *options = heif_encoding_options_alloc();
    options->macOS_compatibility_workaround_no_nclx_profile = 0;
    options->image_orientation = (enum heif_orientation)(want->orientation ? want->orientation : 1);
    struct heif_color_profile_nclx *nclx = heif_nclx_color_profile_alloc();
    if (want->transfer) {
        heif_nclx_color_profile_set_color_primaries(nclx, (uint16_t)want->primaries);
        heif_nclx_color_profile_set_transfer_characteristics(nclx, (uint16_t)want->transfer);
        heif_image_set_nclx_color_profile(image, nclx);
    }
    struct heif_image_handle *handle = NULL;
    const struct heif_error error =
        heif_context_encode_image(context, image, encoder, options, &handle);
    ck_assert_msg(error.code == 0, "%s", error.message);
    if (want->exif.length)
        heif_context_add_exif_metadata(context, handle, want->exif.data, (int)want->exif.length);
    struct heif_writer writer = { 1, take };
    made->length = 0;
    heif_context_write(context, &writer, made);
    heif_image_handle_release(handle);
    heif_encoding_options_free(options);
    heif_nclx_color_profile_free(nclx);
    heif_image_release(image);
    heif_encoder_release(encoder);
    heif_context_free(context);
}

static enum smp_code read_heic(struct smp_image *image, struct smp_photo_facts *facts,
                               const struct made *made)
{
    err = (struct smp_err){ 0 };
    return smp_photo_decode(image, facts, (struct smp_bytes){ made->data, made->length },
                            "front.heic", NULL, &arena, &err);
}

// Encoded again, so that tolerances are in codes of 8 bits.
static void must_be_near(float lin, double code, int bits, double tolerance_codes8)
{
    const double got = 255 * smp_srgb_from_lin((double)lin);
    const double want = 255 * code / ((1 << bits) - 1);
    ck_assert_msg(fabs(got - want) <= tolerance_codes8, "%g, not %g", got, want);
}

START_TEST(pixels_of_8_10_and_12_bits_come_back)
{
    begin();
    static struct made made;
    for (int bits = 8; bits <= 12; bits += 2) {
        struct smp_image image;
        struct smp_photo_facts facts;
        make_heic(&made, &(struct heic){ .bits = bits });
        ck_assert_msg(read_heic(&image, &facts, &made) == SMP_OK, "%s", err.msg);
        ck_assert(image.width_px == wide && image.height_px == high);
        ck_assert_int_eq(facts.bits, bits);
        ck_assert(facts.jpeg_quality == 0 && facts.focal_35mm == 0);
        for (int y = 0; y < high; y++)
            for (int x = 0; x < wide; x++)
                for (int k = 0; k < 3; k++)
                    must_be_near((&smp_image_at(&image, (size_t)x, (size_t)y)->r)[k],
                                 code_at(x, y, k, bits), bits, bits == 8 ? 4 : 1.5);
    }
    smp_arena_drop(&arena);
}
END_TEST

// The file's boxes and its EXIF say the same turn; it must be done once.
START_TEST(a_turned_picture_is_turned_once)
{
    begin();
    static struct made made;
    static uint8_t exif[] = {
        'I',  'I',  42, 0, 8, 0, 0, 0,              // header
        2,    0,                                    // directory at 8
        0x12, 1,    3,  0, 1, 0, 0, 0, 0,  0, 0, 0, // orientation
        0x69, 0x87, 4,  0, 1, 0, 0, 0, 38, 0, 0, 0, // second directory
        0,    0,    0,  0,                          // no next one
        1,    0,                                    // second directory at 38
        0x05, 0xa4, 3,  0, 1, 0, 0, 0, 26, 0, 0, 0, // focal length on film
    };
    for (int o = 1; o <= 8; o++) {
        struct smp_image image;
        struct smp_photo_facts facts;
        exif[18] = (uint8_t)o;
        make_heic(&made, &(struct heic){ .orientation = o, .exif = { exif, sizeof exif } });
        ck_assert_msg(read_heic(&image, &facts, &made) == SMP_OK, "%s", err.msg);
        ck_assert_uint_eq(image.width_px, o < 5 ? wide : high);
        ck_assert_int_eq(facts.orientation, 1);
        ck_assert(facts.focal_35mm == 26);
        const int right = wide - 1, bottom = high - 1;
        for (int i = 0; i < 100; i++) {
            const int x = i * 7 % wide, y = i * 5 % high;
            const int at[9][2] = { { 0, 0 },          { x, y },
                                   { right - x, y },  { right - x, bottom - y },
                                   { x, bottom - y }, { y, x },
                                   { bottom - y, x }, { bottom - y, right - x },
                                   { y, right - x } };
            const struct smp_rgb *px = smp_image_at(&image, (size_t)at[o][0], (size_t)at[o][1]);
            must_be_near(px->r, code_at(x, y, 0, 8), 8, 4);
            must_be_near(px->g, code_at(x, y, 1, 8), 8, 4);
        }
    }
    smp_arena_drop(&arena);
}
END_TEST

static void must_be_display_p3(const struct smp_image *image)
{
    static const float matrix[3][3] = { { 1.22494f, -0.22494f, 0 },
                                        { -0.04206f, 1.04206f, 0 },
                                        { -0.01964f, -0.07864f, 1.09828f } };
    for (int i = 0; i < wide * high; i += 11) {
        float p3[3];
        for (int k = 0; k < 3; k++)
            p3[k] = (float)smp_lin_from_srgb(code_at(i % wide, i / wide, k, 8) / 255);
        for (int k = 0; k < 3; k++)
            ck_near((&image->px_lin[i].r)[k],
                    matrix[k][0] * p3[0] + matrix[k][1] * p3[1] + matrix[k][2] * p3[2], 0.02f);
    }
}

static struct smp_bytes display_p3(void)
{
    static const double srgb[5] = { 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045 };
    cmsToneCurve *curve = cmsBuildParametricToneCurve(NULL, 4, srgb);
    cmsToneCurve *curves[3] = { curve, curve, curve };
    const cmsCIExyY white = { 0.3127, 0.3290, 1 };
    const cmsCIExyYTRIPLE p3 = { { 0.680, 0.320, 1 }, { 0.265, 0.690, 1 }, { 0.150, 0.060, 1 } };
    const struct smp_bytes icc = profile_bytes(cmsCreateRGBProfile(&white, &p3, curves));
    cmsFreeToneCurve(curve);
    return icc;
}

// As with JPEG: the picture is read, its colours are taken as sRGB, and the facts tell.
START_TEST(a_damaged_profile_is_passed_over_and_told)
{
    begin();
    static struct made made;
    struct smp_image image;
    struct smp_photo_facts facts;
    const struct smp_bytes whole = display_p3();
    uint8_t damaged[4096];
    ck_assert_uint_lt(whole.length, sizeof damaged);
    static const size_t at[] = { 36, 128 }; // its signature "acsp", the number of its tags
    for (size_t i = 0; i <= sizeof at / sizeof *at; i++) {
        const bool cut = i == sizeof at / sizeof *at;
        memcpy(damaged, whole.data, whole.length);
        if (!cut)
            damaged[at[i]] ^= 0xff;
        const struct smp_bytes icc = { damaged, cut ? 100 : whole.length };
        make_heic(&made, &(struct heic){ .icc = icc });
        ck_assert_msg(read_heic(&image, &facts, &made) == SMP_OK, "%zu: %s", i, err.msg);
        ck_assert_msg(facts.spoilt_icc && !facts.has_icc, "%zu", i);
        for (int k = 0; k < 3; k++)
            must_be_near((&image.px_lin[7].r)[k], code_at(7, 0, k, 8), 8, 4);
    }
    make_heic(&made, &(struct heic){ .icc = whole });
    ck_assert_msg(read_heic(&image, &facts, &made) == SMP_OK, "%s", err.msg);
    ck_assert(facts.has_icc && !facts.spoilt_icc);
    memcpy(damaged, whole.data, whole.length); // it opens, but says no more what red is
    size_t red = 132;
    while (red + 4 < whole.length && memcmp(damaged + red, "rXYZ", 4) != 0)
        red += 12;
    damaged[red] ^= 0xff;
    make_heic(&made, &(struct heic){ .icc = { damaged, whole.length } });
    ck_assert_int_eq(read_heic(&image, &facts, &made), SMP_E_UNSUPPORTED);
    ck_msg_eq(err, "front.heic: its colour profile is damaged or not for RGB: save the picture in "
                   "sRGB");
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(opacity_is_laid_on_white_or_refused_where_it_is_multiplied_already)
{
    begin();
    static struct made made;
    struct smp_image image;
    make_heic(&made, &(struct heic){ .see_through = true });
    ck_assert_msg(read_heic(&image, NULL, &made) == SMP_OK, "%s", err.msg);
    for (int y = 0; y < high; y += 5)
        for (int x = 0; x < wide; x += 5)
            for (int k = 0; k < 3 && abs(x - 32) > 4; k++) {
                const double share = opacity_at(x) / 255.0;
                const double lin = smp_lin_from_srgb(code_at(x, y, k, 8) / 255);
                must_be_near((&smp_image_at(&image, (size_t)x, (size_t)y)->r)[k],
                             255 * smp_srgb_from_lin(share * lin + 1 - share), 8, 4);
            }
    make_heic(&made, &(struct heic){ .see_through = true, .premultiplied = true });
    ck_assert_int_eq(read_heic(&image, NULL, &made), SMP_E_UNSUPPORTED);
    ck_msg_eq(err, "front.heic: premultiplied opacity is not supported: save the picture without "
                   "it");
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(colours_follow_a_profile_or_numbers)
{
    begin();
    static struct made made;
    struct smp_image image;
    struct smp_photo_facts facts;
    const struct smp_bytes icc = display_p3();
    make_heic(&made, &(struct heic){ .icc = icc });
    ck_assert_msg(read_heic(&image, &facts, &made) == SMP_OK, "%s", err.msg);
    ck_assert(facts.has_icc);
    must_be_display_p3(&image);
    make_heic(&made, &(struct heic){ .transfer = 13, .primaries = 12 });
    ck_assert_msg(read_heic(&image, &facts, &made) == SMP_OK, "%s", err.msg);
    must_be_display_p3(&image);
    make_heic(&made, &(struct heic){ .transfer = 13, .primaries = 1 });
    ck_assert_msg(read_heic(&image, &facts, &made) == SMP_OK, "%s", err.msg);
    must_be_near(image.px_lin[5].g, code_at(5, 0, 1, 8), 8, 3);
    static const struct {
        int transfer, primaries;
        const char *msg;
    } refused[] = {
        { 16, 9, "front.heic: high dynamic range (PQ) is not supported: save the picture in sRGB" },
        { 18, 9,
          "front.heic: high dynamic range (HLG) is not supported: save the picture in sRGB" },
        { 17, 1,
          "front.heic: its transfer curve (H.273 number 17) is not supported: save the picture in "
          "sRGB" },
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        make_heic(&made, &(struct heic){ .transfer = refused[i].transfer,
                                         .primaries = refused[i].primaries });
        ck_assert_int_eq(read_heic(&image, &facts, &made), SMP_E_UNSUPPORTED);
        ck_msg_eq(err, refused[i].msg);
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(damaged_and_large_files_are_refused)
{
    begin();
    static struct made whole, made;
    struct smp_image image = { 0 };
    make_heic(&whole, &(struct heic){ .bits = 8 });
    for (size_t length = 12; length < whole.length; length += whole.length / 11) {
        made.length = 0;
        add(&made, whole.data, length);
        ck_assert_int_eq(read_heic(&image, NULL, &made), SMP_E_FORMAT);
        ck_msg_has(err, "front.heic: a damaged HEIC (");
    }
    // Bytes turned over: a picture, or a sentence that begins with the file's name.
    struct smp_rng rng = smp_rng_make(5, 0);
    for (int i = 0; i < 40; i++) {
        made.length = 0;
        add(&made, whole.data, whole.length);
        for (int k = 0; k < 3; k++)
            made.data[12 + smp_rng_u32(&rng) % (made.length - 12)] = (uint8_t)smp_rng_u32(&rng);
        if (read_heic(&image, NULL, &made) != SMP_OK)
            ck_assert_msg(strncmp(err.msg, "front.heic", 10) == 0, "%s", err.msg);
    }
    const struct smp_image_options options = { .max_px = wide * high - 1 };
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_image_decode(&image, (struct smp_bytes){ whole.data, whole.length },
                                      "front.heic", &options, &arena, &err),
                     SMP_E_LIMIT);
    ck_msg_eq(err, "front.heic: 64 x 48 px; at most 3071 px in all are allowed");
    // AV1 in the same kind of box, under a brand that says only "an image".
    made.length = 0;
    add(&made,
        "\0\0\0\x18"
        "ftypmif1\0\0\0\0mif1avif",
        24);
    ck_assert_int_eq(read_heic(&image, NULL, &made), SMP_E_UNSUPPORTED);
    ck_msg_eq(err, "front.heic: AVIF pictures are not supported: save it as JPEG, PNG or HEIC");
    smp_arena_drop(&arena);
}
END_TEST

static void add_box(struct made *made, const char *type, const void *content, size_t length)
{
    const size_t whole = length + 8;
    add(made,
        (const uint8_t[4]){ (uint8_t)(whole >> 24), (uint8_t)(whole >> 16), (uint8_t)(whole >> 8),
                            (uint8_t)whole },
        4);
    add(made, type, 4);
    add(made, content, length);
}

// Nothing but references: each of `levels` items is made of the next one, so many times.
static void make_references(struct made *made, int levels, int times)
{
    static struct made list, meta;
    static uint8_t one[1 << 16];
    list.length = meta.length = made->length = 0;
    add(&list, "\0\0\0\0", 4);
    add(&meta, "\0\0\0\0", 4);
    for (int i = 1; i <= levels; i++) {
        memcpy(one, (const uint8_t[4]){ 0, (uint8_t)i, (uint8_t)(times >> 8), (uint8_t)times }, 4);
        for (int k = 0; k < times; k++)
            memcpy(one + 4 + 2 * k, (const uint8_t[2]){ 0, (uint8_t)(i + 1) }, 2);
        add_box(&list, "dimg", one, 4 + 2 * (size_t)times);
    }
    add_box(made, "ftyp", "heic\0\0\0\0mif1heic", 16);
    add_box(&meta, "iref", list.data, list.length);
    add_box(made, "meta", meta.data, meta.length);
}

START_TEST(pictures_made_of_themselves_or_of_too_many_are_refused)
{
    begin();
    static struct made made;
    struct smp_image image;
    static const char pieces[] =
        "front.heic: a picture made of more than 4096 pieces, or of itself";
    struct smp_bytes circle;
    ck_assert_int_eq(smp_file_read(&circle, "tests/corpus/heic/circle.heic", 1 << 16, &arena, &err),
                     SMP_OK);
    add(&made, circle.data, circle.length);
    ck_assert_int_eq(read_heic(&image, NULL, &made), SMP_E_LIMIT);
    ck_msg_eq(err, pieces);
    make_references(&made, 6, 64); // 64 to the sixth
    ck_assert_int_eq(read_heic(&image, NULL, &made), SMP_E_LIMIT);
    ck_msg_eq(err, pieces);
    make_references(&made, 1, 5000);
    ck_assert_int_eq(read_heic(&image, NULL, &made), SMP_E_LIMIT);
    ck_msg_eq(err, "front.heic: more than 4096 references between its pictures");
    make_references(&made, 2, 60); // as allowed: then libheif misses the rest
    ck_assert_int_eq(read_heic(&image, NULL, &made), SMP_E_FORMAT);
    ck_msg_has(err, "front.heic: a damaged HEIC (");
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("heic", pictures_made_of_themselves_or_of_too_many_are_refused,
              pixels_of_8_10_and_12_bits_come_back, a_turned_picture_is_turned_once,
              colours_follow_a_profile_or_numbers, a_damaged_profile_is_passed_over_and_told,
              opacity_is_laid_on_white_or_refused_where_it_is_multiplied_already,
              damaged_and_large_files_are_refused)
