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
