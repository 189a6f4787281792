#include "sheet/fake_plan_test.h"
static const char *const names[] = {
#define N(a, t) t,
    SMP_ZONES(N)
};
const char *smp_zone_name(enum smp_zone zone)
{
    return names[zone];
}
struct smp_vec2 smp_chart_address(const struct smp_head *head, struct smp_vec3 point)
{
    (void)head;
    const struct smp_vec2 p = fake_polar(point);
    return (struct smp_vec2){ p.x / 1.7 * sin(p.y), p.x / 1.7 * cos(p.y) };
}
