// The table of looks: its runs, and its matrix as a product of two thin ones.
#include "skin/looks_make_impl.h"

#include <math.h>
#include <string.h>

void looks_absorbers(struct smp_absorbers *absorbers)
{
    absorbers->beds = LOOK_BEDS;
    absorbers->pigments = LOOK_PIGMENTS;
    for (int i = 0; i < LOOK_PIGMENTS; i++)
        absorbers->pigment_per_mm[i] = look_pigment_per_mm(i);
    for (int p = 0; p < LOOK_PAPILLARIES; p++)
        for (int d = 0; d < LOOK_DERMES; d++)
            for (int e = 0; e < LOOK_EPIDERMES; e++) {
                double *mua = absorbers->mua_per_mm[(p * LOOK_DERMES + d) * LOOK_EPIDERMES + e];
                mua[0] = look_epidermis_per_mm(e);
                mua[1] = look_dermis_per_mm(d) * (1 + p);
                mua[2] = look_dermis_per_mm(d);
                mua[3] = LOOK_FAT_MUA_PER_MM;
            }
}

static void deposits(struct smp_ball_family *f, int kind)
{
    *f = (struct smp_ball_family){ .height_mm = kind ? look_height_mm(kind - 1) : 0,
                                   .tops = LOOK_TOPS,
                                   .diameters = LOOK_DIAMETERS,
                                   .offsets = LOOK_OFFSETS };
    for (int t = 0; t < LOOK_TOPS; t++)
        f->top_mm[t] = look_top_mm(t);
    for (int d = 0; d < LOOK_DIAMETERS; d++) {
        f->diameter_mm[d] = look_diameter_mm(d);
        for (int i = 0; i < LOOK_OFFSETS; i++)
            f->offset_mm[d][i] = look_offset_mm(f->diameter_mm[d], i);
    }
}

static void follicle(struct smp_shaft_family *f, int index)
{
    *f = (struct smp_shaft_family){ .count = index % LOOK_COUNTS + 1,
                                    .exit_deg = look_exit_deg[index / LOOK_COUNTS],
                                    .calibres = LOOK_CALIBRES,
                                    .along = LOOK_ALONG,
                                    .across = LOOK_ACROSS };
    for (int i = 0; i < LOOK_ALONG; i++)
        f->along_mm[i] = look_along_mm[i];
    for (int c = 0; c < LOOK_CALIBRES; c++) {
        f->calibre_mm[c] = look_calibre_mm(c);
        for (int i = 0; i < LOOK_ACROSS; i++)
            f->across_mm[c][i] = look_across_mm(f->calibre_mm[c], f->count, i);
    }
}

struct smp_run looks_run(struct smp_family *family, const struct look_header *header, int level,
                         int index, enum look_part part)
{
    family->shafts = part != LOOK_PART_DEPOSITS;
    if (family->shafts)
        follicle(&family->shaft, index);
    else
        deposits(&family->ball, index);
    return (struct smp_run){
        .photons = family->shafts ? header->shaft_photons : header->deposit_photons,
        .seed = smp_hash64(header->seed, (uint64_t)((level * 4 + (int)part) * 64 + index)),
    };
}

// ---- Pigment that scatters ---------------------------------------------------------------------

// Weights of all paths in skin of average absorption; lengths inside the ball are its absorption.
static void veil_sums(double sum[LOOK_VEIL_DERMES][LOOK_VEIL_MUA], const struct smp_bed *bed,
                      uint64_t photons, uint64_t seed, struct smp_path *path)
{
    struct smp_rng rng = smp_rng_make(seed, 0);
    memset(sum, 0, LOOK_VEIL_DERMES * sizeof sum[0]);
    for (uint64_t k = 0; k < photons; k++) {
        if (!smp_path_walk(path, bed, &rng))
            continue;
        for (int d = 0; d < LOOK_VEIL_DERMES; d++) {
            const double dermis = look_veil_dermis_per_mm(d);
            const double mua[SMP_BED_LAYERS] = { 0.8, dermis, dermis, LOOK_FAT_MUA_PER_MM };
            double depth = 0;
            for (int l = 0; l < SMP_BED_LAYERS; l++)
                depth += (mua[l] - SMP_PATH_MUA_PER_MM) * path->length_mm[l];
            for (int i = 0; i < LOOK_VEIL_MUA; i++)
                sum[d][i] += exp(-depth - look_veil_mua_per_mm[i] * path->inside_mm);
        }
    }
}

struct veils {
    uint64_t photons, seed;
    struct smp_path *paths; // one a ball
    double sum[LOOK_VEIL_TOPS * LOOK_VEIL_DIAMETERS][LOOK_VEIL_MUS + 1][LOOK_VEIL_DERMES]
              [LOOK_VEIL_MUA];
};

// All scatterings of the balls [begin, end); the last row is skin without one.
static void veil_balls(void *context, size_t begin, size_t end)
{
    struct veils *work = context;
    for (size_t i = begin; i < end; i++)
        for (int m = 0; m <= LOOK_VEIL_MUS; m++) {
            struct smp_bed bed = look_bed(4);
            const bool bare = m == LOOK_VEIL_MUS;
            bed.ball_radius_mm = 0.5 * look_veil_diameter_mm((int)i % LOOK_VEIL_DIAMETERS);
            bed.ball_mm.z = look_veil_top_mm((int)i / LOOK_VEIL_DIAMETERS) + bed.ball_radius_mm;
            // A ball that is there, but hardly scatters, so that lengths inside it are kept.
            bed.ball_mus_per_mm = bare ? 0 : fmax(look_veil_mus_per_mm[m], 1e-9);
            veil_sums(work->sum[i][m], &bed, work->photons,
                      smp_hash64(work->seed, i * 16 + (uint64_t)m), &work->paths[i]);
        }
}

enum smp_code looks_veil(struct look_header *header, uint64_t photons, struct smp_pool *pool,
                         struct smp_arena *scratch, struct smp_err *err)
{
    enum { balls = LOOK_VEIL_TOPS * LOOK_VEIL_DIAMETERS };
    struct veils *work = smp_new(scratch, struct veils, 1);
    struct smp_path *paths = smp_new(scratch, struct smp_path, balls);
    if (!work || !paths)
        return smp_fail(err, SMP_E_NOMEM, "no room for runs with scattering pigment");
    work->photons = photons;
    work->seed = smp_hash64(header->seed, 1000);
    work->paths = paths;
    smp_pool_for(pool, balls, 1, veil_balls, work);
    for (int d = 0; d < LOOK_VEIL_DERMES; d++) {
        double bare = 0; // the same skin in all runs
        for (int i = 0; i < balls; i++)
            bare += work->sum[i][LOOK_VEIL_MUS][d][0] / balls;
        for (int i = 0; i < balls; i++)
            for (int m = 0; m < LOOK_VEIL_MUS; m++)
                for (int a = 0; a < LOOK_VEIL_MUA; a++) {
                    const double black = 1 - work->sum[i][0][d][LOOK_VEIL_MUA - 1] / bare;
                    const double change = (work->sum[i][0][d][a] - work->sum[i][m][d][a]) / bare;
                    header->veil[d][i / LOOK_VEIL_DIAMETERS][i % LOOK_VEIL_DIAMETERS][m][a] =
                        (float)(change / black);
                }
    }
    return SMP_OK;
}

// ---- Low rank --------------------------------------------------------------------------------

enum { spare = 8, wide_max = LOOK_RANK_MAX + spare, rounds = 5, columns_at_once = 96 };

struct product {
    const float *matrix;
    size_t rows;
    int wide;            // rank and some to spare
    const float *state;  // [LOOK_STATES][wide]
    float *object;       // [rows][wide]
    float *next;         // [LOOK_STATES][wide]
    const float *weight; // [rows]
};

// object = matrix · state
static void project(void *context, size_t begin, size_t end)
{
    struct product *p = context;
    const int wide = p->wide;
    for (size_t i = begin; i < end; i++) {
        float sum[wide_max] = { 0 };
        const float *row = p->matrix + i * LOOK_STATES;
        for (size_t s = 0; s < LOOK_STATES; s++)
            for (int k = 0; k < wide; k++)
                sum[k] += row[s] * p->state[s * wide + k];
        for (int k = 0; k < wide; k++)
            p->object[i * wide + k] = sum[k];
    }
}

// next = matrixᵀ · object, a block of states at a time
static void back(void *context, size_t begin, size_t end)
{
    struct product *p = context;
    const int wide = p->wide;
    for (size_t s = begin * wide; s < end * wide; s++)
        p->next[s] = 0;
    for (size_t i = 0; i < p->rows; i++) {
        const float *row = p->matrix + i * LOOK_STATES, *object = p->object + i * wide;
        const float scale = p->weight[i] * p->weight[i];
        for (size_t s = begin; s < end; s++)
            for (int k = 0; k < wide; k++)
                p->next[s * wide + k] += scale * row[s] * object[k];
    }
}

// What is dark matters: what is nowhere above 1 % hardly counts. Flatter than in proportion, or
// whole follicles would leave small dots no numbers. Outer rings are pale, but most of D.
static void weigh_rows(float *weight, const float *matrix, enum look_part part)
{
    for (size_t i = 0; i < (size_t)look_part_rows[part]; i++) {
        float most = -12;
        for (size_t s = 0; s < LOOK_STATES; s++)
            most = fmaxf(most, matrix[i * LOOK_STATES + s]);
        const double wide =
            part == LOOK_PART_DEPOSITS ? 1 / look_floor((int)(i % LOOK_OFFSETS)) * LOOK_FLOOR : 1;
        weight[i] =
            0.02F + (float)exp((part == LOOK_PART_AREAS ? 0.25 : 0.5) * ((double)most + log(wide)));
    }
}

// Gram–Schmidt, twice for orthogonality to rounding.
static void straighten(float *state, int wide)
{
    for (int pass = 0; pass < 2; pass++)
        for (int k = 0; k < wide; k++) {
            for (int j = 0; j < k; j++) {
                double dot = 0;
                for (size_t s = 0; s < LOOK_STATES; s++)
                    dot += (double)state[s * wide + j] * (double)state[s * wide + k];
                for (size_t s = 0; s < LOOK_STATES; s++)
                    state[s * wide + k] -= (float)dot * state[s * wide + j];
            }
            double norm = 0;
            for (size_t s = 0; s < LOOK_STATES; s++)
                norm += (double)state[s * wide + k] * (double)state[s * wide + k];
            for (size_t s = 0; s < LOOK_STATES; s++)
                state[s * wide + k] /= (float)sqrt(norm);
        }
}

static void round_off(int16_t *to, float scale[LOOK_RANK_MAX], const float *from, size_t rows,
                      int rank)
{
    const int wide = rank + spare;
    for (int k = 0; k < rank; k++) {
        float most = 1e-20F;
        for (size_t i = 0; i < rows; i++)
            most = fmaxf(most, fabsf(from[i * wide + k]));
        scale[k] = most / 32767;
        for (size_t i = 0; i < rows; i++)
            to[i * rank + k] = (int16_t)lrintf(from[i * wide + k] / scale[k]);
    }
}

static void judge(struct looks_compact *c, const float *matrix, size_t rows, int rank)
{
    double square = 0, count = 0;
    c->worst = 0;
    for (size_t i = 0; i < rows; i++)
        for (size_t s = i % 7; s < LOOK_STATES; s += 7) {
            if (matrix[i * LOOK_STATES + s] < -3.9F)
                continue;
            float sum = 0;
            for (int k = 0; k < rank; k++)
                sum += (float)c->object[i * rank + k] * c->object_scale[k] *
                       (float)c->state[s * rank + k] * c->state_scale[k];
            const double off = (double)fabsf(sum - matrix[i * LOOK_STATES + s]);
            square += off * off;
            count += 1;
            c->worst = fmax(c->worst, off);
        }
    c->rms = sqrt(square / fmax(count, 1));
}

enum smp_code looks_reduce(struct looks_compact *compact, const float *matrix, enum look_part part,
                           struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err)
{
    const size_t rows = (size_t)look_part_rows[part];
    const int rank = look_part_rank[part], wide = rank + spare;
    struct looks_compact c = { 0 };
    struct product p = { .matrix = matrix, .rows = rows, .wide = wide };
    float *state = smp_new(arena, float, (size_t)LOOK_STATES *wide);
    p.next = smp_new(arena, float, (size_t)LOOK_STATES *wide);
    p.object = smp_new(arena, float, rows *wide);
    c.state = smp_new(arena, int16_t, (size_t)LOOK_STATES * rank);
    c.object = smp_new(arena, int16_t, rows * rank);
    float *weight = smp_new(arena, float, rows);
    if (!weight || !state || !p.next || !p.object || !c.state || !c.object)
        return smp_fail(err, SMP_E_NOMEM, "no room for the compact form");
    weigh_rows(weight, matrix, part);
    p.weight = weight;
    struct smp_rng rng = smp_rng_make(1, 0);
    for (size_t i = 0; i < (size_t)LOOK_STATES * wide; i++)
        state[i] = (float)smp_rng_normal(&rng);
    straighten(state, wide);
    for (int round = 0; round < rounds; round++) {
        p.state = state;
        smp_pool_for(pool, rows, 64, project, &p);
        smp_pool_for(pool, LOOK_STATES, columns_at_once, back, &p);
        float *swap = state;
        state = p.next;
        p.next = swap;
        straighten(state, wide);
    }
    p.state = state;
    smp_pool_for(pool, rows, 64, project, &p);
    round_off(c.state, c.state_scale, state, LOOK_STATES, rank);
    round_off(c.object, c.object_scale, p.object, rows, rank);
    judge(&c, matrix, rows, rank);
    *compact = c;
    return SMP_OK;
}
