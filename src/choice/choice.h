// The other options (nothing, transplant, medication, hairpiece) beside micropigmentation: the
// evidence that a comparison stands on, hair over the years, the comparison itself, and whether
// micropigmentation suits a client.
//
// General information, not medical advice.
#ifndef SMP_CHOICE_H
#define SMP_CHOICE_H

#include "base/base.h"
#include "pigment/pigment.h"
#include "plan/plan.h"

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

// ---- The comparison -----------------------------------------------------------------------------

// Options beside one another; nobody's order. Each row: name as in JSON, words for a layman.
#define SMP_CHOICES(X)                                                                             \
    X(SMP_CHOICE_NOTHING, "nothing", "no treatment")                                               \
    X(SMP_CHOICE_SMP, "smp", "scalp micropigmentation (SMP)")                                      \
    X(SMP_CHOICE_FUT, "fut", "hair transplant by strip (FUT)")                                     \
    X(SMP_CHOICE_FUE, "fue", "hair transplant graft by graft (FUE)")                               \
    X(SMP_CHOICE_MINOXIDIL, "minoxidil", "minoxidil 5 % on the skin")                              \
    X(SMP_CHOICE_ORAL_MINOXIDIL, "oral-minoxidil", "minoxidil tablets")                            \
    X(SMP_CHOICE_FINASTERIDE, "finasteride", "finasteride tablets")                                \
    X(SMP_CHOICE_DUTASTERIDE, "dutasteride", "dutasteride capsules")                               \
    X(SMP_CHOICE_BOTH, "both", "minoxidil on the skin and finasteride")                            \
    X(SMP_CHOICE_HAIRPIECE, "hairpiece", "hairpiece or wig")                                       \
    X(SMP_CHOICE_SMP_FUE, "smp+fue", "SMP between the grafts of an FUE")                           \
    X(SMP_CHOICE_SMP_MEDICATION, "smp+medication", "SMP with the medication that fits")            \
    X(SMP_CHOICE_FUT_SCAR_SMP, "fut+scar-smp", "FUT, its scar hidden by SMP")
#define SMP_CHOICE_ENUM(name, text, words) name,
enum smp_choice { SMP_CHOICES(SMP_CHOICE_ENUM) SMP_CHOICE_COUNT };
extern const char *const smp_choice_names[]; // NULL-ended
extern const char *const smp_choice_words[]; // by enum smp_choice

// Parts of the scalp that a layman knows, in place of the head's twelve zones.
#define SMP_REGIONS(X)                                                                             \
    X(SMP_REGION_FRONT, "front") /* hairline, frontal, temples, temporal peaks */                  \
    X(SMP_REGION_TOP, "top")     /* midscalp */                                                    \
    X(SMP_REGION_CROWN, "crown")                                                                   \
    X(SMP_REGION_SIDES, "sides") /* parietal */                                                    \
    X(SMP_REGION_BACK, "back")   /* occiput, nape */
#define SMP_REGION_ENUM(name, text) name,
enum smp_region { SMP_REGIONS(SMP_REGION_ENUM) SMP_REGION_COUNT };
extern const char *const smp_region_names[]; // NULL-ended

// What can matter to the person; weights of an order.
#define SMP_CONCERNS(X)                                                                            \
    X(SMP_CONCERN_COVER, "cover")           /* mean share of the scalp that reads as covered */    \
    X(SMP_CONCERN_BUDGET, "budget")         /* cost of all years */                                \
    X(SMP_CONCERN_TIME, "time")             /* hours and days off of all years */                  \
    X(SMP_CONCERN_SURGERY, "surgery")       /* none is best */                                     \
    X(SMP_CONCERN_UPKEEP, "upkeep")         /* hours a year after the first */                     \
    X(SMP_CONCERN_REVERSIBLE, "reversible") /* how far it can be undone */
#define SMP_CONCERN_ENUM(name, text) name,
enum smp_concern { SMP_CONCERNS(SMP_CONCERN_ENUM) SMP_CONCERN_COUNT };
extern const char *const smp_concern_names[]; // NULL-ended
// Orders that stand beside the person's own; the first is the default.
enum { SMP_WEIGHINGS = 5 };
struct smp_weighing {
    const char *name, *words; // words: "cost and time matter most"
    double weights[SMP_CONCERN_COUNT];
};
extern const struct smp_weighing smp_weighings[SMP_WEIGHINGS];
// A unit of the evidence ("FU/cm2") as it is said to a layman; others, and NULL, as they are.
const char *smp_unit_words(const char *unit);

enum { SMP_COMPARE_YEARS_MAX = 30, SMP_COMPARE_PERSONS_MAX = 100000, SMP_SENSITIVITIES = 10 };

// How things stand so many years from now; sums are since the start. Bands (skin/skin.h) are 5, 50
// and 95 % of persons who start like this one.
struct smp_year {
    struct smp_band fu_per_cm2[SMP_REGION_COUNT];    // follicular units, grafts among them
    struct smp_band hairs_per_cm2[SMP_REGION_COUNT]; // own hair; neither dots nor a hairpiece's
    struct smp_band cover_share; // of the scalp behind the natural hairline that reads as covered
    struct smp_band grey_share;  // of the hair
    struct smp_band cost;        // so far, in the comparison's currency
    struct smp_band hours;       // so far: treatment and upkeep
    struct smp_band days_off;    // so far
};

// Of 1,000 persons who choose it, so many.
struct smp_harm {
    const char *what;
    double per_1000, low, high; // 95 % interval, or the band of a weak figure
    const struct smp_figure *figure;
    bool weak;        // unverified, of grade D or U
    const char *note; // "all tattoos, not SMP alone", or ""
};

enum { SMP_HARMS_MAX = 16, SMP_SENTENCES_MAX = 10 };
struct smp_outcome {
    enum smp_choice choice;
    enum smp_treatment drug; // the one taken; SMP_TREAT_PLACEBO: none
    bool possible;           // for this person
    const char *why_not;     // one plain sentence; NULL where it is possible
    struct smp_year *years;  // of 0 to comparison.years; NULL where it is not possible
    // Share of persons whose whole scalp (98 % of it) reads as covered at the end.
    double full_cover_share;
    double donor_enough_share;        // whose donor gives the grafts that this takes (transplants)
    struct smp_band grafts, sessions; // of a transplant or SMP with touch-ups, all years
    struct smp_band donor_grafts;     // that the donor gives in a lifetime (transplants)
    struct smp_band needed_grafts;    // that full cover would take at the end (transplants)
    struct smp_harm harms[SMP_HARMS_MAX];
    size_t harm_count;
    double reversible;            // 1 leaves nothing behind, 0 cannot be undone
    const char *reversible_words; // one sentence
    bool surgery;
    const char *cant_do[SMP_SENTENCES_MAX]; // plain sentences
    size_t cant_count;
    const char *notes[SMP_SENTENCES_MAX]; // what was assumed; weak evidence by name
    size_t note_count;
    double criteria[SMP_CONCERN_COUNT]; // 0 worst to 1 best among the options that are possible
    double score;                       // their weighted mean
    size_t rank; // from 1; equal scores are ordered by name, the impossible last
};

// One input at its 5 and 95 %, all others in the middle: the option whose score it moves most.
struct smp_sensitivity {
    const char *input, *unit;
    double low, high; // of the input, in its unit, on that option (a drug's gain, a method's price)
    enum smp_choice choice;
    double score_low, score_high; // of that option
    double cover_low, cover_high; // of that option, at the end
    bool first_changes;           // another option comes first at one end
    bool weak;
};

struct smp_comparison {
    struct smp_outcome *outcomes; // in the order asked for
    size_t count;
    size_t *order;                      // indices of outcomes, best first
    size_t *other_order[SMP_WEIGHINGS]; // the same by the weights of smp_weighings
    int years;
    size_t persons;
    uint64_t seed;
    const char *currency;       // of all costs
    const char *country;        // that prices are of, where they are known
    double scalp_cm2, bald_cm2; // now
    double region_cm2[SMP_REGION_COUNT];
    double weights[SMP_CONCERN_COUNT]; // as given; they count by their share of the sum
    struct smp_sensitivity sensitivities[SMP_SENSITIVITIES];
    size_t sensitivity_count;
    const char *notes[SMP_SENTENCES_MAX]; // typical values taken where the case has none
    size_t note_count;
    const struct smp_prospect *prospect; // for smp_compare_field
};

// What a comparison takes of a plan. A plan's recipe gives the spans; without one, say why in
// `impossible`.
struct smp_dots_course {
    const char *impossible;     // why SMP cannot be planned, or NULL
    const double *per_cm2;      // dots, by point of the head's mesh; NULL: none
    const double *hair_per_cm2; // remaining FUs as designed round, none in scars; NULL: as the loss
    double treated_cm2;
    int sessions;
    double minutes; // all sessions
    double price_low, price_high;
    const char *currency;
    struct smp_span casual_mm[SMP_MATCH_AGE_COUNT]; // from where dots read as stubble
    struct smp_span touch_up_years;
};
// The arrays are the plan's. Errors: SMP_E_INPUT (a plan whose recipe was never sought).
enum smp_code smp_dots_course(struct smp_dots_course *course, const struct smp_plan *plan,
                              struct smp_err *err);

struct smp_compare_params {
    const struct smp_case *from; // age must be given
    const struct smp_head *head;
    const struct smp_dots_course *dots;
    const struct smp_evidence *evidence;
    const enum smp_choice *choices; // NULL: all
    size_t choice_count;
    int years;      // 1 to 30
    size_t persons; // 100 to 100,000
    uint64_t seed;
    double weights[SMP_CONCERN_COUNT]; // none below 0, one above
};
// 10 years, 10,000 persons, seed 1, the weights of the first view.
struct smp_compare_params smp_compare_defaults(void);
// The same for any number of threads, and for each option whatever others are asked for (but for
// criteria, score and rank, which are relative). Errors: SMP_E_INPUT (params out of range, facts of
// the case that contradict one another, an age not given, a figure that is missing), SMP_E_NOMEM.
enum smp_code smp_compare(struct smp_comparison *made, const struct smp_compare_params *params,
                          struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err);
// Whether dots are worn on a shaved head where no length of hair is asked for: men, and who has no
// hair left.
bool smp_shaved_by_custom(const struct smp_case *from);
// Hair of the middle person, FU per cm² a point of the head's mesh (array of the caller), so many
// years after choosing an option; its dots, where SMP has treated (share of the plan's density,
// NULL: not wanted). `among_dots` is what is seen between the dots of a shaved head: grafts there
// stand in the place of dots and are left out, and where a touch-up set dots in the place of hair
// that went, units stay as they were.
void smp_compare_field(double *fu_per_cm2, double *dots_share, const struct smp_comparison *made,
                       enum smp_choice choice, int year, bool among_dots);
// The comparison as JSON text (docs/choice.md); NULL where memory ran out.
char *smp_comparison_json(const struct smp_comparison *made, bool indent, struct smp_arena *arena);

// ---- Suitability for SMP: data/suitability.json -------------------------------------------------

// From the mildest. Rules give all but the second.
#define SMP_SUITS(X)                                                                               \
    X(SMP_SUIT_YES, "suitable")       /* as a rule: good to know */                                \
    X(SMP_SUIT_OPEN, "not known yet") /* nothing speaks against it, but not all was asked */       \
    X(SMP_SUIT_LATER, "later")                                                                     \
    X(SMP_SUIT_DOCTOR, "ask a doctor first")                                                       \
    X(SMP_SUIT_NO, "not this")
#define SMP_SUIT_ENUM(name, text) name,
enum smp_suit { SMP_SUITS(SMP_SUIT_ENUM) SMP_SUIT_COUNT };
extern const char *const smp_suit_names[]; // NULL-ended

struct smp_condition {
    size_t fact;            // of smp_facts
    uint32_t words;         // that fit, by bit (of a flag: 1 false, 2 true)
    double at_least, below; // of numbers and months
};
enum { SMP_CONDITIONS_MAX = 4 };
struct smp_rule {
    const char *id;
    struct smp_condition when[SMP_CONDITIONS_MAX]; // all must hold
    size_t when_count;
    enum smp_suit result;
    double wait_months;       // NAN: not told
    const char *why, *source; // why: to the client, in plain words
    char grade;               // as of figures
};
struct smp_rules {
    const struct smp_rule *rules;
    size_t count;
};
// Errors: SMP_E_FORMAT, SMP_E_INPUT (file, field, rule), SMP_E_NOMEM. The second takes the user's
// folder (NULL: none) before what is built in; a file there must hold every built-in rule.
enum smp_code smp_rules_read(struct smp_rules *rules, const char *file, const char *text,
                             size_t length, struct smp_arena *arena, struct smp_err *err);
enum smp_code smp_rules_load(struct smp_rules *rules, const char *folder, struct smp_arena *arena,
                             struct smp_err *err);

struct smp_reason {
    const struct smp_rule *rule;
    double from_months; // from today, at the earliest; NAN: not told
    bool after_end;     // counted from the end of what goes on now: that may be later
};
struct smp_suitability {
    enum smp_suit result;
    const struct smp_reason *reasons; // the gravest first, then in the order of the rules
    size_t reason_count;
    // Facts that could still change the result, then those that could only add what is good to
    // know; each in the order of smp_facts.
    const size_t *not_asked;
    size_t not_asked_count, deciding_count;
    double from_months; // of all "later" reasons together; NAN: none told
    bool from_open;     // one of them has no date yet
};
// Screening, never a diagnosis. A fact that was not given is neither yes nor no. Pure.
enum smp_code smp_suit(struct smp_suitability *made, const struct smp_rules *rules,
                       const struct smp_case *from, struct smp_arena *arena, struct smp_err *err);
const char *smp_suit_sentence(enum smp_suit result); // to the client
// As `stubble suit --json` prints it; today NULL: months only. NULL where memory ran out.
struct json_t *smp_suit_json(const struct smp_suitability *made, const struct smp_date *today);
// "from 2027-05-28 at the earliest", "6 months from now at the earliest", "" where nothing is told.
void smp_suit_from(char text[128], double from_months, bool open, const struct smp_date *today);

#endif
