// A head from a client's scan: cleaned, turned into the head frame, checked.
#include "head/head_impl.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double weld_mm = 0.01;
static const double snap_mm = 8;   // a fiducial lies this near to the skin
static const double aside_mm = 15; // the nasion beside the middle; faces are askew by 5 mm at most
// Finer scans are thinned out: at 1.25 million the triangles of a head and shoulders still have
// edges of 0.7 mm, half of what the scalp is made of in the end.
static const size_t max_triangles = 2500000, thinned_triangles = 1250000;
static const double ears_low_mm = 90, ears_high_mm = 200;     // LPA to RPA
static const double nasion_low_mm = 50, nasion_high_mm = 150; // nasion to the line of the ears
static const double breadth_low_mm = 110, breadth_high_mm = 220;
static const double length_low_mm = 140, length_high_mm = 260;

// ---- Size and unit
// -------------------------------------------------------------------------------

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

static enum smp_code check_length(const char *name, const char *what, double mm, double low_mm,
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

// A complaint of a step that does not know the file, with its name before it.
static enum smp_code with_name(const char *name, const struct smp_err *own, struct smp_err *err)
{
    return smp_fail(err, own->code, "%s: %s", name, own->msg);
}

static bool finite3(struct smp_vec3 p)
{
    return isfinite(p.x) && isfinite(p.y) && isfinite(p.z);
}

// ---- Head frame
// ----------------------------------------------------------------------------------

struct turned {
    struct smp_vec3 origin, x, y, z;
};

static struct smp_vec3 into(const struct turned *f, struct smp_vec3 p)
{
    const struct smp_vec3 d = smp_sub(p, f->origin);
    return smp_vec3(smp_dot(d, f->x), smp_dot(d, f->y), smp_dot(d, f->z));
}

static struct turned frame_of(const struct smp_fiducials *f)
{
    struct turned t = { .origin = smp_scale(smp_add(f->lpa, f->rpa), 0.5) };
    t.x = smp_unit(smp_sub(f->rpa, f->lpa));
    struct smp_vec3 y = smp_sub(f->nasion, t.origin);
    t.y = smp_unit(smp_sub(y, smp_scale(t.x, smp_dot(y, t.x))));
    t.z = smp_cross(t.x, t.y);
    return t;
}

static enum smp_code check_fiducials(const char *name, const struct smp_fiducials *mm,
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
        check_length(name, "the distance of head.fiducials.lpa and rpa", smp_length(ears),
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
    return check_length(name, "the distance of the nasion from the line of LPA and RPA", ahead,
                        nasion_low_mm, nasion_high_mm, mm_per_unit, err);
}

static enum smp_code snap(struct smp_vec3 *point, const char *which, const char *name,
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

// How evenly a half of the head lies around the middle: variation of the radius over the area.
static double roughness(const struct smp_mesh *mesh, const bool *outer, double way)
{
    double area = 0, sum = 0, sum2 = 0;
    for (size_t t = 0; t < mesh->triangle_count; t++) {
        const struct smp_vec3 p = mesh->points[mesh->triangles[t][0]];
        const double r = smp_length(smp_sub(p, smp_vec3(0, 15, 0)));
        if (!outer[t] || way * p.z < 25 || r > 220)
            continue;
        const double a = smp_length(smp_mesh_area_vector(mesh, t));
        area += a;
        sum += a * r;
        sum2 += a * r * r;
    }
    if (!(area > 0))
        return HUGE_VAL;
    const double mean = sum / area;
    return sqrt(fmax(sum2 / area - mean * mean, 0)) / mean;
}

// The dome of the skull is the even half: were left and right exchanged, it would hang below.
static enum smp_code check_up(const struct smp_raw_head *raw, const char *name, struct smp_err *err)
{
    double top = 0;
    for (size_t i = 0; i < raw->mesh.point_count; i++)
        top = fmax(top, raw->mesh.points[i].z);
    if (top > 60 && roughness(&raw->mesh, raw->outer, 1) < roughness(&raw->mesh, raw->outer, -1))
        return SMP_OK;
    return smp_fail(err, SMP_E_INPUT,
                    "%s: the skull lies below head.fiducials: lpa is the person's left and rpa the "
                    "right one, and they seem exchanged, or the nasion lies at the back",
                    name);
}

// ---- Making
// ---------------------------------------------------------------------------------------

// Lateral canthi by the proportions of the mean face (template head), drawn onto the skin.
static void estimate_canthi(struct smp_raw_head *raw, const struct smp_rays *rays,
                            const struct turned *frame)
{
    const struct smp_fiducials *f = &raw->fiducials;
    struct smp_vec3 *to[2] = { &raw->canthus_left, &raw->canthus_right };
    for (int side = 0; side < 2; side++) {
        const struct smp_vec3 p =
            smp_vec3((side ? 0.61 : -0.61) * f->rpa.x, 0.765 * f->nasion.y, -0.01 * f->nasion.y);
        struct smp_vec3 in_scan = frame->origin;
        in_scan = smp_add(in_scan, smp_scale(frame->x, p.x));
        in_scan = smp_add(in_scan, smp_scale(frame->y, p.y));
        in_scan = smp_add(in_scan, smp_scale(frame->z, p.z));
        const struct smp_hit hit = smp_rays_nearest(rays, in_scan, 25);
        *to[side] =
            hit.triangle == SMP_NO_TRIANGLE ? p : smp_mesh_at(&raw->mesh, hit.triangle, hit.bary);
    }
}

// What was done to a scan that is finer than need be.
struct thinning {
    struct smp_mesh mesh;
    size_t from;
    double cell_mm;
};

static enum smp_code thin_out(struct thinning *thinning, const struct smp_mesh *mesh,
                              double mm_per_unit, const char *name, struct smp_arena *arena,
                              struct smp_err *err)
{
    *thinning = (struct thinning){ .mesh = *mesh };
    if (mesh->triangle_count <= max_triangles)
        return SMP_OK;
    struct smp_err own = { 0 };
    double cell;
    if (smp_mesh_thin(&thinning->mesh, &cell, mesh, thinned_triangles, arena, &own))
        return with_name(name, &own, err);
    thinning->from = mesh->triangle_count;
    thinning->cell_mm = cell * mm_per_unit;
    return SMP_OK;
}

static enum smp_code set_note(struct smp_head *head, const struct smp_raw_head *raw,
                              const struct thinning *thinning, struct smp_arena *arena,
                              struct smp_err *err)
{
    size_t hidden = 0;
    for (size_t t = 0; t < raw->mesh.triangle_count; t++)
        hidden += !raw->outer[t];
    for (size_t t = 0; t < head->mesh.triangle_count; t++) {
        const uint32_t *corner = head->mesh.triangles[t];
        for (size_t k = 0; k < 3; k++) {
            const struct smp_vec3 a = head->mesh.points[corner[k]];
            if (head->outer[t] && head->neighbours[t][k] == SMP_NO_TRIANGLE &&
                head->zones[corner[k]] != SMP_ZONE_NONE)
                head->open_mm += smp_length(smp_sub(head->mesh.points[corner[(k + 1) % 3]], a));
        }
    }
    char inner[96] = "", holes[96] = "", thinned[128] = "";
    if (thinning->from)
        snprintf(thinned, sizeof thinned, "; %zu triangles were thinned out to %zu, %.2f mm apart",
                 thinning->from, raw->mesh.triangle_count, thinning->cell_mm);
    if (hidden)
        snprintf(inner, sizeof inner, "; %zu inner or loose triangles get no dots", hidden);
    if (head->open_mm > 0)
        snprintf(holes, sizeof holes, "; the scalp has open borders, which were left open");
    head->note = smp_format(arena, "lateral canthi are estimated from the face's proportions%s%s%s",
                            inner, holes, thinned);
    return head->note ? SMP_OK : smp_fail(err, SMP_E_NOMEM, "no room for the head's note");
}

// Cleaned mesh, rays on it, fiducials on the skin, then all into the head frame.
static enum smp_code prepare(struct smp_raw_head *raw, const char *name, struct smp_pool *pool,
                             struct smp_arena *arena, struct smp_err *err)
{
    if (raw->mesh.triangle_count == 0 || !(smp_mesh_area(&raw->mesh) > 0))
        return smp_fail(err, SMP_E_INPUT, "%s: the scan has no triangles of any area", name);
    bool *outer = smp_new(arena, bool, raw->mesh.triangle_count);
    if (!outer)
        return smp_fail(err, SMP_E_NOMEM, "no room for a scan of %zu triangles",
                        raw->mesh.triangle_count);
    struct smp_rays *rays;
    enum smp_code code = smp_mesh_outer(outer, &raw->mesh, pool, arena, err);
    if (code || (code = smp_rays_make(&rays, &raw->mesh, err)))
        return code;
    raw->outer = outer;
    struct smp_fiducials *f = &raw->fiducials;
    if (!(code = snap(&f->nasion, "nasion", name, &raw->mesh, rays, err)) &&
        !(code = snap(&f->lpa, "lpa", name, &raw->mesh, rays, err)))
        code = snap(&f->rpa, "rpa", name, &raw->mesh, rays, err);
    if (!code) {
        const struct turned t = frame_of(f);
        *f = (struct smp_fiducials){ into(&t, f->nasion), into(&t, f->lpa), into(&t, f->rpa) };
        if (fabs(f->nasion.x) > aside_mm)
            code = smp_fail(err, SMP_E_INPUT,
                            "%s: head.fiducials.nasion lies %.1f mm beside the middle of lpa and "
                            "rpa, and must be within %g mm of it",
                            name, fabs(f->nasion.x), aside_mm);
        estimate_canthi(raw, rays, &t);
        raw->canthus_left = into(&t, raw->canthus_left);
        raw->canthus_right = into(&t, raw->canthus_right);
        for (size_t i = 0; i < raw->mesh.point_count; i++)
            raw->mesh.points[i] = into(&t, raw->mesh.points[i]);
        if (!code)
            code = check_up(raw, name, err);
    }
    smp_rays_drop(rays);
    return code;
}

static enum smp_code scaled(struct smp_mesh *welded, const struct smp_mesh *mesh,
                            double mm_per_unit, const char *name, struct smp_arena *arena,
                            struct smp_err *err)
{
    struct smp_mesh big = *mesh;
    big.points = smp_new(arena, struct smp_vec3, mesh->point_count);
    if (!big.points)
        return smp_fail(err, SMP_E_NOMEM, "no room for a scan of %zu points", mesh->point_count);
    for (size_t i = 0; i < mesh->point_count; i++)
        big.points[i] = smp_scale(mesh->points[i], mm_per_unit);
    struct smp_err own = { 0 };
    if (smp_mesh_weld(welded, &big, weld_mm, arena, &own))
        return with_name(name, &own, err);
    return SMP_OK;
}

static enum smp_code check_size(const struct smp_raw_head *raw, const char *name,
                                double mm_per_unit, struct smp_arena *arena, struct smp_err *err)
{
    struct smp_tape tape;
    struct smp_profile profile;
    struct smp_err own = { 0 };
    if (smp_tape_read(&tape, &profile, &raw->mesh, raw->outer, &raw->fiducials, arena, &own))
        return with_name(name, &own, err);
    const enum smp_code code = check_length(name, "the head's length", tape.length_mm,
                                            length_low_mm, length_high_mm, mm_per_unit, err);
    if (code)
        return code;
    return check_length(name, "the head's breadth", tape.breadth_mm, breadth_low_mm,
                        breadth_high_mm, mm_per_unit, err);
}

enum smp_code smp_head_from_mesh(struct smp_head *head, const struct smp_mesh *mesh,
                                 const struct smp_scan_frame *frame, enum smp_sex sex,
                                 const char *name, struct smp_pool *pool, struct smp_arena *arena,
                                 struct smp_err *err)
{
    const double s = frame->mm_per_unit;
    if (!(s > 0) || !isfinite(s))
        return smp_fail(err, SMP_E_INPUT, "%s: millimetres a unit must be above 0, not %g", name,
                        s);
    struct smp_raw_head raw = { 0 };
    raw.fiducials = (struct smp_fiducials){ smp_scale(frame->fiducials.nasion, s),
                                            smp_scale(frame->fiducials.lpa, s),
                                            smp_scale(frame->fiducials.rpa, s) };
    struct smp_head made = { .sex = sex, .note = "" };
    struct thinning thinning;
    enum smp_code code;
    if ((code = check_fiducials(name, &raw.fiducials, s, err)) ||
        (code = thin_out(&thinning, mesh, s, name, arena, err)) ||
        (code = scaled(&raw.mesh, &thinning.mesh, s, name, arena, err)) ||
        (code = prepare(&raw, name, pool, arena, err)) ||
        (code = check_size(&raw, name, s, arena, err)) ||
        (code = smp_head_finish(&made, &raw, arena, err)) ||
        (code = set_note(&made, &raw, &thinning, arena, err)))
        return code;
    *head = made;
    return SMP_OK;
}
