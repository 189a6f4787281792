// Adjoint photon runs: light is followed from the observed pixel into the skin and out again. By
// reciprocity the weight that leaves is the radiance of that pixel under uniform light.
//
// Only scattering is simulated. Path lengths in every layer and inside every deposit are kept, so
// one run serves all absorptions (Beer–Lambert), and, as the layers are the same everywhere, one
// path serves deposits of all sizes, depths and offsets.
#ifndef SMP_ADJOINT_IMPL_H
#define SMP_ADJOINT_IMPL_H

#include "base/base.h"

#include <math.h>
#include <string.h>

enum {
    SMP_BED_LAYERS = 4, // epidermis, papillary dermis, dermis, fat
    SMP_PATH_MAX = 1 << 14,
    SMP_BEDS_MAX = 64,     // absorptions of the layers in one run
    SMP_PIGMENTS_MAX = 12, // absorptions of the pigment in one run
    SMP_FAMILY_MAX = 24,   // values on one axis of a family
    SMP_STATES_MAX = SMP_BEDS_MAX * SMP_PIGMENTS_MAX,
};

// What scatters. Lowest layer: semi-infinite.
struct smp_bed {
    double bottom_mm[SMP_BED_LAYERS - 1];
    double mus_per_mm[SMP_BED_LAYERS];
    double g, n;
    // A ball that scatters as well (with g); none where ball_mus_per_mm is 0.
    struct smp_vec3 ball_mm;
    double ball_radius_mm, ball_mus_per_mm;
};
// What absorbs: `beds` sets of layers times `pigments` coefficients.
struct smp_absorbers {
    int beds, pigments;
    double mua_per_mm[SMP_BEDS_MAX][SMP_BED_LAYERS];
    double pigment_per_mm[SMP_PIGMENTS_MAX];
};

// One path that left the skin: its corners and its length in each layer.
struct smp_path {
    int count; // corners
    float x[SMP_PATH_MAX], y[SMP_PATH_MAX], z[SMP_PATH_MAX];
    double length_mm[SMP_BED_LAYERS];
    double inside_mm; // length in the bed's own ball
};
// A grey absorber of this strength is simulated by ending paths, which bounds their length; it is
// taken out again by weight.
#define SMP_PATH_MUA_PER_MM 0.016

// Follows one photon; false where it was lost inside.
bool smp_path_walk(struct smp_path *path, const struct smp_bed *bed, struct smp_rng *rng);

// Deposits scored together: tops × diameters × offsets of one shape.
struct smp_ball_family {
    double height_mm; // of upright columns; 0: balls
    int tops, diameters, offsets;
    double top_mm[SMP_FAMILY_MAX], diameter_mm[SMP_FAMILY_MAX];
    double offset_mm[SMP_FAMILY_MAX][SMP_FAMILY_MAX]; // [diameter][offset], ascending
};
// Shafts of one follicle: calibres × offsets across × offsets along the lean.
struct smp_shaft_family {
    int count;       // shafts in the follicle
    double exit_deg; // between shaft and surface
    int calibres, along, across;
    double calibre_mm[SMP_FAMILY_MAX];
    double along_mm[SMP_FAMILY_MAX];                  // [along], ascending
    double across_mm[SMP_FAMILY_MAX][SMP_FAMILY_MAX]; // [calibre][across], ascending from 0
};
struct smp_family {
    bool shafts;
    struct smp_ball_family ball;
    struct smp_shaft_family shaft;
};
size_t smp_family_objects(const struct smp_family *family);
// Where shaft k of a follicle stands around its axis, mm across and along, turned by angle_rad.
struct smp_vec2 smp_shaft_place_mm(int k, int count, double calibre_mm, double angle_rad);
#define SMP_SHAFT_LENGTH_MM 2.4

// Sums of one run: weight of bare skin by bed, weight taken away by object and state (pigment
// major: [object][pigment * beds + bed]).
struct smp_scores {
    const struct smp_family *family;
    const struct smp_absorbers *absorbers;
    size_t objects, states;
    double *bare;  // [beds]
    double *taken; // [objects * states]
    // For the standard error: contrasts of the middle state, batch by batch.
    double *sum, *square; // [objects]
    double batches;
    uint64_t photons;
};
enum smp_code smp_scores_make(struct smp_scores *scores, const struct smp_family *family,
                              const struct smp_absorbers *absorbers, struct smp_arena *arena,
                              struct smp_err *err);
struct smp_run {
    uint64_t photons, seed;
    struct smp_pool *pool;
};
// Adds a run to the sums: the same bytes for every number of threads.
enum smp_code smp_scores_run(struct smp_scores *scores, const struct smp_bed *bed,
                             const struct smp_run *run, struct smp_arena *scratch,
                             struct smp_err *err);
// Contrast of an object in a state: share of bare skin's light that it takes.
double smp_scores_contrast(const struct smp_scores *scores, size_t object, int bed, int pigment);
double smp_scores_error(const struct smp_scores *scores, size_t object); // of the middle state

// One path's hits (adjoint_hits.c): length inside each object, and which were touched.
struct smp_hits {
    float *length_mm; // [objects], zero between paths
    uint32_t *touched;
    size_t count;
};
void smp_hits_balls(struct smp_hits *hits, const struct smp_ball_family *family,
                    const struct smp_path *path, int quarter_turns);
// The shafts of a follicle turned by angle_rad around its axis.
void smp_hits_shafts(struct smp_hits *hits, const struct smp_shaft_family *family,
                     const struct smp_path *path, double angle_rad);

// ---- Arithmetic shared by the runs --------------------------------------------------------------

// exp(x) for x <= 0 to 2e-7: a table-free polynomial that compilers vectorise (the same bytes on
// every machine: only + and ×).
static inline float smp_exp_below_0(float x)
{
    const float y = (x < -80.0F ? -80.0F : x) * 1.44269504F;
    const int32_t whole = (int32_t)(y - 0.5F);
    const float r = (y - (float)whole) * 0.693147181F;
    float p = 1.0F / 5040;
    p = p * r + 1.0F / 720;
    p = p * r + 1.0F / 120;
    p = p * r + 1.0F / 24;
    p = p * r + 1.0F / 6;
    p = p * r + 0.5F;
    p = p * r + 1.0F;
    p = p * r + 1.0F;
    const int32_t bits = (whole + 127) << 23;
    float scale;
    memcpy(&scale, &bits, sizeof scale);
    return p * scale;
}

struct smp_segment {
    double x, y, z, dx, dy, dz, length;
};

// Plain comparisons: fmin and fmax of the library, which mind NaN, took a tenth of the time.
static inline double smp_least(double a, double b)
{
    return a < b ? a : b;
}

static inline double smp_most(double a, double b)
{
    return a > b ? a : b;
}

// Part [a, b] of the segment where a quadratic f(t) = qt² + 2ht + c < 0; empty: a >= b.
static inline void smp_segment_inside(double q, double h, double c, double *a, double *b)
{
    *a = 0;
    *b = 1;
    if (q < 1e-18) {
        if (c >= 0)
            *b = 0;
        return;
    }
    const double root = h * h - q * c;
    if (root <= 0) {
        *b = 0;
        return;
    }
    const double s = sqrt(root);
    *a = smp_most(0, (-h - s) / q);
    *b = smp_least(1, (-h + s) / q);
}

// The same where z lies in [top, bottom].
static inline void smp_segment_between(const struct smp_segment *s, double top, double bottom,
                                       double *a, double *b)
{
    if (fabs(s->dz) < 1e-12) {
        if (s->z < top || s->z > bottom)
            *b = *a;
        return;
    }
    double near = (top - s->z) / s->dz, far = (bottom - s->z) / s->dz;
    if (near > far) {
        const double swap = near;
        near = far;
        far = swap;
    }
    *a = smp_most(*a, near);
    *b = smp_least(*b, far);
}

#endif
