// Pages to print and work from (PDF), and drawings for other programs (SVG, DXF, CSV), all in true
// millimetres. The same plan gives the same bytes.
#ifndef SMP_SHEET_H
#define SMP_SHEET_H

#include "base/base.h"
#include "image/image.h"
#include "plan/plan.h"
#include "shade/shade.h"

#define SMP_SHEETS(X)                                                                              \
    X(SMP_SHEET_SUMMARY, "summary")                                                                \
    X(SMP_SHEET_WORK, "work")                                                                      \
    X(SMP_SHEET_STENCIL, "stencil")                                                                \
    X(SMP_SHEET_SWATCHES, "swatches")                                                              \
    X(SMP_SHEET_SHADES, "shades")                                                                  \
    X(SMP_SHEET_ALL, "all")                                                                        \
    X(SMP_SHEET_SVG, "svg")                                                                        \
    X(SMP_SHEET_DXF, "dxf")                                                                        \
    X(SMP_SHEET_CSV, "csv")
#define SMP_SHEET_ENUM(name, text) name,
enum smp_sheet_kind { SMP_SHEETS(SMP_SHEET_ENUM) SMP_SHEET_COUNT };
extern const char *const smp_sheet_names[]; // NULL-ended

enum smp_paper { SMP_PAPER_A4, SMP_PAPER_LETTER };
extern const char *const smp_paper_names[]; // NULL-ended: "a4", "letter"

struct smp_sheet_pictures {
    const struct smp_image *before, *after; // from the front; NULL: the summary does without
    const struct smp_image *more[4];        // further "after" views, NULL-ended by convention
    const char *more_names[4];              // their captions ("Left"); may be NULL
    double worn_mm; // hair on before and after, then from above; 0: shaved, as `more` is
    const struct smp_shade_card *shades; // for SMP_SHEET_SHADES, which needs it
};

// Writes one file (whole or not at all). Errors: SMP_E_IO, SMP_E_NOMEM, SMP_E_INPUT.
enum smp_code smp_sheet_write(const char *path, const struct smp_plan *plan,
                              enum smp_sheet_kind kind, enum smp_paper paper,
                              const struct smp_sheet_pictures *pictures, struct smp_err *err);

#endif
