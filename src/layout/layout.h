// Dots on a surface: exact count, right density everywhere, a stated regularity, a minimum gap
// that is proved at the end, fixed points respected, sessions nested.
//
// Method: docs/layout.md. Pure; deterministic: same input and seed give the same bytes whatever
// the thread count, compiler and optimisation. Results live in the arena passed in.
#ifndef SMP_LAYOUT_H
#define SMP_LAYOUT_H

#include "base/base.h"
#include "mesh/mesh.h"

enum { SMP_SESSIONS_MAX = 6 };

struct smp_layout_params {
    double regularity;               // 0 loose … 1 even; 0.5: the human scalp as measured
    double min_gap_mm;               // 0: only what regularity brings with it
    size_t count;                    // 0: the integral of the density
    int sessions;                    // 1 … SMP_SESSIONS_MAX
    double shares[SMP_SESSIONS_MAX]; // share of the dots present after session k, rising to 1;
                                     // all 0: equal steps
    uint64_t seed;
};
extern const struct smp_layout_params smp_layout_defaults;

struct smp_surface; // a mesh made ready: adjacency, curve order, grids; opaque, const use is safe

// The gap is the straight distance in space between two dots, or a dot and a fixed point, of one
// sheet. Two points are on different sheets when their faces look away from each other (normals at
// more than 90°) and no way over faces inside a ball around both joins them: the two sides of an
// ear, not of a fold or a rim. Such pairs are counted apart (sheet_pairs), never left out. Pairs
// of two fixed points are the caller's.

// Prepares a mesh (millimetres). Slivers, open and non-manifold edges are coped with.
// Errors: SMP_E_INPUT (no area), SMP_E_NOMEM.
enum smp_code smp_surface_make(struct smp_surface **surface, const struct smp_mesh *mesh,
                               struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err);

struct smp_layout_dot {
    struct smp_vec3 position_mm; // as it is to be written: rounded to 1e-5 mm, on the surface
    struct smp_vec3 normal;
    uint32_t triangle; // of the mesh given
    int session;       // from 1
    uint32_t order;    // rank inside all sessions: any prefix is itself well spread
};

struct smp_layout_input {
    const double *density_per_cm2;   // per point of the mesh: the total wanted, fixed ones included
    const struct smp_vec3 *fixed_mm; // what is there already: real dots or hairs
    size_t fixed_count;
    const double *fixed_share; // of one dot, [0, 1]: what each stands for; NULL: 1 each
};

struct smp_layout {
    struct smp_layout_dot *dots; // in the order of their `order`: a prefix of the array is a set
    size_t count;
    size_t dropped;     // asked for but impossible under the gap
    double area_cm2;    // where density > 0
    double min_gap_mm;  // smallest distance found by the audit, dot–dot and dot–fixed
    size_t sheet_pairs; // pairs nearer than the gap across thin sheets (opposed normals)
    double prepare_s, layout_s;
};

// Errors: SMP_E_INPUT (a gap that can't be had: says the largest that can; more dots than the
// area allows), SMP_E_NOMEM, SMP_E_INTERNAL (the audit objects).
enum smp_code smp_layout_make(struct smp_layout *layout, const struct smp_surface *surface,
                              const struct smp_layout_input *input,
                              const struct smp_layout_params *params, struct smp_pool *pool,
                              struct smp_arena *arena, struct smp_err *err);

// How even a set of points is, by the definitions of docs/layout.md (for warnings and tests).
struct smp_evenness {
    double cv;   // of nearest-neighbour distance over the local hexagonal spacing
    double mean; // of the same
    double clark_evans;
    double min_mm;
};
enum smp_code smp_layout_evenness(struct smp_evenness *evenness, const struct smp_vec3 *points_mm,
                                  const double *density_per_cm2, size_t count,
                                  struct smp_arena *scratch, struct smp_err *err);

#endif
