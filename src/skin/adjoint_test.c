// Adjoint runs against the measured tables of a single ball, adding–doubling's flux, and each
// other.
#include "harness.h"
#include "skin/adjoint_impl.h"

#include <math.h>

struct fixture {
    struct smp_arena arena;
    struct smp_family family;
    struct smp_absorbers absorbers;
    struct smp_scores scores;
};

// The skin of optics.md §2.2: epidermis 0.08 mm, dermis, below 3 mm what `below` says.
struct optics {
    double mus[3], mua[3];
};
static const struct optics at_450 = { { 40.2022, 27.2695, 9.875 }, { 1.54335, 0.242809, 0.0045 } };
static const struct optics at_550 = { { 28.7793, 18.296, 8.6292 }, { 0.82488, 0.139427, 0.0045 } };
static const struct optics at_650 = { { 23.149, 14.2281, 7.7129 }, { 0.50103, 0.0139712, 0.0045 } };

static struct smp_bed bed_of(const struct optics *o, bool fat)
{
    return (
        struct smp_bed){ .bottom_mm = { 0.08, 0.23, fat ? 2.58 : 3.0 },
                         .mus_per_mm = { o->mus[0], o->mus[1], o->mus[1], fat ? o->mus[2] : 1e-6 },
                         .g = 0.8,
                         .n = 1.4 };
}

static void set_mua(struct smp_absorbers *a, int bed, const struct optics *o, bool fat)
{
    const double mua[SMP_BED_LAYERS] = { o->mua[0], o->mua[1], o->mua[1], fat ? o->mua[2] : 100 };
    memcpy(a->mua_per_mm[bed], mua, sizeof mua);
}

static struct fixture *fixture_of(const struct optics *o, bool fat, const double *pigments,
                                  int count)
{
    struct fixture *f = calloc(1, sizeof *f);
    ck_assert_ptr_nonnull(f);
    smp_arena_make(&f->arena, 0);
    f->absorbers.beds = 1;
    set_mua(&f->absorbers, 0, o, fat);
    f->absorbers.pigments = count;
    memcpy(f->absorbers.pigment_per_mm, pigments, (size_t)count * sizeof *pigments);
    return f;
}

static void run(struct fixture *f, const struct smp_bed *bed, uint64_t photons, unsigned threads)
{
    struct smp_err err = { 0 };
    struct smp_pool *pool = smp_pool_make(threads);
    const struct smp_run how = { photons, 20261124, pool };
    ck_assert_int_eq(smp_scores_make(&f->scores, &f->family, &f->absorbers, &f->arena, &err),
                     SMP_OK);
    ck_assert_int_eq(smp_scores_run(&f->scores, bed, &how, &f->arena, &err), SMP_OK);
    smp_pool_drop(pool);
}

static void drop(struct fixture *f)
{
    smp_arena_drop(&f->arena);
    free(f);
}

static const double tops_mm[6] = { 0.1, 0.2, 0.3, 0.5, 0.8, 1.2 };

static void balls(struct fixture *f, double diameter_mm)
{
    f->family.ball.tops = 6;
    memcpy(f->family.ball.top_mm, tops_mm, sizeof tops_mm);
    f->family.ball.diameters = f->family.ball.offsets = 1;
    f->family.ball.diameter_mm[0] = diameter_mm;
}

// optics.md §1.8, percent at the centre: [top][mua 1, 3, 10, 50].
static void holds_against(const struct optics *o, const double measured[6][4])
{
    const double pigments[] = { 1, 3, 10, 50 };
    struct fixture *f = fixture_of(o, false, pigments, 4);
    const struct smp_bed bed = bed_of(o, false);
    balls(f, 0.3);
    run(f, &bed, 50000, 0);
    for (size_t t = 0; t < 6; t++)
        for (int p = 0; p < 4; p++) {
            const double c = 100 * smp_scores_contrast(&f->scores, t, 0, p);
            const double tolerance = measured[t][p] < 0.5 ? 0.3 : 0.1 * measured[t][p];
            const double counting = 300 * smp_scores_error(&f->scores, t);
            ck_assert_msg(fabs(c - measured[t][p]) <= fmax(tolerance, fmin(counting, 0.3)),
                          "top %g, pigment %g: %g against %g", tops_mm[t], pigments[p], c,
                          measured[t][p]);
        }
    drop(f);
}

START_TEST(a_ball_at_450_nm_is_as_measured)
{
    const double measured[6][4] = { { 9.1, 20.8, 35.9, 43.8 },  { 3.6, 8.2, 14.3, 17.6 },
                                    { 1.6, 3.6, 6.2, 7.7 },     { 0.4, 0.9, 1.6, 1.9 },
                                    { 0.07, 0.16, 0.28, 0.35 }, { 0.01, 0.03, 0.04, 0.06 } };
    holds_against(&at_450, measured);
}
END_TEST

START_TEST(a_ball_at_550_nm_is_as_measured)
{
    const double measured[6][4] = { { 12.2, 28, 47.9, 56.5 },  { 5.7, 13.2, 23.1, 27.8 },
                                    { 2.9, 6.8, 11.9, 14.4 },  { 0.9, 2.1, 3.7, 4.5 },
                                    { 0.23, 0.54, 0.96, 1.2 }, { 0.06, 0.13, 0.23, 0.29 } };
    holds_against(&at_550, measured);
}
END_TEST

START_TEST(a_ball_at_650_nm_is_as_measured)
{
    const double measured[6][4] = { { 15.1, 34.8, 58.9, 67.7 }, { 8.6, 19.9, 34.4, 40.5 },
                                    { 4.9, 11.5, 20, 23.8 },    { 1.9, 4.4, 7.7, 9.3 },
                                    { 0.7, 1.6, 2.9, 3.4 },     { 0.26, 0.61, 1.1, 1.3 } };
    holds_against(&at_650, measured);
}
END_TEST

START_TEST(bare_skin_sends_back_what_adding_doubling_says)
{
    const double none[] = { 0 };
    const struct {
        const struct optics *optics;
        double reflectance; // optics.md §2.2
    } cases[] = { { &at_450, 0.25115 }, { &at_550, 0.31987 }, { &at_650, 0.55276 } };
    for (size_t i = 0; i < 3; i++) {
        struct fixture *f = fixture_of(cases[i].optics, true, none, 1);
        const struct smp_bed bed = bed_of(cases[i].optics, true);
        balls(f, 0.3);
        f->family.ball.tops = 1;
        run(f, &bed, 32768, 0);
        // The photon starts inside: what entered is 1 − ((n − 1)/(n + 1))².
        const double r = f->scores.bare[0] / 32768 * (1 - 1 / 36.0);
        ck_assert_double_eq_tol(r, cases[i].reflectance, 0.007);  // 3 standard errors
        ck_assert(smp_scores_contrast(&f->scores, 0, 0, 0) == 0); // no pigment: nothing is seen
        drop(f);
    }
}
END_TEST

START_TEST(threads_change_no_byte)
{
    const double pigments[] = { 1, 30 };
    struct fixture *one = fixture_of(&at_550, true, pigments, 2);
    struct fixture *four = fixture_of(&at_550, true, pigments, 2);
    const struct smp_bed bed = bed_of(&at_550, true);
    balls(one, 0.3);
    balls(four, 0.3);
    run(one, &bed, 30000, 1);
    run(four, &bed, 30000, 4);
    ck_assert_mem_eq(one->scores.taken, four->scores.taken, 6 * 2 * sizeof(double));
    ck_assert_mem_eq(one->scores.bare, four->scores.bare, sizeof(double));
    drop(one);
    drop(four);
}
END_TEST

START_TEST(contrast_grows_with_absorption_and_size_and_falls_with_depth)
{
    const double pigments[] = { 0.3, 1, 3, 10, 30, 100 };
    struct fixture *f = fixture_of(&at_550, true, pigments, 6);
    const struct smp_bed bed = bed_of(&at_550, true);
    balls(f, 0.15);
    f->family.ball.diameters = 3;
    f->family.ball.diameter_mm[1] = 0.3;
    f->family.ball.diameter_mm[2] = 0.45;
    run(f, &bed, 25000, 0);
    for (size_t t = 0; t < 6; t++)
        for (size_t d = 0; d < 3; d++)
            for (int p = 0; p < 6; p++) {
                const size_t at = t * 3 + d;
                const double c = smp_scores_contrast(&f->scores, at, 0, p);
                if (p > 0)
                    ck_assert_double_gt(c, smp_scores_contrast(&f->scores, at, 0, p - 1));
                if (d > 0) // the same paths: a larger ball at the same top holds the smaller one
                    ck_assert_double_gt(c, smp_scores_contrast(&f->scores, at - 1, 0, p));
                if (t > 0 && t < 4)
                    ck_assert_double_lt(c, smp_scores_contrast(&f->scores, at - 3, 0, p));
            }
    drop(f);
}
END_TEST

SMP_TEST_MAIN("adjoint", a_ball_at_450_nm_is_as_measured, a_ball_at_550_nm_is_as_measured,
              a_ball_at_650_nm_is_as_measured, bare_skin_sends_back_what_adding_doubling_says,
              threads_change_no_byte, contrast_grows_with_absorption_and_size_and_falls_with_depth)
