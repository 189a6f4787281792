// Found hairs against the truth of a made field.
#include "hair_field.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { most = 4000 };

static double apart(struct smp_vec2 a, struct smp_vec2 b)
{
    return hypot(a.x - b.x, a.y - b.y);
}

struct pair {
    double distance;
    size_t a, b;
};

static int by_distance(const void *a, const void *b)
{
    const struct pair *p = a, *q = b;
    if (p->distance != q->distance)
        return p->distance < q->distance ? -1 : 1;
    if (p->a != q->a)
        return p->a < q->a ? -1 : 1;
    return p->b < q->b ? -1 : p->b > q->b;
}

// Nearest pairs first, each point once: partner[] of a, −1 for none, and of b.
static void match(int *of_a, int *of_b, const struct smp_vec2 *a, size_t na,
                  const struct smp_vec2 *b, size_t nb, double within)
{
    struct pair *pairs = malloc((na * nb + 1) * sizeof *pairs);
    size_t count = 0;
    for (size_t i = 0; i < na; i++)
        of_a[i] = -1;
    for (size_t j = 0; j < nb; j++)
        of_b[j] = -1;
    for (size_t i = 0; pairs && i < na; i++)
        for (size_t j = 0; j < nb; j++)
            if (apart(a[i], b[j]) <= within)
                pairs[count++] = (struct pair){ apart(a[i], b[j]), i, j };
    if (count)
        qsort(pairs, count, sizeof *pairs, by_distance);
    for (size_t k = 0; k < count; k++)
        if (of_a[pairs[k].a] < 0 && of_b[pairs[k].b] < 0) {
            of_a[pairs[k].a] = (int)pairs[k].b;
            of_b[pairs[k].b] = (int)pairs[k].a;
        }
    free(pairs);
}

// Single linkage at 0.30 mm: centres and sizes.
static size_t link_units(struct smp_vec2 *centre, size_t *size, const struct smp_vec2 *roots,
                         size_t count, double within)
{
    static size_t unit_of[most];
    size_t units = 0;
    for (size_t i = 0; i < count; i++)
        unit_of[i] = i;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++)
            if (apart(roots[i], roots[j]) <= within && unit_of[i] != unit_of[j]) {
                const size_t from = unit_of[i], to = unit_of[j];
                for (size_t k = 0; k < count; k++)
                    if (unit_of[k] == from)
                        unit_of[k] = to;
            }
    for (size_t u = 0; u < count; u++) {
        struct smp_vec2 sum = { 0, 0 };
        size_t n = 0;
        for (size_t i = 0; i < count; i++)
            if (unit_of[i] == u) {
                sum.x += roots[i].x;
                sum.y += roots[i].y;
                n++;
            }
        if (n) {
            centre[units] = (struct smp_vec2){ sum.x / (double)n, sum.y / (double)n };
            size[units++] = n;
        }
    }
    return units;
}

struct work {
    struct smp_vec2 truths[most], tips[most], centre[2][most];
    size_t size[2][most], truth[most];
    int of_truth[most], of_found[most], other[most];
};

static bool well_inside(struct smp_vec2 p, const struct made_field *f)
{
    const double m = 0.22 / f->mm_per_px;
    return p.x >= m && p.y >= m && p.x <= (double)f->image.width_px - m &&
           p.y <= (double)f->image.height_px - m;
}

static void score_units(struct made_score *score, const struct made_field *f, struct work *w,
                        const struct smp_vec2 *found, size_t count)
{
    struct smp_vec2 whole[most];
    size_t n = 0;
    for (size_t i = 0; i < f->count; i++)
        if (!f->hairs[i].vellus && !f->hairs[i].cut)
            whole[n++] = f->hairs[i].root_px;
    const double link = 0.30 / f->mm_per_px;
    const size_t a = link_units(w->centre[0], w->size[0], whole, n, link);
    const size_t b = link_units(w->centre[1], w->size[1], found, count, link);
    match(w->of_truth, w->of_found, w->centre[0], a, w->centre[1], b, 0.3 / f->mm_per_px);
    for (size_t i = 0; i < a; i++) {
        if (!well_inside(w->centre[0][i], f))
            continue;
        score->unit_truths++;
        score->unit_hits += w->of_truth[i] >= 0;
        score->sizes_right += w->of_truth[i] >= 0 && w->size[1][w->of_truth[i]] == w->size[0][i];
    }
    for (size_t j = 0; j < b; j++)
        score->unit_founds +=
            well_inside(w->centre[1][j], f) || w->of_found[j] >= 0
                ? w->of_found[j] < 0 || well_inside(w->centre[0][w->of_found[j]], f)
                : 0;
}

void made_score_add(struct made_score *score, const struct made_field *f,
                    const struct smp_vec2 *roots_px, const struct smp_vec2 *tips_px, size_t count)
{
    struct work *w = calloc(1, sizeof *w);
    if (!w || f->count > most || count > most)
        abort();
    for (size_t i = 0; i < f->count; i++) {
        w->truths[i] = f->hairs[i].root_px;
        w->tips[i] = f->hairs[i].tip_px;
    }
    const double within = 0.15 / f->mm_per_px;
    match(w->of_truth, w->of_found, w->truths, f->count, roots_px, count, within);
    double whole = 0, asked_found = 0;
    for (size_t i = 0; i < f->count; i++) {
        const struct made_hair *h = &f->hairs[i];
        if (h->vellus || h->cut || !well_inside(h->root_px, f))
            continue;
        score->truths++;
        whole++;
        if (w->of_truth[i] >= 0) {
            score->hits++;
            score->root_error_mm += apart(h->root_px, roots_px[w->of_truth[i]]) * f->mm_per_px;
            continue;
        }
        for (size_t j = 0; j < count; j++)
            if (w->of_found[j] < 0 && apart(roots_px[j], h->tip_px) <= within &&
                apart(tips_px[j], h->root_px) <= within) {
                score->swapped++;
                break;
            }
    }
    for (size_t j = 0; j < count; j++) {
        const struct made_hair *h = w->of_found[j] >= 0 ? &f->hairs[w->of_found[j]] : NULL;
        if (h ? h->vellus || h->cut || !well_inside(h->root_px, f) : !well_inside(roots_px[j], f))
            continue;
        score->founds++;
        asked_found++;
    }
    score->found_hairs += asked_found;
    score->true_hairs += whole;
    score->count_error += fabs(asked_found - whole);
    score->pictures++;
    score_units(score, f, w, roots_px, count);
    free(w);
}
