// Shaved hair as it is seen: units of one to four shafts, each with its look under the skin, its
// stubs above and their shade (model: docs/match.md).
#include "shade/shade_impl.h"

#include <math.h>

// Factors of the shafts of one unit: x along the lean, y across (mirrored).
enum { XS = 108, YS = 54, STEPS = 11 };
static const double grid_mm = 0.06;

struct kernel {
    float keep[4][YS][XS][3]; // by hairs
};

struct making {
    struct kernel *kernel;
    const struct smp_shade_skin *skin;
    struct smp_shaft_look *shafts;  // by hairs
    double rgb[SMP_WAVELENGTHS][3]; // of a reflectance of 1 at one wavelength
    double shadow_mm2[STEPS];       // of one hair
};

// How the shade of a stub's foot lies around it, per mm²: exp(−r/0.63 mm)/r, made finite within a
// shaft's width.
static double shade_at(double r_mm)
{
    return exp(-r_mm / 0.63) / (2 * SMP_PI * 0.63 * fmax(r_mm, 0.05));
}

static void contrast_of(double contrast[STEPS], const struct making *m, int hairs, double x_mm,
                        double y_mm)
{
    const bool grown = m->skin->request->stubble.share[hairs - 1] > 0;
    const double shade = hairs * shade_at(hypot(x_mm, y_mm));
    for (int i = 0; i < STEPS; i++) {
        const double shaft = grown ? smp_shaft_at(&m->shafts[hairs - 1], 3 * i, x_mm, y_mm) : 0;
        contrast[i] = 1 - (1 - shaft) * (1 - fmin(0.6, shade * m->shadow_mm2[i]));
    }
}

static void make_columns(void *context, size_t begin, size_t end)
{
    const struct making *m = context;
    const double bare[3] = { m->skin->bare_rgb.r, m->skin->bare_rgb.g, m->skin->bare_rgb.b };
    for (size_t at = begin; at < end; at++) {
        const size_t hairs = at / (XS * YS), y = at / XS % YS, x = at % XS;
        double contrast[STEPS], taken[3] = { 0 };
        contrast_of(contrast, m, (int)hairs + 1, ((double)x - (int)(XS / 2)) * grid_mm,
                    (double)y * grid_mm);
        for (int w = 0; w < SMP_WAVELENGTHS; w++) {
            const int i = w / 3 < STEPS - 1 ? w / 3 : STEPS - 2;
            const double part = (w - 3 * i) / 3.0;
            const double c = contrast[i] + (contrast[i + 1] - contrast[i]) * part;
            for (int k = 0; k < 3; k++)
                taken[k] += c * m->skin->bare[w] * m->rgb[w][k];
        }
        for (int k = 0; k < 3; k++)
            m->kernel->keep[hairs][y][x][k] = (float)(1 - taken[k] / fmax(bare[k], 1e-5));
    }
}

static enum smp_code make_kernel(struct kernel *kernel, const struct smp_shade_skin *skin,
                                 struct smp_pool *pool, struct smp_arena *arena,
                                 struct smp_err *err)
{
    struct making m = { .kernel = kernel, .skin = skin };
    const struct smp_stubble *s = &skin->request->stubble;
    double mua_per_mm[SMP_WAVELENGTHS];
    m.shafts = smp_new(arena, struct smp_shaft_look, 4);
    if (!m.shafts)
        return smp_fail(err, SMP_E_NOMEM, "no memory for a field of stubble");
    for (int w = 0; w < SMP_WAVELENGTHS; w++) {
        mua_per_mm[w] = smp_hair_mua_per_mm(s, smp_wavelength_nm(w));
        double one[SMP_WAVELENGTHS] = { 0 };
        one[w] = 1;
        const struct smp_rgb_lin rgb = smp_shade_rgb(one);
        m.rgb[w][0] = rgb.r;
        m.rgb[w][1] = rgb.g;
        m.rgb[w][2] = rgb.b;
    }
    for (int i = 0; i < STEPS; i++) {
        const double d = s->calibre_mm, depth = mua_per_mm[3 * i] * SMP_PI * d / 4;
        m.shadow_mm2[i] = SMP_PI / 2 * d * s->stubble_mm * (1 - exp(-depth));
    }
    for (int k = 0; k < 4; k++) {
        const struct smp_shafts shafts = { k + 1, s->calibre_mm, s->exit_deg };
        smp_shaft_compile(&m.shafts[k], skin->look, &shafts, mua_per_mm);
    }
    smp_pool_for(pool, (size_t)4 * XS * YS, 512, make_columns, &m);
    return SMP_OK;
}

struct lawn {
    struct smp_image *image;
    const struct smp_shade_frame *frame;
    const struct smp_shade_skin *skin;
    const struct kernel *kernel;
    const struct smp_strewn *units;
    size_t count;
    struct smp_rgb_lin hair;
};

static void take_shafts(struct smp_rgb *px, const struct kernel *kernel, int hairs, double x_mm,
                        double y_mm)
{
    const double x = x_mm / grid_mm + (int)(XS / 2), y = fabs(y_mm) / grid_mm;
    if (!(x >= 0 && x < XS - 1 && y < YS - 1))
        return;
    const int i = (int)x, j = (int)y;
    const double u = x - i, v = y - j;
    double keep[3];
    for (int k = 0; k < 3; k++) {
        const float(*at)[XS][3] = &kernel->keep[hairs - 1][j];
        keep[k] = (1 - v) * ((1 - u) * (double)at[0][i][k] + u * (double)at[0][i + 1][k]) +
                  v * ((1 - u) * (double)at[1][i][k] + u * (double)at[1][i + 1][k]);
    }
    px->r *= (float)keep[0];
    px->g *= (float)keep[1];
    px->b *= (float)keep[2];
}

// Share of a pixel under a stub whose axis runs from the mouth (x = 0) backwards.
static double covered(const struct smp_stubble *s, double x_mm, double y_mm, double px_mm)
{
    enum { SUB = 4 };
    const double length = s->stubble_mm * cos(s->exit_deg * SMP_PI / 180), r = s->calibre_mm / 2;
    if (x_mm > r + px_mm || x_mm < -length - r - px_mm || fabs(y_mm) > r + px_mm)
        return 0;
    int hits = 0;
    for (int k = 0; k < SUB * SUB; k++) {
        const int column = k % SUB, row = k / SUB;
        const double px = x_mm + ((column + 0.5) / SUB - 0.5) * px_mm;
        const double py = y_mm + ((row + 0.5) / SUB - 0.5) * px_mm;
        const double beyond = px > 0 ? px : px < -length ? -length - px : 0;
        hits += beyond * beyond + py * py < r * r;
    }
    return hits / (double)(SUB * SUB);
}

static void take_stubs(struct smp_rgb *px, const struct lawn *l, const struct smp_strewn *unit,
                       struct smp_vec2 at_mm)
{
    double bare = 1;
    for (int h = 0; h < unit->hairs; h++) { // side by side, 0.08 mm apart, across the lean
        const double y = at_mm.y - 0.08 * (h - (unit->hairs - 1) / 2.0);
        bare *= 1 - covered(&l->skin->request->stubble, at_mm.x, y, 1 / l->frame->px_per_mm);
    }
    px->r += (float)((l->hair.r - (double)px->r) * (1 - bare));
    px->g += (float)((l->hair.g - (double)px->g) * (1 - bare));
    px->b += (float)((l->hair.b - (double)px->b) * (1 - bare));
}

// Pixel by unit, in the unit's own frame; first all shafts, then all stubs.
static void draw_row(const struct lawn *l, size_t y, bool stubs)
{
    const double scale = l->frame->px_per_mm, y_mm = ((double)y + 0.5) / scale;
    const double reach = stubs ? l->skin->request->stubble.stubble_mm + 0.4 : SMP_SHADE_REACH_MM;
    const size_t w = l->image->width_px;
    struct smp_rgb *row = smp_image_at(l->image, 0, y);
    for (size_t i = 0; i < l->count; i++) {
        const struct smp_strewn *unit = &l->units[i];
        const double dy = y_mm - unit->at_mm.y;
        if (fabs(dy) > reach)
            continue;
        const double c = cos(unit->turn_rad), s = sin(unit->turn_rad);
        const double from = smp_clamp(floor((unit->at_mm.x - reach) * scale), 0, (double)w);
        const double to = smp_clamp(ceil((unit->at_mm.x + reach) * scale), 0, (double)w);
        for (size_t x = (size_t)from; x < (size_t)to; x++) {
            const double dx = ((double)x + 0.5) / scale - unit->at_mm.x;
            const struct smp_vec2 at = { c * dx + s * dy, c * dy - s * dx };
            if (stubs)
                take_stubs(&row[x], l, unit, at);
            else
                take_shafts(&row[x], l->kernel, unit->hairs, at.x, at.y);
        }
    }
}

static void draw_rows(void *context, size_t begin, size_t end)
{
    const struct lawn *l = context;
    const struct smp_rgb bare = { (float)l->skin->bare_rgb.r, (float)l->skin->bare_rgb.g,
                                  (float)l->skin->bare_rgb.b };
    for (size_t y = begin; y < end; y++) {
        for (size_t x = 0; x < l->image->width_px; x++)
            *smp_image_at(l->image, x, y) = bare;
        draw_row(l, y, false);
        draw_row(l, y, true);
    }
}

// Hairs by their shares; all lean the same way, give or take 8 degrees.
static void grow(struct smp_strewn *units, size_t count, const struct smp_stubble *s, uint64_t seed)
{
    struct smp_rng rng = smp_rng_make(seed, 3);
    for (size_t i = 0; i < count; i++) {
        double draw = smp_rng_unit(&rng);
        int hairs = 1;
        while (hairs < 4 && draw >= s->share[hairs - 1])
            draw -= s->share[hairs++ - 1];
        units[i].hairs = hairs;
        units[i].turn_rad = -SMP_PI / 2 + 0.14 * smp_rng_normal(&rng);
    }
}

enum smp_code smp_shade_draw_stubble(struct smp_image *image, const struct smp_shade_skin *skin,
                                     const struct smp_shade_frame *frame, struct smp_pool *pool,
                                     struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_stubble *s = &skin->request->stubble;
    struct smp_image made;
    enum smp_code code = smp_image_make(&made, frame->width_px, frame->height_px, arena, err);
    if (code)
        return code;
    const struct smp_mark mark = smp_arena_mark(arena);
    struct kernel *kernel = smp_new(arena, struct kernel, 1);
    struct smp_strewn *units;
    size_t count;
    code = kernel ? smp_shade_strew(&units, &count, s->fu_per_cm2, s->jitter, frame, arena, err)
                  : smp_fail(err, SMP_E_NOMEM, "no memory for a field of stubble");
    if (!code)
        code = make_kernel(kernel, skin, pool, arena, err);
    if (code)
        return code;
    grow(units, count, s, frame->seed);
    struct lawn lawn = { &made, frame, skin, kernel, units, count, smp_rgb_from_lab(s->hair_lab) };
    smp_pool_for(pool, made.height_px, 8, draw_rows, &lawn);
    smp_arena_reset(arena, mark);
    *image = made;
    return SMP_OK;
}
