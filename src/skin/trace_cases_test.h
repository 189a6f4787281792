// Layered cases with known answers (optics.md §2.1 and §2.2), per mm, for tests and benchmarks.
#ifndef SMP_TRACE_CASES_TEST_H
#define SMP_TRACE_CASES_TEST_H

#include "skin/skin.h"

#include <math.h>

struct trace_case {
    const char *name;
    struct smp_stack stack;
    double reflectance, transmittance; // diffuse reflectance; NAN: not tabled
    // MCML 1.2 on the machine of docs/optics.md, one thread; 0: not measured.
    double mcml_per_s;
};

static const struct trace_case trace_cases[] = {
    { "slab_1995", { 1, 1, { { 1, 1, 9, 0.75, 0.2 } } }, 0.09739, 0.66096, 3.7e6 },
    // Giovanelli's 0.2600 holds the specular 0.04.
    { "semi_infinite", { 1, 1, { { 1.5, 1, 9, 0, (double)INFINITY } } }, 0.2200, 0, 4e5 },
    { "three_layers",
      { 1, 3, { { 1.37, 0.1, 10, 0.9, 1 }, { 1.37, 0.1, 1, 0, 1 }, { 1.37, 0.2, 1, 0.7, 2 } } },
      0.23786,
      0.09605,
      2.7e5 },
    { "skin_450",
      { 1,
        3,
        { { 1.4, 1.54335, 40.2022, 0.8, 0.08 },
          { 1.4, 0.242809, 27.2695, 0.8, 2.5 },
          { 1.4, 0.0045, 9.875, 0.8, 20 } } },
      0.25115,
      (double)NAN,
      2.9e4 },
    { "skin_550",
      { 1,
        3,
        { { 1.4, 0.82488, 28.7793, 0.8, 0.08 },
          { 1.4, 0.139427, 18.296, 0.8, 2.5 },
          { 1.4, 0.0045, 8.6292, 0.8, 20 } } },
      0.31987,
      (double)NAN,
      1.7e4 },
    { "skin_650",
      { 1,
        3,
        { { 1.4, 0.50103, 23.149, 0.8, 0.08 },
          { 1.4, 0.013971, 14.2281, 0.8, 2.5 },
          { 1.4, 0.0045, 7.7129, 0.8, 20 } } },
      0.55276,
      (double)NAN,
      1.1e4 },
};
enum { trace_cases_count = sizeof trace_cases / sizeof trace_cases[0] };

#endif
