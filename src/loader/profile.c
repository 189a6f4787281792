// ICC profiles that are three curves and a matrix (all that cameras, phones and editors write),
// or a grey curve. lcms2 takes them apart; the arithmetic is ours, a look-up and nine products.
#include "loader_impl.h"

#include "colour/colour.h"

#include <lcms2.h>
#include <math.h>
#include <string.h>

enum kind { kind_none, kind_matrix, kind_grey };

// From XYZ (D50, Bradford) to linear sRGB: the inverse of the sRGB profile's colorants.
static const double srgb_from_d50[3][3] = {
    { 3.1338561, -1.6168667, -0.4906146 },
    { -0.9787684, 1.9161415, 0.0334540 },
    { 0.0719453, -0.2289914, 1.4052427 },
};

static enum smp_code make_curves(struct ldr_profile *profile, int bits, const struct ldr_job *job,
                                 struct smp_err *err)
{
    const size_t steps = (size_t)1 << bits;
    profile->curves = smp_new(job->arena, float, 3 * steps);
    if (!profile->curves)
        return ldr_no_memory(job, err);
    for (size_t i = 0; i < steps; i++)
        profile->curves[i] = (float)smp_lin_from_srgb((double)i / (double)(steps - 1));
    for (size_t k = 1; k < 3; k++)
        memcpy(profile->curves + k * steps, profile->curves, steps * sizeof *profile->curves);
    return SMP_OK;
}

static bool use_curve(float *values, int bits, const cmsToneCurve *curve)
{
    const size_t steps = (size_t)1 << bits;
    if (!curve)
        return false;
    for (size_t i = 0; i < steps; i++) {
        const float lin = cmsEvalToneCurveFloat(curve, (float)i / (float)(steps - 1));
        if (!(lin >= -1 && lin <= 4))
            return false;
        values[i] = lin;
    }
    return true;
}

static bool use_matrix(struct ldr_profile *profile, cmsHPROFILE icc)
{
    static const cmsTagSignature tags[3] = { cmsSigRedColorantTag, cmsSigGreenColorantTag,
                                             cmsSigBlueColorantTag };
    for (int k = 0; k < 3; k++) {
        const cmsCIEXYZ *xyz = cmsReadTag(icc, tags[k]);
        if (!xyz || !(fabs(xyz->X) < 4 && fabs(xyz->Y) < 4 && fabs(xyz->Z) < 4))
            return false;
        for (int row = 0; row < 3; row++)
            profile->matrix[row][k] = srgb_from_d50[row][0] * xyz->X +
                                      srgb_from_d50[row][1] * xyz->Y +
                                      srgb_from_d50[row][2] * xyz->Z;
    }
    // An sRGB profile, up to the rounding of its numbers, leaves primaries alone.
    double off = 0;
    for (int row = 0; row < 3; row++)
        for (int k = 0; k < 3; k++)
            off = fmax(off, fabs(profile->matrix[row][k] - (row == k)));
    profile->has_matrix = off >= 1e-3;
    return true;
}

static bool use_profile(struct ldr_profile *profile, cmsHPROFILE icc, enum kind kind, int bits)
{
    static const cmsTagSignature tags[3] = { cmsSigRedTRCTag, cmsSigGreenTRCTag, cmsSigBlueTRCTag };
    for (size_t k = 0; k < 3; k++)
        if (!use_curve(profile->curves + (k << bits), bits,
                       cmsReadTag(icc, kind == kind_grey ? cmsSigGrayTRCTag : tags[k])))
            return false;
    return kind == kind_grey || use_matrix(profile, icc);
}

static enum kind kind_of(cmsHPROFILE icc)
{
    if (cmsGetColorSpace(icc) == cmsSigGrayData)
        return kind_grey;
    return cmsGetColorSpace(icc) == cmsSigRgbData && cmsIsMatrixShaper(icc) ? kind_matrix
                                                                            : kind_none;
}

void ldr_profile_warm_up(void)
{
    cmsHPROFILE profile = cmsCreateProfilePlaceholder(NULL);
    if (profile)
        cmsCloseProfile(profile);
}

enum smp_code ldr_profile_make(struct ldr_profile *profile, struct smp_bytes icc, int bits,
                               const struct ldr_job *job, struct smp_err *err)
{
    *profile = (struct ldr_profile){ 0 };
    enum smp_code code = make_curves(profile, bits, job, err);
    if (code || icc.length < 128 || icc.length > UINT32_MAX)
        return code;
    cmsHPROFILE open = cmsOpenProfileFromMem(icc.data, (cmsUInt32Number)icc.length);
    if (!open) // not a profile: as if it were not there
        return SMP_OK;
    const enum kind kind = kind_of(open);
    profile->from_file = true;
    if (!kind || !use_profile(profile, open, kind, bits))
        code = smp_fail(err, SMP_E_UNSUPPORTED,
                        "its colour profile is not made of three curves and a matrix: save the "
                        "picture in sRGB");
    cmsCloseProfile(open);
    return code;
}
