// Fuzz target: any bytes as the constants of healing, or as an age, are taken or refused with a
// sentence, never a crash; what is taken ages a deposit in finite numbers.
#include "skin/skin.h"

#include <math.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void age_it(const struct smp_healing *healing)
{
    static const struct smp_deposit_shape ball = { 0.15, 0.45, 0.3 };
    const struct smp_wear worn = { 1, 1, true };
    for (uint64_t i = 0; i < 4; i++) {
        const struct smp_fate fate = smp_fate_draw(healing, &worn, 1, i);
        for (int years = 0; years <= SMP_AGE_MAX_YEARS; years += 5) {
            const struct smp_aged aged = smp_aged_at(&fate, &ball, years);
            if (!(aged.shape.bottom_mm > aged.shape.top_mm && isfinite(aged.shape.bottom_mm) &&
                  aged.shape.diameter_mm > 0 && isfinite(aged.shape.diameter_mm)))
                __builtin_trap();
            for (int f = 0; f < SMP_FADING_COUNT; f++) {
                if (!(aged.strength[f] >= 0 && isfinite(aged.strength[f])))
                    __builtin_trap();
            }
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct smp_arena arena;
    smp_arena_make(&arena, (size_t)16 << 20);
    struct smp_healing healing;
    struct smp_err err = { 0 };
    const enum smp_code code =
        smp_healing_read(&healing, "healing.json", (const char *)data, size, &arena, &err);
    if ((code != SMP_OK) != (err.msg[0] != 0))
        __builtin_trap();
    if (!code)
        age_it(&healing);
    char text[64] = "";
    double years;
    if (size)
        memcpy(text, data, size < 63 ? size : 63);
    if (!smp_age_years(&years, text, "--age", NULL) && !(years >= 0 && years <= SMP_AGE_MAX_YEARS))
        __builtin_trap();
    smp_arena_drop(&arena);
    return 0;
}
