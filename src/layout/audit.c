// The proof: all near pairs, straight distances, in double, on the coordinates as written.
//
// Shares no rule, list or face with the steps before it. Of pairs under the gap, those on two
// sheets are told apart by faces found anew by trying every triangle, and counted, never left out.
#include "layout/layout_impl.h"

#include <math.h>
#include <string.h>

enum { judged_max = 4000, ball_max = 4096, near_max = 12, grain = 1024 };
static const double as_near_mm = 0.002;

struct cells {
    double per_mm;
    uint64_t mask;
    uint32_t *start; // per bucket
    uint32_t *order; // points by bucket
    struct smp_vec3 *at;
};

static uint64_t bucket_of(const struct cells *c, int64_t x, int64_t y, int64_t z)
{
    const uint64_t h = (uint64_t)x * 0x9e3779b97f4a7c15ull + (uint64_t)y * 0xbf58476d1ce4e5b9ull +
                       (uint64_t)z * 0x94d049bb133111ebull;
    return (h * 0xd1342543de82ef95ull) >> 32 & c->mask;
}

static uint64_t bucket_at(const struct cells *c, struct smp_vec3 p)
{
    return bucket_of(c, (int64_t)floor(p.x * c->per_mm), (int64_t)floor(p.y * c->per_mm),
                     (int64_t)floor(p.z * c->per_mm));
}

static bool fill_cells(struct cells *c, const struct smp_vec3 *points, size_t count, double look_mm,
                       struct smp_arena *scratch)
{
    size_t size = 64;
    while (size < 2 * count)
        size *= 2;
    c->per_mm = 1 / look_mm;
    c->mask = size - 1;
    c->start = smp_new(scratch, uint32_t, size + 2);
    c->order = smp_new(scratch, uint32_t, count);
    c->at = smp_new(scratch, struct smp_vec3, count);
    if (!c->start || !c->order || !c->at)
        return false;
    for (size_t i = 0; i < count; i++)
        c->start[bucket_at(c, points[i]) + 2]++;
    for (size_t b = 0; b < size; b++)
        c->start[b + 2] += c->start[b + 1];
    for (size_t i = 0; i < count; i++) {
        const uint32_t slot = c->start[bucket_at(c, points[i]) + 1]++;
        c->order[slot] = (uint32_t)i;
        c->at[slot] = points[i];
    }
    return true;
}

// Buckets of a point's cell and of the 13 cells after it in z, y, x: with all points looking
// forward, each pair of neighbouring cells is looked at once. Returns how many differ.
static int forward_buckets(uint64_t bucket[14], const struct cells *c, struct smp_vec3 p)
{
    const int64_t x = (int64_t)floor(p.x * c->per_mm), y = (int64_t)floor(p.y * c->per_mm),
                  z = (int64_t)floor(p.z * c->per_mm);
    int count = 0;
    for (int k = 13; k < 27; k++) { // 13 is the cell itself
        const uint64_t b = bucket_of(c, x + k % 3 - 1, y + k / 3 % 3 - 1, z + k / 9 - 1);
        if (c->start[b] == c->start[b + 1])
            continue; // never the first: it holds the point
        bool met = false;
        for (int m = 0; m < count; m++)
            met = met || bucket[m] == b;
        if (!met)
            bucket[count++] = b;
    }
    return count;
}

struct pair_job {
    const struct cells *c;
    size_t dots;
    double gap2;
    double *least2; // per slot, of pairs not under the gap
    bool *under;    // per slot: some pair is
};

// By slots, so that neighbours in space are neighbours in memory. In its own bucket a point looks
// at the slots behind its own. Pairs of two fixed points are nobody's promise.
static void look_around(void *context, size_t begin, size_t end)
{
    const struct pair_job *job = context;
    const struct cells *c = job->c;
    for (size_t i = begin; i < end; i++) {
        const struct smp_vec3 p = c->at[i];
        const bool fixed = c->order[i] >= job->dots;
        uint64_t bucket[14];
        const int buckets = forward_buckets(bucket, c, p);
        double least2 = 1e300;
        for (int k = 0; k < buckets; k++) {
            const size_t from = k == 0 ? i + 1 : c->start[bucket[k]];
            for (size_t slot = from; slot < c->start[bucket[k] + 1]; slot++) {
                if (fixed && c->order[slot] >= job->dots)
                    continue;
                const struct smp_vec3 d = smp_sub(c->at[slot], p);
                const double d2 = smp_dot(d, d);
                if (d2 >= job->gap2)
                    least2 = d2 < least2 ? d2 : least2;
                else
                    job->under[i] = true;
            }
        }
        job->least2[i] = least2;
    }
}

// ---- Sheets -----------------------------------------------------------------------------------

// Faces a point may belong to: the nearest, and those as near but for two micrometres (around
// corners, and where a mesh has two layers in one place).
struct near_faces {
    uint32_t face[near_max];
    int count;
};

static struct near_faces nearest_by_trying(const struct smp_surface *s, struct smp_vec3 p)
{
    struct near_faces near = { .count = 0 };
    double far[near_max], best = 1e300;
    for (size_t t = 0; t < s->count; t++) {
        const double d = smp_length(smp_sub(smp_nearest_on_face(s, (uint32_t)t, p), p));
        if (d > best + as_near_mm)
            continue;
        best = d < best ? d : best;
        int kept = 0;
        for (int k = 0; k < near.count; k++) {
            if (far[k] > best + as_near_mm)
                continue;
            far[kept] = far[k];
            near.face[kept++] = near.face[k];
        }
        near.count = kept;
        if (kept < near_max) {
            far[kept] = d;
            near.face[near.count++] = (uint32_t)t;
        }
    }
    return near;
}

static struct smp_vec3 face_cross(const struct smp_surface *s, uint32_t t)
{
    const struct smp_vec3 a = s->points[s->corners[t][0]];
    return smp_cross(smp_sub(s->points[s->corners[t][1]], a),
                     smp_sub(s->points[s->corners[t][2]], a));
}

// Can one go from one face to the other without leaving the ball around both points?
static bool joined(const struct smp_surface *s, uint32_t from, uint32_t to, struct smp_vec3 middle,
                   double radius, uint32_t *seen)
{
    size_t count = 1;
    seen[0] = from;
    for (size_t i = 0; i < count; i++) {
        if (seen[i] == to)
            return true;
        for (int k = 0; k < 3; k++) {
            const uint32_t on = s->next[seen[i]][k];
            if (on == SMP_NO_FACE)
                continue;
            const struct smp_vec3 d = smp_sub(smp_nearest_on_face(s, on, middle), middle);
            bool known = smp_dot(d, d) > radius * radius;
            for (size_t j = 0; j < count && !known; j++)
                known = seen[j] == on;
            if (known)
                continue;
            if (count == ball_max)
                return true;
            seen[count++] = on;
        }
    }
    return false;
}

struct judge {
    const struct smp_surface *s;
    const struct smp_vec3 *points;
    double gap_mm;
    uint32_t *looked; // per point: index into near + 1, 0: not looked up
    struct near_faces *near;
    size_t looked_up;
    uint32_t *seen;
};

static const struct near_faces *faces_of(struct judge *j, uint32_t i)
{
    if (!j->looked[i]) {
        j->near[j->looked_up] = nearest_by_trying(j->s, j->points[i]);
        j->looked[i] = (uint32_t)++j->looked_up;
    }
    return &j->near[j->looked[i] - 1];
}

static bool is_sheet_pair(struct judge *j, uint32_t a, uint32_t b)
{
    if (j->looked_up + 2 > judged_max)
        return false; // too many to be a matter of sheets
    const struct near_faces *from = faces_of(j, a), *to = faces_of(j, b);
    const struct smp_vec3 middle = smp_scale(smp_add(j->points[a], j->points[b]), 0.5);
    for (int k = 0; k < from->count; k++) {
        for (int m = 0; m < to->count; m++) {
            const struct smp_vec3 n = face_cross(j->s, from->face[k]);
            if (smp_dot(n, face_cross(j->s, to->face[m])) < 0 &&
                !joined(j->s, from->face[k], to->face[m], middle, j->gap_mm, j->seen))
                return true;
        }
    }
    return false;
}

// Pairs under the gap that the point of a slot looks at.
static void judge_slot(struct smp_audit *audit, struct judge *j, const struct cells *c, size_t i,
                       size_t dots)
{
    uint64_t bucket[14];
    const int buckets = forward_buckets(bucket, c, c->at[i]);
    for (int k = 0; k < buckets; k++) {
        const size_t from = k == 0 ? i + 1 : c->start[bucket[k]];
        for (size_t slot = from; slot < c->start[bucket[k] + 1]; slot++) {
            const struct smp_vec3 d = smp_sub(c->at[slot], c->at[i]);
            const double d2 = smp_dot(d, d);
            if (d2 >= j->gap_mm * j->gap_mm || (c->order[i] >= dots && c->order[slot] >= dots))
                continue;
            if (is_sheet_pair(j, c->order[i], c->order[slot])) {
                audit->sheet_pairs++;
                continue;
            }
            audit->short_pairs++;
            audit->min_mm = sqrt(d2) < audit->min_mm ? sqrt(d2) : audit->min_mm;
        }
    }
}

enum smp_code smp_audit(struct smp_audit *audit, const struct smp_surface *s,
                        const struct smp_vec3 *points, size_t dots, size_t count, double gap_mm,
                        double look_mm, struct smp_pool *pool, struct smp_arena *scratch)
{
    struct smp_audit a = { .min_mm = 1e300 };
    struct cells c;
    struct judge j = { .s = s, .points = points, .gap_mm = gap_mm };
    double *least2 = smp_new(scratch, double, count);
    bool *under = smp_new(scratch, bool, count);
    j.seen = smp_new(scratch, uint32_t, ball_max);
    j.looked = smp_new(scratch, uint32_t, count);
    j.near = smp_new(scratch, struct near_faces, judged_max);
    if (!least2 || !under || !j.seen || !j.looked || !j.near)
        return SMP_E_NOMEM;
    const double look = gap_mm > look_mm ? gap_mm : look_mm;
    if (!fill_cells(&c, points, count, look, scratch))
        return SMP_E_NOMEM;
    struct pair_job job = { &c, dots, gap_mm * gap_mm, least2, under };
    smp_pool_for(pool, count, grain, look_around, &job);
    for (size_t i = 0; i < count; i++) {
        a.min_mm = sqrt(least2[i]) < a.min_mm ? sqrt(least2[i]) : a.min_mm;
        if (under[i])
            judge_slot(&a, &j, &c, i, dots);
    }
    *audit = a;
    return SMP_OK;
}
