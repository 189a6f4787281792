// Which inputs move the answer most: one at a time at its 5 and 95 %, all others in the middle.
#include "choice/choice_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct answer {
    double scores[SMP_CHOICE_COUNT], cover[SMP_CHOICE_COUNT];
    size_t first; // of the options
    struct smp_concern_scale scale;
};

// By the scale of the middle (NULL: this is it), so that only the options move that the input acts
// on.
static void answer_at(struct answer *answer, const struct smp_comparison *made,
                      const struct smp_prospect *prospect, const struct smp_draw *draw,
                      const struct smp_concern_scale *scale)
{
    struct smp_raw raw[SMP_CHOICE_COUNT] = { 0 };
    double criteria[SMP_CHOICE_COUNT][SMP_CONCERN_COUNT];
    struct smp_course course;
    const int years = made->years;
    for (size_t i = 0; i < made->count; i++) {
        const struct smp_outcome *outcome = &made->outcomes[i];
        const struct smp_parts parts = smp_parts_of(prospect, outcome->choice);
        answer->cover[i] = 0;
        raw[i].counts = outcome->possible;
        if (!outcome->possible)
            continue;
        smp_simulate(&course, prospect, &parts, draw, years);
        raw[i] = smp_raw_of_course(&course, outcome, years);
        answer->cover[i] = course.at[years][SMP_M_COVER];
    }
    answer->scale = scale ? *scale : smp_scale_of(raw, made->count);
    smp_score(answer->scores, criteria, raw, made->count, made->weights, &answer->scale);
    answer->first = SIZE_MAX;
    for (size_t i = 0; i < made->count; i++) {
        const bool better = answer->first == SIZE_MAX ||
                            answer->scores[i] > answer->scores[answer->first] + 1e-9 ||
                            (answer->scores[i] > answer->scores[answer->first] - 1e-9 &&
                             strcmp(smp_choice_names[made->outcomes[i].choice],
                                    smp_choice_names[made->outcomes[answer->first].choice]) < 0);
        if (raw[i].counts && better)
            answer->first = i;
    }
}

// Farthest first; as far in the order of the inputs.
struct row {
    struct smp_sensitivity told;
    double swing;
    int input;
};

static int by_swing(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    const long long p = llround(x->swing * 1e9), q = llround(y->swing * 1e9);
    return p != q ? (p > q ? -1 : 1) : x->input - y->input;
}

static void fill(struct row *row, const struct smp_comparison *made,
                 const struct smp_prospect *prospect, const struct smp_draw *middle,
                 const struct answer *base)
{
    struct answer ends[2] = { 0 };
    double at[2] = { 0 };
    const enum smp_input input = (enum smp_input)row->input;
    for (size_t k = 0; k < 2; k++) {
        struct smp_draw draw = *middle;
        draw.x[input] = smp_input_at(prospect, input, k ? 0.95 : 0.05);
        at[k] = draw.x[input];
        answer_at(&ends[k], made, prospect, &draw, &base->scale);
    }
    row->told.input = smp_input_words(input);
    row->told.weak = smp_input_weak(prospect, input);
    row->told.first_changes = ends[0].first != base->first || ends[1].first != base->first;
    for (size_t i = 0; i < made->count; i++) {
        const double low = ends[0].scores[i], high = ends[1].scores[i], mid = base->scores[i];
        const double swing = fmax(fmax(low, high), mid) - fmin(fmin(low, high), mid);
        const bool more = swing > row->swing + 1e-9;
        const bool as_much = row->swing > 0 && fabs(swing - row->swing) <= 1e-9 &&
                             strcmp(smp_choice_names[made->outcomes[i].choice],
                                    smp_choice_names[row->told.choice]) < 0;
        if (!made->outcomes[i].possible || !(more || as_much))
            continue;
        row->swing = fmax(swing, row->swing);
        row->told.choice = made->outcomes[i].choice;
        row->told.score_low = low;
        row->told.score_high = high;
        row->told.cover_low = ends[0].cover[i];
        row->told.cover_high = ends[1].cover[i];
    }
    const struct smp_parts parts = smp_parts_of(prospect, row->told.choice);
    row->told.low = smp_input_told(&row->told.unit, prospect, input, at[0], &parts);
    row->told.high = smp_input_told(&row->told.unit, prospect, input, at[1], &parts);
}

void smp_comparison_sensitivity(struct smp_comparison *made, const struct smp_prospect *prospect)
{
    const struct smp_draw middle = smp_draw_middle(prospect);
    struct row rows[SMP_IN_COUNT];
    struct answer base = { 0 };
    answer_at(&base, made, prospect, &middle, NULL);
    for (int i = 0; i < SMP_IN_COUNT; i++) {
        rows[i] = (struct row){ .input = i };
        fill(&rows[i], made, prospect, &middle, &base);
    }
    qsort(rows, SMP_IN_COUNT, sizeof *rows, by_swing);
    for (size_t i = 0; i < SMP_SENSITIVITIES && rows[i].swing > 1e-6; i++)
        made->sensitivities[made->sensitivity_count++] = rows[i].told;
}
