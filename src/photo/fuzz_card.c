// Fuzz target: any bytes as the reference of a colour card are taken or refused with a sentence,
// never a crash; what is taken is 24 colours with finite numbers.
#include "photo/photo.h"

#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct smp_arena arena;
    smp_arena_make(&arena, (size_t)16 << 20);
    struct smp_lab reference[SMP_CARD_PATCHES];
    struct smp_err err = { 0 };
    const enum smp_code code =
        smp_card_reference_read(reference, "card.csv", (const char *)data, size, &arena, &err);
    if ((code != SMP_OK) != (err.msg[0] != 0))
        __builtin_trap();
    for (int i = 0; !code && i < SMP_CARD_PATCHES; i++)
        if (!isfinite(reference[i].l) || !isfinite(reference[i].a) || !isfinite(reference[i].b))
            __builtin_trap();
    smp_arena_drop(&arena);
    return 0;
}
