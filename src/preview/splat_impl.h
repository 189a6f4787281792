// Private to splat.c and tiles.c: ellipses on a picture.
#ifndef SMP_SPLAT_IMPL_H
#define SMP_SPLAT_IMPL_H

#include "preview/preview_impl.h"

// A spot on the picture: exp(−½ (a dx² + 2 b dx dy + c dy²)).
struct smp_ellipse {
    float x, y, a, b, c;
    float reach_x, reach_y;
    float depth, slope_x, slope_y; // of the skin, mm a pixel
    float gain[3];
    float radius_mm; // how far from the skin's plane a pixel may lie
};

// What ellipses are drawn on.
struct smp_canvas {
    size_t width_px, height_px;
    const float *depth;  // of each pixel: an ellipse shows only near its own plane; or NULL
    struct smp_rgb *out; // spots: multiplied by 1 − gain; glows: gain added. NULL: each tile, with
                         // the glows over it, is handed to the taker
    const struct smp_tint *glows;
    const struct smp_taker *taker;
    bool glow;
    const struct smp_spot *spots; // close-ups: for profile and outline; else NULL
    const uint32_t *source;       // close-ups: spot of each ellipse
};
enum smp_code smp_draw_ellipses(const struct smp_canvas *canvas, const struct smp_ellipse *e,
                                size_t count, const struct smp_work *work);

#endif
