// Private to the recovery module.
#ifndef SMP_RECOVERY_IMPL_H
#define SMP_RECOVERY_IMPL_H

#include "page/page.h"
#include "recovery/recovery.h"

#define SMP_RECOVERY_NOTE                                                                          \
    "General information, not medical advice: what your technician, surgeon or doctor says comes " \
    "first."

void smp_calendar_text(struct smp_buffer *out, const struct smp_calendar *calendar);
void smp_calendar_ics(struct smp_buffer *out, const struct smp_calendar *calendar);
void smp_calendar_svg(struct smp_buffer *out, const struct smp_calendar *calendar);
struct json_t *smp_calendar_object(const struct smp_calendar *calendar);

// "SMP session 2", "FUE", "finasteride": whose line it is, in a few words.
void smp_calendar_whose(char text[80], const struct smp_calendar_entry *entry);
// "2027-03-04", or "2027-03-04 to 2027-03-06"; "from … on" is the caller's.
void smp_calendar_span(char text[40], const int days[2]);

#endif
