// Fuzz target: any bytes as a catalogue are taken or refused with a sentence, never a crash; what
// is taken holds finite numbers.
#include "pigment/pigment.h"

#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct smp_arena arena;
    smp_arena_make(&arena, (size_t)64 << 20);
    struct smp_catalogue catalogue = { 0 };
    struct smp_err err = { 0 };
    const enum smp_code code =
        smp_catalogue_read(&catalogue, "pigments.json", (const char *)data, size, &arena, &err);
    if ((code != SMP_OK) != (err.msg[0] != 0))
        __builtin_trap();
    for (size_t p = 0; p < catalogue.count; p++) {
        double mua_per_mm[SMP_WAVELENGTHS], mus_per_mm[SMP_WAVELENGTHS];
        smp_pigment_in_skin(mua_per_mm, mus_per_mm, &catalogue.pigments[p], 20, 1);
        for (int i = 0; i < SMP_WAVELENGTHS; i++) {
            if (!(mua_per_mm[i] >= 0 && isfinite(mua_per_mm[i]) && mus_per_mm[i] >= 0 &&
                  isfinite(mus_per_mm[i])))
                __builtin_trap();
        }
    }
    smp_arena_drop(&arena);
    return 0;
}
