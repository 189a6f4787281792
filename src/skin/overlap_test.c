// The overlap rule: a field of n dots each taking the area D darkens the mean by 1 − exp(−n·D).
// Held against runs with the whole lattice in the skin (match.md §1).
#include "harness.h"
#include "skin/adjoint_impl.h"
#include "skin/skin.h"

#include <math.h>

struct field {
    double per_cm2, diameter_mm, top_mm, mua_per_mm, nm;
    double measured; // darkening of a lattice by the prototype of match.md
};

// Length of a path inside all balls of a square lattice whose origin is at (x, y).
static double inside(const struct smp_path *path, const struct field *f, double x, double y)
{
    const double step = 10 / sqrt(f->per_cm2), radius = 0.5 * f->diameter_mm;
    const double depth = f->top_mm + radius;
    double sum = 0;
    for (int i = 0; i + 1 < path->count; i++) {
        const double z = (double)path->z[i], dz = (double)path->z[i + 1] - z;
        if ((z < f->top_mm && z + dz < f->top_mm) ||
            (z > depth + radius && z + dz > depth + radius))
            continue;
        const double px = (double)path->x[i] + x, dx = (double)path->x[i + 1] + x - px;
        const double py = (double)path->y[i] + y, dy = (double)path->y[i + 1] + y - py;
        const double q = dx * dx + dy * dy + dz * dz;
        const int left = (int)floor((fmin(px, px + dx) - radius) / step);
        const int right = (int)ceil((fmax(px, px + dx) + radius) / step);
        const int low = (int)floor((fmin(py, py + dy) - radius) / step);
        const int high = (int)ceil((fmax(py, py + dy) + radius) / step);
        for (int a = left; a <= right; a++)
            for (int b = low; b <= high; b++) {
                const double cx = px - a * step, cy = py - b * step, cz = z - depth;
                const double h = cx * dx + cy * dy + cz * dz;
                const double c = cx * cx + cy * cy + cz * cz - radius * radius;
                const double root = h * h - q * c;
                if (root <= 0 || q <= 0)
                    continue;
                const double from = fmax(0, (-h - sqrt(root)) / q);
                const double to = fmin(1, (-h + sqrt(root)) / q);
                sum += fmax(0, to - from) * sqrt(q);
            }
    }
    return sum;
}

static double darkening(const struct field *f, const struct smp_skin *skin, uint64_t photons)
{
    struct smp_stack stack;
    struct smp_bed bed = { .g = 0.8, .n = 1.4 };
    smp_skin_stack(&stack, skin, f->nm);
    double bottom = 0, bare = 0, dark = 0;
    for (int l = 0; l < SMP_BED_LAYERS; l++) {
        bed.mus_per_mm[l] = stack.layer[l].mus_per_mm;
        bottom += stack.layer[l].thickness_mm;
        if (l < SMP_BED_LAYERS - 1)
            bed.bottom_mm[l] = bottom;
    }
    struct smp_path *path = calloc(1, sizeof *path);
    ck_assert_ptr_nonnull(path);
    struct smp_rng rng = smp_rng_make(3, 0);
    const double step = 10 / sqrt(f->per_cm2);
    for (uint64_t k = 0; k < photons; k++) {
        const double x = step * smp_rng_unit(&rng), y = step * smp_rng_unit(&rng);
        if (!smp_path_walk(path, &bed, &rng))
            continue;
        double depth = 0;
        for (int l = 0; l < SMP_BED_LAYERS; l++)
            depth += (stack.layer[l].mua_per_mm - SMP_PATH_MUA_PER_MM) * path->length_mm[l];
        bare += exp(-depth);
        dark += exp(-depth) * (1 - exp(-f->mua_per_mm * inside(path, f, x, y)));
    }
    free(path);
    return dark / bare;
}

static void holds(const struct field *f)
{
    struct smp_skin skin = smp_skin_default();
    skin.papillary_blood = 1;
    const struct smp_deposit_shape shape = { f->top_mm, f->top_mm + f->diameter_mm,
                                             f->diameter_mm };
    const double direct = darkening(f, &skin, 90000);
    const double area = smp_look_area_mm2(&shape, &skin, f->nm, f->mua_per_mm, 0);
    const double rule = 1 - exp(-f->per_cm2 / 100 * area);
    // Counting error of the direct run: about 0.003.
    ck_assert_msg(fabs(rule - direct) < 0.016, "rule %g, direct %g", rule, direct);
    ck_assert_msg(fabs(direct - f->measured) < 0.016, "direct %g, measured %g", direct,
                  f->measured);
}

START_TEST(the_rule_holds_for_sparse_fields)
{
    holds(&(struct field){ 100, 0.3, 0.1, 10, 550, 0.155 });
    holds(&(struct field){ 150, 0.2, 0.2, 10, 550, 0.086 });
}
END_TEST

START_TEST(the_rule_holds_to_a_third)
{
    holds(&(struct field){ 150, 0.3, 0.1, 50, 550, 0.261 });
    holds(&(struct field){ 250, 0.3, 0.1, 10, 550, 0.329 });
    holds(&(struct field){ 150, 0.3, 0.1, 10, 650, 0.334 });
}
END_TEST

SMP_TEST_MAIN("overlap", the_rule_holds_for_sparse_fields, the_rule_holds_to_a_third)
