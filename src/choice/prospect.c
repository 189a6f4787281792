// What a comparison stands on: the scalp in cells that lose their hair together, and the figures
// that are the same for all persons.
#include "choice/choice_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BINS = 16, STRIPS = 5, KEYS = SMP_REGION_COUNT * BINS * STRIPS * 4 };
static const double strip_chart = 0.15; // about 22 mm of skin
static const double edge_share = 0.5;   // of the natural density: before it is the hairline's fade
static const double dotted_per_cm2 = 5; // dots: treated from this density on, as the plan's areas
static const double donor_left = 0.95;  // at the last step: hair that stays

static enum smp_region region_of(enum smp_zone zone)
{
    static const enum smp_region regions[SMP_ZONE_COUNT] = {
        [SMP_ZONE_HAIRLINE] = SMP_REGION_FRONT,      [SMP_ZONE_FRONTAL] = SMP_REGION_FRONT,
        [SMP_ZONE_MIDSCALP] = SMP_REGION_TOP,        [SMP_ZONE_CROWN] = SMP_REGION_CROWN,
        [SMP_ZONE_TEMPLE_LEFT] = SMP_REGION_FRONT,   [SMP_ZONE_TEMPLE_RIGHT] = SMP_REGION_FRONT,
        [SMP_ZONE_PEAK_LEFT] = SMP_REGION_FRONT,     [SMP_ZONE_PEAK_RIGHT] = SMP_REGION_FRONT,
        [SMP_ZONE_PARIETAL_LEFT] = SMP_REGION_SIDES, [SMP_ZONE_PARIETAL_RIGHT] = SMP_REGION_SIDES,
        [SMP_ZONE_OCCIPUT] = SMP_REGION_BACK,        [SMP_ZONE_NAPE] = SMP_REGION_BACK,
    };
    return regions[zone];
}

// ---- Fields and areas ---------------------------------------------------------------------------

struct ground {
    double *cm2;     // by point
    double *natural; // before any loss
};

static enum smp_code make_fields(struct smp_prospect *made, struct ground *ground,
                                 struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_head *head = made->params.head;
    const struct smp_mesh *mesh = &head->mesh;
    ground->cm2 = smp_new(arena, double, mesh->point_count);
    ground->natural = smp_new(arena, double, mesh->point_count);
    enum smp_code code = ground->cm2 && ground->natural
                             ? SMP_OK
                             : smp_fail(err, SMP_E_NOMEM, "no memory for the scalp's fields");
    struct smp_loss loss = made->params.from->loss;
    for (size_t k = 0; k < made->ladder.count && !code; k++) {
        loss.kind = made->ladder.classes[k];
        made->fields[k] = smp_new(arena, double, mesh->point_count);
        code = made->fields[k] ? smp_loss_field(made->fields[k], NULL, head, &loss, err)
                               : smp_fail(err, SMP_E_NOMEM, "no memory for the scalp's fields");
    }
    loss = (struct smp_loss){ .native_fu_per_cm2 = loss.native_fu_per_cm2 };
    if (!code)
        code = smp_loss_field(ground->natural, NULL, head, &loss, err);
    for (size_t t = 0; t < mesh->triangle_count && !code; t++) {
        const double third_cm2 = smp_length(smp_mesh_area_vector(mesh, t)) / 300;
        for (size_t k = 0; k < 3 && head->outer[t]; k++)
            ground->cm2[mesh->triangles[t][k]] += third_cm2;
    }
    return code;
}

// ---- Cells --------------------------------------------------------------------------------------

static bool in_scar(const struct smp_prospect *made, const struct ground *ground, size_t point)
{
    const struct smp_dots_course *dots = made->params.dots;
    const size_t now = (size_t)made->ladder.now;
    return dots && dots->hair_per_cm2 && made->fields[now][point] > 0.2 * ground->natural[point] &&
           dots->hair_per_cm2[point] < 0.02 * made->fields[now][point];
}

// Points of a region that lose their hair at about the same step, treated or not, are a cell; where
// it goes, from front to back in strips, for grafts are set in that order.
static size_t key_of(const struct smp_prospect *made, const struct ground *ground, size_t point,
                     enum smp_region region)
{
    const struct smp_dots_course *dots = made->params.dots;
    double left = 0;
    for (size_t k = 0; k < made->ladder.count; k++)
        left += made->fields[k][point] / ground->natural[point] / (double)made->ladder.count;
    const size_t bin = (size_t)smp_clamp(left * BINS, 0, BINS - 1);
    const bool dotted = dots && dots->per_cm2 && dots->per_cm2[point] >= dotted_per_cm2;
    const double back = 0.6 - made->params.head->chart[point].y;
    const size_t strip =
        bin == BINS - 1 ? 0 : (size_t)smp_clamp(back / strip_chart, 0, 1000) % STRIPS;
    return ((((size_t)region * BINS + bin) * STRIPS + strip) * 2 + dotted) * 2 +
           in_scar(made, ground, point);
}

static void add_point(struct smp_cell_of_scalp *cell, const struct smp_prospect *made,
                      const struct ground *ground, size_t point)
{
    const double cm2 = ground->cm2[point];
    cell->cm2 += cm2;
    cell->front += cm2 * made->params.head->chart[point].y;
    cell->native_fu += cm2 * ground->natural[point];
    for (size_t k = 0; k < made->ladder.count; k++)
        cell->left[k] += cm2 * made->fields[k][point] / ground->natural[point];
}

static int by_front(const void *a, const void *b)
{
    const struct smp_cell_of_scalp *x = a, *y = b;
    return (x->front < y->front) - (x->front > y->front);
}

// What was summed by area becomes a mean.
static void finish_cell(struct smp_cell_of_scalp *cell, size_t key, size_t steps)
{
    cell->region = (enum smp_region)(key / 4 / STRIPS / BINS);
    cell->dots_share = key / 2 % 2 ? 1 : 0;
    cell->scar = key % 2;
    cell->front /= cell->cm2;
    cell->native_fu /= cell->cm2;
    for (size_t k = 0; k < steps; k++)
        cell->left[k] /= cell->cm2;
    cell->donor = !cell->scar && cell->left[steps - 1] > donor_left &&
                  (cell->region == SMP_REGION_SIDES || cell->region == SMP_REGION_BACK);
}

static enum smp_code make_cells(struct smp_prospect *made, const struct ground *ground,
                                struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_head *head = made->params.head;
    const size_t points = head->mesh.point_count;
    struct smp_cell_of_scalp *cells = smp_new(arena, struct smp_cell_of_scalp, KEYS);
    made->cell_of = smp_new(arena, uint16_t, points);
    if (!cells || !made->cell_of)
        return smp_fail(err, SMP_E_NOMEM, "no memory for the scalp's cells");
    for (size_t i = 0; i < points; i++) {
        made->cell_of[i] = UINT16_MAX;
        if (head->zones[i] == SMP_ZONE_NONE ||
            ground->natural[i] < edge_share * made->params.from->loss.native_fu_per_cm2)
            continue;
        const size_t key = key_of(made, ground, i, region_of((enum smp_zone)head->zones[i]));
        add_point(&cells[key], made, ground, i);
        made->cell_of[i] = (uint16_t)key;
    }
    // the empty ones go, the front comes first; points keep finding theirs
    uint16_t place[KEYS];
    for (size_t key = 0; key < KEYS; key++) {
        place[key] = UINT16_MAX;
        if (!(cells[key].cm2 > 0))
            continue;
        if (made->cell_count == SMP_CELLS_MAX)
            return smp_fail(err, SMP_E_LIMIT, "the scalp has more than %d cells", SMP_CELLS_MAX);
        struct smp_cell_of_scalp cell = cells[key];
        finish_cell(&cell, key, made->ladder.count);
        cell.key = (uint16_t)key;
        cells[made->cell_count++] = cell;
        made->scalp_cm2 += cell.cm2;
        made->donor_cm2 += cell.donor ? cell.cm2 : 0;
        made->region_cm2[cell.region] += cell.cm2;
    }
    qsort(cells, made->cell_count, sizeof *cells, by_front);
    for (size_t c = 0; c < made->cell_count; c++) {
        place[cells[c].key] = (uint16_t)c;
        cells[c].share = cells[c].cm2 / made->region_cm2[cells[c].region];
    }
    for (size_t i = 0; i < points; i++)
        made->cell_of[i] = made->cell_of[i] == UINT16_MAX ? UINT16_MAX : place[made->cell_of[i]];
    made->cells = cells;
    return made->scalp_cm2 > 0 ? SMP_OK
                               : smp_fail(err, SMP_E_INPUT, "the head has no scalp to compare on");
}

// ---- Figures ------------------------------------------------------------------------------------

static enum smp_code read_figures(struct smp_prospect *made, struct smp_err *err)
{
    const struct {
        const char *id;
        double *value;
        enum smp_topic topic;
        double scale;
    } rows[] = {
        { "survival.fut", &made->survival_low[SMP_SURGERY_FUT], SMP_TOPIC_TRANSPLANT, 0.01 },
        { "survival.fue", &made->survival_low[SMP_SURGERY_FUE], SMP_TOPIC_TRANSPLANT, 0.01 },
        { "survival.clinical", &made->survival_high, SMP_TOPIC_TRANSPLANT, 0.01 },
        { "transection.fut", &made->transection[SMP_SURGERY_FUT], SMP_TOPIC_TRANSPLANT, 0.01 },
        { "transection.fue", &made->transection[SMP_SURGERY_FUE], SMP_TOPIC_TRANSPLANT, 0.01 },
        { "donor.lifetime.cautious", &made->lifetime_low, SMP_TOPIC_TRANSPLANT, 1 },
        { "donor.lifetime.most", &made->lifetime_high, SMP_TOPIC_TRANSPLANT, 1 },
        { "donor.residual.floor", &made->residual_per_cm2, SMP_TOPIC_TRANSPLANT, 1 },
        { "donor.norwood-7.share", &made->norwood_7_share, SMP_TOPIC_TRANSPLANT, 1 },
        { "growth.3-months", &made->grow_3, SMP_TOPIC_TRANSPLANT, 0.01 },
        { "growth.6-months", &made->grow_6, SMP_TOPIC_TRANSPLANT, 0.01 },
        { "growth.final", &made->grow_final_months, SMP_TOPIC_TRANSPLANT, 1 },
        { "scar.visible.mm", &made->scar_hair_mm, SMP_TOPIC_TRANSPLANT, 1 },
        { "shaved.length", &made->shaved_mm, SMP_TOPIC_SMP, 1 },
        { "noticed.self", &made->noticed_self, SMP_TOPIC_LOSS, 0.01 },
        { "noticed.others", &made->noticed, SMP_TOPIC_LOSS, 0.01 },
    };
    enum smp_code code = SMP_OK;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        *rows[i].value =
            rows[i].scale *
            smp_figure_need(made->params.evidence, rows[i].topic, rows[i].id, &code, err)->value;
    // what the rule of thumb takes of the donor, as shares of its stock
    const double stock =
        smp_figure_need(made->params.evidence, SMP_TOPIC_TRANSPLANT, "donor.stock", &code, err)
            ->value;
    made->lifetime_low /= fmax(stock, 1);
    made->lifetime_high /= fmax(stock, 1);
    const struct smp_span touch_up = smp_figure_span(
        smp_figure_need(made->params.evidence, SMP_TOPIC_SMP, "touch-up.years", &code, err));
    made->touch_up_low = touch_up.low;
    made->touch_up_high = touch_up.high;
    if (!code && !(made->grow_final_months > 6))
        code = smp_fail(err, SMP_E_INPUT,
                        "growth.final of evidence/transplant.json must be above 6 months, not %g",
                        made->grow_final_months);
    return code;
}

static void take_measured(struct smp_prospect *made)
{
    const struct smp_case *from = made->params.from;
    const struct {
        double value;
        enum smp_input input;
    } given[] = {
        { from->person.donor_fu_per_cm2, SMP_IN_DONOR },
        { from->person.donor_hairs_per_fu, SMP_IN_HAIRS },
        { isnan(from->person.donor_calibre_um) ? from->calibre_um : from->person.donor_calibre_um,
          SMP_IN_CALIBRE },
        { from->person.donor_area_cm2, SMP_IN_DONOR_AREA },
    };
    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        if (isnan(given[i].value))
            continue;
        // counting one field is right to about 5 %
        made->spans[given[i].input] =
            (struct smp_span){ 0.9 * given[i].value, given[i].value, 1.1 * given[i].value };
        made->weak[given[i].input] = false;
    }
}

static enum smp_treatment treatment_named(const char *name)
{
    if (name && strcmp(name, "minoxidil") == 0)
        return SMP_TREAT_MINOXIDIL_5; // the one that men's trials were of
    for (int t = 0; name && smp_treatment_names[t]; t++) {
        if (strcmp(smp_treatment_names[t], name) == 0)
            return (enum smp_treatment)t;
    }
    return SMP_TREAT_PLACEBO;
}

// Women's own trials of minoxidil: its gain over their placebo, as unsure as both figures are. Of
// tablets no arm of women is known; their effect stays the men's.
static enum smp_code take_women(struct smp_medication *medication,
                                const struct smp_evidence *evidence, struct smp_err *err)
{
    enum smp_code code = SMP_OK;
    const struct smp_span active = smp_figure_span(
        smp_figure_need(evidence, SMP_TOPIC_MEDICATION, "minoxidil-5.women.48-weeks", &code, err));
    if (code)
        return code;
    const struct smp_span placebo = smp_figure_span(
        smp_figure_need(evidence, SMP_TOPIC_MEDICATION, "placebo.women.48-weeks", &code, err));
    if (code)
        return code;
    struct smp_drug *drug = &medication->drugs[SMP_TREAT_MINOXIDIL_5];
    drug->gain_per_cm2 = fmax(active.value - placebo.value, 0);
    drug->gain_se_per_cm2 =
        hypot(active.high - active.low, placebo.high - placebo.low) / (2 * 1.96);
    return SMP_OK;
}

bool smp_shaved_by_custom(const struct smp_case *from)
{
    return from->sex == SMP_SEX_MALE || from->loss.kind == SMP_LOSS_TOTALIS;
}

enum smp_code smp_prospect_make(struct smp_prospect *made, const struct smp_compare_params *params,
                                struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_case *from = params->from;
    struct ground ground;
    memset(made, 0, sizeof *made);
    made->params = *params;
    made->ladder = smp_ladder_of(from->loss.kind, from->sex);
    enum smp_code code = smp_medication_fit(&made->medication, params->evidence, err);
    if (!code && from->sex == SMP_SEX_FEMALE)
        code = take_women(&made->medication, params->evidence, err);
    if (!code)
        code = smp_speed_of(&made->speed, from, &made->ladder, params->evidence, err);
    if (!code)
        code = smp_grey_fit(&made->grey, params->evidence, err);
    if (!code)
        code = smp_prospect_inputs(made, err);
    if (!code)
        code = read_figures(made, err);
    if (!code)
        code = smp_prospect_prices(made, err);
    if (!code)
        code = make_fields(made, &ground, arena, err);
    if (!code)
        code = make_cells(made, &ground, arena, err);
    if (code)
        return code;
    take_measured(made);
    const double length_mm = from->person.length_mm;
    made->may_shave = isnan(length_mm) ? smp_shaved_by_custom(from) : length_mm <= made->shaved_mm;
    made->may_grow = isnan(length_mm) || length_mm > made->shaved_mm;
    made->taken = treatment_named(from->person.medication);
    return SMP_OK;
}
