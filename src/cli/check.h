// What the parts of `stubble check` share.
#ifndef SMP_CLI_CHECK_H
#define SMP_CLI_CHECK_H

#include "cli/cli.h"
#include "measure/measure.h"
#include "plan/plan.h"

enum { SMP_CHECK_PHOTOS = 16 };
// In every picture that is marked here.
#define SMP_CHECK_STAMP "marked by stubble"

// A photo that was held against the plan.
struct smp_check_photo {
    const char *file;
    size_t found, in_sight;
    double count_sd, c_lim;
    bool blurred;
    double card_delta_e00; // what its colours are off by once corrected; 0: not corrected
    struct smp_held held;  // its numbers; the lists are gone
};
struct smp_check {
    const char *folder, *age; // of the plan; "fresh", "healed", "3y"
    int session;              // the last that was done; 0: all
    const char *pose, *region, *overlay, *threads;
    bool card; // light is made true by a card in each photo
    bool no_sandbox;
    struct smp_arena *arena;
    struct smp_pool *pool;
    // set by smp_check_open
    struct smp_plan plan;
    struct smp_rays *rays;
    size_t *number, count; // of the plan's dots those that should be there
    double years, wider;   // diameter at the age over that when healed
    uint8_t *seen;         // a byte a triangle of the head
    // what the photos show
    struct smp_survey survey;
    struct smp_check_photo photos[SMP_CHECK_PHOTOS];
    size_t photo_count;
};

// ---- check_plan.c ------------------------------------------------------------------------------

// Reads the plan; all dots are unseen. Drop it whatever comes back.
enum smp_code smp_check_open(struct smp_check *check, struct smp_err *err);
void smp_check_drop(struct smp_check *check);
const struct smp_dot *smp_check_dot(const struct smp_check *check, size_t i);
double smp_check_diameter_mm(const struct smp_check *check, size_t i); // expected at the age
// One sight a dot.
enum smp_code smp_check_see(struct smp_sight **sights, const struct smp_check *check,
                            const struct smp_camera *camera, struct smp_arena *arena,
                            struct smp_err *err);
// Adds the skin to be treated that a photo shows in the region (a byte a pixel) to what was seen.
void smp_check_add_area(struct smp_check *check, const struct smp_camera *camera,
                        const uint8_t *region);
// Skin to be treated in a zone, all of it or what was seen.
double smp_check_area_cm2(const struct smp_check *check, enum smp_zone zone, bool seen_only);
// The place of the skin that a pixel of a photo shows; false where it shows none.
bool smp_check_place(struct smp_vec3 *position_mm, struct smp_vec3 *normal,
                     const struct smp_check *check, const struct smp_camera *camera,
                     const double px[2]);

// ---- check_photo.c -----------------------------------------------------------------------------

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
