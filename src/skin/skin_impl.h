// Private to skin: streams, small matrices, one slab by doubling.
#ifndef SMP_SKIN_IMPL_H
#define SMP_SKIN_IMPL_H

#include "skin/skin.h"

enum { SMP_STREAMS_MAX = 64 };

// ---- Small dense matrices (matrix.c), n × n, row by row -----------------------------------------

void smp_mat_multiply(double *c, const double *a, const double *b, int n); // c is neither a nor b
void smp_mat_vector(double *y, const double *a, const double *x, int n);   // y is not x
// Upper factor of a symmetric positive matrix UᵀU, in place (upper half; the diagonal: 1/U_ii).
void smp_mat_cholesky(double *a, int n);
// y ← U⁻ᵀ y for n columns.
void smp_mat_forward(double *y, const double *u, int n);
// c ← yᵀ y, both halves.
void smp_mat_square(double *c, const double *y, int n);
// a ← LU without pivots (a = 1 − product of reflections: an M-matrix).
void smp_mat_lu(double *a, int n);
void smp_mat_lu_solve(double *b, const double *lu, int n);      // n columns
void smp_mat_lu_solve_left(double *b, const double *lu, int n); // one vector, transposed matrix

// ---- Streams (streams.c) ------------------------------------------------------------------------

// Directions of one hemisphere by their optical invariant p = n sin θ, which refraction keeps: a
// stream is the same in every layer, and where p reaches a layer's index it does not exist there.
// share = Δ(p²), so that the shares below p = n add up to n². The working amplitude of a stream is
// √share × (radiance / n²): all layers' matrices are symmetric in it, and Fresnel faces diagonal.
struct smp_streams {
    int count, beam; // `beam` is the stream straight down, p = 0
    double p2[SMP_STREAMS_MAX], root_share[SMP_STREAMS_MAX];
};
// About `wanted` streams: more where many different indices need it, never above SMP_STREAMS_MAX.
void smp_streams_make(struct smp_streams *streams, const struct smp_stack *stack, int wanted);
// Cosine of a stream in a medium; 0 where it does not exist.
double smp_stream_cosine(const struct smp_streams *streams, int i, double n);
// Fresnel reflectance of unpolarised light between two media for a stream (1: total).
double smp_stream_fresnel(const struct smp_streams *streams, int i, double n_from, double n_to);

// ---- One slab (slab.c) --------------------------------------------------------------------------

// What depends on (streams, n, g) alone: the phase function in streams, delta-M scaled.
struct smp_medium {
    double n, g;
    double forward;                 // share of scattering taken as no scattering at all
    double cosine[SMP_STREAMS_MAX]; // 0: the stream does not exist here
    double cosine_min;
    double *even, *odd; // sums over even and odd Legendre orders, scaled
};
// Blocks of a slab's work, count² each.
struct smp_slab_work {
    double *block[6];
};
void smp_medium_make(struct smp_medium *medium, const struct smp_streams *streams, double n,
                     double g);
// Reflection and transmission of one layer without its faces. A semi-infinite layer gets T = 0.
void smp_slab(double *r, double *t, const struct smp_streams *streams,
              const struct smp_medium *medium, const struct smp_layer *layer,
              const struct smp_slab_work *work);

// ---- The stack (adding.c) -----------------------------------------------------------------------

struct smp_solver {
    struct smp_streams streams;
    struct smp_medium medium;
    struct smp_slab_work work;
    double *r, *t, *up, *product, *column; // count² each
    bool medium_known;
};
enum smp_code smp_solver_make(struct smp_solver *solver, const struct smp_stack *stack, int streams,
                              struct smp_arena *arena, struct smp_err *err);
// Diffuse reflectance of collimated light alone; the stack has the indices of smp_solver_make's.
double smp_solver_reflectance(struct smp_solver *solver, const struct smp_stack *stack);

// ---- The skin model (model.c) -------------------------------------------------------------------

// Streams of a skin spectrum: within 1.3e-4 of many (docs/optics.md).
enum { SMP_SKIN_STREAMS = 12 };
// Diffuse reflectance on any grid; the skin has been checked.
enum smp_code smp_skin_sample(double *reflectance, const struct smp_skin *skin,
                              const struct smp_grid *grid, int streams, struct smp_arena *scratch,
                              struct smp_err *err);

#endif
