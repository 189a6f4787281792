// What a case leaves open of the recipe is filled in by the match; every value says where it is
// from.
#include "plan/plan_impl.h"

#include <math.h>
#include <string.h>

enum { catalogue_bytes_max = 4 << 20 };
// Of the mean spacing, what a recipe's dots may need between them: where two diameters are more,
// the nearest-neighbour CV falls below the 0.19 to 0.22 of human scalps (docs/layout.md).
static const double room_share = 0.5;
static const double hexagon_mm = 10.746;        // spacing of a hexagon lattice of 1 dot/cm²
static const double match_mm[2] = { 0.1, 0.6 }; // diameters that the match can look up
static const double usual_top_mm = 0.15;        // where no match chose one
static const double stubble_most_mm = 2;        // and stubble

struct seek {
    struct smp_case *from;
    struct smp_plan_recipe made;
    struct smp_catalogue catalogue;
    struct smp_healing healing;
    struct smp_match_request request;
    struct smp_match_hold hold;
    const struct smp_kept *kept; // what was found before, or NULL
    uint64_t key;                // of the files read
};

// ---- Where each value is from -------------------------------------------------------------------

static void note_number(struct smp_plan_recipe *made, const char *name, double value,
                        const char *why)
{
    made->fields[made->field_count++] = (struct smp_recipe_field){ name, NULL, value, why };
}

static void note_text(struct smp_plan_recipe *made, const char *name, const char *text,
                      const char *why)
{
    made->fields[made->field_count++] = (struct smp_recipe_field){ name, text, 0, why };
}

// What the match was told of the client.
static enum smp_code note_client(struct seek *s, struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_case *from = s->from;
    struct smp_plan_recipe *made = &s->made;
    const struct smp_stubble *stubble = &s->request.stubble;
    const char *skin =
        smp_format(arena, "%.1f, %.1f, %.1f", from->skin_lab.l, from->skin_lab.a, from->skin_lab.b);
    const char *hair =
        smp_format(arena, "%.1f, %.1f, %.1f", from->hair_lab.l, from->hair_lab.a, from->hair_lab.b);
    const char *sides = smp_format(arena, "%.1f, %.1f, %.1f", from->sides_lab.l, from->sides_lab.a,
                                   from->sides_lab.b);
    if (!skin || !hair || !sides)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the recipe");
    note_text(made, "skin.lab", skin,
              from->skin_given ? NULL
              : from->phototype
                  ? "assumed: mean of the ITA class of that number; measure the client's own skin"
                  : "assumed: mean of ITA class 3; measure the client's own skin");
    note_text(made, "hair.lab", hair,
              from->hair_given ? NULL : "assumed: dark brown; measure a cut tress");
    note_number(made, "hair.fu_per_cm2", stubble->fu_per_cm2,
                from->fu_given ? NULL : "assumed: a usual scalp; count it where hair is left");
    note_number(made, "hair.stubble_mm", stubble->stubble_mm,
                from->stubble_given ? NULL : "assumed: shaved the day before");
    note_number(made, "hair.exit_deg", stubble->exit_deg,
                isnan(from->exit_deg) ? "assumed: the middle of 30 to 60 degrees" : NULL);
    note_number(made, "hair.calibre_um", stubble->calibre_mm * 1000,
                isnan(from->calibre_um) ? "assumed: a usual terminal hair" : NULL);
    if (from->sides_given)
        note_text(made, "hair.sides_lab", sides, NULL);
    return SMP_OK;
}

static void note_depth(struct seek *s)
{
    const struct smp_case *from = s->from;
    struct smp_plan_recipe *made = &s->made;
    note_number(made, "recipe.top_mm", made->top_mm,
                isnan(from->wish.top_mm)
                    ? "the deepest of 0.1 to 0.15 mm that does as well; nobody can set a depth in "
                      "the skin, and the bands cover 0.1 mm more and less"
                    : NULL);
}

static void note_recipe(struct seek *s)
{
    const struct smp_case *from = s->from;
    const struct smp_recipe_wish *wish = &from->wish;
    struct smp_plan_recipe *made = &s->made;
    note_depth(s);
    note_text(made, "recipe.pigment", made->pigment,
              wish->pigment ? NULL
                            : "of the catalogue, the best by texture among those whose healed "
                              "colour fits the stubble");
    note_number(made, "recipe.dilution", made->dilution,
                isnan(wish->dilution) ? "parts of water at which the healed area colour fits"
                                      : NULL);
    note_number(made, from->diameter_um > 0 ? "design.diameter_um" : "recipe.diameter_um",
                made->diameter_um,
                from->diameter_um > 0 || !isnan(wish->diameter_um)
                    ? NULL
                    : "least texture difference at arm's length with room for two diameters; "
                      "finer needles keep their ratio to it");
    note_number(made, from->dots_given ? "design.dots_per_cm2" : "recipe.dots_per_cm2",
                made->dots_per_cm2,
                from->dots_given || !isnan(wish->dots_per_cm2)
                    ? NULL
                    : "dots that darken bare skin as much as the follicular units that stood "
                      "there, with room between them");
    note_number(made, "recipe.strength_cv", made->strength_cv,
                isnan(wish->strength_cv)
                    ? "dots are unequal on purpose: the spread of hairs per follicular unit"
                    : NULL);
}

// ---- The request --------------------------------------------------------------------------------

static enum smp_code read_catalogue(struct seek *s, struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_case *from = s->from;
    const char *path = from->wish.catalogue;
    struct smp_bytes text;
    enum smp_code code =
        path ? smp_file_read(&text, path, catalogue_bytes_max, arena, err)
             : smp_data_find(from->settings->folder, "pigments.json", &path, &text, arena, err);
    if (!code)
        code = smp_catalogue_read(&s->catalogue, path, (const char *)text.data, text.length, arena,
                                  err);
    if (!code && from->wish.catalogue)
        s->made.catalogue = text;
    if (!code)
        s->key = smp_key_bytes(0, text.data, text.length);
    if (!code)
        code = smp_data_find(from->settings->folder, "healing.json", &path, &text, arena, err);
    if (!code)
        s->key = smp_key_bytes(s->key, text.data, text.length);
    return code ? code
                : smp_healing_read(&s->healing, path, (const char *)text.data, text.length, arena,
                                   err);
}

// All that the answer hangs on.
static uint64_t key_of(const struct seek *s)
{
    const struct smp_match_request *r = &s->request;
    const struct smp_stubble *hair = &r->stubble;
    const struct smp_lab skin = s->from->skin_lab;
    const struct smp_lab sides = r->sides_lab ? *r->sides_lab : (struct smp_lab){ -1, 0, 0 };
    const double asked[] = { skin.l,
                             skin.a,
                             skin.b,
                             sides.l,
                             sides.a,
                             sides.b,
                             hair->fu_per_cm2,
                             hair->share[0],
                             hair->share[1],
                             hair->share[2],
                             hair->share[3],
                             hair->calibre_mm,
                             hair->stubble_mm,
                             hair->exit_deg,
                             hair->jitter,
                             hair->hair_lab.l,
                             hair->hair_lab.a,
                             hair->hair_lab.b,
                             r->top_mm,
                             r->diameter_min_mm,
                             r->diameter_max_mm,
                             r->dots_max_per_cm2,
                             r->distance_mm,
                             r->age_years,
                             r->touch_up_delta_e00,
                             r->viewing.light_lux,
                             r->viewing.field_mm,
                             r->viewing.weber,
                             r->wear.sun,
                             r->wear.oily,
                             r->gap_share,
                             (double)s->hold.pigment,
                             s->hold.parts_water,
                             s->hold.diameter_mm,
                             s->hold.dots_per_cm2,
                             s->hold.strength_cv };
    uint64_t key = s->key;
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
        key = smp_key_number(key, asked[i]);
    return key;
}

static enum smp_code find_pigment(struct seek *s, struct smp_arena *arena, struct smp_err *err)
{
    const char *id = s->from->wish.pigment;
    s->hold.pigment = SIZE_MAX;
    if (!id)
        return SMP_OK;
    const struct smp_pigment *pigment = smp_pigment_find(&s->catalogue, id);
    if (!pigment)
        return smp_fail(err, SMP_E_INPUT,
                        "%s: recipe.pigment must be an id of the catalogue (stubble pigments "
                        "lists them), not \"%s\"",
                        s->from->file, id);
    const char *where = smp_format(arena, "%s: recipe.pigment", s->from->file);
    if (!where)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the recipe");
    s->hold.pigment = (size_t)(pigment - s->catalogue.pigments);
    return smp_pigment_matchable(pigment, where, err);
}

// Densities and diameters that have room: two diameters between centres.
static void hold_size(struct seek *s)
{
    const struct smp_case *from = s->from;
    const struct smp_number *numbers = from->settings->numbers;
    const double diameters = numbers[SMP_N_GAP_DIAMETERS].value;
    const double needle_mm = from->settings->needles[SMP_ZONE_MIDSCALP].diameter_um.value / 1000;
    struct smp_match_request *r = &s->request;
    r->gap_share = room_share * 2 / diameters; // the match asks for two diameters
    r->dots_max_per_cm2 = smp_clamp(numbers[SMP_N_DOTS_PER_CM2].value, 60, 400);
    r->diameter_min_mm = smp_clamp(needle_mm * 2 / 3, match_mm[0], match_mm[1]);
    r->diameter_max_mm = smp_clamp(needle_mm * 4 / 3, match_mm[0], match_mm[1]);
    const double um = from->diameter_um > 0 ? from->diameter_um : from->wish.diameter_um;
    s->hold.diameter_mm = isnan(um) ? um : smp_clamp(um / 1000, match_mm[0], match_mm[1]);
    s->hold.dots_per_cm2 = from->dots_given ? from->design.dots_per_cm2 : from->wish.dots_per_cm2;
    if (!isnan(s->hold.dots_per_cm2) && isnan(um)) {
        const double most_mm =
            0.999 * room_share * hexagon_mm /
            (diameters * sqrt(fmax(s->hold.dots_per_cm2, r->stubble.fu_per_cm2)));
        r->diameter_max_mm = smp_clamp(most_mm, match_mm[0], r->diameter_max_mm);
        r->diameter_min_mm = fmin(r->diameter_min_mm, r->diameter_max_mm);
        if (most_mm < match_mm[0])
            s->hold.diameter_mm = match_mm[0];
    }
    if (!isnan(um) && isnan(s->hold.dots_per_cm2)) {
        const double side = room_share * hexagon_mm / (diameters * s->hold.diameter_mm);
        if (side * side <
            fmax(61, r->stubble.fu_per_cm2 +
                         1)) // below the densities that are searched: as many as have room
            s->hold.dots_per_cm2 = floor(side * side);
    }
}

static enum smp_code fill_request(struct seek *s, struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_case *from = s->from;
    const struct smp_recipe_wish *wish = &from->wish;
    s->request = smp_match_request_default();
    struct smp_match_request *r = &s->request;
    r->stubble.fu_per_cm2 = from->loss.native_fu_per_cm2;
    r->stubble.stubble_mm = fmin(from->stubble_mm, stubble_most_mm);
    r->stubble.hair_lab = from->hair_lab;
    r->stubble.hair_lab.l = smp_clamp(from->hair_lab.l, 5, 90); // what the match knows
    if (!isnan(from->exit_deg))
        r->stubble.exit_deg = from->exit_deg;
    if (!isnan(from->calibre_um))
        r->stubble.calibre_mm = from->calibre_um / 1000;
    if (!isnan(wish->top_mm))
        r->top_mm = wish->top_mm;
    r->sides_lab = from->sides_given ? &from->sides_lab : NULL;
    r->age_years = from->age;
    r->wear = (struct smp_wear){ .sun = from->sun, .oily = from->oily };
    r->catalogue = &s->catalogue;
    r->healing = &s->healing;
    r->hold = &s->hold;
    r->recipes_max = 1;
    s->hold.parts_water = wish->dilution;
    s->hold.strength_cv =
        isnan(wish->strength_cv) ? smp_stubble_spread(&r->stubble) : wish->strength_cv;
    hold_size(s);
    s->made.distance_mm = r->distance_mm;
    enum smp_code code = read_catalogue(s, arena, err);
    return code ? code : find_pigment(s, arena, err);
}

// ---- The answer ---------------------------------------------------------------------------------

// Without a recipe the case's own wishes and the settings' defaults stand.
static void take_defaults(struct seek *s)
{
    const struct smp_case *from = s->from;
    struct smp_plan_recipe *made = &s->made;
    made->diameter_um = isnan(from->wish.diameter_um) ? 0 : from->wish.diameter_um;
    made->dots_per_cm2 =
        isnan(from->wish.dots_per_cm2) ? from->design.dots_per_cm2 : from->wish.dots_per_cm2;
    made->fu_dots = 1;
    made->top_mm = isnan(from->wish.top_mm) ? usual_top_mm : from->wish.top_mm;
}

// The bottles in words; NULL where memory ran out.
static const char *bottles(const struct smp_plan_recipe *recipe, struct smp_arena *arena)
{
    const char *text =
        recipe->dilution > 0
            ? smp_format(arena, "%s, 1 part in %g part%s of water", recipe->pigment_name,
                         recipe->dilution, recipe->dilution > 1 ? "s" : "")
            : smp_format(arena, "%s, undiluted", recipe->pigment_name);
    for (size_t i = 0; text && i < recipe->shade_count; i++) {
        const struct smp_shade *shade = &recipe->shades[i];
        if (i == recipe->middle_shade)
            continue;
        text = shade->parts_water > 0
                   ? smp_format(arena, "%s; %s dots in %g", text, shade->name, shade->parts_water)
                   : smp_format(arena, "%s; %s dots undiluted", text, shade->name);
    }
    return text;
}

static enum smp_code take_recipe(struct seek *s, const struct smp_recipe *found,
                                 struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_case *from = s->from;
    const struct smp_pigment *pigment = &s->catalogue.pigments[found->pigment];
    struct smp_plan_recipe *made = &s->made;
    struct smp_recipe *kept = smp_new(arena, struct smp_recipe, 1);
    if (!kept)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the recipe");
    *kept = *found;
    made->found = kept;
    made->pigment = pigment->id;
    made->pigment_name = pigment->name;
    made->dilution = found->parts_water;
    made->top_mm = found->top_mm;
    made->diameter_um =
        from->diameter_um > 0 ? from->diameter_um : round(found->diameter_mm * 1000);
    made->dots_per_cm2 = found->dots_per_cm2;
    made->strength_cv = found->strength_cv;
    // dots replace follicular units: what is left of them stands for as many dots
    made->fu_dots = from->dots_given ? 1 : found->dots_per_cm2 / s->request.stubble.fu_per_cm2;
    note_recipe(s);
    const struct smp_strength_of of = {
        .skin = &s->request.skin,
        .pigment = pigment,
        .ink_share = s->healing.constant[SMP_HEAL_INK_SHARE].value,
        .height_ratio = s->healing.constant[SMP_HEAL_HEIGHT].value,
        .one_bottle = !isnan(from->wish.dilution),
    };
    const struct smp_mark mark = smp_arena_mark(arena);
    enum smp_code code = smp_recipe_strengths(made, &of, arena, err);
    smp_arena_reset(arena, mark);
    made->words = bottles(made, arena);
    return code || made->words ? code : smp_fail(err, SMP_E_NOMEM, "no memory for the recipe");
}

// What plan.json kept, where the same was asked and its pigment is still known.
static bool recall(struct smp_match *found, const struct seek *s)
{
    const struct smp_kept *kept = s->kept;
    if (!kept || !kept->there || kept->request != s->made.request)
        return false;
    found->bare_lab = kept->bare_lab;
    found->stubble_lab = kept->stubble_lab;
    found->impossible = kept->impossible;
    if (kept->impossible)
        return true;
    const struct smp_pigment *pigment = smp_pigment_find(&s->catalogue, kept->pigment);
    if (!pigment || !pigment->known)
        return false;
    found->count = 1;
    found->recipes[0] = kept->found;
    found->recipes[0].pigment = (size_t)(pigment - s->catalogue.pigments);
    return true;
}

static enum smp_code match(struct seek *s, struct smp_pool *pool, struct smp_arena *arena,
                           struct smp_err *err)
{
    struct smp_match found = { 0 };
    s->made.request = key_of(s);
    if (!recall(&found, s)) {
        const struct smp_mark mark = smp_arena_mark(arena);
        enum smp_code code = smp_match_find(&found, &s->request, pool, arena, err);
        smp_arena_reset(arena, mark);
        if (code)
            return code;
    }
    s->made.bare_lab = found.bare_lab;
    s->made.stubble_lab = found.stubble_lab;
    s->made.impossible = found.impossible;
    s->made.not_needed = found.impossible && strncmp(found.impossible, "no dots needed", 14) == 0;
    if (!found.impossible)
        return take_recipe(s, &found.recipes[0], arena, err);
    take_defaults(s);
    return SMP_OK;
}

enum smp_code smp_recipe_request(struct smp_match_request *request, const struct smp_case *from,
                                 struct smp_arena *arena, struct smp_err *err)
{
    struct smp_case *asked = smp_new(arena, struct smp_case, 1);
    struct seek *s = smp_new(arena, struct seek, 1);
    double fit_delta_e00 = 0;
    if (!asked || !s)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the recipe");
    *asked = *from;
    s->from = asked;
    enum smp_code code = fill_request(s, arena, err);
    s->request.skin = smp_skin_default();
    if (!code)
        code =
            smp_skin_fit(&s->request.skin, &fit_delta_e00, from->skin_lab, "skin.lab", arena, err);
    if (!code)
        *request = s->request;
    return code;
}

enum smp_code smp_case_recipe(struct smp_case *from, struct smp_pool *pool, struct smp_arena *arena,
                              struct smp_err *err)
{
    return smp_case_recipe_kept(from, NULL, pool, arena, err);
}

enum smp_code smp_case_recipe_kept(struct smp_case *from, const struct smp_kept *kept,
                                   struct smp_pool *pool, struct smp_arena *arena,
                                   struct smp_err *err)
{
    struct seek s = { .from = from, .kept = kept };
    double fit_delta_e00 = 0;
    struct smp_err why = { 0 };
    enum smp_code code = fill_request(&s, arena, err);
    if (!code)
        code = note_client(&s, arena, err);
    if (code)
        return code;
    s.request.skin = smp_skin_default();
    const struct smp_mark mark = smp_arena_mark(arena);
    code = smp_skin_fit(&s.request.skin, &fit_delta_e00, from->skin_lab, "skin.lab", arena, &why);
    smp_arena_reset(arena, mark);
    if (code == SMP_E_INPUT) { // a colour that no skin has: the plan can be made, a match cannot
        s.made.bad_skin = true;
        s.made.skin_delta_e00 = fit_delta_e00;
        s.made.impossible = smp_strdup(arena, why.msg);
        take_defaults(&s);
        code = s.made.impossible ? SMP_OK : smp_fail(err, SMP_E_NOMEM, "no memory for the recipe");
    } else if (code)
        code = smp_fail(err, code, "%s", why.msg);
    else
        code = match(&s, pool, arena, err);
    if (code)
        return code;
    s.made.made = true;
    from->recipe = s.made;
    from->design.dots_per_cm2 = s.made.dots_per_cm2;
    from->design.fu_dots = s.made.fu_dots;
    return SMP_OK;
}
