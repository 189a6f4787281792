// Names of options, regions and concerns.
#include "choice/choice.h"

#include <string.h>

#define NAME(name, text) text,
#define NAME_OF_THREE(name, text, words) text,
#define WORDS_OF_THREE(name, text, words) words,
static const char *const units[][2] = {
    { "FU/cm2", "groups per cm²" },
    { "hairs/FU", "hairs per group" },
    { "hairs/cm2", "hairs per cm²" },
    { "mm hairs/cm2", "mm of hair side by side per cm²" },
    { "cm2", "cm²" },
    { "um", "µm" },
    { "hours/year", "hours a year" },
    { "percent", "%" },
    { "percent/year", "% a year" },
    { "classes/year", "classes a year" },
};

const char *smp_unit_words(const char *unit)
{
    for (size_t i = 0; unit && i < sizeof units / sizeof *units; i++)
        if (strcmp(units[i][0], unit) == 0)
            return units[i][1];
    return unit;
}

const char *const smp_choice_names[] = { SMP_CHOICES(NAME_OF_THREE) NULL };
const char *const smp_choice_words[] = { SMP_CHOICES(WORDS_OF_THREE) NULL };
const char *const smp_region_names[] = { SMP_REGIONS(NAME) NULL };
const char *const smp_concern_names[] = { SMP_CONCERNS(NAME) NULL };
