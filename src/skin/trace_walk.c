// One photon in space. Scattering alone is played; absorption is a weight along the path, so that
// bare and pigmented skin share the path up to the pigment, and beyond it where that only absorbs.
#include "skin/trace_impl.h"

#include <math.h>

static const double light_weight = 1.3862943611198906; // ln 4: play for life at weights of 1/4
static const double black = 18;                        // e^-18 is nothing
static const double hair_mm = 1e-9;                    // nearer than this is at the face

void smp_walk_bed_make(struct smp_walk_bed *bed, const struct smp_trace_scene *scene)
{
    *bed = (struct smp_walk_bed){ scene->stack, { 0 }, scene->deposits, scene->count };
    double z = 0;
    for (int i = 0; i < scene->stack->count; i++)
        bed->bottom_mm[i] = z += scene->stack->layer[i].thickness_mm;
}

static double exponential(struct smp_rng *rng)
{
    return -log(1 - smp_rng_unit(rng));
}

// A direction on the unit circle, without sines (von Neumann).
static struct smp_vec2 around(struct smp_rng *rng)
{
    for (;;) {
        const double x = 2 * smp_rng_unit(rng) - 1, y = 2 * smp_rng_unit(rng) - 1;
        const double square = x * x + y * y;
        if (square > 1 || square < 1e-12)
            continue;
        const double scale = 1 / sqrt(square);
        return (struct smp_vec2){ x * scale, y * scale };
    }
}

void smp_walker_launch(struct smp_walker *walker, const struct smp_walk_bed *bed,
                       struct smp_vec2 point_mm, enum smp_light seen)
{
    struct smp_rng *rng = &walker->rng;
    double outside = 1, inside = 1;
    struct smp_vec2 side = { 1, 0 };
    if (seen == SMP_LIGHT_DIFFUSE) {
        outside = sqrt(1 - smp_rng_unit(rng));
        side = around(rng);
    }
    const double back =
        smp_trace_fresnel(bed->stack->n_outside, bed->stack->layer[0].n, outside, &inside);
    const double sine = sqrt(fmax(0, 1 - inside * inside));
    walker->place_mm = smp_vec3(point_mm.x, point_mm.y, 0);
    walker->way = smp_vec3(sine * side.x, sine * side.y, inside);
    walker->layer = 0;
    walker->exponent = back < 1 ? -log(1 - back) : black;
    walker->pigment = 0;
    walker->path = exponential(rng);
}

// Henyey–Greenstein, as in the packets; turns about the old direction.
static void scatter(struct smp_walker *walker, double g)
{
    const double s = 2 * smp_rng_unit(&walker->rng) - 1, d = 1 + g * s;
    const double c = g * (3 - g * g) / 2 + s * (1 + g * g + s * g * (1 + g * g) / 2);
    const double bend = smp_clamp(c / (d * d), -1, 1), sine = sqrt(1 - bend * bend);
    const struct smp_vec2 turn = around(&walker->rng);
    const struct smp_vec3 w = walker->way;
    // A frame about w (Duff et al. 2017): no special case but the sign.
    const double sign = copysign(1, w.z), a = -1 / (sign + w.z), b = w.x * w.y * a;
    const struct smp_vec3 u = smp_vec3(1 + sign * w.x * w.x * a, sign * b, -sign * w.x);
    const struct smp_vec3 v = smp_vec3(b, sign + w.y * w.y * a, -w.y);
    const struct smp_vec3 across =
        smp_add(smp_scale(u, turn.x * sine), smp_scale(v, turn.y * sine));
    walker->way = smp_unit(smp_add(smp_scale(w, bend), across));
}

// Where the line from `from` along `way` is inside: *enter to *leave, false for nowhere ahead.
static bool crossing(double *enter, double *leave, const struct smp_trace_deposit *deposit,
                     struct smp_vec3 from, struct smp_vec3 way)
{
    const double radius = deposit->diameter_mm / 2, x = from.x - deposit->x_mm;
    const double y = from.y - deposit->y_mm, tall = deposit->bottom_mm - deposit->top_mm;
    const bool ball = fabs(tall - deposit->diameter_mm) < 1e-9;
    const double z = ball ? from.z - deposit->top_mm - radius : 0, down = ball ? way.z : 0;
    const double a = way.x * way.x + way.y * way.y + down * down;
    const double b = x * way.x + y * way.y + z * down;
    const double c = x * x + y * y + z * z - radius * radius;
    *enter = -(double)INFINITY, *leave = (double)INFINITY;
    if (a > 1e-18) {
        const double square = b * b - a * c;
        if (!(square > 0))
            return false;
        *enter = (-b - sqrt(square)) / a;
        *leave = (-b + sqrt(square)) / a;
    } else if (c > 0)
        return false;
    if (!ball) {
        const double slope = fabs(way.z) > 1e-12 ? 1 / way.z : copysign(1e12, way.z);
        const double t = (deposit->top_mm - from.z) * slope;
        const double u = (deposit->bottom_mm - from.z) * slope;
        *enter = fmax(*enter, fmin(t, u));
        *leave = fmin(*leave, fmax(t, u));
    }
    return *enter<*leave && * leave> hair_mm;
}

// What fills the next stretch, and how far it goes.
struct stretch {
    double mua_per_mm, mus_per_mm, pigment_per_mm; // pigment_per_mm: absorption by pigment
    double border_mm, deposit_mm; // to the layer's face; to the next face of any deposit
    bool inside;
};

static struct stretch look_ahead(const struct smp_walker *walker, const struct smp_walk_bed *bed,
                                 bool pigmented)
{
    const struct smp_layer *layer = &bed->stack->layer[walker->layer];
    const double z = walker->place_mm.z, down = walker->way.z;
    const double top = walker->layer > 0 ? bed->bottom_mm[walker->layer - 1] : 0;
    struct stretch s = { layer->mua_per_mm, layer->mus_per_mm, 0,
                         (double)INFINITY,  (double)INFINITY,  false };
    if (down > 0)
        s.border_mm = fmax(0, (bed->bottom_mm[walker->layer] - z) / down);
    else if (down < 0)
        s.border_mm = fmax(0, (top - z) / down);
    if (!pigmented)
        return s;
    for (int i = 0; i < bed->count; i++) {
        double enter, leave;
        if (!crossing(&enter, &leave, &bed->deposits[i], walker->place_mm, walker->way))
            continue;
        if (enter > hair_mm) {
            s.deposit_mm = fmin(s.deposit_mm, enter);
            continue;
        }
        s.inside = true;
        s.deposit_mm = fmin(s.deposit_mm, leave);
        s.pigment_per_mm += bed->deposits[i].mua_per_mm;
        s.mus_per_mm += bed->deposits[i].mus_per_mm;
    }
    return s;
}

// g of what was hit: skin's or a pigment's, by their shares of scattering.
static double hit_g(struct smp_walker *walker, const struct smp_walk_bed *bed,
                    const struct stretch *s)
{
    const struct smp_layer *layer = &bed->stack->layer[walker->layer];
    if (!s->inside || !(s->mus_per_mm > layer->mus_per_mm))
        return layer->g;
    double left = smp_rng_unit(&walker->rng) * s->mus_per_mm - layer->mus_per_mm;
    for (int i = 0; left >= 0 && i < bed->count; i++) {
        double enter, leave;
        if (!crossing(&enter, &leave, &bed->deposits[i], walker->place_mm, walker->way) ||
            enter > hair_mm)
            continue;
        left -= bed->deposits[i].mus_per_mm;
        if (left < 0)
            return bed->deposits[i].g;
    }
    return layer->g;
}

// At a face: true where the photon left the skin.
static bool cross_face(struct smp_walk_end *end, struct smp_walker *walker,
                       const struct smp_walk_bed *bed)
{
    const bool up = walker->way.z < 0;
    const int next = walker->layer + (up ? -1 : 1);
    walker->place_mm.z = up ? (next < 0 ? 0 : bed->bottom_mm[next]) : bed->bottom_mm[walker->layer];
    if (next >= 0 && next < bed->stack->count) {
        walker->layer = next;
        return false;
    }
    double outside;
    const double back = smp_trace_fresnel(bed->stack->layer[0].n, bed->stack->n_outside,
                                          fabs(walker->way.z), &outside);
    if (back > 0 && smp_rng_unit(&walker->rng) < back) {
        walker->way.z = -walker->way.z;
        return false;
    }
    end->place_mm = walker->place_mm;
    end->cosine = outside;
    end->weight = up ? exp(-walker->exponent - walker->pigment) : 0;
    return true;
}

// One stretch; false at the photon's end.
static bool advance(struct smp_walk_end *end, struct smp_walker *walker,
                    const struct smp_walk_bed *bed, const struct stretch *s)
{
    const double free_mm = s->mus_per_mm > 0 ? walker->path / s->mus_per_mm : (double)INFINITY;
    const double to_mm = fmin(fmin(free_mm, s->border_mm), s->deposit_mm);
    if (isinf(to_mm) || walker->pigment > black)
        return false;
    walker->place_mm = smp_add(walker->place_mm, smp_scale(walker->way, to_mm));
    walker->exponent += s->mua_per_mm * to_mm;
    walker->pigment += s->pigment_per_mm * to_mm;
    walker->path = fmax(0, walker->path - s->mus_per_mm * to_mm);
    if (to_mm == s->border_mm)
        return !cross_face(end, walker, bed);
    if (to_mm < free_mm)
        return true;
    scatter(walker, hit_g(walker, bed, s));
    walker->path = exponential(&walker->rng);
    while (walker->exponent > light_weight) {
        if (smp_rng_unit(&walker->rng) >= 0.25)
            return false;
        walker->exponent -= light_weight;
    }
    return true;
}

bool smp_walk_bare(struct smp_walk_end *end, struct smp_walker *walker, struct smp_walker *fork,
                   const struct smp_walk_bed *bed)
{
    bool met = false;
    *end = (struct smp_walk_end){ 0 };
    for (;;) {
        struct stretch s = look_ahead(walker, bed, !met);
        const double free_mm = s.mus_per_mm > 0 ? walker->path / s.mus_per_mm : (double)INFINITY;
        if (!met && (s.inside || s.deposit_mm < fmin(free_mm, s.border_mm))) {
            *fork = *walker;
            met = true;
            s = look_ahead(walker, bed, false);
        }
        s.deposit_mm = (double)INFINITY;
        if (!advance(end, walker, bed, &s))
            return met;
    }
}

void smp_walk_pigmented(struct smp_walk_end *end, struct smp_walker *walker,
                        const struct smp_walk_bed *bed)
{
    *end = (struct smp_walk_end){ 0 };
    for (;;) {
        const struct stretch s = look_ahead(walker, bed, true);
        if (!advance(end, walker, bed, &s))
            return;
    }
}
