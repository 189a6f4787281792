// Pictures as codes: passed on byte for byte, and JPEGs written in strips.
#include "made_test.h"

#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

enum { WIDTH = 333, HEIGHT = 1031 }; // no multiple of anything, and more than two strips

static struct smp_image8 make_codes(void)
{
    struct smp_image8 codes = { .width_px = WIDTH, .height_px = HEIGHT };
    codes.srgb8 = smp_alloc(&arena, (size_t)WIDTH * HEIGHT, 3);
    struct smp_rng rng = smp_rng_make(5, 5);
    for (size_t i = 0; i < (size_t)WIDTH * HEIGHT; i++)
        for (size_t k = 0; k < 3; k++)
            codes.srgb8[3 * i + k] = (uint8_t)(100 +
                                               60 * sin((double)(i % WIDTH) / 9 + (double)k) *
                                                   cos((double)(i / WIDTH) / 13) +
                                               30 * smp_rng_unit(&rng));
    return codes;
}

// What libjpeg says of a file by itself.
static struct smp_image8 decoded(struct smp_bytes file)
{
    struct jpeg_decompress_struct from;
    struct jpeg_error_mgr mgr;
    from.err = jpeg_std_error(&mgr);
    jpeg_create_decompress(&from);
    jpeg_mem_src(&from, file.data, file.length);
    jpeg_read_header(&from, TRUE);
    from.out_color_space = JCS_RGB;
    jpeg_start_decompress(&from);
    struct smp_image8 codes = { .width_px = from.output_width, .height_px = from.output_height };
    codes.srgb8 = smp_alloc(&arena, codes.width_px * codes.height_px, 3);
    while (from.output_scanline < from.output_height)
        jpeg_read_scanlines(&from, (JSAMPROW[1]){ smp_image8_at(&codes, 0, from.output_scanline) },
                            1);
    jpeg_finish_decompress(&from);
    ck_assert_int_eq((int)mgr.num_warnings, 0);
    jpeg_destroy_decompress(&from);
    return codes;
}

// In one piece, by libjpeg.
static struct smp_bytes encoded_whole(const struct smp_image8 *codes, int across, int down)
{
    struct jpeg_compress_struct to;
    struct jpeg_error_mgr mgr;
    unsigned char *data = NULL;
    unsigned long length = 0;
    to.err = jpeg_std_error(&mgr);
    jpeg_create_compress(&to);
    jpeg_mem_dest(&to, &data, &length);
    to.image_width = (JDIMENSION)codes->width_px;
    to.image_height = (JDIMENSION)codes->height_px;
    to.input_components = 3;
    to.in_color_space = JCS_RGB;
    jpeg_set_defaults(&to);
    jpeg_set_quality(&to, 92, TRUE);
    to.comp_info[0].h_samp_factor = across;
    to.comp_info[0].v_samp_factor = down;
    jpeg_start_compress(&to, TRUE);
    while (to.next_scanline < to.image_height)
        jpeg_write_scanlines(&to, (JSAMPROW[1]){ smp_image8_at(codes, 0, to.next_scanline) }, 1);
    jpeg_finish_compress(&to);
    jpeg_destroy_compress(&to);
    uint8_t *kept = smp_alloc(&arena, length, 1);
    memcpy(kept, data, length);
    free(data);
    return (struct smp_bytes){ kept, length };
}

START_TEST(a_jpeg_in_strips_shows_what_one_in_a_piece_does)
{
    begin();
    const struct smp_image8 codes = make_codes();
    const struct smp_image_note notes[] = { { "Description", "SIMULATED" }, { NULL, NULL } };
    struct smp_pool *pool = smp_pool_make(3);
    for (int i = 0; i < 4; i++) {
        const struct smp_photo_facts like = { .halved_across = i % 2, .halved_down = i / 2 };
        struct smp_bytes one, many;
        ck_assert_int_eq(smp_image8_jpeg(&one, &codes, &like, notes, NULL, &arena, &err), SMP_OK);
        ck_assert_int_eq(smp_image8_jpeg(&many, &codes, &like, notes, pool, &arena, &err), SMP_OK);
        ck_assert_uint_eq(one.length, many.length);
        ck_assert_mem_eq(one.data, many.data, one.length);
        ck_assert_ptr_nonnull(memmem(one.data, one.length, "SIMULATED", 9));
        ck_assert_ptr_nonnull(memmem(one.data, one.length, "\xff\xd1", 2)); // there are strips
        const struct smp_image8 got = decoded(one);
        const struct smp_image8 want = decoded(encoded_whole(&codes, 1 + i % 2, 1 + i / 2));
        ck_assert(got.width_px == WIDTH && got.height_px == HEIGHT);
        ck_assert_mem_eq(got.srgb8, want.srgb8, (size_t)3 * WIDTH * HEIGHT);
        struct smp_photo_facts facts;
        struct smp_image8 back;
        ck_assert_int_eq(smp_photo8_decode(&back, &facts, one, "a.jpg", NULL, &arena, &err),
                         SMP_OK);
        ck_assert(facts.halved_across == i % 2 && facts.halved_down == i / 2);
        ck_assert_mem_eq(back.srgb8, want.srgb8, (size_t)3 * WIDTH * HEIGHT);
        smp_image8_drop(&back);
    }
    smp_pool_drop(pool);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_photo_of_srgb_comes_byte_for_byte_and_turned_where_it_lay)
{
    begin();
    static struct made plain, made;
    static const uint8_t exif[] = { 'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3,
                                    0,   1,   0,  0, 0, 6, 0, 0, 0, 0, 0,    0, 0 };
    make_jpeg(&plain);
    add_exif(&made, &plain, (struct smp_bytes){ exif, sizeof exif });
    struct smp_image8 upright, turned;
    const struct smp_bytes file = { plain.data, plain.length }, lying = { made.data, made.length };
    const struct smp_image8 want = decoded(file);
    ck_assert_int_eq(smp_photo8_decode(&upright, NULL, file, "a.jpg", NULL, &arena, &err), SMP_OK);
    ck_assert_int_eq(smp_photo8_decode(&turned, NULL, lying, "a.jpg", NULL, &arena, &err), SMP_OK);
    ck_assert_ptr_nonnull(upright.held.data); // in place
    ck_assert_mem_eq(upright.srgb8, want.srgb8, 3 * 64 * 48);
    ck_assert(turned.width_px == 48 && turned.height_px == 64);
    for (size_t y = 0; y < 64; y++)
        for (size_t x = 0; x < 48; x++) // 6: the first stored column is the upper edge
            ck_assert_mem_eq(smp_image8_at(&turned, x, y), smp_image8_at(&want, y, 47 - x), 3);
    smp_image8_drop(&upright);
    smp_image8_drop(&turned);
    ck_assert_ptr_null(upright.srgb8);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(each_code_comes_back_from_light_as_itself)
{
    begin();
    struct smp_image8 codes = { .width_px = 256, .height_px = 1 }, back;
    struct smp_image image;
    codes.srgb8 = smp_alloc(&arena, 256, 3);
    for (size_t i = 0; i < 3 * 256; i++)
        codes.srgb8[i] = (uint8_t)(i / 3);
    ck_assert_int_eq(smp_image_of8(&image, &codes, NULL, &arena, &err), SMP_OK);
    image.px_lin[0].g = NAN;
    image.px_lin[255].g = INFINITY;
    ck_assert_int_eq(smp_image8_of(&back, &image, NULL, &arena, &err), SMP_OK);
    ck_assert_mem_eq(back.srgb8, codes.srgb8, 3 * 256);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(codes_are_saved_by_the_rules_of_pictures)
{
    begin();
    const struct smp_image8 codes = make_codes();
    ck_assert_int_eq(smp_image8_save("a.tiff", &codes, NULL, NULL, NULL, &err), SMP_E_INPUT);
    ck_msg_eq(err, "a.tiff: a picture's name must end in .png, .jpg or .jpeg");
    const struct smp_image8 wide = { .width_px = 65501, .height_px = 1 };
    struct smp_bytes bytes;
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_image8_save("a.jpg", &wide, NULL, NULL, NULL, &err), SMP_E_LIMIT);
    ck_msg_eq(err, "a.jpg: a JPEG has at most 65500 px a side, not 65501 x 1");
    ck_assert_int_eq(smp_image8_jpeg(&bytes, &wide, NULL, NULL, NULL, &arena, NULL), SMP_E_LIMIT);
    const char *path = smp_format(&arena, "%s/codes-%ld.png", smp_test_folder(), (long)getpid());
    struct smp_image8 back;
    ck_assert_int_eq(smp_image8_save(path, &codes, NULL, NULL, NULL, NULL), SMP_OK);
    ck_assert_int_eq(smp_photo8_load(&back, NULL, path, NULL, &arena, NULL), SMP_OK);
    unlink(path);
    ck_assert_mem_eq(back.srgb8, codes.srgb8, (size_t)3 * WIDTH * HEIGHT);
    smp_image8_drop(&back);
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("codes", a_jpeg_in_strips_shows_what_one_in_a_piece_does,
              a_photo_of_srgb_comes_byte_for_byte_and_turned_where_it_lay,
              each_code_comes_back_from_light_as_itself, codes_are_saved_by_the_rules_of_pictures)
