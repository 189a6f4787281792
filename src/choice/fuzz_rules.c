// Fuzz target: any bytes as rules of the screening are taken or refused with a sentence, never a
// crash; what is taken can be held against a client.
#include "choice/choice.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct smp_arena arena;
    struct smp_rules rules = { 0 };
    struct smp_err err = { 0 };
    smp_arena_make(&arena, (size_t)64 << 20);
    const enum smp_code code =
        smp_rules_read(&rules, "suitability.json", (const char *)data, size, &arena, &err);
    if ((code != SMP_OK) != (err.msg[0] != 0))
        __builtin_trap();
    struct smp_fact_value *answers = smp_new(&arena, struct smp_fact_value, smp_fact_count);
    for (size_t i = 0; !code && answers && i <= smp_fact_count; i++) {
        const struct smp_case from = { .answers = answers };
        struct smp_suitability made = { 0 };
        if (smp_suit(&made, &rules, &from, &arena, NULL) || made.reason_count > rules.count ||
            made.not_asked_count > smp_fact_count)
            __builtin_trap();
        if (i < smp_fact_count)
            answers[i].given = true;
    }
    smp_arena_drop(&arena);
    return 0;
}
