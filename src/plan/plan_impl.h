// Private to the plan module.
#ifndef SMP_PLAN_IMPL_H
#define SMP_PLAN_IMPL_H

#include "plan/plan.h"

// ---- builtin_data.c (made by tools/embed.c from data/)
// -------------------------------------------

struct smp_builtin {
    const char *name;
    const unsigned char *data;
    size_t length;
};
extern const struct smp_builtin smp_builtins[]; // name NULL ends

// ---- case_design.c
// ---------------------------------------------------------------------------------

// Text of a JSON string, copied into the arena: at most max_bytes, no control characters.
enum smp_code smp_case_text(const struct smp_json *at, size_t max_bytes, const char **text,
                            struct smp_arena *arena, struct smp_err *err);
// Chart outline: 3 to 10,000 addresses [u, v] within ±2.
enum smp_code smp_case_outline(const struct smp_json *at, const struct smp_vec2 **outline,
                               size_t *count, struct smp_arena *arena, struct smp_err *err);
enum smp_code smp_case_design(struct smp_case *out, const struct smp_json *at,
                              struct smp_arena *arena, struct smp_err *err);

#endif
