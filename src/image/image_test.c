#include "image/image.h"

#include "colour/colour.h"
#include "harness.h"

#include <math.h>
#include <sys/stat.h>

// Check's own float macro promotes, which the compiler complains of.
#define ck_near(got, want, tolerance) ck_assert(fabsf((got) - (want)) <= (tolerance))

static struct smp_arena arena;
static struct smp_err err;

static void begin(void)
{
    smp_arena_make(&arena, (size_t)1 << 30);
    err = (struct smp_err){ 0 };
}

static struct smp_image noise(size_t width, size_t height)
{
    struct smp_image image;
    ck_assert_int_eq(smp_image_make(&image, width, height, &arena, &err), SMP_OK);
    struct smp_rng rng = smp_rng_make(7, 1);
    for (size_t i = 0; i < width * height; i++)
        image.px_lin[i] = (struct smp_rgb){ (float)smp_rng_unit(&rng), (float)smp_rng_unit(&rng),
                                            (float)smp_rng_unit(&rng) };
    return image;
}

static const char *temp_path(const char *name)
{
    char *path =
        smp_format(&arena, "%s/stubble-image-%ld-%s", smp_test_folder(), (long)getpid(), name);
    ck_assert_ptr_nonnull(path);
    return path;
}

static struct smp_bytes saved(const char *name, const struct smp_image *image,
                              const struct smp_image_note *notes, double dpi)
{
    const char *path = temp_path(name);
    struct smp_bytes bytes;
    ck_assert_int_eq(smp_image_save(path, image, notes, dpi, &err), SMP_OK);
    ck_assert_int_eq(smp_file_read(&bytes, path, 100 << 20, &arena, &err), SMP_OK);
    unlink(path);
    return bytes;
}

static bool holds(struct smp_bytes bytes, const char *text)
{
    return memmem(bytes.data, bytes.length, text, strlen(text)) != NULL;
}

START_TEST(an_image_has_at_least_one_pixel)
{
    begin();
    struct smp_image image;
    ck_assert_int_eq(smp_image_make(&image, 0, 5, &arena, &err), SMP_E_INPUT);
    ck_msg_eq(err, "an image must be 1 to 1048576 px a side, not 0 x 5");
    smp_arena_drop(&arena);
    smp_arena_make(&arena, 1000);
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_image_make(&image, 1000, 50, &arena, &err), SMP_E_NOMEM);
    ck_msg_eq(err, "no memory for an image of 1000 x 50 px");
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(samples_are_exact_at_centres_and_straight_between)
{
    begin();
    const struct smp_image image = noise(5, 4);
    for (size_t y = 0; y < 4; y++)
        for (size_t x = 0; x < 5; x++) {
            const struct smp_rgb px = smp_image_sample(&image, (double)x + 0.5, (double)y + 0.5);
            ck_near(px.g, smp_image_at(&image, x, y)->g, 1e-7f);
        }
    const struct smp_rgb half = smp_image_sample(&image, 2.0, 0.5);
    ck_near(half.r, (image.px_lin[1].r + image.px_lin[2].r) / 2, 1e-6f);
    ck_near(smp_image_sample(&image, -9, 99).b, smp_image_at(&image, 0, 3)->b, 1e-9f);
    ck_near(smp_image_sample(&image, 99, (double)NAN).b, smp_image_at(&image, 4, 0)->b, 1e-7f);
    smp_arena_drop(&arena);
}
END_TEST

// The slow and plain way: a normalised kernel out to 8 sigma in double.
static struct smp_rgb blurred_slowly(const struct smp_image *image, double sigma, size_t x,
                                     size_t y)
{
    const int reach = (int)(8 * sigma) + 1;
    double sum[3] = { 0 }, all = 0;
    for (int dy = -reach; dy <= reach; dy++)
        for (int dx = -reach; dx <= reach; dx++) {
            const double at_x = smp_clamp((double)x + dx, 0, (double)image->width_px - 1);
            const double at_y = smp_clamp((double)y + dy, 0, (double)image->height_px - 1);
            const struct smp_rgb *px = smp_image_at(image, (size_t)at_x, (size_t)at_y);
            const double w = exp(-0.5 * (dx * dx + dy * dy) / (sigma * sigma));
            all += w;
            sum[0] += w * (double)px->r;
            sum[1] += w * (double)px->g;
            sum[2] += w * (double)px->b;
        }
    return (struct smp_rgb){ (float)(sum[0] / all), (float)(sum[1] / all), (float)(sum[2] / all) };
}

START_TEST(a_blur_is_the_gaussian_at_any_sigma)
{
    begin();
    const struct smp_image image = noise(70, 41);
    const double sigmas[] = { 0.3, 1, 2.5, 6, 6.01, 15, 40 };
    for (size_t i = 0; i < sizeof sigmas / sizeof *sigmas; i++) {
        const double sigma = sigmas[i];
        struct smp_image soft;
        ck_assert_int_eq(smp_image_blur(&soft, &image, sigma, NULL, &arena, &err), SMP_OK);
        for (size_t k = 0; k < 12; k++) {
            const size_t x = k * 6, y = (k * 17) % 41;
            const struct smp_rgb want = blurred_slowly(&image, sigma, x, y);
            const struct smp_rgb *got = smp_image_at(&soft, x, y);
            const float tolerance = sigma <= 6 ? 2e-5f : 5e-4f;
            ck_near(got->r, want.r, tolerance);
            ck_near(got->b, want.b, tolerance);
        }
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_blur_keeps_flat_areas_and_does_not_depend_on_threads)
{
    begin();
    struct smp_image flat, soft, again;
    ck_assert_int_eq(smp_image_make(&flat, 33, 20, &arena, &err), SMP_OK);
    for (size_t i = 0; i < 33 * 20; i++)
        flat.px_lin[i] = (struct smp_rgb){ 0.25f, 0.5f, 1 };
    ck_assert_int_eq(smp_image_blur(&soft, &flat, 9, NULL, &arena, &err), SMP_OK);
    for (size_t i = 0; i < 33 * 20; i++)
        ck_near(soft.px_lin[i].g, 0.5f, 1e-6f);
    const struct smp_image image = noise(301, 97);
    struct smp_pool *pool = smp_pool_make(3);
    for (double sigma = 2; sigma < 20; sigma += 9) {
        ck_assert_int_eq(smp_image_blur(&soft, &image, sigma, NULL, &arena, &err), SMP_OK);
        ck_assert_int_eq(smp_image_blur(&again, &image, sigma, pool, &arena, &err), SMP_OK);
        ck_assert_mem_eq(soft.px_lin, again.px_lin, 301 * 97 * sizeof *soft.px_lin);
    }
    smp_pool_drop(pool);
    ck_assert_int_eq(smp_image_blur(&soft, &image, (double)NAN, NULL, &arena, &err), SMP_E_INPUT);
    ck_msg_eq(err, "blur.sigma_px must be 0 to 100000 px, not nan");
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(the_same_pixels_give_the_same_bytes_with_notes_and_dpi)
{
    begin();
    const struct smp_image image = noise(40, 30);
    const struct smp_image_note notes[] = { { "Description", "SIMULATED, not a photo" },
                                            { "Title", "caf\xc3\xa9" },
                                            { NULL, NULL } };
    static const char *const names[] = { "a.png", "a.JPG", "a.jpeg" };
    for (size_t i = 0; i < 3; i++) {
        const struct smp_bytes one = saved(names[i], &image, notes, 300);
        const struct smp_bytes two = saved(names[i], &image, notes, 300);
        ck_assert_uint_eq(one.length, two.length);
        ck_assert_mem_eq(one.data, two.data, one.length);
        ck_assert(holds(one, "SIMULATED, not a photo"));
        ck_assert(holds(one, "caf\xc3\xa9"));
        if (i == 0)
            ck_assert(holds(one, "pHYs") && holds(one, "iTXt") && holds(one, "tEXt"));
    }
    ck_assert(!holds(saved("b.png", &image, NULL, 0), "pHYs"));
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_picture_must_be_named_png_or_jpeg)
{
    begin();
    const struct smp_image image = noise(4, 3);
    ck_assert_int_eq(smp_image_save("x.png/out.tiff", &image, NULL, 0, &err), SMP_E_INPUT);
    ck_msg_eq(err, "x.png/out.tiff: a picture's name must end in .png, .jpg or .jpeg");
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_image_save("a.png/out", &image, NULL, 0, &err), SMP_E_INPUT);
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_image_save("/nonexistent/a.png", &image, NULL, 0, &err), SMP_E_INPUT);
    ck_msg_eq(err, "/nonexistent/a.png cannot be written: the folder to put it in does not exist");
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_image_save("a.png", &image, NULL, -1, &err), SMP_E_INPUT);
    ck_msg_has(err, "a.png.dpi must be 0 to 65535");
    smp_arena_drop(&arena);
}
END_TEST

// Codes 0 to 255 in each channel, as linear light.
static struct smp_image ramp(size_t width, size_t height)
{
    struct smp_image image;
    ck_assert_int_eq(smp_image_make(&image, width, height, &arena, &err), SMP_OK);
    for (size_t i = 0; i < width * height; i++)
        image.px_lin[i] =
            (struct smp_rgb){ (float)smp_lin_from_srgb((double)(i % 256) / 255),
                              (float)smp_lin_from_srgb((double)(i / 7 % 256) / 255), 0.5f };
    return image;
}

START_TEST(a_png_comes_back_code_for_code)
{
    begin();
    const struct smp_image image = ramp(61, 43);
    struct smp_image back;
    const struct smp_bytes png = saved("c.png", &image, NULL, 0);
    ck_assert_int_eq(smp_image_decode(&back, png, "c.png", NULL, &arena, &err), SMP_OK);
    ck_assert_uint_eq(back.width_px, 61);
    ck_assert_uint_eq(back.height_px, 43);
    for (size_t i = 0; i < 61 * 43; i++) {
        ck_near(back.px_lin[i].r, image.px_lin[i].r, 1e-6f);
        ck_near(back.px_lin[i].g, image.px_lin[i].g, 1e-6f);
        ck_near(back.px_lin[i].b, (float)smp_lin_from_srgb(188.0 / 255), 1e-6f);
    }
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("image", an_image_has_at_least_one_pixel,
              samples_are_exact_at_centres_and_straight_between,
              a_blur_is_the_gaussian_at_any_sigma,
              a_blur_keeps_flat_areas_and_does_not_depend_on_threads,
              the_same_pixels_give_the_same_bytes_with_notes_and_dpi,
              a_picture_must_be_named_png_or_jpeg, a_png_comes_back_code_for_code)
