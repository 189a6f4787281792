// What is wanted: hairline, density field, keep-outs, scars; all measured on the head's surface.
//
// Rules and defaults: docs/design-rules.md, data/design.json (each with source and grade). Pure;
// results live in the arena passed in.
#ifndef SMP_DESIGN_H
#define SMP_DESIGN_H

#include "base/base.h"
#include "head/head.h"

#define SMP_STYLES(X)                                                                              \
    X(SMP_STYLE_NATURAL, "natural")                                                                \
    X(SMP_STYLE_SOFT, "soft")                                                                      \
    X(SMP_STYLE_EDGED, "edged")                                                                    \
    X(SMP_STYLE_WIDOWS_PEAK, "widow's peak")                                                       \
    X(SMP_STYLE_RECEDED, "receded")                                                                \
    X(SMP_STYLE_ROUNDED, "rounded")
#define SMP_STYLE_ENUM(name, text) name,
enum smp_style { SMP_STYLES(SMP_STYLE_ENUM) SMP_STYLE_COUNT };
extern const char *const smp_style_names[]; // NULL-ended

struct smp_hairline_params {
    double glabella_mm;   // mid-frontal point above the glabella, tape on the skin, [50, 110]
    double recession_mm;  // corner behind the tape laid across from the mid-frontal point, [0, 60]
    double peak_mm;       // temporal peak in front of the line corner–sideburn, [0, 25]
    double macro_mm;      // amplitude of the waves, [0, 8]
    double macro_wave_mm; // their length, [8, 60]
    double micro_mm;      // amplitude of the small gaps and clusters, [0, 4]
    double stray_share;   // of the dots of the first 10 mm, set ahead of the line, [0, 0.1]
    double stray_mm;      // how far ahead, [0, 6]
};
extern const struct smp_hairline_params smp_hairline_defaults[SMP_STYLE_COUNT]; // by style
extern const struct smp_field smp_hairline_fields[8];

// A closed area on the surface: where a disc or outline lies on the skin.
struct smp_area {
    enum { SMP_AREA_KEEP_OUT, SMP_AREA_SCAR } kind;
    struct smp_vec3 centre_mm;      // disc: surface point and radius
    double radius_mm;               // 0: the outline counts
    const struct smp_vec2 *outline; // chart addresses
    size_t outline_count;
    double margin_mm;    // around a keep-out, [0, 20]
    double dots_per_cm2; // of a scar
    const char *what;    // "mole", "lesion", "wound", "strip scar"
};

struct smp_design_params {
    enum smp_style style;
    struct smp_hairline_params hairline;
    double dots_per_cm2; // of the mid-scalp, together with what hair is left, [20, 300]
    double zone_share[SMP_ZONE_COUNT]; // density by zone as a share of dots_per_cm2
    double feather_mm;                 // hairline: 0 to full density over this depth, [0, 30]
    double side_fade_mm;               // into the remaining hair, [5, 60]
    double fu_share;                   // how much of a remaining FU counts as a dot, [0, 1]
    double fu_dots;                    // dots that one FU is worth in colour; 0: 1
    const struct smp_area *areas;
    size_t area_count;
    const double *native_per_cm2; // per point: hair of this head before any loss; NULL: even
};
extern const struct smp_design_params smp_design_defaults;
extern const struct smp_field smp_design_fields[4];

struct smp_design {
    struct smp_vec3 *line_mm; // the hairline, person's left to right, about 0.5 mm steps
    double *line_arc_mm;      // running length along it
    size_t line_count;
    size_t corner_left, corner_right, middle; // indices into line_mm
    double *density_per_cm2;                  // per point of head->mesh: dots to set (0 where none)
    double *total_per_cm2;                    // dots and remaining FUs together
    double *hair_per_cm2;                     // remaining FUs: as given, none in scars
    // Dots, and dots and FUs, to lay by: they go on into keep-outs for the width of a triangle, or
    // the edge would fall off before it is reached. Dots with smp_design_outside_mm <= 0 then go.
    double *laid_per_cm2, *laid_total_per_cm2;
    const struct smp_fence *fences; // keep-outs; the params' areas must live as long
    size_t fence_count;
    double *behind_mm;   // per point: distance behind the hairline (negative: ahead)
    uint8_t *zones;      // per point: head's zones with HAIRLINE filled in
    double glabella_mm;  // as built, tape on the skin
    double straightness; // 0 … 1: length of the front smoothed over 30 mm, over its own
    double recession_mm_left, recession_mm_right;         // as built, before the waves
    double corner_angle_deg_left, corner_angle_deg_right; // frontotemporal angle
    double asymmetry_mm; // RMS of left against mirrored right, the waves smoothed away
};

// rays: of head->mesh. Errors: SMP_E_INPUT with the field's name (params out of range; hairline
// that leaves the head).
enum smp_code smp_design_make(struct smp_design *design, const struct smp_head *head,
                              const struct smp_rays *rays, const double *fu_per_cm2,
                              const struct smp_design_params *params, uint64_t seed,
                              struct smp_arena *arena, struct smp_err *err);

// Distance of a point of the surface, and its chart address, outside the nearest keep-out with its
// margin: 0 or less inside. Straight in space; exact to 0.05 mm within 3 mm of an edge.
double smp_design_outside_mm(const struct smp_design *design, struct smp_vec3 point,
                             struct smp_vec2 chart);

// Values by zone (SMP_ZONE_COUNT of them), melted together over about 8 mm where zones meet: one a
// point of head->mesh, in an array of the caller.
enum smp_code smp_design_blend(double *blended, const struct smp_head *head, const uint8_t *zones,
                               const double *by_zone, struct smp_arena *scratch,
                               struct smp_err *err);

#endif
