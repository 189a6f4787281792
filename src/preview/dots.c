// Dots as spots on the skin, at each age. Dots of a continued plan that photos showed look as they
// were measured; of the others each has its own diameter, strength and depth, from
// its id alone: a field of equal dots looks printed (docs/preview.md "Variation"). Looks are
// worked out once for each class of dots that differ by less than the eye can tell.
#include "preview/preview_impl.h"

// What heals differently from dot to dot [E]; where no recipe spreads the dots' strength, more.
static const double diameter_cv = 0.12, strength_cv = 0.20, top_sd_mm = 0.02;
static const double recipe_diameter_cv = 0.05, recipe_strength_cv = 0.12;
static const double diameter_step = 0.06, strength_step = 0.14, top_step_mm = 0.02; // of classes

// Dots of the last session; of earlier ones; and of those that photos of a continued plan showed,
// which have the years before them too.
enum { LAST, EARLIER, DONE, PALETTES };
enum { WIDES = 81, DEEPS = 9, STRONGS = 45, CLASSES = WIDES * DEEPS * STRONGS };

// Of one age: its fate, and the spots made so far by class.
struct palette {
    const struct smp_looks *looks;
    struct smp_fate fate;
    double years;
    int last_session; // that is done at that age
    struct smp_glow_widths widths;
    double redness_mm2[3];  // a dot
    uint32_t slot[CLASSES]; // index + 1 into spots
    uint32_t used[CLASSES]; // the classes in the order they were met
    struct smp_spot *spots; // of those
    size_t count;
};

struct kind { // class of a dot
    int wide, deep, strong;
};

static void make_look(struct smp_spot *spot, const struct palette *p, const struct kind *kind)
{
    const double d_mm =
        smp_clamp(0.25 * exp(diameter_step * (kind->wide - (int)(WIDES / 2))), 0.05, 0.8);
    const double top_mm = p->looks->top_mm + top_step_mm * (kind->deep - (int)(DEEPS / 2));
    const double strong = exp(strength_step * (kind->strong - (int)(STRONGS / 2)));
    const struct smp_deposit_shape planned = smp_planned_shape(p->looks, d_mm, fmax(0.08, top_mm));
    const struct smp_aged aged = smp_aged_at(&p->fate, &planned, p->years);
    struct smp_rings rings;
    smp_rings_of(&rings, p->looks, &aged, strong);
    smp_spot_of_rings(spot, &rings, &p->widths, aged.shape.diameter_mm);
    if (p->redness_mm2[1] > 0)
        for (int c = 0; c < 3; c++) { // redness is even, not a ring around each dot
            spot->glow[1][c] += (float)p->redness_mm2[c];
            spot->glow_sigma[1][c] = fmaxf(spot->glow_sigma[1][c], 1.2f);
        }
}

static int nearest(double value, double step, int count)
{
    const int middle = count / 2;
    return (int)smp_clamp(round(value / step) + middle, 0, count - 1);
}

// What heals differently in a dot, from its id alone.
struct own_way {
    double wide, strong, deep;
    bool lost;
};

static struct own_way own_way_of(const struct smp_plan *plan, const struct smp_dot *dot,
                                 const struct smp_looks *looks)
{
    struct smp_rng rng = smp_rng_make(plan->from->seed, smp_hash64(dot->id, 0xd07));
    const bool lost = smp_rng_unit(&rng) > SMP_DOTS_KEPT;
    const double d_cv = looks->by_recipe ? recipe_diameter_cv : diameter_cv;
    const double s_cv = looks->by_recipe ? recipe_strength_cv : strength_cv;
    const double wide = d_cv * smp_clamp(smp_rng_normal(&rng), -2.5, 2.5);
    const double strong = s_cv * smp_clamp(smp_rng_normal(&rng), -2.5, 2.5) +
                          looks->shade[dot->pigment < SMP_SHADES ? dot->pigment : 0];
    return (struct own_way){ wide, strong, top_sd_mm * smp_clamp(smp_rng_normal(&rng), -2, 2.5),
                             lost };
}

// Which palette and class the dot of a number is of; false where it does not show.
static bool choose(int *which, uint32_t *class, const struct smp_plan *plan, size_t number,
                   const struct palette palettes[PALETTES])
{
    const struct smp_dot *dot = &plan->dots[number];
    const struct smp_looks *looks = palettes->looks;
    struct own_way own = own_way_of(plan, dot, looks);
    if (looks->seen_strong && !isnan(looks->seen_strong[number]))
        own = (struct own_way){ .strong = (double)looks->seen_strong[number] };
    // A dot of an earlier session has healed by the day of the last one.
    const int last = palettes->last_session, done = plan->continued.sessions_done;
    *which = dot->session == last ? LAST : dot->session <= done ? DONE : EARLIER;
    if (!(dot->diameter_um > 0) || dot->session > last ||
        (own.lost && palettes[*which].years >= SMP_HEALED_YEARS))
        return false;
    const int i = nearest(log(dot->diameter_um / 250) + own.wide, diameter_step, WIDES);
    const int j = nearest(own.deep, top_step_mm, DEEPS);
    const int k = nearest(own.strong, strength_step, STRONGS);
    *class = (uint32_t)((i * DEEPS + j) * STRONGS + k);
    return true;
}

static void make_looks(void *context, size_t begin, size_t end)
{
    struct palette *p = context;
    for (size_t i = begin; i < end; i++) {
        const uint32_t class = p->used[i];
        const struct kind kind = { (int)(class / (DEEPS * STRONGS)), (int)(class / STRONGS % DEEPS),
                                   (int)(class % STRONGS) };
        make_look(&p->spots[i], p, &kind);
    }
}

// The looks of all classes that the plan has.
static enum smp_code fill(struct palette palettes[PALETTES], const struct smp_plan *plan,
                          const struct smp_work *work)
{
    for (size_t i = 0; i < plan->dot_count; i++) {
        int which;
        uint32_t class;
        if (!choose(&which, &class, plan, i, palettes))
            continue;
        struct palette *p = &palettes[which];
        if (p->slot[class] == 0) {
            p->used[p->count++] = class;
            p->slot[class] = (uint32_t)p->count;
        }
    }
    for (int which = 0; which < PALETTES; which++) {
        struct palette *p = &palettes[which];
        p->spots = smp_new(work->arena, struct smp_spot, p->count);
        if (!p->spots)
            return smp_fail(work->err, SMP_E_NOMEM, "no room for %zu looks of dots", p->count);
        smp_pool_for(work->pool, p->count, 8, make_looks, p);
    }
    return SMP_OK;
}

// Skin round the dots of the last session is redder by the blood of its papillary dermis: even
// over the area they are set in.
static enum smp_code redden(struct palette *p, const struct smp_scene *scene,
                            const struct smp_work *work)
{
    const struct smp_plan *plan = scene->plan;
    const double mean_mm = smp_mean_dot_mm(plan);
    const struct smp_deposit_shape planned = smp_planned_shape(p->looks, mean_mm, p->looks->top_mm);
    const double factor = smp_aged_at(&p->fate, &planned, p->years).blood_factor;
    size_t last = 0;
    for (size_t i = 0; i < plan->dot_count; i++)
        last += plan->dots[i].session == p->last_session;
    if (factor < 1.02 || last == 0)
        return SMP_OK;
    const struct smp_skin red = smp_skin_redder(&p->looks->skin, factor);
    double spectrum[SMP_WAVELENGTHS], loss[SMP_WAVELENGTHS], rgb[3];
    const enum smp_code code = smp_skin_spectrum(spectrum, &red, work->arena, work->err);
    if (code)
        return code;
    for (int w = 0; w < SMP_WAVELENGTHS; w++)
        loss[w] = 1 - spectrum[w] / p->looks->reflectance[w];
    smp_rgb_share(rgb, p->looks, loss);
    const double share = (double)last / (double)plan->dot_count;
    const double per_mm2 = 0.01 * plan->from->design.dots_per_cm2 * share;
    for (int c = 0; c < 3; c++)
        p->redness_mm2[c] = -log(1 - smp_clamp(rgb[c], 0, 0.6)) / per_mm2;
    return SMP_OK;
}

static enum smp_code make_palette(struct palette *p, const struct smp_scene *scene,
                                  const struct smp_age *age, const struct smp_work *work)
{
    const double mean_mm = smp_mean_dot_mm(scene->plan);
    const struct smp_deposit_shape planned =
        smp_planned_shape(scene->looks, mean_mm, scene->looks->top_mm);
    p->looks = scene->looks;
    p->years = age->years;
    p->last_session = age->before ? scene->plan->continued.sessions_done : scene->plan->sessions;
    enum smp_code code = smp_fate_at(&p->fate, p->looks, &planned, age, work);
    if (!code)
        code = redden(p, scene, work);
    if (code)
        return code;
    const struct smp_aged aged = smp_aged_at(&p->fate, &planned, p->years);
    struct smp_rings rings;
    smp_rings_of(&rings, p->looks, &aged, 1);
    smp_glow_widths_of(&p->widths, &rings, aged.shape.diameter_mm);
    return SMP_OK;
}

static enum smp_code make_all(struct smp_dots *made, const struct smp_scene *scene,
                              const struct smp_age *age, const struct smp_work *work)
{
    const struct smp_plan *plan = scene->plan;
    struct palette *palettes = smp_new(work->arena, struct palette, PALETTES);
    if (!palettes || !made->spots)
        return smp_fail(work->err, SMP_E_NOMEM, "no room for the look of %zu dots",
                        plan->dot_count);
    struct smp_age earlier = *age, done = *age;
    earlier.years = fmax(age->years, SMP_HEALED_YEARS);
    done.years = age->before ? earlier.years
                             : smp_clamp(age->years + plan->continued.years, SMP_HEALED_YEARS,
                                         SMP_AGE_MAX_YEARS);
    enum smp_code code = make_palette(&palettes[LAST], scene, age, work);
    if (!code)
        code = make_palette(&palettes[EARLIER], scene, &earlier, work);
    if (!code && plan->continued.sessions_done)
        code = make_palette(&palettes[DONE], scene, &done, work);
    if (!code)
        code = fill(palettes, plan, work);
    for (size_t i = 0; i < plan->dot_count && !code; i++) {
        const struct smp_dot *dot = &plan->dots[i];
        int which;
        uint32_t class;
        if (!choose(&which, &class, plan, i, palettes))
            continue;
        struct smp_spot *spot = &made->spots[made->count++];
        *spot = palettes[which].spots[palettes[which].slot[class] - 1];
        spot->place = smp_f3_of(dot->position_mm);
        spot->normal = smp_f3_of(dot->normal);
        spot->id = dot->id;
    }
    return code;
}

enum smp_code smp_dots_at(const struct smp_dots **dots, struct smp_scene *scene,
                          const struct smp_age *age, const struct smp_work *work)
{
    for (const struct smp_dots *d = scene->dots; d; d = d->next)
        if (d->years == age->years && d->edge == age->edge && d->before == age->before) {
            *dots = d;
            return SMP_OK;
        }
    struct smp_dots *made = smp_new(&scene->own, struct smp_dots, 1);
    if (!made)
        return smp_fail(work->err, SMP_E_NOMEM, "no room for the dots at an age");
    *made = (struct smp_dots){
        .next = scene->dots, .before = age->before, .years = age->years, .edge = age->edge
    };
    made->spots = smp_new(&scene->own, struct smp_spot, scene->plan->dot_count);
    const struct smp_mark mark = smp_arena_mark(work->arena);
    const enum smp_code code = make_all(made, scene, age, work);
    smp_arena_reset(work->arena, mark);
    if (!code)
        *dots = scene->dots = made;
    return code;
}
