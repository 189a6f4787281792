#include "mesh/mesh.h"

#include <math.h>

// Rays a triangle, spread over the hemisphere, and how many must get away.
enum { RAYS = 24, ESCAPES = 2 };
// A piece whose visible area is a smaller share than this of the largest one is an inner part that
// shows through an opening (eyes, teeth), not skin.
static const double piece_share = 0.2;

struct outer {
    const struct smp_mesh *mesh;
    const struct smp_rays *rays;
    bool *seen;
    double reach, lift;
};

// Directions by the golden angle, denser toward the normal (uniform in the sine squared).
static void look(void *context, size_t begin, size_t end)
{
    const struct outer *o = context;
    static const double third[3] = { 1.0 / 3, 1.0 / 3, 1.0 / 3 };
    for (size_t t = begin; t < end; t++) {
        const struct smp_vec3 n = smp_unit(smp_mesh_area_vector(o->mesh, t));
        if (smp_dot(n, n) < 0.5)
            continue; // no area: never seen
        const struct smp_vec3 side = fabs(n.x) < 0.6 ? smp_vec3(1, 0, 0) : smp_vec3(0, 1, 0);
        const struct smp_vec3 a = smp_unit(smp_cross(n, side)), b = smp_cross(n, a);
        const struct smp_vec3 from = smp_add(smp_mesh_at(o->mesh, t, third), smp_scale(n, o->lift));
        int escaped = 0;
        for (int i = 0; i < RAYS && escaped < ESCAPES; i++) {
            const double s = sqrt((i + 0.5) / RAYS) * 0.97, angle = 2.39996322972865332 * i;
            const struct smp_vec3 d =
                smp_add(smp_scale(n, sqrt(1 - s * s)),
                        smp_add(smp_scale(a, s * cos(angle)), smp_scale(b, s * sin(angle))));
            escaped += !smp_rays_blocked(o->rays, from, d, 0, o->reach);
        }
        o->seen[t] = escaped >= ESCAPES;
    }
}

enum smp_code smp_mesh_outer(bool *outer, const struct smp_mesh *mesh, struct smp_pool *pool,
                             struct smp_arena *scratch, struct smp_err *err)
{
    const struct smp_mark mark = smp_arena_mark(scratch);
    const size_t count = mesh->triangle_count;
    uint32_t *labels = smp_new(scratch, uint32_t, count);
    double *seen_area = smp_new(scratch, double, count);
    if (!labels || !seen_area)
        return smp_fail(err, SMP_E_NOMEM, "no room to look at %zu triangles", count);
    size_t pieces;
    enum smp_code code = smp_mesh_pieces(labels, &pieces, mesh, scratch, err);
    if (code)
        return code;
    struct smp_rays *rays;
    if ((code = smp_rays_make(&rays, mesh, err)))
        return code;
    struct smp_vec3 low, high;
    smp_mesh_bounds(&low, &high, mesh);
    const double size = smp_length(smp_sub(high, low));
    for (size_t t = 0; t < count; t++)
        outer[t] = false;
    smp_pool_for(pool, count, 1024, look,
                 &(struct outer){ mesh, rays, outer, 2 * size, 1e-5 * size });
    smp_rays_drop(rays);

    double largest = 0;
    for (size_t t = 0; t < count; t++) {
        if (outer[t])
            seen_area[labels[t]] += smp_length(smp_mesh_area_vector(mesh, t));
    }
    for (size_t p = 0; p < pieces; p++)
        largest = fmax(largest, seen_area[p]);
    for (size_t t = 0; t < count; t++)
        outer[t] = outer[t] && seen_area[labels[t]] >= piece_share * largest;
    smp_arena_reset(scratch, mark);
    return SMP_OK;
}
