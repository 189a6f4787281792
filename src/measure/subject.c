#include "measure/measure.h"

size_t smp_subject_area_px(const struct smp_subject *subject)
{
    const size_t count = subject->image.width_px * subject->image.height_px;
    size_t inside = 0;
    if (!subject->region)
        return count;
    for (size_t i = 0; i < count; i++)
        inside += subject->region[i] != 0;
    return inside;
}

double smp_subject_skin_share(const struct smp_subject *subject)
{
    const size_t count = subject->image.width_px * subject->image.height_px;
    const float least_red = 1.05f, most_blue = 1.1f; // over green, in linear light
    size_t inside = 0, like = 0;
    for (size_t i = 0; i < count; i++) {
        if (subject->region && !subject->region[i])
            continue;
        const struct smp_rgb px = subject->image.px_lin[i];
        inside++;
        like += px.r > least_red * px.g && px.b < most_blue * px.g;
    }
    return inside ? (double)like / (double)inside : 0;
}
