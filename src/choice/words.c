// What is said of an option in plain sentences: who cannot have it, what it cannot do, what was
// assumed.
#include "choice/choice_impl.h"

#include <math.h>

static const double graft_least = 300; // a donor that gives less in a lifetime gives nothing
static const double never_share = 0.05, often_share = 0.5; // of persons

// ---- Who cannot have it -------------------------------------------------------------------------

static const char *drug_barred(const struct smp_case *from, enum smp_treatment drug)
{
    const bool hormonal =
        drug == SMP_TREAT_FINASTERIDE || drug == SMP_TREAT_DUTASTERIDE || drug == SMP_TREAT_BOTH;
    if (from->loss.kind == SMP_LOSS_TOTALIS)
        return "It works on pattern loss, and all of the hair is lost here for another reason.";
    if (hormonal && from->person.pregnancy_possible)
        return "It must not be taken by a woman who may become pregnant: it can harm a boy before "
               "birth.";
    if (hormonal && from->sex == SMP_SEX_FEMALE && !from->person.pregnancy_given)
        return "It must not be taken by a woman who may become pregnant, and the case does not "
               "say whether that is so (person.pregnancy_possible).";
    return NULL;
}

static const char *dots_barred(const struct smp_prospect *prospect, const struct smp_parts *parts,
                               struct smp_arena *arena)
{
    const struct smp_dots_course *dots = prospect->params.dots;
    if (parts->dots != SMP_DOTS_PLAN)
        return NULL;
    if (!dots)
        return "No plan of dots was made.";
    if (dots->impossible) {
        const char *text = smp_format(arena, "No honest match was found: %s.", dots->impossible);
        return text ? text : "No honest match was found.";
    }
    return dots->treated_cm2 > 0 ? NULL : "There is no area without hair to treat.";
}

const char *smp_choice_barred(const struct smp_prospect *prospect, const struct smp_parts *parts,
                              struct smp_arena *arena)
{
    const struct smp_case *from = prospect->params.from;
    const char *why = NULL;
    if (parts->drug != SMP_TREAT_PLACEBO)
        why = drug_barred(from, parts->drug);
    if (!why)
        why = dots_barred(prospect, parts, arena);
    if (why || parts->surgery == SMP_SURGERY_NONE)
        return why;
    if (from->loss.kind == SMP_LOSS_TOTALIS)
        return "There is no hair left that could be moved.";
    const struct smp_draw middle = smp_draw_middle(prospect);
    const struct smp_donor donor = smp_donor_of(prospect, &middle);
    if (donor.lifetime >= graft_least)
        return NULL;
    const char *text =
        smp_format(arena,
                   "The hair at the back is too thin to give any away: about %.0f grafts in a "
                   "lifetime, where an operation takes %.0f and more.",
                   donor.lifetime, graft_least);
    return text ? text : "The hair at the back is too thin to give any away.";
}

// ---- Sentences ----------------------------------------------------------------------------------

struct speaker {
    struct smp_outcome *outcome;
    const struct smp_prospect *prospect;
    const struct smp_parts *parts;
    struct smp_arena *arena;
    bool failed;
};

static void add(struct speaker *s, const char **list, size_t *count, const char *text)
{
    s->failed = s->failed || !text;
    if (text && *count < SMP_SENTENCES_MAX)
        list[(*count)++] = text;
}

static void cannot(struct speaker *s, const char *text)
{
    add(s, s->outcome->cant_do, &s->outcome->cant_count, text);
}

static void note(struct speaker *s, const char *text)
{
    add(s, s->outcome->notes, &s->outcome->note_count, text);
}

static double round_to(double value, double step)
{
    return round(value / step) * step;
}

static bool wants_length(const struct smp_prospect *prospect)
{
    const double mm = prospect->params.from->person.length_mm;
    return !isnan(mm) && mm > prospect->shaved_mm;
}

static void say_dots(struct speaker *s)
{
    const struct smp_prospect *at = s->prospect;
    if (s->parts->dots != SMP_DOTS_PLAN)
        return;
    if (s->parts->surgery == SMP_SURGERY_NONE && s->parts->drug == SMP_TREAT_PLACEBO)
        cannot(s, "It grows no hair.");
    if (s->parts->surgery != SMP_SURGERY_NONE)
        cannot(s, "The dots between the grafts give no length.");
    else if (wants_length(at))
        cannot(s, "It gives no length: on bare scalp the hair that is wanted long stays missing. "
                  "Dots help only where enough hair is left to lie over them.");
    else
        cannot(s, "It gives no length: it looks like shaved hair, and the rest must be kept "
                  "shaved.");
    cannot(s, "Dots do not turn grey or thin out with the hair beside them: as the sides go grey "
              "or lose hair, the look falls behind until the next touch-up.");
    note(s, "How far off dots must stand to pass for stubble is modelled; no study has tested it.");
    note(s, "Complaints after SMP are not counted anywhere: small series of one clinic each.");
}

static void say_surgery(struct speaker *s)
{
    const struct smp_prospect *at = s->prospect;
    const struct smp_outcome *o = s->outcome;
    if (s->parts->surgery == SMP_SURGERY_NONE)
        return;
    if (s->parts->surgery == SMP_SURGERY_FUT && s->parts->dots != SMP_DOTS_SCAR)
        cannot(s, smp_format(s->arena,
                             "The hair at the back can no longer be shaved: the line of the strip "
                             "shows under about %.0f mm.",
                             at->scar_hair_mm));
    if (s->parts->surgery == SMP_SURGERY_FUE)
        cannot(s, "Very short hair at the back shows the small round scars.");
    cannot(s, "It does not stop the loss of the hair around the grafts.");
    if (at->params.from->age < 22)
        note(s, "Surgeons usually wait until 22, for the loss to come cannot be seen before.");
    if (at->params.from->sex == SMP_SEX_FEMALE)
        note(s, "Women who thin all over often have no donor area that stays: a surgeon must look "
                "first.");
    note(s, s->parts->surgery == SMP_SURGERY_FUE
                ? "How many FUE grafts grow is not well known: 61 of 100 in one small comparison, "
                  "90 to 95 as surgeons feel it. Both ends are in the band."
                : "How many grafts grow: 86 of 100 in one small comparison, 90 to 95 as surgeons "
                  "feel it. Both ends are in the band.");
    if (!o->possible)
        return;
    // said plainly, with the numbers
    const double need = round_to(o->needed_grafts.median, 100);
    const double give = round_to(o->donor_grafts.median, 100);
    if (need < 1)
        return;
    if (o->donor_enough_share < never_share && s->parts->dots != SMP_DOTS_PLAN)
        cannot(s,
               smp_format(s->arena,
                          "Full cover is not possible: after %d years it would take about %.0f "
                          "grafts (%.0f to %.0f), and the back of the head gives about %.0f "
                          "(%.0f to %.0f) in a lifetime.",
                          at->params.years, need, round_to(o->needed_grafts.low, 100),
                          round_to(o->needed_grafts.high, 100), give,
                          round_to(o->donor_grafts.low, 100), round_to(o->donor_grafts.high, 100)));
    else if (o->donor_enough_share < often_share && s->parts->dots != SMP_DOTS_PLAN)
        cannot(s, smp_format(s->arena,
                             "Full cover is not likely: the back of the head gives the grafts for "
                             "%d years of loss in %.0f of 100 persons like this one.",
                             at->params.years, 100 * o->donor_enough_share));
}

static void say_drug(struct speaker *s)
{
    const struct smp_case *from = s->prospect->params.from;
    const enum smp_treatment drug = s->parts->drug;
    if (drug == SMP_TREAT_PLACEBO)
        return;
    const struct smp_drug *fit = &s->prospect->medication.drugs[drug];
    if (s->parts->dots == SMP_DOTS_NONE)
        cannot(s, "It grows no hair where the scalp is bare.");
    if (!(fit->held > 0))
        cannot(s, "It does not stop the loss; what it gains is lost on the way.");
    cannot(s, "It works only as long as it is taken.");
    note(s,
         smp_format(s->arena, "%.0f of 100 are taken to stop it in time.", 100 * fit->stop_share));
    if (from->sex == SMP_SEX_FEMALE)
        note(s, drug == SMP_TREAT_MINOXIDIL_5
                    ? "The effect is that of trials of women, but we could not check their "
                      "numbers: the range is wide."
                    : "Its effect was measured on men. How well it works for women is not known.");
    if (drug == SMP_TREAT_ORAL_MINOXIDIL || drug == SMP_TREAT_DUTASTERIDE)
        note(s, "Not licensed against hair loss in most countries: a doctor has to prescribe it.");
    if (drug == SMP_TREAT_ORAL_MINOXIDIL)
        note(s, "Its effect stands on two trials that disagree.");
    bool scar = false;
    for (size_t c = 0; c < s->prospect->cell_count; c++)
        scar = scar || s->prospect->cells[c].scar;
    if (scar)
        cannot(s, "It does nothing for a scar.");
    if (from->loss.patch_count)
        cannot(s, "It does nothing for patches that another cause made bald.");
}

static void say_rest(struct speaker *s)
{
    if (s->parts->piece) {
        cannot(s, "It is not one's own hair: it must be bonded again every few weeks and renewed.");
        note(s, "How often its adhesives inflame the skin is not known: single cases only.");
        note(s, "Hours of upkeep are trade practice, not measured.");
    }
    if (s->outcome->choice == SMP_CHOICE_NOTHING) {
        cannot(s, "It brings no hair back and does not slow the loss.");
        if (s->prospect->taken != SMP_TREAT_PLACEBO)
            note(s, "The medication taken now is taken to be stopped.");
    }
    if (s->parts->dots == SMP_DOTS_SCAR)
        note(s, "Dots in a scar hold less well and may need more sessions.");
}

enum smp_code smp_outcome_words(struct smp_outcome *outcome, const struct smp_prospect *prospect,
                                const struct smp_parts *parts, struct smp_arena *arena,
                                struct smp_err *err)
{
    struct speaker s = { outcome, prospect, parts, arena, false };
    say_dots(&s);
    say_surgery(&s);
    say_drug(&s);
    say_rest(&s);
    return s.failed ? smp_fail(err, SMP_E_NOMEM, "no memory for the sentences") : SMP_OK;
}

// ---- Of the whole -------------------------------------------------------------------------------

// What was not measured, in words of a layman; what a group of hairs is called is said once.
static enum smp_code say_typical(struct smp_comparison *made, const struct smp_prospect *prospect,
                                 struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_person_case *person = &prospect->params.from->person;
    const struct {
        bool absent, of_groups;
        enum smp_input input;
        const char *what, *where, *unit;
    } typical[] = {
        { isnan(person->donor_fu_per_cm2), true, SMP_IN_DONOR, "how many groups of hairs",
          " stand at the back of the head", " per cm²" },
        { isnan(person->donor_hairs_per_fu), true, SMP_IN_HAIRS,
          "how many hairs there are in a group", "", "" },
        { isnan(person->donor_calibre_um) && isnan(prospect->params.from->calibre_um), false,
          SMP_IN_CALIBRE, "how thick a hair is, in thousandths of a millimetre", "", " µm" },
        { isnan(person->donor_area_cm2), false, SMP_IN_DONOR_AREA,
          "how large the area is that can give hair, at the back and the sides", "", " cm²" },
    };
    bool explained = false, failed = false;
    for (size_t i = 0; i < sizeof typical / sizeof *typical; i++) {
        const struct smp_span span = prospect->spans[typical[i].input];
        if (!typical[i].absent)
            continue;
        const char *told = typical[i].of_groups && !explained
                               ? " (one to four hairs that grow together; surgeons say "
                                 "follicular unit)"
                               : "";
        const char *text =
            smp_format(arena, "Not measured: %s%s%s. A typical value is taken: %g%s (%g to %g).",
                       typical[i].what, told, typical[i].where, span.value, typical[i].unit,
                       span.low, span.high);
        explained = explained || typical[i].of_groups;
        failed = failed || !text;
        made->notes[made->note_count++] = text;
    }
    return failed ? smp_fail(err, SMP_E_NOMEM, "no memory for the notes") : SMP_OK;
}

enum smp_code smp_comparison_notes(struct smp_comparison *made, const struct smp_prospect *prospect,
                                   struct smp_arena *arena, struct smp_err *err)
{
    const struct smp_person_case *person = &prospect->params.from->person;
    const enum smp_code code = say_typical(made, prospect, arena, err);
    if (isnan(person->length_mm))
        made->notes[made->note_count++] =
            made->prospect->may_shave
                ? "The length of hair wanted is not given: each option is judged in the length in "
                  "which it covers more."
                : "The length of hair wanted is not given: hair that is not shaved is taken.";
    if (!person->country)
        made->notes[made->note_count++] =
            "The country is not given: prices of the United States are taken.";
    if (prospect->taken != SMP_TREAT_PLACEBO)
        made->notes[made->note_count++] =
            "The medication taken now has had its gain; options without it go on untreated.";
    return code;
}
