// What the parts of `stubble check` share. A plan and what is measured in pictures have dots of
// their own kinds: check_plan.c knows the first, check_photo.c the second.
#ifndef SMP_CLI_CHECK_H
#define SMP_CLI_CHECK_H

#include "cli/cli.h"
#include "photo/photo.h"

struct smp_check_plan; // a plan folder read, opaque

struct smp_check_dot {
    uint32_t id;
    int session;
    enum smp_zone zone;
    double diameter_mm; // expected at the age
};
struct smp_check_wish {
    const char *plan, *age; // folder; "fresh", "healed", "3y"
    int session;            // the last that was done; 0: all
    bool no_sandbox;
};

// The dots of the sessions done. Drop it whatever comes back.
enum smp_code smp_check_plan_open(struct smp_check_plan **plan, const struct smp_check_wish *wish,
                                  struct smp_pool *pool, struct smp_arena *arena,
                                  struct smp_err *err);
void smp_check_plan_drop(struct smp_check_plan *plan);
const struct smp_check_dot *smp_check_plan_dots(const struct smp_check_plan *plan, size_t *count);
// Wider than this at the photo's age is too big (data/limits.json, limit.dot_mm, is of healed
// ones).
double smp_check_dot_limit_mm(const struct smp_check_plan *plan);
double smp_check_years(const struct smp_check_plan *plan);
// One sight a dot.
enum smp_code smp_check_plan_see(struct smp_sight **sights, const struct smp_check_plan *plan,
                                 const struct smp_camera *camera, struct smp_pool *pool,
                                 struct smp_arena *arena, struct smp_err *err);
// Adds the skin to be treated that a photo shows in the region (a byte a pixel) to what was seen.
void smp_check_plan_add_area(struct smp_check_plan *plan, const struct smp_camera *camera,
                             const uint8_t *region, double least_facing, struct smp_pool *pool);
double smp_check_plan_area_cm2(const struct smp_check_plan *plan, enum smp_zone zone);
// The place of the skin that a pixel of a photo shows; false where it shows none.
bool smp_check_plan_place(struct smp_vec3 *position_mm, struct smp_vec3 *normal,
                          const struct smp_check_plan *plan, const struct smp_camera *camera,
                          const double px[2]);
// Limits of data/limits.json by which practice is told good from bad.
struct smp_check_limits {
    double dot_mm, grid_cv, merging_share, density_step;
};
enum smp_code smp_check_limits(struct smp_check_limits *limits, struct smp_arena *arena,
                               struct smp_err *err);
// Writes that a picture was marked by this program into it.
void smp_check_stamp(struct smp_image *image);

// ---- check_photo.c -----------------------------------------------------------------------------

enum { SMP_CHECK_PHOTOS = 16 };
// A dot that is really there.
struct smp_check_found {
    struct smp_vec3 position_mm, normal;
    uint32_t id; // of the planned one; 0: none
    enum smp_zone zone;
    double diameter_mm, contrast, facing;
    bool merged, too_big, too_deep, too_dark;
};
struct smp_check_state {
    int kind;        // enum smp_held_kind (measure.h)
    const char *why; // of doubt, or NULL
    double off_mm;
};
struct smp_check_photo {
    const char *file;
    size_t found, in_sight;
    double px_per_mm, c_lim, count_sd, contrast;
    double rms_mm, close, chance_sd, shift_mm, turn_deg, scale; // how the plan lies
    bool blurred;
};
struct smp_check {
    const struct smp_check_wish *wish;
    const char *pose, *region, *overlay, *threads;
    struct smp_check_plan *plan;
    struct smp_check_photo photos[SMP_CHECK_PHOTOS];
    size_t photo_count;
    struct smp_check_state *states; // of each planned dot
    struct smp_check_found *found;
    size_t found_count, found_room;
    struct smp_arena *arena;
    struct smp_pool *pool;
};
// Holds one photo against the plan and adds what it shows.
enum smp_code smp_check_photo(struct smp_check *check, const char *file, struct smp_err *err);

// ---- check_print.c -----------------------------------------------------------------------------

void smp_check_print(const struct smp_check *check, bool json);

// ---- check_practice.c --------------------------------------------------------------------------

struct smp_practice_wish {
    const char *mm_per_px, *chart, *marker, *region, *overlay, *threads, *no_sandbox;
    double diameter_mm, per_cm2; // wished; 0: not said
};
int smp_check_practice(const struct smp_practice_wish *wish, const char *image, bool json);

#endif
