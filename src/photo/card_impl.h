// Private to photo: what finds flat things in a picture (planes, squares) and what a colour card
// is made of.
#ifndef SMP_CARD_IMPL_H
#define SMP_CARD_IMPL_H

#include "photo/photo.h"

// ---- plane.c ----------------------------------------------------------------------------------

// x of a x = b for a symmetric positive n × n matrix (row-major, lost); false where it has no
// single answer. b becomes x.
bool smp_solve_positive(double *a, double *b, size_t n);

// The homography nearest to `count` (4 or more) pairs of points; false where they lie on lines.
bool smp_homography_fit(struct smp_homography *h, const struct smp_vec2 *from,
                        const struct smp_vec2 *to, size_t count);
// Pixels a unit of length at a point: the square root of the change of area.
double smp_homography_scale(const struct smp_homography *h, struct smp_vec2 at);

// ---- shrunk.c: the picture small, in codes the eye would call even ----------------------------

enum { shrunk_channels = 3 };

// Square roots of linear light, shrunk by a whole factor.
struct smp_shrunk {
    float *code; // width × height × 3
    size_t width, height;
    size_t shrink; // pixels of the picture along a side of one of these
};
// At most `side_max` along the longer side.
enum smp_code smp_shrunk_make(struct smp_shrunk *sight, const struct smp_image *image,
                              size_t side_max, struct smp_pool *pool, struct smp_arena *arena,
                              struct smp_err *err);

// ---- quads.c ----------------------------------------------------------------------------------

struct smp_quad {
    struct smp_vec2 corner_px[4]; // of the picture; clockwise as seen (y down)
    struct smp_vec2 centre_px;    // where the diagonals meet
    double area_px2;
};
struct smp_quads {
    struct smp_quad *quad;
    size_t count, room;
};
struct smp_quad_rule {
    size_t area_min, area_max; // of a component
    double filled;             // least share of the square that the component itself covers
    double straight;           // least share of the square that its hull covers
};
// Connected parts of the mask (width × height bytes; lost) that are squares seen from anywhere.
enum smp_code smp_quads_add(struct smp_quads *quads, uint8_t *mask, const struct smp_shrunk *sight,
                            const struct smp_quad_rule *rule, struct smp_arena *arena,
                            struct smp_err *err);
// Moves the sides to the strongest edges within `reach_px` of them; false where a side has none.
bool smp_quad_refine(struct smp_quad *quad, const struct smp_image *image, double reach_px);
// Centre and area from the corners; false where the corners make no convex square.
bool smp_quad_finish(struct smp_quad *quad);

// Column and row of patch i, from 0.
static inline struct smp_vec2 smp_card_place(int i)
{
    const int row = i / SMP_CARD_COLUMNS;
    return (struct smp_vec2){ i - row * SMP_CARD_COLUMNS, row };
}

// ---- card_read.c ------------------------------------------------------------------------------

// From a rough grid: sides of the patches, the fine grid, scale, kind and colours.
enum smp_code smp_card_read(struct smp_card *card, const struct smp_image *image, const char *name,
                            struct smp_arena *arena, struct smp_err *err);

// ---- correct.c --------------------------------------------------------------------------------

enum { correct_known = 23, correct_extra = 3, correct_all = correct_known + correct_extra };

struct smp_correct_problem {
    struct smp_rgb_lin seen[SMP_CARD_PATCHES];
    struct smp_lab wanted[SMP_CARD_PATCHES];
    bool left_out[SMP_CARD_PATCHES];
    // A second light: how much of it falls on each patch, NULL: none. Its three unknowns are the
    // logarithms of what it is to the first in R, G, B.
    const double *second_light;
    double smallest_lin;
};
// First guess by one matrix.
void smp_correct_begin(double x[correct_all], const struct smp_correct_problem *problem);
// Improves x; the sum of squared colour errors (about CIE94) of the patches not left out.
double smp_correct_improve(double x[correct_all], const struct smp_correct_problem *problem);
// What patch i looks like corrected.
struct smp_lab smp_correct_patch(const double x[correct_all],
                                 const struct smp_correct_problem *problem, int i);
void smp_correction_of(struct smp_correction *correction, const double x[correct_all],
                       const struct smp_correct_problem *problem);

// ---- card_judge.c -----------------------------------------------------------------------------

// Refuses a card whose patches show clipping, before any fit.
enum smp_code smp_card_judge_light(const struct smp_card *card, const char *name,
                                   struct smp_err *err);
// Refuses a fit that shows two lights, falling light, glare or another card. x and rest: the fit
// of all patches and its sum of squares; error_mean: the leave-one-out error.
enum smp_code smp_card_judge_fit(const struct smp_card *card,
                                 const struct smp_correct_problem *problem,
                                 const double x[correct_all], double rest, double error_mean,
                                 const char *name, struct smp_err *err);

#endif
