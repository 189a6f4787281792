// The skin model against the references' tables and measured skin; its fit.
#include "skin/skin_impl.h"

#include "harness.h"

#include <math.h>

static const char *const means = "../shared/data/optics/skin_mean_spectra_by_ita_class.csv";

// The references' model has no papillary layer of its own.
static struct smp_skin plain(double melanin)
{
    struct smp_skin skin = smp_skin_default();
    skin.melanin = melanin;
    skin.papillary_blood = 1;
    return skin;
}

static struct smp_lab lab_of(const struct smp_skin *skin)
{
    double r[SMP_WAVELENGTHS];
    struct smp_arena arena;
    struct smp_err err = { 0 };
    smp_arena_make(&arena, 0);
    const enum smp_code code = smp_skin_spectrum(r, skin, &arena, &err);
    ck_assert_msg(code == SMP_OK, "%s", err.msg);
    smp_arena_drop(&arena);
    return smp_skin_lab(r);
}

START_TEST(coefficients_are_those_of_the_references)
{
    // per cm at 450 … 700 nm; absorption and reduced scattering of epidermis, dermis
    static const double want[6][4] = { { 15.43, 80.4, 2.428, 54.5 }, { 11.07, 66.7, 0.802, 43.6 },
                                       { 8.25, 57.6, 1.394, 36.6 },  { 6.35, 51.1, 0.298, 31.8 },
                                       { 5.01, 46.3, 0.140, 28.5 },  { 4.04, 42.6, 0.116, 25.9 } };
    const struct smp_skin skin = plain(0.02);
    for (int k = 0; k < 6; k++) {
        struct smp_stack stack;
        smp_skin_stack(&stack, &skin, 450 + 50 * k);
        const struct smp_layer *e = &stack.layer[0], *d = &stack.layer[2];
        ck_assert_double_eq_tol(10 * e->mua_per_mm, want[k][0], 0.006);
        ck_assert_double_eq_tol(10 * e->mus_per_mm * (1 - e->g), want[k][1], 0.06);
        ck_assert_double_eq_tol(10 * d->mua_per_mm, want[k][2], 0.0011);
        ck_assert_double_eq_tol(10 * d->mus_per_mm * (1 - d->g), want[k][3], 0.06);
    }
}
END_TEST

START_TEST(melanin_gives_the_colours_of_the_references)
{
    static const double want[11][4] = {
        { 0.005, 73.5, 7.8, 11.5 }, { 0.01, 71.2, 8.1, 13.3 },  { 0.02, 67.0, 8.6, 15.9 },
        { 0.03, 63.4, 9.0, 17.8 },  { 0.05, 57.3, 9.6, 20.3 },  { 0.08, 50.3, 10.4, 22.4 },
        { 0.12, 43.0, 11.2, 23.6 }, { 0.16, 37.3, 11.8, 23.7 }, { 0.20, 32.5, 12.2, 23.1 },
        { 0.30, 23.6, 12.5, 20.0 }, { 0.43, 15.9, 11.5, 15.0 },
    };
    for (int k = 0; k < 11; k++) {
        const struct smp_skin skin = plain(want[k][0]);
        const struct smp_lab lab = lab_of(&skin);
        ck_assert_double_eq_tol(lab.l, want[k][1], 0.25);
        ck_assert_double_eq_tol(lab.a, want[k][2], 0.25);
        ck_assert_double_eq_tol(lab.b, want[k][3], 0.25);
    }
}
END_TEST

START_TEST(blood_reddens_and_darkens)
{
    static const double want[6][3] = { { 0.001, 72.6, 3.3 }, { 0.002, 70.7, 5.1 },
                                       { 0.005, 67.0, 8.6 }, { 0.01, 63.1, 11.9 },
                                       { 0.02, 58.4, 15.6 }, { 0.04, 53.1, 19.0 } };
    for (int k = 0; k < 6; k++) {
        struct smp_skin skin = plain(0.02);
        skin.blood = want[k][0];
        const struct smp_lab lab = lab_of(&skin);
        ck_assert_double_eq_tol(lab.l, want[k][1], 0.25);
        ck_assert_double_eq_tol(lab.a, want[k][2], 0.6);
    }
}
END_TEST

// Phototypes I, III, V, VI (ITA 60, 35, -10, -45): 12 streams are as good as 32.
START_TEST(streams_of_a_spectrum_are_enough_for_light_and_dark)
{
    static const double melanin[] = { 0.008, 0.03, 0.1, 0.25 };
    for (int k = 0; k < 4; k++) {
        const struct smp_skin skin = plain(melanin[k]);
        for (int nm = 400; nm <= 700; nm += 50) {
            double few, many;
            struct smp_arena arena;
            smp_arena_make(&arena, 0);
            const struct smp_grid grid = { nm, 10, 1 };
            ck_assert_int_eq(smp_skin_sample(&few, &skin, &grid, SMP_SKIN_STREAMS, &arena, NULL),
                             0);
            ck_assert_int_eq(smp_skin_sample(&many, &skin, &grid, 32, &arena, NULL), 0);
            smp_arena_drop(&arena);
            ck_assert_double_eq_tol(few, many, 2e-4);
        }
    }
}
END_TEST

START_TEST(a_fit_finds_the_skin_it_was_made_from)
{
    static const double melanin[] = { 0.006, 0.03, 0.11, 0.3 }, blood[] = { 0.003, 0.02 };
    for (int k = 0; k < 4; k++) {
        struct smp_skin skin = smp_skin_default(), found = smp_skin_default();
        skin.melanin = melanin[k];
        skin.blood = blood[k % 2];
        double far = -1;
        struct smp_arena arena;
        struct smp_err err = { 0 };
        smp_arena_make(&arena, 0);
        const enum smp_code code =
            smp_skin_fit(&found, &far, lab_of(&skin), "skin.lab", &arena, &err);
        ck_assert_msg(code == SMP_OK, "%s", err.msg);
        smp_arena_drop(&arena);
        ck_assert_double_eq_tol(found.melanin / skin.melanin, 1, 1e-3);
        ck_assert_double_eq_tol(found.blood / skin.blood, 1, 1e-3);
        ck_assert_double_lt(far, 1e-3);
    }
}
END_TEST

START_TEST(all_classes_of_measured_skin_are_fitted)
{
    SKIP_WITHOUT(means);
    FILE *file = fopen(means, "r");
    char line[2048];
    int classes = 0;
    while (fgets(line, sizeof line, file)) {
        double r[SMP_WAVELENGTHS], rms = 1, far;
        char *at = strstr(line, ",mean,");
        if (!at)
            continue;
        at += 5;
        for (int i = 0; i < SMP_WAVELENGTHS; i++)
            r[i] = strtod(at + 1, &at);
        struct smp_skin skin = smp_skin_default(), simple = smp_skin_default();
        struct smp_arena arena;
        struct smp_err err = { 0 };
        smp_arena_make(&arena, 0);
        ck_assert_int_eq(smp_skin_fit_spectrum(&skin, &rms, r, "class", &arena, &err), SMP_OK);
        const struct smp_lab want = smp_skin_lab(r), lab = lab_of(&skin);
        ck_assert_msg(rms <= 0.013, "%.30s: %.4f", line, rms);
        ck_assert_double_eq_tol(lab.l, want.l, 1);
        // and its colour alone is taken as a skin's
        ck_assert_int_eq(smp_skin_fit(&simple, &far, want, "class", &arena, &err), SMP_OK);
        ck_assert_double_lt(far, 2.7);
        smp_arena_drop(&arena);
        classes++;
    }
    fclose(file);
    ck_assert_int_eq(classes, 11);
}
END_TEST

// Every 25th of 100 measured people (NIST 2017) and of the means by group and site, foreheads
// among them (Xiao 2017, Alaluf 2002).
START_TEST(people_have_the_colour_of_some_skin)
{
    static const char *const files[] = {
        "../shared/data/optics/nist_skin_lab_d65_2deg_computed.csv",
        "../shared/data/optics/skin_lab_reference.csv",
    };
    SKIP_WITHOUT(files[0]);
    for (int f = 0; f < 2; f++) {
        FILE *file = fopen(files[f], "r");
        char line[400];
        int people = 0;
        while (fgets(line, sizeof line, file)) {
            struct smp_lab lab;
            const char *form = f ? "%*[^,],%*[^,],%*[^,],%lf,%lf,%lf" : "%*[^,],%lf,%lf,%lf";
            if (sscanf(line, form, &lab.l, &lab.a, &lab.b) != 3 || people++ % 25)
                continue;
            struct smp_skin skin = smp_skin_default();
            double far = -1;
            struct smp_arena arena;
            struct smp_err err = { 0 };
            smp_arena_make(&arena, 0);
            ck_assert_int_eq(smp_skin_fit(&skin, &far, lab, "lab", &arena, &err), SMP_OK);
            smp_arena_drop(&arena);
            ck_assert_double_lt(far, 1.4);
        }
        fclose(file);
        ck_assert_int_eq(people, f ? 30 : 100);
    }
}
END_TEST

static void refuse_fit(struct smp_lab lab, struct smp_skin skin, const char *says)
{
    const struct smp_skin before = skin;
    double far = -1;
    struct smp_arena arena;
    struct smp_err err = { 0 };
    smp_arena_make(&arena, 0);
    ck_assert_int_eq(smp_skin_fit(&skin, &far, lab, "--lab", &arena, &err), SMP_E_INPUT);
    smp_arena_drop(&arena);
    ck_msg_has(err, says);
    ck_assert_mem_eq(&skin, &before, sizeof skin);
    ck_assert(far > 4 || strstr(says, "must be")); // told, so that a warning can say it
}

START_TEST(colours_of_no_skin_are_refused)
{
    const struct smp_skin skin = smp_skin_default();
    refuse_fit((struct smp_lab){ 50, -60, 40 }, skin,
               "--lab: no skin of the model has the colour 50,-60,40 (the nearest differs by");
    // grey for so dark a skin: the nearest is found though the first start ends beside it
    refuse_fit((struct smp_lab){ 28, 7, 9 }, skin, "(the nearest differs by ΔE00 4.3, at most 4");
    refuse_fit((struct smp_lab){ 95, 0, 0 }, skin,
               "--lab: no skin of the model has the colour 95,0,0");
    refuse_fit((struct smp_lab){ 94.2, 1.5, 5.4 }, skin,
               "no skin of the model has the colour"); // Monk 1
    refuse_fit((struct smp_lab){ 87.6, 0.5, 17.8 }, skin,
               "no skin of the model has the colour"); // Monk 4
    refuse_fit((struct smp_lab){ 120, 0, 0 }, skin, "--lab.L* must be 0 to 100, not 120");
    refuse_fit((struct smp_lab){ 50, (double)NAN, 0 }, skin,
               "--lab.a* must be -128 to 128, not nan");
    refuse_fit((struct smp_lab){ 50, 0, 300 }, skin, "--lab.b* must be -128 to 128, not 300");
    struct smp_skin wrong = skin;
    wrong.scattering = 9;
    refuse_fit((struct smp_lab){ 60, 9, 15 }, wrong, "--lab.scattering must be 0.3 to 3, not 9");
}
END_TEST

START_TEST(skins_out_of_range_are_refused)
{
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    for (int k = 0; k < SMP_SKIN_FIELDS; k++) {
        struct smp_skin skin = smp_skin_default();
        *(double *)((char *)&skin + smp_skin_fields[k].offset) = (double)NAN;
        double r[SMP_WAVELENGTHS];
        struct smp_err err = { 0 };
        ck_assert_int_eq(smp_skin_spectrum(r, &skin, &arena, &err), SMP_E_INPUT);
        ck_msg_has(err, smp_skin_fields[k].name);
    }
    struct smp_skin skin = smp_skin_default();
    skin.blood = 0.1;
    skin.papillary_blood = 5;
    struct smp_err err = { 0 };
    ck_assert_int_eq(smp_skin_check(&skin, "skin", &err), SMP_E_INPUT);
    ck_msg_eq(err,
              "skin.papillary_blood makes 0.5 of the papillary dermis blood, at most 0.35 can be");
    double r[SMP_WAVELENGTHS], rms;
    for (int i = 0; i < SMP_WAVELENGTHS; i++)
        r[i] = 0.3;
    r[3] = 1.5;
    skin = smp_skin_default();
    err = (struct smp_err){ 0 };
    ck_assert_int_eq(smp_skin_fit_spectrum(&skin, &rms, r, "swatch", &arena, &err), SMP_E_INPUT);
    ck_msg_eq(err, "swatch.reflectance at 430 nm must be 0 to 1, not 1.5");
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("model", coefficients_are_those_of_the_references,
              melanin_gives_the_colours_of_the_references, blood_reddens_and_darkens,
              streams_of_a_spectrum_are_enough_for_light_and_dark,
              a_fit_finds_the_skin_it_was_made_from, all_classes_of_measured_skin_are_fitted,
              people_have_the_colour_of_some_skin, colours_of_no_skin_are_refused,
              skins_out_of_range_are_refused)
