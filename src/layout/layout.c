// The way through: field, fixed points, start, relax, jitter, crop, gap, settle, proof.
#include "layout/layout_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

const struct smp_layout_params smp_layout_defaults = {
    .regularity = 0.5,
    .sessions = 1,
    .seed = 1,
};

// A gap of this many hexagonal spacings can be had at any regularity and around fixed points;
// random sequential packing jams at 0.777, so more is out of reach of re-insertion.
static const double gap_limit = 0.82;
static const size_t count_limit = 20000000;

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

// ---- Checks -----------------------------------------------------------------------------------

static enum smp_code check_params(struct smp_layout_params *p, struct smp_err *err)
{
    enum smp_code code = smp_check_number(p->regularity, "regularity", "", 0, 1, "layout", err);
    if (!code)
        code = smp_check_number(p->min_gap_mm, "min_gap_mm", "mm", 0, 1000, "layout", err);
    if (!code)
        code = smp_check_number((double)p->sessions, "sessions", "", 1, SMP_SESSIONS_MAX, "layout",
                                err);
    if (!code && p->count > count_limit)
        code = smp_fail(err, SMP_E_INPUT, "layout.count must be 0 to %zu, not %zu", count_limit,
                        p->count);
    if (code)
        return code;
    bool given = false;
    for (int k = 0; k < p->sessions; k++)
        given = given || p->shares[k] != 0;
    for (int k = 0; k < p->sessions && !given; k++)
        p->shares[k] = (double)(k + 1) / p->sessions;
    for (int k = 0; k < p->sessions; k++) {
        const double least = k ? p->shares[k - 1] : 0;
        if (!(p->shares[k] > least && p->shares[k] <= 1))
            return smp_fail(err, SMP_E_INPUT,
                            "layout.shares[%d] must be above %g and up to 1, not %g", k, least,
                            p->shares[k]);
    }
    if (p->shares[p->sessions - 1] != 1)
        return smp_fail(err, SMP_E_INPUT, "layout.shares[%d] must be 1 (the last session), not %g",
                        p->sessions - 1, p->shares[p->sessions - 1]);
    return SMP_OK;
}

static enum smp_code check_gap(const struct smp_density *field, double gap_mm, struct smp_err *err)
{
    const double largest = gap_limit * SMP_HEX / sqrt((double)field->highest);
    if (gap_mm <= largest)
        return SMP_OK;
    return smp_fail(err, SMP_E_INPUT,
                    "layout.min_gap_mm: %g mm cannot be had at %.4g dots/cm², the largest gap "
                    "that can is %.3f mm",
                    gap_mm, 100 * (double)field->highest, floor(largest * 1000) / 1000);
}

// ---- Fixed points -------------------------------------------------------------------------------

static uint32_t wrong_face(const struct smp_surface *s, struct smp_vec3 p)
{
    uint32_t best = 0;
    double least = 1e300;
    const struct smp_vec3 q = smp_sub(p, s->centre);
    for (size_t t = 0; t < s->count; t++) {
        const struct smp_planes *f = &s->planes[t];
        double out = 0;
        for (int k = 0; k < 3; k++) {
            const double side = (double)f->x[k] * q.x + (double)f->y[k] * q.y +
                                (double)f->z[k] * q.z + (double)f->w[k];
            out = side < out ? side : out;
        }
        if (-out < least || (-out <= least && t % 2)) {
            least = -out;
            best = (uint32_t)t;
        }
    }
    return best;
}

struct fixed {
    uint32_t *face; // where it pays, or SMP_NO_FACE
    uint32_t *on;   // nearest
    size_t paying;
    double shares; // of dots, that the paying ones stand for
};

// A fixed point counts as one dot where it lies within a spacing of skin that is to get dots.
static enum smp_code place_fixed(struct fixed *x, struct smp_work *w,
                                 const struct smp_layout_input *input,
                                 const struct smp_hooks *hooks, struct smp_err *err)
{
    const size_t n = input->fixed_count;
    x->face = smp_new(w->scratch, uint32_t, n);
    x->on = smp_new(w->scratch, uint32_t, n);
    struct smp_boxes *boxes = n ? smp_boxes_make(w->s, w->scratch) : NULL;
    if (!x->face || !x->on || (n && !boxes))
        return smp_fail(err, SMP_E_NOMEM, "no room for %zu fixed points", n);
    for (size_t i = 0; i < n; i++) {
        const struct smp_vec3 p = input->fixed_mm[i];
        if (!(fabs(p.x) < 1e7 && fabs(p.y) < 1e7 && fabs(p.z) < 1e7))
            return smp_fail(err, SMP_E_INPUT,
                            "fixed point %zu is at (%g, %g, %g) mm, which must be within 1e7 mm", i,
                            p.x, p.y, p.z);
        const double share = input->fixed_share ? input->fixed_share[i] : 1;
        enum smp_code code = smp_check_number(share, "share", "of a dot", 0, 1, "fixed point", err);
        if (code)
            return code;
        double far;
        uint32_t face = smp_boxes_nearest(boxes, p, &far);
        if (hooks && hooks->wrong_faces)
            face = wrong_face(w->s, p);
        x->on[i] = face;
        const struct smp_vec3 c = smp_sub(smp_nearest_on_face(w->s, face, p), w->s->centre);
        const float q[3] = { (float)c.x, (float)c.y, (float)c.z };
        const double density = (double)smp_density_at(&w->field.real[face], q);
        const bool pays = density > 0 && far * far * density <= 1;
        x->face[i] = pays ? face : SMP_NO_FACE;
        x->paying += pays;
        x->shares += pays ? share : 0;
    }
    return SMP_OK;
}

static void put_fixed(struct smp_work *w, const struct fixed *x, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const size_t k = w->free_count + i;
        const struct smp_vec3 c = smp_sub(w->fixed_mm[i], w->s->centre);
        w->at[k][0] = (float)c.x;
        w->at[k][1] = (float)c.y;
        w->at[k][2] = (float)c.z;
        w->face[k] = x->on[i];
        w->session[k] = 0;
        w->density[k] = smp_spacing_density(&w->field, x->on[i], w->at[k]);
    }
}

// ---- Order ------------------------------------------------------------------------------------

struct ranked {
    uint64_t key;
    uint32_t i;
};

static int by_rank(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->i < y->i ? -1 : x->i > y->i;
}

static uint32_t reverse_bits(uint32_t v)
{
    v = (v >> 1 & 0x55555555) | (v & 0x55555555) << 1;
    v = (v >> 2 & 0x33333333) | (v & 0x33333333) << 2;
    v = (v >> 4 & 0x0f0f0f0f) | (v & 0x0f0f0f0f) << 4;
    v = (v >> 8 & 0x00ff00ff) | (v & 0x00ff00ff) << 8;
    return v >> 16 | v << 16;
}

// Inside a session the dots come by van der Corput's sequence along the curve: halves, quarters,
// eighths … of every stretch, so that a cut anywhere leaves a spread set.
static enum smp_code hand_over(struct smp_layout *layout, const struct smp_work *w,
                               struct smp_arena *arena, struct smp_err *err)
{
    struct ranked *rank = smp_new(w->scratch, struct ranked, w->free_count);
    struct smp_layout_dot *dots = smp_new(arena, struct smp_layout_dot, w->free_count);
    if (!rank || !dots)
        return smp_fail(err, SMP_E_NOMEM, "no room for %zu dots", w->free_count);
    size_t in_session[SMP_SESSIONS_MAX + 1] = { 0 }, met[SMP_SESSIONS_MAX + 1] = { 0 };
    for (size_t i = 0; i < w->free_count; i++)
        in_session[w->session[i]]++;
    for (size_t i = 0; i < w->free_count; i++) {
        const int s = w->session[i];
        const uint64_t along = ((uint64_t)met[s]++ << 32) / in_session[s];
        rank[i] = (struct ranked){ (uint64_t)s << 32 | reverse_bits((uint32_t)along), (uint32_t)i };
    }
    qsort(rank, w->free_count, sizeof *rank, by_rank);
    for (size_t k = 0; k < w->free_count; k++) {
        const uint32_t i = rank[k].i;
        float n[3];
        smp_face_normal(w->s, w->face[i], n);
        dots[k] = (struct smp_layout_dot){
            .position_mm = w->final[i],
            .normal = { (double)n[0], (double)n[1], (double)n[2] },
            .triangle = w->s->original[w->face[i]],
            .session = w->session[i],
            .order = (uint32_t)k,
        };
    }
    layout->dots = dots;
    layout->count = w->free_count;
    return SMP_OK;
}

// ---- The way through --------------------------------------------------------------------------

static enum smp_code make_room(struct smp_work *w, size_t lay, size_t fixed, struct smp_err *err)
{
    const size_t n = lay + fixed;
    w->free_count = lay;
    w->count = n;
    w->at = (float(*)[3])smp_alloc(w->scratch, n, sizeof *w->at);
    w->push = (float(*)[3])smp_alloc(w->scratch, n, sizeof *w->push);
    w->face = smp_new(w->scratch, uint32_t, n);
    w->id = smp_new(w->scratch, uint32_t, n);
    w->session = smp_new(w->scratch, uint8_t, n);
    w->density = smp_new(w->scratch, float, n);
    w->final = smp_new(w->scratch, struct smp_vec3, n);
    if (fixed && w->params->sessions > 1)
        w->held = smp_new(w->scratch, float, n);
    if (!w->at || !w->push || !w->face || !w->id || !w->session || !w->density || !w->final ||
        (fixed && w->params->sessions > 1 && !w->held))
        return smp_fail(err, SMP_E_NOMEM, "no room for %zu dots", n);
    return SMP_OK;
}

// How many dots are wanted, and how many to lay (ghosts included).
static enum smp_code counts(const struct smp_work *w, const struct fixed *x, size_t *wanted,
                            size_t *lay, struct smp_err *err)
{
    const double total = floor(w->field.real_total + 0.5);
    if (total > (double)count_limit)
        return smp_fail(err, SMP_E_INPUT, "density: it asks for %.0f dots, which is more than %zu",
                        total, count_limit);
    *wanted = total > x->shares ? (size_t)(total - x->shares + 0.5) : 0;
    const double ghosts = w->field.mass_total - w->field.real_total;
    *lay = *wanted + (w->field.has_ghosts ? (size_t)(ghosts + 0.5) : 0);
    return SMP_OK;
}

static enum smp_code prove(struct smp_layout *layout, struct smp_work *w, struct smp_err *err)
{
    const size_t fixed = w->count - w->free_count;
    for (size_t i = 0; i < fixed; i++)
        w->final[w->free_count + i] = w->fixed_mm[i];
    struct smp_audit audit;
    const double look = 0.5 * SMP_HEX / sqrt((double)w->field.highest);
    enum smp_code code = smp_audit(&audit, w->s, w->final, w->free_count, w->count,
                                   w->params->min_gap_mm, look, w->pool, w->scratch);
    if (code)
        return smp_fail(err, code, "no room to prove the gap of %zu dots", w->free_count);
    layout->min_gap_mm = audit.min_mm < 1e300 ? audit.min_mm : 0;
    layout->sheet_pairs = audit.sheet_pairs;
    if (audit.short_pairs)
        return smp_fail(err, SMP_E_INTERNAL,
                        "layout: the audit found %zu pairs nearer than min_gap_mm %g, the nearest "
                        "at %.5f mm",
                        audit.short_pairs, w->params->min_gap_mm, audit.min_mm);
    return SMP_OK;
}

static enum smp_code work_through(struct smp_layout *layout, struct smp_work *w,
                                  const struct smp_layout_input *input,
                                  const struct smp_hooks *hooks, struct smp_arena *arena,
                                  struct smp_err *err)
{
    struct fixed x = { 0 };
    size_t wanted = 0, lay = 0;
    enum smp_code code = smp_field_make(&w->field, w->s, input->density_per_cm2,
                                        (double)w->params->count, w->scratch, err);
    if (!code)
        code = check_gap(&w->field, w->params->min_gap_mm, err);
    if (!code)
        code = place_fixed(&x, w, input, hooks, err);
    if (!code)
        code = counts(w, &x, &wanted, &lay, err);
    if (!code)
        code = make_room(w, lay, input->fixed_count, err);
    if (code)
        return code;
    put_fixed(w, &x, input->fixed_count);
    code = smp_start(w, input, x.face, x.paying, lay, err);
    if (code)
        return code;
    if (w->free_count < lay) { // fixed points stand behind the free ones
        w->count = w->free_count + input->fixed_count;
        put_fixed(w, &x, input->fixed_count);
    }
    if (w->s->has_border) { // reach of the widest kernel of the sparsest prefix
        const double reach = 2.3 / sqrt((double)w->field.highest * w->params->shares[0] / 4);
        w->border = smp_border_make(w->s, reach, w->scratch);
        if (!w->border)
            return smp_fail(err, SMP_E_NOMEM, "no room for the borders of the surface");
    }
    code = smp_prefixes_make(w, err);
    if (!code)
        code = smp_relax(w, err);
    if (code)
        return code;
    smp_jitter(w);
    if (w->field.has_ghosts) {
        code = smp_crop(w, wanted, err);
        if (!code)
            code = smp_prefixes_make(w, err);
    }
    if (!code)
        code = smp_project(w, err);
    if (!code)
        code = smp_settle(w, err);
    if (!code)
        code = prove(layout, w, err);
    if (!code)
        code = hand_over(layout, w, arena, err);
    layout->dropped = wanted > w->free_count ? wanted - w->free_count : 0;
    return code;
}

enum smp_code smp_layout_run(struct smp_layout *layout, const struct smp_surface *surface,
                             const struct smp_layout_input *input,
                             const struct smp_layout_params *params, const struct smp_hooks *hooks,
                             struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err)
{
    const double began_s = now_s();
    struct smp_layout_params p = *params;
    enum smp_code code = check_params(&p, err);
    if (code)
        return code;
    struct smp_arena scratch;
    smp_arena_make(&scratch, 0);
    struct smp_layout result = { .prepare_s = surface->prepare_s };
    struct smp_work *w = smp_new(&scratch, struct smp_work, 1);
    if (w) {
        w->s = surface;
        w->params = &p;
        w->pool = pool;
        w->scratch = &scratch;
        w->fixed_mm = input->fixed_mm;
        code = work_through(&result, w, input, hooks, arena, err);
        result.area_cm2 = w->field.area_mm2 / 100;
    } else {
        code = smp_fail(err, SMP_E_NOMEM, "no room to lay dots");
    }
    smp_arena_drop(&scratch);
    if (code)
        return code;
    result.layout_s = now_s() - began_s;
    *layout = result;
    return SMP_OK;
}

enum smp_code smp_layout_make(struct smp_layout *layout, const struct smp_surface *surface,
                              const struct smp_layout_input *input,
                              const struct smp_layout_params *params, struct smp_pool *pool,
                              struct smp_arena *arena, struct smp_err *err)
{
    return smp_layout_run(layout, surface, input, params, NULL, pool, arena, err);
}
