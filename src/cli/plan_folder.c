// What `preview` and `sheet` share: a plan folder read, with what the user must be told of its
// scan, and the frame of a command that makes one file of it.
#include "cli/plan_folder.h"

enum smp_code smp_plan_folder_load(struct smp_plan *plan, const char *folder, bool no_sandbox,
                                   struct smp_pool *pool, struct smp_arena *arena,
                                   struct smp_err *err)
{
    const struct smp_scan_options scan = { .no_sandbox = no_sandbox };
    const enum smp_code code = smp_plan_load(plan, folder, &scan, pool, arena, err);
    if (!code)
        smp_cli_warn_scan(plan->from->scan_warning);
    return code;
}

int smp_plan_folder_run(enum smp_code code, smp_folder_work *work, const void *wish,
                        struct smp_err *err)
{
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    if (!code)
        code = work(wish, &arena, err);
    smp_arena_drop(&arena);
    return code ? smp_cli_fail(err) : 0;
}
