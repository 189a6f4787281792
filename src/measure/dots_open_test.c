// Dots on real skin: the open set, and dots put into its picture without dots.
#include "dots_scored_test.h"

#define SET "../shared/data/dots/"

static struct smp_image load(const char *name)
{
    struct smp_image image;
    char path[200];
    snprintf(path, sizeof path, SET "%s.jpg", name);
    ck_assert_msg(smp_image_load(&image, path, NULL, &arena, &err) == SMP_OK, "%s", err.msg);
    return image;
}

// There (0, 0) is the centre of the first pixel, and light falls by the opacity.
static struct scalp_dot *load_truth(const char *name, size_t *count)
{
    static const char *const columns[] = { "x_px", "y_px", "radius_px", "opacity" };
    struct smp_bytes text;
    double *v;
    char path[200];
    snprintf(path, sizeof path, SET "%s.csv", name);
    ck_assert(!smp_file_read(&text, path, 1 << 20, &arena, &err));
    ck_assert(!smp_csv_numbers(&v, count, path, (const char *)text.data, text.length, columns, 4,
                               &arena, &err));
    struct scalp_dot *dots = smp_new(&arena, struct scalp_dot, *count);
    for (size_t i = 0; i < *count; i++)
        dots[i] = (struct scalp_dot){ v[4 * i] + 0.5, v[4 * i + 1] + 0.5, v[4 * i + 2],
                                      -log(1 - v[4 * i + 3]) };
    return dots;
}

static struct scalp_score score_open(const char *name)
{
    size_t count;
    const struct smp_image image = load(name);
    const struct scalp_dot *truth = load_truth(name, &count);
    const struct smp_found_dots dots = find(&image, 0);
    return score_dots(&dots, truth, count);
}

START_TEST(clear_dots_on_real_skin_are_found_and_measured)
{
    SKIP_WITHOUT(SET "skin-dots-a.jpg");
    begin();
    const struct scalp_score s = score_open("skin-dots-a");
    ck_assert_msg(s.f1 >= 0.99, "F1 %.4f", s.f1);
    ck_assert_double_le(s.centre_median_px, 0.3);
    ck_assert_double_le(s.centre_p95_px, 0.6);
    ck_assert_double_le(fabs(s.radius_bias), 0.05);
    ck_assert_double_le(s.radius_scatter, 0.04);
    ck_assert_double_le(fabs(s.contrast_bias), 0.12);
    ck_assert_double_le(s.contrast_scatter, 0.1);
    end();
}
END_TEST

START_TEST(faint_dense_dots_on_real_skin_are_found)
{
    SKIP_WITHOUT(SET "skin-dots-b-faint-dense.jpg");
    begin();
    const struct scalp_score s = score_open("skin-dots-b-faint-dense");
    ck_assert_msg(s.f1 >= 0.985, "F1 %.4f", s.f1);
    ck_assert_double_le(s.centre_median_px, 0.5);
    ck_assert_double_le(s.centre_p95_px, 1);
    ck_assert_double_le(fabs(s.radius_bias), 0.08);
    ck_assert_double_le(s.radius_scatter, 0.1);
    end();
}
END_TEST

START_TEST(bare_real_skin_has_six_false_dots_at_most)
{
    SKIP_WITHOUT(SET "skin-no-dots-1.jpg");
    begin();
    const struct smp_image image = load("skin-no-dots-1");
    ck_assert_uint_le(find(&image, 0).count, 6);
    end();
}
END_TEST

START_TEST(one_half_does_not_hide_the_other)
{
    SKIP_WITHOUT(SET "skin-dots-b-faint-dense.jpg");
    begin();
    size_t count, left = 0, bare = 0, kept = 0;
    const struct smp_image dense = load("skin-dots-b-faint-dense"), none = load("skin-no-dots-1");
    struct scalp_dot *truth = load_truth("skin-dots-b-faint-dense", &count);
    const size_t width = dense.width_px, seam = width / 2;
    for (size_t y = 0; y < dense.height_px; y++)
        for (size_t x = seam; x < width; x++)
            *smp_image_at(&dense, x, y) = *smp_image_at(&none, x, y);
    struct smp_found_dots dots = find(&dense, 0);
    for (size_t i = 0; i < dots.count; i++) {
        bare += dots.dots[i].x_px > (double)seam + 12;
        if (dots.dots[i].x_px < (double)seam - 12)
            dots.dots[left++] = dots.dots[i];
    }
    for (size_t i = 0; i < count; i++)
        if (truth[i].x_px < (double)seam - 12)
            truth[kept++] = truth[i];
    dots.count = left;
    const struct scalp_score s = score_dots(&dots, truth, kept);
    ck_assert_msg(s.f1 >= 0.985, "F1 %.4f", s.f1);
    ck_assert_uint_le(bare, 3);
    end();
}
END_TEST

// Where for 12 px around there is skin, by its colour.
static uint8_t *bare_skin(const struct smp_image *image)
{
    uint8_t *skin = smp_new(&arena, uint8_t, image->width_px * image->height_px);
    for (size_t y = 12; y + 12 < image->height_px; y++)
        for (size_t x = 12; x + 12 < image->width_px; x++) {
            bool good = true;
            for (size_t j = y - 12; j <= y + 12; j += 4)
                for (size_t i = x - 12; i <= x + 12; i += 4) {
                    const struct smp_rgb *px = smp_image_at(image, i, j);
                    good = good && px->r > 0.15F && px->r > 1.5F * px->b;
                }
            skin[y * image->width_px + x] = good;
        }
    return skin;
}

START_TEST(faint_dots_put_into_real_skin_are_found)
{
    SKIP_WITHOUT(SET "skin-no-dots-1.jpg");
    static const double contrast[] = { 0.3, 0.2, 0.15, 0.12 }, least[] = { 0.98, 0.98, 0.95, 0.85 };
    begin();
    const struct smp_image image = load("skin-no-dots-1");
    const uint8_t *skin = bare_skin(&image);
    for (int i = 0; i < 4; i++) {
        struct scalp_params params = scalp_defaults;
        params.width_px = (double)image.width_px;
        params.height_px = (double)image.height_px;
        params.contrast_min = params.contrast_max = contrast[i];
        struct scalp_dot *strewn;
        size_t count;
        struct scalp scalp;
        ck_assert(scalp_strew(&strewn, &count, &params, skin, &arena));
        ck_assert(scalp_put_dots(&scalp, &image, strewn, count, params.blur_px, 92, &arena));
        const struct smp_found_dots dots = find(&scalp.image, 92);
        const struct scalp_score s = score_dots(&dots, strewn, count);
        ck_assert_msg(s.f1 >= least[i], "contrast %g: F1 %.4f", contrast[i], s.f1);
    }
    end();
}
END_TEST

SMP_TEST_MAIN("dots on real skin", clear_dots_on_real_skin_are_found_and_measured,
              faint_dense_dots_on_real_skin_are_found, bare_real_skin_has_six_false_dots_at_most,
              one_half_does_not_hide_the_other, faint_dots_put_into_real_skin_are_found)
