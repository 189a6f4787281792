// The picture at a scale at which dots are 2.4 to 10 px in radius: means of squares of pixels, or
// twice the pixels by interpolation.
#include "dots_impl.h"

#include <math.h>

// A dot of 0.4 mm is 2.4 px in radius at the coarse end of what is taken as it is, 8 px at the
// fine one.
static const double coarsest_mm = 0.085, finest_mm = 0.025, wanted_mm = 0.03;

struct resampling {
    const struct smp_subject *from;
    struct dots_work *work;
    uint8_t *region;
    size_t step; // pixels a working pixel; 0: two working pixels a pixel
};

static void shrink_rows(void *context, size_t begin, size_t end)
{
    const struct resampling *r = context;
    const struct smp_image *from = &r->from->image;
    const float share = 1 / (float)(r->step * r->step);
    for (size_t y = begin; y < end; y++)
        for (size_t x = 0; x < r->work->width; x++) {
            struct smp_rgb sum = { 0 };
            bool inside = true;
            for (size_t j = y * r->step; j < (y + 1) * r->step; j++)
                for (size_t i = x * r->step; i < (x + 1) * r->step; i++) {
                    const struct smp_rgb *px = smp_image_at(from, i, j);
                    sum.r += px->r;
                    sum.g += px->g;
                    sum.b += px->b;
                    inside =
                        inside && (!r->from->region || r->from->region[j * from->width_px + i]);
                }
            *smp_image_at(&r->work->image, x, y) =
                (struct smp_rgb){ sum.r * share, sum.g * share, sum.b * share };
            r->region[y * r->work->width + x] = inside;
        }
}

static void double_rows(void *context, size_t begin, size_t end)
{
    const struct resampling *r = context;
    const size_t width = r->from->image.width_px;
    for (size_t y = begin; y < end; y++)
        for (size_t x = 0; x < r->work->width; x++) {
            *smp_image_at(&r->work->image, x, y) =
                smp_image_sample(&r->from->image, ((double)x + 0.5) / 2, ((double)y + 0.5) / 2);
            r->region[y * r->work->width + x] =
                !r->from->region || r->from->region[y / 2 * width + x / 2];
        }
}

enum smp_code dots_resample(struct dots_work *work, const uint8_t **region,
                            const struct smp_subject *subject, struct smp_err *err)
{
    const double mm_per_px = subject->mm_per_px;
    struct resampling r = { subject, work, NULL, 1 };
    if (mm_per_px < finest_mm)
        r.step = (size_t)ceil(wanted_mm / mm_per_px);
    else if (mm_per_px > coarsest_mm)
        r.step = 0;
    work->shrink = r.step ? (double)r.step : 0.5;
    work->image = subject->image;
    *region = subject->region;
    if (r.step != 1) {
        size_t width = subject->image.width_px, height = subject->image.height_px;
        width = r.step ? width / r.step : 2 * width;
        height = r.step ? height / r.step : 2 * height;
        enum smp_code code =
            smp_image_make(&work->image, width ? width : 1, height ? height : 1, work->arena, err);
        if (code)
            return code;
        r.region = smp_new(work->arena, uint8_t, work->image.width_px * work->image.height_px);
        if (!r.region)
            return smp_fail(err, SMP_E_NOMEM, "no memory for the picture at another size");
        work->width = work->image.width_px;
        work->height = work->image.height_px;
        if (width && height) // else it is less than a pixel: black, and so no skin
            smp_pool_for(work->pool, height, 16, r.step ? shrink_rows : double_rows, &r);
        *region = r.region;
    }
    work->width = work->image.width_px;
    work->height = work->image.height_px;
    return SMP_OK;
}
