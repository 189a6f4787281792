// The hairline from measures on the surface (docs/design-rules.md).
//
// The front is drawn in sagittal sections: in each, the tape laid across from the mid-frontal point
// marks where the line would be without recession, and the style says how far behind it lies. The
// corners stand on the sagittal plane of the lateral canthus (Shapiro 2013). From there the line
// runs over the temporal peak down to the sideburn. Then the waves are laid on.
#include "design/design_impl.h"

#include <math.h>

enum { front_steps = 160, temple_steps = 120, raw_max = front_steps + 1 + 2 * temple_steps };
static const double step_mm = 0.5;
static const double axis_depth_mm = 85; // the axis of the sections, this deep below the skin
static const double micro_wave_mm = 4;

struct smp_vec3 smp_on_surface(const struct smp_front *front, struct smp_vec3 point,
                               struct smp_vec3 *normal)
{
    const struct smp_hit hit = smp_rays_nearest(front->rays, point, 60);
    if (hit.triangle == SMP_NO_TRIANGLE)
        return point;
    if (normal) {
        const uint32_t *corner = front->head->mesh.triangles[hit.triangle];
        struct smp_vec3 n = { 0, 0, 0 };
        for (size_t k = 0; k < 3; k++)
            n = smp_add(n, smp_scale(front->head->normals[corner[k]], hit.bary[k]));
        *normal = smp_unit(n);
    }
    return smp_mesh_at(&front->head->mesh, hit.triangle, hit.bary);
}

// ---- The front ----------------------------------------------------------------------------------

struct section {
    const struct smp_front *front;
    struct smp_vec3 axis; // a point of the axis, which runs along x
    double start_rad;     // of the mid-frontal point about it, from y to z
};

// Surface point in the sagittal plane x at an angle about the axis; false off the head.
static bool section_at(const struct section *s, double x, double angle_rad, struct smp_vec3 *point)
{
    const struct smp_vec3 out = { 0, cos(angle_rad), sin(angle_rad) };
    const struct smp_vec3 axis = { x, s->axis.y, s->axis.z };
    const struct smp_vec3 from = smp_add(axis, smp_scale(out, 250));
    const struct smp_hit hit = smp_rays_first(s->front->rays, from, smp_scale(out, -1), 0, 250);
    if (hit.triangle == SMP_NO_TRIANGLE)
        return false;
    *point = smp_mesh_at(&s->front->head->mesh, hit.triangle, hit.bary);
    return true;
}

// The point `behind_mm` behind the tape, measured along the section (negative: in front of it).
static bool point_behind(const struct section *s, double x, double behind_mm, struct smp_vec3 *at)
{
    const double turn_rad = behind_mm < 0 ? -0.5 / 85 : 0.5 / 85;
    double left_mm = fabs(behind_mm), angle_rad = s->start_rad;
    struct smp_vec3 here, next;
    if (!section_at(s, x, angle_rad, &here))
        return false;
    while (left_mm > 0) {
        angle_rad += turn_rad;
        if (!section_at(s, x, angle_rad, &next))
            return false;
        const double length = smp_length(smp_sub(next, here));
        if (length >= left_mm) {
            here = smp_add(here, smp_scale(smp_sub(next, here), left_mm / length));
            break;
        }
        left_mm -= length;
        here = next;
    }
    *at = smp_on_surface(s->front, here, NULL);
    return true;
}

// How far behind the tape a point of the skin lies, along its own section.
static double behind_tape_mm(const struct section *s, struct smp_vec3 point)
{
    const double end_rad = atan2(point.z - s->axis.z, point.y - s->axis.y);
    const int steps = 1 + (int)(fabs(end_rad - s->start_rad) * 170);
    struct smp_vec3 last = point, here;
    double length = 0;
    for (int i = steps - 1; i >= 0; i--, last = here) {
        const double share = (double)i / steps;
        if (!section_at(s, point.x, s->start_rad + (end_rad - s->start_rad) * share, &here))
            break;
        length += smp_length(smp_sub(last, here));
    }
    return end_rad >= s->start_rad ? length : -length;
}

// How far behind the tape the style lies at a share t of the way to the corner.
static double style_behind_mm(enum smp_style style, double recession_mm, double t, double x_mm)
{
    switch (style) {
    case SMP_STYLE_SOFT:
        return recession_mm * pow(t, 1.8);
    case SMP_STYLE_EDGED: // straight across, then the corner
        return recession_mm * pow(t, 7);
    case SMP_STYLE_WIDOWS_PEAK: { // a point of 8 mm in the middle
        const double depth_mm = recession_mm < 8 ? recession_mm : 8;
        return (recession_mm - depth_mm) * pow(t, 1.8) +
               depth_mm * (1 - exp(-(x_mm / 10) * (x_mm / 10)));
    }
    case SMP_STYLE_RECEDED: // an M: the lobes go back early
        return recession_mm * (1.25 * t * t - 0.25 * t * t * t);
    case SMP_STYLE_ROUNDED:
        return recession_mm * t * t * t;
    default:
        return recession_mm * pow(t, 2.4);
    }
}

// Half width of the moving average that takes the corner's point away.
static double corner_round_mm(enum smp_style style)
{
    switch (style) {
    case SMP_STYLE_EDGED:
        return 2;
    case SMP_STYLE_ROUNDED:
        return 20;
    case SMP_STYLE_SOFT:
        return 9;
    default:
        return 5;
    }
}

static enum smp_code left_head(const struct smp_front *front, struct smp_err *err)
{
    return smp_fail(err, SMP_E_INPUT,
                    "design.hairline leaves the head: glabella_mm %g with recession_mm %g does not "
                    "meet the skin everywhere, or the scan has a hole there",
                    front->params->hairline.glabella_mm, front->params->hairline.recession_mm);
}

// The two corners differ a little, as they do in nature: up to 1 mm each way.
static double side_offset_mm(const struct smp_front *front)
{
    struct smp_rng rng = smp_rng_make(front->seed, 0x51de);
    const double size = 0.4 + 0.6 * smp_rng_unit(&rng);
    return smp_rng_unit(&rng) < 0.5 ? -size : size;
}

static enum smp_code draw_front(struct smp_vec3 *raw, struct section *section,
                                const struct smp_front *front, struct smp_err *err)
{
    const struct smp_landmarks *marks = &front->head->landmarks;
    const struct smp_hairline_params *p = &front->params->hairline;
    const struct smp_vec3 middle =
        smp_head_walk(front->head, front->rays, marks->glabella, smp_vec3(0, 0, 1), p->glabella_mm);
    struct smp_vec3 normal = { 0, 0, 0 };
    smp_on_surface(front, middle, &normal);
    normal.x = 0;
    normal = smp_unit(normal);
    if (!(smp_length(normal) > 0.5))
        return left_head(front, err);
    *section = (struct section){ front, smp_sub(middle, smp_scale(normal, axis_depth_mm)),
                                 atan2(normal.z, normal.y) };
    const double offset_mm = p->recession_mm > 4 ? side_offset_mm(front) : 0;
    for (int i = 0; i <= front_steps; i++) {
        const double t = fabs(2.0 * i / front_steps - 1);
        const bool left = i < front_steps / 2;
        const double reach = left ? marks->canthus_left.x : marks->canthus_right.x;
        const double recession = p->recession_mm + (left ? offset_mm : -offset_mm);
        const double x = middle.x + (reach - middle.x) * t;
        const double behind =
            style_behind_mm(front->params->style, recession, t, fabs(x - middle.x));
        if (!point_behind(section, x, behind, &raw[i]))
            return left_head(front, err);
    }
    return SMP_OK;
}

// ---- The temples --------------------------------------------------------------------------------

// Forward for a head that looks straight ahead: the head frame is pitched by about 23° (head.h).
static const struct smp_vec3 forward = { 0, 0.92, -0.39 };
// The front edge of the sideburn falls straight, this far before the preauricular point; its rear
// edge is where hair ends before the ear, some 8 mm before it.
static const double sideburn_mm = 27;

// From the corner over the temporal peak to the sideburn and down its front to its end at mid-ear.
static void draw_temple(struct smp_vec3 *raw, const struct smp_front *front, struct smp_vec3 corner,
                        struct smp_vec3 preauricular)
{
    const struct smp_vec3 sideburn =
        smp_on_surface(front, smp_add(preauricular, smp_vec3(0, 20, 0)), NULL);
    for (int i = 1; i <= temple_steps; i++) {
        const double t = (double)i / temple_steps;
        struct smp_vec3 p = smp_add(smp_scale(corner, 1 - t), smp_scale(sideburn, t));
        const double bump = sin(SMP_PI * t);
        p = smp_add(p, smp_scale(forward, front->params->hairline.peak_mm * bump * bump));
        const double short_mm = sideburn_mm - smp_ahead_mm(smp_sub(p, preauricular));
        if (short_mm > 0)
            p = smp_add(p, smp_scale(forward, short_mm));
        raw[i - 1] = smp_on_surface(front, p, NULL);
    }
}

static enum smp_code draw(struct smp_vec3 raw[raw_max], struct section *section,
                          const struct smp_front *front, struct smp_err *err)
{
    struct smp_vec3 *across = raw + temple_steps;
    enum smp_code code = draw_front(across, section, front, err);
    if (code)
        return code;
    struct smp_vec3 down[temple_steps];
    draw_temple(down, front, across[0], front->head->landmarks.lpa);
    for (int i = 0; i < temple_steps; i++)
        raw[temple_steps - 1 - i] = down[i];
    draw_temple(across + front_steps + 1, front, across[front_steps], front->head->landmarks.rpa);
    return SMP_OK;
}

// ---- Even steps ---------------------------------------------------------------------------------

static double running_length(double *arc_mm, const struct smp_vec3 *line, size_t count)
{
    arc_mm[0] = 0;
    for (size_t i = 1; i < count; i++)
        arc_mm[i] = arc_mm[i - 1] + smp_length(smp_sub(line[i], line[i - 1]));
    return arc_mm[count - 1];
}

// The line anew, in steps of nearly step_mm.
static enum smp_code resample(struct smp_vec3 **line, size_t *count, const struct smp_vec3 *raw,
                              size_t raw_count, struct smp_arena *arena, struct smp_err *err)
{
    double *arc = smp_new(arena, double, raw_count);
    if (!arc)
        return smp_fail(err, SMP_E_NOMEM, "no memory for a hairline");
    const double length = running_length(arc, raw, raw_count);
    const size_t steps = (size_t)ceil(length / step_mm);
    if (!(length > 100 && length < 2000))
        return smp_fail(err, SMP_E_INPUT, "design.hairline leaves the head: it is %g mm long",
                        length);
    struct smp_vec3 *made = smp_new(arena, struct smp_vec3, steps + 1);
    if (!made)
        return smp_fail(err, SMP_E_NOMEM, "no memory for a hairline");
    size_t k = 0;
    for (size_t i = 0; i <= steps; i++) {
        const double goal = length * (double)i / (double)steps;
        while (k + 2 < raw_count && arc[k + 1] < goal)
            k++;
        const double span = arc[k + 1] - arc[k];
        const double t = span > 0 ? smp_clamp((goal - arc[k]) / span, 0, 1) : 0;
        made[i] = smp_add(smp_scale(raw[k], 1 - t), smp_scale(raw[k + 1], t));
    }
    *line = made;
    *count = steps + 1;
    return SMP_OK;
}

static size_t nearest_index(const struct smp_vec3 *line, size_t count, struct smp_vec3 point)
{
    size_t best = 0;
    double best_mm = HUGE_VAL;
    for (size_t i = 0; i < count; i++) {
        const double distance = smp_length(smp_sub(line[i], point));
        if (distance < best_mm) {
            best_mm = distance;
            best = i;
        }
    }
    return best;
}

// ---- Waves on the line --------------------------------------------------------------------------

// Moves every point along the skin, square to the line. The mid-frontal point stays where the
// tape put it; at the sideburns the waves die out.
static enum smp_code lay_waves(struct smp_design *design, const struct smp_front *front,
                               struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_hairline_params *p = &front->params->hairline;
    const size_t count = design->line_count;
    double *offset = smp_new(arena, double, count);
    struct smp_vec3 *moved = smp_new(arena, struct smp_vec3, count);
    if (!offset || !moved)
        return smp_fail(err, SMP_E_NOMEM, "no memory for a hairline");
    smp_waves_add(offset, design->line_arc_mm, count, p->macro_mm, p->macro_wave_mm,
                  smp_rng_make(front->seed, 0x3ac0));
    smp_waves_add(offset, design->line_arc_mm, count, p->micro_mm, micro_wave_mm,
                  smp_rng_make(front->seed, 0x31c0));
    const double length = design->line_arc_mm[count - 1];
    const double middle = design->line_arc_mm[design->middle];
    for (size_t i = 0; i < count; i++) {
        const double arc = design->line_arc_mm[i];
        const double end = arc < length - arc ? arc : length - arc;
        const double from_middle = fabs(arc - middle);
        const double share = smp_smoothstep(0, 15, end) * smp_smoothstep(0, 4, from_middle);
        const size_t before = i > 4 ? i - 4 : 0, after = i + 4 < count ? i + 4 : count - 1;
        struct smp_vec3 normal = { 0, 0, 1 };
        smp_on_surface(front, design->line_mm[i], &normal);
        const struct smp_vec3 along = smp_sub(design->line_mm[after], design->line_mm[before]);
        const struct smp_vec3 behind = smp_unit(smp_cross(along, normal));
        moved[i] = smp_on_surface(
            front, smp_add(design->line_mm[i], smp_scale(behind, offset[i] * share)), NULL);
    }
    design->line_mm = moved;
    return SMP_OK;
}

enum smp_code smp_hairline_make(struct smp_design *design, const struct smp_front *front,
                                struct smp_arena *arena, struct smp_err *err)
{
    struct smp_vec3 raw[raw_max];
    struct section section;
    enum smp_code code = draw(raw, &section, front, err);
    struct smp_vec3 *line = NULL;
    if (!code)
        code = resample(&line, &design->line_count, raw, raw_max, arena, err);
    if (code)
        return code;
    const size_t count = design->line_count;
    design->corner_left = nearest_index(line, count, raw[temple_steps]);
    design->corner_right = nearest_index(line, count, raw[temple_steps + front_steps]);
    design->middle = nearest_index(line, count, raw[temple_steps + front_steps / 2]);
    struct smp_vec3 *smooth = smp_new(arena, struct smp_vec3, count);
    design->line_arc_mm = smp_new(arena, double, count);
    if (!smooth || !design->line_arc_mm)
        return smp_fail(err, SMP_E_NOMEM, "no memory for a hairline");
    const size_t half = (size_t)(corner_round_mm(front->params->style) / 2 / step_mm);
    smp_line_smooth(smooth, line, count, half);
    smooth[design->middle] = line[design->middle];
    for (size_t i = 0; i < count; i++)
        smooth[i] = smp_on_surface(front, smooth[i], NULL);
    design->line_mm = smooth;
    running_length(design->line_arc_mm, smooth, count);
    design->recession_mm_left = behind_tape_mm(&section, smooth[design->corner_left]);
    design->recession_mm_right = behind_tape_mm(&section, smooth[design->corner_right]);
    code = lay_waves(design, front, arena, err);
    if (code)
        return code;
    running_length(design->line_arc_mm, design->line_mm, count);
    design->glabella_mm = smp_head_distance_mm(
        front->head, front->rays, front->head->landmarks.glabella, design->line_mm[design->middle]);
    return smp_line_measure(design, arena, err);
}
