// What the kinds of `stubble measure` share: the picture, the part of it to look at, its scale,
// and the options that say so. A kind is one file, measure_<kind>.c, with one row in
// cmd_measure.c.
#ifndef SMP_CLI_MEASURING_H
#define SMP_CLI_MEASURING_H

#include "cli/cli.h"
#include "measure/measure.h"

struct smp_measuring_flags {
    const char *region, *mm_per_px, *marker, *overlay, *threads;
    const char *chart, *no_sandbox, *json; // NULL: not given
};

// Rows for a kind's table of options.
#define SMP_REGION_OPTION(flags)                                                                   \
    {                                                                                              \
        "region", "X,Y,W,H|MASK",                                                                  \
            "where to look: a rectangle in pixels or a picture, bright there", &(flags).region, 0  \
    }
#define SMP_SCALE_OPTIONS(flags)                                                                   \
    { "mm-per-px", "S", "millimetres of skin a pixel", &(flags).mm_per_px, 0 },                    \
        { "chart", NULL, "take the scale from the colour card in the picture", &(flags).chart,     \
          0 },                                                                                     \
    {                                                                                              \
        "marker", "MM", "take the scale from the square marker in the picture, MM a side",         \
            &(flags).marker, 0                                                                     \
    }
#define SMP_OVERLAY_OPTION(flags)                                                                  \
    {                                                                                              \
        "overlay", "FILE", "also write the picture with what was found drawn in",                  \
            &(flags).overlay, 0                                                                    \
    }
#define SMP_MEASURING_OPTIONS(flags)                                                               \
    { "threads", "T", "threads to use; 0: one a core", &(flags).threads, 0 },                      \
        { "no-sandbox", NULL, "read pictures without confinement", &(flags).no_sandbox, 0 },       \
    {                                                                                              \
        "json", NULL, "print one JSON object", &(flags).json, 0                                    \
    }

// All rows of a kind that looks at one picture.
#define SMP_PICTURE_OPTIONS(flags)                                                                 \
    SMP_SCALE_OPTIONS(flags), SMP_REGION_OPTION(flags), SMP_OVERLAY_OPTION(flags),                 \
        SMP_MEASURING_OPTIONS(flags)

struct smp_measuring {
    struct smp_arena arena;
    struct smp_pool *pool;
    struct smp_subject subject;
};

// Reads the picture, the region and, where one of the scale options is given, the scale (else
// mm_per_px stays 0). Close it whatever comes back.
// Errors: those of smp_image_load; SMP_E_INPUT for an option, which the sentence names.
enum smp_code smp_measuring_open(struct smp_measuring *measuring,
                                 const struct smp_measuring_flags *flags, const char *path,
                                 struct smp_err *err);
// SMP_E_INPUT where no scale was given.
enum smp_code smp_measuring_need_scale(const struct smp_measuring *measuring, struct smp_err *err);
void smp_measuring_close(struct smp_measuring *measuring);

#endif
