// A tape on the skin: the section of the surface with a plane, followed triangle by triangle.
#include "head/head_impl.h"

#include <math.h>

static const double reach_mm = 50; // a point to walk from lies this near to the skin

struct step {
    uint32_t triangle;
    struct smp_vec3 point; // where it leaves the triangle
    int edge;              // by which edge
};

// Crossings of a triangle's edges with the plane; returns how many (0 or 2).
static int crossings(const struct smp_head *head, uint32_t triangle, struct smp_plane plane,
                     struct smp_vec3 points[2], int edges[2])
{
    const uint32_t *t = head->mesh.triangles[triangle];
    double d[3];
    int count = 0;
    for (int k = 0; k < 3; k++)
        d[k] = smp_dot(plane.normal, head->mesh.points[t[k]]) - plane.offset;
    for (int k = 0; k < 3; k++) {
        const int m = (k + 1) % 3;
        if ((d[k] >= 0) == (d[m] >= 0))
            continue;
        const struct smp_vec3 a = head->mesh.points[t[k]], b = head->mesh.points[t[m]];
        points[count] = smp_add(a, smp_scale(smp_sub(b, a), d[k] / (d[k] - d[m])));
        edges[count++] = k;
    }
    return count;
}

// Squared distance of q from the segment a–b; *share: where on it.
static double segment_distance2(struct smp_vec3 q, struct smp_vec3 a, struct smp_vec3 b,
                                double *share)
{
    const struct smp_vec3 ab = smp_sub(b, a);
    const double length2 = smp_dot(ab, ab);
    *share = length2 > 0 ? smp_clamp(smp_dot(smp_sub(q, a), ab) / length2, 0, 1) : 0;
    const struct smp_vec3 d = smp_sub(q, smp_add(a, smp_scale(ab, *share)));
    return smp_dot(d, d);
}

// Squared distance by which a segment misses the start, and how far it leads ahead of it.
struct choice {
    double miss2, lead;
    bool found;
};

// Takes the triangle if the plane crosses it nearer to the start, or as near and farther ahead.
static void consider(const struct smp_head *head, uint32_t triangle, struct smp_plane plane,
                     struct smp_vec3 start, struct smp_vec3 ahead, struct choice *best,
                     struct step *step)
{
    struct smp_vec3 points[2];
    int edges[2];
    if (triangle == SMP_NO_TRIANGLE || crossings(head, triangle, plane, points, edges) != 2)
        return;
    const int out = smp_dot(smp_sub(points[1], points[0]), ahead) > 0;
    double share;
    const double miss2 = segment_distance2(start, points[0], points[1], &share);
    const double lead = smp_dot(smp_sub(points[out], start), ahead);
    const double same = 1e-12; // mm²
    if (best->found &&
        (miss2 > best->miss2 + same || (miss2 > best->miss2 - same && lead <= best->lead)))
        return;
    *best = (struct choice){ miss2, lead, true };
    *step = (struct step){ triangle, points[out], edges[out] };
}

// The triangle where the walk begins: the one under the start or, where that is a corner or lies
// on an edge, one of those around its corners.
static bool begin(const struct smp_head *head, uint32_t under, struct smp_plane plane,
                  struct smp_vec3 start, struct smp_vec3 ahead, struct step *step)
{
    enum { FAN = 64 };
    struct choice best = { 0 };
    consider(head, under, plane, start, ahead, &best, step);
    for (int k = 0; k < 3; k++) {
        const uint32_t hub = head->mesh.triangles[under][k];
        uint32_t t = under;
        for (int i = 0; i < FAN && t != SMP_NO_TRIANGLE && (i == 0 || t != under); i++) {
            const uint32_t *c = head->mesh.triangles[t];
            const int at = c[0] == hub ? 0 : c[1] == hub ? 1 : 2;
            t = head->neighbours[t][at]; // around the hub
            if (t != SMP_NO_TRIANGLE)
                consider(head, t, plane, start, ahead, &best, step);
        }
    }
    return best.found;
}

static bool advance(const struct smp_head *head, struct smp_plane plane, struct step *step)
{
    const uint32_t next = head->neighbours[step->triangle][step->edge];
    struct smp_vec3 points[2];
    int edges[2];
    if (next == SMP_NO_TRIANGLE || crossings(head, next, plane, points, edges) != 2)
        return false;
    // Leave by the edge that is not the one just crossed.
    const uint32_t a = head->mesh.triangles[step->triangle][step->edge];
    const uint32_t b = head->mesh.triangles[step->triangle][(step->edge + 1) % 3];
    const uint32_t p = head->mesh.triangles[next][edges[0]];
    const uint32_t q = head->mesh.triangles[next][(edges[0] + 1) % 3];
    const int out = (p == a && q == b) || (p == b && q == a);
    *step = (struct step){ next, points[out], edges[out] };
    return true;
}

static struct smp_vec3 normal_at(const struct smp_head *head, const struct smp_hit *hit)
{
    struct smp_vec3 n = { 0 };
    for (int k = 0; k < 3; k++)
        n = smp_add(n,
                    smp_scale(head->normals[head->mesh.triangles[hit->triangle][k]], hit->bary[k]));
    return smp_unit(n);
}

struct smp_vec3 smp_walk_from(const struct smp_head *head, uint32_t triangle, struct smp_vec3 start,
                              struct smp_vec3 along, struct smp_vec3 plane_normal, double length_mm)
{
    const struct smp_plane plane = { plane_normal, smp_dot(plane_normal, start) };
    struct smp_vec3 at = start;
    struct step step;
    if (!(length_mm > 0) || !begin(head, triangle, plane, start, along, &step))
        return at;
    double left = length_mm;
    for (size_t i = 0; i < head->mesh.triangle_count; i++) {
        const struct smp_vec3 d = smp_sub(step.point, at);
        const double length = smp_length(d);
        if (length >= left)
            return smp_add(at, smp_scale(d, left / length));
        left -= length;
        at = step.point;
        if (!advance(head, plane, &step))
            return at;
    }
    return at;
}

struct smp_vec3 smp_head_walk(const struct smp_head *head, const struct smp_rays *rays,
                              struct smp_vec3 start, struct smp_vec3 along, double length_mm)
{
    const struct smp_hit hit = smp_rays_nearest(rays, start, reach_mm);
    if (hit.triangle == SMP_NO_TRIANGLE)
        return start;
    return smp_walk_from(head, hit.triangle, smp_mesh_at(&head->mesh, hit.triangle, hit.bary),
                         along, smp_unit(smp_cross(along, normal_at(head, &hit))), length_mm);
}

// Length of the section from start, in triangle `under`, to end, setting out toward `ahead`;
// infinite where it does not come within 1 mm of the end, or only farther than most_mm.
static double length_toward(const struct smp_head *head, uint32_t under, struct smp_plane plane,
                            const struct smp_vec3 ends[2], struct smp_vec3 ahead, double most_mm)
{
    struct step step;
    if (!begin(head, under, plane, ends[0], ahead, &step))
        return HUGE_VAL;
    struct smp_vec3 at = ends[0];
    double length = 0, best2 = 1, best = HUGE_VAL;
    for (size_t i = 0; i < head->mesh.triangle_count && length < most_mm; i++) {
        const double whole = smp_length(smp_sub(step.point, at));
        double share;
        const double d2 = segment_distance2(ends[1], at, step.point, &share);
        if (d2 < best2) {
            best2 = d2;
            best = length + share * whole;
        }
        if (d2 < 1e-6) // within 1 µm: the tape has arrived
            break;
        length += whole;
        at = step.point;
        if (!advance(head, plane, &step))
            break;
    }
    return best;
}

double smp_head_distance_mm(const struct smp_head *head, const struct smp_rays *rays,
                            struct smp_vec3 a, struct smp_vec3 b)
{
    const double chord = smp_length(smp_sub(b, a));
    const struct smp_hit from = smp_rays_nearest(rays, a, reach_mm),
                         to = smp_rays_nearest(rays, b, reach_mm);
    if (chord < 1e-9 || from.triangle == SMP_NO_TRIANGLE || to.triangle == SMP_NO_TRIANGLE ||
        from.triangle == to.triangle)
        return chord;
    const struct smp_vec3 ends[2] = { smp_mesh_at(&head->mesh, from.triangle, from.bary),
                                      smp_mesh_at(&head->mesh, to.triangle, to.bary) };
    const struct smp_vec3 along = smp_sub(ends[1], ends[0]);
    const struct smp_vec3 up = smp_add(normal_at(head, &from), normal_at(head, &to));
    struct smp_plane plane = { smp_unit(smp_cross(along, up)), 0 };
    plane.offset = smp_dot(plane.normal, ends[0]);
    // Between far points the chord runs into the head, and says little about which way round is
    // shorter: a way longer than most of a half circle is checked against the other one.
    const double most = 4 * chord + 50;
    double way = length_toward(head, from.triangle, plane, ends, along, most);
    if (way > 1.3 * chord)
        way = fmin(way, length_toward(head, from.triangle, plane, ends, smp_scale(along, -1),
                                      fmin(way, most)));
    return isinf(way) ? chord : way; // no way there: the straight line
}
