// Sums of many paths: what a deposit takes away, in every state of pigment and skin at once.
#include "skin/adjoint_impl.h"

#include <math.h>
#include <string.h>

enum { batch_photons = 8192, slots = 8 };

size_t smp_family_objects(const struct smp_family *family)
{
    const struct smp_ball_family *b = &family->ball;
    const struct smp_shaft_family *s = &family->shaft;
    if (family->shafts)
        return (size_t)s->calibres * s->along * s->across;
    return (size_t)b->tops * b->diameters * b->offsets;
}

enum smp_code smp_scores_make(struct smp_scores *scores, const struct smp_family *family,
                              const struct smp_absorbers *absorbers, struct smp_arena *arena,
                              struct smp_err *err)
{
    struct smp_scores s = { .family = family, .absorbers = absorbers };
    s.objects = smp_family_objects(family);
    s.states = (size_t)absorbers->beds * absorbers->pigments;
    s.bare = smp_new(arena, double, absorbers->beds);
    s.taken = smp_new(arena, double, s.objects *s.states);
    s.sum = smp_new(arena, double, s.objects);
    s.square = smp_new(arena, double, s.objects);
    if (!s.bare || !s.taken || !s.sum || !s.square)
        return smp_fail(err, SMP_E_NOMEM, "no room for the sums of a photon run");
    *scores = s;
    return SMP_OK;
}

// What one batch works with and leaves. Floats: a batch is short.
struct slot {
    struct smp_path path;
    struct smp_hits hits;
    float *dark;    // [objects][pigments_max]: 1 − exp(−mua·length), summed over quarter turns
    uint32_t *seen; // objects with a dark of this path
    uint8_t *marked; // [objects]: whether in seen
    float *taken;    // [objects * states]
    double bare[SMP_BEDS_MAX];
};

struct batches {
    const struct smp_scores *scores;
    const struct smp_bed *bed;
    const struct smp_run *run;
    struct slot *slots;
    uint64_t first;
};

static void darken(struct slot *slot, const struct smp_absorbers *a, size_t *seen)
{
    struct smp_hits *hits = &slot->hits;
    for (size_t i = 0; i < hits->count; i++) {
        const uint32_t object = hits->touched[i];
        const float length = hits->length_mm[object];
        float *dark = slot->dark + (size_t)object * SMP_PIGMENTS_MAX;
        if (!slot->marked[object])
            slot->seen[(*seen)++] = object;
        slot->marked[object] = 1;
        for (int p = 0; p < a->pigments; p++)
            dark[p] += 1.0F - smp_exp_below_0(-(float)a->pigment_per_mm[p] * length);
        hits->length_mm[object] = 0;
    }
    hits->count = 0;
}

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__SANITIZE_ADDRESS__) &&                  \
    !defined(__clang__)
__attribute__((target_clones("avx2", "default")))
#endif
static void
take(float *taken, const float *dark, const float *weight, int pigments, int beds)
{
    for (int p = 0; p < pigments; p++)
        for (int b = 0; b < beds; b++)
            taken[p * beds + b] += dark[p] * weight[b];
}

static void weigh(float weight[SMP_BEDS_MAX], double bare[SMP_BEDS_MAX],
                  const struct smp_absorbers *a, const struct smp_path *path, int turns)
{
    for (int b = 0; b < a->beds; b++) {
        double depth = 0;
        for (int l = 0; l < SMP_BED_LAYERS; l++)
            depth += (a->mua_per_mm[b][l] - SMP_PATH_MUA_PER_MM) * path->length_mm[l];
        const double w = exp(-depth);
        bare[b] += w;
        weight[b] = (float)(w / turns);
    }
}

static void run_batch(void *context, size_t begin, size_t end)
{
    struct batches *work = context;
    const struct smp_scores *s = work->scores;
    const struct smp_absorbers *a = s->absorbers;
    const int turns = s->family->shafts ? 1 : 4;
    for (size_t k = begin; k < end; k++) {
        struct slot *slot = &work->slots[k];
        const uint64_t batch = work->first + k, from = batch * batch_photons;
        if (from >= work->run->photons)
            continue;
        const uint64_t left = work->run->photons - from;
        struct smp_rng rng = smp_rng_make(work->run->seed, batch);
        for (uint64_t i = 0; i < (left < batch_photons ? left : batch_photons); i++) {
            if (!smp_path_walk(&slot->path, work->bed, &rng))
                continue;
            const double angle_rad = 2 * SMP_PI * smp_rng_unit(&rng);
            float weight[SMP_BEDS_MAX];
            weigh(weight, slot->bare, a, &slot->path, turns);
            size_t seen = 0;
            // Turned by quarters one path is four; with shafts the walk is the smaller cost.
            for (int quarters = 0; quarters < turns; quarters++) {
                if (s->family->shafts)
                    smp_hits_shafts(&slot->hits, &s->family->shaft, &slot->path, angle_rad);
                else
                    smp_hits_balls(&slot->hits, &s->family->ball, &slot->path, quarters);
                darken(slot, a, &seen);
            }
            for (size_t j = 0; j < seen; j++) {
                const size_t object = slot->seen[j];
                float *dark = slot->dark + object * SMP_PIGMENTS_MAX;
                take(slot->taken + object * s->states, dark, weight, a->pigments, a->beds);
                memset(dark, 0, SMP_PIGMENTS_MAX * sizeof *dark);
                slot->marked[object] = 0;
            }
        }
    }
}

static bool make_slot(struct slot *slot, const struct smp_scores *s, struct smp_arena *scratch)
{
    slot->hits.length_mm = smp_new(scratch, float, s->objects);
    slot->hits.touched = smp_new(scratch, uint32_t, s->objects);
    slot->dark = smp_new(scratch, float, s->objects *SMP_PIGMENTS_MAX);
    slot->seen = smp_new(scratch, uint32_t, s->objects);
    slot->marked = smp_new(scratch, uint8_t, s->objects);
    slot->taken = smp_new(scratch, float, s->objects * s->states);
    return slot->marked && slot->hits.length_mm && slot->hits.touched && slot->dark && slot->seen &&
           slot->taken;
}

static size_t middle_state(const struct smp_scores *s)
{
    return (size_t)(s->absorbers->pigments / 2) * s->absorbers->beds + s->absorbers->beds / 2;
}

// Adds a batch's sums in the order of batches and clears them.
static void gather(struct smp_scores *s, struct slot *slot)
{
    const size_t middle = middle_state(s);
    const double bare = slot->bare[s->absorbers->beds / 2];
    if (!(bare > 0))
        return;
    for (size_t i = 0; i < s->objects; i++) {
        const double share = (double)slot->taken[i * s->states + middle] / bare;
        s->sum[i] += share;
        s->square[i] += share * share;
    }
    s->batches += 1;
    for (size_t i = 0; i < s->objects * s->states; i++) {
        s->taken[i] += (double)slot->taken[i];
        slot->taken[i] = 0;
    }
    for (int b = 0; b < s->absorbers->beds; b++) {
        s->bare[b] += slot->bare[b];
        slot->bare[b] = 0;
    }
}

enum smp_code smp_scores_run(struct smp_scores *scores, const struct smp_bed *bed,
                             const struct smp_run *run, struct smp_arena *scratch,
                             struct smp_err *err)
{
    const struct smp_mark mark = smp_arena_mark(scratch);
    struct batches work = { .scores = scores, .bed = bed, .run = run };
    work.slots = smp_new(scratch, struct slot, slots);
    bool room = work.slots != NULL;
    for (int k = 0; room && k < slots; k++)
        room = make_slot(&work.slots[k], scores, scratch);
    if (!room) {
        smp_arena_reset(scratch, mark);
        return smp_fail(err, SMP_E_NOMEM, "no room for a photon run");
    }
    for (; work.first * batch_photons < run->photons; work.first += slots) {
        smp_pool_for(run->pool, slots, 1, run_batch, &work);
        for (int k = 0; k < slots; k++)
            gather(scores, &work.slots[k]);
    }
    scores->photons += run->photons;
    smp_arena_reset(scratch, mark);
    return SMP_OK;
}

double smp_scores_contrast(const struct smp_scores *scores, size_t object, int bed, int pigment)
{
    return scores
               ->taken[object * scores->states + (size_t)pigment * scores->absorbers->beds + bed] /
           scores->bare[bed];
}

double smp_scores_error(const struct smp_scores *s, size_t object)
{
    if (!(s->batches > 1))
        return 1;
    const double mean = s->sum[object] / s->batches;
    return sqrt(fmax(0, s->square[object] / s->batches - mean * mean) / (s->batches - 1));
}
