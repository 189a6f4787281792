// What was found, drawn into the picture.
#include "measure/measure.h"

#include <math.h>

static void blend(struct smp_image *image, long x, long y, struct smp_rgb colour, double share)
{
    if (x < 0 || y < 0 || x >= (long)image->width_px || y >= (long)image->height_px || share <= 0)
        return;
    struct smp_rgb *px = smp_image_at(image, (size_t)x, (size_t)y);
    const float s = (float)fmin(share, 1);
    px->r += s * (colour.r - px->r);
    px->g += s * (colour.g - px->g);
    px->b += s * (colour.b - px->b);
}

void smp_overlay_ring(struct smp_image *image, double x_px, double y_px, double radius_px,
                      double width_px, struct smp_rgb colour)
{
    const double reach = radius_px + width_px / 2 + 1;
    for (long y = (long)floor(y_px - reach); y <= (long)ceil(y_px + reach); y++)
        for (long x = (long)floor(x_px - reach); x <= (long)ceil(x_px + reach); x++) {
            const double far = hypot((double)x + 0.5 - x_px, (double)y + 0.5 - y_px);
            blend(image, x, y, colour, width_px / 2 + 0.5 - fabs(far - radius_px));
        }
}
