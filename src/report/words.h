// Private to the module: numbers in words, and the sections of the document.
#ifndef SMP_REPORT_WORDS_H
#define SMP_REPORT_WORDS_H

#include "report/report_impl.h"

const char *smp_say_first(struct smp_doc *doc, const char *words);     // with a capital
const char *smp_say_name(struct smp_doc *doc, enum smp_choice choice); // "Hairpiece or wig"
// "Not possible for you. …", NULL where it is.
const char *smp_say_why_not(struct smp_doc *doc, const struct smp_outcome *outcome);
// "62 % (41 to 80)", "34 hours (20 to 60)", "12" where there is no doubt: median, 5 and 95 %
const char *smp_say_share(struct smp_doc *doc, struct smp_band share);
const char *smp_say_count(struct smp_doc *doc, struct smp_band count, const char *unit);
const char *smp_say_years(struct smp_doc *doc, int years); // "1 year", "10 years"
const char *smp_say_grade(struct smp_doc *doc, const struct smp_figure *figure, bool weak);

// What the screening says against dots: "Scalp micropigmentation: not this. …"; NULL: nothing.
const char *smp_say_screened(struct smp_doc *doc, const struct smp_report *report);

// The whole document, its sections in order; smp_doc.failed tells of missing memory.
void smp_report_compose(struct smp_doc *doc, const struct smp_report *report);
void smp_report_facts(struct smp_doc *doc, const struct smp_report *report);
void smp_report_shots(struct smp_doc *doc, const struct smp_report *report);
void smp_report_course(struct smp_doc *doc, const struct smp_report *report);
void smp_report_harms(struct smp_doc *doc, const struct smp_report *report);
void smp_report_limits(struct smp_doc *doc, const struct smp_report *report);
void smp_report_order(struct smp_doc *doc, const struct smp_report *report);
void smp_report_views(struct smp_doc *doc, const struct smp_report *report);
void smp_report_recovery(struct smp_doc *doc, const struct smp_report *report);
void smp_report_inputs(struct smp_doc *doc, const struct smp_report *report);
void smp_report_suitability(struct smp_doc *doc, const struct smp_report *report);
void smp_report_sources(struct smp_doc *doc, const struct smp_report *report);

#endif
