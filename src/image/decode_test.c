// Decoding, by way of the sandboxed child, of files made here with the encoders themselves.
#include "made_test.h"

#include "colour/colour.h"

#include <webp/encode.h>

enum { wide = 5, high = 3 };

static float lin(double code, double most)
{
    return (float)smp_lin_from_srgb(code / most);
}

// Every pixel tells where it was stored.
static void fill_places(uint8_t rows[high][wide][3])
{
    for (int y = 0; y < high; y++)
        for (int x = 0; x < wide; x++) {
            rows[y][x][0] = (uint8_t)(x * 10);
            rows[y][x][1] = (uint8_t)(y * 10);
            rows[y][x][2] = 200;
        }
}

static struct smp_bytes exif_of(int orientation)
{
    static uint8_t little[] = { 'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3,
                                0,   1,   0,  0, 0, 0, 0, 0, 0, 0, 0,    0, 0 };
    static uint8_t big[] = { 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0,
                             3,   0,   0, 0,  1, 0, 0, 0, 0, 0, 0, 0,    0 };
    little[18] = (uint8_t)orientation;
    big[19] = (uint8_t)orientation;
    return orientation % 2 ? (struct smp_bytes){ little, sizeof little }
                           : (struct smp_bytes){ big, sizeof big };
}

// ---- Kinds of pixels ----------------------------------------------------------------------------

START_TEST(grey_palette_and_sixteen_bits_become_linear_rgb)
{
    begin();
    static struct made made;
    struct smp_image image;
    const uint8_t grey[2] = { 0, 188 };
    make_png(&made, &(struct png){ 2, 1, 8, PNG_COLOR_TYPE_GRAY, grey, .icc = { 0 } });
    ck_assert_int_eq(decode(&image, &made, 0), SMP_OK);
    ck_near(image.px_lin[1].r, lin(188, 255), 1e-6f);
    ck_near(image.px_lin[1].b, lin(188, 255), 1e-6f);
    const uint8_t indices[1] = { 0x1b }; // 0 1 2 3, two bits each
    make_png(&made, &(struct png){ 4, 1, 2, PNG_COLOR_TYPE_PALETTE, indices, .icc = { 0 } });
    ck_assert_int_eq(decode(&image, &made, 0), SMP_OK);
    ck_near(image.px_lin[1].r, 1, 0);
    ck_near(image.px_lin[2].g, 1, 0);
    ck_near(image.px_lin[3].b, lin(30, 255), 1e-6f);
    const uint16_t fine[6] = { 1000, 30000, 65535, 0, 1, 12345 };
    make_png(&made, &(struct png){ 2, 1, 16, PNG_COLOR_TYPE_RGB, fine, .icc = { 0 } });
    ck_assert_int_eq(decode(&image, &made, 0), SMP_OK);
    for (int i = 0; i < 6; i++)
        ck_near((&image.px_lin[0].r)[i], lin(fine[i], 65535), 1e-7f);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(transparent_parts_are_laid_on_white_in_linear_light)
{
    begin();
    static struct made made;
    struct smp_image image;
    const uint8_t rgba[8] = { 0, 100, 255, 51, 9, 9, 9, 0 };
    make_png(&made, &(struct png){ 2, 1, 8, PNG_COLOR_TYPE_RGB_ALPHA, rgba, .icc = { 0 } });
    for (int webp = 0; webp < 2; webp++) {
        if (webp) {
            uint8_t *data = NULL;
            made.length = 0;
            const size_t length = WebPEncodeLosslessRGBA(rgba, 2, 1, 8, &data);
            add(&made, data, length);
            WebPFree(data);
        }
        ck_assert_int_eq(decode(&image, &made, 0), SMP_OK);
        ck_near(image.px_lin[0].r, 0.8f, 1e-6f);
        ck_near(image.px_lin[0].g, 0.8f + 0.2f * lin(100, 255), 1e-6f);
        ck_near(image.px_lin[0].b, 1, 1e-6f);
        ck_near(image.px_lin[1].r, 1, 1e-6f);
    }
    smp_arena_drop(&arena);
}
END_TEST

// ---- Orientation --------------------------------------------------------------------------------

// EXIF 2.32: where a stored pixel is shown.
static void shown_at(int orientation, int x, int y, int *to_x, int *to_y)
{
    const int w = wide - 1, h = high - 1;
    const int at[9][2] = { { 0, 0 }, { x, y },     { w - x, y },     { w - x, h - y }, { x, h - y },
                           { y, x }, { h - y, x }, { h - y, w - x }, { y, w - x } };
    *to_x = at[orientation][0];
    *to_y = at[orientation][1];
}

START_TEST(each_exif_orientation_is_turned_upright)
{
    begin();
    static struct made made;
    uint8_t rows[high][wide][3];
    fill_places(rows);
    for (int o = 0; o <= 9; o++) { // 0 and 9 mean nothing
        const int meant = o >= 1 && o <= 8 ? o : 1;
        struct smp_image image;
        make_png(&made,
                 &(struct png){ wide, high, 8, PNG_COLOR_TYPE_RGB, rows, .exif = exif_of(o) });
        ck_assert_int_eq(decode(&image, &made, 0), SMP_OK);
        ck_assert_uint_eq(image.width_px, meant < 5 ? wide : high);
        for (int y = 0; y < high; y++)
            for (int x = 0; x < wide; x++) {
                int to_x, to_y;
                shown_at(meant, x, y, &to_x, &to_y);
                const struct smp_rgb *px = smp_image_at(&image, (size_t)to_x, (size_t)to_y);
                ck_near(px->r, lin(x * 10, 255), 1e-6f);
                ck_near(px->g, lin(y * 10, 255), 1e-6f);
            }
    }
    // In a JPEG the same bytes stand in a marker of its own.
    static struct made turned;
    struct smp_image image;
    make_jpeg(&made);
    add_exif(&turned, &made, exif_of(6));
    ck_assert_int_eq(decode(&image, &turned, 0), SMP_OK);
    ck_assert_uint_eq(image.width_px, 48);
    ck_assert(image.px_lin[0].g > 0.9f); // the bottom left corner is now the top left
    smp_arena_drop(&arena);
}
END_TEST

// ---- Colour profiles ----------------------------------------------------------------------------

static struct smp_bytes wide_gamut_profile(double gamma)
{
    // Display P3's primaries, D65.
    const cmsCIExyY white = { 0.3127, 0.3290, 1 };
    const cmsCIExyYTRIPLE primaries = { { 0.680, 0.320, 1 },
                                        { 0.265, 0.690, 1 },
                                        { 0.150, 0.060, 1 } };
    cmsToneCurve *curve = cmsBuildGamma(NULL, gamma);
    cmsToneCurve *curves[3] = { curve, curve, curve };
    const struct smp_bytes bytes = profile_bytes(cmsCreateRGBProfile(&white, &primaries, curves));
    cmsFreeToneCurve(curve);
    return bytes;
}

START_TEST(a_matrix_profile_is_followed_and_out_of_range_colours_are_kept)
{
    begin();
    static struct made made;
    struct smp_image image;
    const uint8_t px[9] = { 255, 0, 0, 255, 255, 255, 128, 64, 200 };
    make_png(&made,
             &(struct png){ 3, 1, 8, PNG_COLOR_TYPE_RGB, px, .icc = wide_gamut_profile(1.8) });
    ck_assert_int_eq(decode(&image, &made, 0), SMP_OK);
    // P3 to sRGB in linear light (both D65), from the primaries' chromaticities.
    static const float matrix[3][3] = { { 1.22494f, -0.22494f, 0 },
                                        { -0.04206f, 1.04206f, 0 },
                                        { -0.01964f, -0.07864f, 1.09828f } };
    for (int i = 0; i < 3; i++) {
        float want[3] = { 0 };
        for (int row = 0; row < 3; row++)
            for (int k = 0; k < 3; k++)
                want[row] += matrix[row][k] * powf((float)px[3 * i + k] / 255.0f, 1.8f);
        ck_near(image.px_lin[i].r, want[0], 1e-3f);
        ck_near(image.px_lin[i].g, want[1], 1e-3f);
        ck_near(image.px_lin[i].b, want[2], 1e-3f);
    }
    ck_assert(image.px_lin[0].g < -0.03f);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(an_srgb_profile_changes_nothing_and_a_grey_one_is_its_curve)
{
    begin();
    static struct made made;
    struct smp_image image;
    const uint8_t px[6] = { 12, 140, 255, 77, 0, 3 };
    make_png(&made, &(struct png){ 2, 1, 8, PNG_COLOR_TYPE_RGB, px,
                                   .icc = profile_bytes(cmsCreate_sRGBProfile()) });
    ck_assert_int_eq(decode(&image, &made, 0), SMP_OK);
    for (int i = 0; i < 6; i++)
        ck_near((&image.px_lin[0].r)[i], lin(px[i], 255), 2e-5f);
    cmsToneCurve *curve = cmsBuildGamma(NULL, 3);
    const cmsCIExyY white = { 0.3457, 0.3585, 1 };
    const struct smp_bytes grey = profile_bytes(cmsCreateGrayProfile(&white, curve));
    cmsFreeToneCurve(curve);
    make_png(&made, &(struct png){ 2, 1, 8, PNG_COLOR_TYPE_GRAY, px, .icc = grey });
    ck_assert_int_eq(decode(&image, &made, 0), SMP_OK);
    ck_near(image.px_lin[1].g, powf(140.0f / 255, 3), 1e-4f);
    // Noise where EXIF should be turns nothing.
    const struct smp_bytes noise = { made.data, 200 };
    static struct made noisy;
    make_png(&noisy, &(struct png){ 2, 1, 8, PNG_COLOR_TYPE_GRAY, px, .exif = noise });
    ck_assert_int_eq(decode(&image, &noisy, 0), SMP_OK);
    ck_near(image.px_lin[1].g, lin(140, 255), 1e-6f);
    smp_arena_drop(&arena);
}
END_TEST

// ---- Refusals -----------------------------------------------------------------------------------

START_TEST(bombs_are_refused_by_what_their_header_says)
{
    begin();
    static struct made made;
    struct smp_image image = { 0 };
    make_png(&made, &(struct png){ 60000, 60000, 8, PNG_COLOR_TYPE_RGB, NULL, .icc = { 0 } });
    ck_assert_int_eq(decode(&image, &made, 0), SMP_E_LIMIT);
    ck_msg_eq(err, "front.jpg: 60000 x 60000 px; at most 100000000 px in all are allowed");
    make_jpeg(&made);
    for (size_t i = 0; i + 9 < made.length; i++)
        if (made.data[i] == 0xff && made.data[i + 1] == 0xc0)
            memcpy(made.data + i + 5, "\xff\x00\xff\x00", 4); // height and width
    ck_assert_int_eq(decode(&image, &made, 0), SMP_E_LIMIT);
    ck_msg_eq(err, "front.jpg: 65280 x 65280 px; at most 100000000 px in all are allowed");
    make_jpeg(&made);
    ck_assert_int_eq(decode(&image, &made, 64 * 48), SMP_OK);
    image = (struct smp_image){ 0 };
    ck_assert_int_eq(decode(&image, &made, 64 * 48 - 1), SMP_E_LIMIT);
    ck_msg_eq(err, "front.jpg: 64 x 48 px; at most 3071 px in all are allowed");
    ck_assert_ptr_null(image.px_lin);
    ck_assert_int_eq(decode(&image, &made, (size_t)2 << 30), SMP_E_INPUT);
    ck_msg_eq(err, "max_px must be 0 to 1000000000, not 2147483648");
    smp_arena_drop(&arena);
}
END_TEST

// The first `length` bytes must be refused, in a sentence that begins so.
static void must_be_damaged(const struct made *made, size_t length, const char *begins)
{
    static struct made cut;
    struct smp_image image = { 0 };
    cut.length = 0;
    add(&cut, made->data, length);
    const enum smp_code code = decode(&image, &cut, 0);
    ck_assert_msg(code == SMP_E_FORMAT && strncmp(err.msg, begins, strlen(begins)) == 0,
                  "%zu bytes: %s \"%s\"", length, smp_code_name(code), err.msg);
    ck_assert_ptr_null(image.px_lin);
}

START_TEST(files_cut_short_are_refused)
{
    begin();
    static struct made made;
    make_jpeg(&made);
    for (size_t length = 3; length + 2 < made.length; length += made.length / 9)
        must_be_damaged(&made, length, "front.jpg: a damaged JPEG (");
    // in the picture itself, behind its tables and profile
    must_be_damaged(&made, made.length - 40, "front.jpg: a damaged JPEG (it ends early)");
    uint8_t rows[high][wide][3];
    fill_places(rows);
    make_png(&made, &(struct png){ wide, high, 8, PNG_COLOR_TYPE_RGB, rows, .icc = { 0 } });
    for (size_t length = 8; length < made.length; length += made.length / 9)
        must_be_damaged(&made, length, "front.jpg: a damaged PNG (");
    must_be_damaged(&made, made.length - 1, "front.jpg: a damaged PNG (it ends early)");
    uint8_t *data = NULL;
    made.length = 0;
    const size_t length = WebPEncodeRGB(&rows[0][0][0], wide, high, 3 * wide, 90, &data);
    add(&made, data, length);
    WebPFree(data);
    must_be_damaged(&made, 14, "front.jpg: a damaged WebP (its header)");
    must_be_damaged(&made, length - 8,
                    "front.jpg: a damaged WebP (it ends early or breaks a rule)");
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(other_files_are_refused_by_name_of_what_is_read)
{
    begin();
    static const struct {
        const char *text;
        size_t length;
        enum smp_code code;
        const char *msg;
    } others[] = {
        { "", 0, SMP_E_FORMAT, "front.jpg: the file is empty" },
        { "GIF89a", 6, SMP_E_UNSUPPORTED, "front.jpg: not a JPEG, PNG, WebP or HEIC picture" },
    };
    struct smp_image image;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        static struct made made;
        made.length = 0;
        add(&made, others[i].text, others[i].length);
        ck_assert_int_eq(decode(&image, &made, 0), others[i].code);
        ck_msg_eq(err, others[i].msg);
    }
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_image_load(&image, "/nonexistent/a.jpg", NULL, &arena, &err), SMP_E_FILE);
    ck_msg_eq(err, "/nonexistent/a.jpg cannot be read: No such file or directory");
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(heic_without_its_reader_is_refused_with_advice)
{
    begin();
    static struct made made;
    struct smp_image image;
    const char *path = smp_format(&arena, "%s/heic-%ld.heic", smp_test_folder(), (long)getpid());
    static const uint8_t head[] = "\0\0\0\x18"
                                  "ftypheic\0\0\0\0mif1heic";
    add(&made, head, 24);
    ck_assert_int_eq(smp_file_write(path, head, 24, &err), SMP_OK);
    setenv("STUBBLE_HEIC", "/nonexistent/heic", 1);
    ck_assert_int_eq(decode(&image, &made, 0), SMP_E_SANDBOX);
    ck_msg_eq(err, "front.jpg cannot be read: the reader, stubble-heic, was not found beside "
                   "stubble; HEIC needs libheif, or save the picture as JPEG or PNG (set "
                   "STUBBLE_HEIC to its path)");
    err = (struct smp_err){ 0 }; // the file's first bytes, not its name, say what it is
    ck_assert_int_eq(smp_image_load(&image, path, NULL, &arena, &err), SMP_E_SANDBOX);
    ck_msg_has(err, "the reader, stubble-heic, was not found");
    unlink(path);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(the_profile_written_is_srgb_to_another_reader)
{
    uint8_t bytes[SMP_SRGB_PROFILE_BYTES];
    smp_image_srgb_profile(bytes);
    cmsHPROFILE ours = cmsOpenProfileFromMem(bytes, sizeof bytes);
    cmsHPROFILE theirs = cmsCreate_sRGBProfile();
    ck_assert_ptr_nonnull(ours);
    ck_assert(cmsIsMatrixShaper(ours));
    cmsHTRANSFORM through = cmsCreateTransform(ours, TYPE_RGB_16, theirs, TYPE_RGB_16,
                                               INTENT_RELATIVE_COLORIMETRIC, cmsFLAGS_NOOPTIMIZE);
    ck_assert_ptr_nonnull(through);
    for (int i = 0; i < 9 * 9 * 9; i++) {
        const uint16_t in[3] = { (uint16_t)(i % 9 * 8191), (uint16_t)(i / 9 % 9 * 8191),
                                 (uint16_t)(i / 81 * 8191) };
        uint16_t out[3];
        cmsDoTransform(through, in, out, 1);
        for (int k = 0; k < 3; k++) // in linear light; the other's colorants are rounded too
            ck_assert_double_eq_tol(smp_lin_from_srgb(in[k] / 65535.0),
                                    smp_lin_from_srgb(out[k] / 65535.0), 6e-4);
    }
    cmsDeleteTransform(through);
    cmsCloseProfile(ours);
    cmsCloseProfile(theirs);
}
END_TEST

SMP_TEST_MAIN("decode", heic_without_its_reader_is_refused_with_advice,
              the_profile_written_is_srgb_to_another_reader,
              grey_palette_and_sixteen_bits_become_linear_rgb,
              transparent_parts_are_laid_on_white_in_linear_light,
              each_exif_orientation_is_turned_upright,
              a_matrix_profile_is_followed_and_out_of_range_colours_are_kept,
              an_srgb_profile_changes_nothing_and_a_grey_one_is_its_curve,
              bombs_are_refused_by_what_their_header_says, files_cut_short_are_refused,
              other_files_are_refused_by_name_of_what_is_read)
