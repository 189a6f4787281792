#include "mesh/mesh_impl.h"

#include <math.h>
#include <string.h>

// ---- Points nearer than the tolerance -----------------------------------------------------------

struct grid {
    uint32_t *slots; // point + 1; open addressing by cell
    uint32_t *next;  // further points of the same cell, + 1
    size_t mask;
    double cell;
    struct smp_vec3 low;
};

static uint64_t cell_key(const struct grid *grid, struct smp_vec3 p, int dx, int dy, int dz)
{
    const int64_t x = (int64_t)floor((p.x - grid->low.x) / grid->cell) + dx;
    const int64_t y = (int64_t)floor((p.y - grid->low.y) / grid->cell) + dy;
    const int64_t z = (int64_t)floor((p.z - grid->low.z) / grid->cell) + dz;
    return smp_hash64(smp_hash64((uint64_t)x, (uint64_t)y), (uint64_t)z);
}

// First earlier point within the tolerance, or the point itself (which then enters the grid).
static uint32_t representative(struct grid *grid, const struct smp_vec3 *points, uint32_t i,
                               double tolerance)
{
    const int reach = tolerance > 0 ? 1 : 0;
    uint32_t best = UINT32_MAX;
    for (int dx = -reach; dx <= reach; dx++) {
        for (int dy = -reach; dy <= reach; dy++) {
            for (int dz = -reach; dz <= reach; dz++) {
                const uint64_t key = cell_key(grid, points[i], dx, dy, dz);
                for (uint32_t q = grid->slots[key & grid->mask]; q; q = grid->next[q - 1]) {
                    const struct smp_vec3 d = smp_sub(points[q - 1], points[i]);
                    if (smp_dot(d, d) <= tolerance * tolerance && q - 1 < best)
                        best = q - 1;
                }
            }
        }
    }
    if (best != UINT32_MAX)
        return best;
    uint32_t *head = &grid->slots[cell_key(grid, points[i], 0, 0, 0) & grid->mask];
    grid->next[i] = *head;
    *head = i + 1;
    return i;
}

static enum smp_code merge_points(uint32_t *place, const struct smp_mesh *mesh, double tolerance,
                                  struct smp_arena *arena, struct smp_err *err)
{
    struct smp_vec3 low, high;
    smp_mesh_bounds(&low, &high, mesh);
    const double size = smp_length(smp_sub(high, low));
    struct grid grid = { .low = low, .mask = 63 };
    grid.cell = fmax(tolerance, fmax(size, 1e-30) * 1e-9); // cells stay within 64-bit integers
    while (grid.mask + 1 < 2 * mesh->point_count)
        grid.mask = grid.mask * 2 + 1;
    grid.slots = smp_new(arena, uint32_t, grid.mask + 1);
    grid.next = smp_new(arena, uint32_t, mesh->point_count);
    if (!grid.slots || !grid.next)
        return smp_fail(err, SMP_E_NOMEM, "no room to weld %zu points", mesh->point_count);
    for (size_t i = 0; i < mesh->point_count; i++) {
        const struct smp_vec3 p = mesh->points[i];
        if (!isfinite(p.x) || !isfinite(p.y) || !isfinite(p.z))
            return smp_fail(err, SMP_E_INPUT, "point %zu of the mesh is not a finite position", i);
        place[i] = representative(&grid, mesh->points, (uint32_t)i, tolerance);
    }
    return SMP_OK;
}

// ---- Triangles that lost a corner or are repeated -----------------------------------------------

static uint64_t corner_key(const uint32_t t[3])
{
    uint32_t a = t[0], b = t[1], c = t[2], swap;
    if (a > b)
        swap = a, a = b, b = swap;
    if (b > c)
        swap = b, b = c, c = swap;
    if (a > b)
        swap = a, a = b, b = swap;
    return smp_hash64(smp_hash64(a, b), c);
}

static bool same_corners(const uint32_t a[3], const uint32_t b[3])
{
    for (int k = 0; k < 3; k++) {
        if (a[k] != b[0] && a[k] != b[1] && a[k] != b[2])
            return false;
    }
    return true;
}

static enum smp_code choose(bool *keep, uint32_t (*corners)[3], size_t count,
                            struct smp_arena *arena, struct smp_err *err)
{
    size_t mask = 63;
    while (mask + 1 < 2 * count)
        mask = mask * 2 + 1;
    uint32_t *slots = smp_new(arena, uint32_t, mask + 1); // triangle + 1
    if (!slots)
        return smp_fail(err, SMP_E_NOMEM, "no room to weld %zu triangles", count);
    for (size_t t = 0; t < count; t++) {
        const uint32_t *c = corners[t];
        keep[t] = c[0] != c[1] && c[1] != c[2] && c[2] != c[0];
        size_t slot = (size_t)corner_key(c) & mask;
        while (keep[t] && slots[slot]) {
            if (same_corners(c, corners[slots[slot] - 1]))
                keep[t] = false;
            slot = (slot + 1) & mask;
        }
        if (keep[t])
            slots[slot] = (uint32_t)t + 1;
    }
    return SMP_OK;
}

// ---- Winding ------------------------------------------------------------------------------------

static void flip(struct smp_mesh *mesh, size_t t)
{
    const uint32_t swap = mesh->triangles[t][1];
    mesh->triangles[t][1] = mesh->triangles[t][2];
    mesh->triangles[t][2] = swap;
    if (mesh->uvs) {
        const struct smp_uv uv = mesh->uvs[t][1];
        mesh->uvs[t][1] = mesh->uvs[t][2];
        mesh->uvs[t][2] = uv;
    }
}

// True if both triangles run along the edge in the same direction (they then disagree).
static bool disagree(const struct smp_mesh *mesh, uint32_t s, uint32_t t, uint32_t a, uint32_t b)
{
    int way[2] = { 0, 0 };
    const uint32_t pair[2] = { s, t };
    for (int i = 0; i < 2; i++) {
        for (int k = 0; k < 3; k++) {
            const uint32_t p = mesh->triangles[pair[i]][k];
            const uint32_t q = mesh->triangles[pair[i]][(k + 1) % 3];
            if (p == a && q == b)
                way[i] = 1;
            if (p == b && q == a)
                way[i] = -1;
        }
    }
    return way[0] == way[1];
}

// Volume over the piece's middle against that of the ball of the same area: below zero when the
// piece is inside out. Open pieces (a bust without a floor) count when the sign is clear.
static bool inside_out(const struct smp_mesh *mesh, const uint32_t *piece, size_t count, bool open)
{
    struct smp_vec3 middle = { 0 };
    double area = 0, volume = 0;
    for (size_t i = 0; i < count; i++) {
        const uint32_t *t = mesh->triangles[piece[i]];
        const double a = smp_length(smp_mesh_area_vector(mesh, piece[i]));
        for (int k = 0; k < 3; k++)
            middle = smp_add(middle, smp_scale(mesh->points[t[k]], a / 3));
        area += a;
    }
    if (!(area > 0))
        return false;
    middle = smp_scale(middle, 1 / area);
    for (size_t i = 0; i < count; i++)
        volume += smp_dot(smp_mesh_area_vector(mesh, piece[i]),
                          smp_sub(mesh->points[mesh->triangles[piece[i]][0]], middle)) /
                  3;
    const double ball = pow(area, 1.5) / (6 * sqrt(SMP_PI));
    return volume < (open ? -0.05 * ball : 0);
}

static enum smp_code orient(struct smp_mesh *mesh, struct smp_arena *scratch, struct smp_err *err)
{
    const size_t count = mesh->triangle_count;
    uint32_t(*neighbours)[3] = smp_alloc(scratch, count, sizeof *neighbours);
    uint32_t *queue = smp_new(scratch, uint32_t, count);
    bool *seen = smp_new(scratch, bool, count);
    if (!neighbours || !queue || !seen)
        return smp_fail(err, SMP_E_NOMEM, "no room to orient %zu triangles", count);
    const enum smp_code code = smp_mesh_neighbours(neighbours, mesh, scratch, err);
    if (code)
        return code;
    for (size_t seed = 0; seed < count; seed++) {
        if (seen[seed])
            continue;
        size_t begin = 0, end = 0;
        bool open = false;
        queue[end++] = (uint32_t)seed;
        seen[seed] = true;
        while (begin < end) {
            const uint32_t t = queue[begin++];
            const uint32_t c[3] = { mesh->triangles[t][0], mesh->triangles[t][1],
                                    mesh->triangles[t][2] };
            uint32_t around[3];
            memcpy(around, neighbours[t], sizeof around);
            for (int k = 0; k < 3; k++) {
                const uint32_t n = around[k];
                open = open || n == SMP_NO_TRIANGLE;
                if (n == SMP_NO_TRIANGLE || seen[n])
                    continue;
                if (disagree(mesh, t, n, c[k], c[(k + 1) % 3])) {
                    flip(mesh, n);
                    const uint32_t swap = neighbours[n][0]; // edges 0 and 2 change places
                    neighbours[n][0] = neighbours[n][2];
                    neighbours[n][2] = swap;
                }
                seen[n] = true;
                queue[end++] = n;
            }
        }
        if (inside_out(mesh, queue, end, open)) {
            for (size_t i = 0; i < end; i++)
                flip(mesh, queue[i]);
        }
    }
    return SMP_OK;
}

enum smp_code smp_mesh_weld(struct smp_mesh *welded, const struct smp_mesh *mesh, double tolerance,
                            struct smp_arena *arena, struct smp_err *err)
{
    uint32_t *place = smp_new(arena, uint32_t, mesh->point_count);
    struct smp_mesh joined = *mesh;
    joined.triangles = smp_alloc(arena, mesh->triangle_count, sizeof *joined.triangles);
    bool *keep = smp_new(arena, bool, mesh->triangle_count);
    if (!place || !joined.triangles || !keep)
        return smp_fail(err, SMP_E_NOMEM, "no room to weld %zu triangles", mesh->triangle_count);
    enum smp_code code = merge_points(place, mesh, tolerance, arena, err);
    if (code)
        return code;
    for (size_t t = 0; t < mesh->triangle_count; t++) {
        for (int k = 0; k < 3; k++)
            joined.triangles[t][k] = place[mesh->triangles[t][k]];
    }
    struct smp_mesh out;
    if ((code = choose(keep, joined.triangles, joined.triangle_count, arena, err)) ||
        (code = smp_mesh_select(&out, &joined, keep, arena, err)) ||
        (code = orient(&out, arena, err)))
        return code;
    *welded = out;
    return SMP_OK;
}
