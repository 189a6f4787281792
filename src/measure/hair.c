// Hairs and follicular units of a macro picture: the steps in order (docs/measure.md).
#include "measure/hair_impl.h"

#include <math.h>
#include <stdlib.h>

static struct smp_vec2 to_picture(const struct smp_hair_view *v, double x, double y)
{
    return (struct smp_vec2){ x * v->x_scale, y * v->y_scale };
}

static bool shut(const struct smp_hair_view *v, double x, double y)
{
    const double w = (double)v->dark.width, h = (double)v->dark.height;
    return !(x >= 0 && y >= 0 && x < w && y < h) ||
           v->weight.v[(size_t)y * v->dark.width + (size_t)x] <= 0;
}

// An end that runs into the edge: nothing of the picture lies 0.02 to 0.05 mm beyond it, or its
// flanks are outside.
static bool ends_at_edge(const struct smp_shaft *s, int way, const struct smp_hair_view *v)
{
    const double ux = way * cos(s->angle), uy = way * sin(s->angle), mm = v->px_per_mm;
    int hits = 0;
    for (int k = -1; k <= 1; k++) {
        bool all = true;
        for (int k_u = 0; 0.02 + k_u * (0.01) <= 0.051; k_u++) {
            const double u = 0.02 + k_u * (0.01);
            const double x = s->x + (0.5 * s->length + u * mm) * ux - 0.4 * k * s->width * uy;
            const double y = s->y + (0.5 * s->length + u * mm) * uy + 0.4 * k * s->width * ux;
            all = all && shut(v, x, y);
        }
        hits += all;
    }
    return hits > 0;
}

static struct smp_hair hair_of(const struct smp_shaft *s, const struct smp_hair_view *v)
{
    const double ux = 0.5 * s->length * cos(s->angle), uy = 0.5 * s->length * sin(s->angle);
    return (struct smp_hair){ .root_px = to_picture(v, s->x - ux, s->y - uy),
                              .tip_px = to_picture(v, s->x + ux, s->y + uy),
                              .calibre_um = 1000 * s->width / v->px_per_mm,
                              .contrast = s->dark,
                              .unit = SIZE_MAX,
                              .cut = ends_at_edge(s, 1, v) || ends_at_edge(s, -1, v),
                              .rootless = ends_at_edge(s, -1, v) };
}

static int by_place(const void *a, const void *b)
{
    const struct smp_hair *p = a, *q = b;
    if (p->cut != q->cut)
        return p->cut - q->cut;
    if (p->root_px.y != q->root_px.y)
        return p->root_px.y < q->root_px.y ? -1 : 1;
    return (p->root_px.x > q->root_px.x) - (p->root_px.x < q->root_px.x);
}

// Calibre, length, direction: of whole hairs.
static void summarise(struct smp_found_hairs *f, double mm_per_px)
{
    double sum = 0, square = 0, length = 0, c = 0, s = 0;
    const double n = (double)f->count;
    for (size_t i = 0; i < f->count; i++) {
        const struct smp_hair *h = &f->hairs[i];
        const double dx = h->tip_px.x - h->root_px.x, dy = h->tip_px.y - h->root_px.y;
        const double long_px = hypot(dx, dy);
        sum += h->calibre_um;
        square += h->calibre_um * h->calibre_um;
        length += long_px * mm_per_px;
        c += dx / long_px;
        s += dy / long_px;
    }
    if (f->count == 0)
        return;
    f->calibre_um = sum / n;
    f->calibre_sd_um = n > 1 ? sqrt(fmax(0, square - sum * sum / n) / (n - 1)) : 0;
    f->length_mm = length / n;
    f->direction_rad = atan2(s, c);
    f->alignment = hypot(c, s) / n;
    f->count_sd = sqrt(n * 0.2 + 0.25);
}

// Share of what is clearly dark that the shafts cover: a head of stubble is dark in its hairs, a
// photograph of anything else in other shapes.
static double explained(const struct smp_shaft_model *m)
{
    const struct smp_hair_view *v = m->view;
    const float dark = (float)(0.6 * m->contrast);
    double all = 0, covered = 0;
    for (size_t y = 0; y < v->dark.height; y++)
        for (size_t x = 0; x < v->dark.width; x++) {
            const size_t at = y * v->dark.width + x;
            if (v->weight.v[at] <= 0 || v->dark.v[at] < dark)
                continue;
            all++;
            covered += m->others.v[at] > 0.3F * v->dark.v[at];
        }
    return all > 0 ? covered / all : 1;
}

static const char *why_nothing(struct smp_shaft_model *m)
{
    if (m->count == 0)
        return m->contrast < fmax(0.06, 2.5 * m->view->noise)
                   ? "nothing in the picture is darker than its skin by what a hair takes"
                   : "no dark line in the picture has the shape of a hair";
    for (size_t i = 0; i < m->others.width * m->others.height; i++)
        m->others.v[i] = 0;
    for (size_t i = 0; i < m->count; i++)
        smp_shaft_draw(&m->others, &m->shafts[i], m->soft);
    if (explained(m) < 0.35)
        return "most of what is dark in the picture has not the shape of hairs";
    return NULL;
}

static enum smp_code check_subject(const struct smp_subject *s, struct smp_err *err)
{
    const double px_per_mm = 1 / s->mm_per_px;
    if (!(px_per_mm >= 50 && px_per_mm <= 2000))
        return smp_fail(err, SMP_E_INPUT,
                        "hairs are counted in macro pictures: mm_per_px must be 0.0005 to 0.02, "
                        "not %g (a hair must be 4 pixels wide)",
                        s->mm_per_px);
    const double w = (double)s->image.width_px * s->mm_per_px;
    const double h = (double)s->image.height_px * s->mm_per_px;
    if (fmin(w, h) < 0.5 || fmax(w, h) > 60)
        return smp_fail(err, SMP_E_INPUT,
                        "a macro picture must show 0.5 to 60 mm a side, not %.3g x %.3g mm", w, h);
    return SMP_OK;
}

enum smp_code smp_hair_find(struct smp_found_hairs *field, const struct smp_subject *subject,
                            struct smp_arena *arena, struct smp_err *err)
{
    enum smp_code code = check_subject(subject, err);
    if (code)
        return code;
    struct smp_hair_view view;
    struct smp_shaft_model model;
    struct smp_found_hairs f = { .regularity = -1 };
    if ((code = smp_hair_look(&view, subject, arena, err)))
        return code;
    if (!smp_hair_model_build(&model, &view, arena) || !smp_hair_turn(&model, arena))
        return smp_fail(err, SMP_E_NOMEM, "no memory to look for hairs");
    f.width_um = 1000 * model.width / view.px_per_mm;
    f.contrast = model.contrast;
    f.noise = view.noise;
    f.view_px_per_mm = view.px_per_mm;
    f.nothing = why_nothing(&model);
    const size_t all = f.nothing ? 0 : model.count;
    if (!(f.hairs = smp_new(arena, struct smp_hair, all)))
        return smp_fail(err, SMP_E_NOMEM, "no memory to look for hairs");
    for (size_t i = 0; i < all; i++) {
        f.hairs[i] = hair_of(&model.shafts[i], &view);
        f.cut += f.hairs[i].cut;
    }
    f.count = all - f.cut;
    if (all)
        qsort(f.hairs, all, sizeof *f.hairs, by_place);
    summarise(&f, subject->mm_per_px);
    if ((code = smp_hair_count(&f, subject, arena, err)))
        return code;
    *field = f;
    return SMP_OK;
}
