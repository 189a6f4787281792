// The density: zone target × feather × what the remaining hair leaves to fill, fading out into the
// hair that is there so that dots and hairs together make an even field.
#include "design/design_impl.h"

#include <math.h>

static const double hairline_zone_mm = 12; // how far the hairline zone reaches behind the line
static const double low_line_mm = 40;      // a line below the scalp's border extends it so far

struct field {
    struct smp_design *design;
    const struct smp_front *front;
    const double *fu;
    struct smp_lines line, hair_border;
    double *share;       // of dots_per_cm2, smoothed
    bool *of_front;      // nearest to the front of the line, and not far behind it
    double most_per_cm2; // fullest hair of the head, before any loss where that is known
};

// ---- Distance behind the line, zones ------------------------------------------------------------

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
    double reach_mm = 1000;
    for (size_t i = 0; i < head->mesh.point_count; i++) {
        // The nearest is no farther than that of the point before, plus the way from there.
        const struct smp_vec3 step =
            smp_sub(head->mesh.points[i], head->mesh.points[i ? i - 1 : 0]);
        const struct smp_near near =
            smp_lines_nearest(&f->line, head->mesh.points[i], reach_mm + smp_length(step) + 1e-6);
        reach_mm = near.distance_mm;
        const double behind = signed_distance_mm(f, i, near);
        d->behind_mm[i] = behind;
        d->zones[i] = head->zones[i];
        const bool of_front = near.segment >= d->corner_left && near.segment < d->corner_right;
        f->of_front[i] = of_front && behind <= low_line_mm;
        if (!of_front || behind < -ahead_mm)
            continue;
        if (behind <= hairline_zone_mm)
            d->zones[i] = SMP_ZONE_HAIRLINE;
        else if (d->zones[i] == SMP_ZONE_NONE && behind <= low_line_mm)
            d->zones[i] = SMP_ZONE_FRONTAL;
    }
}

// ---- The density itself -------------------------------------------------------------------------

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
static double side_share(const struct field *f, size_t i)
{
    const double fade_mm = f->front->params->side_fade_mm;
    if (f->hair_border.count == 0)
        return 0; // no hair is lost anywhere
    const struct smp_near near =
        smp_lines_nearest(&f->hair_border, f->front->head->mesh.points[i], fade_mm);
    return 1 - smp_smoothstep(0, fade_mm, near.distance_mm);
}

// Hair of this head before any loss, as a share of its fullest: 1, falling to 0 over the scalp's
// own borders. Behind the front of the hairline the feather does that.
static double native_share(const struct field *f, size_t i)
{
    const double *native = f->front->params->native_per_cm2;
    if (!native || f->of_front[i] || !(f->most_per_cm2 > 0))
        return 1;
    return smp_clamp(native[i] / f->most_per_cm2, 0, 1);
}

// Hair left of what would stand there; 1 where none would.
static double left_share(const struct field *f, size_t i)
{
    const double *native = f->front->params->native_per_cm2;
    const double full = native ? native[i] : f->most_per_cm2;
    return full > 0 ? f->fu[i] / full : 1;
}

// Where half of the hair is left. Close to the scalp's own borders nothing can be told.
static enum smp_code find_hair_border(struct field *f, struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_mesh *mesh = &f->front->head->mesh;
    const double *native = f->front->params->native_per_cm2;
    double *left = smp_new(arena, double, mesh->point_count);
    if (!left)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the border of the hair");
    for (size_t i = 0; i < mesh->point_count; i++)
        left[i] = !f->design->zones[i] || (native && native[i] < 0.1 * f->most_per_cm2)
                      ? (double)NAN
                      : left_share(f, i) - 0.5;
    return smp_lines_crossing(&f->hair_border, mesh, left, arena, err);
}

static double most_of(const double *values, size_t count)
{
    double most = 0;
    for (size_t i = 0; i < count; i++) {
        if (values[i] > most)
            most = values[i];
    }
    return most;
}

static void fill(struct field *f)
{
    const struct smp_design_params *p = f->front->params;
    struct smp_design *d = f->design;
    const double counts = p->fu_share * (p->fu_dots > 0 ? p->fu_dots : 1);
    for (size_t i = 0; i < f->front->head->mesh.point_count; i++) {
        const double hair = f->fu[i], behind = d->behind_mm[i];
        d->hair_per_cm2[i] = hair;
        d->total_per_cm2[i] = hair;
        if (!d->zones[i] || behind <= -p->hairline.stray_mm)
            continue;
        const double target = p->dots_per_cm2 * f->share[i] * native_share(f, i);
        double dots = feathered(p, target, behind) - counts * hair;
        if (dots <= 0)
            continue;
        if (hair > 0 && left_share(f, i) > 0.5)
            dots *= side_share(f, i);
        d->density_per_cm2[i] = dots;
        d->total_per_cm2[i] = dots + hair;
    }
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
    design->laid_per_cm2 = smp_new(arena, double, count);
    design->laid_total_per_cm2 = smp_new(arena, double, count);
    enum smp_code code = smp_fences_make(design, front, arena, err);
    if (code)
        return code;
    const struct smp_mark mark = smp_arena_mark(arena);
    struct field f = { .design = design, .front = front, .fu = fu_per_cm2 };
    f.share = smp_new(arena, double, count);
    f.of_front = smp_new(arena, bool, count);
    if (!design->density_per_cm2 || !design->total_per_cm2 || !design->hair_per_cm2 ||
        !design->behind_mm || !design->zones || !design->laid_per_cm2 ||
        !design->laid_total_per_cm2 || !f.share || !f.of_front)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the density of %zu points", count);
    f.most_per_cm2 =
        most_of(front->params->native_per_cm2 ? front->params->native_per_cm2 : fu_per_cm2, count);
    code = smp_lines_make(&f.line, design->line_mm, design->line_mm + 1, design->line_count - 1,
                          arena, err);
    if (!code) {
        place_points(&f);
        code = smp_design_blend(f.share, front->head, design->zones, front->params->zone_share,
                                arena, err);
    }
    if (!code)
        code = find_hair_border(&f, arena, err);
    if (!code)
        fill(&f);
    if (!code)
        code = smp_areas_apply(design, front, arena, err);
    smp_arena_reset(arena, mark);
    return code;
}
