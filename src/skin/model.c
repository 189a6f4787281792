// The skin of the literature: what absorbs and scatters in each layer. Optics: docs/optics.md.
#include "skin/skin_impl.h"

#include <math.h>

// One index and one g for all layers: 1.37 to 1.45 is what models use, and codes use g 0.8 to 0.9;
// similarity fails near the source, so that one g is held to everywhere.
static const double tissue_n = 1.4, tissue_g = 0.8;
// Share of water in skin by volume (Jacques 2013).
static const double water_share = 0.65;

// Molar extinction of HbO2 and Hb in 1/(cm M), base 10 (Prahl, omlc.org, after Gratzer and
// Kollias), and absorption of water per cm (Segelstein 1981), 380 to 780 nm.
enum { table_first_nm = 380, table_step_nm = 10, table_rows = 41 };
static const struct absorption {
    double oxy, deoxy, water_per_cm;
} absorption[table_rows] = {
    { 109564, 145232, 0.000641 },   // 380
    { 167748, 167780, 0.000568 },   // 390
    { 266232, 223296, 0.000496 },   // 400
    { 466840, 303956, 0.000436 },   // 410
    { 480360, 407560, 0.000377 },   // 420
    { 246072, 528600, 0.000314 },   // 430
    { 102580, 413280, 0.000269 },   // 440
    { 62816, 103292, 0.000226 },    // 450
    { 44480, 23388.8, 0.000207 },   // 460
    { 33209.2, 16156.4, 0.000195 }, // 470
    { 26629.2, 14550, 0.000186 },   // 480
    { 23684.4, 16684, 0.000188 },   // 490
    { 20932.8, 20862, 0.000232 },   // 500
    { 20035.2, 25773.6, 0.000312 }, // 510
    { 24202.4, 31589.6, 0.000379 }, // 520
    { 39956.8, 39036.4, 0.000417 }, // 530
    { 53236, 46592, 0.000489 },     // 540
    { 43016, 53412, 0.000558 },     // 550
    { 32613.2, 53788, 0.000644 },   // 560
    { 44496, 45072, 0.000757 },     // 570
    { 50104, 37020, 0.000988 },     // 580
    { 14400.8, 28324.4, 0.00136 },  // 590
    { 3200, 14677.2, 0.00202 },     // 600
    { 1506, 9443.6, 0.00255 },      // 610
    { 942, 6509.6, 0.00286 },       // 620
    { 610, 5148.8, 0.00301 },       // 630
    { 442, 4345.2, 0.00308 },       // 640
    { 368, 3750.12, 0.00324 },      // 650
    { 319.6, 3226.56, 0.00364 },    // 660
    { 294, 2795.12, 0.00394 },      // 670
    { 277.6, 2407.92, 0.00421 },    // 680
    { 276, 2051.96, 0.00483 },      // 690
    { 290, 1794.28, 0.00601 },      // 700
    { 314, 1540.48, 0.00885 },      // 710
    { 348, 1325.88, 0.0134 },       // 720
    { 390, 1102.2, 0.0204 },        // 730
    { 446, 1115.88, 0.0248 },       // 740
    { 518, 1405.24, 0.0261 },       // 750
    { 586, 1548.52, 0.0261 },       // 760
    { 650, 1311.88, 0.0248 },       // 770
    { 710, 1075.44, 0.0227 },       // 780
};

const struct smp_field smp_skin_fields[SMP_SKIN_FIELDS] = {
    SMP_FIELD(smp_skin, melanin, "", 0.001, 0.6, "share of melanosomes in the epidermis"),
    SMP_FIELD(smp_skin, blood, "", 0, 0.2, "share of blood in the dermis"),
    SMP_FIELD(smp_skin, saturation, "", 0, 1, "oxygenated share of the blood"),
    SMP_FIELD(smp_skin, scattering, "", 0.3, 3, "factor on the reduced scattering"),
    SMP_FIELD(smp_skin, melanin_exponent, "", 2, 4.5, "melanin absorbs as wavelength^-exponent"),
    SMP_FIELD(smp_skin, epidermis_mm, "mm", 0.02, 0.5, "thickness of the epidermis"),
    SMP_FIELD(smp_skin, papillary_mm, "mm", 0.01, 1, "thickness of the papillary dermis"),
    SMP_FIELD(smp_skin, dermis_mm, "mm", 0.2, 6, "thickness of the dermis below it"),
    SMP_FIELD(smp_skin, papillary_blood, "", 0.1, 10, "its blood as a multiple of the dermis's"),
};

struct smp_skin smp_skin_default(void)
{
    // Light skin. Scalp: epidermis 50 to 80 µm at the vertex, dermis 1.2 to 2.5 mm, of which the
    // papillary part is the upper 0.15 mm with twice the blood. Melanin exponent: Jacques 2013,
    // equation 8. Saturation: the mean of capillaries and veins.
    return (struct smp_skin){ .melanin = 0.02,
                              .blood = 0.005,
                              .saturation = 0.7,
                              .scattering = 1,
                              .melanin_exponent = 3,
                              .epidermis_mm = 0.08,
                              .papillary_mm = 0.15,
                              .dermis_mm = 1.85,
                              .papillary_blood = 2 };
}

enum smp_code smp_skin_check(const struct smp_skin *skin, const char *where, struct smp_err *err)
{
    const enum smp_code code = smp_check(smp_skin_fields, SMP_SKIN_FIELDS, skin, where, err);
    if (code)
        return code;
    // Blood and water share the dermis with what is neither.
    if (skin->blood * skin->papillary_blood > 1 - water_share)
        return smp_fail(err, SMP_E_INPUT,
                        "%s.papillary_blood makes %.3g of the papillary dermis blood, at most %.2g "
                        "can be",
                        where, skin->blood * skin->papillary_blood, 1 - water_share);
    return SMP_OK;
}

static struct absorption absorption_at(double wavelength_nm)
{
    const double at =
        smp_clamp((wavelength_nm - table_first_nm) / table_step_nm, 0, table_rows - 1);
    const int row = at >= table_rows - 1 ? table_rows - 2 : (int)at;
    const double t = at - row;
    const struct absorption a = absorption[row], b = absorption[row + 1];
    return (struct absorption){ a.oxy + t * (b.oxy - a.oxy), a.deoxy + t * (b.deoxy - a.deoxy),
                                a.water_per_cm + t * (b.water_per_cm - a.water_per_cm) };
}

// Skin without blood and melanin, per cm (Jacques 1998, omlc.org).
static double baseline_per_cm(double wavelength_nm)
{
    return 0.244 + 85.3 * exp(-(wavelength_nm - 154) / 66.2);
}

static double epidermis_per_cm(const struct smp_skin *skin, double wavelength_nm)
{
    // Inside of a melanosome: Jacques 2013, equation 8. Ten-fold variation is to be expected: the
    // fraction is an effective number, never histology.
    const double melanosome = 519 * pow(wavelength_nm / 500, -skin->melanin_exponent);
    return skin->melanin * melanosome + (1 - skin->melanin) * baseline_per_cm(wavelength_nm);
}

static double dermis_per_cm(const struct smp_skin *skin, double blood, double wavelength_nm)
{
    const struct absorption at = absorption_at(wavelength_nm);
    const double extinction = skin->saturation * at.oxy + (1 - skin->saturation) * at.deoxy;
    // Whole blood: 150 g of hemoglobin a litre, 64500 g/mol (Prahl).
    const double blood_per_cm = 2.303 * extinction * 150 / 64500;
    return blood * blood_per_cm + water_share * at.water_per_cm +
           (1 - water_share - blood) * baseline_per_cm(wavelength_nm);
}

// Reduced scattering per cm: Rayleigh's part and a power law (Jacques 2013, equation 2).
static double reduced_per_cm(double a, double rayleigh, double b, double wavelength_nm)
{
    const double x = wavelength_nm / 500;
    return a * (rayleigh * pow(x, -4) + (1 - rayleigh) * pow(x, -b));
}

static struct smp_layer layer_of(double mua_per_cm, double reduced_scattering_per_cm, double mm)
{
    return (struct smp_layer){ .n = tissue_n,
                               .mua_per_mm = mua_per_cm / 10,
                               .mus_per_mm = reduced_scattering_per_cm / (1 - tissue_g) / 10,
                               .g = tissue_g,
                               .thickness_mm = mm };
}

void smp_skin_stack(struct smp_stack *stack, const struct smp_skin *skin, double wavelength_nm)
{
    // Epidermis and dermis: Salomatina 2006; fat: mean of six (Jacques 2013, tables 1 and 2).
    const double epidermis = skin->scattering * reduced_per_cm(66.7, 0.29, 0.689, wavelength_nm);
    const double dermis = skin->scattering * reduced_per_cm(43.6, 0.41, 0.562, wavelength_nm);
    const double fat = 18.4 * pow(wavelength_nm / 500, -0.672);
    const double upper = skin->blood * skin->papillary_blood;
    *stack = (struct smp_stack){ .n_outside = 1, .count = 4 };
    stack->layer[0] =
        layer_of(epidermis_per_cm(skin, wavelength_nm), epidermis, skin->epidermis_mm);
    stack->layer[1] =
        layer_of(dermis_per_cm(skin, upper, wavelength_nm), dermis, skin->papillary_mm);
    stack->layer[2] =
        layer_of(dermis_per_cm(skin, skin->blood, wavelength_nm), dermis, skin->dermis_mm);
    // Fat's own absorption hardly shows: 0.0045 per mm, as in the references of docs/optics.md.
    stack->layer[3] = layer_of(0.045, fat, (double)INFINITY);
}

enum smp_code smp_skin_sample(double *reflectance, const struct smp_skin *skin,
                              const struct smp_grid *grid, int streams, struct smp_arena *scratch,
                              struct smp_err *err)
{
    const struct smp_mark mark = smp_arena_mark(scratch);
    struct smp_stack stack;
    struct smp_solver solver;
    smp_skin_stack(&stack, skin, grid->first_nm);
    const enum smp_code code = smp_solver_make(&solver, &stack, streams, scratch, err);
    for (int i = 0; !code && i < grid->count; i++) {
        smp_skin_stack(&stack, skin, grid->first_nm + i * grid->step_nm);
        reflectance[i] = smp_solver_reflectance(&solver, &stack);
    }
    smp_arena_reset(scratch, mark);
    return code;
}

enum smp_code smp_skin_spectrum(double reflectance[SMP_WAVELENGTHS], const struct smp_skin *skin,
                                struct smp_arena *scratch, struct smp_err *err)
{
    const enum smp_code bad = smp_skin_check(skin, "skin", err);
    if (bad)
        return bad;
    const struct smp_grid grid = { 400, 10, SMP_WAVELENGTHS };
    return smp_skin_sample(reflectance, skin, &grid, SMP_SKIN_STREAMS, scratch, err);
}

struct smp_lab smp_skin_lab(const double reflectance[SMP_WAVELENGTHS])
{
    const struct smp_grid grid = { 400, 10, SMP_WAVELENGTHS };
    return smp_lab_from_reflectance(reflectance, &grid);
}
