// Times of the table of looks: one JSON object on stdout. Best and median of the runs.
#include "skin/skin.h"

#include "clock.h"

#include <stdio.h>
#include <stdlib.h>

enum { runs = 21 };

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e6 * (double)t.tv_sec + 1e-3 * (double)t.tv_nsec;
}

static void print(const char *name, double took[runs], bool last)
{
    qsort(took, runs, sizeof *took, by_value);
    printf("\"%s\": {\"median_us\": %.1f, \"best_us\": %.1f, \"runs\": %d}%s", name, took[runs / 2],
           took[0], runs, last ? "}\n" : ", ");
}

int main(void)
{
    struct smp_arena arena;
    smp_arena_make(&arena, 0);
    const struct smp_skin skin = smp_skin_default();
    const struct smp_deposit_shape shape = { 0.15, 0.47, 0.28 };
    double mua[SMP_WAVELENGTHS], took[4][runs], sum = 0;
    struct smp_takes takes;
    for (int w = 0; w < SMP_WAVELENGTHS; w++)
        mua[w] = 5 + 0.1 * w;
    for (int k = 0; k < runs; k++) {
        double start = now_us();
        const struct smp_look_skin *made = smp_look_skin_make(&skin, &arena);
        took[0][k] = now_us() - start;
        if (!made)
            return 1;
        struct smp_look look;
        start = now_us();
        for (int i = 0; i < 20; i++)
            smp_look_compile(&look, made, &shape, mua, NULL);
        took[1][k] = (now_us() - start) / 20;
        start = now_us();
        for (int i = 0; i < 100; i++)
            smp_look_takes(&takes, made, &shape, mua, NULL);
        took[2][k] = (now_us() - start) / 100;
        start = now_us();
        for (int i = 0; i < 20; i++)
            sum += smp_look_contrast(&shape, &skin, 550, 5 + 0.01 * i, 0, 0.1);
        took[3][k] = (now_us() - start) / 20;
    }
    printf("{\"looked_up\": %s, ", sum > 0 && takes.area_mm2[0] > 0 ? "true" : "false");
    print("skin_31_wavelengths", took[0], false);
    print("look_31_wavelengths_18_rings", took[1], false);
    print("areas_31_wavelengths", took[2], false);
    print("one_contrast", took[3], true);
    smp_arena_drop(&arena);
    return 0;
}
