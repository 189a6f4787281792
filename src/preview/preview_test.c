// The preview on a ball of a head and on flat skin: tones against the tables, bytes against bytes.
#include "preview/preview_impl.h"

#include "harness.h"

#include <math.h>

// ---- A ball with zones -------------------------------------------------------------------------

enum { RINGS = 90, SEGMENTS = 180 };

struct fixture {
    struct smp_arena arena;
    struct smp_head head;
    struct smp_case from;
    struct smp_plan plan;
};

static void make_ball(struct fixture *f)
{
    struct smp_mesh *mesh = &f->head.mesh;
    const size_t points = (RINGS + 1) * SEGMENTS;
    mesh->points = smp_new(&f->arena, struct smp_vec3, points);
    mesh->triangles = smp_alloc(&f->arena, 2 * RINGS * SEGMENTS, sizeof *mesh->triangles);
    f->head.normals = smp_new(&f->arena, struct smp_vec3, points);
    f->head.zones = smp_new(&f->arena, uint8_t, points);
    ck_assert(mesh->points && mesh->triangles && f->head.normals && f->head.zones);
    for (size_t i = 0; i <= RINGS; i++) {
        for (size_t j = 0; j < SEGMENTS; j++) {
            const double theta = SMP_PI * (double)i / RINGS;
            const double phi = 2 * SMP_PI * (double)j / SEGMENTS;
            const struct smp_vec3 n =
                smp_vec3(sin(theta) * cos(phi), sin(theta) * sin(phi), cos(theta));
            f->head.normals[mesh->point_count] = n;
            f->head.zones[mesh->point_count] = theta < 1 ? SMP_ZONE_MIDSCALP : SMP_ZONE_NONE;
            mesh->points[mesh->point_count++] = smp_scale(n, 90);
        }
    }
    for (size_t i = 0; i < RINGS; i++) {
        for (size_t j = 0; j < SEGMENTS; j++) {
            const uint32_t a = (uint32_t)(i * SEGMENTS + j);
            const uint32_t b = (uint32_t)(i * SEGMENTS + (j + 1) % SEGMENTS);
            const uint32_t c = a + SEGMENTS, d = b + SEGMENTS;
            if (i + 1 < RINGS)
                memcpy(mesh->triangles[mesh->triangle_count++], (uint32_t[3]){ a, c, d }, 12);
            if (i > 0)
                memcpy(mesh->triangles[mesh->triangle_count++], (uint32_t[3]){ a, d, b }, 12);
        }
    }
    f->head.landmarks = (struct smp_landmarks){ .nasion = { 0, 90, 0 },
                                                .lpa = { -72, 0, 0 },
                                                .rpa = { 72, 0, 0 },
                                                .glabella = { 0, 89, 14 },
                                                .vertex = { 0, 0, 90 } };
}

// Dots 1 mm apart on the cap, on a spiral.
static void set_dots(struct fixture *f, double diameter_um)
{
    const double share = 0.23; // of the sphere's height
    const size_t count = (size_t)(4 * SMP_PI * 90 * 90 * 0.01 * share * 150);
    f->plan.dots = smp_new(&f->arena, struct smp_dot, count);
    ck_assert_ptr_nonnull(f->plan.dots);
    for (size_t i = 0; i < count; i++) {
        const double z = 1 - 2 * share * ((double)i + 0.5) / (double)count;
        const double a = 2.39996322972865332 * (double)i, r = sqrt(1 - z * z);
        const struct smp_vec3 n = smp_vec3(r * cos(a), r * sin(a), z);
        f->plan.dots[i] = (struct smp_dot){ .id = (uint32_t)i + 1,
                                            .position_mm = smp_scale(n, 90),
                                            .normal = n,
                                            .session = 1 + (int)(i % 3),
                                            .diameter_um = diameter_um };
    }
    f->plan.dot_count = count;
}

static void set_up(struct fixture *f, double diameter_um)
{
    *f = (struct fixture){ 0 };
    smp_arena_make(&f->arena, 0);
    make_ball(f);
    f->from = (struct smp_case){
        .skin_lab = { 66, 9, 15 }, .hair_lab = { 23, 4, 4.7 }, .stubble_mm = 0.3, .seed = 1
    };
    f->plan.from = &f->from;
    f->plan.head = &f->head;
    f->plan.sessions = 3;
    set_dots(f, diameter_um);
}

static const struct smp_preview_params small = { .width_px = 240, .height_px = 300, .seed = 1 };
static const enum smp_age all_ages[] = { SMP_AGE_BEFORE, SMP_AGE_FRESH, SMP_AGE_HEALED };

// ---- Flat skin ---------------------------------------------------------------------------------

// Tint of 100 dots/cm² on a plane tilted about the picture's x axis; mean over the middle.
struct flat {
    double mean[3], rms[3]; // rms: of the mean over squares of 4 mm
};

static struct flat flat_field(double px_per_mm, double tilt_deg, const struct smp_spot *like)
{
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    const size_t size = (size_t)fmin(640, 40 * px_per_mm);
    const struct smp_preview_params params = { .width_px = size, .height_px = size };
    struct smp_camera camera =
        smp_camera_of_place(NULL, smp_vec3(0, 0, 0), smp_vec3(0, 0, 1), &params);
    camera.px_per_mm = px_per_mm;
    camera.focal_px = px_per_mm * 1500;
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
    ck_assert_int_eq(smp_tint_make(&drawn, &camera, &arena, NULL), SMP_OK);
    ck_assert_int_eq(smp_splat(&drawn, spots, count, &g, &camera, NULL, &arena, NULL), SMP_OK);
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
            const struct flat flat = flat_field(scales[s], tilts[t], &spot);
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
    const struct flat flat = flat_field(7, 0, &spot);
    for (int c = 0; c < 3; c++)
        ck_assert_double_lt(flat.rms[c], 0.02);
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

// ---- Pictures ----------------------------------------------------------------------------------

static bool same_pixels(const struct smp_image *a, const struct smp_image *b, size_t rows)
{
    return memcmp(a->px_lin, b->px_lin, rows * a->width_px * sizeof *a->px_lin) == 0;
}

START_TEST(dots_of_no_contrast_leave_the_picture_as_it_was)
{
    struct fixture f;
    set_up(&f, 0);
    struct smp_scene *scene = NULL;
    ck_assert_int_eq(smp_scene_make(&scene, &f.plan, NULL, &f.arena, NULL), SMP_OK);
    struct smp_image images[3];
    // fresh skin is red even where the dot itself cannot be seen
    const enum smp_age ages[2] = { SMP_AGE_BEFORE, SMP_AGE_HEALED };
    ck_assert_int_eq(
        smp_preview_view(images, ages, 2, scene, SMP_VIEW_TOP, &small, NULL, &f.arena, NULL),
        SMP_OK);
    ck_assert(same_pixels(&images[0], &images[1], 270)); // all but the stamp
    smp_scene_drop(scene);
    smp_arena_drop(&f.arena);
}
END_TEST

START_TEST(one_thread_and_two_give_the_same_bytes)
{
    struct smp_image first[3], second[3];
    struct fixture f[2];
    for (int k = 0; k < 2; k++) {
        set_up(&f[k], 230);
        struct smp_pool *pool = smp_pool_make(k ? 2 : 1);
        struct smp_scene *scene = NULL;
        ck_assert_int_eq(smp_scene_make(&scene, &f[k].plan, pool, &f[k].arena, NULL), SMP_OK);
        ck_assert_int_eq(smp_preview_view(k ? second : first, all_ages, 3, scene, SMP_VIEW_TOP,
                                          &small, pool, &f[k].arena, NULL),
                         SMP_OK);
        smp_scene_drop(scene);
        smp_pool_drop(pool);
    }
    for (int i = 0; i < 3; i++)
        ck_assert(same_pixels(&first[i], &second[i], small.height_px));
    ck_assert(!same_pixels(&first[0], &first[1], 270));
    ck_assert(!same_pixels(&first[1], &first[2], 270));
    smp_arena_drop(&f[0].arena);
    smp_arena_drop(&f[1].arena);
}
END_TEST

static void mean_of(double mean[3], const struct smp_image *image, size_t cx, size_t cy, size_t r)
{
    double n = 0;
    mean[0] = mean[1] = mean[2] = 0;
    for (size_t y = cy - r; y < cy + r; y++)
        for (size_t x = cx - r; x < cx + r; x++) {
            const struct smp_rgb *p = smp_image_at(image, x, y);
            mean[0] += (double)p->r;
            mean[1] += (double)p->g;
            mean[2] += (double)p->b;
            n++;
        }
    for (int c = 0; c < 3; c++)
        mean[c] /= n;
}

START_TEST(the_finished_picture_has_the_planned_tone)
{
    struct fixture f;
    set_up(&f, 230);
    struct smp_scene *scene = NULL;
    ck_assert_int_eq(smp_scene_make(&scene, &f.plan, NULL, &f.arena, NULL), SMP_OK);
    struct smp_image images[3];
    ck_assert_int_eq(
        smp_preview_view(images, all_ages, 3, scene, SMP_VIEW_TOP, &small, NULL, &f.arena, NULL),
        SMP_OK);
    double before[3], fresh[3], healed[3];
    mean_of(before, &images[0], 120, 110, 20);
    mean_of(fresh, &images[1], 120, 110, 20);
    mean_of(healed, &images[2], 120, 110, 20);
    // .73/.80/.87, diluted by shine, tone curve and lost dots
    static const double planned[3] = { .73, .80, .87 };
    for (int c = 0; c < 3; c++) {
        const double ratio = healed[c] / before[c];
        ck_assert_msg(ratio > planned[c] - 0.02 && ratio < planned[c] + 0.08, "colour %d: %.3f", c,
                      ratio);
        ck_assert_double_lt(fresh[c], healed[c]);
    }
    // reddened: green and blue lose more of what is left than red does
    ck_assert_double_lt(fresh[1] / healed[1], fresh[0] / healed[0] + 0.05);
    smp_scene_drop(scene);
    smp_arena_drop(&f.arena);
}
END_TEST

START_TEST(every_picture_says_simulated_in_its_pixels)
{
    struct fixture f;
    set_up(&f, 230);
    struct smp_scene *scene = NULL;
    ck_assert_int_eq(smp_scene_make(&scene, &f.plan, NULL, &f.arena, NULL), SMP_OK);
    struct smp_image images[3], zoom[1];
    ck_assert_int_eq(
        smp_preview_view(images, all_ages, 3, scene, SMP_VIEW_BACK, &small, NULL, &f.arena, NULL),
        SMP_OK);
    ck_assert_int_eq(smp_preview_zoom(zoom, &all_ages[2], 1, scene, SMP_ZONE_MIDSCALP, &small, NULL,
                                      &f.arena, NULL),
                     SMP_OK);
    const struct smp_image *all[4] = { &images[0], &images[1], &images[2], &zoom[0] };
    for (int i = 0; i < 4; i++) {
        size_t bright = 0, dark = 0;
        for (size_t y = small.height_px - 20; y < small.height_px; y++)
            for (size_t x = 0; x < 150; x++) {
                bright += smp_image_at(all[i], x, y)->g > 0.5f;
                dark += smp_image_at(all[i], x, y)->g < 0.5f;
            }
        ck_assert_uint_gt(bright, 60);
        ck_assert_uint_gt(dark, 600);
    }
    smp_scene_drop(scene);
    smp_arena_drop(&f.arena);
}
END_TEST

START_TEST(the_stamp_writes_what_it_is_told)
{
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    struct smp_image a, b;
    ck_assert_int_eq(smp_image_make(&a, 400, 200, &arena, NULL), SMP_OK);
    ck_assert_int_eq(smp_image_make(&b, 400, 200, &arena, NULL), SMP_OK);
    smp_stamp(&a, "SIMULATED | top | healed 0123456789-.");
    smp_stamp(&b, "SIMULATED | top | fresh  0123456789-.");
    ck_assert(!same_pixels(&a, &b, 200));
    for (size_t i = 0; i < 400 * 180; i++) // nothing above the last lines
        ck_assert(a.px_lin[i].r == 0);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(notes_say_that_it_is_simulated_and_at_which_age)
{
    for (int age = 0; age < SMP_AGE_COUNT; age++) {
        const struct smp_image_note *notes = smp_preview_notes((enum smp_age)age);
        ck_assert_str_eq(notes[0].key, "Description");
        ck_assert_ptr_nonnull(strstr(notes[0].text, "SIMULATED"));
        ck_assert_ptr_nonnull(strstr(notes[0].text, smp_age_names[age]));
        ck_assert_ptr_nonnull(strstr(notes[0].text, "stubble " STUBBLE_VERSION));
        ck_assert_ptr_null(notes[2].key);
    }
}
END_TEST

START_TEST(views_and_ages_have_the_names_of_the_commands)
{
    static const char *const views[] = {
        "front", "three-quarter-left", "three-quarter-right", "left", "right", "top", "crown",
        "back"
    };
    for (int i = 0; i < SMP_VIEW_COUNT; i++)
        ck_assert_str_eq(smp_view_names[i], views[i]);
    ck_assert_ptr_null(smp_view_names[SMP_VIEW_COUNT]);
    ck_assert_str_eq(smp_age_names[SMP_AGE_BEFORE], "before");
    ck_assert_str_eq(smp_age_names[SMP_AGE_FRESH], "fresh");
    ck_assert_str_eq(smp_age_names[SMP_AGE_HEALED], "healed");
    ck_assert_ptr_null(smp_age_names[SMP_AGE_COUNT]);
}
END_TEST

START_TEST(all_views_show_the_head_whole)
{
    struct fixture f;
    set_up(&f, 230);
    for (int v = 0; v < SMP_VIEW_COUNT; v++) {
        const struct smp_camera camera = smp_camera_of_view(&f.head, (enum smp_view)v, &small);
        for (size_t i = 0; i < f.head.mesh.point_count; i++) {
            double x, y;
            if (f.head.mesh.points[i].z < -50)
                continue;
            ck_assert_double_gt(smp_camera_project(&camera, f.head.mesh.points[i], &x, &y), 1000);
            ck_assert(x > 2 && x < 238 && y > 2);
        }
    }
    smp_arena_drop(&f.arena);
}
END_TEST

// ---- What is refused ---------------------------------------------------------------------------

START_TEST(bad_calls_are_refused_in_one_sentence)
{
    struct fixture f;
    set_up(&f, 230);
    struct smp_scene *scene = NULL;
    ck_assert_int_eq(smp_scene_make(&scene, &f.plan, NULL, &f.arena, NULL), SMP_OK);
    ck_assert_str_eq(smp_scene_note(scene), "");
    struct smp_image image = { 0 };
#define REFUSED(call, text)                                                                        \
    do {                                                                                           \
        struct smp_err err = { 0 };                                                                \
        ck_assert_int_eq((call), SMP_E_INPUT);                                                     \
        ck_msg_eq(err, (text));                                                                    \
        ck_assert_ptr_null(image.px_lin);                                                          \
    } while (0)
    struct smp_preview_params params = small;
    params.width_px = 63;
    REFUSED(
        smp_preview_view(&image, all_ages, 1, scene, SMP_VIEW_TOP, &params, NULL, &f.arena, &err),
        "preview.width_px must be 64 to 8000 px, not 63");
    params = small;
    params.height_px = 8001;
    REFUSED(smp_preview_zoom(&image, all_ages, 1, scene, SMP_ZONE_MIDSCALP, &params, NULL, &f.arena,
                             &err),
            "preview.height_px must be 64 to 8000 px, not 8001");
    REFUSED(
        smp_preview_view(&image, all_ages, 1, scene, SMP_VIEW_COUNT, &small, NULL, &f.arena, &err),
        "preview.view must be 0 to 7, not 8");
    const enum smp_age none = SMP_AGE_COUNT;
    REFUSED(smp_preview_view(&image, &none, 1, scene, SMP_VIEW_TOP, &small, NULL, &f.arena, &err),
            "preview.age must be 0 to 2, not 3");
    const enum smp_age many[4] = { 0, 1, 2, 0 };
    REFUSED(smp_preview_view(&image, many, 4, scene, SMP_VIEW_TOP, &small, NULL, &f.arena, &err),
            "preview.ages must be 1 to 3, not 4");
    REFUSED(
        smp_preview_zoom(&image, all_ages, 1, scene, SMP_ZONE_NONE, &small, NULL, &f.arena, &err),
        "preview.zone must be a zone of the scalp, not 0");
    REFUSED(
        smp_preview_zoom(&image, all_ages, 1, scene, SMP_ZONE_NAPE, &small, NULL, &f.arena, &err),
        "preview.zone must be on the head, but 'nape' is empty");
    smp_scene_drop(scene);
    smp_scene_drop(NULL);
    smp_arena_drop(&f.arena);
}
END_TEST

START_TEST(a_full_arena_is_an_ordinary_error)
{
    struct fixture f;
    set_up(&f, 230);
    const size_t used = f.arena.used_bytes;
    // more and more room, until it suffices: each failure says what there was no room for
    bool done = false;
    for (size_t room = 1 << 16; !done && room < ((size_t)1 << 28); room += room / 2) {
        const struct smp_mark mark = smp_arena_mark(&f.arena);
        f.arena.cap_bytes = used + room;
        struct smp_scene *scene = NULL;
        struct smp_err err = { 0 };
        enum smp_code code = smp_scene_make(&scene, &f.plan, NULL, &f.arena, &err);
        struct smp_image image = { 0 };
        if (!code)
            code = smp_preview_view(&image, all_ages + 2, 1, scene, SMP_VIEW_TOP, &small, NULL,
                                    &f.arena, &err);
        smp_scene_drop(scene);
        done = code == SMP_OK;
        if (!done) {
            ck_assert_int_eq(code, SMP_E_NOMEM);
            ck_msg_has(err, "no room");
            ck_assert_ptr_null(image.px_lin);
        }
        smp_arena_reset(&f.arena, mark);
    }
    ck_assert(done);
    smp_arena_drop(&f.arena);
}
END_TEST

SMP_TEST_MAIN("preview", the_area_average_of_a_field_is_the_tables_at_any_size_and_tilt,
              an_even_field_has_little_mottling, the_look_is_the_tables_at_its_rows,
              deeper_dots_are_paler_wider_and_bluer, a_dot_of_no_pigment_or_no_size_does_not_show,
              a_fresh_dot_is_darker_wider_and_red, noise_has_the_slope_it_says,
              dots_of_no_contrast_leave_the_picture_as_it_was,
              one_thread_and_two_give_the_same_bytes, the_finished_picture_has_the_planned_tone,
              every_picture_says_simulated_in_its_pixels, the_stamp_writes_what_it_is_told,
              notes_say_that_it_is_simulated_and_at_which_age,
              views_and_ages_have_the_names_of_the_commands, all_views_show_the_head_whole,
              bad_calls_are_refused_in_one_sentence, a_full_arena_is_an_ordinary_error)
