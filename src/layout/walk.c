// Moving over the faces: neighbours across edges, the walk, the nearest point of a face.
#include "layout/layout_impl.h"

#include <math.h>
#include <stdlib.h>

// ---- Neighbours -------------------------------------------------------------------------------

struct half_edge {
    uint32_t far;  // the edge's higher point
    uint32_t slot; // face * 4 + edge
};

static int by_far(const void *a, const void *b)
{
    const struct half_edge *x = a, *y = b;
    if (x->far != y->far)
        return x->far < y->far ? -1 : 1;
    return x->slot < y->slot ? -1 : x->slot > y->slot;
}

static uint32_t *slot_of(uint32_t (*next)[3], uint32_t slot)
{
    return &next[slot >> 2][slot & 3];
}

// Pairs up the half edges of one low point. Edges of more than two faces stay closed: a dot must
// not choose between two ways on.
static void pair_up(uint32_t (*next)[3], struct half_edge *edges, size_t n)
{
    if (n > 8)
        qsort(edges, n, sizeof *edges, by_far);
    else
        for (size_t i = 1; i < n; i++) { // few: insertion sort
            const struct half_edge e = edges[i];
            size_t k = i;
            for (; k > 0 && by_far(&edges[k - 1], &e) > 0; k--)
                edges[k] = edges[k - 1];
            edges[k] = e;
        }
    for (size_t i = 0; i < n;) {
        size_t end = i + 1;
        while (end < n && edges[end].far == edges[i].far)
            end++;
        if (end - i == 2 && edges[i].slot >> 2 != edges[i + 1].slot >> 2) {
            *slot_of(next, edges[i].slot) = edges[i + 1].slot >> 2;
            *slot_of(next, edges[i + 1].slot) = edges[i].slot >> 2;
        }
        i = end;
    }
}

void smp_neighbours(uint32_t (*next)[3], const struct smp_surface *s, struct smp_arena *scratch,
                    enum smp_code *code)
{
    uint32_t *start = smp_new(scratch, uint32_t, s->point_count + 2);
    struct half_edge *edges = smp_new(scratch, struct half_edge, 3 * s->count);
    if (!start || !edges) {
        *code = SMP_E_NOMEM;
        return;
    }
    for (size_t t = 0; t < s->count; t++) {
        for (int k = 0; k < 3; k++) {
            const uint32_t a = s->weld[s->corners[t][k]], b = s->weld[s->corners[t][(k + 1) % 3]];
            next[t][k] = SMP_NO_FACE;
            start[(a < b ? a : b) + 2]++;
        }
    }
    for (size_t i = 0; i < s->point_count; i++)
        start[i + 2] += start[i + 1];
    for (size_t t = 0; t < s->count; t++) {
        for (uint32_t k = 0; k < 3; k++) {
            const uint32_t a = s->weld[s->corners[t][k]], b = s->weld[s->corners[t][(k + 1) % 3]];
            const uint32_t low = a < b ? a : b;
            edges[start[low + 1]++] = (struct half_edge){ a < b ? b : a, (uint32_t)t * 4 + k };
        }
    }
    for (size_t i = 0; i < s->point_count; i++) {
        if (start[i + 1] > start[i])
            pair_up(next, edges + start[i], start[i + 1] - start[i]);
    }
}

// ---- The walk ---------------------------------------------------------------------------------

static void side_distances(const struct smp_planes *f, const float q[3], float side[4])
{
    for (int k = 0; k < 4; k++)
        side[k] = f->x[k] * q[0] + f->y[k] * q[1] + f->z[k] * q[2] + f->w[k];
}

static void slide(const struct smp_planes *f, int k, float by, float q[3])
{
    q[0] -= by * f->x[k];
    q[1] -= by * f->y[k];
    q[2] -= by * f->z[k];
}

// The walk has given up (two edges of a sharp corner send q to and fro, farther out each time): q
// goes to the nearest point of the face. It must never stay off its face, or the gap would be kept
// to a place that no dot has.
static void pull_onto(const struct smp_surface *s, uint32_t face, float q[3])
{
    const struct smp_vec3 p = smp_vec3((double)q[0], (double)q[1], (double)q[2]);
    const struct smp_vec3 on =
        smp_sub(smp_nearest_on_face(s, face, smp_add(p, s->centre)), s->centre);
    q[0] = (float)on.x;
    q[1] = (float)on.y;
    q[2] = (float)on.z;
}

uint32_t smp_walk(const struct smp_surface *s, uint32_t face, float q[3])
{
    uint32_t before = SMP_NO_FACE;
    for (int hop = 0; hop < 200; hop++) {
        const struct smp_planes *f = &s->planes[face];
        float side[4];
        side_distances(f, q, side);
        slide(f, 3, side[3], q);
        int out = -1;
        float worst = 0;
        for (int k = 0; k < 3; k++) {
            if (side[k] < worst) {
                worst = side[k];
                out = k;
            }
        }
        if (out < 0)
            return face;
        const uint32_t on = s->next[face][out];
        if (on == SMP_NO_FACE) { // along the border
            slide(f, out, side[out], q);
            before = SMP_NO_FACE;
            if (hop > 100)
                break;
            continue;
        }
        if (on == before) { // over a fold q is outside of both: it stays on the edge
            slide(f, out, side[out], q);
            before = SMP_NO_FACE;
            if (hop > 100)
                break;
            continue;
        }
        before = face;
        face = on;
    }
    pull_onto(s, face, q);
    return face;
}

// ---- Sheets -----------------------------------------------------------------------------------

static bool touches_ball(const struct smp_surface *s, uint32_t face, struct smp_vec3 middle,
                         double radius)
{
    const struct smp_vec3 d = smp_sub(smp_nearest_on_face(s, face, middle), middle);
    return smp_dot(d, d) <= radius * radius;
}

// Breadth first over faces inside the ball. Where there are too many to tell, the answer is yes:
// the pair then keeps its gap.
bool smp_same_sheet(const struct smp_surface *s, uint32_t from, uint32_t to, const float middle[3],
                    float radius)
{
    enum { most = 512 };
    uint32_t seen[most];
    size_t count = 1;
    const struct smp_vec3 m =
        smp_add(s->centre, smp_vec3((double)middle[0], (double)middle[1], (double)middle[2]));
    seen[0] = from;
    for (size_t i = 0; i < count; i++) {
        if (seen[i] == to)
            return true;
        for (int k = 0; k < 3; k++) {
            const uint32_t on = s->next[seen[i]][k];
            size_t j = 0;
            while (on != SMP_NO_FACE && j < count && seen[j] != on)
                j++;
            if (on == SMP_NO_FACE || j < count || !touches_ball(s, on, m, (double)radius))
                continue;
            if (count == most)
                return true;
            seen[count++] = on;
        }
    }
    return false;
}

bool smp_other_sheet(const struct smp_work *w, uint32_t i, uint32_t j)
{
    const struct smp_planes *a = &w->s->planes[w->face[i]], *b = &w->s->planes[w->face[j]];
    if (a->x[3] * b->x[3] + a->y[3] * b->y[3] + a->z[3] * b->z[3] > -0.1f)
        return false;
    float middle[3], far2 = 0;
    for (int x = 0; x < 3; x++) {
        const float d = w->at[j][x] - w->at[i][x];
        middle[x] = w->at[i][x] + 0.5f * d;
        far2 += d * d;
    }
    const float far = sqrtf(far2), gap = (float)w->params->min_gap_mm;
    if (far > gap + 0.25f / sqrtf(w->density[i]))
        return true; // too far for the hard gap until the next lists; the regular one may yield
    return !smp_same_sheet(w->s, w->face[i], w->face[j], middle, 1.05f * (far > gap ? far : gap));
}

// ---- Nearest point of a face -------------------------------------------------------------------

// Ericson, "Real-Time Collision Detection" (2005), 5.1.5.
struct smp_vec3 smp_nearest_on_face(const struct smp_surface *s, uint32_t face, struct smp_vec3 p)
{
    const struct smp_vec3 a = s->points[s->corners[face][0]], b = s->points[s->corners[face][1]],
                          c = s->points[s->corners[face][2]];
    const struct smp_vec3 ab = smp_sub(b, a), ac = smp_sub(c, a), ap = smp_sub(p, a);
    const double d1 = smp_dot(ab, ap), d2 = smp_dot(ac, ap);
    if (d1 <= 0 && d2 <= 0)
        return a;
    const struct smp_vec3 bp = smp_sub(p, b);
    const double d3 = smp_dot(ab, bp), d4 = smp_dot(ac, bp);
    if (d3 >= 0 && d4 <= d3)
        return b;
    const double vc = d1 * d4 - d3 * d2;
    if (vc <= 0 && d1 >= 0 && d3 <= 0 && d1 - d3 > 0)
        return smp_add(a, smp_scale(ab, d1 / (d1 - d3)));
    const struct smp_vec3 cp = smp_sub(p, c);
    const double d5 = smp_dot(ab, cp), d6 = smp_dot(ac, cp);
    if (d6 >= 0 && d5 <= d6)
        return c;
    const double vb = d5 * d2 - d1 * d6;
    if (vb <= 0 && d2 >= 0 && d6 <= 0 && d2 - d6 > 0)
        return smp_add(a, smp_scale(ac, d2 / (d2 - d6)));
    const double va = d3 * d6 - d5 * d4;
    if (va <= 0 && d4 - d3 >= 0 && d5 - d6 >= 0 && (d4 - d3) + (d5 - d6) > 0)
        return smp_add(b, smp_scale(smp_sub(c, b), (d4 - d3) / ((d4 - d3) + (d5 - d6))));
    const double sum = va + vb + vc;
    if (!(sum > 0))
        return a;
    return smp_add(a, smp_add(smp_scale(ab, vb / sum), smp_scale(ac, vc / sum)));
}
