// Numbers out of pictures of skin: dots, hairs, colours.
//
// Pictures are linear light (image.h). Lengths come in pixels unless the name says otherwise;
// (0, 0) is the top left corner of the picture and (0.5, 0.5) the centre of its first pixel.
// Nothing here does I/O; results live in the arena passed in and are the same for any number of
// threads.
#ifndef SMP_MEASURE_H
#define SMP_MEASURE_H

#include "image/image.h"

// What is measured: a picture, where in it to look, and its scale.
struct smp_subject {
    struct smp_image image;
    const uint8_t *region; // a byte a pixel, 0: not to be measured; NULL: the whole picture
    double mm_per_px;      // 0: not known
};

// The part of the picture that is to be measured, in pixels.
size_t smp_subject_area_px(const struct smp_subject *subject);

#endif
