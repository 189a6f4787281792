// Numbers out of pictures of skin: dots, hairs, colours.
//
// Pictures are linear light (image.h). Lengths come in pixels unless the name says otherwise;
// (0, 0) is the top left corner of the picture and (0.5, 0.5) the centre of its first pixel.
// Nothing here does I/O; results live in the arena passed in and are the same for any number of
// threads.
#ifndef SMP_MEASURE_H
#define SMP_MEASURE_H

#include "photo/photo.h"

// What is measured: a picture, where in it to look, and its scale.
struct smp_subject {
    struct smp_image image;
    const uint8_t *region; // a byte a pixel, 0: not to be measured; NULL: the whole picture
    double mm_per_px;      // 0: not known
    int jpeg_quality;      // of the file (image.h), 0: no JPEG
};

// The part of the picture that is to be measured, in pixels.
size_t smp_subject_area_px(const struct smp_subject *subject);
// Share of it whose colour skin of any tone can have under any usual lamp: redder than green, not
// bluer. Only a hint that a picture shows something else.
double smp_subject_skin_share(const struct smp_subject *subject);

// ---- Colour of skin and hair ------------------------------------------------------------------

// What most of a region shows once its light is made true (photo.h): hairs, shine and moles, being
// the lesser part and of another lightness, are left out.
struct smp_area_colour {
    struct smp_lab lab;        // of the mean light
    struct smp_lab sd;         // standard deviation of pixels, in L*, a* and b*
    size_t pixels;             // looked at
    double left_out;           // share of them that are not of the colour
    struct smp_vec2 centre_px; // of the region
};
// Errors (SMP_E_INPUT, sentences name `name`): a region of fewer than 100 px, or of which more than
// a fifth is overexposed.
enum smp_code smp_area_colour(struct smp_area_colour *colour, const struct smp_subject *subject,
                              const struct smp_correction *correction, const char *name,
                              struct smp_arena *scratch, struct smp_err *err);

// Draws a ring into a picture, soft at its edges, cut off at the picture's.
void smp_overlay_ring(struct smp_image *image, double x_px, double y_px, double radius_px,
                      double width_px, struct smp_rgb colour);

// ---- Dots of pigment (docs/measure.md) ---------------------------------------------------------

struct smp_found_dot {
    double x_px, y_px;  // centre
    double diameter_px; // where light is half-way between dot and skin
    double contrast;    // ln of skin over dot in linear red light
    double roundness;   // short over long axis, 1: a circle
    double z;           // how far it stands above the skin's own roughness, in its SDs
    bool edge;          // its surroundings reach out of the picture, the region or the skin
    bool merged;        // it touches another
    bool oversized;     // 1.6 times the median diameter or more
};

struct smp_density {
    double area_cm2; // of skin that was searched
    size_t count;
};
struct smp_gap {
    double x_px, y_px, radius_px; // of a circle on skin without a dot
};

struct smp_found_dots {
    struct smp_found_dot *dots; // from the top down
    size_t count;
    double count_sd; // of the count, for dots near the limit, spots that are none, dots under lines
    size_t lines;    // hairs and the like that were taken out of the picture
    size_t edge_count, merged_count, oversized_count;
    double diameter_px;       // median
    double area_px, area_cm2; // of skin that was searched
    double density_per_cm2, density_sd_per_cm2;
    double nearest_mm, nearest_cv; // of distances to the nearest dot, without dots at edges
    struct smp_density *map;       // row by row
    size_t map_width, map_height;
    double map_cell_mm;
    struct smp_gap *gaps; // wider than 1.5 times the natural spacing at this density; largest first
    size_t gap_count;     // at most 100
    double noise;         // SD of the skin's roughness at the scale of dots
    double c_lim;         // contrast below which a dot is more likely missed than found
    double code_floor;    // least contrast that the file's codes can show on this skin
    double blur_px;       // SD of the blur of the dots' edges, 0 without dots
    double skin_lin;      // median red light of the skin
    bool blurred;         // the finest texture that skin has is missing: faint dots are lost
    double mm_per_px;
};

// In coarser pictures a dot of 0.4 mm is less than two pixels wide.
#define SMP_DOTS_MM_PER_PX_MAX 0.17
enum { SMP_DOTS_MAX_PER_PX = 24 }; // one dot on so many pixels is the most that is found

// Finds dots of 2.4 to 10 px radius (the picture is resampled where its scale makes them smaller or
// larger). No setting depends on the picture. `name` is for messages.
// Errors: SMP_E_INPUT (scale), SMP_E_LIMIT (more dots than skin has room for), SMP_E_NOMEM.
enum smp_code smp_dots_find(struct smp_found_dots *dots, const struct smp_subject *subject,
                            const char *name, struct smp_pool *pool, struct smp_arena *arena,
                            struct smp_err *err);

// What became of a dot between two pictures of one place.
enum smp_dot_kind {
    SMP_DOT_KEPT,     // about as strong and as wide
    SMP_DOT_FADED,    // contrast below 0.75 of what it was
    SMP_DOT_SPREAD,   // wider than 1.25 times what it was, not faded
    SMP_DOT_VANISHED, // its place is in the later picture, it is not
    SMP_DOT_UNSEEN    // its place is outside the later picture or at its edge
};
struct smp_dot_fate {
    enum smp_dot_kind kind;
    size_t after;                          // its number in the later picture; SIZE_MAX: none
    double x_px, y_px;                     // where it should be there
    double contrast_ratio, diameter_ratio; // later over earlier, scale taken out; 0 where none
};
struct smp_dot_fates {
    struct smp_dot_fate *fates; // of each dot of the earlier picture
    size_t count, matched;
    bool *is_new;  // of each dot of the later picture: matched by none
    double map[6]; // x' = m0 x + m1 y + m2, y' = m3 x + m4 y + m5, the best for all
};
// Matches by the dots' places only, whatever turn, shift and scale, a stretch of up to 5 %
// and half of the dots lost; a mirror image is not matched. `name` is of the later picture.
// Errors: SMP_E_INPUT (fewer than 20 dots in one, or the places do not agree), SMP_E_NOMEM.
enum smp_code smp_dots_match(struct smp_dot_fates *fates, const struct smp_found_dots *before,
                             const struct smp_found_dots *after,
                             const struct smp_image *after_image, const char *name,
                             struct smp_arena *arena, struct smp_err *err);

// ---- Hairs -------------------------------------------------------------------------------------

struct smp_hair {
    struct smp_vec2 root_px, tip_px; // where it leaves the skin, where it is cut
    double calibre_um;               // as it shows: width at half its darkness
    double contrast;                 // share of the light that it takes, of the channel least taken
    size_t unit;                     // SIZE_MAX for one whose root is not in the picture
    bool cut;                        // by the edge of the picture or region
    bool rootless;                   // cut at its root
};

struct smp_hair_unit {     // a follicular unit: roots within 0.35 mm of one another
    struct smp_vec2 at_px; // mean of its roots
    size_t hairs;
    double nearest_mm; // to the next unit; 0 where the edge is nearer than that
};

struct smp_found_hairs {
    struct smp_hair *hairs; // from the top left, row by row; the cut ones last
    size_t count, cut;      // hairs that lie whole in the picture, and those cut
    struct smp_hair_unit *units;
    size_t unit_count;
    double count_sd; // of the count of hairs: what is missed and taken for hair
    double hairs_per_cm2, hairs_per_cm2_sd, fu_per_cm2, fu_per_cm2_sd;
    double hairs_area_mm2, units_area_mm2; // in which roots were counted
    double calibre_um, calibre_sd_um;      // mean and standard deviation
    double length_mm;                      // mean from root to tip, as projected
    double direction_rad, alignment;       // from root to tip, x right y down; 0–1 how common
    double nearest_mm, nearest_cv;         // of the distance to the next unit; 0: too few
    size_t nearest_count;                  // units whose nearest is certain
    double regularity;                     // of the layout (docs/layout.md); −1: too few to tell
    double width_um, contrast;             // of a typical hair, as used
    double noise;                          // of bare skin: share of light, standard deviation
    double view_px_per_mm;                 // at which hairs were looked for
    const char *nothing;                   // why nothing was found; NULL where something was
};

enum { SMP_HAIR_SIZES = 5 };
// Units by their hairs: 1, 2, 3, 4, 5 and more.
void smp_hair_sizes(size_t sizes[SMP_HAIR_SIZES], const struct smp_found_hairs *field);

// Hairs and follicular units in a macro picture of stubble; mm_per_px must be known. Nothing tuned
// a picture. Errors: SMP_E_INPUT (a scale or a size no macro picture has), SMP_E_NOMEM.
enum smp_code smp_hair_find(struct smp_found_hairs *field, const struct smp_subject *subject,
                            struct smp_arena *arena, struct smp_err *err);

// Densities, distances and sizes from roots alone: hairs[].root_px (and cut) must be set; units
// are made. Without bias from the edges of picture and region (docs/measure.md).
enum smp_code smp_hair_count(struct smp_found_hairs *field, const struct smp_subject *subject,
                             struct smp_arena *arena, struct smp_err *err);

// ---- Held against a plan (docs/check.md) -------------------------------------------------------

// A planned dot in the picture's pixels, as far as its camera is known.
struct smp_planned_dot {
    double x_px, y_px;
    double px_per_mm, facing; // photo.h
    double diameter_mm;       // expected at the photo's age
    bool in_sight;
};

enum smp_held_kind { SMP_HELD_DONE, SMP_HELD_NOT_DONE, SMP_HELD_DOUBTFUL, SMP_HELD_UNSEEN };
extern const char *const smp_held_names[]; // "done", "not done", "doubtful", "not in the photo"
struct smp_held_dot {
    enum smp_held_kind kind;
    const char *why;   // of doubt, or NULL
    size_t found;      // its number among the dots found; SIZE_MAX
    double x_px, y_px; // where it should be in this photo
    double off_mm;     // how far from there the found one lies
};

// A found dot as what it is: what the detector measured against the rest of the photo's dots.
struct smp_found_look {
    size_t planned;                          // SIZE_MAX: not planned
    size_t nearest;                          // planned dot within 3 mm; SIZE_MAX
    bool counted;                            // within the part that is held against the plan
    double as_planned_x_px, as_planned_y_px; // where the camera as given has its place
    double diameter_mm, facing;
    double edge_px;       // SD of its edge's blur
    double red_over_blue; // contrast in red over that in blue: a deep dot's is higher
    bool too_big, merged, too_deep, too_dark;
};

struct smp_held {
    struct smp_held_dot *planned; // as given
    struct smp_found_look *found; // of each dot found
    size_t planned_count, found_count;
    size_t done, not_done, doubtful, unseen, extra;
    size_t too_big, merged, too_deep, too_dark;
    double contrast, edge_px, red_over_blue, diameter_mm; // medians of the found dots
    double rms_mm, close, chance_sd;                      // how well the plan lies: docs/check.md
    double shift_mm, turn_deg, scale;                     // that the camera was off by
    double px_per_mm;
};

// Finer than this cosine to the line of sight, dots are too foreshortened to be told.
#define SMP_HELD_FACING 0.4
// Lays the plan over the dots found in a photo (small shifts, turns, stretches; not more than 4 mm)
// and says of every planned dot whether it was done, and of every found one what is wrong with it.
// `dot_limit_mm`: wider than this is too big. The dots found are looked at in the part of the
// region (NULL: all) that lies within 3 mm of a planned one.
// Errors (SMP_E_INPUT, with numbers): fewer than 20 dots, or the two do not fit. SMP_E_NOMEM.
enum smp_code smp_dots_hold(struct smp_held *held, const struct smp_subject *subject,
                            const struct smp_found_dots *found,
                            const struct smp_planned_dot *planned, size_t count,
                            double dot_limit_mm, const char *name, struct smp_pool *pool,
                            struct smp_arena *arena, struct smp_err *err);
// The same looks without a plan: too_big, merged, too_deep, too_dark of each dot found.
enum smp_code smp_dots_look(struct smp_held *held, const struct smp_subject *subject,
                            const struct smp_found_dots *found, double dot_limit_mm,
                            struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err);

#endif
