// Writes a made macro picture of stubble, as docs/pictures/hair-found.jpg is made of:
//     make_field OUT.png|OUT.jpg SEED [PX_PER_MM [real]]
// It is a hard field (tests/scalp/hair_field.h) or, said so, a real one; the tones of skin take
// turns with the seed.
#include "hair_field.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    const uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
    const double px_per_mm = argc > 3 ? strtod(argv[3], NULL) : 240;
    if (argc < 3 || (argc > 4 && strcmp(argv[4], "real") != 0) ||
        !(px_per_mm >= 20 && px_per_mm <= 1000)) {
        fputs("usage: make_field OUT.png|OUT.jpg SEED [PX_PER_MM, 20 to 1000 [real]]\n", stderr);
        return 2;
    }
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    struct made_field field;
    struct smp_err err = { 0 };
    const struct smp_image_note notes[] = { { "Description", "SIMULATED: made skin, of nobody" },
                                            { NULL, NULL } };
    const bool real = argc > 4 && strcmp(argv[4], "real") == 0;
    const struct made_field_settings settings =
        (real ? made_field_real : made_field_hard)(seed, px_per_mm);
    enum smp_code code = SMP_OK;
    if (!made_field_draw(&field, &settings, &arena))
        code = smp_fail(&err, SMP_E_NOMEM, "the picture could not be made");
    if (!code)
        code = smp_image_save(argv[1], &field.image, notes, 0, &err);
    if (code)
        fprintf(stderr, "make_field: %s\n", err.msg);
    else
        printf("tone %d, %zu hairs, %g px/mm\n", settings.tone, field.count, px_per_mm);
    smp_arena_drop(&arena);
    return code ? smp_exit_status(code) : 0;
}
