// Fuzz target: any bytes as evidence of any topic are taken or refused with a sentence, never a
// crash; what is taken has bands of finite numbers.
#include "choice/choice.h"

#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum smp_topic topics[] = { SMP_TOPIC_MEDICATION, SMP_TOPIC_COSTS };
    for (size_t t = 0; t < sizeof topics / sizeof *topics; t++) {
        struct smp_arena arena;
        smp_arena_make(&arena, (size_t)64 << 20);
        const struct smp_figure *figures = NULL;
        size_t count = 0;
        struct smp_err err = { 0 };
        const enum smp_code code = smp_evidence_read(&figures, &count, topics[t], "evidence.json",
                                                     (const char *)data, size, &arena, &err);
        if ((code != SMP_OK) != (err.msg[0] != 0))
            __builtin_trap();
        for (size_t i = 0; i < count; i++) {
            const struct smp_figure_band band = smp_figure_band(&figures[i]);
            if (!(isfinite(band.low) && isfinite(band.high) && band.low <= figures[i].value &&
                  figures[i].value <= band.high))
                __builtin_trap();
        }
        smp_arena_drop(&arena);
    }
    return 0;
}
