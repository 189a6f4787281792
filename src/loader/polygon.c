// Polygons into triangles.
#include "loader_impl.h"

#include <math.h>

struct plane_point {
    double x, y;
};

// Normal of the best plane, its length twice the area (Newell, in Sutherland et al. 1974).
static struct smp_vec3 newell(const double (*corners)[3], size_t n)
{
    struct smp_vec3 sum = { 0 };
    for (size_t i = 0; i < n; i++) {
        const double *a = corners[i], *b = corners[i + 1 == n ? 0 : i + 1];
        sum.x += (a[1] - b[1]) * (a[2] + b[2]);
        sum.y += (a[2] - b[2]) * (a[0] + b[0]);
        sum.z += (a[0] - b[0]) * (a[1] + b[1]);
    }
    return sum;
}

static double turn(struct plane_point a, struct plane_point b, struct plane_point c)
{
    return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

// Seen along the largest component of the normal, so that the polygon runs counter-clockwise.
static void flatten(struct plane_point *flat, const double (*corners)[3], size_t n)
{
    const struct smp_vec3 normal = newell(corners, n);
    const double x = fabs(normal.x), y = fabs(normal.y), z = fabs(normal.z);
    const int drop = x > y && x > z ? 0 : y > z ? 1 : 2;
    const double sign = (drop == 0 ? normal.x : drop == 1 ? normal.y : normal.z) < 0 ? -1 : 1;
    for (size_t i = 0; i < n; i++)
        flat[i] =
            (struct plane_point){ corners[i][(drop + 1) % 3], sign * corners[i][(drop + 2) % 3] };
}

static bool is_ear(const struct plane_point *flat, const uint16_t *left, size_t count, size_t at)
{
    const uint16_t before = left[at == 0 ? count - 1 : at - 1], here = left[at],
                   after = left[at + 1 == count ? 0 : at + 1];
    const struct plane_point a = flat[before], b = flat[here], c = flat[after];
    if (!(turn(a, b, c) > 0))
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct plane_point p = flat[left[i]];
        if (left[i] == before || left[i] == here || left[i] == after)
            continue;
        if (turn(a, b, p) >= 0 && turn(b, c, p) >= 0 && turn(c, a, p) >= 0)
            return false;
    }
    return true;
}

static void fan(uint16_t (*cut)[3], const uint16_t *left, size_t count)
{
    for (size_t i = 0; i + 2 < count; i++) {
        cut[i][0] = left[0];
        cut[i][1] = left[i + 1];
        cut[i][2] = left[i + 2];
    }
}

static bool is_convex(const struct plane_point *flat, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (turn(flat[i], flat[(i + 1) % n], flat[(i + 2) % n]) < 0)
            return false;
    return true;
}

void ldr_cut_polygon(uint16_t (*cut)[3], const double (*corners)[3], size_t n)
{
    struct plane_point flat[ldr_most_corners];
    uint16_t left[ldr_most_corners];
    for (size_t i = 0; i < n; i++)
        left[i] = (uint16_t)i;
    size_t count = n, made = 0;
    if (n > 3) {
        flatten(flat, corners, n);
        if (is_convex(flat, n)) {
            fan(cut, left, n);
            return;
        }
    }
    while (count > 3) {
        size_t ear = 0;
        while (ear < count && !is_ear(flat, left, count, ear))
            ear++;
        if (ear == count)
            break; // crosses itself: any cut is as good
        cut[made][0] = left[ear == 0 ? count - 1 : ear - 1];
        cut[made][1] = left[ear];
        cut[made][2] = left[ear + 1 == count ? 0 : ear + 1];
        made++;
        for (size_t i = ear; i + 1 < count; i++)
            left[i] = left[i + 1];
        count--;
    }
    fan(cut + made, left, count);
}
