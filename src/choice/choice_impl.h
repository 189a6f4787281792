// Private to the choice module.
#ifndef SMP_CHOICE_IMPL_H
#define SMP_CHOICE_IMPL_H

#include "choice/choice.h"

// A unit that figures may have, and what a value in it can be.
struct smp_unit {
    const char *name;
    double min, max;
};
// NULL where there is none of that name. A cost's unit is the one of costs.
const struct smp_unit *smp_unit_find(const char *name);
extern const struct smp_unit smp_unit_cost;

// ---- read.c: pieces of data files ---------------------------------------------------------------

// Errors name file, field and rule; texts are 1 to 400 bytes, copied into the arena.
enum smp_code smp_choice_child(struct smp_json *child, const struct smp_json *at, const char *name,
                               struct smp_err *err);
enum smp_code smp_choice_text(const struct smp_json *at, const char *name, const char **text,
                              struct smp_arena *arena, struct smp_err *err);
enum smp_code smp_choice_word(const struct smp_json *at, const char *name, const char *const *names,
                              int *index, struct smp_err *err);
// Field id: small letters, digits, dots, hyphens.
enum smp_code smp_choice_id(const struct smp_json *at, const char **id, struct smp_arena *arena,
                            struct smp_err *err);
// Fields source and grade (A, B, C, D, U).
enum smp_code smp_choice_origin(const struct smp_json *at, const char **source, char *grade,
                                struct smp_arena *arena, struct smp_err *err);

#endif
