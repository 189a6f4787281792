// What `stubble pose` found, and how it is told.
#ifndef SMP_CLI_POSE_H
#define SMP_CLI_POSE_H

#include "photo/photo.h"
#include "plan/plan.h"

struct smp_answer {
    struct smp_photo photos[SMP_PHOTOS_MAX];
    struct smp_pose poses[SMP_PHOTOS_MAX];
    struct smp_image8 pictures[SMP_PHOTOS_MAX]; // where their outline is looked for
    const char *focal_from[SMP_PHOTOS_MAX];     // "given", "exif", "solved"
    size_t count;
    enum smp_sex sex;
    struct smp_head head;
    struct smp_places places;
    bool fitted;              // the head is that of the photos
    struct smp_photo_fit fit; // then
};

// One JSON object, or a table; what is wrong goes to stderr as well.
enum smp_code smp_pose_print(const struct smp_answer *answer, bool json, struct smp_arena *arena,
                             struct smp_err *err);

#endif
