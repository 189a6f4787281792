// What `stubble compare --out DIR` makes of a comparison: compare.json, compare.html, compare.pdf,
// pictures/.
#ifndef SMP_CLI_COMPARE_FOLDER_H
#define SMP_CLI_COMPARE_FOLDER_H

#include "choice/choice.h"
#include "plan/plan.h"
#include "report/report.h"

struct smp_compare_work {
    const struct smp_plan *plan;
    const struct smp_dots_course *dots;
    bool pictures; // false: none are drawn
    struct smp_report report;
};

// The head under each option at the times of the report, [option][time]; an option that is not
// possible has none. Arena-owned.
enum smp_code smp_compare_pictures(struct smp_image **shots, const struct smp_compare_work *work,
                                   struct smp_pool *pool, struct smp_arena *arena,
                                   struct smp_err *err);

// Fills the folder. work->report.shots is set where pictures are drawn.
enum smp_code smp_compare_folder_fill(const char *folder, struct smp_compare_work *work,
                                      struct smp_pool *pool, struct smp_arena *arena,
                                      struct smp_err *err);
extern const char *const smp_compare_folder_names[]; // for smp_outdir_begin

// The comparison of a plan's own case in a folder made here, over five years and of fewer persons,
// so that it takes seconds; `data`: the user's numbers or NULL.
enum smp_code smp_compare_beside_plan(const char *folder, const struct smp_plan *plan,
                                      const char *data, bool pictures, struct smp_pool *pool,
                                      struct smp_arena *arena, struct smp_err *err);

#endif
