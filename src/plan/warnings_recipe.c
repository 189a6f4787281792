// Warnings of the recipe: none that is honest, or one that falls short.
#include "plan/plan_impl.h"

#include <math.h>

// Where none can be had.
static void warn_impossible(struct smp_warning_list *list, const struct smp_plan_recipe *recipe)
{
    static const struct smp_number by_eye = {
        .value = 0.5, .grade = "U", .source = "differences below 0.5 ΔE00 are not seen side by side"
    };
    static const struct smp_number darker = {
        .value = 0, .grade = "A", .source = "dots absorb light: they can only darken skin"
    };
    static const struct smp_number fits = {
        .value = 4, .grade = "U", .source = "farthest a measured skin has been from the model"
    };
    const double delta_e00 = smp_delta_e00(recipe->bare_lab, recipe->stubble_lab);
    if (recipe->bad_skin)
        smp_warn(list,
                 &(struct smp_wording){ "skin-unknown", "ΔE00",
                                        "No skin of the model has the colour given: measure "
                                        "skin.lab again; the plan keeps its default dots." },
                 "", recipe->skin_delta_e00, &fits);
    else if (recipe->not_needed)
        smp_warn(list,
                 &(struct smp_wording){ "no-dots-needed", "ΔE00",
                                        "This stubble cannot be told from "
                                        "bare skin, so dots would add what is not there: advise "
                                        "against the work." },
                 "", delta_e00, &by_eye);
    else {
        const char *advice =
            smp_format(list->arena, "Advise against the work; there is %s.", recipe->impossible);
        if (!advice)
            list->out_of_memory = true;
        smp_warn(
            list,
            &(struct smp_wording){ "no-honest-match", "L* above the skin", advice ? advice : "" },
            "", recipe->stubble_lab.l - recipe->bare_lab.l, &darker);
    }
}

// What the match warns of. In the order of SMP_MATCH_WARNINGS.
static const struct {
    struct smp_wording wording;
    struct smp_number limit;
} of_match[SMP_MATCH_WARNING_COUNT] = {
    { { "recipe-colour", "ΔE00",
        "No pigment and density in reach gives the stubble's colour: show the client the preview "
        "beside the sides before anything is done." },
      { .value = 2, .grade = "U", .source = "ΔE00 2 is seen casually" } },
    { { "recipe-helmet", "% less light than the stubble",
        "The healed area is darker than the stubble beside it and will read as a cap: dilute more "
        "or set fewer dots." },
      { .value = 8, .grade = "U", .source = "on light skin about ΔE00 2 to 3" } },
    { { "recipe-too-light", "% more light than the stubble",
        "The dots that have room stay lighter than the stubble beside them: keep the sides shaved "
        "closer, or give a diameter or density in recipe." },
      { .value = 8, .grade = "U", .source = "on light skin about ΔE00 2 to 3" } },
    { { "recipe-blue-shift", "b* from the stubble",
        "Under skin the dots look bluer than hair: take a warmer pigment and work no deeper." },
      { .value = -2.5,
        .grade = "U",
        .source = "about ΔE00 1.7: just below what is seen casually" } },
    { { "recipe-too-deep", "mm",
        "Healed dots of this depth pass for stubble from farther than this only: work shallower, "
        "or "
        "with a wider dot (recipe.diameter_um), which keeps more of its contrast." },
      { .value = 1000, .grade = "U", .source = "three just-noticeable differences, at a metre" } },
    { { "recipe-saturated", "ΔE00 by doubling",
        "More pigment will not show, and less will hardly: change the diameter or the density "
        "instead." },
      { .value = 0.5, .grade = "U", .source = "differences below 0.5 ΔE00 are not seen" } },
    { { "recipe-cover", "share of the skin",
        "These dots tint so much of the skin that it begins to read as paint: take fewer or "
        "finer ones." },
      { .value = 0.2, .grade = "U", .source = "proposed by this project, not published" } },
    { { "recipe-sides-grey", "years",
        "Dark dots will stand out as the sides turn grey: plan a lighter shade and say so." },
      { .value = 45,
        .grade = "U",
        .source = "greying is usual from 45 on, or seen: L* above 45" } },
    { { "recipe-shallow", "mm",
        "No hand can be sure of so shallow a dot: what stays in the epidermis is shed, what lies "
        "deeper looks softer and bluer. Try it on a patch, and judge it healed." },
      { .value = 0.12,
        .grade = "U",
        .source = "the epidermis is 0.05 to 0.12 mm thick; proposed by this project" } },
};

static void warn_match(struct smp_warning_list *list, const struct smp_plan *plan)
{
    const struct smp_plan_recipe *recipe = &plan->from->recipe;
    const struct smp_recipe *found = recipe->found;
    const struct smp_outlook *healed = &found->at[SMP_AT_HEALED];
    const double mm = recipe->diameter_um / 1000, casual_mm = healed->casual_mm.value;
    const bool grey_now = plan->from->hair_lab.l > of_match[SMP_MW_GREY].limit.value;
    const double darker_percent =
        100 * log(smp_xyz_from_lab(recipe->stubble_lab).y / smp_xyz_from_lab(healed->lab).y);
    const double values[SMP_MATCH_WARNING_COUNT] = {
        [SMP_MW_COLOUR] = found->delta_e00,
        [SMP_MW_HELMET] = darker_percent,
        [SMP_MW_TOO_LIGHT] = -darker_percent,
        [SMP_MW_BLUE] = healed->lab.b - recipe->stubble_lab.b,
        [SMP_MW_DEEP] = isfinite(casual_mm) ? casual_mm : 5000, // as far as is looked
        [SMP_MW_SATURATED] = found->doubled_delta_e00,
        [SMP_MW_COVER] = recipe->dots_per_cm2 / 100 * SMP_PI / 4 * mm * mm,
        [SMP_MW_GREY] = grey_now ? plan->from->hair_lab.l : plan->from->age,
        [SMP_MW_SHALLOW] = recipe->top_mm,
    };
    // A saturated shade is a fault only where another strength is wanted.
    const unsigned off = 1u << SMP_MW_COLOUR | 1u << SMP_MW_HELMET | 1u << SMP_MW_TOO_LIGHT;
    const bool strength_matters = !isnan(plan->from->wish.dilution) || (found->warnings & off) != 0;
    for (size_t i = 0; i < SMP_MATCH_WARNING_COUNT; i++) {
        const bool told = i != SMP_MW_SATURATED || strength_matters;
        struct smp_wording wording = of_match[i].wording;
        if (i == SMP_MW_GREY && grey_now)
            wording.unit = "L* of the hair"; // the limit is 45 as well
        if (told && found->warnings & 1u << i)
            smp_warn(list, &wording, "", values[i], &of_match[i].limit);
    }
    static const struct smp_wording weak = {
        "recipe-not-reached", "of the recipe",
        "Dots of this size have no room to be as strong as the recipe asks: take a finer diameter "
        "or a lower density."
    };
    static const struct smp_number least = { .value = 0.93,
                                             .grade = "U",
                                             .source = "proposed by this project, not published" };
    if (plan->strength_mean > 0 && plan->strength_mean < least.value)
        smp_warn(list, &weak, "", plan->strength_mean, &least);
}

void smp_warn_recipe(struct smp_warning_list *list, const struct smp_plan *plan)
{
    const struct smp_plan_recipe *recipe = &plan->from->recipe;
    if (recipe->impossible)
        warn_impossible(list, recipe);
    else if (recipe->made)
        warn_match(list, plan);
}
