// Follow-up photos of a client's dots for the forecast of fading.
#ifndef SMP_CLI_FADE_MEASURED_H
#define SMP_CLI_FADE_MEASURED_H

#include "base/base.h"
#include "plan/plan.h"

enum { SMP_FADE_FILES = 12 };

struct smp_fade_photos {
    const char *const *files;
    size_t count;
    const char *data;              // folder of own numbers, or NULL
    struct smp_follow_photo *seen; // filled, one a file
};
struct json_t;

// Reads the files and narrows the ensemble by the contrasts measured in them. `looks` is the
// contrast of the dot in question.
enum smp_code smp_fade_observe(struct smp_ensemble *ensemble, const struct smp_question *looks,
                               const struct smp_fade_photos *photos, struct smp_pool *pool,
                               struct smp_arena *arena, struct smp_err *err);
struct json_t *smp_fade_seen_json(const struct smp_follow_photo *seen, size_t count);
void smp_fade_seen_print(const struct smp_follow_photo *seen, size_t count, double effective);

#endif
