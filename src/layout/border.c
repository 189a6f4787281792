#include "layout/layout_impl.h"

void smp_border_push(const struct smp_border *b, const struct smp_surface *s, uint32_t face,
                     const float at[3], float density, float cut2, float push[3])
{
    (void)b, (void)s, (void)face, (void)at, (void)density, (void)cut2, (void)push;
}
