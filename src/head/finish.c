// From a welded mesh in the head frame to a head: landmarks, tape, refinement, chart, zones,
// areas.
#include "head/head_impl.h"

#include <math.h>
#include <string.h>

// Longest edges: the scalp carries dots; the face only has to look right; below the neck nothing
// is planned.
static const double scalp_edge_mm = 1.5, face_edge_mm = 2.2, far_edge_mm = 5.0;
enum { MAX_TRIANGLES = 6000000 };
const double smp_hairline_mm = 65; // natural hairline over the glabella

// ---- Refinement ---------------------------------------------------------------------------------

static double edge_limit(const struct smp_chart_frame *frame, const struct smp_mesh *mesh, size_t t)
{
    double low = HUGE_VAL;
    bool near_scalp = false;
    for (int k = 0; k < 3; k++) {
        const struct smp_vec3 p = mesh->points[mesh->triangles[t][k]];
        const struct smp_vec2 a = smp_chart_map(frame, p);
        near_scalp = near_scalp || hypot(a.x, a.y) < smp_chart_limit(atan2(a.x, a.y)) + 0.06;
        low = fmin(low, smp_up_mm(p));
    }
    return near_scalp ? scalp_edge_mm : low > -95 ? face_edge_mm : far_edge_mm;
}

static enum smp_code refine(struct smp_refined *fine, const struct smp_raw_head *raw,
                            const struct smp_chart_frame *frame, struct smp_arena *arena,
                            struct smp_err *err)
{
    const struct smp_mesh *mesh = &raw->mesh;
    double *limit = smp_new(arena, double, mesh->triangle_count);
    struct smp_vec3 *normals = smp_new(arena, struct smp_vec3, mesh->point_count);
    if (!limit || !normals)
        return smp_fail(err, SMP_E_NOMEM, "no room to refine the head");
    const enum smp_code code = smp_mesh_normals(normals, mesh, err);
    if (code)
        return code;
    for (size_t t = 0; t < mesh->triangle_count; t++)
        limit[t] = raw->outer[t] ? edge_limit(frame, mesh, t) : HUGE_VAL;
    return smp_mesh_refine_by(fine, mesh, normals, limit, MAX_TRIANGLES, arena, err);
}

// ---- Per point ----------------------------------------------------------------------------------

static enum smp_code spread_paint(struct smp_head *head, const struct smp_raw_head *raw,
                                  const struct smp_refined *fine, struct smp_arena *arena,
                                  struct smp_err *err)
{
    uint8_t **to[3] = { &head->brow, &head->lip, &head->lash };
    for (int c = 0; c < 3 && raw->paint[c]; c++) {
        uint8_t *weight = smp_new(arena, uint8_t, fine->mesh.point_count);
        if (!weight)
            return smp_fail(err, SMP_E_NOMEM, "no room for the head's paint");
        for (size_t t = 0; t < fine->mesh.triangle_count; t++) {
            const uint32_t *from = raw->mesh.triangles[fine->parents[t]];
            for (int k = 0; k < 3; k++) {
                double sum = 0;
                for (int i = 0; i < 3; i++)
                    sum += fine->bary[t][k][i] * raw->paint[c][from[i]];
                weight[fine->mesh.triangles[t][k]] = (uint8_t)lround(sum);
            }
        }
        *to[c] = weight;
    }
    return SMP_OK;
}

static void place_points(struct smp_head *head, const struct smp_chart_frame *frame)
{
    const struct smp_mesh *mesh = &head->mesh;
    for (size_t t = 0; t < mesh->triangle_count; t++) {
        for (int k = 0; k < 3 && head->outer[t]; k++)
            head->zones[mesh->triangles[t][k]] = 1; // of outer skin; its zone follows
    }
    for (size_t i = 0; i < mesh->point_count; i++) {
        head->chart[i] = smp_chart_map(frame, mesh->points[i]);
        head->zones[i] = (uint8_t)(head->zones[i] ? smp_chart_zone(head->chart[i]) : SMP_ZONE_NONE);
    }
}

// ---- Ears ---------------------------------------------------------------------------------------

// Around the ears the chart's limit alone would let an ear that stands high into the scalp: what
// reaches farther out than the skull, or does not face outward as the skull does, is ear.
static bool is_ear(const struct smp_head *head, const struct smp_chart_frame *frame, size_t i)
{
    const struct smp_vec2 a = head->chart[i];
    const double degrees = fabs(atan2(a.x, a.y)) * 180 / SMP_PI;
    if (hypot(a.x, a.y) < 0.74 || degrees < 88 || degrees > 130)
        return false;
    const struct smp_vec3 p = head->mesh.points[i], n = head->normals[i];
    const double facing = n.x * p.x > 0 ? fabs(n.x) : -fabs(n.x);
    return fabs(p.x) > frame->half_breadth + 1.5 || facing < 0.62;
}

static enum smp_code clear_ears(struct smp_head *head, const struct smp_chart_frame *frame,
                                struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_mesh *mesh = &head->mesh;
    bool *ear = smp_new(arena, bool, mesh->point_count);
    bool *wider = smp_new(arena, bool, mesh->point_count);
    if (!ear || !wider)
        return smp_fail(err, SMP_E_NOMEM, "no room to find the ears");
    for (size_t i = 0; i < mesh->point_count; i++)
        ear[i] = head->zones[i] != SMP_ZONE_NONE && is_ear(head, frame, i);
    for (int ring = 0; ring < 3; ring++) { // a margin of three edges, about 3 mm
        memcpy(wider, ear, mesh->point_count * sizeof *ear);
        for (size_t t = 0; t < mesh->triangle_count; t++) {
            const uint32_t *c = mesh->triangles[t];
            if (ear[c[0]] || ear[c[1]] || ear[c[2]])
                wider[c[0]] = wider[c[1]] = wider[c[2]] = true;
        }
        memcpy(ear, wider, mesh->point_count * sizeof *ear);
    }
    for (size_t i = 0; i < mesh->point_count; i++) {
        if (ear[i])
            head->zones[i] = SMP_ZONE_NONE;
    }
    return SMP_OK;
}

// ---- Natural hairline and areas -----------------------------------------------------------------

// Running height of the tape up from the glabella along the mid-sagittal section.
static struct smp_vec3 above_glabella(const struct smp_head *head, double length_mm)
{
    uint32_t nearest = 0;
    double best = HUGE_VAL;
    const struct smp_vec3 start = head->landmarks.glabella;
    for (size_t t = 0; t < head->mesh.triangle_count; t++) {
        static const double middle[3] = { 1.0 / 3, 1.0 / 3, 1.0 / 3 };
        const struct smp_vec3 d = smp_sub(smp_mesh_at(&head->mesh, t, middle), start);
        if (head->outer[t] && smp_dot(d, d) < best) {
            best = smp_dot(d, d);
            nearest = (uint32_t)t;
        }
    }
    return smp_walk_from(head, nearest, start, smp_vec3(0, 0, 1), smp_vec3(1, 0, 0), length_mm);
}

static void measure_areas(struct smp_head *head)
{
    const struct smp_mesh *mesh = &head->mesh;
    head->tape.scalp_cm2 = 0;
    for (int z = 0; z < SMP_ZONE_COUNT; z++)
        head->tape.zone_cm2[z] = 0;
    for (size_t t = 0; t < mesh->triangle_count; t++) {
        if (!head->outer[t])
            continue;
        const double third_cm2 = smp_length(smp_mesh_area_vector(mesh, t)) / 300;
        for (int k = 0; k < 3; k++) {
            const uint32_t p = mesh->triangles[t][k];
            if (head->zones[p] != SMP_ZONE_NONE && smp_behind_hairline(head, head->chart[p]) > 0)
                head->tape.zone_cm2[head->zones[p]] += third_cm2;
        }
    }
    for (int z = 0; z < SMP_ZONE_COUNT; z++)
        head->tape.scalp_cm2 += head->tape.zone_cm2[z];
}

enum smp_code smp_head_finish(struct smp_head *head, const struct smp_raw_head *raw,
                              struct smp_arena *arena, struct smp_err *err)
{
    struct smp_profile profile;
    enum smp_code code =
        smp_tape_read(&head->tape, &profile, &raw->mesh, raw->outer, &raw->fiducials, arena, err);
    if (code)
        return code;
    head->landmarks = (struct smp_landmarks){
        .nasion = raw->fiducials.nasion,
        .lpa = raw->fiducials.lpa,
        .rpa = raw->fiducials.rpa,
        .glabella = profile.glabella,
        .vertex = profile.vertex,
        .inion = profile.inion,
        .canthus_left = raw->canthus_left,
        .canthus_right = raw->canthus_right,
    };
    const struct smp_chart_frame frame = smp_chart_frame(&head->landmarks, &head->tape);
    struct smp_refined fine;
    if ((code = refine(&fine, raw, &frame, arena, err)))
        return code;
    head->mesh = fine.mesh;
    const size_t points = fine.mesh.point_count, triangles = fine.mesh.triangle_count;
    head->normals = smp_new(arena, struct smp_vec3, points);
    head->chart = smp_new(arena, struct smp_vec2, points);
    head->zones = smp_new(arena, uint8_t, points);
    head->outer = smp_new(arena, bool, triangles);
    head->neighbours = smp_alloc(arena, triangles, sizeof *head->neighbours);
    if (!head->normals || !head->chart || !head->zones || !head->outer || !head->neighbours)
        return smp_fail(err, SMP_E_NOMEM, "no room for a head of %zu triangles", triangles);
    for (size_t t = 0; t < triangles; t++)
        head->outer[t] = raw->outer[fine.parents[t]];
    if ((code = smp_mesh_normals(head->normals, &head->mesh, err)) ||
        (code = smp_mesh_neighbours(head->neighbours, &head->mesh, arena, err)) ||
        (code = spread_paint(head, raw, &fine, arena, err)))
        return code;
    place_points(head, &frame);
    if ((code = clear_ears(head, &frame, arena, err)))
        return code;
    const struct smp_vec2 mid = smp_chart_map(&frame, above_glabella(head, smp_hairline_mm));
    head->hairline_radius = hypot(mid.x, mid.y);
    measure_areas(head);
    return SMP_OK;
}
