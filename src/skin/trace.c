// Photon transport in layers without a deposit: totals and their errors.
#include "skin/trace_impl.h"

#include <math.h>

// Fresnel's formulas; normal incidence apart, where they are 0 / 0 for equal indices.
double smp_trace_fresnel(double n_from, double n_to, double cosine, double *cosine_out)
{
    *cosine_out = cosine;
    if (n_from == n_to)
        return 0;
    const double ratio = n_from / n_to, sine2 = ratio * ratio * (1 - cosine * cosine);
    if (sine2 >= 1)
        return 1;
    const double out = sqrt(1 - sine2);
    *cosine_out = out;
    const double s = (n_from * cosine - n_to * out) / (n_from * cosine + n_to * out);
    const double p = (n_from * out - n_to * cosine) / (n_from * out + n_to * cosine);
    return 0.5 * (s * s + p * p);
}

static void set_collision(struct smp_trace_bed *bed, int i, const struct smp_layer *layer)
{
    const double total = layer->mua_per_mm + layer->mus_per_mm, g = layer->g;
    const double share = total > 0 ? layer->mua_per_mm / total : 0;
    bed->absorb[i] = (float)share;
    bed->end_below[i] = (int32_t)(fmin(share * 0x1p32, 0x1p32 - 1) - 0x1p31);
    bed->g[i] = (float)g;
    bed->c0[i] = (float)(g * (3 - g * g) / 2);
    bed->c1[i] = (float)(1 + g * g);
    bed->c2[i] = (float)(g * (1 + g * g) / 2);
}

void smp_trace_bed_make(struct smp_trace_bed *bed, const struct smp_stack *stack)
{
    *bed = (struct smp_trace_bed){ .layers = stack->count, .one_g = true };
    double depth = 0;
    for (int i = 0; i < stack->count; i++) {
        const struct smp_layer *layer = &stack->layer[i];
        const double total = layer->mua_per_mm + layer->mus_per_mm;
        set_collision(bed, i, layer);
        bed->one_g = bed->one_g && layer->g == stack->layer[0].g;
        bed->top[i] = (float)depth;
        if (i == 0 || layer->n != stack->layer[i - 1].n) {
            bed->sheet[bed->sheets].n = layer->n;
            bed->sheet[bed->sheets++].top = (float)depth;
        }
        depth += total > 0 ? total * layer->thickness_mm : 0;
        bed->sheet[bed->sheets - 1].bottom = (float)depth;
    }
    bed->n_above = stack->n_outside;
    // What flies down a clear semi-infinite layer has left: no face follows.
    const struct smp_layer *last = &stack->layer[stack->count - 1];
    bed->n_below = isinf(last->thickness_mm) ? last->n : stack->n_outside;
    // Time to a given error on skin: 1.4 to 1.5 times as long at 1 (all analogue), 1.3 to 2 at 0.1.
    bed->analogue = 0.5F * SMP_WEIGHT_ONE;
}

enum smp_code smp_trace_check(const struct smp_stack *stack, const struct smp_trace *trace,
                              struct smp_err *err)
{
    const enum smp_code code = smp_stack_check(stack, "stack", err);
    if (code != SMP_OK)
        return code;
    if (trace->photons < 1 || trace->photons > UINT64_C(1000000000000))
        return smp_fail(err, SMP_E_INPUT, "photons must be 1 to 1e12, not %llu",
                        (unsigned long long)trace->photons);
    const struct smp_layer *last = &stack->layer[stack->count - 1];
    if (isinf(last->thickness_mm) && last->mus_per_mm > 0 &&
        !(last->mua_per_mm >= 1e-6 * last->mus_per_mm))
        return smp_fail(err, SMP_E_INPUT,
                        "stack.layers[%d].mua_per_mm must be at least 1e-6 of mus_per_mm in a "
                        "semi-infinite layer, or photons wander in it for ever",
                        stack->count - 1);
    return SMP_OK;
}

struct run {
    const struct smp_trace_bed *bed;
    const struct smp_trace *trace;
    smp_trace_kernel *kernel;
    struct smp_trace_sums *sums;
    uint64_t size; // photons of a batch
};

uint64_t smp_trace_batch(uint64_t photons)
{
    const uint64_t size = photons / 64;
    return size < SMP_BATCH_MIN ? SMP_BATCH_MIN : size > SMP_BATCH_MAX ? SMP_BATCH_MAX : size;
}

static smp_trace_kernel *best_kernel(void)
{
#ifdef SMP_TRACE_X86
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        return smp_trace_avx512;
    if (__builtin_cpu_supports("avx2"))
        return smp_trace_avx2;
#endif
    return smp_trace_baseline;
}

static void run_batches(void *context, size_t begin, size_t end)
{
    const struct run *run = context;
    for (size_t i = begin; i < end; i++) {
        const uint64_t left = run->trace->photons - i * run->size;
        run->kernel(&run->sums[i], run->bed, left < run->size ? left : run->size,
                    smp_hash64(run->trace->seed, i));
    }
}

static double error_of_mean(double mean, double square, double count)
{
    const double variance = square / count - mean * mean;
    return count > 1 && variance > 0 ? sqrt(variance / (count - 1)) : 0;
}

static enum smp_code add_up(struct smp_flux *flux, struct smp_trace_stats *stats,
                            const struct run *run, size_t batches, double specular,
                            struct smp_err *err)
{
    struct smp_trace_sums all = { 0 };
    for (size_t i = 0; i < batches; i++) {
        const struct smp_trace_sums *one = &run->sums[i];
        if (one->gave_up)
            return smp_fail(err, SMP_E_LIMIT,
                            "photons are still inside the layers after 1e8 scatterings: they "
                            "absorb too little for photon transport");
        all.up += one->up;
        all.down += one->down;
        all.straight += one->straight;
        all.up_square += one->up_square;
        all.down_square += one->down_square;
        all.collisions += one->collisions;
        for (int k = 0; k < run->bed->layers; k++)
            all.absorbed[k] += one->absorbed[k];
    }
    const double photons = (double)run->trace->photons, inside = 1 - specular;
    const double unit = inside / (photons * SMP_WEIGHT_ONE);
    *flux = (struct smp_flux){
        .specular = specular,
        .diffuse_reflectance = (double)all.up * unit,
        .transmittance = (double)all.down * unit,
        .unscattered = (double)all.straight * unit,
    };
    for (int k = 0; k < run->bed->layers; k++)
        flux->absorbed[k] = (double)all.absorbed[k] * unit;
    flux->standard_error =
        inside * error_of_mean(flux->diffuse_reflectance / inside, all.up_square, photons);
    if (stats)
        *stats = (struct smp_trace_stats){
            .transmittance_error =
                inside * error_of_mean(flux->transmittance / inside, all.down_square, photons),
            .steps = (double)all.collisions / photons,
        };
    return SMP_OK;
}

enum smp_code smp_stack_trace_stats(struct smp_flux *flux, struct smp_trace_stats *stats,
                                    const struct smp_stack *stack, const struct smp_trace *trace,
                                    struct smp_arena *scratch, struct smp_err *err)
{
    const enum smp_code bad = smp_trace_check(stack, trace, err);
    if (bad != SMP_OK)
        return bad;
    struct smp_trace_bed bed;
    smp_trace_bed_make(&bed, stack);
    struct run run = { .bed = &bed, .trace = trace, .kernel = best_kernel() };
    run.size = smp_trace_batch(trace->photons);
    const size_t batches = (size_t)((trace->photons + run.size - 1) / run.size);
    const struct smp_mark mark = smp_arena_mark(scratch);
    run.sums = smp_new(scratch, struct smp_trace_sums, batches);
    if (!run.sums)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu batches of photons", batches);
    smp_pool_for(trace->pool, batches, 1, run_batches, &run);
    double refracted;
    const double specular = smp_trace_fresnel(stack->n_outside, stack->layer[0].n, 1, &refracted);
    const enum smp_code code = add_up(flux, stats, &run, batches, specular, err);
    smp_arena_reset(scratch, mark);
    return code;
}

enum smp_code smp_stack_trace(struct smp_flux *flux, const struct smp_stack *stack,
                              const struct smp_trace *trace, struct smp_arena *scratch,
                              struct smp_err *err)
{
    return smp_stack_trace_stats(flux, NULL, stack, trace, scratch, err);
}
