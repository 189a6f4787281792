// The plan document, plan.json. Private to the plan module.
#ifndef SMP_PLAN_DOCUMENT_H
#define SMP_PLAN_DOCUMENT_H

#include "plan/plan_impl.h"

// Text of plan.json, or NULL where memory ran out.
char *smp_plan_document(const struct smp_plan *plan, struct smp_arena *arena);

#endif
