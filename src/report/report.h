// A comparison of options as a page to read: HTML that needs nothing else, and A4 pages (PDF) that
// say the same. Plain words, for the person it is of; every option in one way and one colour.
//
// Pure but for smp_report_write. The same comparison gives the same bytes.
#ifndef SMP_REPORT_H
#define SMP_REPORT_H

#include "base/base.h"
#include "choice/choice.h"
#include "image/image.h"
#include "recovery/recovery.h"

// When the pictures are of: today, and 1, 5 and 10 years on as far as the comparison goes (its last
// year, where that comes before the tenth).
enum { SMP_REPORT_TIMES_MAX = 4 };
struct smp_report_times {
    int years[SMP_REPORT_TIMES_MAX]; // the first is 0
    size_t count;
};
struct smp_report_times smp_report_times(int years);

// How long hair is shown, 0 for shaved: as long as the person wants it (2 to 60 mm); where that is
// not known, shaved for men under options with dots, for so they are worn, and 30 mm else.
double smp_report_worn_mm(bool dots, const struct smp_case *from);

struct smp_report {
    const struct smp_case *from;
    const struct smp_comparison *made;
    const struct smp_evidence *evidence;
    // One head under each option: [outcome][time]; without pixels, there is no picture. NULL: none.
    const struct smp_image *shots;
    const struct smp_suitability *suitability; // of SMP for this person; NULL: not screened
    const struct smp_recovery *recovery;       // NULL: not told
};

enum { SMP_REPORT_HTML, SMP_REPORT_PDF };
// Both files in memory, by the indices above; arena-owned. Errors: SMP_E_NOMEM, SMP_E_INTERNAL.
enum smp_code smp_report_make(struct smp_bytes files[2], const struct smp_report *report,
                              struct smp_arena *arena, struct smp_err *err);
// compare.html and compare.pdf in a folder, each whole. Errors: as above, SMP_E_IO.
enum smp_code smp_report_write(const char *folder, const struct smp_report *report,
                               struct smp_arena *arena, struct smp_err *err);

#endif
