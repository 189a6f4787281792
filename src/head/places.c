// Landmarks of a scan: given, found on its profile, or drawn from the bent template onto its skin.
#include "head/head_impl.h"

#include <math.h>

static const double middle_mm = 6; // half width of the strip in which the profile is sought
// How far the landmark a person would mark lies from the one found here.
static const double fiducial_sd_mm = 2, found_sd_mm = 2, profile_sd_mm = 3, drawn_sd_mm = 4;
static const double flat_sd_mm = 5, hairline_sd_mm = 9;

// The point of the outer skin's middle strip that lies farthest along a direction, within a box
// around `near`: half widths along `ahead` and `up` of the upright head.
static struct smp_vec3 farthest(const struct smp_head *head, struct smp_vec3 near, double half_mm,
                                double ahead, double up)
{
    struct smp_vec3 best = near;
    double far = -HUGE_VAL;
    for (size_t t = 0; t < head->mesh.triangle_count; t++) {
        if (!head->outer[t])
            continue;
        for (int k = 0; k < 3; k++) {
            const struct smp_vec3 p = head->mesh.points[head->mesh.triangles[t][k]];
            const double reach = ahead * smp_ahead_mm(p) + up * smp_up_mm(p);
            if (fabs(p.x - near.x) > middle_mm || reach <= far ||
                fabs(smp_up_mm(p) - smp_up_mm(near)) > half_mm ||
                fabs(smp_ahead_mm(p) - smp_ahead_mm(near)) > half_mm)
                continue;
            far = reach;
            best = p;
        }
    }
    return best;
}

static void put(struct smp_places *places, enum smp_place place, struct smp_vec3 at, double sd_mm,
                const char *how)
{
    places->how[place] = how;
    places->at[place] = at;
    places->sd_mm[place] = smp_vec3(sd_mm, sd_mm, sd_mm);
}

// The template bent to the head's tape, moved so that its nasion is the head's.
static enum smp_code draw(struct smp_places *places, const struct smp_head *head,
                          struct smp_arena *scratch, struct smp_err *err)
{
    struct smp_mould mould;
    enum smp_code code = smp_mould_make(&mould, head->sex, scratch, err);
    if (code)
        return code;
    const struct smp_shape shape = { head->tape.breadth_mm / mould.breadth_mm,
                                     head->tape.length_mm / mould.length_mm,
                                     smp_up_mm(head->landmarks.vertex) / mould.height_mm, 0, 0 };
    smp_mould_places(places, &mould, &shape);
    const struct smp_vec3 off = smp_sub(head->landmarks.nasion, places->at[SMP_PLACE_NASION]);
    struct smp_rays *rays;
    if ((code = smp_rays_make(&rays, &head->mesh, err)))
        return code;
    for (int m = 0; m < SMP_PLACE_COUNT; m++) {
        struct smp_vec3 *p = &places->at[m];
        // The nose's bridge is thin: a nasion marked aside does not take the face along.
        p->y += off.y * smp_clamp(p->y / 60, 0, 1);
        const struct smp_hit hit = smp_rays_nearest(rays, *p, 30);
        if (hit.triangle != SMP_NO_TRIANGLE)
            *p = smp_mesh_at(&head->mesh, hit.triangle, hit.bary);
        if (head->is_template)
            continue;
        const double sd_mm = m == SMP_PLACE_TRICHION ? hairline_sd_mm : drawn_sd_mm;
        put(places, (enum smp_place)m, *p, sd_mm, "drawn");
    }
    smp_rays_drop(rays);
    return SMP_OK;
}

static void find_profile(struct smp_places *places, const struct smp_head *head)
{
    const struct smp_vec3 tip = farthest(head, places->at[SMP_PLACE_NOSE_TIP], 22, 1, 0);
    put(places, SMP_PLACE_NOSE_TIP, tip, profile_sd_mm, "found");
    // Under the tip the lip stands forward again: the deepest place between them.
    struct smp_vec3 under = tip;
    double deep = HUGE_VAL;
    for (size_t t = 0; t < head->mesh.triangle_count; t++) {
        const struct smp_vec3 p = head->mesh.points[head->mesh.triangles[t][0]];
        const double down = smp_up_mm(tip) - smp_up_mm(p), in = smp_ahead_mm(tip) - smp_ahead_mm(p);
        if (!head->outer[t] || fabs(p.x - tip.x) > 2 || down < 6 || down > 22 || in > 25 ||
            down - in >= deep)
            continue;
        deep = down - in; // along the bisector of columella and lip
        under = p;
    }
    put(places, SMP_PLACE_SUBNASALE, under, profile_sd_mm, "found");
    const struct smp_vec3 chin =
        farthest(head, places->at[SMP_PLACE_CHIN], 22, sqrt(0.5), -sqrt(0.5));
    put(places, SMP_PLACE_CHIN, chin, profile_sd_mm, "found");
}

enum smp_code smp_head_places(struct smp_places *places, const struct smp_head *head,
                              const struct smp_places *given, struct smp_arena *scratch,
                              struct smp_err *err)
{
    struct smp_places made;
    const struct smp_mark mark = smp_arena_mark(scratch);
    const enum smp_code code = draw(&made, head, scratch, err);
    smp_arena_reset(scratch, mark);
    if (code)
        return code;
    if (head->is_template) {
        *places = made;
        return SMP_OK;
    }
    find_profile(&made, head);
    put(&made, SMP_PLACE_NASION, head->landmarks.nasion, fiducial_sd_mm, "fiducial");
    put(&made, SMP_PLACE_LPA, head->landmarks.lpa, fiducial_sd_mm, "fiducial");
    put(&made, SMP_PLACE_RPA, head->landmarks.rpa, fiducial_sd_mm, "fiducial");
    put(&made, SMP_PLACE_GLABELLA, head->landmarks.glabella, found_sd_mm, "found");
    put(&made, SMP_PLACE_VERTEX, head->landmarks.vertex, flat_sd_mm, "found");
    put(&made, SMP_PLACE_INION, head->landmarks.inion, flat_sd_mm, "found");
    put(&made, SMP_PLACE_OUTER_EYE_LEFT, head->landmarks.canthus_left, drawn_sd_mm, "drawn");
    put(&made, SMP_PLACE_OUTER_EYE_RIGHT, head->landmarks.canthus_right, drawn_sd_mm, "drawn");
    made.sd_mm[SMP_PLACE_VERTEX].z = made.sd_mm[SMP_PLACE_INION].y = found_sd_mm;
    for (int m = 0; given && m < SMP_PLACE_COUNT; m++) {
        if (given->sd_mm[m].x > 0) {
            made.at[m] = given->at[m];
            made.sd_mm[m] = given->sd_mm[m];
            made.how[m] = "given";
        }
    }
    *places = made;
    return SMP_OK;
}
