// Are the fiducials of a scan where they are said to be? Each check asks of one of them what a
// person with the scan before them would see at once.
#include "head/head_impl.h"

#include <math.h>

static const double snap_mm = 8;   // a fiducial lies this near to the skin
static const double aside_mm = 15; // the nasion beside the middle; faces are askew by 5 mm at most
static const double ears_low_mm = 90, ears_high_mm = 200;     // LPA to RPA
static const double nasion_low_mm = 50, nasion_high_mm = 150; // nasion to the line of the ears
static const double uneven = 0.12; // LPA and RPA: their distances to the nasion
static const double halves_mm =
    5; // one half of the head and the other, mirrored; 1.7 on a scan of a man
// Six standard deviations about the medians of ANSUR II (tragion to top of head: men 131 mm,
// SD 6.2; women 127, 6.5), and room for children and hair.
static const double height_low_mm = 90, height_high_mm = 185;

// ---- Size and unit ------------------------------------------------------------------------------

// The unit in which a length would be plausible, or NULL.
static const char *likely_unit(double in_file, double low_mm, double high_mm)
{
    static const struct {
        const char *name;
        double mm;
    } units[] = { { "mm", 1 }, { "cm", 10 }, { "m", 1000 }, { "inch", 25.4 } };
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (in_file * units[i].mm >= low_mm && in_file * units[i].mm <= high_mm)
            return units[i].name;
    }
    return NULL;
}

enum smp_code smp_check_length(const char *name, const char *what, double mm, double low_mm,
                               double high_mm, double mm_per_unit, struct smp_err *err)
{
    if (mm >= low_mm && mm <= high_mm)
        return SMP_OK;
    const char *unit = likely_unit(mm / mm_per_unit, low_mm, high_mm);
    return smp_fail(
        err, SMP_E_INPUT, "%s: %s is %.4g mm at %g mm a unit, and must be %g to %g mm; %s%s%s",
        name, what, mm, mm_per_unit, low_mm, high_mm,
        unit ? "head.unit is likely \"" : "check head.unit, head.scale and the fiducials",
        unit ? unit : "", unit ? "\"" : "");
}

static bool finite3(struct smp_vec3 p)
{
    return isfinite(p.x) && isfinite(p.y) && isfinite(p.z);
}

// ---- The points as given

enum smp_code smp_check_fiducials(const char *name, const struct smp_fiducials *mm,
                                  double mm_per_unit, struct smp_err *err)
{
    const struct smp_vec3 *points[3] = { &mm->nasion, &mm->lpa, &mm->rpa };
    static const char *const names[3] = { "nasion", "lpa", "rpa" };
    for (int k = 0; k < 3; k++) {
        if (!finite3(*points[k]))
            return smp_fail(err, SMP_E_INPUT, "%s: head.fiducials.%s must be a finite point", name,
                            names[k]);
    }
    const struct smp_vec3 ears = smp_sub(mm->rpa, mm->lpa);
    enum smp_code code =
        smp_check_length(name, "the distance of head.fiducials.lpa and rpa", smp_length(ears),
                         ears_low_mm, ears_high_mm, mm_per_unit, err);
    if (code)
        return code;
    const struct smp_vec3 axis = smp_unit(ears), d = smp_sub(mm->nasion, mm->lpa);
    const double ahead = smp_length(smp_cross(axis, d));
    if (ahead < 20)
        return smp_fail(err, SMP_E_INPUT,
                        "%s: the fiducials lie in one line: the nasion is %.1f mm from the line "
                        "of LPA and RPA, and must be %g to %g mm",
                        name, ahead, nasion_low_mm, nasion_high_mm);
    return smp_check_length(name, "the distance of the nasion from the line of LPA and RPA", ahead,
                            nasion_low_mm, nasion_high_mm, mm_per_unit, err);
}

enum smp_code smp_snap_fiducial(struct smp_vec3 *point, const char *which, const char *name,
                                const struct smp_mesh *mesh, const struct smp_rays *rays,
                                struct smp_err *err)
{
    const struct smp_hit hit = smp_rays_nearest(rays, *point, 1000);
    const double off = hit.triangle == SMP_NO_TRIANGLE ? 1000 : hit.distance;
    if (off > snap_mm)
        return smp_fail(err, SMP_E_INPUT,
                        "%s: head.fiducials.%s lies %s%.1f mm off the surface, and must be within "
                        "%g mm of it",
                        name, which, off >= 1000 ? "more than " : "", off, snap_mm);
    *point = smp_mesh_at(mesh, hit.triangle, hit.bary);
    return SMP_OK;
}

// ---- The head about them

static enum smp_code check_height(const struct smp_raw_head *raw, const char *name,
                                  struct smp_err *err)
{
    double vertex_mm = 0;
    for (size_t i = 0; i < raw->mesh.point_count; i++)
        vertex_mm = fmax(vertex_mm, smp_up_mm(raw->mesh.points[i]));
    if (vertex_mm >= height_low_mm && vertex_mm <= height_high_mm)
        return SMP_OK;
    return smp_fail(err, SMP_E_INPUT,
                    "%s: the top of the head is %.0f mm over head.fiducials.lpa and rpa, and "
                    "must be %g to %g mm: check head.unit, head.scale and the fiducials",
                    name, vertex_mm, height_low_mm, height_high_mm);
}

static enum smp_code check_sides(const struct smp_raw_head *raw, double asymmetry_mm,
                                 const char *name, struct smp_err *err)
{
    if (asymmetry_mm > halves_mm)
        return smp_fail(err, SMP_E_INPUT,
                        "%s: the two halves of the head differ by %.1f mm about the middle of "
                        "head.fiducials.lpa and rpa, and must by %g mm at most: one of them is not "
                        "before its ear",
                        name, asymmetry_mm, halves_mm);
    const struct smp_fiducials *f = &raw->fiducials;
    if (fabs(f->nasion.x) > aside_mm)
        return smp_fail(err, SMP_E_INPUT,
                        "%s: head.fiducials.nasion lies %.1f mm beside the middle of lpa and "
                        "rpa, and must be within %g mm of it",
                        name, fabs(f->nasion.x), aside_mm);
    const double left = smp_length(smp_sub(f->nasion, f->lpa));
    const double right = smp_length(smp_sub(f->nasion, f->rpa));
    if (fabs(left - right) > uneven * fmax(left, right))
        return smp_fail(err, SMP_E_INPUT,
                        "%s: head.fiducials.lpa lies %.0f mm from the nasion and rpa %.0f mm, and "
                        "they must differ by %g %% at most: one of them is not before its ear",
                        name, left, right, 100 * uneven);
    return SMP_OK;
}

// Refused only where the profile is a head's (those of two scans differ from the mean by 0.02 at
// most) and says clearly that they are elsewhere: hair and noise hide it.
static const double clearly = 1.35, strange = 0.05;

static enum smp_code check_profile(const struct smp_raw_head *raw, const char *name,
                                   struct smp_arena *scratch, struct smp_err *err)
{
    struct smp_profile_match match;
    const enum smp_code code = smp_profile_match(&match, raw, scratch, err);
    if (code)
        return code;
    const struct smp_placement *best = &match.best;
    if (match.flipped_misfit < fmin(best->misfit, strange))
        return smp_fail(err, SMP_E_INPUT,
                        "%s: head.fiducials.lpa must be at the person's left ear and rpa at the "
                        "right one, and they seem exchanged: the skull lies below them",
                        name);
    if (best->misfit > strange || match.given.misfit <= clearly * best->misfit)
        return SMP_OK;
    const struct smp_vec3 nasion = smp_sub(raw->fiducials.nasion, best->nasion);
    const double nasion_mm = hypot(nasion.y, nasion.z);
    if (nasion_mm > SMP_NASION_OFF_MM)
        return smp_fail(err, SMP_E_INPUT,
                        "%s: head.fiducials.nasion lies %.0f mm %s the nasion of this head's "
                        "profile, and must be within %d mm of it",
                        name, nasion_mm, nasion.z < 0 ? "below" : "above", SMP_NASION_OFF_MM);
    const struct smp_vec3 ears = best->ears; // the fiducials' middle is the origin
    return smp_fail(err, SMP_E_INPUT,
                    "%s: head.fiducials.lpa and rpa lie %.0f mm %s the ears of this head's "
                    "profile, and must be within %d mm of them",
                    name, hypot(ears.y, ears.z),
                    fabs(ears.y) > fabs(ears.z) ? (ears.y < 0 ? "before" : "behind")
                                                : (ears.z < 0 ? "above" : "below"),
                    SMP_EARS_OFF_MM);
}

enum smp_code smp_check_placement(const char *name, const struct smp_raw_head *raw,
                                  double asymmetry_mm, struct smp_arena *scratch,
                                  struct smp_err *err)
{
    enum smp_code code = check_sides(raw, asymmetry_mm, name, err);
    if (!code)
        code = check_profile(raw, name, scratch, err);
    if (!code)
        code = check_height(raw, name, err);
    return code;
}
