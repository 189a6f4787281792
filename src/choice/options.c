// What each option is made of.
#include "choice/choice_impl.h"

static const char undone[] = "Nothing is done that would have to be undone.";
static const char drug_ends[] =
    "It can be stopped at any time; what it did for the hair is lost within about a year.";
static const char dots_stay[] =
    "Dots fade over years but do not go by themselves; a laser takes 1 to 3 sessions to remove "
    "them, and a shadow can stay.";
static const char cut_stays[] = "Moved hair and the scars of the donor stay for life.";

// Reversible: 1 nothing is left, 0.5 most can be removed with effort, 0 for life (docs/choice.md).
static const struct smp_parts table[SMP_CHOICE_COUNT] = {
    [SMP_CHOICE_NOTHING] = { SMP_TREAT_PLACEBO, SMP_SURGERY_NONE, SMP_DOTS_NONE, false, 1, undone },
    [SMP_CHOICE_SMP] = { SMP_TREAT_PLACEBO, SMP_SURGERY_NONE, SMP_DOTS_PLAN, false, 0.5,
                         dots_stay },
    [SMP_CHOICE_FUT] = { SMP_TREAT_PLACEBO, SMP_SURGERY_FUT, SMP_DOTS_NONE, false, 0, cut_stays },
    [SMP_CHOICE_FUE] = { SMP_TREAT_PLACEBO, SMP_SURGERY_FUE, SMP_DOTS_NONE, false, 0, cut_stays },
    [SMP_CHOICE_MINOXIDIL] = { SMP_TREAT_MINOXIDIL_5, SMP_SURGERY_NONE, SMP_DOTS_NONE, false, 1,
                               drug_ends },
    [SMP_CHOICE_ORAL_MINOXIDIL] = { SMP_TREAT_ORAL_MINOXIDIL, SMP_SURGERY_NONE, SMP_DOTS_NONE,
                                    false, 1, drug_ends },
    [SMP_CHOICE_FINASTERIDE] = { SMP_TREAT_FINASTERIDE, SMP_SURGERY_NONE, SMP_DOTS_NONE, false, 1,
                                 drug_ends },
    [SMP_CHOICE_DUTASTERIDE] = { SMP_TREAT_DUTASTERIDE, SMP_SURGERY_NONE, SMP_DOTS_NONE, false, 1,
                                 drug_ends },
    [SMP_CHOICE_BOTH] = { SMP_TREAT_BOTH, SMP_SURGERY_NONE, SMP_DOTS_NONE, false, 1, drug_ends },
    [SMP_CHOICE_HAIRPIECE] = { SMP_TREAT_PLACEBO, SMP_SURGERY_NONE, SMP_DOTS_NONE, true, 1,
                               "It can be taken off for good at any time." },
    [SMP_CHOICE_SMP_FUE] = { SMP_TREAT_PLACEBO, SMP_SURGERY_FUE, SMP_DOTS_PLAN, false, 0,
                             cut_stays },
    [SMP_CHOICE_SMP_MEDICATION] = { SMP_TREAT_FINASTERIDE, SMP_SURGERY_NONE, SMP_DOTS_PLAN, false,
                                    0.5, dots_stay },
    [SMP_CHOICE_FUT_SCAR_SMP] = { SMP_TREAT_PLACEBO, SMP_SURGERY_FUT, SMP_DOTS_SCAR, false, 0,
                                  cut_stays },
};

struct smp_parts smp_parts_of(const struct smp_prospect *prospect, enum smp_choice choice)
{
    struct smp_parts parts = table[choice];
    // trials of tablets are of men; for women minoxidil is the drug with trials
    if (choice == SMP_CHOICE_SMP_MEDICATION && prospect->params.from->sex == SMP_SEX_FEMALE)
        parts.drug = SMP_TREAT_MINOXIDIL_5;
    return parts;
}
