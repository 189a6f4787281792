// The head of a case from its photos.
#include "plan/plan_impl.h"

#include <jansson.h>

static bool is_marked(const struct smp_photo *photo)
{
    for (int m = 0; m < SMP_PLACE_COUNT; m++) {
        if (photo->seen[m])
            return true;
    }
    return false;
}

bool smp_case_by_photos(const struct smp_case *from)
{
    const struct smp_tape_wish *tape = &from->tape;
    bool marked = false;
    for (size_t i = 0; i < from->photo_count; i++)
        marked = marked || is_marked(&from->photos[i]);
    return marked && !from->scan && tape->circumference_mm == 0 && tape->length_mm == 0 &&
           tape->breadth_mm == 0;
}

enum smp_code smp_photo_measure(struct smp_photo *photo, const struct smp_scan_options *options,
                                struct smp_err *err)
{
    struct smp_arena scratch; // the pixels are not kept
    struct smp_image image;
    struct smp_photo_facts facts;
    const struct smp_image_options how = { .no_sandbox = options && options->no_sandbox };
    smp_arena_make(&scratch, 0);
    const enum smp_code code = smp_photo_load(&image, &facts, photo->file, &how, &scratch, err);
    smp_arena_drop(&scratch);
    if (code)
        return code;
    if (photo->width_px &&
        (photo->width_px != image.width_px || photo->height_px != image.height_px))
        return smp_fail(err, SMP_E_INPUT,
                        "%s: width_px and height_px must be those of the picture, %zu and %zu, not "
                        "%zu and %zu",
                        photo->file, image.width_px, image.height_px, photo->width_px,
                        photo->height_px);
    photo->width_px = image.width_px;
    photo->height_px = image.height_px;
    if (photo->focal_35mm == 0 && facts.focal_35mm >= SMP_FOCAL_MIN &&
        facts.focal_35mm <= SMP_FOCAL_MAX)
        photo->focal_35mm = facts.focal_35mm;
    return SMP_OK;
}

// Marked photos one after the other, their sizes and lenses read; of[i] is the place in the case.
struct marked {
    struct smp_photo photos[SMP_PHOTOS_MAX];
    struct smp_pose poses[SMP_PHOTOS_MAX];
    size_t of[SMP_PHOTOS_MAX], count;
};

static enum smp_code collect(struct marked **marked, struct smp_case *from,
                             const struct smp_scan_options *options, struct smp_arena *arena,
                             struct smp_err *err)
{
    struct marked *m = smp_new(arena, struct marked, 1);
    enum smp_code code = SMP_OK;
    if (!m)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the photos");
    for (size_t i = 0; i < from->photo_count && !code; i++) {
        struct smp_photo *photo = &from->photos[i];
        if (!is_marked(photo))
            continue; // kept for the record only
        if (!photo->width_px)
            code = smp_photo_measure(photo, options, err);
        m->of[m->count] = i;
        m->photos[m->count++] = *photo;
    }
    *marked = m;
    return code;
}

static enum smp_code keep_poses(struct smp_case *from, const struct marked *marked,
                                struct smp_arena *arena, struct smp_err *err)
{
    struct smp_pose *poses = smp_new(arena, struct smp_pose, from->photo_count);
    if (!poses)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the photos");
    for (size_t i = 0; i < marked->count; i++)
        poses[marked->of[i]] = marked->poses[i];
    from->poses = poses;
    return SMP_OK;
}

enum smp_code smp_case_photo_head(struct smp_head *head, struct smp_case *from,
                                  const struct smp_scan_options *options, struct smp_arena *arena,
                                  struct smp_err *err)
{
    struct marked *marked;
    struct smp_mould mould;
    struct smp_photo_fit fit;
    enum smp_code code = collect(&marked, from, options, arena, err);
    if (code || (code = smp_mould_make(&mould, from->sex, arena, err)) ||
        (code = smp_photo_head(head, &fit, marked->poses, marked->photos, marked->count, &mould,
                               &from->photo_scale, arena, err)) ||
        (code = keep_poses(from, marked, arena, err)))
        return code;
    from->photos_used = true;
    head->note = smp_format(arena, "from landmarks on %zu photo%s, its scale known to %.1f %%%s%s",
                            marked->count, marked->count > 1 ? "s" : "", fit.scale_sd_percent,
                            *fit.note ? "; " : "", fit.note);
    return head->note ? SMP_OK : smp_fail(err, SMP_E_NOMEM, "no memory for the head's note");
}

enum smp_code smp_case_places(struct smp_places *places, const struct smp_case *from,
                              const struct smp_head *head, struct smp_arena *arena,
                              struct smp_err *err)
{
    struct smp_places given = from->places;
    for (int m = 0; m < SMP_PLACE_COUNT; m++)
        given.at[m] = smp_head_from_file(head, given.at[m]);
    struct smp_err own = { 0 };
    if (smp_head_places(places, head, from->scan ? &given : NULL, arena, &own))
        return smp_fail(err, own.code, "%s: %s", from->file, own.msg);
    return SMP_OK;
}

enum smp_code smp_case_poses(struct smp_case *from, const struct smp_head *head,
                             const struct smp_scan_options *options, struct smp_arena *arena,
                             struct smp_err *err)
{
    struct marked *marked;
    struct smp_places places;
    if (from->photos_used)
        return SMP_OK; // found with the head
    enum smp_code code = collect(&marked, from, options, arena, err);
    if (!code && marked->count)
        code = smp_case_places(&places, from, head, arena, err);
    if (!code && marked->count)
        code = smp_photo_pose(marked->poses, marked->photos, marked->count, &places, arena, err);
    return code ? code : keep_poses(from, marked, arena, err);
}

bool smp_case_note_photos(struct json_t *root, const struct smp_case *from)
{
    json_t *list = json_object_get(root, "photos");
    bool done = true;
    for (size_t i = 0; i < from->photo_count && done; i++) {
        const struct smp_photo *photo = &from->photos[i];
        json_t *item = json_array_get(list, i);
        if (!photo->width_px)
            continue;
        done =
            json_object_set_new(item, "width_px", json_integer((json_int_t)photo->width_px)) == 0 &&
            json_object_set_new(item, "height_px", json_integer((json_int_t)photo->height_px)) == 0;
        if (photo->focal_35mm > 0)
            done =
                done && json_object_set_new(item, "focal_35mm", json_real(photo->focal_35mm)) == 0;
    }
    return done;
}
