// The other options (nothing, transplant, medication, hairpiece) beside micropigmentation: the
// evidence that a comparison stands on, and hair over the years.
//
// General information, not medical advice.
#ifndef SMP_CHOICE_H
#define SMP_CHOICE_H

#include "base/base.h"

// ---- Evidence: data/evidence/*.json -------------------------------------------------------------

// One file a topic: evidence/<topic>.json.
#define SMP_TOPICS(X)                                                                              \
    X(SMP_TOPIC_LOSS, "loss")                                                                      \
    X(SMP_TOPIC_TRANSPLANT, "transplant")                                                          \
    X(SMP_TOPIC_MEDICATION, "medication")                                                          \
    X(SMP_TOPIC_HAIRPIECE, "hairpiece")                                                            \
    X(SMP_TOPIC_SMP, "smp")                                                                        \
    X(SMP_TOPIC_COSTS, "costs")
#define SMP_TOPIC_ENUM(name, text) name,
enum smp_topic { SMP_TOPICS(SMP_TOPIC_ENUM) SMP_TOPIC_COUNT };
extern const char *const smp_topic_names[]; // NULL-ended

// What a treatment's arm or a cost is of.
#define SMP_TREATMENTS(X)                                                                          \
    X(SMP_TREAT_PLACEBO, "placebo")                                                                \
    X(SMP_TREAT_MINOXIDIL_2, "minoxidil-2")                                                        \
    X(SMP_TREAT_MINOXIDIL_5, "minoxidil-5")                                                        \
    X(SMP_TREAT_MINOXIDIL, "minoxidil")                                                            \
    X(SMP_TREAT_ORAL_MINOXIDIL, "oral-minoxidil")                                                  \
    X(SMP_TREAT_FINASTERIDE, "finasteride")                                                        \
    X(SMP_TREAT_DUTASTERIDE, "dutasteride")                                                        \
    X(SMP_TREAT_BOTH, "both")                                                                      \
    X(SMP_TREAT_FUT, "fut")                                                                        \
    X(SMP_TREAT_FUE, "fue")                                                                        \
    X(SMP_TREAT_TRANSPLANT, "transplant")                                                          \
    X(SMP_TREAT_HAIRPIECE, "hairpiece")                                                            \
    X(SMP_TREAT_SMP, "smp")
#define SMP_TREAT_ENUM(name, text) name,
enum smp_treatment { SMP_TREATMENTS(SMP_TREAT_ENUM) SMP_TREAT_COUNT };
extern const char *const smp_treatment_names[]; // NULL-ended

enum smp_spread {
    SMP_SPREAD_NONE,  // the source gives none
    SMP_SPREAD_SD,    // between persons
    SMP_SPREAD_RANGE, // lowest and highest, or a band wide enough for what is not known
    SMP_SPREAD_CI95,  // of the value (a mean, a share)
};
extern const char *const smp_spread_names[]; // "none", "sd", "range", "ci95"; NULL-ended

// An arm of a trial: the figure is its change of hairs/cm2 since the start.
struct smp_arm {
    bool is;
    enum smp_treatment treatment;
    double weeks;
    bool women;
};

struct smp_cost {
    bool is;
    enum smp_treatment treatment;
    const char *currency; // three capital letters
    const char *country;  // two
    const char *per;      // graft, course, session, piece, month, year
};

struct smp_figure {
    enum smp_topic topic;
    const char *id;   // unique in its topic: lower case, digits, dots, hyphens
    const char *what; // in words
    double value;
    const char *unit; // of a cost "USD per year"
    enum smp_spread spread;
    double sd;        // of SMP_SPREAD_SD
    double low, high; // of SMP_SPREAD_RANGE and _CI95
    const char *population;
    int64_t n; // persons; 0: not given
    const char *source;
    char grade; // A paper, law; B professional body; C practitioner; D forum; U working knowledge
    const char *date; // year of the source, or "undated"
    bool verified;    // a source was seen, or it follows from figures with one
    struct smp_arm arm;
    struct smp_cost cost;
};

struct smp_evidence {
    const struct smp_figure *figures; // topics in order, each in its file's order
    size_t count;
    size_t begin[SMP_TOPIC_COUNT + 1]; // figures of topic t: [begin[t], begin[t + 1])
};

// Figures of one topic from JSON text; all strings are arena-owned. An unverified figure must be
// of grade U and have a range that reaches half of its value to either side (as far as its unit
// allows), so that no model takes it for known.
// Errors: SMP_E_FORMAT, SMP_E_INPUT (unknown and missing fields, values out of range), SMP_E_NOMEM.
enum smp_code smp_evidence_read(const struct smp_figure **figures, size_t *count,
                                enum smp_topic topic, const char *file, const char *text,
                                size_t length, struct smp_arena *arena, struct smp_err *err);
// All topics: the user's folder (NULL: none) before what is built in. A file of the user's own
// must hold every figure of the built-in one, in its unit; costs may be of other places and
// currencies, so there only what is said must be right.
// Errors: as above, SMP_E_FILE.
enum smp_code smp_evidence_load(struct smp_evidence *evidence, const char *folder,
                                struct smp_arena *arena, struct smp_err *err);
// NULL where there is none of that id.
const struct smp_figure *smp_figure_find(const struct smp_evidence *evidence, enum smp_topic topic,
                                         const char *id);
// Not to be leaned on: unverified, or of grade D or U.
bool smp_figure_weak(const struct smp_figure *figure);

// What a model may take for the middle 95 %: value ± 1.96 sd; range and ci95 as they are; where
// the source gives no spread, ± 25 % of the value for grades A and B and ± 50 % for others (an
// assumption of this project). Within what the unit allows.
struct smp_figure_band {
    double low, high;
};
struct smp_figure_band smp_figure_band(const struct smp_figure *figure);

// ---- Hair over the years, untreated and on a drug -----------------------------------------------

// Hairs/cm2 of the target area of a trial. A drug's effect is what it has over no treatment: a gain
// that comes as 1 - exp(-t / tau), and a share of the loss that it holds back. Fitted to arms of
// trials; docs/choice.md has the method and what it was held against.
struct smp_drug {
    double gain_per_cm2; // at the trials' start density; 0: none
    double gain_se_per_cm2;
    double tau_months;
    double held;        // share of the untreated loss that is held back, 0 or 1
    double lost_months; // after stopping, until 95 % of the effect is gone
    double stop_share;  // of persons who stop
    double stop_months; // mean time until these do
};

struct smp_medication {
    struct smp_drug drugs[SMP_TREAT_COUNT]; // gain 0 where no arm was found
    double trial_per_cm2;                   // hairs at the start of the trials
    double response_cv;                     // between persons, of the gain
    double loss_rate;                       // a year, mean of persons
    double loss_sigma;                      // of its logarithm between persons
};

// Fits all drugs. Errors: SMP_E_INPUT where figures are missing or give no fit.
enum smp_code smp_medication_fit(struct smp_medication *fit, const struct smp_evidence *evidence,
                                 struct smp_err *err);

// One person's way: rates and responses drawn, or the middle one.
struct smp_person {
    double loss_rate;    // a year
    double response;     // times the gain, mean 1
    double stops_months; // INFINITY: never
    double gain_off;     // how far off the fit is, in its standard errors
};
struct smp_person smp_person_middle(const struct smp_medication *fit); // never stops
// The person of that number; the same for every treatment, so that options are compared on one
// head. Both the person and what is not known of the fit are drawn.
struct smp_person smp_person_draw(const struct smp_medication *fit, enum smp_treatment treatment,
                                  uint64_t seed, uint64_t number);

// Hairs/cm2 after so many months, of `start_per_cm2` now. The gain is in proportion to the hairs
// there are (drugs do not grow hair on bare scalp) and ends at full_per_cm2. A treatment that is no
// drug leaves the hair untreated.
double smp_hairs_after(const struct smp_medication *fit, enum smp_treatment treatment,
                       const struct smp_person *person, double start_per_cm2, double full_per_cm2,
                       double months);

struct smp_hair_band {
    double mean, low, median, high; // 5, 50 and 95 % of persons
};
enum { SMP_PERSONS_MIN = 100, SMP_PERSONS_MAX = 1000000 };
// Bands at each of the months. Errors: SMP_E_INPUT (start or full not in 0 to 500, months not in
// 0 to 1200, persons out of range, a treatment that was not fitted), SMP_E_NOMEM.
enum smp_code smp_hair_bands(struct smp_hair_band *bands, const double *months, size_t count,
                             const struct smp_medication *fit, enum smp_treatment treatment,
                             double start_per_cm2, double full_per_cm2, size_t persons,
                             uint64_t seed, struct smp_pool *pool, struct smp_arena *arena,
                             struct smp_err *err);

#endif
