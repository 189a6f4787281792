// From the options of `stubble preview` to a field of hair.
#include "cli/hair_wish.h"

#include <string.h>

enum smp_code smp_hair_wish_read(struct smp_hair_wish *wish, const struct smp_hair_words *words,
                                 struct smp_err *err)
{
    *wish = (struct smp_hair_wish){ .wanted = words->mm != NULL, .loss = -1 };
    wish->hairpiece = words->hairpiece != NULL;
    if (!words->mm) {
        const bool more = words->hairs_per_cm2 || words->loss || words->grafts_per_cm2 ||
                          words->grey || words->hairpiece;
        return more ? smp_fail(err, SMP_E_INPUT,
                               "--hairs-per-cm2, --loss, --grafts-per-cm2, --grey and --hairpiece "
                               "go with --hair-mm MM")
                    : SMP_OK;
    }
    enum smp_code code = smp_cli_number(words->mm, "hair-mm", 0, 60, &wish->length_mm, err);
    if (!code && wish->length_mm > 0 && wish->length_mm < 2)
        code = smp_fail(err, SMP_E_INPUT, "--hair-mm must be 0 (shaved) or 2 to 60, not '%.40s'",
                        words->mm);
    if (!code && words->hairs_per_cm2)
        code = smp_cli_number(words->hairs_per_cm2, "hairs-per-cm2", 10, 400, &wish->hairs_per_cm2,
                              err);
    if (!code && words->grafts_per_cm2)
        code = smp_cli_number(words->grafts_per_cm2, "grafts-per-cm2", 0, 100,
                              &wish->grafts_per_cm2, err);
    if (!code && words->grey)
        code = smp_cli_number(words->grey, "grey", 0, 1, &wish->grey_share, err);
    if (!code && words->loss)
        code = smp_cli_choice(words->loss, "loss", smp_loss_names, &wish->loss, err);
    return code;
}

// The class's own hair in place of the case's; scars stay bare.
static enum smp_code other_loss(double *fu_per_cm2, const struct smp_plan *plan, int loss,
                                struct smp_arena *arena, struct smp_err *err)
{
    const size_t points = plan->head->mesh.point_count;
    double *own = smp_new(arena, double, points);
    if (!own)
        return smp_fail(err, SMP_E_NOMEM, "no room for the hair of %zu points", points);
    struct smp_loss other = { .kind = (enum smp_loss_class)loss,
                              .native_fu_per_cm2 = plan->from->loss.native_fu_per_cm2 };
    enum smp_code code = smp_loss_field(own, NULL, plan->head, &plan->from->loss, err);
    if (!code)
        code = smp_loss_field(fu_per_cm2, NULL, plan->head, &other, err);
    for (size_t i = 0; i < points && !code; i++)
        if (own[i] > 1 && !(plan->fu_per_cm2[i] > 0))
            fu_per_cm2[i] = 0;
    return code;
}

enum smp_code smp_hair_wish_field(struct smp_hair_field *field, const struct smp_hair_wish *wish,
                                  const struct smp_plan *plan, const struct smp_scene *scene,
                                  struct smp_arena *arena, struct smp_err *err)
{
    const size_t points = plan->head->mesh.point_count;
    double *fu = smp_new(arena, double, points), *each = smp_new(arena, double, points);
    if (!fu || !each)
        return smp_fail(err, SMP_E_NOMEM, "no room for the hair of %zu points", points);
    *field = (struct smp_hair_field){ .fu_per_cm2 = fu,
                                      .hairs_per_fu = each,
                                      .length_mm = wish->length_mm,
                                      .grey_share = wish->grey_share,
                                      .hairpiece = wish->hairpiece };
    memcpy(fu, plan->fu_per_cm2, points * sizeof *fu);
    enum smp_code code = wish->loss < 0 ? SMP_OK : other_loss(fu, plan, wish->loss, arena, err);
    // Thinner hair has fewer hairs a unit first, then fewer units.
    const double native = plan->from->loss.native_fu_per_cm2;
    double hairs = smp_hair_per_fu(scene), factor = 1;
    if (wish->hairs_per_cm2 > 0) {
        hairs = smp_clamp(wish->hairs_per_cm2 / native, 1, 4);
        factor = wish->hairs_per_cm2 / (native * hairs);
    }
    for (size_t i = 0; i < points; i++) {
        fu[i] = smp_clamp(factor * fu[i], 0, SMP_HAIR_FU_MAX);
        each[i] = hairs;
    }
    if (!code && wish->grafts_per_cm2 > 0)
        smp_hair_graft(fu, each, plan, wish->grafts_per_cm2);
    return code;
}
