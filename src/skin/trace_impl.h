// Private to photon transport: layers as photons meet them, packets of photons, sums.
#ifndef SMP_TRACE_IMPL_H
#define SMP_TRACE_IMPL_H

#include "skin/skin.h"

enum {
    SMP_LANES = 64,            // photons of a packet, moved together
    SMP_WEIGHT_ONE = 1 << 23,  // weights are whole numbers: energy sums to 1 exactly
    SMP_TRACE_STEPS = 1 << 28, // of one packet; then the layers are given up
    SMP_BATCH_MIN = 1 << 10,   // photons
    SMP_BATCH_MAX = 1 << 16,
};

// Layers in optical depth: totals need only depth and direction cosine, and where the index does
// not change a free path runs on through borders, so depth is counted in mean free paths from the
// surface and layers differ in what a collision does. Neighbours of one index make a sheet.
struct smp_trace_sheet {
    double n;
    float top, bottom; // optical depth; INFINITY below a semi-infinite layer
};
struct smp_trace_bed {
    int layers, sheets;
    float top[SMP_LAYERS_MAX];         // optical depth of each layer's upper face
    float absorb[SMP_LAYERS_MAX];      // share absorbed in a collision
    int32_t end_below[SMP_LAYERS_MAX]; // the same as a threshold for signed 32-bit numbers
    // Henyey–Greenstein: cos θ = (c0 + s (c1 + s c2)) / (1 + g s)², s uniform in (−1, 1).
    float g[SMP_LAYERS_MAX], c0[SMP_LAYERS_MAX], c1[SMP_LAYERS_MAX], c2[SMP_LAYERS_MAX];
    bool one_g;
    struct smp_trace_sheet sheet[SMP_LAYERS_MAX];
    double n_above, n_below;
    float analogue; // weight below which photons are absorbed whole or not at all
};
// Sums of one batch in units of 1 / SMP_WEIGHT_ONE photon: whole, so their order is free.
struct smp_trace_sums {
    uint64_t photons, up, down, straight, absorbed[SMP_LAYERS_MAX];
    double up_square, down_square; // of each photon's part, in photons
    uint64_t collisions;
    bool gave_up;
};

// Follows `photons` photons of one random stream.
typedef void smp_trace_kernel(struct smp_trace_sums *sums, const struct smp_trace_bed *bed,
                              uint64_t photons, uint64_t stream);
smp_trace_kernel smp_trace_baseline;
smp_trace_kernel smp_trace_avx2;   // the same bytes, only sooner
smp_trace_kernel smp_trace_avx512; // the same

void smp_trace_bed_make(struct smp_trace_bed *bed, const struct smp_stack *stack);

enum smp_code smp_trace_check(const struct smp_stack *stack, const struct smp_trace *trace,
                              struct smp_err *err);

// Photons of a batch: by the number of photons alone, as every sum is.
uint64_t smp_trace_batch(uint64_t photons);

// ---- One photon in space (trace_walk.c), where deposits need x and y ----------------------------

struct smp_walk_bed {
    const struct smp_stack *stack;
    double bottom_mm[SMP_LAYERS_MAX];
    const struct smp_trace_deposit *deposits;
    int count;
};
struct smp_walker {
    struct smp_vec3 place_mm, way;
    int layer;
    double path;     // free path left, in mean free paths of scattering
    double exponent; // absorbed by the layers: weight e^-exponent
    double pigment;  // absorbed by pigment: the weight is e^-pigment smaller
    struct smp_rng rng;
};
// Where a photon left: through the upper face if weight > 0.
struct smp_walk_end {
    double weight;
    struct smp_vec3 place_mm;
    double cosine; // outside
};
void smp_walk_bed_make(struct smp_walk_bed *bed, const struct smp_trace_scene *scene);
// Straight down at a point, or from a Lambertian sky: the share that enters, as an exponent.
void smp_walker_launch(struct smp_walker *walker, const struct smp_walk_bed *bed,
                       struct smp_vec2 point_mm, enum smp_light seen);
// Follows the photon through bare skin; true where it met a deposit on its way, and *fork is then
// the photon just before that.
bool smp_walk_bare(struct smp_walk_end *end, struct smp_walker *walker, struct smp_walker *fork,
                   const struct smp_walk_bed *bed);
void smp_walk_pigmented(struct smp_walk_end *end, struct smp_walker *walker,
                        const struct smp_walk_bed *bed);

// Fresnel's reflectance for unpolarised light and, through *cosine_out, the refracted direction;
// 1 beyond the critical angle.
double smp_trace_fresnel(double n_from, double n_to, double cosine, double *cosine_out);

#endif
