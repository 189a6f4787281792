// A field of dots: every dot multiplies the skin's light by its own factors; the ground is set so
// that the area has the colour of such a field (docs/optics.md "Overlap").
#include "shade/shade_impl.h"

#include <math.h>

struct smp_rgb_lin smp_shade_rgb(const double reflectance[SMP_WAVELENGTHS])
{
    static const struct smp_grid grid = { 400, 10, SMP_WAVELENGTHS };
    return smp_rgb_from_xyz(smp_xyz_from_reflectance(reflectance, &grid));
}

enum smp_code smp_shade_skin_make(struct smp_shade_skin *skin,
                                  const struct smp_match_request *request, struct smp_arena *arena,
                                  struct smp_err *err)
{
    struct smp_shade_skin made = { .request = request };
    const enum smp_code code = smp_skin_spectrum(made.bare, &request->skin, arena, err);
    if (code)
        return code;
    made.look = smp_look_skin_make(&request->skin, arena);
    if (!made.look)
        return smp_fail(err, SMP_E_NOMEM, "no memory for a skin's looks");
    made.bare_rgb = smp_shade_rgb(made.bare);
    *skin = made;
    return SMP_OK;
}

enum smp_code smp_shade_skin_redden(struct smp_shade_skin *red, const struct smp_shade_skin *skin,
                                    struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_match_request *r = skin->request;
    const struct smp_skin redder =
        smp_skin_redder(&r->skin, r->healing->constant[SMP_HEAL_REDNESS].value);
    struct smp_shade_skin made = *skin;
    const enum smp_code code = smp_skin_spectrum(made.bare, &redder, arena, err);
    if (code)
        return code;
    made.bare_rgb = smp_shade_rgb(made.bare);
    *red = made;
    return SMP_OK;
}

void smp_shade_recipe(struct smp_shade_dots *dots, const struct smp_match_request *request,
                      const struct smp_recipe *recipe, double years)
{
    const struct smp_deposit_shape planned = smp_deposit_planned(
        recipe->top_mm, recipe->diameter_mm, request->healing->constant[SMP_HEAL_HEIGHT].value);
    const struct smp_fate fate = smp_fate_median(request->healing, &request->wear);
    const struct smp_aged aged = smp_aged_at(&fate, &planned, years);
    *dots = (struct smp_shade_dots){ .shape = aged.shape,
                                     .per_cm2 = recipe->dots_per_cm2,
                                     .jitter = request->stubble.jitter,
                                     .strength_cv = recipe->strength_cv };
    smp_pigment_at_age(dots->mua_per_mm, dots->mus_per_mm,
                       &request->catalogue->pigments[recipe->pigment], recipe->parts_water,
                       request->healing->constant[SMP_HEAL_INK_SHARE].value, &aged);
}

enum smp_code smp_shade_strew(struct smp_strewn **strewn, size_t *count, double per_cm2,
                              double jitter, const struct smp_shade_frame *frame,
                              struct smp_arena *arena, struct smp_err *err)
{
    const double spacing = sqrt(2 / (sqrt(3.0) * per_cm2 / 100)), row = spacing * sqrt(0.75);
    const double beyond = SMP_SHADE_REACH_MM + 3 * jitter * spacing;
    const double w = (double)frame->width_px / frame->px_per_mm + 2 * beyond;
    const double h = (double)frame->height_px / frame->px_per_mm + 2 * beyond;
    const size_t columns = (size_t)ceil(w / spacing) + 1, rows = (size_t)ceil(h / row) + 1;
    struct smp_strewn *made = smp_new(arena, struct smp_strewn, columns * rows);
    if (!made)
        return smp_fail(err, SMP_E_NOMEM, "no memory for a field of dots");
    struct smp_rng rng = smp_rng_make(frame->seed, 1);
    const double dx = smp_rng_unit(&rng) * spacing, dy = smp_rng_unit(&rng) * row;
    for (size_t i = 0; i < rows * columns; i++) {
        const size_t r = i / columns, c = i % columns;
        const double x = ((double)c + 0.5 * (double)(r % 2)) * spacing - dx - beyond;
        const double y = (double)r * row - dy - beyond;
        made[i].at_mm.x = x + jitter * spacing * smp_rng_normal(&rng);
        made[i].at_mm.y = y + jitter * spacing * smp_rng_normal(&rng);
    }
    *strewn = made;
    *count = rows * columns;
    return SMP_OK;
}

struct field {
    struct smp_image *image;
    const struct smp_shade_frame *frame;
    struct smp_rgb ground; // bare skin, less what all dots take together, beside what is drawn
    const struct smp_splat *splat;
    const struct smp_strewn *dots;
    float (*keep)[SMP_SPLAT_STEPS][3]; // per dot
    size_t count;
};

// A dot of another strength darkens as if light passed it that many times more or less: what is
// kept is raised to its strength, so that even the strongest leaves some light.
static void strengthen(float keep[SMP_SPLAT_STEPS][3], const struct smp_splat *splat,
                       double strength)
{
    for (int i = 0; i < SMP_SPLAT_STEPS; i++)
        for (int k = 0; k < 3; k++)
            keep[i][k] = (float)pow(fmax(1e-3, (double)splat->keep[i][k]), strength);
}

static void multiply(struct smp_rgb *px, const float keep[SMP_SPLAT_STEPS][3], double at)
{
    const size_t i = (size_t)at;
    if (i >= SMP_SPLAT_STEPS - 1)
        return;
    const float part = (float)(at - (double)i);
    px->r *= keep[i][0] + part * (keep[i + 1][0] - keep[i][0]);
    px->g *= keep[i][1] + part * (keep[i + 1][1] - keep[i][1]);
    px->b *= keep[i][2] + part * (keep[i + 1][2] - keep[i][2]);
}

static void draw_row(const struct field *f, size_t y)
{
    const double scale = f->frame->px_per_mm, y_mm = ((double)y + 0.5) / scale;
    const size_t w = f->image->width_px;
    struct smp_rgb *row = smp_image_at(f->image, 0, y);
    for (size_t x = 0; x < w; x++)
        row[x] = f->ground;
    for (size_t i = 0; i < f->count; i++) {
        const struct smp_strewn *dot = &f->dots[i];
        const double dy = dot->at_mm.y - y_mm;
        const double half2 = SMP_SHADE_REACH_MM * SMP_SHADE_REACH_MM - dy * dy;
        if (half2 <= 0)
            continue;
        const double half = sqrt(half2);
        const double from = smp_clamp(floor((dot->at_mm.x - half) * scale), 0, (double)w);
        const double to = smp_clamp(ceil((dot->at_mm.x + half) * scale), 0, (double)w);
        for (size_t x = (size_t)from; x < (size_t)to; x++) {
            const double dx = ((double)x + 0.5) / scale - dot->at_mm.x;
            multiply(&row[x], (const float(*)[3])f->keep[i],
                     sqrt(dx * dx + dy * dy) / f->splat->step_mm);
        }
    }
}

// Whatever the field's colour is that the drawn dots do not make lies evenly over it: what they
// take from farther than they are drawn, less what dots that stand close take from each other.
static struct smp_rgb ground_of(const struct smp_splat *splat, const struct smp_shade_skin *skin,
                                const struct smp_look *look, double per_mm2)
{
    struct smp_takes takes;
    double seen[SMP_WAVELENGTHS], near[3] = { 0 };
    for (int w = 0; w < SMP_WAVELENGTHS; w++)
        takes.area_mm2[w] = look->area_mm2[w], takes.centre[w] = look->contrast[w][0];
    smp_field_seen(seen, skin->bare, &takes, per_mm2);
    const struct smp_rgb_lin mean = smp_shade_rgb(seen);
    for (int k = 0; k < 3; k++) {
        for (int i = 0; i < SMP_SPLAT_STEPS - 1; i++)
            near[k] +=
                2 * SMP_PI * i * splat->step_mm * splat->step_mm * (1 - (double)splat->keep[i][k]);
        near[k] = exp(per_mm2 * near[k]);
    }
    return (struct smp_rgb){ (float)(mean.r * near[0]), (float)(mean.g * near[1]),
                             (float)(mean.b * near[2]) };
}

static void draw_rows(void *context, size_t begin, size_t end)
{
    for (size_t y = begin; y < end; y++)
        draw_row(context, y);
}

enum smp_code smp_shade_draw_dots(struct smp_image *image, const struct smp_shade_skin *skin,
                                  const struct smp_shade_dots *dots,
                                  const struct smp_shade_frame *frame, struct smp_pool *pool,
                                  struct smp_arena *arena, struct smp_err *err)
{
    struct smp_image made;
    enum smp_code code = smp_image_make(&made, frame->width_px, frame->height_px, arena, err);
    if (code)
        return code;
    const struct smp_mark mark = smp_arena_mark(arena);
    struct smp_look *look = smp_new(arena, struct smp_look, 1);
    struct smp_splat *splat = smp_new(arena, struct smp_splat, 1);
    struct smp_strewn *strewn;
    size_t count;
    code = look && splat
               ? smp_shade_strew(&strewn, &count, dots->per_cm2, dots->jitter, frame, arena, err)
               : smp_fail(err, SMP_E_NOMEM, "no memory for a dot's look");
    if (code)
        return code;
    float(*keep)[SMP_SPLAT_STEPS][3] = smp_alloc(arena, count, sizeof *keep);
    if (!keep)
        return smp_fail(err, SMP_E_NOMEM, "no memory for dots");
    smp_look_compile(look, skin->look, &dots->shape, dots->mua_per_mm, dots->mus_per_mm);
    smp_splat_make(splat, look, skin->bare);
    struct smp_rng rng = smp_rng_make(frame->seed, 2);
    for (size_t i = 0; i < count; i++)
        strengthen(keep[i], splat, fmax(0.1, 1 + dots->strength_cv * smp_rng_normal(&rng)));
    const struct smp_rgb ground = ground_of(splat, skin, look, dots->per_cm2 / 100);
    struct field field = { &made, frame, ground, splat, strewn, keep, count };
    smp_pool_for(pool, made.height_px, 8, draw_rows, &field);
    smp_arena_reset(arena, mark);
    *image = made;
    return SMP_OK;
}

enum smp_code smp_shade_from_afar(struct smp_image *seen, const struct smp_image *image,
                                  double px_per_mm, double distance_mm, struct smp_pool *pool,
                                  struct smp_arena *arena, struct smp_err *err)
{
    // Optics of the eye and spacing of its cones: σ of half a minute of arc (Barten 1999, σ0).
    const double sigma_mm = 0.5 / 60 * SMP_PI / 180 * distance_mm;
    return smp_image_blur(seen, image, sigma_mm * px_per_mm, pool, arena, err);
}
