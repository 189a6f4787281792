// Pictures of a plan on its head: before and after, any view, any age, always stamped
// "SIMULATED". Method and constants: docs/preview.md. Pure but for the caller's save.
#ifndef SMP_PREVIEW_H
#define SMP_PREVIEW_H

#include "base/base.h"
#include "image/image.h"
#include "photo/photo.h"
#include "plan/plan.h"

#define SMP_VIEWS(X)                                                                               \
    X(SMP_VIEW_FRONT, "front")                                                                     \
    X(SMP_VIEW_THREE_QUARTER_LEFT, "three-quarter-left")                                           \
    X(SMP_VIEW_THREE_QUARTER_RIGHT, "three-quarter-right")                                         \
    X(SMP_VIEW_LEFT, "left")                                                                       \
    X(SMP_VIEW_RIGHT, "right")                                                                     \
    X(SMP_VIEW_TOP, "top")                                                                         \
    X(SMP_VIEW_CROWN, "crown")                                                                     \
    X(SMP_VIEW_BACK, "back")
#define SMP_VIEW_ENUM(name, text) name,
enum smp_view { SMP_VIEWS(SMP_VIEW_ENUM) SMP_VIEW_COUNT };
extern const char *const smp_view_names[]; // NULL-ended

// When a picture is of. Of the healing's band (skin/skin.h) the median is drawn, or the course of
// events at one of its edges: 5 % of them are paler, or 5 % are darker.
enum smp_edge { SMP_EDGE_MEDIAN, SMP_EDGE_LOW, SMP_EDGE_HIGH, SMP_EDGE_COUNT };
extern const char *const smp_edge_names[]; // "median", "low", "high"; NULL-ended
struct smp_age {
    bool before;  // as it is now: bare, or with the dots that a continued plan says are done
    double years; // since the last session: 0 fresh, SMP_HEALED_YEARS healed, to SMP_AGE_MAX_YEARS
    enum smp_edge edge;
    char label[24]; // "before", "fresh", "healed", "3y", "3y low"
};
// "before", or what smp_age_years reads ("fresh", "healed", "3y"); `where` names it in errors.
enum smp_code smp_age_read(struct smp_age *age, const char *text, enum smp_edge edge,
                           const char *where, struct smp_err *err);
enum { SMP_AGES_MAX = 8 }; // in one call

struct smp_preview_params {
    size_t width_px, height_px; // [64, 8000]
    uint64_t seed;              // noise and variation
};
extern const struct smp_preview_params smp_preview_defaults; // 1600 × 2000

// The scene: head, light, hair and the looks of pigment in this skin made ready once for all views
// and ages. Opaque; owns what it allocates outside the arena (Embree, dots by age), so it must be
// dropped.
struct smp_scene;
enum smp_code smp_scene_make(struct smp_scene **scene, const struct smp_plan *plan,
                             struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err);
void smp_scene_drop(struct smp_scene *scene);
// What the user must be told ("the scan's texture shows the client's own hair: …"), "" for none.
const char *smp_scene_note(const struct smp_scene *scene);

// One view at several ages (geometry and light are shared): images[i] for ages[i].
enum smp_code smp_preview_view(struct smp_image *images, const struct smp_age *ages,
                               size_t age_count, struct smp_scene *scene, enum smp_view view,
                               const struct smp_preview_params *params, struct smp_pool *pool,
                               struct smp_arena *arena, struct smp_err *err);
// Close-up of a zone at 20 px/mm, square on to the skin.
enum smp_code smp_preview_zoom(struct smp_image *images, const struct smp_age *ages,
                               size_t age_count, struct smp_scene *scene, enum smp_zone zone,
                               const struct smp_preview_params *params, struct smp_pool *pool,
                               struct smp_arena *arena, struct smp_err *err);
// ---- Hair of some length ------------------------------------------------------------------------

// Hair as it is worn on the plan's head. Follicles are the plan's own remaining units and, laid
// between them once a scene, as many as a scalp could have; each has the density from which on it
// is there. So of two fields the denser has every hair of the thinner: what is lost at year 5 stood
// there at year 1. Method: docs/preview.md "Hair of some length".
#define SMP_HAIR_FU_MAX 130.0
struct smp_hair_field {
    const double *fu_per_cm2;   // per point of the plan's head->mesh, [0, SMP_HAIR_FU_MAX]; NULL:
                                // what the plan found left
    const double *hairs_per_fu; // per point, [1, 4]; NULL: the client's own everywhere
    const double *calibre_um;   // per point, [10, 150]; NULL: the client's own everywhere
    double length_mm;           // 0: shaved to the case's stubble_mm; else [2, 60]
    const struct smp_lab *lab;  // of a hair, CIELAB D65; NULL: the client's own
    double grey_share;          // of the hairs, [0, 1]; each hair greys at its own share
    // Even, dense hair over the area that the plan treats, up to the designed hairline.
    bool hairpiece;
};
extern const struct smp_hair_field smp_hair_field_defaults; // the client's own, 30 mm
// Mean hairs a unit of the client's own.
double smp_hair_per_fu(const struct smp_scene *scene);
// Adds transplanted units to a field (arrays of the caller, a point of the head each) where the
// plan sets dots: so many a cm² at most, less where the plan's density is less; units of one hair
// in the first millimetres of the hairline, as they are set there.
void smp_hair_graft(double *fu_per_cm2, double *hairs_per_fu, const struct smp_plan *plan,
                    double units_per_cm2);

// One picture: the dots at an age (or before there are any) and the hair among them. age.label goes
// into the stamp ("transplant, year 5"), unless it is "before".
struct smp_hair_shot {
    struct smp_age age;
    struct smp_hair_field field;
};
// One view of several (at most SMP_AGES_MAX): images[i] for shots[i]. Errors: SMP_E_INPUT (a value
// out of range, by name), SMP_E_NOMEM.
enum smp_code smp_preview_hair(struct smp_image *images, const struct smp_hair_shot *shots,
                               size_t shot_count, struct smp_scene *scene, enum smp_view view,
                               const struct smp_preview_params *params, struct smp_pool *pool,
                               struct smp_arena *arena, struct smp_err *err);

// ---- On the client's own photo -----------------------------------------------------------------

// A scene of which only the dots are asked for (no light, hair or brows are made): what
// smp_photo_ground_make takes, and smp_scene_make's is good for it too.
enum smp_code smp_scene_make_bare(struct smp_scene **scene, const struct smp_plan *plan,
                                  struct smp_pool *pool, struct smp_arena *arena,
                                  struct smp_err *err);

// Where dots may show on a photo, 0 to 255 a pixel: a user's own mask.
struct smp_photo_mask {
    const uint8_t *share;
    size_t width_px, height_px; // the photo's
};

// A photo got ready: which dots it shows, where skin is bare, how sharp and noisy it is.
struct smp_photo_ground;
struct smp_photo_told {
    size_t dots, shown, hidden; // planned; drawn; turned away or behind ear or head
    size_t under_hair;          // left out under hair or off the skin, as the mask has it
    double px_per_mm, sigma_px; // where dots come, medians
    char note[400];             // what the user must be told, "" for none
};
// `drawn` NULL: bare skin is found by outline, colour and roughness. The photo must stay as it is
// until the ground is no longer used. Errors: SMP_E_INPUT where the camera's size is not the
// photo's, no dot falls in the photo, or (without `drawn`) what is there is too dark for dots or
// has not the colour of skin; SMP_E_NOMEM.
enum smp_code smp_photo_ground_make(struct smp_photo_ground **ground, struct smp_photo_told *told,
                                    struct smp_scene *scene, const struct smp_image8 *photo,
                                    const struct smp_camera *camera,
                                    const struct smp_photo_mask *drawn, struct smp_pool *pool,
                                    struct smp_arena *arena, struct smp_err *err);
// The dots at an age drawn into `image`, a copy of the photo or the photo itself: its own light is
// darkened, so shading and texture stay; dots are as sharp and as noisy as the photo is there.
// Where no dot reaches, its bytes stay. Stamped.
enum smp_code smp_photo_draw(struct smp_image8 *image, const struct smp_photo_ground *ground,
                             const struct smp_age *age, struct smp_pool *pool,
                             struct smp_arena *arena, struct smp_err *err);
// The mask as found: a share a pixel of the whole photo, for a user to correct; arena-owned.
enum smp_code smp_photo_mask_of(struct smp_photo_mask *mask, const struct smp_photo_ground *ground,
                                struct smp_arena *arena, struct smp_err *err);

// Small letters at the lower edge: what a picture is.
void smp_stamp(struct smp_image *image, const char *text);

// Notes for smp_image_save: that the picture is simulated, with program version and age.
struct smp_preview_notes {
    char text[240];
    struct smp_image_note notes[3];
};
void smp_preview_notes(struct smp_preview_notes *notes, const struct smp_age *age);

#endif
