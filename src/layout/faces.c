// Nearest faces: boxes over runs of eight along the curve, and over eight boxes, and so on.
#include "layout/layout_impl.h"

#include <math.h>

enum { fan = 8, stages_max = 12 };

struct box {
    double low[3], high[3];
};

struct smp_boxes {
    const struct smp_surface *s;
    struct box *stage[stages_max]; // stage 0: over faces
    size_t count[stages_max];
    int stages;
};

static struct box empty_box(void)
{
    return (struct box){ { 1e300, 1e300, 1e300 }, { -1e300, -1e300, -1e300 } };
}

static void take_in(struct box *b, const double low[3], const double high[3])
{
    for (int x = 0; x < 3; x++) {
        b->low[x] = low[x] < b->low[x] ? low[x] : b->low[x];
        b->high[x] = high[x] > b->high[x] ? high[x] : b->high[x];
    }
}

struct smp_boxes *smp_boxes_make(const struct smp_surface *s, struct smp_arena *arena)
{
    struct smp_boxes *b = smp_new(arena, struct smp_boxes, 1);
    if (!b)
        return NULL;
    b->s = s;
    for (size_t below = s->count; b->stages == 0 || below > 1; below = b->count[b->stages - 1]) {
        const int stage = b->stages++;
        b->count[stage] = (below + fan - 1) / fan;
        b->stage[stage] = smp_new(arena, struct box, b->count[stage]);
        if (!b->stage[stage])
            return NULL;
        for (size_t i = 0; i < b->count[stage]; i++)
            b->stage[stage][i] = empty_box();
        for (size_t i = 0; i < below; i++) {
            struct box *into = &b->stage[stage][i / fan];
            if (stage > 0) {
                take_in(into, b->stage[stage - 1][i].low, b->stage[stage - 1][i].high);
                continue;
            }
            for (int k = 0; k < 3; k++) {
                const struct smp_vec3 p = s->points[s->corners[i][k]];
                const double at[3] = { p.x, p.y, p.z };
                take_in(into, at, at);
            }
        }
    }
    return b;
}

static double box_distance2(const struct box *b, const double p[3])
{
    double sum = 0;
    for (int x = 0; x < 3; x++) {
        const double out = p[x] < b->low[x]    ? b->low[x] - p[x]
                           : p[x] > b->high[x] ? p[x] - b->high[x]
                                               : 0;
        sum += out * out;
    }
    return sum;
}

struct search {
    const struct smp_boxes *b;
    struct smp_vec3 p;
    double at[3], best2;
    uint32_t face;
};

// Depth first, the nearer child first by what its box allows.
static void search_down(struct search *q, int stage, size_t index)
{
    const size_t below = stage == 0 ? q->b->s->count : q->b->count[stage - 1];
    const size_t from = index * fan, to = from + fan < below ? from + fan : below;
    if (stage == 0) {
        for (size_t t = from; t < to; t++) {
            const struct smp_vec3 d =
                smp_sub(smp_nearest_on_face(q->b->s, (uint32_t)t, q->p), q->p);
            const double d2 = smp_dot(d, d);
            if (d2 < q->best2) {
                q->best2 = d2;
                q->face = (uint32_t)t;
            }
        }
        return;
    }
    double far[fan];
    for (size_t i = from; i < to; i++)
        far[i - from] = box_distance2(&q->b->stage[stage - 1][i], q->at);
    for (;;) {
        size_t next = to;
        for (size_t i = from; i < to; i++)
            if (far[i - from] < q->best2 && (next == to || far[i - from] < far[next - from]))
                next = i;
        if (next == to)
            return;
        far[next - from] = 1e300;
        search_down(q, stage - 1, next);
    }
}

uint32_t smp_boxes_nearest(const struct smp_boxes *boxes, struct smp_vec3 p, double *distance)
{
    struct search q = { boxes, p, { p.x, p.y, p.z }, 1e299, 0 };
    search_down(&q, boxes->stages - 1, 0);
    *distance = sqrt(q.best2);
    return q.face;
}
