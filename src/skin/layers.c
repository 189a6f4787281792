// Rules for layers and their numbers.
#include "skin/skin.h"

#include <math.h>
#include <stdio.h>

static enum smp_code check_layer(const struct smp_layer *layer, bool last, const char *where,
                                 struct smp_err *err)
{
    const struct {
        const char *name, *unit;
        double value, min, max;
    } rules[] = {
        { "n", "", layer->n, 1, 3 },
        { "mua_per_mm", "per mm", layer->mua_per_mm, 0, 1e6 },
        { "mus_per_mm", "per mm", layer->mus_per_mm, 0, 1e6 },
    };
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        const enum smp_code code = smp_check_number(rules[i].value, rules[i].name, rules[i].unit,
                                                    rules[i].min, rules[i].max, where, err);
        if (code != SMP_OK)
            return code;
    }
    if (!(layer->g > -1 && layer->g < 1))
        return smp_fail(err, SMP_E_INPUT,
                        "%s.g must lie between -1 and 1 (neither reached), not %g", where,
                        layer->g);
    if (isinf(layer->thickness_mm) && !last)
        return smp_fail(err, SMP_E_INPUT, "%s.thickness_mm may be null in the last layer only",
                        where);
    if (!(layer->thickness_mm > 0))
        return smp_fail(err, SMP_E_INPUT, "%s.thickness_mm must be more than 0 mm, not %g", where,
                        layer->thickness_mm);
    return SMP_OK;
}

enum smp_code smp_stack_check(const struct smp_stack *stack, const char *where, struct smp_err *err)
{
    const char *dot = *where ? "." : "";
    if (stack->count < 1 || stack->count > SMP_LAYERS_MAX)
        return smp_fail(err, SMP_E_INPUT, "%s%slayers must hold 1 to %d layers, not %d", where, dot,
                        SMP_LAYERS_MAX, stack->count);
    const enum smp_code code =
        smp_check_number(stack->n_outside, "n_outside", "", 1, 3, where, err);
    if (code != SMP_OK)
        return code;
    for (int i = 0; i < stack->count; i++) {
        char name[128];
        snprintf(name, sizeof name, "%s%slayers[%d]", where, dot, i);
        const enum smp_code bad = check_layer(&stack->layer[i], i == stack->count - 1, name, err);
        if (bad != SMP_OK)
            return bad;
    }
    return SMP_OK;
}
