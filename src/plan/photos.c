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

static enum smp_code take_facts(struct smp_photo *photo, const struct smp_image8 *image,
                                const struct smp_photo_facts *facts, struct smp_err *err)
{
    if (photo->width_px &&
        (photo->width_px != image->width_px || photo->height_px != image->height_px))
        return smp_fail(err, SMP_E_INPUT,
                        "%s: width_px and height_px must be those of the picture, %zu and %zu, not "
                        "%zu and %zu",
                        photo->file, image->width_px, image->height_px, photo->width_px,
                        photo->height_px);
    photo->width_px = image->width_px;
    photo->height_px = image->height_px;
    photo->spoilt_icc = facts->spoilt_icc;
    if (photo->focal_35mm == 0 && facts->focal_35mm >= SMP_FOCAL_MIN &&
        facts->focal_35mm <= SMP_FOCAL_MAX)
        photo->focal_35mm = facts->focal_35mm;
    return SMP_OK;
}

enum smp_code smp_photo_measure(struct smp_photo *photo, struct smp_image8 *kept,
                                const struct smp_scan_options *options, struct smp_arena *arena,
                                struct smp_err *err)
{
    struct smp_arena scratch;
    struct smp_image8 image;
    struct smp_photo_facts facts;
    const struct smp_image_options how = { .no_sandbox = options && options->no_sandbox };
    smp_arena_make(&scratch, 0);
    enum smp_code code =
        smp_photo8_load(&image, &facts, photo->file, &how, kept ? arena : &scratch, err);
    if (!code)
        code = take_facts(photo, &image, &facts, err);
    if (!code && kept)
        *kept = image;
    else
        smp_image8_drop(&image);
    smp_arena_drop(&scratch);
    return code;
}

// Marked photos one after the other, their sizes and lenses read; of[i] is the place in the case.
struct marked {
    struct smp_photo photos[SMP_PHOTOS_MAX];
    struct smp_pose poses[SMP_PHOTOS_MAX];
    struct smp_image8 pictures[SMP_PHOTOS_MAX]; // where outlines are to be looked for
    size_t of[SMP_PHOTOS_MAX], count;
};

static void drop_pictures(struct marked *m)
{
    for (size_t i = 0; i < SMP_PHOTOS_MAX; i++)
        smp_image8_drop(&m->pictures[i]);
}

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
        const bool look = from->photo_outline && !photo->outline_known;
        if (look || !photo->width_px)
            code =
                smp_photo_measure(photo, look ? &m->pictures[m->count] : NULL, options, arena, err);
        m->of[m->count] = i;
        m->photos[m->count] = *photo;
        if (look)
            m->photos[m->count].picture = &m->pictures[m->count];
        if (!from->photo_outline)
            m->photos[m->count].outline.count = 0;
        m->count++;
    }
    if (code)
        drop_pictures(m);
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
    if (code)
        return code;
    code = smp_mould_make(&mould, from->sex, arena, err);
    if (!code)
        code = smp_photo_head(head, &fit, marked->poses, marked->photos, marked->count, &mould,
                              &from->photo_scale, arena, err);
    drop_pictures(marked);
    if (code || (code = keep_poses(from, marked, arena, err)))
        return code;
    from->photos_used = true;
    const char *missed = NULL; // an outline
    for (size_t i = 0; i < marked->count; i++) {
        struct smp_photo *photo = &from->photos[marked->of[i]];
        photo->outline_known = from->photo_outline;
        photo->outline = marked->poses[i].outline;
        missed = missed ? missed : marked->poses[i].no_outline;
    }
    head->note =
        smp_format(arena, "from landmarks on %zu photo%s, its scale known to %.1f %%%s%s%s%s",
                   marked->count, marked->count > 1 ? "s" : "", fit.scale_sd_percent,
                   *fit.note ? "; " : "", fit.note, missed ? "; " : "", missed ? missed : "");
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

static json_t *outline_json(const struct smp_outline *outline)
{
    json_t *list = json_array();
    for (size_t i = 0; i < outline->count; i++)
        json_array_append_new(
            list, json_pack("[f, f]", outline->tangent[i].out_deg, outline->tangent[i].at_px));
    return list;
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
        if (photo->outline_known)
            done = done && json_object_set_new(item, "outline", outline_json(&photo->outline)) == 0;
    }
    return done;
}
