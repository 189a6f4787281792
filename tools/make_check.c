// Makes docs/pictures/check.jpg anew: a made photo of the demo plan with known faults, held against
// it and marked. make_check PLAN PHOTO.jpg POSE.json [scatter in mm
// [last session done [median contrast]]]
#include "../tests/check_photo.h"

#include <stdlib.h>

int main(int argc, char **argv)
{
    struct smp_arena arena;
    struct made_photo m;
    const struct made_wish wish = { .left_out = 10,
                                    .added = 3,
                                    .merged = 2,
                                    .turn_deg = 0.5,
                                    .nearer = 0.01,
                                    .tone = 1,
                                    .scatter_mm = argc > 4 ? strtod(argv[4], NULL) : 0.05,
                                    .diameter_factor = 1,
                                    .contrast = argc > 6 ? strtod(argv[6], NULL) : 0.45,
                                    .session = argc > 5 ? (int)strtol(argv[5], NULL, 10) : 3 };
    if (argc < 4)
        return 2;
    smp_arena_make(&arena, 0);
    const bool good = made_photo(&m, &wish, argv[1], argv[2], argv[3], 18, &arena);
    smp_arena_drop(&arena);
    return good ? 0 : 1;
}
