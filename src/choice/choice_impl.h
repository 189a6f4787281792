// Private to the choice module.
#ifndef SMP_CHOICE_IMPL_H
#define SMP_CHOICE_IMPL_H

#include "choice/choice.h"

// A unit that figures may have, and what a value in it can be.
struct smp_unit {
    const char *name;
    double min, max;
};
// NULL where there is none of that name. A cost's unit is the one of costs.
const struct smp_unit *smp_unit_find(const char *name);
extern const struct smp_unit smp_unit_cost;

// The figure of that id; where it is absent *code and *err say so, and a figure of value 0 stands
// in. Nothing is done once *code is set.
const struct smp_figure *smp_figure_need(const struct smp_evidence *evidence, enum smp_topic topic,
                                         const char *id, enum smp_code *code, struct smp_err *err);

// ---- inputs.c: all that is uncertain ------------------------------------------------------------

// A person and what is not known of the world are one value an input. FIGURE: that figure's value,
// its band as 95 %. NORMAL: z of a standard normal. UNIT: a share of persons, 0 to 1.
enum smp_input_kind { SMP_IN_FIGURE, SMP_IN_NORMAL, SMP_IN_UNIT };
#define SMP_INPUTS(X)                                                                              \
    X(SMP_IN_SPEED, "how fast the loss goes on", NORMAL, LOSS, NULL)                               \
    X(SMP_IN_GREY, "age at the first grey hair", NORMAL, LOSS, NULL)                               \
    X(SMP_IN_RESPONSE, "hair that the drug brings to this person", NORMAL, MEDICATION, NULL)       \
    X(SMP_IN_GAIN, "hair that the drug brings to the middle person", NORMAL, MEDICATION, NULL)     \
    X(SMP_IN_STOP, "how long the drug is kept up", UNIT, MEDICATION, NULL)                         \
    X(SMP_IN_STOP_WHEN, "when the drug is stopped", UNIT, MEDICATION, NULL)                        \
    X(SMP_IN_COVERED, "least density that looks covered", FIGURE, TRANSPLANT, "coverage.least")    \
    X(SMP_IN_UNDER, "the same with dots under the hair", FIGURE, SMP, "coverage.under-hair")       \
    X(SMP_IN_HAIRS, "hairs in a group", NORMAL, TRANSPLANT, "donor.hairs-per-fu.typical")          \
    X(SMP_IN_CALIBRE, "thickness of a hair", NORMAL, TRANSPLANT, "donor.calibre.typical")          \
    X(SMP_IN_DONOR, "groups of hairs at the back of the head", NORMAL, TRANSPLANT,                 \
      "donor.density")                                                                             \
    X(SMP_IN_DONOR_AREA, "area that can give hair", NORMAL, TRANSPLANT, "donor.area")              \
    X(SMP_IN_LIFETIME, "share of that hair that can be moved", UNIT, TRANSPLANT,                   \
      "donor.lifetime.most")                                                                       \
    X(SMP_IN_SESSION, "share taken in one session", FIGURE, TRANSPLANT, "donor.session.share")     \
    X(SMP_IN_PACKING, "grafts set per cm²", FIGURE, TRANSPLANT, "density.session")                 \
    X(SMP_IN_SURVIVAL, "grafts that grow", UNIT, TRANSPLANT, "survival.clinical")                  \
    X(SMP_IN_SURGERY_HOURS, "hours of an operation", FIGURE, TRANSPLANT, "surgery.hours")          \
    X(SMP_IN_SURGERY_OFF, "days off after it", FIGURE, TRANSPLANT, "off-work.days")                \
    X(SMP_IN_GRAFT_PRICE, "price of a graft", NORMAL, COSTS, NULL)                                 \
    X(SMP_IN_DOTS, "distance from which the dots pass for stubble", NORMAL, SMP, NULL)             \
    X(SMP_IN_VIEW, "distance from which it must hold", FIGURE, SMP, "view.distance")               \
    X(SMP_IN_GREY_LIMIT, "grey past which dots stand out", FIGURE, SMP, "grey.limit")              \
    X(SMP_IN_SMP_HOURS, "hours of the SMP course", NORMAL, SMP, "hours.trade")                     \
    X(SMP_IN_SMP_OFF, "days off an SMP session", FIGURE, SMP, "off-work.days")                     \
    X(SMP_IN_SHAVE_HOURS, "hours of shaving", FIGURE, SMP, "shave.hours")                          \
    X(SMP_IN_SMP_PRICE, "price of the SMP course", NORMAL, COSTS, NULL)                            \
    X(SMP_IN_TOUCH_UP_PRICE, "price of a touch-up", NORMAL, COSTS, NULL)                           \
    X(SMP_IN_SCAR_SESSIONS, "sessions on a strip scar", FIGURE, SMP, "scar.sessions")              \
    X(SMP_IN_SCAR_HOURS, "hours of one", FIGURE, SMP, "scar.hours")                                \
    X(SMP_IN_DRUG_HOURS, "hours for a drug", NORMAL, MEDICATION, NULL)                             \
    X(SMP_IN_DRUG_PRICE, "price of a drug", NORMAL, COSTS, NULL)                                   \
    X(SMP_IN_PIECE_HOURS, "hours for a hairpiece", FIGURE, HAIRPIECE, "upkeep.hours")              \
    X(SMP_IN_PIECE_PRICE, "price of a hairpiece", NORMAL, COSTS, NULL)                             \
    X(SMP_IN_STRIP, "area of the strip that is cut out", FIGURE, TRANSPLANT, "donor.strip.area")
#define SMP_INPUT_ENUM(name, words, kind, topic, id) name,
enum smp_input { SMP_INPUTS(SMP_INPUT_ENUM) SMP_IN_COUNT };

struct smp_draw {
    double x[SMP_IN_COUNT];
};

// A value whose middle 95 % lie from low to high, at z: each side by its own half of the band.
double smp_span_at(struct smp_span span, double z);
struct smp_span smp_figure_span(const struct smp_figure *figure);

struct smp_prospect;
// Bands of the inputs that are figures.
enum smp_code smp_prospect_inputs(struct smp_prospect *made, struct smp_err *err);
// At a share of persons: 0.5 is the middle.
double smp_input_at(const struct smp_prospect *prospect, enum smp_input input, double share);
struct smp_draw smp_draw_middle(const struct smp_prospect *prospect);
// Of that number; the same for every option, so that options are compared on one head.
struct smp_draw smp_draw_person(const struct smp_prospect *prospect, uint64_t seed,
                                uint64_t number);
const char *smp_input_words(enum smp_input input);
// told.c: a value of an input in its own unit, as it acts on an option: "classes/year" for the
// speed, hairs/cm2 for the response to its drug, and so on.
struct smp_parts;
double smp_input_told(const char **unit, const struct smp_prospect *prospect, enum smp_input input,
                      double x, const struct smp_parts *parts);
enum smp_input_kind smp_input_kind(enum smp_input input);
const struct smp_figure *smp_input_figure(const struct smp_prospect *prospect,
                                          enum smp_input input); // NULL: it is of none
// simulate.c: years until who is at that share of those who stop a drug has stopped; how many times
// the mean gain a person has.
double smp_stop_years(const struct smp_drug *drug, double share);
double smp_drug_response(const struct smp_medication *medication, double z);
bool smp_input_weak(const struct smp_prospect *prospect, enum smp_input input);

// ---- progress.c: loss and grey over the years ---------------------------------------------------

// Classes as a ladder that loss climbs; none and I are step 0.
enum { SMP_STEPS_MAX = 8 };
struct smp_ladder {
    enum smp_loss_class classes[SMP_STEPS_MAX];
    size_t count;
    double now; // step of the case
};
struct smp_ladder smp_ladder_of(enum smp_loss_class kind, enum smp_sex sex);

// A person's course is a line: from the age at which it would meet no loss, normal between persons,
// at a speed whose logarithm is normal. A foot before puberty stands for loss that began fast.
struct smp_progress_fit {
    double mean, sigma;       // of ln(steps a year)
    double foot_age, foot_sd; // years
    double never;             // share of persons who lose nothing
};
// Of all persons of an age, so many have climbed so far (checked against other figures in tests).
double smp_progress_share(const struct smp_progress_fit *fit, double steps, double age_from,
                          double age_to);
enum smp_code smp_progress_fit(struct smp_progress_fit *fit, const struct smp_evidence *evidence,
                               bool women, struct smp_err *err);

// Of one person, from class, age, onset and family: quantiles between persons like this one.
enum { SMP_SPEEDS = 128 };
struct smp_speed {
    double at[SMP_SPEEDS]; // steps a year, of shares (i + 0.5) / SMP_SPEEDS; all 0: no way to go
};
enum smp_code smp_speed_of(struct smp_speed *speed, const struct smp_case *from,
                           const struct smp_ladder *ladder, const struct smp_evidence *evidence,
                           struct smp_err *err);
double smp_speed_at(const struct smp_speed *speed, double z); // steps a year

// Grey starts at an age that is normal between persons, and gains a share of the hair a year.
struct smp_grey {
    double mean_age, sd_age, share_a_year;
};
enum smp_code smp_grey_fit(struct smp_grey *grey, const struct smp_evidence *evidence,
                           struct smp_err *err);
// Age of the first grey hair of the person at z, who is now of that age and has that much grey
// (NAN: not known).
double smp_grey_onset(const struct smp_grey *grey, double age, double grey_percent, double z);
double smp_grey_share(const struct smp_grey *grey, double onset_age, double age);

// ---- prospect.c: the head and all that is fixed of a comparison ---------------------------------

enum { SMP_CELLS_MAX = 400 };
// Scalp that loses its hair at the same steps.
struct smp_cell_of_scalp {
    enum smp_region region;
    double cm2, share; // of its region
    double front;      // mean chart v: what is done first
    double native_fu;  // per cm², before any loss
    double left[SMP_STEPS_MAX];
    double dots_share; // of it that the plan treats
    bool scar;         // no hair of its own
    bool donor;        // keeps its hair for good
    uint16_t key;      // by which points found it
};

struct smp_prospect {
    struct smp_compare_params params;
    struct smp_medication medication;
    struct smp_ladder ladder;
    struct smp_speed speed;
    struct smp_grey grey;
    struct smp_span spans[SMP_IN_COUNT]; // of inputs of a figure
    bool weak[SMP_IN_COUNT];
    struct smp_cell_of_scalp *cells; // front first
    size_t cell_count;
    double scalp_cm2, donor_cm2, region_cm2[SMP_REGION_COUNT];
    double *fields[SMP_STEPS_MAX]; // FU per cm² a point of the head's mesh, by step
    uint16_t *cell_of;             // by point; UINT16_MAX: none
    // prices in the comparison's currency
    struct smp_span course_price, touch_up_price, graft_price[2], piece_price; // [0] FUT, [1] FUE
    bool graft_by_course[2]; // the price is that of an operation, not of a graft
    struct smp_span drug_price[SMP_TREAT_COUNT], scar_price;
    struct smp_span drug_hours[SMP_TREAT_COUNT];
    // constants of single figures
    double survival_low[2], survival_high, transection[2];
    double lifetime_low, lifetime_high, residual_per_cm2, norwood_7_share, noticed, noticed_self;
    double grow_3, grow_6, grow_final_months;
    double touch_up_low, touch_up_high; // years, whatever is forecast of the dots
    double shaved_mm, scar_hair_mm;
    bool may_shave, may_grow; // how the person can wear the hair
    enum smp_treatment taken; // now; SMP_TREAT_PLACEBO: none
};
enum smp_code smp_prospect_make(struct smp_prospect *made, const struct smp_compare_params *params,
                                struct smp_arena *arena, struct smp_err *err);
// prices.c: fills the prices.
enum smp_code smp_prospect_prices(struct smp_prospect *made, struct smp_err *err);

// ---- options.c ----------------------------------------------------------------------------------

enum smp_surgery { SMP_SURGERY_NONE = -1, SMP_SURGERY_FUT, SMP_SURGERY_FUE };
enum smp_dots_where { SMP_DOTS_NONE, SMP_DOTS_PLAN, SMP_DOTS_SCAR };
struct smp_parts { // what an option is made of
    enum smp_treatment drug;
    enum smp_surgery surgery;
    enum smp_dots_where dots;
    bool piece;
    double reversible;
    const char *reversible_words;
};
// Of an option for this person: the medication that fits is chosen here.
struct smp_parts smp_parts_of(const struct smp_prospect *prospect, enum smp_choice choice);

// ---- simulate.c: one person on one option -------------------------------------------------------

enum smp_metric {
    SMP_M_FU, // by region
    SMP_M_HAIRS = SMP_M_FU + SMP_REGION_COUNT,
    SMP_M_COVER = SMP_M_HAIRS + SMP_REGION_COUNT,
    SMP_M_GREY,
    SMP_M_COST,
    SMP_M_HOURS,
    SMP_M_DAYS,
    SMP_M_COUNT
};
enum smp_total { SMP_T_GRAFTS, SMP_T_SESSIONS, SMP_T_DONOR, SMP_T_NEEDED, SMP_T_COUNT };
struct smp_course {
    double at[SMP_COMPARE_YEARS_MAX + 1][SMP_M_COUNT];
    double total[SMP_T_COUNT];
    // of the last year computed, a cell: share of the native hair as FU, grafted FU per cm² that
    // grow, share treated with dots
    double left[SMP_CELLS_MAX], grafts[SMP_CELLS_MAX], dots[SMP_CELLS_MAX];
    double step; // of the ladder
};
// Distance from which dots read as stubble at an age of smp_match_age_years.
double smp_casual_mm(const struct smp_dots_course *dots, size_t age, double z);
double smp_course_hours(const struct smp_prospect *prospect, double z); // of the SMP course
// Share of its native hair that a cell has at a step.
double smp_cell_left(const struct smp_cell_of_scalp *cell, const struct smp_ladder *ladder,
                     double step);
// Years 0 to `years`.
void smp_simulate(struct smp_course *course, const struct smp_prospect *prospect,
                  const struct smp_parts *parts, const struct smp_draw *draw, int years);

// ---- donor.c ------------------------------------------------------------------------------------

struct smp_donor {
    double lifetime;          // grafts
    double session[2];        // grafts of one operation, by enum smp_surgery
    double hairs, calibre_mm; // a unit; of a hair
    double covered;           // least coverage value that looks covered on this person
};
struct smp_donor smp_donor_of(const struct smp_prospect *prospect, const struct smp_draw *draw);

// ---- words.c, sensitivity.c ---------------------------------------------------------------------

enum smp_code smp_outcome_words(struct smp_outcome *outcome, const struct smp_prospect *prospect,
                                const struct smp_parts *parts, struct smp_arena *arena,
                                struct smp_err *err);
// Why this person cannot have it, before anything is computed; NULL where nothing speaks against.
const char *smp_choice_barred(const struct smp_prospect *prospect, const struct smp_parts *parts,
                              struct smp_arena *arena);
void smp_outcome_harms(struct smp_outcome *outcome, const struct smp_prospect *prospect,
                       const struct smp_parts *parts);
enum smp_code smp_comparison_notes(struct smp_comparison *made, const struct smp_prospect *prospect,
                                   struct smp_arena *arena, struct smp_err *err);
void smp_comparison_sensitivity(struct smp_comparison *made, const struct smp_prospect *prospect);

// order.c: criteria from the raw values of concerns, and scores by the weights.
struct smp_raw {
    bool counts; // the option is possible
    double value[SMP_CONCERN_COUNT];
};
struct smp_raw smp_raw_of_course(const struct smp_course *course, const struct smp_outcome *outcome,
                                 int years);
struct smp_concern_scale { // worst and best of each concern among the options
    double low[SMP_CONCERN_COUNT], high[SMP_CONCERN_COUNT];
};
struct smp_concern_scale smp_scale_of(const struct smp_raw *raw, size_t count);
void smp_score(double *scores, double (*criteria)[SMP_CONCERN_COUNT], const struct smp_raw *raw,
               size_t count, const double *weights, const struct smp_concern_scale *scale);
enum smp_code smp_comparison_order(struct smp_comparison *made, struct smp_arena *arena,
                                   struct smp_err *err);

#endif
