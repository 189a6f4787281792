// Private to the plan module.
#ifndef SMP_PLAN_IMPL_H
#define SMP_PLAN_IMPL_H

#include "pigment/pigment.h"
#include "plan/plan.h"

// ---- builtin_data.c (made by tools/embed.c from data/) ------------------------------------------

struct smp_builtin {
    const char *name;
    const unsigned char *data;
    size_t length;
};
extern const struct smp_builtin smp_builtins[]; // name NULL ends

// ---- case_head.c --------------------------------------------------------------------------------

// Read out->photos, or where the head comes from (what a scan's or a photo's name leaves out,
// `folder` has); errors as in smp_case_read.
enum smp_code smp_case_read_head(struct smp_case *out, const struct smp_json *at,
                                 const char *folder, struct smp_arena *arena, struct smp_err *err);
enum smp_code smp_case_read_photos(struct smp_case *out, const struct smp_json *at,
                                   const char *folder, struct smp_arena *arena,
                                   struct smp_err *err);

// ---- case_health.c ------------------------------------------------------------------------------

// Fields health and wishes, and what the rest of the case (read before) tells of the same.
enum smp_code smp_case_health(struct smp_case *out, const struct smp_json *root,
                              struct smp_arena *arena, struct smp_err *err);

// ---- case_design.c ------------------------------------------------------------------------------

// Where the case names no style: rounded for women, whose line has no receding corners
// (docs/design-rules.md), natural for men.
void smp_case_usual_style(struct smp_case *out);

// Text of a JSON string, copied into the arena: at most max_bytes, no control characters.
enum smp_code smp_case_text(const struct smp_json *at, size_t max_bytes, const char **text,
                            struct smp_arena *arena, struct smp_err *err);
// Chart outline: 3 to 10,000 addresses [u, v] within ±2.
enum smp_code smp_case_outline(const struct smp_json *at, const struct smp_vec2 **outline,
                               size_t *count, struct smp_arena *arena, struct smp_err *err);
enum smp_code smp_case_design(struct smp_case *out, const struct smp_json *at,
                              struct smp_arena *arena, struct smp_err *err);

// ---- case_look.c --------------------------------------------------------------------------------

// CIELAB as [L, a, b].
enum smp_code smp_case_lab(const struct smp_json *at, struct smp_lab *lab, struct smp_err *err);
// A number of an object and its range; what is absent keeps its value.
struct smp_case_number {
    const char *name, *unit;
    double min, max, *value;
};
enum smp_code smp_case_numbers(const struct smp_json *at, const struct smp_case_number *rows,
                               size_t count, struct smp_err *err);
enum smp_code smp_case_hair(struct smp_case *out, const struct smp_json *at, struct smp_err *err);
enum smp_code smp_case_skin(struct smp_case *out, const struct smp_json *at, struct smp_err *err);
// The recipe's fields; after the design, with which it must not clash.
enum smp_code smp_case_wish(struct smp_case *out, const struct smp_json *at, const char *folder,
                            struct smp_arena *arena, struct smp_err *err);

// ---- case_person.c ------------------------------------------------------------------------------

extern const struct smp_person_case smp_person_not_given;
// After client and loss, which it must not contradict.
enum smp_code smp_case_person(struct smp_case *out, const struct smp_json *at,
                              struct smp_arena *arena, struct smp_err *err);

// ---- recipe_keep.c ------------------------------------------------------------------------------

// A match as plan.json keeps it.
struct smp_kept {
    bool there;
    uint64_t request;
    struct smp_lab bare_lab, stubble_lab;
    const char *impossible; // NULL: the recipe follows
    const char *pigment;
    struct smp_recipe found; // but for the pigment's index
};
struct json_t *smp_recipe_keep(const struct smp_plan_recipe *recipe);
// From the recipe of plan.json; there = false where an older program kept none. Texts are
// arena-owned. Errors: SMP_E_INPUT.
enum smp_code smp_kept_read(struct smp_kept *kept, const struct smp_json *recipe,
                            struct smp_arena *arena, struct smp_err *err);
uint64_t smp_key_number(uint64_t key, double value);
uint64_t smp_key_bytes(uint64_t key, const void *data, size_t length);
// smp_case_recipe, but for the search where the same was sought before.
enum smp_code smp_case_recipe_kept(struct smp_case *from, const struct smp_kept *kept,
                                   struct smp_pool *pool, struct smp_arena *arena,
                                   struct smp_err *err);

// ---- photos.c -----------------------------------------------------------------------------------

// Photos make the head: marked, and neither scan nor tape is given.
bool smp_case_by_photos(const struct smp_case *from);
enum smp_code smp_case_photo_head(struct smp_head *head, struct smp_case *from,
                                  const struct smp_scan_options *options, struct smp_arena *arena,
                                  struct smp_err *err);
// Size and lens as used go into the case's copy, so that it can be read without the pictures.
bool smp_case_note_photos(struct json_t *root, const struct smp_case *from);

// ---- strength.c ---------------------------------------------------------------------------------

struct smp_strength_of {
    const struct smp_skin *skin;
    const struct smp_pigment *pigment;
    double ink_share, height_ratio; // of healed deposits
    bool one_bottle;                // the case holds the dilution
};
// Shades, and the darkening of dots by shade and diameter, for the recipe found.
enum smp_code smp_recipe_strengths(struct smp_plan_recipe *recipe, const struct smp_strength_of *of,
                                   struct smp_arena *scratch, struct smp_err *err);
// Darkening of a dot, as a share of the recipe's own; and the diameter that gives it.
double smp_recipe_strength(const struct smp_plan_recipe *recipe, size_t shade, double diameter_um);
double smp_recipe_diameter_um(const struct smp_plan_recipe *recipe, size_t shade, double strength);
// Makes the dots, which have their zone's diameter, unequal: diameter and shade by id. Mean and
// spread of their strengths go into the plan.
enum smp_code smp_plan_vary(struct smp_plan *plan, struct smp_arena *scratch, struct smp_err *err);

// ---- recipe.c -----------------------------------------------------------------------------------

// JSON of the recipe for plan.json; NULL where memory ran out, JSON null where none was sought.
struct json_t *smp_recipe_document(const struct smp_plan *plan);

// ---- make.c -------------------------------------------------------------------------------------

// What a plan stands on: loss, design and remaining hairs of a case on its head.
struct smp_ground {
    struct smp_mesh scalp; // the head's points, with the triangles that dots or hairs may fall in
    struct smp_surface *surface;
    struct smp_design *design;
    double *fu_per_cm2;
    struct smp_layout hairs;
    double bald_cm2;
};
enum smp_code smp_ground_make(struct smp_ground *ground, const struct smp_case *from,
                              const struct smp_head *head, struct smp_pool *pool,
                              const struct smp_progress *progress, struct smp_arena *arena,
                              struct smp_err *err);
// Fills what the plan takes from the ground: hairs, design, areas.
enum smp_code smp_plan_on_ground(struct smp_plan *plan, const struct smp_case *from,
                                 const struct smp_head *head, const struct smp_ground *ground,
                                 struct smp_arena *arena, struct smp_err *err);
// smp_plan_load without totals and warnings, leaving the ground.
enum smp_code smp_plan_load_on(struct smp_plan *plan, struct smp_ground *ground, const char *folder,
                               const struct smp_scan_options *options, struct smp_pool *pool,
                               struct smp_arena *arena, struct smp_err *err);
// Where dots go, by point of the mesh, remaining hair included; NULL where memory ran out.
double *smp_plan_wanted(const struct smp_design *design, const struct smp_mesh *mesh,
                        struct smp_arena *arena);
// Value inside a triangle of a field given at its corners.
double smp_plan_inside(const double *field, const uint32_t corner[3], const double bary[3]);
enum smp_code smp_plan_hairs_between(struct smp_layout_input *input,
                                     const struct smp_ground *ground, const double *wanted,
                                     struct smp_arena *arena, struct smp_err *err);
// The least distance of dots: the case's, or a natural one.
double smp_plan_gap_mm(const struct smp_case *from, const double *wanted, size_t count);
void smp_plan_cut_keep_outs(struct smp_layout *layout, const struct smp_design *design,
                            const struct smp_head *head);
// A complaint of the layout in words of the case.
enum smp_code smp_plan_in_words(const struct smp_case *from, enum smp_code code,
                                const struct smp_err *why, struct smp_err *err);
// Healed diameter wanted in a zone.
double smp_plan_diameter_um(const struct smp_case *from, enum smp_zone zone);
// Totals, evenness, price and warnings from the dots as they are.
enum smp_code smp_plan_finish(struct smp_plan *plan, struct smp_arena *arena, struct smp_err *err);

// ---- continue.c, continue_lay.c -----------------------------------------------------------------

// smp_plan_continue on a plan that is loaded.
enum smp_code smp_plan_go_on(struct smp_plan *plan, const struct smp_plan *old,
                             const struct smp_ground *ground, const struct smp_measured *measured,
                             size_t count, int session, struct smp_pool *pool,
                             struct smp_arena *arena, struct smp_err *err);

// A dot in the making, or a hair, that others keep a distance from.
struct smp_laid {
    struct smp_vec3 at_mm, from_mm; // now, and when the cells were made: at most near_mm apart
    double diameter_mm;
    bool clear; // two diameters are kept from it
    bool on;    // it counts
};
struct smp_laying {
    const struct smp_plan *plan;
    const struct smp_ground *ground;
    struct smp_rays *rays;
    const double *wanted;
    struct smp_laid *places;
    size_t count;
    struct smp_cell *cells;
    double cell_mm, min_gap_mm, gap_diameters, near_mm;
};
// Cells of all places, and the distances they keep; the places must be set.
enum smp_code smp_laying_make(struct smp_laying *laying, struct smp_arena *arena,
                              struct smp_err *err);
// No place that counts is too near to where that one is, or would be.
bool smp_laying_room(const struct smp_laying *laying, size_t place, struct smp_vec3 at_mm);
// The nearest place of a range for which skip is not set, within reach; SIZE_MAX: none.
size_t smp_laying_nearest(const struct smp_laying *laying, struct smp_vec3 at_mm, double reach_mm,
                          size_t from, size_t to, const bool *skip);
// Distance of neighbours at the density wanted there; 0 where no dots go.
double smp_laying_spacing_mm(const struct smp_laying *laying, struct smp_vec3 at_mm);
// The nearest place beside its own where a dot has room; false where there is none.
bool smp_laying_beside(const struct smp_laying *laying, size_t place, struct smp_dot *dot);
// As many dots as the skin still lacks by the layout, between all places that count.
enum smp_code smp_laying_fill(struct smp_layout *layout, const struct smp_laying *laying,
                              uint64_t seed, struct smp_pool *pool, struct smp_arena *arena,
                              struct smp_err *err);

// ---- continued.c --------------------------------------------------------------------------------

struct json_t *smp_continued_document(const struct smp_plan *plan);
enum smp_code smp_continued_read(struct smp_continued *continued, const struct smp_json *at,
                                 struct smp_arena *arena, struct smp_err *err);

// ---- follow.c, followed.c -----------------------------------------------------------------------

// The forecast as the photos of the old plan and those measured now narrow it.
enum smp_code smp_follow_make(struct smp_follow *follow, const struct smp_plan *old,
                              const struct smp_measured *measured, size_t count,
                              struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err);
struct json_t *smp_follow_document(const struct smp_follow *follow);
enum smp_code smp_follow_read(struct smp_follow *follow, const struct smp_json *at,
                              struct smp_arena *arena, struct smp_err *err);
// What the match was asked for a case, arena-owned but for what the case holds (recipe.c).
enum smp_code smp_recipe_request(struct smp_match_request *request, const struct smp_case *from,
                                 struct smp_arena *arena, struct smp_err *err);

// ---- seen.c -------------------------------------------------------------------------------------

// seen.csv: dots of a continued plan that photos showed. NULL where memory ran out.
char *smp_seen_write(const struct smp_continued *continued, size_t *length,
                     struct smp_arena *arena);
void smp_seen_sort(struct smp_seen_dot *seen, size_t count); // by id
// Contrast over the median, within what the file may hold.
double smp_seen_strength(double contrast, double median);
// Ids must be of the plan's dots that are done.
enum smp_code smp_seen_read(struct smp_plan *plan, const char *file, struct smp_bytes text,
                            struct smp_arena *arena, struct smp_err *err);

// ---- order.c ------------------------------------------------------------------------------------

// Gives every dot its place in its session: zone by zone, then along a path a hand can follow.
enum smp_code smp_plan_order(struct smp_plan *plan, struct smp_arena *scratch, struct smp_err *err);
// Mean and 99th percentile of the steps in the order as it is, into plan->session.
enum smp_code smp_plan_steps(struct smp_plan *plan, struct smp_arena *scratch, struct smp_err *err);

// ---- path.c -------------------------------------------------------------------------------------

// Shortens the path at[0], at[1] … through points that stand about spacing_mm apart.
enum smp_code smp_path_shorten(uint32_t *at, const struct smp_vec3 *points, size_t count,
                               double spacing_mm, struct smp_arena *scratch, struct smp_err *err);

// ---- totals.c -----------------------------------------------------------------------------------

enum smp_code smp_plan_totals(struct smp_plan *plan, struct smp_arena *scratch,
                              struct smp_err *err);

// ---- near.c -------------------------------------------------------------------------------------

// Points in cubes: a list sorted by cube. Cubes that differ by one in z stand together.
struct smp_cell {
    uint64_t key;
    uint32_t point;
};
int smp_cell_order(const void *p, const void *q); // for qsort
uint64_t smp_cell_key(struct smp_vec3 p, double size_mm, int dx, int dy, int dz);
size_t smp_cell_first(const struct smp_cell *cells, size_t count, uint64_t key); // not below key

// The scalp's mesh points, to be found from a point near them.
struct smp_points {
    struct smp_cell *cells;
    size_t count;
    double size_mm;
    const struct smp_mesh *mesh;
};
enum smp_code smp_points_index(struct smp_points *index, const struct smp_plan *plan,
                               struct smp_arena *arena, struct smp_err *err);
// SIZE_MAX where none is within about 2 mm.
size_t smp_points_nearest(const struct smp_points *index, struct smp_vec3 p);

// ---- warnings.c ---------------------------------------------------------------------------------

enum { SMP_WARNINGS_MAX = 64 };

struct smp_warning_list {
    struct smp_warning rows[SMP_WARNINGS_MAX]; // what goes beyond is left out
    size_t count;
    struct smp_arena *arena;
    bool out_of_memory;
};

// What a warning says besides its numbers.
struct smp_wording {
    const char *id, *unit, *advice;
};

void smp_warn(struct smp_warning_list *list, const struct smp_wording *wording, const char *zone,
              double value, const struct smp_number *limit);
// warnings_recipe.c
void smp_warn_recipe(struct smp_warning_list *list, const struct smp_plan *plan);

// Density of dots and hairs on both sides of the border of two zones, within 6 mm of it.
struct smp_border {
    enum smp_zone a, b;
    double a_cm2, b_cm2;
    double a_per_cm2, b_per_cm2;
    double a_full, b_full; // of 1: how full hair that was never lost is there; it thins at the nape
};
// Share by which the thinner side differs from the denser. A fall that hair has by nature is none.
double smp_border_step(const struct smp_border *border);
enum smp_code smp_plan_borders(struct smp_border *borders, size_t max, size_t *count,
                               const struct smp_plan *plan, struct smp_arena *scratch,
                               struct smp_err *err);
// From what is measured in the plan; nothing else is looked at.
enum smp_code smp_plan_warn(struct smp_plan *plan, const struct smp_border *borders,
                            size_t border_count, struct smp_arena *arena, struct smp_err *err);

// ---- csv.c --------------------------------------------------------------------------------------

extern const char smp_dots_header[];
char *smp_dots_write(const struct smp_plan *plan, size_t *length, struct smp_arena *arena);
enum smp_code smp_dots_read(struct smp_plan *plan, const char *file, struct smp_bytes text,
                            struct smp_arena *arena, struct smp_err *err);

#endif
