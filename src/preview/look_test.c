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
    struct smp_viewer camera = smp_viewer_of_place(smp_vec3(0, 0, 0), smp_vec3(0, 0, 1), &params);
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
    const struct smp_ground ground = { .camera = &camera, .depth = g.depth };
    ck_assert_int_eq(smp_tint_make(&drawn, &camera, &work), SMP_OK);
    ck_assert_int_eq(smp_splat(&drawn, spots, count, &ground, &work), SMP_OK);
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

// ---- Looks of a client's skin ------------------------------------------------------------------

enum { TYPES = 4 };
static const int phototypes[TYPES] = { 1, 3, 5, 6 };

struct client {
    struct smp_arena arena;
    struct smp_settings settings;
    struct smp_case from;
    struct smp_plan plan;
    struct smp_scene scene;
    struct smp_dot dot;
};

static void set_up(struct client *c, int phototype)
{
    *c = (struct client){ 0 };
    smp_arena_make(&c->arena, 0);
    smp_arena_make(&c->scene.own, 0);
    ck_assert_int_eq(smp_settings_read(&c->settings, NULL, &c->arena, NULL), SMP_OK);
    c->from = (struct smp_case){ .skin_lab = c->settings.skin_lab[phototype - 1],
                                 .hair_lab = { 23, 4, 4.7 },
                                 .stubble_mm = 0.3 };
    c->from.loss.native_fu_per_cm2 = 75;
    c->from.design.dots_per_cm2 = 240;
    c->dot = (struct smp_dot){ .id = 1, .normal = { 0, 0, 1 }, .session = 1, .diameter_um = 250 };
    c->plan = (struct smp_plan){ .from = &c->from, .dots = &c->dot, .dot_count = 1, .sessions = 1 };
    c->scene.plan = &c->plan;
    const struct smp_rgb_lin skin = smp_rgb_from_lab(c->from.skin_lab);
    c->scene.skin.target = (struct smp_rgb){ (float)skin.r, (float)skin.g, (float)skin.b };
    const struct smp_work work = { NULL, &c->arena, NULL };
    ck_assert_int_eq(smp_looks_make(&c->scene, &work), SMP_OK);
}

static void tear_down(struct client *c)
{
    smp_arena_drop(&c->scene.own);
    smp_arena_drop(&c->arena);
}

// Rings of a dot of 0.25 mm at an age and edge.
static double rings_at(struct smp_rings *rings, struct client *c, const char *text,
                       enum smp_edge edge)
{
    const struct smp_looks *looks = c->scene.looks;
    const struct smp_deposit_shape planned = smp_planned_shape(looks, 0.25, looks->top_mm);
    const struct smp_work work = { NULL, &c->arena, NULL };
    struct smp_age age;
    struct smp_fate fate;
    ck_assert_int_eq(smp_age_read(&age, text, edge, "age", NULL), SMP_OK);
    ck_assert_int_eq(smp_fate_at(&fate, looks, &planned, &age, &work), SMP_OK);
    const struct smp_aged aged = smp_aged_at(&fate, &planned, age.years);
    smp_rings_of(rings, looks, &aged, 1);
    return aged.shape.diameter_mm;
}

static struct smp_spot spot_at(struct smp_rings *rings, struct client *c, const char *text)
{
    struct smp_glow_widths widths;
    struct smp_spot spot;
    const double d_mm = rings_at(rings, c, text, SMP_EDGE_MEDIAN);
    smp_glow_widths_of(&widths, rings, d_mm);
    smp_spot_of_rings(&spot, rings, &widths, d_mm);
    return spot;
}

static double centre(const struct client *c, const struct smp_rings *rings)
{
    const double rgb[3] = { rings->contrast[0][0], rings->contrast[1][0], rings->contrast[2][0] };
    return smp_luminance_share(c->scene.looks, rgb);
}

static void check_tone(const struct flat *flat, const struct smp_rings *rings, double within,
                       const char *what)
{
    for (int c = 0; c < 3; c++) {
        const double wanted = exp(-rings->area_mm2[c]); // 1 dot a mm²
        ck_assert_msg(fabs(flat->mean[c] / wanted - 1) < within, "%s, colour %d: %.4f, not %.4f",
                      what, c, flat->mean[c], wanted);
    }
}

START_TEST(the_area_average_of_a_field_is_that_of_its_integral_at_any_size_and_tilt)
{
    static const double scales[] = { 2, 7, 20 };
    static const double tilts[] = { 0, 60, 75 };
    struct client c;
    set_up(&c, 3);
    struct smp_rings rings;
    const struct smp_spot spot = spot_at(&rings, &c, "healed");
    for (int s = 0; s < 3; s++)
        for (int t = 0; t < 3; t++) {
            const struct flat flat = flat_field(scales[s], tilts[t], 0, &spot);
            char what[60];
            snprintf(what, sizeof what, "%g px/mm, %g°", scales[s], tilts[t]);
            check_tone(&flat, &rings, 0.02, what);
        }
    tear_down(&c);
}
END_TEST

START_TEST(the_area_average_holds_in_every_skin_and_at_every_age)
{
    static const char *const ages[] = { "fresh", "healed", "3y", "8y" };
    for (int t = 0; t < TYPES; t++) {
        struct client c;
        set_up(&c, phototypes[t]);
        for (int a = 0; a < 4; a++) {
            struct smp_rings rings;
            const struct smp_spot spot = spot_at(&rings, &c, ages[a]);
            const struct flat flat = flat_field(7, 0, 0, &spot);
            char what[60];
            snprintf(what, sizeof what, "phototype %d, %s", phototypes[t], ages[a]);
            check_tone(&flat, &rings, 0.03, what);
        }
        tear_down(&c);
    }
}
END_TEST

// What is drawn at a distance from a dot's middle.
static double drawn(const struct smp_spot *spot, int colour, double r_mm)
{
    double keep = 1 - (double)spot->core[colour] *
                          exp(-0.693147 * pow(r_mm / (double)spot->half_mm, (double)spot->profile));
    for (int k = 0; k < 2; k++) {
        const double sigma = (double)spot->glow_sigma[k][colour];
        keep *= exp(-(double)spot->glow[k][colour] / (2 * SMP_PI * sigma * sigma) *
                    exp(-0.5 * r_mm * r_mm / (sigma * sigma)));
    }
    return 1 - keep;
}

START_TEST(spot_and_glow_draw_the_profile_of_the_tables)
{
    static const char *const ages[] = { "healed", "3y", "8y" };
    for (int t = 0; t < TYPES; t++) {
        struct client c;
        set_up(&c, phototypes[t]);
        for (int a = 0; a < 3; a++) {
            struct smp_rings rings;
            const struct smp_spot spot = spot_at(&rings, &c, ages[a]);
            for (int k = 0; k < 3; k++)
                for (int i = 0; i < SMP_LOOK_RINGS; i++) {
                    const double got = drawn(&spot, k, rings.r_mm[i]);
                    ck_assert_msg(fabs(got - rings.contrast[k][i]) < 0.05,
                                  "phototype %d, %s, colour %d at %.2f mm: %.3f, not %.3f",
                                  phototypes[t], ages[a], k, rings.r_mm[i], got,
                                  rings.contrast[k][i]);
                }
        }
        tear_down(&c);
    }
}
END_TEST

START_TEST(an_even_field_has_little_mottling)
{
    struct client c;
    struct smp_rings rings;
    set_up(&c, 3);
    const struct smp_spot spot = spot_at(&rings, &c, "healed");
    const struct flat flat = flat_field(7, 0, 0, &spot);
    for (int k = 0; k < 3; k++)
        ck_assert_double_lt(flat.rms[k], 0.02);
    const struct flat still = flat_field(7, 30, 0, &spot), moved = flat_field(7, 30, 0.37, &spot);
    for (int k = 0; k < 3; k++) // a shift below a pixel does not change the tone
        ck_assert_double_eq_tol(moved.mean[k] / still.mean[k], 1, 1e-3);
    tear_down(&c);
}
END_TEST

START_TEST(contrast_fades_with_the_years_and_its_band_is_in_order)
{
    static const char *const ages[] = { "healed", "1y", "2y", "3y", "4y", "5y", "6y", "7y", "8y" };
    for (int t = 0; t < TYPES; t++) {
        struct client c;
        set_up(&c, phototypes[t]);
        double last = 1, width = 0;
        for (size_t a = 0; a < sizeof ages / sizeof *ages; a++) {
            struct smp_rings rings;
            const double d_mm = rings_at(&rings, &c, ages[a], SMP_EDGE_MEDIAN);
            const double median = centre(&c, &rings);
            ck_assert_msg(median < last, "phototype %d, %s", phototypes[t], ages[a]);
            ck_assert_double_gt(d_mm, width); // blurs as it fades
            last = median;
            width = d_mm;
            if (a % 4)
                continue;
            rings_at(&rings, &c, ages[a], SMP_EDGE_LOW);
            ck_assert_double_lt(centre(&c, &rings), median);
            rings_at(&rings, &c, ages[a], SMP_EDGE_HIGH);
            ck_assert_double_gt(centre(&c, &rings), median);
        }
        tear_down(&c);
    }
}
END_TEST

START_TEST(a_fresh_dot_is_darker_wider_and_on_red_skin)
{
    for (int t = 0; t < TYPES; t++) {
        struct client c;
        struct smp_rings fresh, healed;
        set_up(&c, phototypes[t]);
        ck_assert_double_gt(rings_at(&fresh, &c, "fresh", SMP_EDGE_MEDIAN),
                            rings_at(&healed, &c, "healed", SMP_EDGE_MEDIAN));
        ck_assert_double_gt(centre(&c, &fresh), 1.2 * centre(&c, &healed));
        for (int k = 0; k < 3; k++)
            ck_assert_double_gt(fresh.area_mm2[k], healed.area_mm2[k]);
        // drawn with its redness: green and blue lose more than the dot itself takes, red hardly
        const struct smp_dots *dots;
        struct smp_age age;
        const struct smp_work work = { NULL, &c.arena, NULL };
        ck_assert_int_eq(smp_age_read(&age, "fresh", SMP_EDGE_MEDIAN, "age", NULL), SMP_OK);
        c.dot.id = 7;
        ck_assert_int_eq(smp_dots_at(&dots, &c.scene, &age, &work), SMP_OK);
        ck_assert_uint_eq(dots->count, 1);
        const float *far = dots->spots[0].glow[1];
        ck_assert(far[1] > 0 && far[2] > 0);
        tear_down(&c);
    }
}
END_TEST

START_TEST(deeper_dots_are_paler_and_bluer_and_no_pigment_does_not_show)
{
    struct client c;
    set_up(&c, 3);
    const struct smp_looks *looks = c.scene.looks;
    struct smp_aged aged = { .strength = { 1, 1, 1, 1 } };
    struct smp_rings last, rings;
    for (double top = 0.10; top < 0.6; top += 0.05) {
        aged.shape = (struct smp_deposit_shape){ top, top + 0.25, 0.25 };
        smp_rings_of(&rings, looks, &aged, 1);
        if (top > 0.12) {
            for (int k = 0; k < 3; k++)
                ck_assert_double_lt(rings.contrast[k][0], last.contrast[k][0]);
            ck_assert_double_gt(rings.contrast[0][0] / rings.contrast[2][0],
                                last.contrast[0][0] / last.contrast[2][0]);
        }
        last = rings;
    }
    smp_rings_of(&rings, looks, &aged, 0);
    for (int k = 0; k < 3; k++)
        ck_assert(fabs(rings.contrast[k][0]) < 1e-6 && fabs(rings.area_mm2[k]) < 1e-6);
    tear_down(&c);
}
END_TEST

START_TEST(planned_dots_take_as_much_light_as_the_clients_own_hair)
{
    for (int t = 0; t < TYPES; t++) {
        struct client c;
        set_up(&c, phototypes[t]);
        double hair[3];
        smp_scalp_area(hair, &c.scene);
        struct smp_rings rings;
        rings_at(&rings, &c, "healed", SMP_EDGE_MEDIAN);
        const double wanted = smp_luminance_share(c.scene.looks, hair);
        const double got = 240 * SMP_DOTS_KEPT * smp_luminance_share(c.scene.looks, rings.area_mm2);
        ck_assert_msg(fabs(exp(-0.01 * got) / exp(-0.01 * wanted) - 1) < 0.03,
                      "phototype %d: %.3f, not %.3f", phototypes[t], exp(-0.01 * got),
                      exp(-0.01 * wanted));
        tear_down(&c);
    }
}
END_TEST

START_TEST(the_plans_recipe_and_measured_sides_are_what_is_drawn)
{
    struct client c;
    set_up(&c, 3);
    const struct smp_recipe found = { 0 };
    struct smp_dot dots[2] = { c.dot, c.dot };
    dots[1].pigment = 1;
    c.plan.dots = dots;
    c.plan.dot_count = 2;
    c.from.recipe = (struct smp_plan_recipe){ .found = &found,
                                              .pigment = "warm-black",
                                              .dilution = 10,
                                              .top_mm = 0.18,
                                              .shades = { { "light", 25 }, { "dark", 6 } },
                                              .shade_count = 2 };
    c.from.sides_given = true;
    c.from.sides_lab = (struct smp_lab){ 52, 7, 13 };
    const struct smp_work work = { NULL, &c.arena, NULL };
    ck_assert_int_eq(smp_looks_make(&c.scene, &work), SMP_OK);
    ck_assert_str_eq(c.scene.looks->pigment->id, "warm-black");
    ck_assert_double_eq(c.scene.looks->parts_water, 10);
    ck_assert_double_eq(c.scene.looks->top_mm, 0.18);

    const struct smp_dots *drawn_dots;
    struct smp_age age;
    ck_assert_int_eq(smp_age_read(&age, "healed", SMP_EDGE_MEDIAN, "age", NULL), SMP_OK);
    ck_assert_int_eq(smp_dots_at(&drawn_dots, &c.scene, &age, &work), SMP_OK);
    ck_assert_uint_eq(drawn_dots->count, 2);
    for (int k = 0; k < 3; k++)
        ck_assert(drawn_dots->spots[1].core[k] > 1.3f * drawn_dots->spots[0].core[k]);

    double hair[3];
    smp_scalp_area(hair, &c.scene);
    const struct smp_rgb_lin bare = smp_rgb_from_lab(c.from.skin_lab);
    const struct smp_rgb_lin sides = smp_rgb_from_lab(c.from.sides_lab);
    ck_assert_double_eq_tol(exp(-0.01 * hair[0]), sides.r / bare.r, 1e-6);
    ck_assert_double_eq_tol(exp(-0.01 * hair[1]), sides.g / bare.g, 1e-6);
    ck_assert_double_eq_tol(exp(-0.01 * hair[2]), sides.b / bare.b, 1e-6);
    tear_down(&c);
}
END_TEST

START_TEST(ages_are_read_and_told)
{
    struct smp_age age;
    ck_assert_int_eq(smp_age_read(&age, "before", SMP_EDGE_HIGH, "--age", NULL), SMP_OK);
    ck_assert(age.before);
    ck_assert_str_eq(age.label, "before");
    ck_assert_int_eq(smp_age_read(&age, "3y", SMP_EDGE_LOW, "--age", NULL), SMP_OK);
    ck_assert_double_eq(age.years, 3);
    ck_assert_str_eq(age.label, "3y low");
    struct smp_err err = { 0 };
    ck_assert_int_eq(smp_age_read(&age, "old", SMP_EDGE_MEDIAN, "--age", &err), SMP_E_INPUT);
    ck_msg_eq(err, "--age must be before, fresh, healed or an age up to 30y, as 10d, 6w or 3y, not "
                   "'old'");
    ck_assert_str_eq(age.label, "3y low"); // untouched
    struct smp_preview_notes notes;
    smp_preview_notes(&notes, &age);
    ck_assert_str_eq(notes.notes[0].key, "Description");
    ck_assert_ptr_nonnull(strstr(notes.notes[0].text, "SIMULATED picture (3y low)"));
    ck_assert_ptr_nonnull(strstr(notes.notes[0].text, "stubble " STUBBLE_VERSION));
    ck_assert_ptr_null(notes.notes[2].key);
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

SMP_TEST_MAIN("look", the_area_average_of_a_field_is_that_of_its_integral_at_any_size_and_tilt,
              the_area_average_holds_in_every_skin_and_at_every_age,
              spot_and_glow_draw_the_profile_of_the_tables, an_even_field_has_little_mottling,
              contrast_fades_with_the_years_and_its_band_is_in_order,
              a_fresh_dot_is_darker_wider_and_on_red_skin,
              deeper_dots_are_paler_and_bluer_and_no_pigment_does_not_show,
              planned_dots_take_as_much_light_as_the_clients_own_hair,
              the_plans_recipe_and_measured_sides_are_what_is_drawn, ages_are_read_and_told,
              noise_has_the_slope_it_says)
