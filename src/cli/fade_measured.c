// Contrast of dots as photos show it, against what the model says.
#include "cli/fade_measured.h"
#include "plan/plan.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { measured_bytes_max = 512 << 20, least_dots = 20 };

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

// Median contrast of the dots that nothing is wrong with. The spread of dots counts little, there
// are many; what one photo has against another (tone curve, light, blur) counts for all of them.
static enum smp_code take(struct smp_fade_seen *seen, const struct smp_measured *m, double photo_sd,
                          struct smp_arena *arena, struct smp_err *err)
{
    double *values = smp_new(arena, double, m->real_count);
    size_t n = 0;
    if (!values)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", m->real_count);
    for (size_t i = 0; i < m->real_count; i++) {
        const struct smp_real_dot *r = &m->real[i];
        if (r->contrast > 0 && !r->merged && !r->too_big && !r->too_deep && !r->too_dark)
            values[n++] = r->contrast;
    }
    if (n < least_dots)
        return smp_fail(err, SMP_E_INPUT,
                        "%s: %zu sound dots were measured; a forecast needs %d or more", m->file, n,
                        least_dots);
    qsort(values, n, sizeof *values, by_size);
    const double median = values[n / 2];
    const double spread = (values[n * 84 / 100] - values[n * 16 / 100]) / 2 / median;
    *seen = (struct smp_fade_seen){ m->file, m->years, median,
                                    hypot(photo_sd, 1.25 * spread / sqrt((double)n)), n };
    return SMP_OK;
}

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
            code = take(&photos->seen[i], &m,
                        settings->numbers[m.card ? SMP_N_PHOTO_CARD_SD : SMP_N_PHOTO_SD].value,
                        arena, err);
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

json_t *smp_fade_seen_json(const struct smp_fade_seen *seen, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{s:s, s:f, s:f, s:f, s:I}", "file", seen[i].file,
                                              "years", seen[i].years, "contrast", seen[i].contrast,
                                              "contrast_sd", seen[i].sd * seen[i].contrast, "dots",
                                              (json_int_t)seen[i].dots));
    return list;
}

void smp_fade_seen_print(const struct smp_fade_seen *seen, size_t count, double effective)
{
    printf("\nNarrowed by photos (%.0f draws still count):\n", effective);
    for (size_t i = 0; i < count; i++)
        printf("  %s: contrast %.2f ± %.2f at %.2f years, %zu dots\n", seen[i].file,
               seen[i].contrast, seen[i].sd * seen[i].contrast, seen[i].years, seen[i].dots);
    if (count == 1)
        puts("One photo says little: take one when healed and one later, alike in light, lens and "
             "distance.");
}
