// A case becomes a plan: loss, design, remaining hairs, dots, order, totals, warnings.
#include "plan/plan_impl.h"

#include <math.h>
#include <string.h>

enum { stream_hairs = 1, stream_dots = 2 }; // continue_lay.c has 3
static const double least_per_cm2 = 0.5;    // below this a place is left alone
static const double hair_regularity = 0.5;  // human scalps as measured (docs/layout.md)

static void tell(const struct smp_progress *progress, const char *step, double share)
{
    if (progress && progress->tell)
        progress->tell(progress->context, step, share);
}

double smp_plan_diameter_um(const struct smp_case *from, enum smp_zone zone)
{
    if (from->diameter_um > 0)
        return from->diameter_um;
    const struct smp_needle *needles = from->settings->needles;
    const double by_needle_um = needles[zone ? zone : SMP_ZONE_HAIRLINE].diameter_um.value;
    if (!(from->recipe.diameter_um > 0))
        return by_needle_um;
    // the recipe's is the mid-scalp's; finer needles stay finer by as much
    return from->recipe.diameter_um * by_needle_um / needles[SMP_ZONE_MIDSCALP].diameter_um.value;
}

// The same sentence with the case's file before it; what the engine calls layout.X is design.X
// there.
enum smp_code smp_plan_in_words(const struct smp_case *from, enum smp_code code,
                                const struct smp_err *why, struct smp_err *err)
{
    const bool named = strncmp(why->msg, "layout.", 7) == 0;
    return smp_fail(err, code, "%s: %s%s", from->file, named ? "design." : "",
                    named ? why->msg + 7 : why->msg);
}

// ---- What the plan stands on --------------------------------------------------------------------

static enum smp_code lay_hairs(struct smp_ground *ground, const struct smp_case *from,
                               struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err)
{
    struct smp_layout_params params = smp_layout_defaults;
    params.regularity = hair_regularity;
    params.sessions = 1;
    params.seed = smp_hash64(from->seed, stream_hairs);
    const struct smp_layout_input input = { .density_per_cm2 = ground->design->hair_per_cm2 };
    return smp_layout_make(&ground->hairs, ground->surface, &input, &params, pool, arena, err);
}

static bool any_above(const double *values, size_t count, double limit)
{
    for (size_t i = 0; i < count; i++) {
        if (values[i] > limit)
            return true;
    }
    return false;
}

// Only the scalp is made ready for the layout: a third of the head.
static enum smp_code select_scalp(struct smp_ground *ground, const struct smp_head *head,
                                  struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_mesh *mesh = &head->mesh;
    const uint8_t *zones = ground->design->zones;
    uint32_t(*kept)[3] = smp_alloc(arena, mesh->triangle_count, sizeof *kept);
    size_t count = 0;
    if (!kept)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the scalp");
    for (size_t t = 0; t < mesh->triangle_count; t++) {
        const uint32_t *corner = mesh->triangles[t];
        const bool on_scalp = zones[corner[0]] || zones[corner[1]] || zones[corner[2]];
        if (on_scalp && (!head->outer || head->outer[t]))
            memcpy(kept[count++], corner, sizeof *kept);
    }
    ground->scalp = (struct smp_mesh){ .points = mesh->points,
                                       .point_count = mesh->point_count,
                                       .triangles = kept,
                                       .triangle_count = count,
                                       .part_count = 1 };
    return SMP_OK;
}

// The loss, and the same head without any.
static enum smp_code make_loss(struct smp_ground *ground, double *native_per_cm2,
                               const struct smp_case *from, const struct smp_head *head,
                               struct smp_err *err)
{
    const struct smp_loss none = { .kind = SMP_LOSS_NONE,
                                   .native_fu_per_cm2 = from->loss.native_fu_per_cm2 };
    enum smp_code code =
        smp_loss_field(ground->fu_per_cm2, &ground->bald_cm2, head, &from->loss, err);
    return code ? code : smp_loss_field(native_per_cm2, NULL, head, &none, err);
}

enum smp_code smp_ground_make(struct smp_ground *ground, const struct smp_case *from,
                              const struct smp_head *head, struct smp_pool *pool,
                              const struct smp_progress *progress, struct smp_arena *arena,
                              struct smp_err *err)
{
    const size_t points = head->mesh.point_count;
    struct smp_design_params params = from->design;
    double *native = smp_new(arena, double, points);
    *ground = (struct smp_ground){ .fu_per_cm2 = smp_new(arena, double, points),
                                   .design = smp_new(arena, struct smp_design, 1) };
    if (!ground->fu_per_cm2 || !ground->design || !native)
        return smp_fail(err, SMP_E_NOMEM, "no memory for a plan on %zu points", points);
    params.native_per_cm2 = native;
    tell(progress, "hairline and density", 0.05);
    struct smp_rays *rays = NULL;
    enum smp_code code = make_loss(ground, native, from, head, err);
    if (!code)
        code = smp_rays_make(&rays, &head->mesh, err);
    struct smp_err why = { 0 };
    if (!code && (code = smp_design_make(ground->design, head, rays, ground->fu_per_cm2, &params,
                                         from->seed, arena, &why)))
        smp_plan_in_words(from, code, &why, err);
    smp_rays_drop(rays);
    tell(progress, "remaining hair", 0.25);
    if (!code)
        code = select_scalp(ground, head, arena, err);
    if (!code)
        code = smp_surface_make(&ground->surface, &ground->scalp, pool, arena, err);
    if (!code && any_above(ground->design->hair_per_cm2, points, 0))
        code = lay_hairs(ground, from, pool, arena, err);
    return code;
}

enum smp_code smp_plan_on_ground(struct smp_plan *plan, const struct smp_case *from,
                                 const struct smp_head *head, const struct smp_ground *ground,
                                 struct smp_arena *arena, struct smp_err *err)
{
    struct smp_fu *hairs = smp_new(arena, struct smp_fu, ground->hairs.count);
    if (!hairs)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu hairs", ground->hairs.count);
    for (size_t i = 0; i < ground->hairs.count; i++)
        hairs[i] =
            (struct smp_fu){ ground->hairs.dots[i].position_mm, ground->hairs.dots[i].normal };
    plan->from = from;
    plan->head = head;
    plan->sessions = from->sessions;
    plan->fu_per_cm2 = ground->design->hair_per_cm2;
    plan->design = ground->design;
    plan->bald_cm2 = ground->bald_cm2;
    plan->hairs = hairs;
    plan->hair_count = ground->hairs.count;
    return SMP_OK;
}

// ---- Dots ---------------------------------------------------------------------------------------

// Where dots go: the total; elsewhere nothing, whatever hair stands there.
double *smp_plan_wanted(const struct smp_design *design, const struct smp_mesh *mesh,
                        struct smp_arena *arena)
{
    double *wanted = smp_new(arena, double, mesh->point_count);
    for (size_t i = 0; wanted && i < mesh->point_count; i++)
        wanted[i] = design->laid_per_cm2[i] >= least_per_cm2 ? design->laid_total_per_cm2[i] : 0;
    return wanted;
}

// Value inside a triangle of a field given at its corners.
double smp_plan_inside(const double *field, const uint32_t corner[3], const double bary[3])
{
    return field[corner[0]] * bary[0] + field[corner[1]] * bary[1] + field[corner[2]] * bary[2];
}

// Hairs of triangles that dots may fall in. At the rim, where the wanted density falls to nothing
// inside a triangle, a hair stands for the part of the total that is wanted there.
enum smp_code smp_plan_hairs_between(struct smp_layout_input *input,
                                     const struct smp_ground *ground, const double *wanted,
                                     struct smp_arena *arena, struct smp_err *err)
{
    struct smp_vec3 *fixed = smp_new(arena, struct smp_vec3, ground->hairs.count);
    double *share = smp_new(arena, double, ground->hairs.count);
    size_t count = 0;
    if (!fixed || !share)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the hairs between the dots");
    for (size_t i = 0; i < ground->hairs.count; i++) {
        const struct smp_layout_dot *hair = &ground->hairs.dots[i];
        const uint32_t *corner = ground->scalp.triangles[hair->triangle];
        double bary[3];
        smp_mesh_bary(bary, &ground->scalp, hair->triangle, hair->position_mm);
        const double here = smp_plan_inside(wanted, corner, bary);
        const double total = smp_plan_inside(ground->design->laid_total_per_cm2, corner, bary);
        if (!(here > 0) || !(total > 0))
            continue;
        fixed[count] = hair->position_mm;
        share[count++] = smp_clamp(here / total, 0, 1);
    }
    input->fixed_mm = fixed;
    input->fixed_share = share;
    input->fixed_count = count;
    return SMP_OK;
}

// Two healed diameters, but no more than a natural field of that density has room for.
double smp_plan_gap_mm(const struct smp_case *from, const double *wanted, size_t count)
{
    double most = 0, largest_um = 0;
    if (from->min_gap_mm > 0)
        return from->min_gap_mm;
    for (size_t i = 0; i < count; i++) {
        if (wanted[i] > most)
            most = wanted[i];
    }
    for (int zone = 1; zone < SMP_ZONE_COUNT; zone++) {
        const double um = smp_plan_diameter_um(from, (enum smp_zone)zone);
        if (um > largest_um)
            largest_um = um;
    }
    const double gap = from->settings->numbers[SMP_N_GAP_DIAMETERS].value * largest_um / 1000;
    const double room = most > 0 ? 0.58 * 10.7 / sqrt(most) : gap;
    return gap < room ? gap : room;
}

static enum smp_code nothing_to_plan(const struct smp_case *from, struct smp_err *err)
{
    return smp_fail(err, SMP_E_INPUT,
                    "%s: there is nothing to plan: behind the hairline no hair is missing "
                    "(loss is %s)",
                    from->file, smp_loss_names[from->loss.kind]);
}

// Takes out the dots inside keep-outs; the others stay in order.
void smp_plan_cut_keep_outs(struct smp_layout *layout, const struct smp_design *design,
                            const struct smp_head *head)
{
    size_t kept = 0;
    for (size_t i = 0; design->fence_count && i < layout->count; i++) {
        const struct smp_vec3 at = layout->dots[i].position_mm;
        if (smp_design_outside_mm(design, at, smp_chart_address(head, at)) > 0)
            layout->dots[kept++] = layout->dots[i];
    }
    if (design->fence_count)
        layout->count = kept;
}

static enum smp_code lay_dots(struct smp_layout *layout, const struct smp_plan *plan,
                              const struct smp_ground *ground, struct smp_pool *pool,
                              struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_case *from = plan->from;
    struct smp_layout_input input = { 0 };
    const size_t points = ground->scalp.point_count;
    double *wanted = smp_plan_wanted(ground->design, &ground->scalp, arena);
    if (!wanted)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the dots");
    enum smp_code code = smp_plan_hairs_between(&input, ground, wanted, arena, err);
    if (code)
        return code;
    if (!any_above(wanted, points, 0))
        return nothing_to_plan(from, err);
    input.density_per_cm2 = wanted;
    struct smp_layout_params params = smp_layout_defaults;
    params.regularity = from->regularity;
    params.sessions = from->sessions;
    memcpy(params.shares, from->shares, sizeof params.shares);
    params.seed = smp_hash64(from->seed, stream_dots);
    params.min_gap_mm = smp_plan_gap_mm(from, wanted, points);
    // A gap holds or the plan is refused; it never gives way unseen.
    struct smp_err why = { 0 };
    code = smp_layout_make(layout, ground->surface, &input, &params, pool, arena, &why);
    if (code)
        return smp_plan_in_words(from, code, &why, err);
    smp_plan_cut_keep_outs(layout, ground->design, plan->head);
    return layout->count == 0 ? nothing_to_plan(from, err) : SMP_OK;
}

// The nearest corner of a dot's triangle that lies in a zone (the first corner where none does).
static uint32_t corner_of(const struct smp_plan *plan, const struct smp_mesh *scalp,
                          const struct smp_layout_dot *dot)
{
    const uint32_t *corner = scalp->triangles[dot->triangle];
    uint32_t nearest = corner[0];
    double nearest_mm = HUGE_VAL;
    for (size_t k = 0; k < 3; k++) {
        const double distance =
            smp_length(smp_sub(plan->head->mesh.points[corner[k]], dot->position_mm));
        if (plan->design->zones[corner[k]] != SMP_ZONE_NONE && distance < nearest_mm) {
            nearest_mm = distance;
            nearest = corner[k];
        }
    }
    return nearest;
}

// Healed diameters change over some millimetres where a finer needle takes over, or the change
// would show as a line.
static double *blend_diameters(const struct smp_plan *plan, struct smp_arena *arena,
                               struct smp_err *err)
{
    double by_zone[SMP_ZONE_COUNT];
    double *blended = smp_new(arena, double, plan->head->mesh.point_count);
    for (int zone = 0; zone < SMP_ZONE_COUNT; zone++)
        by_zone[zone] = smp_plan_diameter_um(plan->from, (enum smp_zone)zone);
    if (!blended || smp_design_blend(blended, plan->head, plan->design->zones, by_zone, arena, err))
        return NULL;
    return blended;
}

static enum smp_code take_dots(struct smp_plan *plan, const struct smp_layout *layout,
                               const struct smp_mesh *scalp, struct smp_arena *arena,
                               struct smp_err *err)
{
    struct smp_dot *dots = smp_new(arena, struct smp_dot, layout->count);
    const double *diameter_um = blend_diameters(plan, arena, err);
    if (!dots || !diameter_um)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", layout->count);
    for (size_t i = 0; i < layout->count; i++) {
        const struct smp_layout_dot *from = &layout->dots[i];
        const uint32_t corner = corner_of(plan, scalp, from);
        const uint8_t zone = plan->design->zones[corner];
        dots[i] = (struct smp_dot){ .id = (uint32_t)(i + 1),
                                    .position_mm = from->position_mm,
                                    .normal = from->normal,
                                    .chart = smp_chart_address(plan->head, from->position_mm),
                                    .zone = zone ? (enum smp_zone)zone : SMP_ZONE_HAIRLINE,
                                    .session = from->session,
                                    .diameter_um = round(diameter_um[corner]),
                                    .pigment = (uint8_t)plan->from->recipe.middle_shade };
    }
    plan->dots = dots;
    plan->dot_count = layout->count;
    plan->dropped = layout->dropped;
    return SMP_OK;
}

// ---- The whole ----------------------------------------------------------------------------------

enum smp_code smp_plan_finish(struct smp_plan *plan, struct smp_arena *arena, struct smp_err *err)
{
    enum { borders_max = SMP_ZONE_COUNT * SMP_ZONE_COUNT };
    struct smp_border borders[borders_max];
    size_t border_count = 0;
    enum smp_code code = smp_plan_steps(plan, arena, err);
    if (!code)
        code = smp_plan_totals(plan, arena, err);
    if (!code)
        code = smp_plan_borders(borders, borders_max, &border_count, plan, arena, err);
    if (!code)
        code = smp_plan_warn(plan, borders, border_count, arena, err);
    return code;
}

enum smp_code smp_plan_make(struct smp_plan *plan, const struct smp_case *from,
                            const struct smp_head *head, struct smp_pool *pool,
                            const struct smp_progress *progress, struct smp_arena *arena,
                            struct smp_err *err)
{
    struct smp_plan made = { 0 };
    struct smp_ground ground;
    struct smp_layout layout = { 0 };
    enum smp_code code = smp_ground_make(&ground, from, head, pool, progress, arena, err);
    if (!code)
        code = smp_plan_on_ground(&made, from, head, &ground, arena, err);
    tell(progress, "dots", 0.5);
    if (!code)
        code = lay_dots(&layout, &made, &ground, pool, arena, err);
    if (!code)
        code = take_dots(&made, &layout, &ground.scalp, arena, err);
    if (!code && from->recipe.shade_count && from->recipe.strength_cv > 0)
        code = smp_plan_vary(&made, arena, err);
    tell(progress, "order and totals", 0.85);
    if (!code)
        code = smp_plan_order(&made, arena, err);
    if (!code)
        code = smp_plan_finish(&made, arena, err);
    if (code)
        return code;
    *plan = made;
    tell(progress, "plan", 1);
    return SMP_OK;
}
