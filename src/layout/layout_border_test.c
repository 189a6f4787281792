// Edges of every kind: hard outlines with corners, strips, open borders, steep feathers. Counts
// against area by distance from the edge, mean of several seeds: no chains, no bald rims.
#include "harness.h"
#include "layout/layout.h"
#include "layout/layout_test_mesh.h"

enum { bins = 20, seeds = 10 };

static const double hex_mm = 2.5;

static struct smp_layout lay(const struct smp_surface *surface, const double *density,
                             double regularity, uint64_t seed, struct smp_arena *arena)
{
    struct smp_layout_params params = smp_layout_defaults;
    params.regularity = regularity;
    params.seed = seed;
    const struct smp_layout_input input = { .density_per_cm2 = density };
    struct smp_layout layout;
    struct smp_err err = { 0 };
    ck_assert_msg(smp_layout_make(&layout, surface, &input, &params, NULL, arena, &err) == SMP_OK,
                  "%s", err.msg);
    return layout;
}

static double largest_hole(const struct smp_layout *layout, double x0, double x1, double y0,
                           double y1)
{
    double hole = 0;
    for (double x = x0; x < x1; x += 0.7) {
        for (double y = y0; y < y1; y += 0.7) {
            double nearest = 1e9;
            for (size_t i = 0; i < layout->count; i++) {
                const struct smp_vec3 p = layout->dots[i].position_mm;
                nearest = fmin(nearest, hypot(p.x - x, p.y - y));
            }
            hole = fmax(hole, nearest);
        }
    }
    return hole / hex_mm;
}

static void print_bins(const char *name, const double *got, const double *want)
{
    printf("# %s:", name);
    for (int b = 0; b < bins; b++)
        printf(" %.2f", got[b] / want[b]);
    printf("\n");
}

START_TEST(an_open_border_gets_no_chain_and_no_bald_rim)
{
    struct smp_arena arena;
    struct smp_mesh mesh;
    struct smp_surface *surface;
    smp_arena_make(&arena, 0);
    ck_assert(make_square(&mesh, 80, 100, &arena));
    ck_assert_int_eq(smp_surface_make(&surface, &mesh, NULL, &arena, NULL), SMP_OK);
    const double per_mm2 = 2 / sqrt(3) / (hex_mm * hex_mm);
    double *density = smp_new(&arena, double, mesh.point_count);
    for (size_t i = 0; i < mesh.point_count; i++)
        density[i] = 100 * per_mm2;
    for (int r = 1; r <= 2; r++) {
        double got[bins] = { 0 }, want[bins] = { 0 };
        for (uint64_t seed = 1; seed <= seeds; seed++) {
            const struct smp_layout layout = lay(surface, density, r * 0.5, seed, &arena);
            for (size_t i = 0; i < layout.count; i++) {
                const struct smp_vec3 p = layout.dots[i].position_mm;
                const double in = fmin(fmin(p.x, 100 - p.x), fmin(p.y, 100 - p.y));
                if (in < 0.1 * bins * hex_mm)
                    got[(int)(in / (0.1 * hex_mm))]++;
            }
            if (seed == 1)
                ck_assert_double_le(largest_hole(&layout, 0, 100, 0, 100), r == 2 ? 1.2 : 1.4);
        }
        for (int b = 0; b < bins; b++)
            want[b] = seeds * per_mm2 * 4 * (100 - 2 * (b + 0.5) * 0.1 * hex_mm) * 0.1 * hex_mm;
        print_bins("open border", got, want);
        for (int b = 0; b < bins; b++)
            ck_assert_double_le(got[b] / want[b], 2.2);
    }
    smp_arena_drop(&arena);
}
END_TEST

// A rectangle turned and moved with the seed, so that its outline crosses the mesh anyhow.
static void outline(double half_x, double half_y)
{
    struct smp_arena arena;
    struct smp_mesh mesh;
    struct smp_surface *surface;
    smp_arena_make(&arena, 0);
    ck_assert(make_square(&mesh, 200, 160, &arena)); // 0.8 mm: the outline is not much blurred
    ck_assert_int_eq(smp_surface_make(&surface, &mesh, NULL, &arena, NULL), SMP_OK);
    const double per_mm2 = 2 / sqrt(3) / (hex_mm * hex_mm);
    double *density = smp_new(&arena, double, mesh.point_count);
    for (int r = 1; r <= 2; r++) {
        double got[bins] = { 0 }, want[bins] = { 0 };
        for (uint64_t seed = 1; seed <= seeds; seed++) {
            struct smp_rng rng = smp_rng_make(seed, 77);
            const double turn = 2 * SMP_PI * smp_rng_unit(&rng), c = cos(turn), s = sin(turn);
            const double x0 = 75 + 10 * smp_rng_unit(&rng), y0 = 75 + 10 * smp_rng_unit(&rng);
            for (size_t i = 0; i < mesh.point_count; i++) {
                const double x = mesh.points[i].x - x0, y = mesh.points[i].y - y0;
                density[i] = fabs(c * x + s * y) < half_x && fabs(c * y - s * x) < half_y
                                 ? 100 * per_mm2
                                 : 0;
            }
            const struct smp_layout layout = lay(surface, density, r * 0.5, seed, &arena);
            for (size_t i = 0; i < layout.count; i++) {
                const double x = layout.dots[i].position_mm.x - x0,
                             y = layout.dots[i].position_mm.y - y0;
                const double in = fmin(half_x - fabs(c * x + s * y), half_y - fabs(c * y - s * x));
                ck_assert_double_gt(in, -1.2);
                if (in >= 0 && in < 0.1 * bins * hex_mm)
                    got[(int)(in / (0.1 * hex_mm))]++;
            }
        }
        for (int b = 0; b < bins; b++) {
            const double in = (b + 0.5) * 0.1 * hex_mm;
            want[b] = seeds * per_mm2 * 4 * (half_x + half_y - 2 * in) * 0.1 * hex_mm;
        }
        print_bins("outline", got, want);
        for (int b = 0; b < bins && (b + 1) * 0.1 * hex_mm < fmin(half_x, half_y); b++) {
            ck_assert_double_le(got[b] / want[b], 1.35);
            ck_assert_double_ge(got[b] / want[b], b < 2 ? 0.55 : 0.75); // blurred by the mesh
        }
    }
    smp_arena_drop(&arena);
}

START_TEST(a_hard_outline_with_corners_gets_no_chain)
{
    outline(50, 50);
}
END_TEST

START_TEST(a_strip_narrower_than_three_spacings_is_filled_evenly)
{
    outline(50, 3);
}
END_TEST

START_TEST(a_density_that_halves_every_spacing_is_followed_to_a_sixteenth)
{
    struct smp_arena arena;
    struct smp_mesh mesh;
    struct smp_surface *surface;
    smp_arena_make(&arena, 0);
    ck_assert(make_square(&mesh, 200, 100, &arena));
    ck_assert_int_eq(smp_surface_make(&surface, &mesh, NULL, &arena, NULL), SMP_OK);
    const double per_mm2 = 2 / sqrt(3) / (hex_mm * hex_mm);
    double *density = smp_new(&arena, double, mesh.point_count);
    for (size_t i = 0; i < mesh.point_count; i++) {
        const double steps = (mesh.points[i].x - 60) / hex_mm;
        density[i] = steps > 4 ? 0 : 100 * per_mm2 * (steps < 0 ? 1 : pow(0.5, steps));
    }
    for (int r = 1; r <= 2; r++) {
        double got[4] = { 0 };
        for (uint64_t seed = 1; seed <= 3 * seeds; seed++) {
            const struct smp_layout layout = lay(surface, density, r * 0.5, seed, &arena);
            for (size_t i = 0; i < layout.count; i++) {
                const double steps = (layout.dots[i].position_mm.x - 60) / hex_mm;
                if (steps >= 0 && steps < 4)
                    got[(int)steps]++;
            }
        }
        printf("# feather:");
        for (int k = 0; k < 4; k++) {
            const double want = 3 * seeds * per_mm2 * 100 * hex_mm * pow(0.5, k) * 0.5 / log(2);
            printf(" %.2f", got[k] / want);
            ck_assert_double_eq_tol(got[k] / want, 1, 0.2);
        }
        printf("\n");
    }
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("layout_border", an_open_border_gets_no_chain_and_no_bald_rim,
              a_hard_outline_with_corners_gets_no_chain,
              a_strip_narrower_than_three_spacings_is_filled_evenly,
              a_density_that_halves_every_spacing_is_followed_to_a_sixteenth)
