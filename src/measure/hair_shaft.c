// One shaft: how it looks in the view, what it explains, and its way to the best place.
#include "measure/hair_impl.h"

#include <math.h>

// Least, most and clamp by absolute values: compilers make vectors of these, not of comparisons
// (which may trap).
static inline float least(float a, float b)
{
    return 0.5F * (a + b - fabsf(a - b));
}
static inline float most(float a, float b)
{
    return 0.5F * (a + b + fabsf(a - b));
}

static inline float edge(float inside, float per_soft) // 0 outside … 1 inside
{
    const float t = 0.5F + inside * per_soft, in = 0.5F * (fabsf(t) - fabsf(t - 1) + 1);
    return in * in * (3 - 2 * in);
}

// Where a shaft shows in one row of the view: the columns [from, to).
struct span {
    size_t from, to;
};

struct frame { // of a shaft: its axis and reach
    double ux, uy, half_length, half_width, reach_u, reach_v;
    float per_half, per_soft; // one over half the length, over twice the softness
};

static struct frame frame_of(const struct smp_shaft *s, double soft)
{
    return (struct frame){ cos(s->angle),          sin(s->angle),
                           0.5 * s->length,        0.5 * s->width,
                           0.5 * s->length + soft, 0.5 * s->width + soft + fabs(s->bow),
                           (float)(2 / s->length), (float)(0.5 / soft) };
}

static void narrow(double *low, double *high, double slope, double at_zero, double reach)
{
    if (fabs(slope) < 1e-9) {
        if (fabs(at_zero) > reach)
            *high = *low - 1;
        return;
    }
    const double middle = -at_zero / slope, half = fabs(reach / slope);
    *low = *low > middle - half ? *low : middle - half;
    *high = *high < middle + half ? *high : middle + half;
}

static struct span span_of(const struct smp_shaft *s, const struct frame *f, double dy,
                           size_t width)
{
    double low = -s->x, high = (double)width - s->x; // offsets from the middle
    narrow(&low, &high, f->ux, dy * f->uy, f->reach_u);
    narrow(&low, &high, -f->uy, dy * f->ux, f->reach_v);
    const double from = ceil(low + s->x - 0.5), to = floor(high + s->x - 0.5) + 1;
    if (!(to > from) || to <= 0)
        return (struct span){ 0, 0 };
    struct span span = { from > 0 ? (size_t)from : 0, to < (double)width ? (size_t)to : width };
    const size_t to_four = (4 - (span.to - span.from) % 4) % 4; // nothing shows in the added places
    if (span.to + to_four <= width)
        span.to += to_four;
    else
        span.from -= to_four < span.from ? to_four : span.from;
    return span;
}

static void rows_of(const struct smp_shaft *s, const struct frame *f, size_t height, size_t *from,
                    size_t *to)
{
    const double reach = fabs(f->uy) * f->reach_u + fabs(f->ux) * f->reach_v + 1;
    *from = (size_t)smp_clamp(s->y - reach, 0, (double)height);
    *to = (size_t)smp_clamp(s->y + reach + 1, 0, (double)height);
}

enum { run = 64 }; // places of a row that are worked on at once

// What shows of a fully dark shaft, 0–1, at `count` places of a row, the first dx, dy off its
// middle. No branch, so that compilers make vectors of it; so are the loops that call it.
static void show_row(float in[run], size_t count, const struct smp_shaft *s, const struct frame *f,
                     double dx, double dy)
{
    const float u0 = (float)(dx * f->ux + dy * f->uy), v0 = (float)(dy * f->ux - dx * f->uy);
    const float ux = (float)f->ux, uy = (float)f->uy, bow = (float)s->bow;
    const float half_width = (float)f->half_width, half_length = (float)f->half_length;
    for (int i = 0; i < (int)count; i++) {
        const float u = u0 + (float)i * ux, t = u * f->per_half;
        const float v = v0 - (float)i * uy - bow * (1 - t * t);
        in[i] =
            edge(half_width - fabsf(v), f->per_soft) * edge(half_length - fabsf(u), f->per_soft);
    }
}

void smp_shaft_draw(struct smp_hair_plane *on, const struct smp_shaft *s, double soft)
{
    const struct frame f = frame_of(s, soft);
    const float full = (float)s->dark;
    size_t from, to;
    rows_of(s, &f, on->height, &from, &to);
    for (size_t y = from; y < to; y++) {
        const double dy = (double)y + 0.5 - s->y;
        const struct span span = span_of(s, &f, dy, on->width);
        for (size_t x = span.from; x < span.to; x += run) {
            const size_t count = span.to - x < run ? span.to - x : run;
            float in[run], *row = on->v + y * on->width + x;
            show_row(in, count, s, &f, (double)x + 0.5 - s->x, dy);
            for (size_t i = 0; i < count; i++)
                row[i] = most(row[i], full * in[i]);
        }
    }
}

void smp_shaft_draw_others(struct smp_shaft_model *model, const struct smp_shaft *around,
                           size_t but, size_t but_too)
{
    struct smp_hair_plane *on = &model->others;
    const double reach = 0.75 * around->length + 6 * model->width;
    const size_t y0 = (size_t)smp_clamp(around->y - reach, 0, (double)on->height);
    const size_t y1 = (size_t)smp_clamp(around->y + reach + 1, 0, (double)on->height);
    const size_t x0 = (size_t)smp_clamp(around->x - reach, 0, (double)on->width);
    const size_t x1 = (size_t)smp_clamp(around->x + reach + 1, 0, (double)on->width);
    for (size_t y = y0; y < y1; y++)
        for (size_t x = x0; x < x1; x++)
            on->v[y * on->width + x] = 0;
    for (size_t i = 0; i < model->count; i++) {
        const struct smp_shaft *s = &model->shafts[i];
        if (i != but && i != but_too &&
            hypot(s->x - around->x, s->y - around->y) < 1.5 * reach + 0.5 * s->length)
            smp_shaft_draw(on, s, model->soft);
    }
}

// ---- Gain ------------------------------------------------------------------------------------

static inline float misfit(float off, float per_tolerance)
{
    const float t = off * per_tolerance;
    return least(t * t, 1);
}

// Darkness of the shaft: the mean over its core, where no other covers it.
static double core_darkness(const struct smp_shaft *s, const struct frame *f,
                            const struct smp_shaft_model *m)
{
    const struct smp_hair_view *view = m->view;
    double sum = 0, total = 1e-9;
    size_t from, to;
    rows_of(s, f, view->dark.height, &from, &to);
    for (size_t y = from; y < to; y++) {
        const double dy = (double)y + 0.5 - s->y;
        const struct span span = span_of(s, f, dy, view->dark.width);
        for (size_t x = span.from; x < span.to; x += run) {
            const size_t count = span.to - x < run ? span.to - x : run;
            const size_t row = y * view->dark.width + x;
            float in[run];
            show_row(in, count, s, f, (double)x + 0.5 - s->x, dy);
            for (size_t i = 0; i < count; i++) {
                const float dark = view->dark.v[row + i], weight = view->weight.v[row + i];
                if (in[i] < 0.7F || dark <= 0)
                    continue;
                const double w = (double)weight * (m->others.v[row + i] > 0.5F * dark ? 0.1 : 1);
                sum += w * (double)dark;
                total += w;
            }
        }
    }
    return sum / total;
}

// What a shaft costs, in areas of a hair's width squared: being there, an odd width (thin ones are
// common enough), a bow, a direction of its own, being hardly longer than wide.
static double cost(const struct smp_shaft *s, const struct smp_shaft_model *m)
{
    const double wide = log(s->width / m->width), odd = wide / (wide > 0 ? 0.2 : 0.4);
    const double bow = s->bow / (0.07 * s->length), turn = sin(s->angle - m->axis);
    return 0.7 + 0.35 * fmin(0.5 * odd * odd, 12) + 0.3 * fmin(0.5 * bow * bow, 4) +
           0.6 * m->sureness * fmin(turn * turn / 0.3, 1) +
           1.5 * fmax(0, 2.2 - s->length / s->width);
}

// By how much a run of places is better explained.
static float gain_of_run(const float *dark, const float *other, const float *weight,
                         const float in[run], size_t count, float full, float per_tolerance)
{
    float terms[run], sum[4] = { 0, 0, 0, 0 };
    for (size_t i = 0; i < count; i++) {
        const float here = most(full * in[i], other[i]);
        terms[i] = weight[i] * (misfit(dark[i] - other[i], per_tolerance) -
                                misfit(dark[i] - here, per_tolerance));
    }
    for (size_t i = count; i % 4 != 0; i++)
        terms[i] = 0;
    for (size_t i = 0; i < count; i += 4)
        for (size_t k = 0; k < 4; k++)
            sum[k] += terms[i + k];
    return sum[0] + sum[1] + sum[2] + sum[3];
}

// With the darkness that it has.
static double gain_as_dark(struct smp_shaft *s, const struct smp_shaft_model *m,
                           const struct frame *f)
{
    const struct smp_hair_view *view = m->view;
    const float per_tolerance = (float)(1 / m->tolerance), full = (float)s->dark;
    double sum = 0;
    size_t from, to;
    rows_of(s, f, view->dark.height, &from, &to);
    for (size_t y = from; y < to; y++) {
        const double dy = (double)y + 0.5 - s->y;
        const struct span span = span_of(s, f, dy, view->dark.width);
        for (size_t x = span.from; x < span.to; x += run) {
            const size_t count = span.to - x < run ? span.to - x : run;
            const size_t row = y * view->dark.width + x;
            float in[run];
            show_row(in, count, s, f, (double)x + 0.5 - s->x, dy);
            sum += (double)gain_of_run(view->dark.v + row, m->others.v + row, view->weight.v + row,
                                       in, count, full, per_tolerance);
        }
    }
    s->gain = sum / (m->width * m->width) - cost(s, m);
    return s->gain;
}

double smp_shaft_gain(struct smp_shaft *s, const struct smp_shaft_model *m)
{
    const struct frame f = frame_of(s, m->soft);
    s->dark = core_darkness(s, &f, m);
    return gain_as_dark(s, m, &f);
}

// ---- Settling --------------------------------------------------------------------------------

static struct smp_shaft changed(const struct smp_shaft *s, int what, double by)
{
    struct smp_shaft n = *s;
    const double ux = cos(s->angle), uy = sin(s->angle);
    switch (what) {
    case 0: // across
        n.x -= by * uy;
        n.y += by * ux;
        break;
    case 1: // one end
    case 2: // the other
        n.length += by;
        n.x += (what == 1 ? 0.5 : -0.5) * by * ux;
        n.y += (what == 1 ? 0.5 : -0.5) * by * uy;
        break;
    case 3: // turn; `by` is how far the ends go
        n.angle += by / fmax(4, 0.5 * s->length);
        break;
    case 4:
        n.width += by;
        break;
    default:
        n.bow += by;
    }
    return n;
}

static bool possible(const struct smp_shaft *s, const struct smp_shaft_model *m)
{
    return s->length > 0.8 * s->width && s->width > 0.2 * m->width && s->width < 3.5 * m->width &&
           s->width > 1.5 && s->length < 5 * m->view->px_per_mm && s->x > 0 && s->y > 0 &&
           s->x < (double)m->view->dark.width && s->y < (double)m->view->dark.height &&
           fabs(s->bow) < 0.2 * s->length;
}

void smp_shaft_settle(struct smp_shaft *shaft, const struct smp_shaft_model *m, int rounds)
{
    static const double first[6] = { 0.2, 0.6, 0.6, 0.25, 0.2, 0.12 }; // of a hair's width
    double step[6];
    for (int k = 0; k < 6; k++)
        step[k] = first[k] * m->width;
    bool moving = true;
    for (int round = 0; round < rounds && moving; round++) {
        smp_shaft_gain(shaft, m);
        moving = false;
        for (int k = 0; k < 6; k++) {
            bool better = false;
            for (int way = -1; way <= 1 && !better; way += 2) {
                struct smp_shaft n = changed(shaft, k, way * step[k]);
                const struct frame f = frame_of(&n, m->soft);
                if (possible(&n, m) && gain_as_dark(&n, m, &f) > shaft->gain) {
                    *shaft = n;
                    better = true;
                }
            }
            step[k] *= better ? 1.1 : 0.5;
            moving = moving || step[k] > 0.1 * first[k] * m->width;
        }
    }
    smp_shaft_gain(shaft, m);
}
