// Hair as strands on a ball of a head: cover against what random strands would have, nested
// densities, nothing inside the head or through it, grey shares, bytes, what is refused.
#include "preview/ball_test.h"
#include "preview/strands_impl.h"

static const struct smp_preview_params small = { .width_px = 240, .height_px = 300, .seed = 1 };
static const struct smp_age before = { .before = true, .label = "before" };

struct bench {
    struct fixture f;
    struct smp_scene *scene;
    struct smp_work work;
    struct smp_err err;
    double *fu;
    struct smp_hair_shot shot;
};

static void set_fu(struct bench *b, double per_cm2, bool back_only)
{
    for (size_t i = 0; i < b->f.head.mesh.point_count; i++) {
        const bool in = b->f.head.zones[i] && (!back_only || b->f.head.mesh.points[i].y < -20);
        b->fu[i] = in ? per_cm2 : 0;
    }
}

// Bare where no picture is taken.
static void begin_as(struct bench *b, struct smp_pool *pool, bool bare)
{
    *b = (struct bench){ 0 };
    set_up(&b->f, 230);
    b->work = (struct smp_work){ pool, &b->f.arena, &b->err };
    ck_assert_int_eq((bare ? smp_scene_make_bare : smp_scene_make)(&b->scene, &b->f.plan, pool,
                                                                   &b->f.arena, &b->err),
                     SMP_OK);
    b->fu = smp_new(&b->f.arena, double, b->f.head.mesh.point_count);
    ck_assert_ptr_nonnull(b->fu);
    b->shot = (struct smp_hair_shot){ before, smp_hair_field_defaults };
    b->shot.field.fu_per_cm2 = b->fu;
    b->shot.field.length_mm = 20;
    set_fu(b, 60, false);
}

static void begin(struct bench *b, struct smp_pool *pool)
{
    begin_as(b, pool, false);
}

static void end(struct bench *b)
{
    smp_scene_drop(b->scene);
    smp_arena_drop(&b->f.arena);
}

static void grow(struct smp_strands *strands, const struct smp_strand_scene **own, struct bench *b)
{
    const struct smp_worn worn = {
        .field = &b->shot.field, .hairs_per_fu = 2.2, .calibre_um = 70, .seed = 1
    };
    ck_assert_int_eq(smp_strands_prepare(own, b->scene, &b->work), SMP_OK);
    ck_assert_int_eq(smp_strands_grow(strands, *own, b->scene, &worn, &b->work), SMP_OK);
}

static void picture(struct smp_image *image, struct bench *b, enum smp_view view)
{
    ck_assert_int_eq(smp_preview_hair(image, &b->shot, 1, b->scene, view, &small, b->work.pool,
                                      &b->f.arena, &b->err),
                     SMP_OK);
}

static bool same_pixels(const struct smp_image *a, const struct smp_image *b)
{
    return memcmp(a->px_lin, b->px_lin, a->height_px * a->width_px * sizeof *a->px_lin) == 0;
}

START_TEST(shaved_as_the_plan_found_it_is_the_view_without_hair)
{
    struct bench b;
    begin(&b, NULL);
    b.shot.field = (struct smp_hair_field){ 0 };
    struct smp_image with, without;
    picture(&with, &b, SMP_VIEW_TOP);
    ck_assert_int_eq(smp_preview_view(&without, &before, 1, b.scene, SMP_VIEW_TOP, &small, NULL,
                                      &b.f.arena, NULL),
                     SMP_OK);
    ck_assert(same_pixels(&with, &without));
    end(&b);
}
END_TEST

START_TEST(one_thread_and_two_give_the_same_bytes)
{
    struct bench b[2];
    struct smp_image image[2];
    for (int k = 0; k < 2; k++) {
        struct smp_pool *pool = smp_pool_make(k ? 2 : 1);
        begin(&b[k], pool);
        picture(&image[k], &b[k], SMP_VIEW_THREE_QUARTER_LEFT);
        smp_pool_drop(pool);
    }
    ck_assert(same_pixels(&image[0], &image[1]));
    end(&b[0]);
    end(&b[1]);
}
END_TEST

// Area of the strands' middle lines times their width as the camera sees it, over a square of the
// picture, in pixels.
static double strip_area(const struct smp_strands *s, const struct smp_viewer *camera,
                         const double square[4])
{
    double sum = 0;
    for (size_t i = 0; i < s->count; i++) {
        const struct smp_f3 *p = s->points + i * (s->steps + 1);
        for (size_t k = 0; k < s->steps; k++) {
            double x[2], y[2], depth = 0;
            for (size_t e = 0; e < 2; e++)
                depth = smp_viewer_project(
                    camera, smp_vec3((double)p[k + e].x, (double)p[k + e].y, (double)p[k + e].z),
                    &x[e], &y[e]);
            const double mx = 0.5 * (x[0] + x[1]), my = 0.5 * (y[0] + y[1]);
            if (mx < square[0] || mx > square[1] || my < square[2] || my > square[3])
                continue;
            sum += hypot(x[1] - x[0], y[1] - y[0]) * (double)s->calibre_mm[i] * camera->focal_px /
                   depth;
        }
    }
    return sum;
}

static void draw(struct smp_veil *veil, const struct smp_strands *strands,
                 const struct smp_strand_scene *own, struct bench *b,
                 const struct smp_viewer *camera, const float *depth)
{
    const struct smp_rig rig = smp_light_rig(camera);
    struct smp_hair_shade shade;
    ck_assert_int_eq(smp_hair_shade_make(&shade, strands, own, &rig, &b->work), SMP_OK);
    const struct smp_strand_look look = { .colour = { { 0.05f, 0.04f, 0.03f },
                                                      { 0.4f, 0.4f, 0.4f } },
                                          .rig = &rig,
                                          .camera = camera,
                                          .room = &own->room,
                                          .shade = &shade };
    ck_assert_int_eq(smp_strands_draw(veil, strands, &look, depth, &b->work), SMP_OK);
}

START_TEST(hair_covers_what_random_strands_of_that_density_would)
{
    struct bench b;
    begin_as(&b, NULL, true);
    const struct smp_viewer camera = smp_viewer_of_view(&b.f.head, SMP_VIEW_TOP, &small);
    double x, y, last = -1;
    smp_viewer_project(&camera, smp_vec3(0, 0, 95), &x, &y);
    const double square[4] = { x - 30, x + 30, y - 30, y + 30 };
    static const double densities[3] = { 12, 40, 90 };
    for (int k = 0; k < 3; k++) {
        set_fu(&b, densities[k], false);
        const struct smp_strand_scene *own;
        struct smp_strands strands;
        struct smp_veil veil;
        grow(&strands, &own, &b);
        draw(&veil, &strands, own, &b, &camera, NULL);
        double cover = 0;
        size_t count = 0;
        for (size_t py = (size_t)square[2]; py < (size_t)square[3]; py++)
            for (size_t px = (size_t)square[0]; px < (size_t)square[1]; px++, count++)
                cover += 1 - (double)veil.clear[py * small.width_px + px];
        cover /= (double)count;
        const double optical = strip_area(&strands, &camera, square) / (60 * 60);
        const double random = 1 - exp(-optical);
        // Locks leave more skin bare than chance does, and tips are thinner.
        ck_assert_msg(cover < random + 0.02 && cover > 0.72 * random, "%.3f for %.3f", cover,
                      random);
        // n × d × l, less what stands up and is cut
        const double flat = 0.01 * densities[k] * 2.2 * 0.0715 * 20;
        ck_assert_msg(optical > 0.6 * flat && optical < 1.15 * flat, "%.3f for %.3f", optical,
                      flat);
        ck_assert_double_gt(cover, last);
        last = cover;
    }
    end(&b);
}
END_TEST

START_TEST(denser_hair_is_darker_and_keeps_every_hair_of_the_thinner)
{
    SKIP_UNDER_SANITIZERS();
    struct bench b;
    begin(&b, NULL);
    static const double densities[3] = { 20, 45, 80 };
    double last = HUGE_VAL;
    struct smp_strands strands[3];
    for (int k = 0; k < 3; k++) {
        set_fu(&b, densities[k], false);
        struct smp_image image;
        picture(&image, &b, SMP_VIEW_TOP);
        double sum = 0;
        for (size_t y = 70; y < 170; y++)
            for (size_t x = 70; x < 170; x++)
                sum += (double)smp_image_at(&image, x, y)->g;
        ck_assert_double_lt(sum, 0.97 * last);
        last = sum;
        const struct smp_strand_scene *own;
        grow(&strands[k], &own, &b);
    }
    for (int k = 0; k < 2; k++) {
        size_t j = 0;
        for (size_t i = 0; i < strands[k].count; i++) {
            while (j < strands[k + 1].count && strands[k + 1].id[j] != strands[k].id[i])
                j++;
            ck_assert_uint_lt(j, strands[k + 1].count);
        }
        ck_assert_uint_gt(strands[k + 1].count, strands[k].count);
    }
    end(&b);
}
END_TEST

START_TEST(no_hair_runs_inside_the_head)
{
    struct bench b;
    begin_as(&b, NULL, true);
    static const double lengths[3] = { 2, 20, 60 };
    for (int k = 0; k < 3; k++) {
        b.shot.field.length_mm = lengths[k];
        const struct smp_strand_scene *own;
        struct smp_strands strands;
        grow(&strands, &own, &b);
        for (size_t i = 0; i < strands.count * (strands.steps + 1); i++) {
            const struct smp_f3 p = strands.points[i];
            const float r = sqrtf(smp_f3_dot(p, p));
            ck_assert_msg(r > 89.9f && (double)r < 90 + lengths[k], "%.3f", (double)r);
        }
    }
    end(&b);
}
END_TEST

// The same hairs with the same roots, drawn together more by each kind of curl, none inside the
// head and none much longer than it is worn.
START_TEST(hair_that_curls_is_drawn_together_and_keeps_its_roots)
{
    double reach[SMP_CURL_COUNT];
    struct smp_f3 root = { 0, 0, 0 };
    size_t count = 0;
    struct bench b;
    begin_as(&b, NULL, true);
    b.shot.field.length_mm = 40;
    for (int curl = 0; curl < SMP_CURL_COUNT; curl++) {
        const struct smp_strand_scene *own;
        struct smp_strands strands;
        double apart = 0, along = 0;
        b.f.from.curl = (enum smp_curl)curl;
        grow(&strands, &own, &b);
        if (curl == 0) {
            count = strands.count;
            root = strands.points[0];
        }
        ck_assert_uint_eq(strands.count, count);
        ck_assert(memcmp(&root, strands.points, sizeof root) == 0);
        for (size_t i = 0; i < count; i += 7) {
            const struct smp_f3 *p = strands.points + i * (strands.steps + 1);
            const struct smp_f3 whole = smp_f3_add(p[strands.steps], p[0], -1);
            apart += (double)sqrtf(smp_f3_dot(whole, whole));
            for (size_t k = 0; k < strands.steps; k++) {
                const struct smp_f3 d = smp_f3_add(p[k + 1], p[k], -1);
                struct smp_f3 out;
                along += (double)sqrtf(smp_f3_dot(d, d));
                ck_assert(smp_room_at(&own->room, p[k + 1], &out) > 0);
            }
        }
        const double hairs = (double)((count + 6) / 7);
        reach[curl] = apart / hairs;
        ck_assert_double_lt(along / hairs, 1.15 * 40);
        ck_assert(curl == 0 || reach[curl] < 0.97 * reach[curl - 1]);
    }
    ck_assert_double_lt(reach[SMP_CURL_COILY], 0.6 * reach[SMP_CURL_STRAIGHT]);
    end(&b);
}
END_TEST

START_TEST(hair_at_the_back_does_not_show_through_the_head)
{
    struct bench b;
    begin(&b, NULL);
    set_fu(&b, 80, true);
    struct smp_image with, without;
    picture(&with, &b, SMP_VIEW_FRONT);
    ck_assert_int_eq(smp_preview_view(&without, &before, 1, b.scene, SMP_VIEW_FRONT, &small, NULL,
                                      &b.f.arena, NULL),
                     SMP_OK);
    const struct smp_viewer camera = smp_viewer_of_view(&b.f.head, SMP_VIEW_FRONT, &small);
    double x, y;
    smp_viewer_project(&camera, smp_vec3(0, 0, 0), &x, &y);
    for (size_t py = 10; py < 270; py++)
        for (size_t px = 10; px < 230; px++) {
            if (hypot((double)px - x, (double)py - y) > 75 * camera.px_per_mm)
                continue;
            const struct smp_rgb *p = smp_image_at(&with, px, py),
                                 *q = smp_image_at(&without, px, py);
            ck_assert_double_eq_tol((double)p->g, (double)q->g, 0.004);
        }
    end(&b);
}
END_TEST

START_TEST(a_hair_covers_its_own_area_at_any_angle)
{
    struct bench b;
    begin_as(&b, NULL, true);
    const struct smp_viewer camera = smp_viewer_of_view(&b.f.head, SMP_VIEW_TOP, &small);
    const struct smp_strand_scene *own;
    ck_assert_int_eq(smp_strands_prepare(&own, b.scene, &b.work), SMP_OK);
    for (int k = 0; k < 24; k++) {
        const double turn = 0.2618 * k, wide_mm = k % 3 ? 0.08 : 1.7;
        struct smp_vec3 way =
            smp_add(smp_scale(camera.right, cos(turn)), smp_scale(camera.up, sin(turn)));
        struct smp_f3 points[2] = { { 3, 2, 95 }, { 0, 0, 0 } };
        points[1] = smp_f3_add(points[0], smp_f3_of(way), 20);
        float calibre = (float)wide_mm;
        float high = 1;
        uint8_t grey = 0;
        uint32_t root = 0, id = 7;
        const struct smp_strands one = { points, &calibre, &high, &grey, &root, &id, 1, 1 };
        struct smp_veil veil;
        draw(&veil, &one, own, &b, &camera, NULL);
        double sum = 0;
        for (size_t i = 0; i < small.width_px * small.height_px; i++)
            sum += 1 - (double)veil.clear[i];
        const double whole[4] = { 0, 240, 0, 300 };
        // the tip has 0.4 of the root's width, and so the mean 0.7
        ck_assert_double_eq_tol(sum, 0.7 * strip_area(&one, &camera, whole), 0.02 * sum);
    }
    end(&b);
}
END_TEST

START_TEST(as_many_hairs_are_grey_as_are_asked_for_and_they_stay_so)
{
    SKIP_UNDER_SANITIZERS();
    struct bench b;
    begin_as(&b, NULL, true);
    static const double shares[3] = { 0, 0.25, 0.6 };
    struct smp_strands strands[3];
    for (int k = 0; k < 3; k++) {
        b.shot.field.grey_share = shares[k];
        const struct smp_strand_scene *own;
        grow(&strands[k], &own, &b);
        double grey = 0;
        for (size_t i = 0; i < strands[k].count; i++) {
            grey += strands[k].grey[i];
            if (k)
                ck_assert_int_ge(strands[k].grey[i], strands[k - 1].grey[i]);
        }
        ck_assert_double_eq_tol(grey / (double)strands[k].count, shares[k], 0.015);
    }
    end(&b);
}
END_TEST

START_TEST(grafts_stand_where_dots_are_planned_single_ones_in_front)
{
    struct fixture f;
    set_up(&f, 230);
    const size_t points = f.head.mesh.point_count;
    struct smp_design design = { .density_per_cm2 = smp_new(&f.arena, double, points),
                                 .behind_mm = smp_new(&f.arena, double, points) };
    double *fu = smp_new(&f.arena, double, points);
    double *each = smp_new(&f.arena, double, points);
    ck_assert(fu && design.density_per_cm2 && design.behind_mm && each);
    for (size_t i = 0; i < points; i++) {
        const struct smp_vec3 p = f.head.mesh.points[i];
        design.density_per_cm2[i] = p.z > 60 ? (p.x > 0 ? 100 : 40) : 0;
        design.behind_mm[i] = p.z > 60 ? 40 - p.y : 0;
        fu[i] = 10;
        each[i] = 2.2;
    }
    f.plan.design = &design;
    smp_hair_graft(fu, each, &f.plan, 30);
    for (size_t i = 0; i < points; i++) {
        const struct smp_vec3 p = f.head.mesh.points[i];
        const double set = p.z > 60 ? (p.x > 0 ? 30 : 15) : 0;
        ck_assert_double_eq_tol(fu[i], 10 + set, 1e-9);
        // ten old units of 2.2 hairs each and the new ones: one hair in front, 2.2 well behind
        const double hairs = fu[i] * each[i] - 10 * 2.2;
        if (design.behind_mm[i] > 10 || set <= 0)
            ck_assert_double_eq_tol(hairs, 2.2 * set, 1e-9);
        else if (design.behind_mm[i] < 1)
            ck_assert_double_eq_tol(hairs, 1.05 * set, 1e-9);
    }
    smp_arena_drop(&f.arena);
}
END_TEST

static void refuse(struct bench *b, const char *sentence)
{
    struct smp_image image;
    b->err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_preview_hair(&image, &b->shot, 1, b->scene, SMP_VIEW_TOP, &small, NULL,
                                      &b->f.arena, &b->err),
                     SMP_E_INPUT);
    ck_msg_eq(b->err, sentence);
    b->shot.field = smp_hair_field_defaults;
}

START_TEST(what_cannot_be_worn_is_refused_by_name)
{
    struct bench b;
    begin_as(&b, NULL, true);
    b.shot.field = smp_hair_field_defaults;
    b.shot.field.length_mm = 1;
    refuse(&b, "hair.length_mm must be 2 to 60 mm, not 1");
    b.shot.field.length_mm = (double)NAN;
    refuse(&b, "hair.length_mm must be 2 to 60 mm, not nan");
    b.shot.field.grey_share = 1.5;
    refuse(&b, "hair.grey_share must be 0 to 1, not 1.5");
    b.shot.field.fu_per_cm2 = b.fu;
    b.fu[7] = 131;
    refuse(&b, "hair.fu_per_cm2 must be 0 to 130 per cm2, not 131");
    b.shot.field.hairs_per_fu = b.fu;
    b.fu[0] = 0.5;
    refuse(&b, "hair.hairs_per_fu must be 1 to 4, not 0.5");
    b.shot.field.calibre_um = b.fu;
    refuse(&b, "hair.calibre_um must be 10 to 150 um, not 0.5");
    b.shot.field.hairpiece = true;
    refuse(&b, "hair.hairpiece needs a plan with a designed hairline");
    end(&b);
}
END_TEST

SMP_TEST_MAIN("strands", shaved_as_the_plan_found_it_is_the_view_without_hair,
              one_thread_and_two_give_the_same_bytes,
              hair_covers_what_random_strands_of_that_density_would,
              denser_hair_is_darker_and_keeps_every_hair_of_the_thinner,
              no_hair_runs_inside_the_head, hair_that_curls_is_drawn_together_and_keeps_its_roots,
              hair_at_the_back_does_not_show_through_the_head,
              a_hair_covers_its_own_area_at_any_angle,
              as_many_hairs_are_grey_as_are_asked_for_and_they_stay_so,
              grafts_stand_where_dots_are_planned_single_ones_in_front,
              what_cannot_be_worn_is_refused_by_name)
