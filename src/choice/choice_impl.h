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

#endif
