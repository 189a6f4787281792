// Pictures of a plan with the hair as it is worn, for those who do not shave it.
#include "cli/cli.h"
#include "cli/hair_wish.h"
#include "cli/outputs.h"
#include "report/report.h"

#include <math.h>
#include <stdio.h>

enum { SHOTS = 2 };
static const char *const shot_names[SHOTS] = { "before", "healed" };

static enum smp_code read_shots(struct smp_hair_shot shots[SHOTS], const struct smp_plan *plan,
                                const struct smp_scene *scene, struct smp_arena *arena,
                                struct smp_err *err)
{
    const double grey = plan->from->person.grey_percent;
    const struct smp_hair_wish wish = { .wanted = true,
                                        .length_mm = smp_report_worn_mm(true, plan->from),
                                        .grey_share = isnan(grey) ? 0 : grey / 100,
                                        .loss = -1 };
    enum smp_code code = SMP_OK;
    for (size_t i = 0; i < SHOTS && !code; i++) {
        code = smp_age_read(&shots[i].age, shot_names[i], SMP_EDGE_MEDIAN, "age", err);
        if (!code)
            code = smp_hair_wish_field(&shots[i].field, &wish, plan, scene, arena, err);
    }
    return code;
}

static enum smp_code save(const struct smp_image images[SHOTS],
                          const struct smp_hair_shot shots[SHOTS], const char *folder,
                          const char *view, struct smp_err *err)
{
    enum smp_code code = SMP_OK;
    for (size_t i = 0; i < SHOTS && !code; i++) {
        char path[1400];
        struct smp_preview_notes notes;
        smp_preview_notes(&notes, &shots[i].age);
        snprintf(path, sizeof path, "%s/%s-worn-%s.jpg", folder, view, shot_names[i]);
        code = smp_image_save(path, &images[i], notes.notes, 0, err);
    }
    return code;
}

enum smp_code smp_worn_pictures(struct smp_picture_set *set, struct smp_scene *scene,
                                const struct smp_plan *plan, const char *folder,
                                struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err)
{
    static const enum smp_view views[] = { SMP_VIEW_FRONT, SMP_VIEW_THREE_QUARTER_LEFT,
                                           SMP_VIEW_TOP };
    const struct smp_preview_params params = { 960, 1200, plan->from->seed };
    struct smp_hair_shot shots[SHOTS] = { 0 };
    set->worn_mm = smp_report_worn_mm(true, plan->from);
    if (!(set->worn_mm > 0))
        return SMP_OK;
    enum smp_code code = read_shots(shots, plan, scene, arena, err);
    for (size_t v = 0; v < sizeof views / sizeof *views && !code; v++) {
        struct smp_image images[SHOTS] = { 0 };
        code = smp_preview_hair(images, shots, SHOTS, scene, views[v], &params, pool, arena, err);
        if (!code)
            code = save(images, shots, folder, smp_view_names[views[v]], err);
        if (!code)
            set->count += SHOTS;
        if (!code && views[v] == SMP_VIEW_TOP) { // where thin places show
            set->front[0] = images[0];
            set->front[1] = images[1];
        }
    }
    return code;
}
