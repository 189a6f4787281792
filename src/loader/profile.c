// ICC profiles. Three curves and a matrix (what cameras, phones and editors write) or a grey curve
// are taken apart by lcms2 and applied by our own arithmetic; of a profile that is a table of
// colours, lcms2 (relative colorimetric) fills a grid once, between whose corners we interpolate.
#include "loader_impl.h"

#include "colour/colour.h"

#include <lcms2.h>
#include <math.h>
#include <string.h>

enum kind { kind_none, kind_matrix, kind_grey, kind_table };

enum { table_side = 65 };
_Static_assert((int)table_side <= (int)smp_largest_grid, "the parent takes the grid");

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

// Cube roots of XYZ are Lab but for the matrix and the darkest colours: most tables are made in it,
// and what the eye sees as even steps are even steps.
static bool use_table(struct ldr_profile *profile, cmsHPROFILE icc, int bits,
                      struct smp_arena *arena)
{
    const size_t steps = (size_t)1 << bits;
    for (size_t i = 0; i < 3 * steps; i++) // the place in the grid
        profile->curves[i] = (float)(i % steps) / (float)(steps - 1);
    profile->grid = smp_new(arena, float, (size_t)table_side *table_side *table_side * 3);
    cmsHPROFILE xyz = cmsCreateXYZProfile();
    cmsHTRANSFORM transform =
        cmsCreateTransform(icc, TYPE_RGB_DBL, xyz, TYPE_XYZ_DBL, INTENT_RELATIVE_COLORIMETRIC,
                           cmsFLAGS_NOOPTIMIZE | cmsFLAGS_NOCACHE);
    bool good = profile->grid && transform;
    for (size_t i = 0; good && i < (size_t)table_side * table_side; i++) { // a row of blues
        const size_t red = i / table_side, green = i % table_side;
        double in[table_side][3], out[table_side][3];
        for (size_t b = 0; b < table_side; b++) {
            in[b][0] = (double)red / (table_side - 1);
            in[b][1] = (double)green / (table_side - 1);
            in[b][2] = (double)b / (table_side - 1);
        }
        cmsDoTransform(transform, in, out, table_side);
        float *row = profile->grid + i * table_side * 3;
        for (size_t at = 0; good && at < (size_t)table_side * 3; at++) {
            const double value = out[at / 3][at % 3];
            good = value >= -8 && value <= 8; // NaN is not
            row[at] = good ? (float)cbrt(value) : 0;
        }
    }
    if (transform)
        cmsDeleteTransform(transform);
    if (xyz)
        cmsCloseProfile(xyz);
    memcpy(profile->matrix, srgb_from_d50, sizeof srgb_from_d50);
    profile->has_matrix = true;
    profile->grid_side = good ? table_side : 0;
    return good;
}

static enum kind kind_of(cmsHPROFILE icc)
{
    static const cmsTagSignature tables[3] = { cmsSigDToB1Tag, cmsSigAToB1Tag, cmsSigAToB0Tag };
    if (cmsGetColorSpace(icc) == cmsSigGrayData)
        return kind_grey;
    const cmsProfileClassSignature class = cmsGetDeviceClass(icc);
    if (cmsGetColorSpace(icc) != cmsSigRgbData ||
        (class != cmsSigInputClass && class != cmsSigDisplayClass && class != cmsSigOutputClass &&
         class != cmsSigColorSpaceClass))
        return kind_none;
    for (int i = 0; i < 3; i++) // where a profile has both, the table says more
        if (cmsIsTag(icc, tables[i]))
            return kind_table;
    return cmsIsMatrixShaper(icc) ? kind_matrix : kind_none;
}

static bool use_profile(struct ldr_profile *profile, cmsHPROFILE icc, int bits,
                        struct smp_arena *arena)
{
    static const cmsTagSignature tags[3] = { cmsSigRedTRCTag, cmsSigGreenTRCTag, cmsSigBlueTRCTag };
    const enum kind kind = kind_of(icc);
    if (kind == kind_table)
        return use_table(profile, icc, bits, arena);
    for (size_t k = 0; kind && k < 3; k++)
        if (!use_curve(profile->curves + (k << bits), bits,
                       cmsReadTag(icc, kind == kind_grey ? cmsSigGrayTRCTag : tags[k])))
            return false;
    return kind == kind_grey || (kind == kind_matrix && use_matrix(profile, icc));
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
    if (code || icc.length == 0)
        return code;
    cmsHPROFILE open = icc.length < 128 || icc.length > UINT32_MAX
                           ? NULL
                           : cmsOpenProfileFromMem(icc.data, (cmsUInt32Number)icc.length);
    profile->spoilt = !open;
    if (!open) // not a profile: as if it were not there, which the user is told
        return SMP_OK;
    profile->from_file = true;
    if (!use_profile(profile, open, bits, job->arena))
        code = smp_fail(err, SMP_E_UNSUPPORTED,
                        "its colour profile is damaged or not for RGB: save the picture in sRGB");
    cmsCloseProfile(open);
    return code;
}

static cmsToneCurve *curve_of(double gamma)
{
    static const double srgb[5] = { 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045 };
    return gamma > 0 ? cmsBuildGamma(NULL, gamma) : cmsBuildParametricToneCurve(NULL, 4, srgb);
}

struct smp_bytes ldr_icc_make(const double xy[4][2], double gamma, struct smp_arena *arena)
{
    const cmsCIExyY white = { xy[3][0], xy[3][1], 1 };
    const cmsCIExyYTRIPLE primaries = { { xy[0][0], xy[0][1], 1 },
                                        { xy[1][0], xy[1][1], 1 },
                                        { xy[2][0], xy[2][1], 1 } };
    struct smp_bytes icc = { 0 };
    cmsUInt32Number length = 0;
    cmsToneCurve *curve = curve_of(gamma);
    cmsToneCurve *curves[3] = { curve, curve, curve };
    cmsHPROFILE made = curve ? cmsCreateRGBProfile(&white, &primaries, curves) : NULL;
    if (made && cmsSaveProfileToMem(made, NULL, &length)) {
        uint8_t *data = smp_new(arena, uint8_t, length);
        if (data && cmsSaveProfileToMem(made, data, &length))
            icc = (struct smp_bytes){ data, length };
    }
    if (made)
        cmsCloseProfile(made);
    if (curve)
        cmsFreeToneCurve(curve);
    return icc;
}
