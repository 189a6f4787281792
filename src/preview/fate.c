// The course of events that a picture shows: the working values of the healing, or an edge of its
// band; where follow-up photos were measured, as they have narrowed it.
#include "preview/preview_impl.h"

enum { band_draws = 300 };

// The draw up to which a share of the weight lies.
static size_t at_share(struct smp_ranked *ranked, size_t count, double share)
{
    double below = 0;
    smp_rank(ranked, count);
    for (size_t i = 0; i < count; i++) {
        below += ranked[i].weight;
        if (below > share + 1e-9) // sums of equal weights are not exact
            return ranked[i].index;
    }
    return ranked[count - 1].index;
}

struct ranking {
    const struct smp_looks *looks;
    const struct smp_ensemble *ensemble;
    const struct smp_deposit_shape *planned;
    double years;
    struct smp_ranked *ranked;
};

static struct smp_photo_dot dot_of(const struct smp_looks *looks)
{
    return (struct smp_photo_dot){ looks->pigment, looks->parts_water, looks->retained,
                                   looks->skin };
}

static void rank(void *context, size_t begin, size_t end)
{
    const struct ranking *job = context;
    for (size_t i = begin; i < end; i++) {
        const struct smp_aged aged =
            smp_aged_at(&job->ensemble->fates[i], job->planned, job->years);
        struct smp_rings rings;
        if (job->looks->followed) { // as the plan's own band is told, and quickly: there are many
            const struct smp_photo_dot dot = dot_of(job->looks);
            job->ranked[i] = (struct smp_ranked){ smp_photo_contrast(&dot, &aged),
                                                  job->ensemble->weights[i], i };
            continue;
        }
        smp_rings_of(&rings, job->looks, &aged, 1);
        const double centre[3] = { rings.contrast[0][0], rings.contrast[1][0],
                                   rings.contrast[2][0] };
        job->ranked[i] = (struct smp_ranked){ smp_luminance_share(job->looks, centre),
                                              job->ensemble->weights[i], i };
    }
}

// Every constant at the middle of the draws as they are weighed: where they are not, its working
// value.
static enum smp_code middle(struct smp_fate *fate, const struct smp_ensemble *ensemble,
                            const struct smp_work *work)
{
    struct smp_ranked *ranked = smp_new(work->arena, struct smp_ranked, ensemble->count);
    if (!ranked)
        return smp_fail(work->err, SMP_E_NOMEM, "no room for the healing's band");
    for (int c = 0; c < SMP_HEALING_COUNT; c++) {
        for (size_t i = 0; i < ensemble->count; i++)
            ranked[i] = (struct smp_ranked){ ensemble->fates[i].drawn[c], ensemble->weights[i], i };
        const size_t index = at_share(ranked, ensemble->count, 0.5);
        fate->drawn[c] = ensemble->fates[index].drawn[c];
    }
    return SMP_OK;
}

static enum smp_code edge_of(struct smp_fate *fate, const struct smp_ensemble *ensemble,
                             const struct smp_looks *looks, const struct smp_deposit_shape *planned,
                             const struct smp_age *age, const struct smp_work *work)
{
    struct smp_ranked *ranked = smp_new(work->arena, struct smp_ranked, ensemble->count);
    if (!ranked)
        return smp_fail(work->err, SMP_E_NOMEM, "no room for the healing's band");
    struct ranking job = { looks, ensemble, planned, age->years, ranked };
    smp_pool_for(work->pool, ensemble->count, 16, rank, &job);
    const double share = age->edge == SMP_EDGE_LOW ? 0.05 : 0.95;
    *fate = ensemble->fates[at_share(ranked, ensemble->count, share)];
    return SMP_OK;
}

enum smp_code smp_fate_at(struct smp_fate *fate, const struct smp_looks *looks,
                          const struct smp_deposit_shape *planned, const struct smp_age *age,
                          const struct smp_work *work)
{
    const struct smp_wear wear = looks->wear;
    const bool median = age->edge == SMP_EDGE_MEDIAN;
    *fate = smp_fate_median(&looks->healing, &wear);
    if (median && !looks->followed)
        return SMP_OK;
    const struct smp_mark mark = smp_arena_mark(work->arena);
    struct smp_ensemble ensemble;
    enum smp_code code = SMP_OK;
    if (looks->followed)
        ensemble = *looks->followed;
    else
        code = smp_ensemble_make(&ensemble, &looks->healing, &wear, 1, band_draws, work->arena,
                                 work->err);
    if (!code)
        code = median ? middle(fate, &ensemble, work)
                      : edge_of(fate, &ensemble, looks, planned, age, work);
    smp_arena_reset(work->arena, mark);
    return code;
}

enum smp_code smp_looks_follow(struct smp_looks *looks, const struct smp_plan *plan,
                               struct smp_arena *own, const struct smp_work *work)
{
    const struct smp_follow *follow = &plan->continued.follow;
    const struct smp_recipe *recipe = plan->from->recipe.found;
    if (!smp_follow_narrows(follow) || !recipe)
        return SMP_OK;
    struct smp_ensemble *made = smp_new(own, struct smp_ensemble, 1);
    if (!made)
        return smp_fail(work->err, SMP_E_NOMEM, "no room for the healing's band");
    const struct smp_photo_dot dot = dot_of(looks);
    const struct smp_question question =
        smp_photo_question(&dot, &looks->healing, recipe->top_mm, recipe->diameter_mm);
    const enum smp_code code = smp_follow_ensemble(made, follow, &question, &looks->healing,
                                                   &looks->wear, work->pool, own, work->err);
    if (!code)
        looks->followed = made;
    return code;
}
