// Contrast of dots as photos show it, against what the model says.
#include "cli/fade_measured.h"
#include "plan/plan.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>

enum { measured_bytes_max = 512 << 20 };

enum smp_code smp_fade_observe(struct smp_ensemble *ensemble, const struct smp_question *looks,
                               const struct smp_fade_photos *photos, struct smp_pool *pool,
                               struct smp_arena *arena, struct smp_err *err)
{
    struct smp_settings *settings = smp_new(arena, struct smp_settings, 1);
    struct smp_observation observations[SMP_FADE_FILES];
    if (!settings)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the measured files");
    enum smp_code code = smp_settings_read(settings, photos->data, arena, err);
    for (size_t i = 0; i < photos->count && !code; i++) {
        struct smp_bytes text;
        struct smp_measured m;
        code = smp_file_read(&text, photos->files[i], measured_bytes_max, arena, err);
        if (!code)
            code = smp_measured_read(&m, photos->files[i], text, arena, err);
        if (!code)
            code = smp_measured_contrast(&photos->seen[i], &m, settings, arena, err);
        if (!code && isnan(photos->seen[i].contrast))
            code = smp_fail(err, SMP_E_INPUT,
                            "%s: %zu sound dots were measured; a forecast needs %d or more", m.file,
                            photos->seen[i].dots, SMP_SOUND_DOTS);
        if (!code)
            observations[i] =
                (struct smp_observation){ photos->seen[i].years, photos->seen[i].contrast,
                                          photos->seen[i].sd };
    }
    return code ? code
                : smp_ensemble_observe_ratios(ensemble, looks, observations, photos->count,
                                              settings->numbers[SMP_N_PHOTO_MODEL_SD].value, pool,
                                              arena, err);
}

json_t *smp_fade_seen_json(const struct smp_follow_photo *seen, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{s:s, s:f, s:f, s:f, s:I}", "file", seen[i].file,
                                              "years", seen[i].years, "contrast", seen[i].contrast,
                                              "contrast_sd", seen[i].sd * seen[i].contrast, "dots",
                                              (json_int_t)seen[i].dots));
    return list;
}

void smp_fade_seen_print(const struct smp_follow_photo *seen, size_t count, double effective)
{
    printf("\nNarrowed by photos (%.0f draws still count):\n", effective);
    for (size_t i = 0; i < count; i++)
        printf("  %s: contrast %.2f ± %.2f at %.2f years, %zu dots\n", seen[i].file,
               seen[i].contrast, seen[i].sd * seen[i].contrast, seen[i].years, seen[i].dots);
    if (count == 1)
        puts("One photo says little: take one when healed and one later, alike in light, lens and "
             "distance.");
}
