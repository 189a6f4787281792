// Which of the shafts are hairs: furrows, rims of bubbles, blots and left-overs go.
#include "measure/hair_impl.h"

#include <math.h>

// Share of the shaft's core that is about as dark as the shaft.
static double filled(const struct smp_shaft *s, const struct smp_hair_view *view)
{
    double in = 0, all = 0;
    const double ux = cos(s->angle), uy = sin(s->angle);
    for (int k_u = 0; - 0.45 + k_u * 0.03 <= 0.449; k_u++) {
        const double u = -0.45 + k_u * (0.03);
        for (int k_v = 0; - 0.3 + k_v * (0.15) <= 0.3; k_v++) {
            const double v = -0.3 + k_v * (0.15);
            const double a = u * s->length, bow = s->bow * (1 - 4 * u * u), b = v * s->width + bow;
            in += (double)smp_hair_at(&view->dark, s->x + a * ux - b * uy, s->y + a * uy + b * ux) >
                  0.55 * s->dark;
            all++;
        }
    }
    return in / all;
}

// Whether a circle is a dark line, light within and without, all along where the shaft itself does
// not cover it.
static bool circle_is_dark(const struct smp_shaft *s, const struct smp_hair_view *view, double x,
                           double y, double r)
{
    enum { around = 40 };
    const double ux = cos(s->angle), uy = sin(s->angle);
    int dark = 0, apart = 0;
    for (int k = 0; k < around; k++) {
        const double c = cos(2 * SMP_PI * k / around), d = sin(2 * SMP_PI * k / around);
        const double off = (y + r * d - s->y) * ux - (x + r * c - s->x) * uy;
        if (fabs(off) < 0.8 * s->width)
            continue;
        float most = -1;
        for (int k_q = 0; - 0.1 + k_q * (0.1) <= 0.11; k_q++) {
            const double q = -0.1 + k_q * (0.1);
            most = fmaxf(most, smp_hair_at(&view->dark, x + r * (1 + q) * c, y + r * (1 + q) * d));
        }
        const double line = (double)most - 0.15 * s->dark;
        dark += (double)most > 0.4 * s->dark &&
                (double)smp_hair_at(&view->dark, x + 0.6 * r * c, y + 0.6 * r * d) < line &&
                (double)smp_hair_at(&view->dark, x + 1.45 * r * c, y + 1.45 * r * d) < line;
        apart++;
    }
    return apart > around / 2 && dark > 0.7 * apart;
}

// A rim of a bubble: the line goes on around a circle it is part of.
static bool on_a_ring(const struct smp_shaft *s, const struct smp_hair_view *view)
{
    const double ux = cos(s->angle), uy = sin(s->angle), mm = view->px_per_mm;
    for (int k_r = 0; (fmax(0.05 * mm, 1.2 * s->width)) * pow(1.06, k_r) < 0.3 * mm; k_r++) {
        const double r = (fmax(0.05 * mm, 1.2 * s->width)) * pow(1.06, k_r);
        for (int side = -1; side <= 1; side += 2)
            for (int shift = -1; shift <= 1; shift++) {
                const double sag = s->length * s->length / (24 * r); // a chord's mean off its arc
                const double off = side * (r - fmin(sag, 0.3 * r)), along = 0.2 * shift * s->length;
                if (circle_is_dark(s, view, s->x + along * ux - off * uy,
                                   s->y + along * uy + off * ux, r))
                    return true;
            }
    }
    return false;
}

// Beside a line brighter than skin: the edge of a film, a furrow's lit side.
static bool has_a_lit_side(const struct smp_shaft *s, const struct smp_shaft_model *m)
{
    enum { places = 9 };
    const double ux = cos(s->angle), uy = sin(s->angle), mm = m->view->px_per_mm;
    int lit[2] = { 0, 0 };
    for (int k = 0; k < places; k++) {
        const double t = 0.9 * ((k + 0.5) / places - 0.5), u = t * s->length;
        for (int side = 0; side < 2; side++) {
            float least = 1;
            for (int step = 0; step < 4; step++) {
                const double v = (side ? 1 : -1) * (0.5 * s->width + 0.02 * step * mm) +
                                 s->bow * (1 - 4 * t * t);
                least = fminf(least, smp_hair_at(&m->view->dark, s->x + u * ux - v * uy,
                                                 s->y + u * uy + v * ux));
            }
            lit[side] += (double)least < -fmax(0.1, 0.6 * s->dark);
        }
    }
    return lit[0] >= 6 || lit[1] >= 6;
}

static bool is_hair(const struct smp_shaft *s, const struct smp_shaft_model *m)
{
    const double mm = 1 / m->view->px_per_mm;
    if (s->length * mm < 0.1 || s->length < 1.4 * s->width || s->dark < 2.5 * m->view->noise)
        return false;
    if (s->width > 2.6 * m->width || fabs(s->bow) > 0.16 * s->length)
        return false;
    // Pale lines pass where they lie as the others do; furrows and rims lie anyhow.
    const double turn = fabs(sin(s->angle - m->axis)), pale = s->dark / m->contrast;
    const bool thin = s->width < 0.75 * m->width;
    if (pale < (thin ? 0.3 : 0.5) || (pale < 0.7 && m->sureness > 0.3 && turn > 0.5))
        return false;
    if (pale < 0.7 && has_a_lit_side(s, m))
        return false;
    return filled(s, m->view) > 0.6 && !on_a_ring(s, m->view);
}

// Lies within a longer one, from end to end: what shine or blur left over of that one.
static bool within_another(const struct smp_shaft_model *m, size_t i)
{
    const struct smp_shaft *s = &m->shafts[i];
    for (size_t j = 0; j < m->count; j++) {
        const struct smp_shaft *o = &m->shafts[j];
        if (j == i || o->length < s->length || (o->length <= s->length && j > i))
            continue;
        bool in = true;
        for (int end = -1; end <= 1 && in; end += 2) {
            const double ux = cos(o->angle), uy = sin(o->angle);
            const double x = s->x + 0.45 * end * s->length * cos(s->angle) - o->x;
            const double y = s->y + 0.45 * end * s->length * sin(s->angle) - o->y;
            const double u = x * ux + y * uy, t = 2 * u / o->length;
            in = fabs(t) < 1.1 &&
                 fabs(y * ux - x * uy - o->bow * (1 - t * t)) < 0.55 * fmax(o->width, m->width);
        }
        if (in)
            return true;
    }
    return false;
}

// Of a shaft's squares (of a hair's width), those that it must explain alone.
static const double own_share = 0.2;

// A hair of its own explains a good part of its length where no other lies; a fringe does not.
static bool is_fringe(struct smp_shaft_model *m, size_t i)
{
    struct smp_shaft *s = &m->shafts[i];
    smp_shaft_draw_others(m, s, i, SIZE_MAX);
    return smp_shaft_gain(s, m) < own_share * s->length / m->width;
}

void smp_hair_judge(struct smp_shaft_model *m)
{
    for (size_t i = 0; i < m->count;)
        if (is_hair(&m->shafts[i], m))
            i++;
        else
            smp_shaft_drop(m, i);
    for (size_t i = 0; i < m->count;)
        if (within_another(m, i) || is_fringe(m, i))
            smp_shaft_drop(m, i);
        else
            i++;
}
