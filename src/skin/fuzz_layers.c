// Fuzz target: any bytes as a file of layers are taken or refused with a sentence; what is taken
// gives finite parts that sum to 1.
#include "skin/skin.h"

#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct smp_stack stack;
    struct smp_flux flux;
    struct smp_err err = { 0 };
    const enum smp_code code =
        smp_stack_read(&stack, "layers.json", (const char *)data, size, &err);
    if ((code != SMP_OK) != (err.msg[0] != 0))
        __builtin_trap();
    if (code)
        return 0;
    struct smp_arena arena;
    smp_arena_make(&arena, (size_t)64 << 20);
    if (smp_stack_reflect(&flux, &stack, SMP_LIGHT_COLLIMATED, 8, &arena, &err))
        __builtin_trap();
    double sum = flux.specular + flux.diffuse_reflectance + flux.transmittance;
    for (int k = 0; k < stack.count; k++)
        sum += flux.absorbed[k];
    if (!(fabs(sum - 1) < 1e-6))
        __builtin_trap();
    smp_arena_drop(&arena);
    return 0;
}
