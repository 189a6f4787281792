// Making the table of looks: which runs, and the matrix in its compact form. For tools/make_looks
// and the tests; no part of the program.
#ifndef SMP_LOOKS_MAKE_IMPL_H
#define SMP_LOOKS_MAKE_IMPL_H

#include "skin/look_impl.h"

// All absorptions of the table: LOOK_BEDS of layers, LOOK_PIGMENTS of pigment.
void looks_absorbers(struct smp_absorbers *absorbers);
// One family of the table (index: kind of deposit, or exit × count) and how it was run. Parts:
// deposits and shafts (areas: looks_areas).
struct smp_run looks_run(struct smp_family *family, const struct look_header *header, int level,
                         int index, enum look_part part);

// The veil by direct runs with scattering balls in average skin of 550 nm.
enum smp_code looks_veil(struct look_header *header, uint64_t photons, struct smp_pool *pool,
                         struct smp_arena *scratch, struct smp_err *err);

// What is lost with the light below LOOK_DEEP_MM.
enum smp_code looks_deep(struct look_header *header, uint64_t photons, struct smp_pool *pool,
                         struct smp_arena *scratch, struct smp_err *err);

// D of all deposits and follicles: the rows of that part, [row][LOOK_STATES].
enum smp_code looks_areas(float *matrix, const struct look_header *header, struct smp_pool *pool,
                          struct smp_arena *scratch, struct smp_err *err);

// Profiles and D come from runs of their own; where the rings hold nearly all of D either tells the
// other. Both are moved to the mean of the two counts: in skin that keeps most of its light the
// counts differ by up to a tenth. Before logarithms are taken.
void looks_join(float *contrasts, float *areas, struct smp_pool *pool);

struct looks_compact {
    int16_t *state, *object;
    float state_scale[LOOK_RANK_MAX], object_scale[LOOK_RANK_MAX];
    double rms, worst; // error of ln(contrast) where contrast > 2 %
};
// Singular vectors by subspace iteration, rows weighed by their largest value. matrix:
// [rows of the part][LOOK_STATES] of logarithms.
enum smp_code looks_reduce(struct looks_compact *compact, const float *matrix, enum look_part part,
                           struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err);

#endif
