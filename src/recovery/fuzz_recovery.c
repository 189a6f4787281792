// Fuzz target: any bytes as lines of recovery are taken or refused with a sentence, never a crash;
// what is taken makes a calendar in every form.
#include "recovery/recovery.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct smp_date dates[] = { { 2028, 2, 29 }, { 2028, 3, 14 } };
    static const enum smp_choice choices[] = { SMP_CHOICE_SMP_FUE, SMP_CHOICE_BOTH,
                                               SMP_CHOICE_HAIRPIECE, SMP_CHOICE_FUT };
    struct smp_arena arena;
    struct smp_recovery recovery = { 0 };
    struct smp_err err = { 0 };
    smp_arena_make(&arena, (size_t)64 << 20);
    const enum smp_code code =
        smp_recovery_read(&recovery, "recovery.json", (const char *)data, size, &arena, &err);
    if ((code != SMP_OK) != (err.msg[0] != 0))
        __builtin_trap();
    const struct smp_calendar_params params = { .recovery = &recovery,
                                                .choices = choices,
                                                .choice_count = 4,
                                                .dates = dates,
                                                .date_count = 2,
                                                .sessions = 4 };
    struct smp_calendar calendar = { 0 };
    struct smp_bytes bytes = { 0 };
    if (!code && smp_calendar_make(&calendar, &params, &arena, NULL))
        __builtin_trap();
    for (int form = SMP_CALENDAR_TEXT; !code && form <= (int)SMP_CALENDAR_SVG; form++) {
        if (smp_calendar_write(&bytes, &calendar, (enum smp_calendar_form)form, &arena, NULL) ||
            !bytes.length)
            __builtin_trap();
    }
    smp_arena_drop(&arena);
    return 0;
}
