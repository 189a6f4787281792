// Adding–doubling against published values, exact limits and conservation.
#include "skin/skin_impl.h"

#include "harness.h"

#include <math.h>

static struct smp_flux reflect(const struct smp_stack *stack, enum smp_light light, int streams)
{
    struct smp_flux flux;
    struct smp_err err = { 0 };
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    const enum smp_code code = smp_stack_reflect(&flux, stack, light, streams, &arena, &err);
    ck_assert_uint_eq(smp_arena_mark(&arena).used_bytes, 0); // scratch is given back
    smp_arena_drop(&arena);
    ck_assert_msg(code == SMP_OK, "%s", err.msg);
    return flux;
}

static double sum(const struct smp_flux *flux)
{
    double all = flux->specular + flux->diffuse_reflectance + flux->transmittance;
    for (int k = 0; k < SMP_LAYERS_MAX; k++)
        all += flux->absorbed[k];
    return all;
}

static const struct smp_stack slab = { 1, 1, { { 1, 1, 9, 0.75, 0.2 } } };
static const struct smp_stack half_space = { 1, 1, { { 1.5, 1, 9, 0, (double)INFINITY } } };
static const struct smp_stack three = {
    1, 3, { { 1.37, 0.1, 10, 0.9, 1 }, { 1.37, 0.1, 1, 0, 1 }, { 1.37, 0.2, 1, 0.7, 2 } }
};

// Reference skin of docs/optics.md: absorption and scattering per cm at 450, 550, 650 nm.
static struct smp_stack reference_skin(int k)
{
    static const double per_cm[3][6] = { { 15.4335, 402.022, 2.42809, 272.695, 0.045, 98.750 },
                                         { 8.2488, 287.793, 1.39427, 182.960, 0.045, 86.292 },
                                         { 5.0103, 231.490, 0.13971, 142.281, 0.045, 77.129 } };
    static const double thickness_mm[3] = { 0.08, 2.5, 20 };
    struct smp_stack stack = { .n_outside = 1, .count = 3 };
    for (int i = 0; i < 3; i++)
        stack.layer[i] = (struct smp_layer){ 1.4, per_cm[k][2 * i] / 10, per_cm[k][2 * i + 1] / 10,
                                             0.8, thickness_mm[i] };
    return stack;
}

START_TEST(the_slab_of_1995_reflects_as_van_de_hulst_says)
{
    for (int streams = 12; streams <= 48; streams += 12) {
        const struct smp_flux f = reflect(&slab, SMP_LIGHT_COLLIMATED, streams);
        ck_assert_double_eq_tol(f.diffuse_reflectance, 0.09739, 1e-4);
        ck_assert_double_eq_tol(f.transmittance, 0.66096, 1e-4);
        ck_assert_double_eq_tol(f.unscattered, exp(-2), 1e-12);
        ck_assert_double_eq(f.specular, 0);
    }
    const struct smp_flux d = reflect(&slab, SMP_LIGHT_DIFFUSE, 32);
    ck_assert_double_eq_tol(d.diffuse_reflectance, 0.19109, 1e-5);
    ck_assert_double_eq_tol(d.transmittance, 0.50182, 1e-5);
}
END_TEST

START_TEST(a_half_space_reflects_as_giovanelli_says)
{
    const struct smp_flux f = reflect(&half_space, SMP_LIGHT_COLLIMATED, 16);
    ck_assert_double_eq_tol(f.specular, 0.04, 1e-12);
    ck_assert_double_eq_tol(f.specular + f.diffuse_reflectance, 0.2600, 2e-4);
    ck_assert_double_eq_tol(f.absorbed[0], 1 - 0.2600, 2e-4);
    ck_assert_double_eq(f.transmittance, 0);
    const struct smp_flux d = reflect(&half_space, SMP_LIGHT_DIFFUSE, 32);
    ck_assert_double_eq_tol(d.specular + d.diffuse_reflectance, 0.3078, 2e-4);
}
END_TEST

START_TEST(three_layers_reflect_as_the_manual_says)
{
    const struct smp_flux f = reflect(&three, SMP_LIGHT_COLLIMATED, 24);
    ck_assert_double_eq_tol(f.diffuse_reflectance, 0.2379, 3e-4);
    ck_assert_double_eq_tol(f.transmittance, 0.0960, 3e-4);
    const struct smp_flux d = reflect(&three, SMP_LIGHT_DIFFUSE, 24);
    ck_assert_double_eq_tol(d.specular + d.diffuse_reflectance, 0.3159, 1e-4);
    ck_assert_double_eq_tol(d.transmittance, 0.0841, 1e-4);
}
END_TEST

START_TEST(reference_skin_reflects_as_adding_doubling_of_others_says)
{
    static const double want[3] = { 0.25115, 0.31987, 0.55276 };
    for (int k = 0; k < 3; k++) {
        const struct smp_stack skin = reference_skin(k);
        for (int streams = 8; streams <= 32; streams *= 2) {
            const struct smp_flux f = reflect(&skin, SMP_LIGHT_COLLIMATED, streams);
            ck_assert_double_eq_tol(f.diffuse_reflectance, want[k], streams == 8 ? 3e-4 : 5e-5);
            ck_assert_double_eq_tol(f.specular, 0.02778, 1e-5);
        }
    }
    const struct smp_stack skin = reference_skin(1);
    const struct smp_flux d = reflect(&skin, SMP_LIGHT_DIFFUSE, 32);
    ck_assert_double_eq_tol(d.specular + d.diffuse_reflectance, 0.3894, 1e-4);
}
END_TEST

// Semi-infinite, n 1.4. Rows 1 to 3: adding–doubling of others, g 0.8. Rows 4 and 5: a plain
// photon run of 1e6 made for this test, ± 0.00035, g 0.
START_TEST(half_spaces_like_tissue_reflect_as_the_references_say)
{
    static const double rows[5][5] = {
        { 0.1, 1, 0.8, 0.25297, 5e-5 },      { 0.1394, 3.66, 0.8, 0.40305, 5e-5 },
        { 0.243, 5.45, 0.8, 0.37793, 5e-5 }, { 0.0139, 2.85, 0, 0.69279, 1.2e-3 },
        { 0.01, 1, 0, 0.60491, 1.2e-3 },
    };
    for (int k = 0; k < 5; k++) {
        const struct smp_stack stack = { 1,
                                         1,
                                         { { 1.4, rows[k][0], rows[k][1] / (1 - rows[k][2]),
                                             rows[k][2], (double)INFINITY } } };
        const struct smp_flux f = reflect(&stack, SMP_LIGHT_COLLIMATED, 24);
        ck_assert_double_eq_tol(f.diffuse_reflectance, rows[k][3], rows[k][4]);
    }
}
END_TEST

static struct smp_stack random_stack(struct smp_rng *rng, bool absorbing)
{
    struct smp_stack stack = { .n_outside = 1 + 0.6 * smp_rng_unit(rng) };
    stack.count = 1 + (int)(smp_rng_unit(rng) * 5);
    for (int k = 0; k < stack.count; k++) {
        const double thickness = pow(10, 4 * smp_rng_unit(rng) - 3);
        stack.layer[k] = (struct smp_layer){
            .n = smp_rng_unit(rng) < 0.4 ? stack.n_outside : 1 + smp_rng_unit(rng),
            .mua_per_mm = absorbing ? pow(10, 5 * smp_rng_unit(rng) - 3) : 0,
            .mus_per_mm = smp_rng_unit(rng) < 0.2 ? 0 : pow(10, 5 * smp_rng_unit(rng) - 2),
            .g = 1.9 * smp_rng_unit(rng) - 0.95,
            .thickness_mm = thickness,
        };
    }
    return stack;
}

START_TEST(light_is_neither_made_nor_lost)
{
    struct smp_rng rng = smp_rng_make(3, 0);
    for (int k = 0; k < 300; k++) {
        const struct smp_stack stack = random_stack(&rng, k % 2);
        for (int light = 0; light < 2; light++) {
            const struct smp_flux f = reflect(&stack, light, 12);
            ck_assert_msg(fabs(sum(&f) - 1) < 1e-9, "stack %d light %d: %.3g", k, light,
                          sum(&f) - 1);
            ck_assert_double_ge(f.diffuse_reflectance, -1e-9);
            ck_assert_double_ge(f.transmittance, f.unscattered - 2e-2);
            for (int i = 0; i < stack.count; i++) {
                ck_assert_double_ge(f.absorbed[i], -1e-9);
                if (!(k % 2))
                    ck_assert_double_eq_tol(f.absorbed[i], 0, 1e-9);
            }
        }
    }
}
END_TEST

START_TEST(without_absorption_a_half_space_sends_all_light_back)
{
    static const double g[] = { -0.5, 0, 0.8, 0.97, 0.999 };
    for (int k = 0; k < 5; k++) {
        const struct smp_stack stack = { 1, 1, { { 1.4, 0, 20, g[k], (double)INFINITY } } };
        const struct smp_flux f = reflect(&stack, SMP_LIGHT_COLLIMATED, 16);
        ck_assert_double_eq_tol(f.specular + f.diffuse_reflectance, 1, 1e-9);
    }
}
END_TEST

START_TEST(without_scattering_beer_and_lambert_are_exact)
{
    const struct smp_stack matched = { 1.4,
                                       2,
                                       { { 1.4, 0.7, 0, 0.8, 1.5 }, { 1.4, 3, 0, 0, 0.2 } } };
    const struct smp_flux f = reflect(&matched, SMP_LIGHT_COLLIMATED, 8);
    ck_assert_double_eq_tol(f.transmittance, exp(-0.7 * 1.5 - 0.6), 1e-15);
    ck_assert_double_eq_tol(f.unscattered, exp(-0.7 * 1.5 - 0.6), 1e-15);
    ck_assert_double_eq_tol(f.absorbed[0], 1 - exp(-1.05), 1e-14);
    ck_assert_double_eq(f.diffuse_reflectance, 0);
    ck_assert_double_eq(f.specular, 0);
    // With faces: the incoherent plate, r = 0.04 at both.
    const struct smp_stack glass = { 1, 1, { { 1.5, 0.5, 0, 0, 1 } } };
    const struct smp_flux p = reflect(&glass, SMP_LIGHT_COLLIMATED, 8);
    const double r = 0.04, e = exp(-0.5);
    ck_assert_double_eq_tol(p.transmittance, (1 - r) * (1 - r) * e / (1 - r * r * e * e), 1e-12);
    ck_assert_double_eq_tol(p.transmittance, p.unscattered, 1e-12);
    ck_assert_double_eq_tol(p.diffuse_reflectance,
                            r * (1 - r) * (1 - r) * e * e / (1 - r * r * e * e), 1e-12);
}
END_TEST

// Diffuse light: transmittance is the same from either side, whatever lies between (reciprocity).
START_TEST(diffuse_transmittance_is_the_same_from_both_sides)
{
    struct smp_rng rng = smp_rng_make(5, 0);
    for (int k = 0; k < 60; k++) {
        const struct smp_stack stack = random_stack(&rng, k % 3 != 0);
        struct smp_stack turned = stack;
        for (int i = 0; i < stack.count; i++)
            turned.layer[i] = stack.layer[stack.count - 1 - i];
        const struct smp_flux a = reflect(&stack, SMP_LIGHT_DIFFUSE, 12);
        const struct smp_flux b = reflect(&turned, SMP_LIGHT_DIFFUSE, 12);
        ck_assert_double_eq_tol(a.transmittance, b.transmittance, 1e-9);
    }
}
END_TEST

START_TEST(a_layer_cut_in_two_is_the_same_layer)
{
    for (int k = 0; k < 3; k++) {
        const struct smp_stack whole = reference_skin(k);
        struct smp_stack cut = whole;
        cut.count = 4;
        cut.layer[3] = whole.layer[2];
        cut.layer[2] = cut.layer[1] = whole.layer[1];
        cut.layer[1].thickness_mm = 0.3;
        cut.layer[2].thickness_mm = 2.2;
        const struct smp_flux a = reflect(&whole, SMP_LIGHT_COLLIMATED, 12);
        const struct smp_flux b = reflect(&cut, SMP_LIGHT_COLLIMATED, 12);
        ck_assert_double_eq_tol(a.diffuse_reflectance, b.diffuse_reflectance, 1e-8);
        ck_assert_double_eq_tol(a.absorbed[1], b.absorbed[1] + b.absorbed[2], 1e-8);
    }
}
END_TEST

START_TEST(a_thick_layer_is_a_half_space)
{
    struct smp_stack stack = { 1, 1, { { 1.4, 0.05, 20, 0.8, 1000 } } };
    const struct smp_flux thick = reflect(&stack, SMP_LIGHT_COLLIMATED, 16);
    stack.layer[0].thickness_mm = (double)INFINITY;
    const struct smp_flux endless = reflect(&stack, SMP_LIGHT_COLLIMATED, 16);
    ck_assert_double_eq_tol(thick.diffuse_reflectance, endless.diffuse_reflectance, 1e-9);
}
END_TEST

START_TEST(layers_of_different_index_converge)
{
    const struct smp_stack stack = {
        1,
        3,
        { { 1.4, 0.5, 23, 0.8, 0.08 }, { 1.5, 0.014, 14, 0.8, 2.5 }, { 1.3, 0.0045, 7.7, 0.8, 20 } }
    };
    const double fine = reflect(&stack, SMP_LIGHT_COLLIMATED, 64).diffuse_reflectance;
    ck_assert_double_eq_tol(reflect(&stack, SMP_LIGHT_COLLIMATED, 32).diffuse_reflectance, fine,
                            1e-4);
    ck_assert_double_eq_tol(reflect(&stack, SMP_LIGHT_COLLIMATED, 48).diffuse_reflectance, fine,
                            1e-5);
}
END_TEST

START_TEST(more_absorption_gives_less_light_back)
{
    double last = 1;
    for (double mua = 0; mua < 100; mua = mua * 2 + 1e-3) {
        const struct smp_stack stack = { 1, 1, { { 1.4, mua, 20, 0.8, 2 } } };
        const double r = reflect(&stack, SMP_LIGHT_COLLIMATED, 12).diffuse_reflectance;
        ck_assert_double_lt(r, last);
        last = r;
    }
}
END_TEST

START_TEST(extreme_layers_give_numbers_all_the_same)
{
    static const struct smp_stack stacks[] = {
        { 1, 1, { { 1, 1e6, 1e6, 0.99999, 1e6 } } },
        { 1, 1, { { 3, 0, 1e6, 0.99, 1e6 } } },
        { 3, 2, { { 1, 0, 0, 0, 1 }, { 2, 1e-9, 1e-9, -0.99, 1e-9 } } },
        { 1, 2, { { 1.5, 0, 0, 0, 1 }, { 1.5, 0, 0, 0, (double)INFINITY } } },
        { 1, 1, { { 1.5, 0, 0, 0, 1 } } },
        { 1.5,
          3,
          { { 1, 0, 10, 0.9, 1 }, { 1.7, 0, 0, 0, 1 }, { 1, 1e-12, 10, 0, (double)INFINITY } } },
        { 1.6, 2, { { 1, 0, 1e6, 0.999, 1e6 }, { 3, 0, 1e-12, -0.99, (double)INFINITY } } },
        { 1.6, 2, { { 1, 0, 1e3, 0.999, 1e6 }, { 1.1, 0, 1e-92, -0.99, (double)INFINITY } } },
        { 1, 1, { { 1.4, 1, 1e6, 0, 1.7e308 } } },
        { 1, 1, { { 1.4, 1e-300, 1e-300, 0, 1e-300 } } },
    };
    for (size_t k = 0; k < sizeof stacks / sizeof *stacks; k++) {
        for (int light = 0; light < 2; light++) {
            for (int streams = 4; streams <= 64; streams += 20) {
                const struct smp_flux f = reflect(&stacks[k], light, streams);
                ck_assert_msg(fabs(sum(&f) - 1) < 1e-8, "stack %zu: %.3g", k, sum(&f) - 1);
            }
        }
    }
}
END_TEST

START_TEST(sixteen_layers_of_sixteen_indices_still_fit)
{
    struct smp_stack stack = { .n_outside = 1, .count = 16 };
    for (int k = 0; k < 16; k++)
        stack.layer[k] = (struct smp_layer){ 1.05 + 0.03 * k, 0.01, 2, 0.5, 0.1 };
    const struct smp_flux f = reflect(&stack, SMP_LIGHT_DIFFUSE, 4);
    ck_assert_double_eq_tol(sum(&f), 1, 1e-9);
}
END_TEST

START_TEST(each_wrong_layer_has_its_sentence)
{
    static const struct {
        struct smp_stack stack;
        int streams;
        const char *says;
    } wrong[] = {
        { { 1, 0, { { 1.4, 1, 1, 0, 1 } } }, 16, "stack.layers must hold 1 to 16 layers, not 0" },
        { { 1, 17, { { 1.4, 1, 1, 0, 1 } } }, 16, "stack.layers must hold 1 to 16 layers, not 17" },
        { { 0.5, 1, { { 1.4, 1, 1, 0, 1 } } }, 16, "stack.n_outside must be 1 to 3, not 0.5" },
        { { 1, 1, { { (double)NAN, 1, 1, 0, 1 } } },
          16,
          "stack.layers[0].n must be 1 to 3, not nan" },
        { { 1, 1, { { 1.4, -1, 1, 0, 1 } } },
          16,
          "stack.layers[0].mua_per_mm must be 0 to 1e+06 per mm, not -1" },
        { { 1, 1, { { 1.4, 1, (double)INFINITY, 0, 1 } } },
          16,
          "stack.layers[0].mus_per_mm must be 0 to 1e+06 per mm, not inf" },
        { { 1, 1, { { 1.4, 1, 1, 1, 1 } } },
          16,
          "stack.layers[0].g must lie between -1 and 1 (neither reached), not 1" },
        { { 1, 1, { { 1.4, 1, 1, 0, 0 } } },
          16,
          "stack.layers[0].thickness_mm must be more than 0 mm, not 0" },
        { { 1, 2, { { 1.4, 1, 1, 0, (double)INFINITY }, { 1.4, 1, 1, 0, 1 } } },
          16,
          "stack.layers[0].thickness_mm may be null in the last layer only" },
        { { 1, 1, { { 1.4, 1, 1, 0, 1 } } },
          5,
          "streams must be an even number from 4 to 64, not 5" },
        { { 1, 1, { { 1.4, 1, 1, 0, 1 } } },
          66,
          "streams must be an even number from 4 to 64, not 66" },
    };
    struct smp_arena small;
    smp_arena_make(&small, 4096);
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        struct smp_flux flux = { .specular = -7 };
        struct smp_err err = { 0 };
        ck_assert_int_eq(smp_stack_reflect(&flux, &wrong[k].stack, SMP_LIGHT_COLLIMATED,
                                           wrong[k].streams, &small, &err),
                         SMP_E_INPUT);
        ck_msg_eq(err, wrong[k].says);
        ck_assert_double_eq(flux.specular, -7);
    }
    struct smp_flux flux;
    struct smp_err err = { 0 };
    ck_assert_int_eq(smp_stack_reflect(&flux, &slab, SMP_LIGHT_COLLIMATED, 32, &small, &err),
                     SMP_E_NOMEM);
    ck_msg_eq(err, "no room for the matrices of 32 streams");
    smp_arena_drop(&small);
}
END_TEST

SMP_TEST_MAIN("adding", the_slab_of_1995_reflects_as_van_de_hulst_says,
              a_half_space_reflects_as_giovanelli_says, three_layers_reflect_as_the_manual_says,
              reference_skin_reflects_as_adding_doubling_of_others_says,
              half_spaces_like_tissue_reflect_as_the_references_say, light_is_neither_made_nor_lost,
              without_absorption_a_half_space_sends_all_light_back,
              without_scattering_beer_and_lambert_are_exact,
              diffuse_transmittance_is_the_same_from_both_sides,
              a_layer_cut_in_two_is_the_same_layer, a_thick_layer_is_a_half_space,
              layers_of_different_index_converge, more_absorption_gives_less_light_back,
              extreme_layers_give_numbers_all_the_same, sixteen_layers_of_sixteen_indices_still_fit,
              each_wrong_layer_has_its_sentence)
