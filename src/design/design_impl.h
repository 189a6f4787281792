// Private to the design module.
#ifndef SMP_DESIGN_IMPL_H
#define SMP_DESIGN_IMPL_H

#include "design/design.h"

// ---- lines.c: nearest of many segments ----------------------------------------------------------

struct smp_lines {
    const struct smp_vec3 *a, *b; // segments
    size_t count;
    struct smp_vec3 *centre_mm; // of each run of segments, a sphere around it
    double *radius_mm;
    size_t runs;
};

struct smp_near {
    size_t segment;
    double share; // along it, 0 … 1
    double distance_mm;
};

// The arrays are kept by reference. Quick where neighbours in the list are near in space.
enum smp_code smp_lines_make(struct smp_lines *lines, const struct smp_vec3 *a,
                             const struct smp_vec3 *b, size_t count, struct smp_arena *arena,
                             struct smp_err *err);
// distance_mm is `reach_mm` where nothing is nearer.
struct smp_near smp_lines_nearest(const struct smp_lines *lines, struct smp_vec3 point,
                                  double reach_mm);
// Segments where the field crosses 0, one a triangle, in an order good for smp_lines_make.
// Triangles with a corner where the field is NaN are left out.
enum smp_code smp_lines_crossing(struct smp_lines *lines, const struct smp_mesh *mesh,
                                 const double *field, struct smp_arena *arena, struct smp_err *err);

// ---- hairline.c ---------------------------------------------------------------------------------

struct smp_front {
    const struct smp_head *head;
    const struct smp_rays *rays;
    const struct smp_design_params *params;
    uint64_t seed;
};

// Fills the line and its indices, and what is measured on it.
enum smp_code smp_hairline_make(struct smp_design *design, const struct smp_front *front,
                                struct smp_arena *arena, struct smp_err *err);
// Nearest point of the surface; the point itself where there is none within 60 mm.
struct smp_vec3 smp_on_surface(const struct smp_front *front, struct smp_vec3 point,
                               struct smp_vec3 *normal);

// ---- waves.c ------------------------------------------------------------------------------------

// Adds to offset_mm[i] at arc_mm[i]: crests and troughs of about `amplitude_mm`, `wave_mm` apart.
void smp_waves_add(double *offset_mm, const double *arc_mm, size_t count, double amplitude_mm,
                   double wave_mm, struct smp_rng rng);

// ---- shape.c: what is measured on a line --------------------------------------------------------

void smp_line_smooth(struct smp_vec3 *smooth, const struct smp_vec3 *line, size_t count,
                     size_t half_window);
enum smp_code smp_line_measure(struct smp_design *design, struct smp_arena *arena,
                               struct smp_err *err);

// ---- field.c ------------------------------------------------------------------------------------

enum smp_code smp_density_make(struct smp_design *design, const struct smp_front *front,
                               const double *fu_per_cm2, struct smp_arena *arena,
                               struct smp_err *err);

// ---- areas.c: keep-outs and scars ---------------------------------------------------------------

// A keep-out or scar and its outline on the skin.
struct smp_fence {
    const struct smp_area *area;
    struct smp_lines lines; // none for a disc
};

// The keep-outs of the design, kept with it.
enum smp_code smp_fences_make(struct smp_design *design, const struct smp_front *front,
                              struct smp_arena *arena, struct smp_err *err);
enum smp_code smp_areas_apply(struct smp_design *design, const struct smp_front *front,
                              struct smp_arena *arena, struct smp_err *err);

#endif
