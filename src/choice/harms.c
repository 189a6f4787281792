// What can go wrong, of 1,000 persons, by the parts that an option is made of.
#include "choice/choice_impl.h"

#include <math.h>

struct harm {
    const char *id, *words, *note;
};

static const struct harm of_finasteride[] = {
    { "harm.sexual.finasteride", "sexual effects in the first year",
      "21 of 1,000 on a dummy tablet say the same" },
    { "harm.finasteride.10-years", "a reaction within ten years", "a series without comparison" },
    { NULL, NULL, NULL },
};
static const struct harm of_minoxidil[] = {
    { "harm.minoxidil.itch", "itching scalp", "" },
    { "harm.minoxidil.headache", "headache", "" },
    { "harm.minoxidil.any", "any effect, in one clinic", "the trials give far fewer" },
    { NULL, NULL, NULL },
};
static const struct harm of_oral_minoxidil[] = {
    { "harm.oral-minoxidil.hypertrichosis", "hair where it is not wanted", "" },
    { "harm.oral-minoxidil.lightheaded", "lightheadedness", "" },
    { "harm.oral-minoxidil.oedema", "swelling", "" },
    { "harm.oral-minoxidil.tachycardia", "fast heart", "" },
    { "harm.oral-minoxidil.headache", "headache", "" },
    { NULL, NULL, NULL },
};
static const struct harm of_fut[] = {
    { "harm.2014.oedema", "swelling for some days", "" },
    { "harm.2014.folliculitis", "inflamed follicles", "" },
    { "harm.2014.wide-scar", "wide scar", "12 of 1,000 in a larger series" },
    { "harm.2014.bacterial", "infected follicles", "" },
    { "harm.2014.numbness", "numb skin", "" },
    { "harm.2009.necrosis", "skin of the donor dies", "" },
    { "harm.2009.keloid", "keloid", "" },
    { "shock-loss", "own hair shed, mostly for a time", "" },
    { NULL, NULL, NULL },
};
static const struct harm of_fue[] = {
    { "harm.2021.folliculitis", "inflamed follicles", "one clinic's own count" },
    { "harm.2021.oedema", "swelling for some days", "one clinic's own count" },
    { "harm.2021.numbness", "numb skin", "one clinic's own count" },
    { "harm.2021.necrosis", "skin dies", "one clinic's own count" },
    { "harm.2021.infection", "infection", "one clinic's own count" },
    { "harm.2021.keloid", "keloid", "one clinic's own count" },
    { "harm.2021.unhappy", "unhappy with the result", "one clinic's own count" },
    { "shock-loss", "own hair shed, mostly for a time", "" },
    { NULL, NULL, NULL },
};
static const struct harm of_dots[] = {
    { "harm.2014", "harm seen in the largest series of SMP", "none of 43 persons" },
    { "dissatisfied", "unhappy with the result", "" },
    { "tattoo.any", "any skin reaction", "all tattoos, not SMP alone" },
    { "tattoo.chronic", "reaction of more than four months", "all tattoos, not SMP alone" },
    { "tattoo.infection", "infection", "all tattoos, not SMP alone; its source says up to 50" },
    { "mri.reaction", "tingling or burning in a later MRI scan", "of those scanned; it passed" },
    { NULL, NULL, NULL },
};

static void add(struct smp_outcome *outcome, const struct smp_evidence *evidence,
                enum smp_topic topic, const struct harm *list)
{
    for (; list->id && outcome->harm_count < SMP_HARMS_MAX; list++) {
        const struct smp_figure *figure = smp_figure_find(evidence, topic, list->id);
        if (!figure)
            continue; // a file of the user's own holds every figure of the built-in one
        const struct smp_figure_band band = smp_figure_band(figure);
        outcome->harms[outcome->harm_count++] = (struct smp_harm){
            .what = list->words,
            .per_1000 = 10 * figure->value,
            .low = 10 * band.low,
            .high = 10 * band.high,
            .figure = figure,
            .weak = smp_figure_weak(figure),
            .note = list->note,
        };
    }
}

// Only a ratio is known of dutasteride: of as many as on a dummy tablet.
static void add_dutasteride(struct smp_outcome *outcome, const struct smp_evidence *evidence)
{
    const struct smp_figure *ratio =
        smp_figure_find(evidence, SMP_TOPIC_MEDICATION, "harm.sexual.ratio.dutasteride");
    const struct smp_figure *placebo =
        smp_figure_find(evidence, SMP_TOPIC_MEDICATION, "harm.sexual.placebo");
    if (!ratio || !placebo || outcome->harm_count >= SMP_HARMS_MAX)
        return;
    const struct smp_figure_band band = smp_figure_band(ratio), dummy = smp_figure_band(placebo);
    outcome->harms[outcome->harm_count++] = (struct smp_harm){
        .what = "sexual effects in the first year",
        .per_1000 = 10 * placebo->value * ratio->value,
        .low = 10 * dummy.low * band.low,
        .high = 10 * dummy.high * band.high,
        .figure = ratio,
        .weak = true,
        .note = "21 of 1,000 on a dummy tablet say the same",
    };
}

void smp_outcome_harms(struct smp_outcome *outcome, const struct smp_prospect *prospect,
                       const struct smp_parts *parts)
{
    const struct smp_evidence *evidence = prospect->params.evidence;
    const enum smp_treatment drug = parts->drug;
    if (drug == SMP_TREAT_FINASTERIDE || drug == SMP_TREAT_BOTH)
        add(outcome, evidence, SMP_TOPIC_MEDICATION, of_finasteride);
    if (drug == SMP_TREAT_MINOXIDIL_5 || drug == SMP_TREAT_BOTH)
        add(outcome, evidence, SMP_TOPIC_MEDICATION, of_minoxidil);
    if (drug == SMP_TREAT_ORAL_MINOXIDIL)
        add(outcome, evidence, SMP_TOPIC_MEDICATION, of_oral_minoxidil);
    if (drug == SMP_TREAT_DUTASTERIDE)
        add_dutasteride(outcome, evidence);
    if (parts->surgery == SMP_SURGERY_FUT)
        add(outcome, evidence, SMP_TOPIC_TRANSPLANT, of_fut);
    if (parts->surgery == SMP_SURGERY_FUE)
        add(outcome, evidence, SMP_TOPIC_TRANSPLANT, of_fue);
    if (parts->dots != SMP_DOTS_NONE)
        add(outcome, evidence, SMP_TOPIC_SMP, of_dots);
}
