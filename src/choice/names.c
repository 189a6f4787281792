// Names of options, regions and concerns.
#include "choice/choice.h"

#define NAME(name, text) text,
#define NAME_OF_THREE(name, text, words) text,
#define WORDS_OF_THREE(name, text, words) words,
const char *const smp_choice_names[] = { SMP_CHOICES(NAME_OF_THREE) NULL };
const char *const smp_choice_words[] = { SMP_CHOICES(WORDS_OF_THREE) NULL };
const char *const smp_region_names[] = { SMP_REGIONS(NAME) NULL };
const char *const smp_concern_names[] = { SMP_CONCERNS(NAME) NULL };
