#include "shade/shade_impl.h"

enum smp_code smp_shade_card_make(struct smp_shade_card *card,
                                  const struct smp_match_request *request, uint64_t seed,
                                  struct smp_pool *pool, struct smp_arena *arena,
                                  struct smp_err *err)
{
    const size_t side_px = SMP_CARD_MM * SMP_CARD_PX_PER_MM;
    const struct smp_shade_frame frame = { side_px, side_px, SMP_CARD_PX_PER_MM, seed };
    struct smp_shade_skin skin, red; // red: round fresh dots
    card->request = request;
    enum smp_code code = smp_match_find(&card->match, request, pool, arena, err);
    if (!code)
        code = smp_shade_skin_make(&skin, request, arena, err);
    if (!code)
        code = smp_shade_draw_stubble(&card->stubble, &skin, &frame, pool, arena, err);
    if (!code)
        code = smp_shade_skin_redden(&red, &skin, arena, err);
    for (size_t i = 0; i < card->match.count && !code; i++) {
        for (int age = 0; age < SMP_MATCH_AGE_COUNT && !code; age++) {
            struct smp_shade_dots dots;
            smp_shade_recipe(&dots, request, &card->match.recipes[i], smp_match_age_years[age]);
            code = smp_shade_draw_dots(&card->field[i][age], age == SMP_AT_FRESH ? &red : &skin,
                                       &dots, &frame, pool, arena, err);
        }
    }
    return code;
}
