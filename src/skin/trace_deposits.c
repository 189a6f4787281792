// Contrast of deposits by direct runs: each photon is followed through bare skin, and again from
// where it first met pigment. Only those that met any can tell the two apart.
#include "skin/trace_impl.h"

#include <math.h>
#include <stdio.h>

struct sums {
    double bare, taken, bare_square, taken_square, both;
};
struct run {
    const struct smp_walk_bed *bed;
    const struct smp_trace *trace;
    enum smp_light seen;
    const struct smp_vec2 *points_mm;
    size_t batches; // of each point
    uint64_t size;  // photons of a batch
    struct sums *sums;
};

static void run_batch(struct sums *sums, const struct run *run, size_t batch)
{
    const size_t point = batch / run->batches, part = batch % run->batches;
    const uint64_t left = run->trace->photons - part * run->size;
    const uint64_t photons = left < run->size ? left : run->size;
    struct smp_walker walker = { .rng = smp_rng_make(run->trace->seed, batch) };
    for (uint64_t i = 0; i < photons; i++) {
        struct smp_walker fork;
        struct smp_walk_end bare, pigmented;
        smp_walker_launch(&walker, run->bed, run->points_mm[point], run->seen);
        double taken = 0;
        if (smp_walk_bare(&bare, &walker, &fork, run->bed)) {
            smp_walk_pigmented(&pigmented, &fork, run->bed);
            taken = bare.weight - pigmented.weight;
        }
        sums->bare += bare.weight;
        sums->taken += taken;
        sums->bare_square += bare.weight * bare.weight;
        sums->taken_square += taken * taken;
        sums->both += bare.weight * taken;
    }
}

static void run_batches(void *context, size_t begin, size_t end)
{
    const struct run *run = context;
    for (size_t i = begin; i < end; i++)
        run_batch(&run->sums[i], run, i);
}

static struct smp_trace_look add_up(const struct run *run, size_t point)
{
    struct sums all = { 0 };
    for (size_t i = point * run->batches; i < (point + 1) * run->batches; i++) {
        all.bare += run->sums[i].bare;
        all.taken += run->sums[i].taken;
        all.bare_square += run->sums[i].bare_square;
        all.taken_square += run->sums[i].taken_square;
        all.both += run->sums[i].both;
    }
    const double contrast = all.bare > 0 ? all.taken / all.bare : 0;
    // Error of a ratio of means, from each photon's residual.
    const double square =
        all.taken_square - 2 * contrast * all.both + contrast * contrast * all.bare_square;
    return (struct smp_trace_look){
        .reflectance = all.bare / (double)run->trace->photons,
        .contrast = contrast,
        .contrast_error = all.bare > 0 ? sqrt(fmax(0, square)) / all.bare : 0,
    };
}

static enum smp_code check_deposit(const struct smp_trace_deposit *deposit, int i,
                                   struct smp_err *err)
{
    char where[64];
    snprintf(where, sizeof where, "deposits[%d]", i);
    const struct {
        const char *name, *unit;
        double value, min, max;
    } rules[] = {
        { "x_mm", "mm", deposit->x_mm, -1000, 1000 },
        { "y_mm", "mm", deposit->y_mm, -1000, 1000 },
        { "top_mm", "mm", deposit->top_mm, 0, 100 },
        { "bottom_mm", "mm", deposit->bottom_mm, 0, 200 },
        { "diameter_mm", "mm", deposit->diameter_mm, 0.001, 100 },
        { "mua_per_mm", "per mm", deposit->mua_per_mm, 0, 1e6 },
        { "mus_per_mm", "per mm", deposit->mus_per_mm, 0, 1e6 },
    };
    for (size_t k = 0; k < sizeof rules / sizeof rules[0]; k++) {
        const enum smp_code code = smp_check_number(rules[k].value, rules[k].name, rules[k].unit,
                                                    rules[k].min, rules[k].max, where, err);
        if (code != SMP_OK)
            return code;
    }
    if (!(deposit->g > -1 && deposit->g < 1))
        return smp_fail(err, SMP_E_INPUT,
                        "%s.g must lie between -1 and 1 (neither reached), not %g", where,
                        deposit->g);
    if (!(deposit->bottom_mm > deposit->top_mm))
        return smp_fail(err, SMP_E_INPUT, "%s.bottom_mm must be more than top_mm (%g), not %g",
                        where, deposit->top_mm, deposit->bottom_mm);
    return SMP_OK;
}

static enum smp_code check_scene(const struct smp_trace_scene *scene, const struct smp_trace *trace,
                                 struct smp_err *err)
{
    enum smp_code code = smp_trace_check(scene->stack, trace, err);
    for (int i = 1; code == SMP_OK && i < scene->stack->count; i++)
        if (scene->stack->layer[i].n != scene->stack->layer[0].n)
            code = smp_fail(err, SMP_E_INPUT,
                            "stack.layers[%d].n must equal stack.layers[0].n (%g) where deposits "
                            "are traced, not %g",
                            i, scene->stack->layer[0].n, scene->stack->layer[i].n);
    if (code == SMP_OK && (scene->count < 0 || scene->count > SMP_TRACE_DEPOSITS_MAX))
        code = smp_fail(err, SMP_E_INPUT, "deposits must be 0 to %d, not %d",
                        SMP_TRACE_DEPOSITS_MAX, scene->count);
    for (int i = 0; code == SMP_OK && i < scene->count; i++)
        code = check_deposit(&scene->deposits[i], i, err);
    return code;
}

enum smp_code smp_stack_trace_deposits(struct smp_trace_look *looks,
                                       const struct smp_trace_scene *scene,
                                       const struct smp_vec2 *points_mm, size_t count,
                                       const struct smp_trace *trace, struct smp_arena *scratch,
                                       struct smp_err *err)
{
    const enum smp_code code = check_scene(scene, trace, err);
    if (code != SMP_OK)
        return code;
    struct smp_trace_deposit kept[SMP_TRACE_DEPOSITS_MAX];
    struct smp_trace_scene seen = *scene;
    seen.deposits = kept;
    seen.count = 0;
    for (int i = 0; i < scene->count; i++) // no pigment, no deposit: contrast exactly 0
        if (scene->deposits[i].mua_per_mm > 0 || scene->deposits[i].mus_per_mm > 0)
            kept[seen.count++] = scene->deposits[i];
    struct smp_walk_bed bed;
    smp_walk_bed_make(&bed, &seen);
    struct run run = {
        &bed, trace, scene->seen, points_mm, 0, smp_trace_batch(trace->photons), NULL
    };
    run.batches = (size_t)((trace->photons + run.size - 1) / run.size);
    const struct smp_mark mark = smp_arena_mark(scratch);
    run.sums = smp_new(scratch, struct sums, run.batches * count);
    if (!run.sums)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu batches of photons",
                        run.batches * count);
    smp_pool_for(trace->pool, run.batches * count, 1, run_batches, &run);
    for (size_t i = 0; i < count; i++)
        looks[i] = add_up(&run, i);
    smp_arena_reset(scratch, mark);
    return SMP_OK;
}
