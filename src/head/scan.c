// A head from a client's scan: cleaned, turned into the head frame, checked.
#include "head/head_impl.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double weld_mm = 0.01;
// Finer scans are thinned out: at 1.25 million the triangles of a head and shoulders still have
// edges of 0.7 mm, half of what the scalp is made of in the end.
static const size_t max_triangles = 2500000, thinned_triangles = 1250000;
// From the least that a tape may read (smp_tape_fields) to the most, with 20 mm of hair.
static const double breadth_low_mm = 122, breadth_high_mm = 205;
static const double rough_most = 0.10; // of the scalp's area: a tenth more dots than skin
static const double length_low_mm = 160, length_high_mm = 255;

// A complaint of a step that does not know the file, with its name before it.
static enum smp_code with_name(const char *name, const struct smp_err *own, struct smp_err *err)
{
    return smp_fail(err, own->code, "%s: %s", name, own->msg);
}

// ---- Head frame ---------------------------------------------------------------------------------

static struct smp_vec3 into(const struct smp_file_frame *f, struct smp_vec3 p)
{
    const struct smp_vec3 d = smp_sub(p, f->origin_mm);
    return smp_vec3(smp_dot(d, f->x), smp_dot(d, f->y), smp_dot(d, f->z));
}

struct smp_vec3 smp_head_from_file(const struct smp_head *head, struct smp_vec3 point)
{
    return into(&head->file, smp_scale(point, head->file.mm_per_unit));
}

static struct smp_file_frame frame_of(const struct smp_fiducials *f)
{
    struct smp_file_frame t = { .mm_per_unit = 1,
                                .origin_mm = smp_scale(smp_add(f->lpa, f->rpa), 0.5) };
    t.x = smp_unit(smp_sub(f->rpa, f->lpa));
    struct smp_vec3 y = smp_sub(f->nasion, t.origin_mm);
    t.y = smp_unit(smp_sub(y, smp_scale(t.x, smp_dot(y, t.x))));
    t.z = smp_cross(t.x, t.y);
    return t;
}

// ---- Making -------------------------------------------------------------------------------------

// Lateral canthi by the proportions of the mean face (template head), drawn onto the skin.
static void estimate_canthi(struct smp_raw_head *raw, const struct smp_rays *rays,
                            const struct smp_file_frame *frame)
{
    const struct smp_fiducials *f = &raw->fiducials;
    struct smp_vec3 *to[2] = { &raw->canthus_left, &raw->canthus_right };
    for (int side = 0; side < 2; side++) {
        const struct smp_vec3 p =
            smp_vec3((side ? 0.61 : -0.61) * f->rpa.x, 0.765 * f->nasion.y, -0.01 * f->nasion.y);
        struct smp_vec3 in_scan = frame->origin_mm;
        in_scan = smp_add(in_scan, smp_scale(frame->x, p.x));
        in_scan = smp_add(in_scan, smp_scale(frame->y, p.y));
        in_scan = smp_add(in_scan, smp_scale(frame->z, p.z));
        const struct smp_hit hit = smp_rays_nearest(rays, in_scan, 25);
        *to[side] =
            hit.triangle == SMP_NO_TRIANGLE ? p : smp_mesh_at(&raw->mesh, hit.triangle, hit.bary);
    }
}

// How far the head, mirrored in the plane of its frame, lies from itself: a mean over the face and
// the skull, hands and hair clipped. The mesh is still in the file's frame.
static double asymmetry_mm(const struct smp_raw_head *raw, const struct smp_rays *rays,
                           const struct smp_file_frame *frame)
{
    enum { SAMPLES = 4000 };
    static const double far_mm = 20;
    const struct smp_mesh *mesh = &raw->mesh;
    const size_t stride = mesh->triangle_count / SAMPLES + 1;
    double sum = 0, weight = 0;
    for (size_t t = 0; t < mesh->triangle_count; t += stride) {
        const struct smp_vec3 p = mesh->points[mesh->triangles[t][0]];
        const struct smp_vec3 q = into(frame, p);
        if (!raw->outer[t] || smp_up_mm(q) < -20 || smp_length(q) > 200)
            continue;
        const struct smp_vec3 there = smp_sub(p, smp_scale(frame->x, 2 * q.x));
        const struct smp_hit hit = smp_rays_nearest(rays, there, far_mm);
        const double area = smp_length(smp_mesh_area_vector(mesh, t));
        sum += area * (hit.triangle == SMP_NO_TRIANGLE ? far_mm : hit.distance);
        weight += area;
    }
    return weight > 0 ? sum / weight : 0;
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

// ---- What is said of the scan -------------------------------------------------------------------

// By how much the scalp has more skin than a smooth one: area over that of its patches of about
// 10 mm, as if each were even. Hair, noise and folds make it; the curve of a skull adds 0.002.
static double rough_share(const struct smp_head *head)
{
    enum { side = 42, middle = side / 2 };
    static const double patch = 0.068; // of the chart; one radius is about 150 mm of skin
    static const struct smp_vec3 none = { 0, 0, 0 };
    struct smp_vec3 even[side * side];
    double area = 0, smooth = 0;
    for (size_t i = 0; i < side * side; i++)
        even[i] = none;
    for (size_t t = 0; t < head->mesh.triangle_count; t++) {
        const uint32_t *corner = head->mesh.triangles[t];
        const struct smp_vec2 at = head->chart[corner[0]];
        const double u = floor(at.x / patch) + middle, v = floor(at.y / patch) + middle;
        if (!head->outer[t] || head->zones[corner[0]] == SMP_ZONE_NONE || !(u >= 0 && u < side) ||
            !(v >= 0 && v < side))
            continue;
        const struct smp_vec3 a = smp_mesh_area_vector(&head->mesh, t);
        struct smp_vec3 *sum = &even[(size_t)v * side + (size_t)u];
        *sum = smp_add(*sum, a);
        area += smp_length(a);
    }
    for (size_t i = 0; i < side * side; i++)
        smooth += smp_length(even[i]);
    return smooth > 0 ? area / smooth - 1 : 0;
}

static enum smp_code check_rough(struct smp_head *head, const char *name, struct smp_err *err)
{
    head->rough_share = rough_share(head);
    if (head->rough_share <= rough_most)
        return SMP_OK;
    return smp_fail(err, SMP_E_INPUT,
                    "%s: the scalp is so rough that it has %.0f %% more area than smooth skin, and "
                    "must have %g %% at most for dots to be counted on it: smooth the scan, or "
                    "scan again with the hair cropped",
                    name, 100 * head->rough_share, 100 * rough_most);
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
    char inner[96] = "", holes[96] = "", thinned[128] = "", rough[96] = "";
    if (thinning->from)
        snprintf(thinned, sizeof thinned, "; %zu triangles were thinned out to %zu, %.2f mm apart",
                 thinning->from, raw->mesh.triangle_count, thinning->cell_mm);
    if (hidden)
        snprintf(inner, sizeof inner, "; %zu inner or loose triangles get no dots", hidden);
    if (head->open_mm > 0)
        snprintf(holes, sizeof holes, "; the scalp has open borders, which were left open");
    if (head->rough_share >= 0.01)
        snprintf(rough, sizeof rough,
                 "; the scalp is rough and has %.0f %% more area than smooth skin",
                 100 * head->rough_share);
    head->note =
        smp_format(arena, "lateral canthi are estimated from the face's proportions%s%s%s%s", inner,
                   holes, thinned, rough);
    return head->note ? SMP_OK : smp_fail(err, SMP_E_NOMEM, "no room for the head's note");
}

// Cleaned mesh, rays on it, fiducials on the skin, then all into the head frame.
static enum smp_code prepare(struct smp_raw_head *raw, struct smp_file_frame *frame,
                             const char *name, struct smp_pool *pool, struct smp_arena *arena,
                             struct smp_err *err)
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
    if (!(code = smp_snap_fiducial(&f->nasion, "nasion", name, &raw->mesh, rays, err)) &&
        !(code = smp_snap_fiducial(&f->lpa, "lpa", name, &raw->mesh, rays, err)))
        code = smp_snap_fiducial(&f->rpa, "rpa", name, &raw->mesh, rays, err);
    if (!code) {
        const struct smp_file_frame t = *frame = frame_of(f);
        const double uneven_mm = asymmetry_mm(raw, rays, &t);
        *f = (struct smp_fiducials){ into(&t, f->nasion), into(&t, f->lpa), into(&t, f->rpa) };
        estimate_canthi(raw, rays, &t);
        raw->canthus_left = into(&t, raw->canthus_left);
        raw->canthus_right = into(&t, raw->canthus_right);
        for (size_t i = 0; i < raw->mesh.point_count; i++)
            raw->mesh.points[i] = into(&t, raw->mesh.points[i]);
        code = smp_check_placement(name, raw, uneven_mm, arena, err);
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
    const enum smp_code code = smp_check_length(name, "the head's length", tape.length_mm,
                                                length_low_mm, length_high_mm, mm_per_unit, err);
    if (code)
        return code;
    return smp_check_length(name, "the head's breadth", tape.breadth_mm, breadth_low_mm,
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
    if ((code = smp_check_fiducials(name, &raw.fiducials, s, err)) ||
        (code = thin_out(&thinning, mesh, s, name, arena, err)) ||
        (code = scaled(&raw.mesh, &thinning.mesh, s, name, arena, err)) ||
        (code = prepare(&raw, &made.file, name, pool, arena, err)) ||
        (code = check_size(&raw, name, s, arena, err)) ||
        (code = smp_head_finish(&made, &raw, arena, err)) ||
        (code = check_rough(&made, name, err)) ||
        (code = set_note(&made, &raw, &thinning, arena, err)))
        return code;
    made.file.mm_per_unit = s;
    *head = made;
    return SMP_OK;
}
