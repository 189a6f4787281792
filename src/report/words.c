// Numbers as a person says them. All go through here, so that page and paper say the same.
#include "report/words.h"

#include <math.h>
#include <string.h>

const char *smp_say_first(struct smp_doc *doc, const char *words)
{
    const char first = words[0];
    return first >= 'a' && first <= 'z' ? smp_doc_say(doc, "%c%s", first - 'a' + 'A', words + 1)
                                        : words;
}

const char *smp_say_name(struct smp_doc *doc, enum smp_choice choice)
{
    return smp_say_first(doc, smp_choice_words[choice]);
}

const char *smp_say_why_not(struct smp_doc *doc, const struct smp_outcome *outcome)
{
    if (outcome->possible)
        return NULL;
    return smp_doc_say(doc, "Not possible for you. %s", outcome->why_not ? outcome->why_not : "");
}

// Rounded so that a guess does not look like a measurement.
static double rounded(double value)
{
    const double size = fabs(value);
    const double step = size >= 10000 ? 500 : size >= 1000 ? 50 : size >= 100 ? 5 : 1;
    return round(value / step) * step;
}

static const char *range(struct smp_doc *doc, struct smp_band band, const char *after)
{
    char low[32], median[32], high[32];
    smp_report_short(low, rounded(band.low));
    smp_report_short(median, rounded(band.median));
    smp_report_short(high, rounded(band.high));
    if (strcmp(low, high) == 0) // nothing to be unsure of
        return smp_doc_say(doc, "%s%s", median, after);
    return smp_doc_say(doc, "%s%s (%s to %s)", median, after, low, high);
}

const char *smp_say_share(struct smp_doc *doc, struct smp_band share)
{
    return range(doc, (struct smp_band){ 100 * share.low, 100 * share.median, 100 * share.high },
                 " %");
}

const char *smp_say_count(struct smp_doc *doc, struct smp_band count, const char *unit)
{
    return range(doc, count, smp_doc_say(doc, "%s%s", *unit ? " " : "", unit));
}

const char *smp_say_years(struct smp_doc *doc, int years)
{
    return smp_doc_say(doc, years == 1 ? "%d year" : "%d years", years);
}

const char *smp_say_grade(struct smp_doc *doc, const struct smp_figure *figure, bool weak)
{
    if (!figure)
        return weak ? "weak, no source" : "no source";
    return smp_doc_say(doc, weak ? "weak source, grade %c" : "source grade %c", figure->grade);
}
