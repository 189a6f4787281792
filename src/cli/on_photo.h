// The preview on the client's own photo: photo, camera and mask in, picture out.
#ifndef SMP_CLI_ON_PHOTO_H
#define SMP_CLI_ON_PHOTO_H

#include "cli/cli.h"
#include "preview/preview.h"

struct smp_on_photo {
    const char *photo, *pose; // picture; what `stubble pose --json` printed, or NULL: the plan's
                              // case has landmarks of the photo
    const char *mask, *save_mask; // a user's own mask; where to write the one found; or NULL
    bool card; // the photo's light is made true by the card in it, before dots are drawn
    bool no_sandbox;
};

// The camera of wish->pose, read before the long work; zero where the case is to give it.
enum smp_code smp_on_photo_pose(struct smp_camera *camera, const struct smp_on_photo *wish,
                                struct smp_arena *arena, struct smp_err *err);
// Draws the dots at an age on the photo and writes it to `out`; what it found goes to *told.
enum smp_code smp_draw_on_photo(const char *out, struct smp_photo_told *told,
                                const struct smp_on_photo *wish, const struct smp_camera *given,
                                const struct smp_plan *plan, const struct smp_age *age,
                                struct smp_pool *pool, struct smp_arena *arena,
                                struct smp_err *err);

#endif
