// Dots on a photo: against the same dots in 3D, hidden where they must be, as sharp as the photo.
#include "preview/ball_test.h"
#include "preview/on_photo_impl.h"

#include "colour/colour.h"

static const struct smp_preview_params size = { .width_px = 640, .height_px = 800, .seed = 1 };
static const struct smp_age before = { .before = true, .label = "before" };
static const struct smp_age healed = { .years = SMP_HEALED_YEARS, .label = "healed" };
enum { ABOVE_STAMP = 770 };

struct shot {
    struct fixture f;
    struct smp_scene *scene;
    struct smp_camera camera;
    struct smp_image bare, full;    // rendered before and healed
    struct smp_image8 photo, drawn; // the first as a photo, and with dots on it
    struct smp_photo_ground *ground;
    struct smp_photo_told told;
};

static void shoot(struct shot *s, double diameter_um, size_t one_of)
{
    set_up(&s->f, diameter_um);
    size_t kept = 0;
    for (size_t i = 0; i < s->f.plan.dot_count; i += one_of)
        s->f.plan.dots[kept++] = s->f.plan.dots[i];
    s->f.plan.dot_count = kept;
    ck_assert_int_eq(smp_scene_make(&s->scene, &s->f.plan, NULL, &s->f.arena, NULL), SMP_OK);
    const struct smp_viewer view = smp_viewer_of_view(&s->f.head, SMP_VIEW_TOP, &size);
    s->camera = smp_camera_of_viewer(&view);
    struct smp_image images[2];
    const struct smp_age ages[2] = { before, healed };
    ck_assert_int_eq(
        smp_preview_view(images, ages, 2, s->scene, SMP_VIEW_TOP, &size, NULL, &s->f.arena, NULL),
        SMP_OK);
    s->bare = images[0];
    s->full = images[1];
}

static struct smp_image copy_of(const struct smp_image *image, struct smp_arena *arena)
{
    struct smp_image copy;
    ck_assert_int_eq(smp_image_make(&copy, image->width_px, image->height_px, arena, NULL), SMP_OK);
    memcpy(copy.px_lin, image->px_lin, image->width_px * image->height_px * sizeof *image->px_lin);
    return copy;
}

// Draws on s->bare as a photo; in light.
static struct smp_image draw_on(struct shot *s, const struct smp_photo_mask *mask,
                                struct smp_pool *pool)
{
    struct smp_arena *arena = &s->f.arena;
    struct smp_image image;
    struct smp_err err = { 0 };
    ck_assert_int_eq(smp_image8_of(&s->photo, &s->bare, pool, arena, NULL), SMP_OK);
    ck_assert_int_eq(smp_image8_of(&s->drawn, &s->bare, pool, arena, NULL), SMP_OK);
    ck_assert_msg(smp_photo_ground_make(&s->ground, &s->told, s->scene, &s->photo, &s->camera, mask,
                                        pool, arena, &err) == SMP_OK,
                  "%s", err.msg);
    ck_assert_int_eq(smp_photo_draw(&s->drawn, s->ground, &healed, pool, arena, NULL), SMP_OK);
    ck_assert_int_eq(smp_image_of8(&image, &s->drawn, pool, arena, NULL), SMP_OK);
    return image;
}

static void put_away(struct shot *s)
{
    smp_scene_drop(s->scene);
    smp_arena_drop(&s->f.arena);
}

static struct smp_lab lab_of(const struct smp_rgb *p)
{
    return smp_lab_from_rgb((struct smp_rgb_lin){ (double)p->r, (double)p->g, (double)p->b });
}

// Mean ΔE00 between the dots in 3D and those drawn on the picture of the bare head, where there are
// any; and, for comparison, of the dots themselves.
static double off_by(const struct shot *s, const struct smp_image *drawn, double *changed)
{
    double sum = 0;
    size_t count = 0;
    *changed = 0;
    for (size_t y = 0; y < ABOVE_STAMP; y++)
        for (size_t x = 0; x < size.width_px; x++) {
            const struct smp_rgb *a = smp_image_at(&s->bare, x, y);
            const struct smp_rgb *b = smp_image_at(&s->full, x, y);
            if (b->r > 0.97f * a->r)
                continue;
            sum += smp_delta_e00(lab_of(b), lab_of(smp_image_at(drawn, x, y)));
            *changed += smp_delta_e00(lab_of(b), lab_of(a));
            count++;
        }
    ck_assert_uint_gt(count, 20000);
    *changed /= (double)count;
    return sum / (double)count;
}

START_TEST(dots_on_a_photo_of_the_head_are_those_of_the_head_itself)
{
    struct shot s;
    shoot(&s, 260, 1);
    const struct smp_image drawn = draw_on(&s, NULL, NULL);
    double changed;
    const double off = off_by(&s, &drawn, &changed);
    ck_assert_double_gt(changed, 3); // there is something to be seen
    ck_assert_msg(off < 2, "mean ΔE00 %.2f", off);
    ck_assert_uint_eq(s.told.shown + s.told.hidden + s.told.under_hair, s.told.dots);
    ck_assert_msg(12 * s.told.under_hair < s.told.dots, "%zu of %zu", s.told.under_hair,
                  s.told.dots);
    put_away(&s);
}
END_TEST

START_TEST(dots_on_a_picture_of_a_real_scan_are_those_of_the_scan_itself)
{
    SKIP_WITHOUT("../shared/data/heads/lee-perry-smith/LeePerrySmith-textured.glb");
    struct shot s = { 0 };
    struct smp_arena *arena = &s.f.arena;
    struct smp_err err = { 0 };
    struct smp_pool *pool = smp_pool_make(0);
    const struct smp_scan_options options = { 0 };
    smp_arena_make(arena, 0);
    enum smp_code code = smp_case_read(&s.f.from, "tests/cases/lps.json", arena, &err);
    if (!code)
        code = smp_case_head(&s.f.head, &s.f.from, &options, pool, arena, &err);
    if (!code)
        code = smp_plan_make(&s.f.plan, &s.f.from, &s.f.head, pool, NULL, arena, &err);
    if (!code)
        code = smp_scene_make(&s.scene, &s.f.plan, pool, arena, &err);
    ck_assert_msg(!code, "%s", err.msg);
    static const enum smp_view views[2] = { SMP_VIEW_FRONT, SMP_VIEW_TOP };
    for (int v = 0; v < 2; v++) {
        const struct smp_viewer viewer = smp_viewer_of_view(&s.f.head, views[v], &size);
        const struct smp_age ages[2] = { before, healed };
        struct smp_image images[2];
        double changed;
        ck_assert_int_eq(
            smp_preview_view(images, ages, 2, s.scene, views[v], &size, pool, arena, NULL), SMP_OK);
        s.camera = smp_camera_of_viewer(&viewer);
        s.bare = images[0];
        s.full = images[1];
        const struct smp_image drawn = draw_on(&s, NULL, pool);
        const double off = off_by(&s, &drawn, &changed);
        printf("# scan, %s: dots in 3D against dots on the picture, mean dE00 %.2f of %.2f\n",
               smp_view_names[views[v]], off, changed);
        ck_assert_msg(off < 2, "%s: mean ΔE00 %.2f", smp_view_names[views[v]], off);
    }
    smp_pool_drop(pool);
    put_away(&s);
}
END_TEST

// Centre of what was taken from the light about a place.
static bool centre_of(double at[2], const struct smp_image *with, const struct smp_image *without,
                      double x_px, double y_px)
{
    double sum = 0;
    at[0] = at[1] = 0;
    for (int dy = -5; dy <= 5; dy++)
        for (int dx = -5; dx <= 5; dx++) {
            const size_t x = (size_t)(x_px + dx), y = (size_t)(y_px + dy);
            if (x >= size.width_px || y >= ABOVE_STAMP)
                return false;
            const float bare = smp_image_at(without, x, y)->r;
            const double taken =
                fmax(0, 1 - (double)(smp_image_at(with, x, y)->r / fmaxf(bare, 1e-3f)) - 0.02);
            sum += taken;
            at[0] += taken * ((double)x + 0.5);
            at[1] += taken * ((double)y + 0.5);
        }
    at[0] /= sum;
    at[1] /= sum;
    return sum > 0.2;
}

START_TEST(dots_lie_where_the_camera_sees_them)
{
    struct shot s;
    shoot(&s, 500, 40);
    const struct smp_image drawn = draw_on(&s, NULL, NULL);
    double sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < s.f.plan.dot_count; i++) {
        const struct smp_vec3 p = s.f.plan.dots[i].position_mm;
        double px[2], there[2], here[2];
        if (!smp_camera_project(&s.camera, (double[3]){ p.x, p.y, p.z }, px))
            continue;
        if (!centre_of(there, &s.full, &s.bare, px[0], px[1]) ||
            !centre_of(here, &drawn, &s.bare, px[0], px[1]))
            continue;
        sum += (here[0] - there[0]) * (here[0] - there[0]) +
               (here[1] - there[1]) * (here[1] - there[1]);
        count++;
    }
    ck_assert_uint_gt(count, 50);
    ck_assert_msg(sqrt(sum / (double)count) < 1, "RMS %.2f px", sqrt(sum / (double)count));
    put_away(&s);
}
END_TEST

START_TEST(what_no_dot_touches_stays_as_it_was_on_any_number_of_threads)
{
    struct shot s;
    shoot(&s, 260, 1);
    struct smp_pool *pool = smp_pool_make(2);
    draw_on(&s, NULL, NULL);
    const struct smp_image8 one = s.drawn;
    draw_on(&s, NULL, pool);
    smp_pool_drop(pool);
    ck_assert(memcmp(one.srgb8, s.drawn.srgb8, 3 * size.width_px * size.height_px) == 0);
    // farther from the dots than their glow reaches, and off the head, all bytes are the photo's
    const struct smp_photo_part *part = &s.ground->part;
    size_t changed = 0, off = 0;
    for (size_t y = 0; y < ABOVE_STAMP; y++)
        for (size_t x = 0; x < size.width_px; x++) {
            const bool differs =
                memcmp(smp_image8_at(&one, x, y), smp_image8_at(&s.photo, x, y), 3);
            const bool in = x >= part->left_px && x < part->left_px + part->width_px &&
                            y >= part->top_px && y < part->top_px + part->height_px;
            changed += differs;
            off +=
                differs && (!in || smp_cell_at(part, part->body, (float)(x - part->left_px) + 0.5f,
                                               (float)(y - part->top_px) + 0.5f) <= 0);
        }
    ck_assert_uint_gt(changed, 20000);
    ck_assert_uint_eq(off, 0);
    put_away(&s);
}
END_TEST

// The float way, from the light of a code through the film's shoulder and back.
START_TEST(each_code_and_tint_gives_the_code_that_the_light_itself_would)
{
    static struct smp_photo_film film;
    float light[256];
    smp_photo_film_make(&film);
    smp_light_of_codes(light);
    for (int code = 0; code < 256; code++) {
        ck_assert_uint_eq(smp_photo_film_code(&film, film.light[code]), (unsigned)code);
        for (int i = 0; i <= 400; i++) {
            const float share = (float)i / 400;
            const double want =
                255 *
                smp_srgb_from_lin((double)smp_shoulder(share * smp_shoulder_back(light[code])));
            const double got = smp_photo_film_code(&film, share * film.light[code]);
            ck_assert_msg(fabs(got - want) <= 0.501, "code %d × %.4f: %.0f, not %.3f", code,
                          (double)share, got, want);
        }
    }
    ck_assert_uint_eq(smp_photo_film_code(&film, -1), 0);
    ck_assert_uint_eq(smp_photo_film_code(&film, NAN), 0);
    ck_assert_uint_eq(smp_photo_film_code(&film, 1e30f), 255);
}
END_TEST

START_TEST(dots_under_hair_are_left_out_on_light_and_dark_skin_alike)
{
    static const float skins[4] = { 1.6f, 1.0f, 0.3f, 0.08f };
    double share[4];
    struct shot s;
    shoot(&s, 260, 1);
    const struct smp_image bald = s.bare;
    for (int k = 0; k < 4; k++) {
        s.bare = copy_of(&bald, &s.f.arena);
        for (size_t y = 0; y < size.height_px; y++)
            for (size_t x = 0; x < size.width_px; x++) {
                struct smp_rng rng = smp_rng_make(x / 3, y);
                struct smp_rgb *p = smp_image_at(&s.bare, x, y);
                // left of the middle grows hair: strands darker than skin by half and more
                const float hair =
                    x < size.width_px / 2 ? 0.12f + 0.4f * (float)smp_rng_unit(&rng) : 1;
                *p = (struct smp_rgb){ p->r * skins[k] * hair, p->g * skins[k] * hair,
                                       p->b * skins[k] * hair };
            }
        draw_on(&s, NULL, NULL);
        size_t left = 0, right = 0, seen = 0;
        const struct smp_photo_part *part = &s.ground->part;
        for (size_t y = 0; y < part->cells_down; y++)
            for (size_t x = 0; x < part->cells_across; x++) {
                const size_t i = y * part->cells_across + x;
                const size_t px = part->left_px + x * SMP_CELL_PX;
                if (!part->dot[i] || (px > 300 && px < 340))
                    continue;
                seen++;
                if (px < size.width_px / 2)
                    left += part->may[i] > 0.5f;
                else
                    right += part->may[i] > 0.5f;
            }
        share[k] = (double)right / (double)seen;
        ck_assert_msg(left < seen / 40, "skin %d: %zu of %zu cells of hair", k, left, seen);
        ck_assert_double_gt(share[k], 0.35);
    }
    for (int k = 1; k < 4; k++)
        ck_assert_double_eq_tol(share[k], share[0], 0.05);
    put_away(&s);
}
END_TEST

START_TEST(a_users_mask_stands_for_the_one_found)
{
    struct shot s;
    shoot(&s, 260, 1);
    const size_t count = size.width_px * size.height_px;
    uint8_t *share = smp_new(&s.f.arena, uint8_t, count);
    const struct smp_photo_mask mask = { share, size.width_px, size.height_px };
    draw_on(&s, &mask, NULL);
    ck_assert_uint_eq(s.told.shown, 0);
    ck_assert_ptr_nonnull(strstr(s.told.note, "no bare skin was found"));
    ck_assert(memcmp(s.drawn.srgb8, s.photo.srgb8, 3 * size.width_px * ABOVE_STAMP) == 0);
    memset(share, 255, count);
    draw_on(&s, &mask, NULL);
    ck_assert_uint_eq(s.told.under_hair, 0);
    struct smp_photo_mask found;
    ck_assert_int_eq(smp_photo_mask_of(&found, s.ground, &s.f.arena, NULL), SMP_OK);
    ck_assert_uint_eq(found.share[(size_t)s.camera.centre_px[1] * size.width_px + 320], 255);
    put_away(&s);
}
END_TEST

// ---- Sharpness ---------------------------------------------------------------------------------

// Texture of the same energy at every scale: octaves of blurred noise, each as strong as the next.
static void make_texture(struct smp_image *image, double sigma_px, double noise,
                         struct smp_arena *arena)
{
    enum { SIDE = 1024 };
    struct smp_image octave, blurred;
    ck_assert_int_eq(smp_image_make(image, SIDE, SIDE, arena, NULL), SMP_OK);
    ck_assert_int_eq(smp_image_make(&octave, SIDE, SIDE, arena, NULL), SMP_OK);
    for (int k = 0; k < 8; k++) {
        const double own = 0.2 * exp2(k), all = sqrt(own * own + sigma_px * sigma_px);
        struct smp_rng rng = smp_rng_make(12, (uint64_t)k);
        for (size_t i = 0; i < (size_t)SIDE * SIDE; i++) {
            const float v = (float)(0.02 * own * smp_rng_normal(&rng));
            octave.px_lin[i] = (struct smp_rgb){ v, v, v };
        }
        const struct smp_mark mark = smp_arena_mark(arena);
        ck_assert_int_eq(smp_image_blur(&blurred, &octave, all, NULL, arena, NULL), SMP_OK);
        for (size_t i = 0; i < (size_t)SIDE * SIDE; i++)
            image->px_lin[i].r += blurred.px_lin[i].r;
        smp_arena_reset(arena, mark);
    }
    struct smp_rng rng = smp_rng_make(6, 6);
    for (size_t i = 0; i < (size_t)SIDE * SIDE; i++)
        image->px_lin[i].r =
            0.4f * expf(image->px_lin[i].r + (float)(noise * smp_rng_normal(&rng)));
}

START_TEST(blur_and_noise_are_read_from_the_skins_own_texture)
{
    static const double blurs[3] = { 1.0, 2.0, 4 }, noises[2] = { 0.003, 0.01 };
    for (int b = 0; b < 3; b++)
        for (int n = 0; n < 2; n++) {
            struct smp_arena arena;
            smp_arena_make(&arena, 0);
            struct smp_image texture;
            struct smp_image8 image;
            make_texture(&texture, blurs[b], noises[n], &arena);
            ck_assert_int_eq(smp_image8_of(&image, &texture, NULL, &arena, NULL), SMP_OK);
            struct smp_photo_part part = { .photo = &image,
                                           .width_px = image.width_px,
                                           .height_px = image.height_px };
            part.cells_across = part.cells_down = image.width_px / SMP_CELL_PX;
            part.may = smp_new(&arena, float, part.cells_across *part.cells_down);
            for (size_t i = 0; i < part.cells_across * part.cells_down; i++)
                part.may[i] = 1;
            struct smp_sharpness map;
            const struct smp_work work = { NULL, &arena, NULL };
            ck_assert_int_eq(smp_sharpness_measure(&map, &part, &work), SMP_OK);
            const double sigma = (double)smp_sharpness_at(&map, map.sigma_px, 512, 512);
            const double noise = (double)smp_sharpness_at(&map, map.noise, 512, 512);
            // what some hundred waves of the longest scale let one tell
            ck_assert_msg(fabs(sigma - blurs[b]) < 0.2 + 0.05 * blurs[b],
                          "blur %.1f px read as %.2f, noise %.3f", blurs[b], sigma, noises[n]);
            ck_assert_msg(fabs(noise - noises[n]) < 0.0025, "noise %.3f read as %.4f, blur %.1f",
                          noises[n], noise, blurs[b]);
            smp_arena_drop(&arena);
        }
}
END_TEST

// ---- What is refused ---------------------------------------------------------------------------

START_TEST(a_photo_that_cannot_be_drawn_on_is_refused_in_one_sentence)
{
    struct shot s;
    shoot(&s, 260, 10);
    struct smp_err err = { 0 };
    ck_assert_int_eq(smp_image8_of(&s.photo, &s.bare, NULL, &s.f.arena, NULL), SMP_OK);
    struct smp_camera other = s.camera;
    other.width_px = 100;
    ck_assert_int_eq(smp_photo_ground_make(&s.ground, &s.told, s.scene, &s.photo, &other, NULL,
                                           NULL, &s.f.arena, &err),
                     SMP_E_INPUT);
    ck_msg_eq(err, "the camera is of a photo of 100 × 800 px, this one has 640 × 800");
    other = s.camera;
    other.centre_px[0] = -5000;
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_photo_ground_make(&s.ground, &s.told, s.scene, &s.photo, &other, NULL,
                                           NULL, &s.f.arena, &err),
                     SMP_E_INPUT);
    ck_msg_has(err, "dots is to be seen in the photo");
    const struct smp_photo_mask mask = { NULL, 10, 10 };
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_photo_ground_make(&s.ground, &s.told, s.scene, &s.photo, &s.camera, &mask,
                                           NULL, &s.f.arena, &err),
                     SMP_E_INPUT);
    ck_msg_eq(err, "the mask must be of the photo's size, 640 × 800 px, not 10 × 10");
    put_away(&s);
}
END_TEST

// Draws on the shot with its light multiplied; the answer's code.
static enum smp_code draw_tinted(struct shot *s, const struct smp_image *skin, const float tint[3],
                                 struct smp_err *err)
{
    s->bare = copy_of(skin, &s->f.arena);
    for (size_t i = 0; i < size.width_px * size.height_px; i++) {
        s->bare.px_lin[i].r *= tint[0];
        s->bare.px_lin[i].g *= tint[1];
        s->bare.px_lin[i].b *= tint[2];
    }
    *err = (struct smp_err){ 0 };
    if (smp_image8_of(&s->photo, &s->bare, NULL, &s->f.arena, err))
        return SMP_E_NOMEM;
    return smp_photo_ground_make(&s->ground, &s->told, s->scene, &s->photo, &s->camera, NULL, NULL,
                                 &s->f.arena, err);
}

START_TEST(what_is_too_dark_or_no_skin_gets_no_dots)
{
    static const float shade[3] = { 0.08f, 0.08f, 0.08f }, night[3] = { 0.004f, 0.004f, 0.004f };
    static const float lamp[3] = { 1.2f, 1, 0.6f }, leaf[3] = { 0.3f, 1, 0.6f };
    struct shot s;
    struct smp_err err;
    shoot(&s, 260, 1);
    const struct smp_image skin = s.bare;
    ck_assert_int_eq(draw_tinted(&s, &skin, shade, &err), SMP_OK);
    ck_assert_int_eq(draw_tinted(&s, &skin, lamp, &err), SMP_OK);
    ck_assert_int_eq(draw_tinted(&s, &skin, night, &err), SMP_E_INPUT);
    ck_msg_has(err, "the photo is too dark where dots would go: 0.00");
    ck_assert_int_eq(draw_tinted(&s, &skin, leaf, &err), SMP_E_INPUT);
    ck_msg_has(err, "where dots would go the photo has not the colour of skin (red over green 0.");
    put_away(&s);
}
END_TEST

SMP_TEST_MAIN("on_photo", dots_on_a_photo_of_the_head_are_those_of_the_head_itself,
              dots_on_a_picture_of_a_real_scan_are_those_of_the_scan_itself,
              dots_lie_where_the_camera_sees_them,
              what_no_dot_touches_stays_as_it_was_on_any_number_of_threads,
              each_code_and_tint_gives_the_code_that_the_light_itself_would,
              dots_under_hair_are_left_out_on_light_and_dark_skin_alike,
              a_users_mask_stands_for_the_one_found,
              blur_and_noise_are_read_from_the_skins_own_texture,
              a_photo_that_cannot_be_drawn_on_is_refused_in_one_sentence,
              what_is_too_dark_or_no_skin_gets_no_dots)
