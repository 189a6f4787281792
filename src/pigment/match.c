// The match from end to end: target, search, what each recipe looks like in years, and warnings.
#include "pigment/match_impl.h"

#include <math.h>

#define NAME(name, text, years) text,
#define YEARS(name, text, years) years,
#define ID(name, id, text) id,
#define TEXT(name, id, text) text,
const char *const smp_match_age_names[] = { SMP_MATCH_AGES(NAME) NULL };
const double smp_match_age_years[] = { SMP_MATCH_AGES(YEARS) };
const char *const smp_match_warning_ids[] = { SMP_MATCH_WARNINGS(ID) NULL };
const char *const smp_match_warning_texts[] = { SMP_MATCH_WARNINGS(TEXT) NULL };
const char *const smp_limit_names[] = { "none", "colour", "texture", "polarity", NULL };

struct smp_match_request smp_match_request_default(void)
{
    return (struct smp_match_request){ .stubble = smp_stubble_default(),
                                       .diameter_min_mm = 0.15,
                                       .diameter_max_mm = 0.40,
                                       .dots_max_per_cm2 = 260,
                                       .distance_mm = 600,
                                       .touch_up_delta_e00 = 3,
                                       .viewing = smp_viewing_default() };
}

static enum smp_code check(const struct smp_match_request *r, struct smp_err *err)
{
    static const struct smp_field fields[] = {
        SMP_FIELD(smp_match_request, diameter_min_mm, "mm", 0.1, 0.6, "narrowest healed dot"),
        SMP_FIELD(smp_match_request, diameter_max_mm, "mm", 0.1, 0.6, "widest healed dot"),
        SMP_FIELD(smp_match_request, dots_max_per_cm2, "per cm²", 60, 400, "most dots"),
        SMP_FIELD(smp_match_request, distance_mm, "mm", 150, 5000, "viewing distance"),
        SMP_FIELD(smp_match_request, touch_up_delta_e00, "dE00", 1, 10, "where a match is lost"),
        SMP_FIELD(smp_match_request, age_years, "years", 0, 120, "age of the client"),
    };
    enum smp_code code = r->top_mm == 0
                             ? SMP_OK
                             : smp_check_number(r->top_mm, "top_mm", "mm", 0.08, 1, "match", err);
    if (code == SMP_OK)
        code = smp_check(fields, sizeof fields / sizeof fields[0], r, "match", err);
    if (code == SMP_OK)
        code = smp_stubble_check(&r->stubble, "match.stubble", err);
    if (code == SMP_OK)
        code = smp_skin_check(&r->skin, "match.skin", err);
    if (code == SMP_OK && r->diameter_min_mm > r->diameter_max_mm)
        code = smp_fail(err, SMP_E_INPUT,
                        "match.diameter_min_mm must be at most diameter_max_mm (%g), not %g",
                        r->diameter_max_mm, r->diameter_min_mm);
    return code;
}

// ---- One recipe at an age -----------------------------------------------------------------------

struct smp_field_of {
    const struct smp_target *target;
    const struct smp_candidate *candidate;
};

static void widen(struct smp_span *span, double value)
{
    span->low = fmin(span->low, value);
    span->high = fmax(span->high, value);
}

static struct smp_outlook outlook_at(double years, const struct smp_candidate *c,
                                     const struct smp_target *target,
                                     const struct smp_distances *distances)
{
    static const double tops_mm[] = { 0, -0.1, 0.1 }, amounts[] = { 1, 0.5, 1.5 };
    const struct smp_match_request *r = target->request;
    const struct smp_fate fate = smp_fate_median(r->healing, &r->wear);
    struct smp_outlook out = { 0 };
    for (int i = 0; i < 9; i++) {
        const struct smp_error_in error = { tops_mm[i / 3], amounts[i % 3] };
        struct smp_dot_sight dot;
        struct smp_scalp_view view;
        smp_candidate_aged(&dot, c, target, error, &fate, years);
        smp_dots_view(&view, &dot, years > 0 ? target->bare : target->red, c->dots_per_cm2,
                      c->strength_cv, r->stubble.jitter, target->hankel);
        const struct smp_seen seen = smp_seen_field(&view, target, distances);
        if (i == 0) {
            const double e = seen.delta_e00, s = seen.side_by_side_mm, d = seen.casual_mm;
            out = (struct smp_outlook){
                { e, e, e }, { s, s, s }, { d, d, d }, seen.limited_by, seen.lab
            };
        }
        widen(&out.delta_e00, seen.delta_e00);
        widen(&out.side_by_side_mm, seen.side_by_side_mm);
        widen(&out.casual_mm, seen.casual_mm);
    }
    return out;
}

// Colour alone needs no texture: the areas taken from the light will do.
static double match_of_fate(const void *context, const struct smp_aged *aged)
{
    const struct smp_field_of *f = context;
    const struct smp_target *target = f->target;
    const struct smp_candidate *c = f->candidate;
    double mua_per_mm[SMP_WAVELENGTHS], mus_per_mm[SMP_WAVELENGTHS], mean[SMP_WAVELENGTHS];
    struct smp_takes takes;
    smp_pigment_at_age(mua_per_mm, mus_per_mm, &target->request->catalogue->pigments[c->pigment],
                       c->parts_water, target->ink_share, aged);
    smp_look_takes(&takes, target->skin, &aged->shape, mua_per_mm, mus_per_mm);
    smp_field_seen(mean, target->bare, &takes, c->dots_per_cm2 / 100);
    return smp_delta_e00(smp_skin_lab(mean), target->lab);
}

// Years at which the match is lost, by the draws and weights of an ensemble.
static enum smp_code lost_after(struct smp_touch_up *touch_up, const struct smp_candidate *c,
                                const struct smp_target *target,
                                const struct smp_ensemble *ensemble, struct smp_pool *pool,
                                struct smp_arena *scratch, struct smp_err *err)
{
    enum { HORIZON_YEARS = 10 };
    const struct smp_field_of of = { target, c };
    const struct smp_question question = { match_of_fate, &of, smp_candidate_shape(c, target, 0) };
    return smp_touch_up_forecast(touch_up, ensemble, &question, target->request->touch_up_delta_e00,
                                 HORIZON_YEARS, pool, scratch, err);
}

static enum smp_code forecast(struct smp_touch_up *touch_up, const struct smp_candidate *c,
                              const struct smp_target *target, struct smp_pool *pool,
                              struct smp_arena *scratch, struct smp_err *err)
{
    enum { DRAWS = 1000 };
    const struct smp_match_request *r = target->request;
    struct smp_ensemble ensemble;
    const enum smp_code code =
        smp_ensemble_make(&ensemble, r->healing, &r->wear, 1, DRAWS, scratch, err);
    return code ? code : lost_after(touch_up, c, target, &ensemble, pool, scratch, err);
}

// ---- Warnings -----------------------------------------------------------------------------------

static unsigned warnings_of(struct smp_recipe *recipe, const struct smp_candidate *c,
                            const struct smp_target *target)
{
    const struct smp_match_request *r = target->request;
    struct smp_dot_sight dot, stronger;
    struct smp_scalp_view view, twice;
    smp_candidate_dot(&dot, c, target, (struct smp_error_in){ 0, 1 });
    smp_candidate_dot(&stronger, c, target, (struct smp_error_in){ 0, 2 });
    const double jitter = r->stubble.jitter;
    smp_dots_view(&view, &dot, target->bare, c->dots_per_cm2, c->strength_cv, jitter,
                  target->hankel);
    smp_dots_view(&twice, &stronger, target->bare, c->dots_per_cm2, c->strength_cv, jitter,
                  target->hankel);
    const struct smp_lab lab = smp_lab_from_xyz(view.xyz);
    const double darker = log(target->stubble.xyz.y / view.xyz.y);
    const double cover = c->dots_per_cm2 / 100 * SMP_PI / 4 * c->diameter_mm * c->diameter_mm;
    recipe->doubled_delta_e00 = smp_delta_e00(lab, smp_lab_from_xyz(twice.xyz));
    const double casual_mm = recipe->at[SMP_AT_HEALED].casual_mm.value;
    const bool light = darker < -0.08, bluer = lab.b - target->lab.b < -2.5;
    const bool flat = recipe->doubled_delta_e00 < 0.5;
    const bool holds[SMP_MATCH_WARNING_COUNT] = {
        [SMP_MW_COLOUR] = c->delta_e00 > 2,
        [SMP_MW_HELMET] = darker > 0.08,
        [SMP_MW_TOO_LIGHT] = light,
        [SMP_MW_BLUE] = bluer,
        [SMP_MW_DEEP] = c->delta_e00 <= 2 && casual_mm > 1000, // where colour is not what fails
        [SMP_MW_SATURATED] = flat,
        [SMP_MW_COVER] = cover > 0.2,
        [SMP_MW_GREY] = r->stubble.hair_lab.l > 45 || r->age_years >= 45,
        [SMP_MW_SHALLOW] = c->top_mm < 0.12,
    };
    unsigned bits = 0;
    for (int i = 0; i < SMP_MATCH_WARNING_COUNT; i++)
        bits |= holds[i] ? 1u << i : 0;
    return bits;
}

// Densities as good as the best for the same dot: cost within 0.3.
static void density_range(struct smp_recipe *recipe, const struct smp_candidate *c,
                          const struct smp_target *target)
{
    const double best = smp_candidate_cost(c);
    struct smp_dot_sight dot;
    smp_candidate_dot(&dot, c, target, (struct smp_error_in){ 0, 1 });
    recipe->dots_low_per_cm2 = recipe->dots_high_per_cm2 = c->dots_per_cm2;
    for (int way = -1; way <= 1; way += 2)
        for (struct smp_candidate t = *c; t.dots_per_cm2 > 30 && t.dots_per_cm2 < 400;) {
            t.dots_per_cm2 += way * 5.0;
            smp_candidate_judge(&t, &dot, target);
            if (smp_candidate_cost(&t) > best + 0.3)
                break;
            *(way < 0 ? &recipe->dots_low_per_cm2 : &recipe->dots_high_per_cm2) = t.dots_per_cm2;
        }
}

// ---- All of it ----------------------------------------------------------------------------------

static enum smp_code make_target(struct smp_target *target, const struct smp_match_request *r,
                                 struct smp_arena *scratch, struct smp_err *err)
{
    *target = (struct smp_target){ .request = r };
    enum smp_code code = smp_skin_spectrum(target->bare, &r->skin, scratch, err);
    const struct smp_skin red =
        smp_skin_redder(&r->skin, r->healing->constant[SMP_HEAL_REDNESS].value);
    if (code == SMP_OK)
        code = smp_skin_spectrum(target->red, &red, scratch, err);
    if (code != SMP_OK)
        return code;
    target->skin = smp_look_skin_make(&r->skin, scratch);
    target->hankel = smp_hankel_make(scratch);
    if (!target->skin || !target->hankel)
        return smp_fail(err, SMP_E_NOMEM, "out of memory for the match");
    target->ink_share = r->healing->constant[SMP_HEAL_INK_SHARE].value;
    target->height_ratio = r->healing->constant[SMP_HEAL_HEIGHT].value;
    code = smp_stubble_view(&target->stubble, &r->stubble, &r->skin, target->bare, scratch, err);
    if (code != SMP_OK)
        return code;
    if (r->sides_lab) { // the client's own shaved sides: their colour replaces the model's
        target->stubble.xyz = smp_xyz_from_lab(*r->sides_lab);
        target->stubble.ln_darkening = log(smp_xyz_of(target->bare).y / target->stubble.xyz.y);
    }
    target->lab = smp_lab_from_xyz(target->stubble.xyz);
    smp_sight_make(&target->sight, &r->viewing, r->distance_mm, target->stubble.xyz.y);
    smp_texture_bands(target->stubble_bands, &target->stubble.texture, &target->sight);
    return SMP_OK;
}

static const char *why_impossible(const struct smp_match *match, const struct smp_target *target)
{
    if (target->stubble.texture.third_moment < 0)
        return "no honest match: this hair is lighter than the skin around it, and dots can only "
               "darken; dark dots would stand out beside sides that turn grey";
    if (match->stubble_delta_e00 < 0.5)
        return "no dots needed: this stubble cannot be told from bare skin";
    if (target->stubble.ln_darkening <= 0)
        return "no honest match: the shaved sides are lighter than the bare skin, and dots can "
               "only darken";
    return NULL;
}

struct finish {
    struct smp_match *match;
    const struct smp_search *search;
    const struct smp_target *target;
    const struct smp_distances *distances;
};

static void look_ahead(void *context, size_t begin, size_t end)
{
    const struct finish *f = context;
    for (size_t i = begin; i < end; i++) {
        const size_t k = i / SMP_MATCH_AGE_COUNT, age = i % SMP_MATCH_AGE_COUNT;
        f->match->recipes[k].at[age] =
            outlook_at(smp_match_age_years[age], &f->search->best[k], f->target, f->distances);
    }
}

static void write_recipes(const struct finish *f, struct smp_pool *pool)
{
    f->match->count = f->search->count;
    for (size_t k = 0; k < f->search->count; k++) {
        const struct smp_candidate *c = &f->search->best[k];
        f->match->recipes[k] = (struct smp_recipe){ .pigment = c->pigment,
                                                    .parts_water = c->parts_water,
                                                    .top_mm = c->top_mm,
                                                    .diameter_mm = c->diameter_mm,
                                                    .dots_per_cm2 = c->dots_per_cm2,
                                                    .strength_cv = c->strength_cv,
                                                    .delta_e00 = c->delta_e00,
                                                    .texture_jnd = c->texture_jnd };
        density_range(&f->match->recipes[k], c, f->target);
    }
    smp_pool_for(pool, f->search->count * SMP_MATCH_AGE_COUNT, 1, look_ahead, (void *)f);
    for (size_t k = 0; k < f->search->count; k++)
        f->match->recipes[k].warnings =
            warnings_of(&f->match->recipes[k], &f->search->best[k], f->target);
}

enum smp_code smp_match_find(struct smp_match *match, const struct smp_match_request *request,
                             struct smp_pool *pool, struct smp_arena *scratch, struct smp_err *err)
{
    struct smp_target target;
    enum smp_code code = check(request, err);
    if (code == SMP_OK)
        code = make_target(&target, request, scratch, err);
    if (code != SMP_OK)
        return code;
    struct smp_match found = { .bare_lab = smp_skin_lab(target.bare), .stubble_lab = target.lab };
    found.stubble_delta_e00 = smp_delta_e00(found.bare_lab, target.lab);
    found.impossible = why_impossible(&found, &target);
    if (found.impossible) {
        *match = found;
        return SMP_OK;
    }
    struct smp_search search;
    const size_t recipes = request->recipes_max > 0 && request->recipes_max < SMP_RECIPES_MAX
                               ? request->recipes_max
                               : SMP_RECIPES_MAX;
    code = smp_match_search(&search, recipes, &target, pool, scratch, err);
    if (code != SMP_OK)
        return code;
    if (search.count == 0) {
        found.impossible = "no pigment of the catalogue with known optics fits the needle and "
                           "density allowed";
        *match = found;
        return SMP_OK;
    }
    struct smp_distances *distances = smp_new(scratch, struct smp_distances, 1);
    if (!distances)
        return smp_fail(err, SMP_E_NOMEM, "out of memory for the match");
    smp_distances_make(distances, &target);
    const struct finish f = { &found, &search, &target, distances };
    write_recipes(&f, pool);
    code = forecast(&found.recipes[0].touch_up, &search.best[0], &target, pool, scratch, err);
    if (code == SMP_OK)
        *match = found;
    return code;
}

enum smp_code smp_match_touch_up(struct smp_touch_up *touch_up,
                                 const struct smp_match_request *request,
                                 const struct smp_recipe *recipe,
                                 const struct smp_ensemble *ensemble, struct smp_pool *pool,
                                 struct smp_arena *scratch, struct smp_err *err)
{
    const struct smp_candidate c = { .pigment = recipe->pigment,
                                     .parts_water = recipe->parts_water,
                                     .top_mm = recipe->top_mm,
                                     .diameter_mm = recipe->diameter_mm,
                                     .dots_per_cm2 = recipe->dots_per_cm2,
                                     .strength_cv = recipe->strength_cv };
    struct smp_target target;
    enum smp_code code = check(request, err);
    if (code == SMP_OK)
        code = make_target(&target, request, scratch, err);
    return code ? code : lost_after(touch_up, &c, &target, ensemble, pool, scratch, err);
}
