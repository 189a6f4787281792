// Rays and nearest points, by Embree 3.
//
// Embree works in floats and picks the triangle; distance and place on it are then solved again in
// doubles, so that a hit lies on the surface to rounding. The mesh is moved to its own centre
// first: floats are wasted on a head far from the origin.
//
// The tree is built by one thread (the build with several is not promised to give the same tree
// twice) and with the robust flag (no ray slips through a shared edge).
#include "mesh/mesh.h"

#include <embree3/rtcore.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct smp_rays {
    RTCDevice device;
    RTCScene scene;
    struct smp_vec3 *points; // a copy, as given
    uint32_t (*triangles)[3];
    size_t triangle_count;
    struct smp_vec3 centre;
    double slack; // more than a float's rounding anywhere on the mesh
};

static enum smp_code check_mesh(const struct smp_mesh *mesh, struct smp_err *err)
{
    if (mesh->triangle_count == 0)
        return smp_fail(err, SMP_E_INPUT, "the mesh has no triangles to meet rays");
    if (mesh->triangle_count >= SMP_NO_TRIANGLE)
        return smp_fail(err, SMP_E_LIMIT, "the mesh has %zu triangles, more than rays can number",
                        mesh->triangle_count);
    for (size_t i = 0; i < mesh->point_count; i++) {
        const struct smp_vec3 p = mesh->points[i];
        if (!(isfinite(p.x) && isfinite(p.y) && isfinite(p.z)))
            return smp_fail(err, SMP_E_INPUT, "point %zu of the mesh is not a finite number", i);
    }
    for (size_t t = 0; t < mesh->triangle_count; t++)
        for (int k = 0; k < 3; k++)
            if (mesh->triangles[t][k] >= mesh->point_count)
                return smp_fail(err, SMP_E_INPUT,
                                "triangle %zu of the mesh names point %u, but there are %zu points",
                                t, mesh->triangles[t][k], mesh->point_count);
    return SMP_OK;
}

static bool copy_mesh(struct smp_rays *rays, const struct smp_mesh *mesh)
{
    rays->points = calloc(mesh->point_count, sizeof *rays->points);
    rays->triangles = calloc(mesh->triangle_count, sizeof *rays->triangles);
    if (!rays->points || !rays->triangles)
        return false;
    memcpy(rays->points, mesh->points, mesh->point_count * sizeof *rays->points);
    memcpy(rays->triangles, mesh->triangles, mesh->triangle_count * sizeof *rays->triangles);
    rays->triangle_count = mesh->triangle_count;

    struct smp_vec3 low = mesh->points[0], high = low;
    for (size_t i = 1; i < mesh->point_count; i++) {
        const struct smp_vec3 p = mesh->points[i];
        low = smp_vec3(fmin(low.x, p.x), fmin(low.y, p.y), fmin(low.z, p.z));
        high = smp_vec3(fmax(high.x, p.x), fmax(high.y, p.y), fmax(high.z, p.z));
    }
    rays->centre = smp_scale(smp_add(low, high), 0.5);
    rays->slack = 1e-6 * smp_length(smp_sub(high, low));
    return true;
}

static bool build_scene(struct smp_rays *rays, size_t point_count)
{
    rays->device = rtcNewDevice("threads=1");
    rays->scene = rays->device ? rtcNewScene(rays->device) : NULL;
    if (!rays->scene)
        return false;
    rtcSetSceneFlags(rays->scene, RTC_SCENE_FLAG_ROBUST);
    rtcSetSceneBuildQuality(rays->scene, RTC_BUILD_QUALITY_MEDIUM);

    RTCGeometry geometry = rtcNewGeometry(rays->device, RTC_GEOMETRY_TYPE_TRIANGLE);
    if (!geometry)
        return false;
    float *points = rtcSetNewGeometryBuffer(geometry, RTC_BUFFER_TYPE_VERTEX, 0, RTC_FORMAT_FLOAT3,
                                            3 * sizeof(float), point_count);
    uint32_t *indices =
        rtcSetNewGeometryBuffer(geometry, RTC_BUFFER_TYPE_INDEX, 0, RTC_FORMAT_UINT3,
                                3 * sizeof(uint32_t), rays->triangle_count);
    if (points && indices) {
        for (size_t i = 0; i < point_count; i++) {
            const struct smp_vec3 p = smp_sub(rays->points[i], rays->centre);
            points[3 * i] = (float)p.x;
            points[3 * i + 1] = (float)p.y;
            points[3 * i + 2] = (float)p.z;
        }
        memcpy(indices, rays->triangles, rays->triangle_count * sizeof *rays->triangles);
        rtcCommitGeometry(geometry);
        rtcAttachGeometry(rays->scene, geometry);
        rtcCommitScene(rays->scene);
    }
    rtcReleaseGeometry(geometry);
    return points && indices && rtcGetDeviceError(rays->device) == RTC_ERROR_NONE;
}

enum smp_code smp_rays_make(struct smp_rays **rays, const struct smp_mesh *mesh,
                            struct smp_err *err)
{
    const enum smp_code code = check_mesh(mesh, err);
    if (code)
        return code;
    struct smp_rays *made = calloc(1, sizeof *made);
    if (!made || !copy_mesh(made, mesh) || !build_scene(made, mesh->point_count)) {
        smp_rays_drop(made);
        return smp_fail(err, SMP_E_NOMEM, "no room for the ray tree of %zu triangles",
                        mesh->triangle_count);
    }
    *rays = made;
    return SMP_OK;
}

void smp_rays_drop(struct smp_rays *rays)
{
    if (!rays)
        return;
    if (rays->scene)
        rtcReleaseScene(rays->scene);
    if (rays->device)
        rtcReleaseDevice(rays->device);
    free(rays->points);
    free(rays->triangles);
    free(rays);
}

static const struct smp_hit nothing = { .triangle = SMP_NO_TRIANGLE, .distance = (double)INFINITY };

static struct RTCRay embree_ray(const struct smp_rays *rays, struct smp_vec3 from,
                                struct smp_vec3 direction, double near_mm, double far_mm)
{
    const struct smp_vec3 o = smp_sub(from, rays->centre);
    return (struct RTCRay){
        .org_x = (float)o.x,
        .org_y = (float)o.y,
        .org_z = (float)o.z,
        .tnear = (float)near_mm,
        .dir_x = (float)direction.x,
        .dir_y = (float)direction.y,
        .dir_z = (float)direction.z,
        .tfar = (float)far_mm,
        .mask = UINT32_MAX,
    };
}

static void corners_of(struct smp_vec3 p[3], const struct smp_rays *rays, uint32_t triangle)
{
    for (int k = 0; k < 3; k++)
        p[k] = rays->points[rays->triangles[triangle][k]];
}

static struct smp_vec3 mix(const struct smp_vec3 p[3], const double bary[3])
{
    return smp_add(smp_add(smp_scale(p[0], bary[0]), smp_scale(p[1], bary[1])),
                   smp_scale(p[2], bary[2]));
}

// Weights made non-negative with sum 1; false where they are not numbers.
static bool settle(double bary[3])
{
    double sum = 0;
    for (int k = 0; k < 3; k++) {
        bary[k] = fmax(bary[k], 0);
        sum += bary[k];
    }
    if (!(sum > 0) || !isfinite(sum))
        return false;
    for (int k = 0; k < 3; k++)
        bary[k] /= sum;
    return true;
}

// Möller–Trumbore in doubles on the triangle Embree chose (u, v are its own answer, kept where the
// ray lies in the triangle's plane).
static struct smp_hit refine(const struct smp_rays *rays, uint32_t triangle, struct smp_vec3 from,
                             struct smp_vec3 direction, double u, double v)
{
    struct smp_vec3 p[3];
    corners_of(p, rays, triangle);
    const struct smp_vec3 a = smp_sub(p[1], p[0]), b = smp_sub(p[2], p[0]);
    const struct smp_vec3 q = smp_cross(direction, b), s = smp_sub(from, p[0]);
    const double det = smp_dot(a, q);
    struct smp_hit hit = { .triangle = triangle, .bary = { 1 - u - v, u, v } };
    const double du = smp_dot(s, q) / det, dv = smp_dot(direction, smp_cross(s, a)) / det;
    if (fabs(du - u) < 1e-2 && fabs(dv - v) < 1e-2) { // false for NaN too
        hit.bary[0] = 1 - du - dv;
        hit.bary[1] = du;
        hit.bary[2] = dv;
    }
    if (!settle(hit.bary))
        hit.bary[0] = 1, hit.bary[1] = hit.bary[2] = 0;
    hit.distance = smp_dot(smp_sub(mix(p, hit.bary), from), direction);
    return hit;
}

// A direction at right angles to a unit vector.
static struct smp_vec3 sideways(struct smp_vec3 d)
{
    return smp_unit(fabs(d.x) < 0.6 ? smp_vec3(0, d.z, -d.y) : smp_vec3(-d.z, 0, d.x));
}

struct smp_hit smp_rays_first(const struct smp_rays *rays, struct smp_vec3 from,
                              struct smp_vec3 direction, double near_mm, double far_mm)
{
    struct smp_vec3 start = from;
    for (int attempt = 0; attempt < 2; attempt++) {
        struct RTCIntersectContext context;
        rtcInitIntersectContext(&context);
        struct RTCRayHit ray = { .ray = embree_ray(rays, start, direction, near_mm, far_mm) };
        ray.hit.geomID = RTC_INVALID_GEOMETRY_ID;
        rtcIntersect1(rays->scene, &context, &ray);
        if (ray.hit.geomID != RTC_INVALID_GEOMETRY_ID)
            return refine(rays, ray.hit.primID, from, direction, (double)ray.hit.u,
                          (double)ray.hit.v);
        // Of 2,500 rays aimed exactly at corners, two went through although the scene is robust:
        // a ray that meets nothing is tried once more, a hair to the side.
        start = smp_add(from, smp_scale(sideways(direction), rays->slack));
    }
    return nothing;
}

bool smp_rays_blocked(const struct smp_rays *rays, struct smp_vec3 from, struct smp_vec3 direction,
                      double near_mm, double far_mm)
{
    struct RTCIntersectContext context;
    rtcInitIntersectContext(&context);
    struct RTCRay ray = embree_ray(rays, from, direction, near_mm, far_mm);
    rtcOccluded1(rays->scene, &context, &ray);
    return ray.tfar < 0;
}

// ---- Packets of eight ---------------------------------------------------------------------------

enum { PACKET = 8 };

static void set_lane(struct RTCRay8 *packet, size_t k, const struct smp_rays *rays,
                     const struct smp_ray *ray)
{
    const struct RTCRay one =
        embree_ray(rays, ray->from, ray->direction, ray->near_mm, ray->far_mm);
    packet->org_x[k] = one.org_x;
    packet->org_y[k] = one.org_y;
    packet->org_z[k] = one.org_z;
    packet->tnear[k] = one.tnear;
    packet->dir_x[k] = one.dir_x;
    packet->dir_y[k] = one.dir_y;
    packet->dir_z[k] = one.dir_z;
    packet->tfar[k] = one.tfar;
    packet->mask[k] = one.mask;
}

void smp_rays_first_many(const struct smp_rays *rays, struct smp_hit *hits,
                         const struct smp_ray *ray, size_t count)
{
    for (size_t i = 0; i < count; i += PACKET) {
        const size_t n = count - i < PACKET ? count - i : PACKET;
        struct RTCIntersectContext context;
        rtcInitIntersectContext(&context);
        context.flags = RTC_INTERSECT_CONTEXT_FLAG_COHERENT;
        struct RTCRayHit8 packet = { 0 };
        _Alignas(32) int valid[PACKET] = { 0 };
        for (size_t k = 0; k < n; k++) {
            set_lane(&packet.ray, k, rays, &ray[i + k]);
            packet.hit.geomID[k] = RTC_INVALID_GEOMETRY_ID;
            valid[k] = -1;
        }
        rtcIntersect8(valid, rays->scene, &context, &packet);
        for (size_t k = 0; k < n; k++) {
            const struct smp_ray *r = &ray[i + k];
            if (packet.hit.geomID[k] == RTC_INVALID_GEOMETRY_ID) // see smp_rays_first
                hits[i + k] = smp_rays_first(rays, r->from, r->direction, r->near_mm, r->far_mm);
            else
                hits[i + k] = refine(rays, packet.hit.primID[k], r->from, r->direction,
                                     (double)packet.hit.u[k], (double)packet.hit.v[k]);
        }
    }
}

void smp_rays_blocked_many(const struct smp_rays *rays, bool *blocked, const struct smp_ray *ray,
                           size_t count)
{
    for (size_t i = 0; i < count; i += PACKET) {
        const size_t n = count - i < PACKET ? count - i : PACKET;
        struct RTCIntersectContext context;
        rtcInitIntersectContext(&context);
        struct RTCRay8 packet = { 0 };
        _Alignas(32) int valid[PACKET] = { 0 };
        for (size_t k = 0; k < n; k++) {
            set_lane(&packet, k, rays, &ray[i + k]);
            valid[k] = -1;
        }
        rtcOccluded8(valid, rays->scene, &context, &packet);
        for (size_t k = 0; k < n; k++)
            blocked[i + k] = packet.tfar[k] < 0;
    }
}

// ---- Nearest point ------------------------------------------------------------------------------

// Weights of the point of a triangle nearest to q: by the region q lies in (Ericson, Real-Time
// Collision Detection, 2004, §5.1.5).
static void nearest_weights(double bary[3], const struct smp_vec3 p[3], struct smp_vec3 q)
{
    const struct smp_vec3 ab = smp_sub(p[1], p[0]), ac = smp_sub(p[2], p[0]);
    const struct smp_vec3 aq = smp_sub(q, p[0]), bq = smp_sub(q, p[1]), cq = smp_sub(q, p[2]);
    const double d1 = smp_dot(ab, aq), d2 = smp_dot(ac, aq), d3 = smp_dot(ab, bq);
    const double d4 = smp_dot(ac, bq), d5 = smp_dot(ab, cq), d6 = smp_dot(ac, cq);
    const double va = d3 * d6 - d5 * d4, vb = d5 * d2 - d1 * d6, vc = d1 * d4 - d3 * d2;
    double v = 0, w = 0;
    if (d1 <= 0 && d2 <= 0) {
        v = w = 0; // corner a
    } else if (d3 >= 0 && d4 <= d3) {
        v = 1; // corner b
    } else if (d6 >= 0 && d5 <= d6) {
        w = 1; // corner c
    } else if (vc <= 0 && d1 >= 0 && d3 <= 0) {
        v = d1 / (d1 - d3);
    } else if (vb <= 0 && d2 >= 0 && d6 <= 0) {
        w = d2 / (d2 - d6);
    } else if (va <= 0 && d4 - d3 >= 0 && d5 - d6 >= 0) {
        w = (d4 - d3) / ((d4 - d3) + (d5 - d6));
        v = 1 - w;
    } else {
        v = vb / (va + vb + vc);
        w = vc / (va + vb + vc);
    }
    bary[0] = 1 - v - w;
    bary[1] = v;
    bary[2] = w;
    if (!settle(bary)) // a triangle without area
        bary[0] = 1, bary[1] = bary[2] = 0;
}

struct nearest {
    const struct smp_rays *rays;
    struct smp_vec3 point;
    struct smp_hit best;
};

static bool visit_triangle(struct RTCPointQueryFunctionArguments *args)
{
    struct nearest *state = args->userPtr;
    struct smp_vec3 p[3];
    corners_of(p, state->rays, args->primID);
    struct smp_hit hit = { .triangle = args->primID };
    nearest_weights(hit.bary, p, state->point);
    hit.distance = smp_length(smp_sub(mix(p, hit.bary), state->point));
    const double best = state->best.distance;
    // Equally near triangles: the lower number wins, whatever the order of visits.
    if (hit.distance > best || (hit.distance == best && hit.triangle >= state->best.triangle))
        return false;
    state->best = hit;
    args->query->radius = (float)(hit.distance + state->rays->slack);
    return true;
}

struct smp_hit smp_rays_nearest(const struct smp_rays *rays, struct smp_vec3 point, double reach_mm)
{
    const struct smp_vec3 o = smp_sub(point, rays->centre);
    struct RTCPointQuery query = {
        .x = (float)o.x,
        .y = (float)o.y,
        .z = (float)o.z,
        .radius = (float)(reach_mm + rays->slack),
    };
    struct nearest state = { rays, point, nothing };
    state.best.distance = reach_mm;
    struct RTCPointQueryContext context;
    rtcInitPointQueryContext(&context);
    rtcPointQuery(rays->scene, &query, &context, visit_triangle, &state);
    if (state.best.triangle == SMP_NO_TRIANGLE)
        return nothing;
    return state.best;
}
