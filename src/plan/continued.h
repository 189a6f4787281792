// Part of plan.h, which is what others include: a plan that goes on where an earlier one was done
// (docs/continue.md), and what follow-up photos say of the years to come.
#ifndef SMP_PLAN_CONTINUED_H
#define SMP_PLAN_CONTINUED_H

#include "head/head.h"
#include "skin/skin.h"

// What came of the earlier plan's dots.
enum smp_came {
    SMP_CAME_DONE,     // it is there, at its measured place
    SMP_CAME_ASSUMED,  // of a session done, in no photo: taken as done
    SMP_CAME_DOUBTFUL, // the photos cannot tell: taken as done
    SMP_CAME_EXTRA,    // there, and nobody planned it
    SMP_CAME_KEPT,     // of a later session, where it was planned
    SMP_CAME_AGAIN,    // not done: set in the next session, where it was planned
    SMP_CAME_MOVED,    // as one of these two, but beside its place, which is taken
    SMP_CAME_REPLACED, // set elsewhere, under a new id
    SMP_CAME_LEFT_OUT, // given up, for one that nobody planned or for want of room
    SMP_CAME_COUNT
};
extern const char *const smp_came_names[]; // "done", "taken_as_done", …, NULL

// A real dot that is too big, merged or too deep: others keep two diameters away.
struct smp_bad_spot {
    uint32_t id;
    int what; // of smp_spot_names
};
enum { SMP_SPOT_MERGED, SMP_SPOT_TOO_BIG, SMP_SPOT_TOO_DEEP, SMP_SPOT_COUNT };
extern const char *const smp_spot_names[]; // "merged", "too_big", "too_deep", NULL

// A dot that photos showed, by rising id.
struct smp_seen_dot {
    uint32_t id;
    double strength; // its contrast over the median of the sound dots beside it
};

// ---- What follow-up photos say of the years to come ---------------------------------------------

// Contrast of the dots in one measured file.
struct smp_follow_photo {
    const char *file;
    double years, contrast, sd; // sd: share of the contrast
    size_t dots;                // sound ones
};
// Ages at which the band is told: after 1, 3, 5 and 8 years.
enum { SMP_FOLLOW_1Y, SMP_FOLLOW_3Y, SMP_FOLLOW_5Y, SMP_FOLLOW_8Y, SMP_FOLLOW_AGES };
enum { SMP_FOLLOW_PHOTOS = 96 };
struct smp_follow_age {
    double years;
    struct smp_band before, after; // contrast, by the model alone and with the photos
    double narrower_percent;       // the band has become: of the logarithm of high over low
};
struct smp_follow {
    struct smp_follow_photo photos[SMP_FOLLOW_PHOTOS]; // in the order they came
    size_t photo_count;
    double model_sd;      // of the logarithm of what the model is off by, alike in all photos
    const char *not_used; // why the photos narrow nothing, or NULL
    // Where there are photos and not_used is NULL:
    double effective_draws;
    struct smp_follow_age ages[SMP_FOLLOW_AGES];
    struct smp_touch_up before, after;
};

// The photos narrow the forecast.
static inline bool smp_follow_narrows(const struct smp_follow *follow)
{
    return follow->photo_count > 0 && !follow->not_used;
}
// Courses of events weighed by the photos (smp_photo_ensemble). Errors: SMP_E_INPUT where too few
// draws explain them.
enum smp_code smp_follow_ensemble(struct smp_ensemble *ensemble, const struct smp_follow *follow,
                                  const struct smp_question *question,
                                  const struct smp_healing *healing, const struct smp_wear *wear,
                                  struct smp_pool *pool, struct smp_arena *arena,
                                  struct smp_err *err);

struct smp_continued {
    int sessions_done;                           // 0: the plan continues none
    double years;                                // age of the dots when last seen
    size_t came[SMP_ZONE_COUNT][SMP_CAME_COUNT]; // [SMP_ZONE_NONE]: all zones
    struct smp_bad_spot *spots;
    size_t spot_count;
    uint32_t next_id; // the least that no dot has ever had
    struct smp_seen_dot *seen;
    size_t seen_count;
    struct smp_follow follow;
};
// The strength of a dot; 0: no photo showed it.
double smp_seen_of(const struct smp_continued *continued, uint32_t id);

#endif
