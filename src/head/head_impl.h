// Private to the head module: the template's data, sections of the surface, the bend, the steps
// that make a head of a mesh in the head frame.
#ifndef SMP_HEAD_IMPL_H
#define SMP_HEAD_IMPL_H

#include "head/head.h"

// ---- Template -----------------------------------------------------------------------------------

extern const uint8_t smp_template_data[]; // data/template_head.bin
extern const size_t smp_template_data_length;

struct smp_template {
    struct smp_mesh mesh;    // head frame, mm, the mean head unbent
    const uint8_t *paint[3]; // per point: brow, lip, lash
    struct smp_fiducials fiducials;
    struct smp_vec3 canthus_left, canthus_right;
};
enum smp_code smp_template_load(struct smp_template *template, struct smp_arena *arena,
                                struct smp_err *err);

// ---- Sections and what a tape reads -------------------------------------------------------------

struct smp_plane {
    struct smp_vec3 normal; // unit
    double offset;          // dot(normal, p) = offset on the plane
};
struct smp_plane smp_plane_through(struct smp_vec3 a, struct smp_vec3 b, struct smp_vec3 c);

// Points where edges of the (outer) triangles cross the plane, in pairs: a segment each.
struct smp_section {
    struct smp_vec3 *points;
    size_t count;
};
enum smp_code smp_section_cut(struct smp_section *section, const struct smp_mesh *mesh,
                              const bool *outer, struct smp_plane plane, struct smp_arena *arena,
                              struct smp_err *err);
// Length of a tape around the section: perimeter of its convex hull.
enum smp_code smp_section_girth(double *girth, const struct smp_section *section,
                                struct smp_plane plane, struct smp_arena *scratch,
                                struct smp_err *err);
// Length of a tape from a to b over the side of the section that lies toward `side`.
enum smp_code smp_section_arc(double *arc, const struct smp_section *section,
                              struct smp_plane plane, struct smp_vec3 a, struct smp_vec3 b,
                              struct smp_vec3 side, struct smp_arena *scratch, struct smp_err *err);

// Glabella, vertex, inion and opisthocranion from the mid-sagittal section.
struct smp_profile {
    struct smp_vec3 glabella, vertex, inion, opisthocranion;
};
enum smp_code smp_profile_find(struct smp_profile *profile, const struct smp_mesh *mesh,
                               const bool *outer, struct smp_vec3 nasion, struct smp_arena *scratch,
                               struct smp_err *err);
// Lengths only (no areas). Scratch is given back.
enum smp_code smp_tape_read(struct smp_tape *tape, struct smp_profile *profile,
                            const struct smp_mesh *mesh, const bool *outer,
                            const struct smp_fiducials *fiducials, struct smp_arena *scratch,
                            struct smp_err *err);

// ---- Bend ---------------------------------------------------------------------------------------

struct smp_bend {
    double scale_x, scale_y, scale_z, full;
    double swell_mm[SMP_SWELLS]; // as in smp_shape
};

struct smp_fit {
    const struct smp_template *template;
    struct smp_mesh mesh; // bent
    struct smp_fiducials fiducials;
    struct smp_vec3 canthi[2];
    struct smp_tape tape;
    struct smp_profile profile;
    double half_breadth, half_length, middle_y, height; // of the template itself
    struct smp_arena *arena;
};

enum smp_code smp_fit_prepare(struct smp_fit *fit, const struct smp_template *template,
                              struct smp_arena *arena, struct smp_err *err);
// A point of the template bent, before the origin is put back between the ears.
struct smp_vec3 smp_bent(const struct smp_fit *fit, const struct smp_bend *bend, struct smp_vec3 p);
// The whole template bent, and what a tape then reads.
enum smp_code smp_fit_apply(struct smp_fit *fit, const struct smp_bend *bend, struct smp_err *err);
// The bend of the median head of a sex, and its height over the ears.
enum smp_code smp_fit_median(struct smp_fit *fit, struct smp_bend *bend, enum smp_sex sex,
                             double *height_mm, struct smp_err *err);
// Head of the template as bent last; sex and note are those of `said`.
enum smp_code smp_fit_head(struct smp_head *head, const struct smp_fit *fit,
                           const struct smp_head *said, struct smp_arena *arena,
                           struct smp_err *err);

// ---- Chart --------------------------------------------------------------------------------------

// Numbers the chart is normalised by; follow from landmarks and tape.
struct smp_chart_frame {
    double half_breadth, half_length, height; // mm
    double middle_y, shear;                   // of the axis that goes through the vertex
};
struct smp_chart_frame smp_chart_frame(const struct smp_landmarks *landmarks,
                                       const struct smp_tape *tape);
struct smp_vec2 smp_chart_map(const struct smp_chart_frame *frame, struct smp_vec3 point);
struct smp_vec3 smp_chart_direction(const struct smp_chart_frame *frame, struct smp_vec2 address);

// Radius of the scalp's outer limit at an angle from the front (0 … π either side).
double smp_chart_limit(double angle_rad);

// Chart radius by which an address lies behind the natural hairline of this head (below zero:
// bare forehead).
double smp_behind_hairline(const struct smp_head *head, struct smp_vec2 address);
extern const double smp_hairline_mm; // over the glabella, by tape

// ---- Walking ------------------------------------------------------------------------------------

// smp_head_walk from a known triangle, in the plane square to `plane_normal`.
struct smp_vec3 smp_walk_from(const struct smp_head *head, uint32_t triangle, struct smp_vec3 start,
                              struct smp_vec3 along, struct smp_vec3 plane_normal,
                              double length_mm);

// ---- Making -------------------------------------------------------------------------------------

// What a head is made of: a welded mesh in the head frame.
struct smp_raw_head {
    struct smp_mesh mesh;
    const bool *outer;       // per triangle
    const uint8_t *paint[3]; // per point, NULL for scans
    struct smp_fiducials fiducials;
    struct smp_vec3 canthus_left, canthus_right;
};
// ---- Fiducials of a scan ------------------------------------------------------------------------

// A length that must be low to high; the sentence names the unit in which it would be.
enum smp_code smp_check_length(const char *name, const char *what, double mm, double low_mm,
                               double high_mm, double mm_per_unit, struct smp_err *err);
// As given, file frame in mm: finite, and a triangle of a head's size.
enum smp_code smp_check_fiducials(const char *name, const struct smp_fiducials *mm,
                                  double mm_per_unit, struct smp_err *err);
enum smp_code smp_snap_fiducial(struct smp_vec3 *point, const char *which, const char *name,
                                const struct smp_mesh *mesh, const struct smp_rays *rays,
                                struct smp_err *err);
// In the head frame: nasion before the middle of the ears, skull above, face and ears where the
// profile of this head has them. asymmetry_mm: mean distance of the mirrored surface from itself.
enum smp_code smp_check_placement(const char *name, const struct smp_raw_head *raw,
                                  double asymmetry_mm, struct smp_arena *scratch,
                                  struct smp_err *err);

// Nasion and line of the ears as the profile shows them, x = 0; misfit: mean difference of radii
// in parts of 1, HUGE_VAL: none was found.
struct smp_placement {
    struct smp_vec3 nasion, ears;
    double misfit;
};
// The best of all, and the best of those that lie so near to the fiducials that these may be right:
// two faces differ, and a preauricular point is a matter of 10 mm; the tip of the nose is 45 mm
// from the nasion, the cheek 30 mm before the ear.
#define SMP_NASION_OFF_MM 25
#define SMP_EARS_OFF_MM 25
struct smp_profile_match {
    struct smp_placement best, given;
    double flipped_misfit; // the best there would be if LPA and RPA were exchanged
};
enum smp_code smp_profile_match(struct smp_profile_match *match, const struct smp_raw_head *raw,
                                struct smp_arena *scratch, struct smp_err *err);

enum smp_code smp_head_finish(struct smp_head *head, const struct smp_raw_head *raw,
                              struct smp_arena *arena, struct smp_err *err);

#endif
