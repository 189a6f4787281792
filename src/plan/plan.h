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

// ---- The case ----------------------------------------------------------------------------------

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
    struct smp_tape_wish tape;
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
    char *text; // the case as read, for the plan folder (arena-owned)
};

// Reads and checks case.json (schema 1). Every fault is one sentence with file, field, value, rule.
enum smp_code smp_case_read(struct smp_case *out, const char *path, struct smp_arena *arena,
                            struct smp_err *err);
enum smp_code smp_case_parse(struct smp_case *out, const char *file, const char *folder,
                             struct smp_bytes text, struct smp_arena *arena, struct smp_err *err);
// The made-up demo client, marked as such.
enum smp_code smp_case_demo(struct smp_case *out, struct smp_arena *arena, struct smp_err *err);

// Head of a case: template or scan (loaded in the sandbox).
enum smp_code smp_case_head(struct smp_head *head, const struct smp_case *from,
                            const struct smp_scan_options *options, struct smp_pool *pool,
                            struct smp_arena *arena, struct smp_err *err);

// ---- The plan ----------------------------------------------------------------------------------

struct smp_dot {
    uint32_t id; // stable for the life of the plan, from 1
    struct smp_vec3 position_mm, normal;
    struct smp_vec2 chart;
    enum smp_zone zone;
    int session;    // from 1
    uint32_t order; // within the session, from 1: the hand's path
    double diameter_um; // wanted, healed
    uint8_t pigment;    // index into the recipe
};

struct smp_zone_total {
    double cm2;
    size_t dots[SMP_SESSIONS_MAX + 1]; // [0]: all sessions
    const char *needle;                // "1RL 0.20"
    double depth_setting_mm_low, depth_setting_mm_high;
};

struct smp_session_total {
    size_t dots;
    double minutes; // with breaks
    int breaks;
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
    const char *price_source;
    struct smp_evenness evenness;
    double min_gap_mm;
    struct smp_warning *warnings;
    size_t warning_count;
    // what it stands on (kept for previews and sheets)
    const struct smp_head *head;
    const double *fu_per_cm2; // remaining hair, per point of head->mesh
    const struct smp_design *design;
};

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
// Reads a plan folder again; head, design and loss are made anew from the case in it, dots come
// from dots.csv. Everything lives in the arena.
enum smp_code smp_plan_load(struct smp_plan *plan, const char *folder,
                            const struct smp_scan_options *options, struct smp_pool *pool,
                            struct smp_arena *arena, struct smp_err *err);

#endif
