// What the case says of the person for a comparison of options.
#include "plan/plan_impl.h"

#include <math.h>
#include <string.h>

const struct smp_person_case smp_person_not_given = {
    .onset_age = (double)NAN,
    .grey_percent = (double)NAN,
    .donor_fu_per_cm2 = (double)NAN,
    .donor_hairs_per_fu = (double)NAN,
    .donor_calibre_um = (double)NAN,
    .donor_area_cm2 = (double)NAN,
    .length_mm = (double)NAN,
};

static enum smp_code read_donor(struct smp_person_case *person, const struct smp_json *at,
                                struct smp_err *err)
{
    static const char *const known[] = { "fu_per_cm2", "hairs_per_fu", "calibre_um", "area_cm2",
                                         NULL };
    const struct smp_case_number numbers[] = {
        { "fu_per_cm2", "per cm²", 10, 150, &person->donor_fu_per_cm2 },
        { "hairs_per_fu", "", 1, 4, &person->donor_hairs_per_fu },
        { "calibre_um", "µm", 30, 120, &person->donor_calibre_um },
        { "area_cm2", "cm²", 0, 300, &person->donor_area_cm2 },
    };
    const enum smp_code code = smp_json_object(at, known, err);
    return code ? code : smp_case_numbers(at, numbers, sizeof numbers / sizeof *numbers, err);
}

// Since when: an age or a number of years, which must go with the age and the loss.
static enum smp_code read_onset(struct smp_case *out, const struct smp_json *at,
                                struct smp_err *err)
{
    struct smp_json onset, years;
    const bool has_onset = smp_json_child(at, "onset_age", &onset);
    const bool has_years = smp_json_child(at, "years_of_loss", &years);
    const struct smp_json *given = has_onset ? &onset : &years;
    double since = 0;
    if (!has_onset && !has_years)
        return SMP_OK;
    if (has_onset && has_years)
        return smp_fail(err, SMP_E_INPUT,
                        "%s: %s must have one of onset_age and years_of_loss, not both", at->file,
                        at->path);
    if (!(out->age > 0))
        return smp_fail(err, SMP_E_INPUT, "%s: %s needs client.age, which is not given", at->file,
                        given->path);
    enum smp_code code = has_onset ? smp_json_number(&onset, 5, 110, "years", &since, err)
                                   : smp_json_number(&years, 0, 100, "years", &since, err);
    if (!code && since > (has_onset ? out->age : out->age - 5))
        code = smp_fail(err, SMP_E_INPUT, "%s: %s must go with client.age, %g, and is %g", at->file,
                        given->path, out->age, since);
    if (code)
        return code;
    out->person.onset_age = has_onset ? since : out->age - since;
    if (out->loss.kind > SMP_LOSS_II && !(out->person.onset_age < out->age))
        return smp_fail(err, SMP_E_INPUT,
                        "%s: %s says that no loss was seen before now, and loss is of class %s",
                        at->file, given->path, smp_loss_names[out->loss.kind]);
    return SMP_OK;
}

static enum smp_code read_country(struct smp_case *out, const struct smp_json *at,
                                  struct smp_arena *arena, struct smp_err *err)
{
    const enum smp_code code = smp_case_text(at, 2, &out->person.country, arena, err);
    if (code || (strlen(out->person.country) == 2 &&
                 strspn(out->person.country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 2))
        return code;
    return smp_fail(err, SMP_E_INPUT, "%s: %s must be two capital letters (ISO 3166), not \"%s\"",
                    at->file, at->path, out->person.country);
}

static enum smp_code read_words(struct smp_case *out, const struct smp_json *at,
                                struct smp_err *err)
{
    static const char *const families[] = { "none", "one side", "both sides", NULL };
    static const char *const drugs[] = { "none",        "minoxidil",   "oral-minoxidil",
                                         "finasteride", "dutasteride", "both",
                                         NULL };
    struct smp_json child;
    enum smp_code code = SMP_OK;
    int index = 0;
    if (smp_json_child(at, "family", &child)) {
        code = smp_json_choice(&child, families, &index, err);
        out->person.family = (enum smp_family)(SMP_FAMILY_NONE + index);
    }
    if (!code && smp_json_child(at, "medication", &child)) {
        code = smp_json_choice(&child, drugs, &index, err);
        out->person.medication = drugs[index];
    }
    out->person.pregnancy_given = !code && smp_json_child(at, "pregnancy_possible", &child);
    if (out->person.pregnancy_given)
        code = smp_json_bool(&child, &out->person.pregnancy_possible, err);
    if (!code && out->person.pregnancy_possible && out->sex == SMP_SEX_MALE)
        code = smp_fail(err, SMP_E_INPUT,
                        "%s: %s.pregnancy_possible must be false where client.sex is male",
                        at->file, at->path);
    return code;
}

enum smp_code smp_case_person(struct smp_case *out, const struct smp_json *at,
                              struct smp_arena *arena, struct smp_err *err)
{
    static const char *const known[] = {
        "family",    "onset_age", "years_of_loss",      "grey_percent", "donor",
        "length_mm", "country",   "pregnancy_possible", "medication",   NULL
    };
    const struct smp_case_number numbers[] = {
        { "grey_percent", "%", 0, 100, &out->person.grey_percent },
        { "length_mm", "mm", 0, 1000, &out->person.length_mm },
    };
    struct smp_json child;
    enum smp_code code = smp_json_object(at, known, err);
    if (!code)
        code = smp_case_numbers(at, numbers, sizeof numbers / sizeof *numbers, err);
    if (!code && smp_json_child(at, "donor", &child))
        code = read_donor(&out->person, &child, err);
    if (!code)
        code = read_onset(out, at, err);
    if (!code && smp_json_child(at, "country", &child))
        code = read_country(out, &child, arena, err);
    return code ? code : read_words(out, at, err);
}
