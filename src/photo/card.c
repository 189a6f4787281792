// The colour card: squares in a lattice whose colours are those of the card, one way round.
#include "photo/card_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    columns = SMP_CARD_COLUMNS,
    rows = SMP_CARD_ROWS,
    patches = SMP_CARD_PATCHES,
    quads_room = 4096,
    reach = 6, // lattice places are sought this far from the first square
    span = 2 * reach + 1,
    least_placed = 8 // squares of a card that must be seen as such
};

const char *const smp_card_names[] = { "classic", "mini", NULL };

// ---- Flat squares -----------------------------------------------------------------------------

struct flatness {
    const struct smp_shrunk *sight;
    const float *smooth;
    uint8_t *mask;
    float limit;
};

// 3 × 3 binomial mean, so that noise of single pixels does not break a patch.
static void smooth_rows(void *context, size_t begin, size_t end)
{
    const struct flatness *f = context;
    const size_t width = f->sight->width, stride = width * shrunk_channels;
    float *smooth = (float *)f->smooth;
    for (size_t y = begin; y < end; y++) {
        for (size_t i = 0; i < stride; i++) {
            const bool inside = y > 0 && y + 1 < f->sight->height && i >= shrunk_channels &&
                                i + shrunk_channels < stride;
            const float *c = f->sight->code + y * stride + i;
            smooth[y * stride + i] = *c;
            if (!inside)
                continue;
            const float *up = c - stride, *down = c + stride;
            smooth[y * stride + i] =
                (4 * c[0] + 2 * (c[-shrunk_channels] + c[shrunk_channels] + up[0] + down[0]) +
                 up[-shrunk_channels] + up[shrunk_channels] + down[-shrunk_channels] +
                 down[shrunk_channels]) /
                16;
        }
    }
}

static void mark_flat(void *context, size_t begin, size_t end)
{
    const struct flatness *f = context;
    const size_t width = f->sight->width, stride = width * shrunk_channels;
    for (size_t y = begin; y < end; y++) {
        for (size_t x = 0; x < width; x++) {
            uint8_t *out = f->mask + y * width + x;
            *out = 0;
            if (y == 0 || x == 0 || y + 1 == f->sight->height || x + 1 == width)
                continue;
            const float *c = f->smooth + y * stride + x * shrunk_channels;
            float change = 0;
            for (size_t k = 0; k < shrunk_channels; k++) {
                change = fmaxf(change,
                               fabsf(c[k + shrunk_channels] - c[(ptrdiff_t)k - shrunk_channels]));
                change = fmaxf(change, fabsf(c[k + stride] - c[(ptrdiff_t)k - (ptrdiff_t)stride]));
            }
            *out = change < f->limit;
        }
    }
}

static enum smp_code flat_quads(struct smp_quads *quads, const struct smp_shrunk *sight,
                                struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err)
{
    static const float limits[] = { 0.015F, 0.03F, 0.06F };
    const size_t pixels = sight->width * sight->height;
    float *smooth = smp_new(arena, float, pixels *shrunk_channels);
    uint8_t *mask = smp_new(arena, uint8_t, pixels);
    if (!smooth || !mask)
        return smp_fail(err, SMP_E_NOMEM, "no memory to look for a colour card");
    struct flatness f = { sight, smooth, mask, 0 };
    smp_pool_for(pool, sight->height, 16, smooth_rows, &f);
    const struct smp_quad_rule rule = { 36, pixels / 24, 0.85, 0.88 };
    enum smp_code code = SMP_OK;
    for (size_t k = 0; !code && k < sizeof limits / sizeof *limits; k++) {
        f.limit = limits[k];
        smp_pool_for(pool, sight->height, 16, mark_flat, &f);
        code = smp_quads_add(quads, mask, sight, &rule, arena, err);
    }
    return code;
}

// ---- Lattice ----------------------------------------------------------------------------------

struct lattice {
    struct smp_homography to_px;
    const struct smp_quad *at[span][span]; // [v + reach][u + reach], NULL: none seen
    int placed, u_min, u_max, v_min, v_max;
};

static bool fit_lattice(struct lattice *l)
{
    struct smp_vec2 from[span * span], to[span * span];
    size_t n = 0;
    for (int v = 0; v < span; v++) {
        for (int u = 0; u < span; u++) {
            if (!l->at[v][u])
                continue;
            from[n] = (struct smp_vec2){ u - reach, v - reach };
            to[n++] = l->at[v][u]->centre_px;
        }
    }
    return n >= 4 && smp_homography_fit(&l->to_px, from, to, n);
}

static const struct smp_quad *quad_near(const struct smp_quads *quads, struct smp_vec2 at,
                                        double pitch_px)
{
    const struct smp_quad *best = NULL;
    double nearest = 0.22 * pitch_px;
    for (size_t i = 0; i < quads->count; i++) {
        const struct smp_quad *q = &quads->quad[i];
        const double far = hypot(q->centre_px.x - at.x, q->centre_px.y - at.y);
        const double side = sqrt(q->area_px2) / pitch_px;
        if (far < nearest && side > 0.55 && side < 1.0) {
            nearest = far;
            best = q;
        }
    }
    return best;
}

static bool is_placed(const struct lattice *l, int u, int v)
{
    return u >= 0 && v >= 0 && u < span && v < span && l->at[v][u];
}

// No more places than a card has, either way up.
static bool fits_card(const struct lattice *l, int u, int v)
{
    const int wide = (u > l->u_max ? u : l->u_max) - (u < l->u_min ? u : l->u_min) + 1;
    const int high = (v > l->v_max ? v : l->v_max) - (v < l->v_min ? v : l->v_min) + 1;
    return (wide <= columns && high <= rows) || (wide <= rows && high <= columns);
}

static bool place(struct lattice *l, const struct smp_quads *quads, int u, int v)
{
    const struct smp_vec2 p = { u - reach, v - reach };
    const struct smp_vec2 at = smp_homography_map(&l->to_px, p);
    const double pitch_px = smp_homography_scale(&l->to_px, p);
    if (!(pitch_px > 8))
        return false;
    l->at[v][u] = quad_near(quads, at, pitch_px);
    if (!l->at[v][u])
        return false;
    l->placed++;
    l->u_min = u < l->u_min ? u : l->u_min;
    l->u_max = u > l->u_max ? u : l->u_max;
    l->v_min = v < l->v_min ? v : l->v_min;
    l->v_max = v > l->v_max ? v : l->v_max;
    return true;
}

// Grows a lattice from one square, whose own sides tell the first step.
static void grow(struct lattice *l, const struct smp_quads *quads, const struct smp_quad *seed)
{
    static const double half = 0.42; // of a patch whose pitch is 1
    const struct smp_vec2 square[4] = {
        { -half, -half }, { half, -half }, { half, half }, { -half, half }
    };
    *l = (struct lattice){
        .placed = 1, .u_min = reach, .u_max = reach, .v_min = reach, .v_max = reach
    };
    l->at[reach][reach] = seed;
    if (!smp_homography_fit(&l->to_px, square, seed->corner_px, 4))
        return;
    for (int round = 0, before = 0; round < 12 && l->placed > before; round++) {
        const int far = round < 2 ? 1 : 2; // over a gap only once the lattice is sure
        before = l->placed;
        for (int v = 0; v < span; v++) {
            for (int u = 0; u < span; u++) {
                if (is_placed(l, u, v) || !fits_card(l, u, v))
                    continue;
                bool near = false;
                for (int k = 1; k <= far; k++)
                    near |= is_placed(l, u - k, v) || is_placed(l, u + k, v) ||
                            is_placed(l, u, v - k) || is_placed(l, u, v + k);
                if (near)
                    place(l, quads, u, v);
            }
        }
        if (l->placed >= 5 && !fit_lattice(l))
            return;
    }
}

// ---- Colours: which square is which -----------------------------------------------------------

// From (column, row) of the card to lattice places.
struct placement {
    int u0, v0, turn; // quarter turns
};

static struct smp_vec2 lattice_place(const struct placement *p, double column, double row)
{
    switch (p->turn) {
    case 0:
        return (struct smp_vec2){ p->u0 + column, p->v0 + row };
    case 1:
        return (struct smp_vec2){ p->u0 + rows - 1 - row, p->v0 + column };
    case 2:
        return (struct smp_vec2){ p->u0 + columns - 1 - column, p->v0 + rows - 1 - row };
    default:
        return (struct smp_vec2){ p->u0 + row, p->v0 + columns - 1 - column };
    }
}

static struct smp_rgb_lin rough_colour(const struct smp_image *image,
                                       const struct smp_homography *h, struct smp_vec2 centre)
{
    struct smp_rgb_lin sum = { 0, 0, 0 };
    for (int j = -2; j <= 2; j++) {
        for (int i = -2; i <= 2; i++) {
            const struct smp_vec2 at =
                smp_homography_map(h, (struct smp_vec2){ centre.x + 0.1 * i, centre.y + 0.1 * j });
            const struct smp_rgb c = smp_image_sample(image, at.x, at.y);
            sum.r += (double)c.r / 25;
            sum.g += (double)c.g / 25;
            sum.b += (double)c.b / 25;
        }
    }
    return sum;
}

// How unlike the card these colours are: what is left, as root mean square of square roots of
// light, once the best matrix has been allowed for. 1 where none fits.
static double unlike_card(const struct smp_rgb_lin *seen, const struct smp_rgb_lin *wanted)
{
    double a[9] = { 0 }, b[3][3] = { { 0 } }, rest = 0;
    for (int i = 0; i < patches; i++) {
        const double s[3] = { seen[i].r, seen[i].g, seen[i].b },
                     w[3] = { wanted[i].r, wanted[i].g, wanted[i].b };
        const double weight = 1 / (0.04 + wanted[i].g);
        for (int j = 0; j < 3; j++) {
            for (int k = 0; k < 3; k++) {
                a[3 * j + k] += weight * s[j] * s[k];
                b[j][k] += weight * w[j] * s[k];
            }
        }
    }
    for (int j = 0; j < 3; j++) {
        double copy[9];
        memcpy(copy, a, sizeof copy);
        if (!smp_solve_positive(copy, b[j], 3))
            return 1;
    }
    for (int i = 0; i < patches; i++) {
        const double w[3] = { wanted[i].r, wanted[i].g, wanted[i].b };
        for (int j = 0; j < 3; j++) {
            const double made = b[j][0] * seen[i].r + b[j][1] * seen[i].g + b[j][2] * seen[i].b;
            const double off = sqrt(fmax(made, 0)) - sqrt(fmax(w[j], 0));
            rest += off * off / (3 * patches);
        }
    }
    return sqrt(rest);
}

// Above this no card: cards reach 0.015 to 0.05 (more in two lights, which is told later), wrong
// placements and other things 0.25 and more.
static const double unlike_most = 0.16;

struct best_placement {
    double unlike, second;
    struct placement placement;
};

static bool inside(const struct smp_image *image, struct smp_vec2 p)
{
    return p.x >= 0 && p.y >= 0 && p.x <= (double)image->width_px &&
           p.y <= (double)image->height_px;
}

static void try_placement(struct best_placement *best, const struct placement *p,
                          const struct lattice *l, const struct smp_image *image,
                          const struct smp_rgb_lin *wanted)
{
    struct smp_rgb_lin seen[patches];
    for (int i = 0; i < patches; i++) {
        const struct smp_vec2 place = smp_card_place(i);
        struct smp_vec2 at = lattice_place(p, place.x, place.y);
        at.x -= reach;
        at.y -= reach;
        if (!inside(image, smp_homography_map(&l->to_px, at)))
            return;
        seen[i] = rough_colour(image, &l->to_px, at);
    }
    const double unlike = unlike_card(seen, wanted);
    if (unlike < best->unlike) {
        best->second = best->unlike;
        best->unlike = unlike;
        best->placement = *p;
    } else {
        best->second = fmin(best->second, unlike);
    }
}

static void try_placements(struct best_placement *best, const struct lattice *l,
                           const struct smp_image *image, const struct smp_rgb_lin *wanted)
{
    for (int turn = 0; turn < 4; turn++) {
        const int wide = turn & 1 ? rows : columns, high = turn & 1 ? columns : rows;
        for (int v0 = l->v_max - high + 1; v0 <= l->v_min; v0++) {
            for (int u0 = l->u_max - wide + 1; u0 <= l->u_min; u0++) {
                const struct placement p = { u0, v0, turn };
                try_placement(best, &p, l, image, wanted);
            }
        }
    }
}

// ---- The card ---------------------------------------------------------------------------------

// The lattice's homography seen from card places.
static bool card_frame(struct smp_homography *to_px, const struct lattice *l,
                       const struct placement *p)
{
    struct smp_vec2 from[patches], to[patches];
    for (int i = 0; i < patches; i++) {
        from[i] = smp_card_place(i);
        struct smp_vec2 at = lattice_place(p, from[i].x, from[i].y);
        at.x -= reach;
        at.y -= reach;
        to[i] = smp_homography_map(&l->to_px, at);
    }
    return smp_homography_fit(to_px, from, to, patches);
}

// Squares that lie where the lattice has one would only grow it again.
static void mark_used(uint8_t *used, const struct lattice *l, const struct smp_quads *quads)
{
    struct smp_homography back;
    if (!smp_homography_invert(&back, &l->to_px))
        return;
    for (size_t i = 0; i < quads->count; i++) {
        const struct smp_vec2 p = smp_homography_map(&back, quads->quad[i].centre_px);
        const double u = round(p.x), v = round(p.y);
        if (hypot(p.x - u, p.y - v) < 0.22 && fabs(u) <= reach && fabs(v) <= reach)
            used[i] |= l->at[(int)v + reach][(int)u + reach] != NULL;
    }
}

static enum smp_code find_in(struct best_placement *best, struct smp_homography *to_px,
                             const struct smp_quads *quads, const struct smp_image *image,
                             const struct smp_rgb_lin *wanted, struct smp_arena *arena,
                             struct smp_err *err)
{
    uint8_t *used = smp_new(arena, uint8_t, quads->count + 1);
    struct lattice *l = smp_new(arena, struct lattice, 1);
    if (!used || !l)
        return smp_fail(err, SMP_E_NOMEM, "no memory to look for a colour card");
    for (size_t i = 0; i < quads->count && best->unlike > unlike_most; i++) {
        if (used[i])
            continue;
        grow(l, quads, &quads->quad[i]);
        if (l->placed < least_placed)
            continue;
        mark_used(used, l, quads);
        struct best_placement here = { 1, 1, { 0, 0, 0 } };
        try_placements(&here, l, image, wanted);
        struct smp_homography frame;
        if (here.unlike < best->unlike && here.second > 1.5 * here.unlike &&
            card_frame(&frame, l, &here.placement)) {
            *best = here;
            *to_px = frame;
        }
    }
    return SMP_OK;
}

static enum smp_code search(struct best_placement *best, struct smp_homography *to_px,
                            const struct smp_image *image, const struct smp_rgb_lin *wanted,
                            size_t side_max, struct smp_pool *pool, struct smp_arena *arena,
                            struct smp_err *err)
{
    const struct smp_mark mark = smp_arena_mark(arena);
    struct smp_quads quads = { .room = quads_room };
    quads.quad = smp_new(arena, struct smp_quad, quads_room);
    if (!quads.quad)
        return smp_fail(err, SMP_E_NOMEM, "no memory to look for a colour card");
    struct smp_shrunk sight;
    enum smp_code code = smp_shrunk_make(&sight, image, side_max, pool, arena, err);
    if (!code)
        code = flat_quads(&quads, &sight, pool, arena, err);
    if (!code)
        code = find_in(best, to_px, &quads, image, wanted, arena, err);
    smp_arena_reset(arena, mark);
    return code;
}

enum smp_code smp_card_find(struct smp_card *card, const struct smp_image *image,
                            const struct smp_lab reference[SMP_CARD_PATCHES], const char *name,
                            struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err)
{
    static const size_t sides[] = { 800, 1600, 400 };
    struct smp_rgb_lin wanted[patches];
    for (int i = 0; i < patches; i++)
        wanted[i] = smp_rgb_from_lab(reference[i]);
    struct best_placement best = { 1, 1, { 0, 0, 0 } };
    struct smp_card made = { 0 };
    for (size_t k = 0; k < sizeof sides / sizeof *sides && best.unlike > unlike_most; k++) {
        const enum smp_code code =
            search(&best, &made.to_px, image, wanted, sides[k], pool, arena, err);
        if (code)
            return code;
    }
    if (best.unlike > unlike_most)
        return smp_fail(err, SMP_E_INPUT,
                        "%s: no colour card with 24 patches was found: the whole card must be in "
                        "the picture, sharp and flat, its patches at least 12 px wide",
                        name);
    const enum smp_code code = smp_card_read(&made, image, name, arena, err);
    if (!code)
        *card = made;
    return code;
}
