// Which end of a shaft is the root: the bluish shaft under the skin behind it, the blunt cut before
// it, the way hairs of a unit spread, and the field's common lean.
#include "measure/hair_impl.h"

#include <math.h>
#include <stdlib.h>

struct ends {
    double blue, shade, sharp; // of one end
};

// Beyond the end of a shaft, way +1 or −1 along its angle.
static struct ends look_at_end(const struct smp_shaft *s, int way, const struct smp_hair_view *v)
{
    const double ux = way * cos(s->angle), uy = way * sin(s->angle), mm = v->px_per_mm;
    const double ex = s->x + 0.5 * s->length * ux, ey = s->y + 0.5 * s->length * uy;
    struct ends e = { 0, 0, 0 };
    double count = 0;
    for (int k_u = 0; 0.03 + k_u * (0.015) < 0.2; k_u++) {
        const double u = 0.03 + k_u * (0.015);
        for (int k_t = 0; - 0.4 + k_t * (0.2) <= 0.4; k_t++) {
            const double t = -0.4 + k_t * (0.2);
            const double x = ex + u * mm * ux - t * s->width * uy;
            const double y = ey + u * mm * uy + t * s->width * ux;
            const double red = (double)smp_hair_at(&v->rgb[0], x, y);
            e.blue += red - (double)smp_hair_at(&v->rgb[2], x, y);
            e.shade += red;
            count++;
        }
    }
    e.blue /= count;
    e.shade /= count;
    double inside = 0, outside = 0;
    for (int k_t = 0; - 0.3 + k_t * (0.15) <= 0.3; k_t++) {
        const double t = -0.3 + k_t * (0.15);
        const double x = ex - t * s->width * uy, y = ey + t * s->width * ux, d = 0.025 * mm;
        inside += (double)smp_hair_at(&v->dark, x - d * ux, y - d * uy) / 5;
        outside += (double)smp_hair_at(&v->dark, x + d * ux, y + d * uy) / 5;
    }
    e.sharp = (inside - outside) / fmax(s->dark, 0.05);
    return e;
}

// Above 0: the angle points from root to tip.
static double own_evidence(const struct smp_shaft *s, const struct smp_hair_view *v)
{
    const struct ends front = look_at_end(s, 1, v), back = look_at_end(s, -1, v);
    const double blue = smp_clamp(back.blue - front.blue, -0.5, 0.5);
    const double shade = smp_clamp(back.shade - front.shade, -0.5, 0.5);
    const double sharp = smp_clamp(front.sharp - back.sharp, -0.6, 0.6);
    return 2.5 * blue + 0.3 * shade + 2 * sharp;
}

static struct smp_vec2 end_of(const struct smp_shaft *s, int way)
{
    return (struct smp_vec2){ s->x + 0.5 * way * s->length * cos(s->angle),
                              s->y + 0.5 * way * s->length * sin(s->angle) };
}

// Hairs of a unit stand nearer at the roots than at the tips.
static double spread_evidence(const struct smp_shaft *a, const struct smp_shaft *b,
                              double px_per_mm)
{
    const int same = cos(a->angle - b->angle) >= 0 ? 1 : -1;
    if (fabs(sin(a->angle - b->angle)) > 0.6)
        return 0;
    const struct smp_vec2 a1 = end_of(a, 1), a0 = end_of(a, -1);
    const struct smp_vec2 b1 = end_of(b, same), b0 = end_of(b, -same);
    const double front = hypot(a1.x - b1.x, a1.y - b1.y) / px_per_mm;
    const double back = hypot(a0.x - b0.x, a0.y - b0.y) / px_per_mm;
    return fmin(front, back) < 0.3 ? smp_clamp(3 * (front - back), -0.4, 0.4) : 0;
}

// The field's verdict at a shaft, from all others near it and itself: positive where the shaft
// points from root to tip as they do.
static double common_evidence(const struct smp_shaft_model *m, const double *own, size_t at,
                              double *along)
{
    const struct smp_shaft *s = &m->shafts[at];
    double sum = 0, agree = 0, total = 0;
    for (size_t i = 0; i < m->count; i++) {
        const struct smp_shaft *o = &m->shafts[i];
        const double d = hypot(o->x - s->x, o->y - s->y) / (1.8 * m->view->px_per_mm);
        const double w = exp(-0.5 * d * d) * fmin(o->length, 8 * m->width) * o->dark;
        const double turn = cos(o->angle - s->angle);
        sum += w * own[i] * (turn >= 0 ? 1 : -1) * fabs(turn);
        agree += w * (2 * turn * turn - 1);
        total += w;
    }
    *along = total > 0 ? agree / total : 0;
    return total > 0 ? sum / total : 0;
}

// ---- Where the skin begins ---------------------------------------------------------------------

enum { steps = 40 };

// Mean darkness across the core at steps along the shaft, from root to tip.
static void profile_of(float profile[steps], const struct smp_shaft *s,
                       const struct smp_hair_view *v)
{
    const double ux = cos(s->angle), uy = sin(s->angle);
    for (int k = 0; k < steps; k++) {
        const double t = (k + 0.5) / steps - 0.5, u = t * s->length;
        const double bow = s->bow * (1 - 4 * t * t);
        profile[k] = 0;
        for (int k_q = 0; - 0.25 + k_q * (0.125) <= 0.26; k_q++) {
            const double q = -0.25 + k_q * (0.125);
            const double w = bow + q * s->width;
            profile[k] +=
                0.2F * smp_hair_at(&v->dark, s->x + u * ux - w * uy, s->y + u * uy + w * ux);
        }
    }
}

// Takes off the end what is paler than the free shaft all the way: the shaft under the skin.
static void leave_skin(struct smp_shaft *s, const struct smp_hair_view *v)
{
    float profile[steps], free_part[steps];
    profile_of(profile, s, v);
    const int half = steps / 2;
    for (int k = half; k < steps; k++)
        free_part[k - half] = profile[k];
    const size_t rest = (size_t)(steps - half);
    const float level = 0.75F * smp_select(free_part, rest, rest / 2);
    int under = 0;
    while (under < half && profile[under] < level)
        under++;
    const double off = (double)under / steps * s->length;
    s->length -= off;
    s->x += 0.5 * off * cos(s->angle);
    s->y += 0.5 * off * sin(s->angle);
}

bool smp_hair_turn(struct smp_shaft_model *m, struct smp_arena *arena)
{
    double *own = smp_new(arena, double, m->count), *turned = smp_new(arena, double, m->count);
    if (!own || !turned)
        return false;
    for (size_t i = 0; i < m->count; i++) {
        own[i] = own_evidence(&m->shafts[i], m->view);
        for (size_t j = 0; j < m->count; j++)
            if (j != i)
                own[i] += spread_evidence(&m->shafts[i], &m->shafts[j], m->view->px_per_mm);
    }
    for (size_t i = 0; i < m->count; i++) {
        double along;
        const double common = common_evidence(m, own, i, &along);
        turned[i] = along > 0.3 ? common : own[i];
    }
    for (size_t i = 0; i < m->count; i++) {
        if (turned[i] < 0) {
            m->shafts[i].angle += SMP_PI;
            m->shafts[i].bow = -m->shafts[i].bow;
        }
        leave_skin(&m->shafts[i], m->view);
    }
    return true;
}
