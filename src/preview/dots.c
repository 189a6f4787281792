// Dots as spots on the skin, at each age. Each dot has its own diameter, strength and depth, from
// its id alone: a field of equal dots looks printed (docs/preview.md "Variation").
#include "preview/preview_impl.h"

static const double usual_top_mm = 0.12;
// Brown-black pigment, diluted, at 650/550/450 nm: looks as dark as dark-brown stubble.
static const double usual_absorption_per_mm[3] = { 5, 8, 22 };
static const double diameter_cv = 0.12, absorption_cv = 0.20, top_sd_mm = 0.02;
static const double lost_share = 0.04;

// The glow as two Gaussians a colour: σ in mm and the share of the wide one.
static const float glow_sigma[2][3] = { { 0.36f, 0.32f, 0.28f }, { 1.4f, 0.8f, 0.55f } };
static const float wide_share[3] = { 0.65f, 0.52f, 0.38f };

// Volume of a spot of contrast 1 and width 1, exp(−ln 2 (2r/w)^m): 1.133 for a Gaussian.
float smp_spot_volume(float profile)
{
    const double m = (double)profile;
    return (float)(SMP_PI / 4 * tgamma(1 + 2 / m) / pow(log(2), 2 / m));
}

void smp_spot_glow(struct smp_spot *spot, const float total_mm2[3], const float core_mm2[3],
                   const float share[3])
{
    for (int c = 0; c < 3; c++) {
        const float glow = fmaxf(total_mm2[c] - core_mm2[c], 0);
        spot->glow[0][c] = glow * (1 - share[c]);
        spot->glow[1][c] = glow * share[c];
        spot->glow_sigma[0][c] = glow_sigma[0][c];
        spot->glow_sigma[1][c] = glow_sigma[1][c];
    }
}

void smp_spot_of_look(struct smp_spot *spot, const struct smp_look *look)
{
    // One width for all colours; what that changes of a colour's volume goes to its contrast.
    const float width = look->fwhm_mm[1];
    float core_mm2[3];
    *spot = (struct smp_spot){ .half_mm = 0.5f * width, .profile = look->profile };
    for (int c = 0; c < 3; c++) {
        const float ratio = look->fwhm_mm[c] / width;
        spot->core[c] = fminf(look->core[c] * ratio * ratio, 0.92f);
        core_mm2[c] = spot->core[c] * width * width * smp_spot_volume(look->profile);
    }
    smp_spot_glow(spot, look->total_mm2, core_mm2, wide_share);
}

static float luminance_of(const float v[3])
{
    return 0.2126f * v[0] + 0.7152f * v[1] + 0.0722f * v[2];
}

// How much stronger than usual the pigment is mixed, so that the planned density of dots takes as
// much light as the client's own shaved hair beside it: what a technician chooses the dilution for.
static double dilution(const struct smp_scene *scene)
{
    static const double least = 0.5, most = 2.0; // of what is in use
    const struct smp_plan *plan = scene->plan;
    double sum = 0;
    for (size_t i = 0; i < plan->dot_count; i++)
        sum += plan->dots[i].diameter_um;
    const double mean_mm = plan->dot_count ? 1e-3 * sum / (double)plan->dot_count : 0.25;
    float hair[3];
    smp_look_of_scalp(hair, plan->from, (double)scene->skin.dark);
    const double wanted = (double)luminance_of(hair) / plan->from->design.dots_per_cm2;
    double low = least, high = most;
    for (int k = 0; k < 24; k++) {
        const double strong = sqrt(low * high);
        struct smp_deposit deposit = { .diameter_mm = mean_mm,
                                       .top_mm = usual_top_mm,
                                       .dark = (double)scene->skin.dark };
        for (int c = 0; c < 3; c++)
            deposit.absorption_per_mm[c] = usual_absorption_per_mm[c] * strong;
        struct smp_look look;
        smp_look_of(&look, &deposit);
        const double taken = (double)luminance_of(look.total_mm2) * (1 - lost_share);
        *(taken < wanted ? &low : &high) = strong;
    }
    return sqrt(low * high);
}

static bool make_dot(struct smp_spot *spot, const struct smp_scene *scene,
                     const struct smp_dot *dot, enum smp_age age)
{
    struct smp_rng rng = smp_rng_make(scene->plan->from->seed, smp_hash64(dot->id, 0xd07));
    const bool lost = smp_rng_unit(&rng) < lost_share;
    const double wide = exp(diameter_cv * smp_clamp(smp_rng_normal(&rng), -2.5, 2.5));
    const double strong = exp(absorption_cv * smp_clamp(smp_rng_normal(&rng), -2.5, 2.5));
    const double deep = top_sd_mm * smp_clamp(smp_rng_normal(&rng), -2, 2.5);
    // A dot of an earlier session has healed by the day of the last one.
    const bool fresh = age == SMP_AGE_FRESH && dot->session == scene->plan->sessions;
    if (lost && !fresh)
        return false;
    struct smp_deposit deposit = { .diameter_mm = 1e-3 * dot->diameter_um * wide,
                                   .top_mm = fmax(0.06, usual_top_mm + deep),
                                   .dark = (double)scene->skin.dark };
    for (int c = 0; c < 3; c++)
        deposit.absorption_per_mm[c] = usual_absorption_per_mm[c] * scene->dilution * strong;
    struct smp_look look;
    float redness[3];
    smp_look_of(&look, &deposit);
    if (fresh)
        smp_look_fresh(&look, redness);
    smp_spot_of_look(spot, &look);
    spot->place = smp_f3_of(dot->position_mm);
    spot->normal = smp_f3_of(dot->normal);
    spot->id = dot->id;
    for (int c = 0; c < 3 && fresh; c++) { // redness is even, not a ring around each dot
        spot->glow[1][c] += redness[c];
        spot->glow_sigma[1][c] = 1.6f;
    }
    return true;
}

enum smp_code smp_dots_make(struct smp_scene *scene, const struct smp_work *work)
{
    const struct smp_plan *plan = scene->plan;
    scene->dilution = dilution(scene);
    for (int age = SMP_AGE_FRESH; age < SMP_AGE_COUNT; age++) {
        struct smp_spot *spots = smp_new(work->arena, struct smp_spot, plan->dot_count);
        if (!spots)
            return smp_fail(work->err, SMP_E_NOMEM, "no room for the look of %zu dots",
                            plan->dot_count);
        size_t count = 0;
        for (size_t i = 0; i < plan->dot_count; i++)
            count += make_dot(&spots[count], scene, &plan->dots[i], (enum smp_age)age);
        scene->dots[age] = spots;
        scene->dot_count[age] = count;
    }
    return SMP_OK;
}
