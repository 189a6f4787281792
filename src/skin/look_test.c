// The shipped table against the runs it came from, direct runs off its nodes, and the measured
// tables of optics.md §1.8 and match.md §2.
#include "harness.h"
#include "skin/looks_make_impl.h"

#include <math.h>

static struct smp_skin skin_of(double melanin, double blood, double papillary_blood)
{
    struct smp_skin skin = smp_skin_default();
    skin.melanin = melanin;
    skin.blood = blood;
    skin.papillary_blood = papillary_blood;
    return skin;
}

// Phototypes I, III, V and VI (optics.md §1.4).
static const double phototypes[4][2] = {
    { 0.01, 0.005 }, { 0.05, 0.008 }, { 0.12, 0.008 }, { 0.25, 0.012 }
};

static struct smp_deposit_shape ball(double top_mm, double diameter_mm)
{
    return (struct smp_deposit_shape){ top_mm, top_mm + diameter_mm, diameter_mm };
}

START_TEST(the_table_has_the_axes_of_the_program)
{
    struct look_header header;
    memcpy(&header, smp_looks_data, sizeof header);
    ck_assert_str_eq(header.magic, "SMPLOOK");
    ck_assert_int_eq(header.states, LOOK_STATES);
    size_t bytes = sizeof header;
    for (int part = 0; part < LOOK_PARTS; part++) {
        ck_assert_int_eq(header.rows[part], look_part_rows[part]);
        ck_assert_int_eq(header.rank[part], look_part_rank[part]);
        bytes += 2 * (size_t)look_part_rank[part] * (LOOK_STATES + look_part_rows[part]);
    }
    ck_assert_uint_eq((size_t)(smp_looks_data_end - smp_looks_data), bytes);
    ck_assert_uint_le(bytes, 4000000);
}
END_TEST

// Runs some cells again as the maker did: same seed, same photons, fewer objects and states.
START_TEST(cells_come_out_again_from_the_same_seed)
{
    SKIP_UNDER_SANITIZERS();
    enum { level = 3, bed = 2 * LOOK_EPIDERMES + 1, pigment = 4 };
    struct look_header header;
    memcpy(&header, smp_looks_data, sizeof header);
    static struct smp_family family;
    static struct smp_absorbers all, few;
    struct smp_arena arena;
    struct smp_err err = { 0 };
    struct smp_scores s;
    smp_arena_make(&arena, 0);
    looks_absorbers(&all);
    few = (struct smp_absorbers){ .beds = 1, .pigments = 1 };
    memcpy(few.mua_per_mm[0], all.mua_per_mm[bed], sizeof few.mua_per_mm[0]);
    few.pigment_per_mm[0] = all.pigment_per_mm[pigment];
    struct smp_run how = looks_run(&family, &header, level, 0, LOOK_PART_DEPOSITS);
    family.ball.tops = 5;
    const struct smp_bed scatter = look_bed(look_scatter_per_mm(level));
    ck_assert_int_eq(smp_scores_make(&s, &family, &few, &arena, &err), SMP_OK);
    ck_assert_int_eq(smp_scores_run(&s, &scatter, &how, &arena, &err), SMP_OK);
    const size_t state = ((size_t)level * LOOK_PIGMENTS + pigment) * LOOK_BEDS + bed;
    double square = 0;
    int count = 0;
    for (size_t object = 0; object < s.objects; object++) {
        const double c = smp_scores_contrast(&s, object, 0, 0);
        if (c < 0.02)
            continue;
        const double off = look_cell(LOOK_PART_DEPOSITS, object, state) / c - 1;
        ck_assert_msg(fabs(off) < 0.1, "object %zu: %g off %g", object, off, c);
        square += off * off;
        count++;
    }
    ck_assert_int_gt(count, 100);
    ck_assert_double_lt(sqrt(square / count), 0.02);
    smp_arena_drop(&arena);
}
END_TEST

// A run with the skin's own coefficients: nothing interpolated, nothing compacted.
static void direct(struct smp_scores *s, struct smp_family *family, const struct smp_skin *skin,
                   double nm, double mua_per_mm, uint64_t photons, struct smp_arena *arena)
{
    struct smp_stack stack;
    struct smp_err err = { 0 };
    struct smp_absorbers *a = smp_new(arena, struct smp_absorbers, 1);
    struct smp_bed bed = { .g = 0.8, .n = 1.4 };
    smp_skin_stack(&stack, skin, nm);
    ck_assert_int_eq(stack.count, SMP_BED_LAYERS);
    a->beds = a->pigments = 1;
    a->pigment_per_mm[0] = mua_per_mm;
    double bottom = 0;
    for (int l = 0; l < SMP_BED_LAYERS; l++) {
        bed.mus_per_mm[l] = stack.layer[l].mus_per_mm * (1 - stack.layer[l].g) / (1 - bed.g);
        a->mua_per_mm[0][l] = stack.layer[l].mua_per_mm;
        bottom += stack.layer[l].thickness_mm;
        if (l < SMP_BED_LAYERS - 1)
            bed.bottom_mm[l] = bottom;
    }
    const struct smp_run how = { photons, 77, NULL };
    ck_assert_int_eq(smp_scores_make(s, family, a, arena, &err), SMP_OK);
    ck_assert_int_eq(smp_scores_run(s, &bed, &how, arena, &err), SMP_OK);
}

START_TEST(off_its_nodes_the_table_agrees_with_direct_runs)
{
    const struct {
        double nm, top, height, diameter, mua;
    } cases[4] = { { 550, 0.14, 0, 0.22, 8 },
                   { 620, 0.28, 0, 0.35, 25 },
                   { 650, 0.1, 0.45, 0.18, 5 },
                   { 600, 0.2, 0.25, 0.12, 60 } };
    for (size_t k = 0; k < 4; k++) {
        struct smp_arena arena;
        struct smp_scores s;
        static struct smp_family family;
        smp_arena_make(&arena, 0);
        family = (struct smp_family){ .ball = { .height_mm = cases[k].height,
                                                .tops = 1,
                                                .diameters = 1,
                                                .offsets = 4,
                                                .top_mm = { cases[k].top },
                                                .diameter_mm = { cases[k].diameter },
                                                .offset_mm = { { 0, 0.07, 0.2, 0.5 } } } };
        const struct smp_skin skin = skin_of(phototypes[k][0], phototypes[k][1], 1.5);
        const double height = cases[k].height > 0 ? cases[k].height : cases[k].diameter;
        const struct smp_deposit_shape shape = { cases[k].top, cases[k].top + height,
                                                 cases[k].diameter };
        direct(&s, &family, &skin, cases[k].nm, cases[k].mua, 40000, &arena);
        for (size_t i = 0; i < 4; i++) {
            const double c = smp_scores_contrast(&s, i, 0, 0), error = smp_scores_error(&s, i);
            const double r = family.ball.offset_mm[0][i];
            const double table = smp_look_contrast(&shape, &skin, cases[k].nm, cases[k].mua, 0, r);
            if (c > 0.02)
                ck_assert_msg(fabs(table - c) < 0.05 * c + 3 * error,
                              "case %zu, r %g: %g against %g ± %g", k, r, table, c, error);
        }
        smp_arena_drop(&arena);
    }
}
END_TEST

// optics.md §1.8: three wavelengths, ball of 0.3 mm, without the papillary layer's blood, light
// below 3 mm lost.
START_TEST(a_ball_looks_as_measured)
{
    const double measured[3][6][4] = {
        { { 9.1, 20.8, 35.9, 43.8 },
          { 3.6, 8.2, 14.3, 17.6 },
          { 1.6, 3.6, 6.2, 7.7 },
          { 0.4, 0.9, 1.6, 1.9 },
          { 0.07, 0.16, 0.28, 0.35 },
          { 0.01, 0.03, 0.04, 0.06 } },
        { { 12.2, 28, 47.9, 56.5 },
          { 5.7, 13.2, 23.1, 27.8 },
          { 2.9, 6.8, 11.9, 14.4 },
          { 0.9, 2.1, 3.7, 4.5 },
          { 0.23, 0.54, 0.96, 1.2 },
          { 0.06, 0.13, 0.23, 0.29 } },
        { { 15.1, 34.8, 58.9, 67.7 },
          { 8.6, 19.9, 34.4, 40.5 },
          { 4.9, 11.5, 20, 23.8 },
          { 1.9, 4.4, 7.7, 9.3 },
          { 0.7, 1.6, 2.9, 3.4 },
          { 0.26, 0.61, 1.1, 1.3 } },
    };
    const double tops[] = { 0.1, 0.2, 0.3, 0.5, 0.8, 1.2 }, mua[] = { 1, 3, 10, 50 };
    const struct smp_skin skin = skin_of(0.02, 0.005, 1);
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    const struct smp_look_skin *made = smp_look_skin_make(&skin, &arena);
    ck_assert_ptr_nonnull(made);
    for (int t = 0; t < 6; t++)
        for (int m = 0; m < 4; m++) {
            const struct smp_deposit_shape shape = ball(tops[t], 0.3);
            double grey[SMP_WAVELENGTHS];
            struct smp_look look;
            for (int w = 0; w < SMP_WAVELENGTHS; w++)
                grey[w] = mua[m];
            smp_look_compile(&look, made, &shape, grey, NULL);
            smp_look_lose_depth(&look, made, tops[t]);
            for (int w = 0; w < 3; w++) {
                const double want = measured[w][t][m], c = 100 * look.contrast[5 + 10 * w][0];
                // And half a unit of the last digit given; of 0.02 % neither count can tell.
                const double digit = want < 1 ? 0.005 : 0.05;
                ck_assert_msg(fabs(c - want) <= fmax(0.1 * want + digit, 0.02),
                              "%d nm, top %g, mua %g: %g against %g", 450 + 100 * w, tops[t],
                              mua[m], c, want);
            }
        }
    smp_arena_drop(&arena);
    const double diameters[] = { 0.1, 0.2, 0.3, 0.5 }, by_size[] = { 3.9, 9.6, 14.4, 21 };
    for (int d = 0; d < 4; d++) {
        const struct smp_deposit_shape shape = ball(0.3, diameters[d]);
        ck_assert_double_eq_tol(100 * smp_look_contrast(&shape, &skin, 550, 50, 0, 0), by_size[d],
                                0.1 * by_size[d]);
    }
    const struct smp_skin dark = skin_of(0.2, 0.005, 1);
    const double on_dark[] = { 4.1, 13.1, 23.6 };
    for (int w = 0; w < 3; w++) {
        const struct smp_deposit_shape shape = ball(0.3, 0.3);
        ck_assert_double_eq_tol(100 * smp_look_contrast(&shape, &dark, 450 + 100 * w, 50, 0, 0),
                                on_dark[w], 0.1 * on_dark[w] + 0.1);
    }
}
END_TEST

START_TEST(areas_are_those_of_the_prototype)
{
    // match.md §2, 550 nm: diameter, top; mua 1, 3, 10, 50 on light, mid and dark skin
    const double shapes[8][2] = { { 0.15, 0.1 }, { 0.2, 0.1 }, { 0.3, 0.1 }, { 0.4, 0.1 },
                                  { 0.2, 0.2 },  { 0.3, 0.2 }, { 0.4, 0.2 }, { 0.3, 0.3 } };
    const double areas[8][4][3] = {
        { { .006, .005, .003 }, { .016, .013, .009 }, { .038, .030, .020 }, { .059, .047, .031 } },
        { { .014, .011, .007 }, { .034, .027, .018 }, { .072, .057, .038 }, { .098, .079, .052 } },
        { { .039, .031, .020 }, { .091, .072, .047 }, { .160, .127, .084 }, { .194, .154, .103 } },
        { { .079, .061, .039 }, { .168, .131, .086 }, { .263, .207, .136 }, { .300, .237, .157 } },
        { { .011, .008, .005 }, { .028, .021, .014 }, { .058, .045, .029 }, { .080, .062, .040 } },
        { { .031, .023, .015 }, { .073, .055, .035 }, { .128, .097, .062 }, { .155, .118, .076 } },
        { { .062, .046, .028 }, { .133, .099, .062 }, { .209, .156, .098 }, { .238, .179, .114 } },
        { { .024, .017, .010 }, { .057, .041, .024 }, { .101, .072, .044 }, { .122, .088, .053 } },
    };
    const double mua[] = { 1, 3, 10, 50 };
    const struct smp_skin skins[3] = { skin_of(0.02, 0.005, 1), skin_of(0.05, 0.008, 1),
                                       skin_of(0.2, 0.012, 1) };
    for (int i = 0; i < 8; i++)
        for (int m = 0; m < 4; m++)
            for (int s = 0; s < 3; s++) {
                const struct smp_deposit_shape shape = ball(shapes[i][1], shapes[i][0]);
                const double d = smp_look_area_mm2(&shape, &skins[s], 550, mua[m], 0);
                ck_assert_msg(fabs(d - areas[i][m][s]) < 0.1 * areas[i][m][s] + 0.0006,
                              "d %g, top %g, mua %g, skin %d: %g against %g", shapes[i][0],
                              shapes[i][1], mua[m], s, d, areas[i][m][s]);
            }
    // Columns 0.3 mm high, and one shaft (0.07 mm; prototype's shafts: mua per fibre).
    const double column[2][4] = { { .016, .039, .083, .118 }, { .027, .065, .125, .164 } };
    for (int i = 0; i < 2; i++)
        for (int m = 0; m < 4; m++) {
            const struct smp_deposit_shape shape = { 0.1, 0.4, i ? 0.2 : 0.15 };
            ck_assert_double_eq_tol(smp_look_area_mm2(&shape, &skins[0], 550, mua[m], 0),
                                    column[i][m], 0.1 * column[i][m]);
        }
    const double shaft[2][3] = { { .220, .174, .136 }, { .130, .104, .081 } };
    const double hair[3] = { 159, 26, 14.5 };
    for (int e = 0; e < 2; e++)
        for (int h = 0; h < 3; h++) {
            const struct smp_shafts one = { 1, 0.07, e ? 60 : 30 };
            ck_assert_double_eq_tol(smp_shaft_area_mm2(&one, &skins[0], 550, hair[h]), shaft[e][h],
                                    0.1 * shaft[e][h]);
        }
    const double share[3] = { 0.88, 0.80, 0.72 };
    const struct smp_shafts one = { 1, 0.07, 90 };
    for (int k = 2; k <= 4; k++) {
        const struct smp_shafts many = { k, 0.07, 90 };
        const double together = smp_shaft_area_mm2(&many, &skins[0], 550, 26) /
                                (k * smp_shaft_area_mm2(&one, &skins[0], 550, 26));
        ck_assert_double_eq_tol(together, share[k - 2], 0.1 * share[k - 2]);
    }
}
END_TEST

START_TEST(more_pigment_more_size_and_less_depth_are_darker_on_every_skin)
{
    const double mua[] = { 0, 0.05, 0.2, 0.5, 1, 2, 4, 7, 12, 20, 40, 80, 160 };
    const double size[] = { 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5 };
    const double top[] = { 0.09, 0.12, 0.16, 0.22, 0.3, 0.4, 0.55, 0.75 };
    for (int k = 0; k < 4; k++)
        for (int nm = 450; nm <= 650; nm += 100) {
            const struct smp_skin skin = skin_of(phototypes[k][0], phototypes[k][1], 2);
            double last = -1;
            for (size_t i = 0; i < sizeof mua / sizeof mua[0]; i++) {
                const struct smp_deposit_shape shape = ball(0.15, 0.25);
                const double c = smp_look_contrast(&shape, &skin, nm, mua[i], 0, 0);
                ck_assert_msg(c > last, "mua %g at %d nm: %g after %g", mua[i], nm, c, last);
                last = c;
            }
            last = -1;
            for (size_t i = 0; i < sizeof size / sizeof size[0]; i++) {
                const struct smp_deposit_shape shape = ball(0.15, size[i]);
                const double d = smp_look_area_mm2(&shape, &skin, nm, 10, 0);
                ck_assert_double_gt(d, last);
                last = d;
            }
            last = 1;
            for (size_t i = 0; i < sizeof top / sizeof top[0]; i++) {
                const struct smp_deposit_shape shape = ball(top[i], 0.25);
                const double c = smp_look_contrast(&shape, &skin, nm, 10, 0, 0);
                ck_assert_double_lt(c, last);
                last = c;
            }
        }
}
END_TEST

START_TEST(deeper_dots_lose_blue_contrast_first)
{
    for (int k = 0; k < 4; k++) {
        const struct smp_skin skin = skin_of(phototypes[k][0], phototypes[k][1], 2);
        double last = 0;
        for (int t = 1; t <= 5; t++) {
            const struct smp_deposit_shape shape = ball(0.1 * t, 0.3);
            const double red = smp_look_contrast(&shape, &skin, 650, 30, 0, 0);
            const double blue = smp_look_contrast(&shape, &skin, 450, 30, 0, 0);
            ck_assert_double_gt(red / blue, last);
            last = red / blue;
        }
    }
}
END_TEST

START_TEST(a_compiled_look_is_the_look)
{
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    double mua[SMP_WAVELENGTHS];
    struct smp_takes dot, shafts;
    for (int w = 0; w < SMP_WAVELENGTHS; w++)
        mua[w] = 12 * 550 / smp_wavelength_nm(w);
    for (int k = 0; k < 4; k++) {
        const struct smp_skin skin = skin_of(phototypes[k][0], phototypes[k][1], 2);
        const struct smp_look_skin *made = smp_look_skin_make(&skin, &arena);
        const struct smp_deposit_shape shape = { 0.13, 0.5, 0.24 };
        const struct smp_shafts follicle = { 2, 0.06, 50 };
        struct smp_look look;
        struct smp_shaft_look shaft;
        ck_assert_ptr_nonnull(made);
        smp_look_compile(&look, made, &shape, mua, NULL);
        smp_look_takes(&dot, made, &shape, mua, NULL);
        smp_shaft_takes(&shafts, made, &follicle, mua);
        smp_shaft_compile(&shaft, made, &follicle, mua);
        for (int w = 0; w < SMP_WAVELENGTHS; w += 6) {
            const double nm = smp_wavelength_nm(w);
            for (double r = 0; r < 2.3; r += 0.33)
                ck_assert_double_eq_tol(smp_look_at(&look, w, r),
                                        smp_look_contrast(&shape, &skin, nm, mua[w], 0, r), 1e-12);
            for (double x = -1; x < 1.5; x += 0.31)
                ck_assert_double_eq_tol(
                    smp_shaft_at(&shaft, w, x, 0.3 * x),
                    smp_shaft_contrast(&follicle, &skin, nm, mua[w], x, 0.3 * x), 1e-12);
            const double area = smp_look_area_mm2(&shape, &skin, nm, mua[w], 0);
            ck_assert_double_eq_tol(look.area_mm2[w], area, 1e-12);
            ck_assert_double_eq_tol(dot.area_mm2[w], area, 1e-12);
            ck_assert_double_eq_tol(dot.centre[w], look.contrast[w][0], 1e-12);
            ck_assert_double_eq_tol(shafts.area_mm2[w],
                                    smp_shaft_area_mm2(&follicle, &skin, nm, mua[w]), 1e-12);
            ck_assert_double_eq_tol(shafts.centre[w], smp_shaft_at(&shaft, w, 0.06, 0), 1e-12);
        }
    }
    smp_arena_drop(&arena);
}
END_TEST

// D and profile come from runs of their own. D is the whole plane's: what lies beyond the rings is
// not more than light would carry that goes down in the fat (0.14 per mm there).
START_TEST(areas_are_the_integrals_of_their_profiles)
{
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    int count = 0, near = 0, off = 0;
    double square = 0, worst = 0;
    for (int k = 0; k < 4; k++) {
        const struct smp_skin skin = skin_of(phototypes[k][0], phototypes[k][1], 2);
        const struct smp_look_skin *made = smp_look_skin_make(&skin, &arena);
        ck_assert_ptr_nonnull(made);
        for (int i = 0; i < 6 * 6 * 3 * 3; i++) {
            const double top = 0.09 * pow(1.47, i % 6), d = 0.08 * pow(1.45, i / 6 % 6);
            const double heights[] = { d, 0.15, 0.6 };
            const struct smp_deposit_shape shape = { top, top + heights[i / 36 % 3], d };
            struct smp_look look;
            double mua[SMP_WAVELENGTHS];
            for (int w = 0; w < SMP_WAVELENGTHS; w++)
                mua[w] = 1.7 * pow(6, i / 108);
            smp_look_compile(&look, made, &shape, mua, NULL);
            for (int w = 0; w < SMP_WAVELENGTHS; w += 3) {
                const double *c = look.contrast[w], area = look.area_mm2[w];
                const double disc = look_ring_integral(look.r_mm, c, LOOK_OFFSETS);
                const double beyond = 2 * SMP_PI * look.r_mm[17] * c[17] / 0.14;
                if (c[0] < 0.02)
                    continue;
                count++;
                ck_assert_msg(area > 0.9 * disc && area < 1.1 * disc + beyond,
                              "phototype %d, %g nm, top %g, d %g: D %g, rings %g and at most %g", k,
                              smp_wavelength_nm(w), top, d, area, disc, beyond);
                if (beyond > 0.03 * area)
                    continue;
                near++;
                off += fabs(area / disc - 1) > 0.05;
                worst = fmax(worst, fabs(area / disc - 1));
                square += (area / disc - 1) * (area / disc - 1);
            }
        }
    }
    smp_arena_drop(&arena);
    ck_assert_int_gt(count, 8000);
    ck_assert_int_gt(near, 2000);
    printf("# D and rings: %d of %d off by more than 5 %%, rms %.4f, worst %.4f\n", off, near,
           sqrt(square / near), worst);
    ck_assert_msg(worst < 0.055 && 1000 * off < near && sqrt(square / near) < 0.015,
                  "%d of %d are off by more than 5 %%, rms %g", off, near, sqrt(square / near));
}
END_TEST

START_TEST(a_splat_fades_out_and_keeps_the_area)
{
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    double mua[SMP_WAVELENGTHS], reflectance[SMP_WAVELENGTHS];
    for (int w = 0; w < SMP_WAVELENGTHS; w++) {
        mua[w] = 10;
        reflectance[w] = 0.2 + 0.01 * w;
    }
    const struct smp_skin skin = skin_of(0.05, 0.008, 2);
    const struct smp_look_skin *made = smp_look_skin_make(&skin, &arena);
    const struct smp_deposit_shape shape = ball(0.12, 0.3);
    struct smp_look look;
    struct smp_splat splat;
    smp_look_compile(&look, made, &shape, mua, NULL);
    smp_splat_make(&splat, &look, reflectance);
    for (int k = 0; k < 3; k++) {
        double area = 0;
        ck_assert_double_lt((double)splat.keep[0][k], 0.8);
        ck_assert(splat.keep[SMP_SPLAT_STEPS - 1][k] == 1);
        for (int i = 0; i + 1 < SMP_SPLAT_STEPS; i++) {
            ck_assert(splat.keep[i][k] <= splat.keep[i + 1][k] + 1e-4F);
            area += 2 * SMP_PI * (i + 0.25) * splat.step_mm * splat.step_mm *
                    (double)(1 - 0.75F * splat.keep[i][k] - 0.25F * splat.keep[i + 1][k]);
        }
        ck_assert_double_eq_tol(splat.area_mm2[k], area, 0.1 * splat.area_mm2[k]);
    }
    // Red light reaches deeper than blue: the dot is bluer than the skin.
    ck_assert(splat.keep[0][0] < splat.keep[0][2]);
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("look", the_table_has_the_axes_of_the_program,
              cells_come_out_again_from_the_same_seed,
              off_its_nodes_the_table_agrees_with_direct_runs, a_ball_looks_as_measured,
              areas_are_those_of_the_prototype,
              more_pigment_more_size_and_less_depth_are_darker_on_every_skin,
              deeper_dots_lose_blue_contrast_first, a_compiled_look_is_the_look,
              areas_are_the_integrals_of_their_profiles, a_splat_fades_out_and_keeps_the_area)
