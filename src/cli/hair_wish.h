// Hair of some length on a preview, as the options of `stubble preview` ask for it.
#ifndef SMP_CLI_HAIR_WISH_H
#define SMP_CLI_HAIR_WISH_H

#include "cli/cli.h"
#include "preview/preview.h"

// The options as they were given, NULL where not.
struct smp_hair_words {
    const char *mm, *hairs_per_cm2, *loss, *grafts_per_cm2, *grey, *hairpiece;
};
struct smp_hair_wish {
    bool wanted;
    double length_mm, grey_share;
    double hairs_per_cm2;  // where none is lost; 0: the case's own
    double grafts_per_cm2; // units set where the plan sets dots
    int loss;              // a class in place of the case's; -1: the case's
    bool hairpiece;
};
enum smp_code smp_hair_wish_read(struct smp_hair_wish *wish, const struct smp_hair_words *words,
                                 struct smp_err *err);
// What the wish comes to on a plan's head; the arrays are the arena's.
enum smp_code smp_hair_wish_field(struct smp_hair_field *field, const struct smp_hair_wish *wish,
                                  const struct smp_plan *plan, const struct smp_scene *scene,
                                  struct smp_arena *arena, struct smp_err *err);

#endif
