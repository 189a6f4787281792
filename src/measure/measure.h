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
};

// The part of the picture that is to be measured, in pixels.
size_t smp_subject_area_px(const struct smp_subject *subject);

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

#endif
