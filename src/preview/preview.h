// Pictures of a plan on its head: before and after, any view, any age, always stamped
// "SIMULATED". Method and constants: docs/preview.md. Pure but for the caller's save.
#ifndef SMP_PREVIEW_H
#define SMP_PREVIEW_H

#include "base/base.h"
#include "image/image.h"
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

enum smp_age { SMP_AGE_BEFORE, SMP_AGE_FRESH, SMP_AGE_HEALED, SMP_AGE_COUNT };
extern const char *const smp_age_names[]; // NULL-ended

struct smp_preview_params {
    size_t width_px, height_px; // [64, 8000]
    uint64_t seed;              // noise and variation
};
extern const struct smp_preview_params smp_preview_defaults; // 1600 × 2000

// The scene: head, light and hair made ready once for all views and ages. Opaque; owns what it
// allocates outside the arena (Embree), so it must be dropped.
struct smp_scene;
enum smp_code smp_scene_make(struct smp_scene **scene, const struct smp_plan *plan,
                             struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err);
void smp_scene_drop(struct smp_scene *scene);
// What the user must be told ("the scan's texture shows the client's own hair: …"), "" for none.
const char *smp_scene_note(const struct smp_scene *scene);

// One view at several ages (geometry and light are shared): images[i] for ages[i].
enum smp_code smp_preview_view(struct smp_image *images, const enum smp_age *ages, size_t age_count,
                               struct smp_scene *scene, enum smp_view view,
                               const struct smp_preview_params *params, struct smp_pool *pool,
                               struct smp_arena *arena, struct smp_err *err);
// Close-up of a zone at 20 px/mm, square on to the skin.
enum smp_code smp_preview_zoom(struct smp_image *images, const enum smp_age *ages, size_t age_count,
                               struct smp_scene *scene, enum smp_zone zone,
                               const struct smp_preview_params *params, struct smp_pool *pool,
                               struct smp_arena *arena, struct smp_err *err);
// Notes for smp_image_save: that the picture is simulated, with program version, view and age.
const struct smp_image_note *smp_preview_notes(enum smp_age age);

#endif
