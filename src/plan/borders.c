// Density on both sides of every border between two zones: where a step would show.
#include "plan/plan_impl.h"

#include <math.h>
#include <stdlib.h>

enum { hops = 4 }; // of mesh edges, about 5 mm

// Border labels of the mesh's points: a × SMP_ZONE_COUNT + b for a point of zone a near zone b.
static enum smp_code label_points(uint16_t **labels, const struct smp_plan *plan,
                                  struct smp_arena *scratch, struct smp_err *err)
{
    const struct smp_mesh *mesh = &plan->head->mesh;
    const uint8_t *zones = plan->design->zones;
    uint16_t *label = smp_new(scratch, uint16_t, mesh->point_count);
    uint16_t *next = smp_new(scratch, uint16_t, mesh->point_count);
    if (!label || !next)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the borders of the zones");
    for (int hop = 0; hop < hops; hop++) {
        for (size_t t = 0; t < mesh->triangle_count; t++) {
            const uint32_t *corner = mesh->triangles[t];
            for (size_t k = 0; k < 6; k++) {
                const uint32_t i = corner[k % 3], j = corner[(k % 3 + 1 + k / 3) % 3];
                if (!zones[i] || !zones[j] || label[i] || next[i])
                    continue;
                if (hop == 0 && zones[i] != zones[j])
                    next[i] = (uint16_t)(zones[i] * SMP_ZONE_COUNT + zones[j]);
                else if (zones[i] == zones[j] && label[j])
                    next[i] = label[j];
            }
        }
        for (size_t i = 0; i < mesh->point_count; i++) {
            if (next[i])
                label[i] = next[i];
            next[i] = 0;
        }
    }
    *labels = label;
    return SMP_OK;
}

// Hair without any loss, per point.
static enum smp_code never_lost(double **fu_per_cm2, const struct smp_plan *plan,
                                struct smp_arena *scratch, struct smp_err *err)
{
    const struct smp_loss none = { .kind = SMP_LOSS_NONE,
                                   .native_fu_per_cm2 = plan->from->loss.native_fu_per_cm2 };
    *fu_per_cm2 = smp_new(scratch, double, plan->head->mesh.point_count);
    if (!*fu_per_cm2)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the borders of the zones");
    return smp_loss_field(*fu_per_cm2, NULL, plan->head, &none, err);
}

static void add_areas(double *cm2, double *fu, bool *treated, const struct smp_plan *plan,
                      const uint16_t *labels, const double *fu_per_cm2)
{
    const struct smp_mesh *mesh = &plan->head->mesh;
    for (size_t t = 0; t < mesh->triangle_count; t++) {
        const double third_cm2 = smp_length(smp_mesh_area_vector(mesh, t)) / 300;
        for (size_t k = 0; k < 3; k++) {
            const uint32_t i = mesh->triangles[t][k];
            cm2[labels[i]] += third_cm2;
            fu[labels[i]] += third_cm2 * fu_per_cm2[i];
            if (plan->design->density_per_cm2[i] > 10)
                treated[labels[i]] = true;
        }
    }
}

static void add_points(double *count, const struct smp_plan *plan, const struct smp_points *index,
                       const uint16_t *labels)
{
    const double worth = plan->from->design.fu_dots > 0 ? plan->from->design.fu_dots : 1;
    for (size_t i = 0; i < plan->dot_count + plan->hair_count; i++) {
        const struct smp_vec3 p = i < plan->dot_count
                                      ? plan->dots[i].position_mm
                                      : plan->hairs[i - plan->dot_count].position_mm;
        const size_t at = smp_points_nearest(index, p);
        if (at != SIZE_MAX)
            count[labels[at]] += i < plan->dot_count ? 1 : worth; // hair darkens as so many dots
    }
}

static double step(double a, double b)
{
    const double most = fmax(a, b);
    return most > 0 ? fabs(a - b) / most : 0;
}

double smp_border_step(const struct smp_border *b)
{
    const double plain = step(b->a_per_cm2, b->b_per_cm2);
    const bool known = b->a_full > 0.1 && b->b_full > 0.1;
    return known ? fmin(plain, step(b->a_per_cm2 / b->a_full, b->b_per_cm2 / b->b_full)) : plain;
}

enum smp_code smp_plan_borders(struct smp_border *borders, size_t max, size_t *count,
                               const struct smp_plan *plan, struct smp_arena *scratch,
                               struct smp_err *err)
{
    enum { labels_max = SMP_ZONE_COUNT * SMP_ZONE_COUNT };
    const struct smp_mark mark = smp_arena_mark(scratch);
    double cm2[labels_max] = { 0 }, points[labels_max] = { 0 }, fu[labels_max] = { 0 };
    double *fu_per_cm2 = NULL;
    bool treated[labels_max] = { false };
    uint16_t *labels = NULL;
    struct smp_points index;
    enum smp_code code = label_points(&labels, plan, scratch, err);
    if (!code)
        code = smp_points_index(&index, plan, scratch, err);
    if (!code)
        code = never_lost(&fu_per_cm2, plan, scratch, err);
    if (code)
        return code;
    add_areas(cm2, fu, treated, plan, labels, fu_per_cm2);
    add_points(points, plan, &index, labels);
    *count = 0;
    const double most = plan->from->loss.native_fu_per_cm2;
    for (int a = 1; a < SMP_ZONE_COUNT; a++) {
        for (int b = a + 1; b < SMP_ZONE_COUNT && *count < max; b++) {
            const int of_a = a * SMP_ZONE_COUNT + b, of_b = b * SMP_ZONE_COUNT + a;
            if (!treated[of_a] || !treated[of_b])
                continue;
            borders[(*count)++] = (struct smp_border){ (enum smp_zone)a,
                                                       (enum smp_zone)b,
                                                       cm2[of_a],
                                                       cm2[of_b],
                                                       points[of_a] / cm2[of_a],
                                                       points[of_b] / cm2[of_b],
                                                       fu[of_a] / cm2[of_a] / most,
                                                       fu[of_b] / cm2[of_b] / most };
        }
    }
    smp_arena_reset(scratch, mark);
    return SMP_OK;
}
