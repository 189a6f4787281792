// Room for dots between those that are really there.
#include "plan/plan_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { stream_more = 3, tries = 80 };
static const double beside_spacings = 0.6; // a dot is moved by no more
static const double lower_reach_mm = 1.6;  // least range of a search for neighbours
static const double off_skin_mm = 2;
static const double written_mm = 2e-5; // places are written with five decimals

enum smp_code smp_laying_make(struct smp_laying *laying, struct smp_arena *arena,
                              struct smp_err *err)
{
    const struct smp_case *from = laying->plan->from;
    double widest[2] = { 0, 0 }; // of all, and of those that are kept clear
    laying->wanted = smp_plan_wanted(laying->ground->design, &laying->ground->scalp, arena);
    laying->cells = smp_new(arena, struct smp_cell, laying->count);
    if (!laying->wanted || !laying->cells)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", laying->count);
    laying->min_gap_mm = smp_plan_gap_mm(from, laying->wanted, laying->ground->scalp.point_count);
    laying->gap_diameters = from->settings->numbers[SMP_N_GAP_DIAMETERS].value;
    laying->near_mm = 1.5;
    for (size_t i = 0; i < laying->count; i++) {
        struct smp_laid *p = &laying->places[i];
        p->from_mm = p->at_mm;
        widest[0] = fmax(widest[0], p->diameter_mm);
        if (p->clear)
            widest[1] = fmax(widest[1], p->diameter_mm);
    }
    laying->cell_mm = laying->near_mm + fmax(fmax(laying->min_gap_mm, lower_reach_mm),
                                             laying->gap_diameters * (widest[0] + widest[1]) / 2);
    for (size_t i = 0; i < laying->count; i++)
        laying->cells[i] =
            (struct smp_cell){ smp_cell_key(laying->places[i].at_mm, laying->cell_mm, 0, 0, 0),
                               (uint32_t)i };
    qsort(laying->cells, laying->count, sizeof *laying->cells, smp_cell_order);
    return SMP_OK;
}

static double gap_mm(const struct smp_laying *l, const struct smp_laid *a, const struct smp_laid *b)
{
    if (!a->clear && !b->clear)
        return l->min_gap_mm;
    return fmax(l->min_gap_mm, l->gap_diameters * (a->diameter_mm + b->diameter_mm) / 2);
}

bool smp_laying_room(const struct smp_laying *l, size_t place, struct smp_vec3 at_mm)
{
    for (int d = 0; d < 9; d++) {
        const uint64_t from = smp_cell_key(at_mm, l->cell_mm, d / 3 - 1, d % 3 - 1, -1);
        size_t k = smp_cell_first(l->cells, l->count, from);
        for (; k < l->count && l->cells[k].key <= from + 2; k++) {
            const size_t other = l->cells[k].point;
            const struct smp_laid *b = &l->places[other];
            if (b->on && other != place &&
                smp_length(smp_sub(b->at_mm, at_mm)) < gap_mm(l, &l->places[place], b) - written_mm)
                return false;
        }
    }
    return true;
}

size_t smp_laying_nearest(const struct smp_laying *l, struct smp_vec3 at_mm, double reach_mm,
                          size_t from, size_t to, const bool *skip)
{
    size_t best = SIZE_MAX;
    double best_mm = fmin(reach_mm, l->cell_mm - l->near_mm);
    for (int d = 0; d < 9; d++) {
        const uint64_t key = smp_cell_key(at_mm, l->cell_mm, d / 3 - 1, d % 3 - 1, -1);
        size_t k = smp_cell_first(l->cells, l->count, key);
        for (; k < l->count && l->cells[k].key <= key + 2; k++) {
            const size_t other = l->cells[k].point;
            const double mm = smp_length(smp_sub(l->places[other].at_mm, at_mm));
            if (other < from || other >= to || skip[other] || mm > best_mm ||
                (mm >= best_mm && other > best))
                continue;
            best = other;
            best_mm = mm;
        }
    }
    return best;
}

// ---- Beside its place ---------------------------------------------------------------------------

double smp_laying_spacing_mm(const struct smp_laying *l, struct smp_vec3 at_mm)
{
    const struct smp_hit hit = smp_rays_nearest(l->rays, at_mm, off_skin_mm);
    if (hit.triangle == SMP_NO_TRIANGLE)
        return 0;
    const double per_cm2 =
        smp_plan_inside(l->wanted, l->plan->head->mesh.triangles[hit.triangle], hit.bary);
    return per_cm2 > 0 ? 10 / sqrt(per_cm2) : 0;
}

// On the skin, as it is written.
static bool put_down(const struct smp_laying *l, struct smp_vec3 at_mm, struct smp_dot *dot)
{
    const struct smp_head *head = l->plan->head;
    const struct smp_hit hit = smp_rays_nearest(l->rays, at_mm, off_skin_mm);
    if (hit.triangle == SMP_NO_TRIANGLE ||
        !(smp_plan_inside(l->wanted, head->mesh.triangles[hit.triangle], hit.bary) > 0))
        return false;
    const struct smp_vec3 p = smp_mesh_at(&head->mesh, hit.triangle, hit.bary);
    dot->position_mm =
        smp_vec3(round(p.x * 1e5) / 1e5, round(p.y * 1e5) / 1e5, round(p.z * 1e5) / 1e5);
    dot->normal = smp_unit(smp_mesh_area_vector(&head->mesh, hit.triangle));
    dot->chart = smp_chart_address(head, dot->position_mm);
    return !l->ground->design->fence_count ||
           smp_design_outside_mm(l->ground->design, dot->position_mm, dot->chart) > 0;
}

bool smp_laying_beside(const struct smp_laying *l, size_t place, struct smp_dot *dot)
{
    const struct smp_vec3 at = l->places[place].at_mm;
    const double reach_mm = fmin(beside_spacings * smp_laying_spacing_mm(l, at), l->near_mm);
    const struct smp_vec3 across =
        fabs(dot->normal.z) < 0.9 ? smp_vec3(0, 0, 1) : smp_vec3(1, 0, 0);
    const struct smp_vec3 a = smp_unit(smp_cross(dot->normal, across));
    const struct smp_vec3 b = smp_cross(dot->normal, a);
    for (int i = 1; i <= tries; i++) { // a sunflower: the nearest first, all directions alike
        const double r = reach_mm * sqrt((double)i / tries), angle = 2.399963 * i;
        struct smp_dot moved = *dot;
        const struct smp_vec3 beside =
            smp_add(at, smp_add(smp_scale(a, r * cos(angle)), smp_scale(b, r * sin(angle))));
        if (put_down(l, beside, &moved) && smp_laying_room(l, place, moved.position_mm)) {
            *dot = moved;
            return true;
        }
    }
    return false;
}

// ---- Elsewhere ----------------------------------------------------------------------------------

enum smp_code smp_laying_fill(struct smp_layout *layout, const struct smp_laying *l, uint64_t seed,
                              struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err)
{
    struct smp_layout_input input = { 0 };
    enum smp_code code = smp_plan_hairs_between(&input, l->ground, l->wanted, arena, err);
    const size_t room = input.fixed_count + l->count;
    struct smp_vec3 *fixed = smp_new(arena, struct smp_vec3, room);
    double *share = smp_new(arena, double, room);
    if (code || !fixed || !share)
        return code ? code : smp_fail(err, SMP_E_NOMEM, "no memory for %zu dots", room);
    if (input.fixed_count) {
        memcpy(fixed, input.fixed_mm, input.fixed_count * sizeof *fixed);
        memcpy(share, input.fixed_share, input.fixed_count * sizeof *share);
    }
    for (size_t i = 0; i < l->count; i++) {
        if (!l->places[i].on || !(l->places[i].diameter_mm > 0)) // hairs are in already
            continue;
        fixed[input.fixed_count] = l->places[i].at_mm;
        share[input.fixed_count++] = 1;
    }
    input.fixed_mm = fixed;
    input.fixed_share = share;
    input.density_per_cm2 = l->wanted;
    struct smp_layout_params params = smp_layout_defaults;
    params.regularity = l->plan->from->regularity;
    params.seed = smp_hash64(seed, stream_more);
    params.min_gap_mm = l->min_gap_mm;
    struct smp_err why = { 0 };
    code = smp_layout_make(layout, l->ground->surface, &input, &params, pool, arena, &why);
    if (code)
        return smp_plan_in_words(l->plan->from, code, &why, err);
    smp_plan_cut_keep_outs(layout, l->ground->design, l->plan->head);
    return SMP_OK;
}
