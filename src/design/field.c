// The density: zone target × feather × what the remaining hair leaves to fill, fading out into the
// hair that is there so that dots and hairs together make an even field.
#include "design/design_impl.h"

#include <math.h>

static const double hairline_zone_mm = 12; // how far the hairline zone reaches behind the line
static const double low_line_mm = 40;      // a line below the scalp's border extends it so far
static const double smooth_mm = 8;         // over which the targets of two zones melt together
static const double edge_fade_mm = 5;      // around the ears
static const double nape_fade_mm = 20;

struct field {
    struct smp_design *design;
    const struct smp_front *front;
    const double *fu;
    struct smp_lines line;
    double *share; // of dots_per_cm2, smoothed
};

// ---- Distance behind the line, zones
// -------------------------------------------------------------------

static struct smp_vec3 behind_direction(const struct smp_design *d, size_t segment,
                                        struct smp_vec3 normal)
{
    return smp_unit(smp_cross(smp_sub(d->line_mm[segment + 1], d->line_mm[segment]), normal));
}

// Signed by the side of the nearest segment; at a corner by the sum of both sides' directions
// (the angle-weighted rule of Bærentzen and Aanæs 2005, in the plane).
static double signed_distance_mm(const struct field *f, size_t i, struct smp_near near)
{
    const struct smp_design *d = f->design;
    const struct smp_vec3 p = f->front->head->mesh.points[i];
    const struct smp_vec3 normal = f->front->head->normals[i];
    const size_t s = near.segment;
    struct smp_vec3 direction = behind_direction(d, s, normal);
    if (near.share <= 0 && s > 0)
        direction = smp_add(direction, behind_direction(d, s - 1, normal));
    if (near.share >= 1 && s + 2 < d->line_count)
        direction = smp_add(direction, behind_direction(d, s + 1, normal));
    const struct smp_vec3 foot =
        smp_add(smp_scale(d->line_mm[s], 1 - near.share), smp_scale(d->line_mm[s + 1], near.share));
    return smp_dot(smp_sub(p, foot), direction) >= 0 ? near.distance_mm : -near.distance_mm;
}

static void place_points(struct field *f)
{
    struct smp_design *d = f->design;
    const struct smp_head *head = f->front->head;
    const double ahead_mm = f->front->params->hairline.stray_mm + 2;
    for (size_t i = 0; i < head->mesh.point_count; i++) {
        const struct smp_near near = smp_lines_nearest(&f->line, head->mesh.points[i], 1000);
        const double behind = signed_distance_mm(f, i, near);
        d->behind_mm[i] = behind;
        d->zones[i] = head->zones[i];
        const bool of_front = near.segment >= d->corner_left && near.segment < d->corner_right;
        if (!of_front || behind < -ahead_mm)
            continue;
        if (behind <= hairline_zone_mm)
            d->zones[i] = SMP_ZONE_HAIRLINE;
        else if (d->zones[i] == SMP_ZONE_NONE && behind <= low_line_mm)
            d->zones[i] = SMP_ZONE_FRONTAL;
    }
}

// ---- Targets of the zones, melted together
// ----------------------------------------------------------------

// Averages over neighbours, again and again: n rounds spread by about edge × √(n / 2).
static enum smp_code smooth_shares(struct field *f, struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_mesh *mesh = &f->front->head->mesh;
    const size_t count = mesh->point_count;
    double *sum = smp_new(arena, double, count), *weight = smp_new(arena, double, count);
    if (!sum || !weight)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the density of %zu points", count);
    const uint8_t *zones = f->design->zones;
    for (size_t i = 0; i < count; i++)
        f->share[i] = zones[i] ? f->front->params->zone_share[zones[i]] : 0;
    const int rounds = (int)(2 * (smooth_mm / 1.2) * (smooth_mm / 1.2) / 2);
    for (int round = 0; round < rounds; round++) {
        for (size_t i = 0; i < count; i++)
            sum[i] = weight[i] = 0;
        for (size_t t = 0; t < mesh->triangle_count; t++) {
            const uint32_t *corner = mesh->triangles[t];
            for (size_t k = 0; k < 3; k++) {
                const uint32_t a = corner[k], b = corner[(k + 1) % 3];
                if (!zones[a] || !zones[b])
                    continue;
                sum[a] += f->share[b];
                weight[a] += 1;
                sum[b] += f->share[a];
                weight[b] += 1;
            }
        }
        for (size_t i = 0; i < count; i++) {
            if (weight[i] > 0)
                f->share[i] = 0.5 * f->share[i] + 0.5 * sum[i] / weight[i];
        }
    }
    return SMP_OK;
}

// ---- The density itself
// ---------------------------------------------------------------------------------

// Dots and hairs wanted at a distance behind the line: feather, and a few strays ahead.
static double feathered(const struct smp_design_params *p, double target, double behind_mm)
{
    const double full =
        p->feather_mm > 0 ? smp_smoothstep(0, p->feather_mm, behind_mm) : (behind_mm >= 0 ? 1 : 0);
    const double stray_mm = p->hairline.stray_mm;
    double stray = 0;
    if (stray_mm > 0 && behind_mm > -stray_mm) {
        // share × the dots of the first 10 mm, spread over stray_mm, falling to 0 at its end
        const double first_mm = 10 - 0.5 * smp_clamp(p->feather_mm, 0, 20);
        const double peak = 2 * p->hairline.stray_share * target * first_mm / stray_mm;
        stray = behind_mm < 0 ? peak * (1 + behind_mm / stray_mm) : peak;
    }
    const double line = target * full;
    return line > stray ? line : smp_clamp(stray, 0, target);
}

// Share of the dots left at a point: 1 where hair is lost, falling over side_fade_mm into the hair.
static double side_share(const struct field *f, const struct smp_lines *border, size_t i)
{
    const double native = f->front->params->side_fade_mm;
    if (border->count == 0)
        return 1;
    const struct smp_near near = smp_lines_nearest(border, f->front->head->mesh.points[i], native);
    return 1 - smp_smoothstep(0, native, near.distance_mm);
}

static double edge_share(const struct field *f, const struct smp_lines *edge, size_t i)
{
    const uint8_t zone = f->design->zones[i];
    const double fade =
        zone == SMP_ZONE_NAPE || zone == SMP_ZONE_OCCIPUT ? nape_fade_mm : edge_fade_mm;
    if (edge->count == 0)
        return 1;
    const struct smp_near near = smp_lines_nearest(edge, f->front->head->mesh.points[i], fade);
    return smp_smoothstep(0, fade, near.distance_mm);
}

// The scalp's own border, but for the part that the hairline looks after.
static enum smp_code scalp_border(struct smp_lines *edge, const struct field *f,
                                  struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_mesh *mesh = &f->front->head->mesh;
    double *inside = smp_new(arena, double, mesh->point_count);
    if (!inside)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the scalp's border");
    for (size_t i = 0; i < mesh->point_count; i++)
        inside[i] = f->design->zones[i] != SMP_ZONE_NONE || f->design->behind_mm[i] < 10 ? 1 : -1;
    return smp_lines_crossing(edge, mesh, inside, 0, arena, err);
}

// Where half of the native hair is left.
static enum smp_code hair_border(struct smp_lines *border, const struct field *f, double native,
                                 struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_mesh *mesh = &f->front->head->mesh;
    double *left = smp_new(arena, double, mesh->point_count);
    if (!left)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the border of the hair");
    for (size_t i = 0; i < mesh->point_count; i++)
        left[i] = f->design->zones[i] ? f->fu[i] : native; // the scalp's border is none of hair
    return smp_lines_crossing(border, mesh, left, native / 2, arena, err);
}

static double most_hair(const struct field *f)
{
    double most = 0;
    for (size_t i = 0; i < f->front->head->mesh.point_count; i++) {
        if (f->fu[i] > most)
            most = f->fu[i];
    }
    return most;
}

static enum smp_code fill(struct field *f, struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_design_params *p = f->front->params;
    struct smp_design *d = f->design;
    struct smp_lines border = { 0 }, edge = { 0 };
    const double native = most_hair(f);
    enum smp_code code = scalp_border(&edge, f, arena, err);
    if (!code && native > 0)
        code = hair_border(&border, f, native, arena, err);
    if (code)
        return code;
    for (size_t i = 0; i < f->front->head->mesh.point_count; i++) {
        const double hair = f->fu[i], behind = d->behind_mm[i];
        d->hair_per_cm2[i] = hair;
        d->total_per_cm2[i] = hair;
        if (!d->zones[i] || behind <= -p->hairline.stray_mm)
            continue;
        const double wanted = feathered(p, p->dots_per_cm2 * f->share[i], behind);
        double dots = wanted - p->fu_share * hair;
        if (dots <= 0)
            continue;
        if (hair > native / 2)
            dots *= side_share(f, &border, i);
        dots *= edge_share(f, &edge, i);
        d->density_per_cm2[i] = dots;
        d->total_per_cm2[i] = dots + hair;
    }
    return SMP_OK;
}

enum smp_code smp_density_make(struct smp_design *design, const struct smp_front *front,
                               const double *fu_per_cm2, struct smp_arena *arena,
                               struct smp_err *err)
{
    const size_t count = front->head->mesh.point_count;
    design->density_per_cm2 = smp_new(arena, double, count);
    design->total_per_cm2 = smp_new(arena, double, count);
    design->hair_per_cm2 = smp_new(arena, double, count);
    design->behind_mm = smp_new(arena, double, count);
    design->zones = smp_new(arena, uint8_t, count);
    const struct smp_mark mark = smp_arena_mark(arena);
    struct field f = { .design = design, .front = front, .fu = fu_per_cm2 };
    f.share = smp_new(arena, double, count);
    if (!design->density_per_cm2 || !design->total_per_cm2 || !design->hair_per_cm2 ||
        !design->behind_mm || !design->zones || !f.share)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the density of %zu points", count);
    enum smp_code code = smp_lines_make(&f.line, design->line_mm, design->line_mm + 1,
                                        design->line_count - 1, arena, err);
    if (!code) {
        place_points(&f);
        code = smooth_shares(&f, arena, err);
    }
    if (!code)
        code = fill(&f, arena, err);
    if (!code)
        code = smp_areas_apply(design, front, arena, err);
    smp_arena_reset(arena, mark);
    return code;
}
