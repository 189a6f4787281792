// The pictures of a plan folder.
#include "cli/cli.h"
#include "cli/outputs.h"
#include "preview/preview.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const enum smp_age ages[] = { SMP_AGE_BEFORE, SMP_AGE_HEALED };

static enum smp_code save_both(const struct smp_image images[2], const char *folder,
                               const char *name, double dpi, struct smp_picture_set *set,
                               struct smp_err *err)
{
    for (size_t i = 0; i < 2; i++) {
        char path[1400];
        snprintf(path, sizeof path, "%s/%s-%s.jpg", folder, name, smp_age_names[ages[i]]);
        enum smp_code code = smp_image_save(path, &images[i], smp_preview_notes(ages[i]), dpi, err);
        if (code)
            return code;
        set->count++;
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
    struct smp_preview_params params = smp_preview_defaults;
    params.seed = plan->from->seed;
    for (int view = 0; view < SMP_VIEW_COUNT; view++) {
        struct smp_image images[2] = { 0 };
        const struct smp_mark mark = smp_arena_mark(arena);
        smp_cli_progress(NULL, "pictures", (view + 0.2) / (SMP_VIEW_COUNT + 1));
        enum smp_code code = smp_preview_view(images, ages, 2, scene, (enum smp_view)view, &params,
                                              pool, arena, err);
        if (!code)
            code = save_both(images, folder, smp_view_names[view], 0, set, err);
        if (code)
            return code;
        keep(set, (enum smp_view)view, images);
        if (!is_kept(set, &images[1]))
            smp_arena_reset(arena, mark);
    }
    struct smp_image images[2] = { 0 };
    params.width_px = 1200;
    params.height_px = 1200;
    enum smp_code code =
        smp_preview_zoom(images, ages, 2, scene, SMP_ZONE_HAIRLINE, &params, pool, arena, err);
    if (!code)
        code = save_both(images, folder, "zoom-hairline", 508, set, err); // 20 px/mm
    smp_cli_progress(NULL, "pictures", 1);
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
    const char *note = smp_scene_note(scene);
    set->note = note ? smp_strdup(arena, note) : "";
    smp_scene_drop(scene);
    return code;
}
