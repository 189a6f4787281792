// Warnings: each regret of the trade as a number against a limit that names its source.
#include "plan/plan_impl.h"

#include <math.h>

static const double least_cm2 = 3; // zones and borders smaller than this are not judged

void smp_warn(struct smp_warning_list *list, const struct smp_wording *wording, const char *zone,
              double value, const struct smp_number *limit)
{
    if (list->count == SMP_WARNINGS_MAX)
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

static void warn_tint(struct smp_warning_list *list, const struct smp_plan *plan,
                      const struct smp_number *numbers)
{
    static const struct smp_wording tinted = {
        "tinted", "share of the skin",
        "Fewer or smaller dots keep skin visible between them; "
        "above the limit the field begins to read as paint."
    };
    static const struct smp_wording helmet = {
        "helmet", "share of the skin",
        "This much tint reads as a helmet: lower dots_per_cm2 "
        "or the dot diameter before the first session."
    };
    for (int zone = 1; zone < SMP_ZONE_COUNT; zone++) {
        const struct smp_zone_total *total = &plan->zones[zone];
        if (total->treated_cm2 < least_cm2)
            continue;
        const char *name = smp_zone_name((enum smp_zone)zone);
        if (total->tinted_share > numbers[SMP_N_HELMET].value)
            smp_warn(list, &helmet, name, total->tinted_share, &numbers[SMP_N_HELMET]);
        else if (total->tinted_share > numbers[SMP_N_TINTED].value)
            smp_warn(list, &tinted, name, total->tinted_share, &numbers[SMP_N_TINTED]);
    }
}

static void warn_pattern(struct smp_warning_list *list, const struct smp_plan *plan,
                         const struct smp_number *numbers)
{
    static const struct smp_wording grid = {
        "grid", "CV",
        "The dots stand so evenly that they read as a grid: set "
        "regularity to 0.5, the human scalp as measured."
    };
    static const struct smp_wording merging = {
        "merging", "share of the dots",
        "Dots nearer than two diameters merge with the years: "
        "lower the density or the diameter, or ask for a "
        "min_gap_mm."
    };
    if (plan->dot_count >= 200 && plan->evenness.cv < numbers[SMP_N_GRID_CV].value)
        smp_warn(list, &grid, "", plan->evenness.cv, &numbers[SMP_N_GRID_CV]);
    if (plan->merging_share > numbers[SMP_N_MERGING].value)
        smp_warn(list, &merging, "", plan->merging_share, &numbers[SMP_N_MERGING]);
}

static void warn_size(struct smp_warning_list *list, const struct smp_plan *plan,
                      const struct smp_number *numbers)
{
    static const struct smp_wording large = { "dot-size", "mm",
                                              "Healed dots of this size read as blown out: take a "
                                              "finer needle and a lighter hand." };
    double most_um[SMP_ZONE_COUNT] = { 0 };
    for (size_t i = 0; i < plan->dot_count; i++)
        most_um[plan->dots[i].zone] = fmax(most_um[plan->dots[i].zone], plan->dots[i].diameter_um);
    for (int zone = 1; zone < SMP_ZONE_COUNT; zone++) {
        if (most_um[zone] / 1000 > numbers[SMP_N_DOT_MM].value)
            smp_warn(list, &large, smp_zone_name((enum smp_zone)zone), most_um[zone] / 1000,
                     &numbers[SMP_N_DOT_MM]);
    }
}

static void warn_crowding(struct smp_warning_list *list, const struct smp_plan *plan,
                          const struct smp_number *numbers)
{
    static const struct smp_wording crowded = {
        "too-many-dots", "per cm²",
        "More dots than the skin has room for: they will fall "
        "on one another; lower dots_per_cm2."
    };
    static const struct smp_wording dropped = { "dots-dropped", "share of the dots",
                                                "These dots were wanted but had no room under the "
                                                "minimum gap: lower dots_per_cm2 or the gap." };
    for (int zone = 1; zone < SMP_ZONE_COUNT; zone++) {
        const struct smp_zone_total *total = &plan->zones[zone];
        if (total->treated_cm2 < least_cm2)
            continue;
        const double density = (double)total->dots[0] / total->treated_cm2;
        if (density > numbers[SMP_N_DOTS_PER_CM2].value)
            smp_warn(list, &crowded, smp_zone_name((enum smp_zone)zone), density,
                     &numbers[SMP_N_DOTS_PER_CM2]);
    }
    const double share =
        plan->dropped ? (double)plan->dropped / (double)(plan->dot_count + plan->dropped) : 0;
    if (share > numbers[SMP_N_DROPPED].value)
        smp_warn(list, &dropped, "", share, &numbers[SMP_N_DROPPED]);
}

// ---- What is there already ----------------------------------------------------------------------

static void warn_spots(struct smp_warning_list *list, const struct smp_plan *plan)
{
    static const struct smp_wording of_spot[SMP_SPOT_COUNT] = {
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
                smp_warn(list, &of_spot[k], smp_zone_name((enum smp_zone)zone),
                         (double)count[zone][k], &none);
}

static void warn_continued(struct smp_warning_list *list, const struct smp_plan *plan,
                           const struct smp_number *numbers)
{
    static const struct smp_wording assumed = {
        "taken-as-done", "share of the dots",
        "So many dots of the sessions done are in no photo: photograph those zones too."
    };
    const size_t *came = plan->continued.came[SMP_ZONE_NONE];
    const double done = (double)(came[SMP_CAME_DONE] + came[SMP_CAME_ASSUMED] +
                                 came[SMP_CAME_DOUBTFUL] + came[SMP_CAME_EXTRA]);
    const double share = done > 0 ? (double)came[SMP_CAME_ASSUMED] / done : 0;
    if (share > numbers[SMP_N_UNSEEN].value)
        smp_warn(list, &assumed, "", share, &numbers[SMP_N_UNSEEN]);
    warn_spots(list, plan);
}

// ---- The hairline -------------------------------------------------------------------------------

static void warn_height(struct smp_warning_list *list, const struct smp_plan *plan,
                        const struct smp_number *numbers)
{
    static const struct smp_wording low = {
        "hairline-low", "mm",
        "A hairline this low ages badly and cannot be raised: set "
        "glabella_mm to 80 unless old photos show it."
    };
    static const struct smp_wording very_low = {
        "hairline-very-low", "mm",
        "No grown man's hairline sits this low: refuse it, "
        "and show the client the picture at 80 mm."
    };
    static const struct smp_wording mature = {
        "hairline-mature", "mm",
        "A note on weak evidence: at this age a line of 85 mm "
        "with its recession kept looks right for longer."
    };
    const double measured = plan->design->glabella_mm, tape_mm = 0.5; // what a tape can tell apart
    if (!is_man(plan)) {
        if (measured < numbers[SMP_N_HAIRLINE_WOMEN_MM].value - tape_mm)
            smp_warn(list, &low, "hairline", measured, &numbers[SMP_N_HAIRLINE_WOMEN_MM]);
        return;
    }
    if (measured < numbers[SMP_N_HAIRLINE_STRONG_MM].value - tape_mm)
        smp_warn(list, &very_low, "hairline", measured, &numbers[SMP_N_HAIRLINE_STRONG_MM]);
    else if (measured < numbers[SMP_N_HAIRLINE_MM].value - tape_mm)
        smp_warn(list, &low, "hairline", measured, &numbers[SMP_N_HAIRLINE_MM]);
    else if (plan->from->age >= numbers[SMP_N_MATURE_AGE].value &&
             measured < numbers[SMP_N_MATURE_HAIRLINE_MM].value - tape_mm)
        smp_warn(list, &mature, "hairline", measured, &numbers[SMP_N_MATURE_HAIRLINE_MM]);
}

static void warn_shape(struct smp_warning_list *list, const struct smp_plan *plan,
                       const struct smp_number *numbers)
{
    static const struct smp_wording straight = {
        "hairline-straight", "of 1",
        "A ruled line is the first thing that gives the work "
        "away: raise macro_mm and micro_mm."
    };
    static const struct smp_wording corner = {
        "corner-closed", "mm",
        "The frontotemporal corner is filled, which no grown "
        "man's is: raise recession_mm."
    };
    static const struct smp_wording uneven = {
        "left-right", "mm",
        "Left and right differ more than nature does: measure "
        "both corners again on the skin."
    };
    const struct smp_design *design = plan->design;
    if (design->straightness > numbers[SMP_N_STRAIGHTNESS].value)
        smp_warn(list, &straight, "hairline", design->straightness, &numbers[SMP_N_STRAIGHTNESS]);
    const double recession = fmin(design->recession_mm_left, design->recession_mm_right);
    if (is_man(plan) && recession < numbers[SMP_N_RECESSION_MM].value)
        smp_warn(list, &corner, "hairline", recession, &numbers[SMP_N_RECESSION_MM]);
    if (design->asymmetry_mm > numbers[SMP_N_ASYMMETRY_MM].value)
        smp_warn(list, &uneven, "hairline", design->asymmetry_mm, &numbers[SMP_N_ASYMMETRY_MM]);
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

static void warn_sides(struct smp_warning_list *list, const struct smp_plan *plan,
                       const struct smp_number *numbers)
{
    static const struct smp_wording uneven = {
        "left-right-density", "of the denser side",
        "The two sides differ in density: check the loss drawn "
        "on each and the zone shares."
    };
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
            smp_warn(list, &uneven, smp_zone_name(pairs[i][0]), difference,
                     &numbers[SMP_N_SIDE_DIFFERENCE]);
    }
}

static void warn_steps(struct smp_warning_list *list, const struct smp_border *borders,
                       size_t count, const struct smp_number *numbers)
{
    static const struct smp_wording step = {
        "density-step", "of the denser side",
        "The density jumps from one zone to the next: bring the "
        "zone shares nearer to each other."
    };
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
        smp_warn(list, &step, zone ? zone : "", difference, &numbers[SMP_N_DENSITY_STEP]);
    }
}

// ---- The client and the day ---------------------------------------------------------------------

static void warn_sessions(struct smp_warning_list *list, const struct smp_plan *plan,
                          const struct smp_number *numbers)
{
    static const struct smp_wording lengthy = {
        "session-long", "min",
        "A session this long tires skin and hand: plan more "
        "sessions."
    };
    for (int s = 0; s < plan->sessions; s++) {
        if (plan->session[s].minutes <= numbers[SMP_N_SESSION_MIN].value)
            continue;
        const char *name = smp_format(list->arena, "session %d", s + 1);
        if (!name)
            list->out_of_memory = true;
        smp_warn(list, &lengthy, name ? name : "", plan->session[s].minutes,
                 &numbers[SMP_N_SESSION_MIN]);
    }
}

static void warn_scan(struct smp_warning_list *list, const struct smp_plan *plan,
                      const struct smp_number *numbers)
{
    static const struct smp_wording holes = {
        "scan-holes", "mm of open border",
        "The scan has holes in the scalp or ends within it, and no dots are planned "
        "there: close them or scan again."
    };
    if (plan->head && plan->head->open_mm > numbers[SMP_N_OPEN_MM].value)
        smp_warn(list, &holes, "", plan->head->open_mm, &numbers[SMP_N_OPEN_MM]);
    static const struct smp_wording rough = {
        "scan-rough", "of the scalp's area",
        "The scan is rough, from noise or hair: its scalp has this much more area than smooth "
        "skin, "
        "and as many dots too many are planned. Smooth it or scan again."
    };
    if (plan->head && plan->head->rough_share > numbers[SMP_N_ROUGH_SHARE].value)
        smp_warn(list, &rough, "", plan->head->rough_share, &numbers[SMP_N_ROUGH_SHARE]);
    static const struct smp_number none = { .value = 0, .grade = "A", .source = "the scan itself" };
    const char *text = plan->from->scan_warning;
    if (text)
        smp_warn(list, &(struct smp_wording){ "scan-incomplete", "files", text }, "",
                 (double)plan->from->scan_missing_count, &none);
}

static void warn_youth(struct smp_warning_list *list, const struct smp_plan *plan,
                       const struct smp_number *numbers)
{
    static const struct smp_wording young = {
        "young-client", "years",
        "A note on weak evidence: more loss is likely to come, so "
        "draw no juvenile line and plan for the next classes."
    };
    if (plan->from->age > 0 && plan->from->age < numbers[SMP_N_YOUNG_AGE].value)
        smp_warn(list, &young, "", plan->from->age, &numbers[SMP_N_YOUNG_AGE]);
}

enum smp_code smp_plan_warn(struct smp_plan *plan, const struct smp_border *borders,
                            size_t border_count, struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_number *numbers = plan->from->settings->numbers;
    struct smp_warning_list list = { .arena = arena };
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
    smp_warn_recipe(&list, plan);
    warn_continued(&list, plan, numbers);
    plan->warning_count = list.count;
    plan->warnings = smp_new(arena, struct smp_warning, list.count);
    if (!plan->warnings || list.out_of_memory)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the warnings");
    for (size_t i = 0; i < list.count; i++)
        plan->warnings[i] = list.rows[i];
    return SMP_OK;
}
