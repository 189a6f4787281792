// Irregularity of a line: crests and troughs in turn, each a little off in height and place, so
// that both amplitude and wavelength are as stated on average and nothing repeats.
#include "design/design_impl.h"

#include <math.h>

// A half wave is wave/2 × [0.7, 1.3]; an extreme is amplitude × [0.7, 1.3].
static double vary(struct smp_rng *rng)
{
    return 0.7 + 0.6 * smp_rng_unit(rng);
}

void smp_waves_add(double *offset_mm, const double *arc_mm, size_t count, double amplitude_mm,
                   double wave_mm, struct smp_rng rng)
{
    if (count == 0 || !(amplitude_mm > 0))
        return;
    double side = smp_rng_unit(&rng) < 0.5 ? -1 : 1;
    double from_arc = arc_mm[0] - wave_mm / 2 * smp_rng_unit(&rng);
    double from = side * amplitude_mm * vary(&rng);
    double to_arc = from_arc + wave_mm / 2 * vary(&rng);
    double to = -side * amplitude_mm * vary(&rng);
    for (size_t i = 0; i < count; i++) {
        while (arc_mm[i] > to_arc) {
            side = -side;
            from_arc = to_arc;
            from = to;
            to_arc = from_arc + wave_mm / 2 * vary(&rng);
            to = -side * amplitude_mm * vary(&rng);
        }
        // A cubic with level ends, close to a half wave of a cosine but of + − × ÷ only.
        const double share = smp_smoothstep(from_arc, to_arc, arc_mm[i]);
        offset_mm[i] += from + (to - from) * share;
    }
}
