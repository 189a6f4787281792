#include "pigment/pigment.h"

#include "harness.h"
#include "replay.h"

#include <math.h>

static const char *const own_file = "data/pigments.json";

static struct smp_catalogue read_own(struct smp_arena *arena)
{
    struct smp_catalogue catalogue = { 0 };
    struct smp_bytes bytes;
    smp_arena_make(arena, 0);
    struct smp_err err = { 0 };
    ck_assert_msg(!smp_file_read(&bytes, own_file, 1 << 20, arena, &err), "%s", err.msg);
    ck_assert_msg(!smp_catalogue_read(&catalogue, own_file, (const char *)bytes.data, bytes.length,
                                      arena, &err),
                  "%s", err.msg);
    return catalogue;
}

static const struct smp_pigment *need(const struct smp_catalogue *catalogue, const char *id)
{
    const struct smp_pigment *pigment = smp_pigment_find(catalogue, id);
    ck_assert_msg(pigment != NULL, "%s", id);
    return pigment;
}

static const double *row_of(const double *values, size_t rows, double diameter_nm, double nm)
{
    for (size_t i = 0; i < rows; i++) {
        if (values[4 * i] == diameter_nm && values[4 * i + 1] == nm)
            return &values[4 * i];
    }
    return NULL;
}

// One material of the given table, cut out by its name so that the columns are numbers.
static size_t given_rows(double **values, const char *material, struct smp_arena *arena)
{
    static const char *const columns[] = { "diameter_nm", "wavelength_nm", "mua_mm-1_at_1pct_vol",
                                           "musp_mm-1_at_1pct_vol" };
    struct smp_bytes bytes;
    ck_assert(!smp_file_read(&bytes, "../shared/data/optics/pigment_mie_computed.csv", 1 << 20,
                             arena, NULL));
    char *cut = smp_alloc(arena, bytes.length + 1, 1);
    size_t used = 0;
    const char *line = (const char *)bytes.data, *end = line + bytes.length;
    for (bool first = true; line < end; first = false) {
        const char *next = memchr(line, '\n', (size_t)(end - line));
        next = next ? next + 1 : end;
        if (first || strncmp(line, material, strlen(material)) == 0) {
            const char *comma = memchr(line, ',', (size_t)(next - line));
            const size_t length = (size_t)(next - comma - 1);
            memcpy(cut + used, comma + 1, length);
            used += length;
        }
        line = next;
    }
    size_t rows = 0;
    struct smp_err err = { 0 };
    ck_assert_msg(!smp_csv_numbers(values, &rows, "mie", cut, used, columns, 4, arena, &err), "%s",
                  err.msg);
    return rows;
}

static void same_as_given(const struct smp_pigment *pigment, const char *material,
                          double diameter_nm, struct smp_arena *arena)
{
    double *values;
    const size_t rows = given_rows(&values, material, arena);
    ck_assert_uint_eq(rows, 5 * SMP_WAVELENGTHS);
    for (int i = 0; i < SMP_WAVELENGTHS; i++) {
        const double *row = row_of(values, rows, diameter_nm, smp_wavelength_nm(i));
        ck_assert_ptr_nonnull(row);
        ck_assert_double_eq_tol(pigment->mua_per_mm[i], row[2], 1e-4 * row[2] + 6e-5);
        ck_assert_double_eq_tol(pigment->mus_reduced_per_mm[i], row[3], 1e-4 * row[3] + 6e-5);
    }
}

START_TEST(spectra_are_those_of_the_reference_table)
{
    SKIP_WITHOUT("../shared/data/optics/pigment_mie_computed.csv");
    struct smp_arena arena = { 0 };
    const struct smp_catalogue catalogue = read_own(&arena);
    static const struct {
        const char *id, *material;
        double diameter_nm;
    } rows[] = { { "carbon-50", "carbon_soot_Dalzell", 50 },
                 { "carbon-100", "carbon_soot_Dalzell", 100 },
                 { "carbon-200", "carbon_soot_Dalzell", 200 },
                 { "carbon-400", "carbon_soot_Dalzell", 400 },
                 { "carbon-1000", "carbon_soot_Dalzell", 1000 },
                 { "carbon-film-100", "carbon_Hagemann", 100 },
                 { "red-oxide-100", "hematite", 100 },
                 { "red-oxide-400", "hematite", 400 },
                 { "black-oxide-200", "magnetite", 200 },
                 { "white-200", "rutile", 200 } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        same_as_given(need(&catalogue, rows[i].id), rows[i].material, rows[i].diameter_nm, &arena);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(every_pigment_has_source_grade_and_loading_and_a_known_one_its_spectrum)
{
    struct smp_arena arena = { 0 };
    const struct smp_catalogue catalogue = read_own(&arena);
    ck_assert_uint_gt(catalogue.count, 12);
    for (size_t p = 0; p < catalogue.count; p++) {
        const struct smp_pigment *pigment = &catalogue.pigments[p];
        ck_assert_uint_gt(strlen(pigment->source), 10);
        ck_assert_uint_gt(strlen(pigment->loading_source), 10);
        ck_assert_uint_eq(strlen(pigment->grade), 1);
        ck_assert_double_gt(pigment->loading, 0.01);
        ck_assert_double_lt(pigment->loading, 0.2);
        double shares = 0;
        for (size_t c = 0; c < pigment->component_count; c++)
            shares += pigment->component[c].share;
        if (pigment->known)
            ck_assert_double_eq_tol(shares, 1, 1e-12);
        else
            ck_assert_uint_gt(strlen(pigment->unknown_why), 10);
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(unknown_optics_are_refused_with_a_sentence_in_mixtures_too)
{
    struct smp_arena arena = { 0 };
    const struct smp_catalogue catalogue = read_own(&arena);
    static const char *const ids[] = { "yellow-oxide", "golden-brown" };
    for (size_t i = 0; i < 2; i++) {
        struct smp_err err = { 0 };
        const struct smp_pigment *pigment = need(&catalogue, ids[i]);
        ck_assert(!pigment->known);
        ck_assert_int_eq(smp_pigment_matchable(pigment, own_file, &err), SMP_E_INPUT);
        ck_msg_has(err, "cannot be used in a match: no optical constants of goethite");
        ck_msg_has(err, ids[i]);
    }
    ck_assert_int_eq(smp_pigment_matchable(need(&catalogue, "carbon-100"), own_file, NULL), SMP_OK);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_mixture_is_its_parts_by_volume)
{
    struct smp_arena arena = { 0 };
    const struct smp_catalogue catalogue = read_own(&arena);
    const struct smp_pigment *mix = need(&catalogue, "warm-black");
    const struct smp_pigment *black = need(&catalogue, "carbon-100");
    const struct smp_pigment *red = need(&catalogue, "red-oxide-100");
    ck_assert_uint_eq(mix->component_count, 2);
    ck_assert_int_eq(mix->component[0].fading, SMP_FADING_CARBON);
    ck_assert_int_eq(mix->component[1].fading, SMP_FADING_OXIDE);
    for (int i = 0; i < SMP_WAVELENGTHS; i++)
        ck_assert_double_eq_tol(mix->mua_per_mm[i],
                                0.9 * black->mua_per_mm[i] + 0.1 * red->mua_per_mm[i], 1e-9);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(one_part_in_n_parts_water_is_an_n_plus_first_of_the_bottle)
{
    struct smp_arena arena = { 0 };
    const struct smp_catalogue catalogue = read_own(&arena);
    const struct smp_pigment *black = need(&catalogue, "carbon-100");
    double mua[SMP_WAVELENGTHS], mus[SMP_WAVELENGTHS], thin[SMP_WAVELENGTHS], mus2[SMP_WAVELENGTHS];
    smp_pigment_in_skin(mua, mus, black, 0, 1);
    smp_pigment_in_skin(thin, mus2, black, 19, 0.5);
    for (int i = 0; i < SMP_WAVELENGTHS; i++) {
        ck_assert_double_eq_tol(mua[i], 100 * black->loading * black->mua_per_mm[i], 1e-9 * mua[i]);
        ck_assert_double_eq_tol(thin[i], mua[i] / 40, 1e-9 * mua[i]);
        ck_assert_double_eq_tol(mus[i] * 0.2, 100 * black->loading * black->mus_reduced_per_mm[i],
                                1e-9 * mus[i]);
    }
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(at_an_age_each_component_keeps_what_its_kind_keeps)
{
    struct smp_arena arena = { 0 };
    const struct smp_catalogue catalogue = read_own(&arena);
    const struct smp_pigment *mix = need(&catalogue, "soft-brown");
    const struct smp_aged same = { .strength = { 1, 1, 1, 1 } };
    const struct smp_aged no_oxide = { .strength = { 1, 0, 1, 1 } };
    double mua[SMP_WAVELENGTHS], mus[SMP_WAVELENGTHS], aged[SMP_WAVELENGTHS], mus2[SMP_WAVELENGTHS];
    smp_pigment_in_skin(mua, mus, mix, 20, 0.2);
    smp_pigment_at_age(aged, mus2, mix, 20, 0.2, &same);
    for (int i = 0; i < SMP_WAVELENGTHS; i++)
        ck_assert_double_eq_tol(aged[i], mua[i], 1e-9 * mua[i]);
    // Without its red part the brown is neutral: 450 over 650 nm falls.
    smp_pigment_at_age(aged, mus2, mix, 20, 0.2, &no_oxide);
    ck_assert_double_gt(mua[5] / mua[25], 3);
    ck_assert_double_lt(aged[5] / aged[25], 1.6);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(clumped_pigment_absorbs_less_and_flatter)
{
    ck_assert_double_eq_tol(smp_sieve_factor(0, 5), 1, 1e-12);
    ck_assert_double_eq_tol(smp_sieve_factor(1500, 1), 1 - exp(-1), 1e-12); // tau 1
    ck_assert_double_lt(smp_sieve_factor(1e6, 50), 1e-3);
    struct smp_arena arena = { 0 };
    const struct smp_catalogue catalogue = read_own(&arena);
    const struct smp_pigment *red = need(&catalogue, "red-oxide-100");
    double mua[SMP_WAVELENGTHS], mus[SMP_WAVELENGTHS];
    smp_pigment_in_skin(mua, mus, red, 20, 0.2);
    const double hue = mua[5] / mua[25];
    smp_pigment_clump(mua, red, &(struct smp_clumping){ 2, 0.3 });
    ck_assert_double_lt(mua[5] / mua[25], 0.6 * hue);
    // Packed carbon of 100 nm comes near to what grains of 1000 nm do (optics.md 1.7).
    const struct smp_pigment *black = need(&catalogue, "carbon-100");
    const double sieve = smp_sieve_factor(100 * 0.5 * black->mua_per_mm[15], 1.5);
    ck_assert_double_eq_tol(
        sieve, need(&catalogue, "carbon-1000")->mua_per_mm[15] / black->mua_per_mm[15], 0.03);
    smp_arena_drop(&arena);
}
END_TEST

// ---- Faults -------------------------------------------------------------------------------------

#define HEAD "\"id\": \"x\", \"name\": \"X\", \"source\": \"s\", \"grade\": \"U\", "
#define LOAD "\"loading\": 0.1, \"loading_source\": \"s\", \"loading_grade\": \"D\""
#define SOOT                                                                                       \
    "\"materials\": [{\"id\": \"m\", \"name\": \"M\", \"source\": \"s\", \"fading\": \"carbon\", " \
    "\"axes\": [{\"wavelength_nm\": [400, 700], \"n\": [1.5, 1.6], \"k\": [0.4, 0.5]}]}], "
#define UNKNOWN(id)                                                                                \
    "{\"id\": \"" id "\", \"name\": \"X\", \"source\": \"s\", \"grade\": \"U\", " LOAD             \
    ", \"unknown\": \"why not\"}"
#define GRAIN "\"particle\": {\"material\": \"m\", \"diameter_nm\": 100}"

static const struct {
    const char *text, *sentence;
} faults[] = {
    { "", "c.json is not valid JSON" },
    { "[]", "c.json: the document must be an object" },
    { "{}", "c.json has no pigments" },
    { "{\"pigments\": []}", "c.json: pigments must hold 1 to 512 items, not 0" },
    { "{\"pigment\": []}", "c.json: unknown field pigment" },
    { "{\"medium_n\": 0.5, \"pigments\": [" UNKNOWN("x") "]}", "medium_n must be 1 to 2, not 0.5" },
    { "{\"pigments\": [{" HEAD LOAD "}]}", "pigments[0] (\"x\") has no spectrum: give particle, "
                                           "mixture or spectrum, or say in unknown" },
    { "{" SOOT "\"pigments\": [{" HEAD LOAD ", \"unknown\": \"w\", " GRAIN "}]}",
      "must have one of particle, mixture, spectrum and unknown, not 2" },
    { "{\"pigments\": [{" HEAD "\"unknown\": \"w\"}]}", "pigments[0] has no loading" },
    { "{\"pigments\": [{\"id\": \"x\"}]}", "pigments[0] has no name" },
    { "{\"pigments\": [{\"id\": \"\"}]}", "pigments[0].id must be a text of 1 to 60 bytes, not 0" },
    { "{\"pigments\": [{\"id\": 3}]}", "pigments[0].id must be a text, not 3" },
    { "{\"pigments\": [{\"id\": \"x\", \"name\": \"X\", \"source\": \"s\", \"grade\": \"E\"}]}",
      "pigments[0].grade must be A, B, C, D or U, not \"E\"" },
    { "{\"pigments\": [{" HEAD "\"loading\": 2}]}", "loading must be 1e-06 to 0.74, not 2" },
    { "{\"pigments\": [" UNKNOWN("x") ", " UNKNOWN("x") "]}",
      "pigments[1].id \"x\" is there twice" },
    { "{\"pigments\": [{" HEAD LOAD ", " GRAIN "}]}",
      "particle.material \"m\" is not among the materials" },
    { "{" SOOT "\"pigments\": [{" HEAD LOAD ", \"particle\": {\"material\": \"m\"}}]}",
      "particle has no diameter_nm" },
    { "{" SOOT "\"pigments\": [{" HEAD LOAD
      ", \"particle\": {\"material\": \"m\", \"diameter_nm\": 0}}]}",
      "diameter_nm must be 5 to 20000 nm, not 0" },
    { "{\"pigments\": [{" HEAD LOAD ", \"mixture\": [{\"pigment\": \"a\", \"share\": 0.5}, "
      "{\"pigment\": \"b\", \"share\": 0.5}]}]}",
      "mixture[0].pigment \"a\" is not among the pigments above it" },
    { "{\"pigments\": [" UNKNOWN("a") ", {" HEAD LOAD ", \"mixture\": [{\"pigment\": \"a\", "
                                      "\"share\": 0.5}, {\"pigment\": \"a\", \"share\": 0.6}]}]}",
      "the shares of pigments[1].mixture must sum to 1, not 1.1" },
    { "{\"pigments\": [" UNKNOWN("a") ", {" HEAD LOAD ", \"mixture\": [{\"pigment\": \"a\"}, "
                                      "{\"pigment\": \"a\", \"share\": 0.6}]}]}",
      "mixture[0] has no share" },
    { "{\"pigments\": [{" HEAD LOAD ", \"spectrum\": {\"wavelength_nm\": [400, 700]}}]}",
      "spectrum has no mua_per_mm" },
    { "{\"pigments\": [{" HEAD LOAD ", \"spectrum\": {\"wavelength_nm\": [400, 700], "
      "\"mua_per_mm\": [1, -1], \"mus_reduced_per_mm\": [0, 0]}}]}",
      "mua_per_mm[1] must be 0 to 100000, not -1" },
    { "{\"pigments\": [{" HEAD LOAD ", \"spectrum\": {\"wavelength_nm\": [400, 700], "
      "\"mua_per_mm\": [1, 1, 1], \"mus_reduced_per_mm\": [0, 0]}}]}",
      "must hold as many mua_per_mm and mus_reduced_per_mm as wavelength_nm, not 3, 2 and 2" },
    { "{\"pigments\": [{" HEAD LOAD ", \"spectrum\": {\"wavelength_nm\": [450, 700], "
      "\"mua_per_mm\": [1, 1], \"mus_reduced_per_mm\": [0, 0]}}]}",
      "wavelength_nm must reach from 400 to 700, not 450 to 700" },
    { "{\"pigments\": [{" HEAD LOAD ", \"spectrum\": {\"wavelength_nm\": [700, 400], "
      "\"mua_per_mm\": [1, 1], \"mus_reduced_per_mm\": [0, 0]}}]}",
      "wavelength_nm[1] must be above 700, not 400" },
    { "{\"materials\": [{\"id\": \"m\", \"name\": \"M\", \"source\": \"s\"}], \"pigments\": []}",
      "materials[0] has no fading" },
    { "{\"materials\": [{\"id\": \"m\", \"name\": \"M\", \"source\": \"s\", \"fading\": "
      "\"fast\"}]}",
      "materials[0].fading must be one of carbon, oxide, organic, white, not \"fast\"" },
    { "{\"materials\": [{\"id\": \"m\", \"name\": \"M\", \"source\": \"s\", \"fading\": "
      "\"oxide\"}]}",
      "materials[0] has no axes: its n and k are missing" },
    { "{\"materials\": [{\"id\": \"m\", \"name\": \"M\", \"source\": \"s\", \"fading\": \"oxide\", "
      "\"axes\": [{\"weight\": 0.5, \"wavelength_nm\": [400, 700], \"n\": [1, 1], \"k\": [0, "
      "0]}]}]}",
      "the weights of materials[0].axes must sum to 1, not 0.5" },
    { "{\"materials\": [{\"id\": \"m\", \"name\": \"M\", \"source\": \"s\", \"fading\": \"oxide\", "
      "\"axes\": [{\"wavelength_nm\": [400, 700], \"n\": [1, 1, 1], \"k\": [0, 0]}]}]}",
      "materials[0].axes[0].n must hold 2 numbers, as wavelength_nm, not 3" },
};

START_TEST(every_fault_is_one_sentence)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct smp_arena arena = { 0 };
        struct smp_catalogue catalogue = { NULL, 77 };
        struct smp_err err = { 0 };
        smp_arena_make(&arena, 0);
        const enum smp_code code = smp_catalogue_read(&catalogue, "c.json", faults[i].text,
                                                      strlen(faults[i].text), &arena, &err);
        ck_assert_msg(code == SMP_E_INPUT || code == SMP_E_FORMAT, "%zu: %s", i, faults[i].text);
        ck_msg_has(err, faults[i].sentence);
        ck_msg_has(err, "c.json");
        ck_assert_uint_eq(catalogue.count, 77);
        smp_arena_drop(&arena);
    }
}
END_TEST

START_TEST(a_measured_spectrum_is_read_as_it_stands)
{
    static const char text[] =
        "{\"pigments\": [{" HEAD LOAD ", \"spectrum\": {\"wavelength_nm\": [380, 500, 720], "
        "\"mua_per_mm\": [24, 12, 1], \"mus_reduced_per_mm\": [2, 2, 2], \"fading\": \"oxide\"}}]}";
    struct smp_arena arena = { 0 };
    struct smp_catalogue catalogue;
    struct smp_err err = { 0 };
    smp_arena_make(&arena, 0);
    ck_assert_msg(!smp_catalogue_read(&catalogue, "c.json", text, sizeof text - 1, &arena, &err),
                  "%s", err.msg);
    ck_assert_double_eq_tol(catalogue.pigments[0].mua_per_mm[0], 22, 1e-9);
    ck_assert_double_eq_tol(catalogue.pigments[0].mua_per_mm[10], 12, 1e-9);
    ck_assert_double_eq_tol(catalogue.pigments[0].mus_reduced_per_mm[30], 2, 1e-9);
    ck_assert_int_eq(catalogue.pigments[0].component[0].fading, SMP_FADING_OXIDE);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(the_fuzz_corpus_is_taken_or_refused_without_a_crash)
{
    smp_replay("catalogue", 21);
}
END_TEST

SMP_TEST_MAIN("catalogue", spectra_are_those_of_the_reference_table,
              every_pigment_has_source_grade_and_loading_and_a_known_one_its_spectrum,
              unknown_optics_are_refused_with_a_sentence_in_mixtures_too,
              a_mixture_is_its_parts_by_volume,
              one_part_in_n_parts_water_is_an_n_plus_first_of_the_bottle,
              at_an_age_each_component_keeps_what_its_kind_keeps,
              clumped_pigment_absorbs_less_and_flatter, every_fault_is_one_sentence,
              a_measured_spectrum_is_read_as_it_stands,
              the_fuzz_corpus_is_taken_or_refused_without_a_crash)
