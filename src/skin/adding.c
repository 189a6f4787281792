// Layers and faces added from the bottom up (Prahl 1995); then light followed down through them.
#include "skin/skin_impl.h"

#include <math.h>
#include <string.h>

// Light caught between total reflections in a clear layer would circle for ever; none can get in,
// and with this much lost at each reflection the equations stay regular.
static const double caught = 1 - 1e-13;

// ---- Faces --------------------------------------------------------------------------------------

// What a face does to each stream, seen from above and from below.
struct face {
    double above[SMP_STREAMS_MAX], below[SMP_STREAMS_MAX]; // reflection
    double through[SMP_STREAMS_MAX];                       // amplitude, the same both ways
    bool open;                                             // equal indices: no face at all
};

static void make_face(struct face *face, const struct smp_streams *streams, double n_above,
                      double n_below)
{
    face->open = n_above == n_below;
    for (int i = 0; i < streams->count; i++) {
        const bool above = smp_stream_cosine(streams, i, n_above) > 0;
        const bool below = smp_stream_cosine(streams, i, n_below) > 0;
        const double r = above && below ? smp_stream_fresnel(streams, i, n_above, n_below) : caught;
        face->above[i] = above ? r : 0;
        face->below[i] = below ? r : 0;
        face->through[i] = above && below ? 1 - r : 0;
    }
}

static double face_index(const struct smp_stack *stack, int k)
{
    return k < 0 || k >= stack->count ? stack->n_outside : stack->layer[k].n;
}

// ---- From the bottom up -------------------------------------------------------------------------

// lu ← LU of 1 − up·diag(below).
static void factor_face(double *lu, const double *up, const struct face *face, int n)
{
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++)
            lu[i * n + j] = (i == j) - up[i * n + j] * face->below[j];
    }
    smp_mat_lu(lu, n);
}

// `up`: reflection of all below a face, seen from just beneath it; becomes the same seen from
// above the face: r + t (1 − up·r')⁻¹ up t.
static void add_face(double *up, const struct face *face, double *lu, double *column, int n)
{
    if (face->open)
        return;
    factor_face(lu, up, face, n);
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++)
            column[i * n + j] = up[i * n + j] * face->through[j];
    }
    smp_mat_lu_solve(column, lu, n);
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++)
            up[i * n + j] = face->through[i] * column[i * n + j] + (i == j ? face->above[i] : 0);
    }
}

static void factor_layer(double *lu, const double *up, const double *r, int n)
{
    smp_mat_multiply(lu, up, r, n);
    for (int i = 0; i < n * n; i++)
        lu[i] = -lu[i];
    for (int i = 0; i < n; i++)
        lu[i * n + i] += 1;
    smp_mat_lu(lu, n);
}

// The same through a layer: R + T (1 − up·R)⁻¹ up T.
static void add_layer(struct smp_solver *s, double *up)
{
    const int n = s->streams.count;
    factor_layer(s->product, up, s->r, n);
    smp_mat_multiply(s->column, up, s->t, n);
    smp_mat_lu_solve(s->column, s->product, n);
    smp_mat_multiply(up, s->t, s->column, n);
    for (int i = 0; i < n * n; i++)
        up[i] += s->r[i];
}

static void know_medium(struct smp_solver *s, const struct smp_layer *layer)
{
    if (s->medium_known && s->medium.n == layer->n && s->medium.g == layer->g)
        return;
    smp_medium_make(&s->medium, &s->streams, layer->n, layer->g);
    s->medium_known = true;
}

// What is kept of each layer where light is to be followed down.
struct kept {
    double *r, *t, *bottom, *top; // reflection of all below, at the layer's bottom and top
};

// s->up ← reflection of the whole stack, seen from just beneath its outer face. kept NULL: no
// trace.
static void add_up(struct smp_solver *s, const struct smp_stack *stack, struct kept *kept)
{
    const int n = s->streams.count;
    const size_t bytes = (size_t)n * n * sizeof(double);
    struct face face;
    memset(s->up, 0, bytes);
    for (int k = stack->count - 1; k >= 0; k--) {
        if (k < stack->count - 1 || !isinf(stack->layer[k].thickness_mm)) {
            make_face(&face, &s->streams, stack->layer[k].n, face_index(stack, k + 1));
            add_face(s->up, &face, s->product, s->column, n);
        }
        know_medium(s, &stack->layer[k]);
        smp_slab(s->r, s->t, &s->streams, &s->medium, &stack->layer[k], &s->work);
        const bool keep = kept && kept[k].top;
        if (keep) {
            memcpy(kept[k].bottom, s->up, bytes);
            memcpy(kept[k].r, s->r, bytes);
            memcpy(kept[k].t, s->t, bytes);
        }
        if (isinf(stack->layer[k].thickness_mm))
            memcpy(s->up, s->r, bytes);
        else
            add_layer(s, s->up);
        if (keep)
            memcpy(kept[k].top, s->up, bytes);
    }
}

// ---- From the top down --------------------------------------------------------------------------

static double power(const struct smp_streams *streams, const double *amplitude)
{
    double sum = 0;
    for (int i = 0; i < streams->count; i++)
        sum += streams->root_share[i] * amplitude[i];
    return sum;
}

// Light just beneath a face from light above it and all reflections between: (1 − r'·up)⁻¹ t in.
static void through_face(double *down, const double *in, const double *up, const struct face *face,
                         double *lu, int n)
{
    for (int i = 0; i < n; i++)
        down[i] = face->through[i] * in[i];
    factor_face(lu, up, face, n);
    smp_mat_lu_solve_left(down, lu, n);
}

static void light_in(double *in, const struct smp_streams *streams, enum smp_light light,
                     double n_outside)
{
    for (int i = 0; i < streams->count; i++) {
        const bool there = smp_stream_cosine(streams, i, n_outside) > 0;
        if (light == SMP_LIGHT_DIFFUSE)
            in[i] = there ? streams->root_share[i] / (n_outside * n_outside) : 0;
        else
            in[i] = i == streams->beam ? 1 / streams->root_share[i] : 0;
    }
}

// Specular part and reflectance; `down` gets the light beneath the outer face.
static void top_face(struct smp_flux *flux, double *down, struct smp_solver *s,
                     const struct smp_stack *stack, const double *in)
{
    const int n = s->streams.count;
    double back[SMP_STREAMS_MAX], out[SMP_STREAMS_MAX];
    struct face face;
    make_face(&face, &s->streams, stack->n_outside, stack->layer[0].n);
    if (face.open) {
        memcpy(down, in, (size_t)n * sizeof *down);
        flux->specular = 0;
    } else {
        for (int i = 0; i < n; i++)
            out[i] = face.above[i] * in[i];
        flux->specular = power(&s->streams, out);
        through_face(down, in, s->up, &face, s->product, n);
    }
    smp_mat_vector(back, s->up, down, n);
    for (int i = 0; i < n; i++)
        out[i] = face.open ? back[i] : face.through[i] * back[i];
    flux->diffuse_reflectance = power(&s->streams, out);
}

// Follows the light `down` at the top of the first layer to the bottom of the last.
static void follow_down(struct smp_flux *flux, double *down, struct smp_solver *s,
                        const struct smp_stack *stack, const struct kept *kept)
{
    const int n = s->streams.count;
    double up[SMP_STREAMS_MAX], bottom[SMP_STREAMS_MAX], out[SMP_STREAMS_MAX];
    struct face face;
    flux->transmittance = 0;
    for (int k = 0; k < stack->count; k++) {
        const struct smp_layer *layer = &stack->layer[k];
        smp_mat_vector(up, kept[k].top, down, n);
        const double enters = power(&s->streams, down) - power(&s->streams, up);
        if (isinf(layer->thickness_mm)) {
            const bool clear = layer->mua_per_mm == 0 && layer->mus_per_mm == 0;
            flux->absorbed[k] = clear ? 0 : enters;
            flux->transmittance = clear ? enters : 0;
            return;
        }
        smp_mat_vector(bottom, kept[k].t, down, n);
        factor_layer(s->product, kept[k].bottom, kept[k].r, n);
        smp_mat_lu_solve_left(bottom, s->product, n);
        smp_mat_vector(up, kept[k].bottom, bottom, n);
        flux->absorbed[k] = enters - power(&s->streams, bottom) + power(&s->streams, up);
        make_face(&face, &s->streams, layer->n, face_index(stack, k + 1));
        if (k == stack->count - 1) {
            for (int i = 0; i < n; i++)
                out[i] = face.open ? bottom[i] : face.through[i] * bottom[i];
            flux->transmittance = power(&s->streams, out);
        } else if (face.open) {
            memcpy(down, bottom, (size_t)n * sizeof *down);
        } else {
            through_face(down, bottom, kept[k + 1].top, &face, s->product, n);
        }
    }
}

// Share of one stream's light that passes all layers without being scattered, mirrored any number
// of times between the faces.
static double unscattered(const struct smp_streams *streams, int i, const struct smp_stack *stack)
{
    double pass = 1, back = 0; // through all below, and reflected by all below
    for (int k = stack->count; k >= 0; k--) {
        const double r =
            smp_stream_fresnel(streams, i, face_index(stack, k - 1), face_index(stack, k));
        if (r >= 1)
            return 0;
        const double round = 1 - r * back;
        pass *= (1 - r) / round;
        back = r + (1 - r) * (1 - r) * back / round;
        if (k == 0)
            break;
        const struct smp_layer *layer = &stack->layer[k - 1];
        const double rate = layer->mua_per_mm + layer->mus_per_mm;
        const double e =
            rate == 0 ? 1
                      : exp(-rate * layer->thickness_mm / smp_stream_cosine(streams, i, layer->n));
        pass *= e;
        back *= e * e;
    }
    return pass;
}

// ---- Public -------------------------------------------------------------------------------------

enum smp_code smp_solver_make(struct smp_solver *s, const struct smp_stack *stack, int streams,
                              struct smp_arena *arena, struct smp_err *err)
{
    memset(s, 0, sizeof *s);
    smp_streams_make(&s->streams, stack, streams);
    const size_t each = (size_t)s->streams.count * s->streams.count;
    double *block = smp_new(arena, double, 13 * each);
    if (!block)
        return smp_fail(err, SMP_E_NOMEM, "no room for the matrices of %d streams",
                        s->streams.count);
    double **const parts[] = { &s->r,      &s->t,           &s->up,        &s->product,
                               &s->column, &s->medium.even, &s->medium.odd };
    for (size_t k = 0; k < 7; k++)
        *parts[k] = block + k * each;
    for (size_t k = 0; k < 6; k++)
        s->work.block[k] = block + (7 + k) * each;
    return SMP_OK;
}

double smp_solver_reflectance(struct smp_solver *s, const struct smp_stack *stack)
{
    struct smp_flux flux;
    double in[SMP_STREAMS_MAX], down[SMP_STREAMS_MAX];
    add_up(s, stack, NULL);
    light_in(in, &s->streams, SMP_LIGHT_COLLIMATED, stack->n_outside);
    top_face(&flux, down, s, stack, in);
    return flux.diffuse_reflectance;
}

static enum smp_code solve(struct smp_flux *flux, const struct smp_stack *stack,
                           enum smp_light light, int streams, struct smp_arena *scratch,
                           struct smp_err *err)
{
    struct smp_solver s;
    const enum smp_code code = smp_solver_make(&s, stack, streams, scratch, err);
    if (code)
        return code;
    const size_t each = (size_t)s.streams.count * s.streams.count;
    double *block = smp_new(scratch, double, 4 * each * (size_t)stack->count);
    if (!block)
        return smp_fail(err, SMP_E_NOMEM, "no room for %d layers of %d streams", stack->count,
                        s.streams.count);
    struct kept kept[SMP_LAYERS_MAX] = { 0 };
    for (int k = 0; k < stack->count; k++) {
        double *own = block + 4 * each * (size_t)k;
        kept[k] = (struct kept){ own, own + each, own + 2 * each, own + 3 * each };
    }
    struct smp_flux made = { 0 };
    double in[SMP_STREAMS_MAX] = { 0 }, down[SMP_STREAMS_MAX];
    add_up(&s, stack, kept);
    light_in(in, &s.streams, light, stack->n_outside);
    top_face(&made, down, &s, stack, in);
    follow_down(&made, down, &s, stack, kept);
    for (int i = 0; i < s.streams.count; i++) {
        if (in[i] > 0)
            made.unscattered += s.streams.root_share[i] * in[i] * unscattered(&s.streams, i, stack);
    }
    *flux = made;
    return SMP_OK;
}

enum smp_code smp_stack_reflect(struct smp_flux *flux, const struct smp_stack *stack,
                                enum smp_light light, int streams, struct smp_arena *scratch,
                                struct smp_err *err)
{
    const enum smp_code bad = smp_stack_check(stack, "stack", err);
    if (bad)
        return bad;
    if (streams < 4 || streams > SMP_STREAMS_MAX || streams % 2)
        return smp_fail(err, SMP_E_INPUT, "streams must be an even number from 4 to %d, not %d",
                        SMP_STREAMS_MAX, streams);
    const struct smp_mark mark = smp_arena_mark(scratch);
    const enum smp_code code = solve(flux, stack, light, streams, scratch, err);
    smp_arena_reset(scratch, mark);
    return code;
}
