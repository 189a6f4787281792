// Checks the wishes, then the hairline, then the density.
#include "design/design_impl.h"

static enum smp_code check(const struct smp_design_params *params, struct smp_err *err)
{
    enum smp_code code =
        smp_check(smp_hairline_fields, 8, &params->hairline, "design.hairline", err);
    if (!code)
        code = smp_check(smp_design_fields, 4, params, "design", err);
    for (int zone = 1; zone < SMP_ZONE_COUNT && !code; zone++)
        code = smp_check_number(params->zone_share[zone], smp_zone_name((enum smp_zone)zone), "", 0,
                                2, "design.zone_share", err);
    for (size_t i = 0; i < params->area_count && !code; i++) {
        const struct smp_area *area = &params->areas[i];
        code = smp_check_number(area->margin_mm, "margin_mm", "mm", 0, 20, area->what, err);
        if (!code && area->kind == SMP_AREA_SCAR)
            code = smp_check_number(area->dots_per_cm2, "dots_per_cm2", "per cm²", 0, 300,
                                    area->what, err);
        if (!code && !area->outline_count)
            code = smp_check_number(area->radius_mm, "radius_mm", "mm", 0.1, 150, area->what, err);
    }
    return code;
}

enum smp_code smp_design_make(struct smp_design *design, const struct smp_head *head,
                              const struct smp_rays *rays, const double *fu_per_cm2,
                              const struct smp_design_params *params, uint64_t seed,
                              struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_front front = { head, rays, params, smp_hash64(seed, 0xde51) };
    struct smp_design made = { 0 };
    enum smp_code code = check(params, err);
    if (!code)
        code = smp_hairline_make(&made, &front, arena, err);
    if (!code)
        code = smp_density_make(&made, &front, fu_per_cm2, arena, err);
    if (!code)
        *design = made;
    return code;
}
