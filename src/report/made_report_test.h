// A made-up comparison, for the tests of this module: every option, with numbers that follow from
// its place, so that each can be looked for on the page.
#ifndef SMP_MADE_REPORT_TEST_H
#define SMP_MADE_REPORT_TEST_H

#include "harness.h"
#include "report/words.h"

#include <math.h>

struct made {
    struct smp_arena arena;
    struct smp_case from;
    struct smp_comparison comparison;
    struct smp_evidence evidence;
    struct smp_image *shots;
    struct smp_rule rules[2];
    struct smp_reason reasons[2];
    size_t not_asked[2];
    struct smp_suitability suitability;
    struct smp_recovery recovery;
    struct smp_report report;
};

static inline struct smp_band band_about(double median, double spread)
{
    return (struct smp_band){ median * (1 - spread), median, median * (1 + spread) };
}

static inline void make_outcome(struct made *m, struct smp_outcome *o, enum smp_choice choice)
{
    static const char *const cant[] = { "It can't grow hair.", "It can't stop the loss." };
    const double k = (double)choice;
    o->choice = choice;
    o->possible = choice != SMP_CHOICE_DUTASTERIDE;
    o->why_not = o->possible ? NULL : "This drug is not for women who may become pregnant.";
    o->years = smp_new(&m->arena, struct smp_year, (size_t)m->comparison.years + 1);
    for (int y = 0; y <= m->comparison.years; y++) {
        struct smp_year *year = &o->years[y];
        const double grown = choice ? 1 - exp(-y / 1.5) : 0;
        year->cover_share = band_about(0.21 + 0.05 * k * grown - 0.004 * y, 0.2);
        year->cost = band_about(k * (700 + 210 * y) * (y > 0), 0.4);
        year->hours = band_about(k * (8 + 5 * y) * (y > 0), 0.3);
        year->days_off = band_about(choice < 4 ? 2 * k : 0, 0.5);
    }
    o->harm_count = choice ? 2 : 0;
    o->harms[0] = (struct smp_harm){
        "an infection of the skin",  9 + 7 * k, 2 + k, 40 + 9 * k, &m->evidence.figures[40], false,
        "all tattoos, not SMP alone"
    };
    o->harms[1] = (struct smp_harm){ "hair that falls out and comes back later",
                                     100 + 11 * k,
                                     50,
                                     300,
                                     &m->evidence.figures[60],
                                     true,
                                     "" };
    o->reversible = 0.5;
    o->reversible_words = "In part: it takes some laser visits, and a trace may stay.";
    o->surgery = choice == SMP_CHOICE_FUT || choice == SMP_CHOICE_FUE;
    memcpy(o->cant_do, cant, sizeof cant);
    o->cant_count = 2;
    o->notes[0] = "What clinics charge was taken as a wide range.";
    o->note_count = 1;
    for (int i = 0; i < SMP_CONCERN_COUNT; i++)
        o->criteria[i] = smp_clamp((k + i) / 18, 0, 1);
    o->score = o->possible ? 0.9 - 0.05 * k : 0;
    o->rank = (size_t)choice + 1;
}

static inline void make_sensitivities(struct smp_comparison *c)
{
    static const char *const inputs[] = { "loss of hair", "grafts that the donor gives",
                                          "price of a session" };
    for (size_t i = 0; i < 3; i++)
        c->sensitivities[i] = (struct smp_sensitivity){ .input = inputs[i],
                                                        .unit = "% a year",
                                                        .low = 2.5,
                                                        .high = 9,
                                                        .choice = SMP_CHOICE_FUE,
                                                        .score_low = 0.3,
                                                        .score_high = 0.62 - 0.1 * (double)i,
                                                        .cover_low = 0.4,
                                                        .cover_high = 0.7,
                                                        .first_changes = i == 0,
                                                        .weak = i == 1 };
    c->sensitivity_count = 3;
}

static inline void make_shots(struct made *m)
{
    const size_t times = smp_report_times(m->comparison.years).count;
    m->shots = smp_new(&m->arena, struct smp_image, m->comparison.count * times);
    for (size_t i = 0; i < m->comparison.count * times; i++) {
        if (i / times == SMP_CHOICE_BOTH || !m->comparison.outcomes[i / times].possible)
            continue; // an option without pictures
        ck_assert(!smp_image_make(&m->shots[i], 40, 50, &m->arena, NULL));
        for (size_t p = 0; p < 40 * 50; p++)
            m->shots[i].px_lin[p] = (struct smp_rgb){ 0.2F, 0.02F * (float)(i / times), 0.2F };
    }
    m->report.shots = m->shots;
}

static inline void make_suitability(struct made *m)
{
    m->rules[0] = (struct smp_rule){ .id = "a",
                                     .result = SMP_SUIT_LATER,
                                     .wait_months = 6,
                                     .why = "Patches may grow back. Wait until they are quiet.",
                                     .source = "clinics' lists",
                                     .grade = 'C' };
    m->rules[1] = (struct smp_rule){ .id = "b",
                                     .result = SMP_SUIT_YES,
                                     .wait_months = (double)NAN,
                                     .why = "Shave all of it and it keeps one look.",
                                     .source = "a surgeon",
                                     .grade = 'C' };
    m->reasons[0] = (struct smp_reason){ &m->rules[0], 4, true };
    m->reasons[1] = (struct smp_reason){ &m->rules[1], (double)NAN, false };
    m->not_asked[1] = 1;
    m->suitability = (struct smp_suitability){ .result = SMP_SUIT_LATER,
                                               .reasons = m->reasons,
                                               .reason_count = 2,
                                               .not_asked = m->not_asked,
                                               .not_asked_count = 2,
                                               .from_months = 4,
                                               .from_open = true };
    m->report.suitability = &m->suitability;
}

// All options of `choices` (NULL: all, in the order of the enum) over so many years.
static inline void make_report(struct made *m, int years, const enum smp_choice *choices,
                               size_t count)
{
    *m = (struct made){ 0 };
    smp_arena_make(&m->arena, 0);
    ck_assert(!smp_evidence_load(&m->evidence, NULL, &m->arena, NULL));
    m->from = (struct smp_case){
        .title = "Demo client (made up)",
        .age = 42,
        .loss = { .kind = SMP_LOSS_V },
        .text = (char *)"{}",
        .person = { .donor_fu_per_cm2 = 72, .length_mm = (double)NAN, .family = SMP_FAMILY_ONE }
    };
    struct smp_comparison *c = &m->comparison;
    *c = (struct smp_comparison){ .count = choices ? count : SMP_CHOICE_COUNT,
                                  .years = years,
                                  .persons = 10000,
                                  .seed = 1,
                                  .currency = "USD",
                                  .country = "US",
                                  .scalp_cm2 = 612,
                                  .bald_cm2 = 143,
                                  .weights = { 0.8, 0.6, 0.4, 0.2, 0.4, 0.2 },
                                  .notes = { "The thickness of your hair was not measured." },
                                  .note_count = 1 };
    c->outcomes = smp_new(&m->arena, struct smp_outcome, c->count);
    c->order = smp_new(&m->arena, size_t, c->count);
    for (size_t i = 0; i < c->count; i++) {
        make_outcome(m, &c->outcomes[i], choices ? choices[i] : (enum smp_choice)i);
        c->order[i] = i;
        for (size_t v = 0; v < SMP_WEIGHINGS; v++)
            c->other_order[v] = c->order;
    }
    make_sensitivities(c);
    m->report = (struct smp_report){ .from = &m->from, .made = c, .evidence = &m->evidence };
    make_shots(m);
    make_suitability(m);
    ck_assert(!smp_recovery_load(&m->recovery, NULL, &m->arena, NULL));
    m->report.recovery = &m->recovery;
}

static inline void drop_report(struct made *m)
{
    smp_arena_drop(&m->arena);
}

#endif
