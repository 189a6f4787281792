// The colour card of a picture, for the commands that use one.
#ifndef SMP_CLI_COLOUR_CARD_H
#define SMP_CLI_COLOUR_CARD_H

#include "photo/photo.h"

struct json_t;

// CIELAB D65 of the 24 patches, from a CSV file or, for NULL, from data/colour_card.csv.
enum smp_code smp_cli_reference(struct smp_lab reference[SMP_CARD_PATCHES], const char *path,
                                struct smp_arena *arena, struct smp_err *err);
// {"before": {"mean", "max"}, "after": …, "leave_one_out": …}
struct json_t *smp_cli_card_errors(const struct smp_card_fit *fit);
// Makes the light of a picture true by the card in it. *delta_e00 tells what colours are off by
// then (each patch by a correction made from the others). Errors (SMP_E_INPUT): no usable card.
enum smp_code smp_cli_correct(struct smp_image *image, double *delta_e00, const char *name,
                              struct smp_pool *pool, struct smp_arena *arena, struct smp_err *err);
// Pixels a millimetre by the markers of that side in the picture: the geometric mean over all.
enum smp_code smp_cli_marker_scale(double *px_per_mm, const struct smp_image *image,
                                   const char *side_mm, const char *name, struct smp_pool *pool,
                                   struct smp_arena *arena, struct smp_err *err);

#endif
