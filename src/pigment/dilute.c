// What a dilution leaves in the skin.
#include "pigment/pigment.h"

#include <math.h>

static const double skin_g = 0.8; // of smp_skin_stack: what a deposit's scattering is told for

// Per cent by volume of pigment in the deposit.
static double per_cent_by_volume(const struct smp_pigment *pigment, double parts_water,
                                 double retained)
{
    return 100 * pigment->loading / (1 + parts_water) * retained;
}

void smp_pigment_in_skin(double mua_per_mm[SMP_WAVELENGTHS], double mus_per_mm[SMP_WAVELENGTHS],
                         const struct smp_pigment *pigment, double parts_water, double retained)
{
    const double per_cent = per_cent_by_volume(pigment, parts_water, retained);
    for (int i = 0; i < SMP_WAVELENGTHS; i++) {
        mua_per_mm[i] = per_cent * pigment->mua_per_mm[i];
        mus_per_mm[i] = per_cent * pigment->mus_reduced_per_mm[i] / (1 - skin_g);
    }
}

void smp_pigment_at_age(double mua_per_mm[SMP_WAVELENGTHS], double mus_per_mm[SMP_WAVELENGTHS],
                        const struct smp_pigment *pigment, double parts_water, double retained,
                        const struct smp_aged *aged)
{
    const double per_cent = per_cent_by_volume(pigment, parts_water, retained);
    for (int i = 0; i < SMP_WAVELENGTHS; i++)
        mua_per_mm[i] = mus_per_mm[i] = 0;
    for (size_t c = 0; c < pigment->component_count; c++) {
        const struct smp_component *part = &pigment->component[c];
        const double amount = per_cent * part->share * aged->strength[part->fading];
        for (int i = 0; i < SMP_WAVELENGTHS; i++) {
            mua_per_mm[i] += amount * part->mua_per_mm[i];
            mus_per_mm[i] += amount * part->mus_reduced_per_mm[i] / (1 - skin_g);
        }
    }
}

double smp_sieve_factor(double mua_cluster_per_mm, double cluster_um)
{
    const double tau = mua_cluster_per_mm * cluster_um * 1e-3 * 2 / 3;
    return tau < 1e-6 ? 1 - tau / 2 : -expm1(-tau) / tau;
}

void smp_pigment_clump(double mua_per_mm[SMP_WAVELENGTHS], const struct smp_pigment *pigment,
                       const struct smp_clumping *clumping)
{
    for (int i = 0; i < SMP_WAVELENGTHS; i++) {
        const double packed = 100 * clumping->packing * pigment->mua_per_mm[i];
        mua_per_mm[i] *= smp_sieve_factor(packed, clumping->cluster_um);
    }
}
