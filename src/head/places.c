// Landmarks of a scan: given, found on its profile, or drawn from the bent template onto its skin.
#include "head/head_impl.h"

#include <math.h>

static const double middle_mm = 6; // half width of the strip in which the profile is sought
// How far the landmark a person would mark lies from the one found here.
static const double fiducial_sd_mm = 2, found_sd_mm = 2, profile_sd_mm = 3, drawn_sd_mm = 4;
static const double given_off_mm = 10; // of the skin
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

// The template bent to the head's own tape.
static enum smp_code bend(struct smp_places *bent, const struct smp_head *head,
                          struct smp_arena *scratch, struct smp_err *err)
{
    struct smp_mould mould;
    const struct smp_mark mark = smp_arena_mark(scratch);
    const enum smp_code code = smp_mould_make(&mould, head->sex, scratch, err);
    smp_arena_reset(scratch, mark);
    if (code)
        return code;
    const struct smp_shape shape = { head->tape.breadth_mm / mould.breadth_mm,
                                     head->tape.length_mm / mould.length_mm,
                                     smp_up_mm(head->landmarks.vertex) / mould.height_mm,
                                     0,
                                     0,
                                     { 0 } };
    smp_mould_places(bent, &mould, &shape);
    return SMP_OK;
}

static void onto_skin(struct smp_vec3 *at, const struct smp_head *head, const struct smp_rays *rays)
{
    const struct smp_hit hit = smp_rays_nearest(rays, *at, 30);
    if (hit.triangle != SMP_NO_TRIANGLE)
        *at = smp_mesh_at(&head->mesh, hit.triangle, hit.bary);
}

// The bent template's places on the head's skin, the face as far forward as its nasion.
static void draw(struct smp_places *places, const struct smp_head *head,
                 const struct smp_places *bent, const struct smp_rays *rays)
{
    const double forward = head->landmarks.nasion.y - bent->at[SMP_PLACE_NASION].y;
    *places = *bent;
    for (int m = 0; m < SMP_PLACE_COUNT; m++) {
        struct smp_vec3 at = bent->at[m];
        at.y += forward * smp_clamp(at.y / 60, 0, 1);
        onto_skin(&at, head, rays);
        places->at[m] = at;
        if (!head->is_template)
            put(places, (enum smp_place)m, at,
                m == SMP_PLACE_TRICHION ? hairline_sd_mm : drawn_sd_mm, "drawn");
    }
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

// The face as a whole has its own size and tilt: what takes the bent template's profile onto the
// one found (a similarity in the mid-sagittal plane, points as complex numbers) takes the inner
// corners of the eyes along, which no profile shows.
static void draw_inner_eyes(struct smp_places *places, const struct smp_head *head,
                            const struct smp_places *bent, const struct smp_rays *rays)
{
    static const enum smp_place profile[] = { SMP_PLACE_NASION, SMP_PLACE_GLABELLA,
                                              SMP_PLACE_NOSE_TIP, SMP_PLACE_SUBNASALE,
                                              SMP_PLACE_CHIN };
    enum { POINTS = sizeof profile / sizeof *profile };
    struct smp_vec3 from = { 0 }, to = { 0 };
    double re = 0, im = 0, size = 0;
    for (int i = 0; i < POINTS; i++) {
        from = smp_add(from, smp_scale(bent->at[profile[i]], 1.0 / POINTS));
        to = smp_add(to, smp_scale(places->at[profile[i]], 1.0 / POINTS));
    }
    for (int i = 0; i < POINTS; i++) {
        const struct smp_vec3 a = smp_sub(bent->at[profile[i]], from);
        const struct smp_vec3 b = smp_sub(places->at[profile[i]], to);
        re += a.y * b.y + a.z * b.z;
        im += a.y * b.z - a.z * b.y;
        size += a.y * a.y + a.z * a.z;
    }
    for (int side = 0; side < 2; side++) {
        const enum smp_place eye = side ? SMP_PLACE_INNER_EYE_RIGHT : SMP_PLACE_INNER_EYE_LEFT;
        const struct smp_vec3 p = smp_sub(bent->at[eye], from);
        struct smp_vec3 at =
            smp_vec3(hypot(re, im) / size * p.x, to.y + (re * p.y - im * p.z) / size,
                     to.z + (im * p.y + re * p.z) / size);
        onto_skin(&at, head, rays);
        put(places, eye, at, drawn_sd_mm, "drawn");
    }
}

static void find_all(struct smp_places *places, const struct smp_head *head,
                     const struct smp_places *bent, const struct smp_rays *rays)
{
    const struct smp_landmarks *l = &head->landmarks;
    find_profile(places, head);
    put(places, SMP_PLACE_NASION, l->nasion, fiducial_sd_mm, "fiducial");
    put(places, SMP_PLACE_LPA, l->lpa, fiducial_sd_mm, "fiducial");
    put(places, SMP_PLACE_RPA, l->rpa, fiducial_sd_mm, "fiducial");
    put(places, SMP_PLACE_GLABELLA, l->glabella, found_sd_mm, "found");
    put(places, SMP_PLACE_VERTEX, l->vertex, flat_sd_mm, "found");
    put(places, SMP_PLACE_INION, l->inion, flat_sd_mm, "found");
    put(places, SMP_PLACE_OUTER_EYE_LEFT, l->canthus_left, drawn_sd_mm, "drawn");
    put(places, SMP_PLACE_OUTER_EYE_RIGHT, l->canthus_right, drawn_sd_mm, "drawn");
    places->sd_mm[SMP_PLACE_VERTEX].z = places->sd_mm[SMP_PLACE_INION].y = found_sd_mm;
    draw_inner_eyes(places, head, bent, rays);
}

// Those given, which must lie on the skin.
static enum smp_code take_given(struct smp_places *places, const struct smp_places *given,
                                const struct smp_rays *rays, struct smp_err *err)
{
    for (int m = 0; m < SMP_PLACE_COUNT; m++) {
        if (!(given->sd_mm[m].x > 0))
            continue;
        const struct smp_hit hit = smp_rays_nearest(rays, given->at[m], 1000);
        const double off = hit.triangle == SMP_NO_TRIANGLE ? 1000 : hit.distance;
        if (!(off <= given_off_mm))
            return smp_fail(err, SMP_E_INPUT,
                            "head.landmarks.%s lies %s%.1f mm off the surface, and must be within "
                            "%g mm of it",
                            smp_place_names[m], off >= 1000 ? "more than " : "", off, given_off_mm);
        places->at[m] = given->at[m];
        places->sd_mm[m] = given->sd_mm[m];
        places->how[m] = "given";
    }
    return SMP_OK;
}

enum smp_code smp_head_places(struct smp_places *places, const struct smp_head *head,
                              const struct smp_places *given, struct smp_arena *scratch,
                              struct smp_err *err)
{
    struct smp_places made, bent;
    struct smp_rays *rays;
    enum smp_code code = bend(&bent, head, scratch, err);
    if (code || (code = smp_rays_make(&rays, &head->mesh, err)))
        return code;
    draw(&made, head, &bent, rays);
    if (!head->is_template)
        find_all(&made, head, &bent, rays);
    if (given)
        code = take_given(&made, given, rays, err);
    smp_rays_drop(rays);
    if (!code)
        *places = made;
    return code;
}
