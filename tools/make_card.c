// A made picture of a colour card with skins beside it (tests/card), as a file: for docs/pictures
// and for trying `stubble measure chart` and `measure skin`. usage: make_card FILE.png|FILE.jpg
#include "made_card.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    struct made_card_params params = made_card_defaults;
    struct made_card made;
    struct smp_arena arena;
    struct smp_err err = { 0 };
    static const struct smp_image_note notes[] = { { "Description", "made, not photographed" },
                                                   { NULL, NULL } };
    if (argc != 2) {
        fputs("usage: make_card FILE.png|FILE.jpg\n", stderr);
        return 2;
    }
    params.width_px = 900;
    params.height_px = 660;
    params.at_px[0] = 450;
    params.at_px[1] = 300;
    params.px_per_mm = 1.6;
    params.turn_deg = 8;
    params.tilt_deg = 20;
    params.towards_deg = 60;
    params.markers = true;
    params.stubble = 0.12;
    params.shine = 0.04;
    smp_arena_make(&arena, 0);
    made_card(&made, &params, &arena);
    const enum smp_code code = smp_image_save(argv[1], &made.image, notes, 0, &err);
    if (code)
        fprintf(stderr, "make_card: %s\n", err.msg);
    smp_arena_drop(&arena);
    return smp_exit_status(code);
}
