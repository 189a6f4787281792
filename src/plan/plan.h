// The plan: every dot, its session and place in the order, needles, minutes, price, warnings, and
// the documents they are kept in (case.json in, plan folder out and in again).
//
// smp_case_read, smp_plan_save and smp_plan_load touch files; the rest is pure.
#ifndef SMP_PLAN_H
#define SMP_PLAN_H

#include "base/base.h"
#include "colour/colour.h"
#include "design/design.h"
#include "head/head.h"
#include "layout/layout.h"
#include "measure/measure.h"
#include "photo/photo.h"
#include "plan/continued.h"

// ---- Settings: the editable numbers of data/ ----------------------------------------------------

struct smp_number {
    double value, min, max;
    const char *unit, *grade, *source;
};

// Limits of the warnings and the figures of time, by their names in data/.
#define SMP_NUMBERS(X)                                                                             \
    X(SMP_N_TINTED, "limit.tinted_share")                                                          \
    X(SMP_N_HELMET, "limit.helmet_share")                                                          \
    X(SMP_N_GRID_CV, "limit.grid_cv")                                                              \
    X(SMP_N_DOT_MM, "limit.dot_mm")                                                                \
    X(SMP_N_GAP_DIAMETERS, "limit.gap_diameters")                                                  \
    X(SMP_N_MERGING, "limit.merging_share")                                                        \
    X(SMP_N_DROPPED, "limit.dropped_share")                                                        \
    X(SMP_N_HAIRLINE_MM, "limit.hairline_mm")                                                      \
    X(SMP_N_HAIRLINE_STRONG_MM, "limit.hairline_strong_mm")                                        \
    X(SMP_N_HAIRLINE_WOMEN_MM, "limit.hairline_women_mm")                                          \
    X(SMP_N_STRAIGHTNESS, "limit.straightness")                                                    \
    X(SMP_N_RECESSION_MM, "limit.recession_mm")                                                    \
    X(SMP_N_ASYMMETRY_MM, "limit.asymmetry_mm")                                                    \
    X(SMP_N_SIDE_DIFFERENCE, "limit.side_difference")                                              \
    X(SMP_N_DENSITY_STEP, "limit.density_step")                                                    \
    X(SMP_N_SESSION_MIN, "limit.session_min")                                                      \
    X(SMP_N_DOTS_PER_CM2, "limit.dots_per_cm2")                                                    \
    X(SMP_N_OPEN_MM, "limit.open_border_mm")                                                       \
    X(SMP_N_ROUGH_SHARE, "limit.rough_share")                                                      \
    X(SMP_N_MATURE_AGE, "limit.mature_age")                                                        \
    X(SMP_N_MATURE_HAIRLINE_MM, "limit.mature_hairline_mm")                                        \
    X(SMP_N_YOUNG_AGE, "limit.young_age")                                                          \
    X(SMP_N_HUMAN_CV, "practice.human_cv")                                                         \
    X(SMP_N_DIRT_CV, "practice.dirt_cv")                                                           \
    X(SMP_N_SIZE_CV, "practice.size_cv")                                                           \
    X(SMP_N_OFF_WISH, "practice.off_wish")                                                         \
    X(SMP_N_ROUND, "practice.roundness")                                                           \
    X(SMP_N_ROUND_SHARE, "practice.misshapen_share")                                               \
    X(SMP_N_UNSEEN, "limit.unseen_share")                                                          \
    X(SMP_N_PHOTO_SD, "photo.contrast_sd")                                                         \
    X(SMP_N_PHOTO_CARD_SD, "photo.contrast_sd_with_card")                                          \
    X(SMP_N_PHOTO_MODEL_SD, "photo.contrast_sd_of_model")                                          \
    X(SMP_N_SESSIONS, "sessions.count")                                                            \
    X(SMP_N_SHARE_THIRD, "sessions.share_third")                                                   \
    X(SMP_N_SHARE_TWO_THIRDS, "sessions.share_two_thirds")                                         \
    X(SMP_N_DOTS_PER_MIN, "sessions.dots_per_min")                                                 \
    X(SMP_N_BREAK_AFTER_MIN, "sessions.break_after_min")                                           \
    X(SMP_N_BREAK_MIN, "sessions.break_min")                                                       \
    X(SMP_N_FU_PER_CM2, "hair.fu_per_cm2")                                                         \
    X(SMP_N_STUBBLE_MM, "hair.stubble_mm")
#define SMP_NUMBER_ENUM(name, text) name,
enum smp_number_id { SMP_NUMBERS(SMP_NUMBER_ENUM) SMP_NUMBER_COUNT };

struct smp_needle {
    const char *name;                                              // "1RL 0.20"
    struct smp_number depth_setting_low_mm, depth_setting_high_mm; // never a depth in the skin
    struct smp_number diameter_um;                                 // healed
};

struct smp_price {
    const char *currency, *grade, *source;
    bool per_session; // or for the whole course
    double up_to_cm2, low, high;
};

struct smp_settings {
    struct smp_number numbers[SMP_NUMBER_COUNT];
    struct smp_hairline_params hairline[SMP_STYLE_COUNT];
    struct smp_design_params design;
    struct smp_needle needles[SMP_ZONE_COUNT];
    struct smp_lab hair_lab, skin_lab[6];
    const struct smp_price *prices;
    size_t price_count;
    const char **currencies; // NULL-ended, each once
    const char *folder;      // where the files were read; NULL: built in
};

// Reads design.json, needles.json, limits.json and prices.json from a folder; those built into the
// program stand in for absent ones. folder NULL: all built in.
enum smp_code smp_settings_read(struct smp_settings *settings, const char *folder,
                                struct smp_arena *arena, struct smp_err *err);
// A built-in file ("design.json", "demo.json", …); data NULL where there is none of that name.
struct smp_bytes smp_data_file(const char *name);
// The file of that name in the user's folder (NULL: none), or else the built-in one; *path is its
// name for messages. A folder that is not there is SMP_E_FILE.
enum smp_code smp_data_find(const char *folder, const char *name, const char **path,
                            struct smp_bytes *text, struct smp_arena *arena, struct smp_err *err);

// ---- Facts for the screening (fields health and wishes of the case) -----------------------------

enum smp_fact_kind {
    SMP_FACT_FLAG,   // true or false
    SMP_FACT_SPELL,  // false: never; true: now; a number: months since it ended
    SMP_FACT_EVENT,  // false: never; a number: months since
    SMP_FACT_WORD,   // one of `words`
    SMP_FACT_NUMBER, // min to max of `unit`
};

struct smp_fact {
    const char *field; // "health.keloid_own"
    enum smp_fact_kind kind;
    const char *const *words; // NULL-ended; NULL for the other kinds
    const char *unit;
    double min, max;
    const char *question; // as a client is asked
};
extern const struct smp_fact smp_facts[];
extern const size_t smp_fact_count;
// Index of the fact of that field; smp_fact_count where there is none.
size_t smp_fact_find(const char *field);

struct smp_fact_value {
    bool given;   // false: not asked, which is not a no
    double value; // flag 0 or 1; index of the word; number; months since (0 now, INFINITY never)
};

// ---- The case -----------------------------------------------------------------------------------

// What the case gives of the recipe, and so holds fixed; NULL and NAN are left open.
struct smp_recipe_wish {
    const char *pigment;   // id in the catalogue
    const char *catalogue; // path as resolved against the case's folder; NULL: the settings' own
    double dilution;       // parts of water to 1 part of pigment
    double diameter_um, dots_per_cm2, strength_cv, top_mm;
};

// One bottle of the recipe; smp_dot.pigment is its place in the list.
struct smp_shade {
    const char *name; // "light", "medium", "dark"
    double parts_water;
};
enum { SMP_SHADES = 3, SMP_STRENGTHS = 36, SMP_RECIPE_FIELDS = 24 };

// A value the plan stands on: given in the case, or chosen, and why.
struct smp_recipe_field {
    const char *name; // as in case.json
    const char *text; // NULL: a number
    double number;
    const char *why; // NULL: given
};

// What smp_case_recipe found for a case.
struct smp_recipe;
struct smp_plan_recipe {
    bool made;              // smp_case_recipe was called
    const char *impossible; // why there is no recipe, or NULL; then the plan keeps its defaults
    bool not_needed;        // for that reason: the stubble cannot be told from bare skin
    bool bad_skin;          // or that one: no skin of the model has the colour given
    double skin_delta_e00;  // how far that colour is from the nearest skin, where bad_skin
    const char *pigment, *pigment_name;
    // The bottles: "carbon black, 50 nm, 1 part in 3 parts of water; light dots in 20". NULL: none.
    const char *words;
    double dilution;
    double diameter_um;  // of the mid-scalp's dots; 0: by needle
    double dots_per_cm2; // of the design, at full density
    double strength_cv, top_mm, distance_mm;
    double fu_dots;                 // dots that one follicular unit is worth
    const struct smp_recipe *found; // pigment/pigment.h; NULL where there is none
    struct smp_lab bare_lab, stubble_lab;
    struct smp_shade shades[SMP_SHADES]; // light to dark
    size_t shade_count, middle_shade;    // 0 shades where there is no recipe
    // Darkening of a dot by shade and diameter, as a share of the recipe's own dot.
    double strength[SMP_SHADES][SMP_STRENGTHS];
    struct smp_recipe_field fields[SMP_RECIPE_FIELDS];
    size_t field_count;
    struct smp_bytes catalogue; // the user's own, as read
    uint64_t request;           // key of all that the match was asked; 0: nothing
};

// What a comparison of SMP with the other options asks of the person; NAN: not given.
enum smp_family { SMP_FAMILY_UNKNOWN, SMP_FAMILY_NONE, SMP_FAMILY_ONE, SMP_FAMILY_BOTH };
struct smp_person_case {
    enum smp_family family;  // parents' sides with pattern loss
    double onset_age;        // at which loss was first seen (or age less years of loss)
    double grey_percent;     // of the hair, now
    double donor_fu_per_cm2; // measured at the back of the head
    double donor_hairs_per_fu, donor_calibre_um, donor_area_cm2;
    double length_mm; // that the person wants to wear
    bool pregnancy_possible, pregnancy_given;
    const char *country;    // two capital letters; NULL
    const char *medication; // taken now: none, minoxidil, oral-minoxidil, finasteride, …; NULL
};

// How hair grows, as it is drawn.
enum smp_curl { SMP_CURL_STRAIGHT, SMP_CURL_WAVY, SMP_CURL_CURLY, SMP_CURL_COILY, SMP_CURL_COUNT };
extern const char *const smp_curl_names[]; // NULL-ended

struct smp_case {
    const char *file;  // for messages
    const char *title; // "" when not given
    double age;        // 0: not given
    enum smp_sex sex;
    int phototype; // 1 … 6 (Fitzpatrick); 0: not given
    // head: a scan, or a tape
    const char *scan; // path as resolved against the case's folder; NULL: template
    double mm_per_unit;
    bool unit_given;
    struct smp_fiducials fiducials;
    struct smp_places places; // known on the scan, in its units: those with an sd_mm
    struct smp_tape_wish tape;
    struct smp_photo *photos; // files as resolved against the case's folder
    size_t photo_count;
    struct smp_scale photo_scale;
    bool photo_outline;     // the head is bent to the outline that the photos show
    bool photos_used;       // the head is that of the photos (set by smp_case_head)
    struct smp_pose *poses; // by photo, zero where it bears no marks (set by smp_case_poses)
    // loss, hair, skin
    struct smp_loss loss;
    struct smp_lab hair_lab, skin_lab; // defaults by phototype
    double stubble_mm;
    struct smp_design_params design;
    int sessions;
    double shares[SMP_SESSIONS_MAX];
    double regularity;
    double min_gap_mm; // 0: by dot size
    double dots_per_min;
    const char *currency;
    uint64_t seed;
    char *text;         // the case as read, for the plan folder (arena-owned)
    double diameter_um; // wanted for all dots, healed; 0: by needle and zone
    bool made_up;       // the demo client
    struct smp_recipe_wish wish;
    struct smp_plan_recipe recipe; // set by smp_case_recipe
    double exit_deg, calibre_um;   // of the hair; NAN: not given
    enum smp_curl curl;            // straight where it is not given
    struct smp_lab sides_lab;      // the client's own shaved sides, measured
    bool sides_given, hair_given, skin_given, fu_given, stubble_given, dots_given;
    double sun, oily; // 0 to 1
    struct smp_person_case person;
    const struct smp_fact_value *answers; // one a row of smp_facts; NULL: none given
    double age_min_years;                 // 18; 0 for the screening
    const struct smp_settings *settings;
    const char **scan_sources; // every file the scan was read from (set by smp_case_head)
    size_t scan_source_count;
    // What of the scan could not be had, in one sentence, and how many files it names are absent
    // (set by smp_case_head); NULL: nothing.
    const char *scan_warning;
    size_t scan_missing_count;
};

// Reads and checks case.json (schema 1, docs/case.md). Every fault is one sentence with file,
// field, value, rule. Defaults come from the built-in settings, or from `settings` (which must
// outlive the case) in the functions that take them.
enum smp_code smp_case_read(struct smp_case *out, const char *path, struct smp_arena *arena,
                            struct smp_err *err);
enum smp_code smp_case_read_with(struct smp_case *out, const struct smp_settings *settings,
                                 const char *path, struct smp_arena *arena, struct smp_err *err);
// For the screening, which tells a client under 18 why not: takes any age from 0 to 110.
enum smp_code smp_case_read_screening(struct smp_case *out, const struct smp_settings *settings,
                                      const char *path, struct smp_arena *arena,
                                      struct smp_err *err);
struct smp_case_source {
    const char *file;   // for messages
    const char *folder; // relative file names in it start here
    struct smp_bytes text;
};
enum smp_code smp_case_parse(struct smp_case *out, const struct smp_case_source *source,
                             const struct smp_settings *settings, struct smp_arena *arena,
                             struct smp_err *err);
// The made-up demo client, marked as such. settings may be NULL: built in.
enum smp_code smp_case_demo(struct smp_case *out, struct smp_arena *arena, struct smp_err *err);
enum smp_code smp_case_demo_with(struct smp_case *out, const struct smp_settings *settings,
                                 struct smp_arena *arena, struct smp_err *err);

// Size and lens of a photo from its file, where they are not given. Reads it in the sandbox. The
// picture is kept in *kept (smp_image8_drop), where that is not NULL.
enum smp_code smp_photo_measure(struct smp_photo *photo, struct smp_image8 *kept,
                                const struct smp_scan_options *options, struct smp_arena *arena,
                                struct smp_err *err);
// Head of a case: scan (loaded in the sandbox), tape, or photos where landmarks are marked on them
// and neither is given. Notes the files in the case.
enum smp_code smp_case_head(struct smp_head *head, struct smp_case *from,
                            const struct smp_scan_options *options, struct smp_pool *pool,
                            struct smp_arena *arena, struct smp_err *err);

// Landmarks of the case's head: as given for its scan, else as found.
enum smp_code smp_case_places(struct smp_places *places, const struct smp_case *from,
                              const struct smp_head *head, struct smp_arena *arena,
                              struct smp_err *err);
// Cameras of the case's marked photos, in the frame of its head, into from->poses.
enum smp_code smp_case_poses(struct smp_case *from, const struct smp_head *head,
                             const struct smp_scan_options *options, struct smp_arena *arena,
                             struct smp_err *err);

// Fills in what the case leaves open: pigment, dilution, diameter, density. The density goes into
// the case's design. Without this call a plan keeps the defaults of its settings. Errors:
// SMP_E_INPUT for a pigment that the catalogue lacks or a catalogue that cannot be read.
enum smp_code smp_case_recipe(struct smp_case *from, struct smp_pool *pool, struct smp_arena *arena,
                              struct smp_err *err);

// ---- The plan -----------------------------------------------------------------------------------

struct smp_dot {
    uint32_t id; // stable for the life of the plan, from 1
    struct smp_vec3 position_mm, normal;
    struct smp_vec2 chart;
    enum smp_zone zone;
    int session;        // from 1
    uint32_t order;     // within the session, from 1: the hand's path
    double diameter_um; // wanted, healed
    uint8_t pigment;    // index into the recipe's shades
};

// A follicular unit that is left: where its hairs leave the skin.
struct smp_fu {
    struct smp_vec3 position_mm, normal;
};

struct smp_zone_total {
    double cm2;         // of the zone
    double treated_cm2; // where dots go
    size_t hairs;       // remaining FUs where dots go
    double diameter_um;
    double tinted_share;               // of treated_cm2, by healed dots
    size_t dots[SMP_SESSIONS_MAX + 1]; // [0]: all sessions
    const char *needle;                // "1RL 0.20"
    double depth_setting_mm_low, depth_setting_mm_high;
};

struct smp_session_total {
    size_t dots;
    double minutes; // with breaks
    int breaks;
    double step_mm, step_p99_mm; // from a dot to the next along the hand's path
};

struct smp_warning {
    const char *id;   // "helmet", "hairline-low", …
    const char *zone; // name, or "" for the whole plan
    double value, limit;
    const char *unit;
    const char *source; // where the limit comes from, with grade
    const char *advice; // one sentence
};

struct smp_plan {
    const struct smp_case *from;
    struct smp_dot *dots; // by id
    size_t dot_count, dropped;
    int sessions;
    struct smp_zone_total zones[SMP_ZONE_COUNT];
    struct smp_session_total session[SMP_SESSIONS_MAX]; // [0] is session 1
    double treated_cm2, bald_cm2, tinted_share;
    double price_low, price_high;
    bool price_per_session;
    const char *price_source, *price_grade;
    struct smp_continued continued;
    struct smp_evenness evenness;
    double min_gap_mm;
    struct smp_warning *warnings;
    size_t warning_count;
    const struct smp_fu *hairs; // the remaining FUs the dots were laid between
    size_t hair_count;
    double merging_share; // of dots with a neighbour nearer than two diameters
    size_t merging_pairs;
    // Darkening of the dots as a share of the recipe's, over those of full width; 0: no recipe.
    double strength_mean, strength_cv;
    // what it stands on (kept for previews and sheets)
    const struct smp_head *head;
    const double *fu_per_cm2; // remaining hair, per point of head->mesh
    const struct smp_design *design;
};

// ---- What photos show of it (docs/check.md) -----------------------------------------------------

// A dot that is really there.
struct smp_real_dot {
    struct smp_vec3 position_mm, normal;
    uint32_t id; // of the planned one; 0: none was planned
    enum smp_zone zone;
    double diameter_mm, contrast; // as the photo shows it, at its age
    double seen_px_per_mm;        // along the way it is foreshortened: the better view has more
    bool merged, too_big, too_deep, too_dark;
};
struct smp_dot_state {
    enum smp_held_kind kind; // measure.h
    const char *why;         // of doubt, or NULL
    double off_mm;           // how far from its place it was set
    double seen_px_per_mm;
};
// The dots of a plan and those that are there, as one or several photos show them.
struct smp_survey {
    const struct smp_dot *dots;   // the plan's, by id
    struct smp_dot_state *states; // of each of them
    size_t count;
    struct smp_real_dot *real;
    size_t real_count;
};
// All unseen, none there.
enum smp_code smp_survey_make(struct smp_survey *survey, const struct smp_dot *dots, size_t count,
                              struct smp_arena *arena, struct smp_err *err);
// Adds another view of the same plan: one place on the head is counted once, the better view wins.
// In what comes out, a dot is done where, and only where, a real one bears its id.
enum smp_code smp_survey_add(struct smp_survey *survey, const struct smp_survey *view,
                             struct smp_arena *arena, struct smp_err *err);
// What tells a plan from all others: of the ids, places and sessions of its dots.
uint64_t smp_plan_key(const struct smp_plan *plan);
// The number of the dot of that id; SIZE_MAX where there is none. Ids rise.
size_t smp_dot_of_id(const struct smp_dot *dots, size_t count, uint32_t id);

// ---- Making, saving, reading --------------------------------------------------------------------

// Head, loss, design, layout, order, totals, warnings. Progress is told through `progress` (may be
// NULL): a step's name and the share done.
struct smp_progress {
    void (*tell)(void *context, const char *step, double share);
    void *context;
};
enum smp_code smp_plan_make(struct smp_plan *plan, const struct smp_case *from,
                            const struct smp_head *head, struct smp_pool *pool,
                            const struct smp_progress *progress, struct smp_arena *arena,
                            struct smp_err *err);

// Writes plan.json, dots.csv, case.json and the scan's files into `folder` (which exists).
enum smp_code smp_plan_save(const struct smp_plan *plan, const char *folder,
                            struct smp_arena *scratch, struct smp_err *err);
// What `stubble check --json` printed.
struct smp_measured {
    const char *file; // for messages
    uint64_t plan_key;
    int session;            // the last that was held against the photos
    double years, widening; // age; diameter at that age over that when healed
    bool card;              // light and colours of all photos were made true by a card
    struct smp_dot_seen {
        uint32_t id;
        enum smp_held_kind kind;
        double seen_px_per_mm;
    } * dots; // planned ones that were in the photos
    size_t dot_count;
    struct smp_real_dot *real;
    size_t real_count;
};
// Errors (SMP_E_FORMAT, SMP_E_INPUT): one sentence with file, field, value, rule.
enum smp_code smp_measured_read(struct smp_measured *measured, const char *file,
                                struct smp_bytes text, struct smp_arena *arena,
                                struct smp_err *err);
// Median contrast of the dots of a file that nothing is wrong with, and its doubt; NAN where there
// are fewer than SMP_SOUND_DOTS of them.
enum { SMP_SOUND_DOTS = 20 };
enum smp_code smp_measured_contrast(struct smp_follow_photo *seen, const struct smp_measured *m,
                                    const struct smp_settings *settings, struct smp_arena *scratch,
                                    struct smp_err *err);
// When the recipe's match is lost, as follow-up photos have narrowed it; NULL: no recipe.
const struct smp_touch_up *smp_plan_touch_up(const struct smp_plan *plan);
// The next session's plan: real dots are fixed points, what was not done is set again where room
// is, ids of dots that stay do not change. `session` is the last that was done, 0: as the measured
// files say. Errors: SMP_E_INPUT for files of another plan, for sessions that make no sense, and
// where nothing is left to do.
enum smp_code smp_plan_continue(struct smp_plan *plan, const char *folder,
                                const struct smp_measured *measured, size_t count, int session,
                                const struct smp_scan_options *options, struct smp_pool *pool,
                                struct smp_arena *arena, struct smp_err *err);

// Reads a plan folder again; head, design and loss are made anew from the case in it, dots come
// from dots.csv. Everything lives in the arena.
enum smp_code smp_plan_load(struct smp_plan *plan, const char *folder,
                            const struct smp_scan_options *options, struct smp_pool *pool,
                            struct smp_arena *arena, struct smp_err *err);

#endif
