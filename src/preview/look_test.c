// The look of dots against its tables, and fields of them drawn on flat skin.
#include "preview/preview_impl.h"

#include "harness.h"

// ---- Flat skin ---------------------------------------------------------------------------------

// Tint of 100 dots/cm² on a plane tilted about the picture's x axis; mean over the middle.
struct flat {
    double mean[3], rms[3]; // rms: of the mean over squares of 4 mm
};

static struct flat flat_field(double px_per_mm, double tilt_deg, double shift_px,
                              const struct smp_spot *like)
{
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    const size_t size = (size_t)fmin(640, 40 * px_per_mm);
    const struct smp_preview_params params = { .width_px = size, .height_px = size };
    struct smp_camera camera = smp_camera_of_place(smp_vec3(0, 0, 0), smp_vec3(0, 0, 1), &params);
    camera.px_per_mm = px_per_mm;
    camera.focal_px = px_per_mm * 1500;
    camera.centre_x_px += shift_px;
    const double a = tilt_deg * SMP_PI / 180;
    const struct smp_vec3 normal =
        smp_add(smp_scale(camera.back, cos(a)), smp_scale(camera.up, -sin(a)));
    const struct smp_vec3 uphill = smp_cross(normal, camera.right);

    struct smp_gbuffer g = { .width_px = size, .height_px = size };
    g.depth = smp_new(&arena, float, size *size);
    for (size_t i = 0; i < size * size; i++) {
        const double u = ((double)(i % size) + 0.5 - camera.centre_x_px) / camera.focal_px;
        const double v = (camera.centre_y_px - (double)(i / size) - 0.5) / camera.focal_px;
        const struct smp_vec3 d =
            smp_sub(smp_add(smp_scale(camera.right, u), smp_scale(camera.up, v)), camera.back);
        g.depth[i] = (float)(-smp_dot(camera.eye, normal) / smp_dot(d, normal));
    }
    const int half = (int)(0.75 * (double)size / px_per_mm / cos(a)) + 6;
    struct smp_spot *spots = smp_new(&arena, struct smp_spot, (size_t)(4 * half * half));
    size_t count = 0;
    for (int y = -half; y < half; y++) {
        for (int x = -half; x < half; x++) {
            struct smp_rng rng = smp_rng_make(9, (uint64_t)(2000 * (y + 500) + x + 500));
            const double px = x + 0.5 * smp_rng_unit(&rng), py = y + 0.5 * smp_rng_unit(&rng);
            spots[count] = *like;
            spots[count].place =
                smp_f3_of(smp_add(smp_scale(camera.right, px), smp_scale(uphill, py)));
            spots[count].normal = smp_f3_of(normal);
            spots[count].id = (uint32_t)count;
            count++;
        }
    }
    struct smp_tint drawn;
    const struct smp_work work = { NULL, &arena, NULL };
    ck_assert_int_eq(smp_tint_make(&drawn, &camera, &work), SMP_OK);
    ck_assert_int_eq(smp_splat(&drawn, spots, count, &g, &camera, &work), SMP_OK);
    smp_tint_finish(&drawn, NULL);
    const struct smp_rgb *tint = drawn.px;

    struct flat flat = { 0 };
    const size_t low = size / 8, high = size - size / 8;
    double sum[3] = { 0 };
    for (size_t y = low; y < high; y++)
        for (size_t x = low; x < high; x++) {
            sum[0] += (double)tint[y * size + x].r;
            sum[1] += (double)tint[y * size + x].g;
            sum[2] += (double)tint[y * size + x].b;
        }
    for (int c = 0; c < 3; c++)
        flat.mean[c] = sum[c] / (double)((high - low) * (high - low));

    const size_t block = (size_t)(4 * px_per_mm);
    double squares[3] = { 0 }, blocks = 0;
    for (size_t y = low; y + block <= high; y += block)
        for (size_t x = low; x + block <= high; x += block) {
            double m[3] = { 0 };
            for (size_t i = 0; i < block * block; i++) {
                const struct smp_rgb t = tint[(y + i / block) * size + x + i % block];
                m[0] += (double)t.r;
                m[1] += (double)t.g;
                m[2] += (double)t.b;
            }
            for (int c = 0; c < 3; c++) {
                const double e = m[c] / (double)(block * block) / flat.mean[c] - 1;
                squares[c] += e * e;
            }
            blocks++;
        }
    for (int c = 0; c < 3; c++)
        flat.rms[c] = sqrt(squares[c] / fmax(blocks, 1));
    smp_arena_drop(&arena);
    return flat;
}

// Columns of 0.25 mm at 0.1 mm depth, 10 per mm: the table's own row.
static const double table_row[3] = { .718, .827, .899 };

static struct smp_spot table_spot(void)
{
    const struct smp_deposit deposit = { 0.25, 0.1, { 10, 10, 10 }, 0 };
    struct smp_look look;
    smp_look_of(&look, &deposit);
    struct smp_spot spot;
    smp_spot_of_look(&spot, &look);
    return spot;
}

START_TEST(the_area_average_of_a_field_is_the_tables_at_any_size_and_tilt)
{
    static const double scales[] = { 2, 7, 20 };
    static const double tilts[] = { 0, 40, 60, 75 };
    const struct smp_spot spot = table_spot();
    for (int s = 0; s < 3; s++)
        for (int t = 0; t < 4; t++) {
            const struct flat flat = flat_field(scales[s], tilts[t], 0, &spot);
            for (int c = 0; c < 3; c++)
                ck_assert_msg(fabs(flat.mean[c] / table_row[c] - 1) < 0.01,
                              "%g px/mm, %g°, colour %d: %.4f, not %.3f", scales[s], tilts[t], c,
                              flat.mean[c], table_row[c]);
        }
}
END_TEST

START_TEST(an_even_field_has_little_mottling)
{
    const struct smp_spot spot = table_spot();
    const struct flat flat = flat_field(7, 0, 0, &spot);
    for (int c = 0; c < 3; c++)
        ck_assert_double_lt(flat.rms[c], 0.02);
}
END_TEST

START_TEST(a_shift_below_a_pixel_does_not_change_the_tone)
{
    const struct smp_spot spot = table_spot();
    const struct flat still = flat_field(7, 30, 0, &spot), moved = flat_field(7, 30, 0.37, &spot);
    for (int c = 0; c < 3; c++)
        ck_assert_double_eq_tol(moved.mean[c] / still.mean[c], 1, 1e-3);
}
END_TEST

// ---- The look ----------------------------------------------------------------------------------

START_TEST(the_look_is_the_tables_at_its_rows)
{
    struct smp_look look;
    smp_look_of(&look, &(struct smp_deposit){ 0.3, 0.1, { 10, 10, 10 }, 0 });
    ck_assert_double_eq_tol((double)look.core[0], 0.589, 1e-3);
    ck_assert_double_eq_tol((double)look.core[1], 0.479, 1e-3);
    ck_assert_double_eq_tol((double)look.core[2], 0.359, 1e-3);
    ck_assert_double_eq_tol((double)look.fwhm_mm[1], 0.33, 1e-3);
    smp_look_of(&look, &(struct smp_deposit){ 0.3, 0.3, { 50, 50, 50 }, 0 });
    ck_assert_double_eq_tol((double)look.core[1], 0.144, 0.01);
    // 150 dots/cm² of the usual kind: .73/.80/.87 (docs/preview.md)
    smp_look_of(&look, &(struct smp_deposit){ 0.23, 0.12, { 5, 9, 17 }, 0 });
    static const double wanted[3] = { .73, .80, .87 };
    for (int c = 0; c < 3; c++)
        ck_assert_double_eq_tol(exp(-1.5 * (double)look.total_mm2[c]), wanted[c], 0.02);
}
END_TEST

START_TEST(deeper_dots_are_paler_wider_and_bluer)
{
    struct smp_look last;
    smp_look_of(&last, &(struct smp_deposit){ 0.3, 0.08, { 9, 9, 9 }, 0 });
    for (double top = 0.12; top < 0.8; top += 0.04) {
        struct smp_look look;
        smp_look_of(&look, &(struct smp_deposit){ 0.3, top, { 9, 9, 9 }, 0 });
        for (int c = 0; c < 3; c++) {
            ck_assert(look.core[c] < last.core[c]);
            ck_assert(look.fwhm_mm[c] >= last.fwhm_mm[c]);
        }
        ck_assert(look.core[0] / look.core[2] > last.core[0] / last.core[2]);
        last = look;
    }
}
END_TEST

START_TEST(a_dot_of_no_pigment_or_no_size_does_not_show)
{
    struct smp_look look;
    smp_look_of(&look, &(struct smp_deposit){ 0.3, 0.1, { 0, 0, 0 }, 0 });
    for (int c = 0; c < 3; c++)
        ck_assert(look.core[c] < 1e-5f && look.total_mm2[c] < 1e-5f);
    smp_look_of(&look, &(struct smp_deposit){ 0, 0.1, { 9, 9, 9 }, 0 });
    for (int c = 0; c < 3; c++)
        ck_assert(look.core[c] == 0 && look.total_mm2[c] == 0);
}
END_TEST

START_TEST(a_fresh_dot_is_darker_wider_and_red)
{
    struct smp_look healed, fresh;
    float red[3];
    smp_look_of(&healed, &(struct smp_deposit){ 0.23, 0.12, { 5, 9, 17 }, 0 });
    fresh = healed;
    smp_look_fresh(&fresh, red);
    for (int c = 0; c < 3; c++) {
        ck_assert_double_ge((double)(fresh.core[c] / healed.core[c]), 1 / 0.6 - 1e-3);
        ck_assert_double_le((double)fresh.core[c], (double)healed.core[0] / 0.6 + 1e-3);
        ck_assert(fresh.fwhm_mm[c] > healed.fwhm_mm[c]);
        ck_assert(fresh.total_mm2[c] > healed.total_mm2[c]);
    }
    ck_assert(red[1] > 3 * red[0] && red[2] > 3 * red[0]);
}
END_TEST

START_TEST(noise_has_the_slope_it_says)
{
    for (uint64_t i = 0; i < 2000; i++) {
        struct smp_rng rng = smp_rng_make(21, i);
        struct smp_f3 p, g, none;
        float *const at[3] = { &p.x, &p.y, &p.z };
        for (int k = 0; k < 3; k++)
            *at[k] = (float)(40 * smp_rng_unit(&rng) - 20);
        const float n = smp_noise3(p, 7, &g);
        ck_assert(fabsf(n) < 1.1f);
        const float slope[3] = { g.x, g.y, g.z };
        for (int k = 0; k < 3; k++) {
            const float keep = *at[k], h = 4e-3f;
            *at[k] = keep + h;
            const float more = smp_noise3(p, 7, &none);
            *at[k] = keep - h;
            const float less = smp_noise3(p, 7, &none);
            *at[k] = keep;
            ck_assert_double_eq_tol((double)((more - less) / (2 * h)), (double)slope[k], 0.02);
        }
    }
}
END_TEST

SMP_TEST_MAIN("look", the_area_average_of_a_field_is_the_tables_at_any_size_and_tilt,
              an_even_field_has_little_mottling, a_shift_below_a_pixel_does_not_change_the_tone,
              the_look_is_the_tables_at_its_rows, deeper_dots_are_paler_wider_and_bluer,
              a_dot_of_no_pigment_or_no_size_does_not_show, a_fresh_dot_is_darker_wider_and_red,
              noise_has_the_slope_it_says)
