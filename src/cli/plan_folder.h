// Commands that read a plan folder and make one file of it.
#ifndef SMP_CLI_PLAN_FOLDER_H
#define SMP_CLI_PLAN_FOLDER_H

#include "cli/cli.h"
#include "plan/plan.h"

// The plan of a folder; warns on stderr of what its scan could not give.
enum smp_code smp_plan_folder_load(struct smp_plan *plan, const char *folder, bool no_sandbox,
                                   struct smp_pool *pool, struct smp_arena *arena,
                                   struct smp_err *err);

// Runs the work in an arena of its own, unless the wish was already refused (code); returns the
// exit status, after a message where it is not 0.
typedef enum smp_code smp_folder_work(const void *wish, struct smp_arena *arena,
                                      struct smp_err *err);
int smp_plan_folder_run(enum smp_code code, smp_folder_work *work, const void *wish,
                        struct smp_err *err);

#endif
