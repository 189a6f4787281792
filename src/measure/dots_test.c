// Dots on made skin: found, not invented, measured; the same whatever light, turn and threads.
// SNR is contrast over the SD of ln light a pixel (white noise), dots of 3 to 8 px radius and
// contrast 0.2, at least 18 px apart, blur 1.3 px, JPEG 92.
#include "dots_scored_test.h"

static struct scalp_params small(void)
{
    struct scalp_params params = scalp_defaults;
    params.width_px = 640;
    params.height_px = 448;
    params.dots = 150;
    return params;
}

static struct scalp_params noisy(double snr)
{
    struct scalp_params params = scalp_defaults;
    params.noise = 0.2 / snr;
    return params;
}

START_TEST(dots_in_noise_are_found)
{
    static const double snr[] = { 4, 2, 1.5 }, least[] = { 0.99, 0.98, 0.95 };
    begin();
    for (int i = 0; i < 3; i++) {
        const struct scalp_params params = noisy(snr[i]);
        const double f1 = score_made(&params).f1;
        ck_assert_msg(f1 >= least[i], "SNR %g: F1 %.4f", snr[i], f1);
    }
    end();
}
END_TEST

START_TEST(moles_pores_and_hairs_are_no_dots)
{
    static const double snr[] = { 4, 2 }, least[] = { 0.98, 0.97 };
    begin();
    for (int i = 0; i < 2; i++) {
        struct scalp_params params = noisy(snr[i]);
        params.moles = 6;
        params.pores = 60;
        params.hairs = 12;
        const double f1 = pooled_f1(params, 2);
        ck_assert_msg(f1 >= least[i], "SNR %g: F1 %.4f", snr[i], f1);
    }
    end();
}
END_TEST

START_TEST(dots_on_the_texture_of_skin_are_found_and_none_without_them)
{
    begin();
    struct scalp_params params = scalp_defaults;
    params.texture = 0.006;
    params.wrinkles = 6;
    params.shine = 0.05;
    params.contrast_min = 0.2;
    params.contrast_max = 0.5;
    const struct scalp_score score = score_made(&params);
    ck_assert_msg(score.f1 >= 0.98, "F1 %.4f", score.f1);
    ck_assert_double_lt(score.centre_median_px, 0.3);
    ck_assert_double_lt(score.centre_p95_px, 0.9);
    ck_assert_double_lt(fabs(score.radius_bias), 0.03);
    ck_assert_double_lt(score.radius_scatter, 0.06);
    ck_assert_double_lt(fabs(score.contrast_bias), 0.05);
    ck_assert_double_lt(score.contrast_scatter, 0.12);
    params.dots = 0;
    params.seed = 5;
    ck_assert_uint_le(score_made(&params).false_hits, 6);
    end();
}
END_TEST

START_TEST(every_tone_of_skin_is_served_alike)
{
    SKIP_UNDER_SANITIZERS();
    begin();
    double least = 1, most = 0;
    for (int tone = 0; tone < SCALP_TONES; tone++) {
        struct scalp_params params = small();
        params.tone = tone;
        params.contrast_min = params.contrast_max = tone == 5 ? 0.3 : 0.2;
        params.noise = params.contrast_min / (tone == 5 ? 6 : 4);
        params.texture = 0.003;
        const double f1 = pooled_f1(params, 2);
        ck_assert_msg(f1 >= 0.98, "tone %d: F1 %.4f", tone, f1);
        least = fmin(least, f1);
        most = fmax(most, f1);
    }
    ck_assert_msg(most - least <= 0.01, "tones differ by %.4f", most - least);
    end();
}
END_TEST

// Moles are nearly as grey as pigment on dark skin, and there colour tells little.
START_TEST(moles_pores_and_hairs_make_no_tone_worse)
{
    SKIP_UNDER_SANITIZERS();
    static const int tones[] = { 0, 5 };
    begin();
    double least = 1, most = 0;
    for (int i = 0; i < 2; i++) {
        struct scalp_params params = scalp_defaults;
        params.tone = tones[i];
        params.seed = 8;
        params.contrast_min = 0.3;
        params.contrast_max = 0.6;
        params.noise = 0.02;
        params.texture = 0.006;
        params.moles = 6;
        params.pores = 60;
        params.hairs = 12;
        params.wrinkles = 6;
        params.shine = 0.05;
        const double f1 = pooled_f1(params, 2);
        ck_assert_msg(f1 >= 0.98, "tone %d: F1 %.4f", tones[i], f1);
        least = fmin(least, f1);
        most = fmax(most, f1);
    }
    ck_assert_msg(most - least <= 0.01, "tones differ by %.4f", most - least);
    end();
}
END_TEST

START_TEST(a_poor_jpeg_makes_no_dots)
{
    begin();
    for (int quality = 30; quality <= 60; quality += 30)
        for (int tone = 1; tone <= 5; tone += 4) {
            struct scalp_params params = small();
            params.dots = 0;
            params.texture = 0.005;
            params.jpeg = quality;
            params.tone = tone;
            const size_t count = score_made(&params).false_hits;
            ck_assert_msg(count <= 4, "quality %d, tone %d: %zu", quality, tone, count);
        }
    end();
}
END_TEST

// ---- The same however it is seen ---------------------------------------------------------------

static struct smp_image turned(const struct smp_image *image, bool mirror)
{
    struct smp_image result;
    const size_t w = image->width_px, h = image->height_px;
    ck_assert_int_eq(smp_image_make(&result, mirror ? w : h, mirror ? h : w, &arena, &err), SMP_OK);
    for (size_t y = 0; y < h; y++)
        for (size_t x = 0; x < w; x++)
            *smp_image_at(&result, mirror ? w - 1 - x : h - 1 - y, mirror ? y : x) =
                *smp_image_at(image, x, y);
    return result;
}

static void ck_count(size_t count, size_t expected, const char *what)
{
    ck_assert_msg(fabs((double)count - (double)expected) <= 0.005 * (double)expected + 0.5,
                  "%s: %zu dots, not %zu", what, count, expected);
}

START_TEST(light_turn_and_mirror_change_no_count)
{
    begin();
    struct scalp_params params = small();
    params.texture = 0.005;
    params.contrast_min = 0.25;
    params.contrast_max = 0.5;
    params.exposure = 0.9;
    params.jpeg = 0;
    const struct scalp scalp = made(&params);
    const size_t count = find(&scalp.image, 0).count;
    ck_count(count, scalp.dot_count, "upright");
    const struct smp_image right = turned(&scalp.image, false);
    ck_count(find(&right, 0).count, count, "a quarter turn");
    const struct smp_image mirrored = turned(&scalp.image, true);
    ck_count(find(&mirrored, 0).count, count, "mirrored");
    params.exposure = 0.45;
    ck_count(score_made(&params).hits, count, "half the light");
    params.exposure = 0.225;
    ck_count(score_made(&params).hits, count, "a quarter of the light");
    params.exposure = 0.9;
    params.gradient = 2;
    ck_count(score_made(&params).hits, count, "light that falls off");
    end();
}
END_TEST

START_TEST(threads_change_no_bit)
{
    begin();
    struct scalp_params params = scalp_defaults;
    params.texture = 0.006;
    params.hairs = 8;
    params.width_px = 1100; // two tiles across, two down
    params.height_px = 300;
    const struct scalp scalp = made(&params);
    const struct smp_found_dots one = find(&scalp.image, 92);
    struct smp_pool *pool = smp_pool_make(3);
    const struct smp_subject subject = { scalp.image, NULL, 0.05, 92 };
    struct smp_found_dots three;
    ck_assert_int_eq(smp_dots_find(&three, &subject, "made", pool, &arena, &err), SMP_OK);
    smp_pool_drop(pool);
    ck_assert_uint_eq(one.count, three.count);
    ck_assert_uint_gt(one.count, 200);
    for (size_t i = 0; i < one.count; i++) {
        ck_assert_double_eq(one.dots[i].x_px, three.dots[i].x_px);
        ck_assert_double_eq(one.dots[i].y_px, three.dots[i].y_px);
        ck_assert_double_eq(one.dots[i].diameter_px, three.dots[i].diameter_px);
        ck_assert_double_eq(one.dots[i].contrast, three.dots[i].contrast);
    }
    ck_assert_double_eq(one.count_sd, three.count_sd);
    end();
}
END_TEST

// ---- Scale and region --------------------------------------------------------------------------

START_TEST(large_and_small_pictures_are_brought_to_one_scale)
{
    begin();
    struct scalp_params params = small();
    params.noise = 0.02;
    params.radius_px_min = 8;
    params.radius_px_max = 20;
    params.gap_px = 44;
    params.dots = 60;
    const struct scalp large = made(&params);
    struct smp_subject subject = { large.image, NULL, 0.02, 0 };
    struct smp_found_dots dots;
    ck_assert_int_eq(smp_dots_find(&dots, &subject, "large", NULL, &arena, &err), SMP_OK);
    struct scalp_score score = score_dots(&dots, large.dots, large.dot_count);
    ck_assert_double_ge(score.f1, 0.99);
    ck_assert_double_lt(score.centre_median_px, 0.6);
    ck_assert_double_lt(fabs(score.radius_bias), 0.04);
    params = small();
    params.noise = 0.01;
    params.blur_px = 0.7;
    params.radius_px_min = 1.7;
    params.radius_px_max = 4;
    params.gap_px = 12;
    const struct scalp tiny = made(&params);
    subject = (struct smp_subject){ tiny.image, NULL, 0.1, 0 };
    ck_assert_int_eq(smp_dots_find(&dots, &subject, "small", NULL, &arena, &err), SMP_OK);
    score = score_dots(&dots, tiny.dots, tiny.dot_count);
    ck_assert_double_ge(score.f1, 0.99);
    ck_assert_double_lt(score.centre_median_px, 0.2);
    end();
}
END_TEST

START_TEST(only_the_region_is_searched)
{
    begin();
    struct scalp_params params = small();
    params.noise = 0.02;
    const struct scalp scalp = made(&params);
    const size_t width = scalp.image.width_px, height = scalp.image.height_px;
    uint8_t *region = smp_new(&arena, uint8_t, width * height);
    for (size_t i = 0; i < width * height; i++)
        region[i] = i % width < width / 2;
    const struct smp_subject subject = { scalp.image, region, 0.05, 92 };
    struct smp_found_dots dots;
    ck_assert_int_eq(smp_dots_find(&dots, &subject, "made", NULL, &arena, &err), SMP_OK);
    size_t expected = 0;
    for (size_t i = 0; i < scalp.dot_count; i++)
        expected += scalp.dots[i].x_px < (double)width / 2;
    ck_assert_double_eq_tol((double)dots.count, (double)expected, 6); // some on the border
    for (size_t i = 0; i < dots.count; i++)
        ck_assert_double_lt(dots.dots[i].x_px, (double)width / 2);
    ck_assert_double_eq_tol(dots.area_px, (double)(width * height) / 2, 1);
    ck_assert_double_eq_tol(dots.area_cm2, dots.area_px * 25e-6, 1e-9);
    memset(region, 0, width * height);
    ck_assert_int_eq(smp_dots_find(&dots, &subject, "made", NULL, &arena, &err), SMP_OK);
    ck_assert_uint_eq(dots.count, 0);
    end();
}
END_TEST

START_TEST(pictures_without_skin_have_no_dots)
{
    static const struct smp_rgb colours[] = {
        { 0, 0, 0 }, { 1, 1, 1 }, { 0.1F, 0.4F, 0.1F }, { 0, 0, 0.8F }, { -1, -1, -1 }
    };
    static const size_t sides[] = { 1, 2, 70 };
    begin();
    for (int c = 0; c < 5; c++)
        for (int s = 0; s < 3; s++)
            for (int k = 0; k < 3; k++) {
                static const double scales[] = { 0.005, 0.02, 0.08 };
                struct smp_image image;
                ck_assert(!smp_image_make(&image, sides[s], sides[s], &arena, &err));
                for (size_t i = 0; i < sides[s] * sides[s]; i++)
                    image.px_lin[i] = colours[c];
                const struct smp_subject subject = { image, NULL, scales[k], 0 };
                struct smp_found_dots dots;
                ck_assert(!smp_dots_find(&dots, &subject, "flat", NULL, &arena, &err));
                ck_assert_uint_eq(dots.count, 0);
                ck_assert_double_eq(dots.area_px, 0);
            }
    end();
}
END_TEST

START_TEST(a_scale_that_shows_no_dot_is_refused)
{
    begin();
    struct scalp_params params = small();
    const struct scalp scalp = made(&params);
    struct smp_subject subject = { scalp.image, NULL, 0.3, 0 };
    struct smp_found_dots dots;
    ck_assert_int_eq(smp_dots_find(&dots, &subject, "far.jpg", NULL, &arena, &err), SMP_E_INPUT);
    ck_msg_eq(err, "far.jpg.mm_per_px must be 0.0005 to 0.17 mm, not 0.3");
    err = (struct smp_err){ 0 };
    subject.mm_per_px = 0;
    ck_assert_int_eq(smp_dots_find(&dots, &subject, "far.jpg", NULL, &arena, &err), SMP_E_INPUT);
    ck_msg_eq(err, "far.jpg.mm_per_px must be 0.0005 to 0.17 mm, not 0");
    end();
}
END_TEST

// ---- Counts ------------------------------------------------------------------------------------

START_TEST(a_change_of_the_count_is_measured_within_two_percent)
{
    SKIP_UNDER_SANITIZERS();
    begin();
    for (int pair = 0; pair < 3; pair += 2) {
        struct scalp_params params = scalp_defaults;
        params.seed = 50 + pair;
        params.texture = 0.005;
        params.noise = 0.02;
        params.hairs = 6;
        params.pores = 30;
        params.contrast_min = 0.15;
        params.contrast_max = 0.5;
        const struct scalp before = made(&params);
        const size_t kept = before.dot_count * (size_t)(9 - pair) / 10;
        struct scalp after;
        params.exposure = 0.8; // another picture of the same place: other noise, hairs, light, blur
        params.blur_px = pair ? 1.8 : 1.0;
        params.seed += 100;
        ck_assert(scalp_make_with(&after, &params, before.dots, kept, &arena));
        const double first = (double)find(&before.image, 92).count;
        const double second = (double)find(&after.image, 92).count;
        const double change = second / first, true_change = (double)kept / (double)before.dot_count;
        ck_assert_msg(fabs(change - true_change) < 0.02, "pair %d: %.4f, not %.4f", pair, change,
                      true_change);
    }
    end();
}
END_TEST

START_TEST(the_error_of_the_count_is_honest)
{
    SKIP_UNDER_SANITIZERS();
    begin();
    int far = 0;
    for (int i = 0; i < 6; i++) {
        struct scalp_params params = small();
        params.seed = 70 + i;
        params.texture = 0.006;
        params.hairs = i;
        params.contrast_min = 0.1;
        params.contrast_max = 0.4;
        const struct scalp scalp = made(&params);
        const struct smp_found_dots dots = find(&scalp.image, 92);
        ck_assert_double_gt(dots.count_sd, 0.5);
        ck_assert_double_lt(dots.count_sd, 30);
        const double off = fabs((double)dots.count - (double)scalp.dot_count) / dots.count_sd;
        ck_assert_msg(off < 3, "picture %d: %zu ± %.1f, truly %zu", i, dots.count, dots.count_sd,
                      scalp.dot_count);
        far += off > 2;
    }
    ck_assert_int_le(far, 1);
    end();
}
END_TEST

SMP_TEST_MAIN("dots", dots_in_noise_are_found, moles_pores_and_hairs_are_no_dots,
              dots_on_the_texture_of_skin_are_found_and_none_without_them,
              every_tone_of_skin_is_served_alike, moles_pores_and_hairs_make_no_tone_worse,
              a_poor_jpeg_makes_no_dots, light_turn_and_mirror_change_no_count,
              threads_change_no_bit, large_and_small_pictures_are_brought_to_one_scale,
              only_the_region_is_searched, pictures_without_skin_have_no_dots,
              a_scale_that_shows_no_dot_is_refused,
              a_change_of_the_count_is_measured_within_two_percent,
              the_error_of_the_count_is_honest)
