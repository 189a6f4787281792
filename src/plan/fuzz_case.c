// Fuzz target: any bytes as a case file are taken or refused with a sentence, never a crash.
#include "plan/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct smp_arena kept; // the settings, read once: a fuzz target may keep state
    static struct smp_settings settings;
    if (!settings.prices) {
        smp_arena_make(&kept, 0);
        if (smp_settings_read(&settings, NULL, &kept, NULL))
            __builtin_trap();
    }
    struct smp_arena arena;
    smp_arena_make(&arena, (size_t)64 << 20);
    struct smp_case made = { 0 };
    struct smp_err err = { 0 };
    const struct smp_case_source source = { "case.json", "folder", { data, size } };
    const enum smp_code code = smp_case_parse(&made, &source, &settings, &arena, &err);
    if ((code != SMP_OK) != (err.msg[0] != 0))
        __builtin_trap();
    smp_arena_drop(&arena);
    return 0;
}
