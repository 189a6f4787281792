// What the parts of layout share. Included by no other module.
//
// Working frame: millimetres from the centre of the mesh's bounds, in float; densities in dots
// per mm². Final places and the audit are in double, in the mesh's own frame.
#ifndef SMP_LAYOUT_IMPL_H
#define SMP_LAYOUT_IMPL_H

#include "layout/layout.h"

#define SMP_NO_FACE UINT32_MAX

// Spacing of the hexagonal lattice at density 1: sqrt(2 / sqrt(3)).
#define SMP_HEX 1.0745699318235418

// ---- A surface made ready ---------------------------------------------------------------------

// Four planes of a triangle, lane by lane: three through the edges, square to the face, positive
// inside (edge k runs from corner k to k + 1), and the face's own plane. One cache line.
struct smp_planes {
    float x[4], y[4], z[4], w[4];
};

struct smp_surface {
    struct smp_vec3 *points; // as given
    size_t point_count;
    size_t count;           // triangles, in the order of a Hilbert curve
    uint32_t (*corners)[3]; // into points
    uint32_t *original;     // index in the mesh given
    uint32_t (*next)[3];    // across edge k, or SMP_NO_FACE
    uint32_t *weld;         // per point: the first point at the same place
    struct smp_planes *planes;
    float *area_mm2;
    bool *sliver;
    bool has_border;
    struct smp_vec3 centre;
    double prepare_s;
};

enum smp_code smp_curve_order(uint32_t *order, const struct smp_vec3 *at, size_t count,
                              struct smp_vec3 low, double extent, struct smp_pool *pool,
                              struct smp_arena *scratch);
void smp_neighbours(uint32_t (*next)[3], const struct smp_surface *s, struct smp_arena *scratch,
                    enum smp_code *code);

// Moves q (working frame) from a face it lies above to the face it is above, hopping edge by edge;
// slides along open borders and sharp folds. Returns the new face; q ends on its plane.
uint32_t smp_walk(const struct smp_surface *s, uint32_t face, float q[3]);
// Nearest point of a triangle, in double, in the mesh's frame.
struct smp_vec3 smp_nearest_on_face(const struct smp_surface *s, uint32_t face, struct smp_vec3 p);
static inline void smp_face_normal(const struct smp_surface *s, uint32_t face, float n[3])
{
    n[0] = s->planes[face].x[3];
    n[1] = s->planes[face].y[3];
    n[2] = s->planes[face].z[3];
}

// Boxes over runs of the curve: nearest faces without an index of their own.
struct smp_boxes;
struct smp_boxes *smp_boxes_make(const struct smp_surface *s, struct smp_arena *arena);
uint32_t smp_boxes_nearest(const struct smp_boxes *boxes, struct smp_vec3 p, double *distance);

// ---- Density ----------------------------------------------------------------------------------

// Linear over a face: x·q + w.
struct smp_slope {
    float x, y, z, w;
};

struct smp_density {
    struct smp_slope *slope; // wanted, ghosts beyond hard outlines included
    struct smp_slope *real;  // wanted; the same array where there are no ghosts
    float *corner;           // per point: slope's values, dots/mm²
    double *mass;            // per face, of slope
    double mass_total, real_total;
    double area_mm2;       // where density > 0
    bool *still;           // per face: ghosts there do not move; NULL without ghosts
    float highest, lowest; // lowest: densities below are taken as this for spacing
    bool has_ghosts;
};

enum smp_code smp_field_make(struct smp_density *field, const struct smp_surface *s,
                             const double *density_per_cm2, double count, struct smp_arena *arena,
                             struct smp_err *err);
static inline float smp_density_at(const struct smp_slope *slope, const float q[3])
{
    return slope->x * q[0] + slope->y * q[1] + slope->z * q[2] + slope->w;
}
static inline float smp_spacing_density(const struct smp_density *f, uint32_t face,
                                        const float q[3])
{
    const float d = smp_density_at(&f->slope[face], q);
    return d > f->lowest ? d : f->lowest;
}

// ---- Dots at work -----------------------------------------------------------------------------

struct smp_site {
    float x, y, z, density;
} __attribute__((aligned(16)));

enum { SMP_LIST_CAP = 28 };

// Neighbours of each free site, in rows of SMP_LIST_CAP filled up with the site itself to a
// multiple of four (a site does not push itself).
struct smp_lists {
    uint32_t *near;
    uint8_t *count; // multiple of four
    float reach;    // in units of 1/sqrt(density)
    bool strict;
};

// The dots of the first sessions up to one, with the density they have together.
struct smp_prefix {
    size_t count, free_count; // free ones come first
    uint32_t *member;         // index among all
    struct smp_site *sites;
    struct smp_lists lists;
    int session;
    double share;
};

struct smp_work {
    const struct smp_surface *s;
    struct smp_density field;
    const struct smp_layout_params *params;
    struct smp_pool *pool;
    struct smp_arena *scratch;
    size_t free_count, count; // fixed ones stand behind the free ones
    float (*at)[3];
    uint32_t *face;
    uint32_t *id;     // of the random stream
    uint8_t *session; // 0: fixed
    float *density;   // of the whole, for spacing
    float *held;      // share of fixed points around; NULL without sessions or fixed points
    float (*push)[3];
    struct smp_prefix prefix[SMP_SESSIONS_MAX];
    int prefixes;
    struct smp_border *border;
    struct smp_vec3 *final; // rounded places, mesh frame
    const struct smp_vec3 *fixed_mm;
    size_t dropped;
    bool hard_only; // the gap of the regularity is given up for the hard one
};

// Where the mass walk puts them; sessions labelled. Fills at, face, id, session, density.
enum smp_code smp_start(struct smp_work *w, const struct smp_layout_input *input,
                        const uint32_t *fixed_face, size_t fixed_paying, size_t wanted,
                        struct smp_err *err);
enum smp_code smp_prefixes_make(struct smp_work *w, struct smp_err *err);
void smp_prefix_refresh(struct smp_work *w, struct smp_prefix *p);
// strict: opposed pairs count too unless they lie on two sheets (for gaps).
enum smp_code smp_lists_build(struct smp_work *w, struct smp_prefix *p, float reach, bool strict);
// Can one get from face to face inside a ball (working frame)?
bool smp_same_sheet(const struct smp_surface *s, uint32_t from, uint32_t to, const float middle[3],
                    float radius);
enum smp_code smp_relax(struct smp_work *w, struct smp_err *err);
// Walks dot i over the surface to q, unless no dots are wanted there.
void smp_move(struct smp_work *w, size_t i, float q[3]);
void smp_jitter(struct smp_work *w);
enum smp_code smp_bring_back(struct smp_work *w, bool *gone, size_t missing);
enum smp_code smp_crop(struct smp_work *w, size_t wanted, struct smp_err *err);
enum smp_code smp_project(struct smp_work *w, struct smp_err *err);
enum smp_code smp_settle(struct smp_work *w, struct smp_err *err);
// Are two dots on two sheets, for gaps? Normals opposed and no short way along the surface.
bool smp_other_sheet(const struct smp_work *w, uint32_t i, uint32_t j);
double smp_pair_gap(const struct smp_work *w, double density_a, double density_b);
double smp_regular_gap(const struct smp_work *w, bool of_prefix); // in hexagonal spacings

// ---- Borders ----------------------------------------------------------------------------------

struct smp_border *smp_border_make(const struct smp_surface *s, double reach_mm,
                                   struct smp_arena *arena);
// Force of the still medium beyond the border nearest to the face, as of dots of this density.
void smp_border_push(const struct smp_border *b, const struct smp_surface *s, uint32_t face,
                     const float at[3], float density, float cut2, float push[3]);

// ---- Proof ------------------------------------------------------------------------------------

struct smp_audit {
    double min_mm;      // smallest distance seen, sheets left out
    size_t short_pairs; // under the gap
    size_t sheet_pairs; // under the gap, on two sheets
};
// Looks at points alone: the first `dots` against each other and against the rest. Takes nothing
// from the steps before it: faces are searched anew, by trying all.
enum smp_code smp_audit(struct smp_audit *audit, const struct smp_surface *s,
                        const struct smp_vec3 *points, size_t dots, size_t count, double gap_mm,
                        double look_mm, struct smp_pool *pool, struct smp_arena *scratch);

// ---- For tests --------------------------------------------------------------------------------

struct smp_hooks {
    bool wrong_faces; // nearest faces without the part off the plane: a fault met in practice
};
enum smp_code smp_layout_run(struct smp_layout *layout, const struct smp_surface *surface,
                             const struct smp_layout_input *input,
                             const struct smp_layout_params *params, const struct smp_hooks *hooks,
                             struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err);

#endif
