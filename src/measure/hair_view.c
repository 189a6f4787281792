// From a picture to the share of light that hairs take: reduced, freed of drawings, against the
// skin around.
#include "measure/hair_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double finest_px_per_mm = 120, coarsest_px_per_mm = 90;

bool smp_hair_plane_make(struct smp_hair_plane *plane, size_t width, size_t height,
                         struct smp_arena *arena)
{
    *plane = (struct smp_hair_plane){ smp_new(arena, float, width *height), width, height };
    return plane->v != NULL;
}

// ---- Blur ------------------------------------------------------------------------------------

static void blur_rows(float *to, const float *from, size_t width, size_t height, const float *tap,
                      int reach)
{
    for (size_t y = 0; y < height; y++) // turned: columns of `to` are rows of `from`
        for (size_t x = 0; x < width; x++) {
            float sum = 0;
            for (int k = -reach; k <= reach; k++) {
                const ptrdiff_t at = (ptrdiff_t)x + k;
                const size_t i = at < 0 ? 0 : at >= (ptrdiff_t)width ? width - 1 : (size_t)at;
                sum += tap[k < 0 ? -k : k] * from[y * width + i];
            }
            to[x * height + y] = sum;
        }
}

void smp_hair_blur(struct smp_hair_plane *to, const struct smp_hair_plane *from, double sigma,
                   float *scratch)
{
    float tap[64] = { 0 };
    const int reach = (int)fmin(60, ceil(3 * sigma));
    double total = 0;
    for (int k = 0; k <= reach; k++) {
        tap[k] = (float)exp(-0.5 * k * k / (sigma * sigma));
        total += (k ? 2 : 1) * (double)tap[k];
    }
    for (int k = 0; k <= reach; k++)
        tap[k] /= (float)total;
    blur_rows(scratch, from->v, from->width, from->height, tap, reach);
    blur_rows(to->v, scratch, from->height, from->width, tap, reach);
}

// ---- Reduction -------------------------------------------------------------------------------

// Mean of the kept pixels under each view pixel, whole and part; weight: the share that is kept.
struct reduction {
    const struct smp_subject *subject;
    const uint8_t *keep;
    struct smp_hair_view *view;
};

static void mean_of_cell(const struct reduction *r, size_t i, size_t j)
{
    const struct smp_image *image = &r->subject->image;
    struct smp_hair_view *v = r->view;
    const double x0 = (double)i * v->x_scale, x1 = x0 + v->x_scale;
    const double y0 = (double)j * v->y_scale, y1 = y0 + v->y_scale;
    double sum[3] = { 0 }, kept = 0, all = 0;
    for (size_t y = (size_t)y0; (double)y < y1 && y < image->height_px; y++) {
        const double h = fmin(y1, (double)y + 1) - fmax(y0, (double)y);
        for (size_t x = (size_t)x0; (double)x < x1 && x < image->width_px; x++) {
            const double a = h * (fmin(x1, (double)x + 1) - fmax(x0, (double)x));
            const struct smp_rgb px = *smp_image_at(image, x, y);
            all += a;
            if (!r->keep[y * image->width_px + x])
                continue;
            kept += a;
            sum[0] += a * (double)px.r;
            sum[1] += a * (double)px.g;
            sum[2] += a * (double)px.b;
        }
    }
    const size_t at = j * v->dark.width + i;
    v->weight.v[at] = kept > 0.3 * all ? 1 : 0;
    for (int k = 0; k < 3; k++)
        v->rgb[k].v[at] = kept > 0 ? (float)fmax(0, sum[k] / kept) : 0;
}

static void enlarge_cell(const struct reduction *r, size_t i, size_t j)
{
    const struct smp_image *image = &r->subject->image;
    struct smp_hair_view *v = r->view;
    const double x = ((double)i + 0.5) * v->x_scale, y = ((double)j + 0.5) * v->y_scale;
    const struct smp_rgb px = smp_image_sample(image, x, y);
    const size_t at = j * v->dark.width + i;
    v->weight.v[at] = r->keep[(size_t)y * image->width_px + (size_t)x];
    v->rgb[0].v[at] = fmaxf(0, px.r);
    v->rgb[1].v[at] = fmaxf(0, px.g);
    v->rgb[2].v[at] = fmaxf(0, px.b);
}

static void reduce(const struct reduction *r)
{
    const struct smp_hair_view *v = r->view;
    for (size_t j = 0; j < v->dark.height; j++)
        for (size_t i = 0; i < v->dark.width; i++)
            (v->x_scale < 1 ? enlarge_cell : mean_of_cell)(r, i, j);
}

// Cells that a drawing covers take the mean of their kept neighbours, ring by ring.
static void fill_holes(struct smp_hair_view *v, uint8_t *known)
{
    const size_t w = v->dark.width, h = v->dark.height;
    for (size_t i = 0; i < w * h; i++)
        known[i] = v->weight.v[i] > 0;
    for (uint8_t ring = 1; ring < 12; ring++)
        for (size_t y = 0; y < h; y++)
            for (size_t x = 0; x < w; x++) {
                if (known[y * w + x])
                    continue;
                double sum[3] = { 0 }, count = 0;
                for (size_t b = y ? y - 1 : 0; b <= y + 1 && b < h; b++)
                    for (size_t a = x ? x - 1 : 0; a <= x + 1 && a < w; a++)
                        if (known[b * w + a] && known[b * w + a] <= ring) {
                            for (int k = 0; k < 3; k++)
                                sum[k] += (double)v->rgb[k].v[b * w + a];
                            count++;
                        }
                if (count == 0)
                    continue;
                known[y * w + x] = ring + 1;
                for (int k = 0; k < 3; k++)
                    v->rgb[k].v[y * w + x] = (float)(sum[k] / count);
            }
}

// ---- Skin around -----------------------------------------------------------------------------

static float middle_of_nine(float v[9])
{
    for (int i = 0; i < 5; i++) // selection up to the middle
        for (int j = i + 1; j < 9; j++)
            if (v[j] < v[i]) {
                const float t = v[i];
                v[i] = v[j];
                v[j] = t;
            }
    return v[4];
}

static void median_plane(struct smp_hair_plane *p, float *scratch)
{
    const size_t w = p->width, h = p->height;
    for (size_t y = 0; y < h; y++)
        for (size_t x = 0; x < w; x++) {
            float v[9];
            for (int k = 0; k < 9; k++) {
                const ptrdiff_t a = (ptrdiff_t)x + k % 3 - 1, b = (ptrdiff_t)y + k / 3 - 1;
                const size_t i = a < 0 ? 0 : a >= (ptrdiff_t)w ? w - 1 : (size_t)a;
                const size_t j = b < 0 ? 0 : b >= (ptrdiff_t)h ? h - 1 : (size_t)b;
                v[k] = p->v[j * w + i];
            }
            scratch[y * w + x] = middle_of_nine(v);
        }
    memcpy(p->v, scratch, w * h * sizeof *scratch);
}

struct nodes { // of the skin around, evenly over the view
    float *v;
    size_t width, height;
    double step_x, step_y;
};

enum { most_samples = 1600 };

// Light of the skin at a node: hairs and their shade take the dark fifth of the values within
// 0.45 mm, shine the bright tenth.
static float skin_at_node(const struct smp_hair_view *v, const struct smp_hair_plane *p, double x,
                          double y, float values[most_samples])
{
    const double reach = 0.45 * v->px_per_mm;
    static const double wider[] = { 1, 1.6, 2.56, 4.096 };
    for (int tries = 0; tries < 4; tries++) { // until enough is seen
        const double more = wider[tries];
        size_t count = 0;
        const double r = reach * more, step = fmax(1, 2 * r / 38);
        double b = y - r - step;
        while ((b += step) <= y + r) {
            double a = x - r - step;
            while ((a += step) <= x + r) {
                if (!(a >= 0 && b >= 0 && a < (double)p->width && b < (double)p->height) ||
                    hypot(a - x, b - y) > r)
                    continue;
                const size_t at = (size_t)b * p->width + (size_t)a;
                if (v->weight.v[at] > 0 && count < most_samples)
                    values[count++] = p->v[at];
            }
        }
        if (count < 250)
            continue;
        return smp_select(values, count, (size_t)(0.55 * (double)count));
    }
    return -1;
}

static bool skin_around(struct nodes *n, const struct smp_hair_view *v,
                        const struct smp_hair_plane *p, struct smp_arena *arena)
{
    const double step = 0.15 * v->px_per_mm;
    n->width = (size_t)fmax(2, ceil((double)p->width / step) + 1);
    n->height = (size_t)fmax(2, ceil((double)p->height / step) + 1);
    n->step_x = (double)p->width / (double)(n->width - 1);
    n->step_y = (double)p->height / (double)(n->height - 1);
    n->v = smp_new(arena, float, n->width * n->height);
    float *values = smp_new(arena, float, most_samples);
    if (!n->v || !values)
        return false;
    for (size_t j = 0; j < n->height; j++)
        for (size_t i = 0; i < n->width; i++)
            n->v[j * n->width + i] =
                skin_at_node(v, p, (double)i * n->step_x, (double)j * n->step_y, values);
    return true;
}

static double node_light(const struct nodes *n, double x, double y)
{
    const double u = x / n->step_x, w = y / n->step_y;
    const size_t i = (size_t)smp_clamp(u, 0, (double)n->width - 2);
    const size_t j = (size_t)smp_clamp(w, 0, (double)n->height - 2);
    const double a = u - (double)i, b = w - (double)j;
    const float *top = n->v + j * n->width + i, *low = top + n->width;
    const double v[4] = { (double)top[0], (double)top[1], (double)low[0], (double)low[1] };
    const double t[4] = { (1 - a) * (1 - b), a * (1 - b), (1 - a) * b, a * b };
    double sum = 0, total = 0;
    for (int k = 0; k < 4; k++)
        if (v[k] >= 0) {
            sum += v[k] * t[k];
            total += t[k];
        }
    return total > 0 ? sum / total : -1;
}

// Light to −ln of its ratio to the skin's; a floor of 1 % of the skin's keeps black finite.
// *typical: the skin's light over the picture.
static bool against_skin(struct smp_hair_view *v, struct smp_hair_plane *p, double *typical,
                         struct smp_arena *arena)
{
    struct nodes n;
    if (!skin_around(&n, v, p, arena))
        return false;
    double sum = 0, seen = 1e-9;
    for (size_t i = 0; i < n.width * n.height; i++)
        if (n.v[i] >= 0) {
            sum += (double)n.v[i];
            seen++;
        }
    *typical = sum / seen;
    for (size_t y = 0; y < p->height; y++)
        for (size_t x = 0; x < p->width; x++) {
            const double skin = node_light(&n, (double)x + 0.5, (double)y + 0.5);
            float *at = &p->v[y * p->width + x];
            *at = skin > 1e-5 ? (float)-log(fmax(0.01, (double)*at / skin)) : 0;
        }
    return true;
}

// ---- The view --------------------------------------------------------------------------------

double smp_hair_darkest_hundredth(const struct smp_hair_view *v, float *values)
{
    size_t count = 0;
    for (size_t i = 0; i < v->dark.width * v->dark.height; i++)
        if (v->weight.v[i] > 0)
            values[count++] = v->dark.v[i];
    return count > 100 ? (double)smp_select(values, count, count - 1 - count / 100) : 0;
}

static double typical_noise(const struct smp_hair_view *v, float *values)
{
    size_t count = 0;
    for (size_t i = 0; i < v->dark.width * v->dark.height; i += 3)
        if (v->weight.v[i] > 0)
            values[count++] = fabsf(v->dark.v[i]);
    if (count < 100)
        return 0;
    return 1.4826 * (double)smp_select(values, count, count / 2);
}

// How far black hair falls short in blue of what it takes in red, 0–1, in the darkest hundredth of
// the picture: hardly on light skin; the more the browner the skin is and the more the hair shines.
static double short_in_blue(const struct smp_hair_view *v, float *values)
{
    const double bar = smp_hair_darkest_hundredth(v, values);
    double sum = 0, count = 1e-9;
    for (size_t i = 0; i < v->dark.width * v->dark.height; i++) {
        if (v->weight.v[i] <= 0 || (double)v->dark.v[i] < bar)
            continue;
        sum += exp(-(double)v->rgb[2].v[i]) - exp(-(double)v->rgb[0].v[i]);
        count++;
    }
    return sum / count;
}

// A black hair that shines on dark skin is lighter than it in blue, but grey: what the skin's
// colour has lost is the hair's share, and the rest is shine. `blue` is the skin's light in blue
// over that in red.
static double darkness_under_shine(double red_ratio, double blue_ratio, double blue)
{
    const double skin = smp_clamp((red_ratio - blue_ratio * blue) / (1 - blue), 0, 1);
    const double shine = blue_ratio - skin; // in units of the skin's blue
    return 0.7 * (1 - skin) * smp_hair_ramp(shine, 0.5, 0.8) *
           smp_hair_ramp(-red_ratio, -1.15, -0.85);
}

// A shaft under the skin loses colour as well. On light skin, where hairs stand out in all
// channels, it is not taken for shine.
static void see_through_shine(struct smp_hair_view *v, const double skin_lin[3], float *values)
{
    const double blue = skin_lin[2] / fmax(1e-6, skin_lin[0]);
    const double share = smp_hair_ramp(short_in_blue(v, values), 0.03, 0.08);
    if (share <= 0 || blue > 0.75)
        return;
    for (size_t i = 0; i < v->dark.width * v->dark.height; i++) {
        const double red_ratio = exp(-(double)v->rgb[0].v[i]);
        const double blue_ratio = exp(-(double)v->rgb[2].v[i]);
        const double dark = share * darkness_under_shine(red_ratio, blue_ratio, blue);
        if (dark > 0)
            v->dark.v[i] = fmaxf(v->dark.v[i], (float)dark);
    }
}

static bool darkness(struct smp_hair_view *v, const double skin_lin[3], float *values,
                     struct smp_arena *arena)
{
    for (size_t i = 0; i < v->dark.width * v->dark.height; i++) {
        const float least = fminf(v->rgb[0].v[i], fminf(v->rgb[1].v[i], v->rgb[2].v[i]));
        v->dark.v[i] = fmaxf(-1, 1 - expf(-least));
    }
    see_through_shine(v, skin_lin, values);
    if (!smp_hair_fill_streaks(v, skin_lin, values, arena))
        return false;
    for (size_t i = 0; i < v->dark.width * v->dark.height; i++)
        if (v->weight.v[i] > 0 && v->dark.v[i] < -0.15F)
            v->weight.v[i] = 0.25F; // shine and flakes hide what lies below
    return smp_hair_lift_blots(v, arena);
}

static bool make_planes(struct smp_hair_view *view, const struct smp_subject *subject,
                        struct smp_arena *arena)
{
    const double given = 1 / subject->mm_per_px;
    const double wanted = smp_clamp(given, coarsest_px_per_mm, finest_px_per_mm);
    const double w = (double)subject->image.width_px, h = (double)subject->image.height_px;
    const size_t width = (size_t)fmax(1, floor(w * wanted / given + 0.5));
    const size_t height = (size_t)fmax(1, floor(h * wanted / given + 0.5));
    bool made = smp_hair_plane_make(&view->dark, width, height, arena) &&
                smp_hair_plane_make(&view->weight, width, height, arena);
    for (int k = 0; k < 3; k++)
        made = made && smp_hair_plane_make(&view->rgb[k], width, height, arena);
    view->x_scale = w / (double)width;
    view->y_scale = h / (double)height;
    view->px_per_mm = given / sqrt(view->x_scale * view->y_scale);
    return made;
}

// Squares of four pixels, whole and part.
static size_t most_cells(const struct smp_image *image)
{
    return (image->width_px / 4 + 1) * (image->height_px / 4 + 1);
}

enum smp_code smp_hair_look(struct smp_hair_view *view, const struct smp_subject *subject,
                            struct smp_arena *arena, struct smp_err *err)
{
    const size_t count = subject->image.width_px * subject->image.height_px;
    *view = (struct smp_hair_view){ 0 };
    const struct smp_hair_marks marks = { smp_new(arena, uint8_t, count),
                                          smp_new(arena, uint8_t, count),
                                          smp_new(arena, uint8_t, 3 * count),
                                          smp_new(arena, size_t, most_cells(&subject->image)) };
    if (!marks.keep || !marks.scratch || !marks.codes || !marks.queue ||
        !make_planes(view, subject, arena))
        return smp_fail(err, SMP_E_NOMEM, "no memory to look for hairs in %zu px", count);
    smp_hair_mask_drawings(subject, &marks);
    const struct reduction r = { subject, marks.keep, view };
    reduce(&r);
    const size_t cells = view->dark.width * view->dark.height;
    float *values = smp_new(arena, float, cells);
    uint8_t *known = smp_new(arena, uint8_t, cells);
    if (!values || !known)
        return smp_fail(err, SMP_E_NOMEM, "no memory to look for hairs in %zu px", count);
    fill_holes(view, known);
    double skin_lin[3];
    for (int k = 0; k < 3; k++) {
        median_plane(&view->rgb[k], values);
        if (!against_skin(view, &view->rgb[k], &skin_lin[k], arena))
            return smp_fail(err, SMP_E_NOMEM, "no memory to look for hairs in %zu px", count);
    }
    if (!darkness(view, skin_lin, values, arena))
        return smp_fail(err, SMP_E_NOMEM, "no memory to look for hairs in %zu px", count);
    view->noise = typical_noise(view, values);
    return SMP_OK;
}
