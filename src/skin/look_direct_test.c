// The table of looks against direct runs by the other photon code (smp_stack_trace_deposits),
// which shares nothing with the runs the table was made from: absorbing and scattering pigment.
#include "harness.h"
#include "skin/skin.h"

#include <math.h>

// Phototypes I, III, V and VI (optics.md §1.4).
static const double phototypes[4][2] = {
    { 0.01, 0.005 }, { 0.05, 0.008 }, { 0.12, 0.008 }, { 0.25, 0.012 }
};

struct seen {
    double nm, top, height, diameter, mua, mus, r;
};

static struct smp_skin skin_of(int phototype)
{
    struct smp_skin skin = smp_skin_default();
    skin.melanin = phototypes[phototype][0];
    skin.blood = phototypes[phototype][1];
    return skin;
}

static void agrees(const struct seen *s, int phototype, double share, uint64_t photons)
{
    struct smp_arena scratch;
    smp_arena_make(&scratch, 0);
    const struct smp_skin skin = skin_of(phototype);
    struct smp_stack stack;
    smp_skin_stack(&stack, &skin, s->nm);
    const struct smp_deposit_shape shape = { s->top, s->top + s->height, s->diameter };
    const struct smp_trace_deposit deposit = { 0,           0,      shape.top_mm, shape.bottom_mm,
                                               s->diameter, s->mua, s->mus,       0.8 };
    const struct smp_trace_scene scene = { &stack, &deposit, 1, SMP_LIGHT_COLLIMATED };
    struct smp_pool *pool = smp_pool_make(2);
    const struct smp_trace trace = { photons, 11, pool };
    const struct smp_vec2 point = { s->r, 0 };
    struct smp_trace_look look;
    struct smp_err err = { 0 };
    ck_assert_msg(!smp_stack_trace_deposits(&look, &scene, &point, 1, &trace, &scratch, &err), "%s",
                  err.msg);
    const double c = smp_look_contrast(&shape, &skin, s->nm, s->mua, s->mus, s->r);
    ck_assert_msg(fabs(c - look.contrast) < share * fabs(look.contrast) + 3 * look.contrast_error,
                  "%g nm, top %g, mua %g, mus %g: %g, direct %g ± %g", s->nm, s->top, s->mua,
                  s->mus, c, look.contrast, look.contrast_error);
    smp_pool_drop(pool);
    smp_arena_drop(&scratch);
}

START_TEST(black_pigment_looks_as_in_direct_runs_on_four_phototypes)
{
    agrees(&(struct seen){ 550, 0.13, 0.27, 0.27, 6, 0, 0 }, 0, 0.05, 20000);
    agrees(&(struct seen){ 610, 0.1, 0.5, 0.2, 20, 0, 0.1 }, 1, 0.05, 20000);
    agrees(&(struct seen){ 620, 0.22, 0.4, 0.4, 12, 0, 0.15 }, 2, 0.05, 15000);
    agrees(&(struct seen){ 580, 0.16, 0.33, 0.33, 40, 0, 0.3 }, 3, 0.05, 20000);
}
END_TEST

// The coarse branch: a fifth of what scattering changes.
START_TEST(pigment_that_scatters_looks_nearly_as_in_direct_runs)
{
    agrees(&(struct seen){ 550, 0.12, 0.3, 0.3, 5, 60, 0 }, 0, 0.1, 15000);
    agrees(&(struct seen){ 600, 0.2, 0.25, 0.25, 10, 120, 0 }, 1, 0.1, 15000);
    agrees(&(struct seen){ 620, 0.12, 0.3, 0.3, 3, 30, 0.1 }, 2, 0.1, 15000);
    agrees(&(struct seen){ 550, 0.12, 0.3, 0.3, 0, 100, 0 }, 1, 0.2, 15000);
}
END_TEST

// What scattering takes from an opaque column's contrast, by itself: a ball's share of the column's
// own would be half too much.
START_TEST(a_column_that_scatters_loses_as_much_contrast_as_a_ball)
{
    static const double columns[3][4] = { { 450, 0.49, 100, 209 },
                                          { 650, 0.49, 64, 77 },
                                          { 550, 0.26, 80, 172 } }; // nm, bottom, mua, mus
    static const int phototype[3] = { 0, 1, 2 };
    struct smp_arena scratch;
    smp_arena_make(&scratch, 0);
    for (int i = 0; i < 3; i++) {
        const struct smp_skin skin = skin_of(phototype[i]);
        const struct smp_deposit_shape shape = { 0.1, columns[i][1], 0.3 };
        struct smp_stack stack;
        double direct[2], table[2];
        smp_skin_stack(&stack, &skin, columns[i][0]);
        for (int white = 0; white < 2; white++) {
            const double mus = white ? columns[i][3] : 0;
            const struct smp_trace_deposit deposit = {
                0, 0, shape.top_mm, shape.bottom_mm, 0.3, columns[i][2], mus, 0.8
            };
            const struct smp_trace_scene scene = { &stack, &deposit, 1, SMP_LIGHT_COLLIMATED };
            const struct smp_trace trace = { 8000, 11, NULL };
            const struct smp_vec2 middle = { 0, 0 };
            struct smp_trace_look look;
            ck_assert(!smp_stack_trace_deposits(&look, &scene, &middle, 1, &trace, &scratch, NULL));
            direct[white] = look.contrast;
            table[white] = smp_look_contrast(&shape, &skin, columns[i][0], columns[i][2], mus, 0);
        }
        const double lost = direct[0] - direct[1], told = table[0] - table[1];
        ck_assert_msg(told > 0.8 * lost && told < 1.4 * lost, "%g nm: %g, direct %g", columns[i][0],
                      told, lost);
    }
    smp_arena_drop(&scratch);
}
END_TEST

// One shaft of 0.07 mm as slices of 0.05 mm, each a column as wide as the shaft's oblique section.
static void shaft_agrees(int phototype, double nm, double exit_deg, double mua)
{
    enum { slices = 48, count = 5 };
    const struct smp_vec2 points[count] = {
        { 0, 0 }, { 0.1, 0 }, { 0.3, 0 }, { 0.1, 0.12 }, { -0.15, 0.1 }
    };
    const struct smp_shafts shafts = { 1, 0.07, exit_deg };
    const double sine = sin(exit_deg * SMP_PI / 180), cosine = cos(exit_deg * SMP_PI / 180);
    struct smp_arena scratch;
    smp_arena_make(&scratch, 0);
    const struct smp_skin skin = skin_of(phototype);
    struct smp_stack stack;
    smp_skin_stack(&stack, &skin, nm);
    struct smp_trace_deposit slice[slices];
    for (int i = 0; i < slices; i++) {
        const double top = 0.05 * i * sine, middle = 0.05 * (i + 0.5) * cosine;
        slice[i] = (struct smp_trace_deposit){ middle, 0, top, top + 0.05 * sine, 0.07 / sqrt(sine),
                                               mua,    0, 0 };
    }
    const struct smp_trace_scene scene = { &stack, slice, slices, SMP_LIGHT_COLLIMATED };
    const struct smp_trace trace = { 4000, 13, NULL };
    struct smp_trace_look looks[count];
    struct smp_err err = { 0 };
    ck_assert_msg(!smp_stack_trace_deposits(looks, &scene, points, count, &trace, &scratch, &err),
                  "%s", err.msg);
    for (int i = 0; i < count; i++) {
        const double c = smp_shaft_contrast(&shafts, &skin, nm, mua, points[i].x, points[i].y);
        ck_assert_msg(
            fabs(c - looks[i].contrast) < 0.07 * looks[i].contrast + 3 * looks[i].contrast_error,
            "phototype %d, %g nm, exit %g, (%g, %g): %g, direct %g ± %g", phototype, nm, exit_deg,
            points[i].x, points[i].y, c, looks[i].contrast, looks[i].contrast_error);
    }
    smp_arena_drop(&scratch);
}

START_TEST(a_shaft_in_its_follicle_looks_as_in_direct_runs_on_four_phototypes)
{
    shaft_agrees(0, 550, 90, 26);
    if (SANITIZED)
        return;
    shaft_agrees(1, 580, 60, 26);
    shaft_agrees(2, 600, 45, 100);
    shaft_agrees(3, 560, 60, 14);
}
END_TEST

SMP_TEST_MAIN("looks direct", a_shaft_in_its_follicle_looks_as_in_direct_runs_on_four_phototypes,
              black_pigment_looks_as_in_direct_runs_on_four_phototypes,
              pigment_that_scatters_looks_nearly_as_in_direct_runs,
              a_column_that_scatters_loses_as_much_contrast_as_a_ball)
