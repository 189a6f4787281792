// The preview on the client's own photo: what `stubble pose` found is read, dots are drawn.
#include "cli/on_photo.h"

#include "cli/camera_file.h"
#include "cli/colour_card.h"

#include <stdio.h>
#include <string.h>

// ---- The camera --------------------------------------------------------------------------------

// By the landmarks that the plan's own case has of the photo, on the plan's head.
static enum smp_code pose_by_case(struct smp_camera *camera, const struct smp_on_photo *wish,
                                  const struct smp_plan *plan, struct smp_arena *arena,
                                  struct smp_err *err)
{
    const struct smp_case *from = plan->from;
    size_t i = 0;
    while (i < from->photo_count &&
           strcmp(smp_cli_base_name(from->photos[i].file), smp_cli_base_name(wish->photo)) != 0)
        i++;
    if (i == from->photo_count)
        return smp_fail(err, SMP_E_INPUT,
                        "--photo needs --pose POSE.json (what stubble pose --json prints of it): "
                        "the plan's case has no landmarks of a photo %s",
                        smp_cli_base_name(wish->photo));
    struct smp_case with_poses = *from;
    const struct smp_scan_options options = { .no_sandbox = wish->no_sandbox };
    const enum smp_code code = smp_case_poses(&with_poses, plan->head, &options, arena, err);
    if (code)
        return code;
    *camera = with_poses.poses[i].camera;
    if (!(camera->focal_px > 0))
        return smp_fail(err, SMP_E_INPUT, "the plan's case has no landmarks on %s",
                        smp_cli_base_name(wish->photo));
    return SMP_OK;
}

// ---- Masks -------------------------------------------------------------------------------------

// Codes as they are: half is half, as the eye and the drawing program have it.
static enum smp_code load_mask(struct smp_photo_mask *mask, const struct smp_on_photo *wish,
                               struct smp_arena *arena, struct smp_err *err)
{
    struct smp_image8 image;
    const struct smp_image_options options = { .no_sandbox = wish->no_sandbox };
    const enum smp_code code = smp_photo8_load(&image, NULL, wish->mask, &options, arena, err);
    if (code)
        return code;
    const size_t count = image.width_px * image.height_px;
    uint8_t *share = smp_new(arena, uint8_t, count);
    for (size_t i = 0; share && i < count; i++)
        share[i] = image.srgb8[3 * i + 1];
    *mask = (struct smp_photo_mask){ share, image.width_px, image.height_px };
    smp_image8_drop(&image);
    return share ? SMP_OK : smp_fail(err, SMP_E_NOMEM, "no room for the mask %s", wish->mask);
}

static enum smp_code save_mask(const char *path, const struct smp_photo_ground *ground,
                               struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err)
{
    struct smp_photo_mask mask;
    const enum smp_code code = smp_photo_mask_of(&mask, ground, arena, err);
    if (code)
        return code;
    const size_t count = mask.width_px * mask.height_px;
    uint8_t *codes = smp_alloc(arena, count, 3);
    if (!codes)
        return smp_fail(err, SMP_E_NOMEM, "no room for the mask %s", path);
    for (size_t i = 0; i < 3 * count; i++)
        codes[i] = mask.share[i / 3];
    const struct smp_image8 grey = { codes, mask.width_px, mask.height_px, { 0 } };
    return smp_image8_save(path, &grey, NULL, NULL, pool, err);
}

// ---- The picture -------------------------------------------------------------------------------

static enum smp_code draw(struct smp_image8 *image, struct smp_photo_told *told,
                          const struct smp_on_photo *wish, const struct smp_camera *camera,
                          struct smp_scene *scene, const struct smp_age *age, struct smp_pool *pool,
                          struct smp_arena *arena, struct smp_err *err)
{
    struct smp_photo_mask drawn;
    struct smp_photo_ground *ground;
    enum smp_code code = wish->mask ? load_mask(&drawn, wish, arena, err) : SMP_OK;
    struct smp_err fault = { 0 };
    if (!code && (code = smp_photo_ground_make(&ground, told, scene, image, camera,
                                               wish->mask ? &drawn : NULL, pool, arena, &fault)))
        return smp_fail(err, code, "%s: %s", smp_cli_base_name(wish->photo), fault.msg);
    if (!code && wish->save_mask)
        code = save_mask(wish->save_mask, ground, pool, arena, err);
    if (!code)
        code = smp_photo_draw(image, ground, age, pool, arena, err);
    return code;
}

// The photo as codes, its light made true where that is wished.
static enum smp_code load_photo(struct smp_image8 *codes, struct smp_photo_facts *facts,
                                const struct smp_on_photo *wish, struct smp_pool *pool,
                                struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_image_options options = { .no_sandbox = wish->no_sandbox, .pool = pool };
    struct smp_image image;
    double delta_e00 = 0;
    if (!wish->card)
        return smp_photo8_load(codes, facts, wish->photo, &options, arena, err);
    enum smp_code code = smp_photo_load(&image, facts, wish->photo, &options, arena, err);
    if (!code)
        code = smp_cli_correct(&image, &delta_e00, wish->photo, pool, arena, err);
    if (code)
        return code;
    fprintf(stderr, "note: colours corrected by the card, ΔE00 %.1f off\n", delta_e00);
    return smp_image8_of(codes, &image, pool, arena, err);
}

enum smp_code smp_on_photo_pose(struct smp_camera *camera, const struct smp_on_photo *wish,
                                struct smp_arena *arena, struct smp_err *err)
{
    *camera = (struct smp_camera){ 0 };
    return wish->pose ? smp_cli_camera(camera, wish->pose, wish->photo, arena, err) : SMP_OK;
}

enum smp_code smp_draw_on_photo(const char *out, struct smp_photo_told *told,
                                const struct smp_on_photo *wish, const struct smp_camera *given,
                                const struct smp_plan *plan, const struct smp_age *age,
                                struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err)
{
    struct smp_camera camera = *given;
    struct smp_scene *scene = NULL;
    struct smp_image8 image = { 0 };
    struct smp_photo_facts facts;
    enum smp_code code = wish->pose ? SMP_OK : pose_by_case(&camera, wish, plan, arena, err);
    if (!code)
        code = load_photo(&image, &facts, wish, pool, arena, err);
    if (!code)
        code = smp_scene_make_bare(&scene, plan, pool, arena, err);
    if (!code && facts.spoilt_icc)
        fprintf(stderr, "stubble: warning: %s: " SMP_SPOILT_ICC "\n", wish->photo);
    camera.width_px = image.width_px;
    camera.height_px = image.height_px;
    if (!code)
        code = draw(&image, told, wish, &camera, scene, age, pool, arena, err);
    struct smp_preview_notes notes;
    smp_preview_notes(&notes, age);
    if (!code)
        code = smp_image8_save(out, &image, &facts, notes.notes, pool, err);
    smp_scene_drop(scene);
    smp_image8_drop(&image);
    return code;
}
