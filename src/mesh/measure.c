#include "mesh/mesh.h"

#include <math.h>

// A triangle flatter than this (height over longest edge) has no trustworthy normal.
static const double sliver_ratio = 1e-3;

struct smp_vec3 smp_mesh_area_vector(const struct smp_mesh *mesh, size_t triangle)
{
    const uint32_t *t = mesh->triangles[triangle];
    const struct smp_vec3 a = mesh->points[t[0]];
    return smp_scale(smp_cross(smp_sub(mesh->points[t[1]], a), smp_sub(mesh->points[t[2]], a)),
                     0.5);
}

double smp_mesh_area(const struct smp_mesh *mesh)
{
    double area = 0;
    for (size_t t = 0; t < mesh->triangle_count; t++)
        area += smp_length(smp_mesh_area_vector(mesh, t));
    return area;
}

void smp_mesh_bounds(struct smp_vec3 *low, struct smp_vec3 *high, const struct smp_mesh *mesh)
{
    *low = smp_vec3(HUGE_VAL, HUGE_VAL, HUGE_VAL);
    *high = smp_vec3(-HUGE_VAL, -HUGE_VAL, -HUGE_VAL);
    for (size_t i = 0; i < mesh->point_count; i++) {
        const struct smp_vec3 p = mesh->points[i];
        *low = smp_vec3(fmin(low->x, p.x), fmin(low->y, p.y), fmin(low->z, p.z));
        *high = smp_vec3(fmax(high->x, p.x), fmax(high->y, p.y), fmax(high->z, p.z));
    }
}

struct smp_vec3 smp_mesh_at(const struct smp_mesh *mesh, size_t triangle, const double bary[3])
{
    struct smp_vec3 p = { 0 };
    for (int k = 0; k < 3; k++)
        p = smp_add(p, smp_scale(mesh->points[mesh->triangles[triangle][k]], bary[k]));
    return p;
}

void smp_mesh_bary(double bary[3], const struct smp_mesh *mesh, size_t triangle,
                   struct smp_vec3 point)
{
    const uint32_t *corner = mesh->triangles[triangle];
    const struct smp_vec3 whole = smp_mesh_area_vector(mesh, triangle);
    const double square = smp_dot(whole, whole);
    double sum = 0;
    for (int k = 0; k < 3; k++) {
        const struct smp_vec3 a = smp_sub(mesh->points[corner[(k + 1) % 3]], point);
        const struct smp_vec3 b = smp_sub(mesh->points[corner[(k + 2) % 3]], point);
        const double part = square > 0 ? 0.5 * smp_dot(smp_cross(a, b), whole) / square : 1;
        bary[k] = part > 0 ? part : 0;
        sum += bary[k];
    }
    for (int k = 0; k < 3; k++)
        bary[k] /= sum;
}

// Unit normal, or zero for a sliver.
static struct smp_vec3 sound_normal(const struct smp_mesh *mesh, size_t triangle)
{
    const struct smp_vec3 area = smp_mesh_area_vector(mesh, triangle);
    double longest2 = 0;
    for (int k = 0; k < 3; k++) {
        const struct smp_vec3 e = smp_sub(mesh->points[mesh->triangles[triangle][(k + 1) % 3]],
                                          mesh->points[mesh->triangles[triangle][k]]);
        longest2 = fmax(longest2, smp_dot(e, e));
    }
    if (2 * smp_length(area) <= sliver_ratio * longest2)
        return smp_vec3(0, 0, 0);
    return smp_unit(area);
}

enum smp_code smp_mesh_normals(struct smp_vec3 *normals, const struct smp_mesh *mesh,
                               struct smp_err *err)
{
    (void)err;
    for (size_t i = 0; i < mesh->point_count; i++)
        normals[i] = smp_vec3(0, 0, 0);
    for (size_t t = 0; t < mesh->triangle_count; t++) {
        const struct smp_vec3 n = sound_normal(mesh, t);
        for (int k = 0; k < 3; k++) {
            const struct smp_vec3 p = mesh->points[mesh->triangles[t][k]];
            const struct smp_vec3 a =
                smp_unit(smp_sub(mesh->points[mesh->triangles[t][(k + 1) % 3]], p));
            const struct smp_vec3 b =
                smp_unit(smp_sub(mesh->points[mesh->triangles[t][(k + 2) % 3]], p));
            const double angle = acos(smp_clamp(smp_dot(a, b), -1, 1));
            struct smp_vec3 *sum = &normals[mesh->triangles[t][k]];
            *sum = smp_add(*sum, smp_scale(n, angle));
        }
    }
    for (size_t i = 0; i < mesh->point_count; i++) {
        normals[i] = smp_unit(normals[i]);
        if (smp_dot(normals[i], normals[i]) < 0.5)
            normals[i] = smp_vec3(0, 0, 1); // a point of slivers only
    }
    return SMP_OK;
}
