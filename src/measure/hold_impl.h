// Private to measure: planned dots laid over found ones, and what each found one looks like.
#ifndef SMP_HOLD_IMPL_H
#define SMP_HOLD_IMPL_H

#include "measure/measure.h"

// ---- points.c: points of a picture by place
struct points {
    const struct smp_vec2 *at;
    size_t count;
    double cell_px, x0, y0;
    size_t across, down;
    uint32_t *first, *next; // numbers + 1
};
bool points_make(struct points *points, const struct smp_vec2 *at, size_t count, double cell_px,
                 struct smp_arena *arena);
// Numbers of those within reach, in a fixed order; at most `room`.
size_t points_near(uint32_t *list, size_t room, const struct points *points, struct smp_vec2 at,
                   double reach_px);
// The nearest within reach for which skip (NULL: none) is not set; SIZE_MAX: none.
size_t points_nearest(const struct points *points, struct smp_vec2 at, double reach_px,
                      const bool *skip, double *distance_px);

// ---- align.c
// Displacements of matched dots for least squares; slopes are held near 0 where dots are few.
struct sums {
    double n, x, y, xx, xy, yy, u[3], v[3];
};
struct align {
    struct points planned, found;
    double px_per_mm, spacing_px;
    double tolerance_px; // a planned dot and a found one nearer than this are the same
    size_t *found_of;    // each planned dot: the found one; SIZE_MAX
    size_t *planned_of;  // the reverse
    struct smp_vec2 *to; // where each planned dot should be in this photo
    bool *local;         // by matches around it, not by the map of all
    size_t matched;
    struct sums all;      // of all matches, about the photo's (0, 0)
    double chance_sd;     // how far the seed stands above chance
    double rms_px, close; // of the matches; share of them nearer than half the tolerance
    double shift_px, turn_deg, scale; // of the map of all, at the middle of the matches
};
// Errors: SMP_E_INPUT where the two do not fit, a sentence with numbers; SMP_E_NOMEM.
enum smp_code align_dots(struct align *align, const char *name, struct smp_arena *arena,
                         struct smp_err *err);

// ---- judge.c
// Fills edge_px and red_over_blue of all found dots.
void judge_edges(struct smp_held *held, const struct smp_subject *subject,
                 const struct smp_found_dots *found, struct smp_pool *pool);
// Contrast in red light at a place, inside a radius against a ring round it.
double judge_contrast(const struct smp_image *image, struct smp_vec2 at, double radius_px);
double judge_median(double *values, size_t count); // sorts them; 0 for none

#endif
