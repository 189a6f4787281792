// What a figure says of itself: units, bands, weakness.
#include "choice/choice_impl.h"

#include <math.h>
#include <string.h>

#define NAME(name, text) text,
const char *const smp_topic_names[] = { SMP_TOPICS(NAME) NULL };
const char *const smp_treatment_names[] = { SMP_TREATMENTS(NAME) NULL };
const char *const smp_spread_names[] = { "none", "sd", "range", "ci95", NULL };

static const struct smp_unit units[] = {
    { "percent", -100, 100 },   { "percent/year", 0, 100 }, { "share", 0, 1 },
    { "ratio", 0, 1000 },       { "points", 0, 100 },       { "hairs/cm2", -500, 500 },
    { "FU/cm2", 0, 200 },       { "hairs/FU", 1, 6 },       { "FU", 0, 200000 },
    { "grafts", 0, 100000 },    { "cm2", 0, 1000 },         { "um", 0, 200 },
    { "mm hairs/cm2", 0, 100 }, { "sessions", 0, 100 },     { "hours", 0, 1000 },
    { "hours/year", 0, 8766 },  { "days", 0, 3650 },        { "weeks", 0, 520 },
    { "months", 0, 1200 },      { "years", 0, 120 },        { "m", 0, 100 },
    { "mm", 0, 1000 },          { "classes/year", 0, 7 },
};
const struct smp_unit smp_unit_cost = { "", 0, 1e9 };

const struct smp_unit *smp_unit_find(const char *name)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strcmp(units[i].name, name) == 0)
            return &units[i];
    }
    return NULL;
}

bool smp_figure_weak(const struct smp_figure *figure)
{
    return !figure->verified || figure->grade == 'D' || figure->grade == 'U';
}

struct smp_figure_band smp_figure_band(const struct smp_figure *figure)
{
    const struct smp_unit *unit = figure->cost.is ? &smp_unit_cost : smp_unit_find(figure->unit);
    const bool firm = figure->grade == 'A' || figure->grade == 'B';
    struct smp_figure_band band = { figure->low, figure->high };
    double reach = 0;
    if (figure->spread == SMP_SPREAD_SD)
        reach = 1.96 * figure->sd;
    if (figure->spread == SMP_SPREAD_NONE)
        reach = (firm ? 0.25 : 0.5) * fabs(figure->value);
    if (figure->spread == SMP_SPREAD_SD || figure->spread == SMP_SPREAD_NONE)
        band = (struct smp_figure_band){ figure->value - reach, figure->value + reach };
    band.low = smp_clamp(band.low, unit->min, unit->max);
    band.high = smp_clamp(band.high, unit->min, unit->max);
    return band;
}
