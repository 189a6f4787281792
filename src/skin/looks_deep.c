// Making the table of looks: what is missing where light deeper than 3 mm is lost.
#include "skin/looks_make_impl.h"

#include <math.h>

enum { balls = LOOK_TOPS * LOOK_DEEP_RINGS };

// One level of scattering: all paths, then those that stay above the cut.
struct deep_level {
    struct smp_path path;
    struct smp_ball_family family;
    struct smp_hits hits;
    float length_mm[balls];
    uint32_t touched[balls];
    double taken[2][LOOK_DERMES][balls], bare[2][LOOK_DERMES];
};

struct deep_work {
    struct deep_level *levels;
    uint64_t photons, seed;
};

static void family_of(struct smp_ball_family *f)
{
    *f = (struct smp_ball_family){
        .tops = LOOK_TOPS, .diameters = 1, .offsets = LOOK_DEEP_RINGS, .diameter_mm = { 0.3 }
    };
    for (int t = 0; t < LOOK_TOPS; t++)
        f->top_mm[t] = look_top_mm(t);
    for (int i = 0; i < LOOK_DEEP_RINGS; i++)
        f->offset_mm[0][i] = look_deep_r_mm[i];
}

static bool stays_above(const struct smp_path *path, double mm)
{
    for (int i = 0; i < path->count; i++)
        if ((double)path->z[i] > mm)
            return false;
    return true;
}

static void score(struct deep_level *l)
{
    const bool above = stays_above(&l->path, LOOK_DEEP_MM);
    double weight[LOOK_DERMES];
    for (int d = 0; d < LOOK_DERMES; d++) {
        double depth = (0.8 - SMP_PATH_MUA_PER_MM) * l->path.length_mm[0];
        for (int layer = 1; layer < SMP_BED_LAYERS; layer++)
            depth += (look_dermis_per_mm(d) - SMP_PATH_MUA_PER_MM) * l->path.length_mm[layer];
        weight[d] = exp(-depth);
        for (int cut = 0; cut <= (above ? 1 : 0); cut++)
            l->bare[cut][d] += 4 * weight[d];
    }
    for (int quarters = 0; quarters < 4; quarters++) {
        smp_hits_balls(&l->hits, &l->family, &l->path, quarters);
        for (size_t k = 0; k < l->hits.count; k++) {
            const uint32_t ball = l->hits.touched[k];
            const double dark = 1 - exp(-10 * (double)l->length_mm[ball]);
            for (int cut = 0; cut <= (above ? 1 : 0); cut++)
                for (int d = 0; d < LOOK_DERMES; d++)
                    l->taken[cut][d][ball] += dark * weight[d];
            l->length_mm[ball] = 0;
        }
        l->hits.count = 0;
    }
}

static void run_levels(void *context, size_t begin, size_t end)
{
    const struct deep_work *work = context;
    for (size_t i = begin; i < end; i++) {
        struct deep_level *l = &work->levels[i];
        struct smp_rng rng = smp_rng_make(work->seed, i);
        struct smp_bed bed = look_bed(look_scatter_per_mm((int)i));
        bed.bottom_mm[SMP_BED_LAYERS - 2] = 1e6; // dermis without end
        family_of(&l->family);
        l->hits = (struct smp_hits){ .length_mm = l->length_mm, .touched = l->touched };
        for (uint64_t k = 0; k < work->photons; k++)
            if (smp_path_walk(&l->path, &bed, &rng))
                score(l);
    }
}

enum smp_code looks_deep(struct look_header *header, uint64_t photons, struct smp_pool *pool,
                         struct smp_arena *scratch, struct smp_err *err)
{
    struct deep_work work = { smp_new(scratch, struct deep_level, LOOK_SCATTERS), photons,
                              smp_hash64(header->seed, 1001) };
    if (!work.levels)
        return smp_fail(err, SMP_E_NOMEM, "no room for runs with lost light");
    smp_pool_for(pool, LOOK_SCATTERS, 1, run_levels, &work);
    for (int s = 0; s < LOOK_SCATTERS; s++)
        for (int d = 0; d < LOOK_DERMES; d++)
            for (int i = 0; i < balls; i++) {
                const struct deep_level *l = &work.levels[s];
                const double all = l->taken[0][d][i] / l->bare[0][d];
                const double above = l->taken[1][d][i] / l->bare[1][d];
                header->deep[s][d][i / LOOK_DEEP_RINGS][i % LOOK_DEEP_RINGS] =
                    (float)(all > 0 ? above / all : 1);
            }
    return SMP_OK;
}
