// Follow-up photos against the forecast: what they show of how the dots fade narrows it.
#include "plan/plan_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double told_years[SMP_FOLLOW_AGES] = { 1, 3, 5, 8 };

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

// The spread of dots counts little, there are many; what one photo has against another (tone
// curve, light, blur) counts for all of them.
enum smp_code smp_measured_contrast(struct smp_follow_photo *seen, const struct smp_measured *m,
                                    const struct smp_settings *settings, struct smp_arena *scratch,
                                    struct smp_err *err)
{
    const struct smp_mark mark = smp_arena_mark(scratch);
    double *values = smp_new(scratch, double, m->real_count);
    size_t n = 0;
    if (!values)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", m->real_count);
    for (size_t i = 0; i < m->real_count; i++) {
        const struct smp_real_dot *r = &m->real[i];
        if (r->contrast > 0 && !r->merged && !r->too_big && !r->too_deep && !r->too_dark)
            values[n++] = r->contrast;
    }
    *seen = (struct smp_follow_photo){ m->file, m->years, (double)NAN, (double)NAN, n };
    if (n >= SMP_SOUND_DOTS) {
        qsort(values, n, sizeof *values, by_size);
        const double median = values[n / 2];
        const double spread = (values[n * 84 / 100] - values[n * 16 / 100]) / 2 / median;
        const double photo_sd =
            settings->numbers[m->card ? SMP_N_PHOTO_CARD_SD : SMP_N_PHOTO_SD].value;
        seen->contrast = median;
        seen->sd = hypot(photo_sd, 1.25 * spread / sqrt((double)n));
    }
    smp_arena_reset(scratch, mark);
    return SMP_OK;
}

const struct smp_touch_up *smp_plan_touch_up(const struct smp_plan *plan)
{
    const struct smp_follow *follow = &plan->continued.follow;
    const struct smp_recipe *found = plan->from->recipe.found;
    if (!found)
        return NULL;
    return smp_follow_narrows(follow) ? &follow->after : &found->touch_up;
}

enum smp_code smp_follow_ensemble(struct smp_ensemble *ensemble, const struct smp_follow *follow,
                                  const struct smp_question *question,
                                  const struct smp_healing *healing, const struct smp_wear *wear,
                                  struct smp_pool *pool, struct smp_arena *arena,
                                  struct smp_err *err)
{
    struct smp_observation seen[SMP_FOLLOW_PHOTOS];
    for (size_t i = 0; i < follow->photo_count; i++)
        seen[i] = (struct smp_observation){ follow->photos[i].years, follow->photos[i].contrast,
                                            follow->photos[i].sd };
    return smp_photo_ensemble(
        ensemble, healing, wear, question,
        &(struct smp_photos_of_dots){ seen, follow->photo_count, follow->model_sd }, pool, arena,
        err);
}

// By what share the logarithm of high over low has become less.
static double narrower_percent(const struct smp_follow_age *age)
{
    const double before = log(age->before.high / age->before.low);
    const double after = log(age->after.high / age->after.low);
    return isfinite(before) && isfinite(after) && before > 0
               ? fmax(-1000, round(100 * (1 - after / before)))
               : 0;
}

static enum smp_code tell(struct smp_follow *follow, const struct smp_match_request *request,
                          const struct smp_recipe *recipe, struct smp_pool *pool,
                          struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_healing *healing = request->healing;
    const struct smp_photo_dot dot = { &request->catalogue->pigments[recipe->pigment],
                                       recipe->parts_water,
                                       healing->constant[SMP_HEAL_INK_SHARE].value, request->skin };
    const struct smp_question question =
        smp_photo_question(&dot, healing, recipe->top_mm, recipe->diameter_mm);
    struct smp_ensemble before, after;
    struct smp_err why = { 0 };
    enum smp_code code =
        smp_follow_ensemble(&after, follow, &question, healing, &request->wear, pool, arena, &why);
    if (code == SMP_E_INPUT) { // photos that nothing explains are told, and go by
        follow->not_used = smp_strdup(arena, why.msg);
        return follow->not_used ? SMP_OK : smp_fail(err, SMP_E_NOMEM, "no memory for the forecast");
    }
    if (code)
        return smp_fail(err, code, "%s", why.msg);
    code = smp_ensemble_make(&before, healing, &request->wear, 1, SMP_DRAWS, arena, err);
    for (int i = 0; i < SMP_FOLLOW_AGES && !code; i++) {
        struct smp_follow_age *age = &follow->ages[i];
        age->years = told_years[i];
        code = smp_age_band(&age->before, &before, &question, age->years, pool, arena, err);
        if (!code)
            code = smp_age_band(&age->after, &after, &question, age->years, pool, arena, err);
        age->narrower_percent = code ? 0 : narrower_percent(age);
    }
    if (!code)
        code = smp_match_touch_up(&follow->before, request, recipe, &before, pool, arena, err);
    if (!code)
        code = smp_match_touch_up(&follow->after, request, recipe, &after, pool, arena, err);
    follow->effective_draws = code ? 0 : smp_ensemble_effective(&after);
    return code;
}

enum smp_code smp_follow_make(struct smp_follow *follow, const struct smp_plan *old,
                              const struct smp_measured *measured, size_t count,
                              struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_case *from = old->from;
    struct smp_follow made = { .model_sd = from->settings->numbers[SMP_N_PHOTO_MODEL_SD].value };
    made.photo_count = old->continued.follow.photo_count;
    memcpy(made.photos, old->continued.follow.photos, sizeof made.photos);
    for (size_t i = 0; i < count; i++) {
        struct smp_follow_photo seen;
        const enum smp_code code =
            smp_measured_contrast(&seen, &measured[i], from->settings, arena, err);
        if (code)
            return code;
        if (isnan(seen.contrast))
            continue;
        if (made.photo_count == SMP_FOLLOW_PHOTOS)
            return smp_fail(err, SMP_E_LIMIT,
                            "%s: the forecast of a plan takes the photos of at most %d files",
                            measured[i].file, SMP_FOLLOW_PHOTOS);
        const char *slash = strrchr(seen.file, '/');
        seen.file = slash ? slash + 1 : seen.file;
        made.photos[made.photo_count++] = seen;
    }
    if (made.photo_count && !from->recipe.found)
        made.not_used = "the plan has no recipe, and so no forecast";
    *follow = made;
    if (!made.photo_count || made.not_used)
        return SMP_OK;
    struct smp_match_request request;
    const struct smp_mark mark = smp_arena_mark(arena);
    enum smp_code code = smp_recipe_request(&request, from, arena, err);
    if (!code)
        code = tell(&made, &request, from->recipe.found, pool, arena, err);
    if (!made.not_used) // else its words lie beyond the mark
        smp_arena_reset(arena, mark);
    if (!code)
        *follow = made;
    return code;
}
