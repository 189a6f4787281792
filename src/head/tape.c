#include "head/head_impl.h"

#include <math.h>

// Heights above the ears (upright) between which the breadth is read: over the ears' tops, under
// the dome.
static const double breadth_low_mm = 38, breadth_high_mm = 100;
// The inion lies about at the ears' level on an upright head; its protuberance is seldom seen in a
// scan, so this is an estimate. It gives nasion–inion arcs of 340–350 mm on median heads.
static const double inion_up_mm = 0;

static const struct smp_plane sagittal = { { 1, 0, 0 }, 0 };

static struct smp_vec3 vertex_of(const struct smp_section *section)
{
    double top = -HUGE_VAL, first = HUGE_VAL, last = -HUGE_VAL;
    for (size_t i = 0; i < section->count; i++)
        top = fmax(top, smp_up_mm(section->points[i]));
    // The dome is flat: the middle of its topmost 2 mm is steadier than the topmost point.
    for (size_t i = 0; i < section->count; i++) {
        if (smp_up_mm(section->points[i]) > top - 2) {
            first = fmin(first, smp_ahead_mm(section->points[i]));
            last = fmax(last, smp_ahead_mm(section->points[i]));
        }
    }
    struct smp_vec3 best = { 0 };
    double nearest = HUGE_VAL;
    for (size_t i = 0; i < section->count; i++) {
        const double off = fabs(smp_ahead_mm(section->points[i]) - (first + last) / 2);
        if (smp_up_mm(section->points[i]) > top - 3 && off < nearest) {
            nearest = off;
            best = section->points[i];
        }
    }
    return best;
}

enum smp_code smp_profile_find(struct smp_profile *profile, const struct smp_mesh *mesh,
                               const bool *outer, struct smp_vec3 nasion, struct smp_arena *scratch,
                               struct smp_err *err)
{
    struct smp_section section;
    const enum smp_code code = smp_section_cut(&section, mesh, outer, sagittal, scratch, err);
    if (code)
        return code;
    if (section.count < 16)
        return smp_fail(err, SMP_E_INPUT,
                        "the head has no surface on the plane midway between the preauricular "
                        "points: check the fiducials");
    struct smp_profile p = { .glabella = nasion, .vertex = vertex_of(&section) };
    double ahead = -HUGE_VAL;
    for (size_t i = 0; i < section.count; i++) {
        const double rise = smp_up_mm(section.points[i]) - smp_up_mm(nasion);
        if (rise > 2 && rise < 35 && smp_ahead_mm(section.points[i]) > ahead) {
            ahead = smp_ahead_mm(section.points[i]);
            p.glabella = section.points[i];
        }
    }
    double far = 0, off = HUGE_VAL;
    for (size_t i = 0; i < section.count; i++) {
        const struct smp_vec3 q = section.points[i];
        if (smp_ahead_mm(q) > -20)
            continue;
        const double distance = smp_length(smp_sub(q, p.glabella));
        if (fabs(smp_up_mm(q) - smp_up_mm(p.glabella)) < 60 && distance > far) {
            far = distance;
            p.opisthocranion = q;
        }
        if (fabs(smp_up_mm(q) - inion_up_mm) < off) {
            off = fabs(smp_up_mm(q) - inion_up_mm);
            p.inion = q;
        }
    }
    if (far <= 0 || off > 10)
        return smp_fail(err, SMP_E_INPUT, "the head has no back on the mid-sagittal plane");
    *profile = p;
    return SMP_OK;
}

// Sum of the largest reach to either side, over the ears.
static double breadth_of(const struct smp_mesh *mesh, const bool *outer)
{
    double left = 0, right = 0;
    for (size_t t = 0; t < mesh->triangle_count; t++) {
        if (outer && !outer[t])
            continue;
        for (int k = 0; k < 3; k++) {
            const struct smp_vec3 p = mesh->points[mesh->triangles[t][k]];
            if (smp_up_mm(p) < breadth_low_mm || smp_up_mm(p) > breadth_high_mm)
                continue;
            left = fmin(left, p.x);
            right = fmax(right, p.x);
        }
    }
    return right - left;
}

static enum smp_code read_all(struct smp_tape *tape, struct smp_profile *p,
                              const struct smp_mesh *mesh, const bool *outer,
                              const struct smp_fiducials *fiducials, struct smp_arena *scratch,
                              struct smp_err *err)
{
    struct smp_section section;
    enum smp_code code = smp_profile_find(p, mesh, outer, fiducials->nasion, scratch, err);
    if (code)
        return code;
    tape->length_mm = smp_length(smp_sub(p->opisthocranion, p->glabella));
    tape->breadth_mm = breadth_of(mesh, outer);
    const struct smp_vec3 up = smp_vec3(0, sin(SMP_HEAD_PITCH_RAD), cos(SMP_HEAD_PITCH_RAD));
    const struct smp_plane around =
        smp_plane_through(p->glabella, p->opisthocranion, smp_add(p->glabella, smp_vec3(1, 0, 0)));
    if ((code = smp_section_cut(&section, mesh, outer, around, scratch, err)) ||
        (code = smp_section_girth(&tape->circumference_mm, &section, around, scratch, err)) ||
        (code = smp_section_cut(&section, mesh, outer, sagittal, scratch, err)) ||
        (code = smp_section_arc(&tape->nasion_inion_mm, &section, sagittal, fiducials->nasion,
                                p->inion, up, scratch, err)))
        return code;
    const struct smp_plane over = smp_plane_through(fiducials->lpa, fiducials->rpa, p->vertex);
    if ((code = smp_section_cut(&section, mesh, outer, over, scratch, err)))
        return code;
    return smp_section_arc(&tape->preauricular_mm, &section, over, fiducials->lpa, fiducials->rpa,
                           up, scratch, err);
}

enum smp_code smp_tape_read(struct smp_tape *tape, struct smp_profile *profile,
                            const struct smp_mesh *mesh, const bool *outer,
                            const struct smp_fiducials *fiducials, struct smp_arena *scratch,
                            struct smp_err *err)
{
    const struct smp_mark mark = smp_arena_mark(scratch);
    const enum smp_code code = read_all(tape, profile, mesh, outer, fiducials, scratch, err);
    smp_arena_reset(scratch, mark);
    return code;
}
