// The preview on a ball of a head: tones, bytes against bytes, stamps, what is refused.
#include "preview/ball_test.h"

static const struct smp_preview_params small = { .width_px = 240, .height_px = 300, .seed = 1 };
static const struct smp_age all_ages[] = {
    { .before = true, .label = "before" },
    { .years = 0, .label = "fresh" },
    { .years = SMP_HEALED_YEARS, .label = "healed" },
    { .years = 8, .edge = SMP_EDGE_HIGH, .label = "8y high" },
};

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
    const struct smp_age ages[2] = { all_ages[0], all_ages[2] };
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
    struct smp_image first[4], second[4];
    struct fixture f[2];
    for (int k = 0; k < 2; k++) {
        set_up(&f[k], 230);
        struct smp_pool *pool = smp_pool_make(k ? 2 : 1);
        struct smp_scene *scene = NULL;
        ck_assert_int_eq(smp_scene_make(&scene, &f[k].plan, pool, &f[k].arena, NULL), SMP_OK);
        ck_assert_int_eq(smp_preview_view(k ? second : first, all_ages, 4, scene, SMP_VIEW_TOP,
                                          &small, pool, &f[k].arena, NULL),
                         SMP_OK);
        smp_scene_drop(scene);
        smp_pool_drop(pool);
    }
    for (int i = 0; i < 4; i++)
        ck_assert(same_pixels(&first[i], &second[i], small.height_px));
    ck_assert(!same_pixels(&first[0], &first[1], 270));
    ck_assert(!same_pixels(&first[1], &first[2], 270));
    ck_assert(!same_pixels(&first[2], &first[3], 270));
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

START_TEST(dots_have_the_tone_of_the_hair_beside_them)
{
    struct fixture f;
    set_up(&f, 280);
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
    // The client's own shaved hair, which the dilution is mixed to match, diluted by shine and tone
    // curve.
    double hair[3];
    smp_scalp_area(hair, scene);
    for (int c = 0; c < 3; c++) {
        const double ratio = healed[c] / before[c];
        const double planned[3] = { exp(-0.01 * hair[0]), exp(-0.01 * hair[1]),
                                    exp(-0.01 * hair[2]) };
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

// A texture of one colour, but for the scalp's zones, which have `scalp` of it.
static void set_texture(struct fixture *f, float scalp)
{
    struct smp_mesh *mesh = &f->head.mesh;
    mesh->uvs = smp_alloc(&f->arena, mesh->triangle_count, sizeof *mesh->uvs);
    ck_assert_ptr_nonnull(mesh->uvs);
    for (size_t t = 0; t < mesh->triangle_count; t++)
        for (int k = 0; k < 3; k++) {
            const struct smp_vec3 p = mesh->points[mesh->triangles[t][k]];
            mesh->uvs[t][k] =
                (struct smp_uv){ 0.5f, (float)(acos(smp_clamp(p.z / 90, -1, 1)) / SMP_PI) };
        }
    struct smp_image *texture = &f->head.texture;
    ck_assert_int_eq(smp_image_make(texture, 4, 200, &f->arena, NULL), SMP_OK);
    for (size_t i = 0; i < 4 * 200; i++) {
        const float share = (double)(i / 4) < 200 / SMP_PI ? scalp : 1;
        texture->px_lin[i] = (struct smp_rgb){ 0.5f * share, 0.35f * share, 0.25f * share };
    }
}

START_TEST(the_clients_own_hair_is_taken_out_of_the_texture_and_told)
{
    static const float scalps[2] = { 1, 0.7f };
    double means[2][3];
    for (int k = 0; k < 2; k++) {
        struct fixture f;
        set_up(&f, 230);
        set_texture(&f, scalps[k]);
        struct smp_scene *scene = NULL;
        ck_assert_int_eq(smp_scene_make(&scene, &f.plan, NULL, &f.arena, NULL), SMP_OK);
        if (k == 0)
            ck_assert_str_eq(smp_scene_note(scene), "");
        else
            ck_assert_ptr_nonnull(
                strstr(smp_scene_note(scene),
                       "the scan's texture shows hair or shadow on the scalp (red 7"));
        struct smp_image image;
        ck_assert_int_eq(smp_preview_view(&image, all_ages, 1, scene, SMP_VIEW_TOP, &small, NULL,
                                          &f.arena, NULL),
                         SMP_OK);
        mean_of(means[k], &image, 120, 110, 20);
        smp_scene_drop(scene);
        smp_arena_drop(&f.arena);
    }
    for (int c = 0; c < 3; c++)
        ck_assert_double_eq_tol(means[1][c] / means[0][c], 1, 0.05);
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

START_TEST(views_and_edges_have_the_names_of_the_commands)
{
    static const char *const views[] = {
        "front", "three-quarter-left", "three-quarter-right", "left", "right", "top", "crown",
        "back"
    };
    for (int i = 0; i < SMP_VIEW_COUNT; i++)
        ck_assert_str_eq(smp_view_names[i], views[i]);
    ck_assert_ptr_null(smp_view_names[SMP_VIEW_COUNT]);
    ck_assert_str_eq(smp_edge_names[SMP_EDGE_LOW], "low");
    ck_assert_str_eq(smp_edge_names[SMP_EDGE_MEDIAN], "median");
    ck_assert_str_eq(smp_edge_names[SMP_EDGE_HIGH], "high");
    ck_assert_ptr_null(smp_edge_names[SMP_EDGE_COUNT]);
}
END_TEST

START_TEST(all_views_show_the_head_whole)
{
    struct fixture f;
    set_up(&f, 230);
    for (int v = 0; v < SMP_VIEW_COUNT; v++) {
        const struct smp_viewer camera = smp_viewer_of_view(&f.head, (enum smp_view)v, &small);
        for (size_t i = 0; i < f.head.mesh.point_count; i++) {
            double x, y;
            if (f.head.mesh.points[i].z < -50)
                continue;
            ck_assert_double_gt(smp_viewer_project(&camera, f.head.mesh.points[i], &x, &y), 1000);
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
    const struct smp_age none = { .years = 31 }, odd = { .edge = SMP_EDGE_COUNT };
    REFUSED(smp_preview_view(&image, &none, 1, scene, SMP_VIEW_TOP, &small, NULL, &f.arena, &err),
            "preview.age must be 0 to 30 years, not 31");
    REFUSED(smp_preview_view(&image, &odd, 1, scene, SMP_VIEW_TOP, &small, NULL, &f.arena, &err),
            "preview.edge must be 0 to 2, not 3");
    const struct smp_age many[9] = { { .before = true } };
    REFUSED(smp_preview_view(&image, many, 9, scene, SMP_VIEW_TOP, &small, NULL, &f.arena, &err),
            "preview.ages must be 1 to 8, not 9");
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

START_TEST(the_hairline_crosses_the_lower_third_of_its_close_up)
{
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    struct smp_head head;
    struct smp_rays *rays;
    const struct smp_tape_wish usual = { 0 };
    ck_assert_int_eq(smp_head_from_tape(&head, SMP_SEX_MALE, &usual, NULL, &arena, NULL), SMP_OK);
    ck_assert_int_eq(smp_rays_make(&rays, &head.mesh, NULL), SMP_OK);
    struct smp_vec3 line =
        smp_head_walk(&head, rays, head.landmarks.glabella, smp_vec3(0, 0, 1), 80);
    struct smp_design design = { .line_mm = &line, .line_count = 1, .zones = head.zones };
    head.zones[0] = SMP_ZONE_HAIRLINE;
    struct smp_plan plan = { .head = &head, .design = &design };
    const struct smp_scene scene = { .plan = &plan, .head = &head, .rays = rays };
    static const struct smp_preview_params sizes[2] = { { 1200, 1200, 1 }, { 1600, 2000, 1 } };
    for (size_t i = 0; i < 2; i++) {
        struct smp_viewer camera;
        ck_assert(smp_viewer_of_zone(&camera, &scene, SMP_ZONE_HAIRLINE, &sizes[i]));
        double x, y;
        smp_viewer_project(&camera, line, &x, &y);
        const double high = (double)sizes[i].height_px;
        ck_assert_msg(y > 0.64 * high && y < 0.76 * high, "at %.2f of the height", y / high);
        ck_assert_double_eq_tol(x, 0.5 * (double)sizes[i].width_px, 20);
    }
    smp_rays_drop(rays);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(from_the_front_the_hairline_lies_well_below_the_heads_horizon)
{
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    struct smp_head head;
    struct smp_rays *rays;
    const struct smp_tape_wish usual = { 0 };
    ck_assert_int_eq(smp_head_from_tape(&head, SMP_SEX_MALE, &usual, NULL, &arena, NULL), SMP_OK);
    ck_assert_int_eq(smp_rays_make(&rays, &head.mesh, NULL), SMP_OK);
    const struct smp_vec3 line =
        smp_head_walk(&head, rays, head.landmarks.glabella, smp_vec3(0, 0, 1), 80);
    const struct smp_viewer camera =
        smp_viewer_of_view(&head, SMP_VIEW_FRONT, &smp_preview_defaults);
    double x, y, top = HUGE_VAL;
    for (size_t i = 0; i < head.mesh.point_count; i++) {
        smp_viewer_project(&camera, head.mesh.points[i], &x, &y);
        top = fmin(top, y);
    }
    smp_viewer_project(&camera, line, &x, &y);
    const double below_mm = (y - top) / camera.px_per_mm;
    ck_assert_msg(below_mm > 25, "%.1f mm below the top", below_mm); // 80 mm over the glabella
    smp_rays_drop(rays);
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("preview", dots_of_no_contrast_leave_the_picture_as_it_was,
              one_thread_and_two_give_the_same_bytes, dots_have_the_tone_of_the_hair_beside_them,
              the_clients_own_hair_is_taken_out_of_the_texture_and_told,
              every_picture_says_simulated_in_its_pixels, the_stamp_writes_what_it_is_told,

              views_and_edges_have_the_names_of_the_commands, all_views_show_the_head_whole,
              the_hairline_crosses_the_lower_third_of_its_close_up,
              from_the_front_the_hairline_lies_well_below_the_heads_horizon,
              bad_calls_are_refused_in_one_sentence, a_full_arena_is_an_ordinary_error)
