// Colours through profiles, held against lcms2 doing the whole way itself.
#include "made_test.h"

#include "colour/colour.h"

enum { wide = 64, high = 64 };

static cmsHPROFILE matrix_profile(const double xy[4][2], double gamma)
{
    const cmsCIExyY white = { xy[3][0], xy[3][1], 1 };
    const cmsCIExyYTRIPLE primaries = { { xy[0][0], xy[0][1], 1 },
                                        { xy[1][0], xy[1][1], 1 },
                                        { xy[2][0], xy[2][1], 1 } };
    static const double srgb[5] = { 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045 };
    cmsToneCurve *curve =
        gamma > 0 ? cmsBuildGamma(NULL, gamma) : cmsBuildParametricToneCurve(NULL, 4, srgb);
    cmsToneCurve *curves[3] = { curve, curve, curve };
    cmsHPROFILE profile = cmsCreateRGBProfile(&white, &primaries, curves);
    ck_assert_ptr_nonnull(profile);
    cmsFreeToneCurve(curve);
    return profile;
}

static const double p3[4][2] = {
    { 0.680, 0.320 }, { 0.265, 0.690 }, { 0.150, 0.060 }, { 0.3127, 0.3290 }
};
static const double adobe[4][2] = {
    { 0.64, 0.33 }, { 0.21, 0.71 }, { 0.15, 0.06 }, { 0.3127, 0.3290 }
};
static const double prophoto[4][2] = {
    { 0.7347, 0.2653 }, { 0.1596, 0.8404 }, { 0.0366, 0.0001 }, { 0.3457, 0.3585 }
};
static const double bt709[4][2] = {
    { 0.64, 0.33 }, { 0.3, 0.6 }, { 0.15, 0.06 }, { 0.3127, 0.3290 }
};

// What a profile of a camera or a film holds: bent curves, colours that lean on one another. Lab of
// version 2 tables, 16 bits.
static cmsInt32Number film(const cmsUInt16Number in[], cmsUInt16Number out[], void *transform)
{
    double rgb[3];
    for (int k = 0; k < 3; k++) {
        const double v = in[k] / 65535.0;
        rgb[k] = v * v * (3 - 2 * v) * 0.4 + 0.6 * v;
    }
    const double mean = (rgb[0] + rgb[1] + rgb[2]) / 3;
    for (int k = 0; k < 3; k++)
        rgb[k] = mean + (rgb[k] - mean) * 0.85 + 0.03 * rgb[(k + 1) % 3] * (1 - rgb[k]);
    cmsCIELab lab;
    cmsDoTransform(transform, rgb, &lab, 1);
    cmsFloat2LabEncoded(out, &lab);
    return TRUE;
}

static cmsHPROFILE table_profile(int side)
{
    cmsHPROFILE from = matrix_profile(adobe, 2.2), to = cmsCreateLab4Profile(NULL);
    cmsHTRANSFORM transform = cmsCreateTransform(from, TYPE_RGB_DBL, to, TYPE_Lab_DBL,
                                                 INTENT_RELATIVE_COLORIMETRIC, cmsFLAGS_NOOPTIMIZE);
    cmsHPROFILE made = cmsCreateProfilePlaceholder(NULL);
    cmsSetProfileVersion(made, 4.3);
    cmsSetDeviceClass(made, cmsSigInputClass);
    cmsSetColorSpace(made, cmsSigRgbData);
    cmsSetPCS(made, cmsSigLabData);
    cmsPipeline *table = cmsPipelineAlloc(NULL, 3, 3);
    cmsStage *stage = cmsStageAllocCLut16bit(NULL, (cmsUInt32Number)side, 3, 3, NULL);
    ck_assert(cmsStageSampleCLut16bit(stage, film, transform, 0));
    ck_assert(cmsPipelineInsertStage(table, cmsAT_END, cmsStageAllocToneCurves(NULL, 3, NULL)) &&
              cmsPipelineInsertStage(table, cmsAT_END, stage) &&
              cmsPipelineInsertStage(table, cmsAT_END, cmsStageAllocToneCurves(NULL, 3, NULL)));
    ck_assert(cmsWriteTag(made, cmsSigAToB0Tag, table));
    cmsPipelineFree(table);
    cmsDeleteTransform(transform);
    cmsCloseProfile(from);
    cmsCloseProfile(to);
    return made;
}

// Colours of the whole cube, and of its grey axis, where the eye is keenest.
static void fill_colours(uint16_t px[high * wide][3], int bits)
{
    struct smp_rng rng = smp_rng_make(3, 1);
    const uint32_t most = (1U << bits) - 1;
    for (int i = 0; i < high * wide; i++)
        for (int k = 0; k < 3; k++)
            px[i][k] = i % 4 ? (uint16_t)(smp_rng_u32(&rng) % (most + 1))
                             : (uint16_t)((uint32_t)i * most / (high * wide - 1));
}

// The way through lcms2, in floating point, to linear sRGB.
static void reference(double (*lin)[3], cmsHPROFILE from, uint16_t (*px)[3], int bits)
{
    static double in[high * wide][3];
    cmsHPROFILE to = matrix_profile(bt709, 1);
    cmsHTRANSFORM transform = cmsCreateTransform(from, TYPE_RGB_DBL, to, TYPE_RGB_DBL,
                                                 INTENT_RELATIVE_COLORIMETRIC, cmsFLAGS_NOOPTIMIZE);
    ck_assert_ptr_nonnull(transform);
    for (int i = 0; i < high * wide; i++)
        for (int k = 0; k < 3; k++)
            in[i][k] = px[i][k] / (double)((1 << bits) - 1);
    cmsDoTransform(transform, in, lin, high * wide);
    cmsDeleteTransform(transform);
    cmsCloseProfile(to);
}

// Largest and mean ΔE00 of a picture, made as wanted but for its pixels, from lcms2's way through
// the profile.
static void hold_against_lcms(struct png want, cmsHPROFILE profile, double *mean, double *largest)
{
    static struct made made;
    static uint16_t px[high * wide][3];
    static uint8_t px8[high * wide][3];
    static double lin[high * wide][3];
    fill_colours(px, want.bits);
    reference(lin, profile, px, want.bits);
    for (int i = 0; i < high * wide; i++)
        for (int k = 0; k < 3; k++)
            px8[i][k] = (uint8_t)px[i][k];
    want.width = wide;
    want.height = high;
    want.colour = PNG_COLOR_TYPE_RGB;
    want.rows = want.bits == 8 ? (const void *)px8 : px;
    make_png(&made, &want);
    struct smp_image image;
    struct smp_photo_facts facts;
    ck_assert_int_eq(smp_photo_decode(&image, &facts, (struct smp_bytes){ made.data, made.length },
                                      "front.png", NULL, &arena, &err),
                     SMP_OK);
    ck_assert(facts.has_icc && facts.bits == want.bits);
    *mean = *largest = 0;
    for (int i = 0; i < high * wide; i++) {
        const struct smp_rgb got = image.px_lin[i];
        const double off = smp_delta_e00(
            smp_lab_from_rgb((struct smp_rgb_lin){ (double)got.r, (double)got.g, (double)got.b }),
            smp_lab_from_rgb((struct smp_rgb_lin){ lin[i][0], lin[i][1], lin[i][2] }));
        *mean += off / (high * wide);
        *largest = fmax(*largest, off);
    }
}

static void hold_profile_against_lcms(cmsHPROFILE profile, int bits, double *mean, double *largest)
{
    const struct smp_bytes icc = profile_bytes(profile); // closes it
    cmsHPROFILE same = cmsOpenProfileFromMem(icc.data, (cmsUInt32Number)icc.length);
    hold_against_lcms((struct png){ .bits = bits, .icc = icc }, same, mean, largest);
    cmsCloseProfile(same);
}

START_TEST(colours_of_matrix_profiles_are_those_of_lcms)
{
    begin();
    const struct {
        const double (*xy)[2];
        double gamma;
    } profiles[] = { { bt709, 0 }, { p3, 0 }, { adobe, 2.19921875 }, { prophoto, 1.8 } };
    for (size_t i = 0; i < sizeof profiles / sizeof *profiles; i++)
        for (int bits = 8; bits <= 16; bits += 8) {
            double mean, largest;
            hold_profile_against_lcms(matrix_profile(profiles[i].xy, profiles[i].gamma), bits,
                                      &mean, &largest);
            ck_assert_msg(largest < 0.1, "profile %zu, %d bits: ΔE00 %g, at most %g", i, bits, mean,
                          largest);
        }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(colours_of_table_profiles_are_those_of_lcms)
{
    begin();
    for (int side = 9; side <= 33; side += 8)
        for (int bits = 8; bits <= 16; bits += 8) {
            double mean, largest;
            hold_profile_against_lcms(table_profile(side), bits, &mean, &largest);
            ck_assert_msg(largest < 0.5 && mean < 0.05, "side %d, %d bits: ΔE00 %g, at most %g",
                          side, bits, mean, largest);
        }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_png_may_say_its_colours_in_chunks)
{
    begin();
    static const struct {
        double encoding, gamma;
        const double (*xy)[2];
        int bits;
    } kinds[] = { { 1, 1, NULL, 16 },
                  { 1 / 1.8, 1.8, prophoto, 8 },
                  { 0.45455, 0, p3, 8 },
                  { 0, 0, p3, 16 },
                  { 0.01, 0, adobe, 8 } }; // no such gamma: sRGB's
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        double mean, largest;
        cmsHPROFILE profile = matrix_profile(kinds[i].xy ? kinds[i].xy : bt709, kinds[i].gamma);
        hold_against_lcms(
            (struct png){ .bits = kinds[i].bits, .encoding = kinds[i].encoding, .xy = kinds[i].xy },
            profile, &mean, &largest);
        cmsCloseProfile(profile);
        ck_assert_msg(largest < 0.1, "kind %zu: ΔE00 %g, at most %g", i, mean, largest);
    }
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("profile", a_png_may_say_its_colours_in_chunks,
              colours_of_matrix_profiles_are_those_of_lcms,
              colours_of_table_profiles_are_those_of_lcms)
