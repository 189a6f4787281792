// Fuzz target: any bytes as what `stubble check` printed are taken or refused with a sentence,
// never a crash; what is taken has finite places and sizes.
#include "plan/plan.h"

#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct smp_arena arena;
    struct smp_measured m = { 0 };
    struct smp_err err = { 0 };
    smp_arena_make(&arena, (size_t)64 << 20);
    const enum smp_code code =
        smp_measured_read(&m, "measured.json", (struct smp_bytes){ data, size }, &arena, &err);
    if ((code != SMP_OK) != (err.msg[0] != 0))
        __builtin_trap();
    for (size_t i = 0; !code && i < m.real_count; i++) {
        const struct smp_real_dot *r = &m.real[i];
        if (!(isfinite(r->position_mm.x) && smp_length(r->normal) > 0.9 && r->diameter_mm > 0 &&
              r->zone > 0 && r->zone < SMP_ZONE_COUNT))
            __builtin_trap();
    }
    smp_arena_drop(&arena);
    return 0;
}
