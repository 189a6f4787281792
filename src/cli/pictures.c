// The pictures of a plan folder.
#include "cli/cli.h"
#include "cli/outputs.h"
#include "preview/preview.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

// Before and healed for every view; from the front also how it fades.
enum { SHARED = 2, AGES = 4 };
static const char *const age_names[AGES] = { "before", "healed", "3y", "8y" };

static enum smp_code read_ages(struct smp_age ages[AGES], struct smp_err *err)
{
    enum smp_code code = SMP_OK;
    for (size_t i = 0; i < AGES && !code; i++)
        code = smp_age_read(&ages[i], age_names[i], SMP_EDGE_MEDIAN, "age", err);
    return code;
}

// What pictures of one kind share.
struct album {
    const char *folder;
    struct smp_age ages[AGES];
    struct smp_picture_set *set;
};

static enum smp_code save_all(const struct album *album, const struct smp_image *images,
                              size_t count, const char *name, double dpi, struct smp_err *err)
{
    for (size_t i = 0; i < count; i++) {
        char path[1400];
        struct smp_preview_notes notes;
        smp_preview_notes(&notes, &album->ages[i]);
        snprintf(path, sizeof path, "%s/%s-%s.jpg", album->folder, name, age_names[i]);
        enum smp_code code = smp_image_save(path, &images[i], notes.notes, dpi, err);
        if (code)
            return code;
        album->set->count++;
    }
    return SMP_OK;
}

// The views that the summary sheet shows keep their pixels; the rest are let go.
static void keep(struct smp_picture_set *set, enum smp_view view, const struct smp_image images[2])
{
    static const enum smp_view more[] = { SMP_VIEW_THREE_QUARTER_LEFT, SMP_VIEW_LEFT, SMP_VIEW_TOP,
                                          SMP_VIEW_BACK };
    if (view == SMP_VIEW_FRONT) {
        set->front[0] = images[0];
        set->front[1] = images[1];
    }
    for (size_t i = 0; i < 4; i++) {
        if (view == more[i])
            set->more[i] = images[1];
    }
}

static bool is_kept(const struct smp_picture_set *set, const struct smp_image *image)
{
    bool kept = set->front[1].px_lin == image->px_lin;
    for (size_t i = 0; i < 4; i++)
        kept = kept || set->more[i].px_lin == image->px_lin;
    return kept;
}

static enum smp_code draw_all(struct smp_picture_set *set, struct smp_scene *scene,
                              const struct smp_plan *plan, const char *folder,
                              struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err)
{
    struct album album = { .folder = folder, .set = set };
    struct smp_preview_params params = smp_preview_defaults;
    enum smp_code code = read_ages(album.ages, err);
    if (code)
        return code;
    params.seed = plan->from->seed;
    for (int view = 0; view < SMP_VIEW_COUNT; view++) {
        struct smp_image images[AGES] = { 0 };
        const size_t count = view == SMP_VIEW_FRONT ? AGES : SHARED;
        const struct smp_mark mark = smp_arena_mark(arena);
        smp_cli_progress(NULL, "pictures", (view + 0.2) / (SMP_VIEW_COUNT + 1));
        code = smp_preview_view(images, album.ages, count, scene, (enum smp_view)view, &params,
                                pool, arena, err);
        if (!code)
            code = save_all(&album, images, count, smp_view_names[view], 0, err);
        if (code)
            return code;
        keep(set, (enum smp_view)view, images);
        if (!is_kept(set, &images[1]))
            smp_arena_reset(arena, mark);
    }
    struct smp_image images[2] = { 0 };
    params.width_px = 1200;
    params.height_px = 1200;
    code = smp_preview_zoom(images, album.ages, SHARED, scene, SMP_ZONE_HAIRLINE, &params, pool,
                            arena, err);
    if (!code)
        code = save_all(&album, images, SHARED, "zoom-hairline", 508, err); // 20 px/mm
    return code;
}

enum smp_code smp_pictures_write(struct smp_picture_set *set, const struct smp_plan *plan,
                                 const char *folder, struct smp_pool *pool, struct smp_arena *arena,
                                 struct smp_err *err)
{
    *set = (struct smp_picture_set){ .note = "" };
    const char *into = smp_format(arena, "%s/preview", folder);
    if (!into)
        return smp_fail(err, SMP_E_NOMEM, "no memory for a file name");
    if (mkdir(into, 0777))
        return smp_fail(err, SMP_E_IO, "%s cannot be made: %s", into, strerror(errno));
    struct smp_scene *scene = NULL;
    enum smp_code code = smp_scene_make(&scene, plan, pool, arena, err);
    if (code)
        return code;
    code = draw_all(set, scene, plan, into, pool, arena, err);
    if (!code)
        code = smp_worn_pictures(set, scene, plan, into, pool, arena, err);
    smp_cli_progress(NULL, "pictures", 1);
    const char *note = smp_scene_note(scene);
    set->note = note ? smp_strdup(arena, note) : "";
    smp_scene_drop(scene);
    return code;
}
