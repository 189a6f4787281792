// Stands in until the head module takes scans.
#include "head/head.h"

enum smp_code smp_head_from_mesh(struct smp_head *head, const struct smp_mesh *mesh,
                                 const struct smp_scan_frame *frame, enum smp_sex sex,
                                 const char *name, struct smp_pool *pool, struct smp_arena *arena,
                                 struct smp_err *err)
{
    (void)head, (void)mesh, (void)frame, (void)sex, (void)pool, (void)arena;
    return smp_fail(err, SMP_E_UNSUPPORTED, "%s: scans are not taken yet", name);
}
