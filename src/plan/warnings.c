// Warnings: each regret of the trade as a number against a limit that names its source.
#include "plan/plan_impl.h"

#include <math.h>

enum { warnings_max = 64 };
static const double least_cm2 = 3; // zones and borders smaller than this are not judged

struct list {
    struct smp_warning rows[warnings_max];
    size_t count;
    struct smp_arena *arena;
    bool out_of_memory;
};

// What a warning says besides its numbers.
struct wording {
    const char *id, *unit, *advice;
};

static void add(struct list *list, const struct wording *wording, const char *zone, double value,
                const struct smp_number *limit)
{
    if (list->count == warnings_max)
        return;
    const char *source = smp_format(list->arena, "%s (grade %s)", limit->source, limit->grade);
    if (!source)
        list->out_of_memory = true;
    list->rows[list->count++] =
        (struct smp_warning){ wording->id,   zone,   value,          limit->value,
                              wording->unit, source, wording->advice };
}

static bool is_man(const struct smp_plan *plan)
{
    return plan->from->sex == SMP_SEX_MALE;
}

// ---- The dots -----------------------------------------------------------------------------------

static void warn_tint(struct list *list, const struct smp_plan *plan,
                      const struct smp_number *numbers)
{
    static const struct wording tinted = { "tinted", "share of the skin",
                                           "Fewer or smaller dots keep skin visible between them; "
                                           "above the limit the field begins to read as paint." };
    static const struct wording helmet = { "helmet", "share of the skin",
                                           "This much tint reads as a helmet: lower dots_per_cm2 "
                                           "or the dot diameter before the first session." };
    for (int zone = 1; zone < SMP_ZONE_COUNT; zone++) {
        const struct smp_zone_total *total = &plan->zones[zone];
        if (total->treated_cm2 < least_cm2)
            continue;
        const char *name = smp_zone_name((enum smp_zone)zone);
        if (total->tinted_share > numbers[SMP_N_HELMET].value)
            add(list, &helmet, name, total->tinted_share, &numbers[SMP_N_HELMET]);
        else if (total->tinted_share > numbers[SMP_N_TINTED].value)
            add(list, &tinted, name, total->tinted_share, &numbers[SMP_N_TINTED]);
    }
}

static void warn_pattern(struct list *list, const struct smp_plan *plan,
                         const struct smp_number *numbers)
{
    static const struct wording grid = { "grid", "CV",
                                         "The dots stand so evenly that they read as a grid: set "
                                         "regularity to 0.5, the human scalp as measured." };
    static const struct wording merging = { "merging", "share of the dots",
                                            "Dots nearer than two diameters merge with the years: "
                                            "lower the density or the diameter, or ask for a "
                                            "min_gap_mm." };
    if (plan->dot_count >= 200 && plan->evenness.cv < numbers[SMP_N_GRID_CV].value)
        add(list, &grid, "", plan->evenness.cv, &numbers[SMP_N_GRID_CV]);
    if (plan->merging_share > numbers[SMP_N_MERGING].value)
        add(list, &merging, "", plan->merging_share, &numbers[SMP_N_MERGING]);
}

static void warn_size(struct list *list, const struct smp_plan *plan,
                      const struct smp_number *numbers)
{
    static const struct wording large = { "dot-size", "mm",
                                          "Healed dots of this size read as blown out: take a "
                                          "finer needle and a lighter hand." };
    double most_um[SMP_ZONE_COUNT] = { 0 };
    for (size_t i = 0; i < plan->dot_count; i++)
        most_um[plan->dots[i].zone] = fmax(most_um[plan->dots[i].zone], plan->dots[i].diameter_um);
    for (int zone = 1; zone < SMP_ZONE_COUNT; zone++) {
        if (most_um[zone] / 1000 > numbers[SMP_N_DOT_MM].value)
            add(list, &large, smp_zone_name((enum smp_zone)zone), most_um[zone] / 1000,
                &numbers[SMP_N_DOT_MM]);
    }
}

static void warn_crowding(struct list *list, const struct smp_plan *plan,
                          const struct smp_number *numbers)
{
    static const struct wording crowded = { "too-many-dots", "per cm²",
                                            "More dots than the skin has room for: they will fall "
                                            "on one another; lower dots_per_cm2." };
    static const struct wording dropped = { "dots-dropped", "share of the dots",
                                            "These dots were wanted but had no room under the "
                                            "minimum gap: lower dots_per_cm2 or the gap." };
    for (int zone = 1; zone < SMP_ZONE_COUNT; zone++) {
        const struct smp_zone_total *total = &plan->zones[zone];
        if (total->treated_cm2 < least_cm2)
            continue;
        const double density = (double)total->dots[0] / total->treated_cm2;
        if (density > numbers[SMP_N_DOTS_PER_CM2].value)
            add(list, &crowded, smp_zone_name((enum smp_zone)zone), density,
                &numbers[SMP_N_DOTS_PER_CM2]);
    }
    const double share =
        plan->dropped ? (double)plan->dropped / (double)(plan->dot_count + plan->dropped) : 0;
    if (share > numbers[SMP_N_DROPPED].value)
        add(list, &dropped, "", share, &numbers[SMP_N_DROPPED]);
}

// ---- What is there already ----------------------------------------------------------------------

static void warn_spots(struct list *list, const struct smp_plan *plan)
{
    static const struct wording of_spot[SMP_SPOT_COUNT] = {
        { "spots-merged", "dots",
          "Dots run into one another: others keep two diameters away. Never set there again." },
        { "spots-too-big", "dots",
          "Dots are too big: others keep two diameters away. Finer needle, lighter hand." },
        { "spots-too-deep", "dots",
          "Dots look too deep (paler, wider, bluer): others keep two diameters away. Set the "
          "machine less deep." }
    };
    static const struct smp_number none = { .value = 0,
                                            .grade = "U",
                                            .source = "told by photos (docs/check.md)" };
    size_t count[SMP_ZONE_COUNT][SMP_SPOT_COUNT] = { 0 };
    for (size_t i = 0; i < plan->continued.spot_count; i++) {
        const struct smp_bad_spot *spot = &plan->continued.spots[i];
        const size_t dot = smp_dot_of_id(plan->dots, plan->dot_count, spot->id);
        if (dot != SIZE_MAX)
            count[plan->dots[dot].zone][spot->what]++;
    }
    for (int zone = 1; zone < SMP_ZONE_COUNT; zone++)
        for (int k = 0; k < SMP_SPOT_COUNT; k++)
            if (count[zone][k])
                add(list, &of_spot[k], smp_zone_name((enum smp_zone)zone), (double)count[zone][k],
                    &none);
}

static void warn_continued(struct list *list, const struct smp_plan *plan,
                           const struct smp_number *numbers)
{
    static const struct wording assumed = {
        "taken-as-done", "share of the dots",
        "So many dots of the sessions done are in no photo: photograph those zones too."
    };
    const size_t *came = plan->continued.came[SMP_ZONE_NONE];
    const double done = (double)(came[SMP_CAME_DONE] + came[SMP_CAME_ASSUMED] +
                                 came[SMP_CAME_DOUBTFUL] + came[SMP_CAME_EXTRA]);
    const double share = done > 0 ? (double)came[SMP_CAME_ASSUMED] / done : 0;
    if (share > numbers[SMP_N_UNSEEN].value)
        add(list, &assumed, "", share, &numbers[SMP_N_UNSEEN]);
    warn_spots(list, plan);
}

// ---- The hairline -------------------------------------------------------------------------------

static void warn_height(struct list *list, const struct smp_plan *plan,
                        const struct smp_number *numbers)
{
    static const struct wording low = { "hairline-low", "mm",
                                        "A hairline this low ages badly and cannot be raised: set "
                                        "glabella_mm to 80 unless old photos show it." };
    static const struct wording very_low = { "hairline-very-low", "mm",
                                             "No grown man's hairline sits this low: refuse it, "
                                             "and show the client the picture at 80 mm." };
    static const struct wording mature = { "hairline-mature", "mm",
                                           "A note on weak evidence: at this age a line of 85 mm "
                                           "with its recession kept looks right for longer." };
    const double measured = plan->design->glabella_mm, tape_mm = 0.5; // what a tape can tell apart
    if (!is_man(plan)) {
        if (measured < numbers[SMP_N_HAIRLINE_WOMEN_MM].value - tape_mm)
            add(list, &low, "hairline", measured, &numbers[SMP_N_HAIRLINE_WOMEN_MM]);
        return;
    }
    if (measured < numbers[SMP_N_HAIRLINE_STRONG_MM].value - tape_mm)
        add(list, &very_low, "hairline", measured, &numbers[SMP_N_HAIRLINE_STRONG_MM]);
    else if (measured < numbers[SMP_N_HAIRLINE_MM].value - tape_mm)
        add(list, &low, "hairline", measured, &numbers[SMP_N_HAIRLINE_MM]);
    else if (plan->from->age >= numbers[SMP_N_MATURE_AGE].value &&
             measured < numbers[SMP_N_MATURE_HAIRLINE_MM].value - tape_mm)
        add(list, &mature, "hairline", measured, &numbers[SMP_N_MATURE_HAIRLINE_MM]);
}

static void warn_shape(struct list *list, const struct smp_plan *plan,
                       const struct smp_number *numbers)
{
    static const struct wording straight = { "hairline-straight", "of 1",
                                             "A ruled line is the first thing that gives the work "
                                             "away: raise macro_mm and micro_mm." };
    static const struct wording corner = { "corner-closed", "mm",
                                           "The frontotemporal corner is filled, which no grown "
                                           "man's is: raise recession_mm." };
    static const struct wording uneven = { "left-right", "mm",
                                           "Left and right differ more than nature does: measure "
                                           "both corners again on the skin." };
    const struct smp_design *design = plan->design;
    if (design->straightness > numbers[SMP_N_STRAIGHTNESS].value)
        add(list, &straight, "hairline", design->straightness, &numbers[SMP_N_STRAIGHTNESS]);
    const double recession = fmin(design->recession_mm_left, design->recession_mm_right);
    if (is_man(plan) && recession < numbers[SMP_N_RECESSION_MM].value)
        add(list, &corner, "hairline", recession, &numbers[SMP_N_RECESSION_MM]);
    if (design->asymmetry_mm > numbers[SMP_N_ASYMMETRY_MM].value)
        add(list, &uneven, "hairline", design->asymmetry_mm, &numbers[SMP_N_ASYMMETRY_MM]);
}

// A front line that gets dots; a crown alone has no hairline to judge.
static bool draws_hairline(const struct smp_plan *plan)
{
    return plan->zones[SMP_ZONE_HAIRLINE].dots[0] >= 50;
}

// ---- Zones against each other -------------------------------------------------------------------

static double relative_difference(double a, double b)
{
    const double most = fmax(a, b);
    return most > 0 ? fabs(a - b) / most : 0;
}

static void warn_sides(struct list *list, const struct smp_plan *plan,
                       const struct smp_number *numbers)
{
    static const struct wording uneven = { "left-right-density", "of the denser side",
                                           "The two sides differ in density: check the loss drawn "
                                           "on each and the zone shares." };
    static const enum smp_zone pairs[][2] = {
        { SMP_ZONE_TEMPLE_LEFT, SMP_ZONE_TEMPLE_RIGHT },
        { SMP_ZONE_PEAK_LEFT, SMP_ZONE_PEAK_RIGHT },
        { SMP_ZONE_PARIETAL_LEFT, SMP_ZONE_PARIETAL_RIGHT },
    };
    const double worth = plan->from->design.fu_dots > 0 ? plan->from->design.fu_dots : 1;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const struct smp_zone_total *a = &plan->zones[pairs[i][0]], *b = &plan->zones[pairs[i][1]];
        if (a->treated_cm2 < least_cm2 || b->treated_cm2 < least_cm2)
            continue;
        const double difference =
            relative_difference(((double)a->dots[0] + worth * (double)a->hairs) / a->treated_cm2,
                                ((double)b->dots[0] + worth * (double)b->hairs) / b->treated_cm2);
        if (difference > numbers[SMP_N_SIDE_DIFFERENCE].value)
            add(list, &uneven, smp_zone_name(pairs[i][0]), difference,
                &numbers[SMP_N_SIDE_DIFFERENCE]);
    }
}

static void warn_steps(struct list *list, const struct smp_border *borders, size_t count,
                       const struct smp_number *numbers)
{
    static const struct wording step = { "density-step", "of the denser side",
                                         "The density jumps from one zone to the next: bring the "
                                         "zone shares nearer to each other." };
    for (size_t i = 0; i < count; i++) {
        const struct smp_border *border = &borders[i];
        if (border->a_cm2 < least_cm2 || border->b_cm2 < least_cm2)
            continue;
        const double difference = smp_border_step(border);
        if (difference <= numbers[SMP_N_DENSITY_STEP].value)
            continue;
        const char *zone =
            smp_format(list->arena, "%s to %s", smp_zone_name(border->a), smp_zone_name(border->b));
        if (!zone)
            list->out_of_memory = true;
        add(list, &step, zone ? zone : "", difference, &numbers[SMP_N_DENSITY_STEP]);
    }
}

// ---- The client and the day ---------------------------------------------------------------------

static void warn_sessions(struct list *list, const struct smp_plan *plan,
                          const struct smp_number *numbers)
{
    static const struct wording lengthy = { "session-long", "min",
                                            "A session this long tires skin and hand: plan more "
                                            "sessions." };
    for (int s = 0; s < plan->sessions; s++) {
        if (plan->session[s].minutes <= numbers[SMP_N_SESSION_MIN].value)
            continue;
        const char *name = smp_format(list->arena, "session %d", s + 1);
        if (!name)
            list->out_of_memory = true;
        add(list, &lengthy, name ? name : "", plan->session[s].minutes,
            &numbers[SMP_N_SESSION_MIN]);
    }
}

static void warn_scan(struct list *list, const struct smp_plan *plan,
                      const struct smp_number *numbers)
{
    static const struct wording holes = {
        "scan-holes", "mm of open border",
        "The scan has holes in the scalp or ends within it, and no dots are planned "
        "there: close them or scan again."
    };
    if (plan->head && plan->head->open_mm > numbers[SMP_N_OPEN_MM].value)
        add(list, &holes, "", plan->head->open_mm, &numbers[SMP_N_OPEN_MM]);
    static const struct wording rough = {
        "scan-rough", "of the scalp's area",
        "The scan is rough, from noise or hair: its scalp has this much more area than smooth "
        "skin, "
        "and as many dots too many are planned. Smooth it or scan again."
    };
    if (plan->head && plan->head->rough_share > numbers[SMP_N_ROUGH_SHARE].value)
        add(list, &rough, "", plan->head->rough_share, &numbers[SMP_N_ROUGH_SHARE]);
    static const struct smp_number none = { .value = 0, .grade = "A", .source = "the scan itself" };
    const char *text = plan->from->scan_warning;
    if (text)
        add(list, &(struct wording){ "scan-incomplete", "files", text }, "",
            (double)plan->from->scan_missing_count, &none);
}

static void warn_youth(struct list *list, const struct smp_plan *plan,
                       const struct smp_number *numbers)
{
    static const struct wording young = {
        "young-client", "years",
        "A note on weak evidence: more loss is likely to come, so "
        "draw no juvenile line and plan for the next classes."
    };
    if (plan->from->age > 0 && plan->from->age < numbers[SMP_N_YOUNG_AGE].value)
        add(list, &young, "", plan->from->age, &numbers[SMP_N_YOUNG_AGE]);
}

// ---- The recipe ---------------------------------------------------------------------------------

// Where none can be had.
static void warn_impossible(struct list *list, const struct smp_plan_recipe *recipe)
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
        add(list,
            &(struct wording){ "skin-unknown", "ΔE00",
                               "No skin of the model has the colour given: measure "
                               "skin.lab again; the plan keeps its default dots." },
            "", recipe->skin_delta_e00, &fits);
    else if (recipe->not_needed)
        add(list,
            &(struct wording){ "no-dots-needed", "ΔE00",
                               "This stubble cannot be told from "
                               "bare skin, so dots would add what is not there: advise "
                               "against the work." },
            "", delta_e00, &by_eye);
    else {
        const char *advice =
            smp_format(list->arena, "Advise against the work; there is %s.", recipe->impossible);
        if (!advice)
            list->out_of_memory = true;
        add(list, &(struct wording){ "no-honest-match", "L* above the skin", advice ? advice : "" },
            "", recipe->stubble_lab.l - recipe->bare_lab.l, &darker);
    }
}

// What the match warns of. In the order of SMP_MATCH_WARNINGS.
static const struct {
    struct wording wording;
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

static void warn_match(struct list *list, const struct smp_plan *plan)
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
        struct wording wording = of_match[i].wording;
        if (i == SMP_MW_GREY && grey_now)
            wording.unit = "L* of the hair"; // the limit is 45 as well
        if (told && found->warnings & 1u << i)
            add(list, &wording, "", values[i], &of_match[i].limit);
    }
    static const struct wording weak = {
        "recipe-not-reached", "of the recipe",
        "Dots of this size have no room to be as strong as the recipe asks: take a finer diameter "
        "or a lower density."
    };
    static const struct smp_number least = { .value = 0.93,
                                             .grade = "U",
                                             .source = "proposed by this project, not published" };
    if (plan->strength_mean > 0 && plan->strength_mean < least.value)
        add(list, &weak, "", plan->strength_mean, &least);
}

static void warn_recipe(struct list *list, const struct smp_plan *plan)
{
    const struct smp_plan_recipe *recipe = &plan->from->recipe;
    if (recipe->impossible)
        warn_impossible(list, recipe);
    else if (recipe->made)
        warn_match(list, plan);
}

enum smp_code smp_plan_warn(struct smp_plan *plan, const struct smp_border *borders,
                            size_t border_count, struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_number *numbers = plan->from->settings->numbers;
    struct list list = { .arena = arena };
    warn_tint(&list, plan, numbers);
    warn_pattern(&list, plan, numbers);
    warn_size(&list, plan, numbers);
    warn_crowding(&list, plan, numbers);
    if (draws_hairline(plan)) {
        warn_height(&list, plan, numbers);
        warn_shape(&list, plan, numbers);
    }
    warn_sides(&list, plan, numbers);
    warn_steps(&list, borders, border_count, numbers);
    warn_sessions(&list, plan, numbers);
    warn_youth(&list, plan, numbers);
    warn_scan(&list, plan, numbers);
    warn_recipe(&list, plan);
    warn_continued(&list, plan, numbers);
    plan->warning_count = list.count;
    plan->warnings = smp_new(arena, struct smp_warning, list.count);
    if (!plan->warnings || list.out_of_memory)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the warnings");
    for (size_t i = 0; i < list.count; i++)
        plan->warnings[i] = list.rows[i];
    return SMP_OK;
}
