// What the eye sees of fine texture: contrast sensitivity after Barten (1999), "Contrast
// sensitivity of the human eye and its effects on image quality", eq. 3.26, with that book's
// typical constants.
#include "pigment/match_impl.h"

#include <math.h>

static double optics(double cpd, double pupil_mm)
{
    // Line spread: 0.5 arcmin, and 0.08 arcmin per mm of pupil.
    const double blur_deg = hypot(0.5, 0.08 * pupil_mm) / 60.0;
    const double a = SMP_PI * blur_deg * cpd;
    return exp(-2 * a * a);
}

double smp_contrast_sensitivity(double cpd, double luminance_cd_per_m2, double field_deg)
{
    const double signal_to_noise = 3, integration_s = 0.1, largest_deg = 12, most_cycles = 15;
    const double efficiency = 0.03, photons_per_td = 1.2274e6, neural_noise = 3e-8, u0 = 7;
    const double pupil_mm =
        5 - 3 * tanh(0.4 * log10(luminance_cd_per_m2 * field_deg * field_deg / 1600));
    // Retinal illuminance with the Stiles–Crawford effect, trolands.
    const double p2 = pupil_mm * pupil_mm;
    const double illuminance = SMP_PI * p2 / 4 * luminance_cd_per_m2 *
                               (1 - p2 / (9.7 * 9.7) + p2 * p2 / (12.4 * 12.4 * 12.4 * 12.4));
    const double size = 1 / (field_deg * field_deg) + 1 / (largest_deg * largest_deg) +
                        cpd * cpd / (most_cycles * most_cycles);
    const double lateral = 1 - exp(-(cpd / u0) * (cpd / u0)); // low frequencies are inhibited
    const double noise = 1 / (efficiency * photons_per_td * illuminance) + neural_noise / lateral;
    return optics(cpd, pupil_mm) / signal_to_noise / sqrt(2 / integration_s * size * noise);
}

struct smp_viewing smp_viewing_default(void)
{
    return (struct smp_viewing){ .light_lux = 500, .field_mm = 100, .weber = 0.2 };
}
