// What the back of the head can give.
#include "choice/choice_impl.h"

#include <math.h>

// The least of three: the share that surgeons take in a lifetime, what leaves the hairs that a
// donor must keep (Okochi 2020), and what leaves it looking covered (Erdogan).
struct smp_donor smp_donor_of(const struct smp_prospect *prospect, const struct smp_draw *draw)
{
    const struct smp_span *spans = prospect->spans;
    const double fu = smp_span_at(spans[SMP_IN_DONOR], draw->x[SMP_IN_DONOR]);
    const double hairs = smp_span_at(spans[SMP_IN_HAIRS], draw->x[SMP_IN_HAIRS]);
    const double mm = smp_span_at(spans[SMP_IN_CALIBRE], draw->x[SMP_IN_CALIBRE]) / 1000;
    double cm2 = smp_span_at(spans[SMP_IN_DONOR_AREA], draw->x[SMP_IN_DONOR_AREA]);
    if (prospect->ladder.classes[(size_t)prospect->ladder.now] == SMP_LOSS_VII)
        cm2 *= prospect->norwood_7_share;
    const double share =
        prospect->lifetime_low +
        draw->x[SMP_IN_LIFETIME] * (prospect->lifetime_high - prospect->lifetime_low);
    // half of the hair gone is seen by others: whoever never had much is not called bald for it
    const double native = prospect->params.from->loss.native_fu_per_cm2 * hairs * mm;
    const double covered = fmin(draw->x[SMP_IN_COVERED], (1 - prospect->noticed) * native);
    const double leaves_hairs = fu - prospect->residual_per_cm2 / hairs;
    const double leaves_cover = fu - covered / (mm * hairs);
    const double most = fmin(share * fu, fmin(leaves_hairs, leaves_cover));
    return (struct smp_donor){
        .lifetime = fmax(most, 0) * cm2,
        // punches thin the whole donor; a strip is as long and as wide as the skin lets it be
        .session = { [SMP_SURGERY_FUT] = draw->x[SMP_IN_STRIP] * fu,
                     [SMP_SURGERY_FUE] = draw->x[SMP_IN_SESSION] / 100 * fu * cm2 },
        .hairs = hairs,
        .calibre_mm = mm,
        .covered = covered,
    };
}
